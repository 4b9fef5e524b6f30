//! An invented log of two hostile parties, their ministries, a hospital network and a stranger.

use std::collections::BTreeMap;

use ensign_trust::key::SigningKey;
use ensign_trust::{AssetId, Code, Disclosure, Draft, PartyId, Realm, Statement, StatementId};
use sha2::{Digest, Sha256};

use super::{Answer, Honoured, Identity, Kind, Register, Registration};
use crate::authority::{self, Recognised};
use crate::emblem::{self, Issue, Target, proof_message};
use crate::key::{EmblemKey, Kid};
use crate::moment::{AsOf, Period};
use crate::name::Organisation;
use crate::purpose::{Purpose, Purposes};
use crate::token::{Dialect, Endorsement, Token, Validity};
use crate::{asset, token};

pub const START: u64 = 1_900_000_000;
pub const YEAR: u64 = 31_536_000;
pub const AREN: u8 = 1;
pub const BELV: u8 = 2;
pub const HOSPITAL: u8 = 3;
pub const STRANGER: u8 = 4;

/// A log, and what its statements amount to.
#[derive(Default)]
pub struct Story {
    pub register: Register,
    pub log: Vec<(Statement, u64)>,
    pub vault: BTreeMap<[u8; 32], String>,
    pub now: u64,
}

pub fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

pub fn party(n: u8) -> PartyId {
    PartyId::from_bytes([n; 32])
}

/// Secret of an emblem key.
pub fn secret(n: u8) -> SigningKey {
    SigningKey::from_seed(&[n; 32])
}

pub fn kid(n: u8) -> Kid {
    EmblemKey::from_trust(&secret(n).public()).kid(Dialect::Cwt)
}

pub fn organisation(name: &str) -> Organisation {
    format!("https://{name}.example").parse().unwrap()
}

pub fn year() -> Period {
    Period {
        from: START,
        until: Some(START + YEAR),
    }
}

pub fn draft(by: u8, unique: u64) -> Draft {
    let mut cti = [0; 16];
    cti[8..].copy_from_slice(&unique.to_be_bytes());
    Draft {
        issuer: Some(party(by)),
        subject: None,
        claimed: START,
        unique: cti,
        kind: code("test.said"),
        version: 1,
        realm: Realm::Exercise(code("harbour")),
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    }
}

pub fn recognised(organisation: Organisation, keys: &[u8]) -> Recognised {
    Recognised {
        organisation,
        keys: keys.iter().map(|key| kid(*key)).collect(),
        purposes: Purposes::ALL,
        kinds: None,
        law: code("gc-i"),
        period: Period {
            from: START,
            until: None,
        },
        policy: Some([7; 32]),
        supersedes: None,
    }
}

pub fn registration(identity: &str) -> Registration {
    Registration {
        kind: Kind::Domain,
        identity: Identity::read(Kind::Domain, identity).unwrap(),
        permanent: false,
        bearer: None,
        law: code("gc-i"),
        authority: None,
        period: year(),
        replaces: None,
    }
}

impl Story {
    pub fn begun() -> Self {
        Story {
            now: START,
            ..Story::default()
        }
    }

    /// The hospital's portal, marked with its own key, which both ministries endorse; each hostile
    /// party recognises its own ministry. Keys: 10 and 20 the ministries', 30 the hospital's.
    pub fn told(first: u8, second: u8) -> (Self, AssetId, StatementId) {
        let mut story = Story::begun();
        for (by, key, name) in [(first, 10, "first"), (second, 20, "second")] {
            story.publishes(by, key, Some(organisation(name)));
            story.recognises(by, recognised(organisation(name), &[key]));
        }
        story.publishes(HOSPITAL, 30, Some(organisation("hospital")));
        let asset = story.registers(HOSPITAL, registration("portal.hospital.example"));
        for (by, key, name) in [(first, 10, "first"), (second, 20, "second")] {
            story.endorses(by, key, endorsement(name, 30));
        }
        let emblem = story.issues(HOSPITAL, 30, asset, year());
        (story, asset, emblem)
    }

    pub fn says(&mut self, by: u8, write: impl FnOnce(&mut Draft)) -> StatementId {
        let mut said = draft(by, self.log.len() as u64);
        write(&mut said);
        self.now += 60;
        let statement = said.sign(&secret(by)).unwrap();
        let (index, id) = (self.log.len() as u64, statement.id());
        self.register = std::mem::take(&mut self.register).apply(&statement, index, self.now);
        self.log.push((statement, self.now));
        id
    }

    pub fn publishes(&mut self, by: u8, key: u8, organisation: Option<Organisation>) {
        let realm = Realm::Exercise(code("harbour"));
        let proof = secret(key).sign(&proof_message(&realm, party(by)));
        let public = EmblemKey::from_trust(&secret(key).public());
        let emblems = &self.register.emblems;
        let act = emblem::publish(emblems, public, proof.to_vec(), organisation).unwrap();
        self.says(by, |draft| act.write(draft));
    }

    pub fn recognises(&mut self, by: u8, request: Recognised) -> StatementId {
        let act = authority::recognise(&self.register.authorities, party(by), request).unwrap();
        self.says(by, |draft| act.write(draft))
    }

    /// Recognises the organisation anew, with one key in place of all before.
    pub fn rotates(&mut self, by: u8, name: &str, key: u8) {
        if self.register.emblems.key(kid(key)).is_none() {
            self.publishes(by, key, Some(organisation(name)));
            self.endorses(by, key, endorsement(name, 30));
        }
        let standing = self.standing(by);
        let request = Recognised {
            supersedes: standing,
            ..recognised(organisation(name), &[key])
        };
        self.recognises(by, request);
    }

