//! The page of what lapses next, by week and by party; the same as a calendar.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ensign_hold::evaluate::Status;
use ensign_mark::DomainName;
use ensign_views::{DeadlineState, MAX_PAGE};

use crate::answer::promises::{Deadline, Deadlines, DutyJudged};
use crate::api::json;
use crate::ask::When;
use crate::ask::promises::DeadlinesAsked;
use crate::fault::Fault;
use crate::feeds::calendar::{self, Calendar, Event};
use crate::i18n::Locale;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::read::{Reader, log_size};
use crate::site::{Site, file};
use crate::table::{Part, stream};

#[derive(Template)]
#[template(path = "deadlines.html")]
struct DeadlinesPage {
    w: Words,
    shell: Shell,
    list: Deadlines,
    weeks: Vec<Week>,
    states: Vec<Choice>,
    parties: Vec<Choice>,
    texts: Vec<Choice>,
    asked: DeadlinesAsked,
}

/// An option of a list to choose from.
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) word: String,
    pub(super) chosen: bool,
}

/// Duties that run out in one week.
struct Week {
    /// Its Monday; absent where they have no such time.
    monday: Option<String>,
    words: String,
    rows: Vec<Deadline>,
}

pub(crate) async fn deadlines(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let asked = DeadlinesAsked::read(&asking.uri)?;
    let answering = site.clone();
    site.answer_now(move |reader| {
        match asking.form {
            Form::Json => return Ok(json(&reader.deadlines(&asked)?)),
            Form::Csv => {
                let first = part(reader, &asked)?;
                let now = |site: &Site| log_size(site.node());
                let read = move |site: &Site, asked| part(&site.reader(now(site)?)?, &asked);
                return Ok(stream(answering, first, read));
            }
            Form::Calendar => return as_calendar(reader, &asked, asking.locale),
            _ => {}
        }
        let list = reader.deadlines(&asked)?;
        let shell = Shell::new(reader, asking.locale, Here::Deadlines, asking.place())?;
        let w = shell.words();
        let accords = reader.accords(&asked.when)?;
        let texts = accords.accords.iter().map(|it| Choice {
            code: it.text.clone(),
            word: it.name.clone(),
            chosen: asked.text.is_some_and(|text| text.to_string() == it.text),
        });
        html(&DeadlinesPage {
            w,
            weeks: weeks(w, &list.deadlines),
            states: states(w, asked.state),
            parties: parties(reader, w, &asked)?,
            texts: texts.collect(),
            shell: shell.with_forms("/deadlines"),
            list,
            asked,
        })
    })
    .await
}

/// All parties that owe or are owed anything, by name.
fn parties(reader: &Reader<'_>, w: Words, asked: &DeadlinesAsked) -> Result<Vec<Choice>, Fault> {
    let all = reader.deadlines(&DeadlinesAsked {
        when: asked.when,
        state: DeadlineState::All,
        limit: Some(1),
        ..DeadlinesAsked::default()
    })?;
    let chosen = asked.party.map(|party| party.to_string());
    let mut parties: Vec<Choice> = all
        .parties
        .iter()
        .map(|it| Choice {
            code: it.party.party.clone(),
            word: w.party(&it.party),
            chosen: chosen.as_ref() == Some(&it.party.party),
        })
        .collect();
    parties.sort_by(|a, b| (&a.word, &a.code).cmp(&(&b.word, &b.code)));
    Ok(parties)
}

fn states(w: Words, chosen: DeadlineState) -> Vec<Choice> {
    let only = Status::ALL.into_iter().map(DeadlineState::Only);
    let all = [DeadlineState::Open, DeadlineState::All]
        .into_iter()
        .chain(only);
    let choice = |state: DeadlineState| Choice {
        code: state.to_string(),
        word: match state {
            DeadlineState::Open => w.text("deadlines-state-open"),
            DeadlineState::All => w.text("deadlines-state-all"),
            DeadlineState::Only(status) => w.duty_status(status.code()),
        },
        chosen: state == chosen,
    };
    all.map(choice).collect()
}

/// The rows by the week in which their time may first run out.
fn weeks(w: Words, rows: &[Deadline]) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    for row in rows {
        let (monday, words) = match row.lapses {
            Some([earliest, _]) => w.week(earliest),
            None => (None, w.text("deadlines-no-date")),
        };
        let monday = monday.map(|monday| monday.to_string());
        match weeks.last_mut().filter(|week| week.monday == monday) {
            Some(week) => week.rows.push(row.clone()),
            None => weeks.push(Week {
                monday,
                words,
                rows: vec![row.clone()],
            }),
        }
    }
    weeks
}

