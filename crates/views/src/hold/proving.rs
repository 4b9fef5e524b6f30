//! What proves a result to whoever has neither the log nor a node: the statements from which it
//! follows, and the same computed from them alone.

use std::collections::{BTreeMap, BTreeSet};

use ensign_hold::evaluate::record::{Head, StatusRecord};
use ensign_hold::evaluate::{self, AsOf, Obligation, ObligationKey, Summary};
use ensign_hold::instrument;
use ensign_trust::bundle::Verified;
use ensign_trust::cbor::{self, Value};
use ensign_trust::{ObligationId, StatementId};
use serde::Serialize;

use super::row::obligation_page;
use super::{ObligationPage, Promises};
use crate::{Error, Views};

/// The kind by which a log says whom it asks to witness it.
const QUORUM: &str = "log.quorum";
/// The index of the statement that opens a log.
const OPENING: u64 = 1;

/// A result with all that it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationProof {
    /// The status record: deterministic CBOR.
    pub record: Vec<u8>,
    /// Indexes of all public entries that prove it, in order: statements, the receipts that cover
    /// them, and what makes their authors able to say so.
    pub indexes: Vec<u64>,
}

/// A result as it follows from the statements of a proof file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recomputed {
    /// The obligation.
    pub page: ObligationPage,
    /// Its status record: deterministic CBOR.
    pub record: Vec<u8>,
}

/// One part of a status record that is not what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// Its name in the record.
    pub part: String,
    /// What is stated, if a few words can say it.
    pub stated: Option<String>,
    /// What follows, if a few words can say it.
    pub follows: Option<String>,
}

impl Views {
    /// What proves an obligation's result as of a moment and the size of `head`.
    ///
    /// The statements are the fewest of these that give the same record: those that the result
    /// says it used, with the texts of that name and who is bound by them; those that refer to
    /// them or are referred to as well; all that count. Tried is what the reader of the file does.
    pub fn obligation_proof(
        &self,
        id: ObligationId,
        head: &Head,
        t: i64,
    ) -> Result<Option<ObligationProof>, Error> {
        let as_of = AsOf {
            t,
            index: head.size,
        };
        let Some((obligation, promises)) = self.proved(id, as_of)? else {
            return Ok(None);
        };
        let key = &obligation.key;
        let record = StatusRecord {
            obligation: &obligation,
            as_of,
            heads: std::slice::from_ref(head),
        };
        let mut found = self.binding(&promises, key, as_of)?;
        let links = Links::of(&promises, as_of);
        let used = obligation.proof.uses.iter().chain([&key.trigger]);
        found.extend(used.filter_map(|id| links.places.get(id)));
        let mut widened = [false, true].into_iter();
        while !self.suffice(&found, &obligation, as_of)? {
            match widened.next() {
                Some(false) => links.close(&mut found),
                _ => {
                    found = self.holds.counted(as_of.index)?;
                    break;
                }
            }
        }
        Ok(Some(ObligationProof {
            record: record.to_cbor(),
            indexes: self.proving(found, Some(as_of.index))?,
        }))
    }

    /// Indexes of what says who is bound by the texts of an obligation's name, and by which witnesses
    /// the log was to be cosigned.
    fn binding(
        &self,
        promises: &Promises,
        key: &ObligationKey,
        as_of: AsOf,
    ) -> Result<BTreeSet<u64>, Error> {
        let instruments = &promises.instruments;
        let name = instruments.publication(key.text).map(|it| &it.name);
        let of_name = instruments.publications();
        let of_name = of_name.filter(|it| Some(&it.name) == name && it.stated.index < as_of.index);
        let mut places = BTreeSet::new();
        let mut texts = BTreeSet::new();
        for publication in of_name {
            texts.insert(publication.text);
            places.insert(publication.stated.index);
        }
        for (_, _, statement) in self.holds.statements(&places)? {
            if let Some(Ok(instrument::Act::Published(said))) = instrument::Act::read(&statement) {
                for part in said.parts {
                    places.extend(self.entry(part)?.map(|entry| entry.index));
                }
            }
        }
        let accord = instruments.accord();
        let adoptions = accord.adoptions.iter().map(|it| (it.text, it.position));
        let objections = accord.objections.iter().map(|it| (it.text, it.position));
        let of_texts = adoptions.chain(objections);
        let of_texts = of_texts.filter(|(text, at)| texts.contains(text) && *at < as_of.index);
        places.extend(of_texts.map(|(_, at)| at));
        let quorums = promises.facts.all().iter();
        let quorums = quorums.filter(|it| it.kind == QUORUM && it.position < as_of.index);
        places.extend(quorums.map(|it| it.position));
        // Without the log's own key no cosignature can be checked.
        places.insert(OPENING);
        Ok(places)
    }

