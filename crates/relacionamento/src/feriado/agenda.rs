//! Feriados in the calendar, the nation's and the unidade's own: on these days nobody is expected anywhere.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Actor;
use tenancy::TenantTx;
use uuid::Uuid;
use web::agenda::{Asked, Event, Layer, Standing, When};

use super::{ENTITY, during, pages::Feriados};
use crate::visita;

const FERIADO: &str = ENTITY;

pub(crate) const LAYER: Layer = Layer {
    name: ENTITY,
    label: "feriados-title",
    icon: "sun",
    permission: visita::VER,
    situacoes: &[Standing { code: FERIADO, label: "feriado-one", tone: "quiet", usual: true }],
    events: |tx, actor, asked| Box::pin(events(tx, actor, asked)),
    shift: None,
    plan: None,
};

async fn events(tx: &mut TenantTx, actor: &Actor, asked: &Asked) -> web::Result<Vec<Event>> {
    let days = during(tx, asked.lang, asked.from, asked.until.pred_opt().unwrap_or(asked.until)).await?;
    let may = actor.may(&super::GERIR);
    let event = |(day, nome): (NaiveDate, String)| Event {
        // A day is one: it needs no other name.
        id: Uuid::from_u128(u128::from(day.to_epoch_days().unsigned_abs())),
        title: nome,
        sub: String::new(),
        local: String::new(),
        when: When::Day(day),
        href: if may { Feriados.to_string() } else { String::new() },
        responsavel_id: None,
        responsavel: String::new(),
        situacao: FERIADO,
        busy: false,
        late: false,
        movable: false,
        version: 1,
        updated_at: DateTime::<Utc>::UNIX_EPOCH,
    };
    Ok(days.into_iter().map(event).collect())
}
