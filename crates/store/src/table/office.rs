//! A coordinator's book: who was admitted, what was granted, and the newest pack of each laptop.

use fieldproof_model::{
    digest::Digest,
    time::{Date, Timestamp},
};
use fieldproof_seal::{keys::PublicKey, snapshot::Ended};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Result, StoreError,
    table::{ReadTx, WriteTx, array},
};

/// Somebody admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The person's key.
    pub assessor_key: PublicKey,
    /// The laptop's key.
    pub installation: PublicKey,
    /// The request, as signed.
    pub request: Vec<u8>,
    /// When they were admitted.
    pub admitted_at: Timestamp,
}

/// A delegation that was signed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The digest of the signed delegation.
    pub digest: Digest,
    /// Whose key it delegates.
    pub assessor_key: PublicKey,
    /// The signed delegation.
    pub signed: Vec<u8>,
    /// How and on which day it ended before its last day.
    pub ended: Option<(Ended, Date)>,
}

/// The newest pack of a laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRow {
    /// The laptop's key.
    pub installation: PublicKey,
    /// The pack's number.
    pub number: u32,
    /// The signed pack.
    pub signed: Vec<u8>,
    /// The pack file, encrypted for the laptop.
    pub file: Vec<u8>,
    /// Whether the register has it.
    pub is_at_register: bool,
}

const fn end_number(end: Ended) -> i64 {
    match end {
        Ended::Retired => 1,
        Ended::Compromised => 2,
    }
}

fn key(bytes: Vec<u8>) -> Result<PublicKey> {
    Ok(PublicKey::new(array(bytes, "key")?))
}

impl ReadTx<'_> {
    /// Lists everybody who was admitted, the first first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn admissions(&self) -> Result<Vec<Admission>> {
        let sql = "SELECT assessor_key, installation, request, admitted_at FROM admissions ORDER BY admitted_at, rowid";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?, row.get(3)?))
        })?;
        rows.map(|row| {
            let (assessor, installation, request, at) = row?;
            let admitted_at = Timestamp::from_millis(at);
            Ok(Admission { assessor_key: key(assessor)?, installation: key(installation)?, request, admitted_at })
        })
        .collect()
    }

    /// Lists what was granted, by person in the order of signing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn grants(&self) -> Result<Vec<Grant>> {
        let sql = "SELECT digest, assessor_key, signed, ended, ended_on FROM grants ORDER BY assessor_key, rowid";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let ended: Option<i64> = row.get(3)?;
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get(2)?,
                ended,
                row.get::<_, Option<i32>>(4)?,
            ))
        })?;
        rows.map(|row| {
            let (digest, assessor, signed, ended, on) = row?;
            let ended = match ended {
                None => None,
                Some(1) => Some(Ended::Retired),
                Some(2) => Some(Ended::Compromised),
                Some(_) => return Err(StoreError::Damaged("grant")),
            };
            Ok(Grant {
                digest: Digest::new(array(digest, "digest")?),
                assessor_key: key(assessor)?,
                signed,
                ended: ended.zip(on.map(Date::from_days)),
            })
        })
        .collect()
    }

    /// Reads the newest pack of a laptop.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pack(&self, installation: &PublicKey) -> Result<Option<PackRow>> {
        let sql = "SELECT installation, number, signed, file, is_at_register FROM packs WHERE installation = ?1";
        let found = self.connection().query_row(sql, params![installation.as_bytes()], pack_columns).optional()?;
        found.map(pack_row).transpose()
    }

    /// How many packs the register does not have yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn count_packs_to_send(&self) -> Result<usize> {
        let sql = "SELECT count(*) FROM packs WHERE is_at_register = 0";
        let count: i64 = self.connection().query_row(sql, [], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Lists the packs that the register does not have yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn packs_to_send(&self) -> Result<Vec<PackRow>> {
        let sql = "SELECT installation, number, signed, file, is_at_register FROM packs
                   WHERE is_at_register = 0 ORDER BY installation";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], pack_columns)?;
        rows.map(|row| pack_row(row?)).collect()
    }
}

type PackColumns = (Vec<u8>, u32, Vec<u8>, Vec<u8>, bool);

fn pack_columns(row: &Row<'_>) -> rusqlite::Result<PackColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn pack_row((installation, number, signed, file, is_at_register): PackColumns) -> Result<PackRow> {
    Ok(PackRow { installation: key(installation)?, number, signed, file, is_at_register })
}

impl WriteTx<'_> {
    /// Admits somebody; a request of a key that was admitted takes the place of the one before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn admit(&self, admission: &Admission) -> Result<()> {
        self.execute(
            "INSERT INTO admissions (assessor_key, installation, request, admitted_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (assessor_key) DO UPDATE SET installation = excluded.installation, request = excluded.request",
            params![
                admission.assessor_key.as_bytes(),
                admission.installation.as_bytes(),
                admission.request,
                admission.admitted_at.as_millis()
            ],
        )?;
        Ok(())
    }

    /// Notes a delegation that was signed as the newest one, also when it was one before. One that was ended stays ended;
    /// whether it is the newest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn grant(&self, digest: &Digest, assessor_key: &PublicKey, signed: &[u8]) -> Result<bool> {
        self.execute("DELETE FROM grants WHERE digest = ?1 AND ended IS NULL", params![digest.as_bytes()])?;
        let changed = self.execute(
            "INSERT INTO grants (digest, assessor_key, signed) VALUES (?1, ?2, ?3) ON CONFLICT (digest) DO NOTHING",
            params![digest.as_bytes(), assessor_key.as_bytes(), signed],
        )?;
        Ok(0 < changed)
    }

    /// Ends a delegation. One that is called compromised stays so; whether there is one that was not ended like this.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_grant(&self, digest: &Digest, end: Ended, on: Date) -> Result<bool> {
        let changed = self.execute(
            "UPDATE grants SET ended = ?2, ended_on = ?3 WHERE digest = ?1 AND (ended IS NULL OR ended < ?2)",
            params![digest.as_bytes(), end_number(end), on.as_days()],
        )?;
        Ok(0 < changed)
    }

    /// Keeps the newest pack of a laptop.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_pack(&self, row: &PackRow) -> Result<()> {
        self.execute(
            "INSERT INTO packs (installation, number, signed, file, is_at_register) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (installation) DO UPDATE SET number = excluded.number, signed = excluded.signed,
                 file = excluded.file, is_at_register = excluded.is_at_register",
            params![row.installation.as_bytes(), row.number, row.signed, row.file, row.is_at_register],
        )?;
        Ok(())
    }

    /// Notes that nobody knows which packs the register has: all are brought again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn packs_are_not_at_register(&self) -> Result<()> {
        self.execute("UPDATE packs SET is_at_register = 0", [])?;
        Ok(())
    }

    /// Notes that the register has a laptop's pack of that number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pack_is_at_register(&self, installation: &PublicKey, number: u32) -> Result<()> {
        let sql = "UPDATE packs SET is_at_register = 1 WHERE installation = ?1 AND number = ?2";
        self.execute(sql, params![installation.as_bytes(), number])?;
        Ok(())
    }
}
