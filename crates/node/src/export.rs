//! Exports: trust anchors, and bundles that prove a record to a stranger.

use std::collections::BTreeMap;

use data_encoding::{BASE64, HEXLOWER};
use ensign_trust::anchor::Anchors;
use ensign_trust::bundle::{self, Bundle, Proven, StatedResult};
use ensign_trust::code::Code;
use ensign_trust::log::merkle::{consistency_proof, inclusion_proof};
use ensign_trust::log::note::{Note, NoteSignature};
use ensign_trust::log::vkey::NoteKey;
use ensign_trust::logbook::{Entry, LogName};
use ensign_trust::{AssetId, Disclosure, ObligationId, Statement, StatementId, contradiction};
use ensign_views::ObligationProof;
use serde::Serialize;

use crate::append::{TreeFault, node_hash};
use crate::asset::asset_id;
use crate::error::Error;
use crate::instrument::Judged;
use crate::node::{Node, log_fault};
use crate::party::not_an_id;

/// Trust anchors of this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnchorsAnswer {
    /// The file.
    pub anchors: String,
    /// Fingerprint of the public log's key, to be compared over another channel.
    pub fingerprint: String,
}

/// A proof bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleAnswer {
    /// Id of what it is about.
    pub subject: Code,
    /// The file, in base64.
    pub bundle: String,
    /// Size of the log that it is asked about.
    pub size: u64,
    /// Statements in it.
    pub statements: usize,
}

/// A contradiction of a log in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContradictionAnswer {
    /// Origin of the log.
    pub subject: String,
    /// The key that signed both checkpoints, as vkey.
    pub log: String,
    /// The file, in base64.
    pub bundle: String,
}

/// A disclosure, where it may be shown.
type Opened = Result<Option<Disclosure>, Error>;

impl Node {
    /// What others need in order to believe this node's logs.
    pub fn trust_anchors(&self) -> Result<AnchorsAnswer, Error> {
        let log = self.log_key(LogName::Public);
        let anchors = Anchors {
            realm: self.realm.clone(),
            logs: vec![log.clone(), self.log_key(LogName::Closed)],
            parties: vec![self.operator],
            quorum: self.quorum()?,
        };
        let fingerprint = HEXLOWER.encode(&bundle::fingerprint(&log));
        let mut text = String::new();
        if let Some(from) = self.goes_on_from() {
            text += &format!(
                "# goes on from {}, sealed at size {}\n",
                from.origin, from.size
            );
        }
        if let Some(successor) = self.successor() {
            text += &format!("# sealed: {} goes on\n", successor.origin);
        }
        Ok(AnchorsAnswer {
            anchors: text + &anchors.to_string(),
            fingerprint,
        })
    }

    /// The contradiction of a log as a file that anybody can judge: by the statement that says so, or by
    /// the origin of a log in which this node's witness found one.
    pub fn export_contradiction(&self, of: &str) -> Result<ContradictionAnswer, Error> {
        let unknown = || Error::NotFound { id: of.to_owned() };
        let found = match of.parse::<StatementId>() {
            Ok(id) => {
                let statement = self.statement(id)?.ok_or_else(unknown)?;
                match Entry::read(&statement) {
                    Some(Ok(Entry::Contradicted(found))) => Some(*found),
                    _ => None,
                }
            }
            Err(_) => {
                let kept = match self.memory()? {
                    Some(memory) => memory.contradictions()?,
                    None => Vec::new(),
                };
                kept.into_iter().find(|found| found.log.name() == of)
            }
        };
        let found = found.ok_or_else(unknown)?;
        let file = contradiction::encode(&found).map_err(log_fault(LogName::Public))?;
        Ok(ContradictionAnswer {
            subject: found.log.name().to_owned(),
            log: found.log.to_string(),
            bundle: BASE64.encode(&file),
        })
    }

    /// A bundle about an incident, by our id of it or by its source's own.
    pub fn export_incident(&self, id: &str) -> Result<BundleAnswer, Error> {
        self.incident_bundle(id).map(BundleAnswer::of)
    }

