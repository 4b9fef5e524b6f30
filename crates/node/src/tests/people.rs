//! Accounts, signing in, tokens, and what takes two people.

use ensign_trust::account::{Action, Outcome, Relation, Role, Sensitivity};
use ensign_trust::id::AccountId;
use ensign_trust::logbook::LogName;

use super::{BEGIN, Place};
use crate::command::Command;
use crate::node::Node;
use crate::people::{Asked, Enrolled, Refusal, one_time_code};
use crate::tests::emblems::holds;

const PASSWORD: &str = "three rivers meet here";

/// Opens an account and enters it, with the name to sign in.
fn entered(
    place: &Place,
    node: &Node,
    login: &str,
    roles: &[Role],
) -> (AccountId, String, Enrolled) {
    let opened = node.open_account("Somebody Invented", roles, None).unwrap();
    let begun = node
        .begin_enrolment(&opened.enrolment.code, login, PASSWORD)
        .unwrap();
    let secret = begun.secret.to_string();
    let code = one_time_code(&secret, crate::clock::Clock::now(&*place.clock)).unwrap();
    let enrolled = node.end_enrolment(&opened.enrolment.code, &code).unwrap();
    (opened.account, secret, enrolled)
}

fn code(error: crate::Error) -> &'static str {
    error.code()
}

#[test]
fn a_person_enters_signs_in_and_is_signed_out_when_nothing_happens() {
    let place = Place::new(300);
    let node = place.init();
    let (account, secret, enrolled) = entered(&place, &node, "Ada@example.org", &[]);
    assert_eq!(enrolled.recovery.len(), 10);
    let session = node.session(&enrolled.signed_in.cookie).unwrap().unwrap();
    assert_eq!(session.account, account);
    node.sign_out(&enrolled.signed_in.cookie).unwrap();
    assert_eq!(node.session(&enrolled.signed_in.cookie).unwrap(), None);

    let used = one_time_code(&secret, BEGIN).unwrap();
    let again = node
        .sign_in("ada@example.org", PASSWORD, &used)
        .unwrap_err();
    assert_eq!(code(again), "sign_in.refused", "a code is good once");
    place.clock.set(BEGIN + 60);
    let fresh = one_time_code(&secret, BEGIN + 60).unwrap();
    let signed_in = node.sign_in(" ADA@example.org ", PASSWORD, &fresh).unwrap();
    place.clock.set(BEGIN + 60 + 29 * 60);
    assert!(node.session(&signed_in.cookie).unwrap().is_some());
    drop(node);
    let node = place.open().unwrap();
    place.clock.set(BEGIN + 60 + 58 * 60);
    assert!(
        node.session(&signed_in.cookie).unwrap().is_some(),
        "using it kept it"
    );
    place.clock.set(BEGIN + 60 + 88 * 60);
    assert!(node.session(&signed_in.cookie).unwrap().is_none());
    let mut at = BEGIN + 3 * 3600;
    place.clock.set(at);
    let signed_in = node
        .sign_in("ada@example.org", PASSWORD, &enrolled.recovery[3])
        .unwrap();
    let until = at + 12 * 3600;
    while at < until {
        assert!(node.session(&signed_in.cookie).unwrap().is_some());
        at += 20 * 60;
        place.clock.set(at);
    }
    assert!(
        node.session(&signed_in.cookie).unwrap().is_none(),
        "half a day is the end"
    );
    let twice = node.sign_in("ada@example.org", PASSWORD, &enrolled.recovery[3]);
    assert_eq!(code(twice.unwrap_err()), "sign_in.refused");
    assert_eq!(node.recovery_codes_left(account).unwrap(), 9);
}

#[test]
fn whatever_is_wrong_is_refused_alike_and_soon_unread() {
    let place = Place::new(301);
    let node = place.init();
    let (_, secret, _) = entered(&place, &node, "ada", &[]);
    let now = BEGIN + 90;
    place.clock.set(now);
    let good = one_time_code(&secret, now).unwrap();
    let refusal = |login: &str, password: &str, code: &str| {
        let error = node.sign_in(login, password, code).unwrap_err();
        (error.code(), error.to_string())
    };
    let wrong = refusal("ada", "another password", &good);
    assert_eq!(refusal("ada", PASSWORD, "000000"), wrong);
    assert_eq!(refusal("bob", PASSWORD, &good), wrong);
    assert_eq!(refusal("", "", ""), wrong);
    assert_eq!(refusal("ada", &"x".repeat(100_000), ""), wrong);
    for _ in 0..3 {
        refusal("ada", "guess", "");
        refusal("bob", "guess", "");
        place.clock.set(crate::clock::Clock::now(&*place.clock) + 1);
    }
    refusal("bob", "guess", "");
    refusal("bob", "guess", "");
    let ada = refusal("ada", PASSWORD, &good);
    assert_eq!(ada.0, "sign_in.throttled", "even what is right");
    assert_eq!(
        refusal("bob", "guess", "").0,
        "sign_in.throttled",
        "known or not"
    );
    place.clock.set(now + 70);
    let later = one_time_code(&secret, now + 70).unwrap();
    assert!(
        node.sign_in("ada", PASSWORD, &later).is_ok(),
        "nobody is kept out for long"
    );
}

