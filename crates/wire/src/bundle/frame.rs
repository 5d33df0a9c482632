//! Frames: what stands in a bundle, one thing after another, small things first, the end last.

use std::io::{self, Read, Write};

use fieldproof_seal::{
    cbor::{self, Fields, Writer},
    digest_of,
};

use crate::{
    bundle::{BundleError, FRAMES, Head, PIECE, error::broken},
    limit,
};

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FrameKind {
    /// A chain upload: the body of the request.
    Chain,
    /// A record file.
    Record,
    /// An evidence item.
    Evidence,
    /// A claim: the body of the request.
    Claim,
    /// A record with its receipts: the body of the request.
    Return,
    /// Papers that were opened for printing: the body of the request.
    Papers,
}

impl FrameKind {
    const ALL: [Self; 6] = [Self::Chain, Self::Record, Self::Evidence, Self::Claim, Self::Return, Self::Papers];

    const fn number(self) -> u8 {
        match self {
            Self::Chain => 1,
            Self::Record => 2,
            Self::Evidence => 3,
            Self::Claim => 5,
            Self::Return => 6,
            Self::Papers => 7,
        }
    }

    /// Whether the end names it although there is none.
    const fn is_always_counted(self) -> bool {
        matches!(self, Self::Chain | Self::Record | Self::Evidence)
    }

    /// The most bytes, as over a network.
    #[must_use]
    pub const fn limit(self) -> usize {
        match self {
            Self::Chain => limit::CHAIN,
            Self::Record => limit::RECORD,
            Self::Evidence => limit::EVIDENCE,
            Self::Claim => limit::CLAIM,
            Self::Return => limit::RETURN,
            Self::Papers => limit::PAPERS,
        }
    }
}

/// The kind of the last frame.
const END: u8 = 4;
const END_LIMIT: usize = 64;

/// One whole frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What it carries.
    pub kind: FrameKind,
    /// The exact bytes.
    pub content: Vec<u8>,
}

/// How many frames of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts([u32; 6]);

impl Counts {
    fn add(&mut self, kind: FrameKind) {
        for (count, of) in self.0.iter_mut().zip(FrameKind::ALL) {
            *count = count.saturating_add(u32::from(of == kind));
        }
    }

    fn to_bytes(self) -> Vec<u8> {
        let counts = FrameKind::ALL.into_iter().zip(self.0);
        let fields = counts.fold(Writer::default(), |fields, (kind, count)| {
            let count = Some(count).filter(|count| 0 < *count || kind.is_always_counted());
            fields.with_some(kind.number().into(), count)
        });
        cbor::encode(fields.build())
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(cbor::decode(bytes, END_LIMIT).ok()?, "end of a bundle").ok()?;
        let mut counts = Self::default();
        for (count, kind) in counts.0.iter_mut().zip(FrameKind::ALL) {
            let found = fields.optional_number(kind.number().into()).ok()?;
            *count = if kind.is_always_counted() { found? } else { found.unwrap_or(0) };
        }
        Some(counts)
    }
}

/// Writes frames as they stand inside the encryption.
#[derive(Debug)]
pub struct FrameWriter<W> {
    sections: SectionWriter<W>,
    counts: Counts,
}

impl<W: Write> FrameWriter<W> {
    /// Begins with the head's digest, which binds the head to what follows.
    ///
    /// # Errors
    /// [`io::Error`] of `out`.
    pub fn begin(out: W, head: &Head) -> io::Result<Self> {
        let mut sections = SectionWriter { out, offset: 0, step: PIECE };
        sections.write(digest_of(&head.to_bytes()).as_bytes())?;
        Ok(Self { sections, counts: Counts::default() })
    }

    /// Writes one frame.
    ///
    /// # Errors
    /// [`BundleError::TooLarge`], [`BundleError::TooMany`]; then nothing of it was written. [`BundleError::File`].
    pub fn put(&mut self, kind: FrameKind, content: &[u8]) -> Result<(), BundleError> {
        let frame = self.counts.0.iter().fold(1_u32, |sum, count| sum.saturating_add(*count));
        if FRAMES <= frame {
            return Err(BundleError::TooMany);
        }
        if kind.limit() < content.len() {
            return Err(BundleError::TooLarge { frame, limit: kind.limit() });
        }
        self.sections.put(kind.number(), content)?;
        self.sections.pad()?;
        self.counts.add(kind);
        Ok(())
    }

    /// Writes the last frame, and hands back what was written to.
    ///
    /// # Errors
    /// [`io::Error`] of what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.sections.put(END, &self.counts.to_bytes())?;
        Ok(self.sections.out)
    }
}

/// Reads frames as they stand inside the encryption.
#[derive(Debug)]
pub struct FrameReader<R> {
    sections: SectionReader<R>,
    counts: Counts,
    is_over: bool,
}

