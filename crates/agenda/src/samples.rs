//! What the test that renders every page shows.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Permission;
use uuid::Uuid;
use web::agenda::{Event, Layer, Standing, When};

const LABEL: &str = "agenda-title";

/// Of no module: nothing is read by it.
pub(crate) static LAYER: Layer = Layer {
    name: "visita",
    label: LABEL,
    icon: "calendar3",
    permission: Permission::new("agenda.agenda.ver"),
    situacoes: &[
        Standing { code: "planejada", label: LABEL, tone: "info", usual: true },
        Standing { code: "realizada", label: LABEL, tone: "ok", usual: false },
    ],
    events: |_, _, _| Box::pin(async { Ok(Vec::new()) }),
    shift: None,
    plan: None,
};

/// By the half hour, every fifth for a day.
pub(crate) fn event(i: usize, long: bool, now: DateTime<Utc>) -> Event {
    let begin = now + TimeDelta::minutes(i64::try_from(i).unwrap_or_default() * 30);
    let hours = When::Hours { begin, end: begin + TimeDelta::minutes(45) };
    Event {
        id: Uuid::from_u128(u128::try_from(i).unwrap_or_default()),
        title: if long { "Metalúrgica <b>Aurora</b> ".repeat(12) } else { "Metalúrgica <b>Aurora</b>".to_owned() },
        sub: if long { "Diagnóstico\"><script> ".repeat(8) } else { String::new() },
        local: if long { "Rua Dona Francisca, 8300".to_owned() } else { String::new() },
        when: if i.is_multiple_of(5) { When::Day(begin.date_naive()) } else { hours },
        href: "/".to_owned(),
        responsavel_id: Some(Uuid::nil()),
        responsavel: "Marina <b>Aurora</b>".to_owned(),
        situacao: if i.is_multiple_of(3) { "realizada" } else { "planejada" },
        busy: true,
        late: i == 1,
        movable: i.is_multiple_of(2),
        version: 1,
        updated_at: now,
    }
}
