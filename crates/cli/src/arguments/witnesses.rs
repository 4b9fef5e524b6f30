//! Witnesses on the command line.

use std::net::SocketAddr;

use clap::{Args, Subcommand};

use super::{Folder, Plain};

/// Verbs of `witness`.
#[derive(Debug, Subcommand)]
pub enum Witness {
    /// Ask a witness to cosign this node's log, or watch another log as its witness
    ///
    /// The key tells which: that of a witness, with the address at which it takes checkpoints, is
    /// asked from now on, and the log says so; that of a log is watched by the witness of this
    /// node, which `ensign witness run` serves.
    #[command(before_help = "Example:\n  ensign witness add \
        witness.example.org/w+a36e6b4e+BA... https://witness.example.org --dir monitor")]
    Add {
        /// The key of a witness or of a log, as vkey
        key: String,
        /// The address at which the witness takes checkpoints, without `/add-checkpoint`
        address: Option<String>,
        /// How many of the witnesses must cosign; more than half of them if not given
        #[arg(long, value_name = "COUNT")]
        quorum: Option<usize>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Ask a witness no more
    #[command(
        before_help = "Example:\n  ensign witness remove witness.example.org/w --dir monitor"
    )]
    Remove {
        /// What the witness is called
        name: String,
        /// How many of those that remain must cosign; more than half of them if not given
        #[arg(long, value_name = "COUNT")]
        quorum: Option<usize>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Serve the witness of this node
    ///
    /// Prints the address once it answers. It cosigns what extends what it cosigned before, and
    /// nothing else. A node that serves the same folder may go on beside it.
    #[command(before_help = "Example:\n  ensign witness run --dir watcher --listen 127.0.0.1:8481")]
    Run(WitnessRun),
    /// Tell whom this node asks, what they answered, and which logs its own witness watches
    #[command(before_help = "Example:\n  ensign witness status --dir monitor")]
    Status(Plain),
}

/// Serving a witness.
#[derive(Debug, Args)]
pub struct WitnessRun {
    #[command(flatten)]
    pub folder: Folder,
    /// Address and port; anything but loopback needs `behind_proxy` in `ensign.toml`
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8481")]
    pub listen: SocketAddr,
}
