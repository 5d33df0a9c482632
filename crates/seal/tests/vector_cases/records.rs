//! Records: parts, the scheme, endorsements, what lies beside, and what the record file itself may be. M15 and M16.

use ed25519_dalek::{Signer, SigningKey};

use super::{
    Expect::{NeedsNewer, Unreadable},
    Vector,
    cbor::{Fields, V, bytes, int, list, map, nested, text, with, without},
    judge, read,
    trust::{Row, Trust, payload, trust},
    world::{
        self, DAY, Envelope, Record, assessor, delegation, delegation_fields, endorsement_fields, endorser,
        endorser_delegation, issuing, key, part, public, receipt_fields, record, record_of, register, scheme_fields,
        sha256, sign, stranger,
    },
};

/// Every one of them.
pub fn all() -> Vec<Vector> {
    let tables =
        [parts(), unknown_parts(), newer(), schemes(), scheme_keys(), endorsed(), badly_endorsed(), attached(), delegated_later()];
    tables.into_iter().flatten().chain(received()).chain(verdicts()).chain(files()).collect()
}

/// Genuine; a record never says whether a certificate is in force.
const WHOLE: &str = "y?- yyyyyyy?y";
const ABSENT: &str = "y?- yyy?yyy?y";
const UNSURE: &str = "??- yyy?yyy?y";
/// Whose signature it is cannot be told yet.
const NOT_DELEGATED: &str = "??- ???yyyy?y";
const ALTERED: &str = "nn- yyynyyy?y";

fn case(about: &'static str, name: &'static str, record: &Record, letters: &'static str) -> Vector {
    judge((about, name, "record"), &trust(), record.file(), letters)
}

/// With a part whose digest the record holds.
fn with_part(number: i64, part: Vec<u8>) -> Record {
    let mut record = record();
    record.parts.retain(|(known, _)| *known != number);
    record.parts.push((number, part));
    record
}

fn withheld(numbers: &[i64]) -> Record {
    Record { withheld: numbers.to_vec(), ..record() }
}

/// With the digests of what was sealed and other parts at hand.
fn swapped(number: i64, content: Vec<u8>) -> Record {
    let sealed = record();
    let digests = sealed.parts.iter().map(|(number, part)| (*number, bytes(sha256(part)))).collect::<Vec<_>>();
    Record { digests: Some(map(&digests)), parts: with_part(number, content).parts, ..sealed }
}

fn parts() -> Vec<Vector> {
    let sealed = judge(("M15", "the sealed record alone", "record"), &trust(), record().sealed(), ABSENT);
    let short_salt = list([bytes([0x5a; 15]), world::person()]).encode();
    let three = list([bytes([0x5a; 16]), world::person(), V::Null]).encode();
    vec![
        case("M15", "every part as sealed", &record(), WHOLE),
        case("M15", "a part withheld", &withheld(&[1]), ABSENT),
        case("M15", "every part withheld", &withheld(&[1, 7]), ABSENT),
        sealed,
        case("M15", "another part", &swapped(1, part(&text("Mallory"))), ALTERED),
        case("M15", "another salt", &swapped(1, list([bytes([0x5b; 16]), world::person()]).encode()), ALTERED),
        case("M15", "a part whose number the record does not hold", &swapped(3, part(&world::person())), ALTERED),
        case("M15", "a part with a short salt", &with_part(1, short_salt), ALTERED),
        case("M15", "a part of three items", &with_part(1, three), ALTERED),
        case("M15", "a part followed by a byte", &with_part(1, [part(&world::person()), vec![0]].concat()), ALTERED),
        case("M15", "a part that is no value", &with_part(1, b"\xff".to_vec()), ALTERED),
        case("M4", "a part twelve deep", &with_part(12, part(&nested(11))), WHOLE)
            .note("Bytes inside a byte string are counted anew."),
        case("M4", "a part thirteen deep", &with_part(12, part(&nested(12))), ALTERED),
    ]
}

fn unknown_parts() -> Vec<Vector> {
    let mut absent = with_part(12, part(&text("later")));
    absent.withheld = vec![12];
    vec![
        case("M15", "a part of a later version", &with_part(12, part(&text("later"))), WHOLE),
        case("M15", "a part of a later version withheld", &absent, WHOLE).note("Only parts of version 1 are missed."),
        case("M15", "a part of a later version in no form", &with_part(12, text("later").encode()), ALTERED),
        case(
            "M15",
            "a part of a later version with a negative key",
            &with_part(12, part(&map(&[(-1, int(0))]))),
            WHOLE,
        )
        .note("Of a part it does not know a verifier checks the digest and the form only."),
    ]
}

