//! An open node: its folder, its keys and its logs.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use ensign_store::{
    AcquireError, Blobs, Cell, Entropy, FileBlobs, FileLeases, Keys, Lease, Leases as _, Log, Meta,
    SealedVault, SqliteLog, SqliteVault, Watermarks,
};
use ensign_trust::account::Roster;
use ensign_trust::code::Code;
use ensign_trust::id::{KeyId, PartyId};
use ensign_trust::key::SigningKey;
use ensign_trust::log::cosignature::CosignatureSigner;
use ensign_trust::log::merkle::Frontier;
use ensign_trust::log::vkey::{LogSigner, NoteKey};
use ensign_trust::logbook::{self, LogName};
use ensign_trust::party::{Act, Registry};
use ensign_trust::{Disclosure, Draft, Realm, Statement};
use ensign_views::Views;
use zeroize::Zeroizing;

use crate::backup::{Mark, read_mark};
use crate::clock::{Clock, fresh};
use crate::command::Progress;
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::party::keep_public;
use crate::people::People;
use crate::witness::{Asking, Memory};

/// Where a node is made, inside its folder.
const UNFINISHED: &str = "unfinished";
/// Owner of the node's own secrets in the vault.
pub(crate) const NODE: &str = "node";
/// Row of the seed of this node's cosigner.
const COSIGNER: &str = "cosigner";
/// Permanent values of a folder.
const ORIGIN: &str = "origin";
const REALM: &str = "realm";
const OPERATOR: &str = "operator";

/// An open node. It holds the lease of its folder until it is dropped.
pub struct Node {
    pub(crate) folder: Folder,
    pub(crate) config: Config,
    pub(crate) realm: Realm,
    pub(crate) operator: PartyId,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) blobs: Arc<dyn Blobs>,
    pub(crate) vault: SealedVault,
    pub(crate) views: Views,
    pub(crate) registry: RwLock<Registry>,
    /// As of the last statement about accounts.
    pub(crate) roster: RwLock<Roster>,
    pub(crate) people: People,
    public: Arc<dyn Log>,
    closed: Arc<dyn Log>,
    writer: Mutex<Writer>,
    /// Held by whoever feeds the views.
    projecting: Mutex<()>,
    /// What the witnesses that this node asks have answered, since it was opened.
    pub(crate) asking: Mutex<Asking>,
    /// What its own witness remembers, once that was asked for.
    pub(crate) memory: Mutex<Option<Memory>>,
    _lease: Lease,
}

/// What a node is opened over.
pub(crate) struct Stores {
    pub(crate) folder: Folder,
    pub(crate) config: Config,
    pub(crate) realm: Realm,
    pub(crate) origin: Code,
    pub(crate) operator: PartyId,
    pub(crate) lease: Lease,
    pub(crate) blobs: Arc<dyn Blobs>,
    pub(crate) vault: SealedVault,
    pub(crate) views: Views,
    pub(crate) public: Arc<dyn Log>,
    pub(crate) closed: Arc<dyn Log>,
    /// What its own witness remembers, unless that lies in the folder.
    pub(crate) memory: Option<Memory>,
    pub(crate) restored: Option<Mark>,
}

/// What only the one writer touches.
pub(crate) struct Writer {
    pub(crate) public: Signing,
    pub(crate) closed: Signing,
    /// Where the folder came out of a backup and may lack what was signed since: then nothing is
    /// signed.
    pub(crate) restored: Option<Mark>,
}

/// One log's state between two appends.
pub(crate) struct Signing {
    pub(crate) origin: Code,
    pub(crate) signer: LogSigner,
    pub(crate) frontier: Frontier,
    /// When the last batch was received, Unix seconds.
    pub(crate) received: u64,
}

/// What a new node is called and where it counts; permanent.
#[derive(Debug, Clone)]
pub struct Founding {
    /// What the operator is called.
    pub name: String,
    /// Origin of the public log: the URL prefix under which it will be served, without scheme and
    /// trailing slash. The closed log's is the same with `/closed` added.
    pub origin: String,
    /// Where the node's statements count.
    pub realm: Realm,
}

