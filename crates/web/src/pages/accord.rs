//! The texts that bind: their list, one of them with what its duties have come to, and what of it is
//! in force between whom.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_views::MAX_PAGE;

use crate::answer::promises::{
    Accord, AccordRow, Accords, DutyCounts, Matrix, MatrixCell, SetParam,
};
use crate::answer::taken::TakenBack;
use crate::api::json;
use crate::ask::When;
use crate::ask::promises::CellsAsked;
use crate::fault::Fault;
use crate::pages::deadlines::{Choice, fixed};
use crate::pages::shell::{Here, Shell};
use crate::pages::taken;
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::read::{Reader, log_size};
use crate::site::{Site, body};
use crate::table::{Csv, Part, TYPE, promises, stream};

#[derive(Template)]
#[template(path = "accords.html")]
struct AccordsPage {
    w: Words,
    shell: Shell,
    list: Accords,
    when: When,
}

#[derive(Template)]
#[template(path = "accord.html")]
struct AccordPage {
    w: Words,
    shell: Shell,
    accord: Accord,
    /// What is not in force as it is written, the first cells.
    matrix: Matrix,
    when: When,
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct MatrixPage {
    w: Words,
    shell: Shell,
    matrix: Matrix,
    terms: Vec<Choice>,
    parties: Vec<Choice>,
    asked: CellsAsked,
}

pub(crate) async fn accords(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let when = When::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let list = reader.accords(&when)?;
        match asking.form {
            Form::Json => return Ok(json(&list)),
            Form::Csv => return Ok(body(TYPE, Csv::of(&list.accords))),
            _ => {}
        }
        let shell = Shell::new(reader, asking.locale, Here::Accords, asking.place())?;
        html(&AccordsPage {
            w: shell.words(),
            shell: shell.with_forms("/accords"),
            list,
            when,
        })
    })
    .await
}

pub(crate) async fn accord(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let when = When::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let (id, form) = Form::split(&name);
        let accord = reader.accord(id, &when)?;
        match form {
            Form::Json => Ok(json(&accord)),
            Form::Csv => Ok(body(TYPE, promises::accord(&accord))),
            Form::Html => {
                let shell = Shell::new(reader, asking.locale, Here::Accords, asking.place())?;
                let matrix = reader.matrix(
                    &accord.row.text,
                    &CellsAsked {
                        when: fixed(&accord.judged),
                        changed: true,
                        ..CellsAsked::default()
                    },
                )?;
                html(&AccordPage {
                    w: shell.words(),
                    shell: shell.with_forms(&format!("/accords/{id}")),
                    accord,
                    matrix,
                    when,
                })
            }
            Form::Calendar | Form::Cbor | Form::Emblem | Form::Proof => Err(Fault::NoPage),
        }
    })
    .await
}

