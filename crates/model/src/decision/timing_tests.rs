//! Cases of order, voids and waits.

use super::fixtures::*;
use crate::{
    decision::{Answer, Because, Decision, Judged, Outcome, Rule, first_done},
    observation::{Answer as Given, Observed, Score},
    scheme::{
        Consequence, CriterionKind, Scheme,
        sample::{cid, criterion, of, order, rid, scored, void, wait},
    },
    session::{Session, sample::*},
};

const NOTE: Observed = Observed::Note { criterion: None, text: String::new() };

/// `open` counts only behind `cut`; `tidy` voids `cut`.
fn ordered(consequence: Consequence) -> Scheme {
    let mut scheme = of(scored(&["cut", "open", "tidy"]));
    scheme.order = vec![order("o", "open", "cut", consequence)];
    scheme.voids = vec![void("tidy", &["cut"])];
    scheme
}

fn order_answer(decision: &Decision) -> (Answer, bool, Option<bool>) {
    match only(decision, |rule| matches!(rule, Rule::Order { .. })) {
        (Rule::Order { kept_by_taps, said, .. }, answer) => (answer, kept_by_taps, said),
        other => panic!("{other:?}"),
    }
}

/// Whether the taps alone show the rule kept; when they do not, it is open.
fn check_kept(scheme: &Scheme, table: Vec<(&str, Vec<Observed>, bool)>) {
    for (name, middle, kept) in table {
        let answer = if kept { Answer::Yes } else { Answer::Open };
        assert_eq!(order_answer(&decided(scheme, &middle)), (answer, kept, None), "{name}");
    }
}

#[test]
fn order_by_the_taps() {
    let not_done = |name| score(name, Score::NotDone);
    let table = vec![
        ("in order", vec![did("cut"), did("open")], true),
        ("with prompts", vec![score("cut", Score::Prompted), score("open", Score::Prompted)], true),
        ("out of order", vec![did("open"), did("cut")], false),
        ("the first never", vec![did("open")], false),
        ("the first not seen", vec![score("cut", Score::NotSeen), did("open")], false),
        ("the first said not to apply", vec![score("cut", Score::NotApplicable), did("open")], false),
        ("the second never", vec![did("cut")], true),
        ("the second seen not done", vec![not_done("open"), did("cut")], true),
        ("the first corrected before", vec![did("cut"), not_done("cut"), did("open")], false),
        ("the first corrected after", vec![did("cut"), did("open"), not_done("cut")], false),
        ("done twice, and once out of order", vec![did("open"), did("cut"), did("open")], false),
        ("taken back, then done in order", vec![did("open"), did("cut"), not_done("open"), did("open")], true),
    ];
    check_kept(&ordered(Consequence::Fails), table);
}

#[test]
fn what_is_voided_holds_no_longer() {
    let table = vec![
        ("voided in between", vec![did("cut"), did("tidy"), did("open")], false),
        ("and done again", vec![did("cut"), did("tidy"), did("cut"), did("open")], true),
        ("and done again too late", vec![did("cut"), did("tidy"), did("open"), did("cut")], false),
        ("voided afterwards", vec![did("cut"), did("open"), did("tidy")], true),
        ("voided before", vec![did("tidy"), did("cut"), did("open")], true),
        ("what voids was not done", vec![did("cut"), score("tidy", Score::NotDone), did("open")], true),
        ("each moment that voids", vec![did("tidy"), did("cut"), did("tidy"), did("open")], false),
    ];
    check_kept(&ordered(Consequence::Fails), table);
    let mut own = ordered(Consequence::Fails);
    own.voids = vec![void("open", &["cut"])];
    let table = vec![
        ("it voids what it stands on", vec![did("cut"), did("open")], true),
        ("so it cannot be done twice on it", vec![did("cut"), did("open"), did("open")], false),
        ("unless that was done again", vec![did("cut"), did("open"), did("cut"), did("open")], true),
    ];
    check_kept(&own, table);
}

