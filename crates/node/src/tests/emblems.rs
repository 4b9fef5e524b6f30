use std::num::NonZero;

use super::{BEGIN, Place, files};
use crate::asset::{AssetAnswer, AssetQuestion, AssetRequest};
use crate::audit::{self, Options};
use crate::authority::AuthorityRequest;
use crate::command::Command;
use crate::emblem::{EmblemRequest, EmblemStated, EndorsementRequest, MisuseRequest};
use crate::error::Error;
use crate::folder::Folder;
use crate::node::Node;

use ensign_mark::asset::Outcome;
use ensign_store::Kek;
use ensign_trust::AssetId;

const YEAR: u64 = 31_536_000;
const PORTAL: &str = "portal.planted.example";

fn founded(node: &Node, name: &str) -> String {
    node.found_party(name, "body").unwrap().party.to_string()
}

fn request(party: &str) -> AssetRequest {
    AssetRequest {
        party: party.to_owned(),
        kind: "domain".to_owned(),
        identifier: PORTAL.to_owned(),
        permanent: false,
        public: false,
        bearer: None,
        law: "gc-i".to_owned(),
        authority: None,
        from: None,
        until: Some(BEGIN + YEAR),
        replaces: None,
    }
}

fn issued(node: &Node, asset: AssetId) -> Result<EmblemStated, Error> {
    node.issue_emblem(&EmblemRequest {
        asset: asset.to_string(),
        purposes: vec!["protective".to_owned()],
        from: None,
        until: BEGIN + YEAR,
        party: None,
        key: None,
    })
}

/// A portal that a ministry endorses, which one party recognises.
fn marked(node: &Node, asset: AssetRequest) -> (AssetId, EmblemStated, String) {
    let state = founded(node, "Invented Republic");
    let protective = vec!["protective".to_owned()];
    let ministry = node
        .publish_emblem_key(&state, Some("https://ministry.example"))
        .unwrap();
    let recognised = node
        .recognise_authority(&AuthorityRequest {
            party: state.clone(),
            organisation: "https://ministry.example".to_owned(),
            keys: vec![ministry.key.unwrap()],
            purposes: protective.clone(),
            kinds: Vec::new(),
            law: "gc-i".to_owned(),
            from: None,
            until: None,
            policy: None,
            supersedes: None,
        })
        .unwrap();
    let hospital = asset.party.clone();
    let own = node
        .publish_emblem_key(&hospital, Some("https://hospital.example"))
        .unwrap();
    node.endorse_key(&EndorsementRequest {
        party: state,
        key: own.key.unwrap(),
        purposes: protective,
        from: None,
        until: BEGIN + YEAR,
        last: false,
        with: None,
        log_from: None,
    })
    .unwrap();
    let asset = node.register_asset(&asset).unwrap().asset;
    let emblem = issued(node, asset).unwrap();
    (asset, emblem, recognised.statement.to_string())
}

fn outcome(node: &Node, asked: &str) -> Outcome {
    match node
        .show_asset(asked, None, &AssetQuestion::default())
        .unwrap()
    {
        AssetAnswer::Asset(page) => page.row.row.answer.outcome,
        AssetAnswer::Identifier { outcome, .. } => outcome,
    }
}

pub(super) fn holds(folder: &std::path::Path, planted: &[u8]) -> Vec<std::path::PathBuf> {
    let mut found = files(folder);
    found.retain(|path| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(planted.len()).any(|window| window == planted)
    });
    found
}

#[test]
fn an_asset_is_registered_marked_recognised_and_found_by_its_name() {
    let place = Place::new(80);
    let node = place.init();
    let hospital = founded(&node, "Invented Hospital");
    let (asset, emblem, recognition) = marked(&node, request(&hospital));
    assert!(emblem.token.is_some());
    assert_eq!(outcome(&node, PORTAL), Outcome::Recognised);
    assert_eq!(outcome(&node, "other.example"), Outcome::NoEntry);
    let shown = node.show_emblem(&emblem.statement.to_string(), &AssetQuestion::default());
    assert_eq!(shown.unwrap().name, emblem.token);
    let listed = node.list_assets(Some("domain"), None, &AssetQuestion::default());
    assert_eq!(listed.unwrap()[0].name.as_deref(), Some(PORTAL));

    place.clock.set(BEGIN + 100);
    node.withdraw_authority(&recognition, "policy").unwrap();
    assert_eq!(outcome(&node, PORTAL), Outcome::Declared);
    let earlier = AssetQuestion {
        at: Some(BEGIN + 50),
        ..AssetQuestion::default()
    };
    let AssetAnswer::Asset(page) = node.show_asset(&asset.to_string(), None, &earlier).unwrap()
    else {
        panic!("an id names one asset");
    };
    assert_eq!(page.row.then.outcome, Outcome::Recognised);
    node.revoke_emblem(&emblem.statement.to_string(), "lost")
        .unwrap();
    assert_eq!(outcome(&node, PORTAL), Outcome::Revoked);
    let again = node
        .revoke_emblem(&emblem.statement.to_string(), "lost")
        .unwrap_err();
    assert_eq!(again.code(), "emblem.ended");
    place.clock.set(BEGIN + 2 * YEAR);
    assert_eq!(outcome(&node, PORTAL), Outcome::Expired);
}

