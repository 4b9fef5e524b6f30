//! Bundles of invented logs, and every way to change one.

mod changes;
mod story;

use self::story::{FIRST_RECEIPT, RECEIVED, Story, need, note, record};
use super::*;
use crate::code::Coded;
use crate::key::SigningKey;
use crate::log::CosignatureSigner;
use crate::logbook::Entry;
use crate::party::{Act, Need};
use crate::realm::Realm;

/// A log of a few batches with a witness.
fn log() -> Story {
    Story::of_records(1, 4, 40)
}

/// What is wrong with a bundle, whoever reads it.
fn fault(bundle: &Bundle) -> BundleError {
    bundle.verify(None, need).unwrap_err()
}

fn fault_under(bundle: &Bundle, anchors: &Anchors) -> BundleError {
    bundle.verify(Some(anchors), need).unwrap_err()
}

#[test]
fn a_bundle_proves_its_record_under_its_trust_anchors() {
    let story = log();
    let bundle = Bundle::decode(&story.bundle_of(7).encode()).unwrap();
    let verified = bundle.verify(Some(&story.anchors()), need).unwrap();
    assert!(verified.anchored);
    assert_eq!(verified.subject, record(7));
    assert_eq!(verified.roots, [story.root]);
    assert_eq!(verified.log, *story.log.key());
    assert_eq!(verified.checkpoint, story.checkpoint());
    assert_eq!(
        verified.cosigned,
        [("witness.example.org".to_owned(), RECEIVED + 60)]
    );
    assert_eq!(verified.disclosures, [note(7)]);
    let stated = &verified.statements[5];
    assert_eq!(stated.index, story.place_of(&record(7)));
    assert_eq!(stated.received, RECEIVED + story.receipt_of(stated.index));
    assert_eq!(stated.statement, story.entries[stated.index as usize]);
}

#[test]
fn without_trust_anchors_a_bundle_is_consistent_and_no_more() {
    let story = log();
    let verified = story.bundle_of(0).verify(None, need).unwrap();
    assert!(!verified.anchored);
    assert_eq!(verified.fingerprint(), fingerprint(story.log.key()));
    assert_ne!(
        verified.fingerprint(),
        fingerprint(Story::opened(2).log.key())
    );
}

#[test]
fn a_bundle_may_ask_about_a_smaller_log_than_its_checkpoint_has() {
    let story = log();
    let anchors = story.anchors();
    let about = |size: u64| {
        let size = Some(size);
        let bundle = Bundle {
            size,
            ..story.bundle_of(7)
        };
        Bundle::decode(&bundle.encode()).unwrap()
    };
    let (stated, has) = (story.place_of(&record(7)), story.entries.len() as u64);
    let whole = story.bundle_of(7).verify(Some(&anchors), need).unwrap();
    assert_eq!(whole.size, has);
    for size in [stated + 1, has - 1] {
        let verified = about(size).verify(Some(&anchors), need).unwrap();
        assert_eq!((verified.size, verified.statements.len()), (size, 7));
    }
    assert_eq!(fault(&about(stated)), BundleError::NoSubject);
    for size in [has, has + 1, u64::MAX] {
        assert_eq!(fault(&about(size)), BundleError::Size { size, has });
    }
}

/// The id of an invented obligation.
fn obligation() -> Code {
    Code::new(ObligationId::from_bytes([9; 32]).to_string()).unwrap()
}

#[test]
fn a_bundle_states_the_result_of_an_obligation_at_a_size_that_the_log_had() {
    let story = log();
    let (anchors, has) = (story.anchors(), story.entries.len() as u64);
    for size in [FIRST_RECEIPT + 1, 8, 17, has - 1, has] {
        let bundle = story.bundle_with_result(obligation(), size);
        let bundle = Bundle::decode(&bundle.encode()).unwrap();
        let verified = bundle.verify(Some(&anchors), need).unwrap();
        assert_eq!((verified.size, &verified.result), (size, &bundle.result));
        assert_eq!(verified.statements.len() as u64, has);
    }
}

