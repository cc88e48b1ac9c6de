//! A file with a name in a pasta of a record, and its earlier versões.
//!
//! The rules it protects: a documento is reached only through its [`Dono`]; a new file never destroys the one before; what is
//! deleted waits in the lixeira for 30 days; every change is in the audit trail of the owner's record.

pub mod alterar;
pub mod enviar;
mod error;
pub mod excluir;
pub mod lista;
pub mod mover;
mod pasta;
pub mod restaurar;
pub(crate) mod sql;
pub mod substituir;

use chrono::{DateTime, TimeDelta, Utc};
use files::{ArquivoId, FileKind, FileName};
use kernel::{Actor, Entity, Fault, Id};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

pub use error::DocumentoError;
pub use pasta::Pasta;

#[derive(Debug)]
pub enum DocumentoEntity {}
impl Entity for DocumentoEntity {
    const NAME: &'static str = "documento";
}
pub type DocumentoId = Id<DocumentoEntity>;

/// How long a documento waits in the lixeira before its files are gone.
pub const LIXEIRA: TimeDelta = TimeDelta::days(30);

/// The record that documentos are kept with. Its module makes one only for an actor whose access to the record it has
/// checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dono {
    /// As in the audit trail: `empresa`.
    pub entity: &'static str,
    pub id: Uuid,
}

/// A documento as it is shown, with its newest versão.
#[derive(Debug, Clone, PartialEq)]
pub struct Documento {
    pub id: DocumentoId,
    pub pasta: Pasta,
    pub nome: FileName,
    pub versao: Versao,
    /// Counts changes of the record, not of the file.
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// One file of a documento.
#[derive(Debug, Clone, PartialEq)]
pub struct Versao {
    /// 1 for the first.
    pub number: i32,
    pub arquivo: ArquivoId,
    pub kind: FileKind,
    pub bytes: i64,
    pub sha256: Vec<u8>,
    pub miniatura: bool,
    /// As the file was called when it came.
    pub nome: FileName,
    /// Who sent it, by the name they had then.
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
}

/// Writes what happened into the trail of the owner's record.
async fn note(
    tx: &mut TenantTx,
    actor: &Actor,
    dono: Dono,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Fault> {
    let change = Change { before, after };
    tx.audit(actor, Entry { action, entity: dono.entity, entity_id: Some(dono.id), change }).await
}

/// What the trail says about a documento.
fn facts(id: DocumentoId, pasta: &Pasta, nome: &FileName) -> Value {
    json!({ "documento": id, "pasta": pasta.as_str(), "nome": nome.as_str() })
}
