//! Commands that judge: what each duty has come to, why, and what it would come to.
//!
//! An answer is as of a moment and a size of the public log. Its bytes are those of
//! [`Results`](ensign_hold::evaluate::record::Results): whoever has the log's files gets the same.

use std::collections::BTreeMap;

use ensign_hold::evaluate::record::{Head, Results, StatusRecord};
use ensign_hold::evaluate::{AsOf, Evaluation, Obligation, ObligationKey};
use ensign_hold::fact;
use ensign_hold::record;
use ensign_trust::ObligationId;
use ensign_trust::id::StatementId;
use ensign_trust::log::merkle::Frontier;
use ensign_trust::logbook::LogName;
use ensign_views::{ObligationFilter, ObligationPage, ObligationRow, Order, Promises, Views};
use serde::Serialize;

use crate::append::{TreeFault, node_hash};
use crate::error::Error;
use crate::fact::FactRequest;
use crate::instrument::Judged;
use crate::node::{Node, log_fault};
use crate::note::{Note, notes};
use crate::party::{not_an_id, party_id};

/// Owner of the key with which a supposed statement is signed: nobody's.
const SUPPOSED: [u8; 32] = [0; 32];

/// What every duty has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evaluated {
    /// The moment judged, Unix seconds.
    pub at: i64,
    /// The size of the log judged.
    pub index: u64,
    /// The next second at which something may change while nothing is added.
    pub next: Option<i64>,
    /// The obligations, the one that is due first first.
    pub obligations: Vec<ObligationRow>,
    /// All results on one line of JSON, with every sum and every statement used: the same bytes from
    /// every copy of the log.
    pub results: String,
}

/// What would change if a fact were lodged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Supposed {
    /// The moment judged, Unix seconds.
    pub at: i64,
    /// The size of the log judged.
    pub index: u64,
    /// Obligations that would be otherwise, by term and then by what started them.
    pub changes: Vec<SupposedChange>,
    /// What would keep the fact from counting.
    pub notes: Vec<Note>,
}

/// What would become of one obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupposedChange {
    /// The obligation.
    pub obligation: ObligationId,
    /// The term.
    pub term: String,
    /// Who owes.
    pub debtor: ensign_trust::PartyId,
    /// When its trigger happened or its period began: the first and the last second, Unix seconds.
    pub triggered: [i64; 2],
    /// What it has come to; nothing if it is not there.
    pub before: Option<&'static str>,
    /// What it would come to; nothing if it would not be there.
    pub after: Option<&'static str>,
}

/// A status record that was stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordStated {
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// The obligation.
    pub obligation: ObligationId,
    /// What it has come to.
    pub status: &'static str,
    /// Who said so.
    pub party: ensign_trust::PartyId,
}

impl Node {
    /// Judges every duty, or those of one text or party.
    pub fn evaluate(
        &self,
        text: Option<&str>,
        party: Option<&str>,
        asked: Judged,
    ) -> Result<Evaluated, Error> {
        let as_of = self.judged(asked)?;
        let head = self.head_at(as_of.index)?;
        evaluated(&self.views, head, text, party, as_of)
    }

    /// One duty with its clause and its proof.
    pub fn explain(&self, obligation: &str, asked: Judged) -> Result<ObligationPage, Error> {
        let as_of = self.judged(asked)?;
        let head = self.head_at(as_of.index)?;
        explained(&self.views, &head, obligation, as_of)
    }

    /// What would change if a party lodged a fact.
    pub fn what_if(&self, request: &FactRequest, asked: Judged) -> Result<Supposed, Error> {
        let as_of = self.judged(asked)?;
        let party = party_id(&request.party)?;
        // What is supposed and has no time of its own is supposed at the moment judged.
        let received = u64::try_from(as_of.t).unwrap_or(0);
        let request = FactRequest {
            from: request.from.or(Some(received)),
            ..request.clone()
        };
        let promises = self.views.promises(as_of.index)?;
        let act = fact::lodge(&promises.facts, party, self.lodged(&request)?)?;
        fact::on_scale(promises.instruments.accord(), &act)?;
        let mut draft = self.draft(Some(party));
        act.write(&mut draft);
        let key = ensign_trust::key::SigningKey::from_seed(&SUPPOSED);
        let statement = draft.sign(&key).map_err(Error::Statement)?;
        let further = fact::facts(&statement, as_of.index, received);
        let before = self.views.evaluation(as_of)?;
        let after = promises.what_if(&further, as_of);
        Ok(Supposed {
            at: as_of.t,
            index: as_of.index,
            changes: changes(&promises, &before, &after),
            notes: notes(&promises, party, &act, received),
        })
    }