#[test]
fn the_root_of_a_result_is_that_of_the_log_at_its_size() {
    let story = log();
    let has = story.entries.len() as u64;
    for size in [8, 17, has] {
        let whole = story.bundle_with_result(obligation(), size);
        let faults = |change: fn(&mut StatedResult)| {
            let mut result = whole.result.clone().unwrap();
            change(&mut result);
            let changed = Bundle {
                result: Some(result),
                ..whole.clone()
            };
            let is_root =
                matches!(fault(&changed), BundleError::Root { size: at, .. } if at == size);
            assert!(is_root, "size {size}: {:?}", fault(&changed));
        };
        faults(|result| result.root[31] ^= 1);
        faults(|result| result.proof.push([0; 32]));
        if size < has {
            faults(|result| result.proof[0][0] ^= 1);
            faults(|result| result.proof.clear());
            let other = Bundle {
                size: Some(size - 1),
                ..whole.clone()
            };
            assert!(matches!(fault(&other), BundleError::Root { .. }));
        }
    }
}

#[test]
fn an_obligation_has_a_result_and_nothing_else_has() {
    let story = log();
    let has = story.entries.len() as u64;
    let wrong = BundleError::Part("result");
    let without = story.bundle(obligation(), 0..has);
    assert_eq!(fault(&without), wrong);
    assert_eq!(fault(&story.bundle_with_result(record(7), has)), wrong);
}

#[test]
fn every_record_of_a_log_of_600_entries_can_be_proved() {
    let story = Story::of_records(1, 16, 600);
    let anchors = story.anchors();
    let last = story
        .entries
        .iter()
        .filter(|entry| entry.kind == "source.stated")
        .count() as u64;
    for n in [0, 1, 15, 16, 250, 251, 255, 256, 511, last - 1] {
        let bundle = story.bundle_of(n);
        assert!(bundle.verify(Some(&anchors), need).is_ok(), "record {n}");
    }
    let all = story.bundle(record(3), 0..story.entries.len() as u64);
    let verified = Bundle::decode(&all.encode())
        .unwrap()
        .verify(Some(&anchors), need)
        .unwrap();
    assert_eq!(verified.statements.len(), story.entries.len());
}

#[test]
fn each_entry_of_a_minimal_bundle_is_needed() {
    let story = log();
    let mut whole = story.bundle_of(6);
    whole.disclosures.clear();
    let faults: Vec<BundleError> = (0..whole.entries.len())
        .map(|at| {
            let mut bundle = whole.clone();
            bundle.entries.remove(at);
            fault(&bundle)
        })
        .collect();
    let stated = whole.entries[5].index;
    use BundleError::{NoReceipt, NoSubject, Refused};
    assert!(
        matches!(
            &faults[..],
            [
                Refused { index: 1, refusal: Refusal::UnknownKey { .. } },
                Refused { index: 2, refusal: Refusal::NoMandate { .. } },
                Refused { index: FIRST_RECEIPT, refusal: Refusal::NoMandate { .. } },
                Refused { index: importer, refusal: Refusal::NoMandate { .. } },
                NoReceipt { index: 0 },
                NoSubject,
                NoReceipt { index: last },
            ] if *importer == stated && *last == stated
        ),
        "{faults:#?}"
    );
    let mut none = whole;
    none.entries.clear();
    assert_eq!(fault(&none), BundleError::NotOpened);
}

#[test]
fn a_withheld_disclosure_leaves_a_bundle_that_says_less() {
    let story = log();
    let mut bundle = story.bundle_of(6);
    bundle.disclosures.clear();
    let verified = bundle.verify(Some(&story.anchors()), need).unwrap();
    assert_eq!(verified.disclosures, []);
}

#[test]
fn entries_stand_once_in_their_order_and_at_their_index() {
    let whole = log().bundle_of(6);
    for at in 1..whole.entries.len() {
        let mut swapped = whole.clone();
        swapped.entries.swap(at - 1, at);
        assert_eq!(fault(&swapped), BundleError::Order, "entry {at}");

        let mut doubled = whole.clone();
        doubled.entries.insert(at, whole.entries[at].clone());
        assert_eq!(fault(&doubled), BundleError::Order, "entry {at}");

        let mut renumbered = whole.clone();
        let (one, other) = (whole.entries[at - 1].index, whole.entries[at].index);
        renumbered.entries.swap(at - 1, at);
        (
            renumbered.entries[at - 1].index,
            renumbered.entries[at].index,
        ) = (one, other);
        assert!(matches!(fault(&renumbered), BundleError::Inclusion { index, .. } if index == one));
    }
}

