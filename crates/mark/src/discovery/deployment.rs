//! What the log says that names are to publish: which emblem, which endorsements, which keys.
//!
//! The protocol takes one emblem a set. So of several emblems that stand for a name one is published,
//! the same on all channels: [`choose`](super::choose). With it goes what travels with it:
//! [`Register::set_of`].
//!
//! An emblem stands where its asset is registered, its time has come and nothing was revoked or
//! withdrawn. Whether anybody recognises it is for the verifier to say.
//!
//! A name and a token that are sealed count as all others do, where they can be read; what may be shown of
//! them is for the caller to heed: [`Deployment::is_public`].

use std::collections::BTreeMap;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use ensign_trust::{AssetId, PartyId, StatementId};
use sha2::{Digest as _, Sha256};

use super::{Backing, Claim, Item, choose, marks};
use crate::asset::{Asset, Ends, Honoured, Identity, Kind, Link, Named, Register, Version};
use crate::commitment::Binding;
use crate::emblem::Issued;
use crate::identifier::Identifier;
use crate::key::Kid;
use crate::moment::AsOf;
use crate::name::{DomainName, NameError, Organisation};
use crate::purpose::Purpose;
use crate::token::{Dialect, Phase, Reading, Token, Validity};

/// What names are to publish at a time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deployed {
    /// By name.
    pub names: BTreeMap<DomainName, Deployment>,
    /// The first second at which another answer is due though the log says nothing new; none where
    /// no time is ahead.
    pub until: Option<u64>,
}

/// Whose deployment is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Of an asset: its own emblem, whatever its name publishes.
    Asset(AssetId),
    /// Of a name: what it publishes.
    Name(DomainName),
}

/// The text of a disclosure that can be read here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The text.
    pub text: String,
    /// Whether it may be shown to anybody.
    pub is_public: bool,
}

/// Why there is nothing to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// No emblem that could be published stands.
    NoEmblem,
    /// The party that comes first for the name has had this emblem for it, which does not stand; its
    /// registration does. So what others have is not published either.
    Kept {
        /// The name.
        name: DomainName,
        /// The asset of who keeps it.
        asset: AssetId,
        /// Its last `emblem.issued`.
        emblem: StatementId,
    },
}

/// What one name is to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The asset.
    pub asset: AssetId,
    /// The `emblem.issued`.
    pub emblem: StatementId,
    /// Whether the name and the token of the emblem may be shown to anybody.
    pub is_public: bool,
    /// What comes first for the name: this emblem, unless it is of an asset that was asked for.
    pub first: Claim,
    /// What other parties have for the name: of each what it would publish, if anything.
    pub others: Vec<Claim>,
    /// When something of what the log says of the emblem ends, and what ends first.
    pub ends: Ends,
    /// The emblem, its issuer's endorsements from the emblem's key upwards, those of others; then
    /// the keys of all of them.
    pub items: Vec<Item>,
    /// The keys to which organisations have to commit, the issuer's own first.
    pub roots: Vec<RootKey>,
}

/// A key to which an organisation has to commit with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootKey {
    /// Who.
    pub organisation: Organisation,
    /// The key.
    pub key: Kid,
    /// Whether it is the emblem's own issuer.
    pub is_issuer: bool,
    /// Whether an endorsement by the key names log entries of such a certificate.
    pub committed: bool,
}

impl FromStr for Wanted {
    type Err = NameError;

    /// Reads an asset's id, or a name.
    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.parse() {
            Ok(asset) => Ok(Wanted::Asset(asset)),
            Err(_) => text.parse().map(Wanted::Name),
        }
    }
}

impl RootKey {
    /// The two names that the certificate must have, neither as a wildcard.
    pub fn names(&self) -> [String; 2] {
        let binding = Binding {
            dialect: Dialect::Cwt,
            organisation: &self.organisation,
            key: self.key,
        };
        binding.names()
    }
}

/// What the names of a register are to publish. `opened` gives a disclosure by its digest, where it can
/// be read.
pub fn deployed(
    register: &Register,
    opened: &dyn Fn(&[u8; 32]) -> Option<Opened>,
    as_of: &AsOf,
) -> Deployed {
    let search = Search {
        register,
        opened,
        as_of,
    };
    let mut found: BTreeMap<DomainName, Vec<Candidate<'_>>> = BTreeMap::new();
    for candidate in search.candidates(None) {
        let same = found.entry(candidate.name.clone()).or_default();
        same.push(candidate);
    }
    let names = found.into_iter().filter_map(|(name, candidates)| {
        let deployment = search.deployment(&name, &candidates, None).ok()?;
        Some((name, deployment))
    });
    Deployed {
        names: names.collect(),
        until: search.next_change(),
    }
}

