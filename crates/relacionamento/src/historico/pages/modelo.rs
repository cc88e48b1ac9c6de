//! The planilhas to fill in: the headings that an export has, and a second sheet that says what each column may hold.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use futures::{StreamExt, stream};
use kernel::Fault;
use serde::Deserialize;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table, Words};
use web::{Access, Ctx, Route, sheet};

use crate::historico::{Especie, IMPORTAR, campos};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/importar/visitas/modelo.xlsx")]
struct Visitas;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/importar/demandas/modelo.xlsx")]
struct Demandas;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(visitas, Access::Needs(IMPORTAR)), Route::get(demandas, Access::Needs(IMPORTAR))]
}

async fn visitas(_: Visitas, ctx: Ctx) -> web::Result<Response> {
    modelo(&ctx, Especie::Visita).await
}

async fn demandas(_: Demandas, ctx: Ctx) -> web::Result<Response> {
    modelo(&ctx, Especie::Demanda).await
}

async fn modelo(ctx: &Ctx, especie: Especie) -> web::Result<Response> {
    let frame = ctx.frame();
    let campos = campos::of(especie);
    let columns = campos.iter().map(|campo| Column::new(campo.key, frame.t(campo.label), ColumnKind::Text)).collect();
    let rows = stream::empty::<Result<Vec<Cell>, Fault>>().boxed();
    // A sentence there would be read as a line.
    let words = Words { empty: String::new(), ..sheet::words(&frame, "export-empty") };
    let mut table = Table::new(frame.t(especie.label()), columns, rows, frame.lang, words);
    table.issuer.clone_from(&ctx.unidade.nome);
    table.generated = frame.t("historico-modelo-hint").to_owned();
    let rule = |campo: &campos::Campo| Filter { label: frame.t(campo.label).to_owned(), value: frame.t(campo.help).to_owned() };
    table.filters = campos.iter().map(rule).collect();
    let (file, written) = crate::tally::written(table, Format::Xlsx).await?;
    Ok(sheet::send(file, written.bytes, Format::Xlsx, &format!("modelo-{}s.xlsx", especie.code())))
}
