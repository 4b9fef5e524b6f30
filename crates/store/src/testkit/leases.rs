use crate::{AcquireError, Leases};

macro_rules! leases_suite {
    ($make:expr) => {
        $crate::testkit::suite!(leases, $make,
            a_lease_has_one_holder_until_it_is_dropped
            the_epoch_only_grows
            leases_of_different_names_do_not_meet
            a_name_that_is_no_plain_file_name_is_refused);
    };
}
pub(crate) use leases_suite;

pub(crate) fn a_lease_has_one_holder_until_it_is_dropped(leases: &dyn Leases) {
    let first = leases.acquire("writer").expect("free");
    assert_eq!(first.name(), "writer");
    assert!(matches!(
        leases.acquire("writer"),
        Err(AcquireError::Held { .. })
    ));
    drop(first);
    leases.acquire("writer").expect("free again");
}

pub(crate) fn the_epoch_only_grows(leases: &dyn Leases) {
    let mut last = 0;
    for _ in 0..5 {
        let lease = leases.acquire("writer").expect("free");
        assert!(lease.epoch() > last);
        last = lease.epoch();
        leases.acquire("writer").expect_err("held");
    }
}

pub(crate) fn leases_of_different_names_do_not_meet(leases: &dyn Leases) {
    let _writer = leases.acquire("writer").expect("free");
    let _backup = leases.acquire("backup").expect("free");
}

pub(crate) fn a_name_that_is_no_plain_file_name_is_refused(leases: &dyn Leases) {
    for name in ["", "../writer", "a/b", "Writer", "a.b"] {
        assert!(
            matches!(leases.acquire(name), Err(AcquireError::Store(_))),
            "{name}"
        );
    }
}
