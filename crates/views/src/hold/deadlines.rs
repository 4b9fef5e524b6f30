//! What lapses next: duties in the order in which their time runs out.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ensign_hold::InstrumentDigest;
use ensign_hold::evaluate::proof::Arg;
use ensign_hold::evaluate::{AsOf, Obligation, Status, Summary};
use ensign_trust::{ObligationId, PartyId};
use serde::{Serialize, Serializer};

use super::duty::{DutyRow, Settings, duty_row};
use super::row::{concerns, obligation_row};
use super::{ObligationRow, Order, Promises, Rank};
use crate::page::NotACursor;
use crate::{Error, MAX_PAGE, Views};

/// Which duties; a field that is absent lets all through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeadlineFilter {
    /// Of this text.
    pub text: Option<InstrumentDigest>,
    /// Owed by, or to, this party.
    pub party: Option<PartyId>,
    /// With this status.
    pub state: DeadlineState,
    /// Whose time may run out between these two seconds, both included.
    pub between: Option<[i64; 2]>,
}

/// Duties with which status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeadlineState {
    /// Those that something can still be done about: open, or with a remedy that is due.
    #[default]
    Open,
    /// All of them.
    All,
    /// Those with this one.
    Only(Status),
}

/// A text is no state of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a state is open, all or the code of a status")]
pub struct NotAState;

/// A duty in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadlineRow {
    /// The obligation.
    #[serde(flatten)]
    pub row: ObligationRow,
    /// The duty in parts.
    pub duty: DutyRow,
    /// What runs out; nothing where it has no end that is known.
    pub lapse: Option<Lapse>,
}

/// What runs out, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Lapse {
    /// The last second in time: the earliest and the latest that it can be.
    pub at: [i64; 2],
    /// `limit`, `grace` or `remedy`.
    pub ends: &'static str,
}

/// A place in the list, as `EARLIEST~LATEST~OBLIGATION`, both times empty where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineCursor {
    lapse: Option<[i64; 2]>,
    obligation: ObligationId,
}

/// A page of the list, and what the whole of it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadlines {
    /// The rows of this page.
    pub rows: Vec<DeadlineRow>,
    /// How many there are in all.
    pub total: u64,
    /// Where the next page begins; absent on the last one.
    pub next: Option<DeadlineCursor>,
    /// What each party owes and is owed of all these, by id.
    pub parties: Vec<PartyDue>,
}

/// What a party owes and is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PartyDue {
    /// The party.
    pub party: PartyId,
    /// Duties that it owes.
    pub owes: u64,
    /// Duties that are owed to it.
    pub owed: u64,
    /// When the first of those that it owes runs out: the earliest and the latest.
    pub next: Option<[i64; 2]>,
}

/// A row that has not been made yet. In the order of the list.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    has_no_lapse: bool,
    lapse: Option<[i64; 2]>,
    rank: Rank<'a>,
}

