//! An instrument and its items other than terms and ladders.

use ensign_trust::cbor::Value;
use jiff::civil::Date;

use crate::term::ast::{
    CalendarRule, Defined, Definition, InForce, IndicatorRule, Instrument, KindRule, Param, Review,
    Setting, Source, TimeOfDay, Weekday, WeekendRule,
};
use crate::term::canonical::condition::{condition, number, of_condition, of_number};
use crate::term::canonical::record::{
    Malformed, Record, choice, chosen, duration, exactly, integer, name, of_duration, of_name,
    record, some_list, some_mark, spelled, text,
};
use crate::term::canonical::term::{ladder, of_ladder, of_term, term};
use crate::term::name::{
    CalendarName, HolidaysName, Indicator, InstrumentName, Kind, ParamName, Role, SourceName, Word,
    ZoneName,
};

pub(super) fn write(it: &Instrument) -> Value {
    record(vec![
        ("name", Some(of_name(&it.name))),
        ("notes", some_list(&it.notes, of_name)),
        ("force", Some(Value::text(it.force.word()))),
        ("from", Some(of_date(it.in_force.from))),
        ("until", it.in_force.until.map(of_date)),
        ("review", it.review.as_ref().map(of_review)),
        ("sources", some_list(&it.sources, of_source)),
        ("calendars", some_list(&it.calendars, of_calendar)),
        ("params", some_list(&it.params, of_param)),
        ("definitions", some_list(&it.definitions, of_definition)),
        ("kinds", some_list(&it.kinds, of_kind)),
        ("indicators", some_list(&it.indicators, of_indicator)),
        ("terms", some_list(&it.terms, of_term)),
        ("ladders", some_list(&it.ladders, of_ladder)),
    ])
}

pub(super) fn read(value: Value) -> Result<Instrument, Malformed> {
    let mut record = Record::new(value, "instrument")?;
    let mut some = |key: &'static str| record.optional(key, Value::into_array);
    let (terms, ladders) = (some("terms")?, some("ladders")?);
    if [&terms, &ladders].into_iter().flatten().any(Vec::is_empty) {
        return Err(Malformed("terms"));
    }
    let terms = terms.into_iter().flatten().map(term);
    let ladders = ladders.into_iter().flatten().map(ladder);
    let instrument = Instrument {
        name: record.required("name", name(InstrumentName::new))?,
        notes: record.list("notes", text)?,
        force: record.required("force", spelled)?,
        in_force: InForce {
            from: record.required("from", date)?,
            until: record.optional("until", date)?,
        },
        review: record.optional("review", |value| review(value).ok())?,
        sources: record.list("sources", |value| source(value).ok())?,
        calendars: record.list("calendars", |value| calendar(value).ok())?,
        params: record.list("params", param)?,
        definitions: record.list("definitions", |value| definition(value).ok())?,
        kinds: record.list("kinds", |value| kind(value).ok())?,
        indicators: record.list("indicators", indicator)?,
        terms: terms.collect::<Result<_, _>>()?,
        ladders: ladders.collect::<Result<_, _>>()?,
    };
    record.end()?;
    Ok(instrument)
}

fn of_date(it: Date) -> Value {
    let parts = [it.year().into(), it.month().into(), i128::from(it.day())];
    Value::Array(parts.map(Value::Int).to_vec())
}

fn date(value: Value) -> Option<Date> {
    let [year, month, day] = exactly(value.into_array()?)?;
    let date = Date::new(integer(&year)?, integer(&month)?, integer(&day)?).ok()?;
    (date.year() >= 1).then_some(date)
}

fn of_review(it: &Review) -> Value {
    record(vec![
        ("every", Some(of_duration(&it.every))),
        ("by", Some(of_name(&it.by))),
        ("calendar", it.calendar.as_ref().map(of_name)),
    ])
}

fn review(value: Value) -> Result<Review, Malformed> {
    let mut record = Record::new(value, "review")?;
    let review = Review {
        every: record.required("every", duration)?,
        by: record.required("by", name(Role::new))?,
        calendar: record.optional("calendar", name(CalendarName::new))?,
    };
    record.end()?;
    Ok(review)
}

fn of_source(it: &Source) -> Value {
    record(vec![
        ("location", Some(of_name(&it.location))),
        ("name", Some(of_name(&it.name))),
        ("unverified", some_mark(!it.verified)),
    ])
}

fn source(value: Value) -> Result<Source, Malformed> {
    let mut record = Record::new(value, "sources")?;
    let source = Source {
        location: record.required("location", text)?,
        name: record.required("name", name(SourceName::new))?,
        verified: !record.mark("unverified")?,
    };
    record.end()?;
    Ok(source)
}

