use std::{
    fmt, fs,
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use kernel::{Entity, Fault, Id};
use object_store::{
    ClientOptions, Error, ObjectStore, ObjectStoreExt, PutMode, PutPayload, RetryConfig, WriteMultipart, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path,
};
use secrecy::ExposeSecret;
use tenancy::UnidadeId;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::{
    FilesConfig, Place, ReceiveError, Received,
    config::{S3, S3_TIMEOUT},
};

#[derive(Debug)]
pub enum ArquivoEntity {}
impl Entity for ArquivoEntity {
    const NAME: &'static str = "arquivo";
}
/// A content. Drawn for each one anew, so that a content never changes under its id.
pub type ArquivoId = Id<ArquivoEntity>;

/// The store of a process. Cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<Inner>);

struct Inner {
    config: FilesConfig,
    store: OnceLock<Arc<dyn ObjectStore>>,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({:?})", self.0.config.place)
    }
}

/// Larger contents go to the store in pieces of so many bytes; S3 takes none below 5 MiB but the last.
const PIECE: usize = 8 << 20;
/// Ends the key of a thumbnail.
const THUMBNAIL: &str = ".miniatura";

impl Files {
    /// Opens nothing yet; the folder is made and the bucket asked with the first content.
    #[must_use]
    pub fn new(config: FilesConfig) -> Self {
        Self(Arc::new(Inner { config, store: OnceLock::new() }))
    }

    #[must_use]
    pub fn config(&self) -> &FilesConfig {
        &self.0.config
    }

    /// The contents of one unidade.
    #[must_use]
    pub fn of(&self, unidade: UnidadeId) -> Shelf {
        Shelf { files: self.clone(), folder: unidade.uuid().simple().to_string() }
    }

    /// Files made for people of one unidade, kept for some days: apart from what they keep themselves, which is counted,
    /// backed up and swept by other rules.
    #[must_use]
    pub fn exports(&self, unidade: UnidadeId) -> Shelf {
        Shelf { files: self.clone(), folder: format!("{}.exportacoes", unidade.uuid().simple()) }
    }

    /// Whether the store can be used: writes, reads and removes something of its own.
    ///
    /// # Errors
    /// What the disk or the server of S3 said.
    pub async fn probe(&self) -> Result<(), Fault> {
        let store = self.store()?;
        let path = Path::from("prova");
        let failed = |e| Fault::new("the store of files", e);
        store.put(&path, PutPayload::from_static(b"sri")).await.map_err(failed)?;
        let read = store.get(&path).await.map_err(failed)?.bytes().await.map_err(failed)?;
        store.delete(&path).await.map_err(failed)?;
        if read == "sri" { Ok(()) } else { Err(Fault::because("the store of files answers with something else")) }
    }

    fn store(&self) -> Result<&Arc<dyn ObjectStore>, Fault> {
        if let Some(store) = self.0.store.get() {
            return Ok(store);
        }
        let opened: Arc<dyn ObjectStore> = match &self.0.config.place {
            Place::Folder(folder) => {
                make(folder)?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| Fault::new("the folder of files", e))?;
                Arc::new(store.with_fsync(true))
            }
            Place::S3(s3) => Arc::new(s3.open().map_err(|e| Fault::new("the configuration of S3", e))?),
        };
        Ok(self.0.store.get_or_init(|| opened))
    }

    /// Where files lie while they are looked at: on the disk that keeps them, or the system's for temporary files.
    pub(crate) fn spool(&self) -> Result<PathBuf, Fault> {
        match &self.0.config.place {
            Place::Folder(folder) => {
                make(folder)?;
                Ok(folder.clone())
            }
            Place::S3(_) => Ok(std::env::temp_dir()),
        }
    }
}

fn make(folder: &std::path::Path) -> Result<(), Fault> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| Fault::new("making the folder of files", e))
}

