//! What becomes of what was signed once a key is lost or given back; practice and demonstration. The last table of
//! SPEC.md, and M21.

use super::{
    Vector,
    cbor::{Fields, bytes, int, with},
    judge,
    trust::{Trust, payload, trust, trust_of},
    world::{
        DAY, Record, assessor, delegation, delegation_fields, issuing, receipt_fields, record, record_of, register,
        registered_fields, scheme_fields, sha256, sign, stranger, token_fields, token_of,
    },
};

/// Every one of them.
pub fn all() -> Vec<Vector> {
    [issuing_key(), register_key(), assessor_key(), other_purposes(), demonstration()].concat()
}

const GREEN: &str = "yyg yyyyyyyyy";

fn on_site(name: &'static str, trust: &Trust, letters: &'static str) -> Vector {
    judge(("story", name, "token"), trust, sign(&token_fields(), &assessor()), letters)
}

fn registered(name: &'static str, trust: &Trust, letters: &'static str) -> Vector {
    judge(("story", name, "token"), trust, sign(&registered_fields(), &register()), letters)
}

fn issuing_key() -> Vec<Vector> {
    let lost = trust().state(0, 3);
    let listed = |payloads: &[Vec<u8>]| lost.clone().stands(&issuing(), payloads);
    let delegated = [payload(&delegation_fields())];
    // The thief signs a delegation for a key of his own: nothing of it is listed.
    let stolen = with(&delegation_fields(), 2, bytes(super::world::public(&stranger())));
    let stolen = sign(&token_of(&sign(&stolen, &issuing())), &stranger());
    let judged = |name, trust: &Trust, letters| judge(("story", name, "token"), trust, stolen.clone(), letters);
    vec![
        on_site("issuing key retired", &trust().state(0, 2), GREEN),
        on_site("issuing key lost and delegation listed", &listed(&delegated), GREEN),
        on_site("issuing key lost and delegation not listed", &listed(&[]), "?n- y??yyyyny"),
        on_site("issuing key lost and no list of what stands", &lost, "??- y??yyyyyy"),
        on_site("issuing key lost and no snapshot", &lost.clone().no_snapshot(), "??- y??y?yyy?"),
        judged("thief of an issuing key before it is known", &trust(), GREEN),
        judged("thief of an issuing key", &listed(&delegated), "?n- y??yyyyny"),
        judge(
            ("story", "issuing key lost and the signed delegation listed by its whole digest", "token"),
            &listed(&[delegation()]),
            sign(&token_fields(), &assessor()),
            "?n- y??yyyyny",
        )
        .note("What stands is named by its payload, not by the signed bytes."),
        registered("issuing key lost says nothing against a registered token", &listed(&[]), GREEN),
    ]
}

fn register_key() -> Vec<Vector> {
    let lost = trust().state(1, 3);
    let listed = |payloads: &[Vec<u8>]| lost.clone().stands(&register(), payloads);
    let token = [payload(&registered_fields())];
    let by_itself = Trust { snapshot_by: Some(register()), ..lost.clone() };
    let sealed = record().sealed();
    let receipt = sign(&receipt_fields(&sealed, DAY - 1), &register());
    let received = Record { attached: vec![receipt], ..record() };
    let forged = sign(&with(&registered_fields(), 5, super::cbor::text("Mallory")), &register());
    let judged = |name, trust: &Trust, letters| judge(("story", name, "token"), trust, forged.clone(), letters);
    vec![
        registered("register key retired", &trust().state(1, 2), GREEN),
        registered("register key lost and token listed", &listed(&token), GREEN),
        registered("register key lost and token not listed", &listed(&[]), "?n- y??yyyyny"),
        registered("register key lost and no list of what stands", &lost, "??- y??yyyyyy"),
        registered("register key lost and no snapshot", &lost.clone().no_snapshot(), "??- y??y?yyy?"),
        registered(
            "register key lost and its own list",
            &by_itself.clone().stands(&register(), &token),
            "??- y??y?yyy?",
        )
        .note("A lost register key signs no snapshot, so nothing of it stands by its own word."),
        judged("thief of a register key before it is known", &trust(), GREEN),
        judged("thief of a register key", &listed(&token), "?n- y??yyyyny"),
        on_site("register key lost and its snapshot", &by_itself.withdrawn(1), "y?- yyyy?yyy?"),
        on_site("register key lost and another ones snapshot", &lost, GREEN),
        on_site(
            "register key retired and its snapshot",
            &Trust { snapshot_by: Some(register()), ..trust().state(1, 2) },
            GREEN,
        ),
        judge(("story", "register key lost and its receipt", "record"), &lost, received.file(), "y?- yyyyyyy?y"),
        judge(
            ("story", "register key retired and its receipt", "record"),
            &trust().state(1, 2),
            received.file(),
            "y?- yyyyyy??y",
        ),
    ]
}

