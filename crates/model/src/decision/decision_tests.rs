//! Cases of scores, of the rules over them, and of the result.

use super::fixtures::*;
use super::*;
use crate::{
    digest::Digest,
    observation::{Answer as Said, Observed},
    scheme::{
        EvidenceKind, SecondPersonPolicy,
        sample::{
            asks_for_everything, bare, cid, criterion, day, demands, deviation, full, identified, of, scored, small,
        },
    },
    session::sample::*,
};

fn good() -> Vec<Observed> {
    [vec![did("cut")], proved(), vec![did("prove"), did("tidy")]].concat()
}

fn good_but(more: &[Observed]) -> Vec<Observed> {
    [&good(), more].concat()
}

#[test]
fn outcomes_of_scores() {
    use Outcome::{Fail, Open, Pass};
    let table = vec![
        ("all unaided", good(), Pass),
        ("a prompt counts", good_but(&[score("cut", Score::Prompted)]), Pass),
        ("two of three miss the share of 66.67 %", good_but(&[score("tidy", Score::NotDone)]), Fail),
        ("not seen is not done", good_but(&[score("tidy", Score::NotSeen)]), Fail),
        ("not applicable leaves the share", good_but(&[score("tidy", Score::NotApplicable)]), Pass),
        ("critical failure cannot be outvoted", good_but(&[score("cut", Score::NotDone)]), Fail),
        ("not seen never counts", good_but(&[score("cut", Score::NotSeen)]), Fail),
        ("critical said not to apply", good_but(&[score("cut", Score::NotApplicable)]), Open),
        ("danger anywhere", good_but(&[score("tidy", Score::Dangerous)]), Fail),
        ("a danger corrected", good_but(&[score("tidy", Score::Dangerous), did("tidy")]), Pass),
        ("a correction counts", good_but(&[score("tidy", Score::NotDone), did("tidy")]), Pass),
        ("nothing recorded", vec![], Fail),
        ("scored as done, and never measured", [did("cut"), did("prove"), did("tidy")].to_vec(), Fail),
        ("the second trial failed", good_but(&[after(false, true)]), Fail),
        ("a point was live", good_but(&[before(true), reading("A", false), after(true, true)]), Fail),
        ("measured again without a second trial", good_but(&[reading("A", true)]), Fail),
        ("re-energised", good_but(&[Observed::Reenergised]), Fail),
        (
            "nothing is said to apply, so nothing was shown",
            ["cut", "prove", "tidy"].map(|name| score(name, Score::NotApplicable)).to_vec(),
            Fail,
        ),
    ];
    check_outcomes(&small(), table);
}

#[test]
fn every_score_says_why() {
    use Judged::{Excluded, Met, NotMet};
    for (given, expected) in [
        (Score::Unaided, Met),
        (Score::Prompted, Met),
        (Score::NotDone, NotMet),
        (Score::Dangerous, NotMet),
        (Score::NotSeen, NotMet),
        (Score::NotApplicable, Excluded),
    ] {
        let decision = decided(&small(), &good_but(&[score("tidy", given)]));
        assert_eq!(judged(&decision, "tidy"), (expected, Because::Scored(given)));
        let line = decision.lines.last().unwrap();
        assert_eq!((line.critical, line.score), (false, Some(given)));
    }
    let decision = decided(&small(), &[score("cut", Score::NotApplicable)]);
    assert_eq!(judged(&decision, "cut"), (Judged::Open, Because::CriticalNotApplicable));
    assert_eq!(judged(&decision, "tidy"), (NotMet, Because::NotRecorded));
    assert!(decision.lines[0].critical);
    let names: Vec<_> = decision.lines.iter().map(|line| line.criterion.as_str()).collect();
    assert_eq!(names, ["cut", "prove", "tidy"], "in the scheme's order");
}

