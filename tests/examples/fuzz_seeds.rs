//! `make fuzz-seeds`: writes anew what the fuzzer starts from, out of a session played here and what a register answers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "what cannot be made stops the program, and says where"
)]

use std::{collections::BTreeMap, fs, path::PathBuf};

use fieldproof_model::{
    digest::Digest,
    id::{CertificateId, PersonId, SchemeId, SessionId},
    time::Timestamp,
    validity::{Activity, Entry},
};
use fieldproof_register::founding::{Charter, Institution};
use fieldproof_seal::{
    cbor::{Value, encode},
    chain::{ChainEntry, ChainEvent, Link},
    delegation::Role,
    digest_of,
    endorsement::{Endorsement, Over},
    envelope::Purpose,
    feed::{FeedEntry, FeedPage, KEY_SET, SNAPSHOT},
    keys::SecretKey,
    observation::encode_observed,
    pack::{EndedDelegation, Pack, PackFile, roster_bytes},
    parts::{PARTS, Part, PartKind, parse_log},
    receipt::{Beacon, Epoch, Refusal, RefusalReason},
    record::{Record, RecordFile},
    scheme::sign_scheme,
    snapshot::{CertificateDigest, Ended, Snapshot, Withdrawn},
    token::to_link,
};
use fieldproof_store::{
    Stop, Store, StoreKey,
    backup::back_up,
    slots::{self, RecoveryKind, Secrets, SlotFile, SlotRandom, key_store::KeyStoreRandom},
};
use fieldproof_testkit::{CHEAP, HV_ISOLATION, LIVE_WORK, Plan, TestWorld, day, recovery_key, seeded};
use fieldproof_tests::workbook::{AUTUMN, workbook};
use fieldproof_wire::{
    AnswersPiece, BundleTaken, ChainAnswer, ChainUpload, Claim, ClaimAnswer, Fault, Feed, Fork, Message, Nonce, Paper,
    PaperBack, PapersAnswer, ReceiptName, RegisterProtocol, Return, Shelf, ShelfRow, ShelfState, SignatureProblem,
    SignedAnswer, Upload,
    bundle::{BundleId, BundleWriter, FrameKind, FrameWriter, Head},
    signature::sign,
    tus,
};
use zeroize::Zeroizing;

const PURPOSE: Purpose = Purpose::Demonstration;
/// The morning of the tests.
const MORNING: Timestamp = Timestamp::from_millis(1_772_442_000_000);
/// Longer inputs cost the fuzzer more than they show it.
const SIZE_LIMIT: usize = 50_000;

/// The folder of the fuzzer, and how many seeds each target has.
struct Seeds(PathBuf, BTreeMap<String, usize>);

impl Seeds {
    fn new() -> Self {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz"));
        for target in fs::read_dir(folder.join("corpus")).into_iter().flatten() {
            for seed in fs::read_dir(target.unwrap().path()).unwrap() {
                let path = seed.unwrap().path();
                if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("seed-")) {
                    fs::remove_file(path).unwrap();
                }
            }
        }
        Self(folder, BTreeMap::new())
    }

    fn put(&mut self, target: &str, bytes: impl AsRef<[u8]>) {
        if SIZE_LIMIT < bytes.as_ref().len() {
            return;
        }
        let folder = self.0.join("corpus").join(target);
        fs::create_dir_all(&folder).unwrap();
        let count = self.1.entry(target.to_owned()).or_default();
        *count += 1;
        fs::write(folder.join(format!("seed-{count:03}")), bytes).unwrap();
    }
}

