//! The preview: every row with what is said about it, set right and decided where it stands; then the result.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use tenancy::TxLimits;
use web::{
    Access, Ctx, Error, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    pecas::Tab,
    redirect,
};

use super::{
    ImportacaoColumns, ImportacaoShow, desfazer, framed,
    gravando::{ImportacaoRead, Writing},
    linha::{RowView, There, Typed, sentence},
    linha_inteira,
    log::ImportacoesEvents,
    open, steps,
};
use crate::{
    empresa::{pages::list::query, pages::shown},
    importacao::{
        AjustarError, Brings, ConfirmarError, Correcao, Counts, Escolha, IMPORTAR, Importacao, ImportacaoId, State, corrigir,
        escolher, escolher_todas, gravar,
        linha::Linha,
        preferir, sql,
        sql::gravar::Andamento,
        sql::linha::{Ajuste, Shown},
    },
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/linhas/{number}", rejection(web::BadPath))]
pub struct ImportacaoLinha {
    pub id: ImportacaoId,
    pub number: u32,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/escolha", rejection(web::BadPath))]
pub struct ImportacaoEscolha {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/confirmar", rejection(web::BadPath))]
pub struct ImportacaoConfirm {
    pub id: ImportacaoId,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(IMPORTAR)).ids(&["importacao"]).sample("/empresas/importacoes/{importacao}", ""),
        Route::post(set_row, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/linhas/2", "versao=1&c1=Outro+nome"),
        Route::post(set_all, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/escolha", "escolha=preencher"),
        Route::post(confirm, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao}/confirmar", "versao=1"),
    ]
}

/// Corrections and choices that the page of a result names.
const AJUSTES: i64 = 200;

#[derive(Template)]
#[template(path = "empresas/importacao/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a part of the page")]
pub struct ImportacaoShowPage {
    frame: Frame,
    steps: Vec<&'static str>,
    step: usize,
    path: String,
    file_name: String,
    hash: String,
    version: i32,
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
    /// Rows that are not written, or would not be.
    out: u64,
    /// What can be done with all rows that are in the register: code, label, chosen.
    choices: Vec<(&'static str, &'static str, bool)>,
    list: ListState,
    pager: Pager,
    tabs: Vec<Tab>,
    rows: Vec<RowView>,
    ajustes: Vec<AjusteView>,
    /// The events that tell when it has been read, while it waits for its turn.
    queued: Option<&'static str>,
    /// Why it could not be read, and where it can be tried again.
    problem: Option<String>,
    again: Option<String>,
    /// Why a preview could not be written.
    failed: Option<String>,
    /// How far the job has come that writes it.
    writing: Option<Writing>,
    /// The rows are there to be looked at.
    looked_at: bool,
    /// The next file of this person: its page and its name.
    next: Option<(String, String)>,
}

/// What somebody set right or decided, in words.
#[derive(Debug)]
struct AjusteView {
    who: String,
    what: Vec<String>,
}

impl AjusteView {
    fn new(frame: &Frame, ajuste: &Ajuste) -> Self {
        let field = |side: Option<&serde_json::Value>, key: &str| {
            side.and_then(|side| side.get(key)).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
        };
        let row = ajuste.after.as_ref().and_then(|after| after.get("linha")).and_then(serde_json::Value::as_i64);
        let place = row.map_or_else(
            || frame.t("importacao-ajuste-todas").to_owned(),
            |row| frame.t_with("importacao-ajuste-linha", &[("row", row.into())]),
        );
        let keys = ajuste.after.iter().filter_map(serde_json::Value::as_object).flat_map(serde_json::Map::keys);
        let changed = keys.filter(|key| *key != "linha").map(|key| {
            let (before, after) = (field(ajuste.before.as_ref(), key), field(ajuste.after.as_ref(), key));
            let named = |code: &str| {
                Escolha::from_code(code)
                    .map_or(frame.t("importacao-ajuste-como-todas"), |escolha| frame.t(escolha.label()))
                    .to_owned()
            };
            match (key.as_str(), Brings::by_key(key)) {
                ("escolha", _) => format!("{place}: {} → {}", named(&before), named(&after)),
                ("preferida", _) => format!("{place}: {}", frame.t("importacao-ajuste-preferida")),
                (_, Some(brings)) => {
                    let text = |value: &str| match brings {
                        _ if value.is_empty() => "—".to_owned(),
                        Brings::Campo(campo) => shown(frame, campo, value),
                        Brings::Etiquetas => value.to_owned(),
                    };
                    format!("{place} · {}: {} → {}", frame.t(brings.label()), text(&before), text(&after))
                }
                _ => place.clone(),
            }
        });
        Self { what: changed.collect(), who: format!("{} · {}", ajuste.actor_nome, frame.datetime(ajuste.at)) }
    }
}

fn tabs(frame: &Frame, importacao: &Importacao, list: &ListState, out: u64) -> Vec<Tab> {
    let counts = &importacao.counts;
    let active = list.filter("situacao").unwrap_or(if importacao.finished_at.is_some() { "fora" } else { "" });
    let tab = |code: &str, key: &str, n: u64| {
        let href = if code.is_empty() { list.without_all("situacao") } else { format!("{}?situacao={code}", list.path()) };
        Tab::new(frame.t(key), href).count(i64::try_from(n).unwrap_or(i64::MAX)).active(active == code)
    };
    let troubled = counts.recusadas + counts.repetidas + counts.warnings;
    let mut tabs = if importacao.finished_at.is_some() {
        vec![
            tab("fora", "importacao-tab-fora", out),
            tab("recusada", "importacao-tab-recusadas", counts.recusadas),
            tab("repetida", "importacao-tab-repetidas", counts.repetidas),
        ]
    } else {
        vec![
            tab("", "importacao-tab-all", counts.rows),
            tab("problemas", "importacao-tab-problemas", troubled),
            tab("recusada", "importacao-tab-recusadas", counts.recusadas),
            tab("repetida", "importacao-tab-repetidas", counts.repetidas),
            tab("existente", "importacao-tab-existentes", counts.existentes),
            tab("nova", "importacao-tab-novas", counts.novas),
        ]
    };
    if counts.corrigidas > 0 {
        tabs.push(tab("corrigidas", "importacao-tab-corrigidas", counts.corrigidas));
    }
    tabs
}

/// What a page of rows is made of.
struct Rows {
    linhas: Vec<Linha>,
    total: i64,
    there: Option<There>,
    ajustes: Vec<Ajuste>,
    next: Option<Importacao>,
    andamento: Option<Andamento>,
}

impl ImportacaoShowPage {
    fn new(frame: Frame, importacao: &Importacao, list: ListState, rows: &Rows, typed: Option<&Typed>) -> Self {
        let frame = framed(frame);
        let counts = importacao.counts.clone();
        let done = importacao.state == State::Concluida;
        let waiting = importacao.state == State::Previa;
        let can_be_undone = importacao.can_be_undone(frame.now);
        let to_write = counts.to_create + counts.to_update;
        let out = counts.rows.saturating_sub(if waiting { to_write } else { counts.created + counts.updated + counts.unchanged });
        let problem = importacao.problem.as_ref().map(|problem| sentence(&frame, problem));
        let chosen = |escolha: Escolha| (escolha.code(), frame.t(escolha.label()), importacao.escolha == escolha);
        Self {
            undone: importacao.undone.as_ref().map(|undone| desfazer::sentence(&frame, undone)),
            undo: (can_be_undone || importacao.undone.is_some())
                .then(|| desfazer::ImportacaoUndo { id: importacao.id }.to_string()),
            too_old: done && importacao.wrote() && !can_be_undone,
            steps: steps(&frame),
            step: match importacao.state {
                State::Fila | State::Ilegivel | State::Colunas => 1,
                State::Previa | State::Gravando => 3,
                State::Concluida | State::Descartada | State::Desfeita => 4,
            },
            path: ImportacaoShow { id: importacao.id }.to_string(),
            file_name: importacao.file_name.clone(),
            hash: importacao.hash.chars().take(12).collect(),
            version: importacao.version,
            waiting,
            done,
            mode: frame.t(importacao.mode.label()).to_owned(),
            to_write,
            out,
            choices: if waiting && counts.existentes > 0 { Escolha::ALL.map(chosen).into() } else { Vec::new() },
            pager: Pager::new(list.page, rows.total),
            rows: rows
                .linhas
                .iter()
                .map(|linha| RowView::new(&frame, importacao, linha, rows.there.as_ref(), typed, false))
                .collect(),
            tabs: tabs(&frame, importacao, &list, out),
            queued: (importacao.state == State::Fila).then_some(ImportacoesEvents::PATH),
            problem: problem.clone().filter(|_| importacao.state == State::Ilegivel),
            failed: problem.filter(|_| waiting),
            again: importacao.can_be_read_again().then(|| ImportacaoRead { id: importacao.id }.to_string()),
            writing: (importacao.state == State::Gravando)
                .then(|| Writing::new(&frame, importacao.id, rows.andamento.unwrap_or_default())),
            looked_at: !matches!(importacao.state, State::Fila | State::Ilegivel | State::Gravando),
            next: rows.next.as_ref().map(|next| (ImportacaoShow { id: next.id }.to_string(), next.file_name.clone())),
            ajustes: rows.ajustes.iter().map(|ajuste| AjusteView::new(&frame, ajuste)).collect(),
            list,
            counts,
            frame,
        }
    }
}

/// The rows that a list asks for.
pub(super) fn shown_rows(list: &ListState, ended: bool) -> Shown<'_> {
    match list.filter("situacao") {
        None if ended => Shown::Fora,
        None => Shown::All,
        Some("problemas") => Shown::Problemas,
        Some("corrigidas") => Shown::Corrigidas,
        Some("fora") => Shown::Fora,
        Some(situacao) => Shown::Situacao(situacao),
    }
}

/// The page of an importação as `sent` asks for it.
async fn page(
    ctx: &mut Ctx,
    importacao: &Importacao,
    sent: &str,
    typed: Option<&Typed>,
) -> Result<Page<ImportacaoShowPage>, Error> {
    let path = ImportacaoShow { id: importacao.id }.to_string();
    let list = ListState::read(path, sent, &[], Sort::up("number"));
    let ended = importacao.finished_at.is_some();
    let shown = shown_rows(&list, ended);
    let frame = ctx.frame();
    let ctx = &mut **ctx;
    let next = if ended { sql::unfinished(&mut ctx.tx, &ctx.actor).await?.map(|(next, _)| next) } else { None };
    let tx = &mut ctx.tx;
    let (linhas, total) = sql::linha::page(tx, importacao.id, shown, list.page).await?;
    let there = There::load(tx, importacao, &linhas).await?;
    let ajustes = if ended { sql::linha::ajustes(tx, importacao.id, AJUSTES).await? } else { Vec::new() };
    let andamento = if importacao.state == State::Gravando { sql::gravar::find(tx, importacao.id).await? } else { None };
    Ok(Page(ImportacaoShowPage::new(frame, importacao, list, &Rows { linhas, total, there, ajustes, next, andamento }, typed)))
}

async fn show(path: ImportacaoShow, mut ctx: Ctx) -> Result<Response, Error> {
    let importacao = open(&mut ctx, path.id).await?;
    if importacao.state == State::Colunas {
        return Ok(redirect(&ImportacaoColumns { id: path.id }.to_string(), None));
    }
    let sent = query(&ctx).to_owned();
    Ok(page(&mut ctx, &importacao, &sent, None).await?.into_response())
}

/// Where one was in the list.
pub(super) fn back(id: ImportacaoId, sent: &str, number: Option<u32>) -> String {
    let path = ImportacaoShow { id }.to_string();
    let list = ListState::read(path, sent, &[], Sort::up("number"));
    let number = number.map(|number| format!("#linha-{number}")).unwrap_or_default();
    format!("{}{number}", list.page_link(list.page.number))
}

async fn set_row(path: ImportacaoLinha, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let ImportacaoLinha { id, number } = path;
    let form = FormState::from_body(&body.0);
    let importacao = open(&mut ctx, id).await?;
    let sent = form.raw("consulta");
    // A form that names no version was seen by nobody: no version is 0.
    let seen = Some(form.raw("versao").parse().unwrap_or_default());
    // Sent from the page of the row alone.
    let alone = form.raw("tela") == "linha";
    // The row that follows it where it was found; it may be found there no more when it has been set right.
    let next = if alone { linha_inteira::neighbours(&mut ctx, &importacao, sent, number).await?.1 } else { None };
    let cells: BTreeMap<usize, String> = (0..importacao.mapping.columns().len())
        .filter_map(|column| Some((column, form.all(&format!("c{column}")).first()?.clone())))
        .collect();
    let done = {
        let ctx = &mut *ctx;
        if form.raw("vale") == "sim" {
            preferir(&mut ctx.tx, &ctx.actor, id, number, seen).await.map(Some)
        } else if let Some(code) = form.all("escolha").first() {
            let escolha = Escolha::from_code(code);
            escolher(&mut ctx.tx, &ctx.actor, id, number, seen, escolha).await.map(|()| None)
        } else {
            let correcao = Correcao { number, seen, cells: cells.clone() };
            corrigir(&mut ctx.tx, &ctx.actor, id, correcao).await.map(Some)
        }
    };
    let toast = match done {
        Ok(None) => (Tone::Success, "toast-importacao-escolha"),
        Ok(Some("nova" | "existente")) => (Tone::Success, "toast-linha-boa"),
        Ok(Some("repetida")) => (Tone::Warning, "toast-linha-repetida"),
        Ok(Some(_)) => (Tone::Warning, "toast-linha-recusada"),
        // What was typed must not be lost: it stands there again, with the row as it is now.
        Err(AjustarError::Changed) if alone => {
            let answer = linha_inteira::page(&mut ctx, &importacao, sent, number, Some(&(number, cells))).await?;
            return Ok((StatusCode::CONFLICT, answer).into_response());
        }
        Err(AjustarError::Changed) if !cells.is_empty() => {
            let answer = page(&mut ctx, &importacao, sent, Some(&(number, cells))).await?;
            return Ok((StatusCode::CONFLICT, answer).into_response());
        }
        Err(AjustarError::Changed) => (Tone::Warning, "toast-linha-mudou"),
        Err(error) => return Err(error.into()),
    };
    if alone {
        return Ok(redirect(&linha_inteira::onward(id, sent, number, next, toast.1), Some(toast)));
    }
    Ok(redirect(&back(id, sent, Some(number)), Some(toast)))
}

async fn set_all(path: ImportacaoEscolha, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let form = FormState::from_body(&body.0);
    let escolha = Escolha::from_code(form.raw("escolha")).unwrap_or_default();
    let seen = Some(form.raw("versao").parse().unwrap_or_default());
    let ctx = &mut *ctx;
    let toast = match escolher_todas(&mut ctx.tx, &ctx.actor, path.id, seen, escolha).await {
        Ok(()) => (Tone::Success, "toast-importacao-escolha"),
        Err(AjustarError::Changed) => (Tone::Warning, "toast-previa-mudou"),
        Err(error) => return Err(error.into()),
    };
    Ok(redirect(&back(path.id, form.raw("consulta"), None), Some(toast)))
}

async fn confirm(path: ImportacaoConfirm, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let form = FormState::from_body(&body.0);
    let ctx = &mut *ctx;
    // As much as the file has.
    ctx.tx.bound(TxLimits::JOB).await?;
    // What names no version was seen by nobody: no version is 0.
    let seen = form.raw("versao").parse().unwrap_or_default();
    let toast = match gravar(&mut ctx.tx, &ctx.actor, path.id, Some(seen)).await {
        Ok(Some(_)) => (Tone::Success, "toast-importacao-concluida"),
        // Its page tells how far it is.
        Ok(None) => return Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), None)),
        Err(ConfirmarError::Changed) => (Tone::Warning, "toast-previa-mudou"),
        Err(error) => return Err(error.into()),
    };
    Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), Some(toast)))
}
