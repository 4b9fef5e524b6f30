//! Zones of the emblems in a node's log, as of each question, beside those of files.
//!
//! The log's views and the Vault are read beside the process that writes them, if there is one. What
//! is registered, issued, endorsed, revoked, withdrawn or over is served so from the next question
//! on: whether something changed is looked at for every question, at most once a millisecond.
//!
//! What is not public is not served: who deploys it by hand has the lines of `emblem deploy`.
//!
//! A name of the log that lies in a zone of a file is served in that zone, unless the file has an
//! emblem for it. Other names have zones of their own, one for each topmost name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use ensign_mark::DomainName;
use ensign_mark::asset::Register;
use ensign_mark::discovery::{Deployed, Deployment, Opened, RecordType, deployed};
use ensign_mark::moment::AsOf;
use ensign_mark::name::NameError;
use ensign_store::Cell;
use ensign_trust::Disclosure;
use ensign_trust::logbook::LogName;
use ensign_views::Following;

use super::answer::Zones;
use super::zone::{Authority, Zone, ZoneError};
use crate::asset::{DISCLOSURE_COLUMNS, PUBLIC};
use crate::audit::database::LogDatabase;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::folder::Folder;
use crate::followed::FollowedVault;

/// How often the folder is looked at: two questions within this time get the same answer.
const LOOK: Duration = Duration::from_millis(1);
/// Most bytes of tokens and keys of one name; they go into one answer.
const MAX_SET: usize = 32 * 1024;
/// Where a mailbox that is not named is, below the server's name.
const HOSTMASTER: &str = "hostmaster";

/// Who answers for the zones that the log makes.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    /// The name of this server; the host of the log's origin if none.
    pub server: Option<DomainName>,
    /// The mailbox of who runs it, as a name; `hostmaster` at the server if none.
    pub contact: Option<DomainName>,
    /// Seconds for which any record may be kept.
    pub ttl: u32,
}

