//! A register on a socket, and a photo.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed, and says where")]

use fieldproof_register::{Register, serve};
use tokio::{net::TcpListener, runtime::Runtime};

/// A register that answers on a free port for as long as this lives.
pub(crate) struct Server {
    /// Where it answers.
    pub(crate) address: String,
    _runtime: Runtime,
}

impl Server {
    /// Starts it.
    pub(crate) fn start(register: Register) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(serve(listener, register, std::future::pending()));
        Self { address, _runtime: runtime }
    }
}

/// A small photo.
pub(crate) fn photo() -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(320, 200, |x, y| image::Rgb([(x % 251) as u8, (y % 200) as u8, 90]));
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}
