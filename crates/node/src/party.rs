//! Commands about parties, keys and mandates, for the parties whose keys this node keeps.

use ensign_store::vault::SealedChange;
use ensign_trust::account;
use ensign_trust::code::Code;
use ensign_trust::id::{KeyId, PartyId, StatementId};
use ensign_trust::key::SigningKey;
use ensign_trust::logbook::LogName;
use ensign_trust::party::{Act, Registry};
use ensign_trust::{Disclosure, Draft, Statement};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::clock::fresh;
use crate::error::{AN_ID, Error, quoted};
use crate::node::{Node, disclosure_cell, read};

/// A statement that a command made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// The party it is about.
    pub party: PartyId,
    /// The key it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
}

/// A party in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartyRow {
    /// Its id.
    pub party: PartyId,
    /// What it is called, unless that was erased.
    pub name: Option<String>,
    /// What it says it is.
    pub nature: Code,
    /// Index of the statement that founded it.
    pub founded: u64,
    /// Whether it opened this log.
    pub root: bool,
}

/// A key in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyRow {
    /// Its id.
    pub key: KeyId,
    /// For whom it speaks.
    pub party: PartyId,
    /// Index of the statement that added it.
    pub added: u64,
    /// `active`, `revoked`, `replaced`, or `fallen` with the key that added it.
    pub state: &'static str,
    /// First index at which it no longer counts.
    pub revoked: Option<u64>,
    /// Why its party revoked it.
    pub reason: Option<Code>,
    /// Index of the statement that ended it.
    pub ended: Option<u64>,
    /// Whether this node keeps the secret half.
    pub held: bool,
}

/// A mandate in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MandateRow {
    pub mandate: StatementId,
    pub by: PartyId,
    pub to: PartyId,
    pub role: Code,
    pub scope: Option<Code>,
    pub from: Option<u64>,
    pub until: Option<u64>,
    pub granted: u64,
    pub withdrawn: Option<u64>,
}

impl Node {
    /// Founds a party; its key is made and kept here.
    pub fn found_party(&self, name: &str, nature: &str) -> Result<Stated, Error> {
        let name = name.trim();
        if name.is_empty() || name.len() > 200 {
            let what = "the name".to_owned();
            return Err(Error::Argument {
                what,
                expected: "1 to 200 characters",
            });
        }
        self.may_write()?;
        let key = self.new_key();
        let name = Disclosure::new(fresh(&*self.entropy), Code::literal("name"), name);
        let mut draft = self.draft(None);
        let nature = code("the type", nature)?;
        Act::Founded {
            key: key.public(),
            nature,
        }
        .write(&mut draft);
        draft.sealed = vec![name.digest()];
        draft.link = Some(ensign_trust::chain::Head::next(
            None,
            &self.origin(LogName::Public),
        ));
        let genesis = draft.sign(&key).map_err(Error::Statement)?;
        let party = PartyId::from(genesis.id());
        self.keep_secret(party, &key)?;
        self.keep_public(&[(words_of(party), name)])?;
        let appended = self.found(genesis, &key, Vec::new())?;
        self.note_act("party.found")?;
        Ok(Stated {
            statement: appended.ids[0],
            index: appended.first,
            party,
            key: Some(key.id()),
        })
    }

    /// Lists the parties.
    pub fn parties(&self) -> Result<Vec<PartyRow>, Error> {
        let registry = read(&self.registry);
        let row = |(id, party): (PartyId, &ensign_trust::party::Party)| {
            Ok(PartyRow {
                party: id,
                name: self.party_name(id)?,
                nature: party.nature.clone(),
                founded: party.founded,
                root: registry.is_root(id),
            })
        };
        registry.parties().map(row).collect()
    }

    /// What a party is called, unless that was erased.
    pub fn party_name(&self, party: PartyId) -> Result<Option<String>, Error> {
        let Some(founding) = self.statement(StatementId::from_bytes(*party.as_bytes()))? else {
            return Ok(None);
        };
        for digest in &founding.sealed {
            if let Some(disclosure) = self.disclosed(digest)?
                && *disclosure.field() == "name"
            {
                return Ok(Some(disclosure.text().to_owned()));
            }
        }
        Ok(None)
    }

    /// A statement of the public log.
    pub fn statement(&self, id: StatementId) -> Result<Option<Statement>, Error> {
        let log = self.log(LogName::Public);
        let Some(index) = crate::append::index_of(log, id)? else {
            return Ok(None);
        };
        let entry = log.read(index..index + 1)?.pop();
        entry
            .map(|entry| Statement::decode(entry).map_err(Error::Statement))
            .transpose()
    }

    /// Asks the registry of parties, keys and mandates, as it is now.
    pub fn ask_registry<A>(&self, ask: impl FnOnce(&Registry) -> A) -> A {
        ask(&read(&self.registry))
    }

