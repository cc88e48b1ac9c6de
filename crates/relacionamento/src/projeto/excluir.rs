use kernel::{Actor, Fault};
use tenancy::{Change, TenantTx};
use web::lixeira::Trashed;

use super::{EXCLUIR, ProjetoError, ProjetoId, ProjetoRule, Reach, VER, gravar::note, sql};

/// Puts a projeto into the lixeira; its demanda stays concluída. Already there, it is not found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: ProjetoId) -> Result<(), ProjetoError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let projeto = sql::lock(tx, id, reach).await?.ok_or(ProjetoError::NotFound)?;
    sql::trash(tx, id).await?;
    Ok(note(tx, actor, "projeto.excluido", &projeto, Change::removed(&projeto.facts())).await?)
}

/// Takes a projeto out of the lixeira, if its demanda is still what it was made of.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, id: ProjetoId) -> Result<(), ProjetoError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let projeto = sql::lock_trashed(tx, id, reach).await?.ok_or(ProjetoError::NotFound)?;
    if !sql::is_concluded(tx, projeto.demanda_id).await? {
        return Err(ProjetoRule::Aberta.into());
    }
    sql::restore(tx, id).await?;
    Ok(note(tx, actor, "projeto.restaurado", &projeto, Change::created(&projeto.facts())).await?)
}

/// See [`web::lixeira::Trash::list`]; of something that the actor may not delete there is nothing.
pub(crate) async fn trashed(tx: &mut TenantTx, actor: &Actor, limit: i64) -> Result<Trashed, Fault> {
    let Ok(reach) = Reach::of_both(actor, &VER, &EXCLUIR) else { return Ok(Trashed::default()) };
    let (items, total) = sql::trashed(tx, reach, limit).await?;
    Ok(Trashed { items, total })
}
