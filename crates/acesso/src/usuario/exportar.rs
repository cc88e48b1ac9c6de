//! The list of usuários as a file: who may enter, with what. Taken out of the house, so it is on the trail.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use futures::{StreamExt, stream};
use kernel::{Fault, Lang};
use serde::Deserialize;
use serde_json::json;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table, Words};
use tenancy::{Change, Entry};
use web::{Access, Ctx, Route};

use super::{Usuario, VER, admin_pages::Asked};

/// More people than any unidade has.
const MOST: i64 = 10_000;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/exportar.xlsx")]
pub(super) struct ExportarXlsxPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/exportar.csv")]
pub(super) struct ExportarCsvPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(xlsx, Access::Needs(VER)).audited(), Route::get(csv, Access::Needs(VER)).audited()]
}

/// The texts a writer needs of its own.
pub(super) fn words(lang: Lang) -> Words {
    let t = |key: &str| idioma::t(lang, key).to_owned();
    Words {
        // The writer fills in the numbers.
        page: idioma::t_args(lang, "export-page", [("page", "{page}".into()), ("pages", "{pages}".into())]),
        total: t("export-total"),
        summary: t("export-summary"),
        empty: t("export-empty"),
        yes: t("export-yes"),
        no: t("export-no"),
    }
}

/// A table as the bytes of a file.
pub(super) async fn file(table: Table<'_>, format: Format) -> Result<Vec<u8>, Fault> {
    let broken = |error| Fault::new("a file for a sheet", error);
    let file = tempfile::NamedTempFile::new().map_err(broken)?;
    sheets::write(table, format, file.path()).await.map_err(|error| Fault::new("writing a sheet", error))?;
    tokio::fs::read(file.path()).await.map_err(broken)
}

/// As an answer that is kept as a file.
pub(super) fn attachment(bytes: Vec<u8>, format: Format, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

async fn xlsx(_: ExportarXlsxPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, Format::Xlsx).await
}

async fn csv(_: ExportarCsvPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, Format::Csv).await
}

async fn export(mut ctx: Ctx, format: Format) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let frame = ctx.frame();
    let asked = Asked::read(ctx);
    let (usuarios, total) = super::sql::list_at(&mut ctx.tx, &asked.filtro(), MOST, 0).await?;
    let columns = vec![
        Column::new("nome", frame.t("usuario-nome"), ColumnKind::Text),
        Column::new("email", frame.t("login-email"), ColumnKind::Text),
        Column::new("perfil", frame.t("usuario-perfil"), ColumnKind::Text),
        Column::new("setor", frame.t("usuario-setor"), ColumnKind::Text),
        Column::new("tipo", frame.t("usuario-tipo"), ColumnKind::Text),
        Column::new("situacao", frame.t("usuario-situacao"), ColumnKind::Text),
        Column::new("acesso", frame.t("usuario-last-seen"), ColumnKind::DateTime),
        Column::new("desde", frame.t("usuario-since"), ColumnKind::DateTime),
    ];
    let local = |at: chrono::DateTime<chrono::Utc>| Cell::DateTime(at.with_timezone(&frame.zone).naive_local());
    let row = |usuario: Usuario| {
        let tipo = if usuario.servico { "servico" } else { "usuario-pessoa" };
        let situacao = if usuario.ativo { "usuario-active" } else { "usuario-inactive" };
        vec![
            usuario.nome.as_str().into(),
            if usuario.servico { Cell::Empty } else { usuario.email.as_str().into() },
            usuario.perfil.as_str().into(),
            usuario.setor.as_deref().map_or(Cell::Empty, Cell::from),
            frame.t(tipo).into(),
            frame.t(situacao).into(),
            usuario.last_seen_at.map_or(Cell::Empty, local),
            local(usuario.created_at),
        ]
    };
    let rows: Vec<Result<Vec<Cell>, Fault>> = usuarios.into_iter().map(|usuario| Ok(row(usuario))).collect();
    let written = rows.len();
    let mut table = Table::new(frame.t("usuarios-title"), columns, stream::iter(rows).boxed(), frame.lang, words(frame.lang));
    table.issuer.clone_from(&ctx.unidade.nome);
    table.generated =
        frame.t_with("export-generated", &[("at", frame.datetime(frame.now).into()), ("nome", ctx.actor.nome.as_str().into())]);
    table.filters =
        asked.in_words(&mut ctx.tx, &frame).await?.into_iter().map(|(label, value)| Filter { label, value }).collect();
    let filters: Vec<String> = table.filters.iter().map(|filter| format!("{}: {}", filter.label, filter.value)).collect();
    let bytes = file(table, format).await?;
    let name = format!(
        "usuarios-{}-{}.{}",
        ctx.unidade.slug.as_str(),
        ctx.now.with_timezone(&frame.zone).format("%Y-%m-%d"),
        format.extension()
    );
    let said = json!({ "format": format.extension(), "rows": written, "total": total, "filters": filters });
    let entry = Entry { action: "usuario.exportado", entity: "usuario", entity_id: None, change: Change::created(&said) };
    ctx.tx.audit(&ctx.actor, entry).await?;
    Ok(attachment(bytes, format, &name))
}