#[test]
fn unaided_can_be_demanded_of_critical_criteria() {
    let mut scheme = small();
    scheme.values.critical_needs_unaided = true;
    let needs = (Judged::NotMet, Because::NeedsUnaided);
    for name in ["cut", "prove"] {
        let decision = decided(&scheme, &good_but(&[score(name, Score::Prompted)]));
        assert_eq!((decision.outcome, judged(&decision, name)), (Outcome::Fail, needs.clone()));
    }
    let allowed = decided(&scheme, &good_but(&[score("tidy", Score::Prompted)]));
    assert_eq!(allowed.outcome, Outcome::Pass, "a prompt is allowed where nothing is critical");
}

#[test]
fn critical_danger_and_what_ends_the_exercise_are_counted() {
    let mut scheme = small();
    scheme.values.ends_exercise = vec![cid("tidy"), cid("cut")];
    let of = |more: &[Observed], sort| only(&decided(&scheme, &good_but(more)), sort);
    let critical = |more: &[Observed]| of(more, |rule| matches!(rule, Rule::Critical { .. }));
    let counted = |failed, not_applicable| Rule::Critical { failed, not_applicable };
    let (not_done, skipped) = (score("cut", Score::NotDone), score("prove", Score::NotApplicable));
    assert_eq!(critical(&[]), (counted(0, 0), Answer::Yes));
    assert_eq!(critical(std::slice::from_ref(&skipped)), (counted(0, 1), Answer::Open));
    assert_eq!(critical(&[not_done, skipped]), (counted(1, 1), Answer::No), "one fails, whatever else is open");
    let danger = |more: &[Observed]| of(more, |rule| matches!(rule, Rule::Danger(_)));
    assert_eq!(danger(&[]), (Rule::Danger(0), Answer::Yes));
    assert_eq!(danger(&[score("tidy", Score::Dangerous)]), (Rule::Danger(1), Answer::No));
    let ends = |more: &[Observed]| of(more, |rule| matches!(rule, Rule::EndsExercise(_)));
    assert_eq!(ends(&[score("tidy", Score::NotDone)]), (Rule::EndsExercise(1), Answer::No));
    assert_eq!(ends(&[score("tidy", Score::NotDone), did("tidy")]), (Rule::EndsExercise(0), Answer::Yes), "corrected");
    for given in [Score::NotSeen, Score::Dangerous, Score::NotApplicable, Score::Prompted] {
        assert_eq!(ends(&[score("tidy", given)]), (Rule::EndsExercise(0), Answer::Yes), "{given:?}");
    }
}

#[test]
fn a_result_needs_a_start_and_an_end() {
    let scheme = of(scored(&["tidy"]));
    let outcome = |observed: &[Observed]| decide_log(&scheme, &log_every(1000, observed)).outcome;
    assert_eq!(outcome(&[Observed::Started, did("tidy"), Observed::Ended]), Outcome::Pass);
    assert_eq!(outcome(&[Observed::Started, did("tidy"), Observed::Ended, confirmed(false)]), Outcome::Pass);
    assert_eq!(outcome(&[Observed::Started, did("tidy")]), Outcome::Open);
    assert_eq!(outcome(&[Observed::Started, did("tidy"), Observed::Ended, Observed::Continued]), Outcome::Open);
    let attendance = |observed: &[Observed]| decide_log(&bare(), &log_every(1000, observed)).outcome;
    assert_eq!(attendance(&[Observed::Started, Observed::Ended]), Outcome::Pass);
    assert_eq!(attendance(&[]), Outcome::Open);
    assert_eq!(attendance(&[Observed::Ended]), Outcome::Open, "what never began is not over");
    assert_eq!(attendance(&[Observed::Started, confirmed(false)]), Outcome::Open, "confirming is not ending");
}

