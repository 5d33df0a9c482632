//! The shelf on the socket: papers are told, a refused record is offered again, and a coordinator's laptop looks at what
//! stands there and says which papers were taken back.

use axum::{
    extract::{Request, State},
    response::Response,
};
use fieldproof_wire::{Fault, Message, limit};

use super::{
    receive::{receive, receive_from},
    respond,
};
use crate::{Register, core::Core};

/// Papers that were opened for printing.
pub(super) async fn papers(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive(&register, request, limit::PAPERS).await.map(|body| Message::parse(&body)) {
        Ok(Ok(Message::Papers(papers))) => {
            register.run(move |core| core.receive_papers(&papers)).await.map(Message::PapersAnswer)
        }
        Ok(_) => Err(Fault::Malformed.into()),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

/// A paper that was taken back, says a coordinator's laptop.
pub(super) async fn paper_back(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive_from(&register, request, limit::PAPER_BACK).await {
        Ok((key, body)) => match Message::parse(&body) {
            Ok(Message::PaperBack(said)) => {
                register.run(move |core| core.note_back(&key, said)).await.map(Message::PapersAnswer)
            }
            Ok(_) | Err(_) => Err(Fault::Malformed.into()),
        },
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

/// A record file that is to be judged anew.
pub(super) async fn offer_again(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive(&register, request, limit::RECORD).await {
        Ok(body) => register.run(move |core| core.judge_anew(&body)).await.map(Message::RecordAnswer),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}

/// What was refused and what is missing, for a coordinator's laptop.
pub(super) async fn look(State(register): State<Register>, request: Request) -> Response {
    let answer = match receive_from(&register, request, 0).await {
        Ok((key, _)) => register.run(move |core: &Core| core.shelf_for(&key)).await.map(Message::Shelf),
        Err(error) => Err(error),
    };
    respond(&register, answer)
}
