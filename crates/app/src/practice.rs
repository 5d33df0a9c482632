//! What keeps a certificate in force after it was issued: activity entries, and how the holder stands on a day.

use fieldproof_model::{
    decision::Outcome,
    digest::Digest,
    id::{PersonId, SessionId},
    scheme::Scheme,
    time::Date,
    validity::{Activity, Entry, Holding, Rules, ShownBeside, Standing, Withdrawal, standing},
};
use fieldproof_seal::{
    chain::{ChainEntry, ChainEvent},
    scheme::parse_signed_scheme,
    snapshot::{CertificateDigest, Withdrawn},
    token::Token,
};
use fieldproof_store::{ReadTx, table::people::PersonRow};

use crate::{
    App, Invalid, NotAllowed, Result, What,
    error::OrNotFound,
    people::read_trust,
    retention,
    session::{Place, SessionState, append_event, keep_file, own_state},
    words::checked_optional_text,
};

/// How many days ahead the screen reminds.
const REMIND_DAYS: u32 = 90;

/// How the holder of a certificate stands, and why.
#[derive(Debug, Clone)]
pub struct Practice {
    /// The session the certificate came from.
    pub state: SessionState,
    /// How they stand today.
    pub standing: Standing,
    /// Every entry known on this laptop, the newest first.
    pub activities: Vec<Activity>,
    /// Everybody known here.
    pub people: Vec<PersonRow>,
}

impl App {
    /// Reads how the holder of a session's certificate stands today.
    ///
    /// # Errors
    /// [`NotAllowed::NoCertificate`] when none went out.
    pub fn practice(&self, id: SessionId) -> Result<Practice> {
        let unlocked = self.unlocked()?;
        let today = self.today();
        unlocked.store.read(|tx| read_practice(tx, own_state(tx, &unlocked, id)?, today))
    }

    /// Keeps a file that shows an activity, before the entry that names it. Of a picture only the picture is kept.
    ///
    /// # Errors
    /// [`crate::Error::PhotoTooLarge`], [`crate::Error::PhotoOfOtherKind`], [`crate::Error::PhotoUnreadable`].
    pub fn keep_proof(&self, bytes: &[u8]) -> Result<Digest> {
        Ok(keep_file(&*self.unlocked()?, bytes)?.0)
    }

    /// Signs an activity entry about the holder of a session's certificate, and reads how they stand with it.
    ///
    /// The entry is an entry of the assessor key's chain, and travels to the register with it.
    ///
    /// # Errors
    /// [`Invalid::Entry`] for what is no entry; [`Invalid::FutureDay`]; [`NotAllowed::NoCertificate`].
    pub fn record_activity(
        &self,
        id: SessionId,
        on: Date,
        entry: Entry,
        attested_by: Option<PersonId>,
        proof: Option<Digest>,
    ) -> Result<Practice> {
        let unlocked = self.unlocked()?;
        let (now, entry_id) = (self.now(), SessionId::new(self.random()));
        if now.date() < on {
            return Err(Invalid::FutureDay.into());
        }
        if let Entry::Work { kind, .. } = &entry {
            checked_optional_text(kind, 200)?;
        }
        if let Some(proof) = proof {
            unlocked.store.evidence().has(proof)?.then_some(()).ok_or(Invalid::Malformed)?;
        }
        let practice = unlocked.store.write(|tx| {
            let state = own_state(tx, &unlocked, id)?;
            certificate(&state)?;
            let known = |id: &str| state.scheme.validity.complementary.iter().any(|rule| rule.id == id);
            if matches!(&entry, Entry::ComplementaryRenewed { id, .. } if !known(id)) {
                return Err(Invalid::Malformed.into());
            }
            let counts = |kind: &String| state.scheme.validity.lapse.as_ref().is_none_or(|l| l.work.contains(kind));
            if matches!(&entry, Entry::Work { kind, .. } if !counts(kind)) {
                return Err(Invalid::OtherWork.into());
            }
            let attested_by = attested_by.unwrap_or(unlocked.assessor);
            tx.person(attested_by)?.or_not_found(What::Person)?;
            let activity =
                Activity { holder: state.row.candidate, scheme: state.scheme.id, on, entry, attested_by, proof };
            activity.check().map_err(Invalid::Entry)?;
            if let Some(proof) = proof {
                retention::name(tx, &unlocked.store, proof)?;
            }
            append_event(
                tx,
                (unlocked.chain, &unlocked.key),
                state.purpose,
                (entry_id, now),
                ChainEvent::Activity(activity),
            )?;
            read_practice(tx, state, now.date())
        })?;
        self.direct.tell_soon();
        self.host.ring();
        Ok(practice)
    }
}

