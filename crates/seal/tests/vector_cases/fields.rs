//! M13 and M14: the fields of every payload, each kind read whole and with something wrong in it.

use ed25519_dalek::SigningKey;

use super::{
    Expect::{Readable, Unreadable},
    Vector,
    cbor::{Fields, V, bytes, int, list, map, text, with, without},
    read,
    trust::trust,
    world::{self, DAY, assessor, endorser, issuing, register, root, sha256, sign},
};

/// Every one of them.
pub fn all() -> Vec<Vector> {
    let tables =
        [institution(), chain(), record(), token(), register_kinds(), snapshot(), endorsement(), numbers(), rows()];
    tables.into_iter().flatten().collect()
}

/// What is wrong, and the fields with it.
type Wrong = (&'static str, Fields);

fn of(
    kind: &'static str,
    key: &SigningKey,
    (right, fields): (&'static str, &Fields),
    wrong: impl IntoIterator<Item = Wrong>,
) -> Vec<Vector> {
    let whole = read("M14", right, kind, sign(fields, key), Readable(None));
    let wrong = wrong.into_iter().map(|(name, fields)| read("M14", name, kind, sign(&fields, key), Unreadable));
    std::iter::once(whole).chain(wrong).collect()
}

fn institution() -> Vec<Vector> {
    let keys = trust().key_set_fields();
    let row = |role: i64, state: V| list([list([bytes([1; 32]), int(role), int(0), int(1), state])]);
    let key_set = of(
        "key set",
        &root(),
        ("key set", &keys),
        [
            ("key set without keys", without(&keys, 7)),
            ("key set with a short institution id", with(&keys, 3, bytes([9; 15]))),
            ("key set with an unknown role", with(&keys, 7, row(4, int(1)))),
            ("key set with an unknown state", with(&keys, 7, row(1, int(0)))),
            ("key set with a null for a state", with(&keys, 7, row(1, V::Null))),
            ("key set with a row of four", with(&keys, 7, list([list([bytes([1; 32]), int(1), int(0), int(1)])]))),
        ],
    );
    let scheme = world::scheme_fields();
    let schemes = of(
        "scheme",
        &issuing(),
        ("scheme", &scheme),
        [
            ("scheme without a document", without(&scheme, 2)),
            ("scheme without a language", without(&scheme, 4)),
            ("scheme with bytes for a document", with(&scheme, 2, bytes([0]))),
            ("scheme with a null for its values", with(&scheme, 3, V::Null)),
        ],
    );
    let fields = world::delegation_fields();
    let delegations = of(
        "delegation",
        &issuing(),
        ("delegation", &fields),
        [
            ("delegation without a last day", without(&fields, 7)),
            ("delegation with a short key", with(&fields, 2, bytes([3; 31]))),
            ("delegation with a number for yes", with(&fields, 5, int(1))),
            ("delegation with a null for what is optional", with(&fields, 9, V::Null)),
            ("delegation with a day past 32 bits", with(&fields, 7, int(1_i64 << 31))),
            ("delegation with negative roles", with(&fields, 8, int(-1))),
            ("delegation with contact days past 16 bits", with(&fields, 9, int(1 << 16))),
        ],
    );
    [key_set, schemes, delegations].concat()
}

fn chain() -> Vec<Vector> {
    let opened = world::chain_entry_fields();
    let activity = world::activity_fields();
    let activity_with = |key, value| {
        let inner = map(&[
            (1, bytes([0xc0; 16])),
            (2, bytes(world::SCHEME)),
            (3, int(DAY)),
            (4, bytes([0xa1; 16])),
            (6, int(1)),
            (7, text("isolation")),
            (8, int(DAY)),
        ]);
        let V::Map(pairs) = inner else { return activity.clone() };
        let pairs = pairs
            .into_iter()
            .map(|(field, old)| if field == int(key) { (field, value_of(&value)) } else { (field, old) });
        with(&activity, 9, V::Map(pairs.collect()))
    };
    let abandoned = with(&with(&without(&opened, 7), 6, int(2)), 8, text("the vehicle was called away"));
    let entries = of(
        "chain entry",
        &assessor(),
        ("session opened", &opened),
        [
            ("session opened without a scheme", without(&opened, 7)),
            ("chain entry with an unknown event", with(&opened, 6, int(4))),
            ("first chain entry with one before it", with(&opened, 3, bytes([1; 32]))),
            ("second chain entry without the first", with(&opened, 2, int(2))),
            ("chain entry with a null before it", with(&opened, 3, V::Null)),
        ],
    );
    let given_up = of(
        "chain entry",
        &assessor(),
        ("session abandoned", &abandoned),
        [("session abandoned without a reason", without(&abandoned, 8))],
    );
    let activities = of(
        "chain entry",
        &assessor(),
        ("activity", &activity),
        [
            ("activity with an unknown kind", activity_with(6, int(7))),
            ("activity with a short holder", activity_with(1, bytes([1; 15]))),
            ("activity that is an array", with(&activity, 9, list([]))),
        ],
    );
    [entries, given_up, activities, continuations(&opened), tombstones(&opened)].concat()
}

/// A new key of a person who had one before.
fn continuations(opened: &Fields) -> Vec<Vector> {
    let continued = |item: V| with(&with(&without(opened, 7), 6, int(4)), 10, item);
    of(
        "chain entry",
        &assessor(),
        ("chain continued with a new key", &continued(list([int(7), bytes([7; 32])]))),
        [
            ("chain continued without the one before", with(&without(opened, 7), 6, int(4))),
            ("chain continued behind no entry", continued(list([int(0), bytes([7; 32])]))),
            ("chain continued behind a short digest", continued(list([int(7), bytes([7; 31])]))),
            ("chain continued behind three things", continued(list([int(7), bytes([7; 32]), int(1)]))),
        ],
    )
}

/// Parts of a record destroyed.
fn tombstones(opened: &Fields) -> Vec<Vector> {
    let erased = with(&with(&without(opened, 7), 6, int(5)), 8, text("the time that the institution set is over"));
    let erased = with(&with(&erased, 12, bytes([7; 32])), 13, list([int(1), int(6)]));
    of(
        "chain entry",
        &assessor(),
        ("parts erased", &erased),
        [
            ("parts erased without a reason", without(&erased, 8)),
            ("parts erased of no record", without(&erased, 12)),
            ("parts erased and none named", with(&erased, 13, list([]))),
            ("parts erased out of order", with(&erased, 13, list([int(6), int(1)]))),
        ],
    )
}

fn value_of(value: &V) -> V {
    value.clone()
}

fn record() -> Vec<Vector> {
    let record = world::record().all_fields();
    let evidence = |items: Vec<V>| with(&record, 12, list([V::Array(items)]));
    let wrong = [
        ("record without a delegation", without(&record, 8)),
        ("record without a clock", without(&record, 16)),
        ("record with an unknown outcome", with(&record, 9, int(5))),
        ("record with an unknown clock", with(&record, 16, int(6))),
        ("record with a null for a certificate", with(&record, 10, V::Null)),
        ("record with a short digest of a part", with(&record, 11, map(&[(1, bytes([1; 31]))]))),
        ("record with a beacon of one item", with(&record, 6, list([int(1)]))),
        ("record with evidence of three items", evidence(vec![bytes([1; 32]), int(1), int(1)])),
        ("record with evidence of no size", evidence(vec![bytes([1; 32]), int(-1)])),
        ("record with no endorsements in a list", with(&record, 18, list([]))),
        ("record that corrects without a reason", with(&record, 17, list([bytes([1; 32])]))),
        ("record with a partner of another length", with(&record, 14, bytes([1; 17]))),
    ];
    // Judged alone: with nothing at hand it is read, and nothing more.
    let wrong =
        wrong.into_iter().map(|(name, fields)| read("M14", name, "record", sign(&fields, &assessor()), Unreadable));
    wrong.collect()
}

fn token() -> Vec<Vector> {
    let token = world::token_fields();
    let registered = world::registered_fields();
    let wrong = [
        ("token without a holder", without(&token, 5)),
        ("token without a clock", without(&token, 16)),
        ("token without a confirm-by day", without(&token, 17)),
        ("token neither on site nor registered", without(&token, 18)),
        ("token both on site and registered", with(&token, 19, text("Alice Assessor"))),
        ("token with parts that fall", with(&token, 10, list([int(2), int(1)]))),
        ("token with a part twice", with(&token, 10, list([int(1), int(1)]))),
        ("token with an unknown part", with(&token, 10, list([int(5)]))),
        ("token with an unknown exercise object", with(&token, 11, int(5))),
        ("token with an unknown voltage", with(&token, 12, list([int(400), int(3)]))),
        ("token with a voltage of three items", with(&token, 12, list([int(400), int(1), int(1)]))),
        ("token with negative volts", with(&token, 12, list([int(-1), int(1)]))),
        ("token with a null for a unit", with(&token, 9, V::Null)),
        ("token with a year past 16 bits", with(&token, 6, int(1 << 16))),
        ("token with bytes for a mark", with(&token, 6, bytes([1]))),
        ("token with a text for a day", with(&token, 13, text("2024-10-04"))),
        ("token with a short certificate id", with(&token, 2, bytes([7; 15]))),
        ("token with an unknown clock", with(&token, 16, int(0))),
    ];
    let mut vectors: Vec<_> = wrong
        .into_iter()
        .map(|(name, fields)| read("M14", name, "token", sign(&fields, &assessor()), Unreadable))
        .collect();
    let null = sign(&with(&registered, 19, V::Null), &register());
    vectors.push(read("M14", "registered token with a null for the assessor", "token", null, Unreadable));
    vectors
}

fn register_kinds() -> Vec<Vector> {
    let key = register();
    let receipt = world::receipt_fields(b"record", DAY);
    let (refusal, beacon, epoch) = (world::refusal_fields(), world::beacon_fields(), world::epoch_fields());
    let receipts = of(
        "receipt",
        &key,
        ("receipt", &receipt),
        [
            ("receipt with an unknown state", with(&receipt, 2, int(3))),
            ("receipt without a log head", without(&receipt, 7)),
            ("receipt with a null for an epoch", with(&receipt, 8, V::Null)),
            ("receipt with evidence of one item", with(&receipt, 4, list([list([bytes([1; 32])])]))),
            ("receipt with a short digest", with(&receipt, 3, bytes([1; 31]))),
        ],
    );
    let refusals = of(
        "refusal",
        &key,
        ("refusal", &refusal),
        [
            ("refusal with an unknown reason", with(&refusal, 3, int(4))),
            ("refusal without a time", without(&refusal, 4)),
            ("refusal with a null for a record", with(&refusal, 2, V::Null)),
        ],
    );
    let beacons = of(
        "beacon",
        &key,
        ("beacon", &beacon),
        [
            ("beacon without a time", without(&beacon, 3)),
            ("beacon with a text for a number", with(&beacon, 2, text("1"))),
            ("beacon with a null for a number", with(&beacon, 2, V::Null)),
        ],
    );
    let epochs = of(
        "epoch",
        &key,
        ("epoch", &epoch),
        [
            ("epoch without a log head", without(&epoch, 5)),
            ("epoch with a short log head", with(&epoch, 5, bytes(&sha256(b"log head")[..31]))),
            ("epoch with a null for a log index", with(&epoch, 4, V::Null)),
        ],
    );
    [receipts, refusals, beacons, epochs].concat()
}

fn snapshot() -> Vec<Vector> {
    let fields = trust().snapshot_fields();
    let row = |key, items: Vec<V>| with(&fields, key, list([V::Array(items)]));
    of(
        "snapshot",
        &register(),
        ("snapshot", &fields),
        [
            ("snapshot without delegations", without(&fields, 6)),
            ("snapshot with an unknown state", row(5, vec![bytes([1; 8]), int(4), int(DAY)])),
            ("snapshot with a row of two", row(5, vec![bytes([1; 8]), int(1)])),
            ("snapshot with a delegation of three", row(6, vec![bytes([1; 8]), int(1), int(1)])),
            ("snapshot with an unknown end", row(6, vec![bytes([1; 8]), int(1), int(3), int(DAY)])),
            ("snapshot with a null for an end", row(6, vec![bytes([1; 8]), int(1), V::Null, V::Null])),
            ("snapshot with a short key id", row(7, vec![bytes([1; 7]), bytes([])])),
        ],
    )
}

fn endorsement() -> Vec<Vector> {
    let delegation = sign(&world::endorser_delegation(2), &issuing());
    let fields = with(&world::endorsement_fields(1, &delegation), 3, bytes(sha256(b"record")));
    of(
        "endorsement",
        &endorser(),
        ("endorsement", &fields),
        [
            ("endorsement over something else", with(&fields, 2, int(3))),
            ("endorsement in an unknown role", with(&fields, 4, int(6))),
            ("endorsement without a delegation", without(&fields, 6)),
            ("endorsement with a null for a digest", with(&fields, 3, V::Null)),
            ("endorsement with a text for a time", with(&fields, 5, text("now"))),
        ],
    )
}

/// How large a number may be, and which may be negative.
fn numbers() -> Vec<Vector> {
    let beacon = |name, key, value: i128, expect| {
        read("M14", name, "beacon", sign(&with(&world::beacon_fields(), key, V::Int(value)), &register()), expect)
    };
    vec![
        beacon("a number of 32 bits", 2, (1 << 32) - 1, Readable(None)),
        beacon("a number of 33 bits", 2, 1 << 32, Unreadable),
        beacon("a negative number", 2, -1, Unreadable),
        beacon("a time before 1970", 3, -1, Readable(None)),
    ]
}

/// M13.
fn rows() -> Vec<Vector> {
    let fields = trust().snapshot_fields();
    let withdrawn = |id: u8| list([bytes([id; 8]), int(1), int(DAY)]);
    let delegated = |id: u8| list([bytes([id; 8]), int(1)]);
    let standing = |id: u8, digests: &[u8]| list([bytes([id; 8]), bytes(digests)]);
    let pieces = |first: u8, second: u8| [[first; 16], [second; 16]].concat();
    let case = |name, key, rows: Vec<V>, expect| {
        read("M13", name, "snapshot", sign(&with(&fields, key, V::Array(rows)), &register()), expect)
    };
    vec![
        case("withdrawn in order", 5, vec![withdrawn(1), withdrawn(2)], Readable(None)),
        case("withdrawn out of order", 5, vec![withdrawn(2), withdrawn(1)], Unreadable),
        case("withdrawn twice", 5, vec![withdrawn(1), withdrawn(1)], Unreadable),
        case("delegations in order", 6, vec![delegated(1), delegated(2)], Readable(None)),
        case("delegations out of order", 6, vec![delegated(2), delegated(1)], Unreadable),
        case("delegations twice", 6, vec![delegated(1), delegated(1)], Unreadable),
        case("keys in order", 7, vec![standing(1, &pieces(1, 2)), standing(2, &[])], Readable(None)),
        case("keys out of order", 7, vec![standing(2, &[]), standing(1, &[])], Unreadable),
        case("pieces out of order", 7, vec![standing(1, &pieces(2, 1))], Unreadable),
        case("a piece twice", 7, vec![standing(1, &pieces(1, 1))], Unreadable),
        case("a piece of fifteen bytes", 7, vec![standing(1, &[1; 15])], Unreadable),
    ]
}
