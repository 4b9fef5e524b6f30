//! Checking, without network and without a node: a proof file, or a folder's logs.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use ensign_mark::asset::{Honoured, Outcome, Register};
use ensign_mark::moment::AsOf;
use ensign_mark::note::NOT_UNPROTECTED;
use ensign_node::clock::{Clock as _, SystemClock};
use ensign_node::folder::Folder;
use ensign_node::{Config, Failure, audit};
use ensign_trust::anchor::{Anchors, AnchorsError};
use ensign_trust::bundle::{Bundle, BundleError, Counted, MAX_BUNDLE, Verified, fingerprint};
use ensign_trust::contradiction;
use ensign_trust::log::checkpoint::Checkpoint;
use ensign_trust::log::equivocation;
use ensign_trust::{AssetId, Code, Coded, Disclosure, PartyId, Statement};
use serde_json::{Value, json};

use crate::answer;
use crate::arguments::Form;
use crate::exit::{Exit, chain, failure};
use crate::file;
use crate::talk::Talk;

mod duty;

/// Largest file of trust anchors, in bytes.
const MAX_ANCHORS: usize = 4 * 1024 * 1024;

/// What is to be checked.
pub struct Request {
    /// A proof file, or a node's folder.
    pub path: PathBuf,
    /// File of the trust anchors.
    pub trust: Option<PathBuf>,
    /// The time judged, Unix seconds; now if none.
    pub at: Option<u64>,
    /// The size of the log judged; what the file proves if none.
    pub index: Option<u64>,
    /// Whether signatures are checked in batches.
    pub screen: bool,
}

/// Checks a proof file or a folder.
pub fn verify(request: &Request, form: Form, talk: &mut Talk) -> Result<Exit, Failure> {
    let anchors = request.trust.as_deref().map(anchors).transpose()?;
    if request.path.is_dir() {
        return folder(request, anchors.as_ref(), form, talk);
    }
    let judged = request.at.unwrap_or_else(|| SystemClock.now());
    bundle(request, anchors.as_ref(), judged, form, talk)
}

/// Reads a file of trust anchors.
pub fn anchors(path: &Path) -> Result<Anchors, Failure> {
    let bytes = file::read(path, MAX_ANCHORS)?;
    let unreadable = |why: String| Failure {
        hint: Some("`ensign trust export` writes such a file".to_owned()),
        ..failure(
            "trust.unreadable",
            format!("{} holds no trust anchors: {why}", path.display()),
        )
    };
    let text = String::from_utf8(bytes).map_err(|_| unreadable("not UTF-8".to_owned()))?;
    text.parse()
        .map_err(|error: AnchorsError| unreadable(chain(&error)))
}

/// Audits a folder; it may be served meanwhile. Without anchors its own keys are believed.
fn folder(
    request: &Request,
    anchors: Option<&Anchors>,
    form: Form,
    talk: &mut Talk,
) -> Result<Exit, Failure> {
    let path = &request.path;
    if request.at.is_some() || request.index.is_some() {
        let message =
            "`--at` and `--index` are for proof files: a folder is audited as it lies there";
        return Err(failure("command.argument", message.to_owned()));
    }
    let refused = |error: ensign_node::Error| Failure::from(&error);
    let folder = Folder::at(path);
    let config = Config::read(path).map_err(refused)?;
    let kek = folder.key(&config).ok();
    if kek.is_none() {
        talk.say(&talk.texts().text("cli-sealed-unread"));
    }
    let cores = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let options = audit::Options {
        screen: request.screen,
        kek,
        cores,
    };
    let audit = audit::audit(&folder, anchors, options, &mut |step| talk.step(&step));
    let audit = audit.map_err(refused)?;
    talk.end_stage();
    let verdict = match anchors {
        _ if !audit.is_clean() => "failed",
        Some(_) if !audit.anchored => "failed",
        _ if request.screen => "screened",
        Some(_) => "anchored",
        None => "folder",
    };
    let mut answer = serde_json::to_value(&audit)
        .map_err(|error| failure("node.failed", format!("cannot write the answer: {error}")))?;
    answer["verdict"] = verdict.into();
    answer::give(answer, answer::AUDITED, form, talk)?;
    Ok(if verdict == "failed" {
        Exit::Refused
    } else {
        Exit::Done
    })
}

