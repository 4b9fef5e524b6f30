//! What people hold of an obligation. It is shown beside the status and never changes it.

use std::collections::BTreeSet;

use ensign_trust::{Code, PartyId};

use crate::evaluate::frame::{Frame, Seen, kinds};

/// What people hold of the allegation that a duty was not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nobody alleges anything.
    #[default]
    None,
    /// Somebody alleges it.
    Alleged,
    /// Somebody alleges it with evidence of this grade.
    Substantiated(Code),
    /// The debtor contests it.
    Contested,
    /// These bodies have found what was the case.
    Determined(Vec<PartyId>),
}

/// What a body made of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruling {
    /// It does not stand.
    Annulled,
    /// It stands.
    Upheld,
}

impl Standing {
    /// As a code.
    pub fn code(&self) -> &'static str {
        match self {
            Standing::None => "none",
            Standing::Alleged => "alleged",
            Standing::Substantiated(_) => "substantiated",
            Standing::Contested => "contested",
            Standing::Determined(_) => "determined",
        }
    }
}

impl Ruling {
    /// As a code.
    pub fn code(self) -> &'static str {
        match self {
            Ruling::Annulled => "annulled",
            Ruling::Upheld => "upheld",
        }
    }
}

/// The furthest that the allegation has come.
pub(crate) fn of(frame: &Frame<'_>) -> Standing {
    let bodies: BTreeSet<PartyId> = said(frame, &kinds::FINDING)
        .into_iter()
        .filter(|seen| seen.entry.code("term").is_some() && is_finder(frame, seen))
        .map(|seen| seen.entry.fact.actor)
        .collect();
    if !bodies.is_empty() {
        return Standing::Determined(bodies.into_iter().collect());
    }
    let allegations = said(frame, &kinds::ALLEGATION);
    if allegations.is_empty() {
        return Standing::None;
    }
    let contests = said(frame, &kinds::CONTEST);
    if contests
        .iter()
        .any(|seen| seen.entry.fact.actor == frame.debtor.party)
    {
        return Standing::Contested;
    }
    let mut graded = allegations.iter().rev();
    let grade = graded.find_map(|seen| seen.entry.fact.grade.clone());
    grade.map_or(Standing::Alleged, Standing::Substantiated)
}

/// The last ruling on the result.
pub(crate) fn ruling(frame: &Frame<'_>) -> Option<Ruling> {
    let rulings = said(frame, &kinds::RULING);
    let marked = rulings.iter().rev().filter(|seen| is_finder(frame, seen));
    marked
        .filter_map(|seen| match seen.entry.code("mark") {
            Some("annulled") => Some(Ruling::Annulled),
            Some("upheld") => Some(Ruling::Upheld),
            _ => None,
        })
        .next()
}

/// What was said of this kind about this obligation by the moment judged, in order.
fn said<'a>(frame: &Frame<'a>, kind: &Code) -> Vec<Seen<'a>> {
    let mut said = frame.citing(kind);
    said.retain(|seen| {
        let term = seen.entry.code("term");
        let is_about = term.is_none_or(|term| term == frame.term.name.as_str());
        is_about && frame.is_party(seen.entry) && frame.bench.has_come(seen.when.lo)
    });
    for seen in &said {
        frame.uses(seen.entry);
    }
    said
}

/// Whether the author is of a role whose holders find or decide something.
fn is_finder(frame: &Frame<'_>, seen: &Seen<'_>) -> bool {
    let mut finders = frame.adopted.finders.iter();
    finders.any(|role| frame.may_find(seen.entry, role))
}
