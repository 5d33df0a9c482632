//! The child of the memory test: unlocks with a passphrase, sets a PIN, works, locks; says each and waits to be let on.
//!
//! Arguments: laptop folder, person. The passphrase comes on standard input, as everything typed does.
#![expect(clippy::print_stdout, reason = "standard output is the pipe to the parent")]

use std::{
    io::{BufRead, Write, stdin},
    path::Path,
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
    let [laptop, person] = arguments.as_slice() else {
        anyhow::bail!("two arguments are needed");
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
    Ok(())
}