    /// The party's recognition that nothing has ended.
    pub fn standing(&self, by: u8) -> Option<StatementId> {
        let mut own = self.register.authorities.iter();
        let own = own.find(|it| it.stated.by == party(by) && it.end.is_none());
        own.map(|it| it.stated.statement)
    }

    pub fn registers(&mut self, by: u8, request: Registration) -> AssetId {
        let unique = draft(by, self.log.len() as u64).unique;
        let salt = Sha256::digest(unique).into();
        let assets = &self.register.assets;
        let (act, disclosure) = asset::register(assets, party(by), &unique, salt, request).unwrap();
        self.keeps(disclosure);
        self.says(by, |draft| act.write(draft));
        act.asset()
    }

    pub fn endorses(&mut self, by: u8, key: u8, said: Endorsement) -> StatementId {
        let public = EmblemKey::from_trust(&secret(key).public());
        let token = said.draft(&public).unwrap().sign(&secret(key)).unwrap();
        let act = emblem::endorse(&self.register.emblems, party(by), token).unwrap();
        self.says(by, |draft| act.write(draft))
    }

    pub fn issues(&mut self, by: u8, key: u8, asset: AssetId, period: Period) -> StatementId {
        self.issues_as(by, key, asset, period, Purpose::Protective.into())
    }

    pub fn issues_as(
        &mut self,
        by: u8,
        key: u8,
        asset: AssetId,
        period: Period,
        purposes: Purposes,
    ) -> StatementId {
        let request = Issue {
            asset,
            key: kid(key),
            purposes,
            period,
        };
        let token = portal_token(key, period, purposes);
        let salt = Sha256::digest((self.log.len() as u64).to_be_bytes()).into();
        let text = data_encoding::BASE64URL_NOPAD.encode(token.bytes());
        let disclosure = Disclosure::new(salt, code("token"), text);
        let digests = [Sha256::digest(token.bytes()).into(), disclosure.digest()];
        let Register {
            assets, emblems, ..
        } = &self.register;
        let act = emblem::issue(emblems, assets, party(by), request, Some(digests)).unwrap();
        self.keeps(Some(disclosure));
        self.says(by, |draft| act.write(draft))
    }

    pub fn revokes(&mut self, by: u8, target: Target) {
        let emblems = &self.register.emblems;
        let act = emblem::revoke(emblems, party(by), target, code("withdrawn")).unwrap();
        self.says(by, |draft| act.write(draft));
    }

    pub fn withdraws(&mut self, by: u8, asset: AssetId) {
        let Register {
            assets, emblems, ..
        } = &self.register;
        let acts = asset::withdraw(assets, emblems, party(by), asset, code("moved")).unwrap();
        for act in acts {
            if let asset::Act::Erased(erased) = &act {
                for digest in &erased.digests {
                    self.vault.remove(digest);
                }
            }
            self.says(by, |draft| act.write(draft));
        }
    }

    /// As now known, at a time.
    pub fn at(&self, at: u64) -> AsOf {
        AsOf::now_known(self.log.len() as u64, at)
    }

    pub fn answer(&self, asset: AssetId) -> Answer {
        self.answer_at(asset, &self.at(self.now))
    }

    pub fn answer_at(&self, asset: AssetId, as_of: &AsOf) -> Answer {
        self.register.answer(asset, Honoured::Everybody, as_of)
    }

    pub fn found(&self, kind: Kind, identity: &str) -> Vec<AssetId> {
        let identity = Identity::read(kind, identity).unwrap();
        let opened = |digest: &[u8; 32]| self.vault.get(digest).cloned();
        self.register
            .marking(&identity, &opened, &self.at(self.now))
    }

    pub fn registered_by(&self, by: u8, identity: &Identity) -> Vec<AssetId> {
        let opened = |digest: &[u8; 32]| self.vault.get(digest).cloned();
        let as_of = self.at(self.now);
        self.register
            .registered_by(party(by), identity, &opened, &as_of)
    }

    pub fn also_registered(&self, by: u8, identity: &Identity) -> Vec<AssetId> {
        let opened = |digest: &[u8; 32]| self.vault.get(digest).cloned();
        let as_of = self.at(self.now);
        self.register
            .also_registered(party(by), identity, &opened, &as_of)
    }

    fn keeps(&mut self, disclosure: Option<Disclosure>) {
        let kept = disclosure.map(|one| (one.digest(), one.text().to_owned()));
        self.vault.extend(kept);
    }
}

/// A ministry's endorsement of the hospital's key.
pub fn endorsement(by: &str, key: u8) -> Endorsement {
    Endorsement {
        issuer: Some(organisation(by)),
        subject: Some(organisation("hospital")),
        validity: Validity::new(START as i64, (START + YEAR) as i64),
        key: kid(key),
        may_endorse: true,
        log: Vec::new(),
        purposes: Some(Purpose::Protective.into()),
        channels: None,
        assets: None,
        window: None,
    }
}

/// The hospital's emblem for its portal.
pub fn portal_token(key: u8, period: Period, purposes: Purposes) -> Token {
    let emblem = token::Emblem {
        issuer: Some(organisation("hospital")),
        validity: Validity::new(period.from as i64, period.until.unwrap() as i64),
        purposes: Some(purposes),
        assets: vec!["portal.hospital.example".parse().unwrap()],
        channels: None,
    };
    let public = EmblemKey::from_trust(&secret(key).public());
    emblem.draft(&public).unwrap().sign(&secret(key)).unwrap()
}
