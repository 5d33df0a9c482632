//! Reading a request: who signed it comes first, then at most so many bytes of what it carries.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{ConnectInfo, Request},
    http::{HeaderName, header::HOST, request::Parts},
};
use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::{
    Fault, SignatureProblem,
    signature::{CONTENT_DIGEST, Claim, HeaderLines, SIGNATURE, SIGNATURE_INPUT},
};
use http_body_util::BodyExt;

use super::Remote;
use crate::{Register, RegisterError};

/// How the register is reached; a part of what is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scheme {
    /// In clear.
    Http,
    /// Over TLS.
    Https,
}

/// Of a request without a good signature so much is taken off the line, so that whoever still writes hears the answer.
const UNSIGNED_LIMIT: usize = 64 << 10;

/// Whoever takes longer over a body that nobody wants does not hear the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes a request of an admitted installation: verified, its nonce spent, its body of at most `limit` bytes the one
/// that was signed.
pub(crate) async fn receive(register: &Register, request: Request, limit: usize) -> Result<Bytes, RegisterError> {
    receive_from(register, request, limit).await.map(|(_, body)| body)
}

/// The same, with the installation key that signed.
pub(super) async fn receive_from(
    register: &Register,
    request: Request,
    limit: usize,
) -> Result<(PublicKey, Bytes), RegisterError> {
    let (head, body) = request.into_parts();
    let from = from(&head);
    let claim = match proven(&head) {
        Ok(claim) => claim,
        Err(problem) => {
            discard(body, UNSIGNED_LIMIT).await;
            register.core.door.unsigned(from)?;
            return Err(Fault::Signature(problem).into());
        }
    };
    if let Err(error) = admit(register, &claim, from).await {
        discard(body, limit).await;
        return Err(error);
    }
    let body = read(body, limit).await?;
    if digest_of(&body) == claim.content {
        Ok((claim.key, body))
    } else {
        Err(Fault::Signature(SignatureProblem::OtherContent).into())
    }
}

/// Where a request comes from; every connection says so.
fn from(head: &Parts) -> IpAddr {
    head.extensions.get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(Remote(from))| *from)
}

/// What a request says of itself, signed by the key it names.
fn proven(head: &Parts) -> Result<Claim, SignatureProblem> {
    let lines =
        |name| head.headers.get_all(HeaderName::from_static(name)).iter().map(|value| value.as_bytes()).collect();
    let lines = HeaderLines {
        content_digest: lines(CONTENT_DIGEST),
        signature_input: lines(SIGNATURE_INPUT),
        signature: lines(SIGNATURE),
    };
    let claim = Claim::parse(&lines)?;
    claim.verify(head.method.as_str(), &target(head))?;
    Ok(claim)
}

/// The whole URI, as the client asked for it.
fn target(head: &Parts) -> String {
    let scheme = match head.extensions.get() {
        Some(Scheme::Https) => "https",
        Some(Scheme::Http) | None => "http",
    };
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    format!("{scheme}://{host}{path}")
}

/// Lets in whom the book knows.
async fn admit(register: &Register, claim: &Claim, from: IpAddr) -> Result<(), RegisterError> {
    let (door, key) = (&register.core.door, claim.key);
    if !door.knows(&key) {
        // Asking the book is the work that strangers can make.
        door.unsigned(from)?;
        if !register.run(move |core| core.is_admitted(&key)).await? {
            return Err(Fault::NotAdmitted.into());
        }
        door.remember(key);
    }
    Ok(door.signed(&key, &claim.nonce)?)
}

/// Reads a body of at most `limit` bytes; one that is announced as longer is not read at all.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Fault> {
    let too_large = Fault::TooLarge(u64::try_from(limit).unwrap_or(u64::MAX));
    let announced = body.size_hint();
    if u64::try_from(limit).is_ok_and(|limit| limit < announced.lower()) {
        return Err(too_large);
    }
    // A body of announced length can only be cut off; then nobody hears the answer.
    to_bytes(body, limit).await.map_err(|_| if announced.exact().is_some() { Fault::Malformed } else { too_large })
}

/// Takes a body off the line and keeps nothing of it, unless it is longer than `most` bytes.
async fn discard(mut body: Body, most: usize) {
    if u64::try_from(most).is_ok_and(|most| most < body.size_hint().lower()) {
        return;
    }
    let rest = async {
        let mut read = 0_usize;
        while let Some(Ok(frame)) = body.frame().await {
            read = read.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            if most < read {
                break;
            }
        }
    };
    // Whoever was not patient enough hangs up by himself.
    drop(tokio::time::timeout(PATIENCE, rest).await);
}
