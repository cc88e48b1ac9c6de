//! `/historico`: the log of spreadsheets, sending one, its preview with its columns, what came of it, and taking it back.

mod fora;
mod modelo;

use askama::Template;
use axum::{
    extract::Multipart,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::Invalid;
use serde::Deserialize;
use tenancy::TxLimits;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    pecas::Tab,
    redirect,
    sheet::{FileColumn, MAX_COLUMNS, file_columns, next_file, said_columns},
};

use super::{
    Contas, Especie, IMPORTAR, Importacao, ImportacaoId, Julgada, MAX_BYTES, Registro, State, campos,
    confirmar::{ConfirmarError, confirmar, descartar},
    desfazer::{Ficou, desfazer, ficaram},
    find, judged, list,
    receber::{ReceberError, receber},
    seen, set_columns,
};
use crate::{
    demanda::{DemandaId, pages::DemandaShow},
    tipo::{self, Tipo, TipoId},
    visita::{VisitaId, pages::VisitaShow},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico")]
pub struct HistoricoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/importar/visitas")]
pub struct ImportarVisitasPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/importar/demandas")]
pub struct ImportarDemandasPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/{id}", rejection(web::BadPath))]
pub struct PreviaPath {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/{id}/confirmar", rejection(web::BadPath))]
pub struct ConfirmarPath {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/{id}/descartar", rejection(web::BadPath))]
pub struct DescartarPath {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/historico/{id}/desfazer", rejection(web::BadPath))]
pub struct DesfazerPath {
    pub id: ImportacaoId,
}

/// The file and the form's own bytes around it.
#[expect(clippy::cast_possible_truncation, reason = "eight MiB")]
const UPLOAD: usize = MAX_BYTES as usize + (64 << 10);

pub(crate) fn routes() -> Vec<Route> {
    let path = "/historico/{historico_importacao}";
    let ids = &["historico_importacao"];
    let mut all = vec![
        Route::get(log, Access::Needs(IMPORTAR)),
        Route::get(new_visitas, Access::Needs(IMPORTAR)),
        Route::get(new_demandas, Access::Needs(IMPORTAR)),
        Route::post(upload_visitas, Access::Needs(IMPORTAR))
            .body_limit(UPLOAD)
            .sample("/historico/importar/visitas", "multipart arquivo=@empresas.csv"),
        Route::post(upload_demandas, Access::Needs(IMPORTAR))
            .body_limit(UPLOAD)
            .sample("/historico/importar/demandas", "multipart arquivo=@empresas.csv"),
        Route::get(show, Access::Needs(IMPORTAR)).ids(ids).sample(path, ""),
        Route::post(columns, Access::Needs(IMPORTAR)).ids(ids).sample(path, "coluna=empresa&coluna=inicio"),
        Route::post(confirm, Access::Needs(IMPORTAR))
            .ids(ids)
            .sample("/historico/{historico_importacao.concluida}/confirmar", "visto=x"),
        Route::post(discard, Access::Needs(IMPORTAR)).ids(ids).sample("/historico/{historico_importacao}/descartar", ""),
        Route::post(undo, Access::Needs(IMPORTAR)).ids(ids).sample("/historico/{historico_importacao.concluida}/desfazer", ""),
    ];
    all.extend(modelo::routes());
    all.extend(fora::routes());
    all
}

impl Especie {
    /// Where a spreadsheet of the kind is sent.
    fn sent_to(self) -> &'static str {
        match self {
            Self::Visita => ImportarVisitasPath::PATH,
            Self::Demanda => ImportarDemandasPath::PATH,
        }
    }

    /// The list of what comes in.
    const fn list(self) -> &'static str {
        match self {
            Self::Visita => "/visitas",
            Self::Demanda => "/demandas",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Visita => "historico-import-visitas",
            Self::Demanda => "historico-import-demandas",
        }
    }
}

fn framed(frame: Frame, especie: Especie) -> Frame {
    let list = frame.t(especie.label());
    frame.titled(especie.title()).crumb(list, especie.list())
}

fn steps(frame: &Frame) -> Vec<&'static str> {
    ["planilha-step-file", "planilha-step-preview", "historico-step-done"].map(|step| frame.t(step)).into()
}

#[derive(Template)]
#[template(path = "relacionamento/historico/new.html")]
pub(crate) struct HistoricoNewPage {
    frame: Frame,
    form: FormState,
    steps: Vec<&'static str>,
    path: &'static str,
    cancel: &'static str,
}

impl HistoricoNewPage {
    fn new(frame: Frame, especie: Especie, form: FormState) -> Self {
        let frame = framed(frame, especie);
        Self { steps: steps(&frame), form, path: especie.sent_to(), cancel: especie.list(), frame }
    }

    fn refused(frame: Frame, especie: Especie, form: FormState) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Page(Self::new(frame, especie, form))).into_response()
    }
}

