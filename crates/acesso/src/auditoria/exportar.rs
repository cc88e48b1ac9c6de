//! The trail as a file: the same rows as on the screen, as XLSX, CSV or PDF. Taking it away stands in the trail.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use kernel::Fault;
use serde::Deserialize;
use serde_json::json;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table};
use tenancy::{Change, Entry, TxLimits};
use web::{
    Access, Ctx, Error, Route,
    frame::{Frame, Tone},
    redirect, sheet,
};

use super::{
    Linha, Row, VER, kind_of_record, of_family,
    pages::{Choices, asked, narrowed},
    sql,
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/auditoria/exportar.xlsx")]
pub(super) struct ExportXlsx;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/auditoria/exportar.csv")]
pub(super) struct ExportCsv;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/auditoria/exportar.pdf")]
pub(super) struct ExportPdf;

/// Rows of one file: more would be waited for too long. A period narrows them.
const ROWS: i64 = 200_000;
/// A PDF is laid out in memory, page after page.
const PDF_ROWS: i64 = 5_000;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(xlsx, Access::Needs(VER)).audited(),
        Route::get(csv, Access::Needs(VER)).audited(),
        Route::get(pdf, Access::Needs(VER)).audited(),
    ]
}

async fn xlsx(_: ExportXlsx, ctx: Ctx) -> Result<Response, Error> {
    export(ctx, Format::Xlsx).await
}

async fn csv(_: ExportCsv, ctx: Ctx) -> Result<Response, Error> {
    export(ctx, Format::Csv).await
}

async fn pdf(_: ExportPdf, ctx: Ctx) -> Result<Response, Error> {
    export(ctx, Format::Pdf).await
}

/// What a file says; a PDF what fits across its page.
fn columns(frame: &Frame, format: Format) -> Vec<Column> {
    let text = |key, label| Column::new(key, frame.t(label), ColumnKind::Text);
    let mut columns = vec![
        Column::new("at", frame.t("audit-at"), ColumnKind::DateTime),
        text("actor", "audit-who"),
        text("action", "audit-what"),
        text("entity", "audit-about"),
        text("ip", "audit-ip"),
        text("changes", "audit-changes"),
    ];
    if format != Format::Pdf {
        columns.extend([
            text("actor_kind", "audit-kind"),
            text("code", "audit-code"),
            text("entity_id", "audit-entity-id"),
            text("user_agent", "audit-agent"),
            text("request_id", "audit-request"),
            text("id", "audit-id"),
        ]);
    }
    columns
}

fn cells(frame: &Frame, format: Format, linha: Linha, cells: &mut Vec<Cell>) {
    let id = |id: Option<uuid::Uuid>| Cell::from(id.map(|id| id.to_string()));
    let rest = [
        Cell::Text(of_family(frame, "actor-", &linha.actor_kind)),
        Cell::Text(linha.action.clone()),
        id(linha.entity_id),
        linha.user_agent.clone().into(),
        id(linha.request_id),
        id(Some(linha.id)),
    ];
    let entity = kind_of_record(frame, &linha.entity);
    let row = Row::new(frame, linha);
    let changes: Vec<String> =
        row.fields.iter().map(|field| format!("{}: {} → {}", field.name, said(&field.before), said(&field.after))).collect();
    cells.extend([
        Cell::DateTime(row.at.with_timezone(&frame.zone).naive_local()),
        Cell::Text(row.actor),
        Cell::Text(row.action),
        Cell::Text(entity),
        Cell::Text(row.ip),
        Cell::Text(changes.join("; ")),
    ]);
    if format != Format::Pdf {
        cells.extend(rest);
    }
}

fn said(value: &str) -> &str {
    if value.is_empty() { "—" } else { value }
}

async fn export(mut ctx: Ctx, format: Format) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let (list, frame) = (asked(ctx), ctx.frame());
    let filtro = narrowed(ctx, &list);
    ctx.tx.bound(TxLimits::JOB).await?;
    let most = if format == Format::Pdf { PDF_ROWS } else { ROWS };
    if sql::count(&mut ctx.tx, &filtro).await? > most {
        let toast = if format == Format::Pdf { "toast-audit-pdf-long" } else { "toast-audit-long" };
        return Ok(redirect(&list.link(), Some((Tone::Warning, toast))));
    }
    let choices = Choices::load(&mut ctx.tx, &frame, &list).await?;
    let filters: Vec<Filter> =
        choices.chips(&frame, &list).into_iter().map(|chip| Filter { label: chip.label, value: chip.value }).collect();
    let said = filters.iter().map(|filter| format!("{}: {}", filter.label, filter.value)).collect::<Vec<_>>();

    let broken = |error| Fault::new("a file of the trail", error);
    let file = tempfile::NamedTempFile::new().map_err(broken)?;
    let words = frame.clone();
    let rows = sql::all(&mut ctx.tx, &filtro);
    let mut table = Table::of(
        frame.t("auditoria-title"),
        columns(&frame, format),
        rows,
        move |linha: Linha, row: &mut Vec<Cell>| cells(&words, format, linha, row),
        frame.lang,
        sheet::words(&frame, "audit-empty"),
    );
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    table.filters = filters;
    let written = sheets::write(table, format, file.path()).await?;
    let after = json!({ "format": format.extension(), "rows": written.rows, "filters": said });
    let change = Change { before: None, after: Some(after) };
    let entry = Entry { action: "auditoria.exportada", entity: "auditoria", entity_id: None, change };
    ctx.tx.audit(&ctx.actor, entry).await?;
    let day = ctx.now.with_timezone(&frame.zone).format("%Y-%m-%d");
    let name = format!("auditoria-{}-{day}.{}", ctx.unidade.slug, format.extension());
    Ok(sheet::send(file.reopen().map_err(broken)?, written.bytes, format, &name))
}
