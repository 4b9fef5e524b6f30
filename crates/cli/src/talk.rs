//! What is said on standard error: progress, notes, the next step. Answers never go there.

use std::io::{IsTerminal as _, Write as _, stderr, stdout};

use ensign_node::{Failure, Progress};
use ensign_web::i18n::{Locale, Texts};
use indicatif::{ProgressBar, ProgressStyle};

use crate::columns::{plain, sentence};

/// The talk of one command.
pub struct Talk {
    texts: &'static Texts,
    quiet: bool,
    stage: Option<Stage>,
}

/// What the command is at.
struct Stage {
    name: String,
    done: u64,
    /// On a terminal only.
    bar: Option<ProgressBar>,
}

impl Talk {
    /// Talk in a language; errors alone if quiet.
    pub fn new(locale: Locale, quiet: bool) -> Self {
        Talk {
            texts: Texts::of(locale),
            quiet,
            stage: None,
        }
    }

    /// The words of the language.
    pub fn texts(&self) -> &'static Texts {
        self.texts
    }

    /// Whether only answers and errors are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Shows how far the command has come: a bar on a terminal, elsewhere a line at the start and
    /// at the end of each stage.
    pub fn step(&mut self, step: &Progress) {
        if self.quiet || step.total == Some(0) {
            return;
        }
        if self
            .stage
            .as_ref()
            .is_none_or(|stage| stage.name != step.stage)
        {
            self.end_stage();
            self.begin_stage(&step.stage);
        }
        let Some(stage) = &mut self.stage else { return };
        stage.done = step.done;
        if let Some(bar) = &stage.bar {
            if let Some(total) = step.total {
                bar.set_length(total);
            }
            bar.set_position(step.done);
        }
    }

    /// Ends the last stage.
    pub fn end_stage(&mut self) {
        let Some(stage) = self.stage.take() else {
            return;
        };
        match stage.bar {
            Some(bar) => bar.finish_and_clear(),
            None => {
                let count = self.texts.number(stage.done);
                self.say(&self.texts.text_with(
                    "cli-stage-end",
                    &[
                        ("stage", self.stage_label(&stage.name).into()),
                        ("count", count.into()),
                    ],
                ));
            }
        }
    }

    /// Says a sentence.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            line(&sentence(text));
        }
    }

    /// Suggests the next command.
    pub fn suggest(&self, command: &str) {
        if !self.quiet {
            line(&format!(
                "{} {command}",
                sentence(&self.texts.text("cli-next"))
            ));
        }
    }

    /// Tells why the command did not do its work, and what to do about it.
    pub fn report(&mut self, failure: &Failure) {
        self.end_stage();
        let word = self.texts.text("cli-error");
        let message = plain(&failure.message);
        match self.failure_label(&failure.code) {
            Some(label) => line(&format!("{word} {}\n  {message}", sentence(&label))),
            None => line(&format!("{word} {message}")),
        }
        if let Some(hint) = &failure.hint {
            line(&format!(
                "\n{} {}",
                self.texts.text("cli-hint"),
                plain(hint)
            ));
        }
    }

    fn begin_stage(&mut self, name: &str) {
        let label = self.stage_label(name);
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg} {bar:30} {human_pos}/{human_len}")
                .expect("the template names known fields");
            ProgressBar::no_length()
                .with_style(style)
                .with_message(label.clone())
        });
        if bar.is_none() {
            self.say(
                &self
                    .texts
                    .text_with("cli-stage-begin", &[("stage", label.into())]),
            );
        }
        self.stage = Some(Stage {
            name: name.to_owned(),
            done: 0,
            bar,
        });
    }

    fn stage_label(&self, name: &str) -> String {
        self.texts
            .label("cli-stage-of-", name)
            .unwrap_or_else(|| name.to_owned())
    }

    /// The failure in the reader's language, where that is not the language of the message.
    fn failure_label(&self, code: &str) -> Option<String> {
        if self.texts.locale() == Locale::En {
            return None;
        }
        let label = self.texts.label("cli-failure-", code);
        label.or_else(|| self.texts.label("refusal-", code))
    }
}

/// Writes an answer to standard output. Whoever stopped reading has what they wanted.
pub fn print(answer: &[u8]) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match out.write_all(answer).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(crate::exit::failure(
            "file.failed",
            format!("cannot write the answer: {error}"),
        )),
        _ => Ok(()),
    }
}

fn line(text: &str) {
    // Nobody can be told that nobody listens.
    let _ = writeln!(stderr(), "{text}");
}
