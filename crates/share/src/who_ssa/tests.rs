use std::collections::BTreeMap;
use std::fs::File;

use super::*;
use crate::table::{Encoding, sniff};
use crate::{Error, Reason, Rejection};
use jiff::civil::{Date, date};

mod writing;

const HEAVY: &str = "Violence with heavy weapons (requires more than one person to use such as \
                     firearms, tanks, missiles, bombs, mortars)";
const INDIVIDUAL: &str = "Violence with individual weapons (knives, bricks, clubs, guns, grenades \
                          and improvised explosive devices (IED)";
const SEARCH: &str = "Armed or violent search of health care personnel, facility or transport";

fn read(file: &[u8]) -> Vec<Result<Row, Rejection>> {
    let reader = Reader::new(file, sniff(file).unwrap()).unwrap();
    reader.map(|item| item.unwrap()).collect()
}

/// The value of one column.
fn cell(header: &str, value: &str) -> Result<Cell, Reason> {
    let quoted = value.replace('"', "\"\"");
    let file = format!("Attack ID,Attack Date,{header}\nXXA000001,1/2/23,\"{quoted}\"\n");
    let row = read(file.as_bytes()).remove(0);
    row.map(|row| row.values.into_values().next().unwrap())
        .map_err(|rejection| rejection.reason)
}

fn day(value: &str) -> Result<Date, Reason> {
    let file = format!("Attack Date,Attack ID\n\"{value}\",XXA000001\n");
    read(file.as_bytes())
        .remove(0)
        .map(|row| row.date)
        .map_err(|rejection| rejection.reason)
}

fn code_cell(code: &'static str) -> Result<Cell, Reason> {
    Ok(Cell::Code(code.into()))
}

fn text(text: &str) -> Result<Cell, Reason> {
    Ok(Cell::Text(text.into()))
}

