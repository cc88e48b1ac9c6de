//! A row of the preview on a page of its own: every column, to be set right with the keyboard, and on to the next one.

use askama::Template;
use axum::response::{IntoResponse, Response};
use web::{
    Access, Ctx, Error, Page, Route, filters,
    frame::Frame,
    list::{ListState, Sort},
    redirect,
};

use super::{
    ImportacaoShow, framed,
    linha::{RowView, There, Typed},
    open,
    previa::{ImportacaoLinha, back, shown_rows},
};
use crate::{
    empresa::pages::list::query,
    importacao::{IMPORTAR, Importacao, ImportacaoId, State, linha::Linha, sql},
};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::Needs(IMPORTAR)).ids(&["importacao"]).sample("/empresas/importacoes/{importacao}/linhas/2", "")]
}

#[derive(Template)]
#[template(path = "empresas/importacao/linha.html")]
pub struct ImportacaoLinhaPage {
    frame: Frame,
    /// Where its form is sent.
    path: String,
    /// Where it was found in the list, and the list there.
    consulta: String,
    list: String,
    file_name: String,
    row: RowView,
    /// The first cell with something to say about it, or the first of all.
    focus: usize,
    /// Columns that bring nothing: what they are called, and what they say.
    rest: Vec<(String, String)>,
    before: Option<String>,
    after: Option<String>,
}

/// Columns wider than this are cut where they only stand beside the others.
const SHORT: usize = 200;

impl ImportacaoLinhaPage {
    fn new(
        frame: Frame,
        importacao: &Importacao,
        sent: &str,
        linha: &Linha,
        there: Option<&There>,
        (before, after): (Option<u32>, Option<u32>),
        typed: Option<&Typed>,
    ) -> Self {
        let frame = framed(frame);
        let id = importacao.id;
        let frame = frame.crumb(importacao.file_name.clone(), ImportacaoShow { id }.to_string());
        let row = RowView::new(&frame, importacao, linha, there, typed, true);
        let headers =
            importacao.inspection.sheets.get(importacao.sheet).map(|sheet| sheet.headers.as_slice()).unwrap_or_default();
        let width = headers.len().max(linha.raw.len());
        let rest = (0..width).filter(|column| importacao.mapping.brings(*column).is_none()).filter_map(|column| {
            let text: String = linha.original(column).chars().take(SHORT).collect();
            let name = headers.get(column).map(|header| header.trim()).filter(|header| !header.is_empty());
            (!text.is_empty()).then(|| (name.map_or_else(|| sheets::read::column_name(column), str::to_owned), text))
        });
        let focus = row.cells.iter().find(|cell| !cell.texts.is_empty()).or(row.cells.first()).map_or(0, |cell| cell.column);
        let to = |number: u32| place(id, sent, number);
        Self {
            path: ImportacaoLinha { id, number: linha.number }.to_string(),
            list: back(id, sent, Some(linha.number)),
            consulta: sent.to_owned(),
            file_name: importacao.file_name.clone(),
            rest: rest.collect(),
            before: before.map(to),
            after: after.map(to),
            focus,
            row,
            frame,
        }
    }
}

/// The page of a row, as it was found in the list that `sent` asks for.
fn place(id: ImportacaoId, sent: &str, number: u32) -> String {
    let path = ImportacaoLinha { id, number }.to_string();
    if sent.is_empty() { path } else { format!("{path}?{sent}") }
}

/// The rows before and after one where it was found.
pub(super) async fn neighbours(
    ctx: &mut Ctx,
    importacao: &Importacao,
    sent: &str,
    number: u32,
) -> Result<(Option<u32>, Option<u32>), Error> {
    let list = ListState::read(ImportacaoShow { id: importacao.id }.to_string(), sent, &[], Sort::up("number"));
    let shown = shown_rows(&list, importacao.finished_at.is_some());
    Ok(sql::linha::around(&mut ctx.tx, importacao.id, shown, number).await?)
}

/// Where one goes from a row: a good one leads to the next, and the last of them to the list; another one stays.
pub(super) fn onward(id: ImportacaoId, sent: &str, number: u32, next: Option<u32>, toast: &str) -> String {
    match (toast, next) {
        ("toast-linha-boa", Some(next)) => place(id, sent, next),
        ("toast-linha-boa", None) => back(id, sent, Some(number)),
        _ => place(id, sent, number),
    }
}

pub(super) async fn page(
    ctx: &mut Ctx,
    importacao: &Importacao,
    sent: &str,
    number: u32,
    typed: Option<&Typed>,
) -> Result<Page<ImportacaoLinhaPage>, Error> {
    let around = neighbours(ctx, importacao, sent, number).await?;
    let frame = ctx.frame();
    let tx = &mut ctx.tx;
    let linha = sql::linha::find(tx, importacao.id, number).await?.ok_or_else(Error::not_found)?;
    let there = There::load(tx, importacao, std::slice::from_ref(&linha)).await?;
    Ok(Page(ImportacaoLinhaPage::new(frame, importacao, sent, &linha, there.as_ref(), around, typed)))
}

async fn show(path: ImportacaoLinha, mut ctx: Ctx) -> Result<Response, Error> {
    let importacao = open(&mut ctx, path.id).await?;
    if importacao.state != State::Previa {
        // Its rows are set right no more.
        return Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), None));
    }
    let sent = ListState::read(ImportacaoShow { id: path.id }.to_string(), query(&ctx), &[], Sort::up("number")).place();
    Ok(page(&mut ctx, &importacao, &sent, path.number, None).await?.into_response())
}
