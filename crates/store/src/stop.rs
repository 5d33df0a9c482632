//! Ends long work early, from another thread.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{Result, StoreError};

/// Looked at again and again by whoever does long work. Clones are one.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends the work, soon.
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Whether to go on.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_set() { Err(StoreError::Stopped) } else { Ok(()) }
    }
}
