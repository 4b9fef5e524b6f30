//! Server and client on sockets.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use ensign_mark::discovery::{AnswerError, Item, Reason, records};
use tokio::sync::{oneshot, watch};

use super::set::{self, HOST};
use super::*;
use crate::clock::SystemEntropy;

/// A server on a free port of this machine; it ends with its test.
pub(super) struct Serving {
    pub(super) address: SocketAddr,
    pub(super) zones: watch::Sender<Arc<Zones>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Serving {
    pub(super) fn start(zones: Zones) -> Self {
        let (zones, newest) = watch::channel(Arc::new(zones));
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .unwrap();
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            let stopped = async { drop(stopped.await) };
            let newest: Newest = Arc::new(move || Arc::clone(&newest.borrow()));
            runtime.block_on(serve(listen, newest, |it| tell.send(it).unwrap(), stopped))
        });
        Serving {
            address: told.recv().unwrap(),
            zones,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn client(&self) -> Client {
        client(self.address)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().unwrap().join();
        assert!(matches!(ended, Ok(Ok(()))), "{ended:?}");
    }
}

fn client(server: SocketAddr) -> Client {
    Client {
        server,
        ihle: IHLE,
        patience: Duration::from_secs(5),
    }
}

fn items(asked: Asked) -> Vec<Item> {
    asked.found.items.into_iter().map(|it| it.item).collect()
}

#[test]
fn a_set_is_found_by_an_ordinary_question_over_tcp_where_it_must() {
    for (set, transport) in [
        (set::ed25519(), Transport::Udp),
        (set::es512(), Transport::Tcp),
    ] {
        let serving = Serving::start(zones(&set));
        let asked = serving
            .client()
            .ask(&name(HOST), RecordType::A, &SystemEntropy);
        let asked = asked.unwrap();
        assert_eq!(asked.transport, transport);
        assert_eq!(items(asked), set);
    }
}

#[test]
fn newer_zones_are_served_from_the_next_question_on() {
    let set = set::ed25519();
    let serving = Serving::start(zones(&set));
    let ask = || {
        serving
            .client()
            .ask(&name(HOST), RecordType::A, &SystemEntropy)
    };
    assert_eq!(items(ask().unwrap()).len(), 6);
    serving.zones.send_replace(Arc::new(zones(&set[..2])));
    assert_eq!(items(ask().unwrap()), set[..2]);
    serving.zones.send_replace(Arc::new(Zones::default()));
    let refused = ask().unwrap_err();
    let ClientError::Answer { source, .. } = refused else {
        panic!("{refused}");
    };
    assert_eq!(source, AnswerError::Status(5));
}

#[test]
fn a_connection_takes_many_questions_and_ends_at_nonsense() {
    let serving = Serving::start(zones(&set::es512()));
    let query = query(&name(HOST), RecordType::A, [1, 2]);
    let length = u16::try_from(query.len()).unwrap().to_be_bytes();
    let framed = [&length[..], &query].concat();
    let mut stream = TcpStream::connect(serving.address).unwrap();
    stream.write_all(&framed.repeat(3)).unwrap();
    for _ in 0..3 {
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(head(&answer), (true, false, 0, [1, 1, 0, 7]));
    }
    // Longer than any question; the rest is not even waited for.
    for nonsense in [&[0xff, 0xff][..], &[0, 2, 1, 2]] {
        let mut stream = TcpStream::connect(serving.address).unwrap();
        stream.write_all(nonsense).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"");
    }
}

#[test]
fn a_flood_of_nothing_keeps_nobody_from_an_answer() {
    let serving = Serving::start(zones(&set::ed25519()));
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(serving.address).unwrap();
    for length in 0..5_000 {
        socket.send(&[0; 16][..length % 12]).unwrap();
    }
    let asked = serving
        .client()
        .ask(&name(HOST), RecordType::A, &SystemEntropy);
    assert_eq!(items(asked.unwrap()).len(), 6);
    socket.set_nonblocking(true).unwrap();
    let mut buffer = [0; 64];
    assert!(socket.recv(&mut buffer).is_err(), "nothing was sent back");
}

#[test]
fn a_taken_port_is_named() {
    let serving = Serving::start(Zones::default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let newest: Newest = Arc::new(Arc::default);
    let second = serve(serving.address, newest, |_| (), std::future::pending());
    let error = runtime.block_on(second).unwrap_err();
    assert!(error.to_string().contains(&serving.address.to_string()));
}

/// What a server that is not ours sends back to a query, one datagram after the other.
fn told_by(answers: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> Result<Asked, ClientError> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let mut buffer = [0; 512];
        let (length, from) = socket.recv_from(&mut buffer).unwrap();
        for answer in answers(&buffer[..length]) {
            socket.send_to(&answer, from).unwrap();
        }
    });
    let asked = client(address).ask(&name(HOST), RecordType::A, &SystemEntropy);
    thread.join().unwrap();
    asked
}

/// The answer of zones to a query, changed.
fn forged(query: &[u8], change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let set = &set::ed25519()[..4];
    let mut told = answer(&zones(set), query, Transport::Udp).unwrap();
    change(&mut told);
    told
}

#[test]
fn answers_to_other_questions_are_passed_over() {
    let asked = told_by(|query| {
        vec![
            b"x".to_vec(),
            query.to_vec(),
            forged(query, |it| it[0] ^= 1),
            forged(query, |it| it[13] ^= 1),
            forged(query, |it| it.truncate(100)),
            forged(query, |_| ()),
        ]
    });
    assert_eq!(items(asked.unwrap()).len(), 4);
}

#[test]
fn records_that_others_slip_in_are_reported_and_not_believed() {
    let asked = told_by(|query| {
        let mut message = forged(query, |_| ());
        let record = &records(&set::ed25519(), IHLE)[5];
        message[11] += 1;
        message.extend(wire_name(&name("www.example.org")));
        message.extend(record.rtype.0.to_be_bytes());
        message.extend([0, 1, 0, 0, 1, 44]);
        message.extend(u16::try_from(record.rdata.len()).unwrap().to_be_bytes());
        message.extend(&record.rdata);
        vec![message]
    });
    let found = asked.unwrap().found;
    assert_eq!(found.items.len(), 4);
    let reported: Vec<_> = found
        .ignored
        .iter()
        .map(|it| (&*it.owner, it.reason))
        .collect();
    assert_eq!(reported, [("www.example.org", Reason::OtherOwner)]);
}

#[test]
fn what_cannot_be_read_or_is_refused_is_told_at_once_and_in_words() {
    // One attempt would take five seconds, and each of the three is answered alike.
    let asked = told_by(|_| vec![b"nobody".to_vec()]);
    let Err(ClientError::Answer { source, .. }) = asked else {
        panic!("{asked:?}");
    };
    assert_eq!(source, AnswerError::Malformed);
    let refused = told_by(|query| {
        let mut message = forged(query, |_| ());
        message[3] = message[3] & 0xf0 | 5;
        vec![message]
    });
    let Err(ClientError::Answer { source, .. }) = refused else {
        panic!("{refused:?}");
    };
    let says = source.to_string();
    assert!(
        says.contains("refuses to answer (REFUSED, code 5): ask"),
        "{says}"
    );
}

#[test]
fn nobody_there_is_silence() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    let error = client(address)
        .ask(&name(HOST), RecordType::A, &SystemEntropy)
        .unwrap_err();
    assert!(matches!(error, ClientError::Silent { .. }), "{error}");
}
