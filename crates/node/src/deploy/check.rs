//! What others find of an emblem: asked as anybody asks, compared with what should be there.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use data_encoding::HEXLOWER;
use ensign_mark::discovery::{
    AnswerError, CWT_PATH, Found, Item, JWS_PATH, RecordType, Section, marks, read_document,
};
use ensign_mark::note::{NOT_UNPROTECTED, Note};
use ensign_mark::token::{Dialect, Reading, Token};
use ensign_mark::{DomainName, Kid};
use ensign_store::Entropy;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::web::fetch;
use super::{SetAnswer, judged};
use crate::dns::{Client, ClientError, Transport};
use crate::error::chain;

/// What a name server says of a name that lies in none of its zones (RFC 1035 section 4.1.1).
const REFUSED: u8 = 5;

/// What is to be looked at.
#[derive(Debug, Clone)]
pub struct Check<'a> {
    /// The name.
    pub name: &'a DomainName,
    /// Whom to ask, and for which type of record.
    pub client: Client,
    /// The web server whose well-known files are fetched too.
    pub web: Option<SocketAddr>,
    /// The tokens and keys that should be there; whatever is found counts if none.
    pub expected: Option<&'a [Item]>,
    /// The time judged, Unix seconds.
    pub at: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckAnswer {
    /// `deployed`, or `wrong` where anything is; where nothing should be there: `gone`, or `left`
    /// where something is found all the same.
    pub verdict: &'static str,
    /// The name.
    pub name: String,
    /// Who was asked.
    pub server: String,
    /// The time judged, Unix seconds.
    pub at: u64,
    /// Each question and what came back.
    pub questions: Vec<QuestionAnswer>,
    /// Tokens and keys: those that should be there, then others.
    pub items: Vec<ItemState>,
    /// Records that were passed over.
    pub ignored: Vec<IgnoredAnswer>,
    /// Each set that may be verified together.
    pub sets: Vec<FoundSet>,
    /// What none of this means.
    pub note: Note,
}

/// A question and what came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionAnswer {
    /// The type of record, or the path.
    pub question: String,
    /// `udp`, `tcp` or `http`.
    pub over: Option<&'static str>,
    /// Tokens and keys in Answer, or in the file.
    pub answer: usize,
    /// Tokens and keys in Additional.
    pub additional: usize,
    /// Why nothing could be read.
    pub error: Option<String>,
}

/// A token or a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemState {
    /// What it is.
    pub what: String,
    /// Where: `dns` or `web`.
    pub place: &'static str,
    /// What became of it.
    pub state: State,
}

/// What became of a token or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is not what should be there, nor ever was.
    Foreign,
    /// It is there.
    Found,
    /// It should be there.
    Missing,
    /// It is another emblem that stands, or a part of one: a set takes one emblem.
    Other,
    /// It is there for who asks for the type itself, and not beside an ordinary answer.
    OnlyAsked,
    /// It is an older one of a key that should sign; or it belongs to an emblem that ended.
    Stale,
}

/// What a log says of an emblem that should not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It stood and stands no more.
    Ended,
    /// It stands too.
    Stands,
}

/// A record that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IgnoredAnswer {
    /// Whose it is.
    pub owner: String,
    /// Its type.
    pub rtype: String,
    /// Why.
    pub why: String,
}

/// A set that may be verified together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundSet {
    /// How it is found without further evidence.
    #[serde(flatten)]
    pub found: SetAnswer,
    /// Whether its emblem marks the name that was asked for.
    pub marks: bool,
}

/// Why nothing could be looked at.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum CheckError {
    #[error(transparent)]
    Dns(#[from] ClientError),
    #[error("the web server {server} did not answer the request for {path}")]
    Web {
        server: SocketAddr,
        path: &'static str,
        #[source]
        source: std::io::Error,
    },
}

/// Looks at what others find. `known` says what a log says of an emblem, by the SHA-256 of its token in
/// hexadecimal.
///
/// # Errors
/// [`CheckError`], where a server does not answer at all.
pub fn check(
    asked: &Check<'_>,
    entropy: &dyn Entropy,
    known: &mut dyn FnMut(&str) -> Option<Known>,
) -> Result<CheckAnswer, CheckError> {
    let ihle = asked.client.ihle;
    let mut look = Look::default();
    let ordinary = look.dns(asked, RecordType::A, entropy)?;
    let direct = look.dns(asked, ihle, entropy)?;
    let texts = look.dns(asked, RecordType::TXT, entropy)?;
    look.compare(asked, &ordinary, &direct, &texts);
    look.sets(asked, [&ordinary, &direct, &texts]);
    if let Some(server) = asked.web {
        look.web(asked, server)?;
    }
    look.note_others(asked.expected, known);
    Ok(look.conclude(asked))
}

