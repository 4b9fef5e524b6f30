//! The part of the story about promises: both hostile parties adopt one accord, in the same roles.
//!
//! | day | what | comes to |
//! |---|---|---|
//! | 0 | the secretariat publishes, both adopt | |
//! | 5 | the second party asks the first for help, which answers in time | met |
//! | 10 | the first party becomes aware of an outage; its notice comes after two days | not delivered in time |
//! | 12 | it explains itself in time | met |
//! | 10 to 24 | the hospital attests a quarter, then full service | remedied |
//! | 24 | it attests no more | undetermined |
//! | 20 | the first party asks the second for help, which answers within the grace | late |
//! | 40 | the second party asks again, and nobody has answered yet | running, then not delivered |

use std::collections::BTreeMap;

use ensign_trust::PartyId;
use ensign_trust::id::StatementId;

use super::StoryClock;
use crate::error::Error;
use crate::fact::{AttestationRequest, FactRequest};
use crate::instrument::{AdoptionRequest, Judged, PublicationRequest};
use crate::node::Node;

const TEXT: &str = include_str!("accord.term");
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const CLINIC: &str = "three-rivers-clinic";

/// Days from the first one to the present.
pub(super) const DAYS: u64 = 41;

/// Who is in it.
#[derive(Clone, Copy)]
pub(super) struct Cast {
    /// The hostile parties.
    pub(super) sides: [PartyId; 2],
    pub(super) hospital: PartyId,
    pub(super) mission: PartyId,
    pub(super) secretariat: PartyId,
}

/// Tells it; one that was broken off goes on where it stopped.
pub(super) fn tell(node: &Node, clock: &StoryClock, cast: Cast) -> Result<(), Error> {
    let Cast {
        sides: [first, second],
        hospital,
        mission,
        secretariat,
    } = cast;
    let text = published(node, secretariat)?;
    for (party, roles) in [
        (first, &["state", "affected_state"][..]),
        (second, &["state", "affected_state"]),
        (mission, &["mission"]),
        (hospital, &["facility"]),
    ] {
        sign(node, party)?;
        adopt(node, party, &text, roles)?;
    }
    let lodge = |day: u64, hour: u64, request: FactRequest| {
        clock.tell(day * DAY + hour * HOUR);
        once(node, request)
    };
    let asks = |by: PartyId, to: PartyId, about: &str| FactRequest {
        to: Some(to.to_string()),
        fields: fields(&[("asset", CLINIC)]),
        ..fact(by, "assistance_request", about)
    };
    let answers =
        |by: PartyId, to: PartyId, about: &str, cites: StatementId, how: &str| FactRequest {
            to: Some(to.to_string()),
            cites: vec![cites.to_string()],
            fields: fields(&[(how, "true")]),
            ..fact(by, "answer", about)
        };
    let request = lodge(5, 0, asks(second, first, "request-1"))?;
    lodge(6, 6, answers(first, second, "request-1", request, "accept"))?;
    let aware = FactRequest {
        fields: fields(&[("asset", CLINIC)]),
        ..fact(first, "outage.aware", CLINIC)
    };
    let aware = lodge(10, 0, aware)?;
    let cites = vec![aware.to_string()];
    let told = FactRequest {
        to: Some(second.to_string()),
        cites: cites.clone(),
        fields: fields(&[("asset", CLINIC), ("cause_known", "false")]),
        ..fact(first, "outage_notice", CLINIC)
    };
    let notice = lodge(12, 0, told)?;
    let explains = FactRequest {
        to: Some(second.to_string()),
        cites,
        ..fact(first, "explanation", CLINIC)
    };
    lodge(12, 6, explains)?;
    receipt(node, second, notice)?;
    clock.tell(17 * DAY);
    attest(node, hospital, clock.base() + 10 * DAY, 25)?;
    let request = lodge(20, 0, asks(first, second, "request-2"))?;
    let late = answers(second, first, "request-2", request, "decline");
    lodge(22, 12, late)?;
    clock.tell(24 * DAY);
    attest(node, hospital, clock.base() + 17 * DAY, 100)?;
    lodge(40, 0, asks(second, first, "request-3"))?;
    Ok(())
}

