//! What is only read: the encoding, the envelope, and digits. M1 to M9, M12, M17, M19, M22 and the short code.

use super::{
    Expect::{self, NeedsNewer, Readable, Replaces, Unreadable},
    Input, Vector,
    cbor::{Fields, V, bytes, int, list, map, nested, text, with, without},
    fields, hex, read, read_text,
    trust::{Trust, trust, trust_file},
    world::{self, Envelope, beacon_fields, header, key_id, morning, public, register, sign, stranger},
};

/// Every one of them.
pub fn all() -> Vec<Vector> {
    let tables = [encoding(), keys_of_maps(), nesting(), unknown_fields(), envelope(), payload(), length()];
    tables.into_iter().flatten().chain(digits()).chain(short_codes()).chain(renewal()).chain(fields::all()).collect()
}

const OK: Expect = Readable(None);

/// A beacon signed over exactly these bytes.
fn over(payload: Vec<u8>) -> Vec<u8> {
    Envelope { payload, ..Envelope::new(&beacon_fields(), &register()) }.sign(&register())
}

/// A beacon with field 99.
fn with_99(value: V) -> Vec<u8> {
    sign(&with(&beacon_fields(), 99, value), &register())
}

fn raw(bytes: &[u8]) -> V {
    V::Raw(bytes.to_vec())
}

fn encoding() -> Vec<Vector> {
    let fields = map(&beacon_fields()).encode();
    let indefinite = [&[0xbf], &fields[1..], &[0xff]].concat();
    let plain = sign(&beacon_fields(), &register());
    let long_tag = [&[0xd8, 0x12], &plain[1..]].concat();
    let long_array = [&[0xd2, 0x98, 0x04], &plain[2..]].concat();
    let beacon = |about, name, bytes, expect| read(about, name, "beacon", bytes, expect);
    vec![
        beacon("M1", "in the one form", plain, OK),
        beacon("M1", "long integer", sign(&with(&beacon_fields(), 2, raw(&[0x18, 1])), &register()), Unreadable),
        beacon("M1", "indefinite map", over(indefinite), Unreadable),
        beacon("M1", "indefinite bytes", with_99(raw(&[0x5f, 0x41, 0, 0xff])), Unreadable),
        beacon("M1", "long length of a text", with_99(raw(&[0x78, 1, b'a'])), Unreadable),
        beacon("M1", "long length of the envelope", long_array, Unreadable),
        beacon("M1", "long tag of the envelope", long_tag, Unreadable),
        beacon("M1", "long tag inside", with_99(raw(&[0xd8, 1, 1])), Unreadable),
        beacon("M1", "a tag inside", with_99(V::Tag(1, Box::new(int(1)))), OK),
        beacon("M3", "a large number in a tag", with_99(V::Tag(2, Box::new(bytes([1])))), Unreadable),
        beacon("M3", "undefined", with_99(raw(&[0xf7])), Unreadable),
        beacon("M3", "half float", with_99(raw(&[0xf9, 0x3c, 0])), Unreadable),
        beacon("M3", "double float", with_99(raw(&[0xfb, 0x3f, 0xf1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a])), Unreadable),
        beacon("M3", "float inside", with_99(list([list([raw(&[0xf9, 0x7e, 0])])])), Unreadable),
        beacon("M3", "no float", with_99(list([V::Bool(true), V::Null, int(-1), text("1.5")])), OK),
    ]
}

fn keys_of_maps() -> Vec<Vector> {
    let [kind, purpose, number, time] = [(0, int(9)), (1, int(0)), (2, int(1)), (3, morning(world::DAY))];
    let pairs =
        |fields: &[&(i64, V)]| V::Map(fields.iter().map(|(key, value)| (int(*key), value.clone())).collect()).encode();
    let disordered = over(pairs(&[&kind, &number, &purpose, &time]));
    let twice = over(pairs(&[&kind, &purpose, &number, &number, &time]));
    let keyed = |key: V| with_99(V::Map(vec![(key, int(1))]));
    let bytewise = V::Map(vec![(int(24), int(0)), (int(-1), int(0)), (text("a"), int(0)), (V::Bool(true), int(0))]);
    let length_first = V::Map(vec![(int(-1), int(0)), (int(24), int(0))]);
    let beacon = |name, bytes, expect| read("M2", name, "beacon", bytes, expect);
    vec![
        beacon("keys out of order", disordered, Unreadable),
        beacon("a key twice", twice, Unreadable),
        beacon("an array as a key", keyed(list([])), Unreadable),
        beacon("a map as a key", keyed(V::Map(vec![])), Unreadable),
        beacon("a tag as a key", keyed(V::Tag(1, Box::new(int(1)))), Unreadable),
        beacon("a big number as a key", keyed(V::Tag(2, Box::new(bytes([1; 9])))), Unreadable),
        beacon("a float as a key", keyed(raw(&[0xf9, 0x3c, 0])), Unreadable),
        beacon("shorter keys first inside", with_99(length_first), Unreadable),
        beacon("keys sorted by their bytes inside", with_99(bytewise), OK),
    ]
}

