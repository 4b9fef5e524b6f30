//! Physical directions in stylesheets. Arabic readers start on the right: `inline-start`, never `left`.

use anyhow::{Result, bail};

use crate::workspace;

/// Properties whose value may name a side.
const SIDED_VALUES: [&str; 10] = [
    "background",
    "background-image",
    "background-position",
    "caption-side",
    "clear",
    "float",
    "justify-content",
    "mask-position",
    "text-align",
    "text-align-last",
];
/// Shorthands whose four values go round by the clock: the second is the right side, the fourth the left.
const ROUND: [&str; 9] = [
    "border-color",
    "border-radius",
    "border-style",
    "border-width",
    "inset",
    "margin",
    "padding",
    "scroll-margin",
    "scroll-padding",
];

/// Fails on a declaration that means a physical side.
pub fn check() -> Result<()> {
    let mut faults = 0;
    for path in workspace::files(&["css"])? {
        if !path.starts_with("crates/web/assets") {
            continue;
        }
        for (line, declaration) in physical(&workspace::read(&path)?) {
            println!("{}:{line}: {declaration}", path.display());
            faults += 1;
        }
    }
    if faults > 0 {
        bail!("{faults} declarations name a physical side: use the logical property");
    }
    Ok(())
}

/// Declarations that mean a physical side, with their lines.
fn physical(css: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line, text) in declarations(css) {
        let Some((property, value)) = text.split_once(':') else {
            continue;
        };
        let (property, value) = (property.trim().to_lowercase(), value.trim().to_lowercase());
        let by_name = property.split('-').any(|it| it == "left" || it == "right");
        let outside = without_urls(&value);
        let mut words = outside.split(|it: char| !it.is_ascii_alphanumeric() && it != '-');
        let sided = SIDED_VALUES.contains(&property.as_str()) || value.contains("gradient(");
        let by_value = sided && words.any(|it| it == "left" || it == "right");
        let round: Vec<&str> = value
            .trim_end_matches("!important")
            .split_whitespace()
            .collect();
        let by_order = ROUND.contains(&property.as_str())
            && matches!(round[..], [a, b, c, d] if b != d || (property == "border-radius" && (a != b || c != d)));
        if !property.starts_with("--") && (by_name || by_value || by_order) {
            found.push((line, text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    found
}

/// `value` without what is inside `url(...)`.
fn without_urls(value: &str) -> String {
    let mut parts = value.split("url(");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once(')').map_or("", |(_, after)| after));
    }
    kept
}

/// What stands between `{`, `;` and `}` and is not followed by a block, with the line on which it starts.
fn declarations(css: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut text = String::new();
    let (mut line, mut start) = (1, 1);
    let mut quote = None;
    let mut depth = 0;
    let mut characters = css.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\n' {
            line += 1;
        }
        if quote.is_none() && character == '/' && characters.peek() == Some(&'*') {
            let mut before = ' ';
            for inside in characters.by_ref().skip(1) {
                line += usize::from(inside == '\n');
                if before == '*' && inside == '/' {
                    break;
                }
                before = inside;
            }
            continue;
        }
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, '{' | ';' | '}') if depth == 0 => {
                if character != '{' && !text.trim().is_empty() {
                    found.push((start, text.trim().to_owned()));
                }
                text.clear();
                continue;
            }
            _ => {}
        }
        if text.trim().is_empty() {
            start = line;
        }
        text.push(character);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::physical;

    #[test]
    fn sides_are_found_by_name_value_and_order() {
        for css in [
            "a { margin-left: 1px }",
            "a { left: 0; }",
            "a { border-top-right-radius: 2px }",
            "a { TEXT-ALIGN: Left }",
            "a { float: right }",
            "a { padding: 0 1px 0 2px }",
            "a { border-radius: 1px 2px 1px 2px }",
            "a { background: linear-gradient(to right, red, blue) }",
            "@media (min-width: 1px) { a:hover { right: 0 } }",
        ] {
            assert_eq!(physical(css).len(), 1, "{css}");
        }
    }

    #[test]
    fn logical_and_symmetric_declarations_pass() {
        for css in [
            "a { margin-inline-start: 1px; inset: 0; padding: 0 1px 2px }",
            "a { text-align: start; border-radius: 2px 2px 2px 2px }",
            "/* left: 0; */ a { content: 'left: 0; right: 0' }",
            ".left:hover { color: red }",
            "a { --left: 1px; background: url(data:image/svg+xml;left:0) }",
        ] {
            assert_eq!(physical(css), [], "{css}");
        }
    }

    #[test]
    fn the_line_is_the_one_on_which_the_declaration_starts() {
        let css = "/* one\n two */\na {\n  color: red;\n\n  left: 0;\n}\n";
        assert_eq!(physical(css), [(6, "left: 0".to_owned())]);
    }
}
