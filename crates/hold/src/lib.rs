//! Instruments, the term language, contact points, cases and remedies.
//!
//! Pure: no clock, no randomness, no file, no socket. Time, the rules of time zones and lists of
//! holidays are arguments.

pub mod calendar;
pub mod evaluate;
#[cfg(test)]
mod oracle;
pub mod term;
