//! Tokens: words, texts and signs.
//!
//! A word is a run of letters, digits and `. _ : / # + - %`; what it is (a name, a duration, a date, a
//! citation) is for the parser to say. A word ends before `..`.

use crate::term::name::Text;
use crate::term::parse::Flaw;

/// A token and where it begins, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind<'a>,
    pub(crate) start: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenKind<'a> {
    End,
    Sign(&'static str),
    Text(Text),
    Word(&'a str),
}

/// Longer ones first: the first that fits is taken.
const SIGNS: [&str; 13] = [
    "..", ">=", "<=", "!=", ">", "<", "=", "{", "}", "(", ")", ",", ";",
];

/// Reads tokens one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str, at: usize) -> Self {
        Lexer { text, at }
    }

    /// The next token; [`TokenKind::End`] for ever after the last. An error says where it is.
    pub(crate) fn next(&mut self) -> Result<Token<'a>, (usize, Flaw)> {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t', '\r', '\n']);
        let start = self.text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            self.at = start;
            return Ok(Token {
                kind: TokenKind::End,
                start,
            });
        };
        if rest.starts_with("//") || rest.starts_with('#') || rest.starts_with("/*") {
            return Err((start, Flaw::Comment));
        }
        let (kind, length) = if first == '"' {
            let (text, length) = quoted(&rest[1..]).map_err(|flaw| (start, flaw))?;
            (TokenKind::Text(text), length + 1)
        } else if let Some(sign) = SIGNS
            .into_iter()
            .chain(["|"])
            .find(|it| rest.starts_with(it))
        {
            (TokenKind::Sign(sign), sign.len())
        } else {
            let length = word_length(rest);
            if length == 0 {
                return Err((start, Flaw::Character(first)));
            }
            (TokenKind::Word(&rest[..length]), length)
        };
        self.at = start + length;
        Ok(Token { kind, start })
    }
}

fn word_length(rest: &str) -> usize {
    let outside = |byte: u8| !byte.is_ascii_alphanumeric() && !b"._:/#+-%".contains(&byte);
    let end = rest.bytes().position(outside).unwrap_or(rest.len());
    rest[..end].find("..").unwrap_or(end)
}

/// What stands before the closing quote, and the number of bytes to behind it.
fn quoted(rest: &str) -> Result<(Text, usize), Flaw> {
    let mut text = String::new();
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                return Text::new(text)
                    .map(|text| (text, at + 1))
                    .map_err(Flaw::Text);
            }
            '\n' => break,
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                _ => return Err(Flaw::Escape),
            },
            other => text.push(other),
        }
    }
    Err(Flaw::Unclosed)
}
