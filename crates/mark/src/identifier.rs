//! What an emblem marks: identifiers of assets on the network, and which contains which.
//!
//! | text | meaning |
//! |---|---|
//! | `www.example.org` | one domain name |
//! | `*.example.org` | that name and every name under it; `*` alone is every name |
//! | `[192.0.2.1]`, `[2001:db8::1]` | one address |
//! | `[192.0.2.0/24]`, `[2001:db8::/32]` | all addresses of a network |
//!
//! Containment is strict: a network is contained only in one that holds all of its addresses, a
//! wildcard only in a wildcard above it, and names and addresses are not comparable. An address has
//! one form: IPv4-mapped IPv6, zone ids and networks with bits beyond their prefix are refused,
//! because two readers could take them for different assets.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;

use crate::name::{DomainName, NameError};

/// An asset, as a token names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identifier {
    /// One address.
    Address(IpAddr),
    /// One domain name.
    Domain(DomainName),
    /// All addresses of a network.
    Network(Network),
    /// A name and all names under it; every name where there is none.
    Wildcard(Option<DomainName>),
}

/// The addresses that share their first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// What kind of asset an identifier is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssetKind {
    /// One network address.
    Address,
    /// A domain name, or all names under one.
    Domain,
    /// A range of network addresses.
    Network,
}

/// Why a text identifies no asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdentifierError {
    /// Not an address, or in another than its plain form.
    #[error("what stands in brackets is neither an address nor a network")]
    Address,
    /// An address or a network without brackets.
    #[error("an address or a network stands in brackets, as in [192.0.2.1]")]
    Bare,
    /// IPv4 in the clothes of IPv6.
    #[error("an IPv4 address is written as IPv4, not as IPv4-mapped IPv6")]
    Mapped,
    /// Bits are set beyond the prefix; the network that was probably meant.
    #[error("bits are set beyond the prefix: the network is {0}")]
    Beyond(Network),
    /// Not a domain name.
    #[error("not a domain name")]
    Name(#[source] NameError),
    /// It is one, and tokens of the dialect mark nothing but single domain names.
    #[error("tokens of this dialect mark single domain names, and neither addresses nor wildcards")]
    OtherDialect,
    /// The prefix is not a plain number.
    #[error("the network's prefix is no plain number, as 24 in [192.0.2.0/24]")]
    Prefix,
    /// The prefix is longer than an address.
    #[error("the network's prefix is longer than the {0} bits of its addresses")]
    TooLong(u8),
    /// A URL, which names a page or a service and no asset.
    #[error(
        "this is a URL: write the name or the address alone, as www.example.org or [192.0.2.1]"
    )]
    Url,
    /// A zone, which means something on one machine only.
    #[error("an address with a zone means something on one machine only")]
    Zone,
}

impl Identifier {
    /// What kind of asset it is.
    pub fn kind(&self) -> AssetKind {
        match self {
            Identifier::Address(_) => AssetKind::Address,
            Identifier::Domain(_) | Identifier::Wildcard(_) => AssetKind::Domain,
            Identifier::Network(_) => AssetKind::Network,
        }
    }

    /// Whether all that `other` identifies is also identified by this one.
    pub fn contains(&self, other: &Identifier) -> bool {
        match (self, other) {
            (Identifier::Domain(own), Identifier::Domain(name)) => own == name,
            (Identifier::Wildcard(None), Identifier::Domain(_) | Identifier::Wildcard(_)) => true,
            (
                Identifier::Wildcard(Some(own)),
                Identifier::Domain(name) | Identifier::Wildcard(Some(name)),
            ) => name.is_within(own),
            (Identifier::Address(own), Identifier::Address(address)) => own == address,
            (Identifier::Network(own), Identifier::Address(address)) => own.holds(*address),
            (Identifier::Network(own), Identifier::Network(network)) => {
                own.bits <= network.bits && own.holds(network.address)
            }
            // A network of one address is that address.
            (Identifier::Address(own), Identifier::Network(network)) => {
                network.address == *own && network.bits == width(*own)
            }
            _ => false,
        }
    }
}

impl Network {
    /// The addresses whose first `bits` are those of `address`.
    ///
    /// # Errors
    /// [`IdentifierError::TooLong`] where `bits` is more than the address has,
    /// [`IdentifierError::Beyond`] where bits are set beyond them; [`IdentifierError::Mapped`] for
    /// IPv4-mapped IPv6.
    pub fn new(address: IpAddr, bits: u8) -> Result<Self, IdentifierError> {
        let address = plain(address)?;
        if bits > width(address) {
            return Err(IdentifierError::TooLong(width(address)));
        }
        let first = first(address, bits);
        let network = Network {
            address: first,
            bits,
        };
        match first == address {
            true => Ok(network),
            false => Err(IdentifierError::Beyond(network)),
        }
    }

