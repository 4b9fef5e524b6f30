//! Pages, read API and feeds over HTTP.
