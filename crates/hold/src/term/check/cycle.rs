//! What leads back to itself: remedies, statuses and definitions.

use std::collections::{BTreeMap, BTreeSet};

use crate::term::ast::{Condition, Term};
use crate::term::check::walk::{Node, in_condition};
use crate::term::check::{Checker, LintCode};
use crate::term::name::Word;
use crate::term::parse::{Part, Place};

pub(super) fn check(checker: &mut Checker) {
    let definitions = in_definitions(checker);
    let it = checker.instrument;
    for (at, definition) in it.definitions.iter().enumerate() {
        if let crate::term::ast::Defined::Word(word) = &definition.subject
            && definitions.contains(word)
        {
            let message = format!("`{word}` is defined by way of itself");
            let fix = "define one of the words without the others";
            checker.add(
                Place::Definition(at),
                LintCode::DefinitionCycle,
                None,
                message,
                fix,
            );
        }
    }
    let number: BTreeMap<_, _> = it
        .terms
        .iter()
        .enumerate()
        .map(|(at, it)| (&it.name, at))
        .collect();
    let remedies = |term: &Term| -> Vec<usize> {
        term.on_breach
            .iter()
            .filter_map(|name| number.get(name).copied())
            .collect()
    };
    let spawns: Vec<_> = it.terms.iter().map(remedies).collect();
    let in_remedies = on_cycles(&spawns);
    for at in &in_remedies {
        let place = Place::Term(*at, Part::OnBreach);
        let message = format!(
            "the breach of `{}` starts duties whose breach starts it",
            it.terms[*at].name
        );
        let fix = "end the chain of `on_breach` with a term that starts none";
        checker.add(place, LintCode::RemedyCycle, None, message, fix);
    }
    let mut depends = spawns;
    for (at, term) in it.terms.iter().enumerate() {
        for name in statuses(checker, term) {
            depends[at].extend(number.get(&name));
        }
    }
    // What a term starts depends on it; so turn those arrows to have all point the same way.
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); depends.len()];
    for (at, term) in it.terms.iter().enumerate() {
        let spawned = remedies(term).len();
        let (spawned, asked) = depends[at].split_at(spawned);
        spawned.iter().for_each(|child| edges[*child].push(at));
        edges[at].extend(asked);
    }
    for at in on_cycles(&edges).difference(&in_remedies) {
        let place = Place::Term(*at, Part::When);
        let message = format!("the status of `{}` depends on itself", it.terms[*at].name);
        let fix = "ask for the status of a term that does not ask for this one's";
        checker.add(place, LintCode::StatusCycle, None, message, fix);
    }
}

/// Terms whose status a term asks for, in its conditions and in those that they are defined by.
fn statuses(checker: &Checker, term: &Term) -> Vec<crate::term::name::TermName> {
    let guards = term.exceptions.iter().map(|it| &it.guard);
    let conditions = term.when.iter().chain(guards);
    let mut asked = Vec::new();
    for condition in conditions.flat_map(|it| checker.expanded(it)) {
        for node in in_condition(condition) {
            if let Node::Term(name) = node {
                asked.push(name.clone());
            }
        }
    }
    asked
}

fn in_definitions(checker: &Checker) -> BTreeSet<Word> {
    let words: Vec<&Word> = checker.meanings.keys().copied().collect();
    let number: BTreeMap<_, _> = words.iter().enumerate().map(|(at, it)| (*it, at)).collect();
    let uses = |word: &&Word| -> Vec<usize> {
        let meaning = checker.meanings.get(*word).copied().flatten();
        let nodes = meaning.map(in_condition).unwrap_or_default();
        let used = nodes.into_iter().filter_map(|node| match node {
            Node::Condition(Condition::Holds(word)) => number.get(word).copied(),
            _ => None,
        });
        used.collect()
    };
    let edges: Vec<_> = words.iter().map(uses).collect();
    on_cycles(&edges)
        .into_iter()
        .map(|at| words[at].clone())
        .collect()
}

impl<'a> Checker<'a> {
    /// A condition, and the conditions of the defined words in it, and so on; each once.
    pub(super) fn expanded(&self, condition: &'a Condition) -> Vec<&'a Condition> {
        let (mut all, mut seen, mut at) = (vec![condition], BTreeSet::new(), 0);
        while let Some(condition) = all.get(at).copied() {
            for node in in_condition(condition) {
                if let Node::Condition(Condition::Holds(word)) = node
                    && seen.insert(word)
                {
                    all.extend(self.meanings.get(word).copied().flatten());
                }
            }
            at += 1;
        }
        all
    }
}

/// Nodes of a graph that lead back to themselves, or lie between two that do: what is left when
/// those that nothing leads to, and those that lead nowhere, are taken away.
fn on_cycles(edges: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, to) in edges.iter().enumerate() {
        to.iter().for_each(|to| reversed[*to].push(from));
    }
    let mut gone = vec![false; edges.len()];
    for (ahead, behind) in [(edges, &reversed[..]), (&reversed[..], edges)] {
        // Taking a node away leaves those ahead of it with one fewer behind them.
        let mut left: Vec<usize> = behind
            .iter()
            .map(|behind| behind.iter().filter(|at| !gone[**at]).count())
            .collect();
        let mut free: Vec<usize> = (0..edges.len())
            .filter(|at| left[*at] == 0 && !gone[*at])
            .collect();
        while let Some(at) = free.pop() {
            gone[at] = true;
            for next in ahead[at].iter().filter(|next| !gone[**next]) {
                left[*next] -= 1;
                if left[*next] == 0 {
                    free.push(*next);
                }
            }
        }
    }
    (0..edges.len()).filter(|at| !gone[*at]).collect()
}
