//! Entry bundles, read and checked on all cores, and handed over in the order of the log.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::thread::{Scope, ScopedJoinHandle};

use ensign_trust::Statement;
use ensign_trust::id::KeyId;
use ensign_trust::key::{self, PublicKey};
use ensign_trust::log::tile::{FULL_WIDTH, TileError, TileKind, TilePath, bundle_entries};
use ensign_trust::log::{Hash, leaf_hash};
use ensign_trust::party::{Act, Malformed};
use ensign_trust::statement::StatementError;

/// Bundles that one thread checks at a time: more make a better batch for screening.
const STRICT: u64 = 1;
const SCREENED: u64 = 4;

/// Every key that a statement of either log registers, whether or not it counts. A key's id is its
/// digest: what is known under an id never changes.
#[derive(Debug, Default)]
pub(super) struct KnownKeys(RwLock<BTreeMap<KeyId, PublicKey>>);

/// One bundle, checked as far as it can be without the rest of the log.
#[derive(Debug)]
pub(super) struct Bundle {
    /// Position among the bundles of the log.
    pub index: u64,
    /// Its entries in order; shorter than the bundle where the bytes end within one.
    pub members: Vec<Member>,
    /// The file that was read, at its width.
    pub path: TilePath,
    /// Why entries are missing.
    pub fault: Option<Fault>,
}

/// Why a bundle gives fewer entries than it should.
#[derive(Debug)]
pub(super) enum Fault {
    /// Neither the partial nor the full file lies there.
    Missing,
    /// The file cannot be read.
    Unreadable(String),
    /// The bytes are no bundle of their width.
    Format(TileError),
}

/// One entry.
#[derive(Debug)]
pub(super) struct Member {
    /// RFC 6962 hash of its bytes.
    pub leaf: Hash,
    /// What it says.
    pub statement: Result<Statement, StatementError>,
    /// Whether the signature holds under the key that the statement names.
    pub signature: Signature,
    /// Whether the kind and its version are known; a field at fault where they are.
    pub known: Option<Result<(), Malformed>>,
}

/// What is known of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signature {
    /// It verifies.
    Good,
    /// It does not.
    Bad,
    /// The key that it names was not known when the bundle was checked.
    KeyUnknown,
}

/// Checks the bundles of one log ahead of whoever takes them.
pub(super) struct Bundles<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    keys: &'env KnownKeys,
    folder: PathBuf,
    size: u64,
    screen: bool,
    /// How many threads are at work at once.
    ahead: usize,
    next: u64,
    at_work: VecDeque<ScopedJoinHandle<'scope, Vec<Bundle>>>,
    ready: VecDeque<Bundle>,
}

impl KnownKeys {
    /// Learns the keys that these statements register.
    pub fn learn<'a>(&self, statements: impl Iterator<Item = &'a Statement>) {
        let registered = statements.filter_map(|statement| match Act::read(statement)? {
            Ok(Act::Founded { key, .. } | Act::KeyAdded(key) | Act::KeyRotated(key)) => Some(key),
            _ => None,
        });
        let registered: Vec<_> = registered.map(|key| (key.id(), key)).collect();
        if !registered.is_empty() {
            self.0
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(registered);
        }
    }

    fn find(&self, id: KeyId) -> Option<PublicKey> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }

    /// Checks one signature, strictly.
    pub fn check(&self, statement: &Statement) -> Signature {
        match self.find(statement.key()) {
            Some(key) => check(&key, statement),
            None => Signature::KeyUnknown,
        }
    }

    /// Checks all that name a key known here, in one batch; a batch that fails, one by one.
    fn screen(&self, members: &mut [&mut Member]) {
        let mut batch = Vec::with_capacity(members.len());
        for (at, member) in members.iter_mut().enumerate() {
            let Ok(statement) = &member.statement else {
                continue;
            };
            let Some(key) = self.find(statement.key()) else {
                continue;
            };
            member.signature = Signature::Bad;
            if key.algorithm() == statement.algorithm() {
                batch.push((at, key, statement.signed_bytes(), *statement.signature()));
            }
        }
        let signatures: Vec<_> = batch
            .iter()
            .map(|(_, key, message, signature)| (key, message.as_slice(), signature))
            .collect();
        let all_good = key::screen(&signatures).is_ok();
        for (at, key, message, signature) in &batch {
            if all_good || key.verify(message, signature).is_ok() {
                members[*at].signature = Signature::Good;
            }
        }
    }
}

impl<'scope, 'env> Bundles<'scope, 'env> {
    /// The bundles of a log of `size` whose files lie in `folder`.
    pub fn new(
        scope: &'scope Scope<'scope, 'env>,
        keys: &'env KnownKeys,
        folder: &Path,
        size: u64,
        screen: bool,
        cores: NonZero<usize>,
    ) -> Self {
        Bundles {
            scope,
            keys,
            folder: folder.to_owned(),
            size,
            screen,
            // One more than there are cores: none waits while the results are gone through.
            ahead: cores.get() + 1,
            next: 0,
            at_work: VecDeque::new(),
            ready: VecDeque::new(),
        }
    }

