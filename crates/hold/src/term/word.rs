//! The words of the language. None of them can be a name.

/// Last parts of an anchor, which say which fact of a kind and which of its times is meant.
pub(crate) const ANCHOR_PARTS: [&str; 4] = ["first", "last", "occurred", "recorded"];

/// All words, in order.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order_and_stand_once() {
        assert!(RESERVED.is_sorted_by(|a, b| a < b));
        assert!(is_reserved("within") && !is_reserved("early_warning"));
    }
}
