//! The target `backup_head` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::json_target!("backup_head");
