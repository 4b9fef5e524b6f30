//! Items of an instrument other than its terms.

use jiff::civil::Date;

use crate::term::ast::{
    CalendarRule, Citation, Counting, Defined, Definition, Force, Fraction, InForce, IndicatorRule,
    Instrument, KindRule, Ladder, Number, Param, Quorum, Review, Rung, Setting, Source, TimeOfDay,
    Weekday, WeekendRule,
};
use crate::term::name::{
    CalendarName, HolidaysName, Indicator, InstrumentName, Kind, LadderName, NotAName, ParamName,
    Passage, Response, Role, RungName, SourceName, Text, Word, ZoneName,
};
use crate::term::parse::lex::TokenKind;
use crate::term::parse::place::{Part, Place};
use crate::term::parse::{Answer, Flaw, Parser, shortened};
use crate::term::word::Spelled;

const ITEM: &str = "an item of an instrument (`note`, `force`, `in_force`, `review`, `source`, `calendar`, `param`, \
     `define`, `kind`, `indicator`, `term` or `ladder`) or `}`";

const NUMBER: &str =
    "a whole number such as `3`, or a share such as `95%` with at most two decimals";

/// What an instrument has once at most, while it is read.
#[derive(Default)]
struct Once {
    force: Option<Force>,
    in_force: Option<InForce>,
}

