//! The page "verify an emblem": what was pasted or uploaded, judged step by step. Nothing of it is
//! kept.

use askama::Template;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use ensign_mark::given::{Error, Given, Source};
use ensign_mark::policy::PolicyError;

use crate::answer::emblem::{TokenResult, Verification};
use crate::ask::{moment, nothing};
use crate::fault::{Fault, internal};
use crate::pages::shell::{Here, Shell};
use crate::pages::words::Words;
use crate::pages::{Asking, html};
use crate::site::{MAX_SENT, Site, file};

/// A set of invented organisations, with all that proves it.
const EXAMPLE: &str = include_str!("../../assets/example.txt");
/// The time at which the example is judged.
const EXAMPLE_AT: &str = "2026-09-21T14:13:20Z";

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    w: Words,
    shell: Shell,
    form: Form,
    /// What is wrong with the form, and its field.
    wrong: Option<(&'static str, Option<Error>)>,
    /// What came of it; absent before anything was given.
    result: Option<Verification>,
}

/// The form as it was filled in, files apart.
#[derive(Default)]
struct Form {
    paste: String,
    policy: String,
    at: String,
    /// Whether one file of all of it is wanted instead of an answer.
    bundle: bool,
    given: Given,
}

/// Why the form is not answered.
enum Wrong {
    /// This field cannot be used, or nothing is in it.
    Field(&'static str, Option<Error>),
    /// The request cannot be read at all.
    Request(Fault),
}

pub(crate) async fn form(State(site): State<Site>, asking: Asking) -> Result<Response, Fault> {
    let example = match asking.uri.query() {
        Some("example") => true,
        _ => {
            nothing(&asking.uri)?;
            false
        }
    };
    let mut form = Form::default();
    if example {
        form.paste = EXAMPLE.to_owned();
        form.at = EXAMPLE_AT.to_owned();
        form.given.add_text(EXAMPLE).map_err(internal)?;
    }
    let headers = asking.headers.clone();
    let now = site.node().clock().now();
    let judging = site.clone();
    site.answer(asking.locale.code(), &headers, move |reader| {
        let result = match example {
            true => Some(form.verify(&judging, now).map_err(|_| Fault::Internal)?),
            false => None,
        };
        let shell = Shell::new(reader, asking.locale, Here::Verify, asking.place())?;
        html(&Verify {
            w: shell.words(),
            shell,
            form,
            wrong: None,
            result,
        })
    })
    .await
}

pub(crate) async fn judge(
    State(site): State<Site>,
    asking: Asking,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fault> {
    nothing(&asking.uri)?;
    let mut form = Form::default();
    let read = match sent {
        Ok(sent) => form.read(sent).await,
        Err(_) => Err(Wrong::Request(Fault::Given {
            why: "the form is not sent as multipart/form-data".to_owned(),
        })),
    };
    let now = site.node().clock().now();
    site.blocking(move |site| {
        let judged = read.and_then(|()| match form.bundle {
            true => form.bundle().map(Err),
            false => form.verify(site, now).map(Ok),
        });
        let (wrong, result) = match judged {
            Ok(Ok(result)) => (None, Some(result)),
            Ok(Err(bundle)) => return Ok(unkept(file(BUNDLE_TYPE, BUNDLE_NAME, bundle))),
            Err(Wrong::Field(field, why)) => (Some((field, why)), None),
            Err(Wrong::Request(fault)) => return Err(fault),
        };
        let reader = site.reader(crate::read::log_size(site.node())?)?;
        let shell = Shell::new(&reader, asking.locale, Here::Verify, asking.place())?;
        let status = match wrong {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        let mut page = html(&Verify {
            w: shell.words(),
            shell,
            form,
            wrong,
            result,
        })?;
        *page.status_mut() = status;
        Ok(unkept(page))
    })
    .await
}

const BUNDLE_TYPE: &str = "application/octet-stream";
const BUNDLE_NAME: &str = "set.emblem";

/// Tells everybody on the way to keep nothing.
fn unkept(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Form {
    async fn read(&mut self, mut sent: Multipart) -> Result<(), Wrong> {
        while let Some(field) = sent.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "paste" => self.paste = field.text().await.map_err(broken)?,
                "policy" => self.policy = field.text().await.map_err(broken)?,
                "at" => self.at = field.text().await.map_err(broken)?.trim().to_owned(),
                "answer" => self.bundle = field.text().await.map_err(broken)? == "bundle",
                "files" => {
                    let file = field.file_name().unwrap_or_default().to_owned();
                    let content = field.bytes().await.map_err(broken)?;
                    // A browser sends an empty file where none was chosen.
                    if !content.is_empty() {
                        let added = self.given.add_file(Source::Own, Some(&file), &content);
                        added.map_err(|why| Wrong::Field("files", Some(why)))?;
                    }
                }
                _ => {
                    return Err(Wrong::Request(Fault::Given {
                        why: "the form has a field that is not known".to_owned(),
                    }));
                }
            }
        }
        let policy = self.given.read_policy(&self.policy);
        policy.map_err(|why| Wrong::Field("policy", Some(why)))?;
        let added = self.given.add_text(&self.paste);
        added.map_err(|why| Wrong::Field("paste", Some(why)))
    }

    /// Judges what was given, now unless it names another time.
    fn verify(&self, site: &Site, now: u64) -> Result<Verification, Wrong> {
        if self.given.is_empty() {
            return Err(Wrong::Field("paste", None));
        }
        let at = match self.at.as_str() {
            "" => now,
            at => moment("at", at).map_err(|_| Wrong::Field("at", None))?,
        };
        let judged = site.judge(&self.given, at);
        let judged = judged.map_err(|why| Wrong::Field("paste", Some(why)))?;
        Ok(Verification::new(&judged))
    }

    fn bundle(&self) -> Result<Vec<u8>, Wrong> {
        if self.given.is_empty() {
            return Err(Wrong::Field("paste", None));
        }
        self.given
            .bundle()
            .map_err(|why| Wrong::Field("paste", Some(why)))
    }
}

impl Verify {
    /// The field that cannot be used, if it is this one.
    fn is_wrong(&self, name: &str) -> bool {
        self.wrong.as_ref().is_some_and(|(field, _)| *field == name)
    }

    /// What is wrong with the form.
    fn advice(&self, field: &str, why: Option<&Error>) -> String {
        let w = self.w;
        let general = match (field, why) {
            ("at", _) => return w.text("error-moment"),
            ("policy", _) => w.text("verify-wrong-policy"),
            (_, None) => return w.text("verify-wrong-nothing"),
            ("files", _) => w.text("verify-wrong-files"),
            _ => w.text("verify-wrong-paste"),
        };
        let why = match why {
            Some(Error::Policy(why)) => policy_wrong(&w, why),
            Some(Error::TooMany) => w.text("verify-wrong-too-many"),
            Some(Error::Bundle(_)) => w.text("verify-wrong-bundle"),
            None => return general,
        };
        format!("{general} {why}")
    }

    /// The names of the results that hold, in one line.
    fn results(&self, result: &Verification) -> String {
        result.results.join(" ")
    }

    /// The endorsements that count, from the emblem upwards.
    fn endorsements<'a>(&self, result: &'a Verification) -> Vec<&'a TokenResult> {
        let of = |role| result.tokens.iter().filter(move |it| it.role == role);
        of("internal").chain(of("external")).collect()
    }

