//! Reading promises: duties, the texts that bind, who is bound.

use std::collections::BTreeMap;

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::proof::{Arg, Step};
use ensign_hold::evaluate::record::ENGINE;
use ensign_hold::evaluate::{AsOf, Status};
use ensign_trust::{ObligationId, PartyId, StatementId};
use ensign_views as views;
use ensign_views::{CellFilter, DeadlineFilter, DutySort};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::Reader;
use crate::answer::promises::{
    Accord, AccordMember, AccordRow, Accords, CitedSource, Clause, Deadline, Deadlines, Duty,
    DutyBounds, DutyCalendar, DutyCounts, DutyJudged, Matrix, MatrixCell, NOTE, NamedParty,
    Obligation, OwnWord, PartyCounts, PartyDue, ProofStep, SetParam, Supposed, TermCounts,
    UnassignedTrigger, UsedStatement,
};
use crate::ask::promises::{CellsAsked, DeadlinesAsked};
use crate::ask::{ROWS, When};
use crate::fault::{Fault, internal, not_judged};

/// Most statements of a proof that an answer lists.
const MAX_USED: usize = 200;

impl Reader<'_> {
    /// Duties in the order in which their time runs out.
    pub(crate) fn deadlines(&self, asked: &DeadlinesAsked) -> Result<Deadlines, Fault> {
        let (judged, as_of) = self.duty_judged(&asked.when)?;
        let filter = DeadlineFilter {
            text: asked.text,
            party: asked.party,
            state: asked.state,
            between: asked.between(),
        };
        let limit = asked.limit.unwrap_or(ROWS);
        let views = self.node.views();
        let page = views.deadlines(&filter, as_of, asked.after, limit);
        let page = page.map_err(internal)?;
        let party = |it: &views::PartyDue| {
            Ok(PartyDue {
                party: self.named_party(it.party)?,
                owes: it.owes,
                owed: it.owed,
                next: it.next,
            })
        };
        Ok(Deadlines {
            total: page.total,
            parties: {
                let mut parties = all(&page.parties, party)?;
                parties.sort_by(|a, b| by_name(&a.party).cmp(&by_name(&b.party)));
                parties
            },
            deadlines: all(&page.rows, |it| self.deadline(it, as_of.t))?,
            next: page.next.map(|next| next.to_string()),
            judged,
        })
    }

    /// How one duty came to its status, as an answer and in the parts of which sentences are made.
    pub(crate) fn story(&self, id: &str, when: &When) -> Result<(Obligation, views::Story), Fault> {
        let missing = || Fault::NoObligation { id: id.to_owned() };
        let id: ObligationId = id.parse().map_err(|_| missing())?;
        let (judged, as_of) = self.duty_judged(when)?;
        let head = self.node.head_at(as_of.index).map_err(internal)?;
        let views = self.node.views();
        let story = views.story(id, Some(&head), as_of).map_err(internal)?;
        let Some(story) = story else {
            return Err(self.no_duty(id, as_of)?);
        };
        let page = &story.page;
        let used = page.uses.len() as u64;
        let listed: Vec<StatementId> = page.uses.iter().take(MAX_USED).copied().collect();
        let mut uses = all(&listed, |id| self.used(*id))?;
        uses.sort();
        let digest = Sha256::digest(page.record.as_bytes());
        let proof = format!(
            "/en/obligations/{}.ensign?at={}&index={}",
            page.row.obligation, as_of.t, as_of.index
        );
        let answer = Obligation {
            judged,
            row: self.deadline(&story.deadline, as_of.t)?,
            clause: page.clause.clone(),
            source: page.source.clone(),
            verified: page.verified,
            trigger_changes: self.trigger_changes(id, as_of)?,
            bounds: story.bounds.map(|bounds| DutyBounds {
                elapsed: bounds.elapsed,
                limit: bounds.limit,
                grace: bounds.grace,
            }),
            path: story.path.clone(),
            steps: story.steps.iter().map(step).collect(),
            missing: story.missing.iter().map(step).collect(),
            grade: story.grade.clone(),
            determined_by: self.named_parties(&story.determined_by)?,
            own_words: story.own_words.iter().map(own_word).collect(),
            more_own_words: story.more_own_words,
            supposed: all(&story.supposed, |it| self.supposed(it))?,
            uses,
            used,
            record: page.record.clone(),
            digest: data_encoding::HEXLOWER.encode(&digest),
            proof,
        };
        Ok((answer, story))
    }

    /// Texts, in the order of the log.
    pub(crate) fn accords(&self, when: &When) -> Result<Accords, Fault> {
        let (judged, as_of) = self.duty_judged(when)?;
        let rows = self.node.views().instruments(as_of).map_err(internal)?;
        Ok(Accords {
            judged,
            accords: all(&rows, |it| self.accord_row(it))?,
        })
    }

    /// A text by its digest, or by its name: the last one of that name.
    pub(crate) fn accord(&self, id: &str, when: &When) -> Result<Accord, Fault> {
        let missing = || self.fallen(id, Fault::NoAccord { id: id.to_owned() });
        let (judged, as_of) = self.duty_judged(when)?;
        let text = self.text_of(id, as_of)?;
        let views = self.node.views();
        let page = views.accord(text, as_of).map_err(internal)?;
        let page = page.ok_or_else(missing)?;
        let clauses = views.clauses(text, as_of).map_err(internal)?;
        let clauses = clauses.ok_or_else(missing)?;
        let mut by_term: BTreeMap<&str, DutyCounts> = BTreeMap::new();
        let mut by_party: BTreeMap<PartyId, DutyCounts> = BTreeMap::new();
        for row in &page.tallies {
            by_term.entry(&row.term).or_default().add(&row.tally);
            by_party.entry(row.debtor).or_default().add(&row.tally);
        }
        let of_term = clauses.terms.iter().filter_map(|term| {
            Some(TermCounts {
                term: term.name.clone(),
                class: term.class,
                counts: by_term.remove(term.name.as_str())?,
            })
        });
        let mut terms: Vec<TermCounts> = of_term.collect();
        // The convenor's duty to review the text is none of its terms.
        terms.extend(by_term.into_iter().map(|(term, counts)| TermCounts {
            term: term.to_owned(),
            class: "computable",
            counts,
        }));
        let mut parties = Vec::new();
        for (party, counts) in by_party {
            parties.push(PartyCounts {
                party: self.named_party(party)?,
                counts,
            });
        }
        // By name: nobody stands above another for what was kept.
        parties.sort_by(|a, b| by_name(&a.party).cmp(&by_name(&b.party)));
        let (adverse, adverse_by_status) = self.adverse(text, as_of)?;
        let (taken_back, taken_back_total) = self.taken_back(text, as_of)?;
        let mut counts = DutyCounts::default();
        counts.add(&page.tally);
        let unassigned = page.unassigned.iter();
        Ok(Accord {
            judged,
            row: self.accord_row(&page.row)?,
            versions: all(&clauses.versions, |it| self.accord_row(it))?,
            members: all(&page.members, |it| self.member(it))?,
            counts,
            by_term: terms,
            by_party: parties,
            measured: clauses.measured,
            adverse,
            adverse_total: adverse_by_status.iter().map(|it| it.total).sum(),
            adverse_by_status,
            taken_back,
            taken_back_total,
            without_effect: self.without_effect(&text.to_string(), as_of.index)?,
            unassigned: unassigned
                .map(|(term, trigger)| UnassignedTrigger {
                    term: term.clone(),
                    trigger: trigger.to_string(),
                })
                .collect(),
            preface: clauses.preface,
            clauses: clauses.terms.iter().map(clause).collect(),
            sources: clauses
                .sources
                .into_iter()
                .map(|it| CitedSource {
                    name: it.name,
                    location: it.location,
                    verified: it.verified,
                })
                .collect(),
            roles: clauses.roles,
            params: clauses.params.into_iter().collect(),
        })
    }

    /// What is in force between whom.
    pub(crate) fn matrix(&self, id: &str, asked: &CellsAsked) -> Result<Matrix, Fault> {
        let missing = || Fault::NoAccord { id: id.to_owned() };
        let (judged, as_of) = self.duty_judged(&asked.when)?;
        let text = self.text_of(id, as_of)?;
        let views = self.node.views();
        let known = views.instruments(as_of).map_err(internal)?;
        let known = known.into_iter().find(|it| it.text == text);
        let known = known.ok_or_else(missing)?;
        let filter = CellFilter {
            text: Some(text),
            term: asked.term.clone(),
            party: asked.party,
            changed: asked.changed,
        };
        let after = usize::try_from(asked.after.unwrap_or(0)).unwrap_or(usize::MAX);
        let limit = asked.limit.unwrap_or(ROWS);
        let page = views
            .cells(&filter, as_of, after, limit)
            .map_err(internal)?;
        Ok(Matrix {
            judged,
            text: text.to_string(),
            name: known.name,
            total: page.total,
            changed: page.changed,
            cells: all(&page.rows, |it| self.cell(it))?,
            next: page.next.map(|next| next as u64),
        })
    }

    /// What was last judged of which status something can still be done about: the first ones, and
    /// until when they are these while nothing is added.
    pub(crate) fn next_deadlines(
        &self,
        most: usize,
    ) -> Result<(Vec<Deadline>, Option<i64>), Fault> {
        let (_, as_of) = self.duty_judged(&When::default())?;
        let filter = DeadlineFilter::default();
        let page = self.node.views().deadlines(&filter, as_of, None, most);
        let page = page.map_err(internal)?;
        let timed = page.rows.iter().filter(|row| row.lapse.is_some());
        let rows = timed.map(|row| self.deadline(row, as_of.t));
        let changes = self.node.views().next_change(as_of).map_err(internal)?;
        Ok((rows.collect::<Result<_, _>>()?, changes))
    }

    /// A party by id and name.
    pub(crate) fn named_party(&self, party: PartyId) -> Result<NamedParty, Fault> {
        Ok(NamedParty {
            party: party.to_string(),
            name: self.name(party)?,
        })
    }

    /// Parties by name.
    fn named_parties(&self, parties: &[PartyId]) -> Result<Vec<NamedParty>, Fault> {
        let mut named = all(parties, |it| self.named_party(*it))?;
        named.sort_by(|a, b| by_name(a).cmp(&by_name(b)));
        Ok(named)
    }

    /// A statement and its place in the public log.
    pub(crate) fn used(&self, id: StatementId) -> Result<UsedStatement, Fault> {
        let entry = self.node.views().entry(id).map_err(internal)?;
        let public = ensign_trust::logbook::LogName::Public;
        let entry = entry.filter(|it| it.log == public);
        Ok(UsedStatement {
            index: entry.as_ref().map(|it| it.index),
            key_revoked_as_of: entry.and_then(|it| self.signed_with_revoked(&it)),
            statement: id.to_string(),
        })
    }

    pub(crate) fn duty_judged(&self, when: &When) -> Result<(DutyJudged, AsOf), Fault> {
        let at = when.at.unwrap_or_else(|| self.node.clock().now());
        let views = self.node.views();
        let t = i64::try_from(at).unwrap_or(i64::MAX);
        let mut as_of = views.judged_as_of(when.index, t).map_err(not_judged)?;
        if when.then {
            as_of.index = views.known_by(at, as_of.index).map_err(internal)?;
        }
        let judged = DutyJudged {
            as_of: self.as_of.clone(),
            at: as_of.t,
            index: as_of.index,
            known: if when.then { "then" } else { "now" },
            engine: ENGINE,
            note: NOTE,
        };
        Ok((judged, as_of))
    }

    pub(super) fn text_of(&self, id: &str, as_of: AsOf) -> Result<InstrumentDigest, Fault> {
        if let Ok(digest) = id.parse() {
            return Ok(digest);
        }
        let known = self.node.views().instruments(as_of).map_err(internal)?;
        let named = known.iter().rev().find(|row| row.name == id);
        let missing = || Fault::NoAccord { id: id.to_owned() };
        named.map(|row| row.text).ok_or_else(missing)
    }

    pub(super) fn deadline(&self, it: &views::DeadlineRow, t: i64) -> Result<Deadline, Fault> {
        let row = &it.row;
        Ok(Deadline {
            id: row.obligation.to_string(),
            text: row.text.to_string(),
            instrument: row.instrument.clone(),
            force: row.force,
            term: row.term.clone(),
            class: row.class,
            debtor: self.named_party(row.debtor)?,
            creditors: self.named_parties(&row.creditors)?,
            trigger: row.trigger.to_string(),
            triggered: row.triggered,
            status: row.status,
            possible: row.possible.iter().map(Status::code).collect(),
            standing: row.standing,
            ruling: row.ruling,
            stopped: row.stopped,
            due: row.due,
            lapses: it.lapse.map(|lapse| lapse.at),
            ends: it.lapse.map(|lapse| lapse.ends),
            left: it.lapse.map(|lapse| lapse.at[0].saturating_sub(t)),
            duty: duty(&it.duty),
        })
    }

    fn supposed(&self, it: &views::Supposition) -> Result<Supposed, Fault> {
        Ok(Supposed {
            case: it.case.code(),
            what: it.what.clone(),
            by: it.by.map(|by| self.named_party(by)).transpose()?,
            at: it.at,
            status: it.status,
            possible: it.possible.iter().map(Status::code).collect(),
            starts: it.starts.clone(),
        })
    }

    fn accord_row(&self, row: &views::InstrumentRow) -> Result<AccordRow, Fault> {
        Ok(AccordRow {
            text: row.text.to_string(),
            name: row.name.clone(),
            statement: row.stated.statement.to_string(),
            index: row.stated.index,
            received: row.stated.received,
            by: self.named_party(row.stated.by)?,
            supersedes: row.supersedes.map(|it| it.to_string()),
            force: row.force,
            from: row.from.clone(),
            until: row.until.clone(),
            terms: row.terms as u64,
            parties: row.parties as u64,
        })
    }

    fn member(&self, row: &views::MemberRow) -> Result<AccordMember, Fault> {
        Ok(AccordMember {
            party: self.named_party(row.party)?,
            adoption: self.used(row.adoption)?,
            roles: row.roles.clone(),
            from: row.from,
            until: row.until,
            taken_over_by: row.taken_over_by.map(|it| it.to_string()),
            params: row.params.iter().cloned().collect(),
            reservations: row.reservations.iter().cloned().collect(),
        })
    }

    fn cell(&self, row: &views::CellRow) -> Result<MatrixCell, Fault> {
        Ok(MatrixCell {
            term: row.term.clone(),
            debtor: self.named_party(row.debtor)?,
            creditor: row.creditor.map(|it| self.named_party(it)).transpose()?,
            binding: row.binding,
            because: all(&row.because, |it| self.used(*it))?,
            void: all(&row.void, |it| self.used(*it))?,
            set: row.set.iter().map(set_param).collect(),
        })
    }
}

