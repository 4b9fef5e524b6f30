//! Who has an account, what they may do, and what waits for whom.

use std::collections::{BTreeMap, BTreeSet};

use super::matrix::allows;
use super::{Act, Action, Relation, Role, Sensitivity};
use crate::code::Code;
use crate::id::{AccountId, StatementId};
use crate::logbook;
use crate::statement::{Draft, Statement};

/// Seconds for which a request waits.
pub const LAPSE: u64 = 30 * 86_400;

/// All accounts and requests of a node, as its closed log states them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    accounts: BTreeMap<AccountId, Account>,
    requests: BTreeMap<StatementId, Request>,
}

/// A person's access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// When it was opened: received, Unix seconds.
    pub opened: u64,
    /// When it was closed.
    pub closed: Option<u64>,
    /// The roles it was granted, each until a time where one is given.
    pub roles: BTreeMap<Role, Option<u64>>,
    /// Passkeys that sign in to it: first 16 bytes of a digest of id and key.
    pub passkeys: BTreeSet<Vec<u8>>,
    /// Programs that may act for it: first 16 bytes of a token's digest, what it may do, until when.
    pub tokens: BTreeMap<Vec<u8>, (Vec<Action>, u64)>,
}

/// An act that waits for another person, or waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is to be done.
    pub act: Action,
    /// To what.
    pub about: Code,
    /// Who asked; absent where whoever holds the folder did.
    pub by: Option<AccountId>,
    /// When: received, Unix seconds.
    pub asked: u64,
    /// Who was named to decide on it.
    pub assigned: BTreeSet<AccountId>,
    /// Who said yes.
    pub approved: BTreeSet<AccountId>,
    /// Who stood aside.
    pub recused: BTreeSet<AccountId>,
    /// What became of it, were there no end to waiting.
    outcome: Outcome,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It waits.
    Open,
    /// It was approved, and is to be done.
    Approved,
    /// It was approved and done.
    Done,
    /// Somebody said no.
    Refused(AccountId),
    /// Whoever asked took it back.
    Withdrawn,
    /// It was not done for too long.
    Lapsed,
}

impl Outcome {
    /// `open`, `approved`, `done`, `refused`, `withdrawn` or `lapsed`.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Open => "open",
            Outcome::Approved => "approved",
            Outcome::Done => "done",
            Outcome::Refused(_) => "refused",
            Outcome::Withdrawn => "withdrawn",
            Outcome::Lapsed => "lapsed",
        }
    }
}

impl Account {
    /// Whether it is there at a time, Unix seconds.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// Whether it holds a role at a time, Unix seconds.
    pub fn holds(&self, role: Role, now: u64) -> bool {
        let held = || {
            self.roles
                .get(&role)
                .is_some_and(|it| it.is_none_or(|until| now < until))
        };
        self.is_open() && (role == Role::Member || held())
    }

    /// The roles it holds at a time, Unix seconds, that of a member left out.
    pub fn held(&self, now: u64) -> impl Iterator<Item = Role> {
        self.roles
            .keys()
            .copied()
            .filter(move |role| self.holds(*role, now))
    }

    /// Whether it may do something to a thing of a sensitivity to which it stands in a relation.
    pub fn may(
        &self,
        action: Action,
        sensitivity: Sensitivity,
        relation: Relation,
        now: u64,
    ) -> bool {
        let mut roles = Role::ALL.iter().filter(|role| self.holds(**role, now));
        roles.any(|role| allows(*role, action, sensitivity, relation))
    }
}

impl Request {
    /// How sensitive the act is.
    pub fn sensitivity(&self) -> Sensitivity {
        self.act.sensitivity().unwrap_or(Sensitivity::Severe)
    }

