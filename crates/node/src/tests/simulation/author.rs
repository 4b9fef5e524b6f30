//! An author who hands statements to a node, and hands in again whatever was not acknowledged.

use ensign_trust::Statement;
use ensign_trust::chain::Head;
use ensign_trust::code::Code;
use ensign_trust::id::PartyId;
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::party::Act;
use zeroize::Zeroizing;

use super::dice::Dice;
use super::world::{Planted, World, is_full};
use crate::append::{Appended, index_of};
use crate::clock::fresh;
use crate::error::Error;
use crate::node::{Node, blank};

/// An author with a chain of statements.
pub(super) struct Author {
    key: SigningKey,
    party: Option<PartyId>,
    last: Option<Head>,
    /// Signed and not acknowledged.
    pending: Vec<Statement>,
    /// Acknowledged.
    past: Vec<Statement>,
}

impl Author {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        seed.chunks_mut(8)
            .for_each(|chunk| chunk.copy_from_slice(&dice.next().to_be_bytes()));
        Author {
            key: SigningKey::from_seed(&seed),
            party: None,
            last: None,
            pending: Vec::new(),
            past: Vec::new(),
        }
    }
}

impl World {
    /// Hands statements to a node: those that are not acknowledged yet, or some that are, once more, or
    /// new ones. Where the log is not `whole`, nobody keeps account of it.
    pub(super) fn submit_to(&self, party: usize, node: &Node, whole: bool) {
        if !whole {
            let stranger = Author::new(&mut self.wire().dice);
            let statements = vec![self.founding(party, &stranger)];
            // Its operator appends here or there, as the log's own disk allows.
            if let Ok(appended) = node.append(LogName::Public, statements) {
                self.wire()
                    .tell(format!("n{party} appends one way {}", appended.first));
            }
            return;
        }
        let again = {
            let mut wire = self.wire();
            let again = wire.rates.again;
            let again = wire.dice.chance(again);
            Some(wire.authors[party].past.clone()).filter(|past| again && !past.is_empty())
        };
        if let Some(past) = again {
            if node.append(LogName::Public, past).is_ok() {
                self.violated(format!("n{party} took statements twice"));
            }
            return;
        }
        let statements = self.pending(party);
        let ids: Vec<_> = statements.iter().map(Statement::id).collect();
        let outcome = node.append(LogName::Public, statements);
        let off = self.parties[party].faces[0].machine.is_off();
        match outcome {
            Ok(Appended {
                first, ids: given, ..
            }) => {
                if given != ids {
                    self.violated(format!("n{party} acknowledged other statements"));
                }
                self.acknowledged(party, first);
            }
            // They may be there: the answer was lost.
            Err(Error::Chain { .. } | Error::Stated { .. }) if !off => {
                let log = node.log(LogName::Public);
                match ids.first().and_then(|id| index_of(log, *id).ok()?) {
                    Some(first) => self.acknowledged(party, first),
                    None => self.violated(format!("n{party} refuses the next of a chain")),
                }
            }
            Err(Error::FromTheFuture { .. }) => {
                self.wire()
                    .tell(format!("n{party} takes its time for the right one"));
            }
            Err(_) if off && self.planted == Some(Planted::HastyAnswer) => {
                let size = self.parties[party].faces[0]
                    .history()
                    .last()
                    .map_or(0, |it| it.size);
                self.acknowledged(party, size);
            }
            Err(error) if off || is_full(&error) => {
                self.wire()
                    .tell(format!("n{party} did not acknowledge: {}", error.code()));
            }
            Err(error) => self.violated(format!("n{party} did not append: {error:?}")),
        }
    }

    fn acknowledged(&self, party: usize, first: u64) {
        let mut wire = self.wire();
        let past = std::mem::take(&mut wire.authors[party].pending);
        wire.tell(format!(
            "n{party} acknowledges {first}..{}",
            first + past.len() as u64
        ));
        let indices = (first..).zip(past.iter().map(Statement::id));
        let known = wire.check.acknowledged.entry(party).or_default();
        known.extend(indices);
        wire.authors[party].past = past;
    }

    /// What the author of a party's log has to hand in.
    fn pending(&self, at: usize) -> Vec<Statement> {
        let mut wire = self.wire();
        if !wire.authors[at].pending.is_empty() {
            return wire.authors[at].pending.clone();
        }
        let more = wire.dice.below(3);
        let (party, now) = (&self.parties[at], wire.now());
        let author = &mut wire.authors[at];
        let mut drafts = Vec::new();
        if author.party.is_none() {
            drafts.push(None);
        }
        drafts.extend((0..more.max(1)).map(Some));
        for draft in drafts {
            let mut made = blank(author.party, party.realm(), now, party.entropy());
            match draft {
                None => Act::Founded {
                    key: author.key.public(),
                    nature: Code::literal("organisation"),
                },
                Some(_) => {
                    let key = Zeroizing::new(fresh::<32>(party.entropy()));
                    Act::KeyAdded(SigningKey::from_seed(&key).public())
                }
            }
            .write(&mut made);
            let link = Head::next(author.last, party.origin());
            let seq = link.seq;
            made.link = Some(link);
            let statement = made.sign(&author.key).unwrap();
            let id = statement.id();
            author.party.get_or_insert(PartyId::from(id));
            author.last = Some(Head { seq, id });
            author.pending.push(statement);
        }
        author.pending.clone()
    }

    fn founding(&self, at: usize, author: &Author) -> Statement {
        let party = &self.parties[at];
        let mut draft = blank(None, party.realm(), self.now(), party.entropy());
        Act::Founded {
            key: author.key.public(),
            nature: Code::literal("organisation"),
        }
        .write(&mut draft);
        draft.link = Some(Head::next(None, party.origin()));
        draft.sign(&author.key).unwrap()
    }
}
