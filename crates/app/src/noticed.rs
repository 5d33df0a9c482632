//! What came to light while something was sent, and only people can go after: whatever comes next, it stays until
//! somebody has seen it.

use fieldproof_store::table::pack_items::PackItem;

use crate::{App, Result};

impl App {
    /// Keeps what was noticed, in words; what was noticed before and nobody has seen yet stays beside it.
    ///
    /// # Errors
    /// [`crate::Error::Locked`], [`crate::Error::Store`].
    pub fn notice(&self, what: &str) -> Result<()> {
        self.unlocked()?.store.write(|tx| {
            let before = tx.pack_item(PackItem::Noticed)?.and_then(|text| String::from_utf8(text).ok());
            let text = match before {
                Some(before) if before.contains(what) => before,
                Some(before) => format!("{before} {what}"),
                None => what.to_owned(),
            };
            Ok(tx.set_pack_item(PackItem::Noticed, text.as_bytes())?)
        })
    }

    /// What nobody has seen yet.
    ///
    /// # Errors
    /// As [`Self::notice`].
    pub fn noticed(&self) -> Result<Option<String>> {
        let text = self.unlocked()?.store.read(|tx| tx.pack_item(PackItem::Noticed))?;
        Ok(text.and_then(|text| String::from_utf8(text).ok()))
    }

    /// Somebody has seen it.
    ///
    /// # Errors
    /// As [`Self::notice`].
    pub fn dismiss_noticed(&self) -> Result<()> {
        Ok(self.unlocked()?.store.write(|tx| tx.forget_pack_item(PackItem::Noticed))?)
    }
}