#[derive(Default)]
struct Look {
    questions: Vec<QuestionAnswer>,
    items: Vec<ItemState>,
    /// What was found without being expected, each once.
    others: Vec<(Item, &'static str)>,
    ignored: Vec<IgnoredAnswer>,
    sets: Vec<FoundSet>,
}

impl Look {
    /// Asks one question. What the server says instead of an answer is noted.
    fn dns(
        &mut self,
        asked: &Check<'_>,
        rtype: RecordType,
        entropy: &dyn Entropy,
    ) -> Result<Found, CheckError> {
        let mut noted = QuestionAnswer {
            question: rtype.to_string(),
            over: None,
            answer: 0,
            additional: 0,
            error: None,
        };
        let found = match asked.client.ask(asked.name, rtype, entropy) {
            Ok(told) => {
                noted.over = Some(match told.transport {
                    Transport::Tcp => "tcp",
                    Transport::Udp => "udp",
                });
                let count = |section| {
                    let items = told.found.items.iter();
                    items.filter(|it| it.section == section).count()
                };
                noted.error = told.found.alias.as_ref().map(ToString::to_string);
                noted.answer = count(Section::Answer);
                noted.additional = count(Section::Additional);
                told.found
            }
            Err(ClientError::Answer { source, .. }) => {
                // A name that has nothing may have gone with its zone.
                let may_be_gone = matches!(
                    source,
                    AnswerError::NoSuchName | AnswerError::Status(REFUSED)
                );
                if !(may_be_gone && asked.is_over()) {
                    noted.error = Some(source.to_string());
                }
                Found::default()
            }
            Err(error) => return Err(error.into()),
        };
        for ignored in &found.ignored {
            let ignored = IgnoredAnswer {
                owner: ignored.owner.clone(),
                rtype: ignored.rtype.to_string(),
                why: ignored.reason.to_string(),
            };
            if !self.ignored.contains(&ignored) {
                self.ignored.push(ignored);
            }
        }
        self.questions.push(noted);
        Ok(found)
    }

    /// Holds what was found against what should be there.
    fn compare(&mut self, asked: &Check<'_>, ordinary: &Found, direct: &Found, texts: &Found) {
        let beside = only(ordinary);
        let alone = [only(direct), only(texts)].concat();
        let expected = asked.expected.unwrap_or(&[]);
        for item in expected {
            let has = |found: &[Item]| found.iter().any(|it| it.is_same(item));
            let state = match item.dialect() {
                _ if has(&beside) => State::Found,
                Dialect::Jws if has(&alone) => State::Found,
                Dialect::Cwt if has(&alone) => State::OnlyAsked,
                _ => State::Missing,
            };
            self.note(item, "dns", state);
        }
        for item in beside.into_iter().chain(alone) {
            self.note_other(item, "dns", expected);
        }
    }

    /// Reads the well-known files of the name.
    fn web(&mut self, asked: &Check<'_>, server: SocketAddr) -> Result<(), CheckError> {
        let expected = asked.expected.unwrap_or(&[]);
        for (path, dialect) in [(CWT_PATH, Dialect::Cwt), (JWS_PATH, Dialect::Jws)] {
            let wanted: Vec<&Item> = expected
                .iter()
                .filter(|it| it.dialect() == dialect)
                .collect();
            let fetched = fetch(server, asked.name, path, asked.client.patience);
            let fetched = fetched.map_err(|source| CheckError::Web {
                server,
                path,
                source,
            })?;
            // A name has no file for a dialect of which it has nothing.
            let may_lack_it = dialect == Dialect::Jws || asked.is_over();
            if matches!(fetched.status, 404 | 410) && wanted.is_empty() && may_lack_it {
                continue;
            }
            let read = match fetched.status {
                200 => read_document(&fetched.body, dialect).map_err(|error| chain(&error)),
                other => Err(format!("the web server answers with the status {other}")),
            };
            let (found, error): (Vec<Item>, _) = match read {
                Ok(found) => (found.into_iter().map(|it| it.item).collect(), None),
                Err(error) => (Vec::new(), Some(error)),
            };
            for item in wanted {
                let state = match found.iter().any(|it| it.is_same(item)) {
                    true => State::Found,
                    false => State::Missing,
                };
                self.note(item, "web", state);
            }
            self.questions.push(QuestionAnswer {
                question: path.to_owned(),
                over: Some("http"),
                answer: found.len(),
                additional: 0,
                error,
            });
            for item in found {
                self.note_other(item, "web", expected);
            }
        }
        Ok(())
    }

    /// Verifies the sets that were found in DNS.
    fn sets(&mut self, asked: &Check<'_>, all: [&Found; 3]) {
        let mut together = Found::default();
        for item in all.iter().flat_map(|found| &found.items) {
            together.add(item.clone());
        }
        // Answers of one dialect do not become wrong by what stands there in another.
        for dialect in [Dialect::Cwt, Dialect::Jws] {
            let mut of_dialect = together.clone();
            of_dialect.items.retain(|it| it.item.dialect() == dialect);
            for set in of_dialect.sets() {
                let mut tokens = set.iter().filter_map(|it| it.token(Reading::Lenient)?.ok());
                let marked = tokens.any(|token| {
                    let emblem = token.emblem();
                    emblem.is_some_and(|emblem| marks(emblem, asked.name))
                });
                self.sets.push(FoundSet {
                    found: judged(set, asked.at),
                    marks: marked,
                });
            }
        }
    }

