//! Evidence in an S3-compatible store.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read},
    path::{Path as FilePath, PathBuf},
    sync::Arc,
    time::Duration,
};

use fieldproof_model::digest::Digest;
use fieldproof_seal::Digester;
use futures_util::TryStreamExt;
use object_store::{
    Certificate, ClientOptions, MultipartUpload, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    path::Path,
};
use zeroize::Zeroizing;

use crate::{RegisterError, background, error::at, files::sync_folder};

/// A store that fails is asked again for so long; then the client is told to come again.
const PATIENCE: Duration = Duration::from_secs(15);

/// One request, with an item of the largest size on a slow line.
const REQUEST_LIMIT: Duration = Duration::from_secs(60);

/// So much of a larger item is in memory at a time. No store takes smaller parts than 5 MiB.
const PART: u64 = 8 << 20;

/// The setting that names the authority, as in a connection string.
const ROOT: &str = "sslrootcert";

/// The address of a bucket, `s3://bucket/folder`, and on further lines settings such as `aws_endpoint=https://…`. What is
/// not set comes from the environment by the usual names: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_ENDPOINT`. `sslrootcert=…` names a file with the certificates of the authority that the store's certificate is
/// checked against in place of those of this machine. Shown without its settings.
#[derive(Clone)]
pub struct BucketUrl {
    text: Zeroizing<String>,
    address: String,
    folder: Path,
    settings: Vec<(AmazonS3ConfigKey, Zeroizing<String>)>,
    root: Option<PathBuf>,
}

impl fmt::Display for BucketUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

impl fmt::Debug for BucketUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BucketUrl({self})")
    }
}

