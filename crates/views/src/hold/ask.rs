//! What is asked about promises.

use std::collections::BTreeMap;
use std::sync::Arc;

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::accord::Text;
use ensign_hold::evaluate::matrix::{Matrix, Pair};
use ensign_hold::evaluate::record::Head;
use ensign_hold::evaluate::{AsOf, Evaluation, Obligation, Summary};
use ensign_hold::term;
use ensign_hold::term::ast::Duty;
use ensign_hold::term::name::TermName;
use ensign_trust::{ObligationId, PartyId};

use super::row::{
    Departures, cell_row, concerns, instrument_row, members, obligation_page, obligation_row,
};
use super::{
    AccordPage, CellRow, Coverage, InstrumentRow, ObligationFilter, ObligationPage, ObligationRow,
    Order, Promises, Rank, Tally, TallyRow,
};
use crate::{Error, Views};

impl Views {
    /// A moment, as known to a log of a size: to the public log as it is, where none is given.
    ///
    /// # Errors
    /// [`Error::NotReached`].
    pub fn judged_as_of(&self, index: Option<u64>, t: i64) -> Result<AsOf, Error> {
        let index = self.reached(index)?;
        Ok(AsOf { t, index })
    }

    /// All that the public log said about promises when it had a size.
    pub fn promises(&self, index: u64) -> Result<Arc<Promises>, Error> {
        self.holds.promises(index)
    }

    /// What every duty had come to, with every proof: from scratch.
    pub fn evaluation(&self, as_of: AsOf) -> Result<Arc<Evaluation>, Error> {
        self.holds.evaluation(as_of)
    }

