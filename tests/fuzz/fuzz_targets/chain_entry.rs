//! The target `chain_entry` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::cbor_target!("chain_entry");
