//! Signing in with what one holds, from the code to enter to the end of the account.

use ensign_authenticator::Authenticator;
use ensign_trust::account::Role;
use ensign_trust::id::AccountId;
use ensign_trust::logbook::LogName;

use super::{BEGIN, Place};
use crate::config::Address;
use crate::error::Error;
use crate::node::Node;
use crate::people::{Enrolled, MOST_PASSKEYS, SignedIn, one_time_code};
use crate::tests::emblems::holds;

const ORIGIN: &str = "https://node.example.org";

fn address() -> Address {
    Address::try_from(ORIGIN.to_owned()).unwrap()
}

/// Opens an account and enters it with a passkey alone.
fn entered(node: &Node, number: u8, roles: &[Role]) -> (AccountId, Authenticator, Enrolled) {
    let opened = node.open_account("Somebody Invented", roles, None).unwrap();
    let mut device = Authenticator::new(ORIGIN, number);
    let code = &opened.enrolment.code;
    let options = node.begin_passkey_enrolment(code, &address()).unwrap();
    let answer = device.create(&options);
    let enrolled = node.end_passkey_enrolment(code, &address(), &answer, "planted device");
    (opened.account, device, enrolled.unwrap())
}

fn sign_in(node: &Node, device: &mut Authenticator) -> Result<SignedIn, Error> {
    let options = node.begin_passkey_sign_in(&address());
    node.sign_in_with_passkey(&address(), &device.get(&options))
}

fn add(node: &Node, signed_in: &SignedIn, device: &mut Authenticator) -> Result<(), Error> {
    let session = node.session(&signed_in.cookie)?.unwrap();
    let options = node.begin_passkey(&session, &address())?;
    let answer = device.create(&options);
    node.end_passkey(session.account, &address(), &answer, " another ")
}

fn code<T>(refused: Result<T, Error>) -> &'static str {
    match refused {
        Ok(_) => "done",
        Err(error) => error.code(),
    }
}

#[test]
fn a_person_enters_with_a_passkey_alone_and_signs_in_with_it() {
    let place = Place::new(320);
    let node = place.init();
    for number in [1, 2] {
        let (account, mut device, enrolled) = entered(&node, number, &[]);
        assert_eq!(enrolled.recovery.len(), 10);
        assert_eq!(enrolled.signed_in.account, account);
        assert!(!node.has_password(account).unwrap());
        place.clock.set(BEGIN + 500);
        let signed_in = sign_in(&node, &mut device).unwrap();
        assert_eq!(signed_in.account, account);
        assert!(node.session(&signed_in.cookie).unwrap().is_some());
        let [row] = &node.passkeys(account).unwrap()[..] else {
            panic!("one passkey")
        };
        assert_eq!((row.label.as_str(), row.added), ("planted device", BEGIN));
        assert_eq!(row.used, Some(BEGIN + 500));
        place.clock.set(BEGIN);
    }
    let (account, mut device, _) = entered(&node, 3, &[]);
    drop(node);
    let node = place.open().unwrap();
    assert_eq!(sign_in(&node, &mut device).unwrap().account, account);
}

#[test]
fn a_challenge_is_good_once_for_five_minutes_and_for_what_it_was_given_out() {
    let place = Place::new(321);
    let node = place.init();
    let (account, mut device, enrolled) = entered(&node, 1, &[]);
    let options = node.begin_passkey_sign_in(&address());
    let answer = device.get(&options);
    let signed = |answer: &str| code(node.sign_in_with_passkey(&address(), answer));
    assert_eq!(signed(&answer), "done");
    assert_eq!(signed(&answer), "sign_in.refused", "replayed");
    assert_eq!(
        signed(&device.get(&options)),
        "sign_in.refused",
        "signed anew"
    );
    let options = node.begin_passkey_sign_in(&address());
    let answer = device.get(&options);
    place.clock.set(BEGIN + 300);
    assert_eq!(signed(&answer), "sign_in.refused", "lapsed");

    // A challenge to sign in adds nothing, and one to add lets nobody in.
    place.clock.set(BEGIN);
    let session = node.session(&enrolled.signed_in.cookie).unwrap().unwrap();
    let own = node.begin_passkey(&session, &address()).unwrap();
    let mut options: serde_json::Value = serde_json::from_str(&own).unwrap();
    let to_sign_in = node.begin_passkey_sign_in(&address());
    let to_sign_in: serde_json::Value = serde_json::from_str(&to_sign_in).unwrap();
    options["rpId"] = options["rp"]["id"].clone();
    assert_eq!(signed(&device.get(&options.to_string())), "sign_in.refused");
    options["challenge"] = to_sign_in["challenge"].clone();
    let mut other = Authenticator::new(ORIGIN, 2);
    let answer = other.create(&options.to_string());
    let added = |account, answer: &str| code(node.end_passkey(account, &address(), answer, "x"));
    assert_eq!(added(account, &answer), "passkey.refused");

    // One that was given out for an account adds nothing to another.
    let (another, ..) = entered(&node, 3, &[]);
    let own = node.begin_passkey(&session, &address()).unwrap();
    let answer = other.create(&own);
    assert_eq!(added(another, &answer), "passkey.refused");
    assert_eq!(added(account, &answer), "passkey.refused", "it is used up");
    let opened = node.open_account("Somebody else", &[], None).unwrap();
    let enrol = |answer: &str| {
        let code = &opened.enrolment.code;
        node.end_passkey_enrolment(code, &address(), answer, "x")
    };
    let own = node.begin_passkey(&session, &address()).unwrap();
    assert_eq!(code(enrol(&other.create(&own))), "passkey.refused");
    let own = node.begin_passkey_enrolment(&opened.enrolment.code, &address());
    let answer = other.create(&own.unwrap());
    assert_eq!(added(opened.account, &answer), "passkey.refused");
    assert_eq!(code(enrol(&answer)), "passkey.refused", "it is used up");
}