/// Start at 0 s; the entries at 10, 20, 30 … s, the third tap of the log set back by so much.
#[test]
fn a_time_set_back_is_the_only_one_from_then_on() {
    let scheme = ordered(Consequence::Fails);
    let kept = |middle: &[Observed], place, millis| {
        order_answer(&decide_log(&scheme, &set_back(whole_log(10_000, middle), place, millis))).1
    };
    let in_order = [did("cut"), did("open")];
    assert!(kept(&in_order, 3, 9_999), "still behind");
    assert!(kept(&in_order, 3, 10_000), "at equal times the place in the log decides");
    assert!(!kept(&in_order, 3, 10_001));
    let out_of_order = [did("open"), did("cut")];
    assert!(kept(&out_of_order, 3, 10_001), "the first was seen first");
    assert!(!kept(&out_of_order, 3, 10_000));
    let corrected = [did("open"), did("cut"), did("open")];
    assert!(kept(&corrected, 4, 1), "the second `open` is the only one");
    assert!(!kept(&corrected, 4, 0), "without it both are looked at");
    assert!(!kept(&[did("open"), did("cut"), did("open"), did("open")], 2, 1), "from then on, not up to then");
}

#[test]
fn what_is_answered_is_done_too() {
    let mut scheme = of(vec![criterion("cut", CriterionKind::Timed), criterion("open", CriterionKind::Text)]);
    scheme.order = vec![order("o", "open", "cut", Consequence::Fails)];
    let wrote = || answered("open", Given::Written(String::new()));
    let timed = || answered("cut", Given::Timed(1));
    let table = vec![
        ("in order", vec![timed(), wrote()], true),
        ("out of order", vec![wrote(), timed()], false),
        ("an answer of another kind is none", vec![answered("cut", Given::Level(1)), wrote()], false),
        ("a score that says nothing is none", vec![did("cut"), wrote()], false),
        ("and ends what was done", vec![timed(), did("cut"), wrote()], false),
        ("not done", vec![timed(), score("cut", Score::NotDone), wrote()], false),
        ("no answer is looked at that is none", vec![answered("open", Given::Level(1))], true),
    ];
    check_kept(&scheme, table);
}

/// `open` counts only behind the proof; `energise` voids it.
fn proof_first() -> Scheme {
    let mut scheme = of(scored(&["prove", "open", "energise"]));
    scheme.order = vec![order("o", "open", "prove", Consequence::Fails)];
    scheme.voids = vec![void("energise", &["prove"])];
    scheme
}

#[test]
fn a_proof_holds_until_it_shows_something_else() {
    let open = || vec![did("open")];
    let then = |acts: Vec<Observed>| [proved(), acts, open()].concat();
    let live = || vec![before(true), reading("A", false), after(true, true)];
    let table = vec![
        ("proved", then(vec![]), true),
        ("a score proves nothing", vec![did("prove"), did("open")], false),
        (
            "before the second trial",
            [vec![before(true), reading("A", true)], open(), vec![after(true, true)]].concat(),
            false,
        ),
        ("a point was live", [live(), open()].concat(), false),
        ("proved, and live in the next round", then(live()), false),
        ("live, then proved", [live(), proved(), open()].concat(), true),
        ("the next round began, and the last one holds", then(vec![before(true)]), true),
        ("the next round began with a tester that failed", then(vec![before(false)]), false),
        ("re-energised", then(vec![Observed::Reenergised]), false),
        ("re-energised afterwards", [then(vec![]), vec![Observed::Reenergised]].concat(), true),
        ("stopped and gone on", then(halted()), false),
        ("and proved again", then([halted(), proved()].concat()), true),
        ("voided", then(vec![did("energise")]), false),
        ("voided, and proved again", then([vec![did("energise")], proved()].concat()), true),
        ("voided, and the next round only begun", then(vec![did("energise"), before(true)]), false),
    ];
    check_kept(&proof_first(), table);
}

