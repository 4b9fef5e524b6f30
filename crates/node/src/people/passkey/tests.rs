//! What proves a passkey and what does not, one flaw at a time.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ensign_authenticator::Authenticator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::check::{Flaw, Fresh, Made, Used};
use crate::config::Address;

const ORIGIN: &str = "https://example.org";

fn address() -> Address {
    Address::try_from(ORIGIN.to_owned()).unwrap()
}

fn creation() -> String {
    let user = json!({ "id": "aGFuZGxl" });
    json!({ "challenge": "Y2hhbGxlbmdl", "rp": { "id": "example.org" }, "user": user }).to_string()
}

fn request() -> String {
    json!({ "challenge": "Y2hhbGxlbmdl", "rpId": "example.org" }).to_string()
}

fn made(answer: &str) -> Result<Fresh, Flaw> {
    let made = Made::read(answer)?;
    assert_eq!(made.challenge(), b"challenge");
    made.check(&address())
}

/// What is found of a use of a passkey that was made before and had signed once.
fn used(answer: &str, fresh: &Fresh) -> Result<u32, Flaw> {
    let used = Used::read(answer)?;
    assert_eq!(
        (used.challenge(), used.handle.as_slice()),
        (&b"challenge"[..], &b"handle"[..])
    );
    assert_eq!(used.id, fresh.id);
    used.check(&address(), &fresh.key, fresh.count, fresh.eligible)
}

/// Devices of both algorithms, with and without an attestation of their own.
fn devices() -> Vec<Authenticator> {
    let device = |number: u8| {
        let mut device = Authenticator::new(ORIGIN, number);
        device.attests = number > 2;
        device
    };
    (1..=4).map(device).collect()
}

/// Registration of an answer of the standard, Web Authentication Level 3, section 16.
fn of_standard(client: &str, object: &str, id: &str) -> Result<Fresh, Flaw> {
    let text = |hex: &str| BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap());
    let answer = json!({
        "id": text(id), "rawId": text(id), "type": "public-key",
        "response": {
            "clientDataJSON": BASE64URL_NOPAD.encode(client.as_bytes()),
            "attestationObject": text(object),
        },
    });
    Made::read(&answer.to_string())?.check(&address())
}

#[test]
fn what_a_device_makes_and_signs_is_taken_with_either_algorithm() {
    for mut device in devices() {
        let fresh = made(&device.create(&creation())).unwrap();
        assert_eq!((fresh.count, fresh.eligible), (1, false));
        assert_eq!(used(&device.get(&request()), &fresh), Ok(2));
    }
}

/// Sections 16.3 (attests itself), 16.2 (nobody verified), 16.4 (in a frame) and 16.11 (another attests).
#[test]
fn registrations_of_the_standard_are_judged_as_it_says() {
    let client = |challenge: &str, framed: bool, random: &str| {
        let said = match random {
            "" => String::new(),
            random => format!(
                ",\"extraData\":\"clientDataJSON may be extended with additional fields in the \
                 future, such as this: {random}\""
            ),
        };
        format!(
            "{{\"type\":\"webauthn.create\",\"challenge\":\"{challenge}\",\
             \"origin\":\"{ORIGIN}\",\"crossOrigin\":{framed}{said}}}"
        )
    };
    let own = of_standard(
        &client(
            "eGnCt3LUtY66k3jPjynibPk1qnffDaifqZwL3Ap29-U",
            false,
            "U9hTXvKE2URkMnb_0xYHVg",
        ),
        "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf\
         378097c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3\
         f220272178f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5\
         e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6c\
         c32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd85802\
         046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484\
         f2",
        "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
    );
    let own = own.unwrap();
    assert_eq!((own.count, own.eligible), (0, true));
    let unverified = of_standard(
        &client(
            "AMMPt4UxxGTStncdq417YDwBFi8vpIa-pw8oOuVW4TA",
            false,
            "BkQeDjdcTBrXBiAwJTLE5Q",
        ),
        "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4\
         735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2\
         fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86\
         ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed7\
         3290af2e2664796b9220",
        "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
    );
    assert_eq!(unverified, Err(Flaw::NotVerified));
    let framed = of_standard(
        &client(
            "O-WqzQNTcUJHI0CrWWnyQPHYdxbiC2gHrCMGVfpLO0k",
            true,
            "zZquEtDR9DWqpW5tBWTFug",
        ),
        "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4\
         735ae7f8edd46592a5e0f01452b2e4b54500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f\
         07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57a501020326200121582022200a473f90b110788515\
         50d03b4e44a2279f8c4eca27b3153dedfe03e4e97d225820cbd0be95e746ad6f5a8191be11756e4c0420e72f65b4\
         66d39bc56b8b123a9c6e",
        "6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57",
    );
    assert_eq!(framed, Err(Flaw::Framed));
}

