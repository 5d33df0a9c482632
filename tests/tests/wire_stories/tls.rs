//! What can be wrong with a protected connection.

use std::{net::SocketAddr, sync::Arc};

use fieldproof_api::error::view;
use fieldproof_app::Error;
use fieldproof_model::digest::Digest;
use fieldproof_register::{Register, serve_tls};
use fieldproof_seal::digest_of;
use fieldproof_sync::{HttpError, HttpRegister, SendError};
use fieldproof_tests::scratch;
use fieldproof_wire::RegisterProtocol;
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::ParsedCertificate,
    version::TLS12,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use super::{
    BROKE, GARBAGE, Laptop, PAGE, UNREACHABLE,
    institution::{Place, installation},
    register,
};

const OTHER_SERVER: &str = "Another server answers at the register's address.";
const UNPROTECTED: &str = "What answers at the register's address makes no protected connection.";

async fn served(register: Register) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(serve_tls(listener, register, std::future::pending()));
    at
}

fn client(at: SocketAddr, pin: Digest) -> HttpRegister {
    HttpRegister::pinned(&format!("https://{at}"), pin).unwrap().signing_with(installation())
}

/// What the person is told when somebody is greeted who is not there as he should be.
async fn told(client: HttpRegister) -> String {
    let error: HttpError = client.hello().await.unwrap_err();
    view(&Error::Send(SendError::Register(error))).message
}

/// A socket on which everybody gets the same treatment.
async fn on_a_socket<F, W>(treat: F) -> SocketAddr
where
    F: Fn(TcpStream) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(treat(stream));
        }
    });
    at
}

async fn says(answer: &'static [u8]) -> SocketAddr {
    on_a_socket(move |mut stream| async move {
        drop(stream.read(&mut [0; 4096]).await);
        drop(stream.write_all(answer).await);
    })
    .await
}

/// Ends the connection after so many bytes up or down.
async fn cut(to: SocketAddr, up: usize, down: usize) -> SocketAddr {
    on_a_socket(move |client| async move {
        let register = TcpStream::connect(to).await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_register, mut to_register) = register.into_split();
        tokio::select! {
            _ = async { tokio::io::copy(&mut (&mut from_client).take(up as u64), &mut to_register).await } => {}
            _ = async { tokio::io::copy(&mut (&mut from_register).take(down as u64), &mut to_client).await } => {}
        }
    })
    .await
}

/// A server that speaks nothing newer than TLS 1.2, with a key that is the right one; and its pin.
async fn old_fashioned() -> (SocketAddr, Digest) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::default().self_signed(&key).unwrap().der().clone();
    let pin = digest_of(&ParsedCertificate::try_from(&certificate).unwrap().subject_public_key_info());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&TLS12])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate.to_vec())], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let at = on_a_socket(move |stream| {
        let acceptor = acceptor.clone();
        async move { drop(acceptor.accept(stream).await) }
    })
    .await;
    (at, pin)
}

#[tokio::test]
async fn the_protected_connection_is_wrong() {
    let (institution, _place, register) = register();
    let (pin, at) = (register.tls_pin(), served(register.clone()).await);
    let elsewhere = Place::within(scratch());
    let other = elsewhere.create(&institution);
    let in_clear = super::served(register.clone()).await;
    let (old, old_pin) = old_fashioned().await;

    let mut rows = vec![
        ("another key", client(served(other).await, pin), OTHER_SERVER),
        ("bytes of nothing", client(says(GARBAGE).await, pin), UNPROTECTED),
        ("a page in clear", client(says(PAGE).await, pin), UNPROTECTED),
        ("a register in clear", client(in_clear, pin), UNPROTECTED),
        ("TLS 1.2 at most", client(old, old_pin), UNPROTECTED),
    ];
    for (up, down, name) in [
        (0, usize::MAX, "cut before the handshake"),
        (100, usize::MAX, "cut in the laptop's first words"),
        (usize::MAX, 0, "cut before the server's first words"),
        (usize::MAX, 100, "cut in the server's first words"),
        (usize::MAX, 400, "cut in the server's certificate"),
    ] {
        rows.push((name, client(cut(at, up, down).await, pin), UNREACHABLE));
    }
    // The handshake is over by then: the register's first answer is.
    rows.push(("cut in the first answer", client(cut(at, usize::MAX, 1_500).await, pin), BROKE));
    for (name, client, expected) in rows {
        assert_eq!(told(client).await, expected, "{name}");
    }
    assert_eq!(register.log().unwrap().0, 0, "nothing was sent");

    let mut laptop = Laptop::usual(&institution);
    assert!(laptop.send(&client(at, pin)).await.is_empty(), "over a clean link");
    assert_eq!((laptop.hold_to(&register).await, register.log().unwrap().0), (2, 2));
    let line = on_a_socket(move |mut client| async move {
        let mut register = TcpStream::connect(at).await.unwrap();
        drop(copy_bidirectional(&mut client, &mut register).await);
    });
    assert!(laptop.send(&client(line.await, pin)).await.is_empty(), "whoever only carries changes nothing");
}
