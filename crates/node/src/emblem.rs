//! Commands about emblems: keys, issuing, endorsing, revoking, misuse that is alleged.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use ensign_mark::asset::Register;
use ensign_mark::commitment::{self, Binding, Evidence};
use ensign_mark::emblem::{self, Act, Alleged, Issue, Target, proof_message};
use ensign_mark::moment::{AsOf, Period};
use ensign_mark::policy::Policy;
use ensign_mark::token::{Dialect, LogEntry, Validity};
use ensign_mark::verify::{TokenSet, verify};
use ensign_mark::{Emblem, EmblemKey, Endorsement, Kid, Organisation, Token, given};
use ensign_trust::code::Code;
use ensign_trust::id::{KeyId, StatementId};
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::{AssetId, Disclosure, PartyId};
use ensign_views::{EmblemFilter, EmblemPage, EmblemRow, MAX_PAGE};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::asset::{AssetQuestion, Shown, asset_id};
use crate::authority::{check_period, parsed, purposes};
use crate::clock::fresh;
use crate::error::Error;
use crate::node::Node;
use crate::party::{code, not_an_id, party_id};

/// An emblem that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmblemRequest {
    /// The asset.
    pub asset: String,
    /// Which protection, by code.
    pub purposes: Vec<String>,
    /// First second; now if none.
    pub from: Option<u64>,
    /// First second no more.
    pub until: u64,
    /// Who issues it; the registrant if none.
    pub party: Option<String>,
    /// Which of the party's emblem keys signs; the last one published if none.
    pub key: Option<String>,
}

/// An endorsement that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndorsementRequest {
    /// Who endorses.
    pub party: String,
    /// The id of the endorsed key.
    pub key: String,
    /// For which protection, by code.
    pub purposes: Vec<String>,
    /// First second; now if none.
    pub from: Option<u64>,
    /// First second no more.
    pub until: u64,
    /// Whether the endorsed key may not endorse others.
    pub last: bool,
    /// Which of the party's emblem keys signs; the last one published if none.
    pub with: Option<String>,
    /// The certificate chain, in PEM, by which the party's organisation commits to that key. The
    /// endorsement then names its log entries.
    pub log_from: Option<String>,
}

/// Misuse that a party alleges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MisuseRequest {
    /// Who alleges it.
    pub party: String,
    /// The asset.
    pub asset: String,
    /// The statement of the emblem, where it is about one.
    pub emblem: Option<String>,
    /// What is alleged.
    pub act: String,
    /// How sure the party says it is.
    pub grade: String,
    /// First second.
    pub from: u64,
    /// First second no more.
    pub until: Option<u64>,
    /// Digests of evidence, in hexadecimal.
    pub evidence: Vec<String>,
}

