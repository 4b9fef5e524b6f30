//! Reading the answer to an ordinary question for a name.

use std::collections::BTreeSet;

use domain::base::iana::{Class, Opcode};
use domain::base::message::RecordSection;
use domain::base::name::ToName as _;
use domain::base::rdata::UnknownRecordData;
use domain::base::{Message, Name, ParsedName, ParsedRecord};
use domain::rdata::Cname;
use thiserror::Error;

use super::item::{Item, NotAnItem};
use super::record::{RecordType, wire_name};
use super::text::{self, Parts, Text};
use crate::name::DomainName;

/// Most records about emblems that one answer may have; 64 KiB of sensible ones are fewer.
const MAX_RECORDS: usize = 64;

/// What an answer says about the emblem of a name. Nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Tokens and keys, each once.
    pub items: Vec<FoundItem>,
    /// Records that are about emblems and say nothing about this name, with the reason.
    pub ignored: Vec<Ignored>,
    /// That the name is another name's alias, so that it can have no emblem of its own.
    pub alias: Option<Alias>,
}

/// A name is an alias (CNAME, RFC 1034 section 3.6.2).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{name} is an alias of {of} (CNAME), and an alias has no records of its own: ask for {of}, and mark \
     that name; or give {name} addresses instead of the alias"
)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// Of which name.
    pub of: String,
}

/// A token or a key, and the set that its record names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundItem {
    /// The token or key.
    pub item: Item,
    /// The name of its set; without one it belongs to every set.
    pub set: Option<String>,
    /// Where it stood first.
    pub section: Section,
}

/// Where a token or key stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Beside what was asked for.
    Additional,
    /// It is what was asked for.
    Answer,
    /// In a file.
    File,
}

/// A record that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Whose it is.
    pub owner: String,
    /// Its type.
    pub rtype: RecordType,
    /// Why it was passed over.
    pub reason: Reason,
}

/// Why a record was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Reason {
    /// It is neither a token nor a key.
    #[error("not an emblem's token or key: {0}")]
    Item(NotAnItem),
    /// A key in base64 is none.
    #[error("the key is neither a JWK nor base64")]
    Key,
    /// The record is not of class IN.
    #[error("of another class than IN")]
    OtherClass,
    /// The record belongs to a name that was not asked for.
    #[error("of another name than the one that was asked for")]
    OtherOwner,
    /// Two parts of a token have the same number.
    #[error("two parts of the token have the same number")]
    PartTwice,
    /// The name in front of the value is not written as one.
    #[error("what stands before the value is not written as the draft has it")]
    Text,
    /// There are more than are read.
    #[error("more than the {MAX_RECORDS} records that are read")]
    TooMany,
}

/// Why a message answers nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// Not a message, a name in it is broken or bytes are left over.
    #[error(
        "the answer is not a DNS message, or is damaged: is it a DNS server that listens there?"
    )]
    Malformed,
    /// The name does not exist.
    #[error("there is no such name (NXDOMAIN): is it written rightly, and is it in the zone?")]
    NoSuchName,
    /// A question, or an answer to another one.
    #[error("the message answers another question: ask again, or ask another server")]
    OtherQuestion,
    /// The server answers with an error code (RFC 1035 section 4.1.1, IANA DNS RCODEs).
    #[error("the server {says}", says = status(*.0))]
    Status(u8),
    /// There is more than fitted: the question is to be asked over TCP.
    #[error("the answer was truncated")]
    Truncated,
}

impl Found {
    /// The sets of tokens and keys that may be verified together: one for each named set, or one.
    pub fn sets(&self) -> Vec<Vec<&Item>> {
        let names: BTreeSet<&str> = self
            .items
            .iter()
            .filter_map(|it| it.set.as_deref())
            .collect();
        let of = |name: Option<&str>| {
            let belongs = |it: &&FoundItem| it.set.is_none() || it.set.as_deref() == name;
            let items = self.items.iter().filter(belongs);
            items.map(|it| &it.item).collect::<Vec<_>>()
        };
        let sets: Vec<Vec<&Item>> = if names.is_empty() {
            vec![of(None)]
        } else {
            names.into_iter().map(|name| of(Some(name))).collect()
        };
        sets.into_iter().filter(|set| !set.is_empty()).collect()
    }

    /// Adds a token or key, unless it is there already.
    pub fn add(&mut self, found: FoundItem) {
        let is_it = |known: &FoundItem| known.item == found.item && known.set == found.set;
        if !self.items.iter().any(is_it) {
            self.items.push(found);
        }
    }
}

/// What a server says with a code, and what is to be done.
fn status(code: u8) -> String {
    let (says, name, advice) = match code {
        1 => (
            "does not understand the question",
            "FORMERR",
            "ask another server",
        ),
        2 => (
            "could not find out",
            "SERVFAIL",
            "ask again later, or the name's own server",
        ),
        4 => (
            "does not answer such questions",
            "NOTIMP",
            "ask another server",
        ),
        5 => (
            "refuses to answer",
            "REFUSED",
            "ask a server that serves this name, or a resolver that serves you",
        ),
        9 => (
            "does not serve this name",
            "NOTAUTH",
            "ask the name's own server",
        ),
        other => return format!("answers with the error code {other}: ask another server"),
    };
    format!("{says} ({name}, code {code}): {advice}")
}

