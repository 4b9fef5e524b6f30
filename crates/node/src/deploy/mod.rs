//! What is to be put into DNS and onto a web server so that others find an emblem.

use data_encoding::BASE64;
use ensign_mark::DomainName;
use ensign_mark::asset::Link;
use ensign_mark::caution::Caution;
use ensign_mark::commitment::Evidence;
use ensign_mark::discovery::{
    self, CWT_PATH, Deployment, Item, Nothing, Opened, RecordType, RootKey, Wanted, deployed_for,
    document, zone_lines,
};
use ensign_mark::policy::{Lack, Outcome, Policy};
use ensign_mark::token::{Dialect, Reading};
use ensign_mark::verify::{TokenSet, verify};
use ensign_trust::logbook::LogName;
use ensign_trust::{AssetId, StatementId};
use serde::{Deserialize, Serialize};

mod check;
mod web;

pub use check::{
    Check, CheckAnswer, CheckError, FoundSet, IgnoredAnswer, ItemState, Known, QuestionAnswer,
    State, check,
};

use crate::dns::{self, Authority, Naming};
use crate::error::Error;
use crate::node::Node;

/// A deployment that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeployRequest {
    /// An asset's id, or a domain name.
    pub id: String,
    /// Number of the record type under which emblems are published.
    pub ihle: u16,
    /// Seconds for which records may be kept.
    pub ttl: u32,
    /// Folder of the web server's files.
    pub root: String,
    /// Time judged, Unix seconds; now if none.
    pub at: Option<u64>,
}

/// What is to be put where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeployAnswer {
    /// The name.
    pub name: String,
    /// The asset.
    pub asset: AssetId,
    /// The statement that issued the emblem.
    pub emblem: StatementId,
    /// First second at which something of what the log says of the emblem no longer holds.
    pub until: u64,
    /// What ends then.
    pub ends_first: Link,
    /// Which other emblems stand for the name.
    pub cautions: Vec<Caution>,
    /// Tokens and keys, in the order of the records.
    pub items: Vec<ItemAnswer>,
    /// Lines of a zone file.
    pub zone: Vec<String>,
    /// Bytes of the longest answer to an ordinary question: of a name with and without an address, by
    /// this node's name server as it is called if nothing else is said.
    pub answer_bytes: Option<usize>,
    /// Whether that answer has to come over TCP.
    pub over_tcp: bool,
    /// Where on a web server the well-known file lies.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes, in base64.
    pub document: String,
    /// Lines for the `server` block of nginx.
    pub nginx: String,
    /// Lines for the virtual host of Apache httpd.
    pub apache: String,
    /// A site block of Caddy.
    pub caddy: String,
    /// Certificates by which organisations commit to their root keys.
    pub certificates: Vec<CertificateAnswer>,
    /// How a stranger without further evidence finds the set.
    #[serde(flatten)]
    pub found: SetAnswer,
}

/// A token or a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemAnswer {
    /// What it is.
    pub what: String,
    /// Its bytes, in base64.
    pub bytes: String,
}

/// A certificate that commits an organisation to a root key, if it is logged in Certificate
/// Transparency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateAnswer {
    /// Who commits.
    pub organisation: String,
    /// The root key.
    pub key: String,
    /// Whether it is the emblem's issuer.
    pub issuer: bool,
    /// The names that the certificate must have, neither as a wildcard.
    pub names: [String; 2],
    /// Whether an endorsement by the key names log entries.
    pub committed: bool,
}

/// How a set of tokens and keys is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetAnswer {
    /// The dialect of the results.
    pub dialect: Option<&'static str>,
    /// The results of the protocol that hold.
    pub results: Vec<&'static str>,
    /// The rule that failed, by its code.
    pub rule: Option<&'static str>,
    /// The same in words.
    pub why: Option<String>,
    /// What evidence is missing, by codes.
    pub lacks: Vec<&'static str>,
}

impl Node {
    /// What is to be deployed for an asset, or for a name by the choice that is made for it.
    ///
    /// # Errors
    /// [`Error::NothingToDeploy`], [`Error::NameKept`].
    pub fn deployment(&self, request: &DeployRequest) -> Result<DeployAnswer, Error> {
        let now = request.at.unwrap_or_else(|| self.clock.now());
        let nothing = || Error::NothingToDeploy {
            id: request.id.clone(),
        };
        let wanted: Wanted = request.id.parse().map_err(|_| nothing())?;
        let found = self.deployed(&wanted, now)?;
        let (name, deployment) = found.map_err(|why| match why {
            Nothing::Kept {
                name,
                asset,
                emblem,
            } => Error::NameKept {
                name: name.to_string(),
                emblem,
                asset,
            },
            Nothing::NoEmblem => nothing(),
        })?;
        let naming = Naming {
            ttl: request.ttl,
            ..Naming::default()
        };
        let origin = self.origin(LogName::Public);
        // A log whose origin is no name has a server that is called something else.
        let authority = naming.authority(origin.as_str());
        let authority = authority.or_else(|_| naming.authority(name.as_str())).ok();
        Ok(answer(&name, &deployment, request, authority.as_ref(), now))
    }

