use std::collections::{BTreeMap, HashMap};

use kernel::{Actor, Cnpj, Denied, ErrorKind, Fault, Kind, PageRequest, Scope};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use super::{
    Importacao, ImportacaoId, State,
    columns::ETIQUETAS,
    confirmar::COR,
    permitted,
    sql::{self, undo},
};
use crate::{
    empresa::{EXCLUIR, EmpresaId, SegmentoRef},
    etiqueta,
    segmento::{self, SegmentoNome},
};

/// What an undo did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Desfeita {
    /// Created by the importação; in the lixeira now.
    pub removed: u64,
    /// Updated by it; as they were before.
    pub reverted: u64,
    /// Touched since; as they are.
    pub kept: u64,
    /// Made by it, used by nobody; off the list now.
    pub segmentos: Vec<String>,
}

/// An empresa that an undo leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: EmpresaId,
    pub nome: String,
    pub cnpj: Cnpj,
    /// It is there now, whoever put it there.
    pub in_lixeira: bool,
    pub reason: Reason,
}

/// Why an undo leaves an empresa as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Changed, or restored from the lixeira, after the importação.
    Alterada,
    /// In the lixeira already.
    Excluida,
    /// Created by the importação, and people hung contatos or documentos on it.
    Usada,
}

impl Reason {
    pub const ALL: [Self; 3] = [Self::Alterada, Self::Excluida, Self::Usada];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Alterada => "alterada",
            Self::Excluida => "excluida",
            Self::Usada => "usada",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Alterada => "importacao-kept-alterada",
            Self::Excluida => "importacao-kept-excluida",
            Self::Usada => "importacao-kept-usada",
        }
    }
}

/// An importação with what its undo would do, or did.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    pub importacao: Importacao,
    pub counts: Desfeita,
    /// A page of those that stay as they are, by name.
    pub kept: Vec<Kept>,
}

