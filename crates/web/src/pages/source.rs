//! The page of a source: what it published and what it changed later, field by field.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_views::{ChangeKind, MAX_PAGE};
use serde::Serialize;

use crate::answer;
use crate::api::json;
use crate::ask::ChangesAsked;
use crate::fault::Fault;
use crate::pages::incident::ChangeLine;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::read::{Reader, log_size};
use crate::site::Site;
use crate::table::{Part, stream};

#[derive(Template)]
#[template(path = "source.html")]
struct Source {
    w: Words,
    shell: Shell,
    source: answer::Source,
    changes: Vec<ChangeLine>,
    kinds: Vec<Kind>,
    /// The question for the next page.
    next: Option<String>,
    /// Whether rows were left out before the first one.
    further: bool,
}

/// A kind of change to choose.
struct Kind {
    code: &'static str,
    count: u64,
    chosen: bool,
}

/// The page as JSON: the source, and a page of its changes.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    source: answer::Source,
    total: u64,
    changed: Vec<answer::Change>,
    next: Option<String>,
}

pub(crate) async fn source(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let asked = ChangesAsked::read(&asking.uri)?;
    let headers = asking.headers.clone();
    let answering = site.clone();
    site.answer(asking.locale.code(), &headers, move |reader| {
        let (code, form) = Form::split(&name);
        if form == Form::Csv {
            let first = part(reader, code, &asked)?;
            let code = code.to_owned();
            return Ok(stream(
                answering,
                first,
                move |site, asked: ChangesAsked| {
                    part(&site.reader(log_size(site.node())?)?, &code, &asked)
                },
            ));
        }
        let source = reader.source(code)?;
        let changes = reader.changes(code, &asked)?;
        match form {
            Form::Json => {
                let answer::Changes {
                    total,
                    changes: changed,
                    next,
                    ..
                } = changes;
                return Ok(json(&Whole {
                    source,
                    total,
                    changed,
                    next,
                }));
            }
            Form::Html => {}
            _ => return Err(Fault::NoPage),
        }
        let here = Here::Source(code.to_owned());
        let shell = Shell::new(reader, asking.locale, here, asking.place())?;
        let w = shell.words();
        html(&Source {
            w,
            shell: shell.with_forms(&format!("/sources/{code}")),
            changes: changes
                .changes
                .iter()
                .map(|it| ChangeLine::new(w, it))
                .collect(),
            kinds: kinds(&source.summary.changes, asked.kind),
            next: changes.next.map(|next| question(&asked, &next)),
            further: asked.after.is_some(),
            source,
        })
    })
    .await
}

impl Source {
    fn is_filtered(&self) -> bool {
        self.kinds.iter().any(|kind| kind.chosen)
    }

    /// The changes from their beginning, where this page is a later one.
    fn first_page(&self) -> Option<String> {
        let kind = self.kinds.iter().find(|kind| kind.chosen);
        let kind = kind
            .map(|kind| format!("?kind={}", kind.code))
            .unwrap_or_default();
        let (locale, source) = (self.shell.locale.code(), &self.source.summary.source);
        self.further
            .then(|| format!("/{locale}/sources/{source}{kind}#changes"))
    }
}

/// Rows of the CSV file: all changes that match, unless a number of them was asked for.
fn part(
    reader: &Reader<'_>,
    code: &str,
    asked: &ChangesAsked,
) -> Result<Part<answer::Change, ChangesAsked>, Fault> {
    let whole = asked.limit.is_none();
    let asked = ChangesAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked.clone()
    };
    let page = reader.changes(code, &asked)?;
    let next = page
        .next
        .filter(|_| whole)
        .and_then(|next| next.parse().ok());
    let next = next.map(|after| ChangesAsked {
        after: Some(after),
        limit: None,
        ..asked
    });
    Ok(Part {
        rows: page.changes,
        next,
    })
}

fn kinds(counts: &answer::ChangeCounts, chosen: Option<ChangeKind>) -> Vec<Kind> {
    let count = |kind| match kind {
        ChangeKind::Absent => counts.absent,
        ChangeKind::AddedLate => counts.added_late,
        ChangeKind::Changed => counts.changed,
        ChangeKind::ListedAgain => counts.listed_again,
    };
    let kind = |kind: ChangeKind| Kind {
        code: kind.as_str(),
        count: count(kind),
        chosen: chosen == Some(kind),
    };
    ChangeKind::ALL.map(kind).into()
}

fn question(asked: &ChangesAsked, next: &str) -> String {
    let kind = asked
        .kind
        .map(|kind| format!("kind={}&", kind.as_str()))
        .unwrap_or_default();
    let limit = asked
        .limit
        .map(|limit| format!("limit={limit}&"))
        .unwrap_or_default();
    format!("?{kind}{limit}after={next}")
}
