//! Which protection an emblem claims: the five kinds of the protocol.

use std::fmt;

/// One kind of protection (claim `prp`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Red cross, red crescent or red crystal, protective use: GC I, AP III. Bit 1.
    Protective,
    /// The same signs in indicative use: rules of the Movement. Bit 2.
    Indicative,
    /// Works and installations containing dangerous forces: AP I. Bit 4.
    DangerousForces,
    /// Civil defence: AP I. Bit 8.
    CivilDefence,
    /// Cultural property: Hague Convention 1954 and its protocols. Bit 16.
    CulturalProperty,
}

/// A set of purposes, never empty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purposes(u8);

impl Purpose {
    /// All of them, in the order of their bits.
    pub const ALL: [Purpose; 5] = [
        Purpose::Protective,
        Purpose::Indicative,
        Purpose::DangerousForces,
        Purpose::CivilDefence,
        Purpose::CulturalProperty,
    ];

    /// The bit of claim `prp`.
    pub const fn bit(self) -> u8 {
        match self {
            Purpose::Protective => 1,
            Purpose::Indicative => 2,
            Purpose::DangerousForces => 4,
            Purpose::CivilDefence => 8,
            Purpose::CulturalProperty => 16,
        }
    }

    /// The name in policies and answers.
    pub const fn code(self) -> &'static str {
        match self {
            Purpose::Protective => "protective",
            Purpose::Indicative => "indicative",
            Purpose::DangerousForces => "dangerous-forces",
            Purpose::CivilDefence => "civil-defence",
            Purpose::CulturalProperty => "cultural-property",
        }
    }

    /// The rules of law that give it, by their codes. A token names no law: this is what its
    /// protection stands for, by the first Geneva Convention and the third Additional Protocol, the
    /// rules of the Movement, the first Additional Protocol, and the Hague Convention of 1954.
    pub const fn laws(self) -> &'static [&'static str] {
        match self {
            Purpose::Protective => &["gc-i", "ap-iii"],
            Purpose::Indicative => &["movement"],
            Purpose::DangerousForces | Purpose::CivilDefence => &["ap-i"],
            Purpose::CulturalProperty => &["hague-1954"],
        }
    }

    /// The purpose with a name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

impl Purposes {
    /// All five.
    pub const ALL: Purposes = Purposes(31);

    /// The two that the JWS dialect can name.
    pub const JWS: Purposes = Purposes(3);

    /// The set with these bits; none for 0 and for bits that mean nothing.
    pub fn from_bits(bits: u64) -> Option<Self> {
        match bits {
            1..=31 => u8::try_from(bits).ok().map(Purposes),
            _ => None,
        }
    }

    /// The bits of claim `prp`.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether every purpose of `other` is in this set.
    pub const fn contains(self, other: Purposes) -> bool {
        self.0 & other.0 == other.0
    }

    /// The purposes, in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL
            .into_iter()
            .filter(move |it| self.0 & it.bit() != 0)
    }
}

impl From<Purpose> for Purposes {
    fn from(purpose: Purpose) -> Self {
        Purposes(purpose.bit())
    }
}

impl std::ops::BitOr for Purposes {
    type Output = Purposes;

    fn bitor(self, other: Purposes) -> Purposes {
        Purposes(self.0 | other.0)
    }
}

impl fmt::Display for Purposes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, purpose) in self.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{}", purpose.code())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Purposes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_without_meaning_are_refused() {
        assert_eq!(Purposes::from_bits(0), None);
        assert_eq!(Purposes::from_bits(32), None);
        assert_eq!(Purposes::from_bits(256), None);
        let all = Purpose::ALL.into_iter().map(Purposes::from);
        assert_eq!(all.reduce(|a, b| a | b), Some(Purposes::ALL));
        let two = Purposes::from_bits(9).unwrap();
        assert_eq!(two.to_string(), "protective, civil-defence");
        assert!(Purposes::ALL.contains(two) && !two.contains(Purposes::ALL));
    }
}
