//! However a file is written, it says the same; whatever it holds, it is read or refused.

use proptest::prelude::*;

use super::*;

/// A row before it is written down.
#[derive(Debug, Clone)]
struct Meant {
    date: Date,
    time: Option<(u8, u8)>,
    country: usize,
    attack_types: Vec<usize>,
    killed: Option<u64>,
    hit: usize,
    other: String,
}

/// A way to write a file down.
#[derive(Debug, Clone)]
struct Style {
    columns: Vec<&'static str>,
    delimiter: char,
    encoding: usize,
    line_break: &'static str,
    quote_all: bool,
    padding: &'static str,
    shout: bool,
    date: usize,
    number: usize,
    clock: usize,
    blank_lines: bool,
}

const WRITTEN: [&str; 9] = [
    "Attack ID",
    "Attack Date",
    "Attack Time",
    "Country / Territory",
    "Attack Type",
    "Total Death",
    "HC Facilities",
    "HC Other",
    "year",
];

fn meant() -> impl Strategy<Value = Meant> {
    (
        (2000_i16..2100, 1_i8..13, 1_i8..29),
        proptest::option::of((0_u8..24, 0_u8..60)),
        0..terms("country").len(),
        proptest::collection::vec(0..terms("attack_types").len(), 0..5),
        proptest::option::of(0..=MAX_COUNT),
        0_usize..3,
        "[a-zé,;\"\t\n '()=]{0,30}",
    )
        .prop_map(
            |((y, m, d), time, country, attack_types, killed, hit, other)| Meant {
                date: date(y, m, d),
                time,
                country,
                attack_types,
                killed,
                hit,
                other,
            },
        )
}

fn style() -> impl Strategy<Value = Style> {
    (
        Just(WRITTEN.to_vec()).prop_shuffle(),
        prop_oneof![Just(','), Just(';'), Just('\t')],
        0_usize..5,
        prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        any::<bool>(),
        prop_oneof![Just(""), Just(" "), Just("\u{a0}"), Just(" \u{a0} ")],
        any::<bool>(),
        (0_usize..5, 0_usize..3, 0_usize..3),
        any::<bool>(),
    )
        .prop_map(
            |(
                columns,
                delimiter,
                encoding,
                line_break,
                quote_all,
                padding,
                shout,
                forms,
                blank_lines,
            )| {
                let (date, number, clock) = forms;
                Style {
                    columns,
                    delimiter,
                    encoding,
                    line_break,
                    quote_all,
                    padding,
                    shout,
                    date,
                    number,
                    clock,
                    blank_lines,
                }
            },
        )
}

impl Meant {
    fn row(&self, id: &str) -> Row {
        let mut known: Vec<_> = self
            .attack_types
            .iter()
            .map(|&i| terms("attack_types")[i].code)
            .collect();
        known.sort_unstable();
        known.dedup();
        let other = self.other.split_whitespace().collect::<Vec<_>>().join(" ");
        let time = self
            .time
            .map_or("unknown".into(), |(h, m)| format!("{h:02}:{m:02}"));
        let values = BTreeMap::from([
            ("time", Cell::Code(time.into())),
            (
                "country",
                Cell::Code(terms("country")[self.country].code.into()),
            ),
            (
                "attack_types",
                match known.is_empty() {
                    true => Cell::Blank,
                    false => Cell::Codes {
                        known,
                        unknown: None,
                    },
                },
            ),
            ("killed", self.killed.map_or(Cell::Blank, Cell::Count)),
            (
                "facilities_hit",
                Cell::Code(terms("facilities_hit")[self.hit].code.into()),
            ),
            (
                "other_hit",
                if other.is_empty() {
                    Cell::Blank
                } else {
                    Cell::Text(other)
                },
            ),
        ]);
        Row {
            line: 0,
            foreign_id: id.to_owned(),
            date: self.date,
            values,
        }
    }

