//! Terms and ladders.

use ensign_trust::cbor::Value;

use crate::term::ast::{
    Act, Citation, Duty, Effect, Exception, Fraction, Ladder, Limit, Quorum, Rung, Suspension,
    Term, Variation,
};
use crate::term::canonical::condition::{
    anchor, comparison, condition, length, measure, of_anchor, of_comparison, of_condition,
    of_length, of_measure, of_quantity, of_requirement, of_span, quantity, requirement, span,
};
use crate::term::canonical::record::{
    Malformed, Record, choice, chosen, exactly, integer, list, name, of_name, record, some_list,
    some_mark, spelled, text,
};
use crate::term::name::{
    CalendarName, Channel, Kind, LadderName, Passage, Register, Response, Role, RungName,
    SourceName, TermName,
};

pub(super) fn of_term(it: &Term) -> Value {
    record(vec![
        ("name", Some(of_name(&it.name))),
        ("notes", some_list(&it.notes, of_name)),
        ("text", it.text.as_ref().map(of_citation)),
        ("class", Some(Value::text(it.class.word()))),
        ("modality", Some(Value::text(it.modality.word()))),
        ("debtor", Some(of_name(&it.debtor))),
        ("creditor", it.creditor.as_ref().map(of_name)),
        ("when", it.when.as_ref().map(of_condition)),
        ("duty", Some(of_duty(&it.duty))),
        ("calendar", it.calendar.as_ref().map(of_name)),
        ("grace", it.grace.as_ref().map(of_length)),
        ("exceptions", some_list(&it.exceptions, of_exception)),
        ("suspensions", some_list(&it.suspensions, of_suspension)),
        ("unsuspendable", some_mark(it.unsuspendable)),
        ("safety", some_mark(it.safety)),
        ("on_breach", some_list(&it.on_breach, of_name)),
        ("remedy_within", it.remedy_within.as_ref().map(of_length)),
        ("survives", some_mark(it.survives)),
        ("non_reservable", some_mark(it.non_reservable)),
    ])
}

pub(super) fn term(value: Value) -> Result<Term, Malformed> {
    let mut record = Record::new(value, "terms")?;
    let term = Term {
        name: record.required("name", name(TermName::new))?,
        notes: record.list("notes", text)?,
        text: record.optional("text", citation)?,
        class: record.required("class", spelled)?,
        modality: record.required("modality", spelled)?,
        debtor: record.required("debtor", name(Role::new))?,
        creditor: record.optional("creditor", name(Role::new))?,
        when: record.optional("when", condition)?,
        duty: record.required("duty", duty)?,
        calendar: record.optional("calendar", name(CalendarName::new))?,
        grace: record.optional("grace", length)?,
        exceptions: record.list("exceptions", exception)?,
        suspensions: record.list("suspensions", suspension)?,
        unsuspendable: record.mark("unsuspendable")?,
        safety: record.mark("safety")?,
        on_breach: record.list("on_breach", name(TermName::new))?,
        remedy_within: record.optional("remedy_within", length)?,
        survives: record.mark("survives")?,
        non_reservable: record.mark("non_reservable")?,
    };
    record.end()?;
    Ok(term)
}

/// Source, whether it was checked, and the passage if there is one.
fn of_citation(it: &Citation) -> Value {
    let parts = [of_name(&it.source), Value::Bool(it.verified)];
    Value::Array(
        parts
            .into_iter()
            .chain(it.passage.as_ref().map(of_name))
            .collect(),
    )
}

fn citation(value: Value) -> Option<Citation> {
    let mut parts = value.into_array()?.into_iter();
    let source = name(SourceName::new)(parts.next()?)?;
    let Value::Bool(verified) = parts.next()? else {
        return None;
    };
    let passage = parts.next().map(name(Passage::new));
    if parts.next().is_some() || passage == Some(None) {
        return None;
    }
    Some(Citation {
        source,
        passage: passage.flatten(),
        verified,
    })
}

fn of_duty(it: &Duty) -> Value {
    match it {
        Duty::Declare(text) => choice("declare", [of_name(text)]),
        Duty::Deliver { act, limit } => choice("deliver", [of_act(act), of_limit(limit)]),
        Duty::Maintain {
            measure,
            comparison,
            coverage,
        } => {
            let parts = [of_measure(measure), of_comparison(comparison)];
            choice(
                "maintain",
                parts.into_iter().chain(coverage.as_ref().map(of_quantity)),
            )
        }
        Duty::Never {
            kind,
            register,
            covered_by,
            attributed_by,
        } => choice(
            "never",
            [record(vec![
                ("kind", Some(of_name(kind))),
                ("register", register.as_ref().map(of_name)),
                ("covered_by", Some(of_name(covered_by))),
                ("attributed_by", attributed_by.as_ref().map(of_name)),
            ])],
        ),
        Duty::Perform { act, per } => choice("perform", [of_act(act), of_length(per)]),
    }
}