#[test]
fn nothing_in_a_stopped_node_s_folder_tells_what_a_removable_asset_is() {
    let place = Place::new(81);
    let node = place.init();
    let hospital = founded(&node, "Invented Hospital");
    let (asset, emblem, _) = marked(&node, request(&hospital));
    let token = emblem.token.unwrap();
    drop(node);
    let folder = place.folder();
    assert_eq!(
        holds(&folder, PORTAL.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );
    assert_eq!(
        holds(&folder, token.as_bytes()),
        Vec::<std::path::PathBuf>::new()
    );

    let node = place.open().unwrap();
    assert_eq!(
        outcome(&node, PORTAL),
        Outcome::Recognised,
        "here it can be opened"
    );
    let register = node.views().register();
    let known = register.assets.asset(asset).unwrap();
    let sealed = known.sealed(&register.emblems);
    assert_eq!(sealed.len(), 2, "an identifier and a token");
    drop(register);
    let stated = node.withdraw_asset(&asset.to_string(), "moved").unwrap();
    assert_eq!(stated.identifier_kept, "erased");
    for digest in &sealed {
        assert!(node.disclosed_here(digest).unwrap().is_none());
    }
    assert_eq!(outcome(&node, PORTAL), Outcome::NoEntry);
    assert_eq!(outcome(&node, &asset.to_string()), Outcome::Withdrawn);
    assert!(
        node.vault
            .keys()
            .find_data_key(&asset.to_string())
            .unwrap()
            .is_none()
    );
    let rows = node.vault.stored().rows("disclosure", None, 1_000).unwrap();
    for digest in &sealed {
        assert!(!rows.contains(&data_encoding::HEXLOWER.encode(digest)));
    }
    drop(node);
    for digest in &sealed {
        // Of a sealed value even the name of its row is gone from the vault.
        let name = data_encoding::HEXLOWER.encode(digest);
        let found = holds(&folder, name.as_bytes());
        assert_eq!(found, Vec::<std::path::PathBuf>::new());
    }
    let again = place.open().unwrap();
    let refused = again
        .withdraw_asset(&asset.to_string(), "moved")
        .unwrap_err();
    assert_eq!(refused.code(), "asset.withdrawn_before");
}

#[test]
fn an_erasure_that_was_broken_off_is_finished_at_the_next_start() {
    let place = Place::new(82);
    let node = place.init();
    let hospital = founded(&node, "Invented Hospital");
    let asset = node.register_asset(&request(&hospital)).unwrap().asset;
    // The tombstone is in the log; the node stopped before it destroyed anything.
    let register = node.views().register();
    let party = hospital.parse().unwrap();
    let acts = ensign_mark::asset::withdraw(
        &register.assets,
        &register.emblems,
        party,
        asset,
        ensign_trust::Code::literal("moved"),
    );
    drop(register);
    let drafts = acts.unwrap().into_iter().map(|act| {
        let mut draft = node.draft(Some(party));
        act.write(&mut draft);
        draft
    });
    let key = node.key_now(party, None).unwrap();
    let public = ensign_trust::logbook::LogName::Public;
    node.state_as(public, party, &key, drafts.collect())
        .unwrap();
    assert_eq!(
        outcome(&node, PORTAL),
        Outcome::NoEntry,
        "the tombstone counts at once"
    );
    let owner = asset.to_string();
    assert!(node.vault.keys().find_data_key(&owner).unwrap().is_some());
    drop(node);
    let node = place.open().unwrap();
    assert!(node.vault.keys().find_data_key(&owner).unwrap().is_none());
    let rows = node.vault.stored().rows("disclosure", None, 1_000).unwrap();
    let register = node.views().register();
    for digest in register.assets.asset(asset).unwrap().erased.keys() {
        assert!(!rows.contains(&data_encoding::HEXLOWER.encode(digest)));
    }
}

#[test]
fn only_a_public_identifier_is_shown_to_others() {
    let place = Place::new(83);
    let node = place.init();
    let hospital = founded(&node, "Invented Hospital");
    let sealed_of = |request: &AssetRequest| {
        let stated = node.register_asset(request).unwrap();
        let register = node.views().register();
        let asset = register.assets.asset(stated.asset).unwrap();
        (stated.identifier_kept, asset.sealed(&register.emblems))
    };
    let (kept, restricted) = sealed_of(&request(&hospital));
    assert_eq!(kept, "restricted");
    assert!(node.disclosed(&restricted[0]).unwrap().is_none());
    assert!(node.disclosed_here(&restricted[0]).unwrap().is_some());
    let public = AssetRequest {
        public: true,
        ..request(&hospital)
    };
    let (kept, public) = sealed_of(&public);
    assert_eq!(kept, "public");
    assert!(node.disclosed(&public[0]).unwrap().is_some());
    let permanent = AssetRequest {
        permanent: true,
        ..request(&hospital)
    };
    assert_eq!(sealed_of(&permanent), ("permanent", Vec::new()));
    let both = AssetRequest {
        permanent: true,
        public: true,
        ..request(&hospital)
    };
    assert_eq!(
        node.register_asset(&both).unwrap_err().code(),
        "command.argument"
    );
    let place_in_clear = AssetRequest {
        permanent: true,
        kind: "place".to_owned(),
        identifier: "+10.00000+010.00000/".to_owned(),
        ..request(&hospital)
    };
    assert_eq!(
        node.register_asset(&place_in_clear).unwrap_err().code(),
        "asset.place"
    );
}

#[test]
fn an_asset_that_no_token_can_mark_is_marked_by_a_statement() {
    let place = Place::new(84);
    let node = place.init();
    let hospital = founded(&node, "Invented Hospital");
    let ambulance = AssetRequest {
        kind: "vehicle".to_owned(),
        identifier: "AB-123-CD".to_owned(),
        ..request(&hospital)
    };
    let (asset, emblem, _) = marked(&node, ambulance);
    assert_eq!(emblem.token, None);
    assert_eq!(outcome(&node, &asset.to_string()), Outcome::Recognised);
    let as_vehicle = node.show_asset("AB-123-CD", Some("vehicle"), &AssetQuestion::default());
    let AssetAnswer::Identifier { outcome, .. } = as_vehicle.unwrap() else {
        panic!("an identifier is no id");
    };
    assert_eq!(outcome, Outcome::Recognised);
    let alleged = node
        .allege_misuse(&MisuseRequest {
            party: hospital,
            asset: asset.to_string(),
            emblem: Some(emblem.statement.to_string()),
            act: "other-use".to_owned(),
            grade: "reported".to_owned(),
            from: BEGIN,
            until: None,
            evidence: vec!["ab".repeat(32)],
        })
        .unwrap();
    node.withdraw_misuse(&alleged.statement.to_string())
        .unwrap();
    let again = node
        .withdraw_misuse(&alleged.statement.to_string())
        .unwrap_err();
    assert_eq!(again.code(), "emblem.ended");
}

#[test]
fn a_folder_with_emblems_is_audited_without_a_finding() {
    let place = Place::new(85);
    let node = place.init();
    let hospital = founded(&node, "Invented Hospital");
    let (asset, _, _) = marked(&node, request(&hospital));
    node.withdraw_asset(&asset.to_string(), "moved").unwrap();
    node.register_asset(&request(&hospital)).unwrap();
    drop(node);
    let key = std::fs::read_to_string(place.folder().with_extension("key")).unwrap();
    let options = Options {
        screen: false,
        kek: Some(Kek::from_hex(&key).unwrap()),
        cores: NonZero::new(2).unwrap(),
    };
    let folder = Folder::at(place.folder());
    let audited = audit::audit(&folder, None, options, &mut |_| ()).unwrap();
    assert_eq!(audited.findings, []);
    let public = &audited.logs[0];
    assert_eq!((public.refused_total, public.not_understood), (0, 0));
    assert_eq!(public.kinds["asset.erased"], 1);
}

#[test]
fn a_command_with_fields_that_nobody_knows_is_refused() {
    let line = serde_json::json!({ "command": "asset-withdraw", "asset": "a", "reason": "b" });
    assert!(serde_json::from_value::<Command>(line.clone()).is_ok());
    let mut more = line;
    more["now"] = true.into();
    assert!(serde_json::from_value::<Command>(more).is_err());
    let asset = serde_json::to_value(Command::AssetRegister(request("pty_x"))).unwrap();
    let read: Command = serde_json::from_value(asset.clone()).unwrap();
    assert_eq!(read, Command::AssetRegister(request("pty_x")));
    let mut more = asset;
    more["now"] = true.into();
    assert!(serde_json::from_value::<Command>(more).is_err());
}
