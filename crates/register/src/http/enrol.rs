//! Enrolment on the socket: packs, and requests that wait.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use fieldproof_model::id::parse_hex;
use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::{Fault, Message, Stored, limit};

use super::{read, respond};
use crate::{Register, core::Core};

/// A pack from a coordinator; who signed it is what counts.
pub(super) async fn put_pack(State(register): State<Register>, request: Request) -> Response {
    let answer = match read(request, limit::PACK).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::PackUpload(upload))) => {
            register.run(move |core| core.receive_pack(&upload)).await.map(Message::PackAnswer)
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(fault) => Err(fault.into()),
    };
    respond(&register, answer)
}

/// A laptop's pack, which nobody else can read.
pub(super) async fn pack(State(register): State<Register>, Path((key, held)): Path<(String, u32)>) -> Response {
    let Some(key) = parse_hex::<32>(&key).map(PublicKey::new) else {
        return respond(&register, Err(Fault::NoSuchRequest.into()));
    };
    let answer = register.run(move |core| core.pack_of(&key, held)).await.map(Message::PackAnswer);
    respond(&register, answer)
}

/// Somebody asks to be enrolled.
pub(super) async fn put_request(State(register): State<Register>, request: Request) -> Response {
    let answer = match read(request, limit::CHAIN).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::EnrolmentRequest(signed))) => {
            let digest = digest_of(&signed);
            let kept = register.run(move |core: &Core| core.receive_request(&signed)).await;
            kept.map(|()| Message::Stored(Stored { digest }))
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(fault) => Err(fault.into()),
    };
    respond(&register, answer)
}