pub(crate) async fn matrix(
    State(site): State<Site>,
    Path((_, id)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let asked = CellsAsked::read(&asking.uri)?;
    let answering = site.clone();
    site.answer_now(move |reader| {
        match asking.form {
            Form::Json => return Ok(json(&reader.matrix(&id, &asked)?)),
            Form::Csv => {
                let first = cells(reader, &id, &asked)?;
                let read = move |site: &Site, asked| {
                    cells(&site.reader(log_size(site.node())?)?, &id, &asked)
                };
                return Ok(stream(answering, first, read));
            }
            _ => {}
        }
        let matrix = reader.matrix(&id, &asked)?;
        let accord = reader.accord(&id, &asked.when)?;
        let shell = Shell::new(reader, asking.locale, Here::Accords, asking.place())?;
        let w = shell.words();
        let terms = accord.clauses.iter().map(|it| Choice {
            code: it.name.clone(),
            word: it.name.clone(),
            chosen: asked.term.as_ref() == Some(&it.name),
        });
        let chosen = asked.party.map(|party| party.to_string());
        let parties = accord.members.iter().map(|it| Choice {
            code: it.party.party.clone(),
            word: w.party(&it.party),
            chosen: chosen.as_ref() == Some(&it.party.party),
        });
        html(&MatrixPage {
            w,
            terms: terms.collect(),
            parties: parties.collect(),
            shell: shell.with_forms(&format!("/accords/{id}/matrix")),
            matrix,
            asked,
        })
    })
    .await
}

fn cells(
    reader: &Reader<'_>,
    id: &str,
    asked: &CellsAsked,
) -> Result<Part<MatrixCell, CellsAsked>, Fault> {
    let page = reader.matrix(
        id,
        &CellsAsked {
            limit: asked.limit.or(Some(MAX_PAGE)),
            ..asked.clone()
        },
    )?;
    let next = page.next.filter(|_| asked.limit.is_none());
    Ok(Part {
        next: next.map(|after| CellsAsked {
            after: Some(after),
            when: fixed(&page.judged),
            ..asked.clone()
        }),
        rows: page.cells,
    })
}

impl AccordsPage {
    fn address(&self, row: &AccordRow) -> String {
        let (locale, when) = (self.shell.locale.code(), self.when.suffix());
        format!("/{locale}/accords/{}{when}", row.text)
    }
}

impl AccordPage {
    /// The address of a text as of the same moment.
    fn of_text(&self, text: &str) -> String {
        let (locale, when) = (self.shell.locale.code(), self.when.suffix());
        format!("/{locale}/accords/{text}{when}")
    }

    /// The address of an obligation as of the same moment.
    fn obligation(&self, id: &str) -> String {
        let (locale, when) = (self.shell.locale.code(), self.when.suffix());
        format!("/{locale}/obligations/{id}{when}")
    }

    /// The address of a duty as it was before it was taken back.
    fn before(&self, taken: &TakenBack) -> String {
        taken::before(self.shell.locale.code(), &taken.id, &taken.change)
    }

    /// The address of this text's duties with a status.
    fn duties(&self, state: &str) -> String {
        let (locale, text) = (self.shell.locale.code(), &self.accord.row.text);
        let when = self.when.question();
        let address = format!("/{locale}/deadlines?text={text}&state={state}&{when}");
        address.trim_end_matches('&').to_owned()
    }

    /// The command that counts the same.
    fn command(&self) -> String {
        let judged = &self.accord.judged;
        format!(
            "ensign instrument show {} --at {} --index {} --json",
            self.accord.row.text, judged.at, judged.index
        )
    }

    /// How many are listed, where these are not all.
    fn fewer(&self, listed: usize, total: &u64) -> Option<u64> {
        let listed = listed as u64;
        (listed < *total).then_some(listed)
    }

    /// How many there are of how many.
    fn of(&self, count: &u64, counts: &DutyCounts) -> String {
        self.w.text_with(
            "accord-count-of",
            &[("count", (*count).into()), ("total", counts.total.into())],
        )
    }

    /// How much was sampled of what should have been.
    fn coverage(&self, counts: &DutyCounts) -> String {
        if counts.expected == 0 {
            return self.w.text("accord-not-measured");
        }
        let share = counts.sampled.saturating_mul(100) / counts.expected;
        self.w.text_with(
            "accord-coverage-of",
            &[
                ("sampled", counts.sampled.into()),
                ("expected", counts.expected.into()),
                ("share", share.into()),
            ],
        )
    }
}

impl MatrixPage {
    /// What a debtor set otherwise than the text proposes.
    fn set(&self, set: &SetParam) -> String {
        let setting = format!("{} = {}", set.name, set.value);
        self.w.text_with(
            "matrix-set",
            &[
                ("setting", setting.into()),
                ("proposed", set.proposed.as_str().into()),
            ],
        )
    }

    fn question(&self) -> String {
        let asked = &self.asked;
        let term = asked.term.as_ref().map(|term| format!("term={term}&"));
        let party = asked.party.map(|party| format!("party={party}&"));
        let changed = asked.changed.then(|| "changed=true&".to_owned());
        let limit = asked.limit.map(|limit| format!("limit={limit}&"));
        let parts = [term, party, changed, limit].into_iter().flatten();
        parts.collect()
    }

    fn first_page(&self) -> Option<String> {
        let (question, when) = (self.question(), self.asked.when.question());
        let address = format!("{}?{question}{when}", self.shell.path());
        let address = address.trim_end_matches(['&', '?']).to_owned();
        self.asked.after.map(|_| address)
    }

    fn next_page(&self) -> Option<String> {
        let (path, next) = (self.shell.path(), self.matrix.next?);
        let when = fixed(&self.matrix.judged).question();
        Some(format!("{path}?{}{when}after={next}", self.question()))
    }
}