fn assessor_key() -> Vec<Vector> {
    let ended = |up_to, how| trust().delegated(&delegation(), up_to, Some(how));
    let stands = |payloads: &[Vec<u8>]| ended(1, 2).stands(&assessor(), payloads);
    vec![
        on_site("assessor retired and registered by the list", &ended(2, 1), GREEN).later(31),
        on_site("assessor retired and not registered by the list", &ended(1, 1), "y?- yyyyyyy?y"),
        on_site("assessor key lost and token listed", &stands(&[payload(&token_fields())]), GREEN),
        on_site("assessor key lost and token not listed", &stands(&[]), "?n- yy?yyyyny"),
        on_site("assessor key lost and no list of what stands", &ended(2, 2), "?n- yy?yyyyny"),
        registered("assessor key lost says nothing against a registered token", &ended(1, 2), GREEN),
    ]
}

/// The default token with another purpose, under a delegation of a purpose.
fn of_purpose(purpose: i64, delegated: i64) -> Fields {
    let delegation = sign(&with(&delegation_fields(), 1, int(delegated)), &issuing());
    with(&token_of(&delegation), 1, int(purpose))
}

fn other_purposes() -> Vec<Vector> {
    const NEVER: &str = "yy- yyyyyyyyy";
    let case = |name, trust: &Trust, fields: &Fields, letters| {
        judge(("M21", name, "token"), trust, sign(fields, &assessor()), letters)
    };
    let record = |delegation: &[u8], scheme: &[u8]| record_of(delegation, scheme).with(1, int(1)).file();
    let delegation = sign(&with(&delegation_fields(), 1, int(1)), &issuing());
    let practice_registered = sign(&with(&registered_fields(), 1, int(1)), &register());
    vec![
        case("practice under a real institution", &trust(), &of_purpose(1, 1), NEVER).purpose("practice"),
        case("practice under an institution of practice", &trust_of(1), &of_purpose(1, 1), NEVER).purpose("practice"),
        case("practice passed off as real", &trust(), &of_purpose(0, 1), "nn- yn?yyyyyy"),
        case("practice under a real delegation", &trust(), &of_purpose(1, 0), "nn- yn?yyyyyy").purpose("practice"),
        case("demonstration under a real institution", &trust(), &of_purpose(2, 2), "nn- yn?yyyyyy")
            .purpose("demonstration"),
        judge(("M21", "practice registered", "token"), &trust(), practice_registered, NEVER).purpose("practice"),
        judge(
            ("M21", "practice record under a real scheme", "record"),
            &trust(),
            record(&delegation, &super::world::scheme()),
            "y?- yyyyyyy?y",
        )
        .purpose("practice"),
    ]
}

/// The demonstration record has every part of version 1 but the log's rows, an endorsement and a receipt.
fn demonstration() -> Vec<Vector> {
    let shown = |fields: &Fields| with(fields, 1, int(2));
    let delegation = sign(&shown(&delegation_fields()), &issuing());
    let mut record = record_of(&delegation, &sign(&shown(&scheme_fields()), &issuing())).with(1, int(2));
    let site = super::cbor::map(&[(1, super::cbor::text("Example Works, hall 2"))]);
    let people = super::cbor::map(&[(1, super::world::person())]);
    for (number, content) in [(2, super::cbor::list([])), (3, people), (6, super::cbor::list([])), (9, site)] {
        record.parts.push((number, super::world::part(&content)));
    }
    let second = sign(&shown(&super::world::endorser_delegation(2)), &issuing());
    record.endorsements.push((shown(&super::world::endorsement_fields(2, &second)), super::world::endorser()));
    let receipt = with(
        &receipt_fields(&record.sealed(), DAY + 1),
        4,
        super::cbor::list([super::cbor::list([bytes(sha256(b"photo")), int(5)])]),
    );
    record.attached.push(sign(&shown(&receipt), &register()));
    let token = sign(&of_purpose(2, 2), &assessor());
    vec![
        judge(("M21", "demonstration", "token"), &trust_of(2), token, "yy- yyyyyyyyy").purpose("demonstration"),
        judge(("story", "demonstration record", "record"), &trust_of(2), record.file(), "y?- yyyyyyy?y")
            .purpose("demonstration"),
    ]
}
