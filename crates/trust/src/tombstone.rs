//! What a node destroyed of a party: its name, and other words that belong to it.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `party.erased` | words about or by a party were destroyed at this node: the tombstone | a root party |
//!
//! A tombstone names digests and a ground, never what was erased nor who asked. Whatever was signed
//! stays, and so do all proofs: a statement only ever held the digests.

use std::collections::BTreeMap;

use crate::account::codes;
use crate::code::{Code, Coded};
use crate::id::PartyId;
use crate::party::{Malformed, Need};
use crate::statement::Draft;

codes! {
    /// On what ground something is erased (the grounds of Article 17(1) of Regulation (EU) 2016/679 and of
    /// the right to erasure in the ICRC Rules on Personal Data Protection, and the safety of people).
    Ground: "consent-withdrawn, legal-duty, no-longer-needed, objection, safety, unlawful" {
        /// Whoever it is about agreed to it once, and does no longer.
        ConsentWithdrawn = "consent-withdrawn",
        /// A law or a court demands it.
        LegalDuty = "legal-duty",
        /// What it was collected for is done.
        NoLongerNeeded = "no-longer-needed",
        /// Whoever it is about objects, and nothing weighs more.
        Objection = "objection",
        /// It endangers somebody.
        Safety = "safety",
        /// It ought not to have been collected.
        Unlawful = "unlawful",
    }
}

/// Most disclosures that one tombstone names: a statement is at most 16 KiB.
pub const MAX_DIGESTS: usize = 256;

/// `party.erased`, version 1: subject the party; `digests` of the disclosures that were destroyed,
/// sorted, 1 to [`MAX_DIGESTS`]; `ground`, a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Whose words they were.
    pub party: PartyId,
    /// What was destroyed.
    pub digests: Vec<[u8; 32]>,
    /// Why.
    pub ground: Code,
}

impl Tombstone {
    /// Reads the tombstone; `None` where the kind or its version is another one.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        let known = draft.version == 1 && draft.kind.as_str() == "party.erased";
        known.then(|| {
            let party = draft.subject.as_ref();
            let party = party.and_then(|subject| subject.as_str().parse().ok());
            let ground = draft.field("ground").and_then(Coded::as_code).cloned();
            Ok(Tombstone {
                party: party.ok_or(Malformed("sub"))?,
                digests: digests(draft)?,
                ground: ground.ok_or(Malformed("ground"))?,
            })
        })
    }

    /// Writes kind, version, subject and body into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = Code::literal("party.erased");
        draft.version = 1;
        draft.subject = Code::new(self.party.to_string()).ok();
        let digests = self.digests.iter().map(|digest| digest.to_vec().into());
        draft.body = BTreeMap::from([
            (Code::literal("digests"), Coded::List(digests.collect())),
            (Code::literal("ground"), self.ground.clone().into()),
        ]);
    }
}

/// What the author of a tombstone of a party must be.
pub fn need(draft: &Draft) -> Option<Need> {
    (draft.kind.as_str() == "party.erased").then_some(Need::Root)
}

/// The field `digests` of a tombstone of any kind: 1 to [`MAX_DIGESTS`], sorted, each once.
///
/// # Errors
/// [`Malformed`] for anything else.
pub fn digests(draft: &Draft) -> Result<Vec<[u8; 32]>, Malformed> {
    let digest = |item: &Coded| <[u8; 32]>::try_from(item.as_bytes()?).ok();
    let digests = draft.field("digests").and_then(Coded::as_list);
    let digests: Option<Vec<_>> = digests.and_then(|all| all.iter().map(digest).collect());
    let fits = |all: &Vec<[u8; 32]>| {
        (1..=MAX_DIGESTS).contains(&all.len()) && all.is_sorted_by(|a, b| a < b)
    };
    digests.filter(fits).ok_or(Malformed("digests"))
}