#[test]
fn a_disclosure_that_no_statement_commits_to_is_refused() {
    let story = log();
    let mut bundle = story.bundle_of(6);
    bundle.disclosures = vec![note(7).encode()];
    assert_eq!(fault(&bundle), BundleError::Disclosure);
    bundle.disclosures = vec![b"prose".to_vec()];
    assert_eq!(fault(&bundle), BundleError::Disclosure);
    bundle.disclosures = vec![note(6).encode(), note(6).encode()];
    assert_eq!(fault(&bundle), BundleError::Order);
}

#[test]
fn a_self_consistent_bundle_of_another_node_is_foreign() {
    let (ours, other) = (log(), Story::of_records(2, 4, 40));
    let foreign = other.bundle_of(6);
    assert!(foreign.verify(None, need).is_ok());
    assert!(foreign.verify(Some(&other.anchors()), need).is_ok());
    assert_eq!(
        fault_under(&foreign, &ours.anchors()),
        BundleError::ForeignLog
    );

    // It does not help to name our log, nor to show our signed checkpoint.
    let mut renamed = foreign.clone();
    renamed.log = ours.log.key().to_string();
    assert!(matches!(
        fault_under(&renamed, &ours.anchors()),
        BundleError::Checkpoint(_)
    ));
    let mut dressed = ours.bundle_of(6);
    dressed.entries = foreign.entries;
    let fault = fault_under(&dressed, &ours.anchors());
    assert!(
        matches!(fault, BundleError::Inclusion { index: 0, .. }),
        "{fault:?}"
    );
}

#[test]
fn trust_anchors_of_another_realm_root_or_quorum_refuse_the_bundle() {
    let story = log();
    let bundle = story.bundle_of(6);
    let anchors = story.anchors();

    let exercise = Anchors {
        realm: "exercise/harbour".parse().unwrap(),
        ..anchors.clone()
    };
    assert_eq!(fault_under(&bundle, &exercise), BundleError::ForeignRealm);
    let root = Anchors {
        parties: vec![Story::opened(2).root],
        ..anchors.clone()
    };
    assert_eq!(fault_under(&bundle, &root), BundleError::ForeignRoot);
    let nobody = Anchors {
        parties: Vec::new(),
        ..anchors.clone()
    };
    assert_eq!(fault_under(&bundle, &nobody), BundleError::ForeignRoot);

    let stranger = CosignatureSigner::from_seed("witness.example.org", &[9; 32]).unwrap();
    let text = anchors.to_string();
    let witness = story.witness.as_ref().unwrap().key().to_string();
    let other: Anchors = text
        .replace(&witness, &stranger.key().to_string())
        .parse()
        .unwrap();
    assert_eq!(fault_under(&bundle, &other), BundleError::Unwitnessed);

    let mut unwitnessed = log();
    unwitnessed.witness = None;
    assert_eq!(
        fault_under(&unwitnessed.bundle_of(6), &anchors),
        BundleError::Unwitnessed
    );
    assert!(
        unwitnessed
            .bundle_of(6)
            .verify(Some(&unwitnessed.anchors()), need)
            .is_ok()
    );
}

