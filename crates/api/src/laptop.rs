//! The commands of the laptop screen, and of restoring.

#![expect(clippy::needless_pass_by_value, reason = "every command takes its input whole")]

use std::path::Path;

use fieldproof_app::{Backup, Drill, OwnedKey, RestoreWith};
use fieldproof_model::time::{Date, Timestamp};
use fieldproof_seal::key_set::{KeyRole, KeySet, KeyState};
use fieldproof_store::slots::RecoveryKind;

use crate::{
    commands::{Answer, Api},
    dto::*,
    error, input,
    secret::Secret,
};

impl Api {
    pub(crate) fn laptop(&self, _: Nothing) -> Answer<LaptopView> {
        let read = || -> fieldproof_app::Result<LaptopView> {
            let (access, upkeep, home) = (self.app().access()?, self.app().upkeep()?, self.app().home()?);
            let (me, _) = home.assessor;
            let has_access = |id| access.people.iter().any(|(known, _)| *known == id);
            let others = home.people.iter().filter(|row| !has_access(row.person.id));
            Ok(LaptopView {
                others: others
                    .map(|row| PersonChoice {
                        id: row.person.id.to_string(),
                        name: row.person.name.as_str().to_owned(),
                    })
                    .collect(),
                people: access
                    .people
                    .iter()
                    .map(|(id, name)| AccessView { id: id.to_string(), name: name.clone(), is_me: *id == me })
                    .collect(),
                recovery: access
                    .recovery
                    .iter()
                    .map(|(kind, since)| RecoveryView { kind: recovery(*kind), since: since.to_string() })
                    .collect(),
                backed_up_at: upkeep.backed_up_at.map(Timestamp::as_millis),
                drilled_at: upkeep.drilled_at.map(Timestamp::as_millis),
                bytes: upkeep.bytes,
                backup_needs: self.app().backup_needs(),
                has_pin: self.app().has_pin(me),
                key_store_since: self.app().key_store_since()?.map(|since| since.to_string()),
                places: self.app().places().iter().map(|place| place.display().to_string()).collect(),
                key_set: self.app().key_set()?.map(|known| key_set_view(known, self.app().today())),
            })
        };
        read().map_err(|e| error::view(&e))
    }

    pub(crate) fn draw_passphrase(&self, _: Nothing) -> Answer<DrawnView> {
        Ok(DrawnView { passphrase: Secret::new(self.app().draw_passphrase().to_string()) })
    }

    pub(crate) fn give_access(&self, input: GiveAccessInput) -> Answer<LaptopView> {
        let person = input::person(&input.person_id)?;
        self.then_laptop(self.app().give_access(person, &input.passphrase))
    }

    pub(crate) fn change_passphrase(&self, input: ChangePassphraseInput) -> Answer<LaptopView> {
        self.then_laptop(self.app().change_passphrase(&input.old, &input.new))
    }

    pub(crate) fn take_access(&self, input: TakeAccessInput) -> Answer<LaptopView> {
        let person = input::person(&input.person_id)?;
        self.then_laptop(self.app().take_access(person))
    }

    pub(crate) fn set_pin(&self, input: SetPinInput) -> Answer<LaptopView> {
        self.then_laptop(self.app().set_pin(&input.pin))
    }

    pub(crate) fn make_recovery_sheet(&self, _: Nothing) -> Answer<LaptopView> {
        self.then_laptop(self.app().make_recovery_sheet())
    }

    pub(crate) fn turn_key_store_on(&self, _: Nothing) -> Answer<LaptopView> {
        self.then_laptop(self.app().turn_key_store_on())
    }

    pub(crate) fn turn_key_store_off(&self, _: Nothing) -> Answer<LaptopView> {
        self.then_laptop(self.app().turn_key_store_off())
    }

    /// Whoever stands before a locked laptop learns how many, and nothing about whom.
    pub(crate) fn send_while_locked(&self, _: Nothing) -> Answer<SentView> {
        let report = self.app().send_while_locked().map_err(|e| error::view(&e))?;
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        Ok(SentView {
            complete: count(report.complete),
            kept: count(report.failed.len().saturating_add(report.not_sent)),
        })
    }

    pub(crate) fn unlock_with_pin(&self, input: UnlockWithPinInput) -> Answer<HomeView> {
        let person = input::person(&input.assessor_id)?;
        self.app().unlock_with_pin(person, &input.pin).map_err(|e| error::view(&e))?;
        self.home(Nothing {})
    }

