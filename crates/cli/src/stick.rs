//! `fieldproof stick`: a laptop's records written into one encrypted file, and the answers taken from another.

use std::path::PathBuf;

use fieldproof_app::Error;

use crate::laptop::{Person, said};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Writes everything that is not in the register yet into one encrypted file.
    Write {
        #[command(flatten)]
        laptop: Person,
        /// The new file.
        #[arg(long)]
        to: PathBuf,
    },
    /// Brings such a file of anybody's to the register, from a coordinator's laptop; the answers lie beside it then.
    Carry {
        #[command(flatten)]
        laptop: Person,
        /// The file.
        bundle: PathBuf,
    },
    /// Takes the answers that the register gave to such a file.
    Take {
        #[command(flatten)]
        laptop: Person,
        /// The answers file.
        answers: PathBuf,
    },
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    match &arguments.command {
        Command::Write { laptop, to } => {
            let app = laptop.unlock()?;
            let written = app.write_bundle(to, &mut |_| {}).map_err(|error| said(&error))?;
            println!(
                "{}: {} records with {} photos and files, as bundle {}.",
                to.display(),
                written.records,
                written.evidence,
                written.bundle
            );
            tell("left out", &written.left_out);
            if written.is_full {
                println!("This is as much as one file may hold: write another one when its answers are there.");
            }
        }
        Command::Carry { laptop, bundle } => {
            let app = laptop.unlock()?;
            let carried = app.carry_bundle(bundle, &mut |_| {}).map_err(|error| said(&error))?;
            println!("The register has it. Its answers are in {}: carry them back.", carried.answers.display());
            if !carried.was_whole {
                println!("It could not be read to its end: have it written and carried again.");
            }
        }
        Command::Take { laptop, answers } => {
            let app = laptop.unlock()?;
            let taken = app.take_answers(answers).map_err(|error| said(&error))?;
            println!("In the register: {}. Held: {}. Refused: {}.", taken.complete, taken.held, taken.refused);
            tell("not taken", &taken.failed);
            if 0 < taken.ignored {
                println!("About nothing of this laptop: {}.", taken.ignored);
            }
            if 0 < taken.forks || 0 < taken.entries_refused || 0 < taken.chains_differ {
                let (forks, refused, others) = (taken.forks, taken.entries_refused, taken.chains_differ);
                println!(
                    "Chains: {forks} places hold something else, {refused} entries were not taken, {others} chains are \
                     others there than here. Tell the coordinator."
                );
            }
            match taken.was_whole {
                Some(true) => {}
                Some(false) => println!("The register could not read the bundle to its end: carry it again."),
                None => println!("The answers end too early: copy the file again, whole."),
            }
        }
    }
    Ok(())
}

fn tell(what: &str, left: &[(fieldproof_model::id::SessionId, Error)]) {
    for (session, error) in left {
        println!("{what}: session {session}: {}", said(error));
    }
}