fn newer() -> Vec<Vector> {
    let person = |extra: (i64, V)| {
        let V::Map(mut pairs) = world::person() else { unreachable!("a person is a map") };
        pairs.push((int(extra.0), extra.1));
        part(&V::Map(pairs))
    };
    let negative = person((-1, int(0)));
    let mut both = with_part(1, negative.clone());
    let digests = both.parts.iter().map(|(number, part)| (*number, bytes(sha256(part)))).collect::<Vec<_>>();
    both.digests = Some(map(&digests));
    both.parts.retain(|(number, _)| *number != 7);
    both.parts.push((7, part(&bytes(b"another".to_vec()))));
    let numbered =
        Record { digests: Some(V::Map(vec![(int(1), bytes([1; 32])), (int(-1), bytes([1; 32]))])), ..record() };
    let delegation = sign(&with(&delegation_fields(), -1, int(0)), &issuing());
    vec![
        case("M6", "in a part", &with_part(1, negative), UNSURE),
        case("M6", "inside an unknown field of a part", &with_part(1, person((99, map(&[(-1, int(0))])))), UNSURE)
            .note("Of a part every map is looked at."),
        case("M5", "an unknown field in a part", &with_part(1, person((99, int(0)))), WHOLE),
        case("M15", "an altered part beside one that needs a newer program", &both, ALTERED),
        read("M6", "a negative number of a part", "record", sign(&numbered.all_fields(), &assessor()), NeedsNewer),
        read("M6", "in a record", "record", sign(&with(&record().all_fields(), -1, int(0)), &assessor()), NeedsNewer),
        judge(
            ("M6", "in the delegation of a record", "record"),
            &trust(),
            record_of(&delegation, &world::scheme()).file(),
            "??- ???yyyy?y",
        ),
        judge(
            ("M6", "in an attached receipt", "record"),
            &trust(),
            received_on(&[with(&receipt_fields(&record().sealed(), DAY - 1), -1, int(0))]).file(),
            WHOLE,
        )
        .note("As if it were absent."),
    ]
}

fn of_scheme(fields: &Fields, key: &SigningKey) -> Record {
    record_of(&delegation(), &sign(fields, key))
}

fn schemes() -> Vec<Vector> {
    let named = |id: &str| text(&format!("{{\"id\":\"{id}\"}}"));
    let other = with(&scheme_fields(), 2, named(&"5d".repeat(16)));
    let forged = {
        let envelope = Envelope::new(&scheme_fields(), &issuing());
        envelope.signed(&stranger().sign(&envelope.to_be_signed()).to_bytes())
    };
    let elsewhere = record().with(7, bytes(sha256(b"another scheme")));
    let practice = with(&scheme_fields(), 1, int(1));
    vec![
        case("M16", "the scheme as it should be", &record(), WHOLE),
        case("M16", "another scheme than the record names", &elsewhere, ALTERED),
        case("M16", "another scheme than the delegation names", &of_scheme(&other, &issuing()), ALTERED),
        case("M16", "a scheme without an id", &of_scheme(&with(&scheme_fields(), 2, text("{}")), &issuing()), ALTERED),
        case(
            "M16",
            "a scheme whose document is none",
            &of_scheme(&with(&scheme_fields(), 2, text("none")), &issuing()),
            ALTERED,
        ),
        case("M16", "a scheme for practice in a real record", &of_scheme(&practice, &issuing()), ALTERED),
        case("M16", "a scheme with a forged signature", &record_of(&delegation(), &forged), ALTERED),
        case("M16", "a scheme without a language", &of_scheme(&without(&scheme_fields(), 4), &issuing()), ALTERED),
        case("M16", "a delegation for a scheme", &record_of(&delegation(), &delegation()), ALTERED),
        case("M16", "a part 7 that is no byte string", &with_part(7, part(&text("scheme"))), ALTERED),
        case(
            "M16",
            "a scheme that needs a newer program",
            &of_scheme(&with(&scheme_fields(), -1, int(0)), &issuing()),
            UNSURE,
        ),
    ]
}

