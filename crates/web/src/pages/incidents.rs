//! The list of incidents.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ensign_share::who_ssa;
use ensign_views::MAX_PAGE;

use crate::answer;
use crate::api::json;
use crate::ask::IncidentsAsked;
use crate::fault::Fault;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::read::{Reader, log_size};
use crate::site::Site;
use crate::table::{Part, stream};

#[derive(Template)]
#[template(path = "incidents.html")]
struct Incidents {
    w: Words,
    shell: Shell,
    list: answer::Incidents,
    filter: Filter,
    /// The filter's question for the next page, up to the place in the list.
    question: String,
    /// Whether rows were left out before the first one.
    further: bool,
}

/// The filter's fields with what was asked for.
struct Filter {
    sources: Vec<Choice>,
    countries: Vec<Choice>,
    certainties: Vec<Choice>,
    attack_types: Vec<Choice>,
    from: String,
    until: String,
    changed: bool,
    not_listed: bool,
    /// Whether anything was asked for.
    active: bool,
}

/// An option of a list to choose from.
struct Choice {
    code: String,
    word: String,
    chosen: bool,
}

pub(crate) async fn incidents(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let asked = IncidentsAsked::read(&asking.uri)?;
    let headers = asking.headers.clone();
    let answering = site.clone();
    site.answer(asking.locale.code(), &headers, move |reader| {
        match asking.form {
            Form::Json => return Ok(json(&reader.incidents(&asked)?)),
            Form::Csv => {
                let first = part(reader, &asked)?;
                return Ok(stream(answering, first, |site, asked: IncidentsAsked| {
                    part(&site.reader(log_size(site.node())?)?, &asked)
                }));
            }
            _ => {}
        }
        let list = reader.incidents(&asked)?;
        let shell = Shell::new(reader, asking.locale, Here::Incidents, asking.place())?;
        let w = shell.words();
        html(&Incidents {
            w,
            filter: Filter::new(w, reader, &asked),
            question: question(&asked),
            further: asked.after.is_some(),
            shell: shell.with_forms("/incidents"),
            list,
        })
    })
    .await
}

/// Rows of the CSV file: all that match, unless a number of them was asked for.
fn part(
    reader: &Reader<'_>,
    asked: &IncidentsAsked,
) -> Result<Part<answer::IncidentRow, IncidentsAsked>, Fault> {
    let whole = asked.limit.is_none();
    let asked = IncidentsAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked.clone()
    };
    let page = reader.incidents(&asked)?;
    let next = page
        .next
        .filter(|_| whole)
        .and_then(|next| next.parse().ok());
    let next = next.map(|after| IncidentsAsked {
        after: Some(after),
        limit: None,
        ..asked
    });
    Ok(Part {
        rows: page.incidents,
        next,
    })
}

/// The filter as it stands in an address, its order fixed, ending where `after=` follows.
fn question(asked: &IncidentsAsked) -> String {
    let filter = &asked.filter;
    let codes = [
        ("source", &filter.source),
        ("country", &filter.country),
        ("certainty", &filter.certainty),
        ("attack_type", &filter.attack_type),
        ("from", &filter.from),
        ("until", &filter.until),
    ];
    let flags = [("changed", filter.changed), ("listed", filter.listed)];
    let codes = codes.into_iter().filter_map(|(name, code)| {
        // A plus sign means a space in a question.
        Some(format!(
            "{name}={}&",
            code.as_ref()?.as_str().replace('+', "%2B")
        ))
    });
    let flags = flags
        .into_iter()
        .filter_map(|(name, flag)| Some(format!("{name}={}&", flag?)));
    let limit = asked.limit.map(|limit| format!("limit={limit}&"));
    codes.chain(flags).chain(limit).collect()
}

impl Incidents {
    /// The list from its beginning, where this page is a later one.
    fn first_page(&self) -> Option<String> {
        self.further
            .then(|| self.address(self.question.trim_end_matches('&')))
    }

    fn next_page(&self) -> Option<String> {
        self.list
            .next
            .as_ref()
            .map(|next| self.address(&format!("{}after={next}", self.question)))
    }

    fn address(&self, question: &str) -> String {
        format!("/{}/incidents?{question}", self.shell.locale.code())
    }
}

impl Filter {
    fn new(w: Words, reader: &Reader<'_>, asked: &IncidentsAsked) -> Self {
        let filter = &asked.filter;
        let choice = |code: &str, word: String, chosen: Option<&str>| Choice {
            code: code.to_owned(),
            chosen: chosen == Some(code),
            word,
        };
        let chosen = |code: &Option<ensign_trust::Code>| code.as_ref().map(|it| it.to_string());
        let [source, country, certainty, attack_type] = [
            &filter.source,
            &filter.country,
            &filter.certainty,
            &filter.attack_type,
        ]
        .map(chosen);
        let sources = reader.front.sources.iter().map(|it| it.source.as_str());
        let countries = reader
            .front
            .by_country
            .iter()
            .filter_map(|it| it.country.as_ref());
        let certainties = reader
            .front
            .by_certainty
            .iter()
            .filter_map(|it| it.certainty.as_ref());
        let mut countries: Vec<Choice> = countries
            .map(|it| {
                choice(
                    it.as_str(),
                    w.country(Some(it.as_str())),
                    country.as_deref(),
                )
            })
            .collect();
        countries.sort_by(|a, b| a.word.cmp(&b.word));
        Filter {
            sources: sources
                .map(|it| choice(it, w.source(it), source.as_deref()))
                .collect(),
            countries,
            certainties: certainties
                .map(|it| {
                    choice(
                        it.as_str(),
                        w.certainty(Some(it.as_str())),
                        certainty.as_deref(),
                    )
                })
                .collect(),
            attack_types: who_ssa::terms("attack_types")
                .iter()
                .map(|it| choice(it.code, w.attack_type(it.code), attack_type.as_deref()))
                .collect(),
            from: filter
                .from
                .as_ref()
                .map(|it| it.to_string())
                .unwrap_or_default(),
            until: filter
                .until
                .as_ref()
                .map(|it| it.to_string())
                .unwrap_or_default(),
            changed: filter.changed == Some(true),
            not_listed: filter.listed == Some(false),
            active: *filter != ensign_views::Filter::default(),
        }
    }
}