impl S3 {
    fn open(&self) -> Result<object_store::aws::AmazonS3, Error> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_access_key_id(&self.key_id)
            .with_secret_access_key(self.secret.expose_secret())
            .with_client_options(ClientOptions::new().with_timeout(S3_TIMEOUT).with_connect_timeout(Duration::from_secs(5)))
            // A person waits: what does not come back soon is told.
            .with_retry(RetryConfig { max_retries: 3, retry_timeout: S3_TIMEOUT, ..RetryConfig::default() });
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        builder.build()
    }
}

/// The contents of one unidade: the only way to any of them.
#[derive(Clone, Debug)]
pub struct Shelf {
    files: Files,
    folder: String,
}

/// A content on its way out.
pub struct Content {
    pub bytes: u64,
    pub stream: BoxStream<'static, Result<Bytes, Fault>>,
}

impl Shelf {
    fn path(&self, id: ArquivoId) -> Path {
        Path::from_iter([self.folder.as_str(), &id.to_string()])
    }

    fn thumbnail_path(&self, id: ArquivoId) -> Path {
        Path::from_iter([self.folder.as_str(), &format!("{id}{THUMBNAIL}")])
    }

    /// Puts a content under an id that has none yet. When this answers, it is on the disk or with the server of S3, whole.
    ///
    /// # Errors
    /// [`ReceiveError::DiskFull`]; a fault when the store does not answer, or has something under that id.
    pub async fn put(&self, id: ArquivoId, received: Received) -> Result<(), ReceiveError> {
        self.keep(id, received.file, received.bytes).await?;
        let store = self.files.store()?;
        if let Some(thumbnail) = received.thumbnail {
            store.put(&self.thumbnail_path(id), thumbnail.into()).await.map_err(putting)?;
        }
        Ok(())
    }

