//! The connection string of a PostgreSQL database, and what it says about TLS.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;
use zeroize::Zeroizing;

/// Whoever does not take the connection within so long is taken for absent.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// A connection that says nothing is asked after so long whether it is still there.
const SILENCE: Duration = Duration::from_secs(30);

/// A connection string, `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. Shown without its password.
#[derive(Clone)]
pub struct DatabaseUrl {
    text: Zeroizing<String>,
    config: Config,
    root: Option<PathBuf>,
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        for (place, host) in self.config.get_hosts().iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) => write!(f, "{comma}{name}")?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{comma}{}", path.display())?,
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

/// Why a connection string is none.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseUrlError {
    /// It is of another kind.
    #[error("a connection string begins with postgres://")]
    Scheme,
    /// It cannot be read.
    #[error("the connection string cannot be read")]
    Unreadable(#[source] tokio_postgres::Error),
    /// It names no host.
    #[error("the connection string names no host")]
    NoHost,
    /// It asks for a kind of TLS that is not offered.
    #[error("sslmode={0} is not offered: verify-full and require check the server's certificate, disable is in clear")]
    Mode(String),
    /// The file with the certificates of the authority cannot be used.
    #[error("{path} (sslrootcert) holds no certificate that can be used")]
    Root {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl DatabaseUrl {
    /// Reads a connection string.
    ///
    /// TLS always checks the certificate and the name in it; what the usual modes would let through unchecked is refused.
    /// Without `sslmode` a server on this machine is spoken to in clear and every other one over TLS.
    ///
    /// # Errors
    /// [`DatabaseUrlError`], which shows no password.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let text = text.trim();
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(DatabaseUrlError::Scheme);
        }
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut root, mut others) = (None, None, Vec::new());
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => root = Some(PathBuf::from(value)),
                _ => others.push(option),
            }
        }
        let rest = Zeroizing::new(format!("{address}?{}", others.join("&")));
        let mut config: Config = rest.parse().map_err(DatabaseUrlError::Unreadable)?;
        if config.get_hosts().is_empty() {
            return Err(DatabaseUrlError::NoHost);
        }
        config.ssl_mode(match mode {
            Some("verify-full" | "require") => SslMode::Require,
            Some("disable") => SslMode::Disable,
            Some(other) => return Err(DatabaseUrlError::Mode(other.to_owned())),
            None if config.get_hosts().iter().all(is_here) => SslMode::Disable,
            None => SslMode::Require,
        });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_LIMIT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        config.keepalives_idle(config.get_keepalives_idle().min(SILENCE));
        config.application_name("fieldproof register");
        Ok(Self { text: Zeroizing::new(text.to_owned()), config, root })
    }

    /// Whether the string holds a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// The string itself, with its password.
    pub(crate) fn dangerously_expose(&self) -> &str {
        &self.text
    }

    pub(super) const fn config(&self) -> &Config {
        &self.config
    }

    /// TLS towards the server, with the authority it names or with those of this machine.
    pub(super) fn tls(&self) -> Result<MakeRustlsConnect, DatabaseUrlError> {
        let mut roots = RootCertStore::empty();
        match &self.root {
            _ if self.config.get_ssl_mode() == SslMode::Disable => {}
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
            Some(path) => {
                let unusable = |source| DatabaseUrlError::Root { path: path.clone(), source };
                let certificates = CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.into()))?;
                for certificate in certificates {
                    let certificate = certificate.map_err(|error| unusable(error.into()))?;
                    roots.add(certificate).map_err(|error| unusable(error.into()))?;
                }
                if roots.is_empty() {
                    return Err(unusable("it is empty".into()));
                }
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| DatabaseUrlError::Root { path: PathBuf::new(), source: error.into() })?;
        Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
    }
}

/// Whether a host is this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|at: std::net::IpAddr| at.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_a_connection_string_shows_its_password() {
        let url = DatabaseUrl::parse("postgres://keeper:se%40cret@db.example:5433/book?sslmode=verify-full").unwrap();
        assert_eq!(url.to_string(), "postgres://keeper@db.example/book");
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgres://keeper@db.example/book)");
        assert!(url.dangerously_expose().contains("se%40cret"));
        let error = DatabaseUrl::parse("postgres://keeper:secret@db.example:port/book").unwrap_err();
        let mut said = format!("{error:?}");
        let mut source: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = source {
            said = format!("{said} {error}");
            source = error.source();
        }
        assert!(!said.contains("secret"), "{said}");
    }

    #[test]
    fn another_machine_is_spoken_to_over_tls_unless_somebody_says_otherwise() {
        let mode = |text: &str| DatabaseUrl::parse(text).map(|url| url.config.get_ssl_mode());
        assert_eq!(mode("postgres://db.example/book").unwrap(), SslMode::Require);
        assert_eq!(mode("postgres://localhost,db.example/book").unwrap(), SslMode::Require);
        assert_eq!(mode("postgres://db.example/book?sslmode=disable").unwrap(), SslMode::Disable);
        for here in ["postgres://localhost/book", "postgres://[::1]/book", "postgresql://me@%2Frun%2Fpostgresql/book"] {
            assert_eq!(mode(here).unwrap(), SslMode::Disable, "{here}");
        }
        assert_eq!(mode("postgres://localhost/book?sslmode=require").unwrap(), SslMode::Require);
        for unchecked in ["prefer", "allow", "verify-ca", ""] {
            let text = format!("postgres://db.example/book?sslmode={unchecked}");
            assert!(matches!(mode(&text), Err(DatabaseUrlError::Mode(mode)) if mode == unchecked));
        }
        assert!(matches!(mode("host=db.example"), Err(DatabaseUrlError::Scheme)));
        assert!(matches!(mode("postgres://"), Err(DatabaseUrlError::NoHost)));
    }

    #[test]
    fn an_authority_that_cannot_be_read_is_named() {
        let url = DatabaseUrl::parse("postgres://db.example/book?sslrootcert=/nowhere/ca.pem").unwrap();
        assert!(matches!(url.tls(), Err(DatabaseUrlError::Root { path, .. }) if path.ends_with("ca.pem")));
    }
}
