//! The map as a file: one line for each column. It holds no data of anybody, so it leaves only a line in the trail.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use futures::{StreamExt, stream};
use kernel::Fault;
use serde::Deserialize;
use serde_json::json;
use sheets::{Cell, Column, ColumnKind, Format, Table};
use tenancy::{Change, Entry};
use web::{Access, Ctx, Route, frame::Frame, sheet};

use super::{Tabela, of_platform, of_unidade};
use crate::{VER, file};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/privacidade/mapa/exportar.xlsx")]
struct ExportXlsx;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/privacidade/mapa/exportar.csv")]
struct ExportCsv;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/privacidade/mapa/exportar.pdf")]
struct ExportPdf;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(xlsx, Access::Needs(VER)).audited(),
        Route::get(csv, Access::Needs(VER)).audited(),
        Route::get(pdf, Access::Needs(VER)).audited(),
    ]
}

async fn xlsx(_: ExportXlsx, ctx: Ctx) -> web::Result<Response> {
    export(ctx, Format::Xlsx).await
}

async fn csv(_: ExportCsv, ctx: Ctx) -> web::Result<Response> {
    export(ctx, Format::Csv).await
}

async fn pdf(_: ExportPdf, ctx: Ctx) -> web::Result<Response> {
    export(ctx, Format::Pdf).await
}

/// A PDF says what each table is for; the sheets go down to the column.
fn lines(frame: &Frame, format: Format, tabela: &'static Tabela) -> Vec<Vec<Cell>> {
    let [operacao, fim, titulares, base] = tabela.operacao.words().map(|key| frame.t(key));
    let guarda = tabela.guarda.said(frame.lang);
    let classes = || tabela.classes().into_iter().map(|classe| frame.t(classe.label())).collect::<Vec<_>>().join(", ");
    if format == Format::Pdf {
        return vec![vec![operacao.into(), tabela.nome.into(), classes().into(), titulares.into(), base.into(), guarda.into()]];
    }
    let line = |(classe, column): (super::Classe, &'static str)| {
        vec![
            operacao.into(),
            tabela.nome.into(),
            frame.t(classe.label()).into(),
            titulares.into(),
            base.into(),
            guarda.clone().into(),
            column.into(),
            fim.into(),
        ]
    };
    tabela.columns().map(line).collect()
}

async fn export(mut ctx: Ctx, format: Format) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let frame = ctx.frame();
    let text = |key: &'static str| Column::new(key, frame.t(key), ColumnKind::Text);
    let mut columns = vec![
        text("mapa-operacao"),
        text("mapa-tabela"),
        text("mapa-classe"),
        text("mapa-titulares"),
        text("mapa-base"),
        text("mapa-guarda"),
    ];
    if format != Format::Pdf {
        columns.extend([text("mapa-coluna"), text("mapa-fim")]);
    }
    let rows: Vec<Result<Vec<Cell>, Fault>> =
        of_unidade().chain(of_platform()).flat_map(|tabela| lines(&frame, format, tabela)).map(Ok).collect();
    let mut table =
        Table::new(frame.t("mapa-title"), columns, stream::iter(rows).boxed(), frame.lang, sheet::words(&frame, "export-empty"));
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    let change = Change::created(&json!({ "format": format.extension() }));
    let entry = Entry { action: "privacidade.mapa_exportado", entity: "privacidade", entity_id: None, change };
    ctx.tx.audit(&ctx.actor, entry).await?;
    let day = ctx.now.with_timezone(&frame.zone).format("%Y-%m-%d");
    let name = format!("mapa-de-dados-{}-{day}.{}", ctx.unidade.slug, format.extension());
    file::send(table, format, &name).await
}
