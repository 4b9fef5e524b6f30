//! What has become of each obligation: a function of texts, adoptions, facts, a moment and a log
//! size, and of nothing else.
//!
//! [`evaluate`] is the one way in, from a node, a command or an audit: [`accord::Text::read`] makes its
//! texts of published bytes, [`record::Results`] makes bytes of its answer.
//!
//! Facts are vague. The evaluator computes which statuses are [possible](status::Possible); if just
//! one is, it is the status. Every rule, and what each case comes to, is in the decision note on
//! evaluation.
//!
//! | part | what it knows |
//! |---|---|
//! | [`interval`], [`truth`], [`status`] | vague times and stretches; three values; statuses |
//! | [`accord`], [`matrix`] | who adopted what, and what is in force between whom |
//! | `ledger`, `names` | the facts that are visible, found by what they are about |
//! | `frame` | one term, one debtor, one trigger |
//! | `condition`, `indicator`, `window` | conditions, samples and their sums |
//! | `anchor`, [`suspension`], `deadline` | where periods start, what stops them, whether they were kept |
//! | `maintain`, `forbid`, `perform`, `exception`, `remedy`, `duty` | the sorts of duty and what changes them |
//! | [`obligation`], `scene`, `bench` | which obligations there are; all of them; how much work may go into each |
//! | [`proof`], [`record`] | what a result rests on, and its bytes |
//! | [`docket`], [`timer`] | the same while facts come in and time goes on |

use ensign_trust::Fact;

pub mod accord;
mod anchor;
mod bench;
mod condition;
pub mod deadline;
pub mod docket;
mod duty;
mod exception;
mod forbid;
mod frame;
mod indicator;
pub mod interval;
mod ledger;
mod maintain;
pub mod matrix;
mod names;
pub mod obligation;
mod perform;
pub mod proof;
pub mod record;
mod remedy;
mod scene;
pub mod standing;
pub mod status;
pub mod suspension;
pub mod timer;
pub mod truth;
mod window;
mod witnessing;

#[cfg(test)]
mod tests;

pub use accord::Accord;
pub use docket::{Docket, Summary};
pub use obligation::{Broken, Obligation, ObligationKey, Unassigned};
pub use status::{Possible, Status};

use accord::Bound;
use ledger::{Ledger, statement_of};
use obligation::Instance;
use scene::Scene;

/// What is asked: the state of affairs at a moment, as a log of some size shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf {
    /// The moment judged, Unix seconds.
    pub t: i64,
    /// The log size judged: a fact counts if its position is below it.
    pub index: u64,
}

/// All obligations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// As of when.
    pub as_of: AsOf,
    /// In the order of their keys.
    pub obligations: Vec<Obligation>,
    /// Triggers that bind nobody, since nobody holds the role.
    pub unassigned: Vec<Unassigned>,
    /// The next second at which something may change while nothing is added.
    pub next: Option<i64>,
}

/// Judges every obligation, with its proof.
pub fn evaluate(accord: &Accord, facts: &[Fact], as_of: AsOf) -> Evaluation {
    let scene = Scene::at(accord, facts, as_of);
    scene.judge(as_of, true, |_| true)
}

/// Judges every obligation without writing proofs.
pub fn summarize(accord: &Accord, facts: &[Fact], as_of: AsOf) -> Evaluation {
    let scene = Scene::at(accord, facts, as_of);
    scene.judge(as_of, false, |_| true)
}

/// One obligation with its proof, which is the story of how it came to its status.
pub fn explain(
    accord: &Accord,
    facts: &[Fact],
    as_of: AsOf,
    key: &ObligationKey,
) -> Option<Obligation> {
    let of_key = |instance: &Instance<'_>| {
        instance.adopted.text.digest == key.text && instance.cause.line == key.trigger
    };
    let scene = Scene::at(accord, facts, as_of);
    let all = scene.judge(as_of, true, of_key).obligations;
    all.into_iter().find(|obligation| obligation.key == *key)
}

/// Judges every obligation as if further facts were logged as well.
///
/// Their positions do not matter: they come after all that is visible, those of one statement at one. Nothing else that the log
/// says later is seen.
pub fn what_if(accord: &Accord, facts: &[Fact], further: &[Fact], as_of: AsOf) -> Evaluation {
    let visible = facts.iter().filter(|fact| fact.position < as_of.index);
    let mut all: Vec<Fact> = visible.cloned().collect();
    let statements = further.chunk_by(|a, b| statement_of(a) == statement_of(b));
    let mut index = as_of.index;
    for of_statement in statements {
        let at = |fact: &Fact| Fact {
            position: index,
            ..fact.clone()
        };
        all.extend(of_statement.iter().map(at));
        index = index.saturating_add(1);
    }
    let scene = Scene {
        bound: Bound::at(accord, as_of.index),
        ledger: Ledger::at(&all, index),
    };
    scene.judge(as_of, true, |_| true)
}
