//! All that is served, and what every answer has in common: headers, measures, fault pages.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ensign_mark::given::{self, Given, Judged};
use ensign_mark::verify::VerifiedChains;
use ensign_node::Node;
use ensign_node::config::Address;
use ensign_trust::logbook::LogName;
use ensign_views::Front;
use tokio::sync::Semaphore;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::answer::promises::Deadline;
use crate::ask::names_moment;
use crate::fault::{Fault, internal};
use crate::metrics::Metrics;
use crate::read::{Reader, log_size};
use crate::{api, assets, feeds, pages};

/// Bytes that a request may send where nothing reads them.
pub(crate) const MAX_BODY: usize = 16 * 1024;
/// Bytes that a request may send to be verified: what is read, and the form around it.
pub(crate) const MAX_SENT: usize = 1024 * 1024 + 64 * 1024;

/// Endorsements and commitments that are remembered of those verified.
const REMEMBERED: usize = 128;

/// Answers about the past that are made at the same time. Each may judge every duty from scratch: who
/// asks for many moments waits, and nobody else does.
const PASTS: usize = 2;

/// Passwords that are compared at the same time: each takes memory and time on purpose.
const DOORS: usize = 2;

/// Duties that the front page shows.
const COMING: usize = 3;

/// What is added to the policy of a page that asks for passkeys.
const SCRIPTED: &str = "; script-src 'self'";

/// On an answer: it is a page that asks for passkeys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scripted;

/// Headers of every answer. Pages have no script but those that ask for passkeys, ask no other origin
/// and tell none where their reader came from; nobody may frame them.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'none'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// A node and what serving it needs.
#[derive(Clone)]
pub(crate) struct Site(Arc<Inner>);

struct Inner {
    node: Arc<Node>,
    /// The address by which people reach the pages.
    address: Address,
    metrics: Metrics,
    /// The numbers of all incidents at one size of the log.
    front: Mutex<Option<(u64, Arc<Front>)>>,
    /// Endorsements and commitments that were verified here.
    chains: Mutex<VerifiedChains>,
    /// What lapses next, as long as it is that.
    coming: Mutex<Option<Arc<Coming>>>,
    /// Room for answers about the past.
    pasts: Semaphore,
    /// Room for those who sign in.
    doors: Semaphore,
}

/// What lapses next: the same at one size of the log until something changes by itself.
#[derive(Debug)]
pub(crate) struct Coming {
    /// The size of the log.
    size: u64,
    /// From when, Unix seconds.
    pub(crate) from: u64,
    /// Until before when; for good where there is none.
    until: Option<u64>,
    /// The duties, the first one first.
    pub(crate) rows: Vec<Deadline>,
}

impl Site {
    /// A site whose pages are listened for at a port.
    pub(crate) fn new(node: Arc<Node>, port: u16) -> Self {
        Site(Arc::new(Inner {
            address: node.config().web.address_at(port),
            node,
            metrics: Metrics::default(),
            front: Mutex::default(),
            chains: Mutex::new(VerifiedChains::new(REMEMBERED)),
            coming: Mutex::default(),
            pasts: Semaphore::new(PASTS),
            doors: Semaphore::new(DOORS),
        }))
    }

    pub(crate) fn node(&self) -> &Node {
        &self.0.node
    }

