//! The facts about sources that get signed.

use std::collections::{BTreeMap, BTreeSet};

use ensign_trust::cbor;
use ensign_trust::party::Malformed;
use ensign_trust::tombstone;
use ensign_trust::{Code, Coded, Draft, RecordId, StatementId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

/// Field code of a record's date, `YYYY-MM-DD` from 1970 on.
pub const DATE: &str = "date";

/// A statement about a source. Version 1 of all kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `source.absent`.
    Absent(Absent),
    /// `source.erased`.
    Erased(Erased),
    /// `import.run`.
    Imported(Run),
    /// `source.stated`.
    Stated(Stated),
}

/// `import.run`: `source`, `mapping`, `file`, `from`, `until`, `columns` and the counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Code of the source.
    pub source: Code,
    /// Version of the mapping from columns and labels to fields and codes.
    pub mapping: u64,
    /// SHA-256 of the raw file.
    pub file: [u8; 32],
    /// First date that the file covers, `YYYY-MM-DD`.
    pub from: Code,
    /// Last date that the file covers, `YYYY-MM-DD`.
    pub until: Code,
    /// Fields that the file has a column for.
    pub columns: Vec<Code>,
    /// What came of its rows.
    pub counts: Counts,
}

/// What came of the rows of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows of the file.
    pub rows: u64,
    /// Rows of new records.
    pub added: u64,
    /// Rows that differ from what was known, or are back after an absence.
    pub changed: u64,
    /// Known records inside the dates covered that the file does not list.
    pub absent: u64,
    /// Rows that say nothing new.
    pub unchanged: u64,
    /// Rows that cannot be read.
    pub rejected: u64,
}

/// `source.stated`: subject the record; refers to its `run` and, where the record was stated
/// before, to the statement that it `corrects`; `source`, `id`, `fields` (field to coded value),
/// `blank` (fields whose cell is empty), `texts` (field to the place of its digest among the
/// statement's disclosures).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Code of the source.
    pub source: Code,
    /// The source's own id of the record.
    pub foreign_id: Code,
    /// The run that found it so.
    pub run: StatementId,
    /// The latest `source.stated` of the record before this one.
    pub corrects: Option<StatementId>,
    /// Date of what the record is about; stands among the fields as [`DATE`].
    pub date: Code,
    /// The other fields that the file has a column for; of texts their digests.
    pub values: BTreeMap<Code, Value<[u8; 32]>>,
}

/// `source.absent`: subject the record; refers to its `run` and to the `last` statement of the
/// record; `source`, `id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// Code of the source.
    pub source: Code,
    /// The source's own id of the record.
    pub foreign_id: Code,
    /// The run that did not find it.
    pub run: StatementId,
    /// The latest `source.stated` of the record.
    pub last: StatementId,
}

/// `source.erased`, the tombstone: subject the record; `source`, `id`; `digests` of the disclosures
/// that were destroyed, as [`tombstone::digests`] reads them; `ground`, a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Code of the source.
    pub source: Code,
    /// The source's own id of the record.
    pub foreign_id: Code,
    /// What was destroyed.
    pub digests: Vec<[u8; 32]>,
    /// Why.
    pub ground: Code,
}

/// One published value: with its text as it was read, or with the text's digest as it is stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<T = String> {
    /// The cell is there and empty.
    Blank,
    /// A value that has a code.
    Coded(Coded),
    /// A value of which a part has a code and the rest is text.
    CodedAndText(Coded, T),
    /// Free text, or a label that has no code.
    Text(T),
}

/// The id of what a source holds under one of its own ids: SHA-256 of the deterministic CBOR array
/// `["ensign record", source, foreign_id]`. All nodes that import the same row agree on it.
pub fn record_id(source: &Code, foreign_id: &Code) -> RecordId {
    let parts = ["ensign record", source.as_str(), foreign_id.as_str()];
    let bytes = cbor::encode(&cbor::Value::Array(parts.map(cbor::Value::text).into()));
    RecordId::from_bytes(Sha256::digest(bytes).into())
}

impl Act {
    /// Reads the statement; `None` where the kind or its version is not one of these.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        if draft.version != 1 {
            return None;
        }
        Some(match draft.kind.as_str() {
            "import.run" => Run::read(draft).map(Act::Imported),
            "source.absent" => Absent::read(draft).map(Act::Absent),
            "source.erased" => Erased::read(draft).map(Act::Erased),
            "source.stated" => Stated::read(draft).map(Act::Stated),
            _ => return None,
        })
    }

    /// The kind under which it is stated.
    pub fn kind(&self) -> Code {
        Code::literal(match self {
            Act::Absent(_) => "source.absent",
            Act::Erased(_) => "source.erased",
            Act::Imported(_) => "import.run",
            Act::Stated(_) => "source.stated",
        })
    }

    /// The record that it is about; a run is about none.
    pub fn record(&self) -> Option<RecordId> {
        match self {
            Act::Absent(absent) => Some(absent.record()),
            Act::Erased(erased) => Some(erased.record()),
            Act::Imported(_) => None,
            Act::Stated(stated) => Some(stated.record()),
        }
    }

    /// Writes kind, version, subject, references, body and digests into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = self.kind();
        draft.version = 1;
        match self {
            Act::Absent(absent) => absent.write(draft),
            Act::Erased(erased) => erased.write(draft),
            Act::Imported(run) => run.write(draft),
            Act::Stated(stated) => stated.write(draft),
        }
    }
}

