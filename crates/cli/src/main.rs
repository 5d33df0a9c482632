//! `fieldproof`: everything a script or an auditor needs without a window.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line answers on standard output")]

mod demonstration;
mod enrol;
mod host;
mod institution;
mod key_set;
mod laptop;
mod page;
mod register;
mod scheme;
mod shelf;
mod stick;
mod verify;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// The arguments are not understood (sysexits EX_USAGE).
const MISUSE: u8 = 64;
/// Something outside failed (sysexits EX_SOFTWARE).
const FAILED: u8 = 70;

/// Records and certificates of live-work practicals: verify them, keep the register, try everything out.
#[derive(Debug, Parser)]
#[command(name = "fieldproof", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Verifies a certificate (PDF, picture or text) or a record file, without a network.
    ///
    /// Exits with 0 when it is genuine, 1 when it is not, 2 when it could not be told, 64 and above for misuse.
    Verify(verify::Arguments),
    /// Runs one whole assessment without a window and leaves its results in a folder.
    Demo {
        /// The folder, made if it is not there; it must be empty.
        #[arg(long)]
        out: PathBuf,
    },
    /// Opens the demonstration: a register, a laptop, and the window.
    Demonstration(demonstration::run::Arguments),
    /// Writes the verify page: one file that checks certificates without a network or an account.
    Page(page::Arguments),
    /// Runs the register of an institution, or imports what a stick brought.
    Register(register::Arguments),
    /// Backs a laptop up into one sealed file; standard input holds a passphrase.
    Backup(laptop::BackUp),
    /// Unpacks a backup; standard input holds a passphrase or a recovery key.
    Restore(laptop::Restore),
    /// Saves what can be read of a damaged laptop into one sealed file; standard input holds a passphrase or a recovery
    /// key.
    Rescue(laptop::Rescue),
    /// Carries records to the register without a network; standard input holds a passphrase.
    Stick(stick::Arguments),
    /// Founds an institution, and does its coordinator's work.
    Institution(institution::Arguments),
    /// Makes a new laptop, asks an institution, takes its pack.
    Enrol(enrol::Arguments),
    /// Checks scheme documents.
    Scheme(scheme::Arguments),
}

fn main() -> ExitCode {
    host::write_no_dumps();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, everything else is misuse.
            let code = if error.use_stderr() { ExitCode::from(MISUSE) } else { ExitCode::SUCCESS };
            return if error.print().is_ok() { code } else { ExitCode::from(FAILED) };
        }
    };
    let done = match arguments.command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Demo { out } => demonstration::job::run(&out).map(|()| ExitCode::SUCCESS),
        Command::Demonstration(arguments) => demonstration::run::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Page(arguments) => page::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Register(arguments) => register::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Backup(arguments) => laptop::back_up(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Restore(arguments) => laptop::restore(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Rescue(arguments) => laptop::rescue(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Stick(arguments) => stick::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Institution(arguments) => institution::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Enrol(arguments) => enrol::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Scheme(arguments) => scheme::run(&arguments),
    };
    done.unwrap_or_else(|error| {
        eprintln!("fieldproof: {error:#}");
        ExitCode::from(FAILED)
    })
}