    /// The address by which people reach the pages, and where passkeys are good.
    pub(crate) fn address(&self) -> &Address {
        &self.0.address
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Runs what reads files and databases where it does not hold up other requests.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Site) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let site = self.clone();
        tokio::task::spawn_blocking(move || work(&site))
            .await
            .map_err(internal)?
    }

    /// The same for what is slow on purpose: few at a time, the others wait.
    pub(crate) async fn guarded<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Site) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _room = self.0.doors.acquire().await.ok();
        self.blocking(work).await
    }

    /// Answers from the views, or says that what the reader has still holds: an answer is the same
    /// as long as the log and the program are.
    pub(crate) async fn answer(
        &self,
        variant: &'static str,
        headers: &HeaderMap,
        make: impl FnOnce(&Reader<'_>) -> Result<Response, Fault> + Send + 'static,
    ) -> Result<Response, Fault> {
        let known = headers.get(header::IF_NONE_MATCH).cloned();
        self.blocking(move |site| {
            let size = log_size(site.node())?;
            let (version, sealed) = (assets::version(), site.sealed());
            let tag = format!("W/\"{version}-{size}{sealed}-{variant}\"");
            let mut response = match known {
                Some(known) if names(&known, &tag) => StatusCode::NOT_MODIFIED.into_response(),
                _ => make(&site.reader(size)?)?,
            };
            let headers = response.headers_mut();
            headers.insert(header::ETAG, value(&tag));
            headers.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, no-cache"),
            );
            Ok(response)
        })
        .await
    }

    /// Answers from the views with what lapses next: an answer is the same as long as the log, the
    /// program and that are.
    pub(crate) async fn answer_coming(
        &self,
        variant: &'static str,
        headers: &HeaderMap,
        make: impl FnOnce(&Reader<'_>, &Coming) -> Result<Response, Fault> + Send + 'static,
    ) -> Result<Response, Fault> {
        let known = headers.get(header::IF_NONE_MATCH).cloned();
        self.blocking(move |site| {
            let size = log_size(site.node())?;
            let coming = site.coming(size)?;
            let (version, sealed, from) = (assets::version(), site.sealed(), coming.from);
            let tag = format!("W/\"{version}-{size}{sealed}-{from}-{variant}\"");
            let mut response = match known {
                Some(known) if names(&known, &tag) => StatusCode::NOT_MODIFIED.into_response(),
                _ => make(&site.reader(size)?, &coming)?,
            };
            let headers = response.headers_mut();
            headers.insert(header::ETAG, value(&tag));
            headers.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, no-cache"),
            );
            Ok(response)
        })
        .await
    }

    /// Part of a tag: a log that is sealed is so at the size that it had before.
    fn sealed(&self) -> &'static str {
        match self.node().successor() {
            Some(_) => "s",
            None => "",
        }
    }

    /// What lapses next, judged again only where it can have changed.
    fn coming(&self, size: u64) -> Result<Arc<Coming>, Fault> {
        let kept = || self.0.coming.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.node().clock().now();
        let holds = |it: &Arc<Coming>| {
            it.size == size && it.from <= now && it.until.is_none_or(|until| now < until)
        };
        if let Some(coming) = kept().as_ref().filter(|it| holds(it)) {
            return Ok(Arc::clone(coming));
        }
        let (rows, changes) = self.reader(size)?.next_deadlines(COMING)?;
        let coming = Arc::new(Coming {
            size,
            from: now,
            until: changes.and_then(|at| u64::try_from(at).ok()),
            rows,
        });
        *kept() = Some(Arc::clone(&coming));
        Ok(coming)
    }

    /// Answers from the views what also depends on the time: nobody keeps it.
    pub(crate) async fn answer_now(
        &self,
        make: impl FnOnce(&Reader<'_>) -> Result<Response, Fault> + Send + 'static,
    ) -> Result<Response, Fault> {
        self.blocking(move |site| {
            let mut response = make(&site.reader(log_size(site.node())?)?)?;
            let unkept = HeaderValue::from_static("no-store");
            response.headers_mut().insert(header::CACHE_CONTROL, unkept);
            Ok(response)
        })
        .await
    }

    /// Begins an answer at the log's size.
    pub(crate) fn reader(&self, size: u64) -> Result<Reader<'_>, Fault> {
        Reader::new(&self.0.node, self.front(size)?)
    }

    /// Judges what a visitor gave. Chains that were verified before are not checked again: only that
    /// organisations' endorsements and certificates were right is remembered, nothing of emblems.
    pub(crate) fn judge<'a>(&self, given: &'a Given, at: u64) -> Result<Judged<'a>, given::Error> {
        // Nobody waits for what somebody else has verified.
        match self.0.chains.try_lock() {
            Ok(mut chains) => given.judge_with(at, &mut chains),
            Err(_) => given.judge(at),
        }
    }

    /// How many endorsements and commitments were checked, not known.
    #[cfg(test)]
    pub(crate) fn checks(&self) -> u64 {
        self.0.chains.lock().unwrap().checks()
    }

    /// Takes all room for answers about the past.
    #[cfg(test)]
    pub(crate) async fn crowd(&self) -> tokio::sync::SemaphorePermit<'_> {
        self.0.pasts.acquire_many(PASTS as u32).await.unwrap()
    }

    fn front(&self, size: u64) -> Result<Arc<Front>, Fault> {
        let kept = || self.0.front.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, front)) = kept().as_ref().filter(|(at, _)| *at == size) {
            return Ok(Arc::clone(front));
        }
        let front = Arc::new(self.0.node.views().front().map_err(internal)?);
        *kept() = Some((size, Arc::clone(&front)));
        Ok(front)
    }
}

