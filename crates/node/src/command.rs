//! What a node can be told to do, and what it answers: the same for the command line, which runs
//! a command in its own process where no node serves the folder, and for the socket, through
//! which the serving node runs it.

use std::path::PathBuf;

use ensign_trust::account::Action;
use ensign_trust::party::Refusal;
use serde::{Deserialize, Serialize};

use crate::asset::{AssetQuestion, AssetRequest};
use crate::authority::AuthorityRequest;
use crate::deploy::DeployRequest;
use crate::emblem::{EmblemRequest, EndorsementRequest, MisuseRequest};
use crate::error::{Error, chain};
use crate::fact::{AttestationRequest, FactRequest, FindingRequest, SamplesRequest};
use crate::instrument::{AdoptionRequest, Judged, PublicationRequest};
use crate::network::Internet;
use crate::node::Node;
use crate::people::{self, Asked};
use crate::told;

/// A command. Paths are absolute: the serving process has another working folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "field names are those of the command line, documented there"
)]
pub enum Command {
    /// Closes an account.
    AccountClose { account: String },
    /// Gives the person of an account another code to enter.
    AccountEnrol { account: String },
    /// Grants an account a role.
    AccountGrant {
        account: String,
        role: String,
        until: Option<u64>,
    },
    /// Lists accounts.
    AccountList,
    /// Opens an account.
    AccountOpen { name: String, roles: Vec<String> },
    /// Takes a role back from an account.
    AccountWithdraw { account: String, role: String },
    /// Lists assets, with the answer for each.
    AssetList {
        kind: Option<String>,
        outcome: Option<String>,
        asked: AssetQuestion,
    },
    /// Registers an asset.
    AssetRegister(AssetRequest),
    /// Tells what is known about an asset or an identifier.
    AssetShow {
        id: String,
        kind: Option<String>,
        asked: AssetQuestion,
    },
    /// Withdraws an asset, and removes what is removable.
    AssetWithdraw { asset: String, reason: String },
    /// Lists who recognises whom.
    AuthorityList { index: Option<u64>, at: Option<u64> },
    /// Recognises an organisation as an authority.
    AuthorityRecognise(AuthorityRequest),
    /// Ends a recognition.
    AuthorityWithdraw { recognition: String, reason: String },
    /// Tells what is to be published for an emblem.
    EmblemDeploy(DeployRequest),
    /// Endorses another key.
    EmblemEndorse(EndorsementRequest),
    /// Issues an emblem for an asset.
    EmblemIssue(EmblemRequest),
    /// Makes and publishes a key that signs emblems.
    EmblemKey {
        party: String,
        organisation: Option<String>,
    },
    /// Lists emblems.
    EmblemList {
        asset: Option<String>,
        asked: AssetQuestion,
    },
    /// Alleges misuse.
    EmblemMisuse(MisuseRequest),
    /// Withdraws an allegation of misuse.
    EmblemMisuseWithdraw { allegation: String },
    /// Revokes an emblem, an endorsement or a key.
    EmblemRevoke { id: String, reason: String },
    /// Tells what is known about an emblem.
    EmblemShow { id: String, asked: AssetQuestion },
    /// Closes a dispute.
    DisputeClose {
        party: String,
        kind: String,
        dispute: String,
    },
    /// Opens a dispute.
    DisputeOpen {
        party: String,
        kind: String,
        trigger: String,
    },
    /// Erases what is known of an account, an asset, a record or a party.
    Erase { subject: String, ground: String },
    /// Proves what is known about an asset in a file that a stranger can check.
    ExportAsset {
        asset: String,
        index: Option<u64>,
        reveal: bool,
    },
    /// Proves that a log contradicted itself in a file that anybody can judge.
    ExportContradiction { of: String },
    /// Proves one record in a file that a stranger can check.
    ExportIncident { id: String },
    /// Proves what became of one obligation in a file that a stranger can check.
    ExportObligation { obligation: String, asked: Judged },
    /// Attests how far a facility worked.
    FactAttest(AttestationRequest),
    /// States a finding.
    FactFind(FindingRequest),
    /// Takes in samples.
    FactImport(SamplesRequest),
    /// Lodges a fact.
    FactLodge(FactRequest),
    /// States that an act was received.
    FactReceipt {
        party: String,
        act: String,
        at: Option<u64>,
    },
    /// Takes back a statement about facts.
    FactWithdraw { fact: String, reason: String },
    /// Takes in a published file.
    Import {
        format: String,
        file: PathBuf,
        covers: Option<Covers>,
    },
    /// Adopts a text.
    InstrumentAdopt(AdoptionRequest),
    /// Ends an adoption.
    InstrumentLeave {
        party: String,
        text: String,
        until: Option<u64>,
        reason: String,
    },
    /// Lists texts.
    InstrumentList { asked: Judged },
    /// Tells what is in force between whom.
    InstrumentMatrix { text: Option<String>, asked: Judged },
    /// Objects to another party's reservation.
    InstrumentObject {
        party: String,
        text: String,
        against: String,
        term: String,
    },
    /// Publishes a text.
    InstrumentPublish(PublicationRequest),
    /// Tells who is bound by a text and what its duties have come to.
    InstrumentShow { text: String, asked: Judged },
    /// Gives a party one more key.
    KeyAdd { party: String },
    /// Lists the keys that ever spoke for a party, or all.
    KeyList { party: Option<String> },
    /// Ends a key as of a log index, the next one if none is given.
    KeyRevoke {
        key: String,
        as_of: Option<u64>,
        reason: String,
    },
    /// Replaces a party's key by a fresh one.
    KeyRotate { party: String },
    /// Lets a party act in a role.
    MandateGrant {
        to: String,
        role: String,
        scope: Option<String>,
        from: Option<u64>,
        until: Option<u64>,
    },
    /// Lists mandates.
    MandateList,
    /// Ends a mandate.
    MandateWithdraw { mandate: String },
    /// Founds a party whose key this node keeps.
    PartyFound { name: String, nature: String },
    /// Lists parties.
    PartyList,
    /// Lists what waits for other people, or waited.
    RequestList,
    /// Tells what is asked for, and what came of it.
    RequestShow { request: String },
    /// Takes a request back.
    RequestWithdraw { request: String },
    /// Lets a node write that came out of a backup, where it is shown that nothing is missing.
    RestoreFinish {
        checkpoints: Vec<String>,
        from: Option<PathBuf>,
    },
    /// Seals the logs of a node that came out of a backup, and founds the node that goes on.
    RestoreSeal { to: PathBuf, origin: String },
    /// Tells how the node stands.
    Status,
    /// Judges every duty.
    TermEval {
        text: Option<String>,
        party: Option<String>,
        asked: Judged,
    },
    /// Tells how one duty came to its status.
    TermExplain { obligation: String, asked: Judged },
    /// States what one duty has come to.
    TermRecord {
        party: String,
        obligation: String,
        asked: Judged,
    },
    /// Tells what would change if a fact were lodged.
    TermWhatIf { fact: FactRequest, asked: Judged },
    /// Writes the trust anchors of this node.
    TrustExport,
    /// Projects both logs afresh.
    ViewsRebuild,
    /// Watches a log, or asks a witness.
    WitnessAdd {
        key: String,
        address: Option<String>,
        quorum: Option<usize>,
    },
    /// Asks a witness no more.
    WitnessRemove { name: String, quorum: Option<usize> },
    /// Tells how the witnesses stand.
    WitnessStatus,
}

