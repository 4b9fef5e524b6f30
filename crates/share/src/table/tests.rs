use std::io::{self, Read};

use proptest::prelude::*;

use super::*;

/// Gives one byte at a time and is interrupted in between, as sockets and pipes may be.
struct Drip<'a>(&'a [u8], bool);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = self.0.len().min(buffer.len()).min(1);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// Lines and fields of each record, or the lines and the reason of each rejection.
type Seen = Vec<(u64, u64, Result<Vec<String>, Reason>)>;

fn open(file: &[u8]) -> Result<Table<&[u8]>, Error> {
    Table::new(file, sniff(file)?)
}

fn read_all<R: Read>(mut table: Table<R>) -> Result<Seen, Error> {
    let mut seen = Vec::new();
    while let Some(item) = table.next_record()? {
        seen.push(match item {
            Ok(r) => (
                r.line(),
                r.last_line(),
                Ok(r.fields().map(str::to_owned).collect()),
            ),
            Err(rejection) => (rejection.line, rejection.last_line, Err(rejection.reason)),
        });
    }
    assert!(table.next_record()?.is_none(), "the end is the end");
    Ok(seen)
}

fn records(file: &[u8]) -> Seen {
    read_all(open(file).unwrap()).unwrap()
}

fn ok(line: u64, last_line: u64, fields: &[&str]) -> (u64, u64, Result<Vec<String>, Reason>) {
    (
        line,
        last_line,
        Ok(fields.iter().map(|&f| f.to_owned()).collect()),
    )
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(bytes)
        .collect()
}

#[test]
fn every_encoding_gives_the_same_text() {
    let text = "nom,œuvre\nRéunion,“été”\n";
    let expected = vec![ok(2, 2, &["Réunion", "“été”"])];
    let windows_1252 = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    for (encoding, file) in [
        (Encoding::Utf8, text.as_bytes().to_vec()),
        (Encoding::Utf8, format!("\u{feff}{text}").into_bytes()),
        (Encoding::Utf16Le, utf16(text, u16::to_le_bytes)),
        (Encoding::Utf16Be, utf16(text, u16::to_be_bytes)),
        (Encoding::Windows1252, windows_1252),
    ] {
        assert_eq!(sniff(&*file).unwrap(), encoding);
        let table = open(&file).unwrap();
        assert_eq!(table.columns(), ["nom", "œuvre"], "{encoding}");
        assert_eq!(read_all(table).unwrap(), expected, "{encoding}");
        assert_eq!(sniff(Drip(&file, false)).unwrap(), encoding);
        let table = Table::new(Drip(&file, false), encoding).unwrap();
        assert_eq!(read_all(table).unwrap(), expected, "{encoding}");
    }
}

#[test]
fn a_character_across_two_reads_is_still_utf_8() {
    for before in 64 * 1024 - 3..64 * 1024 + 1 {
        let text = format!("a\n{}é\n", "x".repeat(before - 2));
        assert_eq!(sniff(text.as_bytes()).unwrap(), Encoding::Utf8);
        assert_eq!(records(text.as_bytes()).len(), 1);
    }
}

#[test]
fn an_encoding_is_decided_by_the_whole_file() {
    let mut file = b"a,b\n".to_vec();
    file.extend(b"1,2\n".repeat(50_000));
    assert_eq!(sniff(&*file).unwrap(), Encoding::Utf8);
    file.extend(b"\xe9,2\n");
    assert_eq!(sniff(&*file).unwrap(), Encoding::Windows1252);
    assert_eq!(
        records(&file).last(),
        Some(&ok(50_002, 50_002, &["é", "2"]))
    );
}

#[test]
fn what_is_not_text_is_refused() {
    assert!(matches!(
        sniff(&b"PK\x03\x04\x00\x00"[..]),
        Err(Error::NotText)
    ));
    let late = [b"a,b\n".repeat(30_000), vec![0]].concat();
    assert!(matches!(sniff(&*late), Err(Error::NotText)));
    let read = open(&utf16("a\nb\0\n", u16::to_le_bytes)).and_then(read_all);
    assert!(matches!(read, Err(Error::NotText)));
}

#[test]
fn text_that_breaks_the_promise_of_its_mark_is_refused_with_its_place() {
    let broken = sniff(&b"\xef\xbb\xbfa,b\n\xff\n"[..]);
    assert!(matches!(
        broken,
        Err(Error::Encoding {
            encoding: Encoding::Utf8,
            offset: 8
        })
    ));
    let mut odd = utf16("a\nb\n", u16::to_le_bytes);
    odd.push(b'x');
    let broken = open(&odd).and_then(read_all);
    assert!(matches!(
        broken,
        Err(Error::Encoding {
            encoding: Encoding::Utf16Le,
            offset: 11
        })
    ));
    // The file changed between the two passes.
    let broken = Table::new(&b"a,b\n\xe9,2\n"[..], Encoding::Utf8).and_then(read_all);
    assert!(matches!(
        broken,
        Err(Error::Encoding {
            encoding: Encoding::Utf8,
            ..
        })
    ));
}