/// A second issuing key, which signs the scheme alone.
fn two_keys(state: i64) -> Trust {
    let mut trust = trust();
    trust.rows.push(Row { key: key(13), role: 1, first: 0, last: DAY - 5_000, state });
    trust
}

fn scheme_keys() -> Vec<Vector> {
    let by = of_scheme(&scheme_fields(), &key(13));
    let judged = |name, trust: &Trust, letters| judge(("M16", name, "record"), trust, by.file(), letters);
    let (scheme, other) = (payload(&scheme_fields()), payload(&delegation_fields()));
    vec![
        case("M16", "a scheme by a key that is not held", &of_scheme(&scheme_fields(), &stranger()), UNSURE),
        case("M16", "a scheme by a register key", &of_scheme(&scheme_fields(), &register()), UNSURE),
        judged("a scheme by a key whose days are over", &two_keys(1), WHOLE).note("A scheme has no day of its own."),
        judged("a scheme by a retired key", &two_keys(2), WHOLE),
        judged("a scheme by a lost key and no list", &two_keys(3), UNSURE),
        judged("a scheme by a lost key not listed", &two_keys(3).stands(&key(13), &[other]), UNSURE),
        judged("a scheme by a lost key listed", &two_keys(3).stands(&key(13), &[scheme]), WHOLE),
    ]
}

/// Bob's endorsement inside, with everything that a case changes.
fn endorsed_by(change: impl Fn(&mut Fields), delegation: &Fields, issuer: &SigningKey, signer: &SigningKey) -> Record {
    let mut fields = endorsement_fields(2, &sign(delegation, issuer));
    change(&mut fields);
    Record { endorsements: vec![(fields, signer.clone())], ..record() }
}

fn endorsed() -> Vec<Vector> {
    let plain = |delegation: &Fields| endorsed_by(|_| (), delegation, &issuing(), &endorser());
    let second = endorser_delegation(2);
    let unheld = endorsed_by(|_| (), &second, &stranger(), &endorser());
    let forged = (with(&endorsement_fields(2, b"none"), 4, int(2)), endorser());
    let mut beside = unheld.clone();
    beside.endorsements.push(forged);
    let bad = endorsed_by(|_| (), &second, &issuing(), &stranger());
    let case = |name, record: &Record, letters| case("story", name, record, letters);
    vec![
        case("endorsed before it was sealed", &plain(&second), WHOLE),
        case("endorsed in one of several roles", &plain(&endorser_delegation(31)), WHOLE),
        case("endorsed under a key that is not held", &unheld, UNSURE),
        case("endorsed by nobody beside a key that is not held", &beside, ALTERED),
        case("endorsed with a delegation that needs a newer program", &plain(&with(&second, -1, int(0))), UNSURE),
        case(
            "endorsed by what needs a newer program",
            &endorsed_by(|fields| fields.push((-1, int(0))), &second, &issuing(), &endorser()),
            UNSURE,
        ),
        Vector { trust: None, ..case("endorsed badly with nothing at hand", &bad, "??- y??y?yy??") },
    ]
}

fn badly_endorsed() -> Vec<Vector> {
    let second = endorser_delegation(2);
    let changed = |key: i64, value: V| {
        endorsed_by(|fields| *fields = with(fields, key, value.clone()), &second, &issuing(), &endorser())
    };
    let delegated = |delegation: &Fields| endorsed_by(|_| (), delegation, &issuing(), &endorser());
    let forged = endorsed_by(|_| (), &second, &issuing(), &stranger());
    let own = endorsed_by(|_| (), &with(&delegation_fields(), 8, int(3)), &issuing(), &assessor());
    let outside = changed(5, world::morning(DAY + 101));
    let forged_delegation = {
        let envelope = Envelope::new(&second, &issuing());
        let delegation = envelope.signed(&stranger().sign(&envelope.to_be_signed()).to_bytes());
        let fields = endorsement_fields(2, &delegation);
        Record { endorsements: vec![(fields, endorser())], ..record() }
    };
    let garbage = {
        let mut record = record();
        record.fields = with(&record.body(), 18, list([bytes(b"none".to_vec())]));
        judge(
            ("story", "endorsed by no signed thing", "record"),
            &trust(),
            record.file_of(&sign(&record.fields, &assessor())),
            ALTERED,
        )
    };
    let case = |name, record: &Record| case("story", name, record, ALTERED);
    vec![
        case("endorsed as if it were sealed already", &changed(2, int(1))),
        case("endorsed another body", &changed(3, bytes(sha256(b"another body")))),
        case("endorsed for practice", &changed(1, int(1))),
        case("endorsed with the records own key", &own),
        case("endorsed with another signature", &forged),
        case("endorsed with a forged delegation", &forged_delegation),
        case("endorsed with a delegation that cannot be read", &changed(6, bytes(b"none".to_vec()))),
        case("endorsed with a delegation for practice", &delegated(&with(&second, 1, int(1)))),
        case("endorsed in another role", &changed(4, int(3))),
        case("endorsed under another scheme", &delegated(&with(&second, 3, bytes([1; 16])))),
        case("endorsed outside its days", &outside),
        garbage,
    ]
}