#[test]
fn a_cosignature_is_explained_by_its_key_and_a_key_by_its_cosignature() {
    let mut story = log();
    let signed = story.bundle_of(6);
    let witness = story.witness.take();
    let plain = story.bundle_of(6);

    let keyless = Bundle {
        cosigners: Vec::new(),
        ..signed.clone()
    };
    assert_eq!(fault(&keyless), BundleError::UnknownLine);
    let lineless = Bundle {
        checkpoint: plain.checkpoint,
        ..signed.clone()
    };
    assert_eq!(fault(&lineless), BundleError::UnknownLine);
    let twice = Bundle {
        cosigners: [&signed.cosigners[..]; 2].concat(),
        ..signed.clone()
    };
    assert!(matches!(fault(&twice), BundleError::Cosigners(_)));
    let log_key = Bundle {
        cosigners: vec![signed.log.clone()],
        ..signed.clone()
    };
    assert!(matches!(fault(&log_key), BundleError::Cosigners(_)));

    // A cosignature of the same witness over another checkpoint.
    let witness = witness.unwrap();
    let elsewhere = story.checkpoint().note().text.replace("node.", "edge.");
    let line = witness.sign(&elsewhere, RECEIVED).unwrap();
    let moved = story.checkpoint().with_signatures([line]).unwrap();
    let moved = Bundle {
        checkpoint: moved.to_bytes(),
        ..signed
    };
    assert!(matches!(fault(&moved), BundleError::Cosigners(_)));
}

#[test]
fn a_log_is_opened_by_its_second_entry_with_its_own_key_and_origin() {
    let opened = |change: fn(Entry) -> Entry| {
        let mut story = Story::opened_in(1, Realm::Real, change);
        story.states(0);
        story.receives();
        story
            .bundle_of(0)
            .verify(Some(&story.anchors()), need)
            .map(|verified| verified.anchored)
    };
    assert_eq!(opened(|opening| opening), Ok(true));
    let other_key = opened(|opening| match opening {
        Entry::Opened {
            origin,
            cosigner_key,
            ..
        } => Entry::Opened {
            origin,
            log_key: [7; 32],
            cosigner_key,
        },
        other => other,
    });
    assert_eq!(other_key, Err(BundleError::NotOpened));
    let other_origin = opened(|opening| match opening {
        Entry::Opened {
            log_key,
            cosigner_key,
            ..
        } => {
            let origin = Code::literal("edge.example.org/log");
            Entry::Opened {
                origin,
                log_key,
                cosigner_key,
            }
        }
        other => other,
    });
    assert_eq!(other_origin, Err(BundleError::NotOpened));
}

#[test]
fn statements_of_two_realms_never_stand_in_one_bundle() {
    let mut story = Story::opened(1);
    let mut exercise = story.stated(0);
    exercise.realm = "exercise/harbour".parse().unwrap();
    let index = story.says(&exercise);
    story.receives();
    assert_eq!(
        fault(&story.bundle_of(0)),
        BundleError::OtherRealm { index }
    );
}

#[test]
fn a_statement_counts_only_with_the_receipt_that_covers_it() {
    let mut story = log();
    let index = story.states(1000);
    assert_eq!(
        fault(&story.bundle(record(1000), (0..=FIRST_RECEIPT).chain([index]))),
        BundleError::NoReceipt { index }
    );
    // A receipt speaks for the entries right before it, wherever its range points.
    let mut misplaced = story.draft();
    let receipt = Receipt {
        first: index,
        end: index + 1,
        received: RECEIVED,
        beside: None,
    };
    Entry::Received(receipt).write(&mut misplaced);
    story.states(1001);
    let at = story.says(&misplaced);
    assert_eq!(
        fault(&story.bundle(record(1000), (0..=FIRST_RECEIPT).chain([index, at]))),
        BundleError::NoReceipt { index }
    );
}

#[test]
fn what_a_revoked_key_signed_does_not_count_even_if_it_was_revoked_later() {
    let second = SigningKey::from_seed(&[77; 32]);
    let mut story = Story::opened(1);
    let added = story.acts(&Act::KeyAdded(second.public()));
    let stated = story.stated(0).sign(&second).unwrap();
    let index = story.appends(stated);
    let reason = Code::literal("compromised");
    let receipt = story.receives();
    let revoked = story.acts(&Act::KeyRevoked {
        key: second.id(),
        as_of: index,
        reason,
    });
    let last = story.receives();

    let before = (0..=FIRST_RECEIPT).chain([added, index, receipt]);
    let unaware = story.bundle(record(0), before.clone());
    assert!(unaware.verify(Some(&story.anchors()), need).is_ok());
    let aware = story.bundle(record(0), before.chain([revoked, last]));
    let refusal = Refusal::KeyRevoked {
        key: second.id(),
        revoked: index,
    };
    assert_eq!(fault(&aware), BundleError::Refused { index, refusal });

    let later = story.stated(1).sign(&second).unwrap();
    let later = story.appends(later);
    let latest = story.receives();
    let indexes = (0..=FIRST_RECEIPT).chain([added, receipt, revoked, last, later, latest]);
    let refusal = Refusal::KeyRevoked {
        key: second.id(),
        revoked: index,
    };
    assert_eq!(
        fault(&story.bundle(record(1), indexes)),
        BundleError::Refused {
            index: later,
            refusal
        }
    );
}

