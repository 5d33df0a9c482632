//! Evidence in an S3-compatible store.

use std::{fmt, fs, path::Path as FilePath, sync::Arc, time::Duration};

use fieldproof_model::digest::Digest;
use fieldproof_seal::Digester;
use futures_util::TryStreamExt;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    path::Path,
};
use zeroize::Zeroizing;

use crate::{RegisterError, background, error::at, files::sync_folder};

/// A store that fails is asked again for so long; then the client is told to come again.
const PATIENCE: Duration = Duration::from_secs(15);

/// One request, with an item of the largest size on a slow line.
const REQUEST_LIMIT: Duration = Duration::from_secs(60);

/// The address of a bucket, `s3://bucket/folder`, and on further lines settings such as `aws_endpoint=https://…`. What is
/// not set comes from the environment by the usual names: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_ENDPOINT`. Shown without its settings.
#[derive(Clone)]
pub struct BucketUrl {
    text: Zeroizing<String>,
    address: String,
    folder: Path,
    settings: Vec<(AmazonS3ConfigKey, Zeroizing<String>)>,
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
        let mut settings = Vec::new();
        for (number, line) in lines {
            let (name, value) = line.split_once('=').ok_or(BucketUrlError::Line(number))?;
            let name = name.trim().to_ascii_lowercase();
            let key = name.parse().map_err(|_| BucketUrlError::Setting(name))?;
            settings.push((key, Zeroizing::new(value.trim().to_owned())));
        }
        Ok(Self {
            text: Zeroizing::new(text.trim().to_owned()),
            address: address.to_owned(),
            folder: Path::parse(folder.trim_end_matches('/')).map_err(BucketUrlError::Folder)?,
            settings,
        })
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
        builder = builder.with_client_options(ClientOptions::new().with_timeout(REQUEST_LIMIT));
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
    pub(super) fn measure(&self, digest: &Digest) -> Result<Option<(Digest, u64)>, RegisterError> {
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
        self.put(digest, bytes.to_vec())
    }

    /// Keeps what a file holds; the file goes when the store has it.
    pub(super) fn adopt(&self, digest: &Digest, file: &FilePath) -> Result<(), RegisterError> {
        self.put(digest, fs::read(file).map_err(at(file))?)?;
        fs::remove_file(file).map_err(at(file))?;
        file.parent().map_or(Ok(()), sync_folder)
    }

    fn put(&self, digest: &Digest, bytes: Vec<u8>) -> Result<(), RegisterError> {
        let (store, item) = (Arc::clone(&self.store), self.item(digest));
        background::run(async move { store.put(&item, bytes.into()).await })??;
        match self.measure(digest)? {
            Some((kept, _)) if kept == *digest => Ok(()),
            Some(_) | None => Err(RegisterError::Damaged("evidence read back differs")),
        }
    }
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
}
