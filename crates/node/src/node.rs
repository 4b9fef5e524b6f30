//! An open node: its folder, its keys and its logs.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use ensign_store::{
    AcquireError, Blobs, Cell, Entropy, FileBlobs, FileLeases, Keys, Lease, Leases as _, Log, Meta,
    SealedVault, SqliteLog, SqliteVault,
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

use crate::backup::{Mark, Predecessor, Successor, read_mark};
use crate::clock::{Clock, fresh};
use crate::command::Progress;
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::party::keep_public;
use crate::people::People;
use crate::witness::{Asking, Memory};

/// Owner of the node's own secrets in the vault.
pub(crate) const NODE: &str = "node";
/// Row of the seed of this node's cosigner.
pub(crate) const COSIGNER: &str = "cosigner";
/// Permanent values of a folder.
pub(crate) const ORIGIN: &str = "origin";
pub(crate) const REALM: &str = "realm";
pub(crate) const OPERATOR: &str = "operator";

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
    /// From which logs these go on, where they do.
    pub(crate) predecessor: Option<Predecessor>,
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
    pub(crate) predecessor: Option<Predecessor>,
    pub(crate) sealed: Option<Successor>,
}

/// What only the one writer touches.
pub(crate) struct Writer {
    pub(crate) public: Signing,
    pub(crate) closed: Signing,
    /// Where the folder came out of a backup and may lack what was signed since: then nothing is
    /// signed.
    pub(crate) restored: Option<Mark>,
    /// What goes on in the place of these logs, where they are sealed: then nothing is signed ever.
    pub(crate) sealed: Option<Successor>,
}

/// One log's state between two appends.
pub(crate) struct Signing {
    pub(crate) origin: Code,
    pub(crate) signer: LogSigner,
    pub(crate) frontier: Frontier,
    /// When the last batch was received, Unix seconds.
    pub(crate) received: u64,
}

impl Node {
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
                predecessor: Predecessor::read(&meta)?,
                restored: read_mark(&folder)?,
                sealed: Successor::read(&meta)?,
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
            sealed: stores.sealed,
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
            predecessor: stores.predecessor,
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
        match (&writer.sealed, writer.restored) {
            (Some(successor), _) => Err(Error::Sealed(Box::new(successor.clone()))),
            (None, Some(_)) => Err(Error::Restored),
            (None, None) => Ok(writer),
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
    pub(crate) fn keep_public(&self, all: &[(String, Disclosure)]) -> Result<(), Error> {
        keep_public(&self.vault, all)
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
        // What the logs go on from, where they do.
        let seal = |log| -> Result<Option<Draft>, Error> {
            let Some(predecessor) = &self.predecessor else {
                return Ok(None);
            };
            let seal = predecessor.seal(log, self.log_key(log))?;
            let mut draft = self.draft(Some(self.operator));
            logbook::Entry::Sealed(Box::new(seal)).write(&mut draft);
            Ok(Some(draft))
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
            let mut drafts = vec![opening(LogName::Public)?, mandate];
            drafts.extend(seal(LogName::Public)?);
            self.found(genesis, &secret, drafts)?;
        }
        if closed {
            let mut drafts = vec![opening(LogName::Closed)?];
            drafts.extend(seal(LogName::Closed)?);
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

pub(crate) fn origin_code(text: &str) -> Result<Code, Error> {
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

/// This node's cosigner, under a name.
pub(crate) fn cosigner(vault: &SealedVault, name: &str) -> Result<CosignatureSigner, Error> {
    let seed = seed(vault, COSIGNER)?;
    CosignatureSigner::from_seed(name, &seed).map_err(log_fault(LogName::Public))
}

pub(crate) fn seed_name(log: LogName) -> &'static str {
    match log {
        LogName::Closed => "log-closed",
        LogName::Public => "log-public",
    }
}

/// Where the seed of this node's cosigner is kept.
pub(crate) fn cosigner_cell() -> Cell<'static> {
    seed_cell(COSIGNER)
}

pub(crate) fn seed_cell(name: &str) -> Cell<'_> {
    Cell {
        table: "key",
        row: name,
        column: "seed",
    }
}

pub(crate) fn seed(vault: &SealedVault, name: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
    let opened = vault.get(seed_cell(name))?;
    let seed = opened.and_then(|opened| <[u8; 32]>::try_from(opened.value.as_slice()).ok());
    seed.map(Zeroizing::new).ok_or_else(|| Error::NotOurs {
        party: name.to_owned(),
    })
}

pub(crate) fn keep_secret(vault: &SealedVault, key: &SigningKey, owner: &str) -> Result<(), Error> {
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

pub(crate) fn genesis_cell() -> Cell<'static> {
    Cell {
        table: "key",
        row: "statement",
        column: "genesis",
    }
}
