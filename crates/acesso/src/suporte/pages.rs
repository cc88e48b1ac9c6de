use askama::Template;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Actor;
use serde::Deserialize;
use tenancy::{
    TenantTx, passagem,
    suporte::{self, Fim, MINUTOS, Suporte, Viva},
};
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, cookies, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::AUTORIZAR;
use crate::{
    configuracoes,
    convite::pages::LinkOverPage,
    entrar::pages::{EntrarPath, InicioPath},
    segredo::Segredo,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/suporte")]
pub struct SuportePath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/suporte/{token}")]
pub struct PassagemPath {
    pub token: String,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/suporte")]
pub struct EncerrarPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::Needs(AUTORIZAR)),
        Route::post(decide, Access::Needs(AUTORIZAR))
            .sample("/configuracoes/suporte", "pedido=01900000-0000-7000-8000-000000000000&passo=recusar"),
        Route::get(show, Access::Public).ids(&["passagem"]).sample("/suporte/{passagem}", ""),
        Route::post(enter, Access::Public).ids(&["passagem"]).sample("/suporte/{passagem}", ""),
        Route::post(leave, Access::Public).sample("/suporte", ""),
    ]
}

struct Row {
    suporte: Suporte,
    waiting: bool,
    granted: bool,
    /// Word, tone and icon.
    status: (&'static str, &'static str, &'static str),
    kind: &'static str,
    minutos: Vec<Choice>,
}

impl Row {
    fn new(frame: &Frame, suporte: Suporte) -> Self {
        let (waiting, granted) = (suporte.is_waiting(frame.now), suporte.is_granted(frame.now));
        let status = match suporte.standing(frame.now) {
            "pedido" => (frame.t("suporte-pedido"), "warn", "clock-history"),
            "concedido" => (frame.t("suporte-concedido"), "ok", "check-circle-fill"),
            "recusado" => (frame.t("suporte-recusado"), "quiet", "x-circle-fill"),
            "retirado" => (frame.t("suporte-retirado"), "quiet", "x-circle-fill"),
            "vencido" => (frame.t("suporte-vencido"), "quiet", "pause-circle-fill"),
            _ => (frame.t("suporte-encerrado"), "quiet", "pause-circle-fill"),
        };
        let writes = if waiting { suporte.escrita_pedida } else { suporte.escrita };
        Self {
            waiting,
            granted,
            status,
            kind: frame.t(if writes { "suporte-kind-escrita" } else { "suporte-kind-leitura" }),
            minutos: minutos(frame, suporte.minutos_pedidos),
            suporte,
        }
    }
}

/// Lengths that may be granted, the one that was asked for first.
fn minutos(frame: &Frame, asked: i32) -> Vec<Choice> {
    let offered = MINUTOS.into_iter().rev().filter(|n| *n <= asked);
    offered.map(|n| Choice::new(n.to_string(), frame.t_n("suporte-minutos", n))).collect()
}

#[derive(Template)]
#[template(path = "acesso/suporte.html")]
pub(crate) struct SuportePage {
    frame: Frame,
    rows: Vec<Row>,
}

impl SuportePage {
    fn new(frame: Frame, all: Vec<Suporte>) -> Self {
        let frame = configuracoes::below(frame.titled("suporte-title"));
        Self { rows: all.into_iter().map(|one| Row::new(&frame, one)).collect(), frame }
    }
}

#[derive(Template)]
#[template(path = "acesso/suporte_entrar.html")]
pub(crate) struct PassagemPage {
    frame: Frame,
    action: String,
    viva: Viva,
}

const fn kind_key(viva: &Viva) -> &'static str {
    if viva.escrita { "suporte-kind-escrita" } else { "suporte-kind-leitura" }
}

async fn list(_: SuportePath, ctx: Ctx) -> web::Result<Response> {
    let mut platform = ctx.app.platform.begin().await?;
    let all = suporte::list(&mut platform, ctx.unidade.id).await?;
    platform.rollback().await?;
    Ok(Page(SuportePage::new(ctx.frame(), all)).into_response())
}

/// Says yes or no, or ends what was granted.
async fn decide(_: SuportePath, ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let form = FormState::from_body(&body);
    let over = || Ok(redirect(SuportePath::PATH, Some((Tone::Warning, "toast-suporte-over"))));
    let Ok(id) = form.raw("pedido").parse::<Uuid>() else { return over() };
    let mut platform = ctx.app.platform.begin().await?;
    let (actor, unidade) = (&ctx.actor, ctx.unidade.id);
    let (done, action, toast) = match form.raw("passo") {
        "conceder" => {
            let Some(minutos) = form.raw("minutos").parse().ok().filter(|n| MINUTOS.contains(n)) else { return over() };
            let granted = (minutos, form.has("escrita", "sim"));
            let done = suporte::conceder(&mut platform, actor, unidade, id, granted).await?;
            (done, "suporte.concedido", "toast-suporte-granted")
        }
        "recusar" => {
            let done = suporte::encerrar(&mut platform, actor, unidade, id, Fim::Recusado).await?;
            (done, Fim::Recusado.action(), "toast-suporte-refused")
        }
        "encerrar" => {
            let done = suporte::encerrar(&mut platform, actor, unidade, id, Fim::Encerrado).await?;
            (done, Fim::Encerrado.action(), "toast-suporte-ended")
        }
        _ => return over(),
    };
    let Some(done) = done else { return over() };
    keep(&ctx, platform, actor, action, &done).await?;
    Ok(redirect(SuportePath::PATH, Some((Tone::Success, toast))))
}

