//! Absences in the calendar: whoever is away can be nowhere else.

use chrono::{DateTime, Utc};
use tenancy::TenantTx;
use web::agenda::{Asked, Event, Layer, Standing, When};

use super::{Ausencia, AusenciaEntity, VER, pages::Ausencias, sql};
use kernel::Entity;

const FORA: &str = "fora";

pub(crate) const LAYER: Layer = Layer {
    name: AusenciaEntity::NAME,
    label: "ausencias-title",
    icon: "person-dash",
    permission: VER,
    situacoes: &[Standing { code: FORA, label: "ausencia-fora", tone: "quiet", usual: true }],
    events: |tx, _, asked| Box::pin(events(tx, asked)),
    shift: None,
    plan: None,
};

async fn events(tx: &mut TenantTx, asked: &Asked) -> web::Result<Vec<Event>> {
    let last = asked.until.pred_opt().unwrap_or(asked.until);
    let pessoas = Some(asked.pessoas.clone()).filter(|ids| !ids.is_empty());
    let event = |one: Ausencia| Event {
        id: one.id.uuid(),
        title: one.nome.clone(),
        sub: idioma::t(asked.lang, one.dados.motivo.label()).to_owned(),
        local: String::new(),
        when: When::Days { first: one.dados.data_inicio, last: one.dados.data_fim },
        href: Ausencias.to_string(),
        responsavel_id: Some(one.dados.usuario.uuid()),
        responsavel: one.nome,
        situacao: FORA,
        busy: true,
        late: false,
        movable: false,
        version: 1,
        updated_at: DateTime::<Utc>::UNIX_EPOCH,
    };
    Ok(sql::between(tx, asked.from, last, pessoas).await?.into_iter().map(event).collect())
}
