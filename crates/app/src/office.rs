//! A coordinator's work: admitting people, granting and ending delegations, publishing schemes, courses and rosters.
//!
//! A coordinator is whoever's key is an issuing key of the institution. Each change renews, in its own transaction, the
//! packs of the laptops that it concerns.

pub(crate) mod passed;
mod renew;
mod roster;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use fieldproof_model::{
    course::Course,
    digest::Digest,
    id::{CourseId, SchemeId},
    person::Person,
    scheme::Scheme,
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    cbor,
    course::course_value,
    delegation::{ASSESSOR_NAME_LIMIT, Delegation, Role},
    digest_of,
    keys::{PublicKey, SecretKey},
    request::SignedRequest,
    scheme::{parse_scheme, parse_signed_scheme, sign_scheme},
    snapshot::Ended,
    trust::{Trust, TrustFile},
};
use fieldproof_store::{
    ReadTx, WriteTx,
    table::{
        office::{Admission, Grant},
        pack_items::PackItem,
    },
};
use fieldproof_wire::boxed::seal_for;

use self::renew::renew;
use crate::{
    App, Invalid, NotAllowed, Result, Unlocked, What,
    enrol::is_issuing,
    error::OrNotFound,
    folder, install,
    packs::known_register,
    people::{read_address, read_courses, read_trust, read_trust_file},
};

/// What a delegation is to say, for one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The scheme.
    pub scheme: SchemeId,
    /// What the person may do.
    pub roles: BTreeSet<Role>,
    /// Whether certificates may be printed on site.
    pub may_certify: bool,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// The longest time without contact with the register, in days, where the institution sets one.
    pub contact_days: Option<u16>,
}

/// A delegation by its digest, with how and on which day it ended before its last day.
pub type Granted = (Digest, Delegation, Option<(Ended, Date)>);

/// Somebody enrolled.
#[derive(Debug, Clone)]
pub struct Member {
    /// What they asked.
    pub request: SignedRequest,
    /// When they were admitted.
    pub admitted_at: Timestamp,
    /// Their delegations, the newest last.
    pub delegations: Vec<Granted>,
    /// The number of their laptop's pack, and whether the register has it.
    pub pack: Option<(u32, bool)>,
    /// The number of a later pack that another office made for that laptop; it is the one that counts.
    pub other_office: Option<u32>,
}

/// What a coordinator sees.
#[derive(Debug, Clone)]
pub struct Office {
    /// The code that a new laptop compares.
    pub code: String,
    /// Everybody enrolled, the first first.
    pub members: Vec<Member>,
    /// The schemes that were published, by title.
    pub schemes: Vec<Scheme>,
    /// The courses, by title, each with how many people are on its roster.
    pub courses: Vec<(Course, usize)>,
    /// The register's address; empty while there is none.
    pub register_address: String,
}

/// Who signs, and for whom.
struct Desk<'u> {
    key: &'u SecretKey,
    trust_file: TrustFile,
    trust: Trust,
    now: Timestamp,
}

impl App {
    /// Makes this laptop the first one of a new institution, whose issuing key is the key of whoever works, and whose
    /// register is known by the digest of the key that it shows over TLS.
    ///
    /// # Errors
    /// [`NotAllowed::NotNew`] when it belongs to an institution, [`NotAllowed::NotCoordinator`] when the key is another.
    pub fn found(&self, trust: &TrustFile, beacon: &[u8], pin: Digest) -> Result<()> {
        let own = self.request()?;
        let (unlocked, now) = (self.unlocked()?, self.now());
        unlocked.store.write(|tx| -> Result<()> {
            if tx.pack_item(PackItem::Root)?.is_some() {
                return Err(NotAllowed::NotNew.into());
            }
            for (item, value) in [
                (PackItem::Root, trust.root.as_bytes().as_slice()),
                (PackItem::KeySet, &trust.key_set),
                (PackItem::Beacon, beacon),
            ] {
                tx.set_pack_item(item, value)?;
            }
            if let Some(snapshot) = &trust.snapshot {
                tx.set_pack_item(PackItem::Snapshot, snapshot)?;
            }
            tx.set_pack_item(PackItem::RegisterPin, pin.as_bytes())?;
            // The register admits a coordinator's laptop by its own pack.
            let desk = desk(tx, &unlocked, now)?;
            admit(tx, &desk, &own, &[])?;
            renew(tx, &desk)
        })?;
        install::write_public_trust(&self.dir, trust)
    }

