//! The instruments that come with the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use jiff::tz::TimeZoneDatabase;

use crate::term::ast::{Citation, Effect, Instrument};
use crate::term::canonical::Sources;
use crate::term::check::check;
use crate::term::name::{HolidaysName, ZoneName};
use crate::term::{Published, format, parse};

fn files() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../instruments");
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.clone(), fs::read_to_string(&path).unwrap()))
        .collect()
}

fn instruments() -> Vec<Instrument> {
    files()
        .iter()
        .map(|(_, text)| parse(text).unwrap().instrument)
        .collect()
}

#[test]
fn every_instrument_is_clean_and_in_the_one_layout() {
    let files = files();
    assert_eq!(files.len(), 5);
    for (path, text) in &files {
        let parsed = parse(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lints = check(&parsed.instrument);
        let shown = lints
            .iter()
            .map(|lint| format!("{}: {lint}", lint.position(text, &parsed.places)));
        assert_eq!(shown.collect::<Vec<_>>(), [""; 0], "{}", path.display());
        let written = format(&parsed.instrument);
        if blessing() {
            fs::write(path, &written).unwrap();
        } else {
            let path = path.display();
            assert_eq!(&written, text, "{path}; ENSIGN_BLESS=1 rewrites it");
        }
        let name = parsed.instrument.name.as_str().replace('_', "-");
        assert_eq!(path.file_stem().unwrap().to_str(), Some(name.as_str()));
    }
}

#[test]
fn every_instrument_can_be_published() {
    let zones = |zone: &ZoneName| TimeZoneDatabase::bundled().get(zone.as_str()).ok();
    let holidays = |list: &HolidaysName| -> Option<Vec<Date>> {
        (list.as_str() == "eu_institutions").then(|| vec![date(2027, 5, 10)])
    };
    let sources = Sources {
        zones: &zones,
        holidays: &holidays,
        horizon: date(2040, 1, 1),
    };
    let mut digests = BTreeSet::new();
    for instrument in instruments() {
        let published = Published::compile(instrument, &sources).unwrap();
        assert_eq!(
            Published::decode(&published.encode()).as_ref(),
            Ok(&published)
        );
        assert!(digests.insert(published.digest()));
    }
}

#[test]
fn each_clause_says_what_it_rests_on_or_that_the_parties_added_it() {
    for instrument in instruments() {
        let unverified: BTreeSet<_> = instrument
            .sources
            .iter()
            .filter(|it| !it.verified)
            .map(|it| &it.name)
            .collect();
        let exceptions = instrument.terms.iter().flat_map(|term| &term.exceptions);
        let cited = instrument
            .terms
            .iter()
            .filter_map(|term| term.text.as_ref());
        let rests = |it: &Citation| !it.verified || !unverified.contains(&it.source);
        for citation in cited.chain(exceptions.map(|it| &it.under)) {
            assert!(
                rests(citation),
                "{} of a source that nobody checked",
                citation.source
            );
        }
        let terms = &instrument.terms;
        assert!(
            terms.iter().any(|term| term.text.is_some()),
            "{}",
            instrument.name
        );
        let suspends = |effect: &Effect| matches!(effect, Effect::Suspends(_));
        for term in terms.iter().filter(|term| term.safety) {
            assert!(
                !term.exceptions.iter().any(|it| suspends(&it.effect)),
                "{}",
                term.name
            );
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a file is asked to be rewritten in the one layout"
)]
pub(crate) fn blessing() -> bool {
    std::env::var_os("ENSIGN_BLESS").is_some()
}
