//! What the register of assets, authorities and emblems answers.

use serde::Serialize;
use utoipa::ToSchema;

use super::caution::Caution;
use super::{AsOf, Entry};

/// What stands beside every answer of the register.
pub(crate) const NOTE: &str = "no entry does not mean unprotected";

/// As of when an answer of the register is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Judged {
    /// What the answer is true of.
    pub(crate) as_of: AsOf,
    /// The time judged.
    pub(crate) at: u64,
    /// Size of the log judged.
    pub(crate) index: u64,
    /// `now`: all statements below that size count. `then`: of these, only what was received by the
    /// time judged.
    pub(crate) known: &'static str,
    /// `no entry does not mean unprotected`.
    pub(crate) note: &'static str,
}

/// Some assets, the last one registered first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Assets {
    /// As of when.
    pub(crate) judged: Judged,
    /// How many match.
    pub(crate) total: u64,
    /// The assets of this page.
    pub(crate) assets: Vec<AssetRow>,
    /// What to ask for as `before` to get the next page; absent on the last one.
    pub(crate) next: Option<u64>,
}

/// An asset in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AssetRow {
    /// Its id.
    pub(crate) id: String,
    /// What kind of thing it is.
    pub(crate) kind: &'static str,
    /// What identifies it; absent where that is not public, or was erased.
    pub(crate) identifier: Option<String>,
    /// Whether what identifies it was erased, as far as that was known.
    pub(crate) erased: bool,
    /// Whether it is erased by now, known then or not: nobody can show it any more.
    pub(crate) gone: bool,
    /// The party that registered it.
    pub(crate) registrant: String,
    /// What that party is called.
    pub(crate) registrant_name: Option<String>,
    /// The party that bears the emblem.
    pub(crate) bearer: String,
    /// What that party is called.
    pub(crate) bearer_name: Option<String>,
    /// Code of the law under which it is protected, by its registrant's word.
    pub(crate) law: String,
    /// The authority on which the registrant counts.
    pub(crate) authority: Option<String>,
    /// First second of its protection.
    pub(crate) from: u64,
    /// First second no more; absent where no end is set.
    pub(crate) until: Option<u64>,
    /// Log index of its first registration.
    pub(crate) index: u64,
    /// When this node received that.
    pub(crate) received: u64,
    /// The answer.
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

/// The answer for an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Answer {
    /// `recognised`, `declared`, `expired`, `revoked`, `not-yet`, `withdrawn` or `no-entry`.
    pub(crate) outcome: &'static str,
    /// Code of what stood in the way, where something did.
    pub(crate) reason: Option<&'static str>,
    /// Who recognises it, in the order of the log.
    pub(crate) recognised: Vec<Recognised>,
    /// First second at which something of the answer no longer holds; for good where there is none.
    pub(crate) holds_until: Option<u64>,
    /// `asset`, `emblem`, `endorsement` or `recognition`: what ends then.
    pub(crate) ends_first: Option<&'static str>,
}

/// One way on which an asset is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Recognised {
    /// The party that recognises.
    pub(crate) by: String,
    /// What that party is called.
    pub(crate) by_name: Option<String>,
    /// Which authority it recognises.
    pub(crate) authority: String,
    /// Code of the law under which.
    pub(crate) law: String,
    /// SHA-256 of its trust policy, where it named one.
    pub(crate) policy: Option<String>,
    /// First second no more, of all that leads there; for good where there is none.
    pub(crate) until: Option<u64>,
    /// `asset`, `emblem`, `endorsement` or `recognition`: what of it ends first.
    pub(crate) ends_first: Option<&'static str>,
    /// The statement that says so.
    pub(crate) recognition: String,
    /// The statement of the emblem that leads there.
    pub(crate) emblem: String,
    /// The statements of the endorsements between the two, the lowest one first.
    pub(crate) endorsements: Vec<String>,
}

