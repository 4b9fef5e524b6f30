//! What is added to answers about assets, emblems and authorities for whoever reads them: names beside
//! ids, and that no answer takes a protection away.

use ensign_mark::note::NOT_UNPROTECTED;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::node::Node;

/// Members that hold the id of a party.
const PARTIES: [&str; 3] = ["bearer", "by", "registrant"];

/// Puts the name of each party beside its id, as `by_name` beside `by`, where the name is known.
pub(crate) fn named(node: &Node, mut answer: Value) -> Result<Value, Error> {
    add_names(node, &mut answer)?;
    Ok(answer)
}

/// As [`named`], and says of an answer that is not "recognised" what it does not mean.
pub(crate) fn judged(node: &Node, answer: Value) -> Result<Value, Error> {
    let mut answer = named(node, answer)?;
    let is_recognised = match answer.get("outcome") {
        Some(outcome) => outcome == "recognised",
        // An emblem has no answer in a word: who recognises it is listed.
        None => answer["recognised"] != Value::Array(Vec::new()),
    };
    if !is_recognised {
        answer["note"] = serde_json::to_value(NOT_UNPROTECTED).map_err(Error::Answer)?;
    }
    Ok(answer)
}

fn add_names(node: &Node, value: &mut Value) -> Result<(), Error> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| add_names(node, item)),
        Value::Object(members) => {
            for name in PARTIES {
                if let Some(found) = name_of(node, members, name)? {
                    members.insert(format!("{name}_name"), found.into());
                }
            }
            members
                .values_mut()
                .try_for_each(|item| add_names(node, item))
        }
        _ => Ok(()),
    }
}

fn name_of(
    node: &Node,
    members: &Map<String, Value>,
    member: &str,
) -> Result<Option<String>, Error> {
    let id = members.get(member).and_then(Value::as_str);
    match id.map(str::parse) {
        Some(Ok(party)) => node.party_name(party),
        _ => Ok(None),
    }
}
