//! What is protected, who recognises whom, and which emblems say so.
//!
//! The file holds the statements; the register that they amount to is in memory, where it answers
//! for every size of the log and every time. Of an identifier or a token that is sealed there is
//! the digest alone.

use std::sync::{Arc, Mutex};

use ensign_mark::asset::{Honoured, Kind, Link, Outcome, Reason, Register};
use ensign_mark::moment::{AsOf, Period, Stated};
use ensign_trust::{AssetId, Code, PartyId, StatementId};
use serde::Serialize;

use crate::database::Database;
use crate::ledger::{Digest, EntryRow};

mod ask;
mod follow;
mod project;
mod row;

pub use follow::Following;

/// The view: `mark.db`.
#[derive(Debug)]
pub(crate) struct Marks {
    database: Database,
    register: Mutex<Arc<Register>>,
}

/// As of when a question is asked, and whose recognitions count for who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'a> {
    /// As of when.
    pub as_of: AsOf,
    /// Whose recognitions count.
    pub honoured: Honoured<'a>,
}

/// Which assets; a field that is absent lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetFilter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Registered by this party.
    pub registrant: Option<PartyId>,
    /// Borne by this party.
    pub bearer: Option<PartyId>,
    /// With this answer.
    pub outcome: Option<Outcome>,
}

/// Which recognitions; a field that is absent lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorityFilter {
    /// By this party.
    pub by: Option<PartyId>,
    /// Of this organisation, as `https://NAME`.
    pub organisation: Option<String>,
}

/// Which emblems; a field that is absent lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmblemFilter {
    /// Of this asset.
    pub asset: Option<AssetId>,
    /// Issued by this party.
    pub by: Option<PartyId>,
}

/// An asset in a list, with the answer for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssetRow {
    /// Its id.
    pub asset: AssetId,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What identifies it, where that stands in clear.
    pub identifier: Option<Code>,
    /// Otherwise the digest of the disclosure that holds it.
    pub sealed: Option<Digest>,
    /// Whether that disclosure was destroyed, as a tombstone says that was known.
    pub erased: bool,
    /// Whether it is destroyed by now, known then or not: nobody can show it any more.
    pub gone: bool,
    /// Who registered it.
    pub registrant: PartyId,
    /// Who bears the emblem.
    pub bearer: PartyId,
    /// Under which law.
    pub law: Code,
    /// The authority on which the registrant counts.
    pub authority: Option<String>,
    /// When it is protected.
    #[serde(flatten)]
    pub period: Period,
    /// Log index of its first registration.
    pub index: u64,
    /// When the node received that, Unix seconds.
    pub received: u64,
    /// The answer.
    #[serde(flatten)]
    pub answer: AnswerRow,
}

/// The answer for an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerRow {
    /// In a word.
    pub outcome: Outcome,
    /// What stood in the way, where something did.
    pub reason: Option<Reason>,
    /// Who recognises it, in the order of the log.
    pub recognised: Vec<RecognisedRow>,
    /// The first second at which something of the answer no longer holds; for good where there is
    /// none.
    pub holds_until: Option<u64>,
    /// What ends then.
    pub ends_first: Option<Link>,
}

/// One way on which an asset is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecognisedRow {
    /// Who recognises.
    pub by: PartyId,
    /// Which authority.
    pub authority: String,
    /// Under which law.
    pub law: Code,
    /// SHA-256 of the recogniser's trust policy, where it named one.
    pub policy: Option<Digest>,
    /// First second no more, of all that leads there; for good where there is none.
    pub until: Option<u64>,
    /// What of it ends first.
    pub ends_first: Option<Link>,
    /// The `authority.recognised` that says so.
    pub recognition: StatementId,
    /// The `emblem.issued` that leads there.
    pub emblem: StatementId,
    /// The endorsements between the two, the lowest one first.
    pub endorsements: Vec<StatementId>,
}

/// An asset with all that the log says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssetPage {
    /// As in a list: as now known.
    #[serde(flatten)]
    pub row: AssetRow,
    /// Size of the log judged.
    pub size: u64,
    /// Time judged, Unix seconds.
    pub at: u64,
    /// The answer for the same time as it was known then.
    pub then: AnswerRow,
    /// Its withdrawal, whenever that was.
    pub withdrawn: Option<EndRow>,
    /// What it was, where it is withdrawn, expired or revoked.
    pub former: Option<FormerRow>,
    /// Its emblems, the first one first.
    pub emblems: Vec<EmblemRow>,
    /// Misuse that is alleged of them, or was.
    pub alleged: Vec<AllegationRow>,
    /// Every statement about it and every revocation of its emblems and their keys, with its place in
    /// the log, the first one first; also what is refused or not understood.
    pub statements: Vec<EntryRow>,
}

