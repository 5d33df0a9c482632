//! The client over HTTP: every request signed, each sent again where the register asks for that and nowhere else.

use std::{fmt, sync::Arc, time::Duration};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{
    digest_of,
    keys::{PublicKey, SecretKey},
};
use fieldproof_wire::{
    ChainAnswer, ChainUpload, Claim, ClaimAnswer, Cursor, Fault, Feed, Hello, Message, Nonce, PackAnswer, PackUpload,
    Paper, PaperBack, PapersAnswer, RecordAnswer, RegisterProtocol, Return, Shelf, Stored, limit, path, signature, tus,
};
use reqwest::{Client, Method, RequestBuilder, Response};

use crate::{
    signing::Signer,
    transport::{self, AddressError, HttpError, Server, stranger},
    upload::Bytes,
};

/// How long the answer to hello may take to begin; whoever takes longer is not there.
const HELLO_LIMIT: Duration = Duration::from_secs(20);

/// How long any other answer may take to begin, once the request is there: the register may have work with it, and others
/// before it.
pub(crate) const REQUEST_LIMIT: Duration = limit::SLACK;

/// How often one request waits its turn, and for how many seconds at most; after that it is left for the next round.
const WAITS: u32 = 10;
const LONGEST_WAIT: u32 = 60;

/// Hears of which evidence item the register has so many bytes, whenever it has more.
pub type OnBytes = Arc<dyn Fn(Digest, u64) + Send + Sync>;

/// A register at an address. Clones share the register's nonces.
#[derive(Clone)]
pub struct HttpRegister {
    client: Client,
    /// Without a slash at its end.
    address: String,
    signer: Signer,
    on_bytes: Option<OnBytes>,
}

impl fmt::Debug for HttpRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRegister").field("address", &self.address).finish_non_exhaustive()
    }
}

/// One request.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: &'a [(&'static str, String)],
    /// How long its answer may take to begin.
    pub(crate) time: Duration,
    /// Whether it has to be signed.
    pub(crate) is_signed: bool,
}

impl HttpRegister {
    /// Takes an address on this machine, such as `http://127.0.0.1:7878`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`AddressError`]; any other machine is reached over TLS: [`HttpRegister::pinned`].
    pub fn new(address: &str) -> Result<Self, AddressError> {
        Self::at(address, Server::OnThisMachine)
    }

