//! One form is taken; everything beside it has its own problem.

use super::*;

const TARGET: &str = "https://register.example/v0/records";

fn key() -> SecretKey {
    SecretKey::new(&[7; 32])
}

fn signed() -> SignedHeaders {
    sign(&key(), "POST", TARGET, b"body", &Nonce::new([9; 24]))
}

fn read(headers: &SignedHeaders) -> Result<Claim, SignatureProblem> {
    Claim::parse(&HeaderLines {
        content_digest: vec![headers.content_digest.as_bytes()],
        signature_input: vec![headers.signature_input.as_bytes()],
        signature: vec![headers.signature.as_bytes()],
    })
}

#[test]
fn the_ed25519_example_of_rfc_9421_is_signed_and_verified_by_the_same_functions() {
    // B.1.4 and B.2.6.
    let bytes = |text| URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap();
    let secret = SecretKey::new(&bytes("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"));
    let public = PublicKey::new(bytes("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"));
    assert_eq!(secret.public(), public);
    let components = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ];
    let list = components.map(|(name, _)| format!("\"{name}\"")).join(" ");
    let base = base(&components, &format!("({list});created=1618884473;keyid=\"test-key-ed25519\""));
    let published =
        STANDARD.decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
    assert!(public.verifies(base.as_bytes(), published.as_ref().unwrap()));
    assert_eq!(secret.sign_text(&base).as_slice(), published.unwrap());
}

#[test]
fn the_headers_are_the_ones_of_the_protocol_text() {
    let headers = signed();
    assert_eq!(headers.content_digest, "sha-256=:Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU=:");
    assert_eq!(
        headers.signature_input,
        "fieldproof=(\"@method\" \"@target-uri\" \"content-digest\");\
         nonce=\"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ\";\
         keyid=\"ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c\";alg=\"ed25519\""
    );
    let claim = read(&headers).unwrap();
    assert_eq!((claim.key, claim.nonce, claim.content), (key().public(), Nonce::new([9; 24]), digest_of(b"body")));
    assert_eq!(claim.verify("POST", TARGET), Ok(()));
}

#[test]
fn another_method_target_content_nonce_or_key_does_not_verify() {
    let claim = read(&signed()).unwrap();
    assert_eq!(claim.verify("PUT", TARGET), Err(SignatureProblem::Forged));
    assert_eq!(claim.verify("POST", "http://register.example/v0/records"), Err(SignatureProblem::Forged));
    let other = |change: fn(&mut Claim)| {
        let mut claim = claim.clone();
        change(&mut claim);
        claim.verify("POST", TARGET)
    };
    assert_eq!(other(|_| {}), Ok(()));
    assert_eq!(other(|claim| claim.content = digest_of(b"other")), Err(SignatureProblem::Forged));
    assert_eq!(other(|claim| claim.nonce = Nonce::new([8; 24])), Err(SignatureProblem::Forged));
    assert_eq!(other(|claim| claim.key = SecretKey::new(&[8; 32]).public()), Err(SignatureProblem::Forged));
    assert_eq!(other(|claim| claim.signature[3] ^= 1), Err(SignatureProblem::Forged));
    // The neutral element: with it, a signature of nothing would verify over anything.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = Claim { key: PublicKey::new(neutral), ..claim };
    assert_eq!(weak.verify("POST", TARGET), Err(SignatureProblem::WeakKey));
}

