//! One's own reconsultas and those of the product itself: how far they are, and what came of each empresa.

mod lote;

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use kernel::{Actor, Cnpj};
use serde::Deserialize;
use tenancy::TenantTx;
use uuid::Uuid;
use web::{
    Access, Ctx, Error, Page, Route, filters,
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    pecas::Tab,
    redirect,
};

use super::{
    Linha, Reconsulta, ReconsultaError, ReconsultaId, Resultado, State, TOPIC, cancelar, find, owner, pedir_antigas, reach,
    repetir, sees_all, sql,
};
use crate::{
    andamento::{self, Andamento},
    consulta::{Consultas, SituacaoCadastral},
    empresa::{
        ADMINISTRAR, CONSULTAR, EmpresaId,
        pages::{EmpresaShow, list::query},
    },
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/reconsultas")]
pub(crate) struct Reconsultas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/reconsultas/{id}", rejection(web::BadPath))]
pub(crate) struct ReconsultaShow {
    pub id: ReconsultaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/reconsultas/{id}/events", rejection(web::BadPath))]
pub(crate) struct ReconsultaEvents {
    pub id: ReconsultaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/reconsultas/{id}/cancelar", rejection(web::BadPath))]
pub(crate) struct ReconsultaCancel {
    pub id: ReconsultaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/reconsultas/{id}/repetir", rejection(web::BadPath))]
pub(crate) struct ReconsultaRepeat {
    pub id: ReconsultaId,
}

pub(crate) fn routes() -> Vec<Route> {
    let one = |route: Route| route.ids(&["reconsulta"]);
    let mut routes = lote::routes();
    routes.extend([
        Route::get(list, Access::Needs(CONSULTAR)),
        Route::post(begin_oldest, Access::Needs(CONSULTAR)).sample("/empresas/reconsultas", "x=1"),
        one(Route::get(show, Access::Needs(CONSULTAR))).sample("/empresas/reconsultas/{reconsulta}", ""),
        one(Route::get(events, Access::Needs(CONSULTAR))).sample("/empresas/reconsultas/{reconsulta}/events", ""),
        one(Route::post(cancel, Access::Needs(CONSULTAR))).sample("/empresas/reconsultas/{reconsulta}/cancelar", "x=1"),
        one(Route::post(repeat, Access::Needs(CONSULTAR))).sample("/empresas/reconsultas/{reconsulta}/repetir", "x=1"),
    ]);
    routes
}

const fn label(state: State) -> &'static str {
    match state {
        State::Fila => "reconsulta-state-fila",
        State::Andamento => "reconsulta-state-andamento",
        State::Concluida => "reconsulta-state-concluida",
        State::Cancelada => "reconsulta-state-cancelada",
        State::Falhou => "reconsulta-state-falhou",
    }
}

const fn word(resultado: Resultado) -> &'static str {
    match resultado {
        Resultado::Alterada => "reconsulta-alteradas",
        Resultado::Nova => "reconsulta-novas",
        Resultado::Inalterada => "reconsulta-inalteradas",
        Resultado::Ausente => "reconsulta-ausentes",
        Resultado::Falhou => "reconsulta-falhas",
        Resultado::Fora => "reconsulta-fora",
    }
}

/// How a reconsulta is drawn.
#[derive(Debug)]
struct View {
    href: String,
    /// Who asked for it.
    title: &'static str,
    state: &'static str,
    tone: &'static str,
    state_icon: &'static str,
    done: i32,
    total: i32,
    asked: String,
    finished: Option<String>,
    /// Why it failed, in words.
    reason: Option<&'static str>,
    open: bool,
    alteradas: i32,
}

impl View {
    fn new(frame: &Frame, reconsulta: &Reconsulta) -> Self {
        let (tone, state_icon) = match reconsulta.state {
            State::Fila => ("quiet", "clock-history"),
            State::Andamento => ("info", "info-circle-fill"),
            State::Concluida => ("ok", "check-circle-fill"),
            State::Cancelada => ("quiet", "x-circle-fill"),
            State::Falhou => ("danger", "x-circle-fill"),
        };
        let reason = |code: &str| match code {
            "forbidden" => frame.t("reconsulta-reason-forbidden"),
            _ => frame.t("reconsulta-reason-fault"),
        };
        Self {
            href: ReconsultaShow { id: reconsulta.id }.to_string(),
            title: frame.t(if reconsulta.usuario_id.is_some() { "reconsulta-own" } else { "reconsulta-regular" }),
            state: frame.t(label(reconsulta.state)),
            tone,
            state_icon,
            done: reconsulta.done(),
            total: reconsulta.total,
            asked: frame.datetime(reconsulta.created_at),
            finished: reconsulta.finished_at.map(|at| frame.datetime(at)),
            reason: reconsulta.reason.as_deref().map(reason),
            open: reconsulta.state.is_open(),
            alteradas: reconsulta.alteradas,
        }
    }
}

#[derive(Template)]
#[template(path = "empresas/reconsulta/list.html")]
pub struct ReconsultasPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<View>,
}

#[derive(Template)]
#[template(path = "empresas/reconsulta/show.html")]
pub struct ReconsultaPage {
    frame: Frame,
    view: View,
    list: ListState,
    pager: Pager,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Its event stream.
    events: String,
    /// Gives it up, for who may.
    cancel: Option<String>,
    /// Asks again for those that nobody answered.
    repeat: Option<String>,
    /// The list that it was asked from.
    back: String,
}

/// An empresa that has its result.
#[derive(Debug)]
struct Row {
    href: String,
    nome: String,
    cnpj: String,
    word: &'static str,
    antes: Option<SituacaoCadastral>,
    depois: Option<SituacaoCadastral>,
}

impl Row {
    fn new(linha: Linha) -> Self {
        Self {
            href: EmpresaShow { id: linha.empresa }.to_string(),
            cnpj: linha.cnpj.parse::<Cnpj>().map_or(linha.cnpj, |cnpj| cnpj.to_string()),
            nome: linha.nome,
            word: word(linha.resultado),
            antes: linha.antes,
            depois: linha.depois,
        }
    }
}

fn framed(frame: Frame, title: &str) -> Frame {
    let empresas = frame.t("empresas-title");
    frame.titled(title).crumb(empresas, "/empresas")
}

impl ReconsultasPage {
    fn new(frame: Frame, list: ListState, found: &[Reconsulta], total: i64) -> Self {
        let frame = framed(frame, "reconsultas-title");
        let rows = found.iter().map(|reconsulta| View::new(&frame, reconsulta)).collect();
        Self { pager: Pager::new(list.page, total), list, rows, frame }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let list = |all: &[Reconsulta]| {
            let state = ListState::read("/empresas/reconsultas", "", &[], Sort::down("created_at"));
            Self::new(frame.clone(), state, all, i64::try_from(all.len()).unwrap_or_default())
        };
        let all: Vec<Reconsulta> = State::ALL.into_iter().map(|state| sample(frame, state)).collect();
        vec![("none", list(&[])), ("every state", list(&all))]
    }
}

impl ReconsultaPage {
    fn new(frame: Frame, list: ListState, reconsulta: &Reconsulta, linhas: Vec<Linha>, total: i64, administrar: bool) -> Self {
        let frame = framed(frame, "reconsulta-title");
        let title = frame.t("reconsultas-title");
        let frame = frame.crumb(title, Reconsultas.to_string());
        let id = reconsulta.id;
        let only = list.filter("ver").and_then(Resultado::from_code);
        let href = ReconsultaShow { id }.to_string();
        let tab = |label: &str, query: String, active: bool, n: i32| Tab {
            label: frame.t(label).into(),
            href: format!("{href}{query}"),
            active,
            count: Some(n.into()),
        };
        let mut tabs = vec![tab("reconsulta-all", String::new(), only.is_none(), reconsulta.done())];
        let counted = Resultado::ALL.into_iter().filter(|one| reconsulta.count(*one) > 0 || only == Some(*one));
        tabs.extend(counted.map(|one| tab(word(one), format!("?ver={}", one.code()), only == Some(one), reconsulta.count(one))));
        let over = !reconsulta.state.is_open();
        let left = reconsulta.falhas > 0 || reconsulta.done() < reconsulta.total;
        Self {
            view: View::new(&frame, reconsulta),
            pager: Pager::new(list.page, total),
            list,
            tabs,
            rows: linhas.into_iter().map(Row::new).collect(),
            events: ReconsultaEvents { id }.to_string(),
            cancel: (!over && (reconsulta.usuario_id.is_some() || administrar)).then(|| ReconsultaCancel { id }.to_string()),
            repeat: (over && left).then(|| ReconsultaRepeat { id }.to_string()),
            back: format!("/empresas{}{}", if reconsulta.consulta.is_empty() { "" } else { "?" }, reconsulta.consulta),
            frame,
        }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let linha = |n: u128, resultado| Linha {
            empresa: EmpresaId::new(Uuid::from_u128(n)),
            nome: "Metalúrgica <b>Aurora</b> ".repeat(6),
            cnpj: "12ABC34501DE35".to_owned(),
            resultado,
            antes: Some(SituacaoCadastral::Ativa),
            depois: (resultado == Resultado::Alterada).then_some(SituacaoCadastral::Baixada),
        };
        let page = |state, n: u128| {
            let linhas: Vec<Linha> = (0..n).zip(Resultado::ALL).map(|(n, resultado)| linha(n, resultado)).collect();
            let state_of = ListState::read("/empresas/reconsultas/1", "", &[], Sort::down("nome"));
            let total = i64::try_from(n).unwrap_or_default();
            Self::new(frame.clone(), state_of, &sample(frame, state), linhas, total, true)
        };
        vec![
            ("queued", page(State::Fila, 0)),
            ("running", page(State::Andamento, 2)),
            ("done", page(State::Concluida, 6)),
            ("cancelled", page(State::Cancelada, 1)),
            ("failed", page(State::Falhou, 0)),
        ]
    }
}

fn sample(frame: &Frame, state: State) -> Reconsulta {
    Reconsulta {
        id: ReconsultaId::new(Uuid::nil()),
        usuario_id: (state != State::Fila).then(Uuid::nil),
        consulta: "uf=SC".to_owned(),
        state,
        total: 10_000,
        inalteradas: 1_200,
        alteradas: 7,
        novas: 30,
        ausentes: 1,
        falhas: 2,
        fora: 1,
        silencios: 0,
        reason: (state == State::Falhou).then(|| "forbidden".to_owned()),
        created_at: frame.now,
        finished_at: (!state.is_open()).then_some(frame.now),
    }
}

async fn list(_: Reconsultas, mut ctx: Ctx) -> Result<Page<ReconsultasPage>, Error> {
    let ctx = &mut *ctx;
    let usuario = owner(&ctx.actor)?;
    let list = ListState::read("/empresas/reconsultas", query(ctx), &[], Sort::down("created_at"));
    let (found, total) = sql::list(&mut ctx.tx, usuario, sees_all(&ctx.actor), list.page).await?;
    Ok(Page(ReconsultasPage::new(ctx.frame(), list, &found, total)))
}

async fn show(path: ReconsultaShow, mut ctx: Ctx) -> Result<Page<ReconsultaPage>, Error> {
    let ctx = &mut *ctx;
    let reconsulta = find(&mut ctx.tx, &ctx.actor, path.id).await?;
    let list = ListState::read(path.to_string(), query(ctx), &[], Sort::down("nome"));
    let only = list.filter("ver").and_then(Resultado::from_code);
    let (linhas, total) = sql::linhas(&mut ctx.tx, path.id, reach(&ctx.actor)?, only, list.page).await?;
    let administrar = ctx.actor.may(&ADMINISTRAR);
    Ok(Page(ReconsultaPage::new(ctx.frame(), list, &reconsulta, linhas, total, administrar)))
}

/// What becomes of a wish: the page that shows how far it has come, or the list with a reason why there is none.
fn begun(result: Result<ReconsultaId, ReconsultaError>) -> Result<Response, Error> {
    match result {
        Ok(id) => Ok(redirect(&ReconsultaShow { id }.to_string(), Some((Tone::Success, "toast-reconsulta-pedida")))),
        Err(ReconsultaError::Empty) => Ok(redirect(&Reconsultas.to_string(), Some((Tone::Info, "toast-reconsulta-nenhuma")))),
        Err(error) => Err(error.into()),
    }
}

/// Nothing waits for ever where there is nobody to ask.
fn nobody(ctx: &Ctx) -> Result<Option<Response>, Error> {
    let none = ctx.app.value::<Consultas>()?.per_minute() == 0;
    Ok(none.then(|| redirect(&Reconsultas.to_string(), Some((Tone::Warning, "toast-empresa-consulta-indisponivel")))))
}

async fn begin_oldest(_: Reconsultas, mut ctx: Ctx) -> Result<Response, Error> {
    if let Some(elsewhere) = nobody(&ctx)? {
        return Ok(elsewhere);
    }
    let ctx = &mut *ctx;
    begun(pedir_antigas(&mut ctx.tx, &ctx.actor).await)
}

async fn repeat(path: ReconsultaRepeat, mut ctx: Ctx) -> Result<Response, Error> {
    {
        let ctx = &mut *ctx;
        find(&mut ctx.tx, &ctx.actor, path.id).await?;
    }
    if let Some(elsewhere) = nobody(&ctx)? {
        return Ok(elsewhere);
    }
    let ctx = &mut *ctx;
    begun(repetir(&mut ctx.tx, &ctx.actor, path.id).await)
}

async fn cancel(path: ReconsultaCancel, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    cancelar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&ReconsultaShow { id: path.id }.to_string(), Some((Tone::Info, "toast-reconsulta-cancelada"))))
}

async fn stands(tx: &mut TenantTx, actor: &Actor, id: Uuid) -> Option<Andamento> {
    let reconsulta = find(tx, actor, ReconsultaId::new(id)).await.ok()?;
    Some(Andamento {
        done: reconsulta.done().into(),
        total: reconsulta.total.into(),
        label: label(reconsulta.state),
        open: reconsulta.state.is_open(),
    })
}

/// How far it has come, until it is over: `progress`, then one `end`.
async fn events(path: ReconsultaEvents, mut ctx: Ctx) -> Result<Response, Error> {
    // Before it is read, so that no news fall between.
    let news = ctx.app.live.subscribe(&ctx)?;
    let part = &mut *ctx;
    find(&mut part.tx, &part.actor, path.id).await?;
    andamento::stream(ctx, news, &[TOPIC], path.id.uuid(), |tx, actor, id| Box::pin(stands(tx, actor, id))).await
}