#[test]
fn whatever_is_wrong_with_a_passkey_is_refused_alike() {
    type Bend = fn(&mut Authenticator);
    let bends: [Bend; 7] = [
        |it| it.origin = "https://node.example.com".to_owned(),
        |it| it.host = Some("example.org".to_owned()),
        |it| it.flags = 0x01,
        |it| it.flags = 0x04,
        |it| it.framed = true,
        |it| it.count = 0,
        |it| it.ceremony = Some("webauthn.create"),
    ];
    let place = Place::new(322);
    let node = place.init();
    let (_, mut device, _) = entered(&node, 1, &[]);
    device.count = 7;
    assert!(sign_in(&node, &mut device).is_ok(), "it has signed 8 times");
    let said = |error: Error| (error.code(), error.to_string());
    let unknown = {
        let mut stranger = Authenticator::new(ORIGIN, 9);
        let user = serde_json::json!({ "id": "AAAA" });
        let rp = serde_json::json!({ "id": "node.example.org" });
        let options = serde_json::json!({ "challenge": "AAAA", "rp": rp, "user": user });
        stranger.create(&options.to_string());
        said(sign_in(&node, &mut stranger).unwrap_err())
    };
    assert_eq!(unknown.0, "sign_in.refused");
    for (number, bend) in bends.into_iter().enumerate() {
        place.clock.set(BEGIN + 1 + number as u64);
        let mut bent = device.clone();
        bend(&mut bent);
        assert_eq!(
            said(sign_in(&node, &mut bent).unwrap_err()),
            unknown,
            "{number}"
        );
    }
    let mut behind = device.clone();
    behind.count = 7;
    let back = said(sign_in(&node, &mut behind).unwrap_err());
    assert_eq!(back, unknown, "the counter went back: somebody has a copy");
    let text = node
        .sign_in_with_passkey(&address(), "no answer")
        .unwrap_err();
    assert_eq!(said(text), unknown);
    assert!(sign_in(&node, &mut device).is_ok());
}

#[test]
fn guesses_with_passkeys_share_the_rate_of_all_names() {
    let place = Place::new(323);
    let node = place.init();
    let (_, mut device, _) = entered(&node, 1, &[]);
    for _ in 0..10 {
        let guess = node.sign_in_with_passkey(&address(), "{}");
        assert_eq!(code(guess), "sign_in.refused");
    }
    assert_eq!(code(sign_in(&node, &mut device)), "sign_in.throttled");
    assert_eq!(code(node.sign_in("ada", "x", "x")), "sign_in.throttled");
    place.clock.set(BEGIN + 1);
    assert_eq!(code(sign_in(&node, &mut device)), "done");
}