#[test]
fn every_other_form_has_its_own_problem() {
    use SignatureProblem::{Algorithm, Components, Key, Label, Malformed, NoNonce, Parameters, Several, Time};
    let cases: [(&str, &str, &str, SignatureProblem); 24] = [
        ("another label", "fieldproof=", "sig1=", Label),
        ("one label before", "fieldproof=", "sig1=(\"@method\"), fieldproof=", Label),
        ("no label", "fieldproof=", "", Label),
        ("another order", "\"@method\" \"@target-uri\"", "\"@target-uri\" \"@method\"", Components),
        ("one more", "\"content-digest\")", "\"content-digest\" \"date\")", Components),
        ("one less", "\"@method\" ", "", Components),
        ("a parameter of a component", "\"content-digest\")", "\"content-digest\";req)", Components),
        ("no list", "(", "", Components),
        ("no end of the list", ")", "", Malformed),
        ("created", ";nonce", ";created=1;nonce", Time),
        ("expires", ";alg", ";expires=1618884473;alg", Time),
        ("no nonce", ";nonce=\"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ\"", "", NoNonce),
        ("a short nonce", "\"CQkJ", "\"", Parameters),
        ("a padded nonce", "CQkJ\";keyid", "CQk=\";keyid", Parameters),
        ("a tag", ";alg", ";tag=\"x\";alg", Parameters),
        ("the nonce twice", ";alg", ";nonce=\"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ\";alg", Parameters),
        ("no algorithm", ";alg=\"ed25519\"", "", Parameters),
        ("another algorithm", "ed25519", "rsa-v1_5-sha256", Algorithm),
        ("upper case", "ea4a6c", "EA4A6C", Key),
        ("a short key", "ea4a6c", "", Key),
        ("a space", ";alg", "; alg", Parameters),
        ("an escape", "ed25519", "ed\\\"25519", Malformed),
        ("a second signature", "ed25519\"", "ed25519\", other=(\"@method\")", Several),
        ("too long", ";alg", &format!(";tag=\"{}\";alg", "x".repeat(600)), Malformed),
    ];
    for (name, from, to, problem) in cases {
        let mut headers = signed();
        assert!(headers.signature_input.contains(from), "{name}");
        headers.signature_input = headers.signature_input.replacen(from, to, 1);
        assert_eq!(read(&headers), Err(problem), "{name}");
    }
}

#[test]
fn so_have_the_other_two_headers() {
    use SignatureProblem::{Absent, Label, Malformed, Several};
    type Row = (&'static str, fn(&mut SignedHeaders), SignatureProblem);
    let cases: [Row; 9] = [
        ("two signatures", |h| h.signature = format!("{}, {}", h.signature, h.signature), Several),
        ("another label", |h| h.signature = h.signature.replace("fieldproof", "sig1"), Label),
        ("no bytes", |h| h.signature = h.signature.replace(':', ""), Malformed),
        ("half the bytes", |h| h.signature = "fieldproof=:AAAA:".to_owned(), Malformed),
        ("no signature", |h| h.signature.clear(), Malformed),
        ("another digest", |h| h.content_digest = h.content_digest.replace("sha-256", "sha-512"), Malformed),
        ("two digests", |h| h.content_digest.push_str(", sha-512=:AAAA:"), Several),
        ("loose bits", |h| h.content_digest = h.content_digest.replace("U=", "V="), Malformed),
        ("no text", |h| h.content_digest = "sha-256=:\u{e9}:".to_owned(), Malformed),
    ];
    for (name, change, problem) in cases {
        let mut headers = signed();
        change(&mut headers);
        assert_eq!(read(&headers), Err(problem), "{name}");
    }
    let headers = signed();
    let lines = HeaderLines {
        content_digest: vec![headers.content_digest.as_bytes()],
        signature_input: vec![headers.signature_input.as_bytes()],
        signature: vec![headers.signature.as_bytes()],
    };
    let missing: [fn(&mut HeaderLines<'_>); 3] =
        [|lines| lines.content_digest.clear(), |lines| lines.signature_input.clear(), |lines| lines.signature.clear()];
    for clear in missing {
        let mut lines = lines.clone();
        clear(&mut lines);
        assert_eq!(Claim::parse(&lines), Err(Absent));
    }
    let twice: [fn(&mut HeaderLines<'_>); 3] = [
        |lines| lines.content_digest.push(b"x"),
        |lines| lines.signature_input.push(b"x"),
        |lines| lines.signature.push(b"x"),
    ];
    for double in twice {
        let mut lines = lines.clone();
        double(&mut lines);
        assert_eq!(Claim::parse(&lines), Err(Several));
    }
}

#[test]
fn problems_and_nonces_are_written_and_read_back() {
    for (number, (problem, known)) in (1..).zip(NUMBERS) {
        assert_eq!((problem.number(), SignatureProblem::from_number(known)), (number, problem));
    }
    assert_eq!(SignatureProblem::from_number(99), SignatureProblem::Other(99));
    let nonce = Nonce::new([0xfb; 24]);
    assert_eq!(nonce.to_string().len(), 32);
    assert_eq!(Nonce::parse(&nonce.to_string()), Some(nonce));
    for bad in ["", "CQkJ", "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk+", &"A".repeat(33)] {
        assert_eq!(Nonce::parse(bad), None, "{bad}");
    }
}