#[test]
fn a_failing_reader_is_an_error_and_the_end() {
    struct Failing(bool);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 {
                return Err(io::Error::other("unplugged"));
            }
            self.0 = true;
            buffer[..6].copy_from_slice(b"a\n1\n\"2");
            Ok(6)
        }
    }
    let mut table = Table::new(Failing(false), Encoding::Utf8).unwrap();
    assert!(table.next_record().unwrap().is_some());
    assert!(matches!(table.next_record(), Err(Error::Read(_))));
    assert!(table.next_record().unwrap().is_none());
}

#[test]
fn the_delimiter_is_the_most_frequent_in_the_header_outside_quotes() {
    for (header, delimiter) in [
        ("a,b;c,d", ','),
        ("a;b,c;d", ';'),
        ("a\tb", '\t'),
        ("\"a,b,c\";d", ';'),
        ("\"a\n,,,\"\tb", '\t'),
        ("alone", ','),
    ] {
        assert_eq!(
            open(header.as_bytes()).unwrap().delimiter(),
            delimiter,
            "{header:?}"
        );
    }
}

#[test]
fn records_know_their_physical_lines_whatever_ends_a_line() {
    for line_break in ["\n", "\r\n", "\r"] {
        let text = "\n\na,b\n1,2\n\n\n\"3\n\n\",\"4\n\"\n5,6\n , \n\"7\",8";
        let text = text.replace('\n', line_break);
        let inner = |text: &str| text.replace('\n', line_break);
        assert_eq!(
            records(text.as_bytes()),
            vec![
                ok(4, 4, &["1", "2"]),
                ok(7, 10, &[&inner("3\n\n"), &inner("4\n")]),
                ok(11, 11, &["5", "6"]),
                ok(13, 13, &["7", "8"]),
            ],
            "{line_break:?}"
        );
        let table = Table::new(Drip(text.as_bytes(), false), Encoding::Utf8).unwrap();
        assert_eq!(
            read_all(table).unwrap(),
            records(text.as_bytes()),
            "{line_break:?}"
        );
    }
}

#[test]
fn a_quote_in_quotes_is_written_twice() {
    let seen = records(b"a,b\n\"say \"\"no\"\"\",x\"y\n");
    assert_eq!(seen, vec![ok(2, 2, &["say \"no\"", "x\"y"])]);
}

#[test]
fn a_record_of_another_length_is_rejected_and_reading_goes_on() {
    let seen = records(b"a,b\n1\n1,2,3\n1,2\n");
    assert_eq!(
        seen,
        vec![
            (
                2,
                2,
                Err(Reason::TooFewFields {
                    found: 1,
                    expected: 2
                })
            ),
            (3, 3, Err(Reason::TooManyFields { expected: 2 })),
            ok(4, 4, &["1", "2"]),
        ]
    );
    let wide = format!("a,b\n{}\n1,2\n", ",x".repeat(3 * MAX_COLUMNS));
    let seen = records(wide.as_bytes());
    assert_eq!(
        seen[0],
        (
            2,
            2,
            Err(Reason::TooManyFields {
                expected: MAX_COLUMNS
            })
        )
    );
    assert_eq!(seen[1], ok(3, 3, &["1", "2"]));
}

#[test]
fn a_field_or_record_above_its_limit_is_rejected_and_reading_goes_on() {
    let field = |length: usize| "x".repeat(length);
    let fits = format!("a,b\n{},2\n", field(MAX_FIELD));
    assert!(records(fits.as_bytes())[0].2.is_ok());
    let above = format!("a,b\n{},2\n3,4\n", field(MAX_FIELD + 1));
    let mut table = open(above.as_bytes()).unwrap();
    let rejection = table.next_record().unwrap().unwrap().unwrap_err();
    assert_eq!(
        (rejection.reason, rejection.column.as_deref()),
        (Reason::FieldTooLong, Some("a"))
    );
    assert!(table.next_record().unwrap().unwrap().is_ok());
    for length in [MAX_RECORD + 1, 3 * MAX_RECORD, 5_000_000] {
        let above = format!("a,b\n\"{}\n\",2\n3,4\n", field(length));
        let seen = records(above.as_bytes());
        assert_eq!(
            seen,
            vec![(2, 3, Err(Reason::RecordTooLong)), ok(4, 4, &["3", "4"])]
        );
    }
}

#[test]
fn a_quote_that_is_never_closed_names_the_lines_that_it_swallowed() {
    let seen = records(b"a,b\n1,2\n\"3,4\n5,6\n7,8\n");
    assert_eq!(
        seen,
        vec![ok(2, 2, &["1", "2"]), (3, 5, Err(Reason::UnclosedQuote))]
    );
    let seen = records(b"a,b\n1,\"2");
    assert_eq!(seen, vec![(2, 2, Err(Reason::UnclosedQuote))]);
}

