//! Statuses, and sets of statuses that are possible.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::term::ast::State;

/// The status of an obligation as a result: a [`State`] that tells a late remedy from one in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Not started.
    Latent,
    /// Running.
    Active,
    /// Its clock stands.
    Suspended,
    /// Past its limit, within its grace.
    InGrace,
    /// Done in time.
    Met,
    /// Done after the limit, within the grace.
    Late,
    /// Not done.
    Breached,
    /// Not done, and its remedy is running.
    RemedyDue,
    /// Not done, and remedied in time.
    Remedied,
    /// Not done, and remedied later than was allowed.
    RemediedLate,
    /// Not done, and not remedied in time.
    Unremedied,
    /// An exception excused it.
    Excused,
    /// The creditor waived it.
    Waived,
    /// It ended with its instrument.
    Lapsed,
    /// The evidence does not decide.
    Undetermined,
}

use Status::*;

impl Status {
    /// All of them, in the order of lists.
    pub const ALL: [Status; 15] = [
        Latent,
        Active,
        Suspended,
        InGrace,
        Met,
        Late,
        Breached,
        RemedyDue,
        Remedied,
        RemediedLate,
        Unremedied,
        Excused,
        Waived,
        Lapsed,
        Undetermined,
    ];

    /// As a code.
    pub fn code(self) -> &'static str {
        match self {
            Latent => "latent",
            Active => "active",
            Suspended => "suspended",
            InGrace => "in_grace",
            Met => "met",
            Late => "late",
            Breached => "breached",
            RemedyDue => "remedy_due",
            Remedied => "remedied",
            RemediedLate => "remedied_late",
            Unremedied => "unremedied",
            Excused => "excused",
            Waived => "waived",
            Lapsed => "lapsed",
            Undetermined => "undetermined",
        }
    }

    /// It was breached, whatever came after.
    pub fn is_breach(self) -> bool {
        matches!(
            self,
            Breached | RemedyDue | Remedied | RemediedLate | Unremedied
        )
    }

    /// It can still be met or breached.
    pub fn is_open(self) -> bool {
        matches!(self, Latent | Active | Suspended | InGrace)
    }

    /// Whether a condition `status … is …` holds of it. A breach stays one, whatever the remedy.
    pub fn is(self, state: State) -> bool {
        match state {
            State::Latent => self == Latent,
            State::Active => self == Active,
            State::Suspended => self == Suspended,
            State::InGrace => self == InGrace,
            State::Met => self == Met,
            State::Late => self == Late,
            State::Breached => self.is_breach(),
            State::RemedyDue => self == RemedyDue,
            State::Remedied => matches!(self, Remedied | RemediedLate),
            State::Unremedied => self == Unremedied,
            State::Excused => self == Excused,
            State::Waived => self == Waived,
            State::Lapsed => self == Lapsed,
            State::Undetermined => self == Undetermined,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// The statuses that hold in some world.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Possible(u16);

impl Possible {
    /// None.
    pub const NONE: Possible = Possible(0);

    /// Just this one.
    pub const fn only(status: Status) -> Self {
        Possible(1 << status as u16)
    }

    /// These and one more.
    pub const fn or(self, status: Status) -> Self {
        Possible(self.0 | 1 << status as u16)
    }

    /// These, and one more if it may hold.
    pub const fn or_if(self, condition: bool, status: Status) -> Self {
        if condition { self.or(status) } else { self }
    }

    /// Those of both.
    pub const fn union(self, other: Possible) -> Self {
        Possible(self.0 | other.0)
    }

    /// Whether this one may hold.
    pub const fn has(self, status: Status) -> bool {
        self.0 & (1 << status as u16) != 0
    }

    /// Whether none may hold.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of them that are like this.
    pub fn filter(self, keep: impl Fn(Status) -> bool) -> Self {
        self.iter().filter(|status| keep(*status)).collect()
    }

    /// Whether one of them is like this.
    pub fn any(self, like: impl Fn(Status) -> bool) -> bool {
        self.iter().any(like)
    }

    /// Whether each of them is like this, and there is one.
    pub fn all(self, like: impl Fn(Status) -> bool) -> bool {
        !self.is_empty() && self.iter().all(like)
    }

    /// In the order of lists.
    pub fn iter(self) -> impl Iterator<Item = Status> {
        Status::ALL.into_iter().filter(move |s| self.has(*s))
    }

    /// The one that holds in every world, if there is one.
    pub fn status(self) -> Status {
        let mut held = self.iter();
        match (held.next(), held.next()) {
            (Some(status), None) => status,
            _ => Undetermined,
        }
    }
}

impl FromIterator<Status> for Possible {
    fn from_iter<I: IntoIterator<Item = Status>>(statuses: I) -> Self {
        statuses.into_iter().fold(Possible::NONE, Possible::or)
    }
}

impl fmt::Debug for Possible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Possible {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_possible_status_is_the_status_and_several_are_undetermined() {
        assert_eq!(Possible::only(Met).status(), Met);
        assert_eq!(Possible::only(Met).or(Late).status(), Undetermined);
        assert_eq!(Possible::NONE.status(), Undetermined);
    }

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        for status in Status::ALL {
            assert_eq!(
                Possible::only(status).iter().collect::<Vec<_>>(),
                [status],
                "{status}"
            );
        }
    }
}