async fn new_visitas(_: ImportarVisitasPath, ctx: Ctx) -> Page<HistoricoNewPage> {
    Page(HistoricoNewPage::new(ctx.frame(), Especie::Visita, FormState::new()))
}

async fn new_demandas(_: ImportarDemandasPath, ctx: Ctx) -> Page<HistoricoNewPage> {
    Page(HistoricoNewPage::new(ctx.frame(), Especie::Demanda, FormState::new()))
}

async fn upload_visitas(_: ImportarVisitasPath, ctx: Ctx, body: Multipart) -> web::Result<Response> {
    upload(ctx, Especie::Visita, body).await
}

async fn upload_demandas(_: ImportarDemandasPath, ctx: Ctx, body: Multipart) -> web::Result<Response> {
    upload(ctx, Especie::Demanda, body).await
}

async fn upload(mut ctx: Ctx, especie: Especie, mut body: Multipart) -> web::Result<Response> {
    let mut form = FormState::new();
    let Some((name, content)) = next_file(&mut body).await? else {
        form.fail("arquivo", Invalid::new("required"));
        return Ok(HistoricoNewPage::refused(ctx.frame(), especie, form));
    };
    let ctx = &mut *ctx;
    match receber(&mut ctx.tx, &ctx.actor, especie, &name, &content).await {
        Ok(id) => Ok(redirect(&PreviaPath { id }.to_string(), None)),
        Err(error @ ReceberError::Rule(_)) => {
            form.refuse(ctx.lang, &error);
            Ok(HistoricoNewPage::refused(ctx.frame(), especie, form))
        }
        Err(error) => Err(error.into()),
    }
}

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parte {
    Recusadas,
    Repetidas,
    Prontas,
}

impl Parte {
    const ALL: [Self; 3] = [Self::Recusadas, Self::Repetidas, Self::Prontas];

    const fn code(self) -> &'static str {
        match self {
            Self::Recusadas => "recusadas",
            Self::Repetidas => "repetidas",
            Self::Prontas => "prontas",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Recusadas => "historico-recusadas",
            Self::Repetidas => "historico-repetidas",
            Self::Prontas => "historico-prontas",
        }
    }

    const fn has(self, line: &Julgada) -> bool {
        match self {
            Self::Recusadas => line.pronta.is_none() && !line.repetida,
            Self::Repetidas => line.repetida,
            Self::Prontas => line.pronta.is_some(),
        }
    }
}

/// A line as it is shown.
struct Row {
    number: u32,
    empresa: String,
    quando: String,
    quem: String,
    texto: String,
    by_name: bool,
    /// Of each field, what it is called and what is wrong with it.
    problems: Vec<(&'static str, String)>,
}

impl Row {
    fn new(frame: &Frame, especie: Especie, line: &Julgada) -> Self {
        let short = |text: &str| {
            let all = text.chars().count();
            let cut: String = text.chars().take(120).collect();
            if all > 120 { format!("{cut}…") } else { cut }
        };
        let told = |(campo, why): &(&'static str, Invalid)| {
            (frame.t(campos::label(especie, campo)), idioma::invalid(frame.lang, why).into_owned())
        };
        Self {
            number: line.number,
            empresa: short(&line.empresa),
            quando: short(&line.quando),
            quem: short(&line.quem),
            texto: short(&line.texto),
            by_name: line.by_name,
            problems: line.problems.iter().map(told).collect(),
        }
    }
}

/// How many lines are what.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    ready: usize,
    repeated: usize,
    refused: usize,
    by_name: usize,
}

#[derive(Template)]
#[template(path = "relacionamento/historico/previa.html")]
pub(crate) struct HistoricoPreviaPage {
    frame: Frame,
    form: FormState,
    steps: Vec<&'static str>,
    path: String,
    file_name: String,
    columns: Vec<FileColumn>,
    campos: Vec<Choice>,
    /// For demandas whose line names none.
    tipos: Option<Vec<Choice>>,
    tabs: Vec<Tab>,
    texto: &'static str,
    list: ListState,
    pager: Pager,
    rows: Vec<Row>,
    counts: Counts,
    /// What is confirmed.
    seen: String,
}