impl<R: Read> FrameReader<R> {
    /// Begins with the head's digest.
    ///
    /// # Errors
    /// [`BundleError::Damaged`] when another head stood in front of it; else as [`FrameReader::next_frame`].
    pub fn begin(input: R, head: &Head) -> Result<Self, BundleError> {
        let mut sections = SectionReader { input, offset: 0, step: PIECE, frames: 0 };
        let mut digest = [0; 32];
        sections.fill(&mut digest)?;
        if digest != *digest_of(&head.to_bytes()).as_bytes() {
            return Err(BundleError::Damaged);
        }
        Ok(Self { sections, counts: Counts::default(), is_over: false })
    }

    /// The next whole frame; `None` behind the last, when everything was there. After an error there is none either.
    ///
    /// # Errors
    /// [`BundleError`] says why nothing more can be read; the frames before it stay whole.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, BundleError> {
        if self.is_over {
            return Ok(None);
        }
        self.is_over = true;
        let (number, content) = self.sections.take(|number| match number {
            END => Some(END_LIMIT),
            number => FrameKind::ALL.iter().find(|kind| kind.number() == number).map(|kind| kind.limit()),
        })?;
        let Some(kind) = FrameKind::ALL.into_iter().find(|kind| kind.number() == number) else {
            return self.end(&content).map(|()| None);
        };
        self.sections.skip_padding()?;
        self.counts.add(kind);
        self.is_over = false;
        Ok(Some(Frame { kind, content }))
    }

    /// Everything that was written was read, and nothing stands behind it.
    fn end(&mut self, content: &[u8]) -> Result<(), BundleError> {
        let is_all = Counts::parse(content) == Some(self.counts);
        if is_all && self.sections.is_at_end()? { Ok(()) } else { Err(self.sections.malformed()) }
    }
}

/// Writes sections: kind, length, content, and noughts up to the next step.
#[derive(Debug)]
pub(crate) struct SectionWriter<W> {
    pub(crate) out: W,
    pub(crate) offset: u64,
    /// Where sections may end; 1 is anywhere.
    pub(crate) step: u64,
}

impl<W: Write> SectionWriter<W> {
    pub(crate) fn put(&mut self, kind: u8, content: &[u8]) -> io::Result<()> {
        let length = u32::try_from(content.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.write(&[kind])?;
        self.write(&length.to_be_bytes())?;
        self.write(content)
    }

    fn pad(&mut self) -> io::Result<()> {
        let noughts = usize::try_from(padding(self.offset, self.step)).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.write(&vec![0; noughts])
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.offset = self.offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

/// Reads sections.
#[derive(Debug)]
pub(crate) struct SectionReader<R> {
    pub(crate) input: R,
    pub(crate) offset: u64,
    pub(crate) step: u64,
    /// How many were begun.
    pub(crate) frames: u32,
}

impl<R: Read> SectionReader<R> {
    /// Takes one section whose kind has a limit.
    pub(crate) fn take(&mut self, limit: impl Fn(u8) -> Option<usize>) -> Result<(u8, Vec<u8>), BundleError> {
        self.frames = self.frames.saturating_add(1);
        if FRAMES < self.frames {
            return Err(BundleError::TooMany);
        }
        let mut front = [0; 5];
        self.fill(&mut front)?;
        let [kind, length @ ..] = front;
        let limit = limit(kind).ok_or_else(|| self.malformed())?;
        let length = u32::from_be_bytes(length);
        if usize::try_from(length).map_or(true, |length| limit < length) {
            return Err(BundleError::TooLarge { frame: self.frames, limit });
        }
        let mut content = Vec::new();
        let read = (&mut self.input).take(length.into()).read_to_end(&mut content).map_err(broken)?;
        self.offset = self.offset.saturating_add(length.into());
        if u32::try_from(read) == Ok(length) { Ok((kind, content)) } else { Err(BundleError::CutOff) }
    }

    fn skip_padding(&mut self) -> Result<(), BundleError> {
        let mut noughts = vec![0; usize::try_from(padding(self.offset, self.step)).unwrap_or_default()];
        self.fill(&mut noughts)?;
        if noughts.iter().all(|byte| *byte == 0) { Ok(()) } else { Err(self.malformed()) }
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) -> Result<(), BundleError> {
        self.input.read_exact(bytes).map_err(broken)?;
        self.offset = self.offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    pub(crate) fn is_at_end(&mut self) -> Result<bool, BundleError> {
        let mut more = Vec::new();
        Ok((&mut self.input).take(1).read_to_end(&mut more).map_err(broken)? == 0)
    }

    pub(crate) const fn malformed(&self) -> BundleError {
        BundleError::Malformed(self.frames)
    }
}

/// Bytes from `offset` to the next step.
fn padding(offset: u64, step: u64) -> u64 {
    offset.checked_next_multiple_of(step).map_or(0, |next| next.saturating_sub(offset))
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
