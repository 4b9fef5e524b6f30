//! What is said beside an answer: what keeps a statement from counting, as far as the log knows now.
//! A later text may count what none counts yet, so nothing here is refused.

use ensign_hold::evaluate::accord::{Text, finders};
use ensign_hold::fact::Act;
use ensign_hold::term::ast::{Duty, Effect, Instrument, Variation};
use ensign_hold::term::check::{Lint, kinds};
use ensign_hold::term::name::Role;
use ensign_trust::{Code, PartyId, StatementId};
use ensign_views::Promises;
use serde::Serialize;

/// Kinds that count under every text.
const ALWAYS: [&str; 4] = ["allegation", "contest", "ruling", "waiver"];

/// The kind of a convenor's act where a text is to be reviewed.
const REVIEW_HELD: &str = "review.held";

/// One thing that keeps a statement from counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What, as a code.
    pub code: &'static str,
    /// What, and what to do about it.
    pub text: String,
}

impl From<&Lint> for Note {
    fn from(lint: &Lint) -> Self {
        Note {
            code: lint.code.code(),
            text: format!("{}; {}", lint.message, lint.fix),
        }
    }
}

/// What keeps an act of a party from counting when it is received at `now`.
pub(crate) fn notes(promises: &Promises, by: PartyId, act: &Act, now: u64) -> Vec<Note> {
    let mut notes = of_kind(promises, by, act, now);
    notes.extend(not_heard(promises, by, act, now));
    notes.extend(cites_unknown(promises, act));
    notes
}

/// What keeps facts of its kind from counting.
fn of_kind(promises: &Promises, by: PartyId, act: &Act, now: u64) -> Vec<Note> {
    let Some((name, [from, until])) = spoken(act, now) else {
        return Vec::new();
    };
    let texts = promises.instruments.accord().texts.iter().filter(|text| {
        is_in_force(&text.instrument, from, until.max(now)) && names(&text.instrument, name)
    });
    let texts: Vec<&Text> = texts.collect();
    if texts.is_empty() {
        return match ALWAYS.contains(&name.as_str()) {
            true => Vec::new(),
            false => vec![not_named(name)],
        };
    }
    let all = [
        not_in_role(promises, by, name, &texts),
        cites_nothing(act, name, &texts),
        not_yet(act, until, now),
    ];
    all.into_iter().flatten().collect()
}

/// What an act names that a text may name, and when it holds.
fn spoken(act: &Act, now: u64) -> Option<(&Code, [u64; 2])> {
    match act {
        Act::Attested(said) => Some((said.indicator.as_code(), [said.from, said.until])),
        Act::Closed(said) => Some((said.kind.as_code(), [now; 2])),
        Act::Lodged(said) => Some((said.kind.as_code(), said.valid)),
        Act::Opened(said) => Some((said.kind.as_code(), [now; 2])),
        Act::Sampled(said) => {
            let last = said.seconds().last().unwrap_or(said.from);
            Some((said.indicator.as_code(), [said.from, last]))
        }
        Act::Found(_) | Act::Receipted(_) | Act::Withdrawn(_) => None,
    }
}

fn not_named(name: &Code) -> Note {
    Note {
        code: "fact.not_named",
        text: format!("no text in force names `{name}`; it counts for nothing until one does"),
    }
}

/// That every text which names it leaves it to a role that the party does not hold.
fn not_in_role(promises: &Promises, by: PartyId, name: &Code, texts: &[&Text]) -> Option<Note> {
    let barring = |text: &&Text| {
        let role = author(&text.instrument, name)?;
        let adoption = promises.instruments.adoption(text.digest, by);
        let holds = adoption.is_some_and(|adoption| adoption.roles.contains(role));
        (!holds).then(|| (text.instrument.name.clone(), role.clone()))
    };
    let barring: Option<Vec<_>> = texts.iter().map(barring).collect();
    let (text, role) = barring?.into_iter().next()?;
    Some(Note {
        code: "fact.not_in_role",
        text: format!(
            "`{name}` counts only from who adopted `{text}` as `{role}`, and this party did not; adopt it so, or \
             have a party state it that did"
        ),
    })
}

/// That nobody asks for the word of this party: no text lets it find anything, or none binds it.
fn not_heard(promises: &Promises, by: PartyId, act: &Act, now: u64) -> Option<Note> {
    let texts = |from: u64| {
        let texts = promises.instruments.accord().texts.iter();
        texts.filter(move |text| is_in_force(&text.instrument, from, now))
    };
    let roles = |text: &Text| {
        let adoption = promises.instruments.adoption(text.digest, by);
        adoption.map(|adoption| &adoption.roles)
    };
    let (is_heard, text) = match act {
        Act::Found(said) => (
            texts(said.valid[0]).any(|text| {
                let finders = finders(&text.instrument);
                roles(text).is_some_and(|roles| roles.iter().any(|role| finders.contains(role)))
            }),
            "no text in force lets this party find or decide anything, so this changes no status; have it adopt \
             one in a role that does, or have a party find that did",
        ),
        Act::Receipted(said) => (
            texts(said.at).any(|text| {
                let adoption = promises.instruments.adoption(text.digest, by);
                let second = i64::try_from(said.at).unwrap_or(i64::MAX);
                adoption.is_some_and(|it| {
                    it.from <= second && it.until.is_none_or(|until| second < until)
                })
            }),
            "no text in force binds this party then, so its receipt shows nothing; whoever the act was addressed \
             to receipts it",
        ),
        _ => return None,
    };
    (!is_heard).then(|| Note {
        code: "fact.not_heard",
        text: text.to_owned(),
    })
}