fn attached() -> Vec<Vector> {
    let sealed = record().sealed();
    let with_attached = |attached: Vec<Vec<u8>>| Record { attached, ..record() };
    let second = sign(&endorser_delegation(2), &issuing());
    let endorsement = |key: &SigningKey| sign(&with(&endorsement_fields(1, &second), 3, bytes(sha256(&sealed))), key);
    let refusal = sign(&with(&world::refusal_fields(), 2, bytes(sha256(&sealed))), &register());
    let case = |name, attached| case("story", name, &with_attached(attached), WHOLE);
    vec![
        case("attached endorsement", vec![endorsement(&endorser())]),
        case("attached endorsement with another signature", vec![endorsement(&stranger())]),
        case("attached refusal", vec![refusal]),
        case("attached bytes of nothing", vec![b"none".to_vec(), Vec::new()]),
    ]
}

/// Sealed with a new key, before the institution had delegated it.
fn delegated_later() -> Vec<Vector> {
    let later = |attached: Vec<Vec<u8>>| Record { attached, ..record() }.with(8, bytes([]));
    let own = delegation();
    let other = sign(&endorser_delegation(1), &issuing());
    let case = |name, attached, letters| case("story", name, &later(attached), letters);
    vec![
        case("sealed before its key was delegated", vec![], NOT_DELEGATED),
        case("delegated after it was sealed", vec![own.clone()], WHOLE),
        case("somebody else delegated after it was sealed", vec![other.clone()], NOT_DELEGATED),
        case("delegated after it was sealed, beside somebody else", vec![other, own], WHOLE),
    ]
}

fn received_on(receipts: &[Fields]) -> Record {
    Record { attached: receipts.iter().map(|fields| sign(fields, &register())).collect(), ..record() }
}

fn received() -> Vec<Vector> {
    const AHEAD: &str = "y?- yyyyyy??y";
    let sealed = record().sealed();
    let on = |day| receipt_fields(&sealed, day);
    let sealed_at = DAY * 86_400_000 + 28_800_000;
    let at = |millis: i64| with(&on(DAY), 5, int(millis));
    let case = |name, record: &Record, letters| case("story", name, record, letters);
    let by = |key: &SigningKey| Record { attached: vec![sign(&on(DAY - 1), key)], ..record() };
    let other = receipt_fields(b"another record", DAY - 1);
    vec![
        case("received after it was sealed", &received_on(&[on(DAY + 1)]), WHOLE),
        case("received before it was sealed", &received_on(&[on(DAY - 1)]), AHEAD),
        case("received two minutes before it was sealed", &received_on(&[at(sealed_at - 120_000)]), WHOLE),
        case("received more than two minutes before it was sealed", &received_on(&[at(sealed_at - 120_001)]), AHEAD),
        case("received as it was sealed", &received_on(&[at(sealed_at)]), WHOLE),
        case("received before it was sealed and again after", &received_on(&[on(DAY + 1), on(DAY - 1)]), AHEAD),
        case("received by nobody", &by(&stranger()), WHOLE),
        case("received by an issuing key", &by(&issuing()), WHOLE),
        case("another record was received", &received_on(&[other]), WHOLE),
    ]
}