/// Reads what an answer says about the emblem of a name: the records of type `ihle` and TXT in
/// Answer and Additional. That it answers the question by its id is for the caller to see.
///
/// # Errors
/// [`AnswerError`], where the message says nothing that could be relied on.
pub fn read_answer(
    message: &[u8],
    name: &DomainName,
    ihle: RecordType,
) -> Result<Found, AnswerError> {
    let message = Message::from_octets(message).map_err(|_| AnswerError::Malformed)?;
    let wire = wire_name(name);
    let asked = Name::from_octets(wire.as_slice()).expect("a name of ours is one of DNS");
    let header = message.header();
    let question = message
        .sole_question()
        .map_err(|_| AnswerError::Malformed)?;
    let ours = question.qname().name_eq(&asked) && question.qclass() == Class::IN;
    if !header.qr() || header.opcode() != Opcode::QUERY || !ours {
        return Err(AnswerError::OtherQuestion);
    }
    if header.tc() {
        return Err(AnswerError::Truncated);
    }
    match header.rcode().to_int() {
        0 => {}
        3 => return Err(AnswerError::NoSuchName),
        other => return Err(AnswerError::Status(other)),
    }
    let mut reader = Reader {
        asked,
        ihle,
        section: Section::Answer,
        read: 0,
        found: Found::default(),
        parts: Parts::default(),
    };
    let answer = message.answer().map_err(|_| AnswerError::Malformed)?;
    let authority = reader.section(answer, true)?;
    let additional = reader.section(authority, false)?;
    let end = reader.end(additional)?;
    if end != message.as_slice().len() {
        return Err(AnswerError::Malformed);
    }
    Ok(reader.conclude(name))
}

struct Reader<'a> {
    asked: Name<&'a [u8]>,
    ihle: RecordType,
    section: Section,
    read: usize,
    found: Found,
    parts: Parts,
}

type Records<'a> = RecordSection<'a, &'a [u8]>;

impl Reader<'_> {
    /// Reads a section where it counts, and gives the next one.
    fn section<'m>(
        &mut self,
        mut section: Records<'m>,
        counts: bool,
    ) -> Result<Records<'m>, AnswerError> {
        self.records(&mut section, counts)?;
        let next = section.next_section().map_err(|_| AnswerError::Malformed)?;
        next.ok_or(AnswerError::Malformed)
    }

    /// Reads the last section; where it ends.
    fn end(&mut self, mut section: Records) -> Result<usize, AnswerError> {
        self.section = Section::Additional;
        self.records(&mut section, true)?;
        Ok(section.pos())
    }

    fn add(&mut self, item: Item, set: Option<String>) {
        let section = self.section;
        self.found.add(FoundItem { item, set, section });
    }

    fn records(&mut self, section: &mut Records, counts: bool) -> Result<(), AnswerError> {
        for record in section {
            let record = record.map_err(|_| AnswerError::Malformed)?;
            let rtype = RecordType(record.rtype().to_int());
            if rtype == RecordType::CNAME && record.owner().name_eq(&self.asked) {
                self.alias(&record)?;
            }
            if !counts || (rtype != self.ihle && rtype != RecordType::TXT) {
                continue;
            }
            let data = record.to_record::<UnknownRecordData<&[u8]>>();
            let data = data.map_err(|_| AnswerError::Malformed)?;
            let data = data.ok_or(AnswerError::Malformed)?.into_data();
            self.record(record.owner(), record.class(), rtype, data.data());
        }
        Ok(())
    }

    fn alias(&mut self, record: &ParsedRecord<'_, &[u8]>) -> Result<(), AnswerError> {
        let target = record.to_record::<Cname<ParsedName<_>>>();
        let target = target.map_err(|_| AnswerError::Malformed)?;
        let target = target.ok_or(AnswerError::Malformed)?;
        self.found.alias = Some(Alias {
            name: record.owner().to_string(),
            of: target.data().cname().to_string(),
        });
        Ok(())
    }

    fn record(&mut self, owner: ParsedName<&&[u8]>, class: Class, rtype: RecordType, data: &[u8]) {
        let read = match rtype {
            RecordType::TXT => match text::read(data) {
                // A text about something else.
                None => return,
                Some(read) => read,
            },
            _ => Item::from_cbor(data)
                .map(|item| Text::Whole(item, None))
                .map_err(Reason::Item),
        };
        self.read += 1;
        let counts = if self.read > MAX_RECORDS {
            Err(Reason::TooMany)
        } else if class != Class::IN {
            Err(Reason::OtherClass)
        } else if !owner.name_eq(&self.asked) {
            Err(Reason::OtherOwner)
        } else {
            read
        };
        match counts {
            Ok(Text::Whole(item, set)) => self.add(item, set),
            Ok(Text::Part(of, number, text)) => self.parts.add(of, number, text),
            // Those that are not even looked at are reported once.
            Err(Reason::TooMany) if self.read > MAX_RECORDS + 1 => {}
            Err(reason) => self.found.ignored.push(Ignored {
                owner: owner.to_string(),
                rtype,
                reason,
            }),
        }
    }

    fn conclude(mut self, name: &DomainName) -> Found {
        for (item, set) in std::mem::take(&mut self.parts).join() {
            match item {
                Ok(item) => self.add(item, set),
                Err(reason) => self.found.ignored.push(Ignored {
                    owner: name.to_string(),
                    rtype: RecordType::TXT,
                    reason,
                }),
            }
        }
        self.found
    }
}
