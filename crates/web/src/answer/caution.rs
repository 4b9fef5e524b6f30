//! Cautions: what a reader should know of what breaks no rule.

use ensign_mark::caution;
use serde::Serialize;
use utoipa::ToSchema;

use crate::i18n::Texts;

/// Something that breaks no rule and that a reader should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Caution {
    /// Its code.
    pub code: &'static str,
    /// What it is, in words.
    pub says: String,
    /// What it is about: an identifier, a name, the number of a token, a file, an asset.
    pub about: String,
    /// What belongs to it: how a name shows as letters, how many addresses a network has, whose
    /// names are all meant.
    pub detail: Option<String>,
    /// The moment that it is about, in Unix seconds.
    pub time: Option<i64>,
}

impl From<&caution::Caution> for Caution {
    fn from(found: &caution::Caution) -> Self {
        Caution {
            code: found.code(),
            says: found.to_string(),
            about: found.about(),
            detail: found.detail(),
            time: found.time(),
        }
    }
}

/// A caution in the reader's language, from what an answer says of it; nothing where this version
/// does not know its code.
pub fn sentence(
    texts: &Texts,
    code: &str,
    about: &str,
    detail: &str,
    time: Option<i64>,
) -> Option<String> {
    let about = || about.into();
    let words = || detail.into();
    Some(match code {
        "caution-also-registered" => {
            texts.text_with("caution-also-registered", &[("asset", about())])
        }
        "caution-endless" => texts.text_with("caution-endless", &[("token", about())]),
        "caution-every-address" => texts.text_with(
            "caution-every-address",
            &[("network", about()), ("protocol", words())],
        ),
        "caution-every-name" => texts.text("caution-every-name"),
        "caution-issued-ahead" => {
            let moment = texts.date_time(time.unwrap_or_default());
            texts.text_with(
                "caution-issued-ahead",
                &[("token", about()), ("moment", moment.into())],
            )
        }
        "caution-kept" => {
            texts.text_with("caution-kept", &[("name", about()), ("emblem", words())])
        }
        "caution-law" => {
            let known = texts.list(&detail.split(", ").collect::<Vec<_>>());
            texts.text_with("caution-law", &[("law", about()), ("known", known.into())])
        }
        "caution-documentation" => {
            texts.text_with("caution-documentation", &[("network", about())])
        }
        "caution-link-local" => texts.text_with("caution-link-local", &[("network", about())]),
        "caution-loopback" => texts.text_with("caution-loopback", &[("network", about())]),
        "caution-multicast" => texts.text_with("caution-multicast", &[("network", about())]),
        "caution-private-network" => {
            texts.text_with("caution-private-network", &[("network", about())])
        }
        "caution-unspecified" => texts.text_with("caution-unspecified", &[("network", about())]),
        "caution-other-party" => texts.text_with(
            "caution-other-party",
            &[("name", about()), ("emblem", words())],
        ),
        "caution-other-published" => texts.text_with(
            "caution-other-published",
            &[("name", about()), ("emblem", words())],
        ),
        "caution-private-key" => texts.text_with("caution-private-key", &[("file", about())]),
        "caution-registered" => texts.text_with("caution-registered", &[("asset", about())]),
        "caution-script" => {
            texts.text_with("caution-script", &[("name", about()), ("shown", words())])
        }
        "caution-script-broken" => texts.text_with("caution-script-broken", &[("name", about())]),
        "caution-script-hidden" => texts.text_with("caution-script-hidden", &[("name", about())]),
        "caution-sealed" => texts.text_with("caution-sealed", &[("name", about())]),
        "caution-untagged" => texts.text_with("caution-untagged", &[("token", about())]),
        "caution-wide-names" => texts.text_with(
            "caution-wide-names",
            &[("names", about()), ("under", words())],
        ),
        "caution-wide-network" => texts.text_with(
            "caution-wide-network",
            &[("network", about()), ("count", words())],
        ),
        _ => return None,
    })
}
