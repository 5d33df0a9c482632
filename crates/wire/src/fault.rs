//! Why a request was not carried out. Not a refusal: a refusal is signed and speaks of a record.

use fieldproof_model::digest::Digest;
use fieldproof_seal::cbor::{Fields, FormatError, Writer, bytes};

use crate::SignatureProblem;

/// The register's unsigned no to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The body is not what belongs at this address.
    #[error("the register could not read what was sent")]
    Malformed,
    /// The body is larger than the register takes: the limit in bytes.
    #[error("larger than the {0} bytes the register takes")]
    TooLarge(u64),
    /// The register has nothing at this address.
    #[error("the register does not know this request")]
    NoSuchRequest,
    /// No record the register holds names these bytes.
    #[error("no record in the register names evidence {0}")]
    NotNamed(Digest),
    /// The bytes have another digest than the address says.
    #[error("what arrived is not evidence {0}")]
    OtherDigest(Digest),
    /// The delegation of the chain was not signed by this institution.
    #[error("the delegation was not signed by this institution")]
    Delegation,
    /// The register failed; the request may be sent again.
    #[error("the register failed and can be asked again")]
    Internal,
    /// The request's signature is not of the one form, or does not verify.
    #[error("the register does not take the request: {0}")]
    Signature(SignatureProblem),
    /// The nonce was used, is too old or is none of the register's; the answer brings a new one.
    #[error("the register wants the request signed anew")]
    Nonce,
    /// The register does not know the installation key that signed.
    #[error("this laptop is not admitted at the register yet")]
    NotAdmitted,
    /// Too many requests: to be sent again after so many seconds.
    #[error("too many requests at once; the register takes more in {0} s")]
    TooMany(u32),
    /// The chunk does not begin where the upload stands: at this offset.
    #[error("the register has {0} bytes of it and wants the next one")]
    Offset(u64),
    /// Somebody else is sending the same evidence at this moment.
    #[error("the same evidence is being sent by somebody else")]
    Busy,
    /// More uploads are begun than the register keeps.
    #[error("the register has too many unfinished uploads")]
    TooManyUploads,
    /// The request is of another version of tus.
    #[error("the register speaks version 1.0.0 of tus")]
    TusVersion,
    /// A chunk says of itself that it is something else.
    #[error("the register takes chunks as application/offset+octet-stream")]
    MediaType,
    /// No issuing key of this institution signed the pack.
    #[error("the pack was not signed by this institution")]
    Pack,
    /// The register holds a pack of this number or a higher one for that laptop: the number.
    #[error("the register holds pack {0} of that laptop already")]
    OlderPack(u32),
    /// What was sent as a request to be enrolled is none.
    #[error("this is no request to be enrolled")]
    NotARequest,
    /// So many requests to be enrolled wait already that no further one is taken.
    #[error("too many requests to be enrolled wait at the register already")]
    TooManyRequests,
    /// Only a coordinator's laptop may ask this.
    #[error("only a coordinator's laptop may ask this")]
    NotCoordinators,
    /// What is claimed or given back was not signed by a register key of this institution, or is not of that record.
    #[error("what was shown to the register was not signed by it")]
    NotOurs,
    /// What is claimed counts further than the register could go on from.
    #[error("what was shown to the register counts too far ahead of it")]
    TooFarAhead,
    /// The bundle is for another institution's register.
    #[error("the bundle is for the register of another institution")]
    OtherInstitution,
    /// The bundle is encrypted to a key that the register does not hold.
    #[error("the register does not hold the key that the bundle is encrypted to")]
    UnknownKey,
    /// What was brought as a bundle is none, or cannot be read as far as its first part.
    #[error("the register cannot read the bundle")]
    NotABundle,
    /// The register's feed does not reach as far as what the laptop says it heard.
    #[error("the register does not know of everything that it told this laptop before")]
    NotInFeed,
    /// A fault of a later version.
    #[error("the register answered with fault {0}, which this version does not know")]
    Unknown(u32),
}

