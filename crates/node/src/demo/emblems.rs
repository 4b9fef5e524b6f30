//! The part of the story about emblems: each hostile party recognises an authority of its own, and
//! both authorities stand by the hospital network's key.
//!
//! | asset | answer |
//! |---|---|
//! | the portal | recognised by both parties |
//! | the emergency desk's name | expired |
//! | the laboratory's name | revoked |
//! | the network | declared only |
//! | an ambulance | recognised by both parties; one of them alleges misuse |

use ensign_mark::emblem::Target;
use ensign_mark::name::NameError;
use ensign_mark::policy::{Honour, Policy, Terms};
use ensign_mark::{Kid, Purpose};
use ensign_trust::{AssetId, PartyId};

use crate::asset::{AssetQuestion, AssetRequest};
use crate::authority::AuthorityRequest;
use crate::emblem::{EmblemRequest, EndorsementRequest, MisuseRequest};
use crate::error::Error;
use crate::node::Node;

const DAY: u64 = 86_400;
const HOSPITAL: &str = "https://three-rivers.example";
const LAW: &str = "gc-i";

/// What the hospital network registers, and how its identifier is kept.
struct Thing {
    kind: &'static str,
    identifier: &'static str,
    kept: Kept,
    /// Days from now until its emblem ends; none where it bears no emblem.
    emblem: Option<i64>,
}

#[derive(PartialEq)]
enum Kept {
    Permanent,
    Public,
    Restricted,
}

const PORTAL: Thing = Thing {
    kind: "domain",
    identifier: "portal.three-rivers.example",
    kept: Kept::Public,
    emblem: Some(365),
};
const EMERGENCY: Thing = Thing {
    kind: "domain",
    identifier: "emergency.three-rivers.example",
    kept: Kept::Public,
    emblem: Some(-30),
};
const LABORATORY: Thing = Thing {
    kind: "domain",
    identifier: "laboratory.three-rivers.example",
    kept: Kept::Public,
    emblem: Some(365),
};
const NETWORK: Thing = Thing {
    kind: "network",
    identifier: "198.51.100.0/24",
    kept: Kept::Permanent,
    emblem: None,
};
const AMBULANCE: Thing = Thing {
    kind: "vehicle",
    identifier: "TR-AMB-07",
    kept: Kept::Restricted,
    emblem: Some(365),
};

/// Tells it; one that was broken off goes on where it stopped. `sides` are the hostile parties.
pub fn tell(node: &Node, sides: [PartyId; 2], hospital: PartyId) -> Result<(), Error> {
    let names = [
        "https://health.aranthia.example",
        "https://medical.belvoria.example",
    ];
    let own = published(node, hospital, HOSPITAL)?;
    for (side, name) in sides.into_iter().zip(names) {
        let root = published(node, side, name)?;
        recognise(node, side, name, root)?;
        endorse(node, side, own)?;
    }
    for thing in [PORTAL, EMERGENCY, LABORATORY, NETWORK, AMBULANCE] {
        let asset = registered(node, hospital, &thing)?;
        if let Some(days) = thing.emblem {
            mark(node, asset, days)?;
        }
    }
    revoke(node, registered(node, hospital, &LABORATORY)?)?;
    allege(node, sides[1], registered(node, hospital, &AMBULANCE)?)
}

/// The emblem key of a party.
fn published(node: &Node, party: PartyId, organisation: &str) -> Result<Kid, Error> {
    let first = |node: &Node| {
        let register = node.views().register();
        let key = register.emblems.keys_of(party).next();
        key.map(|(kid, _)| kid)
    };
    if first(node).is_none() {
        node.publish_emblem_key(&party.to_string(), Some(organisation))?;
    }
    first(node).ok_or_else(|| Error::NotFound {
        id: party.to_string(),
    })
}

fn recognise(node: &Node, by: PartyId, organisation: &str, root: Kid) -> Result<(), Error> {
    let is_known = {
        let register = node.views().register();
        let mut known = register.authorities.iter();
        known.any(|recognition| recognition.stated.by == by)
    };
    if is_known {
        return Ok(());
    }
    let request = AuthorityRequest {
        party: by.to_string(),
        organisation: organisation.to_owned(),
        keys: vec![root.to_string()],
        purposes: vec!["protective".to_owned()],
        kinds: Vec::new(),
        law: LAW.to_owned(),
        from: Some(days_from(node, -400)),
        until: None,
        policy: Some(policy(organisation)?.id().to_string()),
        supersedes: None,
    };
    node.recognise_authority(&request).map(drop)
}

/// The trust policy of a party: it honours the authority that it recognises, for the protective emblem.
fn policy(organisation: &str) -> Result<Policy, Error> {
    let unfit = |why: String| Error::Unfit {
        what: format!("the policy that honours {organisation}"),
        why,
    };
    let organisation = organisation.parse();
    let honour = Honour {
        purposes: Purpose::Protective.into(),
        ..Honour::of(organisation.map_err(|why: NameError| unfit(why.to_string()))?)
    };
    let terms = Terms {
        honours: vec![honour],
        ..Terms::default()
    };
    Policy::new(terms).map_err(|why| unfit(why.to_string()))
}

