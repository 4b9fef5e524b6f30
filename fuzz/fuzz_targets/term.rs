#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    ensign_fuzz_bodies::run("term", bytes);
});
