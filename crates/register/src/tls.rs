//! The register on TLS, with a key and a certificate of its own.
//!
//! Clients know the key. The certificate around it has a name and days because it must, and nobody looks at them.

use std::{fs, path::Path, sync::Arc};

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::ParsedCertificate,
    version::TLS13,
};
use tokio_rustls::TlsAcceptor;

use crate::{RegisterError, error::at, files};

pub(crate) const KEY: &str = "tls.key";
pub(crate) const CERTIFICATE: &str = "tls.crt";

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

    /// What makes a connection a protected one.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

fn certify(key: &[u8]) -> Result<Vec<u8>, RegisterError> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "Fieldproof register");
    let key = KeyPair::try_from(key)?;
    Ok(parameters.self_signed(&key)?.der().to_vec())
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
