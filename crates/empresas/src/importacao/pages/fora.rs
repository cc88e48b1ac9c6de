//! The rows that did not come in, as a planilha to set right and send again: the file's own columns, then why.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use kernel::Fault;
use serde::Deserialize;
use sheets::{Cell, Column, ColumnKind, Format, Table, Words};
use tenancy::{Change, Entry, TenantTx};
use web::{Access, Ctx, Error, Route, frame::Frame};

use super::linha::reasons;
use crate::importacao::{IMPORTAR, Importacao, ImportacaoId, linha::Linha, sql};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/fora.xlsx", rejection(web::BadPath))]
pub(super) struct ImportacaoFora {
    pub id: ImportacaoId,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(download, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/fora.xlsx", "")
            .audited(),
    ]
}

/// As they come from the database.
fn linhas<'a>(tx: &'a mut TenantTx, importacao: &'a Importacao) -> BoxStream<'a, Result<Linha, Fault>> {
    let parts = stream::try_unfold((tx, 0), move |(tx, after)| async move {
        let some = sql::linha::out_after(tx, importacao, after, 1_000).await?;
        let Some(last) = some.last().map(|linha| linha.number) else { return Ok::<_, Fault>(None) };
        Ok(Some((stream::iter(some.into_iter().map(Ok)), (tx, last))))
    });
    parts.try_flatten().boxed()
}

async fn download(path: ImportacaoFora, mut ctx: Ctx) -> Result<Response, Error> {
    let importacao = super::open(&mut ctx, path.id).await?;
    let broken = |error| Fault::new("a file for rows left out", error);
    let frame = ctx.frame();
    let ctx = &mut *ctx;
    let headers = importacao.inspection.sheets.get(importacao.sheet).map(|sheet| sheet.headers.clone()).unwrap_or_default();
    let width = headers.len().max(importacao.mapping.columns().len());
    let heading = |i: usize| match headers.get(i).map(|header| header.trim()) {
        Some(header) if !header.is_empty() => header.to_owned(),
        _ => sheets::read::column_name(i),
    };
    let mut columns: Vec<Column> = (0..width).map(|i| Column::new("coluna", heading(i), ColumnKind::Text)).collect();
    columns.push(Column::new("motivo", frame.t("importacao-fora-motivo"), ColumnKind::Text));
    columns.push(Column::new("linha", frame.t("importacao-row"), ColumnKind::Integer));
    let words = frame.clone();
    let cells = move |linha: Linha, cells: &mut Vec<Cell>| {
        cells.extend((0..width).map(|column| Cell::Text(linha.text(column))));
        cells.push(Cell::Text(reasons(&words, &linha)));
        cells.push(i64::from(linha.number).into());
    };
    let rows = linhas(&mut ctx.tx, &importacao);
    let table = Table::of(frame.t("importacao-fora-title"), columns, rows, cells, ctx.lang, texts(&frame));
    let file = tempfile::NamedTempFile::new().map_err(broken)?;
    let written = sheets::write(table, Format::Xlsx, file.path()).await?;
    let said = serde_json::json!({ "file": importacao.file_name, "rows": written.rows });
    let change = Change { before: None, after: Some(said) };
    let entry = Entry { action: "importacao.exportada", entity: "importacao", entity_id: Some(path.id.uuid()), change };
    ctx.tx.audit(&ctx.actor, entry).await?;
    let mut response = tokio::fs::read(file.path()).await.map_err(broken)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Format::Xlsx.content_type()));
    let name = HeaderValue::from_static("attachment; filename=\"linhas-de-fora.xlsx\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

fn texts(frame: &Frame) -> Words {
    Words {
        page: String::new(),
        total: String::new(),
        summary: frame.t("export-summary").to_owned(),
        // A sentence there would be read as a row.
        empty: String::new(),
        yes: String::new(),
        no: String::new(),
    }
}
