use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::date;

use super::*;

/// A call of `text`, `text_with` or `label` in program text or a template.
#[derive(Debug)]
struct Use {
    place: String,
    form: &'static str,
    key: String,
    arguments: BTreeSet<String>,
}

/// Arguments by key, for all messages of a language.
fn arguments_by_key(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, text) in messages(locale) {
        let mut key = None;
        for line in text.lines() {
            if line.starts_with(|it: char| it.is_ascii_alphabetic()) {
                let name = line.split(' ').next().unwrap_or_default().to_owned();
                found.insert(name.clone(), BTreeSet::new());
                key = Some(name);
            } else if line.starts_with('#') {
                key = None;
            }
            if let Some(arguments) = key.as_ref().and_then(|key| found.get_mut(key)) {
                let names = line.split('$').skip(1);
                let end = |it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '-');
                arguments.extend(names.filter_map(|it| it.split(end).next().map(str::to_owned)));
            }
        }
    }
    found
}

/// Every use in the crate, its templates included; this file apart.
fn uses() -> Vec<Use> {
    let mut files = Vec::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&source, &mut files);
    let mut found = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("source can be read");
        let place = path
            .strip_prefix(&source)
            .expect("path is inside")
            .display()
            .to_string();
        found.extend(uses_in(&text, &place));
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder can be read") {
        let path = entry.expect("folder can be read").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|it| it == "rs" || it == "html")
            && !path.ends_with("i18n/tests.rs")
        {
            files.push(path);
        }
    }
}

fn uses_in(text: &str, place: &str) -> Vec<Use> {
    let code = without_comments(text);
    let mut found = Vec::new();
    for form in ["text", "text_with", "label"] {
        for (at, call) in code.match_indices(&format!(".{form}(")) {
            let rest = &code[at + call.len()..];
            let rest = &rest[..closing(rest)];
            let mut strings = rest.split('"').skip(1).step_by(2);
            let first_is_string = rest
                .trim_start()
                .trim_start_matches("&format!(")
                .starts_with('"');
            let key = strings
                .next()
                .filter(|_| first_is_string)
                .unwrap_or_default()
                .to_owned();
            // The strings that open a pair are names; others are part of a value.
            let names = rest.match_indices("(\"").map(|(at, _)| &rest[at + 2..]);
            let arguments = names
                .filter_map(|it| it.split('"').next())
                .map(str::to_owned);
            let arguments = match form {
                "text_with" => arguments.collect(),
                _ => BTreeSet::new(),
            };
            // Other types have methods of these names; a key is a literal, or on a `Texts`.
            if !key.is_empty() || is_texts(&code[..at]) {
                found.push(Use {
                    place: place.to_owned(),
                    form,
                    key,
                    arguments,
                });
            }
        }
    }
    found
}

/// Whether the receiver that ends `code` is called `t` or `texts`.
fn is_texts(code: &str) -> bool {
    let name = code
        .rsplit(|it: char| !(it.is_alphanumeric() || it == '_'))
        .next();
    matches!(name, Some("t" | "texts"))
}

fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Where the bracket that is open at the start of `text` closes.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[test]
fn every_message_that_is_used_exists_in_every_language_with_the_same_arguments() {
    for locale in Locale::ALL {
        let messages = arguments_by_key(locale);
        for used in uses() {
            let Use {
                place,
                form,
                key,
                arguments,
            } = &used;
            if key.is_empty() {
                // The key is passed on: `i18n.rs` itself does, no page may.
                assert_eq!(place, "i18n.rs", "{form} without a literal key");
                continue;
            }
            match *form {
                "label" => {
                    let family = key.split('{').next().unwrap_or_default();
                    assert!(
                        family.ends_with('-'),
                        "{place}: {key} does not end with a hyphen"
                    );
                    assert!(
                        messages.keys().any(|it| it.starts_with(family)),
                        "{place}: no message of {} begins with {family}",
                        locale.code()
                    );
                }
                _ => assert_eq!(
                    messages.get(key),
                    Some(arguments),
                    "{place}: arguments of {key} in {}",
                    locale.code()
                ),
            }
        }
    }
}

#[test]
fn the_scan_finds_each_form_of_use() {
    let found = uses_in(
        r#"
        // t.text("comment")
        t.text("a-b");
        t.text_with("c", &[("n", f("x").into()), ("m", 1.into())]);
        {{ t.label("country-", row.code)? }} t.label(&format!("who-ssa-{field}-"), code)
        t.text(key) disclosure.text(key)
        "#,
        "here",
    );
    let told: Vec<String> = found
        .iter()
        .map(|it| format!("{} {} {}", it.form, it.key, it.arguments.len()))
        .collect();
    assert_eq!(
        told,
        [
            "text a-b 0",
            "text  0",
            "text_with c 3",
            "label country- 0",
            "label who-ssa-{field}- 0"
        ]
    );
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let english = arguments_by_key(Locale::En);
    assert!(english.len() > 500);
    for locale in Locale::ALL {
        assert_eq!(arguments_by_key(locale), english, "{}", locale.code());
    }
}

