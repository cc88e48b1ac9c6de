//! The wizard: arquivo → colunas → prévia → confirmar → resultado; the log of importações, and their undo.

pub mod desfazer;
pub mod log;

use askama::Template;
use axum::{
    extract::Multipart,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use idioma::Arg;
use kernel::Invalid;
use serde::Deserialize;
use web::{
    Access, Ctx, Error, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    redirect,
};

use super::{
    AnalisarError, Counts, IMPORTAR, Importacao, ImportacaoId, MAX_BYTES, Mapping, Mode, Problem, ReceberError, State, analisar,
    confirmar, descartar, parser, permitted, receber,
    sql::{self, Linha},
};
use crate::empresa::{ADMINISTRAR, Campo};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importar")]
pub struct ImportacaoNew;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importar/modelo.xlsx")]
pub struct ImportacaoModelo;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes")]
pub struct Importacoes;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}", rejection(web::BadPath))]
pub struct ImportacaoShow {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/colunas", rejection(web::BadPath))]
pub struct ImportacaoColumns {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/confirmar", rejection(web::BadPath))]
pub struct ImportacaoConfirm {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/descartar", rejection(web::BadPath))]
pub struct ImportacaoDiscard {
    pub id: ImportacaoId,
}

/// The form's own bytes around the file.
const FORM_BYTES: usize = 64 << 10;

pub(crate) fn routes() -> Vec<Route> {
    let upload = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX) + FORM_BYTES;
    vec![
        Route::get(new, Access::Needs(IMPORTAR)),
        Route::post(upload_file, Access::Needs(IMPORTAR))
            .body_limit(upload)
            .sample("/empresas/importar", "multipart arquivo=@empresas.csv"),
        Route::get(log::list, Access::Needs(IMPORTAR)),
        Route::get(show, Access::Needs(IMPORTAR)).ids(&["importacao"]).sample("/empresas/importacoes/{importacao}", ""),
        Route::get(columns, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/colunas", ""),
        Route::post(set_columns, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/colunas", "planilha=0&coluna=cnpj&coluna=nome&mode=criar"),
        Route::post(confirm, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/confirmar", "x=1"),
        Route::post(discard, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/descartar", "x=1"),
        Route::get(modelo, Access::Needs(IMPORTAR)),
    ]
    .into_iter()
    .chain(desfazer::routes())
    .collect()
}

fn steps(frame: &Frame) -> Vec<&'static str> {
    ["importacao-step-arquivo", "importacao-step-colunas", "importacao-step-previa", "importacao-step-resultado"]
        .map(|key| frame.t(key))
        .into()
}

fn framed(frame: Frame) -> Frame {
    let frame = frame.titled("importar-title");
    let (empresas, importacoes) = (frame.t("empresas-title"), frame.t("importacoes-title"));
    frame.crumb(empresas, "/empresas").crumb(importacoes, "/empresas/importacoes")
}

#[derive(Template)]
#[template(path = "empresas/importacao/new.html")]
pub struct ImportacaoNewPage {
    frame: Frame,
    form: FormState,
    steps: Vec<&'static str>,
}

impl ImportacaoNewPage {
    fn new(frame: Frame, form: FormState) -> Self {
        let frame = framed(frame);
        Self { steps: steps(&frame), form, frame }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mut refused = FormState::new();
        refused.fail("arquivo", Invalid::new("sheet-encrypted"));
        vec![("fresh", Self::new(frame.clone(), FormState::new())), ("refused", Self::new(frame.clone(), refused))]
    }
}

async fn new(_: ImportacaoNew, ctx: Ctx) -> Result<Page<ImportacaoNewPage>, Error> {
    permitted(&ctx.actor)?;
    Ok(Page(ImportacaoNewPage::new(ctx.frame(), FormState::new())))
}

/// The planilha to fill in, in the reader's language.
async fn modelo(_: ImportacaoModelo, mut ctx: Ctx) -> Result<Response, Error> {
    permitted(&ctx.actor)?;
    let ctx = &mut *ctx;
    let bytes = super::modelo(&mut ctx.tx, &ctx.actor, ctx.lang).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sheets::Format::Xlsx.content_type()));
    let name = HeaderValue::from_static("attachment; filename=\"modelo-empresas.xlsx\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

async fn upload_file(_: ImportacaoNew, mut ctx: Ctx, multipart: Multipart) -> Result<Response, Error> {
    let Some((name, content)) = file(multipart).await? else {
        let mut form = FormState::new();
        form.fail("arquivo", Invalid::new("required"));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ImportacaoNewPage::new(ctx.frame(), form))).into_response());
    };
    let ctx = &mut *ctx;
    match receber(&mut ctx.tx, &ctx.actor, &parser()?, &name, &content).await {
        Ok(id) => Ok(redirect(&ImportacaoColumns { id }.to_string(), None)),
        Err(error @ ReceberError::Unreadable(_)) => {
            let mut form = FormState::new();
            form.refuse(ctx.lang, &error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ImportacaoNewPage::new(ctx.frame(), form))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Name and bytes of the one file; `None` when none was chosen.
async fn file(mut multipart: Multipart) -> Result<Option<(String, bytes::Bytes)>, Error> {
    let bad = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
        } else {
            Error::status(StatusCode::BAD_REQUEST, "body")
        }
    };
    while let Some(field) = multipart.next_field().await.map_err(bad)? {
        if field.name() == Some("arquivo") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let content = field.bytes().await.map_err(bad)?;
            return Ok((!name.is_empty()).then_some((name, content)));
        }
    }
    Ok(None)
}

#[derive(Template)]
#[template(path = "empresas/importacao/columns.html")]
pub struct ImportacaoColumnsPage {
    frame: Frame,
    form: FormState,
    steps: Vec<&'static str>,
    path: String,
    file_name: String,
    sheets: Vec<Choice>,
    sheet: usize,
    columns: Vec<ColumnView>,
    campos: Vec<Choice>,
    modes: Vec<Choice>,
    mode: &'static str,
}

/// A column of the file with its heading and some of its cells.
#[derive(Debug)]
struct ColumnView {
    letter: String,
    header: String,
    sample: String,
    campo: &'static str,
}

impl ImportacaoColumnsPage {
    fn new(frame: Frame, form: FormState, importacao: &Importacao, sheet: usize, mapping: &Mapping, administrar: bool) -> Self {
        let frame = framed(frame);
        let shown = importacao.inspection.sheets.get(sheet);
        let width = shown
            .map_or(0, |shown| shown.sample.iter().map(|row| row.cells.len()).chain([shown.headers.len()]).max().unwrap_or(0));
        let column = |i: usize| {
            let samples = shown
                .into_iter()
                .flat_map(|shown| &shown.sample)
                .filter_map(|row| row.cells.get(i))
                .filter(|cell| !cell.is_empty());
            ColumnView {
                letter: sheets::read::column_name(i),
                header: shown.and_then(|shown| shown.headers.get(i)).cloned().unwrap_or_default(),
                sample: samples.take(3).map(|cell| cell.chars().take(40).collect::<String>()).collect::<Vec<_>>().join(" · "),
                campo: mapping.columns().get(i).copied().flatten().map(Campo::key).unwrap_or_default(),
            }
        };
        let campos = Campo::ALL.into_iter().filter(|campo| administrar || *campo != Campo::DataCadastro);
        Self {
            form,
            steps: steps(&frame),
            path: ImportacaoShow { id: importacao.id }.to_string(),
            file_name: importacao.file_name.clone(),
            sheets: importacao
                .inspection
                .sheets
                .iter()
                .enumerate()
                .map(|(i, sheet)| Choice::new(i.to_string(), &sheet.name))
                .collect(),
            sheet,
            columns: (0..width).map(column).collect(),
            campos: campos.map(|campo| Choice::new(campo.key(), frame.t(campo.label()))).collect(),
            modes: Mode::ALL.iter().map(|mode| Choice::new(mode.code(), frame.t(mode.label()))).collect(),
            mode: importacao.mode.code(),
            frame,
        }
    }
}

/// The open importação of the path.
async fn open(ctx: &mut Ctx, id: ImportacaoId) -> Result<Importacao, Error> {
    permitted(&ctx.actor)?;
    sql::find(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)
}

async fn columns(path: ImportacaoColumns, mut ctx: Ctx) -> Result<Response, Error> {
    let importacao = open(&mut ctx, path.id).await?;
    if !matches!(importacao.state, State::Colunas | State::Previa) {
        return Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), None));
    }
    let query = crate::empresa::pages::list::query(&ctx);
    let asked = query.strip_prefix("planilha=").and_then(|sheet| sheet.parse::<usize>().ok());
    // Another sheet has other columns.
    let (sheet, mapping) = match asked.and_then(|sheet| Some((sheet, importacao.inspection.sheets.get(sheet)?))) {
        Some((sheet, shown)) if sheet != importacao.sheet => (sheet, super::guess(&shown.headers)),
        _ => (importacao.sheet, importacao.mapping.clone()),
    };
    let page =
        ImportacaoColumnsPage::new(ctx.frame(), FormState::new(), &importacao, sheet, &mapping, ctx.actor.may(&ADMINISTRAR));
    Ok(Page(page).into_response())
}