/// An asset with all that the log says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Asset {
    /// As of when.
    pub(crate) judged: Judged,
    /// As in a list.
    #[serde(flatten)]
    pub(crate) row: AssetRow,
    /// What should be known of what identifies it: a name of another script, a wide network.
    pub(crate) cautions: Vec<Caution>,
    /// The answer for the same time as it was known then.
    pub(crate) then: Answer,
    /// Its withdrawal, whenever that was.
    pub(crate) withdrawn: Option<End>,
    /// What it was, where it is withdrawn, expired or revoked.
    pub(crate) former: Option<Former>,
    /// Its emblems, the first one first.
    pub(crate) emblems: Vec<EmblemRow>,
    /// Misuse that is alleged of them, or was.
    pub(crate) alleged: Vec<Allegation>,
    /// Every statement about it and every revocation of its emblems and their keys, the first one
    /// first; also what is refused or not understood.
    pub(crate) statements: Vec<Entry>,
}

impl Asset {
    /// What ended it: its withdrawal, else what ended its last emblem, where that is past.
    pub(crate) fn end(&self) -> Option<&End> {
        let (withdrawn, last) = (self.withdrawn.as_ref(), self.emblems.last());
        match self.row.answer.outcome {
            "withdrawn" => withdrawn,
            "revoked" => last.and_then(|it| it.ended.as_ref()),
            _ => None,
        }
    }

    /// Whether what ended an emblem of it is told of the asset itself.
    pub(crate) fn ends_with_it(&self, emblem: &EmblemRow) -> bool {
        let (own, its) = (self.end(), emblem.ended.as_ref());
        own.is_some() && own.map(|it| &it.stated) == its.map(|it| &it.stated)
    }
}

impl Emblem {
    /// What ended it, where that is past: nothing where its time is over.
    pub(crate) fn end(&self) -> Option<&End> {
        let has_ended = ["revoked", "withdrawn"].contains(&self.row.status);
        self.row.ended.as_ref().filter(|_| has_ended)
    }
}

/// A statement and its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Stated {
    /// The statement.
    pub(crate) statement: String,
    /// Its index in the log.
    pub(crate) index: u64,
    /// When this node received it.
    pub(crate) received: u64,
    /// The party that signed it.
    pub(crate) by: String,
    /// What that party is called.
    pub(crate) by_name: Option<String>,
}

/// What ended something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct End {
    /// The statement.
    #[serde(flatten)]
    pub(crate) stated: Stated,
    /// `revoked`, `withdrawn` or `superseded`: how.
    pub(crate) how: &'static str,
    /// Code of why; absent where something took its place.
    pub(crate) reason: Option<String>,
}

/// What something was that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Former {
    /// First second at which it was marked no more.
    pub(crate) until: u64,
    /// Who recognised it in the second before.
    pub(crate) recognised: Vec<Recognised>,
}

/// Misuse that a party alleges. Nothing here finds that it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Allegation {
    /// The statement.
    #[serde(flatten)]
    pub(crate) stated: Stated,
    /// The emblem that it is about, where it is about one.
    pub(crate) emblem: Option<String>,
    /// Code of what is alleged.
    pub(crate) act: String,
    /// Code of how sure its author says it is.
    pub(crate) grade: String,
    /// First second of the time in which.
    pub(crate) from: u64,
    /// First second no more.
    pub(crate) until: Option<u64>,
    /// Its withdrawal, whenever that was.
    pub(crate) withdrawn: Option<Stated>,
}

/// Some emblems, the last one first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Emblems {
    /// As of when.
    pub(crate) judged: Judged,
    /// How many match.
    pub(crate) total: u64,
    /// The emblems of this page.
    pub(crate) emblems: Vec<EmblemRow>,
    /// What to ask for as `before` to get the next page; absent on the last one.
    pub(crate) next: Option<u64>,
}

