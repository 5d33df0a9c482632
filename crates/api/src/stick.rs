//! The commands of the stick: a bundle written, and the answers that come back.

#![expect(clippy::needless_pass_by_value, reason = "every command takes its input whole")]

use std::path::Path;

use fieldproof_app::{AnsweredRecord, AnswersReport, BundleProgress, Error, Said};
use fieldproof_wire::limit;

use crate::{
    commands::{Answer, Api},
    dto::*,
    enrol::count,
    error,
};

const ANSWERS_LIMIT: u64 = limit::ANSWERS;

impl Api {
    pub(crate) fn stick(&self, _: Nothing) -> Answer<StickView> {
        let carried = self.app().to_carry().map_err(|e| error::view(&e))?;
        Ok(StickView {
            records: count(carried.records),
            files: count(carried.evidence),
            bytes: carried.bytes,
            waiting: count(carried.waiting),
            has_key: carried.has_key,
            places: self.places(),
            answers_limit: ANSWERS_LIMIT,
        })
    }

    pub(crate) fn write_bundle(&self, input: FolderInput) -> Answer<BundleView> {
        let written = self.app().write_bundle_into(Path::new(&input.folder), &mut |progress| {
            self.progress(percent(progress));
        });
        self.progress(None);
        let (path, report) = written.map_err(|e| error::view(&e))?;
        let home = self.app().home().map_err(|e| error::view(&e))?;
        let left_out = report.left_out.iter().map(|(session, why)| {
            let known = home.sessions.iter().find(|state| state.row.id == *session);
            let ErrorView { message, next, .. } = error::view(why);
            let candidate = known.map(|state| state.candidate.person.name.as_str().to_owned()).unwrap_or_default();
            LeftOutView { session_id: session.to_string(), candidate, message, next }
        });
        Ok(BundleView {
            bytes: std::fs::metadata(&path).map_or(0, |metadata| metadata.len()),
            path: path.display().to_string(),
            records: count(report.records),
            files: count(report.evidence),
            left_out: left_out.collect(),
            is_full: report.is_full,
        })
    }

    pub(crate) fn bundles(&self, _: Nothing) -> Answer<FoundBundlesView> {
        let bundles = self.app().bundles().into_iter().map(|found| FoundBundleView {
            path: found.path.display().to_string(),
            bytes: found.bytes,
            has_answers: found.has_answers,
        });
        Ok(FoundBundlesView { bundles: bundles.collect() })
    }

    pub(crate) fn carry_bundle(&self, input: CarryBundleInput) -> Answer<CarriedView> {
        let carried = self.app().carry_bundle(Path::new(&input.path), &mut |progress| {
            let percent = progress.done.saturating_mul(100).checked_div(progress.of).unwrap_or(100);
            self.progress(u8::try_from(percent).ok());
        });
        self.progress(None);
        let carried = carried.map_err(|e| error::carrying(&e))?;
        Ok(CarriedView { answers: carried.answers.display().to_string(), was_whole: carried.was_whole })
    }

    /// Takes the answers that a stick brought back.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn take_answers(&self, bytes: &[u8]) -> Answer<AnswersView> {
        if u64::try_from(bytes.len()).is_ok_and(|length| ANSWERS_LIMIT < length) {
            return Err(error::answers_too_large(ANSWERS_LIMIT));
        }
        self.app().take_answers_from(bytes).map(|report| answers(&report)).map_err(|e| error::view(&e))
    }
}

fn percent(progress: BundleProgress) -> Option<u8> {
    u8::try_from(progress.done.saturating_mul(100).checked_div(progress.of).unwrap_or(100)).ok()
}

fn answers(report: &AnswersReport) -> AnswersView {
    AnswersView {
        records: report.records.iter().map(answered).chain(report.failed.iter().map(not_believed)).collect(),
        ignored: count(report.ignored),
        remarks: remarks(report),
    }
}

fn answered(record: &AnsweredRecord) -> RecordAnswerView {
    let (what, text) = match &record.said {
        Said::Complete(_) | Said::Held(_) if record.was_lost => (
            RecordAnswerChoice::NotTaken,
            "The register signed for it before it was restored from a backup, and may not have it now. Write another file \
             and have it carried: it goes back with it."
                .to_owned(),
        ),
        Said::Complete(_) if 0 < record.lost => (
            RecordAnswerChoice::Held,
            format!(
                "The register has the record again and misses photos or files that it had: {}. What is still here goes \
                 with another file.",
                record.lost
            ),
        ),
        Said::Complete(complete) => {
            let number = complete.receipt.log_index;
            (RecordAnswerChoice::InRegister, format!("In the register, no. {number}. The register has signed for it."))
        }
        Said::Held(_) => (
            RecordAnswerChoice::Held,
            "The register has the record and waits for photos or files. Write another file and have it carried."
                .to_owned(),
        ),
        Said::Refused(refused) => (
            RecordAnswerChoice::Refused,
            format!(
                "The register refused it: {}. It stays here; ask the coordinator.",
                error::refusal(refused.refusal.reason)
            ),
        ),
    };
    RecordAnswerView { session_id: record.session.to_string(), candidate: record.candidate.clone(), what, text }
}

fn not_believed((session, why): &(fieldproof_model::id::SessionId, Error)) -> RecordAnswerView {
    let ErrorView { message, next, .. } = error::view(why);
    RecordAnswerView {
        session_id: session.to_string(),
        candidate: String::new(),
        what: RecordAnswerChoice::NotTaken,
        text: format!("{message} {next}"),
    }
}

/// What concerns no single record.
fn remarks(report: &AnswersReport) -> Vec<String> {
    let mut remarks = Vec::new();
    if report.was_whole == Some(false) {
        remarks.push(
            "The register could not read the file that was carried to its end: write another one and have it carried."
                .to_owned(),
        );
    }
    if let Some(broken) = &report.broken {
        let ErrorView { message, .. } = error::view_bundle(broken);
        remarks.push(format!("{message} What stood before counts. Copy the answers again, whole, and open them here."));
    }
    if let Some(epoch) = report.new_epoch {
        remarks.push(format!(
            "The register was restored from a backup and counts anew, in epoch {epoch}. It lost {} of this laptop's \
             records. Write another file and have it carried: what it lost goes with it.",
            report.lost
        ));
    }
    if 0 < report.forks {
        remarks.push(format!(
            "In this laptop's chains are places where the register holds something else as well: {}. Somebody works \
             with a copy of this laptop. Tell the coordinator.",
            report.forks
        ));
    }
    if 0 < report.entries_refused {
        remarks.push(format!(
            "Of this laptop's chains the register did not take some entries: {}. Tell the coordinator.",
            report.entries_refused
        ));
    }
    if 0 < report.chains_differ {
        remarks.push(format!(
            "The register has other entries of this laptop's chains than this laptop: {}. Nothing was lost. Tell the \
             coordinator.",
            report.chains_differ
        ));
    }
    remarks
}
