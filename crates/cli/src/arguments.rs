//! The command line: every command with its example, what it does, and its flags.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use ensign_node::command::Covers;
use ensign_share::who_ssa;
use ensign_trust::Realm;

use crate::value;

mod backup;
mod deploy;
mod duties;
mod marks;
mod people;
#[cfg(test)]
mod tests;
mod witnesses;

pub use backup::{Backup, Check, Copies, Finish, Mirror, MirrorServe, Restore};
pub use deploy::{CheckDeployment, Deploy, Dns, DnsServe};
pub use duties::{About, Copied, Dispute, Fact, Instrument, Lodged, Term};
pub use marks::{Asset, Authority, Emblem, Misuse, Verifying};
pub use people::{Account, Request};
pub use witnesses::{Witness, WitnessRun};

/// Records that anyone can check
///
/// Every act is a signed statement in a log that can be copied and checked offline. An answer goes
/// to standard output, everything else to standard error.
///
/// Exit codes: 0 done; 1 refused, or a check failed; 2 not understood; 3 not available now, try
/// again; 4 nothing is wrong, but trust anchors or evidence are missing.
#[derive(Debug, Parser)]
#[command(
    name = "ensign",
    version,
    max_term_width = 100,
    subcommand_value_name = "COMMAND",
    before_help = "Example:\n  ensign demo"
)]
pub struct Arguments {
    /// Say nothing but answers and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub act: Act,
}