/// The text, by its digest.
fn published(node: &Node, by: PartyId) -> Result<String, Error> {
    let known = node.list_instruments(Judged::default())?;
    if let Some(known) = known.first() {
        return Ok(known.text.to_string());
    }
    let request = PublicationRequest {
        party: by.to_string(),
        text: TEXT.to_owned(),
        holidays: BTreeMap::new(),
        horizon: None,
        supersedes: None,
    };
    Ok(node.publish_instrument(&request)?.text.to_string())
}

/// Lets a party sign texts.
fn sign(node: &Node, party: PartyId) -> Result<(), Error> {
    let role = ensign_hold::instrument::SIGNATORY;
    let mandates = node.mandates()?;
    let is_one = |it: &crate::party::MandateRow| it.to == party && it.role == role;
    if mandates.iter().any(is_one) {
        return Ok(());
    }
    let to = party.to_string();
    node.grant_mandate(&to, role, None, None, None).map(drop)
}

fn adopt(node: &Node, party: PartyId, text: &str, roles: &[&str]) -> Result<(), Error> {
    let promises = node.promises_now()?;
    let mut known = promises.instruments.accord().adoptions.iter();
    if known.any(|adoption| adoption.party == party) {
        return Ok(());
    }
    let request = AdoptionRequest {
        party: party.to_string(),
        text: text.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        from: None,
        until: None,
        params: BTreeMap::new(),
        reservations: Vec::new(),
    };
    drop(promises);
    node.adopt_instrument(&request).map(drop)
}

fn fact(by: PartyId, kind: &str, about: &str) -> FactRequest {
    FactRequest {
        party: by.to_string(),
        kind: kind.to_owned(),
        about: Some(about.to_owned()),
        ..FactRequest::default()
    }
}

fn fields(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}

/// Lodges a fact, unless one of its kind about the same is there.
fn once(node: &Node, request: FactRequest) -> Result<StatementId, Error> {
    let promises = node.promises_now()?;
    let known = promises.facts.all().iter().find(|fact| {
        let about = fact.subject.as_ref().map(|about| about.as_str());
        fact.kind == *request.kind.as_str() && about == request.about.as_deref()
    });
    if let Some(known) = known.and_then(|fact| fact.sources.first()) {
        return Ok(*known);
    }
    drop(promises);
    Ok(node.lodge_fact(&request)?.statement)
}

fn receipt(node: &Node, by: PartyId, act: StatementId) -> Result<(), Error> {
    let promises = node.promises_now()?;
    let mut known = promises.facts.all().iter();
    if known.any(|fact| fact.kind == "receipt" && fact.cites.contains(&act)) {
        return Ok(());
    }
    drop(promises);
    let (by, act) = (by.to_string(), act.to_string());
    node.receipt_fact(&by, &act, None).map(drop)
}

