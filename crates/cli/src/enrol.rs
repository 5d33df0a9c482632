//! `fieldproof enrol`: a new laptop without a window.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};
use fieldproof_app::App;

use crate::{
    host::CommandLine,
    laptop::{Person, read_secret, said},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Makes a new laptop in an empty folder; standard input holds the passphrase of its first person.
    Begin {
        #[command(flatten)]
        laptop: Person,
        /// The person's year of birth.
        #[arg(long)]
        born: Option<u16>,
    },
    /// Writes the request of a person into a folder, and shows its code.
    Request {
        #[command(flatten)]
        laptop: Person,
        /// The folder.
        #[arg(long)]
        to: PathBuf,
    },
    /// Leaves the request at a register, and shows its code.
    Ask {
        #[command(flatten)]
        laptop: Person,
        /// The register's address.
        address: String,
    },
    /// Takes the pack that came back: from a file, or from a register.
    Take {
        #[command(flatten)]
        laptop: Person,
        /// The pack's file.
        #[arg(required_unless_present = "from")]
        pack: Option<PathBuf>,
        /// The register's address.
        #[arg(long, conflicts_with = "pack")]
        from: Option<String>,
        /// The code that the coordinator read out; needed for the first pack.
        #[arg(long)]
        code: Option<String>,
    },
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    match &arguments.command {
        Command::Begin { laptop, born } => {
            let app = App::new(&laptop.laptop, Box::new(CommandLine::start()));
            app.begin(&laptop.person, *born, &read_secret()?).map_err(|e| said(&e))?;
            println!("Begun. Now ask the institution: fieldproof enrol request, or fieldproof enrol ask.");
        }
        Command::Request { laptop, to } => {
            let app = laptop.unlock()?;
            let path = app.write_request(to).map_err(|e| said(&e))?;
            println!(
                "{}\nRead the code to the coordinator: {}",
                path.display(),
                app.request().map_err(|e| said(&e))?.code()
            );
        }
        Command::Ask { laptop, address } => {
            let asked = laptop.unlock()?.ask_register(address).map_err(|e| said(&e))?;
            println!("Read the code to the coordinator: {}", asked.code());
        }
        Command::Take { laptop, pack, from, code } => {
            let app = laptop.unlock()?;
            let file = match (pack, from) {
                (Some(pack), _) => fs::read(pack).with_context(|| format!("{} cannot be read", pack.display()))?,
                (None, Some(address)) => match app.fetch_pack(address).map_err(|e| said(&e))? {
                    Some(file) => file,
                    None => bail!("The register has no pack for this laptop yet: the coordinator has not answered."),
                },
                (None, None) => bail!("name a file, or a register with --from"),
            };
            let preview = app.look_at_pack(&file).map_err(|e| said(&e))?;
            app.take_pack(&file, code.as_deref()).map_err(|e| said(&e))?;
            let (schemes, courses, people) = preview.brings;
            println!(
                "Pack {} of {}: {schemes} schemes, {courses} courses, {people} people.",
                preview.number, preview.institution
            );
        }
    }
    Ok(())
}