    /// The bundle about an incident, with the size of the log.
    pub fn incident_bundle(&self, id: &str) -> Result<(Bundle, u64), Error> {
        let unknown = || Error::NotFound { id: id.to_owned() };
        let record = self.views.incident(id)?.ok_or_else(unknown)?.row.record;
        let entries = || Ok(self.views.proof_set(record)?);
        self.bundle(&record, &entries, &|digest| self.disclosed(digest))
    }

    /// A bundle about an asset, as of a size of the log where one is given. What is sealed is opened
    /// in it where it is public, and with `reveal` whatever this node can open: a file that is out
    /// cannot be recalled.
    pub fn export_asset(
        &self,
        id: &str,
        size: Option<u64>,
        reveal: bool,
    ) -> Result<BundleAnswer, Error> {
        let asset = asset_id(id)?;
        if !reveal {
            return self.asset_bundle(asset, size).map(BundleAnswer::of);
        }
        let bundle = self.bundle_of(asset, size, &|digest| self.disclosed_here(digest))?;
        self.note_act("asset.reveal")?;
        Ok(BundleAnswer::of(bundle))
    }

    /// The bundle about an asset with what is public, and the size of the log. It holds all that is
    /// known now; where a size is given it asks what the log of that size said.
    pub fn asset_bundle(&self, asset: AssetId, size: Option<u64>) -> Result<(Bundle, u64), Error> {
        self.bundle_of(asset, size, &|digest| self.disclosed(digest))
    }

    /// A bundle about an obligation: the statements that its result follows from, and the result.
    pub fn export_obligation(
        &self,
        obligation: &str,
        asked: Judged,
    ) -> Result<BundleAnswer, Error> {
        let bundle = self.obligation_bundle(obligation, asked)?;
        Ok(BundleAnswer::of(bundle))
    }

    /// The bundle about an obligation as of a moment and a size of the log, with that size.
    pub fn obligation_bundle(
        &self,
        obligation: &str,
        asked: Judged,
    ) -> Result<(Bundle, u64), Error> {
        let unknown = || Error::NotFound {
            id: obligation.to_owned(),
        };
        let id: ObligationId = obligation.parse().map_err(|_| not_an_id(obligation))?;
        let as_of = self.judged(asked)?;
        let head = self.head_at(as_of.index)?;
        let proved = self.views.obligation_proof(id, &head, as_of.t)?;
        let ObligationProof { record, indexes } = proved.ok_or_else(unknown)?;
        let least = indexes.last().map_or(0, |last| last + 1).max(head.size);
        let shown = self.shown(least)?;
        let log = self.log(LogName::Public);
        let proof = consistency_proof::<TreeFault>(head.size, shown.size, |node| {
            node_hash(log, shown.size, node)
        });
        let result = StatedResult {
            at: as_of.t,
            record,
            root: head.root,
            proof: proof.map_err(log_fault(LogName::Public))?,
        };
        let size = (head.size < shown.size).then_some(head.size);
        let opened = |digest: &[u8; 32]| self.disclosed(digest);
        let bundle = self.proven(&id, indexes, shown, &opened)?;
        let bundle = Bundle {
            size,
            result: Some(result),
            ..bundle
        };
        Ok((bundle, head.size))
    }

    fn bundle_of(
        &self,
        asset: AssetId,
        size: Option<u64>,
        opened: &dyn Fn(&[u8; 32]) -> Opened,
    ) -> Result<(Bundle, u64), Error> {
        let as_of = self.views.as_of(size, self.clock.now())?;
        let register = self.views.register();
        let known = register.assets.asset(asset);
        if known.and_then(|known| known.version(&as_of)).is_none() {
            let id = asset.to_string();
            return Err(Error::NotFound { id });
        }
        drop(register);
        let entries = || Ok(self.views.asset_proof_set(asset)?);
        let (bundle, proved) = self.bundle(&asset, &entries, opened)?;
        // A file speaks for no more than its checkpoint has.
        let size = size.filter(|size| *size < proved);
        Ok((Bundle { size, ..bundle }, size.unwrap_or(proved)))
    }

