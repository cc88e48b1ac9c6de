//! The job: one question after the other, with nothing held while somebody outside is asked.

use std::sync::Arc;

use chrono::TimeDelta;
use jobs::{Outcome, TenantJob};
use kernel::{Actor, Cnpj, Fault};
use messaging::Notice;
use tenancy::{Change, Entry, TenantTx};

use super::{
    CHANGED, CONSULTAR, KEPT, NOTICE, OLD, OLDEST, RECENT, Reconsulta, ReconsultaError, ReconsultaId, Resultado, STUCK, State,
    TOPIC, TRIED, begin, later, pages::ReconsultaShow, reach, sees_all, sql,
};
use crate::{
    consulta::{Consultado, Consultas, Resposta, Urgency, situacao},
    empresa::{EmpresaId, Reach, pages::EmpresaShow},
};

/// Questions of one run of the job: others of the unidade have their turn between two.
const RUN: usize = 100;
/// Pages hear of every so many, where answers come without asking.
const BEAT: usize = 10;
/// So often one is tried to which nobody answers, the others in between.
const ATTEMPTS: i16 = 3;
/// So many questions in a row to which nobody answers end it: nobody will. Over an hour, with the waits between them.
const SILENCES: i16 = 7;

/// What is to be asked next.
struct Passo {
    empresa: EmpresaId,
    cnpj: Cnpj,
    reconsulta: Reconsulta,
    actor: Actor,
    reach: Reach,
}

pub(super) async fn rodar(consultas: Consultas, job: TenantJob, id: ReconsultaId) -> Result<Outcome, Fault> {
    for n in 1..=RUN {
        let Some(passo) = job.write(async |tx| next(tx, &job.actor, id).await).await? else { return Ok(Outcome::Done) };
        let age = job.now() - passo.reconsulta.created_at + RECENT;
        match consultas.cnpj(job.unidade.id, passo.cnpj, age, Urgency::Background).await? {
            Resposta::Known(said) => {
                job.write(async |tx| {
                    answered(tx, &passo, &said).await?;
                    if n % BEAT == 0 {
                        tx.tell(TOPIC, id).await?;
                    }
                    Ok::<_, Fault>(())
                })
                .await?;
            }
            Resposta::Waiting(lugar) => {
                let at = lugar.at.max(job.now()) + TimeDelta::seconds(2);
                job.write(async |tx| pause(tx, id, at).await).await?;
                return Ok(Outcome::Done);
            }
            Resposta::Unavailable(_) => {
                job.write(async |tx| unanswered(tx, &passo).await).await?;
                return Ok(Outcome::Done);
            }
        }
    }
    let now = job.now();
    job.write(async |tx| pause(tx, id, now).await).await?;
    Ok(Outcome::Done)
}

async fn pause(tx: &mut TenantTx, id: ReconsultaId, at: chrono::DateTime<chrono::Utc>) -> Result<(), Fault> {
    later(tx, id, at).await?;
    tx.tell(TOPIC, id).await
}

/// The next that waits; `None` when it is over. Whoever asked is asked for their rights anew each time.
async fn next(tx: &mut TenantTx, product: &Actor, id: ReconsultaId) -> Result<Option<Passo>, Fault> {
    let Some(reconsulta) = sql::lock(tx, id).await? else { return Ok(None) };
    let (actor, reach) = match reconsulta.usuario_id {
        None => (product.clone(), Reach::all()),
        Some(usuario) => {
            let actor = acesso::usuario::actor(tx, usuario).await?;
            let Some((actor, reach)) = actor.and_then(|actor| reach(&actor).ok().map(|reach| (actor, reach))) else {
                fail(tx, product, &reconsulta, "forbidden").await?;
                return Ok(None);
            };
            (actor, reach)
        }
    };
    if reconsulta.state == State::Fila {
        sql::start(tx, id).await?;
        tx.tell(TOPIC, id).await?;
    }
    while let Some(waiting) = sql::next(tx, id, reach).await? {
        let Some(cnpj) = waiting.cnpj else {
            sql::set(tx, id, waiting.empresa, Resultado::Fora, [None, None]).await?;
            continue;
        };
        return Ok(Some(Passo { empresa: waiting.empresa, cnpj, reconsulta, actor, reach }));
    }
    finish(tx, &actor, id).await?;
    Ok(None)
}