fn bundle(
    request: &Request,
    anchors: Option<&Anchors>,
    judged: u64,
    form: Form,
    talk: &Talk,
) -> Result<Exit, Failure> {
    let path = &request.path;
    if request.screen {
        let message = "`--screen` is for folders: a proof file is always checked in full";
        return Err(failure("command.argument", message.to_owned()));
    }
    let bytes = file::read(path, MAX_BUNDLE)?;
    if contradiction::is_one(&bytes) {
        return contradicted(request, &bytes, anchors, form, talk);
    }
    let checked = Bundle::decode(&bytes)
        .and_then(|bundle| bundle.verify(anchors, ensign_views::need))
        .map_err(|error| unproven(path, &error));
    let checked = checked.and_then(|verified| {
        let duty = duty::judged_again(&verified, path)?;
        Ok((verified, duty))
    });
    let (verified, duty) = match checked {
        Ok(checked) => checked,
        Err(failure) => {
            if form.json {
                let reason = json!({ "verdict": "failed", "code": failure.code,
                    "reason": failure.message });
                answer::give(reason, &[], form, talk)?;
            }
            return Err(failure);
        }
    };
    let exit = if verified.anchored {
        Exit::Done
    } else {
        Exit::Unproven
    };
    let mut told = told(&verified, judged);
    let asset = judgement(&verified, request.index, judged)?;
    for answer in [Some(asset), duty].into_iter().flatten() {
        if let (Value::Object(told), Value::Object(answer)) = (&mut told, answer) {
            told.extend(answer);
        }
    }
    answer::give(told, answer::VERIFIED, form, talk)?;
    Ok(exit)
}

/// Judges two checkpoints of a log that are said to contradict each other.
fn contradicted(
    request: &Request,
    bytes: &[u8],
    anchors: Option<&Anchors>,
    form: Form,
    talk: &Talk,
) -> Result<Exit, Failure> {
    if request.at.is_some() || request.index.is_some() {
        let message =
            "`--at` and `--index` are for what a log says: a contradiction stands for good";
        return Err(failure("command.argument", message.to_owned()));
    }
    let path = request.path.display();
    let proven = contradiction::verify(bytes).map_err(|error| {
        let message = format!("{path} is not verified: {}", chain(&error));
        failure("bundle.invalid", message)
    })?;
    if anchors.is_some_and(|anchors| !anchors.holds_log(&proven.log)) {
        let message = format!(
            "{path} is not verified: {} is not a log of the trust anchors",
            proven.log
        );
        let hint = "without `--trust` you learn whether whoever has that key contradicted itself";
        return Err(Failure {
            hint: Some(hint.to_owned()),
            ..failure("bundle.foreign", message)
        });
    }
    let tree =
        |tree: &Checkpoint| json!({ "size": tree.size, "root": HEXLOWER.encode(&tree.root) });
    let verdict = match anchors {
        Some(_) => "contradiction-anchored",
        None => "contradiction-consistent",
    };
    let told = json!({
        "verdict": verdict,
        "how": match proven.how {
            equivocation::Contradiction::EmptyTree => "empty-tree",
            equivocation::Contradiction::SameSize => "same-size",
            equivocation::Contradiction::Fork => "fork",
        },
        "origin": proven.log.name(),
        "log": proven.log.to_string(),
        "fingerprint": HEXLOWER.encode(&fingerprint(&proven.log)),
        "trees": proven.trees.iter().map(tree).collect::<Vec<_>>(),
    });
    answer::give(told, answer::CONTRADICTED, form, talk)?;
    Ok(match anchors {
        Some(_) => Exit::Done,
        None => Exit::Unproven,
    })
}

