//! Reading a node: each function makes one answer.

mod adverse;
mod party;
pub(crate) mod promises;
pub(crate) mod proposals;
mod register;
mod taken;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use ensign_node::Node;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::logbook::LogName;
use ensign_trust::{Code, PartyId, StatementId};
use ensign_views as views;
use ensign_views::{Digest, EntryRow, Shown};

use crate::answer::{
    AsOf, CertaintyTally, Change, ChangeCounts, Changes, CountryTally, Entry, Field, Front,
    GoesOnFrom, Incident, IncidentRow, Incidents, Link, Log, Month, Reference, Run, Source,
    SourceSummary, Statement, Succession, Successor, Tally, Text, Value,
};
use crate::ask::{ChangesAsked, IncidentsAsked, LogAsked, ROWS};
use crate::fault::{Fault, internal};

/// A node being read for one answer.
pub(crate) struct Reader<'a> {
    node: &'a Node,
    /// All incidents in a few numbers, which most pages need and few entries change.
    pub(crate) front: Arc<views::Front>,
    /// What the answer is true of.
    pub(crate) as_of: AsOf,
    names: RefCell<BTreeMap<PartyId, Option<String>>>,
}

impl<'a> Reader<'a> {
    /// Begins an answer.
    pub(crate) fn new(node: &'a Node, front: Arc<views::Front>) -> Result<Self, Fault> {
        let public = front.logs.iter().find(|log| log.log == LogName::Public);
        let as_of = AsOf {
            realm: node.realm().to_string(),
            log: node.origin(LogName::Public).to_string(),
            size: public.map_or(0, |log| log.entries),
            received: public.and_then(|log| log.last_received),
            witnesses: witnesses(node)?,
        };
        Ok(Reader {
            node,
            front,
            as_of,
            names: RefCell::default(),
        })
    }

