//! A contradiction of a log as a file: two checkpoints that it signed, of which neither tree extends
//! the other, for whoever holds nothing else.
//!
//! ```cddl
//! contradiction = [ "ensign contradiction", 1, log: vkey: tstr, [note: bstr, note: bstr], [* hash: bstr .size 32] ]
//! ```
//!
//! The notes are checkpoints of c2sp.org/tlog-checkpoint with the log's own signature lines alone, the
//! smaller one first; the hashes are the RFC 6962 consistency proof of the larger tree. Nothing in the
//! file has to be believed: it accuses only where [`judge`] finds the contradiction.

use thiserror::Error;

use crate::cbor::{self, DecodeError, Value};
use crate::log::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::log::equivocation::{self, Verdict, judge};
use crate::log::note::Note;
use crate::log::vkey::NoteKey;
use crate::logbook::Contradiction;

const MAGIC: &str = "ensign contradiction";
const VERSION: u64 = 1;

/// Largest file that is read, in bytes.
pub const MAX_CONTRADICTION: usize = 64 * 1024;

/// What a file proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The key of the log that contradicts itself; its name is the log's origin.
    pub log: NoteKey,
    /// In which way it does.
    pub how: equivocation::Contradiction,
    /// Both trees, the smaller one first.
    pub trees: [Checkpoint; 2],
}

