//! What other programs follow: the public log as static files (c2sp.org/tlog-tiles).

mod tlog;

pub(crate) use tlog::router;

#[cfg(test)]
mod tests;
