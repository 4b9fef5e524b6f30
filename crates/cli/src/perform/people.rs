//! People: their accounts, and what takes two of them.

use ensign_node::{Command, Failure};

use super::tell_plain;
use crate::answer;
use crate::arguments::{Account, Request};
use crate::exit::Exit;
use crate::talk::Talk;

/// A command about accounts.
pub fn account(act: Account, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Account::Close { account, plain } => {
            (plain, Command::AccountClose { account }, answer::ACCOUNT)
        }
        Account::Enrol { account, plain } => {
            (plain, Command::AccountEnrol { account }, answer::ENTERING)
        }
        Account::Grant {
            account,
            role,
            until,
            plain,
        } => {
            let command = Command::AccountGrant {
                account,
                role,
                until,
            };
            (plain, command, answer::ACCOUNT)
        }
        Account::List(plain) => (plain, Command::AccountList, answer::ACCOUNTS),
        Account::Open { name, roles, plain } => {
            let command = Command::AccountOpen { name, roles };
            (plain, command, answer::ENTERING)
        }
        Account::Withdraw {
            account,
            role,
            plain,
        } => (
            plain,
            Command::AccountWithdraw { account, role },
            answer::ACCOUNT,
        ),
    };
    tell_plain(plain, &command, layout, talk)
}

/// A command about requests.
pub fn request(act: Request, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Request::List(plain) => (plain, Command::RequestList, answer::REQUESTS),
        Request::Show { request, plain } => {
            (plain, Command::RequestShow { request }, answer::REQUEST)
        }
        Request::Withdraw { request, plain } => {
            (plain, Command::RequestWithdraw { request }, answer::REQUEST)
        }
    };
    tell_plain(plain, &command, layout, talk)
}
