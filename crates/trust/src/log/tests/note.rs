use super::super::note::*;
use super::super::vkey::{KeyError, LogSigner, NoteKey, NoteKeyType, SignatureError};
use super::super::{CosignatureSigner, lines};
use super::{any_name, any_text};
use proptest::prelude::*;
use signed_note::{Signer as _, StandardSigner, StandardVerifier, VerifierList};

const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n\
    \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn key() -> NoteKey {
    KEY.parse().unwrap()
}

fn signer(name: &str, seed: u8) -> LogSigner {
    LogSigner::from_seed(name, &[seed; 32]).unwrap()
}

fn line(name: &str, key_id: u32) -> NoteSignature {
    let signature = vec![1; 64];
    NoteSignature {
        name: name.to_owned(),
        key_id,
        signature,
    }
}

/// A vkey with these bytes behind the name, its id computed as the standard recommends.
fn vkey(name: &str, encoded: &[u8]) -> String {
    let id = signed_note::key_id(name, encoded);
    format!("{name}+{id:08x}+{}", lines::base64(encoded))
}

#[test]
fn the_published_note_verifies_and_is_written_back() {
    let note = Note::parse(NOTE.as_bytes()).unwrap();
    assert_eq!(note.text, "This is an example message.\n");
    let verified = VerifiedLine {
        key: 0,
        line: 0,
        timestamp: None,
    };
    assert_eq!(note.verify(&[key()]), Ok(vec![verified]));
    assert_eq!(note.to_bytes().unwrap(), NOTE.as_bytes());
    assert_eq!(key().to_string(), KEY);
    assert_eq!(key().key_id(), 0x530d_903a);
    assert_eq!(key().key_type(), NoteKeyType::Ed25519);
}

#[test]
fn a_line_of_an_unknown_key_is_ignored_and_alone_is_not_enough() {
    let mut note = Note::parse(NOTE.as_bytes()).unwrap();
    let known = key();
    // The same name or the same id, but not both, is another key.
    note.signatures.insert(0, line("example.com/foo", 1));
    note.signatures
        .insert(0, line("example.com/other", known.key_id()));
    let verified = VerifiedLine {
        key: 0,
        line: 2,
        timestamp: None,
    };
    assert_eq!(
        note.verify(std::slice::from_ref(&known)),
        Ok(vec![verified])
    );
    note.signatures.pop();
    assert_eq!(
        note.verify(&[known]),
        Err(NoteError::Unverified { known: 1 })
    );
    assert_eq!(note.verify(&[]), Err(NoteError::Unverified { known: 0 }));
}

#[test]
fn one_failing_line_of_a_known_key_refuses_the_whole_note() {
    let known = key();
    for position in [0, 1] {
        let mut note = Note::parse(NOTE.as_bytes()).unwrap();
        note.signatures
            .insert(position, line(known.name(), known.key_id()));
        let refused = NoteError::BadSignature {
            name: known.name().to_owned(),
            key_id: known.key_id(),
            source: SignatureError::Invalid,
        };
        assert_eq!(note.verify(std::slice::from_ref(&known)), Err(refused));
    }
}

#[test]
fn a_key_counts_once_however_often_it_signed() {
    let signer = signer("log.example", 1);
    let mut note = signer.sign_note("text\n").unwrap();
    note.signatures.push(signer.sign("text\n"));
    assert_eq!(note.verify(&[signer.key().clone()]).unwrap().len(), 1);
    let twice = [signer.key().clone(), signer.key().clone()];
    assert_eq!(note.verify(&twice).unwrap().len(), 1);
}

#[test]
fn sixteen_and_up_to_sixty_four_signatures_are_accepted() {
    let signer = signer("log.example", 1);
    for count in [16, MAX_SIGNATURES] {
        let mut lines: Vec<_> = (1..count).map(|n| line("w.example", n as u32)).collect();
        lines.push(signer.sign("text\n"));
        let note = Note::new("text\n", lines).unwrap();
        let again = Note::parse(&note.to_bytes().unwrap()).unwrap();
        assert_eq!(
            again.verify(&[signer.key().clone()]).unwrap()[0].line,
            count - 1
        );
    }
    let lines = vec![line("w.example", 1); MAX_SIGNATURES + 1];
    assert_eq!(
        Note::new("text\n", lines),
        Err(NoteError::TooManySignatures)
    );
}

