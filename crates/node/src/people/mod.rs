//! People at this node: accounts, signing in, sessions, tokens, and what takes two of them.
//!
//! Who may do what is stated in the closed log and judged by the matrix of
//! [`ensign_trust::account`]; every function here that acts for an account asks it, so that no page and
//! no address can forget to. `by` is the account that acts; `None` is whoever holds the folder, whom
//! the file system has let in.
//!
//! | table of the vault | row | holds, under the account's own data key |
//! |---|---|---|
//! | `account` | its id | what the person is called and signs in with |
//! | `login` | keyed digest of the name to sign in with | the account's id |
//! | `enrolment` | digest of a code | the account's id |
//! | `session` | digest of a cookie's value | the account's id, since when, last used |
//! | `passkey` | digest of a passkey's id | its key, its label, how often it signed and when |
//! | `recovery` | digest of a recovery code, where there is no password | the account's id |
//! | `token` | digest of a token | the account's id |
//! | `request` | its id | what is to be done, and what came of it; under the node's key |
//!
//! A secret that a person brings is kept as a digest only, a password as one that is slow to try
//! (Argon2id, RFC 9106). Without the database of data keys a row says at most
//! which account it belongs to, and an account is a number.

mod account;
mod asked;
mod audit;
mod enrol;
mod guess;
mod passkey;
mod request;
mod secret;
mod session;
mod submit;
mod token;

use std::sync::{Mutex, RwLockReadGuard};

use ensign_store::Cell;
use ensign_trust::account::{Act, Action, Relation, Role, Roster, Sensitivity};
use ensign_trust::id::{AccountId, StatementId};
use ensign_trust::logbook::LogName;
use ensign_trust::{Draft, Statement};

use crate::error::Error;
use crate::node::{Node, read, write};

pub use account::{AccountOpened, AccountRow, Enrolment, RoleRow};
pub use asked::Asked;
pub use audit::{ClosedPage, ClosedRow};
pub use enrol::{Begun, Enrolled};
pub use passkey::{MOST_PASSKEYS, PasskeyRow};
pub use request::{RequestPage, RequestRow};
pub use secret::{MIN_PASSWORD, one_time_code};
pub use session::{Session, SignedIn};
pub use submit::Submitted;
pub use token::{SCOPES, TokenMade, TokenRow, Tokened};

/// What the node keeps in memory about people, beside the roster.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Held by whoever changes an account or a request.
    changing: Mutex<()>,
    /// Who tried to sign in and failed.
    guesses: Mutex<guess::Guesses>,
    /// What passkeys were given to sign.
    challenges: Mutex<passkey::Challenges>,
}

/// Why a person is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each message is the documentation")]
pub enum Refusal {
    #[error("no account here has the id {id}")]
    Unknown { id: String },
    #[error("the account has none of the roles that may do this ({})", .0.code())]
    NotAllowed(Action),
    #[error("the account is closed")]
    Closed,
    #[error("it is the last account that can grant roles")]
    LastAdministrator,
    #[error("every account is that of a member; it is neither granted nor withdrawn")]
    Membership,
    #[error("name, password and code do not belong together")]
    SignIn,
    #[error("there were too many attempts: the next one counts in {seconds} s")]
    Throttled { seconds: u64 },
    #[error("the code to enter was used, is too old or never was")]
    Enrolment,
    #[error("the code of the second factor is not the one of now")]
    SecondFactor,
    #[error("the name to sign in with is taken or not 1 to 64 characters")]
    Login,
    #[error("the password is shorter than {MIN_PASSWORD} characters or longer than 1024 bytes")]
    Password,
    #[error("this is no passkey that was asked for, or it was asked for too long ago")]
    Passkey,
    #[error("the account has no such passkey")]
    NoPasskey,
    #[error("it is all that the account is signed in with")]
    LastPasskey,
    #[error("an account has {MOST_PASSKEYS} passkeys at most")]
    MostPasskeys,
    #[error("what a passkey is called is 1 to 64 characters")]
    PasskeyLabel,
    #[error("this is done within ten minutes of signing in")]
    NotFresh,
    #[error("no request here has the id {id}")]
    NoRequest { id: String },
    #[error("the request is decided")]
    Decided,
    #[error("{id} cannot decide on this request: it lacks the role, or asks itself")]
    Assigned { id: String },
    #[error("nobody here could approve it: it takes accounts whose roles may")]
    NobodyApproves,
    #[error("it waits for another person, as the request {request}")]
    Waits { request: StatementId },
    #[error("it takes two people ({}): ask for it", .0.code())]
    TakesTwo(Action),
    #[error("{most} requests of this account wait already")]
    TooMany { most: usize },
    #[error("it waited too long, or somebody who agreed may not any more: ask again")]
    Stale,
    #[error(
        "the node stopped while it did this: see whether it is done, then take the request back and ask again"
    )]
    Unsure,
    #[error("the token is not one of this node, is revoked or is too old")]
    Token,
    #[error("the token is not made for this ({})", .0.code())]
    Scope(Action),
}