fn endorse(node: &Node, by: PartyId, key: Kid) -> Result<(), Error> {
    let is_known = {
        let register = node.views().register();
        let mut known = register.emblems.endorsements_of(key);
        known.any(|endorsed| endorsed.stated.by == by)
    };
    if is_known {
        return Ok(());
    }
    let request = EndorsementRequest {
        party: by.to_string(),
        key: key.to_string(),
        purposes: vec!["protective".to_owned()],
        from: Some(days_from(node, -400)),
        until: days_from(node, 400),
        last: false,
        with: None,
        log_from: None,
    };
    node.endorse_key(&request).map(drop)
}

fn registered(node: &Node, by: PartyId, thing: &Thing) -> Result<AssetId, Error> {
    let known = node.list_assets(Some(thing.kind), None, &AssetQuestion::default())?;
    let mut known = known.into_iter();
    if let Some(known) = known.find(|shown| shown.name.as_deref() == Some(thing.identifier)) {
        return Ok(known.row.asset);
    }
    let request = AssetRequest {
        party: by.to_string(),
        kind: thing.kind.to_owned(),
        identifier: thing.identifier.to_owned(),
        permanent: thing.kept == Kept::Permanent,
        public: thing.kept == Kept::Public,
        bearer: None,
        law: LAW.to_owned(),
        authority: None,
        from: Some(days_from(node, -300)),
        until: None,
        replaces: None,
    };
    Ok(node.register_asset(&request)?.asset)
}

fn mark(node: &Node, asset: AssetId, days: i64) -> Result<(), Error> {
    if node
        .views()
        .register()
        .emblems
        .of_asset(asset)
        .next()
        .is_some()
    {
        return Ok(());
    }
    let request = EmblemRequest {
        asset: asset.to_string(),
        purposes: vec!["protective".to_owned()],
        from: Some(days_from(node, -300)),
        until: days_from(node, days),
        party: None,
        key: None,
    };
    node.issue_emblem(&request).map(drop)
}

fn revoke(node: &Node, asset: AssetId) -> Result<(), Error> {
    let register = node.views().register();
    let Some(emblem) = register.emblems.of_asset(asset).next() else {
        return Ok(());
    };
    let (target, by) = (Target::Digest(emblem.digest()), emblem.stated.by);
    if register.emblems.revocation(target, by).is_some() {
        return Ok(());
    }
    let statement = emblem.stated.statement.to_string();
    drop(register);
    node.revoke_emblem(&statement, "superseded").map(drop)
}

fn allege(node: &Node, by: PartyId, asset: AssetId) -> Result<(), Error> {
    let register = node.views().register();
    if register.emblems.allegations_of(asset).next().is_some() {
        return Ok(());
    }
    let emblem = register.emblems.of_asset(asset).next();
    let emblem = emblem.map(|emblem| emblem.stated.statement.to_string());
    drop(register);
    let request = MisuseRequest {
        party: by.to_string(),
        asset: asset.to_string(),
        emblem,
        act: "other-use".to_owned(),
        grade: "reported".to_owned(),
        from: days_from(node, -20),
        until: Some(days_from(node, -19)),
        evidence: Vec::new(),
    };
    node.allege_misuse(&request).map(drop)
}

fn days_from(node: &Node, days: i64) -> u64 {
    let seconds = days.unsigned_abs() * DAY;
    match days < 0 {
        true => node.clock().now().saturating_sub(seconds),
        false => node.clock().now() + seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Place;

    /// What a reader is told, with the two hostile parties called by what they do in the story:
    /// the first or the second of `sides`.
    fn told(seed: u64, swapped: bool) -> Vec<String> {
        let place = Place::new(seed);
        let node = place.init();
        let found = |name: &str| node.found_party(name, "body").unwrap().party;
        let [one, other, hospital] = ["One", "Other", "Hospital"].map(found);
        let sides = match swapped {
            false => [one, other],
            true => [other, one],
        };
        tell(&node, sides, hospital).unwrap();
        let role = |party: PartyId| match sides.iter().position(|side| *side == party) {
            Some(n) => format!("side {n}"),
            None => "hospital".to_owned(),
        };
        let asked = AssetQuestion::default();
        let mut told = Vec::new();
        for shown in node.list_assets(None, None, &asked).unwrap() {
            let (row, by) = (&shown.row, &shown.row.answer.recognised);
            let by = by.iter().map(|it| (role(it.by), &it.authority, it.until));
            let by: Vec<_> = by.collect();
            let (outcome, reason) = (row.answer.outcome, row.answer.reason);
            told.push(format!("{:?} {outcome:?} {reason:?} {by:?}", shown.name));
            let register = node.views().register();
            for emblem in register.emblems.of_asset(row.asset) {
                told.push(format!(
                    "{} {}",
                    emblem.stated.index,
                    role(emblem.stated.by)
                ));
            }
            for alleged in register.emblems.allegations_of(row.asset) {
                told.push(format!("alleged by {}", role(alleged.stated.by)));
            }
        }
        for it in node.views().register().authorities.iter() {
            let organisation = &it.said.organisation;
            told.push(format!(
                "{} {organisation} {}",
                it.stated.index,
                role(it.stated.by)
            ));
        }
        told
    }

    #[test]
    fn swapping_the_two_parties_swaps_who_did_what_and_nothing_else() {
        let story = told(72, false);
        assert!(
            story
                .iter()
                .any(|line| line.contains("side 0") && line.contains("side 1"))
        );
        assert!(story.contains(&"alleged by side 1".to_owned()));
        assert_eq!(story, told(72, true));
        assert_eq!(story, told(73, true), "whatever the keys and ids are");
    }
}
