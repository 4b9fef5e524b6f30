//! Domain names, and the organisations that are named by them.
//!
//! A name is ASCII letters, digits and hyphens (RFC 1123, RFC 5890): names of other scripts come in
//! their `xn--` form and are shown in it, so two names that look alike never read alike. How such a
//! name shows as letters is told beside it ([`caution`](crate::caution)), never in its place. No
//! name is longer than DNS carries.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::punycode;

/// Longest name, without a trailing dot.
const MAX_NAME: usize = 253;
/// Longest label.
const MAX_LABEL: usize = 63;
/// What a label of another script begins with.
const ENCODED: &str = "xn--";
/// What an organisation's identifier begins with.
const SCHEME: &str = "https://";

/// A fully qualified domain name in lower case, without a trailing dot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(Box<str>);

/// An organisation identifier (OI): `https://` and a lower-case domain name, nothing after it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Organisation(DomainName);

/// Why a text is not a domain name or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameError {
    /// A label is empty, or begins or ends with a hyphen.
    #[error("a label of the name is empty, or begins or ends with a hyphen")]
    Label,
    /// Other characters than letters, digits, hyphens and dots.
    #[error("the name has other characters than ASCII letters, digits, hyphens and dots")]
    NotAscii,
    /// An organisation is not written in the one form that it has.
    #[error("an organisation is `https://` and a domain name in lower case, with nothing after it")]
    NotAnOrganisation,
    /// One label only, or a last label of digits, as in an address.
    #[error("the name is not fully qualified")]
    NotQualified,
    /// A label or the name is longer than DNS carries.
    #[error(
        "the name is longer than the {MAX_NAME} bytes, or a label than the {MAX_LABEL}, of DNS"
    )]
    TooLong,
}

impl DomainName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a label is in another script (`xn--`): what it shows as may look like another name.
    pub fn has_foreign_script(&self) -> bool {
        self.0.split('.').any(|label| label.starts_with(ENCODED))
    }

    /// The name as letters, its `xn--` labels decoded (RFC 3492); `None` where one cannot be, or
    /// would show as nothing or reorder what stands beside it. It is for reading, never for
    /// comparing.
    pub fn to_unicode(&self) -> Option<String> {
        let label = |label: &str| match label.strip_prefix(ENCODED) {
            None => Some(label.to_owned()),
            Some(encoded) => punycode::decode(encoded).filter(|it| it.chars().all(is_shown)),
        };
        let labels: Option<Vec<_>> = self.0.split('.').map(label).collect();
        Some(labels?.join("."))
    }

    /// Whether a label begins with `xn--` and is the Punycode of nothing: no other script is written
    /// so, and it is probably misspelt.
    pub fn is_misencoded(&self) -> bool {
        let mut encoded = self
            .0
            .split('.')
            .filter_map(|label| label.strip_prefix(ENCODED));
        encoded.any(|encoded| punycode::decode(encoded).is_none())
    }

    /// Whether it has one label, as `org` has.
    pub fn is_top_level(&self) -> bool {
        !self.0.contains('.')
    }

    /// Whether the name is `other` or under it, label by label.
    pub fn is_within(&self, other: &DomainName) -> bool {
        match self.0.strip_suffix(&*other.0) {
            Some(before) => before.is_empty() || before.ends_with('.'),
            None => false,
        }
    }

    /// Reads a name of at least `labels` labels.
    pub(crate) fn parse(text: &str, labels: usize) -> Result<Self, NameError> {
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.len() > MAX_NAME {
            return Err(NameError::TooLong);
        }
        let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        if !text.bytes().all(known) {
            return Err(NameError::NotAscii);
        }
        let mut last = "";
        let mut count = 0;
        for label in text.split('.') {
            if label.is_empty() || label.starts_with('-') || label.ends_with('-') {
                return Err(NameError::Label);
            }
            if label.len() > MAX_LABEL {
                return Err(NameError::TooLong);
            }
            (last, count) = (label, count + 1);
        }
        if count < labels || last.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NameError::NotQualified);
        }
        Ok(DomainName(text.to_ascii_lowercase().into()))
    }
}