fn unproven(path: &Path, error: &BundleError) -> Failure {
    let (code, hint) = match error {
        BundleError::ForeignLog | BundleError::ForeignRealm | BundleError::ForeignRoot => (
            "bundle.foreign",
            Some("without `--trust` you learn only whether the file contradicts itself"),
        ),
        BundleError::Digest => (
            "bundle.invalid",
            Some("the file may have been damaged on its way: ask for it again"),
        ),
        BundleError::Encoding(_) | BundleError::NotABundle => (
            "bundle.invalid",
            Some(
                "make a proof file with `ensign export incident`, `ensign export asset` or \
                 `ensign export obligation`",
            ),
        ),
        _ => ("bundle.invalid", None),
    };
    let path = path.display();
    let message = match error {
        BundleError::Encoding(_) => format!("{path} is no proof file, or only a part of one"),
        error => format!("{path} is not verified: {}", chain(error)),
    };
    Failure {
        hint: hint.map(str::to_owned),
        ..failure(code, message)
    }
}

/// What a proof file proves.
fn told(verified: &Verified, judged: u64) -> Value {
    let tree = verified.checkpoint.checkpoint();
    let names = names(verified);
    let statements = verified.statements.iter().map(|counted| {
        let statement = &counted.statement;
        let author = statement.author();
        json!({
            "index": counted.index,
            "statement": statement.id().to_string(),
            "kind": statement.kind.as_str(),
            "version": statement.version,
            "subject": statement.subject.as_ref().map(Code::as_str),
            "party": author.to_string(),
            "signed_by": names.get(&author),
            "key": statement.key().to_string(),
            "claimed": statement.claimed,
            "received": counted.received,
            "understood": ensign_views::read(statement).is_some(),
            "standing": standing(counted),
            "key_revoked_as_of": verified
                .registry
                .key(statement.key())
                .and_then(|key| key.revoked_at(counted.index)),
        })
    });
    let authors: BTreeSet<_> = verified
        .statements
        .iter()
        .map(|counted| counted.statement.author())
        .collect();
    let parties = authors.iter().map(|party| {
        let root = verified.roots.contains(party);
        json!({ "party": party.to_string(), "name": names.get(party), "root": root })
    });
    let keys = verified.registry.keys().map(|(key, known)| {
        let party = known.party;
        let party_name = names.get(&party).map(|name| (*name).to_owned());
        let signed_by = party_name.unwrap_or_else(|| party.to_string());
        json!({
            "key": key.to_string(),
            "party": party.to_string(),
            "signed_by": signed_by,
            "state": known.state(),
            "revoked": known.revoked,
            "reason": known.reason().map(Code::as_str),
        })
    });
    let cosigned = verified.cosigned.iter();
    let newest = verified
        .statements
        .iter()
        .filter(|counted| !counted.receipt_taken_back)
        .map(|counted| counted.received)
        .max();
    json!({
        "verdict": if verified.anchored { "anchored" } else { "consistent" },
        "subject": verified.subject.as_str(),
        "realm": verified.statements.first().map(|first| first.statement.realm.to_string()),
        "origin": tree.origin,
        "log": verified.log.to_string(),
        "fingerprint": HEXLOWER.encode(&verified.fingerprint()),
        "size": tree.size,
        "root": HEXLOWER.encode(&tree.root),
        "witnessed": if verified.cosigned.is_empty() { "unwitnessed" } else { "witnessed" },
        "cosigned": cosigned.map(|(by, at)| json!({ "witness": by, "time": at })).collect::<Vec<_>>(),
        "newest": newest,
        "judged": judged,
        "age": newest.and_then(|newest| judged.checked_sub(newest)),
        "parties": parties.collect::<Vec<_>>(),
        "keys": keys.collect::<Vec<_>>(),
        "statements": statements.collect::<Vec<_>>(),
        "said": said(verified),
    })
}