#[test]
fn a_code_to_enter_is_good_once_and_three_days() {
    let place = Place::new(302);
    let node = place.init();
    let opened = node.open_account("Somebody", &[], None).unwrap();
    let enter = opened.enrolment.code.to_uppercase();
    let begin = |login: &str, password: &str| node.begin_enrolment(&enter, login, password);
    assert_eq!(
        code(begin("ada", "too short").unwrap_err()),
        "enrolment.password"
    );
    assert_eq!(code(begin(" ", PASSWORD).unwrap_err()), "enrolment.login");
    assert_eq!(
        code(node.end_enrolment(&enter, "123456").unwrap_err()),
        "enrolment.refused"
    );
    let begun = begin("ada", PASSWORD).unwrap();
    assert_eq!(
        code(node.end_enrolment(&enter, "12345").unwrap_err()),
        "enrolment.second_factor"
    );
    let one_time = one_time_code(&begun.secret, BEGIN).unwrap();
    node.end_enrolment(&enter, &one_time).unwrap();
    assert_eq!(
        code(begin("ada", PASSWORD).unwrap_err()),
        "enrolment.refused"
    );
    let other = node
        .open_account("Somebody else", &[], None)
        .unwrap()
        .enrolment;
    let taken = node.begin_enrolment(&other.code, "ADA", PASSWORD);
    assert_eq!(code(taken.unwrap_err()), "enrolment.login");
    place.clock.set(other.until);
    let late = node.begin_enrolment(&other.code, "bob", PASSWORD);
    assert_eq!(code(late.unwrap_err()), "enrolment.refused");
}

#[test]
fn another_code_to_enter_ends_all_that_was() {
    let place = Place::new(303);
    let node = place.init();
    let (account, secret, enrolled) = entered(&place, &node, "ada", &[]);
    let token = node.make_token(account, &[Action::AccountRead], 1).unwrap();
    let again = node.enrol_again(&account.to_string(), None).unwrap();
    assert!(node.session(&enrolled.signed_in.cookie).unwrap().is_none());
    assert!(node.tokened(&token.secret).is_err());
    place.clock.set(BEGIN + 60);
    let now = one_time_code(&secret, BEGIN + 60).unwrap();
    assert_eq!(
        code(node.sign_in("ada", PASSWORD, &now).unwrap_err()),
        "sign_in.refused"
    );
    let begun = node
        .begin_enrolment(&again.enrolment.code, "ada", PASSWORD)
        .unwrap();
    let now = one_time_code(&begun.secret, BEGIN + 60).unwrap();
    node.end_enrolment(&again.enrolment.code, &now).unwrap();
}

#[test]
fn roles_are_statements_and_outlive_the_process() {
    let place = Place::new(304);
    let node = place.init();
    let (admin, ..) = entered(&place, &node, "ada", &[Role::Administrator]);
    let (other, ..) = entered(&place, &node, "bob", &[]);
    let (admin_id, other_id) = (admin.to_string(), other.to_string());
    let grant = |by, to: &str| node.grant_role(to, Role::Auditor, Some(BEGIN + 50), by);
    assert_eq!(
        code(grant(Some(other), &admin_id).unwrap_err()),
        "account.not_allowed"
    );
    assert_eq!(
        code(grant(Some(admin), &admin_id).unwrap_err()),
        "account.not_allowed",
        "not oneself"
    );
    grant(Some(admin), &other_id).unwrap();
    let member = node.grant_role(&other_id, Role::Member, None, None);
    assert_eq!(code(member.unwrap_err()), "account.membership");
    let last = node.withdraw_role(&admin_id, Role::Administrator, Some(admin));
    assert_eq!(code(last.unwrap_err()), "account.last_administrator");
    let last = node.close_account(&admin_id, Some(admin));
    assert_eq!(code(last.unwrap_err()), "account.last_administrator");
    drop(node);
    let node = place.open().unwrap();
    let all = node.accounts(Some(admin)).unwrap();
    assert_eq!(all.len(), 2);
    let held = all.iter().find(|row| row.account == other).unwrap();
    assert_eq!(
        (held.roles[0].role, held.roles[0].until),
        (Role::Auditor, Some(BEGIN + 50))
    );
    place.clock.set(BEGIN + 50);
    assert!(
        node.account_row(other).unwrap().roles.is_empty(),
        "a role lapses"
    );
    assert_eq!(
        node.accounts(Some(other)).unwrap().len(),
        1,
        "a member sees its own"
    );
}