    /// Obligations, the one that is due first first, those without a due time last.
    pub fn obligations(
        &self,
        filter: &ObligationFilter,
        as_of: AsOf,
    ) -> Result<Vec<ObligationRow>, Error> {
        let promises = self.promises(as_of.index)?;
        let summaries = self.holds.summaries(as_of)?;
        let found = summaries.iter().filter(|it| filter.lets_through(it));
        let triggers = summaries.iter().map(|it| it.key.trigger);
        let order = Order::of(&promises, triggers, as_of);
        let mut found: Vec<(Rank<'_>, &Summary)> =
            found.map(|it| (order.rank(&it.key), it)).collect();
        found.sort_by(|(rank, one), (other_rank, other)| {
            (one.due.is_none(), one.due, rank).cmp(&(other.due.is_none(), other.due, other_rank))
        });
        let row = |(_, obligation): &(Rank<'_>, &Summary)| {
            let text = promises.instruments.text(obligation.key.text)?;
            Some(obligation_row(text, obligation))
        };
        Ok(found.iter().filter_map(row).collect())
    }

    /// An obligation with its clause and its proof.
    pub fn obligation(
        &self,
        id: ObligationId,
        head: Option<&Head>,
        as_of: AsOf,
    ) -> Result<Option<ObligationPage>, Error> {
        let Some((obligation, promises)) = self.proved(id, as_of)? else {
            return Ok(None);
        };
        let summary = Summary::from(&obligation);
        Ok(obligation_page(
            &promises,
            &summary,
            &obligation,
            head,
            as_of,
        ))
    }

    /// An obligation with its proof, and what it was judged by.
    pub(super) fn proved(
        &self,
        id: ObligationId,
        as_of: AsOf,
    ) -> Result<Option<(Obligation, Arc<Promises>)>, Error> {
        let promises = self.promises(as_of.index)?;
        let summaries = self.holds.summaries(as_of)?;
        let found = summaries.iter().find(|obligation| obligation.id == id);
        let proved = found.map(|found| self.holds.obligation(&found.key, as_of));
        Ok(proved
            .transpose()?
            .flatten()
            .map(|proved| (proved, promises)))
    }

    /// Texts, in the order of the log.
    pub fn instruments(&self, as_of: AsOf) -> Result<Vec<InstrumentRow>, Error> {
        let promises = self.promises(as_of.index)?;
        let accord = promises.instruments.accord();
        let takeovers = accord.takeovers(as_of.index);
        let known = accord.texts.iter().filter(|it| it.position < as_of.index);
        let row = |text: &Text| {
            let publication = promises.instruments.publication(text.digest)?;
            Some(instrument_row(publication, text, accord, &takeovers, as_of))
        };
        Ok(known.filter_map(row).collect())
    }

    /// A text, who is bound by it, and what its duties have come to.
    pub fn accord(&self, text: InstrumentDigest, as_of: AsOf) -> Result<Option<AccordPage>, Error> {
        let promises = self.promises(as_of.index)?;
        let instruments = &promises.instruments;
        let known = instruments.text(text);
        let known = known.filter(|text| text.position < as_of.index);
        let (Some(known), Some(publication)) = (known, instruments.publication(text)) else {
            return Ok(None);
        };
        let mut summaries = self.holds.summaries(as_of)?;
        summaries.retain(|it| it.key.text == text);
        let mut tally = Tally::default();
        let unassigned = self.holds.unassigned(as_of)?;
        let mut unassigned: Vec<_> = unassigned.iter().filter(|it| it.text == text).collect();
        let order = Order::of(&promises, unassigned.iter().map(|it| it.trigger), as_of);
        unassigned.sort_by_key(|it| (it.term.as_str(), order.place(it.trigger), it.trigger));
        let mut tallies: BTreeMap<(&str, u64, PartyId), Tally> = BTreeMap::new();
        for obligation in &summaries {
            let mut one = Tally::of(obligation);
            if is_measured(known, &obligation.key.term) {
                let proved = self.holds.obligation(&obligation.key, as_of)?;
                one.coverage = proved.as_ref().map(Coverage::of).unwrap_or_default();
            }
            tally += one;
            let (term, debtor) = (obligation.key.term.as_str(), obligation.key.debtor);
            let adopted = order.adopted(text, debtor);
            *tallies.entry((term, adopted, debtor)).or_default() += one;
        }
        let row = |((name, _, debtor), tally): ((&str, u64, PartyId), Tally)| TallyRow {
            term: name.to_owned(),
            class: class_of(known, name),
            debtor,
            tally,
        };
        let accord = instruments.accord();
        let takeovers = accord.takeovers(as_of.index);
        Ok(Some(AccordPage {
            row: instrument_row(publication, known, accord, &takeovers, as_of),
            at: as_of.t,
            index: as_of.index,
            clauses: term::format(&known.instrument),
            members: members(accord, &takeovers, text, as_of.index),
            tally,
            tallies: tallies.into_iter().map(row).collect(),
            unassigned: unassigned
                .into_iter()
                .map(|it| (it.term.to_string(), it.trigger))
                .collect(),
        }))
    }

    /// What is in force between whom, with the reason: of one text, where it is given.
    pub fn matrix(
        &self,
        text: Option<InstrumentDigest>,
        as_of: AsOf,
    ) -> Result<Vec<CellRow>, Error> {
        let promises = self.promises(as_of.index)?;
        let matrix = Matrix::at(promises.instruments.accord(), as_of.index, as_of.t);
        let of_text = matrix
            .pairs()
            .filter(|pair| text.is_none_or(|text| text == pair.text()));
        let mut departures = Departures::at(&promises, as_of.index);
        let row = |pair: Pair<'_>| cell_row(pair.cell(), &mut departures);
        Ok(of_text.map(row).collect())
    }
}

impl ObligationFilter {
    fn lets_through(&self, obligation: &Summary) -> bool {
        let due = obligation.due;
        let is_due =
            |[from, until]: [i64; 2]| due.is_some_and(|due| due.lo <= until && from <= due.hi);
        self.text.is_none_or(|text| text == obligation.key.text)
            && self.party.is_none_or(|party| concerns(obligation, party))
            && self.due.is_none_or(is_due)
            && self
                .status
                .as_ref()
                .is_none_or(|status| status == obligation.status.code())
            && (!self.open || obligation.status.is_open())
    }
}

/// Whether a term holds an indicator to a threshold.
fn is_measured(text: &Text, name: &TermName) -> bool {
    let term = text.instrument.term(name);
    term.is_some_and(|term| matches!(term.duty, Duty::Maintain { .. }))
}

fn class_of(text: &Text, name: &str) -> &'static str {
    let mut terms = text.instrument.terms.iter();
    let term = terms.find(|term| term.name.as_str() == name);
    term.map_or("computable", |term| term.class.word())
}