    fn written(&self, id: &str, column: &str, style: &Style) -> String {
        let cased = |label: &str| match style.shout {
            true => label.to_uppercase(),
            false => label.to_owned(),
        };
        match column {
            "Attack ID" => id.to_owned(),
            "Attack Date" => {
                let (y, m, d) = (self.date.year(), self.date.month(), self.date.day());
                match style.date {
                    0 => format!("{m}/{d}/{:02} 12:00 AM", y % 100),
                    1 => format!("{m:02}/{d:02}/{y}"),
                    2 => format!("{y}-{m:02}-{d:02}"),
                    3 => format!("{y}-{m:02}-{d:02}T23:00:00Z"),
                    _ => format!("{m}/{d}/{y} 0:00"),
                }
            }
            "Attack Time" => match (self.time, style.clock) {
                (None, _) => cased("Time Unknown"),
                (Some((h, m)), 0) => format!("{h:02}:{m:02}"),
                (Some((h, m)), 1) => format!("{h}:{m:02}:00"),
                (Some((h, m)), _) => {
                    let half = if h < 12 { "AM" } else { "PM" };
                    format!("{}:{m:02} {half}", (h + 11) % 12 + 1)
                }
            },
            "Country / Territory" => cased(terms("country")[self.country].label),
            "Attack Type" => {
                let labels = self
                    .attack_types
                    .iter()
                    .map(|&i| cased(terms("attack_types")[i].label));
                labels.collect::<Vec<_>>().join(", ")
            }
            "Total Death" => self.killed.map_or(String::new(), |n| match style.number {
                0 => format!("{n}"),
                1 => format!("{n}.0"),
                _ => format!("0{n}.00"),
            }),
            "HC Facilities" => cased(terms("facilities_hit")[self.hit].label),
            "HC Other" => self.other.clone(),
            _ => "1066".to_owned(),
        }
    }
}

impl Style {
    fn file(&self, rows: &[(String, Meant)]) -> Vec<u8> {
        let mut text = self.line(self.columns.iter().map(|&name| name.to_owned()));
        for (id, meant) in rows {
            text += &self.line(
                self.columns
                    .iter()
                    .map(|column| meant.written(id, column, self)),
            );
            if self.blank_lines {
                text += self.line_break;
            }
        }
        match self.encoding {
            0 => text.into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            2 => encode_utf16(&text, u16::to_le_bytes),
            3 => encode_utf16(&text, u16::to_be_bytes),
            _ => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        }
    }

    fn line(&self, fields: impl Iterator<Item = String>) -> String {
        let written = fields.map(|field| {
            let field = format!("{}{field}{}", self.padding, self.padding);
            match self.quote_all || field.contains(['"', '\n', self.delimiter]) {
                true => format!("\"{}\"", field.replace('"', "\"\"")),
                false => field,
            }
        });
        written
            .collect::<Vec<_>>()
            .join(&self.delimiter.to_string())
            + self.line_break
    }
}

fn encode_utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(bytes)
        .collect()
}

proptest! {
    #[test]
    fn the_way_a_file_is_written_never_changes_what_it_says(
        meant in proptest::collection::vec(meant(), 1..6),
        style in style(),
    ) {
        let rows: Vec<(String, Meant)> =
            meant.into_iter().enumerate().map(|(i, row)| (format!("XXA{i:06}"), row)).collect();
        let expected: Vec<Row> = rows.iter().map(|(id, meant)| meant.row(id)).collect();
        let read: Vec<Row> = read(&style.file(&rows))
            .into_iter()
            .map(|row| Row { line: 0, ..row.unwrap() })
            .collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn a_file_of_any_bytes_is_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        text in "[0-9/:.,;\"\r\n A-Pa-p-]{0,300}",
    ) {
        let columns = COLUMNS.map(|column| column.header).join(",");
        let body = [text.as_bytes(), &bytes].concat();
        for file in [bytes.clone(), [columns.as_bytes(), b"\n", &body].concat()] {
            let Ok(encoding) = sniff(&*file) else { continue };
            let Ok(reader) = Reader::new(&*file, encoding) else { continue };
            for item in reader {
                if let Ok(Err(rejection)) = item {
                    prop_assert!(rejection.excerpt.chars().count() <= crate::rejection::MAX_EXCERPT);
                }
            }
        }
    }

    #[test]
    fn values_of_any_kind_are_read_or_refused_and_nothing_of_a_list_is_lost(
        value in any::<String>(),
        list in proptest::collection::vec(
            prop_oneof!["[a-z(é]{1,8}", Just(HEAVY.to_owned()), Just("Other".to_owned())], 0..6),
    ) {
        for column in COLUMNS {
            let _ = Cell::parse(column, &value);
        }
        let column = COLUMNS[7];
        let is_known = |item: &String| code(column.field, item);
        let mut known: Vec<_> = list.iter().filter_map(is_known).collect();
        known.sort_unstable();
        known.dedup();
        let unknown: Vec<_> =
            list.iter().filter(|item| is_known(item).is_none()).cloned().collect();
        let unknown = (!unknown.is_empty()).then(|| unknown.join(", "));
        let expected = match list.is_empty() {
            true => Cell::Blank,
            false => Cell::Codes { known, unknown },
        };
        prop_assert_eq!(Cell::parse(column, &list.join(", ")), Ok(expected));
    }
}
