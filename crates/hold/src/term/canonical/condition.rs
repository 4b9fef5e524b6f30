//! Conditions in postfix order, and the lengths, numbers and anchors in them.

use ensign_trust::cbor::Value;

use crate::term::ast::{
    Anchor, Comparison, Condition, Length, Measure, Moment, Number, Object, Quantity, Requirement,
    Span, Which,
};
use crate::term::canonical::record::{
    choice, chosen, duration, exactly, integer, list, name, of_duration, of_name, spelled,
};
use crate::term::name::{
    CodeWord, Field, Indicator, Kind, ParamName, Register, Role, TermName, Word,
};
use crate::term::parse::MAX_DEPTH;

pub(super) fn of_condition(it: &Condition) -> Value {
    let mut out = Vec::new();
    write(it, &mut out);
    Value::Array(out)
}

fn write(it: &Condition, out: &mut Vec<Value>) {
    let join = |word: &str, parts: &[Condition], out: &mut Vec<Value>| {
        parts.iter().for_each(|part| write(part, out));
        out.push(choice(word, [Value::Int(parts.len() as i128)]));
    };
    let atom = match it {
        Condition::All(parts) => return join("and", parts, out),
        Condition::Any(parts) => return join("or", parts, out),
        Condition::Not(inner) => {
            write(inner, out);
            choice("not", [])
        }
        Condition::Count {
            kind,
            with,
            last,
            comparison,
        } => choice(
            "count",
            [
                of_name(kind),
                of_requirements(with),
                of_length(last),
                of_comparison(comparison),
            ],
        ),
        Condition::Elapsed { span, anchor } => {
            choice("elapsed", [of_span(span), of_anchor(anchor)])
        }
        Condition::Finding { ground, by } => choice("finding", [of_name(ground), of_name(by)]),
        Condition::Grade(comparison) => choice("grade", [of_comparison(comparison)]),
        Condition::Holds(word) => choice("holds", [of_name(word)]),
        Condition::Measured {
            measure,
            comparison,
        } => choice("measured", [of_measure(measure), of_comparison(comparison)]),
        Condition::Occurs { kind, with, last } => {
            let parts = [of_name(kind), of_requirements(with)];
            choice(
                "occurs",
                parts.into_iter().chain(last.as_ref().map(of_length)),
            )
        }
        Condition::Registered { object, register } => {
            let field = match object {
                Object::Field(field) => Some(of_name(field)),
                Object::Subject => None,
            };
            choice(
                "registered",
                std::iter::once(of_name(register)).chain(field),
            )
        }
        Condition::Rung { number, is } => choice(
            "rung",
            [Value::Int((*number).into()), Value::text(is.word())],
        ),
        Condition::Status { term, is } => choice("status", [of_name(term), Value::text(is.word())]),
    };
    out.push(atom);
}

pub(super) fn condition(value: Value) -> Option<Condition> {
    let mut stack: Vec<Nested> = Vec::new();
    for item in value.into_array()? {
        let (word, parts) = chosen(item)?;
        let nested = match word.as_str() {
            "not" => {
                let [] = exactly(parts)?;
                negated(stack.pop()?)
            }
            "and" | "or" => {
                let [count] = exactly(parts)?;
                let first = stack.len().checked_sub(integer(&count)?)?;
                joined(stack.split_off(first), word == "and")?
            }
            _ => Nested {
                condition: atom(&word, parts)?,
                depth: 0,
            },
        };
        if nested.depth > MAX_DEPTH {
            return None;
        }
        stack.push(nested);
    }
    let only = stack.pop().filter(|_| stack.is_empty());
    only.map(|nested| nested.condition)
}

/// A condition, and how deep parentheses and `not` nest in it where it is written as text.
struct Nested {
    condition: Condition,
    depth: usize,
}

fn negated(inner: Nested) -> Nested {
    let parentheses = matches!(inner.condition, Condition::All(_) | Condition::Any(_));
    Nested {
        condition: Condition::Not(Box::new(inner.condition)),
        depth: inner.depth + 1 + usize::from(parentheses),
    }
}

