//! A served node that is killed again and again under load, for so many minutes:
//!
//! ```text
//! cargo build -p ensign --bin ensign --example killed && target/debug/examples/killed 10
//! ```
//!
//! The real binary serves a real folder on the disk that the build is on. Clients found parties and
//! import files through its socket and note what was answered; a reader notes every checkpoint that
//! it sees in the folder. After some milliseconds, drawn from a seed that is printed, the process is
//! killed with signal 9 and started again as it was. At the end every answered statement must be in
//! the log, each noted checkpoint a beginning of it, and the audit clean.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use ensign_node::clock::{SystemClock, SystemEntropy};
use ensign_node::{Command, Founding, Node, audit, socket};
use ensign_trust::StatementId;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::log::merkle::{Frontier, leaf_hash};
use ensign_trust::logbook::LogName;

/// How many clients write at once.
const CLIENTS: usize = 4;
/// Longest life of a process after it began to serve, in milliseconds.
const LIFE: u64 = 1500;
/// What lives are drawn from.
const SEED: u64 = 11;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What clients were answered and readers saw.
#[derive(Default)]
struct Noted {
    /// Statements with their index in the public log.
    answered: Mutex<Vec<(StatementId, u64)>>,
    refused: Mutex<BTreeMap<String, u64>>,
    /// Checkpoints by log and bytes.
    seen: Mutex<BTreeMap<(&'static str, Vec<u8>), u64>>,
}

fn run() -> Result<()> {
    let minutes = std::env::args().nth(1).unwrap_or_else(|| "1".to_owned());
    let span = Duration::from_secs_f64(60.0 * minutes.parse::<f64>()?);
    let binary = binary()?;
    let target = binary.parent().context("the binary lies in a folder")?;
    let place = tempfile::tempdir_in(target)?;
    let folder = place.path().join("node");
    drop(Node::init(
        &folder,
        &Founding {
            name: "Records Office".to_owned(),
            origin: "node.example.org/log".to_owned(),
            realm: "exercise/killed".parse().map_err(anyhow::Error::msg)?,
        },
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    )?);
    let noted = Noted::default();
    let ended = AtomicBool::new(false);
    let mut restarts = Restarts::default();
    let begun = now();
    std::thread::scope(|scope| -> Result<()> {
        for client in 0..CLIENTS {
            let (folder, place, noted, ended) = (&folder, place.path(), &noted, &ended);
            scope.spawn(move || write(client, folder, place, noted, ended));
        }
        scope.spawn(|| read(&folder, &noted, &ended));
        let killed = kill_again_and_again(&binary, &folder, begun, span, &mut restarts);
        ended.store(true, Ordering::SeqCst);
        killed
    })?;
    println!(
        "seed {SEED}, {CLIENTS} clients, {:.0} s",
        begun.elapsed_seconds()
    );
    println!(
        "{} kills, each start by itself; from start to serving {} ms in the middle, {} at most",
        restarts.took.len(),
        restarts.median(),
        restarts.took.iter().max().unwrap_or(&0)
    );
    check(&folder, &noted)
}

/// How long each start took until the node served, in milliseconds.
#[derive(Default)]
struct Restarts {
    took: Vec<u128>,
}

impl Restarts {
    fn median(&mut self) -> u128 {
        self.took.sort_unstable();
        self.took.get(self.took.len() / 2).copied().unwrap_or(0)
    }
}

fn kill_again_and_again(
    binary: &Path,
    folder: &Path,
    begun: Instant,
    span: Duration,
    restarts: &mut Restarts,
) -> Result<()> {
    let mut drawn = SEED;
    while begun.elapsed_seconds() < span.as_secs_f64() {
        let start = now();
        let mut child = serve(binary, folder)?;
        restarts.took.push(start.elapsed_millis());
        // Knuth's generator; its high half is good enough to draw a life from.
        drawn = drawn
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        pause(Duration::from_millis((drawn >> 33) % LIFE));
        child.kill()?;
        child.wait()?;
    }
    Ok(())
}

/// Starts the node and waits until it says where it serves.
fn serve(binary: &Path, folder: &Path) -> Result<Child> {
    let mut serving = Process::new(binary);
    serving.args(["serve", "--listen", "127.0.0.1:0", "--dir"]);
    serving.arg(folder).stdout(Stdio::piped());
    let mut child = serving.stderr(Stdio::piped()).spawn()?;
    let out = child.stdout.take().context("its output is read")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    if !line.starts_with("http") {
        let output = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("the node does not start again: {said}");
    }
    Ok(child)
}

/// A client: parties, and now and then a file of some rows.
fn write(client: usize, folder: &Path, place: &Path, noted: &Noted, ended: &AtomicBool) {
    let socket = folder.join("socket");
    for number in 0.. {
        if ended.load(Ordering::SeqCst) {
            return;
        }
        let command = match number % 8 {
            7 => Command::Import {
                format: "who-ssa".to_owned(),
                file: rows(place, client, number),
                covers: None,
            },
            _ => Command::PartyFound {
                name: format!("Party {number} of client {client}"),
                nature: "organisation".to_owned(),
            },
        };
        match socket::call(&socket, &command, &mut |_| ()) {
            Ok(Some(Ok(answer))) => {
                let id = answer["statement"].as_str().or(answer["run"].as_str());
                let id = id.and_then(|id| id.parse().ok());
                if let (Some(id), Some(index)) = (id, answer["index"].as_u64()) {
                    lock(&noted.answered).push((id, index));
                }
            }
            Ok(Some(Err(failure))) => *lock(&noted.refused).entry(failure.code).or_default() += 1,
            // Nobody serves, or was killed meanwhile.
            Ok(None) | Err(_) => pause(Duration::from_millis(5)),
        }
    }
}

/// A file of this client's own.
fn rows(place: &Path, client: usize, number: usize) -> PathBuf {
    let path = place.join(format!("{client}.csv"));
    let mut text = "Attack ID,Attack Date,Facility Other\n".to_owned();
    for row in 0..20 {
        text += &format!(
            "C{client}R{row},3/{}/25,Clinic {}\n",
            row + 1,
            number / 8 + row
        );
    }
    // A file that cannot be written is one that the import refuses.
    let _ = fs::write(&path, text);
    path
}

/// Reads the checkpoints as anybody could who copies the log.
fn read(folder: &Path, noted: &Noted, ended: &AtomicBool) {
    while !ended.load(Ordering::SeqCst) {
        for log in [LogName::Public, LogName::Closed] {
            let path = folder.join("log").join(log.as_str()).join("checkpoint");
            if let Ok(note) = fs::read(path) {
                *lock(&noted.seen).entry((log.as_str(), note)).or_default() += 1;
            }
        }
    }
}

fn check(folder: &Path, noted: &Noted) -> Result<()> {
    let entropy = Arc::new(SystemEntropy);
    let node = Node::open(folder, Arc::new(SystemClock), entropy, &mut |_| ())?;
    let answered = lock(&noted.answered);
    let public = node.log(LogName::Public);
    for (id, index) in answered.iter() {
        let entry = public
            .read(*index..index + 1)
            .with_context(|| format!("{id} is lost"))?;
        let found = entry
            .into_iter()
            .next()
            .map(ensign_trust::Statement::decode);
        let found = found.context("no entry")??.id();
        ensure!(
            found == *id,
            "{id} was answered for index {index}, where {found} is"
        );
    }
    let seen = lock(&noted.seen);
    for log in [LogName::Public, LogName::Closed] {
        let roots = roots(&node, log)?;
        let key = node.log_key(log);
        for (_, note) in seen.keys().filter(|(name, _)| *name == log.as_str()) {
            let checkpoint = SignedCheckpoint::open(note, &key)?.into_checkpoint();
            let now = roots.get(usize::try_from(checkpoint.size)?);
            ensure!(
                now == Some(&checkpoint.root),
                "the head of {} of size {} was signed twice or lost",
                log.as_str(),
                checkpoint.size
            );
        }
    }
    let size = public.head()?.map_or(0, |head| head.size);
    println!(
        "{} answered acts are in a log of {size} entries",
        answered.len()
    );
    println!(
        "{} checkpoints were seen, each a beginning of its log",
        seen.len()
    );
    println!("refused: {:?}", lock(&noted.refused));
    ensure!(!answered.is_empty() && !seen.is_empty(), "nothing was done");
    let config = node.config().clone();
    drop(node);
    let folder = ensign_node::folder::Folder::at(folder);
    let options = audit::Options {
        screen: false,
        kek: Some(folder.key(&config)?),
        cores: NonZero::<usize>::MIN,
    };
    let audit = audit::audit(&folder, None, options, &mut |_| ())?;
    ensure!(audit.is_clean(), "the audit finds {:?}", audit.findings);
    println!("the audit finds nothing");
    Ok(())
}

/// The root of a log at every size.
fn roots(node: &Node, log: LogName) -> Result<Vec<ensign_trust::log::Hash>> {
    let log = node.log(log);
    let size = log.head()?.map_or(0, |head| head.size);
    let mut tree = Frontier::default();
    let mut roots = vec![tree.root()];
    for entry in log.read(0..size)? {
        tree.extend([leaf_hash(&entry)]);
        roots.push(tree.root());
    }
    Ok(roots)
}

/// The binary beside this example.
fn binary() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let profile = own
        .ancestors()
        .nth(2)
        .context("an example lies in its profile's folder")?;
    let binary = profile.join("ensign");
    ensure!(
        binary.exists(),
        "build {} first: `cargo build -p ensign` with the same profile",
        binary.display()
    );
    Ok(binary)
}

fn lock<T>(noted: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    noted
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long it runs is all that the clock decides"
)]
fn now() -> Instant {
    Instant::now()
}

/// Time since a moment.
trait Since {
    fn elapsed_seconds(&self) -> f64;
    fn elapsed_millis(&self) -> u128;
}

impl Since for Instant {
    fn elapsed_seconds(&self) -> f64 {
        now().duration_since(*self).as_secs_f64()
    }

    fn elapsed_millis(&self) -> u128 {
        now().duration_since(*self).as_millis()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process lives for a drawn time before it is killed"
)]
fn pause(span: Duration) {
    std::thread::sleep(span);
}