#[test]
fn a_proof_is_looked_at_when_it_began() {
    let mut scheme = of(scored(&["cut", "prove"]));
    scheme.order = vec![order("o", "prove", "cut", Consequence::Fails)];
    let cut = || vec![did("cut")];
    let rest = || vec![reading("A", true), after(true, true)];
    let table = vec![
        ("in order", [cut(), proved()].concat(), true),
        ("out of order", [proved(), cut()].concat(), false),
        ("begun too early", [vec![before(true)], cut(), rest()].concat(), false),
        ("begun anew", [vec![before(true)], cut(), proved()].concat(), true),
        ("never begun", vec![did("prove")], true),
        (
            "begun too early, then ended by re-energising: it began when it did",
            [proved(), vec![Observed::Reenergised]].concat(),
            false,
        ),
        ("begun too early, never proved, then ended", vec![before(true), Observed::Reenergised], true),
    ];
    check_kept(&scheme, table);
}

#[test]
fn what_the_assessor_says_settles_what_the_taps_show_broken() {
    let broken = |kept| vec![did("open"), did("cut"), did("tidy"), said("o", kept)];
    let rule = Because::Rule(rid("o"));
    let scored = Because::Scored(Score::Unaided);
    use Consequence::{Fails, Institution, Marked};
    for (consequence, kept, answer, judgement, outcome) in [
        (Fails, true, Answer::Yes, (Judged::Met, scored.clone()), Outcome::Pass),
        (Institution, true, Answer::Yes, (Judged::Met, scored.clone()), Outcome::Pass),
        (Marked, true, Answer::Yes, (Judged::Met, scored.clone()), Outcome::Pass),
        (Fails, false, Answer::No, (Judged::NotMet, rule), Outcome::Fail),
        (Institution, false, Answer::Open, (Judged::Met, scored.clone()), Outcome::Open),
        (Marked, false, Answer::Yes, (Judged::Met, scored), Outcome::Pass),
    ] {
        let decision = decided(&ordered(consequence), &broken(kept));
        assert_eq!(order_answer(&decision), (answer, false, Some(kept)), "{consequence:?} {kept}");
        assert_eq!(judged(&decision, "open"), judgement, "{consequence:?} {kept}");
        assert_eq!(judged(&decision, "cut").0, Judged::Met, "only the second stands under the rule");
        assert_eq!(decision.outcome, outcome, "{consequence:?} {kept}");
    }
    for consequence in [Fails, Institution, Marked] {
        let unsaid = decided(&ordered(consequence), &broken(true)[..3]);
        assert_eq!(order_answer(&unsaid), (Answer::Open, false, None), "put to the assessor: {consequence:?}");
        let kept = decided(&ordered(consequence), &[did("cut"), did("open"), did("tidy"), said("o", false)]);
        assert_eq!(order_answer(&kept), (Answer::Yes, true, Some(false)), "not asked, it counts for nothing");
        assert_eq!(judged(&kept, "open").0, Judged::Met);
    }
    let decision = decided(&ordered(Fails), &[broken(false), vec![score("open", Score::NotDone)]].concat());
    assert_eq!(judged(&decision, "open"), (Judged::NotMet, Because::Scored(Score::NotDone)), "what is worse stays");
}