/// A party's recognition of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorityRow {
    /// The `authority.recognised`.
    #[serde(flatten)]
    pub stated: Stated,
    /// Whom it recognises.
    pub organisation: String,
    /// Ids of its root keys.
    pub keys: Vec<String>,
    /// For which protection.
    pub purposes: Vec<&'static str>,
    /// For which kinds of asset; for all where absent.
    pub kinds: Option<Vec<Kind>>,
    /// Under which law.
    pub law: Code,
    /// SHA-256 of the recogniser's trust policy.
    pub policy: Option<Digest>,
    /// When.
    #[serde(flatten)]
    pub period: Period,
    /// `standing`, `not-yet`, `expired`, `superseded` or `withdrawn`, at the time judged.
    pub status: &'static str,
    /// What ended it, whenever that was.
    pub ended: Option<EndRow>,
}

/// A statement that ended something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndRow {
    /// The statement.
    #[serde(flatten)]
    pub stated: Stated,
    /// How: `revoked`, `withdrawn` or `superseded`.
    pub how: &'static str,
    /// Why; absent where something took its place.
    pub reason: Option<Code>,
}

/// What something was that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormerRow {
    /// The first second at which it was marked no more.
    pub until: u64,
    /// Who recognised it in the second before.
    pub recognised: Vec<RecognisedRow>,
}

/// An emblem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmblemRow {
    /// The `emblem.issued`.
    #[serde(flatten)]
    pub stated: Stated,
    /// The asset that bears it.
    pub asset: AssetId,
    /// The key that signs it.
    pub key: String,
    /// Which protection it claims.
    pub purposes: Vec<&'static str>,
    /// When it counts.
    #[serde(flatten)]
    pub period: Period,
    /// SHA-256 of its token, or of the statement that is itself the emblem.
    pub digest: Digest,
    /// Digest of the disclosure that holds its token, where there is one.
    pub token: Option<Digest>,
    /// Whether that disclosure is destroyed by now: nobody can show the token any more.
    pub gone: bool,
    /// `standing`, `not-yet`, `expired`, `revoked`, or `withdrawn` with its asset; at the time judged.
    pub status: &'static str,
    /// What ended it, whenever that was.
    pub ended: Option<EndRow>,
}

/// An emblem with its asset and what leads to an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmblemPage {
    /// As in a list.
    #[serde(flatten)]
    pub row: EmblemRow,
    /// Size of the log judged.
    pub size: u64,
    /// Time judged, Unix seconds.
    pub at: u64,
    /// For which organisation the key signs.
    pub organisation: Option<String>,
    /// The endorsements of its key, the first one first.
    pub endorsements: Vec<EndorsementRow>,
    /// Who recognises the asset by this emblem.
    pub recognised: Vec<RecognisedRow>,
    /// What it was, where it is revoked or expired, or its asset withdrawn or expired.
    pub former: Option<FormerRow>,
    /// The first second at which something of what is said of it no longer holds.
    pub holds_until: Option<u64>,
    /// What ends then.
    pub ends_first: Option<Link>,
    /// Misuse that is alleged of it, or was.
    pub alleged: Vec<AllegationRow>,
}

/// An endorsement of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndorsementRow {
    /// The `emblem.endorsed`.
    #[serde(flatten)]
    pub stated: Stated,
    /// Who endorses.
    pub issuer: Option<String>,
    /// The key that signed it.
    pub key: String,
    /// What emblems under it may claim.
    pub purposes: Vec<&'static str>,
    /// First second at which it counts.
    pub from: i64,
    /// First second at which it no longer counts.
    pub until: i64,
    /// SHA-256 of its token.
    pub digest: Digest,
    /// `standing`, `not-yet`, `expired`, `revoked`, or `superseded` where the key that signed it was
    /// replaced; at the time judged.
    pub status: &'static str,
    /// What ended it, whenever that was.
    pub ended: Option<EndRow>,
}

/// Misuse that a party alleges. Nothing here finds that it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AllegationRow {
    /// The `emblem.misuse_alleged`.
    #[serde(flatten)]
    pub stated: Stated,
    /// The emblem that it is about, where it is about one.
    pub emblem: Option<StatementId>,
    /// What is alleged.
    pub act: Code,
    /// How sure the author says it is.
    pub grade: Code,
    /// In which time.
    #[serde(flatten)]
    pub period: Period,
    /// Evidence that it refers to.
    pub evidence: Vec<Digest>,
    /// Its withdrawal, whenever that was.
    pub withdrawn: Option<Stated>,
}
