//! This node as a log that asks witnesses: whom, and what becomes of their cosignatures.
//!
//! Whom it asks is stated in the public log, so that everybody can tell which entries were witnessed
//! and which were not yet. A checkpoint is sent when entries came that are not mere bookkeeping;
//! once enough witnesses cosigned it, it is logged with their lines, and nothing more is sent until
//! other entries come: an idle log does not grow.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use ensign_trust::Statement;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::log::merkle::consistency_proof;
use ensign_trust::log::note::{NoteSignature, parse_signature_lines};
use ensign_trust::log::vkey::{NoteKey, NoteKeyType};
use ensign_trust::log::witness::{AddCheckpoint, parse_size};
use ensign_trust::logbook::{Entry, LogName};
use ensign_trust::quorum::{Quorum, Witness};
use serde::{Deserialize, Serialize};

use super::memory::{Memory, Watched};
use super::service::witness_name;
use crate::append::{Appended, MAX_AHEAD, TreeFault, node_hash};
use crate::error::{Error, chain};
use crate::network::Network;
use crate::node::{Node, log_fault};

/// How often the node looks whether there is something to be witnessed.
const LOOK: Duration = Duration::from_secs(1);
/// The longest pause after rounds that did not reach the quorum.
const LONGEST_PAUSE: u32 = 64;

/// What the witnesses have answered about each log, by the name of their key, since the node was
/// opened.
#[derive(Debug, Default)]
pub(crate) struct Asking(BTreeMap<(LogName, String), Last>);

#[derive(Debug, Clone)]
struct Last {
    /// The size that the witness is known to have cosigned.
    size: u64,
    asked: Asked,
    at: u64,
}

/// What a witness answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// It cosigned a larger tree of this log than this node has: the folder is older than what was
    /// published from it. Nothing more must be signed here.
    Ahead,
    /// Its clock is behind the receipts of this log, or far ahead of this node's clock.
    Clock,
    /// It cosigned.
    Cosigned,
    /// It declined for another reason, such as not knowing this log.
    Declined,
    /// It knows another tree of this log.
    Forked,
    /// It did not answer, or not with a cosignature that holds.
    Unreachable,
}

/// One round of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The size whose checkpoint was sent.
    pub size: u64,
    /// What each witness answered, in their order.
    pub answers: Vec<(String, Asked)>,
    /// Whether enough of them cosigned; then it is logged.
    pub met: bool,
}

/// How the witnesses stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessesAnswer {
    /// The key of this node's own witness, as vkey.
    pub key: String,
    /// The logs that it watches.
    pub watched: Vec<Watched>,
    /// Whom this node asks.
    pub asked: Vec<AskedWitness>,
    /// How many of them must cosign, where any of them count alike.
    pub threshold: Option<usize>,
    /// Entries of the public log.
    pub size: u64,
    /// The size that enough of them cosigned last; none before the first.
    pub cosigned: Option<u64>,
    /// Whether entries came since that have to be witnessed.
    pub news: bool,
}

/// A witness that this node asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedWitness {
    /// What it is called.
    pub name: String,
    /// Its key, as vkey.
    pub key: String,
    /// Where it takes checkpoints.
    pub address: Option<String>,
    /// What it answered last, since this node was opened.
    pub answer: Option<Asked>,
    /// When, Unix seconds.
    pub at: Option<u64>,
}

/// A log that is watched from now on, or a quorum that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum QuorumChange {
    /// This node's witness watches the log.
    Watches {
        /// Its origin.
        origin: String,
        /// Whether it did so before.
        known: bool,
    },
    /// The node asks these witnesses from now on.
    Asks {
        /// Index of the statement that says so; none where nothing changed.
        index: Option<u64>,
        /// How many must cosign.
        threshold: usize,
        /// Of how many.
        of: usize,
    },
}

impl Node {
    /// Adds a log that this node's witness watches, or a witness that this node asks: its key
    /// tells which. `threshold` is how many of the witnesses must cosign; more than half of them if
    /// none.
    pub fn add_witness(
        &self,
        key: &str,
        address: Option<&str>,
        threshold: Option<usize>,
    ) -> Result<QuorumChange, Error> {
        let unfit = |why: &str| Error::Unfit {
            what: "the key".to_owned(),
            why: why.to_owned(),
        };
        let key: NoteKey = key
            .parse()
            .map_err(|error| unfit(&format!("it is no vkey: {}", chain(&error))))?;
        if key.key_type() == NoteKeyType::Ed25519 {
            if address.is_some() || threshold.is_some() {
                return Err(unfit(
                    "it is the key of a log, which is watched and not asked",
                ));
            }
            if [LogName::Public, LogName::Closed]
                .iter()
                .any(|log| self.log_key(*log) == key)
            {
                return Err(unfit(
                    "it is a key of this node's own logs: others witness those",
                ));
            }
            let memory = self.memory()?.ok_or_else(|| Error::WitnessForgot {
                path: self.folder.witness_db(),
            })?;
            let known = !memory.watch(&key)?;
            let origin = key.name().to_owned();
            return Ok(QuorumChange::Watches { origin, known });
        }
        let address = address.map(web_address).transpose()?;
        let mut witnesses = self.quorum()?.witnesses().to_vec();
        let address = address.ok_or_else(|| Error::Argument {
            what: "a witness without an address".to_owned(),
            expected: "the address at which it takes checkpoints, such as https://witness.example.org",
        })?;
        let name = key.name().to_owned();
        witnesses.retain(|one| one.key != key);
        witnesses.push(Witness {
            name,
            key,
            address: Some(address),
        });
        self.state_quorum(witnesses, threshold)
    }

