//! Backups on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Form, Plain};

/// Making a backup, or another verb.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(subcommand)]
    pub act: Option<Check>,
    #[command(flatten)]
    pub plain: Plain,
    /// Folder in which the records become a new folder
    #[arg(long, value_name = "FOLDER", required = true)]
    pub to: Option<PathBuf>,
    /// Folder in which the data keys become a new folder: another place, kept for a shorter time
    #[arg(long, value_name = "FOLDER", required = true)]
    pub keys_to: Option<PathBuf>,
}

/// Verbs of `backup`.
#[derive(Debug, Subcommand)]
pub enum Check {
    /// Check a backup without its node
    ///
    /// Every file must be the one that was written, and the logs are audited as `ensign verify` does.
    /// What is sealed is opened where the data keys are given and ENSIGN_KEY or ENSIGN_KEY_FILE gives
    /// the key of the folder.
    #[command(
        before_help = "Example:\n  ensign backup check backups/20270309T080000Z \
        --keys backup-keys/20270309T080000Z"
    )]
    Check {
        /// Folder of the records
        records: PathBuf,
        /// Folder of the data keys
        #[arg(long, value_name = "FOLDER")]
        keys: Option<PathBuf>,
        #[command(flatten)]
        form: Form,
    },
}

/// Restoring a backup, or another verb.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(subcommand)]
    pub act: Option<Finish>,
    /// Folder of the records
    #[arg(required = true)]
    pub records: Option<PathBuf>,
    /// Folder of the data keys: of this backup, or of a later one, which lacks what was erased since
    #[arg(long, value_name = "FOLDER", required = true)]
    pub keys: Option<PathBuf>,
    #[command(flatten)]
    pub plain: Plain,
}

/// Verbs of `restore`.
#[derive(Debug, Subcommand)]
pub enum Finish {
    /// Let a restored node write, where it is shown that nothing is missing
    ///
    /// The witnesses of the log are asked whether they know more of it than this copy has. A log that
    /// asks no witnesses needs its newest checkpoint that anybody has; whoever gives it answers for
    /// that. Where entries are missing the node stays as it is, and can be read, until they are given.
    #[command(
        before_help = "Example:\n  ensign restore finish --from copies/monitor --dir monitor"
    )]
    Finish {
        /// A checkpoint of the public or the closed log, which must be of the size that the log has
        /// here
        #[arg(long = "checkpoint", value_name = "FILE")]
        checkpoints: Vec<PathBuf>,
        /// Folder with the files of the public log, as a mirror or a reader has them, from which to take
        /// the entries that are missing here
        #[arg(long, value_name = "FOLDER")]
        from: Option<PathBuf>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Seal the log of a restored node for good, and found the node that goes on
    ///
    /// For a log of which entries are lost that nobody has. Nothing is ever signed under its origin
    /// again; its folder can be read and served as it is. The new node has a folder, an origin and log
    /// keys of its own, and begins with a statement that names the sealed log, signed with the key of
    /// the operator. Parties, mandates and records are not taken over. This cannot be undone.
    #[command(before_help = "Example:\n  ensign restore seal --to monitor-2 \
        --origin node.example.org/log-2 --dir monitor")]
    Seal {
        /// Folder of the node that goes on; made where it is not there
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
        /// Origin of its log: where it will be served, without scheme and trailing slash, and never
        /// one that was used before
        #[arg(long)]
        origin: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Copying another log, or another verb.
#[derive(Debug, Args)]
pub struct Mirror {
    #[command(subcommand)]
    pub act: Option<Copies>,
    /// Address below which the log gives `checkpoint` and `tile/`
    #[arg(value_name = "URL", required = true)]
    pub address: Option<String>,
    /// Folder of the copy; made where it is not there
    #[arg(long, value_name = "FOLDER", required = true)]
    pub to: Option<PathBuf>,
    /// Trust anchors, as `ensign trust export` writes them
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    #[command(flatten)]
    pub form: Form,
}

/// Verbs of `mirror`.
#[derive(Debug, Subcommand)]
pub enum Copies {
    /// Serve a copy, so that others can read the log or copy it from here
    ///
    /// Prints the address once it answers. What is given there is what the node gives below `/tlog`, as
    /// far as it was checked; `ensign mirror` may bring the copy up to date meanwhile.
    #[command(before_help = "Example:\n  ensign mirror serve copies/node --listen 127.0.0.1:8482")]
    Serve(MirrorServe),
}

/// Serving a copy.
#[derive(Debug, Args)]
pub struct MirrorServe {
    /// Folder of the copy
    pub folder: PathBuf,
    /// Address and port; anything but loopback needs `--behind-proxy`
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8482")]
    pub listen: SocketAddr,
    /// A proxy that speaks TLS is in front: other machines may connect
    #[arg(long)]
    pub behind_proxy: bool,
}
