//! Reading parties, their keys, and what rests on a key that was revoked.

use ensign_trust::logbook::LogName;
use ensign_trust::party::{KeyState, Registry};
use ensign_trust::{Code, KeyId, PartyId, StatementId};
use ensign_views::EntryRow;

use super::Reader;
use crate::answer::Entry;
use crate::answer::party::{Fallen, Key, KeyRevoked, Mandate, Party};
use crate::fault::{Fault, internal};

/// The refusal of a statement whose author has no mandate for it.
const NO_MANDATE: &str = "mandate.missing";

impl Reader<'_> {
    /// A party with its keys and mandates.
    pub(crate) fn party(&self, id: &str) -> Result<Party, Fault> {
        let missing = || Fault::NoParty { id: id.to_owned() };
        let party: PartyId = id.parse().map_err(|_| missing())?;
        let name = self.name(party)?;
        let found = self.node.ask_registry(|registry| {
            let known = registry.party(party)?;
            Some(Party {
                as_of: self.as_of.clone(),
                id: party.to_string(),
                name,
                nature: known.nature.to_string(),
                founded: known.founded,
                root: registry.is_root(party),
                keys: keys(registry, party),
                mandates: mandates(registry, party),
            })
        });
        found.ok_or_else(missing)
    }

    /// The revoked key on which an entry rests, if it rests on one.
    pub(super) fn key_revoked(&self, row: &EntryRow) -> Option<KeyRevoked> {
        self.node.ask_registry(|registry| {
            let own = registry.key(row.key);
            let own = own.and_then(|state| revoked(row.key, state, row.index, "statement"));
            let is_unmandated = row.refusal.as_deref() == Some(NO_MANDATE);
            own.or_else(|| match is_unmandated {
                true => cut_mandate(registry, row.author, row.index),
                false => None,
            })
        })
    }

    /// The revoked key with which a statement of the public log at an index was signed.
    pub(super) fn signed_with_revoked(&self, row: &EntryRow) -> Option<u64> {
        let key = self.key_revoked(row);
        key.map(|key| key.as_of)
    }

    /// Why nothing is found that a statement or statements about it once said: all of these rest on
    /// revoked keys. Otherwise the fault that is given.
    pub(super) fn fallen(&self, id: &str, otherwise: Fault) -> Fault {
        match self.fallen_statement(id) {
            Ok(Some(fallen)) => Fault::Fallen(Box::new(fallen)),
            Ok(None) => otherwise,
            Err(fault) => fault,
        }
    }

    /// The statements of the public log about a subject, below an index, that do not count.
    pub(super) fn without_effect(&self, subject: &str, below: u64) -> Result<Vec<Entry>, Fault> {
        let Ok(subject) = Code::new(subject) else {
            return Ok(Vec::new());
        };
        let rows = self.node.views().about(&subject).map_err(internal)?;
        let rows = rows.iter().filter(|row| row.index < below);
        let refused = rows.filter(|row| row.refusal.is_some());
        refused.map(|row| self.entry(row)).collect()
    }

    fn fallen_statement(&self, id: &str) -> Result<Option<Fallen>, Fault> {
        let views = self.node.views();
        let rows: Vec<EntryRow> = match (id.parse::<StatementId>(), Code::new(id)) {
            (Ok(statement), _) => {
                let entry = views.entry(statement).map_err(internal)?;
                let public = entry.filter(|row| row.log == LogName::Public);
                public.into_iter().collect()
            }
            (_, Ok(subject)) => views.about(&subject).map_err(internal)?,
            _ => Vec::new(),
        };
        let mut first = None;
        for row in rows {
            let key = row.refusal.as_ref().and_then(|_| self.key_revoked(&row));
            let Some(key) = key else {
                return Ok(None);
            };
            first.get_or_insert(Fallen {
                id: id.to_owned(),
                index: row.index,
                key,
            });
        }
        Ok(first)
    }
}

fn keys(registry: &Registry, party: PartyId) -> Vec<Key> {
    let key = |(id, state): (KeyId, &KeyState)| Key {
        key: id.to_string(),
        state: state.state(),
        added: state.added,
        revoked_as_of: state.revoked,
        reason: state.reason().map(Code::to_string),
        ended: state.end.as_ref().map(|end| end.index),
    };
    let mut keys: Vec<Key> = registry.keys_of(party).map(key).collect();
    keys.sort_by(|a, b| (a.added, &a.key).cmp(&(b.added, &b.key)));
    keys
}

fn mandates(registry: &Registry, party: PartyId) -> Vec<Mandate> {
    let granted = registry.mandates().filter(|(_, it)| it.to == party);
    let mut mandates: Vec<Mandate> = granted
        .map(|(id, it)| {
            let signed = registry.key(it.signed);
            Mandate {
                mandate: id.to_string(),
                role: it.role.to_string(),
                scope: it.scope.as_ref().map(Code::to_string),
                granted: it.granted,
                withdrawn: it.withdrawn,
                key_revoked: signed.and_then(|key| revoked(it.signed, key, it.granted, "mandate")),
            }
        })
        .collect();
    mandates.sort_by(|a, b| (a.granted, &a.mandate).cmp(&(b.granted, &b.mandate)));
    mandates
}

/// The key of the last mandate that a party seemed to have below an index, and that fell with it.
fn cut_mandate(registry: &Registry, party: PartyId, index: u64) -> Option<KeyRevoked> {
    let granted = registry.mandates().map(|(_, it)| it);
    let before = granted.filter(|it| it.to == party && it.granted < index);
    let cut = before.filter_map(|it| {
        let key = registry.key(it.signed)?;
        Some((it.granted, revoked(it.signed, key, it.granted, "mandate")?))
    });
    let last = cut.max_by_key(|(granted, _)| *granted);
    last.map(|(_, key)| key)
}

fn revoked(id: KeyId, key: &KeyState, index: u64, signed: &'static str) -> Option<KeyRevoked> {
    let as_of = key.revoked_at(index)?;
    Some(KeyRevoked {
        key: id.to_string(),
        signed,
        as_of,
        reason: key.reason().map(Code::to_string),
        ended: key.end.as_ref().map_or(as_of, |end| end.index),
    })
}
