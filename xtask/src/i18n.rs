//! Translations: every key in every locale, with the same arguments; keys that nothing uses.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use fluent_syntax::ast::{self, Expression, InlineExpression, Pattern, PatternElement};

use crate::workspace;

/// What a message takes from the program and from other messages.
#[derive(Debug, Default, PartialEq, Eq)]
struct Needs {
    arguments: BTreeSet<String>,
    references: BTreeSet<String>,
}

/// The messages of one locale. An attribute is `key.attribute`, a term `-key`.
type Messages = BTreeMap<String, Needs>;

/// Fails where locales differ; lists keys that no program text and no page names.
pub fn check() -> Result<()> {
    let mut locales: BTreeMap<String, Messages> = BTreeMap::new();
    let mut faults = Vec::new();
    for path in workspace::files(&["ftl"])? {
        let Ok(inside) = path.strip_prefix("crates/web/locales") else {
            continue;
        };
        let Some(locale) = inside.iter().next().and_then(|it| it.to_str()) else {
            continue;
        };
        let text = workspace::read(&path)?;
        let messages = locales.entry(locale.to_owned()).or_default();
        for fault in read_messages(&text, messages) {
            faults.push(format!("{}: {fault}", path.display()));
        }
    }
    faults.extend(differences(&locales));
    for line in in_families(&unused(&locales)?) {
        println!("nothing uses {line}");
    }
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} faults in the translations", faults.len());
    }
    Ok(())
}

/// Adds what `text` defines to `messages`; answers what is wrong with it.
fn read_messages(text: &str, messages: &mut Messages) -> Vec<String> {
    let mut faults = Vec::new();
    let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(resource, errors)| {
        for error in errors {
            let line = text[..error.pos.start.min(text.len())]
                .matches('\n')
                .count()
                + 1;
            faults.push(format!("line {line}: {}", error.kind));
        }
        resource
    });
    for entry in &resource.body {
        let (key, value, attributes) = match entry {
            ast::Entry::Message(it) => (it.id.name.to_owned(), it.value.as_ref(), &it.attributes),
            ast::Entry::Term(it) => (format!("-{}", it.id.name), Some(&it.value), &it.attributes),
            _ => continue,
        };
        let attributes = attributes
            .iter()
            .map(|it| (format!("{key}.{}", it.id.name), Some(&it.value)));
        for (key, value) in [(key.clone(), value)].into_iter().chain(attributes) {
            let mut needs = Needs::default();
            if let Some(value) = value {
                needs.read_pattern(value);
            }
            if messages.insert(key.clone(), needs).is_some() {
                faults.push(format!("`{key}` is defined twice"));
            }
        }
    }
    faults
}

