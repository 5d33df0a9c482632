//! `make bench`: how long one tap takes until it is on disk, beside the bare commit it cannot be faster than.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints its figures or stops")]

use std::time::Duration;

use fieldproof_model::observation::Observed;
use fieldproof_testkit::TestWorld;

const TAPS: u32 = 200;

#[expect(clippy::disallowed_methods, reason = "this measures")]
fn measure(mut work: impl FnMut(u32)) -> Vec<Duration> {
    let mut times: Vec<_> = (0..TAPS)
        .map(|turn| {
            let start = std::time::Instant::now();
            work(turn);
            start.elapsed()
        })
        .collect();
    times.sort();
    times
}

fn main() {
    let world = TestWorld::new("bench");
    world.unlock();
    let session = world.start_session();
    let taps = measure(|turn| {
        world.app.observe(session, Observed::Note { criterion: None, text: format!("tap {turn}") }, 0).unwrap();
    });
    let people = measure(|turn| {
        world.app.add_person(&format!("Person {turn}"), None).unwrap();
    });
    let middle = |times: &[Duration]| times.get(times.len() / 2).copied().unwrap_or_default();
    let (tap, commit) = (middle(&taps), middle(&people));
    println!("tap to disk, session read back:  median {tap:?}, slowest {:?}", taps.last().unwrap());
    println!("one row committed:               median {commit:?}");
    println!("ratio: {:.1}", tap.as_secs_f64() / commit.as_secs_f64());
}
