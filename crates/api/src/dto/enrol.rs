//! A new laptop, its request and its pack; and a coordinator's office.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{choices::*, home::SchemeView};
use crate::secret::Secret;

shapes! {
    /// A new laptop's first person.
    struct BeginInput {
        /// Their name.
        name: String,
        /// Their year of birth.
        birth_year: Option<u16>,
        /// Opens the laptop from now on.
        #[ts(type = "string")]
        passphrase: Secret,
    }
    /// What whoever works shows a coordinator, and what this laptop holds.
    struct EnrolmentView {
        /// Who asks.
        name: String,
        /// The code that the two read to each other.
        code: String,
        /// The symbol: a text for each row, `#` dark and `.` light.
        symbol: Vec<String>,
        /// The institution that this laptop belongs to; empty while none has answered.
        institution: String,
        /// The register's address, where the institution has one.
        register: String,
        /// The number of the pack taken last; 0 when there was none.
        pack: u32,
        /// How far it heard what the register tells it; `null` before it heard anything.
        heard: Option<HeardView>,
        /// Folders to write the request to: sticks first.
        places: Vec<String>,
    }
    /// How far a laptop heard what the register tells it.
    struct HeardView {
        /// The number of the last entry it took.
        number: u32,
        /// The number of the newest entry there was.
        newest: u32,
        /// When that was so, by the register's clock, in milliseconds.
        #[ts(type = "number")]
        at: i64,
    }
    /// Where to write something.
    struct FolderInput {
        /// The folder.
        folder: String,
    }
    /// Where something was written.
    struct WrittenView {
        /// The file.
        path: String,
    }
    /// A register's address.
    struct AddressInput {
        /// The address.
        address: String,
    }
    /// A pack before it is taken.
    struct PackView {
        /// The institution's name.
        institution: String,
        /// The code of its root.
        code: String,
        /// Whether this laptop is that institution's already.
        is_known: bool,
        /// The pack's number.
        number: u32,
        /// Schemes that it brings.
        schemes: u32,
        /// Courses that it brings.
        courses: u32,
        /// People that it brings.
        people: u32,
    }
    /// What the register has for this laptop.
    struct FetchedView {
        /// The pack; `null` while nobody has answered.
        pack: Option<PackView>,
    }
    /// Takes the pack that was looked at.
    struct TakePackInput {
        /// The code that the coordinator read out; empty for an institution that is known.
        code: String,
    }
    /// Somebody who asks to be enrolled.
    struct RequestView {
        /// Their name.
        name: String,
        /// Their year of birth.
        birth_year: Option<u16>,
        /// The code that the two read to each other.
        code: String,
        /// When they asked, as their laptop's clock claims.
        #[ts(type = "number")]
        at: i64,
    }
    /// Those who ask.
    struct RequestsView {
        /// Each of them.
        requests: Vec<RequestView>,
    }
    /// What a delegation is to say.
    struct GrantInput {
        /// The scheme.
        scheme_id: String,
        /// What the person may do.
        roles: Vec<DelegatedRole>,
        /// Whether certificates may be printed on site.
        may_certify: bool,
        /// First day, as `2026-03-02`.
        first: String,
        /// Last day.
        last: String,
        /// The longest time without contact with the register, in days, where the institution sets one.
        contact_days: Option<u16>,
    }
    /// Admits whoever asked with that code, or changes what an enrolled person may do.
    struct AdmitInput {
        /// The code of the request.
        code: String,
        /// What is granted.
        grants: Vec<GrantInput>,
    }
    /// A delegation.
    struct DelegationView {
        /// Names it.
        digest: String,
        /// The scheme.
        scheme_id: String,
        /// The scheme's title.
        scheme: String,
        /// What the person may do.
        roles: Vec<DelegatedRole>,
        /// Whether certificates may be printed on site.
        may_certify: bool,
        /// First day.
        first: String,
        /// Last day.
        last: String,
        /// The longest time without contact with the register, in days, where the institution sets one.
        contact_days: Option<u16>,
        /// On which day it ended before its last day.
        ended_on: Option<String>,
        /// Whether it ended because somebody else may have the key.
        is_compromised: bool,
        /// Whether it is the newest one for its scheme.
        is_newest: bool,
    }
    /// Somebody enrolled.
    struct MemberView {
        /// Their name.
        name: String,
        /// The code of their request.
        code: String,
        /// Their laptop.
        installation: String,
        /// When they were admitted.
        #[ts(type = "number")]
        admitted_at: i64,
        /// Their delegations.
        delegations: Vec<DelegationView>,
        /// The number of their laptop's pack.
        pack: u32,
        /// Whether the register has that pack.
        is_at_register: bool,
        /// The number of a later pack that another office made for that laptop.
        other_office: Option<u32>,
        /// Whether it is whoever works now.
        is_me: bool,
    }
    /// A coordinator's book.
    struct OfficeView {
        /// The institution's name.
        institution: String,
        /// The code that a new laptop compares.
        code: String,
        /// The register's address; empty while there is none.
        register: String,
        /// Everybody enrolled.
        members: Vec<MemberView>,
        /// The schemes that were published.
        schemes: Vec<SchemeView>,
        /// The courses.
        courses: Vec<OfficeCourseView>,
        /// Folders to write packs to: sticks first.
        places: Vec<String>,
        /// Today, to begin a delegation with.
        today: String,
    }
    /// A course, with how many are on its roster.
    struct OfficeCourseView {
        /// Names it.
        id: String,
        /// The scheme that it prepares for.
        scheme_id: String,
        /// Its title.
        title: String,
        /// Where.
        site: String,
        /// The trainer's name.
        trainer: String,
        /// How to reach the trainer.
        trainer_contact: String,
        /// The voltage level trained, in the course's words.
        voltage_level: String,
        /// Working methods trained.
        working_methods: String,
        /// Minutes of theory.
        theory_minutes: Option<u32>,
        /// Minutes of practice.
        practice_minutes: Option<u32>,
        /// What the theory was about.
        theory_content: String,
        /// What the practice was about.
        practice_content: String,
        /// Attendance, in the course's words.
        attendance: String,
        /// First day.
        first_day: Option<String>,
        /// Last day.
        last_day: Option<String>,
        /// How many people are on its roster.
        people: u32,
    }
    /// Ends a delegation today.
    struct EndDelegationInput {
        /// Which.
        digest: String,
        /// Whether somebody else may have the key.
        is_compromised: bool,
    }
    /// Writes somebody's pack.
    struct WritePackInput {
        /// The laptop.
        installation: String,
        /// The folder.
        folder: String,
    }
    /// Publishes a scheme.
    struct PublishSchemeInput {
        /// The scheme's document.
        document: String,
        /// The institution's values.
        values: String,
    }
    /// A course to create or change.
    struct SetCourseInput {
        /// Names it; `null` for a new one.
        id: Option<String>,
        /// The scheme that it prepares for.
        scheme_id: String,
        /// Its title.
        title: String,
        /// Where.
        site: String,
        /// The trainer's name.
        trainer: String,
        /// How to reach the trainer.
        trainer_contact: String,
        /// The voltage level trained, in the course's words.
        voltage_level: String,
        /// Working methods trained.
        working_methods: String,
        /// Minutes of theory.
        theory_minutes: Option<u32>,
        /// Minutes of practice.
        practice_minutes: Option<u32>,
        /// What the theory was about.
        theory_content: String,
        /// What the practice was about.
        practice_content: String,
        /// Attendance, in the course's words.
        attendance: String,
        /// First day.
        first_day: Option<String>,
        /// Last day.
        last_day: Option<String>,
    }
}