impl DutyCounts {
    fn add(&mut self, tally: &views::Tally) {
        self.total += tally.total;
        self.open += tally.open;
        self.kept += tally.kept;
        self.late += tally.late;
        self.breached += tally.breached;
        self.remedied += tally.remedied;
        self.undetermined += tally.undetermined;
        self.released += tally.released;
        self.contested += tally.contested;
        self.sampled += tally.coverage.sampled;
        self.expected += tally.coverage.expected;
    }
}

fn set_param(row: &views::SetRow) -> SetParam {
    SetParam {
        name: row.name.clone(),
        value: row.value.clone(),
        proposed: row.proposed.clone(),
    }
}

/// Nobody stands above another but by name; ids decide between namesakes.
fn by_name(party: &NamedParty) -> (&Option<String>, &String) {
    (&party.name, &party.party)
}

/// A duty in parts.
pub(crate) fn duty(row: &views::DutyRow) -> Duty {
    let calendar = row.calendar.as_ref().map(|it| DutyCalendar {
        name: it.name.clone(),
        zone: it.zone.clone(),
        counting: it.counting.clone(),
    });
    let blank = Duty {
        modality: row.modality.clone(),
        debtor: row.debtor.clone(),
        creditor: row.creditor.clone(),
        sort: "declare",
        what: String::new(),
        side: None,
        span: None,
        anchor: None,
        aggregate: None,
        order: None,
        threshold: None,
        coverage: None,
        attributed_by: None,
        calendar,
    };
    match row.sort.clone() {
        DutySort::Declare { words } => Duty {
            what: words,
            ..blank
        },
        DutySort::Deliver {
            act,
            side,
            span,
            anchor,
        } => Duty {
            sort: "deliver",
            what: act,
            side: Some(side),
            span: Some(span),
            anchor: Some(anchor),
            ..blank
        },
        DutySort::Maintain {
            indicator,
            aggregate,
            window,
            order,
            threshold,
            coverage,
        } => Duty {
            sort: "maintain",
            what: indicator,
            span: Some(window),
            aggregate: Some(aggregate),
            order: Some(order),
            threshold: Some(threshold),
            coverage,
            ..blank
        },
        DutySort::Never {
            kind,
            attributed_by,
            ..
        } => Duty {
            sort: "never",
            what: kind,
            attributed_by,
            ..blank
        },
        DutySort::Perform { act, per } => Duty {
            sort: "perform",
            what: act,
            span: Some(per),
            ..blank
        },
    }
}

