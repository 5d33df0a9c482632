//! Signed requests: HTTP Message Signatures (RFC 9421) in one fixed form, by an installation key, over a nonce of the
//! register's. No clock takes part. Values in, values out: what a nonce is worth and who is admitted, the register says.

mod parse;

use std::fmt;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use fieldproof_model::{digest::Digest, id::to_hex};
use fieldproof_seal::{
    digest_of,
    keys::{PublicKey, SecretKey},
};

/// Header: the digest of the body (RFC 9530).
pub const CONTENT_DIGEST: &str = "content-digest";
/// Header: what the signature covers.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Header: the signature.
pub const SIGNATURE: &str = "signature";
/// Header of every answer: a nonce for one further request.
pub const NONCE: &str = "fieldproof-nonce";

/// The name of the one signature.
const LABEL: &str = "fieldproof";
/// What is signed, in this order.
const COMPONENTS: [&str; 3] = ["@method", "@target-uri", CONTENT_DIGEST];
/// What is said of the signature, in this order.
const PARAMETERS: [&str; 3] = ["nonce", "keyid", "alg"];
const ALGORITHM: &str = "ed25519";

/// Why a request's signature is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureProblem {
    /// One of the three headers is absent.
    #[error("it is not signed")]
    Absent,
    /// A header stands twice, or names two signatures.
    #[error("it has more than one signature")]
    Several,
    /// The signature has another name.
    #[error("its signature has another label")]
    Label,
    /// More, fewer or other things are signed, or in another order.
    #[error("its signature covers something else than method, target and content")]
    Components,
    /// It says when it was made, or how long it lasts.
    #[error("its signature names a time, and a clock is only a claim")]
    Time,
    /// There is no nonce.
    #[error("its signature has no nonce")]
    NoNonce,
    /// More, fewer or other parameters, or in another order.
    #[error("its signature has other parameters")]
    Parameters,
    /// Another algorithm.
    #[error("its signature names another algorithm")]
    Algorithm,
    /// The key is not named by 64 lower-case hexadecimal digits.
    #[error("its key is not named as it should be")]
    Key,
    /// No signature of this key proves anything.
    #[error("its key is weak")]
    WeakKey,
    /// A header is not of its form, or too long.
    #[error("its headers cannot be read")]
    Malformed,
    /// The signature is not the key's, or the method or the target is another.
    #[error("its signature does not verify")]
    Forged,
    /// The body has another digest than was signed.
    #[error("what arrived is not what was signed")]
    OtherContent,
    /// A problem of a later version.
    #[error("problem {0} with its signature")]
    Other(u32),
}

/// Each with its number.
const NUMBERS: [(SignatureProblem, u32); 13] = [
    (SignatureProblem::Absent, 1),
    (SignatureProblem::Several, 2),
    (SignatureProblem::Label, 3),
    (SignatureProblem::Components, 4),
    (SignatureProblem::Time, 5),
    (SignatureProblem::NoNonce, 6),
    (SignatureProblem::Parameters, 7),
    (SignatureProblem::Algorithm, 8),
    (SignatureProblem::Key, 9),
    (SignatureProblem::WeakKey, 10),
    (SignatureProblem::Malformed, 11),
    (SignatureProblem::Forged, 12),
    (SignatureProblem::OtherContent, 13),
];

impl SignatureProblem {
    /// The problem's number.
    #[must_use]
    pub fn number(&self) -> u32 {
        match self {
            Self::Other(number) => *number,
            Self::Absent
            | Self::Several
            | Self::Label
            | Self::Components
            | Self::Time
            | Self::NoNonce
            | Self::Parameters
            | Self::Algorithm
            | Self::Key
            | Self::WeakKey
            | Self::Malformed
            | Self::Forged
            | Self::OtherContent => {
                NUMBERS.iter().find(|(problem, _)| problem == self).map_or(0, |(_, number)| *number)
            }
        }
    }

    /// The problem of a number.
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        NUMBERS.iter().find(|(_, known)| *known == number).map_or(Self::Other(number), |(problem, _)| *problem)
    }
}

