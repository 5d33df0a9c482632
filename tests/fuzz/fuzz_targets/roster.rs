//! The target `roster` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::bytes_target!("roster");
