//! Commands about assets: registering, showing, withdrawing.
//!
//! An identifier that is not permanent is sealed under a data key of its asset alone. Withdrawing
//! states the tombstone first and destroys key and values then, so that a node which stopped in
//! between finishes when it starts again.

use std::collections::BTreeSet;

use ensign_mark::asset::{
    self, Act, Asset, Honoured, Identity, Kind, Named, Outcome, Register, Registration,
};
use ensign_mark::caution::Caution;
use ensign_mark::moment::Period;
use ensign_store::Cell;
use ensign_store::vault::SealedChange;
use ensign_trust::id::StatementId;
use ensign_trust::logbook::LogName;
use ensign_trust::{AssetId, Disclosure, PartyId};
use ensign_views::{AssetFilter, AssetPage, AssetRow, EmblemRow, EndRow, FormerRow, Question};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::authority::parsed;
use crate::clock::fresh;
use crate::error::{Error, chain, quoted};
use crate::node::{Node, disclosure_cell};
use crate::party::{code, not_an_id, party_id};

/// A registration that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetRequest {
    /// Who registers it.
    pub party: String,
    /// What kind of thing it is.
    pub kind: String,
    /// What identifies it.
    pub identifier: String,
    /// Whether the identifier shall stand in the log for good.
    pub permanent: bool,
    /// Whether the sealed identifier may be shown to anybody until it is withdrawn.
    pub public: bool,
    /// Who bears the emblem; the registrant if none.
    pub bearer: Option<String>,
    /// Under which law.
    pub law: String,
    /// The authority on which the registrant counts, as `https://NAME`.
    pub authority: Option<String>,
    /// First second; now if none.
    pub from: Option<u64>,
    /// First second no more.
    pub until: Option<u64>,
    /// The asset whose registration this one replaces.
    pub replaces: Option<String>,
}

/// As of when and for whom a question about assets is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetQuestion {
    /// Size of the log judged; the whole log if none.
    pub index: Option<u64>,
    /// Time judged, Unix seconds; now if none.
    pub at: Option<u64>,
    /// Parties whose recognitions count; all if none are named.
    pub honour: Vec<String>,
}

/// A statement about an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssetStated {
    /// The asset.
    pub asset: AssetId,
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// Who said it.
    pub party: PartyId,
    /// How the identifier is kept: `permanent`, `public` or `restricted`; `erased` once it is
    /// withdrawn.
    pub identifier_kept: &'static str,
    /// What should be known of what was registered.
    pub cautions: Vec<Caution>,
}

/// An asset with its identifier, where that can be read here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown<T> {
    /// What the views say.
    #[serde(flatten)]
    pub row: T,
    /// What identifies it.
    pub name: Option<String>,
    /// What should be known of what identifies it.
    pub cautions: Vec<Caution>,
}

/// What is known about an asset or an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AssetAnswer {
    /// One asset, by its id.
    Asset(Box<Shown<AssetPage>>),
    /// All assets that an identifier is of.
    Identifier {
        /// What was asked.
        asked: String,
        /// As what it was read.
        kind: Kind,
        /// The answer in a word: the best one, where several assets were found.
        outcome: Outcome,
        /// Size of the log judged.
        size: u64,
        /// Time judged, Unix seconds.
        at: u64,
        /// What should be known of the identifier, and of those of what was found.
        cautions: Vec<Caution>,
        /// What was found.
        assets: Vec<Shown<Brief>>,
    },
}

/// An asset among others, with what ended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brief {
    /// As in a list.
    #[serde(flatten)]
    pub row: AssetRow,
    /// Its withdrawal, whenever that was.
    pub withdrawn: Option<EndRow>,
    /// What it was, where it is withdrawn, expired or revoked.
    pub former: Option<FormerRow>,
    /// Its emblems, the first one first.
    pub emblems: Vec<EmblemRow>,
}

impl Shown<AssetPage> {
    fn brief(self) -> Shown<Brief> {
        Shown {
            row: Brief {
                row: self.row.row,
                withdrawn: self.row.withdrawn,
                former: self.row.former,
                emblems: self.row.emblems,
            },
            name: self.name,
            cautions: self.cautions,
        }
    }
}

/// Columns in which disclosures are kept.
pub(crate) const DISCLOSURE_COLUMNS: [&str; 2] = [PUBLIC, RESTRICTED];
/// Column of disclosures that anybody may be shown.
pub(crate) const PUBLIC: &str = "public";
/// Column of disclosures that only the local operator is shown.
const RESTRICTED: &str = "restricted";

