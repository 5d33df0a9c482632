//! The institution's root, sealed in files of its own that belong off every network.
//!
//! Two age files hold it: one for a passphrase, one for a recovery key. Either is enough.

use age::{
    scrypt,
    secrecy::{ExposeSecret, SecretString},
    x25519,
};
use fieldproof_seal::keys::SecretKey;
use zeroize::Zeroizing;

/// What stands before the seed, so that another age file is not taken for a root.
const MARK: &[u8] = b"fieldproof-root-1\n";

/// Four times the work that age calls the least for a passphrase, half a second where it was measured: it is typed
/// once in years.
const LOG_WORK: u8 = 18;

/// More work than this is damage, or an attack on this machine.
const MOST_LOG_WORK: u8 = 22;

/// Why a sealed root stays shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RootError {
    /// Another passphrase or recovery key, or a damaged file.
    #[error("the passphrase or recovery key does not open this root, or the file is damaged")]
    Shut,
    /// An age file of something else.
    #[error("the file holds no root of an institution")]
    NoRoot,
    /// It could not be sealed.
    #[error("the root could not be sealed")]
    NotSealed,
}

/// A sealed root.
#[derive(Debug, Clone)]
pub struct SealedRoot {
    /// For the passphrase.
    pub by_passphrase: Vec<u8>,
    /// For the recovery key.
    pub by_recovery_key: Vec<u8>,
    /// The recovery key, to be written down and kept elsewhere.
    pub recovery_key: Zeroizing<String>,
}

/// Seals a root for a passphrase and for a new recovery key.
///
/// # Errors
/// [`RootError::NotSealed`].
pub fn seal_root(root: &SecretKey, passphrase: &str) -> Result<SealedRoot, RootError> {
    let seed = root.dangerously_expose_seed();
    let plain = Zeroizing::new([MARK, seed.as_slice()].concat());
    let mut to_passphrase = scrypt::Recipient::new(SecretString::from(passphrase));
    to_passphrase.set_work_factor(LOG_WORK);
    let recovery = x25519::Identity::generate();
    let seal = |sealed: Result<Vec<u8>, age::EncryptError>| sealed.map_err(|_| RootError::NotSealed);
    Ok(SealedRoot {
        by_passphrase: seal(age::encrypt(&to_passphrase, &plain))?,
        by_recovery_key: seal(age::encrypt(&recovery.to_public(), &plain))?,
        recovery_key: Zeroizing::new(recovery.to_string().expose_secret().to_owned()),
    })
}

/// Opens a sealed root with its passphrase or recovery key, whichever the file is for.
///
/// # Errors
/// [`RootError`].
pub fn open_root(sealed: &[u8], secret: &str) -> Result<SecretKey, RootError> {
    let secret = secret.trim();
    let plain = match secret.parse::<x25519::Identity>() {
        Ok(recovery) => age::decrypt(&recovery, sealed),
        Err(_) => {
            let mut identity = scrypt::Identity::new(SecretString::from(secret));
            identity.set_max_work_factor(MOST_LOG_WORK);
            age::decrypt(&identity, sealed)
        }
    };
    let plain = Zeroizing::new(plain.map_err(|_| RootError::Shut)?);
    let seed = plain.strip_prefix(MARK).ok_or(RootError::NoRoot)?;
    Ok(SecretKey::new(seed.try_into().map_err(|_| RootError::NoRoot)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_opens_with_its_passphrase_and_with_its_recovery_key_and_with_nothing_else() {
        let root = SecretKey::new(&[7; 32]);
        let sealed = seal_root(&root, "abandon garage tunnel velvet zebra").unwrap();
        let opened = |file: &[u8], secret: &str| open_root(file, secret).map(|root| root.public());
        assert_eq!(opened(&sealed.by_passphrase, "abandon garage tunnel velvet zebra\n"), Ok(root.public()));
        assert_eq!(opened(&sealed.by_recovery_key, &sealed.recovery_key), Ok(root.public()));
        assert_eq!(opened(&sealed.by_passphrase, "another"), Err(RootError::Shut));
        assert_eq!(opened(&sealed.by_passphrase, &sealed.recovery_key), Err(RootError::Shut));
        assert_eq!(opened(&sealed.by_recovery_key, "abandon garage tunnel velvet zebra"), Err(RootError::Shut));
        let key = x25519::Identity::generate();
        let other = age::encrypt(&key.to_public(), b"a letter").unwrap();
        assert_eq!(opened(&other, key.to_string().expose_secret()), Err(RootError::NoRoot));
        let mut damaged = sealed.by_passphrase;
        *damaged.last_mut().unwrap() ^= 1;
        assert_eq!(opened(&damaged, "abandon garage tunnel velvet zebra"), Err(RootError::Shut));
    }
}
