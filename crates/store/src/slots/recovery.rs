//! Recovery slots: the store's key for an age recipient, on a printed sheet or kept by the institution.

use std::str::FromStr;

use age::{
    secrecy::ExposeSecret,
    x25519::{Identity, Recipient},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use fieldproof_model::time::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{StoreError, StoreKey};

/// Who holds a recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryKind {
    /// The institution.
    Institution,
    /// Whoever keeps the printed sheet.
    Sheet,
}

/// The store's key, for one recovery key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecoverySlot {
    /// Who holds the recovery key.
    pub kind: RecoveryKind,
    /// The recipient, as age writes it.
    pub recipient: String,
    /// When the slot was made, in milliseconds.
    made_at: i64,
    /// An age file, in base 64.
    wrapped: String,
}

/// A recovery key, as it stands on the sheet.
pub struct RecoveryKey(Identity);

impl std::fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryKey(<redacted>)")
    }
}

impl RecoveryKey {
    /// Makes a new one; age draws its randomness from the operating system itself.
    #[must_use]
    pub fn generate() -> Self {
        Self(Identity::generate())
    }

    /// Reads one as typed or scanned: blanks, hyphens between groups and case do not matter. The text may be a whole
    /// age identity file.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let letters: Zeroizing<String> =
            Zeroizing::new(lines.flat_map(str::chars).filter(char::is_ascii_alphanumeric).collect());
        let letters = Zeroizing::new(letters.to_ascii_uppercase());
        let data = letters.strip_prefix("AGESECRETKEY1").unwrap_or(&letters);
        let text = Zeroizing::new(format!("AGE-SECRET-KEY-1{data}"));
        Identity::from_str(&text).ok().map(Self)
    }

    /// What age encrypts to.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The text, for the sheet.
    #[must_use]
    pub fn dangerously_expose_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }
}

impl RecoverySlot {
    pub(super) fn make(
        kind: RecoveryKind,
        recipient: &str,
        made_at: Timestamp,
        store: &StoreKey,
    ) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged("recovery recipient");
        let to = Recipient::from_str(recipient).map_err(|_| damaged())?;
        let wrapped = age::encrypt(&to, store.dangerously_expose_bytes()).map_err(|_| damaged())?;
        Ok(Self {
            kind,
            recipient: recipient.to_owned(),
            made_at: made_at.as_millis(),
            wrapped: STANDARD.encode(wrapped),
        })
    }

    /// When the slot was made.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_millis(self.made_at)
    }

    /// The store's key; `None` when the recovery key is another one, or the slot is damaged.
    pub(super) fn open(&self, key: &RecoveryKey) -> Option<StoreKey> {
        let wrapped = STANDARD.decode(&self.wrapped).ok()?;
        let plain = Zeroizing::new(age::decrypt(&key.0, &wrapped).ok()?);
        plain.as_slice().try_into().ok().map(StoreKey::new)
    }
}
