//! Recording what was seen. Recording is never blocked by a rule; the rule shows in the result.

use fieldproof_model::{
    clock::Elapsed,
    decision::decide,
    id::SessionId,
    observation::{Answer, Observation, Observed, Score},
    scheme::{CriterionId, PartId, RuleId, Scheme},
    session::Phase,
    time::Timestamp,
};
use fieldproof_store::WriteTx;

use crate::{
    App, Invalid, NotAllowed, Result, What,
    error::OrNotFound,
    retention,
    session::{LOG_FULL, SessionState, open_state, team},
    words::{checked_optional_text, checked_text},
};

/// The furthest a tap can be set back, in seconds: an hour.
const SET_BACK_LIMIT: u32 = 3_600;

impl App {
    /// Records one observation, seen `seen_seconds_ago` before the tap. It is on disk when this returns.
    ///
    /// # Errors
    /// [`Invalid`] for something incomplete; [`NotAllowed`] before the exercise and after the result was confirmed;
    /// [`fieldproof_store::StoreError::DiskFull`] when it could not be kept.
    pub fn observe(&self, id: SessionId, observed: Observed, seen_seconds_ago: u32) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let at = self.moment().seen_earlier(seen_seconds_ago.min(SET_BACK_LIMIT));
        // Whatever is being sent makes room.
        self.direct.tapped(at.elapsed);
        let state = unlocked.store.write(|tx| -> Result<_> {
            let mut state = open_state(tx, &unlocked, id)?;
            check_phase(state.session.phase, &observed)?;
            check(&state, &observed, at.tapped_at)?;
            if let Observed::Photo { digest, .. } | Observed::File { digest, .. } = &observed {
                retention::name(tx, &unlocked.store, *digest)?;
            }
            let observation = append(tx, &mut state, at, observed)?;
            team::share(tx, &mut state, &observation)?;
            Ok(state)
        })?;
        if !matches!(state.session.phase, Phase::Exercise | Phase::Stopped) {
            self.direct.exercise_is_over();
            self.host.ring();
        }
        Ok(state)
    }

    /// Ends the exercise: the result can be looked at and confirmed.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn end_exercise(&self, id: SessionId) -> Result<SessionState> {
        self.observe(id, Observed::Ended, 0)
    }

    /// Goes back to the exercise before the result is confirmed.
    ///
    /// # Errors
    /// [`NotAllowed::NotOver`].
    pub fn continue_exercise(&self, id: SessionId) -> Result<SessionState> {
        self.observe(id, Observed::Continued, 0)
    }
}

/// What the clocks said when somebody tapped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) tapped_at: Timestamp,
    seen_at: Timestamp,
    elapsed: Option<Elapsed>,
}

impl Moment {
    fn seen_earlier(self, seconds: u32) -> Self {
        Self { seen_at: self.tapped_at.seconds_earlier(seconds), ..self }
    }

    /// The same tap, for something that needs no setting back.
    pub(super) const fn seen_when_tapped(self) -> Self {
        Self { seen_at: self.tapped_at, ..self }
    }

    /// The moment of an observation that was made already.
    pub(super) const fn of(observation: &Observation) -> Self {
        Self { tapped_at: observation.tapped_at, seen_at: observation.seen_at, elapsed: observation.elapsed }
    }
}

impl App {
    pub(super) fn moment(&self) -> Moment {
        let now = self.now();
        Moment { tapped_at: now, seen_at: now, elapsed: self.host.elapsed() }
    }
}

/// Adds an observation behind the log of `state`, which then stands as it would be read again.
pub(super) fn append(
    tx: &WriteTx<'_>,
    state: &mut SessionState,
    Moment { tapped_at, seen_at, elapsed }: Moment,
    observed: Observed,
) -> Result<Observation> {
    let sequence = state.session.last_sequence.checked_add(1).ok_or(LOG_FULL)?;
    let beacon = state.beacon.map(|(_, at)| at);
    let observation = Observation { sequence, tapped_at, seen_at, observed, elapsed, beacon };
    tx.append_observation(state.row.id, &observation)?;
    state.session.apply(&observation);
    state.decision = decide(&state.scheme, &state.case(), &state.session);
    state.log.push(observation.clone());
    Ok(observation)
}

