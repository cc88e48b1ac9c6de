//! The lines that do not come in, as a planilha to set right and send again: the file's own columns, then why.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use futures::{StreamExt, stream};
use kernel::Fault;
use serde::Deserialize;
use serde_json::json;
use sheets::{Cell, Column, ColumnKind, Format, Table, Words};
use tenancy::{Change, Entry};
use web::{Access, Ctx, Route, sheet};

use crate::historico::{ENTITY, Fora, IMPORTAR, ImportacaoId, State, confirmar::left_out, judged};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/{id}/fora.xlsx", rejection(web::BadPath))]
struct ForaPath {
    id: ImportacaoId,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(download, Access::Needs(IMPORTAR))
            .ids(&["historico_importacao"])
            .sample("/historico/{historico_importacao}/fora.xlsx", "")
            .audited(),
    ]
}

async fn download(path: ForaPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let importacao = super::open(ctx, path.id).await?;
    let out = if importacao.state == State::Previa {
        let lines = judged(&mut ctx.tx, &ctx.actor, &importacao).await?;
        left_out(&importacao, &lines, ctx.lang)
    } else {
        importacao.left_out
    };
    let frame = ctx.frame();
    let width = out.iter().map(|fora| fora.line.cells.len()).chain([importacao.headers.len()]).max().unwrap_or_default();
    let heading = |i: usize| match importacao.headers.get(i).map(|header| header.trim()) {
        Some(header) if !header.is_empty() => header.to_owned(),
        _ => sheets::read::column_name(i),
    };
    let mut columns: Vec<Column> = (0..width).map(|i| Column::new("coluna", heading(i), ColumnKind::Text)).collect();
    columns.push(Column::new("motivo", frame.t("importacao-fora-motivo"), ColumnKind::Text));
    columns.push(Column::new("linha", frame.t("planilha-line"), ColumnKind::Integer));
    let count = out.len();
    let row = move |fora: Fora| {
        let mut cells: Vec<Cell> = fora.line.cells.into_iter().map(Cell::Text).collect();
        cells.resize(width, Cell::Empty);
        cells.push(Cell::Text(fora.motivo));
        cells.push(i64::from(fora.line.number).into());
        cells
    };
    let rows = stream::iter(out).map(move |fora| Ok::<_, Fault>(row(fora))).boxed();
    // A sentence there would be read as a line.
    let words = Words { empty: String::new(), ..sheet::words(&frame, "export-empty") };
    let table = Table::new(frame.t("importacao-fora-title"), columns, rows, ctx.lang, words);
    let (file, written) = crate::tally::written(table, Format::Xlsx).await?;
    let change = Change::created(&json!({ "arquivo": importacao.file_name, "linhas": count }));
    let entry = Entry { action: "historico.exportado", entity: ENTITY, entity_id: Some(path.id.uuid()), change };
    ctx.tx.audit(&ctx.actor, entry).await?;
    Ok(sheet::send(file, written.bytes, Format::Xlsx, "linhas-de-fora.xlsx"))
}
