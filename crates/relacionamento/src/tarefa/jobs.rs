//! Who hears of a tarefa, and when they are reminded of it.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Fault};
use messaging::{Notice, NoticeKind, NoticeRule};
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Reach, Tarefa, TarefaId, VER, pages::TarefaEdit, sql};

/// That somebody is to do something, and to whoever asked it that it is done.
pub(crate) static NOTICE: NoticeKind = NoticeKind {
    code: "relacionamento.tarefa",
    label: "notice-tarefa",
    help: "notice-tarefa-help",
    needs: Some(VER),
    panel: NoticeRule::On,
    email: NoticeRule::Off,
};

/// That it is due today.
pub(crate) static PRAZO: NoticeKind = NoticeKind {
    code: "relacionamento.tarefa_prazo",
    label: "notice-tarefa-prazo",
    help: "notice-tarefa-prazo-help",
    needs: Some(VER),
    panel: NoticeRule::On,
    email: NoticeRule::Off,
};

/// Tells whoever is to do it, unless they said so themselves.
pub(super) async fn assigned(tx: &mut TenantTx, actor: &Actor, tarefa: &Tarefa) -> Result<(), Fault> {
    if actor.usuario() == Some(tarefa.responsavel_id) || tarefa.concluida_at.is_some() {
        return Ok(());
    }
    say(tx, tarefa.responsavel_id, &NOTICE, "tarefa-notice-nova", tarefa, &actor.nome).await
}

/// Tells whoever asked it, unless they did it themselves.
pub(super) async fn finished(tx: &mut TenantTx, actor: &Actor, tarefa: &Tarefa) -> Result<(), Fault> {
    match tarefa.criada_por_id {
        Some(asked) if actor.usuario() != Some(asked) => {
            say(tx, asked, &NOTICE, "tarefa-notice-concluida", tarefa, &actor.nome).await
        }
        _ => Ok(()),
    }
}

async fn say(
    tx: &mut TenantTx,
    to: Uuid,
    kind: &'static NoticeKind,
    key: &'static str,
    tarefa: &Tarefa,
    nome: &str,
) -> Result<(), Fault> {
    let href = TarefaEdit { id: tarefa.id }.to_string();
    let args = [("titulo", tarefa.titulo.as_str()), ("nome", nome)];
    messaging::notify(tx, to, &Notice { kind, key, args: &args, href: &href }).await
}

/// To be reminded in the morning of the day.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Lembrar {
    tarefa: TarefaId,
    data_prazo: NaiveDate,
}

impl Payload for Lembrar {
    const NAME: &'static str = "relacionamento.tarefa.lembrar";
}

/// When the day's work begins.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

fn remind_at(data_prazo: NaiveDate, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    idioma::instant(zone, data_prazo.and_time(MORNING)).filter(|at| *at > now)
}

/// Has its responsável reminded in the morning of its prazo. One that waits already is moved.
pub(super) async fn remember(tx: &mut TenantTx, tarefa: &Tarefa) -> Result<(), Fault> {
    let Some(data_prazo) = tarefa.data_prazo else { return Ok(()) };
    let Some(at) = remind_at(data_prazo, tx.unidade().fuso, tx.clock().now()) else { return Ok(()) };
    let how = Enqueue { run_at: Some(at), ..Enqueue::keyed(format!("{}.{}", Lembrar::NAME, tarefa.id)) };
    jobs::enqueue(tx, &Lembrar { tarefa: tarefa.id, data_prazo }, how).await?;
    Ok(())
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(lembrar)]
}

async fn lembrar(job: TenantJob, asked: Lembrar) -> Result<Outcome, Fault> {
    job.write(async |tx| remind(tx, &asked).await).await?;
    Ok(Outcome::Done)
}

/// Nobody is reminded twice of one prazo, or of what is done, deleted or due another day by now.
async fn remind(tx: &mut TenantTx, asked: &Lembrar) -> Result<(), Fault> {
    if !sql::remind(tx, asked.tarefa, asked.data_prazo).await? {
        return Ok(());
    }
    let Some(tarefa) = sql::find(tx, asked.tarefa, Reach::all()).await? else { return Ok(()) };
    say(tx, tarefa.responsavel_id, &PRAZO, "tarefa-notice-prazo", &tarefa, "").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_in_the_morning_of_the_day_or_not_at_all() {
        let zone = chrono_tz::America::Sao_Paulo;
        let now = "2026-11-23T13:00:00Z".parse().unwrap();
        let at = |day: &str| remind_at(day.parse().unwrap(), zone, now).map(|at| at.to_rfc3339());
        assert_eq!(at("2026-11-24").as_deref(), Some("2026-11-24T11:00:00+00:00"));
        assert_eq!((at("2026-11-23"), at("2026-11-01")), (None, None));
    }
}