fn check(state: &SessionState, observed: &Observed, now: Timestamp) -> Result<()> {
    let scheme = &state.scheme;
    match observed {
        Observed::Score { criterion, score, reason } => {
            known_criterion(scheme, criterion)?;
            let reason = checked_optional_text(reason.as_deref().unwrap_or_default(), 1_000)?;
            if *score == Score::NotApplicable && reason.is_none() {
                return Err(Invalid::ReasonMissing.into());
            }
        }
        Observed::Answered { criterion, answer } => {
            known_criterion(scheme, criterion)?;
            check_answer(answer)?;
        }
        Observed::Note { criterion, text } => attached(scheme, criterion.as_ref(), Some((text, 4_000)))?,
        Observed::Photo { criterion, .. } => attached(scheme, criterion.as_ref(), None)?,
        Observed::File { criterion, name, .. } => attached(scheme, criterion.as_ref(), Some((name, 200)))?,
        Observed::TesterBefore { criterion, source, .. } | Observed::TesterAfter { criterion, source, .. } => {
            known_criterion(scheme, criterion)?;
            checked_text(source, 200)?;
        }
        Observed::Reading { criterion, point, reading, .. } => {
            known_criterion(scheme, criterion)?;
            checked_text(point, 200)?;
            checked_text(reading, 60)?;
        }
        Observed::PartBegan(part) | Observed::PartEnded(part) => known_part(scheme, part)?,
        Observed::PartMarked { part, points, of, on, reference } => {
            let known = scheme.part(part).or_not_found(What::Part)?;
            checked_text(reference, 200)?;
            if !known.is_marked() || *of == 0 || of < points {
                return Err(Invalid::Points.into());
            }
            // A clock that is known to be behind says nothing about which day has come.
            if !state.clock_is_behind(now) && now.date() < *on {
                return Err(Invalid::FutureDay.into());
            }
        }
        Observed::Said { rule, note, .. } => {
            known_rule(scheme, rule)?;
            checked_optional_text(note, 1_000)?;
        }
        Observed::Confirmed { borderline, note } => check_confirmed(state, *borderline, note)?,
        Observed::StopExplained { why, .. } => {
            checked_text(why, 1_000)?;
        }
        Observed::Resume { made_safe, gate_checked } => check_resume(state, *made_safe && *gate_checked)?,
        Observed::Started
        | Observed::Reenergised
        | Observed::SecondPersonLeft
        | Observed::SecondPersonReturned
        | Observed::Stop
        | Observed::SwappedOut
        | Observed::SwappedIn
        | Observed::Shared { .. }
        | Observed::Ended
        | Observed::Continued => {}
    }
    Ok(())
}

/// Something attached to a criterion, or to the whole session, perhaps with a text.
fn attached(scheme: &Scheme, criterion: Option<&CriterionId>, text: Option<(&str, usize)>) -> Result<()> {
    if let Some(criterion) = criterion {
        known_criterion(scheme, criterion)?;
    }
    if let Some((text, limit)) = text {
        checked_text(text, limit)?;
    }
    Ok(())
}

fn check_answer(answer: &Answer) -> Result<()> {
    match answer {
        Answer::Measured(_, instrument) => {
            checked_optional_text(instrument, 200)?;
        }
        Answer::Written(text) => {
            checked_text(text, 4_000)?;
        }
        Answer::Level(_) | Answer::Chosen(_) | Answer::Counted(_) | Answer::Timed(_) | Answer::Heard(..) => {}
    }
    Ok(())
}

/// A flag needs its reason, and "not passed" a word to the candidate.
fn check_confirmed(state: &SessionState, borderline: bool, note: &str) -> Result<()> {
    let is_silent = checked_optional_text(note, 4_000)?.is_none();
    if is_silent && borderline {
        return Err(Invalid::ReasonMissing.into());
    }
    if is_silent && state.decision.outcome.needs_feedback() {
        return Err(Invalid::FeedbackMissing.into());
    }
    Ok(())
}

fn check_resume(state: &SessionState, both_checks: bool) -> Result<()> {
    if state.session.stops.last().is_some_and(|stop| stop.explained.is_none()) {
        return Err(NotAllowed::StopNotTold.into());
    }
    if both_checks { Ok(()) } else { Err(NotAllowed::ResumeChecks.into()) }
}

fn known_criterion(scheme: &Scheme, criterion: &CriterionId) -> Result<()> {
    scheme.criterion(criterion).or_not_found(What::Criterion).map(|_| ())
}

fn known_part(scheme: &Scheme, part: &PartId) -> Result<()> {
    scheme.part(part).or_not_found(What::Part).map(|_| ())
}

fn known_rule(scheme: &Scheme, rule: &RuleId) -> Result<()> {
    let known = scheme.order.iter().any(|order| order.id == *rule)
        || scheme.waits.iter().any(|wait| wait.id == *rule)
        || scheme.parts.iter().any(|part| part.id.as_str() == rule.as_str());
    if known { Ok(()) } else { Err(crate::Error::NotFound(What::Rule)) }
}

fn check_phase(phase: Phase, observed: &Observed) -> Result<()> {
    match phase {
        Phase::Gate => return Err(NotAllowed::NotBegun.into()),
        Phase::Acknowledgement => return Err(NotAllowed::Confirmed.into()),
        Phase::Exercise | Phase::Stopped | Phase::Decision => {}
    }
    let needs_over = matches!(observed, Observed::Continued | Observed::Confirmed { .. });
    let needs_stop = matches!(observed, Observed::Resume { .. });
    // Who works is changed by swapping, which speaks to both logs.
    let is_made_elsewhere =
        matches!(observed, Observed::Started | Observed::SwappedIn | Observed::SwappedOut | Observed::Shared { .. });
    if is_made_elsewhere {
        return Err(NotAllowed::Begun.into());
    }
    if needs_over && phase != Phase::Decision {
        return Err(NotAllowed::NotOver.into());
    }
    if needs_stop && phase != Phase::Stopped {
        return Err(NotAllowed::ResumeChecks.into());
    }
    Ok(())
}
