//! Backups, made and checked beside the node, restored where no node is; copies of other logs.

use std::net::SocketAddr;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use ensign_node::clock::{SystemClock, SystemEntropy};
use ensign_node::folder::Folder;
use ensign_node::mirror::ServedMirror;
use ensign_node::network::Internet;
use ensign_node::{Command, Config, Error, Failure, backup, mirror};
use serde::Serialize;

use super::tell_plain;
use crate::answer::{self, Part};
use crate::arguments::{Backup, Check, Copies, Finish, Form, Mirror, MirrorServe, Plain, Restore};
use crate::exit::{Exit, failure};
use crate::file::{self, shell_word};
use crate::serve::{not_served, program_log, until_stopped};
use crate::talk::{self, Talk};
use crate::verify;

/// Largest checkpoint, in bytes.
const MAX_CHECKPOINT: usize = 16 * 1024;

/// Makes a backup, or checks one.
pub fn backup(asked: Backup, talk: &mut Talk) -> Result<Exit, Failure> {
    let (Some(to), Some(keys_to)) = (&asked.to, &asked.keys_to) else {
        return check(asked.act, talk);
    };
    let Plain { folder, form } = asked.plain;
    let made = backup::make(&folder.dir, to, keys_to, &SystemClock, &mut |step| {
        talk.step(&step);
    });
    give(made, answer::BACKED_UP, form, talk)
}

fn check(asked: Option<Check>, talk: &mut Talk) -> Result<Exit, Failure> {
    let Some(Check::Check {
        records,
        keys,
        form,
    }) = asked
    else {
        return Ok(Exit::Usage);
    };
    let config = Config::read(&records).map_err(|error| Failure::from(&error))?;
    let kek = Folder::at(&records).key(&config).ok();
    if kek.is_none() || keys.is_none() {
        talk.say(&talk.texts().text("cli-sealed-unread"));
    }
    let checked = backup::check(&records, keys.as_deref(), kek, &mut |step| talk.step(&step));
    give(checked, answer::BACKED_UP, form, talk)
}

/// Restores a backup, or lets a restored node write.
pub fn restore(asked: Restore, talk: &mut Talk) -> Result<Exit, Failure> {
    let (Some(records), Some(keys)) = (&asked.records, &asked.keys) else {
        return finish(asked.act, talk);
    };
    let Plain { folder, form } = asked.plain;
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let restored = backup::restore(records, keys, &folder.dir, clock, entropy, &mut |step| {
        talk.step(&step);
    });
    let exit = give(restored, answer::RESTORED, form, talk)?;
    if !form.json {
        let dir = shell_word(&folder.dir);
        talk.suggest(&format!("ensign restore finish --dir {dir}"));
    }
    Ok(exit)
}

fn finish(asked: Option<Finish>, talk: &mut Talk) -> Result<Exit, Failure> {
    match asked {
        None => Ok(Exit::Usage),
        Some(Finish::Finish {
            from,
            checkpoints,
            plain,
        }) => {
            let checkpoints = checkpoints.iter().map(|path| checkpoint(path));
            let command = Command::RestoreFinish {
                checkpoints: checkpoints.collect::<Result<_, _>>()?,
                from: from.as_deref().map(file::absolute).transpose()?,
            };
            tell_plain(plain, &command, answer::FINISHED, talk)
        }
        Some(Finish::Seal { to, origin, plain }) => {
            let to = file::absolute(&to)?;
            let (json, next) = (plain.form.json, shell_word(&to));
            let command = Command::RestoreSeal { to, origin };
            let exit = tell_plain(plain, &command, answer::SEALED, talk)?;
            if !json {
                talk.suggest(&format!("ensign serve --dir {next}"));
            }
            Ok(exit)
        }
    }
}

/// Copies another node's public log and checks what is copied, or serves a copy.
pub fn mirror(asked: Mirror, talk: &mut Talk) -> Result<Exit, Failure> {
    let (Some(address), Some(to)) = (&asked.address, &asked.to) else {
        return match asked.act {
            Some(Copies::Serve(asked)) => serve_mirror(&asked, talk),
            None => Ok(Exit::Usage),
        };
    };
    let anchors = asked.trust.as_deref().map(verify::anchors).transpose()?;
    let cores = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let copied = mirror::mirror(
        address,
        to,
        anchors.as_ref(),
        &Internet::default(),
        cores,
        &mut |step| talk.step(&step),
    );
    let exit = match &copied {
        Ok(copied) if copied.findings_total > 0 => Exit::Refused,
        Ok(copied) if !copied.anchored => Exit::Unproven,
        _ => Exit::Done,
    };
    give(copied, answer::MIRRORED, asked.form, talk)?;
    Ok(exit)
}

fn serve_mirror(asked: &MirrorServe, talk: &Talk) -> Result<Exit, Failure> {
    let mirror = ServedMirror::open(&asked.folder).map_err(|error| Failure::from(&error))?;
    program_log(talk.is_quiet());
    until_stopped(talk, async |stop| {
        let ready = |address: SocketAddr| {
            // Whoever does not read the address can still use it.
            let _ = talk::print(format!("http://{address}/tlog\n").as_bytes());
            talk.say(&talk.texts().text("cli-mirror-serving"));
        };
        let mirror = Arc::new(mirror);
        let served =
            ensign_web::serve_mirror(mirror, asked.listen, asked.behind_proxy, ready, stop).await;
        served.map_err(|error| not_served(&error))
    })
}

fn checkpoint(path: &Path) -> Result<String, Failure> {
    String::from_utf8(file::read(path, MAX_CHECKPOINT)?).map_err(|_| {
        let message = format!("{} is no checkpoint: it is not UTF-8", path.display());
        failure("restore.unconfirmed", message)
    })
}

fn give(
    done: Result<impl Serialize, Error>,
    layout: &[Part],
    form: Form,
    talk: &mut Talk,
) -> Result<Exit, Failure> {
    talk.end_stage();
    let done = done.and_then(|done| serde_json::to_value(done).map_err(Error::Answer));
    let answer = done.map_err(|error| Failure::from(&error))?;
    answer::give(answer, layout, form, talk)?;
    Ok(Exit::Done)
}