#[test]
fn passkeys_are_added_soon_after_signing_in_and_removed_but_for_the_last_way_in() {
    let place = Place::new(324);
    let node = place.init();
    let (account, mut first, enrolled) = entered(&node, 1, &[]);
    let mut second = Authenticator::new(ORIGIN, 2);
    place.clock.set(BEGIN + 10 * 60);
    let late = add(&node, &enrolled.signed_in, &mut second);
    assert_eq!(code(late), "sign_in.not_fresh");
    let signed_in = sign_in(&node, &mut first).unwrap();
    add(&node, &signed_in, &mut second).unwrap();
    let rows = node.passkeys(account).unwrap();
    assert_eq!(rows[1].label, "another");
    let session = node.session(&signed_in.cookie).unwrap().unwrap();
    place.clock.set(session.since + 600);
    let late = node.remove_passkey(&session, &rows[0].passkey);
    assert_eq!(code(late), "sign_in.not_fresh", "it begins a session");
    place.clock.set(session.since + 599);
    assert_eq!(sign_in(&node, &mut second).unwrap().account, account);

    let removed = node.remove_passkey(&session, &rows[0].passkey).unwrap();
    assert!(
        node.session(&signed_in.cookie).unwrap().is_none(),
        "whoever else is signed in"
    );
    let session = node.session(&removed.cookie).unwrap().unwrap();
    assert_eq!(
        code(sign_in(&node, &mut first)),
        "sign_in.refused",
        "it is removed"
    );
    assert_eq!(
        code(node.remove_passkey(&session, &rows[0].passkey)),
        "passkey.unknown"
    );
    assert_eq!(code(node.remove_passkey(&session, "x")), "passkey.unknown");
    let last = node.remove_passkey(&session, &rows[1].passkey);
    assert_eq!(code(last), "passkey.last");
    let (_, _, other) = entered(&node, 3, &[]);
    let other = node.session(&other.signed_in.cookie).unwrap().unwrap();
    assert_eq!(
        code(node.remove_passkey(&other, &rows[1].passkey)),
        "passkey.unknown"
    );

    for number in 1..MOST_PASSKEYS as u8 {
        let mut device = Authenticator::new(ORIGIN, 20 + number);
        add(&node, &removed, &mut device).unwrap();
    }
    let more = add(&node, &removed, &mut Authenticator::new(ORIGIN, 99));
    assert_eq!(code(more), "passkey.most");
    drop(node);
    let node = place.open().unwrap();
    assert_eq!(node.passkeys(account).unwrap().len(), MOST_PASSKEYS);
}

#[test]
fn one_passkey_belongs_to_one_account_once() {
    let place = Place::new(325);
    let node = place.init();
    let (_, device, enrolled) = entered(&node, 1, &[]);
    let (_, _, other) = entered(&node, 2, &[]);
    // A device that makes the same passkey again.
    for signed_in in [&enrolled.signed_in, &other.signed_in] {
        let mut same = Authenticator::new(ORIGIN, 1);
        assert_eq!(code(add(&node, signed_in, &mut same)), "passkey.refused");
    }
    // A label is asked for before anything is used up.
    let session = node.session(&enrolled.signed_in.cookie).unwrap().unwrap();
    let options = node.begin_passkey(&session, &address()).unwrap();
    let answer = Authenticator::new(ORIGIN, 3).create(&options);
    let named = |label: &str| code(node.end_passkey(session.account, &address(), &answer, label));
    for label in ["", "  ", "a\u{7}", &"x".repeat(65)] {
        assert_eq!(named(label), "passkey.label");
    }
    assert_eq!(named("هاتفي"), "done");
    drop(device);
}

#[test]
fn a_recovery_code_lets_in_whoever_has_lost_every_passkey_and_has_no_password() {
    let place = Place::new(326);
    let node = place.init();
    let (account, _lost, enrolled) = entered(&node, 1, &[]);
    let code_text = enrolled.recovery[2].to_string();
    let mut device = Authenticator::new(ORIGIN, 2);
    let options = node
        .begin_passkey_enrolment(&code_text, &address())
        .unwrap();
    let answer = device.create(&options);
    let again = node
        .end_passkey_enrolment(&code_text, &address(), &answer, "new")
        .unwrap();
    assert_eq!(again.signed_in.account, account);
    assert_eq!(sign_in(&node, &mut device).unwrap().account, account);
    for used in [code_text.as_str(), enrolled.recovery[3].as_str()] {
        assert_eq!(
            code(node.can_enrol(used)),
            "enrolment.refused",
            "they were replaced"
        );
    }
    let session = node.session(&again.signed_in.cookie).unwrap().unwrap();
    place.clock.set(BEGIN + 600);
    let late = node.new_recovery_codes(&session);
    assert_eq!(code(late), "sign_in.not_fresh", "they let in by themselves");
    place.clock.set(BEGIN + 599);
    let fresh = node.new_recovery_codes(&session).unwrap();
    assert_eq!(
        code(node.can_enrol(&again.recovery[0])),
        "enrolment.refused"
    );
    assert_eq!(code(node.can_enrol(&fresh[0])), "done");

    // With a password they stand in for the second factor, and for nothing else.
    let begun = node
        .begin_enrolment(&fresh[1], "ada", "three rivers meet here")
        .unwrap();
    let one_time = one_time_code(&begun.secret, BEGIN + 599).unwrap();
    let entered = node.end_enrolment(&fresh[1], &one_time).unwrap();
    assert!(node.has_password(account).unwrap());
    assert_eq!(
        code(node.can_enrol(&entered.recovery[0])),
        "enrolment.refused"
    );
    let signed_in = node.sign_in("ada", "three rivers meet here", &entered.recovery[0]);
    assert_eq!(signed_in.unwrap().account, account);
    assert_eq!(sign_in(&node, &mut device).unwrap().account, account);
}

