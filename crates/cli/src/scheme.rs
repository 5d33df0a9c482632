//! `fieldproof scheme check`: what is wrong with a scheme document, line by line, and what to do about it.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use fieldproof_model::scheme::lint::{Finding, Severity, lint};
use fieldproof_seal::scheme::{DOCUMENT_LIMIT, Problem, Which, check_scheme, parse_scheme};

/// Something is wrong with the document.
const PROBLEMS: u8 = 1;
/// The document could not be read.
const UNREADABLE: u8 = 2;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Says by line what is wrong with a scheme document, and what to do about it.
    ///
    /// Exits with 0 when nothing is wrong, 1 when something is, 2 when a file could not be read.
    Check(Check),
}

#[derive(Debug, clap::Args)]
struct Check {
    /// The scheme document.
    file: PathBuf,
    /// The institution's values; with them, the scheme is also looked at as a whole.
    #[arg(long)]
    values: Option<PathBuf>,
    /// Prints everything as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Command::Check(check) = &arguments.command;
    let read = read(&check.file).and_then(|document| {
        let values = check.values.as_deref().map(self::read).transpose()?;
        Ok((document, values))
    });
    let (document, values) = match read {
        Ok(read) => read,
        Err(error) => {
            eprintln!("fieldproof: {error:#}");
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    let problems = check_scheme(&document, values.as_deref());
    let scheme = values.and_then(|values| parse_scheme(&document, &values, None).ok());
    let findings = scheme.map(|scheme| lint(&scheme)).unwrap_or_default();
    print(check, &problems, &findings)?;
    let is_wrong = !problems.is_empty() || findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if is_wrong { ExitCode::from(PROBLEMS) } else { ExitCode::SUCCESS })
}

/// Reads no more of a file than can be a document: its length is looked at first, and a pipe has none.
fn read(path: &Path) -> anyhow::Result<String> {
    let limit = u64::try_from(DOCUMENT_LIMIT)?;
    let said = |error: &dyn std::fmt::Display| anyhow::anyhow!("{} cannot be read: {error}", path.display());
    let file = fs::File::open(path).map_err(|error| said(&error))?;
    let length = file.metadata().map_err(|error| said(&error))?.len();
    let mut bytes = Vec::new();
    if length <= limit {
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| said(&error))?;
    }
    if limit < length || DOCUMENT_LIMIT < bytes.len() {
        return Err(said(&format!("a document has at most {DOCUMENT_LIMIT} bytes")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let behind = error.utf8_error().valid_up_to();
        said(&format!("it is not UTF-8 behind byte {behind}; save it as UTF-8"))
    })
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn file_of(check: &Check, which: Which) -> &Path {
    match which {
        Which::Document => &check.file,
        Which::Values => check.values.as_deref().unwrap_or(&check.file),
    }
}

/// A reader that stops listening, such as `head`, is no failure.
fn print(check: &Check, problems: &[Problem], findings: &[Finding]) -> anyhow::Result<()> {
    let text = if check.json { json(check, problems, findings)? } else { lines(check, problems, findings) };
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn lines(check: &Check, problems: &[Problem], findings: &[Finding]) -> String {
    let problems = problems.iter().map(|problem| {
        let Problem { which, path, line, what, remedy, .. } = problem;
        let path = if path.is_empty() { "the whole" } else { path };
        format!("{}:{line}: {path}: {what} — {remedy}\n", file_of(check, *which).display())
    });
    let findings = findings.iter().map(|finding| {
        let Finding { severity, place, what } = finding;
        format!("{}: {}: {place}: {what}\n", check.file.display(), word(*severity))
    });
    let text: String = problems.chain(findings).collect();
    if text.is_empty() { format!("{}: nothing is wrong\n", check.file.display()) } else { text }
}

fn json(check: &Check, problems: &[Problem], findings: &[Finding]) -> anyhow::Result<String> {
    let problem = |problem: &Problem| {
        serde_json::json!({
            "file": file_of(check, problem.which).display().to_string(),
            "path": problem.path,
            "line": problem.line,
            "column": problem.column,
            "what": problem.what,
            "remedy": problem.remedy,
        })
    };
    let finding = |finding: &Finding| serde_json::json!({ "severity": word(finding.severity), "place": finding.place, "what": finding.what });
    let whole = serde_json::json!({
        "problems": problems.iter().map(problem).collect::<Vec<_>>(),
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&whole)?))
}
