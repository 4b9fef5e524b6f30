//! Acts that take two people: asked for by one, approved by another, done by the node.

use ensign_store::vault::SealedChange;
use ensign_trust::Code;
use ensign_trust::account::{Act, Action, Outcome, Relation, Request, Roster, Sensitivity};
use ensign_trust::id::{AccountId, StatementId};
use serde::Serialize;
use serde_json::Value;

use super::account::put;
use super::asked::Asked;
use super::{Refusal, cell};
use crate::error::Error;
use crate::node::{NODE, Node};

/// Most requests of one account that wait at a time.
const MAX_WAITING: usize = 1000;

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestRow {
    /// Its id.
    pub request: StatementId,
    /// What is to be done.
    pub act: Action,
    /// To what.
    pub about: Code,
    /// How sensitive that is.
    pub sensitivity: Sensitivity,
    /// Who asked; absent where whoever holds the folder did.
    pub by: Option<AccountId>,
    /// When, Unix seconds.
    pub asked: u64,
    /// `open`, `approved`, `done`, `refused`, `withdrawn` or `lapsed`.
    pub outcome: &'static str,
    /// How many more have to say yes.
    pub missing: usize,
    /// Who said yes.
    pub approved: Vec<AccountId>,
    /// Who was named to decide.
    pub assigned: Vec<AccountId>,
    /// How whoever asks now stands to it.
    pub relation: Relation,
}

/// All that can be seen of a request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequestPage {
    /// What stands in a list.
    #[serde(flatten)]
    pub row: RequestRow,
    /// What is asked for.
    pub asked: Option<Asked>,
    /// What came of it, for whoever asked.
    pub answer: Option<Value>,
}

impl Node {
    /// Asks for an act that takes two people. Asked again while it waits, it is the same request.
    pub fn ask_for(
        &self,
        asked: &Asked,
        assigned: &[String],
        by: Option<AccountId>,
    ) -> Result<StatementId, Error> {
        let act = asked.act();
        let sensitivity = act.sensitivity().unwrap_or(Sensitivity::Severe);
        self.permit(by, act, sensitivity, asked.relation(by))?;
        let about = self.about(asked)?;
        let _turn = self.changing();
        let now = self.clock.now();
        let mut named = Vec::new();
        for id in assigned {
            let refused = || Refusal::Assigned { id: id.clone() };
            let account = id.parse().map_err(|_| refused())?;
            let may = self.roster().may(
                account,
                Action::RequestApprove,
                sensitivity,
                Relation::Assigned,
                now,
            );
            if !may || by == Some(account) || about.as_str() == account.to_string() {
                return Err(refused().into());
            }
            named.push(account);
        }
        named.sort();
        named.dedup();
        let waiting: Vec<_> = self
            .roster()
            .requests()
            .filter(|(_, it)| (it.outcome(now), it.act, it.by) == (Outcome::Open, act, by))
            .map(|(id, _)| id)
            .collect();
        for id in waiting {
            if self.asked(id)?.as_ref() == Some(asked) {
                return Ok(id);
            }
        }
        if waiting_of(&self.roster(), by, now) >= MAX_WAITING {
            return Err(Refusal::TooMany { most: MAX_WAITING }.into());
        }
        let needed = if by.is_some() { 1 } else { 2 };
        let others = self.others_who_approve(act, &about, by, Some(&named));
        if others < needed {
            return Err(Refusal::NobodyApproves.into());
        }
        let ids = self.state_acts(&[Act::Asked {
            act,
            about,
            assigned: named,
            by,
        }])?;
        let id = ids[0];
        let kept = serde_json::to_vec(asked).map_err(Error::Answer)?;
        self.vault
            .apply(&[put("request", &id.to_string(), NODE, &kept)])?;
        Ok(id)
    }

    /// Says yes to a request; the last yes has it done. A request whose doing failed is tried again.
    pub fn approve(&self, request: &str, by: AccountId) -> Result<RequestRow, Error> {
        let _turn = self.changing();
        let (id, found) = self.decidable(request, by, Action::RequestApprove)?;
        // Whoever asked, or agreed before, must still be one who may.
        self.permit(found.by, found.act, found.sensitivity(), Relation::None)?;
        for agreed in &found.approved {
            self.permit_request(*agreed, &found, Action::RequestApprove)
                .map_err(|_| Refusal::Stale)?;
        }
        let now = self.clock.now();
        if found.outcome(now) == Outcome::Open && !found.approved.contains(&by) {
            self.state_acts(&[Act::Approved { request: id, by }])?;
        }
        let approved = self.roster().request(id).map(|it| it.outcome(now));
        if approved == Some(Outcome::Approved) {
            self.carry_out(id, found.by)?;
        }
        self.request_row(id, Some(by))
    }