fn main() {
    let mut seeds = Seeds::new();
    let institution = institution();
    fs::write(seeds.0.join("trust.cbor"), institution.trust().to_bytes()).unwrap();
    seeds.put("trust", institution.trust().to_bytes());
    seeds.put("key_set", institution.trust().key_set);
    seeds.put("snapshot", institution.trust().snapshot.unwrap());
    seeds.put("beacon", institution.beacon());
    texts(&mut seeds);
    rosters(&mut seeds);
    laptop(&mut seeds);
    requests(&mut seeds);
    enrolment(&mut seeds, &institution);
    let by_hand = chain(&mut seeds);
    for (name, scheme) in [("hv", HV_ISOLATION), ("live", LIVE_WORK)] {
        let world = TestWorld::planned(&format!("fuzz-{name}"), &Plan::of(&[scheme]));
        world.unlock();
        let id = world.start(&world.new_session(scheme));
        world.score_everything(id, 6);
        let state = world.finish(id);
        let sealed = state.sealed.unwrap();
        let file = RecordFile::parse(&sealed.row.file).unwrap();
        record(&mut seeds, &file, &sealed.record);
        let token = sealed.row.token.unwrap();
        certificate(&mut seeds, &token);
        answers(&mut seeds, &world, &file, &by_hand);
        claims(&mut seeds, &file);
        if name == "hv" {
            stick(&mut seeds, &world, &file, &by_hand);
        }
    }
    envelopes(&mut seeds);
    feed(&mut seeds);
    println!("{:?}", seeds.1);
}

/// Root, issuing and register key are made of ones, twos and threes, as the target `verdict` knows.
fn institution() -> Institution {
    let charter = Charter {
        purpose: PURPOSE,
        name: "Institute of fuzzing".to_owned(),
        address: "fieldproof.example/v".to_owned(),
        contact_days: None,
    };
    let mut calls = 0;
    Institution::found(charter, MORNING, &mut |bytes| {
        calls += 1;
        bytes.fill(calls);
    })
}

/// A request, and the pack that answers it.
fn enrolment(seeds: &mut Seeds, institution: &Institution) {
    let world = TestWorld::new("fuzz-enrolment");
    world.unlock();
    let asked = world.app.request().unwrap();
    seeds.put("request", &asked.signed);
    let people = world.usual_candidates();
    let roster = roster_bytes(&people);
    let delegation =
        institution.delegate((asked.request.key, "Alice Assessor"), SchemeId::new([3; 16]), true, (MORNING.date(), 9));
    let key = asked.request.key;
    let ended = EndedDelegation { delegation: digest_of(&delegation), key, end: Ended::Retired, on: MORNING.date() };
    let pack = Pack {
        purpose: PURPOSE,
        installation: asked.request.installation,
        number: 2,
        at: MORNING,
        register_address: "https://register.example".to_owned(),
        register_pin: Some(Digest::new([4; 32])),
        delegations: vec![delegation],
        schemes: vec![Digest::new([5; 32])],
        courses: Vec::new(),
        roster: Some(digest_of(&roster)),
        recovery: Some(recovery_key().recipient()),
        ended: vec![ended],
        is_coordinators: false,
    };
    let signed = pack.sign(institution.issuing());
    seeds.put("pack", &signed);
    let trust = institution.trust().to_bytes();
    for beacon in [None, Some(institution.beacon())] {
        let file = PackFile { trust: trust.clone(), beacon, pack: signed.clone(), items: vec![roster.clone()] };
        seeds.put("pack_file", file.to_bytes());
    }
}

fn record(seeds: &mut Seeds, file: &RecordFile, record: &Record) {
    seeds.put("record", &file.sealed);
    seeds.put("delegation", &record.delegation);
    let mut some = file.clone();
    some.parts.retain(|number, part| {
        *number != PartKind::Scheme.number() && *number != PartKind::Log.number() && part.as_bytes().len() < 4_000
    });
    // Whole files hold a whole scheme, which is looked at for longer than everything else.
    seeds.put("record_file", some.to_bytes());
    seeds.put("verdict", some.to_bytes());
    some.parts.retain(|number, _| *number == PartKind::Person.number());
    some.parts
        .extend(file.parts.get_key_value(&PartKind::Scheme.number()).map(|(number, part)| (*number, part.clone())));
    seeds.put("verdict", some.to_bytes());
    seeds.put("verdict", &file.sealed);
    for (kind, number, name) in PARTS {
        let Some(content) = file.parts.get(&number).map(Part::content) else {
            continue;
        };
        let content = content.unwrap();
        match kind {
            PartKind::Person | PartKind::People | PartKind::Gate | PartKind::Course | PartKind::Location => {
                seeds.put(name, encode(content));
            }
            PartKind::Acknowledgements => {
                content.into_array().unwrap().into_iter().for_each(|item| seeds.put("acknowledgement", encode(item)));
            }
            PartKind::Log => log(seeds, content),
            PartKind::Scheme => seeds.put("scheme", content.into_bytes().unwrap()),
            PartKind::Decision => {}
        }
    }
}

