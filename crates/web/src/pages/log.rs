//! The page of the log: checkpoint, receipts, entries, files.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ensign_trust::log::checkpoint::SignedCheckpoint;
use ensign_trust::log::tile::{TileKind, TilePath, tiles_of_size};
use ensign_trust::logbook::LogName;
use ensign_views::{Digest, MAX_PAGE};

use crate::answer;
use crate::api::json;
use crate::ask::{LogAsked, nothing};
use crate::fault::{Fault, internal};
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, Form, html};
use crate::read::{Reader, log_size};
use crate::site::{Site, file};
use crate::table::{Part, stream};

#[derive(Template)]
#[template(path = "log.html")]
struct Log {
    w: Words,
    shell: Shell,
    log: answer::Log,
    /// The key that signs checkpoints, as vkey.
    key: String,
    /// What to compare over another channel.
    fingerprint: String,
    checkpoint: Option<Checkpoint>,
    receipts: Vec<Receipt>,
    /// The last tile of each level and the last bundle of entries.
    tiles: Vec<TilePath>,
    /// The question for the next page.
    next: Option<String>,
    /// Whether entries were left out before the first one.
    further: bool,
}

/// The newest checkpoint.
struct Checkpoint {
    root: String,
    note: String,
}

/// A receipt of the entries shown.
struct Receipt {
    first: u64,
    index: u64,
    received: u64,
}

pub(crate) async fn log(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let asked = LogAsked::read(&asking.uri)?;
    let headers = asking.headers.clone();
    let answering = site.clone();
    site.answer(asking.locale.code(), &headers, move |reader| {
        match asking.form {
            Form::Json => return Ok(json(&reader.log(asked)?)),
            Form::Csv => {
                let first = part(reader, asked)?;
                return Ok(stream(answering, first, |site, asked: LogAsked| {
                    part(&site.reader(log_size(site.node())?)?, asked)
                }));
            }
            _ => {}
        }
        let log = reader.log(asked)?;
        let shell = Shell::new(reader, asking.locale, Here::Log, asking.place())?;
        let limit = asked
            .limit
            .map(|limit| format!("limit={limit}&"))
            .unwrap_or_default();
        let node = reader.node();
        html(&Log {
            w: shell.words(),
            shell: shell.with_forms("/log"),
            key: node.log_key(LogName::Public).to_string(),
            fingerprint: node.trust_anchors().map_err(internal)?.fingerprint,
            checkpoint: checkpoint(reader)?,
            receipts: receipts(&log.entries),
            tiles: last_tiles(log.as_of.size),
            next: log.next.map(|next| format!("?{limit}before={next}")),
            further: asked.before.is_some(),
            log,
        })
    })
    .await
}

impl Log {
    /// The log from its newest entry, where this page is a later one.
    fn first_page(&self) -> Option<String> {
        self.further
            .then(|| format!("/{}/log", self.shell.locale.code()))
    }
}

/// The trust anchors of this node, as the file that `ensign verify --trust` reads.
pub(crate) async fn anchors(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    nothing(&asking.uri)?;
    let anchors = site
        .blocking(|site| site.node().trust_anchors().map_err(internal))
        .await?;
    let name = "anchors.txt";
    Ok(file(
        "text/plain; charset=utf-8",
        name,
        anchors.anchors.into_bytes(),
    ))
}

/// Rows of the CSV file: all entries, unless a number of them was asked for.
fn part(reader: &Reader<'_>, asked: LogAsked) -> Result<Part<answer::Entry, LogAsked>, Fault> {
    let whole = asked.limit.is_none();
    let page = reader.log(LogAsked {
        limit: asked.limit.or(Some(MAX_PAGE)),
        ..asked
    })?;
    let next = page.next.filter(|_| whole);
    let next = next.map(|before| LogAsked {
        before: Some(before),
        limit: None,
    });
    Ok(Part {
        rows: page.entries,
        next,
    })
}

fn checkpoint(reader: &Reader<'_>) -> Result<Option<Checkpoint>, Fault> {
    let node = reader.node();
    let Some(head) = node.log(LogName::Public).head().map_err(internal)? else {
        return Ok(None);
    };
    let key = node.log_key(LogName::Public);
    let signed = SignedCheckpoint::open(&head.checkpoint, &key).map_err(internal)?;
    Ok(Some(Checkpoint {
        root: Digest::from_bytes(signed.checkpoint().root).to_string(),
        note: String::from_utf8_lossy(&head.checkpoint).into_owned(),
    }))
}

/// The receipts of the batches that the entries belong to, newest first.
fn receipts(entries: &[answer::Entry]) -> Vec<Receipt> {
    let mut receipts: Vec<Receipt> = entries
        .iter()
        .map(|it| Receipt {
            first: it.batch,
            index: it.receipt,
            received: it.received,
        })
        .collect();
    receipts.dedup_by_key(|it| it.index);
    receipts
}

fn last_tiles(size: u64) -> Vec<TilePath> {
    let last: BTreeMap<_, _> = tiles_of_size(size).map(|tile| (tile.kind, tile)).collect();
    last.into_values().collect()
}
