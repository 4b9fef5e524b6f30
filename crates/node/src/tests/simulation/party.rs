//! A party: a node and a witness over stores that outlive their processes.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ensign_store::{
    AppendError, Batch, Head, Kek, Keys, Leases as _, Log, MemoryBlobs, MemoryLeases, MemoryLog,
    MemoryVault, SealedVault, Watermarks,
};
use ensign_trust::code::Code;
use ensign_trust::id::PartyId;
use ensign_trust::key::SigningKey;
use ensign_trust::log::Hash;
use ensign_trust::log::tile::TilePath;
use ensign_trust::log::vkey::NoteKey;
use ensign_trust::logbook::LogName;
use ensign_views::Views;

use super::dice::Drawn;
use crate::clock::{SetClock, fresh};
use crate::error::Error;
use crate::folder::Folder;
use crate::founding::{Founding, found};
use crate::node::{self, Node, Stores};
use crate::tests::BEGIN;
use crate::witness::{Memory, Witness};

/// What becomes of the next batch that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// The disk is full this once.
    Full,
    /// The machine stops before the batch is durable.
    CutBefore,
    /// The machine stops once the batch is durable, before anybody hears of it.
    CutAfter,
    /// The machine stands still.
    Off,
}

/// Power and space of the machine on which a process runs.
pub(super) struct Machine(Mutex<Fate>);

impl Machine {
    pub(super) fn set(&self, fate: Fate) {
        *self.fate() = fate;
    }

    pub(super) fn is_off(&self) -> bool {
        *self.fate() == Fate::Off
    }

    fn fate(&self) -> MutexGuard<'_, Fate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A head that was made durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) size: u64,
    pub(super) root: Hash,
    pub(super) checkpoint: Vec<u8>,
}

/// The heads of one log, in their order.
pub(super) type History = Arc<Mutex<Vec<Signed>>>;

/// A log on a machine.
struct Disk {
    log: MemoryLog,
    machine: Arc<Machine>,
    /// What was made durable, where somebody compares it.
    history: Option<History>,
}

impl Disk {
    fn on(&self) -> Result<(), ensign_store::Error> {
        match self.machine.is_off() {
            true => Err(ensign_store::Error::Failed {
                action: "reach",
                path: "the machine".into(),
                source: "it stands still".into(),
            }),
            false => Ok(()),
        }
    }
}

impl Log for Disk {
    fn head(&self) -> Result<Option<Head>, ensign_store::Error> {
        self.on()?;
        self.log.head()
    }

    fn append(&self, batch: &Batch<'_>) -> Result<(), AppendError> {
        self.on()?;
        let fate = std::mem::replace(&mut *self.machine.fate(), Fate::Kept);
        if fate == Fate::CutBefore {
            self.machine.set(Fate::Off);
        }
        self.on()?;
        if fate == Fate::Full {
            return Err(AppendError::Store(ensign_store::Error::Full {
                action: "append to",
                path: "the log".into(),
                source: "no space is left".into(),
            }));
        }
        self.log.append(batch)?;
        if let Some(history) = &self.history {
            history
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(Signed {
                    size: batch.expected + batch.entries.len() as u64,
                    root: batch.root,
                    checkpoint: batch.checkpoint.to_vec(),
                });
        }
        if fate == Fate::CutAfter {
            self.machine.set(Fate::Off);
        }
        Ok(self.on()?)
    }

