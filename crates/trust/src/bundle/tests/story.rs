//! An invented public log in memory, signed statement by statement, and bundles of it.

use std::collections::BTreeMap;

use crate::anchor::Anchors;
use crate::bundle::{Bundle, Proven, StatedResult};
use crate::code::{Code, Coded};
use crate::disclosure::Disclosure;
use crate::id::{PartyId, RecordId};
use crate::key::SigningKey;
use crate::log::{
    Checkpoint, CosignatureSigner, Hash, LogSigner, NodeId, ProofError, SignedCheckpoint,
    consistency_proof, inclusion_proof, leaf_hash, merkle,
};
use crate::logbook::{Entry, Receipt};
use crate::party::{Act, Need};
use crate::realm::Realm;
use crate::statement::{Draft, Statement};

pub const RECEIVED: u64 = 1_790_000_000;
const SOURCE: &str = "harbour-survey";

/// Index of the receipt of the first batch: founding, opening, two mandates, receipt.
pub const FIRST_RECEIPT: u64 = 4;

/// A log and the keys of its one party.
pub struct Story {
    pub log: LogSigner,
    pub witness: Option<CosignatureSigner>,
    pub root: PartyId,
    pub entries: Vec<Statement>,
    pub realm: Realm,
    key: SigningKey,
    batch: u64,
}

/// What the author of the one kind of these stories must be that another crate owns.
pub fn need(draft: &Draft) -> Option<Need> {
    (draft.kind == "source.stated").then(|| Need::role_in("importer", draft, "source"))
}

pub fn draft(issuer: Option<PartyId>, realm: &Realm) -> Draft {
    Draft {
        issuer,
        subject: None,
        claimed: RECEIVED,
        unique: [0; 16],
        kind: Code::literal("test.said"),
        version: 1,
        realm: realm.clone(),
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    }
}

/// The id of record `n` of the invented source.
pub fn record(n: u64) -> Code {
    let id = RecordId::from_bytes(leaf_hash(&n.to_be_bytes()));
    Code::new(id.to_string()).unwrap()
}

/// The free text of record `n`.
pub fn note(n: u64) -> Disclosure {
    let salt = leaf_hash(format!("salt {n}").as_bytes());
    let text = format!("Clinic number {n} by the old harbour");
    Disclosure::new(salt, Code::literal("facility_other"), text)
}

impl Story {
    /// A log that its one party has opened, with mandates as operator and importer. All keys
    /// follow from `seed`.
    pub fn opened(seed: u8) -> Self {
        Self::opened_in(seed, Realm::Real, |opening| opening)
    }

    /// The same in a realm, with a change to the statement that opens the log.
    pub fn opened_in(seed: u8, realm: Realm, change: impl FnOnce(Entry) -> Entry) -> Self {
        let origin = "node.example.org/log";
        let key = SigningKey::from_seed(&[seed; 32]);
        let log = LogSigner::from_seed(origin, &[seed + 64; 32]).unwrap();
        let mut founding = draft(None, &realm);
        let nature = Code::literal("body");
        let public = key.public();
        Act::Founded {
            key: public,
            nature,
        }
        .write(&mut founding);
        let founding = founding.sign(&key).unwrap();
        let root = founding.id().into();
        let entries = vec![founding];
        let mut story = Story {
            log,
            witness: None,
            root,
            entries,
            realm,
            key,
            batch: 0,
        };

        let log_key = story.log.key().public_key().try_into().unwrap();
        let origin = Code::literal(origin);
        let mut opening = story.draft();
        change(Entry::Opened {
            origin,
            log_key,
            cosigner_key: [seed; 32],
        })
        .write(&mut opening);
        story.says(&opening);
        for (role, scope) in [
            ("operator", None),
            ("importer", Some(Code::literal(SOURCE))),
        ] {
            let (to, role) = (root, Code::literal(role));
            story.acts(&Act::MandateGranted {
                to,
                role,
                scope,
                from: None,
                until: None,
            });
        }
        story.receives();
        story
    }

    /// The same log with batches of `batch` records until it has at least `entries` entries, and a
    /// witness.
    pub fn of_records(seed: u8, batch: u64, entries: usize) -> Self {
        let mut story = Self::opened(seed);
        let witness = CosignatureSigner::from_seed("witness.example.org", &[seed + 128; 32]);
        story.witness = Some(witness.unwrap());
        let mut n = 0;
        while story.entries.len() < entries {
            for _ in 0..batch {
                story.states(n);
                n += 1;
            }
            story.receives();
        }
        story
    }

    /// A statement yet to be written, by the party.
    pub fn draft(&self) -> Draft {
        let mut draft = draft(Some(self.root), &self.realm);
        draft.unique[..8].copy_from_slice(&(self.entries.len() as u64).to_be_bytes());
        draft
    }

    /// What the source says about record `n`.
    pub fn stated(&self, n: u64) -> Draft {
        let mut stated = self.draft();
        stated.kind = Code::literal("source.stated");
        stated.subject = Some(record(n));
        let mut set = |name, value| stated.body.insert(Code::literal(name), value);
        set("source", Coded::Code(Code::literal(SOURCE)));
        set("killed", n.into());
        stated.sealed = vec![note(n).digest()];
        stated
    }

