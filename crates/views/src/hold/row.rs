//! Rows out of evaluations.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use ensign_hold::evaluate::accord::{Accord, Adoption, Reserved, Takeover, Text};
use ensign_hold::evaluate::matrix::{Binding, Cell};
use ensign_hold::evaluate::proof::Arg;
use ensign_hold::evaluate::record::{Head, StatusRecord};
use ensign_hold::evaluate::standing::Standing;
use ensign_hold::evaluate::{AsOf, Obligation, Status, Summary};
use ensign_hold::instrument::Publication;
use ensign_hold::term::ast::Term;
use ensign_hold::term::name::TermName;
use ensign_hold::{InstrumentDigest, term};
use ensign_trust::{PartyId, StatementId};

use super::duty::Settings;
use super::promise::promise_row;
use super::{
    CellRow, Coverage, InstrumentRow, MemberRow, ObligationPage, ObligationRow, Order, Promises,
    SetRow, Tally, heads,
};

/// For whom which text ends since a later one takes over.
type Takeovers = BTreeMap<(InstrumentDigest, PartyId), Takeover>;

pub(super) fn obligation_row(text: &Text, obligation: &Summary) -> ObligationRow {
    let key = &obligation.key;
    ObligationRow {
        obligation: obligation.id,
        text: key.text,
        instrument: text.instrument.name.to_string(),
        force: text.instrument.force.word(),
        term: key.term.to_string(),
        class: text
            .instrument
            .term(&key.term)
            .map_or("computable", |it| it.class.word()),
        debtor: key.debtor,
        creditors: obligation.creditors.clone(),
        trigger: key.trigger,
        triggered: obligation.triggered.into(),
        status: obligation.status.code(),
        possible: obligation.possible,
        standing: obligation.standing.code(),
        ruling: obligation.ruling.map(|ruling| ruling.code()),
        stopped: obligation.stopped.code(),
        due: obligation.due.map(Into::into),
    }
}

/// An obligation with its clause and its proof; nothing where its text is not there.
pub(super) fn obligation_page(
    promises: &Promises,
    summary: &Summary,
    obligation: &Obligation,
    head: Option<&Head>,
    as_of: AsOf,
) -> Option<ObligationPage> {
    let key = &obligation.key;
    let text = promises.instruments.text(key.text)?;
    let term = text.instrument.term(&key.term);
    let accord = promises.instruments.accord();
    let settings = Settings::of(accord, text, Some(key.debtor), as_of.index);
    let contests = promises.facts.all().iter().filter(|fact| {
        fact.kind == "contest"
            && fact.actor == key.debtor
            && fact.position < as_of.index
            && fact.cites.contains(&key.trigger)
    });
    let record = StatusRecord {
        obligation,
        as_of,
        heads: heads(head),
    };
    let mut uses: Vec<StatementId> = obligation.proof.uses.iter().copied().collect();
    let order = Order::of(promises, uses.iter().copied(), as_of);
    uses.sort_by_key(|id| (order.place(*id), *id));
    Some(ObligationPage {
        row: obligation_row(text, summary),
        at: as_of.t,
        index: as_of.index,
        promise: promise_row(text, &key.term, &settings)?,
        clause: clause(text, &key.term),
        source: term.and_then(source),
        verified: term
            .and_then(|term| term.text.as_ref())
            .is_some_and(|cited| cited.verified),
        record: record.to_json(),
        contests: contests
            .filter_map(|fact| fact.sources.first().copied())
            .collect(),
        uses,
    })
}

pub(super) fn instrument_row(
    publication: &Publication,
    text: &Text,
    accord: &Accord,
    takeovers: &Takeovers,
    as_of: AsOf,
) -> InstrumentRow {
    let instrument = &text.instrument;
    let is_bound = |it: &&MemberRow| it.from <= as_of.t && it.until.is_none_or(|end| as_of.t < end);
    InstrumentRow {
        text: text.digest,
        name: publication.name.to_string(),
        stated: publication.stated,
        supersedes: publication.supersedes,
        force: instrument.force.word(),
        from: instrument.in_force.from.to_string(),
        until: instrument.in_force.until.map(|date| date.to_string()),
        terms: instrument.terms.len(),
        parties: members(accord, takeovers, text.digest, as_of.index)
            .iter()
            .filter(is_bound)
            .count(),
    }
}

/// Who is or was bound by a text, as known at a size of the log, in the order in which they adopted it.
pub(super) fn members(
    accord: &Accord,
    takeovers: &Takeovers,
    text: InstrumentDigest,
    index: u64,
) -> Vec<MemberRow> {
    let known = accord.adoptions.iter();
    let mut known: Vec<&Adoption> = known
        .filter(|it| it.text == text && it.position < index)
        .collect();
    known.sort_by_key(|it| (it.party, it.position));
    let of_party = known.chunk_by(|a, b| a.party == b.party);
    let mut last: Vec<&Adoption> = of_party.filter_map(|all| all.last().copied()).collect();
    last.sort_by_key(|it| it.position);
    let row = |it: &Adoption| member(it, takeovers.get(&(text, it.party)));
    last.into_iter().map(row).collect()
}