fn duty(value: Value) -> Option<Duty> {
    let (word, parts) = chosen(value)?;
    Some(match word.as_str() {
        "declare" => {
            let [words] = exactly(parts)?;
            Duty::Declare(text(words)?)
        }
        "deliver" => {
            let [of, by] = exactly(parts)?;
            Duty::Deliver {
                act: act(of)?,
                limit: limit(by)?,
            }
        }
        "maintain" => {
            let mut parts = parts.into_iter();
            let measure = measure(parts.next()?)?;
            let comparison = comparison(parts.next()?)?;
            let coverage = match parts.next() {
                Some(share) => Some(quantity(share)?),
                None => None,
            };
            parts.next().is_none().then_some(())?;
            Duty::Maintain {
                measure,
                comparison,
                coverage,
            }
        }
        "never" => {
            let [of] = exactly(parts)?;
            never(of).ok()?
        }
        "perform" => {
            let [of, per] = exactly(parts)?;
            Duty::Perform {
                act: act(of)?,
                per: length(per)?,
            }
        }
        _ => return None,
    })
}

fn never(value: Value) -> Result<Duty, Malformed> {
    let mut record = Record::new(value, "duty")?;
    let duty = Duty::Never {
        kind: record.required("kind", name(Kind::new))?,
        register: record.optional("register", name(Register::new))?,
        covered_by: record.required("covered_by", name(Kind::new))?,
        attributed_by: record.optional("attributed_by", name(Role::new))?,
    };
    record.end()?;
    Ok(duty)
}

fn of_act(it: &Act) -> Value {
    record(vec![
        ("kind", Some(of_name(&it.kind))),
        ("with", some_list(&it.with, of_requirement)),
        ("via", it.via.as_ref().map(of_name)),
    ])
}

fn act(value: Value) -> Option<Act> {
    let read = |value| -> Result<Act, Malformed> {
        let mut record = Record::new(value, "duty")?;
        let act = Act {
            kind: record.required("kind", name(Kind::new))?,
            with: record.list("with", requirement)?,
            via: record.optional("via", name(Channel::new))?,
        };
        record.end()?;
        Ok(act)
    };
    read(value).ok()
}

/// Side, span and anchor, then span and anchor of the second limit.
fn of_limit(it: &Limit) -> Value {
    let first = [of_span(&it.span), of_anchor(&it.anchor)];
    let second = it.and_within.iter();
    let second = second.flat_map(|(span, anchor)| [of_span(span), of_anchor(anchor)]);
    choice(it.side.word(), first.into_iter().chain(second))
}

fn limit(value: Value) -> Option<Limit> {
    let mut parts = value.into_array()?.into_iter();
    let limit = Limit {
        side: spelled(parts.next()?)?,
        span: span(parts.next()?)?,
        anchor: anchor(parts.next()?)?,
        and_within: None,
    };
    let Some(second) = parts.next() else {
        return Some(limit);
    };
    let and_within = Some((span(second)?, anchor(parts.next()?)?));
    let is_end = parts.next().is_none();
    is_end.then_some(Limit {
        and_within,
        ..limit
    })
}

fn of_exception(it: &Exception) -> Value {
    let effect = match &it.effect {
        Effect::Excuses => choice("excuses", []),
        Effect::Suspends(max) => choice("suspends", [of_length(max)]),
        Effect::Varies(it) => of_variation(it),
    };
    Value::Array(vec![
        of_condition(&it.guard),
        effect,
        of_citation(&it.under),
    ])
}

fn exception(value: Value) -> Option<Exception> {
    let [guard, effect, under] = exactly(value.into_array()?)?;
    let (word, parts) = chosen(effect)?;
    let effect = match word.as_str() {
        "excuses" if parts.is_empty() => Effect::Excuses,
        "suspends" => {
            let [max] = exactly(parts)?;
            Effect::Suspends(length(max)?)
        }
        _ => Effect::Varies(varied(&word, parts)?),
    };
    Some(Exception {
        guard: condition(guard)?,
        effect,
        under: citation(under)?,
    })
}

pub(super) fn of_variation(it: &Variation) -> Value {
    match it {
        Variation::Duties(duties) => choice("duties", duties.iter().map(of_duty)),
        Variation::Limit(it) => choice("limit", [of_limit(it)]),
    }
}

