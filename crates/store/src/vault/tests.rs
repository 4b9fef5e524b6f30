use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::testkit::vault::{cell, vault_suite};
use crate::testkit::{Counting, InFolder, bytes_below, contains};
use crate::{Kek, Keys};

mod memory {
    use super::*;
    vault_suite!(Box::new(MemoryVault::new()));
}

mod sqlite {
    use super::*;

    vault_suite!(InFolder::new(|folder| {
        SqliteVault::open(&folder.join("vault.db")).expect("opens")
    }));
}

const PLANTED: &[u8] = b"the name of a witness who must not be found";
const HERE: Cell<'_> = Cell {
    table: "disclosure",
    row: "rec_1",
    column: "facility",
};

fn sealed(folder: &Path) -> SealedVault {
    let vault = Arc::new(SqliteVault::open(&folder.join("vault.db")).expect("opens"));
    sealed_in(folder, vault)
}

fn sealed_in(folder: &Path, vault: Arc<dyn Vault>) -> SealedVault {
    let entropy = Arc::new(Counting::default());
    let kek = Kek::from_bytes([9; 32]);
    let keys = Keys::open(&folder.join("keys.db"), kek, entropy.clone()).expect("opens");
    SealedVault::new(vault, Arc::new(keys), entropy)
}

fn in_memory() -> (SealedVault, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (
        sealed_in(folder.path(), Arc::new(MemoryVault::new())),
        folder,
    )
}

#[test]
fn a_deleted_value_leaves_no_trace_once_the_vault_is_scrubbed() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = SqliteVault::open(&folder.path().join("vault.db")).expect("opens");
    let rows: Vec<String> = (0..500).map(|i| i.to_string()).collect();
    for row in &rows {
        vault.put(cell("t", row, "c"), PLANTED).expect("put");
    }
    assert!(contains(&bytes_below(folder.path()), PLANTED));
    let size = |name: &str| folder.path().join(name).metadata().expect("is there").len();
    vault.put(cell("t", "0", "c"), b"replaced").expect("put");
    let deletes: Vec<Change<'_>> = rows[1..]
        .iter()
        .map(|row| Change::Delete(cell("t", row, "c")))
        .collect();
    vault.apply(&deletes).expect("deleted");
    vault.scrub().expect("scrubbed");
    assert!(!contains(&bytes_below(folder.path()), PLANTED));
    assert_eq!(size("vault.db-wal"), 0);
    assert!(
        size("vault.db") <= 8 * 4096,
        "the file shrank to {}",
        size("vault.db")
    );
}

#[test]
fn planted_text_is_in_no_file_while_the_vault_is_open_and_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = sealed(folder.path());
    vault.put(HERE, "pty_a", PLANTED).expect("put");
    vault
        .put(cell("t", "r", "c"), "pty_b", &PLANTED.repeat(1000))
        .expect("put");
    assert!(!contains(&bytes_below(folder.path()), &PLANTED[..16]));
    let opened = vault.get(HERE).expect("opens").expect("is there");
    assert_eq!(
        (opened.owner.as_str(), opened.value.as_slice()),
        ("pty_a", PLANTED)
    );
    drop(vault);
    assert!(!contains(&bytes_below(folder.path()), &PLANTED[..16]));
    assert_eq!(
        sealed(folder.path())
            .get(HERE)
            .expect("opens")
            .expect("there")
            .value[..],
        *PLANTED
    );
}

#[test]
fn every_changed_byte_of_a_sealed_value_is_refused_and_the_place_named() {
    let (vault, _folder) = in_memory();
    vault.put(HERE, "pty_a", b"near the river").expect("put");
    let stored = vault.stored().get(HERE).expect("reads").expect("is there");
    for at in 0..stored.len() {
        for flip in [0x01, 0x80] {
            let mut changed = stored.clone();
            changed[at] ^= flip;
            vault.stored().put(HERE, &changed).expect("put");
            let error = vault.get(HERE).err().expect("refused");
            assert!(
                matches!(error, Error::Altered { .. } | Error::NoKey { .. }),
                "byte {at}"
            );
            assert!(
                error.to_string().contains("disclosure/rec_1/facility"),
                "byte {at}: {error}"
            );
        }
    }
    for cut in 0..stored.len() {
        vault.stored().put(HERE, &stored[..cut]).expect("put");
        assert!(vault.get(HERE).is_err(), "cut to {cut}");
    }
}

#[test]
fn a_sealed_value_that_was_moved_or_swapped_is_refused() {
    let (vault, _folder) = in_memory();
    vault.put(HERE, "pty_a", b"one").expect("put");
    let stored = vault.stored().get(HERE).expect("reads").expect("is there");
    let elsewhere = [
        Cell {
            table: "draft",
            ..HERE
        },
        Cell {
            row: "rec_2",
            ..HERE
        },
        Cell {
            column: "name",
            ..HERE
        },
        cell("disclosurer", "ec_1", "facility"),
    ];
    for place in elsewhere {
        vault.stored().put(place, &stored).expect("moved");
        assert!(matches!(vault.get(place), Err(Error::Altered { .. })));
    }
    vault.keys().data_key("pty_b").expect("made");
    let owner = stored
        .windows(5)
        .position(|window| window == b"pty_a")
        .expect("the owner");
    let mut claimed = stored;
    claimed[owner + 4] = b'b';
    vault.stored().put(HERE, &claimed).expect("put");
    assert!(matches!(vault.get(HERE), Err(Error::Altered { .. })));
}

#[test]
fn destroying_a_data_key_closes_the_values_of_that_owner_only() {
    let (vault, _folder) = in_memory();
    let there = Cell {
        row: "rec_2",
        ..HERE
    };
    vault.put(HERE, "pty_a", b"one").expect("put");
    vault.put(there, "pty_b", b"two").expect("put");
    assert!(vault.keys().destroy("pty_a").expect("destroyed"));
    let error = vault.get(HERE).err().expect("closed");
    assert_eq!(
        error.to_string(),
        "no data key of pty_a opens disclosure/rec_1/facility"
    );
    assert_eq!(
        vault.get(there).expect("opens").expect("is there").value[..],
        *b"two"
    );
    vault.put(there, "pty_a", b"anew").expect("a new key");
    assert!(matches!(vault.get(HERE), Err(Error::Altered { .. })));
}

#[test]
fn equal_values_are_sealed_differently() {
    let (vault, _folder) = in_memory();
    vault.put(HERE, "pty_a", b"same").expect("put");
    let first = vault.stored().get(HERE).expect("reads");
    vault.put(HERE, "pty_a", b"same").expect("put");
    assert_ne!(vault.stored().get(HERE).expect("reads"), first);
}

#[test]
fn sealed_changes_are_made_together_and_opened_by_an_audit() {
    let (vault, _folder) = in_memory();
    let put = |row, owner| SealedChange::Put {
        cell: Cell { row, ..HERE },
        owner,
        value: b"v",
    };
    let changes = [
        put("a", "pty_a"),
        put("b", "pty_b"),
        SealedChange::Delete(Cell { row: "a", ..HERE }),
    ];
    vault.apply(&changes).expect("applied");
    let mut owners = Vec::new();
    let mut audit = |stored: &Stored| {
        owners.push(vault.open(stored.cell(), &stored.value)?.owner);
        Ok(())
    };
    vault.stored().all(&mut audit).expect("opened");
    assert_eq!(owners, ["pty_b"]);
}