impl Views {
    /// Duties in the order in which their time runs out, those without such a time last.
    pub fn deadlines(
        &self,
        filter: &DeadlineFilter,
        as_of: AsOf,
        after: Option<DeadlineCursor>,
        limit: usize,
    ) -> Result<Deadlines, Error> {
        let promises = self.promises(as_of.index)?;
        let summaries = self.holds.summaries(as_of)?;
        let triggers = summaries.iter().map(|it| it.key.trigger);
        let order = Order::of(&promises, triggers, as_of);
        let mut found: Vec<(Place<'_>, Option<Lapse>, &Summary)> = Vec::new();
        for summary in summaries.iter().filter(|it| filter.may_let_through(it)) {
            let lapse = self.lapse(summary, as_of)?;
            if filter.is_within(lapse) {
                let place = Place::new(lapse.map(|lapse| lapse.at), order.rank(&summary.key));
                found.push((place, lapse, summary));
            }
        }
        found.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let total = found.len() as u64;
        let parties = parties(&found);
        let begin = after.map_or(0, |after| {
            let of_it = summaries.iter().find(|it| it.id == after.obligation);
            match of_it.map(|it| Place::new(after.lapse, order.rank(&it.key))) {
                Some(start) => found.partition_point(|(at, ..)| *at <= start),
                // Of what is no duty nobody knows where among its equals it stood: they come again.
                None => {
                    let start = (after.lapse.is_none(), after.lapse);
                    found.partition_point(|(at, ..)| (at.has_no_lapse, at.lapse) < start)
                }
            }
        });
        let end = found.len().min(begin + limit.min(MAX_PAGE));
        let next =
            found[begin..end]
                .last()
                .filter(|_| end < found.len())
                .map(|(place, _, summary)| DeadlineCursor {
                    lapse: place.lapse,
                    obligation: summary.id,
                });
        let rows = found[begin..end].iter();
        let rows =
            rows.filter_map(|(_, lapse, summary)| deadline_row(&promises, summary, *lapse, as_of));
        Ok(Deadlines {
            rows: rows.collect(),
            total,
            next,
            parties,
        })
    }

    /// The next second at which something may change while nothing is added.
    pub fn next_change(&self, as_of: AsOf) -> Result<Option<i64>, Error> {
        Ok(self.evaluation(as_of)?.next)
    }

    /// What of a duty runs out next, or ran out last. Where that is not the limit, its proof says it.
    pub(super) fn lapse(&self, summary: &Summary, as_of: AsOf) -> Result<Option<Lapse>, Error> {
        if matches!(summary.status, Status::InGrace | Status::RemedyDue) {
            let obligation = self.holds.obligation(&summary.key, as_of)?;
            return Ok(obligation.as_ref().and_then(Lapse::of));
        }
        Ok(summary.due.map(|due| Lapse {
            at: due.into(),
            ends: "limit",
        }))
    }

    /// The size of the public log up to which everything was received by a moment, as far as it
    /// says anything about promises, and no larger than `index`.
    pub fn known_by(&self, at: u64, index: u64) -> Result<u64, Error> {
        Ok(self.holds.known_by(at)?.map_or(index, |it| it.min(index)))
    }
}

/// A duty with what runs out; nothing where its text has no such term.
pub(super) fn deadline_row(
    promises: &Promises,
    summary: &Summary,
    lapse: Option<Lapse>,
    as_of: AsOf,
) -> Option<DeadlineRow> {
    let key = &summary.key;
    let text = promises.instruments.text(key.text)?;
    let accord = promises.instruments.accord();
    let settings = Settings::of(accord, text, Some(key.debtor), as_of.index);
    Some(DeadlineRow {
        row: obligation_row(text, summary),
        duty: duty_row(&key.term, &settings)?,
        lapse,
    })
}

impl Lapse {
    /// What of an obligation that is late or broken runs out next.
    fn of(obligation: &Obligation) -> Option<Self> {
        let step = |code: &str, name: &str| {
            let mut steps = obligation.proof.steps.iter().rev();
            match steps.find(|step| step.code == code)?.with.get(name)? {
                Arg::Time(when) => Some([when.lo, when.hi]),
                _ => None,
            }
        };
        if obligation.status == Status::RemedyDue {
            let at = step("remedy.judged", "due")?;
            let ends = "remedy";
            return Some(Lapse { at, ends });
        }
        let due = obligation.bounds.map(|bounds| bounds.due.into());
        Some(Lapse {
            at: step("deadline.computed", "last").or(due)?,
            ends: "grace",
        })
    }
}

impl DeadlineFilter {
    /// Whether a duty may be in the list, whenever its time runs out.
    fn may_let_through(&self, summary: &Summary) -> bool {
        let status = summary.status;
        self.text.is_none_or(|text| text == summary.key.text)
            && self.party.is_none_or(|party| concerns(summary, party))
            && match self.state {
                DeadlineState::Open => status.is_open() || status == Status::RemedyDue,
                DeadlineState::All => true,
                DeadlineState::Only(only) => status == only,
            }
    }

