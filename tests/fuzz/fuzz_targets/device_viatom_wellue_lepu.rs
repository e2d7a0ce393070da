#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pqrst_fuzz::converse("device-viatom-wellue-lepu", bytes));
