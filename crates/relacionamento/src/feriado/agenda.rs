//! Feriados in the calendar, the nation's and the unidade's own: on these days nobody is expected anywhere.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Actor, Feriado};
use tenancy::TenantTx;
use uuid::Uuid;
use web::agenda::{Asked, Event, Layer, Standing, When};

use super::{ENTITY, label, pages::Feriados, sql};
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
    let own = sql::between(tx, asked.from, asked.until.pred_opt().unwrap_or(asked.until)).await?;
    let days = asked.from.iter_days().take_while(|day| *day < asked.until);
    let nacionais = days.filter_map(|day| Some((day, idioma::t(asked.lang, label(Feriado::of(day)?)).to_owned())));
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
    let mut all: Vec<_> = own.into_iter().chain(nacionais).map(event).collect();
    all.sort_by_key(|event| event.id);
    Ok(all)
}
