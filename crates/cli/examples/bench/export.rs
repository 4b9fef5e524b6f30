//! Generated files of the shape of the published export of attacks on health care.
//!
//! How often a column is empty, how many labels a row has and how large its numbers are is as in
//! the published file of 2018 to 2024; which country, day and type, and every text, is drawn.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use ensign_share::who_ssa::{self, Term, terms};
use sha2::{Digest as _, Sha256};

use crate::place::SEED;

/// Labels of countries and territories that rows name, as many as in the published file.
const COUNTRIES: u64 = 21;

/// Writes rows with these numbers to a file; gives its digest.
pub fn write(path: &Path, rows: Range<u64>) -> Result<[u8; 32]> {
    let mut file = Hashing {
        file: BufWriter::new(File::create(path)?),
        hash: Sha256::new(),
    };
    self::rows(&mut file, rows)?;
    file.flush()?;
    Ok(file.hash.finalize().into())
}

/// Writes a header and rows with these numbers.
pub fn rows(to: &mut impl Write, rows: Range<u64>) -> Result<()> {
    let header: Vec<String> = who_ssa::COLUMNS
        .iter()
        .map(|column| format!("{:?}", column.header))
        .collect();
    writeln!(to, "{}", header.join(","))?;
    for number in rows {
        row(to, number)?;
    }
    Ok(())
}

/// The publisher's id of a row.
pub fn id(number: u64) -> String {
    format!("gen{number:07}")
}

/// The code of a country that rows name.
pub fn country(number: u64) -> &'static str {
    terms("country")[(number % COUNTRIES) as usize].code
}

fn row(to: &mut impl Write, number: u64) -> Result<()> {
    let mut draw = Draw(SEED ^ (number << 20));
    let (year, month, day) = (18 + draw.below(7), 1 + draw.below(12), 1 + draw.below(28));
    let time = match draw.below(2) {
        0 => "Time Unknown".to_owned(),
        _ => format!("{:02}:{:02}", draw.below(24), draw.below(4) * 15),
    };
    // A few countries have most of the rows.
    let country = draw
        .below(COUNTRIES)
        .min(draw.below(COUNTRIES))
        .min(draw.below(COUNTRIES));
    let certainty = draw.label(terms("certainty"));
    let types: Vec<&str> = (0..1 + draw.below(3))
        .map(|_| draw.label(terms("attack_types")))
        .collect();
    write!(
        to,
        "\"20{year}\",{month}/{day}/{year} 12:00 AM,\"Mon\",\"{}\",\"{time}\",\"{}\",\"{certainty}\",\"{}\"",
        id(number),
        terms("country")[country as usize].label,
        types.join(", ")
    )?;
    for _ in 0..2 {
        write!(to, ",{}.0", draw.rarely(5, 40))?;
    }
    for _ in 0..6 {
        write!(
            to,
            ",{:?}",
            ["NO", "NO", "YES", "NO", "YES", "Unknown"][draw.below(6) as usize]
        )?;
    }
    match draw.below(45) {
        0 => write!(to, ",\"ward {}\"", draw.below(100_000))?,
        _ => write!(to, ",")?,
    }
    match draw.below(2) {
        0 => write!(to, ",{:?}", draw.label(terms("facility_type")))?,
        _ => write!(to, ",")?,
    }
    match draw.below(8) {
        0 => write!(to, ",\"clinic {} of the river\"", draw.below(100_000))?,
        _ => write!(to, ",")?,
    }
    for _ in 0..6 {
        write!(to, ",{}.0", draw.rarely(30, 6))?;
    }
    writeln!(to)?;
    Ok(())
}

/// SplitMix64: small, and the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// Zero but once in so many times.
    fn rarely(&mut self, once_in: u64, end: u64) -> u64 {
        if self.below(once_in) == 0 {
            1 + self.below(end)
        } else {
            0
        }
    }

    fn label(&mut self, terms: &'static [Term]) -> &'static str {
        terms[self.below(terms.len() as u64) as usize].label
    }
}

struct Hashing<W> {
    file: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}
