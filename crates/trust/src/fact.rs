//! Facts: all that evaluation reads.
//!
//! The shape is closed, the kinds are open dotted names. Each statement kind says, in a versioned
//! mapping of the crate that owns it, which facts it states. Status records are never facts.

use std::collections::BTreeMap;

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
    /// When the log can be shown to have held it, Unix seconds: from the receipt until the first
    /// logged cosignature, or the receipt twice where the log is unwitnessed.
    pub recorded: [u64; 2],
    /// Index in the public log.
    pub position: u64,
    /// Statements that the fact refers to.
    pub cites: Vec<StatementId>,
    /// The statement whose facts it takes back.
    pub retracts: Option<StatementId>,
    /// How sure its source is, as a code.
    pub grade: Option<Code>,
    /// The statements that state it.
    pub sources: Vec<StatementId>,
}

/// Which statements are retracted: those that a retraction cites which is itself not retracted.
///
/// Facts refer only to earlier statements, so going through the retractions from the last to the
/// first decides each before it is used. `retractions` holds `(position, retraction, retracted)`;
/// a retraction of a statement at or after its own position has no effect.
pub fn retracted(
    retractions: &[(u64, StatementId, StatementId)],
    position_of: impl Fn(StatementId) -> Option<u64>,
) -> Vec<StatementId> {
    let mut ordered = retractions.to_vec();
    ordered.sort_by(|a, b| b.cmp(a));
    let mut gone = std::collections::BTreeSet::new();
    for (position, retraction, target) in ordered {
        let earlier = position_of(target).is_some_and(|of_target| of_target < position);
        if earlier && !gone.contains(&retraction) {
            gone.insert(target);
        }
    }
    gone.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> StatementId {
        StatementId::from_bytes([n; 32])
    }

    fn position(statement: StatementId) -> Option<u64> {
        Some(statement.as_bytes()[0].into())
    }

    #[test]
    fn a_retracted_retraction_has_no_effect() {
        assert_eq!(retracted(&[(2, id(2), id(1))], position), [id(1)]);
        assert_eq!(
            retracted(&[(2, id(2), id(1)), (3, id(3), id(2))], position),
            [id(2)]
        );
        let thrice = [(2, id(2), id(1)), (3, id(3), id(2)), (4, id(4), id(3))];
        assert_eq!(retracted(&thrice, position), [id(1), id(3)]);
    }

    #[test]
    fn nothing_retracts_itself_or_what_comes_later() {
        assert_eq!(
            retracted(&[(2, id(2), id(2)), (2, id(2), id(5))], position),
            []
        );
    }
}
