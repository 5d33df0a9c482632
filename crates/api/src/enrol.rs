//! The commands of a new laptop, and of a coordinator's office.

#![expect(clippy::needless_pass_by_value, reason = "every command takes its input whole")]

use std::{collections::BTreeMap, path::Path};

use fieldproof_app::{Error, Granted, HeardUpTo, Member, NewGrant, Office, PackPreview, read_request};
use fieldproof_model::{
    course::Course,
    id::{CourseId, SchemeId, parse_hex, to_hex},
    time::Date,
};
use fieldproof_seal::{delegation::Role, keys::PublicKey, request::SignedRequest, snapshot::Ended};

use crate::{
    commands::{Answer, Api},
    dto::*,
    error, input,
    roster::HeldRoster,
    view::scheme::scheme,
};

/// What was looked at and not taken yet: a pack, requests that are being compared, and a roster.
#[derive(Debug)]
pub(crate) struct Desk {
    pack: Option<Vec<u8>>,
    requests: Vec<SignedRequest>,
    pub(crate) roster: Option<HeldRoster>,
}

impl Desk {
    pub(crate) const NONE: Self = Self { pack: None, requests: Vec::new(), roster: None };
}

impl Api {
    pub(crate) fn begin(&self, input: BeginInput) -> Answer<EnrolmentView> {
        let begun = self.app().begin(&input.name, input.birth_year, &input.passphrase);
        begun.map_err(|e| error::view(&e))?;
        self.enrolment(Nothing {})
    }

    pub(crate) fn enrolment(&self, _: Nothing) -> Answer<EnrolmentView> {
        let read = || -> fieldproof_app::Result<EnrolmentView> {
            let (request, home) = (self.app().request()?, self.app().home()?);
            let row = |row: &Vec<bool>| row.iter().map(|dark| if *dark { '#' } else { '.' }).collect();
            Ok(EnrolmentView {
                name: request.request.person.name.as_str().to_owned(),
                code: request.code(),
                symbol: self.app().request_symbol(&request)?.iter().map(row).collect(),
                institution: home.institution,
                register: home.register_address,
                pack: self.app().pack_number()?,
                heard: self.app().heard()?.map(heard),
                places: self.places(),
            })
        };
        read().map_err(|e| error::view(&e))
    }

    pub(crate) fn write_request(&self, input: FolderInput) -> Answer<WrittenView> {
        written(self.app().write_request(Path::new(&input.folder)))
    }

    pub(crate) fn ask_register(&self, input: AddressInput) -> Answer<EnrolmentView> {
        self.app().ask_register(&input.address).map_err(|e| error::asking(&e))?;
        self.enrolment(Nothing {})
    }

    pub(crate) fn fetch_pack(&self, input: AddressInput) -> Answer<FetchedView> {
        let fetched = self.app().fetch_pack(&input.address).map_err(|e| error::asking(&e))?;
        Ok(FetchedView { pack: fetched.map(|file| self.look_at_pack(&file)).transpose()? })
    }

    /// Looks into a pack's file, and keeps it at hand for [`Api::take_pack`].
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn look_at_pack(&self, file: &[u8]) -> Answer<PackView> {
        let preview = self.app().look_at_pack(file).map_err(|e| error::view(&e))?;
        if let Ok(mut desk) = self.desk.write() {
            desk.pack = Some(file.to_vec());
        }
        Ok(pack(preview))
    }

    pub(crate) fn take_pack(&self, input: TakePackInput) -> Answer<HomeView> {
        let held = self.desk.read().ok().and_then(|desk| desk.pack.clone()).ok_or_else(error::malformed)?;
        self.app().take_pack(&held, Some(&input.code)).map_err(|e| error::view(&e))?;
        if let Ok(mut desk) = self.desk.write() {
            desk.pack = None;
        }
        self.home(Nothing {})
    }

    pub(crate) fn office(&self, _: Nothing) -> Answer<OfficeView> {
        let read = || -> fieldproof_app::Result<OfficeView> {
            let (own, institution) = (self.app().request()?, self.app().home()?.institution);
            let office = self.app().office()?;
            let today = self.app().today();
            Ok(OfficeView {
                institution,
                members: office.members.iter().map(|member| self::member(member, &office, &own)).collect(),
                schemes: office.schemes.iter().map(|known| scheme(known, None, today)).collect(),
                courses: office.courses.iter().map(|(course, people)| self::course(course, *people)).collect(),
                code: office.code,
                register: office.register_address,
                places: self.places(),
                today: today.to_string(),
            })
        };
        read().map_err(|e| error::view(&e))
    }

