//! The register on a socket: read at most so much, hand over, answer. Nothing is decided here.

mod enrol;

use std::{future::Future, io};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use fieldproof_model::digest::Digest;
use fieldproof_wire::{Fault, Message, Stored, limit, path};
use tokio::net::TcpListener;

use crate::{Register, RegisterError, core::Core, page};

/// The requests of the protocol, and the verify page.
pub fn router(register: Register) -> Router {
    Router::new()
        .route(path::HELLO, get(hello))
        .route(path::CHAIN, post(chain))
        .route(path::RECORDS, post(record))
        .route(&format!("{}/{{digest}}", path::EVIDENCE), put(evidence))
        .route(path::PACKS, put(enrol::put_pack))
        .route(&format!("{}/{{key}}/{{held}}", path::PACKS), get(enrol::pack))
        .route(path::REQUESTS, post(enrol::put_request))
        .route(path::HEALTH, get("ok"))
        .route(page::PAGE, get(page::page))
        .route(page::KEEPER, get(page::keeper))
        .route(page::TRUST, get(page::trust))
        .fallback(no_such_request)
        .method_not_allowed_fallback(no_such_request)
        // Each request has its own limit.
        .layer(DefaultBodyLimit::disable())
        .with_state(register)
}

/// Answers on `listener` until `shutdown` is there; requests under way are finished.
///
/// # Errors
/// [`io::Error`] of the socket.
pub async fn serve(
    listener: TcpListener,
    register: Register,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(register)).with_graceful_shutdown(shutdown).await
}

async fn hello(State(register): State<Register>) -> Response {
    let answer = register.run(Core::greet).await.map(Message::Hello);
    respond(&register, answer)
}

async fn chain(State(register): State<Register>, request: Request) -> Response {
    let answer = match read(request, limit::CHAIN).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::ChainUpload(upload))) => {
            register.run(move |core| core.receive_chain(&upload)).await.map(Message::ChainAnswer)
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(fault) => Err(fault.into()),
    };
    respond(&register, answer)
}

async fn record(State(register): State<Register>, request: Request) -> Response {
    let answer = match read(request, limit::RECORD).await {
        Ok(body) => register.run(move |core| core.receive_record(&body)).await.map(Message::RecordAnswer),
        Err(fault) => Err(fault.into()),
    };
    respond(&register, answer)
}

async fn evidence(State(register): State<Register>, Path(name): Path<String>, request: Request) -> Response {
    // One name per item: upper-case digits would be a second one.
    let Some(digest) = Digest::parse(&name).filter(|digest| digest.to_string() == name) else {
        return respond(&register, Err(Fault::NoSuchRequest.into()));
    };
    let answer = match read(request, limit::EVIDENCE).await {
        Ok(body) => register.run(move |core| core.receive_evidence(&digest, &body)).await,
        Err(fault) => Err(fault.into()),
    };
    respond(&register, answer.map(|()| Message::Stored(Stored { digest })))
}

async fn no_such_request(State(register): State<Register>) -> Response {
    respond(&register, Err(Fault::NoSuchRequest.into()))
}

/// Reads a body of at most `limit` bytes; one that is announced as longer is not read at all.
async fn read(request: Request, limit: usize) -> Result<Bytes, Fault> {
    let too_large = Fault::TooLarge(u64::try_from(limit).unwrap_or(u64::MAX));
    let body = request.into_body();
    let announced = body.size_hint();
    if u64::try_from(limit).is_ok_and(|limit| limit < announced.lower()) {
        return Err(too_large);
    }
    // A body of announced length can only be cut off; then nobody hears the answer.
    to_bytes(body, limit).await.map_err(|_| if announced.exact().is_some() { Fault::Malformed } else { too_large })
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
    (status, [(CONTENT_TYPE, path::MEDIA_TYPE)], Body::from(message.to_bytes())).into_response()
}
