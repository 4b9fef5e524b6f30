//! Answers as they come, and as nobody should send them.

use data_encoding::BASE64;

use super::answer::{AnswerError, Reason};
use super::*;
use crate::token::{Dialect, Validity};

const IHLE: RecordType = RecordType::IHLE;
const NAME: &str = "www.example.org";

fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

/// A CWT token and a COSE_Key by their first bytes: what follows is for others to read.
fn token(byte: u8) -> Vec<u8> {
    vec![0xd8, 0x3d, 0xd2, 0x84, byte]
}

fn key(byte: u8) -> Vec<u8> {
    vec![0xa1, 0x01, byte]
}

/// A message, put together by hand.
#[derive(Clone)]
struct Message {
    flags: [u8; 2],
    question: Vec<u8>,
    sections: [Vec<Vec<u8>>; 3],
    tail: Vec<u8>,
}

impl Message {
    /// An answer to a question for the addresses of a name.
    fn about(asked: &str) -> Self {
        Message {
            flags: [0x84, 0],
            question: [wire_name(&name(asked)), vec![0, 1, 0, 1]].concat(),
            sections: [const { Vec::new() }; 3],
            tail: Vec::new(),
        }
    }

    fn with(mut self, section: usize, owner: &[u8], rtype: RecordType, rdata: &[u8]) -> Self {
        self.sections[section].push(record(owner, rtype, 1, rdata));
        self
    }

    fn ihle(self, rdata: &[u8]) -> Self {
        self.with(2, &[0xc0, 12], IHLE, rdata)
    }

    fn text(self, text: &str) -> Self {
        let data = text_data(text.as_bytes());
        self.with(0, &[0xc0, 12], RecordType::TXT, &data)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![7, 7, self.flags[0], self.flags[1], 0, 1];
        for section in &self.sections {
            bytes.extend(u16::try_from(section.len()).unwrap().to_be_bytes());
        }
        bytes.extend(&self.question);
        bytes.extend(self.sections.concat().concat());
        bytes.extend(&self.tail);
        bytes
    }

    fn read(&self) -> Result<Found, AnswerError> {
        read_answer(&self.bytes(), &name(NAME), IHLE)
    }
}

fn record(owner: &[u8], rtype: RecordType, class: u16, rdata: &[u8]) -> Vec<u8> {
    let mut bytes = owner.to_vec();
    bytes.extend(rtype.0.to_be_bytes());
    bytes.extend(class.to_be_bytes());
    bytes.extend([0, 0, 1, 44]);
    bytes.extend(u16::try_from(rdata.len()).unwrap().to_be_bytes());
    bytes.extend(rdata);
    bytes
}

fn items(found: &Found) -> Vec<Item> {
    found.items.iter().map(|it| it.item.clone()).collect()
}

fn reasons(found: &Found) -> Vec<Reason> {
    found.ignored.iter().map(|it| it.reason).collect()
}

#[test]
fn tokens_and_keys_are_read_beside_an_ordinary_answer() {
    let answer = Message::about(NAME)
        .with(0, &[0xc0, 12], RecordType::A, &[192, 0, 2, 10])
        .ihle(&token(1))
        .ihle(&key(1))
        .ihle(&token(1));
    let found = answer.read().unwrap();
    assert_eq!(items(&found), [Item::Cwt(token(1)), Item::CoseKey(key(1))]);
    assert_eq!(found.ignored, []);
    assert_eq!(found.sets().len(), 1);
    // Asked for by their own type they are the answer.
    let direct = Message::about(NAME).with(0, &[0xc0, 12], IHLE, &token(2));
    assert_eq!(items(&direct.read().unwrap()), [Item::Cwt(token(2))]);
    // In the Authority section they would be of somebody else.
    let authority = Message::about(NAME).with(1, &[0xc0, 12], IHLE, &token(2));
    assert_eq!(authority.read().unwrap(), Found::default());
    assert_eq!(Found::default().sets(), Vec::<Vec<&Item>>::new());
}

#[test]
fn an_alias_is_told_with_the_name_that_it_stands_for() {
    let other = wire_name(&name("host.example.net"));
    let found = Message::about(NAME).with(0, &[0xc0, 12], RecordType::CNAME, &other);
    let alias = found.read().unwrap().alias.unwrap();
    assert_eq!((&*alias.name, &*alias.of), (NAME, "host.example.net"));
    assert!(
        alias.to_string().contains("ask for host.example.net"),
        "{alias}"
    );
    // The alias of another name says nothing about this one.
    let stranger = Message::about(NAME).with(0, &other, RecordType::CNAME, &other);
    assert_eq!(stranger.read().unwrap().alias, None);
}