impl Refusal {
    /// Its code.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown { .. } => "account.unknown",
            Refusal::NotAllowed(_) => "account.not_allowed",
            Refusal::Closed => "account.closed",
            Refusal::LastAdministrator => "account.last_administrator",
            Refusal::Membership => "account.membership",
            Refusal::SignIn => "sign_in.refused",
            Refusal::Throttled { .. } => "sign_in.throttled",
            Refusal::Enrolment => "enrolment.refused",
            Refusal::SecondFactor => "enrolment.second_factor",
            Refusal::Login => "enrolment.login",
            Refusal::Password => "enrolment.password",
            Refusal::Passkey => "passkey.refused",
            Refusal::NoPasskey => "passkey.unknown",
            Refusal::LastPasskey => "passkey.last",
            Refusal::MostPasskeys => "passkey.most",
            Refusal::PasskeyLabel => "passkey.label",
            Refusal::NotFresh => "sign_in.not_fresh",
            Refusal::NoRequest { .. } => "request.unknown",
            Refusal::Decided => "request.decided",
            Refusal::Assigned { .. } => "request.assigned",
            Refusal::NobodyApproves => "request.nobody_approves",
            Refusal::Waits { .. } => "request.waits",
            Refusal::TakesTwo(_) => "request.takes_two",
            Refusal::TooMany { .. } => "request.too_many",
            Refusal::Stale => "request.lapsed",
            Refusal::Unsure => "request.unsure",
            Refusal::Token => "token.refused",
            Refusal::Scope(_) => "token.scope",
        }
    }
}

impl Node {
    /// All accounts and requests.
    pub fn roster(&self) -> RwLockReadGuard<'_, Roster> {
        read(&self.roster)
    }

    /// Refuses what an account may not do. Whoever holds the folder may do everything.
    pub fn permit(
        &self,
        by: Option<AccountId>,
        action: Action,
        sensitivity: Sensitivity,
        relation: Relation,
    ) -> Result<(), Error> {
        let Some(by) = by else { return Ok(()) };
        let now = self.clock.now();
        match self.roster().may(by, action, sensitivity, relation, now) {
            true => Ok(()),
            false => Err(Refusal::NotAllowed(action).into()),
        }
    }

    /// Refuses what an account may not do to an account, perhaps its own.
    fn permit_account(
        &self,
        by: Option<AccountId>,
        action: Action,
        account: AccountId,
    ) -> Result<(), Error> {
        let relation = match by == Some(account) {
            true => Relation::Author,
            false => Relation::None,
        };
        self.permit(by, action, Sensitivity::Moderate, relation)
    }

    /// Reads the roster out of the closed log.
    pub(crate) fn read_roster(&self) -> Result<(), Error> {
        let mut roster = Roster::default();
        for (index, received) in self.views.of_accounts()? {
            roster = roster.apply(&self.closed_statement(index)?, received);
        }
        *write(&self.roster) = roster;
        Ok(())
    }

    /// States acts of people in the closed log, in one batch, and in the roster. Whoever calls it holds
    /// the turn of those who change something.
    fn state_acts(&self, acts: &[Act]) -> Result<Vec<StatementId>, Error> {
        let draft = |act: &Act| -> Draft {
            let mut draft = self.draft(Some(self.operator));
            act.write(&mut draft);
            draft
        };
        let drafts = acts.iter().map(draft).collect();
        let key = self.operating_key()?;
        let stated = self.state_as(LogName::Closed, self.operator, &key, drafts);
        let appended = match stated {
            Ok(appended) => appended,
            Err(error) => {
                // It may be in the log all the same.
                self.read_roster()?;
                return Err(error);
            }
        };
        let mut roster = self.roster().clone();
        for at in 0..appended.ids.len() as u64 {
            let statement = self.closed_statement(appended.first + at)?;
            roster = roster.apply(&statement, appended.received);
        }
        *write(&self.roster) = roster;
        Ok(appended.ids)
    }

    fn closed_statement(&self, index: u64) -> Result<Statement, Error> {
        let entry = self.log(LogName::Closed).read(index..index + 1)?.pop();
        Statement::decode(entry.unwrap_or_default()).map_err(Error::Statement)
    }

    /// The id of an account that is there, closed or not.
    fn account_id(&self, id: &str) -> Result<AccountId, Error> {
        let known = |id: &AccountId| self.roster().account(*id).is_some();
        let found = id.parse().ok().filter(known);
        found.ok_or_else(|| Refusal::Unknown { id: id.to_owned() }.into())
    }

    /// The id of an account that is open.
    fn open_account_id(&self, id: &str) -> Result<AccountId, Error> {
        let id = self.account_id(id)?;
        let open = self.roster().account(id).is_some_and(|it| it.is_open());
        match open {
            true => Ok(id),
            false => Err(Refusal::Closed.into()),
        }
    }
}

/// Where a table keeps its one value of a row.
fn cell<'a>(table: &'a str, row: &'a str) -> Cell<'a> {
    Cell {
        table,
        row,
        column: "value",
    }
}

/// The role of this code.
pub(crate) fn role(code: &str) -> Result<Role, Error> {
    let what = format!("the role {}", crate::error::quoted(code));
    let expected = "one of administrator, auditor, guardian, registrar and submitter";
    let found = code.parse().ok().filter(|role| *role != Role::Member);
    found.ok_or(Error::Argument { what, expected })
}

/// The roles that can be granted.
pub fn grantable() -> impl Iterator<Item = Role> {
    Role::ALL
        .iter()
        .copied()
        .filter(|role| *role != Role::Member)
}