impl Run {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let file = draft.field("file").and_then(Coded::as_bytes);
        let columns = draft.field("columns").and_then(codes);
        let run = Run {
            source: code(draft, "source")?,
            mapping: number(draft, "mapping")?,
            file: file
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or(Malformed("file"))?,
            from: date(draft.field("from")).ok_or(Malformed("from"))?,
            until: date(draft.field("until")).ok_or(Malformed("until"))?,
            columns: columns.ok_or(Malformed("columns"))?,
            counts: Counts {
                rows: number(draft, "rows")?,
                added: number(draft, "added")?,
                changed: number(draft, "changed")?,
                absent: number(draft, "absent")?,
                unchanged: number(draft, "unchanged")?,
                rejected: number(draft, "rejected")?,
            },
        };
        if run.from <= run.until {
            Ok(run)
        } else {
            Err(Malformed("until"))
        }
    }

    fn write(&self, draft: &mut Draft) {
        let counts = &self.counts;
        draft.body = body([
            ("source", self.source.clone().into()),
            ("mapping", self.mapping.into()),
            ("file", self.file.to_vec().into()),
            ("from", self.from.clone().into()),
            ("until", self.until.clone().into()),
            ("columns", Coded::codes(self.columns.iter().cloned())),
            ("rows", counts.rows.into()),
            ("added", counts.added.into()),
            ("changed", counts.changed.into()),
            ("absent", counts.absent.into()),
            ("unchanged", counts.unchanged.into()),
            ("rejected", counts.rejected.into()),
        ]);
    }

    /// Whether a date is one of those that the file covers.
    pub fn covers(&self, date: &Code) -> bool {
        (&self.from..=&self.until).contains(&date)
    }
}

impl Stated {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let (source, foreign_id) = record_of(draft)?;
        let fields = draft.field("fields").and_then(Coded::as_map);
        let mut fields = fields.cloned().ok_or(Malformed("fields"))?;
        let date = date(fields.remove(DATE).as_ref()).ok_or(Malformed(DATE))?;
        let mut values: BTreeMap<_, _> = fields
            .into_iter()
            .map(|(field, coded)| (field, Value::Coded(coded)))
            .collect();
        for (field, digest) in texts(draft)? {
            let value = match values.remove(&field) {
                Some(Value::Coded(coded)) => Value::CodedAndText(coded, digest),
                _ => Value::Text(digest),
            };
            values.insert(field, value);
        }
        if let Some(blank) = draft.field("blank") {
            for field in codes(blank).ok_or(Malformed("blank"))? {
                if field == *DATE || values.insert(field, Value::Blank).is_some() {
                    return Err(Malformed("blank"));
                }
            }
        }
        if values.contains_key(DATE) {
            return Err(Malformed(DATE));
        }
        Ok(Stated {
            source,
            foreign_id,
            run: draft.reference("run").ok_or(Malformed("refs: run"))?,
            corrects: draft.reference("corrects"),
            date,
            values,
        })
    }

    fn write(&self, draft: &mut Draft) {
        let texts = self.values.values().filter_map(Value::text);
        let digests: BTreeSet<[u8; 32]> = texts.copied().collect();
        let place = |digest| digests.iter().take_while(|other| *other < digest).count() as u64;
        let mut fields = BTreeMap::from([(Code::literal(DATE), self.date.clone().into())]);
        let mut blank = Vec::new();
        let mut texts = BTreeMap::new();
        for (field, value) in &self.values {
            if let Some(coded) = value.coded() {
                fields.insert(field.clone(), coded.clone());
            }
            if let Some(digest) = value.text() {
                texts.insert(field.clone(), place(digest).into());
            }
            if *value == Value::Blank {
                blank.push(field.clone());
            }
        }
        draft.subject = subject(&self.source, &self.foreign_id);
        draft.refs = vec![(Code::literal("run"), *self.run.as_bytes())];
        if let Some(corrects) = self.corrects {
            let pair = (Code::literal("corrects"), *corrects.as_bytes());
            draft.refs.push(pair);
        }
        draft.body = body([
            ("source", self.source.clone().into()),
            ("id", self.foreign_id.clone().into()),
            ("fields", Coded::Map(fields)),
        ]);
        if !blank.is_empty() {
            draft
                .body
                .insert(Code::literal("blank"), Coded::codes(blank));
        }
        if !texts.is_empty() {
            draft.body.insert(Code::literal("texts"), Coded::Map(texts));
        }
        draft.sealed = digests.into_iter().collect();
    }

    /// The record that it is about.
    pub fn record(&self) -> RecordId {
        record_id(&self.source, &self.foreign_id)
    }
}

