//! Sealing: the session becomes signed bytes, with a certificate's token where one may go out. Nothing changes after.

use std::collections::BTreeSet;

use fieldproof_certificate::render_certificate;
use fieldproof_model::{
    decision::{Hold, holds},
    digest::Digest,
    gate::Millivolts,
    id::{CertificateId, SessionId},
    scheme::PartKind as PartKindAssessed,
    session::Phase,
    time::{Date, Timestamp},
    validity::Rules,
};
use fieldproof_seal::{
    course::course_value,
    digest_of,
    gate::gate_value,
    keys::SecretKey,
    observation::evidence_of,
    parts::{
        AcknowledgementRole, Part, PartKind, acknowledgement_value, decision_value, location_value, log_value,
        people_value, person_value,
    },
    receipt::Beacon,
    record::{Record, RecordFile},
    token::{HolderMark, Standing, Token, to_link},
};
use fieldproof_store::{
    ReadTx, StoreError, WriteTx,
    table::{chain_entries::ChainRow, pack_items::PackItem, records::RecordRow},
};

use crate::{
    App, NotAllowed, Result, Unlocked,
    people::read_trust,
    session::{Sealed, SessionState, certificate_facts, open_state, read_state, require_phase},
};

/// Why only a result sheet goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The result is not "pass".
    NotPassed,
    /// Something of the session holds it.
    Held(Hold),
    /// The assessor's new key waits for its delegation.
    NotDelegated,
    /// The delegation does not allow certificates.
    MayNotCertify,
    /// The delegation does not cover today.
    OutsideDelegation,
    /// What the certificate must say does not fit its symbol or its page, or holds letters that no face has.
    NotPrintable,
}

impl SessionState {
    /// Lists why no certificate may be printed on `today`; empty when one may.
    #[must_use]
    pub fn obstacles(&self, today: Date) -> Vec<Obstacle> {
        let passed = self.decision.outcome == fieldproof_model::decision::Outcome::Pass;
        let holds = holds(&self.scheme, &self.case(), &self.course, &self.session);
        let delegation = self.delegation.as_ref();
        let own = [
            (!passed, Obstacle::NotPassed),
            (self.delegation.is_none(), Obstacle::NotDelegated),
            (delegation.is_some_and(|delegation| !delegation.may_certify), Obstacle::MayNotCertify),
            (delegation.is_some_and(|delegation| !delegation.covers(today)), Obstacle::OutsideDelegation),
        ]
        .into_iter()
        .filter_map(|(stands, obstacle)| stands.then_some(obstacle));
        own.chain(holds.into_iter().map(Obstacle::Held)).collect()
    }
}

/// Randomness for one seal.
pub(super) struct Salts {
    parts: [[u8; 16]; 9],
    certificate: CertificateId,
}

impl App {
    /// Seals the session with the assessor's key.
    ///
    /// # Errors
    /// [`NotAllowed::NotConfirmed`], [`NotAllowed::Acknowledgements`].
    pub fn seal(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let (now, salts) = (self.now(), self.salts());
        let sealed = unlocked.store.write(|tx| {
            let state = open_state(tx, &unlocked, id)?;
            require_phase(&state, Phase::Acknowledgement, NotAllowed::NotConfirmed)?;
            let gave = |role| state.acknowledgements.iter().any(|given| given.role == role);
            let second_gave = state.second_person.is_none() || gave(AcknowledgementRole::SecondPerson);
            if !gave(AcknowledgementRole::Candidate) || !second_gave {
                return Err(NotAllowed::Acknowledgements.into());
            }
            append_record(tx, &unlocked, &state, (now, &salts), None)?;
            read_state(tx, id)
        });
        self.host.ring();
        sealed
    }

    pub(super) fn salts(&self) -> Salts {
        Salts { parts: std::array::from_fn(|_| self.random()), certificate: CertificateId::new(self.random()) }
    }
}

/// Seals the session as it stands; `corrected` is the record that this one corrects, and why.
pub(super) fn append_record(
    tx: &WriteTx<'_>,
    unlocked: &Unlocked,
    state: &SessionState,
    (now, salts): (Timestamp, &Salts),
    corrected: Option<(&Sealed, &str)>,
) -> Result<()> {
    let evidence = evidence(state);
    for (digest, _) in &evidence {
        // A record must not name a photo that is not there, unless a record before brought it to the register.
        if !state.left.contains_key(digest) {
            unlocked.store.evidence().get(*digest)?.ok_or(StoreError::Damaged("photo"))?;
        }
    }
    let delegation = tx.delegation(unlocked.chain, state.row.scheme_id)?.unwrap_or_default();
    let parts = parts(state, salts)?;
    let mut record = Record {
        purpose: state.purpose,
        link: tx.next_link(unlocked.chain)?,
        session: state.row.id,
        sealed_at: now,
        beacon: read_beacon(tx)?,
        scheme: digest_of(&state.row.scheme),
        delegation,
        outcome: state.decision.outcome,
        certificate: None,
        parts: parts.iter().map(|(kind, part)| (kind.number(), part.digest())).collect(),
        evidence,
        language: state.row.language.clone(),
        partner: state.row.partner,
        attempt: state.row.attempt,
        clock: state.clock_grade(now),
        supersedes: corrected.map(|(sealed, reason)| (sealed.row.digest, reason.to_owned())),
        endorsements: Vec::new(),
    };
    let mut token = certificate_token(state, &record, now.date(), salts.certificate);
    // A correction gives nobody a longer validity than the paper that it replaces.
    if let Some(token) = &mut token
        && let Some(signed) = corrected.and_then(|(sealed, _)| sealed.row.token.as_ref())
    {
        let (before, _) = Token::parse(signed)?;
        (token.issued_on, token.valid_until) = (before.issued_on, before.valid_until);
    }
    // Neither length depends on the digest still to come, so whether it fits symbol and page is known before sealing.
    if let Some(drafted) = &token
        && !can_be_printed(tx, state, drafted, &unlocked.key)?
    {
        token = None;
    }
    record.certificate = token.as_ref().map(|token| token.certificate);
    let file = RecordFile {
        sealed: record.sign(&unlocked.key),
        parts: parts.into_iter().map(|(kind, part)| (kind.number(), part)).collect(),
        attached: Vec::new(),
    };
    let digest = file.digest();
    let token = token.and_then(|token| Token { record: digest, ..token }.sign(&unlocked.key).ok());
    let entry = ChainRow { signed: file.sealed.clone(), is_record: true };
    tx.append_chain_entry(unlocked.chain, record.link, &entry)?;
    let session = state.row.id;
    tx.add_record(&RecordRow { digest, session, file: file.to_bytes(), token, document_opened_at: None })?;
    Ok(())
}