/// Why nothing can be published.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum PublishError {
    #[error(transparent)]
    Node(#[from] Error),
    #[error("{text:?} is not the name of a server; say which it is")]
    Server {
        text: String,
        #[source]
        source: NameError,
    },
    #[error("the zones cannot be served")]
    Zone(#[from] ZoneError),
}

/// Zones of a log and of files.
pub struct Published {
    ihle: RecordType,
    files: Vec<Zone>,
    clock: Arc<dyn Clock>,
    log: Option<FollowedLog>,
    state: Mutex<State>,
}

/// A folder's log.
struct FollowedLog {
    folder: Folder,
    config: Config,
    authority: Authority,
    /// Entries that the log had at the start: with fewer, revocations could be missed.
    needed: u64,
}

/// What was made last, and of what.
struct State {
    following: Option<Following>,
    zones: Arc<Zones>,
    register: Option<Arc<Register>>,
    /// First second at which another answer is due.
    until: Option<u64>,
    looked: Option<Instant>,
    is_failing: bool,
}

impl Published {
    /// Zones of files alone.
    ///
    /// # Errors
    /// [`PublishError::Zone`].
    pub fn of_files(
        files: Vec<Zone>,
        ihle: RecordType,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PublishError> {
        Ok(Published {
            ihle,
            clock,
            log: None,
            state: Mutex::new(State::new(None, Zones::new(&files, ihle)?)),
            files,
        })
    }

    /// Zones of the emblems in a folder's log, and of files.
    ///
    /// # Errors
    /// [`PublishError`].
    pub fn of_log(
        folder: &Folder,
        naming: &Naming,
        files: Vec<Zone>,
        ihle: RecordType,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PublishError> {
        let config = Config::read(folder.path())?;
        let database = LogDatabase::open(folder)?;
        let authority = naming.authority(database.origin()?.as_str())?;
        let needed = database.lock_row(LogName::Public)?;
        let following = Following::open(&folder.views()).map_err(Error::from)?;
        let published = Published {
            ihle,
            clock,
            log: Some(FollowedLog {
                folder: folder.clone(),
                config,
                authority,
                needed: needed.map_or(0, |row| row.size),
            }),
            state: Mutex::new(State::new(Some(following), Zones::new(&files, ihle)?)),
            files,
        };
        // A wrong key or a broken file shows at the start.
        published.refresh(&mut published.state())?;
        Ok(published)
    }

    /// The zones as of now. Where the folder cannot be read, those that were last made.
    pub fn zones(&self) -> Arc<Zones> {
        #[expect(
            clippy::disallowed_methods,
            reason = "how often the folder is looked at, not what is answered"
        )]
        let now = Instant::now();
        let mut state = self.state();
        if state
            .looked
            .is_some_and(|last| now.duration_since(last) < LOOK)
        {
            return Arc::clone(&state.zones);
        }
        state.looked = Some(now);
        match self.refresh(&mut state) {
            Ok(()) => state.is_failing = false,
            Err(error) => {
                if !state.is_failing {
                    tracing::error!(error = crate::error::chain(&error), "the log was not read");
                }
                state.is_failing = true;
            }
        }
        Arc::clone(&state.zones)
    }

    /// Has the next question look at the folder, however soon it comes.
    #[cfg(test)]
    pub(super) fn forget_when_looked(&self) {
        self.state().looked = None;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the zones anew where the log says something else by now, or time has passed.
    fn refresh(&self, state: &mut State) -> Result<(), PublishError> {
        let (Some(log), Some(following)) = (&self.log, &mut state.following) else {
            return Ok(());
        };
        let register = Arc::clone(following.register().map_err(Error::from)?);
        let at = self.clock.now();
        let is_same = state
            .register
            .as_ref()
            .is_some_and(|known| Arc::ptr_eq(known, &register));
        if following.next() < log.needed || is_same && state.until.is_none_or(|until| at < until) {
            return Ok(());
        }
        let deployed = log.deployed(&register, at)?;
        let serial = u32::try_from(at & u64::from(u32::MAX)).expect("masked");
        let authority = Authority {
            serial,
            ..log.authority.clone()
        };
        let zones = merged(&self.files, &deployed.names, &authority, self.ihle)?;
        state.zones = Arc::new(Zones::new(&zones, self.ihle)?);
        state.until = deployed.until;
        state.register = Some(register);
        Ok(())
    }
}

impl Naming {
    /// Who answers for zones of a log with this origin.
    pub(crate) fn authority(&self, origin: &str) -> Result<Authority, PublishError> {
        let read = |text: &str| {
            text.parse().map_err(|source| PublishError::Server {
                text: text.to_owned(),
                source,
            })
        };
        let server = match &self.server {
            Some(server) => server.clone(),
            None => read(origin.split(['/', ':']).next().unwrap_or_default())?,
        };
        let contact = match &self.contact {
            Some(contact) => contact.clone(),
            None => read(&format!("{HOSTMASTER}.{server}"))?,
        };
        Ok(Authority {
            servers: vec![server],
            contact,
            serial: 0,
            ttl: self.ttl,
        })
    }
}

impl State {
    fn new(following: Option<Following>, zones: Zones) -> Self {
        State {
            following,
            zones: Arc::new(zones),
            register: None,
            until: None,
            looked: None,
            is_failing: false,
        }
    }
}

impl FollowedLog {
    fn deployed(&self, register: &Register, at: u64) -> Result<Deployed, Error> {
        let vault = FollowedVault::open(&self.folder, &self.config)?;
        let as_of = AsOf::now_known(u64::MAX, at);
        let mut deployed = deployed(register, &|digest| opened(&vault, digest), &as_of);
        deployed.names.retain(|_, deployment| deployment.is_public);
        Ok(deployed)
    }
}

/// A disclosure; none where it was erased, or cannot be read.
fn opened(vault: &FollowedVault, digest: &[u8; 32]) -> Option<Opened> {
    let row = HEXLOWER.encode(digest);
    DISCLOSURE_COLUMNS.into_iter().find_map(|column| {
        let opened = vault.value(Cell {
            table: "disclosure",
            row: &row,
            column,
        });
        let disclosure = Disclosure::decode(&opened.ok().flatten()?).ok()?;
        (disclosure.digest() == *digest).then(|| Opened {
            text: disclosure.text().to_owned(),
            is_public: column == PUBLIC,
        })
    })
}

/// The zones of files with the names of a log.
fn merged(
    files: &[Zone],
    names: &BTreeMap<DomainName, Deployment>,
    authority: &Authority,
    ihle: RecordType,
) -> Result<Vec<Zone>, ZoneError> {
    let mut zones = files.to_vec();
    // A topmost name comes before those under it by this order.
    let mut names: Vec<_> = names.iter().collect();
    names.sort_by_key(|(name, _)| name.as_str().split('.').count());
    for (name, deployment) in names {
        let bytes: usize = deployment.items.iter().map(|it| it.bytes().len()).sum();
        let is_above = zones
            .iter()
            .any(|zone| zone.apex().is_within(name) && zone.apex() != name);
        if bytes > MAX_SET || is_above {
            tracing::warn!(asset = %deployment.asset, "an emblem is not served: its set is too long, or \
                its name lies above a zone of a file");
            continue;
        }
        let zone = match zones.iter().position(|zone| name.is_within(zone.apex())) {
            Some(at) => &mut zones[at],
            None => {
                zones.push(Zone::new(name.clone(), authority.clone())?);
                zones.last_mut().expect("one was added")
            }
        };
        if !zone.publishes(name, ihle) {
            zone.publish(name, &deployment.items, ihle)?;
        }
    }
    Ok(zones)
}
