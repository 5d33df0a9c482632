//! A bundle carried to the register over a network by somebody who can neither read nor alter it, and its answers back.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    time::Duration,
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::{Digester, digest_of_all};
use fieldproof_wire::{AnswersPiece, BundleTaken, Fault, Message, limit, path};
use reqwest::Method;

use crate::{
    HttpError, HttpRegister,
    http::{Ask, BESIDE_THE_POINT, REQUEST_LIMIT},
    upload::Source,
};

/// How long and how often the register is waited for while it takes the bundle.
const WAIT: Duration = Duration::from_secs(1);
const WAITS: u32 = 3_600;

/// How often a request is tried whose connection broke. Each is safe to send again.
const TRIES: u32 = 3;

/// How far carrying has come, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarryProgress {
    /// Bytes of the bundle that the register has.
    pub done: u64,
    /// All.
    pub of: u64,
}

/// A bundle's file, read chunk by chunk.
struct Carried<'a> {
    file: &'a mut File,
    size: usize,
    on: &'a mut (dyn FnMut(CarryProgress) + Send),
}

impl Source for Carried<'_> {
    fn size(&self) -> usize {
        self.size
    }

    fn chunk(&mut self, offset: usize) -> io::Result<Vec<u8>> {
        let (done, of) = (whole(offset), whole(self.size));
        (self.on)(CarryProgress { done, of });
        self.file.seek(SeekFrom::Start(done))?;
        let mut chunk = Vec::new();
        let most = of.saturating_sub(done).min(whole(limit::CHUNK));
        Read::by_ref(&mut self.file).take(most).read_to_end(&mut chunk)?;
        Ok(chunk)
    }
}

impl HttpRegister {
    /// Brings a bundle to the register and has it taken. A chunk of it is in memory at a time; what the register has
    /// already of the same file is not sent again.
    ///
    /// # Errors
    /// [`HttpError`].
    pub async fn bring_bundle(
        &self,
        bundle: &mut File,
        on: &mut (dyn FnMut(CarryProgress) + Send),
    ) -> Result<BundleTaken, HttpError> {
        bundle.seek(SeekFrom::Start(0)).map_err(HttpError::File)?;
        let (digest, length) = digest_of_all(&mut *bundle).map_err(HttpError::File)?;
        let most = usize::try_from(limit::BUNDLE).unwrap_or(usize::MAX);
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        let place = format!("{}/{digest}", path::BUNDLES);
        self.upload((path::BUNDLES, most), digest, &mut Carried { file: bundle, size, on }).await?;
        on(CarryProgress { done: length, of: length });
        let mut waits = 0_u32;
        loop {
            match self.ask_again(Method::PUT, &place).await {
                Ok(Message::BundleTaken(taken)) if taken.bundle == digest => return Ok(taken),
                Ok(_) => return Err(BESIDE_THE_POINT),
                Err(HttpError::Fault(Fault::Busy)) if waits < WAITS => {
                    waits = waits.saturating_add(1);
                    tokio::time::sleep(WAIT).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Fetches the answers to a bundle that was taken, piece by piece, and holds them to their digest.
    ///
    /// # Errors
    /// [`HttpError`]; what was written then is no file of answers.
    pub async fn fetch_answers(&self, taken: &BundleTaken, out: &mut (impl Write + Send)) -> Result<(), HttpError> {
        if limit::ANSWERS < taken.length {
            let (size, limit) = (usize::try_from(taken.length), usize::try_from(limit::ANSWERS));
            return Err(HttpError::TooLarge { size: size.unwrap_or(usize::MAX), limit: limit.unwrap_or(usize::MAX) });
        }
        let (mut offset, mut digest) = (0_u64, Digester::default());
        while offset < taken.length {
            let piece = self.piece(taken.answers, offset).await?;
            let rest = taken.length.saturating_sub(offset);
            if piece.is_empty() || rest < whole(piece.len()) {
                return Err(BESIDE_THE_POINT);
            }
            digest.update(&piece);
            out.write_all(&piece).map_err(HttpError::File)?;
            offset = offset.saturating_add(whole(piece.len()));
        }
        if digest.finish() == taken.answers { Ok(()) } else { Err(BESIDE_THE_POINT) }
    }

    async fn piece(&self, answers: Digest, offset: u64) -> Result<Vec<u8>, HttpError> {
        let place = format!("{}/{answers}/{offset}", path::ANSWERS);
        let Message::AnswersPiece(piece) = self.ask_again(Method::GET, &place).await? else {
            return Err(BESIDE_THE_POINT);
        };
        let AnswersPiece { answers: named, offset: at, bytes } = piece;
        if (named, at) == (answers, offset) { Ok(bytes) } else { Err(BESIDE_THE_POINT) }
    }

    /// Asks without a body, and again when the connection broke.
    async fn ask_again(&self, method: Method, path: &str) -> Result<Message, HttpError> {
        let mut tries = 1_u32;
        loop {
            let (method, body) = (method.clone(), Vec::new());
            let ask = Ask { method, path, body, headers: &[], time: REQUEST_LIMIT, is_signed: true };
            match self.ask(&ask).await {
                Err(HttpError::Broken(_)) if tries < TRIES => tries = tries.saturating_add(1),
                answer => return answer?.message(),
            }
        }
    }
}

fn whole(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}
