//! From checked documents to the model, in one language.

use std::collections::BTreeMap;

use fieldproof_model::{
    scheme::{
        Choice, Credits, Criterion, CriterionId, CriterionKind, EvidenceDemand, GateRules, InstitutionValues, Language,
        LegalBasis, Limits, Meaning, NationalLevel, ObjectLimits, Order, Outcome, Part, PartId, PartValues,
        PeopleRules, PrerequisiteRule, Quiet, Review, RuleId, Scheme, Step, Task, Tick, TimeLimit, Void, Wait,
        WeightFloor,
    },
    validity::{Complementary, Lapse, Renewal, Validity},
};

use super::{
    document::{
        CriterionDocument, Document, GateDocument, LegalBasisDocument, MeaningDocument, OrderDocument, OutcomeDocument,
        PartDocument, QuietDocument, TaskDocument, TermDocument, Text, ValidityDocument, VoidDocument, WaitDocument,
    },
    problem::At,
    values::Values,
    walk::{Visit, walk},
    words::{Kind, Word},
};

/// The scheme in a language that it has.
pub(crate) fn build(document: Document, values: Values, language: &str) -> Scheme {
    let languages = languages(&document);
    let say = Say(language);
    Scheme {
        id: document.id.0,
        version: document.version,
        language: language.to_owned(),
        languages,
        title: say.text(document.title),
        short_title: say.text(document.short_title),
        unit: document.unit,
        scope: say.text(document.scope),
        completion: document.completion.0,
        label: document.label.0,
        safety_critical: document.safety_critical,
        legal_basis: document.legal_basis.into_iter().map(legal_basis).collect(),
        designer: document.designer,
        meaning: meaning(say, document.meaning),
        outcomes: document.outcomes.into_iter().map(|item| outcome(say, item)).collect(),
        course_facts: plain(document.course_facts),
        people: PeopleRules {
            second_person: document.people.second_person.0,
            team: document.people.team,
            separate: document.people.separate.into_iter().map(|(a, b)| (a.0, b.0)).collect(),
        },
        gate: gate(say, document.gate),
        parts: document.parts.into_iter().map(|item| part(say, item)).collect(),
        order: document.order.into_iter().map(|rule| order(say, rule)).collect(),
        voids: document.voids.into_iter().map(void).collect(),
        waits: document.waits.into_iter().map(|rule| wait(say, rule)).collect(),
        quiet: document.quiet.into_iter().map(quiet).collect(),
        combination: document.combination.0,
        validity: validity(say, document.validity),
        values: institution(values),
    }
}

/// Takes each text in one language.
#[derive(Clone, Copy)]
struct Say<'l>(&'l str);

impl Say<'_> {
    fn text(self, mut text: Text) -> String {
        // That every text has every language was checked.
        text.0.remove(self.0).map(|wording| wording.text).unwrap_or_default()
    }

    fn texts(self, texts: impl IntoIterator<Item = Text>) -> Vec<String> {
        texts.into_iter().map(|text| self.text(text)).collect()
    }
}

fn plain<T>(words: Vec<Word<T>>) -> Vec<T> {
    words.into_iter().map(|word| word.0).collect()
}

/// Each language with the weakest review of any wording in it.
fn languages(document: &Document) -> Vec<Language> {
    struct Weakest<'d> {
        own: BTreeMap<&'d str, Review>,
        found: BTreeMap<String, Review>,
    }

    impl Visit for Weakest<'_> {
        fn text(&mut self, _: &At<'_>, text: &Text) {
            for (tag, wording) in &text.0 {
                let Some(review) = wording.review.or_else(|| self.own.get(tag.as_str()).copied()) else {
                    continue;
                };
                let weakest = self.found.entry(tag.clone()).or_insert(review);
                *weakest = review.max(*weakest);
            }
        }

        fn line(&mut self, _: &At<'_>, _: &str) {}

        fn id(&mut self, _: &At<'_>, _: &str) {}
    }

    let own = document.languages.iter().map(|language| (language.tag.as_str(), language.review.0)).collect();
    let mut weakest = Weakest { own, found: BTreeMap::new() };
    walk(document, &mut weakest);
    let listed = document.languages.iter();
    listed
        .map(|language| Language {
            tag: language.tag.clone(),
            review: weakest.found.get(&language.tag).copied().unwrap_or(language.review.0),
        })
        .collect()
}

