use serde::Serialize;

/// Most findings that are listed; all are counted.
const MAX_LISTED: usize = 1000;

/// Something that is not as it was signed, or does not belong where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing is wrong.
    pub code: &'static str,
    /// Where: a path in the folder, a log and an index (`public/17`), or a place in a database.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

/// Findings as they come, the list capped.
#[derive(Debug, Default)]
pub(super) struct Findings {
    total: u64,
    listed: Vec<Finding>,
}

impl Findings {
    /// Notes something.
    pub fn note(&mut self, code: &'static str, place: impl Into<String>, what: impl Into<String>) {
        self.total += 1;
        if self.listed.len() < MAX_LISTED {
            self.listed.push(Finding {
                code,
                place: place.into(),
                what: what.into(),
            });
        }
    }

    /// How many there are, and those listed.
    pub fn finish(self) -> (u64, Vec<Finding>) {
        (self.total, self.listed)
    }
}

/// An error with all its causes in one line.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
