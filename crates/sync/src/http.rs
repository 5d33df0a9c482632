//! The client over HTTP. It tells apart who is not there, who is somebody else, and what was cut off.

mod enrol;

use std::{sync::Once, time::Duration};

use fieldproof_model::digest::Digest;
use fieldproof_wire::{
    ChainAnswer, ChainUpload, Fault, Hello, Message, Reach, RecordAnswer, RegisterProtocol, RequestError, Stored,
    limit, path,
};
use reqwest::{Client, Method, Response, Url, header::CONTENT_TYPE, redirect::Policy};

/// A register in reach answers a connection at once, also over a mobile network.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Hello is small; whoever takes longer is not there.
const HELLO_LIMIT: Duration = Duration::from_secs(20);

/// The largest photo over half a megabit per second.
const REQUEST_LIMIT: Duration = Duration::from_secs(600);

/// Bytes that nobody acknowledges for so long mean that the connection is gone, however much is still to be sent.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);

/// A text that is no address of a register.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Not of the form `http://host` or `https://host`.
    #[error("an address of a register looks like https://register.example")]
    Form,
    /// The client could not be made.
    #[error("the network client could not be made")]
    Client(#[from] reqwest::Error),
}

/// Why a request over HTTP failed.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection: no such host, nobody listens, or no answer in time.
    #[error("the register cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// Something answered that is no register: another server, or a page that wants a login first.
    #[error("something answered that is not a register (HTTP status {status})")]
    NotARegister {
        /// Its HTTP status.
        status: u16,
    },
    /// The register did not carry out the request.
    #[error(transparent)]
    Fault(Fault),
    /// Larger than the register takes; it was not sent.
    #[error("{size} bytes are more than the {limit} the register takes")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The connection ended before the answer was whole. Whether the request was carried out is unknown.
    #[error("the connection to the register broke")]
    Broken(#[source] reqwest::Error),
}

impl RequestError for HttpError {
    fn is_permanent(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Broken(_) => false,
            Self::NotARegister { .. } | Self::TooLarge { .. } => true,
            Self::Fault(fault) => fault.is_permanent(),
        }
    }

    fn reach(&self) -> Reach {
        match self {
            Self::Unreachable(_) => Reach::Connection,
            Self::NotARegister { .. } | Self::Broken(_) => Reach::Unclear,
            Self::Fault(_) | Self::TooLarge { .. } => Reach::Request,
        }
    }
}

/// A register at an address.
#[derive(Debug, Clone)]
pub struct HttpRegister {
    client: Client,
    /// Without a slash at its end.
    address: String,
}

impl HttpRegister {
    /// Takes an address such as `http://register.example:8080`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn new(address: &str) -> Result<Self, AddressError> {
        let url = Url::parse(address.trim()).map_err(|_| AddressError::Form)?;
        let is_plain = url.has_host()
            && ["http", "https"].contains(&url.scheme())
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_plain {
            return Err(AddressError::Form);
        }
        Ok(Self { client: client()?, address: url.as_str().trim_end_matches('/').to_owned() })
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        time: Duration,
    ) -> Result<Message, HttpError> {
        let request = self.client.request(method, format!("{}{path}", self.address)).timeout(time);
        let request = match body {
            Some(body) => request.header(CONTENT_TYPE, path::MEDIA_TYPE).body(body),
            None => request,
        };
        let response = request.send().await.map_err(from_transport)?;
        let status = response.status().as_u16();
        match Message::parse(&read(response).await?) {
            Ok(Message::Fault(fault)) => Err(HttpError::Fault(fault)),
            Ok(message) => Ok(message),
            Err(_) => Err(HttpError::NotARegister { status }),
        }
    }

    async fn upload(&self, method: Method, path: &str, body: Vec<u8>, limit: usize) -> Result<Message, HttpError> {
        if limit < body.len() {
            return Err(HttpError::TooLarge { size: body.len(), limit });
        }
        self.ask(method, path, Some(body), REQUEST_LIMIT).await
    }
}

/// An answer that is whole and of the protocol, and not to what was asked.
const BESIDE_THE_POINT: HttpError = HttpError::NotARegister { status: 200 };

impl RegisterProtocol for HttpRegister {
    type Error = HttpError;

    async fn hello(&self) -> Result<Hello, HttpError> {
        let Message::Hello(hello) = self.ask(Method::GET, path::HELLO, None, HELLO_LIMIT).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(hello)
    }

    async fn put_chain(&self, upload: &ChainUpload) -> Result<ChainAnswer, HttpError> {
        let body = Message::ChainUpload(upload.clone()).to_bytes();
        let Message::ChainAnswer(answer) = self.upload(Method::POST, path::CHAIN, body, limit::CHAIN).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn put_record(&self, file: &[u8]) -> Result<RecordAnswer, HttpError> {
        let Message::RecordAnswer(answer) =
            self.upload(Method::POST, path::RECORDS, file.to_vec(), limit::RECORD).await?
        else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn put_evidence(&self, digest: Digest, bytes: &[u8]) -> Result<(), HttpError> {
        let path = format!("{}/{digest}", path::EVIDENCE);
        let answer = self.upload(Method::PUT, &path, bytes.to_vec(), limit::EVIDENCE).await?;
        if answer == Message::Stored(Stored { digest }) { Ok(()) } else { Err(BESIDE_THE_POINT) }
    }
}

fn client() -> Result<Client, reqwest::Error> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Whoever was first installed one for the whole process; either will do.
        drop(rustls::crypto::ring::default_provider().install_default());
    });
    let builder = Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        // A proxy named in the environment could answer in the register's place.
        .no_proxy()
        // A page that wants a login first is reached by a redirect.
        .redirect(Policy::none())
        .referer(false)
        .user_agent(concat!("fieldproof/", env!("CARGO_PKG_VERSION")));
    #[cfg(target_os = "linux")]
    let builder = builder.tcp_user_timeout(SILENCE_LIMIT);
    builder.tcp_keepalive(SILENCE_LIMIT).build()
}

/// Reads an answer; whoever sends more than the protocol has answers for is no register.
async fn read(mut response: Response) -> Result<Vec<u8>, HttpError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(from_transport)? {
        if limit::ANSWER < body.len().saturating_add(chunk.len()) {
            return Err(HttpError::NotARegister { status });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn from_transport(error: reqwest::Error) -> HttpError {
    // Host not found, connection refused and connecting for too long are all failures to connect.
    if error.is_connect() { HttpError::Unreachable(error) } else { HttpError::Broken(error) }
}
