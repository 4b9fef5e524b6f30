//! All that a log says about promises: what binds, what happened, what was recorded.

use ensign_hold::evaluate::{self, AsOf, Evaluation};
use ensign_hold::fact::Facts;
use ensign_hold::instrument::Instruments;
use ensign_hold::record::Records;
use ensign_hold::term::ast::Instrument;
use ensign_hold::term::check::kinds;
use ensign_hold::{fact, instrument, record};
use ensign_mark::{asset, authority, emblem};
use ensign_prove::source;
use ensign_trust::witnessed::Witnessed;
use ensign_trust::{Fact, Statement};

/// The kind of fact that an imported row states.
const IMPORTED: &str = "incident.reported";

/// All that a log says about promises, for every size of it.
#[derive(Debug, Clone, Default)]
pub struct Promises {
    /// Texts, and who is bound by them.
    pub instruments: Instruments,
    /// What happened, was measured and found: also what assets, emblems and imported rows state.
    pub facts: Facts,
    /// What parties computed.
    pub records: Records,
    /// Whether a text reads what imported rows state.
    reads_imports: bool,
    /// Whom the log asks for cosignatures.
    witnessed: Witnessed,
}

impl Promises {
    /// What statements that count amount to: each with its index and when it was received, in the
    /// order of the log.
    pub fn of<'a>(statements: impl IntoIterator<Item = (&'a Statement, u64, u64)>) -> Self {
        let each = statements.into_iter();
        each.fold(
            Promises::default(),
            |known, (statement, index, received)| known.apply(statement, index, received),
        )
    }

    /// What a statement that counts changes. Total.
    ///
    /// Imported rows are read from the index on at which a text that names their kind stands in the
    /// log: what was imported before can start nothing that anybody owes.
    #[must_use]
    pub fn apply(mut self, statement: &Statement, index: u64, received: u64) -> Self {
        if instrument::Act::read(statement).is_some() {
            let before = self.instruments.accord().texts.len();
            self.instruments = self.instruments.apply(statement, index, received);
            let texts = &self.instruments.accord().texts[before..];
            self.reads_imports |= texts.iter().any(|text| reads_imports(&text.instrument));
        } else if fact::Act::read(statement).is_some() {
            self.facts = self.facts.apply(statement, index, received);
        } else if record::Recorded::read(statement).is_some() {
            self.records = self.records.apply(statement, index, received);
        } else if let Some(fact) = self.witnessed.apply(statement, index, received) {
            self.facts.take(vec![fact]);
        } else if let Some(facts) = self.foreign(statement, index, received) {
            self.facts.take(facts);
        }
        self
    }

    /// Judges every obligation.
    pub fn evaluate(&self, as_of: AsOf) -> Evaluation {
        evaluate::evaluate(self.instruments.accord(), self.facts.all(), as_of)
    }

    /// Judges every obligation as if further facts were logged as well.
    pub fn what_if(&self, further: &[Fact], as_of: AsOf) -> Evaluation {
        let accord = self.instruments.accord();
        evaluate::what_if(accord, self.facts.all(), further, as_of)
    }

    /// Whether a statement is of concern here.
    pub(crate) fn concerns(&self, statement: &Statement) -> bool {
        instrument::Act::read(statement).is_some()
            || fact::Act::read(statement).is_some()
            || record::Recorded::read(statement).is_some()
            || is_about_marks(statement)
            || Witnessed::concerns(statement)
            || self.reads_imports && source::Act::read(statement).is_some()
    }

    /// The facts that a statement of another crate states, if they are read.
    fn foreign(&self, statement: &Statement, index: u64, received: u64) -> Option<Vec<Fact>> {
        if self.reads_imports && source::Act::read(statement).is_some() {
            return Some(source::facts(statement, index, received));
        }
        let of = [asset::facts, authority::facts, emblem::facts];
        let facts = of.map(|facts| facts(statement, index, received));
        is_about_marks(statement).then(|| facts.concat())
    }
}

fn is_about_marks(statement: &Statement) -> bool {
    asset::Act::read(statement).is_some()
        || authority::Act::read(statement).is_some()
        || emblem::Act::read(statement).is_some()
}

fn reads_imports(instrument: &Instrument) -> bool {
    kinds(instrument)
        .iter()
        .any(|kind| kind.as_str() == IMPORTED)
}
