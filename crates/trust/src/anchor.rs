//! Trust anchors: what a verifier believes before it looks at anything else.
//!
//! A text file of a C2SP tlog-policy with two kinds of line of our own, `realm` and `party`:
//!
//! ```text
//! # any comment
//! realm real
//! log node.example.org/log+1a2b3c4d+AQ...= [URL]
//! party pty_...
//! witness one one.example.org/w+...+BA...= [URL]
//! group both all one two
//! quorum both
//! ```
//!
//! Each name is defined before it is used; a witness's key and a name occur once; a witness or
//! group is a member of one group at most once. Exactly one `realm`, one `quorum`, one `log` or
//! more, any number of `party` lines: the root parties that may have opened these logs. `quorum
//! none` asks for no cosignature, and all that rests on such an anchor says "unwitnessed".

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::id::PartyId;
use crate::log::vkey::{NoteKey, NoteKeyType};
use crate::quorum::{self, Quorum};
use crate::realm::Realm;

/// Most lines of a file of anchors.
pub const MAX_LINES: usize = 1024;

/// What a verifier believes.
#[derive(Debug, Clone)]
pub struct Anchors {
    /// The realm of everything that is verified.
    pub realm: Realm,
    /// Keys of logs.
    pub logs: Vec<NoteKey>,
    /// Parties that may have opened them.
    pub parties: Vec<PartyId>,
    /// Whose cosignatures are asked for.
    pub quorum: Quorum,
}

/// What is wrong with a file of anchors.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct AnchorsError {
    /// Number of the line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong with it.
    pub fault: AnchorsFault,
}

/// What can be wrong with a line of anchors.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum AnchorsFault {
    #[error("{0:?} begins no line of trust anchors")]
    UnknownWord(String),
    #[error("this line has too few or too many words")]
    Words,
    #[error("not a realm")]
    Realm,
    #[error("not the id of a party")]
    Party,
    #[error("not a key of the kind that this line needs")]
    Key,
    #[error("the name or key {0:?} occurs before")]
    Twice(String),
    #[error("the name {0:?} is not defined above")]
    Undefined(String),
    #[error("the threshold is not `all`, `any` or a number from 1 to the number of members")]
    Threshold,
    #[error("the file has no `{0}` line")]
    Missing(&'static str),
    #[error("the file has more than {MAX_LINES} lines")]
    TooLong,
}

impl Anchors {
    /// The key of a log, if these anchors hold it.
    pub fn holds_log(&self, key: &NoteKey) -> bool {
        self.logs.iter().any(|log| log == key)
    }
}

impl FromStr for Anchors {
    type Err = AnchorsError;

    fn from_str(text: &str) -> Result<Self, AnchorsError> {
        let mut reading = Reading::default();
        each_line(text, |words| reading.line(words))?;
        reading
            .finish()
            .map_err(|fault| AnchorsError { line: 0, fault })
    }
}

/// Gives the words of each line that says something.
pub(crate) fn each_line(
    text: &str,
    mut read: impl FnMut(&[&str]) -> Result<(), AnchorsFault>,
) -> Result<(), AnchorsError> {
    for (at, line) in text.lines().enumerate() {
        let fault = |fault| AnchorsError {
            line: at + 1,
            fault,
        };
        if at >= MAX_LINES {
            return Err(fault(AnchorsFault::TooLong));
        }
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        if words.is_empty() || line.starts_with('#') {
            continue;
        }
        read(&words).map_err(fault)?;
    }
    Ok(())
}

/// Writes the file, one line each, in the order in which it can be read.
impl fmt::Display for Anchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "realm {}", self.realm)?;
        for log in &self.logs {
            writeln!(f, "log {log}")?;
        }
        for party in &self.parties {
            writeln!(f, "party {party}")?;
        }
        write!(f, "{}", self.quorum)
    }
}

#[derive(Default)]
struct Reading {
    realm: Option<Realm>,
    logs: Vec<NoteKey>,
    parties: Vec<PartyId>,
    quorum: quorum::Reading,
}

impl Reading {
    fn line(&mut self, words: &[&str]) -> Result<(), AnchorsFault> {
        match *words {
            ["realm", realm] => match self.realm {
                Some(_) => Err(AnchorsFault::Twice("realm".to_owned())),
                None => {
                    self.realm = Some(realm.parse().map_err(|_| AnchorsFault::Realm)?);
                    Ok(())
                }
            },
            ["log", key] | ["log", key, _] => {
                let key = note_key(key, |kind| kind == NoteKeyType::Ed25519)?;
                // One key under two names would let one holder count as two.
                let known = self.logs.iter().chain(self.quorum.keys());
                quorum::is_new(&key, known)?;
                self.logs.push(key);
                Ok(())
            }
            ["party", party] => {
                let party = party.parse().map_err(|_| AnchorsFault::Party)?;
                if self.parties.contains(&party) {
                    return Err(AnchorsFault::Twice(party.to_string()));
                }
                self.parties.push(party);
                Ok(())
            }
            ["realm" | "log" | "party", ..] => Err(AnchorsFault::Words),
            _ => self.quorum.line(words, &self.logs),
        }
    }

