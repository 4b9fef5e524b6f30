use super::*;
use crate::testkit::log::{LogBench, log_suite};

mod memory {
    use super::*;
    use crate::MemoryLeases;

    log_suite!(Box::new(LogBench::new(MemoryLeases::new(), MemoryLog::new)));
}

mod sqlite {
    use super::*;
    use crate::FileLeases;
    use crate::testkit::InFolder;

    log_suite!(InFolder::new(|folder| {
        let path = folder.join("log.db");
        LogBench::new(
            FileLeases::open(folder, &path).expect("opens"),
            |_, lease| {
                SqliteLog::open(&folder.join("public"), &path, "public", lease).expect("opens")
            },
        )
    }));
}
