//! The archive of one unidade: a readable header, then (sealed) every table's rows and at the end the manifest.
//!
//! ```text
//! "SRIBAK1\n"  length of header (u32)  header (JSON)  pieces (`sealed`)
//! inside: T head of a table (JSON) · D rows (COPY text) … · E sum (JSON) · … · M manifest (JSON)
//! ```
//! A frame inside is one letter, the length of its content (u32, big endian) and the content.

use std::{io::Write as _, path::Path};

use chrono::{DateTime, Utc};
use flate2::write::DeflateDecoder;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncWrite, BufReader},
};
use uuid::Uuid;

use super::{
    sealed::{SealedReader, SealedWriter, Written},
    snapshot::{Applied, Shape, TableHead, TableSum, Tally},
};
use crate::{
    Slug, UnidadeId,
    seal::{MasterKey, random},
};

const MAGIC: &[u8; 8] = b"SRIBAK1\n";
/// Newest format this program reads and the one it writes.
pub const FORMAT: u32 = 1;
/// A header is some hundred bytes; a frame holds at most one row beyond its piece.
const MAX_HEADER: u32 = 1 << 20;
const MAX_FRAME: usize = 1 << 30;

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("this is no backup of SRI")]
    NotABackup,
    #[error("the backup has format {0}, which this program does not know")]
    UnknownFormat(u32),
    #[error("the backup was made with another secret key")]
    WrongKey,
    #[error("the backup was altered or damaged")]
    Altered,
    #[error("the backup ends early: it was never finished, or cut")]
    Unfinished,
    #[error("table {0} is not what the manifest says")]
    Sum(String),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ArchiveError {
    pub(super) fn read(error: std::io::Error) -> Self {
        Self::Fault(Fault::new("reading a backup", error))
    }
}

/// What can be read without the key. It is protected against change, not against reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub format: u32,
    /// Id of the backup.
    pub id: Uuid,
    pub unidade_id: UnidadeId,
    pub slug: Slug,
    pub codigo: String,
    pub schema_version: i64,
    pub migrations: Vec<Applied>,
    /// The instant of the snapshot.
    pub created_at: DateTime<Utc>,
    /// Version of the program that made it.
    pub program: String,
    /// 16 random bytes, hexadecimal; part of the file's key.
    salt: String,
    /// Tells a wrong key from a damaged file.
    key_check: String,
}

/// What the headers of all formats have.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// The last thing in an archive: what it must contain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub header: Header,
    pub nome: String,
    pub modules: Vec<String>,
    pub municipio_id: Option<i32>,
    pub fuso: String,
    pub tables: Vec<TableSum>,
}

impl Manifest {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|t| t.rows).sum()
    }
}

impl Header {
    pub(super) fn new(id: Uuid, unidade: &crate::Unidade, shape: &Shape, created_at: DateTime<Utc>, key: &MasterKey) -> Self {
        let salt = hex::encode(random::<16>());
        let mut header = Self {
            format: FORMAT,
            id,
            unidade_id: unidade.id,
            slug: unidade.slug.clone(),
            codigo: unidade.codigo.clone(),
            schema_version: shape.version(),
            migrations: shape.migrations.clone(),
            created_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            salt,
            key_check: String::new(),
        };
        header.key_check = header.check(key);
        header
    }

    fn purpose(&self) -> String {
        format!("backup:{}:{}", self.unidade_id, self.salt)
    }

    fn key(&self, key: &MasterKey) -> [u8; 32] {
        key.derive(&self.purpose())
    }

    fn check(&self, key: &MasterKey) -> String {
        hex::encode(&key.derive(&format!("{}:check", self.purpose()))[..8])
    }
}

pub(super) struct ArchiveWriter<W>(SealedWriter<W>);

impl<W: AsyncWrite + Unpin> ArchiveWriter<W> {
    pub(super) async fn new(out: W, header: &Header, key: &MasterKey) -> Result<Self, Fault> {
        let json = serde_json::to_vec(header).map_err(|e| Fault::new("header of a backup", e))?;
        let length = u32::try_from(json.len()).map_err(|e| Fault::new("header of a backup", e))?;
        let bytes = [MAGIC.as_slice(), &length.to_be_bytes(), &json].concat();
        Ok(Self(SealedWriter::new(out, &header.key(key), &bytes).await?))
    }

    pub(super) async fn table(&mut self, head: &TableHead) -> Result<(), Fault> {
        self.json(b'T', head).await
    }

    pub(super) async fn rows(&mut self, text: &[u8]) -> Result<(), Fault> {
        self.frame(b'D', text).await
    }

    pub(super) async fn end(&mut self, sum: &TableSum) -> Result<(), Fault> {
        self.json(b'E', sum).await
    }

    pub(super) async fn finish(mut self, manifest: &Manifest) -> Result<(W, Written), Fault> {
        self.json(b'M', manifest).await?;
        self.0.finish().await
    }

    async fn json(&mut self, tag: u8, content: &impl Serialize) -> Result<(), Fault> {
        let json = serde_json::to_vec(content).map_err(|e| Fault::new("writing a backup", e))?;
        self.frame(tag, &json).await
    }

