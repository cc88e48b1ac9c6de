//! The preview of an erasure, the decision, and the receipts.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, FormBody, Module, Page, Query, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    pecas::Tab,
    redirect,
    titular::{Efeito, Titular},
};

use super::{Apagamento, Apagar, ApagarError, apagar, find, prever, sql};
use crate::{
    APAGAR, Aba, VER, below,
    pedido::{ATENDER, PedidoId, ligar_apagamento, pages::PedidoPath},
    titular::{
        TitularRef, acervos,
        pages::{DossiePath, PrivacidadePath},
    },
};

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/titulares/{titular}/apagar", rejection(web::BadPath))]
pub(crate) struct ApagarPath {
    pub titular: TitularRef,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/recibos")]
pub(crate) struct RecibosPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/recibos/{apagamento}", rejection(web::BadPath))]
pub(crate) struct ReciboPath {
    pub apagamento: Uuid,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &str = "/configuracoes/privacidade/titulares/contato-{contato}/apagar";
    let ids: &'static [&'static str] = &["contato"];
    vec![
        // Audited in that it may write: the preview is the erasure, taken back.
        Route::get(preview, Access::Needs(APAGAR)).audited().ids(ids).sample(ONE, ""),
        Route::post(decide, Access::Needs(APAGAR)).ids(ids).sample(ONE, "confirmacao=Sueli+Ramos"),
        Route::get(list, Access::Needs(VER)),
        Route::get(show, Access::Needs(VER)).ids(&["apagamento"]).sample("/configuracoes/privacidade/recibos/{apagamento}", ""),
    ]
}

/// What happens in one place, as printed.
struct Linha {
    label: &'static str,
    efeito: Efeito,
    /// Why something stays.
    guarda: Option<&'static str>,
}

fn linhas(frame: &Frame, modules: &[Module], efeitos: &[(String, Efeito)]) -> Vec<Linha> {
    let line = |(name, efeito): &(String, Efeito)| {
        let acervo = acervos(modules).find(|acervo| acervo.name == name);
        Linha {
            label: acervo.map_or("—", |acervo| frame.t(acervo.label)),
            efeito: *efeito,
            guarda: acervo.and_then(|acervo| acervo.guarda).map(|key| frame.t(key)),
        }
    };
    efeitos.iter().map(line).collect()
}

#[derive(Template)]
#[template(path = "privacidade/apagar.html")]
pub(crate) struct ApagarPage {
    frame: Frame,
    form: FormState,
    titular: Titular,
    path: String,
    back: String,
    por_nome: bool,
    linhas: Vec<Linha>,
    /// Why this person cannot be erased.
    refused: Option<String>,
    /// On account of which pedido.
    pedido: Option<PedidoId>,
}

