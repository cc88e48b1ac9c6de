//! The wizard: arquivo → colunas → prévia → confirmar → resultado; the log of importações, and their undo.

pub mod desfazer;
mod fora;
mod gravando;
mod linha;
pub mod linha_inteira;
pub mod log;
pub mod previa;

use askama::Template;
use axum::{
    extract::Multipart,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use serde::Deserialize;
use web::{
    Access, Ctx, Error, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
    sheet::{FileColumn, file_columns, next_file},
};

use tenancy::TxLimits;

use super::{
    AnalisarError, Brings, IMPORTAR, Importacao, ImportacaoId, MAX_BYTES, MAX_FILES, Mapping, Mode, ReceberError, State,
    analisar, descartar, enfileirar, parser, permitted, receber, sql,
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

/// The form's own bytes around the files, which together are no more than two of the largest: all are in memory.
const FORM_BYTES: usize = 64 << 10;

pub(crate) fn routes() -> Vec<Route> {
    let upload = 2 * usize::try_from(MAX_BYTES).unwrap_or(usize::MAX) + FORM_BYTES;
    vec![
        Route::get(new, Access::Needs(IMPORTAR)),
        Route::post(upload_file, Access::Needs(IMPORTAR))
            .body_limit(upload)
            .sample("/empresas/importar", "multipart arquivo=@empresas.csv"),
        Route::get(log::list, Access::Needs(IMPORTAR)),
        Route::get(columns, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/colunas", ""),
        Route::post(set_columns, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/colunas", "planilha=0&coluna=cnpj&coluna=nome&mode=criar"),
        Route::post(discard, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/descartar", "x=1"),
        Route::get(modelo, Access::Needs(IMPORTAR)),
    ]
    .into_iter()
    .chain(log::routes())
    .chain(previa::routes())
    .chain(fora::routes())
    .chain(gravando::routes())
    .chain(linha_inteira::routes())
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

/// One file is looked at at once; several wait for their turn, and the list tells where somebody has to act.
async fn upload_file(_: ImportacaoNew, mut ctx: Ctx, mut multipart: Multipart) -> Result<Response, Error> {
    let (mut first, mut sent) = (None, 0);
    while let Some(file) = next_file(&mut multipart).await? {
        sent += 1;
        if file.1.len() as u64 > MAX_BYTES {
            return Ok(refused(&ctx, &sheets::read::ReadError::FileTooLarge { limit: MAX_BYTES }.into()));
        }
        if sent > MAX_FILES {
            let mut form = FormState::new();
            form.fail("arquivo", Invalid::new("files-too-many").with("max", MAX_FILES));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ImportacaoNewPage::new(ctx.frame(), form))).into_response());
        }
        if sent == 1 {
            first = Some(file);
            continue;
        }
        let ctx = &mut *ctx;
        // With a second one, the first waits too.
        for (name, content) in first.take().into_iter().chain([file]) {
            enfileirar(&mut ctx.tx, &ctx.actor, &name, &content).await?;
        }
    }
    if sent > 1 {
        return Ok(redirect(&Importacoes.to_string(), Some((Tone::Success, "toast-importacoes-na-fila"))));
    }
    let Some((name, content)) = first else {
        let mut form = FormState::new();
        form.fail("arquivo", Invalid::new("required"));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ImportacaoNewPage::new(ctx.frame(), form))).into_response());
    };
    let part = &mut *ctx;
    match receber(&mut part.tx, &part.actor, &parser()?, &name, &content).await {
        Ok(id) => Ok(redirect(&ImportacaoColumns { id }.to_string(), None)),
        Err(error @ ReceberError::Unreadable(_)) => Ok(refused(&ctx, &error)),
        Err(error) => Err(error.into()),
    }
}

/// The form again, with what is wrong with the file.
fn refused(ctx: &Ctx, error: &ReceberError) -> Response {
    let mut form = FormState::new();
    form.refuse(ctx.lang, error);
    (StatusCode::UNPROCESSABLE_ENTITY, Page(ImportacaoNewPage::new(ctx.frame(), form))).into_response()
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
    columns: Vec<FileColumn>,
    campos: Vec<Choice>,
    modes: Vec<Choice>,
    mode: &'static str,
}

impl ImportacaoColumnsPage {
    fn new(frame: Frame, form: FormState, importacao: &Importacao, sheet: usize, mapping: &Mapping, administrar: bool) -> Self {
        let frame = framed(frame);
        let shown = importacao.inspection.sheets.get(sheet);
        let headers = shown.map(|shown| shown.headers.as_slice()).unwrap_or_default();
        let sample = shown.into_iter().flat_map(|shown| &shown.sample).map(|row| row.cells.as_slice());
        let columns = file_columns(headers, sample, |i| mapping.brings(i).map(Brings::key).unwrap_or_default().to_owned());
        let campos = Campo::ALL.into_iter().filter(|campo| administrar || *campo != Campo::DataCadastro).map(Brings::Campo);
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
            columns,
            campos: campos.chain([Brings::Etiquetas]).map(|brings| Choice::new(brings.key(), frame.t(brings.label()))).collect(),
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
        // Its own page tells how far it is.
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
    let columns: Vec<_> = form.all("coluna").iter().take(256).map(|key| Brings::by_key(key)).collect();
    let mapping = Mapping::of(&columns);
    let mode = Mode::from_code(form.raw("mode")).unwrap_or_default();
    let ctx = &mut *ctx;
    // A large file is as long as a job.
    ctx.tx.bound(TxLimits::JOB).await?;
    match analisar(&mut ctx.tx, &ctx.actor, &parser()?, path.id, sheet, mapping.clone(), mode).await {
        Ok(_) => Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), None)),
        Err(error @ (AnalisarError::Columns(_) | AnalisarError::Unreadable(_))) => {
            for field in kernel::ErrorKind::fields(&error) {
                let campo = Brings::by_key(field.field).map_or(field.field, |brings| idioma::t(ctx.lang, brings.label()));
                form.fail_form(format!("{campo}: {}", idioma::invalid(ctx.lang, &field.invalid)));
            }
            let page = ImportacaoColumnsPage::new(ctx.frame(), form, &importacao, sheet, &mapping, ctx.actor.may(&ADMINISTRAR));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn discard(path: ImportacaoDiscard, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    descartar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&Importacoes.to_string(), Some((Tone::Info, "toast-importacao-descartada"))))
}