    fn bundle(
        &self,
        subject: &impl ToString,
        indexes: &dyn Fn() -> Result<Vec<u64>, Error>,
        opened: &dyn Fn(&[u8; 32]) -> Opened,
    ) -> Result<(Bundle, u64), Error> {
        let unknown = || Error::NotFound {
            id: subject.to_string(),
        };
        // The head is read before the indexes: whatever they name is below it or left out.
        let head = self.log(LogName::Public).head()?.ok_or_else(unknown)?;
        let mut indexes = indexes()?;
        indexes.retain(|index| *index < head.size);
        let last = indexes.last().ok_or_else(unknown)?;
        let shown = self.shown(last + 1)?;
        let size = shown.size;
        Ok((self.proven(subject, indexes, shown, opened)?, size))
    }

    /// A bundle of entries, each proved against a checkpoint.
    fn proven(
        &self,
        subject: &impl ToString,
        indexes: Vec<u64>,
        shown: Shown,
        opened: &dyn Fn(&[u8; 32]) -> Opened,
    ) -> Result<Bundle, Error> {
        let id = subject.to_string();
        let unknown = || Error::NotFound { id: id.clone() };
        let subject = Code::new(id.as_str()).map_err(|_| unknown())?;
        let log = self.log(LogName::Public);
        let mut entries = Vec::new();
        let mut disclosures = BTreeMap::new();
        for index in indexes {
            let entry = log.read(index..index + 1)?.pop().ok_or_else(unknown)?;
            let statement = Statement::decode(entry.as_slice()).map_err(Error::Statement)?;
            for digest in &statement.sealed {
                if let Some(disclosure) = opened(digest)? {
                    disclosures.insert(*digest, disclosure.encode());
                }
            }
            let proof = inclusion_proof::<TreeFault>(index, shown.size, |node| {
                node_hash(log, shown.size, node)
            });
            let proof = proof.map_err(log_fault(LogName::Public))?;
            entries.push(Proven {
                index,
                entry,
                proof,
            });
        }
        Ok(Bundle {
            subject,
            log: self.log_key(LogName::Public).to_string(),
            cosigners: shown.cosigners,
            checkpoint: shown.checkpoint,
            entries,
            disclosures: disclosures.into_values().collect(),
            size: None,
            result: None,
        })
    }

    /// A checkpoint of at least this size against which entries are proved: the last one that enough
    /// witnesses cosigned, where that is as large, else the head.
    fn shown(&self, least: u64) -> Result<Shown, Error> {
        if let Some(cosigned) = self.last_cosigned_note(LogName::Public)?
            && least <= cosigned.checkpoint().size
        {
            // Only lines whose keys the log names can be checked by whoever reads the file.
            let keys = self.quorum()?.keys();
            let own = self.log_key(LogName::Public);
            let lines = cosigned.note().signatures.iter();
            let known = |line: &&NoteSignature| {
                own.is_named_by(line) || keys.iter().any(|key| key.is_named_by(line))
            };
            let lines: Vec<_> = lines.filter(known).cloned().collect();
            let signed = |key: &&NoteKey| lines.iter().any(|line| key.is_named_by(line));
            let cosigners = keys.iter().filter(signed).map(NoteKey::to_string).collect();
            let note = Note::new(cosigned.note().text.as_str(), lines);
            let note = note.and_then(|note| note.to_bytes());
            return Ok(Shown {
                size: cosigned.checkpoint().size,
                checkpoint: note.map_err(log_fault(LogName::Public))?,
                cosigners,
            });
        }
        let head = self.log(LogName::Public).head()?;
        let head = head.ok_or_else(|| Error::NotFound {
            id: self.origin(LogName::Public).to_string(),
        })?;
        Ok(Shown {
            size: head.size,
            checkpoint: head.checkpoint,
            cosigners: Vec::new(),
        })
    }
}

/// What a bundle's entries are proved against.
struct Shown {
    size: u64,
    checkpoint: Vec<u8>,
    /// Keys of its cosigners, as vkeys.
    cosigners: Vec<String>,
}

impl BundleAnswer {
    fn of((bundle, size): (Bundle, u64)) -> Self {
        BundleAnswer {
            subject: bundle.subject.clone(),
            bundle: BASE64.encode(&bundle.encode()),
            size,
            statements: bundle.entries.len(),
        }
    }
}