    /// The node.
    pub(crate) fn node(&self) -> &'a Node {
        self.node
    }

    /// What a party is called, unless that was erased.
    pub(crate) fn name(&self, party: PartyId) -> Result<Option<String>, Fault> {
        if let Some(known) = self.names.borrow().get(&party) {
            return Ok(known.clone());
        }
        let name = self.node.party_name(party).map_err(internal)?;
        self.names.borrow_mut().insert(party, name.clone());
        Ok(name)
    }

    /// All incidents in a few numbers.
    pub(crate) fn front(&self) -> Front {
        let front = &*self.front;
        Front {
            as_of: self.as_of.clone(),
            total: Tally {
                incidents: front.incidents,
                killed: front.killed,
                injured: front.injured,
            },
            not_listed: front.not_listed,
            countries: front.countries,
            first_date: front.first_date.as_ref().map(Code::to_string),
            last_date: front.last_date.as_ref().map(Code::to_string),
            months: front.months.iter().map(Month::from).collect(),
            by_country: front.by_country.iter().map(CountryTally::from).collect(),
            by_certainty: front
                .by_certainty
                .iter()
                .map(CertaintyTally::from)
                .collect(),
            sources: front.sources.iter().map(SourceSummary::from).collect(),
        }
    }

    /// Some incidents.
    pub(crate) fn incidents(&self, asked: &IncidentsAsked) -> Result<Incidents, Fault> {
        let limit = asked.limit.unwrap_or(ROWS);
        let page = self
            .node
            .views()
            .incidents(&asked.filter, asked.after.as_ref(), limit);
        let page = page.map_err(internal)?;
        Ok(Incidents {
            as_of: self.as_of.clone(),
            total: page.total,
            incidents: page.rows.iter().map(IncidentRow::from).collect(),
            next: page.next.map(|next| next.to_string()),
        })
    }

    /// An incident by our id or the source's own.
    pub(crate) fn incident(&self, id: &str) -> Result<Incident, Fault> {
        let found = self
            .node
            .views()
            .incident(id)
            .map_err(|error| match error {
                views::Error::Ambiguous { id, records } => Fault::Ambiguous { id, records },
                error => internal(error),
            })?;
        let missing = || self.fallen(id, Fault::NoIncident { id: id.to_owned() });
        let found = found.ok_or_else(missing)?;
        let public = found
            .statements
            .iter()
            .filter(|entry| entry.log == LogName::Public);
        Ok(Incident {
            as_of: self.as_of.clone(),
            row: IncidentRow::from(&found.row),
            fields: found
                .fields
                .iter()
                .map(|it| self.field(it))
                .collect::<Result<_, _>>()?,
            statements: public.map(|it| self.entry(it)).collect::<Result<_, _>>()?,
            runs: found
                .runs
                .iter()
                .map(|it| self.run(it))
                .collect::<Result<_, _>>()?,
            changed: found
                .changes
                .iter()
                .map(|it| self.change(it))
                .collect::<Result<_, _>>()?,
            proof: format!("/en/incidents/{}.ensign", found.row.record),
        })
    }

    /// A source with its runs.
    pub(crate) fn source(&self, source: &str) -> Result<Source, Fault> {
        let page = self
            .node
            .views()
            .source(&source_code(source)?)
            .map_err(internal)?;
        let page = page.ok_or_else(|| Fault::NoSource {
            source: source.to_owned(),
        })?;
        Ok(Source {
            as_of: self.as_of.clone(),
            summary: SourceSummary::from(&page.summary),
            first_date: page.first_date.as_ref().map(Code::to_string),
            last_date: page.last_date.as_ref().map(Code::to_string),
            runs: page
                .runs
                .iter()
                .map(|it| self.run(it))
                .collect::<Result<_, _>>()?,
        })
    }

    /// What a source changed later.
    pub(crate) fn changes(&self, source: &str, asked: &ChangesAsked) -> Result<Changes, Fault> {
        let code = source_code(source)?;
        if !self.front.sources.iter().any(|it| it.source == code) {
            return Err(Fault::NoSource {
                source: source.to_owned(),
            });
        }
        let limit = asked.limit.unwrap_or(ROWS);
        let page = self
            .node
            .views()
            .changes(&code, asked.kind, asked.after, limit);
        let page = page.map_err(internal)?;
        Ok(Changes {
            as_of: self.as_of.clone(),
            source: source.to_owned(),
            total: page.total,
            changes: page
                .rows
                .iter()
                .map(|it| self.change(it))
                .collect::<Result<_, _>>()?,
            next: page.next.map(|next| next.to_string()),
        })
    }

    /// Some entries of the public log.
    pub(crate) fn log(&self, asked: LogAsked) -> Result<Log, Fault> {
        let limit = asked.limit.unwrap_or(ROWS);
        // Above what the database can hold there is nothing to find.
        let before = asked.before.map(|before| before.min(self.as_of.size));
        let page = self
            .node
            .views()
            .log(LogName::Public, before, limit)
            .map_err(internal)?;
        Ok(Log {
            as_of: self.as_of.clone(),
            succession: self.succession(),
            total: page.total,
            entries: page
                .rows
                .iter()
                .map(|it| self.entry(it))
                .collect::<Result<_, _>>()?,
            next: page.next,
        })
    }

    /// From which log this one goes on, and which goes on in its place.
    pub(crate) fn succession(&self) -> Succession {
        let from = self.node.goes_on_from();
        let successor = self.node.successor();
        Succession {
            goes_on_from: from.map(|from| GoesOnFrom {
                log: from.origin,
                size: from.size,
            }),
            successor: successor.map(|successor| Successor {
                log: successor.origin,
                key: successor.key,
                sealed: successor.sealed,
            }),
        }
    }

    /// One entry of the public log, by index.
    pub(crate) fn entry_at(&self, index: u64) -> Result<Statement, Fault> {
        let missing = || Fault::NoEntry {
            id: index.to_string(),
        };
        if index >= self.as_of.size {
            return Err(missing());
        }
        let page = self
            .node
            .views()
            .log(LogName::Public, Some(index + 1), 1)
            .map_err(internal)?;
        let row = page
            .rows
            .first()
            .filter(|row| row.index == index)
            .ok_or_else(missing)?;
        self.statement(row)
    }

    /// One entry of the public log, by the id of its statement.
    pub(crate) fn entry_of(&self, id: &str) -> Result<Statement, Fault> {
        let missing = || Fault::NoEntry { id: id.to_owned() };
        let id: StatementId = id.parse().map_err(|_| missing())?;
        let row = self.node.views().entry(id).map_err(internal)?;
        let row = row
            .filter(|row| row.log == LogName::Public)
            .ok_or_else(missing)?;
        self.statement(&row)
    }

    /// The signed bytes of an entry of the public log.
    pub(crate) fn signed_bytes(&self, index: u64) -> Result<Vec<u8>, Fault> {
        let missing = || Fault::NoEntry {
            id: index.to_string(),
        };
        if index >= self.as_of.size {
            return Err(missing());
        }
        let mut entries = self
            .node
            .log(LogName::Public)
            .read(index..index + 1)
            .map_err(internal)?;
        entries.pop().ok_or_else(missing)
    }

    fn statement(&self, row: &EntryRow) -> Result<Statement, Fault> {
        let bytes = self.signed_bytes(row.index)?;
        let signed = ensign_trust::Statement::decode(bytes).map_err(internal)?;
        Ok(Statement {
            as_of: self.as_of.clone(),
            entry: self.entry(row)?,
            realm: signed.realm.to_string(),
            chain: signed.link.as_ref().map(|link| Link {
                log: link.log.to_string(),
                seq: link.seq,
                prev: link.prev.map(|prev| prev.to_string()),
            }),
            refs: signed
                .refs
                .iter()
                .map(|(role, id)| Reference {
                    role: role.to_string(),
                    statement: StatementId::from_bytes(*id).to_string(),
                })
                .collect(),
            body: signed.body.clone(),
            sealed: signed
                .sealed
                .iter()
                .map(|it| self.text(it))
                .collect::<Result<_, _>>()?,
        })
    }

    fn entry(&self, row: &EntryRow) -> Result<Entry, Fault> {
        Ok(Entry {
            index: row.index,
            id: row.statement.to_string(),
            kind: row.kind.to_string(),
            version: row.version,
            understood: row.understood,
            refusal: row.refusal.clone(),
            key_revoked: self.key_revoked(row),
            author: row.author.to_string(),
            author_name: self.name(row.author)?,
            key: row.key.to_string(),
            subject: row.subject.as_ref().map(Code::to_string),
            claimed: row.claimed,
            received: row.received,
            batch: row.batch,
            receipt: row.receipt,
            size: row.size,
        })
    }

    fn run(&self, run: &views::Run) -> Result<Run, Fault> {
        Ok(Run {
            run: run.run.to_string(),
            index: run.index,
            received: run.received,
            author: run.author.to_string(),
            author_name: self.name(run.author)?,
            source: run.source.to_string(),
            mapping: run.mapping,
            file: run.file.to_string(),
            from: run.from.to_string(),
            until: run.until.to_string(),
            columns: run.columns.iter().map(Code::to_string).collect(),
            rows: run.rows,
            added: run.added,
            changed: run.changed,
            absent: run.absent,
            unchanged: run.unchanged,
            rejected: run.rejected,
        })
    }

    fn field(&self, row: &views::FieldRow) -> Result<Field, Fault> {
        Ok(Field {
            field: row.field.to_string(),
            value: self.value(&row.value)?,
            statement: row.statement.to_string(),
        })
    }

    fn change(&self, change: &views::Change) -> Result<Change, Fault> {
        let value = |shown: &Option<Shown>| shown.as_ref().map(|it| self.value(it)).transpose();
        Ok(Change {
            kind: change.kind.as_str(),
            incident: change.record.to_string(),
            source_id: change.source_id.to_string(),
            date: change.date.to_string(),
            field: change.field.as_ref().map(Code::to_string),
            was: value(&change.was)?,
            now: value(&change.now)?,
            statement: change.statement.to_string(),
            index: change.index,
            received: change.received,
            run: change.run.map(|run| run.to_string()),
        })
    }

    fn value(&self, shown: &Shown) -> Result<Value, Fault> {
        Ok(Value {
            blank: shown.blank,
            coded: shown.coded.clone(),
            text: shown
                .text
                .map(|digest| self.text(digest.as_bytes()))
                .transpose()?,
        })
    }

    fn text(&self, digest: &[u8; 32]) -> Result<Text, Fault> {
        let opened = self.node.disclosed(digest).map_err(internal)?;
        Ok(Text {
            digest: Digest::from_bytes(*digest).to_string(),
            field: opened.as_ref().map(|it| it.field().to_string()),
            words: opened.map(|it| it.text().to_owned()),
        })
    }
}

