//! Foreign formats read into the domain and written from it.