#[test]
fn a_failure_outweighs_what_is_open() {
    let middle = good_but(&[Observed::Stop, resume(), score("cut", Score::NotDone)]);
    let decision = decided(&small(), &middle);
    let answers: Vec<_> = decision.rules.iter().map(|(_, answer)| *answer).collect();
    assert!(answers.contains(&Answer::Open) && answers.contains(&Answer::No));
    assert_eq!(decision.outcome, Outcome::Fail);
}

#[test]
fn only_a_failure_needs_feedback() {
    let needing = |outcome: &Outcome| outcome.needs_feedback();
    let all = [Outcome::Pass, Outcome::Open, Outcome::NotCompleted, Outcome::Fail];
    assert_eq!(all.iter().filter(|outcome| needing(outcome)).collect::<Vec<_>>(), [&Outcome::Fail]);
}

#[test]
fn attempts_are_counted_where_the_institution_counts_them() {
    let (mut scheme, gate) = (bare(), identified());
    let session = Session::replay(&whole_log(1000, &[]));
    let mut rules = |allowed, attempt| {
        scheme.values.attempts = allowed;
        let decision = decide(&scheme, &Case { attempt, ..case(&gate) }, &session);
        let found = decision.rules.iter().find(|(rule, _)| matches!(rule, Rule::Attempts { .. })).cloned();
        (found, decision.outcome)
    };
    let rule = |attempt, answer| Some((Rule::Attempts { attempt, allowed: 2 }, answer));
    assert_eq!(rules(Some(2), 2), (rule(2, Answer::Yes), Outcome::Pass));
    assert_eq!(rules(Some(2), 3), (rule(3, Answer::No), Outcome::Fail));
    assert_eq!(rules(None, 99), (None, Outcome::Pass));
}

/// Starts on the day of the sample gate and ends so many days later.
fn gate_rule_after(days: i64, change: fn(&mut Gate)) -> (Rule, Answer, Outcome) {
    let mut scheme = asks_for_everything();
    scheme.parts.clear();
    let mut gate = full();
    change(&mut gate);
    let session = Session::replay(&log_at(&[(0, Observed::Started), (days * DAY, Observed::Ended)]));
    let decision = decide(&scheme, &Case { has_second_person: true, ..case(&gate) }, &session);
    let (rule, answer) = only(&decision, |rule| matches!(rule, Rule::Gate { .. }));
    (rule, answer, decision.outcome)
}

