//! A vector as it stands in its file, and what the formats' code makes of it.

use std::{collections::BTreeMap, fs, path::PathBuf};

use fieldproof_model::{
    id::{parse_hex, to_hex},
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    FormatError,
    chain::ChainEntry,
    delegation::Delegation,
    endorsement::Endorsement,
    envelope::Purpose,
    key_set::{KeySet, KeySetError},
    keys::SecretKey,
    receipt::{Beacon, Epoch, Receipt, Refusal},
    record::{Record, RecordFile},
    scheme::parse_scheme_id,
    short_code::parse_short_code,
    snapshot::Snapshot,
    token::{Token, find_token},
    trust::{Trust, TrustFile},
    verdict::{Answer, CHECKS, Check, Evidence, Verdict},
};

/// The lines of one file, by what stands before the colon.
pub struct Read {
    pub file: String,
    lines: BTreeMap<String, String>,
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

/// The text of every vector in the folder, by the name of its file.
pub fn texts() -> BTreeMap<String, String> {
    let paths = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// Every vector in the folder.
pub fn all() -> Vec<Read> {
    texts().into_iter().map(|(file, text)| Read::new(file, &text)).collect()
}

impl Read {
    fn new(file: String, text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let pair = |line: &str| {
            let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("{file}: {line}"));
            (key.to_owned(), value.trim().to_owned())
        };
        let lines = lines.map(pair).collect();
        Self { file, lines }
    }

    pub fn line(&self, key: &str) -> &str {
        self.lines.get(key).map(String::as_str).unwrap_or_default()
    }

    pub fn is_judged(&self) -> bool {
        self.line("expect").starts_with("genuine=")
    }

    /// Whether it is one of those that are taken for what they say.
    pub fn is_accepted(&self) -> bool {
        let expect = self.line("expect");
        ["readable", "replaces"].contains(&expect) || expect.starts_with("genuine=yes in_force=yes") || {
            // A record says nothing about being in force; nothing else may be against it.
            self.line("kind") == "record" && expect.starts_with("genuine=yes") && self.line("fails at") == "-"
        }
    }

    pub fn input(&self) -> Vec<u8> {
        bytes_of(self.line("input"))
    }

    pub fn trust_file(&self) -> Option<TrustFile> {
        match self.line("trust") {
            "-" => None,
            file => Some(TrustFile::parse(&bytes_of(file)).unwrap()),
        }
    }

    pub fn trust(&self) -> Option<Trust> {
        self.trust_file()?.open().ok()
    }

    pub fn now(&self) -> Timestamp {
        let day = Date::parse(self.line("today")).unwrap();
        Timestamp::from_millis(i64::from(day.as_days()) * 86_400_000 + 43_200_000)
    }

    /// The lines that the formats' code would have written.
    pub fn found(&self) -> BTreeMap<String, String> {
        let one = |value: &str| BTreeMap::from([("expect".to_owned(), value.to_owned())]);
        if self.is_judged() {
            return match Evidence::parse(&self.input()) {
                Ok(evidence) => lines(&evidence.judge(self.trust().as_ref(), self.now())),
                Err(error) => one(word(&Err(error))),
            };
        }
        match (self.line("kind"), self.trust_file()) {
            ("digits", _) => text(find_token(self.line("input")).map(|bytes| to_hex(&bytes))),
            ("short code", _) => text(parse_short_code(self.line("input"))),
            ("trust", Some(held)) => {
                let offered = TrustFile::parse(&self.input()).ok();
                let renewed = offered.and_then(|offered| held.renewed_by(&offered));
                one(if renewed.is_some() { "replaces" } else { "kept out" })
            }
            (kind, _) => one(word(&read(kind, &self.input()))),
        }
    }

    /// What of it is not as the file says.
    pub fn differences(&self) -> Vec<String> {
        let differs = |(key, found): (String, String)| {
            let said = self.line(&key);
            (said != found).then(|| format!("{key}: {found}, and the file says {said}"))
        };
        self.found().into_iter().filter_map(differs).collect()
    }
}

fn text(read: Option<String>) -> BTreeMap<String, String> {
    let expect = if read.is_some() { "readable" } else { "unreadable" };
    let read = read.map(|read| ("reads".to_owned(), read));
    std::iter::once(("expect".to_owned(), expect.to_owned())).chain(read).collect()
}

fn word(read: &Result<(), FormatError>) -> &'static str {
    match read {
        Ok(()) => "readable",
        Err(FormatError::Critical(_)) => "needs newer",
        Err(_) => "unreadable",
    }
}

