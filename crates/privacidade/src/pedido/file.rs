//! The list of pedidos as a file: what was asked, by whom, and that it was answered in time (LGPD art. 6, X).

use axum::response::Response;
use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use kernel::Fault;
use serde_json::json;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table};
use tenancy::{Change, Entry};
use web::{CtxInner, frame::Frame, sheet};

use super::{Pedido, pages::lista::in_words, sql::Filtro};
use crate::file;

/// A PDF has what fits a page; the sheets have everything.
fn columns(frame: &Frame, format: Format) -> Vec<Column> {
    let column = |key: &'static str, kind| Column::new(key, frame.t(key), kind);
    let mut all = vec![
        column("pedido-protocolo", ColumnKind::Text),
        column("dado-nome", ColumnKind::Text),
        column("pedido-tipo", ColumnKind::Text),
        column("incidente-situacao", ColumnKind::Text),
        column("pedido-recebido-at", ColumnKind::DateTime),
        column("pedido-data-limite", ColumnKind::Date),
        column("pedido-respondido-at", ColumnKind::DateTime),
    ];
    if format != Format::Pdf {
        all.extend([
            column("dado-email", ColumnKind::Text),
            column("dado-telefone", ColumnKind::Text),
            column("pedido-origem", ColumnKind::Text),
            column("consentimento-registrado-por", ColumnKind::Text),
            column("pedido-texto", ColumnKind::Text),
            column("pedido-resposta", ColumnKind::Text),
            column("pedido-fundamento", ColumnKind::Text),
            column("pedido-respondido-por", ColumnKind::Text),
        ]);
    }
    all
}

fn cells(frame: &Frame, one: &Pedido, format: Format) -> Vec<Cell> {
    let at = |at: Option<DateTime<Utc>>| at.map_or(Cell::Empty, |at| at.with_timezone(&frame.zone).naive_local().into());
    let text = |text: &Option<String>| -> Cell { text.clone().unwrap_or_default().into() };
    let mut all = vec![
        one.protocolo.clone().into(),
        one.nome.clone().into(),
        frame.t(one.tipo.label()).into(),
        frame.t(one.situacao.label()).into(),
        at(one.recebido_at),
        one.data_limite.map_or(Cell::Empty, Cell::from),
        at(one.respondido_at),
    ];
    if format != Format::Pdf {
        all.extend([
            text(&one.email),
            text(&one.telefone),
            frame.t(one.origem.label()).into(),
            text(&one.registrado_por_nome),
            text(&one.texto),
            text(&one.resposta),
            text(&one.fundamento),
            text(&one.respondido_por_nome),
        ]);
    }
    all
}

pub(super) async fn send(ctx: &mut CtxInner, filtro: &Filtro, all: &[Pedido], format: Format) -> web::Result<Response> {
    let frame = ctx.frame();
    let rows: Vec<Result<Vec<Cell>, Fault>> = all.iter().map(|one| Ok(cells(&frame, one, format))).collect();
    let words = sheet::words(&frame, "export-empty");
    let mut table = Table::new(frame.t("pedidos-title"), columns(&frame, format), stream::iter(rows).boxed(), frame.lang, words);
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    let filter = |(label, value): (&'static str, String)| Filter { label: label.to_owned(), value };
    table.filters = in_words(&frame, filtro).into_iter().map(filter).collect();
    let change = Change::created(&json!({ "format": format.extension(), "n": all.len() }));
    let entry = Entry { action: "privacidade.pedidos_exportados", entity: "pedido_titular", entity_id: None, change };
    ctx.tx.audit(&ctx.actor, entry).await?;
    let day = ctx.now.with_timezone(&frame.zone).format("%Y-%m-%d");
    file::send(table, format, &format!("pedidos-{}-{day}.{}", ctx.unidade.slug, format.extension())).await
}
