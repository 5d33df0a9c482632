//! The shelf over HTTP: offering a refused record again, and a coordinator's list.

use fieldproof_seal::keys::PublicKey;
use fieldproof_wire::{Message, RecordAnswer, Shelf, ShelfProtocol, limit, path};
use reqwest::Method;

use super::{Ask, BESIDE_THE_POINT, HttpError, HttpRegister, REQUEST_LIMIT};

impl ShelfProtocol for HttpRegister {
    type Error = HttpError;

    async fn offer_again(&self, file: &[u8]) -> Result<RecordAnswer, HttpError> {
        let Message::RecordAnswer(answer) = self.send(Method::POST, path::SHELF, file.to_vec(), limit::RECORD).await?
        else {
            return Err(BESIDE_THE_POINT);
        };
        Ok(answer)
    }

    async fn shelf(&self, _installation: PublicKey) -> Result<Shelf, HttpError> {
        let (method, path, time) = (Method::GET, path::SHELF, REQUEST_LIMIT);
        let ask = Ask { method, path, body: Vec::new(), headers: &[], time, is_signed: true };
        let Message::Shelf(shelf) = self.ask(&ask).await?.message()? else { return Err(BESIDE_THE_POINT) };
        Ok(shelf)
    }
}
