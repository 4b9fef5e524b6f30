//! The invented story that `ensign demo` shows: two hostile parties, a hospital network, a
//! verification body and a secretariat. It is seeded through the same commands as anybody's data,
//! in a realm of its own, so that nothing of it can be taken for real.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ensign_share::who_ssa;
use ensign_store::Entropy;
use ensign_trust::Realm;
use ensign_trust::code::Code;
use ensign_trust::id::StatementId;
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;
use crate::command::{Command, Progress};
use crate::error::Error;
use crate::folder::Folder;
use crate::founding::Founding;
use crate::node::Node;

mod accord;
mod emblems;

pub use emblems::tell as tell_emblems;

/// Two invented exports, a few months apart: the second has three rows that come late, one that is
/// missing, four that are changed, and writes all others in another way.
const EXPORTS: [&str; 2] = [include_str!("first.csv"), include_str!("second.csv")];

/// Name, nature and role of each party of the story.
const PARTIES: [(&str, &str, Option<&str>); 5] = [
    ("Republic of Aranthia (invented)", "state", None),
    ("Belvorian Council (invented)", "armed-group", None),
    (
        "Three Rivers Hospital Network (invented)",
        "organisation",
        None,
    ),
    (
        "Independent Verification Mission (invented)",
        "body",
        Some("verifier"),
    ),
    (
        "Secretariat of the Harbour Accord (invented)",
        "body",
        Some("secretariat"),
    ),
];

/// Name of the file whose presence says that the story is whole.
const TOLD: &str = "demo.told";

