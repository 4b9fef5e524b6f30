//! The shell around the pure crates: clock, entropy, keys, files, commands.
//!
//! ```text
//! let state      = views.record(id)?;                          // read
//! let statements = source::state_row(&state, row, ..)?;        // decide: pure, no clock, no I/O
//! let appended   = node.append(LogName::Public, drafts)?;      // act: sign, admit, log durably
//!                                                              // project: before it returns
//! ```

mod append;
pub mod asset;
pub mod audit;
pub mod authority;
pub mod backup;
pub mod clock;
pub mod command;
pub mod config;
pub mod demo;
pub mod deploy;
pub mod dns;
pub mod emblem;
pub mod erase;
mod error;
mod export;
pub mod fact;
pub mod folder;
mod followed;
mod founding;
mod import;
pub mod instrument;
pub mod judge;
pub mod mirror;
pub mod network;
mod node;
mod note;
mod party;
pub mod people;
pub mod replica;
pub mod socket;
mod status;
#[cfg(test)]
mod tests;
mod told;
pub mod witness;

pub use append::Appended;
pub use command::{Command, Failure, Progress, Reply};
pub use config::Config;
pub use error::{ConfigFault, Error};
pub use founding::Founding;
pub use import::{ImportAnswer, RejectedRow};
pub use node::Node;
pub use note::Note;
pub use replica::Replica;
