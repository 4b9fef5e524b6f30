//! What a reader should know of things that break no rule: names of other scripts, networks and
//! zones that are wider than one body needs, tokens with odd times, secrets that were handed out.
//!
//! A caution changes no result. It stands beside the answer, in the same words on the command line,
//! on pages and in the API.
//!
//! | caution | when |
//! |---|---|
//! | [`Caution::Script`] | a name has an `xn--` label: as letters it may look like another name |
//! | [`Caution::Addresses`] | a network is a /16 or wider of IPv4, a /32 or wider of IPv6 |
//! | [`Caution::Names`] | every name under a top-level domain, or every name there is |
//! | [`Caution::IssuedAhead`] | `iat` comes after the time judged |
//! | [`Caution::Endless`] | `exp` lies beyond the year 9999 |
//! | [`Caution::Untagged`] | a token lacks the tag 61 of a CWT, which the drafts ask for |
//! | [`Caution::Reserved`] | addresses are set aside, and so are nobody's own on the open network |
//! | [`Caution::Law`] | the code of a law has no words here |
//! | [`Caution::PrivateKey`] | a private key lies among what was given |
//! | [`Caution::OtherParty`] | an emblem of another registrant stands for the same name |
//! | [`Caution::OtherPublished`] | another emblem stands for the same name, and is what is published |
//! | [`Caution::AlsoRegistered`] | another party has registered the same thing too |
//! | [`Caution::Kept`] | another registrant of the same name comes first, and its emblem does not stand |
//! | [`Caution::Sealed`] | the name or its emblem is not public, so no node publishes it |
//! | [`Caution::Registered`] | its registrant has registered the same thing already |
//!
//! The widths are those that registries allot to whole providers: 65,536 addresses of IPv4 were one
//! of its old classes, and a provider of IPv6 begins with a /32. A hospital or relief body has a
//! few hundred, so what is as wide marks much besides.

use std::fmt;
use std::net::IpAddr;

use ensign_trust::{AssetId, Code, StatementId};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::asset::Identity;
use crate::identifier::{Identifier, Network};
use crate::law;
use crate::name::{DomainName, Organisation};
use crate::token::Token;
use crate::verify::{Fate, Report, TokenSet};

/// The longest prefixes that are wide.
const WIDE_V4: u8 = 16;
const WIDE_V6: u8 = 32;
/// The last second of the year 9999, after which dates have no common form.
const LAST_SECOND: i64 = 253_402_300_799;

/// Something that breaks no rule and that a reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caution {
    /// A network is wide.
    Addresses(Network),
    /// Another party has registered the same identifier too.
    AlsoRegistered(AssetId),
    /// A token is valid for good.
    Endless {
        /// Its number in the set, from 1.
        token: usize,
    },
    /// A token says that it was made after the time judged.
    IssuedAhead {
        /// Its number in the set, from 1.
        token: usize,
        /// When, in Unix seconds.
        issued: i64,
    },
    /// Another registrant comes first for the same name, and its emblem does not stand: nothing is
    /// published for the name.
    Kept {
        /// The name.
        name: DomainName,
        /// The last `emblem.issued` of that registrant.
        emblem: StatementId,
    },
    /// The code of a law has no words here.
    Law(Code),
    /// Every name under a top-level domain, or every name.
    Names(Option<DomainName>),
    /// An emblem of another registrant stands for the same name.
    OtherParty {
        /// The name.
        name: DomainName,
        /// The `emblem.issued`.
        emblem: StatementId,
    },
    /// Another emblem stands for the same name, and is what is published for it.
    OtherPublished {
        /// The name.
        name: DomainName,
        /// The `emblem.issued`.
        emblem: StatementId,
    },
    /// A private key lies among what was given.
    PrivateKey {
        /// The name of its file, or which piece it is.
        at: String,
    },
    /// The same registrant has registered the same identifier already.
    Registered(AssetId),
    /// Addresses are set aside.
    Reserved(Network, Reserved),
    /// A name is written in another script.
    Script(DomainName),
    /// A name or its emblem is not public.
    Sealed(DomainName),
    /// A token lacks the tag of a CWT (61), which the later drafts ask for and an earlier one did not.
    Untagged {
        /// Its number in the set, from 1.
        token: usize,
    },
}

/// For what addresses are set aside (IANA Special-Purpose Address Registries, RFC 6890).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// For examples in documents.
    Documentation,
    /// For one link, without a router.
    LinkLocal,
    /// For the machine itself.
    Loopback,
    /// For groups of receivers.
    Multicast,
    /// For networks of one's own, which others use too.
    Private,
    /// For no machine in particular.
    Unspecified,
}

