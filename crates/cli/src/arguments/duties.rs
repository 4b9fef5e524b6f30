//! What was promised, what happened, and what each duty has come to.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ensign_node::instrument::Judged;

use super::marks::AsOf;
use super::{Form, Plain};
use crate::value;

/// Verbs of `instrument`.
#[derive(Debug, Subcommand)]
pub enum Instrument {
    /// Bind a party to a text
    ///
    /// The party needs a mandate as `signatory`. What it reserves and sets stays: a second adoption of
    /// the same text has no effect once the first has begun. Nothing reaches back.
    #[command(before_help = "Example:\n  ensign instrument adopt TEXT --by PARTY \
        --role state_with_jurisdiction --set threshold=90% --except AUDIT --dir monitor")]
    Adopt {
        /// The digest of the text
        text: String,
        /// Who adopts it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// In which role; may be repeated
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<String>,
        /// What it sets for itself; may be repeated
        #[arg(long = "set", value_name = "NAME=VALUE", value_parser = value::pair)]
        params: Vec<(String, String)>,
        /// A term that it does not accept; may be repeated
        #[arg(long = "except", value_name = "TERM")]
        excluded: Vec<String>,
        /// What it accepts instead of a term, such as "ANSWER=(within PT48H of asked)"; may be
        /// repeated
        #[arg(long = "instead", value_name = "TERM=(...)", value_parser = value::pair)]
        varied: Vec<(String, String)>,
        /// First moment, as RFC 3339 or Unix seconds; now if not given
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        from: Option<u64>,
        /// First moment no more, as RFC 3339 or Unix seconds
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<u64>,
        #[command(flatten)]
        plain: Plain,
    },
    /// End a party's adoption
    #[command(
        before_help = "Example:\n  ensign instrument leave TEXT --by PARTY --reason policy \
        --dir monitor"
    )]
    Leave {
        /// The digest of the text
        text: String,
        /// Who leaves it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// First moment in which it is no longer bound; now if not given
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<u64>,
        /// Why, as a code
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// List texts
    #[command(before_help = "Example:\n  ensign instrument list --dir monitor")]
    List {
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        plain: Plain,
    },
    /// Tell what is in force between whom, and why
    #[command(
        before_help = "Example:\n  ensign instrument matrix service_continuity --dir monitor"
    )]
    Matrix {
        /// The digest or name of a text; all if not given
        text: Option<String>,
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        plain: Plain,
    },
    /// Object to another party's reservation
    #[command(
        before_help = "Example:\n  ensign instrument object TEXT --by PARTY --against PARTY \
        --term AUDIT --dir monitor"
    )]
    Object {
        /// The digest of the text
        text: String,
        /// Who objects: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// Whose reservation it is: the party's id
        #[arg(long, value_name = "PARTY")]
        against: String,
        /// The term
        #[arg(long)]
        term: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Publish a text
    ///
    /// It is checked, its calendars are compiled into it, and it stands in the log for good: it must
    /// name no person. It binds nobody before somebody adopts it. Each list of holidays that a calendar
    /// names, as in `holidays eu_institutions`, is to be given.
    #[command(
        before_help = "Example:\n  ensign instrument publish nis2-article-23.term --by PARTY \
        --holidays eu_institutions=days.txt --dir monitor"
    )]
    Publish {
        /// The text in the term language
        file: PathBuf,
        /// Who publishes it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// A list of holidays that its calendars name: a file with a date a line, such as 2027-12-25; may
        /// be repeated
        #[arg(long, value_name = "NAME=FILE", value_parser = value::pair)]
        holidays: Vec<(String, String)>,
        /// Last date that the calendars of a text without end must know; 20 years on if not given
        #[arg(long, value_name = "DATE")]
        horizon: Option<String>,
        /// The publication of the text that this one amends
        #[arg(long, value_name = "STATEMENT")]
        amends: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Tell who is bound by a text, and what its duties have come to
    #[command(before_help = "Example:\n  ensign instrument show service_continuity --dir monitor")]
    Show {
        /// The digest or name of the text
        text: String,
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Verbs of `fact`.
#[derive(Debug, Subcommand)]
pub enum Fact {
    /// Attest how far a facility worked through a week
    #[command(before_help = "Example:\n  ensign fact attest clinic-7 50 --by PARTY \
        --from 2027-03-01T00:00:00Z --dir monitor")]
    Attest {
        /// The facility, as a code
        about: String,
        /// How far it worked: 0, 25, 50, 75 or 100
        percent: u64,
        /// Who attests it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// What is attested; `service.functionality` if not given
        #[arg(long)]
        indicator: Option<String>,
        /// First moment, as RFC 3339 or Unix seconds
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        from: u64,
        /// First moment no more; a week later if not given
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<u64>,
        /// The attestation whose place it takes
        #[arg(long, value_name = "STATEMENT")]
        replaces: Option<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// State a finding: what people determined and no machine can
    #[command(
        before_help = "Example:\n  ensign fact find beyond_control --by PARTY --cites STATEMENT \
        --dir monitor"
    )]
    Find {
        /// What was found, as a word of the text
        ground: String,
        /// Who finds it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// The contrary was found
        #[arg(long)]
        contrary: bool,
        /// Of which term, where it determines what became of one
        #[arg(long)]
        term: Option<String>,
        /// Which party did it
        #[arg(long, value_name = "PARTY")]
        attributed_to: Option<String>,
        /// By which standard of proof, as a code
        #[arg(long)]
        standard: Option<String>,
        /// The reasons; the log holds their digest
        #[arg(long)]
        reasons: Option<String>,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        plain: Plain,
    },
    /// Take in samples from a table with the columns `time` and `value`
    ///
    /// A row counts once, however often it stands there. A slot without a sample is one in which nobody
    /// was watching.
    #[command(before_help = "Example:\n  ensign fact import samples.csv --by PARTY \
        --indicator service.functionality --about clinic-7 --every 3600 --dir monitor")]
    Import {
        /// The table
        file: PathBuf,
        /// Who measured: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// What was measured
        #[arg(long)]
        indicator: String,
        /// Of what, as a code, where the table has no column `about`
        #[arg(long)]
        about: Option<String>,
        /// Seconds from one sample to the next
        #[arg(long, value_name = "SECONDS")]
        every: u64,
        /// A statement that the samples belong to; may be repeated
        #[arg(long, value_name = "STATEMENT")]
        cites: Vec<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Lodge a fact: something that happened, or that the party did
    #[command(
        before_help = "Example:\n  ensign fact lodge outage_notice --by PARTY --to PARTY \
        --cites STATEMENT --field asset=clinic-7 --dir monitor"
    )]
    Lodge {
        #[command(flatten)]
        fact: Lodged,
        #[command(flatten)]
        plain: Plain,
    },
    /// State that a party received an act: it then happened no later
    #[command(before_help = "Example:\n  ensign fact receipt ACT --by PARTY --dir monitor")]
    Receipt {
        /// The act's statement
        act: String,
        /// Who received it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// When, as RFC 3339 or Unix seconds; now if not given
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        at: Option<u64>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Take back a statement about facts
    #[command(
        before_help = "Example:\n  ensign fact withdraw FACT --reason mistaken --dir monitor"
    )]
    Withdraw {
        /// The statement
        fact: String,
        /// Why, as a code
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Verbs of `dispute`.
#[derive(Debug, Subcommand)]
pub enum Dispute {
    /// Close a dispute: the clock goes on
    #[command(
        before_help = "Example:\n  ensign dispute close DISPUTE --by PARTY --kind dispute_closed \
        --dir monitor"
    )]
    Close {
        /// The statement that opened it
        dispute: String,
        /// Who closes it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// The kind by which the text knows it
        #[arg(long)]
        kind: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Open a dispute: the clock stands, as far as the text says
    #[command(
        before_help = "Example:\n  ensign dispute open TRIGGER --by PARTY --kind dispute_admitted \
        --dir monitor"
    )]
    Open {
        /// The statement that started the duty
        trigger: String,
        /// Who opens it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        /// The kind by which the text knows it
        #[arg(long)]
        kind: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Verbs of `term`.
#[derive(Debug, Subcommand)]
pub enum Term {
    /// Check texts: needs no node and no network
    #[command(before_help = "Example:\n  ensign term check instruments/gge-13h.term")]
    Check {
        /// The texts
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        form: Form,
    },
    /// Judge every duty at a moment, as a log of some size shows it
    ///
    /// With `--log` it reads a copy of a log's files instead of a node, checks every signature and hash,
    /// and answers with the same bytes: give trust anchors, or the answer is consistent, not anchored,
    /// which is exit code 4.
    #[command(
        before_help = "Example:\n  ensign term eval --at 2027-03-01T00:00:00Z --index 1200 --json \
        --dir monitor"
    )]
    Eval {
        /// Of this text alone: its digest; the JSON answer always has all
        #[arg(long)]
        text: Option<String>,
        /// Owed by or to this party alone; the JSON answer always has all
        #[arg(long)]
        party: Option<String>,
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        copy: Copied,
        #[command(flatten)]
        plain: Plain,
    },
    /// Tell how one duty came to its status: every statement and every sum
    #[command(before_help = "Example:\n  ensign term explain OBLIGATION --dir monitor")]
    Explain {
        /// The obligation's id
        obligation: String,
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        copy: Copied,
        #[command(flatten)]
        plain: Plain,
    },
    /// Write a text in the one layout
    #[command(before_help = "Example:\n  ensign term fmt instruments/gge-13h.term")]
    Fmt {
        /// The text
        file: PathBuf,
        /// Write it back instead of printing it
        #[arg(long)]
        write: bool,
    },
    /// State what one duty has come to, so that others can compare
    ///
    /// A record changes no status anywhere.
    #[command(before_help = "Example:\n  ensign term record OBLIGATION --by PARTY --dir monitor")]
    Record {
        /// The obligation's id
        obligation: String,
        /// Who states it: the party's id
        #[arg(long, value_name = "PARTY")]
        by: String,
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        plain: Plain,
    },
    /// Tell what would change if a fact were lodged; nothing is
    #[command(
        before_help = "Example:\n  ensign term what-if explanation --by PARTY --cites STATEMENT \
        --at 2027-03-01T00:00:00Z --dir monitor"
    )]
    WhatIf {
        #[command(flatten)]
        fact: Lodged,
        #[command(flatten)]
        asked: AsOf,
        #[command(flatten)]
        plain: Plain,
    },
}

