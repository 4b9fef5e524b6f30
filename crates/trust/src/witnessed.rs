//! What a log states about its witnesses, as facts: from when on cosignatures are asked for, and by
//! when they were there.
//!
//! | statement | fact |
//! |---|---|
//! | `log.quorum` | one of its kind, with `witnesses`, whose number is 0 where nobody is asked |
//! | `log.cosigned` | one of its kind, with `size`, valid at the second in which the quorum was met |
//!
//! A cosigned checkpoint states a fact only if the log signed it, the signatures of the witnesses
//! that the log asks for by then are right, they are enough, and the checkpoint is no larger than
//! the log was. So nobody has to trust the node that logged it.

use std::collections::BTreeMap;

use crate::code::{Code, Coded};
use crate::fact::Fact;
use crate::log::vkey::NoteKeyType;
use crate::log::{NoteKey, SignedCheckpoint};
use crate::logbook::Entry;
use crate::quorum::Quorum;
use crate::statement::Statement;

/// Whom a log asks for cosignatures, for the latest size seen.
#[derive(Debug, Clone, Default)]
pub struct Witnessed {
    log: Option<NoteKey>,
    quorum: Quorum,
}

impl Witnessed {
    /// Whether a statement is of concern here.
    pub fn concerns(statement: &Statement) -> bool {
        matches!(
            Entry::read(statement),
            Some(Ok(Entry::Cosigned(_)
                | Entry::Opened { .. }
                | Entry::Quorum(_)))
        )
    }

    /// Takes in the next statement that counts, and gives the fact that it states.
    pub fn apply(&mut self, statement: &Statement, index: u64, received: u64) -> Option<Fact> {
        let (field, value, at) = match Entry::read(statement)?.ok()? {
            Entry::Opened {
                origin, log_key, ..
            } => {
                let key = NoteKey::new(origin.as_str(), NoteKeyType::Ed25519, &log_key);
                self.log = self.log.take().or(key.ok());
                return None;
            }
            Entry::Quorum(quorum) => {
                let count = match quorum.is_none() {
                    true => 0,
                    false => quorum.witnesses().len() as u64,
                };
                self.quorum = quorum;
                ("witnesses", count, received)
            }
            Entry::Cosigned(note) => {
                let (size, at) = self.cosigned(&note)?;
                ("size", (size <= index).then_some(size)?, at)
            }
            _ => return None,
        };
        Some(Fact {
            kind: statement.kind.clone(),
            actor: statement.author(),
            to: None,
            subject: None,
            fields: BTreeMap::from([(Code::literal(field), Coded::from(value))]),
            valid: [at; 2],
            received,
            position: index,
            cites: Vec::new(),
            retracts: None,
            grade: None,
            sources: vec![statement.id()],
        })
    }

