//! Talking to other machines over HTTP: the one place that connects outwards.

use std::time::Duration;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most bytes of an answer that are read.
const MAX_ANSWER: u64 = 1 << 20;
/// How many exchanges run at once.
const AT_ONCE: usize = 8;

/// What carries a request to another machine.
pub trait Network: Send + Sync {
    /// Sends a body to an address and waits for the answer.
    ///
    /// # Errors
    /// [`Unreachable`] where there is no answer, or one of more than 1 MiB.
    fn post(&self, address: &str, body: &[u8]) -> Result<Reply, Unreachable>;

    /// Asks for what lies at an address.
    ///
    /// # Errors
    /// [`Unreachable`] where there is no answer, or one of more than `most` bytes.
    fn get(&self, address: &str, most: u64) -> Result<Reply, Unreachable>;

    /// How many exchanges may run at once, at least one. One at a time is one after the other, in the
    /// thread that asks.
    fn at_once(&self) -> usize {
        AT_ONCE
    }
}

/// What another machine answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{address} does not answer")]
pub struct Unreachable {
    /// Who was asked.
    pub address: String,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// The network that this machine has.
#[derive(Debug, Clone)]
pub struct Internet(ureq::Agent);

impl Default for Internet {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent("ensign")
            .build();
        Internet(config.into())
    }
}

impl Network for Internet {
    fn post(&self, address: &str, body: &[u8]) -> Result<Reply, Unreachable> {
        replied(address, MAX_ANSWER, || self.0.post(address).send(body))
    }

    fn get(&self, address: &str, most: u64) -> Result<Reply, Unreachable> {
        replied(address, most, || self.0.get(address).call())
    }
}

fn replied(
    address: &str,
    most: u64,
    ask: impl FnOnce() -> Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Reply, Unreachable> {
    let exchange = || -> Result<Reply, ureq::Error> {
        let mut answer = ask()?;
        let limited = answer.body_mut().with_config().limit(most);
        Ok(Reply {
            body: limited.read_to_vec()?,
            status: answer.status().as_u16(),
        })
    };
    exchange().map_err(|source| Unreachable {
        address: address.to_owned(),
        source: Box::new(source),
    })
}