/// Writes what was said, once: whoever else came with it first has done so.
async fn answered(tx: &mut TenantTx, passo: &Passo, said: &Arc<Consultado>) -> Result<(), Fault> {
    let id = passo.reconsulta.id;
    if sql::lock(tx, id).await?.is_none() {
        return Ok(());
    }
    sql::set_silencios(tx, id, 0).await?;
    // While somebody was asked it may have been given away, deleted or corrected.
    if !sql::still(tx, passo.empresa, passo.cnpj, passo.reach).await? {
        return sql::set(tx, id, passo.empresa, Resultado::Fora, [None, None]).await;
    }
    if said.dados.is_none() {
        let before = situacao::find(tx, passo.empresa).await?.map(|stands| stands.situacao);
        return sql::set(tx, id, passo.empresa, Resultado::Ausente, [before, None]).await;
    }
    let before = situacao::find(tx, passo.empresa).await?.map(|stands| stands.situacao);
    situacao::anotar(tx, &passo.actor, passo.empresa, passo.cnpj, said).await?;
    let after = situacao::find(tx, passo.empresa).await?.map(|stands| stands.situacao);
    let resultado = match (before, after) {
        (None, Some(_)) => Resultado::Nova,
        (before, after) if before != after => Resultado::Alterada,
        _ => Resultado::Inalterada,
    };
    sql::set(tx, id, passo.empresa, resultado, [before, after]).await
}

/// Nobody answers: the others first, and after a wait that grows with every silence.
async fn unanswered(tx: &mut TenantTx, passo: &Passo) -> Result<(), Fault> {
    let id = passo.reconsulta.id;
    let Some(reconsulta) = sql::lock(tx, id).await? else { return Ok(()) };
    let silencios = reconsulta.silencios.saturating_add(1);
    sql::set_silencios(tx, id, silencios).await?;
    if silencios >= SILENCES {
        sql::give_up(tx, id).await?;
        return finish(tx, &passo.actor, id).await;
    }
    if sql::tried(tx, id, passo.empresa).await? >= ATTEMPTS {
        sql::set(tx, id, passo.empresa, Resultado::Falhou, [None, None]).await?;
    }
    let wait = TimeDelta::minutes(1 << silencios.clamp(0, 5));
    let at = tx.clock().now() + wait;
    pause(tx, id, at).await
}

fn counted(reconsulta: &Reconsulta) -> Vec<(&'static str, String)> {
    [
        ("n_alteradas", reconsulta.alteradas),
        ("n_novas", reconsulta.novas),
        ("n_inalteradas", reconsulta.inalteradas),
        ("n_ausentes", reconsulta.ausentes),
        ("n_falhas", reconsulta.falhas),
        ("n_fora", reconsulta.fora),
    ]
    .map(|(name, n)| (name, n.to_string()))
    .into()
}

