//! More triggers than one thread judges.

use ensign_trust::{Fact, PartyId};

use super::bad::{as_of, fact};
use super::story::{accord, party};
use crate::evaluate::{Evaluation, evaluate};

/// Enough for two threads, in no round number of shares.
const MANY: usize = 5_003;

#[test]
fn many_triggers_come_to_what_they_come_to_apart() {
    let accord = accord(
        "instrument MANY { force contract in_force 2027-01-01 .. open kind asked observed
           term A { owes state when occurs asked deliver answer within PT24H of asked }
           term B { owes nobody when occurs asked deliver answer within PT24H of asked }
           term C { owes state perform ping per PT24H } }",
        &[("north", &["state"]), ("south", &["state"])],
    );
    let asked = |n: usize| Fact {
        to: Some(party(["north", "south"][n % 2])),
        ..fact(&format!("asked {n}"), "asked", 2 * (n % 20) as i64 + 1)
    };
    // One of them comes next, a second from now.
    let mut next = asked(MANY);
    next.valid = [as_of(30).t as u64 + 1; 2];
    let facts: Vec<Fact> = (0..MANY).map(asked).chain([next]).collect();
    let [one, other] =
        [&facts[..2_000], &facts[2_000..]].map(|it| evaluate(&accord, it, as_of(30)));
    let whole = evaluate(&accord, &facts, as_of(30));
    let of_facts = |it: &Evaluation| {
        let of_it = it.obligations.iter();
        of_it
            .filter(|it| it.key.term.as_str() == "A")
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut apart = [of_facts(&one), of_facts(&other)].concat();
    apart.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(of_facts(&whole), apart);
    assert_eq!(
        apart.len(),
        2 * facts
            .iter()
            .filter(|it| it.valid[0] as i64 <= as_of(30).t)
            .count()
    );
    let owed: Vec<PartyId> = whole.obligations.iter().map(|it| it.key.debtor).collect();
    assert!(owed.contains(&party("north")) && owed.contains(&party("south")));
    assert!(whole.obligations.is_sorted_by(|a, b| a.key < b.key));
    let mut unassigned = [one.unassigned, other.unassigned].concat();
    unassigned.sort();
    assert_eq!(whole.unassigned, unassigned);
    assert!(!unassigned.is_empty());
    assert_eq!([whole.next, other.next], [Some(as_of(30).t + 1); 2]);
    assert!(one.next > whole.next);
}
