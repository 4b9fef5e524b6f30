//! Where the parts of an instrument stand in its text.

use std::collections::BTreeMap;

use crate::term::parse::Position;
use crate::term::parse::lex::{Lexer, TokenKind};

/// A part of an instrument. Numbers count the items of a kind from 0, as in the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The whole.
    Instrument,
    /// `in_force`.
    InForce,
    /// `review`.
    Review,
    /// A `source`.
    Source(usize),
    /// A `calendar`.
    Calendar(usize),
    /// A `param`.
    Param(usize),
    /// A `define`.
    Definition(usize),
    /// A `kind`.
    Kind(usize),
    /// An `indicator`.
    Indicator(usize),
    /// A part of a term.
    Term(usize, Part),
    /// A ladder.
    Ladder(usize),
    /// A rung of a ladder.
    Rung(usize, usize),
}

/// A part of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The word `term`, and with it the whole.
    Whole,
    /// `text`.
    Text,
    /// `class`.
    Class,
    /// `owes`, `may` or `forbid`.
    Parties,
    /// `when`.
    When,
    /// The duty.
    Duty,
    /// `calendar`.
    Calendar,
    /// `grace`.
    Grace,
    /// An `except`, from 0.
    Exception(usize),
    /// A `suspended_by`, from 0.
    Suspension(usize),
    /// `on_breach`.
    OnBreach,
    /// `remedy_within`.
    Remedy,
}

/// Where each part of an instrument begins in its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    starts: BTreeMap<Place, usize>,
}

impl Places {
    pub(crate) fn mark(&mut self, place: Place, start: usize) {
        self.starts.insert(place, start);
    }

    /// Where a part begins in the text that the places are of; a part that is not there is where the
    /// term or the instrument begins.
    pub fn position(&self, text: &str, place: Place) -> Position {
        Position::of(text, self.start(text, place))
    }

    /// Where a word first stands in a part; where the part begins if it has no such word.
    pub fn position_of(&self, text: &str, place: Place, word: &str) -> Position {
        let start = self.start(text, place);
        let mut lexer = Lexer::new(text, start);
        while let Ok(token) = lexer.next() {
            match token.kind {
                TokenKind::End => break,
                TokenKind::Word(found) if contains(found, word) => {
                    return Position::of(text, token.start);
                }
                _ => {}
            }
        }
        Position::of(text, start)
    }

    fn start(&self, text: &str, place: Place) -> usize {
        let whole = match place {
            Place::Term(term, _) => Place::Term(term, Part::Whole),
            _ => Place::Instrument,
        };
        let start = self.starts.get(&place).or_else(|| self.starts.get(&whole));
        let start = start.copied().unwrap_or_default();
        if text.is_char_boundary(start) {
            start
        } else {
            0
        }
    }
}

/// Whether a word is the one looked for, or that and a further part: an anchor or a citation.
fn contains(found: &str, word: &str) -> bool {
    let rest = found.strip_prefix(word);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '#']))
}
