//! An open load: requests are due at fixed moments, whether or not earlier ones were answered, and
//! the time of each is counted from the moment that it was due.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::measure;

/// Connections, each kept open: as many requests can be on their way at once.
const CONNECTIONS: usize = 16;

/// A request that is sent again and again.
pub struct Route {
    /// What it is called.
    pub name: &'static str,
    /// Its path, for the so-many-th request of all.
    pub path: fn(u64) -> String,
}

/// What came of a load.
pub struct Outcome {
    /// Milliseconds of each request, by route.
    pub times: Vec<Vec<f64>>,
    /// Processor seconds that sending and receiving took.
    pub own_cpu: f64,
    /// Bytes that were received, as they came over the wire.
    pub bytes: u64,
}

/// Sends `count` requests, `rate` a second, to all routes in turn; every answer must be a 200.
pub fn send(address: SocketAddr, routes: &[Route], rate: f64, count: usize) -> Result<Outcome> {
    let begin = measure::now() + Duration::from_millis(50);
    let next = AtomicUsize::new(0);
    let work = || -> Result<Outcome> {
        let before = measure::thread_cpu();
        let mut connection = Connection::open(address)?;
        let mut times = vec![Vec::new(); routes.len()];
        let mut bytes = 0;
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            let due = begin + Duration::from_secs_f64(at as f64 / rate);
            measure::wait_until(due);
            let route = at % routes.len();
            bytes += connection
                .ask(&(routes[route].path)((at / routes.len()) as u64))?
                .len() as u64;
            times[route].push(measure::now().duration_since(due).as_secs_f64() * 1e3);
        }
        Ok(Outcome {
            times,
            own_cpu: measure::thread_cpu() - before,
            bytes,
        })
    };
    let all: Vec<Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(work)).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().expect("sending does not panic")
        };
        threads.into_iter().map(join).collect::<Result<_>>()
    })?;
    let mut sum = Outcome {
        times: vec![Vec::new(); routes.len()],
        own_cpu: 0.0,
        bytes: 0,
    };
    for one in all {
        sum.own_cpu += one.own_cpu;
        sum.bytes += one.bytes;
        for (all, times) in sum.times.iter_mut().zip(one.times) {
            all.extend(times);
        }
    }
    Ok(sum)
}

/// A connection that takes compressed answers, as browsers do.
pub struct Connection {
    stream: BufReader<TcpStream>,
    encoding: &'static str,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Connection {
            stream: BufReader::new(stream),
            encoding: "br, gzip",
        })
    }

    /// The same, for answers that are not compressed.
    pub fn plain(address: SocketAddr) -> Result<Self> {
        Ok(Connection {
            encoding: "identity",
            ..Connection::open(address)?
        })
    }

    /// Gets a path; gives the body as it was sent.
    pub fn ask(&mut self, path: &str) -> Result<Vec<u8>> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: {}\r\n\r\n",
            self.encoding
        );
        let (status, body) = self.answer(path, request.as_bytes())?;
        ensure!(status == 200, "{path} was answered with {status}");
        Ok(body)
    }

    /// Sends a body to a path; gives the status and the body of the answer.
    pub fn post(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<(u16, Vec<u8>)> {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: {}\r\ncontent-length: {}\r\n",
            self.encoding,
            body.len()
        );
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        self.answer(path, &[request.as_bytes(), body].concat())
    }

    fn answer(&mut self, path: &str, request: &[u8]) -> Result<(u16, Vec<u8>)> {
        self.stream.get_mut().write_all(request)?;
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|it| it.parse().ok());
        let status = status.context("an answer begins with no status")?;
        let (mut length, mut chunked) = (None, false);
        loop {
            let header = self.line()?.to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            match header.split_once(": ") {
                Some(("content-length", text)) => length = Some(text.parse::<usize>()?),
                Some(("transfer-encoding", "chunked")) => chunked = true,
                _ => (),
            }
        }
        let mut body = Vec::new();
        match length {
            Some(length) => self.take(length, &mut body)?,
            None if chunked => self.take_chunks(&mut body)?,
            None => bail!("{path} was answered without a length"),
        }
        Ok((status, body))
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let line = line
            .strip_suffix("\r\n")
            .context("the connection was closed")?;
        Ok(line.to_owned())
    }

    fn take(&mut self, length: usize, body: &mut Vec<u8>) -> Result<()> {
        let before = body.len();
        self.stream.by_ref().take(length as u64).read_to_end(body)?;
        ensure!(body.len() == before + length, "an answer was cut off");
        Ok(())
    }

    fn take_chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let length = usize::from_str_radix(&self.line()?, 16)?;
            self.take(length, body)?;
            ensure!(
                self.line()?.is_empty(),
                "a chunk does not end where it says"
            );
            if length == 0 {
                return Ok(());
            }
        }
    }
}
