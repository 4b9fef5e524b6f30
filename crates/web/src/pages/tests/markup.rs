//! What holds for every page: a small reader of HTML as these templates write it, stricter than
//! browsers are.

use std::collections::BTreeSet;

use crate::i18n::Locale;

/// Elements without an end.
const VOID: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "!doctype"];

/// A start tag: its name, and its attributes as they are written.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

/// What is wrong with a page, if anything is.
pub(super) fn check(page: &str, locale: Locale) -> Result<(), String> {
    let tags = balanced(page)?;
    let html = tags
        .iter()
        .find(|tag| tag.name == "html")
        .ok_or("no html")?;
    if html.value("lang") != Some(locale.code()) || html.value("dir") != Some(locale.dir().code()) {
        return Err("the language or its direction is another".to_owned());
    }
    let mut ids = BTreeSet::new();
    for tag in &tags {
        if let Some(id) = tag.value("id")
            && !ids.insert(id)
        {
            return Err(format!("two elements are called {id}"));
        }
        for (name, _) in &tag.attributes {
            if name.starts_with("on") || *name == "style" {
                return Err(format!("the policy forbids {name}"));
            }
        }
    }
    for tag in &tags {
        for name in ["aria-labelledby", "for"] {
            for id in tag.value(name).unwrap_or_default().split_whitespace() {
                if !ids.contains(id) {
                    return Err(format!("{name} names {id}, which is not there"));
                }
            }
        }
        if tag.name == "a" && tag.value("href").is_none_or(str::is_empty) {
            return Err("a link leads nowhere".to_owned());
        }
        if tag.name == "th" && tag.value("scope").is_none() {
            return Err("a heading of a table has no scope".to_owned());
        }
    }
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    for (name, expected) in [("h1", 1), ("main", 1), ("title", 1), ("script", 0)] {
        let found = match name {
            "title" => page
                .split("</head>")
                .next()
                .unwrap_or_default()
                .matches("<title>")
                .count(),
            name => count(name),
        };
        if found != expected {
            return Err(format!("{found} {name} instead of {expected}"));
        }
    }
    if count("table") != count("caption") {
        return Err("a table has no caption".to_owned());
    }
    let named = |name: &str| tags.iter().any(|tag| tag.value("for") == Some(name));
    for tag in tags
        .iter()
        .filter(|tag| matches!(tag.name, "input" | "select" | "textarea"))
    {
        if !tag.value("id").is_some_and(named) {
            return Err("a control has no label".to_owned());
        }
    }
    Ok(())
}

/// Where the first link of a class leads.
pub(super) fn link_of_class(page: &str, class: &str) -> Option<String> {
    let tags = balanced(page).ok()?;
    let link = tags
        .iter()
        .find(|tag| tag.name == "a" && tag.value("class") == Some(class))?;
    Some(link.value("href")?.replace("&#38;", "&"))
}

impl<'a> Tag<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        self.attributes
            .iter()
            .find(|(it, _)| *it == name)
            .map(|(_, value)| *value)
    }
}

/// The start tags of a page in which every element ends where it must.
fn balanced(page: &str) -> Result<Vec<Tag<'_>>, String> {
    let mut open: Vec<&str> = Vec::new();
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        if rest[..at].contains('>') {
            return Err(format!(
                "a stray > before {}",
                &rest[at..rest.len().min(at + 40)]
            ));
        }
        let inside = &rest[at + 1..];
        let end = inside.find('>').ok_or("a tag does not end")?;
        let tag = &inside[..end];
        rest = &inside[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> closes {last:?}")),
            }
            continue;
        }
        let (tag, closed) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let name = tag
            .split_ascii_whitespace()
            .next()
            .ok_or("a tag without a name")?;
        if !closed && !VOID.contains(&name) {
            open.push(name);
        }
        tags.push(Tag {
            name,
            attributes: attributes(&tag[name.len()..])?,
        });
    }
    match open.pop() {
        None => Ok(tags),
        Some(name) => Err(format!("<{name}> does not end")),
    }
}

fn attributes(text: &str) -> Result<Vec<(&str, &str)>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ', '\n']).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(quoted) = rest.strip_prefix('=') else {
            found.push((name, ""));
            continue;
        };
        let quoted = quoted
            .strip_prefix('"')
            .ok_or_else(|| format!("{name} is not quoted"))?;
        let (value, after) = quoted
            .split_once('"')
            .ok_or_else(|| format!("{name} is open"))?;
        if found.iter().any(|(other, _)| *other == name) {
            return Err(format!("{name} is given twice"));
        }
        found.push((name, value));
        rest = after.trim_start();
    }
    Ok(found)
}

#[test]
fn what_is_wrong_with_a_page_is_found() {
    let page = |body: &str| {
        format!(
            "<!doctype html><html lang=\"en\" dir=\"ltr\"><head><title>t</title></head>\
             <body><main><h1>h</h1>{body}</main></body></html>"
        )
    };
    assert_eq!(check(&page(""), Locale::En), Ok(()));
    assert!(check(&page(""), Locale::Ar).is_err());
    for wrong in [
        "<p>",
        "</p>",
        "<b><i></b></i>",
        "<h1>again</h1>",
        "<p id=\"a\"></p><p id=\"a\"></p>",
        "<p style=\"x\"></p>",
        "<p onclick=\"x\"></p>",
        "<a>nowhere</a>",
        "<div aria-labelledby=\"absent\"></div>",
        "<table></table>",
        "<input id=\"x\">",
        "a > b",
        "<p id=a></p>",
        "<script></script>",
    ] {
        assert!(check(&page(wrong), Locale::En).is_err(), "{wrong}");
    }
}
