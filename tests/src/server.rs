//! A register on a socket.

use fieldproof_register::{Register, serve};
use tokio::{net::TcpListener, runtime::Runtime};

/// A register that answers on a free port for as long as this lives.
#[derive(Debug)]
pub struct Server {
    /// Where it answers.
    pub address: String,
    _runtime: Runtime,
}

impl Server {
    /// Starts it.
    #[must_use]
    pub fn start(register: Register) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(serve(listener, register, std::future::pending()));
        Self { address, _runtime: runtime }
    }
}
