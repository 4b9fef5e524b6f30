//! What has ended: how, when, by whom and why, and what it was until then, in the sentences that the
//! pages have.

use ensign_web::i18n::Texts;
use serde_json::Value;

use crate::columns::{plain, sentence};

/// Answers of what has ended.
const ENDED: [&str; 3] = ["expired", "revoked", "withdrawn"];

/// Of an asset and its emblems, of one emblem, or of those assets of an identifier that have ended.
pub(super) fn ended(answer: &Value, texts: &Texts) -> String {
    let mut told = of_one(answer, texts);
    let assets = rows(answer, "assets");
    let has_ended = |it: &&Value| it["outcome"].as_str().is_some_and(|it| ENDED.contains(&it));
    for asset in assets.iter().filter(has_ended) {
        let one_of_many = assets.len() > 1;
        let name = asset["name"].as_str().filter(|_| !one_of_many);
        let name = plain(name.or(asset["asset"].as_str()).unwrap_or_default());
        let own = of_one(asset, texts).into_iter();
        told.extend(own.map(|line| format!("{name}: {line}")));
    }
    let lines = told.iter().map(|line| sentence(line).into_owned() + "\n");
    lines.collect()
}

fn of_one(answer: &Value, texts: &Texts) -> Vec<String> {
    let mut told = Vec::new();
    for end in ["withdrawn", "ended"] {
        told.extend(how(&answer[end], texts));
    }
    if let Some(until) = answer.pointer("/former/until").and_then(Value::as_i64) {
        let moment = texts.date_time(until);
        told.push(texts.text_with("former-until", &[("moment", moment.into())]));
        let recognised = rows(&answer["former"], "recognised");
        if recognised.is_empty() {
            told.push(texts.text("former-not-recognised"));
        }
        told.extend(recognised.iter().map(|way| recognition(way, texts)));
    }
    // What the withdrawal of the asset ended is told with it.
    let withdrawal = &answer["withdrawn"]["statement"];
    for part in ["emblems", "endorsements"] {
        for row in rows(answer, part) {
            let statement = plain(row["statement"].as_str().unwrap_or_default());
            let is_told = withdrawal.is_string() && row["ended"]["statement"] == *withdrawal;
            let end = how(&row["ended"], texts).filter(|_| !is_told);
            told.extend(end.map(|end| format!("{statement}: {end}")));
        }
    }
    told
}

/// A statement that ended something, in a sentence.
fn how(end: &Value, texts: &Texts) -> Option<String> {
    let moment = texts.date_time(end["received"].as_i64()?);
    let word = |at: &str| plain(end[at].as_str().unwrap_or_default());
    let reason = word("reason");
    let reason = texts.label("end-reason-", &reason).unwrap_or(reason);
    let (moment, by) = (("moment", moment.into()), ("by", by(end).into()));
    let why = ("reason", reason.into());
    Some(match end["how"].as_str()? {
        "revoked" => texts.text_with("end-revoked", &[moment, by, why]),
        "withdrawn" => texts.text_with("end-withdrawn", &[moment, by, why]),
        _ => texts.text_with("end-superseded", &[moment, by]),
    })
}

fn recognition(way: &Value, texts: &Texts) -> String {
    let word = |at: &str| plain(way[at].as_str().unwrap_or_default());
    let law = word("law");
    let law = texts.label("law-", &law).unwrap_or(law);
    let who = [
        ("by", by(way).into()),
        ("authority", word("authority").into()),
        ("law", law.into()),
    ];
    let told = texts.text_with("former-recognised-by", &who);
    match &*word("policy") {
        "" => format!("{told} {}", texts.text("asset-without-policy")),
        policy => format!("{told} {} {policy}.", texts.text("asset-under-policy")),
    }
}

/// A party by its name and its id.
pub(super) fn by(value: &Value) -> String {
    let word = |at: &str| plain(value[at].as_str().unwrap_or_default());
    match &*word("by_name") {
        "" => word("by"),
        name => format!("{name} ({})", word("by")),
    }
}

fn rows(value: &Value, name: &str) -> Vec<Value> {
    value[name].as_array().cloned().unwrap_or_default()
}