    fn finish(self) -> Result<Anchors, AnchorsFault> {
        if self.logs.is_empty() {
            return Err(AnchorsFault::Missing("log"));
        }
        Ok(Anchors {
            quorum: self.quorum.finish()?,
            realm: self.realm.ok_or(AnchorsFault::Missing("realm"))?,
            logs: self.logs,
            parties: self.parties,
        })
    }
}

pub(crate) fn note_key(
    text: &str,
    fits: impl Fn(NoteKeyType) -> bool,
) -> Result<NoteKey, AnchorsFault> {
    let key: NoteKey = text.parse().map_err(|_| AnchorsFault::Key)?;
    if fits(key.key_type()) {
        Ok(key)
    } else {
        Err(AnchorsFault::Key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::cosignature::CosignatureSigner;
    use crate::log::vkey::LogSigner;

    fn log_line() -> String {
        let log = LogSigner::from_seed("node.example.org/log", &[1; 32]).unwrap();
        format!("log {}", log.key())
    }

    fn witness_line(name: &str, seed: u8) -> String {
        let witness = CosignatureSigner::from_seed(&format!("{name}.example.org"), &[seed; 32]);
        format!("witness {name} {}", witness.unwrap().key())
    }

    fn fault(lines: &[&str]) -> AnchorsFault {
        lines.join("\n").parse::<Anchors>().unwrap_err().fault
    }

    #[test]
    fn anchors_read_back_as_they_were_written() {
        let party = PartyId::from_bytes([9; 32]);
        let text = [
            "realm exercise/harbour".to_owned(),
            log_line(),
            format!("party {party}"),
            witness_line("a", 2),
            witness_line("b", 3),
            witness_line("c", 4),
            "group two 2 a b c".to_owned(),
            "quorum two\n".to_owned(),
        ]
        .join("\n");
        let anchors: Anchors = text.parse().unwrap();
        assert_eq!(anchors.to_string(), text);
        assert_eq!(anchors.parties, [party]);
        assert!(!anchors.quorum.is_met(|at| at == 1));
        assert!(anchors.quorum.is_met(|at| at != 1));
    }

    #[test]
    fn groups_of_groups_are_counted_from_below() {
        let text = [
            "realm real".to_owned(),
            log_line(),
            witness_line("a", 2),
            witness_line("b", 3),
            witness_line("c", 4),
            "group either any a b".to_owned(),
            "group both all either c".to_owned(),
            "quorum both".to_owned(),
        ]
        .join("\n");
        let quorum = text.parse::<Anchors>().unwrap().quorum;
        assert!(quorum.is_met(|at| at != 0));
        assert!(!quorum.is_met(|at| at != 2));
        assert!(!quorum.is_met(|at| at == 2));
    }

    #[test]
    fn each_bad_line_is_refused_with_its_number() {
        let (log, a) = (log_line(), witness_line("a", 2));
        let again = witness_line("again", 2);
        let base = ["realm real", &log, &a];
        let with = |more: &[&str]| fault(&[&base[..], more].concat());
        assert_eq!(with(&["quorum b"]), AnchorsFault::Undefined("b".to_owned()));
        assert_eq!(with(&["witness b x"]), AnchorsFault::Key);
        assert_eq!(
            with(&[&again]),
            AnchorsFault::Twice("again.example.org".to_owned())
        );
        assert_eq!(with(&["group g 2 a"]), AnchorsFault::Threshold);
        assert_eq!(
            with(&["group g any a a"]),
            AnchorsFault::Twice("a".to_owned())
        );
        assert_eq!(with(&["group g any"]), AnchorsFault::Words);
        assert_eq!(with(&["party x"]), AnchorsFault::Party);
        assert_eq!(
            with(&["trust me"]),
            AnchorsFault::UnknownWord("trust".to_owned())
        );
        assert_eq!(with(&[]), AnchorsFault::Missing("quorum"));
        assert_eq!(
            fault(&["realm real", "quorum none"]),
            AnchorsFault::Missing("log")
        );
        assert_eq!(
            fault(&[&log, "quorum none"]),
            AnchorsFault::Missing("realm")
        );
        let error = format!("realm real\n\n{log}\nrealm real")
            .parse::<Anchors>()
            .unwrap_err();
        assert_eq!(error.line, 4);
        // A log's key is no witness's, and the other way round.
        let swapped = log.replace("log ", "witness w ");
        assert_eq!(with(&[&swapped]), AnchorsFault::Key);
    }
}
