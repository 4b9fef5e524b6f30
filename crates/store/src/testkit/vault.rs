use crate::{Cell, Change, Error, Stored, Vault};

macro_rules! vault_suite {
    ($make:expr) => {
        $crate::testkit::suite!(vault, $make,
            a_value_is_put_replaced_and_deleted
            values_do_not_meet_across_tables_rows_and_columns
            changes_are_made_in_their_order
            rows_are_listed_once_in_order_and_by_page
            all_values_are_shown_in_order_and_the_visitor_may_use_the_vault
            the_first_error_of_a_visitor_ends_the_visit);
    };
}
pub(crate) use vault_suite;

pub(crate) fn cell<'a>(table: &'a str, row: &'a str, column: &'a str) -> Cell<'a> {
    Cell { table, row, column }
}

pub(crate) fn a_value_is_put_replaced_and_deleted(vault: &dyn Vault) {
    let at = cell("session", "ses_1", "party");
    assert_eq!(vault.get(at).expect("reads"), None);
    vault.put(at, b"one").expect("put");
    vault.put(at, b"two").expect("replaced");
    assert_eq!(vault.get(at).expect("reads"), Some(b"two".to_vec()));
    vault.delete(at).expect("deleted");
    vault.delete(at).expect("deleting nothing is no error");
    assert_eq!(vault.get(at).expect("reads"), None);
    vault.put(at, b"").expect("put");
    assert_eq!(vault.get(at).expect("reads"), Some(vec![]));
    vault.scrub().expect("scrubbed");
    assert_eq!(vault.get(at).expect("reads"), Some(vec![]));
}

pub(crate) fn values_do_not_meet_across_tables_rows_and_columns(vault: &dyn Vault) {
    let cells = [
        cell("a", "b", "c"),
        cell("ab", "", "c"),
        cell("a", "bc", ""),
        cell("c", "b", "a"),
    ];
    for (i, at) in cells.iter().enumerate() {
        vault.put(*at, &[i as u8]).expect("put");
    }
    for (i, at) in cells.iter().enumerate() {
        assert_eq!(vault.get(*at).expect("reads"), Some(vec![i as u8]));
    }
}

pub(crate) fn changes_are_made_in_their_order(vault: &dyn Vault) {
    let (a, b) = (cell("t", "a", "c"), cell("t", "b", "c"));
    let changes = [
        Change::Put(a, b"1"),
        Change::Delete(a),
        Change::Put(b, b"1"),
        Change::Put(b, b"2"),
    ];
    vault.apply(&changes).expect("applied");
    assert_eq!(vault.get(a).expect("reads"), None);
    assert_eq!(vault.get(b).expect("reads"), Some(b"2".to_vec()));
}

pub(crate) fn rows_are_listed_once_in_order_and_by_page(vault: &dyn Vault) {
    for row in ["b", "a", "é", "c", "B"] {
        for column in ["x", "y"] {
            vault.put(cell("t", row, column), b"").expect("put");
        }
    }
    vault.put(cell("u", "other", "x"), b"").expect("put");
    assert_eq!(
        vault.rows("t", None, 100).expect("lists"),
        ["B", "a", "b", "c", "é"]
    );
    assert_eq!(vault.rows("t", None, 2).expect("lists"), ["B", "a"]);
    assert_eq!(vault.rows("t", Some("a"), 2).expect("lists"), ["b", "c"]);
    assert_eq!(vault.rows("t", Some("é"), 2).expect("lists"), [""; 0]);
    assert_eq!(vault.rows("none", None, 2).expect("lists"), [""; 0]);
}

pub(crate) fn all_values_are_shown_in_order_and_the_visitor_may_use_the_vault(vault: &dyn Vault) {
    let rows: Vec<String> = (0..600).map(|i| format!("{i:04}")).collect();
    let changes: Vec<Change<'_>> = rows
        .iter()
        .map(|row| Change::Put(cell("t", row, "c"), row.as_bytes()))
        .collect();
    vault.apply(&changes).expect("applied");
    let mut seen = Vec::new();
    let mut visit = |stored: &Stored| {
        assert_eq!(vault.get(stored.cell())?, Some(stored.value.clone()));
        seen.push(stored.row.clone());
        Ok(())
    };
    vault.all(&mut visit).expect("shown");
    assert_eq!(seen, rows);
}

pub(crate) fn the_first_error_of_a_visitor_ends_the_visit(vault: &dyn Vault) {
    for row in ["a", "b", "c"] {
        vault.put(cell("t", row, "c"), b"").expect("put");
    }
    let mut seen = 0;
    let mut visit = |stored: &Stored| {
        seen += 1;
        if stored.row == "b" {
            Err(Error::KekText)
        } else {
            Ok(())
        }
    };
    assert!(matches!(vault.all(&mut visit), Err(Error::KekText)));
    assert_eq!(seen, 2);
}