    /// What became of it by a time, Unix seconds: what is not done [`LAPSE`] after it was asked for
    /// is not done any more.
    pub fn outcome(&self, now: u64) -> Outcome {
        let undone = matches!(self.outcome, Outcome::Open | Outcome::Approved);
        match undone && now >= self.asked.saturating_add(LAPSE) {
            true => Outcome::Lapsed,
            false => self.outcome,
        }
    }

    /// How an account stands to it. Who asked, stood aside or is whom it is about is that before
    /// anything else, and decides nothing.
    pub fn relation(&self, account: AccountId) -> Relation {
        if self.by == Some(account) {
            Relation::Author
        } else if self.recused.contains(&account) || self.about.as_str() == account.to_string() {
            Relation::Recused
        } else if self.assigned.contains(&account) {
            Relation::Assigned
        } else {
            Relation::None
        }
    }

    /// An account that is closed stands behind nothing any more.
    fn leave(&mut self, account: AccountId) {
        if self.outcome == Outcome::Open {
            self.approved.remove(&account);
            if self.by == Some(account) {
                self.outcome = Outcome::Withdrawn;
            }
        }
    }

    /// How many more have to say yes: two people stand behind every act, whoever asked being one of
    /// them where it was an account.
    pub fn missing(&self) -> usize {
        let behind = self.approved.len() + usize::from(self.by.is_some());
        2_usize.saturating_sub(behind)
    }
}

impl Roster {
    /// Takes in a statement of the closed log that counts, received at a time in Unix seconds.
    /// Whatever does not fit changes nothing.
    pub fn apply(mut self, statement: &Statement, received: u64) -> Self {
        if let Some(Ok(act)) = Act::read(statement) {
            self.take(statement.id(), act, received);
        }
        self
    }

    fn take(&mut self, id: StatementId, act: Act, received: u64) {
        match act {
            Act::Opened { account, .. } => {
                self.accounts.entry(account).or_insert_with(|| Account {
                    opened: received,
                    closed: None,
                    roles: BTreeMap::new(),
                    passkeys: BTreeSet::new(),
                    tokens: BTreeMap::new(),
                });
            }
            Act::Closed { account: id, .. } => {
                if let Some(account) = self.open_mut(id) {
                    account.closed = Some(received);
                    account.roles.clear();
                    account.passkeys.clear();
                    account.tokens.clear();
                    self.requests.values_mut().for_each(|it| it.leave(id));
                }
            }
            Act::Granted {
                account,
                role,
                until,
                ..
            } => {
                if let Some(account) = self.open_mut(account).filter(|_| role != Role::Member) {
                    account.roles.insert(role, until);
                }
            }
            Act::Withdrawn { account, role, .. } => {
                if let Some(account) = self.open_mut(account) {
                    account.roles.remove(&role);
                }
            }
            Act::PasskeyAdded { account, passkey } => {
                if let Some(account) = self.open_mut(account) {
                    account.passkeys.insert(passkey);
                }
            }
            Act::PasskeyRemoved {
                account, passkey, ..
            } => {
                if let Some(account) = self.open_mut(account) {
                    account.passkeys.remove(&passkey);
                }
            }
            Act::TokenMade {
                account,
                token,
                scopes,
                until,
            } => {
                if let Some(account) = self.open_mut(account) {
                    account.tokens.insert(token, (scopes, until));
                }
            }
            Act::TokenRevoked { account, token, .. } => {
                if let Some(account) = self.open_mut(account) {
                    account.tokens.remove(&token);
                }
            }
            Act::Asked {
                act,
                about,
                assigned,
                by,
            } => {
                let request = Request {
                    act,
                    about,
                    by,
                    asked: received,
                    assigned: assigned.into_iter().collect(),
                    approved: BTreeSet::new(),
                    recused: BTreeSet::new(),
                    outcome: Outcome::Open,
                };
                self.requests.entry(id).or_insert(request);
            }
            Act::Approved { request, by } => {
                let of_another =
                    |it: &&mut Request| it.by != Some(by) && it.outcome(received) == Outcome::Open;
                if let Some(request) = self.waiting_mut(request).filter(of_another) {
                    request.approved.insert(by);
                    if request.missing() == 0 {
                        request.outcome = Outcome::Approved;
                    }
                }
            }
            Act::Recused { request, by } => {
                if let Some(request) = self.waiting_mut(request) {
                    request.approved.remove(&by);
                    request.recused.insert(by);
                }
            }
            Act::Refused { request, by } => {
                if let Some(request) = self.undone_mut(request) {
                    request.outcome = Outcome::Refused(by);
                }
            }
            Act::Retracted { request, .. } => {
                if let Some(request) = self.undone_mut(request) {
                    request.outcome = Outcome::Withdrawn;
                }
            }
            Act::Carried { request } => {
                let request = self.requests.get_mut(&request);
                if let Some(request) = request.filter(|it| it.outcome == Outcome::Approved) {
                    request.outcome = Outcome::Done;
                }
            }
            Act::Changed { .. } | Act::Done { .. } => (),
        }
    }

