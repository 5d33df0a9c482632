//! The paper: a certificate where one may go out, a result sheet otherwise, drawn from what was sealed and opened.

use fieldproof_certificate::{
    CertificateFacts, Fact, ResultSheetFacts, Shape, SheetLine, render_certificate, render_result_sheet,
};
use fieldproof_model::{
    course::CourseFact,
    decision::{Answer, Judged, Line, Outcome, Rule},
    id::SessionId,
    scheme::{Need, SecondPersonPolicy},
};
use fieldproof_seal::{
    envelope::Purpose,
    key_set::KeySet,
    short_code::short_code,
    token::{Standing, Token, to_link},
};

#[cfg(feature = "sabotage")]
use fieldproof_store::sabotage;

use crate::{
    App, NotAllowed, Result, Unlocked,
    people::read_trust,
    session::{Sealed, SessionState, own_state, read_state, require_whole},
    words,
};

impl App {
    /// Draws the certificate or result sheet of a sealed session and opens it in the viewer.
    ///
    /// # Errors
    /// [`NotAllowed::NotSealed`], [`crate::Error::Render`], [`crate::Error::Viewer`].
    pub fn open_document(&self, id: SessionId) -> Result<SessionState> {
        let unlocked = self.unlocked()?;
        let (name, pdf) = self.draw_document(id)?;
        #[cfg(feature = "sabotage")]
        if sabotage::is_set(sabotage::Sabotage::PrintBeforeViewer) {
            self.note_opened(&unlocked, id)?;
        }
        {
            // Locking waits for this, so that no document appears on a locked laptop.
            let still = self.unlocked.read().map_err(|_| crate::Error::Locked)?;
            if still.is_none() {
                return Err(crate::Error::Locked);
            }
            self.host.open_document(name, &pdf)?;
        }
        self.note_opened(&unlocked, id)
    }

    fn note_opened(&self, unlocked: &Unlocked, id: SessionId) -> Result<SessionState> {
        let now = self.now();
        let noted = unlocked.store.write(|tx| {
            let state = read_state(tx, id)?;
            let sealed = state.sealed.ok_or(NotAllowed::NotSealed)?;
            tx.set_document_opened(sealed.row.digest, now)?;
            read_state(tx, id)
        });
        // The register is told that a paper is out.
        self.host.ring();
        noted
    }

    /// Draws the certificate or result sheet: a file name that says nothing about anybody, and the PDF.
    ///
    /// # Errors
    /// [`NotAllowed::NotSealed`], [`NotAllowed::Erased`], [`crate::Error::Render`].
    pub fn draw_document(&self, id: SessionId) -> Result<(&'static str, Vec<u8>)> {
        let unlocked = self.unlocked()?;
        let (state, key_set) =
            unlocked.store.read(|tx| -> Result<_> { Ok((own_state(tx, &unlocked, id)?, read_trust(tx)?.key_set)) })?;
        let sealed = state.sealed.as_ref().ok_or(NotAllowed::NotSealed)?;
        require_whole(&state)?;
        match &sealed.row.token {
            Some(signed) => {
                let (token, _) = Token::parse(signed)?;
                let link = to_link(&key_set.address, signed);
                Ok(("certificate.pdf", render_certificate(&certificate_facts(&state, &key_set, &token, link))?))
            }
            None => Ok(("result-sheet.pdf", render_result_sheet(&result_sheet_facts(&state, &key_set, sealed))?)),
        }
    }
}

/// What a certificate says.
#[must_use]
pub fn certificate_facts(state: &SessionState, key_set: &KeySet, token: &Token, link: String) -> CertificateFacts {
    let mut assessed = assessed(state);
    assessed.push(Fact::new("Passed", format!("{} of {} criteria met", met(state), state.decision.lines.len())));
    CertificateFacts {
        demonstration: token.purpose == Purpose::Demonstration,
        institution: key_set.name.clone(),
        holder: token.holder.clone(),
        birth_year: state.candidate.person.birth_year,
        scheme_title: state.scheme.title.clone(),
        scheme_version: token.scheme_version.clone(),
        scope: state.scheme.scope.clone(),
        course: course(state),
        assessed,
        people: people(state),
        issued_on: token.issued_on.to_string(),
        valid_until: token.valid_until.map(|day| day.to_string()),
        confirm_by: match token.standing {
            Standing::OnSite { confirm_by, .. } => confirm_by.to_string(),
            Standing::Registered { .. } => String::new(),
        },
        certificate_id: short_code(&token.certificate),
        address: key_set.address.clone(),
        token_link: link,
        document_date: state.ended_at().as_millis().div_euclid(1000),
    }
}

