//! The assessor keys' chains, as signed. An assessor has one for each key they had here.

use fieldproof_model::id::PersonId;
use fieldproof_seal::{chain::Link, delegation::Delegation, digest_of, envelope::Unverified, keys::PublicKey};
use rusqlite::{OptionalExtension, params};

use crate::{
    Result, StoreError,
    table::{ReadTx, WriteTx, array},
};

/// One key's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain {
    /// Whose.
    pub assessor: PersonId,
    /// Which of their keys, from 1.
    pub number: u32,
}

/// One entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainRow {
    /// The signed bytes.
    pub signed: Vec<u8>,
    /// Whether it is a sealed record.
    pub is_record: bool,
}

impl ReadTx<'_> {
    /// The place of the next entry in a chain.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_link(&self, chain: Chain) -> Result<Link> {
        let sql = "SELECT chain_index, signed FROM chain_entries
                   WHERE assessor_id = ?1 AND chain = ?2 ORDER BY chain_index DESC LIMIT 1";
        let last = self
            .connection()
            .query_row(sql, params![chain.assessor.as_bytes(), chain.number], |row| {
                Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .optional()?;
        Ok(last.map_or(Link::FIRST, |(index, signed)| Link { index, previous: None }.next(&signed)))
    }

    /// Lists the chains of everybody, by assessor, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chains(&self) -> Result<Vec<Chain>> {
        let mut statement =
            self.connection().prepare_cached("SELECT assessor_id, chain FROM chains ORDER BY assessor_id, chain")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))?;
        rows.map(|row| {
            let (assessor, number) = row?;
            Ok(Chain { assessor: PersonId::new(array(assessor, "chain")?), number })
        })
        .collect()
    }

    /// The chain that an assessor signs now; `None` for whoever never had a key here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chain_in_use(&self, assessor: PersonId) -> Result<Option<Chain>> {
        Ok(self.chains()?.into_iter().rfind(|chain| chain.assessor == assessor))
    }

    /// The chain of a key; `None` for a key that nobody had here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chain_with_key(&self, key: &PublicKey) -> Result<Option<Chain>> {
        let sql = "SELECT assessor_id, chain FROM chains WHERE key = ?1";
        let found =
            self.connection().query_row(sql, [key.as_bytes()], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)));
        let found = found.optional()?;
        found.map(|(id, number)| Ok(Chain { assessor: PersonId::new(array(id, "chain")?), number })).transpose()
    }

    /// Lists a chain's entries, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chain(&self, chain: Chain) -> Result<Vec<ChainRow>> {
        let sql = "SELECT signed, is_record FROM chain_entries
                   WHERE assessor_id = ?1 AND chain = ?2 ORDER BY chain_index";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![chain.assessor.as_bytes(), chain.number], |row| {
            Ok(ChainRow { signed: row.get(0)?, is_record: row.get(1)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Lists every entry of every chain that is no record, as signed.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn chain_events(&self) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT signed FROM chain_entries WHERE is_record = 0 ORDER BY assessor_id, chain_index";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Chains of before version 5 do not name their key.
impl ReadTx<'_> {
    fn is_nameless(&self, chain: Chain) -> Result<bool> {
        let sql = "SELECT key IS NULL FROM chains WHERE assessor_id = ?1 AND chain = ?2";
        Ok(self.connection().query_row(sql, params![chain.assessor.as_bytes(), chain.number], |row| row.get(0))?)
    }

    /// Whether what the chain holds names this key; one that holds nothing that can be read may be anybody's.
    fn could_be_of(&self, chain: Chain, key: &PublicKey) -> Result<bool> {
        let entries = self.chain(chain)?;
        let last = entries.last().and_then(|last| Some(Unverified::parse(&last.signed).ok()?.key_id));
        let delegations = self.delegations()?.into_iter().filter(|(of, _)| *of == chain);
        let delegated =
            delegations.filter_map(|(_, signed)| Some(Delegation::parse(&signed).ok()?.0.assessor_key.id()));
        let named: Vec<_> = last.into_iter().chain(delegated).collect();
        Ok(named.is_empty() || named.contains(&key.id()))
    }
}

impl WriteTx<'_> {
    /// The chain of an assessor's key, begun if the key is new, and whether it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chain_of_key(&self, assessor: PersonId, key: &PublicKey) -> Result<(Chain, bool)> {
        let by_key = "SELECT chain FROM chains WHERE assessor_id = ?1 AND key = ?2";
        let found = self.connection().query_row(by_key, params![assessor.as_bytes(), key.as_bytes()], |row| row.get(0));
        if let Some(number) = found.optional()? {
            return Ok((Chain { assessor, number }, false));
        }
        let last = self.chain_in_use(assessor)?;
        if let Some(chain) = last
            && self.is_nameless(chain)?
            && self.could_be_of(chain, key)?
        {
            let sql = "UPDATE chains SET key = ?3 WHERE assessor_id = ?1 AND chain = ?2";
            self.execute(sql, params![assessor.as_bytes(), chain.number, key.as_bytes()])?;
            return Ok((chain, false));
        }
        let number = last.map_or(0, |chain| chain.number).checked_add(1).ok_or(StoreError::Damaged("chain"))?;
        self.execute(
            "INSERT INTO chains (assessor_id, chain, key) VALUES (?1, ?2, ?3)",
            params![assessor.as_bytes(), number, key.as_bytes()],
        )?;
        Ok((Chain { assessor, number }, true))
    }

    /// Adds a signed entry at the place it was signed for.
    ///
    /// # Errors
    /// [`StoreError`]; a place is taken once only.
    pub fn append_chain_entry(&self, chain: Chain, link: Link, row: &ChainRow) -> Result<()> {
        let digest = digest_of(&row.signed);
        self.execute(
            "INSERT INTO chain_entries (assessor_id, chain, chain_index, digest, signed, is_record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![chain.assessor.as_bytes(), chain.number, link.index, digest.as_bytes(), row.signed, row.is_record],
        )?;
        Ok(())
    }
}
