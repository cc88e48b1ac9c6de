use std::{
    fmt,
    fs::File,
    io::{self, Seek, SeekFrom},
};

use bytes::Bytes;
use futures::{Stream, StreamExt};
use kernel::{ErrorKind, Fault, FieldError, Invalid, Kind};
use sha2::{Digest, Sha256};
use tokio::{io::AsyncWriteExt, sync::Semaphore};

use crate::{FileKind, FileName, Files, clamd::Verdict, kind, thumbnail};

/// A file that was looked at and may be put on a shelf. It lies in a nameless file until then: nothing is left of it when the
/// process dies.
pub struct Received {
    pub name: FileName,
    pub kind: FileKind,
    pub bytes: u64,
    pub sha256: [u8; 32],
    /// A JPEG, for pictures.
    pub thumbnail: Option<Vec<u8>>,
    pub(crate) file: File,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received({:?}, {} bytes)", self.name, self.bytes)
    }
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Too large, empty, not what it says, infected.
    #[error("the file is refused: {}", .0.code)]
    Refused(Invalid),
    /// It broke off on its way.
    #[error("the file broke off")]
    Broken,
    /// The scanner that must be asked does not answer.
    #[error("the virus scanner does not answer")]
    Unscanned,
    #[error("no room is left on the disk")]
    DiskFull,
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Name of the form's field, and of the part of a multipart body.
const FIELD: &str = "arquivo";

impl ErrorKind for ReceiveError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(_) | Self::Broken => Kind::Invalid,
            Self::Unscanned | Self::DiskFull => Kind::Unavailable,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "invalid",
            Self::Broken => "body",
            Self::Unscanned => "file-unscanned",
            Self::DiskFull => "file-disk-full",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Refused(invalid) => vec![invalid.clone().at(FIELD)],
            _ => Vec::new(),
        }
    }
}

impl From<io::Error> for ReceiveError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Fault(Fault::new("receiving a file", error)),
        }
    }
}

/// Files that are looked at and drawn small at once, in one process: each takes a core and, as a picture, much memory.
static LOOKING: Semaphore = Semaphore::const_new(2);

impl Files {
    /// Takes a file in: reads `body` to its end, at most `max_bytes` and the installation's limit of one file, and looks at it. A
    /// refusal comes as early as it is known; the rest of `body` is then not read.
    ///
    /// # Errors
    /// `file-too-large` (with `max` in MB) for one byte more than the limit, `file-empty`, `file-content` for one that is not
    /// what its name says, `file-polyglot`, `file-macro`, `file-unpacked`, `file-pixels`, `file-infected`.
    pub async fn receive<E>(
        &self,
        name: FileName,
        max_bytes: u64,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Received, ReceiveError> {
        let max_bytes = max_bytes.min(self.config().max_bytes);
        let kind = name.kind().ok_or_else(|| Fault::because("a cleaned name has an extension of the list"))?;
        let mut file = tokio::fs::File::from_std(tempfile::tempfile_in(self.spool()?)?);
        let (mut bytes, mut digest) = (0, Sha256::new());
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|_| ReceiveError::Broken)?;
            bytes += piece.len() as u64;
            if bytes > max_bytes {
                return Err(ReceiveError::Refused(too_large(max_bytes)));
            }
            digest.update(&piece);
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        if bytes == 0 {
            return Err(ReceiveError::Refused(Invalid::new("file-empty")));
        }
        let file = file.into_std().await;
        let (file, thumbnail) = look(file, bytes, kind).await?;
        let file = self.scan(file).await?;
        Ok(Received { name, kind, bytes, sha256: digest.finalize().into(), thumbnail, file })
    }

    async fn scan(&self, mut file: File) -> Result<File, ReceiveError> {
        let Some(clamd) = &self.config().clamd else { return Ok(file) };
        file.seek(SeekFrom::Start(0))?;
        let copy = tokio::fs::File::from_std(file.try_clone()?);
        match clamd.scan(copy).await {
            Ok(Verdict::Clean) => Ok(file),
            Ok(Verdict::Infected(signature)) => {
                tracing::warn!(signature, "an infected file was refused");
                Err(ReceiveError::Refused(Invalid::new("file-infected").with("signature", signature)))
            }
            Err(error) if clamd.required => {
                tracing::error!(%error, "the virus scanner does not answer; files are refused");
                Err(ReceiveError::Unscanned)
            }
            Err(error) => {
                tracing::warn!(%error, "the virus scanner does not answer; a file was taken unseen");
                Ok(file)
            }
        }
    }
}

/// Checks the content and draws a picture small, beside the tasks that answer requests.
async fn look(mut file: File, bytes: u64, kind: FileKind) -> Result<(File, Option<Vec<u8>>), ReceiveError> {
    let permit = LOOKING.acquire().await.map_err(|e| Fault::new("waiting to look at a file", e))?;
    let looked = tokio::task::spawn_blocking(move || {
        // Held by the work itself: whoever gives up waiting does not free a core.
        let _permit = permit;
        kind::check(&mut file, bytes, kind)?.map_err(ReceiveError::Refused)?;
        let thumbnail = thumbnail::draw(&mut file, kind).map_err(ReceiveError::Refused)?;
        Ok((file, thumbnail))
    });
    looked.await.map_err(|e| Fault::new("looking at a file", e))?
}

/// What somebody hears whose file is larger than it may be.
fn too_large(max_bytes: u64) -> Invalid {
    Invalid::new("file-too-large").with("max", megabytes(max_bytes))
}

/// As people say it: whole where it is whole.
fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / f64::from(1 << 20);
    if bytes.is_multiple_of(1 << 20) { format!("{megabytes:.0}") } else { format!("{megabytes:.2}") }
}

/// One body in one piece, for programs and tests.
pub fn whole(bytes: impl Into<Bytes>) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Unpin {
    futures::stream::iter([Ok(bytes.into())])
}