    fn mark(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ensign_store::Error> {
        self.on()?;
        self.log.mark(key)
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, ensign_store::Error> {
        self.on()?;
        self.log.read(range)
    }

    fn resource(&self, path: &TilePath) -> Result<Option<Vec<u8>>, ensign_store::Error> {
        self.on()?;
        self.log.resource(path)
    }
}

/// One copy of a party's logs, and the node that runs on it. A party that keeps its promise has one.
pub(super) struct Face {
    leases: MemoryLeases,
    public: MemoryLog,
    closed: MemoryLog,
    pub(super) machine: Arc<Machine>,
    pub(super) node: Option<Node>,
    /// What the last process left of its views.
    views: Option<Views>,
    history: History,
}

impl Face {
    fn new(
        make: impl FnOnce(&MemoryLeases, &ensign_store::Lease) -> [MemoryLog; 2],
        history: Vec<Signed>,
    ) -> Self {
        let leases = MemoryLeases::new();
        let lease = leases.acquire("writer").unwrap();
        let [public, closed] = make(&leases, &lease);
        Face {
            leases,
            public,
            closed,
            machine: Arc::new(Machine(Mutex::new(Fate::Off))),
            node: None,
            views: None,
            history: Arc::new(Mutex::new(history)),
        }
    }

    /// A copy of the logs as they lie here, that goes its own way.
    pub(super) fn copied(&self) -> Self {
        let copy = |leases: &MemoryLeases, lease: &ensign_store::Lease| {
            [&self.public, &self.closed].map(|log| log.copied(leases, lease))
        };
        Face::new(copy, self.history().clone())
    }

    /// The node, if its machine runs.
    pub(super) fn running(&self) -> Option<&Node> {
        self.node.as_ref().filter(|_| !self.machine.is_off())
    }

    pub(super) fn history(&self) -> MutexGuard<'_, Vec<Signed>> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it made a head of this size and root durable.
    pub(super) fn signed(&self, size: u64, root: &Hash) -> bool {
        let history = self.history();
        let at = history.binary_search_by_key(&size, |it| it.size);
        at.is_ok_and(|at| history[at].root == *root)
    }

    /// Ends the process. What was durable stays, of the views perhaps.
    pub(super) fn stop(&mut self, views_stay: bool) {
        self.machine.set(Fate::Off);
        if let Some(node) = self.node.take() {
            self.views = Some(node.views).filter(|_| views_stay);
        }
    }

    /// Puts the logs back to an earlier copy, as a disk does that lied about what is durable.
    pub(super) fn put_back(&mut self, earlier: Face) {
        let history = Arc::clone(&self.history);
        *self = earlier;
        self.history = history;
    }
}

/// A party with its secrets.
pub(super) struct Party {
    founding: Founding,
    origin: Code,
    operator: PartyId,
    vault: Arc<MemoryVault>,
    keys: Arc<Keys>,
    entropy: Arc<Drawn>,
    pub(super) clock: Arc<SetClock>,
    /// How far its clock is from the true time, in seconds.
    pub(super) skew: i64,
    marks: Arc<Watermarks>,
    pub(super) witness: Option<Witness>,
    pub(super) faces: Vec<Face>,
}

impl Party {
    /// Founds a party whose data keys lie in a folder.
    fn found(at: usize, folder: &std::path::Path) -> Self {
        let entropy = Arc::new(Drawn::new(at as u64));
        let clock = Arc::new(SetClock::at(BEGIN));
        let founding = Founding {
            name: format!("Records Office {at}"),
            origin: format!("n{at}.example.org/log"),
            realm: "exercise/three-rivers".parse().unwrap(),
        };
        let origin = Code::new(founding.origin.clone()).unwrap();
        let keys = folder.join(format!("keys-{at}.db"));
        let keys = Keys::open(&keys, Kek::from_bytes([7; 32]), entropy.clone()).unwrap();
        let (keys, vault) = (Arc::new(keys), Arc::new(MemoryVault::new()));
        let sealed = SealedVault::new(vault.clone(), keys.clone(), entropy.clone());
        let key = SigningKey::from_seed(&fresh(&*entropy));
        let operator = found(&sealed, &founding, &key, &origin, &*clock, &*entropy).unwrap();
        let empty = |leases: &MemoryLeases, lease: &ensign_store::Lease| {
            [(), ()].map(|()| MemoryLog::new(leases, lease))
        };
        Party {
            founding,
            origin,
            operator,
            vault,
            keys,
            entropy,
            clock,
            skew: 0,
            marks: Arc::new(Watermarks::in_memory().unwrap()),
            witness: None,
            faces: vec![Face::new(empty, Vec::new())],
        }
    }

    /// The same party as it stands, for a world of its own. Vault and data keys are shared: a node only
    /// reads them once it is founded.
    fn begun(&self, seed: u64) -> Self {
        Party {
            founding: self.founding.clone(),
            origin: self.origin.clone(),
            operator: self.operator,
            vault: self.vault.clone(),
            keys: self.keys.clone(),
            entropy: Arc::new(Drawn::new(seed)),
            clock: Arc::new(SetClock::at(BEGIN)),
            skew: 0,
            marks: self.marks_copied(),
            witness: None,
            faces: vec![self.faces[0].copied()],
        }
    }

    fn marks_copied(&self) -> Arc<Watermarks> {
        let marks = Watermarks::in_memory().unwrap();
        for (name, value) in self.marks.beginning("").unwrap() {
            assert!(marks.swap(&name, None, &value).unwrap());
        }
        Arc::new(marks)
    }

    pub(super) fn origin(&self) -> &Code {
        &self.origin
    }

    pub(super) fn operator(&self) -> PartyId {
        self.operator
    }

    pub(super) fn entropy(&self) -> &Drawn {
        &self.entropy
    }

    pub(super) fn realm(&self) -> &ensign_trust::Realm {
        &self.founding.realm
    }

    /// What its witness remembers.
    pub(super) fn memory(&self) -> Memory {
        Memory::over(Arc::clone(&self.marks))
    }

    /// Starts a node's process where none runs.
    pub(super) fn start_node(&mut self, face: usize) -> Result<(), Error> {
        let memory = self.memory();
        let face = &mut self.faces[face];
        let lease = face.leases.acquire("writer").unwrap();
        let machine = Arc::new(Machine(Mutex::new(Fate::Kept)));
        let disk = |log: &MemoryLog, history| -> Arc<dyn Log> {
            Arc::new(Disk {
                log: log.reopened(&lease),
                machine: Arc::clone(&machine),
                history,
            })
        };
        let stores = Stores {
            folder: Folder::at("/nowhere"),
            config: Default::default(),
            realm: self.founding.realm.clone(),
            origin: self.origin.clone(),
            operator: self.operator,
            blobs: Arc::new(MemoryBlobs::new()),
            vault: SealedVault::new(self.vault.clone(), self.keys.clone(), self.entropy.clone()),
            views: face
                .views
                .take()
                .map_or_else(Views::in_memory, Ok)
                .map_err(Error::from)?,
            public: disk(&face.public, Some(Arc::clone(&face.history))),
            closed: disk(&face.closed, None),
            memory: Some(memory),
            predecessor: None,
            restored: None,
            sealed: None,
            lease,
        };
        let entropy = self.entropy.clone();
        let node = Node::over(stores, self.clock.clone(), entropy, &mut |_| ())?;
        face.node = Some(node);
        face.machine = machine;
        Ok(())
    }

    /// Starts the witness's process.
    pub(super) fn start_witness(&mut self) {
        let sealed = SealedVault::new(self.vault.clone(), self.keys.clone(), self.entropy.clone());
        let name = crate::witness::witness_name(self.origin.as_str());
        let signer = node::cosigner(&sealed, &name).unwrap();
        self.witness = Some(Witness::over(self.memory(), signer, self.clock.clone()));
    }

    /// Has the witness forget all that it cosigned, as one does whose file was made anew.
    pub(super) fn forget(&mut self) {
        let marks = Watermarks::in_memory().unwrap();
        for (name, value) in self.marks.beginning("log ").unwrap() {
            assert!(marks.swap(&name, None, &value).unwrap());
        }
        self.marks = Arc::new(marks);
    }
}

/// Parties that have stated whom they ask, before anything happens: made once, and begun from again and
/// again.
pub(super) struct Start {
    parties: Vec<Party>,
    /// The keys of their logs.
    pub(super) keys: Vec<NoteKey>,
    /// How many of the others must cosign.
    pub(super) threshold: usize,
    _folder: tempfile::TempDir,
}

impl Start {
    /// So many parties, each of which watches all others and asks them to cosign.
    pub(super) fn new(count: usize, threshold: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut parties: Vec<_> = (0..count)
            .map(|at| Party::found(at, folder.path()))
            .collect();
        for party in &mut parties {
            party.start_node(0).unwrap();
            party.start_witness();
        }
        let node = |at: usize| parties[at].faces[0].node.as_ref().unwrap();
        let keys: Vec<_> = (0..count)
            .map(|at| node(at).log_key(LogName::Public))
            .collect();
        for at in 0..count {
            for other in (0..count).filter(|other| *other != at) {
                let witness = parties[other].witness.as_ref().unwrap().key().to_string();
                let address = address(other);
                node(at)
                    .add_witness(&witness, Some(&address), Some(threshold))
                    .unwrap();
                node(at)
                    .add_witness(&keys[other].to_string(), None, None)
                    .unwrap();
            }
        }
        Start {
            parties,
            keys,
            threshold,
            _folder: folder,
        }
    }

    /// The parties for one world, all running.
    pub(super) fn begun(&self, seed: u64) -> Vec<Party> {
        let begin = |(at, party): (u64, &Party)| {
            let mut party = party.begun(seed.wrapping_mul(31).wrapping_add(at));
            party.start_node(0).unwrap();
            party.start_witness();
            party
        };
        (0..).zip(&self.parties).map(begin).collect()
    }
}

/// Where a party answers.
pub(super) fn address(party: usize) -> String {
    format!("https://n{party}.example.org")
}
