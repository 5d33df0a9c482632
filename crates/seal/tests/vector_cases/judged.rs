//! Tokens: every check of SPEC.md §6 with each answer it can give, everything else as it should be.

use ed25519_dalek::{Signer, SigningKey};

use super::{
    Vector,
    cbor::{Fields, V, bytes, int, with, without},
    judge,
    trust::{Trust, trust},
    world::{
        DAY, Envelope, assessor, beacon_fields, delegation, delegation_fields, header, issuing, key_id, public,
        register, registered_fields, second_register, sign, stranger, token_fields, token_of,
    },
};

/// Every one of them.
pub fn all() -> Vec<Vector> {
    let tables = [
        signature(),
        signature_registered(),
        institution(),
        institution_days(),
        permission(),
        withdrawn(),
        term(),
        clock(),
        register_has_it(),
        list_at_hand(),
        newer_inside(),
    ];
    tables.into_iter().flatten().collect()
}

const GREEN: &str = "yyg yyyyyyyyy";

fn story(name: &'static str, trust: &Trust, fields: &Fields, letters: &'static str) -> Vector {
    judge(("story", name, "token"), trust, sign(fields, &assessor()), letters)
}

fn registered(name: &'static str, trust: &Trust, letters: &'static str) -> Vector {
    judge(("story", name, "token"), trust, sign(&registered_fields(), &register()), letters)
}

fn untrusted(vector: Vector) -> Vector {
    Vector { trust: None, ..vector }
}

/// Fields of the default token with one changed.
fn token_with(key: i64, value: V) -> Fields {
    with(&token_fields(), key, value)
}

/// A token under Alice's delegation with one field changed.
fn delegated_with(key: i64, value: V) -> Fields {
    token_of(&sign(&with(&delegation_fields(), key, value), &issuing()))
}

/// Signed by one key and naming another.
fn naming(fields: &[(i64, V)], named: &SigningKey, by: &SigningKey) -> Vec<u8> {
    let envelope = Envelope { protected: header(&key_id(&public(named))), ..Envelope::new(fields, named) };
    envelope.signed(&by.sign(&envelope.to_be_signed()).to_bytes())
}

fn signature() -> Vec<Vector> {
    const BROKEN: &str = "nn- nyyyyyyyy";
    const UNREAD: &str = "nn- n??yyyyyy";
    let case = |name, signed, letters| judge(("story", name, "token"), &trust(), signed, letters);
    let by = |named: &SigningKey, by: &SigningKey| naming(&token_fields(), named, by);
    vec![
        case("check 1 on site", sign(&token_fields(), &assessor()), GREEN),
        case("check 1 another signature", by(&assessor(), &stranger()), BROKEN),
        case("check 1 another key", sign(&token_fields(), &stranger()), BROKEN),
        case("check 1 the key signs and another is named", by(&stranger(), &assessor()), BROKEN),
        case("check 1 the register signs on site", sign(&token_fields(), &register()), BROKEN),
        case("check 1 delegation is no signed thing", sign(&token_of(b"none"), &assessor()), UNREAD),
        case(
            "check 1 delegation is a beacon",
            sign(&token_of(&sign(&beacon_fields(), &issuing())), &assessor()),
            UNREAD,
        ),
        case(
            "check 1 delegation lacks a field",
            {
                let delegation = sign(&without(&delegation_fields(), 4), &issuing());
                sign(&token_of(&delegation), &assessor())
            },
            UNREAD,
        ),
    ]
}

