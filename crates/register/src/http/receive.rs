//! Reading a request: who signed it comes first, then at most so many bytes of what it carries.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, Request},
    http::{HeaderName, header::HOST, request::Parts},
};
use fieldproof_seal::{digest_of, keys::PublicKey};
use fieldproof_wire::{
    Fault, SignatureProblem, limit,
    signature::{CONTENT_DIGEST, Claim, HeaderLines, SIGNATURE, SIGNATURE_INPUT},
};
use http_body_util::BodyExt;
use tokio::time::Instant;

use super::{Remote, Unsigned};
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

/// A body that began and of which nothing more comes for so long is not going to be whole.
const SILENCE: Duration = Duration::from_secs(60);

/// The request was not carried out. What came too slowly comes so once more: that is longer than a client waits before it
/// sends again, and so it leaves it for its next round.
const TOO_SLOW: Fault = Fault::TooMany(600);

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

/// Reads a body that nobody signed, of at most `limit` bytes. Anybody can send slowly: so many are read at once and no
/// more.
pub(super) async fn read_unsigned(request: Request, limit: usize) -> Result<Bytes, Fault> {
    let (head, body) = request.into_parts();
    let Some(_place) = head.extensions.get().and_then(|Unsigned(places)| places.take(from(&head))) else {
        discard(body, limit).await;
        return Err(Fault::TooMany(1));
    };
    read(body, limit).await
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

/// Reads a body of at most `most` bytes, as long as it goes on and is not slower than the slowest line; one that is
/// announced as longer is not read at all.
async fn read(mut body: Body, most: usize) -> Result<Bytes, Fault> {
    let too_large = Fault::TooLarge(u64::try_from(most).unwrap_or(u64::MAX));
    if u64::try_from(most).is_ok_and(|most| most < body.size_hint().lower()) {
        return Err(too_large);
    }
    let (began, mut read) = (Instant::now(), Vec::new());
    loop {
        let all = limit::SLACK.saturating_add(limit::on_the_slowest_line(read.len()));
        let left = all.saturating_sub(began.elapsed()).min(SILENCE);
        let frame = tokio::time::timeout(left, body.frame()).await.map_err(|_| TOO_SLOW)?;
        let Some(frame) = frame else { return Ok(read.into()) };
        // When it was cut off, nobody hears the answer.
        let Ok(piece) = frame.map_err(|_| Fault::Malformed)?.into_data() else { continue };
        if most < read.len().saturating_add(piece.len()) {
            return Err(too_large);
        }
        read.extend_from_slice(&piece);
    }
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::{StreamExt, stream};

    use super::*;

    /// A body of which so many bytes come after each pause; then it ends, or goes on for ever.
    fn body(pieces: Vec<(u64, usize)>, ends: bool) -> Body {
        let pieces = stream::iter(pieces).then(async |(pause, bytes)| {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            Ok::<_, Infallible>(Bytes::from(vec![7; bytes]))
        });
        if ends { Body::from_stream(pieces) } else { Body::from_stream(pieces.chain(stream::pending())) }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_goes_on_is_read_however_long_it_takes() {
        let slow = vec![(59, 1 << 15); 60];
        assert_eq!(read(body(slow, true), 1 << 21).await.map(|body| body.len()), Ok(60 << 15));
        assert_eq!(read(body(vec![(59, 0), (0, 7)], true), 7).await.map(|body| body.len()), Ok(7));
        assert_eq!(read(body(vec![(0, 7), (0, 1)], true), 7).await, Err(Fault::TooLarge(7)));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_a_body_of_which_nothing_comes_or_next_to_nothing() {
        let began = Instant::now();
        assert_eq!(read(body(vec![(0, 7)], false), 8).await, Err(TOO_SLOW));
        assert_eq!(began.elapsed().as_secs(), 60, "silence");
        let began = Instant::now();
        let trickle = vec![(1, 400); 7_000];
        assert_eq!(read(body(trickle, true), 1 << 30).await, Err(TOO_SLOW));
        // A fifth of the time is more than the slowest line takes.
        let all = 5 * limit::SLACK.as_secs();
        assert!((all - 10..=all).contains(&began.elapsed().as_secs()), "next to nothing: {:?}", began.elapsed());
        assert_eq!(read(body(vec![(1, 500); 1_000], true), 1 << 20).await.map(|body| body.len()), Ok(500_000));
    }
}
