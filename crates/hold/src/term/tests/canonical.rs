//! Text, data and canonical form are one; nothing else is read.

use jiff::civil::{Date, date};
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

use super::{WORKED, generate, with};
use crate::term::ast::Instrument;
use crate::term::canonical::{CanonicalError, MAX_CANONICAL, PublishError, Sources};
use crate::term::name::{HolidaysName, ZoneName};
use crate::term::{Published, format, parse};

fn zones(zone: &ZoneName) -> Option<jiff::tz::TimeZone> {
    TimeZoneDatabase::bundled().get(zone.as_str()).ok()
}

fn holidays(list: &HolidaysName) -> Option<Vec<Date>> {
    (list.as_str() == "commission").then(|| vec![date(2027, 1, 1), date(2027, 5, 6)])
}

/// An instrument with its calendars compiled from the bundled time zones.
pub(crate) fn published(instrument: Instrument) -> Result<Published, PublishError> {
    let sources = Sources {
        zones: &zones,
        holidays: &holidays,
        horizon: date(2040, 1, 1),
    };
    Published::compile(instrument, &sources)
}

fn worked() -> Published {
    published(parse(WORKED).unwrap().instrument).unwrap()
}

#[test]
fn text_data_and_canonical_form_are_made_from_each_other() {
    let published = worked();
    let again = Published::decode(&published.encode()).unwrap();
    assert_eq!(again, published);
    assert_eq!(format(&again.instrument), WORKED);
    assert_eq!(
        parse(&format(&again.instrument)).unwrap().instrument,
        published.instrument
    );
}

#[test]
fn the_digest_depends_on_what_is_said_and_not_on_how_it_is_written() {
    let digest = |text: &str| published(parse(text).unwrap().instrument).unwrap().digest();
    let spread = WORKED
        .replace("PT24H", "PT1440M")
        .replace("P1Y", "P12M")
        .replace("  ", "\n ");
    assert_eq!(digest(&spread), worked().digest());
    for (said, otherwise) in [
        ("PT24H", "PT25H"),
        ("weekend saturday sunday", "weekend sunday"),
        ("ap1#art_12 unverified", "ap1#art_12"),
        ("Clauses of six", "Clauses of five"),
        ("tz UTC", "tz Etc/UTC"),
        ("holidays commission", ""),
    ] {
        let changed = WORKED.replacen(said, otherwise, 1);
        assert_ne!(digest(&changed), worked().digest(), "{said}");
    }
    assert_eq!(worked().digest().to_string().len(), 64);
}

#[test]
fn calendars_are_compiled_from_a_year_before_until_a_year_after() {
    let published = worked();
    let seconds = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    for calendar in published.calendars.values() {
        assert_eq!(calendar.from, seconds("2026-01-01T00:00:00Z"));
        assert_eq!(calendar.until, seconds("2031-01-01T00:00:00Z"));
    }
    let open = with("calendar c { tz UTC }");
    let open = self::published(parse(&open).unwrap().instrument).unwrap();
    let calendar = open.calendars.values().next().unwrap();
    assert_eq!(calendar.until, seconds("2041-01-01T00:00:00Z"));
}

#[test]
fn a_calendar_that_cannot_be_compiled_is_not_published() {
    let refused = |items: &str| {
        let instrument = parse(&with(items)).unwrap().instrument;
        published(instrument).unwrap_err().to_string()
    };
    assert!(
        refused("calendar c { tz Mars/Olympus }").contains("without rules of the time zone `Mars")
    );
    assert!(
        refused("calendar c { tz UTC holidays lost }")
            .contains("without a list of holidays `lost`")
    );
    assert!(refused("calendar c { tz UTC } calendar c { tz UTC }").contains("two calendars `c`"));
}

#[test]
fn bytes_that_no_text_makes_are_refused() {
    let bytes = worked().encode();
    assert!(matches!(
        Published::decode(&bytes[1..]),
        Err(CanonicalError::Cbor(_))
    ));
    let long = vec![0; MAX_CANONICAL + 1];
    assert_eq!(Published::decode(&long), Err(CanonicalError::TooLarge));
    let at = |word: &str| {
        let found = bytes
            .windows(word.len())
            .position(|window| window == word.as_bytes());
        found.unwrap_or_else(|| panic!("{word}"))
    };
    for (word, put, part) in [
        ("ensign terms 1", "ensign terms 2", "format"),
        ("eec_1182_71", "eec_1182_72", "calendars"),
        ("computable", "commutable", "class"),
        ("NIS2_EW", "NIS2.EW", "name"),
        ("exceptions", "exceptionz", "terms"),
    ] {
        let mut changed = bytes.clone();
        let at = at(word);
        changed[at..at + word.len()].copy_from_slice(put.as_bytes());
        assert_eq!(
            Published::decode(&changed),
            Err(CanonicalError::Malformed(part)),
            "{word}"
        );
    }
}

proptest! {
    #[test]
    fn every_instrument_survives_its_canonical_form(instrument in generate::instrument()) {
        let mut instrument = instrument;
        instrument.calendars.truncate(1);
        for calendar in &mut instrument.calendars {
            calendar.holidays = None;
            calendar.weekend.truncate(6);
        }
        // Calendars are compiled for the years that a time zone database knows.
        instrument.in_force.from = date(2027, 1, 1);
        instrument.in_force.until = None;
        let published = published(instrument).unwrap();
        let bytes = published.encode();
        let again = Published::decode(&bytes).unwrap();
        prop_assert_eq!(&again, &published);
        prop_assert_eq!(again.encode(), bytes);
    }

    #[test]
    fn changed_bytes_are_refused_or_make_an_instrument_that_can_be_written(
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
    ) {
        let mut bytes = worked().encode();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(published) = Published::decode(&bytes) {
            prop_assert_eq!(published.encode(), bytes);
            let written = format(&published.instrument);
            prop_assert_eq!(parse(&written).unwrap().instrument, published.instrument);
        }
    }
}
