//! The statement that a status was computed.

use ensign_trust::party::Malformed;
use ensign_trust::{Code, Coded, Draft, ObligationId};

use crate::evaluate::record::Head;
use crate::field::{as_code, body, code, digest, number, subject};

/// `status.recorded`: subject the obligation; `record` (SHA-256 of the status record), `status`,
/// `engine`, `at`, and of the log that was read `origin`, `index` (its size) and `root`. Version 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The obligation.
    pub obligation: ObligationId,
    /// SHA-256 of the record.
    pub record: [u8; 32],
    /// The status that it shows, as a code.
    pub status: Code,
    /// The rules by which it was computed, as a code.
    pub engine: Code,
    /// The moment judged, Unix seconds.
    pub at: u64,
    /// The log that was read.
    pub head: Head,
}

impl Recorded {
    /// Reads the statement; `None` where the kind or its version is another one.
    pub fn read(draft: &Draft) -> Option<Result<Self, Malformed>> {
        let is_one = draft.kind == "status.recorded" && draft.version == 1;
        is_one.then(|| {
            Ok(Recorded {
                obligation: subject(draft)?,
                record: digest(draft, "record")?,
                status: code(draft, "status")?,
                engine: code(draft, "engine")?,
                at: number(draft, "at")?,
                head: Head {
                    origin: code(draft, "origin")?.to_string(),
                    size: number(draft, "index")?,
                    root: digest(draft, "root")?,
                },
            })
        })
    }

    /// Writes kind, version, subject and body into a draft.
    pub fn write(&self, draft: &mut Draft) {
        draft.kind = Code::literal("status.recorded");
        draft.version = 1;
        draft.subject = Some(as_code(self.obligation));
        draft.body = body([
            ("record", Coded::Bytes(self.record.to_vec())),
            ("status", self.status.clone().into()),
            ("engine", self.engine.clone().into()),
            ("at", self.at.into()),
            ("origin", as_code(&self.head.origin).into()),
            ("index", self.head.size.into()),
            ("root", Coded::Bytes(self.head.root.to_vec())),
        ]);
    }
}