fn attack_types(known: &[&'static str], unknown: Option<&str>) -> Result<Cell, Reason> {
    Ok(Cell::Codes {
        known: known.to_vec(),
        unknown: unknown.map(str::to_owned),
    })
}

#[test]
fn a_row_of_the_export_is_read_whole() {
    let header = COLUMNS
        .map(|column| format!("\"{}\"", column.header))
        .join(",");
    let file = format!(
        "{header}\n\"2022\",1/2/23 12:00 AM,\"Mon\",\"XXA000001\",\"Time Unknown\",\"Ukraine\",\
         \"Confirmed\",\"{SEARCH}, {HEAVY}\",1.0,0.0,\"YES\",\"NO\",\"Unknown\",\"NO\",\"NO\",\
         \"YES\",\"pharmacy \",,\"\",0.0,2.0,0.0,0.0,0.0,0.0\n"
    );
    let row = read(file.as_bytes()).remove(0).unwrap();
    assert_eq!((row.line, row.foreign_id.as_str()), (2, "XXA000001"));
    assert_eq!(row.date, date(2023, 1, 2));
    let code = |code: &'static str| Cell::Code(code.into());
    let expected = BTreeMap::from([
        ("time", code("unknown")),
        ("country", code("UKR")),
        ("certainty", code("confirmed")),
        (
            "attack_types",
            Cell::Codes {
                known: vec!["armed_search", "heavy_weapons"],
                unknown: None,
            },
        ),
        ("injured", Cell::Count(1)),
        ("killed", Cell::Count(0)),
        ("facilities_hit", code("yes")),
        ("transport_hit", code("no")),
        ("personnel_hit", code("unknown")),
        ("supplies_hit", code("no")),
        ("warehouse_hit", code("no")),
        ("patients_hit", code("yes")),
        ("other_hit", Cell::Text("pharmacy".into())),
        ("facility_type", Cell::Blank),
        ("facility_other", Cell::Blank),
        ("hw_abducted", Cell::Count(0)),
        ("hw_arrested", Cell::Count(2)),
        ("hw_detained", Cell::Count(0)),
        ("patients_abducted", Cell::Count(0)),
        ("patients_arrested", Cell::Count(0)),
        ("patients_detained", Cell::Count(0)),
    ]);
    assert_eq!(row.values, expected);
}

#[test]
fn a_column_that_the_file_lacks_makes_no_entry_and_an_empty_cell_is_blank() {
    let file =
        b"Attack ID,Notes,year,Total Death,Attack Date,\nXXA000001,x,2001,\xc2\xa0,1/2/23,\n";
    let reader = Reader::new(&file[..], Encoding::Utf8).unwrap();
    assert_eq!(reader.fields().collect::<Vec<_>>(), ["killed"]);
    assert_eq!(reader.ignored(), ["Notes"]);
    assert_eq!(reader.delimiter(), ',');
    let row = &read(file)[0];
    assert_eq!(
        row.as_ref().unwrap().values,
        BTreeMap::from([("killed", Cell::Blank)])
    );
}

#[test]
fn a_file_without_id_or_date_or_with_a_column_twice_is_refused() {
    let open = |header: &str| {
        Reader::new(header.as_bytes(), Encoding::Utf8)
            .err()
            .unwrap()
    };
    assert!(matches!(
        open("Attack Date"),
        Error::MissingColumn {
            column: "Attack ID",
            ..
        }
    ));
    assert!(matches!(
        open("attack id"),
        Error::MissingColumn {
            column: "Attack Date",
            ..
        }
    ));
    let twice = open("Attack ID,Attack Date,HC Other,hc  OTHER ");
    assert!(matches!(
        twice,
        Error::RepeatedColumn {
            column: "HC Other",
            ..
        }
    ));
}

#[test]
fn dates_are_month_before_day_and_the_time_of_day_is_noise() {
    for written in [
        "2/8/24 12:00 AM",
        "2/8/24 0:00",
        "02/08/2024",
        " 2/8/2024\u{a0}",
        "2/8/2024 11:59:59 PM",
        "2024-02-08",
        "2024-02-08 00:00:00",
        "2024-02-08T00:00:00.000Z",
    ] {
        assert_eq!(day(written), Ok(date(2024, 2, 8)), "{written}");
    }
    assert_eq!(day("2/29/24"), Ok(date(2024, 2, 29)));
    assert_eq!(day("1/1/99"), Ok(date(2099, 1, 1)));
}

#[test]
fn an_impossible_or_ambiguous_date_rejects_the_row() {
    for written in [
        "",
        "2/29/23",
        "25/2/17",
        "0/1/17",
        "2/30/2020",
        "1/1/1900",
        "1/1/2100",
        "1/1/217",
        "2/8",
        "2-8-24",
        "24-02-08",
        "8.2.2024",
        "45330",
        "2/8/24 noon",
        "2/8/24 25:00",
        "2/8/24 13:00 PM",
        "2/8/24/1",
        "2024-02-08-01",
        "+2/8/24",
        "Feb 8, 2024",
        "é",
        "٢/٨/٢٤",
    ] {
        assert_eq!(day(written), Err(Reason::BadDate), "{written}");
    }
}

#[test]
fn counts_are_whole_numbers_however_they_are_written() {
    for (written, count) in [
        ("1", 1),
        ("1.0", 1),
        (" 1\u{a0}", 1),
        ("1.00", 1),
        ("1.000000", 1),
        ("007", 7),
        ("0.0", 0),
        ("10000000", MAX_COUNT),
    ] {
        assert_eq!(
            cell("Total Death", written),
            Ok(Cell::Count(count)),
            "{written}"
        );
    }
    for written in [
        "-1", "-0", "1.5", "1.000", "1,000", "1,0", "+1", "1.", ".0", "1e3", "NaN", "two", "1 1",
    ] {
        assert_eq!(
            cell("HW Arrest", written),
            Err(Reason::BadCount),
            "{written}"
        );
    }
    for written in ["10000001", "99999999999999999999999999.0"] {
        assert_eq!(
            cell("Total Injured", written),
            Err(Reason::CountTooLarge),
            "{written}"
        );
    }
}

#[test]
fn times_are_unknown_a_minute_or_a_band() {
    for (written, code) in [
        ("Time Unknown", "unknown"),
        ("time  UNKNOWN ", "unknown"),
        ("14:30", "14:30"),
        ("14:30:00", "14:30"),
        ("2:30 pm", "14:30"),
        ("6:05", "06:05"),
        ("00:00", "00:00"),
        ("12:00 AM", "00:00"),
        ("12:00 PM", "12:00"),
        ("23:59", "23:59"),
        ("12:00-18:00", "12:00-18:00"),
        ("18:00 - 00:00", "18:00-00:00"),
        ("18:00\u{2013}24:00", "18:00-00:00"),
        ("0:00-6:00", "00:00-06:00"),
    ] {
        assert_eq!(cell("Attack Time", written), code_cell(code), "{written}");
    }
    for unknown in [
        "24:00",
        "14:60",
        "14.30",
        "dawn",
        "14:30:15",
        "1430",
        "12:00-",
        "06:00-06:00",
        "0:00 PM",
    ] {
        assert_eq!(cell("Attack Time", unknown), text(unknown), "{unknown}");
    }
    assert_eq!(cell("Attack Time", ""), Ok(Cell::Blank));
}

#[test]
fn labels_are_found_whatever_their_case_and_spaces() {
    for (header, written, code) in [
        ("HC Facilities", "yes", "yes"),
        ("HC Patients", " No\u{a0}", "no"),
        ("HC Transport", "UNKNOWN", "unknown"),
        ("Type of Facility", "mobile\u{a0} clinic", "mobile_clinic"),
        ("Certainty Level", "RUMOUR", "rumour"),
        (
            "Country / Territory",
            "Occupied palestinian  territory",
            "PSE",
        ),
        ("Country / Territory", "CÔTE D\u{2019}IVOIRE", "CIV"),
        ("Country / Territory", "Turkey", "TUR"),
    ] {
        assert_eq!(cell(header, written), code_cell(code), "{written}");
    }
}

#[test]
fn a_label_that_the_vocabulary_lacks_is_kept_as_text() {
    assert_eq!(cell("Certainty Level", " Very  sure"), text("Very sure"));
    assert_eq!(cell("HC Facilities", "YES?"), text("YES?"));
    assert_eq!(cell("Country / Territory", "Atlantis"), text("Atlantis"));
}

#[test]
fn attack_types_are_matched_whole_and_never_split() {
    assert_eq!(
        cell(
            "Attack Type",
            &format!("{INDIVIDUAL}, {HEAVY}, {SEARCH}, Other")
        ),
        attack_types(
            &[
                "armed_search",
                "heavy_weapons",
                "individual_weapons",
                "other"
            ],
            None
        )
    );
    let noise = format!(
        " ,; {};{INDIVIDUAL}),,  other , OTHER",
        HEAVY.to_lowercase()
    );
    assert_eq!(
        cell("Attack Type", &noise),
        attack_types(&["heavy_weapons", "individual_weapons", "other"], None)
    );
}

#[test]
fn what_no_attack_type_covers_survives_beside_the_known_codes() {
    for (written, known, unknown) in [
        ("Tunnel, Other".to_owned(), &["other"][..], "Tunnel"),
        (
            format!("{HEAVY}, Siege (food, water), Setting fire, Flooding"),
            &["heavy_weapons", "setting_fire"],
            "Siege (food, water), Flooding",
        ),
        ("Other weapons".to_owned(), &[], "Other weapons"),
        (
            "Setting fires, Assault (without weapons) twice".to_owned(),
            &[],
            "Setting fires, Assault (without weapons) twice",
        ),
        ("é, Unknown".to_owned(), &["unknown"], "é"),
    ] {
        assert_eq!(
            cell("Attack Type", &written),
            attack_types(known, Some(unknown)),
            "{written}"
        );
    }
    assert_eq!(cell("Attack Type", " , ;"), attack_types(&[], None));
}

#[test]
fn ids_are_short_words_without_spaces() {
    let id = |written: &str| {
        let file = format!("Attack ID,Attack Date\n\"{written}\",1/2/23\n");
        let row = read(file.as_bytes()).remove(0);
        row.map(|row| row.foreign_id)
            .map_err(|rejection| rejection.reason)
    };
    assert_eq!(id("\u{a0}xxA00.0_0-1 "), Ok("xxA00.0_0-1".to_owned()));
    assert_eq!(id(&"x".repeat(MAX_ID)), Ok("x".repeat(MAX_ID)));
    assert_eq!(id(" "), Err(Reason::NoId));
    for bad in ["XXA 1", "XXA/1", "XXÄ1", "=1", &"x".repeat(MAX_ID + 1)] {
        assert_eq!(id(bad), Err(Reason::BadId), "{bad}");
    }
}

#[test]
fn a_rejected_row_names_line_column_reason_and_id_and_the_next_is_read() {
    let file = "Attack Date,Attack ID,Total Death,HC Other\r\n\
                1/2/23,XXA000001,-3,\"two\r\nlines\"\r\n\
                1/2/23,XXA000002,1,\r\n\
                1/2/23,XXA000003\r\n\
                1/2/23,XXA000004,,\r\n";
    let rows = read(file.as_bytes());
    let rejection = rows[0].as_ref().unwrap_err();
    assert_eq!(
        rejection.to_string(),
        "line 2 to 3, column \"Total Death\": not a count, \"-3\"; expected a whole number from zero, such as 3"
    );
    assert_eq!(rejection.reason.code(), "import.row.bad_count");
    assert_eq!(rejection.id.as_deref(), Some("XXA000001"));
    assert_eq!(rows[1].as_ref().unwrap().line, 4);
    let short = Reason::TooFewFields {
        found: 2,
        expected: 4,
    };
    assert_eq!(rows[2].as_ref().unwrap_err().reason, short);
    assert_eq!(rows[3].as_ref().unwrap().values["killed"], Cell::Blank);
}

#[test]
fn every_term_has_one_code_and_every_label_leads_back_to_it() {
    for column in COLUMNS {
        for (i, term) in terms(column.field).iter().enumerate() {
            assert_eq!(label(column.field, term.code), Some(term.label));
            for written in std::iter::once(&term.label).chain(term.also) {
                assert_eq!(code(column.field, written), Some(term.code), "{written}");
                assert_eq!(code(column.field, &written.to_uppercase()), Some(term.code));
            }
            let is_code = |c: char| c.is_ascii_alphanumeric() || "._:/+-".contains(c);
            assert!(
                term.code.len() <= 128 && term.code.chars().all(is_code),
                "{}",
                term.code
            );
            let later = &terms(column.field)[i + 1..];
            assert!(
                later.iter().all(|other| other.code != term.code),
                "{} twice",
                term.code
            );
        }
    }
    assert_eq!(terms("other_hit"), []);
    assert_eq!(label("country", "atlantis"), None);
    assert_eq!(code("nothing", "YES"), None);
}

#[test]
fn the_real_export_is_read_without_loss() {
    let Some(data) = ensign_recorded::find("who-ssa/ssa_2018_2024_raw.csv") else {
        return;
    };
    let encoding = sniff(File::open(&data).unwrap()).unwrap();
    assert_eq!(encoding, Encoding::Utf8);
    let reader = Reader::new(File::open(&data).unwrap(), encoding).unwrap();
    assert!(reader.ignored().is_empty());
    assert_eq!(reader.fields().count(), 21);

    let rows: Vec<Row> = reader.map(|item| item.unwrap().unwrap()).collect();
    assert_eq!(rows.len(), 6277);
    assert_eq!(rows.last().unwrap().line, 6278);
    assert_eq!(
        rows.iter().map(|row| row.date).min(),
        Some(date(2017, 2, 25))
    );
    assert_eq!(
        rows.iter().map(|row| row.date).max(),
        Some(date(2024, 2, 8))
    );

    let mut codes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (field, cell) in rows.iter().flat_map(|row| &row.values) {
        match cell {
            Cell::Code(code) => *codes.entry((field, code)).or_default() += 1,
            Cell::Codes {
                known,
                unknown: rest,
            } => {
                known
                    .iter()
                    .for_each(|code| *codes.entry((field, code)).or_default() += 1);
                unknown.extend(rest.clone());
            }
            Cell::Text(text) if !matches!(*field, "other_hit" | "facility_other") => {
                unknown.push(text.clone());
            }
            Cell::Blank | Cell::Count(_) | Cell::Text(_) => {}
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
    for (field, code, count) in [
        ("attack_types", "heavy_weapons", 2425),
        ("attack_types", "individual_weapons", 1943),
        ("attack_types", "obstruction", 1381),
        ("attack_types", "psychological_violence", 1153),
        ("attack_types", "removal_of_assets", 687),
        ("attack_types", "abduction_arrest_detention", 566),
        ("attack_types", "armed_search", 517),
        ("attack_types", "assault", 492),
        ("attack_types", "militarization", 280),
        ("attack_types", "setting_fire", 145),
        ("attack_types", "other", 124),
        ("attack_types", "criminalization", 45),
        ("attack_types", "unknown", 41),
        ("attack_types", "chemical_agent", 35),
        ("attack_types", "sexual_assault", 13),
        ("certainty", "confirmed", 5726),
        ("certainty", "probable", 300),
        ("certainty", "possible", 251),
        ("time", "unknown", 3167),
        ("time", "18:00-00:00", 97),
        ("country", "PSE", 2114),
        ("country", "who:nagorno_karabakh", 1),
    ] {
        assert_eq!(codes.get(&(field, code)), Some(&count), "{field} {code}");
    }
    assert_eq!(
        codes
            .keys()
            .filter(|(field, _)| *field == "country")
            .count(),
        21
    );
    for (field, sum) in [
        ("injured", 4056),
        ("killed", 1902),
        ("hw_abducted", 415),
        ("hw_arrested", 574),
        ("hw_detained", 378),
        ("patients_abducted", 87),
        ("patients_arrested", 33),
        ("patients_detained", 60),
    ] {
        let counts = rows.iter().map(|row| match row.values[field] {
            Cell::Count(count) => count,
            ref other => panic!("{field} is {other:?}"),
        });
        assert_eq!(counts.sum::<u64>(), sum, "{field}");
    }
}

/// A file without the words of one row.
fn redacted(file: &[u8], erased: &str) -> (String, u64) {
    let mut redacting =
        Redacting::new(file, sniff(file).unwrap(), |id: &str| id == erased).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut redacting, &mut text).unwrap();
    (text, redacting.found())
}

#[test]
fn a_redacted_file_lacks_the_words_of_the_row_and_nothing_else() {
    let file = b"Attack ID;Attack Date;Country / Territory;Facility Other;Total Death;Note;Attack Type\n\
        XXA000001;1/2/23;Ukraine;\"Clinic of\nDr Planted; east\";2;Planted;Obstruction to health care delivery, planted\n\
        XXA000002;1/3/23;Ukraine;\"A \"\"quoted\"\" name\";1;Kept;\n\
        XXA000003;Planted\n\
        ;1/3/23;;Planted;;;\n";
    let (text, found) = redacted(file, "XXA000001");
    assert_eq!(found, 1);
    assert_eq!(
        text,
        "Attack ID;Attack Date;Country / Territory;Facility Other;Total Death;Note;Attack Type\n\
         XXA000001;1/2/23;Ukraine;;2;;\n\
         XXA000002;1/3/23;Ukraine;\"A \"\"quoted\"\" name\";1;Kept;\n"
    );
    // Once more it is the same, and what is read of the other row is what was read before.
    assert_eq!(redacted(text.as_bytes(), "XXA000001"), (text.clone(), 1));
    let row = |rows: Vec<Result<Row, Rejection>>| {
        let rows = rows.into_iter().flatten();
        let mut rows = rows.filter(|row| row.foreign_id == "XXA000002");
        rows.next().map(|row| row.values)
    };
    assert_eq!(row(read(text.as_bytes())), row(read(file)));
    assert_eq!(redacted(file, "XXA000009").1, 0);
}