/// Everything that is served to the public.
pub(crate) fn router(site: Site) -> Router {
    let compressed = CompressionLayer::new().quality(CompressionLevel::Fastest);
    let tell_pages = middleware::from_fn_with_state(site.clone(), pages::tell);
    let tell_api = middleware::from_fn(api::tell);
    let small = RequestBodyLimitLayer::new(MAX_BODY);
    // What is too long is told in the words of the pages or of the API: each limit lies within them.
    let judging = pages::judging()
        .layer(tell_pages.clone())
        .merge(Router::new().nest("/api/v1", api::judging().layer(tell_api.clone())))
        .layer(compressed.clone())
        .layer(DefaultBodyLimit::max(MAX_SENT));
    // Who is asked for their account is answered apart, and nothing of it is kept or compressed: a
    // form's token and what a reader wrote in one answer would tell of each other.
    let people = pages::people()
        .layer(small)
        .layer(tell_pages.clone())
        .merge(Router::new().nest("/api/v1", api::people().layer(tell_api.clone())))
        .layer(small);
    let others = assets::router()
        .nest("/tlog", feeds::router())
        .merge(feeds::well_known())
        .route("/healthz", get(healthz))
        .layer(small);
    pages::router()
        .layer(small)
        .layer(tell_pages)
        .nest("/api/v1", api::router().layer(small).layer(tell_api))
        .layer(compressed)
        .layer(middleware::from_fn_with_state(site.clone(), queue))
        .merge(others)
        .merge(people)
        .merge(judging)
        .layer(middleware::from_fn_with_state(site.clone(), finish))
        .with_state(site)
}

/// What is served on the private port.
pub(crate) fn private_router(site: Site) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .with_state(site)
}

/// Says `ok` as long as the log can be read.
async fn healthz(State(site): State<Site>) -> Result<Response, Fault> {
    site.blocking(|site| site.node().log(LogName::Public).head().map_err(internal))
        .await?;
    Ok(healthy())
}

/// What `healthz` says where all is well.
pub(crate) fn healthy() -> Response {
    let unkept = [(header::CACHE_CONTROL, "no-store")];
    (unkept, body("text/plain; charset=utf-8", "ok\n")).into_response()
}

async fn metrics(State(site): State<Site>) -> Result<Response, Fault> {
    let text = site
        .blocking(|site| site.metrics().text(site.node()))
        .await?;
    let headers = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    Ok((headers, text).into_response())
}

/// Lets only a few ask about the past at a time.
async fn queue(State(site): State<Site>, request: Request, next: Next) -> Response {
    let _room = match names_moment(request.uri()) {
        true => site.0.pasts.acquire().await.ok(),
        false => None,
    };
    next.run(request).await
}

/// Counts the answer by its route and gives it the headers of all answers.
async fn finish(State(site): State<Site>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    site.metrics()
        .count(route.as_ref().map(MatchedPath::as_str), response.status());
    secured(response).await
}

/// Gives an answer the headers of all answers.
pub(crate) async fn secured(mut response: Response) -> Response {
    let scripted = response.extensions().get::<Scripted>().is_some();
    let headers = response.headers_mut();
    for (name, text) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(text),
        );
    }
    if scripted {
        let (_, policy) = HEADERS[0];
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            value(&format!("{policy}{SCRIPTED}")),
        );
    }
    response
}

/// An answer as bytes of a type.
pub(crate) fn body(content_type: &'static str, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, content_type)], body.into()).into_response()
}

/// An answer as a file of this name.
pub(crate) fn file(content_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut response = body(content_type, bytes);
    let disposition = value(&format!("attachment; filename=\"{name}\""));
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, disposition);
    response
}

/// Whether an `If-None-Match` value names the tag (RFC 9110, section 13.1.2, by weak comparison).
/// `*` names none: whether there is anything at an address is known only after it was read.
fn names(known: &HeaderValue, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known
        .to_str()
        .is_ok_and(|known| known.split(',').any(|known| plain(known) == plain(tag)))
}

/// Header text that the program itself wrote out of codes, ids and numbers.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("codes, ids and numbers are visible ASCII")
}
