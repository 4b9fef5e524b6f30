//! Publishing emblems in DNS and on web servers.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use ensign_mark::DomainName;
use ensign_mark::discovery::RecordType;

use super::{Force, Form, Plain};
use crate::value;

/// Verbs of `dns`.
#[derive(Debug, Subcommand)]
pub enum Dns {
    /// Answer questions for names, each with the emblem of the name beside it
    ///
    /// Serves the emblems that stand in a node's log, and zones of files, over UDP and TCP. What is
    /// issued, revoked, withdrawn or over changes the answer to the next question. A node may serve
    /// the same folder meanwhile. Prints the address once it answers; an interrupt or a termination
    /// signal stops it.
    #[command(before_help = "Example:\n  ensign dns serve --dir monitor --listen 127.0.0.1:5300")]
    Serve(DnsServe),
}

/// What is served, and where.
#[derive(Debug, Args)]
pub struct DnsServe {
    /// Folder of the node whose emblems are served
    #[arg(long, value_name = "DIR", env = "ENSIGN_DIR", hide_env_values = true)]
    pub dir: Option<PathBuf>,
    /// File of zones, with their hosts and folders of tokens and keys; may be repeated
    #[arg(long = "zone", value_name = "FILE", required_unless_present = "dir")]
    pub zones: Vec<PathBuf>,
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:5300")]
    pub listen: SocketAddr,
    /// What this server is called in zones that the log makes; the host of the log's origin if not
    /// given
    #[arg(long, value_name = "NAME")]
    pub server: Option<DomainName>,
    /// The mailbox of who runs it, as a name; `hostmaster` at the server if not given
    #[arg(long, value_name = "NAME")]
    pub contact: Option<DomainName>,
    /// Seconds for which answers from the log may be kept
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub ttl: u32,
    #[command(flatten)]
    pub published: Published,
}

/// As what emblems are published.
#[derive(Debug, Clone, Copy, Args)]
pub struct Published {
    /// Type of the records that carry emblems, until one is assigned
    #[arg(long = "type", value_name = "TYPE", default_value_t = RecordType::IHLE)]
    pub ihle: RecordType,
}

/// `emblem check-deployment`.
#[derive(Debug, Args)]
pub struct CheckDeployment {
    /// The name whose emblem is looked for
    pub name: DomainName,
    /// Resolver or name server to ask, with or without a port; the system's resolver if not given
    #[arg(long, value_name = "ADDR", value_parser = value::name_server)]
    pub server: Option<SocketAddr>,
    /// Web server whose well-known files are fetched too, over plain HTTP
    #[arg(long, value_name = "ADDR:PORT")]
    pub web: Option<SocketAddr>,
    /// Folder of the node that says what should be there; that of ENSIGN_DIR without `--expect`
    #[arg(long, value_name = "DIR", conflicts_with = "expect")]
    pub dir: Option<PathBuf>,
    /// File or folder of the tokens and keys that should be there
    #[arg(long, value_name = "FILE")]
    pub expect: Option<PathBuf>,
    /// The time judged, as RFC 3339 or Unix seconds; now if not given
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub at: Option<u64>,
    #[command(flatten)]
    pub published: Published,
    #[command(flatten)]
    pub form: Form,
}

/// `emblem deploy`.
#[derive(Debug, Args)]
pub struct Deploy {
    /// The asset's id, or the domain name
    #[arg(value_name = "ASSET|NAME")]
    pub id: String,
    /// Folder for the web server's files: the well-known file is written under it
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub force: Force,
    /// Seconds for which the records may be kept
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub ttl: u32,
    #[command(flatten)]
    pub published: Published,
    #[command(flatten)]
    pub plain: Plain,
}
