//! Pages, read API and feeds over HTTP.
//!
//! | folder | serves |
//! |---|---|
//! | `pages` | `/en/…`, `/ar/…`: HTML that works without script; the same address with `.json` or `.csv` is its data |
//! | `api` | `/api/v1/…`: the read API, described by `/api/v1/openapi.json` |
//! | `feeds` | `/tlog/…`: the public log as static files; `/.well-known/…`: the emblem of this host |
//!
//! A page is drawn from the answer that the API gives. Nothing is decided here, nothing is kept of
//! who asked or what was given to be verified, and the closed log is not served.

mod answer;
mod api;
mod ask;
mod assets;
pub mod charts;
mod error;
mod fault;
mod feeds;
pub mod i18n;
mod metrics;
mod mirror;
mod pages;
mod read;
mod serve;
mod signed;
mod site;
mod table;
#[cfg(test)]
mod testkit;
mod witness;

pub use answer::caution::sentence as caution_sentence;
pub use answer::emblem::{Verification, lacking_sentence};
pub use error::Error;
pub use mirror::serve_mirror;
pub use pages::promise_sentence;
pub use serve::serve;
pub use witness::serve_witness;
