use kernel::Actor;
use serde_json::json;
use tenancy::{Change, TenantTx};
use uuid::Uuid;

use super::{Action, LoteError, LoteId, Registro, both, named};
use crate::{
    empresa::{Campo, sql},
    etiqueta,
};

/// Gives the empresas of a lote back what they had, those that nobody changed since; the others stay as they are. Only for who
/// did it, while it is kept and while they may still change such empresas. Undone already, it answers what came of that.
pub async fn desfazer(tx: &mut TenantTx, actor: &Actor, id: LoteId) -> Result<Registro, LoteError> {
    let mut lote = sql::lote::lock_own(tx, actor, id).await?.ok_or(LoteError::NotFound)?;
    if lote.undone_at.is_some() {
        return Ok(lote);
    }
    let action = Action::ALL.into_iter().find(|action| action.code() == lote.action).ok_or(LoteError::NotFound)?;
    let reach = action.reach(actor)?;
    if let Action::Etiquetar | Action::Desetiquetar = action {
        return etiqueta_back(tx, actor, lote, action).await;
    }
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
            Action::Etiquetar | Action::Desetiquetar => Change::default(),
            Action::Excluir => Change { before: None, after: Some(named(target)) },
        };
        (target.id, undone(change, back.len()))
    });
    let told = if action == Action::Excluir { "empresa.restaurada" } else { "empresa.lote_desfeito" };
    tx.audit_all(actor, told, "empresa", changes.collect()).await?;
    let now = tx.clock().now();
    let undone = i32::try_from(back.len()).unwrap_or(i32::MAX);
    sql::lote::set_undone(tx, id, undone).await?;
    (lote.undone_at, lote.undone) = (Some(now), Some(undone));
    Ok(lote)
}

/// The trail of each says that a lote was taken back, and of how many.
fn undone(mut change: Change, lote: usize) -> Change {
    let after = change.after.get_or_insert_with(|| json!({}));
    if let Some(fields) = after.as_object_mut() {
        fields.insert("lote_desfeito".to_owned(), lote.into());
    }
    change
}

/// Takes the etiqueta off those that still have it, or puts it on those that still do not; one that has left the list is gone.
async fn etiqueta_back(tx: &mut TenantTx, actor: &Actor, mut lote: Registro, action: Action) -> Result<Registro, LoteError> {
    let reach = action.reach(actor)?;
    // As a lote does: the empresas in the order of their ids, and then the etiqueta.
    sql::lote::lock_linhas(tx, lote.id, reach).await?;
    let etiqueta = match lote.etiqueta_id {
        Some(id) => etiqueta::sql::hold(tx, id).await?,
        None => None,
    };
    let mut back: Vec<Uuid> = Vec::new();
    if let Some(etiqueta) = etiqueta {
        let (ids, told) = if action == Action::Etiquetar {
            (sql::lote::etiqueta_off(tx, lote.id, etiqueta.id, reach).await?, "empresa.desetiquetada")
        } else {
            (sql::lote::etiqueta_on(tx, lote.id, etiqueta.id, reach).await?, "empresa.etiquetada")
        };
        let change = undone(Change { before: None, after: Some(json!({ "nome": etiqueta.nome })) }, ids.len());
        tx.audit_all(actor, told, "empresa", ids.iter().map(|id| (*id, change.clone())).collect()).await?;
        back = ids;
    }
    let now = tx.clock().now();
    let undone = i32::try_from(back.len()).unwrap_or(i32::MAX);
    sql::lote::set_undone(tx, lote.id, undone).await?;
    (lote.undone_at, lote.undone) = (Some(now), Some(undone));
    Ok(lote)
}
