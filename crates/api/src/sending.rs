//! Sending by itself: how it stands, its switches, and what came of the last time.

use std::sync::{PoisonError, RwLockWriteGuard};

use fieldproof_app::{Leaving, Link, Rest, Result, SendReport, Sending, Wait};

use crate::{
    Api,
    commands::Answer,
    dto::*,
    error,
    view::{
        home::{self, warning},
        megabytes,
    },
};

/// What came of the last time somebody or something sent.
#[derive(Debug)]
pub(crate) struct Last {
    /// Why it came to nothing.
    pub(crate) unsent: Option<String>,
    /// What went wrong with one record, by session.
    pub(crate) notes: Vec<(String, String)>,
    /// What goes on by itself, or with the next sending.
    pub(crate) warning: Option<String>,
}

impl Last {
    pub(crate) const NONE: Self = Self { unsent: None, notes: Vec::new(), warning: None };

    fn of(sent: &Result<SendReport>) -> Self {
        match sent {
            Err(error) => Self { unsent: Some(error::view(error).message), ..Self::NONE },
            Ok(report) => Self {
                unsent: None,
                notes: report.failed.iter().map(|(id, why)| (id.to_string(), error::view(why).message)).collect(),
                warning: warning(report),
            },
        }
    }
}

/// What came of a sending beside records that arrived, ready to show.
#[must_use]
pub fn told(report: &SendReport) -> Vec<String> {
    let failed = report.failed.iter().map(|(_, why)| error::view(why).message);
    home::noticed(&report.findings()).into_iter().chain(warning(report)).chain(failed).collect()
}

impl Api {
    /// Sends what waits, where nothing speaks against it, and remembers what came of it; says when to ask again.
    pub fn send_in_background(&self) -> Wait {
        let (sent, wait) = self.app().send_in_background();
        if let Some(sent) = sent {
            self.note(&sent);
        }
        wait
    }

    /// Remembers what came of a sending.
    pub(crate) fn note(&self, sent: &Result<SendReport>) {
        *self.last() = Last::of(sent);
    }

    /// The connection is another one, or costs something else.
    pub fn link_changed(&self) {
        self.app().link_changed();
    }

    pub(crate) fn sending(&self, _: Nothing) -> Answer<SendingView> {
        let sending = self.app().sending().map_err(|e| error::view(&e))?;
        Ok(view(&sending, self.last().unsent.clone()))
    }

    pub(crate) fn pause_sending(&self, input: SwitchInput) -> Answer<SendingView> {
        self.app().pause_sending(input.on).map_err(|e| error::view(&e))?;
        self.sending(Nothing {})
    }

    pub(crate) fn spare_metered(&self, input: SwitchInput) -> Answer<SendingView> {
        self.app().spare_metered(input.on).map_err(|e| error::view(&e))?;
        self.sending(Nothing {})
    }

    pub(crate) fn last(&self) -> RwLockWriteGuard<'_, Last> {
        // Words that are ready to show; nothing half written does harm.
        self.last.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

fn view(sending: &Sending, unsent: Option<String>) -> SendingView {
    SendingView {
        leaving: sending.leaving.map(|leaving| leaving_view(&leaving)),
        rest: match sending.rest {
            // Nobody waits for it.
            Rest::Nothing | Rest::Unheard { .. } => RestView::Nothing,
            Rest::Shut => RestView::Shut,
            Rest::Paused => RestView::Paused,
            Rest::Metered => RestView::Metered,
            Rest::Exercise { .. } => RestView::Exercise,
            Rest::Retry { .. } => RestView::Retry,
        },
        note: unsent,
        waiting: sending.waiting.map(count),
        paused: sending.is_paused,
        spares_metered: sending.spares_metered,
        link: match sending.link {
            Link::Metered => LinkView::Metered,
            Link::Free => LinkView::Free,
            Link::CannotTell => LinkView::CannotTell,
        },
        kept: sending.kept,
    }
}

fn leaving_view(leaving: &Leaving) -> LeavingView {
    let (done, all) = leaving.bytes;
    let evidence = if all == 0 {
        String::new()
    } else {
        format!(": {} of {} of photos and files", megabytes(done), megabytes(all))
    };
    let (all_done, all_all) = leaving.all_bytes;
    LeavingView {
        session_id: leaving.session.map(|session| session.to_string()),
        note: format!("Record {} of {}{evidence}.", leaving.record, leaving.records),
        record: count(leaving.record),
        records: count(leaving.records),
        percent: all_done.saturating_mul(100).checked_div(all_all).and_then(|percent| u8::try_from(percent).ok()),
    }
}
