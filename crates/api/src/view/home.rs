//! The unlock and home screens.

use fieldproof_app::{
    Disagreement, EpochReport, Error, Home, Restored, SendReport, Status, session::SessionState, words,
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

/// `last` is what came of the last sending, `noticed` what nobody has seen yet.
pub(crate) fn home(
    home: Home,
    (last, noticed): (&Last, Option<String>),
    (today, is_coordinator): (Date, bool),
) -> HomeView {
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
        noticed,
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

/// What came to light with a sending, and only people can go after: a line for each thing.
pub(crate) fn noticed(report: &SendReport) -> Option<String> {
    lines([epoch(&report.epoch), chains(report), papers(report.papers_refused), heard_anew(report)], "\n")
}

/// What did not come through with the last sending.
pub(crate) fn warning(report: &SendReport) -> Option<String> {
    lines([not_looked_at(&report.epoch), untold(report), feed(report)], " ")
}

fn lines<const N: usize>(told: [Option<String>; N], between: &str) -> Option<String> {
    let told: Vec<String> = told.into_iter().flatten().collect();
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

/// Papers that are out and that the register takes for none.
fn papers(refused: usize) -> Option<String> {
    let papers = match refused {
        0 => return None,
        1 => "1 certificate".to_owned(),
        many => format!("{many} certificates"),
    };
    Some(format!(
        "The register cannot read {papers} that this laptop opened for printing. Tell the coordinator whose they are."
    ))
}

/// A register that lost what is nowhere any more, or goes on contradicting this laptop.
fn epoch(report: &EpochReport) -> Option<String> {
    let mut told = Vec::new();
    if 0 < report.evidence_gone {
        told.push(format!(
            "Of {} records the register lost photos or files that are no longer on this laptop. Tell the coordinator.",
            report.evidence_gone
        ));
    }
    let contradicts = report.disagreement.map(|disagreement| match disagreement {
        Disagreement::Snapshot => "an older list of what was withdrawn than this laptop holds",
        Disagreement::Beacon => "an older time than this laptop holds",
        Disagreement::Epoch => "an earlier epoch than this laptop holds receipts of",
    });
    if let Some(what) = contradicts {
        told.push(format!("The register shows {what}. Nothing was replaced. Tell the coordinator."));
    }
    (!told.is_empty()).then(|| told.join(" "))
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

/// What is kept, harms nobody, and has a cause that only people can find.
fn chains(report: &SendReport) -> Option<String> {
    let because = if 0 < report.forks {
        let forks = report.forks;
        format!(
            "In this laptop's chains are places where the register holds something else as well: {forks}. Somebody \
             works with a copy of this laptop."
        )
    } else if 0 < report.entries_refused {
        format!("Of this laptop's chains the register did not take some entries: {}.", report.entries_refused)
    } else if 0 < report.chains_differ {
        format!("The register has other entries of this laptop's chains than this laptop: {}.", report.chains_differ)
    } else {
        return None;
    };
    Some(format!("{because} Nothing was lost, and everything is kept. Tell the coordinator."))
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

/// A register that forgot what it had told this laptop.
fn heard_anew(report: &SendReport) -> Option<String> {
    report.packs.as_ref().ok().filter(|packs| packs.is_anew).map(|_| {
        "The register did not know of everything that it had told this laptop: it was restored from a backup, or lost \
         something. This laptop heard everything anew. Tell the coordinator."
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use fieldproof_app::{Invalid, PackProblem, PackReport};

    use super::*;

    #[test]
    fn whatever_only_people_can_mend_is_told() {
        let report = |packs, chains_differ| SendReport {
            packs,
            complete: 1,
            failed: Vec::new(),
            not_sent: 0,
            forks: 0,
            entries_refused: 0,
            chains_differ,
            untold: None,
            papers_refused: 0,
            epoch: EpochReport { epoch: 1, ..EpochReport::default() },
        };
        let nothing = report(Ok(PackReport::default()), 0);
        assert_eq!((warning(&nothing), noticed(&nothing)), (None, None));
        let broken = Some(Error::Http(HttpError::Broken(None)));
        let told = warning(&SendReport { untold: broken, ..report(Ok(PackReport::default()), 0) }).unwrap();
        assert!(told.contains("connection to the register broke") && told.contains("next sending"), "{told}");
        let differ = noticed(&report(Ok(PackReport::default()), 1)).unwrap();
        assert!(differ.contains("other entries") && differ.contains("Tell the coordinator"), "{differ}");
        let refused = SendReport { papers_refused: 2, ..report(Ok(PackReport::default()), 0) };
        let told = noticed(&refused).unwrap();
        assert!(told.contains("cannot read 2 certificates that this laptop opened"), "{told}");
        let with = |epoch| SendReport { epoch, ..report(Ok(PackReport::default()), 0) };
        let gone =
            EpochReport { epoch: 2, is_new: true, lost: 3, given_back: 2, evidence_gone: 1, ..Default::default() };
        let told = noticed(&with(gone)).unwrap();
        assert!(told.contains("Of 1 records") && told.contains("no longer on this laptop"), "{told}");
        for (lost, still_lost, expected) in [(0, 0, "lost none"), (3, 0, "has them back"), (3, 1, "has 2 back")] {
            let told = restored(&Restored { epoch: 2, lost, still_lost });
            assert!(told.contains("epoch 2") && told.contains(expected), "{told}");
        }
        let contradicts = EpochReport { epoch: 1, disagreement: Some(Disagreement::Snapshot), ..Default::default() };
        let told = noticed(&with(contradicts)).unwrap();
        assert!(told.contains("older list") && told.contains("Nothing was replaced"), "{told}");
        let unknown = Some(Error::Http(HttpError::Fault(Fault::NotAdmitted)));
        assert_eq!(warning(&with(EpochReport { refused: unknown, ..Default::default() })), None);
        let shut = Err(Error::from(Invalid::Pack(PackProblem::Shut)));
        let told = warning(&report(shut, 0)).unwrap();
        assert!(told.contains("pack") && told.contains("for another laptop"), "{told}");
        let why = Box::new(Error::from(Invalid::Pack(PackProblem::Shut)));
        let told = warning(&report(Err(Error::Entry { number: 7, why }), 0)).unwrap();
        assert!(told.contains("Entry 7") && told.contains("for another laptop"), "{told}");
        let heard = report(Ok(PackReport { unknown: 2, is_anew: true, ..Default::default() }), 0);
        let told = [noticed(&heard).unwrap(), warning(&heard).unwrap()];
        assert!(told[0].contains("heard everything anew") && told[1].contains("cannot read (2)"), "{told:?}");
    }
}