impl Parser<'_> {
    pub(super) fn instrument(&mut self) -> Answer<Instrument> {
        let start = self.next.start;
        self.places.mark(Place::Instrument, start);
        self.expect("instrument")?;
        let name = self.name("the instrument's name", InstrumentName::new)?;
        self.expect("{")?;
        let mut once = Once::default();
        let mut instrument = Instrument {
            name,
            notes: Vec::new(),
            force: Force::Contract,
            in_force: InForce {
                from: Date::constant(1, 1, 1),
                until: None,
            },
            review: None,
            sources: Vec::new(),
            calendars: Vec::new(),
            params: Vec::new(),
            definitions: Vec::new(),
            kinds: Vec::new(),
            indicators: Vec::new(),
            terms: Vec::new(),
            ladders: Vec::new(),
        };
        while !self.took("}")? {
            self.item(&mut instrument, &mut once)?;
        }
        let missing = |what| self.error_at(start, Flaw::Missing(what));
        instrument.force = once.force.ok_or_else(|| missing("force"))?;
        instrument.in_force = once.in_force.ok_or_else(|| missing("in_force"))?;
        Ok(instrument)
    }

    fn item(&mut self, instrument: &mut Instrument, once: &mut Once) -> Answer<()> {
        let start = self.next.start;
        let place = match self.peek() {
            Some("note") => {
                let note = self.note()?;
                instrument.notes.push(note);
                return Ok(());
            }
            Some("force") => {
                self.first("force", once.force.is_some())?;
                once.force = Some(self.one_of()?);
                return Ok(());
            }
            Some("in_force") => {
                self.first("in_force", once.in_force.is_some())?;
                once.in_force = Some(self.in_force()?);
                Place::InForce
            }
            Some("review") => {
                self.first("review", instrument.review.is_some())?;
                instrument.review = Some(self.review()?);
                Place::Review
            }
            Some("source") => {
                instrument.sources.push(self.source()?);
                Place::Source(instrument.sources.len() - 1)
            }
            Some("calendar") => {
                instrument.calendars.push(self.calendar()?);
                Place::Calendar(instrument.calendars.len() - 1)
            }
            Some("param") => {
                instrument.params.push(self.param()?);
                Place::Param(instrument.params.len() - 1)
            }
            Some("define") => {
                instrument.definitions.push(self.definition()?);
                Place::Definition(instrument.definitions.len() - 1)
            }
            Some("kind") => {
                instrument.kinds.push(self.kind_rule()?);
                Place::Kind(instrument.kinds.len() - 1)
            }
            Some("indicator") => {
                instrument.indicators.push(self.indicator_rule()?);
                Place::Indicator(instrument.indicators.len() - 1)
            }
            Some("term") => {
                let term = self.term(instrument.terms.len())?;
                instrument.terms.push(term);
                Place::Term(instrument.terms.len() - 1, Part::Whole)
            }
            Some("ladder") => {
                let ladder = self.ladder(instrument.ladders.len())?;
                instrument.ladders.push(ladder);
                Place::Ladder(instrument.ladders.len() - 1)
            }
            _ => return Err(self.unexpected(ITEM)),
        };
        self.places.mark(place, start);
        Ok(())
    }

    /// Takes the word of a clause that may stand once.
    pub(super) fn first(&mut self, word: &'static str, is_there: bool) -> Answer<()> {
        if is_there {
            return Err(self.error(Flaw::Twice(word)));
        }
        self.expect(word)
    }

    pub(super) fn note(&mut self) -> Answer<Text> {
        self.expect("note")?;
        self.prose()
    }

    fn in_force(&mut self) -> Answer<InForce> {
        let from = self.date()?;
        self.expect("..")?;
        let until = if self.took("open")? {
            None
        } else {
            Some(self.date()?)
        };
        Ok(InForce { from, until })
    }

    fn date(&mut self) -> Answer<Date> {
        let start = self.next.start;
        let word = self.word("a date such as `2027-01-01`")?;
        date(word).ok_or_else(|| self.error_at(start, Flaw::Date(shortened(word))))
    }

    fn review(&mut self) -> Answer<Review> {
        self.expect("every")?;
        let every = self.duration()?;
        let calendar = if self.took("calendar")? {
            Some(self.calendar_name()?)
        } else {
            None
        };
        self.expect("by")?;
        let by = self.role()?;
        Ok(Review {
            every,
            by,
            calendar,
        })
    }

    pub(super) fn role(&mut self) -> Answer<Role> {
        self.name("a role", Role::new)
    }

    pub(super) fn kind(&mut self) -> Answer<Kind> {
        self.name("a kind of fact", Kind::new)
    }

    pub(super) fn calendar_name(&mut self) -> Answer<CalendarName> {
        self.name("the name of a calendar", CalendarName::new)
    }

    fn source(&mut self) -> Answer<Source> {
        self.expect("source")?;
        Ok(Source {
            location: self.prose()?,
            name: self.name("the name by which the source is cited", SourceName::new)?,
            verified: !self.took("unverified")?,
        })
    }

    pub(super) fn citation(&mut self) -> Answer<Citation> {
        const EXPECTED: &str = "a citation such as `ap1#art_13.1`";
        let read = |word: &str| -> Result<_, NotAName> {
            Ok(match word.split_once('#') {
                Some((source, passage)) => (SourceName::new(source)?, Some(Passage::new(passage)?)),
                None => (SourceName::new(word)?, None),
            })
        };
        let (source, passage) = self.name(EXPECTED, read)?;
        Ok(Citation {
            source,
            passage,
            verified: !self.took("unverified")?,
        })
    }

    fn calendar(&mut self) -> Answer<CalendarRule> {
        self.expect("calendar")?;
        let name = self.calendar_name()?;
        self.expect("{")?;
        self.expect("tz")?;
        let zone = self.name("a time zone such as `Europe/Vienna`", ZoneName::new)?;
        let counting = if self.took("counting")? {
            self.one_of()?
        } else {
            Counting::Exact
        };
        let mut weekend = Vec::new();
        if self.took("weekend")? {
            weekend.push(self.one_of()?);
            while self.peek().and_then(Weekday::from_word).is_some() {
                weekend.push(self.one_of()?);
            }
            weekend.sort_unstable();
            weekend.dedup();
        }
        let holidays = if self.took("holidays")? {
            Some(self.name("the name of a list of holidays", HolidaysName::new)?)
        } else {
            None
        };
        let weekend_rule = if self.took("weekend_rule")? {
            self.weekend_rule()?
        } else {
            WeekendRule::Stays
        };
        self.expect("}")?;
        Ok(CalendarRule {
            name,
            zone,
            counting,
            weekend,
            holidays,
            weekend_rule,
        })
    }

    fn weekend_rule(&mut self) -> Answer<WeekendRule> {
        if self.took("stays")? {
            Ok(WeekendRule::Stays)
        } else if self.took("next_working_day")? {
            self.at().map(WeekendRule::Next)
        } else if self.took("previous_working_day")? {
            self.at().map(WeekendRule::Previous)
        } else {
            Err(self.unexpected("`stays`, `next_working_day` or `previous_working_day`"))
        }
    }

    fn at(&mut self) -> Answer<Option<TimeOfDay>> {
        if !self.took("at")? {
            return Ok(None);
        }
        let expected = "a time of day such as `12:00`";
        let time = self.peek().and_then(time_of_day);
        let time = time.ok_or_else(|| self.unexpected(expected))?;
        self.advance()?;
        Ok(Some(time))
    }

    fn param(&mut self) -> Answer<Param> {
        self.expect("param")?;
        let name = self.name("the parameter's name", ParamName::new)?;
        let proposed = self.setting()?;
        self.expect("set_by")?;
        self.expect("parties")?;
        Ok(Param { name, proposed })
    }

    pub(super) fn setting(&mut self) -> Answer<Setting> {
        if self.peek().is_some_and(|word| word.starts_with('P')) {
            self.duration().map(Setting::Duration)
        } else {
            let number = self.number("a value of a parameter: a duration or a number");
            number.map(Setting::Number)
        }
    }

    /// Reads a number; `expected` says of what where there is no word at all.
    pub(super) fn number(&mut self, expected: &'static str) -> Answer<Number> {
        let start = self.next.start;
        let word = self.word(expected)?;
        number(word).ok_or_else(|| {
            self.error_at(
                start,
                Flaw::Number {
                    found: shortened(word),
                    expected: NUMBER,
                },
            )
        })
    }

    /// Reads a small whole number.
    pub(super) fn whole(&mut self, expected: &'static str) -> Answer<u32> {
        let number = self.peek().and_then(whole);
        let number = number.ok_or_else(|| self.unexpected(expected))?;
        self.advance()?;
        Ok(number)
    }

    fn definition(&mut self) -> Answer<Definition> {
        self.expect("define")?;
        let subject = match self.next.kind {
            TokenKind::Text(_) => Defined::Phrase(self.prose()?),
            _ => Defined::Word(self.name("a word or a text to define", Word::new)?),
        };
        self.expect("means")?;
        let means = self.prose()?;
        let counts_as = if self.took("counts_as")? {
            Some(self.condition()?)
        } else {
            None
        };
        Ok(Definition {
            subject,
            means,
            counts_as,
        })
    }

    fn kind_rule(&mut self) -> Answer<KindRule> {
        self.expect("kind")?;
        Ok(KindRule {
            kind: self.kind()?,
            world: self.one_of()?,
            by: self.role_after("by")?,
            to: self.role_after("to")?,
        })
    }

    pub(super) fn role_after(&mut self, word: &str) -> Answer<Option<Role>> {
        if self.took(word)? {
            self.role().map(Some)
        } else {
            Ok(None)
        }
    }

    fn indicator_rule(&mut self) -> Answer<IndicatorRule> {
        self.expect("indicator")?;
        let indicator = self.name("an indicator", Indicator::new)?;
        self.expect("scale")?;
        let lowest = self.number("the scale's lowest value")?;
        self.expect("..")?;
        let highest = self.number("the scale's highest value")?;
        self.expect("every")?;
        let every = self.duration()?;
        Ok(IndicatorRule {
            indicator,
            lowest,
            highest,
            every,
        })
    }

    fn ladder(&mut self, index: usize) -> Answer<Ladder> {
        self.expect("ladder")?;
        let name = self.name("the ladder's name", LadderName::new)?;
        self.expect("{")?;
        let mut notes = Vec::new();
        while self.is("note") {
            notes.push(self.note()?);
        }
        let calendar = if self.took("calendar")? {
            Some(self.calendar_name()?)
        } else {
            None
        };
        let mut rungs = Vec::new();
        while !self.took("}")? {
            let place = Place::Rung(index, rungs.len());
            self.places.mark(place, self.next.start);
            if !self.is("rung") {
                return Err(self.unexpected("`rung` or `}`"));
            }
            rungs.push(self.rung()?);
        }
        Ok(Ladder {
            name,
            notes,
            calendar,
            rungs,
        })
    }

    fn rung(&mut self) -> Answer<Rung> {
        self.expect("rung")?;
        let number = self.whole("the rung's number")?;
        let name = self.name("the rung's name", RungName::new)?;
        self.expect("{")?;
        self.expect("enter")?;
        let enter = self.condition()?;
        self.expect("cooling_off")?;
        let cooling_off = self.length()?;
        self.expect("expires")?;
        let expires = self.length()?;
        self.expect("allows")?;
        let mut allows = vec![self.name("a response", Response::new)?];
        while !self.is("decided_by") {
            allows.push(self.name("a response or `decided_by`", Response::new)?);
        }
        self.expect("decided_by")?;
        let decided_by = self.role()?;
        let quorum = self.quorum()?;
        self.expect("exit")?;
        let exit = self.condition()?;
        self.expect("}")?;
        Ok(Rung {
            number,
            name,
            enter,
            cooling_off,
            expires,
            allows,
            decided_by,
            quorum,
            exit,
        })
    }

    fn quorum(&mut self) -> Answer<Quorum> {
        if self.took("alone")? {
            Ok(Quorum::Alone)
        } else if self.took("all")? {
            Ok(Quorum::All)
        } else if self.took("at_least")? {
            self.fraction().map(Quorum::AtLeast)
        } else if self.took("unless")? {
            let share = self.fraction()?;
            self.expect("object_within")?;
            let within = self.length()?;
            Ok(Quorum::Unless { share, within })
        } else {
            Err(self.unexpected("how they decide: `alone`, `all`, `at_least 2/3` or `unless 3/4 object_within PT12H`"))
        }
    }

    fn fraction(&mut self) -> Answer<Fraction> {
        let fraction = self.peek().and_then(|word| {
            let (numerator, denominator) = word.split_once('/')?;
            let (numerator, denominator) = (whole(numerator)?, whole(denominator)?);
            let fits = 0 < numerator && numerator <= denominator;
            fits.then_some(Fraction {
                numerator,
                denominator,
            })
        });
        let expected = "a share such as `3/4`, above 0 and at most 1";
        let fraction = fraction.ok_or_else(|| self.unexpected(expected))?;
        self.advance()?;
        Ok(fraction)
    }
}

