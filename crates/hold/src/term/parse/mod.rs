//! The parser: hand-written recursive descent over one token of look-ahead.
//!
//! Its errors say where, what was found there and what was expected. Time and memory are linear in
//! the text, whose size is bounded, and so is the depth of nesting.

mod condition;
mod item;
mod lex;
mod place;
mod term;

use std::fmt;

use thiserror::Error;

use crate::term::ast::{Instrument, Setting, Variation};
use crate::term::duration::{Duration, NotADuration};
use crate::term::name::{NotAName, NotAText, Text};
use crate::term::word::Spelled;
use lex::{Lexer, Token, TokenKind};
pub use place::{Part, Place, Places};

/// Longest text, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Deepest nesting of parentheses and `not`.
pub const MAX_DEPTH: usize = 32;

/// Where in a text something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Why a text is not an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{at}: {flaw}")]
pub struct ParseError {
    /// Where.
    pub at: Position,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// What can be wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Flaw {
    /// A sign that the language does not have.
    #[error("found the character {0:?}, which has no meaning outside a text between quotes")]
    Character(char),
    /// A comment.
    #[error("there are no comments; `note \"...\"` keeps what is worth saying")]
    Comment,
    /// A date that there is not.
    #[error("found `{0}`, expected a date such as `2027-01-01`, in the years 1 to 9999")]
    Date(String),
    /// A duration that there is not.
    #[error("found `{found}`, expected a duration: {why}")]
    Duration {
        /// What stands there.
        found: String,
        /// Why it is none.
        why: NotADuration,
    },
    /// A backslash before something else than a quote or a backslash.
    #[error("in a text, `\\` stands before `\"` or `\\` only")]
    Escape,
    /// Something that every instrument has is not there.
    #[error("this instrument has no `{0}`, and every instrument has one")]
    Missing(&'static str),
    /// A word that cannot be a name.
    #[error("found `{found}`, expected {expected}: {why}")]
    Name {
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
        /// Why it cannot be the name.
        why: NotAName,
    },
    /// A number that there is not.
    #[error("found `{found}`, expected {expected}")]
    Number {
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A text that cannot stand in an instrument.
    #[error(transparent)]
    Text(#[from] NotAText),
    /// Parentheses or `not` inside each other too often.
    #[error("conditions nest more than {MAX_DEPTH} deep; give a part a name with `define`")]
    TooDeep,
    /// The text is too long.
    #[error("this text has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// A clause that may stand once.
    #[error("`{0}` stands here a second time")]
    Twice(&'static str),
    /// A text without its closing quote.
    #[error("the text that begins here has no closing `\"` on its line")]
    Unclosed,
    /// Something else than expected.
    #[error("found {found}, expected {expected}")]
    Unexpected {
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
    },
}

/// An instrument and where its parts stand in the text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The instrument.
    pub instrument: Instrument,
    /// Where its parts stand.
    pub places: Places,
}

/// Reads the text of one instrument.
pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    let mut parser = Parser::new(text)?;
    let instrument = parser.instrument()?;
    parser.end("nothing after the instrument's `}`")?;
    Ok(Parsed {
        instrument,
        places: parser.places,
    })
}

/// Reads what a reservation puts in the place of a duty, in its parentheses as after `varies`.
pub fn variation(text: &str) -> Result<Variation, ParseError> {
    let mut parser = Parser::new(text)?;
    let variation = parser.variation()?;
    parser.end("nothing after the closing `)`")?;
    Ok(variation)
}

/// Reads the value that a party sets for a parameter: a duration or a number.
pub fn setting(text: &str) -> Result<Setting, ParseError> {
    let mut parser = Parser::new(text)?;
    let setting = parser.setting()?;
    parser.end("nothing after the value")?;
    Ok(setting)
}

impl Position {
    /// The position of a byte of a text.
    pub(crate) fn of(text: &str, byte: usize) -> Self {
        let before = &text[..byte];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: 1 + before.bytes().filter(|byte| *byte == b'\n').count(),
            column: 1 + before[line_start..].chars().count(),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    next: Token<'a>,
    places: Places,
    depth: usize,
}

type Answer<T> = Result<T, ParseError>;

impl<'a> Parser<'a> {
    /// A parser at the first token of a text that is not too long.
    fn new(text: &'a str) -> Answer<Self> {
        let mut parser = Parser {
            text,
            lexer: Lexer::new(text, 0),
            next: Token {
                kind: TokenKind::End,
                start: 0,
            },
            places: Places::default(),
            depth: 0,
        };
        if text.len() > MAX_BYTES {
            return Err(parser.error(Flaw::TooLarge));
        }
        parser.advance()?;
        Ok(parser)
    }

    fn end(&self, expected: &str) -> Answer<()> {
        match self.next.kind {
            TokenKind::End => Ok(()),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Takes the next token, so that the one behind it is next.
    fn advance(&mut self) -> Answer<Token<'a>> {
        let following = self.lexer.next().map_err(|(at, flaw)| ParseError {
            at: Position::of(self.text, at),
            flaw,
        })?;
        Ok(std::mem::replace(&mut self.next, following))
    }

    /// An error at the next token.
    fn error(&self, flaw: Flaw) -> ParseError {
        self.error_at(self.next.start, flaw)
    }

    fn error_at(&self, start: usize, flaw: Flaw) -> ParseError {
        ParseError {
            at: Position::of(self.text, start),
            flaw,
        }
    }

    fn unexpected(&self, expected: impl Into<String>) -> ParseError {
        let found = match &self.next.kind {
            TokenKind::End => "the end of the text".to_owned(),
            TokenKind::Sign(sign) => format!("`{sign}`"),
            TokenKind::Text(_) => "a text between quotes".to_owned(),
            TokenKind::Word(word) => format!("`{}`", shortened(word)),
        };
        self.error(Flaw::Unexpected {
            found,
            expected: expected.into(),
        })
    }

    /// Whether this word or sign is next.
    fn is(&self, wanted: &str) -> bool {
        match self.next.kind {
            TokenKind::Word(word) => word == wanted,
            TokenKind::Sign(sign) => sign == wanted,
            _ => false,
        }
    }

    /// Takes a word or sign if it is next.
    fn took(&mut self, wanted: &str) -> Answer<bool> {
        let is = self.is(wanted);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    /// Takes a word or sign that must be next.
    fn expect(&mut self, wanted: &str) -> Answer<()> {
        if self.took(wanted)? {
            Ok(())
        } else {
            Err(self.unexpected(format!("`{wanted}`")))
        }
    }

    /// The next word, without taking it.
    fn peek(&self) -> Option<&'a str> {
        match self.next.kind {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    fn word(&mut self, expected: &'static str) -> Answer<&'a str> {
        let word = self.peek().ok_or_else(|| self.unexpected(expected))?;
        self.advance()?;
        Ok(word)
    }

    /// Reads a name; `expected` says of what, with its article.
    fn name<T>(
        &mut self,
        expected: &'static str,
        read: impl Fn(&str) -> Result<T, NotAName>,
    ) -> Answer<T> {
        let start = self.next.start;
        let word = self.word(expected)?;
        read(word).map_err(|why| {
            self.error_at(
                start,
                Flaw::Name {
                    found: shortened(word),
                    expected,
                    why,
                },
            )
        })
    }

    /// Reads a member of a closed set.
    fn one_of<T: Spelled>(&mut self) -> Answer<T> {
        let found = match self.next.kind {
            TokenKind::Word(word) | TokenKind::Sign(word) => T::from_word(word),
            _ => None,
        };
        let member = found.ok_or_else(|| {
            let words: Vec<_> = T::ALL.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.unexpected(format!("{}: one of {}", T::WHAT, words.join(", ")))
        })?;
        self.advance()?;
        Ok(member)
    }

    fn prose(&mut self) -> Answer<Text> {
        match &self.next.kind {
            TokenKind::Text(text) => {
                let text = text.clone();
                self.advance()?;
                Ok(text)
            }
            _ => Err(self.unexpected("a text between quotes")),
        }
    }

    fn duration(&mut self) -> Answer<Duration> {
        let start = self.next.start;
        let word = self.word("a duration such as `PT24H`, `P30D` or `P1M`")?;
        let found = shortened(word);
        let flaw = |why| self.error_at(start, Flaw::Duration { found, why });
        word.parse().map_err(flaw)
    }
}

/// At most 60 characters of a word.
fn shortened(word: &str) -> String {
    if word.len() <= 60 {
        word.to_owned()
    } else {
        format!("{}...", &word[..57])
    }
}