    /// Reads the coordinator's book.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`].
    pub fn office(&self) -> Result<Office> {
        let unlocked = self.unlocked()?;
        let now = self.now();
        unlocked.store.read(|tx| {
            let desk = desk(tx, &unlocked, now)?;
            let grants = tx.grants()?;
            let admissions = tx.admissions()?;
            let members = admissions.iter().map(|admission| member(tx, admission, &grants));
            let code = fieldproof_seal::short_code::code_of(desk.trust_file.root.as_bytes());
            let members = members.collect::<Result<_>>()?;
            let mut courses = Vec::new();
            for course in read_courses(tx)? {
                let people = tx.course_people(course.id)?.len();
                courses.push((course, people));
            }
            Ok(Office { code, members, schemes: published(tx)?, courses, register_address: read_address(tx)? })
        })
    }

    /// Whether whoever works is a coordinator.
    #[must_use]
    pub fn is_coordinator(&self) -> bool {
        let Ok(unlocked) = self.unlocked() else { return false };
        unlocked.store.read(|tx| desk(tx, &unlocked, self.now()).map(|_| ())).is_ok()
    }

    /// Enrols somebody, or changes what an enrolled person may do: the newest grant for a scheme is the one that counts.
    /// The laptop's pack is renewed.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`]; [`Invalid::Grant`], [`Invalid::GrantEnded`], [`Invalid::TextTooLong`] for a name that
    /// no certificate holds, [`Invalid::Request`]; [`crate::Error::NotFound`] for a scheme that was not published.
    pub fn admit(&self, request: &SignedRequest, grants: &[NewGrant]) -> Result<()> {
        self.at_desk(|tx, desk| {
            admit(tx, desk, request, grants)?;
            renew(tx, desk)
        })
    }

    /// Ends a delegation today. Whoever had it gets one that ended, so that what was sealed before still names its key.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`], [`crate::Error::NotFound`].
    pub fn end_delegation(&self, digest: &Digest, end: Ended) -> Result<()> {
        self.at_desk(|tx, desk| {
            let grant = tx.grants()?.into_iter().find(|grant| grant.digest == *digest).or_not_found(What::Pack)?;
            let today = desk.now.date();
            if tx.end_grant(digest, end, today)? {
                let (delegation, _) = Delegation::parse(&grant.signed)?;
                let not_after = delegation.not_after.min(Date::from_days(today.as_days().saturating_sub(1)));
                let signed = Delegation { not_after, may_certify: false, ..delegation }.sign(desk.key);
                tx.grant(&digest_of(&signed), &grant.assessor_key, &signed)?;
            }
            renew(tx, desk)
        })
    }

    /// Signs a scheme with the institution's values and hands it out in the packs of those it is delegated to.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`]; [`crate::Error::Scheme`] with the place of every problem.
    pub fn publish_scheme(&self, document: &str, values: &str) -> Result<SchemeId> {
        self.at_desk(|tx, desk| {
            let id = parse_scheme(document, values, None)?.id;
            tx.set_scheme(id, &sign_scheme(document, values, desk.trust.key_set.purpose, desk.key)?)?;
            renew(tx, desk)?;
            Ok(id)
        })
    }

    /// Draws an identifier for a new course.
    #[must_use]
    pub fn new_course_id(&self) -> CourseId {
        CourseId::new(self.random())
    }

    /// Creates a course, or changes one, and puts people on its roster.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`]; [`crate::Error::NotFound`] for a scheme that was not published.
    pub fn set_course(&self, course: &Course, people: &[Person]) -> Result<()> {
        self.at_desk(|tx, desk| {
            tx.scheme(course.scheme)?.or_not_found(What::Pack)?;
            tx.set_course(course.id, course.scheme, &cbor::encode(course_value(course)))?;
            tx.add_to_roster(people)?;
            for person in people {
                tx.enter_course(course.id, person.id)?;
            }
            renew(tx, desk)
        })
    }

    /// Says where the register is, and by which key it is known over TLS, where that is another one than before.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`], [`crate::Error::Address`].
    pub fn set_register(&self, address: &str, pin: Option<Digest>) -> Result<()> {
        self.at_desk(|tx, desk| {
            if let Some(pin) = &pin {
                tx.set_pack_item(PackItem::RegisterPin, pin.as_bytes())?;
            }
            known_register(tx, Some(address))?;
            tx.set_pack_item(PackItem::RegisterAddress, address.trim().as_bytes())?;
            renew(tx, desk)
        })
    }

