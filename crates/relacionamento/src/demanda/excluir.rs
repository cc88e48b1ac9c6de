use kernel::{Actor, Fault};
use tenancy::{Change, TenantTx};
use web::lixeira::Trashed;

use super::{DemandaError, DemandaId, EXCLUIR, Reach, VER, jobs, registrar::note, sql};

/// Puts a demanda into the lixeira, unless it is a projeto. With `seen`, only if it is still that version. Already there, it is not
/// found.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: DemandaId, seen: Option<i32>) -> Result<(), DemandaError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let demanda = sql::lock(tx, id, reach).await?.ok_or(DemandaError::NotFound)?;
    if let Some(seen) = seen {
        demanda.seen_at(seen)?;
    }
    demanda.unconverted()?;
    sql::trash(tx, id).await?;
    Ok(note(tx, actor, "demanda.excluida", &demanda, Change::removed(&demanda.facts())).await?)
}

/// Takes a demanda out of the lixeira: whoever may put it there may take it back.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, id: DemandaId) -> Result<(), DemandaError> {
    let reach = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let demanda = sql::find_trashed(tx, id, reach).await?.ok_or(DemandaError::NotFound)?;
    sql::restore(tx, id).await?;
    jobs::remember(tx, &demanda).await?;
    Ok(note(tx, actor, "demanda.restaurada", &demanda, Change::created(&demanda.facts())).await?)
}

/// See [`web::lixeira::Trash::list`]; of something that the actor may not delete there is nothing.
pub(crate) async fn trashed(tx: &mut TenantTx, actor: &Actor, limit: i64) -> Result<Trashed, Fault> {
    let Ok(reach) = Reach::of_both(actor, &VER, &EXCLUIR) else { return Ok(Trashed::default()) };
    let (items, total) = sql::lista::trashed(tx, reach, limit).await?;
    Ok(Trashed { items, total })
}
