//! The verification of an emblem, step by step, as the page has it.
//!
//! Rules and what is missing come with the program's own English words, which say most; other
//! languages have the translated sentence instead.

use ensign_web::i18n::{Locale, Texts};
use ensign_web::{caution_sentence, lacking_sentence};
use serde_json::Value;

use super::Part;
use super::layouts::{code, moment, text};
use crate::columns::{Cell, columns, plain, sentence};

/// An emblem that was verified.
pub const EMBLEM_VERIFIED: &[Part] = &[
    Part::Told(result),
    CAUTIONS,
    Part::Told(missing),
    Part::Sheet(&[
        text("cli-marks", "/emblem/marks"),
        code("cli-purposes", "/emblem/purposes", "purpose-"),
        text("cli-issuer", "/emblem/issuer"),
        moment("cli-from", "/emblem/from"),
        moment("cli-until", "/emblem/until"),
        moment("cli-judged", "/at"),
        text("cli-file", "/file"),
    ]),
    Part::Told(signatures),
    Part::Told(endorsements),
    Part::Told(commitments),
    Part::Told(policy),
    Part::Told(passed),
];

/// What breaks no rule and should be known.
pub(super) const CAUTIONS: Part = Part::Told(cautions);

fn cautions(answer: &Value, texts: &Texts) -> String {
    let told = rows(answer, "cautions").iter().map(|row| {
        let (code, about, detail) = (word(row, "code"), word(row, "about"), word(row, "detail"));
        let sentence = caution_sentence(texts, &code, &about, &detail, row["time"].as_i64());
        sentence.unwrap_or_else(|| word(row, "says"))
    });
    titled("caution-title", &told.collect::<Vec<_>>(), texts)
}

/// Whether the policy is met, what may be said of the emblem, and which rule failed.
fn result(answer: &Value, texts: &Texts) -> String {
    let (outcome, emblem) = (word(answer, "outcome"), &answer["emblem"]);
    let mut told = vec![
        texts
            .label("", &word(answer, "sentence"))
            .unwrap_or(outcome),
    ];
    let moment = |at: &str| texts.date_time(emblem[at].as_i64().unwrap_or_default());
    let by = words(answer, "recognised_by", texts);
    let standing = match &*word(answer, "standing") {
        "endorsed" => {
            let by = words(answer, "endorsed_by", texts);
            Some(texts.text_with("emblem-standing-endorsed", &[("by", by.into())]))
        }
        "recognised" => Some(texts.text_with("emblem-standing-recognised", &[("by", by.into())])),
        "expired" => {
            let until = moment("until");
            Some(texts.text_with("emblem-standing-expired", &[("moment", until.into())]))
        }
        "not-yet" => {
            let from = moment("from");
            Some(texts.text_with("emblem-standing-not-yet", &[("moment", from.into())]))
        }
        other => texts.label("emblem-standing-", other),
    };
    told.extend(standing);
    told.extend(endorsed_under_until(answer, texts));
    let dialect = match &*word(answer, "dialect") {
        "" => String::new(),
        dialect => format!(" ({} {dialect})", texts.text("emblem-dialect")),
    };
    let results = texts.text("emblem-results");
    let held = answer["results"].as_array().map_or(&[][..], Vec::as_slice);
    let held: Vec<_> = held.iter().filter_map(Value::as_str).collect();
    told.push(format!("{results} {}{dialect}", held.join(" ")));
    if let Some(failed) = answer.get("failed").filter(|it| !it.is_null()) {
        let rule = says(failed, "rule", texts);
        told.push(match failed["token"].as_u64() {
            None => rule,
            Some(at) => {
                let at = texts.text_with("emblem-failed-at", &[("token", at.into())]);
                format!("{at} {rule}")
            }
        });
    }
    told.push(texts.text("emblem-not-unprotected"));
    if emblem.is_object() && emblem["state"] != "valid" {
        told.push(texts.text("emblem-says-only"));
    }
    lines(&told)
}