fn of_calendar(it: &CalendarRule) -> Value {
    let (rule, at) = match it.weekend_rule {
        WeekendRule::Stays => ("stays", None),
        WeekendRule::Next(at) => ("next", at),
        WeekendRule::Previous(at) => ("previous", at),
    };
    let at = at.map(|at| Value::Int(at.minutes.into()));
    record(vec![
        ("name", Some(of_name(&it.name))),
        ("zone", Some(of_name(&it.zone))),
        ("counting", Some(Value::text(it.counting.word()))),
        (
            "weekend",
            some_list(&it.weekend, |day| Value::text(day.word())),
        ),
        ("holidays", it.holidays.as_ref().map(of_name)),
        ("weekend_rule", Some(choice(rule, at))),
    ])
}

fn calendar(value: Value) -> Result<CalendarRule, Malformed> {
    let mut record = Record::new(value, "calendars")?;
    let calendar = CalendarRule {
        name: record.required("name", name(CalendarName::new))?,
        zone: record.required("zone", name(ZoneName::new))?,
        counting: record.required("counting", spelled)?,
        weekend: record.list("weekend", spelled::<Weekday>)?,
        holidays: record.optional("holidays", name(HolidaysName::new))?,
        weekend_rule: record.required("weekend_rule", weekend_rule)?,
    };
    record.end()?;
    if calendar.weekend.is_sorted_by(|a, b| a < b) {
        Ok(calendar)
    } else {
        Err(Malformed("weekend"))
    }
}

fn weekend_rule(value: Value) -> Option<WeekendRule> {
    let (word, parts) = chosen(value)?;
    let at = match parts.as_slice() {
        [] => None,
        [minutes] => Some(TimeOfDay {
            minutes: integer(minutes).filter(|minutes| *minutes < 1440)?,
        }),
        _ => return None,
    };
    match word.as_str() {
        "stays" if at.is_none() => Some(WeekendRule::Stays),
        "next" => Some(WeekendRule::Next(at)),
        "previous" => Some(WeekendRule::Previous(at)),
        _ => None,
    }
}

fn of_param(it: &Param) -> Value {
    let proposed = match it.proposed {
        Setting::Duration(proposed) => choice("duration", [of_duration(&proposed)]),
        Setting::Number(proposed) => choice("number", [of_number(proposed)]),
    };
    Value::Array(vec![of_name(&it.name), proposed])
}

fn param(value: Value) -> Option<Param> {
    let [of, proposed] = exactly(value.into_array()?)?;
    let (word, parts) = chosen(proposed)?;
    let [proposed] = exactly(parts)?;
    let proposed = match word.as_str() {
        "duration" => Setting::Duration(duration(proposed)?),
        "number" => Setting::Number(number(proposed)?),
        _ => return None,
    };
    Some(Param {
        name: name(ParamName::new)(of)?,
        proposed,
    })
}

fn of_definition(it: &Definition) -> Value {
    let (word, subject) = match &it.subject {
        Defined::Phrase(text) => ("phrase", of_name(text)),
        Defined::Word(word) => ("word", of_name(word)),
    };
    record(vec![
        (word, Some(subject)),
        ("means", Some(of_name(&it.means))),
        ("counts_as", it.counts_as.as_ref().map(of_condition)),
    ])
}

fn definition(value: Value) -> Result<Definition, Malformed> {
    let mut record = Record::new(value, "definitions")?;
    let phrase = record.optional("phrase", text)?;
    let subject = match phrase {
        Some(phrase) => Defined::Phrase(phrase),
        None => Defined::Word(record.required("word", name(Word::new))?),
    };
    let definition = Definition {
        subject,
        means: record.required("means", text)?,
        counts_as: record.optional("counts_as", condition)?,
    };
    record.end()?;
    Ok(definition)
}

fn of_kind(it: &KindRule) -> Value {
    record(vec![
        ("kind", Some(of_name(&it.kind))),
        ("world", Some(Value::text(it.world.word()))),
        ("by", it.by.as_ref().map(of_name)),
        ("to", it.to.as_ref().map(of_name)),
    ])
}

fn kind(value: Value) -> Result<KindRule, Malformed> {
    let mut record = Record::new(value, "kinds")?;
    let kind = KindRule {
        kind: record.required("kind", name(Kind::new))?,
        world: record.required("world", spelled)?,
        by: record.optional("by", name(Role::new))?,
        to: record.optional("to", name(Role::new))?,
    };
    record.end()?;
    Ok(kind)
}

fn of_indicator(it: &IndicatorRule) -> Value {
    let (lowest, highest) = (of_number(it.lowest), of_number(it.highest));
    Value::Array(vec![
        of_name(&it.indicator),
        lowest,
        highest,
        of_duration(&it.every),
    ])
}

fn indicator(value: Value) -> Option<IndicatorRule> {
    let [of, lowest, highest, every] = exactly(value.into_array()?)?;
    Some(IndicatorRule {
        indicator: name(Indicator::new)(of)?,
        lowest: number(lowest)?,
        highest: number(highest)?,
        every: duration(every)?,
    })
}
