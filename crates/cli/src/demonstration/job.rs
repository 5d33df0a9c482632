//! The main job without a window: the same operations the screens call, from unlocking to the register's receipt.

use std::{fs, path::Path};

use anyhow::{Context, bail, ensure};
use fieldproof_app::{
    App, Language,
    session::{NewSession, Place, SessionState},
};
use fieldproof_model::{
    gate::{ExerciseState, Gate, IdentityDocument, InstrumentCategory, Millivolts, VoltageKind},
    id::SessionId,
    observation::{Observed, Score},
    scheme::{CriterionId, CriterionKind, Scheme},
};
use fieldproof_register::serve;
use fieldproof_seal::{
    parts::{Acknowledged, AcknowledgementRole},
    token::to_link,
    trust::TrustFile,
    verdict::Answer,
};
use fieldproof_store::slots::Cost;

use crate::{demonstration::world::World, host::CommandLine, register};

/// Runs the job in a folder and leaves record, certificate, token, receipt, trust and laptop there.
pub(crate) fn run(out: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(out)?;
    ensure!(fs::read_dir(out)?.next().is_none(), "{} is not empty: choose another folder", out.display());
    let world = World::at(out);
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    world.set_up(&format!("http://{}", listener.local_addr()?), Cost::DEFAULT)?;
    let server = runtime.spawn(serve(listener, register::open(&world.register)?, std::future::pending()));
    let app = App::new(&world.laptop, Box::new(CommandLine::start()));
    let done = assess(&app, &world).and_then(|id| deliver(&app, &world, id, out));
    server.abort();
    done?;
    println!("One assessment was run from the first tap to the register's receipt. In {}:", out.display());
    for name in ["record.cbor", "certificate.pdf", "token.txt", "receipt.cbor", "trust.cbor", "laptop/", "register/"] {
        println!("  {name}");
    }
    println!("Try: fieldproof verify {} --trust {}", out.join("certificate.pdf").display(), world.trust.display());
    Ok(())
}

fn assess(app: &App, world: &World) -> anyhow::Result<SessionId> {
    let notice = world.notice()?;
    let first = notice.passphrases.first().context("nobody can unlock")?;
    let status = app.status()?;
    let (assessor, _) = status.assessors.iter().find(|(_, name)| *name == first.name).context("no such assessor")?;
    app.unlock(*assessor, &first.passphrase)?;
    let home = app.home()?;
    let named = |name: &str| home.people.iter().find(|row| row.person.name.as_str() == name).context("no such person");
    let (candidate, second) = (named("Kalle Kokelas")?, named("Liisa Esimerkki")?);
    let isolation = home.schemes.iter().find(|scheme| scheme.title.starts_with("High-voltage isolation"));
    let scheme = isolation.context("no such scheme")?;
    let course = home.courses.iter().find(|course| course.scheme == scheme.id).context("no course for it")?;
    let state = app.open_session(&NewSession {
        scheme: scheme.id,
        course: course.id,
        candidate: candidate.person.id,
        second_person: Some(second.person.id),
        team: false,
        language: None,
    })?;
    let id = state.row.id;
    app.save_gate(id, &gate(app, &state.scheme))?;
    app.start_exercise(id)?;
    for (_, criterion) in state.scheme.criteria() {
        if criterion.kind == CriterionKind::Proof {
            prove_dead(app, id, &criterion.id)?;
        }
        // Everything is told as seen a while ago, so that the demonstration's wait lies between the steps.
        let before_wait = state.scheme.waits.iter().any(|wait| wait.after == criterion.id);
        let seconds_ago = if before_wait { 60 } else { 0 };
        let observed = Observed::Score { criterion: criterion.id.clone(), score: Score::Unaided, reason: None };
        app.observe(id, observed, seconds_ago)?;
    }
    let photo = fs::read(world.photos.join("sample-photo.jpg"))?;
    let note = Observed::Note { criterion: None, text: "Worked calmly and explained each step.".to_owned() };
    app.observe(id, note, 0)?;
    app.attach_photo(id, None, &photo)?;
    app.end_exercise(id)?;
    app.confirm_decision(id, false, "")?;
    let typed =
        |row: &fieldproof_store::table::people::PersonRow| Acknowledged::Typed(row.person.name.as_str().to_owned());
    app.acknowledge(id, AcknowledgementRole::Candidate, typed(candidate))?;
    app.acknowledge(id, AcknowledgementRole::SecondPerson, typed(second))?;
    app.seal(id)?;
    Ok(id)
}

fn gate(app: &App, scheme: &Scheme) -> Gate {
    Gate {
        identity_document: Some(IdentityDocument::IdentityCard),
        identity_checked_by_assessor: true,
        ticks: scheme.gate.ticks.iter().map(|tick| tick.id.clone()).collect(),
        instrument_category: Some(InstrumentCategory::CatIii),
        instrument_voltage: Some(1000),
        instrument_serial: "DEMO-0001".to_owned(),
        instrument_calibration_due: Some(app.today().days_later(180)),
        object_id: "Demonstration rig 1".to_owned(),
        object_voltage: Some(Millivolts::from_volts(400)),
        object_voltage_kind: Some(VoltageKind::Dc),
        object_state: Some(ExerciseState::MadeDead),
        risk_assessment: "RA-DEMO-1".to_owned(),
        second_person_present: true,
        second_person: scheme.gate.second_person.iter().copied().collect(),
        second_person_first_aid: Some(app.today().days_later(180)),
        ..Gate::default()
    }
}

fn prove_dead(app: &App, id: SessionId, proof: &CriterionId) -> anyhow::Result<()> {
    let (criterion, source) = (|| proof.clone(), || "proving unit of the tester".to_owned());
    app.observe(id, Observed::TesterBefore { criterion: criterion(), source: source(), worked: true }, 0)?;
    for point in ["HV+ to HV-", "HV+ to chassis", "HV- to chassis"] {
        let (point, reading) = (point.to_owned(), "0.0 V".to_owned());
        app.observe(id, Observed::Reading { criterion: criterion(), point, reading, dead: true }, 0)?;
    }
    let after = Observed::TesterAfter { criterion: criterion(), source: source(), worked: true, same_instrument: true };
    app.observe(id, after, 0)?;
    Ok(())
}

fn deliver(app: &App, world: &World, id: SessionId, out: &Path) -> anyhow::Result<()> {
    app.send()?;
    let state: SessionState = app.session(id)?;
    let sealed = state.sealed.context("the session was not sealed")?;
    ensure!(matches!(sealed.place, Place::InRegister(_)), "the record is not in the register");
    let token = sealed.row.token.context("no certificate goes out")?;
    let receipt = app.receipt(sealed.row.digest)?.context("the receipt is not there")?;
    let trust = app.trust_file()?;
    let link = to_link(&trust.open()?.key_set.address, &token);
    let (_, pdf) = app.draw_document(id)?;
    fs::write(out.join("record.cbor"), &sealed.row.file)?;
    fs::write(out.join("certificate.pdf"), &pdf)?;
    fs::write(out.join("token.txt"), format!("{link}\n"))?;
    fs::write(out.join("receipt.cbor"), receipt)?;
    fs::write(&world.trust, TrustFile::to_bytes(&trust))?;
    match app.verify_file(&pdf, Language::English)?.genuine.answer {
        Answer::Yes => Ok(()),
        Answer::No | Answer::CouldNotTell => bail!("the certificate just made does not verify"),
    }
}