    fn note(&mut self, item: &Item, place: &'static str, state: State) {
        self.items.push(ItemState {
            what: item.label(),
            place,
            state,
        });
    }

    fn note_other(&mut self, item: Item, place: &'static str, expected: &[Item]) {
        let is_it = |(other, at): &(Item, _)| *at == place && other.is_same(&item);
        if !expected.iter().any(|it| it.is_same(&item)) && !self.others.iter().any(is_it) {
            self.others.push((item, place));
        }
    }

    /// Says of what was found beyond what should be there what it is: a part of an emblem that ended,
    /// or that stands too; an older token of a key that should sign; or foreign.
    fn note_others(
        &mut self,
        expected: Option<&[Item]>,
        known: &mut dyn FnMut(&str) -> Option<Known>,
    ) {
        let others = std::mem::take(&mut self.others);
        let signers: BTreeSet<Kid> = expected.unwrap_or(&[]).iter().filter_map(signer).collect();
        let mut known = |item: &Item| {
            let digest = HEXLOWER.encode(&Sha256::digest(item.bytes()));
            known(&digest).filter(|_| expected.is_some())
        };
        let tokens = others.iter().filter(|(item, _)| item.is_token());
        let emblems: Vec<_> = tokens
            .filter_map(|(it, _)| Some((it, known(it)?)))
            .collect();
        let under = |which: Known| {
            let emblems = emblems.iter().filter(|(_, known)| *known == which);
            keys_above(emblems.map(|(item, _)| *item), &others)
        };
        let (ended, stand) = (under(Known::Ended), under(Known::Stands));
        for (item, place) in &others {
            let known = emblems.iter().find(|(it, _)| *it == item);
            let state = match (known, signer(item).or_else(|| verifier(item))) {
                _ if expected.is_none() => State::Found,
                (Some((_, Known::Ended)), _) => State::Stale,
                (Some((_, Known::Stands)), _) => State::Other,
                (None, Some(kid)) if ended.contains(&kid) => State::Stale,
                (None, Some(kid)) if stand.contains(&kid) => State::Other,
                (None, Some(kid)) if item.is_token() && signers.contains(&kid) => State::Stale,
                _ => State::Foreign,
            };
            self.note(item, place, state);
        }
    }

    fn conclude(self, asked: &Check<'_>) -> CheckAnswer {
        let is_clean =
            self.ignored.is_empty() && self.questions.iter().all(|it| it.error.is_none());
        let is_right = is_clean
            && self.items.iter().all(|it| it.state == State::Found)
            && !self.sets.is_empty()
            && self
                .sets
                .iter()
                .all(|it| it.marks && it.found.rule.is_none());
        let verdict = match asked.is_over() {
            true if !self.items.is_empty() => "left",
            true if is_clean => "gone",
            false if is_right => "deployed",
            _ => "wrong",
        };
        CheckAnswer {
            verdict,
            name: asked.name.to_string(),
            server: asked.client.server.to_string(),
            at: asked.at,
            questions: self.questions,
            items: self.items,
            ignored: self.ignored,
            sets: self.sets,
            note: NOT_UNPROTECTED,
        }
    }
}

impl Check<'_> {
    /// Whether nothing should be there.
    fn is_over(&self) -> bool {
        self.expected.is_some_and(<[Item]>::is_empty)
    }
}

fn only(found: &Found) -> Vec<Item> {
    found.items.iter().map(|it| it.item.clone()).collect()
}

/// The keys that signed these emblems, and those that endorse them, as far as they are there.
fn keys_above<'a>(
    emblems: impl Iterator<Item = &'a Item>,
    found: &[(Item, &'static str)],
) -> BTreeSet<Kid> {
    let mut keys: BTreeSet<Kid> = emblems.filter_map(signer).collect();
    let tokens = found.iter().filter_map(|(item, _)| token(item));
    let endorsed = tokens.filter_map(|token| Some((token.endorsement()?.key, token.kid())));
    let endorsed: Vec<(Kid, Kid)> = endorsed.collect();
    loop {
        let above = endorsed.iter().filter(|(key, _)| keys.contains(key));
        let more: Vec<Kid> = above
            .map(|(_, by)| *by)
            .filter(|by| !keys.contains(by))
            .collect();
        if more.is_empty() {
            return keys;
        }
        keys.extend(more);
    }
}

fn token(item: &Item) -> Option<Token> {
    item.token(Reading::Lenient)?.ok()
}

/// The key that signed a token.
fn signer(item: &Item) -> Option<Kid> {
    Some(token(item)?.kid())
}

/// The key that a key is.
fn verifier(item: &Item) -> Option<Kid> {
    Some(item.key()?.ok()?.kid(item.dialect()))
}