/// Who endorses, which law the protection stands for, and until when the answer holds.
fn endorsed_under_until(answer: &Value, texts: &Texts) -> Vec<String> {
    let mut told = Vec::new();
    let by = words(answer, "endorsed_by", texts);
    if !by.is_empty() {
        told.push(format!("{}: {by}", texts.text("emblem-endorsed-by")));
    }
    for row in rows(answer, "laws") {
        let laws = rows(row, "laws").iter().filter_map(Value::as_str);
        let laws = laws.map(|law| texts.label("law-", law).unwrap_or_else(|| plain(law)));
        let laws: Vec<_> = laws.collect();
        let purpose = coded("purpose-", row, "purpose", texts);
        let title = texts.text("emblem-law");
        told.push(format!("{title}: {purpose}: {}", texts.clauses(&laws)));
    }
    if !rows(answer, "laws").is_empty() {
        told.push(texts.text("emblem-law-of-purpose"));
    }
    if let Some(until) = answer["holds_until"].as_i64() {
        let moment = texts.date_time(until);
        let first = &answer["ends_first"];
        let at = texts.text_with("emblem-token", &[("token", number(first, "token").into())]);
        let role = coded("emblem-role-", first, "role", texts);
        let title = texts.text("answer-holds-until");
        let of = match first["of"] == "evidence" {
            true => {
                let separator = texts.text("list-separator-strong");
                format!("{separator}{}", texts.text("emblem-ends-evidence"))
            }
            false => String::new(),
        };
        told.push(format!("{title} {moment} ({at}: {role}{of})"));
    }
    told
}

/// What is missing, each with the log that it is about.
fn missing(answer: &Value, texts: &Texts) -> String {
    let told = rows(answer, "missing").iter().map(|row| {
        let says = match texts.locale() {
            Locale::En => word(row, "says"),
            Locale::Ar => lacking(row, texts),
        };
        match &*word(row, "log") {
            "" => says,
            log if says.contains(log) => says,
            log => format!("{} {log}: {says}", texts.text("emblem-log")),
        }
    });
    titled("emblem-missing-title", &told.collect::<Vec<_>>(), texts)
}

/// What is missing, in the reader's language.
fn lacking(row: &Value, texts: &Texts) -> String {
    let count = |at: &str| row[at].as_u64().and_then(|it| usize::try_from(it).ok());
    let counts = count("named").zip(count("needed"));
    let says = lacking_sentence(texts, &word(row, "code"), count("token"), counts);
    let says = says.unwrap_or_else(|| word(row, "says"));
    let level = coded("emblem-level-", row, "level", texts);
    let parts = [says, level, word(row, "key")];
    let parts: Vec<_> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join(" ")
}

/// Step 1: each token, its signature and what became of it.
fn signatures(answer: &Value, texts: &Texts) -> String {
    let mut told = Vec::new();
    for token in rows(answer, "tokens") {
        let at = texts.text_with("emblem-token", &[("token", number(token, "token").into())]);
        let says = &token["says"];
        let found = [
            coded("emblem-kind-", says, "kind", texts),
            coded("emblem-signature-", token, "signature", texts),
            coded("emblem-role-", token, "role", texts),
        ];
        told.push(format!("{at}: {}", joined(&found, texts)));
        if let failed @ Value::Object(_) = &token["failed"] {
            told.push(format!("  {}", self::says(failed, "rule", texts)));
        }
        if says.is_object() {
            let second = |at: &str| texts.date_time(says[at].as_i64().unwrap_or_default());
            let issuer = match &*word(says, "issuer") {
                "" => texts.text("emblem-no-organisation"),
                issuer => format!("{} {issuer}", texts.text("emblem-issuer")),
            };
            let period = format!("{} – {}", second("from"), second("until"));
            told.push(format!("  {}", joined(&[issuer, period], texts)));
            let key = format!("{} {}", texts.text("emblem-key"), word(says, "key"));
            let how = [word(says, "algorithm"), word(says, "dialect"), key];
            told.push(format!("  {}", joined(&how, texts)));
        }
    }
    titled("verify-step-signatures", &told, texts)
}

