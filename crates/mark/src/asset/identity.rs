//! What identifies an asset, by its kind.
//!
//! | kind | text |
//! |---|---|
//! | `address` | `192.0.2.1`, `2001:db8::1` |
//! | `domain` | `www.example.org`; `.example.org` for that name and every name under it |
//! | `network` | `192.0.2.0/24`, `2001:db8::/32` |
//! | `place` | `+48.85830+002.29440/`: latitude and longitude in degrees, WGS 84 (ISO 6709 annex H) |
//! | `aircraft`, `corridor`, `vehicle`, `vessel` | a registration or name as a code, such as `imo:9074729` |
//!
//! Each text is a code, so it can stand in a statement; of each identity there is one text. Read is
//! also how tokens write the same: `[192.0.2.1]`, `[192.0.2.0/24]`, `*.example.org`.

use std::fmt;
use std::str::FromStr;

use ensign_trust::Code;
use thiserror::Error;

use crate::identifier::{AssetKind, Identifier, IdentifierError};
use crate::name::NameError;

/// What kind of thing an asset is: a closed vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One network address.
    Address,
    /// An aeroplane or helicopter.
    Aircraft,
    /// A way that is kept open.
    Corridor,
    /// A domain name, or all names under one.
    Domain,
    /// A range of network addresses.
    Network,
    /// A building or site.
    Place,
    /// An ambulance or another vehicle on land.
    Vehicle,
    /// A ship or boat.
    Vessel,
}

/// What identifies an asset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// A registration or name.
    Designation(Code),
    /// A domain, an address or a network.
    Network(Identifier),
    /// Where it is.
    Place(Position),
}

/// A point on the globe, WGS 84, in units of 0.00001 degrees: about one metre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    latitude: i32,
    longitude: i32,
}

/// A text identifies no asset of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not {}", expected(*.kind))]
pub struct NotAnIdentity {
    /// The kind.
    pub kind: Kind,
    /// What is wrong with it, where more than that is known.
    #[source]
    pub why: Option<Unfit>,
}

/// What is wrong with a text that identifies no asset of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    /// The domain of all names.
    #[error("every name there is, which is no asset")]
    EveryName,
    /// An address or a network of which there is no plain form.
    #[error(transparent)]
    Identifier(IdentifierError),
    /// Not a name of DNS.
    #[error(transparent)]
    Name(NameError),
    /// A URL, which names a page or a service.
    #[error("a URL was given: write the name or the address alone, without `https://` and path")]
    Url,
    /// It identifies an asset of another kind.
    #[error("it is of the kind `{0}`")]
    OtherKind(Kind),
}

/// Hundred thousandths of a degree in a degree.
const DEGREE: i32 = 100_000;

impl Kind {
    /// All of them, in order of their codes.
    pub const ALL: [Kind; 8] = [
        Kind::Address,
        Kind::Aircraft,
        Kind::Corridor,
        Kind::Domain,
        Kind::Network,
        Kind::Place,
        Kind::Vehicle,
        Kind::Vessel,
    ];

    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Address => "address",
            Kind::Aircraft => "aircraft",
            Kind::Corridor => "corridor",
            Kind::Domain => "domain",
            Kind::Network => "network",
            Kind::Place => "place",
            Kind::Vehicle => "vehicle",
            Kind::Vessel => "vessel",
        }
    }
}

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(text: &str) -> Result<Self, NotAKind> {
        let found = Kind::ALL.into_iter().find(|kind| kind.code() == text);
        found.ok_or(NotAKind)
    }
}

