//! What a set of zones answers to each question: encoded once, copied for each query.
//!
//! | question | answer |
//! |---|---|
//! | a name and a type that it has | the records; in Additional the name's IHLE records |
//! | a name, a type that it has not | no records, the SOA; in Additional the name's IHLE records |
//! | a name, any type (`ANY`) | one of its sets (RFC 8482); in Additional the IHLE records |
//! | a name in a zone that does not exist | NXDOMAIN and the SOA |
//! | a name in no zone, another class, a zone transfer | REFUSED |
//! | more than fits | only the question, with TC: ask over TCP |
//! | a broken question | FORMERR; nothing at all where even the header is broken |

use std::collections::BTreeMap;

use domain::base::iana::{Class, Opcode, Rtype};
use domain::base::name::ToLabelIter as _;
use domain::base::rdata::UnknownRecordData;
use domain::base::{Message, ParsedName};
use ensign_mark::DomainName;
use ensign_mark::discovery::{Item, Record, RecordType, records, wire_name};

use super::MAX_UDP;
use super::zone::{Authority, Zone, ZoneError};

/// Bytes of a header.
const HEADER: usize = 12;
/// What makes two bytes a pointer to a name.
const POINTER: u16 = 0xc000;
/// How far a pointer reaches from the beginning of a message.
const REACH: u16 = 0x3fff;
/// Bytes of an OPT record without options.
const OPT: usize = 11;
/// Longest answer without EDNS over UDP.
const PLAIN_UDP: usize = 512;
/// Longest question: a name, type and class.
const MAX_QUESTION: usize = 255 + 4;
/// Most records beside a question; there is at most one OPT and one signature.
const MAX_BESIDE: u16 = 4;
/// The type of a question for all types.
const ANY: u16 = 255;
/// Version of EDNS not known (RFC 6891 section 9): the upper bits of an extended code.
const BAD_VERSION: u8 = 1;

/// How a query came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// In a stream, where there is room for the longest message.
    Tcp,
    /// In a datagram.
    Udp,
}

/// All answers of some zones.
#[derive(Debug, Default)]
pub struct Zones {
    /// Every name that exists, as it is sent, in lower case.
    names: BTreeMap<Box<[u8]>, Answers>,
    /// For each apex, what is said of names that do not exist.
    apexes: BTreeMap<Box<[u8]>, Body>,
}

/// All answers about a name.
#[derive(Debug)]
struct Answers {
    /// By type, in its order.
    typed: Vec<(u16, Body)>,
    any: Body,
    none: Body,
}

/// What follows the question: counts of answers, authorities and additional records, then they.
#[derive(Debug, Clone, Default)]
struct Body {
    counts: [u16; 3],
    bytes: Vec<u8>,
}

/// Codes of answers (IANA DNS RCODEs).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Rcode {
    NoError = 0,
    FormErr = 1,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
}

/// What is asked beside the question.
#[derive(Debug, Clone, Copy)]
struct Edns {
    size: u16,
    version: u8,
    dnssec_ok: bool,
}

impl Zones {
    /// Encodes the answers of zones, which do not overlap.
    ///
    /// # Errors
    /// [`ZoneError::Overlap`]; [`ZoneError::TooLarge`] where the records of a name do not fit into
    /// the longest message.
    pub fn new(zones: &[Zone], ihle: RecordType) -> Result<Self, ZoneError> {
        let mut all = Zones::default();
        for (at, zone) in zones.iter().enumerate() {
            let overlaps =
                |other: &Zone| other.apex.is_within(&zone.apex) || zone.apex.is_within(&other.apex);
            if zones[..at].iter().any(overlaps) {
                let apex = zone.apex.clone();
                return Err(ZoneError::Overlap { apex });
            }
            all.add(zone, ihle)?;
        }
        Ok(all)
    }

