//! The page of a fault.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use ensign_trust::{Realm, RecordId};

use crate::answer::party::Fallen;
use crate::answer::taken::TakenBack;
use crate::fault::{Fault as What, Wrong};
use crate::i18n::Locale;
use crate::pages::html;
use crate::pages::shell::{Here, Shell};
use crate::pages::taken;
use crate::pages::words::Words;
use crate::read::Reader;

#[derive(Template)]
#[template(path = "fault.html")]
struct Fault {
    w: Words,
    shell: Shell,
    title: String,
    text: String,
    /// The parameter that is meant, and what is wrong with it.
    parameter: Option<(Named, String)>,
    /// The records that may have been meant.
    records: Vec<RecordId>,
    /// The duty that was taken back.
    taken: Option<TakenBack>,
    /// What rests on a revoked key alone.
    fallen: Option<Fallen>,
}

/// The page that tells a fault; without a reader the node cannot be read.
pub(crate) fn page(
    reader: Option<&Reader<'_>>,
    realm: &Realm,
    locale: Locale,
    place: String,
    fault: &What,
) -> Result<Response, What> {
    let w = Words::of(locale, realm.is_exercise());
    let (title, text) = words(w, fault);
    let shell = match reader {
        Some(reader) => Shell::new(reader, locale, Here::Nowhere, place)?,
        None => Shell::bare(locale, place, realm),
    };
    let page = Fault {
        w,
        shell,
        title,
        text,
        parameter: match fault {
            What::Parameter { name, value, wrong } => {
                Some((named(w, name), advice(w, value, *wrong)))
            }
            _ => None,
        },
        records: match fault {
            What::Ambiguous { records, .. } => records.clone(),
            _ => Vec::new(),
        },
        taken: match fault {
            What::TakenBack(taken) => Some(TakenBack::clone(taken)),
            _ => None,
        },
        fallen: match fault {
            What::Fallen(fallen) => Some(Fallen::clone(fallen)),
            _ => None,
        },
    };
    let mut response = html(&page)?;
    *response.status_mut() = fault.status();
    fault.head(response.headers_mut());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn words(w: Words, fault: &What) -> (String, String) {
    match fault {
        What::Ambiguous { id, .. } => (
            w.text("error-ambiguous-title"),
            w.text_with("error-ambiguous-text", &[("id", id.as_str().into())]),
        ),
        What::Fallen(fallen) => (w.text("error-fallen-title"), w.key_revoked(&fallen.key)),
        What::Form => (w.text("error-form-title"), w.text("error-bad_request-text")),
        What::Forged => (w.text("error-forged-title"), w.text("error-forged-text")),
        What::NoToken => (w.refusal("token.refused"), w.text("error-no_token-text")),
        What::Person {
            code: code @ ("request.undone" | "request.unsure"),
            ..
        } => (w.refusal(code), w.text("error-undone-text")),
        What::Person { code, .. } => (w.refusal(code), w.text("error-person-text")),
        What::Given { .. } => (w.text("error-given-title"), w.text("error-given-text")),
        What::Internal => (
            w.text("error-internal-title"),
            w.text("error-internal-text"),
        ),
        What::Method => (w.text("error-method-title"), w.text("error-method-text")),
        What::NoPage => (
            w.text("error-not_found-title"),
            w.text("error-not_found-text"),
        ),
        What::NoEmblem { id } => (
            w.text("error-no_asset-title"),
            w.text_with("error-no_emblem-text", &[("id", id.as_str().into())]),
        ),
        What::NoEmblemFile { id } => (
            w.text("error-no_emblem_file-title"),
            w.text_with("error-no_emblem_file-text", &[("id", id.as_str().into())]),
        ),
        What::NoAsset { id } => (
            w.text("error-no_asset-title"),
            w.text_with("error-no_asset-text", &[("id", id.as_str().into())]),
        ),
        What::NoIncident { id } => (
            w.text("error-no_incident-title"),
            w.text_with("error-no_incident-text", &[("id", id.as_str().into())]),
        ),
        What::NoEntry { id } => (
            w.text("error-no_entry-title"),
            w.text_with("error-no_entry-text", &[("id", id.as_str().into())]),
        ),
        What::NoObligation { id } => (
            w.text("error-no_obligation-title"),
            w.text_with("error-no_obligation-text", &[("id", id.as_str().into())]),
        ),
        What::NoAccord { id } => (
            w.text("error-no_accord-title"),
            w.text_with("error-no_accord-text", &[("id", id.as_str().into())]),
        ),
        What::NoParty { id } => (
            w.text("error-no_party-title"),
            w.text_with("error-no_party-text", &[("id", id.as_str().into())]),
        ),
        What::NoSource { source } => (
            w.text("error-no_source-title"),
            w.text_with(
                "error-no_source-text",
                &[("source", source.as_str().into())],
            ),
        ),
        What::Parameter { .. } => (
            w.text("error-bad_filter-title"),
            w.text("error-bad_request-text"),
        ),
        What::Refused { code, says } => (w.refusal(code), says.clone()),
        What::TakenBack(taken) => (
            w.text_with(
                "error-taken_back-title",
                &[
                    ("term", taken.term.as_str().into()),
                    ("debtor", w.party(&taken.debtor).into()),
                ],
            ),
            w.taken_back(taken),
        ),
        What::TooLarge { most } => (
            w.text("error-too_large-title"),
            w.text_with(
                "error-too_large-text",
                &[("most", w.number(&(*most as u64)).into())],
            ),
        ),
    }
}

/// What a parameter is called.
enum Named {
    /// In the reader's language.
    Words(String),
    /// As it stands in the address: there is no such parameter.
    Address(String),
}

fn named(w: Words, name: &str) -> Named {
    // Some are made of a word and a name that the text gives: `set.NAME`.
    let word = name.split('.').next().unwrap_or_default();
    match w.label("parameter-", word) {
        Some(words) => Named::Words(words),
        None => Named::Address(name.to_owned()),
    }
}

fn advice(w: Words, value: &str, wrong: Wrong) -> String {
    match wrong {
        Wrong::Absent => w.text("error-bad_filter-absent"),
        Wrong::Choice | Wrong::Code => {
            w.text_with("error-bad_filter-choice", &[("value", value.into())])
        }
        Wrong::Date => w.text("error-bad_filter-date"),
        Wrong::Moment => w.text("error-moment"),
        Wrong::NotReached { size } => {
            w.text_with("error-bad_filter-not_reached", &[("size", size.into())])
        }
        Wrong::Number => w.text("error-bad_filter-number"),
        Wrong::Order => w.text("error-bad_filter-order"),
        Wrong::Place => w.text("error-bad_filter-place"),
        Wrong::Repeated => w.text("error-bad_filter-repeated"),
        Wrong::Unknown => w.text("error-bad_filter-unknown"),
    }
}
