//! The one layout of an instrument.
//!
//! Groups stand in a fixed order; terms, ladders and all lists as written. A clause stands on one
//! line where it fits and else breaks before its joining words; only a single text or name can make a
//! line longer.

mod clause;

use std::fmt;

use crate::term::ast::{
    CalendarRule, Counting, Defined, Definition, Effect, InForce, IndicatorRule, Instrument,
    KindRule, Ladder, Param, Review, Rung, Setting, Source, Term, TimeOfDay, Variation,
    WeekendRule,
};
use crate::term::name::{Role, Text};
use clause::{cite, duty, length, limit, number, parts, quorum, quoted};

/// Longest line that is kept on one line, in characters.
const WIDTH: usize = 100;

/// Writes an instrument in its one layout.
pub fn format(instrument: &Instrument) -> String {
    let mut page = Page::default();
    page.line(0, &format!("instrument {} {{", instrument.name));
    for note in &instrument.notes {
        page.line(1, &format!("note {}", quoted(note)));
    }
    page.line(1, &format!("force {}", instrument.force.word()));
    page.line(1, &in_force(instrument.in_force));
    if let Some(it) = &instrument.review {
        page.line(1, &review(it));
    }
    page.group(&instrument.sources, |page, it| page.line(1, &source(it)));
    for it in &instrument.calendars {
        page.blank();
        calendar(&mut page, it);
    }
    page.group(&instrument.params, |page, it| page.line(1, &param(it)));
    page.group(&instrument.definitions, definition);
    page.group(&instrument.kinds, |page, it| page.line(1, &kind(it)));
    page.group(&instrument.indicators, |page, it| {
        page.line(1, &indicator(it))
    });
    for it in &instrument.terms {
        page.blank();
        term(&mut page, it);
    }
    for it in &instrument.ladders {
        page.blank();
        ladder(&mut page, it);
    }
    page.line(0, "}");
    page.text
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Duration(duration) => duration.fmt(f),
            Setting::Number(it) => f.write_str(&number(*it)),
        }
    }
}

impl fmt::Display for Variation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&varied(self).join(" "))
    }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn group<T>(&mut self, items: &[T], write: impl Fn(&mut Page, &T)) {
        if !items.is_empty() {
            self.blank();
        }
        for item in items {
            write(self, item);
        }
    }

    /// A clause: its parts on one line, or else each on a line of its own.
    fn clause(&mut self, depth: usize, parts: &[String]) {
        let line = parts.join(" ");
        if line.chars().count() + 2 * depth <= WIDTH {
            return self.line(depth, &line);
        }
        for (at, part) in parts.iter().enumerate() {
            self.line(depth + usize::from(at > 0), part);
        }
    }
}

fn in_force(it: InForce) -> String {
    let until = it.until.map_or("open".to_owned(), |date| date.to_string());
    format!("in_force {} .. {until}", it.from)
}

fn review(it: &Review) -> String {
    let calendar = it.calendar.as_ref().map(|name| format!(" calendar {name}"));
    let calendar = calendar.unwrap_or_default();
    format!("review every {}{calendar} by {}", it.every, it.by)
}

fn source(it: &Source) -> String {
    let mark = if it.verified { "" } else { " unverified" };
    format!("source {} {}{mark}", quoted(&it.location), it.name)
}

fn calendar(page: &mut Page, it: &CalendarRule) {
    page.line(1, &format!("calendar {} {{", it.name));
    page.line(2, &format!("tz {}", it.zone));
    if it.counting != Counting::Exact {
        page.line(2, &format!("counting {}", it.counting.word()));
    }
    if !it.weekend.is_empty() {
        let days: Vec<_> = it.weekend.iter().map(|day| day.word()).collect();
        page.line(2, &format!("weekend {}", days.join(" ")));
    }
    if let Some(name) = &it.holidays {
        page.line(2, &format!("holidays {name}"));
    }
    let (rule, at) = match it.weekend_rule {
        WeekendRule::Stays => ("", None),
        WeekendRule::Next(at) => ("next_working_day", at),
        WeekendRule::Previous(at) => ("previous_working_day", at),
    };
    let at = at.map_or_else(String::new, |TimeOfDay { minutes }| {
        format!(" at {:02}:{:02}", minutes / 60, minutes % 60)
    });
    if !rule.is_empty() {
        page.line(2, &format!("weekend_rule {rule}{at}"));
    }
    page.line(1, "}");
}

fn param(it: &Param) -> String {
    format!("param {} {} set_by parties", it.name, it.proposed)
}

fn definition(page: &mut Page, it: &Definition) {
    let subject = match &it.subject {
        Defined::Phrase(text) => quoted(text),
        Defined::Word(word) => word.to_string(),
    };
    let mut all = vec![
        format!("define {subject}"),
        format!("means {}", quoted(&it.means)),
    ];
    if let Some(condition) = &it.counts_as {
        all.extend(parts("counts_as", condition));
    }
    page.clause(1, &all);
}