    /// Writes the answer to a query over `out`; says whether there is one. Without an answer the
    /// message is not a question that one could answer: it is dropped.
    pub fn answer(&self, query: &[u8], transport: Transport, out: &mut Vec<u8>) -> bool {
        out.clear();
        let Ok(message) = Message::from_octets(query) else {
            return false;
        };
        let header = message.header();
        if header.qr() {
            return false;
        }
        let reply = Reply { query, out };
        if header.opcode() != Opcode::QUERY {
            return reply.bare(Rcode::NotImp);
        }
        match Question::read(&message) {
            Some(question) => self.reply(&question, transport, reply),
            None => reply.bare(Rcode::FormErr),
        }
    }

    fn reply(&self, question: &Question, transport: Transport, reply: Reply) -> bool {
        let empty = &Body::default();
        let (rcode, authoritative, body) = match self.find(question) {
            Some((rcode, body)) => (rcode, true, body),
            None => (Rcode::Refused, false, empty),
        };
        let answer = Answer {
            authoritative,
            body,
            edns: question.edns,
            question: question.length,
            rcode,
        };
        let room = match (transport, question.edns) {
            (Transport::Tcp, _) => usize::from(u16::MAX),
            (Transport::Udp, Some(edns)) => usize::from(edns.size).clamp(PLAIN_UDP, MAX_UDP),
            (Transport::Udp, None) => PLAIN_UDP,
        };
        reply.full(&answer, room)
    }

    /// The answer of the zones; none where the question is not for them.
    fn find(&self, question: &Question) -> Option<(Rcode, &Body)> {
        if question.class != Class::IN || matches!(question.rtype, Rtype::AXFR | Rtype::IXFR) {
            return None;
        }
        let name = question.name();
        if let Some(answers) = self.names.get(name) {
            return Some((Rcode::NoError, answers.of(question.rtype.to_int())));
        }
        let mut within = name;
        while let Some((length, rest)) = within.split_first() {
            if let Some(missing) = self.apexes.get(within) {
                return Some((Rcode::NxDomain, missing));
            }
            within = rest.get(usize::from(*length)..).filter(|_| *length > 0)?;
        }
        None
    }

    fn add(&mut self, zone: &Zone, ihle: RecordType) -> Result<(), ZoneError> {
        // Of names that do not exist nothing is known that a pointer could lead to.
        let mut missing = Draft::default();
        missing.soa(Part::Authority, zone);
        let missing = missing.body;
        for (name, records) in &zone.names {
            let answers = Answers::new(name, records, zone, ihle);
            let answers = answers.ok_or_else(|| ZoneError::TooLarge { name: name.clone() })?;
            self.names.insert(wire_name(name).into(), answers);
            self.add_parents(name, zone, &missing);
        }
        self.apexes.insert(wire_name(&zone.apex).into(), missing);
        Ok(())
    }

    /// Names above a name that have no records of their own exist too (RFC 8020).
    fn add_parents(&mut self, name: &DomainName, zone: &Zone, missing: &Body) {
        let wire = wire_name(name);
        let apex = wire_name(&zone.apex).len();
        let mut rest = wire.as_slice();
        while rest.len() > apex {
            self.names
                .entry(rest.into())
                .or_insert_with(|| Answers::empty(missing));
            rest = &rest[usize::from(rest[0]) + 1..];
        }
    }
}