/// A statement about emblems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmblemStated {
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// Who said it.
    pub party: PartyId,
    /// The asset that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// The emblem key that it is about, or that signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The public half of that key as JWK, where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwk: Option<String>,
    /// The token, in base64url; none where the statement is itself the emblem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl Node {
    /// Makes a key that signs emblems for a party, keeps it here and publishes it.
    pub fn publish_emblem_key(
        &self,
        party: &str,
        organisation: Option<&str>,
    ) -> Result<EmblemStated, Error> {
        let party = party_id(party)?;
        let signs = self.key_now(party, None)?;
        let organisation = organisation.map(|name| parsed("the organisation", name));
        let secret = SigningKey::from_seed(&Zeroizing::new(fresh::<32>(&*self.entropy)));
        let key = EmblemKey::from_trust(&secret.public());
        let proof = secret.sign(&proof_message(&self.realm, party)).to_vec();
        let (kid, jwk) = (key.kid(Dialect::Cwt), key.to_jwk());
        let act = {
            let register = self.views.register();
            emblem::publish(&register.emblems, key, proof, organisation.transpose()?)?
        };
        self.keep_secret(party, &secret)?;
        let stated = self.state_emblem(party, &signs, &act)?;
        self.note_act("emblem.key_publish")?;
        Ok(EmblemStated {
            key: Some(kid.to_string()),
            jwk: Some(jwk),
            ..stated
        })
    }

    /// Issues an emblem for an asset: a token where the asset is a domain name, otherwise the
    /// statement is the emblem.
    pub fn issue_emblem(&self, request: &EmblemRequest) -> Result<EmblemStated, Error> {
        let id = asset_id(&request.asset)?;
        let register = self.views.register();
        let asset = register.assets.asset(id).ok_or_else(|| Error::NotFound {
            id: request.asset.clone(),
        })?;
        let party = match &request.party {
            Some(party) => party_id(party)?,
            None => asset.registrant,
        };
        let signs = self.key_now(party, None)?;
        let (kid, secret) = self.emblem_secret(&register, party, request.key.as_deref())?;
        let period = Period {
            from: request.from.unwrap_or_else(|| self.clock.now()),
            until: Some(request.until),
        };
        check_period(period)?;
        let issue = Issue {
            asset: id,
            key: kid,
            purposes: purposes(&request.purposes)?,
            period,
        };
        let identity = self.identity_of(asset)?;
        let name = identity.as_ref().and_then(|identity| identity.domain());
        let key = register.emblems.key(kid);
        let organisation = key.and_then(|key| key.organisation.clone());
        let token = match name {
            None => None,
            Some(name) => {
                let emblem = Emblem {
                    issuer: organisation,
                    validity: validity(period)?,
                    purposes: Some(issue.purposes),
                    assets: vec![name.clone()],
                    channels: None,
                };
                let now = self.clock.now().max(period.from);
                let now = now.min(request.until.saturating_sub(1));
                Some(sign_emblem(emblem, &secret, &register, now)?)
            }
        };
        let sealed = token.as_ref().map(|token| {
            let text = BASE64URL_NOPAD.encode(token.bytes());
            Disclosure::new(fresh(&*self.entropy), Code::literal("token"), text)
        });
        let digests = token.as_ref().zip(sealed.as_ref());
        let digests =
            digests.map(|(token, sealed)| [Sha256::digest(token.bytes()).into(), sealed.digest()]);
        let act = emblem::issue(&register.emblems, &register.assets, party, issue, digests)?;
        let public = match &asset.latest().named {
            ensign_mark::asset::Named::Clear(_) => true,
            ensign_mark::asset::Named::Sealed(digest) => self.is_public(digest)?,
        };
        drop(register);
        if let Some(sealed) = &sealed {
            self.keep_sealed(id, sealed, public)?;
        }
        let stated = self.state_emblem(party, &signs, &act)?;
        Ok(EmblemStated {
            asset: Some(id),
            key: Some(kid.to_string()),
            token: sealed.map(|sealed| sealed.text().to_owned()),
            ..stated
        })
    }

    /// Endorses another key, for the organisation that it was published for.
    pub fn endorse_key(&self, request: &EndorsementRequest) -> Result<EmblemStated, Error> {
        let party = party_id(&request.party)?;
        let endorsed: Kid = parsed("a key's id", &request.key)?;
        let register = self.views.register();
        let subject = register
            .emblems
            .key(endorsed)
            .ok_or_else(|| Error::NotFound {
                id: request.key.clone(),
            })?;
        let signs = self.key_now(party, None)?;
        let (kid, secret) = self.emblem_secret(&register, party, request.with.as_deref())?;
        let period = Period {
            from: request.from.unwrap_or_else(|| self.clock.now()),
            until: Some(request.until),
        };
        check_period(period)?;
        let issuer = register.emblems.key(kid);
        let issuer = issuer.and_then(|key| key.organisation.clone());
        let log = match &request.log_from {
            None => Vec::new(),
            Some(chain) => log_entries(kid, issuer.as_ref(), chain)?,
        };
        let endorsement = Endorsement {
            issuer,
            subject: subject.organisation.clone(),
            validity: validity(period)?,
            key: endorsed,
            may_endorse: !request.last,
            log,
            purposes: Some(purposes(&request.purposes)?),
            channels: None,
            assets: None,
            window: None,
        };
        let unsigned = endorsement.draft(&EmblemKey::from_trust(&secret.public()))?;
        let token = unsigned.sign(&secret)?;
        let text = BASE64URL_NOPAD.encode(token.bytes());
        let act = emblem::endorse(&register.emblems, party, token)?;
        drop(register);
        let stated = self.state_emblem(party, &signs, &act)?;
        Ok(EmblemStated {
            key: Some(endorsed.to_string()),
            token: Some(text),
            ..stated
        })
    }

    /// Revokes an emblem or endorsement, by its statement or its token's digest, or a key.
    pub fn revoke_emblem(&self, id: &str, reason: &str) -> Result<EmblemStated, Error> {
        let register = self.views.register();
        let (target, party) = revocable(&register, id)?;
        let signs = self.key_now(party, None)?;
        let reason = code("the reason", reason)?;
        let act = emblem::revoke(&register.emblems, party, target, reason)?;
        drop(register);
        self.state_emblem(party, &signs, &act)
    }

    /// States that a party alleges misuse.
    pub fn allege_misuse(&self, request: &MisuseRequest) -> Result<EmblemStated, Error> {
        let party = party_id(&request.party)?;
        let asset = asset_id(&request.asset)?;
        let emblem = request.emblem.as_ref();
        let emblem = emblem.map(|id| id.parse().map_err(|_| not_an_id(id)));
        let evidence = request.evidence.iter().map(|text| {
            let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
            let digest = bytes.and_then(|bytes| bytes.try_into().ok());
            digest.ok_or_else(|| Error::Argument {
                what: format!("the evidence {text:?}"),
                expected: "a SHA-256 of 64 hexadecimal digits",
            })
        });
        let alleged = Alleged {
            asset,
            emblem: emblem.transpose()?,
            act: code("what is alleged", &request.act)?,
            grade: code("the grade", &request.grade)?,
            period: Period {
                from: request.from,
                until: request.until,
            },
            evidence: evidence.collect::<Result<_, _>>()?,
        };
        check_period(alleged.period)?;
        let signs = self.key_now(party, None)?;
        let act = {
            let register = self.views.register();
            emblem::allege(&register.emblems, &register.assets, alleged)?
        };
        let stated = self.state_emblem(party, &signs, &act)?;
        Ok(EmblemStated {
            asset: Some(asset),
            ..stated
        })
    }

    /// Withdraws an allegation of misuse.
    pub fn withdraw_misuse(&self, allegation: &str) -> Result<EmblemStated, Error> {
        let id: StatementId = allegation.parse().map_err(|_| not_an_id(allegation))?;
        let register = self.views.register();
        let known = register
            .emblems
            .allegation(id)
            .ok_or_else(|| Error::NotFound {
                id: allegation.to_owned(),
            })?;
        let (party, asset) = (known.stated.by, known.said.asset);
        let signs = self.key_now(party, None)?;
        let act = emblem::withdraw(&register.emblems, party, id)?;
        drop(register);
        let stated = self.state_emblem(party, &signs, &act)?;
        Ok(EmblemStated {
            asset: Some(asset),
            ..stated
        })
    }

    /// Lists emblems, the last one first, at most 1,000.
    pub fn list_emblems(
        &self,
        asset: Option<&str>,
        asked: &AssetQuestion,
    ) -> Result<Vec<EmblemRow>, Error> {
        let filter = EmblemFilter {
            asset: asset.map(asset_id).transpose()?,
            by: None,
        };
        self.asking(asked, |question| {
            let page = self.views.emblems(&filter, &question.as_of, None, MAX_PAGE);
            Ok(page.rows)
        })
    }

    /// An emblem by its statement or its token's digest, with its token where that can be read.
    pub fn show_emblem(&self, id: &str, asked: &AssetQuestion) -> Result<Shown<EmblemPage>, Error> {
        let unknown = || Error::NotFound { id: id.to_owned() };
        let statement = match id.parse() {
            Ok(statement) => statement,
            Err(_) => {
                let digest = digest(id).ok_or_else(unknown)?;
                let register = self.views.register();
                let found = register.emblems.with_digest(&digest);
                found.ok_or_else(unknown)?.stated.statement
            }
        };
        self.asking(asked, |question| {
            let row = self.views.emblem(statement, question).ok_or_else(unknown)?;
            let token = match row.row.token {
                Some(digest) => self.disclosed_here(digest.as_bytes())?,
                None => None,
            };
            let name = token.map(|token| token.text().to_owned());
            Ok(Shown {
                row,
                name,
                cautions: Vec::new(),
            })
        })
    }

    /// An emblem key of a party with its secret half, which this node keeps: the one asked for, or
    /// the last one published that was not revoked.
    fn emblem_secret(
        &self,
        register: &Register,
        party: PartyId,
        asked: Option<&str>,
    ) -> Result<(Kid, SigningKey), Error> {
        let asked: Option<Kid> = asked.map(|kid| parsed("a key's id", kid)).transpose()?;
        let keys = register.emblems.keys_of(party);
        let usable = keys.filter(|(kid, _)| match asked {
            Some(asked) => asked == *kid,
            None => register
                .emblems
                .revocation(Target::Key(*kid), party)
                .is_none(),
        });
        let kid = usable
            .max_by_key(|(_, key)| key.stated.index)
            .map(|(kid, _)| kid);
        let kid = kid.ok_or(emblem::Refusal::KeyNotYours)?;
        // The id of a key in the token dialect is the thumbprint that names it everywhere here.
        let secret = self.secret(KeyId::from_bytes(*kid.as_bytes()))?;
        let secret = secret.ok_or_else(|| Error::NotOurs {
            party: party.to_string(),
        })?;
        Ok((kid, secret))
    }

    fn state_emblem(
        &self,
        party: PartyId,
        key: &SigningKey,
        act: &Act,
    ) -> Result<EmblemStated, Error> {
        let mut draft = self.draft(Some(party));
        act.write(&mut draft);
        let appended = self.state_as(LogName::Public, party, key, vec![draft])?;
        Ok(EmblemStated {
            statement: appended.ids[0],
            index: appended.first,
            party,
            asset: None,
            key: None,
            jwk: None,
            token: None,
        })
    }
}

