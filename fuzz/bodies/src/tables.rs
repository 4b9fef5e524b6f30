//! Published files and sealed streams.

use std::io::Read;

use ensign_share::{table, who_ssa};
use ensign_store::{DataKey, Opening, Sealing};

/// Length of a stream's version and nonce prefix.
const HEAD: usize = 20;

/// Accepts a stream that opens; all bytes are sealed and opened too.
pub(crate) fn sealed_stream(bytes: &[u8]) -> bool {
    let sealed = seal(bytes, [3; HEAD]);
    assert_eq!(open(&sealed).as_deref(), Some(bytes));
    match (open(bytes), bytes.first_chunk::<HEAD>()) {
        (Some(plain), Some(head)) => {
            assert_eq!(seal(&plain, *head), bytes);
            true
        }
        (opened, _) => {
            assert_eq!(opened, None, "a stream without a head");
            false
        }
    }
}

/// Accepts a table of which every row can be read.
pub(crate) fn who_ssa(bytes: &[u8]) -> bool {
    let Ok(encoding) = table::sniff(bytes) else {
        return false;
    };
    let Ok(reader) = who_ssa::Reader::new(bytes, encoding) else {
        return false;
    };
    let fields: Vec<&str> = reader.fields().collect();
    let (mut last_line, mut all) = (0, true);
    for item in reader {
        let line = match item {
            Ok(Ok(row)) => {
                assert!((1..=who_ssa::MAX_ID).contains(&row.foreign_id.len()));
                assert!((2000..=2099).contains(&row.date.year()));
                assert_eq!(row.values.len(), fields.len());
                row.line
            }
            Ok(Err(rejection)) => {
                assert!(rejection.line <= rejection.last_line);
                assert!(!rejection.to_string().is_empty());
                all = false;
                rejection.line
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                all = false;
                continue;
            }
        };
        assert!(last_line < line, "rows stand on lines of their own");
        last_line = line;
    }
    all
}

/// Seals under the key of the corpora, with a nonce prefix.
pub(crate) fn seal(plain: &[u8], head: [u8; HEAD]) -> Vec<u8> {
    let entropy = move |bytes: &mut [u8]| bytes.copy_from_slice(&head[1..=bytes.len()]);
    let mut sealed = Vec::new();
    Sealing::new(&key(), b"corpus", &entropy, plain)
        .read_to_end(&mut sealed)
        .expect("memory can be read");
    sealed
}

fn open(sealed: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let opened = Opening::new(&key(), b"corpus", sealed).read_to_end(&mut plain);
    opened.ok().map(|_| plain)
}

fn key() -> DataKey {
    DataKey::from_bytes([7; 32])
}
