//! Entries of assessor keys' chains: each verified, each kept at its place, forks reported.

use fieldproof_seal::{
    chain::ChainEntry,
    delegation::Delegation,
    digest_of,
    envelope::{Kind, Unverified},
    key_set::KeyRole,
    record::Record,
};
use fieldproof_wire::{ChainAnswer, ChainUpload, Fault, Fork};

use crate::{
    RegisterError,
    core::Core,
    table::{chain_entries, delegations},
};

impl Core {
    /// Takes entries of one chain.
    pub(crate) fn receive_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, RegisterError> {
        let (delegation, unverified) = Delegation::parse(&upload.delegation).map_err(|_| Fault::Malformed)?;
        self.trust.check(&unverified, KeyRole::Issuing, Some(delegation.not_before)).map_err(|_| Fault::Delegation)?;
        let (mut refused, mut places) = (Vec::new(), Vec::new());
        for signed in &upload.entries {
            match place(signed, &delegation) {
                Some(index) => places.push((index, signed)),
                None => refused.push(digest_of(signed)),
            }
        }
        let held = u32::try_from(places.len()).unwrap_or(u32::MAX);
        let (key, now) = (delegation.assessor_key, self.now());
        if places.is_empty() {
            // Whoever asks what is here waits for nobody who writes.
            let (places, highest, head) = self.read(|tx| chain_entries::extent(tx, &key))?;
            return Ok(ChainAnswer { held, forks: Vec::new(), refused, places, highest, head: Some(head) });
        }
        let (forks, (places, highest, head)) = self.write(|tx| {
            for (index, signed) in &places {
                chain_entries::keep(tx, &key, *index, signed, now)?;
            }
            let mut forks = Vec::new();
            for (index, signed) in &places {
                let others = chain_entries::others(tx, &key, *index, &digest_of(signed))?;
                forks.extend(others.into_iter().map(|other| Fork { index: *index, other }));
            }
            delegations::advance(tx, &key)?;
            forks.sort_unstable();
            forks.dedup();
            Ok((forks, chain_entries::extent(tx, &key)?))
        })?;
        Ok(ChainAnswer { held, forks, refused, places, highest, head: Some(head) })
    }
}

/// The place of an entry that is of this delegation's key; a sealed record is an entry too.
fn place(signed: &[u8], delegation: &Delegation) -> Option<u32> {
    let (link, unverified) = match Unverified::parse(signed).ok()?.kind {
        Kind::ChainEntry => ChainEntry::parse(signed).ok().map(|(entry, unverified)| (entry.link, unverified))?,
        Kind::Record => Record::parse(signed).ok().map(|(record, unverified)| (record.link, unverified))?,
        Kind::KeySet
        | Kind::Scheme
        | Kind::Delegation
        | Kind::Token
        | Kind::Receipt
        | Kind::Refusal
        | Kind::Beacon
        | Kind::Snapshot
        | Kind::Endorsement
        | Kind::Epoch
        | Kind::Request
        | Kind::Pack
        | Kind::FeedPage => return None,
    };
    let is_ours = unverified.purpose == delegation.purpose && unverified.verify(&delegation.assessor_key).is_ok();
    is_ours.then_some(link.index)
}