fn signature_registered() -> Vec<Vector> {
    const NO_KEY: &str = "??- ???yyyyyy";
    let case = |name, signed, letters| judge(("story", name, "token"), &trust(), signed, letters);
    let mut ended = trust();
    ended.rows[1].last = DAY - 1;
    let mut last_day = trust();
    last_day.rows[1].last = DAY;
    let unheld = {
        let mut trust = trust();
        trust.rows.remove(1);
        trust
    };
    vec![
        registered("registered", &trust(), GREEN),
        case(
            "registered by another signature",
            naming(&registered_fields(), &register(), &stranger()),
            "nn- nn?yyyyyy",
        ),
        case("registered by nobody", sign(&registered_fields(), &stranger()), NO_KEY),
        case("registered by the assessor", sign(&registered_fields(), &assessor()), NO_KEY),
        case("registered by an issuing key", sign(&registered_fields(), &issuing()), NO_KEY),
        registered("registered by a key that is not held", &unheld, NO_KEY),
        registered("registered on the last day of the key", &last_day, GREEN),
        registered("registered after the days of the key", &ended, "??- y??yyyyyy")
            .note("The key named is at hand and its signature holds; only its day is none of the key's."),
        untrusted(registered("registered with nothing at hand", &trust(), "??- ???y?yyy?")),
        registered("registered by a demonstration", &Trust { purpose: 2, ..trust() }, "nn- yn?yyyyyy"),
    ]
}

fn institution() -> Vec<Vector> {
    const UNKNOWN: &str = "??- y??yyyyyy";
    const FORGED: &str = "nn- yn?yyyyyy";
    let unheld = {
        let mut trust = trust();
        trust.rows.remove(0);
        trust
    };
    let by = |key: &SigningKey| token_of(&sign(&delegation_fields(), key));
    let forged = token_of(&naming(&delegation_fields(), &issuing(), &stranger()));
    let demonstration = Trust { purpose: 2, ..trust() };
    let practice = Trust { purpose: 1, ..trust() };
    let other_root = Trust { root: stranger(), ..trust() };
    let vectors = vec![
        untrusted(story("check 2 nothing at hand", &trust(), &token_fields(), "??- y??y?yyy?")),
        story("check 2 issuing key not held", &unheld, &token_fields(), UNKNOWN),
        story("check 2 delegation by nobody", &trust(), &by(&stranger()), UNKNOWN),
        story("check 2 delegation by a register key", &trust(), &by(&register()), UNKNOWN),
        story("check 2 delegation forged", &trust(), &forged, FORGED),
        story("check 2 delegation of another purpose", &trust(), &delegated_with(1, int(1)), FORGED),
        untrusted(story(
            "check 2 delegation of another purpose with nothing at hand",
            &trust(),
            &delegated_with(1, int(1)),
            "nn- yn?y?yyy?",
        )),
        story("check 2 a demonstration does not cover it", &demonstration, &token_fields(), FORGED),
        story("check 2 practice does not cover it", &practice, &token_fields(), FORGED),
        story("check 2 another root", &other_root, &token_fields(), GREEN)
            .note("The root is whichever the trust file holds: it is believed because of where it came from."),
    ];
    let key_set = trust().key_set();
    let cuckoo = super::trust::trust_file(&public(&stranger()), &key_set, None);
    let cuckoo = Vector {
        trust: Some(cuckoo),
        ..story("check 2 key set of another root", &trust(), &token_fields(), "??- y??y?yyy?")
    };
    vectors.into_iter().chain([cuckoo.note("The root at hand did not sign it: no key set is at hand.")]).collect()
}

fn institution_days() -> Vec<Vector> {
    const UNKNOWN: &str = "??- y??yyyyyy";
    let days = |first, last| {
        let mut trust = trust();
        (trust.rows[0].first, trust.rows[0].last) = (first, last);
        trust
    };
    let case = |name, trust: &Trust, letters| story(name, trust, &token_fields(), letters);
    vec![
        case("check 2 on the first day of the key", &days(DAY - 10, DAY), GREEN),
        case("check 2 before the first day of the key", &days(DAY - 9, DAY), UNKNOWN),
        case("check 2 on the last day of the key", &days(0, DAY - 10), GREEN)
            .note("The delegation's first day counts, not the day of the token."),
        case("check 2 after the last day of the key", &days(0, DAY - 11), UNKNOWN),
    ]
}

