//! What happened and who says so: reports, source statements, claims, verdicts and incidents.
//!
//! Pure: no clock, no randomness, no file, no socket. Time and entropy are arguments.

pub mod source;
