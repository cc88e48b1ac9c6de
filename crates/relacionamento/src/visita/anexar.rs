use documentos::{
    arquivo::Arquivo,
    documento::{DocumentoError, DocumentoId, Dono, Pasta, enviar::enviar},
};
use files::FileKind;
use kernel::Actor;
use tenancy::TenantTx;

use super::{ALTERAR, Reach, VER, VisitaError, VisitaId, VisitaRule, sql};

/// What a report may be (S0-4.10).
pub const KINDS: [FileKind; 2] = [FileKind::Pdf, FileKind::Docx];

/// Keeps a content that is in the store as the report of a visita, among the documentos of its empresa: `dono` is what the actor
/// may send to.
pub async fn anexar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: VisitaId,
    dono: Dono,
    pasta: &Pasta,
    arquivo: &Arquivo,
) -> Result<DocumentoId, VisitaError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    let visita = sql::lock(tx, id, reach).await?.ok_or(VisitaError::NotFound)?;
    // It went to another empresa, by a mescla, while the file was on its way.
    if visita.empresa_id.uuid() != dono.id {
        return Err(VisitaError::NotFound);
    }
    if !KINDS.contains(&arquivo.kind) {
        return Err(VisitaRule::Relatorio.into());
    }
    let documento = enviar(tx, actor, dono, pasta, arquivo).await.map_err(|error| match error {
        DocumentoError::Denied(denied) => VisitaError::Denied(denied),
        DocumentoError::Fault(fault) => VisitaError::Fault(fault),
        DocumentoError::NotFound | DocumentoError::Conflict | DocumentoError::Nome(_) => VisitaError::NotFound,
    })?;
    sql::attach(tx, id, documento).await?;
    Ok(documento)
}