fn permission() -> Vec<Vector> {
    const NO: &str = "nn- yynyyyyyy";
    let outside = with(&delegation_fields(), 6, int(DAY + 1));
    let token = |delegation: &Fields, clock: i64| {
        let delegation = sign(delegation, &issuing());
        with(&token_of(&delegation), 16, int(clock))
    };
    let by_list = trust().delegated(&sign(&outside, &issuing()), 2, None);
    let never = with(&outside, 5, V::Bool(false));
    let moderator = sign(&with(&delegation_fields(), 5, V::Bool(false)), &issuing());
    let lost = trust().delegated(&moderator, 2, Some(2));
    vec![
        story("check 3 not an assessor", &trust(), &delegated_with(8, int(2)), NO),
        story("check 3 other bits of roles", &trust(), &delegated_with(8, int(1 + (1_i64 << 31))), GREEN),
        story("check 3 may not certify", &trust(), &delegated_with(5, V::Bool(false)), NO),
        story("check 3 before the first day", &trust(), &token(&outside, 1), NO),
        story("check 3 on the first day", &trust(), &delegated_with(6, int(DAY)), GREEN),
        story("check 3 on the last day", &trust(), &delegated_with(7, int(DAY)), GREEN),
        story("check 3 after the last day", &trust(), &delegated_with(7, int(DAY - 1)), NO),
        story("check 3 outside by a clock that is behind", &trust(), &token(&outside, 3), "??- yy?yyy?yy"),
        story("check 3 outside by an unconfirmed clock in the list", &by_list, &token(&outside, 2), "??- yy?yyyyyy")
            .note("Check 7 is yes, but the clock is graded unconfirmed and not sound."),
        story("check 3 may not certify and outside by a doubtful clock", &trust(), &token(&never, 3), "nn- yynyyy?yy"),
        story("check 3 key lost and may not certify", &lost, &token_of(&moderator), "?n- yy?yyyyny"),
    ]
}

fn withdrawn() -> Vec<Vector> {
    const NO: &str = "yn- yyyynyyyy";
    const NO_LIST: &str = "y?- yyyy?yyy?";
    let case = |name, trust: &Trust, letters| story(name, trust, &token_fields(), letters);
    let signed_by = |key| Trust { snapshot_by: Some(key), ..trust() };
    let mut days = trust();
    days.rows[2].last = DAY - 1;
    let newer = Trust { snapshot_extra: Some((-1, int(0))), ..trust() };
    let twice = trust().withdrawn(1).withdrawn(1);
    vec![
        case("check 5 revoked", &trust().withdrawn(1), NO),
        case("check 5 suspended", &trust().withdrawn(2), NO),
        case("check 5 refused", &trust().withdrawn(3), NO),
        case("check 5 revoked in a list of a later day", &trust().withdrawn(1).listed_on(DAY + 1), "yn- yyyynyyy?"),
        registered("check 5 registered and revoked", &trust().withdrawn(1), NO),
        case("check 5 no list", &trust().no_snapshot(), NO_LIST),
        case("check 5 list by nobody", &signed_by(stranger()).withdrawn(1), NO_LIST),
        case("check 5 list by an issuing key", &signed_by(issuing()).withdrawn(1), NO_LIST),
        case("check 5 list by a key out of its days", &days.withdrawn(1), NO_LIST),
        case("check 5 list that needs a newer program", &newer.withdrawn(1), NO_LIST),
        case("check 5 list with a row twice", &twice, NO_LIST),
    ]
}

fn term() -> Vec<Vector> {
    let ten = || token_with(14, int(DAY + 10));
    let late = trust().listed_on(DAY - 1);
    let case = |name, trust: &Trust, fields: &Fields, letters| story(name, trust, fields, letters);
    let unconfirmed = with(&ten(), 16, int(2));
    let by_list = trust().delegated(&delegation(), 2, None);
    let endless = judge(
        ("story", "check 6 registered without a last day", "token"),
        &trust(),
        sign(&without(&registered_fields(), 14), &register()),
        GREEN,
    );
    vec![
        case("check 6 on the last day", &trust(), &ten(), GREEN).later(10),
        case("check 6 after the last day", &trust(), &ten(), "yn- yyyyynyyy").later(11),
        case(
            "check 6 after the last day by a clock that is behind",
            &trust(),
            &with(&ten(), 16, int(3)),
            "y?- yyyyy??yy",
        )
        .later(11),
        case("check 6 after the last day by an unconfirmed clock", &trust(), &unconfirmed, "y?- yyyyy??yy").later(11),
        case("check 6 after the last day by a clock that the list confirms", &by_list, &unconfirmed, "yn- yyyyynyyy")
            .later(11),
        case("check 6 before the issue day", &late, &token_fields(), "y?- yyyyy?yy?").later(-1),
        registered("check 6 registered after the last day", &trust(), "yn- yyyyynyyy").later(366),
        endless.later(5_000),
    ]
}

