//! Instruments, the term language, contact points, cases and remedies.
//!
//! | module | what |
//! |---|---|
//! | [`term`], [`calendar`] | instruments as texts and as data, checked, hashed, their calendars compiled |
//! | [`evaluate`] | what has become of each obligation |
//! | [`instrument`], [`fact`], [`record`] | what the log says: texts published and adopted, what happened and was found, what was computed |
//! | [`stated`] | who stated something, where and when |
//!
//! Pure: no clock, no randomness, no file, no socket. Time, the rules of time zones and lists of
//! holidays are arguments.

pub mod calendar;
pub mod evaluate;
pub mod fact;
mod field;
pub mod instrument;
#[cfg(test)]
mod oracle;
pub mod record;
pub mod stated;
pub mod term;

pub use stated::Stated;
pub use term::InstrumentDigest;