    /// Puts a file of our own making under an id that has none yet: `bytes` of it, from its beginning.
    ///
    /// # Errors
    /// As [`Shelf::put`].
    pub async fn keep(&self, id: ArquivoId, file: fs::File, bytes: u64) -> Result<(), ReceiveError> {
        let store = self.files.store()?;
        let mut file = tokio::fs::File::from_std(file);
        file.rewind().await?;
        if bytes <= PIECE as u64 {
            let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or(PIECE));
            file.read_to_end(&mut content).await?;
            store.put_opts(&self.path(id), content.into(), PutMode::Create.into()).await.map_err(putting)?;
        } else {
            let mut writer =
                WriteMultipart::new_with_chunk_size(store.put_multipart(&self.path(id)).await.map_err(putting)?, PIECE);
            let mut buffer = vec![0; 1 << 20];
            loop {
                let read = file.read(&mut buffer).await?;
                if read == 0 {
                    break;
                }
                writer.wait_for_capacity(2).await.map_err(putting)?;
                writer.write(&buffer[..read]);
            }
            writer.finish().await.map_err(putting)?;
        }
        Ok(())
    }

    /// A content; `None` when there is none under that id.
    ///
    /// # Errors
    /// A fault when the store does not answer, at once or in the middle of the stream.
    pub async fn open(&self, id: ArquivoId) -> Result<Option<Content>, Fault> {
        match self.files.store()?.get(&self.path(id)).await {
            Ok(found) => Ok(Some(Content { bytes: found.meta.size, stream: found.into_stream().map_err(reading).boxed() })),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(reading(error)),
        }
    }

    /// The JPEG of a picture drawn small; `None` when it has none.
    ///
    /// # Errors
    /// As [`Shelf::open`].
    pub async fn thumbnail(&self, id: ArquivoId) -> Result<Option<Bytes>, Fault> {
        match self.files.store()?.get(&self.thumbnail_path(id)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(reading),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(reading(error)),
        }
    }

    /// Whether there is a content under that id.
    ///
    /// # Errors
    /// As [`Shelf::open`].
    pub async fn has(&self, id: ArquivoId) -> Result<bool, Fault> {
        match self.files.store()?.head(&self.path(id)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(reading(error)),
        }
    }

    /// Puts a content of another shelf and its thumbnail here as well, under the same id; answers whether it was there. For a
    /// unidade that was restored under another id.
    ///
    /// # Errors
    /// As [`Shelf::open`].
    pub async fn take_from(&self, other: &Self, id: ArquivoId) -> Result<bool, Fault> {
        let store = self.files.store()?;
        // The content last: what is there is there with its thumbnail.
        for (from, to) in [(other.thumbnail_path(id), self.thumbnail_path(id)), (other.path(id), self.path(id))] {
            match store.copy(&from, &to).await {
                Ok(()) => {}
                Err(Error::NotFound { .. }) if to == self.path(id) => return Ok(false),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(reading(error)),
            }
        }
        Ok(true)
    }

    /// Removes a content and its thumbnail; one that is not there is removed already.
    ///
    /// # Errors
    /// A fault when the store does not answer.
    pub async fn remove(&self, id: ArquivoId) -> Result<(), Fault> {
        let store = self.files.store()?;
        // The thumbnail first: what is left of a removal that stopped half-way is found by the content's own name.
        for path in [self.thumbnail_path(id), self.path(id)] {
            match store.delete(&path).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(reading(error)),
            }
        }
        Ok(())
    }

    /// Everything that was put before `instant`, thumbnails included, in no order; some ids come twice.
    ///
    /// # Errors
    /// As [`Shelf::open`], at each step of the stream.
    pub fn list(&self, instant: DateTime<Utc>) -> Result<impl Stream<Item = Result<ArquivoId, Fault>> + use<>, Fault> {
        let listed = self.files.store()?.list(Some(&Path::from(self.folder.as_str())));
        Ok(listed.map_err(reading).try_filter_map(move |meta| async move {
            if meta.last_modified >= instant {
                return Ok(None);
            }
            let name = meta.location.filename().unwrap_or_default();
            Ok(name.strip_suffix(THUMBNAIL).unwrap_or(name).parse().ok())
        }))
    }

    /// Removes what killed processes left half-written for longer than `age`; answers how many. A bucket does so by itself, with
    /// a rule for incomplete uploads.
    ///
    /// # Errors
    /// What the disk said.
    pub async fn sweep_partial(&self, age: Duration) -> Result<usize, Fault> {
        let Place::Folder(root) = &self.files.0.config.place else { return Ok(0) };
        let folder = root.join(&self.folder);
        let sweep = move || -> std::io::Result<usize> {
            let mut removed = 0;
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let old = entry.metadata()?.modified()?.elapsed().is_ok_and(|elapsed| elapsed >= age);
                // The store writes beside the final name, with a number behind.
                if old && entry.file_name().to_string_lossy().contains('#') {
                    fs::remove_file(entry.path())?;
                    removed += 1;
                }
            }
            Ok(removed)
        };
        match tokio::task::spawn_blocking(sweep).await.map_err(|e| Fault::new("sweeping the files", e))? {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(0),
            swept => swept.map_err(|e| Fault::new("sweeping the files", e)),
        }
    }

    /// Removes everything the unidade has. Can be repeated.
    ///
    /// # Errors
    /// A fault when the store does not answer; some may be gone then.
    pub async fn clear(&self) -> Result<(), Fault> {
        let store = self.files.store()?;
        let folder = Path::from(self.folder.as_str());
        let mut listed = store.list(Some(&folder));
        while let Some(meta) = listed.try_next().await.map_err(reading)? {
            store.delete(&meta.location).await.map_err(reading)?;
        }
        Ok(())
    }
}

fn putting(error: Error) -> ReceiveError {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
        {
            return ReceiveError::DiskFull;
        }
        cause = error.source();
    }
    ReceiveError::Fault(Fault::new("putting a file into the store", error).unavailable())
}

fn reading(error: Error) -> Fault {
    Fault::new("the store of files", error).unavailable()
}
