//! No party has other rights than another, and no result hangs on an order.

use ensign_trust::{Code, Coded, Fact, PartyId};

use super::{FILES, story};
use crate::evaluate::accord::Accord;
use crate::evaluate::record::Results;
use crate::evaluate::{AsOf, evaluate};
use crate::oracle::logs::Seed;

/// Two parties who take each other's place.
#[derive(Clone, Copy)]
struct Swap(PartyId, PartyId);

impl Swap {
    fn party(self, party: PartyId) -> PartyId {
        match party {
            it if it == self.0 => self.1,
            it if it == self.1 => self.0,
            it => it,
        }
    }

    fn text(self, text: &str) -> String {
        let [a, b] = [self.0, self.1].map(|it| it.to_string());
        text.replace(&a, "?").replace(&b, &a).replace('?', &b)
    }

    fn code(self, code: &Code) -> Code {
        Code::new(self.text(code.as_str())).unwrap()
    }

    fn accord(self, accord: &Accord) -> Accord {
        let mut accord = accord.clone();
        for adoption in &mut accord.adoptions {
            adoption.party = self.party(adoption.party);
        }
        accord
    }

    fn fact(self, fact: &Fact) -> Fact {
        let value = |value: &Coded| match value {
            Coded::Code(code) => Coded::Code(self.code(code)),
            other => other.clone(),
        };
        let fields = fact.fields.iter();
        Fact {
            actor: self.party(fact.actor),
            to: fact.to.map(|to| self.party(to)),
            subject: fact.subject.as_ref().map(|it| self.code(it)),
            fields: fields.map(|(name, it)| (name.clone(), value(it))).collect(),
            ..fact.clone()
        }
    }
}

/// All results, in an order that no id decides, without the ids that the parties are part of.
fn results(accord: &Accord, facts: &[Fact], as_of: AsOf, swap: Option<Swap>) -> Vec<String> {
    let evaluation = evaluate(accord, facts, as_of);
    let json = Results {
        evaluation: &evaluation,
        heads: &[],
    }
    .to_json();
    let json = swap.map_or(json.clone(), |swap| swap.text(&json));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let each = json["results"].as_array().unwrap().iter();
    let mut each: Vec<String> = each
        .map(|result| {
            let mut result = result.clone();
            result.as_object_mut().unwrap().remove("id").unwrap();
            for parties in ["creditors", "determined_by"] {
                if let Some(parties) = result.get_mut(parties) {
                    let parties = parties.as_array_mut().unwrap();
                    parties.sort_by_key(ToString::to_string);
                }
            }
            result.to_string()
        })
        .collect();
    each.sort();
    each
}

#[test]
fn swapping_two_parties_of_any_story_swaps_the_outcomes_and_nothing_else() {
    let mut swapped = 0;
    for story in FILES.iter().flat_map(|file| story::read(file)) {
        let parties: Vec<PartyId> = story.accord.adoptions.iter().map(|it| it.party).collect();
        let pairs = parties.iter().enumerate().flat_map(|(at, a)| {
            let others = parties[at + 1..].iter();
            others.map(move |b| Swap(*a, *b))
        });
        for swap in pairs {
            let accord = swap.accord(&story.accord);
            let facts: Vec<Fact> = story.facts.iter().map(|fact| swap.fact(fact)).collect();
            for expected in &story.expect {
                let as_of = expected.as_of();
                assert_eq!(
                    results(&accord, &facts, as_of, None),
                    results(&story.accord, &story.facts, as_of, Some(swap)),
                    "{}, t = {}",
                    story.name,
                    expected.t
                );
                swapped += 1;
            }
        }
    }
    assert!(swapped > 100);
}

#[test]
fn the_stories_read_in_any_order_come_to_the_same_bytes() {
    let mut seed = Seed(7);
    for story in FILES.iter().flat_map(|file| story::read(file)) {
        for expected in &story.expect {
            let as_of = expected.as_of();
            let straight = results(&story.accord, &story.facts, as_of, None);
            let (mut accord, mut facts) = (story.accord.clone(), story.facts.clone());
            for _ in 0..8 {
                seed.shuffle(&mut facts);
                seed.shuffle(&mut accord.adoptions);
                assert_eq!(
                    results(&accord, &facts, as_of, None),
                    straight,
                    "{}",
                    story.name
                );
            }
        }
    }
}
