//! The pages of the register: assets, emblems, authorities, with the answer for each as of a log
//! size and a time.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_mark::Token;
use ensign_mark::asset::{Backer, Kind, Outcome};
use ensign_mark::bundle::Bundle;
use ensign_views::MAX_PAGE;

use crate::answer::register::{
    Asset, AssetRow, Assets, Authorities, Emblem, EmblemRow, Emblems, Judged, Recognition,
};
use crate::api::json;
use crate::ask::{AssetsAsked, AuthoritiesAsked, EmblemsAsked, When};
use crate::fault::{Fault, internal};
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::read::{Reader, log_size};
use crate::site::{Site, file};
use crate::table::{Csv, Part, TYPE, stream};

#[derive(Template)]
#[template(path = "assets.html")]
struct AssetsPage {
    w: Words,
    shell: Shell,
    list: Assets,
    kinds: Vec<Choice>,
    outcomes: Vec<Choice>,
    asked: AssetsAsked,
}

#[derive(Template)]
#[template(path = "asset.html")]
struct AssetPage {
    w: Words,
    shell: Shell,
    asset: Asset,
    when: When,
}

#[derive(Template)]
#[template(path = "emblems.html")]
struct EmblemsPage {
    w: Words,
    shell: Shell,
    list: Emblems,
    asked: EmblemsAsked,
}

#[derive(Template)]
#[template(path = "emblem.html")]
struct EmblemPage {
    w: Words,
    shell: Shell,
    emblem: Emblem,
    /// Whether its token names no issuer, so that its file shows no more than a signature; nothing
    /// where there is no file.
    alone: Option<bool>,
    when: When,
}

#[derive(Template)]
#[template(path = "authorities.html")]
struct AuthoritiesPage {
    w: Words,
    shell: Shell,
    list: Authorities,
    asked: AuthoritiesAsked,
}

/// An option of a list to choose from.
struct Choice {
    code: &'static str,
    word: String,
    chosen: bool,
}

pub(crate) async fn assets(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let asked = AssetsAsked::read(&asking.uri)?;
    let answering = site.clone();
    site.answer_now(move |reader| {
        match asking.form {
            Form::Json => return Ok(json(&reader.assets(&asked)?)),
            Form::Csv => {
                let first = asset_part(reader, &asked)?;
                let read = |site: &Site, asked| asset_part(&now(site)?, &asked);
                return Ok(stream(answering, first, read));
            }
            _ => {}
        }
        let list = reader.assets(&asked)?;
        let shell = Shell::new(reader, asking.locale, Here::Assets, asking.place())?;
        let w = shell.words();
        html(&AssetsPage {
            w,
            shell: shell.with_forms("/assets"),
            list,
            kinds: Kind::ALL
                .map(|it| choice(it.code(), w.asset_kind(it.code()), asked.kind == Some(it)))
                .into(),
            outcomes: Outcome::ALL
                .into_iter()
                // What has no entry is in no list.
                .filter(|it| *it != Outcome::NoEntry)
                .map(|it| choice(it.code(), w.outcome(it.code()), asked.outcome == Some(it)))
                .collect(),
            asked,
        })
    })
    .await
}

pub(crate) async fn asset(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let when = When::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let (id, form) = Form::split(&name);
        let asset = reader.asset(id, &when)?;
        match form {
            Form::Proof => proof(reader, &asset.row.id, &when),
            Form::Json => Ok(json(&asset)),
            Form::Csv => Ok(crate::site::body(TYPE, Csv::of(&[asset.row]))),
            Form::Html => {
                let shell = Shell::new(reader, asking.locale, Here::Assets, asking.place())?;
                html(&AssetPage {
                    w: shell.words(),
                    shell: shell.with_forms(&format!("/assets/{id}")),
                    asset,
                    when,
                })
            }
            Form::Calendar | Form::Cbor | Form::Emblem => Err(Fault::NoPage),
        }
    })
    .await
}

/// The file that proves the answers for an asset without a network, as of the size that is asked
/// for. The time judged is for whoever checks the file to give.
fn proof(reader: &Reader<'_>, id: &str, when: &When) -> Result<Response, Fault> {
    let asset = id.parse().map_err(internal)?;
    let bundle = reader.node().asset_bundle(asset, when.index);
    let (bundle, _) = bundle.map_err(internal)?;
    Ok(file(
        "application/octet-stream",
        &format!("{}.ensign", bundle.subject),
        bundle.encode(),
    ))
}

