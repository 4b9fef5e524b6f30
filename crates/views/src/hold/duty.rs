//! A duty in parts from which a sentence is made: what is to be done, within what, counted how.

use std::collections::BTreeMap;

use ensign_hold::evaluate::accord::{Accord, Text};
use ensign_hold::term::ast::{
    Anchor, Duty, Length, Limit, Measure, Modality, Moment, Number, Quantity, Setting, Side, Span,
    Term, Which,
};
use ensign_hold::term::check::params;
use ensign_hold::term::name::{ParamName, TermName};
use ensign_trust::PartyId;
use serde::{Deserialize, Serialize};

use super::SetRow;

/// The name of the convenor's duty to review a text, which is none of its terms.
const REVIEW: &str = "periodic_review";
/// What it lodges then.
const REVIEW_HELD: &str = "review.held";

/// A duty, right or prohibition in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// `owes`, `may` or `forbid`.
    pub modality: String,
    /// The role that it binds.
    pub debtor: String,
    /// The role to which it is owed.
    pub creditor: Option<String>,
    /// What is to be done, kept or left.
    #[serde(flatten)]
    pub sort: DutySort,
    /// The calendar in which its time is counted; none where it counts hours.
    pub calendar: Option<CalendarRow>,
}

/// What is to be done, kept or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "duty", rename_all = "snake_case")]
pub enum DutySort {
    /// Words that nobody can check.
    Declare {
        /// The words.
        words: String,
    },
    /// An act within a limit.
    Deliver {
        /// The kind of the act.
        act: String,
        /// `within` so long after the anchor, or `before` it.
        side: String,
        /// How long, as ISO 8601 writes it, or `KIND.FIELD` that states it.
        span: String,
        /// What it is counted from.
        anchor: String,
    },
    /// An indicator on the right side of a threshold.
    Maintain {
        /// The indicator.
        indicator: String,
        /// How its samples are taken together.
        aggregate: String,
        /// Over how long, as ISO 8601 writes it.
        window: String,
        /// How it is compared.
        order: String,
        /// With what.
        threshold: String,
        /// The share of the samples that must be there.
        coverage: Option<String>,
    },
    /// A kind of fact that must not occur.
    Never {
        /// The kind.
        kind: String,
        /// The register of what is protected from it.
        register: Option<String>,
        /// Who finds which party did it.
        attributed_by: Option<String>,
    },
    /// An act again in every period.
    Perform {
        /// The kind of the act.
        act: String,
        /// How long a period is, as ISO 8601 writes it.
        per: String,
    },
}

/// A calendar of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRow {
    /// Its name in the text.
    pub name: String,
    /// Its time zone, as the IANA database names it.
    pub zone: String,
    /// How its periods run: `exact` or `eec_1182_71`.
    pub counting: String,
}

/// What a party set, and where it is silent what the text proposes.
pub(super) struct Settings<'a> {
    text: &'a Text,
    set: Option<&'a BTreeMap<ParamName, Setting>>,
}

impl<'a> Settings<'a> {
    /// What a debtor set by its last adoption below an index; nobody's where there is no debtor.
    pub(super) fn of(
        accord: &'a Accord,
        text: &'a Text,
        debtor: Option<PartyId>,
        index: u64,
    ) -> Self {
        let of_debtor = accord
            .adoptions
            .iter()
            .filter(|it| Some(it.party) == debtor && it.text == text.digest && it.position < index);
        let last = of_debtor.max_by_key(|it| it.position);
        Settings {
            text,
            set: last.map(|it| &it.params),
        }
    }

    /// What a parameter comes to.
    pub(super) fn setting(&self, name: &ParamName) -> Option<Setting> {
        let proposed = self.text.instrument.param(name)?.proposed;
        let set = self.set.and_then(|set| set.get(name)).copied();
        Some(set.filter(|own| own.fits(&proposed)).unwrap_or(proposed))
    }

    /// What the debtor set otherwise than the text proposes, of what a term goes by.
    pub(super) fn otherwise(&self, term: &TermName) -> Vec<SetRow> {
        let instrument = &self.text.instrument;
        let differing = |name: ParamName| {
            let (own, proposed) = (self.setting(&name)?, instrument.param(&name)?.proposed);
            (own != proposed).then(|| SetRow {
                name: name.to_string(),
                value: own.to_string(),
                proposed: proposed.to_string(),
            })
        };
        params(instrument, term)
            .into_iter()
            .filter_map(differing)
            .collect()
    }

