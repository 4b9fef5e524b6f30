//! Reading the fields of statements, and writing them.

use std::collections::BTreeMap;

use ensign_trust::party::Malformed;
use ensign_trust::{Code, Coded, Draft, PartyId};

use crate::moment::Period;
use crate::name::Organisation;
use crate::purpose::Purposes;

pub(crate) fn body<const N: usize>(fields: [(&'static str, Coded); N]) -> BTreeMap<Code, Coded> {
    let field = |(name, value)| (Code::literal(name), value);
    fields.into_iter().map(field).collect()
}

pub(crate) fn set(draft: &mut Draft, name: &'static str, value: impl Into<Coded>) {
    draft.body.insert(Code::literal(name), value.into());
}

pub(crate) fn set_period(draft: &mut Draft, period: Period) {
    set(draft, "from", period.from);
    if let Some(until) = period.until {
        set(draft, "until", until);
    }
}

pub(crate) fn refer(draft: &mut Draft, role: &'static str, digest: &[u8; 32]) {
    draft.refs.push((Code::literal(role), *digest));
}

/// The code that a text is; `None` for one that is too long to be one.
pub(crate) fn as_code(text: impl ToString) -> Option<Code> {
    Code::new(text.to_string()).ok()
}

pub(crate) fn author(draft: &Draft) -> Result<PartyId, Malformed> {
    draft.issuer.ok_or(Malformed("1 (iss)"))
}

pub(crate) fn subject<T: std::str::FromStr>(draft: &Draft) -> Result<T, Malformed> {
    let subject = draft.subject.as_ref().ok_or(Malformed("2 (sub)"))?;
    subject.as_str().parse().map_err(|_| Malformed("2 (sub)"))
}

pub(crate) fn code(draft: &Draft, name: &'static str) -> Result<Code, Malformed> {
    let code = draft.field(name).and_then(Coded::as_code);
    code.cloned().ok_or(Malformed(name))
}

/// What the code in a field stands for.
pub(crate) fn parsed<T: std::str::FromStr>(
    draft: &Draft,
    name: &'static str,
) -> Result<T, Malformed> {
    let code = code(draft, name)?;
    code.as_str().parse().map_err(|_| Malformed(name))
}

/// An organisation in the one form that it has.
pub(crate) fn organisation(draft: &Draft, name: &'static str) -> Result<Organisation, Malformed> {
    parsed(draft, name)
}

/// A field that need not be there.
pub(crate) fn optional<T>(
    draft: &Draft,
    name: &'static str,
    read: impl FnOnce(&Draft, &'static str) -> Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    match draft.field(name) {
        None => Ok(None),
        Some(_) => read(draft, name).map(Some),
    }
}

pub(crate) fn number(draft: &Draft, name: &'static str) -> Result<u64, Malformed> {
    let number = draft.field(name).and_then(Coded::as_u64);
    number.ok_or(Malformed(name))
}

pub(crate) fn bytes<'a>(draft: &'a Draft, name: &'static str) -> Result<&'a [u8], Malformed> {
    let bytes = draft.field(name).and_then(Coded::as_bytes);
    bytes.ok_or(Malformed(name))
}

pub(crate) fn digest(draft: &Draft, name: &'static str) -> Result<[u8; 32], Malformed> {
    bytes(draft, name)?.try_into().map_err(|_| Malformed(name))
}

/// Digests in strictly ascending order, at least one.
pub(crate) fn digests(draft: &Draft, name: &'static str) -> Result<Vec<[u8; 32]>, Malformed> {
    let list = draft.field(name).and_then(Coded::as_list).unwrap_or(&[]);
    let digest = |item: &Coded| <[u8; 32]>::try_from(item.as_bytes()?).ok();
    let digests: Option<Vec<_>> = list.iter().map(digest).collect();
    let digests = digests.filter(|all| !all.is_empty() && all.is_sorted_by(|a, b| a < b));
    digests.ok_or(Malformed(name))
}

pub(crate) fn purposes(draft: &Draft) -> Result<Purposes, Malformed> {
    let bits = number(draft, "purposes")?;
    Purposes::from_bits(bits).ok_or(Malformed("purposes"))
}

/// `from` and, where given, a later `until`.
pub(crate) fn period(draft: &Draft) -> Result<Period, Malformed> {
    let from = number(draft, "from")?;
    let until = optional(draft, "until", number)?;
    match until {
        Some(until) if until <= from => Err(Malformed("until")),
        until => Ok(Period { from, until }),
    }
}

/// Nothing is committed to that no field accounts for.
pub(crate) fn seals(draft: &Draft, count: usize) -> Result<(), Malformed> {
    match draft.sealed.len() == count {
        true => Ok(()),
        false => Err(Malformed("sd")),
    }
}