#[test]
fn another_code_to_enter_or_the_end_of_the_account_ends_its_passkeys() {
    let place = Place::new(327);
    let node = place.init();
    let (account, mut device, enrolled) = entered(&node, 1, &[]);
    node.enrol_again(&account.to_string(), None).unwrap();
    assert_eq!(code(sign_in(&node, &mut device)), "sign_in.refused");
    assert!(node.passkeys(account).unwrap().is_empty());
    let old = node.can_enrol(&enrolled.recovery[0]);
    assert_eq!(code(old), "enrolment.refused");

    let (account, mut device, _) = entered(&node, 2, &[]);
    let options = node.begin_passkey_sign_in(&address());
    let answer = device.get(&options);
    assert!(
        holds(&place.folder(), b"planted device").is_empty(),
        "a label lies open"
    );
    node.close_account(&account.to_string(), None).unwrap();
    let closed = node.sign_in_with_passkey(&address(), &answer);
    assert_eq!(code(closed), "sign_in.refused");
    assert!(node.rows_of("passkey", account).unwrap().is_empty());
}

#[test]
fn what_was_begun_before_others_were_signed_out_adds_nothing() {
    let place = Place::new(330);
    let node = place.init();
    let (account, _, enrolled) = entered(&node, 1, &[]);
    let session = node.session(&enrolled.signed_in.cookie).unwrap().unwrap();
    let id = account.to_string();
    type End = fn(&Node, AccountId, &str);
    let ends: [End; 3] = [
        |node, account, _| node.end_sessions(account).unwrap(),
        |node, _, id| drop(node.enrol_again(id, None).unwrap()),
        |node, _, id| drop(node.close_account(id, None).unwrap()),
    ];
    for (number, end) in (20..).zip(ends) {
        let options = node.begin_passkey(&session, &address()).unwrap();
        let answer = Authenticator::new(ORIGIN, number).create(&options);
        end(&node, account, &id);
        let added = node.end_passkey(account, &address(), &answer, "x");
        assert_eq!(code(added), "passkey.refused");
    }
}

#[test]
fn who_puts_another_key_into_the_vault_gains_nothing() {
    let place = Place::new(328);
    let node = place.init();
    let (account, mut device, _) = entered(&node, 1, &[]);
    let (_, mut other, _) = entered(&node, 3, &[]);
    let [row, foreign] = [account, sign_in(&node, &mut other).unwrap().account]
        .map(|it| node.rows_of("passkey", it).unwrap().remove(0));
    let cell = |row| ensign_store::Cell {
        table: "passkey",
        row,
        column: "value",
    };
    let mut kept: serde_json::Value =
        serde_json::from_slice(&node.vault.get(cell(&row)).unwrap().unwrap().value).unwrap();
    let others: serde_json::Value =
        serde_json::from_slice(&node.vault.get(cell(&foreign)).unwrap().unwrap().value).unwrap();
    kept["key"] = others["key"].clone();
    let kept = serde_json::to_vec(&kept).unwrap();
    node.vault
        .put(cell(&row), &account.to_string(), &kept)
        .unwrap();
    assert_eq!(code(sign_in(&node, &mut device)), "sign_in.refused");
}

#[test]
fn the_closed_log_tells_of_passkeys_under_half_a_digest() {
    let place = Place::new(329);
    let node = place.init();
    let (account, mut device, enrolled) = entered(&node, 1, &[]);
    add(
        &node,
        &enrolled.signed_in,
        &mut Authenticator::new(ORIGIN, 2),
    )
    .unwrap();
    let rows = node.passkeys(account).unwrap();
    let signed_in = sign_in(&node, &mut device).unwrap();
    let session = node.session(&signed_in.cookie).unwrap().unwrap();
    node.remove_passkey(&session, &rows[1].passkey).unwrap();
    let roster = node.roster();
    let known: Vec<_> = roster.account(account).unwrap().passkeys.iter().collect();
    assert_eq!(known.len(), 1);
    assert_eq!(data_encoding::HEXLOWER.encode(known[0]), rows[0].passkey);
    let log = node.views().log(LogName::Closed, None, 100).unwrap();
    let kinds: Vec<_> = log
        .rows
        .iter()
        .rev()
        .map(|row| row.kind.to_string())
        .filter(|kind| kind.starts_with("passkey."))
        .collect();
    assert_eq!(kinds, ["passkey.added", "passkey.added", "passkey.removed"]);
    assert!(
        log.rows
            .iter()
            .all(|row| row.refusal.is_none() && row.understood)
    );
}