    /// Asks a witness no more.
    pub fn remove_witness(
        &self,
        name: &str,
        threshold: Option<usize>,
    ) -> Result<QuorumChange, Error> {
        let mut witnesses = self.quorum()?.witnesses().to_vec();
        let before = witnesses.len();
        witnesses.retain(|one| one.name != name);
        if witnesses.len() == before {
            let id = name.to_owned();
            return Err(Error::NotFound { id });
        }
        self.state_quorum(witnesses, threshold)
    }

    fn state_quorum(
        &self,
        witnesses: Vec<Witness>,
        threshold: Option<usize>,
    ) -> Result<QuorumChange, Error> {
        let of = witnesses.len();
        let threshold = threshold.unwrap_or(of / 2 + 1).min(of.max(1));
        let quorum = Quorum::of(witnesses, threshold).map_err(|fault| Error::Unfit {
            what: "the quorum".to_owned(),
            why: fault.to_string(),
        })?;
        let mut index = None;
        if quorum != self.quorum()? {
            index = Some(
                self.state_of_log(LogName::Public, &Entry::Quorum(quorum))?
                    .first,
            );
        }
        let threshold = if of == 0 { 0 } else { threshold };
        Ok(QuorumChange::Asks {
            index,
            threshold,
            of,
        })
    }

    /// How the witnesses stand.
    pub fn witnesses(&self) -> Result<WitnessesAnswer, Error> {
        let quorum = self.quorum()?;
        let origin = self.origin(LogName::Public);
        let key = self.cosigner_key(&witness_name(origin.as_str()))?;
        let cosigned = self.last_cosigned(LogName::Public)?;
        let last = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = quorum.witnesses().iter().map(|one| {
            let last = last.0.get(&(LogName::Public, one.key.name().to_owned()));
            AskedWitness {
                name: one.name.clone(),
                key: one.key.to_string(),
                address: one.address.clone(),
                answer: last.map(|last| last.asked),
                at: last.map(|last| last.at),
            }
        });
        Ok(WitnessesAnswer {
            key: key.to_string(),
            watched: match self.memory()? {
                Some(memory) => memory.watched()?,
                None => Vec::new(),
            },
            asked: asked.collect(),
            threshold: quorum.threshold(),
            size: self
                .log(LogName::Public)
                .head()?
                .map_or(0, |head| head.size),
            cosigned,
            news: self
                .views
                .has_news(LogName::Public, cosigned.unwrap_or(0))?,
        })
    }

    /// Whose cosignatures this node asks for, as its public log says last.
    pub fn quorum(&self) -> Result<Quorum, Error> {
        match self.last_of_witnessing(LogName::Public, "log.quorum")? {
            Some(Entry::Quorum(quorum)) => Ok(quorum),
            _ => Ok(Quorum::default()),
        }
    }

    /// The size of a log that enough witnesses cosigned last.
    pub fn last_cosigned(&self, log: LogName) -> Result<Option<u64>, Error> {
        let last = self.last_cosigned_note(log)?;
        Ok(last.map(|signed| signed.checkpoint().size))
    }

    /// The checkpoint of a log that enough witnesses cosigned last, with their lines.
    pub(crate) fn last_cosigned_note(
        &self,
        log: LogName,
    ) -> Result<Option<SignedCheckpoint>, Error> {
        let last = self.last_of_witnessing(log, "log.cosigned")?;
        let Some(Entry::Cosigned(note)) = last else {
            return Ok(None);
        };
        let signed = SignedCheckpoint::open(&note, &self.log_key(log));
        Ok(Some(signed.map_err(log_fault(log))?))
    }

    fn last_of_witnessing(&self, log: LogName, kind: &str) -> Result<Option<Entry>, Error> {
        let Some(index) = self.views.last_of_witnessing(log, kind)? else {
            return Ok(None);
        };
        let entry = self.log(log).read(index..index + 1)?.pop();
        let statement = Statement::decode(entry.unwrap_or_default()).map_err(Error::Statement)?;
        Ok(Entry::read(&statement).and_then(Result::ok))
    }

