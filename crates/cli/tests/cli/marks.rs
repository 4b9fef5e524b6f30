//! An asset on its way from its registration to its removal.

use serde_json::Value;

use crate::Place;

fn party(place: &Place, name: &str) -> String {
    let founded = place.ask(&[
        "party", "found", "--name", name, "--type", "body", "--dir", "node",
    ]);
    text(&founded["party"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The words with the node's folder behind them.
fn at<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [words, &["--dir", "node"]].concat()
}

#[test]
fn an_asset_is_registered_marked_shown_and_removed() {
    let place = Place::with_node();
    let (state, hospital) = (party(&place, "Republic"), party(&place, "Hospital"));
    let key = |party: &str, organisation: &str| {
        let words = ["emblem", "key", party, "--organisation", organisation];
        text(&place.ask(&at(&words))["key"])
    };
    let root = key(&state, "https://ministry.example");
    let own = key(&hospital, "https://hospital.example");
    let organisation = "https://ministry.example";
    let recognise = [
        "authority",
        "recognise",
        organisation,
        "--by",
        &state,
        "--key",
        &root,
        "--purpose",
        "protective",
        "--law",
        "gc-i",
    ];
    place.ask(&at(&recognise));
    let until = "2100-01-01T00:00:00Z";
    let endorse = [
        "emblem",
        "endorse",
        &own,
        "--by",
        &state,
        "--purpose",
        "protective",
        "--until",
        until,
    ];
    place.ask(&at(&endorse));

    let nothing = place
        .run(&at(&["asset", "show", "portal.hospital.example"]))
        .done();
    assert!(
        nothing.starts_with("No entry, which does not mean unprotected."),
        "{nothing}"
    );
    let nothing = place.ask(&at(&["asset", "show", "portal.hospital.example"]));
    assert_eq!(nothing["note"]["code"], "not-unprotected");
    let register = [
        "asset",
        "register",
        "domain",
        "portal.hospital.example",
        "--by",
        &hospital,
        "--law",
        "gc-i",
    ];
    let registered = place.ask(&at(&register));
    assert_eq!(registered["identifier_kept"], "restricted");
    let asset = text(&registered["asset"]);
    let issue = [
        "emblem",
        "issue",
        &asset,
        "--purpose",
        "protective",
        "--until",
        until,
    ];
    let issued = place.ask(&at(&issue));
    assert!(!text(&issued["token"]).is_empty());

    let shown = place.ask(&at(&["asset", "show", "portal.hospital.example"]));
    assert_eq!(shown["outcome"], "recognised");
    let by = &shown["assets"][0]["recognised"][0];
    assert_eq!(
        (&by["by"], &by["authority"]),
        (&state.into(), &organisation.into())
    );
    let told = place.run(&at(&["asset", "show", &asset])).done();
    for words in [
        "Recognised by Republic (pty_",
        "through the authority https://ministry.example",
        "No policy was named.",
        "Until 1 January 2100",
        "the First Geneva Convention of 1949",
        "Red cross, red crescent or red crystal, protective use",
        "portal.hospital.example",
        "standing",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let listed = place.run(&at(&["authority", "list"])).done();
    assert!(listed.contains(organisation), "{listed}");
    let emblems = place.ask(&at(&["emblem", "list"]));
    assert_eq!(emblems["emblems"][0]["status"], "standing");

    let anchors = ["trust", "export", "-o", "anchors.txt"];
    place.run(&at(&anchors)).done();
    let export = ["export", "asset", &asset, "-o", "asset.ensign"];
    place.run(&at(&export)).done();
    let verify = ["verify", "asset.ensign", "--trust", "anchors.txt"];
    let verified = place.ask(&verify);
    assert_eq!(verified["outcome"], "recognised");
    let by = &verified["recognised"][0];
    assert_eq!(
        (&by["by"], &by["until"]),
        (&"Republic".into(), &4_102_444_800_u64.into())
    );
    let told = place.run(&verify).done();
    for words in ["Recognised by an authority", "Republic", organisation] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("portal.hospital.example"), "sealed: {told}");
    let early = [&verify[..], &["--index", "2"]].concat();
    assert_eq!(place.ask(&early)["outcome"], "no-entry");
    // A size that the log has not had is no question.
    let beyond = ["--index", "1000000"];
    for words in [
        [&verify[..], &beyond].concat(),
        at(&[&["asset", "show", &asset][..], &beyond].concat()),
        at(&[&["asset", "list"][..], &beyond].concat()),
        at(&[&["emblem", "list"][..], &beyond].concat()),
        at(&[&["authority", "list"][..], &beyond].concat()),
        at(&[&["term", "eval"][..], &beyond].concat()),
    ] {
        let said = place.run(&words).failed(2);
        assert!(said.contains("1000000 is not a size that "), "{said}");
        assert!(said.contains(" entries"), "{said}");
    }
    assert_eq!(place.run(&verify[..2]).code, 4);
    let reveal = ["export", "asset", &asset, "--reveal", "-o", "open.ensign"];
    place.run(&at(&reveal)).done();
    let told = place
        .run(&["verify", "open.ensign", "--trust", "anchors.txt"])
        .done();
    assert!(told.contains("portal.hospital.example"), "{told}");

    let size = place.ask(&at(&["asset", "show", &asset]))["size"].to_string();
    let withdraw = ["asset", "withdraw", &asset, "--reason", "moved"];
    let withdrawn = place.run(&at(&withdraw)).done();
    assert!(withdrawn.contains("erased"), "{withdrawn}");
    let told = place.run(&at(&["asset", "show", &asset])).done();
    for words in [
        "Withdrawn ",
        "Withdrawn on ",
        " by Hospital (pty_",
        ": it moved.",
        "does not mean unprotected",
    ] {
        assert_eq!(told.matches(words).count(), 1, "{words}: {told}");
    }
    // The file of an earlier size still says what was said then.
    let early = ["export", "asset", &asset, "--index", &size];
    let early = [&early[..], &["-o", "early.ensign"]].concat();
    let exported = place.ask(&at(&early));
    assert_eq!(exported["size"].to_string(), size);
    let verify = ["verify", "early.ensign", "--trust", "anchors.txt"];
    let verified = place.ask(&verify);
    assert_eq!(verified["outcome"], "recognised");
    assert_eq!(verified["index"].to_string(), size);
    let told = place.run(&verify).done();
    assert!(told.contains("answers for log size"), "{told}");
    let late = ["export", "asset", &asset, "-o", "late.ensign"];
    place.run(&at(&late)).done();
    let verified = place.ask(&["verify", "late.ensign", "--trust", "anchors.txt"]);
    assert_eq!(verified["outcome"], "withdrawn");
    let beyond = [&export[..3], &["--index", "1000000", "-o", "x.ensign"]].concat();
    let said = place.run(&at(&beyond)).failed(2);
    assert!(said.contains("1000000 is not a size that "), "{said}");
    let unborn = [&export[..3], &["--index", "2", "-o", "x.ensign"]].concat();
    place.run(&at(&unborn)).failed(1);
    let gone = place.ask(&at(&["asset", "show", "portal.hospital.example"]));
    assert_eq!(
        (&gone["outcome"], &gone["assets"]),
        (&"no-entry".into(), &Value::Array(vec![]))
    );
    let again = place.run(&at(&withdraw)).failed(1);
    assert!(again.contains("the asset was withdrawn before"), "{again}");
    place.run(&["verify", "node"]).done();
}

#[test]
fn of_several_assets_of_a_name_each_that_ended_says_how_when_and_by_whom() {
    let place = Place::with_node();
    let name = "portal.hospital.example";
    let register = |party: &str| {
        let words = ["asset", "register", "domain", name, "--by", party];
        let asset = place.ask(&at(
            &[&words[..], &["--law", "gc-i", "--permanent"]].concat()
        ));
        text(&asset["asset"])
    };
    let (hospital, clinic) = (party(&place, "Hospital"), party(&place, "Clinic"));
    let (first, second) = (register(&hospital), register(&clinic));
    let shown = place.ask(&at(&["asset", "show", name]));
    let cautions = shown["cautions"].as_array().unwrap();
    assert_eq!(cautions.len(), 1, "{shown}");
    assert_eq!(cautions[0]["code"], "caution-also-registered");
    assert_eq!(cautions[0]["about"], second.as_str());
    let own = place.ask(&at(&["asset", "show", &second]));
    assert_eq!(own["cautions"][0]["about"], first.as_str());
    let told = place.run(&at(&["asset", "show", &second])).done();
    assert!(
        told.contains(&format!("the same identifier too, as {first}")),
        "{told}"
    );

    let withdraw = ["asset", "withdraw", &second, "--reason", "mistaken"];
    place.ask(&at(&withdraw));
    let told = place.run(&at(&["asset", "show", name])).done();
    let line = format!("{second}: Withdrawn on ");
    let line = told.lines().find(|it| it.starts_with(&line));
    let line = line.unwrap_or_else(|| panic!("{told}"));
    assert!(line.contains(" by Clinic (pty_"), "{line}");
    assert!(line.ends_with(": it was a mistake."), "{line}");
    assert!(!told.contains(&format!("{first}: ")), "{told}");
    let shown = place.ask(&at(&["asset", "show", name]));
    assert_eq!(shown["assets"][1]["withdrawn"]["reason"], "mistaken");
    assert_eq!(shown["cautions"], Value::Array(vec![]));

    let withdraw = ["asset", "withdraw", &first, "--reason", "moved"];
    place.ask(&at(&withdraw));
    let told = place.run(&at(&["asset", "show", name])).done();
    assert_eq!(told.matches("Withdrawn on ").count(), 2, "{told}");
    assert_eq!(told.matches("Withdrawn ").count(), 2, "{told}");
    let nothing = place.run(&at(&["asset", "show", "no.example"])).done();
    assert_eq!(
        nothing.matches("not mean unprotected").count(),
        1,
        "{nothing}"
    );
}

#[test]
fn an_asset_without_a_name_is_asked_for_in_vain() {
    let place = Place::with_node();
    let told = place.run(&at(&["asset", "show", ""])).failed(2);
    let expected = "an empty text is not the id of an asset, a domain, an address or a place";
    assert!(told.contains(expected), "{told}");
}
