//! How the holder of a certificate stands.

use fieldproof_app::{Practice, words};
use fieldproof_model::{
    id::PersonId,
    validity::{Activity, InForce, Line, Status},
};

use crate::{dto::*, view::person};

pub(crate) fn practice(practice: &Practice) -> PracticeView {
    let scheme = &practice.state.scheme;
    let standing = &practice.standing;
    let validity = &scheme.validity;
    PracticeView {
        session_id: practice.state.row.id.to_string(),
        in_force: answer(standing.status),
        status: words::status(standing.status).to_owned(),
        last_day: standing.last_day.map(|day| day.to_string()),
        lines: standing.lines.iter().map(|line| standing_line(practice, line)).collect(),
        reminders: standing.reminders.iter().map(|reminder| words::reminder(scheme, reminder)).collect(),
        work: validity.lapse.as_ref().map_or_else(Vec::new, |lapse| lapse.work.clone()),
        beside: validity
            .complementary
            .iter()
            .map(|rule| OptionView { id: rule.id.clone(), text: rule.text.clone() })
            .collect(),
        people: practice
            .people
            .iter()
            .filter(|row| row.person.id != practice.state.row.candidate)
            .map(person)
            .collect(),
        activities: practice.activities.iter().map(|activity| view(practice, activity)).collect(),
    }
}

const fn answer(status: Status) -> AnswerView {
    match status.in_force() {
        InForce::Yes => AnswerView::Yes,
        InForce::No => AnswerView::No,
        InForce::CouldNotTell => AnswerView::CouldNotTell,
    }
}

fn standing_line(practice: &Practice, line: &Line) -> StandingLine {
    StandingLine {
        answer: answer(line.status),
        text: words::found(&practice.state.scheme, &line.found),
        source: line.source.clone(),
    }
}

fn view(practice: &Practice, activity: &Activity) -> ActivityView {
    let name = |id: PersonId| practice.people.iter().find(|row| row.person.id == id);
    ActivityView {
        on: activity.on.to_string(),
        text: words::entry(&practice.state.scheme, &activity.entry),
        attested_by: name(activity.attested_by).map_or(String::new(), |row| row.person.name.as_str().to_owned()),
        proof: activity.proof.is_some(),
    }
}
