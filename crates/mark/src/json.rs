//! JSON of foreign hands, read with bounds: nesting, duplicate members and trailing bytes are
//! refused, where other readers would silently take the last of two members.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::encoding::{Flaw, Misencoded};

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 16;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Array(Vec<Json>),
    Bool(bool),
    Null,
    Float(f64),
    Integer(i128),
    Object(Object),
    Text(String),
}

/// Members in the order in which they stand; no name occurs twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object(Vec<(String, Json)>);

/// Reads exactly one value.
pub(crate) fn read(bytes: &[u8]) -> Result<Json, Misencoded> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let own = Cell::new(None);
    let depth = Depth {
        levels: 0,
        own: &own,
    };
    let value = depth.deserialize(&mut reader).map_err(|error| {
        let flaw = match own.get() {
            Some(flaw) => flaw,
            None if error.is_eof() => Flaw::CutShort,
            None => Flaw::NotJson,
        };
        flaw.at(offset(bytes, &error))
    })?;
    let trailing = |error| Flaw::Trailing.at(offset(bytes, &error));
    reader.end().map_err(trailing)?;
    Ok(value)
}

/// The byte at which an error was found, from its line and column, which count from 1.
fn offset(bytes: &[u8], error: &serde_json::Error) -> usize {
    let before = bytes.split_inclusive(|byte| *byte == b'\n');
    let before = before.take(error.line().saturating_sub(1));
    before.map(<[u8]>::len).sum::<usize>() + error.column().saturating_sub(1)
}

impl Object {
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        let found = self.0.iter().find(|(member, _)| member == name);
        found.map(|(_, value)| value)
    }
}

impl Json {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Json]> {
        match self {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Object> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        match self {
            Json::Integer(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }
}

/// Reads a value at a depth, and notes what this reader alone refuses.
#[derive(Clone, Copy)]
struct Depth<'a> {
    levels: usize,
    own: &'a Cell<Option<Flaw>>,
}

impl Depth<'_> {
    fn deeper(self) -> Self {
        Depth {
            levels: self.levels + 1,
            ..self
        }
    }

    fn refuse<E: serde::de::Error>(self, flaw: Flaw) -> E {
        self.own.set(Some(flaw));
        E::custom(flaw)
    }
}

impl<'de> DeserializeSeed<'de> for Depth<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json, D::Error> {
        if self.levels > MAX_DEPTH {
            return Err(self.refuse(Flaw::Nesting));
        }
        #[cfg(test)]
        crate::tests::steps::item(0);
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Integer(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper())? {
            read.push(item);
        }
        Ok(Json::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut read = Object::default();
        while let Some(name) = members.next_key::<String>()? {
            #[cfg(test)]
            crate::tests::steps::item(read.0.len());
            if read.get(&name).is_some() {
                return Err(self.refuse(Flaw::Twice));
            }
            if read.0.len() == MAX_MEMBERS {
                return Err(self.refuse(Flaw::TooMany));
            }
            let value = members.next_value_seed(self.deeper())?;
            read.0.push((name, value));
        }
        Ok(Json::Object(read))
    }
}

/// Most members of one object: each is compared with all before it.
const MAX_MEMBERS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_duplicates_and_trailing_bytes_are_refused() {
        assert!(read(br#"{"a":[1,-2,0.5,null,true,"x"]} "#).is_ok());
        let deep = |levels: usize| [vec![b'['; levels], vec![b']'; levels]].concat();
        assert!(read(&deep(MAX_DEPTH + 1)).is_ok());
        assert!(read(&deep(MAX_DEPTH + 2)).is_err());
        for refused in [r#"{"a":1,"a":1}"#, r#"{"a":1}x"#, "", "{", "NaN", "1e999"] {
            assert!(read(refused.as_bytes()).is_err(), "{refused}");
        }
        for (text, flaw, at) in [
            (r#"{"a":1,"a":1}"#, Flaw::Twice, 9),
            (r#"{"a":1}x"#, Flaw::Trailing, 7),
            (r#"{"a":"#, Flaw::CutShort, 4),
            ("[1,\nNaN]", Flaw::NotJson, 4),
        ] {
            assert_eq!(read(text.as_bytes()), Err(flaw.at(at)), "{text}");
        }
        assert_eq!(read(&deep(MAX_DEPTH + 2)).unwrap_err().flaw, Flaw::Nesting);
        let members: Vec<_> = (0..=MAX_MEMBERS).map(|at| format!("\"{at}\":0")).collect();
        let object = |count: usize| format!("{{{}}}", members[..count].join(","));
        assert!(read(object(MAX_MEMBERS).as_bytes()).is_ok());
        assert!(read(object(MAX_MEMBERS + 1).as_bytes()).is_err());
    }
}
