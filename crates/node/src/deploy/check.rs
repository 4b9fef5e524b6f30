//! What others find of an emblem: asked as anybody asks, compared with what should be there.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use ensign_mark::discovery::{
    CWT_PATH, Found, Item, JWS_PATH, RecordType, Section, marks, read_document,
};
use ensign_mark::token::{Dialect, Reading};
use ensign_mark::{DomainName, Kid};
use ensign_store::Entropy;
use serde::Serialize;

use super::web::fetch;
use super::{SetAnswer, judged};
use crate::dns::{Client, ClientError, Transport};
use crate::error::chain;

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
    /// `deployed`, or `wrong` where anything is.
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
    /// It is there for who asks for the type itself, and not beside an ordinary answer.
    OnlyAsked,
    /// It is an older one of a key that should sign.
    Stale,
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

/// Looks at what others find.
///
/// # Errors
/// [`CheckError`], where a server does not answer at all.
pub fn check(asked: &Check<'_>, entropy: &dyn Entropy) -> Result<CheckAnswer, CheckError> {
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
    Ok(look.conclude(asked))
}

#[derive(Default)]
struct Look {
    questions: Vec<QuestionAnswer>,
    items: Vec<ItemState>,
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
                noted.answer = count(Section::Answer);
                noted.additional = count(Section::Additional);
                told.found
            }
            Err(ClientError::Answer { source, .. }) => {
                noted.error = Some(source.to_string());
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
        for item in beside.iter().chain(&alone) {
            self.note_other(item, "dns", asked.expected);
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
            if fetched.status == 404 && wanted.is_empty() && dialect == Dialect::Jws {
                continue;
            }
            let read = match fetched.status {
                200 => read_document(&fetched.body, dialect).map_err(|error| chain(&error)),
                other => Err(format!("the web server answers with the status {other}")),
            };
            let (found, error) = match read {
                Ok(found) => (found.into_iter().map(|it| it.item).collect(), None),
                Err(error) => (Vec::new(), Some(error)),
            };
            for item in wanted {
                let state = match found.iter().any(|it: &Item| it.is_same(item)) {
                    true => State::Found,
                    false => State::Missing,
                };
                self.note(item, "web", state);
            }
            for item in &found {
                self.note_other(item, "web", asked.expected);
            }
            self.questions.push(QuestionAnswer {
                question: path.to_owned(),
                over: Some("http"),
                answer: found.len(),
                additional: 0,
                error,
            });
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

    /// Notes what was found without being expected, each once.
    fn note_other(&mut self, item: &Item, place: &'static str, expected: Option<&[Item]>) {
        let state = match expected {
            None => State::Found,
            Some(expected) if expected.iter().any(|it| it.is_same(item)) => return,
            Some(expected) if is_older(item, expected) => State::Stale,
            Some(_) => State::Foreign,
        };
        let what = item.label();
        let is_it = |it: &ItemState| it.what == what && it.place == place && it.state == state;
        if !self.items.iter().any(is_it) {
            self.note(item, place, state);
        }
    }

    fn conclude(self, asked: &Check<'_>) -> CheckAnswer {
        let is_right = self.ignored.is_empty()
            && self.questions.iter().all(|it| it.error.is_none())
            && self.items.iter().all(|it| it.state == State::Found)
            && !self.sets.is_empty()
            && self
                .sets
                .iter()
                .all(|it| it.marks && it.found.rule.is_none());
        CheckAnswer {
            verdict: if is_right { "deployed" } else { "wrong" },
            name: asked.name.to_string(),
            server: asked.client.server.to_string(),
            at: asked.at,
            questions: self.questions,
            items: self.items,
            ignored: self.ignored,
            sets: self.sets,
        }
    }
}

fn only(found: &Found) -> Vec<Item> {
    found.items.iter().map(|it| it.item.clone()).collect()
}

/// Whether a token is signed by a key that should sign, though it is not one that should be there.
fn is_older(item: &Item, expected: &[Item]) -> bool {
    let signer = |item: &Item| Some(item.token(Reading::Lenient)?.ok()?.kid());
    let signers: BTreeSet<Kid> = expected.iter().filter_map(signer).collect();
    signer(item).is_some_and(|kid| signers.contains(&kid))
}