    /// Lists keys.
    pub fn keys(&self, party: Option<&str>) -> Result<Vec<KeyRow>, Error> {
        let wanted = party.map(party_id).transpose()?;
        let registry = read(&self.registry);
        let mut rows = Vec::new();
        for (party, _) in registry
            .parties()
            .filter(|(id, _)| wanted.is_none_or(|w| w == *id))
        {
            for (key, state) in registry.keys_of(party) {
                let held = self.secret(key)?.is_some();
                rows.push(KeyRow {
                    key,
                    party,
                    added: state.added,
                    state: state.state(),
                    revoked: state.revoked,
                    reason: state.reason().cloned(),
                    ended: state.end.as_ref().map(|end| end.index),
                    held,
                });
            }
        }
        Ok(rows)
    }

    /// Gives a party one more key.
    pub fn add_key(&self, party: &str) -> Result<Stated, Error> {
        self.new_key_for(party, "key.add", Act::KeyAdded)
    }

    /// Replaces the key with which a party signs here.
    pub fn rotate_key(&self, party: &str) -> Result<Stated, Error> {
        self.new_key_for(party, "key.rotate", Act::KeyRotated)
    }

    /// Ends a key as of a log index; the next index where none is given.
    pub fn revoke_key(&self, key: &str, as_of: Option<u64>, reason: &str) -> Result<Stated, Error> {
        let id: KeyId = key.parse().map_err(|_| not_an_id(key))?;
        let party = read(&self.registry).key(id).map(|state| state.party);
        let party = party.ok_or_else(|| Error::NotFound { id: key.to_owned() })?;
        // A key may revoke itself, and a party's only key must; the operator's may not.
        let secret = self.key_now(party, Some(id))?;
        let as_of = match as_of {
            Some(index) => index,
            None => self
                .log(LogName::Public)
                .head()?
                .map_or(0, |head| head.size),
        };
        let reason = code("the reason", reason)?;
        let act = Act::KeyRevoked {
            key: id,
            as_of,
            reason,
        };
        self.check_goes_on(party, &secret, &act)?;
        let stated = self.act(party, &secret, &act)?;
        self.note_act("key.revoke")?;
        Ok(Stated {
            key: Some(id),
            ..stated
        })
    }