/// A command, in the order in which a newcomer meets them.
#[derive(Debug, Subcommand)]
pub enum Act {
    /// Make a node in a folder
    ///
    /// Origin and realm are permanent: they stand inside what the node signs. The key that opens
    /// the folder's secrets is written to a file beside it, unless ENSIGN_KEY or ENSIGN_KEY_FILE
    /// gives one.
    #[command(
        before_help = "Example:\n  ensign init --dir monitor --name \"Example Monitor\" \
        --origin log.example.org --realm real"
    )]
    Init {
        #[command(flatten)]
        folder: Folder,
        /// What the party that runs the node is called
        #[arg(long)]
        name: String,
        /// Where the public log will be read: a host name and path without scheme
        #[arg(long)]
        origin: String,
        /// Where its statements count: `real`, or `exercise/NAME` for what is invented
        #[arg(long)]
        realm: Realm,
        #[command(flatten)]
        form: Form,
    },
    /// Serve a node with an invented story
    ///
    /// The first start makes the node and its story, in a realm of its own that can never pass for
    /// real; a second start goes on with the same folder.
    #[command(before_help = "Example:\n  ensign demo --listen 127.0.0.1:8480")]
    Demo {
        /// Folder of the invented node
        #[arg(long, value_name = "DIR", default_value = "ensign-demo")]
        dir: PathBuf,
        #[command(flatten)]
        listen: Listen,
    },
    /// Serve pages, read API and the log's files over HTTP
    ///
    /// Prints the address once it answers. Other commands on the same folder then go through this
    /// process. An interrupt or a termination signal stops it in good order.
    #[command(before_help = "Example:\n  ensign serve --dir monitor --listen 127.0.0.1:8480")]
    Serve {
        #[command(flatten)]
        folder: Folder,
        #[command(flatten)]
        listen: Listen,
    },
    /// Take in a file that others published
    ///
    /// Each row becomes a statement that says who published it; rows that say what they said
    /// before add nothing. A row that cannot be read is listed and the rest is taken in.
    #[command(
        before_help = "Example:\n  ensign import who-ssa attacks.csv --dir monitor \
        --covers 2017-02-25..2024-02-08"
    )]
    Import {
        /// The publisher's format
        #[arg(value_parser = PossibleValuesParser::new([who_ssa::SOURCE]))]
        format: String,
        /// The published file
        file: PathBuf,
        #[command(flatten)]
        folder: Folder,
        /// Dates that the file covers, both included; read from its rows if not given
        #[arg(long, value_name = "FROM..TO", value_parser = value::covers)]
        covers: Option<Covers>,
        #[command(flatten)]
        form: Form,
    },
    /// Tell how the node stands
    #[command(before_help = "Example:\n  ensign status --dir monitor")]
    Status(Plain),
    /// Write out records with their proofs
    #[command(
        subcommand,
        before_help = "Example:\n  ensign export incident oPt010355 --dir monitor -o case.ensign"
    )]
    Export(Export),
    /// Check a proof file, or the whole log of a folder
    ///
    /// Needs no network and no node. A file is checked against the trust anchors given; without
    /// them the check can only find that it does not contradict itself, which is exit code 4. A
    /// folder is checked against its own keys, and the answer says so.
    #[command(before_help = "Example:\n  ensign verify case.ensign --trust anchors.txt")]
    Verify {
        /// The proof file, or a node's folder
        #[arg(value_name = "FILE|DIR")]
        path: PathBuf,
        /// Trust anchors, as `ensign trust export` writes them
        #[arg(long, value_name = "FILE")]
        trust: Option<PathBuf>,
        /// The time judged, as RFC 3339 or Unix seconds; now if not given
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        at: Option<u64>,
        /// The log size judged, where an asset is proved; all that the file proves if not given
        #[arg(long, value_name = "SIZE")]
        index: Option<u64>,
        /// Check the signatures of a folder in batches: quicker, and screening only
        #[arg(long)]
        screen: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Trust anchors: what a stranger starts from
    #[command(
        subcommand,
        before_help = "Example:\n  ensign trust export --dir monitor -o anchors.txt"
    )]
    Trust(Trust),
    /// Projections of the logs
    #[command(
        subcommand,
        before_help = "Example:\n  ensign views rebuild --dir monitor"
    )]
    Views(Views),
    /// Parties: those that sign
    #[command(
        subcommand,
        before_help = "Example:\n  ensign party list --dir monitor"
    )]
    Party(Party),
    /// Keys that speak for parties
    #[command(subcommand, before_help = "Example:\n  ensign key list --dir monitor")]
    Key(Key),
    /// Mandates: who may act in which role
    #[command(
        subcommand,
        before_help = "Example:\n  ensign mandate list --dir monitor"
    )]
    Mandate(Mandate),
    /// Accounts: people who sign in at this node
    #[command(
        subcommand,
        before_help = "Example:\n  ensign account list --dir monitor"
    )]
    Account(Account),
    /// Requests: acts that take two people
    #[command(
        subcommand,
        before_help = "Example:\n  ensign request list --dir monitor"
    )]
    Request(Request),
    /// Erase what is known of an account, an asset, an incident or a party
    ///
    /// Its words are destroyed with the key that opens them; a tombstone in the log says so, and all
    /// proofs verify as before. It cannot be undone. Where two accounts can agree to it, they have to:
    /// it is a request then. What left the node before, such as exported bundles, cannot be recalled.
    #[command(before_help = "Example:\n  ensign erase SUBJECT --ground safety --dir monitor")]
    Erase {
        /// Id of an account, an asset, an incident or a party; of an incident also its source's own id
        subject: String,
        /// The ground: consent-withdrawn, legal-duty, no-longer-needed, objection, safety or unlawful
        #[arg(long)]
        ground: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Assets: things that are protected
    #[command(
        subcommand,
        before_help = "Example:\n  ensign asset list --dir monitor"
    )]
    Asset(Asset),
    /// Authorities: who recognises whom
    #[command(
        subcommand,
        before_help = "Example:\n  ensign authority list --dir monitor"
    )]
    Authority(Authority),
    /// Emblems: which protection a thing bears, and on whose authority
    #[command(
        subcommand,
        before_help = "Example:\n  ensign emblem list --dir monitor"
    )]
    Emblem(Emblem),
    /// Emblems in the domain name system
    #[command(
        subcommand,
        before_help = "Example:\n  ensign dns serve --dir monitor --listen 127.0.0.1:5300"
    )]
    Dns(Dns),
    /// Terms: what was promised, checked, judged and explained
    #[command(
        subcommand,
        before_help = "Example:\n  ensign term eval --json --dir monitor"
    )]
    Term(Term),
    /// Instruments: texts that bind parties
    #[command(
        subcommand,
        before_help = "Example:\n  ensign instrument list --dir monitor"
    )]
    Instrument(Instrument),
    /// Facts: what happened, was done, measured or found
    #[command(
        subcommand,
        before_help = "Example:\n  ensign fact withdraw FACT --reason mistaken --dir monitor"
    )]
    Fact(Fact),
    /// Disputes: what stops a clock, as far as a text allows
    #[command(
        subcommand,
        before_help = "Example:\n  ensign dispute close DISPUTE --by PARTY --kind dispute_closed \
        --dir monitor"
    )]
    Dispute(Dispute),
    /// Witnesses: who cosigns a log, so that it cannot show two histories
    #[command(
        subcommand,
        before_help = "Example:\n  ensign witness status --dir monitor"
    )]
    Witness(Witness),
    /// Make a backup of a node, or check one
    ///
    /// A node may serve the folder meanwhile. The records and the data keys become a folder of the same
    /// name each, in two places: whoever keeps the data keys for a short time only keeps nothing
    /// readable of what was erased. Neither holds the key of the folder.
    #[command(
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true,
        before_help = "Example:\n  ensign backup --to backups --keys-to backup-keys --dir monitor"
    )]
    Backup(Backup),
    /// Make a node's folder from a backup; then let it write, or seal its log
    ///
    /// The node can be read and served, and signs nothing until `ensign restore finish`: it may lack
    /// what was signed after the backup, and must not sign another history beside that. Where nobody has
    /// what it lacks, `ensign restore seal` goes on in another log.
    #[command(
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true,
        before_help = "Example:\n  ensign restore backups/20270309T080000Z \
        --keys backup-keys/20270309T080000Z --dir monitor"
    )]
    Restore(Restore),
    /// Copy the public log of another node, and check what is copied; or serve the copy
    ///
    /// Each run fetches what is new and audits it before the copy takes it. The folder holds the log as
    /// it is published: any web server can serve it, as `ensign mirror serve` does, a node can be restored from it, and answers can be
    /// computed from it. Where the log has signed two histories, both are kept as evidence, and nothing
    /// is taken.
    #[command(
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true,
        before_help = "Example:\n  ensign mirror https://node.example.org/tlog --to copies/node"
    )]
    Mirror(Mirror),
    /// Print what a shell needs to complete commands
    #[command(before_help = "Example:\n  ensign completions bash > \
        ~/.local/share/bash-completion/completions/ensign")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual, or write a page for each command
    #[command(before_help = "Example:\n  ensign man -o ~/.local/share/man/man1")]
    Man {
        /// Folder for the pages; the first page goes to standard output if not given
        #[arg(long, short, value_name = "DIR")]
        output: Option<PathBuf>,
    },
}

