//! Visitas as files: the list as it is filtered (S0-4.16, S0-4.17), and one as a report to print.

use std::sync::Arc;

use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use kernel::{Cnpj, Fault};
use serde::Deserialize;
use serde_json::json;
use sheets::{Cell, ChartKind, Column, ColumnKind, Filter, Format, Table};
use tenancy::{Change, Entry, TxLimits};
use web::{Access, Ctx, CtxInner, Error, Route, frame::Frame, sheet};

use super::{
    VisitaRelatorio,
    list::{Asked, Choices},
};
use crate::{
    tally::{self, Drawn, Tally},
    visita::{
        ENTITY, EXPORTAR, Pessoa, Reach, Situacao, VER, Visita, lista,
        sql::{self, lista::Exportada},
    },
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/exportar.xlsx")]
struct Xlsx;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/exportar.csv")]
struct Csv;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/exportar.pdf")]
struct Pdf;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(xlsx, Access::Needs(EXPORTAR)).audited(),
        Route::get(csv, Access::Needs(EXPORTAR)).audited(),
        Route::get(pdf, Access::Needs(EXPORTAR)).audited(),
        Route::get(relatorio, Access::Needs(VER)).audited().ids(&["visita"]).sample("/visitas/{visita}/relatorio.pdf", ""),
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

/// A PDF has what fits across a page; the sheets have everything.
fn columns(frame: &Frame, format: Format) -> Vec<Column> {
    let column = |key: &'static str, label: &'static str, kind| Column::new(key, frame.t(label), kind);
    let text = |key, label| column(key, label, ColumnKind::Text);
    let mut all = vec![
        column("inicio_at", "visita-inicio", ColumnKind::DateTime),
        text("empresa", "visita-empresa"),
        text("municipio", "empresa-municipio"),
        text("responsavel", "visita-responsavel"),
        text("situacao", "visita-situacao"),
        text("objetivo", "visita-objetivo"),
    ];
    if format != Format::Pdf {
        all.insert(1, column("fim_at", "visita-fim", ColumnKind::DateTime));
        all.insert(3, column("cnpj", "empresa-cnpj", ColumnKind::Cnpj));
        all.extend([
            text("uf", "empresa-uf"),
            text("local", "visita-local"),
            text("participantes", "visita-participantes"),
            text("resumo", "visita-resumo"),
            text("proximos_passos", "visita-proximos-passos"),
            text("motivo", "visita-motivo"),
        ]);
    }
    all
}

fn cells(frame: &Frame, format: Format, linha: Exportada, cells: &mut Vec<Cell>) {
    let at = |at: DateTime<Utc>| -> Cell { at.with_timezone(&frame.zone).naive_local().into() };
    let situacao = Situacao::from_code(&linha.situacao).map(|situacao| frame.t(situacao.label()));
    let all = format != Format::Pdf;
    cells.push(at(linha.inicio_at));
    if all {
        cells.push(at(linha.fim_at));
    }
    cells.push(linha.empresa.into());
    if all {
        cells.push(linha.cnpj.parse::<Cnpj>().ok().into());
    }
    cells.extend([linha.cidade.into(), linha.responsavel.into(), situacao.into(), linha.objetivo.into()]);
    if all {
        cells.extend([
            linha.uf.into(),
            linha.local.into(),
            linha.participantes.into(),
            linha.resumo.into(),
            linha.proximos_passos.into(),
            linha.motivo.into(),
        ]);
    }
}

async fn export(mut ctx: Ctx, format: Format) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    ctx.tx.bound(TxLimits::JOB).await?;
    let frame = ctx.frame();
    let asked = Asked::of(ctx);
    let reach = Reach::of_both(&ctx.actor, &VER, &EXPORTAR)?;
    let narrowed = sql::lista::Narrowed::read(&mut ctx.tx, reach, &asked.filtro).await?;
    let choices = Choices::new(&frame, &lista::pessoas(&mut ctx.tx).await?);
    let empresa = asked.empresa_nome(ctx).await?;
    let chips = choices.all(&frame, &asked.list, empresa.as_deref());
    let filters: Vec<Filter> = chips.into_iter().map(|chip| Filter { label: chip.label, value: chip.value }).collect();
    let tally = Tally::default();
    let (unidade, actor) = (Arc::clone(&ctx.unidade), ctx.actor.clone());
    let rows = sql::lista::all(&mut ctx.tx, &narrowed);
    let (told, counted) = (frame.clone(), tally.clone());
    let filled = move |linha: Exportada, row: &mut Vec<Cell>| {
        counted.count(&[&linha.situacao, &linha.responsavel]);
        cells(&told, format, linha, row);
    };
    let words = sheet::words(&frame, "export-empty");
    let mut table = Table::of(frame.t("visitas-title"), columns(&frame, format), rows, filled, frame.lang, words);
    sheet::sign(&mut table, &frame, &unidade, &actor);
    table.filters.clone_from(&filters);
    if format == Format::Xlsx {
        table.summary = Some(tally.charts(frame.t("visitas-title"), charts(&frame)));
    }
    let name = format!("visitas-{}-{}.{}", unidade.slug, day(&frame, ctx.now), format.extension());
    let (file, written) = tally::written(table, format).await?;
    let said = json!({
        "format": format.extension(),
        "rows": written.rows,
        "filters": filters.iter().map(|filter| format!("{}: {}", filter.label, filter.value)).collect::<Vec<_>>(),
    });
    let change = Change::created(&said);
    ctx.tx.audit(&actor, Entry { action: "visita.exportada", entity: ENTITY, entity_id: None, change }).await?;
    Ok(sheet::send(file, written.bytes, format, &name))
}

