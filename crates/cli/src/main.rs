//! The `ensign` binary: flags, configuration, output.
//!
//! An answer goes to standard output, everything else to standard error. A command is sent to the
//! process that serves the folder, or run in this one: the answer is the same.

mod answer;
mod arguments;
mod columns;
mod dns;
mod environment;
mod exit;
mod file;
mod manual;
mod perform;
mod serve;
mod session;
mod talk;
mod value;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::talk::Talk;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; whoever stopped reading them has what they wanted.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            }
            .into();
        }
    };
    let mut talk = Talk::new(environment::locale(), arguments.quiet);
    match perform::perform(arguments.act, &mut talk) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            talk.report(&failure);
            Exit::from(&failure).into()
        }
    }
}
