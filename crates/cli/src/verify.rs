//! `fieldproof verify`: the same verdict as on the screen, with exit codes for scripts.

use std::{
    fs,
    io::{Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use fieldproof_api::{
    dto::{AnswerView, CheckLine, VerdictView},
    error, verdict,
};
use fieldproof_app::{Error, evidence_of_file};
use fieldproof_seal::{
    report::{Language, report_of},
    trust::TrustFile,
};

use crate::{MISUSE, host};

/// Input that cannot be read as anything (sysexits EX_DATAERR).
const NOT_OURS: u8 = 65;
/// No such file (sysexits EX_NOINPUT).
const NO_INPUT: u8 = 66;
/// The largest file read.
const FILE_LIMIT: u64 = 64 << 20;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A certificate's PDF, a photo or scan of it, a record file, or a text with the certificate's link.
    file: PathBuf,
    /// The institution's root and key set; without them the answer is "could not tell".
    #[arg(long)]
    trust: Option<PathBuf>,
    /// Prints everything as JSON.
    #[arg(long)]
    json: bool,
    /// The language of the answer: en, fi, pt or es.
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    /// Demands that it is also in force now.
    #[arg(long)]
    require_status: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Ok(bytes) = read(&arguments.file) else {
        eprintln!("fieldproof: {} cannot be read.", arguments.file.display());
        return Ok(ExitCode::from(NO_INPUT));
    };
    let trust = match &arguments.trust {
        None => None,
        Some(path) => match open_trust(path) {
            Ok(trust) => Some(trust),
            Err(error) => {
                eprintln!("fieldproof: {error:#}");
                return Ok(ExitCode::from(MISUSE));
            }
        },
    };
    let evidence = match evidence_of_file(&bytes) {
        Ok(evidence) => evidence,
        Err(problem) => return Ok(unreadable(arguments, &problem)),
    };
    let view = verdict(report_of(&evidence, trust.as_ref(), host::now(), arguments.language));
    print(arguments, &view)?;
    Ok(ExitCode::from(code(arguments, &view)))
}

fn language(code: &str) -> Result<Language, &'static str> {
    Language::parse(code).ok_or("write en, fi, pt or es")
}

fn read(path: &PathBuf) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(FILE_LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn open_trust(path: &PathBuf) -> anyhow::Result<fieldproof_seal::trust::Trust> {
    let bytes = read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let file = TrustFile::parse(&bytes).with_context(|| format!("{} is no trust file", path.display()))?;
    file.open().with_context(|| format!("{} does not hold together", path.display()))
}

/// A damaged file of ours could be anything: could not tell. What was never ours is misuse.
fn unreadable(arguments: &Arguments, problem: &Error) -> ExitCode {
    let view = error::view(problem);
    if arguments.json {
        println!("{}", serde_json::json!({ "error": view }));
    } else {
        eprintln!("{} {}", view.message, view.next);
    }
    ExitCode::from(if matches!(problem, Error::DamagedFile(_)) { 2 } else { NOT_OURS })
}

fn code(arguments: &Arguments, view: &VerdictView) -> u8 {
    let answer = |answer| match answer {
        AnswerView::Yes => 0,
        AnswerView::No => 1,
        AnswerView::CouldNotTell => 2,
    };
    match (arguments.require_status, view.genuine.answer) {
        (true, AnswerView::Yes) => answer(view.in_force.answer),
        (_, genuine) => answer(genuine),
    }
}

/// A reader that stops listening, such as `head`, is no failure.
fn print(arguments: &Arguments, view: &VerdictView) -> anyhow::Result<()> {
    let text = if arguments.json {
        serde_json::to_string_pretty(view)?
    } else {
        lines(view).iter().map(|line| harmless(line)).collect::<Vec<_>>().join("\n")
    };
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Texts of a forged certificate must not be able to paint over the verdict.
fn harmless(line: &str) -> String {
    let moves = |c: char| {
        c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    line.chars().map(|c| if moves(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn lines(view: &VerdictView) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(view.banner.clone());
    lines.push(format!("{}: {}", view.what, view.headline));
    let question = |line: &CheckLine| format!("{}  {}  {}", line.name, word(line.answer), line.because);
    lines.extend([question(&view.genuine), question(&view.in_force)]);
    lines.extend(view.facts.iter().map(|fact| format!("  {}: {}", fact.label, fact.value)));
    let check = |check: &CheckLine| format!("  [{}] {}: {}", word(check.answer), check.name, check.because);
    lines.extend(view.checks.iter().map(check));
    lines.extend(view.lists.iter().map(|list| format!("  {list}")));
    lines
}

const fn word(answer: AnswerView) -> &'static str {
    match answer {
        AnswerView::Yes => "yes",
        AnswerView::No => "no",
        AnswerView::CouldNotTell => "could not tell",
    }
}
