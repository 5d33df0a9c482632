//! Enrolment over HTTP: packs and requests. The signature of each request says whose laptop asks.

use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::{EnrolmentProtocol, Fault, Message, PackAnswer, PackUpload, Stored, limit, path};
use reqwest::Method;

use super::{Answer, Ask, BESIDE_THE_POINT, HELLO_LIMIT, HttpError, HttpRegister, REQUEST_LIMIT};

impl EnrolmentProtocol for HttpRegister {
    type Error = HttpError;

    async fn put_pack(&self, upload: &PackUpload) -> Result<PackAnswer, HttpError> {
        let body = Message::PackUpload(upload.clone()).to_bytes();
        let Message::PackAnswer(answer) = self.send(Method::PUT, path::PACKS, body, limit::PACK).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn pack(&self, _installation: PublicKey, held: u32) -> Result<PackAnswer, HttpError> {
        let path = format!("{}/{held}", path::PACKS);
        let ask = Ask { path: &path, time: REQUEST_LIMIT, is_signed: true, ..GET };
        match self.ask(&ask).await.and_then(Answer::message) {
            Ok(Message::PackAnswer(answer)) => Ok(answer),
            Ok(_) => Err(BESIDE_THE_POINT),
            // The first pack admits the laptop: as long as nobody answered, the register does not know it.
            Err(HttpError::Fault(Fault::NotAdmitted)) => Ok(PackAnswer { number: 0, file: None }),
            Err(error) => Err(error),
        }
    }

    async fn put_request(&self, signed: &[u8]) -> Result<(), HttpError> {
        let body = Message::EnrolmentRequest(signed.to_vec()).to_bytes();
        let ask = Ask { method: Method::POST, path: path::REQUESTS, body, ..GET };
        let answer = self.ask(&ask).await?.message()?;
        if answer == Message::Stored(Stored { digest: digest_of(signed) }) { Ok(()) } else { Err(BESIDE_THE_POINT) }
    }

    async fn requests(&self, _installation: PublicKey) -> Result<Vec<Vec<u8>>, HttpError> {
        let ask = Ask { path: path::REQUESTS, is_signed: true, ..GET };
        let Message::EnrolmentRequests(waiting) = self.ask(&ask).await?.message()? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(waiting)
    }
}

const GET: Ask<'static> =
    Ask { method: Method::GET, path: "", body: Vec::new(), headers: &[], time: HELLO_LIMIT, is_signed: false };
