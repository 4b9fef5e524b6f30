//! Facts: all that evaluation reads.
//!
//! The shape is closed, the kinds are open dotted names. Each statement kind says, in a versioned
//! mapping of the crate that owns it, which facts it states. Status records are never facts.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{Code, Coded};
use crate::id::{PartyId, StatementId};

/// One thing that a statement says happened or holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// An open dotted name, such as `incident.reported`.
    pub kind: Code,
    /// Who says or did it.
    pub actor: PartyId,
    /// To whom.
    pub to: Option<PartyId>,
    /// What it is about.
    pub subject: Option<Code>,
    /// Coded fields.
    pub fields: BTreeMap<Code, Coded>,
    /// When it held, Unix seconds, both ends inclusive.
    pub valid: [u64; 2],
    /// When the node received it, Unix seconds.
    pub received: u64,
    /// Index in the public log.
    pub position: u64,
    /// Statements that the fact refers to.
    pub cites: Vec<StatementId>,
    /// The statement whose facts it takes back, and how.
    pub retracts: Option<Retraction>,
    /// How sure its source is, as a code.
    pub grade: Option<Code>,
    /// The statements that state it.
    pub sources: Vec<StatementId>,
}

/// How a statement takes back an earlier one of the same author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Retraction {
    /// It says in its place what should have been said: the older one stays taken back even when
    /// the newer one is replaced in turn.
    Replaces(StatementId),
    /// It says nothing in its place: the older one stands again once the withdrawal is withdrawn.
    Withdraws(StatementId),
}

impl Retraction {
    /// The statement that is taken back.
    pub fn target(self) -> StatementId {
        match self {
            Retraction::Replaces(target) | Retraction::Withdraws(target) => target,
        }
    }
}

/// One taking back, as the log holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TakenBack {
    /// The index of the statement that takes back.
    pub position: u64,
    /// That statement.
    pub by: StatementId,
    /// Who signed it.
    pub author: PartyId,
    /// What it takes back.
    pub retraction: Retraction,
}

/// Which statements stand, where some take others back.
///
/// Statements that replace one another form a line. Of each line the last statement that was not
/// withdrawn stands, and no other. A withdrawal has effect while it stands itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Of each statement that replaces one: its index, and the first of its line.
    first: BTreeMap<StatementId, (u64, StatementId)>,
    fallen: BTreeSet<StatementId>,
}

impl Standing {
    /// Decides it for these takings back.
    ///
    /// `known` gives a statement's index and author. A taking back of a statement that is unknown,
    /// somebody else's, or not earlier has no effect. A statement takes back in one way: the least
    /// of several counts.
    pub fn of(
        takings: &[TakenBack],
        known: impl Fn(StatementId) -> Option<(u64, PartyId)>,
    ) -> Self {
        let is_valid = |taking: &&TakenBack| {
            known(taking.retraction.target()).is_some_and(|(position, author)| {
                position < taking.position && author == taking.author
            })
        };
        let mut ordered: Vec<&TakenBack> = takings.iter().filter(is_valid).collect();
        ordered.sort();
        ordered.dedup_by_key(|taking| taking.by);
        let mut standing = Standing::default();
        for taking in &ordered {
            if let Retraction::Replaces(older) = taking.retraction {
                let first = standing.first_of(older);
                standing.first.insert(taking.by, (taking.position, first));
            }
        }
        // From the last to the first: whatever could take a statement back is decided before it.
        let mut said: BTreeMap<(u64, StatementId), Option<Retraction>> = BTreeMap::new();
        for taking in &ordered {
            let target = taking.retraction.target();
            if let Some((position, _)) = known(target) {
                said.entry((position, target)).or_default();
            }
            said.insert((taking.position, taking.by), Some(taking.retraction));
        }
        let mut withdrawn = BTreeSet::new();
        let mut spoken = BTreeSet::new();
        for ((_, statement), retraction) in said.into_iter().rev() {
            let line = standing.first_of(statement);
            if withdrawn.contains(&statement) || !spoken.insert(line) {
                standing.fallen.insert(statement);
            } else if let Some(Retraction::Withdraws(target)) = retraction {
                withdrawn.insert(target);
            }
        }
        standing
    }

    /// Whether a statement stands.
    pub fn stands(&self, statement: StatementId) -> bool {
        !self.fallen.contains(&statement)
    }

    /// The statements that do not stand.
    pub fn fallen(&self) -> &BTreeSet<StatementId> {
        &self.fallen
    }

    /// The first statement of the line that a statement belongs to: itself, where it replaces none.
    pub fn first_of(&self, statement: StatementId) -> StatementId {
        let known = self.first.get(&statement);
        known.map_or(statement, |(_, first)| *first)
    }

