//! What came to light while something was sent, and only people can go after: whatever comes next, it stays until
//! somebody has seen it.

use fieldproof_store::table::pack_items::PackItem;

use crate::{App, Result};

impl App {
    /// Keeps what was noticed, in words, a line for each thing; what was noticed before and nobody has seen yet stays
    /// beside it. A line that differs from one of before in its figures alone takes its place.
    ///
    /// # Errors
    /// [`crate::Error::Locked`], [`crate::Error::Store`].
    pub fn notice(&self, what: &str) -> Result<()> {
        self.unlocked()?.store.write(|tx| {
            let before = tx.pack_item(PackItem::Noticed)?.and_then(|text| String::from_utf8(text).ok());
            let text = beside(&before.unwrap_or_default(), what);
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

fn beside(before: &str, what: &str) -> String {
    let mut lines: Vec<&str> = before.lines().collect();
    for line in what.lines() {
        match lines.iter_mut().find(|known| without_figures(known) == without_figures(line)) {
            Some(known) => *known = line,
            None => lines.push(line),
        }
    }
    lines.join("\n")
}

fn without_figures(line: &str) -> String {
    line.chars().filter(|letter| !letter.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_stands_there_once_with_its_newest_figures() {
        let first = beside("", "Forks: 1.\nA photo is lost.");
        assert_eq!(first, "Forks: 1.\nA photo is lost.");
        assert_eq!(beside(&first, "Forks: 12."), "Forks: 12.\nA photo is lost.");
        assert_eq!(beside(&first, "A paper is unreadable."), "Forks: 1.\nA photo is lost.\nA paper is unreadable.");
    }
}