#[test]
fn text_and_signatures_part_at_the_last_empty_line() {
    let signer = signer("log.example", 1);
    for text in [
        "\n",
        "\n\n",
        "a\n\nb\n",
        "a\n\n",
        "\u{2014} x AAAAAAA=\n\n\u{2014} y AAAAAAA=\n",
    ] {
        let bytes = signer.sign_note(text).unwrap().to_bytes().unwrap();
        let note = Note::parse(&bytes).unwrap();
        assert_eq!(note.text, text);
        assert!(note.verify(&[signer.key().clone()]).is_ok());
    }
}

#[test]
fn a_malformed_note_is_refused_with_the_position() {
    let refused = |note: &str| Note::parse(note.as_bytes()).unwrap_err();
    let fault = |note: &str| match refused(note) {
        NoteError::Line { at, fault } => (at, fault),
        other => panic!("{other}"),
    };
    assert_eq!(refused(""), NoteError::NoText);
    assert_eq!(refused("text\n"), NoteError::NoText);
    assert_eq!(refused("text\n\u{2014} a AAAAAAA=\n"), NoteError::NoText);
    assert_eq!(refused("\n\u{2014} a AAAAAAA=\n"), NoteError::NoText);
    assert_eq!(refused("text\n\n"), NoteError::NoSignature);
    assert_eq!(
        refused("te\txt\n\n\u{2014} a AAAAAAA=\n"),
        NoteError::Control { at: 2 }
    );
    assert_eq!(
        refused("text\r\n\r\n\u{2014} a AAAAAAA=\r\n"),
        NoteError::Control { at: 4 }
    );
    assert_eq!(Note::parse(b"te\xffxt\n\n"), Err(NoteError::Utf8 { at: 2 }));
    let len = MAX_NOTE_LEN + 1;
    assert_eq!(
        Note::parse(&vec![b'a'; len]),
        Err(NoteError::TooLong { len })
    );
    assert_eq!(
        fault("text\n\n\u{2014} a AAAAAAA="),
        (6, LineFault::NoNewline)
    );
    assert_eq!(
        fault("text\n\n\u{2014} a AAAAAAA=\nx"),
        (21, LineFault::NoNewline)
    );
    assert_eq!(fault("text\n\n- a AAAAAAA=\n"), (6, LineFault::NoDash));
    assert_eq!(
        fault("text\n\n\u{2014}a AAAAAAA=\n"),
        (6, LineFault::NoDash)
    );
    assert_eq!(fault("text\n\n\u{2014} a\n"), (6, LineFault::Base64));
    for name in ["", "a+b", "a\u{a0}b", "a\u{2003}b", "\u{85}"] {
        let note = format!("text\n\n\u{2014} {name} AAAAAAA=\n");
        assert_eq!(fault(&note), (6, LineFault::Name), "{name:?}");
    }
    // Too short for an id and a signature, unpadded, trailing bits, spaces, another alphabet.
    for encoded in [
        "",
        "AAAAAA==",
        "AAAAAAA",
        "AAAAAAB=",
        " AAAAAAA=",
        "AAAAAAA= ",
        "AAAA AAAA",
        "-AAAAAA=",
        "AAAAAAA==",
        "AAAAAAAA=",
    ] {
        let note = format!("text\n\n\u{2014} a {encoded}\n");
        assert_eq!(fault(&note), (6, LineFault::Base64), "{encoded:?}");
    }
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let good = line("log.example", 1);
    for text in ["", "text", "a\rb\n", "\u{0}\n", "a\n\nb"] {
        assert!(Note::new(text, vec![good.clone()]).is_err(), "{text:?}");
    }
    for name in ["", "a b", "a+b", "a\n", "a\n\n\u{2014} b"] {
        assert!(
            Note::new("text\n", vec![line(name, 1)]).is_err(),
            "{name:?}"
        );
    }
    let empty = NoteSignature {
        signature: vec![],
        ..good
    };
    assert!(Note::new("text\n", vec![empty]).is_err());
    assert_eq!(Note::new("text\n", vec![]), Err(NoteError::NoSignature));
}

