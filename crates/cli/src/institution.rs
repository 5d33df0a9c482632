//! `fieldproof institution`: founding one, and a coordinator's work without a window.

use std::{
    collections::BTreeSet,
    fs,
    io::Read,
    num::NonZero,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail, ensure};
use fieldproof_api::{
    Api,
    dto::{ErrorView, ImportRosterInput, MapRosterInput, RosterMapping, RosterStateView, RosterView, SetCourseInput},
};
use fieldproof_app::{App, EpochReport, HeardUpTo, NewGrant, Office, read_request};
use fieldproof_model::{digest::Digest, id::SchemeId, time::Date};
use fieldproof_register::{
    Register, Storage,
    founding::{Charter, Founding},
    root::{open_root, seal_root},
};
use fieldproof_seal::{delegation::Role, envelope::Purpose, snapshot::Ended, trust::TrustFile};
use zeroize::Zeroizing;

use crate::{
    host::{self, CommandLine},
    laptop::{Person, read_secret, said},
    register::Kept,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Founds an institution: its root, its register, and the laptop of its first coordinator. Standard input holds two
    /// lines: the coordinator's passphrase, and the root's.
    Init(Init),
    /// Tries whether a sealed root opens, without using it; standard input holds its passphrase or its recovery key.
    CheckRoot {
        /// root.age or root-recovery.age.
        root: PathBuf,
        /// The institution's trust file.
        #[arg(long)]
        trust: PathBuf,
    },
    /// Shows who is enrolled, and what was published.
    Show(Person),
    /// Signs a scheme with the institution's values.
    Publish {
        #[command(flatten)]
        desk: Person,
        /// The scheme's document.
        document: PathBuf,
        /// The institution's values.
        values: PathBuf,
    },
    /// Creates or changes a course from a file (JSON, the fields of the course form).
    Course {
        #[command(flatten)]
        desk: Person,
        /// The file.
        file: PathBuf,
    },
    /// Puts the people of a table (CSV or XLSX) on a course's roster; those who are there already are not added twice.
    Roster(Roster),
    /// Says where the register is.
    RegisterAt {
        #[command(flatten)]
        desk: Person,
        /// Its address.
        address: String,
        /// The key that it shows over TLS, as `fieldproof register` prints it, where that is another one than before.
        #[arg(long)]
        key: Option<String>,
    },
    /// Shows who waits at the register to be enrolled.
    Requests(Person),
    /// Enrols whoever made a request, or changes what they may do; compare the code by ear first.
    Admit(Admit),
    /// Ends a delegation today.
    End {
        #[command(flatten)]
        desk: Person,
        /// The delegation, as `show` names it.
        delegation: String,
        /// Somebody else may have the key.
        #[arg(long)]
        compromised: bool,
    },
    /// Writes the newest pack of a laptop into a folder.
    Pack {
        #[command(flatten)]
        desk: Person,
        /// The code of the request that the laptop made.
        code: String,
        /// The folder.
        #[arg(long)]
        to: PathBuf,
    },
    /// Brings the packs to the register, and what this laptop sealed.
    Send(Person),
    /// Asks the register what was refused and what is missing, whose paper is out, and says whom to call.
    Shelf(crate::shelf::Arguments),
    /// Changes the institution's working keys, with its root.
    KeySet(crate::key_set::Arguments),
}

#[derive(Debug, clap::Args)]
struct Init {
    /// The folder for everything, made if it is not there; it must be empty.
    #[arg(long)]
    dir: PathBuf,
    /// The institution's name.
    #[arg(long)]
    name: String,
    /// Host and path printed in certificates, such as `fieldproof.example/v`.
    #[arg(long)]
    address: String,
    /// The first coordinator's name.
    #[arg(long)]
    coordinator: String,
    /// Its documents serve practice, and do not count.
    #[arg(long)]
    practice: bool,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Debug, clap::Args)]
