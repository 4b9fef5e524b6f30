//! JSON of foreign hands, read with bounds: nesting, duplicate members and trailing bytes are
//! refused, where other readers would silently take the last of two members.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 16;

/// Bytes are not JSON as it is read here.
#[derive(Debug)]
pub(crate) struct NotJson;

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
pub(crate) fn read(bytes: &[u8]) -> Result<Json, NotJson> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Depth(0).deserialize(&mut reader).map_err(|_| NotJson)?;
    reader.end().map_err(|_| NotJson)?;
    Ok(value)
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

struct Depth(usize);

impl<'de> DeserializeSeed<'de> for Depth {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json, D::Error> {
        if self.0 > MAX_DEPTH {
            return Err(D::Error::custom("nested too deep"));
        }
        #[cfg(test)]
        crate::tests::steps::item(0);
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth {
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
        while let Some(item) = items.next_element_seed(Depth(self.0 + 1))? {
            read.push(item);
        }
        Ok(Json::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut read = Object::default();
        while let Some(name) = members.next_key::<String>()? {
            #[cfg(test)]
            crate::tests::steps::item(read.0.len());
            if read.0.len() == MAX_MEMBERS || read.get(&name).is_some() {
                return Err(A::Error::custom(
                    "a member occurs twice, or there are too many",
                ));
            }
            read.0
                .push((name, members.next_value_seed(Depth(self.0 + 1))?));
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
        let members: Vec<_> = (0..=MAX_MEMBERS).map(|at| format!("\"{at}\":0")).collect();
        let object = |count: usize| format!("{{{}}}", members[..count].join(","));
        assert!(read(object(MAX_MEMBERS).as_bytes()).is_ok());
        assert!(read(object(MAX_MEMBERS + 1).as_bytes()).is_err());
    }
}