    /// The same for a citation by the statement at an index: what comes later is in no line yet, even
    /// where its id was known beforehand.
    pub fn cited_at(&self, index: u64, cited: StatementId) -> StatementId {
        let known = self.first.get(&cited);
        let earlier = known.filter(|(position, _)| *position < index);
        earlier.map_or(cited, |(_, first)| *first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALPHA: PartyId = PartyId::from_bytes([0xa1; 32]);
    const BETA: PartyId = PartyId::from_bytes([0xb2; 32]);

    fn id(n: u8) -> StatementId {
        StatementId::from_bytes([n; 32])
    }

    /// Statement n is at index n; those from 100 on are another author's.
    fn known(statement: StatementId) -> Option<(u64, PartyId)> {
        let n = statement.as_bytes()[0];
        Some((n.into(), if n < 100 { ALPHA } else { BETA }))
    }

    fn taking(n: u8, retraction: Retraction) -> TakenBack {
        let (position, author) = known(id(n)).unwrap();
        TakenBack {
            position,
            by: id(n),
            author,
            retraction,
        }
    }

    fn replaces(n: u8, older: u8) -> TakenBack {
        taking(n, Retraction::Replaces(id(older)))
    }

    fn withdraws(n: u8, older: u8) -> TakenBack {
        taking(n, Retraction::Withdraws(id(older)))
    }

    fn standing<const N: usize>(takings: &[TakenBack], among: [u8; N]) -> Vec<u8> {
        let standing = Standing::of(takings, known);
        let stands = |n: &u8| standing.stands(id(*n));
        among.into_iter().filter(stands).collect()
    }

    #[test]
    fn what_was_corrected_twice_does_not_come_back() {
        let line = [replaces(2, 1), replaces(3, 2)];
        assert_eq!(standing(&line, [1, 2, 3]), [3]);
        assert_eq!(Standing::of(&line, known).first_of(id(3)), id(1));
    }

    #[test]
    fn a_withdrawn_correction_gives_way_to_the_one_before_it() {
        let line = [replaces(2, 1), replaces(3, 2)];
        assert_eq!(
            standing(&[&line[..], &[withdraws(4, 3)]].concat(), [1, 2, 3, 4]),
            [2, 4]
        );
        assert_eq!(
            standing(&[&line[..], &[withdraws(4, 2)]].concat(), [1, 2, 3, 4]),
            [3, 4]
        );
        let both = [withdraws(4, 2), withdraws(5, 3)];
        assert_eq!(
            standing(&[&line[..], &both].concat(), [1, 2, 3, 4, 5]),
            [1, 4, 5]
        );
    }

    #[test]
    fn a_withdrawn_withdrawal_has_no_effect() {
        assert_eq!(standing(&[withdraws(2, 1)], [1, 2]), [2]);
        assert_eq!(
            standing(&[withdraws(2, 1), withdraws(3, 2)], [1, 2, 3]),
            [1, 3]
        );
        let thrice = [withdraws(2, 1), withdraws(3, 2), withdraws(4, 3)];
        assert_eq!(standing(&thrice, [1, 2, 3, 4]), [2, 4]);
        assert_eq!(
            standing(&[withdraws(2, 1), replaces(3, 2)], [1, 2, 3]),
            [1, 3]
        );
    }

    #[test]
    fn of_two_corrections_of_one_statement_the_later_stands() {
        assert_eq!(standing(&[replaces(2, 1), replaces(3, 1)], [1, 2, 3]), [3]);
    }

    #[test]
    fn nobody_takes_back_what_another_said_nor_itself_nor_what_comes_later() {
        let without_effect = [withdraws(101, 1), replaces(2, 2), withdraws(3, 5)];
        assert_eq!(
            standing(&without_effect, [1, 2, 3, 5, 101]),
            [1, 2, 3, 5, 101]
        );
    }

    proptest! {
        #[test]
        fn the_order_of_the_list_makes_no_difference_and_each_line_has_one_voice(
            takings in proptest::collection::vec((2u8..20, 1u8..20, any::<bool>()), 0..20),
        ) {
            let takings: Vec<_> = takings
                .into_iter()
                .map(|(by, of, with)| if with { withdraws(by, of) } else { replaces(by, of) })
                .collect();
            let reversed: Vec<_> = takings.iter().rev().copied().collect();
            let decided = Standing::of(&takings, known);
            prop_assert_eq!(&decided, &Standing::of(&reversed, known));
            let mut voices: Vec<_> = (1..20)
                .filter(|n| decided.stands(id(*n)))
                .map(|n| decided.first_of(id(n)))
                .collect();
            let all = voices.len();
            voices.dedup();
            voices.sort();
            voices.dedup();
            prop_assert_eq!(voices.len(), all);
        }
    }
}
