//! A request: a person and a laptop who ask an institution to be enrolled. `PROTOCOL.md` of the register is normative.
//!
//! It is signed by the person's own new key and believed by nobody: a coordinator compares its code with the person's.

use fieldproof_model::{
    id::PersonId,
    person::{Name, Person},
    time::Timestamp,
};

use crate::{
    cbor::{FormatError, Writer, bytes},
    digits::{parse_digits, to_digits},
    envelope::{self, Kind, Purpose, Unverified},
    keys::{PublicKey, SecretKey},
    short_code::code_of,
};

/// The longest request.
pub const REQUEST_LIMIT: usize = 700;

/// Digits of the longest request.
const DIGITS: usize = REQUEST_LIMIT.div_ceil(7) * 17;

/// What stands before the digits of a request in a symbol.
pub const REQUEST_MARK: &str = "FIELDPROOF-REQUEST:";

/// Who asks, with which keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The person.
    pub person: Person,
    /// The person's key on this laptop.
    pub key: PublicKey,
    /// The laptop's key, which signs what it asks of a register.
    pub installation: PublicKey,
    /// What the pack is to be encrypted to: an age recipient.
    pub recipient: String,
    /// When it was made, as the laptop's clock claims.
    pub at: Timestamp,
    /// The number of the pack that the laptop took last; 0 when it took none.
    pub pack: u32,
}

/// A request whose signature holds: whoever made it has the person's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// What it says.
    pub request: Request,
    /// The signed bytes.
    pub signed: Vec<u8>,
}

impl Request {
    /// Signs the request with the person's key. Its purpose says nothing: nobody knows yet which institution answers.
    #[must_use]
    pub fn sign(&self, key: &SecretKey) -> Vec<u8> {
        let person = &self.person;
        let fields = Writer::default()
            .with(2, bytes(*self.key.as_bytes()))
            .with(3, bytes(*person.id.as_bytes()))
            .with(4, person.name.as_str())
            .with_some(5, person.birth_year)
            .with(6, bytes(*self.installation.as_bytes()))
            .with(7, self.recipient.as_str())
            .with(8, self.at.as_millis())
            .with_some(9, Some(self.pack).filter(|pack| 0 < *pack));
        envelope::sign(Kind::Request, Purpose::Real, fields, key)
    }
}

impl SignedRequest {
    /// Reads a request and verifies that the key in it signed it.
    ///
    /// # Errors
    /// [`FormatError`]; [`FormatError::Damaged`] for a signature that is not the key's.
    pub fn parse(signed: &[u8]) -> Result<Self, FormatError> {
        if REQUEST_LIMIT < signed.len() {
            return Err(FormatError::TooLarge(REQUEST_LIMIT));
        }
        let unverified = Unverified::parse_kind(signed, Kind::Request)?;
        let mut fields = unverified.unverified_fields()?;
        let request = Request {
            key: PublicKey::new(fields.array(2)?),
            person: Person {
                id: PersonId::new(fields.array(3)?),
                name: Name::parse(&fields.text(4)?).map_err(|_| FormatError::Malformed(4))?,
                birth_year: fields.optional_number(5)?,
            },
            installation: PublicKey::new(fields.array(6)?),
            recipient: fields.text(7)?,
            at: fields.timestamp(8)?,
            pack: fields.optional_number(9)?.unwrap_or(0),
        };
        unverified.verify(&request.key).map_err(|_| FormatError::Damaged)?;
        Ok(Self { request, signed: signed.to_vec() })
    }

    /// Reads the text of a symbol, as [`SignedRequest::to_text`] writes it.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn parse_text(text: &str) -> Result<Self, FormatError> {
        let digits = text.trim().strip_prefix(REQUEST_MARK).ok_or(FormatError::OtherKind("request"))?;
        Self::parse(&parse_digits(digits, DIGITS).map_err(|_| FormatError::Damaged)?)
    }

    /// The text of a symbol: what a camera on the other laptop reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{REQUEST_MARK}{}", to_digits(&self.signed))
    }

    /// What the two people compare by ear: of the keys, and so the same whenever this laptop asks, on whatever way.
    #[must_use]
    pub fn code(&self) -> String {
        let Request { key, installation, recipient, .. } = &self.request;
        code_of(&[key.as_bytes().as_slice(), installation.as_bytes(), recipient.as_bytes()].concat())
    }
}

#[cfg(test)]
mod tests {
    use fieldproof_model::person::NAME_LIMIT;

    use super::*;

    fn request(name: &str) -> (Request, SecretKey) {
        let key = SecretKey::new(&[1; 32]);
        let person = Person { id: PersonId::new([2; 16]), name: Name::parse(name).unwrap(), birth_year: Some(1979) };
        let request = Request {
            person,
            key: key.public(),
            installation: SecretKey::new(&[3; 32]).public(),
            recipient: "age1".to_owned() + &"q".repeat(58),
            at: Timestamp::from_millis(1_772_442_000_000),
            pack: 0,
        };
        (request, key)
    }

    #[test]
    fn a_request_is_read_back_from_bytes_and_from_a_symbol() {
        // Each of its letters takes four bytes.
        let longest = "\u{10330}".repeat(NAME_LIMIT);
        for name in ["Aino Arvioija", longest.as_str()] {
            let (request, key) = request(name);
            let signed = SignedRequest::parse(&request.sign(&key)).unwrap();
            assert_eq!(signed.request, request);
            assert_eq!(SignedRequest::parse_text(&signed.to_text()), Ok(signed.clone()));
            assert_eq!(signed.code().len(), 14);
        }
    }

    #[test]
    fn the_code_is_the_same_whenever_it_is_asked_and_another_for_every_other_key() {
        let (request, key) = request("Aino Arvioija");
        let code = |request: &Request, key| SignedRequest::parse(&request.sign(key)).unwrap().code();
        let first = code(&request, &key);
        assert_eq!(code(&Request { at: Timestamp::from_millis(1), pack: 7, ..request.clone() }, &key), first);
        let other = SecretKey::new(&[9; 32]);
        for (request, key) in [
            (Request { key: other.public(), ..request.clone() }, &other),
            (Request { installation: other.public(), ..request.clone() }, &key),
            (Request { recipient: "age1".to_owned() + &"p".repeat(58), ..request }, &key),
        ] {
            assert_ne!(code(&request, key), first);
        }
    }

    #[test]
    fn no_byte_of_it_can_be_altered() {
        let (request, key) = request("Aino Arvioija");
        let good = request.sign(&key);
        for place in 0..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 1;
            assert!(SignedRequest::parse(&bad).is_err(), "byte {place}");
        }
        assert!(SignedRequest::parse(&request.sign(&SecretKey::new(&[9; 32]))).is_err(), "another's signature");
        assert_eq!(SignedRequest::parse(&[0; 701]), Err(FormatError::TooLarge(700)));
        assert!(SignedRequest::parse_text("https://fieldproof.example/v#0123").is_err());
    }
}