    async fn frame(&mut self, tag: u8, content: &[u8]) -> Result<(), Fault> {
        let length = u32::try_from(content.len()).map_err(|e| Fault::new("writing a backup", e))?;
        let mut head = [tag, 0, 0, 0, 0];
        head[1..].copy_from_slice(&length.to_be_bytes());
        self.0.write(&head).await?;
        self.0.write(content).await
    }
}

/// A piece of an archive's content.
#[derive(Debug)]
pub(crate) enum Frame {
    Table(TableHead),
    Rows(Vec<u8>),
    /// The rows of the table were as many and the same as when they were written.
    End(TableSum),
    Manifest(Box<Manifest>),
}

/// Reads an archive from front to back and checks every table's sum as it passes.
pub(crate) struct ArchiveReader {
    header: Header,
    pieces: SealedReader<BufReader<File>>,
    expand: DeflateDecoder<Vec<u8>>,
    tally: Tally,
    seen: Vec<TableSum>,
    ended: bool,
}

impl ArchiveReader {
    pub(crate) async fn open(path: &Path, key: &MasterKey) -> Result<Self, ArchiveError> {
        let file = File::open(path).await.map_err(ArchiveError::read)?;
        let mut input = BufReader::with_capacity(128 * 1024, file);
        let mut start = [0; 12];
        input.read_exact(&mut start).await.map_err(|_| ArchiveError::NotABackup)?;
        let (magic, length) = start.split_at(8);
        if magic != MAGIC {
            return Err(ArchiveError::NotABackup);
        }
        let length = length.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b));
        if length > MAX_HEADER {
            return Err(ArchiveError::Altered);
        }
        let mut json = vec![0; length as usize];
        input.read_exact(&mut json).await.map_err(|_| ArchiveError::Unfinished)?;
        // The format is asked first: a later one may have other fields.
        let format = serde_json::from_slice::<Format>(&json).map_err(|_| ArchiveError::Altered)?.format;
        if format != FORMAT {
            return Err(ArchiveError::UnknownFormat(format));
        }
        let header: Header = serde_json::from_slice(&json).map_err(|_| ArchiveError::Altered)?;
        if header.key_check != header.check(key) {
            return Err(ArchiveError::WrongKey);
        }
        let bytes = [start.as_slice(), &json].concat();
        let pieces = SealedReader::new(input, &header.key(key), &bytes);
        let expand = DeflateDecoder::new(Vec::new());
        Ok(Self { header, pieces, expand, tally: Tally::default(), seen: Vec::new(), ended: false })
    }

    /// The next frame; `None` behind the manifest.
    pub(crate) async fn next(&mut self) -> Result<Option<Frame>, ArchiveError> {
        if self.ended {
            return match self.pieces.next().await? {
                None if self.expand.get_ref().is_empty() => Ok(None),
                _ => Err(ArchiveError::Altered),
            };
        }
        let head = self.take(5).await?;
        let length = head[1..].iter().fold(0_usize, |n, b| n << 8 | usize::from(*b));
        if length > MAX_FRAME {
            return Err(ArchiveError::Altered);
        }
        let content = self.take(length).await?;
        let frame = match head[0] {
            b'T' => Frame::Table(parsed(&content)?),
            b'D' => {
                self.tally.add(&content);
                Frame::Rows(content)
            }
            b'E' => {
                let sum: TableSum = parsed(&content)?;
                if std::mem::take(&mut self.tally).sum(&sum.name) != sum {
                    return Err(ArchiveError::Sum(sum.name));
                }
                self.seen.push(sum.clone());
                Frame::End(sum)
            }
            b'M' => {
                let manifest: Manifest = parsed(&content)?;
                if manifest.header != self.header || manifest.tables != self.seen {
                    return Err(ArchiveError::Altered);
                }
                self.ended = true;
                Frame::Manifest(Box::new(manifest))
            }
            _ => return Err(ArchiveError::Altered),
        };
        Ok(Some(frame))
    }

    /// Exactly `length` bytes of the content.
    async fn take(&mut self, length: usize) -> Result<Vec<u8>, ArchiveError> {
        while self.expand.get_ref().len() < length {
            match self.pieces.next().await? {
                Some(piece) => {
                    self.expand.write_all(&piece).map_err(|_| ArchiveError::Altered)?;
                    self.expand.flush().map_err(|_| ArchiveError::Altered)?;
                }
                None => return Err(ArchiveError::Altered),
            }
        }
        let rest = self.expand.get_mut().split_off(length);
        Ok(std::mem::replace(self.expand.get_mut(), rest))
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(json: &[u8]) -> Result<T, ArchiveError> {
    serde_json::from_slice(json).map_err(|_| ArchiveError::Altered)
}

/// Reads an archive to its end and checks every byte of it.
///
/// # Errors
/// What is wrong with it.
pub async fn verify_archive(path: &Path, key: &MasterKey) -> Result<Manifest, ArchiveError> {
    let mut reader = ArchiveReader::open(path, key).await?;
    let mut manifest = None;
    while let Some(frame) = reader.next().await? {
        if let Frame::Manifest(found) = frame {
            manifest = Some(*found);
        }
    }
    manifest.ok_or(ArchiveError::Unfinished)
}
