use kernel::{Actor, Fault};
use tenancy::{Change, TenantTx};
use web::lixeira::Trashed;

use super::{EXCLUIR, Reach, VER, VisitaError, VisitaId, jobs, planejar::note, sql};

/// Puts a visita into the lixeira. With `seen`, only if it is still that version. Already there, it is not found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: VisitaId, seen: Option<i32>) -> Result<(), VisitaError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let visita = sql::lock(tx, id, reach).await?.ok_or(VisitaError::NotFound)?;
    if let Some(seen) = seen {
        visita.seen_at(seen)?;
    }
    sql::trash(tx, id).await?;
    Ok(note(tx, actor, "visita.excluida", &visita, Change::removed(&visita.facts())).await?)
}

/// Takes a visita out of the lixeira: whoever may put it there may take it back.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, id: VisitaId) -> Result<(), VisitaError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let visita = sql::find_trashed(tx, id, reach).await?.ok_or(VisitaError::NotFound)?;
    sql::restore(tx, id).await?;
    jobs::remember(tx, &visita).await?;
    Ok(note(tx, actor, "visita.restaurada", &visita, Change::created(&visita.facts())).await?)
}

/// See [`web::lixeira::Trash::list`]; of something that the actor may not delete there is nothing.
pub(crate) async fn trashed(tx: &mut TenantTx, actor: &Actor, limit: i64) -> Result<Trashed, Fault> {
    let Ok(reach) = Reach::of_both(actor, &VER, &EXCLUIR) else { return Ok(Trashed::default()) };
    let (items, total) = sql::lista::trashed(tx, reach, limit).await?;
    Ok(Trashed { items, total })
}
