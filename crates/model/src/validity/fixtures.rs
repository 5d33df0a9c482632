//! The credentials of domain §5.4 as rules, and short ways to write facts.

use crate::{
    id::{PersonId, SchemeId},
    scheme::{LegalBasis, Scheme, sample},
    time::Date,
    validity::{
        Activity, Complementary, CountFrom, Entry, Holding, Lapse, Renewal, Renewed, Rules, ShownBeside, Standing,
        Status, Term, Validity, standing,
    },
};

pub(super) const HOLDER: PersonId = PersonId::new([1; 16]);
pub(super) const ASSESSOR: PersonId = PersonId::new([2; 16]);
pub(super) const SCHEME: SchemeId = SchemeId::new([3; 16]);
pub(super) const LIVE: &str = "live_work";

pub(super) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(super) fn plain(term: Option<Term>) -> Validity {
    Validity {
        term,
        lapse: None,
        renewal: None,
        complementary: Vec::new(),
        suitability_review_months: None,
        refresh_on_new_edition: false,
        source: "fixture".to_owned(),
    }
}

/// The base credential: five years; whether it lapses is ambiguous in the sources, so nothing is built in.
pub(super) fn base() -> Validity {
    plain(Some(Term::Years(5)))
}

/// Live work: five years, three without work, training renewed.
pub(super) fn live_work() -> Validity {
    Validity {
        lapse: Some(Lapse { years: 3, work: vec![LIVE.to_owned()], source: "VL2".to_owned() }),
        renewal: Some(Renewal {
            activity_years: None,
            refresher_minutes: None,
            retraining: true,
            source: "VL2".to_owned(),
        }),
        suitability_review_months: Some(12),
        ..base()
    }
}

/// First aid: three years.
pub(super) fn first_aid() -> Validity {
    plain(Some(Term::Years(3)))
}

/// Air conditioning: seven years; three of activity and 420 minutes of refresher renew it.
pub(super) fn air_conditioning() -> Validity {
    Validity {
        renewal: Some(Renewal {
            activity_years: Some(3),
            refresher_minutes: Some(420),
            retraining: false,
            source: "VL5".to_owned(),
        }),
        ..plain(Some(Term::Years(7)))
    }
}

/// The assessor's own refresh: two years, and on a new edition.
pub(super) fn assessor_refresh() -> Validity {
    Validity { refresh_on_new_edition: true, ..plain(Some(Term::Years(2))) }
}

pub(super) fn needs_first_aid(blocks: bool) -> Validity {
    let first_aid = Complementary {
        id: "first_aid".to_owned(),
        text: "First aid that covers electrical accidents".to_owned(),
        term: Some(Term::Years(3)),
        blocks,
        source: "PR1".to_owned(),
    };
    Validity { complementary: vec![first_aid], ..base() }
}

pub(super) fn rules(validity: &Validity) -> Rules<'_> {
    Rules {
        validity,
        institution_term: None,
        count_from: CountFrom::Renewal,
        superseded_on: Vec::new(),
        remind_days: 0,
    }
}

pub(super) fn held(issued_on: &str) -> Holding {
    Holding {
        holder: HOLDER,
        scheme: SCHEME,
        issued_on: day(issued_on),
        last_day: None,
        renewals: Vec::new(),
        activities: Vec::new(),
        complementary: Vec::new(),
        withdrawals: Vec::new(),
    }
}

pub(super) fn entry(on: &str, entry: Entry) -> Activity {
    Activity { holder: HOLDER, scheme: SCHEME, on: day(on), entry, attested_by: ASSESSOR, proof: None }
}

pub(super) fn work(on: &str) -> Activity {
    work_over(on, on)
}

pub(super) fn work_over(since: &str, on: &str) -> Activity {
    entry(on, Entry::Work { kind: LIVE.to_owned(), since: day(since) })
}

pub(super) fn refresher(on: &str, minutes: u32) -> Activity {
    entry(on, Entry::Refresher { minutes })
}

pub(super) fn renewed(on: &str, last_day: &str) -> Renewed {
    Renewed { on: day(on), last_day: day(last_day) }
}

pub(super) fn with(issued_on: &str, activities: impl IntoIterator<Item = Activity>) -> Holding {
    Holding { activities: activities.into_iter().collect(), ..held(issued_on) }
}

pub(super) fn on(validity: &Validity, holding: &Holding, asked: &str) -> Standing {
    standing(&rules(validity), holding, day(asked))
}

pub(super) fn status(validity: &Validity, holding: &Holding, asked: &str) -> Status {
    on(validity, holding, asked).status
}

/// An empty scheme around what this folder reads of one.
pub(super) fn scheme(validity: Validity, term: Option<Term>, superseded_on: &[Option<Date>]) -> Scheme {
    let text = || "fixture".to_owned();
    let basis = |superseded_on: &Option<Date>| LegalBasis {
        id: text(),
        title: text(),
        edition: text(),
        superseded_on: *superseded_on,
        superseded_by: None,
        source: text(),
    };
    let mut scheme = Scheme { legal_basis: superseded_on.iter().map(basis).collect(), validity, ..sample::bare() };
    scheme.values.term = term;
    scheme
}

/// Each row: name, rules, facts, then what is true on each day asked.
pub(super) type Row<'a> = (&'a str, Validity, Holding, &'a [(&'a str, Status)]);

pub(super) fn check(rows: Vec<Row<'_>>) {
    for (name, validity, holding, asked) in rows {
        for (text, expected) in asked {
            assert_eq!(status(&validity, &holding, text), *expected, "{name}, on {text}");
        }
    }
}

pub(super) fn shown(issued: &str, expires: Option<&str>) -> ShownBeside {
    ShownBeside { id: "first_aid".to_owned(), issued: day(issued), expires: expires.map(day) }
}
