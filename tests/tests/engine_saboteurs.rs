//! The built-in schemes, decided case by case; and each way to be wrong on purpose, noticed by a case made for it.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use fieldproof_model::{
    decision::{Case, Outcome, decide},
    digest::Digest,
    gate::{Gate, Millivolts},
    id::PersonId,
    observation::{Observation, Observed, Score},
    sabotage::{self, SABOTEURS, Sabotage},
    scheme::{Criterion, CriterionId, CriterionKind, PartId, Scheme, SecondPersonPolicy},
    session::Session,
    time::Timestamp,
    validity::{Activity, Entry, Holding, Rules, ShownBeside, Status, standing},
};
use fieldproof_seal::scheme::parse_scheme;
use fieldproof_testkit::{AC_FGAS, HV_ISOLATION, LIVE_WORK, SCHEMES, day, full_gate_for, met};

/// 2026-05-04 09:00 UTC.
const MORNING: i64 = 1_777_885_200_000;
/// Between two taps, unless a case says otherwise.
const MINUTE: i64 = 60_000;

fn read((document, values): (&str, &str)) -> Scheme {
    parse_scheme(document, values, None).unwrap()
}

fn score(name: &str, score: Score) -> Observed {
    Observed::Score { criterion: CriterionId::new(name.to_owned()), score, reason: None }
}

/// Whatever meets a criterion, with the evidence it demands.
fn done(scheme: &Scheme, criterion: &Criterion) -> Vec<Observed> {
    let id = || criterion.id.clone();
    let source = || "battery 12 V".to_owned();
    let mut taps = Vec::new();
    if criterion.kind == CriterionKind::Proof {
        taps.extend([
            Observed::TesterBefore { criterion: id(), source: source(), worked: true },
            Observed::Reading { criterion: id(), point: "A".to_owned(), reading: "0 V".to_owned(), dead: true },
            Observed::TesterAfter { criterion: id(), source: source(), worked: true, same_instrument: true },
        ]);
    }
    taps.push(met(scheme, criterion));
    let demanded = criterion.evidence.map_or(0, |demand| demand.count);
    let photo = || Observed::Photo { criterion: Some(id()), digest: Digest::new([1; 32]), size: 1, original: None };
    taps.extend((0..demanded).map(|_| photo()));
    taps
}

fn marked(part: &str, points: u32) -> Observed {
    let (part, reference) = (PartId::new(part.to_owned()), "P-1".to_owned());
    Observed::PartMarked { part, points, of: 10_000, on: day("2026-05-04"), reference }
}

/// A session of a scheme, by the book until a case changes something.
#[derive(Clone)]
struct Play {
    scheme: Scheme,
    gate: Gate,
    log: Vec<Observed>,
    gap: i64,
    /// Days between the last tap and the end.
    pause: i64,
}

impl Play {
    fn of(documents: (&str, &str)) -> Self {
        let scheme = read(documents);
        let mut log = vec![Observed::Started];
        for part in &scheme.parts {
            if part.is_marked() {
                log.push(marked(part.id.as_str(), 10_000));
                continue;
            }
            log.push(Observed::PartBegan(part.id.clone()));
            let criteria = part.tasks.iter().flat_map(|task| &task.steps).flat_map(|step| &step.criteria);
            log.extend(criteria.flat_map(|criterion| done(&scheme, criterion)));
            log.push(Observed::PartEnded(part.id.clone()));
        }
        Self { gate: full_gate_for(&scheme), scheme, log, gap: MINUTE, pause: 0 }
    }

    fn but(mut self, more: Observed) -> Self {
        self.log.push(more);
        self
    }

    /// Gives these one score.
    fn scored(mut self, names: &[&str], given: Score) -> Self {
        self.log.extend(names.iter().map(|name| score(name, given)));
        self
    }

    fn gated(mut self, change: fn(&mut Gate)) -> Self {
        change(&mut self.gate);
        self
    }

    fn outcome(&self) -> Outcome {
        let mut now = MORNING;
        let mut log = Vec::new();
        for (observed, sequence) in self.log.iter().chain([&Observed::Ended]).zip(1_u32..) {
            now += if *observed == Observed::Ended { self.pause * 86_400_000 } else { self.gap };
            let at = Timestamp::from_millis(now);
            log.push(Observation {
                sequence,
                tapped_at: at,
                seen_at: at,
                observed: observed.clone(),
                elapsed: None,
                beacon: None,
            });
        }
        let has_second_person = self.scheme.people.second_person != SecondPersonPolicy::Nobody;
        let case = Case { gate: &self.gate, has_second_person, attempt: 1 };
        decide(&self.scheme, &case, &Session::replay(&log)).outcome
    }
}