#[test]
fn an_answer_counts_behind_every_entry_of_both() {
    let settled = |more: Vec<Observed>| {
        let middle = [vec![did("open"), did("cut"), said("o", true)], more].concat();
        order_answer(&decided(&ordered(Consequence::Fails), &middle)).2
    };
    assert_eq!(settled(vec![]), Some(true));
    assert_eq!(settled(vec![did("open")]), None);
    assert_eq!(settled(vec![did("cut")]), None);
    assert_eq!(settled(vec![did("cut"), said("o", false)]), Some(false));
    assert_eq!(settled(vec![did("tidy"), NOTE]), Some(true), "what concerns neither changes nothing");
    assert_eq!(settled(vec![said("other", false)]), Some(true));
    let early = decided(&ordered(Consequence::Fails), &[said("o", true), did("open"), did("cut")]);
    assert_eq!(order_answer(&early).2, None);
    let proof = |more: Vec<Observed>| {
        let middle = [vec![did("open")], proved(), vec![said("o", true)], more].concat();
        order_answer(&decided(&proof_first(), &middle)).2
    };
    assert_eq!(proof(vec![]), Some(true));
    for act in [before(true), reading("A", true), after(true, true)] {
        assert_eq!(proof(vec![act]), None, "an act of a proof is an entry of it");
    }
}

fn wait_answer(decision: &Decision) -> (Answer, Option<i64>, Option<bool>) {
    match only(decision, |rule| matches!(rule, Rule::Wait { .. })) {
        (Rule::Wait { millis, demanded, said, .. }, answer) => {
            assert_eq!(demanded, 5_000);
            (answer, millis, said)
        }
        other => panic!("{other:?}"),
    }
}

/// `cut`, five seconds, then the proof.
fn waiting(consequence: Consequence) -> Scheme {
    let mut scheme = of(scored(&["cut", "prove"]));
    scheme.waits = vec![wait("w", "cut", "prove", consequence)];
    scheme.values.waits.insert(rid("w"), 5);
    scheme
}

fn cut_and_proved() -> Vec<Observed> {
    [vec![did("cut")], proved(), vec![did("prove")]].concat()
}

#[test]
fn a_wait_ends_to_the_millisecond() {
    let at = |gap, more: &[Observed]| {
        let decision = decide_log(&waiting(Consequence::Fails), &whole_log(gap, &[&cut_and_proved(), more].concat()));
        (wait_answer(&decision), judged(&decision, "prove").1, decision.outcome)
    };
    let scored = Because::Scored(Score::Unaided);
    let (kept, not_kept) = (said("w", true), said("w", false));
    let short = Some(4_999);
    assert_eq!(at(5_000, &[]), ((Answer::Yes, Some(5_000), None), scored.clone(), Outcome::Pass));
    assert_eq!(at(4_999, &[]), ((Answer::Open, short, None), scored.clone(), Outcome::Open));
    assert_eq!(at(4_999, &[kept]), ((Answer::Yes, short, Some(true)), scored, Outcome::Pass));
    let rule = Because::Rule(rid("w"));
    assert_eq!(at(4_999, std::slice::from_ref(&not_kept)), ((Answer::No, short, Some(false)), rule, Outcome::Fail));
    let again = [vec![not_kept], proved()].concat();
    assert_eq!(at(1_000, &again).0, (Answer::Yes, Some(6_000), None), "a new construct began later");
    for (consequence, answer) in [(Consequence::Institution, Answer::Open), (Consequence::Marked, Answer::Yes)] {
        let middle = [cut_and_proved(), vec![said("w", false)]].concat();
        let decision = decide_log(&waiting(consequence), &whole_log(1_000, &middle));
        assert_eq!(wait_answer(&decision), (answer, Some(1_000), Some(false)), "{consequence:?}");
        assert_eq!(judged(&decision, "prove").0, Judged::Met, "{consequence:?}");
    }
}