    /// Says no to a request.
    pub fn refuse(&self, request: &str, by: AccountId) -> Result<RequestRow, Error> {
        let _turn = self.changing();
        let (id, found) = self.decidable(request, by, Action::RequestRefuse)?;
        self.still_open(&found)?;
        self.state_acts(&[Act::Refused { request: id, by }])?;
        self.request_row(id, Some(by))
    }

    /// Stands aside from a request.
    pub fn recuse(&self, request: &str, by: AccountId) -> Result<RequestRow, Error> {
        let _turn = self.changing();
        let (id, found) = self.decidable(request, by, Action::RequestRecuse)?;
        self.still_open(&found)?;
        self.state_acts(&[Act::Recused { request: id, by }])?;
        self.request_row(id, Some(by))
    }

    /// Takes a request back.
    pub fn withdraw_request(
        &self,
        request: &str,
        by: Option<AccountId>,
    ) -> Result<RequestRow, Error> {
        let _turn = self.changing();
        let (id, found) = self.request_at(request)?;
        if let Some(by) = by {
            self.permit_request(by, &found, Action::RequestWithdraw)?;
        }
        self.still_open(&found)?;
        self.state_acts(&[Act::Retracted { request: id, by }])?;
        self.request_row(id, by)
    }

    /// The requests that an account may see, those that wait first; all for whoever holds the folder.
    pub fn requests(&self, by: Option<AccountId>) -> Result<Vec<RequestRow>, Error> {
        // Asked one by one: whoever holds the roster while asking for it again waits for ever.
        let all: Vec<_> = self
            .roster()
            .requests()
            .map(|(id, request)| (id, request.clone()))
            .collect();
        let mut rows = all
            .into_iter()
            .filter(|(_, request)| self.sees(by, request))
            .map(|(id, _)| self.request_row(id, by))
            .collect::<Result<Vec<_>, _>>()?;
        rows.sort_by_key(|row| (row.outcome != "open", u64::MAX - row.asked, row.request));
        Ok(rows)
    }

    /// A request with what is asked for and, for whoever asked, what came of it.
    pub fn request(&self, request: &str, by: Option<AccountId>) -> Result<RequestPage, Error> {
        let (id, found) = self.request_at(request)?;
        if !self.sees(by, &found) {
            // Whether it is there is not for whoever may not see it.
            let id = request.to_owned();
            return Err(Refusal::NoRequest { id }.into());
        }
        let row = self.request_row(id, by)?;
        let may_ask = |by| {
            let asking = self.permit(by, found.act, found.sensitivity(), Relation::None);
            asking.is_ok()
        };
        let answer = match found.by == by && may_ask(by) {
            true => self.came_of(id)?,
            false => None,
        };
        Ok(RequestPage {
            row,
            asked: self.asked(id)?,
            answer,
        })
    }

    /// Has an act wait for others that whoever holds the folder tells the node to do, where there are
    /// two who could approve it.
    pub(crate) fn wait_for_others(&self, asked: &Asked) -> Result<(), Error> {
        let about = self.about(asked)?;
        match self.others_who_approve(asked.act(), &about, None, None) >= 2 {
            true => {
                let request = self.ask_for(asked, &[], None)?;
                Err(Refusal::Waits { request }.into())
            }
            false => Ok(()),
        }
    }

    /// Refuses what cannot become a request to whoever holds the folder, where there are two who could
    /// approve the like.
    pub(crate) fn takes_two(&self, action: Action) -> Result<(), Error> {
        let nobody = Code::literal("nobody");
        match self.others_who_approve(action, &nobody, None, None) >= 2 {
            true => Err(Refusal::TakesTwo(action).into()),
            false => Ok(()),
        }
    }

    /// Does it, once: a mark says that it was begun, so that a node which stopped in between does not
    /// do it again unasked.
    fn carry_out(&self, id: StatementId, by: Option<AccountId>) -> Result<(), Error> {
        let asked = self
            .asked(id)?
            .ok_or_else(|| Refusal::NoRequest { id: id.to_string() })?;
        let row = id.to_string();
        if self.vault.get(begun_cell(&row))?.is_some() {
            return Err(Refusal::Unsure.into());
        }
        self.vault.put(begun_cell(&row), NODE, b"begun")?;
        let (answer, owner) = match self.act_on(&asked, by) {
            Ok(done) => done,
            Err(error) => {
                self.vault.delete(begun_cell(&row))?;
                return Err(Error::Undone(Box::new(error)));
            }
        };
        let answer = serde_json::to_vec(&answer).map_err(Error::Answer)?;
        let answered = SealedChange::Put {
            cell: answer_cell(&row),
            owner: &owner,
            value: &answer,
        };
        self.vault.apply(&[answered])?;
        self.state_acts(&[Act::Carried { request: id }])?;
        self.vault.delete(begun_cell(&row))?;
        Ok(())
    }