#[test]
fn a_name_is_the_same_in_any_case() {
    let mut answer = Message::about(NAME).ihle(&token(1));
    answer.question.make_ascii_uppercase();
    assert_eq!(answer.read().unwrap().items.len(), 1);
}

#[test]
fn records_of_others_are_ignored_and_reported() {
    let other = wire_name(&name("other.example.org"));
    let mut answer = Message::about(NAME)
        .with(2, &other, IHLE, &token(1))
        .with(2, &[0], IHLE, &token(1))
        .ihle(b"\x01")
        .ihle(b"");
    answer.sections[2].push(record(&[0xc0, 12], IHLE, 3, &token(1)));
    let found = answer.read().unwrap();
    assert_eq!(found.items, []);
    assert_eq!(
        reasons(&found),
        [
            Reason::OtherOwner,
            Reason::OtherOwner,
            Reason::Item(NotAnItem::Beginning),
            Reason::Item(NotAnItem::Empty),
            Reason::OtherClass,
        ]
    );
    assert_eq!(found.ignored[0].owner, "other.example.org");
    // Another type under which nothing was asked for is no emblem.
    let private = Message::about(NAME).with(2, &[0xc0, 12], RecordType(65300), &token(1));
    assert_eq!(private.read().unwrap(), Found::default());
}

#[test]
fn a_message_that_answers_another_question_says_nothing() {
    let whole = Message::about(NAME).ihle(&token(1));
    let changed = |change: fn(&mut Message)| {
        let mut message = whole.clone();
        change(&mut message);
        message.read()
    };
    let other = AnswerError::OtherQuestion;
    assert_eq!(changed(|it| it.flags = [0x04, 0]), Err(other));
    assert_eq!(changed(|it| it.flags = [0xa4, 0]), Err(other));
    assert_eq!(
        changed(|it| *it = Message::about("example.org")),
        Err(other)
    );
    assert_eq!(
        changed(|it| *it.question.last_mut().unwrap() = 3),
        Err(other)
    );
    assert_eq!(
        changed(|it| it.flags = [0x86, 0]),
        Err(AnswerError::Truncated)
    );
    assert_eq!(changed(|it| it.flags[1] = 3), Err(AnswerError::NoSuchName));
    assert_eq!(changed(|it| it.flags[1] = 5), Err(AnswerError::Status(5)));
    assert_eq!(changed(|it| it.tail = vec![0]), Err(AnswerError::Malformed));
}

#[test]
fn a_message_cut_short_anywhere_is_malformed() {
    let whole = Message::about(NAME)
        .text("adem-token=eyJ.a.b")
        .ihle(&token(1))
        .bytes();
    for length in 0..whole.len() {
        let cut = read_answer(&whole[..length], &name(NAME), IHLE);
        assert_eq!(cut, Err(AnswerError::Malformed), "{length}");
    }
}

#[test]
fn names_that_loop_or_grow_too_long_end() {
    let position = Message::about(NAME).bytes().len();
    let [high, low] = u16::try_from(position).unwrap().to_be_bytes();
    let itself = [0xc0 | high, low];
    let label = [&[63][..], &[b'a'; 63]].concat();
    let long = [label.repeat(4), vec![0]].concat();
    for owner in [&itself[..], &[0xff, 0xff], &[0x80, 0], &[0x40], &long] {
        let answer = Message::about(NAME).with(2, owner, IHLE, &token(1));
        assert_eq!(answer.read(), Err(AnswerError::Malformed), "{owner:x?}");
    }
    // A question that points into the header.
    let mut pointing = Message::about(NAME);
    pointing.question = vec![0xc0, 0, 0, 1, 0, 1];
    assert!(pointing.read().is_err());
}

#[test]
fn no_answer_has_more_records_than_are_read() {
    let answer = (0..=255).fold(Message::about(NAME), |it, byte| it.ihle(&token(byte)));
    let found = answer.read().unwrap();
    assert_eq!(found.items.len(), 64);
    assert_eq!(reasons(&found), [Reason::TooMany]);
}