#[test]
fn nothing_of_a_person_is_in_the_folder_once_the_account_is_closed() {
    let place = Place::new(305);
    let node = place.init();
    let opened = node.open_account("Ottoline Planted", &[], None).unwrap();
    let id = opened.account.to_string();
    node.begin_enrolment(&opened.enrolment.code, "planted-login", PASSWORD)
        .unwrap();
    for text in [
        "Ottoline Planted",
        "planted-login",
        PASSWORD,
        opened.enrolment.code.as_str(),
    ] {
        assert!(
            holds(&place.folder(), text.as_bytes()).is_empty(),
            "{text} lies open"
        );
    }
    assert_eq!(node.own_name(opened.account).unwrap(), "Ottoline Planted");
    node.close_account(&id, None).unwrap();
    assert!(node.own_name(opened.account).is_err());
    // As if the node had stopped between the statement and the destroying.
    let cell = ensign_store::Cell {
        table: "account",
        row: &id,
        column: "value",
    };
    node.vault.put(cell, &id, b"left behind").unwrap();
    drop(node);
    let node = place.open().unwrap();
    assert!(node.own_name(opened.account).is_err());
    assert!(node.vault.keys().find_data_key(&id).unwrap().is_none());
    assert_eq!(
        code(node.close_account(&id, None).unwrap_err()),
        "account.closed"
    );
}

#[test]
fn a_token_does_what_it_is_for_until_it_ends() {
    let place = Place::new(306);
    let node = place.init();
    let (account, ..) = entered(&place, &node, "ada", &[]);
    let made = node
        .make_token(account, &[Action::StatementSubmit], 2)
        .unwrap();
    let tokened = node.tokened(&made.secret).unwrap();
    assert_eq!(tokened.account, account);
    assert!(tokened.permits(Action::StatementSubmit).is_ok());
    assert_eq!(
        code(tokened.permits(Action::AuditRead).unwrap_err()),
        "token.scope"
    );
    assert_eq!(
        code(
            node.make_token(account, &[Action::RequestApprove], 2)
                .unwrap_err()
        ),
        "token.scope"
    );
    assert!(node.make_token(account, &[], 2).is_err());
    assert!(node.make_token(account, &[Action::AuditRead], 367).is_err());
    assert!(node.tokened(&made.secret.to_uppercase()).is_err());
    assert_eq!(node.tokens(account).len(), 1);
    place.clock.set(made.until);
    assert_eq!(
        code(node.tokened(&made.secret).unwrap_err()),
        "token.refused"
    );
    let other = node.make_token(account, &[Action::AuditRead], 2).unwrap();
    node.revoke_token(&account.to_string(), &other.token, Some(account))
        .unwrap();
    assert_eq!(
        code(node.tokened(&other.secret).unwrap_err()),
        "token.refused"
    );
}