    fn asked(&self, id: StatementId) -> Result<Option<Asked>, Error> {
        let opened = self.vault.get(cell("request", &id.to_string()))?;
        opened
            .map(|it| serde_json::from_slice(&it.value).map_err(Error::Answer))
            .transpose()
    }

    fn came_of(&self, id: StatementId) -> Result<Option<Value>, Error> {
        let opened = match self.vault.get(answer_cell(&id.to_string())) {
            Err(ensign_store::Error::NoKey { .. }) => None,
            found => found?,
        };
        opened
            .map(|it| serde_json::from_slice(&it.value).map_err(Error::Answer))
            .transpose()
    }

    /// Forgets what was told of somebody or something.
    pub(crate) fn forget_answers(&self, owner: &str) -> Result<(), Error> {
        let mut after = None::<String>;
        loop {
            let rows = self.vault.stored().rows("request", after.as_deref(), 256)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            for row in &rows {
                if self.vault.owner(answer_cell(row))?.as_deref() == Some(owner) {
                    self.vault.delete(answer_cell(row))?;
                }
            }
        }
    }

    fn request_at(&self, request: &str) -> Result<(StatementId, Request), Error> {
        let id = request.parse().ok();
        let found = id.and_then(|id| Some((id, self.roster().request(id)?.clone())));
        found.ok_or_else(|| {
            Refusal::NoRequest {
                id: request.to_owned(),
            }
            .into()
        })
    }

    /// A request that an account may decide on in a way.
    fn decidable(
        &self,
        request: &str,
        by: AccountId,
        action: Action,
    ) -> Result<(StatementId, Request), Error> {
        let (id, found) = self.request_at(request)?;
        self.permit_request(by, &found, action)?;
        self.still_open(&found)?;
        Ok((id, found))
    }

    fn permit_request(
        &self,
        by: AccountId,
        request: &Request,
        action: Action,
    ) -> Result<(), Error> {
        self.permit(
            Some(by),
            action,
            request.sensitivity(),
            request.relation(by),
        )
    }

    fn sees(&self, by: Option<AccountId>, request: &Request) -> bool {
        by.is_none_or(|by| {
            self.permit_request(by, request, Action::RequestRead)
                .is_ok()
        })
    }

    /// How many accounts could approve, other than the one that asks and the one that it is about;
    /// where nobody was named yet, anybody may be.
    fn others_who_approve(
        &self,
        act: Action,
        about: &Code,
        by: Option<AccountId>,
        named: Option<&[AccountId]>,
    ) -> usize {
        let now = self.clock.now();
        let sensitivity = act.sensitivity().unwrap_or(Sensitivity::Severe);
        let roster = self.roster();
        let may = |id: &AccountId| {
            let relations: &[Relation] = match named {
                None => &[Relation::None, Relation::Assigned],
                Some(named) if named.contains(id) => &[Relation::Assigned],
                Some(_) => &[Relation::None],
            };
            let may =
                |it: &Relation| roster.may(*id, Action::RequestApprove, sensitivity, *it, now);
            by != Some(*id) && about.as_str() != id.to_string() && relations.iter().any(may)
        };
        roster.accounts().filter(|(id, _)| may(id)).count()
    }

    /// Refuses a request that is decided or has waited too long.
    fn still_open(&self, request: &Request) -> Result<(), Error> {
        match request.outcome(self.clock.now()) {
            Outcome::Open | Outcome::Approved => Ok(()),
            Outcome::Lapsed => Err(Refusal::Stale.into()),
            _ => Err(Refusal::Decided.into()),
        }
    }

    fn request_row(&self, id: StatementId, by: Option<AccountId>) -> Result<RequestRow, Error> {
        let roster = self.roster();
        let found = roster
            .request(id)
            .ok_or_else(|| Refusal::NoRequest { id: id.to_string() })?;
        Ok(RequestRow {
            request: id,
            act: found.act,
            about: found.about.clone(),
            sensitivity: found.sensitivity(),
            by: found.by,
            asked: found.asked,
            outcome: found.outcome(self.clock.now()).code(),
            missing: found.missing(),
            approved: found.approved.iter().copied().collect(),
            assigned: found.assigned.iter().copied().collect(),
            relation: by.map_or(Relation::None, |by| found.relation(by)),
        })
    }
}

/// How many requests of an account wait, or of whoever holds the folder.
fn waiting_of(roster: &Roster, by: Option<AccountId>, now: u64) -> usize {
    let waits = |it: &Request| it.by == by && it.outcome(now) == Outcome::Open;
    roster.requests().filter(|(_, it)| waits(it)).count()
}

fn answer_cell(row: &str) -> ensign_store::Cell<'_> {
    ensign_store::Cell {
        table: "request",
        row,
        column: "answer",
    }
}

/// Where it is marked that an act was begun.
fn begun_cell(row: &str) -> ensign_store::Cell<'_> {
    ensign_store::Cell {
        table: "request",
        row,
        column: "begun",
    }
}
