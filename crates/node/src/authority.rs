//! Commands about authorities: whom a party recognises.

use ensign_mark::authority::{self, Act, Recognised};
use ensign_mark::caution::Caution;
use ensign_mark::moment::Period;
use ensign_mark::purpose::{Purpose, Purposes};
use ensign_trust::PartyId;
use ensign_trust::id::StatementId;
use ensign_trust::logbook::LogName;
use ensign_views::{AuthorityFilter, AuthorityRow, MAX_PAGE};
use serde::{Deserialize, Serialize};

use crate::error::{Error, quoted};
use crate::node::Node;
use crate::party::{code, not_an_id, party_id};

/// A recognition that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityRequest {
    /// Who recognises.
    pub party: String,
    /// Whom, as `https://NAME`.
    pub organisation: String,
    /// Ids of its root keys.
    pub keys: Vec<String>,
    /// For which protection, by code.
    pub purposes: Vec<String>,
    /// For which kinds of asset; for all if none.
    pub kinds: Vec<String>,
    /// Under which law.
    pub law: String,
    /// First second; now if none.
    pub from: Option<u64>,
    /// First second no more.
    pub until: Option<u64>,
    /// SHA-256 of the party's trust policy, in hexadecimal.
    pub policy: Option<String>,
    /// The recognition whose place this one takes.
    pub supersedes: Option<String>,
}

/// A statement about an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorityStated {
    /// The statement.
    pub statement: StatementId,
    /// Its index in the public log.
    pub index: u64,
    /// Who said it.
    pub party: PartyId,
    /// About whom.
    pub organisation: String,
    /// What should be known of what was stated.
    pub cautions: Vec<Caution>,
}

impl Node {
    /// Recognises an organisation as an authority.
    pub fn recognise_authority(
        &self,
        request: &AuthorityRequest,
    ) -> Result<AuthorityStated, Error> {
        let party = party_id(&request.party)?;
        let keys = request.keys.iter().map(|key| parsed("a key's id", key));
        let kinds = request
            .kinds
            .iter()
            .map(|kind| parsed("a kind of asset", kind));
        let kinds: Vec<_> = kinds.collect::<Result<_, _>>()?;
        let policy = request.policy.as_ref().map(|text| digest(text));
        let supersedes = request.supersedes.as_ref();
        let supersedes = supersedes.map(|id| id.parse().map_err(|_| not_an_id(id)));
        let recognised = Recognised {
            organisation: parsed("an organisation", &request.organisation)?,
            keys: keys.collect::<Result<_, _>>()?,
            purposes: purposes(&request.purposes)?,
            kinds: (!kinds.is_empty()).then(|| kinds.into_iter().collect()),
            law: code("the law", &request.law)?,
            period: Period {
                from: request.from.unwrap_or_else(|| self.clock.now()),
                until: request.until,
            },
            policy: policy.transpose()?,
            supersedes: supersedes.transpose()?,
        };
        check_period(recognised.period)?;
        let cautions = Caution::of_law(&recognised.law).into_iter().collect();
        let register = self.views.register();
        let act = authority::recognise(&register.authorities, party, recognised)?;
        let stated = self.state_authority(party, &act)?;
        Ok(AuthorityStated { cautions, ..stated })
    }

    /// Withdraws a recognition.
    pub fn withdraw_authority(
        &self,
        recognition: &str,
        reason: &str,
    ) -> Result<AuthorityStated, Error> {
        let id: StatementId = recognition.parse().map_err(|_| not_an_id(recognition))?;
        let register = self.views.register();
        let known = register.authorities.recognition(id);
        let party = known
            .map(|known| known.stated.by)
            .ok_or_else(|| Error::NotFound {
                id: recognition.to_owned(),
            })?;
        let reason = code("the reason", reason)?;
        let act = authority::withdraw(&register.authorities, party, id, reason)?;
        self.state_authority(party, &act)
    }

    /// Lists recognitions, the last one first, at most 1,000.
    pub fn authorities(
        &self,
        size: Option<u64>,
        at: Option<u64>,
    ) -> Result<Vec<AuthorityRow>, Error> {
        let as_of = self
            .views
            .as_of(size, at.unwrap_or_else(|| self.clock.now()))?;
        let filter = AuthorityFilter::default();
        Ok(self.views.authorities(&filter, &as_of, None, MAX_PAGE).rows)
    }

    fn state_authority(&self, party: PartyId, act: &Act) -> Result<AuthorityStated, Error> {
        let mut draft = self.draft(Some(party));
        act.write(&mut draft);
        let key = self.key_now(party, None)?;
        let appended = self.state_as(LogName::Public, party, &key, vec![draft])?;
        Ok(AuthorityStated {
            statement: appended.ids[0],
            index: appended.first,
            party,
            organisation: act.organisation().to_string(),
            cautions: Vec::new(),
        })
    }
}

/// Reads a value of the domain from a command.
pub(crate) fn parsed<T>(what: &str, text: &str) -> Result<T, Error>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Error::Unfit {
        what: format!("{what} {}", quoted(text)),
        why: error.to_string(),
    })
}

/// Reads protections by their codes.
pub(crate) fn purposes(codes: &[String]) -> Result<Purposes, Error> {
    let one = |code: &String| Purpose::from_code(code).map(Purposes::from);
    let all = codes.iter().map(one).collect::<Option<Vec<_>>>();
    let all = all.and_then(|all| all.into_iter().reduce(|a, b| a | b));
    all.ok_or_else(|| Error::Argument {
        what: format!("the protection {codes:?}"),
        expected: "one or more of protective, indicative, dangerous-forces, civil-defence, \
            cultural-property",
    })
}

/// Refuses a time that would end before it begins.
pub(crate) fn check_period(period: Period) -> Result<(), Error> {
    match period.until {
        Some(until) if until <= period.from => Err(Error::Argument {
            what: "the last moment".to_owned(),
            expected: "after the first",
        }),
        _ => Ok(()),
    }
}

fn digest(text: &str) -> Result<[u8; 32], Error> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE
        .decode(text.as_bytes())
        .ok();
    let digest = bytes.and_then(|bytes| bytes.try_into().ok());
    digest.ok_or_else(|| Error::Argument {
        what: format!("the policy {text:?}"),
        expected: "a SHA-256 of 64 hexadecimal digits",
    })
}
