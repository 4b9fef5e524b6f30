//! Where one piece of pasted text ends and the next begins, and what each is.

use std::borrow::Cow;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

use crate::encoding::Flaw;
use crate::json::{self, Json};
use crate::paper;
use crate::token::{self, Dialect};

/// A piece, by what it seems to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A bundle, in CBOR.
    Bundle(Cow<'a, [u8]>),
    /// What a host publishes about itself: the file of a dialect, or its lines out of DNS.
    Deployed(Cow<'a, [u8]>, Dialect),
    /// Certificates, keys of logs, inclusion proofs, a revocation list.
    Evidence(Cow<'a, [u8]>),
    /// Which log entries a certificate has, as deployments keep it beside the certificate, which says
    /// the same itself.
    Entries,
    /// A key.
    Key(Cow<'a, [u8]>),
    /// A JWK Set (RFC 7517 section 5).
    Keys(Cow<'a, [u8]>),
    /// Something that only its text tells.
    Text(Text<'a>),
    /// A token.
    Token(Cow<'a, [u8]>),
    /// Nothing known.
    Unknown,
}

/// A piece that is text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Text<'a> {
    /// A bundle on paper.
    Paper(Cow<'a, str>),
    /// A trust policy.
    Policy(&'a str),
}

const PEM_END: &str = "-----END ";
const PEM_BEGIN: &str = "-----BEGIN ";
/// How the texts of a TXT record begin.
const DEPLOYED: &str = "adem-";
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// The pieces of a text, one after the other; where there are more than `most`, no more is read.
pub(super) fn split(text: &str, most: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}').trim();
    if is_policy(rest) {
        return vec![Piece::Text(Text::Policy(rest))];
    }
    while !rest.is_empty() && pieces.len() <= most {
        let taken = match rest {
            _ if rest.starts_with('[') && is_entries(&rest[..json_end(rest)]) => json_end(rest),
            _ if rest.starts_with('{') => json_end(rest),
            _ if rest.starts_with(PEM_BEGIN) => pem_end(rest),
            _ if rest.starts_with(DEPLOYED) => deployed_end(rest),
            _ => {
                let end = paragraph_end(rest);
                words(&rest[..end], most, &mut pieces);
                rest = rest[end..].trim_start();
                continue;
            }
        };
        let (piece, after) = rest.split_at(taken);
        pieces.push(match piece {
            _ if piece.starts_with('[') => Piece::Entries,
            _ if piece.starts_with('{') => json(piece),
            _ if piece.starts_with(DEPLOYED) => Piece::Deployed(bytes(piece), Dialect::Jws),
            _ if piece.starts_with("-----BEGIN PUBLIC KEY") => Piece::Key(bytes(piece)),
            _ if piece.contains("PRIVATE KEY") => Piece::Key(bytes(piece)),
            _ => Piece::Evidence(bytes(piece)),
        });
        rest = after.trim_start();
    }
    pieces
}

impl<'a> Piece<'a> {
    /// What bytes are by how they begin.
    pub(super) fn of_bytes(bytes: &'a [u8]) -> Self {
        Self::of_cbor(Cow::Borrowed(bytes))
    }

    fn of_cbor(bytes: Cow<'a, [u8]>) -> Self {
        match bytes.as_ref() {
            [0xd8, 0x3d, ..] | [0xd2, ..] => Piece::Token(bytes),
            // Of a token with another tag, or none at all, its reader says what is wrong.
            [first, ..] if matches!(first >> 5, 4 | 6) && token::is_signed_message(&bytes) => {
                Piece::Token(bytes)
            }
            [first, ..] if first >> 5 == 5 => Piece::Key(bytes),
            [0x84, first, ..] if first >> 5 == 3 => Piece::Bundle(bytes),
            [0x30, ..] => Piece::Evidence(bytes),
            // An array of byte strings, of more than 23 in the second form.
            [0x81..=0x97, first, ..] | [0x98, _, first, ..] if first >> 5 == 2 => {
                Piece::Deployed(bytes, Dialect::Cwt)
            }
            _ => Piece::Unknown,
        }
    }
}

/// A paragraph of words: each is a piece, or all together are one that was wrapped, as more than
/// `most` can only be.
fn words<'a>(paragraph: &'a str, most: usize, pieces: &mut Vec<Piece<'a>>) {
    let each = paragraph.split_ascii_whitespace();
    let each: Vec<_> = match each.clone().nth(most) {
        None => each.map(|it| word(Cow::Borrowed(it))).collect(),
        Some(_) => vec![Piece::Unknown],
    };
    let (mut known, unknown): (Vec<_>, Vec<_>) =
        each.into_iter().partition(|it| *it != Piece::Unknown);
    if !unknown.is_empty() {
        let joined = word(Cow::Owned(paragraph.split_ascii_whitespace().collect()));
        match joined {
            // Of words that mean nothing, one is told.
            Piece::Unknown => known.push(Piece::Unknown),
            joined => known = vec![joined],
        }
    }
    pieces.extend(known);
}

fn word(word: Cow<'_, str>) -> Piece<'_> {
    if word.starts_with(paper::PREFIX) {
        return Piece::Text(Text::Paper(word));
    }
    if word.starts_with("eyJ") && word.bytes().filter(|it| *it == b'.').count() == 2 {
        return Piece::Token(match word {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        });
    }
    let encodings = [
        HEXLOWER_PERMISSIVE,
        BASE64,
        BASE64_NOPAD,
        BASE64URL,
        BASE64URL_NOPAD,
    ];
    let decoded = encodings
        .iter()
        .filter_map(|it| it.decode(word.as_bytes()).ok());
    let mut read = decoded.map(|it| Piece::of_cbor(Cow::Owned(it)));
    let found = read.find(|it| *it != Piece::Unknown);
    found.unwrap_or(Piece::Unknown)
}

fn json(text: &str) -> Piece<'_> {
    let is_set = |text: &str| match json::read(text.as_bytes()) {
        Ok(Json::Object(members)) => members.get("keys").is_some(),
        _ => false,
    };
    let seems_set = || text.contains("\"keys\"") && text.contains("\"kty\"");
    match text.contains("\"kty\"") {
        _ if text.contains("\"keys\"") && is_set(text) => Piece::Keys(bytes(text)),
        _ if seems_set() && stands_twice(text) => Piece::Keys(bytes(text)),
        true => Piece::Key(bytes(text)),
        false => Piece::Evidence(bytes(text)),
    }
}

/// Whether it is a JSON array of entries of logs: each an id of a log, and a hash or an index.
fn is_entries(text: &str) -> bool {
    let Ok(Json::Array(entries)) = json::read(text.as_bytes()) else {
        return false;
    };
    let is_entry = |entry: &Json| {
        let has = |name| entry.as_object().is_some_and(|it| it.get(name).is_some());
        has("id") && (has("hash") || has("index"))
    };
    !entries.is_empty() && entries.iter().all(is_entry)
}

/// Whether it is no JSON only because of a name that stands twice, which whoever reads it is to tell.
fn stands_twice(text: &str) -> bool {
    json::read(text.as_bytes()).is_err_and(|why| why.flaw == Flaw::Twice)
}

fn bytes(text: &str) -> Cow<'_, [u8]> {
    Cow::Borrowed(text.as_bytes())
}

/// Whether a text is a policy: TOML whose first line that says something sets its version.
fn is_policy(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let value = line.strip_prefix("version").map(str::trim_start);
        value.is_some_and(|value| value.starts_with('='))
    })
}

/// Where the JSON object or array that begins here ends.
fn json_end(text: &str) -> usize {
    let (open, close) = match text.starts_with('[') {
        true => (b'[', b']'),
        false => (b'{', b'}'),
    };
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if byte == open && !in_string => depth += 1,
            _ if byte == close && !in_string => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Where the PEM block that begins here ends; certificates that follow each other are one chain.
fn pem_end(text: &str) -> usize {
    let end_of = |text: &str| {
        let end = text.find(PEM_END)? + PEM_END.len();
        Some(end + text[end..].find("-----")? + "-----".len())
    };
    let mut end = 0;
    loop {
        match end_of(&text[end..]) {
            Some(more) => end += more,
            None => return text.len(),
        }
        let after = text[end..].trim_start();
        if !(text.starts_with(CERTIFICATE) && after.starts_with(CERTIFICATE)) {
            return end;
        }
    }
}

/// Where the lines out of DNS that begin here end.
fn deployed_end(text: &str) -> usize {
    let lines = text.split_inclusive('\n');
    let own = lines.take_while(|line| line.starts_with(DEPLOYED));
    own.map(str::len).sum()
}

/// Where the words that begin here end: before an empty line, JSON or PEM.
fn paragraph_end(text: &str) -> usize {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let other = start.is_empty()
            || start.starts_with('{')
            || start.starts_with(PEM_BEGIN)
            || start.starts_with(DEPLOYED);
        if other && end > 0 {
            break;
        }
        end += line.len();
    }
    end
}
