//! The list as a file: the same rows as on the screen or the ones picked there, as XLSX, CSV or PDF.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Actor, Cnpj, Denied, ErrorKind, Fault, Kind, Lang, Reais, Telefone};
use serde::Deserialize;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table, Words, WriteError};
use tenancy::{Change, Entry, TenantTx, TxLimits};
use uuid::Uuid;
use web::{
    Access, Ctx, Error, Route,
    frame::{Frame, Tone},
    redirect,
    selection::Selection,
    sheet,
};

use super::{
    list::{Asked, in_words, query},
    resumo::Tally,
};
use crate::{
    empresa::{
        Campo, Cnae, EXPORTAR, EmpresaId, Known, Porte, Reach, Situacao, VER, lista,
        sql::{self, lista::Exportada},
    },
    exportacao,
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

fn cell(names: &Names, linha: &mut Exportada, campo: Campo) -> Cell {
    let named = |names: &[(&str, &'static str)], code: &str| {
        names.iter().find(|(known, _)| *known == code).map(|(_, name)| Cell::from(*name))
    };
    match campo {
        Campo::Cnpj => linha.cnpj.parse::<Cnpj>().ok().into(),
        Campo::Nome => Cell::Text(std::mem::take(&mut linha.nome)),
        Campo::NomeFantasia => linha.nome_fantasia.take().into(),
        Campo::InscricaoEstadual => linha.inscricao_estadual.take().into(),
        Campo::Cnae => linha.cnae.as_deref().and_then(|cnae| cnae.parse::<Cnae>().ok()).map(|cnae| cnae.to_string()).into(),
        Campo::Segmento => linha.segmento.take().into(),
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
        Campo::Complemento => linha.complemento.take().into(),
        Campo::Bairro => linha.bairro.take().into(),
        Campo::Municipio => linha.cidade.take().into(),
        Campo::Uf => linha.uf.take().into(),
        Campo::MunicipioId => linha.municipio_id.into(),
        Campo::ContatoNome => linha.contato_nome.take().into(),
        Campo::ContatoCargo => linha.contato_cargo.take().into(),
        Campo::Responsavel => linha.responsavel.take().into(),
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

/// What a file is to hold: the list as its address says, or the rows picked in it.
#[derive(Debug)]
pub(crate) struct Pedido {
    pub format: Format,
    asked: Asked,
    picked: Option<Vec<Uuid>>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportarError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ExportarError {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::Write(error) => error.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Write(error) => error.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// A file that was made, for whom it may concern.
#[derive(Debug)]
pub(crate) struct Feito {
    pub rows: u64,
    pub bytes: u64,
    said: serde_json::Value,
}

impl Feito {
    /// In the trail, as `actor`'s.
    pub(crate) async fn audit(self, tx: &mut TenantTx, actor: &Actor) -> Result<(), Fault> {
        let change = Change { before: None, after: Some(self.said) };
        tx.audit(actor, Entry { action: "empresa.exportada", entity: "empresa", entity_id: None, change }).await
    }
}

impl Pedido {
    /// `query` is the list's address; of a selection, what its form sent.
    pub(crate) fn read(format: Format, query: &str) -> Self {
        let selection = Selection::is_meant(query.as_bytes()).then(|| Selection::read(query.as_bytes()));
        let asked = Asked::read(selection.as_ref().map_or(query, |selection| &selection.query));
        let picked = selection.filter(|selection| !selection.all).map(|selection| selection.ids::<EmpresaId>());
        Self { format, asked, picked: picked.map(|ids| ids.into_iter().map(EmpresaId::uuid).collect()) }
    }

    /// What may be seen is what may be exported: the narrower of the two.
    fn reach(actor: &Actor) -> Result<Reach, Denied> {
        Reach::of_both(actor, &EXPORTAR, &VER)
    }

    /// How many rows the file would have.
    pub(crate) async fn count(&self, tx: &mut TenantTx, actor: &Actor) -> Result<i64, ExportarError> {
        let reach = Self::reach(actor)?;
        if let Some(ids) = &self.picked {
            return Ok(sql::lote::count(tx, ids, reach).await?);
        }
        let narrowed = lista::narrow(tx, reach, &self.asked.filtro).await?;
        Ok(sql::lista::count(tx, &narrowed).await?)
    }

    /// Whether rows were to be picked and none was.
    pub(crate) fn is_empty(&self) -> bool {
        self.picked.as_ref().is_some_and(Vec::is_empty)
    }

    /// The list it was asked for in.
    pub(crate) fn list(&self) -> String {
        self.asked.list.link()
    }

    pub(crate) fn is_filtered(&self) -> bool {
        self.picked.is_some() || self.asked.list.is_filtered()
    }

    /// Writes the file to `path`, counting rows in `seen` as it goes.
    pub(crate) async fn write(
        &self,
        tx: &mut TenantTx,
        actor: &Actor,
        frame: &Frame,
        path: &std::path::Path,
        seen: Arc<AtomicU64>,
    ) -> Result<Feito, ExportarError> {
        let unidade = Arc::clone(tx.unidade());
        let known = Known::load(tx).await?;
        let reach = Self::reach(actor)?;
        let narrowed = lista::narrow(tx, reach, &self.asked.filtro).await?;
        let filters: Vec<Filter> = if let Some(ids) = &self.picked {
            let total = sql::lote::count(tx, ids, reach).await?;
            vec![Filter { label: frame.t("export-picked").to_owned(), value: frame.t_n("empresas-count", total) }]
        } else {
            let chips = in_words(frame, &known, &self.asked.list);
            chips.into_iter().map(|chip| Filter { label: chip.label, value: chip.value }).collect()
        };
        let (campos, mut columns): (Vec<Campo>, Vec<Column>) = columns(frame.lang, self.format).into_iter().unzip();
        // No field of the record, and no room for it across a page.
        let tagged = self.format != Format::Pdf;
        if tagged {
            columns.push(Column::new("etiquetas", frame.t("etiquetas-title"), ColumnKind::Text));
        }
        let names = Names::new(frame);
        let rows = match &self.picked {
            Some(ids) => sql::lista::these(tx, ids, reach, self.asked.ordem),
            None => sql::lista::all(tx, &narrowed, self.asked.ordem).await?,
        };
        let tally = Tally::default();
        let counted = tally.clone();
        let cells = move |mut linha: Exportada, cells: &mut Vec<Cell>| {
            seen.fetch_add(1, Ordering::Relaxed);
            counted.count(&linha);
            cells.extend(campos.iter().map(|campo| cell(&names, &mut linha, *campo)));
            if tagged {
                cells.push(linha.etiquetas.take().into());
            }
        };
        let mut table = Table::of(frame.t("empresas-title"), columns, rows, cells, frame.lang, words(frame));
        sheet::sign(&mut table, frame, &unidade, actor);
        table.filters.clone_from(&filters);
        if self.format == Format::Xlsx {
            table.summary = Some(tally.charts(frame));
        }
        let written = sheets::write(table, self.format, path).await?;
        let said = serde_json::json!({
            "format": self.format.extension(),
            "rows": written.rows,
            "filters": filters.iter().map(|filter| format!("{}: {}", filter.label, filter.value)).collect::<Vec<_>>(),
        });
        Ok(Feito { rows: written.rows, bytes: written.bytes, said })
    }
}

async fn export(mut ctx: Ctx, format: Format) -> Result<Response, Error> {
    let sent = query(&ctx).to_owned();
    let pedido = Pedido::read(format, &sent);
    if pedido.is_empty() {
        return Ok(redirect(&pedido.list(), Some((Tone::Warning, "toast-lote-empty"))));
    }
    let frame = ctx.frame();
    let name = file_name(ctx.unidade.slug.as_str(), &frame, ctx.now, format);
    let ctx = &mut *ctx;
    ctx.tx.bound(TxLimits::JOB).await?;
    let total = pedido.count(&mut ctx.tx, &ctx.actor).await?;
    if exportacao::is_long(format, total) {
        let wanted = exportacao::Nova { format, consulta: &sent, total, file_name: &name, lang: ctx.lang };
        let id = exportacao::pedir(&mut ctx.tx, &ctx.actor, &wanted).await?;
        return Ok(redirect(&exportacao::pages::ExportacaoShow { id }.to_string(), None));
    }

    let file = tempfile::NamedTempFile::new().map_err(|error| Fault::new("a file for an export", error))?;
    let feito = pedido.write(&mut ctx.tx, &ctx.actor, &frame, file.path(), Arc::default()).await?;
    let bytes = feito.bytes;
    feito.audit(&mut ctx.tx, &ctx.actor).await?;
    // The name of the file goes now, its bytes when the last of them has been sent.
    let reader = file.reopen().map_err(|error| Fault::new("reading an export", error))?;
    Ok(sheet::send(reader, bytes, format, &name))
}

/// The texts a writer needs of its own.
pub(super) fn words(frame: &Frame) -> Words {
    sheet::words(frame, "export-empty")
}
