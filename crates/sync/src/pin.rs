//! Whose server it is shows in its key, not in a name, a date or anybody's list of authorities.

use std::{error::Error, io, sync::Arc};

use fieldproof_model::digest::Digest;
use fieldproof_seal::digest_of;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
    version::TLS13,
};

/// Takes a server whose public key has this digest, or any, and proves that it holds the key.
#[derive(Debug)]
struct Pinned {
    pin: Option<Digest>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Pinned {
    /// The day and the name say nothing: a laptop whose clock is ten years off still talks to its own register.
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
        if self.pin.is_none_or(|pin| digest_of(&key) == pin) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// A client side of TLS that takes this server alone, or whoever answers.
pub(crate) fn config(pin: Option<Digest>) -> Result<ClientConfig, rustls::Error> {
    let provider = ring::default_provider();
    let pinned = Pinned { pin, algorithms: provider.signature_verification_algorithms };
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned))
        .with_no_client_auth();
    Ok(config)
}

/// What went wrong in the handshake, if it was that.
pub(crate) fn problem<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let found = error.downcast_ref::<rustls::Error>().or_else(|| {
        // What an I/O error was made of is not among its sources.
        error.downcast_ref::<io::Error>()?.get_ref().and_then(|inner| problem(inner))
    });
    found.or_else(|| error.source().and_then(problem))
}
