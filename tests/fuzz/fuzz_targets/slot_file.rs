//! The target `slot_file` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::bytes_target!("slot_file");
