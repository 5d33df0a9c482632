//! The shelf beside the office's book: a row is believed as far as it is signed, and whoever holds a paper is looked up.

use fieldproof_model::{
    course::Course,
    id::PersonId,
    person::Person,
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    digest_of,
    keys::PublicKey,
    parts::{Part, PartKind, parse_person},
    record::Record,
    request::SignedRequest,
    token::{HolderMark, Token},
    trust::Trust,
};
use fieldproof_store::{ReadTx, table::people::PersonRow};
use fieldproof_sync::verify::verify_refusal;
use fieldproof_wire::{OnPaper, ShelfRow, ShelfState};

use super::{Holder, Paper, Shelved, ShelvedBecause, Trainer};
use crate::{
    Result,
    people::{read_courses, read_trust},
    roster::identity,
};

/// What an office knows.
pub(super) struct Book {
    trust: Trust,
    /// Everybody who was admitted, by their key.
    assessors: Vec<(PublicKey, String)>,
    people: Vec<PersonRow>,
    courses: Vec<(Course, Vec<PersonId>)>,
    today: Date,
}

/// The names of everybody who was admitted, by their key.
pub(crate) fn assessors(tx: &ReadTx<'_>) -> Result<Vec<(PublicKey, String)>> {
    let name = |request: &[u8]| SignedRequest::parse(request).ok().map(|asked| asked.request.person.name);
    let admitted = tx.admissions()?.into_iter();
    Ok(admitted.filter_map(|one| Some((one.assessor_key, name(&one.request)?.as_str().to_owned()))).collect())
}

/// A paper that can be believed: what it says, and when its laptop says that it was printed.
type Printed = (OnPaper, Timestamp);

impl Book {
    pub(super) fn read(tx: &ReadTx<'_>, today: Date) -> Result<Self> {
        let mut courses = Vec::new();
        for course in read_courses(tx)? {
            let people = tx.course_people(course.id)?;
            courses.push((course, people));
        }
        let (trust, people) = (read_trust(tx)?, tx.people()?);
        Ok(Self { trust, assessors: assessors(tx)?, people, courses, today })
    }

    /// A row as far as it can be believed: names by the digests that were sealed or by a signed token, a refusal by its
    /// signature, a paper by the key that sealed the record it names. `None` for what cannot be read.
    pub(super) fn shelved(&self, row: &ShelfRow) -> Option<Shelved> {
        let printed = row.paper.as_ref().and_then(|paper| Some((paper.read()?, paper.opened_at)));
        if row.state == ShelfState::PaperAlone {
            return self.paper_alone(row, &printed?);
        }
        let (record, unverified) = Record::parse(&row.sealed).ok()?;
        let digest = digest_of(&row.sealed);
        let key = row.assessor_key.filter(|key| unverified.verify(key).is_ok());
        let printed = printed.filter(|(paper, _)| {
            let names_it = paper.token.record == digest && record.certificate == Some(paper.token.certificate);
            names_it && unverified.verify(&paper.delegation.assessor_key).is_ok()
        });
        let sealed = record.parts.get(&PartKind::Person.number());
        let parts = [Some(&row.person), row.paper.as_ref().map(|paper| &paper.person)];
        let person = parts.into_iter().flatten().find_map(|bytes| {
            let part = Part::from_bytes(bytes.clone());
            person_in(&part).filter(|_| sealed == Some(&part.digest()))
        });
        let because = match row.state {
            ShelfState::Refused => match verify_refusal(&self.trust, &digest, &row.signed) {
                Ok(signed) => ShelvedBecause::Refused(signed.refusal.reason),
                Err(_) => ShelvedBecause::SaidToBeRefused,
            },
            ShelfState::NotHere | ShelfState::PaperAlone => ShelvedBecause::NotAtRegister,
            ShelfState::EvidenceMissing => ShelvedBecause::EvidenceMissing(row.missing.len()),
        };
        let holder = person.as_ref().map(Holder::from).or_else(|| printed.as_ref().map(|(paper, _)| on(&paper.token)));
        let known = match &person {
            Some(person) => self.with_id(person.id),
            None => holder.as_ref().and_then(|holder| self.named(holder)),
        };
        let token = row.paper.as_ref().filter(|_| printed.is_some()).map(|paper| digest_of(&paper.token));
        Some(Shelved {
            record: digest,
            session: None,
            because,
            since: row.since,
            sealed_at: Some(record.sealed_at),
            contact: known.and_then(|known| known.contact.clone()),
            trainers: self.trainers(known, printed.as_ref()),
            holder,
            assessor: key.and_then(|key| self.assessor(key)),
            paper: match (record.certificate, printed) {
                (Some(certificate), Some((_, at))) => Paper::Printed(certificate, at),
                (Some(certificate), None) => Paper::Issued(certificate),
                (None, _) => Paper::None,
            },
            back_at: row.back_at.filter(|_| token.is_some()),
            token,
            is_corrected: row.is_corrected,
        })
    }