pub(crate) async fn emblems(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let asked = EmblemsAsked::read(&asking.uri)?;
    let answering = site.clone();
    site.answer_now(move |reader| {
        match asking.form {
            Form::Json => return Ok(json(&reader.emblems(&asked)?)),
            Form::Csv => {
                let first = emblem_part(reader, &asked)?;
                let read = |site: &Site, asked| emblem_part(&now(site)?, &asked);
                return Ok(stream(answering, first, read));
            }
            _ => {}
        }
        let list = reader.emblems(&asked)?;
        let shell = Shell::new(reader, asking.locale, Here::Emblems, asking.place())?;
        html(&EmblemsPage {
            w: shell.words(),
            shell: shell.with_forms("/emblems"),
            list,
            asked,
        })
    })
    .await
}

pub(crate) async fn emblem(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let when = When::read(&asking.uri)?;
    site.answer_now(move |reader| {
        let (id, form) = Form::split(&name);
        let emblem = reader.emblem(id, &when)?;
        match form {
            Form::Json => Ok(json(&emblem)),
            Form::Csv => Ok(crate::site::body(TYPE, Csv::of(&[emblem.row]))),
            Form::Emblem => {
                let bundle = reader.emblem_bundle(id, Backer::Nobody, &when)?;
                let bundle = bundle.ok_or_else(|| Fault::NoEmblemFile { id: id.to_owned() })?;
                let bytes = bundle.encode().map_err(internal)?;
                Ok(file(
                    "application/octet-stream",
                    &format!("{id}.emblem"),
                    bytes,
                ))
            }
            Form::Html => {
                let shell = Shell::new(reader, asking.locale, Here::Emblems, asking.place())?;
                let bundle = reader.emblem_bundle(id, Backer::Nobody, &when)?;
                html(&EmblemPage {
                    w: shell.words(),
                    shell: shell.with_forms(&format!("/emblems/{id}")),
                    alone: bundle.as_ref().map(is_alone),
                    emblem,
                    when,
                })
            }
            Form::Calendar | Form::Cbor | Form::Proof => Err(Fault::NoPage),
        }
    })
    .await
}

pub(crate) async fn authorities(
    State(site): State<Site>,
    asking: Asking,
) -> Result<Response, Fault> {
    let asked = AuthoritiesAsked::read(&asking.uri)?;
    recognitions(site, asking, asked, "/authorities".to_owned()).await
}

/// The page of one authority, by its domain: all recognitions of it.
pub(crate) async fn authority(
    State(site): State<Site>,
    Path((_, name)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, Fault> {
    let domain = Form::split(&name).0;
    let asked = AuthoritiesAsked {
        organisation: Some(format!("https://{domain}")),
        when: When::read(&asking.uri)?,
        ..AuthoritiesAsked::default()
    };
    let stem = format!("/authorities/{domain}");
    recognitions(site, asking, asked, stem).await
}

async fn recognitions(
    site: Site,
    asking: Asking,
    asked: AuthoritiesAsked,
    stem: String,
) -> Result<Response, Fault> {
    let answering = site.clone();
    site.answer_now(move |reader| {
        match asking.form {
            Form::Json => return Ok(json(&reader.authorities(&asked)?)),
            Form::Csv => {
                let first = authority_part(reader, &asked)?;
                let read = |site: &Site, asked| authority_part(&now(site)?, &asked);
                return Ok(stream(answering, first, read));
            }
            _ => {}
        }
        let list = reader.authorities(&asked)?;
        let shell = Shell::new(reader, asking.locale, Here::Authorities, asking.place())?;
        html(&AuthoritiesPage {
            w: shell.words(),
            shell: shell.with_forms(&stem),
            list,
            asked,
        })
    })
    .await
}

/// Whether the emblem of a bundle names no issuer: the bundle then shows that it is signed, and the
/// log alone whether it is recognised.
pub(super) fn is_alone(bundle: &Bundle) -> bool {
    let mut emblems = bundle.tokens().iter().filter_map(Token::emblem);
    emblems.any(|emblem| emblem.issuer.is_none())
}

/// Reads the node as it is now: the next page of a file.
fn now(site: &Site) -> Result<Reader<'_>, Fault> {
    site.reader(log_size(site.node())?)
}

fn asset_part(
    reader: &Reader<'_>,
    asked: &AssetsAsked,
) -> Result<Part<AssetRow, AssetsAsked>, Fault> {
    let page = reader.assets(&AssetsAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked.clone()
    })?;
    let next = page.next.filter(|_| asked.limit.is_none());
    Ok(Part {
        rows: page.assets,
        next: next.map(|before| AssetsAsked {
            before: Some(before),
            when: fixed(&page.judged),
            ..asked.clone()
        }),
    })
}

