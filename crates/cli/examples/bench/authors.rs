//! Invented authors with keys of their own, who sign statements in their chains.

use anyhow::{Context as _, Result};
use ensign_node::Node;
use ensign_prove::source;
use ensign_share::{table, who_ssa};
use ensign_trust::chain::Head;
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::party::Act;
use ensign_trust::{Code, Draft, PartyId, Realm, Statement, StatementId};
use sha2::{Digest as _, Sha256};

use crate::export;
use crate::place::{REALM, SEED, Seeded, TIME};

/// How many authors there are.
const COUNT: u8 = 8;

/// Parties that the node knows and whose secret keys it does not have.
pub struct Authors {
    authors: Vec<Author>,
    origin: Code,
    realm: Realm,
    entropy: Seeded,
    signed: u64,
    hash: Sha256,
    run: Option<StatementId>,
}

struct Author {
    key: SigningKey,
    party: PartyId,
    last: Head,
}

impl Authors {
    /// Founds the so-many-th group of them in the public log of a node.
    pub fn found(node: &Node, group: u8) -> Result<Self> {
        let mut authors = Authors {
            authors: Vec::new(),
            origin: node.origin(LogName::Public),
            realm: REALM.parse()?,
            entropy: Seeded::new(SEED + 1 + u64::from(group)),
            signed: 0,
            hash: Sha256::new(),
            run: None,
        };
        for number in 1..=COUNT {
            let key = SigningKey::from_seed(&[group * COUNT + number; 32]);
            let mut draft = authors.draft(None);
            let nature = Code::literal("organisation");
            Act::Founded {
                key: key.public(),
                nature,
            }
            .write(&mut draft);
            draft.link = Some(Head::next(None, &authors.origin));
            let genesis = draft.sign(&key)?;
            let last = Head {
                seq: 0,
                id: genesis.id(),
            };
            let party = PartyId::from(genesis.id());
            node.append(LogName::Public, vec![genesis])?;
            authors.authors.push(Author { key, party, last });
        }
        Ok(authors)
    }

    /// Statements of about 500 bytes, of a kind that this software does not know: taken in, kept,
    /// proved, and projected as an entry alone.
    pub fn notes(&mut self, count: usize) -> Result<Vec<Statement>> {
        let field = |name: &'static str, value: &str| {
            Ok::<_, anyhow::Error>((Code::literal(name), Code::new(value)?.into()))
        };
        let note = |number: u64, draft: &mut Draft| -> Result<()> {
            draft.kind = Code::literal("bench.noted");
            draft.subject = Some(Code::new(format!("sub_{number:020}"))?);
            draft.body = [
                field("place", &format!("xa:district-{:03}", number % 211))?,
                field(
                    "state",
                    ["intact", "damaged", "closed"][number as usize % 3],
                )?,
                field(
                    "seen",
                    &format!("2026-{:02}-{:02}", 1 + number % 12, 1 + number % 28),
                )?,
                field("method", "visit.in-person")?,
                field("facility", &format!("facility-{:06}", number % 104_729))?,
            ]
            .into();
            Ok(())
        };
        (0..count).map(|at| self.sign(at, note)).collect()
    }

    /// Lets all of them state what a published file says, and states a run of it by the first.
    pub fn mandate(&mut self, node: &Node) -> Result<()> {
        for author in &self.authors {
            let to = author.party.to_string();
            node.grant_mandate(&to, "importer", Some(who_ssa::SOURCE), None, None)?;
        }
        let run = source::Run {
            source: Code::literal(who_ssa::SOURCE),
            mapping: who_ssa::MAPPING,
            file: [0; 32],
            from: Code::literal("2018-01-01"),
            until: Code::literal("2024-12-31"),
            columns: Vec::new(),
            counts: Default::default(),
        };
        let run = self.sign(0, |_, draft| {
            source::Act::Imported(run).write(draft);
            Ok(())
        })?;
        self.run = Some(node.append(LogName::Public, vec![run])?.ids[0]);
        Ok(())
    }

    /// Statements of records that nobody stated before, in their run: the costliest kind there is.
    pub fn records(&mut self, first: u64, count: u64) -> Result<Vec<Statement>> {
        let run = self.run.context("they have no mandate yet")?;
        let mut file = Vec::new();
        export::rows(&mut file, first..first + count)?;
        let encoding = table::sniff(file.as_slice())?;
        let rows = who_ssa::Reader::new(file.as_slice(), encoding)?;
        let mut all = Vec::new();
        for (at, row) in rows.enumerate() {
            let row = row?
                .ok()
                .context("a generated row was rejected")?
                .into_source_row();
            let statement = self.sign(at, |number, draft| {
                let mut salt = || Sha256::digest(number.to_be_bytes()).into();
                let (act, _) = source::state(row, None, run, &|_| None, &mut salt);
                act.write(draft);
                Ok(())
            })?;
            all.push(statement);
        }
        Ok(all)
    }

    /// How many statements they have signed since they were founded.
    pub fn signed(&self) -> u64 {
        self.signed
    }

    /// Digest of all that was signed so far.
    pub fn digest(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }

    fn sign(
        &mut self,
        at: usize,
        write: impl FnOnce(u64, &mut Draft) -> Result<()>,
    ) -> Result<Statement> {
        let by = at % self.authors.len();
        let mut draft = self.draft(Some(self.authors[by].party));
        write(self.signed, &mut draft)?;
        let author = &mut self.authors[by];
        let link = Head::next(Some(author.last), &self.origin);
        let seq = link.seq;
        draft.link = Some(link);
        let statement = draft.sign(&author.key)?;
        author.last = Head {
            seq,
            id: statement.id(),
        };
        self.signed += 1;
        self.hash.update(statement.entry());
        Ok(statement)
    }

    fn draft(&self, issuer: Option<PartyId>) -> Draft {
        Draft {
            issuer,
            subject: None,
            claimed: TIME,
            unique: self.entropy.unique(),
            kind: Code::literal("unset"),
            version: 1,
            realm: self.realm.clone(),
            link: None,
            refs: Vec::new(),
            body: Default::default(),
            sealed: Vec::new(),
        }
    }
}
