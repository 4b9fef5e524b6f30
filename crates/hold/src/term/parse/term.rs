//! Terms: one duty, right or prohibition, and what is said beside it.

use crate::term::ast::{
    Act, Class, Duty, Effect, Exception, Length, Limit, Modality, Suspension, Term, Variation,
};
use crate::term::name::{Channel, TermName};
use crate::term::parse::place::{Part, Place};
use crate::term::parse::{Answer, Parser};

const MARK: &str = "`calendar`, `grace`, `except`, `suspended_by`, `unsuspendable`, `safety`, `survives`, \
     `non_reservable`, `on_breach`, `remedy_within` or `}`";

const DUTY: &str = "a duty: `deliver`, `perform`, `maintain`, `never` or `declare`";

impl Parser<'_> {
    pub(super) fn term(&mut self, index: usize) -> Answer<Term> {
        self.expect("term")?;
        let name = self.name("the term's name", TermName::new)?;
        self.expect("{")?;
        let mut notes = Vec::new();
        while self.is("note") {
            notes.push(self.note()?);
        }
        let place = |part| Place::Term(index, part);
        self.places.mark(place(Part::Text), self.next.start);
        let text = if self.took("text")? {
            Some(self.citation()?)
        } else {
            None
        };
        self.places.mark(place(Part::Class), self.next.start);
        let class: Option<Class> = if self.took("class")? {
            Some(self.one_of()?)
        } else {
            None
        };
        self.places.mark(place(Part::Parties), self.next.start);
        let modality: Modality = self.one_of()?;
        let debtor = self.role()?;
        let creditor = self.role_after("to")?;
        self.places.mark(place(Part::When), self.next.start);
        let when = if self.took("when")? {
            Some(self.condition()?)
        } else {
            None
        };
        self.places.mark(place(Part::Duty), self.next.start);
        let duty = self.duty()?;
        let mut term = Term {
            name,
            notes,
            text,
            class: class.unwrap_or_else(|| duty.class()),
            modality,
            debtor,
            creditor,
            when,
            duty,
            calendar: None,
            grace: None,
            exceptions: Vec::new(),
            suspensions: Vec::new(),
            unsuspendable: false,
            safety: false,
            on_breach: Vec::new(),
            remedy_within: None,
            survives: false,
            non_reservable: false,
        };
        while !self.took("}")? {
            let start = self.next.start;
            if let Some(part) = self.mark(&mut term)? {
                self.places.mark(place(part), start);
            }
        }
        Ok(term)
    }

    /// Reads one mark, and says which part of the term it is where it is one with a place.
    fn mark(&mut self, term: &mut Term) -> Answer<Option<Part>> {
        Ok(match self.peek() {
            Some("calendar") => {
                self.first("calendar", term.calendar.is_some())?;
                term.calendar = Some(self.calendar_name()?);
                Some(Part::Calendar)
            }
            Some("grace") => {
                self.first("grace", term.grace.is_some())?;
                term.grace = Some(self.length()?);
                Some(Part::Grace)
            }
            Some("except") => {
                term.exceptions.push(self.exception()?);
                Some(Part::Exception(term.exceptions.len() - 1))
            }
            Some("suspended_by") => {
                term.suspensions.push(self.suspension()?);
                Some(Part::Suspension(term.suspensions.len() - 1))
            }
            Some("on_breach") => {
                self.first("on_breach", !term.on_breach.is_empty())?;
                term.on_breach = self.term_names()?;
                Some(Part::OnBreach)
            }
            Some("remedy_within") => {
                self.first("remedy_within", term.remedy_within.is_some())?;
                term.remedy_within = Some(self.length()?);
                Some(Part::Remedy)
            }
            Some("unsuspendable") => self.flag("unsuspendable", &mut term.unsuspendable)?,
            Some("safety") => self.flag("safety", &mut term.safety)?,
            Some("survives") => self.flag("survives", &mut term.survives)?,
            Some("non_reservable") => self.flag("non_reservable", &mut term.non_reservable)?,
            _ => return Err(self.unexpected(MARK)),
        })
    }

    fn flag(&mut self, word: &'static str, flag: &mut bool) -> Answer<Option<Part>> {
        self.first(word, *flag)?;
        *flag = true;
        Ok(None)
    }

    fn term_names(&mut self) -> Answer<Vec<TermName>> {
        self.expect("{")?;
        let mut names = vec![self.name("the name of a term", TermName::new)?];
        while self.took(",")? {
            names.push(self.name("the name of a term", TermName::new)?);
        }
        if !self.took("}")? {
            return Err(self.unexpected("`,` and another term, or `}`"));
        }
        Ok(names)
    }

    fn exception(&mut self) -> Answer<Exception> {
        self.expect("except")?;
        let guard = self.condition()?;
        let effect = if self.took("excuses")? {
            Effect::Excuses
        } else if self.took("varies")? {
            Effect::Varies(self.variation()?)
        } else if self.took("suspends")? {
            Effect::Suspends(self.max()?)
        } else {
            return Err(self.unexpected("`and`, `or`, `excuses`, `varies` or `suspends`"));
        };
        self.expect("under")?;
        let under = self.citation()?;
        Ok(Exception {
            guard,
            effect,
            under,
        })
    }

    pub(super) fn variation(&mut self) -> Answer<Variation> {
        self.expect("(")?;
        let variation = if self.is("within") || self.is("before") {
            Variation::Limit(self.limit()?)
        } else {
            let mut duties = vec![self.duty()?];
            while self.took(";")? {
                duties.push(self.duty()?);
            }
            Variation::Duties(duties)
        };
        self.expect(")")?;
        Ok(variation)
    }

    fn suspension(&mut self) -> Answer<Suspension> {
        self.expect("suspended_by")?;
        let by = self.kind()?;
        self.expect("until")?;
        let until = self.kind()?;
        let max = self.max()?;
        Ok(Suspension { by, until, max })
    }

    fn max(&mut self) -> Answer<Length> {
        self.expect("max")?;
        self.length()
    }

    fn duty(&mut self) -> Answer<Duty> {
        if self.took("deliver")? {
            let act = self.act()?;
            let limit = self.limit()?;
            Ok(Duty::Deliver { act, limit })
        } else if self.took("perform")? {
            let act = self.act()?;
            self.expect("per")?;
            let per = self.length()?;
            Ok(Duty::Perform { act, per })
        } else if self.took("maintain")? {
            self.maintain()
        } else if self.took("never")? {
            self.never()
        } else if self.took("declare")? {
            self.prose().map(Duty::Declare)
        } else {
            Err(self.unexpected(DUTY))
        }
    }

    fn act(&mut self) -> Answer<Act> {
        let kind = self.kind()?;
        let with = self.requirements()?;
        let via = if self.took("via")? {
            Some(self.name("a channel", Channel::new)?)
        } else {
            None
        };
        Ok(Act { kind, with, via })
    }

    fn limit(&mut self) -> Answer<Limit> {
        let side = self.one_of()?;
        let span = self.span()?;
        self.expect("of")?;
        let anchor = self.anchor()?;
        let and_within = if self.took("and")? {
            self.expect("within")?;
            let span = self.span()?;
            self.expect("of")?;
            Some((span, self.anchor()?))
        } else {
            None
        };
        Ok(Limit {
            side,
            span,
            anchor,
            and_within,
        })
    }

    fn maintain(&mut self) -> Answer<Duty> {
        let measure = self.measure()?;
        let comparison = self.comparison()?;
        let coverage = if self.took("coverage")? {
            Some(self.quantity()?)
        } else {
            None
        };
        Ok(Duty::Maintain {
            measure,
            comparison,
            coverage,
        })
    }

    fn never(&mut self) -> Answer<Duty> {
        let kind = self.kind()?;
        let register = if self.took("on")? {
            Some(self.register()?)
        } else {
            None
        };
        self.expect("covered_by")?;
        let covered_by = self.kind()?;
        let attributed_by = self.role_after("attributed_by")?;
        Ok(Duty::Never {
            kind,
            register,
            covered_by,
            attributed_by,
        })
    }
}