/// A log whose party has a second key, which grants a mandate to a further party; then the second
/// key is revoked as of that grant. Also where the further party states record 1.
fn cut() -> (Story, u64) {
    let [second, third] = [77, 78].map(|seed| SigningKey::from_seed(&[seed; 32]));
    let mut story = Story::opened(1);
    story.acts(&Act::KeyAdded(second.public()));
    let mut founding = story::draft(None, &Realm::Real);
    Act::Founded {
        key: third.public(),
        nature: Code::literal("body"),
    }
    .write(&mut founding);
    let founding = founding.sign(&third).unwrap();
    let importer = PartyId::from(founding.id());
    story.appends(founding);
    story.states(0);
    let mut grant = story.draft();
    Act::MandateGranted {
        to: importer,
        role: Code::literal("importer"),
        scope: None,
        from: None,
        until: None,
    }
    .write(&mut grant);
    let as_of = story.appends(grant.sign(&second).unwrap());
    let mut stated = story.stated(1);
    stated.issuer = Some(importer);
    let stated = story.appends(stated.sign(&third).unwrap());
    story.receives();
    story.acts(&Act::KeyRevoked {
        key: second.id(),
        as_of,
        reason: Code::literal("compromised"),
    });
    story.receives();
    (story, stated)
}

#[test]
fn what_was_stated_under_a_mandate_that_a_revocation_cut_does_not_count() {
    let (story, stated) = cut();
    let refusal = Refusal::NoMandate {
        party: story.entries[stated as usize].author(),
        role: "importer in harbour-survey".to_owned(),
    };
    let all = 0..story.entries.len() as u64;
    assert_eq!(
        fault(&story.bundle(record(1), all)),
        BundleError::Refused {
            index: stated,
            refusal
        }
    );
    let unaware = 0..=story.receipt_of(stated);
    assert!(story.bundle(record(1), unaware).verify(None, need).is_ok());
}

#[test]
fn what_was_done_to_keys_and_mandates_is_shown_as_taken_back_and_refutes_nothing() {
    let (story, stated) = cut();
    let others = (0..story.entries.len() as u64).filter(|index| *index != stated);
    let bundle = story.bundle(record(0), others);
    let verified = bundle.verify(Some(&story.anchors()), need).unwrap();
    let taken_back = verified.statements.iter().filter(|one| one.taken_back);
    let kinds: Vec<_> = taken_back.map(|one| one.statement.kind.as_str()).collect();
    assert_eq!(kinds, ["mandate.granted"]);
}

#[test]
fn a_receipt_that_a_revocation_took_back_proves_a_place_and_no_time() {
    let second = SigningKey::from_seed(&[77; 32]);
    let mut story = Story::opened(1);
    let added = story.acts(&Act::KeyAdded(second.public()));
    let first = story.receives();
    let stated = story.states(0);
    let end = stated + 1;
    let mut receipt = story.draft();
    Entry::Received(Receipt {
        first: stated,
        end,
        received: RECEIVED,
        beside: None,
    })
    .write(&mut receipt);
    let receipt = story.appends(receipt.sign(&second).unwrap());
    let revoked = story.acts(&Act::KeyRevoked {
        key: second.id(),
        as_of: receipt,
        reason: Code::literal("compromised"),
    });
    story.batches_from(revoked);
    let last = story.receives();
    let verified = story.bundle(record(0), 0..=last).verify(None, need);
    let verified = verified.unwrap().statements;
    let told = |index: u64| {
        let one = verified.iter().find(|one| one.index == index).unwrap();
        (one.taken_back, one.receipt_taken_back)
    };
    assert_eq!(told(receipt), (true, true));
    assert_eq!(told(stated), (false, true));
    for index in [added, first, revoked, last] {
        assert_eq!(told(index), (false, false), "{index}");
    }
}

