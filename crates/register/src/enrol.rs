//! Enrolment: packs from coordinators, handed on to their laptops unread, and requests that wait for a coordinator.

use fieldproof_seal::{
    delegation::Delegation,
    envelope::Unverified,
    key_set::{KeyRole, KeyState},
    keys::PublicKey,
    pack::Pack,
    request::SignedRequest,
};
use fieldproof_wire::{Fault, PackAnswer, PackUpload, limit};

use crate::{
    RegisterError,
    core::Core,
    evidence::within,
    table::{delegations, enrolment, enrolment::PackRow, installations},
};

impl Core {
    /// Takes the newest pack of a laptop: admits the laptop, notes what ended, and keeps the file for it.
    pub(crate) fn receive_pack(&self, upload: &PackUpload) -> Result<PackAnswer, RegisterError> {
        within(&upload.file, limit::PACK)?;
        let (pack, unverified) = Pack::parse(&upload.pack).map_err(|_| Fault::Malformed)?;
        self.trust.check(&unverified, KeyRole::Issuing, Some(pack.at.date())).map_err(|_| Fault::Pack)?;
        // What a retired key signed stands; it lets nobody in any more.
        if !self.is_active(&unverified) {
            return Err(Fault::Pack.into());
        }
        let keys = self.delegated(&pack)?;
        let now = self.now();
        self.write(|tx| {
            let held = enrolment::pack(tx, &pack.installation)?;
            match held {
                // Told twice: the answer got lost on its way.
                Some(held) if held.signed == upload.pack => {}
                Some(held) if pack.number <= held.number => return Err(Fault::OlderPack(held.number).into()),
                Some(_) | None => {
                    let row = PackRow { number: pack.number, signed: upload.pack.clone(), file: upload.file.clone() };
                    enrolment::set_pack(tx, &pack.installation, &row, now)?;
                    installations::admit(tx, &pack.installation, now)?;
                    for ended in &pack.ended {
                        delegations::end(tx, ended)?;
                    }
                    for key in &keys {
                        enrolment::answered(tx, key)?;
                    }
                }
            }
            Ok(PackAnswer { number: pack.number })
        })
    }

    /// The keys that a pack delegates; every delegation is the institution's.
    fn delegated(&self, pack: &Pack) -> Result<Vec<PublicKey>, RegisterError> {
        let mut keys = Vec::new();
        for signed in &pack.delegations {
            let (delegation, unverified) = Delegation::parse(signed).map_err(|_| Fault::Malformed)?;
            let day = Some(delegation.not_before);
            self.trust.check(&unverified, KeyRole::Issuing, day).map_err(|_| Fault::Delegation)?;
            keys.push(delegation.assessor_key);
        }
        Ok(keys)
    }

    /// Keeps a request to be enrolled until somebody answers it. Nobody knows who sent it, so there is an end to how many.
    pub(crate) fn receive_request(&self, signed: &[u8]) -> Result<(), RegisterError> {
        let request = SignedRequest::parse(signed).map_err(|_| Fault::NotARequest)?;
        let now = self.now();
        self.write(|tx| {
            let key = &request.request.key;
            if limit::ENROLMENT_REQUESTS <= enrolment::waiting(tx)? && !enrolment::has_asked(tx, key)? {
                return Err(Fault::TooManyRequests.into());
            }
            enrolment::keep_request(tx, key, signed, now)
        })
    }

    /// The requests that wait, for a coordinator's laptop.
    pub(crate) fn requests_for(&self, installation: &PublicKey) -> Result<Vec<Vec<u8>>, RegisterError> {
        self.check_coordinators(installation)?;
        self.read(enrolment::requests)
    }

    /// Refuses every laptop that is no coordinator's.
    pub(crate) fn check_coordinators(&self, installation: &PublicKey) -> Result<(), RegisterError> {
        let pack = self.read(|tx| enrolment::pack(tx, installation))?;
        let is_coordinators = pack.is_some_and(|row| {
            Pack::parse(&row.signed).is_ok_and(|(pack, unverified)| pack.is_coordinators && self.is_active(&unverified))
        });
        if is_coordinators { Ok(()) } else { Err(Fault::NotCoordinators.into()) }
    }

    /// Whether an issuing key signed this that is in use now.
    fn is_active(&self, unverified: &Unverified) -> bool {
        let key = self.trust.key_set.find(unverified.key_id, KeyRole::Issuing);
        key.is_some_and(|key| key.state == KeyState::Active)
    }
}
