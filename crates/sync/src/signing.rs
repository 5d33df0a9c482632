//! The installation key, and the register's nonces it signs over: each answer brings one, each request takes one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fieldproof_seal::keys::SecretKey;
use fieldproof_wire::{
    Nonce,
    signature::{self, SignedHeaders},
};

/// Requests in flight need one each; more are not worth keeping.
const LIMIT: usize = 32;

/// Signs requests. Clones share the nonces, and none is handed out twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signer {
    key: Option<SecretKey>,
    nonces: Arc<Mutex<Vec<Nonce>>>,
}

impl Signer {
    pub(crate) fn new(key: SecretKey) -> Self {
        Self { key: Some(key), nonces: Arc::default() }
    }

    fn nonces(&self) -> MutexGuard<'_, Vec<Nonce>> {
        // Whatever the list holds is good for one try.
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) const fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Keeps what an answer brought.
    pub(crate) fn extend(&self, brought: Option<Nonce>) {
        let mut nonces = self.nonces();
        if nonces.len() < LIMIT {
            nonces.extend(brought);
        }
    }

    /// The newest nonce; it is nobody else's from now on.
    pub(crate) fn take(&self) -> Option<Nonce> {
        self.nonces().pop()
    }

    /// The register knows one of these nonces no more: it was started anew and knows none of them.
    pub(crate) fn forget(&self) {
        self.nonces().clear();
    }

    /// Signs a request; `None` without a key.
    pub(crate) fn sign(&self, method: &str, target: &str, body: &[u8], nonce: &Nonce) -> Option<SignedHeaders> {
        self.key.as_ref().map(|key| signature::sign(key, method, target, body, nonce))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_handed_out_once_also_to_clones() {
        let signer = Signer::new(SecretKey::new(&[1; 32]));
        let clone = signer.clone();
        for n in 0..40 {
            signer.extend(Some(Nonce::new([n; 24])));
        }
        let mut taken: Vec<_> = std::iter::from_fn(|| clone.take().or_else(|| signer.take())).collect();
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), LIMIT);
        signer.extend(Some(Nonce::new([1; 24])));
        clone.forget();
        assert_eq!(signer.take(), None);
    }
}
