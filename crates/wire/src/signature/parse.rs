//! The three headers, read strictly: one label, one list, three parameters, no escapes, no second spelling.

use base64::{Engine, engine::general_purpose::STANDARD};
use fieldproof_model::{
    digest::Digest,
    id::{parse_hex, to_hex},
};
use fieldproof_seal::keys::PublicKey;

use super::{ALGORITHM, Claim, HeaderLines, LABEL, Nonce, PARAMETERS, SignatureProblem, components};

/// No header of ours is longer than 230 bytes.
const LIMIT: usize = 512;

pub(super) fn claim(lines: &HeaderLines<'_>) -> Result<Claim, SignatureProblem> {
    let digest = only(&lines.content_digest)?;
    let input = only(&lines.signature_input)?;
    let signature = only(&lines.signature)?;
    let (key, nonce) = read_input(input)?;
    let signature = member(signature)?;
    Ok(Claim { key, nonce, content: read_digest(digest)?, signature: read_bytes(signature)? })
}

/// The one line of a header.
fn only<'a>(lines: &[&'a [u8]]) -> Result<&'a str, SignatureProblem> {
    match lines {
        [] => Err(SignatureProblem::Absent),
        [line] if line.len() <= LIMIT => {
            std::str::from_utf8(line).ok().filter(|line| line.is_ascii()).ok_or(SignatureProblem::Malformed)
        }
        [_] => Err(SignatureProblem::Malformed),
        [..] => Err(SignatureProblem::Several),
    }
}

/// What stands behind our label.
fn member(line: &str) -> Result<&str, SignatureProblem> {
    match line.split_once('=') {
        Some((LABEL, value)) => Ok(value),
        Some(_) => Err(SignatureProblem::Label),
        None => Err(SignatureProblem::Malformed),
    }
}

fn read_input(line: &str) -> Result<(PublicKey, Nonce), SignatureProblem> {
    let value = member(line)?;
    let list_end = value.find(')').ok_or(SignatureProblem::Malformed)?;
    let (list, mut rest) = value.split_at_checked(list_end.saturating_add(1)).ok_or(SignatureProblem::Malformed)?;
    if list != components() {
        return Err(SignatureProblem::Components);
    }
    let mut found = Vec::new();
    while let Some((parameter, behind)) = parameter(rest) {
        found.push(parameter);
        rest = behind;
    }
    if rest.trim_start().starts_with(',') {
        return Err(SignatureProblem::Several);
    }
    if !rest.is_empty() {
        return Err(SignatureProblem::Malformed);
    }
    read_parameters(&found)
}

/// Takes one parameter off: its name, its text, and what follows. A number is a text that no parameter of ours has.
fn parameter(rest: &str) -> Option<((&str, &str), &str)> {
    let (name, value) = rest.strip_prefix(';')?.split_once('=')?;
    if let Some(quoted) = value.strip_prefix('"') {
        let (text, behind) = quoted.split_once('"')?;
        return Some(((name, text), behind));
    }
    let end = value.find([';', ',']).unwrap_or(value.len());
    let (text, behind) = value.split_at_checked(end)?;
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(((name, text), behind))
}

fn read_parameters(found: &[(&str, &str)]) -> Result<(PublicKey, Nonce), SignatureProblem> {
    let has = |wanted: &str| found.iter().any(|(name, _)| *name == wanted);
    if has("created") || has("expires") {
        return Err(SignatureProblem::Time);
    }
    if !has("nonce") {
        return Err(SignatureProblem::NoNonce);
    }
    let [(first, nonce), (second, key), (third, algorithm)] = found else {
        return Err(SignatureProblem::Parameters);
    };
    if [*first, *second, *third] != PARAMETERS {
        return Err(SignatureProblem::Parameters);
    }
    if *algorithm != ALGORITHM {
        return Err(SignatureProblem::Algorithm);
    }
    let key = parse_hex::<32>(key).filter(|bytes| to_hex(bytes) == *key).map(PublicKey::new);
    let nonce = Nonce::parse(nonce).ok_or(SignatureProblem::Parameters)?;
    Ok((key.ok_or(SignatureProblem::Key)?, nonce))
}

fn read_digest(line: &str) -> Result<Digest, SignatureProblem> {
    match line.split_once('=') {
        Some(("sha-256", value)) => read_bytes(value).map(Digest::new),
        _ => Err(SignatureProblem::Malformed),
    }
}

/// Bytes between colons, in the one form of base64.
fn read_bytes<const N: usize>(text: &str) -> Result<[u8; N], SignatureProblem> {
    // A second signature or digest stands behind a comma, which is no character of base64.
    if text.contains(',') {
        return Err(SignatureProblem::Several);
    }
    let inside = text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    let bytes = inside.and_then(|inside| STANDARD.decode(inside).ok());
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(SignatureProblem::Malformed)
}
