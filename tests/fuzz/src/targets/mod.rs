//! One function for each parser of outside input, in one table: the fuzzer runs them, and so does the replay of the corpus.
//!
//! A target answers with a number out of what it read, `None` when nothing was read, and panics when something does
//! not hold that must hold for any bytes.

mod bundles;
mod parts;
mod signed;
pub(crate) mod store;
mod texts;

#[path = "../../scheme_document.rs"]
#[allow(dead_code, reason = "the mutations are for whoever mutates")]
pub(crate) mod scheme_document;

/// A target: bytes in, a number out of what was read.
pub(crate) type Target = fn(&[u8]) -> Option<i64>;

/// Behind numbers of more than eight bits that end in these four lies the panic of `make fuzz-planted`.
#[allow(dead_code, reason = "only planted programs and the replay of the corpus ask for it")]
pub(crate) const PLANTED: i64 = 13;

/// Every target by its name, which is also its folder in the corpus.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("envelope", signed::envelope),
    ("key_set", signed::key_set),
    ("scheme", signed::scheme),
    ("delegation", signed::delegation),
    ("chain_entry", signed::chain_entry),
    ("record", signed::record),
    ("token", signed::token),
    ("receipt", signed::receipt),
    ("refusal", signed::refusal),
    ("beacon", signed::beacon),
    ("snapshot", signed::snapshot),
    ("endorsement", signed::endorsement),
    ("epoch", signed::epoch),
    ("request", signed::request),
    ("pack", signed::pack),
    ("feed_page", signed::feed_page),
    ("verdict", signed::verdict),
    ("record_file", parts::record_file),
    ("trust", parts::trust),
    ("pack_file", parts::pack_file),
    ("message", parts::message),
    ("bundle", bundles::bundle),
    ("answers", bundles::answers),
    ("person", parts::person),
    ("people", parts::people),
    ("log", parts::log),
    ("observed", parts::observed),
    ("gate", parts::gate),
    ("acknowledgement", parts::acknowledgement),
    ("course", parts::course),
    ("location", parts::location),
    ("link", texts::link),
    ("small_texts", texts::small_texts),
    ("signature", texts::signature),
    ("tus", texts::tus),
    ("scheme_document", texts::scheme_document),
    ("picture", texts::picture),
    ("roster", texts::roster),
    ("slot_file", store::slot_file),
    ("backup_head", store::backup_head),
];
