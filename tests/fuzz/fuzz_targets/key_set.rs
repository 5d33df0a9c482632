//! The target `key_set` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::cbor_target!("key_set");
