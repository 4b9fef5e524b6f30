//! What the log says that names are to publish: which emblem, which endorsements, which keys.
//!
//! The protocol takes one emblem a set. So of several emblems that stand for a name the last one
//! issued is published, with what travels with it: [`Register::set_of`].
//!
//! An emblem stands where its asset is registered, its time has come and nothing was revoked or
//! withdrawn. Whether anybody recognises it is for the verifier to say.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use ensign_trust::{AssetId, StatementId};
use sha2::{Digest as _, Sha256};

use super::{Item, marks};
use crate::asset::{Asset, Ends, Honoured, Identity, Kind, Link, Named, Register};
use crate::commitment::Binding;
use crate::emblem::Issued;
use crate::identifier::Identifier;
use crate::key::Kid;
use crate::moment::AsOf;
use crate::name::{DomainName, Organisation};
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

/// What one name is to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// The asset.
    pub asset: AssetId,
    /// The `emblem.issued`.
    pub emblem: StatementId,
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

/// What the names of a register are to publish. `opened` gives the text of a disclosure by its
/// digest, where it can be read.
pub fn deployed(
    register: &Register,
    opened: &dyn Fn(&[u8; 32]) -> Option<String>,
    as_of: &AsOf,
) -> Deployed {
    let search = Search {
        register,
        opened,
        as_of,
    };
    let mut names = BTreeMap::new();
    // The last one issued comes first, and is kept.
    for emblem in register.emblems.before(as_of.size) {
        let Some((name, token)) = search.standing(emblem) else {
            continue;
        };
        names
            .entry(name)
            .or_insert_with(|| search.deployment(emblem, &token));
    }
    Deployed {
        names,
        until: search.next_change(),
    }
}

struct Search<'a> {
    register: &'a Register,
    opened: &'a dyn Fn(&[u8; 32]) -> Option<String>,
    as_of: &'a AsOf,
}

