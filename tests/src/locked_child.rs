//! The child of the memory test: unlocks with a passphrase, sets a PIN, works, locks, locks again during a backup; says
//! each and waits to be let on.
//!
//! Arguments: laptop folder, person, folder for the backup. The passphrase comes on standard input, as everything typed does.
#![expect(clippy::print_stdout, reason = "standard output is the pipe to the parent")]

use std::{
    io::{BufRead, Write, stdin},
    path::Path,
    sync::mpsc,
    thread,
    time::Duration,
};

use fieldproof_app::App;
use fieldproof_model::id::PersonId;
use fieldproof_testkit::{MORNING, TestHost};
use zeroize::Zeroizing;

fn say(word: &str) -> std::io::Result<()> {
    println!("{word}");
    std::io::stdout().flush()
}

fn next_line() -> std::io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(256));
    stdin().lock().read_line(&mut line)?;
    Ok(line)
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [laptop, person, folder] = arguments.as_slice() else {
        anyhow::bail!("three arguments are needed");
    };
    let app = App::new(Path::new(laptop), Box::new(TestHost::new(MORNING, "locked-child")));
    let person = PersonId::parse(person)?;
    app.unlock(person, next_line()?.trim())?;
    app.set_pin("240816")?;
    app.add_person("Zacharias Zufall", Some(1999))?;
    say("unlocked")?;
    next_line()?;
    app.lock();
    say("locked")?;
    next_line()?;
    app.unlock_with_pin(person, "240816")?;
    app.lock();
    say("locked again")?;
    next_line()?;
    app.unlock_with_pin(person, "240816")?;
    lock_during_a_backup(&app, Path::new(folder))
}

/// Locks when a backup has begun and goes on for a while.
fn lock_during_a_backup(app: &App, folder: &Path) -> anyhow::Result<()> {
    let (begun, is_begun) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut begun = Some(begun);
            app.back_up(folder, &mut |_| {
                drop(begun.take());
                while app.status().is_ok_and(|status| status.unlocked.is_some()) {
                    thread::yield_now();
                }
                // As a slow disk would.
                let (_never, is_told) = mpsc::channel::<()>();
                drop(is_told.recv_timeout(Duration::from_millis(500)));
            })
        });
        // The other end is let go of with the first step.
        let _begun: Result<(), _> = is_begun.recv();
        app.lock();
        say("locked during a backup")?;
        next_line()?;
        Ok(())
    })
}