impl ApagarPage {
    pub(crate) fn new(
        frame: Frame,
        modules: &[Module],
        form: FormState,
        titular: Titular,
        por_nome: bool,
        efeitos: &[(String, Efeito)],
    ) -> Self {
        let which = TitularRef::from(&titular);
        let back = DossiePath { titular: which.clone() }.to_string();
        let label = frame.t("privacidade-title");
        let frame =
            below(frame).crumb(label, PrivacidadePath::PATH).crumb(titular.nome.clone(), back.clone()).titled("apagar-title");
        Self {
            linhas: linhas(&frame, modules, efeitos),
            path: ApagarPath { titular: which }.to_string(),
            form,
            titular,
            back,
            por_nome,
            refused: None,
            pedido: None,
            frame,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    /// Whether the full name alone counts.
    nome: Option<String>,
    pedido: Option<PedidoId>,
}

async fn preview(path: ApagarPath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<ApagarPage>> {
    let por_nome = asked.nome.is_some();
    let page = load(&mut ctx, &path.titular, por_nome, FormState::new()).await?;
    Ok(Page(ApagarPage { pedido: asked.pedido, ..page }))
}

async fn load(ctx: &mut CtxInner, which: &TitularRef, por_nome: bool, form: FormState) -> web::Result<ApagarPage> {
    let frame = ctx.frame();
    match prever(&mut ctx.tx, &ctx.actor, &ctx.app.modules, which, por_nome).await {
        Ok((titular, efeitos)) => Ok(ApagarPage::new(frame, &ctx.app.modules, form, titular, por_nome, &efeitos)),
        Err(ApagarError::Guarded(refused)) if !refused.status_code().is_server_error() => {
            let titular = crate::titular::get(&mut ctx.tx, &ctx.app.modules, which).await?.ok_or_else(web::Error::not_found)?;
            let page = ApagarPage::new(frame, &ctx.app.modules, form, titular, por_nome, &[]);
            Ok(ApagarPage { refused: Some(refused.title(ctx.lang)), ..page })
        }
        Err(error) => Err(error.into()),
    }
}

async fn decide(path: ApagarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let por_nome = form.has("nome", "sim");
    let pedido = form.raw("pedido").parse::<PedidoId>().ok();
    let cmd = Apagar { titular: &path.titular, por_nome, confirmacao: form.raw("confirmacao") };
    match apagar(&mut ctx.tx, &ctx.actor, &ctx.app.modules, cmd).await {
        Ok(done) => {
            if let Some(pedido) = pedido.filter(|_| ctx.actor.may(&ATENDER)) {
                ligar_apagamento(&mut ctx.tx, &ctx.actor, pedido, done.id).await?;
                return Ok(redirect(&PedidoPath { pedido }.to_string(), Some((Tone::Success, "toast-apagado-do-pedido"))));
            }
            Ok(redirect(&ReciboPath { apagamento: done.id }.to_string(), Some((Tone::Success, "toast-apagado"))))
        }
        Err(ApagarError::NotConfirmed) => {
            form.fail("confirmacao", kernel::Invalid::new("apagar-confirmacao"));
            let page = load(ctx, &path.titular, por_nome, form).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ApagarPage { pedido, ..page })).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A receipt as printed.
struct Recibo {
    href: String,
    protocolo: String,
    actor: String,
    at: DateTime<Utc>,
    reapplied: Option<DateTime<Utc>>,
}

impl Recibo {
    fn new(done: &Apagamento) -> Self {
        Self {
            href: ReciboPath { apagamento: done.id }.to_string(),
            protocolo: done.protocolo.clone(),
            actor: done.actor_nome.clone(),
            at: done.created_at,
            reapplied: done.reapplied_at,
        }
    }
}

#[derive(Template)]
#[template(path = "privacidade/recibos.html")]
pub(crate) struct RecibosPage {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Recibo>,
}

impl RecibosPage {
    pub(crate) fn new(frame: Frame, all: &[Apagamento]) -> Self {
        let frame = below(frame).titled("recibos-title");
        Self { tabs: Aba::Recibos.tabs(&frame), rows: all.iter().map(Recibo::new).collect(), frame }
    }
}

/// Receipts on the page; nobody has asked for more in years.
const SHOWN: i64 = 200;

async fn list(_: RecibosPath, mut ctx: Ctx) -> web::Result<Page<RecibosPage>> {
    let ctx = &mut *ctx;
    let all = sql::list(&mut ctx.tx, SHOWN).await?;
    Ok(Page(RecibosPage::new(ctx.frame(), &all)))
}

#[derive(Template)]
#[template(path = "privacidade/recibo.html")]
pub(crate) struct ReciboPage {
    frame: Frame,
    recibo: Recibo,
    unidade: String,
    por_nome: bool,
    linhas: Vec<Linha>,
}

impl ReciboPage {
    pub(crate) fn new(frame: Frame, modules: &[Module], done: &Apagamento) -> Self {
        let label = frame.t("recibos-title");
        let frame = below(frame).crumb(label, RecibosPath::PATH).title(done.protocolo.clone());
        Self {
            linhas: linhas(&frame, modules, &done.efeitos),
            recibo: Recibo::new(done),
            unidade: frame.brand().to_owned(),
            por_nome: done.por_nome,
            frame,
        }
    }
}

async fn show(path: ReciboPath, mut ctx: Ctx) -> web::Result<Page<ReciboPage>> {
    let ctx = &mut *ctx;
    let done = find(&mut ctx.tx, path.apagamento).await?.ok_or_else(web::Error::not_found)?;
    Ok(Page(ReciboPage::new(ctx.frame(), &ctx.app.modules, &done)))
}