    fn is_within(&self, lapse: Option<Lapse>) -> bool {
        let meets =
            |[from, until]: [i64; 2]| lapse.is_some_and(|it| it.at[0] <= until && from <= it.at[1]);
        self.between.is_none_or(meets)
    }
}

impl<'a> Place<'a> {
    fn new(lapse: Option<[i64; 2]>, rank: Rank<'a>) -> Self {
        Place {
            has_no_lapse: lapse.is_none(),
            lapse,
            rank,
        }
    }
}

fn parties(found: &[(Place<'_>, Option<Lapse>, &Summary)]) -> Vec<PartyDue> {
    let mut parties: BTreeMap<PartyId, PartyDue> = BTreeMap::new();
    let nothing = |party| PartyDue {
        party,
        owes: 0,
        owed: 0,
        next: None,
    };
    for (place, _, summary) in found {
        let debtor = summary.key.debtor;
        let owes = parties.entry(debtor).or_insert_with(|| nothing(debtor));
        owes.owes += 1;
        owes.next = owes.next.or(place.lapse);
        for creditor in &summary.creditors {
            let owed = parties
                .entry(*creditor)
                .or_insert_with(|| nothing(*creditor));
            owed.owed += 1;
        }
    }
    parties.into_values().collect()
}

impl FromStr for DeadlineState {
    type Err = NotAState;

    fn from_str(text: &str) -> Result<Self, NotAState> {
        let status = Status::ALL.into_iter().find(|it| it.code() == text);
        match text {
            "open" => Ok(DeadlineState::Open),
            "all" => Ok(DeadlineState::All),
            _ => status.map(DeadlineState::Only).ok_or(NotAState),
        }
    }
}

impl fmt::Display for DeadlineState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DeadlineState::Open => "open",
            DeadlineState::All => "all",
            DeadlineState::Only(status) => status.code(),
        })
    }
}

impl FromStr for DeadlineCursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let wrong = NotACursor("EARLIEST~LATEST~OBLIGATION");
        let parts: Vec<&str> = text.split('~').collect();
        let [earliest, latest, obligation] = parts[..] else {
            return Err(wrong);
        };
        let second = |text: &str| text.parse::<i64>().map_err(|_| wrong);
        let lapse = match (earliest, latest) {
            ("", "") => None,
            (earliest, latest) => Some([second(earliest)?, second(latest)?]),
        };
        let obligation = obligation.parse().map_err(|_| wrong)?;
        Ok(DeadlineCursor { lapse, obligation })
    }
}

impl fmt::Display for DeadlineCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lapse {
            Some([earliest, latest]) => write!(f, "{earliest}~{latest}~{}", self.obligation),
            None => write!(f, "~~{}", self.obligation),
        }
    }
}

impl Serialize for DeadlineCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use ensign_hold::evaluate::ObligationKey;
    use ensign_hold::term::name::TermName;
    use ensign_trust::StatementId;

    use super::*;

    #[test]
    fn a_place_in_the_list_reads_back_and_nonsense_does_not() {
        let id = ObligationId::from_bytes([7; 32]);
        for text in [format!("-5~12~{id}"), format!("~~{id}")] {
            assert_eq!(text.parse::<DeadlineCursor>().unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "1~2",
            "1~2~x",
            &format!("1~~{id}"),
            &format!("a~b~{id}"),
        ] {
            assert!(wrong.parse::<DeadlineCursor>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_state_is_read_as_it_is_written() {
        for text in ["open", "all", "breached", "remedied_late"] {
            assert_eq!(text.parse::<DeadlineState>().unwrap().to_string(), text);
        }
        assert!("broken".parse::<DeadlineState>().is_err());
    }

    #[test]
    fn what_has_no_time_stands_last() {
        let key = ObligationKey {
            text: InstrumentDigest([0; 32]),
            term: TermName::new("ANSWER").unwrap(),
            debtor: PartyId::from_bytes([0; 32]),
            trigger: StatementId::from_bytes([0; 32]),
            nth: 0,
            after: Vec::new(),
            period: None,
            part: 0,
        };
        let order = Order::default();
        let at = |lapse| Place::new(lapse, order.rank(&key));
        let mut places = [at(None), at(Some([2, 2])), at(Some([1, 9]))];
        places.sort();
        assert_eq!(places[0].lapse, Some([1, 9]));
        assert_eq!(places[2].lapse, None);
    }
}