#[test]
fn what_a_wait_counts_from_and_to() {
    let second =
        |middle: &[Observed]| wait_answer(&decide_log(&waiting(Consequence::Fails), &whole_log(1_000, middle)));
    let open = |millis| (Answer::Open, millis, None);
    let cut = || did("cut");
    assert_eq!(second(&[cut()]), (Answer::Yes, None, None), "nothing began that should have waited");
    assert_eq!(second(&[cut(), did("prove")]), (Answer::Yes, None, None), "a score does not begin a proof");
    assert_eq!(second(&[before(true)]), open(None), "nothing shows it");
    assert_eq!(second(&[score("cut", Score::NotSeen), before(true)]), open(None));
    assert_eq!(second(&[cut(), cut(), before(true)]), open(Some(2_000)), "from the first");
    assert_eq!(second(&[cut(), before(true), NOTE, reading("A", true)]), open(Some(1_000)), "to the first act");
    assert_eq!(second(&[before(true), cut()]), open(Some(-1_000)));
    let corrected = [cut(), score("cut", Score::NotDone), cut(), before(true)];
    assert_eq!(second(&corrected), open(Some(1_000)), "from the first since it was corrected");
    let taps = whole_log(1_000, &[cut(), NOTE, NOTE, before(true)]);
    assert_eq!(wait_answer(&decide_log(&waiting(Consequence::Fails), &taps)), open(Some(3_000)));
    let answer = wait_answer(&decide_log(&waiting(Consequence::Fails), &set_back(taps, 2, 2_000)));
    assert_eq!(answer, (Answer::Yes, Some(5_000), None), "from the time it was set back to");
}

#[test]
fn after_a_stop_a_wait_counts_from_what_was_done_after_it() {
    let run = |gap, more: &[Observed]| {
        let middle = [cut_and_proved(), halted(), more.to_vec()].concat();
        wait_answer(&decide_log(&waiting(Consequence::Fails), &whole_log(gap, &middle)))
    };
    assert_eq!(run(4_999, &[did("cut"), before(true)]), (Answer::Open, Some(4_999), None));
    assert_eq!(run(5_000, &[did("cut"), before(true)]), (Answer::Yes, Some(5_000), None));
    assert_eq!(run(1_000, &[before(true)]), (Answer::Yes, Some(8_000), None), "it was not done again");
    assert_eq!(run(1_000, &[did("cut"), did("cut"), before(true)]), (Answer::Open, Some(2_000), None));
    let twice = [vec![did("cut")], halted(), vec![before(true)]].concat();
    assert_eq!(run(1_000, &twice), (Answer::Open, Some(4_000), None), "nothing was done behind the last stop");
}

#[test]
fn a_wait_between_two_that_are_scored() {
    let mut scheme = of(scored(&["cut", "open"]));
    scheme.waits = vec![wait("w", "cut", "open", Consequence::Fails)];
    scheme.values.waits.insert(rid("w"), 5);
    let millis = |middle: &[Observed]| wait_answer(&decide_log(&scheme, &whole_log(3_000, middle))).1;
    assert_eq!(millis(&[did("cut"), did("open"), did("open")]), Some(3_000), "the second when it was first done");
    assert_eq!(millis(&[did("cut"), score("open", Score::NotDone)]), None);
    let broken = decide_log(&scheme, &whole_log(3_000, &[did("cut"), did("open"), said("w", false)]));
    assert_eq!(judged(&broken, "open"), (Judged::NotMet, Because::Rule(rid("w"))));
    assert_eq!(judged(&broken, "cut").0, Judged::Met);
}

#[test]
fn a_wait_whose_length_was_never_set_is_not_short() {
    let mut scheme = waiting(Consequence::Fails);
    scheme.values.waits.clear();
    assert_eq!(decide_log(&scheme, &whole_log(DAY, &cut_and_proved())).outcome, Outcome::Open);
}

#[test]
fn first_done_is_told_to_the_screen() {
    let scheme = waiting(Consequence::Fails);
    let first = |middle: &[Observed]| {
        first_done(&scheme, &Session::replay(&whole_log(1_000, middle)), &cid("cut")).map(|moment| moment.sequence)
    };
    assert_eq!(first(&[]), None);
    assert_eq!(first(&[did("cut"), did("cut")]), Some(2));
    assert_eq!(first(&[vec![did("cut")], halted(), vec![did("cut")]].concat()), Some(6));
    assert_eq!(first(&[vec![did("cut")], halted()].concat()), Some(2));
}