/// That the log has nothing yet of what it cites: what is stated later is not cited by it.
fn cites_unknown(promises: &Promises, act: &Act) -> Option<Note> {
    let cites = match act {
        Act::Found(said) => said.cites.as_slice(),
        Act::Lodged(said) => said.cites.as_slice(),
        Act::Opened(said) => std::slice::from_ref(&said.trigger),
        _ => &[],
    };
    let adoptions = &promises.instruments.accord().adoptions;
    let is_known = |cited: &&StatementId| {
        let mut facts = promises.facts.all().iter();
        adoptions.iter().any(|it| it.statement == **cited)
            || facts.any(|fact| fact.sources.contains(cited))
    };
    let unknown = cites.iter().find(|cited| !is_known(cited))?;
    Some(Note {
        code: "fact.cites_unknown",
        text: format!(
            "{unknown} is no fact and no adoption in this log, and what is stated later is not meant by it; cite \
             the statement that started the duty"
        ),
    })
}

/// That it does nothing that somebody owes, since what it does is owed for something that started it.
fn cites_nothing(act: &Act, name: &Code, texts: &[&Text]) -> Option<Note> {
    let is_uncited = matches!(act, Act::Lodged(said) if said.cites.is_empty());
    let mut owed = texts.iter().flat_map(|text| duties(&text.instrument));
    let is_delivered =
        |duty: &Duty| matches!(duty, Duty::Deliver { act, .. } if act.kind.as_code() == name);
    let is_performed =
        |duty: &Duty| matches!(duty, Duty::Perform { act, .. } if act.kind.as_code() == name);
    let is_owed_for_a_cause = owed.clone().any(is_delivered) && !owed.any(is_performed);
    (is_uncited && is_owed_for_a_cause).then(|| Note {
        code: "fact.cites_nothing",
        text: format!(
            "it cites nothing, so it fulfils no duty to deliver `{name}`; cite the statement that started the duty"
        ),
    })
}

/// That some of what was measured is still to come: nobody has measured it.
fn not_yet(act: &Act, until: u64, now: u64) -> Option<Note> {
    let measures = matches!(act, Act::Attested(_) | Act::Sampled(_));
    (measures && until > now).then(|| Note {
        code: "fact.not_yet",
        text: "what lies ahead was not measured yet, and does not count; state the rest once it is over"
            .to_owned(),
    })
}

/// Whether a text is in force at some second of these. What is open when it ends may survive it.
fn is_in_force(instrument: &Instrument, from: u64, until: u64) -> bool {
    let force = &instrument.in_force;
    let begins = midnight(force.from);
    let survives = instrument.terms.iter().any(|term| term.survives);
    let ends = force.until.filter(|_| !survives).map(midnight);
    let second = |unix: u64| i64::try_from(unix).unwrap_or(i64::MAX);
    begins <= second(until) && ends.is_none_or(|end| second(from) < end)
}

fn midnight(date: jiff::civil::Date) -> i64 {
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC);
    zoned.map_or(i64::MAX, |zoned| zoned.timestamp().as_second())
}

/// Whether a text reads facts of a kind.
fn names(instrument: &Instrument, kind: &Code) -> bool {
    let is_indicator = instrument.indicators.iter().any(|rule| {
        let indicator = rule.indicator.as_code();
        indicator == kind || kind.as_str().strip_suffix(".coverage") == Some(indicator.as_str())
    });
    let is_kind = || kinds(instrument).iter().any(|it| it.as_code() == kind);
    let is_review = instrument.review.is_some() && kind.as_str() == REVIEW_HELD;
    is_indicator || is_review || is_kind()
}

/// The role whose holders alone may state a kind.
fn author<'a>(instrument: &'a Instrument, kind: &Code) -> Option<&'a Role> {
    let mut rules = instrument.kinds.iter();
    rules.find(|rule| rule.kind.as_code() == kind)?.by.as_ref()
}

/// The duties of a text, and those that take their place.
fn duties(instrument: &Instrument) -> impl Iterator<Item = &Duty> + Clone {
    instrument.terms.iter().flat_map(|term| {
        let varied = term.exceptions.iter().flat_map(|it| match &it.effect {
            Effect::Varies(Variation::Duties(all)) => all.as_slice(),
            _ => &[],
        });
        std::iter::once(&term.duty).chain(varied)
    })
}
