//! Making a node: what it begins with is made apart from its place, and moved there.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use ensign_store::{Entropy, Kek, Keys, Meta, SealedVault, SqliteVault, Watermarks};
use ensign_trust::code::Code;
use ensign_trust::id::PartyId;
use ensign_trust::key::SigningKey;
use ensign_trust::log::vkey::{LogSigner, NoteKey};
use ensign_trust::logbook::LogName;
use ensign_trust::party::Act;
use ensign_trust::{Disclosure, Draft, Realm};
use zeroize::Zeroizing;

use crate::backup::{Ends, Predecessor, file};
use crate::clock::{Clock, fresh};
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::node::{
    COSIGNER, NODE, Node, OPERATOR, ORIGIN, REALM, blank, genesis_cell, keep_secret, log_fault,
    origin_code, seed, seed_cell, seed_name,
};
use crate::party::{keep_public, words_of};

/// Where a node is made, inside its folder.
const UNFINISHED: &str = "unfinished";

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

/// What it takes to make a node.
pub(crate) struct Making<'a> {
    pub founding: &'a Founding,
    /// The key with which the operator's party is founded; a fresh one if not given.
    pub operator: Option<SigningKey>,
    /// The ends of the logs from which the node's go on, where it is no first one.
    pub predecessor: Option<&'a Ends>,
    pub clock: &'a dyn Clock,
    pub entropy: &'a Arc<dyn Entropy>,
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
        refuse_occupied(path, ours)?;
        for moved in folder.made_by_init().iter().filter(|_| cut_short) {
            match fs::remove_file(moved) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(file("clear an unfinished", path)(error));
                }
                _ => (),
            }
        }
        let making = Making {
            founding,
            operator: None,
            predecessor: None,
            clock: &*clock,
            entropy: &entropy,
        };
        making.prepare(path, &half_made, &origin)?;
        put_in_place(&half_made, &folder)?;
        Node::open(path, clock, entropy, &mut |_| ())
    }
}

impl Making<'_> {
    /// Makes what a node begins with in a folder apart, inside the one where the node will be: made
    /// afresh where it was made before. Nothing is signed but the statement that founds the operator's
    /// party, which nobody sees as yet. Gives the key of the public log.
    pub fn prepare(
        &self,
        path: &Path,
        half_made: &Folder,
        origin: &Code,
    ) -> Result<NoteKey, Error> {
        let config = Config::read(path)?;
        fs::create_dir_all(path).map_err(file("create", path))?;
        // The closed log is for nobody else on this machine.
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(path, private).map_err(file("protect", path))?;
        let folder = Folder::at(path);
        folder.make_key(&config, &**self.entropy)?;
        if half_made.path().exists() {
            fs::remove_dir_all(half_made.path()).map_err(file("clear an unfinished", path))?;
        }
        fs::create_dir(half_made.path()).map_err(file("create", path))?;
        let key = self.fill(half_made, folder.key(&config)?, origin)?;
        for database in half_made.made_by_init() {
            settled(&database)?;
        }
        flush_names(half_made.path())?;
        Ok(key)
    }

    fn fill(&self, half_made: &Folder, kek: Kek, origin: &Code) -> Result<NoteKey, Error> {
        let (founding, entropy) = (self.founding, self.entropy);
        let keys = Keys::open(&half_made.keys_db(), kek, Arc::clone(entropy))?;
        let vault = SqliteVault::open(&half_made.vault_db())?;
        let vault = SealedVault::new(Arc::new(vault), Arc::new(keys), Arc::clone(entropy));
        let fresh_key = || SigningKey::from_seed(&Zeroizing::new(fresh::<32>(&**entropy)));
        let operator = &self.operator.clone().unwrap_or_else(fresh_key);
        let party = found(&vault, founding, operator, origin, self.clock, &**entropy)?;
        let meta = Meta::open(&half_made.log_db())?;
        meta.set_once(ORIGIN, origin.as_str().as_bytes())?;
        meta.set_once(REALM, founding.realm.to_string().as_bytes())?;
        meta.set_once(OPERATOR, party.as_bytes())?;
        let seed = seed(&vault, seed_name(LogName::Public))?;
        let signer = LogSigner::from_seed(origin.as_str(), &seed);
        let key = signer.map_err(log_fault(LogName::Public))?.key().clone();
        if let Some(ends) = self.predecessor {
            Predecessor::keep(&meta, ends, &key)?;
        }
        Watermarks::make(&half_made.witness_db())?;
        Ok(key)
    }
}

/// Makes the keys of a new node's logs and the statement that founds its operator under a key, and keeps
/// them in its vault.
pub(crate) fn found(
    vault: &SealedVault,
    founding: &Founding,
    operator: &SigningKey,
    origin: &Code,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<PartyId, Error> {
    for log in [LogName::Public, LogName::Closed] {
        new_seed(vault, seed_name(log), entropy)?;
    }
    new_seed(vault, COSIGNER, entropy)?;
    let (genesis, name) = founding_draft(operator, founding, origin, clock, entropy);
    let genesis = genesis.sign(operator).map_err(Error::Statement)?;
    let party = PartyId::from(genesis.id());
    keep_secret(vault, operator, NODE)?;
    keep_public(vault, &[(words_of(party), name)])?;
    vault.put(genesis_cell(), NODE, genesis.entry())?;
    Ok(party)
}

/// Moves what was made into the folder of the node. What was moved before is passed over.
pub(crate) fn put_in_place(half_made: &Folder, folder: &Folder) -> Result<(), Error> {
    let path = folder.path();
    for (from, to) in half_made
        .made_by_init()
        .into_iter()
        .zip(folder.made_by_init())
    {
        if to.exists() && !from.exists() {
            continue;
        }
        // What says that a node is here comes last, once the rest is durably there.
        if to == folder.log_db() {
            flush_names(path)?;
        }
        fs::rename(from, to).map_err(file("create", path))?;
    }
    flush_names(path)?;
    fs::remove_dir_all(half_made.path()).map_err(file("clear an unfinished", path))
}

/// Refuses a folder in which anything lies but what is ours.
pub(crate) fn refuse_occupied(path: &Path, ours: impl Fn(&Path) -> bool) -> Result<(), Error> {
    let occupied = fs::read_dir(path).is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| !ours(entry.file_name().as_ref())))
    });
    match occupied {
        true => Err(Error::FolderTaken {
            path: path.to_owned(),
        }),
        false => Ok(()),
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
pub(crate) fn flush_names(folder: &Path) -> Result<(), Error> {
    let flushed = fs::File::open(folder).and_then(|folder| folder.sync_all());
    flushed.map_err(|source| Error::File {
        action: "flush the folder",
        path: folder.to_owned(),
        source,
    })
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

fn new_seed(vault: &SealedVault, name: &str, entropy: &dyn Entropy) -> Result<(), Error> {
    let seed = Zeroizing::new(fresh::<32>(entropy));
    Ok(vault.put(seed_cell(name), NODE, &*seed)?)
}