/// The dates that a published file covers, both inclusive, as `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covers {
    /// First date.
    pub from: String,
    /// Last date.
    pub until: String,
}

/// How far a command has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being counted: `reading`, `comparing`, `copying`, `writing`, `projecting`, `verifying`.
    pub stage: String,
    /// How many are done.
    pub done: u64,
    /// Of how many, where that is known.
    pub total: Option<u64>,
}

/// What the socket sends back, one JSON object a line; the last line is not a progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The command did its work.
    Answer(serde_json::Value),
    /// The command could not do its work.
    Failed(Failure),
    /// The command is at work.
    Progress(Progress),
}

/// Why a command did not do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Id of the message in every language.
    pub code: String,
    /// The message in English, causes included.
    pub message: String,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// Whether another try may go through without a change.
    pub unavailable: bool,
}

impl Command {
    /// Runs the command on an open node.
    pub fn run(
        &self,
        node: &Node,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<serde_json::Value, Error> {
        fn json(answer: impl Serialize) -> Result<serde_json::Value, Error> {
            serde_json::to_value(answer).map_err(Error::Answer)
        }
        match self {
            Command::AccountClose { account } => json(node.close_account(account, None)?),
            Command::AccountEnrol { account } => {
                if account.parse().is_ok_and(|account| node.decides(account)) {
                    let account = account.clone();
                    node.wait_for_others(&Asked::AccountEnrol { account })?;
                }
                json(node.enrol_again(account, None)?)
            }
            Command::AccountGrant {
                account,
                role,
                until,
            } => {
                let granted = people::role(role)?;
                if granted.decides() {
                    let (account, role, until) = (account.clone(), role.clone(), *until);
                    let asked = Asked::AccountGrant {
                        account,
                        role,
                        until,
                    };
                    node.wait_for_others(&asked)?;
                }
                json(node.grant_role(account, granted, *until, None)?)
            }
            Command::AccountList => json(node.accounts(None)?),
            Command::AccountOpen { name, roles } => {
                let roles = roles.iter().map(|it| people::role(it));
                let roles = roles.collect::<Result<Vec<_>, _>>()?;
                if roles.iter().any(|role| role.decides()) {
                    node.takes_two(Action::AccountEmpower)?;
                }
                json(node.open_account(name, &roles, None)?)
            }
            Command::AccountWithdraw { account, role } => {
                json(node.withdraw_role(account, people::role(role)?, None)?)
            }
            Command::AssetList {
                kind,
                outcome,
                asked,
            } => {
                let listed = node.list_assets(kind.as_deref(), outcome.as_deref(), asked)?;
                told::named(node, json(listed)?)
            }
            Command::AssetRegister(request) => json(node.register_asset(request)?),
            Command::AssetShow { id, kind, asked } => {
                told::judged(node, json(node.show_asset(id, kind.as_deref(), asked)?)?)
            }
            Command::AssetWithdraw { asset, reason } => json(node.withdraw_asset(asset, reason)?),
            Command::AuthorityList { index, at } => {
                told::named(node, json(node.authorities(*index, *at)?)?)
            }
            Command::AuthorityRecognise(request) => json(node.recognise_authority(request)?),
            Command::AuthorityWithdraw {
                recognition,
                reason,
            } => json(node.withdraw_authority(recognition, reason)?),
            Command::EmblemDeploy(request) => json(node.deployment(request)?),
            Command::EmblemEndorse(request) => json(node.endorse_key(request)?),
            Command::EmblemIssue(request) => json(node.issue_emblem(request)?),
            Command::EmblemKey {
                party,
                organisation,
            } => json(node.publish_emblem_key(party, organisation.as_deref())?),
            Command::EmblemList { asset, asked } => {
                told::named(node, json(node.list_emblems(asset.as_deref(), asked)?)?)
            }
            Command::EmblemMisuse(request) => json(node.allege_misuse(request)?),
            Command::EmblemMisuseWithdraw { allegation } => json(node.withdraw_misuse(allegation)?),
            Command::EmblemRevoke { id, reason } => json(node.revoke_emblem(id, reason)?),
            Command::EmblemShow { id, asked } => {
                told::judged(node, json(node.show_emblem(id, asked)?)?)
            }
            Command::DisputeClose {
                party,
                kind,
                dispute,
            } => json(node.close_dispute(party, kind, dispute)?),
            Command::DisputeOpen {
                party,
                kind,
                trigger,
            } => json(node.open_dispute(party, kind, trigger)?),
            Command::Erase { subject, ground } => {
                let asked = Asked::SubjectErase {
                    subject: subject.clone(),
                    ground: ground.clone(),
                };
                node.wait_for_others(&asked)?;
                json(node.erase_subject(subject, ground)?)
            }
            Command::ExportAsset {
                asset,
                index,
                reveal,
            } => {
                if *reveal {
                    let asset = asset.clone();
                    node.wait_for_others(&Asked::PlaceReveal { asset })?;
                }
                json(node.export_asset(asset, *index, *reveal)?)
            }
            Command::ExportContradiction { of } => json(node.export_contradiction(of)?),
            Command::ExportIncident { id } => json(node.export_incident(id)?),
            Command::ExportObligation { obligation, asked } => {
                json(node.export_obligation(obligation, *asked)?)
            }
            Command::FactAttest(request) => json(node.attest(request)?),
            Command::FactFind(request) => json(node.find(request)?),
            Command::FactImport(request) => json(node.import_samples(request, progress)?),
            Command::FactLodge(request) => json(node.lodge_fact(request)?),
            Command::FactReceipt { party, act, at } => json(node.receipt_fact(party, act, *at)?),
            Command::FactWithdraw { fact, reason } => json(node.withdraw_fact(fact, reason)?),
            Command::Import {
                format,
                file,
                covers,
            } => json(node.import(format, file, covers.as_ref(), progress)?),
            Command::InstrumentAdopt(request) => json(node.adopt_instrument(request)?),
            Command::InstrumentLeave {
                party,
                text,
                until,
                reason,
            } => json(node.leave_instrument(party, text, *until, reason)?),
            Command::InstrumentList { asked } => json(node.list_instruments(*asked)?),
            Command::InstrumentMatrix { text, asked } => {
                json(node.matrix(text.as_deref(), *asked)?)
            }
            Command::InstrumentObject {
                party,
                text,
                against,
                term,
            } => json(node.object_to_reservation(party, text, against, term)?),
            Command::InstrumentPublish(request) => json(node.publish_instrument(request)?),
            Command::InstrumentShow { text, asked } => json(node.show_instrument(text, *asked)?),
            Command::KeyAdd { party } => {
                node.wait_for_others(&Asked::KeyAdd {
                    party: party.clone(),
                })?;
                json(node.add_key(party)?)
            }
            Command::KeyList { party } => json(node.keys(party.as_deref())?),
            Command::KeyRevoke { key, as_of, reason } => {
                node.wait_for_others(&Asked::KeyRevoke {
                    key: key.clone(),
                    as_of: *as_of,
                    reason: reason.clone(),
                })?;
                json(node.revoke_key(key, *as_of, reason)?)
            }
            Command::KeyRotate { party } => {
                node.wait_for_others(&Asked::KeyRotate {
                    party: party.clone(),
                })?;
                json(node.rotate_key(party)?)
            }
            Command::MandateGrant {
                to,
                role,
                scope,
                from,
                until,
            } => json(node.grant_mandate(to, role, scope.as_deref(), *from, *until)?),
            Command::MandateList => json(node.mandates()?),
            Command::MandateWithdraw { mandate } => json(node.withdraw_mandate(mandate)?),
            Command::PartyFound { name, nature } => json(node.found_party(name, nature)?),
            Command::PartyList => json(node.parties()?),
            Command::RequestList => json(node.requests(None)?),
            Command::RequestShow { request } => json(node.request(request, None)?),
            Command::RequestWithdraw { request } => json(node.withdraw_request(request, None)?),
            Command::RestoreFinish { checkpoints, from } => {
                json(node.finish_restoring(checkpoints, from.as_deref(), &Internet::default())?)
            }
            Command::RestoreSeal { to, origin } => json(node.seal(to, origin)?),
            Command::Status => json(node.status()?),
            Command::TermEval { text, party, asked } => {
                json(node.evaluate(text.as_deref(), party.as_deref(), *asked)?)
            }
            Command::TermExplain { obligation, asked } => json(node.explain(obligation, *asked)?),
            Command::TermRecord {
                party,
                obligation,
                asked,
            } => json(node.record_status(party, obligation, *asked)?),
            Command::TermWhatIf { fact, asked } => json(node.what_if(fact, *asked)?),
            Command::TrustExport => json(node.trust_anchors()?),
            Command::ViewsRebuild => json(node.rebuild_views(progress)?),
            Command::WitnessAdd {
                key,
                address,
                quorum,
            } => json(node.add_witness(key, address.as_deref(), *quorum)?),
            Command::WitnessRemove { name, quorum } => json(node.remove_witness(name, *quorum)?),
            Command::WitnessStatus => json(node.witnesses()?),
        }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Failure {
            code: error.code().to_owned(),
            message: chain(error),
            hint: error.hint(),
            unavailable: error.is_unavailable(),
        }
    }
}

/// A refusal that names the statement it concerns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("statement {at} of the batch does not count")]
pub struct Refused {
    /// Position in the batch.
    pub at: usize,
    /// Why.
    #[source]
    pub refusal: Refusal,
}
