//! The tab with the raw trail of an empresa: who did what, when, from where, field by field.

use acesso::auditoria::{self, Field, Linha, Row};
use askama::Template;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Ctx, Error, Page, filters,
    frame::Frame,
    list::{ListState, Pager, Sort},
};

use super::header::{self, ENTITY, Header};
use crate::empresa::{
    Campo, EmpresaId,
    timeline::{plain, readable},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/auditoria", rejection(web::BadPath))]
pub struct EmpresaAuditoria {
    pub id: EmpresaId,
}

#[derive(Template)]
#[template(path = "empresas/empresa/auditoria.html")]
pub struct EmpresaAuditoriaPage {
    frame: Frame,
    header: Header,
    list: ListState,
    pager: Pager,
    rows: Vec<Row>,
}

pub(crate) async fn show(path: EmpresaAuditoria, mut ctx: Ctx) -> Result<Page<EmpresaAuditoriaPage>, Error> {
    let ctx = &mut *ctx;
    let (_, frame, header) = header::open(ctx, path.id, Some("auditoria-title")).await?;
    let query = frame.path.split_once('?').map_or("", |(_, query)| query);
    let list = ListState::read(path.to_string(), query, &[], Sort::down("at"));
    let (linhas, total) = auditoria::of_record(&mut ctx.tx, ENTITY, path.id.uuid(), list.page).await?;
    Ok(Page(EmpresaAuditoriaPage::new(frame, header, list, linhas, total)))
}

impl EmpresaAuditoriaPage {
    fn new(frame: Frame, header: Header, list: ListState, linhas: Vec<Linha>, total: i64) -> Self {
        Self {
            pager: Pager::new(list.page, total),
            rows: linhas.into_iter().map(|linha| row(&frame, linha)).collect(),
            list,
            header,
            frame,
        }
    }

    /// For the test that renders every page: some rows, and none.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let empresa = crate::empresa::samples::empresa(true, false, frame.now);
        let linha = |n: u128, action: &str| Linha {
            id: uuid::Uuid::from_u128(n),
            at: frame.now,
            actor_kind: "usuario".into(),
            actor_nome: "Marina <b>Costa</b>".into(),
            ip: "203.0.113.7".parse().ok(),
            user_agent: Some("\"><script>alert(1)</script>".into()),
            request_id: Some(uuid::Uuid::from_u128(n)),
            action: action.into(),
            entity: ENTITY.into(),
            entity_id: None,
            before: Some(serde_json::json!({ "porte": "me", "papel": "rh" })),
            after: Some(serde_json::json!({ "porte": "epp", "importacao": "<b>Aurora</b>.xlsx", "x": [1] })),
        };
        let made = |linhas: Vec<Linha>| {
            let frame = header::framed(frame.clone(), &empresa, Some("auditoria-title"));
            let total = i64::try_from(linhas.len()).unwrap_or_default() * 40;
            let list = ListState::read("/empresas/1/auditoria", "", &[], Sort::down("at"));
            Self::new(frame.clone(), Header::sample(&frame, true, false), list, linhas, total)
        };
        vec![
            ("some", made(vec![linha(1, "empresa.alterada"), linha(2, "contato.alterado"), linha(3, "de.outro")])),
            ("none", made(Vec::new())),
        ]
    }
}

/// Fields by their labels and values as people read them, where the register knows both.
fn row(frame: &Frame, linha: Linha) -> Row {
    let both = [linha.before.clone(), linha.after.clone()];
    let action = linha.action.clone();
    let mut row = Row::new(frame, linha);
    for field in &mut row.fields {
        let [before, after] = both.each_ref().map(|side| {
            let value = side.as_ref().and_then(|fields| fields.get(&field.name));
            value.map(|value| readable(frame, &action, &field.name, &plain(value))).unwrap_or_default()
        });
        *field = Field { name: label(frame, &action, &field.name), before, after };
    }
    row
}

fn label(frame: &Frame, action: &str, name: &str) -> String {
    let key = match (name, Campo::by_key(name)) {
        ("importacao", _) => "timeline-importacao",
        ("lote" | "lote_desfeito", _) => "timeline-lote",
        ("etiquetas", _) => "etiquetas-title",
        ("situacao_cadastral", _) => "empresa-receita",
        ("papel", _) => "contato-papel",
        ("cargo", _) => "empresa-contato-cargo",
        ("nome", _) if action.starts_with("contato.") => "contato-nome",
        ("nome", _) if action.starts_with("documento.") => "documento-nome",
        ("pasta", _) => "documento-pasta",
        (_, Some(campo)) => campo.label(),
        _ => return name.to_owned(),
    };
    frame.t(key).to_owned()
}
