//! What the fuzzing targets share: each reads one kind of outside input and checks what must hold of whatever it took.

mod mutate;
mod targets;

pub use libfuzzer_sys;
pub use mutate::{mutate, mutate_document};

/// The number at which a planted panic lies in wait.
#[cfg(feature = "planted")]
const PLANTED: i64 = 24_301;

/// Runs one target.
///
/// # Panics
/// When something does not hold that must hold for any bytes, and for a name that is no target's.
pub fn run(name: &str, data: &[u8]) {
    let found = targets::TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = found.unwrap_or_else(|| panic!("{name} is not in the table of targets"));
    let _read = target(data);
    #[cfg(feature = "planted")]
    assert_ne!(_read, Some(PLANTED), "planted");
}

/// A target whose input is CBOR: most mutations keep its form and reach past the decoder.
#[macro_export]
macro_rules! cbor_target {
    ($name:literal) => {
        $crate::bytes_target!($name);
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

/// A target whose input is text or somebody else's format.
#[macro_export]
macro_rules! bytes_target {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::run($name, data));
    };
}
