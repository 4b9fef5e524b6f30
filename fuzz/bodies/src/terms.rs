//! Instruments: their text and their canonical form.

use ensign_hold::term::check::check;
use ensign_hold::term::{Published, format, parse};

/// Accepts the canonical form of a published instrument.
pub(crate) fn instrument(bytes: &[u8]) -> bool {
    let Ok(published) = Published::decode(bytes) else {
        return false;
    };
    assert_eq!(published.encode(), bytes);
    let written = format(&published.instrument);
    let again = parse(&written).expect("what was read can be written");
    assert_eq!(again.instrument, published.instrument);
    true
}

/// Accepts the text of an instrument.
pub(crate) fn term(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let parsed = match parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(error.at.line <= 1 + text.matches('\n').count());
            return false;
        }
    };
    let written = format(&parsed.instrument);
    let again = parse(&written).expect("a layout can be read");
    assert_eq!(again.instrument, parsed.instrument);
    assert_eq!(format(&again.instrument), written);
    for lint in check(&parsed.instrument) {
        let at = lint.position(text, &parsed.places);
        assert!(at.line <= 1 + text.matches('\n').count(), "{lint}");
    }
    true
}