/// The whole log, its beginning, and one observation of every kind.
fn log(seeds: &mut Seeds, content: Value) {
    let items = content.as_array().unwrap();
    seeds.put("log", encode(Value::Array(items.iter().take(4).cloned().collect())));
    let observed = parse_log(content).unwrap().into_iter().map(|observation| observation.observed);
    let by_kind: BTreeMap<String, Vec<u8>> = observed
        .map(|observed| {
            let words = format!("{observed:?}");
            let kind = words.split(['(', ' ']).next().unwrap_or_default().to_owned();
            (kind, encode_observed(&observed))
        })
        .collect();
    by_kind.values().for_each(|bytes| seeds.put("observed", bytes));
}

fn certificate(seeds: &mut Seeds, token: &[u8]) {
    seeds.put("token", token);
    seeds.put("verdict", token);
    let link = to_link("fieldproof.example/v", token);
    seeds.put("link", &link);
    seeds.put("link", link.split_once('#').unwrap().1);
    seeds.put("picture", pdf(&link));
    seeds.put("picture", png(&to_link("fieldproof.example/v", b"Fieldproof")));
}

/// A table in each form that one comes in.
fn rosters(seeds: &mut Seeds) {
    let text = "Nimi;Syntymävuosi\r\n\"Öberg, Äijä\";1990\r\nBo Ek;31.12.1985\r\n";
    let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    seeds.put("roster", text);
    seeds.put("roster", windows);
    seeds.put("roster", utf16);
    seeds.put("roster", "sep=,\nFirst name,Surname,Born\nBo,Ek,1990\n");
    seeds.put("roster", workbook(AUTUMN));
}