/// Verbs of `export`.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Write all on which the answer for an asset hangs to a file
    ///
    /// Whoever has the file and trust anchors can check it offline with `ensign verify`, which
    /// computes the answer anew, up to whoever recognises the authority.
    #[command(before_help = "Example:\n  ensign export asset ASSET --dir monitor -o case.ensign")]
    Asset {
        /// The asset's id
        id: String,
        /// The log size that the file is to answer for; the whole log if not given
        #[arg(long, value_name = "SIZE")]
        index: Option<u64>,
        /// Open in the file what is sealed: identifier and tokens. A file that is out cannot be
        /// recalled
        #[arg(long)]
        reveal: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Write the contradiction of a log to a file: two checkpoints that it signed and that cannot both
    /// be true
    ///
    /// Whoever has the file can judge it offline with `ensign verify`: it accuses nobody where the
    /// signatures or the hashes do not show it. With `--trust` it also says whether the log is one of
    /// those that are trusted.
    #[command(
        before_help = "Example:\n  ensign export contradiction node.example.org/log \
        --dir monitor -o contradiction.ensign"
    )]
    Contradiction {
        /// The origin of a log that this node's witness watches, or the statement in this node's log
        #[arg(value_name = "LOG")]
        of: String,
        #[command(flatten)]
        target: Target,
    },
    /// Write one incident and all that proves it to a file
    ///
    /// Whoever has the file and trust anchors can check it offline with `ensign verify`.
    #[command(
        before_help = "Example:\n  ensign export incident oPt010355 --dir monitor -o case.ensign"
    )]
    Incident {
        /// Our id of the incident or record, or the publisher's own
        id: String,
        #[command(flatten)]
        target: Target,
    },
    /// Write what one duty has come to, and the statements from which that follows, to a file
    ///
    /// Whoever has the file and trust anchors can check it offline with `ensign verify`, which judges
    /// the duty again by these statements. That no other statement of the log changes the result is
    /// shown by `ensign term eval` on a copy of the log.
    #[command(before_help = "Example:\n  ensign export obligation OBLIGATION \
        --at 2027-03-09T00:00:00Z --dir monitor -o duty.ensign")]
    Obligation {
        /// The obligation's id
        obligation: String,
        #[command(flatten)]
        asked: marks::AsOf,
        #[command(flatten)]
        target: Target,
    },
}

/// What an export is made from, and where it goes.
#[derive(Debug, Args)]
pub struct Target {
    #[command(flatten)]
    pub folder: Folder,
    /// The file to write
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub force: Force,
    #[command(flatten)]
    pub form: Form,
}

