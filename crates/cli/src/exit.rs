//! How a command ends.

use std::process::ExitCode;

use ensign_node::Failure;

/// How a command ended; the number is the process's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It did its work.
    Done = 0,
    /// It was refused, or a check failed.
    Refused = 1,
    /// The command line was not understood.
    Usage = 2,
    /// Another try may go through without a change.
    Unavailable = 3,
    /// Nothing is wrong, and something is missing: trust anchors, or evidence.
    Unproven = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl From<&Failure> for Exit {
    fn from(failure: &Failure) -> Self {
        match &*failure.code {
            _ if failure.unavailable => Exit::Unavailable,
            "command.argument" | "command.unknown" | "import.unknown_format" => Exit::Usage,
            _ => Exit::Refused,
        }
    }
}

/// A failure of the command line itself.
pub fn failure(code: &str, message: String) -> Failure {
    Failure {
        code: code.to_owned(),
        message,
        hint: None,
        unavailable: false,
    }
}

/// The failure to do something with a file.
pub fn file_failure(action: &str, path: &std::path::Path, error: &std::io::Error) -> Failure {
    failure(
        "file.failed",
        format!("cannot {action} {}: {error}", path.display()),
    )
}

/// An error with its causes, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    message
}
