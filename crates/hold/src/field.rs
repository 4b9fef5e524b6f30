//! Reading the fields of statements, and writing them.

use std::collections::BTreeMap;
use std::str::FromStr;

use ensign_trust::party::Malformed;
use ensign_trust::{Code, Coded, Draft, StatementId};

pub(crate) fn body<const N: usize>(fields: [(&'static str, Coded); N]) -> BTreeMap<Code, Coded> {
    let field = |(name, value)| (Code::literal(name), value);
    fields.into_iter().map(field).collect()
}

pub(crate) fn set(draft: &mut Draft, name: &'static str, value: impl Into<Coded>) {
    draft.body.insert(Code::literal(name), value.into());
}

pub(crate) fn refer(draft: &mut Draft, role: &'static str, id: StatementId) {
    draft.refs.push((Code::literal(role), *id.as_bytes()));
}

/// All statements referred to in a role, in order.
pub(crate) fn references(draft: &Draft, role: &str) -> Vec<StatementId> {
    let found = draft.refs.iter().filter(|(name, _)| *name == role);
    found.map(|(_, id)| StatementId::from_bytes(*id)).collect()
}

pub(crate) fn reference(draft: &Draft, role: &'static str) -> Result<StatementId, Malformed> {
    draft.reference(role).ok_or(Malformed(role))
}

/// The code that an id or a name is.
pub(crate) fn as_code(text: impl ToString) -> Code {
    Code::new(text.to_string()).expect("ids, digests and names are codes")
}

pub(crate) fn subject<T: FromStr>(draft: &Draft) -> Result<T, Malformed> {
    let subject = draft.subject.as_ref().ok_or(Malformed("2 (sub)"))?;
    subject.as_str().parse().map_err(|_| Malformed("2 (sub)"))
}

pub(crate) fn code(draft: &Draft, name: &'static str) -> Result<Code, Malformed> {
    let code = draft.field(name).and_then(Coded::as_code);
    code.cloned().ok_or(Malformed(name))
}

/// What the code in a field stands for.
pub(crate) fn parsed<T: FromStr>(draft: &Draft, name: &'static str) -> Result<T, Malformed> {
    let code = code(draft, name)?;
    code.as_str().parse().map_err(|_| Malformed(name))
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

pub(crate) fn list<'a>(draft: &'a Draft, name: &'static str) -> Result<&'a [Coded], Malformed> {
    draft
        .field(name)
        .and_then(Coded::as_list)
        .ok_or(Malformed(name))
}

/// Values by name; none where the field is absent.
pub(crate) fn map(draft: &Draft, name: &'static str) -> Result<BTreeMap<Code, Coded>, Malformed> {
    let read = |draft: &Draft, name| {
        let map = draft.field(name).and_then(Coded::as_map);
        map.cloned().ok_or(Malformed(name))
    };
    Ok(optional(draft, name, read)?.unwrap_or_default())
}

/// First and last second, in order.
pub(crate) fn pair(value: &Coded) -> Option<[u64; 2]> {
    match value.as_list()? {
        [first, last] => {
            let pair = [first.as_u64()?, last.as_u64()?];
            (pair[0] <= pair[1]).then_some(pair)
        }
        _ => None,
    }
}

/// What [`pair`] reads.
pub(crate) fn of_pair(pair: [u64; 2]) -> Coded {
    Coded::List(pair.map(Coded::from).to_vec())
}

/// `from` and a later `until`.
pub(crate) fn stretch(draft: &Draft) -> Result<[u64; 2], Malformed> {
    let (from, until) = (number(draft, "from")?, number(draft, "until")?);
    match from < until {
        true => Ok([from, until]),
        false => Err(Malformed("until")),
    }
}

/// No more is committed to than the kind has disclosures.
pub(crate) fn seals(draft: &Draft, most: usize) -> Result<(), Malformed> {
    match draft.sealed.len() <= most {
        true => Ok(()),
        false => Err(Malformed("sd")),
    }
}
