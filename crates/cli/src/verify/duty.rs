//! The result of an obligation, judged again by the statements of its proof file.

use std::path::Path;

use ensign_node::Failure;
use ensign_trust::bundle::Verified;
use ensign_views::{Differing, Recomputed};
use serde_json::{Value, json};

use crate::exit::failure;

/// What a file about an obligation states, once the same follows from its statements; nothing where
/// the file is about something else.
///
/// Such a file shows what is in the log, and not that nothing else is: the answer says so.
///
/// # Errors
/// Where another result follows, or none.
pub(super) fn judged_again(verified: &Verified, path: &Path) -> Result<Option<Value>, Failure> {
    let Some(stated) = &verified.result else {
        return Ok(None);
    };
    let refused = |why: String| {
        let path = path.display();
        failure("bundle.invalid", format!("{path} is not verified: {why}"))
    };
    let recomputed = Recomputed::of(verified);
    let recomputed =
        recomputed.ok_or_else(|| refused("its statements make no such obligation".to_owned()))?;
    let differing = recomputed.differing(&stated.record);
    if !differing.is_empty() {
        let parts: Vec<String> = differing.iter().map(told).collect();
        let parts = parts.join("; ");
        return Err(refused(format!(
            "the result that it states does not follow from its statements: {parts}"
        )));
    }
    let page = serde_json::to_value(&recomputed.page)
        .map_err(|error| failure("node.failed", format!("cannot write the answer: {error}")))?;
    Ok(Some(json!({
        "follows": "statements",
        "index": verified.size,
        "result": page,
    })))
}

/// What a part of the record says, and what it would say.
fn told(differing: &Differing) -> String {
    let Differing {
        part,
        stated,
        follows,
    } = differing;
    match (stated, follows) {
        (Some(stated), Some(follows)) => {
            format!("{part} is stated as `{stated}`, and `{follows}` follows")
        }
        _ => format!("{part} is another"),
    }
}