impl Answers {
    /// The answers about a name of a zone with these records; none where one is longer than a
    /// message.
    fn new(name: &DomainName, records: &[Record], zone: &Zone, ihle: RecordType) -> Option<Self> {
        let question = wire_name(name);
        let mut types: Vec<RecordType> = records.iter().map(|it| it.rtype).collect();
        if *name == zone.apex {
            types.extend([RecordType::SOA, RecordType::NS]);
        }
        types.sort_unstable();
        types.dedup();
        let ttl = zone.authority.ttl;
        let add = |draft: &mut Draft, part: Part, rtype: RecordType| {
            for record in records.iter().filter(|it| it.rtype == rtype) {
                draft.record(part, &question, rtype, ttl, |it| it.extend(&record.rdata));
            }
        };
        let answer = |rtype: RecordType| {
            let mut draft = Draft::behind(&question);
            match rtype {
                RecordType::NS => draft.servers(zone),
                RecordType::SOA => draft.soa(Part::Answer, zone),
                _ => add(&mut draft, Part::Answer, rtype),
            }
            if rtype != ihle {
                add(&mut draft, Part::Additional, ihle);
            }
            draft.body
        };
        let typed: Vec<_> = types.iter().map(|it| (it.0, answer(*it))).collect();
        // What a name has not is told with the SOA, by which the answer may be kept (RFC 2308).
        let mut none = Draft::behind(&question);
        none.soa(Part::Authority, zone);
        add(&mut none, Part::Additional, ihle);
        let none = none.body;
        let any = typed
            .first()
            .map_or_else(|| none.clone(), |(_, it)| it.clone());
        let room = usize::from(u16::MAX) - HEADER - MAX_QUESTION - OPT;
        let longest = typed.iter().map(|(_, body)| body).chain([&none]);
        let fits = longest.into_iter().all(|body| body.bytes.len() <= room);
        fits.then_some(Answers { typed, any, none })
    }

    fn empty(missing: &Body) -> Self {
        Answers {
            typed: Vec::new(),
            any: missing.clone(),
            none: missing.clone(),
        }
    }

    fn of(&self, rtype: u16) -> &Body {
        match self.typed.binary_search_by_key(&rtype, |(it, _)| *it) {
            Ok(at) => &self.typed[at].1,
            Err(_) if rtype == ANY => &self.any,
            Err(_) => &self.none,
        }
    }
}

/// The bytes of the longest answer to an ordinary question for a name with these tokens and keys, in a
/// zone of its own: one for an address, of which it may have one, of either kind or none. Nothing
/// where no message is that long.
pub fn longest(
    name: &DomainName,
    items: &[Item],
    ihle: RecordType,
    authority: &Authority,
) -> Option<usize> {
    let zone = Zone::new(name.clone(), authority.clone()).ok()?;
    let mut all = records(items, ihle);
    all.push(Record {
        rtype: RecordType::AAAA,
        rdata: vec![0; 16],
    });
    let answers = Answers::new(name, &all, &zone, ihle)?;
    let ordinary = [RecordType::A, RecordType::AAAA].map(|it| answers.of(it.0).bytes.len());
    let body = ordinary.into_iter().max()?;
    Some(HEADER + wire_name(name).len() + 4 + body + OPT)
}

/// Sections behind the question.
#[derive(Debug, Clone, Copy)]
enum Part {
    Answer = 0,
    Authority = 1,
    Additional = 2,
}

/// A body that is being written, and where in its message names stand already: each is written once,
/// then a pointer to it (RFC 1035 section 4.1.4).
#[derive(Default)]
struct Draft {
    body: Body,
    /// Bytes of the message before the body; none where that is not known, so that nothing can point.
    start: Option<usize>,
    /// Names as they are sent, each with its place.
    places: BTreeMap<Vec<u8>, u16>,
}

impl Draft {
    /// The body behind a question for a name.
    fn behind(name: &[u8]) -> Self {
        let mut draft = Draft {
            start: Some(HEADER + name.len() + 4),
            ..Draft::default()
        };
        draft.remember(name, HEADER);
        draft
    }

    fn record(
        &mut self,
        part: Part,
        owner: &[u8],
        rtype: RecordType,
        ttl: u32,
        write: impl FnOnce(&mut Vec<u8>),
    ) {
        let at = self.head(part, owner, rtype, ttl);
        write(&mut self.body.bytes);
        self.measure(at);
    }

    /// The SOA record (RFC 1035 section 3.3.13).
    fn soa(&mut self, part: Part, zone: &Zone) {
        let Authority {
            servers,
            contact,
            serial,
            ttl,
        } = &zone.authority;
        let at = self.head(part, &wire_name(&zone.apex), RecordType::SOA, *ttl);
        self.name(&wire_name(&servers[0]));
        self.name(&wire_name(contact));
        // Serial, refresh, retry, expire, and for how long it is known that a name does not exist.
        for number in [*serial, 3600, 600, 604_800, *ttl] {
            self.body.bytes.extend(number.to_be_bytes());
        }
        self.measure(at);
    }

