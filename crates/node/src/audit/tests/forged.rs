use ensign_trust::Statement;
use ensign_trust::chain::Head;
use ensign_trust::code::Code;
use ensign_trust::key::SigningKey;
use ensign_trust::log::vkey::LogSigner;
use ensign_trust::logbook::Receipt;
use ensign_trust::party::Act;

use super::forging::{ORIGIN, last};
use super::{Story, names, places};
use crate::tests::BEGIN;

/// An entry of the clinic's, in the middle of the log.
const TAMPERED: usize = 300;

fn foreign() -> SigningKey {
    SigningKey::from_seed(&[77; 32])
}

#[test]
fn rewriting_the_log_as_it_is_changes_nothing() {
    let story = Story::told(130);
    story.rewrite(&story.entries(), Some(&story.signer()));
    assert_eq!(places(&story.audit_with(Some(&story.anchors))), []);
}

#[test]
fn a_rewritten_entry_with_all_tiles_recomputed_does_not_lead_to_the_root() {
    let story = Story::told(131);
    let mut entries = story.entries();
    let mut draft = (*Statement::decode(entries[TAMPERED].as_slice()).unwrap()).clone();
    draft.claimed += 1;
    entries[TAMPERED] = draft.sign(&story.clinic.1).unwrap().into_entry();
    story.rewrite(&entries, None);
    let audit = story.audit();
    assert!(
        names(&audit, "log.root_differs", "log/public/checkpoint"),
        "{:?}",
        places(&audit)
    );
    assert!(names(&audit, "chain.broken", "public/301"));
}

#[test]
fn an_entry_signed_by_a_foreign_key_is_noticed_though_the_log_was_signed_again() {
    let story = Story::told(132);
    let mut entries = story.entries();
    let draft = (*Statement::decode(entries[TAMPERED].as_slice()).unwrap()).clone();
    entries[TAMPERED] = draft.sign(&foreign()).unwrap().into_entry();
    story.rewrite(&entries, Some(&story.signer()));
    let audit = story.audit();
    assert!(
        names(&audit, "key.unknown", "public/300"),
        "{:?}",
        places(&audit)
    );
    assert!(!names(&audit, "log.root_differs", "log/public/checkpoint"));
    assert_eq!(audit.logs[0].refused_total, 1);
    assert_eq!(
        (
            audit.logs[0].refused[0].index,
            audit.logs[0].refused[0].code
        ),
        (300, "key.unknown")
    );
}

#[test]
fn a_wrong_signature_is_noticed_though_the_log_was_signed_again() {
    let story = Story::told(133);
    let mut entries = story.entries();
    let length = entries[TAMPERED].len();
    entries[TAMPERED][length - 40] ^= 4;
    story.rewrite(&entries, Some(&story.signer()));
    let audit = story.audit();
    assert!(
        names(&audit, "statement.signature", "public/300"),
        "{:?}",
        places(&audit)
    );
    entries[TAMPERED][0] ^= 1;
    story.rewrite(&entries, Some(&story.signer()));
    let audit = story.audit();
    assert!(
        names(&audit, "statement.malformed", "public/300"),
        "{:?}",
        places(&audit)
    );
}

#[test]
fn a_checkpoint_signed_by_a_foreign_key_is_noticed() {
    let story = Story::told(134);
    let signer = LogSigner::from_seed(ORIGIN, &[78; 32]).unwrap();
    story.rewrite(&story.entries(), Some(&signer));
    let audit = story.audit();
    assert_eq!(
        places(&audit),
        [("log.checkpoint_signature", "log/public/checkpoint")]
    );
}

#[test]
fn a_forked_author_chain_is_noticed() {
    let story = Story::told(135);
    let (party, key) = &story.clinic;
    let entries = story.entries();
    let head = last(&entries, key).unwrap();
    let twin = Statement::decode(
        entries
            .iter()
            .rev()
            .find(|entry| Statement::decode(entry.as_slice()).unwrap().id() == head.id)
            .unwrap()
            .as_slice(),
    )
    .unwrap();
    let mut draft = story.draft(*party);
    draft.link = twin.link.clone();
    let place = format!("public/{}", entries.len());
    story.append(vec![draft.sign(key).unwrap()]);
    let audit = story.audit();
    assert_eq!(places(&audit), [("chain.broken", place.as_str())]);
}

#[test]
fn a_statement_signed_by_a_revoked_key_is_noticed_where_it_does_not_count() {
    let story = Story::told(136);
    let (party, key) = &story.clinic;
    let origin = Code::literal(ORIGIN);
    let entries = story.entries();
    let as_of = entries.len() as u64;
    let mut revocation = story.draft(*party);
    let reason = Code::literal("compromised");
    // It reaches back behind statements that counted when they were received.
    Act::KeyRevoked {
        key: key.id(),
        as_of: as_of - 9,
        reason,
    }
    .write(&mut revocation);
    revocation.link = Some(Head::next(last(&entries, key), &origin));
    let revocation = revocation.sign(key).unwrap();
    let head = Head {
        seq: revocation.link.as_ref().unwrap().seq,
        id: revocation.id(),
    };
    story.append(vec![revocation]);
    assert_eq!(places(&story.audit()), []);
    let mut late = story.draft(*party);
    late.link = Some(Head::next(Some(head), &origin));
    story.append(vec![late.sign(key).unwrap()]);
    let place = format!("public/{}", as_of + 2);
    assert_eq!(places(&story.audit()), [("key.revoked", place.as_str())]);
}

#[test]
fn receipts_that_leave_a_gap_or_go_back_in_time_are_noticed() {
    let story = Story::told(137);
    let (operator, key) = &story.operator;
    let entries = story.entries();
    let end = entries.len() as u64;
    for (first, received, code) in [
        (end, BEGIN, "receipt.time_backwards"),
        (end - 3, BEGIN + 6000, "receipt.range"),
    ] {
        let mut draft = story.draft(story.clinic.0);
        draft.link = Some(Head::next(
            last(&entries, &story.clinic.1),
            &Code::literal(ORIGIN),
        ));
        let mut grown = entries.clone();
        grown.push(draft.sign(&story.clinic.1).unwrap().into_entry());
        let receipt = Receipt {
            first,
            end: end + 1,
            received,
            beside: None,
        };
        grown.push(story.receipt(&grown, *operator, key, receipt).into_entry());
        story.rewrite(&grown, Some(&story.signer()));
        let place = format!("public/{}", end + 1);
        assert_eq!(places(&story.audit()), [(code, place.as_str())]);
    }
    story.rewrite(&entries[..entries.len() - 1], Some(&story.signer()));
    let place = format!("public/{}", end - 2);
    assert!(
        names(&story.audit(), "receipt.missing", &place),
        "{:?}",
        places(&story.audit())
    );
}