fn clause(row: &views::TermRow) -> Clause {
    Clause {
        name: row.name.clone(),
        class: row.class,
        duty: duty(&row.duty),
        clause: row.clause.clone(),
        source: row.source.clone(),
        verified: row.verified,
        unsuspendable: row.unsuspendable,
        non_reservable: row.non_reservable,
        variable: row.variable.clone(),
        on_breach: row.on_breach.clone(),
    }
}

pub(super) fn own_word(word: &views::OwnWord) -> OwnWord {
    OwnWord {
        statement: word.statement.to_string(),
        index: word.index,
        kind: word.kind.clone(),
        valid: word.valid,
        received: word.received,
        fields: word.fields.iter().cloned().collect(),
    }
}

fn step(step: &Step) -> ProofStep {
    let with = step.with.iter().map(|(name, arg)| (*name, value(arg)));
    ProofStep {
        code: step.code,
        with: with.collect(),
    }
}

fn value(arg: &Arg) -> Json {
    match arg {
        Arg::Code(code) => json!(code),
        Arg::Number(number) => json!(number),
        Arg::Party(party) => json!(party.to_string()),
        Arg::Range(range) => json!(range),
        Arg::Statement(id) => json!(id.to_string()),
        Arg::Statuses(possible) => possible.iter().map(|it| json!(it.code())).collect(),
        Arg::Time(when) => json!([when.lo, when.hi]),
    }
}

fn all<R, A>(rows: &[R], make: impl Fn(&R) -> Result<A, Fault>) -> Result<Vec<A>, Fault> {
    rows.iter().map(make).collect()
}