/// Whether a character shows as itself: no control, space, mark of direction or likeness of a dot or
/// slash.
fn is_shown(c: char) -> bool {
    let hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}'
        | '\u{e0000}'..='\u{10ffff}');
    let divides = matches!(
        c,
        '.' | '/'
            | ':'
            | '@'
            | '\u{2024}'
            | '\u{2044}'
            | '\u{2215}'
            | '\u{3002}'
            | '\u{ff0e}'
            | '\u{ff0f}'
            | '\u{ff61}'
    );
    !(c.is_control() || c.is_whitespace() || hidden || divides)
}

impl FromStr for DomainName {
    type Err = NameError;

    /// Reads a name in any case, with or without a trailing dot.
    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text, 2)
    }
}

impl Organisation {
    /// The organisation of a domain.
    pub fn new(domain: DomainName) -> Self {
        Organisation(domain)
    }

    /// The domain that names it.
    pub fn domain(&self) -> &DomainName {
        &self.0
    }
}

impl FromStr for Organisation {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let domain = text.strip_prefix(SCHEME);
        let domain = domain.ok_or(NameError::NotAnOrganisation)?;
        let read: DomainName = domain.parse()?;
        if read.as_str() != domain {
            return Err(NameError::NotAnOrganisation);
        }
        Ok(Organisation(read))
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.0)
    }
}

impl fmt::Debug for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_in_any_case_and_kept_in_one() {
        let name: DomainName = "WWW.Hospital.Example.ORG.".parse().unwrap();
        assert_eq!(name.as_str(), "www.hospital.example.org");
        assert!(!name.has_foreign_script());
        let foreign: DomainName = "xn--80ak6aa92e.example".parse().unwrap();
        assert!(foreign.has_foreign_script());
        let shown = "\u{430}\u{440}\u{440}\u{4cf}\u{435}.example";
        assert_eq!(foreign.to_unicode().as_deref(), Some(shown));
        let label = "a".repeat(63);
        let long = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert!(long.parse::<DomainName>().is_ok());
        for (refused, why) in [
            (format!("{long}a"), NameError::TooLong),
            (format!("a{label}.example"), NameError::TooLong),
            ("hospital".into(), NameError::NotQualified),
            ("192.0.2.1".into(), NameError::NotQualified),
            ("a..example".into(), NameError::Label),
            (".example.org".into(), NameError::Label),
            ("example.org..".into(), NameError::Label),
            ("-a.example".into(), NameError::Label),
            ("".into(), NameError::Label),
            ("h\u{43e}spital.example".into(), NameError::NotAscii),
            ("a_b.example".into(), NameError::NotAscii),
            ("*.example.org".into(), NameError::NotAscii),
            ("a b.example".into(), NameError::NotAscii),
        ] {
            assert_eq!(refused.parse::<DomainName>(), Err(why), "{refused}");
        }
    }

    #[test]
    fn a_name_is_within_another_by_whole_labels() {
        let name = |text: &str| text.parse::<DomainName>().unwrap();
        let outer = name("example.org");
        assert!(name("example.org").is_within(&outer));
        assert!(name("a.b.example.org").is_within(&outer));
        assert!(!name("badexample.org").is_within(&outer));
        assert!(!outer.is_within(&name("a.example.org")));
    }

    #[test]
    fn an_organisation_has_one_text() {
        let text = "https://hospital.example";
        let organisation: Organisation = text.parse().unwrap();
        assert_eq!(organisation.to_string(), text);
        for refused in [
            "http://hospital.example",
            "https://Hospital.example",
            "https://hospital.example/",
            "https://hospital.example.",
            "https://hospital.example:443",
            "https://hospital.example?q",
            "https://user@hospital.example",
            "https://h\u{43e}spital.example",
            "hospital.example",
            "https://",
        ] {
            assert!(refused.parse::<Organisation>().is_err(), "{refused}");
        }
    }
}
