//! What the private port tells about requests and logs, in Prometheus' text format. Neither who
//! asked nor what for: a route is its pattern.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use ensign_node::Node;
use ensign_trust::logbook::LogName;

use crate::fault::{Fault, internal};

/// Answers counted since the start.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<BTreeMap<(&'static str, u16), u64>>);

impl Metrics {
    /// Counts an answer of a route.
    pub(crate) fn count(&self, route: Option<&str>, status: StatusCode) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((class(route), status.as_u16())).or_default() += 1;
    }

    /// All measures as text.
    pub(crate) fn text(&self, node: &Node) -> Result<String, Fault> {
        let mut text = String::from(
            "# HELP ensign_log_entries Entries of a log.\n# TYPE ensign_log_entries gauge\n",
        );
        for name in [LogName::Public, LogName::Closed] {
            let size = node
                .log(name)
                .head()
                .map_err(internal)?
                .map_or(0, |head| head.size);
            line(
                &mut text,
                format_args!("ensign_log_entries{{log=\"{}\"}} {size}", name.as_str()),
            );
        }
        text.push_str(
            "# HELP ensign_http_answers_total Answers by class of route and status.\n\
             # TYPE ensign_http_answers_total counter\n",
        );
        for ((class, status), count) in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            line(
                &mut text,
                format_args!(
                    "ensign_http_answers_total{{class=\"{class}\",status=\"{status}\"}} {count}"
                ),
            );
        }
        Ok(text)
    }
}

fn class(route: Option<&str>) -> &'static str {
    match route {
        None => "none",
        Some(route) if route.starts_with("/api/") => "api",
        Some(route) if route.starts_with("/assets/") => "asset",
        Some(route) if route.starts_with("/tlog/") => "tlog",
        Some("/healthz") => "health",
        Some(_) => "page",
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::testkit::Served;

    #[tokio::test]
    async fn answers_are_counted_by_route_and_nothing_tells_who_asked_for_what() {
        let served = Served::story();
        served.get("/en/incidents?country=XKX").await;
        served.get("/api/v1/front").await;
        served.get("/api/v1/nothing").await;
        assert_eq!(served.get("/metrics").await.status, StatusCode::NOT_FOUND);
        let metrics = served.get_private("/metrics").await;
        let size = served.get("/api/v1/front").await.json()["as_of"]["size"].clone();
        for line in [
            format!("ensign_log_entries{{log=\"public\"}} {size}"),
            "ensign_http_answers_total{class=\"page\",status=\"200\"} 1".to_owned(),
            "ensign_http_answers_total{class=\"api\",status=\"200\"} 1".to_owned(),
        ] {
            assert!(
                metrics.text().lines().any(|it| it == line),
                "{line}\n{}",
                metrics.text()
            );
        }
        assert!(!metrics.text().contains("XKX"));
        assert_eq!(served.get_private("/healthz").await.text(), "ok\n");
    }
}