/// The smallest PDF with a link in it.
fn pdf(link: &str) -> String {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots [4 0 R] >>".to_owned(),
        format!("<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /Type /Action /S /URI /URI ({link}) >> >>"),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(objects) {
        places.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = text.len();
    format!(
        "{text}xref\n0 5\n0000000000 65535 f \n{places}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    )
}

fn png(link: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(link).unwrap();
    let side = u32::try_from(code.width()).unwrap();
    // Four modules of quiet zone, and two pixels a module.
    let picture = image::GrayImage::from_fn(2 * side + 16, 2 * side + 16, |x, y| {
        let module = |at: u32| (at / 2).checked_sub(4).filter(|at| *at < side).map(|at| at as usize);
        let is_dark = module(x).zip(module(y)).is_some_and(|place| code[place] == qrcode::Color::Dark);
        image::Luma([if is_dark { 0 } else { 255 }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// A chain with an entry of every kind.
fn chain(seeds: &mut Seeds) -> Vec<Vec<u8>> {
    let activity = |entry| {
        ChainEvent::Activity(Activity {
            holder: PersonId::new([11; 16]),
            scheme: SchemeId::new([2; 16]),
            on: day("2026-03-02"),
            entry,
            attested_by: PersonId::new([1; 16]),
            proof: Some(Digest::new([3; 32])),
        })
    };
    let events = [
        ChainEvent::Opened { scheme: Digest::new([9; 32]) },
        ChainEvent::Abandoned { reason: "fire drill".to_owned() },
        ChainEvent::Erased { record: Digest::new([7; 32]), parts: vec![1, 2], reason: "asked for".to_owned() },
        activity(Entry::Work { kind: "live_work".to_owned(), since: day("2026-03-01") }),
        activity(Entry::SuitabilityReview),
        activity(Entry::Refresher { minutes: 420 }),
        activity(Entry::ComplementaryRenewed {
            id: "first_aid".to_owned(),
            issued: day("2026-03-01"),
            expires: Some(day("2027-03-01")),
        }),
    ];
    let mut link = Link::FIRST;
    let sign = |event| {
        let entry = ChainEntry { purpose: PURPOSE, link, session: SessionId::new([7; 16]), at: MORNING, event };
        let signed = entry.sign(&TestWorld::assessor_key(1));
        link = link.next(&signed);
        signed
    };
    let signed: Vec<_> = events.into_iter().map(sign).collect();
    signed.iter().for_each(|entry| seeds.put("chain_entry", entry));
    signed
}

/// What a register says to the record, and what stands in its lists.
fn answers(seeds: &mut Seeds, world: &TestWorld, file: &RecordFile, chain: &[Vec<u8>]) {
    let register = world.register();
    let (hello, answer) =
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            (register.hello().await.unwrap(), register.put_record(&file.to_bytes()).await.unwrap())
        });
    seeds.put("beacon", &hello.beacon);
    seeds.put("key_set", &hello.key_set);
    match &answer.signed {
        SignedAnswer::Receipt(signed) => seeds.put("receipt", signed),
        SignedAnswer::Refusal(signed) => seeds.put("refusal", signed),
    }
    let key = SecretKey::new(&[3; 32]);
    let withdrawn = [(1, Withdrawn::Revoked), (2, Withdrawn::Suspended), (3, Withdrawn::Refused)]
        .map(|(number, how)| (CertificateDigest::of(&CertificateId::new([number; 16])), (how, day("2026-03-02"))));
    let snapshot = Snapshot {
        purpose: PURPOSE,
        epoch: 1,
        number: 2,
        as_of: MORNING,
        withdrawn: withdrawn.into_iter().collect(),
        delegations: [].into(),
        standing: [].into(),
    };
    seeds.put("snapshot", snapshot.sign(&key));
    let epoch = Epoch { purpose: PURPOSE, number: 2, began_at: MORNING, log_index: 7, log_head: Digest::new([5; 32]) };
    seeds.put("epoch", epoch.sign(&key));
    let (record, _) = Record::parse(&file.sealed).unwrap();
    let over_both = [(Over::Sealed, file.digest()), (Over::Body, record.body_digest())];
    for (over, digest) in over_both {
        let (role, delegation) = (Role::Assessor, record.delegation.clone());
        let endorsement = Endorsement { purpose: PURPOSE, over, digest, role, at: MORNING, delegation };
        seeds.put("endorsement", endorsement.sign(&TestWorld::assessor_key(2)));
    }
    let reason = RefusalReason::OtherRecordAtThisPlace;
    seeds.put("refusal", Refusal { purpose: PURPOSE, record: file.digest(), reason, at: MORNING }.sign(&key));
    let (record, _) = Record::parse(&file.sealed).unwrap();
    let fork = Fork { index: 3, other: Digest::new([8; 32]) };
    for message in [
        Message::Hello(hello),
        Message::RecordAnswer(answer),
        Message::ChainUpload(ChainUpload { delegation: record.delegation, entries: chain.to_vec() }),
        Message::ChainAnswer(ChainAnswer {
            held: 2,
            forks: vec![fork],
            refused: vec![Digest::new([9; 32])],
            places: 2,
            highest: 2,
            head: None,
        }),
        Message::Fault(Fault::TooLarge(1 << 20)),
        Message::Fault(Fault::NotNamed(file.digest())),
        Message::Fault(Fault::Signature(SignatureProblem::Components)),
        Message::Upload(Upload { digest: file.digest(), offset: 1 << 18 }),
    ] {
        seeds.put("message", message.to_bytes());
    }
}

/// What a client shows and gives back.
fn claims(seeds: &mut Seeds, file: &RecordFile) {
    for message in [
        Message::Claim(Claim {
            receipt: None,
            snapshot: None,
            beacon: Some(vec![7]),
            receipts: vec![ReceiptName { record: file.digest(), receipt: Digest::new([6; 32]) }],
        }),
        Message::ClaimAnswer(ClaimAnswer { epoch: 2, began: Some(vec![8]), lost: vec![file.digest()] }),
        Message::Return(Return { receipts: vec![vec![9], vec![10]], file: b"a record file".to_vec() }),
    ] {
        seeds.put("message", message.to_bytes());
    }
    shelf(seeds, file);
    carried(seeds, file.digest());
}

/// What a coordinator is shown as refused or missing.
fn shelf(seeds: &mut Seeds, file: &RecordFile) {
    let shelved = ShelfRow {
        state: ShelfState::Refused,
        sealed: file.sealed.clone(),
        person: vec![11],
        signed: vec![12],
        missing: vec![Digest::new([13; 32])],
        since: MORNING,
        assessor_key: Some(TestWorld::assessor_key(1).public()),
        is_corrected: true,
        paper: Some(paper()),
        back_at: Some(Timestamp::from_millis(15)),
    };
    seeds.put("message", Message::Shelf(Shelf { rows: vec![shelved], left_out: 1 }).to_bytes());
    seeds.put("message", Message::Papers(vec![paper()]).to_bytes());
    let answer = PapersAnswer { held: 1, refused: vec![Digest::new([14; 32])] };
    seeds.put("message", Message::PapersAnswer(answer).to_bytes());
    let said = PaperBack { token: Digest::new([16; 32]), is_back: true };
    seeds.put("message", Message::PaperBack(said).to_bytes());
}

/// A paper that was told, with no token on it.
fn paper() -> Paper {
    Paper { token: b"a token".to_vec(), opened_at: MORNING, person: b"a part".to_vec() }
}

/// What a register tells a laptop: one entry that counts, one that was replaced, and one of a later version.
fn feed(seeds: &mut Seeds) {
    let (key, content) = (SecretKey::new(&[3; 32]), b"a key set".to_vec());
    let entry = |kind, is_here| FeedEntry { kind, content: digest_of(&content), is_here };
    let page = FeedPage {
        purpose: PURPOSE,
        installation: key.public(),
        epoch: 2,
        after: 40,
        entries: vec![entry(KEY_SET, true), entry(SNAPSHOT, false), entry(99, false)],
        newest: 300,
        head: Digest::new([4; 32]),
        beacon: Beacon { purpose: PURPOSE, number: 9, at: MORNING }.sign(&key),
    };
    let signed = page.sign(&key);
    seeds.put("feed_page", &signed);
    seeds.put("feed_page", FeedPage { entries: Vec::new(), newest: 40, ..page }.sign(&key));
    seeds.put("message", Message::Feed(Feed { page: signed, contents: vec![content] }).to_bytes());
}

/// What a register says to whoever carries a bundle.
fn carried(seeds: &mut Seeds, bundle: Digest) {
    let answers = Digest::new([7; 32]);
    let taken = BundleTaken { bundle, answers, length: 4_096, was_whole: true };
    seeds.put("message", Message::BundleTaken(taken).to_bytes());
    let piece = AnswersPiece { answers, offset: 4_000, bytes: vec![1; 96] };
    seeds.put("message", Message::AnswersPiece(piece).to_bytes());
}

/// A bundle's head and frames, without what fills the frames up, and what a register answers to the bundle.
fn stick(seeds: &mut Seeds, world: &TestWorld, file: &RecordFile, chain: &[Vec<u8>]) {
    let key = world.institution.material().decryption_keys[0].public();
    let institution = world.institution.key_set().institution;
    let head = Head { institution, key: key.id(), bundle: BundleId::new([7; 16]) };
    let (record, _) = Record::parse(&file.sealed).unwrap();
    let upload = Message::ChainUpload(ChainUpload { delegation: record.delegation, entries: chain.to_vec() });
    let frames = [
        (FrameKind::Chain, upload.to_bytes()),
        (FrameKind::Record, file.to_bytes()),
        (FrameKind::Record, b"no record".to_vec()),
        (FrameKind::Evidence, b"a photo".to_vec()),
        (FrameKind::Papers, Message::Papers(vec![paper()]).to_bytes()),
    ];
    let mut writer = BundleWriter::begin(Vec::new(), &head, &key).unwrap();
    frames.iter().for_each(|(kind, content)| writer.put(*kind, content).unwrap());
    let taken = world.register().take_bundle(writer.finish().unwrap().as_slice()).unwrap();
    seeds.put("answers", taken.write_answers(Vec::new()).unwrap());
    // A whole record file holds a whole scheme, which the fuzzer need not carry about.
    let [chain, _, no_record, evidence, papers] = &frames;
    let loads: [&[&(FrameKind, Vec<u8>)]; 4] = [&[], &[evidence], &[chain, no_record, evidence], &[papers, no_record]];
    for load in loads {
        let mut writer = FrameWriter::begin(Vec::new(), &head).unwrap();
        let mut bytes = head.to_bytes();
        for (kind, content) in load {
            let mut alone = FrameWriter::begin(Vec::new(), &head).unwrap();
            alone.put(*kind, content).unwrap();
            bytes.extend_from_slice(&alone.finish().unwrap()[32..][..5 + content.len()]);
            writer.put(*kind, content).unwrap();
        }
        let stream = writer.finish().unwrap();
        let end = if load.is_empty() { 32 } else { stream.len() / 65_536 * 65_536 };
        bytes.extend_from_slice(&stream[end..]);
        seeds.put("bundle", bytes);
    }
}

fn texts(seeds: &mut Seeds) {
    for text in ["2026-03-02", "Carol Candidate", &"0123456789abcdef".repeat(2), &"0123456789abcdef".repeat(4)] {
        seeds.put("small_texts", text);
    }
    let folder = seeds.0.join("scheme-document");
    let mut documents: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.sort();
    for path in documents {
        let document = fs::read(path).unwrap();
        let mut halves = document.splitn(2, |byte| *byte == 0).map(String::from_utf8_lossy);
        let (text, values) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        if let Ok(signed) = sign_scheme(&text, &values, PURPOSE, &SecretKey::new(&[2; 32])) {
            seeds.put("scheme", signed);
        }
        seeds.put("scheme_document", &document);
    }
}

/// Slot files as they are made today, in a backup, of the first form, and with a slot for the key store; and the head of a backup.
fn laptop(seeds: &mut Seeds) {
    let folder = tempfile::tempdir().unwrap();
    let (dir, key) = (folder.path(), StoreKey::new([9; 48]));
    let mut random = seeded("fuzz/slots");
    for (number, name, passphrase) in
        [(1, "Alice Assessor", "one two three four five"), (2, "Bob Assessor", "six seven eight nine ten")]
    {
        let secrets = Secrets { store: key.clone(), assessor: SecretKey::new(&[number; 32]) };
        let person = (PersonId::new([number; 16]), name);
        slots::set(dir, person, passphrase, &secrets, &SlotRandom::draw(&mut random), CHEAP).unwrap();
    }
    slots::set_recovery(dir, RecoveryKind::Sheet, &recovery_key().recipient(), MORNING, &key).unwrap();
    let content = |file: &SlotFile| {
        let envelope: serde_json::Value = serde_json::from_slice(&file.to_bytes().unwrap()).unwrap();
        envelope["content"].as_str().unwrap().to_owned()
    };
    let file = SlotFile::read(dir).unwrap();
    seeds.put("slot_file", content(&file));
    seeds.put("slot_file", content(&file.for_backup()));
    let of_before = concat!(env!("CARGO_MANIFEST_DIR"), "/stores/version-3/slots.json");
    seeds.put("slot_file", fs::read(of_before).unwrap());
    let drawn = KeyStoreRandom { name: "00".repeat(16), key: Zeroizing::new([7; 32]), nonce: [8; 24] };
    slots::key_store::set(dir, &drawn, MORNING, &key).unwrap();
    seeds.put("slot_file", content(&SlotFile::read(dir).unwrap()));
    drop(Store::create(dir, &key).unwrap());
    let head = back_up(dir, &key, &dir.join("fuzz.backup"), (MORNING, &Stop::default()), &mut |_| {})
        .unwrap()
        .to_bytes()
        .unwrap();
    // The mark, the length and the digest are put before it by the target.
    seeds.put("backup_head", &head[20 + 4 + 32..]);
}

/// A signed request, and what is said of an upload.
fn requests(seeds: &mut Seeds) {
    let (key, target) = (SecretKey::new(&[7; 32]), "https://fieldproof.example/v0/chain");
    let signed = sign(&key, "POST", target, b"body", &Nonce::new([9; 24]));
    seeds.put("signature", [signed.content_digest, signed.signature_input, signed.signature].join("\n"));
    let digest = Digest::new([8; 32]);
    seeds.put("tus", format!("262144\n{}\n{digest}", tus::metadata(&digest)));
}

/// One of everything signed.
fn envelopes(seeds: &mut Seeds) {
    for target in [
        "key_set",
        "delegation",
        "chain_entry",
        "record",
        "token",
        "receipt",
        "refusal",
        "beacon",
        "snapshot",
        "epoch",
        "endorsement",
    ] {
        let first = seeds.0.join("corpus").join(target).join("seed-001");
        if let Ok(signed) = fs::read(first) {
            seeds.put("envelope", signed);
        }
    }
}