/// Signs an emblem so that its set is not invalid: an emblem that names its issuer needs the
/// issuer's own endorsements up to a key that the issuer committed to. Where the log does not have
/// them, it names none; who recognises it then stands in the log alone.
fn sign_emblem(
    mut emblem: Emblem,
    secret: &SigningKey,
    register: &Register,
    now: u64,
) -> Result<Token, Error> {
    let key = EmblemKey::from_trust(&secret.public());
    let token = emblem.draft(&key)?.sign(secret)?;
    let all = AsOf {
        size: u64::MAX,
        heard: u64::MAX,
        at: now,
    };
    let (tokens, keys) = register.set_of(&token, &all);
    let holds = TokenSet::new(tokens, keys).is_ok_and(|set| {
        let judged = verify(&set, &Evidence::default(), &Policy::default(), now);
        judged.report.holds.is_ok()
    });
    if holds || emblem.issuer.is_none() {
        return Ok(token);
    }
    emblem.issuer = None;
    Ok(emblem.draft(&key)?.sign(secret)?)
}

/// The log entries of the certificate by which an organisation commits to a key.
fn log_entries(
    key: Kid,
    organisation: Option<&Organisation>,
    chain: &str,
) -> Result<Vec<LogEntry>, Error> {
    let unfit = |why: String| Error::Argument {
        what: format!("the certificate chain ({why})"),
        expected: "one by which the endorsing organisation commits to its key",
    };
    let organisation = organisation
        .ok_or_else(|| unfit("the key was published for no organisation".to_owned()))?;
    let binding = Binding {
        dialect: Dialect::Cwt,
        organisation,
        key,
    };
    let entries = commitment::entries(&binding, chain.as_bytes());
    entries.map_err(|why| unfit(given::told(&why)))
}

