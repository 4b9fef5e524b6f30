//! Instruments, the term language, contact points, cases and remedies.