fn nesting() -> Vec<Vector> {
    let trailing = |bytes: &[u8]| [bytes, &[0]].concat();
    let plain = sign(&beacon_fields(), &register());
    let tags = |depth: usize| (0..depth).fold(int(1), |inner, _| V::Tag(1, Box::new(inner)));
    let beacon = |name, bytes, expect| read("M4", name, "beacon", bytes, expect);
    vec![
        beacon("bytes after the envelope", trailing(&plain), Unreadable),
        beacon("bytes after the payload", over(trailing(&map(&beacon_fields()).encode())), Unreadable),
        beacon("twelve deep", with_99(nested(11)), OK).note("The payload's map is the first of the twelve."),
        beacon("thirteen deep", with_99(nested(12)), Unreadable),
        beacon("twelve deep in tags", with_99(tags(11)), OK),
        beacon("thirteen deep in tags", with_99(tags(12)), Unreadable),
        beacon("cut off", plain[..plain.len() - 1].to_vec(), Unreadable),
        beacon("nothing at all", Vec::new(), Unreadable),
    ]
}

fn unknown_fields() -> Vec<Vector> {
    let with_key = |key: i128| {
        let mut fields = map(&beacon_fields());
        if let V::Map(pairs) = &mut fields {
            pairs.push((int(key), int(1)));
        }
        over(fields.encode())
    };
    let newer = |fields: &Fields| sign(&with(fields, -1, int(1)), &register());
    let activity = {
        let fields = world::activity_fields();
        let activity = fields.iter().find(|(key, _)| *key == 9).map(|(_, value)| value.clone());
        let Some(V::Map(mut pairs)) = activity else { unreachable!("an activity is a map") };
        pairs.push((int(-1), int(0)));
        sign(&with(&fields, 9, V::Map(pairs)), &world::assessor())
    };
    let named = [(-1, int(1)), (0, int(9))];
    vec![
        read("M5", "an unknown field", "beacon", with_key(99), OK),
        read("M5", "an unknown field past 63 bits", "beacon", with_key(1 << 63), OK),
        read("M5", "the largest key", "beacon", with_key((1 << 64) - 1), OK),
        read("M5", "an unknown field with a float in it", "beacon", with_99(raw(&[0xf9, 0, 0])), Unreadable)
            .note("It is ignored, and still has to be in the one form."),
        read("M6", "a negative key", "beacon", newer(&beacon_fields()), NeedsNewer),
        read("M6", "the smallest key", "beacon", with_key(-(1 << 64)), NeedsNewer),
        read("M6", "before a missing field", "beacon", newer(&without(&beacon_fields(), 3)), NeedsNewer),
        read("M6", "before a malformed field", "beacon", newer(&with(&beacon_fields(), 3, V::Null)), NeedsNewer),
        read("M6", "inside a known field", "chain entry", activity, NeedsNewer),
        read("M6", "inside an unknown field", "beacon", with_99(map(&named)), OK)
            .note("Maps inside unknown fields are not looked at."),
        read("M6", "in a token", "token", sign(&with(&world::token_fields(), -1, int(0)), &stranger()), NeedsNewer)
            .note("Before any check: the signature is another key's too."),
        read("M6", "in a receipt", "receipt", newer(&world::receipt_fields(b"record", 20_000)), NeedsNewer),
        read("M6", "in a snapshot", "snapshot", newer(&trust().snapshot_fields()), NeedsNewer),
        read(
            "M6",
            "in a key set",
            "key set",
            sign(&with(&trust().key_set_fields(), -1, int(0)), &world::root()),
            NeedsNewer,
        ),
        read(
            "M6",
            "in a delegation",
            "delegation",
            sign(&with(&world::delegation_fields(), -1, int(0)), &world::issuing()),
            NeedsNewer,
        ),
    ]
}