/// What an asset or a name is to publish, with the name.
///
/// # Errors
/// [`Nothing`].
pub fn deployed_for(
    wanted: &Wanted,
    register: &Register,
    opened: &dyn Fn(&[u8; 32]) -> Option<Opened>,
    as_of: &AsOf,
) -> Result<(DomainName, Deployment), Nothing> {
    let search = Search {
        register,
        opened,
        as_of,
    };
    let (name, asset) = match wanted {
        Wanted::Name(name) => (name.clone(), None),
        Wanted::Asset(id) => {
            let asset = register.assets.asset(*id);
            let version = asset.and_then(|asset| Some((asset, asset.version(as_of)?)));
            let named = version.and_then(|(asset, version)| search.name(asset, version));
            (named.ok_or(Nothing::NoEmblem)?.0, Some(*id))
        }
    };
    let candidates: Vec<_> = search.candidates(Some(&name)).collect();
    let deployment = search.deployment(&name, &candidates, asset)?;
    Ok((name, deployment))
}

struct Search<'a> {
    register: &'a Register,
    opened: &'a dyn Fn(&[u8; 32]) -> Option<Opened>,
    as_of: &'a AsOf,
}

/// An emblem of a name whose registration stands.
struct Candidate<'a> {
    name: DomainName,
    emblem: &'a Issued,
    /// Its token, where the emblem stands.
    token: Option<Token>,
    is_public: bool,
    claim: Claim,
}

