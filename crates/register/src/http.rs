//! The register on a socket: who sends, read at most so much, hand over, answer. Nothing is decided here.

mod bundles;
mod connections;
mod enrol;
mod places;
mod receive;
mod shelf;
mod uploads;

use std::{future::Future, net::IpAddr, sync::Arc};

use axum::{
    Extension, Router,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, head, options, post, put},
};
use connections::{Limits, Socket};
use fieldproof_wire::{Fault, Message, limit, path, signature};
use places::Places;
use receive::{Scheme, read_unsigned, receive};
use tokio::net::TcpListener;

use crate::{Register, RegisterError, core::Core, page, table::records};

/// So many bodies that nobody signed are read at once, and of one address: a classroom is one, and each is soon there. As
/// with connections, it takes eight addresses to keep all others out, and what they may fill has an end.
const UNSIGNED: usize = 64;
const UNSIGNED_OF_EACH: usize = 8;

/// The places for bodies that nobody signed.
#[derive(Debug, Clone)]
struct Unsigned(Arc<Places>);

/// The requests of the protocol, and the verify page.
fn router(register: Register, scheme: Scheme) -> Router {
    let open = Router::new()
        .route(path::HELLO, get(hello))
        .route(page::PAGE, get(page::page))
        .route(page::KEEPER, get(page::keeper))
        .route(page::TRUST, get(page::trust))
        .route(path::REQUESTS, post(enrol::put_request))
        .route(path::CLAIMS, post(claim))
        .route(path::UPLOADS, options(uploads::options))
        .route_layer(from_fn_with_state(register.clone(), bounded));
    Router::new()
        .merge(open)
        .route(path::HEALTH, get(health))
        .route(path::CHAIN, post(chain))
        .route(path::RECORDS, post(record))
        .route(path::PAPERS, put(shelf::papers).post(shelf::paper_back))
        .route(path::RETURNS, post(give_back))
        .route(path::UPLOADS, post(uploads::begin))
        .route(&format!("{}/{{digest}}", path::UPLOADS), head(uploads::find).patch(uploads::append))
        .route(path::BUNDLES, post(bundles::begin))
        .route(&format!("{}/{{digest}}", path::BUNDLES), head(bundles::find).patch(bundles::append).put(bundles::take))
        .route(&format!("{}/{{digest}}/{{offset}}", path::ANSWERS), get(bundles::piece))
        .route(path::PACKS, put(enrol::put_pack))
        .route(path::REQUESTS, get(enrol::requests))
        .route(&format!("{}/{{epoch}}/{{number}}", path::FEED), get(enrol::feed))
        .route(path::SHELF, get(shelf::look).post(shelf::offer_again))
        .fallback(no_such_request)
        .method_not_allowed_fallback(no_such_request)
        // Each request has its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(register.clone(), with_nonce))
        .layer(Extension(scheme))
        .layer(Extension(Unsigned(Arc::new(Places::new(UNSIGNED_OF_EACH, UNSIGNED)))))
        .with_state(register)
}

/// Answers in clear on `listener`, for a laptop that is the same machine, until `shutdown` is there; requests under way are
/// finished, unless they take longer than half a minute.
pub async fn serve(listener: TcpListener, register: Register, shutdown: impl Future<Output = ()> + Send + 'static) {
    answer(listener, register, Scheme::Http, shutdown).await;
}

/// The same over TLS.
pub async fn serve_tls(listener: TcpListener, register: Register, shutdown: impl Future<Output = ()> + Send + 'static) {
    answer(listener, register, Scheme::Https, shutdown).await;
}

async fn answer(listener: TcpListener, register: Register, scheme: Scheme, shutdown: impl Future<Output = ()> + Send) {
    let tls = match scheme {
        Scheme::Http => None,
        Scheme::Https => Some(register.tls.acceptor()),
    };
    let limits = Limits { each: register.each.unwrap_or(Limits::USUAL.each), ..Limits::USUAL };
    let teller = register.clone();
    let tell = Box::new(move |error| teller.report(&RegisterError::Connections(error)));
    connections::serve(Socket { listener, tls, tell }, router(register, scheme), limits, shutdown).await;
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Remote(pub(crate) IpAddr);

/// Lets in what nobody signed, as long as it is not too much.
async fn bounded(
    State(register): State<Register>,
    ConnectInfo(from): ConnectInfo<Remote>,
    request: Request,
    next: Next,
) -> Response {
    match register.core.door.unsigned(from.0) {
        Ok(()) => next.run(request).await,
        Err(fault) => respond(&register, Err(fault.into())),
    }
}

/// Every answer of the protocol brings a nonce for the next request.
async fn with_nonce(State(register): State<Register>, request: Request, next: Next) -> Response {
    let is_protocol = request.uri().path().starts_with(path::PROTOCOL);
    let mut response = next.run(request).await;
    let nonce = register.core.door.nonce().filter(|_| is_protocol);
    if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::from_str(&nonce.to_string()).ok()) {
        response.headers_mut().insert(HeaderName::from_static(signature::NONCE), nonce);
    }
    response
}

async fn hello(State(register): State<Register>) -> Response {
    let answer = register.run(Core::greet).await.map(Message::Hello);
    respond(&register, answer)
}

async fn chain(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive(&register, request, limit::CHAIN).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::ChainUpload(upload))) => {
            register.run(move |core| core.receive_chain(&upload)).await.map(Message::ChainAnswer)
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

async fn record(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive(&register, request, limit::RECORD).await {
        Ok(body) => register.run(move |core| core.receive_record(&body)).await.map(Message::RecordAnswer),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

/// Says that the book can be read. Whoever looks whether the register runs is to hear so when others ask for too much.
async fn health(State(register): State<Register>, ConnectInfo(from): ConnectInfo<Remote>) -> Response {
    let looked = match register.core.door.of_one_address(from.0) {
        Ok(()) => register.run(|core| core.read(records::last)).await,
        Err(fault) => Err(fault.into()),
    };
    match looked {
        Ok(_) => "ok".into_response(),
        Err(error) => respond(&register, Err(error)),
    }
}

/// What is shown was signed here, whoever shows it: a laptop whose admission was lost, too.
async fn claim(State(register): State<Register>, request: Request) -> Response {
    let answer = match read_unsigned(request, limit::CLAIM).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::Claim(claim))) => {
            register.run(move |core| core.receive_claim(&claim)).await.map(Message::ClaimAnswer)
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(fault) => Err(fault.into()),
    };
    respond(&register, answer)
}

async fn give_back(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive(&register, request, limit::RETURN).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::Return(returned))) => {
            register.run(move |core| core.take_back(&returned)).await.map(Message::RecordAnswer)
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

/// What nobody asks for is unsigned, too.
async fn no_such_request(State(register): State<Register>, ConnectInfo(from): ConnectInfo<Remote>) -> Response {
    let fault = register.core.door.unsigned(from.0).err().unwrap_or(Fault::NoSuchRequest);
    respond(&register, Err(fault.into()))
}

pub(crate) fn respond(register: &Register, answer: Result<Message, RegisterError>) -> Response {
    let (status, message) = match answer {
        Ok(message) => (StatusCode::OK, message),
        Err(error) => {
            let fault = error.fault();
            if fault == Fault::Internal {
                register.report(&error);
            }
            (StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Message::Fault(fault))
        }
    };
    let mut response = (status, [(CONTENT_TYPE, path::MEDIA_TYPE)], Body::from(message.to_bytes())).into_response();
    if let Message::Fault(Fault::TooMany(seconds)) = message {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