#[test]
fn each_step_of_the_standard_refuses_by_itself() {
    type Bend = fn(&mut Authenticator);
    let bends: [(Bend, Flaw); 12] = [
        (|it| it.ceremony = Some("webauthn.other"), Flaw::Type),
        (|it| it.ceremony = Some("payment.get"), Flaw::Type),
        (
            |it| it.origin = "https://example.org.".to_owned(),
            Flaw::Origin,
        ),
        (
            |it| it.origin = "http://example.org".to_owned(),
            Flaw::Origin,
        ),
        (
            |it| it.origin = "https://www.example.org".to_owned(),
            Flaw::Origin,
        ),
        (|it| it.framed = true, Flaw::Framed),
        (|it| it.host = Some("example.com".to_owned()), Flaw::Host),
        (|it| it.flags = 0x04, Flaw::NotPresent),
        (|it| it.flags = 0x01, Flaw::NotVerified),
        (|it| it.flags = 0x15, Flaw::Copies),
        (|it| it.trailing = vec![0], Flaw::Unreadable),
        (|it| it.flags = 0x85, Flaw::Unreadable),
    ];
    for device in devices() {
        for (bend, flaw) in bends {
            let mut bent = device.clone();
            bend(&mut bent);
            assert_eq!(made(&bent.create(&creation())), Err(flaw));
            let mut bent = device.clone();
            let fresh = made(&bent.create(&creation())).unwrap();
            bend(&mut bent);
            assert_eq!(used(&bent.get(&request()), &fresh), Err(flaw));
        }
        // Extensions that nobody asked for are passed over where they are told as they should be.
        let mut extended = device.clone();
        (extended.flags, extended.trailing) = (0x85, vec![0xa1, 0x61, b'x', 0xf5]);
        made(&extended.create(&creation())).unwrap();
        // An answer to one ceremony is none to the other.
        let mut other = device.clone();
        let answer = other.create(&creation());
        let fresh = made(&answer).unwrap();
        assert_eq!(used(&answer, &fresh), Err(Flaw::Unreadable));
        assert_eq!(made(&other.get(&request())), Err(Flaw::Unreadable));
    }
}

#[test]
fn what_changes_between_two_uses_is_refused() {
    for mut device in devices() {
        let fresh = made(&device.create(&creation())).unwrap();
        for (count, flaw) in [(1, Ok(2)), (0, Err(Flaw::Counter))] {
            device.count = count;
            assert_eq!(used(&device.get(&request()), &fresh), flaw);
        }
        let counted = Fresh {
            count: 9,
            ..fresh.clone()
        };
        device.count = 8;
        assert_eq!(
            used(&device.get(&request()), &counted),
            Err(Flaw::Counter),
            "the same again"
        );
        let uncounted = Fresh {
            count: 0,
            ..fresh.clone()
        };
        device.count = 0;
        assert_eq!(used(&device.get(&request()), &uncounted), Ok(0));
        device.flags = 0x0d;
        assert_eq!(used(&device.get(&request()), &uncounted), Err(Flaw::Copies));
        let mut another = Authenticator::new(ORIGIN, 9);
        let other = made(&another.create(&creation())).unwrap();
        let others = Fresh {
            key: other.key,
            ..uncounted
        };
        device.flags = 0x05;
        assert_eq!(used(&device.get(&request()), &others), Err(Flaw::Signature));
    }
}

