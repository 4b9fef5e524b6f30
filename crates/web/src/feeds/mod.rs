//! What other programs follow: the public log as static files (c2sp.org/tlog-tiles), deadlines as a
//! calendar, and the emblem of this host.

pub(crate) mod calendar;
pub(crate) mod tlog;
mod well_known;

pub(crate) use tlog::router;
pub(crate) use well_known::router as well_known;

#[cfg(test)]
mod tests;