fn verdicts() -> Vec<Vector> {
    let ended = |up_to, how| trust().delegated(&delegation(), up_to, Some(how));
    let graded = |grade: i64| record().with(16, int(grade));
    let case =
        |name, trust: &Trust, record: &Record, letters| judge(("story", name, "record"), trust, record.file(), letters);
    let corrects =
        record().with(17, list([bytes(sha256(b"the record before")), text("the wrong candidate was chosen")]));
    let failed = record().with(9, int(2));
    let failed = Record { fields: without(&failed.fields, 10), ..failed };
    let stands = ended(2, 2).stands(&assessor(), &[payload(&record().all_fields())]);
    let lost_issuing = trust().state(0, 3);
    let both = [payload(&delegation_fields()), payload(&scheme_fields())];
    let list = |payloads: &[Vec<u8>]| lost_issuing.clone().stands(&issuing(), payloads);
    let by_stranger = Record { key: stranger(), ..record() };
    vec![
        case("record that corrects another", &trust(), &corrects, WHOLE),
        case("record that was failed", &trust().withdrawn(1), &failed, WHOLE)
            .note("It has no certificate that could be withdrawn."),
        case("record revoked", &trust().withdrawn(1), &record(), "yn- yyyynyy?y"),
        case("record with a clock ahead", &trust(), &graded(4), "y?- yyyyyy??y"),
        case(
            "record with an unconfirmed clock in the list",
            &trust().delegated(&delegation(), 2, None),
            &graded(2),
            "y?- yyyyyy??y",
        )
        .note("A record is not registered by the list: check 8 cannot tell."),
        case("record by another key", &trust(), &by_stranger, "nn- nyyyyyy?y"),
        case("record before its day", &trust().listed_on(DAY - 1), &record(), "y?- yyyyy?y??").later(-1),
        case("record without a list", &trust().no_snapshot(), &record(), "y?- yyyy?yy??"),
        Vector { trust: None, ..case("record with nothing at hand", &trust(), &record(), "??- y??y?yy??") },
        case("record under a lost assessor key", &ended(2, 2), &record(), "?n- yy?yyyyny"),
        case("record under a lost assessor key listed", &stands, &record(), WHOLE),
        case("record of a retired assessor", &ended(1, 1), &record(), WHOLE),
        case("record under a lost issuing key", &lost_issuing, &record(), "??- y???yyy?y"),
        case("record under a lost issuing key not listed", &list(&[]), &record(), "?n- y???yyyny"),
        case("record under a lost issuing key with only its delegation listed", &list(&both[..1]), &record(), UNSURE),
        case("record under a lost issuing key listed with its scheme", &list(&both), &record(), WHOLE),
        case(
            "record with a delegation that may not certify",
            &trust(),
            &record_of(&sign(&with(&delegation_fields(), 5, V::Bool(false)), &issuing()), &world::scheme()),
            WHOLE,
        )
        .note("Who may not certify may assess."),
    ]
}

/// The record file itself.
fn files() -> Vec<Vector> {
    let sealed = bytes(record().sealed());
    let items = |items: Vec<V>| V::Array(items).encode();
    let mark = text("fieldproof-record");
    let empty = V::Map(Vec::new());
    let key = |key: V| V::Map(vec![(key, bytes(part(&world::person())))]);
    let token = bytes(sign(&world::token_fields(), &assessor()));
    let file = |name, bytes, expect| read("story", name, "record", bytes, expect);
    vec![
        file(
            "record file of version 2",
            items(vec![mark.clone(), int(2), sealed.clone(), empty.clone(), list([])]),
            Unreadable,
        ),
        file(
            "record file of another mark",
            items(vec![text("fieldproof-trust"), int(1), sealed.clone(), empty.clone(), list([])]),
            Unreadable,
        ),
        file("record file of four items", items(vec![mark.clone(), int(1), sealed.clone(), empty.clone()]), Unreadable),
        file(
            "record file with a text for a number",
            items(vec![mark.clone(), int(1), sealed.clone(), key(text("1")), list([])]),
            Unreadable,
        ),
        file(
            "record file with a text attached",
            items(vec![mark.clone(), int(1), sealed, empty.clone(), list([text("none")])]),
            Unreadable,
        ),
        file("record file around a token", items(vec![mark, int(1), token, empty, list([])]), Unreadable),
        file("record file followed by a byte", [record().file(), vec![0]].concat(), Unreadable),
        file("trust file for a record", trust().file(), Unreadable),
        file("delegation for a record", delegation(), Unreadable),
        file("root for a record", public(&world::root()), Unreadable),
    ]
}
