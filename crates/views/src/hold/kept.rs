//! What each duty has come to, kept up to date.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ensign_hold::evaluate::obligation::Unassigned;
use ensign_hold::evaluate::{AsOf, Docket, Evaluation, Obligation, ObligationKey, Summary};

use super::Holds;
use crate::Error;
use crate::database::lock;

/// The docket, and how many falls of statements it knows of.
#[derive(Debug)]
pub(super) struct Kept {
    docket: Docket,
    falls: u64,
}

impl Holds {
    /// Every obligation with its proof, from scratch.
    pub fn evaluation(&self, as_of: AsOf) -> Result<Arc<Evaluation>, Error> {
        if let Some(judged) = &*lock(&self.judged)
            && judged.as_of == as_of
        {
            return Ok(Arc::clone(judged));
        }
        let judged = Arc::new(self.promises(as_of.index)?.evaluate(as_of));
        *lock(&self.judged) = Some(Arc::clone(&judged));
        Ok(judged)
    }

    /// Every obligation without its proof, in the order of their keys.
    pub fn summaries(&self, as_of: AsOf) -> Result<Vec<Summary>, Error> {
        if let Some(summaries) = self.ask_docket(as_of, Docket::summaries)? {
            return Ok(summaries);
        }
        let evaluation = self.evaluation(as_of)?;
        Ok(evaluation.obligations.iter().map(Summary::from).collect())
    }

    /// One obligation with its proof.
    pub fn obligation(
        &self,
        key: &ObligationKey,
        as_of: AsOf,
    ) -> Result<Option<Obligation>, Error> {
        if let Some(found) = self.ask_docket(as_of, |docket| docket.obligation(key))? {
            return Ok(found);
        }
        let evaluation = self.evaluation(as_of)?;
        let mut all = evaluation.obligations.iter();
        Ok(all.find(|obligation| obligation.key == *key).cloned())
    }

    /// Triggers that bind nobody.
    pub fn unassigned(&self, as_of: AsOf) -> Result<Vec<Unassigned>, Error> {
        if let Some(unassigned) = self.ask_docket(as_of, Docket::unassigned)? {
            return Ok(unassigned);
        }
        Ok(self.evaluation(as_of)?.unassigned.clone())
    }

    /// Brings the docket to a size and a moment and asks it. Nothing where it is beyond them, or where
    /// something has fallen that counted then.
    fn ask_docket<T>(
        &self,
        as_of: AsOf,
        ask: impl FnOnce(&mut Docket) -> T,
    ) -> Result<Option<T>, Error> {
        // Read before the statements: a fall in between makes the docket look older than it is.
        let falls = self.falls.load(Ordering::SeqCst);
        let Some(promises) = self.newest(as_of.index)? else {
            return Ok(None);
        };
        let accord = promises.instruments.accord();
        let mut kept = lock(&self.docket);
        if kept.as_ref().is_none_or(|kept| kept.falls < falls) {
            let docket = Docket::new(Arc::clone(accord), as_of.t);
            *kept = Some(Kept { docket, falls });
        }
        let Some(Kept { docket, .. }) = kept.as_mut().filter(|kept| kept.falls == falls) else {
            return Ok(None);
        };
        let known = docket.as_of();
        if as_of.t < known.t || as_of.index < known.index {
            return Ok(None);
        }
        let facts = promises.facts.all();
        let from = facts.partition_point(|fact| fact.position < known.index);
        let until = facts.partition_point(|fact| fact.position < as_of.index);
        docket.bind(accord);
        docket.append(&facts[from..until.max(from)]);
        docket.grow(as_of.index);
        docket.advance(as_of.t);
        Ok(Some(ask(docket)))
    }
}
