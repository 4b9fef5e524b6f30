//! A term as a whole, in sentences of the reader's language.

use ensign_views::{PromiseRow, Start, Stop};

use crate::answer::promises::Clause;
use crate::i18n::Texts;
use crate::pages::words::Words;
use crate::read::promises::duty;

/// What a term promises, what starts it, what stops its clock and what follows a breach.
pub fn promise_sentence(texts: &Texts, row: &PromiseRow) -> String {
    Words::of(texts.locale(), false).promise(row)
}

impl Words {
    /// What comes of it where a party does not accept a term.
    pub(crate) fn excluded(&self, clause: &Clause) -> String {
        let debtor = self.plain(&clause.duty.debtor);
        let mut said = match &clause.duty.creditor {
            Some(creditor) => {
                let creditor = self.plain(creditor);
                self.text_with(
                    "adopt-exclude-hint-to",
                    &[("debtor", debtor.into()), ("creditor", creditor.into())],
                )
            }
            None => self.text_with("adopt-exclude-hint", &[("debtor", debtor.into())]),
        };
        if !clause.on_breach.is_empty() {
            let terms = self.list(&clause.on_breach);
            said += " ";
            said += &self.text_with("adopt-exclude-breach", &[("terms", terms.into())]);
        }
        said
    }

    fn promise(&self, row: &PromiseRow) -> String {
        let duty = duty(&row.duty);
        let mut said = vec![self.promised(&duty)];
        if duty.sort != "declare" {
            said.push(self.starts(&row.starts));
            said.extend(row.grace.as_ref().map(|grace| {
                let span = self.length(grace);
                self.text_with("promise-grace", &[("span", span.into())])
            }));
            match row.stops.is_empty() {
                true => said.push(self.text("promise-stop-none")),
                false => said.extend(row.stops.iter().map(|stop| self.stops(stop))),
            }
        }
        if matches!(duty.modality.as_str(), "owes" | "forbid") && duty.sort != "declare" {
            said.push(self.breach(row));
        }
        said.iter()
            .flat_map(|it| [it, ". "])
            .collect::<String>()
            .trim_end()
            .to_owned()
    }

    fn starts(&self, start: &Start) -> String {
        match start {
            Start::Adoption => self.text("promise-starts-adoption"),
            Start::Breach(terms) => {
                let terms = self.list(terms);
                self.text_with("promise-starts-breach", &[("terms", terms.into())])
            }
            Start::Fact(kind) => {
                let kind = self.plain(kind);
                self.text_with("promise-starts-fact", &[("kind", kind.into())])
            }
        }
    }

    fn stops(&self, stop: &Stop) -> String {
        match stop {
            Stop::Exception { under, most } => self.text_with(
                "promise-stop-exception",
                &[
                    ("under", under.as_str().into()),
                    ("span", self.length(most).into()),
                ],
            ),
            Stop::Fact { by, until, most } => self.text_with(
                "promise-stop-fact",
                &[
                    ("by", self.plain(by).into()),
                    ("until", self.plain(until).into()),
                    ("span", self.length(most).into()),
                ],
            ),
        }
    }

    fn breach(&self, row: &PromiseRow) -> String {
        let terms = self.list(&row.on_breach);
        match &row.remedy_within {
            _ if row.on_breach.is_empty() => self.text("promise-breach-none"),
            None => self.text_with("promise-breach", &[("terms", terms.into())]),
            Some(within) => self.text_with(
                "promise-breach-within",
                &[
                    ("terms", terms.into()),
                    ("span", self.length(within).into()),
                ],
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use ensign_views::{DutyRow, DutySort};

    use super::*;
    use crate::i18n::Locale;

    fn row() -> PromiseRow {
        PromiseRow {
            duty: DutyRow {
                modality: "owes".to_owned(),
                debtor: "state".to_owned(),
                creditor: Some("affected_state".to_owned()),
                sort: DutySort::Deliver {
                    act: "public_notice".to_owned(),
                    side: "within".to_owned(),
                    span: "PT24H".to_owned(),
                    anchor: "breach".to_owned(),
                },
                calendar: None,
            },
            starts: Start::Breach(vec!["ANSWER".to_owned(), "KEEP".to_owned()]),
            grace: Some("PT1H".to_owned()),
            stops: vec![
                Stop::Fact {
                    by: "dispute_opened".to_owned(),
                    until: "dispute_closed".to_owned(),
                    most: "P90D".to_owned(),
                },
                Stop::Exception {
                    under: "accord".to_owned(),
                    most: "PT48H".to_owned(),
                },
            ],
            on_breach: vec!["REPAIR".to_owned()],
            remedy_within: Some("P30D".to_owned()),
        }
    }

    #[test]
    fn a_term_is_told_from_its_start_to_what_follows_a_breach() {
        let said = promise_sentence(Texts::of(Locale::En), &row());
        assert_eq!(
            said.replace(['\u{2068}', '\u{2069}'], ""),
            "state owes affected state “public notice” within 24 hours of “the breach”. \
             It starts with the breach of ANSWER, KEEP. \
             Up to 1 hour later it is late, and then breached. \
             “dispute opened” stops its clock until “dispute closed”, for 90 days at most in all. \
             An exception under accord stops its clock, for 48 hours at most. \
             A breach starts REPAIR, due within 30 days."
        );
        assert!(promise_sentence(Texts::of(Locale::Ar), &row()).contains("يبدأ مع الإخلال"));
    }

    #[test]
    fn what_cannot_be_breached_says_nothing_of_a_breach() {
        let mut allowed = row();
        allowed.duty.modality = "may".to_owned();
        let said = promise_sentence(Texts::of(Locale::En), &allowed);
        assert!(!said.contains("REPAIR"), "{said}");
        let mut declared = row();
        let words = "They cooperate.".to_owned();
        declared.duty.sort = DutySort::Declare { words };
        let said = promise_sentence(Texts::of(Locale::En), &declared);
        assert!(!said.contains("starts"), "{said}");
    }
}
