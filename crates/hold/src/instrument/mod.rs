//! Texts that bind parties, as the log has them: published, adopted, left, objected to.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `instrument.part` | a part of the canonical form of a text | any known party |
//! | `instrument.published` | this is the text with this digest | any known party |
//! | `instrument.adopted` | the party is bound by it: roles, parameters, reservations, from when until when | a party with a mandate as signatory |
//! | `adoption.withdrawn` | it is no longer, from when | the party that adopted it, by the same mandate |
//! | `instrument.objected` | the party objects to another's reservation on a term | a party to the text, by the same mandate |
//!
//! | state of an adoption | entered by | left by |
//! |---|---|---|
//! | stated | `instrument.adopted` | its `from`; one that supersedes it before |
//! | in effect | its `from`, or the receipt where that is later | its `until`; `adoption.withdrawn` |
//! | ended | either of these | never |
//!
//! Nothing reaches back: what was owed before stays as it was. All that binds is an
//! [`Accord`](crate::evaluate::Accord), which the evaluator reads.
//!
//! In scope: what binds whom. Out of scope: what it comes to ([`evaluate`](crate::evaluate)).
//!
//! Source: Vienna Convention on the Law of Treaties, Art. 7, 19 to 23 (the primary text was not
//! checked).

mod decide;
mod state;
mod statement;
#[cfg(test)]
mod tests;

pub use decide::{Adoption, Publishing, Refusal, adopt, need, object, publish, withdraw};
pub use state::{Instruments, Publication};
pub use statement::{
    Act, Adopted, MAX_PARTS, Objected, PART, Part, Published, SIGNATORY, WHOLE, Withdrawn,
};
