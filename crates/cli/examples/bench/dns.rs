//! The server of emblems in DNS, over UDP on loopback, beside a bare echo with as many threads under
//! the same load.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ensign_mark::DomainName;
use ensign_mark::discovery::{Item, Record, RecordType, read_answer, wire_name};
use ensign_mark::key::Algorithm;
use ensign_node::clock::SetClock;
use ensign_node::dns::{self, Authority, Newest, Published, Zone};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

use crate::endorsed::Endorsed;
use crate::measure::{ROUNDS, Rate, Spread, cores, thread_cpu, timed};
use crate::place::{SEED, TIME};
use crate::report::{Duty, Report, Target};

/// Names with an emblem.
const NAMES: u16 = 1000;
/// Questions of a round.
const QUESTIONS: usize = 200_000;
/// Questions that each thread of the load has on their way.
const WINDOW: usize = 32;
/// Queries a second on two cores.
const RATE: f64 = 50_000.0;
/// Seconds for which a record may be kept.
const TTL: u32 = 300;
/// How long an answer may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(2);

/// A query with what is right to say to it, both without their two bytes of id.
struct Question {
    query: Vec<u8>,
    answer: Vec<u8>,
}

/// A server on a thread of its own.
struct Serving {
    address: SocketAddr,
    stop: Box<dyn FnOnce()>,
    thread: JoinHandle<Result<()>>,
}

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let mut set = Endorsed::new(Algorithm::EdDsa)?;
    let authority = Authority {
        servers: vec!["ns1.example.org".parse()?],
        contact: "hostmaster.example.org".parse()?,
        serial: 1,
        ttl: TTL,
    };
    let mut zone = Zone::new("example.org".parse()?, authority)?;
    let mut names = Vec::new();
    let mut hash = Sha256::new();
    for number in 0..NAMES {
        let name: DomainName = format!("h{number}.example.org").parse()?;
        set.emblem_for(name.as_str())?;
        set.hash(&mut hash);
        let tokens = set.tokens.iter().cloned().map(Item::Cwt);
        let keys = set.keys.iter().cloned().map(Item::CoseKey);
        let items: Vec<Item> = tokens.chain(keys).collect();
        let [high, low] = number.to_be_bytes();
        // Addresses for measurements (RFC 2544).
        let address = [198, 18, high, low];
        let record = Record {
            rtype: RecordType::A,
            rdata: address.to_vec(),
        };
        zone.add(&name, [record])?;
        zone.publish(&name, &items, RecordType::IHLE)?;
        names.push((name, address, items));
    }
    let what = format!("{NAMES} names, each with an address, three EdDSA tokens and three keys");
    report.data(&what, SEED, hash.finalize().into());

    let server = Serving::node(zone)?;
    let questions = names
        .iter()
        .map(|(name, address, items)| Question::asked(server.address, name, *address, items))
        .collect::<Result<Vec<_>>>()?;
    let bytes: usize = questions.iter().map(|it| it.answer.len() + 2).sum();
    report.note(&format!(
        "each answer has the address and the whole set, {} bytes; the echo sends back {}",
        bytes / questions.len(),
        questions[0].query.len() + 2
    ));
    let echoed = |it: &Question| Question {
        query: it.query.clone(),
        answer: it.query.clone(),
    };
    let echoes: Vec<_> = questions.iter().map(echoed).collect();
    let echo = Serving::echo()?;
    let (mut node, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        node.push(load(server.address, &questions)?);
        bare.push(load(echo.address, &echoes)?);
    }
    server.end()?;
    echo.end()?;
    let pairs = || node.iter().zip(&bare);
    let both = |rates: &[Rate]| {
        let spread = Spread::of(rates.iter().map(|it| it.each_second));
        format!(
            "{:.0} [{:.0} to {:.0}]",
            spread.median, spread.least, spread.most
        )
    };
    report.note(&format!(
        "{QUESTIONS} of {QUESTIONS} answers right in each round; with the load on the same cores {}/s, the echo {}/s",
        both(&node),
        both(&bare)
    ));
    // What two cores do that have nothing else to do.
    let alone = Spread::of(node.iter().map(|it| 2e6 / it.cpu));
    report.figure(
        "dns.queries",
        "/s on two cores, the load's own processor left out",
        alone,
        Target::AtLeast(RATE),
        Duty::Aim,
    );
    let rounds: Vec<_> = pairs().map(|(node, bare)| (node.cpu, bare.cpu)).collect();
    report.costs("dns.cost", &rounds, "a bare echo", 2.0, Duty::Aim);
    Ok(())
}