impl<'a> Search<'a> {
    /// The emblems of one name, or of all.
    fn candidates(&self, of: Option<&DomainName>) -> impl Iterator<Item = Candidate<'a>> {
        let emblems = self.register.emblems.before(self.as_of.size);
        emblems.filter_map(move |emblem| self.candidate(emblem, of))
    }

    fn candidate(&self, emblem: &'a Issued, of: Option<&DomainName>) -> Option<Candidate<'a>> {
        let asset = self.register.assets.asset(emblem.said.asset)?;
        let version = asset.version(self.as_of)?;
        let own = [asset.registrant, version.bearer];
        let is_registered = own.contains(&emblem.stated.by)
            && asset.withdrawal(self.as_of).is_none()
            && version.period.at(self.as_of.at) == Phase::Valid
            && self.as_of.knows(&emblem.stated);
        if !is_registered {
            return None;
        }
        let (name, is_public_name) = self.name(asset, version)?;
        let registered = self.registered(asset, &name);
        // One that was issued while the asset had another name does not mark this one.
        if of.is_some_and(|of| *of != name) || emblem.stated.index < registered {
            return None;
        }
        let stands = self.register.fate(emblem, self.as_of).is_none();
        let token = stands.then(|| self.token(emblem)).flatten();
        let marking = token.filter(|(token, _)| token.emblem().is_some_and(|it| marks(it, &name)));
        let backing = match &marking {
            Some((token, _)) => self.backing(emblem, token, own),
            None => Backing::Declared,
        };
        let claim = Claim {
            emblem: emblem.stated.statement,
            asset: asset.id,
            party: asset.registrant,
            stands: marking.is_some(),
            backing,
            protects: emblem.said.purposes != Purpose::Indicative.into(),
            registered,
            issued: emblem.stated.index,
        };
        let (token, is_public_token) = marking.unzip();
        Some(Candidate {
            name,
            emblem,
            token,
            is_public: is_public_name && is_public_token == Some(true),
            claim,
        })
    }

    /// How far others than these stand behind an emblem.
    fn backing(&self, emblem: &Issued, token: &Token, own: [PartyId; 2]) -> Backing {
        let everybody = Honoured::Everybody;
        let recognised = self.register.recognised_by(emblem, everybody, self.as_of);
        if recognised.iter().any(|it| !own.contains(&it.by)) {
            return Backing::Recognised;
        }
        let (tokens, _) = self.register.set_of(token, self.as_of);
        let is_of_another = |token: &Token| {
            let key = self.register.emblems.key(token.kid());
            key.is_some_and(|key| !own.contains(&key.stated.by))
        };
        match tokens[1..].iter().any(is_of_another) {
            true => Backing::Endorsed,
            false => Backing::Declared,
        }
    }

    /// The registration since which an asset has had its name without a break, by its index.
    fn registered(&self, asset: &Asset, name: &DomainName) -> u64 {
        let known = asset.versions.iter().rev();
        let known = known.filter(|it| self.as_of.knows(&it.stated));
        let same = known.take_while(|it| self.name(asset, it).is_some_and(|(it, _)| it == *name));
        same.last().map_or(u64::MAX, |it| it.stated.index)
    }

    /// The name of an asset, and whether it may be shown to anybody.
    fn name(&self, asset: &Asset, version: &Version) -> Option<(DomainName, bool)> {
        if asset.kind != Kind::Domain {
            return None;
        }
        let read;
        let (identity, is_public) = match &version.named {
            Named::Clear(identity) => (identity, true),
            Named::Sealed(digest) if asset.erased.contains_key(digest) => return None,
            Named::Sealed(digest) => {
                let opened = (self.opened)(digest)?;
                read = Identity::read(asset.kind, &opened.text).ok()?;
                (&read, opened.is_public)
            }
        };
        match identity.domain()? {
            Identifier::Domain(name) => Some((name.clone(), is_public)),
            _ => None,
        }
    }

    /// The token of an emblem, where it is the one that was stated and its key signed it; and whether
    /// it may be shown to anybody.
    fn token(&self, emblem: &Issued) -> Option<(Token, bool)> {
        let [digest, disclosure] = emblem.said.token?;
        let opened = (self.opened)(&disclosure)?;
        let bytes = BASE64URL_NOPAD.decode(opened.text.as_bytes()).ok()?;
        let is_it = <[u8; 32]>::from(Sha256::digest(&bytes)) == digest;
        let token = Token::from_cwt(&bytes, Reading::Strict).ok()?;
        let key = self.register.emblems.key(emblem.said.key)?;
        let counts = is_it
            && token.kid() == emblem.said.key
            && token.validity().at(self.as_of.at) == Phase::Valid
            && token.is_signed_by(&key.key);
        counts.then_some((token, opened.is_public))
    }

    /// Of the emblems of a name, the one that it publishes, or that of one asset of it.
    fn deployment(
        &self,
        name: &DomainName,
        candidates: &[Candidate<'_>],
        asset: Option<AssetId>,
    ) -> Result<Deployment, Nothing> {
        let claims: Vec<Claim> = candidates.iter().map(|it| it.claim).collect();
        let by_party = choose(&claims);
        let first = *by_party.first().ok_or(Nothing::NoEmblem)?;
        let own = match asset {
            None if !by_party.iter().any(|it| it.stands) => return Err(Nothing::NoEmblem),
            None if !first.stands => {
                return Err(Nothing::Kept {
                    name: name.clone(),
                    asset: first.asset,
                    emblem: first.emblem,
                });
            }
            None => first,
            Some(asset) => {
                let own: Vec<_> = claims.into_iter().filter(|it| it.asset == asset).collect();
                *choose(&own).first().ok_or(Nothing::NoEmblem)?
            }
        };
        let mut candidates = candidates.iter();
        let chosen = candidates.find(|it| it.claim.emblem == own.emblem);
        let chosen = chosen.and_then(|it| Some((it, it.token.as_ref()?)));
        let (candidate, token) = chosen.ok_or(Nothing::NoEmblem)?;
        let (tokens, keys) = self.register.set_of(token, self.as_of);
        let items = tokens.iter().map(|it| Item::Cwt(it.bytes().to_vec()));
        let keys = keys.iter().map(|key| Item::CoseKey(key.to_cose()));
        let is_other = |it: &&Claim| it.party != own.party;
        Ok(Deployment {
            asset: own.asset,
            emblem: own.emblem,
            is_public: candidate.is_public,
            first,
            others: by_party.iter().filter(is_other).copied().collect(),
            ends: self.ends(candidate.emblem, token),
            items: items.chain(keys).collect(),
            roots: roots(&tokens),
        })
    }

    /// The earliest end of all that recognises the name by its emblem, which has one itself.
    fn ends(&self, emblem: &Issued, token: &Token) -> Ends {
        let own = Ends {
            until: seconds(token.validity()).1,
            first: Link::Emblem,
        };
        let all = self.register.ends(emblem, Honoured::Everybody, self.as_of);
        all.map_or(own, |all| all.min(own))
    }

    /// The first time ahead at which an asset, an emblem, an endorsement or a recognition begins or
    /// ends.
    fn next_change(&self) -> Option<u64> {
        let emblems = &self.register.emblems;
        let issued = emblems.before(self.as_of.size).flat_map(|emblem| {
            let asset = self.register.assets.asset(emblem.said.asset);
            let version = asset.and_then(|asset| asset.version(self.as_of));
            let periods = [Some(emblem.said.period), version.map(|it| it.period)];
            let periods = periods.into_iter().flatten();
            periods.flat_map(|it| [it.from, it.until.unwrap_or(0)])
        });
        let endorsed = emblems.endorsements().flat_map(|endorsed| {
            let (from, until) = seconds(endorsed.endorsement.validity);
            [from, until]
        });
        let recognised = self.register.authorities.iter().flat_map(|recognition| {
            let period = recognition.said.period;
            [period.from, period.until.unwrap_or(0)]
        });
        let ahead = issued.chain(endorsed).chain(recognised);
        let ahead = ahead.filter(|at| *at > self.as_of.at);
        ahead.min()
    }
}

/// First second, and first second no more. A time before 1970 is over in any case.
fn seconds(validity: Validity) -> (u64, u64) {
    let second = |it: i64| u64::try_from(it).unwrap_or(0);
    (second(validity.not_before), second(validity.expires))
}

/// The keys at the top of a set, whose first token is the emblem.
fn roots(tokens: &[Token]) -> Vec<RootKey> {
    let Some(emblem) = tokens.first() else {
        return Vec::new();
    };
    let (own, others): (Vec<&Token>, Vec<&Token>) =
        tokens.iter().partition(|it| it.issuer() == emblem.issuer());
    let root = |token: &Token, is_issuer| {
        Some(RootKey {
            organisation: token.issuer()?.clone(),
            key: token.kid(),
            is_issuer,
            committed: token.endorsement().is_some_and(|it| !it.log.is_empty()),
        })
    };
    let own = own.last().and_then(|top| root(top, true));
    let others = others.into_iter().filter_map(|token| root(token, false));
    own.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests;