    /// The size of a cosigned checkpoint, and the first second by which enough had cosigned it.
    fn cosigned(&self, note: &[u8]) -> Option<(u64, u64)> {
        let signed = SignedCheckpoint::open(note, self.log.as_ref()?).ok()?;
        if self.quorum.is_none() {
            return None;
        }
        let found = signed.cosigned_by(&self.quorum.keys()).ok()?;
        let mut times: Vec<u64> = found.iter().map(|one| one.timestamp).collect();
        times.sort_unstable();
        let is_met_by = |time: u64| {
            let by_then = |at: usize| {
                found
                    .iter()
                    .any(|it| it.cosigner == at && it.timestamp <= time)
            };
            self.quorum.is_met(by_then)
        };
        let time = times.into_iter().find(|time| is_met_by(*time))?;
        Some((signed.checkpoint().size, time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use crate::log::{Checkpoint, CosignatureSigner, LogSigner};
    use crate::quorum::Witness;
    use crate::realm::Realm;
    use crate::statement::Draft;

    const ORIGIN: &str = "node.example.org/log";

    fn stated(entry: &Entry) -> Statement {
        let mut draft = Draft {
            issuer: None,
            subject: None,
            claimed: 100,
            unique: [0; 16],
            kind: Code::literal("log.opened"),
            version: 1,
            realm: Realm::Real,
            link: None,
            refs: Vec::new(),
            body: BTreeMap::new(),
            sealed: Vec::new(),
        };
        entry.write(&mut draft);
        draft.sign(&SigningKey::from_seed(&[1; 32])).unwrap()
    }

    fn log(seed: u8) -> LogSigner {
        LogSigner::from_seed(ORIGIN, &[seed; 32]).unwrap()
    }

    fn witness(number: u8) -> CosignatureSigner {
        let name = format!("w{number}.example.org");
        CosignatureSigner::from_seed(&name, &[10 + number; 32]).unwrap()
    }

    fn two_of_three() -> Entry {
        let all = (1..=3).map(|number| Witness {
            name: format!("w{number}"),
            key: witness(number).key().clone(),
            address: None,
        });
        Entry::Quorum(Quorum::of(all.collect(), 2).unwrap())
    }

    /// A checkpoint of a size, cosigned by these witnesses at these times.
    fn cosigned(by: &LogSigner, size: u64, times: &[(u8, u64)]) -> Entry {
        let checkpoint = Checkpoint::new(ORIGIN, size, [7; 32]);
        let text = checkpoint.to_text().unwrap();
        let line = |(number, time): &(u8, u64)| witness(*number).sign(&text, *time).unwrap();
        let signed = SignedCheckpoint::sign(checkpoint, by).unwrap();
        let signed = signed.with_signatures(times.iter().map(line)).unwrap();
        Entry::Cosigned(signed.to_bytes())
    }

    /// What a log states after its opening and the quorum of two.
    fn said(entry: &Entry, index: u64) -> Option<Fact> {
        let mut witnessed = Witnessed::default();
        let opened = Entry::Opened {
            origin: Code::literal(ORIGIN),
            log_key: log(2).key().public_key().try_into().unwrap(),
            cosigner_key: [3; 32],
        };
        assert_eq!(witnessed.apply(&stated(&opened), 1, 100), None);
        let asked = witnessed.apply(&stated(&two_of_three()), 2, 110).unwrap();
        assert_eq!(asked.fields[&Code::literal("witnesses")], Coded::from(3));
        assert_eq!((asked.valid, asked.position), ([110; 2], 2));
        witnessed.apply(&stated(entry), index, 200)
    }

    #[test]
    fn a_cosigned_checkpoint_states_when_the_quorum_was_met() {
        let met = |times: &[(u8, u64)]| Some(said(&cosigned(&log(2), 9, times), 9)?.valid);
        assert_eq!(met(&[(1, 150), (2, 140)]), Some([150; 2]));
        assert_eq!(met(&[(1, 150), (2, 140), (3, 145)]), Some([145; 2]));
        assert_eq!(met(&[(1, 150)]), None);
        assert_eq!(met(&[(1, 150), (4, 150)]), None);
        let whole = said(&cosigned(&log(2), 9, &[(1, 150), (2, 140)]), 9).unwrap();
        assert_eq!(whole.kind, "log.cosigned");
        let size = (Code::literal("size"), Coded::from(9));
        assert_eq!(whole.fields, [size].into());
    }

    #[test]
    fn what_nobody_signed_or_what_is_larger_than_the_log_was_states_nothing() {
        let times = [(1, 150), (2, 140)];
        assert_eq!(said(&cosigned(&log(5), 9, &times), 9), None);
        assert_eq!(said(&cosigned(&log(2), 10, &times), 9), None);
        let Entry::Cosigned(mut note) = cosigned(&log(2), 9, &times) else {
            unreachable!()
        };
        let last = note.len() - 5;
        note[last] ^= 1;
        assert_eq!(said(&Entry::Cosigned(note), 9), None);
        assert_eq!(said(&Entry::Cosigned(b"no note".to_vec()), 9), None);
    }

    #[test]
    fn a_log_that_asks_nobody_is_cosigned_by_nobody() {
        let mut witnessed = Witnessed::default();
        let none = stated(&Entry::Quorum(Quorum::default()));
        let fact = witnessed.apply(&none, 2, 110).unwrap();
        assert_eq!(fact.fields[&Code::literal("witnesses")], Coded::from(0));
        let entry = stated(&cosigned(&log(2), 9, &[(1, 150), (2, 140)]));
        assert_eq!(witnessed.apply(&entry, 9, 200), None);
    }
}