    /// States what a duty has come to, to be compared with what others compute.
    pub fn record_status(
        &self,
        party: &str,
        obligation: &str,
        asked: Judged,
    ) -> Result<RecordStated, Error> {
        let party = party_id(party)?;
        let as_of = self.judged(asked)?;
        let heads = [self.head_at(as_of.index)?];
        let id: ObligationId = obligation.parse().map_err(|_| not_an_id(obligation))?;
        let evaluation = self.views.evaluation(as_of)?;
        let mut all = evaluation.obligations.iter();
        let found = all.find(|it| it.key.id() == id);
        let found = found.ok_or_else(|| Error::NotFound {
            id: obligation.to_owned(),
        })?;
        let said = record::record(&StatusRecord {
            obligation: found,
            as_of,
            heads: &heads,
        })?;
        let mut draft = self.draft(Some(party));
        said.write(&mut draft);
        let key = self.key_now(party, None)?;
        let appended = self.state_as(LogName::Public, party, &key, vec![draft])?;
        Ok(RecordStated {
            statement: appended.ids[0],
            index: appended.first,
            obligation: id,
            status: found.status.code(),
            party,
        })
    }

    /// As of when a question is asked.
    ///
    /// # Errors
    /// Where the log is not that large: what it does not hold yet cannot be judged.
    pub(crate) fn judged(&self, asked: Judged) -> Result<AsOf, Error> {
        let now = || i64::try_from(self.clock.now()).unwrap_or(i64::MAX);
        Ok(self
            .views
            .judged_as_of(asked.index, asked.at.unwrap_or_else(now))?)
    }

    /// The head of the public log when it had a size.
    pub fn head_at(&self, size: u64) -> Result<Head, Error> {
        let log = self.log(LogName::Public);
        let current = log.head()?.map_or(0, |head| head.size);
        let tree = Frontier::load::<TreeFault>(size, |node| node_hash(log, current, node));
        let root = tree.map_err(log_fault(LogName::Public))?.root();
        Ok(Head {
            origin: self.origin(LogName::Public).to_string(),
            size,
            root,
        })
    }
}

pub(crate) fn evaluated(
    views: &Views,
    head: Head,
    text: Option<&str>,
    party: Option<&str>,
    as_of: AsOf,
) -> Result<Evaluated, Error> {
    let text = text.map(|text| crate::authority::parsed("the text", text));
    let filter = ObligationFilter {
        text: text.transpose()?,
        party: party.map(party_id).transpose()?,
        ..ObligationFilter::default()
    };
    let evaluation = views.evaluation(as_of)?;
    let results = Results {
        evaluation: &evaluation,
        heads: &[head],
    };
    Ok(Evaluated {
        at: as_of.t,
        index: as_of.index,
        next: evaluation.next,
        obligations: views.obligations(&filter, as_of)?,
        results: results.to_json(),
    })
}

pub(crate) fn explained(
    views: &Views,
    head: &Head,
    obligation: &str,
    as_of: AsOf,
) -> Result<ObligationPage, Error> {
    let id = obligation.parse().map_err(|_| not_an_id(obligation))?;
    let page = views.obligation(id, Some(head), as_of)?;
    page.ok_or_else(|| Error::NotFound {
        id: obligation.to_owned(),
    })
}

fn change(key: &ObligationKey, both: [Option<&Obligation>; 2]) -> Option<SupposedChange> {
    let [before, after] = both.map(|it| it.map(|it| it.status.code()));
    let [old, new] = both.map(|it| it.map(|it| it.triggered.into()));
    (before != after).then_some(SupposedChange {
        obligation: key.id(),
        term: key.term.to_string(),
        debtor: key.debtor,
        triggered: new.or(old)?,
        before,
        after,
    })
}

/// Obligations whose status differs between two evaluations.
fn changes(promises: &Promises, before: &Evaluation, after: &Evaluation) -> Vec<SupposedChange> {
    let mut both: BTreeMap<&ObligationKey, [Option<&Obligation>; 2]> = BTreeMap::new();
    for (at, evaluation) in [before, after].into_iter().enumerate() {
        for obligation in &evaluation.obligations {
            both.entry(&obligation.key).or_default()[at] = Some(obligation);
        }
    }
    let both = both.into_iter();
    let mut changes: Vec<_> = both
        .filter_map(|(key, both)| Some((key, change(key, both)?)))
        .collect();
    let triggers = changes.iter().map(|(key, _)| key.trigger);
    let order = Order::of(promises, triggers, before.as_of);
    changes.sort_by_cached_key(|(key, _)| order.rank(key));
    changes.into_iter().map(|(_, change)| change).collect()
}