/// Both trails or nothing: the unidade's first, since a line too many there does less harm than one that is missing.
async fn keep(
    ctx: &CtxInner,
    platform: tenancy::PlatformTx,
    actor: &Actor,
    action: &'static str,
    suporte: &Suporte,
) -> web::Result<()> {
    ctx.app.tenants.record(&ctx.unidade, async |tx: &mut TenantTx| super::trail(tx, actor, action, suporte).await).await?;
    platform.commit().await?;
    Ok(())
}

/// A button, because a GET changes nothing, and because the browser says where a POST comes from.
async fn show(path: PassagemPath, ctx: Ctx) -> web::Result<Response> {
    let Ok(token) = path.token.parse::<Segredo>() else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let mut platform = ctx.app.platform.begin().await?;
    let viva = passagem::find_suporte(&mut platform, ctx.unidade.id, token.hash()).await?;
    platform.rollback().await?;
    Ok(match viva {
        Some(viva) => {
            let frame = ctx.frame().titled("suporte-entrar-title");
            Page(PassagemPage { frame, action: path.to_string(), viva }).into_response()
        }
        None => LinkOverPage::answer(ctx.frame()),
    })
}

async fn enter(path: PassagemPath, ctx: Ctx) -> web::Result<Response> {
    let Ok(token) = path.token.parse::<Segredo>() else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let mut platform = ctx.app.platform.begin().await?;
    let meta = ctx.actor.meta.clone();
    let Some((viva, cookie)) = super::entrar(&mut platform, ctx.unidade.id, &meta, &token).await? else {
        return Ok(LinkOverPage::answer(ctx.frame()));
    };
    let Some(suporte) = suporte::open_of(&mut platform, ctx.unidade.id, viva.admin_id).await? else {
        return Ok(LinkOverPage::answer(ctx.frame()));
    };
    keep(&ctx, platform, &super::trail_actor(&viva, meta), "suporte.entrou", &suporte).await?;
    let mut response = redirect(InicioPath::PATH, None);
    response.headers_mut().append(header::SET_COOKIE, cookies::session(&cookie, None));
    Ok(response)
}

/// The admin gives the access back before its time.
async fn leave(_: EncerrarPath, ctx: Ctx) -> web::Result<Response> {
    let Some(here) = &ctx.suporte else { return Ok(redirect(EntrarPath::PATH, None)) };
    let mut platform = ctx.app.platform.begin().await?;
    if let Some(done) = suporte::encerrar(&mut platform, &ctx.actor, ctx.unidade.id, here.id, Fim::Encerrado).await? {
        keep(&ctx, platform, &ctx.actor, Fim::Encerrado.action(), &done).await?;
    }
    let mut response = redirect(EntrarPath::PATH, Some((Tone::Success, "toast-suporte-ended")));
    response.headers_mut().append(header::SET_COOKIE, cookies::no_session());
    Ok(response)
}

#[cfg(test)]
impl SuportePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let clock = kernel::Clock::system();
        let one = |situacao: &str, escrita: bool, motivo: &str| Suporte {
            id: clock.uuid(),
            unidade_id: tenancy::UnidadeId::new(clock.uuid()),
            admin_id: clock.uuid(),
            admin_nome: "Paula <script>alert(1)</script> Reis".into(),
            motivo: motivo.to_owned(),
            minutos_pedidos: 120,
            escrita_pedida: escrita,
            situacao: situacao.to_owned(),
            asked_at: frame.now,
            expires_at: frame.now + chrono::TimeDelta::hours(1),
            escrita,
            decided_at: None,
            decided_by_nome: Some("Marina <b>Costa</b>".into()),
            ended_at: None,
            ended_by_nome: None,
        };
        let all = ["pedido", "concedido", "recusado", "retirado", "encerrado", "vencido"];
        let all = all.map(|situacao| one(situacao, situacao != "pedido", &"longo ".repeat(50))).into();
        vec![Self::new(frame.clone(), Vec::new()), Self::new(frame.clone(), all)]
    }
}

#[cfg(test)]
impl PassagemPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let clock = kernel::Clock::system();
        let viva = Viva {
            suporte_id: clock.uuid(),
            admin_id: clock.uuid(),
            admin_nome: "Paula <script>alert(1)</script> Reis".into(),
            escrita: true,
            expires_at: frame.now,
            last_used_at: None,
        };
        let frame = frame.clone().titled("suporte-entrar-title");
        vec![Self { frame, action: PassagemPath { token: Segredo::draw().reveal() }.to_string(), viva }]
    }
}