    /// The NS records.
    fn servers(&mut self, zone: &Zone) {
        let apex = wire_name(&zone.apex);
        for server in &zone.authority.servers {
            let at = self.head(Part::Answer, &apex, RecordType::NS, zone.authority.ttl);
            self.name(&wire_name(server));
            self.measure(at);
        }
    }

    /// All of a record before its data; answers where the length of that is to stand.
    fn head(&mut self, part: Part, owner: &[u8], rtype: RecordType, ttl: u32) -> usize {
        let count = &mut self.body.counts[part as usize];
        *count = count.saturating_add(1);
        self.name(owner);
        let bytes = &mut self.body.bytes;
        bytes.extend(rtype.0.to_be_bytes());
        bytes.extend(Class::IN.to_int().to_be_bytes());
        bytes.extend(ttl.to_be_bytes());
        let at = bytes.len();
        bytes.extend([0; 2]);
        at
    }

    /// Writes the length of the data that ends here.
    fn measure(&mut self, at: usize) {
        // A zone checks that data is at most that long, and all together is checked after.
        let length = u16::try_from(self.body.bytes.len() - at - 2).unwrap_or(u16::MAX);
        self.body.bytes[at..at + 2].copy_from_slice(&length.to_be_bytes());
    }

    /// Writes a name: as much of it as stands nowhere yet, then a pointer to the rest.
    fn name(&mut self, name: &[u8]) {
        let mut rest = name;
        let known = loop {
            match self.places.get(rest) {
                Some(place) => break Some(*place),
                None if rest.len() <= 1 => break None,
                None => rest = &rest[usize::from(rest[0]) + 1..],
            }
        };
        let at = self.start.map(|start| start + self.body.bytes.len());
        match known {
            Some(place) => {
                let own = &name[..name.len() - rest.len()];
                self.body.bytes.extend(own);
                let pointer = POINTER | place;
                self.body.bytes.extend(pointer.to_be_bytes());
            }
            None => self.body.bytes.extend(name),
        }
        if let Some(at) = at {
            self.remember(name, at);
        }
    }

    /// Remembers that a name begins at a place of the message, and those above it where they stand
    /// behind its labels, as far as a pointer reaches.
    fn remember(&mut self, name: &[u8], at: usize) {
        let mut rest = name;
        while rest.len() > 1 && !self.places.contains_key(rest) {
            let place = u16::try_from(at + name.len() - rest.len());
            if let Some(place) = place.ok().filter(|place| *place <= REACH) {
                self.places.insert(rest.to_vec(), place);
            }
            rest = &rest[usize::from(rest[0]) + 1..];
        }
    }
}

/// A question that can be answered.
struct Question {
    name: [u8; 255],
    /// Bytes of the name.
    name_length: usize,
    /// Bytes of the question in the message.
    length: usize,
    rtype: Rtype,
    class: Class,
    edns: Option<Edns>,
}

impl Question {
    /// Reads the only question of a message, strictly; none where the message is malformed.
    fn read(message: &Message<&[u8]>) -> Option<Self> {
        let counts = message.header_counts();
        let alone = counts.qdcount() == 1 && counts.ancount() == 0 && counts.nscount() == 0;
        if !alone || counts.arcount() > MAX_BESIDE {
            return None;
        }
        let question = message.sole_question().ok()?;
        let mut read = Question {
            name: [0; 255],
            name_length: 0,
            length: 0,
            rtype: question.qtype(),
            class: question.qclass(),
            edns: None,
        };
        read.take_name(question.qname())?;
        read.length = read.name_length + 4;
        let mut beside = message.additional().ok()?;
        // A name that is written with pointers takes other bytes than it has.
        if beside.pos() != HEADER + read.length {
            return None;
        }
        for record in beside.by_ref() {
            let record = record.ok()?;
            if record.rtype() != Rtype::OPT {
                continue;
            }
            let data = record.to_record::<UnknownRecordData<&[u8]>>().ok()??;
            if read.edns.is_some() || !record.owner().is_root() {
                return None;
            }
            let [_, version, flags, _] = data.ttl().as_secs().to_be_bytes();
            read.edns = Some(Edns {
                size: record.class().to_int(),
                version,
                dnssec_ok: flags & 0x80 != 0,
            });
        }
        (beside.pos() == message.as_slice().len()).then_some(read)
    }

