//! What somebody has at hand to verify an emblem: text and files, each piece recognised by what it
//! is. A page and the command line sort it in the same way, so they answer the same.
//!
//! | piece | recognised by |
//! |---|---|
//! | token, JWS dialect | three parts of base64url with dots between them |
//! | token, CWT dialect; COSE_Key; bundle | their CBOR, as it is or as hexadecimal or base64 text |
//! | bundle on paper | `EMBLEM1:` |
//! | what a host publishes about itself | a CBOR array of byte strings; lines that begin with `adem-` |
//! | JWK, JWK Set; keys of logs; inclusion proofs | JSON |
//! | key, certificate chain, revocation list | PEM |
//! | trust policy | TOML, given as one or in a file |
//!
//! What is nothing of these is passed over and told, never guessed at. Lists of log entries, which lie beside
//! certificates, say nothing that these do not: they are passed over and not told.

mod pieces;
#[cfg(test)]
mod tests;

use thiserror::Error;

use crate::bundle::{Bundle, BundleError};
use crate::caution::Caution;
use crate::commitment::{Added, Evidence};
use crate::discovery::{FoundItem, read_document};
use crate::key::{EmblemKey, KeyError};
use crate::paper;
use crate::policy::{Judgement, Policy, PolicyError, PolicyId};
use crate::token::Reading;
use crate::verify::{TokenSet, TooMany, VerifiedChains, verify_with};
use pieces::{Piece, Text};

/// Most pieces that are read.
pub const MAX_PIECES: usize = 128;

/// Pieces that were recognised.
#[derive(Debug, Clone, Default)]
pub struct Given {
    tokens: Vec<Vec<u8>>,
    keys: Vec<EmblemKey>,
    evidence: Evidence,
    policy: Option<Policy>,
    named: Vec<PolicyId>,
    passed: Vec<Passed>,
    pieces: usize,
}

/// On whose word a piece is taken, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The verifier's own evidence: all counts but tokens.
    Evidence,
    /// Found, perhaps on the street: a key of a log counts only where a policy names the log, and
    /// a policy not at all.
    Found,
    /// The verifier's own: all counts.
    Own,
}

/// Something that was given and not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Its number among all pieces, from 1.
    pub piece: usize,
    /// The name of its file.
    pub name: Option<String>,
    /// Message id of why it was not used.
    pub code: &'static str,
    /// Why it was not used, in words.
    pub why: String,
}

/// What lies among files and is none that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// A folder in a folder.
    Folder,
    /// A link that leads nowhere.
    Link,
    /// A pipe, a socket or a device.
    Special,
}

/// What was given, with what came of it.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// The tokens and keys, tokens in the order given.
    pub set: TokenSet,
    /// The evidence.
    pub evidence: &'a Evidence,
    /// The policy by which it was judged.
    pub policy: Policy,
    /// Whether that was given; else it is the one for those who give none.
    pub policy_given: bool,
    /// The policies by which the senders of the bundles among it say that they judged, each once.
    pub named: &'a [PolicyId],
    /// What came of it.
    pub judgement: Judgement,
    /// What a reader should know of what breaks no rule.
    pub cautions: Vec<Caution>,
    /// The time judged, in Unix seconds.
    pub at: u64,
    /// What was not used.
    pub passed: &'a [Passed],
}

/// Why what was given cannot be judged at all.
#[derive(Debug, Error)]
pub enum Error {
    /// No bundle can be made of it.
    #[error("no bundle can be made of what was given")]
    Bundle(#[source] BundleError),
    /// The policy cannot be read.
    #[error("the policy cannot be read")]
    Policy(#[source] PolicyError),
    /// More pieces, tokens or keys than any emblem needs.
    #[error("more than {MAX_PIECES} pieces, or more tokens or keys than any emblem needs")]
    TooMany,
}

impl Given {
    /// Takes the verifier's own text, which holds any number of pieces.
    ///
    /// # Errors
    /// [`Error::TooMany`], and [`Error::Policy`] where it is a policy that cannot be read.
    pub fn add_text(&mut self, text: &str) -> Result<(), Error> {
        self.add_pieces(Source::Own, None, text)
    }

    /// Takes a file: one piece where it is binary, any number where it is text.
    ///
    /// # Errors
    /// As [`add_text`](Self::add_text).
    pub fn add_file(
        &mut self,
        source: Source,
        name: Option<&str>,
        content: &[u8],
    ) -> Result<(), Error> {
        match std::str::from_utf8(content) {
            Ok(text) if name.is_some_and(|name| name.ends_with(".toml")) => {
                self.add(source, name, &Piece::Text(Text::Policy(text)))
            }
            Ok(text) => self.add_pieces(source, name, text),
            Err(_) => self.add(source, name, &Piece::of_bytes(content)),
        }
    }

    /// Takes the policy to judge by, in TOML; an empty text is none.
    ///
    /// # Errors
    /// [`Error::Policy`].
    pub fn read_policy(&mut self, text: &str) -> Result<(), Error> {
        if !text.trim().is_empty() {
            self.policy = Some(Policy::from_toml(text).map_err(Error::Policy)?);
        }
        Ok(())
    }

    /// Takes the policy to judge by.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = Some(policy);
    }

    /// Tells something that lies among the files and is not read.
    pub fn pass_over(&mut self, name: &str, what: Unread) {
        let code = match what {
            Unread::Folder => "emblem-passed-folder",
            Unread::Link => "emblem-passed-link",
            Unread::Special => "emblem-passed-special",
        };
        let why = match what {
            Unread::Folder => "a folder inside the folder: only the files of one folder are read",
            Unread::Link => "a link that leads nowhere",
            Unread::Special => "a pipe, socket or device: only files are read",
        };
        let why = why.to_owned();
        self.pass(Some(name), Refused { code, why });
    }

    /// Whether no token was among it, and nothing that could have been one.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.passed.is_empty()
    }

