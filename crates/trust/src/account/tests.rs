use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::matrix::{allows, cases};
use super::*;
use crate::Realm;
use crate::code::Code;
use crate::id::{AccountId, StatementId};
use crate::key::SigningKey;
use crate::party::Malformed;
use crate::statement::{Draft, Statement};

const A: AccountId = AccountId::from_bytes([1; 32]);
const B: AccountId = AccountId::from_bytes([2; 32]);
const C: AccountId = AccountId::from_bytes([3; 32]);

fn draft() -> Draft {
    Draft {
        issuer: Some(crate::PartyId::from_bytes([9; 32])),
        subject: None,
        claimed: 1,
        unique: [0; 16],
        kind: Code::literal("unset"),
        version: 1,
        realm: Realm::Real,
        link: None,
        refs: Vec::new(),
        body: Default::default(),
        sealed: Vec::new(),
    }
}

fn stated(act: &Act) -> Statement {
    let mut draft = draft();
    act.write(&mut draft);
    draft.sign(&SigningKey::from_seed(&[7; 32])).unwrap()
}

fn roster(acts: &[Act]) -> Roster {
    let take = |roster: Roster, (at, act): (usize, &Act)| roster.apply(&stated(act), at as u64);
    acts.iter().enumerate().fold(Roster::default(), take)
}

fn opened(account: AccountId) -> Act {
    Act::Opened { account, by: None }
}

fn granted(account: AccountId, role: Role) -> Act {
    Act::Granted {
        account,
        role,
        until: None,
        by: None,
    }
}

fn asked(by: Option<AccountId>, act: Action, assigned: &[AccountId]) -> Act {
    Act::Asked {
        act,
        about: Code::literal("pty_x"),
        assigned: assigned.to_vec(),
        by,
    }
}

/// One act of each kind, with all that it can say.
fn one_of_each() -> Vec<Act> {
    let request = StatementId::from_bytes([5; 32]);
    let (by, until) = (Some(B), Some(77));
    let token = vec![4; 16];
    vec![
        Act::Changed {
            account: A,
            credential: Credential::SecondFactor,
            by,
        },
        Act::Closed { account: A, by },
        Act::Granted {
            account: A,
            role: Role::Guardian,
            until,
            by,
        },
        Act::Opened { account: A, by },
        Act::Withdrawn {
            account: A,
            role: Role::Auditor,
            by,
        },
        Act::Done {
            act: Code::literal("key.change"),
            by,
        },
        Act::PasskeyAdded {
            account: A,
            passkey: vec![6; 16],
        },
        Act::PasskeyRemoved {
            account: A,
            passkey: vec![6; 16],
            by,
        },
        Act::Carried { request },
        Act::Approved { request, by: B },
        asked(by, Action::PersonIdentify, &[A, C]),
        Act::Recused { request, by: B },
        Act::Refused { request, by: B },
        Act::Retracted { request, by },
        Act::TokenMade {
            account: A,
            token: token.clone(),
            scopes: vec![Action::AuditRead, Action::StatementSubmit],
            until: 99,
        },
        Act::TokenRevoked {
            account: A,
            token,
            by,
        },
    ]
}

#[test]
fn every_act_is_read_back_as_it_was_written() {
    let all = one_of_each();
    let kinds: std::collections::BTreeSet<_> = all.iter().map(Act::kind).collect();
    assert_eq!(kinds, statement::KINDS.into_iter().collect());
    for act in all {
        let mut draft = draft();
        act.write(&mut draft);
        assert_eq!(Act::read(&draft), Some(Ok(act.clone())), "{act:?}");
        assert!(need(&draft).is_some());
        draft.version = 2;
        assert_eq!(Act::read(&draft), None, "another version is not understood");
    }
}

