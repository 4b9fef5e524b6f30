//! The answer for an asset in a word, and what stood in the way.

/// What an asset is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Only its bearer says that it is protected.
    Declared,
    /// Its time, or that of its last emblem, is over.
    Expired,
    /// Nothing is registered, which does not mean unprotected.
    NoEntry,
    /// Its time has not come.
    NotYet,
    /// An authority that somebody recognises says so too.
    Recognised,
    /// Its last emblem, or the key of it, was revoked.
    Revoked,
    /// Its registrant withdrew it.
    Withdrawn,
}

/// Why an asset is not recognised. In the order of how near it came: of several the last one is
/// given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The asset's time is over.
    AssetExpired,
    /// The asset bears no emblem.
    NoEmblem,
    /// The emblem is for a time to come.
    EmblemNotYet,
    /// The emblem's time is over.
    EmblemExpired,
    /// The emblem was revoked.
    EmblemRevoked,
    /// The emblem's key was revoked.
    KeyRevoked,
    /// Nobody endorsed the emblem's key, and nobody recognises it.
    NotEndorsed,
    /// The endorsement is for another protection.
    EndorsedForOther,
    /// The endorsement's time is over or has not come.
    EndorsementExpired,
    /// The endorsement, or the key that signed it, was revoked.
    EndorsementRevoked,
    /// Nobody recognises the authority that endorsed.
    NotRecognised,
    /// The authority is recognised for other kinds of asset.
    OtherKind,
    /// The authority is recognised for another protection.
    OtherPurpose,
    /// The recognition's time is over or has not come.
    RecognitionExpired,
    /// The recognition now names other keys, or says something else.
    RecognitionSuperseded,
    /// The recognition was withdrawn.
    RecognitionWithdrawn,
    /// Only the bearer itself recognises the authority.
    OnlyByBearer,
    /// The reader does not honour who recognises the authority.
    NotHonoured,
}

impl Outcome {
    /// All of them, in order of their codes.
    pub const ALL: [Outcome; 7] = [
        Outcome::Declared,
        Outcome::Expired,
        Outcome::NoEntry,
        Outcome::NotYet,
        Outcome::Recognised,
        Outcome::Revoked,
        Outcome::Withdrawn,
    ];

    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Declared => "declared",
            Outcome::Expired => "expired",
            Outcome::NoEntry => "no-entry",
            Outcome::NotYet => "not-yet",
            Outcome::Recognised => "recognised",
            Outcome::Revoked => "revoked",
            Outcome::Withdrawn => "withdrawn",
        }
    }

    /// The outcome with a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

impl Reason {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Reason::AssetExpired => "asset-expired",
            Reason::NoEmblem => "no-emblem",
            Reason::EmblemNotYet => "emblem-not-yet",
            Reason::EmblemExpired => "emblem-expired",
            Reason::EmblemRevoked => "emblem-revoked",
            Reason::KeyRevoked => "key-revoked",
            Reason::NotEndorsed => "not-endorsed",
            Reason::EndorsedForOther => "endorsed-for-other",
            Reason::EndorsementExpired => "endorsement-expired",
            Reason::EndorsementRevoked => "endorsement-revoked",
            Reason::NotRecognised => "not-recognised",
            Reason::OtherKind => "other-kind",
            Reason::OtherPurpose => "other-purpose",
            Reason::RecognitionExpired => "recognition-expired",
            Reason::RecognitionSuperseded => "recognition-superseded",
            Reason::RecognitionWithdrawn => "recognition-withdrawn",
            Reason::OnlyByBearer => "only-by-bearer",
            Reason::NotHonoured => "not-honoured",
        }
    }
}

impl serde::Serialize for Outcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