#[test]
fn a_caller_cannot_ask_less_of_the_kinds_that_are_decided_here() {
    let third = SigningKey::from_seed(&[78; 32]);
    let mut story = Story::opened(1);
    let mut founding = story::draft(None, &Realm::Real);
    Act::Founded {
        key: third.public(),
        nature: Code::literal("body"),
    }
    .write(&mut founding);
    let founding = founding.sign(&third).unwrap();
    let stranger = PartyId::from(founding.id());
    story.appends(founding);
    story.states(0);
    let end = story.entries.len() as u64;
    let mut receipt = story.draft();
    receipt.issuer = Some(stranger);
    Entry::Received(Receipt {
        first: FIRST_RECEIPT + 1,
        end,
        received: RECEIVED,
        beside: None,
    })
    .write(&mut receipt);
    let index = story.appends(receipt.sign(&third).unwrap());
    let lax: Rule = |_| Some(Need::Known);
    let refused = story.bundle(record(0), 0..=index).verify(None, lax);
    let refusal = Refusal::NoMandate {
        party: stranger,
        role: "operator".to_owned(),
    };
    assert_eq!(
        refused.unwrap_err(),
        BundleError::Refused { index, refusal }
    );
}

#[test]
fn a_statement_signed_by_an_unknown_key_or_badly_does_not_count() {
    let mut story = Story::opened(1);
    let stranger = SigningKey::from_seed(&[78; 32]);
    let index = story.appends(story.stated(0).sign(&stranger).unwrap());
    story.receives();
    let refusal = Refusal::UnknownKey { key: stranger.id() };
    assert_eq!(
        fault(&story.bundle_of(0)),
        BundleError::Refused { index, refusal }
    );

    let mut story = Story::opened(1);
    let signed = story
        .stated(0)
        .sign(&SigningKey::from_seed(&[1; 32]))
        .unwrap();
    let mut forged = signed.into_entry();
    *forged.last_mut().unwrap() ^= 1;
    let index = story.appends(Statement::decode(forged).unwrap());
    story.receives();
    let fault = fault(&story.bundle_of(0));
    let signature = |fault| matches!(fault, BundleError::Refused { index: at, refusal: Refusal::Signature(_) } if at == index);
    assert!(signature(fault));
}

#[test]
fn an_import_beyond_the_mandate_does_not_count() {
    let mut story = Story::opened(1);
    let mut stated = story.stated(0);
    let elsewhere = Code::literal("elsewhere");
    stated
        .body
        .insert(Code::literal("source"), Coded::Code(elsewhere));
    let index = story.says(&stated);
    story.receives();
    let (party, role) = (story.root, "importer in elsewhere".to_owned());
    let refusal = Refusal::NoMandate { party, role };
    assert_eq!(
        fault(&story.bundle_of(0)),
        BundleError::Refused { index, refusal }
    );
}

#[test]
fn trust_anchors_leave_out_cosigners_that_they_do_not_hold() {
    let story = log();
    let mut bundle = story.bundle_of(6);
    // Anybody can make a key and give it the name of a witness.
    let stranger = CosignatureSigner::from_seed("witness.example.com", &[9; 32]).unwrap();
    let line = stranger
        .sign(&story.checkpoint().note().text, RECEIVED)
        .unwrap();
    let cosigned = story.checkpoint().with_signatures([line]).unwrap();
    bundle.checkpoint = cosigned.to_bytes();
    bundle.cosigners.push(stranger.key().to_string());
    let names = |anchors| {
        let verified = bundle.verify(anchors, need).unwrap();
        verified
            .cosigned
            .into_iter()
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(None), ["witness.example.org", "witness.example.com"]);
    assert_eq!(names(Some(&story.anchors())), ["witness.example.org"]);
}