/// Why a file accuses nobody.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum ContradictionError {
    #[error("{0} bytes are more than the {MAX_CONTRADICTION} of a contradiction")]
    TooLong(usize),
    #[error("the file is not deterministic CBOR")]
    Encoding(#[source] DecodeError),
    #[error("the file is no contradiction of a version that is understood here")]
    NotOne,
    #[error("a checkpoint is not one that the named key of the log signed")]
    Checkpoint(#[source] CheckpointError),
    #[error("a checkpoint has a signature line that nothing in the file explains")]
    Line,
    #[error("the smaller checkpoint does not come first")]
    Order,
    #[error("the two checkpoints do not contradict each other, as far as the file shows")]
    Consistent,
}

/// Writes the file; of the notes only the log's own signature lines.
///
/// # Errors
/// Where the two are not checkpoints of that log.
pub fn encode(found: &Contradiction) -> Result<Vec<u8>, ContradictionError> {
    let own = |note: &Vec<u8>| -> Result<(u64, Vec<u8>), ContradictionError> {
        let signed = SignedCheckpoint::open(note, &found.log);
        let signed = signed.map_err(ContradictionError::Checkpoint)?;
        let lines = signed.note().signatures.iter();
        let lines = lines.filter(|line| found.log.is_named_by(line)).cloned();
        let note = Note::new(signed.note().text.as_str(), lines.collect());
        let note = note.and_then(|note| note.to_bytes());
        let note =
            note.map_err(|error| ContradictionError::Checkpoint(CheckpointError::Note(error)))?;
        Ok((signed.checkpoint().size, note))
    };
    let mut notes = [own(&found.checkpoints[0])?, own(&found.checkpoints[1])?];
    notes.sort();
    let notes = notes.map(|(_, note)| Value::bytes(note));
    let hashes = found.proof.iter().map(|hash| Value::bytes(*hash));
    Ok(cbor::encode(&Value::Array(vec![
        Value::text(MAGIC),
        VERSION.into(),
        Value::text(found.log.to_string()),
        Value::Array(notes.into()),
        Value::Array(hashes.collect()),
    ])))
}

/// Whether a file says of itself that it is a contradiction.
pub fn is_one(bytes: &[u8]) -> bool {
    let magic = cbor::encode(&Value::text(MAGIC));
    bytes.get(1..).is_some_and(|rest| rest.starts_with(&magic))
}

/// Reads a file and judges what is in it.
///
/// # Errors
/// Any [`ContradictionError`]: then the file accuses nobody.
pub fn verify(bytes: &[u8]) -> Result<Proven, ContradictionError> {
    if bytes.len() > MAX_CONTRADICTION {
        return Err(ContradictionError::TooLong(bytes.len()));
    }
    let value = cbor::decode(bytes).map_err(ContradictionError::Encoding)?;
    let found = read(value).ok_or(ContradictionError::NotOne)?;
    let open = |note: &[u8]| -> Result<Checkpoint, ContradictionError> {
        let signed = SignedCheckpoint::open(note, &found.log);
        let signed = signed.map_err(ContradictionError::Checkpoint)?;
        let mut lines = signed.note().signatures.iter();
        match lines.all(|line| found.log.is_named_by(line)) {
            true => Ok(signed.into_checkpoint()),
            false => Err(ContradictionError::Line),
        }
    };
    let [one, other] = &found.checkpoints;
    let trees = [open(one)?, open(other)?];
    if trees[0].size > trees[1].size {
        return Err(ContradictionError::Order);
    }
    let verdict = judge(one, other, &found.log, Some(&found.proof));
    match verdict.map_err(ContradictionError::Checkpoint)? {
        Verdict::Contradiction(how) => Ok(Proven {
            log: found.log,
            how,
            trees,
        }),
        Verdict::Consistent | Verdict::Undecided => Err(ContradictionError::Consistent),
    }
}

fn read(value: Value) -> Option<Contradiction> {
    let [magic, version, log, notes, proof]: [Value; 5] = value.into_array()?.try_into().ok()?;
    if magic != Value::text(MAGIC) || version.as_u64() != Some(VERSION) {
        return None;
    }
    let [one, other]: [Value; 2] = notes.into_array()?.try_into().ok()?;
    let hash = |hash: Value| hash.into_bytes()?.try_into().ok();
    Some(Contradiction {
        log: log.into_text()?.parse().ok()?,
        checkpoints: [one.into_bytes()?, other.into_bytes()?],
        proof: proof
            .into_array()?
            .into_iter()
            .map(hash)
            .collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::cosignature::CosignatureSigner;
    use crate::log::merkle::{leaf_hash, node_hash};
    use crate::log::vkey::LogSigner;

    fn liar() -> LogSigner {
        LogSigner::from_seed("liar.example.org/log", &[7; 32]).unwrap()
    }

    fn note(size: u64, root: [u8; 32]) -> Vec<u8> {
        let checkpoint = Checkpoint::new("liar.example.org/log", size, root);
        SignedCheckpoint::sign(checkpoint, &liar())
            .unwrap()
            .to_bytes()
    }

    /// A tree of one entry, and one of two that begins with another entry.
    fn forked() -> Contradiction {
        let [a, b, c] = [&b"a"[..], b"b", b"c"].map(leaf_hash);
        Contradiction {
            log: liar().key().clone(),
            checkpoints: [note(2, node_hash(&b, &c)), note(1, a)],
            proof: vec![b, c],
        }
    }

    #[test]
    fn a_file_proves_what_was_written_into_it_the_smaller_tree_first() {
        let bytes = encode(&forked()).unwrap();
        assert!(is_one(&bytes));
        let proven = verify(&bytes).unwrap();
        assert_eq!(proven.how, equivocation::Contradiction::Fork);
        assert_eq!(proven.log, *liar().key());
        assert_eq!(proven.trees.map(|tree| tree.size), [1, 2]);
    }

    #[test]
    fn a_cosignature_is_left_out_and_one_that_was_put_in_is_refused() {
        let witness = CosignatureSigner::from_seed("w.example.org", &[9; 32]).unwrap();
        let mut found = forked();
        let signed = SignedCheckpoint::open(&found.checkpoints[1], &found.log).unwrap();
        let line = witness.sign(&signed.note().text, 1).unwrap();
        let signed = signed.with_signatures([line]).unwrap();
        let bare = encode(&found).unwrap();
        found.checkpoints[1] = signed.to_bytes();
        assert_eq!(encode(&found).unwrap(), bare);
        let value = Value::Array(vec![
            Value::text(MAGIC),
            VERSION.into(),
            Value::text(found.log.to_string()),
            Value::Array(vec![
                Value::bytes(signed.to_bytes()),
                Value::bytes(found.checkpoints[0].as_slice()),
            ]),
            Value::Array(found.proof.iter().map(|hash| Value::bytes(*hash)).collect()),
        ]);
        assert_eq!(verify(&cbor::encode(&value)), Err(ContradictionError::Line));
    }

    #[test]
    fn what_does_not_contradict_itself_accuses_nobody() {
        let [a, b] = [&b"a"[..], b"b"].map(leaf_hash);
        let honest = Contradiction {
            log: liar().key().clone(),
            checkpoints: [note(1, a), note(2, node_hash(&a, &b))],
            proof: vec![b],
        };
        let honest = verify(&encode(&honest).unwrap());
        assert_eq!(honest, Err(ContradictionError::Consistent));
        let undecided = Contradiction {
            proof: Vec::new(),
            ..forked()
        };
        let undecided = verify(&encode(&undecided).unwrap());
        assert_eq!(undecided, Err(ContradictionError::Consistent));
    }

    #[test]
    fn whatever_byte_is_changed_the_file_accuses_nobody_else() {
        let bytes = encode(&forked()).unwrap();
        let whole = verify(&bytes).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_ne!(verify(&changed).ok(), Some(whole.clone()), "byte {at}");
            assert!(verify(&changed).is_err(), "byte {at}");
        }
    }
}