/// What a result sheet says.
#[must_use]
pub fn result_sheet_facts(state: &SessionState, key_set: &KeySet, sealed: &Sealed) -> ResultSheetFacts {
    let today = sealed.record.sealed_at.date();
    ResultSheetFacts {
        demonstration: state.purpose == Purpose::Demonstration,
        institution: key_set.name.clone(),
        holder: state.candidate.person.name.as_str().to_owned(),
        birth_year: state.candidate.person.birth_year,
        scheme_title: state.scheme.title.clone(),
        scheme_version: state.scheme.version.clone(),
        scope: state.scheme.scope.clone(),
        course: course(state),
        assessed: assessed(state),
        people: people(state),
        assessed_on: today.to_string(),
        record_id: sheet_number(sealed),
        result: words::outcome(state.decision.outcome).to_owned(),
        result_shape: match state.decision.outcome {
            Outcome::Pass => Shape::Done,
            Outcome::Fail => Shape::Critical,
            Outcome::Open => Shape::NotYet,
            Outcome::NotCompleted => Shape::Stopped,
        },
        because: [words::why_no_certificate(state, today), broken_rules(state)].concat(),
        lines: state.decision.lines.iter().map(|line| sheet_line(state, line)).collect(),
        document_date: state.ended_at().as_millis().div_euclid(1000),
    }
}

/// Every rule that is broken or to be settled, and why.
fn broken_rules(state: &SessionState) -> Vec<String> {
    let rules = state.decision.rules.iter().filter(|(_, answer)| *answer != Answer::Yes);
    rules
        .map(|(rule, answer)| {
            let (text, because) = words::rule(&state.scheme, rule, *answer);
            format!("{text}: {} ({because}).", if *answer == Answer::No { "no" } else { "open" })
        })
        .collect()
}

fn met(state: &SessionState) -> usize {
    state.decision.lines.iter().filter(|line| line.judged == Judged::Met).count()
}

/// The facts of the course; those the scheme's certificate needs, and those that are there.
fn course(state: &SessionState) -> Vec<Fact> {
    let course = &state.course;
    let day = |day: Option<fieldproof_model::time::Date>| day.map_or(String::new(), |day| day.to_string());
    let days = match (course.first_day, course.last_day) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (first, last) => day(first.or(last)),
    };
    let hours = |minutes: Option<u32>| minutes.map_or(String::new(), hours);
    let facts = [
        ("Course", course.title.clone(), None),
        ("Dates", days, Some(CourseFact::Dates)),
        ("Theory", hours(course.theory_minutes), Some(CourseFact::TheoryHours)),
        ("Practice", hours(course.practice_minutes), Some(CourseFact::PracticeHours)),
        ("Voltage level trained", course.voltage_level.clone(), Some(CourseFact::VoltageLevel)),
        ("Working methods", course.working_methods.clone(), Some(CourseFact::WorkingMethods)),
        ("Theory content", course.theory_content.clone(), Some(CourseFact::TheoryContent)),
        ("Practice content", course.practice_content.clone(), Some(CourseFact::PracticeContent)),
        ("Attendance", course.attendance.clone(), Some(CourseFact::Attendance)),
        ("Site", course.site.clone(), Some(CourseFact::Site)),
    ];
    let needed = |fact: &Option<CourseFact>| fact.is_none_or(|fact| state.scheme.course_facts.contains(&fact));
    facts
        .into_iter()
        .filter(|(_, value, fact)| !value.trim().is_empty() || needed(fact))
        .map(|(label, value, _)| Fact::new(label, value))
        .collect()
}