struct Admit {
    #[command(flatten)]
    desk: Person,
    /// The request: its file, or a picture of its symbol.
    request: PathBuf,
    /// The code that the person read out.
    #[arg(long)]
    code: String,
    /// A scheme's identifier; several where it is repeated, none for somebody who coordinates and does not assess.
    #[arg(long, requires = "until")]
    scheme: Vec<String>,
    /// What the person may do; several where it is repeated.
    #[arg(long, value_enum, default_value = "assessor")]
    role: Vec<RoleName>,
    /// Certificates may be printed on site.
    #[arg(long)]
    certify: bool,
    /// First day, as 2026-03-02; today where it is left out.
    #[arg(long)]
    from: Option<String>,
    /// Last day.
    #[arg(long)]
    until: Option<String>,
    /// The longest time without contact with the register, in days.
    #[arg(long)]
    contact_days: Option<u16>,
}

#[derive(Debug, clap::Args)]
struct Roster {
    #[command(flatten)]
    desk: Person,
    /// The course, as `show` names it.
    course: String,
    /// The table.
    file: PathBuf,
    /// Shows every row and adds nobody.
    #[arg(long)]
    dry_run: bool,
    /// The column of the name, or of the first names, counted from 1, where the headings do not tell.
    #[arg(long)]
    name_column: Option<NonZero<u32>>,
    /// The column of the family name, where it has one of its own.
    #[arg(long, requires = "name_column")]
    family_name_column: Option<NonZero<u32>>,
    /// The column of the year or date of birth.
    #[arg(long)]
    birth_column: Option<NonZero<u32>>,
    /// The column of a telephone number or an e-mail address.
    #[arg(long)]
    contact_column: Option<NonZero<u32>>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum RoleName {
    Assessor,
    SecondAssessor,
    Trainer,
    Moderator,
    SecondPerson,
}

impl RoleName {
    const fn role(self) -> Role {
        match self {
            Self::Assessor => Role::Assessor,
            Self::SecondAssessor => Role::SecondAssessor,
            Self::Trainer => Role::Trainer,
            Self::Moderator => Role::Moderator,
            Self::SecondPerson => Role::SecondPerson,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    match &arguments.command {
        Command::Init(init) => found(init),
        Command::CheckRoot { root, trust } => check_root(root, trust),
        Command::Show(desk) => show(&desk.unlock()?),
        Command::Publish { desk, document, values } => {
            let app = desk.unlock()?;
            let scheme = app.publish_scheme(&text(document)?, &text(values)?).map_err(|e| said(&e))?;
            println!("Published: scheme {scheme}");
            Ok(())
        }
        Command::Course { desk, file } => {
            let course: SetCourseInput = serde_json::from_str(&text(file)?)
                .with_context(|| format!("{} is no course: the form's fields are expected, in JSON", file.display()))?;
            let api = Api::new(desk.unlock()?, None);
            api.call("set_course", serde_json::to_value(course)?).map_err(|view| refused(&view))?;
            println!("Kept.");
            Ok(())
        }
        Command::Roster(arguments) => roster(arguments),
        Command::RegisterAt { desk, address, key } => {
            let pin =
                key.as_deref().map(|key| Digest::parse(key).context("a key is 64 hexadecimal digits")).transpose()?;
            desk.unlock()?.set_register(address, pin).map_err(|e| said(&e))?;
            println!("Kept. The packs that say so go out with the next sending.");
            Ok(())
        }
        Command::Requests(desk) => {
            for request in desk.unlock()?.waiting_requests().map_err(|e| said(&e))? {
                println!("{}  {}", request.code(), request.request.person.name.as_str());
            }
            Ok(())
        }
        Command::Admit(arguments) => admit(arguments),
        Command::End { desk, delegation, compromised } => {
            let digest = Digest::parse(delegation).context("this is no delegation: `show` names them")?;
            let end = if *compromised { Ended::Compromised } else { Ended::Retired };
            desk.unlock()?.end_delegation(&digest, end).map_err(|e| said(&e))?;
            println!("Ended. The register lists it after the next sending.");
            Ok(())
        }
        Command::Pack { desk, code, to } => {
            let app = desk.unlock()?;
            let office = app.office().map_err(|e| said(&e))?;
            let member = office.members.iter().find(|member| member.request.code() == *code);
            let member = member.context("nobody was admitted with this code")?;
            let path = app.write_pack(&member.request.request.installation, to).map_err(|e| said(&e))?;
            println!("{}", path.display());
            Ok(())
        }
        Command::KeySet(arguments) => crate::key_set::run(arguments),
        Command::Shelf(arguments) => crate::shelf::run(arguments),
        Command::Send(desk) => send(desk),
    }
}

/// Brings packs and records to the register, and hears what it tells.
fn send(desk: &Person) -> anyhow::Result<()> {
    let app = desk.unlock()?;
    let report = app.send().map_err(|e| said(&e))?;
    let brought = report.packs.as_ref().map_or(0, |packs| packs.brought);
    println!("Packs brought: {brought}. Records in the register: {}.", report.complete);
    if let Some(HeardUpTo { number, newest, at }) = app.heard().map_err(|e| said(&e))? {
        println!("Heard up to entry {number} of {newest} from the register, {} {} UTC.", at.date(), at.clock_utc());
    }
    tell_of_epoch(&report.epoch);
    fieldproof_api::told(&report).iter().for_each(|told| println!("{told}"));
    let kept = report.failed.len().saturating_add(report.not_sent);
    ensure!(kept == 0, "{kept} records did not get through; they are kept on this laptop and go with the next sending");
    ensure!(report.packs.is_ok() && report.untold.is_none(), "not everything got through; send again");
    Ok(())
}

/// Whoever runs the register may not have said that it was restored.
fn tell_of_epoch(report: &EpochReport) {
    let EpochReport { epoch, lost, given_back, .. } = report;
    if report.is_new {
        println!(
            "The register was restored from a backup and counts anew, in epoch {epoch}. Of this laptop's records it lost \
             {lost} and has {given_back} back. Every other laptop should send once."
        );
    }
}

fn refused(view: &ErrorView) -> anyhow::Error {
    anyhow::anyhow!("{} {}", view.message, view.next)
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn found(init: &Init) -> anyhow::Result<()> {
    let dir = &init.dir;
    ensure!(is_empty(dir)?, "{} is not empty; an institution is founded in a folder of its own", dir.display());
    let storage = init.kept.storage()?;
    let mut input = Zeroizing::new(String::new());
    std::io::stdin().take(4_096).read_to_string(&mut input).context("standard input cannot be read")?;
    let mut lines = input.lines().map(str::trim).filter(|line| !line.is_empty());
    let (Some(coordinator), Some(root), None) = (lines.next(), lines.next(), lines.next()) else {
        bail!("standard input holds two lines: the coordinator's passphrase, and the root's");
    };
    fieldproof_app::check_passphrase(root).map_err(|weakness| anyhow::anyhow!("the root's passphrase: {weakness}"))?;
    storage.try_for_new().with_context(|| {
        format!("nothing was founded, and nothing is in {}; once this is mended, begin again", dir.display())
    })?;
    found_on(&storage, init, coordinator, root).or_else(|error| {
        ensure!(!is_empty(dir)?, error);
        let anew = if storage.database.is_some() { "begin again with an empty database" } else { "begin again" };
        Err(error.context(format!(
            "nothing was founded, and what is in {} counts for nobody: once this is mended, remove the folder, and {anew}",
            dir.display()
        )))
    })
}

/// Whether nothing is in a folder, or nothing in its place.
fn is_empty(dir: &Path) -> anyhow::Result<bool> {
    Ok(!dir.exists() || fs::read_dir(dir)?.next().is_none())
}

fn found_on(storage: &Storage, init: &Init, coordinator: &str, root: &str) -> anyhow::Result<()> {
    let dir = &init.dir;
    let app = App::new(&dir.join("laptop"), Box::new(CommandLine::start()));
    app.begin(&init.coordinator, None, coordinator).map_err(|e| said(&e))?;
    let asked = app.request().map_err(|e| said(&e))?.request;
    let charter = Charter {
        purpose: if init.practice { Purpose::Practice } else { Purpose::Real },
        name: init.name.clone(),
        address: init.address.clone(),
        contact_days: None,
    };
    let founding = Founding::begin(charter, asked.key, host::now(), &mut host::random);
    // The root first: whatever else is lost can be made anew with it.
    let sealed = seal_root(founding.root(), root)?;
    fs::write(dir.join("root.age"), &sealed.by_passphrase).context("the sealed root")?;
    fs::write(dir.join("root-recovery.age"), &sealed.by_recovery_key).context("the sealed root")?;
    let register = Register::create_on(storage, &dir.join("register"), &founding.material(), Arc::new(host::now))?;
    // Every other laptop is admitted by the pack that a coordinator brings.
    register.admit_installation(&asked.installation)?;
    app.found(&founding.trust(), &founding.beacon(), register.tls_pin()).map_err(|e| said(&e))?;
    fs::write(dir.join("trust.cbor"), founding.trust().to_bytes()).context("the trust file")?;
    let code = app.office().map_err(|e| said(&e))?.code;
    println!("Founded: {}. Its code is {code}: read it out to whoever enrols.", init.name);
    println!("root.age and root-recovery.age hold the root. Move both to media that see no network.");
    println!("The root's recovery key, to be written down and kept elsewhere; it is shown this once:");
    println!("{}", sealed.recovery_key.as_str());
    println!("Start the register: fieldproof register --data {}", dir.join("register").display());
    Ok(())
}

fn check_root(root: &Path, trust: &Path) -> anyhow::Result<()> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    let trust = TrustFile::parse(&read(trust)?).context("this is no trust file")?;
    let opened = open_root(&read(root)?, &read_secret()?)?;
    ensure!(opened.public() == trust.root, "this opens a root, and it is another institution's");
    println!("It opens: this is the root of {}.", trust.open()?.key_set.name);
    Ok(())
}

fn show(app: &App) -> anyhow::Result<()> {
    let Office { code, members, schemes, courses, register_address } = app.office().map_err(|e| said(&e))?;
    println!("Code: {code}");
    println!("Register: {}", if register_address.is_empty() { "none yet" } else { &register_address });
    for scheme in schemes {
        println!("Scheme {}  {} {}", scheme.id, scheme.title, scheme.version);
    }
    for (course, people) in courses {
        println!("Course {}  {}, {people} people", course.id, course.title);
    }
    for member in members {
        let (pack, is_at_register) = member.pack.unwrap_or((0, false));
        let place = if let Some(other) = member.other_office {
            &format!("passed over: another office made pack {other}")
        } else if is_at_register {
            "at the register"
        } else {
            "not at the register yet"
        };
        println!("{}  {}, pack {pack} {place}", member.request.code(), member.request.request.person.name.as_str());
        for (digest, delegation, ended) in member.delegations {
            let end = match ended {
                None => String::new(),
                Some((Ended::Retired, on)) => format!(", ended {on}"),
                Some((Ended::Compromised, on)) => format!(", ended {on}: the key may be in other hands"),
            };
            let (first, last) = (delegation.not_before, delegation.not_after);
            println!("  {digest}  scheme {}, {first} to {last}{end}", delegation.scheme);
        }
    }
    Ok(())
}

fn admit(arguments: &Admit) -> anyhow::Result<()> {
    let bytes =
        fs::read(&arguments.request).with_context(|| format!("{} cannot be read", arguments.request.display()))?;
    let request = read_request(&bytes).map_err(|e| said(&e))?;
    let typed = fieldproof_seal::short_code::parse_short_code(&arguments.code);
    ensure!(
        typed.as_deref() == Some(request.code().as_str()),
        "the code of this request is another one: ask the person to read it out again, and admit nobody whose code differs"
    );
    let app = arguments.desk.unlock()?;
    let day = |text: &str| Date::parse(text).map_err(|_| anyhow::anyhow!("{text} is no day: write it as 2026-03-02"));
    let first = arguments.from.as_deref().map_or_else(|| Ok(app.today()), day)?;
    let last = arguments.until.as_deref().map_or(Ok(first), day)?;
    let roles: BTreeSet<Role> = arguments.role.iter().map(|role| role.role()).collect();
    let grant = |scheme: &String| {
        let scheme = SchemeId::parse(scheme).with_context(|| format!("{scheme} is no scheme: `show` names them"))?;
        let (may_certify, contact_days) = (arguments.certify, arguments.contact_days);
        Ok(NewGrant { scheme, roles: roles.clone(), may_certify, first, last, contact_days })
    };
    let grants = arguments.scheme.iter().map(grant).collect::<anyhow::Result<Vec<_>>>()?;
    app.admit(&request, &grants).map_err(|e| said(&e))?;
    println!(
        "Enrolled: {}. The pack goes out with the next sending, or on a stick.",
        request.request.person.name.as_str()
    );
    Ok(())
}

fn roster(arguments: &Roster) -> anyhow::Result<()> {
    let Roster { course, file, .. } = arguments;
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let api = Api::new(arguments.desk.unlock()?, None);
    let mut read = api.read_roster(course, &bytes).map_err(|view| refused(&view))?;
    let place = |column: NonZero<u32>| column.get().saturating_sub(1);
    if arguments.name_column.or(arguments.birth_column).or(arguments.contact_column).is_some() {
        let guessed = read.mapping;
        let mapping = RosterMapping {
            name: arguments.name_column.map(place).or(guessed.name),
            family_name: match arguments.name_column {
                Some(_) => arguments.family_name_column.map(place),
                None => guessed.family_name,
            },
            birth: arguments.birth_column.map(place).or(guessed.birth),
            contact: arguments.contact_column.map(place).or(guessed.contact),
            has_headings: guessed.has_headings,
        };
        let input = serde_json::to_value(MapRosterInput { course_id: course.clone(), mapping })?;
        read = serde_json::from_value(api.call("map_roster", input).map_err(|view| refused(&view))?)?;
    }
    print_roster(&read);
    ensure!(read.mapping.name.is_some(), "no heading tells which column holds the name: say it with --name-column");
    if arguments.dry_run {
        println!("Nobody was added: this was a dry run.");
        return Ok(());
    }
    let input = serde_json::to_value(ImportRosterInput { course_id: course.clone() })?;
    api.call("import_roster", input).map_err(|view| refused(&view))?;
    println!("Added: {}. The packs that say so go out with the next sending.", read.to_add);
    Ok(())
}

fn print_roster(read: &RosterView) {
    println!("{}", read.form);
    for row in &read.rows {
        let what = match row.state {
            RosterStateView::New => "will be added",
            RosterStateView::Reached => "gets the contact",
            RosterStateView::Duplicate => "there already",
            RosterStateView::Wrong => "to be mended",
        };
        let born = row.birth_year.map(|year| format!(", born {year}")).unwrap_or_default();
        let contact = row.contact.as_ref().map(|contact| format!(", {contact}")).unwrap_or_default();
        println!("line {}  {what}  {}{born}{contact}  {}", row.line, row.name, row.note);
    }
    println!(
        "To add: {}. To get a contact: {}. There already: {}. To mend: {}. Blank: {}.",
        read.to_add, read.to_reach, read.there, read.to_mend, read.blank
    );
}
