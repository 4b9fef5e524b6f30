//! The public export of WHO's Surveillance System for Attacks on Health Care (SSA).
//!
//! One row is one attack, as a WHO country office published it: country, date, resources affected,
//! attack types, toll and level of certainty. Place below the country, source and perpetrator are
//! never published. The level says that *an* attack happened, not that its details are right.
//!
//! | Column | Field | Read as |
//! |---|---|---|
//! | Attack ID | (id of the row) | 1 to 64 of `A-Z a-z 0-9 . _ -`, required |
//! | Attack Date | (date of the row) | month/day/year or year-month-day, required |
//! | Attack Time | `time` | `unknown`, `14:30` or a band `12:00-18:00` |
//! | Country / Territory | `country` | ISO 3166-1 alpha-3 of the publisher's label |
//! | Certainty Level | `certainty` | code |
//! | Attack Type | `attack_types` | several codes |
//! | Total Injured, Total Death | `injured`, `killed` | count |
//! | HC Facilities, HC Transport, HC Personnel | `facilities_hit`, `transport_hit`, `personnel_hit` | yes, no, unknown |
//! | HC Supplies Assets, HC Warehouse Storage, HC Patients | `supplies_hit`, `warehouse_hit`, `patients_hit` | yes, no, unknown |
//! | HC Other | `other_hit` | free text |
//! | Type of Facility | `facility_type` | code |
//! | Facility Other | `facility_other` | free text |
//! | HW Abduction, HW Arrest, HW Detention | `hw_abducted`, `hw_arrested`, `hw_detained` | count (HW: health workers) |
//! | Patient Abduction, Patient Arrest, Patient Detention | `patients_abducted`, `patients_arrested`, `patients_detained` | count |
//! | year, weekday | (not read) | derived by the publisher, and not always from the date |
//!
//! Traps:
//! - `year` disagrees with the date in some rows; the date counts.
//! - Dates carry a time of day that means nothing (`12:00 AM`) and years of two digits, which are
//!   of the 2000s: the system began in 2017. Day before month is not guessed: `25/2/17` is rejected,
//!   but `3/2/17` is always 2 March.
//! - Attack types are joined by commas, labels contain commas, and one has a bracket that is never
//!   closed: labels are looked for, longest first, and never split.
//! - Numbers are written `1.0`.
//! - A column that the file lacks makes no entry: the file says nothing. An empty cell is
//!   [`Cell::Blank`].
//! - `00:00` is kept as published; whether it means midnight or nothing cannot be known.
//!
//! Source: WHO SSA methodology, version 1.0, December 2018, and the columns of the public export.
//! Mapping version: [`MAPPING`].

mod country;
mod reader;
mod redact;
mod row;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use reader::Reader;
pub use redact::Redacting;
pub use row::{Cell, MAX_COUNT, MAX_ID, Row};
pub use vocabulary::{MAPPING, Term, code, label, terms};

/// Name of the publisher's dataset, of which a foreign id is an id.
pub const SOURCE: &str = "who-ssa";

/// A column of the export, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header.
    pub header: &'static str,
    /// The field code of its values; that of a derived column is never used.
    pub field: &'static str,
    /// How its values are read.
    pub treatment: Treatment,
}

/// How the values of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// The publisher's id of the row; required.
    Id,
    /// The day of the attack; required.
    Date,
    /// A time of day, a band, or unknown.
    Time,
    /// One label of a closed vocabulary.
    Choice,
    /// Several labels of a closed vocabulary.
    Choices,
    /// A whole number from zero.
    Count,
    /// What somebody wrote.
    Text,
    /// Computed by the publisher from another column; not read.
    Derived,
}

/// Every column of the export, in its order.
pub const COLUMNS: [Column; 25] = [
    column("year", "year", Treatment::Derived),
    column("Attack Date", "date", Treatment::Date),
    column("weekday", "weekday", Treatment::Derived),
    column("Attack ID", "id", Treatment::Id),
    column("Attack Time", "time", Treatment::Time),
    column("Country / Territory", "country", Treatment::Choice),
    column("Certainty Level", "certainty", Treatment::Choice),
    column("Attack Type", "attack_types", Treatment::Choices),
    column("Total Injured", "injured", Treatment::Count),
    column("Total Death", "killed", Treatment::Count),
    column("HC Facilities", "facilities_hit", Treatment::Choice),
    column("HC Transport", "transport_hit", Treatment::Choice),
    column("HC Personnel", "personnel_hit", Treatment::Choice),
    column("HC Supplies Assets", "supplies_hit", Treatment::Choice),
    column("HC Warehouse Storage", "warehouse_hit", Treatment::Choice),
    column("HC Patients", "patients_hit", Treatment::Choice),
    column("HC Other", "other_hit", Treatment::Text),
    column("Type of Facility", "facility_type", Treatment::Choice),
    column("Facility Other", "facility_other", Treatment::Text),
    column("HW Abduction", "hw_abducted", Treatment::Count),
    column("HW Arrest", "hw_arrested", Treatment::Count),
    column("HW Detention", "hw_detained", Treatment::Count),
    column("Patient Abduction", "patients_abducted", Treatment::Count),
    column("Patient Arrest", "patients_arrested", Treatment::Count),
    column("Patient Detention", "patients_detained", Treatment::Count),
];

const fn column(header: &'static str, field: &'static str, treatment: Treatment) -> Column {
    Column {
        header,
        field,
        treatment,
    }
}