    /// A quantity as a number: shares as parts per 10,000.
    pub(super) fn number(&self, quantity: &Quantity) -> Option<i64> {
        let number = match quantity {
            Quantity::Fixed(number) => *number,
            Quantity::Param(name) => match self.setting(name)? {
                Setting::Number(number) => number,
                Setting::Duration(_) => return None,
            },
        };
        match number {
            Number::Integer(number) | Number::Share(number) => Some(number),
        }
    }

    fn value(&self, name: &ParamName) -> String {
        let value = self.setting(name);
        value.map_or_else(|| name.to_string(), |value| value.to_string())
    }

    /// A length as ISO 8601 writes it.
    pub(super) fn length(&self, length: &Length) -> String {
        match length {
            Length::Fixed(duration) => duration.to_string(),
            Length::Param(name) => self.value(name),
        }
    }

    fn quantity(&self, quantity: &Quantity) -> String {
        match quantity {
            Quantity::Fixed(number) => Setting::Number(*number).to_string(),
            Quantity::Param(name) => self.value(name),
        }
    }

    fn span(&self, span: &Span) -> String {
        match span {
            Span::Field { kind, field } => format!("{kind}.{field}"),
            Span::Length(length) => self.length(length),
        }
    }
}

/// A term in parts; nothing where the text has no such term.
pub(super) fn duty_row(name: &TermName, settings: &Settings<'_>) -> Option<DutyRow> {
    let instrument = &settings.text.instrument;
    if let Some(term) = instrument.term(name) {
        return Some(of_term(term, settings));
    }
    let review = instrument
        .review
        .as_ref()
        .filter(|_| name.as_str() == REVIEW)?;
    Some(DutyRow {
        modality: Modality::Owes.word().to_owned(),
        debtor: review.by.to_string(),
        creditor: None,
        sort: DutySort::Perform {
            act: REVIEW_HELD.to_owned(),
            per: review.every.to_string(),
        },
        calendar: review
            .calendar
            .as_ref()
            .and_then(|name| calendar_row(settings.text, name.as_str())),
    })
}

fn of_term(term: &Term, settings: &Settings<'_>) -> DutyRow {
    DutyRow {
        modality: term.modality.word().to_owned(),
        debtor: term.debtor.to_string(),
        creditor: term.creditor.as_ref().map(ToString::to_string),
        sort: sort(&term.duty, settings),
        calendar: term
            .calendar
            .as_ref()
            .and_then(|name| calendar_row(settings.text, name.as_str())),
    }
}

fn sort(duty: &Duty, settings: &Settings<'_>) -> DutySort {
    match duty {
        Duty::Declare(words) => DutySort::Declare {
            words: words.as_str().to_owned(),
        },
        Duty::Deliver { act, limit } => DutySort::Deliver {
            act: act.kind.to_string(),
            side: match limit.side {
                Side::Before => "before".to_owned(),
                Side::Within => "within".to_owned(),
            },
            span: settings.span(&limit.span),
            anchor: anchor(limit),
        },
        Duty::Maintain {
            measure,
            comparison,
            coverage,
        } => {
            let Measure {
                aggregate,
                indicator,
                window,
            } = measure;
            DutySort::Maintain {
                indicator: indicator.to_string(),
                aggregate: aggregate.word().to_owned(),
                window: settings.length(window),
                order: comparison.order.word().to_owned(),
                threshold: settings.quantity(&comparison.with),
                coverage: coverage.as_ref().map(|share| settings.quantity(share)),
            }
        }
        Duty::Never {
            kind,
            register,
            attributed_by,
            ..
        } => DutySort::Never {
            kind: kind.to_string(),
            register: register.as_ref().map(ToString::to_string),
            attributed_by: attributed_by.as_ref().map(ToString::to_string),
        },
        Duty::Perform { act, per } => DutySort::Perform {
            act: act.kind.to_string(),
            per: settings.length(per),
        },
    }
}

fn anchor(limit: &Limit) -> String {
    let Anchor::Fact {
        kind,
        which,
        moment,
    } = &limit.anchor
    else {
        return "breach".to_owned();
    };
    let which = match which {
        Which::First => ".first",
        Which::Last => ".last",
        Which::Only => "",
    };
    let moment = match moment {
        Moment::Occurred => "",
        Moment::Recorded => ".recorded",
    };
    format!("{kind}{which}{moment}")
}

fn calendar_row(text: &Text, name: &str) -> Option<CalendarRow> {
    let mut rules = text.instrument.calendars.iter();
    let rule = rules.find(|rule| rule.name.as_str() == name)?;
    Some(CalendarRow {
        name: name.to_owned(),
        zone: rule.zone.to_string(),
        counting: rule.counting.word().to_owned(),
    })
}