impl Node {
    /// Registers an asset.
    pub fn register_asset(&self, request: &AssetRequest) -> Result<AssetStated, Error> {
        let party = party_id(&request.party)?;
        let kind: Kind = parsed("the kind", &request.kind)?;
        if request.permanent && request.public {
            return Err(Error::Argument {
                what: "an identifier that is permanent".to_owned(),
                expected: "sealed as well: choose one of the two",
            });
        }
        let authority = request.authority.as_ref();
        let authority = authority.map(|name| parsed("the authority", name));
        let replaces = request.replaces.as_ref();
        let bearer = request.bearer.as_ref();
        let registration = Registration {
            kind,
            identity: identity(kind, &request.identifier)?,
            permanent: request.permanent,
            bearer: bearer.map(|bearer| party_id(bearer)).transpose()?,
            law: code("the law", &request.law)?,
            authority: authority.transpose()?,
            period: Period {
                from: request.from.unwrap_or_else(|| self.clock.now()),
                until: request.until,
            },
            replaces: replaces.map(|id| asset_id(id)).transpose()?,
        };
        let key = self.key_now(party, None)?;
        let mut draft = self.draft(Some(party));
        let salt = fresh(&*self.entropy);
        let register = self.views.register();
        let cautions = self.cautions_of(&register, party, &registration)?;
        let (act, disclosure) =
            asset::register(&register.assets, party, &draft.unique, salt, registration)?;
        // Whoever appends must not wait for a copy of all that is read.
        drop(register);
        if let Some(disclosure) = &disclosure {
            self.keep_sealed(act.asset(), disclosure, request.public)?;
        }
        act.write(&mut draft);
        let appended = self.state_as(LogName::Public, party, &key, vec![draft])?;
        Ok(AssetStated {
            asset: act.asset(),
            statement: appended.ids[0],
            index: appended.first,
            party,
            identifier_kept: match disclosure {
                None => "permanent",
                Some(_) if request.public => "public",
                Some(_) => RESTRICTED,
            },
            cautions,
        })
    }

    /// Withdraws an asset; one that was removable is removed.
    pub fn withdraw_asset(&self, asset: &str, reason: &str) -> Result<AssetStated, Error> {
        let id = asset_id(asset)?;
        let register = self.views.register();
        let known = register.assets.asset(id);
        let party = known
            .map(|known| known.registrant)
            .ok_or_else(|| Error::NotFound {
                id: asset.to_owned(),
            })?;
        let key = self.key_now(party, None)?;
        let reason = code("the reason", reason)?;
        let acts = asset::withdraw(&register.assets, &register.emblems, party, id, reason);
        let acts = match acts {
            Err(asset::Refusal::Withdrawn) => {
                self.finish_erasing()?;
                return Err(asset::Refusal::Withdrawn.into());
            }
            acts => acts?,
        };
        drop(register);
        let drafts = acts.iter().map(|act| {
            let mut draft = self.draft(Some(party));
            act.write(&mut draft);
            draft
        });
        let drafts = drafts.collect();
        let appended = self.state_as(LogName::Public, party, &key, drafts)?;
        let is_erased = acts.iter().any(|act| matches!(act, Act::Erased(_)));
        if is_erased {
            self.finish_erasing()?;
            self.note_act("asset.erase")?;
        }
        Ok(AssetStated {
            asset: id,
            statement: appended.ids[0],
            index: appended.first,
            party,
            identifier_kept: if is_erased { "erased" } else { "permanent" },
            cautions: Vec::new(),
        })
    }

    /// Lists assets, the last one registered first, at most 1,000.
    pub fn list_assets(
        &self,
        kind: Option<&str>,
        outcome: Option<&str>,
        asked: &AssetQuestion,
    ) -> Result<Vec<Shown<AssetRow>>, Error> {
        let filter = AssetFilter {
            kind: kind.map(|kind| parsed("the kind", kind)).transpose()?,
            outcome: outcome.map(outcome_of).transpose()?,
            ..AssetFilter::default()
        };
        self.asking(asked, |question| {
            let page = self
                .views
                .assets(&filter, question, None, ensign_views::MAX_PAGE);
            page.rows
                .into_iter()
                .map(|row| self.shown_row(row))
                .collect()
        })
    }

