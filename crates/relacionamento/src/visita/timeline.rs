//! What is told of visitas in the history of their empresa, and of one on its own page: the trail, read for people.

use chrono::{DateTime, Utc};
use kernel::Actor;
use serde_json::Value;
use tenancy::TenantTx;
use web::{
    frame::Frame,
    timeline::{Asked, Changed, Kind, Moment, Point},
};

use super::{ENTITY, Reach, Situacao, VER, VisitaId, pages::VisitaShow, sql};
use crate::trail;

pub(crate) const KINDS: &[Kind] = &[Kind { code: ENTITY, label: "timeline-visita", icon: "calendar3", permission: VER }];

/// Of which records the history is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Empresa,
    Visita,
}

/// See [`web::timeline::Tell`].
pub(crate) async fn tell(tx: &mut TenantTx, actor: &Actor, frame: &Frame, asked: &Asked, of: Of) -> web::Result<Vec<Moment>> {
    let reach = Reach::of(actor, &VER)?;
    let rows = sql::historia::rows(tx, reach, of, asked.record, asked.before, asked.limit).await?;
    Ok(rows.into_iter().map(|row| moment(frame, row, of)).collect())
}

fn moment(frame: &Frame, row: sql::historia::Row, of: Of) -> Moment {
    let (before, after) = (row.before.as_ref(), row.after.as_ref());
    Moment {
        point: Point { at: row.at, id: row.id },
        kind: ENTITY,
        title: title(frame, &row.action, row.inicio_at, after),
        changed: changed(frame, &row.action, before, after),
        who: if row.actor_nome.is_empty() { frame.t("audit-nobody").to_owned() } else { row.actor_nome },
        href: (of == Of::Empresa && row.is_live).then(|| VisitaShow { id: VisitaId::new(row.visita) }.to_string()),
    }
}

/// What happened to a visita, and the sentence that tells it with the instant for which it was planned then.
const TOLD: [(&str, &str); 11] = [
    ("visita.importada", "visita-told-importada"),
    ("visita.planejada", "visita-told-planejada"),
    ("visita.alterada", "visita-told-alterada"),
    ("visita.remarcada", "visita-told-remarcada"),
    ("visita.realizada", "visita-told-realizada"),
    ("visita.relatada", "visita-told-relatada"),
    ("visita.cancelada", "visita-told-cancelada"),
    ("visita.reaberta", "visita-told-reaberta"),
    ("visita.chegada", "visita-told-chegada"),
    ("visita.excluida", "visita-told-excluida"),
    ("visita.restaurada", "visita-told-restaurada"),
];

fn title(frame: &Frame, action: &str, now: DateTime<Utc>, after: Option<&Value>) -> String {
    let Some((_, key)) = TOLD.iter().find(|(told, _)| *told == action) else { return acesso::auditoria::word(frame, action) };
    let then = after.and_then(|fields| fields.get("inicio_at")).and_then(Value::as_str).and_then(|text| text.parse().ok());
    let at = frame.datetime(then.unwrap_or(now));
    frame.t_with(key, &[("at", at.as_str().into())])
}

const FIELDS: [(&str, &str); 9] = [
    ("inicio_at", "visita-inicio"),
    ("fim_at", "visita-fim"),
    ("responsavel", "visita-responsavel"),
    ("objetivo", "visita-objetivo"),
    ("local", "visita-local"),
    ("participantes", "visita-participantes"),
    ("resumo", "visita-resumo"),
    ("proximos_passos", "visita-proximos-passos"),
    ("motivo", "visita-motivo"),
];

/// What was new or went away as a whole needs no list of its fields.
fn changed(frame: &Frame, action: &str, before: Option<&Value>, after: Option<&Value>) -> Vec<Changed> {
    if matches!(action, "visita.planejada" | "visita.importada" | "visita.excluida" | "visita.restaurada" | "visita.chegada") {
        return Vec::new();
    }
    trail::changed(frame, &FIELDS, (before, after), |code| Situacao::from_code(code).map(Situacao::label))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_shows_instants_and_people_as_they_are_read() {
        let frame = Frame::sample();
        let (before, after) = (
            json!({ "inicio_at": "2026-11-25T13:00:00Z", "participantes": ["Ana", "Rui"], "local": null }),
            json!({ "inicio_at": "2026-11-26T13:00:00Z", "participantes": ["Ana"], "local": "Portaria 2" }),
        );
        let told = changed(&frame, "visita.remarcada", Some(&before), Some(&after));
        let told: Vec<_> = told.iter().map(|one| (one.before.as_str(), one.after.as_str())).collect();
        assert_eq!(told, [("25/11/2026 10:00", "26/11/2026 10:00"), ("", "Portaria 2"), ("Ana, Rui", "Ana")]);
        let at = "2026-11-20T13:00:00Z".parse().unwrap();
        assert_eq!(title(&frame, "visita.remarcada", at, Some(&after)), "Visita remarcada para 26/11/2026 10:00");
        assert!(changed(&frame, "visita.planejada", None, Some(&after)).is_empty());
    }
}
