//! What a visitor gives to be verified: pasted text and uploaded files, each piece recognised by
//! what it is. Nothing of it is kept, and none of it is written to the program log.
//!
//! | piece | recognised by |
//! |---|---|
//! | token, JWS dialect | three parts of base64url with dots between them |
//! | token, CWT dialect; COSE_Key; bundle | their CBOR, as it is or as hexadecimal or base64 text |
//! | bundle on paper | `EMBLEM1:` |
//! | JWK; keys of logs; inclusion proofs | JSON |
//! | key, certificate chain, revocation list | PEM |
//! | trust policy | TOML, in a field of its own or in a file |

mod pieces;
#[cfg(test)]
mod tests;

use ensign_mark::bundle::{Bundle, BundleError};
use ensign_mark::commitment::{Added, Evidence};
use ensign_mark::key::EmblemKey;
use ensign_mark::paper;
use ensign_mark::policy::{Policy, PolicyError};
use ensign_mark::token::Reading;
use ensign_mark::verify::{TokenSet, TooMany, verify};
use thiserror::Error;

use crate::answer::emblem::{Judged, Passed, Verification};
use crate::given::pieces::{Piece, Text};

/// Most bytes of one request.
pub(crate) const MAX_GIVEN: usize = 1024 * 1024;
/// Most pieces of one request.
pub(crate) const MAX_PIECES: usize = 128;

/// Pieces that were recognised.
#[derive(Debug, Default)]
pub(crate) struct Given {
    tokens: Vec<Vec<u8>>,
    keys: Vec<EmblemKey>,
    evidence: Evidence,
    policy: Option<Policy>,
    passed: Vec<Passed>,
    pieces: usize,
}

/// Why what was given cannot be judged at all.
#[derive(Debug, Error)]
pub(crate) enum Error {
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
    /// Takes text that holds any number of pieces.
    pub(crate) fn add_text(&mut self, text: &str) -> Result<(), Error> {
        for piece in pieces::split(text) {
            self.add(None, &piece)?;
        }
        Ok(())
    }

    /// Takes a file, which is one piece.
    pub(crate) fn add_file(&mut self, name: &str, content: &[u8]) -> Result<(), Error> {
        match std::str::from_utf8(content) {
            Ok(text) if name.ends_with(".toml") => self.set_policy(text),
            Ok(text) => {
                for piece in pieces::split(text) {
                    self.add(Some(name), &piece)?;
                }
                Ok(())
            }
            Err(_) => self.add(Some(name), &Piece::of_bytes(content)),
        }
    }

    /// Takes the policy to judge by; an empty text is none.
    pub(crate) fn set_policy(&mut self, text: &str) -> Result<(), Error> {
        if !text.trim().is_empty() {
            self.policy = Some(Policy::from_toml(text).map_err(Error::Policy)?);
        }
        Ok(())
    }

    /// Whether no token was among it, and nothing that could have been one.
    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.passed.is_empty()
    }

    /// Verifies it at a time in Unix seconds.
    pub(crate) fn verify(&self, at: u64) -> Result<Verification, Error> {
        let policy = self.policy.clone().unwrap_or_default();
        let set = self.set()?;
        let judgement = verify(&set, &self.evidence, &policy, at);
        Ok(Verification::new(&Judged {
            set: &set,
            evidence: &self.evidence,
            policy: &policy,
            policy_given: self.policy.is_some(),
            judgement: &judgement,
            at,
            passed: &self.passed,
        }))
    }

    /// All of it in one file.
    pub(crate) fn bundle(&self) -> Result<Vec<u8>, Error> {
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

    fn add(&mut self, name: Option<&str>, piece: &Piece<'_>) -> Result<(), Error> {
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            return Err(Error::TooMany);
        }
        let refused = match piece {
            Piece::Token(bytes) => {
                self.tokens.push(bytes.to_vec());
                None
            }
            Piece::Key(bytes) => match EmblemKey::read(bytes) {
                Ok(key) => {
                    self.keys.push(key);
                    None
                }
                Err(why) => Some(told(&why)),
            },
            Piece::Evidence(bytes) => match self.evidence.add_file(bytes) {
                Ok(Added::Nothing) => Some(UNKNOWN.to_owned()),
                Ok(_) => None,
                Err(why) => Some(told(&why)),
            },
            Piece::Bundle(bytes) => match Bundle::decode(bytes) {
                Ok(bundle) => self.add_bundle(&bundle),
                Err(why) => Some(told(&why)),
            },
            Piece::Text(Text::Paper(text)) => match paper::read(text) {
                Ok(bundle) => self.add_bundle(&bundle),
                Err(why) => Some(told(&why)),
            },
            Piece::Text(Text::Policy(text)) => {
                self.set_policy(text)?;
                None
            }
            Piece::Unknown => Some(UNKNOWN.to_owned()),
        };
        if let Some(why) = refused {
            self.passed.push(Passed {
                piece: self.pieces,
                name: name.map(str::to_owned),
                why,
            });
        }
        Ok(())
    }

    fn add_bundle(&mut self, bundle: &Bundle) -> Option<String> {
        let tokens = bundle.tokens().iter();
        self.tokens.extend(tokens.map(|it| it.bytes().to_vec()));
        self.keys.extend_from_slice(bundle.keys());
        let added = self.evidence.extend(bundle.evidence());
        added.err().map(|why| told(&why))
    }
}

/// What is said of a piece that is nothing known.
const UNKNOWN: &str = "neither token, key, certificate, list nor bundle";

/// An error with its causes, in one line.
pub(crate) fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
