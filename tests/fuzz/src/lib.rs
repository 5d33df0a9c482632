//! What the fuzzing targets share: each reads one kind of outside input and checks what must hold of whatever it took.

mod mutate;
mod mutate_json;
mod targets;

pub use libfuzzer_sys;
pub use libfuzzer_sys::Corpus;
pub use mutate::{mutate, mutate_document};
pub use mutate_json::mutate_json;

/// Runs one target; what it read is worth mutating further.
///
/// # Panics
/// When something does not hold that must hold for any bytes, and for a name that is no target's.
pub fn run(name: &str, data: &[u8]) -> Corpus {
    let found = targets::TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = found.unwrap_or_else(|| panic!("{name} is not in the table of targets"));
    let read = target(data);
    #[cfg(feature = "planted")]
    planted::trip(read);
    if read.is_some() { Corpus::Keep } else { Corpus::Reject }
}

/// A panic that lies in wait behind a parse that succeeded, for one in sixteen of the larger values of a number that
/// was read.
#[cfg(feature = "planted")]
mod planted {
    use crate::targets::PLANTED;

    pub(crate) fn trip(read: Option<i64>) {
        if let Some(number) = read.filter(|number| 255 < *number) {
            large(number % 16);
        }
    }

    #[inline(never)]
    fn large(low: i64) {
        assert_ne!(PLANTED, low, "planted");
    }
}

/// A target whose input is CBOR: most mutations keep its form and reach past the decoder.
///
/// What is not read is not kept: a reader stops at the first error, and every error is one mutation away from what it reads.
#[macro_export]
macro_rules! cbor_target {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| -> $crate::libfuzzer_sys::Corpus {
            $crate::run($name, data)
        });
        $crate::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate(data, size, max_size, seed)
        });
    };
}

/// A target whose input is a scheme document with its values.
#[macro_export]
macro_rules! document_target {
    ($name:literal) => {
        $crate::bytes_target!($name);
        $crate::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate_document(data, size, max_size, seed)
        });
    };
}

/// A target whose input is JSON.
#[macro_export]
macro_rules! json_target {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| -> $crate::libfuzzer_sys::Corpus {
            $crate::run($name, data)
        });
        $crate::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate_json(data, size, max_size, seed)
        });
    };
}

/// A target whose input is text or somebody else's format.
#[macro_export]
macro_rules! bytes_target {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| {
            $crate::run($name, data);
        });
    };
}