fn kind(it: &KindRule) -> String {
    let role = |word: &str, role: &Option<Role>| {
        let role = role.as_ref().map(|role| format!(" {word} {role}"));
        role.unwrap_or_default()
    };
    let (by, to) = (role("by", &it.by), role("to", &it.to));
    format!("kind {} {}{by}{to}", it.kind, it.world.word())
}

fn indicator(it: &IndicatorRule) -> String {
    let (lowest, highest) = (number(it.lowest), number(it.highest));
    format!(
        "indicator {} scale {lowest} .. {highest} every {}",
        it.indicator, it.every
    )
}

fn notes(page: &mut Page, all: &[Text]) {
    for note in all {
        page.line(2, &format!("note {}", quoted(note)));
    }
}

fn term(page: &mut Page, it: &Term) {
    page.line(1, &format!("term {} {{", it.name));
    notes(page, &it.notes);
    if let Some(text) = &it.text {
        page.line(2, &format!("text {}", cite(text)));
    }
    page.line(2, &format!("class {}", it.class.word()));
    let creditor = it.creditor.as_ref().map(|role| format!(" to {role}"));
    let creditor = creditor.unwrap_or_default();
    page.line(
        2,
        &format!("{} {}{creditor}", it.modality.word(), it.debtor),
    );
    if let Some(condition) = &it.when {
        page.clause(2, &parts("when", condition));
    }
    page.clause(2, &duty(&it.duty));
    if let Some(name) = &it.calendar {
        page.line(2, &format!("calendar {name}"));
    }
    if let Some(grace) = &it.grace {
        page.line(2, &format!("grace {}", length(grace)));
    }
    for exception in &it.exceptions {
        let mut all = parts("except", &exception.guard);
        all.extend(effect(&exception.effect));
        all.push(format!("under {}", cite(&exception.under)));
        page.clause(2, &all);
    }
    for suspension in &it.suspensions {
        let by = format!("suspended_by {}", suspension.by);
        let until = format!("until {}", suspension.until);
        page.clause(2, &[by, until, format!("max {}", length(&suspension.max))]);
    }
    let flags = [
        (it.unsuspendable, "unsuspendable"),
        (it.safety, "safety"),
        (it.survives, "survives"),
        (it.non_reservable, "non_reservable"),
    ];
    for (_, word) in flags.iter().filter(|(is, _)| *is) {
        page.line(2, word);
    }
    if !it.on_breach.is_empty() {
        let names: Vec<_> = it.on_breach.iter().map(ToString::to_string).collect();
        page.line(2, &format!("on_breach {{ {} }}", names.join(", ")));
    }
    if let Some(remedy) = &it.remedy_within {
        page.line(2, &format!("remedy_within {}", length(remedy)));
    }
    page.line(1, "}");
}

fn effect(it: &Effect) -> Vec<String> {
    match it {
        Effect::Excuses => vec!["excuses".to_owned()],
        Effect::Suspends(max) => vec![format!("suspends max {}", length(max))],
        Effect::Varies(it) => {
            let mut all = varied(it);
            all[0].insert_str(0, "varies ");
            all
        }
    }
}

/// What takes the place of a duty, one part a line.
fn varied(it: &Variation) -> Vec<String> {
    match it {
        Variation::Limit(it) => vec![format!("({})", limit(it).join(" "))],
        Variation::Duties(all) => {
            let all: Vec<_> = all.iter().map(|it| duty(it).join(" ")).collect();
            let last = all.len().saturating_sub(1);
            let part = |(at, it): (usize, &String)| {
                let open = if at == 0 { "(" } else { "" };
                let close = if at == last { ")" } else { ";" };
                format!("{open}{it}{close}")
            };
            all.iter().enumerate().map(part).collect()
        }
    }
}

fn ladder(page: &mut Page, it: &Ladder) {
    page.line(1, &format!("ladder {} {{", it.name));
    notes(page, &it.notes);
    if let Some(name) = &it.calendar {
        page.line(2, &format!("calendar {name}"));
    }
    for rung in &it.rungs {
        write_rung(page, rung);
    }
    page.line(1, "}");
}

fn write_rung(page: &mut Page, it: &Rung) {
    page.line(2, &format!("rung {} {} {{", it.number, it.name));
    page.clause(3, &parts("enter", &it.enter));
    page.line(3, &format!("cooling_off {}", length(&it.cooling_off)));
    page.line(3, &format!("expires {}", length(&it.expires)));
    let allows: Vec<_> = it.allows.iter().map(ToString::to_string).collect();
    page.line(3, &format!("allows {}", allows.join(" ")));
    page.line(
        3,
        &format!("decided_by {} {}", it.decided_by, quorum(&it.quorum)),
    );
    page.clause(3, &parts("exit", &it.exit));
    page.line(2, "}");
}