/// Size of the public log that a page is true of: what the views have taken in. The log itself is
/// ahead of them while a batch is being projected.
pub(crate) fn log_size(node: &Node) -> Result<u64, Fault> {
    node.views().position(LogName::Public).map_err(internal)
}

/// How many signatures beside the log's own the newest checkpoint has. The node adds none that it
/// has not verified.
fn witnesses(node: &Node) -> Result<u64, Fault> {
    let Some(head) = node.log(LogName::Public).head().map_err(internal)? else {
        return Ok(0);
    };
    let key = node.log_key(LogName::Public);
    let checkpoint = SignedCheckpoint::open(&head.checkpoint, &key).map_err(internal)?;
    let signatures = &checkpoint.note().signatures;
    Ok(signatures.iter().filter(|it| !key.is_named_by(it)).count() as u64)
}

fn source_code(source: &str) -> Result<Code, Fault> {
    Code::new(source).map_err(|_| Fault::NoSource {
        source: source.to_owned(),
    })
}

impl From<&views::MonthTally> for Month {
    fn from(it: &views::MonthTally) -> Self {
        let tally = Tally {
            incidents: it.incidents,
            killed: it.killed,
            injured: it.injured,
        };
        Month {
            month: it.month.to_string(),
            tally,
        }
    }
}

