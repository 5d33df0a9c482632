//! What is kept, for how long and for whom.

use std::path::Path;

use fieldproof_app::{Retired, Room};
use fieldproof_seal::parts::PartKind;

use crate::dto::*;

pub(crate) fn room(room: &Room) -> RoomView {
    RoomView {
        free_bytes: room.free,
        needed_bytes: room.needed,
        may_leave_bytes: room.may_leave,
        is_too_little: room.free.is_some_and(|free| free < room.needed),
    }
}

pub(crate) fn retired(retired: &Retired) -> RetiredView {
    RetiredView { items: u32::try_from(retired.items).unwrap_or(u32::MAX), bytes: retired.bytes }
}

pub(crate) fn exported(path: &Path) -> ExportedView {
    ExportedView { path: path.to_string_lossy().into_owned() }
}

/// A part that was erased; the scheme never is.
pub(crate) const fn part(part: PartKind) -> Option<RecordPartView> {
    match part {
        PartKind::Person => Some(RecordPartView::Person),
        PartKind::Log => Some(RecordPartView::Log),
        PartKind::People => Some(RecordPartView::People),
        PartKind::Gate => Some(RecordPartView::Gate),
        PartKind::Decision => Some(RecordPartView::Decision),
        PartKind::Acknowledgements => Some(RecordPartView::Acknowledgements),
        PartKind::Course => Some(RecordPartView::Course),
        PartKind::Location => Some(RecordPartView::Location),
        PartKind::Scheme => None,
    }
}