    fn take_name(&mut self, name: &ParsedName<&[u8]>) -> Option<()> {
        for label in name.iter_labels() {
            let bytes = label.as_slice();
            let end = self.name_length + 1 + bytes.len();
            let place = self.name.get_mut(self.name_length..end)?;
            let (length, place) = place.split_first_mut()?;
            *length = u8::try_from(bytes.len()).ok()?;
            place.copy_from_slice(bytes);
            place.make_ascii_lowercase();
            self.name_length = end;
        }
        Some(())
    }

    fn name(&self) -> &[u8] {
        &self.name[..self.name_length]
    }
}

/// An answer about to be written.
struct Answer<'a> {
    authoritative: bool,
    body: &'a Body,
    edns: Option<Edns>,
    /// Bytes of the question.
    question: usize,
    rcode: Rcode,
}

/// Where an answer is written.
struct Reply<'a> {
    query: &'a [u8],
    out: &'a mut Vec<u8>,
}

impl Reply<'_> {
    /// An answer that is a header alone.
    fn bare(mut self, rcode: Rcode) -> bool {
        self.header(0, rcode, [0; 4]);
        true
    }

    fn full(mut self, answer: &Answer, room: usize) -> bool {
        const AUTHORITATIVE: u8 = 0x04;
        const TRUNCATED: u8 = 0x02;
        let end = HEADER + answer.question;
        let opt = answer.edns.map_or(0, |_| OPT);
        let bad_version = answer.edns.is_some_and(|edns| edns.version > 0);
        let fits = end + answer.body.bytes.len() + opt <= room;
        let whole = fits && !bad_version;
        let [answers, authorities, additional] = if whole { answer.body.counts } else { [0; 3] };
        let mut flags = 0;
        if answer.authoritative && !bad_version {
            flags |= AUTHORITATIVE;
        }
        if !fits && !bad_version {
            flags |= TRUNCATED;
        }
        let rcode = if bad_version {
            Rcode::NoError
        } else {
            answer.rcode
        };
        let additional = additional + u16::from(answer.edns.is_some());
        self.header(flags, rcode, [1, answers, authorities, additional]);
        self.out.extend(&self.query[HEADER..end]);
        if whole {
            self.out.extend(&answer.body.bytes);
        }
        if let Some(edns) = answer.edns {
            let size = u16::try_from(MAX_UDP).expect("fits by its value");
            let [high, low] = size.to_be_bytes();
            let extended = if bad_version { BAD_VERSION } else { 0 };
            let dnssec_ok = if edns.dnssec_ok { 0x80 } else { 0 };
            let opt = Rtype::OPT.to_int().to_be_bytes();
            self.out.extend([
                0, opt[0], opt[1], high, low, extended, 0, dnssec_ok, 0, 0, 0,
            ]);
        }
        true
    }

    /// Writes a header: id, opcode and "recursion desired" as in the query.
    fn header(&mut self, flags: u8, rcode: Rcode, counts: [u16; 4]) {
        const RESPONSE: u8 = 0x80;
        const OPCODE: u8 = 0x78;
        const RECURSION_DESIRED: u8 = 0x01;
        let as_asked = self.query[2] & (OPCODE | RECURSION_DESIRED);
        self.out.extend(&self.query[..2]);
        self.out.extend([RESPONSE | as_asked | flags, rcode as u8]);
        self.out
            .extend(counts.into_iter().flat_map(u16::to_be_bytes));
    }
}
