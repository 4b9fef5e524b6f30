//! A statement of each kind about promises and about emblems.

use std::collections::{BTreeMap, BTreeSet};

use ensign_hold::evaluate::accord::Reserved;
use ensign_hold::evaluate::record::Head;
use ensign_hold::term::name::{Indicator, InstrumentName, Kind, Role, TermName, Word};
use ensign_hold::{fact, instrument, record};
use ensign_mark::key::EmblemKey;
use ensign_mark::moment::Period;
use ensign_mark::purpose::{Purpose, Purposes};
use ensign_mark::token::{Dialect, Endorsement, Validity};
use ensign_mark::{asset, authority, emblem};
use ensign_trust::{AssetId, Code, Coded, Draft, ObligationId, PartyId, Realm, StatementId};

use super::{Seed, TIME, draft, key};

/// All of them, and some that their kind refuses: a statement may be read and yet be malformed.
pub fn all() -> Vec<Seed> {
    [of_facts(), of_instruments(), of_assets(), of_emblems()].concat()
}

fn seed(name: &'static str, write: impl Fn(&mut Draft)) -> Seed {
    let mut one = draft(Some(party(1)), 7);
    one.refs.clear();
    write(&mut one);
    ("statement", name, one.sign(&key()).unwrap().into_entry())
}

fn party(n: u8) -> PartyId {
    PartyId::from_bytes([n; 32])
}

fn statement(n: u8) -> StatementId {
    StatementId::from_bytes([n; 32])
}

fn code(text: &'static str) -> Code {
    Code::literal(text)
}

fn of_facts() -> Vec<Seed> {
    use fact::Act;
    let fields = [
        (code("amount"), Coded::Int(-3)),
        (code("grade"), code("low").into()),
    ];
    let lodged = fact::Lodged {
        kind: Kind::new("notice.given").unwrap(),
        about: Some(code("portal")),
        to: Some(party(2)),
        valid: [TIME, TIME + 60],
        fields: BTreeMap::from(fields),
        grade: Some(code("documented")),
        cites: vec![statement(3)],
        replaces: Some(statement(4)),
    };
    let sampled = fact::Sampled {
        indicator: Indicator::new("water").unwrap(),
        about: None,
        from: TIME,
        every: 3_600,
        values: vec![Some(-1), None, Some(i64::MAX)],
        coverage: vec![[TIME, TIME + 10_000]],
        cites: Vec::new(),
        replaces: None,
    };
    let attested = fact::Attested {
        indicator: Indicator::new("power").unwrap(),
        about: code("clinic"),
        percent: 75,
        from: TIME,
        until: TIME + 86_400,
        replaces: None,
    };
    let found = fact::Found {
        ground: Word::new("attribution").unwrap(),
        holds: true,
        about: Some(code("clinic")),
        term: Some(TermName::new("answer").unwrap()),
        party: Some(party(2)),
        standard: Some(code("balance")),
        valid: [TIME, TIME],
        reasons: Some([5; 32]),
        cites: vec![statement(3), statement(6)],
        replaces: None,
    };
    let kind = || Kind::new("interpretation").unwrap();
    let (trigger, dispute) = (statement(3), statement(7));
    let opened = fact::Opened {
        kind: kind(),
        trigger,
    };
    let closed = fact::Closed {
        kind: kind(),
        dispute,
    };
    let receipted = fact::Receipted {
        act: statement(3),
        at: TIME,
    };
    let withdrawn = fact::Withdrawn {
        fact: statement(3),
        reason: code("mistaken"),
    };
    let recorded = record::Recorded {
        obligation: ObligationId::from_bytes([8; 32]),
        record: [9; 32],
        status: code("fulfilled"),
        engine: code("hold-1"),
        at: TIME,
        head: Head {
            origin: super::ORIGIN.to_owned(),
            size: 12,
            root: [10; 32],
        },
    };
    vec![
        seed("good-attested", |one| {
            Act::Attested(attested.clone()).write(one)
        }),
        seed("good-dispute-closed", |one| {
            Act::Closed(closed.clone()).write(one)
        }),
        seed("good-dispute-opened", |one| {
            Act::Opened(opened.clone()).write(one)
        }),
        seed("good-finding", |one| Act::Found(found.clone()).write(one)),
        seed("good-lodged", |one| Act::Lodged(lodged.clone()).write(one)),
        seed("good-receipted", |one| {
            Act::Receipted(receipted.clone()).write(one)
        }),
        seed("good-sampled", |one| {
            Act::Sampled(sampled.clone()).write(one)
        }),
        seed("good-fact-withdrawn", |one| {
            Act::Withdrawn(withdrawn.clone()).write(one)
        }),
        seed("good-recorded", |one| recorded.write(one)),
        seed("good-malformed-times", |one| {
            Act::Lodged(lodged.clone()).write(one);
            let valid = [TIME + 60, TIME].map(|at| Coded::Int(at.into()));
            one.body.insert(code("valid"), Coded::List(valid.into()));
        }),
    ]
}

