//! How large a body may be, and how slow. A limit of the size is enforced before the body is read.

use std::time::Duration;

/// A record file; the same limit as in the sealed formats.
pub const RECORD: usize = fieldproof_seal::record::RECORD_LIMIT;

/// One evidence item. A laptop takes photos up to 25 MiB; the rest is room for what comes after photos.
pub const EVIDENCE: usize = 32 << 20;

/// One chunk of evidence: what is sent again at most when a connection breaks.
pub const CHUNK: usize = 256 << 10;

/// One upload of chain entries: some thousand entries. A longer chain goes in several uploads.
pub const CHAIN: usize = 1 << 20;

/// Any answer but the feed: key set and snapshot are the largest, each at most 1 MiB signed.
pub const ANSWER: usize = 4 << 20;

/// A pack with every scheme, course and person of a laptop, encrypted.
pub const PACK: usize = 16 << 20;

/// What the entries of one page of the feed say: a pack at least, whatever else.
pub const FEED_CONTENTS: usize = PACK;

/// A page of the feed, with what its entries say.
pub const FEED: usize = FEED_CONTENTS + (2 << 20);

/// A bundle that comes over a network: some thousand photos.
pub const BUNDLE: u64 = 16 << 30;

/// The answers to a bundle, as a file: a receipt for each of its frames has room many times over.
pub const ANSWERS: u64 = 64 << 20;

/// A request to be enrolled, in its message.
pub const ENROLMENT_REQUEST: usize = 1 << 10;

/// So many requests to be enrolled wait for a coordinator at most; nobody knows those who send them.
pub const ENROLMENT_REQUESTS: usize = 500;

/// A claim asks after so many receipts at most; who holds more asks several times.
pub const CLAIMED: usize = 8_192;

/// A claim: the names of that many receipts, and a snapshot beside them.
pub const CLAIM: usize = 2 << 20;

/// A record that is given back, with its receipts.
pub const RETURN: usize = RECORD + (3 << 20);

/// A signed count of epochs or beacons is believed when it is at most so far above the register's own: whoever stole a
/// register key must not use up the numbers.
pub const AHEAD: u32 = 1 << 20;

/// With an epoch, beacons go on from the next multiple of this: what lies below was given out before.
pub const BEACONS: u32 = 1 << 16;

/// So many records of the shelf are shown at once at most.
pub const SHELF_ROWS: usize = 500;

/// Once they have so many bytes no further one is shown; the last one may go beyond, and there is room for it.
pub const SHELF_BYTES: usize = 2 << 20;

/// One message tells of so many papers at most; who printed more tells of them in several.
pub const TOLD: usize = 256;

/// The part that names a candidate, as it goes with a paper and stands on the shelf: the longest name has room three times
/// over.
pub const PERSON: usize = 1 << 10;

/// Papers that were opened for printing: that many, the largest.
pub const PAPERS: usize = 512 << 10;

/// What became of a paper.
pub const PAPER_BACK: usize = 64;

/// Bytes per second on the slowest line that either end waits for: over a slow line what is long takes long.
const SLOWEST: usize = 500;

/// So much longer than the slowest line needs a request may take: until its body is whole, says the register; until its
/// answer begins, says the client. Neither gives up before the other.
pub const SLACK: Duration = Duration::from_secs(600);

/// How long so many bytes take on the slowest line.
#[must_use]
pub fn on_the_slowest_line(bytes: usize) -> Duration {
    Duration::from_secs(u64::try_from(bytes.div_ceil(SLOWEST)).unwrap_or(u64::MAX))
}
