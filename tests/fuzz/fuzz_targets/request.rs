//! The target `request` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::cbor_target!("request");
