//! Consentimentos as files: the register of a finalidade, and the proof of one (LGPD art. 8, § 2: it is the unidade that has to prove).

use axum::response::Response;
use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use kernel::Fault;
use serde_json::json;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table};
use tenancy::{Change, Entry};
use web::{CtxInner, frame::Frame, sheet};

use super::{Consentimento, Finalidade};
use crate::{encarregado, file};

/// What is known of one, by label.
pub(super) fn fatos(frame: &Frame, one: &Consentimento) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut all = vec![
        (frame.t("dado-nome"), one.nome.clone()),
        (frame.t("dado-email"), text(&one.email)),
        (frame.t("consentimento-versao"), one.versao.to_string()),
        (frame.t("consentimento-dado-at"), frame.datetime(one.dado_at)),
        (frame.t("consentimento-meio"), frame.t(one.meio.label()).to_owned()),
    ];
    let noted = [("consentimento-evidencia", &one.evidencia), ("consentimento-registrado-por", &one.registrado_por_nome)];
    all.extend(noted.into_iter().filter(|(_, value)| value.is_some()).map(|(key, value)| (frame.t(key), text(value))));
    if let Some(gone) = &one.retirado {
        all.push((frame.t("consentimento-retirado-at"), frame.datetime(gone.at)));
        all.push((frame.t("consentimento-retirado-meio"), frame.t(gone.meio.label()).to_owned()));
        let why = [("consentimento-retirado-evidencia", &gone.evidencia), ("consentimento-retirado-por", &gone.por_nome)];
        all.extend(why.into_iter().filter(|(_, value)| value.is_some()).map(|(key, value)| (frame.t(key), text(value))));
    }
    all
}

/// Who, to which words, when, how, and whether it stands.
pub(super) async fn proof(ctx: &mut CtxInner, one: &Consentimento, texto: &str) -> web::Result<Response> {
    let frame = ctx.frame();
    let mut lines = vec![
        (frame.t("consentimento-protocolo"), one.protocolo.clone()),
        (frame.t("finalidade-titulo"), one.titulo.clone()),
        (frame.t("finalidade-texto"), texto.to_owned()),
        (frame.t("consentimento-situacao"), frame.t(one.situacao.label()).to_owned()),
    ];
    lines.extend(fatos(&frame, one));
    lines.push((frame.t("incidente-controlador"), ctx.unidade.nome.clone()));
    if let Some(reach) = encarregado::find(&mut ctx.tx).await? {
        lines.push((frame.t("encarregado-title"), reach.reach()));
    }
    let columns = vec![
        Column::new("campo", frame.t("dossie-campo"), ColumnKind::Text),
        Column::new("valor", frame.t("dossie-valor"), ColumnKind::Text),
    ];
    let rows: Vec<Result<Vec<Cell>, Fault>> = lines
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Ok(vec![label.into(), value.into()]))
        .collect();
    let words = sheet::words(&frame, "export-empty");
    let mut table = Table::new(frame.t("consentimento-prova"), columns, stream::iter(rows).boxed(), frame.lang, words);
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    table.filters = vec![Filter { label: frame.t("consentimento-protocolo").to_owned(), value: one.protocolo.clone() }];
    told(ctx, "consentimento", one.id.uuid(), Format::Pdf).await?;
    file::send(table, Format::Pdf, &format!("consentimento-{}.pdf", one.protocolo)).await
}

/// A PDF has what fits a page; the sheets have everything.
fn columns(frame: &Frame, format: Format) -> Vec<Column> {
    let column = |key: &'static str, kind| Column::new(key, frame.t(key), kind);
    let mut all = vec![
        column("consentimento-protocolo", ColumnKind::Text),
        column("dado-nome", ColumnKind::Text),
        column("dado-email", ColumnKind::Text),
        column("consentimento-versao", ColumnKind::Integer),
        column("consentimento-situacao", ColumnKind::Text),
        column("consentimento-dado-at", ColumnKind::DateTime),
        column("consentimento-meio", ColumnKind::Text),
        column("consentimento-retirado-at", ColumnKind::DateTime),
    ];
    if format != Format::Pdf {
        all.extend([
            column("consentimento-evidencia", ColumnKind::Text),
            column("consentimento-registrado-por", ColumnKind::Text),
            column("consentimento-retirado-meio", ColumnKind::Text),
            column("consentimento-retirado-evidencia", ColumnKind::Text),
            column("consentimento-retirado-por", ColumnKind::Text),
        ]);
    }
    all
}

fn cells(frame: &Frame, one: &Consentimento, format: Format) -> Vec<Cell> {
    let at = |at: DateTime<Utc>| -> Cell { at.with_timezone(&frame.zone).naive_local().into() };
    let text = |text: &Option<String>| -> Cell { text.clone().unwrap_or_default().into() };
    let gone = one.retirado.as_ref();
    let mut all = vec![
        one.protocolo.clone().into(),
        one.nome.clone().into(),
        text(&one.email),
        i64::from(one.versao).into(),
        frame.t(one.situacao.label()).into(),
        at(one.dado_at),
        frame.t(one.meio.label()).into(),
        gone.map_or(Cell::Empty, |gone| at(gone.at)),
    ];
    if format != Format::Pdf {
        all.extend([
            text(&one.evidencia),
            text(&one.registrado_por_nome),
            gone.map_or(Cell::Empty, |gone| frame.t(gone.meio.label()).into()),
            gone.map_or(Cell::Empty, |gone| text(&gone.evidencia)),
            gone.map_or(Cell::Empty, |gone| text(&gone.por_nome)),
        ]);
    }
    all
}

pub(super) async fn register(
    ctx: &mut CtxInner,
    of: &Finalidade,
    all: &[Consentimento],
    format: Format,
) -> web::Result<Response> {
    let frame = ctx.frame();
    let rows: Vec<Result<Vec<Cell>, Fault>> = all.iter().map(|one| Ok(cells(&frame, one, format))).collect();
    let words = sheet::words(&frame, "export-empty");
    let mut table = Table::new(of.titulo.clone(), columns(&frame, format), stream::iter(rows).boxed(), frame.lang, words);
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    table.filters = vec![Filter { label: frame.t("finalidade-titulo").to_owned(), value: of.titulo.clone() }];
    told(ctx, "finalidade", of.id.uuid(), format).await?;
    let day = ctx.now.with_timezone(&frame.zone).format("%Y-%m-%d");
    file::send(table, format, &format!("consentimentos-{}-{day}.{}", ctx.unidade.slug, format.extension())).await
}

async fn told(ctx: &mut CtxInner, entity: &'static str, id: uuid::Uuid, format: Format) -> Result<(), Fault> {
    let change = Change::created(&json!({ "format": format.extension() }));
    ctx.tx
        .audit(&ctx.actor, Entry { action: "privacidade.consentimento_exportado", entity, entity_id: Some(id), change })
        .await?;
    Ok(())
}
