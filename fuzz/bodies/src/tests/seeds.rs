//! Seeds of every corpus: good ones of an invented log, and bad ones made by hand.

pub mod acts;
mod emblems;
mod terms;

use std::collections::BTreeMap;

use ensign_trust::bundle::{Bundle, Proven};
use ensign_trust::cbor::{self, Value};
use ensign_trust::key::SigningKey;
use ensign_trust::log::{
    Checkpoint, CosignatureSigner, LogProof, LogSigner, Note, NoteKey, NoteKeyType, NoteSignature,
    ProofError, SignedCheckpoint, inclusion_proof, leaf_hash, merkle, tile,
};
use ensign_trust::logbook::{Entry, Receipt};
use ensign_trust::party::Act;
use ensign_trust::statement::Link;
use ensign_trust::{Code, Coded, Disclosure, Draft, PartyId, Realm, RecordId, Statement};

use crate::logs::framed;
use crate::tables::seal;

const TIME: u64 = 1_790_000_000;
const ORIGIN: &str = "node.example.org/log";

/// Target, file name, bytes.
pub type Seed = (&'static str, &'static str, Vec<u8>);

/// All seeds.
pub fn all() -> Vec<Seed> {
    [
        of_statements(),
        of_logs(),
        of_bundles(),
        of_tables(),
        of_commands(),
        acts::all(),
        emblems::all(),
        terms::all(),
    ]
    .concat()
}

fn of_statements() -> Vec<Seed> {
    let entries = entries();
    let entry = |at: usize| entries[at].entry().to_vec();
    let good = entry(5);
    let text = note().encode();
    vec![
        ("cbor", "good-every-type", every_type()),
        ("cbor", "good-statement", good.clone()),
        ("cbor", "bad-float", hex("fb3ff199999999999a")),
        ("cbor", "bad-indefinite", hex("9f0102ff")),
        ("cbor", "bad-duplicate-key", hex("a2616101616102")),
        ("cbor", "bad-long-number", hex("1801")),
        ("cbor", "bad-huge-array", hex("9bffffffffffffffff")),
        ("cbor", "bad-deep", [vec![0x81; 40], vec![0]].concat()),
        ("statement", "good-founded", entry(0)),
        ("statement", "good-opened", entry(1)),
        ("statement", "good-mandate", entry(2)),
        ("statement", "good-received", entry(4)),
        ("statement", "good-stated", good.clone()),
        ("statement", "bad-cut", good[..good.len() - 1].to_vec()),
        ("statement", "bad-trailing", [&good[..], &[0]].concat()),
        ("statement", "bad-untagged", good[1..].to_vec()),
        ("disclosure", "good-text", text.clone()),
        ("disclosure", "bad-short-salt", hex("83410061616162")),
        ("disclosure", "bad-cut", text[..40].to_vec()),
        ("public_key", "good-ed25519", key().public().to_cose()),
        ("public_key", "good-p256", p256_key()),
        ("public_key", "bad-weak", weak_key()),
        ("public_key", "bad-member", hex("a201012006")),
    ]
}