    /// Lets a party act in a role.
    pub fn grant_mandate(
        &self,
        to: &str,
        role: &str,
        scope: Option<&str>,
        from: Option<u64>,
        until: Option<u64>,
    ) -> Result<Stated, Error> {
        let to = party_id(to)?;
        if read(&self.registry).party(to).is_none() {
            return Err(Error::NotFound { id: to.to_string() });
        }
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            let what = "the mandate's last moment".to_owned();
            return Err(Error::Argument {
                what,
                expected: "after its first",
            });
        }
        let role = code("the role", role)?;
        let scope = scope.map(|scope| code("the scope", scope)).transpose()?;
        let act = Act::MandateGranted {
            to,
            role,
            scope,
            from,
            until,
        };
        let stated = self.act(self.operator, &self.operating_key()?, &act)?;
        self.note_act("mandate.grant")?;
        Ok(Stated {
            party: to,
            ..stated
        })
    }

    /// Ends a mandate.
    pub fn withdraw_mandate(&self, mandate: &str) -> Result<Stated, Error> {
        let id: StatementId = mandate.parse().map_err(|_| not_an_id(mandate))?;
        let found = read(&self.registry)
            .mandates()
            .find(|(known, _)| *known == id)
            .map(|(_, m)| m.to);
        let party = found.ok_or_else(|| Error::NotFound {
            id: mandate.to_owned(),
        })?;
        let act = Act::MandateWithdrawn(id);
        let key = self.operating_key()?;
        self.check_goes_on(self.operator, &key, &act)?;
        let stated = self.act(self.operator, &key, &act)?;
        self.note_act("mandate.withdraw")?;
        Ok(Stated { party, ..stated })
    }

    /// Lists mandates.
    pub fn mandates(&self) -> Result<Vec<MandateRow>, Error> {
        let registry = read(&self.registry);
        let row = |(mandate, state): (StatementId, &ensign_trust::party::Mandate)| MandateRow {
            mandate,
            by: state.by,
            to: state.to,
            role: state.role.clone(),
            scope: state.scope.clone(),
            from: state.from,
            until: state.until,
            granted: state.granted,
            withdrawn: state.withdrawn,
        };
        let mut rows: Vec<_> = registry.mandates().map(row).collect();
        rows.sort_by_key(|row| (row.granted, row.mandate));
        Ok(rows)
    }

    /// The key with which this node's operator signs now.
    pub(crate) fn operating_key(&self) -> Result<SigningKey, Error> {
        let next = self
            .log(LogName::Public)
            .head()?
            .map_or(0, |head| head.size);
        self.operating_key_at(&read(&self.registry), next)
    }

    /// The key with which this node's operator signs at an index of the public log.
    pub(crate) fn operating_key_at(
        &self,
        registry: &Registry,
        index: u64,
    ) -> Result<SigningKey, Error> {
        if registry.party(self.operator).is_none() {
            // Only while the log's first batch is being made.
            return self.first_key();
        }
        self.key_of_but(registry, index, self.operator, None)
    }

    /// States in the closed log that a privileged act was done.
    pub(crate) fn note_act(&self, act: &'static str) -> Result<(), Error> {
        let mut draft = self.draft(Some(self.operator));
        account::Act::Done {
            act: Code::literal(act),
            by: None,
        }
        .write(&mut draft);
        let key = self.operating_key()?;
        self.state_as(LogName::Closed, self.operator, &key, vec![draft])?;
        Ok(())
    }

    fn act(&self, party: PartyId, key: &SigningKey, act: &Act) -> Result<Stated, Error> {
        let mut draft: Draft = self.draft(Some(party));
        act.write(&mut draft);
        let appended = self.state_as(LogName::Public, party, key, vec![draft])?;
        Ok(Stated {
            statement: appended.ids[0],
            index: appended.first,
            party,
            key: None,
        })
    }

    fn new_key_for(
        &self,
        party: &str,
        name: &'static str,
        act: fn(ensign_trust::key::PublicKey) -> Act,
    ) -> Result<Stated, Error> {
        let party = party_id(party)?;
        if read(&self.registry).party(party).is_none() {
            return Err(Error::NotFound {
                id: party.to_string(),
            });
        }
        let signs = self.key_now(party, None)?;
        let key = self.new_key();
        self.keep_secret(party, &key)?;
        let stated = self.act(party, &signs, &act(key.public()))?;
        self.note_act(name)?;
        Ok(Stated {
            key: Some(key.id()),
            ..stated
        })
    }

    /// A key of a party that counts at an index and whose secret half is here: the last one added, and
    /// another than the one given, where there is a choice.
    fn key_of_but(
        &self,
        registry: &Registry,
        index: u64,
        party: PartyId,
        avoid: Option<KeyId>,
    ) -> Result<SigningKey, Error> {
        let counting = registry
            .keys_of(party)
            .filter(|(_, state)| state.counts_at(index));
        let mut keys: Vec<_> = counting
            .map(|(id, state)| (Some(id) == avoid, u64::MAX - state.added, id))
            .collect();
        keys.sort();
        for (_, _, id) in keys {
            if let Some(secret) = self.secret(id)? {
                return Ok(secret);
            }
        }
        Err(Error::NotOurs {
            party: party.to_string(),
        })
    }

    /// A key with which a party signs now.
    pub(crate) fn key_now(
        &self,
        party: PartyId,
        avoid: Option<KeyId>,
    ) -> Result<SigningKey, Error> {
        let next = self
            .log(LogName::Public)
            .head()?
            .map_or(0, |head| head.size);
        self.key_of_but(&read(&self.registry), next, party, avoid)
    }

    /// Refuses what would leave the operator without a key or without its mandate.
    fn check_goes_on(&self, party: PartyId, key: &SigningKey, act: &Act) -> Result<(), Error> {
        let mut draft = self.draft(Some(party));
        act.write(&mut draft);
        let statement = draft.sign(key).map_err(Error::Statement)?;
        let index = self
            .log(LogName::Public)
            .head()?
            .map_or(0, |head| head.size);
        let registry = read(&self.registry)
            .clone()
            .apply(&statement, index, self.clock.now());
        let signs = self.operating_key_at(&registry, index + 1);
        let operates = registry.mandates().any(|(_, mandate)| {
            mandate.to == self.operator
                && mandate.covers("operator", None, index + 1, self.clock.now())
        });
        match signs {
            Ok(_) if operates => Ok(()),
            Ok(_) | Err(Error::NotOurs { .. }) => Err(Error::WouldStop),
            Err(error) => Err(error),
        }
    }

    fn new_key(&self) -> SigningKey {
        SigningKey::from_seed(&Zeroizing::new(fresh::<32>(&*self.entropy)))
    }
}

/// Keeps disclosures of class public, each sealed under the data key of its owner.
pub(crate) fn keep_public(
    vault: &ensign_store::SealedVault,
    all: &[(String, Disclosure)],
) -> Result<(), Error> {
    let kept: Vec<_> = all
        .iter()
        .map(|(owner, one)| {
            (
                owner,
                data_encoding::HEXLOWER.encode(&one.digest()),
                Zeroizing::new(one.encode()),
            )
        })
        .collect();
    let changes: Vec<_> = kept
        .iter()
        .map(|(owner, row, value)| SealedChange::Put {
            cell: disclosure_cell(row),
            owner,
            value,
        })
        .collect();
    Ok(vault.apply(&changes)?)
}

/// Who owns the words about and by a party: apart from its keys, so that the words can be destroyed
/// alone.
pub(crate) fn words_of(party: PartyId) -> String {
    format!("{party}/words")
}

/// Reads a code from a command.
pub(crate) fn code(what: &str, text: &str) -> Result<Code, Error> {
    Code::new(text).map_err(|_| Error::Argument {
        what: format!("{what} {}", quoted(text)),
        expected: "1 to 128 of the characters A-Z a-z 0-9 . _ : / + -",
    })
}

pub(crate) fn party_id(text: &str) -> Result<PartyId, Error> {
    text.parse().map_err(|_| not_an_id(text))
}

pub(crate) fn not_an_id(text: &str) -> Error {
    Error::Argument {
        what: quoted(text),
        expected: AN_ID,
    }
}