/// Step 2: the endorsements that count.
fn endorsements(answer: &Value, texts: &Texts) -> String {
    let of = |role| {
        let tokens = rows(answer, "tokens").iter();
        tokens.filter(move |it| it["role"] == role)
    };
    let told = of("internal").chain(of("external")).map(|token| {
        let says = &token["says"];
        let (issuer, subject) = (word(says, "issuer"), word(says, "subject"));
        let who = match issuer.is_empty() || subject.is_empty() {
            true => texts.text("emblem-endorses-unnamed"),
            false => texts.text_with(
                "emblem-endorses",
                &[("issuer", issuer.into()), ("subject", subject.into())],
            ),
        };
        let at = texts.text_with("emblem-token", &[("token", number(token, "token").into())]);
        let role = coded("emblem-role-", token, "role", texts);
        format!("{who} {} ({at}: {role})", word(says, "endorses"))
    });
    let mut told: Vec<_> = told.collect();
    if told.is_empty() {
        told.push(texts.text("verify-step-endorsements-none"));
    }
    titled("verify-step-endorsements", &told, texts)
}

/// Step 3: each log entry of each commitment.
fn commitments(answer: &Value, texts: &Texts) -> String {
    let rows = rows(answer, "commitments");
    let mut told = Vec::new();
    for row in rows {
        let result = coded("emblem-found-", row, "result", texts);
        told.push(format!("{}: {result}", word(row, "organisation")));
        told.push(format!(
            "  {} {}",
            texts.text("emblem-root-key"),
            word(row, "key")
        ));
        for entry in self::rows(row, "entries") {
            told.extend(log_entry(entry, texts).map(|line| format!("  {line}")));
        }
    }
    if told.is_empty() {
        told.push(texts.text("verify-step-commitments-none"));
    }
    titled("verify-step-commitments", &told, texts)
}

/// A log entry: what was found, in which log, and why.
fn log_entry(entry: &Value, texts: &Texts) -> impl Iterator<Item = String> {
    let result = coded("emblem-found-", entry, "result", texts);
    let log = match &*word(entry, "log_name") {
        "" => word(entry, "log"),
        name => format!("{name} {}", word(entry, "log")),
    };
    let mut why = vec![says(entry, "code", texts)];
    if let Some(logged) = entry["logged"].as_i64() {
        let moment = texts.date_time(logged);
        why.push(texts.text_with("emblem-logged", &[("moment", moment.into())]));
        // What is missing or wrong says itself which certificate it is about.
        let certificates = rows(entry, "certificates").iter();
        let title = texts.text("emblem-certificate");
        why.extend(certificates.map(|it| format!("{title}: {}", words(it, "names", texts))));
    }
    if entry["issuer_checked"] == false {
        why.push(texts.text("emblem-issuer-unchecked"));
    }
    why.push(coded("emblem-revocation-", entry, "revocation", texts));
    why.retain(|line| !line.is_empty());
    let found = format!("{result}: {} {log}", texts.text("emblem-log"));
    std::iter::once(found).chain(why.into_iter().map(|line| format!("  {line}")))
}