    /// An account.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// All accounts, closed ones too.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        self.accounts.iter().map(|(id, account)| (*id, account))
    }

    /// A request.
    pub fn request(&self, id: StatementId) -> Option<&Request> {
        self.requests.get(&id)
    }

    /// All requests.
    pub fn requests(&self) -> impl Iterator<Item = (StatementId, &Request)> {
        self.requests.iter().map(|(id, request)| (*id, request))
    }

    /// Whether an account may do something to a thing of a sensitivity to which it stands in a
    /// relation, at a time in Unix seconds.
    pub fn may(
        &self,
        account: AccountId,
        action: Action,
        sensitivity: Sensitivity,
        relation: Relation,
        now: u64,
    ) -> bool {
        let account = self.account(account);
        account.is_some_and(|it| it.may(action, sensitivity, relation, now))
    }

    /// How sensitive an entry of the closed log is.
    pub fn sensitivity(&self, entry: &Draft) -> Sensitivity {
        if logbook::need(entry).is_some() {
            return Sensitivity::Low;
        }
        let Some(Ok(act)) = Act::read(entry) else {
            return Sensitivity::Severe;
        };
        let of_two = match &act {
            Act::Asked { act, .. } => act.sensitivity(),
            Act::Done { act, .. } => act.as_str().parse().ok().and_then(Action::sensitivity),
            _ => None,
        };
        let of_request = act.request().and_then(|id| self.request(id));
        let of_request = of_request.map(Request::sensitivity);
        of_request.max(of_two).unwrap_or(Sensitivity::Moderate)
    }

    /// How an account stands to an entry of the closed log.
    pub fn relation(&self, entry: &Draft, account: AccountId) -> Relation {
        let own = match Act::read(entry) {
            Some(Ok(act)) => [act.by(), act.account()].contains(&Some(account)),
            _ => false,
        };
        match own {
            true => Relation::Author,
            false => Relation::None,
        }
    }

    /// Whether somebody else than this account could open accounts and grant roles, at a time in Unix
    /// seconds.
    pub fn administered_without(&self, account: AccountId, now: u64) -> bool {
        let mut others = self.accounts.iter().filter(|(id, _)| **id != account);
        others.any(|(_, other)| other.holds(Role::Administrator, now))
    }

    fn open_mut(&mut self, account: AccountId) -> Option<&mut Account> {
        self.accounts.get_mut(&account).filter(|it| it.is_open())
    }

    /// A request that is not done yet.
    fn undone_mut(&mut self, request: StatementId) -> Option<&mut Request> {
        let request = self.requests.get_mut(&request);
        request.filter(|it| matches!(it.outcome, Outcome::Open | Outcome::Approved))
    }

    fn waiting_mut(&mut self, request: StatementId) -> Option<&mut Request> {
        let request = self.requests.get_mut(&request);
        request.filter(|it| it.outcome == Outcome::Open)
    }
}
