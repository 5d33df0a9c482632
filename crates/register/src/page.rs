//! The verify page for anybody with a browser: the page itself, the file that keeps it, and the newest trust file.
//!
//! No request here says what is checked: a link's digits stand behind `#`, which no browser sends.

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use fieldproof_page::file;
use fieldproof_seal::{digest_of, trust::TrustFile};
use fieldproof_wire::path::MEDIA_TYPE;

use crate::{Register, RegisterError, core::Core, http::respond};

/// The page; certificates name it in their links.
pub(crate) const PAGE: &str = "/v";
/// What keeps the page for days without a network.
pub(crate) const KEEPER: &str = "/v/sw.js";
/// Root, key set and today's list of what was withdrawn.
pub(crate) const TRUST: &str = "/v/trust";

/// Without this a browser lets the keeper keep only what lies below its own folder, and the page lies beside it.
const SCOPE: HeaderName = HeaderName::from_static("service-worker-allowed");

/// What a page may never be: framed by another one, which could cover the verdict.
const NO_FRAME: &str = "frame-ancestors 'none'";

pub(crate) async fn page(State(register): State<Register>) -> Response {
    let filled = register.run(|core| Ok(file::fill(file::TEMPLATE, &core.trust_file()?))).await;
    let policy = file::policy(file::TEMPLATE).unwrap_or("default-src 'none'");
    match filled {
        Ok(page) => answer(page, "text/html; charset=utf-8", "no-cache", &format!("{policy}; {NO_FRAME}")),
        Err(error) => respond(&register, Err(error)),
    }
}

pub(crate) async fn keeper(State(register): State<Register>) -> Response {
    // The key set is root-signed: its digest changes with the root, and whenever keys do.
    let keeper = file::keeper(&digest_of(&register.core.row.key_set).to_string());
    let policy = "default-src 'none'; connect-src 'self'";
    let mut response = answer(keeper, "text/javascript; charset=utf-8", "no-cache", policy);
    response.headers_mut().insert(SCOPE, HeaderValue::from_static(PAGE));
    response
}

pub(crate) async fn trust(State(register): State<Register>) -> Response {
    match register.run(Core::trust_file).await {
        Ok(trust) => answer(trust, MEDIA_TYPE, "no-store", "default-src 'none'"),
        Err(error) => respond(&register, Err(error)),
    }
}

fn answer(body: impl Into<Body>, kind: &'static str, keep: &'static str, policy: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, keep),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    (StatusCode::OK, headers, body.into()).into_response()
}

impl Core {
    /// What a verifier holds, as of now.
    fn trust_file(&self) -> Result<Vec<u8>, RegisterError> {
        let now = self.signing_time()?;
        let snapshot = self.write(|tx| self.snapshot(tx, now))?;
        let trust = TrustFile { root: self.row.root, key_set: self.row.key_set.clone(), snapshot: Some(snapshot) };
        Ok(trust.to_bytes())
    }
}