impl HistoricoPreviaPage {
    fn new(frame: Frame, importacao: &Importacao, lines: &[Julgada], tipos: &[Tipo], query: &str, form: FormState) -> Self {
        let frame = framed(frame, importacao.especie);
        let path = PreviaPath { id: importacao.id }.to_string();
        let list = ListState::read(path.clone(), query, &[], Sort::down("linha"));
        let count = |parte: Parte| lines.iter().filter(|line| parte.has(line)).count();
        let asked = list.filter("parte").and_then(|code| Parte::ALL.into_iter().find(|parte| parte.code() == code));
        // What has to be looked at comes first.
        let shown = asked.or_else(|| Parte::ALL.into_iter().find(|parte| count(*parte) > 0)).unwrap_or(Parte::Prontas);
        let tab = |parte: Parte| Tab {
            count: i64::try_from(count(parte)).ok(),
            active: parte == shown,
            ..Tab::new(frame.t(parte.label()), format!("{path}?parte={}", parte.code()))
        };
        let page = list.page;
        let skipped = usize::try_from(page.offset()).unwrap_or_default();
        let taken = usize::try_from(page.limit()).unwrap_or_default();
        let rows = lines.iter().filter(|line| shown.has(line)).skip(skipped).take(taken);
        let cells = importacao.lines.iter().map(|line| line.cells.as_slice());
        let mut columns = file_columns(&importacao.headers, cells, |i| importacao.mapping.get(i).cloned().unwrap_or_default());
        columns.truncate(MAX_COLUMNS);
        let fields = campos::of(importacao.especie);
        let choices = tipos.iter().map(|tipo| Choice::new(tipo.id.to_string(), &tipo.nome)).collect();
        Self {
            steps: steps(&frame),
            file_name: importacao.file_name.clone(),
            columns,
            campos: fields.iter().map(|campo| Choice::new(campo.key, frame.t(campo.label))).collect(),
            tipos: (importacao.especie == Especie::Demanda).then_some(choices),
            tabs: Parte::ALL.into_iter().map(tab).collect(),
            texto: frame.t(if importacao.especie == Especie::Visita { "visita-objetivo" } else { "demanda-titulo" }),
            rows: rows.map(|line| Row::new(&frame, importacao.especie, line)).collect(),
            pager: Pager::new(page, i64::try_from(count(shown)).unwrap_or(i64::MAX)),
            counts: Counts {
                ready: count(Parte::Prontas),
                repeated: count(Parte::Repetidas),
                refused: count(Parte::Recusadas),
                by_name: lines.iter().filter(|line| line.by_name).count(),
            },
            seen: seen(lines),
            form: form.with_some("tipo", importacao.tipo),
            path,
            list,
            frame,
        }
    }
}

#[derive(Template)]
#[template(path = "relacionamento/historico/show.html")]
pub(crate) struct HistoricoShowPage {
    frame: Frame,
    steps: Vec<&'static str>,
    path: String,
    sub: String,
    contas: Contas,
    list: &'static str,
    again: &'static str,
    /// There are lines to be fetched that did not come in.
    fora: bool,
    undone: bool,
    /// After an undo: what is still there, with its page.
    ficaram: Vec<(String, String)>,
}

impl HistoricoShowPage {
    fn new(frame: Frame, importacao: &Importacao, ficaram: Vec<Ficou>) -> Self {
        let frame = framed(frame, importacao.especie);
        let href = |id| match importacao.especie {
            Especie::Visita => VisitaShow { id: VisitaId::new(id) }.to_string(),
            Especie::Demanda => DemandaShow { id: DemandaId::new(id) }.to_string(),
        };
        let at = importacao.finished_at.map(|at| frame.datetime(at)).unwrap_or_default();
        Self {
            steps: steps(&frame),
            path: PreviaPath { id: importacao.id }.to_string(),
            sub: [importacao.file_name.as_str(), &at, &importacao.actor_nome].join(" · "),
            contas: importacao.contas,
            list: importacao.especie.list(),
            again: importacao.especie.sent_to(),
            fora: !importacao.left_out.is_empty(),
            undone: importacao.state == State::Desfeita,
            ficaram: ficaram.into_iter().map(|ficou| (href(ficou.id), ficou.nome)).collect(),
            frame,
        }
    }
}

/// The open importação of the path.
async fn open(ctx: &mut CtxInner, id: ImportacaoId) -> Result<Importacao, Error> {
    let importacao = find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    if importacao.state == State::Descartada { Err(Error::not_found()) } else { Ok(importacao) }
}

