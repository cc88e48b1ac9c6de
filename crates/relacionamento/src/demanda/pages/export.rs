//! The list of demandas as a file, as it is filtered (S0-5.13, S0-5.14).

use std::sync::Arc;

use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Cnpj, Reais};
use serde::Deserialize;
use serde_json::json;
use sheets::{Cell, ChartKind, Column, ColumnKind, Filter, Format, Table};
use tenancy::{Change, Entry, TxLimits};
use web::{Access, Ctx, Error, Route, frame::Frame, sheet};

use super::{
    Demandas,
    list::{Asked, Choices, Known},
};
use crate::{
    demanda::{
        ENTITY, EXPORTAR, Reach, Situacao, VER,
        sql::{self, lista::Exportada},
    },
    tally::{self, Drawn, Tally},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/exportar.xlsx")]
struct Xlsx;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/exportar.csv")]
struct Csv;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/exportar.pdf")]
struct Pdf;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(xlsx, Access::Needs(EXPORTAR)).audited(),
        Route::get(csv, Access::Needs(EXPORTAR)).audited(),
        Route::get(pdf, Access::Needs(EXPORTAR)).audited(),
    ]
}

async fn xlsx(_: Xlsx, ctx: Ctx) -> Result<Response, Error> {
    export(ctx, Format::Xlsx).await
}

async fn csv(_: Csv, ctx: Ctx) -> Result<Response, Error> {
    export(ctx, Format::Csv).await
}

async fn pdf(_: Pdf, ctx: Ctx) -> Result<Response, Error> {
    export(ctx, Format::Pdf).await
}

/// Every column of the sheets, whether it fits across a page too, and what stands in it.
type Field = (&'static str, &'static str, ColumnKind, bool, fn(&Frame, &Exportada) -> Cell);

const FIELDS: [Field; 20] = [
    ("created_at", "demanda-criada", ColumnKind::Date, true, |frame, row| day(frame, Some(row.created_at))),
    ("empresa", "demanda-empresa", ColumnKind::Text, true, |_, row| row.empresa.clone().into()),
    ("cnpj", "empresa-cnpj", ColumnKind::Cnpj, false, |_, row| row.cnpj.parse::<Cnpj>().ok().into()),
    ("municipio", "empresa-municipio", ColumnKind::Text, false, |_, row| row.cidade.clone().into()),
    ("uf", "empresa-uf", ColumnKind::Text, false, |_, row| row.uf.clone().into()),
    ("titulo", "demanda-titulo", ColumnKind::Text, true, |_, row| row.titulo.clone().into()),
    ("descricao", "demanda-descricao", ColumnKind::Text, false, |_, row| row.descricao.clone().into()),
    ("tipo", "demanda-tipo", ColumnKind::Text, true, |_, row| row.tipo.clone().into()),
    ("setor", "demanda-setor", ColumnKind::Text, false, |_, row| row.setor.clone().into()),
    ("etapa", "demanda-etapa", ColumnKind::Text, true, |_, row| row.etapa.clone().into()),
    ("situacao", "demanda-situacao", ColumnKind::Text, false, |frame, row| {
        Situacao::from_code(&row.situacao).map(|situacao| frame.t(situacao.label())).into()
    }),
    ("responsavel", "demanda-responsavel", ColumnKind::Text, true, |_, row| row.responsavel.clone().into()),
    ("contato", "demanda-contato", ColumnKind::Text, false, |_, row| row.contato.clone().into()),
    ("valor_estimado", "demanda-valor", ColumnKind::Reais, true, |_, row| {
        row.valor_estimado.and_then(|valor| Reais::try_from(valor).ok()).into()
    }),
    ("data_prazo", "demanda-prazo", ColumnKind::Date, true, |_, row| row.data_prazo.into()),
    ("iniciada_at", "demanda-iniciada-at", ColumnKind::Date, false, |frame, row| day(frame, row.iniciada_at)),
    ("concluida_at", "demanda-concluida-at", ColumnKind::Date, false, |frame, row| day(frame, row.concluida_at)),
    ("dias", "demanda-dias", ColumnKind::Integer, false, |_, row| {
        row.concluida_at.map(|at| (at - row.created_at).num_days()).into()
    }),
    ("projeto", "demanda-is-projeto", ColumnKind::Bool, false, |_, row| row.is_projeto.into()),
    ("motivo", "demanda-motivo", ColumnKind::Text, false, |_, row| row.motivo.clone().into()),
];

fn day(frame: &Frame, at: Option<DateTime<Utc>>) -> Cell {
    at.map(|at| at.with_timezone(&frame.zone).date_naive()).into()
}

fn fields(format: Format) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.3 || format != Format::Pdf)
}

fn charts(frame: &Frame) -> Vec<Drawn> {
    let situacoes = Situacao::ALL.map(|situacao| (situacao.code(), frame.t(situacao.label())));
    vec![
        Drawn { title: frame.t("demandas-por-situacao"), kind: ChartKind::Pie, named: situacoes.into() },
        Drawn { title: frame.t("demandas-por-tipo"), kind: ChartKind::Column, named: Vec::new() },
    ]
}

async fn export(mut ctx: Ctx, format: Format) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    ctx.tx.bound(TxLimits::JOB).await?;
    let frame = ctx.frame();
    let asked = Asked::of(ctx, Demandas::PATH);
    let reach = Reach::of_both(&ctx.actor, &VER, &EXPORTAR)?;
    let narrowed = sql::lista::Narrowed::read(&mut ctx.tx, reach, &asked.filtro).await?;
    let choices = Choices::new(&frame, &Known::load(ctx).await?);
    let empresa = asked.empresa_nome(ctx).await?;
    let chips = choices.all(&frame, &asked.list, empresa.as_deref());
    let filters: Vec<Filter> = chips.into_iter().map(|chip| Filter { label: chip.label, value: chip.value }).collect();
    let tally = Tally::default();
    let (unidade, actor) = (Arc::clone(&ctx.unidade), ctx.actor.clone());
    let rows = sql::lista::all(&mut ctx.tx, &narrowed);
    let (told, counted) = (frame.clone(), tally.clone());
    let filled = move |linha: Exportada, cells: &mut Vec<Cell>| {
        counted.count(&[&linha.situacao, &linha.tipo]);
        cells.extend(fields(format).map(|(.., cell)| cell(&told, &linha)));
    };
    let columns = fields(format).map(|(key, label, kind, ..)| Column::new(key, frame.t(label), *kind)).collect();
    let words = sheet::words(&frame, "export-empty");
    let mut table = Table::of(frame.t("demandas-title"), columns, rows, filled, frame.lang, words);
    sheet::sign(&mut table, &frame, &unidade, &actor);
    table.filters.clone_from(&filters);
    if format == Format::Xlsx {
        table.summary = Some(tally.charts(frame.t("demandas-title"), charts(&frame)));
    }
    let today = ctx.now.with_timezone(&frame.zone).format("%Y-%m-%d");
    let name = format!("demandas-{}-{today}.{}", unidade.slug, format.extension());
    let (file, written) = tally::written(table, format).await?;
    let said = json!({
        "format": format.extension(),
        "rows": written.rows,
        "filters": filters.iter().map(|filter| format!("{}: {}", filter.label, filter.value)).collect::<Vec<_>>(),
    });
    let change = Change::created(&said);
    ctx.tx.audit(&actor, Entry { action: "demanda.exportada", entity: ENTITY, entity_id: None, change }).await?;
    Ok(sheet::send(file, written.bytes, format, &name))
}
