//! Room on the disk: looked for before an assessment begins, so that it need not be looked for in the middle of one.

use fieldproof_model::{
    id::SchemeId,
    scheme::{EvidenceKind, Scheme},
};
use fieldproof_seal::{record::RECORD_LIMIT, scheme::parse_signed_scheme};

use fieldproof_store::ReadTx;

use crate::{App, NotAllowed, Result, Unlocked, What, error::OrNotFound, retention::may_leave, session::PHOTO_LIMIT};

/// What a photo or file is reckoned to need.
///
/// [`PHOTO_LIMIT`] is twice what the best phone cameras write, and a laptop that could not hold the largest photo at
/// every place would be refused work that it can do; so half of it counts. More than reckoned may be attached: then the
/// disk may still be full in the middle, which loses nothing and says so.
const PHOTO_ROOM: u64 = (PHOTO_LIMIT / 2) as u64;

/// What a session needs beside its evidence: whatever is written stands in the write-ahead log first, the largest photo
/// and the record file too.
const WORKING_ROOM: u64 = (PHOTO_LIMIT + 2 * RECORD_LIMIT) as u64;

/// Room for an assessment, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// What there is; `None` where the machine does not say.
    pub free: Option<u64>,
    /// What the scheme may need.
    pub needed: u64,
    /// What [`App::retire_evidence`] would free.
    pub may_leave: u64,
}

impl App {
    /// Tells whether an assessment under a scheme finds room.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Scheme`].
    pub fn room(&self, scheme: SchemeId) -> Result<Room> {
        let unlocked = self.unlocked()?;
        let free = self.free_bytes(&unlocked)?;
        unlocked.store.read(|tx| {
            let signed = tx.scheme(scheme)?.or_not_found(What::Pack)?;
            let needed = needed(&parse_signed_scheme(&signed, None)?.0);
            Ok(Room { free, needed, may_leave: may_leave(tx, &unlocked.store)?.bytes })
        })
    }

    /// Fails where `sessions` sessions under a scheme may not find room.
    pub(crate) fn require_room(
        &self,
        tx: &ReadTx<'_>,
        unlocked: &Unlocked,
        scheme: &Scheme,
        sessions: u64,
    ) -> Result<()> {
        let needed = needed(scheme).saturating_mul(sessions);
        match self.free_bytes(unlocked)? {
            Some(free) if free < needed => {
                let may_leave = may_leave(tx, &unlocked.store)?.bytes;
                Err(NotAllowed::NoRoom { free, needed, may_leave }.into())
            }
            _ => Ok(()),
        }
    }

    /// Free on the disk, and inside the evidence file, which does not shrink.
    fn free_bytes(&self, unlocked: &Unlocked) -> Result<Option<u64>> {
        let spare = unlocked.store.evidence().spare_bytes()?;
        Ok(self.host.free_bytes(&self.dir).map(|free| free.saturating_add(spare)))
    }
}

/// What a session under a scheme may need: a picture of every credential, everything that criteria demand, and room to
/// write it.
fn needed(scheme: &Scheme) -> u64 {
    let attached = |kind: EvidenceKind| matches!(kind, EvidenceKind::Photo | EvidenceKind::File);
    let demands = scheme.criteria().filter_map(|(_, criterion)| criterion.evidence);
    let demanded = demands.filter(|demand| attached(demand.kind)).map(|demand| u64::from(demand.count));
    let credentials = u64::try_from(scheme.gate.prerequisites.len()).unwrap_or(u64::MAX);
    let items = demanded.fold(credentials, u64::saturating_add);
    items.saturating_mul(PHOTO_ROOM).saturating_add(WORKING_ROOM)
}

#[cfg(test)]
mod tests {
    use fieldproof_seal::scheme::parse_scheme;

    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn room_is_reckoned_from_credentials_and_from_what_criteria_demand() {
        let document = include_str!("../../../assets/schemes/live-work-battery.json");
        let values = include_str!("../../../assets/schemes/live-work-battery.values.json");
        let mut scheme = parse_scheme(document, values, None).unwrap();
        let credentials = u64::try_from(scheme.gate.prerequisites.len()).unwrap();
        let demanded = |scheme: &Scheme| needed(scheme) - WORKING_ROOM - credentials * PHOTO_ROOM;
        let photos = scheme.criteria().filter_map(|(_, criterion)| criterion.evidence);
        let count: u64 = photos.map(|demand| u64::from(demand.count)).sum();
        assert!(0 < count && demanded(&scheme) <= count * PHOTO_ROOM, "{count}");
        let all = |scheme: &mut Scheme, kind| {
            for step in scheme.parts.iter_mut().flat_map(|part| &mut part.tasks).flat_map(|task| &mut task.steps) {
                for criterion in &mut step.criteria {
                    criterion.evidence = Some(fieldproof_model::scheme::EvidenceDemand { kind, count: 2 });
                }
            }
        };
        let criteria = u64::try_from(scheme.criteria().count()).unwrap();
        for (kind, each) in [
            (EvidenceKind::Photo, 2 * PHOTO_ROOM),
            (EvidenceKind::File, 2 * PHOTO_ROOM),
            (EvidenceKind::Note, 0),
            (EvidenceKind::Reading, 0),
        ] {
            all(&mut scheme, kind);
            assert_eq!(demanded(&scheme), criteria * each, "{kind:?}");
        }
        assert_eq!((PHOTO_ROOM, WORKING_ROOM), (25 * MIB / 2, 41 * MIB));
    }
}