/// Changes one member of the answer, wherever it lies.
fn with(answer: &str, path: &[&str], value: Value) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    let mut place = &mut answer;
    for name in path {
        place = &mut place[*name];
    }
    *place = value;
    answer.to_string()
}

#[test]
fn what_is_not_an_answer_of_a_browser_is_refused() {
    let mut device = Authenticator::new(ORIGIN, 1);
    let created = device.create(&creation());
    let fresh = made(&created).unwrap();
    let got = device.get(&request());
    for text in ["", "{}", "[]", "null", "{\"id\":1}"] {
        assert_eq!(made(text), Err(Flaw::Unreadable), "{text}");
        assert_eq!(used(text, &fresh), Err(Flaw::Unreadable), "{text}");
    }
    for (path, value, flaw) in [
        (&["type"][..], json!("password"), Flaw::Unreadable),
        (&["id"], json!("AAAA"), Flaw::Unreadable),
        (&["rawId"], json!("a+b="), Flaw::Unreadable),
        (
            &["response", "clientDataJSON"],
            json!("e30"),
            Flaw::Unreadable,
        ),
        (
            &["response", "attestationObject"],
            json!("oA"),
            Flaw::Unreadable,
        ),
        (
            &["response", "authenticatorData"],
            json!("AAAA"),
            Flaw::Unreadable,
        ),
        (&["response", "signature"], json!(""), Flaw::Signature),
        (&["response", "userHandle"], Value::Null, Flaw::Owner),
    ] {
        if path != ["response", "authenticatorData"]
            && path != ["response", "signature"]
            && path != ["response", "userHandle"]
        {
            assert_eq!(
                made(&with(&created, path, value.clone())),
                Err(flaw),
                "{path:?}"
            );
        }
        if path != ["response", "attestationObject"] {
            assert_eq!(
                used(&with(&got, path, value), &fresh),
                Err(flaw),
                "{path:?}"
            );
        }
    }
    let other = json!({ "id": "AAAA", "rawId": "AAAA" });
    let renamed = with(&created, &["id"], other["id"].clone());
    let renamed = with(&renamed, &["rawId"], other["rawId"].clone());
    assert_eq!(made(&renamed), Err(Flaw::Credential));
}

proptest! {
    #[test]
    fn any_changed_byte_of_a_signed_answer_is_refused(
        number in 1_u8..=4,
        field in prop::sample::select(vec!["clientDataJSON", "authenticatorData", "signature"]),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..=255,
    ) {
        let mut device = Authenticator::new(ORIGIN, number);
        let fresh = made(&device.create(&creation())).unwrap();
        let got = device.get(&request());
        let read: Value = serde_json::from_str(&got).unwrap();
        let text = read["response"][field].as_str().unwrap();
        let mut bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let changed = with(&got, &["response", field], json!(BASE64URL_NOPAD.encode(&bytes)));
        let found = Used::read(&changed)
            .and_then(|it| it.check(&address(), &fresh.key, fresh.count, fresh.eligible));
        prop_assert!(found.is_err());
    }

    #[test]
    fn nothing_that_is_sent_ends_the_process(
        text in ".{0,200}",
        object in prop::collection::vec(any::<u8>(), 0..200),
        flags in any::<u8>(),
        rest in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        prop_assert!(Made::read(&text).is_err() && Used::read(&text).is_err());
        let mut device = Authenticator::new(ORIGIN, 1);
        (device.flags, device.trailing) = (flags, rest);
        let created = device.create(&creation());
        let _ = made(&created);
        let _ = used(&device.get(&request()), &{
            let mut plain = Authenticator::new(ORIGIN, 1);
            made(&plain.create(&creation())).unwrap()
        });
        let object = json!(BASE64URL_NOPAD.encode(&object));
        prop_assert!(made(&with(&created, &["response", "attestationObject"], object)).is_err());
    }
}