impl Fault {
    /// The fault's number.
    #[must_use]
    pub const fn code(&self) -> u32 {
        match self {
            Self::Malformed => 1,
            Self::TooLarge(_) => 2,
            Self::NoSuchRequest => 3,
            Self::NotNamed(_) => 4,
            Self::OtherDigest(_) => 5,
            Self::Delegation => 6,
            Self::Internal => 7,
            Self::Signature(_) => 8,
            Self::Nonce => 9,
            Self::NotAdmitted => 10,
            Self::TooMany(_) => 11,
            Self::Offset(_) => 12,
            Self::Busy => 13,
            Self::TooManyUploads => 14,
            Self::TusVersion => 15,
            Self::MediaType => 16,
            Self::Pack => 20,
            Self::OlderPack(_) => 21,
            Self::NotARequest => 22,
            Self::TooManyRequests => 23,
            Self::NotCoordinators => 24,
            Self::NotOurs => 30,
            Self::TooFarAhead => 31,
            Self::OtherInstitution => 40,
            Self::UnknownKey => 41,
            Self::NotABundle => 42,
            Self::NotInFeed => 48,
            Self::Unknown(code) => *code,
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::TooLarge(_) => 413,
            Self::NoSuchRequest => 404,
            Self::NotNamed(_) | Self::Offset(_) | Self::UnknownKey => 409,
            Self::OtherDigest(_) => 422,
            Self::Delegation | Self::Pack | Self::NotCoordinators | Self::NotAdmitted | Self::OtherInstitution => 403,
            Self::OlderPack(_) | Self::TooFarAhead | Self::NotInFeed => 409,
            Self::NotARequest | Self::NotOurs | Self::NotABundle => 422,
            Self::TooManyRequests => 507,
            Self::Signature(_) | Self::Nonce => 401,
            Self::TooMany(_) | Self::TooManyUploads => 429,
            Self::Busy => 423,
            Self::TusVersion => 412,
            Self::MediaType => 415,
            Self::Internal | Self::Unknown(_) => 500,
        }
    }

    /// Whether the same request will get the same answer.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        match self {
            Self::Malformed
            | Self::TooLarge(_)
            | Self::NoSuchRequest
            | Self::OtherDigest(_)
            | Self::Delegation
            | Self::Pack
            | Self::OlderPack(_)
            | Self::NotARequest
            | Self::NotCoordinators
            | Self::NotOurs
            | Self::TooFarAhead
            | Self::OtherInstitution
            | Self::UnknownKey
            | Self::NotABundle
            | Self::NotInFeed
            | Self::Signature(_)
            | Self::NotAdmitted
            | Self::TusVersion
            | Self::MediaType
            | Self::Unknown(_) => true,
            // The record that names it may come later.
            Self::NotNamed(_)
            | Self::TooManyRequests
            | Self::Internal
            | Self::Nonce
            | Self::TooMany(_)
            | Self::Offset(_)
            | Self::Busy
            | Self::TooManyUploads => false,
        }
    }

    pub(crate) fn write(&self, fields: Writer) -> Writer {
        let fields = fields.with(1, self.code());
        match self {
            Self::TooLarge(limit) => fields.with(2, *limit),
            Self::NotNamed(digest) | Self::OtherDigest(digest) => fields.with(3, bytes(*digest.as_bytes())),
            Self::Signature(problem) => fields.with(4, problem.number()),
            Self::TooMany(seconds) => fields.with(5, *seconds),
            Self::Offset(offset) => fields.with(6, *offset),
            Self::OlderPack(number) => fields.with(6, *number),
            Self::Malformed
            | Self::NoSuchRequest
            | Self::Delegation
            | Self::Internal
            | Self::Nonce
            | Self::NotAdmitted
            | Self::Busy
            | Self::TooManyUploads
            | Self::TusVersion
            | Self::MediaType
            | Self::Pack
            | Self::NotARequest
            | Self::TooManyRequests
            | Self::NotCoordinators
            | Self::NotOurs
            | Self::TooFarAhead
            | Self::OtherInstitution
            | Self::UnknownKey
            | Self::NotABundle
            | Self::NotInFeed
            | Self::Unknown(_) => fields,
        }
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FormatError> {
        Ok(match fields.number(1)? {
            1 => Self::Malformed,
            2 => Self::TooLarge(fields.number(2)?),
            3 => Self::NoSuchRequest,
            4 => Self::NotNamed(fields.digest(3)?),
            5 => Self::OtherDigest(fields.digest(3)?),
            6 => Self::Delegation,
            7 => Self::Internal,
            8 => Self::Signature(SignatureProblem::from_number(fields.number(4)?)),
            9 => Self::Nonce,
            10 => Self::NotAdmitted,
            11 => Self::TooMany(fields.number(5)?),
            12 => Self::Offset(fields.number(6)?),
            13 => Self::Busy,
            14 => Self::TooManyUploads,
            15 => Self::TusVersion,
            16 => Self::MediaType,
            20 => Self::Pack,
            21 => Self::OlderPack(fields.number(6)?),
            22 => Self::NotARequest,
            23 => Self::TooManyRequests,
            24 => Self::NotCoordinators,
            30 => Self::NotOurs,
            31 => Self::TooFarAhead,
            40 => Self::OtherInstitution,
            41 => Self::UnknownKey,
            42 => Self::NotABundle,
            48 => Self::NotInFeed,
            code => Self::Unknown(code),
        })
    }
}
