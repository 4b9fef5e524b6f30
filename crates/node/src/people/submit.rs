//! Statements that others signed, handed in by a program.

use ensign_trust::account::{Act, Action, Relation, Sensitivity};
use ensign_trust::id::{AccountId, StatementId};
use ensign_trust::logbook::LogName;
use ensign_trust::{Code, Statement};
use serde::Serialize;

use crate::append::index_of;
use crate::error::Error;
use crate::node::Node;

/// A statement that is in the public log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Submitted {
    /// Its id.
    pub statement: StatementId,
    /// Its index.
    pub index: u64,
    /// Whether it was there before.
    pub known: bool,
}

impl Node {
    /// Takes in a signed statement for an account: its author's mandate is checked as anybody's is.
    /// The same statement again changes nothing.
    pub fn submit(&self, entry: Vec<u8>, by: AccountId) -> Result<Submitted, Error> {
        let action = Action::StatementSubmit;
        self.permit(Some(by), action, Sensitivity::Low, Relation::None)?;
        let statement = Statement::decode(entry).map_err(Error::Statement)?;
        let id = statement.id();
        let log = self.log(LogName::Public);
        if let Some(index) = index_of(log, id)? {
            return Ok(Submitted {
                statement: id,
                index,
                known: true,
            });
        }
        match self.append(LogName::Public, vec![statement]) {
            Ok(appended) => {
                let _turn = self.changing();
                self.state_acts(&[Act::Done {
                    act: Code::literal(action.code()),
                    by: Some(by),
                }])?;
                Ok(Submitted {
                    statement: id,
                    index: appended.first,
                    known: false,
                })
            }
            // Handed in twice at the same time.
            Err(Error::Stated { id: known }) if known == id => Ok(Submitted {
                statement: id,
                index: index_of(log, id)?.unwrap_or_default(),
                known: true,
            }),
            Err(error) => Err(error),
        }
    }
}
