use super::*;
use crate::testkit::InFolder;
use crate::testkit::leases::leases_suite;

mod memory {
    use super::*;
    leases_suite!(Box::new(MemoryLeases::new()));
}

mod file {
    use super::*;

    fn open(folder: &std::path::Path) -> FileLeases {
        FileLeases::open(folder, &folder.join("log.db")).expect("opens")
    }

    leases_suite!(InFolder::new(open));

    #[test]
    fn a_second_opening_of_the_folder_is_told_which_folder_is_held() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = open(folder.path()).acquire("writer").expect("free");
        let error = open(folder.path()).acquire("writer").expect_err("held");
        let said = format!("{} is in use by another process", folder.path().display());
        assert_eq!(error.to_string(), said);
        drop(first);
        assert_eq!(
            open(folder.path()).acquire("writer").expect("free").epoch(),
            2
        );
    }
}
