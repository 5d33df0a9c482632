//! Evidence and bundles on their way: chunk by chunk, from wherever the register says, and on after every cut that had
//! progress before.

use std::{io, time::Duration};

use fieldproof_model::digest::Digest;
use fieldproof_wire::{Fault, Message, Stored, Upload, limit, tus};
use reqwest::Method;

use crate::{
    HttpError, HttpRegister,
    http::{Answer, Ask, BESIDE_THE_POINT, CONTENT_TYPE, REQUEST_LIMIT},
};

/// What is sent, a chunk in memory at a time.
pub(crate) trait Source: Send {
    /// How many bytes it has.
    fn size(&self) -> usize;

    /// The chunk that begins at `offset`: as many bytes as a chunk has, or the last ones.
    fn chunk(&mut self, offset: usize) -> io::Result<Vec<u8>>;
}

/// Bytes in memory.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Source for Bytes<'_> {
    fn size(&self) -> usize {
        self.0.len()
    }

    fn chunk(&mut self, offset: usize) -> io::Result<Vec<u8>> {
        let rest = self.0.get(offset..).unwrap_or_default();
        Ok(rest.get(..limit::CHUNK).unwrap_or(rest).to_vec())
    }
}

/// How long and how often somebody else who sends the same evidence is waited for.
const WAIT: Duration = Duration::from_millis(250);
const WAITS: u32 = 20;

impl HttpRegister {
    /// Sends one item; when this comes back the register has it all.
    pub(crate) async fn upload(
        &self,
        (path, limit): (&str, usize),
        digest: Digest,
        source: &mut dyn Source,
    ) -> Result<(), HttpError> {
        if limit < source.size() {
            return Err(HttpError::TooLarge { size: source.size(), limit });
        }
        let (mut stood_at, mut is_anew, mut waits) = (None, false, 0_u32);
        loop {
            let Err((reached, error)) = self.go_on(path, digest, source).await else {
                return Ok(());
            };
            // A chunk that had seemed lost may arrive late, or somebody else's: the register says how far it is by now.
            let reached = if let HttpError::Fault(Fault::Offset(offset)) = &error {
                usize::try_from(*offset).ok().filter(|offset| *offset <= source.size())
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
                | HttpError::File(_)
                | HttpError::TooLarge { .. } => return Err(error),
            }
        }
    }

    /// Sends whatever the register has not yet, or says how far it came.
    async fn go_on(
        &self,
        path: &str,
        digest: Digest,
        source: &mut dyn Source,
    ) -> Result<(), (Option<usize>, HttpError)> {
        match self.begin(path, digest, source.size()).await.map_err(|error| (None, error))? {
            Some(from) => self.send_chunks((path, digest), source, from).await,
            None => {
                self.reached(digest, source.size());
                Ok(())
            }
        }
    }

    /// Where the register wants to go on; `None` when it has everything.
    async fn begin(&self, path: &str, digest: Digest, size: usize) -> Result<Option<usize>, HttpError> {
        let headers = [
            (tus::TUS_RESUMABLE, tus::VERSION.to_owned()),
            (tus::UPLOAD_LENGTH, size.to_string()),
            (tus::UPLOAD_METADATA, tus::metadata(&digest)),
        ];
        let method = Method::POST;
        let ask = Ask { method, path, body: Vec::new(), headers: &headers, time: REQUEST_LIMIT, is_signed: true };
        let answer = self.ask(&ask).await?.message()?;
        if answer == Message::Stored(Stored { digest }) {
            return Ok(None);
        }
        let Message::Upload(Upload { digest: named, offset }) = answer else {
            return Err(BESIDE_THE_POINT);
        };
        let offset = usize::try_from(offset).ok().filter(|offset| named == digest && *offset <= size);
        offset.map(Some).ok_or(BESIDE_THE_POINT)
    }

    async fn send_chunks(
        &self,
        (path, digest): (&str, Digest),
        source: &mut dyn Source,
        from: usize,
    ) -> Result<(), (Option<usize>, HttpError)> {
        let path = format!("{path}/{digest}");
        let mut offset = from;
        loop {
            self.reached(digest, offset);
            let at = |error| (Some(offset), error);
            let chunk = source.chunk(offset).map_err(HttpError::File).map_err(at)?;
            let next = offset.saturating_add(chunk.len());
            // A file that became shorter meanwhile has no further chunk.
            if chunk.is_empty() && next < source.size() {
                return Err(at(HttpError::File(io::ErrorKind::UnexpectedEof.into())));
            }
            self.send_chunk(&path, offset, next, chunk).await.map_err(at)?;
            if source.size() <= next {
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
