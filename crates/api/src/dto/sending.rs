//! How sending stands: what leaves now, why nothing does, and the two switches.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::choices::*;

shapes! {
    /// What is being sent at this moment.
    struct LeavingView {
        /// Whose record; `null` while the laptop is locked.
        session_id: Option<String>,
        /// How far it is, ready to show.
        note: String,
        /// Its place among the records that are being sent, from 1; 0 before the first one's turn.
        record: u32,
        /// How many are being sent.
        records: u32,
        /// How far photos and files have come, in a hundred; `null` where there are none.
        percent: Option<u8>,
    }
    /// How sending stands.
    struct SendingView {
        /// What leaves now.
        leaving: Option<LeavingView>,
        /// Why nothing is sent by itself, where nothing is.
        rest: RestView,
        /// Why the last try came to nothing, ready to show.
        note: Option<String>,
        /// How many records are neither in the register nor refused; `null` while the laptop is locked.
        waiting: Option<u32>,
        /// Whether somebody paused it.
        paused: bool,
        /// Whether nothing is sent by itself over a link that is paid for by volume.
        spares_metered: bool,
        /// What the connection costs, when it was last looked at.
        link: LinkView,
        /// Rises with every answer of the register that was kept.
        kept: u32,
    }
    /// What somebody has seen.
    struct DismissInput {
        /// The words that were shown.
        shown: String,
    }
    /// A switch.
    #[derive(Copy)]
    struct SwitchInput {
        /// Whether it is to be on.
        on: bool,
    }
}
