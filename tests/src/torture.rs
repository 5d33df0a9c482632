//! The fault suites for as long as wanted: `torture SUITE COUNT SEED COMMIT FOLDER`.
//!
//! Goes on where it was interrupted, as long as commit and seed are the same; what was seen lies in FOLDER.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program that prints its figures or stops")]

use std::{
    env, fs,
    ops::Range,
    path::{Path, PathBuf},
    time::Instant,
};

use fieldproof_tests::{
    every_call::{FLIPS, Lives, WAYS},
    kill::{Account, kill},
    model::play,
    old::Old,
    power_cut::{Cuts, Lived},
    wire,
};
use serde_json::{Value, json};

/// What a suite adds to what was seen, from one piece of work up to another; `None` when there is no more to do.
type Suite = fn(&Run, &mut Seen) -> Option<()>;

struct Run {
    program: PathBuf,
    count: u64,
    seed: String,
}

/// Figures that add up, and what was wrong; all of it survives an interruption.
struct Seen {
    figures: serde_json::Map<String, Value>,
    wrong: Vec<Value>,
}

impl Seen {
    fn get(&self, name: &str) -> u64 {
        self.figures.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    fn add(&mut self, name: &str, more: u64) {
        let sum = self.get(name) + more;
        self.figures.insert(name.to_owned(), json!(sum));
    }
}

#[expect(clippy::disallowed_methods, reason = "the figure says how long it took")]
fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [suite, count, seed, commit, folder] = arguments.as_slice() else {
        anyhow::bail!("five arguments are needed: suite, count, seed, commit, folder");
    };
    let work: Suite = match suite.as_str() {
        "kill" => kills,
        "power-cut" => power_cuts,
        "every-call" => every_call,
        "wire" => wire_faults,
        "model" => model,
        other => anyhow::bail!("{other} is no suite: kill, power-cut, every-call, wire, model"),
    };
    let program = env::current_exe()?.with_file_name("life-child");
    let run = Run { program, count: count.parse()?, seed: seed.clone() };
    fs::create_dir_all(folder)?;
    let file = Path::new(folder).join(format!("{suite}.json"));
    let mut seen = resume(&file, commit, seed);
    let heading = format!("{suite}, commit {commit}, make torture SUITES={suite} SEED={seed}");
    loop {
        let start = Instant::now();
        let goes_on = work(&run, &mut seen).is_some();
        seen.add("milliseconds", u64::try_from(start.elapsed().as_millis())?);
        let all = json!({ "commit": commit, "seed": seed, "figures": seen.figures, "wrong": seen.wrong });
        fs::write(&file, serde_json::to_string_pretty(&all)?)?;
        println!("{heading}: {}", Value::Object(seen.figures.clone()));
        if !goes_on {
            break;
        }
    }
    for wrong in &seen.wrong {
        println!("WRONG: {}", wrong.as_str().unwrap_or_default());
    }
    anyhow::ensure!(seen.wrong.is_empty(), "{suite}: {} things did not hold", seen.wrong.len());
    Ok(())
}

/// What was seen before an interruption, under the same commit and seed.
fn resume(file: &Path, commit: &str, seed: &str) -> Seen {
    let before: Value = fs::read(file).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    let is_same = before.get("commit") == Some(&json!(commit)) && before.get("seed") == Some(&json!(seed));
    let part = |name: &str| before.get(name).filter(|_| is_same).cloned();
    Seen {
        figures: part("figures").and_then(|value| value.as_object().cloned()).unwrap_or_default(),
        wrong: part("wrong").and_then(|value| value.as_array().cloned()).unwrap_or_default(),
    }
}

fn numbers(from: u64, to: u64) -> Range<u32> {
    u32::try_from(from).unwrap()..u32::try_from(to).unwrap()
}

