use documentos::{
    arquivo::Arquivo,
    documento::{DocumentoError, DocumentoId, Dono, Pasta, enviar::enviar},
};
use kernel::Actor;
use tenancy::TenantTx;

use super::{Anexo, DemandaError, DemandaId, DemandaRule, alterar::hold, mover::take_up, sql};

/// Files of one demanda: more nobody finds again.
pub const MAX: usize = 100;

/// Keeps a content that is in the store as a file of a demanda, among the documentos of its empresa: `dono` is what the actor may
/// send to. It takes the demanda up.
pub async fn anexar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: DemandaId,
    anexo: Anexo,
    dono: Dono,
    pasta: &Pasta,
    arquivo: &Arquivo,
) -> Result<DocumentoId, DemandaError> {
    let demanda = hold(tx, actor, id).await?;
    // It went to another empresa, by a mescla, while the file was on its way.
    if demanda.empresa_id.uuid() != dono.id {
        return Err(DemandaError::NotFound);
    }
    if sql::anexos(tx, id).await?.len() >= MAX {
        return Err(DemandaRule::Anexos.into());
    }
    let documento = enviar(tx, actor, dono, pasta, arquivo).await.map_err(|error| match error {
        DocumentoError::Denied(denied) => DemandaError::Denied(denied),
        DocumentoError::Fault(fault) => DemandaError::Fault(fault),
        DocumentoError::NotFound | DocumentoError::Conflict | DocumentoError::Nome(_) => DemandaError::NotFound,
    })?;
    sql::attach(tx, id, documento, anexo).await?;
    take_up(tx, actor, id).await?;
    Ok(documento)
}