/// A text is no kind of asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a kind of asset is address, aircraft, corridor, domain, network, place, vehicle or vessel"
)]
pub struct NotAKind;

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Identity {
    /// Reads what identifies an asset of a kind.
    ///
    /// # Errors
    /// [`NotAnIdentity`] also for the domain of all names, which is no asset.
    pub fn read(kind: Kind, text: &str) -> Result<Self, NotAnIdentity> {
        let wrong = |why| NotAnIdentity { kind, why };
        match kind {
            Kind::Address | Kind::Domain | Kind::Network => {
                let network = on_network(kind, text).map_err(wrong)?;
                Ok(Identity::Network(network))
            }
            Kind::Place => {
                let position = text.parse().map_err(|()| wrong(None))?;
                Ok(Identity::Place(position))
            }
            Kind::Aircraft | Kind::Corridor | Kind::Vehicle | Kind::Vessel => {
                let code = Code::new(text).map_err(|_| wrong(None))?;
                Ok(Identity::Designation(code))
            }
        }
    }

    /// Reads an address, a network, a domain or a place, by which of them it looks like.
    ///
    /// # Errors
    /// As [`read`](Self::read), of that kind.
    pub fn guess(text: &str) -> Result<(Kind, Self), NotAnIdentity> {
        let kind = match text.starts_with(['+', '-']) {
            true => Kind::Place,
            false => looks_numeric(text).unwrap_or(Kind::Domain),
        };
        Ok((kind, Self::read(kind, text)?))
    }

    /// Whether all that `other` identifies is also identified by this one.
    pub fn contains(&self, other: &Identity) -> bool {
        match (self, other) {
            (Identity::Network(own), Identity::Network(other)) => own.contains(other),
            _ => self == other,
        }
    }

    /// The domain name, if it is exactly one: what a token can mark.
    pub fn domain(&self) -> Option<&Identifier> {
        match self {
            Identity::Network(identifier @ Identifier::Domain(_)) => Some(identifier),
            _ => None,
        }
    }

    /// Its text as a code; `None` for a name that is longer than any code.
    pub fn to_code(&self) -> Option<Code> {
        Code::new(self.to_string()).ok()
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identity::Designation(code) => f.write_str(code.as_str()),
            Identity::Network(Identifier::Address(address)) => write!(f, "{address}"),
            Identity::Network(Identifier::Network(network)) => write!(f, "{network}"),
            Identity::Network(Identifier::Domain(name)) => write!(f, "{name}"),
            Identity::Network(Identifier::Wildcard(Some(name))) => write!(f, ".{name}"),
            Identity::Network(Identifier::Wildcard(None)) => f.write_str("."),
            Identity::Place(position) => write!(f, "{position}"),
        }
    }
}

/// Reads a domain, an address or a network; says what is wrong, where more is known than that it is
/// none.
fn on_network(kind: Kind, text: &str) -> Result<Identifier, Option<Unfit>> {
    if text.contains("://") {
        return Err(Some(Unfit::Url));
    }
    let written = match (kind, looks_numeric(text)) {
        _ if text.starts_with('[') => text.to_owned(),
        (_, Some(_)) | (Kind::Address | Kind::Network, None) if !text.starts_with(['.', '*']) => {
            format!("[{text}]")
        }
        _ if text.starts_with('.') => format!("*{text}"),
        _ => text.to_owned(),
    };
    if matches!(&*written, "*" | "*.") {
        return Err(Some(Unfit::EveryName));
    }
    let identifier: Identifier = written.parse().map_err(|why| match why {
        IdentifierError::Name(why) => Some(Unfit::Name(why)),
        IdentifierError::Address => {
            let domain = text
                .parse()
                .is_ok_and(|it| matches!(it, Identifier::Domain(_)));
            domain.then_some(Unfit::OtherKind(Kind::Domain))
        }
        why => Some(Unfit::Identifier(why)),
    })?;
    let found = match identifier.kind() {
        AssetKind::Address => Kind::Address,
        AssetKind::Domain => Kind::Domain,
        AssetKind::Network => Kind::Network,
    };
    match found == kind {
        true => Ok(identifier),
        false => Err(Some(Unfit::OtherKind(found))),
    }
}

/// The kind of what looks like an address, with or without brackets, a prefix or a zone.
fn looks_numeric(text: &str) -> Option<Kind> {
    let inner = text.trim_start_matches('[').trim_end_matches(']');
    let address = inner.split(['/', '%']).next().unwrap_or_default();
    let hexadecimal = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
    let decimal = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let is_v6 = address.contains(':') && address.bytes().all(hexadecimal);
    let is_v4 = !address.is_empty() && address.bytes().all(decimal) && address != ".";
    match (is_v6 || is_v4, inner.contains('/')) {
        (false, _) => None,
        (true, false) => Some(Kind::Address),
        (true, true) => Some(Kind::Network),
    }
}

