//! Duties and texts as rows.

use super::{Csv, Row, number};
use crate::answer::promises::{
    Accord, AccordRow, Deadline, DutyCounts, MatrixCell, NamedParty, UsedStatement,
};

/// An accord: what its duties have come to, all together, by term and by party.
pub(crate) fn accord(accord: &Accord) -> Vec<u8> {
    let columns = [
        "by",
        "value",
        "total",
        "open",
        "kept",
        "late",
        "breached",
        "remedied",
        "undetermined",
        "released",
        "contested",
        "sampled",
        "expected",
    ];
    let mut file = Csv::new(&columns);
    let mut row = |by: &str, value: &str, counts: &DutyCounts| {
        let counts = [
            counts.total,
            counts.open,
            counts.kept,
            counts.late,
            counts.breached,
            counts.remedied,
            counts.undetermined,
            counts.released,
            counts.contested,
            counts.sampled,
            counts.expected,
        ];
        let named = [by.to_owned(), value.to_owned()];
        file.record(named.into_iter().chain(counts.map(|it| it.to_string())));
    };
    row("all", "", &accord.counts);
    for it in &accord.by_term {
        row("term", &it.term, &it.counts);
    }
    for it in &accord.by_party {
        row("party", &it.party.party, &it.counts);
    }
    file.into_bytes()
}

impl Row for Deadline {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "instrument",
        "text",
        "term",
        "debtor",
        "debtor_name",
        "creditors",
        "status",
        "possible",
        "standing",
        "ruling",
        "stopped",
        "triggered_first",
        "triggered_last",
        "due_first",
        "due_last",
        "lapses_first",
        "lapses_last",
        "ends",
        "trigger",
    ];

    fn cells(&self) -> Vec<String> {
        let ends = |interval: Option<[i64; 2]>| match interval {
            Some(interval) => interval.map(|it| it.to_string()),
            None => Default::default(),
        };
        let [triggered_first, triggered_last] = ends(Some(self.triggered));
        let [due_first, due_last] = ends(self.due);
        let [lapses_first, lapses_last] = ends(self.lapses);
        vec![
            self.id.clone(),
            self.instrument.clone(),
            self.text.clone(),
            self.term.clone(),
            self.debtor.party.clone(),
            self.debtor.name.clone().unwrap_or_default(),
            ids(&self.creditors),
            self.status.to_owned(),
            self.possible.join(";"),
            self.standing.to_owned(),
            self.ruling.unwrap_or_default().to_owned(),
            self.stopped.to_owned(),
            triggered_first,
            triggered_last,
            due_first,
            due_last,
            lapses_first,
            lapses_last,
            self.ends.unwrap_or_default().to_owned(),
            self.trigger.clone(),
        ]
    }
}

impl Row for AccordRow {
    const COLUMNS: &'static [&'static str] = &[
        "text",
        "name",
        "force",
        "from",
        "until",
        "terms",
        "parties",
        "supersedes",
        "by",
        "statement",
        "index",
        "received",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.text.clone(),
            self.name.clone(),
            self.force.to_owned(),
            self.from.clone(),
            self.until.clone().unwrap_or_default(),
            self.terms.to_string(),
            self.parties.to_string(),
            self.supersedes.clone().unwrap_or_default(),
            self.by.party.clone(),
            self.statement.clone(),
            self.index.to_string(),
            number(Some(self.received)),
        ]
    }
}

impl Row for MatrixCell {
    const COLUMNS: &'static [&'static str] = &[
        "term", "debtor", "creditor", "binding", "because", "void", "set",
    ];

    fn cells(&self) -> Vec<String> {
        let creditor = self.creditor.as_ref();
        let set = self
            .set
            .iter()
            .map(|it| format!("{}={}", it.name, it.value));
        vec![
            self.term.clone(),
            self.debtor.party.clone(),
            creditor.map(|it| it.party.clone()).unwrap_or_default(),
            self.binding.to_owned(),
            statements(&self.because),
            statements(&self.void),
            set.collect::<Vec<_>>().join(";"),
        ]
    }
}

fn ids(parties: &[NamedParty]) -> String {
    let ids: Vec<&str> = parties.iter().map(|it| it.party.as_str()).collect();
    ids.join(";")
}

fn statements(used: &[UsedStatement]) -> String {
    let ids: Vec<&str> = used.iter().map(|it| it.statement.as_str()).collect();
    ids.join(";")
}
