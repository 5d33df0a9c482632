//! What can go wrong in the register, and how much of it a client is told.

use std::{io, path::PathBuf};

use fieldproof_model::time::Date;
use fieldproof_seal::{key_set::KeySetError, keys::KeyId};
use fieldproof_wire::{Fault, Reach, RequestError};

use crate::{NotTaken, database::DatabaseUrlError, evidence::BucketUrlError};

/// Why the register did not do something.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The request is at fault; the client is told.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The database.
    #[error("the register's database failed")]
    Database(#[from] rusqlite::Error),
    /// The database, on PostgreSQL.
    #[error("the register's database failed")]
    Postgres(#[from] tokio_postgres::Error),
    /// The database took the connection and said nothing.
    #[error("the register's database does not answer")]
    DatabaseSilent,
    /// The database answers before it has written.
    #[error("the register's database does not wait for its disk: turn fsync on")]
    NotDurable,
    /// The connection string of the database cannot be used.
    #[error(transparent)]
    DatabaseUrl(#[from] DatabaseUrlError),
    /// The store of the evidence.
    #[error("the register's evidence store failed")]
    Bucket(#[from] object_store::Error),
    /// The address of the evidence store cannot be used.
    #[error(transparent)]
    BucketUrl(#[from] BucketUrlError),
    /// Others may read a file with a password.
    #[error("{0} may hold a password and is open to others: let only its owner read it")]
    OpenToOthers(PathBuf),
    /// Book or evidence of a register would be left behind.
    #[error("{0} holds the register's book or evidence itself: make a backup, and restore it to where it is to be")]
    KeptHere(PathBuf),
    /// The database holds a register already.
    #[error("the database holds a register already")]
    DatabaseNotEmpty,
    /// What works beside the register cannot be started.
    #[error("a thread for the database cannot be started")]
    NoThread(#[source] io::Error),
    /// A file or folder.
    #[error("{path} failed")]
    File {
        /// Which.
        path: PathBuf,
        /// How.
        source: io::Error,
    },
    /// One item of evidence lies there and cannot be read. It says nothing of the others.
    #[error("{path} cannot be read")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// How.
        source: io::Error,
    },
    /// No further connection can be taken: where it is for want of open files, the system's limit of them is too low.
    #[error("no connection can be taken")]
    Connections(#[source] io::Error),
    /// There is something in the folder already.
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    /// There is no register in the folder.
    #[error("{0} holds no register")]
    NotThere(PathBuf),
    /// A later version wrote the database.
    #[error("the register's database has version {found}; this program reads up to {known}")]
    TooNew {
        /// Its version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The key set is not the root's.
    #[error("the key set cannot be used")]
    KeySet(#[from] KeySetError),
    /// The key set is another institution's, or of another purpose.
    #[error("the key set is another institution's, or of another purpose")]
    OtherKeySet,
    /// The key set does not follow the one that is held.
    #[error("the register holds key set {ours}; the one that was brought has number {found}")]
    OlderKeySet {
        /// The number that is held.
        ours: u32,
        /// The number that was brought.
        found: u32,
    },
    /// The key is not an active register key of the key set.
    #[error("key {0} is no active register key of the key set")]
    NotARegisterKey(KeyId),
    /// The key file does not hold the key of this register.
    #[error("the key file does not hold the register's key")]
    OtherKey,
    /// A file of the folder `decryption` does not hold the key it is named by.
    #[error("{0} does not hold the decryption key it is named by")]
    OtherDecryptionKey(PathBuf),
    /// A bundle was not taken.
    #[error(transparent)]
    Bundle(#[from] NotTaken),
    /// Nothing that is signed with this key proves anything.
    #[error("the installation key is weak")]
    WeakKey,
    /// The certificate could not be made.
    #[error("the register's certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// Key and certificate cannot be used.
    #[error("the register's key and certificate for TLS cannot be used")]
    Tls(#[from] rustls::Error),
    /// Something stored does not make sense.
    #[error("the register's database is damaged: {0}")]
    Damaged(&'static str),
    /// On the day that the clock says the register's key is not in use; whatever it signed would be believed by nobody.
    #[error(
        "the register's clock says {day}, and its key is in use from {from} to {to}: set the clock, or renew the key"
    )]
    Clock {
        /// What the clock says.
        day: Date,
        /// The key's first day.
        from: Date,
        /// Its last.
        to: Date,
    },
    /// A counter reached its end.
    #[error("no further number for {0}")]
    Exhausted(&'static str),
    /// The work was given up: the program stops, or has a defect.
    #[error("the work was given up")]
    GivenUp(#[from] tokio::task::JoinError),
}

impl RegisterError {
    /// What the client is told: everything that is not the request's fault is the register's own.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Fault(fault) => *fault,
            Self::Bundle(not_taken) => not_taken.fault(),
            Self::Database(_)
            | Self::Postgres(_)
            | Self::DatabaseSilent
            | Self::NotDurable
            | Self::DatabaseUrl(_)
            | Self::Bucket(_)
            | Self::BucketUrl(_)
            | Self::OpenToOthers(_)
            | Self::KeptHere(_)
            | Self::DatabaseNotEmpty
            | Self::NoThread(_)
            | Self::File { .. }
            | Self::Unreadable { .. }
            | Self::Connections(_)
            | Self::NotEmpty(_)
            | Self::NotThere(_)
            | Self::TooNew { .. }
            | Self::KeySet(_)
            | Self::OtherKeySet
            | Self::OlderKeySet { .. }
            | Self::NotARegisterKey(_)
            | Self::OtherKey
            | Self::OtherDecryptionKey(_)
            | Self::WeakKey
            | Self::Certificate(_)
            | Self::Tls(_)
            | Self::Damaged(_)
            | Self::Clock { .. }
            | Self::Exhausted(_)
            | Self::GivenUp(_) => Fault::Internal,
        }
    }
}

impl RequestError for RegisterError {
    fn is_permanent(&self) -> bool {
        self.fault().is_permanent()
    }

    fn reach(&self) -> Reach {
        Reach::Request
    }
}

/// Names the file or folder that failed.
pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(io::Error) -> RegisterError {
    let path = path.to_owned();
    move |source| RegisterError::File { path, source }
}
