//! Requests and packs over the network: a new laptop asks, coordinators bring packs, laptops fetch theirs.

use fieldproof_model::digest::Digest;
use fieldproof_seal::{pack::Pack, request::SignedRequest};
use fieldproof_store::{ReadTx, StoreError, table::pack_items::PackItem};
use fieldproof_sync::{HttpError, HttpRegister, first_pack};
use fieldproof_wire::{Fault, PackUpload, RegisterProtocol};
use tokio::runtime::Runtime;

use crate::{
    App, Result, Unlocked, direct::Line, enrol::installation_key, epoch::Met, office::passed, people::read_address,
};

/// What became of packs and of all else that the institution tells this laptop, while records were sent.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct PackReport {
    /// Packs that the register has now and did not have before.
    pub brought: usize,
    /// The number of a newer pack that this laptop took.
    pub taken: Option<u32>,
    /// Things that the institution told and this version does not know.
    pub unknown: usize,
    /// Whether the register did not know of all that it had told this laptop, so that it heard everything anew.
    pub is_anew: bool,
}

impl App {
    /// The number of the pack that this laptop took last; 0 when it took none.
    ///
    /// # Errors
    /// [`crate::Error::Locked`].
    pub fn pack_number(&self) -> Result<u32> {
        self.unlocked()?.store.read(held_number)
    }

    /// Leaves the request of whoever works at the register of that address, where a coordinator finds it.
    ///
    /// # Errors
    /// [`crate::Error::Address`], [`crate::Error::Http`].
    pub fn ask_register(&self, address: &str) -> Result<SignedRequest> {
        let request = self.request()?;
        let register = self.unlocked()?.store.read(|tx| first_register(tx, address))?;
        self.runtime()?.block_on(register.put_request(&request.signed))?;
        Ok(request)
    }

    /// Fetches this laptop's pack from the register of that address; `None` while nobody has answered. It is encrypted
    /// for this laptop: [`App::look_at_pack`] and [`App::take_pack`] find out whether it is to be believed.
    ///
    /// # Errors
    /// [`crate::Error::Address`], [`crate::Error::Http`].
    pub fn fetch_pack(&self, address: &str) -> Result<Option<Vec<u8>>> {
        let unlocked = self.unlocked()?;
        let (key, register) =
            unlocked.store.read(|tx| -> Result<_> { Ok((installation_key(tx)?, first_register(tx, address)?)) })?;
        let installation = key.public();
        let register = register.signing_with(key);
        match self.runtime()?.block_on(first_pack(&register, &installation)) {
            // The first pack admits the laptop: as long as nobody answered, the register does not know it.
            Err(HttpError::Fault(Fault::NotAdmitted)) => Ok(None),
            pack => Ok(pack?),
        }
    }

    /// Asks the register for the requests that wait for a coordinator. Damaged ones are left out.
    ///
    /// # Errors
    /// [`crate::Error::Address`], [`crate::Error::Send`], [`crate::Error::Http`].
    pub fn waiting_requests(&self) -> Result<Vec<SignedRequest>> {
        let unlocked = self.unlocked()?;
        let Met { register, line, installation, .. } = self.meet(&unlocked)?;
        // A coordinator's laptop is known as one by its own pack.
        self.bring_packs(&unlocked, &register, &line)?;
        let waiting = line.run(register.requests(installation))??;
        Ok(waiting.iter().filter_map(|signed| SignedRequest::parse(signed).ok()).collect())
    }

    /// Brings the packs that were made here to the register: it admits the laptops by them.
    pub(crate) fn bring_packs(&self, unlocked: &Unlocked, register: &HttpRegister, line: &Line) -> Result<usize> {
        let mut brought = 0_usize;
        for row in unlocked.store.read(|tx| tx.packs_to_send())? {
            if unlocked.store.read(|tx| passed::by(tx, &row.installation))?.is_some() {
                continue;
            }
            let upload = PackUpload { pack: row.signed, file: row.file };
            match line.run(register.put_pack(&upload))? {
                Err(HttpError::Fault(Fault::OlderPack(number))) => {
                    unlocked.store.write(|tx| passed::note(tx, &row.installation, number))?;
                    continue;
                }
                answer => answer?,
            };
            unlocked.store.write(|tx| tx.pack_is_at_register(&row.installation, row.number))?;
            brought = brought.saturating_add(1);
        }
        Ok(brought)
    }

    pub(crate) fn runtime(&self) -> Result<Runtime> {
        let made = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(made.map_err(|source| StoreError::File { path: self.dir.clone(), source })?)
    }
}

/// The institution's register at its own address or another one: over TLS known by its key, in clear on this machine.
pub(crate) fn known_register(tx: &ReadTx<'_>, address: Option<&str>) -> Result<HttpRegister> {
    let address = address.map_or_else(|| read_address(tx), |address| Ok(address.to_owned()))?;
    let pin = tx.pack_item(PackItem::RegisterPin)?.as_deref().and_then(Digest::from_slice);
    Ok(match pin.filter(|_| address.trim_start().starts_with("https:")) {
        Some(pin) => HttpRegister::pinned(&address, pin)?,
        None => HttpRegister::new(&address)?,
    })
}

/// The register that somebody names to a laptop which may not know its key yet. A request and a pack are held to codes
/// that people compare, so that it need not be believed.
fn first_register(tx: &ReadTx<'_>, address: &str) -> Result<HttpRegister> {
    match tx.pack_item(PackItem::Root)? {
        Some(_) => known_register(tx, Some(address)),
        None => Ok(HttpRegister::unproven(address)?),
    }
}

pub(crate) fn held_number(tx: &ReadTx<'_>) -> Result<u32> {
    let held = tx.pack_item(PackItem::Pack)?;
    Ok(held.as_deref().and_then(|signed| Pack::parse(signed).ok()).map_or(0, |(held, _)| held.number))
}
