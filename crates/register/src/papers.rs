//! Papers: certificates that a laptop opened for printing, known here whatever becomes of their records.

use fieldproof_model::digest::Digest;
use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::{Paper, PaperBack, PapersAnswer};

use crate::{
    RegisterError,
    core::Core,
    table::papers::{self, Told},
};

impl Core {
    /// Takes papers; those that are none are named in the answer and keep none of the others away.
    pub(crate) fn receive_papers(&self, told: &[Paper]) -> Result<PapersAnswer, RegisterError> {
        let now = self.now();
        let mut answer = PapersAnswer { held: 0, refused: Vec::new() };
        let mut found: Vec<(Digest, Told)> = Vec::new();
        for paper in told {
            // Under a delegation that nobody here stands by a paper is out just as much.
            match paper.read().filter(|read| self.purpose().covers(read.token.purpose)) {
                Some(read) => {
                    let assessor_key = read.delegation.assessor_key;
                    found
                        .push((read.token.record, Told { assessor_key, paper: paper.clone(), at: now, back_at: None }));
                }
                None => answer.refused.push(digest_of(&paper.token)),
            }
        }
        answer.held = u32::try_from(found.len()).unwrap_or(u32::MAX);
        if !found.is_empty() {
            self.write(|tx| found.iter().try_for_each(|(record, told)| papers::keep(tx, record, told)))?;
        }
        Ok(answer)
    }

    /// Notes what a coordinator says became of a paper.
    pub(crate) fn note_back(&self, by: &PublicKey, said: PaperBack) -> Result<PapersAnswer, RegisterError> {
        self.check_coordinators(by)?;
        let back = said.is_back.then(|| (self.now(), by));
        let is_known = self.write(|tx| papers::note_back(tx, &said.token, back))?;
        Ok(PapersAnswer { held: is_known.into(), refused: if is_known { Vec::new() } else { vec![said.token] } })
    }
}
