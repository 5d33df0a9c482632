//! Enrolment on the socket: packs that are brought, the feed that takes them on, and requests that wait.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use fieldproof_seal::digest_of;
use fieldproof_wire::{Cursor, Fault, Message, Stored, limit};

use super::{
    receive::{read_unsigned, receive, receive_from},
    respond,
};
use crate::{Register, RegisterError, core::Core};

/// A pack from a coordinator; who signed it is what counts.
pub(super) async fn put_pack(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive(&register, request, limit::PACK).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::PackUpload(upload))) => {
            register.run(move |core| core.receive_pack(&upload)).await.map(Message::PackAnswer)
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

/// What the laptop that asks is told.
pub(super) async fn feed(
    State(register): State<Register>,
    Path((epoch, number)): Path<(u32, u32)>,
    request: Request,
) -> Response {
    let answer = match receive_from(&register, request, 0).await {
        Ok((key, _)) => register.run(move |core| core.feed(&key, Cursor { epoch, number })).await.map(Message::Feed),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

/// Somebody asks to be enrolled: nobody is known who could sign for it.
pub(super) async fn put_request(State(register): State<Register>, request: Request) -> Response {
    let answer = take_request(&register, request).await;
    respond(&register, answer)
}

async fn take_request(register: &Register, request: Request) -> Result<Message, RegisterError> {
    let body = read_unsigned(request, limit::ENROLMENT_REQUEST).await?;
    let Ok(Message::EnrolmentRequest(signed)) = Message::parse(&body) else {
        return Err(Fault::Malformed.into());
    };
    let digest = digest_of(&signed);
    register.run(move |core: &Core| core.receive_request(&signed)).await?;
    Ok(Message::Stored(Stored { digest }))
}

/// Those who wait, for a coordinator's laptop.
pub(super) async fn requests(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive_from(&register, request, 0).await {
        Ok((key, _)) => register.run(move |core| core.requests_for(&key)).await.map(Message::EnrolmentRequests),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}