    pub(crate) fn waiting_requests(&self, _: Nothing) -> Answer<RequestsView> {
        let waiting = self.app().waiting_requests().map_err(|e| error::asking(&e))?;
        for request in &waiting {
            self.hold(request);
        }
        Ok(RequestsView { requests: waiting.iter().map(request).collect() })
    }

    /// Reads a request's file, or a picture of its symbol, and keeps it at hand to be admitted.
    ///
    /// # Errors
    /// The [`ErrorView`] the screen shows.
    pub fn read_request(&self, bytes: &[u8]) -> Answer<RequestView> {
        let read = read_request(bytes).map_err(|e| error::view(&e))?;
        self.hold(&read);
        Ok(request(&read))
    }

    pub(crate) fn admit(&self, input: AdmitInput) -> Answer<OfficeView> {
        let held = self.desk.read().ok();
        let held = held.and_then(|desk| desk.requests.iter().find(|request| request.code() == input.code).cloned());
        let known = || {
            let office = self.app().office().map_err(|e| error::view(&e))?;
            let found = office.members.into_iter().find(|member| member.request.code() == input.code);
            found.map(|member| member.request).ok_or_else(error::malformed)
        };
        let request = held.map_or_else(known, Ok)?;
        let grants = input.grants.into_iter().map(grant).collect::<Answer<Vec<_>>>()?;
        self.then_office(self.app().admit(&request, &grants))
    }

    pub(crate) fn end_delegation(&self, input: EndDelegationInput) -> Answer<OfficeView> {
        let end = if input.is_compromised { Ended::Compromised } else { Ended::Retired };
        self.then_office(self.app().end_delegation(&input::digest(&input.digest)?, end))
    }

    pub(crate) fn write_pack(&self, input: WritePackInput) -> Answer<WrittenView> {
        let installation = parse_hex(&input.installation).map(PublicKey::new).ok_or_else(error::malformed)?;
        written(self.app().write_pack(&installation, Path::new(&input.folder)))
    }

    pub(crate) fn publish_scheme(&self, input: PublishSchemeInput) -> Answer<OfficeView> {
        match self.app().publish_scheme(&input.document, &input.values) {
            Err(Error::Scheme(problems)) => Err(error::scheme(&problems)),
            published => self.then_office(published.map(|_| ())),
        }
    }

    pub(crate) fn set_course(&self, input: SetCourseInput) -> Answer<OfficeView> {
        let id = match &input.id {
            Some(id) => CourseId::parse(id).map_err(|_| error::malformed())?,
            None => self.app().new_course_id(),
        };
        let course = Course {
            id,
            scheme: input::scheme(&input.scheme_id)?,
            title: input.title,
            site: input.site,
            trainer_id: None,
            trainer: input.trainer,
            trainer_contact: input.trainer_contact,
            voltage_level: input.voltage_level,
            working_methods: input.working_methods,
            theory_minutes: input.theory_minutes,
            practice_minutes: input.practice_minutes,
            theory_content: input.theory_content,
            practice_content: input.practice_content,
            attendance: input.attendance,
            first_day: input::day(input.first_day)?,
            last_day: input::day(input.last_day)?,
        };
        self.then_office(self.app().set_course(&course, &[]))
    }

    pub(crate) fn set_register(&self, input: AddressInput) -> Answer<OfficeView> {
        self.then_office(self.app().set_register(&input.address, None))
    }

    fn then_office(&self, done: fieldproof_app::Result<()>) -> Answer<OfficeView> {
        done.map_err(|e| error::view(&e))?;
        self.office(Nothing {})
    }

    fn hold(&self, request: &SignedRequest) {
        if let Ok(mut desk) = self.desk.write() {
            desk.requests.retain(|known| known.code() != request.code());
            desk.requests.push(request.clone());
        }
    }

    pub(crate) fn places(&self) -> Vec<String> {
        self.app().places().iter().map(|place| place.display().to_string()).collect()
    }
}

fn written(path: fieldproof_app::Result<std::path::PathBuf>) -> Answer<WrittenView> {
    path.map(|path| WrittenView { path: path.display().to_string() }).map_err(|e| error::view(&e))
}

pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

const fn heard(heard: HeardUpTo) -> HeardView {
    HeardView { number: heard.number, newest: heard.newest, at: heard.at.as_millis() }
}

fn pack(preview: PackPreview) -> PackView {
    let (schemes, courses, people) = preview.brings;
    PackView {
        institution: preview.institution,
        code: preview.code,
        is_known: preview.is_known,
        number: preview.number,
        schemes: count(schemes),
        courses: count(courses),
        people: count(people),
    }
}

