//! What a stick carries: the frames of a bundle as they stand inside the encryption, and the answers to one.

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use fieldproof_wire::bundle::{Answer, AnswersReader, AnswersWriter, Frame, FrameReader, FrameWriter, Head, PIECE};

/// The kind of the last frame, behind which nothing is filled up.
const END: u8 = 4;

/// Each frame takes 64 KiB, which the fuzzer need not carry about.
const FRAMES: usize = 16;

/// The stream that stands behind a head, out of its frames without the noughts between them.
fn filled_up(head: &Head, mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut stream = digest_of(&head.to_bytes()).as_bytes().to_vec();
    for _ in 0..FRAMES {
        let Some(([kind, length @ ..], _)) = rest.split_first_chunk::<5>() else { break };
        let size = usize::try_from(u32::from_be_bytes(*length)).ok()?.checked_add(5)?;
        let Some((frame, behind)) = rest.split_at_checked(size) else { break };
        stream.extend_from_slice(frame);
        if *kind != END {
            stream.resize(stream.len().next_multiple_of(usize::try_from(PIECE).ok()?), 0);
        }
        rest = behind;
    }
    stream.extend_from_slice(rest);
    Some(stream)
}

/// The whole frames, and whether that is all.
fn frames(stream: &[u8], head: &Head) -> (Vec<Frame>, bool) {
    let mut frames = Vec::new();
    let Ok(mut reader) = FrameReader::begin(stream, head) else {
        return (frames, false);
    };
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) => return (frames, true),
            Err(_) => {
                assert!(matches!(reader.next_frame(), Ok(None)), "nothing follows an error");
                return (frames, false);
            }
        }
    }
}

pub(super) fn bundle(data: &[u8]) -> Option<i64> {
    let mut rest = data;
    let head = Head::read(&mut rest).ok()?;
    assert!(data.starts_with(&head.to_bytes()), "there is one form");
    let stream = filled_up(&head, rest)?;
    let (found, is_all) = frames(&stream, &head);
    let mut writer = FrameWriter::begin(Vec::new(), &head).ok()?;
    found.iter().try_for_each(|frame| writer.put(frame.kind, &frame.content)).ok()?;
    let written = writer.finish().ok()?;
    assert_eq!(frames(&written, &head), (found.clone(), true), "what was read is written and read again");
    assert!(!is_all || written.len() <= stream.len(), "nothing is added");
    // Cut off anywhere there is nothing else before the cut; whole is what is cut off only where nothing may stand behind it.
    let (before, is_whole) = frames(stream.get(..stream.len().saturating_sub(1))?, &head);
    assert!(!(is_all && is_whole) && found.starts_with(&before));
    let content = found.iter().find_map(|frame| frame.content.first_chunk())?;
    Some(i64::from(u16::from_be_bytes(*content)))
}

type Answers = Vec<(Digest, Answer)>;

/// A reader that has come as far as it can, and the whole answers.
fn read(file: &[u8]) -> Option<(AnswersReader<&[u8]>, Answers)> {
    let mut reader = AnswersReader::open(file).ok()?;
    let mut answers = Vec::new();
    while let Ok(Some(answer)) = reader.next_answer() {
        answers.push(answer);
    }
    Some((reader, answers))
}

pub(super) fn answers(data: &[u8]) -> Option<i64> {
    let (reader, found) = read(data)?;
    let was_whole = reader.was_whole();
    let mut writer = AnswersWriter::begin(Vec::new(), &reader.bundle(), reader.hello()).ok()?;
    found.iter().try_for_each(|(to, answer)| writer.put(to, answer)).ok()?;
    let written = writer.finish(was_whole.unwrap_or_default()).ok()?;
    let (again, answers) = read(&written)?;
    assert_eq!((again.bundle(), again.hello(), &answers), (reader.bundle(), reader.hello(), &found));
    assert_eq!(again.was_whole(), Some(was_whole.unwrap_or_default()));
    assert!(was_whole.is_none() || written.len() <= data.len(), "nothing is added");
    if let Some((cut, before)) = data.len().checked_sub(1).and_then(|end| read(data.get(..end)?)) {
        assert!((was_whole.is_none() || cut.was_whole().is_none()) && found.starts_with(&before));
    }
    let (to, _) = found.first()?;
    to.as_bytes().first_chunk().map(|first| i64::from(u16::from_be_bytes(*first)))
}