/// The answer for an asset, computed anew from the statements of the file.
fn judgement(verified: &Verified, index: Option<u64>, judged: u64) -> Result<Value, Failure> {
    let size = verified.size;
    let Ok(asset) = verified.subject.as_str().parse::<AssetId>() else {
        return match index {
            None => Ok(json!({})),
            Some(_) => {
                let message =
                    "`--index` is for proofs of assets: this file answers for its own size";
                Err(failure("command.argument", message.to_owned()))
            }
        };
    };
    let counts = verified.statements.iter().filter(|it| !it.taken_back);
    let register = counts.fold(Register::default(), |register, it| {
        register.apply(&it.statement, it.index, it.received)
    });
    if let Some(asked) = index.filter(|index| *index > size) {
        let message = format!(
            "{asked} is not a size that this log has had: the file answers for {size} entries"
        );
        return Err(failure("command.argument", message));
    }
    let as_of = AsOf::now_known(index.unwrap_or(size), judged);
    let answer = register.answer(asset, Honoured::Everybody, &as_of);
    let then = register.answer(asset, Honoured::Everybody, &as_of.then_known());
    let names = names(verified);
    let recognised = answer.recognised.iter().map(|it| {
        json!({
            "by": names.get(&it.by).map_or_else(|| it.by.to_string(), |name| (*name).to_owned()),
            "party": it.by.to_string(),
            "authority": it.authority.to_string(),
            "law": it.law.as_str(),
            "policy": it.policy.map(|policy| HEXLOWER.encode(&policy[..])),
            "until": it.ends.map(|it| it.until),
            "recognition": it.recognition.to_string(),
        })
    });
    let is_recognised = answer.outcome == Outcome::Recognised;
    Ok(json!({
        "note": (!is_recognised).then_some(NOT_UNPROTECTED),
        "holds_until": answer.ends.map(|it| it.until),
        "ends_first": answer.ends.map(|it| it.first),
        "outcome": answer.outcome,
        "reason": answer.reason,
        "recognised": recognised.collect::<Vec<_>>(),
        "then": { "outcome": then.outcome },
        "index": as_of.size,
    }))
}

/// What became of a statement, and whether this version understands it: a code.
fn standing(counted: &Counted) -> &'static str {
    match ensign_views::read(&counted.statement) {
        _ if counted.taken_back => "taken_back",
        None => "not_understood",
        Some(Err(_)) => "malformed",
        Some(Ok(())) if counted.receipt_taken_back => "time_unproven",
        Some(Ok(())) => "understood",
    }
}

/// What the statements about the subject say, field by field, their disclosures included.
fn said(verified: &Verified) -> Vec<Value> {
    let mut said = Vec::new();
    for counted in &verified.statements {
        let statement = &counted.statement;
        if statement.subject.as_ref() != Some(&verified.subject) {
            continue;
        }
        let mut say = |field: &Code, value: Value| {
            said.push(json!({ "index": counted.index, "field": field.as_str(), "value": value }));
        };
        for (name, value) in &statement.body {
            match value {
                Coded::Map(fields) => {
                    for (name, value) in fields {
                        say(name, written(value));
                    }
                }
                value => say(name, written(value)),
            }
        }
        for one in &verified.disclosures {
            if statement.sealed.contains(&one.digest()) {
                say(one.field(), one.text().into());
            }
        }
    }
    said
}

/// A coded value; a whole number that JSON readers could not hold is written as text.
fn written(value: &Coded) -> Value {
    match value {
        Coded::List(items) => Value::Array(items.iter().map(written).collect()),
        Coded::Map(fields) => {
            let field = |(name, value): (&Code, &Coded)| (name.to_string(), written(value));
            Value::Object(fields.iter().map(field).collect())
        }
        Coded::Int(number) => match i64::try_from(*number) {
            Ok(number) => number.into(),
            Err(_) => number.to_string().into(),
        },
        Coded::Bool(bool) => (*bool).into(),
        Coded::Bytes(bytes) => HEXLOWER.encode(bytes).into(),
        Coded::Code(code) => code.as_str().into(),
    }
}

/// What parties are called, by the disclosures of the statements that found them.
fn names(verified: &Verified) -> BTreeMap<PartyId, &str> {
    let founding = verified.statements.iter().map(|counted| &counted.statement);
    let founding = founding.filter(|statement| statement.kind.as_str() == "party.founded");
    let name = |statement: &Statement| {
        let sealed = |one: &&Disclosure| statement.sealed.contains(&one.digest());
        let mut own = verified.disclosures.iter().filter(sealed);
        let name = own.find(|one| one.field().as_str() == "name")?;
        Some((PartyId::from(statement.id()), name.text()))
    };
    founding.filter_map(name).collect()
}