    /// Writes the newest pack of somebody's laptop into a folder, encrypted for that laptop alone.
    ///
    /// # Errors
    /// [`NotAllowed::NotCoordinator`], [`crate::Error::NotFound`], [`crate::Error::NotWritten`].
    pub fn write_pack(&self, installation: &PublicKey, folder: &Path) -> Result<PathBuf> {
        let unlocked = self.unlocked()?;
        let (row, code) = unlocked.store.read(|tx| -> Result<_> {
            desk(tx, &unlocked, self.now())?;
            let asked = tx.admissions()?.into_iter().rfind(|known| known.installation == *installation);
            let asked = asked.or_not_found(What::Pack)?;
            let code = SignedRequest::parse(&asked.request)?.code();
            Ok((tx.pack(installation)?.or_not_found(What::Pack)?, code))
        })?;
        let path = folder.join(format!("pack-{}-for-{code}.fieldproof", row.number));
        folder::write(&path, &row.file)?;
        Ok(path)
    }

    /// One change of the book, with whatever packs it renews, in one transaction.
    fn at_desk<T>(&self, change: impl FnOnce(&WriteTx<'_>, &Desk<'_>) -> Result<T>) -> Result<T> {
        let own = self.request()?;
        let unlocked = self.unlocked()?;
        let now = self.now();
        let changed = unlocked.store.write(|tx| {
            let desk = desk(tx, &unlocked, now)?;
            if !tx.admissions()?.iter().any(|known| known.assessor_key == own.request.key) {
                // An office that is not the first one begins its own book: its laptop's packs come from here now.
                admit(tx, &desk, &own, &[])?;
            }
            change(tx, &desk)
        });
        // Packs may wait now.
        self.host.ring();
        changed
    }
}

/// What of a request goes into a delegation.
struct Request {
    key: PublicKey,
    installation: PublicKey,
    name: String,
}

impl Request {
    fn of(signed: &SignedRequest) -> Result<Self> {
        let request = &signed.request;
        let name = request.person.name.as_str().to_owned();
        // A token holds the assessor's name: a longer one could never certify.
        if ASSESSOR_NAME_LIMIT < name.len() {
            return Err(Invalid::TextTooLong(ASSESSOR_NAME_LIMIT).into());
        }
        if seal_for(&request.recipient, &[]).is_err() {
            return Err(Invalid::Request.into());
        }
        Ok(Self { key: request.key, installation: request.installation, name })
    }
}

fn desk<'u>(tx: &ReadTx<'_>, unlocked: &'u Unlocked, now: Timestamp) -> Result<Desk<'u>> {
    let trust = read_trust(tx)?;
    if !is_issuing(&trust, &unlocked.key.public()) {
        return Err(NotAllowed::NotCoordinator.into());
    }
    Ok(Desk { key: &unlocked.key, trust_file: read_trust_file(tx)?, trust, now })
}

fn admit(tx: &WriteTx<'_>, desk: &Desk<'_>, request: &SignedRequest, grants: &[NewGrant]) -> Result<()> {
    let Request { key, installation, name } = Request::of(request)?;
    let admission =
        Admission { assessor_key: key, installation, request: request.signed.clone(), admitted_at: desk.now };
    tx.admit(&admission)?;
    // Who admits somebody makes their laptop's packs from now on.
    passed::take_over(tx, &installation)?;
    for grant in grants {
        if grant.roles.is_empty() || grant.last < grant.first {
            return Err(Invalid::Grant.into());
        }
        tx.scheme(grant.scheme)?.or_not_found(What::Pack)?;
        let delegation = Delegation {
            purpose: desk.trust.key_set.purpose,
            assessor_key: key,
            scheme: grant.scheme,
            assessor_name: name.clone(),
            roles: grant.roles.clone(),
            may_certify: grant.may_certify,
            not_before: grant.first,
            not_after: grant.last,
            contact_days: grant.contact_days,
        };
        let signed = delegation.sign(desk.key);
        if !tx.grant(&digest_of(&signed), &key, &signed)? {
            return Err(Invalid::GrantEnded.into());
        }
    }
    Ok(())
}

/// Every scheme in its original language, by title.
fn published(tx: &ReadTx<'_>) -> Result<Vec<Scheme>> {
    let read = |(_, signed): (SchemeId, Vec<u8>)| parse_signed_scheme(&signed, None).ok().map(|(scheme, _)| scheme);
    let mut schemes: Vec<Scheme> = tx.schemes()?.into_iter().filter_map(read).collect();
    schemes.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(schemes)
}

fn member(tx: &ReadTx<'_>, admission: &Admission, grants: &[Grant]) -> Result<Member> {
    let mut delegations = Vec::new();
    for grant in grants.iter().filter(|grant| grant.assessor_key == admission.assessor_key) {
        delegations.push((grant.digest, Delegation::parse(&grant.signed)?.0, grant.ended));
    }
    let pack = tx.pack(&admission.installation)?.map(|row| (row.number, row.is_at_register));
    let request = SignedRequest::parse(&admission.request)?;
    let other_office = passed::by(tx, &admission.installation)?;
    Ok(Member { request, admitted_at: admission.admitted_at, delegations, pack, other_office })
}
