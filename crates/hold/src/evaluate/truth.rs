//! Kleene's three truth values.

use std::ops::Not;

/// Whether something is so, as far as the evidence goes. `and` is the least, `or` the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It is not so.
    False,
    /// The evidence does not decide.
    Unknown,
    /// It is so.
    True,
}

impl Truth {
    /// What is surely so is possibly so: of these two, the one that is known.
    pub fn between(surely: bool, possibly: bool) -> Self {
        match (surely, possibly) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        }
    }

    /// It is so in some world.
    pub fn may_hold(self) -> bool {
        self != Truth::False
    }

    /// It is not so in some world.
    pub fn may_fail(self) -> bool {
        self != Truth::True
    }

    /// As a code.
    pub fn code(self) -> &'static str {
        match self {
            Truth::False => "false",
            Truth::Unknown => "unknown",
            Truth::True => "true",
        }
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        Truth::between(known, known)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};

    #[test]
    fn unknown_stays_unknown_unless_the_other_side_decides() {
        assert_eq!([Unknown.min(False), Unknown.min(True)], [False, Unknown]);
        assert_eq!([Unknown.max(False), Unknown.max(True)], [Unknown, True]);
        assert_eq!([!False, !Unknown, !True], [True, Unknown, False]);
    }
}
