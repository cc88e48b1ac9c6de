use std::collections::BTreeSet;

use empresas::empresa::{self, EmpresaId};
use kernel::{Actor, Fault, fold};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use super::{
    ENTITY, MAX_PARTICIPANTES, Pessoa, Plano, REGISTRAR, Reach, Visita, VisitaError, VisitaId, VisitaRule,
    jobs::{self, Told},
    sql,
};

/// Plans a visita to an empresa that the actor reaches, and tells those who go. A day that is over is allowed: what took place is
/// noted the day after as well.
pub async fn planejar(tx: &mut TenantTx, actor: &Actor, empresa: EmpresaId, plano: &Plano) -> Result<VisitaId, VisitaError> {
    let reach = Reach::of_both(actor, &REGISTRAR, &empresa::VER)?;
    // Held: what is planned now is at the empresa that it is merged into.
    if !empresa::hold(tx, empresa, reach).await? {
        return Err(VisitaError::NotFound);
    }
    let gente = people(tx, empresa, plano, None).await?;
    let id = VisitaId::new(tx.clock().uuid());
    sql::insert(tx, id, empresa, plano, &gente.responsavel.nome).await?;
    let visita = written(tx, id).await?;
    note(tx, actor, "visita.planejada", &visita, Change::created(&visita.facts())).await?;
    jobs::remember(tx, &visita).await?;
    jobs::tell(tx, actor, &visita, &[], Told::Planejada).await?;
    Ok(id)
}

/// Who goes, with their names.
pub(super) struct Gente {
    pub responsavel: Pessoa,
    /// Each by name.
    pub colegas: Vec<Pessoa>,
    pub contatos: Vec<Pessoa>,
}

/// Proves that everybody in a plano may go. Whoever is in `before` already may stay, though no longer active or taken off the
/// empresa since.
pub(super) async fn people(
    tx: &mut TenantTx,
    empresa: EmpresaId,
    plano: &Plano,
    before: Option<&Visita>,
) -> Result<Gente, VisitaError> {
    let contatos: Vec<Uuid> = plano.contatos.iter().map(|id| id.uuid()).collect();
    if plano.colegas.len() + contatos.len() > MAX_PARTICIPANTES {
        return Err(VisitaRule::Participante.into());
    }
    let wanted: Vec<Uuid> = plano.colegas.iter().copied().chain([plano.responsavel]).collect();
    let mut colegas = sql::active(tx, &wanted).await?;
    let mut named = sql::contatos(tx, empresa, &contatos).await?;
    if let Some(before) = before {
        let stays = before.responsavel_id.map(|id| Pessoa { id, nome: before.responsavel_nome.clone() });
        colegas.extend(before.colegas.iter().cloned().chain(stays));
        named.extend(before.contatos.iter().cloned());
    }
    let responsavel = colegas.iter().find(|pessoa| pessoa.id == plano.responsavel).cloned();
    Ok(Gente {
        responsavel: responsavel.ok_or(VisitaRule::Responsavel)?,
        colegas: those(&plano.colegas, &colegas)?,
        contatos: those(&contatos, &named)?,
    })
}

/// Each of `ids` once, by name.
fn those(ids: &[Uuid], known: &[Pessoa]) -> Result<Vec<Pessoa>, VisitaRule> {
    let ids: BTreeSet<&Uuid> = ids.iter().collect();
    let find = |id: &Uuid| known.iter().find(|pessoa| pessoa.id == *id).cloned().ok_or(VisitaRule::Participante);
    let mut found = ids.into_iter().map(find).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|pessoa| fold(&pessoa.nome));
    Ok(found)
}

/// As it stands after this transaction wrote it.
pub(super) async fn written(tx: &mut TenantTx, id: VisitaId) -> Result<Visita, Fault> {
    sql::find(tx, id, Reach::all()).await?.ok_or_else(|| Fault::because("a visita that was written is not there"))
}

pub(super) async fn note(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    visita: &Visita,
    change: Change,
) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: ENTITY, entity_id: Some(visita.id.uuid()), change }).await
}
