//! What is typed to open something: a passphrase, a PIN, a recovery key. It is overwritten when the call is over.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

/// A text that opens something. Nothing prints it, and its memory is overwritten when it is let go of.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text; whoever has another copy of it keeps that one.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// An input that is wiped once it was read, also where it was no input of ours.
pub(crate) struct Wiped(pub(crate) Value);

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Overwrites every text in a value: the input does not say which of them is a secret before it was understood.
fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::dto::{RestoreInput, UnlockInput};

    #[test]
    fn an_input_is_wiped_down_to_its_last_text() {
        let mut input = json!({ "a": "one", "b": { "c": ["two", { "d": "three" }] }, "e": 4, "f": null });
        wipe(&mut input);
        assert_eq!(input, json!({ "a": "", "b": { "c": ["", { "d": "" }] }, "e": 4, "f": null }));
    }

    #[test]
    fn nothing_prints_a_secret() {
        let unlock: UnlockInput =
            serde_json::from_value(json!({ "assessorId": "1", "passphrase": "five words" })).unwrap();
        assert_eq!(&*unlock.passphrase, "five words");
        let restore = json!({ "backup": "b", "with": "recovery_key", "secret": "AGE-SECRET" });
        let restore: RestoreInput = serde_json::from_value(restore).unwrap();
        let printed = format!("{unlock:?} {restore:?}");
        assert!(!printed.contains("five") && !printed.contains("AGE"), "{printed}");
        assert_eq!(serde_json::to_value(&unlock).unwrap()["passphrase"], "five words", "it crosses as it is");
    }
}