#[test]
fn keys_change_when_two_people_want_it() {
    let place = Place::new(307);
    let node = place.init();
    let party = node.operator().to_string();
    let rotate = Command::KeyRotate {
        party: party.clone(),
    };
    rotate.run(&node, &mut |_| ()).unwrap();
    let (ada, ..) = entered(&place, &node, "ada", &[Role::Administrator]);
    let (bob, ..) = entered(&place, &node, "bob", &[Role::Guardian]);
    let (eve, ..) = entered(&place, &node, "eve", &[Role::Registrar]);
    let keys = || node.keys(Some(&party)).unwrap().len();
    let before = keys();
    let waits = rotate.run(&node, &mut |_| ()).unwrap_err();
    let crate::Error::Person(Refusal::Waits { request }) = waits else {
        panic!("{waits:?}")
    };
    let id = request.to_string();
    assert_eq!(node.approve(&id, ada).unwrap().missing, 1);
    assert_eq!(
        code(node.approve(&id, eve).unwrap_err()),
        "account.not_allowed"
    );
    assert_eq!(
        node.approve(&id, ada).unwrap().missing,
        1,
        "the same person is one"
    );
    assert_eq!(keys(), before);
    let done = node.approve(&id, bob).unwrap();
    assert_eq!((done.outcome, keys()), ("done", before + 1));
    assert_eq!(code(node.refuse(&id, bob).unwrap_err()), "request.decided");

    let asked = Asked::KeyAdd {
        party: party.clone(),
    };
    assert_eq!(
        code(node.ask_for(&asked, &[], Some(bob)).unwrap_err()),
        "account.not_allowed"
    );
    let request = node.ask_for(&asked, &[], Some(ada)).unwrap();
    assert_eq!(
        node.ask_for(&asked, &[], Some(ada)).unwrap(),
        request,
        "asked twice"
    );
    let id = request.to_string();
    assert_eq!(
        code(node.approve(&id, ada).unwrap_err()),
        "account.not_allowed",
        "not one's own"
    );
    assert!(
        node.request(&id, Some(eve)).is_err(),
        "nobody sees what is not theirs to see"
    );
    node.recuse(&id, bob).unwrap();
    assert_eq!(
        code(node.approve(&id, bob).unwrap_err()),
        "account.not_allowed"
    );
    node.withdraw_request(&id, Some(ada)).unwrap();
    assert_eq!(
        node.roster().request(request).unwrap().outcome(BEGIN),
        Outcome::Withdrawn
    );
    drop(node);
    let node = place.open().unwrap();
    assert_eq!(node.requests(Some(ada)).unwrap().len(), 2);
    assert_eq!(node.requests(Some(eve)).unwrap().len(), 0);
}

#[test]
fn who_somebody_is_is_told_to_whoever_asked_once_one_who_was_named_agrees() {
    let place = Place::new(308);
    let node = place.init();
    let (auditor, ..) = entered(&place, &node, "ada", &[Role::Auditor]);
    let (named, ..) = entered(&place, &node, "bob", &[Role::Guardian]);
    let (other, ..) = entered(&place, &node, "eve", &[Role::Guardian]);
    let asked = Asked::PersonIdentify {
        account: other.to_string(),
    };
    let nobody = node.ask_for(&asked, &[], Some(auditor));
    assert_eq!(code(nobody.unwrap_err()), "request.nobody_approves");
    let wrong = node.ask_for(&asked, &[auditor.to_string()], Some(auditor));
    assert_eq!(code(wrong.unwrap_err()), "request.assigned");
    let id = node
        .ask_for(&asked, &[named.to_string()], Some(auditor))
        .unwrap()
        .to_string();
    assert_eq!(
        code(node.approve(&id, other).unwrap_err()),
        "account.not_allowed"
    );
    assert!(node.request(&id, Some(other)).is_err());
    assert_eq!(node.request(&id, Some(auditor)).unwrap().answer, None);
    node.approve(&id, named).unwrap();
    let told = node.request(&id, Some(auditor)).unwrap().answer.unwrap();
    assert_eq!(told["name"], "Somebody Invented");
    assert_eq!(
        node.request(&id, Some(named)).unwrap().answer,
        None,
        "not to whoever agreed"
    );
    node.withdraw_role(&auditor.to_string(), Role::Auditor, None)
        .unwrap();
    let told = node.request(&id, Some(auditor)).unwrap().answer;
    assert_eq!(told, None, "nor to whoever may not ask any more");
    node.grant_role(&auditor.to_string(), Role::Auditor, None, None)
        .unwrap();
    node.close_account(&other.to_string(), None).unwrap();
    let told = node.request(&id, Some(auditor)).unwrap().answer;
    assert_eq!(told, None, "what was told of somebody goes with them");
    let rows = node.vault.stored().rows("request", None, 10).unwrap();
    let answer = ensign_store::Cell {
        table: "request",
        row: &rows[0],
        column: "answer",
    };
    assert!(node.vault.stored().get(answer).unwrap().is_none());
}

