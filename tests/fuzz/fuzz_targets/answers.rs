//! The target `answers` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::bytes_target!("answers");
