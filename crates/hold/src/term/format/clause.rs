//! Clauses as lists of parts, before each of which a line may break.

use crate::term::ast::{
    Act, Anchor, Citation, Comparison, Condition, Duty, Fraction, Length, Limit, Measure, Moment,
    Number, Object, Quantity, Quorum, Requirement, Span, Which,
};
use crate::term::name::Text;

/// A text between quotes.
pub(super) fn quoted(text: &Text) -> String {
    format!(
        "\"{}\"",
        text.as_str().replace('\\', "\\\\").replace('"', "\\\"")
    )
}

pub(super) fn cite(it: &Citation) -> String {
    let passage = it.passage.as_ref().map(|passage| format!("#{passage}"));
    let mark = if it.verified { "" } else { " unverified" };
    format!("{}{}{mark}", it.source, passage.unwrap_or_default())
}

pub(super) fn number(it: Number) -> String {
    let parts = match it {
        Number::Integer(number) => return number.to_string(),
        Number::Share(parts) => parts,
    };
    let sign = if parts < 0 { "-" } else { "" };
    let (whole, decimals) = (parts.unsigned_abs() / 100, parts.unsigned_abs() % 100);
    match decimals {
        0 => format!("{sign}{whole}%"),
        tens if tens % 10 == 0 => format!("{sign}{whole}.{}%", tens / 10),
        _ => format!("{sign}{whole}.{decimals:02}%"),
    }
}

pub(super) fn length(it: &Length) -> String {
    match it {
        Length::Fixed(duration) => duration.to_string(),
        Length::Param(name) => name.to_string(),
    }
}

fn span(it: &Span) -> String {
    match it {
        Span::Field { kind, field } => format!("{kind}.{field}"),
        Span::Length(it) => length(it),
    }
}

pub(super) fn anchor(it: &Anchor) -> String {
    let Anchor::Fact {
        kind,
        which,
        moment,
    } = it
    else {
        return "breach".to_owned();
    };
    let which = match which {
        Which::First => ".first",
        Which::Last => ".last",
        Which::Only => "",
    };
    let moment = match moment {
        Moment::Occurred => "",
        Moment::Recorded => ".recorded",
    };
    format!("{kind}{which}{moment}")
}

fn quantity(it: &Quantity) -> String {
    match it {
        Quantity::Fixed(it) => number(*it),
        Quantity::Param(name) => name.to_string(),
    }
}

fn comparison(it: &Comparison) -> String {
    format!("{} {}", it.order.word(), quantity(&it.with))
}

fn measure(it: &Measure) -> String {
    format!(
        "{}({}, {})",
        it.aggregate.word(),
        it.indicator,
        length(&it.window)
    )
}

fn requirement(it: &Requirement) -> String {
    match it {
        Requirement::Any(fields) => format!("({})", joined(fields, " | ")),
        Requirement::Compared(field, it) => format!("{field} {}", comparison(it)),
        Requirement::Field(field) => field.to_string(),
        Requirement::Grade(it) => format!("grade {}", comparison(it)),
        Requirement::Is(field, codes) => match codes.as_slice() {
            [code] => format!("{field} is {code}"),
            codes => format!("{field} is ({})", joined(codes, " | ")),
        },
    }
}

fn with(all: &[Requirement]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let all: Vec<_> = all.iter().map(requirement).collect();
    format!(" with {}", all.join(" "))
}

/// A condition after the word that introduces it, broken before the joining words of its outermost
/// level.
pub(super) fn parts(word: &str, it: &Condition) -> Vec<String> {
    let (all, joining) = match it {
        Condition::All(all) => (all.as_slice(), "and"),
        Condition::Any(any) => (any.as_slice(), "or"),
        one => (std::slice::from_ref(one), ""),
    };
    let part = |(at, part): (usize, &Condition)| {
        let before = if at == 0 { word } else { joining };
        format!("{before} {}", inner(part, joining))
    };
    all.iter().enumerate().map(part).collect()
}

/// A condition inside another, in parentheses where it would bind otherwise.
fn inner(it: &Condition, joining: &str) -> String {
    let needs_parentheses = match it {
        Condition::Any(_) => !joining.is_empty(),
        Condition::All(_) => joining == "not",
        _ => false,
    };
    if needs_parentheses {
        format!("({})", condition(it))
    } else {
        condition(it)
    }
}