impl Search<'_> {
    /// The name that an emblem marks, and its token, where both stand.
    fn standing(&self, emblem: &Issued) -> Option<(DomainName, Token)> {
        let asset = self.register.assets.asset(emblem.said.asset)?;
        let version = asset.version(self.as_of)?;
        let is_entitled = [asset.registrant, version.bearer].contains(&emblem.stated.by);
        let stands = is_entitled
            && asset.withdrawal(self.as_of).is_none()
            && version.period.at(self.as_of.at) == Phase::Valid
            && self.as_of.knows(&emblem.stated)
            && self.register.fate(emblem, self.as_of).is_none();
        if !stands {
            return None;
        }
        let name = self.name(asset)?;
        let token = self.token(emblem)?;
        let marked = token.emblem().is_some_and(|emblem| marks(emblem, &name));
        marked.then_some((name, token))
    }

    fn name(&self, asset: &Asset) -> Option<DomainName> {
        if asset.kind != Kind::Domain {
            return None;
        }
        let read;
        let identity = match &asset.version(self.as_of)?.named {
            Named::Clear(identity) => identity,
            Named::Sealed(digest) if asset.erased.contains_key(digest) => return None,
            Named::Sealed(digest) => {
                read = Identity::read(asset.kind, &(self.opened)(digest)?).ok()?;
                &read
            }
        };
        match identity.domain()? {
            Identifier::Domain(name) => Some(name.clone()),
            _ => None,
        }
    }

    /// The token of an emblem, where it is the one that was stated and its key signed it.
    fn token(&self, emblem: &Issued) -> Option<Token> {
        let [digest, disclosure] = emblem.said.token?;
        let text = (self.opened)(&disclosure)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let is_it = <[u8; 32]>::from(Sha256::digest(&bytes)) == digest;
        let token = Token::from_cwt(&bytes, Reading::Strict).ok()?;
        let key = self.register.emblems.key(emblem.said.key)?;
        let counts = is_it
            && token.kid() == emblem.said.key
            && token.validity().at(self.as_of.at) == Phase::Valid
            && token.is_signed_by(&key.key);
        counts.then_some(token)
    }

    fn deployment(&self, emblem: &Issued, token: &Token) -> Deployment {
        let (tokens, keys) = self.register.set_of(token, self.as_of);
        let items = tokens.iter().map(|it| Item::Cwt(it.bytes().to_vec()));
        let keys = keys.iter().map(|key| Item::CoseKey(key.to_cose()));
        Deployment {
            asset: emblem.said.asset,
            emblem: emblem.stated.statement,
            ends: self.ends(emblem, token),
            items: items.chain(keys).collect(),
            roots: roots(&tokens),
        }
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

    /// The first time ahead at which an asset, an emblem or an endorsement begins or ends.
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
        let ahead = issued.chain(endorsed).filter(|at| *at > self.as_of.at);
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
mod tests {
    use super::*;
    use crate::asset::story::{
        AREN, BELV, HOSPITAL, START, Story, YEAR, endorsement, kid, organisation, registration,
        year,
    };
    use crate::emblem::Target;
    use crate::moment::Period;
    use crate::verify::TokenSet;

    fn at(story: &Story, at: u64) -> Deployed {
        let opened = |digest: &[u8; 32]| story.vault.get(digest).cloned();
        deployed(&story.register, &opened, &story.at(at))
    }

    fn now(story: &Story) -> Option<Deployment> {
        let mut names = at(story, story.now).names;
        let found = names.remove(&"portal.hospital.example".parse().unwrap());
        assert_eq!(names.len(), 0);
        found
    }

    /// Who signed the endorsements, in their order.
    fn signers(deployment: &Deployment) -> Vec<Kid> {
        let tokens = deployment.items.iter();
        let tokens = tokens.filter_map(|it| Some(it.token(Reading::Strict)?.unwrap()));
        let endorsements = tokens.filter(|it| it.endorsement().is_some());
        endorsements.map(|it| it.kid()).collect()
    }

    #[test]
    fn a_name_publishes_its_emblem_what_endorses_it_and_the_keys() {
        let (story, asset, emblem) = Story::told(AREN, BELV);
        let found = now(&story).unwrap();
        assert_eq!((found.asset, found.emblem), (asset, emblem));
        let ends = Ends {
            until: START + YEAR,
            first: Link::Asset,
        };
        assert_eq!(found.ends, ends);
        assert_eq!(signers(&found), [kid(10), kid(20)]);
        assert_eq!(found.items.len(), 6);
        let keys = found.items.iter().filter_map(|it| it.key());
        let keys: Vec<_> = keys.map(Result::unwrap).collect();
        let tokens = found.items.iter().filter(|it| it.is_token());
        let set = TokenSet::read(tokens.map(Item::bytes), keys, Reading::Strict).unwrap();
        for token in set.tokens() {
            let token = token.as_ref().unwrap();
            let key = set
                .keys()
                .iter()
                .find(|it| it.kid(Dialect::Cwt) == token.kid());
            assert!(token.is_signed_by(key.unwrap()));
        }
        let roots: Vec<_> = found
            .roots
            .iter()
            .map(|it| (it.key, it.is_issuer))
            .collect();
        assert_eq!(roots, [(kid(30), true), (kid(10), false), (kid(20), false)]);
        let names = found.roots[0].names();
        assert_eq!(names[0], "adem-configuration.hospital.example");
        assert_eq!(names[1], format!("{}.{}", kid(30), names[0]));
    }

    #[test]
    fn the_issuers_own_chain_comes_first_and_others_endorse_its_root() {
        let mut story = Story::begun();
        story.publishes(AREN, 10, Some(organisation("first")));
        for key in [30, 31] {
            story.publishes(HOSPITAL, key, Some(organisation("hospital")));
        }
        let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
        story.issues(HOSPITAL, 30, asset, year());
        story.endorses(AREN, 10, endorsement("first", 31));
        // Of the emblem's key itself, and so of no use once there is a chain.
        story.endorses(AREN, 10, endorsement("first", 30));
        let mut own = endorsement("hospital", 30);
        own.may_endorse = false;
        story.endorses(HOSPITAL, 31, own.clone());
        let found = now(&story).unwrap();
        assert_eq!(signers(&found), [kid(31), kid(10)]);
        assert_eq!(
            (found.roots[0].key, found.roots[0].committed),
            (kid(31), false)
        );
        // The same said again takes the place of the first.
        own.validity = Validity::new(START as i64, START as i64 + 5 * YEAR as i64);
        story.endorses(HOSPITAL, 31, own);
        let renewed = now(&story).unwrap();
        assert_eq!(signers(&renewed), [kid(31), kid(10)]);
        assert_ne!(renewed.items[1], found.items[1]);
    }

    #[test]
    fn of_several_emblems_the_last_one_that_stands_is_published() {
        let (mut story, asset, first) = Story::told(AREN, BELV);
        let longer = Period {
            until: Some(START + YEAR + 1),
            ..year()
        };
        let second = story.issues(HOSPITAL, 30, asset, longer);
        let later = Period {
            from: START + YEAR / 2,
            until: Some(START + 2 * YEAR),
        };
        let third = story.issues(HOSPITAL, 30, asset, later);
        assert_eq!(now(&story).unwrap().emblem, second);
        let digest = story.register.emblems.emblem(second).unwrap().digest();
        story.revokes(HOSPITAL, Target::Digest(digest));
        assert_eq!(now(&story).unwrap().emblem, first);
        let half = at(&story, START + YEAR / 2);
        let found = half.names.values().next().unwrap();
        assert_eq!(found.emblem, third);
        // The asset's own time ends before that of its emblem.
        assert_eq!(half.until, Some(START + YEAR));
        assert_eq!(at(&story, START + YEAR).names.len(), 0);
    }

    #[test]
    fn what_ends_is_published_no_more_and_the_next_end_is_told() {
        let (mut story, asset, _) = Story::told(AREN, BELV);
        assert_eq!(at(&story, story.now).until, Some(START + YEAR));
        assert_eq!(at(&story, START - 1).until, Some(START));
        assert_eq!(at(&story, START + YEAR), Deployed::default());
        assert_eq!(at(&story, START - 1).names.len(), 0);

        story.revokes(AREN, Target::Key(kid(10)));
        assert_eq!(signers(&now(&story).unwrap()), [kid(20)]);
        story.withdraws(HOSPITAL, asset);
        assert_eq!(now(&story), None);
    }

    #[test]
    fn a_replaced_root_key_endorses_no_more_in_what_is_published() {
        let (mut story, _, _) = Story::told(AREN, BELV);
        let before = story.log.len() as u64;
        story.rotates(AREN, "first", 11);
        // The new key endorsed, and came into the log after the one of the other side.
        assert_eq!(signers(&now(&story).unwrap()), [kid(20), kid(11)]);
        let opened = |digest: &[u8; 32]| story.vault.get(digest).cloned();
        let then = AsOf::now_known(before, story.now);
        let then = deployed(&story.register, &opened, &then).names;
        assert_eq!(signers(then.values().next().unwrap()), [kid(10), kid(20)]);
    }

    #[test]
    fn a_revoked_key_takes_its_emblem_with_it() {
        let (mut story, _, _) = Story::told(AREN, BELV);
        story.revokes(HOSPITAL, Target::Key(kid(30)));
        assert_eq!(now(&story), None);
    }

    #[test]
    fn a_token_that_cannot_be_opened_is_not_published() {
        let (mut story, _, _) = Story::told(AREN, BELV);
        assert!(now(&story).is_some());
        story.vault.retain(|_, text| text.len() < 64);
        assert_eq!(now(&story), None);
    }

    #[test]
    fn a_domain_with_all_names_under_it_is_no_name() {
        let mut story = Story::begun();
        story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
        let asset = story.registers(HOSPITAL, registration(".hospital.example"));
        story.issues(HOSPITAL, 30, asset, year());
        assert_eq!(now(&story), None);
    }
}
