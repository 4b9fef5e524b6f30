//! What leads back to itself, or on too long: remedies, statuses and definitions.

use std::collections::{BTreeMap, BTreeSet};

use crate::term::ast::{Condition, Defined, MAX_CHAIN, MAX_WORDS, Term};
use crate::term::check::walk::{Node, in_condition};
use crate::term::check::{Checker, LintCode};
use crate::term::name::{TermName, Word};
use crate::term::parse::{Part, Place};

pub(super) fn check(checker: &mut Checker) {
    definitions(checker);
    let it = checker.instrument;
    let names = it.terms.iter().enumerate();
    let number: BTreeMap<_, _> = names.map(|(at, it)| (&it.name, at)).collect();
    let remedies = |term: &Term| -> Vec<usize> {
        let spawned = term.on_breach.iter();
        spawned
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
    // What a term starts depends on it: that arrow points the other way.
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); spawns.len()];
    for (at, term) in it.terms.iter().enumerate() {
        spawns[at].iter().for_each(|child| edges[*child].push(at));
        let asked = statuses(checker, term).into_iter();
        edges[at].extend(asked.filter_map(|name| number.get(&name).copied()));
    }
    for at in on_cycles(&edges).difference(&in_remedies) {
        let place = Place::Term(*at, Part::When);
        let message = format!("the status of `{}` depends on itself", it.terms[*at].name);
        let fix = "ask for the status of a term that does not ask for this one's";
        checker.add(place, LintCode::StatusCycle, None, message, fix);
    }
    let lengths = lengths(&edges);
    for (at, term) in it.terms.iter().enumerate() {
        if lengths[at] == Some(MAX_CHAIN + 1) {
            let message = format!(
                "`{}` rests on more than {MAX_CHAIN} terms in a row",
                term.name
            );
            let fix = "let fewer terms start, or ask for, one another";
            let place = Place::Term(at, Part::Whole);
            checker.add(place, LintCode::ChainTooLong, None, message, fix);
        }
    }
}

/// Words that are defined by way of themselves, or of too many others.
fn definitions(checker: &mut Checker) {
    let [on_cycle, too_long] = in_definitions(checker);
    let it = checker.instrument;
    for (at, definition) in it.definitions.iter().enumerate() {
        let Defined::Word(word) = &definition.subject else {
            continue;
        };
        let place = Place::Definition(at);
        if on_cycle.contains(word) {
            let message = format!("`{word}` is defined by way of itself");
            let fix = "define one of the words without the others";
            checker.add(place, LintCode::DefinitionCycle, None, message, fix);
        }
        if too_long.contains(word) {
            let message = format!("`{word}` rests on more than {MAX_WORDS} words in a row");
            let fix = "say what it means by way of fewer words";
            checker.add(place, LintCode::ChainTooLong, None, message, fix);
        }
    }
}

/// Terms whose status a term asks for, in its conditions and in those that they are defined by.
fn statuses(checker: &Checker, term: &Term) -> Vec<TermName> {
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

fn in_definitions(checker: &Checker) -> [BTreeSet<Word>; 2] {
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
    let lengths = lengths(&edges).into_iter().enumerate();
    let too_long = lengths.filter(|(_, length)| *length == Some(MAX_WORDS + 1));
    [
        on_cycles(&edges).into_iter().collect::<Vec<_>>(),
        too_long.map(|(at, _)| at).collect(),
    ]
    .map(|found| found.into_iter().map(|at| words[at].clone()).collect())
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

/// The longest way on from each node of a graph, in edges; nothing where it leads into a cycle.
fn lengths(edges: &[Vec<usize>]) -> Vec<Option<u32>> {
    let mut behind = vec![Vec::new(); edges.len()];
    for (from, to) in edges.iter().enumerate() {
        to.iter().for_each(|to| behind[*to].push(from));
    }
    let mut left: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut longest = vec![0; edges.len()];
    let mut lengths = vec![None; edges.len()];
    let mut free: Vec<usize> = (0..edges.len()).filter(|at| left[*at] == 0).collect();
    while let Some(at) = free.pop() {
        lengths[at] = Some(longest[at]);
        for from in &behind[at] {
            longest[*from] = longest[*from].max(longest[at] + 1);
            left[*from] -= 1;
            if left[*from] == 0 {
                free.push(*from);
            }
        }
    }
    lengths
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
