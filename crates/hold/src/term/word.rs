//! The words of the language. Those that open or join clauses cannot be names.

use crate::term::ast::{
    Aggregate, Class, Counting, Force, Modality, Order, RungState, Side, State, Weekday, World,
};

/// Last parts of an anchor, which say which fact of a kind and which of its times is meant.
pub(crate) const ANCHOR_PARTS: [&str; 4] = ["first", "last", "occurred", "recorded"];

/// All words that cannot be names, in order.
const RESERVED: &[&str] = &[
    "all",
    "allows",
    "alone",
    "and",
    "at",
    "at_least",
    "attributed_by",
    "before",
    "breach",
    "by",
    "calendar",
    "class",
    "cooling_off",
    "count",
    "counting",
    "counts_as",
    "coverage",
    "covered_by",
    "decided_by",
    "declare",
    "define",
    "deliver",
    "elapsed",
    "enter",
    "every",
    "except",
    "excuses",
    "exit",
    "expires",
    "finding",
    "first",
    "forbid",
    "force",
    "grace",
    "grade",
    "holds",
    "holidays",
    "in",
    "in_force",
    "indicator",
    "instrument",
    "is",
    "kind",
    "ladder",
    "last",
    "maintain",
    "max",
    "may",
    "means",
    "never",
    "non_reservable",
    "not",
    "note",
    "object_within",
    "occurred",
    "occurs",
    "of",
    "on",
    "on_breach",
    "open",
    "or",
    "owes",
    "param",
    "parties",
    "per",
    "perform",
    "recorded",
    "registered",
    "remedy_within",
    "review",
    "rung",
    "safety",
    "scale",
    "set_by",
    "source",
    "status",
    "subject",
    "survives",
    "suspended_by",
    "suspends",
    "term",
    "text",
    "to",
    "tz",
    "under",
    "unless",
    "unsuspendable",
    "until",
    "unverified",
    "varies",
    "via",
    "weekend",
    "weekend_rule",
    "when",
    "with",
    "within",
];

/// Whether a text is a word of the language.
pub(crate) fn is_reserved(text: &str) -> bool {
    RESERVED.binary_search(&text).is_ok()
}

/// Whether a text begins as a duration does: `P`, perhaps `T`, and a digit.
pub(crate) fn is_duration_like(text: &str) -> bool {
    let rest = text
        .strip_prefix('P')
        .map(|rest| rest.strip_prefix('T').unwrap_or(rest));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A closed set of which each member is one word.
pub(crate) trait Spelled: Copy + PartialEq + 'static {
    /// What the set is called where something else was found.
    const WHAT: &'static str;
    /// Each member with its word.
    const ALL: &'static [(&'static str, Self)];

    /// The member with this word.
    fn from_word(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, member)| *member)
    }
}

macro_rules! spelled {
    ($($name:ident, $what:literal: $($word:literal => $member:ident),+;)+) => {$(
        impl Spelled for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [(&'static str, Self)] = &[$(($word, $name::$member)),+];
        }

        impl $name {
            /// The word for it in the language, which is its code everywhere.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$member => $word),+
                }
            }
        }
    )+};
}

spelled! {
    Aggregate, "an aggregate": "avg" => Average, "min" => Minimum, "p95" => Percentile95,
        "uptime" => Uptime, "gap" => Gap, "count" => Count;
    Class, "a class": "computable" => Computable, "measured" => Measured, "finding" => Finding,
        "declaratory" => Declaratory;
    Counting, "a way of counting": "exact" => Exact, "eec_1182_71" => Eec1182;
    Force, "a force": "treaty" => Treaty, "legislation" => Legislation,
        "resolution" => Resolution, "voluntary_norm" => VoluntaryNorm, "pledge" => Pledge,
        "contract" => Contract;
    Modality, "whom the term binds": "owes" => Owes, "may" => May, "forbid" => Forbid;
    Order, "a comparison": ">=" => AtLeast, "<=" => AtMost, "=" => Equal, "<" => Less,
        ">" => More, "!=" => NotEqual;
    RungState, "what came of the rung": "entered" => Entered, "exited" => Exited,
        "expired" => Expired;
    Side, "a limit": "within" => Within, "before" => Before;
    State, "a status": "latent" => Latent, "active" => Active, "suspended" => Suspended,
        "in_grace" => InGrace, "met" => Met, "late" => Late, "breached" => Breached,
        "remedy_due" => RemedyDue, "remedied" => Remedied, "unremedied" => Unremedied,
        "excused" => Excused, "waived" => Waived, "lapsed" => Lapsed,
        "undetermined" => Undetermined;
    Weekday, "a day of the week": "monday" => Monday, "tuesday" => Tuesday,
        "wednesday" => Wednesday, "thursday" => Thursday, "friday" => Friday,
        "saturday" => Saturday, "sunday" => Sunday;
    World, "what its absence proves": "performative" => Performative, "observed" => Observed;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order_and_stand_once() {
        assert!(RESERVED.is_sorted_by(|a, b| a < b));
        assert!(is_reserved("within") && !is_reserved("early_warning"));
    }
}
