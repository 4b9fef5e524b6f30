//! A short story of a node, told by a child process one act at a time, so that it can be ended or
//! disturbed anywhere. What others could see of the logs after each act goes to standard output.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use data_encoding::BASE64;
use ensign_trust::log::cosignature::CosignatureSigner;
use ensign_trust::log::witness::AddCheckpoint;
use ensign_trust::logbook::LogName;

use super::Sighting;
use crate::asset::{AssetQuestion, AssetRequest};
use crate::clock::SetClock;
use crate::error::Error;
use crate::founding::Founding;
use crate::network::{Network, Reply, Unreachable};
use crate::node::Node;
use crate::tests::{BEGIN, Seeded};

/// What happens, in this order; each act on a node that was opened for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// The node is made.
    Init,
    /// A party is founded: both logs grow.
    Found,
    /// A file is imported: a blob, sealed values and several batches.
    Import,
    /// A witness is asked for from now on, cosigns, and the cosignature is logged.
    Witness,
    /// An asset is registered whose identifier can be erased.
    Register,
    /// The operator's key is rotated.
    Rotate,
    /// The asset is withdrawn and its identifier erased: values, salt and data key; the words of an
    /// incident too, also in the copy of its file.
    Erase,
    /// An incident is exported with its proof.
    Export,
    /// So many rows are imported that tiles fill and their partial versions go.
    Fill,
}

pub(super) const ACTS: [Act; 9] = [
    Act::Init,
    Act::Found,
    Act::Import,
    Act::Witness,
    Act::Register,
    Act::Rotate,
    Act::Erase,
    Act::Export,
    Act::Fill,
];

/// The incident whose words are erased.
pub(super) const ERASED: &str = "ARA000002";

/// Rows of the last file.
const MANY: usize = 240;

/// A witness that cosigns whatever it is sent.
struct Willing(CosignatureSigner);

impl Network for Willing {
    fn post(&self, _address: &str, body: &[u8]) -> Result<Reply, Unreachable> {
        let request = AddCheckpoint::parse(body).unwrap();
        let line = self.0.sign(&request.checkpoint.text, BEGIN + 1_000_000);
        Ok(Reply {
            status: 200,
            body: format!("{}\n", line.unwrap()).into_bytes(),
        })
    }

    fn get(&self, address: &str, _most: u64) -> Result<Reply, Unreachable> {
        unreachable!("nobody asks for {address}")
    }
}

/// Opens the node below a folder, or makes it where the story begins. No two turns draw the same
/// entropy: whatever one signs again differs from what was signed before.
pub(super) fn open(act: Act, root: &Path, turn: u64) -> Result<Node, Error> {
    let folder = root.join("node");
    let clock = Arc::new(SetClock::at(BEGIN + 60 * turn));
    let entropy = Arc::new(Seeded(AtomicU64::new(turn << 32)));
    if act == Act::Init && !folder.join("log.db").exists() {
        let founding = Founding {
            name: "Records Office of the Three Rivers".to_owned(),
            origin: "node.example.org/log".to_owned(),
            realm: "exercise/three-rivers".parse().unwrap(),
        };
        return Node::init(&folder, &founding, clock, entropy);
    }
    Node::open(&folder, clock, entropy, &mut |_| ())
}

impl Act {
    /// Its place in the story.
    pub fn number(self) -> u64 {
        let at = ACTS.iter().position(|act| *act == self);
        at.expect("every act is in the story") as u64
    }

    /// Does what the act says.
    pub fn tell(self, node: &Node, root: &Path) -> Result<(), Error> {
        let operator = node.operator().to_string();
        match self {
            Act::Init => (),
            Act::Found => {
                node.found_party("Harbour Clinic", "organisation")?;
            }
            Act::Import => {
                node.import("who-ssa", &root.join("some.csv"), None, &mut |_| ())?;
            }
            Act::Fill => {
                node.import("who-ssa", &root.join("many.csv"), None, &mut |_| ())?;
            }
            Act::Witness => {
                let witness = CosignatureSigner::from_seed("w.example.org", &[9; 32]).unwrap();
                let key = witness.key().to_string();
                node.add_witness(&key, Some("https://w.example.org"), None)?;
                node.ask_witnesses(LogName::Public, &Willing(witness))?;
            }
            Act::Register => {
                node.register_asset(&AssetRequest {
                    party: operator,
                    kind: "domain".to_owned(),
                    identifier: "planted.example.org".to_owned(),
                    permanent: false,
                    public: false,
                    bearer: None,
                    law: "gc-i".to_owned(),
                    authority: None,
                    from: None,
                    until: None,
                    replaces: None,
                })?;
            }
            Act::Rotate => {
                node.rotate_key(&operator)?;
            }
            Act::Erase => {
                match node.erase_subject(ERASED, "safety") {
                    // Nothing is left of it: it was told before.
                    Err(Error::Unfit { .. }) => (),
                    erased => drop(erased?),
                }
                for asset in node.list_assets(None, None, &AssetQuestion::default())? {
                    node.withdraw_asset(&asset.row.asset.to_string(), "closed")?;
                }
            }
            Act::Export => {
                node.export_incident("ARA000001")?;
            }
        }
        Ok(())
    }
}

