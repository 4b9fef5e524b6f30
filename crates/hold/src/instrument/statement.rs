//! The facts about instruments that get signed.

use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::party::Malformed;
use ensign_trust::{Code, Coded, Draft, StatementId};

use crate::evaluate::accord::Reserved;
use crate::field::{
    as_code, body, bytes, code, list, map, number, optional, refer, reference, references, set,
    subject,
};
use crate::term::InstrumentDigest;
use crate::term::ast::{Setting, Variation};
use crate::term::name::{InstrumentName, ParamName, Role, TermName};

/// The role of the mandate by which a key binds its party to a text.
pub const SIGNATORY: &str = "signatory";

/// Longest canonical form that stands in the publication itself, in bytes.
pub const WHOLE: usize = 8 << 10;

/// Longest part of a longer one, in bytes.
pub const PART: usize = 12 << 10;

/// Most parts of one text.
pub const MAX_PARTS: usize = 128;

const EXCLUDED: &str = "excluded";

/// A statement about an instrument. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `instrument.adopted`.
    Adopted(Adopted),
    /// `instrument.objected`.
    Objected(Objected),
    /// `instrument.part`.
    Part(Part),
    /// `instrument.published`.
    Published(Published),
    /// `adoption.withdrawn`.
    Withdrawn(Withdrawn),
}

/// `instrument.part`: subject the text; `bytes`, at most [`PART`] of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text.
    pub text: InstrumentDigest,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// `instrument.published`: subject the text; `name`, and `bytes` or references to each `part`.
/// Refers to the publication that it `supersedes`, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The text.
    pub text: InstrumentDigest,
    /// What the instrument is called.
    pub name: InstrumentName,
    /// The canonical form, where it stands here.
    pub bytes: Option<Vec<u8>>,
    /// Otherwise its parts in order, by the same author and earlier.
    pub parts: Vec<StatementId>,
    /// The publication of the text that this one amends.
    pub supersedes: Option<StatementId>,
}

/// `instrument.adopted`: subject the text; `roles` (sorted), `from`, and where given `until`,
/// `params` (name to value), `reservations` (term to `excluded` or the canonical bytes of what is
/// accepted instead). Refers to the adoption that it `supersedes`, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The text.
    pub text: InstrumentDigest,
    /// In which roles; at least one.
    pub roles: BTreeSet<Role>,
    /// First second, Unix time; not before the statement is received.
    pub from: u64,
    /// First second no more.
    pub until: Option<u64>,
    /// What it sets.
    pub params: BTreeMap<ParamName, Setting>,
    /// What it reserves.
    pub reservations: BTreeMap<TermName, Reserved>,
    /// The party's adoption that has not taken effect and that this one replaces.
    pub supersedes: Option<StatementId>,
}

/// `adoption.withdrawn`: subject the text; `until`, `reason`. Refers to the `adoption`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The text.
    pub text: InstrumentDigest,
    /// The adoption.
    pub adoption: StatementId,
    /// First second in which the party is no longer bound; not before the statement is received.
    pub until: u64,
    /// Why, as a code.
    pub reason: Code,
}

/// `instrument.objected`: subject the text; `term`. Refers to the `adoption` with the reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objected {
    /// The text.
    pub text: InstrumentDigest,
    /// The other party's adoption.
    pub adoption: StatementId,
    /// The term that it reserves.
    pub term: TermName,
}

impl Act {
    /// Reads the statement; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        Some(match draft.kind.as_str() {
            "adoption.withdrawn" => Withdrawn::read(draft).map(Act::Withdrawn),
            "instrument.adopted" => Adopted::read(draft).map(Act::Adopted),
            "instrument.objected" => Objected::read(draft).map(Act::Objected),
            "instrument.part" => Part::read(draft).map(Act::Part),
            "instrument.published" => Published::read(draft).map(Act::Published),
            _ => return None,
        })
    }

    /// The kind under which it is stated.
    pub fn kind(&self) -> Code {
        Code::literal(match self {
            Act::Adopted(_) => "instrument.adopted",
            Act::Objected(_) => "instrument.objected",
            Act::Part(_) => "instrument.part",
            Act::Published(_) => "instrument.published",
            Act::Withdrawn(_) => "adoption.withdrawn",
        })
    }

    /// The text that it is about.
    pub fn text(&self) -> InstrumentDigest {
        match self {
            Act::Adopted(said) => said.text,
            Act::Objected(said) => said.text,
            Act::Part(said) => said.text,
            Act::Published(said) => said.text,
            Act::Withdrawn(said) => said.text,
        }
    }

    /// Writes kind, version, subject, references and body into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = self.kind();
        draft.version = 1;
        draft.subject = Some(as_code(self.text()));
        match self {
            Act::Adopted(said) => said.write(draft),
            Act::Objected(said) => {
                draft.body = body([("term", said.term.as_code().clone().into())]);
                refer(draft, "adoption", said.adoption);
            }
            Act::Part(said) => draft.body = body([("bytes", said.bytes.clone().into())]),
            Act::Published(said) => said.write(draft),
            Act::Withdrawn(said) => {
                draft.body = body([
                    ("until", said.until.into()),
                    ("reason", said.reason.clone().into()),
                ]);
                refer(draft, "adoption", said.adoption);
            }
        }
    }
}

