//! Contents on their way into a documento.
//!
//! The rules it protects: all contents of a unidade together stay below its quota; nothing lies in the store without a row that
//! was committed before, so that whatever a killed process leaves behind is found and removed (`sweep`).

pub(crate) mod sql;

use std::sync::Arc;

use bytes::Bytes;
use files::{ArquivoId, FileKind, FileName, Files, ReceiveError, Received};
use futures::Stream;
use kernel::{ErrorKind, Fault, FieldError, Invalid, Kind};
use tenancy::{TenantTx, Tenants, Unidade, UnidadeId};
use uuid::Uuid;

/// A content that is in the store and waits for a documento to take it, for a day.
#[derive(Debug)]
pub struct Arquivo {
    pub id: ArquivoId,
    pub nome: FileName,
    pub kind: FileKind,
    pub bytes: u64,
    pub sha256: [u8; 32],
}

#[derive(Debug, thiserror::Error)]
pub enum GuardarError {
    /// The unidade has no room left for it.
    #[error("the quota of the unidade is used up")]
    Quota(Invalid),
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for GuardarError {
    fn kind(&self) -> Kind {
        match self {
            Self::Quota(_) => Kind::Conflict,
            Self::Receive(error) => error.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Quota(_) => "file-quota",
            Self::Receive(error) => error.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Quota(invalid) => vec![invalid.clone().at("arquivo")],
            Self::Receive(error) => error.fields(),
            Self::Fault(_) => Vec::new(),
        }
    }
}

/// Bytes of one file and of all files of the unidade at most: what it has set, within what the installation gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub max_bytes: u64,
    pub quota: u64,
}

impl Limits {
    /// Those that count now.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn of(tx: &mut TenantTx, files: &Files) -> Result<Self, Fault> {
        let config = files.config();
        let [file, quota] = config.parametros();
        let bytes = |set: Option<i64>, unit: u32, most: u64| {
            set.and_then(|set| u64::try_from(set).ok()).map_or(most, |set| (set << unit).min(most))
        };
        Ok(Self {
            max_bytes: bytes(tx.parametro_set(&file).await?, 20, config.max_bytes),
            quota: bytes(tx.parametro_set(&quota).await?, 30, config.quota),
        })
    }
}

/// Takes a file in and puts it into the store. Runs transactions of its own; the caller holds none, because the sender may be
/// slow.
///
/// # Errors
/// Why it was not taken; nothing is kept then but, at worst, what the sweep removes.
pub async fn guardar<E>(
    files: &Files,
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    nome: FileName,
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Arquivo, GuardarError> {
    let limits = tenants.read(unidade, async |tx: &mut TenantTx| Limits::of(tx, files).await).await?;
    let received = files.receive(nome, limits.max_bytes, body).await?;
    let arquivo = Arquivo {
        id: ArquivoId::new(tenants.clock().uuid()),
        nome: received.name.clone(),
        kind: received.kind,
        bytes: received.bytes,
        sha256: received.sha256,
    };
    let miniatura = received.thumbnail.is_some();
    let quota = limits.quota;
    tenants
        .write(
            unidade,
            async |tx: &mut TenantTx| {
                if sql::reserve(tx, &arquivo, miniatura, quota).await? { Ok(()) } else { Err(full(quota)) }
            },
        )
        .await?;
    if let Err(error) = put(files, unidade, arquivo.id, received).await {
        descartar(files, tenants, unidade, &arquivo).await;
        return Err(error.into());
    }
    Ok(arquivo)
}

async fn put(files: &Files, unidade: &Unidade, id: ArquivoId, received: Received) -> Result<(), ReceiveError> {
    files.of(unidade.id).put(id, received).await
}

fn full(quota: u64) -> GuardarError {
    GuardarError::Quota(Invalid::new("file-quota").with("max", quota >> 20))
}

/// What a restored unidade has of the contents that its documentos name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Herdados {
    /// There already, or brought now.
    pub present: usize,
    /// Neither here nor with the unidade whose archive it was.
    pub missing: usize,
}

/// Sees to it that a unidade which was restored from an archive of `origin` has the contents that its documentos name; brings
/// what is missing from there. Can be repeated.
///
/// # Errors
/// A fault of the database or of the store; some may have been brought then.
pub async fn herdar(files: &Files, tenants: &Tenants, unidade: &Arc<Unidade>, origin: UnidadeId) -> Result<Herdados, Fault> {
    const BATCH: i64 = 500;
    let (here, there) = (files.of(unidade.id), files.of(origin));
    let mut herdados = Herdados::default();
    let mut after = Uuid::nil();
    loop {
        let ids = tenants.read(unidade, async |tx: &mut TenantTx| sql::claimed(tx, after, BATCH).await).await?;
        let Some(last) = ids.last() else { return Ok(herdados) };
        after = *last;
        for id in ids.into_iter().map(ArquivoId::new) {
            if here.has(id).await? || origin != unidade.id && here.take_from(&there, id).await? {
                herdados.present += 1;
            } else {
                herdados.missing += 1;
            }
        }
    }
}

/// Removes a content that no documento took, now instead of in a day. Failing is no harm: the sweep tries again.
pub async fn descartar(files: &Files, tenants: &Tenants, unidade: &Arc<Unidade>, arquivo: &Arquivo) {
    let removed = async {
        files.of(unidade.id).remove(arquivo.id).await?;
        tenants.write(unidade, async |tx: &mut TenantTx| sql::forget(tx, &[arquivo.id.uuid()]).await).await
    };
    if let Err(fault) = removed.await {
        tracing::warn!(%fault, arquivo = %arquivo.id, "a content that nobody took waits for the sweep");
    }
}