/// Step 4: by which policy, and what it asks for.
fn policy(answer: &Value, texts: &Texts) -> String {
    let Some(policy @ Value::Object(_)) = answer.get("policy") else {
        return String::new();
    };
    let given = texts.text(match policy["given"] == true {
        true => "emblem-policy-given",
        false => "emblem-policy-default",
    });
    let count = |key, at: &str| {
        let number = policy[at].as_u64()?;
        Some(texts.text_with(key, &[("count", number.into())]))
    };
    let or = |list: String, key| match list.is_empty() {
        true => texts.text(key),
        false => list,
    };
    let terms = [
        ("emblem-policy-id", word(policy, "id")),
        (
            "emblem-policy-least",
            coded("emblem-level-", policy, "least", texts),
        ),
        (
            "emblem-policy-commitments",
            count("emblem-policy-at-least", "commitments")
                .unwrap_or_else(|| texts.text("emblem-policy-every")),
        ),
        (
            "emblem-policy-age",
            count("emblem-policy-days", "evidence_days")
                .unwrap_or_else(|| texts.text("emblem-policy-any-age")),
        ),
        (
            "emblem-policy-lists",
            texts.text(match policy["revocation_lists"] == true {
                true => "emblem-policy-lists-required",
                false => "emblem-policy-lists-given",
            }),
        ),
        (
            "emblem-policy-logs",
            or(words(policy, "logs", texts), "emblem-policy-logs-given"),
        ),
        (
            "emblem-policy-honours",
            or(
                words(policy, "honours", texts),
                "emblem-policy-honours-none",
            ),
        ),
    ];
    let bundles = rows(answer, "bundle_policies").iter().map(|row| {
        let used = texts.text(match row["used"] == true {
            true => "emblem-policy-of-bundle-used",
            false => "emblem-policy-of-bundle-other",
        });
        (
            "emblem-policy-of-bundle",
            format!("{} ({used})", word(row, "id")),
        )
    });
    let terms: Vec<_> = terms.into_iter().chain(bundles).collect();
    let line = |(title, value)| vec![Cell::Text(texts.text(title)), Cell::Text(value)];
    let terms: Vec<_> = terms.into_iter().map(line).collect();
    titled("verify-step-policy", &[given], texts) + &columns(&terms)
}

fn passed(answer: &Value, texts: &Texts) -> String {
    let rows = rows(answer, "passed_over").iter().map(|row| {
        let name = match &*word(row, "name") {
            "" => texts.text_with("verify-piece", &[("piece", number(row, "piece").into())]),
            name => name.to_owned(),
        };
        format!("{name}: {}", own_words(row, "why", "code", texts))
    });
    titled("verify-passed-title", &rows.collect::<Vec<_>>(), texts)
}

/// Sentences under their title; nothing where there are none.
fn titled(title: &str, told: &[String], texts: &Texts) -> String {
    match told.is_empty() {
        true => String::new(),
        false => lines(&[texts.text(title)]) + &lines(told),
    }
}

fn lines(told: &[String]) -> String {
    let line = |line: &String| sentence(line).into_owned() + "\n";
    told.iter().map(line).collect()
}

/// What the program says in its own words, or the sentence of the reader's language.
fn says(row: &Value, code: &str, texts: &Texts) -> String {
    own_words(row, "says", code, texts)
}

fn own_words(row: &Value, at: &str, code: &str, texts: &Texts) -> String {
    let own = word(row, at);
    match texts.label("", &word(row, code)) {
        Some(label) if texts.locale() != Locale::En => match &*word(row, "about") {
            "" => label,
            about => format!("{label} {about}"),
        },
        _ => own,
    }
}

/// What there is of these, in one line.
fn joined(parts: &[String], texts: &Texts) -> String {
    let parts = parts.iter().map(String::as_str);
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    texts.clauses(&parts)
}

/// The word for a code.
fn coded(family: &str, row: &Value, at: &str, texts: &Texts) -> String {
    let code = word(row, at);
    texts.label(family, &code).unwrap_or(code)
}

/// A text of the answer, made harmless for a terminal.
fn word(row: &Value, at: &str) -> String {
    plain(row[at].as_str().unwrap_or_default())
}

fn words(row: &Value, at: &str, texts: &Texts) -> String {
    let words = rows(row, at).iter().filter_map(Value::as_str);
    texts.list(&words.map(plain).collect::<Vec<_>>())
}

fn number(row: &Value, at: &str) -> u64 {
    row[at].as_u64().unwrap_or_default()
}

fn rows<'a>(row: &'a Value, at: &str) -> &'a [Value] {
    row[at].as_array().map_or(&[], Vec::as_slice)
}
