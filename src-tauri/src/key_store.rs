//! The operating system's key store, asked on a thread of its own: it may wait for a password for as long as it likes.

use std::{sync::mpsc, thread, time::Duration};

use fieldproof_app::KeyStoreError;
use keyring::{Entry, Error, Result};

/// What our secrets are kept under.
const SERVICE: &str = "Fieldproof";

/// How long a person may take to open their key store.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks about the secret of a name. An answer that comes too late is let go.
pub(crate) fn ask<T: Send + 'static>(
    name: &str,
    question: impl FnOnce(&Entry) -> Result<T> + Send + 'static,
) -> std::result::Result<T, KeyStoreError> {
    within(PATIENCE, {
        let name = name.to_owned();
        move || Entry::new(SERVICE, &name).and_then(|entry| question(&entry))
    })
}

fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> std::result::Result<T, KeyStoreError> {
    let (answer, answered) = mpsc::channel();
    let asking = thread::Builder::new().name("key store".to_owned()).spawn(move || {
        // Whoever asked may have gone.
        drop(answer.send(work()));
    });
    asking.map_err(|error| KeyStoreError::Refused(Box::new(error)))?;
    match answered.recv_timeout(patience) {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => Err(worded(error)),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(KeyStoreError::NoAnswer),
        // It fell over.
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(KeyStoreError::Missing),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else it says is a refusal, in its own words")]
fn worded(error: Error) -> KeyStoreError {
    match error {
        Error::NoDefaultStore => KeyStoreError::Missing,
        Error::NoEntry => KeyStoreError::NotThere,
        other => KeyStoreError::Refused(Box::new(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_waited_for_no_longer_than_that_and_every_refusal_has_its_name() {
        let short = Duration::from_millis(20);
        assert!(matches!(within(short, || Ok(7)), Ok(7)));
        let (_held, never) = mpsc::channel::<()>();
        let late = within(short, move || Ok(never.recv().is_ok()));
        assert!(matches!(late, Err(KeyStoreError::NoAnswer)), "{late:?}");
        assert!(matches!(within(PATIENCE, || Err::<(), _>(Error::NoDefaultStore)), Err(KeyStoreError::Missing)));
        assert!(matches!(within(PATIENCE, || Err::<(), _>(Error::NoEntry)), Err(KeyStoreError::NotThere)));
        let refused = within(PATIENCE, || Err::<(), _>(Error::TooLong("name".to_owned(), 9)));
        assert!(matches!(refused, Err(KeyStoreError::Refused(_))), "{refused:?}");
    }
}