/// A credential of 2026-05-04 under a scheme, practised once and with the first aid it asks for.
fn status(documents: (&str, &str), worked_on: &str, first_aid_of: &str, asked: &str) -> Status {
    let scheme = read(documents);
    let (holder, attested_by) = (PersonId::new([1; 16]), PersonId::new([2; 16]));
    let on = day(worked_on);
    let kind = scheme.validity.lapse.as_ref().and_then(|lapse| lapse.work.first().cloned());
    let work = Entry::Work { kind: kind.unwrap_or_default(), since: on };
    let shown = |id: &str| ShownBeside { id: id.to_owned(), issued: day(first_aid_of), expires: None };
    let holding = Holding {
        holder,
        scheme: scheme.id,
        issued_on: day("2026-05-04"),
        last_day: None,
        renewals: Vec::new(),
        activities: vec![Activity { holder, scheme: scheme.id, on, entry: work, attested_by, proof: None }],
        complementary: scheme.validity.complementary.iter().map(|beside| shown(&beside.id)).collect(),
        withdrawals: Vec::new(),
    };
    standing(&Rules::of(&scheme, 0), &holding, day(asked)).status
}

/// Criteria of the isolation scheme that are not critical and that no rule looks at; one fifth of the whole is seven.
const PLAIN: [&str; 8] = ["T1.1.a", "T1.1.b", "T1.3.a", "T2.1.b", "T2.2.a", "T2.2.b", "T2.3.a", "T2.3.b"];

fn decisions() -> Vec<(&'static str, Play, Outcome)> {
    use Outcome::{Fail, Open, Pass};
    use Score::{NotApplicable, NotDone, NotSeen};
    let (hv, live, gas) = (|| Play::of(HV_ISOLATION), || Play::of(LIVE_WORK), || Play::of(AC_FGAS));
    let questions = ["Q1.1.a", "Q1.1.b", "Q1.2.a"];
    let photo_of_the_plan = CriterionId::new("L1.2.a".to_owned());
    let mut undocumented = live();
    undocumented.log.retain(|o| !matches!(o, Observed::Photo { criterion: Some(id), .. } if *id == photo_of_the_plan));
    let mut early = hv();
    early.log.insert(1, score("T3.1.a", Score::Unaided));
    let mut live_again = hv();
    live_again.log.push(Observed::Reenergised);
    vec![
        ("fair: isolation by the book", hv(), Pass),
        ("fair: live work by the book", live(), Pass),
        ("fair: air conditioning by the book", gas(), Pass),
        ("fair: six of thirty-four plain things not done", hv().scored(&PLAIN[..6], NotDone), Pass),
        ("fair: evidence is missing", undocumented, Open),
        ("fair: danger", gas().scored(&["A1.1.a"], Score::Dangerous), Fail),
        ("fair: re-energised after it was handed over", live_again, Pass),
        ("critical: isolation, one not done", hv().scored(&["T1.2.a"], NotDone), Fail),
        ("critical: live work, one not done", live().scored(&["L6.2.b"], NotDone), Fail),
        ("critical: live work, one prompted", live().scored(&["L6.2.b"], Score::Prompted), Fail),
        ("critical: air conditioning, one not done", gas().scored(&["A3.1.c"], NotDone), Fail),
        ("critical: said not to apply", hv().scored(&["T1.2.a"], NotApplicable), Open),
        ("minimum: seven of thirty-four plain things not done", hv().scored(&PLAIN[..7], NotDone), Fail),
        ("minimum: theory below the band", gas().but(marked("P1", 4_799)), Fail),
        ("minimum: theory within the band", live().but(marked("P1", 6_300)), Open),
        ("fair: theory above the band", live().but(marked("P1", 6_301)), Pass),
        ("minimum: questions", live().scored(&questions, NotDone), Fail),
        ("not seen: critical", hv().scored(&["T3.1.c"], NotSeen), Fail),
        ("not seen: too much", hv().scored(&PLAIN[..7], NotSeen), Fail),
        ("not seen: questions", live().scored(&questions, NotSeen), Fail),
        ("silently: five seconds of waiting", Play { gap: 500, ..hv() }, Open),
        ("silently: live work likewise", Play { gap: 500, ..live() }, Open),
        ("silently: disconnected too early", early, Open),
        ("silently: longer than an hour", Play { gap: 400_000, ..gas() }, Open),
        ("gate: gloves", hv().gated(|gate| assert!(gate.ticks.remove("ppe-gloves"))), Fail),
        ("gate: nobody in the room", live().gated(|gate| gate.second_person_present = false), Fail),
        (
            "gate: another scheme's voltage",
            live().gated(|gate| gate.object_voltage = Some(Millivolts(1_500_001))),
            Fail,
        ),
        ("gate: identity", gas().gated(|gate| gate.identity_checked_by_assessor = false), Fail),
        ("gate: calibration and cards ran out meanwhile", Play { pause: 243, ..hv() }, Open),
        ("fair: calibration and cards hold on their last day", Play { pause: 242, ..hv() }, Pass),
    ]
}