fn clock() -> Vec<Vector> {
    const DOUBT: &str = "y?- yyyyyy?yy";
    let graded = |grade: i64| token_with(16, int(grade));
    let by_list = trust().delegated(&delegation(), 2, None);
    vec![
        story("check 7 unconfirmed", &trust(), &graded(2), DOUBT),
        story("check 7 behind", &trust(), &graded(3), DOUBT),
        story("check 7 ahead", &trust(), &graded(4), DOUBT),
        story("check 7 jumped", &trust(), &graded(5), DOUBT),
        story("check 7 unconfirmed in the list", &by_list, &graded(2), GREEN),
        story("check 7 behind in the list", &by_list, &graded(3), DOUBT),
    ]
}

fn register_has_it() -> Vec<Vector> {
    const OPEN: &str = "y?- yyyyyyy?y";
    let delegated = |up_to, ended| trust().delegated(&delegation(), up_to, ended);
    let case = |name, trust: &Trust, letters| story(name, trust, &token_fields(), letters);
    vec![
        case("check 8 on the confirm-by day", &trust(), GREEN).later(30),
        case("check 8 after the confirm-by day", &trust(), OPEN).later(31),
        case("check 8 in the list", &delegated(2, None), GREEN).later(31),
        case("check 8 not yet in the list", &delegated(1, None), OPEN).later(31),
        case("check 8 not yet in the list before confirm-by", &delegated(1, None), GREEN).later(30),
        registered("check 8 registered long ago", &trust(), GREEN).later(300),
    ]
}

fn list_at_hand() -> Vec<Vector> {
    let case = |name, trust: &Trust, letters| story(name, trust, &token_fields(), letters);
    vec![
        case("check 9 list of the day before", &trust().listed_on(DAY - 1), "y?- yyyyyyyy?"),
        case("check 9 list of a later day", &trust().listed_on(DAY + 1), "y?- yyyyyyyy?"),
        case("check 9 list of a later day on that day", &trust().listed_on(DAY + 1), GREEN).later(1),
        case("check 9 old list", &trust(), GREEN).later(29),
    ]
}

/// M5 and M6 where they meet the verdict.
fn newer_inside() -> Vec<Vector> {
    let case = |about, name, trust: &Trust, fields: &Fields, letters| {
        judge((about, name, "token"), trust, sign(fields, &assessor()), letters)
    };
    let newer_keys = Trust { extra: Some((-1, int(0))), ..trust() };
    let more_keys = Trust { extra: Some((99, bytes([0]))), snapshot_extra: Some((99, int(0))), ..trust() };
    vec![
        case("M5", "an unknown field in a token", &trust(), &token_with(99, int(0)), GREEN),
        case("M5", "an unknown field in a delegation", &trust(), &delegated_with(99, int(0)), GREEN),
        case("M5", "an unknown field in key set and snapshot", &more_keys, &token_fields(), GREEN),
        case("M6", "in the delegation of a token", &trust(), &delegated_with(-1, int(0)), "??- ???yyyyyy"),
        case("M6", "in the key set at hand", &newer_keys, &token_fields(), "??- y??y?yyy?")
            .note("The key set is not at hand."),
        judge(
            ("M6", "registered with the key set at hand", "token"),
            &newer_keys,
            sign(&registered_fields(), &register()),
            "??- ???y?yyy?",
        ),
        judge(
            ("M20", "a check that was made and failed", "token"),
            &trust(),
            sign(&token_fields(), &second_register()),
            "nn- nyyyyyyyy",
        )
        .note("No, because the signature was looked at and is another key's."),
        untrusted(case("M20", "everything missing is no no", &trust(), &token_fields(), "??- y??y?yyy?")),
    ]
}
