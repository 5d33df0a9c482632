//! Bits flipped in what is accepted: nothing of it is accepted any more, and it fails where it has to.

use std::ops::Range;

use fieldproof_seal::{
    FormatError,
    envelope::Unverified,
    record::{Record, RecordFile},
    token::{Standing, Token},
    trust::{Trust, TrustFile},
    verdict::{Answer, Evidence, Verdict},
};

use super::vector_reader::{Read, all, fails_at, read};

/// Bits of one vector that are looked at where not all of them are.
const SAMPLE: usize = 160;

/// Those of which every bit is flipped: one of each form, and the largest.
const WHOLE: [&str; 6] = [
    "story-check-1-on-site.txt",
    "story-registered.txt",
    "M15-every-part-as-sealed.txt",
    "story-demonstration-record.txt",
    "M14-receipt.txt",
    "M14-snapshot.txt",
];

/// Where a piece stands in the whole.
fn place(whole: &[u8], piece: &[u8]) -> Range<usize> {
    if piece.is_empty() {
        return 0..0;
    }
    let start = whole.windows(piece.len()).position(|window| window == piece).unwrap();
    start..start + piece.len()
}

/// The pieces whose flips are told apart.
#[derive(Default)]
struct Regions {
    /// The delegation inside: a negative key in it is "not checked".
    delegation: Range<usize>,
    /// The delegation beside a record that was sealed before it was there.
    beside: Range<usize>,
    /// The key id of what the register signed, or of a record with its delegation beside it: another key is not at hand.
    key_id: Range<usize>,
    /// The parts of a record.
    parts: Vec<Range<usize>>,
    /// What is attached to one.
    attached: Vec<Range<usize>>,
    /// The sealed bytes, or the token.
    signed: Range<usize>,
}

fn regions(input: &[u8]) -> Regions {
    if let Ok((token, unverified)) = Token::parse(input) {
        let delegation = match &token.standing {
            Standing::OnSite { delegation, .. } => place(input, delegation),
            Standing::Registered { .. } => 0..0,
        };
        let key_id = if delegation.is_empty() { place(input, unverified.key_id.as_bytes()) } else { 0..0 };
        return Regions { delegation, key_id, signed: 0..input.len(), ..Regions::default() };
    }
    let file =
        RecordFile::parse(input).unwrap_or_else(|_| RecordFile { sealed: input.to_vec(), ..RecordFile::default() });
    let (record, unverified) = Record::parse(&file.sealed).unwrap();
    let beside = if record.delegation.is_empty() { file.delegation(&record, &unverified) } else { &[] };
    let is_beside = |piece: &[u8]| !beside.is_empty() && piece == beside;
    Regions {
        delegation: place(input, &record.delegation),
        beside: place(input, beside),
        key_id: if beside.is_empty() { 0..0 } else { place(input, unverified.key_id.as_bytes()) },
        parts: file.parts.values().map(|part| place(input, part.as_bytes())).collect(),
        attached: file.attached.iter().map(|piece| if is_beside(piece) { 0..0 } else { place(input, piece) }).collect(),
        signed: place(input, &file.sealed),
    }
}

/// Where a flip at that byte may show, besides where the bytes are read.
fn assert_caught(regions: &Regions, byte: usize, verdict: &Verdict, what: &str) {
    let within = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.contains(&byte));
    let (genuine, fails) = (verdict.genuine.0, fails_at(verdict));
    match () {
        () if regions.beside.contains(&byte) => {
            let unsure = genuine == Answer::CouldNotTell && verdict.checks[1].0 == Answer::CouldNotTell;
            assert!(fails == "issuer" || unsure, "{what}: {fails}");
        }
        () if regions.delegation.contains(&byte) || regions.key_id.contains(&byte) => {
            let unsure = genuine == Answer::CouldNotTell && verdict.checks[0].0 == Answer::CouldNotTell;
            assert!(fails == "signature" || unsure, "{what}: {fails}");
        }
        () if regions.signed.contains(&byte) => assert_eq!(fails, "signature", "{what}"),
        () if within(&regions.parts) => assert_eq!(fails, "content", "{what}"),
        // The frame of a record file: numbers and lengths of parts.
        () => assert_eq!(fails, "content", "{what}"),
    }
    assert_ne!(genuine, Answer::Yes, "{what}");
}

/// What flips came to, so that nothing passes for want of any.
#[derive(Default)]
struct Count {
    unread: usize,
    signature: usize,
    content: usize,
    unsure: usize,
    attached: usize,
}

struct Flipped<'a> {
    vector: &'a Read,
    input: Vec<u8>,
    trust: Option<Trust>,
    regions: Regions,
    /// The verdict without each of the things attached, which is what every flip in that one leads to.
    bare: Vec<Verdict>,
}

impl<'a> Flipped<'a> {
    fn new(vector: &'a Read) -> Self {
        let (input, trust) = (vector.input(), vector.trust());
        let file = RecordFile::parse(&input).unwrap_or_default();
        let without = |place: usize| {
            let mut file = file.clone();
            file.attached.remove(place);
            Evidence::parse(&file.to_bytes()).unwrap().judge(trust.as_ref(), vector.now())
        };
        let bare = (0..file.attached.len()).map(without).collect();
        Self { vector, regions: regions(&input), trust, bare, input }
    }

