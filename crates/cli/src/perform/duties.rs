//! What the commands about instruments, facts and duties do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ensign_hold::term;
use ensign_node::fact::{AttestationRequest, FactRequest, FindingRequest, SamplesRequest};
use ensign_node::instrument::{AdoptionRequest, PublicationRequest};
use ensign_node::{Command, Failure, Replica};
use serde_json::{Value, json};

use super::{not_understood, take_text, tell_plain};
use crate::answer::{
    ACCORD, CELLS, CHANGES, EVALUATED, EXPLAINED, FACT_STATED, INSTRUMENT_STATED, INSTRUMENTS,
    LINTS, RECORD_STATED, SAMPLES, give,
};
use crate::arguments::{About, Copied, Dispute, Fact, Form, Instrument, Lodged, Term};
use crate::exit::{Exit, failure};
use crate::talk::{self, Talk};
use crate::{file, session, verify};

/// Longest text of an instrument, in bytes.
const MAX_TEXT: usize = 1 << 20;

pub(super) fn instrument(act: Instrument, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Instrument::Adopt {
            text,
            by,
            roles,
            params,
            excluded,
            varied,
            from,
            until,
            plain,
        } => {
            let excluded = excluded.into_iter().map(|term| (term, None));
            let varied = varied.into_iter().map(|(term, it)| (term, Some(it)));
            let request = AdoptionRequest {
                party: by,
                text,
                roles,
                from,
                until,
                params: each_once(params, "--set")?,
                reservations: excluded.chain(varied).collect(),
            };
            let command = Command::InstrumentAdopt(request);
            (plain, command, INSTRUMENT_STATED)
        }
        Instrument::Leave {
            text,
            by,
            until,
            reason,
            plain,
        } => {
            let command = Command::InstrumentLeave {
                party: by,
                text,
                until,
                reason,
            };
            (plain, command, INSTRUMENT_STATED)
        }
        Instrument::List { asked, plain } => {
            let asked = asked.into();
            (plain, Command::InstrumentList { asked }, INSTRUMENTS)
        }
        Instrument::Matrix { text, asked, plain } => {
            let asked = asked.into();
            (plain, Command::InstrumentMatrix { text, asked }, CELLS)
        }
        Instrument::Object {
            text,
            by,
            against,
            term,
            plain,
        } => {
            let command = Command::InstrumentObject {
                party: by,
                text,
                against,
                term,
            };
            (plain, command, INSTRUMENT_STATED)
        }
        Instrument::Publish {
            file,
            by,
            holidays,
            horizon,
            amends,
            plain,
        } => {
            let list = |(name, path): (String, String)| {
                let text = read_text(Path::new(&path))?;
                let dates = text.split_whitespace().map(str::to_owned).collect();
                Ok((name, dates))
            };
            let holidays: Result<_, Failure> = holidays.into_iter().map(list).collect();
            let request = PublicationRequest {
                party: by,
                text: read_text(&file)?,
                holidays: holidays?,
                horizon,
                supersedes: amends,
            };
            let command = Command::InstrumentPublish(request);
            (plain, command, INSTRUMENT_STATED)
        }
        Instrument::Show { text, asked, plain } => {
            let asked = asked.into();
            (plain, Command::InstrumentShow { text, asked }, ACCORD)
        }
    };
    tell_plain(plain, &command, layout, talk)
}

pub(super) fn fact(act: Fact, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Fact::Attest {
            about,
            percent,
            by,
            indicator,
            from,
            until,
            replaces,
            plain,
        } => {
            let request = AttestationRequest {
                party: by,
                about,
                percent,
                indicator,
                from,
                until,
                replaces,
            };
            (plain, Command::FactAttest(request), FACT_STATED)
        }
        Fact::Find {
            ground,
            by,
            contrary,
            term,
            attributed_to,
            standard,
            reasons,
            about,
            plain,
        } => {
            let request = FindingRequest {
                party: by,
                ground,
                contrary,
                about: about.about,
                term,
                attributed_to,
                standard,
                from: about.from,
                until: about.until,
                reasons,
                cites: about.cites,
                replaces: about.replaces,
            };
            (plain, Command::FactFind(request), FACT_STATED)
        }
        Fact::Import {
            file,
            by,
            indicator,
            about,
            every,
            cites,
            plain,
        } => {
            let request = SamplesRequest {
                party: by,
                file: file::absolute(&file)?,
                indicator,
                about,
                every,
                cites,
            };
            (plain, Command::FactImport(request), SAMPLES)
        }
        Fact::Lodge { fact, plain } => (plain, Command::FactLodge(lodged(fact)?), FACT_STATED),
        Fact::Receipt { act, by, at, plain } => {
            let command = Command::FactReceipt { party: by, act, at };
            (plain, command, FACT_STATED)
        }
        Fact::Withdraw {
            fact,
            reason,
            plain,
        } => (plain, Command::FactWithdraw { fact, reason }, FACT_STATED),
    };
    tell_plain(plain, &command, layout, talk)
}

pub(super) fn dispute(act: Dispute, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command) = match act {
        Dispute::Close {
            dispute,
            by: party,
            kind,
            plain,
        } => {
            let command = Command::DisputeClose {
                party,
                kind,
                dispute,
            };
            (plain, command)
        }
        Dispute::Open {
            trigger,
            by: party,
            kind,
            plain,
        } => {
            let command = Command::DisputeOpen {
                party,
                kind,
                trigger,
            };
            (plain, command)
        }
    };
    tell_plain(plain, &command, FACT_STATED, talk)
}

