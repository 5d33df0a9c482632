//! The child of the fault suites. Arguments: laptop folder, run, register address or `-`, jobs, sabotage or `-`, day.

use std::path::Path;

use fieldproof_store::sabotage::{self, Sabotage};
use fieldproof_tests::life::Life;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [laptop, run, register, jobs, wrong, day] = arguments.as_slice() else {
        anyhow::bail!("six arguments are needed");
    };
    if let Some(wrong) = Sabotage::ALL.into_iter().find(|known| known.name() == wrong) {
        sabotage::set(wrong);
    }
    let register = Some(register.as_str()).filter(|address| *address != "-");
    let mut life = Life::new(Path::new(laptop), run, register, day.parse()?);
    for job in jobs.split(' ') {
        life.live(job);
    }
    Ok(())
}
