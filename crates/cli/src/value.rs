//! Values of flags, read strictly.

use std::net::SocketAddr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use ensign_mark::verify::Level;
use ensign_node::command::Covers;
use jiff::Timestamp;
use jiff::civil::Date;

/// Unix seconds from RFC 3339 with its offset, or from the seconds themselves.
pub fn moment(text: &str) -> Result<u64, String> {
    let moment = match text.parse() {
        Ok(seconds) => Timestamp::from_second(seconds),
        Err(_) => text.parse(),
    };
    let second = moment.map_or(-1, Timestamp::as_second);
    u64::try_from(second).map_err(|_| {
        format!(
            "a time is written 2026-03-01T12:00:00Z, or as the seconds since 1970, such as 1772366400; it lies from \
             {} to {}",
            Timestamp::UNIX_EPOCH,
            Timestamp::from_second(Timestamp::MAX.as_second()).unwrap_or(Timestamp::MAX)
        )
    })
}

/// The two sides of `NAME=VALUE`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("a pair is written name=value".to_owned()),
    }
}

/// The dates of `FROM..TO`, both included.
pub fn covers(text: &str) -> Result<Covers, String> {
    let dates = text
        .split_once("..")
        .and_then(|(from, until)| Some((day(from)?, day(until)?)));
    let Some((from, until)) = dates else {
        return Err("dates covered are written 2017-02-25..2024-02-08".to_owned());
    };
    if from > until {
        return Err(format!("{from} is after {until}"));
    }
    Ok(Covers {
        from: from.to_string(),
        until: until.to_string(),
    })
}

/// A result of the protocol, by its name in policies.
pub fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::ALL.map(Level::code)).map(|code| {
        let mut levels = Level::ALL.into_iter();
        let level = levels.find(|it| it.code() == code);
        level.expect("only the names of levels are possible")
    })
}

/// A name server: an address with or without a port.
pub fn name_server(text: &str) -> Result<SocketAddr, String> {
    let alone = || Some(SocketAddr::new(text.parse().ok()?, 53));
    let server = text.parse().ok().or_else(alone);
    server
        .ok_or_else(|| "a server is written 192.0.2.53, or 192.0.2.53:5300 with a port".to_owned())
}

fn day(text: &str) -> Option<Date> {
    text.parse()
        .ok()
        .filter(|day: &Date| day.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_rfc_3339_or_unix_seconds() {
        assert_eq!(moment("1772366400"), Ok(1_772_366_400));
        assert_eq!(moment("2026-03-01T12:00:00Z"), Ok(1_772_366_400));
        assert_eq!(moment("2026-03-01T14:00:00+02:00"), Ok(1_772_366_400));
        for wrong in [
            "",
            "now",
            "2026-03-01",
            "2026-03-01T12:00:00",
            "-1",
            "1969-12-31T00:00:00Z",
            "9999-12-31T00:00:00Z",
            "253402207201",
            "18446744073709551616",
        ] {
            let said = moment(wrong).unwrap_err();
            for part in [
                "2026-03-01T12:00:00Z",
                "1772366400",
                "from 1970-01-01T00:00:00Z to 9999-12-30T22:00:00Z",
            ] {
                assert!(said.contains(part), "{wrong}: {said}");
            }
        }
        for edge in ["0", "1970-01-01T00:00:00Z"] {
            assert_eq!(moment(edge), Ok(0));
        }
        for edge in ["253402207200", "9999-12-30T22:00:00Z"] {
            assert_eq!(moment(edge), Ok(253_402_207_200));
        }
    }

    #[test]
    fn a_server_is_an_address_with_or_without_a_port() {
        for (text, server) in [
            ("192.0.2.53", "192.0.2.53:53"),
            ("192.0.2.53:5300", "192.0.2.53:5300"),
            ("2001:db8::53", "[2001:db8::53]:53"),
            ("[2001:db8::53]:5300", "[2001:db8::53]:5300"),
        ] {
            assert_eq!(name_server(text).unwrap().to_string(), server);
        }
        assert!(name_server("ns1.example.org").is_err());
    }

    #[test]
    fn a_pair_has_a_name_and_a_value() {
        let pair_of = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        assert_eq!(pair("a=1"), pair_of("a", "1"));
        assert_eq!(pair("A=(x >= 1)"), pair_of("A", "(x >= 1)"));
        for wrong in ["", "a", "=1", "a="] {
            assert!(pair(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates_covered_are_two_dates_in_order() {
        let dates = covers("2017-02-25..2024-02-08").unwrap();
        assert_eq!((&*dates.from, &*dates.until), ("2017-02-25", "2024-02-08"));
        assert!(covers("2024-02-08..2024-02-08").is_ok());
        for wrong in [
            "",
            "2024-02-08",
            "2024-02-08..",
            "2024-02-30..2024-03-01",
            "20240208..20240209",
        ] {
            assert!(covers(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            covers("2024-02-08..2017-02-25").unwrap_err(),
            "2024-02-08 is after 2017-02-25"
        );
    }
}
