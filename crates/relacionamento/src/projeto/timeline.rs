//! What is told of projetos in the history of their empresa, and of one on its own page: the trail, read for people (S0-3.28).

use kernel::Actor;
use serde_json::Value;
use tenancy::TenantTx;
use web::{
    frame::Frame,
    timeline::{Asked, Changed, Kind, Moment, Point},
};

use super::{ENTITY, ProjetoId, Reach, Situacao, VER, pages::ProjetoShow, sql};
use crate::trail;

pub(crate) const KINDS: &[Kind] = &[Kind { code: ENTITY, label: "timeline-projeto", icon: "briefcase", permission: VER }];

/// See [`web::timeline::Tell`]; `of_empresa` where the record is an empresa.
pub(crate) async fn tell(
    tx: &mut TenantTx,
    actor: &Actor,
    frame: &Frame,
    asked: &Asked,
    of_empresa: bool,
) -> web::Result<Vec<Moment>> {
    let reach = Reach::of(actor, &VER)?;
    let (empresa, projeto) = if of_empresa { (Some(asked.record), None) } else { (None, Some(asked.record)) };
    let rows = sql::rows(tx, reach, empresa, projeto, asked.before, asked.limit).await?;
    Ok(rows.into_iter().map(|row| moment(frame, row, of_empresa)).collect())
}

fn moment(frame: &Frame, row: sql::Row, of_empresa: bool) -> Moment {
    Moment {
        point: Point { at: row.at, id: row.id },
        kind: ENTITY,
        title: title(frame, &row.action, &row.titulo),
        changed: changed(frame, &row.action, row.before.as_ref(), row.after.as_ref()),
        who: if row.actor_nome.is_empty() { frame.t("audit-nobody").to_owned() } else { row.actor_nome },
        href: (of_empresa && row.is_live).then(|| ProjetoShow { id: ProjetoId::new(row.projeto) }.to_string()),
    }
}

/// What happened to a projeto, and the sentence that tells it.
const TOLD: [(&str, &str); 7] = [
    ("projeto.criado", "projeto-told-criado"),
    ("projeto.alterado", "projeto-told-alterado"),
    ("projeto.concluido", "projeto-told-concluido"),
    ("projeto.cancelado", "projeto-told-cancelado"),
    ("projeto.reaberto", "projeto-told-reaberto"),
    ("projeto.excluido", "projeto-told-excluido"),
    ("projeto.restaurado", "projeto-told-restaurado"),
];

fn title(frame: &Frame, action: &str, titulo: &str) -> String {
    let Some((_, key)) = TOLD.iter().find(|(told, _)| *told == action) else { return acesso::auditoria::word(frame, action) };
    frame.t_with(key, &[("titulo", titulo.into())])
}

const FIELDS: [(&str, &str); 6] = [
    ("titulo", "demanda-titulo"),
    ("valor", "projeto-valor"),
    ("data_inicio", "projeto-inicio"),
    ("data_fim", "projeto-fim"),
    ("responsavel", "demanda-responsavel"),
    ("motivo", "demanda-motivo"),
];

/// What was new or went away as a whole needs no list of its fields.
fn changed(frame: &Frame, action: &str, before: Option<&Value>, after: Option<&Value>) -> Vec<Changed> {
    if matches!(action, "projeto.criado" | "projeto.excluido" | "projeto.restaurado") {
        return Vec::new();
    }
    trail::changed(frame, &FIELDS, (before, after), |code| Situacao::from_code(code).map(Situacao::label))
}