/// What an id names that can be revoked, and by whom.
fn revocable(register: &Register, id: &str) -> Result<(Target, PartyId), Error> {
    let emblems = &register.emblems;
    let unknown = || Error::NotFound { id: id.to_owned() };
    if let Ok(kid) = id.parse::<Kid>() {
        let key = emblems.key(kid).ok_or_else(unknown)?;
        return Ok((Target::Key(kid), key.stated.by));
    }
    if let Ok(statement) = id.parse::<StatementId>() {
        let issued = emblems.emblem(statement);
        let issued = issued.map(|it| (it.digest(), it.stated.by));
        let mut endorsements = emblems.endorsements();
        let endorsed = endorsements.find(|it| it.stated.statement == statement);
        let endorsed = endorsed.map(|it| (it.digest(), it.stated.by));
        let (digest, by) = issued.or(endorsed).ok_or_else(unknown)?;
        return Ok((Target::Digest(digest), by));
    }
    let digest = digest(id).ok_or_else(unknown)?;
    let issued = emblems.with_digest(&digest).map(|it| it.stated.by);
    let mut endorsements = emblems.endorsements();
    let endorsed = endorsements.find(|it| it.digest() == digest);
    let by = issued.or_else(|| endorsed.map(|it| it.stated.by));
    Ok((Target::Digest(digest), by.ok_or_else(unknown)?))
}

/// SHA-256 in hexadecimal.
fn digest(text: &str) -> Option<[u8; 32]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok()
}

fn validity(period: Period) -> Result<Validity, Error> {
    let seconds = |seconds: u64| i64::try_from(seconds).ok();
    let until = period.until.and_then(seconds);
    let both = seconds(period.from).zip(until);
    let (from, until) = both.ok_or_else(|| Error::Argument {
        what: "the time of a token".to_owned(),
        expected: "one that has an end and can be written",
    })?;
    Ok(Validity::new(from, until))
}