/// The token of the certificate that went out.
fn certificate(state: &SessionState) -> Result<Token> {
    let sealed = state.sealed.as_ref().filter(|sealed| sealed.record.outcome == Outcome::Pass);
    let token = sealed.and_then(|sealed| sealed.row.token.as_ref()).ok_or(NotAllowed::NoCertificate)?;
    Ok(Token::parse(token)?.0)
}

fn read_practice(tx: &ReadTx<'_>, state: SessionState, today: Date) -> Result<Practice> {
    let token = certificate(&state)?;
    let mut activities = read_activities(tx, &state)?;
    activities.sort_by_key(|activity| std::cmp::Reverse(activity.on));
    let holding = Holding {
        holder: state.row.candidate,
        scheme: state.scheme.id,
        issued_on: token.issued_on,
        last_day: token.valid_until,
        renewals: Vec::new(),
        activities: activities.clone(),
        complementary: shown_beside(&state),
        withdrawals: withdrawals(tx, &state, &token)?,
    };
    let mut rules = Rules::of(&state.scheme, REMIND_DAYS);
    // Editions that came after the issue stand in the scheme as it is in the pack now.
    if let Some(signed) = tx.scheme(state.row.scheme_id)? {
        let (now, _) = parse_signed_scheme(&signed, None)?;
        rules.superseded_on.extend(now.legal_basis.iter().filter_map(|basis| basis.superseded_on));
    }
    let standing = standing(&rules, &holding, today);
    Ok(Practice { standing, activities, people: tx.people()?, state })
}

/// What this laptop knows to have been taken away: by the register's refusal, or by its list.
fn withdrawals(tx: &ReadTx<'_>, state: &SessionState, token: &Token) -> Result<Vec<Withdrawal>> {
    let mut found = Vec::new();
    if let Some(Place::Refused(refusal)) = state.sealed.as_ref().map(|sealed| &sealed.place) {
        found.push(Withdrawal::Refused { from: refusal.at.date() });
    }
    let trust = read_trust(tx)?;
    let listed =
        trust.snapshot.as_ref().and_then(|list| list.withdrawn.get(&CertificateDigest::of(&token.certificate)));
    found.extend(listed.map(|(how, from)| match how {
        Withdrawn::Revoked => Withdrawal::Revoked { from: *from },
        Withdrawn::Suspended => Withdrawal::Suspended { from: *from, until: None },
        Withdrawn::Refused => Withdrawal::Refused { from: *from },
    }));
    Ok(found)
}

/// Every entry about the holder under the scheme, from the chains of all assessors of this laptop.
fn read_activities(tx: &ReadTx<'_>, state: &SessionState) -> Result<Vec<Activity>> {
    let mut found = Vec::new();
    for chain in tx.chains()? {
        for row in tx.chain(chain)?.into_iter().filter(|row| !row.is_record) {
            let (entry, _) = ChainEntry::parse(&row.signed)?;
            if let ChainEvent::Activity(activity) = entry.event
                && activity.holder == state.row.candidate
                && activity.scheme == state.row.scheme_id
            {
                found.push(activity);
            }
        }
    }
    Ok(found)
}

/// The credentials beside it that were shown at the gate, where the scheme calls them by one name.
fn shown_beside(state: &SessionState) -> Vec<ShownBeside> {
    let scheme: &Scheme = &state.scheme;
    let beside = scheme.validity.complementary.iter().filter_map(|rule| {
        let shown = state.row.gate.prerequisites.get(&rule.id)?;
        Some(ShownBeside { id: rule.id.clone(), issued: shown.issued?, expires: shown.expires })
    });
    beside.collect()
}