/// A fact.
#[derive(Debug, Args)]
pub struct Lodged {
    /// What happened or was done, as the text calls it
    pub kind: String,
    /// Who says or did it: the party's id
    #[arg(long, value_name = "PARTY")]
    pub by: String,
    /// To whom: the party's id
    #[arg(long, value_name = "PARTY")]
    pub to: Option<String>,
    /// A field: a whole number, `true`, `false` or a code; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = value::pair)]
    pub fields: Vec<(String, String)>,
    /// How sure it is: a whole number
    #[arg(long)]
    pub grade: Option<String>,
    #[command(flatten)]
    pub about: About,
}

/// What a statement is about, when, and what it belongs to.
#[derive(Debug, Args)]
pub struct About {
    /// What it is about, as a code
    #[arg(long)]
    pub about: Option<String>,
    /// First moment in which it may have been, as RFC 3339 or Unix seconds; now if not given
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub from: Option<u64>,
    /// Last moment in which it may have been; the first if not given
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    pub until: Option<u64>,
    /// A statement that it belongs to, as a rule a trigger; may be repeated
    #[arg(long, value_name = "STATEMENT")]
    pub cites: Vec<String>,
    /// The party's statement whose place it takes
    #[arg(long, value_name = "STATEMENT")]
    pub replaces: Option<String>,
}

/// A copy of a log's files.
#[derive(Debug, Args)]
pub struct Copied {
    /// Read a copy of a public log's files in this folder, without a node
    #[arg(long, value_name = "DIR")]
    pub log: Option<PathBuf>,
    /// Trust anchors for the copy, as `ensign trust export` writes them
    #[arg(long, value_name = "FILE", requires = "log")]
    pub trust: Option<PathBuf>,
}

impl From<AsOf> for Judged {
    fn from(asked: AsOf) -> Self {
        Judged {
            index: asked.index,
            at: asked.at.map(|at| i64::try_from(at).unwrap_or(i64::MAX)),
        }
    }
}
