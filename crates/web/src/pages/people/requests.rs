//! What waits for a second person.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ensign_node::people::{Asked, RequestPage, RequestRow};
use ensign_node::{Error, Node};
use ensign_trust::AccountId;
use ensign_trust::account::{Action, Relation, Sensitivity};
use ensign_trust::tombstone::Ground;

use super::{Me, page};
use crate::fault::{Fault, Wrong};
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, see_other};
use crate::signed::{Sent, Shown, Signed};
use crate::site::Site;

#[derive(Template)]
#[template(path = "people/requests.html")]
struct Requests {
    w: Words,
    shell: Shell,
    me: Me,
    rows: Vec<RequestRow>,
    /// What this account may ask for.
    acts: Vec<&'static str>,
    /// On what grounds something is erased.
    grounds: &'static [Ground],
}

#[derive(Template)]
#[template(path = "people/request.html")]
struct RequestView {
    w: Words,
    shell: Shell,
    me: Me,
    row: RequestRow,
    /// What is asked for: what each field is called, what stands there, and whether that is words.
    fields: Vec<(String, String, bool)>,
    /// What came of it, for whoever asked.
    answer: Option<String>,
    /// What this account may do with it.
    may: Vec<&'static str>,
}

/// What can be asked for, and the act that it is.
const ACTS: [(&str, Action); 6] = [
    ("key-rotate", Action::KeyChange),
    ("key-add", Action::KeyChange),
    ("key-revoke", Action::KeyChange),
    ("place-reveal", Action::PlaceReveal),
    ("person-identify", Action::PersonIdentify),
    ("subject-erase", Action::SubjectErase),
];

pub(super) async fn requests(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
) -> Result<Response, Fault> {
    site.signed(asking, shown, |signed| {
        let (node, account) = (signed.node(), signed.account());
        let may = |act: &Action| {
            let sensitivity = act.sensitivity().unwrap_or(Sensitivity::Severe);
            node.permit(Some(account), *act, sensitivity, Relation::None)
                .is_ok()
        };
        let acts = ACTS
            .iter()
            .filter(|(_, act)| may(act))
            .map(|(name, _)| *name);
        let shell = signed.shell()?;
        page(&Requests {
            w: shell.words(),
            shell,
            me: Me::of(signed, "requests"),
            rows: node.requests(Some(account)).map_err(Fault::of)?,
            acts: acts.collect(),
            grounds: Ground::ALL,
        })
    })
    .await
}

pub(super) async fn request(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    site.signed(asking, shown, move |signed| {
        let (node, account) = (signed.node(), signed.account());
        let RequestPage { row, asked, answer } =
            node.request(&id, Some(account)).map_err(Fault::of)?;
        let shell = signed.shell()?;
        let may = [
            ("approve", Action::RequestApprove),
            ("refuse", Action::RequestRefuse),
            ("recuse", Action::RequestRecuse),
            ("withdraw", Action::RequestWithdraw),
        ];
        let open = row.outcome == "open";
        let allowed = |(_, action): &(&str, Action)| {
            let may = node
                .permit(Some(account), *action, row.sensitivity, row.relation)
                .is_ok();
            let again = row.outcome == "approved" && *action == Action::RequestApprove;
            may && (open || again)
        };
        let may = may
            .iter()
            .filter(|it| allowed(it))
            .map(|(name, _)| *name)
            .collect();
        let w = shell.words();
        page(&RequestView {
            w,
            shell,
            me: Me::of(signed, "requests"),
            fields: fields(w, asked.as_ref()),
            answer: answer.map(|it| format!("{it:#}")),
            may,
            row,
        })
    })
    .await
}

pub(super) async fn ask(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    sent: Sent,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, |signed, sent| {
        let about = sent.field("about").trim().to_owned();
        let asked = match sent.field("act") {
            "key-add" => Asked::KeyAdd { party: about },
            "key-revoke" => Asked::KeyRevoke {
                key: about,
                as_of: None,
                reason: sent.field("reason").trim().to_owned(),
            },
            "key-rotate" => Asked::KeyRotate { party: about },
            "person-identify" => Asked::PersonIdentify { account: about },
            "place-reveal" => Asked::PlaceReveal { asset: about },
            "subject-erase" => Asked::SubjectErase {
                subject: about,
                ground: sent.field("ground").to_owned(),
            },
            other => {
                return Err(Fault::Parameter {
                    name: "act".to_owned(),
                    value: other.to_owned(),
                    wrong: Wrong::Choice,
                });
            }
        };
        let assigned: Vec<String> = sent
            .field("assigned")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let by = Some(signed.account());
        let id = signed
            .node()
            .ask_for(&asked, &assigned, by)
            .map_err(Fault::of)?;
        Ok(to(signed, &id.to_string()))
    })
    .await
}

pub(super) async fn approve(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    decide(site, asking, shown, sent, id, Node::approve).await
}

pub(super) async fn refuse(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    decide(site, asking, shown, sent, id, Node::refuse).await
}

pub(super) async fn recuse(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    decide(site, asking, shown, sent, id, Node::recuse).await
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    asking: Asking,
    shown: Shown,
    Path((_, id)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let withdraw = |node: &Node, id: &str, by| node.withdraw_request(id, Some(by));
    decide(site, asking, shown, sent, id, withdraw).await
}

async fn decide(
    site: Site,
    asking: Asking,
    shown: Shown,
    sent: Sent,
    id: String,
    act: impl FnOnce(&Node, &str, AccountId) -> Result<RequestRow, Error> + Send + 'static,
) -> Result<Response, Fault> {
    site.signed_sent(asking, shown, sent, move |signed, _| {
        act(signed.node(), &id, signed.account()).map_err(Fault::of)?;
        Ok(to(signed, &id))
    })
    .await
}

/// What is asked for, field by field.
fn fields(w: Words, asked: Option<&Asked>) -> Vec<(String, String, bool)> {
    let value = asked.and_then(|asked| serde_json::to_value(asked).ok());
    let fields = value.as_ref().and_then(|value| value.as_object());
    let text = |name: &str, value: &serde_json::Value| match (name, value) {
        ("ground", serde_json::Value::String(code)) => (w.ground(code), true),
        ("role", serde_json::Value::String(code)) => match code.parse() {
            Ok(role) => (w.role(&role), true),
            Err(_) => (code.clone(), false),
        },
        ("until", value) if value.is_u64() => (w.moment(&value.as_u64().unwrap_or_default()), true),
        (_, serde_json::Value::String(text)) => (text.clone(), false),
        (_, other) => (other.to_string(), false),
    };
    fields
        .into_iter()
        .flatten()
        .filter(|(name, value)| !value.is_null() && *name != "act")
        .map(|(name, value)| {
            let (text, words) = text(name, value);
            (w.asked_field(name), text, words)
        })
        .collect()
}

/// Leads to a request; the id is one that the node has found.
pub(super) fn to(signed: &Signed<'_>, id: &str) -> Response {
    see_other(&format!("/{}/requests/{id}", signed.asking.locale.code()))
}