    fn flip(&self, bit: usize, count: &mut Count) {
        let mut input = self.input.clone();
        input[bit / 8] ^= 1 << (bit % 8);
        let what = format!("{}, bit {bit}", self.vector.file);
        let verdict = match Evidence::parse(&input) {
            Ok(evidence) => evidence.judge(self.trust.as_ref(), self.vector.now()),
            Err(_) => {
                count.unread += 1;
                return;
            }
        };
        if let Some(place) = self.regions.attached.iter().position(|range| range.contains(&(bit / 8))) {
            let bare = &self.bare[place];
            assert_eq!((verdict.genuine, verdict.checks), (bare.genuine, bare.checks), "{what}");
            count.attached += 1;
            return;
        }
        assert_caught(&self.regions, bit / 8, &verdict, &what);
        match fails_at(&verdict) {
            "signature" => count.signature += 1,
            "content" => count.content += 1,
            _ => count.unsure += 1,
        }
    }
}

/// The bits of a vector that are flipped: all of some, and of the others so many, evenly and not all at one place of a byte.
fn bits(vector: &Read, length: usize) -> Vec<usize> {
    let all = 8 * length;
    if WHOLE.contains(&vector.file.as_str()) || all <= SAMPLE {
        return (0..all).collect();
    }
    (0..SAMPLE).map(|sample| (sample * all / SAMPLE + sample % 8).min(all - 1)).collect()
}

#[test]
fn a_flipped_bit_in_a_token_or_record_is_noticed_where_it_is() {
    let (mut count, mut vectors, mut whole) = (Count::default(), 0, 0);
    for vector in all().iter().filter(|vector| vector.is_judged() && vector.is_accepted()) {
        let flipped = Flipped::new(vector);
        assert!(flipped.input.len() <= 4_096);
        let bits = bits(vector, flipped.input.len());
        whole += usize::from(bits.len() == 8 * flipped.input.len());
        bits.into_iter().for_each(|bit| flipped.flip(bit, &mut count));
        vectors += 1;
    }
    assert!(80 < vectors && whole == 4, "{vectors} vectors, {whole} of them whole");
    let Count { unread, signature, content, unsure, attached } = count;
    println!("{unread} not read, {signature} signature, {content} content, {unsure} not checked, {attached} attached");
    assert!([unread, signature, content, unsure, attached].iter().all(|count| 0 < *count));
}

#[test]
fn ten_thousand_flips_of_the_demonstration_record_are_noticed() {
    let vectors = all();
    let record = vectors.iter().find(|vector| vector.file == "story-demonstration-record.txt").unwrap();
    let flipped = Flipped::new(record);
    let (mut count, mut state) = (Count::default(), 1_u64);
    for _ in 0..10_000 {
        // A linear congruence of Knuth's; its upper bits are even enough.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bit = usize::try_from(state >> 33).unwrap() % (8 * flipped.input.len());
        flipped.flip(bit, &mut count);
    }
    let Count { unread, signature, content, unsure, attached } = count;
    assert_eq!(unread + signature + content + unsure + attached, 10_000);
    println!("{unread} not read, {signature} signature, {content} content, {unsure} not checked, {attached} attached");
    assert!(500 < unread && 2_000 < signature && 500 < content && 500 < attached);
}

/// Whether any key of the institution's or its people's signed it.
fn is_signed(bytes: &[u8]) -> bool {
    let keys = [1, 2, 3, 5, 12, 16].map(|seed| fieldproof_seal::keys::SecretKey::new(&[seed; 32]).public());
    Unverified::parse(bytes).is_ok_and(|unverified| keys.iter().any(|key| unverified.verify(key).is_ok()))
}

/// Whether a trust file is as good as before: the key set is at hand, and the snapshot where there is one.
fn is_whole(bytes: &[u8]) -> bool {
    let file = TrustFile::parse(bytes);
    file.is_ok_and(|file| file.open().is_ok_and(|trust| trust.snapshot.is_some()))
}

#[test]
fn a_flipped_bit_in_anything_else_that_is_signed_breaks_its_reading_or_its_signature() {
    let (mut unread, mut unsigned) = (0, 0);
    let vectors = all();
    let readable = |vector: &&Read| vector.line("expect") == "readable" && !vector.line("input").contains(['(', '#']);
    for vector in
        vectors.iter().filter(readable).filter(|vector| !["digits", "short code"].contains(&vector.line("kind")))
    {
        let (input, kind) = (vector.input(), vector.line("kind"));
        let holds = |bytes: &[u8]| if kind == "trust" { is_whole(bytes) } else { is_signed(bytes) };
        assert!(holds(&input), "{}", vector.file);
        for bit in bits(vector, input.len()) {
            let mut flipped = input.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            match read(kind, &flipped) {
                Err(FormatError::OtherKind(_)) if kind != "trust" => unread += 1,
                Err(_) => unread += 1,
                Ok(()) => {
                    assert!(!holds(&flipped), "{}, bit {bit}", vector.file);
                    unsigned += 1;
                }
            }
        }
    }
    assert!(1_000 < unread && 1_000 < unsigned, "{unread} not read, {unsigned} not signed");
}