#[test]
fn texts_of_all_dialects_are_read() {
    let jwk = r#"{"kty":"OKP"}"#;
    let long = format!("eyJ{}.a.b", "x".repeat(600));
    let answer = Message::about(NAME)
        .text("v=spf1 -all")
        .text("adem-token=eyJ1.a.b")
        .text(&format!("ADEM-Key={jwk}"))
        .text(&format!("adem-key={}", BASE64.encode(&[0x30, 0])))
        .text("adem-emb=eyJ2.a.b")
        .text(&format!("adem-emb-blue={long}"))
        .text("adem-end-blue=eyJ4.a.b")
        .text("adem-end-green-s2=eyJ5.a.b")
        .text("adem-emb-s0=eyJ6.a.b")
        .text("adem-emb-green-s0-p7=.a.b")
        .text("adem-emb-green-s0-p2=eyJ7");
    let found = answer.read().unwrap();
    let jws = |text: &str| Item::Jws(text.into());
    let expected = [
        (jws("eyJ1.a.b"), None),
        (Item::Jwk(jwk.into()), None),
        (Item::Spki(vec![0x30, 0]), None),
        (jws("eyJ2.a.b"), None),
        (jws(&long), Some("blue")),
        (jws("eyJ4.a.b"), Some("blue")),
        (jws("eyJ5.a.b"), Some("green")),
        (jws("eyJ6.a.b"), None),
        (jws("eyJ7.a.b"), Some("green")),
    ];
    let read: Vec<_> = found
        .items
        .iter()
        .map(|it| (it.item.clone(), it.set.as_deref()))
        .collect();
    assert_eq!(read, expected);
    assert_eq!(found.ignored, []);
    let sizes: Vec<usize> = found.sets().iter().map(Vec::len).collect();
    assert_eq!(sizes, [7, 7], "five without a set, two in each");
}

#[test]
fn texts_that_are_nearly_about_emblems_are_reported() {
    for (text, reason) in [
        ("adem-token=", Reason::Item(NotAnItem::Beginning)),
        ("adem-token=a.b.c", Reason::Item(NotAnItem::Beginning)),
        ("adem-key=%%%", Reason::Key),
        ("adem-emb-=eyJ", Reason::Text),
        ("adem-emblem=eyJ", Reason::Text),
        ("adem-emb-a-b=eyJ", Reason::Text),
        ("adem-emb-a-s1-p1-p2=eyJ", Reason::Text),
        ("adem-emb-a-s70000=eyJ", Reason::Text),
        ("adem-emb-a-s+1=eyJ", Reason::Text),
    ] {
        let found = Message::about(NAME).text(text).read().unwrap();
        assert_eq!(
            (found.items.len(), reasons(&found)),
            (0, vec![reason]),
            "{text}"
        );
    }
    let twice = Message::about(NAME)
        .text("adem-emb-s0-p1=eyJ")
        .text("adem-emb-s0-p1=abc");
    assert_eq!(reasons(&twice.read().unwrap()), [Reason::PartTwice]);
    for other in ["adem", "adem-other=eyJ", "token=eyJ", "=", ""] {
        let found = Message::about(NAME).text(other).read().unwrap();
        assert_eq!(found, Found::default(), "{other}");
    }
    // The length of a string reaches beyond its record.
    let broken = Message::about(NAME).with(0, &[0xc0, 12], RecordType::TXT, b"\xffadem-token=eyJ");
    assert_eq!(broken.read().unwrap(), Found::default());
}

