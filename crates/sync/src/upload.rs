//! Evidence on its way: chunk by chunk, from wherever the register says, and on after every cut that had progress before.

use std::time::Duration;

use fieldproof_model::digest::Digest;
use fieldproof_wire::{Fault, Message, Stored, Upload, limit, path, tus};
use reqwest::Method;

use crate::{
    HttpError, HttpRegister,
    http::{Answer, Ask, BESIDE_THE_POINT, CONTENT_TYPE, REQUEST_LIMIT},
};

/// How long and how often somebody else who sends the same evidence is waited for.
const WAIT: Duration = Duration::from_millis(250);
const WAITS: u32 = 20;

impl HttpRegister {
    /// Sends one item; when this comes back the register has it all.
    pub(crate) async fn upload(&self, digest: Digest, bytes: &[u8]) -> Result<(), HttpError> {
        if limit::EVIDENCE < bytes.len() {
            return Err(HttpError::TooLarge { size: bytes.len(), limit: limit::EVIDENCE });
        }
        let (mut stood_at, mut is_anew, mut waits) = (None, false, 0_u32);
        loop {
            let Err((reached, error)) = self.go_on(digest, bytes).await else {
                return Ok(());
            };
            // A chunk that had seemed lost may arrive late, or somebody else's: the register says how far it is by now.
            let reached = if let HttpError::Fault(Fault::Offset(offset)) = &error {
                usize::try_from(*offset).ok().filter(|offset| *offset <= bytes.len())
            } else {
                reached
            };
            match &error {
                // What was there before our part of it was something else.
                HttpError::Fault(Fault::OtherDigest(_)) if !is_anew => (is_anew, stood_at) = (true, None),
                HttpError::Fault(Fault::Busy) if waits < WAITS => {
                    waits = waits.saturating_add(1);
                    tokio::time::sleep(WAIT).await;
                }
                // Cut off, or somebody else was faster, perhaps to the very end.
                HttpError::Broken(_) | HttpError::Fault(Fault::Offset(_) | Fault::NoSuchRequest)
                    if stood_at < reached =>
                {
                    stood_at = reached;
                }
                HttpError::Broken(_)
                | HttpError::Fault(_)
                | HttpError::Unreachable(_)
                | HttpError::OtherServer
                | HttpError::Handshake(_)
                | HttpError::Portal { .. }
                | HttpError::NotARegister { .. }
                | HttpError::TooLarge { .. } => return Err(error),
            }
        }
    }

    /// Sends whatever the register has not yet, or says how far it came.
    async fn go_on(&self, digest: Digest, bytes: &[u8]) -> Result<(), (Option<usize>, HttpError)> {
        match self.begin(digest, bytes.len()).await.map_err(|error| (None, error))? {
            Some(from) => self.send_chunks(digest, bytes, from).await,
            None => {
                self.reached(digest, bytes.len());
                Ok(())
            }
        }
    }

    /// Where the register wants to go on; `None` when it has everything.
    async fn begin(&self, digest: Digest, size: usize) -> Result<Option<usize>, HttpError> {
        let headers = [
            (tus::TUS_RESUMABLE, tus::VERSION.to_owned()),
            (tus::UPLOAD_LENGTH, size.to_string()),
            (tus::UPLOAD_METADATA, tus::metadata(&digest)),
        ];
        let (method, path) = (Method::POST, path::UPLOADS);
        let ask = Ask { method, path, body: Vec::new(), headers: &headers, time: REQUEST_LIMIT, is_signed: true };
        let answer = self.ask(&ask).await?.message()?;
        if answer == Message::Stored(Stored { digest }) {
            return Ok(None);
        }
        match answer {
            Message::Upload(Upload { digest: named, offset }) if named == digest => {
                usize::try_from(offset).ok().filter(|offset| *offset <= size).map(Some).ok_or(BESIDE_THE_POINT)
            }
            Message::Upload(_)
            | Message::Hello(_)
            | Message::ChainUpload(_)
            | Message::ChainAnswer(_)
            | Message::RecordAnswer(_)
            | Message::Stored(_)
            | Message::PackUpload(_)
            | Message::PackAnswer(_)
            | Message::EnrolmentRequest(_)
            | Message::EnrolmentRequests(_)
            | Message::Claim(_)
            | Message::ClaimAnswer(_)
            | Message::Return(_)
            | Message::Fault(_) => Err(BESIDE_THE_POINT),
        }
    }

    async fn send_chunks(&self, digest: Digest, bytes: &[u8], from: usize) -> Result<(), (Option<usize>, HttpError)> {
        let path = format!("{}/{digest}", path::UPLOADS);
        let mut offset = from;
        loop {
            self.reached(digest, offset);
            let rest = bytes.get(offset..).unwrap_or_default();
            let chunk = rest.get(..limit::CHUNK).unwrap_or(rest);
            let next = offset.saturating_add(chunk.len());
            self.send_chunk(&path, offset, next, chunk.to_vec()).await.map_err(|error| (Some(offset), error))?;
            if next == bytes.len() {
                self.reached(digest, next);
                return Ok(());
            }
            offset = next;
        }
    }

    async fn send_chunk(&self, path: &str, offset: usize, next: usize, chunk: Vec<u8>) -> Result<(), HttpError> {
        let headers = [
            (tus::TUS_RESUMABLE, tus::VERSION.to_owned()),
            (tus::UPLOAD_OFFSET, offset.to_string()),
            (CONTENT_TYPE, tus::CHUNK_TYPE.to_owned()),
        ];
        let method = Method::PATCH;
        let ask = Ask { method, path, body: chunk, headers: &headers, time: REQUEST_LIMIT, is_signed: true };
        match self.ask(&ask).await? {
            Answer::Offset(reached) if usize::try_from(reached).is_ok_and(|reached| reached == next) => Ok(()),
            Answer::Offset(_) | Answer::Message(_) => Err(BESIDE_THE_POINT),
        }
    }
}