async fn page(ctx: &mut CtxInner, importacao: &Importacao, form: FormState) -> web::Result<HistoricoPreviaPage> {
    let lines = judged(&mut ctx.tx, &ctx.actor, importacao).await?;
    let tipos = match importacao.especie {
        Especie::Visita => Vec::new(),
        Especie::Demanda => tipo::sql::list(&mut ctx.tx).await?,
    };
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    Ok(HistoricoPreviaPage::new(ctx.frame(), importacao, &lines, &tipos, query, form))
}

async fn show(path: PreviaPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let importacao = open(ctx, path.id).await?;
    if importacao.state == State::Previa {
        return Ok(Page(page(ctx, &importacao, FormState::new()).await?).into_response());
    }
    let left = if importacao.state == State::Desfeita { ficaram(&mut ctx.tx, &importacao).await? } else { Vec::new() };
    Ok(Page(HistoricoShowPage::new(ctx.frame(), &importacao, left)).into_response())
}

async fn columns(path: PreviaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let importacao = open(ctx, path.id).await?;
    let keys: Vec<&str> = campos::of(importacao.especie).iter().map(|campo| campo.key).collect();
    let tipo = form.raw("tipo").parse::<TipoId>().ok();
    if !set_columns(&mut ctx.tx, path.id, &said_columns(form.all("coluna"), &keys), tipo).await? {
        return Err(Error::not_found());
    }
    Ok(redirect(&path.to_string(), None))
}

async fn confirm(path: ConfirmarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    // Ten thousand lines are as long as a job.
    ctx.tx.bound(TxLimits::JOB).await?;
    let here = PreviaPath { id: path.id };
    match confirmar(&mut ctx.tx, &ctx.actor, ctx.lang, path.id, form.raw("visto")).await {
        Ok(_) => Ok(redirect(&here.to_string(), Some((Tone::Success, "toast-historico-importado")))),
        Err(error @ ConfirmarError::Rule(_)) => {
            form.refuse(ctx.lang, &error);
            let importacao = open(ctx, path.id).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(ctx, &importacao, form).await?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn discard(path: DescartarPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let especie = descartar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(especie.list(), Some((Tone::Info, "toast-historico-descartado"))))
}

async fn undo(path: DesfazerPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    ctx.tx.bound(TxLimits::JOB).await?;
    desfazer(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&PreviaPath { id: path.id }.to_string(), Some((Tone::Success, "toast-historico-desfeito"))))
}

/// An importação of the log.
struct LogRow {
    href: Option<String>,
    registro: Registro,
    especie: &'static str,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
    created_at: DateTime<Utc>,
}

impl LogRow {
    fn new(frame: &Frame, registro: Registro) -> Self {
        let (state, tone, icon) = match registro.state {
            State::Previa => ("importacao-state-previa", "info", "eye-fill"),
            State::Concluida => ("importacao-state-concluida", "ok", "check-circle-fill"),
            State::Descartada => ("importacao-state-descartada", "quiet", "x-circle-fill"),
            State::Desfeita => ("importacao-state-desfeita", "warn", "arrow-counterclockwise"),
        };
        Self {
            href: (registro.state != State::Descartada).then(|| PreviaPath { id: registro.id }.to_string()),
            especie: frame.t(registro.especie.label()),
            state: frame.t(state),
            tone,
            icon,
            created_at: registro.created_at,
            registro,
        }
    }
}

#[derive(Template)]
#[template(path = "relacionamento/historico/log.html")]
pub(crate) struct HistoricoLogPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<LogRow>,
}

impl HistoricoLogPage {
    fn new(frame: Frame, list: ListState, read: (Vec<Registro>, i64)) -> Self {
        let frame = frame.titled("historico-log-title");
        let rows = read.0.into_iter().map(|registro| LogRow::new(&frame, registro)).collect();
        Self { pager: Pager::new(list.page, read.1), list, rows, frame }
    }
}

async fn log(_: HistoricoPath, mut ctx: Ctx) -> web::Result<Page<HistoricoLogPage>> {
    let ctx = &mut *ctx;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    let asked = ListState::read(HistoricoPath::PATH, query, &[], Sort::down("created_at"));
    let read = list(&mut ctx.tx, &ctx.actor, asked.page).await?;
    Ok(Page(HistoricoLogPage::new(ctx.frame(), asked, read)))
}

#[cfg(test)]
mod samples;
