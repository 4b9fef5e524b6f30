//! Witnesses: whom this node asks, and the one that it is.

use std::net::SocketAddr;
use std::sync::Arc;

use ensign_node::clock::SystemClock;
use ensign_node::witness::Witness as Serving;
use ensign_node::{Command, Config, Failure};

use super::tell_plain;
use crate::answer;
use crate::arguments::{Witness, WitnessRun};
use crate::exit::Exit;
use crate::file::shell_word;
use crate::serve::{not_served, program_log, until_stopped};
use crate::talk::{self, Talk};

/// A command about witnesses.
pub fn witness(act: Witness, talk: &mut Talk) -> Result<Exit, Failure> {
    match act {
        Witness::Add {
            key,
            address,
            quorum,
            plain,
        } => {
            let command = Command::WitnessAdd {
                key,
                address,
                quorum,
            };
            tell_plain(plain, &command, answer::QUORUM, talk)
        }
        Witness::Remove {
            name,
            quorum,
            plain,
        } => tell_plain(
            plain,
            &Command::WitnessRemove { name, quorum },
            answer::QUORUM,
            talk,
        ),
        Witness::Run(asked) => run(&asked, talk),
        Witness::Status(plain) => {
            tell_plain(plain, &Command::WitnessStatus, answer::WITNESSES, talk)
        }
    }
}

fn run(asked: &WitnessRun, talk: &Talk) -> Result<Exit, Failure> {
    let dir = &asked.folder.dir;
    let failed = |error: ensign_node::Error| Failure::from(&error);
    let behind_proxy = Config::read(dir).map_err(failed)?.web.behind_proxy;
    let witness = Serving::open(dir, Arc::new(SystemClock)).map_err(failed)?;
    let key = witness.key().to_string();
    if witness.watched().map_err(failed)?.is_empty() {
        talk.say(&talk.texts().text("cli-witness-watches-none"));
        talk.suggest(&format!("ensign witness add KEY --dir {}", shell_word(dir)));
    }
    program_log(talk.is_quiet());
    until_stopped(talk, async |stop| {
        let ready = |address: SocketAddr| {
            // Whoever does not read it can still ask there.
            let _ = talk::print(format!("http://{address}/\n{key}\n").as_bytes());
            talk.say(&talk.texts().text("cli-serving"));
        };
        let (listen, witness) = (asked.listen, Arc::new(witness));
        let served = ensign_web::serve_witness(witness, listen, behind_proxy, ready, stop).await;
        served.map_err(|error| not_served(&error))
    })
}
