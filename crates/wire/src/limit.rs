//! How large a body may be. A limit is enforced before the body is read.

/// A record file; the same limit as in the sealed formats.
pub const RECORD: usize = fieldproof_seal::record::RECORD_LIMIT;

/// One evidence item. A laptop takes photos up to 25 MiB; the rest is room for what comes after photos.
pub const EVIDENCE: usize = 32 << 20;

/// One chunk of evidence: what is sent again at most when a connection breaks.
pub const CHUNK: usize = 256 << 10;

/// One upload of chain entries: some thousand entries. A longer chain goes in several uploads.
pub const CHAIN: usize = 1 << 20;

/// Any answer but a pack: key set and snapshot are the largest, each at most 1 MiB signed.
pub const ANSWER: usize = 4 << 20;

/// A pack with every scheme, course and person of a laptop, encrypted.
pub const PACK: usize = 16 << 20;

/// The answers to a bundle, as a file: a receipt for each of its frames has room many times over.
pub const ANSWERS: u64 = 64 << 20;

/// A request to be enrolled, in its message.
pub const ENROLMENT_REQUEST: usize = 1 << 10;

/// So many requests to be enrolled wait for a coordinator at most; nobody knows those who send them.
pub const ENROLMENT_REQUESTS: usize = 500;