/// Reads bytes as one kind, without looking at signatures but the root's.
pub fn read(kind: &str, bytes: &[u8]) -> Result<(), FormatError> {
    let root = SecretKey::new(&[16; 32]).public();
    let unsigned = |error| match error {
        KeySetError::Format(error) => error,
        KeySetError::Signature(_) => FormatError::Damaged,
    };
    match kind {
        "token" | "record" => {
            let is_token = matches!(Evidence::parse(bytes)?, Evidence::Token(..));
            if is_token == (kind == "token") { Ok(()) } else { Err(FormatError::Damaged) }
        }
        "key set" => KeySet::verify(bytes, &root).map(|_| ()).map_err(unsigned),
        "trust" => TrustFile::parse(bytes)?.open().map(|_| ()).map_err(unsigned),
        "scheme" => parse_scheme_id(bytes).map(|_| ()),
        "delegation" => Delegation::parse(bytes).map(|_| ()),
        "chain entry" => ChainEntry::parse(bytes).map(|_| ()),
        "receipt" => Receipt::parse(bytes).map(|_| ()),
        "refusal" => Refusal::parse(bytes).map(|_| ()),
        "beacon" => Beacon::parse(bytes).map(|_| ()),
        "snapshot" => Snapshot::parse(bytes).map(|_| ()),
        "endorsement" => Endorsement::parse(bytes).map(|_| ()),
        "epoch" => Epoch::parse(bytes).map(|_| ()),
        other => panic!("no kind of ours: {other}"),
    }
}

/// What is read, signed with another key and read again is the same. `None` for what is not read.
pub fn is_the_same_when_written_again(kind: &str, bytes: &[u8]) -> Option<bool> {
    let key = SecretKey::new(&[77; 32]);
    macro_rules! again {
        ($kind:ty) => {{
            let (read, _) = <$kind>::parse(bytes).ok()?;
            <$kind>::parse(&read.sign(&key)).is_ok_and(|(again, by)| again == read && by.verify(&key.public()).is_ok())
        }};
    }
    Some(match kind {
        "token" => {
            let (read, _) = Token::parse(bytes).ok()?;
            // One that is longer than a symbol holds is read, and not written.
            Token::parse(&read.sign(&key).ok()?).is_ok_and(|(again, _)| again == read)
        }
        "record" => {
            let file = RecordFile::parse(bytes).ok()?;
            let (read, _) = Record::parse(&file.sealed).ok()?;
            RecordFile::parse(&file.to_bytes()) == Ok(file)
                && Record::parse(&read.sign(&key)).is_ok_and(|(again, _)| again == read)
        }
        "key set" => {
            let read = KeySet::verify(bytes, &SecretKey::new(&[16; 32]).public()).ok()?;
            KeySet::verify(&read.sign(&key), &key.public()).is_ok_and(|again| again == read)
        }
        "trust" => {
            let read = TrustFile::parse(bytes).ok()?;
            TrustFile::parse(&read.to_bytes()).is_ok_and(|again| again.to_bytes() == bytes)
        }
        "delegation" => again!(Delegation),
        "chain entry" => again!(ChainEntry),
        "receipt" => again!(Receipt),
        "refusal" => again!(Refusal),
        "beacon" => again!(Beacon),
        "snapshot" => again!(Snapshot),
        "endorsement" => again!(Endorsement),
        "epoch" => again!(Epoch),
        _ => return None,
    })
}

pub fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::CouldNotTell => "could not tell",
    }
}

const NAMES: [&str; 9] =
    ["signature", "issuer", "delegation", "content", "withdrawal", "term", "clock", "standing", "list"];

/// The first check that is "no", in the order of the precedence.
pub fn fails_at(verdict: &Verdict) -> &'static str {
    let order = [
        Check::Signature,
        Check::Issuer,
        Check::Delegation,
        Check::Content,
        Check::Withdrawal,
        Check::Standing,
        Check::Clock,
        Check::Term,
        Check::List,
    ];
    let first = order.into_iter().find(|check| verdict.check(*check).0 == Answer::No);
    let place = first.and_then(|first| CHECKS.iter().position(|check| *check == first));
    place.map_or("-", |place| NAMES[place])
}

fn lines(verdict: &Verdict) -> BTreeMap<String, String> {
    let quoted = |given: Answer| match given {
        Answer::CouldNotTell => "\"could not tell\"",
        Answer::Yes | Answer::No => answer(given),
    };
    let green = if verdict.is_green() { "yes" } else { "no" };
    let (genuine, in_force) = (quoted(verdict.genuine.0), quoted(verdict.in_force.0));
    let purpose = match verdict.purpose {
        Purpose::Real => "real",
        Purpose::Practice => "practice",
        Purpose::Demonstration => "demonstration",
    };
    let checks = NAMES.iter().zip(verdict.checks);
    let checks = checks.map(|(name, (given, _))| (format!("check {name}"), answer(given).to_owned()));
    let expect = format!("genuine={genuine} in_force={in_force} green={green}");
    let other = [("expect", expect.as_str()), ("purpose", purpose), ("fails at", fails_at(verdict))];
    other.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().chain(checks).collect()
}

/// Hexadecimal digits, with `(61*1000)` for a byte that comes a thousand times.
fn bytes_of(written: &str) -> Vec<u8> {
    let plain = |digits: &str| -> Vec<u8> {
        let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        pairs.map(|pair| parse_hex::<1>(pair).unwrap_or_else(|| panic!("{pair} is no byte"))[0]).collect()
    };
    let Some((begin, rest)) = written.split_once('(') else {
        return plain(written);
    };
    let (repeated, end) = rest.split_once(')').unwrap();
    let (byte, times) = repeated.split_once('*').unwrap();
    [plain(begin), plain(byte).repeat(times.parse().unwrap()), plain(end)].concat()
}