impl Absent {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let (source, foreign_id) = record_of(draft)?;
        Ok(Absent {
            source,
            foreign_id,
            run: draft.reference("run").ok_or(Malformed("refs: run"))?,
            last: draft.reference("last").ok_or(Malformed("refs: last"))?,
        })
    }

    fn write(&self, draft: &mut Draft) {
        draft.subject = subject(&self.source, &self.foreign_id);
        draft.refs = vec![
            (Code::literal("run"), *self.run.as_bytes()),
            (Code::literal("last"), *self.last.as_bytes()),
        ];
        draft.body = body([
            ("source", self.source.clone().into()),
            ("id", self.foreign_id.clone().into()),
        ]);
    }

    /// The record that it is about.
    pub fn record(&self) -> RecordId {
        record_id(&self.source, &self.foreign_id)
    }
}

impl Erased {
    fn read(draft: &Draft) -> Result<Self, Malformed> {
        let (source, foreign_id) = record_of(draft)?;
        Ok(Erased {
            source,
            foreign_id,
            digests: tombstone::digests(draft)?,
            ground: code(draft, "ground")?,
        })
    }

    fn write(&self, draft: &mut Draft) {
        let digests = self.digests.iter().map(|digest| digest.to_vec().into());
        draft.subject = subject(&self.source, &self.foreign_id);
        draft.body = body([
            ("source", self.source.clone().into()),
            ("id", self.foreign_id.clone().into()),
            ("digests", Coded::List(digests.collect())),
            ("ground", self.ground.clone().into()),
        ]);
    }

    /// The record that it is about.
    pub fn record(&self) -> RecordId {
        record_id(&self.source, &self.foreign_id)
    }
}

impl<T> Value<T> {
    /// The value, or the part of it, that has a code.
    pub fn coded(&self) -> Option<&Coded> {
        match self {
            Value::Coded(coded) | Value::CodedAndText(coded, _) => Some(coded),
            Value::Blank | Value::Text(_) => None,
        }
    }

    /// The text or its digest.
    pub fn text(&self) -> Option<&T> {
        match self {
            Value::Text(text) | Value::CodedAndText(_, text) => Some(text),
            Value::Blank | Value::Coded(_) => None,
        }
    }
}

/// First and last second of a day, Unix time in UTC.
pub(super) fn seconds_of(date: &Code) -> Option<[u64; 2]> {
    let parsed: Date = date.as_str().parse().ok()?;
    // The parser takes other forms too; only one of them is a date here.
    if parsed.to_string() != date.as_str() {
        return None;
    }
    let start = parsed.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    let start = u64::try_from(start).ok()?;
    Some([start, start + 86_399])
}

/// Source and foreign id, which the subject has to agree with.
fn record_of(draft: &Draft) -> Result<(Code, Code), Malformed> {
    let (source, foreign_id) = (code(draft, "source")?, code(draft, "id")?);
    if draft.subject == subject(&source, &foreign_id) {
        Ok((source, foreign_id))
    } else {
        Err(Malformed("sub"))
    }
}

fn subject(source: &Code, foreign_id: &Code) -> Option<Code> {
    Code::new(record_id(source, foreign_id).to_string()).ok()
}

/// The digest of each text; each disclosure of the statement belongs to exactly one field.
fn texts(draft: &Draft) -> Result<BTreeMap<Code, [u8; 32]>, Malformed> {
    let none = BTreeMap::new();
    let places = match draft.field("texts") {
        Some(texts) => texts.as_map().ok_or(Malformed("texts"))?,
        None => &none,
    };
    let mut used = BTreeSet::new();
    let mut texts = BTreeMap::new();
    for (field, place) in places {
        let place = place
            .as_u64()
            .and_then(|place| usize::try_from(place).ok())
            .filter(|place| used.insert(*place));
        let digest = place.and_then(|place| draft.sealed.get(place));
        texts.insert(field.clone(), *digest.ok_or(Malformed("texts"))?);
    }
    if used.len() == draft.sealed.len() {
        Ok(texts)
    } else {
        Err(Malformed("texts"))
    }
}

fn body<const N: usize>(fields: [(&'static str, Coded); N]) -> BTreeMap<Code, Coded> {
    let field = |(name, value)| (Code::literal(name), value);
    fields.into_iter().map(field).collect()
}

fn code(draft: &Draft, name: &'static str) -> Result<Code, Malformed> {
    let code = draft.field(name).and_then(Coded::as_code);
    code.cloned().ok_or(Malformed(name))
}

fn codes(list: &Coded) -> Option<Vec<Code>> {
    let codes = list.as_list()?.iter();
    codes.map(|code| code.as_code().cloned()).collect()
}

fn date(value: Option<&Coded>) -> Option<Code> {
    let date = value.and_then(Coded::as_code);
    date.filter(|date| seconds_of(date).is_some()).cloned()
}

fn number(draft: &Draft, name: &'static str) -> Result<u64, Malformed> {
    let number = draft.field(name).and_then(Coded::as_u64);
    number.ok_or(Malformed(name))
}