async fn set_columns(path: ImportacaoColumns, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let mut form = FormState::from_body(&body.0);
    let importacao = open(&mut ctx, path.id).await?;
    let sheet = form.raw("planilha").parse().unwrap_or(importacao.sheet);
    let mapping = Mapping::new(form.all("coluna").iter().take(256).map(|key| Campo::by_key(key)).collect());
    let mode = Mode::from_code(form.raw("mode")).unwrap_or_default();
    let ctx = &mut *ctx;
    match analisar(&mut ctx.tx, &ctx.actor, &parser()?, path.id, sheet, mapping.clone(), mode).await {
        Ok(_) => Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), None)),
        Err(error @ (AnalisarError::Columns(_) | AnalisarError::Unreadable(_))) => {
            for field in kernel::ErrorKind::fields(&error) {
                let campo = Campo::by_key(field.field).map_or(field.field, |campo| idioma::t(ctx.lang, campo.label()));
                form.fail_form(format!("{campo}: {}", idioma::invalid(ctx.lang, &field.invalid)));
            }
            let page = ImportacaoColumnsPage::new(ctx.frame(), form, &importacao, sheet, &mapping, ctx.actor.may(&ADMINISTRAR));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "empresas/importacao/show.html")]
pub struct ImportacaoShowPage {
    frame: Frame,
    steps: Vec<&'static str>,
    step: usize,
    path: String,
    file_name: String,
    hash: String,
    waiting: bool,
    done: bool,
    /// It was undone, by whom and when.
    undone: Option<String>,
    /// The page that undoes it, or tells of its undo.
    undo: Option<String>,
    /// It wrote something that can be undone no longer.
    too_old: bool,
    mode: String,
    counts: Counts,
    /// Rows that a confirmation would write.
    to_write: u64,
    list: ListState,
    pager: Pager,
    tabs: Vec<web::pecas::Tab>,
    rows: Vec<RowView>,
}

