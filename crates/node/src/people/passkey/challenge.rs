//! What was given out to be signed, and for what. Nothing of it is written down.

use std::collections::VecDeque;

use ensign_trust::id::AccountId;

/// Seconds for which a challenge can be answered.
pub(super) const LIFE: u64 = 5 * 60;
/// Challenges of one kind that are remembered at once; beyond, the oldest is forgotten.
const MOST: usize = 4096;

/// For what a challenge was given out. `handle` is what the authenticator keeps as whose passkey it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// Somebody signs in, whoever it is.
    SignIn,
    /// Whoever has a code to enter makes the first passkey of an account.
    Enrol {
        account: AccountId,
        handle: [u8; 32],
    },
    /// Somebody signed in makes another one.
    Add {
        account: AccountId,
        handle: [u8; 32],
    },
}

/// The challenges that wait. Strangers ask for those to sign in, so the others are kept apart: nobody
/// pushes out what somebody with a code or a session was given.
#[derive(Debug, Default)]
pub(crate) struct Challenges {
    strangers: VecDeque<Waiting>,
    known: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    challenge: [u8; 32],
    given: u64,
    ceremony: Ceremony,
}

impl Challenges {
    /// Remembers a challenge that is given out now, Unix seconds.
    pub(super) fn give(&mut self, challenge: [u8; 32], ceremony: Ceremony, now: u64) {
        let waiting = match ceremony {
            Ceremony::SignIn => &mut self.strangers,
            _ => &mut self.known,
        };
        waiting.retain(|it| it.lasts(now));
        if waiting.len() >= MOST {
            waiting.pop_front();
        }
        waiting.push_back(Waiting {
            challenge,
            given: now,
            ceremony,
        });
    }

    /// Forgets what was given out for an account.
    pub(super) fn forget(&mut self, account: AccountId) {
        self.known
            .retain(|it| it.ceremony.account() != Some(account));
    }

    /// For what a challenge was given out, if it still can be answered. Nobody answers it again.
    pub(super) fn take(&mut self, challenge: &[u8], now: u64) -> Option<Ceremony> {
        let all = [&mut self.strangers, &mut self.known];
        let found = all.into_iter().find_map(|waiting| {
            let at = waiting.iter().position(|it| it.challenge == challenge)?;
            waiting.remove(at)
        });
        found.filter(|it| it.lasts(now)).map(|it| it.ceremony)
    }
}

impl Ceremony {
    /// For which account it is, if that was known beforehand.
    fn account(&self) -> Option<AccountId> {
        match self {
            Ceremony::SignIn => None,
            Ceremony::Enrol { account, .. } | Ceremony::Add { account, .. } => Some(*account),
        }
    }
}

impl Waiting {
    fn lasts(&self, now: u64) -> bool {
        // A clock that was put back makes nothing last longer.
        self.given <= now && now < self.given.saturating_add(LIFE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nth(number: usize) -> [u8; 32] {
        let mut challenge = [0; 32];
        challenge[..8].copy_from_slice(&number.to_be_bytes());
        challenge
    }

    #[test]
    fn a_challenge_is_answered_once_and_within_five_minutes() {
        let mut challenges = Challenges::default();
        challenges.give(nth(1), Ceremony::SignIn, 1000);
        assert_eq!(challenges.take(&nth(2), 1000), None);
        assert_eq!(challenges.take(&nth(1)[..31], 1000), None);
        assert_eq!(challenges.take(&nth(1), 1299), Some(Ceremony::SignIn));
        assert_eq!(challenges.take(&nth(1), 1299), None, "once");
        for late in [1300, 999] {
            challenges.give(nth(1), Ceremony::SignIn, 1000);
            assert_eq!(challenges.take(&nth(1), late), None, "at {late}");
        }
    }

    #[test]
    fn many_strangers_take_little_memory_and_push_out_nobody_who_is_known() {
        let mut challenges = Challenges::default();
        let account = AccountId::from_bytes([1; 32]);
        let handle = [2; 32];
        let add = Ceremony::Add { account, handle };
        challenges.give(nth(0), add.clone(), 1000);
        for number in 1..=MOST + 10 {
            challenges.give(nth(number), Ceremony::SignIn, 1000);
        }
        assert_eq!(challenges.strangers.len(), MOST);
        assert_eq!(
            challenges.take(&nth(10), 1000),
            None,
            "the oldest are forgotten"
        );
        assert_eq!(challenges.take(&nth(11), 1000), Some(Ceremony::SignIn));
        assert_eq!(challenges.take(&nth(0), 1000), Some(add));
        challenges.give(nth(1), Ceremony::SignIn, 2000);
        assert_eq!(challenges.strangers.len(), 1, "what lapsed is gone");
    }
}
