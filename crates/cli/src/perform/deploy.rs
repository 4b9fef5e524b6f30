//! What the commands about deployments do.

use std::path::Path;
use std::time::Duration;

use data_encoding::BASE64;
use ensign_node::deploy::DeployRequest;
use ensign_node::{Command, Failure};

use ensign_mark::discovery::Item;
use ensign_node::asset::AssetQuestion;
use ensign_node::clock::{Clock as _, SystemClock, SystemEntropy};
use ensign_node::deploy::{Check, CheckError, Known, check};
use ensign_node::dns::{Client, ClientError, read_items, system_resolver};

use super::{not_understood, take_text};
use crate::answer::{self, CHECKED, DEPLOY};
use crate::arguments::{CheckDeployment, Deploy};
use crate::environment;
use crate::exit::{Exit, chain, failure, file_failure};
use crate::file::{self, shell_word};
use crate::session;
use crate::talk::Talk;

/// Where the snippets look for files that were not written.
const ROOT: &str = "/var/www/emblem";

/// Why a name publishes nothing.
const NOTHING: [&str; 2] = ["emblem.name_kept", "emblem.none_stands"];

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Prints what is to be deployed, and writes the well-known file where asked.
pub(super) fn deploy(asked: Deploy, talk: &mut Talk) -> Result<Exit, Failure> {
    let root = asked.output.as_deref().map(file::absolute).transpose()?;
    let command = Command::EmblemDeploy(DeployRequest {
        id: asked.id,
        ihle: asked.published.ihle.0,
        ttl: asked.ttl,
        root: root.as_deref().map_or(ROOT.into(), shell_word),
        at: None,
    });
    let dir = &asked.plain.folder.dir;
    let mut answer = session::run(dir, &command, talk)?;
    if let Some(root) = &root {
        let text = take_text(&mut answer, "document")?;
        let bytes = BASE64.decode(text.as_bytes());
        let bytes = bytes.map_err(|_| not_understood("document"))?;
        let path = answer["path"].as_str().unwrap_or_default();
        let path = root.join(path.trim_start_matches('/'));
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| file_failure("make", folder, &error))?;
        file::write(&path, &bytes, asked.force.force)?;
        answer["file"] = path.display().to_string().into();
    }
    let name = answer["name"].as_str().unwrap_or_default().to_owned();
    answer::give(answer, DEPLOY, asked.plain.form, talk)?;
    if !asked.plain.form.json {
        let dir = shell_word(dir);
        talk.suggest(&format!(
            "ensign emblem check-deployment {name} --server ADDR --dir {dir}"
        ));
    }
    Ok(Exit::Done)
}

/// Looks at what others find.
pub(super) fn check_deployment(asked: &CheckDeployment, talk: &mut Talk) -> Result<Exit, Failure> {
    let server = match asked.server {
        Some(server) => server,
        None => system_resolver().map_err(|error| unanswered(&error.into()))?,
    };
    let ihle = asked.published.ihle;
    let at = asked.at.unwrap_or_else(|| SystemClock.now());
    let dir = match &asked.expect {
        Some(_) => None,
        None => asked.dir.clone().or_else(environment::folder),
    };
    let expected = match (&dir, &asked.expect) {
        (Some(dir), _) => Some(deployed_by(dir, asked, at, talk)?),
        (None, Some(path)) => {
            let items = read_items(path);
            Some(items.map_err(|error| failure("file.failed", chain(&error)))?)
        }
        (None, None) => None,
    };
    let mut failed = None;
    let mut known = |digest: &str| {
        let known = dir.as_ref().map(|dir| known(dir, digest, at, talk));
        known?.unwrap_or_else(|failure| {
            failed = Some(failure);
            None
        })
    };
    let found = check(
        &Check {
            name: &asked.name,
            client: Client {
                server,
                ihle,
                patience: PATIENCE,
            },
            web: asked.web,
            expected: expected.as_deref(),
            at,
        },
        &SystemEntropy,
        &mut known,
    );
    let found = found.map_err(|error| unanswered(&error))?;
    if let Some(failure) = failed {
        return Err(failure);
    }
    let exit = match found.verdict {
        "deployed" | "gone" => Exit::Done,
        _ => Exit::Refused,
    };
    let answer = serde_json::to_value(&found);
    let answer = answer.map_err(|_| not_understood("deployment"))?;
    answer::give(answer, CHECKED, asked.form, talk)?;
    Ok(exit)
}

/// What the node in a folder says should be there: nothing where no emblem of the name stands.
fn deployed_by(
    dir: &Path,
    asked: &CheckDeployment,
    at: u64,
    talk: &mut Talk,
) -> Result<Vec<Item>, Failure> {
    let command = Command::EmblemDeploy(DeployRequest {
        id: asked.name.to_string(),
        ihle: asked.published.ihle.0,
        ttl: 0,
        root: String::new(),
        at: Some(at),
    });
    let answer = match session::run(dir, &command, talk) {
        Err(failure) if NOTHING.contains(&failure.code.as_ref()) => return Ok(Vec::new()),
        answer => answer?,
    };
    let items = answer["items"].as_array().map_or(&[][..], Vec::as_slice);
    let items = items.iter().map(|item| {
        let bytes = BASE64.decode(item["bytes"].as_str()?.as_bytes()).ok()?;
        Item::from_cbor(&bytes).ok()
    });
    items
        .collect::<Option<_>>()
        .ok_or_else(|| not_understood("items"))
}

/// What the node's log says of the emblem with a digest. It stays in the log when the asset was
/// withdrawn and its name removed.
fn known(dir: &Path, digest: &str, at: u64, talk: &mut Talk) -> Result<Option<Known>, Failure> {
    let command = Command::EmblemShow {
        id: digest.to_owned(),
        asked: AssetQuestion {
            at: Some(at),
            ..AssetQuestion::default()
        },
    };
    match session::run(dir, &command, talk) {
        Ok(emblem) => Ok(match emblem["status"].as_str() {
            Some("expired" | "revoked" | "withdrawn") => Some(Known::Ended),
            Some("standing") => Some(Known::Stands),
            _ => None,
        }),
        Err(failure) if failure.code == "id.unknown" => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn unanswered(error: &CheckError) -> Failure {
    let hint = match error {
        CheckError::Dns(ClientError::NoResolver) => "name one with `--server`",
        _ => "is the address right, and may this machine reach it?",
    };
    Failure {
        hint: Some(hint.to_owned()),
        unavailable: true,
        ..failure("server.silent", chain(error))
    }
}