#[test]
fn a_malformed_key_is_refused() {
    let refused = |text: &str| text.parse::<NoteKey>().unwrap_err();
    let encoded = KEY.rsplit('+').next().unwrap();
    let name = || "example.com/foo".to_owned();
    assert_eq!(refused(""), KeyError::Form);
    assert_eq!(refused("example.com/foo"), KeyError::Form);
    assert_eq!(refused("example.com/foo+530d903a"), KeyError::Form);
    assert_eq!(
        refused(&format!("+530d903a+{encoded}")),
        KeyError::Name {
            name: String::new()
        }
    );
    assert!(matches!(
        refused(&format!("a b+530d903a+{encoded}")),
        KeyError::Name { .. }
    ));
    for id in [
        "530D903A",
        "530d903",
        "0530d903a",
        "530d903g",
        "+30d903a",
        "",
    ] {
        let text = format!("example.com/foo+{id}+{encoded}");
        assert!(
            matches!(
                refused(&text),
                KeyError::Id { .. } | KeyError::Base64 { .. }
            ),
            "{id}"
        );
    }
    let text = format!("example.com/foo+530d903b+{encoded}");
    let mismatch = KeyError::IdMismatch {
        name: name(),
        expected: 0x530d_903a,
        found: 0x530d_903b,
    };
    assert_eq!(refused(&text), mismatch);
    for key in [
        "",
        "AekyeRrm",
        &encoded[1..],
        &format!("{encoded}\n"),
        &format!("{encoded}="),
    ] {
        assert!(
            refused(&format!("example.com/foo+530d903a+{key}")) != KeyError::Form,
            "{key}"
        );
    }
    let short = vkey("example.com/foo", &[1; 32]);
    assert_eq!(
        refused(&short),
        KeyError::Length {
            name: name(),
            expected: 32,
            found: 31
        }
    );
    let short = vkey("example.com/foo", &[6; 1312]);
    assert_eq!(
        refused(&short),
        KeyError::Length {
            name: name(),
            expected: 1312,
            found: 1311
        }
    );
    for code in [0x00, 0x02, 0x03, 0x05, 0x07, 0xfa, 0xff] {
        let other = vkey("example.com/foo", &[&[code], &[7; 32][..]].concat());
        assert_eq!(
            refused(&other),
            KeyError::UnsupportedType { name: name(), code }
        );
    }
}

#[test]
fn weak_and_non_canonical_ed25519_keys_are_refused() {
    // y = 0, 1 and -1, and every encoding of y + p, with either sign.
    let mut keys: Vec<[u8; 32]> = Vec::new();
    for y in 0..=1 {
        keys.push(std::array::from_fn(|at| if at == 0 { y } else { 0 }));
    }
    for low in 0xec..=0xff {
        let mut key = [0xff; 32];
        (key[0], key[31]) = (low, 0x7f);
        keys.push(key);
    }
    // The points of order eight.
    let order_8 = [
        "JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU=",
        "xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=",
    ];
    keys.extend(order_8.map(super::hash));
    for mut bytes in keys {
        for sign in [0, 0x80] {
            bytes[31] = bytes[31] & 0x7f | sign;
            for key_type in [NoteKeyType::Ed25519, NoteKeyType::Ed25519Cosignature] {
                let refused = NoteKey::new("a.example", key_type, &bytes);
                let weak = KeyError::Weak {
                    name: "a.example".to_owned(),
                };
                assert_eq!(refused, Err(weak), "{bytes:02x?}");
            }
        }
    }
}

#[test]
fn a_signature_with_a_scalar_above_the_group_order_is_refused() {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let signer = signer("log.example", 1);
    let mut signature = signer.sign("text\n").signature;
    assert_eq!(signer.key().verify("text\n", &signature), Ok(None));
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert_eq!(
        signer.key().verify("text\n", &signature),
        Err(SignatureError::Invalid)
    );
}

#[test]
fn two_known_keys_that_cannot_be_told_apart_refuse_every_note() {
    // Found by trying numbers as seeds until two keys of one name had the same 32-bit id.
    let [one, other] = [69_101_u32, 114_672].map(|number| {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        LogSigner::from_seed("a", &seed).unwrap()
    });
    assert_eq!(one.key().key_id(), other.key().key_id());
    assert_ne!(one.key(), other.key());
    let note = one.sign_note("text\n").unwrap();
    let known = [one.key().clone(), other.key().clone()];
    assert!(note.verify(&known[..1]).is_ok());
    let ambiguous = NoteError::AmbiguousKey {
        name: "a".to_owned(),
        key_id: one.key().key_id(),
    };
    assert_eq!(note.verify(&known), Err(ambiguous));
}