    /// The tokens and keys that a name publishes now, where they are public.
    ///
    /// # Errors
    /// [`Error::Views`], where the log's views cannot be read.
    pub fn published(&self, name: &DomainName) -> Result<Option<Vec<Item>>, Error> {
        let wanted = Wanted::Name(name.clone());
        let found = self.deployed(&wanted, self.clock.now())?.ok();
        let found = found.filter(|(_, deployment)| deployment.is_public);
        Ok(found.map(|(_, deployment)| deployment.items))
    }

    /// What an asset or a name is to publish, out of all that this node can read.
    fn deployed(
        &self,
        wanted: &Wanted,
        at: u64,
    ) -> Result<Result<(DomainName, Deployment), Nothing>, Error> {
        let register = self.views.register();
        let as_of = self.views.as_of(None, at)?;
        let opened = |digest: &[u8; 32]| self.read_here(digest);
        Ok(deployed_for(wanted, &register, &opened, &as_of))
    }

    /// A disclosure of an asset, for the local operator, and whether anybody may see it.
    fn read_here(&self, digest: &[u8; 32]) -> Option<Opened> {
        let public = self.disclosed(digest).ok().flatten();
        let is_public = public.is_some();
        let one = public.or_else(|| self.disclosed_here(digest).ok().flatten())?;
        let text = one.text().to_owned();
        Some(Opened { text, is_public })
    }
}

/// What there is to know besides: what the name publishes, what other parties have for it, and whether
/// anybody is shown it.
fn cautions(name: &DomainName, deployment: &Deployment) -> Vec<Caution> {
    let first = deployment.first;
    let not_first = (first.emblem != deployment.emblem).then(|| {
        let (name, emblem) = (name.clone(), first.emblem);
        match first.stands {
            true => Caution::OtherPublished { name, emblem },
            false => Caution::Kept { name, emblem },
        }
    });
    let others = deployment.others.iter();
    let others = others.filter(|it| it.stands && it.emblem != first.emblem);
    let others = others.map(|it| Caution::OtherParty {
        name: name.clone(),
        emblem: it.emblem,
    });
    let sealed = (!deployment.is_public).then(|| Caution::Sealed(name.clone()));
    not_first.into_iter().chain(others).chain(sealed).collect()
}

fn answer(
    name: &DomainName,
    deployment: &Deployment,
    request: &DeployRequest,
    authority: Option<&Authority>,
    now: u64,
) -> DeployAnswer {
    let items = &deployment.items;
    let ihle = RecordType(request.ihle);
    let answer_bytes = authority.and_then(|it| dns::longest(name, items, ihle, it));
    let file = document(items, Dialect::Cwt).expect("an emblem of a log is of this dialect");
    let files = [(Dialect::Cwt, file.clone())];
    let item = |item: &Item| ItemAnswer {
        what: item.label(),
        bytes: BASE64.encode(item.bytes()),
    };
    DeployAnswer {
        name: name.to_string(),
        asset: deployment.asset,
        emblem: deployment.emblem,
        until: deployment.ends.until,
        ends_first: deployment.ends.first,
        cautions: cautions(name, deployment),
        items: items.iter().map(item).collect(),
        zone: zone_lines(name, items, ihle, request.ttl),
        answer_bytes,
        over_tcp: answer_bytes.is_none_or(|bytes| bytes > dns::MAX_UDP),
        path: CWT_PATH,
        content_type: file.content_type,
        document: BASE64.encode(&file.body),
        nginx: discovery::nginx(&request.root, &files),
        apache: discovery::apache(&request.root, &files),
        caddy: discovery::caddy(name, &request.root, &files),
        certificates: deployment.roots.iter().map(certificate).collect(),
        found: judged(items, now),
    }
}

fn certificate(root: &RootKey) -> CertificateAnswer {
    CertificateAnswer {
        organisation: root.organisation.to_string(),
        key: root.key.to_string(),
        issuer: root.is_issuer,
        names: root.names(),
        committed: root.committed,
    }
}

/// How a set is found at a time, with no evidence but itself.
pub fn judged<'a>(items: impl IntoIterator<Item = &'a Item>, now: u64) -> SetAnswer {
    let (tokens, keys): (Vec<&Item>, Vec<&Item>) =
        items.into_iter().partition(|item| item.is_token());
    let keys = keys.iter().filter_map(|item| item.key()?.ok()).collect();
    let tokens = tokens.iter().map(|item| item.bytes());
    let Ok(set) = TokenSet::read(tokens, keys, Reading::Lenient) else {
        return SetAnswer {
            dialect: None,
            results: vec!["INVALID"],
            rule: Some("emblem-too-many"),
            why: Some(ensign_mark::verify::TooMany.to_string()),
            lacks: Vec::new(),
        };
    };
    let judgement = verify(&set, &Evidence::default(), &Policy::default(), now);
    let broken = judgement.report.holds.err();
    let lacks = match &judgement.outcome {
        Outcome::Unproven(lacks) => lacks.as_slice(),
        _ => &[],
    };
    // Nobody asked for a level: what holds is told, whatever it is.
    let lacks = lacks.iter().filter(|it| !matches!(it, Lack::Level { .. }));
    let mut lacks: Vec<_> = lacks.map(Lack::code).collect();
    lacks.dedup();
    SetAnswer {
        dialect: judgement.report.dialect.map(Dialect::code),
        results: judgement.report.results(),
        rule: broken.map(|broken| broken.rule.code()),
        why: broken.map(|broken| broken.rule.to_string()),
        lacks,
    }
}
