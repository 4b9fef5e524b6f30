//! A well-known file as a web server gives it to anybody: one plain HTTP request.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use ensign_mark::DomainName;
use ensign_mark::discovery::MAX_DOCUMENT;

/// Longest head of an answer.
const MAX_HEAD: usize = 16 * 1024;
/// Between head and body.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// What a web server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fetched {
    /// The status code (RFC 9110 section 15).
    pub status: u16,
    /// The media type, if it says one.
    pub content_type: Option<String>,
    /// The file.
    pub body: Vec<u8>,
}

/// Asks a web server for a path of a host. HTTP/1.0, so that nothing comes in pieces.
///
/// # Errors
/// Those of the connection; [`ErrorKind::InvalidData`] where the answer is not one of HTTP, or too
/// long.
pub(super) fn fetch(
    server: SocketAddr,
    host: &DomainName,
    path: &str,
    patience: Duration,
) -> std::io::Result<Fetched> {
    let mut stream = TcpStream::connect_timeout(&server, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: */*\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let most = MAX_HEAD + MAX_DOCUMENT;
    stream.take(most as u64 + 1).read_to_end(&mut answer)?;
    if answer.len() > most {
        return Err(ErrorKind::InvalidData.into());
    }
    read(&answer).ok_or_else(|| ErrorKind::InvalidData.into())
}

fn read(answer: &[u8]) -> Option<Fetched> {
    let end = answer.windows(END_OF_HEAD.len());
    let end = end.take(MAX_HEAD).position(|it| it == END_OF_HEAD)?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.strip_prefix("HTTP/1.")?.split(' ');
    let status = words.nth(1)?.parse().ok()?;
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-type");
        is_it.then(|| value.trim().to_owned())
    };
    Some(Fetched {
        status,
        content_type: lines.find_map(field),
        body: answer[end + END_OF_HEAD.len()..].to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_type_and_body_are_read() {
        let answer =
            b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: application/cbor\r\n\r\n\x82\r\n\r\n";
        let fetched = read(answer).unwrap();
        assert_eq!(
            (fetched.status, fetched.body),
            (200, b"\x82\r\n\r\n".to_vec())
        );
        assert_eq!(fetched.content_type.as_deref(), Some("application/cbor"));
        let missing = read(b"HTTP/1.0 404 Not Found\r\n\r\n").unwrap();
        assert_eq!((missing.status, missing.content_type), (404, None));
    }

    #[test]
    fn what_is_not_http_is_not_read() {
        for answer in [
            &b""[..],
            b"HTTP/1.1 200 OK",
            b"SSH-2.0-x\r\n\r\n",
            b"HTTP/1.1 OK\r\n\r\n",
            b"HTTP/1.1 200\xff\r\n\r\n",
        ] {
            assert_eq!(read(answer), None, "{answer:?}");
        }
    }
}
