//! The child of the memory test: is told passphrase and PIN, unlocks, sets the PIN, works, locks, unlocks with the PIN, and
//! locks again during a backup, each through the list of commands as the window does; says each and waits to be let on.
//!
//! Arguments: laptop folder, person, folder for the backup. Passphrase and PIN come on standard input, as everything typed
//! does: nothing but what this program itself keeps of them is then in its memory.
#![expect(clippy::print_stdout, reason = "standard output is the pipe to the parent")]

use std::{
    fs::File,
    io::{Read, Write, stdin},
    os::fd::AsFd,
    path::Path,
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::{Context, anyhow};
use fieldproof_api::Api;
use fieldproof_app::{App, Error};
use fieldproof_store::StoreError;
use fieldproof_testkit::{MORNING, TestHost};
use serde_json::{Value, json};
use zeroize::Zeroizing;

fn say(word: &str) -> std::io::Result<()> {
    println!("{word}");
    std::io::stdout().flush()
}

/// A line, without a buffer in between that would keep it.
fn next_line(input: &mut File) -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(Vec::with_capacity(256));
    let mut byte = Zeroizing::new([0]);
    while input.read(byte.as_mut_slice())? == 1 && *byte != *b"\n" {
        line.extend_from_slice(byte.as_slice());
    }
    Ok(Zeroizing::new(String::from_utf8(std::mem::take(&mut *line))?))
}

/// One call, as the window makes it.
fn call(api: &Api, command: &str, input: Value) -> anyhow::Result<()> {
    api.call(command, input).map(|_| ()).map_err(|view| anyhow!("{command}: {}", view.message))
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [laptop, person, folder] = arguments.as_slice() else {
        anyhow::bail!("three arguments are needed");
    };
    let mut input = File::from(stdin().as_fd().try_clone_to_owned()?);
    let api = Api::new(App::new(Path::new(laptop), Box::new(TestHost::new(MORNING, "locked-child"))), None);
    let (passphrase, pin) = (next_line(&mut input)?, next_line(&mut input)?);
    say("typed")?;
    next_line(&mut input)?;
    call(&api, "unlock", json!({ "assessorId": person, "passphrase": passphrase.as_str() }))?;
    drop(passphrase);
    say("unlocked")?;
    next_line(&mut input)?;
    call(&api, "set_pin", json!({ "pin": pin.as_str() }))?;
    drop(pin);
    call(&api, "add_person", json!({ "name": "Zacharias Zufall", "birthYear": 1999 }))?;
    say("at work")?;
    next_line(&mut input)?;
    call(&api, "lock", json!({}))?;
    say("locked")?;
    let pin = next_line(&mut input)?;
    call(&api, "unlock_with_pin", json!({ "assessorId": person, "pin": pin.as_str() }))?;
    drop(pin);
    call(&api, "lock", json!({}))?;
    say("locked again")?;
    let pin = next_line(&mut input)?;
    call(&api, "unlock_with_pin", json!({ "assessorId": person, "pin": pin.as_str() }))?;
    drop(pin);
    lock_during_a_backup(api.app(), Path::new(folder), &mut input)
}

/// Locks when a backup has begun and goes on for a while.
fn lock_during_a_backup(app: &App, folder: &Path, input: &mut File) -> anyhow::Result<()> {
    let (begun, is_begun) = mpsc::channel();
    thread::scope(|scope| {
        let backup = scope.spawn(|| {
            let mut begun = Some(begun);
            app.back_up(folder, &mut |_| {
                let Some(begun) = begun.take() else { return };
                let _heard: Result<(), _> = begun.send(());
                while app.status().is_ok_and(|status| status.unlocked.is_some()) {
                    thread::yield_now();
                }
                // As a slow disk would.
                let (_never, is_told) = mpsc::channel::<()>();
                let _nobody_tells: Result<(), _> = is_told.recv_timeout(Duration::from_millis(500));
            })
        });
        is_begun.recv().context("no backup was going on")?;
        app.lock();
        say("locked during a backup")?;
        next_line(input)?;
        let made = backup.join().map_err(|_| anyhow!("the backup fell over"))?;
        anyhow::ensure!(matches!(made, Err(Error::Store(StoreError::Stopped))), "it was not stopped: {made:?}");
        Ok(())
    })
}