fn legal_basis(basis: LegalBasisDocument) -> LegalBasis {
    LegalBasis {
        id: basis.id,
        title: basis.title,
        edition: basis.edition,
        superseded_on: basis.superseded_on.map(|day| day.0),
        superseded_by: basis.superseded_by,
        source: basis.source,
    }
}

fn meaning(say: Say<'_>, meaning: MeaningDocument) -> Meaning {
    Meaning {
        contact_minutes_theory: meaning.contact_minutes_theory,
        contact_minutes_practice: meaning.contact_minutes_practice,
        workload_minutes: meaning.workload_minutes,
        credits: meaning.credits.map(|credits| Credits { system: credits.system, hundredths: credits.hundredths }),
        eqf_level: meaning.eqf_level,
        national_level: meaning
            .national_level
            .map(|level| NationalLevel { framework: level.framework, level: level.level }),
        assessment_types: say.texts(meaning.assessment_types),
        participation: meaning.participation.0,
        supervision: meaning.supervision.0,
        quality_assurance: say.text(meaning.quality_assurance),
        moderated: meaning.moderated,
        stackability: meaning.stackability.0,
        towards: meaning.towards,
        trainer_requirements: say.text(meaning.trainer_requirements),
        further: meaning.further.map(|text| say.text(text)),
        source: meaning.source,
    }
}

fn outcome(say: Say<'_>, outcome: OutcomeDocument) -> Outcome {
    Outcome {
        id: outcome.id,
        text: say.text(outcome.text),
        esco: outcome.esco,
        practical: outcome.practical,
        source: outcome.source,
    }
}

fn gate(say: Say<'_>, gate: GateDocument) -> GateRules {
    let ticks = gate.ticks.into_iter().map(|tick| Tick {
        id: tick.id,
        section: tick.section.0,
        text: say.text(tick.text),
        need: tick.need.0,
        source: tick.source,
    });
    let prerequisites = gate.prerequisites.into_iter().map(|rule| PrerequisiteRule {
        id: rule.id,
        text: say.text(rule.text),
        scheme: rule.scheme.map(|id| id.0),
        need: rule.need.0,
        source: rule.source,
    });
    GateRules {
        instrument: gate.instrument,
        object: gate.object,
        object_limits: gate.object_limits.map(|limits| ObjectLimits {
            dc_volts: limits.dc_volts,
            ac_volts: limits.ac_volts,
            source: limits.source,
        }),
        risk_assessment: gate.risk_assessment,
        live_work: gate.live_work,
        second_person: plain(gate.second_person),
        assessor_evidence: gate.assessor_evidence.map(|need| need.0),
        ticks: ticks.collect(),
        prerequisites: prerequisites.collect(),
    }
}

fn part(say: Say<'_>, part: PartDocument) -> Part {
    Part {
        id: PartId::new(part.id),
        title: say.text(part.title),
        kind: part.kind.0,
        mode: part.mode.0,
        mode_source: part.mode_source,
        after: part.after.into_iter().map(PartId::new).collect(),
        object_states: plain(part.object_states),
        time_limit: part.time_limit.map(|limit| TimeLimit { seconds: limit.seconds, source: limit.source }),
        weight_at_least: part
            .weight_at_least
            .map(|floor| WeightFloor { basis_points: floor.basis_points, source: floor.source }),
        tasks: part.tasks.into_iter().map(|item| task(say, item)).collect(),
    }
}

fn task(say: Say<'_>, task: TaskDocument) -> Task {
    let steps = task.steps.into_iter().map(|step| Step {
        id: step.id,
        title: say.text(step.title),
        note: step.note.map(|text| say.text(text)),
        criteria: step.criteria.into_iter().map(|item| criterion(say, item)).collect(),
    });
    Task { id: task.id, title: say.text(task.title), steps: steps.collect() }
}