pub(super) fn variation(value: Value) -> Option<Variation> {
    let (word, parts) = chosen(value)?;
    varied(&word, parts)
}

fn varied(word: &str, parts: Vec<Value>) -> Option<Variation> {
    match word {
        "duties" if !parts.is_empty() => {
            let duties: Option<_> = parts.into_iter().map(duty).collect();
            Some(Variation::Duties(duties?))
        }
        "limit" => {
            let [it] = exactly(parts)?;
            Some(Variation::Limit(limit(it)?))
        }
        _ => None,
    }
}

fn of_suspension(it: &Suspension) -> Value {
    Value::Array(vec![
        of_name(&it.by),
        of_name(&it.until),
        of_length(&it.max),
    ])
}

fn suspension(value: Value) -> Option<Suspension> {
    let [by, until, max] = exactly(value.into_array()?)?;
    Some(Suspension {
        by: name(Kind::new)(by)?,
        until: name(Kind::new)(until)?,
        max: length(max)?,
    })
}

pub(super) fn of_ladder(it: &Ladder) -> Value {
    record(vec![
        ("name", Some(of_name(&it.name))),
        ("notes", some_list(&it.notes, of_name)),
        ("calendar", it.calendar.as_ref().map(of_name)),
        ("rungs", some_list(&it.rungs, of_rung)),
    ])
}

pub(super) fn ladder(value: Value) -> Result<Ladder, Malformed> {
    let mut record = Record::new(value, "ladders")?;
    let ladder = Ladder {
        name: record.required("name", name(LadderName::new))?,
        notes: record.list("notes", text)?,
        calendar: record.optional("calendar", name(CalendarName::new))?,
        rungs: record.list("rungs", |value| rung(value).ok())?,
    };
    record.end()?;
    Ok(ladder)
}

fn of_rung(it: &Rung) -> Value {
    record(vec![
        ("number", Some(Value::Int(it.number.into()))),
        ("name", Some(of_name(&it.name))),
        ("enter", Some(of_condition(&it.enter))),
        ("cooling_off", Some(of_length(&it.cooling_off))),
        ("expires", Some(of_length(&it.expires))),
        ("allows", some_list(&it.allows, of_name)),
        ("decided_by", Some(of_name(&it.decided_by))),
        ("quorum", Some(of_quorum(&it.quorum))),
        ("exit", Some(of_condition(&it.exit))),
    ])
}

fn rung(value: Value) -> Result<Rung, Malformed> {
    let mut record = Record::new(value, "rungs")?;
    let some = |value| list(value, name(Response::new)).filter(|items| !items.is_empty());
    let rung = Rung {
        number: record.required("number", |value| integer(&value))?,
        name: record.required("name", name(RungName::new))?,
        enter: record.required("enter", condition)?,
        cooling_off: record.required("cooling_off", length)?,
        expires: record.required("expires", length)?,
        allows: record.required("allows", some)?,
        decided_by: record.required("decided_by", name(Role::new))?,
        quorum: record.required("quorum", quorum)?,
        exit: record.required("exit", condition)?,
    };
    record.end()?;
    Ok(rung)
}

fn of_quorum(it: &Quorum) -> Value {
    let share = |it: &Fraction| [it.numerator, it.denominator].map(|part| Value::Int(part.into()));
    match it {
        Quorum::All => choice("all", []),
        Quorum::Alone => choice("alone", []),
        Quorum::AtLeast(least) => choice("at_least", share(least)),
        Quorum::Unless { share: of, within } => {
            choice("unless", share(of).into_iter().chain([of_length(within)]))
        }
    }
}

fn quorum(value: Value) -> Option<Quorum> {
    let (word, parts) = chosen(value)?;
    Some(match word.as_str() {
        "all" if parts.is_empty() => Quorum::All,
        "alone" if parts.is_empty() => Quorum::Alone,
        "at_least" => {
            let [numerator, denominator] = exactly(parts)?;
            Quorum::AtLeast(fraction(&numerator, &denominator)?)
        }
        "unless" => {
            let [numerator, denominator, within] = exactly(parts)?;
            Quorum::Unless {
                share: fraction(&numerator, &denominator)?,
                within: length(within)?,
            }
        }
        _ => return None,
    })
}

fn fraction(numerator: &Value, denominator: &Value) -> Option<Fraction> {
    let fraction = Fraction {
        numerator: integer(numerator)?,
        denominator: integer(denominator)?,
    };
    let fits = 0 < fraction.numerator && fraction.numerator <= fraction.denominator;
    fits.then_some(fraction)
}
