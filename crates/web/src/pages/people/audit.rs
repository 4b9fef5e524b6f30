//! The closed log, as far as somebody may read it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ensign_node::people::ClosedPage;

use super::{Me, page};
use crate::ask::{LogAsked, ROWS};
use crate::fault::Fault;
use crate::pages::Asking;
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::signed::Shown;
use crate::site::Site;

#[derive(Template)]
#[template(path = "people/audit.html")]
struct Audit {
    w: Words,
    shell: Shell,
    me: Me,
    log: ClosedPage,
    /// Where the list begins and where it goes on.
    first: Option<String>,
    next: Option<String>,
}

pub(super) async fn audit(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
) -> Result<Response, Fault> {
    let asked = LogAsked::read(&asking.uri)?;
    site.signed(asking, shown, move |signed| {
        let limit = asked.limit.unwrap_or(ROWS);
        let by = Some(signed.account());
        let log = signed
            .node()
            .read_closed(asked.before, limit, by)
            .map_err(Fault::of)?;
        let shell = signed.shell()?;
        let place = format!("/{}/audit", shell.locale.code());
        page(&Audit {
            w: shell.words(),
            me: Me::of(signed, "audit"),
            first: asked.before.map(|_| place.clone()),
            next: log
                .next
                .map(|next| format!("{place}?before={next}&limit={limit}")),
            shell,
            log,
        })
    })
    .await
}
