use kernel::{Actor, Fault, Reais};
use tenancy::{Change, Entry, TenantTx};

use super::{
    ALTERAR, Dados, ENTITY, Motivo, Pessoa, Projeto, ProjetoError, ProjetoId, ProjetoRule, Reach, Situacao, VER,
    regra::of_demanda,
    sql::{self, Stored},
};
use crate::{
    demanda::{DemandaId, mover::convert},
    visita,
};

/// Makes a demanda a projeto, once: it is concluída by that.
pub async fn converter(
    tx: &mut TenantTx,
    actor: &Actor,
    demanda: DemandaId,
    seen: i32,
    dados: &Dados,
) -> Result<ProjetoId, ProjetoError> {
    actor.require(&ALTERAR)?;
    // Held from here on: of two who convert at once the second finds the projeto of the first.
    let demanda = convert(tx, actor, demanda, seen).await.map_err(of_demanda)?;
    if sql::is_trashed(tx, demanda.id).await? {
        return Err(ProjetoRule::Lixeira.into());
    }
    let responsavel = prove(tx, dados, None).await?;
    let id = ProjetoId::new(tx.clock().uuid());
    let nome = responsavel.as_ref().map(|pessoa| pessoa.nome.as_str());
    sql::insert(tx, id, &Stored { demanda: &demanda, dados, responsavel: nome }).await?;
    let projeto = written(tx, id).await?;
    note(tx, actor, "projeto.criado", &projeto, Change::created(&projeto.facts())).await?;
    Ok(id)
}

async fn prove(tx: &mut TenantTx, dados: &Dados, before: Option<&Projeto>) -> Result<Option<Pessoa>, ProjetoError> {
    if dados.valor.is_some_and(|valor| valor < Reais::default()) {
        return Err(ProjetoRule::Valor.into());
    }
    if dados.data_fim.is_some_and(|fim| fim < dados.data_inicio) {
        return Err(ProjetoRule::Fim.into());
    }
    let Some(id) = dados.responsavel else { return Ok(None) };
    if let Some(active) = visita::sql::active(tx, &[id]).await?.pop() {
        return Ok(Some(active));
    }
    // Whoever answers for it already may stay, though no longer active.
    let stays = before.filter(|before| before.responsavel_id == Some(id)).and_then(|before| before.responsavel_nome.clone());
    Ok(Some(Pessoa { id, nome: stays.ok_or(ProjetoRule::Responsavel)? }))
}

async fn open(tx: &mut TenantTx, actor: &Actor, id: ProjetoId, seen: i32) -> Result<Projeto, ProjetoError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    let projeto = sql::lock(tx, id, reach).await?.ok_or(ProjetoError::NotFound)?;
    if projeto.version == seen { Ok(projeto) } else { Err(ProjetoRule::Changed { current: projeto.version }.into()) }
}

/// Replaces what is agreed of a projeto em execução. Answers the new version; a change that changes nothing keeps the old one.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: ProjetoId, seen: i32, dados: &Dados) -> Result<i32, ProjetoError> {
    let before = open(tx, actor, id, seen).await?;
    if before.situacao != Situacao::EmExecucao {
        return Err(ProjetoRule::Situacao(before.situacao).into());
    }
    let responsavel = prove(tx, dados, Some(&before)).await?;
    let after = Projeto {
        titulo: dados.titulo.to_string(),
        valor: dados.valor,
        data_inicio: dados.data_inicio,
        data_fim: dados.data_fim,
        responsavel_id: responsavel.as_ref().map(|pessoa| pessoa.id),
        responsavel_nome: responsavel.map(|pessoa| pessoa.nome),
        ..before.clone()
    };
    keep(tx, actor, &before, &after, "projeto.alterado").await
}

/// It is done, or with a motivo called off.
pub async fn encerrar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ProjetoId,
    seen: i32,
    motivo: Option<&Motivo>,
) -> Result<i32, ProjetoError> {
    let before = open(tx, actor, id, seen).await?;
    if before.situacao != Situacao::EmExecucao {
        return Err(ProjetoRule::Situacao(before.situacao).into());
    }
    let (situacao, action) = match motivo {
        Some(_) => (Situacao::Cancelado, "projeto.cancelado"),
        None => (Situacao::Concluido, "projeto.concluido"),
    };
    let concluido_at = motivo.is_none().then(|| tx.clock().now());
    let after = Projeto { situacao, concluido_at, motivo: motivo.map(ToString::to_string), ..before.clone() };
    keep(tx, actor, &before, &after, action).await
}

/// What has ended goes on.
pub async fn reabrir(tx: &mut TenantTx, actor: &Actor, id: ProjetoId, seen: i32) -> Result<i32, ProjetoError> {
    let before = open(tx, actor, id, seen).await?;
    if before.situacao == Situacao::EmExecucao {
        return Err(ProjetoRule::Situacao(before.situacao).into());
    }
    let after = Projeto { situacao: Situacao::EmExecucao, concluido_at: None, motivo: None, ..before.clone() };
    keep(tx, actor, &before, &after, "projeto.reaberto").await
}

async fn keep(
    tx: &mut TenantTx,
    actor: &Actor,
    before: &Projeto,
    after: &Projeto,
    action: &'static str,
) -> Result<i32, ProjetoError> {
    let change = Change::between(&before.facts(), &after.facts());
    if change.is_empty() {
        return Ok(before.version);
    }
    sql::update(tx, after).await?;
    note(tx, actor, action, after, change).await?;
    Ok(before.version + 1)
}

/// As it stands after this transaction wrote it.
pub(super) async fn written(tx: &mut TenantTx, id: ProjetoId) -> Result<Projeto, Fault> {
    sql::find(tx, id, Reach::all()).await?.ok_or_else(|| Fault::because("a projeto that was written is not there"))
}

pub(super) async fn note(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    projeto: &Projeto,
    change: Change,
) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: ENTITY, entity_id: Some(projeto.id.uuid()), change }).await
}