    /// A record of which a paper is all that is known. The part beside it proves nothing without the record: it tells
    /// people of the name on the paper apart, and no more.
    fn paper_alone(&self, row: &ShelfRow, printed: &Printed) -> Option<Shelved> {
        let (paper, at) = printed;
        let (token, by, holder) = (&paper.token, paper.confirm_by, on(&paper.token));
        let said = person_in(&Part::from_bytes(row.paper.as_ref()?.person.clone()));
        let said = said.and_then(|person| self.with_id(person.id));
        let said = said.filter(|row| identity(row.person.name.as_str(), None) == identity(&holder.name, None));
        let known = said.or_else(|| self.named(&holder));
        Some(Shelved {
            record: token.record,
            session: None,
            because: if by < self.today { ShelvedBecause::Overdue(by) } else { ShelvedBecause::OnItsWay(by) },
            since: row.since,
            sealed_at: None,
            contact: known.and_then(|known| known.contact.clone()),
            trainers: self.trainers(known, Some(printed)),
            assessor: self.assessor(paper.delegation.assessor_key),
            paper: Paper::Printed(token.certificate, *at),
            token: row.paper.as_ref().map(|paper| digest_of(&paper.token)),
            back_at: row.back_at,
            is_corrected: row.is_corrected,
            holder: Some(holder),
        })
    }

    fn assessor(&self, key: PublicKey) -> Option<String> {
        self.assessors.iter().find(|(known, _)| *known == key).map(|(_, name)| name.clone())
    }

    fn with_id(&self, id: PersonId) -> Option<&PersonRow> {
        self.people.iter().find(|row| row.person.id == id)
    }

    /// The one person of that name and year of birth; of several nobody knows which.
    fn named(&self, holder: &Holder) -> Option<&PersonRow> {
        let wanted = identity(&holder.name, holder.birth_year);
        let mut found = self.people.iter().filter(|row| {
            let year = row.person.birth_year.filter(|_| holder.birth_year.is_some());
            identity(row.person.name.as_str(), year) == wanted
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// Who taught the courses that somebody is in, under the paper's scheme where there is one.
    fn trainers(&self, known: Option<&PersonRow>, printed: Option<&Printed>) -> Vec<Trainer> {
        let Some(known) = known else { return Vec::new() };
        let scheme = printed.map(|(paper, _)| paper.delegation.scheme);
        let courses = self.courses.iter().filter(|(_, people)| people.contains(&known.person.id));
        let courses = courses.filter(|(course, _)| scheme.is_none_or(|scheme| scheme == course.scheme));
        courses.filter_map(|(course, _)| Trainer::of(course)).collect()
    }
}

fn person_in(part: &Part) -> Option<Person> {
    part.content().ok().and_then(|person| parse_person(person).ok())
}

/// The holder as a paper names them.
fn on(token: &Token) -> Holder {
    let birth_year = match &token.mark {
        Some(HolderMark::BirthYear(year)) => Some(*year),
        Some(HolderMark::Identifier(_)) | None => None,
    };
    Holder { name: token.holder.clone(), birth_year }
}