#[test]
fn secrets_are_not_printed() {
    let log = signer("log.example", 0xab);
    assert_eq!(
        format!("{log:?}"),
        format!("LogSigner(log.example+{:08x})", log.key().key_id())
    );
    let cosigner = CosignatureSigner::from_seed("w.example", &[0xab; 32]).unwrap();
    let id = cosigner.key().key_id();
    assert_eq!(
        format!("{cosigner:?}"),
        format!("CosignatureSigner(w.example+{id:08x})")
    );
}

proptest! {
    #[test]
    fn what_is_signed_here_verifies_in_signed_note(
        name in any_name(),
        seed in any::<[u8; 32]>(),
        text in any_text(),
    ) {
        let signer = LogSigner::from_seed(&name, &seed).unwrap();
        let bytes = signer.sign_note(&text).unwrap().to_bytes().unwrap();
        let theirs = signed_note::Note::from_bytes(&bytes).unwrap();
        prop_assert_eq!(theirs.text(), text.as_bytes());
        let known = StandardVerifier::new(&signer.key().to_string()).unwrap();
        let known = VerifierList::new(vec![Box::new(known)]);
        prop_assert_eq!(theirs.verify(&known).unwrap().0.len(), 1);
        prop_assert_eq!(theirs.to_bytes(), bytes);
    }

    #[test]
    fn what_signed_note_signs_verifies_here(
        name in any_name(),
        seed in any::<[u8; 32]>(),
        text in any_text(),
        strangers in prop::collection::vec((any_name(), any::<u32>()), 0..4),
    ) {
        let ours = LogSigner::from_seed(&name, &seed).unwrap();
        let secret = lines::base64(&[&[1], &seed[..]].concat());
        let secret = format!("PRIVATE+KEY+{name}+{:08x}+{secret}", ours.key().key_id());
        let signer = StandardSigner::new(&secret).unwrap();
        prop_assert_eq!(signer.key_id(), ours.key().key_id());
        let strangers: Vec<_> = strangers
            .into_iter()
            .map(|(name, id)| signed_note::Signature::new(name, id, vec![5; 64]).unwrap())
            .collect();
        let mut note = signed_note::Note::new(text.as_bytes(), &strangers).unwrap();
        note.add_sigs(&[&signer]).unwrap();
        let bytes = note.to_bytes();
        let note = Note::parse(&bytes).unwrap();
        prop_assert_eq!(&note.text, &text);
        prop_assert!(note.verify(&[ours.key().clone()]).is_ok());
        prop_assert_eq!(note.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn a_key_reads_back_as_it_was_written(name in any_name(), seed in any::<[u8; 32]>()) {
        let log = LogSigner::from_seed(&name, &seed).unwrap();
        let cosigner = CosignatureSigner::from_seed(&name, &seed).unwrap();
        for key in [log.key(), cosigner.key()] {
            prop_assert_eq!(&key.to_string().parse::<NoteKey>().unwrap(), key);
        }
        prop_assert_ne!(log.key(), cosigner.key());
    }

    #[test]
    fn both_parsers_accept_the_same_notes(
        lines in prop::collection::vec("(\u{2014} )?[a+ ]{0,3} ?[A=]{0,9}\n?", 0..4),
        text in "[a\n\t]{0,4}\n?\n?",
    ) {
        let bytes = [text, lines.concat()].concat().into_bytes();
        let ours = Note::parse(&bytes);
        prop_assert_eq!(ours.is_ok(), signed_note::Note::from_bytes(&bytes).is_ok(), "{:?}", ours);
        if let Ok(note) = ours {
            prop_assert_eq!(note.to_bytes().unwrap(), bytes);
        }
    }

    #[test]
    fn any_bytes_are_a_note_and_lines_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = Note::parse(&bytes);
        let _ = parse_signature_lines(&bytes);
    }

    #[test]
    fn any_text_is_a_key_or_refused(text in "[a ]?[+]?[0-9a-f]{0,9}[+]?[A-Za-z0-9+/=]{0,48}") {
        let _ = text.parse::<NoteKey>();
    }
}
