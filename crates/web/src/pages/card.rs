//! The card "why this is protected": one page to be printed, with the emblem as a QR code that is
//! verified without a network.
//!
//! No sign of protection is drawn: the emblem is named, not shown.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_mark::asset::Backer;
use ensign_mark::paper;

use crate::answer::register::{Asset, Emblem, Recognised};
use crate::ask::When;
use crate::charts::{Markup, qr};
use crate::fault::{Fault, internal};
use crate::pages::register::is_alone;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, html};
use crate::read::Reader;
use crate::site::Site;

#[derive(Template)]
#[template(path = "card.html")]
struct Card {
    w: Words,
    shell: Shell,
    asset: Asset,
    /// The emblem that the card is about, where one stands.
    emblem: Option<Emblem>,
    /// The emblem as text, and as a code where one holds it.
    code: Option<Code>,
    when: When,
}

/// An emblem as text.
struct Code {
    text: String,
    drawn: Option<Markup>,
    /// Whether it names no issuer, so that it shows no more than a signature.
    alone: bool,
}

pub(crate) async fn card(
    State(site): State<Site>,
    Path((_, id)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let when = When::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let asset = reader.asset(&id, &when)?;
        let shell = Shell::new(reader, asking.locale, Here::Assets, asking.place())?;
        let w = shell.words();
        let emblem = standing(reader, &asset, &when)?;
        let code = match &emblem {
            Some(emblem) => code(reader, w, emblem, &when)?,
            None => None,
        };
        html(&Card {
            w,
            shell,
            asset,
            emblem,
            code,
            when,
        })
    })
    .await
}

impl Card {
    /// What is printed on top: of what has ended, that it has.
    fn title(&self) -> String {
        match self.asset.row.answer.outcome {
            "expired" | "revoked" | "withdrawn" => self.w.text("card-title-ended"),
            "not-yet" => self.w.text("card-title-not-yet"),
            _ => self.w.text("card-title"),
        }
    }

    /// The protections that the emblem claims; where none stands, that the last one claimed.
    fn purposes(&self) -> Option<&[&'static str]> {
        let standing = self.emblem.as_ref().map(|it| &it.row);
        let last = self.asset.emblems.last();
        standing.or(last).map(|it| &it.purposes[..])
    }

    /// Who recognises it, each party and authority once.
    fn recognised(&self) -> Vec<&Recognised> {
        let all = self.asset.row.answer.recognised.iter();
        let mut told = BTreeSet::new();
        all.filter(|it| told.insert((&it.by, &it.authority, &it.law)))
            .collect()
    }

    /// The authorities by which it is recognised, or was until it ended; else the one on which its
    /// registrant counts.
    fn authorities(&self) -> Vec<&str> {
        let row = &self.asset.row;
        let former = self.asset.former.iter().flat_map(|it| &it.recognised);
        let recognised = row.answer.recognised.iter().chain(former);
        let recognised: Vec<_> = recognised.map(|it| &*it.authority).collect();
        match recognised.is_empty() {
            true => row.authority.as_deref().into_iter().collect(),
            false => once(recognised),
        }
    }

    /// Where to ask: the domains of the authorities that the card names, as they are named; else
    /// that of the organisation which signed the emblem. Never a person.
    fn contacts(&self) -> Vec<&str> {
        let mut contacts = self.authorities();
        contacts.extend(self.asset.row.authority.as_deref());
        if contacts.is_empty() {
            let signed = self
                .emblem
                .as_ref()
                .and_then(|it| it.organisation.as_deref());
            contacts.extend(signed);
        }
        contacts.sort_unstable();
        contacts.dedup();
        contacts
    }
}

/// Each of them where it stands first.
fn once(all: Vec<&str>) -> Vec<&str> {
    let mut told = BTreeSet::new();
    all.into_iter().filter(|it| told.insert(*it)).collect()
}

/// The emblem by which the asset is recognised, else the last one that stands.
fn standing(reader: &Reader<'_>, asset: &Asset, when: &When) -> Result<Option<Emblem>, Fault> {
    let recognised = asset.row.answer.recognised.first();
    let recognised = recognised.map(|it| it.emblem.as_str());
    let mut standing = asset.emblems.iter().rev();
    let standing = standing.find(|it| it.status == "standing");
    let statement = recognised.or(standing.map(|it| it.stated.statement.as_str()));
    statement.map(|id| reader.emblem(id, when)).transpose()
}

/// The emblem as text and code. Where it is too long for one code, endorsements stay away by whom others
/// stand behind: anybody may endorse a key, and the code is what is verified on paper.
fn code(
    reader: &Reader<'_>,
    w: Words,
    emblem: &Emblem,
    when: &When,
) -> Result<Option<Code>, Fault> {
    let mut whole = None;
    for least in [Backer::Nobody, Backer::Itself, Backer::Another] {
        let bundle = reader.emblem_bundle(&emblem.row.stated.statement, least, when)?;
        let Some(bundle) = bundle else {
            return Ok(None);
        };
        let text = paper::write(&bundle).map_err(internal)?;
        let code = Code {
            drawn: qr(&text, &w.text("card-code-title")),
            alone: is_alone(&bundle),
            text,
        };
        if code.drawn.is_some() {
            return Ok(Some(code));
        }
        whole.get_or_insert(code);
    }
    Ok(whole)
}
