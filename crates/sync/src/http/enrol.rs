//! Enrolment over HTTP: packs and requests.

use fieldproof_model::id::to_hex;
use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::{EnrolmentProtocol, Message, PackAnswer, PackUpload, Stored, limit, path};
use reqwest::Method;

use super::{BESIDE_THE_POINT, HELLO_LIMIT, HttpError, HttpRegister, REQUEST_LIMIT};

impl EnrolmentProtocol for HttpRegister {
    type Error = HttpError;

    async fn put_pack(&self, upload: &PackUpload) -> Result<PackAnswer, HttpError> {
        let body = Message::PackUpload(upload.clone()).to_bytes();
        let Message::PackAnswer(answer) = self.upload(Method::PUT, path::PACKS, body, limit::PACK).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn pack(&self, installation: PublicKey, held: u32) -> Result<PackAnswer, HttpError> {
        let path = format!("{}/{}/{held}", path::PACKS, to_hex(installation.as_bytes()));
        let Message::PackAnswer(answer) = self.ask(Method::GET, &path, None, REQUEST_LIMIT).await? else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn put_request(&self, signed: &[u8]) -> Result<(), HttpError> {
        let body = Message::EnrolmentRequest(signed.to_vec()).to_bytes();
        let answer = self.upload(Method::POST, path::REQUESTS, body, limit::CHAIN).await?;
        if answer == Message::Stored(Stored { digest: digest_of(signed) }) { Ok(()) } else { Err(BESIDE_THE_POINT) }
    }

    async fn requests(&self, _installation: PublicKey) -> Result<Vec<Vec<u8>>, HttpError> {
        // The signature of the request says whose laptop asks.
        let Message::EnrolmentRequests(waiting) = self.ask(Method::GET, path::REQUESTS, None, HELLO_LIMIT).await?
        else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(waiting)
    }
}
