//! What is to be sent, as plain data.

use fieldproof_model::digest::Digest;
use fieldproof_wire::{Claim, Paper};

/// Everything that has no complete receipt or refusal yet, and what the register lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outbox {
    /// Chains, one per assessor key.
    pub chains: Vec<OutboxChain>,
    /// Records. Which evidence each needs is read from its sealed bytes.
    pub records: Vec<OutboxRecord>,
    /// What a bundle shows the register first; over a network it was shown before anything is sent.
    pub claims: Vec<Claim>,
    /// Certificates that were opened for printing, where the register has no complete record behind them.
    pub papers: Vec<Paper>,
}

/// Entries of one assessor key's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxChain {
    /// A signed delegation of the key.
    pub delegation: Vec<u8>,
    /// Signed entries in order; sealed records may stand among them, for they are entries too.
    pub entries: Vec<Vec<u8>>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRecord {
    /// The record's name: the digest of its sealed bytes.
    pub digest: Digest,
    /// The record file.
    pub file: Vec<u8>,
    /// What the register signed of it and lost: it is given back. Empty for all others.
    pub receipts: Vec<Vec<u8>>,
}