/// Whether the token fits its symbol, and everything the certificate says can be printed on its page.
fn can_be_printed(tx: &ReadTx<'_>, state: &SessionState, token: &Token, key: &SecretKey) -> Result<bool> {
    let trust = read_trust(tx)?;
    let Ok(signed) = token.sign(key) else {
        return Ok(false);
    };
    let link = to_link(&trust.key_set.address, &signed);
    Ok(render_certificate(&certificate_facts(state, &trust.key_set, token, link)).is_ok())
}

/// Every picture and file that the log or the gate names.
pub(crate) fn evidence(state: &SessionState) -> Vec<(Digest, u64)> {
    let mut evidence = evidence_of(&state.log);
    for photo in state.row.gate.prerequisites.values().filter_map(|shown| shown.photo) {
        if !evidence.contains(&(photo.digest, photo.size)) {
            evidence.push((photo.digest, photo.size));
        }
    }
    evidence
}

/// One that cannot be read counts as none: it leaves the clock unconfirmed, and holds no tap up.
pub(crate) fn read_beacon(tx: &ReadTx<'_>) -> Result<Option<(u32, Timestamp)>> {
    let beacon = tx.pack_item(PackItem::Beacon)?.and_then(|signed| Beacon::parse(&signed).ok());
    Ok(beacon.map(|(beacon, _)| (beacon.number, beacon.at)))
}

fn parts(state: &SessionState, salts: &Salts) -> Result<Vec<(PartKind, Part)>> {
    let confirmed = state.session.confirmed.as_ref().ok_or(NotAllowed::NotConfirmed)?;
    let acknowledgements = state.acknowledgements.iter().map(acknowledgement_value).collect();
    let people = people_value(&state.assessor.person, state.second_person.as_ref().map(|row| &row.person));
    let contents = [
        (PartKind::Person, person_value(&state.candidate.person)),
        (PartKind::Log, log_value(&state.log)),
        (PartKind::People, people),
        (PartKind::Gate, gate_value(&state.row.gate)),
        (PartKind::Decision, decision_value(&state.decision, confirmed.borderline, &confirmed.note)),
        (PartKind::Acknowledgements, fieldproof_seal::cbor::array(acknowledgements)),
        (PartKind::Scheme, fieldproof_seal::cbor::bytes(state.row.scheme.clone())),
        (PartKind::Course, course_value(&state.course)),
        (PartKind::Location, location_value(&state.course.site)),
    ];
    Ok(contents.into_iter().zip(salts.parts).map(|((kind, content), salt)| (kind, Part::new(salt, content))).collect())
}

/// The certificate's token, when one may go out. Its record digest is filled in once the record is sealed.
fn certificate_token(state: &SessionState, record: &Record, today: Date, certificate: CertificateId) -> Option<Token> {
    if !state.obstacles(today).is_empty() {
        return None;
    }
    let gate = &state.row.gate;
    let values = &state.scheme.values;
    Some(Token {
        purpose: state.purpose,
        certificate,
        record: record.scheme,
        chain_index: record.link.index,
        holder: state.candidate.person.name.as_str().to_owned(),
        mark: state.candidate.person.birth_year.map(HolderMark::BirthYear),
        scheme_title: state.scheme.short_title.clone(),
        scheme_version: state.scheme.version.clone(),
        unit: state.scheme.unit.clone(),
        parts: parts_passed(state),
        exercise_state: gate.object_state,
        voltage: gate.object_voltage.map(Millivolts::volts_rounded_up).zip(gate.object_voltage_kind),
        issued_on: today,
        valid_until: Rules::of(&state.scheme, 0).term().map(|term| term.last_day(today)),
        standing: Standing::OnSite {
            beacon: record.beacon.map(|(number, at)| (number, at.date())),
            clock: record.clock,
            confirm_by: today.days_later(values.confirm_by_days),
            delegation: record.delegation.clone(),
        },
    })
}

/// The kinds of the scheme's parts. A certificate goes out only when every part was passed.
fn parts_passed(state: &SessionState) -> Vec<PartKindAssessed> {
    let kinds: BTreeSet<_> = state.scheme.parts.iter().map(|part| part.kind).collect();
    kinds.into_iter().collect()
}