    /// Sends the newest checkpoint of a log to all witnesses, if there is something to be witnessed,
    /// and logs it once enough of them cosigned.
    pub fn ask_witnesses(
        &self,
        log: LogName,
        network: &dyn Network,
    ) -> Result<Option<Round>, Error> {
        let quorum = self.quorum()?;
        let last = self.last_cosigned(log)?.unwrap_or(0);
        if self.restored().is_some() || quorum.is_none() || !self.views.has_news(log, last)? {
            return Ok(None);
        }
        let Some((signed, answers)) = self.ask_all(&quorum, log, network)? else {
            return Ok(None);
        };
        let size = signed.checkpoint().size;
        let round = round(&quorum, size, &answers);
        if round.met {
            let lines = answers.into_iter().filter_map(|answer| answer.line);
            let cosigned = signed.with_signatures(lines).map_err(log_fault(log))?;
            self.state_of_log(log, &Entry::Cosigned(cosigned.to_bytes()))?;
        }
        Ok(Some(round))
    }

    /// Sends the newest checkpoint of a log to all witnesses, whether or not there is something to be
    /// witnessed, and logs nothing.
    pub(crate) fn sound_witnesses(
        &self,
        quorum: &Quorum,
        log: LogName,
        network: &dyn Network,
    ) -> Result<Option<Round>, Error> {
        let asked = self.ask_all(quorum, log, network)?;
        Ok(asked.map(|(signed, answers)| round(quorum, signed.checkpoint().size, &answers)))
    }

    fn ask_all(
        &self,
        quorum: &Quorum,
        log: LogName,
        network: &dyn Network,
    ) -> Result<Option<(SignedCheckpoint, Vec<Answered>)>, Error> {
        let (head, received) = {
            let writer = self.writer();
            (self.log(log).head()?, writer.of(log).received)
        };
        let Some(head) = head else {
            return Ok(None);
        };
        let signed = SignedCheckpoint::open(&head.checkpoint, &self.log_key(log));
        let signed = signed.map_err(log_fault(log))?;
        let ask = |witness| self.ask(witness, log, &signed, received, network);
        let mut answers = Vec::new();
        for some in quorum.witnesses().chunks(network.at_once()) {
            answers.extend(std::thread::scope(|scope| {
                let mut some = some.iter();
                let first = some.next();
                let asked: Vec<_> = some
                    .map(|witness| scope.spawn(move || ask(witness)))
                    .collect();
                let others = asked
                    .into_iter()
                    .map(|one| one.join().expect("asking a witness does not panic"));
                let all = first.map(ask).into_iter().chain(others);
                all.collect::<Result<Vec<_>, Error>>()
            })?);
        }
        Ok(Some((signed, answers)))
    }

    fn ask(
        &self,
        witness: &Witness,
        log: LogName,
        signed: &SignedCheckpoint,
        received: u64,
        network: &dyn Network,
    ) -> Result<Answered, Error> {
        let name = (log, witness.key.name().to_owned());
        let known = {
            let asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
            asking.0.get(&name).map_or(0, |last| last.size)
        };
        let size = signed.checkpoint().size;
        let tree = self.log(log);
        let mut old = known.min(size);
        let mut answered = Answered::without(Asked::Unreachable);
        // The size that the witness knows is learnt from its first answer.
        for _ in 0..2 {
            let proof =
                consistency_proof::<TreeFault>(old, size, |node| node_hash(tree, size, node));
            let request = AddCheckpoint {
                old,
                proof: proof.map_err(log_fault(log))?,
                checkpoint: signed.note().clone(),
            };
            let body = request.to_bytes().map_err(log_fault(log))?;
            let address = witness.address.as_deref().unwrap_or_default();
            let reply = match network.post(&format!("{address}/add-checkpoint"), &body) {
                Ok(reply) => reply,
                Err(error) => {
                    tracing::warn!(witness = witness.name, error = %chain(&error), "no answer");
                    break;
                }
            };
            match (reply.status, parse_size(&reply.body)) {
                (200, _) => {
                    answered = self.cosignature(witness, signed, received, &reply.body);
                    break;
                }
                (409, Some(other)) if other > size => {
                    answered = Answered::without(Asked::Ahead);
                    break;
                }
                // It says that it knows the very size from which the proof leads: another tree of it.
                (409, Some(other)) if other == old => {
                    answered = Answered::without(Asked::Forked);
                    break;
                }
                (409, Some(other)) => old = other,
                (422, _) => {
                    answered = Answered::without(Asked::Forked);
                    break;
                }
                (429 | 500.., _) => break,
                _ => {
                    answered = Answered::without(Asked::Declined);
                    break;
                }
            }
        }
        if matches!(answered.asked, Asked::Ahead | Asked::Forked) {
            tracing::error!(
                witness = witness.name,
                "a witness knows another history of this log"
            );
        }
        let last = Last {
            size: if answered.line.is_some() { size } else { old },
            asked: answered.asked,
            at: self.clock.now(),
        };
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.0.insert(name, last);
        Ok(answered)
    }

