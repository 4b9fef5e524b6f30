//! Reading what became of duties whose trigger was corrected or withdrawn.

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::{AsOf, Status};
use ensign_trust::ObligationId;
use ensign_views as views;

use super::Reader;
use crate::answer::taken::{DutyThen, TakenBack, TriggerChange};
use crate::fault::{Fault, internal};

/// Most duties that were taken back that an accord lists.
const MAX_TAKEN: usize = 50;

impl Reader<'_> {
    /// Why there is no duty of this id: its trigger was taken back, or it is unknown.
    pub(crate) fn no_duty(&self, id: ObligationId, as_of: AsOf) -> Result<Fault, Fault> {
        let changes = self.node().views().trigger_changes(id, as_of);
        let last = changes.map_err(internal)?.pop();
        let gone = last.filter(|change| change.after.is_none());
        let taken = gone.map(|change| self.taken(&change)).transpose()?;
        Ok(match taken.flatten() {
            Some(taken) => Fault::TakenBack(Box::new(taken)),
            None => Fault::NoObligation { id: id.to_string() },
        })
    }

    /// What corrections and withdrawals of its trigger did to a duty.
    pub(super) fn trigger_changes(
        &self,
        id: ObligationId,
        as_of: AsOf,
    ) -> Result<Vec<TriggerChange>, Fault> {
        let changes = self.node().views().trigger_changes(id, as_of);
        let changes = changes.map_err(internal)?;
        changes.iter().map(|it| self.trigger_change(it)).collect()
    }

    /// The last duties of a text that were taken back, and how many there are.
    pub(super) fn taken_back(
        &self,
        text: InstrumentDigest,
        as_of: AsOf,
    ) -> Result<(Vec<TakenBack>, u64), Fault> {
        let gone = self.node().views().taken_back(text, as_of);
        let gone = gone.map_err(internal)?;
        let last = gone.iter().skip(gone.len().saturating_sub(MAX_TAKEN));
        let taken = last.filter_map(|it| self.taken(it).transpose());
        Ok((taken.collect::<Result<_, _>>()?, gone.len() as u64))
    }

    fn taken(&self, change: &views::TriggerChange) -> Result<Option<TakenBack>, Fault> {
        let Some(row) = &change.before else {
            return Ok(None);
        };
        Ok(Some(TakenBack {
            id: row.obligation.to_string(),
            term: row.term.clone(),
            debtor: self.named_party(row.debtor)?,
            was: then(row),
            change: self.trigger_change(change)?,
        }))
    }

    fn trigger_change(&self, change: &views::TriggerChange) -> Result<TriggerChange, Fault> {
        Ok(TriggerChange {
            statement: change.statement.to_string(),
            index: change.index,
            received: change.received,
            by: self.named_party(change.by)?,
            how: match change.withdraws {
                true => "withdrawn",
                false => "corrected",
            },
            at: change.at,
            before: change.before.as_ref().map(then),
            after: change.after.as_ref().map(then),
        })
    }
}

fn then(row: &views::ObligationRow) -> DutyThen {
    DutyThen {
        triggered: row.triggered,
        due: row.due,
        status: row.status,
        possible: row.possible.iter().map(Status::code).collect(),
    }
}