fn envelope() -> Vec<Vector> {
    let plain = || Envelope::new(&beacon_fields(), &register());
    let id = key_id(&public(&register()));
    let headed = |fields: &[(i64, V)]| Envelope { protected: map(fields).encode(), ..plain() }.sign(&register());
    let (algorithm, named) = ((1, int(-8)), (4, bytes(id.clone())));
    let reversed = V::Map(vec![(int(4), bytes(id.clone())), (int(1), int(-8))]).encode();
    let unprotected = Envelope { unprotected: map(&[(4, bytes(id.clone()))]), ..plain() }.sign(&register());
    let tagged = |tag| Envelope { tag, ..plain() }.sign(&register());
    let [protected, none, payload, signature] = plain().items(&[7; 64]);
    let message = |items: Vec<V>| V::Tag(18, Box::new(V::Array(items))).encode();
    let five = message(vec![protected.clone(), none.clone(), payload, signature.clone(), V::Null]);
    let detached = message(vec![protected, none, V::Null, signature]);
    let untagged = sign(&beacon_fields(), &register())[1..].to_vec();
    let wrapped = V::Tag(55_799, Box::new(raw(&sign(&beacon_fields(), &register())))).encode();
    let beacon = |name, bytes, expect| read("M7", name, "beacon", bytes, expect);
    vec![
        beacon("the header as it should be", sign(&beacon_fields(), &register()), OK),
        beacon("a further header", headed(&[algorithm.clone(), named.clone(), (5, bytes([0; 8]))]), Unreadable),
        beacon("another algorithm", headed(&[(1, int(-7)), named.clone()]), Unreadable),
        beacon("no algorithm", headed(&[named]), Unreadable),
        beacon("no key id", headed(std::slice::from_ref(&algorithm)), Unreadable),
        beacon("a key id of seven bytes", headed(&[algorithm.clone(), (4, bytes(&id[..7]))]), Unreadable),
        beacon("a key id of nine bytes", headed(&[algorithm, (4, bytes([id.clone(), vec![0]].concat()))]), Unreadable),
        beacon("headers out of order", Envelope { protected: reversed, ..plain() }.sign(&register()), Unreadable),
        beacon("an unprotected header", unprotected, Unreadable),
        beacon("without a tag", untagged, Unreadable),
        beacon("another tag", tagged(17), Unreadable),
        beacon("a tag around it", wrapped, Unreadable),
        beacon("five items", five, Unreadable),
        beacon("the payload elsewhere", detached, Unreadable),
        beacon(
            "bytes after the header",
            Envelope { protected: [header(&id), vec![0]].concat(), ..plain() }.sign(&register()),
            Unreadable,
        ),
    ]
}

fn payload() -> Vec<Vector> {
    let beacon = |about, name, bytes, expect| read(about, name, "beacon", bytes, expect);
    let changed = |field, value| sign(&with(&beacon_fields(), field, value), &register());
    let texts = {
        let mut fields = map(&beacon_fields());
        if let V::Map(pairs) = &mut fields {
            pairs.push((text("note"), int(1)));
        }
        fields.encode()
    };
    vec![
        beacon("M8", "a field map", sign(&beacon_fields(), &register()), OK),
        beacon("M8", "an array for a payload", over(list([int(9), int(0)]).encode()), Unreadable),
        beacon("M8", "a text for a key", over(texts), Unreadable),
        beacon("M8", "an empty payload", over(Vec::new()), Unreadable),
        beacon("M9", "kind and purpose", sign(&beacon_fields(), &register()), OK),
        beacon("M9", "kind 0", changed(0, int(0)), Unreadable),
        beacon("M9", "kind 13", changed(0, int(13)), Unreadable),
        beacon("M9", "a word for a kind", changed(0, text("beacon")), Unreadable),
        beacon("M9", "no kind", sign(&without(&beacon_fields(), 0), &register()), Unreadable),
        beacon("M9", "purpose 3", changed(1, int(3)), Unreadable),
        beacon("M9", "no purpose", sign(&without(&beacon_fields(), 1), &register()), Unreadable),
    ]
}

/// A beacon of exactly so many bytes.
fn long(total: usize) -> Input {
    let bytes_of = |length: usize| with_99(bytes(vec![b'a'; length]));
    let length = total - (bytes_of(1_000_000).len() - 1_000_000);
    let whole = bytes_of(length);
    assert_eq!(whole.len(), total);
    let begin = whole.windows(8).position(|window| window == [b'a'; 8]).unwrap_or(0);
    let (begin, rest) = whole.split_at(begin);
    Input::Long(begin.to_vec(), (b'a', length), rest[length..].to_vec())
}

fn length() -> Vec<Vector> {
    let beacon = |name, input, expect| Vector::new("M12", name, "beacon", input, expect);
    vec![beacon("as long as allowed", long(1_048_576), OK), beacon("a byte too long", long(1_048_577), Unreadable)]
}

/// Digits, written a second time.
pub fn to_digits(bytes: &[u8]) -> String {
    const WIDTHS: [usize; 8] = [0, 3, 5, 8, 10, 13, 15, 17];
    let block = |block: &[u8]| {
        let number = block.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{number:0width$}", width = WIDTHS[block.len()])
    };
    format!("0{}", bytes.chunks(7).map(block).collect::<String>())
}

