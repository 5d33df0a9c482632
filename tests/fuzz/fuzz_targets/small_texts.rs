//! The target `small_texts` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::bytes_target!("small_texts");
