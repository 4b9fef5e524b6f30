//! The facts about emblems that get signed.

use ensign_trust::party::Malformed;
use ensign_trust::{AssetId, Code, Draft, PartyId, Realm, StatementId, cbor};

use crate::field::{
    as_code, author, body, bytes, code, digest, number, optional, organisation, period, purposes,
    refer, seals, set, set_period, subject,
};
use crate::key::{EmblemKey, Kid};
use crate::moment::Period;
use crate::name::Organisation;
use crate::purpose::Purposes;
use crate::token::{Dialect, Endorsement, Reading, Token};

/// A statement about emblems. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `emblem.misuse_alleged`.
    Alleged(Alleged),
    /// `emblem.endorsed`.
    Endorsed(Endorsing),
    /// `emblem.issued`.
    Issued(Issuing),
    /// `emblem.key_published`.
    Published(Published),
    /// `emblem.revoked`.
    Revoked(Revoked),
    /// `emblem.misuse_withdrawn`.
    Withdrawn(Withdrawn),
}

/// `emblem.key_published`: subject the key's id; `key` (COSE_Key), `proof`, and where given
/// `organisation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The key.
    pub key: EmblemKey,
    /// Signature of [`proof_message`] under it.
    pub proof: Vec<u8>,
    /// For which organisation it signs: `iss` of its tokens.
    pub organisation: Option<Organisation>,
}

/// `emblem.endorsed`: subject the endorsed key's id; `token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsing {
    /// The endorsement.
    pub token: Token,
}

/// `emblem.issued`: subject the asset; `kid`, `purposes`, `from`, `until`, and where there is a
/// token `token`, its SHA-256; then one disclosure holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuing {
    /// The asset that bears it.
    pub asset: AssetId,
    /// The key that signs it.
    pub key: Kid,
    /// Which protection it claims.
    pub purposes: Purposes,
    /// When it counts; it always ends.
    pub period: Period,
    /// The token's digest, and that of the disclosure which holds the token.
    pub token: Option<[[u8; 32]; 2]>,
}

/// `emblem.revoked`: `reason` and one of `digest` (of an emblem or an endorsement) and `kid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// What is revoked.
    pub target: Target,
    /// Why: `superseded`, `withdrawn`, `compromised` or another code.
    pub reason: Code,
}

/// What a revocation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An emblem or an endorsement: SHA-256 of the token, or the id of the statement that is one.
    Digest([u8; 32]),
    /// A key.
    Key(Kid),
}

/// `emblem.misuse_alleged`: subject the asset; `act`, `grade`, `from`, and where given `until`.
/// Refers to the statement of the `emblem`, where it is about one, and to any `evidence`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alleged {
    /// The asset whose emblem is said to have been misused.
    pub asset: AssetId,
    /// The `emblem.issued` that it is about.
    pub emblem: Option<StatementId>,
    /// What is alleged: `other-use`, `other-bearer`, `copied`, `forged` or another code.
    pub act: Code,
    /// How sure the author says it is: `reported`, `corroborated`, `documented` or another code.
    pub grade: Code,
    /// In which time.
    pub period: Period,
    /// Digests of evidence, or statements.
    pub evidence: Vec<[u8; 32]>,
}

/// `emblem.misuse_withdrawn`: subject the asset; refers to the `allegation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The asset of the allegation.
    pub asset: AssetId,
    /// What is no longer alleged.
    pub allegation: StatementId,
}

/// What a key signs to prove that a party holds it: the deterministic CBOR array `["ensign emblem
/// key", realm, party]`.
pub fn proof_message(realm: &Realm, party: PartyId) -> Vec<u8> {
    cbor::encode(&cbor::Value::Array(vec![
        cbor::Value::text("ensign emblem key"),
        cbor::Value::text(realm.to_string()),
        cbor::Value::bytes(*party.as_bytes()),
    ]))
}

