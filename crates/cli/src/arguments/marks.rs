//! What is protected, who recognises whom, and which emblems say so.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ensign_mark::verify::Level;
use ensign_node::asset::AssetQuestion;

use super::{CheckDeployment, Deploy, Force, Form, Plain};
use crate::value;

/// Verbs of `asset`.
#[derive(Debug, Subcommand)]
pub enum Asset {
    /// List assets with the answer for each, the last one first
    #[command(before_help = "Example:\n  ensign asset list --kind domain --dir monitor")]
    List {
        /// Of this kind alone
        #[arg(long)]
        kind: Option<String>,
        /// With this answer alone: `recognised`, `declared`, `expired`, `revoked`, `not-yet` or
        /// `withdrawn`
        #[arg(long, value_name = "ANSWER")]
        outcome: Option<String>,
        #[command(flatten)]
        asked: Asked,
        #[command(flatten)]
        plain: Plain,
    },
    /// Register a thing that is protected
    ///
    /// Its identifier is sealed: the log holds a digest, and withdrawing the asset removes it.
    /// Nobody but whoever runs this node is shown it, unless `--public` says so. With `--permanent`
    /// it stands in the log instead, in every copy and for good: it can never be removed.
    #[command(
        before_help = "Example:\n  ensign asset register domain portal.hospital.example \
        --by PARTY --law gc-i --until 2028-01-01T00:00:00Z --dir monitor"
    )]
    Register {
        /// Kind: `address`, `aircraft`, `corridor`, `domain`, `network`, `place`, `vehicle` or
        /// `vessel`
        kind: String,
        /// What identifies it: 192.0.2.1, 192.0.2.0/24, www.example.org, .example.org or
        /// *.example.org for all names under it, +48.85830+002.29440/ for a place, or a registration
        identifier: String,
        /// Who registers it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// Under which law: `gc-i`, `gc-iv`, `ap-i`, `hague-1954` or another code
        #[arg(long)]
        law: String,
        /// Write the identifier into the log in clear: it can never be removed
        #[arg(long, conflicts_with = "public")]
        permanent: bool,
        /// Show the identifier to anybody until it is withdrawn
        #[arg(long)]
        public: bool,
        /// Who bears the emblem, if not who registers
        #[arg(long, value_name = "PARTY")]
        bearer: Option<String>,
        /// The authority that is counted on: `https://NAME`
        #[arg(long, value_name = "ORGANISATION")]
        authority: Option<String>,
        /// The asset whose registration this one replaces
        #[arg(long, value_name = "ASSET")]
        replaces: Option<String>,
        #[command(flatten)]
        time: Time,
        #[command(flatten)]
        plain: Plain,
    },
    /// Tell what is known about an asset, an address, a domain or a place
    ///
    /// No entry never means unprotected.
    #[command(
        before_help = "Example:\n  ensign asset show portal.hospital.example --dir monitor \
        --at 2027-03-01T00:00:00Z"
    )]
    Show {
        /// The asset's id, or what identifies it
        id: String,
        /// Kind of what identifies it, where that cannot be seen
        #[arg(long)]
        kind: Option<String>,
        #[command(flatten)]
        asked: Asked,
        #[command(flatten)]
        plain: Plain,
    },
    /// Withdraw an asset; a sealed identifier and its emblems' tokens are destroyed
    #[command(before_help = "Example:\n  ensign asset withdraw ASSET --reason moved --dir monitor")]
    Withdraw {
        /// The asset's id
        asset: String,
        /// Why: `closed`, `moved`, `mistaken`, `unsafe` or another code
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Verbs of `authority`.
#[derive(Debug, Subcommand)]
pub enum Authority {
    /// List who recognises whom, the last one first
    #[command(before_help = "Example:\n  ensign authority list --dir monitor --json")]
    List {
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        plain: Plain,
    },
    /// Recognise an organisation as an authority
    #[command(
        before_help = "Example:\n  ensign authority recognise https://ministry.example \
        --by PARTY --key KEY --purpose protective --law gc-i --dir monitor"
    )]
    Recognise {
        /// The organisation: `https://NAME`
        organisation: String,
        /// Who recognises it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// Id of a root key of it; may be repeated
        #[arg(long = "key", value_name = "KEY", required = true)]
        keys: Vec<String>,
        /// For which protection: `protective`, `indicative`, `dangerous-forces`, `civil-defence`
        /// or `cultural-property`; may be repeated
        #[arg(long = "purpose", value_name = "PURPOSE", required = true)]
        purposes: Vec<String>,
        /// For which kind of asset alone; may be repeated
        #[arg(long = "kind", value_name = "KIND")]
        kinds: Vec<String>,
        /// Under which law: `gc-i`, `ap-i`, `hague-1954` or another code
        #[arg(long)]
        law: String,
        /// SHA-256 of the party's trust policy
        #[arg(long, value_name = "SHA256")]
        policy: Option<String>,
        /// The recognition whose place this one takes
        #[arg(long, value_name = "RECOGNITION")]
        replaces: Option<String>,
        #[command(flatten)]
        time: Time,
        #[command(flatten)]
        plain: Plain,
    },
    /// Withdraw a recognition
    #[command(
        before_help = "Example:\n  ensign authority withdraw RECOGNITION --reason policy \
        --dir monitor"
    )]
    Withdraw {
        /// The recognition's statement
        recognition: String,
        /// Why, as a code
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Verbs of `emblem`.
#[derive(Debug, Subcommand)]
pub enum Emblem {
    /// Look at what others find of an emblem: ask as anybody asks, and compare
    ///
    /// Asks for the name's address, then for the emblem's records themselves, and reads the set back.
    /// Exit codes: 0 all is there and right, 1 something is wrong or missing, 3 no server answered.
    #[command(
        before_help = "Example:\n  ensign emblem check-deployment portal.hospital.example \
        --server 127.0.0.1:5300 --dir monitor"
    )]
    CheckDeployment(CheckDeployment),
    /// Print what is to be put into DNS and onto a web server so that others find an emblem
    ///
    /// Prints the lines of a zone file, in the generic syntax that every name server reads, the lines
    /// for a web server, and the certificates by which organisations commit to their keys.
    #[command(
        before_help = "Example:\n  ensign emblem deploy portal.hospital.example --dir monitor"
    )]
    Deploy(Deploy),
    /// Endorse another party's emblem key
    #[command(
        before_help = "Example:\n  ensign emblem endorse KEY --by PARTY --purpose protective \
        --until 2028-01-01T00:00:00Z --dir monitor"
    )]
    Endorse {
        /// The id of the key
        key: String,
        /// Who endorses it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// For which protection; may be repeated
        #[arg(long = "purpose", value_name = "PURPOSE", required = true)]
        purposes: Vec<String>,
        /// The key may not endorse others
        #[arg(long)]
        last: bool,
        /// Which of the party's emblem keys signs; the last one if not given
        #[arg(long, value_name = "KEY")]
        with: Option<String>,
        /// Name the log entries of this certificate chain, by which the party's organisation
        /// commits to that key (PEM, the issuer's certificate behind)
        #[arg(long, value_name = "FILE")]
        log_from: Option<PathBuf>,
        #[command(flatten)]
        time: Limited,
        #[command(flatten)]
        plain: Plain,
    },
    /// Issue an emblem for an asset
    ///
    /// A domain name gets a token to deploy; anything else is marked by the statement itself. The
    /// token names its issuer where the log has the issuer's own endorsement of the key, by a root
    /// key that it committed to (`ensign emblem endorse --log-from`); else it is SIGNED, no more.
    #[command(
        before_help = "Example:\n  ensign emblem issue ASSET --purpose protective \
        --until 2028-01-01T00:00:00Z --dir monitor"
    )]
    Issue {
        /// The asset's id
        asset: String,
        /// Which protection; may be repeated
        #[arg(long = "purpose", value_name = "PURPOSE", required = true)]
        purposes: Vec<String>,
        /// Who issues it, if not who registered the asset
        #[arg(long, value_name = "PARTY")]
        by: Option<String>,
        /// Which of the party's emblem keys signs; the last one if not given
        #[arg(long, value_name = "KEY")]
        with: Option<String>,
        #[command(flatten)]
        time: Limited,
        #[command(flatten)]
        plain: Plain,
    },
    /// Make a key that signs emblems for a party, keep it here and publish it
    #[command(
        before_help = "Example:\n  ensign emblem key PARTY --organisation https://hospital.example \
        --dir monitor"
    )]
    Key {
        /// The party's id
        party: String,
        /// For which organisation it signs: `https://NAME`
        #[arg(long)]
        organisation: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// List emblems, the last one first
    #[command(before_help = "Example:\n  ensign emblem list --dir monitor --json")]
    List {
        /// Of this asset alone
        #[arg(long)]
        asset: Option<String>,
        #[command(flatten)]
        asked: Asked,
        #[command(flatten)]
        plain: Plain,
    },
    /// State that a party alleges misuse, or withdraw that
    #[command(
        subcommand,
        before_help = "Example:\n  ensign emblem misuse withdraw ALLEGATION --dir monitor"
    )]
    Misuse(Misuse),
    /// Revoke an emblem, an endorsement or an emblem key
    #[command(before_help = "Example:\n  ensign emblem revoke EMBLEM --reason lost --dir monitor")]
    Revoke {
        /// The statement, the SHA-256 of the token, or the id of the key
        id: String,
        /// Why: `superseded`, `withdrawn`, `compromised` or another code
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Tell what is known about an emblem
    #[command(before_help = "Example:\n  ensign emblem show EMBLEM --dir monitor")]
    Show {
        /// The statement that issued it, or the SHA-256 of its token
        id: String,
        #[command(flatten)]
        asked: Asked,
        #[command(flatten)]
        plain: Plain,
    },
    /// Verify an emblem, with no network and no node
    ///
    /// What is verified is taken as found: anybody may have put it there. Keys of logs and a
    /// policy count only from `--evidence` and `--policy`, for which you vouch; certificates count
    /// from anywhere. Every step is told, and what is missing is named. Of a folder its own files are
    /// read; folders in it, pipes and devices are named and passed over.
    ///
    /// Exit codes: 0 the policy is met; 1 a rule failed, a signature is wrong, evidence contradicts
    /// the emblem, or there is none that can be read; 3 a file cannot be read; 4 nothing is wrong,
    /// and something is missing: evidence, an endorsement, or the key that signed a token, which is
    /// then named.
    #[command(
        before_help = "Example:\n  ensign emblem verify found --evidence certificates \
        --at 2026-09-21T14:13:20Z"
    )]
    Verify(Verifying),
}