    /// What is known about an asset by its id, or about an identifier.
    pub fn show_asset(
        &self,
        id: &str,
        kind: Option<&str>,
        asked: &AssetQuestion,
    ) -> Result<AssetAnswer, Error> {
        if id.trim().is_empty() {
            return Err(Error::Argument {
                what: "an empty text".to_owned(),
                expected: "the id of an asset, a domain, an address or a place",
            });
        }
        self.asking(asked, |question| {
            if let Ok(asset) = id.parse() {
                let page = self.views.asset(asset, question)?;
                let page = page.ok_or_else(|| Error::NotFound { id: id.to_owned() })?;
                let shown = self.shown_page(page, question)?;
                return Ok(AssetAnswer::Asset(Box::new(shown)));
            }
            let (kind, identity) = match kind {
                Some(kind) => {
                    let kind = parsed("the kind", kind)?;
                    (kind, identity(kind, id)?)
                }
                None => guessed(id)?,
            };
            let opened = |digest: &[u8; 32]| self.opened_here(digest);
            let found = self.views.assets_marking(&identity, &opened, question);
            let outcome = best(&found);
            let mut assets = Vec::new();
            for row in &found {
                let page = self.views.asset(row.asset, question)?;
                let page = page.map(|page| self.shown_page(page, question));
                assets.extend(page.transpose()?.map(Shown::brief));
            }
            let mut all = Caution::of_identity(&identity);
            // That the others are registered too is told of the first one alone.
            let first = found.first().map(|row| Caution::AlsoRegistered(row.asset));
            for caution in assets.iter().flat_map(|row| &row.cautions) {
                if !all.contains(caution) && Some(caution) != first.as_ref() {
                    all.push(caution.clone());
                }
            }
            Ok(AssetAnswer::Identifier {
                asked: identity.to_string(),
                kind,
                outcome,
                size: question.as_of.size,
                at: question.as_of.at,
                cautions: all,
                assets,
            })
        })
    }

