//! The laptop screen: who can open it, backups, the drill; and restoring.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{choices::*, home::StatusView};
use crate::secret::Secret;

shapes! {
    /// Somebody with a passphrase here.
    struct AccessView {
        /// Their identifier.
        id: String,
        /// Their name.
        name: String,
        /// Whether it is whoever works now.
        is_me: bool,
    }
    /// A recovery key that opens the store.
    struct RecoveryView {
        /// Who holds it.
        kind: RecoveryChoice,
        /// Since which day.
        since: String,
    }
    /// A working key of the institution.
    struct WorkingKeyView {
        /// Its name on the command line.
        id: String,
        /// What it is for.
        role: KeyRoleView,
        /// How far it is to be believed today.
        state: KeyStateView,
        /// Whose it is, where that is known here.
        owner: Option<String>,
        /// Whether it is the key of whoever works now.
        is_own: bool,
        /// First day.
        first: String,
        /// Last day.
        last: String,
    }
    /// The institution's key set as it is on this laptop.
    struct KeySetView {
        /// Higher numbers replace lower ones.
        number: u32,
        /// The day on which it was made.
        made: String,
        /// The working keys.
        keys: Vec<WorkingKeyView>,
    }
    /// The laptop screen.
    struct LaptopView {
        /// Everybody with a passphrase.
        people: Vec<AccessView>,
        /// Everybody known here who has none.
        others: Vec<PersonChoice>,
        /// The recovery keys.
        recovery: Vec<RecoveryView>,
        /// When the last backup was made.
        #[ts(type = "number | null")]
        backed_up_at: Option<i64>,
        /// When a recovery key was last tried.
        #[ts(type = "number | null")]
        drilled_at: Option<i64>,
        /// Bytes that a backup takes.
        #[ts(type = "number")]
        bytes: u64,
        /// Bytes that have to be free in its folder while it is made.
        #[ts(type = "number")]
        backup_needs: u64,
        /// Whether whoever works has a PIN now.
        has_pin: bool,
        /// Since when the operating system's key store opens the laptop for sending.
        key_store_since: Option<String>,
        /// Folders to back up to: sticks and the documents folder.
        places: Vec<String>,
        /// The institution's keys, once it has answered.
        key_set: Option<KeySetView>,
    }
    /// A person to choose.
    struct PersonChoice {
        /// Their identifier.
        id: String,
        /// Their name.
        name: String,
    }
    /// A drawn passphrase.
    struct DrawnView {
        /// Five words.
        #[ts(type = "string")]
        passphrase: Secret,
    }
    /// Somebody's new passphrase.
    struct GiveAccessInput {
        /// Whose.
        person_id: String,
        /// The passphrase.
        #[ts(type = "string")]
        passphrase: Secret,
    }
    /// One's own new passphrase.
    struct ChangePassphraseInput {
        /// The one so far.
        #[ts(type = "string")]
        old: Secret,
        /// The one from now on.
        #[ts(type = "string")]
        new: Secret,
    }
    /// Whose access ends.
    struct TakeAccessInput {
        /// Theirs.
        person_id: String,
    }
    /// A PIN for as long as the program runs.
    struct SetPinInput {
        /// Six to twelve digits.
        #[ts(type = "string")]
        pin: Secret,
    }
    /// Unlocking with a PIN.
    struct UnlockWithPinInput {
        /// Who.
        assessor_id: String,
        /// Their PIN.
        #[ts(type = "string")]
        pin: Secret,
    }
    /// What was sent while nobody was in.
    struct SentView {
        /// Records that are in the register since.
        complete: u32,
        /// Records that stay on the laptop for now.
        kept: u32,
    }
    /// Where a backup goes.
    struct BackUpInput {
        /// The folder.
        folder: String,
    }
    /// A backup.
    struct BackupView {
        /// Where it lies.
        path: String,
        /// When it was made.
        #[ts(type = "number")]
        made_at: i64,
        /// Its size.
        #[ts(type = "number")]
        bytes: u64,
    }
    /// Backups found on sticks and in the documents folder, the newest first.
    struct BackupsView {
        /// The backups.
        backups: Vec<BackupView>,
    }
    /// How far the work has come.
    struct ProgressView {
        /// In a hundred; `None` while nothing is under way.
        percent: Option<u8>,
    }
    /// A try of a recovery key.
    struct DrillInput {
        /// As typed or scanned.
        #[ts(type = "string")]
        recovery_key: Secret,
        /// A backup to read along, where one is given.
        backup: Option<String>,
    }
    /// What the try showed.
    struct DrillView {
        /// Who holds the key.
        kind: RecoveryChoice,
        /// When the backup was made that was read to its end.
        #[ts(type = "number | null")]
        backup_made_at: Option<i64>,
    }
    /// What is restored, and what opens it.
    struct RestoreInput {
        /// Where the backup lies.
        backup: String,
        /// How it is opened.
        with: RestoreChoice,
        /// The passphrase or the recovery key.
        #[ts(type = "string")]
        secret: Secret,
    }
    /// A restored laptop.
    struct RestoredView {
        /// What was there before, and is kept.
        set_aside: Option<String>,
        /// Who can unlock now.
        status: StatusView,
    }
    /// A new passphrase by a recovery key.
    struct RecoverAccessInput {
        /// Whose.
        person_id: String,
        /// As typed or scanned.
        #[ts(type = "string")]
        recovery_key: Secret,
        /// The passphrase.
        #[ts(type = "string")]
        passphrase: Secret,
    }
}
