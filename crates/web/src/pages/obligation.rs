//! The page of one duty: the clause beside its evaluation, the proof as a story, what would follow.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_hold::evaluate::proof::{Arg, Step};
use ensign_node::instrument::Judged;
use ensign_trust::ObligationId;

use crate::answer::promises::{Obligation, UsedStatement};
use crate::answer::taken::TriggerChange;
use crate::api::json;
use crate::ask::When;
use crate::fault::{Fault, internal};
use crate::pages::shell::{Here, Shell};
use crate::pages::taken;
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::read::Reader;
use crate::site::{Site, body, file};
use crate::table::{Csv, TYPE};

#[derive(Template)]
#[template(path = "obligation.html")]
struct ObligationPage {
    w: Words,
    shell: Shell,
    duty: Obligation,
    steps: Vec<Told>,
    missing: Vec<Told>,
    when: When,
}

/// One step of the proof in a sentence, with the statements that it is about.
struct Told {
    sentence: String,
    statements: Vec<UsedStatement>,
}

pub(crate) async fn obligation(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let when = When::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let (id, form) = Form::split(&name);
        if form == Form::Proof {
            return proof(reader, id, &when);
        }
        let (duty, story) = reader.story(id, &when)?;
        match form {
            Form::Json => Ok(json(&duty)),
            Form::Csv => Ok(body(TYPE, Csv::of(&[duty.row]))),
            Form::Html => {
                let shell = Shell::new(reader, asking.locale, Here::Deadlines, asking.place())?;
                let w = shell.words();
                html(&ObligationPage {
                    w,
                    steps: told(reader, w, &story.steps)?,
                    missing: told(reader, w, &story.missing)?,
                    shell: shell.with_forms(&format!("/obligations/{id}")),
                    duty,
                    when,
                })
            }
            Form::Calendar | Form::Cbor | Form::Emblem | Form::Proof => Err(Fault::NoPage),
        }
    })
    .await
}

/// The file that proves the result without a network.
fn proof(reader: &Reader<'_>, id: &str, when: &When) -> Result<Response, Fault> {
    let missing = || Fault::NoObligation { id: id.to_owned() };
    let duty: ObligationId = id.parse().map_err(|_| missing())?;
    let (_, as_of) = reader.duty_judged(when)?;
    let asked = Judged {
        index: Some(as_of.index),
        at: Some(as_of.t),
    };
    let bundle = reader.node().obligation_bundle(id, asked);
    let (bundle, _) = match bundle {
        Ok(bundle) => bundle,
        Err(ensign_node::Error::NotFound { .. }) => return Err(reader.no_duty(duty, as_of)?),
        Err(error) => return Err(internal(error)),
    };
    Ok(file(
        "application/octet-stream",
        &format!("{}.ensign", bundle.subject),
        bundle.encode(),
    ))
}

/// Steps in sentences. One that is made twice, for two acts or two windows, is told twice.
fn told(reader: &Reader<'_>, w: Words, steps: &[Step]) -> Result<Vec<Told>, Fault> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut told: Vec<Told> = Vec::new();
    for step in steps {
        let mut statements = Vec::new();
        for arg in step.with.values() {
            match arg {
                Arg::Statement(id) => statements.push(reader.used(*id)?),
                Arg::Party(party) => {
                    let named = reader.named_party(*party)?;
                    names.insert(named.party.clone(), w.party(&named));
                }
                _ => {}
            }
        }
        let name = |arg: &Arg| match arg {
            Arg::Party(party) => {
                let id = party.to_string();
                names.get(&id).cloned().unwrap_or(id)
            }
            _ => String::new(),
        };
        let sentence = w.step(step, name);
        let is_repeated = told
            .last()
            .is_some_and(|last: &Told| last.sentence == sentence && last.statements == statements);
        if !is_repeated {
            told.push(Told {
                sentence,
                statements,
            });
        }
    }
    Ok(told)
}

impl ObligationPage {
    /// The command that recomputes the page.
    fn command(&self) -> String {
        let judged = &self.duty.judged;
        format!(
            "ensign term explain {} --at {} --index {} --json",
            self.duty.row.id, judged.at, judged.index
        )
    }

    /// The command that makes the proof from one's own copy of the log.
    fn command_for_proof(&self) -> String {
        let judged = &self.duty.judged;
        let id = &self.duty.row.id;
        format!(
            "ensign export obligation {id} --at {} --index {} --dir D -o {id}.ensign",
            judged.at, judged.index
        )
    }

    /// The same from a copy of the log's files, on another machine.
    fn command_for_copy(&self) -> String {
        format!("{} --log copy --trust anchors.txt", self.command())
    }

    /// Whether it was not kept in time, or may not have been: then its debtor's word stands first.
    fn is_adverse(&self) -> bool {
        matches!(
            self.duty.row.status,
            "breached"
                | "remedy_due"
                | "remedied"
                | "remedied_late"
                | "unremedied"
                | "late"
                | "undetermined"
        )
    }

    /// The address of the duty as it was before a change.
    fn before(&self, change: &TriggerChange) -> String {
        taken::before(self.shell.locale.code(), &self.duty.row.id, change)
    }

    /// The address of the text, at this clause.
    fn clause(&self) -> String {
        let locale = self.shell.locale.code();
        let (text, term) = (&self.duty.row.text, &self.duty.row.term);
        let when = self.when.suffix();
        format!("/{locale}/accords/{text}{when}#term-{term}")
    }
}