/// A date as `2027-01-01`, in the years 1 to 9999.
pub(crate) fn date(text: &str) -> Option<Date> {
    let digits = |at: std::ops::Range<usize>| -> Option<i16> {
        let part = text.get(at)?;
        let all = part.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| part.parse().ok()).flatten()
    };
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (month, day) = (i8::try_from(digits(5..7)?), i8::try_from(digits(8..10)?));
    let date = Date::new(digits(0..4)?, month.ok()?, day.ok()?).ok()?;
    (date.year() >= 1).then_some(date)
}

fn time_of_day(text: &str) -> Option<TimeOfDay> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (whole(hours)?, whole(minutes)?);
    let minutes = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
    u16::try_from(minutes)
        .ok()
        .map(|minutes| TimeOfDay { minutes })
}

fn whole(text: &str) -> Option<u32> {
    let all = text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

/// A whole number, or a share in per cent with at most two decimals.
fn number(text: &str) -> Option<Number> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let plain = |digits: &str| -> Option<i128> {
        let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| digits.parse::<u64>().ok())
            .flatten()
            .map(i128::from)
    };
    let Some(share) = digits.strip_suffix('%') else {
        return i64::try_from(sign * plain(digits)?)
            .ok()
            .map(Number::Integer);
    };
    let (whole, decimals) = share.split_once('.').unwrap_or((share, "0"));
    let decimals = match decimals.len() {
        1 => plain(decimals)? * 10,
        2 => plain(decimals)?,
        _ => return None,
    };
    let parts = sign * (plain(whole)? * 100 + decimals);
    i64::try_from(parts).ok().map(Number::Share)
}