fn joined(parts: Vec<Nested>, all: bool) -> Option<Nested> {
    let is_same = |part: &Nested| match part.condition {
        Condition::All(_) => all,
        Condition::Any(_) => !all,
        _ => false,
    };
    if parts.len() < 2 || parts.iter().any(is_same) {
        return None;
    }
    let depth = |part: &Nested| {
        let parentheses = all && matches!(part.condition, Condition::Any(_));
        part.depth + usize::from(parentheses)
    };
    let depth = parts.iter().map(depth).max().unwrap_or_default();
    let parts = parts.into_iter().map(|part| part.condition).collect();
    let condition = if all {
        Condition::All(parts)
    } else {
        Condition::Any(parts)
    };
    Some(Nested { condition, depth })
}

fn atom(word: &str, parts: Vec<Value>) -> Option<Condition> {
    Some(match word {
        "count" => {
            let [kind, with, last, it] = exactly(parts)?;
            Condition::Count {
                kind: name(Kind::new)(kind)?,
                with: requirements(with)?,
                last: length(last)?,
                comparison: comparison(it)?,
            }
        }
        "elapsed" => {
            let [of, since] = exactly(parts)?;
            Condition::Elapsed {
                span: span(of)?,
                anchor: anchor(since)?,
            }
        }
        "finding" => {
            let [ground, by] = exactly(parts)?;
            Condition::Finding {
                ground: name(Word::new)(ground)?,
                by: name(Role::new)(by)?,
            }
        }
        "grade" => {
            let [it] = exactly(parts)?;
            Condition::Grade(comparison(it)?)
        }
        "holds" => {
            let [word] = exactly(parts)?;
            Condition::Holds(name(Word::new)(word)?)
        }
        "measured" => {
            let [of, it] = exactly(parts)?;
            Condition::Measured {
                measure: measure(of)?,
                comparison: comparison(it)?,
            }
        }
        "occurs" => {
            let mut parts = parts.into_iter();
            let (kind, with) = (parts.next()?, parts.next()?);
            let last = parts.next();
            let last = match last {
                Some(last) => Some(length(last)?),
                None => None,
            };
            parts.next().is_none().then_some(())?;
            Condition::Occurs {
                kind: name(Kind::new)(kind)?,
                with: requirements(with)?,
                last,
            }
        }
        "registered" => {
            let mut parts = parts.into_iter();
            let register = name(Register::new)(parts.next()?)?;
            let object = match parts.next() {
                Some(field) => Object::Field(name(Field::new)(field)?),
                None => Object::Subject,
            };
            parts.next().is_none().then_some(())?;
            Condition::Registered { object, register }
        }
        "rung" => {
            let [number, is] = exactly(parts)?;
            Condition::Rung {
                number: integer(&number)?,
                is: spelled(is)?,
            }
        }
        "status" => {
            let [term, is] = exactly(parts)?;
            Condition::Status {
                term: name(TermName::new)(term)?,
                is: spelled(is)?,
            }
        }
        _ => return None,
    })
}

pub(super) fn of_measure(it: &Measure) -> Value {
    choice(
        it.aggregate.word(),
        [of_name(&it.indicator), of_length(&it.window)],
    )
}

pub(super) fn measure(value: Value) -> Option<Measure> {
    let [aggregate, indicator, window] = exactly(value.into_array()?)?;
    Some(Measure {
        aggregate: spelled(aggregate)?,
        indicator: name(Indicator::new)(indicator)?,
        window: length(window)?,
    })
}

pub(super) fn of_comparison(it: &Comparison) -> Value {
    choice(it.order.word(), [of_quantity(&it.with)])
}

pub(super) fn comparison(value: Value) -> Option<Comparison> {
    let [order, with] = exactly(value.into_array()?)?;
    Some(Comparison {
        order: spelled(order)?,
        with: quantity(with)?,
    })
}

pub(super) fn of_quantity(it: &Quantity) -> Value {
    match it {
        Quantity::Fixed(it) => of_number(*it),
        Quantity::Param(name) => of_name(name),
    }
}

pub(super) fn quantity(value: Value) -> Option<Quantity> {
    Some(match value {
        Value::Text(_) => Quantity::Param(name(ParamName::new)(value)?),
        _ => Quantity::Fixed(number(value)?),
    })
}

/// A plain integer as it is, a share as an array of its parts per 10,000.
pub(super) fn of_number(it: Number) -> Value {
    match it {
        Number::Integer(number) => Value::Int(number.into()),
        Number::Share(parts) => Value::Array(vec![Value::Int(parts.into())]),
    }
}

