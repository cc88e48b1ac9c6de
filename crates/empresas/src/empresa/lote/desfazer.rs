use kernel::Actor;
use tenancy::{Change, TenantTx};
use uuid::Uuid;

use super::{Action, LoteError, LoteId, Registro, both, named};
use crate::empresa::{Campo, sql};

/// Gives the empresas of a lote back what they had, those that nobody changed since; the others stay as they are. Only for who
/// did it, while it is kept and while they may still change such empresas. Undone already, it answers what came of that.
pub async fn desfazer(tx: &mut TenantTx, actor: &Actor, id: LoteId) -> Result<Registro, LoteError> {
    let mut lote = sql::lote::lock_own(tx, actor, id).await?.ok_or(LoteError::NotFound)?;
    if lote.undone_at.is_some() {
        return Ok(lote);
    }
    let action = Action::ALL.into_iter().find(|action| action.code() == lote.action).ok_or(LoteError::NotFound)?;
    let reach = action.reach(actor)?;
    let back = sql::lote::lock_undoable(tx, id, reach, action == Action::Excluir).await?;
    let ids: Vec<Uuid> = back.iter().map(|(target, _)| target.id).collect();
    if action == Action::Excluir {
        if !sql::lote::restore(tx, &ids).await? {
            return Err(LoteError::CnpjTaken);
        }
    } else {
        sql::lote::put_back(tx, id, &ids).await?;
    }
    let changes = back.iter().map(|(target, former)| {
        let change = match action {
            Action::Situacao => both(Campo::Situacao, Some(&target.situacao), Some(&former.situacao)),
            Action::Responsavel => both(Campo::Responsavel, target.responsavel(), former.responsavel()),
            Action::Excluir => Change { before: None, after: Some(named(target)) },
        };
        (target.id, change)
    });
    let told = if action == Action::Excluir { "empresa.restaurada" } else { "empresa.alterada" };
    tx.audit_all(actor, told, "empresa", changes.collect()).await?;
    let now = tx.clock().now();
    let undone = i32::try_from(back.len()).unwrap_or(i32::MAX);
    sql::lote::set_undone(tx, id, undone).await?;
    (lote.undone_at, lote.undone) = (Some(now), Some(undone));
    Ok(lote)
}