/// A row of the file with its problems in words.
#[derive(Debug)]
struct RowView {
    number: u32,
    nome: String,
    cnpj: String,
    label: &'static str,
    tone: &'static str,
    icon: &'static str,
    /// Column, field, cell, sentence.
    problems: Vec<(String, String, String, String)>,
}

fn appearance(situacao: &str) -> (&'static str, &'static str, &'static str) {
    match situacao {
        "nova" => ("importacao-linha-nova", "ok", "check-circle-fill"),
        "existente" => ("importacao-linha-existente", "info", "info-circle-fill"),
        "repetida" => ("importacao-linha-repetida", "warn", "exclamation-triangle-fill"),
        _ => ("importacao-linha-recusada", "danger", "x-circle-fill"),
    }
}

impl RowView {
    fn new(frame: &Frame, mapping: &Mapping, linha: &Linha) -> Self {
        let cell = |campo: Campo| mapping.column(campo).and_then(|column| linha.cells.get(column)).cloned().unwrap_or_default();
        let problem = |problem: &Problem| {
            let campo = Campo::by_key(&problem.field);
            let column = campo.and_then(|campo| mapping.column(campo)).map(sheets::read::column_name).unwrap_or_default();
            let label = campo.map_or_else(|| problem.field.to_string(), |campo| frame.t(campo.label()).to_owned());
            (column, label, campo.map(cell).unwrap_or_default(), sentence(frame, problem))
        };
        let (label, tone, icon) = appearance(&linha.situacao);
        Self {
            number: linha.number,
            nome: cell(Campo::Nome),
            cnpj: cell(Campo::Cnpj),
            label: frame.t(label),
            tone,
            icon,
            problems: linha.problems.iter().map(problem).collect(),
        }
    }
}