fn day(frame: &Frame, now: DateTime<Utc>) -> String {
    now.with_timezone(&frame.zone).format("%Y-%m-%d").to_string()
}

fn charts(frame: &Frame) -> Vec<Drawn> {
    let situacoes = Situacao::ALL.map(|situacao| (situacao.code(), frame.t(situacao.label())));
    vec![
        Drawn { title: frame.t("visitas-por-situacao"), kind: ChartKind::Pie, named: situacoes.into() },
        Drawn { title: frame.t("visitas-por-responsavel"), kind: ChartKind::Column, named: Vec::new() },
    ]
}

/// One visita on paper, with the unidade's logo.
async fn relatorio(path: VisitaRelatorio, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let visita = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let frame = ctx.frame();
    let file = paper(ctx, &frame, &visita).await?;
    let change = Change::created(&json!({ "format": Format::Pdf.extension() }));
    let entry = Entry { action: "visita.impressa", entity: ENTITY, entity_id: Some(visita.id.uuid()), change };
    ctx.tx.audit(&ctx.actor, entry).await?;
    Ok(file)
}

async fn paper(ctx: &CtxInner, frame: &Frame, visita: &Visita) -> Result<Response, Error> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let people = |all: &[Pessoa]| all.iter().map(|pessoa| pessoa.nome.as_str()).collect::<Vec<_>>().join(", ");
    let lines = [
        ("visita-empresa", visita.empresa_nome.clone()),
        ("visita-situacao", frame.t(visita.situacao.label()).to_owned()),
        ("visita-inicio", frame.datetime(visita.horario.inicio_at)),
        ("visita-fim", frame.datetime(visita.horario.fim_at)),
        ("visita-local", text(&visita.local)),
        ("visita-responsavel", visita.responsavel_nome.clone()),
        ("visita-colegas", people(&visita.colegas)),
        ("visita-contatos", people(&visita.contatos)),
        ("visita-chegada", visita.chegada.map(|chegada| frame.datetime(chegada.at)).unwrap_or_default()),
        ("visita-objetivo", visita.objetivo.clone()),
        ("visita-resumo", text(&visita.resumo)),
        ("visita-proximos-passos", text(&visita.proximos_passos)),
        ("visita-motivo", text(&visita.motivo)),
    ];
    let rows: Vec<Result<Vec<Cell>, Fault>> = lines
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Ok(vec![frame.t(label).into(), value.into()]))
        .collect();
    let columns = vec![
        Column::new("campo", frame.t("visita-campo"), ColumnKind::Text),
        Column::new("valor", frame.t("visita-valor"), ColumnKind::Text),
    ];
    let words = sheet::words(frame, "export-empty");
    let mut table = Table::new(frame.t("visita-relatorio-title"), columns, stream::iter(rows).boxed(), frame.lang, words);
    sheet::sign(&mut table, frame, &ctx.unidade, &ctx.actor);
    let (file, written) = tally::written(table, Format::Pdf).await?;
    let name = format!("visita-{}-{}.pdf", ctx.unidade.slug, day(frame, visita.horario.inicio_at));
    Ok(sheet::send(file, written.bytes, Format::Pdf, &name))
}
