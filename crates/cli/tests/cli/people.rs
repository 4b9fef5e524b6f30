//! Accounts on the command line, and what a command waits for where two people are needed.

use crate::Place;

#[test]
fn accounts_are_opened_and_keys_then_change_only_when_two_people_want_it() {
    let place = Place::with_node();
    let none = place.run(&["account", "list", "--dir", "node"]).done();
    assert_eq!(none, "No accounts.\n");
    let open = |name: &str, role: &str| {
        place.ask(&["account", "open", name, "--role", role, "--dir", "node"])
    };
    let ada = open("Planted Administrator", "administrator");
    assert_eq!(ada["code"].as_str().unwrap().len(), 26 + 6, "{ada}");
    let operator = place.ask(&["status", "--dir", "node"])["operator"].clone();
    let rotate = ["key", "rotate", operator.as_str().unwrap(), "--dir", "node"];
    place.run(&rotate).done();
    open("Planted Guardian", "guardian");
    let waits = place.run(&rotate).failed(1);
    assert!(waits.contains("waits for another person"), "{waits}");
    assert!(waits.contains("hint: two people agree to it at"), "{waits}");
    let listed = place.ask(&["request", "list", "--dir", "node"]);
    let request = listed["requests"][0]["request"].as_str().unwrap();
    assert_eq!(listed["requests"][0]["missing"], 2);
    let show = place
        .run(&["request", "show", request, "--dir", "node"])
        .done();
    assert!(show.contains("Change a party’s keys"), "{show}");
    let back = place.ask(&["request", "withdraw", request, "--dir", "node"]);
    assert_eq!(back["outcome"], "withdrawn");

    let id = ada["account"].as_str().unwrap();
    let end = ["--until", "2999-01-01T00:00:00Z", "--dir", "node"];
    let grant = ["account", "grant", id, "--role", "auditor"];
    let granted = place.run(&[&grant[..], &end].concat()).done();
    assert!(
        granted.contains("Auditor until 1 January 2999"),
        "{granted}"
    );
    let strange = ["account", "grant", id, "--role", "king", "--dir", "node"];
    let strange = place.run(&strange).failed(2);
    assert!(
        strange.contains("one of administrator, auditor"),
        "{strange}"
    );
    place
        .run(&[
            "account", "withdraw", id, "--role", "auditor", "--dir", "node",
        ])
        .done();
    place.run(&["account", "enrol", id, "--dir", "node"]).done();
    place.run(&["account", "close", id, "--dir", "node"]).done();
    let listed = place.run(&["account", "list", "--dir", "node"]).done();
    assert!(!listed.contains("Planted"), "{listed}");
    place.run(&["verify", "node"]).done();
}