impl Needs {
    fn read_pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.read(expression);
            }
        }
    }

    fn read(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.read_inline(selector);
                for variant in variants {
                    self.read_pattern(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.arguments.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.references.insert(id.name.to_owned());
            }
            InlineExpression::TermReference { id, .. } => {
                self.references.insert(format!("-{}", id.name));
            }
            InlineExpression::FunctionReference { arguments, .. } => {
                for argument in &arguments.positional {
                    self.read_inline(argument);
                }
            }
            InlineExpression::Placeable { expression } => self.read(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }
}

fn differences(locales: &BTreeMap<String, Messages>) -> Vec<String> {
    let mut faults = Vec::new();
    let keys: BTreeSet<&String> = locales.values().flat_map(Messages::keys).collect();
    for key in keys {
        let mut first: Option<(&str, &Needs)> = None;
        for (locale, messages) in locales {
            let Some(needs) = messages.get(key) else {
                // A term is a word of one language; others may do without.
                if !key.starts_with('-') {
                    faults.push(format!("`{key}` is missing in {locale}"));
                }
                continue;
            };
            match first {
                Some((other, expected)) if expected.arguments != needs.arguments => {
                    let (one, two) = (&expected.arguments, &needs.arguments);
                    faults.push(format!(
                        "`{key}` takes {one:?} in {other} and {two:?} in {locale}"
                    ));
                }
                Some(_) => {}
                None => first = Some((locale, needs)),
            }
        }
    }
    faults
}

/// Keys that stand in no string of the crates and that no message refers to.
fn unused(locales: &BTreeMap<String, Messages>) -> Result<Vec<String>> {
    let mut used: BTreeSet<String> = locales
        .values()
        .flat_map(Messages::values)
        .flat_map(|it| it.references.iter().cloned())
        .collect();
    for path in workspace::files(&["rs", "html"])? {
        if path.starts_with("crates") {
            used.extend(strings(&workspace::read(&path)?).map(str::to_owned));
        }
    }
    let keys: BTreeSet<&String> = locales.values().flat_map(Messages::keys).collect();
    Ok(keys
        .into_iter()
        .filter(|key| !names(&used, key.split('.').next().unwrap_or(key)))
        .cloned()
        .collect())
}

/// One line a key, but keys with the same first word on one line if they are many.
fn in_families(keys: &[String]) -> Vec<String> {
    let family = |key: &String| key.split('-').next().unwrap_or_default().to_owned();
    keys.chunk_by(|one, two| family(one) == family(two))
        .flat_map(|keys| match keys {
            [first, .., last] if keys.len() > 5 => {
                vec![format!("{} keys from `{first}` to `{last}`", keys.len())]
            }
            few => few.iter().map(|key| format!("`{key}`")).collect(),
        })
        .collect()
}

/// Whether a string is the key, or its beginning up to a hyphen: `"region-{code}"` or `"region-"`.
fn names(used: &BTreeSet<String>, key: &str) -> bool {
    used.contains(key)
        || key.match_indices('-').any(|(at, _)| {
            let start = &key[..=at];
            used.range(start.to_owned()..)
                .take_while(|it| it.starts_with(start))
                .any(|it| it.len() == start.len() || it[start.len()..].starts_with('{'))
        })
}

/// What stands between double quotes. Escaped quotes cut a string in two, which no key contains.
fn strings(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('"').skip(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(text: &str) -> Messages {
        let mut messages = Messages::new();
        assert_eq!(read_messages(text, &mut messages), Vec::<String>::new());
        messages
    }

    fn compare(en: &str, ar: &str) -> Vec<String> {
        differences(&[("en".to_owned(), locale(en)), ("ar".to_owned(), locale(ar))].into())
    }

    #[test]
    fn plural_forms_may_differ_and_arguments_may_not() {
        let en = "n = { $count ->\n    [one] one\n   *[other] { $count }\n }\n";
        let ar = "n = { $count ->\n    [zero] a\n    [two] b\n   *[other] { NUMBER($count) }\n }\n";
        assert!(compare(en, ar).is_empty());
        assert_eq!(
            compare("a = { $x }\n", "a = { $y }\n"),
            [r#"`a` takes {"y"} in ar and {"x"} in en"#]
        );
    }

    #[test]
    fn a_missing_key_or_attribute_is_named() {
        assert_eq!(
            compare("a = b\n    .title = c\nd = e\n", "a = b\n"),
            ["`a.title` is missing in ar", "`d` is missing in ar"]
        );
    }

    #[test]
    fn syntax_errors_and_repeated_keys_are_faults() {
        let mut messages = Messages::new();
        assert_eq!(read_messages("a = b\na = c\n", &mut messages).len(), 1);
        assert_eq!(read_messages("x = y\n= broken\n", &mut messages).len(), 1);
    }

    #[test]
    fn many_unused_keys_of_a_family_take_one_line() {
        let keys = ["a-1", "b-1", "b-2", "b-3", "b-4", "b-5", "b-6"].map(str::to_owned);
        assert_eq!(in_families(&keys), ["`a-1`", "6 keys from `b-1` to `b-6`"]);
    }

    #[test]
    fn a_key_is_used_whole_or_by_its_beginning() {
        let text = r#"t("page-title"); format!("region-{code}"); concat("means-", code)"#;
        let used: BTreeSet<String> = strings(text).map(str::to_owned).collect();
        for key in ["page-title", "region-north", "means-air"] {
            assert!(names(&used, key), "{key}");
        }
        for key in ["page-title-long", "region", "page", "mean-air"] {
            assert!(!names(&used, key), "{key}");
        }
    }
}
