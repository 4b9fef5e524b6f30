//! What costs time, counted: so that a test holds a bound of time without a clock.
//!
//! Readers of foreign bytes and checkers of signatures count here, in builds of the tests alone.

use std::cell::Cell;

/// What was done.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Steps {
    /// Items of CBOR or JSON that were read, and names of members that were compared.
    pub(crate) items: u64,
    /// Signatures that were checked.
    pub(crate) signatures: u64,
}

thread_local! {
    static DONE: Cell<Steps> = const {
        Cell::new(Steps { items: 0, signatures: 0 })
    };
}

/// An item is read, and compared with as many others.
pub(crate) fn item(compared: usize) {
    let done = DONE.get();
    let items = done.items + 1 + compared as u64;
    DONE.set(Steps { items, ..done });
}

/// A signature is checked.
pub(crate) fn signature() {
    let done = DONE.get();
    let signatures = done.signatures + 1;
    DONE.set(Steps { signatures, ..done });
}

/// What an act answers, and what it does on its thread.
pub(crate) fn counted<T>(act: impl FnOnce() -> T) -> (T, Steps) {
    let before = DONE.replace(Steps::default());
    let answer = act();
    (answer, DONE.replace(before))
}