impl Question {
    /// Asks for the address of a name once, and looks at all of the answer.
    fn asked(
        server: SocketAddr,
        name: &DomainName,
        address: [u8; 4],
        items: &[Item],
    ) -> Result<Self> {
        const A_IN: [u8; 4] = [0, 1, 0, 1];
        // No flags; one question, one additional record: EDNS for 1232 bytes.
        let head = [0, 0, 0, 1, 0, 0, 0, 0, 0, 1];
        let asked = [&wire_name(name)[..], &A_IN].concat();
        let opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
        let query = [&head[..], &asked, &opt].concat();
        let socket = connect(server)?;
        socket.send(&[&[7, 7], &query[..]].concat())?;
        let mut answer = [0; dns::MAX_UDP];
        let length = socket.recv(&mut answer)?;
        let answer = &answer[..length];
        // A response, authoritative, no error; one question, one answer.
        ensure!(
            answer.starts_with(&[7, 7, 0x84, 0, 0, 1, 0, 1]),
            "the answer about {name} begins with another header"
        );
        let record = [
            &[0xc0, 12][..],
            &A_IN,
            &TTL.to_be_bytes(),
            &[0, 4],
            &address,
        ]
        .concat();
        let records = answer.get(12 + asked.len()..).unwrap_or_default();
        ensure!(
            records.starts_with(&record),
            "the answer about {name} has another address"
        );
        let found = read_answer(answer, name, RecordType::IHLE)?;
        let found: Vec<_> = found.items.into_iter().map(|it| it.item).collect();
        ensure!(found == items, "the answer about {name} has another emblem");
        Ok(Question {
            query,
            answer: answer[2..].to_vec(),
        })
    }
}

impl Serving {
    /// A zone served by the node.
    fn node(zone: Zone) -> Result<Self> {
        let clock = Arc::new(SetClock::at(TIME));
        let published = Published::of_files(vec![zone], RecordType::IHLE, clock)?;
        let newest: Newest = Arc::new(move || published.zones());
        let (tell, told) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(cores().get())
                .enable_all()
                .build()?;
            let ready = move |address| tell.send(address).expect("the benchmark waits for it");
            let stopped = async { drop(stopped.await) };
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            Ok(runtime.block_on(dns::serve(listen, newest, ready, stopped))?)
        });
        Ok(Serving {
            address: told.recv().context("the server did not start")?,
            stop: Box::new(move || drop(stop)),
            thread,
        })
    }

    /// Sends back what comes, on as many threads.
    fn echo() -> Result<Self> {
        let socket = UdpSocket::bind(("127.0.0.1", 0))?;
        socket.set_read_timeout(Some(PATIENCE / 10))?;
        let address = socket.local_addr()?;
        let is_over = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            let answer = || -> Result<()> {
                let mut datagram = [0; dns::MAX_UDP];
                while !is_over.load(Ordering::Relaxed) {
                    match socket.recv_from(&mut datagram) {
                        Ok((length, from)) => drop(socket.send_to(&datagram[..length], from)?),
                        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                Ok(())
            };
            std::thread::scope(|scope| {
                let threads: Vec<_> = (0..cores().get()).map(|_| scope.spawn(answer)).collect();
                let mut ended = threads.into_iter().map(|it| it.join().expect("no panic"));
                ended.try_for_each(|it| it)
            })
        });
        Ok(Serving {
            address,
            stop: Box::new(move || stop.store(true, Ordering::Relaxed)),
            thread,
        })
    }

    fn end(self) -> Result<()> {
        (self.stop)();
        self.thread.join().expect("serving does not panic")
    }
}

/// Asks all questions in turn on as many threads as there are cores, until [`QUESTIONS`] were
/// answered rightly. The processor time of the rate is what the server took.
fn load(server: SocketAddr, questions: &[Question]) -> Result<Rate> {
    let threads = cores().get();
    let share = QUESTIONS / threads;
    let (own, mut span) = timed(|| -> Result<Vec<f64>> {
        std::thread::scope(|scope| {
            let each = |at| scope.spawn(move || ask(server, questions, at * share, share));
            let all: Vec<_> = (0..threads).map(each).collect();
            let mut ended = all.into_iter().map(|it| it.join().expect("no panic"));
            ended.by_ref().collect()
        })
    });
    span.cpu -= own?.iter().sum::<f64>();
    Ok(span.rate(share * threads))
}

/// Asks so many questions and compares each answer; gives the processor seconds that it took.
fn ask(server: SocketAddr, questions: &[Question], first: usize, count: usize) -> Result<f64> {
    let before = thread_cpu();
    let socket = connect(server)?;
    let mut datagram = Vec::with_capacity(dns::MAX_UDP);
    let mut send = |at: usize| -> Result<()> {
        datagram.clear();
        datagram.extend((at as u16).to_be_bytes());
        datagram.extend(&questions[(first + at) % questions.len()].query);
        socket.send(&datagram)?;
        Ok(())
    };
    (0..WINDOW.min(count)).try_for_each(&mut send)?;
    let mut answer = [0; dns::MAX_UDP];
    let mut is_open = vec![true; count];
    for received in 0..count {
        let length = socket.recv(&mut answer);
        let length = length.with_context(|| format!("{received} of {count} were answered"))?;
        let (id, rest) = answer[..length]
            .split_first_chunk()
            .context("an answer is too short")?;
        // The low bits of an id say which of the open questions it is: they lie close together.
        let id = u16::from_be_bytes(*id);
        let oldest = received.saturating_sub(usize::from(u16::MAX) / 2);
        let at = oldest + usize::from(id.wrapping_sub(oldest as u16));
        ensure!(
            is_open.get(at) == Some(&true),
            "an answer to no open question"
        );
        is_open[at] = false;
        let question = &questions[(first + at) % questions.len()];
        ensure!(rest == question.answer, "a wrong answer");
        if received + WINDOW < count {
            send(received + WINDOW)?;
        }
    }
    Ok(thread_cpu() - before)
}

fn connect(server: SocketAddr) -> Result<UdpSocket> {
    let socket = UdpSocket::bind(("127.0.0.1", 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}
