//! Foreign formats read into the domain and written from it.
//!
//! Parsers here are pure: they read from what the caller opened, in constant memory, and decide
//! nothing. What a row means for the record is the importer's business.

pub mod error;
pub mod rejection;
pub mod samples;
pub mod table;
pub mod text;
pub mod who_ssa;

pub use error::Error;
pub use rejection::{Reason, Rejection};