/// Verbs of `trust`.
#[derive(Debug, Subcommand)]
pub enum Trust {
    /// Write this node's trust anchors: log keys, quorum of witnesses, root parties
    ///
    /// Give the file to whoever should check this node's records, by a way that they trust.
    #[command(before_help = "Example:\n  ensign trust export --dir monitor -o anchors.txt")]
    Export {
        #[command(flatten)]
        folder: Folder,
        /// The file to write; standard output if not given
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        force: Force,
        #[command(flatten)]
        form: Form,
    },
}

/// Verbs of `views`.
#[derive(Debug, Subcommand)]
pub enum Views {
    /// Project both logs afresh
    ///
    /// Loses nothing: the logs are the database, the views can be made again at any time.
    #[command(before_help = "Example:\n  ensign views rebuild --dir monitor")]
    Rebuild(Plain),
}

/// Verbs of `party`.
#[derive(Debug, Subcommand)]
pub enum Party {
    /// Found a party whose key this node keeps
    #[command(
        before_help = "Example:\n  ensign party found --name \"Example Institute\" --type body \
        --dir monitor"
    )]
    Found {
        /// What it is called
        #[arg(long)]
        name: String,
        /// What it says it is: `state`, `organisation`, `armed-group`, `operator`, `body` or
        /// another code
        #[arg(long = "type", value_name = "TYPE")]
        nature: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the parties
    #[command(before_help = "Example:\n  ensign party list --dir monitor --json")]
    List(Plain),
}

/// Verbs of `key`.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Give a party one more key, made and kept here
    #[command(before_help = "Example:\n  ensign key add PARTY --dir monitor")]
    Add {
        /// The party's id
        party: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the keys that ever spoke for a party, or for any
    #[command(before_help = "Example:\n  ensign key list --dir monitor --json")]
    List {
        /// The party's id
        party: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Replace the key with which a party signs here by a fresh one
    #[command(before_help = "Example:\n  ensign key rotate PARTY --dir monitor")]
    Rotate {
        /// The party's id
        party: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// End a key: nothing that it signed from a place in the log on counts
    #[command(
        before_help = "Example:\n  ensign key revoke KEY --reason compromised --as-of 1200 \
        --dir monitor"
    )]
    Revoke {
        /// The key's id
        key: String,
        /// Why: `retired`, `lost`, `compromised` or another code
        #[arg(long)]
        reason: String,
        /// First log index at which it no longer counts; the next one if not given
        #[arg(long, value_name = "INDEX")]
        as_of: Option<u64>,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Verbs of `mandate`.
#[derive(Debug, Subcommand)]
pub enum Mandate {
    /// Let a party act in a role
    #[command(
        before_help = "Example:\n  ensign mandate grant --to PARTY --role importer --until \
        2027-12-31T00:00:00Z --dir monitor"
    )]
    Grant {
        /// The party's id
        #[arg(long, value_name = "PARTY")]
        to: String,
        /// The role
        #[arg(long)]
        role: String,
        /// For what alone; all that the role covers if not given
        #[arg(long)]
        scope: Option<String>,
        /// First moment, as RFC 3339 or Unix seconds
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        from: Option<u64>,
        /// First moment no more, as RFC 3339 or Unix seconds
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<u64>,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the mandates
    #[command(before_help = "Example:\n  ensign mandate list --dir monitor --json")]
    List(Plain),
    /// End a mandate
    #[command(before_help = "Example:\n  ensign mandate withdraw MANDATE --dir monitor")]
    Withdraw {
        /// The mandate's id
        mandate: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// What nearly every command takes.
#[derive(Debug, Args)]
pub struct Plain {
    #[command(flatten)]
    pub folder: Folder,
    #[command(flatten)]
    pub form: Form,
}

/// Which node.
#[derive(Debug, Args)]
pub struct Folder {
    /// Folder of the node
    #[arg(
        long,
        value_name = "DIR",
        env = "ENSIGN_DIR",
        hide_env_values = true,
        default_value = "ensign"
    )]
    pub dir: PathBuf,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct Form {
    /// Answer with one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Whether a file that is there may go.
#[derive(Debug, Clone, Copy, Args)]
pub struct Force {
    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,
}

/// Where to serve.
#[derive(Debug, Clone, Copy, Args)]
pub struct Listen {
    /// Address and port; port 0 takes a free one. `ensign.toml` decides if not given
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
}
