//! Why pages cannot be served.

use std::net::SocketAddr;

use thiserror::Error;

/// The server cannot start or go on.
#[derive(Debug, Error)]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The address is not loopback, and no proxy that speaks TLS is configured.
    #[error(
        "{address} can be reached from other machines: set `behind_proxy` in `[web]`, or give \
         `--behind-proxy` where no node is, once a proxy that speaks TLS is in front"
    )]
    NotLoopback {
        /// Which address.
        address: SocketAddr,
    },
}