#[test]
fn a_header_that_is_none_is_refused() {
    for empty in ["", "\n\r\n", "\u{feff}"] {
        assert!(
            matches!(open(empty.as_bytes()), Err(Error::Empty)),
            "{empty:?}"
        );
    }
    let refused = open(b"\n\"a,b\n1,2\n");
    let unclosed = Reason::UnclosedQuote;
    assert!(matches!(refused, Err(Error::Header { line: 2, reason }) if reason == unclosed));
    let long = "x".repeat(MAX_HEADER + 1);
    assert!(matches!(
        open(long.as_bytes()),
        Err(Error::Header {
            line: 1,
            reason: Reason::RecordTooLong
        })
    ));
    let wide = ",".repeat(MAX_COLUMNS);
    assert!(matches!(
        open(wide.as_bytes()),
        Err(Error::Header {
            line: 1,
            reason: Reason::TooManyFields { .. }
        })
    ));
}

#[test]
fn columns_are_found_by_name_without_regard_to_case_and_spaces() {
    let table = open("x, Attack\u{a0}  ID ,\"ATTACK\nDATE\"\n".as_bytes()).unwrap();
    assert_eq!(table.columns(), ["x", "Attack ID", "ATTACK DATE"]);
    assert_eq!(table.column("Attack ID").unwrap(), Some(1));
    assert_eq!(table.required_column("Attack Date").unwrap(), 2);
    assert_eq!(table.column("Attack").unwrap(), None);
}

#[test]
fn a_missing_and_a_repeated_column_are_named_with_their_line() {
    let table = open(b"\na,b,A ,\n").unwrap();
    assert_eq!(
        table.column("A").unwrap_err().to_string(),
        "line 2 names the column \"A\" twice, as columns 1 and 3; remove or rename one"
    );
    assert_eq!(
        table.required_column("c").unwrap_err().to_string(),
        "line 2 has no column \"c\"; export the table again with that column"
    );
}

#[test]
fn a_rejection_says_where_and_why_without_words_of_the_row() {
    let rejection = Rejection {
        line: 5,
        last_line: 6,
        column: Some("Attack Date".into()),
        reason: Reason::BadDate,
        excerpt: crate::rejection::excerpt(
            "met  Åsa at 31/12\u{a0}near the old school in the town",
        ),
        id: None,
    };
    assert_eq!(
        rejection.to_string(),
        "line 5 to 6, column \"Attack Date\": not a date, \"xxx xxx xx 31/12 xxxx xxx xxx xxxxxx xx…\"; \
         expected a date from 2000 to 2099 as month/day/year or year-month-day, such as 2/25/2017 or 2017-02-25"
    );
    assert_eq!(
        rejection.excerpt.chars().count(),
        crate::rejection::MAX_EXCERPT
    );
}

#[test]
fn a_line_break_that_two_reads_share_belongs_to_the_line_that_it_ends() {
    let file: &[u8] = b" \r\"\r\n";
    let whole = Table::new(file, Encoding::Utf8).and_then(read_all).unwrap();
    let dripped = Table::new(Drip(file, false), Encoding::Utf8).and_then(read_all);
    assert_eq!(format!("{whole:?}"), format!("{:?}", dripped.unwrap()));
    assert_eq!((whole[0].0, whole[0].1), (2, 2));
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_read_or_refused(
        file in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..400),
            "[a-c,;\t\"\r\n é]{0,400}".prop_map(String::into_bytes),
            "[a-c,;\t\"\r\n é]{0,400}".prop_map(|text| utf16(&text, u16::to_be_bytes)),
        ],
        encoding in prop_oneof![
            Just(Encoding::Utf8), Just(Encoding::Utf16Le),
            Just(Encoding::Utf16Be), Just(Encoding::Windows1252),
        ],
    ) {
        let whole = Table::new(&*file, encoding).and_then(read_all);
        let dripped = Table::new(Drip(&file, false), encoding).and_then(read_all);
        match (&whole, &dripped) {
            // Where a decoder notices may depend on how much it was given.
            (Err(Error::Encoding { offset: a, .. }), Err(Error::Encoding { offset: b, .. })) => {
                prop_assert!(a.abs_diff(*b) <= 4, "{a} {b}");
            }
            _ => prop_assert_eq!(format!("{whole:?}"), format!("{dripped:?}")),
        }
        if let Ok(seen) = whole {
            let lines: Vec<u64> = seen.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
            prop_assert!(lines.is_sorted(), "{lines:?}");
        }
        if let Ok(encoding) = sniff(&*file) {
            prop_assert_eq!(sniff(Drip(&file, false)).unwrap(), encoding);
        }
    }
}