fn of_logs() -> Vec<Seed> {
    let entries = entries();
    let signed = checkpoint(&entries);
    let note_bytes = signed.to_bytes();
    let text = signed.note().text.clone().into_bytes();
    let lines: String = signed
        .note()
        .signatures
        .iter()
        .map(|line| format!("{line}\n"))
        .collect();
    let proof = LogProof {
        extra: Some(b"extra".to_vec()),
        index: 5,
        hashes: prove(5, &entries),
        checkpoint: signed.note().clone(),
    };
    let proof = proof.to_bytes().unwrap();
    let mut bundle = 6_u16.to_be_bytes().to_vec();
    for entry in &entries[..6] {
        tile::bundle_push(&mut bundle, entry.entry()).unwrap();
    }
    let empty = [&256_u16.to_be_bytes()[..], &[0; 512]].concat();
    let two = Note::new(
        "two\n\nparagraphs\n",
        vec![log().sign("two\n\nparagraphs\n")],
    )
    .unwrap();
    let post_quantum = NoteSignature {
        name: "pq.example.org".to_owned(),
        key_id: 1,
        signature: vec![6; 2428],
    };
    let ml_dsa = NoteKey::new(
        "pq.example.org",
        NoteKeyType::MlDsa44Cosignature,
        &[6; 1312],
    )
    .unwrap();
    let log_vkey = log().key().to_string();
    let extended = [&text[..], b"an extension line\n"].concat();
    vec![
        ("checkpoint", "good-text", text.clone()),
        ("checkpoint", "good-extension", extended),
        ("checkpoint", "bad-size", text.replace(b"\n7\n", b"\n07\n")),
        (
            "checkpoint",
            "bad-no-newline",
            text[..text.len() - 1].to_vec(),
        ),
        ("note", "good-checkpoint", note_bytes.clone()),
        ("note", "good-two-paragraphs", two.to_bytes().unwrap()),
        ("note", "bad-unsigned", [&text[..], b"\n"].concat()),
        ("note", "bad-control", note_bytes.replace(b"node", b"no\re")),
        ("signature_lines", "good-two", lines.clone().into_bytes()),
        (
            "signature_lines",
            "good-post-quantum",
            format!("{post_quantum}\n").into_bytes(),
        ),
        (
            "signature_lines",
            "bad-dash",
            lines.replace('\u{2014}', "-").into_bytes(),
        ),
        ("signature_lines", "bad-blank", b"\n".to_vec()),
        ("vkey", "good-log", log_vkey.clone().into_bytes()),
        (
            "vkey",
            "good-witness",
            witness().key().to_string().into_bytes(),
        ),
        ("vkey", "good-ml-dsa", ml_dsa.to_string().into_bytes()),
        (
            "vkey",
            "bad-id",
            log_vkey.replace("log+", "log+0").into_bytes(),
        ),
        (
            "vkey",
            "bad-name",
            log_vkey.replace("node", "no de").into_bytes(),
        ),
        ("log_proof", "good-entry", proof.clone()),
        (
            "log_proof",
            "bad-index",
            proof.replace(b"index 5", b"index -"),
        ),
        ("log_proof", "bad-no-checkpoint", proof[..60].to_vec()),
        (
            "tile_path",
            "good-entries",
            b"tile/entries/x001/067.p/3".to_vec(),
        ),
        ("tile_path", "good-level", b"tile/3/x001/x234/067".to_vec()),
        ("tile_path", "bad-zeros", b"tile/0/x000/067".to_vec()),
        (
            "tile_path",
            "bad-beyond",
            b"tile/7/x999/x999/x999/999".to_vec(),
        ),
        ("tile_path", "bad-parent", b"tile/0/../067".to_vec()),
        ("entry_bundle", "good-entries", bundle.clone()),
        ("entry_bundle", "good-256-empty", empty),
        (
            "entry_bundle",
            "bad-cut",
            bundle[..bundle.len() - 1].to_vec(),
        ),
        ("entry_bundle", "bad-none", vec![0, 0]),
    ]
}

fn of_bundles() -> Vec<Seed> {
    let bundle = bundle();
    let file = bundle.encode();
    // `[ "ensign bundle", 1, bstr content, digest ]`: 19 bytes before the content, 34 behind it.
    let content = file[19..file.len() - 34].to_vec();
    assert_eq!(framed(&content), file);
    let mut damaged = file.clone();
    damaged[500] ^= 1;
    let mut bare = bundle.clone();
    bare.disclosures.clear();
    let mut unsigned = bundle;
    unsigned.entries.remove(2);
    let anchors = format!(
        "# of an invented node\nrealm real\nlog {}\nparty {}\nwitness w {}\ngroup g any w\nquorum g\n",
        log().key(),
        root(),
        witness().key(),
    );
    let none = format!("realm exercise/harbour\nlog {}\nquorum none\n", log().key());
    vec![
        ("bundle", "good-record", file),
        ("bundle", "good-without-text", bare.encode()),
        ("bundle", "good-content", content),
        ("bundle", "bad-digest", damaged),
        ("bundle", "bad-mandate", unsigned.encode()),
        ("anchors", "good-witnessed", anchors.clone().into_bytes()),
        ("anchors", "good-no-quorum", none.clone().into_bytes()),
        (
            "anchors",
            "bad-realm",
            none.replace("harbour", "Harbour!").into_bytes(),
        ),
        (
            "anchors",
            "bad-group",
            anchors.replace("g any w", "g 2 w").into_bytes(),
        ),
        (
            "anchors",
            "bad-undefined",
            none.replace("none", "w").into_bytes(),
        ),
    ]
}