#[test]
fn every_field_that_is_missing_or_of_another_type_is_named() {
    let optional = ["until", "by", "assigned"];
    for act in one_of_each() {
        let mut whole = draft();
        act.write(&mut whole);
        for name in whole.body.keys() {
            let mut without = whole.clone();
            without.body.remove(name);
            let mut other = whole.clone();
            other.body.insert(name.clone(), crate::Coded::Bool(true));
            assert_eq!(
                Act::read(&other),
                Some(Err(Malformed(
                    KNOWN.into_iter().find(|it| name == it).unwrap()
                ))),
                "{name} of {act:?}"
            );
            let needed = !optional.contains(&name.as_str())
                || matches!((name.as_str(), &act), ("until", Act::TokenMade { .. }))
                || matches!(
                    (name.as_str(), &act),
                    (
                        "by",
                        Act::Approved { .. } | Act::Refused { .. } | Act::Recused { .. }
                    )
                );
            assert_eq!(
                matches!(Act::read(&without), Some(Err(_))),
                needed,
                "{name} of {act:?}"
            );
        }
    }
}

const KNOWN: [&str; 11] = [
    "about",
    "account",
    "act",
    "assigned",
    "by",
    "credential",
    "passkey",
    "role",
    "scopes",
    "token",
    "until",
];

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "only a test asks whether to rewrite its golden"
)]
fn the_matrix_is_as_written_down() {
    let mut text = String::from("# action sensitivity relation: the roles that may\n");
    let of_a_case: BTreeMap<_, Vec<_>> = cases().fold(BTreeMap::new(), |mut all, case| {
        let (action, sensitivity, relation, role) = case;
        let may = all.entry((action, sensitivity, relation)).or_default();
        if allows(role, action, sensitivity, relation) {
            may.push(role.code());
        }
        all
    });
    for ((action, sensitivity, relation), may) in of_a_case {
        let may = if may.is_empty() {
            "nobody".to_owned()
        } else {
            may.join(" ")
        };
        writeln!(text, "{action:17} {sensitivity:8} {relation:8}: {may}").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/account/matrix.txt");
    if std::env::var_os("ENSIGN_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, text,
        "read it, then write it anew with ENSIGN_BLESS=1"
    );
}

#[test]
fn what_the_matrix_allows_outside_the_cases_is_nothing() {
    let known: std::collections::BTreeSet<_> = cases()
        .filter(|(action, sensitivity, relation, role)| {
            allows(*role, *action, *sensitivity, *relation)
        })
        .collect();
    for action in Action::ALL {
        for sensitivity in Sensitivity::ALL {
            for relation in Relation::ALL {
                for role in Role::ALL {
                    let case = (*action, *sensitivity, *relation, *role);
                    let lower = !action.sensitivities().contains(sensitivity)
                        || *sensitivity == Sensitivity::Low;
                    let allowed = allows(*role, *action, *sensitivity, *relation);
                    assert!(!allowed || lower || known.contains(&case), "{case:?}");
                }
            }
        }
    }
}

#[test]
fn whoever_asked_or_stood_aside_never_approves() {
    for (action, sensitivity, relation, role) in cases() {
        let decides = [Action::RequestApprove, Action::RequestRefuse].contains(&action);
        if decides && [Relation::Author, Relation::Recused].contains(&relation) {
            assert!(
                !allows(role, action, sensitivity, relation),
                "{role} {action}"
            );
        }
    }
}

#[test]
fn an_account_may_what_its_roles_may_as_long_as_it_holds_them() {
    let until = Act::Granted {
        account: A,
        role: Role::Auditor,
        until: Some(100),
        by: None,
    };
    let roster = roster(&[opened(A), opened(B), until, granted(B, Role::Member)]);
    let may = |who, now| {
        roster.may(
            who,
            Action::AuditRead,
            Sensitivity::Severe,
            Relation::None,
            now,
        )
    };
    assert!(may(A, 99) && !may(A, 100), "a role lapses");
    assert!(!may(B, 0) && !may(C, 0), "no role, and no account");
    assert_eq!(
        roster.account(B).unwrap().held(0).count(),
        0,
        "nobody is granted membership"
    );
    let own = |now| {
        roster.may(
            B,
            Action::AuditRead,
            Sensitivity::Severe,
            Relation::Author,
            now,
        )
    };
    assert!(own(0));
    let closed = roster.clone().apply(
        &stated(&Act::Closed {
            account: A,
            by: None,
        }),
        50,
    );
    assert!(!closed.may(
        A,
        Action::AccountRead,
        Sensitivity::Moderate,
        Relation::Author,
        60
    ));
    let again = closed.apply(&stated(&opened(A)), 70);
    assert_eq!(
        again.account(A).unwrap().closed,
        Some(50),
        "closed is for good"
    );
}

#[test]
fn two_people_stand_behind_an_act() {
    let by_account = asked(Some(A), Action::KeyChange, &[]);
    let id = stated(&by_account).id();
    let yes = |by| Act::Approved { request: id, by };
    let outcome = |acts: &[Act]| {
        let all: Vec<Act> = [opened(A), opened(B), by_account.clone()]
            .into_iter()
            .chain(acts.to_vec())
            .collect();
        roster(&all).request(id).unwrap().outcome(0)
    };
    assert_eq!(outcome(&[]), Outcome::Open);
    assert_eq!(
        outcome(&[yes(A)]),
        Outcome::Open,
        "who asked is one already"
    );
    assert_eq!(outcome(&[yes(B)]), Outcome::Approved);
    let no = Act::Refused { request: id, by: C };
    assert_eq!(
        outcome(&[no.clone(), yes(B)]),
        Outcome::Refused(C),
        "a no is the end"
    );
    assert_eq!(
        outcome(&[yes(B), no]),
        Outcome::Refused(C),
        "also where it could not be done yet"
    );
    let back = Act::Retracted {
        request: id,
        by: Some(A),
    };
    assert_eq!(outcome(&[back, yes(B)]), Outcome::Withdrawn);
    let done = Act::Carried { request: id };
    assert_eq!(
        outcome(std::slice::from_ref(&done)),
        Outcome::Open,
        "nothing is done before"
    );
    assert_eq!(outcome(&[yes(B), done]), Outcome::Done);
    let gone = |account| Act::Closed { account, by: None };
    assert_eq!(
        outcome(&[gone(A), yes(B)]),
        Outcome::Withdrawn,
        "who asked is gone"
    );

    let by_folder = asked(None, Action::PlaceReveal, &[]);
    let id = stated(&by_folder).id();
    let yes = |by| Act::Approved { request: id, by };
    let aside = Act::Recused { request: id, by: B };
    let request = |acts: &[Act]| {
        let all: Vec<Act> = [by_folder.clone()]
            .into_iter()
            .chain(acts.to_vec())
            .collect();
        roster(&all).request(id).unwrap().clone()
    };
    assert_eq!(
        request(&[yes(B), yes(B)]).missing(),
        1,
        "the same person twice is one"
    );
    assert_eq!(request(&[yes(B), yes(C)]).outcome(0), Outcome::Approved);
    assert_eq!(request(&[yes(B), aside, yes(C)]).outcome(0), Outcome::Open);
    let closed = Act::Closed {
        account: B,
        by: None,
    };
    let acts = [opened(B), by_folder.clone(), yes(B), closed, yes(C)];
    let missing = roster(&acts).request(id).unwrap().missing();
    assert_eq!(missing, 1, "who is gone stands behind nothing");
}

#[test]
fn an_entry_is_as_sensitive_as_what_it_is_about() {
    let severe = asked(Some(A), Action::PersonIdentify, &[B]);
    let id = stated(&severe).id();
    let roster = roster(&[opened(A), severe.clone()]);
    let of = |act: &Act| {
        let entry = stated(act);
        (roster.sensitivity(&entry), roster.relation(&entry, A))
    };
    assert_eq!(of(&severe), (Sensitivity::Severe, Relation::Author));
    let yes = Act::Approved { request: id, by: B };
    assert_eq!(of(&yes), (Sensitivity::Severe, Relation::None));
    assert_eq!(of(&opened(A)), (Sensitivity::Moderate, Relation::Author));
    let mut strange = draft();
    strange.kind = Code::literal("unheard.of");
    assert_eq!(roster.sensitivity(&strange), Sensitivity::Severe);
    let mut opening = draft();
    opening.kind = Code::literal("log.received");
    assert_eq!(roster.sensitivity(&opening), Sensitivity::Low);
}
