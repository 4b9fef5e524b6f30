//! Erasing what is known of somebody or something.
//!
//! | subject | its words | tombstone |
//! |---|---|---|
//! | account | name, name to sign in with, all with which its person comes in | `account.closed`, closed log |
//! | asset | identifier and emblems, where these are sealed | `asset.erased`, public log |
//! | record | the texts of all statements about it, and its row in the copies of imported files | `source.erased`, public log |
//! | party | its name and the reasons that it gave | `party.erased`, public log |
//!
//! The tombstone is stated first. What it names is then destroyed: copies, answers, data key, values.
//! The values go last, so that whoever opens the node next sees that there is something to finish; so
//! a backup that is older than the tombstone is brought to the same state before anybody is served.
//! What left the node before cannot be recalled.

use ensign_prove::source;
use ensign_trust::id::{AccountId, PartyId, RecordId, StatementId};
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::tombstone::{Ground, MAX_DIGESTS, Tombstone};
use ensign_trust::{AssetId, Code, Draft, Statement};
use serde::Serialize;

use crate::asset::restricted_cell;
use crate::error::{Error, quoted};
use crate::node::{Node, disclosure_cell, read};
use crate::party::words_of;

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErasedAnswer {
    /// Whose words they were: the id of an account, an asset, a record or a party.
    pub subject: String,
    /// On what ground.
    pub ground: Ground,
    /// How many texts its tombstones name; none for an account, of which no digest is in any log.
    pub texts: usize,
    /// In which log its tombstone stands: `public` or `closed`.
    pub log: &'static str,
    /// The tombstone, the first of them where it takes several.
    pub tombstone: StatementId,
}

/// What can be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Account(AccountId),
    Asset(AssetId),
    Record(RecordId),
    Party(PartyId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Account(id) => id.fmt(f),
            Subject::Asset(id) => id.fmt(f),
            Subject::Record(id) => id.fmt(f),
            Subject::Party(id) => id.fmt(f),
        }
    }
}

impl Node {
    /// What an id stands for. A record is also found by the id that its source gave it.
    pub(crate) fn subject(&self, id: &str) -> Result<Subject, Error> {
        let not_found = || Error::NotFound { id: id.to_owned() };
        if let Ok(account) = id.parse() {
            let known = self.roster().account(account).is_some();
            return known
                .then_some(Subject::Account(account))
                .ok_or_else(not_found);
        }
        if let Ok(asset) = id.parse() {
            let known = self.views.register().assets.asset(asset).is_some();
            return known.then_some(Subject::Asset(asset)).ok_or_else(not_found);
        }
        if let Ok(party) = id.parse() {
            let known = read(&self.registry).party(party).is_some();
            return known.then_some(Subject::Party(party)).ok_or_else(not_found);
        }
        let record = self.views.find_record(id)?.ok_or_else(not_found)?;
        let known = self.views.record(record)?.is_some();
        known
            .then_some(Subject::Record(record))
            .ok_or_else(not_found)
    }

    /// Erases the words of a subject, for whoever holds the folder.
    pub fn erase_subject(&self, subject: &str, ground: &str) -> Result<ErasedAnswer, Error> {
        let ground = self::ground(ground)?;
        let _turn = self.changing();
        self.erase(self.subject(subject)?, ground, None)
    }

    /// Erases the words of a subject. `by` is the account that asked for it; whether it takes others is
    /// for whoever calls this to see to.
    pub(crate) fn erase(
        &self,
        subject: Subject,
        ground: Ground,
        by: Option<AccountId>,
    ) -> Result<ErasedAnswer, Error> {
        let (log, texts, tombstone) = match subject {
            Subject::Account(account) => {
                let closed = self.close_account_now(account, by)?;
                (LogName::Closed, 0, closed)
            }
            Subject::Asset(asset) => {
                let register = self.views.register();
                let known = register.assets.asset(asset);
                let sealed = known.map(|known| known.sealed(&register.emblems));
                drop(register);
                let sealed = sealed.unwrap_or_default();
                if sealed.is_empty() {
                    return Err(nothing(&subject));
                }
                let withdrawn = self.withdraw_asset(&asset.to_string(), ground.code())?;
                (LogName::Public, sealed.len(), withdrawn.statement)
            }
            Subject::Record(record) => {
                let known = self.views.record(record)?;
                let known = known.ok_or_else(|| nothing(&subject))?;
                let author = self.importer(&known.source)?;
                let write = |digests: &[[u8; 32]], draft: &mut Draft| {
                    source::Act::Erased(source::Erased {
                        source: known.source.clone(),
                        foreign_id: known.foreign_id.clone(),
                        digests: digests.to_vec(),
                        ground: Code::literal(ground.code()),
                    })
                    .write(draft);
                };
                let texts = self.views.texts_of(record)?;
                let kept = self.kept(texts)?;
                self.bury(&subject, &author, &kept, &write)?
            }
            Subject::Party(party) => {
                let author = self.operating_key()?;
                let write = |digests: &[[u8; 32]], draft: &mut Draft| {
                    Tombstone {
                        party,
                        digests: digests.to_vec(),
                        ground: Code::literal(ground.code()),
                    }
                    .write(draft);
                };
                let kept = self.kept_of(&words_of(party))?;
                self.bury(&subject, &author, &kept, &write)?
            }
        };
        self.note_act("subject.erase")?;
        Ok(ErasedAnswer {
            subject: subject.to_string(),
            ground,
            texts,
            log: log.as_str(),
            tombstone,
        })
    }