#[test]
fn what_people_do_is_in_the_closed_log_and_says_nothing_of_them() {
    let place = Place::new(309);
    let node = place.init();
    let (account, ..) = entered(&place, &node, "ada", &[Role::Auditor]);
    let log = node.views().log(LogName::Closed, None, 100).unwrap();
    let kinds: Vec<_> = log
        .rows
        .iter()
        .rev()
        .map(|row| row.kind.to_string())
        .collect();
    let of_people: Vec<_> = kinds
        .iter()
        .filter(|it| it.starts_with("account."))
        .collect();
    assert_eq!(
        of_people,
        [
            "account.opened",
            "account.granted",
            "account.changed",
            "account.changed"
        ]
    );
    assert!(
        log.rows
            .iter()
            .all(|row| row.refusal.is_none() && row.understood)
    );
    let public = node.views().log(LogName::Public, None, 100).unwrap();
    assert!(
        public
            .rows
            .iter()
            .all(|row| !row.kind.as_str().starts_with("account."))
    );
    let may = |sensitivity| {
        node.permit(
            Some(account),
            Action::AuditRead,
            sensitivity,
            Relation::None,
        )
        .is_ok()
    };
    assert!(may(Sensitivity::Severe));
}

#[test]
fn what_is_left_of_somebody_whose_key_is_gone_keeps_nobody_out() {
    let place = Place::new(310);
    let node = place.init();
    let (ada, ..) = entered(&place, &node, "ada", &[]);
    let (bob, secret, _) = entered(&place, &node, "bob", &[]);
    // As out of a backup of records with later data keys.
    node.vault.keys().destroy(&ada.to_string()).unwrap();
    place.clock.set(BEGIN + 60);
    let now = one_time_code(&secret, BEGIN + 60).unwrap();
    let signed_in = node.sign_in("bob", PASSWORD, &now).unwrap();
    assert_eq!(node.sessions(bob).unwrap(), 2);
    assert!(node.session(&signed_in.cookie).unwrap().is_some());
    assert_eq!(
        code(node.sign_in("ada", PASSWORD, "123456").unwrap_err()),
        "sign_in.refused"
    );
    drop(node);
    place.open().unwrap();
}

#[test]
fn what_one_person_reads_takes_nothing_back_that_others_did_meanwhile() {
    let place = Place::new(311);
    let node = place.init();
    let (auditor, ..) = entered(&place, &node, "ada", &[Role::Auditor]);
    let (other, ..) = entered(&place, &node, "bob", &[]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..40 {
                let _ = node.read_closed(None, 5, Some(auditor));
                let _ = node.requests(Some(auditor));
            }
        });
        for role in Role::ALL
            .iter()
            .filter(|it| **it != Role::Member)
            .cycle()
            .take(40)
        {
            node.grant_role(&other.to_string(), *role, None, None)
                .unwrap();
            node.withdraw_role(&other.to_string(), *role, None).unwrap();
            assert!(node.account_row(other).unwrap().roles.is_empty());
        }
    });
    let now = node.roster().clone();
    drop(node);
    assert_eq!(*place.open().unwrap().roster(), now);
}

#[test]
fn nobody_makes_another_decide_alone() {
    let place = Place::new(320);
    let node = place.init();
    let (ada, ..) = entered(&place, &node, "ada", &[Role::Administrator]);
    let (bob, ..) = entered(&place, &node, "bob", &[Role::Guardian]);
    let (eve, ..) = entered(&place, &node, "eve", &[]);
    let alone = |role| node.grant_role(&eve.to_string(), role, None, Some(ada));
    for role in [Role::Administrator, Role::Guardian] {
        assert_eq!(code(alone(role).unwrap_err()), "request.takes_two");
        let opened = node.open_account("Another", &[role], Some(ada));
        assert_eq!(code(opened.unwrap_err()), "request.takes_two");
    }
    alone(Role::Auditor).unwrap();
    let anew = node.enrol_again(&bob.to_string(), Some(ada));
    assert_eq!(code(anew.unwrap_err()), "request.takes_two");
    assert!(node.enrol_again(&eve.to_string(), Some(ada)).is_ok());

    let grant = |account: AccountId| Asked::AccountGrant {
        account: account.to_string(),
        role: "guardian".to_owned(),
        until: None,
    };
    let own = node.ask_for(&grant(ada), &[], Some(ada)).unwrap_err();
    assert_eq!(code(own), "account.not_allowed", "not oneself");
    let about_the_other = node.ask_for(&grant(bob), &[], Some(ada)).unwrap_err();
    let why = "the one whom it is about does not count";
    assert_eq!(code(about_the_other), "request.nobody_approves", "{why}");
    let id = node.ask_for(&grant(eve), &[], Some(ada)).unwrap();
    assert_eq!(node.approve(&id.to_string(), bob).unwrap().outcome, "done");
    assert!(node.decides(eve));

    // Now that two could agree without it, whoever holds the folder waits for them too.
    let enrol = Command::AccountEnrol {
        account: bob.to_string(),
    };
    let waits = enrol.run(&node, &mut |_| ()).unwrap_err();
    let crate::Error::Person(Refusal::Waits { request }) = waits else {
        panic!("{waits:?}")
    };
    let id = request.to_string();
    assert_eq!(
        code(node.approve(&id, bob).unwrap_err()),
        "account.not_allowed",
        "not about oneself"
    );
    node.approve(&id, ada).unwrap();
    assert_eq!(node.approve(&id, eve).unwrap().outcome, "done");
    let told = node.request(&id, None).unwrap().answer.unwrap();
    assert_eq!(told["account"], bob.to_string());
    assert!(told["code"].is_string());
    let open = Command::AccountOpen {
        name: "Another".to_owned(),
        roles: vec!["guardian".to_owned()],
    };
    assert_eq!(
        code(open.run(&node, &mut |_| ()).unwrap_err()),
        "request.takes_two"
    );
}

