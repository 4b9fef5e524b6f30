//! How often somebody may try to guess a password.
//!
//! Attempts are counted by the name that is tried, whether anybody has it or not, and not by the
//! address that they come from: behind a relay all have one, and an address identifies a person. A
//! few mistakes cost nothing; from then on each next attempt has to wait longer, up to a minute, so
//! that nobody is kept out for long by others' guesses. All names together have a rate that the
//! machine can bear. What comes before its time is refused unread.

use std::collections::BTreeMap;

/// Mistakes after which the next attempt waits.
const FREE: u32 = 5;
/// Longest wait between two attempts at one name, in seconds.
const LONGEST: u64 = 60;
/// Seconds after which mistakes are forgotten.
const FORGOTTEN: u64 = 3600;
/// Names that are remembered at once; beyond, the oldest is forgotten.
const NAMES: usize = 4096;
/// Attempts at all names together in a second.
const RATE: u32 = 10;

/// Attempts so far. Nothing of it is written down.
#[derive(Debug, Default)]
pub(super) struct Guesses {
    names: BTreeMap<[u8; 32], Mistakes>,
    /// The second of the last attempts, and how many there were in it.
    now: (u64, u32),
}

#[derive(Debug, Clone, Copy)]
struct Mistakes {
    count: u32,
    last: u64,
}

impl Mistakes {
    /// From when on the next attempt counts.
    fn next(self) -> u64 {
        let beyond = self.count.saturating_sub(FREE);
        match beyond {
            0 => 0,
            _ => self.last + LONGEST.min(1 << beyond.min(6)),
        }
    }
}

impl Guesses {
    /// Lets an attempt through, which counts as a mistake until it turns out right; or says in how many
    /// seconds the next one counts.
    pub(super) fn attempt(&mut self, name: [u8; 32], now: u64) -> Result<(), u64> {
        let known = self.names.get(&name).copied();
        let known = known.filter(|it| it.last <= now && now < it.last.saturating_add(FORGOTTEN));
        if let Some(wait) = known
            .and_then(|it| it.next().checked_sub(now))
            .filter(|it| *it > 0)
        {
            return Err(wait);
        }
        self.attempt_unnamed(now)?;
        if self.names.len() >= NAMES && !self.names.contains_key(&name) {
            let oldest = self.names.iter().min_by_key(|(_, it)| it.last);
            let oldest = oldest.map(|(name, _)| *name);
            oldest.map(|name| self.names.remove(&name));
        }
        let count = known.map_or(0, |it| it.count) + 1;
        self.names.insert(name, Mistakes { count, last: now });
        Ok(())
    }

    /// The same for one that names nobody: only the rate of all together holds it up.
    pub(super) fn attempt_unnamed(&mut self, now: u64) -> Result<(), u64> {
        if self.now.0 != now {
            self.now = (now, 0);
        }
        if self.now.1 >= RATE {
            return Err(1);
        }
        self.now.1 += 1;
        Ok(())
    }

    /// The last attempt at a name was right.
    pub(super) fn right(&mut self, name: [u8; 32]) {
        self.names.remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_attempts_in_a_day_are_let_through_once_a_minute() {
        let mut guesses = Guesses::default();
        let day = (0..86_400)
            .filter(|at| guesses.attempt([1; 32], *at).is_ok())
            .count();
        assert!((1440..1460).contains(&day), "{day}");
        let mut guesses = Guesses::default();
        let at_once = (0..10_000)
            .filter(|_| guesses.attempt([1; 32], 7).is_ok())
            .count();
        assert_eq!(at_once, FREE as usize + 1);
    }

    #[test]
    fn somebody_elses_guesses_keep_nobody_out_for_long() {
        let mut guesses = Guesses::default();
        let mut at = 0;
        for _ in 0..100 {
            at = (at..)
                .find(|at| guesses.attempt([1; 32], *at).is_ok())
                .unwrap();
        }
        assert_eq!(guesses.attempt([1; 32], at), Err(LONGEST));
        assert_eq!(guesses.attempt([1; 32], at + LONGEST), Ok(()));
        guesses.right([1; 32]);
        for _ in 0..=FREE {
            assert_eq!(guesses.attempt([1; 32], at + LONGEST + 1), Ok(()));
        }
    }

    #[test]
    fn many_names_share_one_rate_and_little_memory() {
        let mut guesses = Guesses::default();
        let name = |at: u64| {
            let mut name = [0; 32];
            name[..8].copy_from_slice(&at.to_be_bytes());
            name
        };
        let let_through = (0..1000)
            .filter(|at| guesses.attempt(name(*at), 9).is_ok())
            .count();
        assert_eq!(let_through, RATE as usize);
        for at in 0..10_000 {
            let _ = guesses.attempt(name(at), 10 + at);
        }
        assert_eq!(guesses.names.len(), NAMES);
    }
}