    /// Destroys what tombstones say was destroyed, where a part of it is left.
    pub(crate) fn finish_erasing(&self) -> Result<(), Error> {
        self.finish_erasing_assets()?;
        let mut unfinished = Vec::new();
        let mut of_records = false;
        for index in self.views.tombstones()? {
            let entry = self.log(LogName::Public).read(index..index + 1)?.pop();
            let statement =
                Statement::decode(entry.unwrap_or_default()).map_err(Error::Statement)?;
            let (owner, words, digests) = match Tombstone::read(&statement) {
                Some(Ok(said)) => (said.party.to_string(), words_of(said.party), said.digests),
                _ => match source::Act::read(&statement) {
                    Some(Ok(source::Act::Erased(said))) => {
                        let owner = said.record().to_string();
                        (owner.clone(), owner, said.digests)
                    }
                    _ => continue,
                },
            };
            let left = self.kept(digests)?;
            if !left.is_empty() {
                of_records |= owner == words;
                unfinished.push((owner, words, left));
            }
        }
        self.finish_copies()?;
        if unfinished.is_empty() {
            return Ok(());
        }
        if of_records {
            self.redact_copies()?;
        }
        for (owner, words, _) in &unfinished {
            self.forget_answers(owner)?;
            self.vault.keys().destroy(words)?;
        }
        // The values go last: as long as one is there, there is something to finish.
        for digest in unfinished.iter().flat_map(|(.., left)| left) {
            let row = data_encoding::HEXLOWER.encode(digest);
            self.vault.delete(disclosure_cell(&row))?;
        }
        self.vault.stored().scrub()?;
        Ok(())
    }

    /// The same for assets.
    fn finish_erasing_assets(&self) -> Result<(), Error> {
        let register = self.views.register();
        let erased = register
            .assets
            .iter()
            .filter(|asset| !asset.erased.is_empty());
        let mut owners = Vec::new();
        for asset in erased {
            let owner = asset.id.to_string();
            if self.vault.keys().find_data_key(&owner)?.is_none() {
                continue;
            }
            for digest in asset.erased.keys() {
                let row = data_encoding::HEXLOWER.encode(digest);
                self.vault.delete(disclosure_cell(&row))?;
                self.vault.delete(restricted_cell(&row))?;
            }
            self.forget_answers(&owner)?;
            owners.push(owner);
        }
        if owners.is_empty() {
            return Ok(());
        }
        self.vault.stored().scrub()?;
        // The keys go last: as long as one is there, there is something to finish.
        for owner in &owners {
            self.vault.keys().destroy(owner)?;
        }
        Ok(())
    }

    /// States the tombstones and destroys what they name; gives how many texts that is, and the first
    /// tombstone.
    fn bury(
        &self,
        subject: &Subject,
        author: &SigningKey,
        digests: &[[u8; 32]],
        write: &dyn Fn(&[[u8; 32]], &mut Draft),
    ) -> Result<(LogName, usize, StatementId), Error> {
        let drafts: Vec<Draft> = digests
            .chunks(MAX_DIGESTS)
            .map(|digests| {
                let mut draft = self.draft(Some(self.operator));
                write(digests, &mut draft);
                draft
            })
            .collect();
        if drafts.is_empty() {
            return Err(nothing(subject));
        }
        let appended = self.state_as(LogName::Public, self.operator, author, drafts)?;
        self.finish_erasing()?;
        Ok((LogName::Public, digests.len(), appended.ids[0]))
    }

    /// Those of these digests of which the node keeps the texts, sorted.
    fn kept(&self, digests: Vec<[u8; 32]>) -> Result<Vec<[u8; 32]>, Error> {
        let mut kept = Vec::new();
        for digest in digests {
            let row = data_encoding::HEXLOWER.encode(&digest);
            if self.vault.owner(disclosure_cell(&row))?.is_some() {
                kept.push(digest);
            }
        }
        Ok(kept)
    }

    /// Digests of all texts that an owner has here, sorted.
    fn kept_of(&self, owner: &str) -> Result<Vec<[u8; 32]>, Error> {
        let (mut kept, mut after) = (Vec::new(), None::<String>);
        loop {
            let rows = self
                .vault
                .stored()
                .rows("disclosure", after.as_deref(), 256)?;
            let Some(last) = rows.last() else {
                return Ok(kept);
            };
            after = Some(last.clone());
            for row in rows {
                if self.vault.owner(disclosure_cell(&row))?.as_deref() == Some(owner) {
                    let digest = data_encoding::HEXLOWER.decode(row.as_bytes());
                    kept.extend(digest.ok().and_then(|it| <[u8; 32]>::try_from(it).ok()));
                }
            }
        }
    }
}

/// Reads the ground on which something is to be erased.
pub(crate) fn ground(text: &str) -> Result<Ground, Error> {
    text.parse().map_err(|_| Error::Argument {
        what: format!("the ground {}", quoted(text)),
        expected: "consent-withdrawn, legal-duty, no-longer-needed, objection, safety or unlawful",
    })
}

fn nothing(subject: &Subject) -> Error {
    Error::Unfit {
        what: subject.to_string(),
        why: "no words of it are kept here that could be erased".to_owned(),
    }
}
