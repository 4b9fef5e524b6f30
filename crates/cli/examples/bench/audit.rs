//! `ensign verify`: both logs of a folder, strict and screened, beside the bare checking of the
//! same signatures on all cores by the same library.

use anyhow::{Context as _, Result, ensure};
use ed25519_dalek::{Signature, VerifyingKey, verify_batch};
use ensign_node::folder::Folder;
use ensign_node::{Config, Node, audit};
use ensign_trust::Statement;
use ensign_trust::logbook::LogName;
use ensign_trust::party::Registry;

use crate::authors::Authors;
use crate::measure::{ROUNDS, Rate, Span, Spread, cores, on_all_cores, timed};
use crate::place::{self, Place, SEED};
use crate::report::{Duty, Report};

const STATEMENTS: usize = 60_000;
const BATCH: usize = 256;

/// A signature with all that it takes to check it.
pub struct Bare {
    key: VerifyingKey,
    message: Vec<u8>,
    signature: Signature,
}

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let place = Place::new()?;
    let node = place::found(&place.node())?;
    let mut authors = Authors::found(&node, 0)?;
    while authors.signed() < STATEMENTS as u64 {
        node.append(LogName::Public, authors.notes(BATCH)?)?;
    }
    let signatures = signatures(&node)?;
    drop(node);
    let what = format!("{} entries of two logs", signatures.len());
    report.data(&what, SEED, authors.digest());
    let folder = Folder::at(place.node());
    let measure = |screen: bool, bare: fn(&[Bare]) -> Result<Span>| -> Result<_> {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let kek = Some(folder.key(&Config::read(folder.path())?)?);
            let options = audit::Options {
                screen,
                kek,
                cores: cores(),
            };
            let (audit, ours) = timed(|| audit::audit(&folder, None, options, &mut |_| ()));
            let audit = audit?;
            let judged: u64 = audit.logs.iter().map(|log| log.size).sum();
            ensure!(
                judged == signatures.len() as u64,
                "{judged} entries were audited"
            );
            ensure!(audit.is_clean(), "the audit found {:?}", audit.findings);
            let bound = bare(&signatures)?;
            rounds.push((ours.rate(signatures.len()), bound.rate(signatures.len())));
        }
        Ok(rounds)
    };
    let strict = measure(false, verify_strict)?;
    let screened = measure(true, verify_screened)?;
    let cpu = |rounds: &[(Rate, Rate)]| Spread::of(rounds.iter().map(|(_, bare)| bare.cpu)).median;
    let (one, many) = (cpu(&strict), cpu(&screened));
    report.note(&format!(
        "bare: verify_strict {one:.1} µs of processor, verify_batch {many:.1}"
    ));
    report.rates(
        "strict",
        &strict,
        "verify_strict on all cores",
        0.85,
        Duty::Aim,
    );
    report.rates(
        "screen",
        &screened,
        "verify_batch of 256 on all cores",
        0.85,
        Duty::Aim,
    );
    Ok(())
}

impl Bare {
    /// Of a statement by a key that the log knows.
    pub fn of(statement: &Statement, registry: &Registry) -> Result<Self> {
        let key = registry
            .key(statement.key())
            .context("a key is not known")?
            .key
            .to_cose();
        // The COSE_Key of an Ed25519 key ends in its 32 bytes.
        let (_, point) = key.split_last_chunk().context("a key is too short")?;
        Ok(Bare {
            key: VerifyingKey::from_bytes(point)?,
            message: statement.signed_bytes(),
            signature: Signature::from_bytes(statement.signature()),
        })
    }

    fn is_good(&self) -> bool {
        self.key
            .verify_strict(&self.message, &self.signature)
            .is_ok()
    }
}

/// Checks all of them one by one, on all cores.
pub fn verify_strict(all: &[Bare]) -> Result<Span> {
    ensure!(
        all.first().is_some_and(Bare::is_good),
        "the first signature is bad"
    );
    Ok(on_all_cores(all, |part| {
        assert!(part.iter().all(Bare::is_good), "a signature is bad")
    }))
}

fn verify_screened(all: &[Bare]) -> Result<Span> {
    Ok(on_all_cores(all, |part| {
        for batch in part.chunks(BATCH) {
            let messages: Vec<&[u8]> = batch.iter().map(|it| it.message.as_slice()).collect();
            let signatures: Vec<Signature> = batch.iter().map(|it| it.signature).collect();
            let keys: Vec<VerifyingKey> = batch.iter().map(|it| it.key).collect();
            verify_batch(&messages, &signatures, &keys).expect("what was signed verifies");
        }
    }))
}

fn signatures(node: &Node) -> Result<Vec<Bare>> {
    let registry = node.views().registry()?;
    let mut all = Vec::new();
    for log in [LogName::Public, LogName::Closed] {
        let size = node.log(log).head()?.map_or(0, |head| head.size);
        for entry in node.log(log).read(0..size)? {
            all.push(Bare::of(&Statement::decode(entry)?, &registry)?);
        }
    }
    Ok(all)
}