    /// Takes an address such as `https://register.example` and the digest of the server's public key
    /// (SubjectPublicKeyInfo, DER), which alone says that it is the right one. Nothing is sent yet.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn pinned(address: &str, pin: Digest) -> Result<Self, AddressError> {
        Self::at(address, Server::WithKey(pin))
    }

    /// Takes an address whose server nothing is known of yet. Only for enrolment, where what is sent and what comes back
    /// is held to codes that people compare; whoever stands between reads a name and can keep the pack away.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn unproven(address: &str) -> Result<Self, AddressError> {
        Self::at(address, Server::Any)
    }

    fn at(address: &str, server: Server) -> Result<Self, AddressError> {
        let address = transport::read_address(address, server)?;
        Ok(Self { client: transport::client(server)?, address, signer: Signer::default(), on_bytes: None })
    }

    /// Tells `on` how far each evidence item has come.
    #[must_use]
    pub fn telling(self, on: OnBytes) -> Self {
        Self { on_bytes: Some(on), ..self }
    }

    /// So many bytes of an item are on the register's disk.
    pub(crate) fn reached(&self, item: Digest, bytes: usize) {
        if let Some(on) = &self.on_bytes {
            on(item, u64::try_from(bytes).unwrap_or(u64::MAX));
        }
    }

    /// Signs its requests with this installation key. A register answers nobody else, but to hello.
    #[must_use]
    pub fn signing_with(self, key: SecretKey) -> Self {
        Self { signer: Signer::new(key), ..self }
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request; once more with a new nonce when the register does not know the one it had, and again after a
    /// wait when it is asked for too much at once.
    pub(crate) async fn ask(&self, ask: &Ask<'_>) -> Result<Answer, HttpError> {
        let (mut is_renewed, mut waits) = (false, 0_u32);
        loop {
            let nonce = if ask.is_signed { self.nonce().await? } else { None };
            match self.exchange(ask, nonce).await {
                Err(HttpError::Fault(Fault::Nonce)) if !is_renewed => is_renewed = true,
                Err(HttpError::Fault(Fault::TooMany(seconds))) if waits < WAITS && seconds <= LONGEST_WAIT => {
                    waits = waits.saturating_add(1);
                    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
                }
                answer => return answer,
            }
        }
    }

    /// A nonce that is nobody else's: one that an answer brought, or hello's.
    async fn nonce(&self) -> Result<Option<Nonce>, HttpError> {
        if !self.signer.has_key() {
            return Ok(None);
        }
        if let Some(nonce) = self.signer.take() {
            return Ok(Some(nonce));
        }
        Box::pin(self.ask(&HELLO)).await?;
        Ok(self.signer.take())
    }

    async fn exchange(&self, ask: &Ask<'_>, nonce: Option<Nonce>) -> Result<Answer, HttpError> {
        let mut response = transport::send(self.request(ask, nonce), ask.body.len(), ask.time).await?;
        let brought = nonce_of(&response);
        let most = if ask.path.starts_with(path::FEED) { limit::FEED } else { limit::ANSWER };
        let body = transport::read(&mut response, most).await?;
        if let Some(offset) = offset_of(&response) {
            self.signer.extend(brought);
            return Ok(Answer::Offset(offset));
        }
        let answer = Message::parse(&body).map_err(|_| stranger(&response))?;
        if answer == Message::Fault(Fault::Nonce) {
            self.signer.forget();
        }
        self.signer.extend(brought);
        if let Message::Fault(fault) = answer { Err(HttpError::Fault(fault)) } else { Ok(Answer::Message(answer)) }
    }

    fn request(&self, ask: &Ask<'_>, nonce: Option<Nonce>) -> RequestBuilder {
        let target = format!("{}{}", self.address, ask.path);
        let signed = nonce.and_then(|nonce| self.signer.sign(ask.method.as_str(), &target, &ask.body, &nonce));
        let mut request = self.client.request(ask.method.clone(), target);
        if let Some(signed) = signed {
            request = request
                .header(signature::CONTENT_DIGEST, signed.content_digest)
                .header(signature::SIGNATURE_INPUT, signed.signature_input)
                .header(signature::SIGNATURE, signed.signature);
        }
        for (name, value) in ask.headers {
            request = request.header(*name, value);
        }
        if ask.body.is_empty() { request } else { request.body(ask.body.clone()) }
    }

    async fn send(&self, method: Method, path: &str, body: Vec<u8>, limit: usize) -> Result<Message, HttpError> {
        if limit < body.len() {
            return Err(HttpError::TooLarge { size: body.len(), limit });
        }
        let headers = &[(CONTENT_TYPE, path::MEDIA_TYPE.to_owned())];
        self.ask(&Ask { method, path, body, headers, time: REQUEST_LIMIT, is_signed: true }).await?.message()
    }

    /// Asks in this laptop's name.
    async fn fetch(&self, path: &str) -> Result<Message, HttpError> {
        self.ask(&Ask { time: REQUEST_LIMIT, is_signed: true, ..get(path) }).await?.message()
    }
}

/// What a register answered.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A body of the protocol.
    Message(Message),
    /// Only how far an upload came, in a header.
    Offset(u64),
}

impl Answer {
    pub(crate) fn message(self) -> Result<Message, HttpError> {
        match self {
            Self::Message(message) => Ok(message),
            Self::Offset(_) => Err(BESIDE_THE_POINT),
        }
    }
}

pub(crate) const CONTENT_TYPE: &str = "content-type";

/// A request of nobody's, without a body.
const fn get(path: &str) -> Ask<'_> {
    Ask { method: Method::GET, path, body: Vec::new(), headers: &[], time: HELLO_LIMIT, is_signed: false }
}

const HELLO: Ask<'static> = get(path::HELLO);

fn nonce_of(response: &Response) -> Option<Nonce> {
    response.headers().get(signature::NONCE)?.to_str().ok().and_then(Nonce::parse)
}

/// How far an upload came, in the answer that has no body. A network that answers so does not know these headers.
fn offset_of(response: &Response) -> Option<u64> {
    let header = |name| response.headers().get(name)?.to_str().ok();
    let is_tus = response.status().as_u16() == 204 && header(tus::TUS_RESUMABLE) == Some(tus::VERSION);
    header(tus::UPLOAD_OFFSET).filter(|_| is_tus).and_then(tus::parse_number)
}

