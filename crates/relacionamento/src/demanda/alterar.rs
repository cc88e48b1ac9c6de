use kernel::Actor;
use tenancy::{Change, TenantTx};

use super::{
    ALTERAR, Dados, Demanda, DemandaError, DemandaId, Reach, VER,
    jobs::{self, Told},
    registrar::{note, prove},
    sql,
};

/// One that the actor may change, locked.
pub(super) async fn hold(tx: &mut TenantTx, actor: &Actor, id: DemandaId) -> Result<Demanda, DemandaError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    sql::lock(tx, id, reach).await?.ok_or(DemandaError::NotFound)
}

/// As [`hold`], as they saw it.
pub(super) async fn open(tx: &mut TenantTx, actor: &Actor, id: DemandaId, seen: i32) -> Result<Demanda, DemandaError> {
    let demanda = hold(tx, actor, id).await?;
    demanda.seen_at(seen)?;
    Ok(demanda)
}

/// Replaces what is written down of a demanda that has not ended. Answers the new version; a change that changes nothing keeps the old
/// one and leaves no trace.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: DemandaId, seen: i32, dados: &Dados) -> Result<i32, DemandaError> {
    let before = open(tx, actor, id, seen).await?;
    before.open()?;
    let proved = prove(tx, before.empresa_id, dados, Some(&before)).await?;
    let after = Demanda {
        titulo: dados.titulo.to_string(),
        descricao: dados.descricao.to_string(),
        tipo_id: proved.tipo.id,
        tipo: proved.tipo.nome,
        setor_id: proved.setor.as_ref().map(|setor| setor.id),
        setor: proved.setor.map(|setor| setor.nome),
        valor_estimado: dados.valor_estimado,
        responsavel_id: proved.responsavel.as_ref().map(|pessoa| pessoa.id),
        responsavel_nome: proved.responsavel.map(|pessoa| pessoa.nome),
        contato: proved.contato,
        data_prazo: dados.data_prazo,
        version: before.version + 1,
        ..before.clone()
    };
    let change = Change::between(&before.facts(), &after.facts());
    if change.is_empty() {
        return Ok(before.version);
    }
    sql::update(tx, &after).await?;
    note(tx, actor, "demanda.alterada", &after, change).await?;
    if after.data_prazo != before.data_prazo {
        jobs::remember(tx, &after).await?;
    }
    if after.responsavel_id != before.responsavel_id {
        jobs::tell(tx, actor, &after, Told::Atribuida).await?;
    }
    Ok(after.version)
}
