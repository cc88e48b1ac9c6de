use chrono::NaiveDate;
use empresas::empresa::{self, EmpresaId};
use kernel::{Actor, Fault, Reais};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{
    Dados, Demanda, DemandaError, DemandaId, DemandaRule, ENTITY, Pessoa, REGISTRAR, Reach, Situacao,
    jobs::{self, Told},
    sql::{self, Stored},
};
use crate::{
    distribuicao::{self, escolher::Caso},
    feriado,
    setor::Setor,
    tipo::Tipo,
    visita,
};

/// Writes down what an empresa that the actor reaches asks for, and tells whom it concerns. Without a prazo of its own it has that of
/// its tipo, counted in dias úteis of the unidade; without a responsável it goes to whom the rules of the unidade choose.
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, empresa: EmpresaId, dados: &Dados) -> Result<DemandaId, DemandaError> {
    let reach = Reach::of_both(actor, &REGISTRAR, &empresa::VER)?;
    // Held: what is written down now is of the empresa that it is merged into.
    if !empresa::hold(tx, empresa, reach).await? {
        return Err(DemandaError::NotFound);
    }
    let mut proved = prove(tx, empresa, dados, None).await?;
    let given = match proved.responsavel {
        Some(_) => None,
        None => distribuicao::escolher(tx, Caso { empresa, tipo: dados.tipo, setor: dados.setor }).await?,
    };
    if let Some(escolhida) = &given {
        proved.responsavel = Some(escolhida.pessoa.clone());
    }
    let data_prazo = match dados.data_prazo {
        Some(day) => Some(day),
        None => due(tx, &proved.tipo).await?,
    };
    let id = DemandaId::new(tx.clock().uuid());
    let etapa = sql::padrao(tx, Situacao::Nova).await?;
    let stored = Stored { empresa, dados, etapa: &etapa, data_prazo, responsavel: proved.responsavel.as_ref() };
    sql::insert(tx, id, &stored).await?;
    let demanda = written(tx, id).await?;
    note(tx, actor, "demanda.registrada", &demanda, Change::created(&demanda.facts())).await?;
    if let Some(escolhida) = given {
        let told = json!({ "regra": escolhida.regra, "responsavel": escolhida.pessoa.nome });
        note(tx, actor, "demanda.distribuida", &demanda, Change::created(&told)).await?;
    }
    jobs::remember(tx, &demanda).await?;
    jobs::tell(tx, actor, &demanda, Told::Registrada).await?;
    Ok(id)
}

/// The day until which a demanda of a tipo that comes today is to be concluded.
pub(super) async fn due(tx: &mut TenantTx, tipo: &Tipo) -> Result<Option<NaiveDate>, Fault> {
    let Some(days) = tipo.prazo_dias else { return Ok(None) };
    let today = tx.clock().now().with_timezone(&tx.unidade().fuso).date_naive();
    let feriados = feriado::sql::after(tx, today).await?;
    Ok(Some(feriado::dias_uteis_after(today, days, &feriados)))
}

/// What dados name, as it is.
pub(super) struct Proved {
    pub tipo: Tipo,
    pub setor: Option<Setor>,
    pub responsavel: Option<Pessoa>,
    pub contato: Option<Pessoa>,
}

/// Proves that everything that dados name is the unidade's and the empresa's. Whoever answers for `before` already may stay, though no
/// longer active, and so may whoever asked.
pub(super) async fn prove(
    tx: &mut TenantTx,
    empresa: EmpresaId,
    dados: &Dados,
    before: Option<&Demanda>,
) -> Result<Proved, DemandaError> {
    if dados.valor_estimado.is_some_and(|valor| valor < Reais::default()) {
        return Err(DemandaRule::Valor.into());
    }
    let tipo = sql::tipo(tx, dados.tipo).await?.ok_or(DemandaRule::Tipo)?;
    let setor = match dados.setor {
        None => None,
        Some(id) => Some(sql::setor(tx, id).await?.ok_or(DemandaRule::Setor)?),
    };
    let responsavel = match dados.responsavel {
        None => None,
        Some(id) => Some(responsavel(tx, id, before).await?),
    };
    let contato = match dados.contato {
        None => None,
        Some(id) => {
            let stays = before.and_then(|before| before.contato.clone()).filter(|pessoa| pessoa.id == id.uuid());
            let known = visita::sql::contatos(tx, empresa, &[id.uuid()]).await?.pop();
            Some(known.or(stays).ok_or(DemandaRule::Contato)?)
        }
    };
    Ok(Proved { tipo, setor, responsavel, contato })
}

async fn responsavel(tx: &mut TenantTx, id: uuid::Uuid, before: Option<&Demanda>) -> Result<Pessoa, DemandaError> {
    if let Some(active) = visita::sql::active(tx, &[id]).await?.pop() {
        return Ok(active);
    }
    let stays = before.filter(|before| before.responsavel_id == Some(id));
    let nome = stays.and_then(|before| before.responsavel_nome.clone()).ok_or(DemandaRule::Responsavel)?;
    Ok(Pessoa { id, nome })
}

/// As it stands after this transaction wrote it.
pub(super) async fn written(tx: &mut TenantTx, id: DemandaId) -> Result<Demanda, Fault> {
    sql::find(tx, id, Reach::all()).await?.ok_or_else(|| Fault::because("a demanda that was written is not there"))
}

pub(super) async fn note(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    demanda: &Demanda,
    change: Change,
) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: ENTITY, entity_id: Some(demanda.id.uuid()), change }).await
}
