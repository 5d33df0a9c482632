//! Which items of evidence came through whole: their name is the digest of their bytes.

use fieldproof_model::digest::Digest;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use crate::{Result, StoreError};

/// Hashes every item, chunk by chunk. Gives those whose bytes have their digest, then the others.
///
/// An item that is whole but for its own row gets that row back.
pub(super) fn check(connection: &Connection, mut progress: impl FnMut(u32, u32)) -> Result<(Vec<Digest>, Vec<Digest>)> {
    let digests = {
        let sql = "SELECT digest FROM evidence UNION SELECT digest FROM chunks ORDER BY digest";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    let (mut whole, mut incomplete) = (Vec::new(), Vec::new());
    let total = u32::try_from(digests.len()).unwrap_or(u32::MAX);
    for (digest, done) in digests.iter().filter_map(|bytes| Digest::from_slice(bytes)).zip(1..) {
        let size = hashed(connection, digest)?;
        if let Some(size) = size {
            let sql = "INSERT INTO evidence (digest, size) SELECT ?1, ?2
                       WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE digest = ?1)";
            connection.execute(sql, params![digest.as_bytes(), size]).map_err(StoreError::from_write)?;
            whole.push(digest);
        } else {
            incomplete.push(digest);
        }
        progress(done, total);
    }
    Ok((whole, incomplete))
}

/// The length of an item whose bytes have its digest.
fn hashed(connection: &Connection, digest: Digest) -> Result<Option<i64>> {
    let sql = "SELECT bytes FROM chunks WHERE digest = ?1 ORDER BY chunk_index";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![digest.as_bytes()])?;
    let mut hash = Sha256::new();
    let mut size = 0_i64;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(|_| StoreError::Damaged("photo"))?;
        hash.update(bytes);
        size = size.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    }
    Ok((hash.finalize().as_slice() == digest.as_bytes()).then_some(size))
}
