//! Emblems in DNS: an authoritative server of small zones, and a client that asks as anybody does.
//!
//! | file | what |
//! |---|---|
//! | `zone` | a zone as a value: names and their records |
//! | `file` | zones and emblems read from files |
//! | `published` | zones made from a node's log, as of each question |
//! | `answer` | all answers of a set of zones, encoded beforehand |
//! | `server` | UDP and TCP |
//! | `client` | a question to a resolver or server |
//!
//! The server adds the whole set of IHLE records of a name to every answer about that name, or says
//! that the answer is truncated (draft-linker-diem-adem-dns-02): so asking for a name's address and
//! asking for its emblem are the same question. It answers what a zone holds, refuses what is in no
//! zone, and never asks anybody else. No answer over UDP is longer than [`MAX_UDP`] bytes. Nothing of
//! who asked, or for what, is kept or logged.
//!
//! Out of scope: wildcards, aliases (CNAME), delegations, zone transfers, DNSSEC.

mod answer;
mod client;
mod file;
mod published;
mod server;
#[cfg(test)]
mod tests;
mod zone;

pub use answer::{Transport, Zones, longest};
pub use client::{Asked, Client, ClientError, system_resolver};
pub use file::{FileError, read_items, read_zones};
pub use published::{Naming, PublishError, Published};
pub use server::{Newest, ServeError, serve};
pub use zone::{Authority, Zone, ZoneError};

/// Longest answer over UDP, in bytes: fits every path without fragments (RFC 9715, DNS flag day 2020).
pub const MAX_UDP: usize = 1232;