    pub(crate) fn back_up(&self, input: BackUpInput) -> Answer<BackupView> {
        let done = self.app().back_up(Path::new(&input.folder), &mut |progress| {
            let percent = progress.done.saturating_mul(100).checked_div(progress.total).unwrap_or_default();
            self.progress(u8::try_from(percent).ok());
        });
        self.progress(None);
        done.map(|backup| backup_view(&backup)).map_err(|e| error::view(&e))
    }

    pub(crate) fn backup_progress(&self, _: Nothing) -> Answer<ProgressView> {
        Ok(ProgressView { percent: self.percent.read().ok().and_then(|percent| *percent) })
    }

    pub(crate) fn backups(&self, _: Nothing) -> Answer<BackupsView> {
        Ok(BackupsView { backups: self.app().backups().iter().map(backup_view).collect() })
    }

    pub(crate) fn drill(&self, input: DrillInput) -> Answer<DrillView> {
        let backup = input.backup.as_deref().filter(|path| !path.is_empty()).map(Path::new);
        let done = self.app().drill(&input.recovery_key, backup);
        let view = |drill: Drill| DrillView {
            kind: recovery(drill.kind),
            backup_made_at: drill.backup_made_at.map(Timestamp::as_millis),
        };
        done.map(view).map_err(|e| error::view(&e))
    }

    pub(crate) fn restore(&self, input: RestoreInput) -> Answer<RestoredView> {
        let with = match input.with {
            RestoreChoice::Passphrase => RestoreWith::Passphrase(&input.secret),
            RestoreChoice::RecoveryKey => RestoreWith::RecoveryKey(&input.secret),
        };
        let backup = Path::new(&input.backup);
        let total = std::fs::metadata(backup).map_or(0, |metadata| metadata.len());
        let done = self.app().restore(backup, with, &mut |done| {
            let percent = done.saturating_mul(100).checked_div(total).unwrap_or_default();
            self.progress(u8::try_from(percent).ok());
        });
        self.progress(None);
        let aside = done.map_err(|e| error::restoring(&e))?;
        let status = self.status(Nothing {})?;
        Ok(RestoredView { set_aside: aside.map(|path| path.display().to_string()), status })
    }

    pub(crate) fn recover_access(&self, input: RecoverAccessInput) -> Answer<StatusView> {
        let person = input::person(&input.person_id)?;
        let done = self.app().recover_access(person, &input.recovery_key, &input.passphrase);
        done.map_err(|e| error::view(&e))?;
        self.status(Nothing {})
    }

    fn then_laptop(&self, done: fieldproof_app::Result<()>) -> Answer<LaptopView> {
        done.map_err(|e| error::view(&e))?;
        self.laptop(Nothing {})
    }

    pub(crate) fn progress(&self, now: Option<u8>) {
        if let Ok(mut percent) = self.percent.write() {
            *percent = now;
        }
    }
}

const fn recovery(kind: RecoveryKind) -> RecoveryChoice {
    match kind {
        RecoveryKind::Institution => RecoveryChoice::Institution,
        RecoveryKind::Sheet => RecoveryChoice::Sheet,
    }
}

fn key_set_view((key_set, keys): (KeySet, Vec<OwnedKey>), today: Date) -> KeySetView {
    let view = |OwnedKey { key, owner, is_own }: OwnedKey| WorkingKeyView {
        id: key.key.id().to_string(),
        role: match key.role {
            KeyRole::Issuing => KeyRoleView::Issuing,
            KeyRole::Register => KeyRoleView::Register,
            KeyRole::Encryption => KeyRoleView::Encryption,
        },
        state: match key.state {
            KeyState::Active if today < key.not_before => KeyStateView::NotYet,
            KeyState::Active if key.not_after < today => KeyStateView::Over,
            KeyState::Active => KeyStateView::Active,
            KeyState::Retired => KeyStateView::Retired,
            KeyState::Compromised => KeyStateView::Compromised,
        },
        owner,
        is_own,
        first: key.not_before.to_string(),
        last: key.not_after.to_string(),
    };
    KeySetView {
        number: key_set.number,
        made: key_set.issued_at.date().to_string(),
        keys: keys.into_iter().map(view).collect(),
    }
}

fn backup_view(backup: &Backup) -> BackupView {
    BackupView { path: backup.path.display().to_string(), made_at: backup.made_at.as_millis(), bytes: backup.bytes }
}
