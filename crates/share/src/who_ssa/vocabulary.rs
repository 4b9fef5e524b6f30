//! The publisher's closed vocabularies: each label with our code.
//!
//! A label is the publisher's exact text, spelling and unclosed bracket included. Labels are
//! matched without regard to case and white space. The vocabularies are those of mapping version
//! [`MAPPING`]: a later version may add terms and labels, and never gives a code a new meaning.
//!
//! Criminalization of health care is not in the glossary of 2018; it came with later data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::country::COUNTRY;
use crate::text::fold;

/// Version of the mapping from labels to codes and from columns to fields.
pub const MAPPING: u64 = 1;

/// A term of a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Our code.
    pub code: &'static str,
    /// The publisher's label.
    pub label: &'static str,
    /// Other labels with the same meaning.
    pub also: &'static [&'static str],
}

/// The terms of a field's vocabulary; none for a field without one.
pub fn terms(field: &str) -> &'static [Term] {
    match field {
        "attack_types" => &ATTACK_TYPES,
        "certainty" => &CERTAINTY,
        "country" => &COUNTRY,
        "facility_type" => &FACILITY_TYPE,
        "time" => &TIME,
        "facilities_hit" | "transport_hit" | "personnel_hit" | "supplies_hit" | "warehouse_hit"
        | "patients_hit" => &YES_NO_UNKNOWN,
        _ => &[],
    }
}

/// The publisher's label of a code.
pub fn label(field: &str, code: &str) -> Option<&'static str> {
    terms(field)
        .iter()
        .find(|term| term.code == code)
        .map(|term| term.label)
}

/// The code of a label, however it is spaced and capitalised.
pub fn code(field: &str, label: &str) -> Option<&'static str> {
    let labels = LABELS.get(field)?;
    labels
        .get(label)
        .or_else(|| labels.get(&fold(label)))
        .copied()
}

/// The attack type whose label the text begins with, and the length of that label in bytes. The
/// text is tidied. Of two labels that fit the longer counts, and a label ends where a separator
/// or the text's end follows.
pub(super) fn code_at_start(field: &str, text: &str) -> Option<(&'static str, usize)> {
    let fits = |label: &str| {
        let starts = text
            .get(..label.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(label));
        let ends = |rest: &str| rest.is_empty() || rest.trim_start().starts_with([',', ';']);
        starts && ends(&text[label.len()..])
    };
    let labels = terms(field).iter().flat_map(labels_of);
    let longest = labels
        .filter(|(label, _)| fits(label))
        .max_by_key(|(label, _)| label.len());
    longest.map(|(label, code)| (code, label.len()))
}

/// A term without other labels.
pub(super) const fn term(code: &'static str, label: &'static str) -> Term {
    Term {
        code,
        label,
        also: &[],
    }
}

/// Codes by label as written and by label folded, for each field.
static LABELS: LazyLock<BTreeMap<&'static str, BTreeMap<String, &'static str>>> =
    LazyLock::new(|| {
        let fields = super::COLUMNS.iter().map(|column| column.field);
        fields
            .map(|field| {
                let labels = terms(field).iter().flat_map(labels_of);
                let both = labels.flat_map(|(l, code)| [(l.to_owned(), code), (fold(l), code)]);
                (field, both.collect())
            })
            .collect()
    });

fn labels_of(term: &'static Term) -> impl Iterator<Item = (&'static str, &'static str)> {
    std::iter::once(&term.label)
        .chain(term.also)
        .map(|&label| (label, term.code))
}

static TIME: [Term; 1] = [Term {
    code: "unknown",
    label: "Time Unknown",
    also: &["Unknown"],
}];

static CERTAINTY: [Term; 4] = [
    term("confirmed", "Confirmed"),
    term("probable", "Probable"),
    term("possible", "Possible"),
    term("rumour", "Rumour"),
];

static YES_NO_UNKNOWN: [Term; 3] = [
    term("yes", "YES"),
    term("no", "NO"),
    term("unknown", "Unknown"),
];

static FACILITY_TYPE: [Term; 8] = [
    term("primary", "Primary"),
    term("secondary", "Secondary"),
    term("tertiary", "Tertiary"),
    term("mobile_clinic", "Mobile Clinic"),
    term("pharmacy", "Pharmacy"),
    term("warehouse", "Warehouse"),
    term("other", "Other"),
    term("unknown", "Unknown"),
];

static ATTACK_TYPES: [Term; 15] = [
    term(
        "abduction_arrest_detention",
        "Abduction/Arrest/Detention of health personnel or patients",
    ),
    term(
        "armed_search",
        "Armed or violent search of health care personnel, facility or transport",
    ),
    term("assault", "Assault (without weapons)"),
    term("chemical_agent", "Chemical agent"),
    term("criminalization", "Criminalization of health care"),
    Term {
        code: "heavy_weapons",
        label: "Violence with heavy weapons (requires more than one person to use such as \
                firearms, tanks, missiles, bombs, mortars)",
        also: &["Violence with heavy weapons"],
    },
    Term {
        code: "individual_weapons",
        label: "Violence with individual weapons (knives, bricks, clubs, guns, grenades and \
                improvised explosive devices (IED)",
        also: &[
            "Violence with individual weapons (knives, bricks, clubs, guns, grenades and \
             improvised explosive devices (IED))",
            "Violence with individual weapons",
        ],
    },
    term("militarization", "Militarization of a health care asset"),
    term(
        "obstruction",
        "Obstruction to health care delivery (e.g. physical, administrative, legal etc)",
    ),
    term(
        "psychological_violence",
        "Psychological violence/threat of violence/intimidation",
    ),
    term(
        "removal_of_assets",
        "Removal of health care assets (e.g. transport, supplies, materials)",
    ),
    term("setting_fire", "Setting fire"),
    term("sexual_assault", "Sexual assault"),
    term("other", "Other"),
    term("unknown", "Unknown"),
];