/// Opens the demo in a folder; makes and seeds it first where it is not there, or not whole.
pub fn open(
    path: &Path,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Node, Error> {
    let folder = Folder::at(path);
    let clock = Arc::new(StoryClock::new(clock));
    if folder.holds_a_node() {
        let node = Node::open(path, clock.clone(), entropy, progress)?;
        if *node.realm() != realm() {
            return Err(Error::FolderTaken {
                path: path.to_owned(),
            });
        }
        if !path.join(TOLD).exists() {
            clock.begin(began(&node)?);
            tell(&node, &clock, progress)?;
        }
        return Ok(node);
    }
    let founding = Founding {
        name: "Lantern Records Office (invented)".to_owned(),
        origin: "lantern.example.org/log".to_owned(),
        realm: realm(),
    };
    clock.begin(clock.now().saturating_sub(accord::DAYS * 86_400));
    let node = Node::init(path, &founding, clock.clone(), entropy)?;
    tell(&node, &clock, progress)?;
    Ok(node)
}

/// When the story of a node began: its operator's own word.
fn began(node: &Node) -> Result<u64, Error> {
    let genesis = StatementId::from_bytes(*node.operator().as_bytes());
    let genesis = node.statement(genesis)?;
    Ok(genesis.map_or_else(|| node.clock().now(), |statement| statement.claimed))
}

/// The clock of the story: it stands in the past while that is told, and then goes with the node's.
struct StoryClock {
    clock: Arc<dyn Clock>,
    base: AtomicU64,
    /// Where it stands; at the present if beyond it.
    stands: AtomicU64,
}

impl StoryClock {
    fn new(clock: Arc<dyn Clock>) -> Self {
        StoryClock {
            clock,
            base: AtomicU64::new(0),
            stands: AtomicU64::new(u64::MAX),
        }
    }

    /// Begins to tell, from a second on.
    fn begin(&self, base: u64) {
        self.base.store(base, Ordering::SeqCst);
        self.tell(0);
    }

    /// Stands so many seconds after the beginning.
    fn tell(&self, after: u64) {
        let second = self.base().saturating_add(after);
        self.stands.store(second, Ordering::SeqCst);
    }

    /// Goes on with the node's clock.
    fn catch_up(&self) {
        self.stands.store(u64::MAX, Ordering::SeqCst);
    }

    /// The first second of the story.
    fn base(&self) -> u64 {
        self.base.load(Ordering::SeqCst)
    }
}

impl Clock for StoryClock {
    fn now(&self) -> u64 {
        self.clock.now().min(self.stands.load(Ordering::SeqCst))
    }
}

/// The realm of the story.
pub fn realm() -> Realm {
    Realm::Exercise(Code::literal("harbour"))
}

/// Tells the story; one that was broken off goes on where it stopped.
fn tell(node: &Node, clock: &StoryClock, progress: &mut dyn FnMut(Progress)) -> Result<(), Error> {
    let known = node.parties()?;
    let mandates = node.mandates()?;
    let mut told = Vec::new();
    for (name, nature, role) in PARTIES {
        let known = known
            .iter()
            .find(|party| party.name.as_deref() == Some(name));
        let party = match known {
            Some(known) => known.party,
            None => node.found_party(name, nature)?.party,
        };
        let holds = |role: &str| {
            let mut held = mandates.iter().filter(|mandate| mandate.to == party);
            held.any(|mandate| mandate.role == role)
        };
        if let Some(role) = role.filter(|role| !holds(role)) {
            node.grant_mandate(&party.to_string(), role, None, None, None)?;
        }
        told.push(party);
    }
    // The order of the parties is that of the list above.
    if let [first, second, hospital, mission, secretariat] = told[..] {
        let cast = accord::Cast {
            sides: [first, second],
            hospital,
            mission,
            secretariat,
        };
        accord::tell(node, clock, cast)?;
        clock.catch_up();
        emblems::tell(node, [first, second], hospital)?;
    }
    for export in &EXPORTS[begun(node)?..] {
        let path = node.folder().path().join("demo.csv");
        let file = |action| {
            let path = path.clone();
            move |source| Error::File {
                action,
                path,
                source,
            }
        };
        fs::write(&path, export).map_err(file("write"))?;
        let (format, file_path) = ("who-ssa".to_owned(), path.clone());
        Command::Import {
            format,
            file: file_path,
            covers: None,
        }
        .run(node, progress)?;
        fs::remove_file(&path).map_err(file("remove"))?;
    }
    let told = node.folder().path().join(TOLD);
    fs::write(&told, "").map_err(|source| Error::File {
        action: "write",
        path: told.clone(),
        source,
    })
}

/// The export to go on with: the last one that has a run, since its rows may be missing. To import
/// an earlier one again would state that its values had come back.
fn begun(node: &Node) -> Result<usize, Error> {
    let source = node.views().source(&Code::literal(who_ssa::SOURCE))?;
    let runs = source.map_or_else(Vec::new, |source| source.runs);
    let has_run = |export: &&str| {
        let digest = Sha256::digest(export);
        runs.iter().any(|run| run.file.as_bytes()[..] == digest[..])
    };
    Ok(EXPORTS.iter().rposition(has_run).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;
    use crate::tests::Place;

    fn open_in(place: &Place) -> Node {
        let (clock, entropy) = (place.clock.clone(), Arc::new(SystemEntropy));
        open(&place.folder(), clock, entropy, &mut |_| ()).unwrap()
    }

    #[test]
    fn a_story_that_broke_off_before_its_end_goes_on_and_changes_nothing() {
        let place = Place::new(71);
        let told = |node: &Node| {
            let source = Code::literal(who_ssa::SOURCE);
            let changes = node.views().changes(&source, None, None, 100).unwrap();
            let (parties, mandates) = (node.parties().unwrap(), node.mandates().unwrap());
            (
                serde_json::to_string(&changes).unwrap(),
                parties.len(),
                mandates.len(),
            )
        };
        let node = open_in(&place);
        let before = told(&node);
        drop(node);
        fs::remove_file(place.folder().join(TOLD)).unwrap();
        assert_eq!(told(&open_in(&place)), before);
    }

    /// Copies a folder as it lies, and the key beside it, as a crash at this moment leaves them.
    fn copy(from: &Path, to: &Path) {
        if from.is_dir() {
            fs::create_dir_all(to).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                copy(&entry.path(), &to.join(entry.file_name()));
            }
        } else {
            fs::copy(from, to).unwrap();
        }
    }

    #[test]
    fn a_story_that_a_crash_cut_before_or_between_its_exports_is_completed() {
        let told = |node: &Node| {
            let source = Code::literal(who_ssa::SOURCE);
            let changes = node.views().changes(&source, None, None, 100).unwrap();
            let mut changes: Vec<_> = changes
                .rows
                .iter()
                .map(|change| (change.record, change.kind.as_str(), change.field.clone()))
                .collect();
            changes.sort();
            let front = node.views().front().unwrap();
            let (parties, mandates) = (node.parties().unwrap(), node.mandates().unwrap());
            let people = (
                front.incidents,
                front.not_listed,
                front.killed,
                front.injured,
            );
            (changes, people, parties.len(), mandates.len())
        };
        let place = Place::new(73);
        let (folder, key) = (place.folder(), place.folder().with_extension("key"));
        let mut crashed = Vec::new();
        let (clock, entropy) = (place.clock.clone(), Arc::new(SystemEntropy));
        let node = open(&folder, clock, entropy, &mut |_| {
            let later = Place::new(74 + crashed.len() as u64);
            copy(&folder, &later.folder());
            copy(&key, &later.folder().with_extension("key"));
            crashed.push(later);
        })
        .unwrap();
        let expected = told(&node);
        let mut runs = Vec::new();
        for place in crashed {
            let node = place.open().unwrap();
            let source = node.views().source(&Code::literal(who_ssa::SOURCE));
            runs.push(source.unwrap().map_or(0, |source| source.summary.runs));
            drop(node);
            assert!(!place.folder().join(TOLD).exists());
            assert_eq!(told(&open_in(&place)), expected);
            assert!(place.folder().join(TOLD).exists());
        }
        assert!(runs.contains(&0) && runs.contains(&1), "{runs:?}");
    }

    #[test]
    fn a_party_that_was_founded_without_its_mandate_gets_it() {
        let place = Place::new(72);
        let founding = Founding {
            name: "Lantern Records Office (invented)".to_owned(),
            origin: "lantern.example.org/log".to_owned(),
            realm: realm(),
        };
        let entropy = Arc::new(SystemEntropy);
        let node = Node::init(&place.folder(), &founding, place.clock.clone(), entropy).unwrap();
        let (name, nature, _) = PARTIES[3];
        let verifier = node.found_party(name, nature).unwrap().party;
        drop(node);
        let mandates = open_in(&place).mandates().unwrap();
        let held = mandates.iter().filter(|mandate| mandate.to == verifier);
        let roles: Vec<_> = held.map(|mandate| mandate.role.as_str()).collect();
        assert_eq!(roles, ["verifier", "signatory"]);
    }
}