impl Position {
    /// The point at these hundred thousandths of a degree; `None` where they are on no globe.
    pub const fn new(latitude: i32, longitude: i32) -> Option<Self> {
        if latitude.unsigned_abs() <= 90 * DEGREE.unsigned_abs()
            && longitude.unsigned_abs() <= 180 * DEGREE.unsigned_abs()
        {
            Some(Position {
                latitude,
                longitude,
            })
        } else {
            None
        }
    }
}

impl FromStr for Position {
    type Err = ();

    /// Reads `±DD.DDDDD±DDD.DDDDD/`, with one to five decimals each.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.strip_suffix('/').ok_or(())?;
        let second = text.get(1..).and_then(|rest| rest.find(['+', '-']));
        let (latitude, longitude) = text.split_at(second.ok_or(())? + 1);
        let position = Position::new(degrees(latitude, 2)?, degrees(longitude, 3)?);
        position.ok_or(())
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut part = |value: i32, width: usize| {
            let sign = if value < 0 { '-' } else { '+' };
            let (whole, rest) = (value.abs() / DEGREE, value.abs() % DEGREE);
            write!(f, "{sign}{whole:0width$}.{rest:05}")
        };
        part(self.latitude, 2)?;
        part(self.longitude, 3)?;
        f.write_str("/")
    }
}

/// A sign, so many digits, and one to five decimals.
fn degrees(text: &str, width: usize) -> Result<i32, ()> {
    let (sign, rest) = text.split_at_checked(1).ok_or(())?;
    let (whole, decimals) = rest.split_once('.').ok_or(())?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != width || !(1..=5).contains(&decimals.len()) || !digits(whole) {
        return Err(());
    }
    if !digits(decimals) {
        return Err(());
    }
    let whole: i32 = whole.parse().map_err(|_| ())?;
    let decimals: i32 = format!("{decimals:0<5}").parse().map_err(|_| ())?;
    let value = whole * DEGREE + decimals;
    match sign {
        "+" => Ok(value),
        "-" => Ok(-value),
        _ => Err(()),
    }
}