impl From<&views::CountryTally> for CountryTally {
    fn from(it: &views::CountryTally) -> Self {
        let tally = Tally {
            incidents: it.incidents,
            killed: it.killed,
            injured: it.injured,
        };
        CountryTally {
            country: it.country.as_ref().map(Code::to_string),
            tally,
        }
    }
}

impl From<&views::CertaintyTally> for CertaintyTally {
    fn from(it: &views::CertaintyTally) -> Self {
        let tally = Tally {
            incidents: it.incidents,
            killed: it.killed,
            injured: it.injured,
        };
        CertaintyTally {
            certainty: it.certainty.as_ref().map(Code::to_string),
            tally,
        }
    }
}

impl From<&views::SourceSummary> for SourceSummary {
    fn from(it: &views::SourceSummary) -> Self {
        SourceSummary {
            source: it.source.to_string(),
            records: it.records,
            not_listed: it.not_listed,
            changes: ChangeCounts {
                added_late: it.changes.added_late,
                changed: it.changes.changed,
                absent: it.changes.absent,
                listed_again: it.changes.listed_again,
            },
        }
    }
}

impl From<&views::IncidentRow> for IncidentRow {
    fn from(it: &views::IncidentRow) -> Self {
        IncidentRow {
            id: it.record.to_string(),
            source: it.source.to_string(),
            source_id: it.source_id.to_string(),
            date: it.date.to_string(),
            country: it.country.as_ref().map(Code::to_string),
            certainty: it.certainty.as_ref().map(Code::to_string),
            attack_types: it.attack_types.iter().map(Code::to_string).collect(),
            killed: it.killed,
            injured: it.injured,
            listed: it.listed,
            added_late: it.added_late,
            changes: it.changes,
            first_received: it.first_received,
            last_received: it.last_received,
        }
    }
}