    /// Begins with the bundle that has this entry.
    pub fn begin_at(&mut self, index: u64) {
        self.next = index / u64::from(FULL_WIDTH);
    }

    /// The next bundle.
    pub fn next(&mut self) -> Option<Bundle> {
        if let Some(bundle) = self.ready.pop_front() {
            return Some(bundle);
        }
        self.set_to_work();
        let done = self.at_work.pop_front()?;
        self.ready = done
            .join()
            .expect("checking a bundle does not panic")
            .into();
        self.set_to_work();
        self.ready.pop_front()
    }

    /// How many entries a bundle of this log has, and so the width of its file.
    pub fn width(&self, bundle: u64) -> u16 {
        width(self.size, bundle)
    }

    fn set_to_work(&mut self) {
        let bundles = self.size.div_ceil(FULL_WIDTH.into());
        while self.at_work.len() < self.ahead && self.next < bundles {
            let share = if self.screen { SCREENED } else { STRICT };
            let end = bundles.min(self.next + share);
            let (from, keys, screen) = (self.next, self.keys, self.screen);
            let (folder, size) = (self.folder.clone(), self.size);
            self.at_work.push_back(self.scope.spawn(move || {
                let read = |bundle| read(&folder, bundle, width(size, bundle));
                let mut bundles: Vec<_> = (from..end).map(read).collect();
                check_all(keys, &mut bundles, screen);
                bundles
            }));
            self.next = end;
        }
    }
}

impl Bundle {
    /// A bundle whose entries come from elsewhere than its file.
    pub fn of_entries(path: TilePath, entries: &[Vec<u8>], keys: &KnownKeys) -> Self {
        let members = entries.iter().map(|entry| Member::read(entry)).collect();
        let mut bundle = Bundle {
            index: path.index,
            members,
            path,
            fault: None,
        };
        check_all(keys, std::slice::from_mut(&mut bundle), false);
        bundle
    }
}

impl Member {
    fn read(entry: &[u8]) -> Self {
        let statement = Statement::decode(entry);
        let known = statement
            .as_ref()
            .ok()
            .and_then(|statement| ensign_views::read(statement));
        let signature = Signature::KeyUnknown;
        Member {
            leaf: leaf_hash(entry),
            statement,
            signature,
            known,
        }
    }
}

/// How many entries a bundle of a log of this size has.
fn width(size: u64, bundle: u64) -> u16 {
    let full = u64::from(FULL_WIDTH);
    size.saturating_sub(bundle * full).min(full) as u16
}

/// Reads a bundle at the width that the log has, or the full one that has taken its place since.
fn read(folder: &Path, index: u64, width: u16) -> Bundle {
    let wanted = TilePath {
        kind: TileKind::Entries,
        index,
        width,
    };
    let mut bundle = Bundle {
        index,
        members: Vec::new(),
        path: wanted,
        fault: None,
    };
    for path in [wanted, wanted.full()] {
        bundle.path = path;
        match std::fs::read(folder.join(path.to_string())) {
            Ok(bytes) => {
                bundle.fault = bundle_entries(&bytes, path.width).err().map(Fault::Format);
                let entries = whole_entries(&bytes).take(width.into());
                bundle.members = entries.map(Member::read).collect();
                return bundle;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (),
            Err(error) => {
                bundle.fault = Some(Fault::Unreadable(error.to_string()));
                return bundle;
            }
        }
    }
    Bundle {
        path: wanted,
        fault: Some(Fault::Missing),
        ..bundle
    }
}

/// The entries of a bundle as far as it goes.
fn whole_entries(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (entry, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
        rest = after;
        Some(entry)
    })
}

fn check_all(keys: &KnownKeys, bundles: &mut [Bundle], screen: bool) {
    let members = bundles.iter().flat_map(|bundle| &bundle.members);
    keys.learn(members.filter_map(|member| member.statement.as_ref().ok()));
    let mut members: Vec<_> = bundles
        .iter_mut()
        .flat_map(|bundle| &mut bundle.members)
        .collect();
    if screen {
        return keys.screen(&mut members);
    }
    for member in members {
        if let Ok(statement) = &member.statement {
            member.signature = keys.check(statement);
        }
    }
}

fn check(key: &PublicKey, statement: &Statement) -> Signature {
    let holds = key.algorithm() == statement.algorithm()
        && key
            .verify(&statement.signed_bytes(), statement.signature())
            .is_ok();
    if holds {
        Signature::Good
    } else {
        Signature::Bad
    }
}
