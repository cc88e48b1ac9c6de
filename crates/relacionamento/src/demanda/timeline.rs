//! What is told of demandas in the history of their empresa, and of one on its own page: the trail, read for people (S0-5.10).

use kernel::Actor;
use serde_json::Value;
use tenancy::TenantTx;
use web::{
    frame::Frame,
    timeline::{Asked, Changed, Kind, Moment, Point},
};

use super::{DemandaId, ENTITY, Reach, Situacao, VER, pages::DemandaShow, sql};
use crate::trail;

pub(crate) const KINDS: &[Kind] = &[Kind { code: ENTITY, label: "timeline-demanda", icon: "inbox", permission: VER }];

/// Of which records the history is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Empresa,
    Demanda,
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
        title: title(frame, &row.action, &row.titulo, after),
        changed: changed(frame, &row.action, before, after),
        who: if row.actor_nome.is_empty() { frame.t("audit-nobody").to_owned() } else { row.actor_nome },
        href: (of == Of::Empresa && row.is_live).then(|| DemandaShow { id: DemandaId::new(row.demanda) }.to_string()),
    }
}

/// What happened to a demanda, and the sentence that tells it.
const TOLD: [(&str, &str); 11] = [
    ("demanda.distribuida", "demanda-told-distribuida"),
    ("demanda.importada", "demanda-told-importada"),
    ("demanda.registrada", "demanda-told-registrada"),
    ("demanda.alterada", "demanda-told-alterada"),
    ("demanda.movida", "demanda-told-movida"),
    ("demanda.concluida", "demanda-told-concluida"),
    ("demanda.cancelada", "demanda-told-cancelada"),
    ("demanda.reaberta", "demanda-told-reaberta"),
    ("demanda.convertida", "demanda-told-convertida"),
    ("demanda.excluida", "demanda-told-excluida"),
    ("demanda.restaurada", "demanda-told-restaurada"),
];

fn title(frame: &Frame, action: &str, titulo: &str, after: Option<&Value>) -> String {
    let Some((_, key)) = TOLD.iter().find(|(told, _)| *told == action) else { return acesso::auditoria::word(frame, action) };
    // By which rule it went to whom.
    let said = |field: &str| after.and_then(|after| after.get(field)).and_then(Value::as_str).unwrap_or_default().to_owned();
    frame.t_with(key, &[("titulo", titulo.into()), ("regra", said("regra").into()), ("nome", said("responsavel").into())])
}

const FIELDS: [(&str, &str); 11] = [
    ("etapa", "demanda-etapa"),
    ("titulo", "demanda-titulo"),
    ("descricao", "demanda-descricao"),
    ("tipo", "demanda-tipo"),
    ("setor", "demanda-setor"),
    ("responsavel", "demanda-responsavel"),
    ("contato", "demanda-contato"),
    ("valor_estimado", "demanda-valor"),
    ("data_prazo", "demanda-prazo"),
    ("concluida_at", "demanda-concluida-at"),
    ("motivo", "demanda-motivo"),
];

/// What was new or went away as a whole needs no list of its fields.
fn changed(frame: &Frame, action: &str, before: Option<&Value>, after: Option<&Value>) -> Vec<Changed> {
    if matches!(
        action,
        "demanda.registrada" | "demanda.distribuida" | "demanda.importada" | "demanda.excluida" | "demanda.restaurada"
    ) {
        return Vec::new();
    }
    trail::changed(frame, &FIELDS, (before, after), |code| Situacao::from_code(code).map(Situacao::label))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_shows_amounts_and_days_as_they_are_read() {
        let frame = Frame::sample();
        let (before, after) = (
            json!({ "valor_estimado": "1234567.89", "data_prazo": "2026-12-01", "etapa": "Nova", "setor": null }),
            json!({ "valor_estimado": null, "data_prazo": "2026-12-02", "etapa": "Proposta enviada", "setor": "Metrologia" }),
        );
        let told = changed(&frame, "demanda.alterada", Some(&before), Some(&after));
        let told: Vec<_> = told.iter().map(|one| (one.before.as_str(), one.after.as_str())).collect();
        assert_eq!(
            told,
            [("Nova", "Proposta enviada"), ("", "Metrologia"), ("R$ 1.234.567,89", ""), ("01/12/2026", "02/12/2026")]
        );
        assert_eq!(title(&frame, "demanda.concluida", "Curso", None), "Demanda concluída: Curso");
        let given = json!({ "regra": "Cursos", "responsavel": "Rui" });
        let told = title(&frame, "demanda.distribuida", "Curso", Some(&given));
        assert_eq!(told, "Distribuída para Rui pela regra “Cursos”: Curso");
        assert!(changed(&frame, "demanda.registrada", None, Some(&after)).is_empty());
    }
}