/// A stored problem in the reader's language.
fn sentence(frame: &Frame, problem: &Problem) -> String {
    // Names of variables that the catalogue knows; a stored one that it no longer does fills nothing.
    const NAMES: [&str; 6] = ["max", "row", "uf", "municipio", "text", "limit"];
    let args: Vec<(&'static str, Arg<'_>)> = problem
        .args
        .iter()
        .filter_map(|(name, value)| {
            let name = NAMES.into_iter().find(|known| known == name)?;
            let arg = value.parse::<i64>().map_or_else(|_| Arg::from(value.as_str()), Arg::from);
            Some((name, arg))
        })
        .collect();
    frame.t_with(&format!("invalid-{}", problem.code), &args)
}

impl ImportacaoShowPage {
    fn new(frame: Frame, importacao: &Importacao, list: ListState, linhas: &[Linha], total: i64) -> Self {
        let frame = framed(frame);
        let counts = importacao.counts.clone();
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let active = list.filter("situacao").unwrap_or_default().to_owned();
        let tab = |code: &str, key: &str, n: u64| {
            let href = if code.is_empty() { list.without_all("situacao") } else { format!("{}?situacao={code}", list.path()) };
            web::pecas::Tab::new(frame.t(key), href).count(count(n)).active(active == code)
        };
        let tabs = vec![
            tab("", "importacao-tab-all", counts.rows),
            tab("recusada", "importacao-tab-recusadas", counts.recusadas),
            tab("repetida", "importacao-tab-repetidas", counts.repetidas),
            tab("existente", "importacao-tab-existentes", counts.existentes),
            tab("nova", "importacao-tab-novas", counts.novas),
        ];
        let done = importacao.state == State::Concluida;
        let can_be_undone = importacao.can_be_undone(frame.now);
        Self {
            undone: importacao.undone.as_ref().map(|undone| desfazer::sentence(&frame, undone)),
            undo: (can_be_undone || importacao.undone.is_some())
                .then(|| desfazer::ImportacaoUndo { id: importacao.id }.to_string()),
            too_old: done && importacao.wrote() && !can_be_undone,
            steps: steps(&frame),
            step: if importacao.state == State::Previa { 3 } else { 4 },
            path: ImportacaoShow { id: importacao.id }.to_string(),
            file_name: importacao.file_name.clone(),
            hash: importacao.hash.chars().take(12).collect(),
            waiting: importacao.state == State::Previa,
            done,
            mode: frame.t(importacao.mode.label()).to_owned(),
            to_write: if importacao.mode.creates() { counts.novas } else { 0 }
                + if importacao.mode.updates() { counts.existentes } else { 0 },
            pager: Pager::new(list.page, total),
            rows: linhas.iter().map(|linha| RowView::new(&frame, &importacao.mapping, linha)).collect(),
            tabs,
            list,
            counts,
            frame,
        }
    }
}

async fn show(path: ImportacaoShow, mut ctx: Ctx) -> Result<Response, Error> {
    let importacao = open(&mut ctx, path.id).await?;
    if importacao.state == State::Colunas {
        return Ok(redirect(&ImportacaoColumns { id: path.id }.to_string(), None));
    }
    let list = ListState::read(path.to_string(), crate::empresa::pages::list::query(&ctx), &[], Sort::up("number"));
    let (linhas, total) = sql::linhas(&mut ctx.tx, path.id, list.filter("situacao"), list.page).await?;
    Ok(Page(ImportacaoShowPage::new(ctx.frame(), &importacao, list, &linhas, total)).into_response())
}

async fn confirm(path: ImportacaoConfirm, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    confirmar(&mut ctx.tx, &ctx.actor, &parser()?, path.id).await?;
    Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), Some((Tone::Success, "toast-importacao-concluida"))))
}

async fn discard(path: ImportacaoDiscard, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    descartar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&Importacoes.to_string(), Some((Tone::Info, "toast-importacao-descartada"))))
}
