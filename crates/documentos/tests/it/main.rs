//! Documentos against a real database and a real folder: their life, their limits, and what is swept.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documento;
mod herdar;
mod sweep;

use std::sync::Arc;

use documentos::{
    arquivo::{Arquivo, GuardarError, guardar},
    documento::{DocumentoId, Dono, Pasta, enviar::enviar},
};
use files::{ArquivoId, FileName, Files, FilesConfig, whole};
use futures::TryStreamExt;
use tempfile::TempDir;
use tenancy::{TenantTx, Unidade};
use testkit::{Base, sistema};
use uuid::Uuid;

/// A database and a folder of one's own.
pub(crate) struct House {
    pub base: Base,
    pub files: Files,
    folder: TempDir,
}

pub(crate) const AURORA: Dono = Dono { entity: "empresa", id: Uuid::from_u128(1) };
pub(crate) const OUTRA: Dono = Dono { entity: "empresa", id: Uuid::from_u128(2) };

impl House {
    pub(crate) async fn new() -> Self {
        Self::with_quota(FilesConfig::DEFAULT_QUOTA).await
    }

    pub(crate) async fn with_quota(quota: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = FilesConfig { quota, ..FilesConfig::folder(folder.path().to_owned()) };
        Self { base: Base::new().await, files: Files::new(config), folder }
    }

    pub(crate) async fn guardar(&self, name: &str, content: &str) -> Result<Arquivo, GuardarError> {
        let name = FileName::clean(name).unwrap();
        guardar(&self.files, &self.base.tenants, &self.base.alfa, name, whole(content.to_owned())).await
    }

    /// A new documento of `dono` in alfa.
    pub(crate) async fn enviado(&self, dono: Dono, name: &str, content: &str) -> (DocumentoId, ArquivoId) {
        let arquivo = self.guardar(name, content).await.unwrap();
        let id = self
            .base
            .alfa(async |tx: &mut TenantTx| enviar(tx, &sistema(), dono, &Pasta::default(), &arquivo).await)
            .await
            .unwrap();
        (id, arquivo.id)
    }

    pub(crate) async fn content(&self, unidade: &Arc<Unidade>, id: ArquivoId) -> Option<String> {
        let content = self.files.of(unidade.id).open(id).await.unwrap()?;
        let bytes: Vec<u8> =
            content.stream.try_fold(Vec::new(), async |all, piece| Ok([all, piece.to_vec()].concat())).await.unwrap();
        Some(String::from_utf8(bytes).unwrap())
    }

    /// Bytes that the unidade's sum says, and those of its rows.
    pub(crate) async fn uso(&self) -> (i64, i64) {
        let schema = self.base.alfa.names().schema();
        (
            self.base.number(&format!("SELECT bytes FROM {schema}.arquivo_uso")).await,
            self.base.number(&format!("SELECT coalesce(sum(bytes), 0)::bigint FROM {schema}.arquivo")).await,
        )
    }

    /// Files in the folder, of all unidades.
    pub(crate) fn on_disk(&self) -> usize {
        let unidades = std::fs::read_dir(self.folder.path()).unwrap();
        unidades.map(|unidade| std::fs::read_dir(unidade.unwrap().path()).unwrap().count()).sum()
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.folder.path()
    }
}