fn attest(node: &Node, by: PartyId, from: u64, percent: u64) -> Result<(), Error> {
    let promises = node.promises_now()?;
    let watched = |fact: &ensign_trust::Fact| {
        fact.kind == "service.functionality.coverage" && fact.valid[0] == from
    };
    if promises.facts.all().iter().any(watched) {
        return Ok(());
    }
    drop(promises);
    let request = AttestationRequest {
        party: by.to_string(),
        about: CLINIC.to_owned(),
        percent,
        indicator: None,
        from,
        until: None,
        replaces: None,
    };
    node.attest(&request).map(drop)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ensign_views::ObligationFilter;

    use super::*;
    use crate::clock::{Clock as _, SystemEntropy};
    use crate::founding::Founding;
    use crate::tests::{BEGIN, Place};

    /// The story, told by sides of these names in this order.
    fn told(seed: u64, names: [&str; 2]) -> (Place, Node, [PartyId; 2]) {
        let place = Place::new(seed);
        let clock = Arc::new(StoryClock::new(place.clock.clone()));
        clock.begin(BEGIN - DAYS * DAY);
        let founding = Founding {
            name: "Lantern Records Office (invented)".to_owned(),
            origin: "lantern.example.org/log".to_owned(),
            realm: super::super::realm(),
        };
        let entropy = Arc::new(SystemEntropy);
        let node = Node::init(&place.folder(), &founding, clock.clone(), entropy).unwrap();
        let found = |name: &str| node.found_party(name, "state").unwrap().party;
        let sides = names.map(found);
        let cast = Cast {
            sides,
            hospital: found("hospital"),
            mission: found("mission"),
            secretariat: found("secretariat"),
        };
        tell(&node, &clock, cast).unwrap();
        tell(&node, &clock, cast).unwrap();
        clock.catch_up();
        assert_eq!(clock.now(), BEGIN);
        (place, node, sides)
    }

    /// Term, debtor's place among the sides, day it started, status; days after the beginning.
    fn outcomes(node: &Node, sides: [PartyId; 2], days: u64) -> Vec<(String, usize, i64, String)> {
        let start = (BEGIN - DAYS * DAY) as i64;
        let asked = Judged {
            index: None,
            at: Some(start + (days * DAY) as i64),
        };
        let as_of = node.judged(asked).unwrap();
        let rows = node
            .views()
            .obligations(&ObligationFilter::default(), as_of);
        let outcome = |row: ensign_views::ObligationRow| {
            let debtor = sides.iter().position(|side| *side == row.debtor).unwrap();
            let day = (row.triggered[0] - start) / DAY as i64;
            (row.term, debtor, day, row.status.to_owned())
        };
        let mut outcomes: Vec<_> = rows.unwrap().into_iter().map(outcome).collect();
        outcomes.sort();
        outcomes
    }

    fn expected<const N: usize>(
        rows: [(&str, usize, i64, &str); N],
    ) -> Vec<(String, usize, i64, String)> {
        let owned = |(term, debtor, day, status): (&str, usize, i64, &str)| {
            (term.to_owned(), debtor, day, status.to_owned())
        };
        rows.map(owned).into()
    }

    #[test]
    fn the_story_comes_out_as_its_table_says() {
        let (_place, node, sides) = told(81, ["Aranthia", "Belvoria"]);
        assert_eq!(outcomes(&node, sides, 4), []);
        assert_eq!(
            outcomes(&node, sides, 11),
            expected([
                ("ANSWER", 0, 5, "met"),
                ("CONTINUITY", 0, 10, "remedy_due"),
                ("OUTAGE_NOTICE", 0, 10, "active"),
            ])
        );
        let restored = outcomes(&node, sides, 24);
        assert!(restored.contains(&("CONTINUITY".to_owned(), 0, 10, "remedied".to_owned())));
        assert_eq!(
            outcomes(&node, sides, 41),
            expected([
                ("ANSWER", 0, 5, "met"),
                ("ANSWER", 0, 40, "active"),
                ("ANSWER", 1, 20, "late"),
                ("CONTINUITY", 0, 10, "undetermined"),
                ("EXPLAIN", 0, 11, "met"),
                ("OUTAGE_NOTICE", 0, 10, "breached"),
            ])
        );
        let after = outcomes(&node, sides, 50);
        assert!(after.contains(&("ANSWER".to_owned(), 0, 40, "breached".to_owned())));
    }

    #[test]
    fn two_parties_that_change_places_change_outcomes_and_nothing_else() {
        let (_here, node, sides) = told(82, ["Aranthia", "Belvoria"]);
        let (_there, other, swapped) = told(83, ["Belvoria", "Aranthia"]);
        for days in 0..50 {
            assert_eq!(
                outcomes(&node, sides, days),
                outcomes(&other, swapped, days),
                "day {days}"
            );
        }
    }
}