    /// The network of one address alone.
    pub(crate) const fn of_one(address: IpAddr) -> Self {
        let bits = width(address);
        Network { address, bits }
    }

    /// Whether it is one address.
    pub(crate) const fn is_one(&self) -> bool {
        self.bits == width(self.address)
    }

    /// The first address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How many first bits are shared.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// Whether an address is one of them.
    pub fn holds(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4()
            && masked(address, self.bits) == number(self.address)
    }
}

impl AssetKind {
    /// All of them.
    pub const ALL: [AssetKind; 3] = [AssetKind::Address, AssetKind::Domain, AssetKind::Network];

    /// The name in policies.
    pub const fn code(self) -> &'static str {
        match self {
            AssetKind::Address => "address",
            AssetKind::Domain => "domain",
            AssetKind::Network => "network",
        }
    }
}

impl FromStr for Identifier {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        if text.contains("://") {
            return Err(IdentifierError::Url);
        }
        if let Some(rest) = text.strip_prefix('[') {
            let inner = rest.strip_suffix(']').ok_or(IdentifierError::Address)?;
            return bracketed(inner);
        }
        match text.strip_prefix('*') {
            Some("") => Ok(Identifier::Wildcard(None)),
            Some(rest) => {
                let name = rest.strip_prefix('.');
                let name = name.ok_or(IdentifierError::Name(NameError::NotAscii))?;
                let name = DomainName::parse(name, 1).map_err(IdentifierError::Name)?;
                Ok(Identifier::Wildcard(Some(name)))
            }
            // What is wrong with it says more than that its brackets are missing.
            None if is_bare(text) => match bracketed(text) {
                Ok(_) => Err(IdentifierError::Bare),
                Err(why) => Err(why),
            },
            None => {
                let name = text.parse().map_err(IdentifierError::Name)?;
                Ok(Identifier::Domain(name))
            }
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identifier::Address(address) => write!(f, "[{address}]"),
            Identifier::Domain(name) => write!(f, "{name}"),
            Identifier::Network(network) => write!(f, "[{network}]"),
            Identifier::Wildcard(None) => f.write_str("*"),
            Identifier::Wildcard(Some(name)) => write!(f, "*.{name}"),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// Whether a text without brackets is an address or a network.
fn is_bare(text: &str) -> bool {
    let address = text.split(['/', '%']).next().unwrap_or_default();
    address.parse::<IpAddr>().is_ok()
}

fn bracketed(text: &str) -> Result<Identifier, IdentifierError> {
    if text.contains('%') {
        return Err(IdentifierError::Zone);
    }
    let address = |text: &str| {
        let address = text.parse().map_err(|_| IdentifierError::Address)?;
        plain(address)
    };
    match text.split_once('/') {
        None => Ok(Identifier::Address(address(text)?)),
        Some((before, bits)) => {
            let plain = bits.bytes().all(|byte| byte.is_ascii_digit())
                && (bits == "0" || !bits.starts_with('0'));
            let bits = bits.parse().ok().filter(|_| plain);
            let bits = bits.ok_or(IdentifierError::Prefix)?;
            Ok(Identifier::Network(Network::new(address(before)?, bits)?))
        }
    }
}

fn plain(address: IpAddr) -> Result<IpAddr, IdentifierError> {
    match address {
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => Err(IdentifierError::Mapped),
        _ => Ok(address),
    }
}

const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The bits of an address from the top of a 128-bit number.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()) << 96,
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn masked(address: IpAddr, bits: u8) -> u128 {
    let mask = match bits {
        0 => 0,
        _ => u128::MAX << (128 - u32::from(bits)),
    };
    number(address) & mask
}

/// The first address that shares these bits.
fn first(address: IpAddr, bits: u8) -> IpAddr {
    let masked = masked(address, bits);
    match address {
        IpAddr::V4(_) => {
            let top = u32::try_from(masked >> 96).expect("32 bits are left");
            IpAddr::V4(Ipv4Addr::from_bits(top))
        }
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(masked)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Identifier {
        text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    #[test]
    fn an_identifier_has_one_text() {
        for text in [
            "www.example.org",
            "*.example.org",
            "*.org",
            "*",
            "[192.0.2.1]",
            "[2001:db8::1]",
            "[192.0.2.0/24]",
            "[2001:db8::/32]",
            "[0.0.0.0/0]",
            "[::/0]",
        ] {
            assert_eq!(read(text).to_string(), text);
        }
        assert_eq!(read("WWW.Example.ORG."), read("www.example.org"));
        assert_eq!(read("[2001:0DB8:0::1]"), read("[2001:db8::1]"));
    }

    fn beyond(address: &str, bits: u8) -> IdentifierError {
        IdentifierError::Beyond(Network::new(address.parse().unwrap(), bits).unwrap())
    }

    #[test]
    fn what_two_readers_could_take_for_different_assets_is_refused() {
        for (text, why) in [
            ("[::ffff:192.0.2.1]", IdentifierError::Mapped),
            ("[::ffff:192.0.2.0/120]", IdentifierError::Mapped),
            ("[fe80::1%eth0]", IdentifierError::Zone),
            ("[192.0.2.1/24]", beyond("192.0.2.0", 24)),
            ("[2001:db8::1/32]", beyond("2001:db8::", 32)),
            ("[192.0.2.0/33]", IdentifierError::TooLong(32)),
            ("[2001:db8::/129]", IdentifierError::TooLong(128)),
            ("[192.0.2.0/024]", IdentifierError::Prefix),
            ("[192.0.2.0/+24]", IdentifierError::Prefix),
            ("[192.0.2.0/]", IdentifierError::Prefix),
            ("[192.0.2]", IdentifierError::Address),
            ("[192.0.02.1]", IdentifierError::Address),
            ("[]", IdentifierError::Address),
            ("[2001:db8::1", IdentifierError::Address),
            ("192.0.2.1", IdentifierError::Bare),
            ("2001:db8::1", IdentifierError::Bare),
            ("192.0.2.0/24", IdentifierError::Bare),
            ("192.0.2.1/24", beyond("192.0.2.0", 24)),
            ("fe80::1%eth0", IdentifierError::Zone),
            ("::ffff:192.0.2.1", IdentifierError::Mapped),
        ] {
            assert_eq!(text.parse::<Identifier>(), Err(why), "{text}");
        }
        for text in [
            "example.org:443",
            "a.*.example.org",
            "**.example.org",
            "*example.org",
            "*.",
            "",
            "h\u{43e}spital.example.org",
        ] {
            let refused = text.parse::<Identifier>();
            assert!(matches!(refused, Err(IdentifierError::Name(_))), "{text}");
        }
        let told = |text: &str| text.parse::<Identifier>().unwrap_err().to_string();
        let meant = "bits are set beyond the prefix: the network is 192.0.2.0/24";
        assert_eq!(told("[192.0.2.1/24]"), meant);
    }

    #[test]
    fn only_what_holds_the_whole_of_another_contains_it() {
        for (outer, inner) in [
            ("www.example.org", "www.example.org"),
            ("*.example.org", "example.org"),
            ("*.example.org", "a.b.example.org"),
            ("*.example.org", "*.b.example.org"),
            ("*.example.org", "*.example.org"),
            ("*", "*.example.org"),
            ("*", "example.org"),
            ("[192.0.2.0/24]", "[192.0.2.7]"),
            ("[192.0.2.0/24]", "[192.0.2.128/25]"),
            ("[192.0.2.0/24]", "[192.0.2.0/24]"),
            ("[192.0.2.1]", "[192.0.2.1/32]"),
            ("[::/0]", "[2001:db8::/32]"),
        ] {
            assert!(read(outer).contains(&read(inner)), "{outer} {inner}");
        }
        for (outer, inner) in [
            ("example.org", "www.example.org"),
            ("example.org", "*.example.org"),
            ("*.example.org", "badexample.org"),
            ("*.example.org", "*.org"),
            ("*.example.org", "*"),
            ("*.b.example.org", "*.example.org"),
            ("*", "[192.0.2.1]"),
            ("[192.0.2.0/24]", "www.example.org"),
            ("[192.0.2.0/32]", "[192.0.0.0/16]"),
            ("[192.0.2.0/25]", "[192.0.2.0/24]"),
            ("[192.0.2.0/24]", "[192.0.3.1]"),
            ("[192.0.2.1]", "[192.0.2.0/31]"),
            ("[0.0.0.0/0]", "[2001:db8::1]"),
            ("[::/0]", "[192.0.2.1]"),
        ] {
            assert!(!read(outer).contains(&read(inner)), "{outer} {inner}");
        }
    }
}