fn of_tables() -> Vec<Seed> {
    let good = "Attack Date,Attack ID,Country / Territory,Attack Type,Total Death,HC Other\r\n\
        2/8/24 12:00 AM,A-1,Sudan,\"Violence with heavy weapons\",1.0,\"two\nlines, \u{e9}\"\r\n\
        2024-02-09,A-2,,,,\r\n";
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(good.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let windows = good
        .bytes()
        .filter(|byte| *byte != 0xc3)
        .map(|byte| if byte == 0xa9 { 0xe9 } else { byte });
    let semicolons = "attack  id;ATTACK DATE;more\n\n1;2024-02-08;\"\"\n";
    let sealed = seal(b"a record that nobody else reads", [1; 20]);
    let empty = seal(b"", [1; 20]);
    vec![
        ("who_ssa", "good-utf-8", good.as_bytes().to_vec()),
        ("who_ssa", "good-utf-16", utf16),
        ("who_ssa", "good-windows-1252", windows.collect()),
        ("who_ssa", "good-semicolons", semicolons.as_bytes().to_vec()),
        (
            "who_ssa",
            "bad-date",
            good.replace("2/8/24", "25/2/24").into_bytes(),
        ),
        (
            "who_ssa",
            "bad-quote",
            good.replace("lines, \u{e9}\"", "lines").into_bytes(),
        ),
        (
            "who_ssa",
            "bad-column",
            good.replace("Attack ID", "Attack").into_bytes(),
        ),
        ("who_ssa", "bad-nul", b"PK\x03\x04\0\0".to_vec()),
        ("sealed_stream", "good-short", sealed.clone()),
        ("sealed_stream", "good-empty", empty),
        (
            "sealed_stream",
            "bad-version",
            [&[2], &sealed[1..]].concat(),
        ),
        (
            "sealed_stream",
            "bad-cut",
            sealed[..sealed.len() - 1].to_vec(),
        ),
        ("sealed_stream", "bad-head", sealed[..12].to_vec()),
    ]
}

fn of_commands() -> Vec<Seed> {
    let import = r#"{"command":"import","format":"who-ssa","file":"/srv/export.csv","covers":{"from":"2018-01-01","until":"2024-12-31"}}"#;
    let revoke =
        r#"{"command":"key-revoke","key":"key_a","as_of":18446744073709551615,"reason":"lost"}"#;
    let config = "[web]\nlisten = \"127.0.0.1:8480\"\nmetrics = \"[::1]:8481\"\nbehind_proxy = true\n\n[key]\nfile = \"../node.key\"\n";
    vec![
        ("command", "good-import", import.as_bytes().to_vec()),
        ("command", "good-revoke", revoke.as_bytes().to_vec()),
        (
            "command",
            "good-status",
            br#"{"command":"status"}"#.to_vec(),
        ),
        (
            "command",
            "bad-unknown",
            br#"{"command":"erase-everything"}"#.to_vec(),
        ),
        (
            "command",
            "bad-field",
            import.replace("format", "formats").into_bytes(),
        ),
        (
            "command",
            "bad-number",
            revoke.replace("18446744073709551615", "-1").into_bytes(),
        ),
        ("command", "bad-deep", [b'['; 300].to_vec()),
        ("config", "good-all", config.as_bytes().to_vec()),
        ("config", "good-empty", Vec::new()),
        (
            "config",
            "bad-key",
            config.replace("listen", "port").into_bytes(),
        ),
        (
            "config",
            "bad-address",
            config.replace("127.0.0.1", "localhost").into_bytes(),
        ),
        (
            "config",
            "bad-table",
            config.replace("[web]", "[web").into_bytes(),
        ),
    ]
}

trait Replace {
    /// With the first occurrence of `from` made `to`, which must be there.
    fn replace(&self, from: &[u8], to: &[u8]) -> Vec<u8>;
}

impl Replace for Vec<u8> {
    fn replace(&self, from: &[u8], to: &[u8]) -> Vec<u8> {
        let at = self
            .windows(from.len())
            .position(|window| window == from)
            .unwrap();
        [&self[..at], to, &self[at + from.len()..]].concat()
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}

fn every_type() -> Vec<u8> {
    cbor::encode(&Value::Array(vec![
        Value::Int(-1 - i128::from(u64::MAX)),
        Value::Int(65_536),
        Value::Bool(true),
        Value::bytes([1; 30]),
        Value::text("\u{645}\u{62b}\u{627}\u{644}"),
        Value::Tag(
            18,
            Box::new(Value::Map(vec![(Value::Int(1), Value::Bool(false))])),
        ),
    ]))
}

fn p256_key() -> Vec<u8> {
    // RFC 9679 section 6.
    let x = hex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d");
    let y = hex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c");
    let member = |name, value| (Value::Int(name), value);
    let [kty, crv] = [member(1, Value::Int(2)), member(-1, Value::Int(1))];
    let members = vec![
        kty,
        crv,
        member(-2, Value::Bytes(x)),
        member(-3, Value::Bytes(y)),
    ];
    cbor::encode(&Value::Map(members))
}

fn weak_key() -> Vec<u8> {
    let mut one = [0; 32];
    one[0] = 1;
    let point = key().public().to_cose();
    [&point[..point.len() - 32], &one].concat()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn log() -> LogSigner {
    LogSigner::from_seed(ORIGIN, &[2; 32]).unwrap()
}

fn witness() -> CosignatureSigner {
    CosignatureSigner::from_seed("witness.example.org", &[3; 32]).unwrap()
}

fn note() -> Disclosure {
    Disclosure::new(
        [5; 32],
        Code::literal("facility_other"),
        "Clinic by the old harbour",
    )
}

fn record() -> Code {
    Code::new(RecordId::from_bytes([8; 32]).to_string()).unwrap()
}

fn root() -> PartyId {
    entries()[0].id().into()
}

fn draft(issuer: Option<PartyId>, unique: u8) -> Draft {
    Draft {
        issuer,
        subject: None,
        claimed: TIME,
        unique: [unique; 16],
        kind: Code::literal("test.said"),
        version: 1,
        realm: Realm::Real,
        link: None,
        refs: Vec::new(),
        body: BTreeMap::new(),
        sealed: Vec::new(),
    }
}

/// A log of one record: founding, opening, two mandates, receipt, record, receipt.
fn entries() -> Vec<Statement> {
    let mut founding = draft(None, 0);
    let (public, nature) = (key().public(), Code::literal("body"));
    Act::Founded {
        key: public,
        nature,
    }
    .write(&mut founding);
    let founding = founding.sign(&key()).unwrap();
    let root: PartyId = founding.id().into();
    let mut entries = vec![founding];
    let mut add = |write: &dyn Fn(&mut Draft)| {
        let mut one = draft(Some(root), entries.len() as u8);
        write(&mut one);
        entries.push(one.sign(&key()).unwrap());
    };
    let (origin, log_key) = (
        Code::literal(ORIGIN),
        log().key().public_key().try_into().unwrap(),
    );
    add(&|one| {
        Entry::Opened {
            origin: origin.clone(),
            log_key,
            cosigner_key: [4; 32],
        }
        .write(one)
    });
    for role in ["operator", "importer"] {
        let role = Code::literal(role);
        let (from, until) = (Some(TIME), Some(TIME + 86_400));
        let granted = Act::MandateGranted {
            to: root,
            role,
            scope: None,
            from,
            until,
        };
        add(&|one| granted.write(one));
    }
    let receipt = |first, end| Receipt {
        first,
        end,
        received: TIME + end,
        beside: None,
    };
    add(&|one| Entry::Received(receipt(0, 4)).write(one));
    add(&|one| {
        one.kind = Code::literal("source.stated");
        one.subject = Some(record());
        one.link = Some(Link {
            log: Code::literal(ORIGIN),
            seq: 0,
            prev: None,
        });
        one.refs = vec![(Code::literal("run"), [9; 32])];
        one.body.insert(
            Code::literal("source"),
            Coded::Code(Code::literal("who-ssa")),
        );
        one.body
            .insert(Code::literal("id"), Coded::Code(Code::literal("A-1")));
        one.sealed = vec![note().digest()];
    });
    add(&|one| Entry::Received(receipt(5, 6)).write(one));
    entries
}

fn leaves(entries: &[Statement]) -> Vec<[u8; 32]> {
    entries
        .iter()
        .map(|entry| leaf_hash(entry.entry()))
        .collect()
}

fn prove(index: u64, entries: &[Statement]) -> Vec<[u8; 32]> {
    let leaves = leaves(entries);
    let proof = inclusion_proof(index, leaves.len() as u64, |node| {
        let (from, len) = ((node.index as usize) << node.level, 1 << node.level);
        Ok::<_, ProofError>(merkle::root_of(&leaves[from..from + len]))
    });
    proof.unwrap()
}

fn checkpoint(entries: &[Statement]) -> SignedCheckpoint {
    let root = merkle::root_of(&leaves(entries));
    let checkpoint = Checkpoint::new(ORIGIN, entries.len() as u64, root);
    let signed = SignedCheckpoint::sign(checkpoint, &log()).unwrap();
    let line = witness().sign(&signed.note().text, TIME + 60).unwrap();
    signed.with_signatures([line]).unwrap()
}

fn bundle() -> Bundle {
    let entries = entries();
    let proven = |(index, entry): (u64, &Statement)| Proven {
        index,
        entry: entry.entry().to_vec(),
        proof: prove(index, &entries),
    };
    Bundle {
        subject: record(),
        log: log().key().to_string(),
        cosigners: vec![witness().key().to_string()],
        checkpoint: checkpoint(&entries).to_bytes(),
        entries: (0..).zip(&entries).map(proven).collect(),
        disclosures: vec![note().encode()],
        size: None,
        result: None,
    }
}