/// What is set aside, and for what.
const RESERVED: [(&str, u8, Reserved); 19] = [
    ("0.0.0.0", 8, Reserved::Unspecified),
    ("10.0.0.0", 8, Reserved::Private),
    ("100.64.0.0", 10, Reserved::Private),
    ("127.0.0.0", 8, Reserved::Loopback),
    ("169.254.0.0", 16, Reserved::LinkLocal),
    ("172.16.0.0", 12, Reserved::Private),
    ("192.0.2.0", 24, Reserved::Documentation),
    ("192.168.0.0", 16, Reserved::Private),
    ("198.51.100.0", 24, Reserved::Documentation),
    ("203.0.113.0", 24, Reserved::Documentation),
    ("224.0.0.0", 4, Reserved::Multicast),
    ("255.255.255.255", 32, Reserved::Multicast),
    ("::", 128, Reserved::Unspecified),
    ("::1", 128, Reserved::Loopback),
    ("2001:db8::", 32, Reserved::Documentation),
    ("3fff::", 20, Reserved::Documentation),
    ("fc00::", 7, Reserved::Private),
    ("fe80::", 10, Reserved::LinkLocal),
    ("ff00::", 8, Reserved::Multicast),
];

impl Reserved {
    /// For what all addresses of a network are set aside, if they are.
    fn of(network: &Network) -> Option<Self> {
        let found = RESERVED.into_iter().find(|(first, bits, _)| {
            let block = first.parse().ok();
            let block = block.and_then(|first| Network::new(first, *bits).ok());
            block.is_some_and(|block| *bits <= network.bits() && block.holds(network.address()))
        });
        found.map(|(_, _, reserved)| reserved)
    }

    /// In words.
    const fn says(self) -> &'static str {
        match self {
            Reserved::Documentation => "is for examples in documents, and reaches nobody",
            Reserved::LinkLocal => "means something on one link only",
            Reserved::Loopback => "is every machine's name for itself",
            Reserved::Multicast => "is for groups of receivers, and no machine's own",
            Reserved::Private => "is for networks of one's own: many others use the same",
            Reserved::Unspecified => "is no machine's address",
        }
    }
}

impl Caution {
    /// What there is to know about a name.
    pub fn of_name(name: &DomainName) -> Option<Self> {
        let foreign = name.has_foreign_script();
        foreign.then(|| Caution::Script(name.clone()))
    }

    /// What there is to know about an identifier.
    pub fn of_identifier(identifier: &Identifier) -> Vec<Self> {
        match identifier {
            Identifier::Address(address) => {
                let network = Network::of_one(*address);
                let reserved = Reserved::of(&network);
                reserved
                    .map(|it| Caution::Reserved(network, it))
                    .into_iter()
                    .collect()
            }
            Identifier::Domain(name) => Self::of_name(name).into_iter().collect(),
            Identifier::Network(network) => {
                let wide = match network.address() {
                    IpAddr::V4(_) => WIDE_V4,
                    IpAddr::V6(_) => WIDE_V6,
                };
                let is_wide = network.bits() <= wide;
                let wide = is_wide.then_some(Caution::Addresses(*network));
                let reserved = Reserved::of(network);
                let reserved = reserved.map(|it| Caution::Reserved(*network, it));
                wide.into_iter().chain(reserved).collect()
            }
            Identifier::Wildcard(under) => {
                let is_wide = under.as_ref().is_none_or(DomainName::is_top_level);
                let wide = is_wide.then(|| Caution::Names(under.clone()));
                let script = under.as_ref().and_then(Self::of_name);
                wide.into_iter().chain(script).collect()
            }
        }
    }

    /// What there is to know about what identifies an asset.
    pub fn of_identity(identity: &Identity) -> Vec<Self> {
        match identity {
            Identity::Network(identifier) => Self::of_identifier(identifier),
            Identity::Designation(_) | Identity::Place(_) => Vec::new(),
        }
    }

    /// What there is to know about the code of a law.
    pub fn of_law(law: &Code) -> Option<Self> {
        (!law::is_known(law)).then(|| Caution::Law(law.clone()))
    }

    /// What there is to know about a token of this number, at a time in Unix seconds.
    pub fn of_token(token: &Token, number: usize, now: u64) -> Vec<Self> {
        of_token(token, number, now)
    }

