//! Who hears of a demanda, and when its responsável is reminded of its prazo (S0-6.9, S0-10.1, S0-10.2, S0-10.5, S0-10.6).

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Fault};
use messaging::{Notice, NoticeKind, NoticeRule};
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Demanda, DemandaId, Reach, Situacao, VER, pages::DemandaShow, sql};

/// Of a demanda that somebody answers for, or of an empresa that is theirs: new, given to them, in another etapa, ended.
pub(crate) static NOTICE: NoticeKind = NoticeKind {
    code: "relacionamento.demanda",
    label: "notice-demanda",
    help: "notice-demanda-help",
    needs: Some(VER),
    panel: NoticeRule::On,
    email: NoticeRule::On,
};

/// That one is due.
pub(crate) static PRAZO: NoticeKind = NoticeKind {
    code: "relacionamento.demanda_prazo",
    label: "notice-demanda-prazo",
    help: "notice-demanda-prazo-help",
    needs: Some(VER),
    panel: NoticeRule::On,
    email: NoticeRule::On,
};

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Registrada,
    /// Somebody else answers for it now.
    Atribuida,
    /// It stands elsewhere.
    Movida,
    /// It is a projeto now.
    Convertida,
}

impl Told {
    const fn key(self, situacao: Situacao) -> &'static str {
        match (self, situacao) {
            (Self::Registrada, _) => "demanda-notice-registrada",
            (Self::Atribuida, _) => "demanda-notice-atribuida",
            (Self::Convertida, _) => "demanda-notice-convertida",
            (Self::Movida, Situacao::Concluida) => "demanda-notice-concluida",
            (Self::Movida, Situacao::Cancelada) => "demanda-notice-cancelada",
            (Self::Movida, _) => "demanda-notice-movida",
        }
    }
}

/// Tells whom it concerns, except who did it; of who answers for it now only them.
pub(super) async fn tell(tx: &mut TenantTx, actor: &Actor, demanda: &Demanda, told: Told) -> Result<(), Fault> {
    let people: BTreeSet<Uuid> = match told {
        Told::Atribuida => demanda.responsavel_id.into_iter().collect(),
        Told::Registrada | Told::Movida | Told::Convertida => demanda.concerned().collect(),
    };
    for to in people.into_iter().filter(|id| actor.usuario() != Some(*id)) {
        say(tx, to, &NOTICE, told.key(demanda.situacao), demanda, &actor.nome).await?;
    }
    Ok(())
}

async fn say(
    tx: &mut TenantTx,
    to: Uuid,
    kind: &'static NoticeKind,
    key: &'static str,
    demanda: &Demanda,
    nome: &str,
) -> Result<(), Fault> {
    let unidade = tx.unidade();
    let prazo = demanda.data_prazo.map(|day| idioma::date(unidade.lang(None), day)).unwrap_or_default();
    let href = DemandaShow { id: demanda.id }.to_string();
    let args = [
        ("titulo", demanda.titulo.as_str()),
        ("empresa", demanda.empresa_nome.as_str()),
        ("etapa", demanda.etapa.as_str()),
        ("prazo", prazo.as_str()),
        ("nome", nome),
    ];
    messaging::notify(tx, to, &Notice { kind, key, args: &args, href: &href }).await
}

/// To be reminded of a demanda that is due then.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Lembrar {
    demanda: DemandaId,
    data_prazo: NaiveDate,
}

impl Payload for Lembrar {
    const NAME: &'static str = "relacionamento.demanda.lembrar";
}

/// When the day's work begins.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// In the morning of the day before, or of the day itself for one that came later; not of one that is over.
fn remind_at(data_prazo: NaiveDate, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mornings = [data_prazo.checked_sub_days(Days::new(1)), Some(data_prazo)];
    mornings.into_iter().flatten().filter_map(|day| idioma::instant(zone, day.and_time(MORNING))).find(|at| *at > now)
}

/// Has whoever answers for it reminded in time. One of the same demanda that waits already is moved.
pub(super) async fn remember(tx: &mut TenantTx, demanda: &Demanda) -> Result<(), Fault> {
    let Some(data_prazo) = demanda.data_prazo.filter(|_| demanda.situacao.is_open()) else { return Ok(()) };
    let Some(at) = remind_at(data_prazo, tx.unidade().fuso, tx.clock().now()) else { return Ok(()) };
    let how = Enqueue { run_at: Some(at), ..Enqueue::keyed(format!("{}.{}", Lembrar::NAME, demanda.id)) };
    jobs::enqueue(tx, &Lembrar { demanda: demanda.id, data_prazo }, how).await?;
    Ok(())
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(lembrar)]
}

async fn lembrar(job: TenantJob, asked: Lembrar) -> Result<Outcome, Fault> {
    job.write(async |tx| remind(tx, &asked).await).await?;
    Ok(Outcome::Done)
}

/// Nobody is reminded twice of one prazo, or of what has ended, was deleted or is due another day by now. Where nobody answers for it,
/// whoever is responsável for the empresa is.
async fn remind(tx: &mut TenantTx, asked: &Lembrar) -> Result<(), Fault> {
    if !sql::remind(tx, asked.demanda, asked.data_prazo).await? {
        return Ok(());
    }
    let Some(demanda) = sql::find(tx, asked.demanda, Reach::all()).await? else { return Ok(()) };
    let Some(to) = demanda.concerned().next() else { return Ok(()) };
    say(tx, to, &PRAZO, "demanda-notice-prazo", &demanda, "").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_the_morning_before_or_of_the_day_or_not_at_all() {
        let zone = chrono_tz::America::Sao_Paulo;
        let now = "2026-11-23T13:00:00Z".parse().unwrap();
        for (prazo, reminded) in [
            ("2026-11-26", Some("2026-11-25T11:00:00+00:00")),
            ("2026-11-24", Some("2026-11-24T11:00:00+00:00")),
            ("2026-11-23", None),
            ("2026-11-01", None),
        ] {
            let at = remind_at(prazo.parse().unwrap(), zone, now).map(|at| at.to_rfc3339());
            assert_eq!(at.as_deref(), reminded, "{prazo}");
        }
    }
}
