//! Two invented parties that promise each other the same: one keeps less of it than the other.
//!
//! | day | what | comes to |
//! |---|---|---|
//! | 0 | a text is published, both adopt it; the second does not accept KEEP | |
//! | 0 | the second asks the first, which answers in ten hours | kept |
//! | 1 | the first asks the second, which answers after sixty | late |
//! | 2 | the second asks the first, which never answers; alleged and contested | not in time, EXPLAIN starts |
//! | 9 | the first asks the second | running |

use std::collections::BTreeMap;

use ensign_node::fact::FactRequest;
use ensign_node::instrument::{AdoptionRequest, PublicationRequest};
use ensign_trust::PartyId;
use ensign_trust::id::StatementId;

use super::{NOW, Served};

/// Seconds of an hour and a day.
pub(crate) const HOUR: u64 = 3_600;
pub(crate) const DAY: u64 = 24 * HOUR;
/// When the story begins.
pub(crate) const BEGIN: u64 = NOW - 10 * DAY;

const TEXT: &str = r#"
instrument pair_accord {
  note "An invented accord between two invented parties."
  force treaty
  in_force 2026-01-01 .. 2036-01-01
  source "The pair (an invented text)" pair-text unverified
  calendar office { tz Europe/Brussels }
  param answer_within PT48H set_by parties
  kind asked performative by asker to state
  kind answer performative by state to asker
  kind explanation performative by state to asker
  kind service.functionality observed by facility
  indicator service.functionality scale 0% .. 100% every PT1H
  term ANSWER {
    text pair-text#art1 unverified
    owes state to asker
    when occurs asked
    deliver answer with content within answer_within of asked
    grace PT24H
    on_breach { EXPLAIN }
  }
  term EXPLAIN {
    owes state to asker
    deliver explanation within P7D of breach
    calendar office
  }
  term KEEP {
    owes state to asker
    when occurs asked
    maintain avg(service.functionality, PT24H) >= 75% coverage 90%
    grace PT12H
  }
}
"#;

/// The story, and who is in it.
pub(crate) struct Pair {
    pub(crate) served: Served,
    pub(crate) text: String,
    pub(crate) parties: [PartyId; 2],
    /// Somebody who promised nothing, and has no mandate.
    pub(crate) other: PartyId,
}

impl Pair {
    /// The story with the two called like this.
    pub(crate) fn told(names: [&str; 2]) -> Self {
        let served = Served::founded(BEGIN - HOUR);
        let node = &served.node;
        let found = |name: &str| node.found_party(name, "state").unwrap().party;
        let parties = names.map(found);
        let other = found("Meridonia");
        for party in parties {
            let to = party.to_string();
            node.grant_mandate(&to, "signatory", None, None, None)
                .unwrap();
        }
        let text = published(&served, parties[0], TEXT);
        for (party, excluded) in parties.into_iter().zip([None, Some("KEEP")]) {
            let reservations = excluded.map(|term: &str| (term.to_owned(), None));
            let adoption = AdoptionRequest {
                reservations: reservations.into_iter().collect(),
                ..adoption(party, &text)
            };
            node.adopt_instrument(&adoption).unwrap();
        }
        let pair = Pair {
            text,
            served,
            parties,
            other,
        };
        let first = pair.lodged(0, [1, 0], "asked", None);
        pair.lodged(10 * HOUR, [0, 1], "answer", Some(first));
        let second = pair.lodged(DAY, [0, 1], "asked", None);
        pair.lodged(DAY + 60 * HOUR, [1, 0], "answer", Some(second));
        let third = pair.lodged(2 * DAY, [1, 0], "asked", None);
        pair.lodged(6 * DAY, [1, 0], "allegation", Some(third));
        pair.lodged(6 * DAY + HOUR, [0, 1], "contest", Some(third));
        pair.lodged(9 * DAY, [0, 1], "asked", None);
        pair.served.clock.set(NOW);
        pair
    }

    /// Publishes a later text of the same name that leaves less time.
    pub(crate) fn later(&self) -> String {
        let text = TEXT.replace("PT48H", "PT36H");
        published(&self.served, self.parties[0], &text)
    }

    /// A party adopts a text, and sets this of it.
    pub(crate) fn adopts(&self, party: usize, text: &str, set: &[(&str, &str)]) {
        let set = set.iter();
        let adoption = AdoptionRequest {
            params: set
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..adoption(self.parties[party], text)
        };
        self.served.node.adopt_instrument(&adoption).unwrap();
    }

    /// Lodges a fact so long after the beginning.
    pub(crate) fn lodged(
        &self,
        after: u64,
        [by, to]: [usize; 2],
        kind: &str,
        cites: Option<StatementId>,
    ) -> StatementId {
        self.served.clock.set(BEGIN + after);
        let content = (kind == "answer").then(|| ("content".to_owned(), "true".to_owned()));
        let request = FactRequest {
            party: self.parties[by].to_string(),
            to: Some(self.parties[to].to_string()),
            kind: kind.to_owned(),
            fields: content.into_iter().collect(),
            cites: cites.iter().map(ToString::to_string).collect(),
            ..FactRequest::default()
        };
        self.served.node.lodge_fact(&request).unwrap().statement
    }

    /// The id of the first duty with a status.
    pub(crate) async fn duty(&self, state: &str) -> String {
        let list = format!("/api/v1/deadlines?state={state}&at={NOW}");
        let list = self.served.get(&list).await.json();
        let first = list["deadlines"][0]["id"].as_str();
        first.unwrap_or_else(|| panic!("{list}")).to_owned()
    }
}

fn published(served: &Served, by: PartyId, text: &str) -> String {
    let publication = PublicationRequest {
        party: by.to_string(),
        text: text.to_owned(),
        holidays: BTreeMap::new(),
        horizon: None,
        supersedes: None,
    };
    let published = served.node.publish_instrument(&publication).unwrap();
    published.text.to_string()
}

/// A text adopted in both roles, from now on and as it is proposed.
fn adoption(party: PartyId, text: &str) -> AdoptionRequest {
    AdoptionRequest {
        party: party.to_string(),
        text: text.to_owned(),
        roles: ["asker", "state"].map(str::to_owned).into(),
        from: None,
        until: None,
        params: BTreeMap::new(),
        reservations: Vec::new(),
    }
}
