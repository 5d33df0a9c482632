//! Evidence by tus 1.0: begun by `POST`, asked after by `HEAD`, continued by `PATCH`.

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION},
    },
    response::{IntoResponse, Response},
};
use fieldproof_model::digest::Digest;
use fieldproof_seal::keys::PublicKey;
use fieldproof_wire::{
    Fault, Message, Stored, Upload, limit, path,
    tus::{self, TUS_RESUMABLE, UPLOAD_LENGTH, UPLOAD_METADATA, UPLOAD_OFFSET},
};

use super::{
    receive::{receive, receive_from},
    respond,
};
use crate::{Register, RegisterError, evidence::Begun, uploads::Unfinished};

/// What the register speaks; nobody needs to be known for that.
pub(super) async fn options() -> Response {
    let headers = [
        (HeaderName::from_static(TUS_RESUMABLE), HeaderValue::from_static(tus::VERSION)),
        (HeaderName::from_static(tus::TUS_VERSION), HeaderValue::from_static(tus::VERSION)),
        (HeaderName::from_static(tus::TUS_EXTENSION), HeaderValue::from_static(tus::EXTENSION)),
        (HeaderName::from_static(tus::TUS_MAX_SIZE), HeaderValue::from(limit::EVIDENCE)),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

pub(super) async fn begin(State(register): State<Register>, request: Request) -> Response {
    let headers = request.headers().clone();
    let answer = match receive_from(&register, request, 0).await {
        Ok((by, _)) => begun(&register, &headers, by).await,
        Err(error) => Err(error),
    };
    with_version(answer.unwrap_or_else(|error| respond(&register, Err(error))))
}

async fn begun(register: &Register, headers: &HeaderMap, by: PublicKey) -> Result<Response, RegisterError> {
    let (digest, size) = upload_of(headers)?;
    let begun = register.run(move |core| core.begin_upload(&digest, size, &by)).await?;
    place_answer(path::UPLOADS, digest, size, &begun)
}

/// Which upload begins, and how long it will be.
pub(super) fn upload_of(headers: &HeaderMap) -> Result<(Digest, u64), Fault> {
    check_version(headers)?;
    let digest = only(headers, UPLOAD_METADATA).and_then(tus::parse_metadata).ok_or(Fault::Malformed)?;
    let size = only(headers, UPLOAD_LENGTH).and_then(tus::parse_number).ok_or(Fault::Malformed)?;
    Ok((digest, size))
}

/// Where an upload goes on.
pub(super) fn place_answer(place: &str, digest: Digest, size: u64, begun: &Begun) -> Result<Response, RegisterError> {
    let (status, offset, message) = match *begun {
        Begun::Whole => (StatusCode::OK, size, Message::Stored(Stored { digest })),
        Begun::From(offset) => (StatusCode::CREATED, offset, Message::Upload(Upload { digest, offset })),
    };
    let mut response = (status, [(CONTENT_TYPE, path::MEDIA_TYPE)], Body::from(message.to_bytes())).into_response();
    let place = HeaderValue::from_str(&format!("{place}/{digest}")).map_err(|_| Fault::Internal)?;
    response.headers_mut().insert(LOCATION, place);
    set_number(&mut response, UPLOAD_OFFSET, offset);
    Ok(response)
}

pub(super) async fn find(State(register): State<Register>, Path(name): Path<String>, request: Request) -> Response {
    let headers = request.headers().clone();
    let answer = match receive(&register, request, 0).await {
        Ok(_) => found(&register, &headers, &name).await,
        Err(error) => Err(error),
    };
    with_version(answer.unwrap_or_else(|error| respond(&register, Err(error))))
}

async fn found(register: &Register, headers: &HeaderMap, name: &str) -> Result<Response, RegisterError> {
    check_version(headers)?;
    let digest = digest(name)?;
    let upload = register.run(move |core| core.find_upload(&digest)).await?.ok_or(Fault::NoSuchRequest)?;
    Ok(found_answer(&upload))
}

/// How far an upload came.
pub(super) fn found_answer(upload: &Unfinished) -> Response {
    let mut response = (StatusCode::OK, [(CACHE_CONTROL, "no-store")]).into_response();
    set_number(&mut response, UPLOAD_OFFSET, upload.offset);
    set_number(&mut response, UPLOAD_LENGTH, upload.size);
    response
}

pub(super) async fn append(State(register): State<Register>, Path(name): Path<String>, request: Request) -> Response {
    let headers = request.headers().clone();
    let answer = match receive(&register, request, limit::CHUNK).await {
        Ok(chunk) => appended(&register, &headers, &name, chunk).await,
        Err(error) => Err(error),
    };
    with_version(answer.unwrap_or_else(|error| respond(&register, Err(error))))
}

async fn appended(
    register: &Register,
    headers: &HeaderMap,
    name: &str,
    chunk: axum::body::Bytes,
) -> Result<Response, RegisterError> {
    let (digest, offset) = chunk_at(headers, name)?;
    let offset = register.run(move |core| core.append_upload(&digest, offset, &chunk)).await?;
    Ok(offset_answer(offset))
}

/// Of which upload a chunk is, and where it begins.
pub(super) fn chunk_at(headers: &HeaderMap, name: &str) -> Result<(Digest, u64), Fault> {
    check_version(headers)?;
    let digest = digest(name)?;
    if only(headers, CONTENT_TYPE.as_str()) != Some(tus::CHUNK_TYPE) {
        return Err(Fault::MediaType);
    }
    let offset = only(headers, UPLOAD_OFFSET).and_then(tus::parse_number).ok_or(Fault::Malformed)?;
    Ok((digest, offset))
}

/// So much of it is on disk.
pub(super) fn offset_answer(offset: u64) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_number(&mut response, UPLOAD_OFFSET, offset);
    response
}

pub(super) fn digest(name: &str) -> Result<Digest, Fault> {
    tus::parse_name(name).ok_or(Fault::NoSuchRequest)
}

pub(super) fn check_version(headers: &HeaderMap) -> Result<(), Fault> {
    if only(headers, TUS_RESUMABLE) == Some(tus::VERSION) { Ok(()) } else { Err(Fault::TusVersion) }
}

/// The one line of a header.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut lines = headers.get_all(name).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return None;
    };
    line.to_str().ok()
}

fn set_number(response: &mut Response, name: &'static str, number: u64) {
    response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(number));
}

/// Every answer of tus names its version; to whoever came with another one, it is the way on.
pub(super) fn with_version(mut response: Response) -> Response {
    let version = HeaderValue::from_static(tus::VERSION);
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert(HeaderName::from_static(tus::TUS_VERSION), version.clone());
    }
    response.headers_mut().insert(HeaderName::from_static(TUS_RESUMABLE), version);
    response
}