    /// What there is to know about the tokens that count, or whose words are shown, at a time in
    /// Unix seconds: each thing once.
    pub fn of_set(set: &TokenSet, report: &Report, now: u64) -> Vec<Self> {
        let fates = report.tokens.iter().enumerate();
        let counts = |(at, fate): (usize, &Fate)| {
            let counts = matches!(fate, Fate::Used(_)) || report.said == Some(at);
            counts.then_some(at)
        };
        let mut all: Vec<Self> = Vec::new();
        for at in fates.filter_map(counts) {
            let found = set.token(at).map(|token| of_token(token, at + 1, now));
            for caution in found.into_iter().flatten() {
                if !all.contains(&caution) {
                    all.push(caution);
                }
            }
        }
        all
    }

    /// The message id.
    pub fn code(&self) -> &'static str {
        match self {
            Caution::Addresses(network) if network.bits() == 0 => "caution-every-address",
            Caution::Addresses(_) => "caution-wide-network",
            Caution::AlsoRegistered(_) => "caution-also-registered",
            Caution::Endless { .. } => "caution-endless",
            Caution::IssuedAhead { .. } => "caution-issued-ahead",
            Caution::Kept { .. } => "caution-kept",
            Caution::Law(_) => "caution-law",
            Caution::Names(None) => "caution-every-name",
            Caution::Names(Some(_)) => "caution-wide-names",
            Caution::OtherParty { .. } => "caution-other-party",
            Caution::OtherPublished { .. } => "caution-other-published",
            Caution::PrivateKey { .. } => "caution-private-key",
            Caution::Registered(_) => "caution-registered",
            Caution::Reserved(_, Reserved::Documentation) => "caution-documentation",
            Caution::Reserved(_, Reserved::LinkLocal) => "caution-link-local",
            Caution::Reserved(_, Reserved::Loopback) => "caution-loopback",
            Caution::Reserved(_, Reserved::Multicast) => "caution-multicast",
            Caution::Reserved(_, Reserved::Private) => "caution-private-network",
            Caution::Reserved(_, Reserved::Unspecified) => "caution-unspecified",
            Caution::Script(name) => match name.to_unicode() {
                Some(_) => "caution-script",
                None if name.is_misencoded() => "caution-script-broken",
                None => "caution-script-hidden",
            },
            Caution::Sealed(_) => "caution-sealed",
            Caution::Untagged { .. } => "caution-untagged",
        }
    }

    /// What it is about: an identifier, a name, the number of a token, a file, an asset.
    pub fn about(&self) -> String {
        match self {
            Caution::Addresses(network) => network.to_string(),
            Caution::Law(law) => law.to_string(),
            Caution::Reserved(network, _) if network.is_one() => network.address().to_string(),
            Caution::Reserved(network, _) => network.to_string(),
            Caution::Endless { token }
            | Caution::IssuedAhead { token, .. }
            | Caution::Untagged { token } => token.to_string(),
            Caution::Names(None) => "*".to_owned(),
            Caution::Names(Some(under)) => format!("*.{under}"),
            Caution::Kept { name, .. }
            | Caution::OtherParty { name, .. }
            | Caution::OtherPublished { name, .. } => name.to_string(),
            Caution::PrivateKey { at } => at.clone(),
            Caution::AlsoRegistered(asset) | Caution::Registered(asset) => asset.to_string(),
            Caution::Script(name) | Caution::Sealed(name) => name.to_string(),
        }
    }

    /// What belongs to it: how a name shows as letters, how many addresses a network has, whose
    /// names are all meant, which other emblem there is.
    pub fn detail(&self) -> Option<String> {
        match self {
            Caution::Addresses(network) => Some(match (network.address(), network.bits()) {
                (IpAddr::V4(_), 0) => "IPv4".to_owned(),
                (IpAddr::V6(_), 0) => "IPv6".to_owned(),
                (IpAddr::V4(_), bits) => (1u64 << (32 - u32::from(bits.min(32)))).to_string(),
                (IpAddr::V6(_), bits) => format!("2^{}", 128 - u32::from(bits.min(128))),
            }),
            Caution::Law(_) => Some(law::KNOWN.join(", ")),
            Caution::Names(Some(under)) => Some(under.to_string()),
            Caution::Kept { emblem, .. }
            | Caution::OtherParty { emblem, .. }
            | Caution::OtherPublished { emblem, .. } => Some(emblem.to_string()),
            Caution::Script(name) => name.to_unicode(),
            _ => None,
        }
    }

    /// The moment that it is about, in Unix seconds.
    pub fn time(&self) -> Option<i64> {
        match self {
            Caution::IssuedAhead { issued, .. } => Some(*issued),
            _ => None,
        }
    }
}