fn digits() -> Vec<Vector> {
    let token = sign(&world::token_fields(), &world::assessor());
    let written = to_digits(&token);
    let ok = |bytes: &[u8]| Readable(Some(hex(bytes)));
    let digits = |about, name, text: &str, expect| read_text(about, name, "digits", text, expect);
    let link = |host: &str| format!("https://{host}#{written}");
    vec![
        digits("M17", "digits of a token", &written, ok(&token)),
        digits("M17", "the largest block", "072057594037927935", ok(&[0xff; 7])),
        digits("M17", "a block past its bytes", "072057594037927936", Unreadable),
        digits("M17", "a short block past its bytes", "0256", Unreadable),
        digits("M17", "another format digit", &format!("1{}", &written[1..]), Unreadable),
        digits("M17", "a length that no payload has", &written[..written.len() - 1], Unreadable),
        digits("M17", "a letter", &format!("{}a{}", &written[..20], &written[21..]), Unreadable),
        digits("M19", "the printed host", &link("fieldproof.example/v"), ok(&token)),
        digits("M19", "another host", &link("elsewhere.example/x"), ok(&token))
            .note("The host is no evidence: the same token is read."),
        digits(
            "M19",
            "the printed host with digits cut off",
            link("fieldproof.example/v").strip_suffix(|_: char| true).unwrap(),
            Unreadable,
        ),
    ]
}

fn short_codes() -> Vec<Vector> {
    let code = |name, text, expect| read_text("story", name, "short code", text, expect);
    let ok = || Readable(Some("TXGX-81NF-5958".to_owned()));
    vec![
        code("short code", "TXGX-81NF-5958", ok()).note("Of the certificate 07070707070707070707070707070707."),
        code("short code as somebody types it", "txgx 8lnf 5958", ok()),
        code("short code with a slip", "TXGX-81NF-5968", Unreadable),
        code("short code with neighbours swapped", "TXGX-81FN-5958", Unreadable),
        code("short code cut off", "TXGX-81NF-595", Unreadable),
        code("short code with a letter that is none", "TXGX-81NF-595U", Unreadable),
    ]
}

fn renewal() -> Vec<Vector> {
    let held = trust();
    let newer = |change: fn(&mut Trust)| {
        let mut trust = trust();
        (trust.number, trust.snapshot_number) = (2, (1, 2));
        change(&mut trust);
        trust.file()
    };
    let changed = |change: fn(&mut Trust)| {
        let mut trust = trust();
        change(&mut trust);
        trust.file()
    };
    let forged = trust_file(&public(&held.root), &held.key_set(), Some(b"none".to_vec()));
    let offer = |name, offered: Vec<u8>, expect| Vector {
        trust: Some(trust().file()),
        ..read("M22", name, "trust", offered, expect)
    };
    let first_snapshot = |name, offered, expect| Vector {
        trust: Some(trust().no_snapshot().file()),
        ..read("M22", name, "trust", offered, expect)
    };
    vec![
        offer("a later key set and snapshot", newer(|_| ()), Replaces(true)),
        offer("the same key set and a later snapshot", changed(|t| t.snapshot_number = (1, 2)), Replaces(true)),
        offer("a later epoch", changed(|t| t.snapshot_number = (2, 0)), Replaces(true)),
        offer("a later key set and the same snapshot", changed(|t| t.number = 2), Replaces(true)),
        offer("another root", newer(|t| t.root = stranger()), Replaces(false)),
        offer("another institution", newer(|t| t.institution = [8; 16]), Replaces(false)),
        offer("another purpose", newer(|t| t.purpose = 1), Replaces(false)),
        offer("a lower key set", newer(|t| t.number = 0), Replaces(false)),
        offer("another key set of the same number", newer(|t| (t.number, t.rows[0].state) = (1, 3)), Replaces(false)),
        offer("an earlier snapshot", newer(|t| t.snapshot_number = (1, 0)), Replaces(false)),
        offer("an earlier epoch", newer(|t| t.snapshot_number = (0, 9)), Replaces(false)),
        offer(
            "another snapshot of the same number",
            newer(|t| (t.snapshot_number, t.as_of) = ((1, 1), 20_001)),
            Replaces(false),
        ),
        offer("no snapshot any more", newer(|t| t.snapshot_by = None), Replaces(false)),
        offer("a snapshot of nobody", newer(|t| t.snapshot_by = Some(stranger())), Replaces(false)),
        first_snapshot("the first snapshot", trust().file(), Replaces(true)),
        first_snapshot("a first snapshot that does not verify", forged, Replaces(false)),
        read("M22", "a trust file", "trust", trust().file(), OK),
        read("M22", "a trust file with a short root", "trust", trust_file(&[1; 31], &held.key_set(), None), Unreadable),
        read("M22", "a trust file without a key set", "trust", trust_file(&[1; 32], &[], None), Unreadable)
            .note("Its key set is none."),
    ]
}