pub(super) fn term(act: Term, talk: &mut Talk) -> Result<Exit, Failure> {
    match act {
        Term::Check { files, form } => check(&files, form, talk),
        Term::Eval {
            text,
            party,
            asked,
            copy,
            plain,
        } => {
            let asked = asked.into();
            let (answer, exit) = match replica(&copy)? {
                Some(replica) => {
                    let answer = replica.evaluate(text.as_deref(), party.as_deref(), asked);
                    (as_json(&refused(answer)?)?, anchored(&replica))
                }
                None => {
                    let command = Command::TermEval { text, party, asked };
                    let answer = session::run(&plain.folder.dir, &command, talk)?;
                    (answer, Exit::Done)
                }
            };
            exact(answer, "results", EVALUATED, plain.form, talk)?;
            Ok(exit)
        }
        Term::Explain {
            obligation,
            asked,
            copy,
            plain,
        } => {
            let asked = asked.into();
            let (answer, exit) = match replica(&copy)? {
                Some(replica) => {
                    let answer = replica.explain(&obligation, asked);
                    (as_json(&refused(answer)?)?, anchored(&replica))
                }
                None => {
                    let command = Command::TermExplain { obligation, asked };
                    let answer = session::run(&plain.folder.dir, &command, talk)?;
                    (answer, Exit::Done)
                }
            };
            exact(answer, "record", EXPLAINED, plain.form, talk)?;
            Ok(exit)
        }
        Term::Fmt { file, write } => {
            let text = read_text(&file)?;
            let parsed = term::parse(&text);
            let parsed = parsed.map_err(|error| unreadable(&file, &error))?;
            let written = term::format(&parsed.instrument);
            match write {
                true if written == text => {}
                true => file::write(&file, written.as_bytes(), true)?,
                false => talk::print(written.as_bytes())?,
            }
            Ok(Exit::Done)
        }
        Term::Record {
            obligation,
            by: party,
            asked,
            plain,
        } => {
            let asked = asked.into();
            let command = Command::TermRecord {
                party,
                obligation,
                asked,
            };
            tell_plain(plain, &command, RECORD_STATED, talk)
        }
        Term::WhatIf { fact, asked, plain } => {
            let (fact, asked) = (lodged(fact)?, asked.into());
            let command = Command::TermWhatIf { fact, asked };
            tell_plain(plain, &command, CHANGES, talk)
        }
    }
}

/// Checks texts without a node.
fn check(files: &[PathBuf], form: Form, talk: &Talk) -> Result<Exit, Failure> {
    let mut lints = Vec::new();
    for file in files {
        let text = read_text(file)?;
        let name = file.display().to_string();
        match term::parse(&text) {
            Err(error) => lints.push(json!({
                "file": name, "line": error.at.line, "column": error.at.column,
                "code": "term.unreadable", "message": error.flaw.to_string(),
            })),
            Ok(parsed) => lints.extend(term::check::check(&parsed.instrument).iter().map(|lint| {
                let at = lint.position(&text, &parsed.places);
                json!({
                    "file": name, "line": at.line, "column": at.column, "code": lint.code.code(),
                    "message": lint.message, "fix": lint.fix,
                })
            })),
        }
    }
    let exit = match lints.is_empty() {
        true => Exit::Done,
        false => Exit::Refused,
    };
    give(
        json!({ "files": files.len(), "lints": lints }),
        LINTS,
        form,
        talk,
    )?;
    Ok(exit)
}

/// Prints the exact bytes of a result as JSON, or the answer around them in words.
fn exact(
    mut answer: Value,
    name: &'static str,
    layout: &[crate::answer::Part],
    form: Form,
    talk: &Talk,
) -> Result<(), Failure> {
    let bytes = take_text(&mut answer, name)?;
    if form.json {
        return talk::print(format!("{bytes}\n").as_bytes());
    }
    let record: Value = serde_json::from_str(&bytes).map_err(|_| not_understood(name))?;
    for part in ["steps", "missing"] {
        if let Some(found) = record.pointer(&format!("/because/{part}")) {
            answer[part] = found.clone();
        }
    }
    give(answer, layout, form, talk)
}

fn replica(copy: &Copied) -> Result<Option<Replica>, Failure> {
    let Some(folder) = &copy.log else {
        return Ok(None);
    };
    let anchors = copy.trust.as_deref().map(verify::anchors).transpose()?;
    refused(Replica::read(folder, anchors.as_ref())).map(Some)
}

fn anchored(replica: &Replica) -> Exit {
    match replica.is_anchored() {
        true => Exit::Done,
        false => Exit::Unproven,
    }
}

fn lodged(fact: Lodged) -> Result<FactRequest, Failure> {
    let About {
        about,
        from,
        until,
        cites,
        replaces,
    } = fact.about;
    Ok(FactRequest {
        party: fact.by,
        kind: fact.kind,
        about,
        to: fact.to,
        from,
        until,
        fields: each_once(fact.fields, "--field")?,
        grade: fact.grade,
        cites,
        replaces,
    })
}

/// What an option names, each name once.
fn each_once(
    pairs: Vec<(String, String)>,
    option: &str,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut all = BTreeMap::new();
    for (name, value) in pairs {
        let message = format!("`{option} {name}=...` is given more than once; give it once");
        if all.insert(name, value).is_some() {
            return Err(failure("command.argument", message));
        }
    }
    Ok(all)
}

fn refused<T>(answer: Result<T, ensign_node::Error>) -> Result<T, Failure> {
    answer.map_err(|error| Failure::from(&error))
}

fn as_json(answer: &impl serde::Serialize) -> Result<Value, Failure> {
    serde_json::to_value(answer)
        .map_err(|error| failure("node.failed", format!("cannot write the answer: {error}")))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = file::read(path, MAX_TEXT)?;
    String::from_utf8(bytes).map_err(|_| unreadable(path, &"not UTF-8"))
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    failure("term.unreadable", format!("{}: {why}", path.display()))
}