impl Node {
    /// Makes a node in a folder that does not exist or is empty, and opens it.
    ///
    /// The node appears whole or not at all: it is made in a folder inside its own, and what says that
    /// a node is here is moved out of it last. A configuration that lies there already is kept.
    pub fn init(
        path: &Path,
        founding: &Founding,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        let folder = Folder::at(path);
        let origin = origin_code(&founding.origin)?;
        if founding.name.trim().is_empty() || founding.name.len() > 200 {
            let what = "the name".to_owned();
            return Err(Error::Argument {
                what,
                expected: "1 to 200 characters",
            });
        }
        let half_made = Folder::at(path.join(UNFINISHED));
        // Moving out was cut short: no node was ever here, and what was moved is made again.
        let cut_short = half_made.holds_a_node() && !folder.holds_a_node();
        let moved =
            |name: &Path| cut_short && folder.made_by_init().iter().any(|it| it.ends_with(name));
        let ours = |name: &Path| {
            [crate::config::FILE, UNFINISHED]
                .iter()
                .any(|it| name == Path::new(it))
                || moved(name)
        };
        let occupied = fs::read_dir(path).is_ok_and(|mut entries| {
            entries.any(|entry| entry.is_ok_and(|entry| !ours(entry.file_name().as_ref())))
        });
        if occupied {
            return Err(Error::FolderTaken {
                path: path.to_owned(),
            });
        }
        let config = Config::read(path)?;
        let file = |action| {
            move |source| Error::File {
                action,
                path: path.to_owned(),
                source,
            }
        };
        fs::create_dir_all(path).map_err(file("create"))?;
        // The closed log is for nobody else on this machine.
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(file("protect"))?;
        folder.make_key(&config, &*entropy)?;
        for moved in folder.made_by_init().iter().filter(|_| cut_short) {
            match fs::remove_file(moved) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(file("clear an unfinished")(error));
                }
                _ => (),
            }
        }
        if half_made.path().exists() {
            fs::remove_dir_all(half_made.path()).map_err(file("clear an unfinished"))?;
        }
        fs::create_dir(half_made.path()).map_err(file("create"))?;
        {
            let kek = folder.key(&config)?;
            let keys = Keys::open(&half_made.keys_db(), kek, Arc::clone(&entropy))?;
            let vault = SqliteVault::open(&half_made.vault_db())?;
            let vault = SealedVault::new(Arc::new(vault), Arc::new(keys), Arc::clone(&entropy));
            let party = found(&vault, founding, &origin, &*clock, &*entropy)?;
            let meta = Meta::open(&half_made.log_db())?;
            meta.set_once(ORIGIN, origin.as_str().as_bytes())?;
            meta.set_once(REALM, founding.realm.to_string().as_bytes())?;
            meta.set_once(OPERATOR, party.as_bytes())?;
            Watermarks::make(&half_made.witness_db())?;
        }
        for database in half_made.made_by_init() {
            settled(&database)?;
        }
        for (from, to) in half_made
            .made_by_init()
            .into_iter()
            .zip(folder.made_by_init())
        {
            // What says that a node is here comes last, once the rest is durably there.
            if to == folder.log_db() {
                flush_names(path)?;
            }
            fs::rename(from, to).map_err(file("create"))?;
        }
        flush_names(path)?;
        fs::remove_dir_all(half_made.path()).map_err(file("clear an unfinished"))?;
        Node::open(path, clock, entropy, &mut |_| ())
    }

    /// Opens the node in a folder, brings its views up to date and takes its lease.
    pub fn open(
        path: &Path,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Error> {
        let folder = Folder::at(path);
        if !folder.holds_a_node() {
            return Err(Error::NoFolder {
                path: path.to_owned(),
            });
        }
        let config = Config::read(path)?;
        let kek = folder.key(&config)?;
        let meta = Meta::open(&folder.log_db())?;
        let permanent = |key: &str| -> Result<Vec<u8>, Error> {
            meta.value(key)?.ok_or_else(|| Error::NoFolder {
                path: path.to_owned(),
            })
        };
        let text = |key| permanent(key).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let origin = origin_code(&text(ORIGIN)?)?;
        let realm: Realm = text(REALM)?.parse().map_err(|_| Error::Argument {
            what: "the folder's realm".to_owned(),
            expected: "`real` or `exercise/NAME`",
        })?;
        let operator = <[u8; 32]>::try_from(permanent(OPERATOR)?);
        let operator = PartyId::from_bytes(operator.map_err(|_| Error::NoFolder {
            path: path.to_owned(),
        })?);
        let leases = FileLeases::open(path, &folder.log_db())?;
        let lease = leases.acquire("writer").map_err(|error| match error {
            AcquireError::Held { holder } => Error::Held { path: holder },
            AcquireError::Store(error) => error.into(),
        })?;
        let keys = Arc::new(Keys::open(&folder.keys_db(), kek, Arc::clone(&entropy))?);
        let vault = Arc::new(SqliteVault::open(&folder.vault_db())?);
        let vault = SealedVault::new(vault, keys, Arc::clone(&entropy));
        let open_log = |name: LogName| -> Result<Arc<dyn Log>, Error> {
            let log = SqliteLog::open(&folder.log(name), &folder.log_db(), name.as_str(), &lease)?;
            Ok(Arc::new(log))
        };
        let (public, closed) = (open_log(LogName::Public)?, open_log(LogName::Closed)?);
        Node::over(
            Stores {
                config,
                realm,
                origin,
                operator,
                lease,
                blobs: Arc::new(FileBlobs::open(&folder.blobs())?),
                vault,
                views: open_views(&folder)?,
                public,
                closed,
                memory: None,
                restored: read_mark(&folder)?,
                folder,
            },
            clock,
            entropy,
            progress,
        )
    }

    /// Opens a node over its stores and brings its views up to date.
    pub(crate) fn over(
        stores: Stores,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Error> {
        let load = |name, log: &dyn Log| Signing::load(name, &stores.origin, &stores.vault, log);
        let writer = Writer {
            public: load(LogName::Public, &*stores.public)?,
            closed: load(LogName::Closed, &*stores.closed)?,
            restored: stores.restored,
        };
        let node = Node {
            folder: stores.folder,
            config: stores.config,
            realm: stores.realm,
            operator: stores.operator,
            clock,
            entropy,
            blobs: stores.blobs,
            vault: stores.vault,
            views: stores.views,
            registry: RwLock::default(),
            roster: RwLock::default(),
            people: People::default(),
            public: stores.public,
            closed: stores.closed,
            writer: Mutex::new(writer),
            projecting: Mutex::default(),
            asking: Mutex::default(),
            memory: Mutex::new(stores.memory),
            _lease: stores.lease,
        };
        node.catch_up(progress)?;
        *write(&node.registry) = node.views.registry()?;
        node.open_logs()?;
        node.read_roster()?;
        node.finish_erasing()?;
        node.finish_closing()?;
        Ok(node)
    }

    /// The realm in which this node's statements count.
    pub fn realm(&self) -> &Realm {
        &self.realm
    }

    /// The party that runs this node.
    pub fn operator(&self) -> PartyId {
        self.operator
    }

    /// Origin of a log.
    pub fn origin(&self, log: LogName) -> Code {
        self.writer().of(log).origin.clone()
    }

    /// The key that signs a log's checkpoints.
    pub fn log_key(&self, log: LogName) -> NoteKey {
        self.writer().of(log).signer.key().clone()
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The projections.
    pub fn views(&self) -> &Views {
        &self.views
    }

    /// A log's bytes.
    pub fn log(&self, log: LogName) -> &dyn Log {
        match log {
            LogName::Closed => &*self.closed,
            LogName::Public => &*self.public,
        }
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer of a node that may sign.
    pub(crate) fn writing(&self) -> Result<MutexGuard<'_, Writer>, Error> {
        let writer = self.writer();
        match writer.restored {
            None => Ok(writer),
            Some(_) => Err(Error::Restored),
        }
    }

    /// Refuses what would be signed in vain.
    pub(crate) fn may_write(&self) -> Result<(), Error> {
        self.writing().map(drop)
    }

    /// When the folder was restored from a backup, if it signs nothing yet; Unix seconds.
    pub(crate) fn restored(&self) -> Option<u64> {
        self.writer().restored.map(|mark| mark.restored)
    }

    pub(crate) fn projecting(&self) -> MutexGuard<'_, ()> {
        self.projecting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A draft of a statement of this node's operator, at this moment.
    pub(crate) fn draft(&self, issuer: Option<PartyId>) -> Draft {
        blank(issuer, &self.realm, self.clock.now(), &*self.entropy)
    }

    /// Keeps public disclosures where whoever asks may read them.
    pub(crate) fn keep_public(&self, owner: &str, all: &[Disclosure]) -> Result<(), Error> {
        keep_public(&self.vault, owner, all)
    }

    /// Keeps a party's secret key.
    pub(crate) fn keep_secret(&self, party: PartyId, key: &SigningKey) -> Result<(), Error> {
        keep_secret(&self.vault, key, &party.to_string())
    }

    /// The statement that founded this node's operator, from before it was in any log.
    fn genesis(&self) -> Result<Statement, Error> {
        let genesis = self
            .vault
            .get(genesis_cell())?
            .map(|opened| opened.value.to_vec());
        let genesis = genesis.ok_or_else(|| Error::NotFound {
            id: self.operator.to_string(),
        })?;
        Statement::decode(genesis).map_err(Error::Statement)
    }

    /// The public half of this node's cosigner, under a name.
    pub(crate) fn cosigner_key(&self, name: &str) -> Result<NoteKey, Error> {
        Ok(cosigner(&self.vault, name)?.key().clone())
    }

    /// The operator's first key.
    pub(crate) fn first_key(&self) -> Result<SigningKey, Error> {
        let secret = self.secret(self.genesis()?.key())?;
        secret.ok_or_else(|| Error::NotOurs {
            party: self.operator.to_string(),
        })
    }

    /// The text of a disclosure, unless it was erased.
    pub fn disclosed(&self, digest: &[u8; 32]) -> Result<Option<Disclosure>, Error> {
        let row = data_encoding::HEXLOWER.encode(digest);
        let opened = match self.vault.get(disclosure_cell(&row)) {
            Ok(Some(opened)) => opened,
            Ok(None) | Err(ensign_store::Error::NoKey { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Disclosure::decode(&opened.value)
            .ok()
            .filter(|found| found.digest() == *digest))
    }

    /// The secret half of a key, if this node keeps it.
    pub(crate) fn secret(&self, key: KeyId) -> Result<Option<SigningKey>, Error> {
        let row = key.to_string();
        let opened = self.vault.get(Cell {
            table: "key",
            row: &row,
            column: "seed",
        })?;
        let seed = opened.and_then(|opened| <[u8; 32]>::try_from(opened.value.as_slice()).ok());
        Ok(seed
            .map(Zeroizing::new)
            .map(|seed| SigningKey::from_seed(&seed)))
    }

    /// The first entries of a log that has none: of both when the node is new, of the closed one
    /// where the process ended between the two.
    fn open_logs(&self) -> Result<(), Error> {
        let (public, closed) = (self.public.head()?.is_none(), self.closed.head()?.is_none());
        if !public && !closed {
            return Ok(());
        }
        let (genesis, secret) = (self.genesis()?, self.first_key()?);
        let opening = |log| -> Result<Draft, Error> {
            let mut draft = self.draft(Some(self.operator));
            let key = |name| -> Result<[u8; 32], Error> {
                let seed = seed(&self.vault, name)?;
                let signer = LogSigner::from_seed("key", &seed).map_err(log_fault(log))?;
                Ok(signer
                    .key()
                    .public_key()
                    .try_into()
                    .expect("Ed25519 keys have 32 bytes"))
            };
            let log_key = key(seed_name(log))?;
            let origin = self.origin(log);
            logbook::Entry::Opened {
                origin,
                log_key,
                cosigner_key: key(COSIGNER)?,
            }
            .write(&mut draft);
            Ok(draft)
        };
        if public {
            let mut mandate = self.draft(Some(self.operator));
            let role = Code::literal("operator");
            Act::MandateGranted {
                to: self.operator,
                role,
                scope: None,
                from: None,
                until: None,
            }
            .write(&mut mandate);
            let drafts = vec![opening(LogName::Public)?, mandate];
            self.found(genesis, &secret, drafts)?;
        }
        if closed {
            let drafts = vec![opening(LogName::Closed)?];
            self.state_as(LogName::Closed, self.operator, &secret, drafts)?;
        }
        Ok(())
    }
}

impl Writer {
    pub(crate) fn of(&self, log: LogName) -> &Signing {
        match log {
            LogName::Closed => &self.closed,
            LogName::Public => &self.public,
        }
    }

    pub(crate) fn of_mut(&mut self, log: LogName) -> &mut Signing {
        match log {
            LogName::Closed => &mut self.closed,
            LogName::Public => &mut self.public,
        }
    }
}

impl Signing {
    fn load(
        name: LogName,
        origin: &Code,
        vault: &SealedVault,
        log: &dyn Log,
    ) -> Result<Self, Error> {
        let origin = match name {
            LogName::Closed => origin_code(&format!("{origin}/closed"))?,
            LogName::Public => origin.clone(),
        };
        let seed = seed(vault, seed_name(name))?;
        let signer = LogSigner::from_seed(origin.as_str(), &seed).map_err(log_fault(name))?;
        let size = log.head()?.map_or(0, |head| head.size);
        let frontier = crate::append::frontier(log, size).map_err(log_fault(name))?;
        let received = crate::append::last_received(log, size)?;
        Ok(Signing {
            origin,
            signer,
            frontier,
            received,
        })
    }
}

/// Refuses a closed database of which a part is still in its write-ahead log: moved without it, it
/// would be damaged. Closing tells nobody that this failed.
fn settled(database: &Path) -> Result<(), Error> {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let left = fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    match left {
        false => Ok(()),
        true => Err(Error::File {
            action: "write all of",
            path: database.to_owned(),
            source: ErrorKind::WriteZero.into(),
        }),
    }
}

/// Makes the names in a folder durable.
fn flush_names(folder: &Path) -> Result<(), Error> {
    let flushed = fs::File::open(folder).and_then(|folder| folder.sync_all());
    flushed.map_err(|source| Error::File {
        action: "flush the folder",
        path: folder.to_owned(),
        source,
    })
}

/// A draft with nothing said yet.
pub(crate) fn blank(
    issuer: Option<PartyId>,
    realm: &Realm,
    claimed: u64,
    entropy: &dyn Entropy,
) -> Draft {
    Draft {
        issuer,
        subject: None,
        claimed,
        unique: fresh(entropy),
        kind: Code::literal("unset"),
        version: 1,
        realm: realm.clone(),
        link: None,
        refs: Vec::new(),
        body: Default::default(),
        sealed: Vec::new(),
    }
}

/// Turns a fault of a log's formats or files into the node's error.
pub(crate) fn log_fault<E>(log: LogName) -> impl Fn(E) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |source| Error::Log {
        log: log.as_str(),
        source: Box::new(source),
    }
}

pub(crate) fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn disclosure_cell(row: &str) -> Cell<'_> {
    Cell {
        table: "disclosure",
        row,
        column: crate::asset::PUBLIC,
    }
}

/// Opens the views; those of another format are made afresh.
fn open_views(folder: &Folder) -> Result<Views, Error> {
    let path = folder.views();
    match Views::open(&path) {
        Err(ensign_views::Error::Outdated { .. }) => {
            fs::remove_dir_all(&path).map_err(|source| Error::File {
                action: "clear the outdated",
                path: path.clone(),
                source,
            })?;
            Ok(Views::open(&path)?)
        }
        opened => Ok(opened?),
    }
}

fn origin_code(text: &str) -> Result<Code, Error> {
    let wrong = || Error::Argument {
        what: format!("the origin {text}"),
        expected: "a host name and path without scheme and trailing slash, at most 120 characters, \
            such as node.example.org/log",
    };
    let plain = !text.ends_with('/') && !text.contains("//") && !text.contains('+');
    if !plain || text.len() > 128 {
        return Err(wrong());
    }
    Code::new(text).map_err(|_| wrong())
}

/// Makes the keys of a new node and the statement that founds its operator, and keeps them in its vault.
pub(crate) fn found(
    vault: &SealedVault,
    founding: &Founding,
    origin: &Code,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<PartyId, Error> {
    let operator = SigningKey::from_seed(&Zeroizing::new(fresh::<32>(entropy)));
    for log in [LogName::Public, LogName::Closed] {
        new_seed(vault, seed_name(log), entropy)?;
    }
    new_seed(vault, COSIGNER, entropy)?;
    let (genesis, name) = founding_draft(&operator, founding, origin, clock, entropy);
    let genesis = genesis.sign(&operator).map_err(Error::Statement)?;
    let party = PartyId::from(genesis.id());
    keep_secret(vault, &operator, NODE)?;
    keep_public(vault, &party.to_string(), &[name])?;
    vault.put(genesis_cell(), NODE, genesis.entry())?;
    Ok(party)
}

/// This node's cosigner, under a name.
pub(crate) fn cosigner(vault: &SealedVault, name: &str) -> Result<CosignatureSigner, Error> {
    let seed = seed(vault, COSIGNER)?;
    CosignatureSigner::from_seed(name, &seed).map_err(log_fault(LogName::Public))
}

fn founding_draft(
    key: &SigningKey,
    founding: &Founding,
    origin: &Code,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> (Draft, Disclosure) {
    let name = Disclosure::new(fresh(entropy), Code::literal("name"), founding.name.trim());
    let mut draft = blank(None, &founding.realm, clock.now(), entropy);
    let nature = Code::literal("operator");
    Act::Founded {
        key: key.public(),
        nature,
    }
    .write(&mut draft);
    draft.sealed = vec![name.digest()];
    draft.link = Some(ensign_trust::chain::Head::next(None, origin));
    (draft, name)
}

fn seed_name(log: LogName) -> &'static str {
    match log {
        LogName::Closed => "log-closed",
        LogName::Public => "log-public",
    }
}

fn new_seed(
    vault: &SealedVault,
    name: &str,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<[u8; 32]>, Error> {
    let seed = Zeroizing::new(fresh::<32>(entropy));
    vault.put(seed_cell(name), NODE, &*seed)?;
    Ok(seed)
}

/// Where the seed of this node's cosigner is kept.
pub(crate) fn cosigner_cell() -> Cell<'static> {
    seed_cell(COSIGNER)
}

fn seed_cell(name: &str) -> Cell<'_> {
    Cell {
        table: "key",
        row: name,
        column: "seed",
    }
}

fn seed(vault: &SealedVault, name: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    let opened = vault.get(seed_cell(name))?;
    let seed = opened.and_then(|opened| <[u8; 32]>::try_from(opened.value.as_slice()).ok());
    seed.map(Zeroizing::new).ok_or_else(|| Error::NotOurs {
        party: name.to_owned(),
    })
}

fn keep_secret(vault: &SealedVault, key: &SigningKey, owner: &str) -> Result<(), Error> {
    let cell = key.id().to_string();
    let seed = key.to_seed();
    Ok(vault.put(
        Cell {
            table: "key",
            row: &cell,
            column: "seed",
        },
        owner,
        &*seed,
    )?)
}

fn genesis_cell() -> Cell<'static> {
    Cell {
        table: "key",
        row: "statement",
        column: "genesis",
    }
}