    pub fn states(&mut self, n: u64) -> u64 {
        let stated = self.stated(n);
        self.says(&stated)
    }

    pub fn acts(&mut self, act: &Act) -> u64 {
        let mut draft = self.draft();
        act.write(&mut draft);
        self.says(&draft)
    }

    pub fn says(&mut self, draft: &Draft) -> u64 {
        let statement = draft.sign(&self.key).unwrap();
        self.appends(statement)
    }

    /// Appends and gives the index.
    pub fn appends(&mut self, statement: Statement) -> u64 {
        self.entries.push(statement);
        self.entries.len() as u64 - 1
    }

    /// Ends the batch with its receipt and gives the receipt's index.
    pub fn receives(&mut self) -> u64 {
        let end = self.entries.len() as u64;
        let receipt = Receipt {
            first: self.batch,
            end,
            received: RECEIVED + end,
            beside: None,
        };
        self.batch = end + 1;
        let mut draft = self.draft();
        Entry::Received(receipt).write(&mut draft);
        self.says(&draft)
    }

    /// Begins the next batch at an index.
    pub fn batches_from(&mut self, index: u64) {
        self.batch = index;
    }

    /// The index of the receipt that covers an index.
    pub fn receipt_of(&self, index: u64) -> u64 {
        let is_receipt = |at: &u64| self.entries[*at as usize].kind == "log.received";
        (index..self.entries.len() as u64).find(is_receipt).unwrap()
    }

    /// The checkpoint of the whole log, cosigned where there is a witness.
    pub fn checkpoint(&self) -> SignedCheckpoint {
        let (size, root) = (self.entries.len() as u64, merkle::root_of(&self.leaves()));
        let checkpoint = Checkpoint::new(self.log.key().name(), size, root);
        let signed = SignedCheckpoint::sign(checkpoint, &self.log).unwrap();
        let cosign =
            |witness: &CosignatureSigner| witness.sign(&signed.note().text, RECEIVED + 60).unwrap();
        let lines: Vec<_> = self.witness.iter().map(cosign).collect();
        signed.with_signatures(lines).unwrap()
    }

    /// A bundle of these entries.
    pub fn bundle(&self, subject: Code, indexes: impl IntoIterator<Item = u64>) -> Bundle {
        let leaves = self.leaves();
        let proven = |index: u64| Proven {
            index,
            entry: self.entries[index as usize].entry().to_vec(),
            proof: prove(index, &leaves),
        };
        Bundle {
            subject,
            log: self.log.key().to_string(),
            cosigners: self
                .witness
                .iter()
                .map(|witness| witness.key().to_string())
                .collect(),
            checkpoint: self.checkpoint().to_bytes(),
            entries: indexes.into_iter().map(proven).collect(),
            disclosures: Vec::new(),
            size: None,
            result: None,
        }
    }

    /// A bundle of everything, about an obligation, with what is said to follow at a size.
    pub fn bundle_with_result(&self, subject: Code, size: u64) -> Bundle {
        let leaves = self.leaves();
        let has = leaves.len() as u64;
        let proof = consistency_proof(size, has, |node| {
            Ok::<_, ProofError>(hash_of(node, &leaves))
        });
        Bundle {
            size: (size < has).then_some(size),
            result: Some(StatedResult {
                at: -5,
                record: b"what follows".to_vec(),
                root: merkle::root_of(&leaves[..size as usize]),
                proof: proof.unwrap(),
            }),
            ..self.bundle(subject, 0..has)
        }
    }

    /// Where a record is stated.
    pub fn place_of(&self, record: &Code) -> u64 {
        let stated = |entry: &Statement| entry.subject.as_ref() == Some(record);
        self.entries.iter().position(stated).unwrap() as u64
    }

    /// The smallest bundle that proves record `n`, with its text.
    pub fn bundle_of(&self, n: u64) -> Bundle {
        let subject = record(n);
        let stated = self.place_of(&subject);
        let indexes = (0..=FIRST_RECEIPT).chain([stated, self.receipt_of(stated)]);
        let mut bundle = self.bundle(subject, indexes);
        bundle.disclosures = vec![note(n).encode()];
        bundle
    }

    /// The trust anchors of this log, which ask for the witness if there is one.
    pub fn anchors(&self) -> Anchors {
        let mut lines = vec![
            format!("realm {}", self.realm),
            format!("log {}", self.log.key()),
            format!("party {}", self.root),
        ];
        match &self.witness {
            Some(witness) => {
                lines.extend([
                    format!("witness w {}", witness.key()),
                    "quorum w".to_owned(),
                ]);
            }
            None => lines.push("quorum none".to_owned()),
        }
        lines.join("\n").parse().unwrap()
    }

    fn leaves(&self) -> Vec<Hash> {
        self.entries
            .iter()
            .map(|entry| leaf_hash(entry.entry()))
            .collect()
    }
}

fn prove(index: u64, leaves: &[Hash]) -> Vec<Hash> {
    let proof = inclusion_proof(index, leaves.len() as u64, |node| {
        Ok::<_, ProofError>(hash_of(node, leaves))
    });
    proof.unwrap()
}

fn hash_of(node: NodeId, leaves: &[Hash]) -> Hash {
    let (from, len) = ((node.index as usize) << node.level, 1 << node.level);
    merkle::root_of(&leaves[from..from + len])
}
