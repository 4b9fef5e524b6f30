//! The shell around the pure crates: clock, entropy, keys, commands.
