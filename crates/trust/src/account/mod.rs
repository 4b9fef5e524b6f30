//! People's access to one node: accounts, the roles they hold, and the acts that take two of them.
//!
//! | statement | effect |
//! |---|---|
//! | `account.opened` | a person has an account, and no role yet |
//! | `account.granted` | the account holds a role, until a time where one is given |
//! | `account.withdrawn` | the account holds the role no more |
//! | `account.changed` | something with which the person signs in was set, added or taken away |
//! | `account.closed` | the account is no more, and all its roles with it |
//! | `passkey.added`, `passkey.removed` | a person may sign in with a passkey, or no more |
//! | `request.asked` | an act waits for a second person |
//! | `request.approved`, `request.refused`, `request.recused` | what one person says of it |
//! | `request.withdrawn` | whoever asked asks no more |
//! | `request.done` | what was approved is done |
//! | `act.done` | a privileged act was done |
//! | `token.made`, `token.revoked` | a program may act for an account in few ways, until a time |
//!
//! All are made by the node's operator in its closed log. An account's id is random and says nothing
//! of the person; what the person is called and signs in with lies in the vault under the account's
//! own data key, and goes with it. `by` names the account that acted; where it is absent, whoever
//! holds the folder did, or the node as an approved request told it.
//!
//! | request | after | then |
//! |---|---|---|
//! | open | it was asked | waits: for one more person where an account asked, for two where the folder's holder did |
//! | approved | enough others approved | the node does the act and says so; until then it can still be refused or withdrawn |
//! | refused | one refused | nothing is done |
//! | withdrawn | who asked took it back, or closed the account | nothing is done |
//!
//! In scope: who may do what, as a closed matrix of role, action, sensitivity and relation, written by
//! hand in [`matrix`]. Out of scope: how passwords and passkeys are checked, sessions, and what parties may state,
//! which [`party`](crate::party) decides.

/// A closed vocabulary: an enum whose values have one code each.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $all:literal { $($(#[$value_doc:meta])* $value:ident = $code:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$value_doc])* $value,)+
        }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [$name] = &[$($name::$value,)+];

            /// Its code.
            pub fn code(self) -> &'static str {
                match self {
                    $($name::$value => $code,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.code())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::account::UnknownCode;

            fn from_str(code: &str) -> Result<Self, $crate::account::UnknownCode> {
                let found = $name::ALL.iter().find(|it| it.code() == code);
                found.copied().ok_or($crate::account::UnknownCode($all))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    )+};
}
pub(crate) use codes;

pub mod matrix;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use matrix::{Action, Relation, Role, Sensitivity};
pub use state::{Account, LAPSE, Outcome, Request, Roster};
pub use statement::{Act, Credential};

use crate::party::Need;
use crate::statement::Draft;

/// A code is not one of a closed vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("one of {0} is meant")]
pub struct UnknownCode(pub &'static str);

/// What the author of a statement about accounts must be, if the kind is one of these.
pub fn need(draft: &Draft) -> Option<Need> {
    let kind = draft.kind.as_str();
    (statement::KINDS.contains(&kind)).then_some(Need::Role {
        role: "operator",
        scope: None,
    })
}
