//! Readings of an instrument, as files have them, made into series that statements hold.

use std::collections::BTreeSet;

use thiserror::Error;

use super::statement::MAX_SAMPLES;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// When, Unix seconds.
    pub second: u64,
    /// What.
    pub value: i64,
}

/// Readings at equal steps, with the stretches in which somebody was watching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The second of the first one.
    pub from: u64,
    /// The values, with gaps; at most [`MAX_SAMPLES`].
    pub values: Vec<Option<i64>>,
    /// First and last seconds: each reading speaks for the step that it ends.
    pub coverage: Vec<[u64; 2]>,
}

/// More readings than are taken in at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("more than {0} different readings at once")]
pub struct TooMany(pub usize);

/// Sorts readings into series of this step. Each reading counts once, however often and in whatever
/// order it comes; two that contradict each other stand in two series. One that is off the step of
/// the one before begins a series of its own.
///
/// # Errors
/// Where there are more than `most` different ones; memory stays within that.
pub fn series(
    readings: impl IntoIterator<Item = Reading>,
    every: u64,
    most: usize,
) -> Result<Vec<Series>, TooMany> {
    let mut sorted = BTreeSet::new();
    for reading in readings {
        sorted.insert(reading);
        if sorted.len() > most {
            return Err(TooMany(most));
        }
    }
    let every = every.max(1);
    let mut all: Vec<Series> = Vec::new();
    let mut contradicting = Vec::new();
    let mut last = None;
    for reading in sorted {
        if last == Some(reading.second) {
            contradicting.push(Series::of(reading, every));
            continue;
        }
        last = Some(reading.second);
        let goes_on = all
            .last_mut()
            .is_some_and(|series| series.take(reading, every));
        if !goes_on {
            all.push(Series::of(reading, every));
        }
    }
    all.append(&mut contradicting);
    Ok(all)
}

impl Series {
    fn of(reading: Reading, every: u64) -> Self {
        Series {
            from: reading.second,
            values: vec![Some(reading.value)],
            coverage: vec![[ended_by(reading.second, every), reading.second]],
        }
    }

    /// Adds a later reading, if it is a whole number of steps away and not too many.
    fn take(&mut self, reading: Reading, every: u64) -> bool {
        let away = reading.second - self.from;
        let place = usize::try_from(away / every).unwrap_or(usize::MAX);
        if !away.is_multiple_of(every) || place >= MAX_SAMPLES {
            return false;
        }
        let follows = place == self.values.len();
        self.values.resize(place, None);
        self.values.push(Some(reading.value));
        match self.coverage.last_mut() {
            Some(stretch) if follows => stretch[1] = reading.second,
            _ => {
                let from = ended_by(reading.second, every);
                self.coverage.push([from, reading.second]);
            }
        }
        true
    }
}

/// The first second of the step that ends with a second.
fn ended_by(second: u64, every: u64) -> u64 {
    second.saturating_sub(every - 1)
}