const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Address => "a network address such as 192.0.2.1 or 2001:db8::1",
        Kind::Domain => "a domain such as www.example.org, or .example.org for all names under it",
        Kind::Network => "a network such as 192.0.2.0/24 or 2001:db8::/32",
        Kind::Place => "a position such as +48.85830+002.29440/ (ISO 6709)",
        Kind::Aircraft | Kind::Corridor | Kind::Vehicle | Kind::Vessel => {
            "1 to 128 of the characters A-Z a-z 0-9 . _ : / + -"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::Network;

    #[test]
    fn an_identity_has_one_text_that_is_a_code() {
        for (kind, text) in [
            (Kind::Address, "192.0.2.1"),
            (Kind::Address, "2001:db8::1"),
            (Kind::Domain, "www.example.org"),
            (Kind::Domain, ".example.org"),
            (Kind::Network, "192.0.2.0/24"),
            (Kind::Network, "2001:db8::/32"),
            (Kind::Place, "+48.85830+002.29440/"),
            (Kind::Place, "-00.00001-179.99999/"),
            (Kind::Vehicle, "AB-123-CD"),
            (Kind::Vessel, "imo:9074729"),
        ] {
            let identity = Identity::read(kind, text).unwrap();
            assert_eq!(identity.to_code().unwrap().as_str(), text);
        }
        for (kind, spelt, text) in [
            (Kind::Address, "[192.0.2.1]", "192.0.2.1"),
            (Kind::Address, "[2001:db8::1]", "2001:db8::1"),
            (Kind::Network, "[192.0.2.0/24]", "192.0.2.0/24"),
            (Kind::Domain, "*.Example.org.", ".example.org"),
        ] {
            let read = Identity::read(kind, spelt).unwrap();
            assert_eq!(read.to_string(), text);
            assert_eq!(Identity::guess(spelt), Ok((kind, read)));
        }
        let short = Identity::read(Kind::Place, "+48.8583+002.2944/").unwrap();
        assert_eq!(short.to_string(), "+48.85830+002.29440/");
    }

    #[test]
    fn what_is_of_another_kind_or_of_two_readings_is_refused() {
        let other = |kind| Some(Unfit::OtherKind(kind));
        let network = |first: &str, bits| Network::new(first.parse().unwrap(), bits).unwrap();
        let identifier = |why| Some(Unfit::Identifier(why));
        let name = |why| Some(Unfit::Name(why));
        for (kind, text, why) in [
            (Kind::Address, "192.0.2.0/24", other(Kind::Network)),
            (
                Kind::Address,
                "::ffff:192.0.2.1",
                identifier(IdentifierError::Mapped),
            ),
            (
                Kind::Address,
                "fe80::1%eth0",
                identifier(IdentifierError::Zone),
            ),
            (Kind::Address, "www.example.org", other(Kind::Domain)),
            (Kind::Address, "192.0.2.256", None),
            (Kind::Address, "here", None),
            (Kind::Network, "192.0.2.1", other(Kind::Address)),
            (
                Kind::Network,
                "192.0.2.1/24",
                identifier(IdentifierError::Beyond(network("192.0.2.0", 24))),
            ),
            (
                Kind::Network,
                "::ffff:0:0/96",
                identifier(IdentifierError::Mapped),
            ),
            (Kind::Domain, ".", Some(Unfit::EveryName)),
            (Kind::Domain, "*", Some(Unfit::EveryName)),
            (Kind::Domain, "*.", Some(Unfit::EveryName)),
            (Kind::Domain, "[192.0.2.1]", other(Kind::Address)),
            (Kind::Domain, "192.0.2.0/24", other(Kind::Network)),
            (
                Kind::Domain,
                "fe80::1%eth0",
                identifier(IdentifierError::Zone),
            ),
            (Kind::Domain, "hospital", name(NameError::NotQualified)),
            (Kind::Domain, "a..example", name(NameError::Label)),
            (
                Kind::Domain,
                "h\u{43e}spital.example",
                name(NameError::NotAscii),
            ),
            (Kind::Place, "48.8583,2.2944", None),
            (Kind::Place, "+90.00001+000.00000/", None),
            (Kind::Place, "+48.8583+2.2944/", None),
            (Kind::Place, "+48.858301+002.2944/", None),
            (Kind::Place, "+4\u{661}.8+002.2944/", None),
            (Kind::Place, "/", None),
            (Kind::Place, "\u{e9}/", None),
            (Kind::Vehicle, "two words", None),
            (Kind::Vehicle, "", None),
        ] {
            let refused = Err(NotAnIdentity { kind, why });
            assert_eq!(Identity::read(kind, text), refused, "{text}");
        }
    }

    #[test]
    fn what_a_text_looks_like_says_what_is_wrong_with_it() {
        for (text, kind) in [
            ("192.0.2.1", Kind::Address),
            ("[2001:db8::/32]", Kind::Network),
            ("www.example.org", Kind::Domain),
            ("+48.85830+002.29440/", Kind::Place),
        ] {
            assert_eq!(Identity::guess(text).map(|it| it.0), Ok(kind), "{text}");
        }
        for (text, kind, why) in [
            (
                "::ffff:192.0.2.1",
                Kind::Address,
                Some(IdentifierError::Mapped),
            ),
            ("fe80::1%eth0", Kind::Address, Some(IdentifierError::Zone)),
            (
                "192.0.2.0/33",
                Kind::Network,
                Some(IdentifierError::TooLong(32)),
            ),
            ("192.0.2.999", Kind::Address, None),
        ] {
            let why = why.map(Unfit::Identifier);
            assert_eq!(
                Identity::guess(text),
                Err(NotAnIdentity { kind, why }),
                "{text}"
            );
        }
        let refused = Identity::guess("example.org:443").unwrap_err();
        assert_eq!(refused.why, Some(Unfit::Name(NameError::NotAscii)));
    }

    #[test]
    fn networks_and_domains_contain_strictly_and_other_things_only_themselves() {
        let read = |kind, text| Identity::read(kind, text).unwrap();
        let network = read(Kind::Network, "192.0.2.0/24");
        assert!(network.contains(&read(Kind::Address, "192.0.2.7")));
        assert!(!network.contains(&read(Kind::Network, "192.0.0.0/16")));
        let zone = read(Kind::Domain, ".example.org");
        assert!(zone.contains(&read(Kind::Domain, "er.example.org")));
        assert!(!zone.contains(&read(Kind::Domain, "notexample.org")));
        let place = read(Kind::Place, "+48.85830+002.29440/");
        assert!(place.contains(&place));
        assert!(!place.contains(&read(Kind::Place, "+48.85831+002.29440/")));
    }
}
