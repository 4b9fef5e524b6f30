//! The four ports Log, Blobs, Vault and Leases, in memory and on SQLite with plain files.