    /// The line of a witness among those that it answered, if it holds and is of a time that can be.
    fn cosignature(
        &self,
        witness: &Witness,
        signed: &SignedCheckpoint,
        received: u64,
        body: &[u8],
    ) -> Answered {
        let lines = parse_signature_lines(body).unwrap_or_default();
        let own = |line: &NoteSignature| witness.key.is_named_by(line);
        let held = lines.into_iter().find(own).and_then(|line| {
            let with = signed.clone().with_signatures([line.clone()]).ok()?;
            let held = with.cosigned_by(std::slice::from_ref(&witness.key)).ok()?;
            Some((line, held.first()?.timestamp))
        });
        match held {
            // Only Ed25519 lines are logged.
            Some((line, time)) if witness.key.key_type() == NoteKeyType::Ed25519Cosignature => {
                if time < received || time > self.clock.now() + MAX_AHEAD {
                    return Answered::without(Asked::Clock);
                }
                Answered {
                    asked: Asked::Cosigned,
                    line: Some(line),
                }
            }
            Some(_) => Answered::without(Asked::Cosigned),
            None => Answered::without(Asked::Unreachable),
        }
    }

    /// States the contradictions that this node's witness has found, each once.
    pub fn state_contradictions(&self) -> Result<Vec<Appended>, Error> {
        let memory = match self.memory()? {
            Some(memory) if self.restored().is_none() => memory,
            _ => return Ok(Vec::new()),
        };
        let mut stated = Vec::new();
        for found in memory.contradictions()? {
            let origin = found.log.name().to_owned();
            if memory.was_told(&origin)? {
                continue;
            }
            stated.push(self.state_of_log(LogName::Public, &Entry::Contradicted(Box::new(found)))?);
            memory.told(&origin)?;
        }
        Ok(stated)
    }

    /// What this node's witness remembers; nothing in a folder that came out of a backup.
    pub(crate) fn memory(&self) -> Result<Option<Memory>, Error> {
        let mut known = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            *known = Memory::open(&self.folder)?;
        }
        Ok(known.clone())
    }

    pub(crate) fn state_of_log(&self, log: LogName, entry: &Entry) -> Result<Appended, Error> {
        let mut draft = self.draft(Some(self.operator));
        entry.write(&mut draft);
        let key = self.operating_key()?;
        self.state_as(log, self.operator, &key, vec![draft])
    }

    /// Has the log witnessed until `stop` is dropped.
    pub fn stay_witnessed(&self, network: &dyn Network, stop: &Receiver<()>) {
        let mut pause = 1;
        while stop.recv_timeout(LOOK * pause) == Err(RecvTimeoutError::Timeout) {
            let round = self.ask_witnesses(LogName::Public, network);
            let met = match &round {
                Ok(round) => round.as_ref().is_none_or(|round| round.met),
                Err(error) => {
                    tracing::error!(error = %chain(error), "the log cannot be witnessed");
                    false
                }
            };
            pause = if met {
                1
            } else {
                (pause * 2).min(LONGEST_PAUSE)
            };
            if let Err(error) = self.state_contradictions() {
                tracing::error!(error = %chain(&error), "a contradiction cannot be stated");
            }
        }
    }
}

/// What became of asking one witness.
struct Answered {
    asked: Asked,
    line: Option<NoteSignature>,
}

impl Answered {
    fn without(asked: Asked) -> Self {
        Answered { asked, line: None }
    }
}

/// What the witnesses of a quorum answered, in their order.
fn round(quorum: &Quorum, size: u64, answers: &[Answered]) -> Round {
    let names = quorum.witnesses().iter().map(|one| one.name.clone());
    Round {
        size,
        answers: names
            .zip(answers.iter().map(|answer| answer.asked))
            .collect(),
        met: quorum.is_met(|at| answers[at].line.is_some()),
    }
}

/// An address to which paths can be added.
fn web_address(text: &str) -> Result<String, Error> {
    let wrong = || Error::Argument {
        what: "the address of the witness".to_owned(),
        expected: "a web address without a slash at the end, such as https://witness.example.org",
    };
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}?#@".contains(c);
    match host {
        Some(host) if !host.is_empty() && text.len() <= 200 && text.chars().all(plain) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err(wrong()),
    }
}