fn criterion(say: Say<'_>, criterion: CriterionDocument) -> Criterion {
    let list = |texts: Option<Vec<Text>>| say.texts(texts.into_iter().flatten());
    let kind = match criterion.kind.0 {
        Kind::Observed => CriterionKind::Observed,
        Kind::Proof => CriterionKind::Proof,
        Kind::Rubric => CriterionKind::Rubric { levels: list(criterion.levels) },
        Kind::Measurement => CriterionKind::Measurement {
            unit: criterion.unit.unwrap_or_default(),
            names_instrument: criterion.instrument.unwrap_or_default(),
        },
        Kind::Choice => {
            let options = criterion.options.into_iter().flatten();
            let options = options.map(|option| Choice { id: option.id, text: say.text(option.text) });
            CriterionKind::Choice { options: options.collect(), right: criterion.right.unwrap_or_default() }
        }
        Kind::Count => CriterionKind::Count { unit: criterion.unit.unwrap_or_default() },
        Kind::Timed => CriterionKind::Timed,
        Kind::Oral => CriterionKind::Oral { points: list(criterion.points), prompts: list(criterion.prompts) },
        Kind::Text => CriterionKind::Text,
    };
    Criterion {
        id: CriterionId::new(criterion.id),
        text: say.text(criterion.text),
        outcomes: criterion.outcomes,
        kind,
        evidence: criterion.evidence.map(|evidence| EvidenceDemand { kind: evidence.kind.0, count: evidence.count }),
        source: criterion.source,
    }
}

fn order(say: Say<'_>, rule: OrderDocument) -> Order {
    Order {
        id: RuleId::new(rule.id),
        criterion: CriterionId::new(rule.criterion),
        after: CriterionId::new(rule.after),
        label: say.text(rule.label),
        consequence: rule.consequence.0,
        source: rule.source,
    }
}

fn void(rule: VoidDocument) -> Void {
    Void {
        criterion: CriterionId::new(rule.criterion),
        voids: rule.voids.into_iter().map(CriterionId::new).collect(),
        source: rule.source,
    }
}

fn wait(say: Say<'_>, rule: WaitDocument) -> Wait {
    Wait {
        id: RuleId::new(rule.id),
        after: CriterionId::new(rule.after),
        before: CriterionId::new(rule.before),
        label: say.text(rule.label),
        consequence: rule.consequence.0,
        source: rule.source,
    }
}

fn quiet(quiet: QuietDocument) -> Quiet {
    Quiet { from: CriterionId::new(quiet.from), until: CriterionId::new(quiet.until) }
}

fn validity(say: Say<'_>, validity: ValidityDocument) -> Validity {
    let complementary = validity.complementary.into_iter().map(|item| Complementary {
        id: item.id,
        text: say.text(item.text),
        term: item.term.map(TermDocument::term),
        blocks: item.blocks,
        source: item.source,
    });
    Validity {
        term: validity.term.map(TermDocument::term),
        lapse: validity.lapse.map(|lapse| Lapse { years: lapse.years, work: lapse.work, source: lapse.source }),
        renewal: validity.renewal.map(|renewal| Renewal {
            activity_years: renewal.activity_years,
            refresher_minutes: renewal.refresher_minutes,
            retraining: renewal.retraining,
            source: renewal.source,
        }),
        complementary: complementary.collect(),
        suitability_review_months: validity.suitability_review_months,
        refresh_on_new_edition: validity.refresh_on_new_edition,
        source: validity.source,
    }
}

fn institution(values: Values) -> InstitutionValues {
    let criteria = |ids: Vec<String>| ids.into_iter().map(CriterionId::new).collect();
    let parts = values.parts.0.into_iter().map(|(id, part)| {
        let values = PartValues {
            weight: part.weight,
            minimum: part.minimum,
            time_limit_seconds: part.time_limit_seconds,
            within_days: part.within_days,
        };
        (PartId::new(id), values)
    });
    let limits = values.limits.0.into_iter();
    InstitutionValues {
        set_by: values.set_by,
        awarder: values.awarder,
        validator: values.validator,
        issuer_region: values.issuer_region,
        critical: criteria(values.critical),
        critical_needs_unaided: values.critical_needs_unaided,
        ends_exercise: criteria(values.ends_exercise),
        parts: parts.collect(),
        total_minimum: values.total_minimum,
        borderline_band: values.borderline_band,
        second_opinion: values.second_opinion,
        attempts: values.attempts,
        waits: values.waits.0.into_iter().map(|(id, seconds)| (RuleId::new(id), seconds)).collect(),
        met_from: values.met_from.0.into_iter().map(|(id, from)| (CriterionId::new(id), from)).collect(),
        limits: limits.map(|(id, l)| (CriterionId::new(id), Limits { min: l.min, max: l.max })).collect(),
        term: values.term.map(TermDocument::term),
        confirm_by_days: values.confirm_by_days,
        retention_days: values.retention_days,
    }
}