/// What there is to know about a token of this number.
fn of_token(token: &Token, number: usize, now: u64) -> Vec<Caution> {
    let mut found = Vec::new();
    let subject = token.endorsement().and_then(|it| it.subject.as_ref());
    let named = token.issuer().into_iter().chain(subject);
    found.extend(named.map(Organisation::domain).filter_map(Caution::of_name));
    let assets = token.emblem().map_or(&[][..], |it| &it.assets);
    found.extend(assets.iter().flat_map(Caution::of_identifier));
    let validity = token.validity();
    let ahead = |issued: &i64| u64::try_from(*issued).is_ok_and(|issued| issued > now);
    if let Some(issued) = validity.issued.filter(ahead) {
        let token = number;
        found.push(Caution::IssuedAhead { token, issued });
    }
    if validity.expires > LAST_SECOND {
        found.push(Caution::Endless { token: number });
    }
    if token.is_untagged() {
        found.push(Caution::Untagged { token: number });
    }
    found
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = self.about();
        let detail = self.detail().unwrap_or_default();
        if let Caution::Reserved(_, reserved) = self {
            return write!(f, "{about} {}", reserved.says());
        }
        match self.code() {
            "caution-every-address" => write!(f, "{about} is every {detail} address there is"),
            "caution-wide-network" => write!(
                f,
                "{about} is wide: {detail} addresses, as many as a whole provider has"
            ),
            "caution-also-registered" => write!(
                f,
                "another party has registered the same identifier too, as {about}"
            ),
            "caution-endless" => {
                write!(
                    f,
                    "token {about} has no end that is a date: it is valid for good"
                )
            }
            "caution-issued-ahead" => write!(
                f,
                "token {about} says that it was made after the time judged, which decides nothing: \
                 its maker's clock or the time judged may be wrong"
            ),
            "caution-kept" => write!(
                f,
                "nothing is published for {about}: the party that comes first for the name has no emblem \
                 that stands since {detail}, and its registration does"
            ),
            "caution-law" => write!(
                f,
                "the law {about} has no words here, and stands as its code: those known are {detail}"
            ),
            "caution-every-name" => f.write_str("every domain name there is"),
            "caution-wide-names" => write!(f, "{about} is every name under .{detail}"),
            "caution-other-party" => write!(
                f,
                "another party has registered {about} too, and its emblem {detail} stands"
            ),
            "caution-other-published" => write!(
                f,
                "another emblem stands for {about}, and is the one that the name publishes: {detail}"
            ),
            "caution-private-key" => write!(
                f,
                "a private key lies in {about}: it was not used; never share it, and replace it \
                 where others have seen it"
            ),
            "caution-registered" => write!(
                f,
                "the same registrant has registered the same identifier already, as {about}"
            ),
            "caution-sealed" => write!(
                f,
                "{about} or its emblem is not public: no node publishes it by itself, and what is printed \
                 here is for servers of your own"
            ),
            "caution-script-broken" => write!(
                f,
                "{about} has a label with xn-- that stands for no letters: it is probably misspelt"
            ),
            "caution-untagged" => write!(
                f,
                "token {about} lacks the tag 61, which says that it is a CWT: the drafts ask for it, so \
                 others may refuse the token; its author should write both tags, 61 and 18"
            ),
            "caution-script" => write!(
                f,
                "{about} shows as {detail} in some programs: letters of other scripts can look \
                 like others, so compare the form with xn--"
            ),
            _ => write!(
                f,
                "{about} is written in another script, and cannot be shown as letters: compare \
                 the form with xn--"
            ),
        }
    }
}

