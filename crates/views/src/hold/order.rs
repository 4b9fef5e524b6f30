//! In which order duties stand whose times are equal.
//!
//! Ids are as good as random: whoever stood first by an id would do so by chance, and two parties that
//! change places would change the list. So what the texts and the log say decides; the id comes last,
//! where nothing else differs.

use std::collections::{BTreeMap, BTreeSet};

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::{AsOf, ObligationKey};
use ensign_hold::term::name::TermName;
use ensign_trust::{ObligationId, PartyId, StatementId};

use super::Promises;

/// What stands nowhere in the log, as what is only supposed, comes behind what does.
const NOWHERE: u64 = u64::MAX;

/// The places in the log by which duties are ordered.
#[derive(Debug, Default)]
pub struct Order {
    texts: BTreeMap<InstrumentDigest, u64>,
    adoptions: BTreeMap<(InstrumentDigest, PartyId), u64>,
    statements: BTreeMap<StatementId, u64>,
}

/// The place of a duty among others, all of whose times are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank<'a> {
    term: &'a str,
    text: u64,
    trigger: u64,
    debtor: u64,
    nth: u32,
    period: Option<u32>,
    part: u32,
    after: Vec<(&'a TermName, Option<u32>)>,
    obligation: ObligationId,
}

impl Order {
    /// The order of duties that these statements started.
    pub fn of(
        promises: &Promises,
        statements: impl IntoIterator<Item = StatementId>,
        as_of: AsOf,
    ) -> Self {
        let accord = promises.instruments.accord();
        let mut order = Order::default();
        for text in &accord.texts {
            order.texts.entry(text.digest).or_insert(text.position);
        }
        let mut adopted = BTreeMap::new();
        for adoption in accord
            .adoptions
            .iter()
            .filter(|it| it.position < as_of.index)
        {
            let bound = (adoption.text, adoption.party);
            order.adoptions.entry(bound).or_insert(adoption.position);
            adopted.insert(adoption.statement, adoption.position);
        }
        let mut foreign = BTreeSet::new();
        for id in statements {
            let lodged = promises.facts.known(id).map(|known| known.stated.index);
            if let Some(place) = lodged.or_else(|| adopted.get(&id).copied()) {
                order.statements.insert(id, place);
            } else {
                foreign.insert(id);
            }
        }
        // What other crates' statements state is found by going through all facts, so only if needed.
        if !foreign.is_empty() {
            for fact in promises.facts.all() {
                let sources = fact.sources.iter().filter(|id| foreign.contains(id));
                order
                    .statements
                    .extend(sources.map(|id| (*id, fact.position)));
            }
        }
        order
    }

    /// The place of a duty.
    pub fn rank<'a>(&self, key: &'a ObligationKey) -> Rank<'a> {
        Rank {
            term: key.term.as_str(),
            text: self.texts.get(&key.text).copied().unwrap_or(NOWHERE),
            trigger: self.place(key.trigger),
            debtor: self.adopted(key.text, key.debtor),
            nth: key.nth,
            period: key.period,
            part: key.part,
            after: key.after.iter().map(|it| (&it.term, it.period)).collect(),
            obligation: key.id(),
        }
    }

    /// Where a party adopted a text first.
    pub(super) fn adopted(&self, text: InstrumentDigest, party: PartyId) -> u64 {
        self.adoptions
            .get(&(text, party))
            .copied()
            .unwrap_or(NOWHERE)
    }

    /// Where a statement stands in the log.
    pub(super) fn place(&self, id: StatementId) -> u64 {
        self.statements.get(&id).copied().unwrap_or(NOWHERE)
    }
}
