//! What happened, was measured, received, found or disputed, as parties state it.
//!
//! | statement | says | who may make it |
//! |---|---|---|
//! | `fact.lodged` | something happened, or was done, in a time | any known party |
//! | `fact.sampled` | an indicator had these values, and when somebody was watching | any known party |
//! | `fact.attested` | a facility worked to so many quarters, through a week | any known party |
//! | `fact.receipted` | its author received an act of another party, when | any known party |
//! | `fact.withdrawn` | its author no longer says so | the author of the statement |
//! | `finding.made` | people determined what cannot be computed | any known party |
//! | `dispute.opened`, `dispute.closed` | a dispute stops a clock, and lets it go on | any known party |
//!
//! | state of a statement | entered by | left by |
//! |---|---|---|
//! | standing | itself | one that replaces or withdraws it |
//! | withdrawn | either of these, while it stands itself | the withdrawal's own withdrawal |
//!
//! | state of a dispute | entered by | left by |
//! |---|---|---|
//! | open | `dispute.opened` | `dispute.closed` |
//! | closed | `dispute.closed` | never |
//!
//! Whose word counts for what is for the text to say, by the roles that its kinds and conditions
//! name. A node states nothing here by itself and looks at no facility. It refuses one thing: a value
//! off every [scale](Scale) on which a text of the log measures the indicator.
//!
//! In scope: the statements and the [facts](facts) that they state. Out of scope: what follows from
//! them ([`evaluate`](crate::evaluate)).

mod decide;
mod samples;
mod scale;
mod state;
mod statement;
#[cfg(test)]
pub(crate) mod story;
#[cfg(test)]
mod tests;

pub use decide::{
    Refusal, attest, close, facts, find, lodge, need, open, receipt, sample, withdraw,
};
pub use samples::{Reading, Series, TooMany, series};
pub use scale::{Scale, Scales, on_scale};
pub use state::{Dispute, Facts, Known};
pub use statement::{
    Act, Attested, Closed, Found, Lodged, MAX_SAMPLES, Opened, Receipted, Sampled, WEEK, Withdrawn,
};