    /// Verifies it at a time in Unix seconds.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn judge(&self, at: u64) -> Result<Judged<'_>, Error> {
        self.judge_with(at, &mut VerifiedChains::none())
    }

    /// As [`judge`](Self::judge), with chains that were verified before.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn judge_with(&self, at: u64, chains: &mut VerifiedChains) -> Result<Judged<'_>, Error> {
        let policy = self.policy.clone().unwrap_or_default();
        let set = self.set()?;
        let judgement = verify_with(&set, &self.evidence, &policy, at, chains);
        let secrets = self.passed.iter().filter(|it| it.code == PRIVATE_KEY);
        let mut cautions: Vec<_> = secrets.map(Passed::caution).collect();
        cautions.extend(Caution::of_set(&set, &judgement.report, at));
        Ok(Judged {
            cautions,
            set,
            evidence: &self.evidence,
            policy,
            policy_given: self.policy.is_some(),
            named: &self.named,
            judgement,
            at,
            passed: &self.passed,
        })
    }

    /// All of it in one file.
    ///
    /// # Errors
    /// [`Error::Bundle`] where no token can be read or the file would be longer than is read, and
    /// [`Error::TooMany`].
    pub fn bundle(&self) -> Result<Vec<u8>, Error> {
        let set = self.set()?;
        let tokens = set.tokens().iter();
        let tokens = tokens.filter_map(|it| it.clone().ok()).collect();
        let policy = self.policy.as_ref().map(Policy::id);
        let bundle = Bundle::new(tokens, self.keys.clone(), self.evidence.clone(), policy);
        bundle.and_then(|it| it.encode()).map_err(Error::Bundle)
    }

    fn set(&self) -> Result<TokenSet, Error> {
        let tokens = self.tokens.iter().map(Vec::as_slice);
        let set = TokenSet::read(tokens, self.keys.clone(), Reading::Lenient);
        set.map_err(|TooMany| Error::TooMany)
    }

    fn add_pieces(&mut self, source: Source, name: Option<&str>, text: &str) -> Result<(), Error> {
        for piece in pieces::split(text, MAX_PIECES) {
            self.add(source, name, &piece)?;
        }
        Ok(())
    }

    fn add(&mut self, source: Source, name: Option<&str>, piece: &Piece<'_>) -> Result<(), Error> {
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            return Err(Error::TooMany);
        }
        let refused: Option<Refused> = match piece {
            Piece::Token(_) if source == Source::Evidence => Some(ONLY_EVIDENCE.into()),
            Piece::Token(bytes) => {
                self.tokens.push(bytes.to_vec());
                None
            }
            Piece::Key(bytes) => match EmblemKey::read(bytes) {
                Ok(key) => {
                    self.add_key(key);
                    None
                }
                Err(why) => Some(why.into()),
            },
            Piece::Keys(bytes) => match EmblemKey::read_set(bytes) {
                Ok(keys) if keys.is_empty() => Some(NO_KEYS.into()),
                Ok(keys) => {
                    for key in keys {
                        match key {
                            Ok(key) => self.add_key(key),
                            Err(why) => self.pass(name, why.into()),
                        }
                    }
                    None
                }
                Err(why) => Some(why.into()),
            },
            Piece::Deployed(_, _) if source == Source::Evidence => Some(ONLY_EVIDENCE.into()),
            Piece::Deployed(body, dialect) => match read_document(body, *dialect) {
                Ok(items) => self.add_items(&items),
                Err(why) => Some(Refused::of(&why)),
            },
            Piece::Evidence(bytes) => {
                let added = match source {
                    Source::Found => self.evidence.add_unvouched_file(bytes),
                    Source::Evidence | Source::Own => self.evidence.add_file(bytes),
                };
                match added {
                    Ok(Added::Nothing) => Some(UNKNOWN.into()),
                    Ok(_) => None,
                    Err(why) => Some(Refused::of(&why)),
                }
            }
            Piece::Bundle(bytes) => match Bundle::decode(bytes) {
                Ok(bundle) => self.add_bundle(source, &bundle),
                Err(why) => Some(Refused::of(&why)),
            },
            Piece::Text(Text::Paper(text)) => match paper::read(text) {
                Ok(bundle) => self.add_bundle(source, &bundle),
                Err(why) => Some(Refused::of(&why)),
            },
            Piece::Text(Text::Policy(_)) if source == Source::Found => Some(FOUND_POLICY.into()),
            Piece::Text(Text::Policy(text)) => {
                self.read_policy(text)?;
                None
            }
            Piece::Entries => None,
            Piece::Unknown => Some(UNKNOWN.into()),
        };
        if let Some(why) = refused {
            self.pass(name, why);
        }
        Ok(())
    }

    /// Tokens and keys that a host publishes about itself; why the last key that is not used is not.
    fn add_items(&mut self, items: &[FoundItem]) -> Option<Refused> {
        let mut refused = None;
        for found in items {
            match found.item.key() {
                None => self.tokens.push(found.item.bytes().to_vec()),
                Some(Ok(key)) => self.add_key(key),
                Some(Err(why)) => refused = Some(why.into()),
            }
        }
        refused
    }

    fn add_bundle(&mut self, source: Source, bundle: &Bundle) -> Option<Refused> {
        if source != Source::Evidence {
            let tokens = bundle.tokens().iter();
            self.tokens.extend(tokens.map(|it| it.bytes().to_vec()));
        }
        for key in bundle.keys() {
            self.add_key(key.clone());
        }
        let named = bundle.policy();
        self.named
            .extend(named.filter(|id| !self.named.contains(id)));
        let added = self.evidence.extend(bundle.evidence());
        added.err().map(|why| Refused::of(&why))
    }

    /// The same key from two files is one key.
    fn add_key(&mut self, key: EmblemKey) {
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }

    /// Tells a piece that is not used, and of a file in which many are so for the same reason one.
    fn pass(&mut self, name: Option<&str>, refused: Refused) {
        let Refused { code, why } = refused;
        let piece = self.pieces;
        let told = |last: &Passed| {
            last.name.as_deref() == name
                && last.why == why
                && (name.is_some() || last.piece == piece)
        };
        if self.passed.last().is_some_and(told) {
            return;
        }
        self.passed.push(Passed {
            piece,
            name: name.map(str::to_owned),
            code,
            why,
        });
    }
}

