//! The child of the kill test: records observations and tells its parent of each one that was acknowledged.
//!
//! Arguments: laptop folder, seed of its world, session, how many, `honest` or `sabotaged`.
#![expect(clippy::print_stdout, reason = "standard output is the pipe to the parent")]

use std::{io::Write, path::Path};

use fieldproof_app::App;
use fieldproof_model::{
    id::{PersonId, SessionId},
    observation::Observed,
    time::Timestamp,
};
use fieldproof_store::sabotage::{Sabotage, set};
use fieldproof_testkit::{TestHost, TestWorld, store_key};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [laptop, seed, session, count, mode] = arguments.as_slice() else {
        anyhow::bail!("five arguments are needed");
    };
    if mode == "sabotaged" {
        set(Sabotage::AcknowledgeBeforeCommit);
    }
    let host = TestHost::new(Timestamp::from_millis(1_772_445_600_000), session);
    let app = App::new(Path::new(laptop), Box::new(host));
    app.enter_with_raw_key(PersonId::new([1; 16]), &store_key(seed), TestWorld::assessor_key(1))?;
    let session = SessionId::parse(session)?;
    for number in 0..count.parse::<u32>()? {
        app.observe(session, Observed::Note { criterion: None, text: format!("observation {number}") }, 0)?;
        println!("{number}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
