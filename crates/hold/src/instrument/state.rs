//! Instruments as their statements leave them, with the place of each in the log, so that they
//! answer for every size of it at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use ensign_trust::{PartyId, Statement, StatementId};

use super::decide::fits;
use super::statement::{Act, Adopted, Objected, Part, Published, Withdrawn};
use crate::evaluate::Accord;
use crate::evaluate::accord::{Adoption, Objection, Text};
use crate::evaluate::interval::LATEST;
use crate::stated::Stated;
use crate::term::InstrumentDigest;
use crate::term::name::InstrumentName;

/// All that was ever published, adopted and objected to.
#[derive(Debug, Clone, Default)]
pub struct Instruments {
    parts: BTreeMap<StatementId, (PartyId, Part)>,
    publications: BTreeMap<InstrumentDigest, Publication>,
    accord: Arc<Accord>,
}

/// The publication of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Who published it, where and when.
    pub stated: Stated,
    /// The text.
    pub text: InstrumentDigest,
    /// What the instrument is called.
    pub name: InstrumentName,
    /// The text that it amends.
    pub supersedes: Option<InstrumentDigest>,
}

impl Instruments {
    /// What a statement that counts changes. Total: one that is not understood, does not fit the
    /// text or would reach back changes nothing.
    #[must_use]
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        let stated = Stated::of(statement, index, received);
        match Act::read(statement) {
            Some(Ok(Act::Adopted(said))) => self.adopt(said, stated),
            Some(Ok(Act::Objected(said))) => self.object(&said, stated),
            Some(Ok(Act::Part(said))) => {
                self.parts.insert(stated.statement, (stated.by, said));
            }
            Some(Ok(Act::Published(said))) => {
                self.publish(said, stated);
            }
            Some(Ok(Act::Withdrawn(said))) => self.withdraw(&said, stated),
            _ => {}
        }
        self
    }

    /// All that binds, at every size of the log.
    pub fn accord(&self) -> &Arc<Accord> {
        &self.accord
    }

    /// A text.
    pub fn text(&self, digest: InstrumentDigest) -> Option<&Text> {
        self.accord.texts.iter().find(|text| text.digest == digest)
    }

    /// The publication of a text.
    pub fn publication(&self, digest: InstrumentDigest) -> Option<&Publication> {
        self.publications.get(&digest)
    }

    /// All publications, in the order of the log.
    pub fn publications(&self) -> impl Iterator<Item = &Publication> {
        let texts = self.accord.texts.iter();
        texts.filter_map(|text| self.publications.get(&text.digest))
    }

    /// What a party's adoption of a text has come to: the last one, or its end.
    pub fn adoption(&self, text: InstrumentDigest, party: PartyId) -> Option<&Adoption> {
        let mut all = self.accord.adoptions.iter().rev();
        all.find(|adoption| adoption.text == text && adoption.party == party)
    }

    /// An adoption, or the end of one, by its statement.
    pub fn adoption_stated(&self, id: StatementId) -> Option<&Adoption> {
        let mut all = self.accord.adoptions.iter();
        all.find(|adoption| adoption.statement == id)
    }

    /// To add to: nothing that stands in it ever changes.
    fn accord_mut(&mut self) -> &mut Accord {
        Arc::make_mut(&mut self.accord)
    }

    fn publish(&mut self, said: Published, stated: Stated) -> Option<()> {
        let bytes = match said.bytes {
            Some(bytes) => bytes,
            None => {
                let part = |id| {
                    let (by, part) = self.parts.get(id)?;
                    (*by == stated.by && part.text == said.text).then_some(&part.bytes[..])
                };
                let parts: Option<Vec<&[u8]>> = said.parts.iter().map(part).collect();
                parts?.concat()
            }
        };
        let text = Text::read(said.text, &bytes, stated.index).ok()?;
        let supersedes = match said.supersedes {
            Some(older) => Some(self.amended(older, &text)?),
            None => None,
        };
        let is_new = self.text(said.text).is_none() && text.instrument.name == said.name;
        if is_new {
            let publication = Publication {
                stated,
                text: said.text,
                name: said.name,
                supersedes,
            };
            self.publications.insert(said.text, publication);
            self.accord_mut().texts.push(text);
        }
        for part in &said.parts {
            self.parts.remove(part);
        }
        Some(())
    }

    /// The text that another one may amend, by its publication.
    pub(super) fn amended(&self, older: StatementId, newer: &Text) -> Option<InstrumentDigest> {
        let is_it = |it: &&Publication| it.stated.statement == older;
        let older = self.publications.values().find(is_it)?.text;
        let (old, new) = (&self.text(older)?.instrument, &newer.instrument);
        let is_later = old.name == new.name && old.in_force.from < new.in_force.from;
        is_later.then_some(older)
    }

    fn adopt(&mut self, said: Adopted, stated: Stated) {
        let Some(text) = self
            .text(said.text)
            .filter(|text| fits(text, &said).is_ok())
        else {
            return;
        };
        let text = text.digest;
        let replaces = self.adoption(text, stated.by);
        let is_open = match (replaces, said.supersedes) {
            (None, None) => true,
            (Some(known), Some(older)) => known.statement == older && !has_begun(known, &stated),
            _ => false,
        };
        let from = said.from.max(stated.received);
        if !is_open || said.until.is_some_and(|until| until <= from) {
            return;
        }
        self.accord_mut().adoptions.push(Adoption {
            statement: stated.statement,
            position: stated.index,
            party: stated.by,
            text,
            roles: said.roles,
            from: second(from),
            until: said.until.map(second),
            params: said.params,
            reservations: said.reservations,
        });
    }

    fn withdraw(&mut self, said: &Withdrawn, stated: Stated) {
        let known = self.adoption(said.text, stated.by);
        let known = known.filter(|known| known.statement == said.adoption);
        let until = second(said.until.max(stated.received));
        let ended = known.filter(|known| known.until.is_none_or(|end| until < end));
        if let Some(adoption) = ended.cloned() {
            self.accord_mut().adoptions.push(Adoption {
                statement: stated.statement,
                position: stated.index,
                until: Some(until),
                ..adoption
            });
        }
    }

    fn object(&mut self, said: &Objected, stated: Stated) {
        let Some(adoption) = self.adoption_stated(said.adoption) else {
            return;
        };
        let against = adoption.party;
        let Some(reserved) = adoption.reservations.get(&said.term).cloned() else {
            return;
        };
        let mut known = self.accord.objections.iter();
        let is_known = known.any(|it| {
            (it.by, it.against, it.text) == (stated.by, against, said.text)
                && (&it.term, &it.reserved) == (&said.term, &reserved)
        });
        let has_effect = adoption.text == said.text
            && against != stated.by
            && self.adoption(said.text, stated.by).is_some();
        if has_effect && !is_known {
            self.accord_mut().objections.push(Objection {
                statement: stated.statement,
                position: stated.index,
                by: stated.by,
                against,
                text: said.text,
                term: said.term.clone(),
                reserved,
                from: second(stated.received),
            });
        }
    }
}

/// Whether an adoption has taken effect when another statement is received.
pub(super) fn has_begun(adoption: &Adoption, stated: &Stated) -> bool {
    adoption.from <= second(stated.received)
}

fn second(unix: u64) -> i64 {
    i64::try_from(unix).map_or(LATEST, |second| second.min(LATEST))
}