#[test]
fn the_gate_is_asked_on_the_first_and_on_the_last_day() {
    use Answer::{No, Open, Yes};
    type Gap = (&'static str, i64, fn(&mut Gate), (u32, u32), Answer, Outcome);
    let table: [Gap; 7] = [
        ("full", 0, |_| (), (0, 0), Yes, Outcome::Pass),
        ("a blocking gap", 0, |gate| gate.object_id.clear(), (1, 0), No, Outcome::Fail),
        (
            "a warning",
            0,
            |gate| gate.ticks = ["marked", "gloves"].map(str::to_owned).into(),
            (0, 0),
            Yes,
            Outcome::Pass,
        ),
        (
            "first aid on its last day",
            1,
            |gate| gate.second_person_first_aid = Some(day("2026-05-05")),
            (0, 0),
            Yes,
            Outcome::Pass,
        ),
        (
            "first aid that ran out in between",
            2,
            |gate| gate.second_person_first_aid = Some(day("2026-05-05")),
            (0, 1),
            Open,
            Outcome::Open,
        ),
        (
            "one gap from the start and another at the end",
            2,
            |gate| {
                gate.object_id.clear();
                gate.second_person_first_aid = Some(day("2026-05-05"));
            },
            (1, 1),
            No,
            Outcome::Fail,
        ),
        (
            "out of date from the start is not missing anew at the end",
            2,
            |gate| gate.instrument_calibration_due = Some(day("2026-05-03")),
            (1, 0),
            No,
            Outcome::Fail,
        ),
    ];
    for (name, days, change, (at_start, at_end), answer, outcome) in table {
        assert_eq!(gate_rule_after(days, change), (Rule::Gate { at_start, at_end }, answer, outcome), "{name}");
    }
}

#[test]
fn the_gate_asks_for_the_second_person() {
    let mut scheme = bare();
    scheme.people.second_person = SecondPersonPolicy::Required;
    let gate = Gate { second_person_present: true, ..identified() };
    let session = Session::replay(&whole_log(1000, &[]));
    for (has_second_person, outcome) in [(true, Outcome::Pass), (false, Outcome::Fail)] {
        assert_eq!(decide(&scheme, &Case { has_second_person, ..case(&gate) }, &session).outcome, outcome);
    }
}

#[test]
fn evidence_is_demanded_by_kind_and_number() {
    let digest = Digest::new([1; 32]);
    let photo = |name: &str| Observed::Photo { criterion: Some(cid(name)), digest, size: 1, original: None };
    let note = Observed::Note { criterion: Some(cid("tidy")), text: "n".to_owned() };
    let mut scheme = of(scored(&["tidy", "plan"]));
    scheme.parts[0].tasks[0].steps[0].criteria[0].evidence = demands(EvidenceKind::Photo, 2);
    let skipped = score("tidy", Score::NotApplicable);
    for (name, more, missing, outcome) in [
        ("none", vec![], 1, Outcome::Open),
        ("one too few", vec![photo("tidy")], 1, Outcome::Open),
        ("enough", vec![photo("tidy"), photo("tidy")], 0, Outcome::Pass),
        ("another's", vec![photo("tidy"), photo("plan")], 1, Outcome::Open),
        ("another kind", vec![photo("tidy"), note], 1, Outcome::Open),
        ("more than enough", vec![photo("tidy"), photo("tidy"), photo("tidy")], 0, Outcome::Pass),
        ("does not apply", vec![skipped], 0, Outcome::Pass),
    ] {
        let decision = decided(&scheme, &[&[did("tidy"), did("plan")], &more[..]].concat());
        let answer = if missing == 0 { Answer::Yes } else { Answer::Open };
        let expected = (Rule::Evidence(missing), answer);
        assert_eq!(only(&decision, |rule| matches!(rule, Rule::Evidence(_))), expected, "{name}");
        assert_eq!(decision.outcome, outcome, "{name}");
    }
    let readings = [before(true), reading("A", true), reading("B", true), after(true, true), did("prove")];
    let mut proof = of(vec![criterion("prove", crate::scheme::CriterionKind::Proof)]);
    proof.parts[0].tasks[0].steps[0].criteria[0].evidence = demands(EvidenceKind::Reading, 2);
    assert_eq!(decided(&proof, &readings).outcome, Outcome::Pass, "a measured point is a reading");
    assert_eq!(decided(&proof, &[proved(), vec![did("prove")]].concat()).outcome, Outcome::Open);
}

#[test]
fn what_keeps_a_certificate_back() {
    use CourseFact::{
        Attendance, Dates, PracticeContent, PracticeHours, Site, TheoryContent, TheoryHours, Trainer, TrainerContact,
        VoltageLevel, WorkingMethods,
    };
    let (mut scheme, mut gate) = (bare(), identified());
    let unconfirmed = Session::replay(&whole_log(1000, &[]));
    let confirm =
        |borderline| Session::replay(&log_every(1000, &[Observed::Started, Observed::Ended, confirmed(borderline)]));
    let course = crate::course::sample();
    assert_eq!(holds(&scheme, &case(&gate), &course, &unconfirmed), [], "nothing is flagged yet");
    assert_eq!(holds(&scheme, &case(&gate), &course, &confirm(true)), [Hold::Borderline]);
    let clear = confirm(false);
    assert_eq!(holds(&scheme, &case(&gate), &course, &clear), []);
    gate.deviation = Some(deviation());
    assert_eq!(holds(&scheme, &case(&gate), &course, &clear), [Hold::Deviation]);
    let accompanied = Case { has_second_person: true, ..case(&gate) };
    assert_eq!(holds(&scheme, &accompanied, &course, &clear), [], "a deviation that was not needed holds nothing");
    scheme.values.second_opinion = true;
    let all = [
        Dates,
        TheoryHours,
        PracticeHours,
        TheoryContent,
        PracticeContent,
        VoltageLevel,
        WorkingMethods,
        Trainer,
        TrainerContact,
        Site,
        Attendance,
    ];
    scheme.course_facts = all.to_vec();
    let expected = [Hold::Deviation, Hold::SecondOpinion];
    assert_eq!(holds(&scheme, &case(&gate), &course, &clear), expected, "the course lacks nothing");
}

#[test]
fn every_course_fact_is_missed_by_name() {
    use CourseFact as Fact;
    type Gap = (Fact, fn(&mut Course));
    let table: [Gap; 12] = [
        (Fact::Dates, |course| course.first_day = None),
        (Fact::Dates, |course| course.last_day = None),
        (Fact::TheoryHours, |course| course.theory_minutes = None),
        (Fact::PracticeHours, |course| course.practice_minutes = None),
        (Fact::TheoryContent, |course| course.theory_content = " ".to_owned()),
        (Fact::PracticeContent, |course| course.practice_content.clear()),
        (Fact::VoltageLevel, |course| course.voltage_level.clear()),
        (Fact::WorkingMethods, |course| course.working_methods.clear()),
        (Fact::Trainer, |course| course.trainer.clear()),
        (Fact::TrainerContact, |course| course.trainer_contact.clear()),
        (Fact::Site, |course| course.site.clear()),
        (Fact::Attendance, |course| course.attendance.clear()),
    ];
    let gate = identified();
    let confirmed = Session::replay(&log_every(1000, &[Observed::Started, Observed::Ended, confirmed(false)]));
    for (fact, change) in table {
        let mut scheme = bare();
        scheme.course_facts =
            table.map(|(fact, _)| fact).into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let mut course = crate::course::sample();
        change(&mut course);
        assert_eq!(holds(&scheme, &case(&gate), &course, &confirmed), [Hold::CourseFact(fact)]);
        scheme.course_facts.retain(|needed| *needed != fact);
        assert_eq!(holds(&scheme, &case(&gate), &course, &confirmed), [], "{fact:?} is not asked for");
    }
}

#[test]
fn nothing_but_observation_is_asked_for_between_disconnecting_and_proving() {
    let mut scheme = small();
    scheme.quiet = vec![crate::scheme::Quiet { from: cid("cut"), until: cid("prove") }];
    let quiet = |observed: &[Observed]| is_quiet(&scheme, &Session::replay(&log_every(1000, observed)));
    let cut = [Observed::Started, did("cut")];
    let with = |more: &[Observed]| [&cut, more].concat();
    assert!(!quiet(&[Observed::Started]));
    assert!(quiet(&cut));
    assert!(quiet(&with(&[before(true), reading("A", true)])));
    assert!(!quiet(&with(&proved())));
    assert!(quiet(&with(&[&proved()[..], &[Observed::Reenergised]].concat())));
    assert!(!quiet(&with(&[score("cut", Score::NotDone)])), "corrected");
    assert!(!quiet(&with(&[Observed::Ended])), "the exercise is over");
    scheme.quiet.clear();
    assert!(!is_quiet(&scheme, &Session::replay(&log_every(1000, &cut))));
}

#[test]
fn an_answer_to_a_scored_criterion_counts_as_nothing() {
    let decision =
        decided(&small(), &good_but(&[answered("tidy", Said::Level(1)), answered("prove", Said::Counted(1))]));
    for name in ["tidy", "prove"] {
        assert_eq!(judged(&decision, name), (Judged::NotMet, Because::DoesNotFit));
    }
    assert_eq!(decision.lines.last().unwrap().score, None);
}