/// What is to be verified, on which evidence, by which policy.
#[derive(Debug, Args)]
pub struct Verifying {
    /// Tokens and keys (JWS, CWT, JWK, JWK Set, COSE_Key, PEM), a bundle, the text of a card; a folder of
    /// such files, or `-` for standard input
    #[arg(value_name = "FILE|DIR", required = true)]
    pub what: Vec<PathBuf>,
    /// Certificate chains, keys of logs, inclusion proofs, revocation lists, or a folder of such
    /// files; may be repeated
    #[arg(long, value_name = "FILE|DIR")]
    pub evidence: Vec<PathBuf>,
    /// Trust policy in TOML; without one, every commitment must be proved
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// The default policy, but for the least that must hold
    #[arg(long, value_name = "LEVEL", value_parser = value::level(), conflicts_with = "policy")]
    pub least: Option<Level>,
    /// The time judged, as RFC 3339 or Unix seconds; now if not given
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub at: Option<u64>,
    /// Write tokens, keys, evidence and the policy's id to one file
    #[arg(long, value_name = "FILE")]
    pub bundle_to: Option<PathBuf>,
    #[command(flatten)]
    pub force: Force,
    #[command(flatten)]
    pub form: Form,
}

/// Verbs of `emblem misuse`.
#[derive(Debug, Subcommand)]
pub enum Misuse {
    /// State that a party alleges misuse; this finds nothing, it says who says so
    #[command(
        before_help = "Example:\n  ensign emblem misuse allege ASSET --by PARTY --act other-use \
        --grade reported --from 2027-03-01T00:00:00Z --dir monitor"
    )]
    Allege {
        /// The asset's id
        asset: String,
        /// Who alleges it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// What: `other-use`, `other-bearer`, `copied`, `forged` or another code
        #[arg(long)]
        act: String,
        /// How sure they say it is: `reported`, `corroborated`, `documented` or another code
        #[arg(long)]
        grade: String,
        /// The emblem's statement, where it is about one
        #[arg(long)]
        emblem: Option<String>,
        /// SHA-256 of evidence; may be repeated
        #[arg(long, value_name = "SHA256")]
        evidence: Vec<String>,
        /// First moment, as RFC 3339 or Unix seconds
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        from: u64,
        /// First moment no more, as RFC 3339 or Unix seconds
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<u64>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Withdraw an allegation
    #[command(before_help = "Example:\n  ensign emblem misuse withdraw ALLEGATION --dir monitor")]
    Withdraw {
        /// The allegation's statement
        allegation: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// When something holds.
#[derive(Debug, Clone, Copy, Args)]
pub struct Time {
    /// First moment, as RFC 3339 or Unix seconds; now if not given
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub from: Option<u64>,
    /// First moment no more, as RFC 3339 or Unix seconds
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub until: Option<u64>,
}

/// When something holds that always ends.
#[derive(Debug, Clone, Copy, Args)]
pub struct Limited {
    /// First moment, as RFC 3339 or Unix seconds; now if not given
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub from: Option<u64>,
    /// First moment no more, as RFC 3339 or Unix seconds
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub until: u64,
}

/// As of when a question is asked.
#[derive(Debug, Clone, Copy, Args)]
pub struct AsOf {
    /// The time judged, as RFC 3339 or Unix seconds; now if not given
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub at: Option<u64>,
    /// Size of the log judged; the whole log if not given
    #[arg(long, value_name = "SIZE")]
    pub index: Option<u64>,
}

/// As of when and for whom a question is asked.
#[derive(Debug, Clone, Args)]
pub struct Asked {
    #[command(flatten)]
    pub as_of: AsOf,
    /// A party whose recognitions count; all if none is given, may be repeated
    #[arg(long, value_name = "PARTY")]
    pub honour: Vec<String>,
}

impl From<Asked> for AssetQuestion {
    fn from(asked: Asked) -> Self {
        AssetQuestion {
            index: asked.as_of.index,
            at: asked.as_of.at,
            honour: asked.honour,
        }
    }
}