/// An answer that is whole and of the protocol, and not to what was asked.
pub(crate) const BESIDE_THE_POINT: HttpError = HttpError::NotARegister { status: 200 };

impl RegisterProtocol for HttpRegister {
    type Error = HttpError;

    async fn hello(&self) -> Result<Hello, HttpError> {
        let Message::Hello(hello) = self.ask(&HELLO).await?.message()? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(hello)
    }

    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, HttpError> {
        let body = Message::ChainUpload(upload.clone()).to_bytes();
        let Message::ChainAnswer(answer) = self.send(Method::POST, path::CHAIN, body, limit::CHAIN).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn put_papers(&self, papers: &[Paper]) -> Result<PapersAnswer, HttpError> {
        let body = Message::Papers(papers.to_vec()).to_bytes();
        let Message::PapersAnswer(answer) = self.send(Method::PUT, path::PAPERS, body, limit::PAPERS).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn put_record(&self, file: &[u8]) -> Result<RecordAnswer, HttpError> {
        let Message::RecordAnswer(answer) =
            self.send(Method::POST, path::RECORDS, file.to_vec(), limit::RECORD).await?
        else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn put_evidence(&self, digest: Digest, bytes: &[u8]) -> Result<(), HttpError> {
        self.upload((path::UPLOADS, limit::EVIDENCE), digest, &mut Bytes(bytes)).await
    }

    async fn claim(&self, claim: &Claim) -> Result<ClaimAnswer, HttpError> {
        let body = Message::Claim(claim.clone()).to_bytes();
        let headers = &[(CONTENT_TYPE, path::MEDIA_TYPE.to_owned())];
        let (method, path, time) = (Method::POST, path::CLAIMS, REQUEST_LIMIT);
        // What it shows is signed, and a register that lost our admission has to hear of it.
        let ask = Ask { method, path, body, headers, time, is_signed: false };
        let Message::ClaimAnswer(answer) = self.ask(&ask).await?.message()? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn give_back(&self, returned: &Return) -> Result<RecordAnswer, HttpError> {
        let body = Message::Return(returned.clone()).to_bytes();
        let Message::RecordAnswer(answer) = self.send(Method::POST, path::RETURNS, body, limit::RETURN).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn feed(&self, _installation: PublicKey, after: Cursor) -> Result<Feed, HttpError> {
        let path = format!("{}/{}/{}", path::FEED, after.epoch, after.number);
        let Message::Feed(feed) = self.fetch(&path).await? else { return Err(BESIDE_THE_POINT) };
        Ok(feed)
    }

    async fn put_pack(&self, upload: &PackUpload) -> Result<PackAnswer, HttpError> {
        let body = Message::PackUpload(upload.clone()).to_bytes();
        let Message::PackAnswer(answer) = self.send(Method::PUT, path::PACKS, body, limit::PACK).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn put_request(&self, signed: &[u8]) -> Result<(), HttpError> {
        let body = Message::EnrolmentRequest(signed.to_vec()).to_bytes();
        let ask = Ask { method: Method::POST, body, ..get(path::REQUESTS) };
        let answer = self.ask(&ask).await?.message()?;
        if answer == Message::Stored(Stored { digest: digest_of(signed) }) { Ok(()) } else { Err(BESIDE_THE_POINT) }
    }

    async fn requests(&self, _installation: PublicKey) -> Result<Vec<Vec<u8>>, HttpError> {
        let ask = Ask { is_signed: true, ..get(path::REQUESTS) };
        let Message::EnrolmentRequests(waiting) = self.ask(&ask).await?.message()? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(waiting)
    }

    async fn offer_again(&self, file: &[u8]) -> Result<RecordAnswer, HttpError> {
        let Message::RecordAnswer(answer) = self.send(Method::POST, path::SHELF, file.to_vec(), limit::RECORD).await?
        else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn shelf(&self, _installation: PublicKey) -> Result<Shelf, HttpError> {
        let Message::Shelf(shelf) = self.fetch(path::SHELF).await? else { return Err(BESIDE_THE_POINT) };
        Ok(shelf)
    }

    async fn paper_back(&self, _installation: PublicKey, said: PaperBack) -> Result<PapersAnswer, HttpError> {
        let body = Message::PaperBack(said).to_bytes();
        let Message::PapersAnswer(answer) = self.send(Method::POST, path::PAPERS, body, limit::PAPER_BACK).await?
        else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }
}