#[test]
fn every_message_can_be_written_with_its_arguments() {
    for locale in Locale::ALL {
        let texts = Texts::of(locale);
        for (key, names) in arguments_by_key(locale) {
            for count in [0u64, 1, 2, 3, 11, 100, 6277] {
                let arguments: FluentArgs<'_> = names
                    .iter()
                    .map(|name| (name.as_str(), FluentValue::from(count)))
                    .collect();
                let pattern = texts.bundle.get_message(&key).and_then(|it| it.value());
                let pattern = pattern.unwrap_or_else(|| panic!("{key} has no text"));
                let mut errors = Vec::new();
                let text = texts
                    .bundle
                    .format_pattern(pattern, Some(&arguments), &mut errors);
                assert!(errors.is_empty() && !text.is_empty(), "{key}: {errors:?}");
            }
        }
    }
}

#[test]
fn drafts_are_marked_in_their_files_and_on_their_pages() {
    for locale in Locale::ALL {
        let marked = messages(locale)
            .iter()
            .any(|(_, text)| text.contains("# draft\n"));
        assert_eq!(marked, locale.is_draft(), "{}", locale.code());
    }
}

#[test]
fn the_readers_best_language_is_chosen() {
    for (accept, expected) in [
        ("", Locale::En),
        ("ar", Locale::Ar),
        ("AR-eg, en;q=0.9", Locale::Ar),
        ("en;q=0.5, ar;q=0.8", Locale::Ar),
        ("fr, de;q=0.9", Locale::En),
        ("fr, ar;q=0.1", Locale::Ar),
        ("ar;q=0, en;q=0.001", Locale::En),
        ("ar;q=0", Locale::En),
        ("ar;q=x;;,,;q=1", Locale::Ar),
        ("arn", Locale::En),
        ("*", Locale::En),
    ] {
        assert_eq!(Locale::negotiate(accept), expected, "{accept}");
    }
}

#[test]
fn a_path_segment_names_a_language_exactly() {
    assert_eq!(Locale::from_path_segment("ar"), Some(Locale::Ar));
    assert_eq!(Locale::from_path_segment("AR"), None);
    assert_eq!(Locale::from_path_segment("fr"), None);
}

#[test]
fn numbers_and_dates_are_written_as_the_language_writes_them() {
    let [english, arabic] = [Locale::En, Locale::Ar].map(Texts::of);
    let day = date(2023, 10, 7);
    assert_eq!(english.number(6277), "6,277");
    assert_eq!(english.number(u64::MAX), "18,446,744,073,709,551,615");
    assert_eq!(english.date(day), "7 October 2023");
    assert_eq!(english.month(day), "October 2023");
    assert_eq!(english.year(day), "2023");
    assert_eq!(
        english.date_time(0),
        "\u{2068}1 January 1970 at 00:00:00\u{2069} UTC"
    );
    assert_eq!(arabic.number(6277), "6,277");
    assert_eq!(arabic.date(day), "7 أكتوبر 2023");
    assert_eq!(arabic.year(day), "2023");
}

#[test]
fn moments_out_of_range_are_written_and_do_not_panic() {
    let texts = Texts::of(Locale::En);
    assert!(texts.date_time(i64::MAX).contains("9223372036854775807"));
    for end in [jiff::civil::Date::MIN, jiff::civil::Date::MAX] {
        assert!(!texts.date(end).is_empty());
    }
    for end in [Timestamp::MIN, Timestamp::MAX] {
        assert!(texts.date_time(end.as_second()).ends_with(" UTC"));
    }
}

#[test]
fn ages_take_the_plural_form_of_the_language() {
    let [english, arabic] = [Locale::En, Locale::Ar].map(Texts::of);
    assert_eq!(english.age(59), "less than a minute ago");
    assert_eq!(english.age(60), "\u{2068}1\u{2069} minute ago");
    assert_eq!(english.age(7_200), "\u{2068}2\u{2069} hours ago");
    assert_eq!(arabic.age(7_200), "قبل ساعتين");
    assert_eq!(arabic.age(3 * 86_400), "قبل \u{2068}3\u{2069} أيام");
    assert_eq!(arabic.age(11 * 86_400), "قبل \u{2068}11\u{2069} يومًا");
    assert_eq!(
        english.age(1_234 * 86_400),
        "\u{2068}1,234\u{2069} days ago"
    );
}

#[test]
fn a_code_has_a_word_or_nothing() {
    let texts = Texts::of(Locale::En);
    assert_eq!(
        texts.label("who-ssa-certainty-", "confirmed").as_deref(),
        Some("Confirmed")
    );
    assert_eq!(
        texts.label("kind-", "party.founded").as_deref(),
        Some("Party founded")
    );
    assert_eq!(texts.label("country-", "who:kosovo"), None);
    assert_eq!(texts.label("country-", "\" }{"), None);
}
