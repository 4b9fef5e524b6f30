//! How a node stands.

use ensign_trust::id::PartyId;
use ensign_trust::logbook::LogName;
use serde::Serialize;

use crate::backup::{GoesOnFrom, Successor};
use crate::command::Progress;
use crate::error::Error;
use crate::node::Node;

/// How a node stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The folder.
    pub folder: String,
    /// Where its statements count.
    pub realm: String,
    /// The party that runs it.
    pub operator: PartyId,
    /// What that party is called, unless that was erased.
    pub name: Option<String>,
    /// The node's clock, Unix seconds.
    pub now: u64,
    /// Where the folder came out of a backup and signs nothing yet: when it was restored, Unix seconds.
    pub restored: Option<u64>,
    /// What goes on in the place of its logs, where they are sealed.
    pub successor: Option<Successor>,
    /// From which log its own goes on, where it does.
    pub goes_on_from: Option<GoesOnFrom>,
    /// Both logs.
    pub logs: Vec<LogStatus>,
}

/// How a log stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogStatus {
    /// `public` or `closed`.
    pub log: &'static str,
    /// Its origin.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root of the tree, in hexadecimal.
    pub root: String,
    /// The key that signs its checkpoints, as vkey.
    pub key: String,
    /// Entries that the views have seen.
    pub projected: u64,
    /// Whether others have cosigned its checkpoints: `unwitnessed` where the quorum is none, `waiting`
    /// while entries came that have to be witnessed, else `witnessed`.
    pub witnessed: &'static str,
}

/// What a rebuild projected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Entries of the public log.
    pub public: u64,
    /// Entries of the closed log.
    pub closed: u64,
}

impl Node {
    /// How this node stands.
    pub fn status(&self) -> Result<Status, Error> {
        let log = |name: LogName| -> Result<LogStatus, Error> {
            let head = self.log(name).head()?;
            Ok(LogStatus {
                log: name.as_str(),
                origin: self.origin(name).to_string(),
                size: head.as_ref().map_or(0, |head| head.size),
                root: head.map_or_else(String::new, |head| {
                    data_encoding::HEXLOWER.encode(&head.root)
                }),
                key: self.log_key(name).to_string(),
                projected: self.views.position(name)?,
                witnessed: self.witnessed(name)?,
            })
        };
        let restored = self.restored();
        Ok(Status {
            folder: self.folder.path().display().to_string(),
            realm: self.realm.to_string(),
            operator: self.operator,
            name: self.party_name(self.operator)?,
            now: self.clock.now(),
            restored,
            successor: self.successor(),
            goes_on_from: self.goes_on_from(),
            logs: vec![log(LogName::Public)?, log(LogName::Closed)?],
        })
    }

    fn witnessed(&self, log: LogName) -> Result<&'static str, Error> {
        let last = self.last_cosigned(log)?;
        Ok(match last {
            _ if log == LogName::Closed || self.quorum()?.is_none() => "unwitnessed",
            Some(size) if !self.views.has_news(log, size)? => "witnessed",
            _ => "waiting",
        })
    }

    /// Projects both logs afresh.
    pub fn rebuild_views(&self, progress: &mut dyn FnMut(Progress)) -> Result<Rebuilt, Error> {
        // No append and no projection may come between.
        let _writer = self.writer();
        let _turn = self.projecting();
        self.views.clear()?;
        self.catch_up(progress)?;
        Ok(Rebuilt {
            public: self.views.position(LogName::Public)?,
            closed: self.views.position(LogName::Closed)?,
        })
    }
}