/// What the register gave out for one request: 24 bytes, written as 32 characters of base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nonce([u8; 24]);

impl Nonce {
    /// Takes the 24 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 24]) -> Self {
        Self(bytes)
    }

    /// The 24 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 24] {
        &self.0
    }

    /// Reads 32 characters of base64url; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// The three headers of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `content-digest`.
    pub content_digest: String,
    /// `signature-input`.
    pub signature_input: String,
    /// `signature`.
    pub signature: String,
}

/// Signs a request. `target` is the whole URI it goes to, `body` what it carries, be it nothing.
#[must_use]
pub fn sign(key: &SecretKey, method: &str, target: &str, body: &[u8], nonce: &Nonce) -> SignedHeaders {
    let mut claim = Claim { key: key.public(), nonce: *nonce, content: digest_of(body), signature: [0; 64] };
    claim.signature = key.sign_text(&claim.base(method, target));
    claim.to_headers()
}

/// The values of the three headers of a request as they came, a line each.
#[derive(Debug, Clone, Default)]
pub struct HeaderLines<'a> {
    /// `content-digest`.
    pub content_digest: Vec<&'a [u8]>,
    /// `signature-input`.
    pub signature_input: Vec<&'a [u8]>,
    /// `signature`.
    pub signature: Vec<&'a [u8]>,
}

/// What a request says of itself, read and in form; believed once [`Claim::verify`] agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The installation key that signed, it says.
    pub key: PublicKey,
    /// The register's nonce, it says.
    pub nonce: Nonce,
    /// The digest of its body, it says.
    pub content: Digest,
    signature: [u8; 64],
}

impl Claim {
    /// Reads the three headers; everything but the one form is refused.
    ///
    /// # Errors
    /// [`SignatureProblem`].
    pub fn parse(lines: &HeaderLines<'_>) -> Result<Self, SignatureProblem> {
        parse::claim(lines)
    }

    /// Verifies that the key it names signed it for this method and this target.
    ///
    /// # Errors
    /// [`SignatureProblem::WeakKey`] or [`SignatureProblem::Forged`].
    pub fn verify(&self, method: &str, target: &str) -> Result<(), SignatureProblem> {
        if !self.key.is_usable() {
            return Err(SignatureProblem::WeakKey);
        }
        let base = self.base(method, target);
        if self.key.verifies(base.as_bytes(), &self.signature) { Ok(()) } else { Err(SignatureProblem::Forged) }
    }

    /// The three headers, in the one form.
    #[must_use]
    pub fn to_headers(&self) -> SignedHeaders {
        SignedHeaders {
            content_digest: content_digest(&self.content),
            signature_input: format!("{LABEL}={}", parameters(&self.key, &self.nonce)),
            signature: format!("{LABEL}=:{}:", STANDARD.encode(self.signature)),
        }
    }

    fn base(&self, method: &str, target: &str) -> String {
        let digest = content_digest(&self.content);
        base(&covered(method, target, &digest), &parameters(&self.key, &self.nonce))
    }
}

fn content_digest(digest: &Digest) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest.as_bytes()))
}

fn components() -> String {
    format!("({})", COMPONENTS.map(|name| format!("\"{name}\"")).join(" "))
}

fn parameters(key: &PublicKey, nonce: &Nonce) -> String {
    format!("{};nonce=\"{nonce}\";keyid=\"{}\";alg=\"{ALGORITHM}\"", components(), to_hex(key.as_bytes()))
}

fn covered<'a>(method: &'a str, target: &'a str, content_digest: &'a str) -> [(&'static str, &'a str); 3] {
    let [first, second, third] = COMPONENTS;
    [(first, method), (second, target), (third, content_digest)]
}

/// The signature base (RFC 9421 §2.5) of components and their values.
fn base(components: &[(&str, &str)], parameters: &str) -> String {
    let lines: String = components.iter().map(|(name, value)| format!("\"{name}\": {value}\n")).collect();
    format!("{lines}\"@signature-params\": {parameters}")
}

#[cfg(test)]
mod tests;