    /// Asks as of when and for whom it was said.
    pub(crate) fn asking<T>(
        &self,
        asked: &AssetQuestion,
        ask: impl FnOnce(&Question<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let parties = asked.honour.iter().map(|party| party_id(party));
        let parties: BTreeSet<PartyId> = parties.collect::<Result<_, _>>()?;
        let at = asked.at.unwrap_or_else(|| self.clock.now());
        ask(&Question {
            as_of: self.views.as_of(asked.index, at)?,
            honoured: match parties.is_empty() {
                true => Honoured::Everybody,
                false => Honoured::These(&parties),
            },
        })
    }

    /// What identifies an asset, as far as the local operator may know.
    pub(crate) fn identity_of(&self, asset: &Asset) -> Result<Option<Identity>, Error> {
        match &asset.latest().named {
            Named::Clear(identity) => Ok(Some(identity.clone())),
            Named::Sealed(digest) if asset.erased.contains_key(digest) => Ok(None),
            Named::Sealed(digest) => {
                let opened = self.disclosed_here(digest)?;
                Ok(opened.and_then(|one| Identity::read(asset.kind, one.text()).ok()))
            }
        }
    }

    /// Whether a disclosure of an asset may be shown to anybody.
    pub(crate) fn is_public(&self, digest: &[u8; 32]) -> Result<bool, Error> {
        Ok(self.disclosed(digest)?.is_some())
    }

    /// A disclosure of an asset, for the local operator alone.
    pub(crate) fn disclosed_here(&self, digest: &[u8; 32]) -> Result<Option<Disclosure>, Error> {
        if let Some(public) = self.disclosed(digest)? {
            return Ok(Some(public));
        }
        let row = data_encoding::HEXLOWER.encode(digest);
        let opened = match self.vault.get(restricted_cell(&row)) {
            Ok(Some(opened)) => opened,
            Ok(None) | Err(ensign_store::Error::NoKey { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let disclosure = Disclosure::decode(&opened.value).ok();
        Ok(disclosure.filter(|found| found.digest() == *digest))
    }

    /// The text of a disclosure of an asset, for the local operator alone.
    pub(crate) fn opened_here(&self, digest: &[u8; 32]) -> Option<String> {
        let one = self.disclosed_here(digest).ok().flatten();
        one.map(|one| one.text().to_owned())
    }

    /// What a registrant should know of what it registers.
    fn cautions_of(
        &self,
        register: &Register,
        party: PartyId,
        registration: &Registration,
    ) -> Result<Vec<Caution>, Error> {
        let as_of = self.views.as_of(None, self.clock.now())?;
        let opened = |digest: &[u8; 32]| self.opened_here(digest);
        let identity = &registration.identity;
        let same = register.registered_by(party, identity, &opened, &as_of);
        let others = same
            .into_iter()
            .filter(|id| registration.replaces != Some(*id));
        let mut all = Caution::of_identity(identity);
        all.extend(Caution::of_law(&registration.law));
        all.extend(others.map(Caution::Registered));
        Ok(all)
    }

    /// Seals a disclosure of an asset under the data key of that asset.
    pub(crate) fn keep_sealed(
        &self,
        asset: AssetId,
        disclosure: &Disclosure,
        public: bool,
    ) -> Result<(), Error> {
        let owner = asset.to_string();
        let row = data_encoding::HEXLOWER.encode(&disclosure.digest());
        let value = Zeroizing::new(disclosure.encode());
        let cell = match public {
            true => disclosure_cell(&row),
            false => restricted_cell(&row),
        };
        let owner = owner.as_str();
        let value = value.as_slice();
        Ok(self
            .vault
            .apply(&[SealedChange::Put { cell, owner, value }])?)
    }

    fn shown_page(
        &self,
        page: AssetPage,
        question: &Question<'_>,
    ) -> Result<Shown<AssetPage>, Error> {
        let row = &page.row;
        let name = self.name_of(row)?;
        let mut all = cautions(row.kind, name.as_deref());
        let identity = name.as_deref().map(|name| Identity::read(row.kind, name));
        if let Some(Ok(identity)) = identity {
            let opened = |digest: &[u8; 32]| self.opened_here(digest);
            let (register, as_of) = (self.views.register(), &question.as_of);
            let others = register.also_registered(row.registrant, &identity, &opened, as_of);
            all.extend(others.into_iter().map(Caution::AlsoRegistered));
        }
        Ok(Shown {
            row: page,
            name,
            cautions: all,
        })
    }

    fn shown_row(&self, row: AssetRow) -> Result<Shown<AssetRow>, Error> {
        let name = self.name_of(&row)?;
        Ok(Shown {
            cautions: cautions(row.kind, name.as_deref()),
            row,
            name,
        })
    }

    fn name_of(&self, row: &AssetRow) -> Result<Option<String>, Error> {
        match (&row.identifier, row.sealed) {
            (Some(identifier), _) => Ok(Some(identifier.to_string())),
            (None, Some(digest)) if !row.erased => {
                let opened = self.disclosed_here(digest.as_bytes())?;
                Ok(opened.map(|one| one.text().to_owned()))
            }
            _ => Ok(None),
        }
    }
}

pub(crate) fn restricted_cell(row: &str) -> Cell<'_> {
    Cell {
        table: "disclosure",
        row,
        column: RESTRICTED,
    }
}

pub(crate) fn asset_id(text: &str) -> Result<AssetId, Error> {
    text.parse().map_err(|_| not_an_id(text))
}

fn identity(kind: Kind, text: &str) -> Result<Identity, Error> {
    Identity::read(kind, text).map_err(|error| Error::Unfit {
        what: format!("the {kind} {}", quoted(text)),
        why: chain(&error),
    })
}

/// What a text without a kind identifies: addresses, networks, domains and places look different.
fn guessed(text: &str) -> Result<(Kind, Identity), Error> {
    Identity::guess(text).map_err(|error| Error::Unfit {
        what: quoted(text),
        why: format!(
            "it is neither the id of an asset nor a place, and {}; for a vehicle and other things \
             say the kind",
            chain(&error)
        ),
    })
}

/// What should be known of what identifies an asset, where that can be read.
fn cautions(kind: Kind, name: Option<&str>) -> Vec<Caution> {
    let identity = name.and_then(|name| Identity::read(kind, name).ok());
    identity.map_or_else(Vec::new, |it| Caution::of_identity(&it))
}

fn outcome_of(code: &str) -> Result<Outcome, Error> {
    Outcome::from_code(code).ok_or_else(|| Error::Argument {
        what: format!("the answer {}", quoted(code)),
        expected: "recognised, declared, expired, revoked, not-yet or withdrawn",
    })
}

/// Recognised where any asset is; otherwise what the first one is that is not withdrawn.
fn best(found: &[AssetRow]) -> Outcome {
    let mut outcomes: Vec<_> = found.iter().map(|row| row.answer.outcome).collect();
    outcomes.sort_by_key(|outcome| match outcome {
        Outcome::Recognised => 0,
        Outcome::Declared => 1,
        Outcome::NotYet => 2,
        Outcome::Revoked => 3,
        Outcome::Expired => 4,
        Outcome::Withdrawn => 5,
        Outcome::NoEntry => 6,
    });
    outcomes.first().copied().unwrap_or(Outcome::NoEntry)
}
