//! Conditions, and the lengths, anchors and requirements that they share with duties.

use crate::term::ast::{
    Aggregate, Anchor, Comparison, Condition, Length, Measure, Moment, Object, Quantity,
    Requirement, Span, Which,
};
use crate::term::name::{
    CodeWord, Field, Indicator, Kind, NotAName, ParamName, Register, TermName, Word,
};
use crate::term::parse::lex::TokenKind;
use crate::term::parse::{Answer, Flaw, MAX_DEPTH, Parser, shortened};
use crate::term::word::{Spelled, is_duration_like};

const ATOM: &str = "a condition (`occurs`, `count`, `avg(...)` or another aggregate, `status`, `holds`, `elapsed`, \
     `registered`, `finding`, `grade`, `rung`, `not` or `(`)";

const ANCHOR: &str = "what the time is counted from: `breach` or a kind of fact, perhaps with `.first` or `.last` \
     and with `.occurred` or `.recorded`";

const LENGTH: &str = "a length: a duration such as `PT24H`, or the name of a parameter";

const SPAN: &str = "a length: a duration such as `PT24H`, the name of a parameter, or a field of a fact such as \
     `warning.time_limit`";

impl Parser<'_> {
    pub(super) fn condition(&mut self) -> Answer<Condition> {
        let mut any = Vec::new();
        loop {
            match self.conjunction()? {
                Condition::Any(parts) => any.extend(parts),
                part => any.push(part),
            }
            if !self.took("or")? {
                return Ok(joined(any, Condition::Any));
            }
        }
    }

    fn conjunction(&mut self) -> Answer<Condition> {
        let mut all = Vec::new();
        loop {
            match self.one()? {
                Condition::All(parts) => all.extend(parts),
                part => all.push(part),
            }
            if !self.took("and")? {
                return Ok(joined(all, Condition::All));
            }
        }
    }

    fn one(&mut self) -> Answer<Condition> {
        let is_not = self.is("not");
        if !is_not && !self.is("(") {
            return self.atom();
        }
        if self.depth == MAX_DEPTH {
            return Err(self.error(Flaw::TooDeep));
        }
        self.advance()?;
        self.depth += 1;
        let condition = if is_not {
            Condition::Not(Box::new(self.one()?))
        } else {
            let inner = self.condition()?;
            self.expect(")")?;
            inner
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn atom(&mut self) -> Answer<Condition> {
        let Some(word) = self.peek() else {
            return Err(self.unexpected(ATOM));
        };
        if let Some(aggregate) = Aggregate::from_word(word) {
            self.advance()?;
            return if aggregate == Aggregate::Count && !self.is("(") {
                self.count()
            } else {
                let measure = self.measure_of(aggregate)?;
                let comparison = self.comparison()?;
                Ok(Condition::Measured {
                    measure,
                    comparison,
                })
            };
        }
        let read = match word {
            "elapsed" => Self::elapsed,
            "finding" => Self::finding,
            "grade" => |parser: &mut Self| parser.comparison().map(Condition::Grade),
            "holds" => |parser: &mut Self| parser.defined().map(Condition::Holds),
            "occurs" => Self::occurs,
            "registered" => Self::registered,
            "rung" => Self::rung_state,
            "status" => Self::status,
            _ => return Err(self.unexpected(ATOM)),
        };
        self.advance()?;
        read(self)
    }

    fn occurs(&mut self) -> Answer<Condition> {
        let (kind, with) = (self.kind()?, self.requirements()?);
        let last = if self.took("in")? {
            self.expect("last")?;
            Some(self.length()?)
        } else {
            None
        };
        Ok(Condition::Occurs { kind, with, last })
    }

    fn count(&mut self) -> Answer<Condition> {
        let (kind, with) = (self.kind()?, self.requirements()?);
        self.expect("in")?;
        self.expect("last")?;
        Ok(Condition::Count {
            kind,
            with,
            last: self.length()?,
            comparison: self.comparison()?,
        })
    }

    fn elapsed(&mut self) -> Answer<Condition> {
        let span = self.span()?;
        self.expect("of")?;
        let anchor = self.anchor()?;
        Ok(Condition::Elapsed { span, anchor })
    }

    fn finding(&mut self) -> Answer<Condition> {
        let ground = self.defined()?;
        self.expect("by")?;
        let by = self.role()?;
        Ok(Condition::Finding { ground, by })
    }

    fn defined(&mut self) -> Answer<Word> {
        self.name("a word that the instrument defines", Word::new)
    }

    fn registered(&mut self) -> Answer<Condition> {
        let object = if self.took("subject")? {
            Object::Subject
        } else {
            Object::Field(self.name("a field of the trigger, or `subject`", Field::new)?)
        };
        self.expect("in")?;
        let register = self.register()?;
        Ok(Condition::Registered { object, register })
    }

    pub(super) fn register(&mut self) -> Answer<Register> {
        self.name("a register", Register::new)
    }

    fn rung_state(&mut self) -> Answer<Condition> {
        let number = self.whole("the number of a rung")?;
        self.expect("is")?;
        let is = self.one_of()?;
        Ok(Condition::Rung { number, is })
    }

    fn status(&mut self) -> Answer<Condition> {
        let term = self.name("the name of a term", TermName::new)?;
        self.expect("is")?;
        let is = self.one_of()?;
        Ok(Condition::Status { term, is })
    }

    pub(super) fn measure(&mut self) -> Answer<Measure> {
        let aggregate = self.one_of()?;
        self.measure_of(aggregate)
    }

    fn measure_of(&mut self, aggregate: Aggregate) -> Answer<Measure> {
        self.expect("(")?;
        let indicator = self.name("an indicator", Indicator::new)?;
        self.expect(",")?;
        let window = self.length()?;
        self.expect(")")?;
        Ok(Measure {
            aggregate,
            indicator,
            window,
        })
    }

    pub(super) fn comparison(&mut self) -> Answer<Comparison> {
        Ok(Comparison {
            order: self.one_of()?,
            with: self.quantity()?,
        })
    }

    pub(super) fn quantity(&mut self) -> Answer<Quantity> {
        const EXPECTED: &str = "a number or the name of a parameter";
        let begins_number = |c: char| c.is_ascii_digit() || c == '-';
        if self
            .peek()
            .is_some_and(|word| word.starts_with(begins_number))
        {
            self.number(EXPECTED).map(Quantity::Fixed)
        } else {
            self.name(EXPECTED, ParamName::new).map(Quantity::Param)
        }
    }

    pub(super) fn requirements(&mut self) -> Answer<Vec<Requirement>> {
        let mut all = Vec::new();
        if self.took("with")? {
            all.push(self.requirement()?);
            while self.begins_requirement() {
                all.push(self.requirement()?);
            }
        }
        Ok(all)
    }

    fn begins_requirement(&self) -> bool {
        let is_field = |word| word == "grade" || Field::new(word).is_ok();
        self.is("(") || self.peek().is_some_and(is_field)
    }

    fn requirement(&mut self) -> Answer<Requirement> {
        if self.took("grade")? {
            return self.comparison().map(Requirement::Grade);
        }
        if self.took("(")? {
            let mut fields = vec![self.field()?];
            if !self.is("|") {
                return Err(self.unexpected("`|` and another field"));
            }
            while self.took("|")? {
                fields.push(self.field()?);
            }
            self.expect(")")?;
            return Ok(Requirement::Any(fields));
        }
        let field = self.field()?;
        if self.took("is")? {
            return Ok(Requirement::Is(field, self.codes()?));
        }
        Ok(match self.next.kind {
            TokenKind::Sign(">=" | "<=" | ">" | "<" | "=" | "!=") => {
                Requirement::Compared(field, self.comparison()?)
            }
            _ => Requirement::Field(field),
        })
    }

    fn field(&mut self) -> Answer<Field> {
        self.name("a field, `grade` or fields as `(a | b)`", Field::new)
    }

    fn codes(&mut self) -> Answer<Vec<CodeWord>> {
        if !self.took("(")? {
            return Ok(vec![self.code()?]);
        }
        let mut codes = vec![self.code()?];
        while self.took("|")? {
            codes.push(self.code()?);
        }
        self.expect(")")?;
        Ok(codes)
    }

    fn code(&mut self) -> Answer<CodeWord> {
        self.name("a code, or codes as `(a | b)`", CodeWord::new)
    }

    pub(super) fn length(&mut self) -> Answer<Length> {
        if self.peek().is_some_and(is_duration_like) {
            self.duration().map(Length::Fixed)
        } else {
            self.name(LENGTH, ParamName::new).map(Length::Param)
        }
    }

    pub(super) fn span(&mut self) -> Answer<Span> {
        let of_field = |word: &str| -> Result<Span, NotAName> {
            let (kind, field) = word.rsplit_once('.').unwrap_or_default();
            Ok(Span::Field {
                kind: Kind::new(kind)?,
                field: Field::new(field)?,
            })
        };
        match self.peek() {
            Some(word) if !is_duration_like(word) && word.contains('.') => {
                self.name(SPAN, of_field)
            }
            Some(_) => self.length().map(Span::Length),
            None => Err(self.unexpected(SPAN)),
        }
    }

    pub(super) fn anchor(&mut self) -> Answer<Anchor> {
        if self.took("breach")? {
            return Ok(Anchor::Breach);
        }
        let start = self.next.start;
        let word = self.word(ANCHOR)?;
        let (rest, moment) = match word.rsplit_once('.') {
            Some((rest, "recorded")) => (rest, Moment::Recorded),
            Some((rest, "occurred")) => (rest, Moment::Occurred),
            _ => (word, Moment::Occurred),
        };
        let (kind, which) = match rest.rsplit_once('.') {
            Some((kind, "first")) => (kind, Which::First),
            Some((kind, "last")) => (kind, Which::Last),
            _ => (rest, Which::Only),
        };
        let kind = Kind::new(kind).map_err(|why| {
            let found = shortened(word);
            let expected = ANCHOR;
            self.error_at(
                start,
                Flaw::Name {
                    found,
                    expected,
                    why,
                },
            )
        })?;
        Ok(Anchor::Fact {
            kind,
            which,
            moment,
        })
    }
}

/// One condition as it is, several joined.
fn joined(mut parts: Vec<Condition>, join: impl Fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}