/// Everybody who has to know hears of it: whoever asked, and those whose empresas stand otherwise.
async fn finish(tx: &mut TenantTx, actor: &Actor, id: ReconsultaId) -> Result<(), Fault> {
    if !sql::end(tx, id, State::Concluida, None).await? {
        return Ok(());
    }
    let Some(reconsulta) = sql::find(tx, id).await? else { return Ok(()) };
    let counts = counted(&reconsulta);
    let said: serde_json::Map<String, serde_json::Value> = counts
        .iter()
        .map(|(name, n)| (name.trim_start_matches("n_").to_owned(), n.parse::<i64>().unwrap_or_default().into()))
        .collect();
    let change = Change { before: None, after: Some(said.into()) };
    let entry = Entry { action: "reconsulta.concluida", entity: "reconsulta", entity_id: Some(id.uuid()), change };
    tx.audit(actor, entry).await?;
    tx.tell(TOPIC, id).await?;
    let href = ReconsultaShow { id }.to_string();
    if let Some(usuario) = reconsulta.usuario_id {
        let args: Vec<(&str, &str)> = counts.iter().map(|(name, n)| (*name, n.as_str())).collect();
        messaging::notify(tx, usuario, &Notice { kind: &NOTICE, key: "reconsulta-notice", args: &args, href: &href }).await?;
    }
    for (responsavel, n, empresa) in sql::changed_of(tx, id, reconsulta.usuario_id).await? {
        let Some(person) = acesso::usuario::actor(tx, responsavel).await? else { continue };
        // Only what is open to them.
        let href = match n {
            1 => EmpresaShow { id: empresa }.to_string(),
            _ if reconsulta.usuario_id.is_none() && person.may(&CONSULTAR) && sees_all(&person) => href.clone(),
            _ => format!("/empresas?responsavel={responsavel}"),
        };
        let n = n.to_string();
        let notice = Notice { kind: &CHANGED, key: "reconsulta-notice-mudou", args: &[("n", &n)], href: &href };
        messaging::notify(tx, responsavel, &notice).await?;
    }
    Ok(())
}

async fn fail(tx: &mut TenantTx, actor: &Actor, reconsulta: &Reconsulta, reason: &str) -> Result<(), Fault> {
    let id = reconsulta.id;
    if !sql::end(tx, id, State::Falhou, Some(reason)).await? {
        return Ok(());
    }
    let change = Change { before: None, after: Some(serde_json::json!({ "reason": reason })) };
    tx.audit(actor, Entry { action: "reconsulta.falhou", entity: "reconsulta", entity_id: Some(id.uuid()), change }).await?;
    tx.tell(TOPIC, id).await?;
    if let Some(usuario) = reconsulta.usuario_id {
        let href = ReconsultaShow { id }.to_string();
        messaging::notify(tx, usuario, &Notice { kind: &NOTICE, key: "reconsulta-notice-falhou", args: &[], href: &href })
            .await?;
    }
    Ok(())
}

/// The job failed as often as it may: a defect, or a database that is away for long.
pub(super) async fn gave_up(_: Consultas, job: TenantJob, id: ReconsultaId) -> Result<(), Fault> {
    job.write(async |tx| match sql::lock(tx, id).await? {
        Some(reconsulta) => fail(tx, &job.actor, &reconsulta, "fault").await,
        None => Ok(()),
    })
    .await
}

/// Those of the unidade that were asked longest ago, when the last such reconsulta is over and there is somebody to ask.
pub(super) async fn antigas(consultas: Consultas, job: TenantJob) -> Result<Outcome, Fault> {
    let now = job.now();
    let begun = job
        .write(async |tx| {
            sql::forget(tx, now - KEPT).await?;
            // One whose job is gone would keep every later one from beginning.
            for id in sql::stuck(tx, now - STUCK).await? {
                if let Some(reconsulta) = sql::lock(tx, id).await? {
                    fail(tx, &job.actor, &reconsulta, "fault").await?;
                }
            }
            if consultas.per_minute() == 0 || sql::is_running(tx).await? {
                return Ok(());
            }
            let ids = sql::oldest(tx, Reach::all(), Some(now - OLD), Some(now - TRIED), OLDEST).await?;
            if ids.is_empty() {
                return Ok(());
            }
            begin(tx, &job.actor, None, "", &ids).await.map(|_| ())
        })
        .await;
    match begun {
        Ok(()) => Ok(Outcome::Done),
        Err(ReconsultaError::Fault(fault)) => Err(fault),
        Err(other) => Err(Fault::new("a regular reconsulta", other)),
    }
}