fn condition(it: &Condition) -> String {
    let listed = |all: &[Condition], joining: &str| {
        let all: Vec<_> = all.iter().map(|part| inner(part, joining)).collect();
        all.join(&format!(" {joining} "))
    };
    match it {
        Condition::All(all) => listed(all, "and"),
        Condition::Any(any) => listed(any, "or"),
        Condition::Count {
            kind,
            with: needs,
            last,
            comparison: it,
        } => {
            let (needs, last) = (with(needs), length(last));
            format!("count {kind}{needs} in last {last} {}", comparison(it))
        }
        Condition::Elapsed {
            span: it,
            anchor: since,
        } => format!("elapsed {} of {}", span(it), anchor(since)),
        Condition::Finding { ground, by } => format!("finding {ground} by {by}"),
        Condition::Grade(it) => format!("grade {}", comparison(it)),
        Condition::Holds(word) => format!("holds {word}"),
        Condition::Measured {
            measure: of,
            comparison: it,
        } => format!("{} {}", measure(of), comparison(it)),
        Condition::Not(not) => format!("not {}", inner(not, "not")),
        Condition::Occurs {
            kind,
            with: needs,
            last,
        } => {
            let last = last
                .as_ref()
                .map(|last| format!(" in last {}", length(last)));
            format!("occurs {kind}{}{}", with(needs), last.unwrap_or_default())
        }
        Condition::Registered { object, register } => match object {
            Object::Field(field) => format!("registered {field} in {register}"),
            Object::Subject => format!("registered subject in {register}"),
        },
        Condition::Rung { number, is } => format!("rung {number} is {}", is.word()),
        Condition::Status { term, is } => format!("status {term} is {}", is.word()),
    }
}

pub(super) fn limit(it: &Limit) -> Vec<String> {
    let one = |span_of: &Span, from: &Anchor| format!("{} of {}", span(span_of), anchor(from));
    let mut all = vec![format!("{} {}", it.side.word(), one(&it.span, &it.anchor))];
    if let Some((span, anchor)) = &it.and_within {
        all.push(format!("and within {}", one(span, anchor)));
    }
    all
}

fn act(word: &str, it: &Act) -> Vec<String> {
    let mut all = vec![format!("{word} {}{}", it.kind, with(&it.with))];
    all.extend(it.via.as_ref().map(|channel| format!("via {channel}")));
    all
}

pub(super) fn duty(it: &Duty) -> Vec<String> {
    match it {
        Duty::Declare(text) => vec![format!("declare {}", quoted(text))],
        Duty::Deliver { act: of, limit: by } => {
            let mut all = act("deliver", of);
            all.extend(limit(by));
            all
        }
        Duty::Maintain {
            measure: of,
            comparison: it,
            coverage,
        } => {
            let mut all = vec![format!("maintain {} {}", measure(of), comparison(it))];
            all.extend(
                coverage
                    .as_ref()
                    .map(|it| format!("coverage {}", quantity(it))),
            );
            all
        }
        Duty::Never {
            kind,
            register,
            covered_by,
            attributed_by,
        } => {
            let mut all = vec![format!("never {kind}")];
            all.extend(register.as_ref().map(|register| format!("on {register}")));
            all.push(format!("covered_by {covered_by}"));
            all.extend(
                attributed_by
                    .as_ref()
                    .map(|role| format!("attributed_by {role}")),
            );
            all
        }
        Duty::Perform { act: of, per } => {
            let mut all = act("perform", of);
            all.push(format!("per {}", length(per)));
            all
        }
    }
}

pub(super) fn quorum(it: &Quorum) -> String {
    let share = |it: &Fraction| format!("{}/{}", it.numerator, it.denominator);
    match it {
        Quorum::All => "all".to_owned(),
        Quorum::Alone => "alone".to_owned(),
        Quorum::AtLeast(least) => format!("at_least {}", share(least)),
        Quorum::Unless { share: of, within } => {
            format!("unless {} object_within {}", share(of), length(within))
        }
    }
}

fn joined(names: &[impl ToString], sign: &str) -> String {
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    names.join(sign)
}
