//! A register takes its institution's next key set, while it stands still.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use fieldproof_model::time::Timestamp;
use fieldproof_seal::{
    envelope::Unverified,
    key_set::{KeySet, KeyState},
    keys::{KeyId, PublicKey, SecretKey},
    parts::PartKind,
    record::{Record, RecordFile},
    snapshot::StandingDigest,
};
use fieldproof_wire::bundle::DecryptionKey;

use crate::{
    RegisterError, Storage, check_key,
    database::Database,
    decryption::DecryptionFolder,
    files,
    greet::{List, sign_snapshot},
    table::{
        Transaction,
        institution::{self, InstitutionRow},
        receipts, records, snapshots,
    },
    trust,
};

/// Secrets that come with a key set.
#[derive(Debug, Default)]
pub struct NewKeys {
    /// The register's new key.
    pub register: Option<SecretKey>,
    /// A new decryption key.
    pub decryption: Option<DecryptionKey>,
}

/// What was signed with a key that somebody else may have, and stands all the same.
pub(crate) type Stands = BTreeMap<KeyId, BTreeSet<StandingDigest>>;

/// Where the secret half of the register's key lies: under the key's name, or the first one's under none.
pub(crate) fn key_file(folder: &Path, key: &PublicKey) -> PathBuf {
    let named = folder.join(format!("register-{}.key", key.id()));
    if named.exists() { named } else { folder.join(crate::KEY) }
}

/// Takes the next key set: signed by the root of this register, with a higher number. A register that runs knows it after
/// its next start. What the register holds by now of everything that a key signed which is called compromised in it for
/// the first time stands, and is listed from now on. Taken twice it changes nothing.
///
/// # Errors
/// [`RegisterError`]; [`RegisterError::OtherKeySet`] and [`RegisterError::OlderKeySet`] for one that does not follow,
/// [`RegisterError::NotARegisterKey`] when the register would be without a key. Nothing is changed then.
pub fn take_key_set(folder: &Path, signed: &[u8], keys: &NewKeys, now: Timestamp) -> Result<KeySet, RegisterError> {
    let storage = Storage::of(folder)?;
    let mut database = storage.database(folder, false)?;
    let row = institution::find(&database.read()?)?.ok_or(RegisterError::Damaged("no institution"))?;
    let (held, next) = (trust(&row.root, &row.key_set)?, trust(&row.root, signed)?);
    if signed == row.key_set {
        return Ok(next.key_set);
    }
    let (before, after) = (&held.key_set, &next.key_set);
    if (before.institution, before.purpose) != (after.institution, after.purpose) {
        return Err(RegisterError::OtherKeySet);
    }
    if after.number <= before.number {
        return Err(RegisterError::OlderKeySet { ours: before.number, found: after.number });
    }
    let own = files::read_key(&key_file(folder, &row.register_key))?;
    let key = keys.register.as_ref().unwrap_or(&own);
    check_key(&next, key)?;
    // Secrets first: a book that names a key has it.
    if keys.register.is_some() && key.public() != own.public() {
        let path = folder.join(format!("register-{}.key", key.public().id()));
        if !path.exists() {
            files::write_key(&path, key)?;
        }
    }
    if let Some(decryption) = &keys.decryption {
        DecryptionFolder::of(folder).keep(decryption)?;
    }
    let lost = newly_lost(before, after);
    let row = InstitutionRow { key_set: signed.to_vec(), register_key: key.public(), ..row };
    renew(&mut database, &row, (after, key), &lost, now)?;
    Ok(next.key_set)
}

/// The keys that are called compromised for the first time.
fn newly_lost(before: &KeySet, after: &KeySet) -> BTreeSet<KeyId> {
    let lost = |key_set: &KeySet| -> BTreeSet<KeyId> {
        let lost = key_set.keys.iter().filter(|key| key.state == KeyState::Compromised);
        lost.map(|key| key.key.id()).collect()
    };
    lost(after).difference(&lost(before)).copied().collect()
}

fn renew(
    database: &mut Database,
    row: &InstitutionRow,
    (key_set, key): (&KeySet, &SecretKey),
    lost: &BTreeSet<KeyId>,
    now: Timestamp,
) -> Result<(), RegisterError> {
    let tx = database.write()?;
    institution::renew(&tx, &row.key_set, &row.register_key)?;
    let mut list = List::of(&tx)?;
    if !lost.is_empty() {
        for (key, stands) in held_of(&tx, lost)? {
            list.standing.entry(key).or_default().extend(stands);
        }
    }
    // With the new key, whatever became of the one before: its lists may not be believed any more.
    let (number, signed) = sign_snapshot(&list, key_set.purpose, key, now)?;
    snapshots::insert(&tx, list.epoch, number, &signed)?;
    tx.commit()
}

/// What the register holds of all that these keys signed: delegations and schemes of accepted records, and receipts.
fn held_of(tx: &Transaction<'_>, lost: &BTreeSet<KeyId>) -> Result<Stands, RegisterError> {
    let mut stands: Stands = lost.iter().map(|key| (*key, BTreeSet::new())).collect();
    let mut note = |signed: &[u8]| {
        if let Ok(unverified) = Unverified::parse(signed)
            && let Some(list) = stands.get_mut(&unverified.key_id)
        {
            list.insert(StandingDigest::of(&unverified.payload_digest()));
        }
    };
    for record in records::all(tx)? {
        let file = records::file(tx, &record)?.unwrap_or_default();
        let Ok(file) = RecordFile::parse(&file) else { continue };
        let Ok((record, unverified)) = Record::parse(&file.sealed) else { continue };
        note(&record.delegation);
        note(file.delegation(&record, &unverified));
        if let Ok(Some(scheme)) = file.part(PartKind::Scheme) {
            note(scheme.as_bytes().map_or(&[], Vec::as_slice));
        }
    }
    for signed in receipts::all(tx)? {
        note(&signed);
    }
    Ok(stands)
}
