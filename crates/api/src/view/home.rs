//! The unlock and home screens.

use fieldproof_app::{
    EpochReport, Error, Finding, Findings, Home, Restored, SendReport, Status, session::SessionState, words,
};
use fieldproof_model::{course::Course, id::PersonId, scheme::Scheme, session::Phase, time::Date};
use fieldproof_seal::envelope::Purpose;
use fieldproof_sync::HttpError;
use fieldproof_wire::Fault;

use crate::{
    dto::*,
    enrol::count,
    sending::Last,
    shelf,
    view::{document, person, phase, place, result, scheme::scheme},
};

fn assessor((id, name): (PersonId, String), with_pin: &[PersonId]) -> AssessorView {
    AssessorView { id: id.to_string(), name, has_pin: with_pin.contains(&id) }
}

pub(crate) fn status(status: Status, demonstration: Option<DemonstrationView>) -> StatusView {
    StatusView {
        institution: status.institution.unwrap_or_default(),
        assessors: status.assessors.into_iter().map(|known| assessor(known, &status.with_pin)).collect(),
        unlocked: status.unlocked.map(|known| assessor(known, &status.with_pin)),
        sends_while_locked: status.sends_while_locked,
        demonstration,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// `last` is what came of the last sending, `unseen` what came to light and nobody has seen yet.
pub(crate) fn home(home: Home, (last, unseen): (&Last, &Findings), (today, is_coordinator): (Date, bool)) -> HomeView {
    HomeView {
        assessor: assessor(home.assessor, &[]),
        institution: home.institution,
        is_coordinator,
        demonstration: home.purpose == Purpose::Demonstration,
        courses: home.courses.iter().map(|known| course(known, &home.schemes)).collect(),
        schemes: home.schemes.iter().map(|known| scheme(known, None, today)).collect(),
        people: home.people.iter().map(person).collect(),
        sessions: home.sessions.iter().map(|state| row(state, last)).collect(),
        unreadable: count(home.unreadable),
        earlier: count(home.earlier),
        register: home.register_address,
        warning: last.warning.clone(),
        noticed: noticed(unseen),
        restored: home.restored.as_ref().map(restored),
        shelf: home.shelf.iter().map(shelf::row).collect(),
    }
}

/// Those that [`home`] leaves out.
pub(crate) fn earlier((sessions, unreadable): &(Vec<SessionState>, usize), last: &Last) -> EarlierView {
    EarlierView { sessions: sessions.iter().map(|state| row(state, last)).collect(), unreadable: count(*unreadable) }
}

fn course(course: &Course, schemes: &[Scheme]) -> CourseView {
    let needed = schemes.iter().find(|scheme| scheme.id == course.scheme).map_or(&[][..], |s| &s.course_facts);
    CourseView {
        id: course.id.to_string(),
        scheme_id: course.scheme.to_string(),
        title: course.title.clone(),
        site: course.site.clone(),
        trainer: course.trainer.clone(),
        voltage_level: course.voltage_level.clone(),
        first_day: course.first_day.map(|day| day.to_string()),
        last_day: course.last_day.map(|day| day.to_string()),
        missing: course.missing(needed).into_iter().map(|fact| words::course_fact(fact).to_owned()).collect(),
    }
}

fn row(state: &SessionState, last: &Last) -> SessionRowView {
    let sealed = state.sealed.as_ref();
    let facts = sealed.map(place);
    let is_here = facts.as_ref().is_some_and(|facts| facts.place == PlaceView::OnThisLaptop);
    let waits = is_here || facts.as_ref().is_some_and(|facts| facts.place == PlaceView::Held);
    let id = state.row.id.to_string();
    let failed = last.notes.iter().find(|(session, _)| *session == id).map(|(_, why)| why.clone());
    let unsent = last.unsent.as_ref().filter(|_| is_here).map(|why| format!("{why} Kept on this laptop."));
    let why = failed.or(unsent).filter(|_| waits);
    let over = sealed.is_some() || matches!(state.session.phase, Phase::Decision | Phase::Acknowledgement);
    SessionRowView {
        id,
        candidate_name: state.candidate.person.name.as_str().to_owned(),
        second_person_name: state.second_person.as_ref().map(|row| row.person.name.as_str().to_owned()),
        scheme_title: state.scheme.title.clone(),
        opened_at: state.row.opened_at.as_millis(),
        touched_at: state.touched_at().as_millis(),
        partner_id: state.partner.as_ref().map(|partner| partner.session.to_string()),
        stands_by: state.session.stands_by,
        phase: phase(state),
        result: over.then(|| result(state.decision.outcome)),
        place: facts.as_ref().map(|facts| facts.place),
        register_number: facts.as_ref().and_then(|facts| facts.number),
        registered_at: facts.as_ref().and_then(|facts| facts.at),
        place_note: why.or_else(|| facts.and_then(|facts| facts.note)),
        document: sealed.map(|sealed| document(sealed.row.token.is_some())),
        document_opened_at: sealed.and_then(|sealed| sealed.row.document_opened_at).map(|at| at.as_millis()),
    }
}

/// What only people can go after: a line for each thing.
pub(crate) fn noticed(found: &Findings) -> Option<String> {
    lines(found.iter().map(|(finding, many)| noticed_line(*finding, *many)), "\n")
}

fn noticed_line(finding: Finding, many: usize) -> String {
    const KEPT: &str = "Nothing was lost, and everything is kept. Tell the coordinator.";
    const NOT_REPLACED: &str = "Nothing was replaced. Tell the coordinator.";
    match finding {
        Finding::EvidenceGone => {
            let records = of("record", many);
            format!(
                "The register lost photos or files of {records} that are no longer on this laptop. Tell the coordinator."
            )
        }
        Finding::OlderSnapshot => {
            format!("The register shows an older list of what was withdrawn than this laptop holds. {NOT_REPLACED}")
        }
        Finding::OlderBeacon => format!("The register shows an older time than this laptop holds. {NOT_REPLACED}"),
        Finding::EarlierEpoch => {
            format!("The register shows an earlier epoch than this laptop holds receipts of. {NOT_REPLACED}")
        }
        Finding::Forks => format!(
            "In this laptop's chains are places where the register holds something else as well: {many}. Somebody works \
             with a copy of this laptop. {KEPT}"
        ),
        Finding::EntriesRefused => {
            format!("Of this laptop's chains the register did not take some entries: {many}. {KEPT}")
        }
        Finding::ChainsDiffer => {
            format!("The register has other entries of this laptop's chains than this laptop: {many}. {KEPT}")
        }
        Finding::PapersRefused => {
            let papers = of("certificate", many);
            format!(
                "The register cannot read {papers} that this laptop opened for printing. Tell the coordinator whose they \
                 are."
            )
        }
        Finding::HeardAnew => {
            "The register did not know of everything that it had told this laptop: it was restored from \
                               a backup, or lost something. This laptop heard everything anew. Tell the coordinator."
                .to_owned()
        }
    }
}

fn of(thing: &str, many: usize) -> String {
    if many == 1 { format!("1 {thing}") } else { format!("{many} {thing}s") }
}

/// What did not come through with the last sending.
pub(crate) fn warning(report: &SendReport) -> Option<String> {
    lines([not_looked_at(&report.epoch), untold(report), feed(report)].into_iter().flatten(), " ")
}

fn lines(told: impl Iterator<Item = String>, between: &str) -> Option<String> {
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(between))
}

/// Chains and papers go before records; what comes through without them looks whole and is not.
fn untold(report: &SendReport) -> Option<String> {
    let view = crate::error::view(report.untold.as_ref()?);
    Some(format!(
        "How far this laptop's chains go, or which papers are out, did not reach the register. {} It is told with the next \
         sending.",
        view.message
    ))
}

/// A register that was restored from a backup.
fn restored(restored: &Restored) -> String {
    let Restored { epoch, lost, still_lost } = restored;
    let records = match (lost, still_lost) {
        (0, _) => "Of this laptop's records it lost none.".to_owned(),
        (_, 0) => format!("It lost {lost} of this laptop's records and has them back, receipts and all."),
        _ => format!(
            "It lost {lost} of this laptop's records and has {} back, receipts and all; the list says which.",
            lost.saturating_sub(*still_lost)
        ),
    };
    format!(
        "The register was restored from a backup and counts anew, in epoch {epoch}. Every laptop of the institution \
         should send once. {records}"
    )
}

/// A register that was shown what it signed and would not look.
fn not_looked_at(report: &EpochReport) -> Option<String> {
    // That it does not know this laptop stands beside every record.
    let error = report.refused.as_ref().filter(|error| !is_not_admitted(error))?;
    let view = crate::error::view(error);
    Some(format!("The register did not look at what this laptop holds of it. {} {}", view.message, view.next))
}

const fn is_not_admitted(error: &Error) -> bool {
    matches!(error, Error::Http(HttpError::Fault(Fault::NotAdmitted)))
}

/// Packs, and what else the institution tells this laptop.
fn feed(report: &SendReport) -> Option<String> {
    let packs = match &report.packs {
        Ok(packs) => packs,
        Err(error) => {
            let view = crate::error::view(error);
            let told = format!("{} {}", view.message, view.next);
            let is_said = matches!(error, Error::Feed(_) | Error::Entry { .. });
            return Some(if is_said { told } else { format!("The institution's pack did not come through. {told}") });
        }
    };
    (0 < packs.unknown).then(|| {
        format!(
            "The institution told this laptop something that this version of Fieldproof cannot read ({}). Install the newer \
             version.",
            packs.unknown
        )
    })
}

#[cfg(test)]
mod tests {
    use fieldproof_app::{Invalid, PackProblem, PackReport};

    use super::*;

    #[test]
    fn whatever_did_not_come_through_is_told_in_words() {
        let report = |packs| SendReport {
            packs,
            complete: 1,
            failed: Vec::new(),
            not_sent: 0,
            forks: 0,
            entries_refused: 0,
            chains_differ: 0,
            untold: None,
            papers_refused: 0,
            epoch: EpochReport { epoch: 1, ..EpochReport::default() },
        };
        let nothing = report(Ok(PackReport::default()));
        assert_eq!((warning(&nothing), noticed(&nothing.findings())), (None, None));
        let broken = Some(Error::Http(HttpError::Broken(None)));
        let told = warning(&SendReport { untold: broken, ..report(Ok(PackReport::default())) }).unwrap();
        assert!(told.contains("connection to the register broke") && told.contains("next sending"), "{told}");
        let unknown = Some(Error::Http(HttpError::Fault(Fault::NotAdmitted)));
        let epoch = EpochReport { refused: unknown, ..EpochReport::default() };
        assert_eq!(warning(&SendReport { epoch, ..report(Ok(PackReport::default())) }), None);
        let shut = Err(Error::from(Invalid::Pack(PackProblem::Shut)));
        let told = warning(&report(shut)).unwrap();
        assert!(told.contains("pack") && told.contains("for another laptop"), "{told}");
        let why = Box::new(Error::from(Invalid::Pack(PackProblem::Shut)));
        let told = warning(&report(Err(Error::Entry { number: 7, why }))).unwrap();
        assert!(told.contains("Entry 7") && told.contains("for another laptop"), "{told}");
        let heard = report(Ok(PackReport { unknown: 2, is_anew: true, ..Default::default() }));
        let told = [noticed(&heard.findings()).unwrap(), warning(&heard).unwrap()];
        assert!(told[0].contains("heard everything anew") && told[1].contains("cannot read (2)"), "{told:?}");
    }

    #[test]
    fn whatever_only_people_can_go_after_is_told_in_words() {
        for (finding, many, expected) in [
            (Finding::EvidenceGone, 1, "photos or files of 1 record that"),
            (Finding::EvidenceGone, 2, "photos or files of 2 records that"),
            (Finding::OlderSnapshot, 1, "older list of what was withdrawn"),
            (Finding::OlderBeacon, 1, "older time"),
            (Finding::EarlierEpoch, 1, "earlier epoch"),
            (Finding::Forks, 2, "holds something else as well: 2. Somebody works with a copy of this laptop."),
            (Finding::EntriesRefused, 3, "did not take some entries: 3."),
            (Finding::ChainsDiffer, 1, "other entries of this laptop's chains"),
            (Finding::PapersRefused, 1, "cannot read 1 certificate that this laptop opened"),
            (Finding::PapersRefused, 2, "cannot read 2 certificates that this laptop opened"),
            (Finding::HeardAnew, 1, "heard everything anew"),
        ] {
            let told = noticed(&Findings::from([(finding, many)])).unwrap();
            assert!(told.contains(expected) && told.contains("Tell the coordinator"), "{told}");
        }
        let both = noticed(&Findings::from([(Finding::Forks, 2), (Finding::HeardAnew, 1)])).unwrap();
        assert_eq!(both.lines().count(), 2, "{both}");
        for (lost, still_lost, expected) in [(0, 0, "lost none"), (3, 0, "has them back"), (3, 1, "has 2 back")] {
            let told = restored(&Restored { epoch: 2, lost, still_lost });
            assert!(told.contains("epoch 2") && told.contains(expected), "{told}");
        }
    }
}
