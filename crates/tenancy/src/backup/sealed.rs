//! The outer coat of an archive: compressed, then sealed in pieces with AES-256-GCM.
//!
//! Each file has a key of its own (derived from the master key, the unidade and a random salt in the header). A piece's
//! nonce is its number and whether it is the last, its authenticated data is the hash of the header: so pieces cannot be
//! altered, swapped, repeated, left out or taken from another file, and a file that ends early has no last piece. Only
//! one piece is in memory at a time.

use std::io::Write as _;

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use flate2::{Compression, write::DeflateEncoder};
use kernel::Fault;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::ArchiveError;

/// Compressed bytes in a piece.
const PIECE: usize = 64 * 1024;
/// Marks the last piece in its length word.
const LAST: u32 = 1 << 31;
const TAG: usize = 16;

/// Cipher, header hash and number of the next piece.
struct Coat {
    cipher: Aes256Gcm,
    header: [u8; 32],
    next: u64,
}

impl Coat {
    fn new(key: &[u8; 32], header: &[u8]) -> Self {
        Self { cipher: Aes256Gcm::new(key.into()), header: Sha256::digest(header).into(), next: 0 }
    }

    fn nonce(&mut self, last: bool) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[0] = u8::from(last);
        nonce[4..].copy_from_slice(&self.next.to_be_bytes());
        self.next += 1;
        nonce
    }
}

/// What was written in all.
pub(super) struct Written {
    pub bytes: u64,
    pub sha256: [u8; 32],
}

pub(super) struct SealedWriter<W> {
    out: W,
    coat: Coat,
    squeeze: DeflateEncoder<Vec<u8>>,
    bytes: u64,
    hash: Sha256,
}

impl<W: AsyncWrite + Unpin> SealedWriter<W> {
    /// Writes `header` as it is: it is authenticated with every piece, not hidden.
    pub(super) async fn new(out: W, key: &[u8; 32], header: &[u8]) -> Result<Self, Fault> {
        let squeeze = DeflateEncoder::new(Vec::with_capacity(PIECE * 2), Compression::fast());
        let mut writer = Self { out, coat: Coat::new(key, header), squeeze, bytes: 0, hash: Sha256::new() };
        writer.raw(header).await?;
        Ok(writer)
    }

    pub(super) async fn write(&mut self, plain: &[u8]) -> Result<(), Fault> {
        self.squeeze.write_all(plain).map_err(|e| Fault::new("compressing", e))?;
        while self.squeeze.get_ref().len() >= PIECE {
            let rest = self.squeeze.get_mut().split_off(PIECE);
            let piece = std::mem::replace(self.squeeze.get_mut(), rest);
            self.seal(&piece, false).await?;
        }
        Ok(())
    }

    /// Seals the last piece. Without it the file counts as broken.
    pub(super) async fn finish(mut self) -> Result<(W, Written), Fault> {
        let squeeze = std::mem::replace(&mut self.squeeze, DeflateEncoder::new(Vec::new(), Compression::fast()));
        let mut rest = squeeze.finish().map_err(|e| Fault::new("compressing", e))?;
        while rest.len() > PIECE {
            let tail = rest.split_off(PIECE);
            self.seal(&rest, false).await?;
            rest = tail;
        }
        self.seal(&rest, true).await?;
        Ok((self.out, Written { bytes: self.bytes, sha256: self.hash.finalize().into() }))
    }

    async fn seal(&mut self, piece: &[u8], last: bool) -> Result<(), Fault> {
        let nonce = self.coat.nonce(last);
        let sealed = self
            .coat
            .cipher
            .encrypt(&nonce.into(), Payload { msg: piece, aad: &self.coat.header })
            .map_err(|_| Fault::because("sealing a backup"))?;
        let length = u32::try_from(sealed.len()).map_err(|e| Fault::new("sealing a backup", e))?;
        self.raw(&(if last { length | LAST } else { length }).to_be_bytes()).await?;
        self.raw(&sealed).await
    }

    async fn raw(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes).await.map_err(|e| Fault::new("writing a backup", e))
    }
}

pub(super) struct SealedReader<R> {
    input: R,
    coat: Coat,
    ended: bool,
}

impl<R: AsyncRead + Unpin> SealedReader<R> {
    /// `input` stands behind the header.
    pub(super) fn new(input: R, key: &[u8; 32], header: &[u8]) -> Self {
        Self { input, coat: Coat::new(key, header), ended: false }
    }

    /// The next piece, still compressed; `None` behind the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, ArchiveError> {
        if self.ended {
            // What follows the last piece was put there by somebody else.
            let more = self.input.read(&mut [0]).await.map_err(ArchiveError::read)?;
            return if more == 0 { Ok(None) } else { Err(ArchiveError::Altered) };
        }
        let mut length = [0; 4];
        self.exact(&mut length).await?;
        let length = u32::from_be_bytes(length);
        let last = length & LAST != 0;
        let length = (length & !LAST) as usize;
        if !(TAG..=PIECE + TAG).contains(&length) {
            return Err(ArchiveError::Altered);
        }
        let mut sealed = vec![0; length];
        self.exact(&mut sealed).await?;
        let nonce = self.coat.nonce(last);
        let piece = self
            .coat
            .cipher
            .decrypt(&nonce.into(), Payload { msg: &sealed, aad: &self.coat.header })
            .map_err(|_| ArchiveError::Altered)?;
        self.ended = last;
        Ok(Some(piece))
    }

    async fn exact(&mut self, buffer: &mut [u8]) -> Result<(), ArchiveError> {
        match self.input.read_exact(buffer).await {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(ArchiveError::Unfinished),
            Err(error) => Err(ArchiveError::read(error)),
        }
    }
}