fn emblem_part(
    reader: &Reader<'_>,
    asked: &EmblemsAsked,
) -> Result<Part<EmblemRow, EmblemsAsked>, Fault> {
    let page = reader.emblems(&EmblemsAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked.clone()
    })?;
    let next = page.next.filter(|_| asked.limit.is_none());
    Ok(Part {
        rows: page.emblems,
        next: next.map(|before| EmblemsAsked {
            before: Some(before),
            when: fixed(&page.judged),
            ..asked.clone()
        }),
    })
}

fn authority_part(
    reader: &Reader<'_>,
    asked: &AuthoritiesAsked,
) -> Result<Part<Recognition, AuthoritiesAsked>, Fault> {
    let page = reader.authorities(&AuthoritiesAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked.clone()
    })?;
    let next = page.next.filter(|_| asked.limit.is_none());
    Ok(Part {
        rows: page.recognitions,
        next: next.map(|before| AuthoritiesAsked {
            before: Some(before),
            when: fixed(&page.judged),
            ..asked.clone()
        }),
    })
}

/// The same moment for every page of a file.
fn fixed(judged: &Judged) -> When {
    When {
        at: Some(judged.at),
        index: Some(judged.index),
        then: judged.known == "then",
    }
}

fn choice(code: &'static str, word: String, chosen: bool) -> Choice {
    Choice { code, word, chosen }
}

impl When {
    /// As it stands in an address, each part followed by `&`.
    pub(crate) fn question(&self) -> String {
        let at = self.at.map(|at| format!("at={at}&"));
        let index = self.index.map(|index| format!("index={index}&"));
        let then = self.then.then(|| "known=then&".to_owned());
        [at, index, then].into_iter().flatten().collect()
    }

    /// The whole question, with its mark; nothing where nothing is asked.
    pub(crate) fn suffix(&self) -> String {
        let question = self.question();
        match question.trim_end_matches('&') {
            "" => String::new(),
            question => format!("?{question}"),
        }
    }
}

impl AssetsPage {
    fn question(&self) -> String {
        let kind = self.asked.kind.map(|it| format!("kind={it}&"));
        let outcome = self.asked.outcome;
        let outcome = outcome.map(|it| format!("outcome={}&", it.code()));
        let limit = self.asked.limit.map(|limit| format!("limit={limit}&"));
        let parts = [kind, outcome, limit].into_iter().flatten();
        parts.chain([self.asked.when.question()]).collect()
    }

    fn first_page(&self) -> Option<String> {
        let address = format!("/{}/assets?{}", self.shell.locale.code(), self.question());
        let address = address.trim_end_matches(['&', '?']).to_owned();
        self.asked.before.map(|_| address)
    }

    fn next_page(&self) -> Option<String> {
        let (locale, question) = (self.shell.locale.code(), self.question());
        let next = self.list.next?;
        Some(format!("/{locale}/assets?{question}before={next}"))
    }
}

impl EmblemsPage {
    fn question(&self) -> String {
        let asset = self.asked.asset.map(|asset| format!("asset={asset}&"));
        let limit = self.asked.limit.map(|limit| format!("limit={limit}&"));
        let parts = [asset, limit].into_iter().flatten();
        parts.chain([self.asked.when.question()]).collect()
    }

    fn first_page(&self) -> Option<String> {
        let address = format!("/{}/emblems?{}", self.shell.locale.code(), self.question());
        let address = address.trim_end_matches(['&', '?']).to_owned();
        self.asked.before.map(|_| address)
    }

    fn next_page(&self) -> Option<String> {
        let (locale, question) = (self.shell.locale.code(), self.question());
        let next = self.list.next?;
        Some(format!("/{locale}/emblems?{question}before={next}"))
    }
}

impl AuthoritiesPage {
    /// The authority that the page is about, if it is about one.
    fn domain(&self) -> Option<String> {
        let organisation = self.asked.organisation.as_deref()?;
        organisation.strip_prefix("https://").map(str::to_owned)
    }

    fn first_page(&self) -> Option<String> {
        let (path, question) = (self.shell.path(), self.asked.when.suffix());
        self.asked.before.map(|_| format!("{path}{question}"))
    }

    fn next_page(&self) -> Option<String> {
        let (path, next) = (self.shell.path(), self.list.next?);
        let question = self.asked.when.question();
        Some(format!("{path}?{question}before={next}"))
    }
}