impl Part {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let bytes = bytes(draft, "bytes")?.to_vec();
        match bytes.len() {
            1..=PART => Ok(Part {
                text: subject(draft)?,
                bytes,
            }),
            _ => Err(Malformed("bytes")),
        }
    }
}

impl Published {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let owned = |draft: &Draft, name| bytes(draft, name).map(<[u8]>::to_vec);
        let whole = optional(draft, "bytes", owned)?;
        let parts = references(draft, "part");
        let is_one_way = match &whole {
            Some(_) => parts.is_empty(),
            None => (1..=MAX_PARTS).contains(&parts.len()),
        };
        if !is_one_way {
            return Err(Malformed("bytes"));
        }
        let name = code(draft, "name")?;
        Ok(Published {
            text: subject(draft)?,
            name: InstrumentName::new(name.as_str()).map_err(|_| Malformed("name"))?,
            bytes: whole,
            parts,
            supersedes: draft.reference("supersedes"),
        })
    }

    fn write(&self, draft: &mut Draft) {
        draft.body = body([("name", self.name.as_code().clone().into())]);
        if let Some(bytes) = &self.bytes {
            set(draft, "bytes", bytes.clone());
        }
        for part in &self.parts {
            refer(draft, "part", *part);
        }
        if let Some(supersedes) = self.supersedes {
            refer(draft, "supersedes", supersedes);
        }
    }
}

impl Adopted {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let role = |value: &Coded| Role::new(value.as_code()?.as_str()).ok();
        let roles: Option<Vec<Role>> = list(draft, "roles")?.iter().map(role).collect();
        let roles = roles.filter(|all| !all.is_empty() && all.is_sorted_by(|a, b| a < b));
        let param = |(name, value): (Code, Coded)| {
            Some((
                ParamName::new(name.as_str()).ok()?,
                Setting::from_coded(&value)?,
            ))
        };
        let params: Option<_> = map(draft, "params")?.into_iter().map(param).collect();
        let reservation = |(name, value): (Code, Coded)| {
            Some((TermName::new(name.as_str()).ok()?, reserved(&value)?))
        };
        let reservations = map(draft, "reservations")?.into_iter().map(reservation);
        let reservations: Option<_> = reservations.collect();
        let from = number(draft, "from")?;
        let until = optional(draft, "until", number)?;
        if until.is_some_and(|until| until <= from) {
            return Err(Malformed("until"));
        }
        Ok(Adopted {
            text: subject(draft)?,
            roles: roles.ok_or(Malformed("roles"))?.into_iter().collect(),
            from,
            until,
            params: params.ok_or(Malformed("params"))?,
            reservations: reservations.ok_or(Malformed("reservations"))?,
            supersedes: draft.reference("supersedes"),
        })
    }

    fn write(&self, draft: &mut Draft) {
        let roles = self.roles.iter().map(|role| role.as_code().clone());
        draft.body = body([("roles", Coded::codes(roles)), ("from", self.from.into())]);
        if let Some(until) = self.until {
            set(draft, "until", until);
        }
        if !self.params.is_empty() {
            let params = self.params.iter();
            let params = params.map(|(name, value)| (name.as_code().clone(), value.to_coded()));
            set(draft, "params", Coded::Map(params.collect()));
        }
        if !self.reservations.is_empty() {
            let all = self.reservations.iter();
            let all = all.map(|(term, it)| (term.as_code().clone(), of_reserved(it)));
            set(draft, "reservations", Coded::Map(all.collect()));
        }
        if let Some(supersedes) = self.supersedes {
            refer(draft, "supersedes", supersedes);
        }
    }
}

impl Withdrawn {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        Ok(Withdrawn {
            text: subject(draft)?,
            adoption: reference(draft, "adoption")?,
            until: number(draft, "until")?,
            reason: code(draft, "reason")?,
        })
    }
}

impl Objected {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let term: Code = code(draft, "term")?;
        Ok(Objected {
            text: subject(draft)?,
            adoption: reference(draft, "adoption")?,
            term: TermName::new(term.as_str()).map_err(|_| Malformed("term"))?,
        })
    }
}

fn reserved(value: &Coded) -> Option<Reserved> {
    match value {
        Coded::Code(code) => (*code == EXCLUDED).then_some(Reserved::Excludes),
        value => Variation::decode(value.as_bytes()?)
            .ok()
            .map(Reserved::Varies),
    }
}

fn of_reserved(reserved: &Reserved) -> Coded {
    match reserved {
        Reserved::Excludes => Code::literal(EXCLUDED).into(),
        Reserved::Varies(variation) => variation.encode().into(),
    }
}
