//! How long a witness takes to cosign: a served witness with its file, asked over HTTP on loopback,
//! beside flushes of the same file system that are taken by turns with its answers.
//!
//! The log is made here: its tree, its checkpoints and the proofs between them. Each answer must be a
//! cosignature that holds, and in the end the witness must give the last checkpoint back.

use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, mpsc};

use anyhow::{Context as _, Result, ensure};
use ensign_node::clock::SystemClock;
use ensign_node::witness::Witness;
use ensign_trust::log::Hash;
use ensign_trust::log::checkpoint::{Checkpoint, SignedCheckpoint};
use ensign_trust::log::merkle::{
    Frontier, NodeId, ProofError, consistency_proof, leaf_hash, root_of,
};
use ensign_trust::log::note::Note;
use ensign_trust::log::vkey::{LogSigner, NoteKey};
use ensign_trust::log::witness::AddCheckpoint;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

use crate::load::Connection;
use crate::measure::{self, ROUNDS, Spread};
use crate::place::{self, Place, SEED};
use crate::report::{Duty, Report, Target};

/// Checkpoints in a round.
const REQUESTS: usize = 400;
/// Milliseconds within which 99 of 100 are answered.
const P99: f64 = 5.0;

/// A checkpoint that is to be cosigned.
struct Request {
    body: Vec<u8>,
    text: String,
}

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let signer = LogSigner::from_seed("log.example.org/log", &[7; 32])?;
    let (requests, last) = requests(&signer, ROUNDS * REQUESTS)?;
    let digest = requests.iter().fold(Sha256::new(), |digest, request| {
        digest.chain_update(&request.body)
    });
    report.data(
        &format!("{} checkpoints of a growing log", requests.len()),
        SEED,
        digest.finalize().into(),
    );
    let place = Place::new()?;
    let node = place::found(&place.node())?;
    node.add_witness(&signer.key().to_string(), None, None)?;
    drop(node);
    let witness = Arc::new(Witness::open(&place.node(), Arc::new(SystemClock))?);
    let key = witness.key().clone();
    while_served(witness, |address| {
        measure(report, address, &requests, &key, &place.join("flush"))?;
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(signer.key().name()));
        let kept = Connection::plain(address)?.ask(&format!("/{hash}/checkpoint"))?;
        let kept = SignedCheckpoint::open(&kept, signer.key())?;
        ensure!(
            kept.checkpoint() == &last,
            "the witness remembers another checkpoint"
        );
        Ok(())
    })
}

fn measure(
    report: &mut Report,
    address: SocketAddr,
    requests: &[Request],
    key: &NoteKey,
    flushed: &Path,
) -> Result<()> {
    let mut connection = Connection::plain(address)?;
    let mut file = File::create(flushed)?;
    let (mut all, mut bare) = (Vec::new(), Vec::new());
    let (mut p99, mut ratio) = (Vec::new(), Vec::new());
    for round in requests.chunks(REQUESTS) {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for request in round {
            let begin = measure::now();
            let (status, body) = connection.post("/add-checkpoint", &[], &request.body)?;
            ours.push(measure::now().duration_since(begin).as_secs_f64() * 1e3);
            ensure!(status == 200, "a checkpoint was answered with {status}");
            let note = Note::parse(&[request.text.as_bytes(), b"\n", &body].concat())?;
            let line = note.signatures.first().context("no line came back")?;
            ensure!(key.is_named_by(line), "another key signed");
            key.verify(&request.text, &line.signature)?;
            file.write_all(&[7; 4096])?;
            let begin = measure::now();
            file.sync_data()?;
            theirs.push(measure::now().duration_since(begin).as_secs_f64() * 1e3);
        }
        let [most, bound] = [&ours, &theirs].map(|times| measure::quantile(times.clone(), 0.99));
        p99.push(most);
        ratio.push(most / bound);
        all.extend(ours);
        bare.extend(theirs);
    }
    report.note(&format!("{} cosignatures, each verified", all.len()));
    for (name, times) in [("add-checkpoint", &all), ("bare fdatasync", &bare)] {
        let [half, most] = [0.5, 0.99].map(|part| measure::quantile(times.clone(), part));
        report.note(&format!(
            "{name:<15} p50 {half:>6.2} ms  p99 {most:>7.2} ms"
        ));
    }
    let Spread {
        median,
        least,
        most,
    } = Spread::of(ratio);
    report.note(&format!(
        "p99 beside that of the flushes of the same round: {median:.2} times [{least:.2} to {most:.2}]"
    ));
    report.figure("p99", "ms", Spread::of(p99), Target::Below(P99), Duty::Aim);
    Ok(())
}

/// Requests for one checkpoint after the other, and the last checkpoint.
fn requests(signer: &LogSigner, count: usize) -> Result<(Vec<Request>, Checkpoint)> {
    let mut leaves: Vec<Hash> = Vec::new();
    let (mut frontier, mut requests, mut last) = (Frontier::new(), Vec::new(), None);
    for at in 0..count {
        let old = leaves.len() as u64;
        for _ in 0..=at % 7 {
            let entry = [SEED.to_be_bytes(), (leaves.len() as u64).to_be_bytes()].concat();
            leaves.push(leaf_hash(&entry));
            frontier.push(*leaves.last().context("one was added")?);
        }
        let new = leaves.len() as u64;
        let proof = consistency_proof::<ProofError>(old, new, |NodeId { level, index }| {
            let width = 1_usize << level;
            let first = usize::try_from(index).unwrap_or(usize::MAX) * width;
            Ok(root_of(&leaves[first..first + width]))
        })?;
        let checkpoint = Checkpoint::new(signer.key().name(), new, frontier.root());
        let signed = SignedCheckpoint::sign(checkpoint, signer)?;
        let request = AddCheckpoint {
            old,
            proof,
            checkpoint: signed.note().clone(),
        };
        requests.push(Request {
            body: request.to_bytes()?,
            text: signed.note().text.clone(),
        });
        last = Some(signed.into_checkpoint());
    }
    Ok((requests, last.context("there is a checkpoint")?))
}

fn while_served(witness: Arc<Witness>, work: impl FnOnce(SocketAddr) -> Result<()>) -> Result<()> {
    let (tell, told) = mpsc::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = std::thread::spawn(move || -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let ready = move |address| tell.send(address).expect("the benchmark waits for it");
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let stopped = async { drop(stopped.await) };
        let served = ensign_web::serve_witness(witness, listen, false, ready, stopped);
        Ok(runtime.block_on(served)?)
    });
    let address = told.recv().context("the witness did not start")?;
    let done = work(address);
    drop(stop);
    serving.join().expect("serving does not panic")?;
    done
}