fn member(adoption: &Adoption, takeover: Option<&Takeover>) -> MemberRow {
    let params = adoption.params.iter();
    let reservation = |(term, it): (&TermName, &Reserved)| {
        let instead = match it {
            Reserved::Excludes => "excluded".to_owned(),
            Reserved::Varies(variation) => variation.to_string(),
        };
        (term.to_string(), instead)
    };
    MemberRow {
        party: adoption.party,
        adoption: adoption.statement,
        roles: adoption.roles.iter().map(ToString::to_string).collect(),
        from: adoption.from,
        until: takeover.map_or(adoption.until, |it| Some(it.from)),
        taken_over_by: takeover.map(|it| it.by),
        params: params
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        reservations: adoption.reservations.iter().map(reservation).collect(),
    }
}

/// What debtors set otherwise than their texts propose, each looked up once.
pub(super) struct Departures<'a> {
    promises: &'a Promises,
    index: u64,
    found: BTreeMap<(InstrumentDigest, TermName, PartyId), Vec<SetRow>>,
}

impl<'a> Departures<'a> {
    pub(super) fn at(promises: &'a Promises, index: u64) -> Self {
        Departures {
            promises,
            index,
            found: BTreeMap::new(),
        }
    }

    fn of(&mut self, cell: &Cell) -> Vec<SetRow> {
        if !matches!(cell.binding, Binding::InForce | Binding::Varied) {
            return Vec::new();
        }
        let instruments = &self.promises.instruments;
        let look_up = || {
            let text = instruments.text(cell.text)?;
            let accord = instruments.accord();
            let settings = Settings::of(accord, text, Some(cell.debtor), self.index);
            Some(settings.otherwise(&cell.term))
        };
        let key = (cell.text, cell.term.clone(), cell.debtor);
        let found = self.found.entry(key);
        found
            .or_insert_with(|| look_up().unwrap_or_default())
            .clone()
    }
}

pub(super) fn cell_row(cell: Cell, departures: &mut Departures<'_>) -> CellRow {
    CellRow {
        set: departures.of(&cell),
        text: cell.text,
        term: cell.term.to_string(),
        debtor: cell.debtor,
        creditor: cell.creditor,
        binding: cell.binding.code(),
        because: cell.because,
        void: cell.void,
    }
}

impl Tally {
    /// One obligation, its samples not counted.
    pub(super) fn of(obligation: &Summary) -> Self {
        let status = obligation.status;
        let is = |holds: bool| u64::from(holds);
        let is_kept = status == Status::Met;
        let is_late = status == Status::Late;
        let is_released = matches!(status, Status::Excused | Status::Waived | Status::Lapsed);
        let is_decided =
            status.is_open() || status.is_breach() || is_kept || is_late || is_released;
        Tally {
            total: 1,
            open: is(status.is_open()),
            kept: is(is_kept),
            late: is(is_late),
            breached: is(status.is_breach()),
            remedied: is(matches!(status, Status::Remedied | Status::RemediedLate)),
            undetermined: is(!is_decided),
            released: is(is_released),
            contested: is(obligation.standing == Standing::Contested),
            coverage: Coverage::default(),
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.total += other.total;
        self.open += other.open;
        self.kept += other.kept;
        self.late += other.late;
        self.breached += other.breached;
        self.remedied += other.remedied;
        self.undetermined += other.undetermined;
        self.released += other.released;
        self.contested += other.contested;
        self.coverage.sampled += other.coverage.sampled;
        self.coverage.expected += other.coverage.expected;
    }
}

impl Coverage {
    /// What the proof of an obligation says of its samples.
    pub(super) fn of(obligation: &Obligation) -> Self {
        let mut coverage = Coverage::default();
        let windows = obligation.proof.steps.iter();
        for window in windows.filter(|step| step.code == "window.computed") {
            let number = |name: &str| match window.with.get(name) {
                Some(Arg::Number(number)) => u64::try_from(*number).unwrap_or(0),
                _ => 0,
            };
            coverage.sampled += number("sampled");
            coverage.expected += number("slots");
        }
        coverage
    }
}

/// One term as it is written in the one layout.
pub(super) fn clause(text: &Text, name: &TermName) -> String {
    let written = term::format(&text.instrument);
    let head = format!("  term {name} {{");
    let lines = written.lines().skip_while(|line| *line != head);
    let mut clause = String::new();
    for line in lines {
        clause.push_str(line.strip_prefix("  ").unwrap_or(line));
        clause.push('\n');
        if line == "  }" {
            break;
        }
    }
    clause
}

pub(super) fn source(term: &Term) -> Option<String> {
    let cited = term.text.as_ref()?;
    Some(match &cited.passage {
        Some(passage) => format!("{}#{passage}", cited.source),
        None => cited.source.to_string(),
    })
}

pub(super) fn concerns(obligation: &Summary, party: PartyId) -> bool {
    obligation.key.debtor == party || obligation.creditors.contains(&party)
}
