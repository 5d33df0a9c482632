//! Bundles opened, cut off and flipped.

use fieldproof_model::id::InstitutionId;

use super::*;
use crate::bundle::{BundleId, PIECE};

/// What stands behind each piece for its authentication.
const TAG: usize = 16;

fn key() -> DecryptionKey {
    DecryptionKey::new(&[9; 32])
}

fn head() -> Head {
    Head { institution: InstitutionId::new([1; 16]), key: key().public().id(), bundle: BundleId::new([3; 16]) }
}

fn frames() -> Vec<Frame> {
    let frame = |kind, content: &[u8]| Frame { kind, content: content.to_vec() };
    vec![
        frame(FrameKind::Chain, b"chain"),
        frame(FrameKind::Record, b"record"),
        frame(FrameKind::Evidence, &[7; 70_000]),
        frame(FrameKind::Evidence, b"reading"),
    ]
}

fn bundle() -> Vec<u8> {
    let mut writer = BundleWriter::begin(Vec::new(), &head(), &key().public()).unwrap();
    for frame in frames() {
        writer.put(frame.kind, &frame.content).unwrap();
    }
    writer.finish().unwrap()
}

fn read(mut bytes: &[u8], key: &DecryptionKey) -> (Vec<Frame>, Result<(), BundleError>) {
    let begun = Head::read(&mut bytes).and_then(|head| BundleReader::open(bytes, &head, key));
    let mut reader = match begun {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Err(error)),
    };
    let mut frames = Vec::new();
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) => return (frames, Ok(())),
            Err(error) => return (frames, Err(error)),
        }
    }
}

/// Where the pieces of the stream begin.
fn stream_begins(bundle: &[u8]) -> usize {
    let end = b"\n--- ";
    let mac = bundle.windows(end.len()).position(|window| window == end).unwrap() + end.len();
    // The header's MAC in base 64, the end of its line, and a nonce.
    mac + 43 + 1 + 16
}

#[test]
fn a_bundle_opens_with_its_own_key_only() {
    let bundle = bundle();
    let (found, ended) = read(&bundle, &key());
    assert_eq!(found, frames());
    ended.unwrap();
    let (found, ended) = read(&bundle, &DecryptionKey::new(&[8; 32]));
    assert_eq!((found.len(), ended.unwrap_err().to_string()), (0, BundleError::Damaged.to_string()));
    let beside = Head { key: DecryptionKey::new(&[8; 32]).public().id(), ..head() };
    assert!(matches!(BundleWriter::begin(Vec::new(), &beside, &key().public()), Err(BundleError::NotAKey)));
    let nought = PublicKey::new([0; 32]);
    let to_nobody = Head { key: nought.id(), ..head() };
    assert!(matches!(BundleWriter::begin(Vec::new(), &to_nobody, &nought), Err(BundleError::NotAKey)));
}

#[test]
fn cut_off_anywhere_every_frame_that_is_whole_before_the_cut_is_read() {
    let bundle = bundle();
    let piece = usize::try_from(PIECE).unwrap() + TAG;
    let start = stream_begins(&bundle);
    let borders = [1, 2, 4, 5].map(|pieces| start + pieces * piece);
    let near = borders.iter().flat_map(|border| [border - 1, *border, border + 1]);
    let anywhere = (0..bundle.len()).step_by(9_001).chain(0..start + 2).chain([bundle.len() - 1]);
    for end in near.chain(anywhere) {
        let (found, ended) = read(&bundle[..end], &key());
        let whole = borders.iter().filter(|border| **border <= end).count();
        assert_eq!(found, frames()[..whole], "{end}");
        let expected = if end < 20 { BundleError::OtherFile("bundle") } else { BundleError::CutOff };
        assert_eq!(ended.unwrap_err().to_string(), expected.to_string(), "{end}");
    }
}

#[test]
fn one_flipped_byte_anywhere_lets_nothing_wrong_through() {
    let bundle = bundle();
    let start = stream_begins(&bundle);
    for at in (0..start + 40).chain((start..bundle.len()).step_by(9_973)).chain([bundle.len() - 1]) {
        let mut flipped = bundle.clone();
        flipped[at] ^= 0x10;
        let (found, ended) = read(&flipped, &key());
        assert!(ended.is_err(), "{at}");
        assert_eq!(found, frames()[..found.len()], "{at}");
        assert!(start <= at || found.is_empty(), "{at}: the head is bound to everything behind it");
    }
}

#[test]
fn a_header_without_end_is_not_read_to_its_end() {
    let endless = [head().to_bytes().as_slice(), b"age-encryption.org/v1\n-> X25519 ", &[b'a'; 1 << 20]].concat();
    let mut input = endless.as_slice();
    let head = Head::read(&mut input).unwrap();
    assert!(matches!(BundleReader::open(&mut input, &head, &key()), Err(BundleError::Damaged)));
    assert!((1 << 20) - 8_192 < input.len(), "most of it was not looked at");
}
