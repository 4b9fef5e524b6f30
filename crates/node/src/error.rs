//! What can keep a node from doing what it was told. A caller has three reactions: show the
//! refusal, try again later, or report a defect.

use std::path::PathBuf;

use ensign_hold::term::name::{CalendarName, HolidaysName};
use ensign_trust::party::Refusal;
use ensign_trust::{AssetId, StatementId};

/// A failure of the node.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum Error {
    #[error("cannot write the answer as JSON")]
    Answer(#[source] serde_json::Error),
    #[error("{what} is not {expected}")]
    Argument {
        what: String,
        expected: &'static str,
    },
    #[error(transparent)]
    Asset(#[from] ensign_mark::asset::Refusal),
    #[error(transparent)]
    Authority(#[from] ensign_mark::authority::Refusal),
    #[error("{} is no backup that can be used", path.display())]
    Backup {
        path: PathBuf,
        #[source]
        source: crate::backup::BackupFault,
    },
    #[error("statement {at} of the batch does not continue its author's chain")]
    Chain {
        at: usize,
        #[source]
        source: ensign_trust::chain::ChainError,
    },
    #[error("the configuration {} cannot be used", path.display())]
    Config {
        path: PathBuf,
        #[source]
        source: ConfigFault,
    },
    #[error(transparent)]
    Emblem(#[from] ensign_mark::emblem::Refusal),
    #[error("cannot {action} {}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Fact(#[from] ensign_hold::fact::Refusal),
    #[error("{} already holds a node", path.display())]
    FolderTaken { path: PathBuf },
    #[error("{} is held by another process", path.display())]
    Held { path: PathBuf },
    #[error(
        "the text's calendar `{calendar}` names the holidays `{holidays}`, and no list of them is given"
    )]
    Holidays {
        calendar: CalendarName,
        holidays: HolidaysName,
    },
    #[error("the file {} cannot be imported", path.display())]
    Import {
        path: PathBuf,
        #[source]
        source: ensign_share::Error,
    },
    #[error("no row of {} can be read", path.display())]
    ImportEmpty { path: PathBuf },
    #[error("there is no importer {format}")]
    Importer { format: String },
    #[error("statement {at} of the batch was claimed {seconds} s ahead of this node's clock")]
    FromTheFuture { at: usize, seconds: u64 },
    #[error(transparent)]
    Instrument(#[from] ensign_hold::instrument::Refusal),
    #[error("the key-encryption key {} cannot be read", path.display())]
    Key {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the log {log} cannot sign or be read")]
    Log {
        log: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("the mirror is as it was")]
    Mirror(#[source] crate::mirror::MirrorFault),
    #[error("{} holds no node", path.display())]
    NoFolder { path: PathBuf },
    #[error("nothing here has the id {id}")]
    NotFound { id: String },
    #[error(
        "nothing is published for {name}: the party that comes first for the name has had the emblem {emblem} \
         for it, which does not stand, and its registration does"
    )]
    NameKept {
        name: String,
        emblem: StatementId,
        asset: AssetId,
    },
    #[error("no emblem of {id} stands that a domain name could publish")]
    NothingToDeploy { id: String },
    #[error("{asked} is not a size that the log has had: it has {size} entries")]
    NotReached { asked: u64, size: u64 },
    #[error("this node does not hold the secret key of {party}")]
    NotOurs { party: String },
    #[error("statement {at} of the batch is of the realm {found}, this node is of {ours}")]
    OtherRealm {
        at: usize,
        found: String,
        ours: String,
    },
    #[error(transparent)]
    Person(#[from] crate::people::Refusal),
    #[error("it was agreed to, and could not be done")]
    Undone(#[source] Box<Error>),
    #[error(transparent)]
    Readings(#[from] ensign_hold::fact::TooMany),
    #[error(transparent)]
    Record(#[from] ensign_hold::record::Refusal),
    #[error("statement {at} of the batch does not count")]
    Refused {
        at: usize,
        #[source]
        refusal: Refusal,
    },
    #[error("{} holds no copy of a log that can be believed", path.display())]
    Replica {
        path: PathBuf,
        #[source]
        source: crate::replica::ReplicaError,
    },
    #[error(
        "this folder came out of a backup and may lack what was signed since: nothing is signed here"
    )]
    Restored,
    #[error(
        "the log was sealed, and nothing is signed here any more: {} goes on in its place", .0.origin
    )]
    Sealed(Box<crate::backup::Successor>),
    #[error("the statement cannot be written")]
    Statement(#[source] ensign_trust::statement::StatementError),
    #[error("the store failed")]
    Store(#[from] ensign_store::Error),
    #[error("{id} is already in the log")]
    Stated { id: StatementId },
    #[error("the emblem's token cannot be issued")]
    Token(#[from] ensign_mark::token::IssueError),
    #[error("it is not shown that nothing is missing")]
    Unconfirmed(#[source] crate::backup::Unconfirmed),
    #[error("{what} cannot be used: {why}")]
    Unfit { what: String, why: String },
    #[error("the views failed")]
    Views(#[source] ensign_views::Error),
    #[error("the witness has lost its memory: there is no {}", path.display())]
    WitnessForgot { path: PathBuf },
    #[error("this would leave the node without a key or a mandate to sign with")]
    WouldStop,
    #[error("another process wrote to this folder; this one must stop and start again")]
    WriterFenced,
}

/// What is wrong with a configuration file.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum ConfigFault {
    #[error(transparent)]
    Read(#[from] std::io::Error),
    #[error("line {line}: {message}")]
    Toml { line: usize, message: String },
}

impl From<ensign_views::Error> for Error {
    fn from(error: ensign_views::Error) -> Self {
        match error {
            ensign_views::Error::NotReached { asked, size } => Error::NotReached { asked, size },
            other => Error::Views(other),
        }
    }
}

impl Error {
    /// Id of the message in every language, and `type` of the problem in the API.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Refused { refusal, .. } => refusal.code(),
            Error::Argument { .. }
            | Error::Holidays { .. }
            | Error::NotReached { .. }
            | Error::Unfit { .. } => "command.argument",
            Error::Asset(refusal) => refusal.code(),
            Error::Authority(refusal) => refusal.code(),
            Error::Backup { .. } => "backup.unfit",
            Error::Chain { .. } => "statement.out_of_order",
            Error::Config { .. } => "node.config",
            Error::Emblem(refusal) => refusal.code(),
            Error::Fact(refusal) => refusal.code(),
            Error::FolderTaken { .. } => "node.folder_taken",
            Error::FromTheFuture { .. } => "statement.from_the_future",
            Error::Held { .. } | Error::WriterFenced => "node.held",
            Error::Import { .. } | Error::ImportEmpty { .. } | Error::Readings(_) => {
                "import.unreadable"
            }
            Error::Importer { .. } => "import.unknown_format",
            Error::Instrument(refusal) => refusal.code(),
            Error::Key { .. } => "node.key_missing",
            Error::Mirror(fault) => fault.code(),
            Error::NameKept { .. } => "emblem.name_kept",
            Error::NoFolder { .. } => "node.no_folder",
            Error::NotFound { .. } => "id.unknown",
            Error::NothingToDeploy { .. } => "emblem.none_stands",
            Error::NotOurs { .. } => "key.not_here",
            Error::OtherRealm { .. } => "statement.other_realm",
            Error::Person(refusal) => refusal.code(),
            Error::Record(refusal) => refusal.code(),
            Error::Replica { .. } => "log.unproven",
            Error::Restored => "node.restored",
            Error::Sealed(_) => "node.sealed",
            Error::Stated { .. } => "statement.stated",
            Error::Statement(_) => "statement.malformed",
            Error::Store(ensign_store::Error::Full { .. }) => "store.full",
            Error::Store(ensign_store::Error::NewerFormat { .. }) => "store.newer_format",
            Error::Store(ensign_store::Error::ReadOnly { .. }) => "store.read_only",
            Error::Store(ensign_store::Error::WrongKek { .. }) => "node.key_wrong",
            Error::Token(_) => "emblem.token_unfit",
            Error::Unconfirmed(_) => "restore.unconfirmed",
            Error::Undone(_) => "request.undone",
            Error::WitnessForgot { .. } => "witness.forgot",
            Error::WouldStop => "node.would_stop",
            Error::Answer(_)
            | Error::File { .. }
            | Error::Log { .. }
            | Error::Store(_)
            | Error::Views(_) => "node.failed",
        }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Argument { expected, .. } if *expected == AN_ID => {
                "`ensign party list`, `asset list` and `emblem list` show ids".to_owned()
            }
            Error::Emblem(ensign_mark::emblem::Refusal::KeyNotYours) => {
                "`ensign emblem key PARTY` makes a key for a party whose own key is here".to_owned()
            }
            Error::FolderTaken { .. } => "choose another folder with `--dir`".to_owned(),
            Error::Held { .. } => {
                "a node serves this folder; its socket may belong to another user".to_owned()
            }
            Error::Holidays { holidays, .. } => format!(
                "give them with `--holidays {holidays}=FILE`; the file has a date a line, such as 2027-12-25"
            ),
            Error::Importer { .. } => "`ensign import --help` lists the importers".to_owned(),
            Error::Key { .. } => "give the key's file in ENSIGN_KEY_FILE, or the key itself in \
                ENSIGN_KEY"
                .to_owned(),
            Error::Mirror(fault) => return fault.hint().map(str::to_owned),
            Error::NameKept { asset, .. } => format!(
                "`ensign asset show {asset}` tells what became of it; `ensign emblem deploy ASSET` takes an \
                 asset of yours all the same"
            ),
            Error::NoFolder { path } => {
                format!("make one with `ensign init --dir {}`", path.display())
            }
            Error::NothingToDeploy { .. } => {
                "`ensign asset show` tells what became of it; `ensign emblem issue ASSET` marks a registered \
                 domain name"
                    .to_owned()
            }
            Error::NotOurs { .. } => {
                "act on the node that founded the party, which keeps its key; `ensign party found` \
                founds one here"
                    .to_owned()
            }
            Error::Refused {
                refusal: Refusal::NoMandate { role, .. },
                ..
            } if role.starts_with(ensign_hold::instrument::SIGNATORY) => {
                "`ensign mandate grant --to PARTY --role signatory` gives the mandate".to_owned()
            }
            Error::Person(crate::people::Refusal::Waits { request }) => {
                format!("two people agree to it at `/en/requests/{request}` of the served node")
            }
            Error::Person(crate::people::Refusal::TakesTwo(_)) => {
                "open the account without the roles that decide; `ensign account grant` then asks for them"
                    .to_owned()
            }
            Error::Person(crate::people::Refusal::Unknown { .. }) => {
                "`ensign account list` shows ids".to_owned()
            }
            Error::Person(crate::people::Refusal::NoRequest { .. }) => {
                "`ensign request list` shows ids".to_owned()
            }
            Error::Replica { .. } => {
                "copy the folder `log/public` of a node, or what its address serves".to_owned()
            }
            Error::Restored => "`ensign restore finish` lets the node write, once it is shown that nothing \
                is missing"
                .to_owned(),
            Error::Sealed(successor) => format!(
                "go on in {}, where its node was founded",
                successor.folder.display()
            ),
            Error::Store(ensign_store::Error::Full { .. }) => {
                "nothing was lost; free some space and try again".to_owned()
            }
            Error::Store(ensign_store::Error::NewerFormat { .. }) => {
                "use the version of ensign that wrote the folder, or a newer one".to_owned()
            }
            Error::Store(ensign_store::Error::ReadOnly { .. }) => {
                "nothing was lost; make the folder writable and try again".to_owned()
            }
            Error::Store(ensign_store::Error::Unsure { .. }) => {
                "stop the node that serves this folder and start it again: it opens with all that was answered".to_owned()
            }
            Error::Unconfirmed(why) => why.hint().to_owned(),
            Error::WitnessForgot { .. } => {
                "its key may have cosigned what it no longer remembers: \
                make another node for a witness, and tell the logs to ask that one"
                    .to_owned()
            }
            Error::WouldStop => {
                "give the operator another key first: `ensign key add PARTY`".to_owned()
            }
            _ => return None,
        })
    }

    /// Whether another try may go through without a change to what was asked.
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Error::Held { .. }
                | Error::WriterFenced
                | Error::Mirror(
                    crate::mirror::MirrorFault::Status { .. }
                        | crate::mirror::MirrorFault::Unreachable(_)
                )
                | Error::Store(
                    ensign_store::Error::Full { .. }
                        | ensign_store::Error::ReadOnly { .. }
                        | ensign_store::Error::Unsure { .. }
                )
        )
    }
}

/// What is expected where an id is.
pub(crate) const AN_ID: &str = "an id of the kind asked for";

/// A text of somebody's as messages repeat it: in quotation marks, no longer than a line, and with
/// nothing in it that could command a terminal.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 80;
    let mut rest = text.chars();
    let shown: String = rest.by_ref().take(MOST).collect();
    match rest.next() {
        None => format!("{shown:?}"),
        Some(_) => format!("{shown:?}..."),
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    message
}