fn hours(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours} h"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn assessed(state: &SessionState) -> Vec<Fact> {
    let gate = &state.row.gate;
    let mut facts = Vec::new();
    if state.scheme.gate.object {
        let voltage = gate.object_voltage.zip(gate.object_voltage_kind);
        facts.extend([
            Fact::new("Exercise object", gate.object_id.clone()),
            Fact::new("Voltage present", voltage.map_or(String::new(), words::voltage)),
            Fact::new("Object was", gate.object_state.map_or("", words::exercise_state)),
        ]);
    }
    facts.extend(gate.live_work_reason.map(|why| Fact::new("Live work, because", words::live_work_reason(why))));
    if 1 < state.scheme.parts.len() {
        let parts = state.decision.rules.iter().filter(|(rule, _)| matches!(rule, Rule::Part { .. }));
        facts.extend(parts.map(|(rule, answer)| {
            let (text, because) = words::rule(&state.scheme, rule, *answer);
            Fact::new("Part", format!("{text}: {because}"))
        }));
    }
    let warnings = state.missing(state.started_on()).into_iter().filter(|(_, need)| *need == Need::Warn);
    let lacking: Vec<_> = warnings.map(|(missing, _)| words::lacking(&state.scheme, &missing)).collect();
    if !lacking.is_empty() {
        facts.push(Fact::new("At the start", lacking.join("; ")));
    }
    facts.extend(state.corrected.last().map(|before| Fact::new("In place of", paper_of(before))));
    facts.extend([
        Fact::new("Supervision", words::supervision(state.scheme.meaning.supervision)),
        Fact::new("Values", format!("Critical criteria and pass rule: {}", state.scheme.values.set_by)),
    ]);
    facts
}

/// The paper of a record that was corrected, by what stands on it.
fn paper_of(sealed: &Sealed) -> String {
    let on = sealed.record.sealed_at.date();
    match &sealed.record.certificate {
        Some(id) => format!("certificate {} of {on}", short_code(id)),
        None => format!("result sheet {} of {on}", sheet_number(sealed)),
    }
}

fn sheet_number(sealed: &Sealed) -> String {
    sealed.row.digest.to_string().to_uppercase().chars().take(10).collect()
}

fn people(state: &SessionState) -> Vec<Fact> {
    let assesses = state.course.trainer_id == Some(state.row.assessor);
    let course = &state.course;
    let trainer = match (course.trainer_contact.trim(), assesses) {
        ("", false) => course.trainer.clone(),
        ("", true) => format!("{} (also the assessor)", course.trainer),
        (contact, false) => format!("{}, {contact}", course.trainer),
        (contact, true) => format!("{}, {contact} (also the assessor)", course.trainer),
    };
    let mut facts = vec![Fact::new("Assessor", state.assessor.person.name.as_str())];
    match &state.second_person {
        Some(second) => facts.push(Fact::new("Second person", second.person.name.as_str())),
        None if state.scheme.people.second_person == SecondPersonPolicy::Nobody => {}
        None => facts.extend(state.row.gate.deviation.as_ref().map(|deviation| {
            let words = format!(
                "nobody stood by. Ground: {}. Risk assessment: {}. Approved by {}.",
                deviation.ground, deviation.risk_assessment, deviation.approver
            );
            Fact::new("Deviation", words)
        })),
    }
    facts.push(Fact::new("Trainer", trainer));
    facts
}

fn sheet_line(state: &SessionState, line: &Line) -> SheetLine {
    let found = state.scheme.criteria().find(|(_, criterion)| criterion.id == line.criterion);
    SheetLine {
        task: found.map_or(String::new(), |(place, _)| place.task.title.clone()),
        text: found.map_or(String::new(), |(_, criterion)| criterion.text.clone()),
        critical: line.critical,
        judged: words::judged(line.judged).to_owned(),
        shape: match line.judged {
            Judged::Met => Shape::Done,
            Judged::NotMet if line.critical => Shape::Critical,
            Judged::NotMet | Judged::Open => Shape::NotYet,
            Judged::Excluded => Shape::NotApplicable,
        },
        because: words::because(&state.scheme, found.map(|(_, criterion)| criterion), &line.because),
    }
}
