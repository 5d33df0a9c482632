//! The target `feed_page` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::cbor_target!("feed_page");
