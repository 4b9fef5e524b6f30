//! What each command does: the node's command, the layout of its answer, the next step.

use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64;
use ensign_node::clock::{SystemClock, SystemEntropy};
use ensign_node::{Command, Failure, Founding, Node};
use ensign_trust::Realm;
use ensign_trust::logbook::LogName;
use serde_json::{Value, json};

use crate::answer::{self, Part};
use crate::arguments::{Act, Dns, Export, Form, Key, Mandate, Party, Plain, Target, Trust, Views};
use crate::exit::{Exit, failure};
use crate::file::{self, shell_word};
use crate::talk::{self, Talk};
use crate::{dns, manual, serve, session, verify};

mod backup;
mod deploy;
mod duties;
mod marks;
mod people;
mod verification;
mod witnesses;

/// Does what the command line says.
pub fn perform(act: Act, talk: &mut Talk) -> Result<Exit, Failure> {
    match act {
        Act::Init {
            folder,
            name,
            origin,
            realm,
            form,
        } => {
            let founding = Founding {
                name,
                origin,
                realm,
            };
            init(&folder.dir, &founding, form, talk)
        }
        Act::Demo { dir, listen } => serve::demo(&dir, listen.listen, talk),
        Act::Serve { folder, listen } => serve::serve(&folder.dir, listen.listen, talk),
        Act::Import {
            format,
            file,
            folder,
            covers,
            form,
        } => {
            let file = file::absolute(&file)?;
            let command = Command::Import {
                format,
                file,
                covers,
            };
            tell(&folder.dir, &command, answer::IMPORTED, form, talk)?;
            if !form.json {
                talk.suggest(&format!("ensign serve --dir {}", shell_word(&folder.dir)));
            }
            Ok(Exit::Done)
        }
        Act::Status(plain) => tell_plain(plain, &Command::Status, answer::STATUS, talk),
        Act::Export(Export::Asset {
            id,
            index,
            reveal,
            target,
        }) => {
            let command = Command::ExportAsset {
                asset: id,
                index,
                reveal,
            };
            export(&target, &command, talk)
        }
        Act::Export(Export::Contradiction { of, target }) => {
            export(&target, &Command::ExportContradiction { of }, talk)
        }
        Act::Export(Export::Incident { id, target }) => {
            export(&target, &Command::ExportIncident { id }, talk)
        }
        Act::Export(Export::Obligation {
            obligation,
            asked,
            target,
        }) => {
            let asked = asked.into();
            let command = Command::ExportObligation { obligation, asked };
            export(&target, &command, talk)
        }
        Act::Verify {
            path,
            trust,
            at,
            index,
            screen,
            form,
        } => verify::verify(
            &verify::Request {
                path,
                trust,
                at,
                index,
                screen,
            },
            form,
            talk,
        ),
        Act::Trust(Trust::Export {
            folder,
            output,
            force,
            form,
        }) => {
            let mut answer = session::run(&folder.dir, &Command::TrustExport, talk)?;
            match output {
                Some(output) => {
                    let anchors = take_text(&mut answer, "anchors")?;
                    file::write(&output, anchors.as_bytes(), force.force)?;
                    answer["file"] = output.display().to_string().into();
                    answer::give(answer, answer::WRITTEN, form, talk)?;
                }
                None if form.json => answer::give(answer, &[], form, talk)?,
                None => talk::print(take_text(&mut answer, "anchors")?.as_bytes())?,
            }
            Ok(Exit::Done)
        }
        Act::Views(Views::Rebuild(plain)) => {
            tell_plain(plain, &Command::ViewsRebuild, answer::REBUILT, talk)
        }
        Act::Party(act) => party(act, talk),
        Act::Key(act) => key(act, talk),
        Act::Account(act) => people::account(act, talk),
        Act::Mandate(act) => mandate(act, talk),
        Act::Request(act) => people::request(act, talk),
        Act::Erase {
            subject,
            ground,
            plain,
        } => {
            let command = Command::Erase { subject, ground };
            tell_plain(plain, &command, answer::ERASED, talk)
        }
        Act::Asset(act) => marks::asset(act, talk),
        Act::Authority(act) => marks::authority(act, talk),
        Act::Emblem(act) => marks::emblem(act, talk),
        Act::Dns(Dns::Serve(asked)) => dns::serve(asked, talk),
        Act::Term(act) => duties::term(act, talk),
        Act::Instrument(act) => duties::instrument(act, talk),
        Act::Fact(act) => duties::fact(act, talk),
        Act::Dispute(act) => duties::dispute(act, talk),
        Act::Witness(act) => witnesses::witness(act, talk),
        Act::Backup(asked) => backup::backup(asked, talk),
        Act::Restore(asked) => backup::restore(asked, talk),
        Act::Mirror(asked) => backup::mirror(asked, talk),
        Act::Completions { shell } => manual::completions(shell).map(|()| Exit::Done),
        Act::Man { output: None } => manual::print().map(|()| Exit::Done),
        Act::Man {
            output: Some(folder),
        } => {
            let count = manual::write(&folder)?;
            let folder = folder.display().to_string();
            let arguments = [("count", count.into()), ("folder", folder.into())];
            talk.say(&talk.texts().text_with("cli-pages-written", &arguments));
            Ok(Exit::Done)
        }
    }
}