    /// Those who endorse the emblem's issuer, in one line.
    fn endorsed_by(&self, result: &Verification) -> String {
        self.w.list(&result.endorsed_by)
    }

    /// Those who recognise the emblem, in one line.
    fn recognised_by(&self, result: &Verification) -> String {
        self.w.list(&result.recognised_by)
    }

    /// The command line that gives the same answer for a folder with what was given.
    fn command(&self, result: &Verification) -> String {
        let policy = match result.policy.given {
            true => " --policy policy.toml",
            false => "",
        };
        let at = result.at;
        format!("ensign emblem verify given --evidence given --at {at}{policy}")
    }
}

/// Why a policy cannot be read.
fn policy_wrong(w: &Words, why: &PolicyError) -> String {
    let wanted = |name: &str| w.label("verify-policy-wanted-", name).unwrap_or_default();
    match why {
        PolicyError::List(name) => w.text_with(
            "verify-policy-list",
            &[("name", (*name).into()), ("wanted", wanted(name).into())],
        ),
        PolicyError::Value(name) => w.text_with(
            "verify-policy-value",
            &[("name", (*name).into()), ("wanted", wanted(name).into())],
        ),
        PolicyError::Organisation(_) => w.text("verify-policy-organisation"),
        PolicyError::TooLong => w.text("verify-policy-too-long"),
        PolicyError::Version => w.text("verify-policy-version"),
        PolicyError::Encoding | PolicyError::Toml(_) => w.text("verify-policy-toml"),
    }
}

fn broken(error: MultipartError) -> Wrong {
    Wrong::Request(match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge { most: MAX_SENT },
        _ => Fault::Given {
            why: "the form breaks off, or is not text where it must be".to_owned(),
        },
    })
}