#[test]
fn a_request_is_not_done_after_its_time_nor_on_the_word_of_who_may_not_any_more() {
    let place = Place::new(321);
    let node = place.init();
    let party = node.operator().to_string();
    let (ada, ..) = entered(&place, &node, "ada", &[Role::Administrator]);
    let (bob, ..) = entered(&place, &node, "bob", &[Role::Guardian]);
    let (eve, ..) = entered(&place, &node, "eve", &[Role::Guardian]);
    let asked = Asked::KeyAdd {
        party: party.clone(),
    };
    let keys = || node.keys(Some(&party)).unwrap().len();
    let before = keys();

    let id = node.ask_for(&asked, &[], None).unwrap().to_string();
    node.approve(&id, bob).unwrap();
    node.withdraw_role(&bob.to_string(), Role::Guardian, None)
        .unwrap();
    assert_eq!(code(node.approve(&id, eve).unwrap_err()), "request.lapsed");
    node.withdraw_request(&id, None).unwrap();

    let late = node.ask_for(&asked, &[], Some(ada)).unwrap().to_string();
    place.clock.set(BEGIN + ensign_trust::account::LAPSE + 1);
    assert_eq!(
        node.request(&late, Some(ada)).unwrap().row.outcome,
        "lapsed"
    );
    assert_eq!(
        code(node.approve(&late, eve).unwrap_err()),
        "request.lapsed"
    );
    assert_eq!(keys(), before);
    let anew = node.ask_for(&asked, &[], Some(ada)).unwrap().to_string();
    assert_ne!(anew, late);
    assert_eq!(node.approve(&anew, eve).unwrap().outcome, "done");
    assert_eq!(keys(), before + 1);
}

#[test]
fn an_act_that_was_begun_when_the_node_stopped_is_not_done_again_unasked() {
    let place = Place::new(322);
    let node = place.init();
    let party = node.operator().to_string();
    let (ada, ..) = entered(&place, &node, "ada", &[Role::Administrator]);
    let (bob, ..) = entered(&place, &node, "bob", &[Role::Guardian]);
    let asked = Asked::KeyAdd {
        party: party.clone(),
    };
    let id = node.ask_for(&asked, &[], Some(ada)).unwrap().to_string();
    // As if the node had stopped between the doing and the statement that it is done.
    let cell = ensign_store::Cell {
        table: "request",
        row: &id,
        column: "begun",
    };
    node.vault.put(cell, "node", b"begun").unwrap();
    let before = node.keys(Some(&party)).unwrap().len();
    assert_eq!(code(node.approve(&id, bob).unwrap_err()), "request.unsure");
    assert_eq!(node.keys(Some(&party)).unwrap().len(), before);
    node.withdraw_request(&id, Some(ada)).unwrap();

    // What cannot be done says so, keeps the agreement, and is tried again when it is agreed to again.
    let gone = node.found_party("Somebody", "organisation").unwrap().party;
    let asked = Asked::SubjectErase {
        subject: gone.to_string(),
        ground: "safety".to_owned(),
    };
    let id = node.ask_for(&asked, &[], Some(ada)).unwrap().to_string();
    node.erase_subject(&gone.to_string(), "safety").unwrap();
    for _ in 0..2 {
        assert_eq!(code(node.approve(&id, bob).unwrap_err()), "request.undone");
    }
    assert_eq!(
        node.request(&id, Some(ada)).unwrap().row.outcome,
        "approved"
    );
}