/// Writes a proof file.
fn export(target: &Target, command: &Command, talk: &mut Talk) -> Result<Exit, Failure> {
    let Target {
        folder,
        output,
        force,
        form,
    } = target;
    let mut answer = session::run(&folder.dir, command, talk)?;
    let bundle = take_text(&mut answer, "bundle")?;
    let bundle = BASE64
        .decode(bundle.as_bytes())
        .map_err(|_| not_understood("bundle"))?;
    file::write(output, &bundle, force.force)?;
    answer["file"] = output.display().to_string().into();
    answer::give(answer, answer::EXPORTED, *form, talk)?;
    if !form.json {
        let output = shell_word(output);
        talk.suggest(&format!("ensign verify {output} --trust FILE"));
    }
    Ok(Exit::Done)
}

fn init(dir: &Path, founding: &Founding, form: Form, talk: &Talk) -> Result<Exit, Failure> {
    let node = Node::init(
        dir,
        founding,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    )
    .map_err(|error| Failure::from(&error))?;
    let key_file = node.config().key_file(dir);
    let key_file = key_file.exists().then(|| key_file.display().to_string());
    let answer = json!({
        "folder": dir.display().to_string(),
        "key_file": key_file,
        "name": founding.name.trim(),
        "operator": node.operator().to_string(),
        "realm": node.realm().to_string(),
        "origin": node.origin(LogName::Public).to_string(),
    });
    drop(node);
    answer::give(answer, answer::FOUNDED, form, talk)?;
    if key_file.is_some() {
        talk.say(&talk.texts().text("cli-keep-the-key"));
    }
    if !form.json {
        let dir = shell_word(dir);
        let next = match founding.realm {
            Realm::Exercise(_) => format!("ensign serve --dir {dir}"),
            Realm::Real => format!("ensign import who-ssa FILE --dir {dir}"),
        };
        talk.suggest(&next);
    }
    Ok(Exit::Done)
}

fn party(act: Party, talk: &mut Talk) -> Result<Exit, Failure> {
    match act {
        Party::Found {
            name,
            nature,
            plain,
        } => {
            let command = Command::PartyFound { name, nature };
            tell_plain(plain, &command, answer::STATED, talk)
        }
        Party::List(plain) => tell_plain(plain, &Command::PartyList, answer::PARTIES, talk),
    }
}

fn key(act: Key, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Key::Add { party, plain } => (plain, Command::KeyAdd { party }, answer::STATED),
        Key::List { party, plain } => (plain, Command::KeyList { party }, answer::KEYS),
        Key::Rotate { party, plain } => (plain, Command::KeyRotate { party }, answer::STATED),
        Key::Revoke {
            key,
            reason,
            as_of,
            plain,
        } => (
            plain,
            Command::KeyRevoke { key, as_of, reason },
            answer::STATED,
        ),
    };
    tell_plain(plain, &command, layout, talk)
}

fn mandate(act: Mandate, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Mandate::Grant {
            to,
            role,
            scope,
            from,
            until,
            plain,
        } => (
            plain,
            Command::MandateGrant {
                to,
                role,
                scope,
                from,
                until,
            },
            answer::STATED,
        ),
        Mandate::List(plain) => (plain, Command::MandateList, answer::MANDATES),
        Mandate::Withdraw { mandate, plain } => {
            (plain, Command::MandateWithdraw { mandate }, answer::STATED)
        }
    };
    tell_plain(plain, &command, layout, talk)
}

fn tell_plain(
    plain: Plain,
    command: &Command,
    layout: &[Part],
    talk: &mut Talk,
) -> Result<Exit, Failure> {
    tell(&plain.folder.dir, command, layout, plain.form, talk)
}

fn tell(
    dir: &Path,
    command: &Command,
    layout: &[Part],
    form: Form,
    talk: &mut Talk,
) -> Result<Exit, Failure> {
    let answer = session::run(dir, command, talk)?;
    answer::give(answer, layout, form, talk)?;
    Ok(Exit::Done)
}

/// Takes a text out of an answer: what goes into a file is not printed.
fn take_text(answer: &mut Value, name: &'static str) -> Result<String, Failure> {
    match answer
        .as_object_mut()
        .and_then(|answer| answer.remove(name))
    {
        Some(Value::String(text)) => Ok(text),
        _ => Err(not_understood(name)),
    }
}

fn not_understood(name: &str) -> Failure {
    Failure {
        hint: Some("use the version of ensign that serves this folder".to_owned()),
        ..failure(
            "node.unreached",
            format!("the node's answer has no usable `{name}`"),
        )
    }
}
