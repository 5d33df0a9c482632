//! The target `pack_file` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::cbor_target!("pack_file");
