//! The target `record_file` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::cbor_target!("record_file");
