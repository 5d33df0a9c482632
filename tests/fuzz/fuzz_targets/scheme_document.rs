//! The target `scheme_document` of the table in `src/targets`.
#![no_main]

fieldproof_fuzz::document_target!("scheme_document");