fn request(signed: &SignedRequest) -> RequestView {
    RequestView {
        name: signed.request.person.name.as_str().to_owned(),
        birth_year: signed.request.person.birth_year,
        code: signed.code(),
        at: signed.request.at.as_millis(),
    }
}

fn member(member: &Member, office: &Office, own: &SignedRequest) -> MemberView {
    let asked = &member.request.request;
    let granted = granted(&member.delegations);
    let delegations = granted.iter().enumerate().map(|(place, (digest, delegation, ended))| {
        let scheme = office.schemes.iter().find(|scheme| scheme.id == delegation.scheme);
        let later = granted.iter().skip(place.saturating_add(1));
        DelegationView {
            digest: digest.to_string(),
            scheme_id: delegation.scheme.to_string(),
            scheme: scheme.map(|scheme| scheme.title.clone()).unwrap_or_default(),
            roles: delegation.roles.iter().map(|role| role_view(*role)).collect(),
            may_certify: delegation.may_certify,
            first: delegation.not_before.to_string(),
            last: delegation.not_after.to_string(),
            contact_days: delegation.contact_days,
            ended_on: ended.map(|(_, on): (Ended, Date)| on.to_string()),
            is_compromised: matches!(ended, Some((Ended::Compromised, _))),
            is_newest: !later.into_iter().any(|(_, later, _)| later.scheme == delegation.scheme),
        }
    });
    let (pack, is_at_register) = member.pack.unwrap_or((0, false));
    MemberView {
        name: asked.person.name.as_str().to_owned(),
        code: member.request.code(),
        installation: to_hex(asked.installation.as_bytes()),
        admitted_at: member.admitted_at.as_millis(),
        delegations: delegations.collect(),
        pack,
        is_at_register,
        other_office: member.other_office,
        is_me: asked.key == own.request.key,
    }
}

/// What somebody granted: without the delegations that stand in an ended one's place, for the laptop to see the end.
fn granted(all: &[Granted]) -> Vec<&Granted> {
    let mut ended: BTreeMap<SchemeId, Date> = BTreeMap::new();
    let mut kept = Vec::new();
    for granted in all {
        let (_, delegation, end) = granted;
        let before = ended.get(&delegation.scheme);
        if before.is_some_and(|on| delegation.not_after < *on && !delegation.may_certify) {
            continue;
        }
        match end {
            Some((_, on)) => ended.insert(delegation.scheme, *on),
            None => ended.remove(&delegation.scheme),
        };
        kept.push(granted);
    }
    kept
}

fn course(course: &Course, people: usize) -> OfficeCourseView {
    OfficeCourseView {
        id: course.id.to_string(),
        scheme_id: course.scheme.to_string(),
        title: course.title.clone(),
        site: course.site.clone(),
        trainer: course.trainer.clone(),
        trainer_contact: course.trainer_contact.clone(),
        voltage_level: course.voltage_level.clone(),
        working_methods: course.working_methods.clone(),
        theory_minutes: course.theory_minutes,
        practice_minutes: course.practice_minutes,
        theory_content: course.theory_content.clone(),
        practice_content: course.practice_content.clone(),
        attendance: course.attendance.clone(),
        first_day: course.first_day.map(|day| day.to_string()),
        last_day: course.last_day.map(|day| day.to_string()),
        people: count(people),
    }
}

fn grant(input: GrantInput) -> Answer<NewGrant> {
    Ok(NewGrant {
        scheme: input::scheme(&input.scheme_id)?,
        roles: input.roles.into_iter().map(role).collect(),
        may_certify: input.may_certify,
        first: input::required_day(&input.first)?,
        last: input::required_day(&input.last)?,
        contact_days: input.contact_days,
    })
}

const fn role(role: DelegatedRole) -> Role {
    match role {
        DelegatedRole::Assessor => Role::Assessor,
        DelegatedRole::SecondAssessor => Role::SecondAssessor,
        DelegatedRole::Trainer => Role::Trainer,
        DelegatedRole::Moderator => Role::Moderator,
        DelegatedRole::SecondPerson => Role::SecondPerson,
    }
}

const fn role_view(role: Role) -> DelegatedRole {
    match role {
        Role::Assessor => DelegatedRole::Assessor,
        Role::SecondAssessor => DelegatedRole::SecondAssessor,
        Role::Trainer => DelegatedRole::Trainer,
        Role::Moderator => DelegatedRole::Moderator,
        Role::SecondPerson => DelegatedRole::SecondPerson,
    }
}
