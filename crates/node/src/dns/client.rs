//! A question as anybody asks it, and what the answer says about an emblem.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use ensign_mark::DomainName;
use ensign_mark::discovery::{AnswerError, Found, RecordType, read_answer, wire_name};
use ensign_store::Entropy;

use super::MAX_UDP;
use super::answer::Transport;
use crate::clock::fresh;

/// Where DNS is spoken.
const PORT: u16 = 53;
/// Where a Unix system says whom it asks.
const RESOLVERS: &str = "/etc/resolv.conf";
/// How often a question is sent before nobody is there.
const ATTEMPTS: usize = 3;
/// How long a right answer may come after one that cannot be read.
const GRACE: Duration = Duration::from_millis(250);
/// Bytes of a message's head (RFC 1035 section 4.1.1).
const HEAD: usize = 12;
/// Messages that do not answer the question, and are passed over, in one attempt.
const MAX_STRANGERS: usize = 16;

/// Whom to ask, and for which type of record.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// A resolver, or a name's own server.
    pub server: SocketAddr,
    /// The type under which emblems are published.
    pub ihle: RecordType,
    /// How long an attempt may take.
    pub patience: Duration,
}

/// An answer, and how it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it says.
    pub found: Found,
    /// Over TCP where it was too long for UDP.
    pub transport: Transport,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum ClientError {
    #[error("{server} did not answer")]
    Silent {
        server: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("{server} answers the question for {name} {rtype} with nothing to rely on")]
    Answer {
        server: SocketAddr,
        name: DomainName,
        rtype: RecordType,
        #[source]
        source: AnswerError,
    },
    #[error("{RESOLVERS} names no resolver")]
    NoResolver,
}

impl Client {
    /// Asks for the records of a type; over TCP where the answer does not fit into a datagram.
    ///
    /// # Errors
    /// [`ClientError::Silent`], [`ClientError::Answer`].
    pub fn ask(
        &self,
        name: &DomainName,
        rtype: RecordType,
        entropy: &dyn Entropy,
    ) -> Result<Asked, ClientError> {
        let silent = |source| ClientError::Silent {
            server: self.server,
            source,
        };
        let refused = |source| ClientError::Answer {
            server: self.server,
            name: name.clone(),
            rtype,
            source,
        };
        let mut failure = ErrorKind::TimedOut.into();
        for _ in 0..ATTEMPTS {
            let question = query(name, rtype, fresh(entropy));
            match self.over_udp(&question, name) {
                Ok(Ok(found)) => {
                    let transport = Transport::Udp;
                    return Ok(Asked { found, transport });
                }
                Ok(Err(AnswerError::Truncated)) => {
                    let answer = self.over_tcp(&question).map_err(silent)?;
                    let found = self.read(&question, &answer, name).map_err(refused)?;
                    let transport = Transport::Tcp;
                    return Ok(Asked { found, transport });
                }
                Ok(Err(error)) => return Err(refused(error)),
                Err(error) => failure = error,
            }
        }
        Err(silent(failure))
    }

    /// The answer over UDP. What does not answer the question may be from anybody, and is passed
    /// over; after what cannot be read at all nothing better is waited for than what is on its way.
    fn over_udp(
        &self,
        question: &[u8],
        name: &DomainName,
    ) -> std::io::Result<Result<Found, AnswerError>> {
        let any: IpAddr = match self.server {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        // A port of its own for each question: whoever forges an answer has to guess it too.
        let socket = UdpSocket::bind((any, 0))?;
        socket.connect(self.server)?;
        socket.set_read_timeout(Some(self.patience))?;
        socket.send(question)?;
        let mut other = None;
        let mut buffer = [0; MAX_UDP + 1];
        for _ in 0..MAX_STRANGERS {
            let length = match socket.recv(&mut buffer) {
                Ok(length) => length,
                // Somebody is there, and answers something else.
                Err(error) => return other.map_or(Err(error), |why| Ok(Err(why))),
            };
            match self.read(question, &buffer[..length], name) {
                Err(why @ AnswerError::OtherQuestion) => other = Some(why),
                Err(why @ AnswerError::Malformed) => {
                    other = Some(why);
                    socket.set_read_timeout(Some(self.patience.min(GRACE)))?;
                }
                answer => return Ok(answer),
            }
        }
        Ok(Err(AnswerError::OtherQuestion))
    }

    fn over_tcp(&self, question: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect_timeout(&self.server, self.patience)?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.set_write_timeout(Some(self.patience))?;
        let length = u16::try_from(question.len()).expect("a question has at most 300 bytes");
        stream.write_all(&[&length.to_be_bytes(), question].concat())?;
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut answer)?;
        Ok(answer)
    }

    fn read(
        &self,
        question: &[u8],
        answer: &[u8],
        name: &DomainName,
    ) -> Result<Found, AnswerError> {
        // Without a head it is no message at all.
        if answer.len() < HEAD {
            return Err(AnswerError::Malformed);
        }
        if answer.get(..2) != question.get(..2) {
            return Err(AnswerError::OtherQuestion);
        }
        read_answer(answer, name, self.ihle)
    }
}

/// The first resolver of this system.
///
/// # Errors
/// [`ClientError::NoResolver`].
pub fn system_resolver() -> Result<SocketAddr, ClientError> {
    let text = std::fs::read_to_string(RESOLVERS).map_err(|_| ClientError::NoResolver)?;
    resolver(&text).ok_or(ClientError::NoResolver)
}

/// The first resolver of a resolv.conf that has no zone.
pub(super) fn resolver(text: &str) -> Option<SocketAddr> {
    let addresses = text.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let address = (words.next() == Some("nameserver")).then(|| words.next())?;
        address?.parse::<IpAddr>().ok()
    });
    addresses.map(|it| SocketAddr::new(it, PORT)).next()
}

/// A question with an id, recursion desired, and room for answers of [`MAX_UDP`] bytes.
pub(super) fn query(name: &DomainName, rtype: RecordType, id: [u8; 2]) -> Vec<u8> {
    let [high, low] = u16::try_from(MAX_UDP)
        .expect("fits by its value")
        .to_be_bytes();
    let mut query = vec![id[0], id[1], 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
    query.extend(wire_name(name));
    query.extend(rtype.0.to_be_bytes());
    // Class IN; then an OPT record (RFC 6891 section 6.1.2) without options.
    query.extend([0, 1]);
    query.extend([0, 0, 41, high, low, 0, 0, 0, 0, 0, 0]);
    query
}
