//! The register is known by its key: not by a name, not by a date, and by nothing that merely shows a certificate.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::{net::SocketAddr, sync::Arc};

use common::{
    Laptop, answers,
    institution::{Institution, Place, installation, register},
    known, words,
};
use fieldproof_model::digest::Digest;
use fieldproof_register::{Register, serve_tls};
use fieldproof_seal::digest_of;
use fieldproof_sync::{AddressError, HttpError, HttpRegister, SendError};
use fieldproof_wire::{Reach, RegisterProtocol, RequestError};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    pki_types::CertificateDer,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::net::{TcpListener, TcpStream};

async fn served(register: Register) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(serve_tls(listener, register, std::future::pending()));
    at
}

fn client(at: SocketAddr, pin: Digest) -> HttpRegister {
    HttpRegister::pinned(&format!("https://{at}"), pin).unwrap().signing_with(installation())
}

fn laptop(institution: &Institution) -> Laptop {
    Laptop::new(institution, &[institution.record(1, &[b"photo"])], &[b"photo"])
}

/// Puts another certificate around the register's key.
fn certify(place: &Place, change: impl FnOnce(&mut CertificateParams)) {
    let key = KeyPair::try_from(std::fs::read(place.path.join("tls.key")).unwrap()).unwrap();
    let mut parameters = CertificateParams::default();
    change(&mut parameters);
    std::fs::write(place.path.join("tls.crt"), parameters.self_signed(&key).unwrap().der()).unwrap();
}

#[tokio::test]
async fn records_and_photos_arrive_over_tls() {
    let (institution, place, register) = register();
    let pin = register.tls_pin();
    let at = served(register.clone()).await;
    let (report, _) = laptop(&institution).send(&client(at, pin), &known(&institution)).await.unwrap();
    assert_eq!(words(&report), ["complete"]);
    drop(register);
    assert_eq!(place.open().tls_pin(), pin, "a restart changes nothing");
}

#[tokio::test]
async fn a_server_with_another_key_is_told_nothing() {
    let (institution, _place, register) = register();
    let at = served(register.clone()).await;
    let elsewhere = Place::new();
    let other = elsewhere.create(&institution).tls_pin();
    let error = laptop(&institution).send(&client(at, other), &known(&institution)).await.unwrap_err();
    assert!(error.is_permanent());
    assert_eq!(error.to_string(), "another server answers at this address");
    let SendError::Register(error) = error else { panic!("{error:?}") };
    assert!(matches!(error, HttpError::OtherServer) && error.reach() == Reach::Connection, "{error:?}");
    assert_eq!(register.log().unwrap().0, 0);
}

#[tokio::test]
async fn neither_the_days_nor_the_name_of_a_certificate_count() {
    let (institution, place, register) = register();
    let pin = register.tls_pin();
    drop(register);
    type Change = fn(&mut CertificateParams);
    let cases: [(&str, Change); 3] = [
        ("ten years too old", |with| with.not_after = date_time_ymd(2016, 1, 1)),
        ("not valid yet for ten years", |with| with.not_before = date_time_ymd(2036, 1, 1)),
        ("of somebody else", |with| *with = CertificateParams::new(vec!["other.example".to_owned()]).unwrap()),
    ];
    for (index, (name, change)) in (1..).zip(cases) {
        certify(&place, change);
        let register = place.open();
        assert_eq!(register.tls_pin(), pin, "{name}");
        let at = served(register).await;
        let file = institution.record(index, &[]).to_bytes();
        client(at, pin).put_record(&file).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
}

/// Shows whatever certificate it was given, and signs with a key of its own.
#[derive(Debug)]
struct Impostor(Arc<CertifiedKey>);

impl ResolvesServerCert for Impostor {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

#[tokio::test]
async fn whoever_shows_the_certificate_without_its_key_is_somebody_else() {
    let (_institution, place, register) = register();
    let certificate = CertificateDer::from(std::fs::read(place.path.join("tls.crt")).unwrap());
    let own = KeyPair::generate().unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let signing = provider.key_provider.load_private_key(own.serialize_der().try_into().unwrap()).unwrap();
    let impostor = Impostor(Arc::new(CertifiedKey::new(vec![certificate], signing)));
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(impostor));
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(acceptor.accept(stream).await);
        }
    });
    let error = client(at, register.tls_pin()).hello().await.unwrap_err();
    assert!(matches!(error, HttpError::OtherServer), "{error:?}");
}

#[tokio::test]
async fn whoever_makes_no_protected_connection_is_said_to() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        while let Ok((mut stream, _)) = listener.accept().await {
            drop(stream.write_all(page.as_bytes()).await);
        }
    });
    let error = client(at, digest_of(b"key")).hello().await.unwrap_err();
    assert!(matches!(error, HttpError::Handshake(_)) && !error.is_permanent(), "{error:?}");
    let (_institution, _place, register) = register();
    let at = served(register).await;
    let in_clear = HttpRegister::new(&format!("http://{at}")).unwrap();
    assert!(in_clear.hello().await.is_err(), "the protected register answers nobody in clear");
    let at = answers("HTTP/1.1 302 Found\r\nlocation: https://login.example/\r\ncontent-length: 0\r\n\r\n").await;
    let error = HttpRegister::new(&format!("http://{at}")).unwrap().hello().await.unwrap_err();
    assert!(matches!(error, HttpError::Portal { status: 302 }), "{error:?}");
}

#[tokio::test]
async fn a_laptop_without_a_pack_takes_any_server_and_no_address_in_clear() {
    let (_institution, _place, register) = register();
    let at = served(register).await;
    HttpRegister::unproven(&format!("https://{at}")).unwrap().hello().await.unwrap();
    let in_clear = HttpRegister::unproven("http://register.example");
    assert!(matches!(in_clear, Err(AddressError::InClear)), "{in_clear:?}");
}

#[tokio::test]
async fn whoever_connects_and_says_nothing_holds_up_nobody() {
    let (_institution, _place, register) = register();
    let pin = register.tls_pin();
    let at = served(register).await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(at).await.unwrap());
    }
    client(at, pin).hello().await.unwrap();
}