impl Act {
    /// Reads the statement; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        Some(match draft.kind.as_str() {
            "emblem.endorsed" => Endorsing::read(draft).map(Act::Endorsed),
            "emblem.issued" => Issuing::read(draft).map(Act::Issued),
            "emblem.key_published" => Published::read(draft).map(Act::Published),
            "emblem.misuse_alleged" => Alleged::read(draft).map(Act::Alleged),
            "emblem.misuse_withdrawn" => Withdrawn::read(draft).map(Act::Withdrawn),
            "emblem.revoked" => Revoked::read(draft).map(Act::Revoked),
            _ => return None,
        })
    }

    /// The kind under which it is stated.
    pub fn kind(&self) -> Code {
        Code::literal(match self {
            Act::Alleged(_) => "emblem.misuse_alleged",
            Act::Endorsed(_) => "emblem.endorsed",
            Act::Issued(_) => "emblem.issued",
            Act::Published(_) => "emblem.key_published",
            Act::Revoked(_) => "emblem.revoked",
            Act::Withdrawn(_) => "emblem.misuse_withdrawn",
        })
    }

    /// The id of what it is about; a revocation says it in its body.
    pub fn subject(&self) -> Option<Code> {
        match self {
            Act::Alleged(said) => as_code(said.asset),
            Act::Endorsed(said) => said.endorsement().and_then(|said| as_code(said.key)),
            Act::Issued(said) => as_code(said.asset),
            Act::Published(said) => as_code(said.key.kid(Dialect::Cwt)),
            Act::Revoked(_) => None,
            Act::Withdrawn(said) => as_code(said.asset),
        }
    }

    /// Writes kind, version, subject, references, body and digests into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = self.kind();
        draft.version = 1;
        draft.subject = self.subject();
        match self {
            Act::Alleged(said) => {
                draft.body = body([
                    ("act", said.act.clone().into()),
                    ("grade", said.grade.clone().into()),
                ]);
                set_period(draft, said.period);
                if let Some(emblem) = said.emblem {
                    refer(draft, "emblem", emblem.as_bytes());
                }
                for evidence in &said.evidence {
                    refer(draft, "evidence", evidence);
                }
            }
            Act::Endorsed(said) => {
                draft.body = body([("token", said.token.bytes().to_vec().into())]);
            }
            Act::Issued(said) => {
                draft.body = body([
                    ("kid", said.key.as_bytes().to_vec().into()),
                    ("purposes", u64::from(said.purposes.bits()).into()),
                ]);
                set_period(draft, said.period);
                if let Some([token, disclosure]) = said.token {
                    set(draft, "token", token.to_vec());
                    draft.sealed = vec![disclosure];
                }
            }
            Act::Published(said) => {
                draft.body = body([
                    ("key", said.key.to_cose().into()),
                    ("proof", said.proof.clone().into()),
                ]);
                if let Some(organisation) = said.organisation.as_ref().and_then(as_code) {
                    set(draft, "organisation", organisation);
                }
            }
            Act::Revoked(said) => {
                draft.body = body([("reason", said.reason.clone().into())]);
                match said.target {
                    Target::Digest(digest) => set(draft, "digest", digest.to_vec()),
                    Target::Key(kid) => set(draft, "kid", kid.as_bytes().to_vec()),
                }
            }
            Act::Withdrawn(said) => refer(draft, "allegation", said.allegation.as_bytes()),
        }
    }
}

impl Published {
    /// Reads it and checks the proof.
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let party = author(draft)?;
        seals(draft, 0)?;
        let key = EmblemKey::from_cose(bytes(draft, "key")?).map_err(|_| Malformed("key"))?;
        let subject: Kid = subject(draft)?;
        if subject != key.kid(Dialect::Cwt) {
            return Err(Malformed("2 (sub)"));
        }
        let proof = bytes(draft, "proof")?.to_vec();
        if !key.verifies(&proof_message(&draft.realm, party), &proof) {
            return Err(Malformed("proof"));
        }
        Ok(Published {
            key,
            proof,
            organisation: optional(draft, "organisation", organisation)?,
        })
    }
}

impl Endorsing {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        seals(draft, 0)?;
        let token = Token::from_cwt(bytes(draft, "token")?, Reading::Strict);
        let said = Endorsing {
            token: token.map_err(|_| Malformed("token"))?,
        };
        let endorsement = said.endorsement().ok_or(Malformed("token"))?;
        let subject: Kid = subject(draft)?;
        match subject == endorsement.key {
            true => Ok(said),
            false => Err(Malformed("2 (sub)")),
        }
    }

    /// What the token says; it is an endorsement.
    pub fn endorsement(&self) -> Option<&Endorsement> {
        self.token.endorsement()
    }
}

impl Issuing {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        let token = optional(draft, "token", digest)?;
        seals(draft, usize::from(token.is_some()))?;
        let period = period(draft)?;
        number(draft, "until")?;
        Ok(Issuing {
            asset: subject(draft)?,
            key: Kid::from_bytes(digest(draft, "kid")?),
            purposes: purposes(draft)?,
            period,
            token: token.map(|token| [token, draft.sealed[0]]),
        })
    }
}

impl Revoked {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        seals(draft, 0)?;
        let token = optional(draft, "digest", digest)?;
        let kid = optional(draft, "kid", digest)?;
        let target = match (token, kid) {
            (Some(digest), None) => Target::Digest(digest),
            (None, Some(kid)) => Target::Key(Kid::from_bytes(kid)),
            _ => return Err(Malformed("digest")),
        };
        Ok(Revoked {
            target,
            reason: code(draft, "reason")?,
        })
    }
}

impl Alleged {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        seals(draft, 0)?;
        let evidence = draft.refs.iter().filter(|(role, _)| *role == "evidence");
        Ok(Alleged {
            asset: subject(draft)?,
            emblem: draft.reference("emblem"),
            act: code(draft, "act")?,
            grade: code(draft, "grade")?,
            period: period(draft)?,
            evidence: evidence.map(|(_, digest)| *digest).collect(),
        })
    }
}

impl Withdrawn {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        author(draft)?;
        seals(draft, 0)?;
        let allegation = draft.reference("allegation");
        Ok(Withdrawn {
            asset: subject(draft)?,
            allegation: allegation.ok_or(Malformed("refs: allegation"))?,
        })
    }
}