fn part(
    reader: &Reader<'_>,
    asked: &DeadlinesAsked,
) -> Result<Part<Deadline, DeadlinesAsked>, Fault> {
    let page = reader.deadlines(&DeadlinesAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked.clone()
    })?;
    let next = page.next.filter(|_| asked.limit.is_none());
    let next = next.and_then(|next| next.parse().ok());
    Ok(Part {
        rows: page.deadlines,
        next: next.map(|after| DeadlinesAsked {
            after: Some(after),
            when: fixed(&page.judged),
            ..asked.clone()
        }),
    })
}

/// The same moment and size for every page of a file.
pub(super) fn fixed(judged: &DutyJudged) -> When {
    When {
        at: u64::try_from(judged.at).ok(),
        index: Some(judged.index),
        then: false,
    }
}

/// The first of them, as many as a page may have, as a calendar.
fn as_calendar(
    reader: &Reader<'_>,
    asked: &DeadlinesAsked,
    locale: Locale,
) -> Result<Response, Fault> {
    let w = Words::of(locale, reader.node().realm().is_exercise());
    let page = reader.deadlines(&DeadlinesAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked.clone()
    })?;
    // The host of the log's origin is what the node is called.
    let host = page.judged.as_of.log.split('/').next();
    let host = host.and_then(|host| host.parse::<DomainName>().ok());
    let event = |row: &Deadline| {
        let (locale, id) = (locale.code(), &row.id);
        let address = |host: &DomainName| format!("https://{host}/{locale}/obligations/{id}");
        Some(Event {
            uid: row.id.clone(),
            at: row.lapses?,
            summary: format!("{}: {}", w.ends(row.ends?), w.owed(row)),
            description: format!(
                "{}\n{}: {}\n{}",
                w.statuses(&row.possible),
                w.plain(&row.instrument),
                row.term,
                w.text("duty-note")
            ),
            url: host.as_ref().map(address),
            category: w.plain(&row.instrument),
            tentative: row.stopped != "false" || row.lapses.is_some_and(|it| it[0] != it[1]),
        })
    };
    // What the log says has not changed since it last took anything in.
    let stamp = page
        .judged
        .as_of
        .received
        .and_then(|it| i64::try_from(it).ok());
    let calendar = Calendar {
        name: format!("{}: {}", w.text("deadlines-title"), page.judged.as_of.log),
        stamp: stamp.unwrap_or(page.judged.at),
        events: page.deadlines.iter().filter_map(event).collect(),
    };
    Ok(file(
        calendar::TYPE,
        "deadlines.ics",
        calendar.write().into_bytes(),
    ))
}

impl DeadlinesPage {
    fn question(&self) -> String {
        question(&self.asked)
    }

    fn first_page(&self) -> Option<String> {
        let address = format!(
            "/{}/deadlines?{}",
            self.shell.locale.code(),
            self.question()
        );
        let address = address.trim_end_matches(['&', '?']).to_owned();
        self.asked.after.map(|_| address)
    }

    fn next_page(&self) -> Option<String> {
        let (locale, next) = (self.shell.locale.code(), self.list.next.as_ref()?);
        // The list goes on as of the moment at which it began.
        let question = question(&DeadlinesAsked {
            when: fixed(&self.list.judged),
            ..self.asked.clone()
        });
        Some(format!("/{locale}/deadlines?{question}after={next}"))
    }

    /// The address of the calendar with the same question.
    fn calendar(&self) -> String {
        let question = self.question();
        let address = format!("/{}/deadlines.ics?{question}", self.shell.locale.code());
        address.trim_end_matches(['&', '?']).to_owned()
    }

    /// The address of the same list for one party.
    fn of_party(&self, party: &str) -> String {
        format!("/{}/deadlines?party={party}", self.shell.locale.code())
    }

    /// The address of an obligation as of the same moment.
    fn obligation(&self, id: &str) -> String {
        let (locale, when) = (self.shell.locale.code(), self.asked.when.suffix());
        format!("/{locale}/obligations/{id}{when}")
    }

    /// The command that judges the same.
    fn command(&self) -> String {
        let judged = &self.list.judged;
        format!(
            "ensign term eval --at {} --index {} --json",
            judged.at, judged.index
        )
    }

    /// Whether anything was asked for beyond what is open now.
    fn is_filtered(&self) -> bool {
        !self.question().is_empty()
    }
}

/// A question as it stands in an address, the place in the list left out, each part followed by `&`.
fn question(asked: &DeadlinesAsked) -> String {
    let text = asked.text.map(|text| format!("text={text}&"));
    let party = asked.party.map(|party| format!("party={party}&"));
    let state = asked.state;
    let state = (state != DeadlineState::Open).then(|| format!("state={state}&"));
    let week = asked.week.map(|week| format!("week={week}&"));
    let limit = asked.limit.map(|limit| format!("limit={limit}&"));
    let parts = [text, party, state, week, limit];
    let parts = parts.into_iter().flatten();
    parts.chain([asked.when.question()]).collect()
}
