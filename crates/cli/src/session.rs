//! How a command reaches a node: through the socket of the process that serves the folder, or by
//! opening the folder itself.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use ensign_node::clock::{SystemClock, SystemEntropy};
use ensign_node::folder::Folder;
use ensign_node::{Command, Failure, Node, socket};
use serde_json::Value;

use crate::exit::failure;
use crate::talk::Talk;

/// Runs a command and answers what it answered; the same in both ways.
pub fn run(folder: &Path, command: &Command, talk: &mut Talk) -> Result<Value, Failure> {
    let socket = Folder::at(folder).socket();
    let served = socket::call(&socket, command, &mut |step| talk.step(&step));
    let answer = match served {
        Ok(Some(answer)) => answer,
        Ok(None) => open(folder, talk).and_then(|node| {
            let answer = command.run(&node, &mut |step| talk.step(&step));
            answer.map_err(|error| Failure::from(&error))
        }),
        Err(error) => Err(unreached(&socket, &error)),
    };
    talk.end_stage();
    answer.map_err(|failure| hinted(failure, command))
}

/// Opens the node in a folder.
pub fn open(folder: &Path, talk: &mut Talk) -> Result<Node, Failure> {
    let clock = Arc::new(SystemClock);
    let node = Node::open(folder, clock, Arc::new(SystemEntropy), &mut |step| {
        talk.step(&step)
    });
    node.map_err(|error| Failure::from(&error))
}

/// Says where ids are shown, to whom gave one that nothing has.
fn hinted(failure: Failure, command: &Command) -> Failure {
    if failure.code != "id.unknown" || failure.hint.is_some() {
        return failure;
    }
    let hint = match command {
        Command::ExportIncident { .. } => {
            "the pages of `ensign serve` show the ids; the publisher's own id works too"
        }
        Command::ExportContradiction { .. } => {
            "`ensign witness status` and the pages of the log show which logs contradicted themselves"
        }
        Command::AssetShow { .. }
        | Command::AssetWithdraw { .. }
        | Command::AuthorityWithdraw { .. }
        | Command::EmblemDeploy(_)
        | Command::EmblemEndorse(_)
        | Command::ExportAsset { .. }
        | Command::EmblemIssue(_)
        | Command::EmblemMisuse(_)
        | Command::EmblemMisuseWithdraw { .. }
        | Command::EmblemRevoke { .. }
        | Command::EmblemShow { .. } => {
            "`ensign asset list`, `ensign authority list` and `ensign emblem list` show the ids"
        }
        Command::DisputeClose { .. }
        | Command::ExportObligation { .. }
        | Command::FactReceipt { .. }
        | Command::FactWithdraw { .. }
        | Command::InstrumentAdopt(_)
        | Command::InstrumentLeave { .. }
        | Command::InstrumentMatrix { .. }
        | Command::InstrumentObject { .. }
        | Command::InstrumentShow { .. }
        | Command::TermExplain { .. }
        | Command::TermRecord { .. } => {
            "`ensign instrument list` and `ensign term eval` show the ids"
        }
        _ => "`ensign party list`, `ensign key list` and `ensign mandate list` show the ids",
    };
    Failure {
        hint: Some(hint.to_owned()),
        ..failure
    }
}

fn unreached(socket: &Path, error: &std::io::Error) -> Failure {
    let (what, hint) = match error.kind() {
        ErrorKind::PermissionDenied => (
            "cannot reach the node that serves this folder",
            "run the command as the user that serves the folder",
        ),
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => (
            "the node that serves this folder ended before it answered",
            "what was answered is in the log; run the command again to finish",
        ),
        _ => (
            "cannot talk to the node that serves this folder",
            "use the version of ensign that serves this folder",
        ),
    };
    Failure {
        hint: Some(hint.to_owned()),
        unavailable: true,
        ..failure(
            "node.unreached",
            format!("{what} through {}: {error}", socket.display()),
        )
    }
}