impl Passed {
    /// What there is to know of a private key that was given.
    fn caution(&self) -> Caution {
        let piece = || format!("piece {}", self.piece);
        Caution::PrivateKey {
            at: self.name.clone().unwrap_or_else(piece),
        }
    }
}

/// Why a piece is not used.
struct Refused {
    code: &'static str,
    why: String,
}

impl Refused {
    /// What is damaged, or not in its form.
    fn of(error: &dyn std::error::Error) -> Self {
        Refused {
            code: "emblem-passed-unreadable",
            why: told(error),
        }
    }
}

impl From<KeyError> for Refused {
    fn from(error: KeyError) -> Self {
        Refused {
            code: match error {
                KeyError::Private => PRIVATE_KEY,
                KeyError::Symmetric => "emblem-passed-shared-secret",
                KeyError::Twice { .. } => "emblem-passed-key-twice",
                _ => "emblem-passed-key",
            },
            why: told(&error),
        }
    }
}

impl From<(&'static str, &str)> for Refused {
    fn from((code, why): (&'static str, &str)) -> Self {
        let why = why.to_owned();
        Refused { code, why }
    }
}

/// An error with its causes, in one line.
pub fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Message id of a private key that was given.
const PRIVATE_KEY: &str = "emblem-passed-private-key";
/// What is said of a piece that is nothing known.
const UNKNOWN: (&str, &str) = (
    "emblem-passed-unknown",
    "neither token, key, certificate, list nor bundle",
);
/// What is said of a token among evidence.
const ONLY_EVIDENCE: (&str, &str) = (
    "emblem-passed-token",
    "a token, and only evidence was asked for here",
);
/// What is said of a policy that came with the tokens.
const FOUND_POLICY: (&str, &str) = (
    "emblem-passed-policy",
    "a trust policy counts only where the verifier gives it",
);
/// What is said of a set of keys that holds none.
const NO_KEYS: (&str, &str) = ("emblem-passed-no-keys", "a JWK Set without any key in it");