/// An emblem in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct EmblemRow {
    /// The statement that issued it.
    #[serde(flatten)]
    pub(crate) stated: Stated,
    /// The asset that bears it.
    pub(crate) asset: String,
    /// The key that signs it.
    pub(crate) key: String,
    /// Which protections it claims.
    pub(crate) purposes: Vec<&'static str>,
    /// First second at which it counts.
    pub(crate) from: u64,
    /// First second no more.
    pub(crate) until: Option<u64>,
    /// SHA-256 of its token, or of the statement that is itself the emblem.
    pub(crate) digest: String,
    /// Whether there is a token; else the statement is the emblem.
    pub(crate) has_token: bool,
    /// Whether its token is erased by now: nobody can show it any more.
    pub(crate) gone: bool,
    /// `standing`, `not-yet`, `expired`, `revoked`, or `withdrawn` with its asset; at the time judged.
    pub(crate) status: &'static str,
    /// What ended it, whenever that was.
    pub(crate) ended: Option<End>,
}

/// An emblem with what leads to an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Emblem {
    /// As of when.
    pub(crate) judged: Judged,
    /// As in a list.
    #[serde(flatten)]
    pub(crate) row: EmblemRow,
    /// For which organisation its key signs.
    pub(crate) organisation: Option<String>,
    /// Its token in base64url; absent where there is none, or it is not public.
    pub(crate) token: Option<String>,
    /// The endorsements of its key, the first one first.
    pub(crate) endorsements: Vec<Endorsement>,
    /// Who recognises the asset by it.
    pub(crate) recognised: Vec<Recognised>,
    /// What it was, where it is revoked or expired, or its asset withdrawn or expired.
    pub(crate) former: Option<Former>,
    /// First second at which something of what is said of it no longer holds; for good where there
    /// is none.
    pub(crate) holds_until: Option<u64>,
    /// `asset`, `emblem`, `endorsement` or `recognition`: what ends then.
    pub(crate) ends_first: Option<&'static str>,
    /// What should be known of what it marks, and of its token.
    pub(crate) cautions: Vec<Caution>,
    /// Misuse that is alleged of it, or was.
    pub(crate) alleged: Vec<Allegation>,
}

/// An endorsement of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Endorsement {
    /// The statement.
    #[serde(flatten)]
    pub(crate) stated: Stated,
    /// The organisation that endorses.
    pub(crate) issuer: Option<String>,
    /// The key that signed it.
    pub(crate) key: String,
    /// What emblems under it may claim.
    pub(crate) purposes: Vec<&'static str>,
    /// First second at which it counts.
    pub(crate) from: i64,
    /// First second no more.
    pub(crate) until: i64,
    /// `standing`, `not-yet`, `expired`, `revoked`, or `superseded` where the key that signed it was
    /// replaced; at the time judged.
    pub(crate) status: &'static str,
    /// What ended it, whenever that was.
    pub(crate) ended: Option<End>,
}

/// Recognitions of authorities, the last one first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Authorities {
    /// As of when.
    pub(crate) judged: Judged,
    /// How many match.
    pub(crate) total: u64,
    /// The recognitions of this page.
    pub(crate) recognitions: Vec<Recognition>,
    /// What to ask for as `before` to get the next page; absent on the last one.
    pub(crate) next: Option<u64>,
}

/// A party's recognition of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Recognition {
    /// The statement.
    #[serde(flatten)]
    pub(crate) stated: Stated,
    /// Whom it recognises.
    pub(crate) organisation: String,
    /// Ids of its root keys.
    pub(crate) keys: Vec<String>,
    /// For which protections.
    pub(crate) purposes: Vec<&'static str>,
    /// For which kinds of asset; for all where absent.
    pub(crate) kinds: Option<Vec<&'static str>>,
    /// Code of the law under which.
    pub(crate) law: String,
    /// SHA-256 of the recogniser's trust policy, where it named one.
    pub(crate) policy: Option<String>,
    /// First second at which it counts.
    pub(crate) from: u64,
    /// First second no more.
    pub(crate) until: Option<u64>,
    /// `standing`, `not-yet`, `expired`, `superseded` or `withdrawn`, at the time judged.
    pub(crate) status: &'static str,
    /// What ended it, whenever that was.
    pub(crate) ended: Option<End>,
}
