//! Bytes under a passphrase: Argon2id (RFC 9106), then XChaCha20-Poly1305 with the slot's own label.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use fieldproof_model::id::{parse_hex, to_hex};
use zeroize::Zeroizing;

use super::{Content, Cost, Wrapped};
use crate::StoreError;

/// What a passphrase derives.
pub(super) type WrapKey = Zeroizing<[u8; 32]>;

/// The key that a passphrase gives at that cost.
pub(super) fn derive(passphrase: &str, salt: &[u8; 16], cost: Cost) -> Result<WrapKey, StoreError> {
    let damaged = || StoreError::Damaged("key slot");
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| damaged())?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.trim().as_bytes(), salt, key.as_mut())
        .map_err(|_| damaged())?;
    Ok(key)
}

/// What a wrapping is bound to: no slot's bytes serve in another's place.
pub(super) fn label(what: &str, person: &str) -> String {
    format!("fieldproof slot 1 {what} {person}")
}

/// The salt of a slot.
pub(super) fn salt(slot: &Content) -> Result<[u8; 16], StoreError> {
    parse_hex(&slot.salt).ok_or(StoreError::Damaged("key slot"))
}

/// Wraps.
pub(super) fn wrap(key: &WrapKey, nonce: &[u8; 24], label: &str, plain: &[u8]) -> Result<Wrapped, StoreError> {
    let payload = Payload { msg: plain, aad: label.as_bytes() };
    let bytes = XChaCha20Poly1305::new(&(**key).into())
        .encrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| StoreError::Damaged("key slot"))?;
    Ok(Wrapped { nonce: to_hex(nonce), bytes: to_hex(&bytes) })
}

/// Unwraps; `None` when key or label is another one, or the bytes are not what was wrapped.
pub(super) fn unwrap(key: &WrapKey, wrapped: &Wrapped, label: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let damaged = || StoreError::Damaged("key slot");
    let nonce: [u8; 24] = parse_hex(&wrapped.nonce).ok_or_else(damaged)?;
    let bytes = bytes(&wrapped.bytes).ok_or_else(damaged)?;
    let payload = Payload { msg: &bytes, aad: label.as_bytes() };
    let plain = XChaCha20Poly1305::new(&(**key).into()).decrypt(&XNonce::from(nonce), payload);
    Ok(plain.ok().map(Zeroizing::new))
}

/// Hex of the lengths that are wrapped: an assessor key, a store key, or both; each with its tag.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    parse_hex::<48>(hex)
        .map(Vec::from)
        .or_else(|| parse_hex::<64>(hex).map(Vec::from))
        .or_else(|| parse_hex::<96>(hex).map(Vec::from))
}
