//! Packs made anew after a change of the book.

use std::collections::{BTreeMap, BTreeSet};

use fieldproof_model::{
    digest::Digest,
    id::{PersonId, SchemeId},
};
use fieldproof_seal::{
    cbor,
    course::parse_course,
    delegation::Delegation,
    digest_of,
    keys::PublicKey,
    pack::{EndedDelegation, Pack, PackFile, roster_bytes},
    parts::PART_LIMIT,
    request::SignedRequest,
};
use fieldproof_store::{
    ReadTx, StoreError, WriteTx,
    table::{
        office::{Grant, PackRow},
        pack_items::PackItem,
        people::PersonRow,
    },
};
use fieldproof_wire::boxed::seal_for;

use super::{Desk, passed};
use crate::{
    Invalid, Result, What,
    enrol::{installation_key, is_issuing},
    error::OrNotFound,
};

/// Makes the packs anew whose content is not what it was.
pub(super) fn renew(tx: &WriteTx<'_>, desk: &Desk<'_>) -> Result<()> {
    let grants = tx.grants()?;
    let own = installation_key(tx)?.public();
    let mut recipients = BTreeMap::new();
    for admission in tx.admissions()? {
        recipients.insert(admission.installation, admission.request);
    }
    for (installation, request) in recipients {
        // Another office makes this laptop's packs, until somebody here admits it again.
        if passed::by(tx, &installation)?.is_some() {
            continue;
        }
        let asked = SignedRequest::parse(&request)?.request;
        let recipient = asked.recipient;
        let (pack, items) = pack_for(tx, desk, (installation, own), &grants)?;
        let held = tx.pack(&installation)?;
        let before = held.as_ref().map(|row| Pack::parse(&row.signed)).transpose()?.map(|(before, _)| before);
        let last = held.as_ref().map_or(0, |row| row.number);
        let is_same = |before: &Pack| *before == Pack { number: before.number, at: before.at, ..pack.clone() };
        if before.is_some_and(|before| before.number == last && asked.pack <= last && is_same(&before)) {
            continue;
        }
        // The laptop may hold another office's pack: the next one has to be above it.
        let last = last.max(asked.pack);
        let number = last.checked_add(1).ok_or(StoreError::Damaged("pack number"))?;
        let signed = Pack { number, ..pack }.sign(desk.key);
        let beacon = tx.pack_item(PackItem::Beacon)?;
        let file = PackFile { trust: desk.trust_file.to_bytes(), beacon, pack: signed.clone(), items };
        let file = seal_for(&recipient, &file.to_bytes()).map_err(|_| Invalid::Request)?;
        tx.set_pack(&PackRow { installation, number, signed, file, is_at_register: false })?;
    }
    Ok(())
}

/// Items of a pack, each as its digest names it.
type Items = Vec<Vec<u8>>;

/// What a laptop is to hold now, and the bytes of every item that its pack names.
fn pack_for(
    tx: &ReadTx<'_>,
    desk: &Desk<'_>,
    (installation, own): (PublicKey, PublicKey),
    grants: &[Grant],
) -> Result<(Pack, Items)> {
    let keys: BTreeSet<PublicKey> = tx
        .admissions()?
        .into_iter()
        .filter(|admission| admission.installation == installation)
        .map(|admission| admission.assessor_key)
        .collect();
    let mut newest: BTreeMap<(PublicKey, SchemeId), Vec<u8>> = BTreeMap::new();
    let mut ended = Vec::new();
    for grant in grants.iter().filter(|grant| keys.contains(&grant.assessor_key)) {
        let scheme = Delegation::parse(&grant.signed)?.0.scheme;
        newest.insert((grant.assessor_key, scheme), grant.signed.clone());
        let key = grant.assessor_key;
        ended.extend(grant.ended.map(|(end, on)| EndedDelegation { delegation: grant.digest, key, end, on }));
    }
    // Another coordinator needs whatever there is; this office's own laptop has it.
    let is_issuing = keys.iter().any(|key| is_issuing(&desk.trust, key));
    let is_coordinators = is_issuing && installation != own;
    let mut of_schemes: BTreeSet<SchemeId> = newest.keys().map(|(_, scheme)| *scheme).collect();
    let mut schemes = Vec::new();
    if is_coordinators {
        of_schemes.extend(tx.schemes()?.into_iter().map(|(scheme, _)| scheme));
    }
    for scheme in &of_schemes {
        schemes.push(tx.scheme(*scheme)?.or_not_found(What::Pack)?);
    }
    let (courses, roster) = courses_and_roster(tx, &of_schemes)?;
    let digests = |items: &[Vec<u8>]| items.iter().map(|item| digest_of(item)).collect();
    let address = tx.pack_item(PackItem::RegisterAddress)?.unwrap_or_default();
    let recovery = tx.pack_item(PackItem::RecoveryRecipient)?;
    let pin = tx.pack_item(PackItem::RegisterPin)?;
    let pack = Pack {
        purpose: desk.trust.key_set.purpose,
        installation,
        number: 1,
        at: desk.now,
        register_address: String::from_utf8_lossy(&address).into_owned(),
        register_pin: pin.as_deref().and_then(Digest::from_slice),
        delegations: newest.into_values().collect(),
        schemes: digests(&schemes),
        courses: digests(&courses),
        roster: roster.as_deref().map(digest_of),
        recovery: recovery.map(|text| String::from_utf8_lossy(&text).into_owned()),
        ended,
        is_coordinators: is_issuing,
    };
    Ok((pack, [schemes, courses, roster.into_iter().collect()].concat()))
}

/// The courses of these schemes as encoded, and the people to choose from, where there are any.
fn courses_and_roster(tx: &ReadTx<'_>, of_schemes: &BTreeSet<SchemeId>) -> Result<(Items, Option<Vec<u8>>)> {
    let (mut courses, mut people, mut entered) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for encoded in tx.courses()? {
        let course = parse_course(cbor::decode(&encoded, PART_LIMIT)?)?;
        let on_it = tx.course_people(course.id)?;
        entered.extend(&on_it);
        if of_schemes.contains(&course.scheme) {
            people.extend(on_it);
            courses.push(encoded);
        }
    }
    people.extend(elsewhere(tx, &entered)?);
    let mut roster = Vec::new();
    for person in people {
        roster.extend(tx.person(person)?.map(|row: PersonRow| row.person));
    }
    Ok((courses, (!roster.is_empty()).then(|| roster_bytes(&roster))))
}

/// Those who are on the roster and in no course: another office, which began this one's book, knows in which.
fn elsewhere(tx: &ReadTx<'_>, entered: &BTreeSet<PersonId>) -> Result<Vec<PersonId>> {
    let mut enrolled = BTreeSet::new();
    for admission in tx.admissions()? {
        enrolled.insert(SignedRequest::parse(&admission.request)?.request.person.id);
    }
    let people = tx.people()?.into_iter().filter(|row| row.is_on_roster).map(|row| row.person.id);
    Ok(people.filter(|person| !entered.contains(person) && !enrolled.contains(person)).collect())
}
