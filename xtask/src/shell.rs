//! Other programs: run, read, count what their tests said.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::stage::Counts;

/// Runs `command`, its output going where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("could not start {}", name(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", name(command));
    }
    Ok(())
}

/// Runs `command` up to three times: registries have bad moments.
pub fn run_three_times(command: &mut Command) -> Result<()> {
    run(command)
        .or_else(|_| run(command))
        .or_else(|_| run(command))
        .context("tried three times")
}

/// What `command` prints. Its standard error is shown only when it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start {}", name(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} ended with {}: {said}", name(command), output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} did not print UTF-8", name(command)))
}

/// Whether `program argument` starts and ends well.
pub fn answers(program: &str, argument: &str) -> bool {
    output(Command::new(program).arg(argument)).is_ok()
}

/// Runs a test runner, passes its lines on, and adds up the counts in its closing lines.
/// The flag says whether the runner was content.
pub fn run_tests(command: &mut Command) -> Result<(Counts, bool)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {}", name(command)))?;
    let out = child.stdout.take().expect("standard output is piped");
    let err = child.stderr.take().expect("standard error is piped");
    let err = thread::spawn(move || pass_on(err, std::io::stderr()));
    let mut counts = pass_on(out, std::io::stdout());
    counts += err.join().expect("reading lines does not panic");
    let status = child
        .wait()
        .with_context(|| format!("could not wait for {}", name(command)))?;
    Ok((counts, status.success()))
}

fn pass_on(from: impl Read, mut to: impl Write) -> Counts {
    let mut counts = Counts::default();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        // Our own reader may be gone; the tests still run to their end.
        let _ = to.write_all(&line);
        counts += Counts::of_line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    counts
}

fn name(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(|it| it.to_string_lossy()));
    format!("`{}`", words.join(" "))
}