/// As answers have it: code, the words, and what they are made of.
impl Serialize for Caution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_struct("Caution", 5)?;
        parts.serialize_field("code", self.code())?;
        parts.serialize_field("says", &self.to_string())?;
        parts.serialize_field("about", &self.about())?;
        parts.serialize_field("detail", &self.detail())?;
        parts.serialize_field("time", &self.time())?;
        parts.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Kind;

    fn codes(identifier: &str) -> Vec<(&'static str, String, Option<String>)> {
        let identifier = identifier.parse().unwrap();
        let found = Caution::of_identifier(&identifier).into_iter();
        found
            .map(|it| (it.code(), it.about(), it.detail()))
            .collect()
    }

    #[test]
    fn what_is_wide_is_told_with_how_wide_it_is() {
        let one = |identifier: &str| match &codes(identifier)[..] {
            [(code, _, detail)] => (*code, detail.clone().unwrap_or_default()),
            other => panic!("{identifier}: {other:?}"),
        };
        let of = |code, detail: &str| (code, detail.to_owned());
        assert_eq!(one("[0.0.0.0/0]"), of("caution-every-address", "IPv4"));
        assert_eq!(one("[::/0]"), of("caution-every-address", "IPv6"));
        assert_eq!(one("[192.0.0.0/8]"), of("caution-wide-network", "16777216"));
        assert_eq!(one("[9.1.0.0/16]"), of("caution-wide-network", "65536"));
        assert_eq!(one("[2001:db9::/32]"), of("caution-wide-network", "2^96"));
        assert_eq!(one("*"), of("caution-every-name", ""));
        assert_eq!(one("*.org"), of("caution-wide-names", "org"));
        for narrow in [
            "[9.1.0.0/17]",
            "[2001:db9::/33]",
            "[9.1.0.1]",
            "*.example.org",
            "example.org",
        ] {
            assert_eq!(codes(narrow), [], "{narrow}");
        }
        let identity = Identity::read(Kind::Network, "0.0.0.0/0").unwrap();
        assert_eq!(
            Caution::of_identity(&identity)[0].code(),
            "caution-every-address"
        );
        let place = Identity::read(Kind::Place, "+48.85830+002.29440/").unwrap();
        assert_eq!(Caution::of_identity(&place), []);
    }

    #[test]
    fn a_name_of_another_script_is_shown_in_both_forms() {
        let found = codes("xn--80ak6aa92e.example");
        let shown = "\u{430}\u{440}\u{440}\u{4cf}\u{435}.example".to_owned();
        let expected = (
            "caution-script",
            "xn--80ak6aa92e.example".into(),
            Some(shown.clone()),
        );
        assert_eq!(found, [expected]);
        let told = Caution::of_identifier(&"xn--80ak6aa92e.example".parse().unwrap());
        assert!(told[0].to_string().contains(&shown), "{}", told[0]);
        // What is no Punycode, or would reorder what stands beside it, is not shown.
        let hidden = "xn--example-676c.example";
        assert_eq!(codes(hidden)[0].0, "caution-script-hidden");
        let broken = "xn--99999999.example";
        assert_eq!(codes(broken)[0].0, "caution-script-broken");
        let both: Vec<_> = codes("*.xn--p1ai").into_iter().map(|it| it.0).collect();
        assert_eq!(both, ["caution-wide-names", "caution-script"]);
    }

    #[test]
    fn addresses_that_are_set_aside_are_told_with_what_for() {
        for (identifier, code, about) in [
            ("[127.0.0.1]", "caution-loopback", "127.0.0.1"),
            ("[::1]", "caution-loopback", "::1"),
            ("[0.0.0.0]", "caution-unspecified", "0.0.0.0"),
            ("[::]", "caution-unspecified", "::"),
            ("[169.254.7.0/24]", "caution-link-local", "169.254.7.0/24"),
            ("[fe80::1]", "caution-link-local", "fe80::1"),
            ("[192.0.2.0/24]", "caution-documentation", "192.0.2.0/24"),
            ("[2001:db8::1]", "caution-documentation", "2001:db8::1"),
            ("[224.0.0.251]", "caution-multicast", "224.0.0.251"),
            ("[ff02::fb]", "caution-multicast", "ff02::fb"),
            ("[10.1.2.3]", "caution-private-network", "10.1.2.3"),
            ("[fd00::/48]", "caution-private-network", "fd00::/48"),
        ] {
            let expected = (code, about.to_owned(), None);
            assert_eq!(codes(identifier), [expected], "{identifier}");
        }
        // What reaches beyond a block is not set aside.
        assert_eq!(codes("[192.0.2.0/23]"), []);
    }

    #[test]
    fn a_law_without_words_is_told_with_those_that_have_some() {
        let of = |law: &str| Caution::of_law(&Code::new(law).unwrap());
        for known in law::KNOWN {
            assert_eq!(of(known), None);
        }
        let told = of("nonsense").unwrap();
        assert_eq!((told.code(), &*told.about()), ("caution-law", "nonsense"));
        assert!(told.detail().unwrap().contains("gc-i, gc-ii"));
    }

    #[test]
    fn every_caution_is_answered_whole() {
        let network: Identifier = "[9.0.0.0/8]".parse().unwrap();
        let answer = serde_json::to_value(Caution::of_identifier(&network)).unwrap();
        assert_eq!(
            answer,
            serde_json::json!([{
                "code": "caution-wide-network",
                "says": "9.0.0.0/8 is wide: 16777216 addresses, as many as a whole provider has",
                "about": "9.0.0.0/8",
                "detail": "16777216",
                "time": null,
            }])
        );
    }
}
