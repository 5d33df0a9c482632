//! Frames written, read, cut short and malformed.

use fieldproof_model::id::InstitutionId;
use fieldproof_seal::keys::KeyId;

use super::*;
use crate::bundle::BundleId;

fn head() -> Head {
    Head { institution: InstitutionId::new([1; 16]), key: KeyId::new([2; 8]), bundle: BundleId::new([3; 16]) }
}

fn frames() -> Vec<Frame> {
    let frame = |kind, content: &[u8]| Frame { kind, content: content.to_vec() };
    vec![
        frame(FrameKind::Chain, b"chain"),
        frame(FrameKind::Record, b"record"),
        frame(FrameKind::Record, b""),
        frame(FrameKind::Evidence, &[7; 70_000]),
    ]
}

fn written(frames: &[Frame]) -> Vec<u8> {
    let mut writer = FrameWriter::begin(Vec::new(), &head()).unwrap();
    for frame in frames {
        writer.put(frame.kind, &frame.content).unwrap();
    }
    writer.finish().unwrap()
}

fn read(bytes: &[u8]) -> (Vec<Frame>, Result<(), BundleError>) {
    let mut reader = match FrameReader::begin(bytes, &head()) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Err(error)),
    };
    let mut frames = Vec::new();
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) => return (frames, Ok(())),
            Err(error) => {
                assert!(matches!(reader.next_frame(), Ok(None)), "nothing follows an error");
                return (frames, Err(error));
            }
        }
    }
}

#[test]
fn frames_round_trip_and_end_where_pieces_end() {
    let bytes = written(&frames());
    assert_eq!(bytes[..32], *digest_of(&head().to_bytes()).as_bytes());
    assert_eq!(bytes[32..42], *b"\x01\0\0\0\x05chain");
    assert_eq!(bytes[65_536..65_547], *b"\x02\0\0\0\x06record");
    assert_eq!(bytes[131_072..131_078], *b"\x02\0\0\0\0\0");
    assert_eq!(bytes[5 * 65_536..], *b"\x04\0\0\0\x07\xa3\x01\x01\x02\x02\x03\x01", "the end is not filled up");
    let (found, ended) = read(&bytes);
    assert_eq!(found, frames());
    ended.unwrap();
    assert_eq!(written(&[]).len(), 32 + 5 + 7);
}

#[test]
fn what_the_protocol_does_not_know_is_not_read() {
    let bytes = written(&frames());
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        read(&bytes)
    };
    let cases = [
        ("another head", 0, bytes[0] ^ 1, 0, BundleError::Damaged),
        ("an unknown kind", 65_536, 9, 1, BundleError::Malformed(2)),
        ("no nought behind the content", 100, 1, 0, BundleError::Malformed(1)),
        ("a length above the limit", 33, 1, 0, BundleError::TooLarge { frame: 1, limit: limit::CHAIN }),
        ("another count", bytes.len() - 1, 2, 4, BundleError::Malformed(5)),
    ];
    for (name, at, byte, frames, error) in cases {
        let (found, ended) = with(at, byte);
        assert_eq!((found.len(), ended.unwrap_err().to_string()), (frames, error.to_string()), "{name}");
    }
    let (found, ended) = read(&[bytes.as_slice(), &[0]].concat());
    assert_eq!((found.len(), ended.unwrap_err().to_string()), (4, BundleError::Malformed(5).to_string()));
}

#[test]
fn what_is_too_large_is_not_written_and_harms_nothing() {
    let mut writer = FrameWriter::begin(Vec::new(), &head()).unwrap();
    writer.put(FrameKind::Chain, b"one").unwrap();
    let refused = writer.put(FrameKind::Chain, &vec![0; limit::CHAIN + 1]).unwrap_err();
    assert!(matches!(refused, BundleError::TooLarge { frame: 2, limit: limit::CHAIN }));
    writer.put(FrameKind::Record, b"two").unwrap();
    let (found, ended) = read(&writer.finish().unwrap());
    assert_eq!(found.len(), 2);
    ended.unwrap();
}

#[test]
fn claims_returns_and_papers_are_counted_where_there_are_some() {
    let frame = |kind, content: &[u8]| Frame { kind, content: content.to_vec() };
    let frames =
        [frame(FrameKind::Claim, b"claim"), frame(FrameKind::Return, b"one"), frame(FrameKind::Return, b"two")];
    let bytes = written(&frames);
    assert!(bytes.ends_with(b"\x0b\xa5\x01\0\x02\0\x03\0\x05\x01\x06\x02"));
    let (found, ended) = read(&bytes);
    assert_eq!(found, frames);
    ended.unwrap();
    let papers = written(&[frame(FrameKind::Papers, b"papers")]);
    assert!(papers.ends_with(b"\x09\xa4\x01\0\x02\0\x03\0\x07\x01"));
    read(&papers).1.unwrap();
    let mut fewer = bytes;
    *fewer.last_mut().unwrap() = 1;
    assert!(read(&fewer).1.is_err(), "one was not there");
}
