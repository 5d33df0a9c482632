//! A register for clients that are not ours: `transport FOLDER EVIDENCE` admits one installation, accepts one record
//! that names the file EVIDENCE, says where it listens, and answers until its standard input ends.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "what cannot be set up stops the program, and says where")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::{fs, path::PathBuf};

use common::{Institution, TestClock, installation};
use fieldproof_model::id::to_hex;
use fieldproof_register::{Register, serve};
use fieldproof_wire::RegisterProtocol;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let [folder, evidence] = [1, 2].map(|n| PathBuf::from(std::env::args().nth(n).unwrap()));
    let (institution, clock) = (Institution::esimerkki(), TestClock::new());
    let record = institution.record(1, &[&fs::read(evidence).unwrap()]).to_bytes();
    let register = if folder.exists() {
        Register::open(&folder, clock.clock()).unwrap()
    } else {
        let register = Register::create(&folder, &institution.material(), clock.clock()).unwrap();
        register.admit_installation(&installation().public()).unwrap();
        register.put_record(&record).await.unwrap();
        fs::write(folder.join("record.cbor"), record).unwrap();
        register
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    println!("{}", to_hex(installation().dangerously_expose_seed().as_slice()));
    let ended = tokio::task::spawn_blocking(|| drop(std::io::read_to_string(std::io::stdin())));
    serve(listener, register, async { drop(ended.await) }).await;
}
