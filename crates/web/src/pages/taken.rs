//! Corrections and withdrawals of what started a duty, in sentences of the reader's language.

use crate::answer::taken::{TakenBack, TriggerChange};
use crate::pages::words::Words;

impl Words {
    /// What a correction or a withdrawal did to a duty.
    pub(crate) fn trigger_change(&self, change: &TriggerChange) -> String {
        let by = |part: &'static str| (part, self.party(&change.by).into());
        let moment = |part: &'static str| (part, self.moment(&change.received).into());
        let is_withdrawn = change.how == "withdrawn";
        let (before, after) = match (&change.before, &change.after) {
            (Some(before), Some(after)) => (before, after),
            (None, _) => return self.text_with("trigger-begun", &[by("by"), moment("moment")]),
            (Some(_), None) if is_withdrawn => {
                return self.text_with("trigger-withdrawn", &[by("by"), moment("moment")]);
            }
            (Some(_), None) => {
                return self.text_with("trigger-replaced", &[by("by"), moment("moment")]);
            }
        };
        let mut sentences = vec![match is_withdrawn {
            true => self.text_with("trigger-uncorrected", &[by("by"), moment("moment")]),
            false => self.text_with("trigger-corrected", &[by("by"), moment("moment")]),
        }];
        let said = sentences.len();
        if before.triggered != after.triggered {
            sentences.push(self.text_with(
                "trigger-start",
                &[
                    ("before", self.vague(&before.triggered).into()),
                    ("after", self.vague(&after.triggered).into()),
                ],
            ));
        }
        if before.due != after.due {
            let due = |due: &Option<[i64; 2]>| match due {
                Some(due) => self.vague(due),
                None => self.text("deadlines-no-date"),
            };
            sentences.push(self.text_with(
                "trigger-due",
                &[
                    ("before", due(&before.due).into()),
                    ("after", due(&after.due).into()),
                ],
            ));
        }
        if sentences.len() == said {
            sentences.push(self.text("trigger-same"));
        }
        sentences.join(" ")
    }

    /// Who took a duty back, and what it was just before.
    pub(crate) fn taken_back(&self, taken: &TakenBack) -> String {
        let change = self.trigger_change(&taken.change);
        let status = self.statuses(&taken.was.possible);
        let was = self.text_with("trigger-was", &[("status", status.into())]);
        format!("{change} {was}")
    }
}

/// The address of a duty as it was just before a change.
pub(crate) fn before(locale: &str, id: &str, change: &TriggerChange) -> String {
    let TriggerChange { at, index, .. } = change;
    format!("/{locale}/obligations/{id}?at={at}&index={index}")
}
