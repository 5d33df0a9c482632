//! What can go wrong between a laptop and its register, and the client that finds out.

use std::{future::Future, io, net::IpAddr, sync::Once, time::Duration};

use fieldproof_model::digest::Digest;
use fieldproof_wire::{Fault, Reach, RequestError, limit::on_the_slowest_line};
use reqwest::{Client, RequestBuilder, Response, Url, header::CONTENT_TYPE, redirect::Policy};
use tokio::time::Instant;

use crate::pin;

/// A register in reach answers a connection at once, also over a mobile network.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Bytes that nobody acknowledges for so long mean that the connection is gone, however much is still to be sent.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);

/// An answer that began and of which nothing more comes for so long is not going to be whole.
const IDLE_LIMIT: Duration = Duration::from_secs(60);

/// A text that is no address of a register.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// None at all.
    #[error("none is known here yet")]
    Missing,
    /// Not of the form `http://host` or `https://host`.
    #[error("an address of a register looks like https://register.example")]
    Form,
    /// In clear, and on another machine.
    #[error("http:// is for a register on this machine; another one has an address with https://")]
    InClear,
    /// With https, and nothing to know the server by.
    #[error("the key of the server at this address is not known; it comes with the institution's pack")]
    NoPin,
    /// The client could not be made.
    #[error("the network client could not be made")]
    Client(#[from] reqwest::Error),
    /// The client's side of TLS could not be made.
    #[error("the client for protected connections could not be made")]
    Tls(#[from] rustls::Error),
}

/// Why a request over HTTP failed.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection: no such host, nobody listens, or no answer in time.
    #[error("the register cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The server at the address has another key than our register.
    #[error("another server answers at this address")]
    OtherServer,
    /// Whoever answers does not make a protected connection.
    #[error("what answers at this address makes no protected connection")]
    Handshake(#[source] reqwest::Error),
    /// The network answered itself: a page that wants a login first.
    #[error("the network answered in the register's place and probably wants a login first (HTTP status {status})")]
    Portal {
        /// The HTTP status of its page.
        status: u16,
    },
    /// Something answered that is no register.
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
    /// What was to be sent could not be read.
    #[error("what was to be sent could not be read")]
    File(#[source] io::Error),
    /// The connection ended before the answer was whole, or nothing came over it any more. Whether the request was
    /// carried out is unknown.
    #[error("the connection to the register broke")]
    Broken(#[source] Option<reqwest::Error>),
}

impl RequestError for HttpError {
    fn is_permanent(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Handshake(_) | Self::Broken(_) => false,
            Self::OtherServer
            | Self::Portal { .. }
            | Self::NotARegister { .. }
            | Self::TooLarge { .. }
            | Self::File(_) => true,
            Self::Fault(fault) => fault.is_permanent(),
        }
    }

    fn reach(&self) -> Reach {
        match self {
            Self::Unreachable(_) | Self::OtherServer | Self::Handshake(_) => Reach::Connection,
            Self::Portal { .. } | Self::NotARegister { .. } | Self::Broken(_) => Reach::Unclear,
            Self::Fault(_) | Self::TooLarge { .. } | Self::File(_) => Reach::Request,
        }
    }
}

/// By what a register is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// It runs on this machine.
    OnThisMachine,
    /// By its key.
    WithKey(Digest),
    /// By nothing: what is sent and what comes back speak for themselves.
    Any,
}

/// Reads an address such as `https://register.example`; without a slash at its end.
pub(crate) fn read_address(address: &str, server: Server) -> Result<String, AddressError> {
    if address.trim().is_empty() {
        return Err(AddressError::Missing);
    }
    let url = Url::parse(address.trim()).map_err(|_| AddressError::Form)?;
    let is_plain = url.has_host()
        && ["http", "https"].contains(&url.scheme())
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    match url.scheme() {
        _ if !is_plain => Err(AddressError::Form),
        "https" if server == Server::OnThisMachine => Err(AddressError::NoPin),
        "http" if matches!(server, Server::WithKey(_)) || !is_this_machine(&url) => Err(AddressError::InClear),
        _ => Ok(url.as_str().trim_end_matches('/').to_owned()),
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || number.parse::<IpAddr>().is_ok_and(|number| number.is_loopback())
}

pub(crate) fn client(server: Server) -> Result<Client, AddressError> {
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
    let builder = match server {
        Server::OnThisMachine => builder,
        Server::WithKey(pin) => builder.https_only(true).tls_backend_preconfigured(pin::config(Some(pin))?),
        Server::Any => builder.tls_backend_preconfigured(pin::config(None)?),
    };
    Ok(builder.tcp_keepalive(SILENCE_LIMIT).build()?)
}

/// Who speaks where the protocol has no such answer: a network that wants a login, or somebody else.
pub(crate) fn stranger(response: &Response) -> HttpError {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // 511 was made for this and is hardly used.
    let wants_login = status.is_redirection() || status.as_u16() == 511 || kind.trim_start().starts_with("text/html");
    let status = status.as_u16();
    if wants_login { HttpError::Portal { status } } else { HttpError::NotARegister { status } }
}

/// Waits for the beginning of an answer: `patience`, and as long as the slowest line needs for the request's body.
pub(crate) async fn send(request: RequestBuilder, body: usize, patience: Duration) -> Result<Response, HttpError> {
    within(patience.saturating_add(on_the_slowest_line(body)), request.send()).await
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, reqwest::Error>>) -> Result<T, HttpError> {
    tokio::time::timeout(limit, work).await.map_err(|_| HttpError::Broken(None))?.map_err(from_transport)
}

/// Reads an answer, as long as it goes on and is not slower than the slowest line; whoever sends more than the protocol
/// has answers for is no register.
pub(crate) async fn read(response: &mut Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let (began, mut body) = (Instant::now(), Vec::new());
    loop {
        let all = IDLE_LIMIT.saturating_add(on_the_slowest_line(body.len()));
        let left = all.saturating_sub(began.elapsed()).min(IDLE_LIMIT);
        let Some(chunk) = within(left, response.chunk()).await? else { break };
        if limit < body.len().saturating_add(chunk.len()) {
            return Err(stranger(response));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(crate) fn from_transport(error: reqwest::Error) -> HttpError {
    match pin::problem(&error) {
        Some(rustls::Error::InvalidCertificate(_)) => return HttpError::OtherServer,
        Some(_) => return HttpError::Handshake(error),
        None => {}
    }
    // Host not found, connection refused and connecting for too long are all failures to connect.
    if error.is_connect() { HttpError::Unreachable(error) } else { HttpError::Broken(Some(error)) }
}
