//! What a client shows of what the register gave it, and gives back where the register lost it.

use ciborium::Value;
use fieldproof_model::digest::Digest;
use fieldproof_seal::cbor::{Fields, FormatError, Writer, bytes};

use crate::{
    limit,
    message::{digests_value, items, optional_signed, parse_bytes, parse_digest},
};

/// A receipt by its name: which record it is about, and the digest of its signed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReceiptName {
    /// The record.
    pub record: Digest,
    /// The receipt.
    pub receipt: Digest,
}

/// What a client holds that the register signed. Each signed thing is there to be held against the book; the names ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claim {
    /// Its highest receipt, by epoch and place in the log.
    pub receipt: Option<Vec<u8>>,
    /// Its newest snapshot.
    pub snapshot: Option<Vec<u8>>,
    /// Its newest beacon.
    pub beacon: Option<Vec<u8>>,
    /// Receipts it holds and asks after.
    pub receipts: Vec<ReceiptName>,
}

/// What the register makes of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimAnswer {
    /// The epoch now.
    pub epoch: u32,
    /// The signed beginning of that epoch; none of the first.
    pub began: Option<Vec<u8>>,
    /// Records of which the register does not have the receipt that was asked after.
    pub lost: Vec<Digest>,
}

/// A record with the receipts that the register signed of it and does not have any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// The signed receipts, one or two.
    pub receipts: Vec<Vec<u8>>,
    /// The record file.
    pub file: Vec<u8>,
}

impl Claim {
    pub(crate) fn write(&self, fields: Writer) -> Writer {
        let names = self
            .receipts
            .iter()
            .map(|name| Value::Array(vec![bytes(*name.record.as_bytes()), bytes(*name.receipt.as_bytes())]));
        fields
            .with_some(1, self.receipt.clone().map(bytes))
            .with_some(2, self.snapshot.clone().map(bytes))
            .with_some(3, self.beacon.clone().map(bytes))
            .with(4, names.collect::<Vec<_>>())
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FormatError> {
        let claim = Self {
            receipt: optional_signed(fields, 1)?,
            snapshot: optional_signed(fields, 2)?,
            beacon: optional_signed(fields, 3)?,
            receipts: items(fields, 4, parse_name)?,
        };
        if limit::CLAIMED < claim.receipts.len() { Err(FormatError::Malformed(4)) } else { Ok(claim) }
    }
}

impl ClaimAnswer {
    pub(crate) fn write(&self, fields: Writer) -> Writer {
        fields.with(1, self.epoch).with_some(2, self.began.clone().map(bytes)).with(3, digests_value(&self.lost))
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FormatError> {
        let (epoch, began) = (fields.number(1)?, optional_signed(fields, 2)?);
        Ok(Self { epoch, began, lost: items(fields, 3, parse_digest)? })
    }
}

impl Return {
    pub(crate) fn write(&self, fields: Writer) -> Writer {
        let receipts = self.receipts.iter().map(|signed| bytes(signed.clone()));
        fields.with(1, receipts.collect::<Vec<_>>()).with(2, bytes(self.file.clone()))
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FormatError> {
        let receipts = fields.list(1)?;
        if !(1..=2).contains(&receipts.len()) {
            return Err(FormatError::Malformed(1));
        }
        let receipts = receipts.into_iter().map(|signed| parse_bytes(signed, 1)).collect::<Result<_, _>>()?;
        Ok(Self { receipts, file: fields.bytes(2)? })
    }
}

fn parse_name(value: &Value) -> Option<ReceiptName> {
    match value.as_array()?.as_slice() {
        [record, receipt] => Some(ReceiptName { record: parse_digest(record)?, receipt: parse_digest(receipt)? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_seal::cbor;

    use super::*;
    use crate::Message;

    fn name(n: u8) -> ReceiptName {
        ReceiptName { record: Digest::new([n; 32]), receipt: Digest::new([n + 1; 32]) }
    }

    #[test]
    fn claims_answers_and_returns_round_trip() {
        let claim = Claim { receipt: Some(vec![1]), snapshot: None, beacon: Some(vec![2]), receipts: vec![name(3)] };
        for message in [
            Message::Claim(Claim::default()),
            Message::Claim(claim),
            Message::ClaimAnswer(ClaimAnswer { epoch: 1, began: None, lost: Vec::new() }),
            Message::ClaimAnswer(ClaimAnswer { epoch: 2, began: Some(vec![4]), lost: vec![Digest::new([5; 32])] }),
            Message::Return(Return { receipts: vec![vec![6], vec![7]], file: vec![8] }),
        ] {
            assert_eq!(Message::parse(&message.to_bytes()), Ok(message));
        }
    }

    #[test]
    fn a_claim_asks_after_so_many_receipts_and_a_return_brings_one_or_two() {
        let claim = |count| Claim { receipts: vec![name(1); count], ..Claim::default() };
        let most = Message::Claim(claim(limit::CLAIMED)).to_bytes();
        assert!(Message::parse(&most).is_ok() && most.len() + (1 << 20) < limit::CLAIM);
        assert!(Message::parse(&Message::Claim(claim(limit::CLAIMED + 1)).to_bytes()).is_err());
        for count in [0, 3] {
            let bad = Message::Return(Return { receipts: vec![vec![6]; count], file: vec![8] });
            assert_eq!(Message::parse(&bad.to_bytes()), Err(FormatError::Malformed(1)), "{count} receipts");
        }
        let odd = Writer::default().with(0, 12).with(4, vec![Value::Array(vec![bytes([1; 32])])]);
        assert_eq!(Message::parse(&cbor::encode(odd.build())), Err(FormatError::Malformed(4)));
    }
}
