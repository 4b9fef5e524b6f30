//! Pages, read API and feeds over HTTP.

pub mod charts;
pub mod i18n;