fn of_instruments() -> Vec<Seed> {
    use instrument::Act;
    let text = ensign_hold::InstrumentDigest::of(b"a text");
    let published = instrument::Published {
        text,
        name: InstrumentName::new("harbour_accord").unwrap(),
        bytes: None,
        parts: vec![statement(1), statement(2)],
        supersedes: Some(statement(3)),
    };
    let part = instrument::Part {
        text,
        bytes: vec![0xa0; 40],
    };
    let adopted = instrument::Adopted {
        text,
        roles: BTreeSet::from([Role::new("state").unwrap()]),
        from: TIME,
        until: Some(TIME + 86_400),
        params: BTreeMap::new(),
        reservations: BTreeMap::from([(TermName::new("answer").unwrap(), Reserved::Excludes)]),
        supersedes: None,
    };
    let objected = instrument::Objected {
        text,
        adoption: statement(4),
        term: TermName::new("answer").unwrap(),
    };
    let withdrawn = instrument::Withdrawn {
        text,
        adoption: statement(4),
        until: TIME,
        reason: code("denounced"),
    };
    vec![
        seed("good-adopted", |one| {
            Act::Adopted(adopted.clone()).write(one)
        }),
        seed("good-objected", |one| {
            Act::Objected(objected.clone()).write(one)
        }),
        seed("good-part", |one| Act::Part(part.clone()).write(one)),
        seed("good-published", |one| {
            Act::Published(published.clone()).write(one)
        }),
        seed("good-adoption-withdrawn", |one| {
            Act::Withdrawn(withdrawn.clone()).write(one)
        }),
    ]
}

fn of_assets() -> Vec<Seed> {
    use asset::Act;
    let id = AssetId::from_bytes([11; 32]);
    let sealed = asset::Registered {
        asset: id,
        kind: asset::Kind::Domain,
        named: asset::Named::Sealed([12; 32]),
        bearer: Some(party(2)),
        law: code("gc-i"),
        authority: Some("https://ministry.example".parse().unwrap()),
        period: period(),
        supersedes: Some(statement(1)),
    };
    let clear = asset::Registered {
        kind: asset::Kind::Network,
        named: asset::Named::Clear(
            asset::Identity::read(asset::Kind::Network, "192.0.2.0/24").unwrap(),
        ),
        ..sealed.clone()
    };
    let withdrawn = asset::Withdrawn {
        asset: id,
        reason: code("moved"),
    };
    let erased = asset::Erased {
        asset: id,
        digests: vec![[1; 32], [2; 32]],
        ground: code("withdrawn"),
    };
    vec![
        seed("good-asset-erased", |one| {
            Act::Erased(erased.clone()).write(one)
        }),
        seed("good-asset-in-clear", |one| {
            Act::Registered(clear.clone()).write(one)
        }),
        seed("good-asset-sealed", |one| {
            Act::Registered(sealed.clone()).write(one)
        }),
        seed("good-asset-withdrawn", |one| {
            Act::Withdrawn(withdrawn.clone()).write(one)
        }),
    ]
}

fn of_emblems() -> Vec<Seed> {
    use emblem::Act;
    let public = EmblemKey::from_trust(&key().public());
    let kid = public.kid(Dialect::Cwt);
    let organisation = || "https://ministry.example".parse().unwrap();
    let recognised = authority::Recognised {
        organisation: organisation(),
        keys: BTreeSet::from([kid]),
        purposes: Purposes::ALL,
        kinds: Some(BTreeSet::from([asset::Kind::Domain])),
        law: code("gc-i"),
        period: period(),
        policy: Some([3; 32]),
        supersedes: None,
    };
    let no_longer = authority::Withdrawn {
        organisation: organisation(),
        recognition: statement(1),
        reason: code("closed"),
    };
    let endorsement = Endorsement {
        issuer: Some(organisation()),
        subject: Some("https://hospital.example".parse().unwrap()),
        validity: Validity::new(TIME.cast_signed(), TIME.cast_signed() + 86_400),
        key: kid,
        may_endorse: true,
        log: Vec::new(),
        purposes: Some(Purpose::Protective.into()),
        channels: None,
        assets: None,
        window: None,
    };
    let token = endorsement.draft(&public).unwrap().sign(&key()).unwrap();
    let proof = emblem::proof_message(&Realm::Real, party(1));
    let published = emblem::Published {
        key: public,
        proof: key().sign(&proof).to_vec(),
        organisation: Some(organisation()),
    };
    let issued = emblem::Issuing {
        asset: AssetId::from_bytes([11; 32]),
        key: kid,
        purposes: Purpose::Protective.into(),
        period: period(),
        token: Some([[4; 32], [5; 32]]),
    };
    let alleged = emblem::Alleged {
        asset: AssetId::from_bytes([11; 32]),
        emblem: Some(statement(2)),
        act: code("copied"),
        grade: code("reported"),
        period: period(),
        evidence: vec![[6; 32], [7; 32]],
    };
    let revoked = |target| {
        Act::Revoked(emblem::Revoked {
            target,
            reason: code("compromised"),
        })
    };
    let withdrawn = emblem::Withdrawn {
        asset: AssetId::from_bytes([11; 32]),
        allegation: statement(8),
    };
    vec![
        seed("good-authority", |one| {
            authority::Act::Recognised(recognised.clone()).write(one);
        }),
        seed("good-authority-withdrawn", |one| {
            authority::Act::Withdrawn(no_longer.clone()).write(one);
        }),
        seed("good-emblem-alleged", |one| {
            Act::Alleged(alleged.clone()).write(one)
        }),
        seed("good-emblem-endorsed", |one| {
            let token = token.clone();
            Act::Endorsed(emblem::Endorsing { token }).write(one);
        }),
        seed("good-emblem-issued", |one| {
            Act::Issued(issued.clone()).write(one)
        }),
        seed("good-emblem-key", |one| {
            Act::Published(published.clone()).write(one)
        }),
        seed("good-emblem-key-revoked", |one| {
            revoked(emblem::Target::Key(kid)).write(one);
        }),
        seed("good-emblem-revoked", |one| {
            revoked(emblem::Target::Digest([9; 32])).write(one);
        }),
        seed("good-emblem-withdrawn", |one| {
            Act::Withdrawn(withdrawn.clone()).write(one)
        }),
    ]
}

fn period() -> Period {
    Period {
        from: TIME,
        until: Some(TIME + 86_400),
    }
}