/// Writes the files that the story imports.
pub(super) fn prepare(root: &Path) {
    let file = |name: &str, first: usize, count: usize| {
        let mut text = "Attack ID,Attack Date,Facility Other\n".to_owned();
        for number in first..first + count {
            let day = number % 28 + 1;
            writeln!(text, "ARA{number:06},3/{day}/25,Dialysis clinic {number}").unwrap();
        }
        std::fs::write(root.join(name), text).unwrap();
    };
    file("some.csv", 1, 3);
    file("many.csv", 1, MANY);
}

/// Starts a child that will tell an act below a folder as soon as it is let.
pub(super) fn teller(act: Act, root: &Path) -> Child {
    let asked = format!("{ASKED}{}:{}", act.number(), root.display());
    let test = "tests::faults::story::a_child_tells_the_act_that_it_is_asked_for";
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, &asked, "--nocapture", "--test-threads=1"]);
    child.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.stderr(Stdio::null()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut out = Heard(out);
    assert!(out.next_line().is_some_and(|line| line == READY));
    child.stdout = Some(out.0.into_inner());
    child
}

/// Lets a child begin that waits.
pub(super) fn begin(input: &mut impl io::Write) {
    input.write_all(b"\n").unwrap();
}

/// What a child told that has ended.
pub(super) fn sightings(child: &mut Child) -> Vec<Sighting> {
    let mut out = Heard(BufReader::new(child.stdout.take().unwrap()));
    let mut found = Vec::new();
    while let Some(line) = out.next_line() {
        let (what, note) = line.split_once(' ').unwrap_or((&line, ""));
        let note = BASE64.decode(note.as_bytes());
        // A line that was cut off told nobody anything.
        let seen = note
            .ok()
            .and_then(|note| Sighting::of(&note, what == ANSWERED));
        found.extend(seen);
    }
    found
}

/// Lines of a child among those of its test runner.
struct Heard<R>(BufReader<R>);

impl<R: io::Read> Heard<R> {
    fn next_line(&mut self) -> Option<String> {
        let mut line = String::new();
        while self.0.read_line(&mut line).unwrap() > 0 {
            if let Some((_, told)) = line.split_once(MARK) {
                return Some(told.trim_end_matches('\n').to_owned());
            }
            line.clear();
        }
        None
    }
}

const ASKED: &str = "tell:";
const MARK: &str = "@@ ";
const READY: &str = "ready";
const ANSWERED: &str = "answered";
const SEEN: &str = "seen";

/// In a run of its own nobody asks: then the whole story is told without a fault.
#[test]
fn a_child_tells_the_act_that_it_is_asked_for() {
    let asked = std::env::args().find_map(|one| one.strip_prefix(ASKED).map(str::to_owned));
    let Some(asked) = asked else {
        let root = tempfile::tempdir().unwrap();
        prepare(root.path());
        for act in ACTS {
            let node = open(act, root.path(), 10 * act.number()).unwrap();
            act.tell(&node, root.path()).unwrap();
        }
        return;
    };
    let (number, root) = asked.split_once(':').unwrap();
    let act = ACTS[number.parse::<usize>().unwrap()];
    say(READY);
    io::stdin().read_line(&mut String::new()).unwrap();
    tell(act, Path::new(root));
}

/// Tells an act as a process does that lives on after a fault: what failed is tried once more.
fn tell(act: Act, root: &Path) {
    let turn = 10 * act.number();
    let Ok(node) = open(act, root, turn).or_else(|_| open(act, root, turn + 1)) else {
        return;
    };
    for _ in 0..2 {
        let told = act.tell(&node, root);
        let what = if told.is_ok() { ANSWERED } else { SEEN };
        for log in [LogName::Public, LogName::Closed] {
            if let Some(head) = node.log(log).head().unwrap() {
                say(&format!("{what} {}", BASE64.encode(&head.checkpoint)));
            }
        }
        if told.is_ok() {
            break;
        }
    }
}

fn say(line: &str) {
    println!("{MARK}{line}");
}