fn standings() -> Vec<(&'static str, Status, Status)> {
    let live = |worked_on, first_aid_of, asked| status(LIVE_WORK, worked_on, first_aid_of, asked);
    let (gas, hv) = (|asked| status(AC_FGAS, asked, asked, asked), |asked| status(HV_ISOLATION, asked, asked, asked));
    vec![
        ("fair: five years", live("2029-01-01", "2030-01-01", "2031-05-04"), Status::InForce),
        ("fair: seven years", gas("2033-05-04"), Status::InForce),
        ("fair: three years without work", live("2026-06-01", "2028-01-01", "2029-06-01"), Status::InForce),
        ("day: a day over three years without work", live("2026-06-01", "2028-01-01", "2029-06-02"), Status::Lapsed),
        ("day: a day over five years", live("2029-01-01", "2030-01-01", "2031-05-05"), Status::Expired),
        ("day: a day over seven years", gas("2033-05-05"), Status::Expired),
        ("day: a day over the institution's year", hv("2027-05-05"), Status::Expired),
        (
            "day: first aid of three years ago",
            live("2028-01-01", "2026-01-01", "2029-01-02"),
            Status::ComplementaryOver,
        ),
    ]
}

/// Every case, and whether it comes out as it should.
fn cases() -> Vec<(&'static str, bool)> {
    let decided = decisions().into_iter().map(|(name, play, expected)| (name, play.outcome() == expected));
    let stands = standings().into_iter().map(|(name, status, expected)| (name, status == expected));
    decided.chain(stands).collect()
}

/// The names of the cases that come out otherwise.
fn suite() -> Vec<&'static str> {
    cases().into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name).collect()
}

/// What the names of the cases made for a saboteur begin with.
const fn made_for(saboteur: Sabotage) -> &'static str {
    match saboteur {
        Sabotage::DropCriticalOverride => "critical:",
        Sabotage::IgnoreMinimum => "minimum:",
        Sabotage::NotSeenIsDone => "not seen:",
        Sabotage::OneDayTooLong => "day:",
        Sabotage::SilentlyKept => "silently:",
        Sabotage::IgnoreGate => "gate:",
    }
}

#[test]
fn the_rules_decide_every_case() {
    assert_eq!(suite(), Vec::<&str>::new());
    assert_eq!(SCHEMES.len(), 3, "a further built-in scheme has its cases here");
}

#[test]
fn every_saboteur_is_noticed_by_every_case_made_for_it() {
    let names: Vec<_> = cases().into_iter().map(|(name, _)| name).collect();
    for saboteur in SABOTEURS {
        let made = |name: &&&str| name.starts_with(made_for(saboteur));
        let noticed = sabotage::with(saboteur, suite);
        assert!(!noticed.is_empty(), "{saboteur:?} went unnoticed");
        let own: Vec<_> = noticed.iter().filter(made).collect();
        assert_eq!(own, names.iter().filter(made).collect::<Vec<_>>(), "{saboteur:?}");
        assert!(
            noticed.iter().all(|name| !name.starts_with("fair:")),
            "{saboteur:?} takes away what was right: {noticed:?}"
        );
    }
    assert_eq!(suite(), Vec::<&str>::new(), "nothing of a saboteur stays behind");
}
