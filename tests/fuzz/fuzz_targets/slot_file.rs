//! The target `slot_file` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::json_target!("slot_file");
