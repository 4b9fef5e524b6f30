//! People on the command line: their accounts, and what takes two of them.

use clap::Subcommand;

use super::Plain;
use crate::value;

/// Verbs of `account`.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Close an account: what is known of its person is destroyed
    #[command(before_help = "Example:\n  ensign account close ACCOUNT --dir monitor")]
    Close {
        /// The account's id
        account: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Give the person of an account another code to enter
    ///
    /// What they signed in with before counts no more.
    #[command(before_help = "Example:\n  ensign account enrol ACCOUNT --dir monitor")]
    Enrol {
        /// The account's id
        account: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Grant an account a role
    #[command(
        before_help = "Example:\n  ensign account grant ACCOUNT --role auditor --until \
        2027-12-31T00:00:00Z --dir monitor"
    )]
    Grant {
        /// The account's id
        account: String,
        /// The role: administrator, auditor, guardian, registrar or submitter
        #[arg(long)]
        role: String,
        /// First moment no more, as RFC 3339 or Unix seconds
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<u64>,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the accounts
    #[command(before_help = "Example:\n  ensign account list --dir monitor --json")]
    List(Plain),
    /// Open an account for a person
    ///
    /// Prints the code with which the person enters at `/en/enrol` of the served node and chooses how
    /// to sign in. What the person is called is kept encrypted and comes into no log.
    #[command(
        before_help = "Example:\n  ensign account open \"Somebody\" --role administrator --dir monitor"
    )]
    Open {
        /// What the person is called
        name: String,
        /// A first role; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        #[command(flatten)]
        plain: Plain,
    },
    /// Take a role back from an account
    #[command(
        before_help = "Example:\n  ensign account withdraw ACCOUNT --role auditor --dir monitor"
    )]
    Withdraw {
        /// The account's id
        account: String,
        /// The role
        #[arg(long)]
        role: String,
        #[command(flatten)]
        plain: Plain,
    },
}

/// Verbs of `request`.
#[derive(Debug, Subcommand)]
pub enum Request {
    /// List what waits for other people, or waited
    #[command(before_help = "Example:\n  ensign request list --dir monitor")]
    List(Plain),
    /// Tell what is asked for, and what came of it
    #[command(before_help = "Example:\n  ensign request show REQUEST --dir monitor")]
    Show {
        /// The request's id
        request: String,
        #[command(flatten)]
        plain: Plain,
    },
    /// Take a request back
    #[command(before_help = "Example:\n  ensign request withdraw REQUEST --dir monitor")]
    Withdraw {
        /// The request's id
        request: String,
        #[command(flatten)]
        plain: Plain,
    },
}
