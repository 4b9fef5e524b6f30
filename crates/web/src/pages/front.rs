//! The front page: numbers, timeline, map, table, how we know, verify this yourself.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;

use crate::answer::promises::Deadline;
use crate::answer::{self, Month};
use crate::api::json;
use crate::ask::nothing;
use crate::charts::{MapPoint, Markup, Period, Timeline, bar, place, timeline, world_map};
use crate::fault::Fault;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::site::{Site, body};
use crate::table;

/// Years above which the timeline has one bar a year instead of one a month.
const MOST_YEARS_BY_MONTH: i16 = 15;

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    w: Words,
    shell: Shell,
    front: answer::Front,
    succession: answer::Succession,
    /// The publishers' names.
    publishers: String,
    /// How many values were changed after publication.
    changes: u64,
    chart: Option<Chart>,
    map: Option<Map>,
    /// What lapses next.
    coming: Vec<Deadline>,
}

/// The timeline and its sentence.
struct Chart {
    picture: Markup,
    finding: String,
    rows: Vec<(String, answer::Tally)>,
}

/// The map and its sentences.
struct Map {
    picture: Markup,
    finding: String,
    undrawn: u64,
}

pub(crate) async fn front(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    nothing(&asking.uri)?;
    let headers = asking.headers.clone();
    site.answer_coming(asking.locale.code(), &headers, move |reader, coming| {
        let front = reader.front();
        match asking.form {
            Form::Json => return Ok(json(&front)),
            Form::Csv => return Ok(body(table::TYPE, table::front(&front))),
            _ => {}
        }
        let shell = Shell::new(reader, asking.locale, Here::Front, asking.place())?;
        let w = shell.words();
        let names: Vec<String> = front
            .sources
            .iter()
            .map(|it| w.publisher(&it.source))
            .collect();
        html(&Front {
            w,
            shell: shell.with_forms("/index"),
            publishers: names.join(", "),
            changes: front.sources.iter().map(|it| it.changes.changed).sum(),
            chart: chart(w, &front.months),
            map: map(w, &front),
            coming: coming.rows.clone(),
            succession: reader.succession(),
            front,
        })
    })
    .await
}

impl Front {
    /// A bar beside a country's number.
    fn bar(&self, incidents: &u64) -> Markup {
        let most = self
            .front
            .by_country
            .iter()
            .map(|it| it.tally.incidents)
            .max();
        bar(*incidents, most.unwrap_or(0), self.shell.locale.dir())
    }
}

fn chart(w: Words, months: &[Month]) -> Option<Chart> {
    let day = |month: &Month| format!("{}-01", month.month).parse::<Date>().ok();
    let known: Vec<(Date, answer::Tally)> = months
        .iter()
        .filter_map(|month| Some((day(month)?, month.tally)))
        .collect();
    let (first, last) = (known.first()?.0, known.last()?.0);
    let by_year = last.year() - first.year() > MOST_YEARS_BY_MONTH;
    let start = |day: Date| {
        if by_year {
            Date::constant(day.year(), 1, 1)
        } else {
            day
        }
    };
    let mut periods = Vec::new();
    let mut rows = Vec::new();
    let mut peak = (0, first);
    let mut at = start(first);
    let mut left = known.iter().peekable();
    while at <= last {
        let mut tally = answer::Tally {
            incidents: 0,
            killed: 0,
            injured: 0,
        };
        while let Some((_, more)) = left.next_if(|(day, _)| start(*day) == at) {
            tally.incidents += more.incidents;
            tally.killed += more.killed;
            tally.injured += more.injured;
        }
        if tally.incidents > peak.0 {
            peak = (tally.incidents, at);
        }
        let label = if by_year { w.year(at) } else { w.month(at) };
        let tick = if by_year {
            at.year() % 5 == 0
        } else {
            at.month() == 1
        };
        periods.push(Period {
            label: label.clone(),
            tick: tick.then(|| w.year(at)),
            value: tally.incidents,
        });
        rows.push((label, tally));
        let step = if by_year {
            jiff::Span::new().years(1)
        } else {
            jiff::Span::new().months(1)
        };
        at = at.checked_add(step).ok()?;
    }
    let (from, until) = (w.month(first), w.month(last));
    let picture = timeline(
        &Timeline {
            id: "timeline",
            title: &w.text("timeline-title"),
            description: &w.text_with(
                "timeline-description",
                &[
                    ("first", from.as_str().into()),
                    ("last", until.as_str().into()),
                ],
            ),
            axis: &if by_year {
                w.text("timeline-axis-year")
            } else {
                w.text("timeline-axis-month")
            },
            periods: &periods,
        },
        &w,
    );
    let finding = if by_year {
        let year = w.year(peak.1);
        w.text_with(
            "timeline-finding-year",
            &[("peak", peak.0.into()), ("year", year.into())],
        )
    } else {
        let month = w.month(peak.1);
        w.text_with(
            "timeline-finding",
            &[("peak", peak.0.into()), ("month", month.into())],
        )
    };
    Some(Chart {
        picture,
        finding,
        rows,
    })
}

fn map(w: Words, front: &answer::Front) -> Option<Map> {
    let mut undrawn = 0;
    let mut points = Vec::new();
    for row in &front.by_country {
        match row.country.as_deref().and_then(place) {
            Some((longitude, latitude)) => points.push(MapPoint {
                label: w.country(row.country.as_deref()),
                value: row.tally.incidents,
                longitude,
                latitude,
            }),
            None => undrawn += row.tally.incidents,
        }
    }
    let most = points.iter().max_by_key(|point| point.value)?;
    let finding = w.text_with(
        "map-finding",
        &[
            ("peak", most.value.into()),
            ("country", most.label.as_str().into()),
        ],
    );
    let count = points.len() as u64;
    let description = w.text_with("map-description", &[("count", count.into())]);
    let picture = world_map("map", &w.text("map-title"), &description, &points, &w);
    Some(Map {
        picture,
        finding,
        undrawn,
    })
}