pub(super) fn number(value: Value) -> Option<Number> {
    Some(match value {
        Value::Array(parts) => {
            let [parts] = exactly(parts)?;
            Number::Share(integer(&parts)?)
        }
        _ => Number::Integer(integer(&value)?),
    })
}

pub(super) fn of_length(it: &Length) -> Value {
    match it {
        Length::Fixed(it) => of_duration(it),
        Length::Param(name) => of_name(name),
    }
}

pub(super) fn length(value: Value) -> Option<Length> {
    Some(match value {
        Value::Text(_) => Length::Param(name(ParamName::new)(value)?),
        _ => Length::Fixed(duration(value)?),
    })
}

pub(super) fn of_span(it: &Span) -> Value {
    match it {
        Span::Field { kind, field } => Value::Array(vec![of_name(kind), of_name(field)]),
        Span::Length(it) => of_length(it),
    }
}

pub(super) fn span(value: Value) -> Option<Span> {
    match value {
        Value::Array(parts) if parts.len() == 2 => {
            let [kind, field] = exactly(parts)?;
            Some(Span::Field {
                kind: name(Kind::new)(kind)?,
                field: name(Field::new)(field)?,
            })
        }
        _ => length(value).map(Span::Length),
    }
}

pub(super) fn of_anchor(it: &Anchor) -> Value {
    let Anchor::Fact {
        kind,
        which,
        moment,
    } = it
    else {
        return choice("breach", []);
    };
    let which = match which {
        Which::First => "first",
        Which::Last => "last",
        Which::Only => "only",
    };
    let moment = match moment {
        Moment::Occurred => "occurred",
        Moment::Recorded => "recorded",
    };
    choice(which, [Value::text(moment), of_name(kind)])
}

pub(super) fn anchor(value: Value) -> Option<Anchor> {
    let (word, parts) = chosen(value)?;
    let which = match word.as_str() {
        "breach" => return parts.is_empty().then_some(Anchor::Breach),
        "first" => Which::First,
        "last" => Which::Last,
        "only" => Which::Only,
        _ => return None,
    };
    let [moment, kind] = exactly(parts)?;
    let moment = match moment.into_text()?.as_str() {
        "occurred" => Moment::Occurred,
        "recorded" => Moment::Recorded,
        _ => return None,
    };
    Some(Anchor::Fact {
        kind: name(Kind::new)(kind)?,
        which,
        moment,
    })
}

pub(super) fn of_requirements(all: &[Requirement]) -> Value {
    Value::Array(all.iter().map(of_requirement).collect())
}

pub(super) fn requirements(value: Value) -> Option<Vec<Requirement>> {
    list(value, requirement)
}

pub(super) fn of_requirement(it: &Requirement) -> Value {
    match it {
        Requirement::Any(fields) => choice("any", fields.iter().map(of_name)),
        Requirement::Compared(field, it) => choice("compared", [of_name(field), of_comparison(it)]),
        Requirement::Field(field) => of_name(field),
        Requirement::Grade(it) => choice("grade", [of_comparison(it)]),
        Requirement::Is(field, codes) => choice(
            "is",
            std::iter::once(of_name(field)).chain(codes.iter().map(of_name)),
        ),
    }
}

pub(super) fn requirement(value: Value) -> Option<Requirement> {
    if let Value::Text(_) = value {
        return name(Field::new)(value).map(Requirement::Field);
    }
    let (word, parts) = chosen(value)?;
    Some(match word.as_str() {
        "any" if parts.len() >= 2 => Requirement::Any(
            parts
                .into_iter()
                .map(name(Field::new))
                .collect::<Option<_>>()?,
        ),
        "compared" => {
            let [field, it] = exactly(parts)?;
            Requirement::Compared(name(Field::new)(field)?, comparison(it)?)
        }
        "grade" => {
            let [it] = exactly(parts)?;
            Requirement::Grade(comparison(it)?)
        }
        "is" if parts.len() >= 2 => {
            let mut parts = parts.into_iter();
            let field = name(Field::new)(parts.next()?)?;
            Requirement::Is(
                field,
                parts.map(name(CodeWord::new)).collect::<Option<_>>()?,
            )
        }
        _ => return None,
    })
}