/// Why the address of a bucket is none.
#[derive(Debug, thiserror::Error)]
pub enum BucketUrlError {
    /// It is of another kind.
    #[error("the address of a bucket begins with s3:// and names the bucket")]
    Scheme,
    /// The folder has a name that no store takes.
    #[error("the folder in the address of a bucket cannot be used")]
    Folder(#[source] object_store::path::Error),
    /// A line sets nothing.
    #[error("line {0} of the settings of a bucket is not of the form name=value")]
    Line(usize),
    /// No such setting.
    #[error("there is no setting {0} of a bucket")]
    Setting(String),
    /// The file with the certificates of the authority cannot be used.
    #[error("{path} (sslrootcert) holds no certificate that can be used")]
    Root {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl BucketUrl {
    /// Reads the address of a bucket and its settings.
    ///
    /// # Errors
    /// [`BucketUrlError`], which shows no value of a setting.
    pub fn parse(text: &str) -> Result<Self, BucketUrlError> {
        let mut lines = (1..).zip(text.trim().lines().map(str::trim)).filter(|(_, line)| !line.is_empty());
        let address = lines.next().map(|(_, line)| line).ok_or(BucketUrlError::Scheme)?;
        let rest = address.strip_prefix("s3://").ok_or(BucketUrlError::Scheme)?;
        let (bucket, folder) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() || rest.contains(['?', '#', '@']) {
            return Err(BucketUrlError::Scheme);
        }
        let (mut settings, mut root) = (Vec::new(), None);
        for (number, line) in lines {
            let (name, value) = line.split_once('=').ok_or(BucketUrlError::Line(number))?;
            let name = name.trim().to_ascii_lowercase();
            if name == ROOT {
                root = Some(PathBuf::from(value.trim()));
                continue;
            }
            let key = name.parse().map_err(|_| BucketUrlError::Setting(name))?;
            settings.push((key, Zeroizing::new(value.trim().to_owned())));
        }
        Ok(Self {
            text: Zeroizing::new(text.trim().to_owned()),
            address: address.to_owned(),
            folder: Path::parse(folder.trim_end_matches('/')).map_err(BucketUrlError::Folder)?,
            settings,
            root,
        })
    }

    /// How the store is asked, and what its certificate is checked against.
    fn options(&self) -> Result<ClientOptions, BucketUrlError> {
        let mut options = ClientOptions::new().with_timeout(REQUEST_LIMIT);
        let Some(path) = &self.root else { return Ok(options) };
        let unusable = |source| BucketUrlError::Root { path: path.clone(), source };
        let pem = fs::read(path).map_err(|error| unusable(error.into()))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| unusable(error.into()))?;
        if certificates.is_empty() {
            return Err(unusable("it is empty".into()));
        }
        for certificate in certificates {
            options = options.with_root_certificate(certificate);
        }
        Ok(options.with_no_system_certificates(true))
    }

    /// All of it, with its secrets.
    pub(crate) fn dangerously_expose(&self) -> &str {
        &self.text
    }

    /// The bucket, which is asked for nothing yet.
    pub(crate) fn open(&self) -> Result<Bucket, RegisterError> {
        // The HTTP client takes the program's provider; where there is one already, it is the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let retry = RetryConfig { max_retries: 3, retry_timeout: PATIENCE, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::from_env().with_retry(retry);
        builder = builder.with_client_options(self.options()?);
        for (key, value) in &self.settings {
            builder = builder.with_config(*key, value.as_str());
        }
        let store = builder.with_url(&self.address).build()?;
        Ok(Bucket { store: Arc::new(store), folder: self.folder.clone() })
    }
}

/// One object per item, named by its digest below one folder.
#[derive(Debug)]
pub(crate) struct Bucket {
    store: Arc<dyn ObjectStore>,
    folder: Path,
}

impl Bucket {
    fn item(&self, digest: &Digest) -> Path {
        self.folder.clone().join(digest.to_string())
    }

    /// Digest and size of what lies under the item's name, read back.
    pub(crate) fn measure(&self, digest: &Digest) -> Result<Option<(Digest, u64)>, RegisterError> {
        let (store, item) = (Arc::clone(&self.store), self.item(digest));
        let measured = background::run(async move {
            let mut pieces = store.get(&item).await?.into_stream();
            let (mut digester, mut size) = (Digester::default(), 0_u64);
            while let Some(piece) = pieces.try_next().await? {
                digester.update(&piece);
                size = size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            }
            Ok((digester.finish(), size))
        })?;
        found(measured)
    }

    /// The bytes that lie under the item's name.
    pub(super) fn read(&self, digest: &Digest) -> Result<Option<Vec<u8>>, RegisterError> {
        let (store, item) = (Arc::clone(&self.store), self.item(digest));
        found(background::run(async move { Ok(store.get(&item).await?.bytes().await?.to_vec()) })?)
    }

    /// Keeps an item: stored under its name and read back before this returns.
    pub(super) fn keep(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegisterError> {
        self.put(digest, bytes.to_vec())?;
        self.read_back(digest)
    }

    /// Keeps what a file holds; the file goes when the store has it. A larger one goes part by part.
    pub(super) fn adopt(&self, digest: &Digest, file: &FilePath) -> Result<(), RegisterError> {
        let mut source = File::open(file).map_err(at(file))?;
        let first = part(&mut source).map_err(at(file))?;
        if u64::try_from(first.len()).is_ok_and(|length| length < PART) {
            self.put(digest, first)?;
        } else {
            self.put_parts(digest, first, || part(&mut source).map_err(at(file)))?;
        }
        self.read_back(digest)?;
        fs::remove_file(file).map_err(at(file))?;
        file.parent().map_or(Ok(()), sync_folder)
    }

    fn put(&self, digest: &Digest, bytes: Vec<u8>) -> Result<(), RegisterError> {
        let (store, item) = (Arc::clone(&self.store), self.item(digest));
        background::run(async move { store.put(&item, bytes.into()).await })??;
        Ok(())
    }

    /// Stores part by part until there is none: the store has the item with the last one, whole, or not at all. Parts of
    /// a register that was ended meanwhile lie there under no name, until the bucket's own rules clear them away.
    fn put_parts(
        &self,
        digest: &Digest,
        first: Vec<u8>,
        mut next: impl FnMut() -> Result<Vec<u8>, RegisterError>,
    ) -> Result<(), RegisterError> {
        let (store, item) = (Arc::clone(&self.store), self.item(digest));
        let mut upload = background::run(async move { store.put_multipart(&item).await })??;
        let mut part = Ok(first);
        loop {
            part = match part {
                Ok(part) if part.is_empty() => break,
                Ok(part) => {
                    let (back, sent) = background::run(send_part(upload, part))?;
                    upload = back;
                    sent.map_err(RegisterError::from).and_then(|()| next())
                }
                Err(error) => {
                    // What cannot be taken back either is as if the register had been ended.
                    drop(background::run(async move { upload.abort().await })?);
                    return Err(error);
                }
            };
        }
        background::run(async move { upload.complete().await })??;
        Ok(())
    }

    fn read_back(&self, digest: &Digest) -> Result<(), RegisterError> {
        match self.measure(digest)? {
            Some((kept, _)) if kept == *digest => Ok(()),
            Some(_) | None => Err(RegisterError::Damaged("evidence read back differs")),
        }
    }
}

type Parts = Box<dyn MultipartUpload>;

/// Gives the upload back, whatever became of the part.
async fn send_part(mut upload: Parts, part: Vec<u8>) -> (Parts, object_store::Result<()>) {
    let sent = upload.put_part(part.into()).await;
    (upload, sent)
}

/// The next part of a file; empty at its end.
fn part(source: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(PART).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is not there is an answer; everything else that goes wrong is none.
fn found<T>(answer: object_store::Result<T>) -> Result<Option<T>, RegisterError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_its_settings_and_shown_without() {
        let text = "s3://evidence/of/esimerkki/\n\nAWS_SECRET_ACCESS_KEY = hidden\naws_allow_http=true\n";
        let url = BucketUrl::parse(text).unwrap();
        assert_eq!((url.to_string().as_str(), url.folder.as_ref()), ("s3://evidence/of/esimerkki/", "of/esimerkki"));
        assert_eq!(url.settings.len(), 2);
        assert!(!format!("{url:?}{url}").contains("hidden"));
        assert_eq!(BucketUrl::parse("s3://evidence").unwrap().folder.as_ref(), "");
        for none in ["", "evidence", "/srv/evidence", "s3://", "s3:///folder", "s3://key:secret@bucket"] {
            assert!(matches!(BucketUrl::parse(none), Err(BucketUrlError::Scheme)), "{none}");
        }
        let parse = |line: &str| BucketUrl::parse(&format!("s3://evidence\n{line}"));
        assert!(matches!(parse("hidden"), Err(BucketUrlError::Line(2))));
        assert!(matches!(parse("aws_regoin=x"), Err(BucketUrlError::Setting(name)) if name == "aws_regoin"));
        assert!(matches!(BucketUrl::parse("s3://evidence/a//b"), Err(BucketUrlError::Folder(_))));
    }

    #[test]
    fn an_authority_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("ca.pem");
        fs::write(&empty, "").unwrap();
        for path in [folder.path().join("nowhere"), empty] {
            let url = BucketUrl::parse(&format!("s3://evidence\nsslrootcert={}", path.display())).unwrap();
            assert!(
                matches!(url.open(), Err(RegisterError::BucketUrl(BucketUrlError::Root { path: named, .. })) if named == path)
            );
        }
    }
}
