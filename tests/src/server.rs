//! A register on a socket.

use fieldproof_register::{Register, serve, serve_tls};
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
        let (runtime, listener) = bound();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(serve(listener, register, std::future::pending()));
        Self { address, _runtime: runtime }
    }

    /// Starts it on TLS.
    #[must_use]
    pub fn start_tls(register: Register) -> Self {
        let (runtime, listener) = bound();
        let address = format!("https://{}", listener.local_addr().unwrap());
        runtime.spawn(serve_tls(listener, register, std::future::pending()));
        Self { address, _runtime: runtime }
    }
}

fn bound() -> (Runtime, TcpListener) {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    (runtime, listener)
}
