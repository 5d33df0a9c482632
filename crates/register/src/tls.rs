//! The register on TLS, with a key and a certificate of its own.
//!
//! Clients know the key. The certificate around it has a name and days because it must, and nobody looks at them.

use std::{fs, io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::serve::Listener;
use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::ParsedCertificate,
    version::TLS13,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{RegisterError, error::at, files};

pub(crate) const KEY: &str = "tls.key";
pub(crate) const CERTIFICATE: &str = "tls.crt";

/// Whoever takes longer to introduce himself is let go of.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// So many may be introducing themselves at once.
const HANDSHAKES: usize = 256;

/// A socket that has nothing to give for the moment, such as for want of files, is asked again after so long.
const PAUSE: Duration = Duration::from_millis(200);

/// Key and certificate, ready for use.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    config: Arc<ServerConfig>,
    pin: Digest,
}

impl Tls {
    /// Opens key and certificate of a register's folder; makes whatever is missing. The key never changes by itself.
    pub(crate) fn open(folder: &Path) -> Result<Self, RegisterError> {
        let (key_path, certificate_path) = (folder.join(KEY), folder.join(CERTIFICATE));
        if !key_path.try_exists().map_err(at(&key_path))? {
            files::write_secret(&key_path, KeyPair::generate()?.serialized_der())?;
        }
        let key = fs::read(&key_path).map_err(at(&key_path))?;
        if !certificate_path.try_exists().map_err(at(&certificate_path))? {
            files::write_secret(&certificate_path, &certify(&key)?)?;
            files::sync_folder(folder)?;
        }
        let certificate = CertificateDer::from(fs::read(&certificate_path).map_err(at(&certificate_path))?);
        let pin = digest_of(&ParsedCertificate::try_from(&certificate)?.subject_public_key_info());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)))?;
        Ok(Self { config: Arc::new(config), pin })
    }

    /// The digest of the public key, as the certificate carries it.
    pub(crate) const fn pin(&self) -> Digest {
        self.pin
    }
}

fn certify(key: &[u8]) -> Result<Vec<u8>, RegisterError> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "Fieldproof register");
    let key = KeyPair::try_from(key)?;
    Ok(parameters.self_signed(&key)?.der().to_vec())
}

type Ready = (TlsStream<TcpStream>, SocketAddr);

/// Hands out connections on which the handshake is over; nobody waits for somebody else's.
pub(crate) struct TlsListener {
    at: io::Result<SocketAddr>,
    ready: mpsc::Receiver<Ready>,
    accepting: JoinHandle<()>,
}

impl TlsListener {
    pub(crate) fn new(listener: TcpListener, tls: &Tls) -> Self {
        let (sender, ready) = mpsc::channel(HANDSHAKES);
        let at = listener.local_addr();
        let acceptor = TlsAcceptor::from(Arc::clone(&tls.config));
        Self { at, ready, accepting: tokio::spawn(accept(listener, acceptor, sender)) }
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, sender: mpsc::Sender<Ready>) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let Ok((stream, from)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (acceptor, sender) = (acceptor.clone(), sender.clone());
        tokio::spawn(async move {
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(stream)).await {
                // Nobody takes it when the register is about to stop.
                drop(sender.send((stream, from)).await);
            }
            drop(place);
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Ready {
        match self.ready.recv().await {
            Some(ready) => ready,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.at {
            Ok(at) => Ok(*at),
            Err(error) => Err(error.kind().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_certificate_are_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = Tls::open(folder.path()).unwrap().pin();
        assert_eq!(Tls::open(folder.path()).unwrap().pin(), first);
        fs::remove_file(folder.path().join(CERTIFICATE)).unwrap();
        assert_eq!(Tls::open(folder.path()).unwrap().pin(), first, "the key makes the pin");
        let other = tempfile::tempdir().unwrap();
        assert_ne!(Tls::open(other.path()).unwrap().pin(), first);
        fs::copy(other.path().join(CERTIFICATE), folder.path().join(CERTIFICATE)).unwrap();
        assert!(matches!(Tls::open(folder.path()), Err(RegisterError::Tls(_))), "another key's certificate");
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_its_owners() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Tls::open(folder.path()).unwrap();
        assert_eq!(fs::metadata(folder.path().join(KEY)).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
