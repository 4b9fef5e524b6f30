//! Text as it is compared: without the noise that spreadsheets add.

use std::borrow::Cow;

/// The text with every run of white space, line breaks and non-breaking spaces included, as one
/// space, none at either end, and without characters of no width.
pub fn tidy(text: &str) -> Cow<'_, str> {
    if is_tidy_ascii(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || is_widthless(c));
    let mut after_space = false;
    let is_tidy = trimmed.chars().all(|c| {
        let doubled = after_space && c == ' ';
        after_space = c == ' ';
        !doubled && (c == ' ' || !c.is_whitespace()) && !is_widthless(c)
    });
    if is_tidy {
        return Cow::Borrowed(trimmed);
    }
    let mut tidied = String::with_capacity(trimmed.len());
    for c in trimmed.chars().filter(|c| !is_widthless(*c)) {
        match c.is_whitespace() {
            false => tidied.push(c),
            true if !tidied.ends_with(' ') => tidied.push(' '),
            true => {}
        }
    }
    Cow::Owned(tidied)
}

/// The key under which a label or a column name is found: tidied, lower case, one form of
/// apostrophe.
pub fn fold(text: &str) -> String {
    tidy(text).replace('\u{2019}', "'").to_lowercase()
}

/// Whether nothing can be seen of the text.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_widthless(c))
}

/// Whether the text is of visible ASCII with single spaces inside: nearly every value is.
fn is_tidy_ascii(text: &[u8]) -> bool {
    let mut before = b' ';
    for &byte in text {
        if !matches!(byte, b' '..=b'~') || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

/// Zero-width space, word joiner and byte order mark: rubbish from copying. Joiners that spell
/// words in Arabic and Indic scripts are not among them.
fn is_widthless(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidied_text_has_single_spaces_inside_and_none_around() {
        for (written, tidied) in [
            ("", ""),
            (" ", ""),
            ("a", "a"),
            ("a b", "a b"),
            (" a b", "a b"),
            ("a b ", "a b"),
            ("a  b", "a b"),
            ("a\tb\r\n\r\nc", "a b c"),
            (
                "\u{feff}é \u{200b} \u{a0}\u{3000}b\u{2060}c\u{200b}",
                "é bc",
            ),
            ("\u{a0}\u{200b}", ""),
            ("نص\u{200c}ها", "نص\u{200c}ها"),
        ] {
            assert_eq!(tidy(written), tidied, "{written:?}");
            assert_eq!(is_blank(written), tidied.is_empty(), "{written:?}");
            assert_eq!(
                tidy(&tidy(written)),
                tidied,
                "tidying twice changes nothing"
            );
        }
        assert!(matches!(tidy("a b"), Cow::Borrowed(_)));
        assert!(matches!(tidy(" é b "), Cow::Borrowed("é b")));
    }

    #[test]
    fn a_key_has_no_case_and_one_apostrophe() {
        assert_eq!(fold("CÔTE  D\u{2019}Ivoire"), "côte d'ivoire");
    }
}
