//! Who hears of a visita, and when they are reminded of it (S0-6.10, S0-10.3, S0-10.4).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Fault};
use messaging::{Compromisso, Mailing, Notice, NoticeKind, NoticeRule, compromisso::Method};
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{ENTITY, Reach, Situacao, VER, Visita, VisitaId, pages::VisitaShow, sql};

/// Of a visita that somebody goes to, or of an empresa that is theirs: planned, moved, changed, called off.
pub(crate) static NOTICE: NoticeKind = NoticeKind {
    code: "relacionamento.visita",
    label: "notice-visita",
    help: "notice-visita-help",
    needs: Some(VER),
    panel: NoticeRule::On,
    email: NoticeRule::On,
};

/// That a visita is near.
pub(crate) static LEMBRETE: NoticeKind = NoticeKind {
    code: "relacionamento.visita_lembrete",
    label: "notice-visita-lembrete",
    help: "notice-visita-lembrete-help",
    needs: Some(VER),
    panel: NoticeRule::On,
    email: NoticeRule::On,
};

/// Before it begins; the second for one that was planned later than the first.
const LEADS: [TimeDelta; 2] = [TimeDelta::hours(24), TimeDelta::hours(1)];

/// What happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Planejada,
    Remarcada,
    Alterada,
    Cancelada,
    Reaberta,
}

impl Told {
    const fn key(self) -> &'static str {
        match self {
            Self::Planejada => "visita-notice-planejada",
            Self::Remarcada => "visita-notice-remarcada",
            Self::Alterada => "visita-notice-alterada",
            Self::Cancelada => "visita-notice-cancelada",
            Self::Reaberta => "visita-notice-reaberta",
        }
    }
}

/// Tells those who go, those who went `before` and whoever is responsável for the empresa, except who did it. Of what is over
/// nobody needs to hear. The letters of those who go, or went, put it into their calendars or take it out.
pub(super) async fn tell(tx: &mut TenantTx, actor: &Actor, visita: &Visita, before: &[Uuid], told: Told) -> Result<(), Fault> {
    if visita.horario.fim_at < tx.clock().now() {
        return Ok(());
    }
    let people: BTreeSet<Uuid> = visita.who_go().chain(before.iter().copied()).chain(visita.empresa_responsavel).collect();
    let expected = compromisso(tx, visita).await?;
    let dropped = Compromisso { method: Method::Cancel, ..expected.clone() };
    for to in people.into_iter().filter(|id| actor.usuario() != Some(*id)) {
        let mailing = match (visita.who_go().any(|id| id == to), before.contains(&to)) {
            (true, _) if told != Told::Cancelada => Mailing::Event(&expected),
            (true, _) | (_, true) => Mailing::Event(&dropped),
            (false, false) => Mailing::Sentence,
        };
        say(tx, to, (&NOTICE, told.key()), visita, &actor.nome, mailing).await?;
    }
    Ok(())
}

/// The visita as it stands now, for calendars.
async fn compromisso(tx: &mut TenantTx, visita: &Visita) -> Result<Compromisso, Fault> {
    let (version, local) = sql::agenda::stands(tx, visita.id).await?;
    Ok(Compromisso {
        method: Method::Request,
        layer: ENTITY.to_owned(),
        id: visita.id.uuid(),
        version,
        title: visita.empresa_nome.clone(),
        local,
        inicio_at: visita.horario.inicio_at,
        fim_at: visita.horario.fim_at,
        written_at: tx.clock().now(),
    })
}

async fn say(
    tx: &mut TenantTx,
    to: Uuid,
    (kind, key): (&'static NoticeKind, &'static str),
    visita: &Visita,
    nome: &str,
    mailing: Mailing<'_>,
) -> Result<(), Fault> {
    let unidade = tx.unidade();
    let at = idioma::datetime(unidade.lang(None), unidade.fuso, visita.horario.inicio_at);
    let href = VisitaShow { id: visita.id }.to_string();
    let args = [("empresa", visita.empresa_nome.as_str()), ("at", at.as_str()), ("nome", nome)];
    messaging::notify_all(tx, &[to], &Notice { kind, key, args: &args, href: &href }, mailing).await
}

/// To be reminded of a visita that begins then.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Lembrar {
    visita: VisitaId,
    inicio_at: DateTime<Utc>,
}

impl Payload for Lembrar {
    const NAME: &'static str = "relacionamento.visita.lembrar";
}

/// When those who go are to be reminded of what begins at `inicio_at`; not of what begins too soon.
fn remind_at(inicio_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    LEADS.iter().map(|lead| inicio_at - *lead).find(|at| *at > now)
}

/// Has those who go reminded in time. One of the same visita that waits already is moved.
pub(super) async fn remember(tx: &mut TenantTx, visita: &Visita) -> Result<(), Fault> {
    let inicio_at = visita.horario.inicio_at;
    let Some(at) = remind_at(inicio_at, tx.clock().now()) else { return Ok(()) };
    let how = Enqueue { run_at: Some(at), ..Enqueue::keyed(format!("{}.{}", Lembrar::NAME, visita.id)) };
    jobs::enqueue(tx, &Lembrar { visita: visita.id, inicio_at }, how).await?;
    Ok(())
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(lembrar)]
}

async fn lembrar(job: TenantJob, asked: Lembrar) -> Result<Outcome, Fault> {
    job.write(async |tx| remind(tx, &asked).await).await?;
    Ok(Outcome::Done)
}

/// Nobody is reminded twice of one beginning, of one that is over, or of one that was moved or called off meanwhile.
async fn remind(tx: &mut TenantTx, asked: &Lembrar) -> Result<(), Fault> {
    if asked.inicio_at < tx.clock().now() || !sql::remind(tx, asked.visita, asked.inicio_at).await? {
        return Ok(());
    }
    let Some(visita) = sql::find(tx, asked.visita, Reach::all()).await? else { return Ok(()) };
    debug_assert_eq!(visita.situacao, Situacao::Planejada);
    let people: BTreeSet<Uuid> = visita.who_go().collect();
    for to in people {
        say(tx, to, (&LEMBRETE, "visita-notice-lembrete"), &visita, "", Mailing::Sentence).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_a_day_before_or_an_hour_or_not_at_all() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-11-22T12:00:00Z");
        for (begins, reminded) in [
            ("2026-11-25T13:00:00Z", Some("2026-11-24T13:00:00Z")),
            ("2026-11-23T12:00:00Z", Some("2026-11-23T11:00:00Z")),
            ("2026-11-22T13:00:00Z", None),
            ("2026-11-01T13:00:00Z", None),
        ] {
            assert_eq!(remind_at(at(begins), now), reminded.map(at), "{begins}");
        }
    }
}