#[test]
fn what_is_deployed_is_found_again() {
    let set = [
        Item::Cwt(token(1)),
        Item::CoseKey(key(1)),
        Item::Jws("eyJ1.a.b".into()),
        Item::Jwk(r#"{"kty":"OKP"}"#.into()),
        Item::Spki(vec![0x30, 0]),
    ];
    let publish = |message: Message, record: &Record| {
        message.with(2, &[0xc0, 12], record.rtype, &record.rdata)
    };
    let records = records(&[&set[..], &set[..]].concat(), IHLE);
    let found = records.iter().fold(Message::about(NAME), publish);
    assert_eq!(items(&found.read().unwrap()), set);

    let mut read = Vec::new();
    for (dialect, content_type) in [
        (Dialect::Cwt, "application/cbor"),
        (Dialect::Jws, "text/plain"),
    ] {
        let served = document(&set, dialect).unwrap();
        assert!(served.content_type.starts_with(content_type));
        let found = read_document(&served.body, dialect).unwrap();
        read.extend(found.into_iter().map(|it| it.item));
    }
    assert_eq!(read, set);
    assert_eq!(document(&set[..2], Dialect::Jws), None);
    assert_eq!(document(&[], Dialect::Cwt), None);
}

#[test]
fn zone_lines_are_as_a_name_server_reads_them() {
    let set = [
        Item::Cwt(token(1)),
        Item::Jwk(r#"{"kty":"a\b"}"#.into()),
        Item::Jws(format!("eyJ{}", "x".repeat(250))),
    ];
    let lines = zone_lines(&name(NAME), &set, IHLE, 300);
    let x = "x".repeat(241);
    assert_eq!(
        lines,
        [
            r"www.example.org. 300 IN TYPE65297 \# 5 D83DD28401".to_owned(),
            r#"www.example.org. 300 IN TXT "adem-key={\"kty\":\"a\\b\"}""#.to_owned(),
            format!(r#"www.example.org. 300 IN TXT "adem-token=eyJ{x}" "xxxxxxxxx""#),
        ]
    );
}

#[test]
fn a_file_of_another_shape_is_no_document() {
    assert_eq!(
        read_document(b"\xa0", Dialect::Cwt),
        Err(DocumentError::NotAnArray)
    );
    assert_eq!(
        read_document(b"\x81\x01", Dialect::Cwt),
        Err(DocumentError::NotAnArray)
    );
    let fault = read_document(b"\x82\x41\xa0\x41\x00", Dialect::Cwt);
    let source = NotAnItem::Beginning;
    assert_eq!(fault, Err(DocumentError::Item { at: 2, source }));
    assert_eq!(
        read_document(b"\xff", Dialect::Jws),
        Err(DocumentError::NotText)
    );
    let source = Reason::Text;
    let page = read_document(b"\n<html>\n", Dialect::Jws);
    assert_eq!(page, Err(DocumentError::Line { at: 2, source }));
    let many = "adem-token=eyJ\n".repeat(65);
    assert_eq!(
        read_document(many.as_bytes(), Dialect::Jws),
        Err(DocumentError::TooLong)
    );
}

#[test]
fn what_a_file_holds_shows_from_its_beginning() {
    for (bytes, form) in [
        (&token(1)[..], Ok("CWT")),
        (b"\xd2\x84", Ok("CWT")),
        (&key(1), Ok("COSE_Key")),
        (b" {\"kty\":\"OKP\"}\n", Ok("JWK")),
        (b"eyJ1.a.b\n", Ok("JWS")),
        (b"-----BEGIN PUBLIC KEY-----", Err(NotAnItem::Beginning)),
        (b"", Err(NotAnItem::Empty)),
        (&[0xa0; 4097], Err(NotAnItem::TooLong)),
    ] {
        assert_eq!(
            Item::from_file(bytes).map(|it| it.form()),
            form,
            "{bytes:x?}"
        );
    }
}

#[test]
fn only_the_name_that_was_asked_for_is_marked() {
    let emblem = |assets: &[&str]| Emblem {
        issuer: None,
        validity: Validity::new(0, 1),
        purposes: None,
        assets: assets.iter().map(|it| it.parse().unwrap()).collect(),
        channels: None,
    };
    let asked = name("WWW.Example.ORG.");
    assert!(marks(&emblem(&["example.net", "Www.example.org."]), &asked));
    for other in [
        "example.org",
        "*.example.org",
        "*",
        "a.www.example.org",
        "[192.0.2.10]",
    ] {
        assert!(!marks(&emblem(&[other]), &asked), "{other}");
    }
    // Letters of another script that look alike make no name; their A-label is another one.
    assert!("www.ex\u{430}mple.org".parse::<DomainName>().is_err());
    assert!(!marks(&emblem(&["www.xn--exmple-4nf.org"]), &asked));
}

#[test]
fn the_type_can_be_chosen_among_those_without_another_meaning() {
    assert_eq!("TYPE65297".parse(), Ok(RecordType::IHLE));
    assert_eq!("type300".parse(), Ok(RecordType(300)));
    assert_eq!(RecordType(300).to_string(), "TYPE300");
    for other in [
        "", "TYPE", "A", "1", "16", "41", "255", "65535", "65536", "+300", "TYPE-1", "32769",
    ] {
        assert_eq!(other.parse::<RecordType>(), Err(NotARecordType), "{other}");
    }
}

#[test]
fn web_servers_are_told_path_and_type() {
    let set = [Item::Cwt(token(1)), Item::Jws("eyJ1.a.b".into())];
    let documents: Vec<_> = [Dialect::Cwt, Dialect::Jws]
        .into_iter()
        .filter_map(|dialect| Some((dialect, document(&set, dialect)?)))
        .collect();
    let nginx = nginx("/srv/www", &documents);
    let apache = apache("/srv/www", &documents);
    let caddy = caddy(&name(NAME), "/srv/www", &documents);
    for path in [CWT_PATH, JWS_PATH] {
        assert!(nginx.contains(&format!("location = {path} {{\n    root /srv/www;\n")));
        assert!(apache.contains(&format!("Alias \"{path}\" \"/srv/www{path}\"\n")));
        assert!(apache.contains(&format!("<Location \"{path}\">\n")));
        assert!(caddy.contains(&format!("    handle {path} {{\n        root * /srv/www\n")));
    }
    assert!(nginx.contains("default_type application/cbor;"));
    assert!(apache.contains("ForceType \"application/cbor\"\n"));
    assert!(caddy.starts_with("www.example.org {\n"));
}