/// Twenty kills at a time.
fn kills(run: &Run, seen: &mut Seen) -> Option<()> {
    let done = seen.get("rounds");
    let next = (done + 20).min(run.count);
    let mut account = Account::default();
    kill(&run.program, &run.seed, numbers(done, next), None, &mut account);
    seen.add("rounds", account.rounds.into());
    seen.add("acknowledged observations", account.observations.into());
    seen.add("lost", account.lost.into());
    seen.add("doubled", account.doubled.into());
    seen.add("false states", account.false_states.into());
    seen.add("before the last line", account.early.into());
    seen.add("migrations", account.migrations.into());
    seen.add("migrations killed in their middle", account.early_migrations.into());
    seen.wrong.extend(account.first.map(Value::from));
    (next < run.count).then_some(())
}

/// One life at a time, every image of it; each fifth is that of a laptop of an earlier version.
fn power_cuts(run: &Run, seen: &mut Seen) -> Option<()> {
    let life = seen.get("lives");
    let name = format!("{}/{life}", run.seed);
    let old = (life % 5 == 4).then(|| Old::of_version(1 + i64::try_from(life / 5 % 4).unwrap()));
    // Some lives are long enough for the log to be brought into the store in their middle.
    let observations = if life % 4 == 3 { 200 } else { 20 + usize::try_from(life % 4).unwrap() * 15 };
    let (program, run_name) = (run.program.as_path(), name.as_str());
    let life = old.as_ref().map_or(Lived::New { observations }, Lived::Old);
    let tally = Cuts { program, run: run_name, life, images: u32::MAX, sabotage: None }.look();
    seen.add("lives", 1);
    seen.add("images", tally.images.into());
    seen.wrong.extend(tally.wrong.into_iter().map(|wrong| Value::from(format!("life {name}: {wrong}"))));
    (seen.get("images") < run.count).then_some(())
}

/// Fifty calls at a time, until each went wrong in each way.
fn every_call(run: &Run, seen: &mut Seen) -> Option<()> {
    let old = Old::of_version(1);
    let both = [Lives::new(&run.program, None), Lives::of_old(&run.program, &old)];
    let ways = || WAYS.iter().chain(&FLIPS);
    let calls = |lives| ways().flat_map(move |way| (1..=Lives::calls(lives, *way)).map(move |call| (lives, way, call)));
    let all: Vec<_> = both.iter().flat_map(calls).collect();
    let done = usize::try_from(seen.get("calls")).unwrap();
    let next = all.get(done..).unwrap_or_default();
    for (lives, way, call) in next.iter().take(50) {
        seen.wrong.extend(lives.fail(**way, *call).map(Value::from));
        seen.add("calls", 1);
    }
    (50 < next.len()).then_some(())
}

/// A hundred records and a thousand faults at a time.
fn wire_faults(run: &Run, seen: &mut Seen) -> Option<()> {
    let seed = format!("{}/{}", run.seed, seen.get("records"));
    let tally = wire::run(wire::Plan { records: 100, faults: 1_000, seed: &seed });
    seen.add("records", 100);
    seen.add("faults", tally.faults.into());
    seen.add("sendings", tally.rounds.into());
    seen.add("restarts", tally.restarts.into());
    seen.add("lost", tally.lost.into());
    seen.add("doubled", tally.doubled.into());
    seen.add("false states", tally.false_states.into());
    seen.wrong.extend(tally.first.map(|first| Value::from(format!("{seed}: {first}"))));
    (seen.get("records") < run.count).then_some(())
}

/// Twelve hundred steps at a time.
fn model(run: &Run, seen: &mut Seen) -> Option<()> {
    let seed = format!("{}/{}", run.seed, seen.get("steps"));
    match play(&seed, 1_200) {
        Ok(figures) => figures.into_iter().for_each(|(what, count)| seen.add(what, count)),
        Err(failure) => {
            seen.add("steps", 1_200);
            seen.wrong.push(Value::from(format!("{failure:#?}")));
        }
    }
    (seen.get("steps") < run.count).then_some(())
}
