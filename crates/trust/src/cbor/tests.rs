use super::*;
use data_encoding::HEXLOWER;
use proptest::prelude::*;

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

#[test]
fn examples_of_rfc_8949_appendix_a_are_read_and_written() {
    for (encoded, value) in [
        ("00", Value::Int(0)),
        ("1864", Value::Int(100)),
        ("1bffffffffffffffff", Value::Int(u64::MAX.into())),
        ("3bffffffffffffffff", Value::Int(-1 - i128::from(u64::MAX))),
        ("20", Value::Int(-1)),
        ("f5", Value::Bool(true)),
        (
            "c074323031332d30332d32315432303a30343a30305a",
            Value::Tag(0, Box::new(Value::text("2013-03-21T20:04:00Z"))),
        ),
        ("4401020304", Value::bytes([1, 2, 3, 4])),
        ("62c3bc", Value::text("\u{fc}")),
        (
            "a26161016162820203",
            Value::Map(vec![
                (Value::text("a"), Value::Int(1)),
                (
                    Value::text("b"),
                    Value::Array(vec![Value::Int(2), Value::Int(3)]),
                ),
            ]),
        ),
    ] {
        assert_eq!(decode(&hex(encoded)).as_ref(), Ok(&value), "{encoded}");
        assert_eq!(encode(&value), hex(encoded), "{encoded}");
    }
}

#[test]
fn what_is_not_deterministic_is_refused_with_its_place() {
    for (encoded, at, flaw) in [
        ("1801", 0, Flaw::NotShortest),
        ("190018", 0, Flaw::NotShortest),
        ("5f41ff", 0, Flaw::Reserved),
        ("9fff", 0, Flaw::Reserved),
        ("f90000", 0, Flaw::Forbidden),
        ("fb3ff199999999999a", 0, Flaw::Forbidden),
        ("f6", 0, Flaw::Forbidden),
        ("f7", 0, Flaw::Forbidden),
        ("f814", 0, Flaw::Forbidden),
        ("a2616101616102", 4, Flaw::DuplicateKey),
        ("a2616201616102", 4, Flaw::Unsorted),
        ("61ff", 0, Flaw::NotUtf8),
        ("0000", 1, Flaw::Trailing),
        ("4401", 1, Flaw::Truncated),
        ("9bffffffffffffffff", 9, Flaw::Truncated),
        ("", 0, Flaw::Truncated),
    ] {
        assert_eq!(
            decode(&hex(encoded)),
            Err(DecodeError { at, flaw }),
            "{encoded}"
        );
    }
    let deep = [vec![0x81; MAX_DEPTH + 1], vec![0]].concat();
    assert_eq!(decode(&deep).unwrap_err().flaw, Flaw::TooDeep);
}

proptest! {
    #[test]
    fn whatever_is_accepted_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = decode(&bytes) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }
}

#[test]
fn the_first_item_is_read_and_what_follows_it_is_given() {
    let (value, rest) = decode_first(&hex("a10102f5ff"))
        .map(|(it, rest)| (it, rest.to_vec()))
        .unwrap();
    assert_eq!(value, Value::Map(vec![(Value::Int(1), Value::Int(2))]));
    assert_eq!(rest, hex("f5ff"));
    assert_eq!(decode_first(&[]).unwrap_err().flaw, Flaw::Truncated);
}
