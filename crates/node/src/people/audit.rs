//! Reading the closed log, entry by entry as far as the reader may.

use ensign_trust::account::{Act, Action, Relation, Sensitivity};
use ensign_trust::id::{AccountId, StatementId};
use ensign_trust::logbook::LogName;
use ensign_trust::{Code, Draft};
use serde::Serialize;

use crate::error::Error;
use crate::node::Node;

/// Entries that are looked through for one page at most.
const MOST: u64 = 2_000;

/// A part of the closed log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosedPage {
    /// Size of the closed log.
    pub total: u64,
    /// The entries that the reader may read.
    pub entries: Vec<ClosedRow>,
    /// Where the next part begins: what to ask for as `before`.
    pub next: Option<u64>,
}

/// An entry of the closed log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosedRow {
    /// Its index in the closed log.
    pub index: u64,
    /// Its statement.
    pub statement: StatementId,
    /// Its kind.
    pub kind: Code,
    /// When it was received, Unix seconds.
    pub received: u64,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
    /// The account that acted.
    pub by: Option<AccountId>,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The request that it is about.
    pub request: Option<StatementId>,
    /// What was done, granted, changed or asked for, by its code.
    pub what: Option<Code>,
}

impl Node {
    /// Reads the closed log backwards, from before an index where one is given. That an account read
    /// what is not its own is stated there.
    pub fn read_closed(
        &self,
        before: Option<u64>,
        limit: usize,
        by: Option<AccountId>,
    ) -> Result<ClosedPage, Error> {
        let log = self.log(LogName::Closed);
        let total = log.head()?.map_or(0, |head| head.size);
        let mut next = before.map_or(total, |before| before.min(total));
        let floor = next.saturating_sub(MOST);
        let mut entries = Vec::new();
        let mut others = false;
        while next > floor && entries.len() < limit {
            next -= 1;
            let statement = self.closed_statement(next)?;
            let (sensitivity, relation) = {
                let roster = self.roster();
                let relation = by.map_or(Relation::None, |by| roster.relation(&statement, by));
                (roster.sensitivity(&statement), relation)
            };
            if self
                .permit(by, Action::AuditRead, sensitivity, relation)
                .is_err()
            {
                continue;
            }
            others |= relation != Relation::Author;
            let received = self.views().closed_received(next)?;
            entries.push(row(next, statement.id(), &statement, sensitivity, received));
        }
        if others && by.is_some() {
            let _turn = self.changing();
            self.state_acts(&[Act::Done {
                act: Code::literal(Action::AuditRead.code()),
                by,
            }])?;
        }
        Ok(ClosedPage {
            total,
            entries,
            next: (next > 0).then_some(next),
        })
    }
}

fn row(
    index: u64,
    statement: StatementId,
    entry: &Draft,
    sensitivity: Sensitivity,
    received: u64,
) -> ClosedRow {
    let act = Act::read(entry).and_then(Result::ok);
    let what = match &act {
        Some(Act::Asked { act, .. }) => Some(Code::literal(act.code())),
        Some(Act::Changed { credential, .. }) => Some(Code::literal(credential.code())),
        Some(Act::Done { act, .. }) => Some(act.clone()),
        Some(Act::Granted { role, .. } | Act::Withdrawn { role, .. }) => {
            Some(Code::literal(role.code()))
        }
        _ => None,
    };
    ClosedRow {
        index,
        statement,
        kind: entry.kind.clone(),
        received,
        sensitivity,
        by: act.as_ref().and_then(Act::by),
        account: act.as_ref().and_then(Act::account),
        request: act.as_ref().and_then(Act::request),
        what,
    }
}
