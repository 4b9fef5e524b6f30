//! Acts that are measured in a process of their own, so that its memory and its start are theirs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::{measure, place};

/// First argument of such a process.
pub const FLAG: &str = "--child";

/// Runs an act in a process of its own; gives what it found.
pub fn start(act: &str, paths: &[&Path]) -> Result<Value> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.args([FLAG, act]).args(paths).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{act} ended with {}: {said}",
        output.status
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A figure of an answer.
pub fn figure(answer: &Value, name: &str) -> Result<f64> {
    answer[name]
        .as_f64()
        .with_context(|| format!("the answer has no figure {name}"))
}

/// What such a process does.
pub fn run(task: &[String]) -> Result<()> {
    let task: Vec<&str> = task.iter().map(String::as_str).collect();
    let answer = match task[..] {
        ["import", folder, file] => import(Path::new(folder), Path::new(file))?,
        ["open", folder] => open(Path::new(folder))?,
        _ => bail!("there is no such act"),
    };
    println!("{answer}");
    Ok(())
}

fn import(folder: &Path, file: &Path) -> Result<Value> {
    let node = place::found(folder)?;
    let (answer, span) = measure::timed(|| node.import("who-ssa", file, None, &mut |_| ()));
    let answer = answer?;
    let (_, most) = measure::memory()?;
    Ok(json!({
        "wall": span.wall, "cpu": span.cpu, "peak": most,
        "rows": answer.rows, "added": answer.added, "rejected": answer.rejected,
        "incidents": node.views().front()?.incidents,
    }))
}

fn open(folder: &Path) -> Result<Value> {
    let (node, span) = measure::timed(|| place::open(folder));
    let node = node?;
    let (opened, _) = measure::memory()?;
    let front = node.views().front()?;
    node.views()
        .log(ensign_trust::logbook::LogName::Public, None, 1000)?;
    node.views().incidents(&Default::default(), None, 1000)?;
    let (_, most) = measure::memory()?;
    let entries = node.log(ensign_trust::logbook::LogName::Public).head()?;
    Ok(json!({
        "wall": span.wall, "cpu": span.cpu, "opened": opened, "peak": most,
        "entries": entries.map_or(0, |head| head.size), "incidents": front.incidents,
    }))
}
