//! Writing rules down, and their order.

use kernel::{Actor, Fault};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use super::{
    Dados, Distribuicao, DistribuicaoError, DistribuicaoId, DistribuicaoRule, ENTITY, GERIR, MAX, MAX_DE_CADA, Modo, sql,
};
use crate::visita;

/// Writes a rule down, behind all others.
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, dados: &Dados) -> Result<DistribuicaoId, DistribuicaoError> {
    actor.require(&GERIR)?;
    prove(tx, dados, None).await?;
    if sql::hold(tx).await?.len() >= MAX {
        return Err(DistribuicaoRule::Many.into());
    }
    let id = sql::insert(tx, dados).await?;
    tx.audit(actor, entry("distribuicao.registrada", id, Change::created(dados))).await?;
    Ok(id)
}

/// Changes what a rule says. Whoever stays in it keeps their turn.
pub async fn alterar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: DistribuicaoId,
    seen: i32,
    dados: &Dados,
) -> Result<(), DistribuicaoError> {
    actor.require(&GERIR)?;
    sql::hold(tx).await?;
    let before = sql::find(tx, id).await?.ok_or(DistribuicaoError::NotFound)?;
    if before.version != seen {
        return Err(DistribuicaoRule::Changed.into());
    }
    prove(tx, dados, Some(&before)).await?;
    let change = Change::between(&before.dados, dados);
    if change.is_empty() {
        return Ok(());
    }
    sql::update(tx, id, dados).await?;
    Ok(tx.audit(actor, entry("distribuicao.alterada", id, change)).await?)
}

/// Puts a rule before the one above it, or behind the one below it. At the end of the list nothing is done.
pub async fn mover(tx: &mut TenantTx, actor: &Actor, id: DistribuicaoId, acima: bool) -> Result<(), DistribuicaoError> {
    actor.require(&GERIR)?;
    let order = sql::hold(tx).await?;
    let from = order.iter().position(|one| *one == id).ok_or(DistribuicaoError::NotFound)?;
    let to = if acima { from.checked_sub(1) } else { Some(from + 1).filter(|to| *to < order.len()) };
    let Some(to) = to else { return Ok(()) };
    let mut after = order.clone();
    after.swap(from, to);
    sql::order(tx, &after).await?;
    let place = |at: usize| serde_json::json!({ "posicao": at + 1 });
    let change = Change { before: Some(place(from)), after: Some(place(to)) };
    Ok(tx.audit(actor, entry("distribuicao.movida", id, change)).await?)
}

/// Takes a rule away. What it gave stays given.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: DistribuicaoId) -> Result<(), DistribuicaoError> {
    actor.require(&GERIR)?;
    sql::hold(tx).await?;
    let before = sql::find(tx, id).await?.ok_or(DistribuicaoError::NotFound)?;
    sql::delete(tx, id).await?;
    Ok(tx.audit(actor, entry("distribuicao.excluida", id, Change::removed(&before.dados))).await?)
}

/// Proves that everybody in a rule may be responsável for a demanda, and that its conditions are the unidade's. What it says already may
/// stay.
async fn prove(tx: &mut TenantTx, dados: &Dados, before: Option<&Distribuicao>) -> Result<(), DistribuicaoError> {
    let longest = [dados.tipos.len(), dados.setores.len(), dados.segmentos.len(), dados.municipios.len(), dados.pessoas.len()];
    if longest.into_iter().any(|n| n > MAX_DE_CADA) {
        return Err(DistribuicaoRule::Condicao.into());
    }
    if dados.modo != Modo::Empresa && dados.pessoas.is_empty() {
        return Err(DistribuicaoRule::Pessoas.into());
    }
    let fresh: Vec<Uuid> =
        dados.pessoas.iter().copied().filter(|id| before.is_none_or(|before| !before.dados.pessoas.contains(id))).collect();
    if visita::sql::active(tx, &fresh).await?.len() < fresh.len() {
        return Err(DistribuicaoRule::Pessoas.into());
    }
    if known(tx, dados, before).await? { Ok(()) } else { Err(DistribuicaoRule::Condicao.into()) }
}

async fn known(tx: &mut TenantTx, dados: &Dados, before: Option<&Distribuicao>) -> Result<bool, Fault> {
    fn fresh<T: Copy + PartialEq>(all: &[T], before: Option<&[T]>) -> Vec<T> {
        all.iter().copied().filter(|one| before.is_none_or(|before| !before.contains(one))).collect()
    }
    let before = before.map(|before| &before.dados);
    let tipos = fresh(&dados.tipos, before.map(|before| &before.tipos[..]));
    let setores = fresh(&dados.setores, before.map(|before| &before.setores[..]));
    let segmentos = fresh(&dados.segmentos, before.map(|before| &before.segmentos[..]));
    let municipios = fresh(&dados.municipios, before.map(|before| &before.municipios[..]));
    sql::are_known(tx, &tipos, &setores, &segmentos, &municipios).await
}

const fn entry(action: &'static str, id: DistribuicaoId, change: Change) -> Entry {
    Entry { action, entity: ENTITY, entity_id: Some(id.uuid()), change }
}
