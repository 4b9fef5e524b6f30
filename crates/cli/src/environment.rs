//! What the environment says; flags that have a variable say so themselves.

use std::path::PathBuf;

use ensign_web::i18n::Locale;

/// The language of answers: that of LC_ALL, LC_MESSAGES or LANG, the first that is set.
pub fn locale() -> Locale {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(variable);
    set.map_or(Locale::En, |value| language(&value))
}

/// The folder of the node, for a command that can do without one.
pub fn folder() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the folder is read here where a flag cannot say so"
    )]
    let value = std::env::var_os("ENSIGN_DIR");
    value.filter(|text| !text.is_empty()).map(PathBuf::from)
}

/// `ar_EG.UTF-8` is Arabic; what we do not have is English.
fn language(value: &str) -> Locale {
    let code = value.split(['_', '.', '@', '-']).next().unwrap_or_default();
    Locale::from_path_segment(code).unwrap_or(Locale::En)
}

fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the reader's language is read in this one place"
    )]
    let value = std::env::var(name);
    value.ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_posix_locale() {
        for value in ["ar", "ar_EG.UTF-8", "ar@latin", "ar.UTF-8"] {
            assert_eq!(language(value), Locale::Ar, "{value}");
        }
        for value in ["C", "POSIX", "C.UTF-8", "en_GB.UTF-8", "de_CH", "arn_CL"] {
            assert_eq!(language(value), Locale::En, "{value}");
        }
    }
}
