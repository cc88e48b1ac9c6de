//! The list as a file: the same rows as on the screen or the ones picked there, as XLSX, CSV or PDF.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Cnpj, Fault, Lang, Reais, Telefone};
use serde::Deserialize;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table, Words};
use tenancy::{Change, Entry, TxLimits};
use tokio_util::io::ReaderStream;
use uuid::Uuid;
use web::{
    Access, Ctx, Error, Route,
    frame::{Frame, Tone},
    redirect,
    selection::Selection,
};

use super::list::{Asked, in_words, query};
use crate::empresa::{
    Campo, Cnae, EXPORTAR, EmpresaId, Known, Porte, Reach, Situacao, VER, lista,
    sql::{self, Linha},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportar.xlsx")]
pub struct ExportXlsx;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportar.csv")]
pub struct ExportCsv;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportar.pdf")]
pub struct ExportPdf;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(xlsx, Access::Needs(EXPORTAR)).audited(),
        Route::get(csv, Access::Needs(EXPORTAR)).audited(),
        Route::get(pdf, Access::Needs(EXPORTAR)).audited(),
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

/// Columns of a PDF: what fits across a page.
const PDF: [Campo; 9] = [
    Campo::Nome,
    Campo::Cnpj,
    Campo::Segmento,
    Campo::Porte,
    Campo::Municipio,
    Campo::Uf,
    Campo::Situacao,
    Campo::Telefone,
    Campo::Responsavel,
];

/// What a file says, read back by the import under the same headings; those of the modelo to be filled in too.
pub(crate) fn columns(lang: Lang, format: Format) -> Vec<(Campo, Column)> {
    let campos = if format == Format::Pdf { &PDF[..] } else { &Campo::ALL[..] };
    let column = |campo: &Campo| {
        let kind = match campo {
            Campo::Cnpj => ColumnKind::Cnpj,
            Campo::DataFundacao | Campo::DataCadastro => ColumnKind::Date,
            Campo::Faturamento => ColumnKind::Reais,
            Campo::Funcionarios | Campo::MunicipioId => ColumnKind::Integer,
            _ => ColumnKind::Text,
        };
        (*campo, Column::new(campo.key(), idioma::t(lang, campo.label()), kind))
    };
    campos.iter().map(column).collect()
}

/// Words of codes, looked up once per file and not once per row.
struct Names {
    portes: [(&'static str, &'static str); 5],
    situacoes: [(&'static str, &'static str); 4],
}

impl Names {
    fn new(frame: &Frame) -> Self {
        Self {
            portes: Porte::ALL.map(|porte| (porte.code(), frame.t(porte.label()))),
            situacoes: Situacao::ALL.map(|situacao| (situacao.code(), frame.t(situacao.label()))),
        }
    }
}

fn cell(names: &Names, linha: &mut Linha, campo: Campo) -> Cell {
    let named = |names: &[(&str, &'static str)], code: &str| {
        names.iter().find(|(known, _)| *known == code).map(|(_, name)| Cell::from(*name))
    };
    match campo {
        Campo::Cnpj => linha.cnpj.parse::<Cnpj>().ok().into(),
        Campo::Nome => Cell::Text(std::mem::take(&mut linha.nome)),
        Campo::NomeFantasia => linha.nome_fantasia.take().into(),
        Campo::InscricaoEstadual => linha.inscricao_estadual.take().into(),
        Campo::Cnae => linha.cnae.as_deref().and_then(|cnae| cnae.parse::<Cnae>().ok()).map(|cnae| cnae.to_string()).into(),
        Campo::Segmento => linha.segmento_nome.take().into(),
        Campo::Porte => linha.porte.as_deref().and_then(|porte| named(&names.portes, porte)).unwrap_or_default(),
        Campo::Situacao => named(&names.situacoes, &linha.situacao).unwrap_or_default(),
        Campo::Email => linha.email.take().into(),
        Campo::Telefone => {
            linha.telefone.as_deref().and_then(|text| text.parse::<Telefone>().ok()).map(|telefone| telefone.to_string()).into()
        }
        Campo::Site => linha.site.take().into(),
        Campo::Cep => linha.cep.as_deref().and_then(|text| text.parse::<kernel::Cep>().ok()).map(|cep| cep.to_string()).into(),
        Campo::Logradouro => linha.logradouro.take().into(),
        Campo::Numero => linha.numero.take().into(),
        Campo::Bairro => linha.bairro.take().into(),
        Campo::Municipio => linha.cidade.take().into(),
        Campo::Uf => linha.uf.take().into(),
        Campo::MunicipioId => linha.municipio_id.into(),
        Campo::ContatoNome => linha.contato_nome.take().into(),
        Campo::ContatoCargo => linha.contato_cargo.take().into(),
        Campo::Responsavel => linha.usuario_nome.take().or_else(|| linha.responsavel_nome.take()).into(),
        Campo::DataFundacao => linha.data_fundacao.into(),
        Campo::Faturamento => linha.faturamento.and_then(|valor| Reais::try_from(valor).ok()).into(),
        Campo::Funcionarios => linha.funcionarios.into(),
        Campo::Observacoes => linha.observacoes.take().into(),
        Campo::DataCadastro => linha.data_cadastro.into(),
    }
}

/// `empresas-alfa-2026-11-22.xlsx`: nothing in it needs quoting.
fn file_name(slug: &str, frame: &Frame, now: DateTime<Utc>, format: Format) -> String {
    format!("empresas-{slug}-{}.{}", now.with_timezone(&frame.zone).format("%Y-%m-%d"), format.extension())
}

async fn export(mut ctx: Ctx, format: Format) -> Result<Response, Error> {
    let sent = query(&ctx);
    // Picked in the list, or the list as its address says.
    let selection = Selection::is_meant(sent.as_bytes()).then(|| Selection::read(sent.as_bytes()));
    let asked = Asked::read(selection.as_ref().map_or(sent, |selection| &selection.query));
    let picked = selection.filter(|selection| !selection.all).map(|selection| selection.ids::<EmpresaId>());
    if picked.as_ref().is_some_and(Vec::is_empty) {
        return Ok(redirect(&asked.list.link(), Some((Tone::Warning, "toast-lote-empty"))));
    }
    let picked: Option<Vec<Uuid>> = picked.map(|ids| ids.into_iter().map(EmpresaId::uuid).collect());
    let frame = ctx.frame();
    let ctx = &mut *ctx;
    ctx.tx.bound(TxLimits::JOB).await?;
    let known = Known::load(&mut ctx.tx).await?;
    // What may be seen is what may be exported: the narrower of the two.
    let reach = Reach::of_both(&ctx.actor, &EXPORTAR, &VER)?;
    let narrowed = lista::narrow(&mut ctx.tx, reach, &asked.filtro).await?;
    let filters: Vec<Filter> = if let Some(ids) = &picked {
        let total = sql::lote::count(&mut ctx.tx, ids, reach).await?;
        vec![Filter { label: frame.t("export-picked").to_owned(), value: frame.t_n("empresas-count", total) }]
    } else {
        let chips = in_words(&frame, &known, &asked.list);
        chips.into_iter().map(|chip| Filter { label: chip.label, value: chip.value }).collect()
    };

    let (campos, columns): (Vec<Campo>, Vec<Column>) = columns(ctx.lang, format).into_iter().unzip();
    let names = Names::new(&frame);
    let file = tempfile::NamedTempFile::new().map_err(|error| Fault::new("a file for an export", error))?;
    let rows = match &picked {
        Some(ids) => sql::lista::these(&mut ctx.tx, ids, reach, asked.ordem),
        None => sql::lista::all(&mut ctx.tx, &narrowed, asked.ordem),
    };
    let cells = move |mut linha, cells: &mut Vec<Cell>| cells.extend(campos.iter().map(|campo| cell(&names, &mut linha, *campo)));
    let mut table = Table::of(frame.t("empresas-title"), columns, rows, cells, ctx.lang, words(&frame));
    table.issuer = format!("{} · {}", ctx.unidade.nome, ctx.unidade.codigo);
    table.generated =
        frame.t_with("export-generated", &[("at", frame.datetime(ctx.now).into()), ("nome", ctx.actor.nome.as_str().into())]);
    table.filters.clone_from(&filters);
    let written = sheets::write(table, format, file.path()).await?;

    let said = serde_json::json!({
        "format": format.extension(),
        "rows": written.rows,
        "filters": filters.iter().map(|filter| format!("{}: {}", filter.label, filter.value)).collect::<Vec<_>>(),
    });
    let entry = Entry {
        action: "empresa.exportada",
        entity: "empresa",
        entity_id: None,
        change: Change { before: None, after: Some(said) },
    };
    ctx.tx.audit(&ctx.actor, entry).await?;

    let name = file_name(ctx.unidade.slug.as_str(), &frame, ctx.now, format);
    // The name of the file goes now, its bytes when the last of them has been sent.
    let reader = file.reopen().map_err(|error| Fault::new("reading an export", error))?;
    let body = Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(reader), 256 << 10));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(written.bytes));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// The texts a writer needs of its own.
fn words(frame: &Frame) -> Words {
    Words {
        // The writer fills in the numbers.
        page: frame.t_with("export-page", &[("page", "{page}".into()), ("pages", "{pages}".into())]),
        total: frame.t("export-total").to_owned(),
        summary: frame.t("export-summary").to_owned(),
        empty: frame.t("export-empty").to_owned(),
        yes: frame.t("export-yes").to_owned(),
        no: frame.t("export-no").to_owned(),
    }
}