#[derive(Debug, thiserror::Error)]
pub enum DesfazerError {
    #[error("importação not found")]
    NotFound,
    /// It wrote nothing yet, or was discarded.
    #[error("the importação is not concluída")]
    NotDone,
    /// What it changed is not known, or not any more.
    #[error("the importação is too old to be undone")]
    TooOld,
    /// Nothing is done a second time.
    #[error("the importação is undone already")]
    Undone,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for DesfazerError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::NotDone | Self::TooOld | Self::Undone => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotDone => "importacao-not-done",
            Self::TooOld => "importacao-too-old",
            Self::Undone => "importacao-undone",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// What it creates goes to the lixeira when it is undone: that takes the permission to put any empresa there.
pub(super) fn may_undo(actor: &Actor, importacao: &Importacao) -> Result<(), Denied> {
    permitted(actor)?;
    if importacao.counts.created > 0 && actor.require(&EXCLUIR)? != Scope::Todas {
        return Err(Denied { permission: EXCLUIR });
    }
    Ok(())
}

/// What an undo would do now; of an importação that is undone, what it did.
///
/// # Errors
/// Those of [`desfazer`], but for the permission to remove.
pub async fn outlook(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId, page: PageRequest) -> Result<Outlook, DesfazerError> {
    permitted(actor)?;
    let importacao = sql::find(tx, id).await?.ok_or(DesfazerError::NotFound)?;
    if let Some(undone) = &importacao.undone {
        let kept = undo::was_kept(tx, id, page).await?;
        return Ok(Outlook { counts: undone.counts.clone(), kept, importacao });
    }
    fitting(tx, &importacao)?;
    let counts = undo::foresee(tx, id).await?;
    let kept = undo::would_keep(tx, id, page).await?;
    Ok(Outlook { importacao, counts, kept })
}

fn fitting(tx: &TenantTx, importacao: &Importacao) -> Result<(), DesfazerError> {
    match importacao.state {
        State::Concluida if importacao.is_remembered(tx.clock().now()) => Ok(()),
        State::Concluida => Err(DesfazerError::TooOld),
        State::Desfeita => Err(DesfazerError::Undone),
        State::Fila | State::Ilegivel | State::Colunas | State::Previa | State::Gravando | State::Descartada => {
            Err(DesfazerError::NotDone)
        }
    }
}

/// Takes back what an importação wrote: what it created goes to the lixeira, what it updated says again what it said before,
/// segmentos that it made and nobody uses leave the list. What somebody touched since stays as it is. Other writers wait until
/// it is done.
pub async fn desfazer(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<Desfeita, DesfazerError> {
    permitted(actor)?;
    // Of two at once, the second finds it undone.
    let importacao = sql::lock(tx, id).await?.ok_or(DesfazerError::NotFound)?;
    fitting(tx, &importacao)?;
    may_undo(actor, &importacao)?;

    undo::hold_register(tx).await?;
    let kept = undo::keep(tx, id).await?;
    let reverted = revert(tx, actor, &importacao).await?;
    let removed = remove(tx, actor, &importacao).await?;
    undo::forget(tx, id).await?;
    let segmentos = drop_segmentos(tx, actor, &importacao).await?;
    drop_etiquetas(tx, actor, &importacao).await?;
    let done = Desfeita { removed, reverted, kept, segmentos };

    undo::finish(tx, actor, id, &done).await?;
    let said = json!({ "file": importacao.file_name, "hash": importacao.hash, "counts": done });
    let change = Change { before: None, after: Some(said) };
    tx.audit(actor, Entry { action: "importacao.desfeita", entity: "importacao", entity_id: Some(id.uuid()), change }).await?;
    Ok(done)
}

/// Empresas in memory at a time.
const SOME: usize = 1_000;

async fn revert(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<u64, Fault> {
    let lost = undo::lost_segmentos(tx, importacao.id).await?;
    let lost: Vec<SegmentoNome> = lost.iter().filter_map(|nome| nome.parse().ok()).collect();
    let again = segmento::ensure(tx, &lost).await?;
    let again = again.iter().zip(&lost).filter(|(segmento, _)| segmento.made);
    let again = again.map(|(segmento, nome)| (segmento.id.uuid(), Change::created(&json!({ "nome": nome })))).collect();
    tx.audit_all(actor, "segmento.registrado", "segmento", again).await?;

    let ids = undo::to_revert(tx, importacao.id).await?;
    for some in ids.chunks(SOME) {
        let before = texts(tx, some).await?;
        undo::revert(tx, importacao.id, some).await?;
        sql::gravar::undo(tx, importacao.id, some).await?;
        undo::relink(tx, importacao.id, some).await?;
        let after = texts(tx, some).await?;
        let changes = some.iter().filter_map(|id| {
            let change = Change::between(before.get(id)?, after.get(id)?);
            // The spreadsheet said what was there already.
            (!change.is_empty()).then(|| (*id, told(change, importacao)))
        });
        tx.audit_all(actor, "empresa.revertida", "empresa", changes.collect()).await?;
    }
    Ok(ids.len() as u64)
}

async fn texts(tx: &mut TenantTx, ids: &[Uuid]) -> Result<HashMap<Uuid, BTreeMap<&'static str, String>>, Fault> {
    let empresas = undo::empresas_of(tx, ids).await?;
    let ids: Vec<EmpresaId> = empresas.iter().map(|empresa| empresa.id).collect();
    let etiquetas = etiqueta::of_empresas(tx, &ids).await?;
    let texts = empresas.into_iter().map(|empresa| {
        let mut texts = empresa.cadastro.texts();
        if let Some(has) = etiquetas.get(&empresa.id) {
            texts.insert(ETIQUETAS, has.iter().map(|etiqueta| etiqueta.nome.as_str()).collect::<Vec<_>>().join("; "));
        }
        (empresa.id.uuid(), texts)
    });
    Ok(texts.collect())
}

async fn remove(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<u64, Fault> {
    let ids = undo::trash(tx, importacao.id).await?;
    for some in ids.chunks(SOME) {
        // What it said is in the lixeira with it.
        let changes = some.iter().map(|id| (*id, told(Change::default(), importacao)));
        tx.audit_all(actor, "empresa.desfeita", "empresa", changes.collect()).await?;
    }
    Ok(ids.len() as u64)
}

async fn drop_segmentos(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<Vec<String>, Fault> {
    let made = importacao.segmentos.as_deref().unwrap_or_default();
    let gone = undo::drop_segmentos(tx, importacao.id, made, &importacao.counts.segmentos).await?;
    let changes = gone.iter().map(|segmento| (segmento.id.uuid(), Change::removed(&json!({ "nome": segmento.nome }))));
    tx.audit_all(actor, "segmento.excluido", "segmento", changes.collect()).await?;
    Ok(gone.into_iter().map(|segmento| segmento.nome).collect())
}

/// Etiquetas that it made leave the list when no empresa has them, those in the lixeira included: they keep theirs. One that
/// somebody called or coloured otherwise since is theirs by now.
async fn drop_etiquetas(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<(), Fault> {
    let gone = sql::gravar::drop_etiquetas(tx, &importacao.etiquetas, &importacao.counts.etiquetas, COR.code()).await?;
    let changes = gone.iter().map(|(id, nome)| (*id, Change::removed(&json!({ "nome": nome }))));
    tx.audit_all(actor, "etiqueta.excluida", "etiqueta", changes.collect()).await
}

/// The segmento that an empresa had when its importação was undone and both went: on the list again, for an empresa that comes
/// back.
pub(crate) async fn segmento_undone(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<SegmentoRef>, Fault> {
    let Some(nome) = undo::take_segmento(tx, id).await? else { return Ok(None) };
    let Ok(parsed) = nome.parse::<SegmentoNome>() else { return Ok(None) };
    let ensured = segmento::ensure(tx, &[parsed]).await?;
    Ok(ensured.first().map(|segmento| SegmentoRef::Known { id: segmento.id, nome }))
}

/// The empresa's history names the importação.
pub(super) fn told(mut change: Change, importacao: &Importacao) -> Change {
    let after = change.after.get_or_insert_with(|| json!({}));
    if let Some(fields) = after.as_object_mut() {
        fields.insert("importacao".to_owned(), importacao.file_name.as_str().into());
    }
    change
}
