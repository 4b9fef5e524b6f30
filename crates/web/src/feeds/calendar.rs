//! Deadlines as a calendar that other programs subscribe to (RFC 5545, iCalendar).
//!
//! It speaks the reader's language. A program that follows it has a name that was erased until it
//! fetches it again.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Most bytes of a line, its end left out (RFC 5545, section 3.1).
const MAX_LINE: usize = 75;

/// The type of such a file.
pub(crate) const TYPE: &str = "text/calendar; charset=utf-8";

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// What it is called.
    pub(crate) name: String,
    /// When what it says was true, Unix seconds.
    pub(crate) stamp: i64,
    /// Its events.
    pub(crate) events: Vec<Event>,
}

/// A deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The same for as long as the duty exists.
    pub(crate) uid: String,
    /// The earliest and the latest last second in time.
    pub(crate) at: [i64; 2],
    /// In one line.
    pub(crate) summary: String,
    /// In several.
    pub(crate) description: String,
    /// Where more is found, where the node has an address.
    pub(crate) url: Option<String>,
    /// What it is sorted under.
    pub(crate) category: String,
    /// Whether it may move: its clock stands, or what is known does not decide.
    pub(crate) tentative: bool,
}

impl Calendar {
    /// The file.
    pub(crate) fn write(&self) -> String {
        let mut file = String::new();
        line(&mut file, "BEGIN:VCALENDAR");
        line(&mut file, "VERSION:2.0");
        line(&mut file, "PRODID:-//Ensign//Deadlines//EN");
        line(&mut file, "CALSCALE:GREGORIAN");
        line(&mut file, "METHOD:PUBLISH");
        line(&mut file, &format!("X-WR-CALNAME:{}", escaped(&self.name)));
        line(&mut file, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        // A moment that no calendar can write has no event.
        let written = self.events.iter().filter_map(|event| {
            let [earliest, latest] = event.at;
            Some((event, moment(earliest)?, moment(latest)?))
        });
        let stamp = moment(self.stamp).unwrap_or_else(|| "19700101T000000Z".to_owned());
        for (event, earliest, latest) in written {
            line(&mut file, "BEGIN:VEVENT");
            line(&mut file, &format!("UID:{}", escaped(&event.uid)));
            line(&mut file, &format!("DTSTAMP:{stamp}"));
            line(&mut file, &format!("DTSTART:{earliest}"));
            if latest != earliest {
                line(&mut file, &format!("DTEND:{latest}"));
            }
            line(&mut file, &format!("SUMMARY:{}", escaped(&event.summary)));
            let description = escaped(&event.description);
            line(&mut file, &format!("DESCRIPTION:{description}"));
            if let Some(url) = &event.url {
                line(&mut file, &format!("URL:{url}"));
            }
            line(
                &mut file,
                &format!("CATEGORIES:{}", escaped(&event.category)),
            );
            let status = match event.tentative {
                true => "TENTATIVE",
                false => "CONFIRMED",
            };
            line(&mut file, &format!("STATUS:{status}"));
            // It takes nobody's time.
            line(&mut file, "TRANSP:TRANSPARENT");
            line(&mut file, "END:VEVENT");
        }
        line(&mut file, "END:VCALENDAR");
        file
    }
}

/// Writes a line, folded where it is too long: never inside a character.
fn line(file: &mut String, text: &str) {
    let mut room = MAX_LINE;
    for character in text.chars() {
        if character.len_utf8() > room {
            file.push_str("\r\n ");
            room = MAX_LINE - 1;
        }
        file.push(character);
        room -= character.len_utf8();
    }
    file.push_str("\r\n");
}

/// A text as a value (section 3.3.11). Controls other than line breaks are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\n' => escaped.push_str("\\n"),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A moment in UTC (section 3.3.5); nothing outside the years 1 to 9999.
fn moment(seconds: i64) -> Option<String> {
    let at = Timestamp::from_second(seconds).ok()?;
    let at = at.to_zoned(TimeZone::UTC).datetime();
    if at.year() < 1 {
        return None;
    }
    let mut text = String::new();
    write!(
        text,
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
    .expect("writing to memory does not fail");
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::assert_golden;

    fn calendar() -> Calendar {
        let event = |uid: &str, at: [i64; 2], summary: &str| Event {
            uid: uid.to_owned(),
            at,
            summary: summary.to_owned(),
            description: "Running\nharbour_accord, ANSWER".to_owned(),
            url: (uid == "obl_2")
                .then(|| "https://node.example.org/en/obligations/obl_2".to_owned()),
            category: "harbour_accord".to_owned(),
            tentative: at[0] != at[1],
        };
        Calendar {
            name: "Deadlines; harbour".to_owned(),
            stamp: 1_788_700_000,
            events: vec![
                event("obl_1", [1_788_700_001; 2], "ANSWER: due, \\ and on time"),
                event("obl_2", [1_788_700_001, 1_788_786_401], &"مهلة ".repeat(20)),
                event("obl_3", [i64::MAX; 2], "never"),
                event("obl_4", [-62_135_596_801; 2], "before the year 1"),
            ],
        }
    }

    #[test]
    fn a_calendar_is_written_as_its_golden_has_it() {
        assert_golden("src/feeds/goldens/deadlines.ics", &calendar().write());
    }

    #[test]
    fn no_line_is_longer_than_75_bytes_and_each_unfolds_to_what_it_was() {
        let file = calendar().write();
        assert!(file.ends_with("END:VCALENDAR\r\n"));
        for line in file.split("\r\n") {
            assert!(line.len() <= MAX_LINE, "{line}");
            assert!(!line.contains(['\r', '\n']), "{line}");
        }
        let unfolded = file.replace("\r\n ", "");
        let summary = format!("SUMMARY:{}\r\n", "مهلة ".repeat(20));
        assert!(unfolded.contains(&summary), "{unfolded}");
        assert!(unfolded.contains("SUMMARY:ANSWER: due\\, \\\\ and on time\r\n"));
    }

    #[test]
    fn a_moment_that_no_calendar_has_is_no_event() {
        let file = calendar().write();
        assert_eq!(file.matches("BEGIN:VEVENT").count(), 2);
        assert_eq!(file.matches("DTEND:20260907T").count(), 1);
    }

    #[test]
    fn a_value_cannot_begin_a_line_of_its_own() {
        assert_eq!(escaped("a\r\nBEGIN:VEVENT\u{7}"), "a\\nBEGIN:VEVENT");
    }
}
