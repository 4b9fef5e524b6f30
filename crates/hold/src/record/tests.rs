use std::collections::BTreeMap;

use ensign_trust::{Code, Draft, ObligationId, PartyId, Realm, Statement};

use super::*;
use crate::evaluate::record::Head;

fn said(record: u8) -> Recorded {
    Recorded {
        obligation: ObligationId::from_bytes([1; 32]),
        record: [record; 32],
        status: Code::literal("met"),
        engine: Code::literal("terms/1.0"),
        at: 1_800_000_000,
        head: Head {
            origin: "node.example.org/log".to_owned(),
            size: 12,
            root: [3; 32],
        },
    }
}

fn stated(said: &Recorded, unique: u8) -> Statement {
    let mut draft = Draft {
        issuer: Some(PartyId::from_bytes([unique; 32])),
        subject: None,
        claimed: 1_800_000_000,
        unique: [unique; 16],
        kind: Code::literal("unset"),
        version: 1,
        realm: Realm::Real,
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    };
    said.write(&mut draft);
    draft
        .sign(&crate::fact::story::key(unique))
        .expect("a draft of a record can be signed")
}

#[test]
fn a_record_reads_back_as_it_was_written() {
    let statement = stated(&said(7), 1);
    assert_eq!(Recorded::read(&statement), Some(Ok(said(7))));
}

#[test]
fn two_records_that_differ_for_one_root_and_moment_are_an_alarm() {
    let same =
        Records::default()
            .apply(&stated(&said(7), 1), 20, 5)
            .apply(&stated(&said(7), 2), 21, 5);
    assert_eq!((same.iter().count(), same.alarms().count()), (1, 0));
    let other = same.apply(&stated(&said(8), 3), 22, 5);
    assert_eq!(other.alarms().count(), 1);
}
