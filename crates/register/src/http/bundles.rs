//! Bundles on the socket: uploaded by tus as evidence is, taken by `PUT`, their answers fetched in parts. Only coordinators'
//! laptops carry them.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, Request, State},
    http::HeaderMap,
    response::Response,
};
use fieldproof_model::digest::Digest;
use fieldproof_seal::keys::PublicKey;
use fieldproof_wire::{Fault, Message, limit, path};

use super::{
    receive::receive_from,
    respond,
    uploads::{chunk_at, digest, offset_answer, place_answer, upload_of, with_version},
};
use crate::{Register, RegisterError, carried::Carried};

pub(super) async fn begin(State(register): State<Register>, request: Request) -> Response {
    let headers = request.headers().clone();
    let answer = async {
        let (by, _) = receive_of(&register, request, 0).await?;
        begun(&register, &headers, by).await
    };
    let answer = answer.await;
    with_version(answer.unwrap_or_else(|error| respond(&register, Err(error))))
}

async fn begun(register: &Register, headers: &HeaderMap, by: PublicKey) -> Result<Response, RegisterError> {
    let (digest, size) = upload_of(headers)?;
    let begun = run(register, move |carried| carried.begin(&digest, size, &by)).await?;
    place_answer(path::BUNDLES, digest, size, &begun)
}

pub(super) async fn find(State(register): State<Register>, Path(name): Path<String>, request: Request) -> Response {
    let headers = request.headers().clone();
    let answer = async {
        receive(&register, request, 0).await?;
        super::uploads::check_version(&headers)?;
        let digest = digest(&name)?;
        let found = run(&register, move |carried| Ok(carried.find(&digest))).await?;
        Ok(super::uploads::found_answer(&found.ok_or(Fault::NoSuchRequest)?))
    };
    let answer: Result<Response, RegisterError> = answer.await;
    with_version(answer.unwrap_or_else(|error| respond(&register, Err(error))))
}

pub(super) async fn append(State(register): State<Register>, Path(name): Path<String>, request: Request) -> Response {
    let headers = request.headers().clone();
    let answer = async {
        let chunk = receive(&register, request, limit::CHUNK).await?;
        let (digest, offset) = chunk_at(&headers, &name)?;
        run(&register, move |carried| carried.append(&digest, offset, &chunk)).await.map(offset_answer)
    };
    let answer = answer.await;
    with_version(answer.unwrap_or_else(|error| respond(&register, Err(error))))
}

/// Takes a bundle that was uploaded.
pub(super) async fn take(State(register): State<Register>, Path(name): Path<String>, request: Request) -> Response {
    let answer = async {
        receive(&register, request, 0).await?;
        let (digest, register) = (digest(&name)?, register.clone());
        // The work is finished even when nobody waits any more.
        tokio::task::spawn_blocking(move || register.take_carried(&digest)).await?
    };
    let answer = answer.await.map(Message::BundleTaken);
    respond(&register, answer)
}

/// A part of the answers.
pub(super) async fn piece(
    State(register): State<Register>,
    Path((name, offset)): Path<(String, u64)>,
    request: Request,
) -> Response {
    let answer = async {
        receive(&register, request, 0).await?;
        let answers: Digest = digest(&name)?;
        run(&register, move |carried| carried.piece(answers, offset)).await
    };
    let answer = answer.await.map(Message::AnswersPiece);
    respond(&register, answer)
}

/// Takes a request of a coordinator's laptop.
async fn receive(register: &Register, request: Request, limit: usize) -> Result<Bytes, RegisterError> {
    receive_of(register, request, limit).await.map(|(_, body)| body)
}

/// The same, with the laptop's key.
async fn receive_of(register: &Register, request: Request, limit: usize) -> Result<(PublicKey, Bytes), RegisterError> {
    let (key, body) = receive_from(register, request, limit).await?;
    register.run(move |core| core.check_coordinators(&key)).await?;
    Ok((key, body))
}

async fn run<T: Send + 'static>(
    register: &Register,
    work: impl FnOnce(&Carried) -> Result<T, RegisterError> + Send + 'static,
) -> Result<T, RegisterError> {
    let carried = Arc::clone(&register.carried);
    tokio::task::spawn_blocking(move || work(&carried)).await?
}
