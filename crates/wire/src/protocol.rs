//! The one trait both ends implement, so that they cannot drift apart.

use std::future::Future;

use fieldproof_model::digest::Digest;
use fieldproof_seal::keys::PublicKey;

use crate::{
    ChainAnswer, ChainUpload, Claim, ClaimAnswer, Cursor, Feed, Hello, PackAnswer, PackUpload, Paper, PaperBack,
    PapersAnswer, RecordAnswer, Return, Shelf,
};

/// How far a failed request reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// This request only; the next one may well succeed.
    Request,
    /// Perhaps this request only, perhaps the connection: asking for hello tells.
    Unclear,
    /// Nothing can be sent any more.
    Connection,
}

/// What every end can say about a failed request.
pub trait RequestError: std::error::Error + Send + Sync + 'static {
    /// Whether the same request will fail again until somebody changes something.
    fn is_permanent(&self) -> bool;

    /// How far it reaches.
    fn reach(&self) -> Reach;
}

/// What a register can be asked. Nothing an answer says is believed before its signatures were verified.
///
/// Where a request names the laptop that asks, it does so for the core: over HTTP the signature of the request says whose
/// it is.
///
/// What a bundle says is asked by these same requests, frame by frame. That it was carried to the register over a network
/// and not on a stick is transport: a file that goes up by tus and comes back in parts, for which the core has a folder and
/// no request.
pub trait RegisterProtocol {
    /// Why a request failed.
    type Error: RequestError;

    /// Asks who the register is; every answer carries a new beacon.
    fn hello(&self) -> impl Future<Output = Result<Hello, Self::Error>> + Send;

    /// Hands over entries of one chain. Entries it knows change nothing; a fork is kept and reported.
    fn put_chain(&self, upload: &ChainUpload) -> impl Future<Output = Result<ChainAnswer, Self::Error>> + Send;

    /// Tells of papers that were opened for printing, so that they are known whatever becomes of their records.
    fn put_papers(&self, papers: &[Paper]) -> impl Future<Output = Result<PapersAnswer, Self::Error>> + Send;

    /// Hands over a record file. The same file gets the same bytes for an answer until its evidence is complete, and
    /// the same bytes ever after.
    fn put_record(&self, file: &[u8]) -> impl Future<Output = Result<RecordAnswer, Self::Error>> + Send;

    /// Hands over evidence that a record names. That it was taken is no receipt.
    fn put_evidence(&self, digest: Digest, bytes: &[u8]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Shows what the register signed. One that lost some of it begins a new epoch, and says which receipts it wants back.
    fn claim(&self, claim: &Claim) -> impl Future<Output = Result<ClaimAnswer, Self::Error>> + Send;

    /// Gives a record back with its receipts; they stay its receipts, byte for byte. Answered as a record file is.
    fn give_back(&self, returned: &Return) -> impl Future<Output = Result<RecordAnswer, Self::Error>> + Send;

    /// Asks for what the register tells a laptop behind the last entry that it took. A laptop can only ask for its own.
    fn feed(&self, installation: PublicKey, after: Cursor) -> impl Future<Output = Result<Feed, Self::Error>> + Send;

    /// Hands over the newest pack of a laptop; the register admits the laptop by it. It is encrypted for that laptop, and
    /// whoever made it signed it.
    fn put_pack(&self, upload: &PackUpload) -> impl Future<Output = Result<PackAnswer, Self::Error>> + Send;

    /// Leaves a signed request to be enrolled, for a coordinator to answer.
    fn put_request(&self, signed: &[u8]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Asks for the requests that wait, in the name of a coordinator's laptop; no other is told.
    fn requests(&self, installation: PublicKey) -> impl Future<Output = Result<Vec<Vec<u8>>, Self::Error>> + Send;

    /// Hands over a refused record file to be judged anew. The earlier refusal stays kept; a file that was never refused
    /// is received as any other.
    fn offer_again(&self, file: &[u8]) -> impl Future<Output = Result<RecordAnswer, Self::Error>> + Send;

    /// Asks what was refused and what is missing, in the name of a coordinator's laptop; no other is told.
    fn shelf(&self, installation: PublicKey) -> impl Future<Output = Result<Shelf, Self::Error>> + Send;

    /// Says in the name of a coordinator's laptop that a paper was taken back, or is out after all; no other is believed.
    fn paper_back(
        &self,
        installation: PublicKey,
        said: PaperBack,
    ) -> impl Future<Output = Result<PapersAnswer, Self::Error>> + Send;
}
