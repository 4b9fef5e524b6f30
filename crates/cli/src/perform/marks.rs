//! What the commands about assets, authorities and emblems do.

use std::path::Path;

use ensign_mark::commitment::MAX_EVIDENCE;
use ensign_node::asset::AssetRequest;
use ensign_node::authority::AuthorityRequest;
use ensign_node::emblem::{EmblemRequest, EndorsementRequest, MisuseRequest};
use ensign_node::{Command, Failure};

use super::{deploy, tell_plain, verification};
use crate::answer::{
    ASSET, ASSET_STATED, ASSETS, AUTHORITIES, AUTHORITY_STATED, EMBLEM, EMBLEM_STATED, EMBLEMS,
};
use crate::arguments::{Asset, Authority, Emblem, Misuse};
use crate::exit::{Exit, failure};
use crate::file;
use crate::talk::Talk;

pub(super) fn asset(act: Asset, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Asset::List {
            kind,
            outcome,
            asked,
            plain,
        } => {
            let asked = asked.into();
            let command = Command::AssetList {
                kind,
                outcome,
                asked,
            };
            (plain, command, ASSETS)
        }
        Asset::Register {
            kind,
            identifier,
            by,
            law,
            permanent,
            public,
            bearer,
            authority,
            replaces,
            time,
            plain,
        } => {
            let request = AssetRequest {
                party: by,
                kind,
                identifier,
                permanent,
                public,
                bearer,
                law,
                authority,
                from: time.from,
                until: time.until,
                replaces,
            };
            (plain, Command::AssetRegister(request), ASSET_STATED)
        }
        Asset::Show {
            id,
            kind,
            asked,
            plain,
        } => {
            let asked = asked.into();
            (plain, Command::AssetShow { id, kind, asked }, ASSET)
        }
        Asset::Withdraw {
            asset,
            reason,
            plain,
        } => (
            plain,
            Command::AssetWithdraw { asset, reason },
            ASSET_STATED,
        ),
    };
    tell_plain(plain, &command, layout, talk)
}

pub(super) fn authority(act: Authority, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Authority::List { asked, plain } => {
            let (index, at) = (asked.index, asked.at);
            (plain, Command::AuthorityList { index, at }, AUTHORITIES)
        }
        Authority::Recognise {
            organisation,
            by,
            keys,
            purposes,
            kinds,
            law,
            policy,
            replaces,
            time,
            plain,
        } => {
            let request = AuthorityRequest {
                party: by,
                organisation,
                keys,
                purposes,
                kinds,
                law,
                from: time.from,
                until: time.until,
                policy,
                supersedes: replaces,
            };
            let command = Command::AuthorityRecognise(request);
            (plain, command, AUTHORITY_STATED)
        }
        Authority::Withdraw {
            recognition,
            reason,
            plain,
        } => {
            let command = Command::AuthorityWithdraw {
                recognition,
                reason,
            };
            (plain, command, AUTHORITY_STATED)
        }
    };
    tell_plain(plain, &command, layout, talk)
}

pub(super) fn emblem(act: Emblem, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command, layout) = match act {
        Emblem::CheckDeployment(asked) => return deploy::check_deployment(&asked, talk),
        Emblem::Deploy(asked) => return deploy::deploy(asked, talk),
        Emblem::Endorse {
            key,
            by,
            purposes,
            last,
            with,
            log_from,
            time,
            plain,
        } => {
            let log_from = log_from.as_deref().map(chain_file).transpose()?;
            let request = EndorsementRequest {
                party: by,
                key,
                purposes,
                from: time.from,
                until: time.until,
                last,
                with,
                log_from,
            };
            (plain, Command::EmblemEndorse(request), EMBLEM_STATED)
        }
        Emblem::Issue {
            asset,
            purposes,
            by,
            with,
            time,
            plain,
        } => {
            let request = EmblemRequest {
                asset,
                purposes,
                from: time.from,
                until: time.until,
                party: by,
                key: with,
            };
            (plain, Command::EmblemIssue(request), EMBLEM_STATED)
        }
        Emblem::Key {
            party,
            organisation,
            plain,
        } => {
            let command = Command::EmblemKey {
                party,
                organisation,
            };
            (plain, command, EMBLEM_STATED)
        }
        Emblem::List {
            asset,
            asked,
            plain,
        } => {
            let asked = asked.into();
            (plain, Command::EmblemList { asset, asked }, EMBLEMS)
        }
        Emblem::Misuse(act) => return misuse(act, talk),
        Emblem::Revoke { id, reason, plain } => {
            (plain, Command::EmblemRevoke { id, reason }, EMBLEM_STATED)
        }
        Emblem::Show { id, asked, plain } => {
            let asked = asked.into();
            (plain, Command::EmblemShow { id, asked }, EMBLEM)
        }
        Emblem::Verify(asked) => return verification::verify(&asked, talk),
    };
    tell_plain(plain, &command, layout, talk)
}

/// A certificate chain in PEM.
fn chain_file(path: &Path) -> Result<String, Failure> {
    let content = file::read(path, MAX_EVIDENCE)?;
    String::from_utf8(content).map_err(|_| {
        let what = format!("{} holds no certificates in PEM", path.display());
        failure("command.argument", what)
    })
}

fn misuse(act: Misuse, talk: &mut Talk) -> Result<Exit, Failure> {
    let (plain, command) = match act {
        Misuse::Allege {
            asset,
            by,
            act,
            grade,
            emblem,
            evidence,
            from,
            until,
            plain,
        } => {
            let request = MisuseRequest {
                party: by,
                asset,
                emblem,
                act,
                grade,
                from,
                until,
                evidence,
            };
            (plain, Command::EmblemMisuse(request))
        }
        Misuse::Withdraw { allegation, plain } => {
            (plain, Command::EmblemMisuseWithdraw { allegation })
        }
    };
    tell_plain(plain, &command, EMBLEM_STATED, talk)
}