    /// Whether the result follows from these statements alone.
    fn suffice(
        &self,
        places: &BTreeSet<u64>,
        obligation: &Obligation,
        as_of: AsOf,
    ) -> Result<bool, Error> {
        let statements = self.holds.statements(places)?;
        let promises = Promises::of(
            statements
                .iter()
                .map(|(at, received, it)| (it, *at, *received)),
        );
        let (accord, facts) = (promises.instruments.accord(), promises.facts.all());
        let follows = evaluate::explain(accord, facts, as_of, &obligation.key);
        Ok(follows.as_ref() == Some(obligation))
    }
}

impl Recomputed {
    /// Judges the obligation of a proof file by the statements in it, at the moment and the size that
    /// it states; nothing where they make no such obligation.
    pub fn of(verified: &Verified) -> Option<Self> {
        let id: ObligationId = verified.subject.as_str().parse().ok()?;
        let stated = verified.result.as_ref()?;
        let as_of = AsOf {
            t: stated.at,
            index: verified.size,
        };
        let known = verified.statements.iter();
        let known = known.filter(|it| it.index < as_of.index && !it.taken_back);
        let promises = Promises::of(known.map(|it| (&it.statement, it.index, it.received)));
        let all = promises.evaluate(as_of).obligations;
        let obligation = all.into_iter().find(|it| it.key.id() == id)?;
        let head = Head {
            origin: verified.checkpoint.checkpoint().origin.clone(),
            size: verified.size,
            root: stated.root,
        };
        let record = StatusRecord {
            obligation: &obligation,
            as_of,
            heads: std::slice::from_ref(&head),
        };
        let summary = Summary::from(&obligation);
        Some(Recomputed {
            record: record.to_cbor(),
            page: obligation_page(&promises, &summary, &obligation, Some(&head), as_of)?,
        })
    }

    /// The parts of a stated record that are not what follows, by name; none where every byte is
    /// the same.
    pub fn differing(&self, stated: &[u8]) -> Vec<Differing> {
        if stated == self.record {
            return Vec::new();
        }
        let whole = || Differing {
            part: "record".to_owned(),
            stated: None,
            follows: None,
        };
        let (Some(stated), Some(follows)) = (parts(stated), parts(&self.record)) else {
            return vec![whole()];
        };
        let names: BTreeSet<&String> = stated.keys().chain(follows.keys()).collect();
        let differing = names.into_iter().filter_map(|name| {
            let (stated, follows) = (stated.get(name), follows.get(name));
            (stated != follows).then(|| Differing {
                part: name.clone(),
                stated: stated.and_then(words),
                follows: follows.and_then(words),
            })
        });
        differing.collect()
    }
}

/// How the statements that state facts refer to each other.
struct Links {
    places: BTreeMap<StatementId, u64>,
    /// Both ways, by place.
    neighbours: BTreeMap<u64, BTreeSet<u64>>,
}

impl Links {
    fn of(promises: &Promises, as_of: AsOf) -> Self {
        let facts = promises.facts.all().iter();
        let facts: Vec<_> = facts.filter(|it| it.position < as_of.index).collect();
        let sources = facts.iter();
        let sources = sources.flat_map(|it| it.sources.iter().map(|id| (*id, it.position)));
        let places: BTreeMap<StatementId, u64> = sources.collect();
        let mut neighbours: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        for fact in facts {
            let retracted = fact.retracts.map(|it| it.target());
            for referred in fact.cites.iter().copied().chain(retracted) {
                if let Some(to) = places.get(&referred) {
                    neighbours.entry(fact.position).or_default().insert(*to);
                    neighbours.entry(*to).or_default().insert(fact.position);
                }
            }
        }
        Links { places, neighbours }
    }

    /// Adds all that is linked to what was found.
    fn close(&self, found: &mut BTreeSet<u64>) {
        let mut open: Vec<u64> = found.iter().copied().collect();
        while let Some(place) = open.pop() {
            let near = self.neighbours.get(&place).into_iter().flatten();
            open.extend(near.filter(|it| found.insert(**it)));
        }
    }
}

fn parts(record: &[u8]) -> Option<BTreeMap<String, Value>> {
    let parts = cbor::decode(record).ok()?.into_map()?.into_iter();
    parts
        .map(|(name, value)| Some((name.into_text()?, value)))
        .collect()
}

/// A code, a number or a few of them.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(words).collect();
            items.map(|items| items.join(", "))
        }
        _ => None,
    }
}
