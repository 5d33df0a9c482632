//! Lapse and renewal: what is true of a certificate later.

use fieldproof_model::{
    id::PersonId,
    scheme::Scheme,
    time::Date,
    validity::{Activity, Entry, Holding, InForce, RenewalDemand, Rules, ShownBeside, Status, renew, standing},
};
use fieldproof_seal::scheme::parse_scheme;
use fieldproof_testkit::{AC_FGAS, LIVE_WORK, day};

use crate::{WAIT, is_certified, world};

const HOLDER: PersonId = PersonId::new([11; 16]);
const EMPLOYER: PersonId = PersonId::new([40; 16]);

fn entry(scheme: &Scheme, on: &str, entry: Entry) -> Activity {
    Activity { holder: HOLDER, scheme: scheme.id, on: day(on), entry, attested_by: EMPLOYER, proof: None }
}

fn work(scheme: &Scheme, kind: &str, since: &str, until: &str) -> Activity {
    entry(scheme, until, Entry::Work { kind: kind.to_owned(), since: day(since) })
}

fn holding(scheme: &Scheme, issued_on: &str, last_day: Option<Date>, activities: Vec<Activity>) -> Holding {
    Holding {
        holder: HOLDER,
        scheme: scheme.id,
        issued_on: day(issued_on),
        last_day,
        renewals: Vec::new(),
        activities,
        complementary: Vec::new(),
        withdrawals: Vec::new(),
    }
}

#[test]
fn scenario_4_three_years_and_a_day_without_live_work_lapses_although_the_expiry_lies_ahead() {
    let scheme = parse_scheme(LIVE_WORK.0, LIVE_WORK.1, None).unwrap();
    let rules = Rules::of(&scheme, 30);
    let issued_on = day("2026-03-02");
    let last_day = rules.term().map(|term| term.last_day(issued_on));
    let once = vec![work(&scheme, "live work", "2026-05-04", "2026-05-04")];
    let mut held = holding(&scheme, "2026-03-02", last_day, once);
    let first_aid = &scheme.validity.complementary[0];
    let (id, issued) = (first_aid.id.clone(), day("2027-06-01"));
    held.complementary.push(ShownBeside { id, issued, expires: None });
    let on = |date: &str| standing(&rules, &held, day(date));

    assert_eq!(on("2029-05-04").status, Status::InForce, "three years to the day");
    let lapsed = on("2029-05-05");
    assert_eq!(lapsed.status, Status::Lapsed, "{:?}", lapsed.lines);
    assert_eq!(lapsed.status.in_force(), InForce::No);
    assert_eq!(lapsed.last_day, Some(day("2031-03-02")), "the expiry lies ahead");
    assert_eq!(lapsed.lapses_on, Some(day("2029-05-05")));

    held.activities.push(work(&scheme, "battery storage", "2028-05-04", "2028-05-04"));
    assert_eq!(standing(&rules, &held, day("2029-05-05")).status, Status::Lapsed, "other work keeps nothing");
    held.activities.clear();
    assert_eq!(standing(&rules, &held, day("2029-05-05")).status, Status::PracticeNotShown, "no entry is no lapse");
}

#[test]
fn scenario_4_the_lapse_shows_on_the_laptop_that_issued_the_certificate() {
    let world = world("golden-4");
    let id = world.start(&world.new_session(LIVE_WORK));
    world.score_everything(id, WAIT);
    assert!(is_certified(&world.finish(id)));
    let issued = world.app.practice(id).unwrap().standing;
    assert_eq!(issued.status, Status::InForce, "the first aid shown at the gate counts: {:?}", issued.lines);
    let first_aid = world.app.session(id).unwrap().scheme.validity.complementary[0].id.clone();
    let days = |days: i64| world.host.advance_seconds(days * 86_400);
    let record = |entry| world.app.record_activity(id, world.app.today(), entry, Some(world.bob.0), None).unwrap();

    days(63);
    let today = world.app.today();
    assert_eq!(today, day("2026-05-04"));
    let practice = record(Entry::Work { kind: "live work".to_owned(), since: today });
    assert_eq!(practice.standing.lapses_on, Some(day("2029-05-05")));
    days(730);
    let issued = world.app.today();
    record(Entry::ComplementaryRenewed { id: first_aid, issued, expires: Some(day("2031-05-01")) });
    days(366);
    assert_eq!(world.app.today(), day("2029-05-04"));
    let in_force = world.app.practice(id).unwrap().standing;
    assert_eq!(in_force.status, Status::InForce, "three years to the day: {:?}", in_force.lines);
    days(1);
    let lapsed = world.app.practice(id).unwrap().standing;
    assert_eq!((lapsed.status, lapsed.last_day), (Status::Lapsed, Some(day("2031-03-02"))), "{:?}", lapsed.lines);
}

#[test]
fn scenario_5_the_fgas_attestation_is_renewed_for_three_years_of_work_and_seven_hours_and_for_nothing_less() {
    let scheme = parse_scheme(AC_FGAS.0, AC_FGAS.1, None).unwrap();
    let rules = Rules::of(&scheme, 30);
    let asked = |since: &str, until: &str, minutes: &[u32]| {
        let mut activities = vec![work(&scheme, "A/C work", since, until)];
        activities
            .extend(minutes.iter().map(|minutes| entry(&scheme, "2032-10-01", Entry::Refresher { minutes: *minutes })));
        renew(&rules, &holding(&scheme, "2026-03-02", None, activities), day("2033-02-01"))
    };
    let refused = |answer: &fieldproof_model::validity::RenewalAnswer| {
        let lines = answer.lines.iter().filter(|line| !line.holds);
        lines.map(|line| line.demand.clone()).collect::<Vec<_>>()
    };

    let early = asked("2027-01-01", "2029-11-26", &[420]);
    assert_eq!(early.last_day, None, "2.9 years");
    let short = RenewalDemand::Activity { years: 3, needed_days: 1_096, proved_days: 1_061 };
    assert_eq!(refused(&early), [short]);
    let one_day = asked("2027-01-01", "2029-12-30", &[420]);
    assert!(matches!(refused(&one_day)[..], [RenewalDemand::Activity { proved_days: 1_095, .. }]), "{one_day:?}");

    let renewed = asked("2027-01-01", "2029-12-31", &[420]);
    assert_eq!(renewed.last_day, Some(day("2040-02-01")), "{:?}", refused(&renewed));
    assert_eq!(asked("2027-01-01", "2029-12-31", &[180, 240]).last_day, renewed.last_day, "in two sittings");
    let minute = asked("2027-01-01", "2029-12-31", &[419]);
    assert_eq!(refused(&minute), [RenewalDemand::Refresher { needed: 420, proved: 419 }]);
    assert_eq!(minute.last_day, None);
}
