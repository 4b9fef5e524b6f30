//! Recognitions as their statements leave them, with the place of each in the log.

use std::collections::BTreeMap;

use ensign_trust::{Code, PartyId, Statement, StatementId};

use super::statement::{Act, Recognised};
use crate::key::Kid;
use crate::moment::{AsOf, Stated};

/// All recognitions that were ever stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authorities {
    /// By their index.
    recognitions: BTreeMap<u64, Recognition>,
    places: BTreeMap<StatementId, u64>,
    by_key: BTreeMap<Kid, Vec<u64>>,
}

/// A party's recognition of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognition {
    /// Who recognises, where and when.
    pub stated: Stated,
    /// Whom, for what.
    pub said: Recognised,
    /// What ended it.
    pub end: Option<End>,
}

/// The end of a recognition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The statement that ended it.
    pub stated: Stated,
    /// How.
    pub how: Ending,
}

/// How a recognition ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Another one took its place.
    Superseded,
    /// It was withdrawn, for this reason.
    Withdrawn(Code),
}

impl Authorities {
    /// What a statement that counts changes. Total: one that is not understood, or about somebody
    /// else's recognition, changes nothing. A recognition that would supersede one that has ended
    /// changes nothing either.
    #[must_use]
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        let stated = Stated::of(statement, index, received);
        match Act::read(statement) {
            Some(Ok(Act::Recognised(said))) => {
                if let Some(older) = said.supersedes
                    && !self.end(older, &said.organisation, stated, Ending::Superseded)
                {
                    return self;
                }
                for key in &said.keys {
                    self.by_key.entry(*key).or_default().push(index);
                }
                self.places.insert(stated.statement, index);
                let recognition = Recognition {
                    stated,
                    said,
                    end: None,
                };
                self.recognitions.insert(index, recognition);
            }
            Some(Ok(Act::Withdrawn(said))) => {
                let how = Ending::Withdrawn(said.reason);
                self.end(said.recognition, &said.organisation, stated, how);
            }
            _ => {}
        }
        self
    }

    /// A recognition.
    pub fn recognition(&self, id: StatementId) -> Option<&Recognition> {
        self.recognitions.get(self.places.get(&id)?)
    }

    /// All recognitions, in the order of the log.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Recognition> {
        self.recognitions.values()
    }

    /// The recognitions before an index, the last one first.
    pub fn before(&self, index: u64) -> impl Iterator<Item = &Recognition> {
        self.recognitions.range(..index).rev().map(|(_, it)| it)
    }

    /// The recognitions that name a root key, in the order of the log.
    pub fn of_key(&self, key: Kid) -> impl Iterator<Item = &Recognition> {
        let places = self.by_key.get(&key).into_iter().flatten();
        places.filter_map(|place| self.recognitions.get(place))
    }

    /// Whether its holder replaced a root key: it recognised its organisation by that key, then by
    /// others, and by that key no more. What others say neither ends a key nor keeps one: anybody may
    /// recognise an organisation by any key of it, and then by another.
    pub fn is_replaced(&self, key: Kid, holder: PartyId, as_of: &AsOf) -> bool {
        let own = self.of_key(key).filter(|it| it.stated.by == holder);
        let known = own.filter(|it| as_of.knows(&it.stated));
        let mut ends = known.map(|it| it.ended(as_of).map(|end| &end.how));
        let mut replaced = false;
        ends.all(|end| {
            replaced |= matches!(end, Some(Ending::Superseded));
            end.is_some()
        }) && replaced
    }

    /// Ends a recognition of the same party and organisation, once.
    fn end(
        &mut self,
        recognition: StatementId,
        organisation: &crate::Organisation,
        stated: Stated,
        how: Ending,
    ) -> bool {
        let place = self.places.get(&recognition);
        let known = place.and_then(|place| self.recognitions.get_mut(place));
        let known = known.filter(|known| {
            known.stated.by == stated.by
                && known.said.organisation == *organisation
                && known.end.is_none()
        });
        match known {
            Some(known) => {
                known.end = Some(End { stated, how });
                true
            }
            None => false,
        }
    }
}

impl Recognition {
    /// What ended it, where that was known and the time judged is not before it.
    pub fn ended(&self, as_of: &AsOf) -> Option<&End> {
        let end = self.end.as_ref();
        end.filter(|end| as_of.is_past(&end.stated))
    }
}
