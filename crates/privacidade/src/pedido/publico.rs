//! `/privacidade`, for everybody: what the unidade keeps of people and why, whom to ask, and asking; `/conta/privacidade`, for those
//! who are signed in.

use std::collections::BTreeSet;

use acesso::{Segredo, convite::pages::LinkOverPage, usuario};
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::Fault;
use messaging::Links;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Confirmado, ForaError, Pedido, PedidoError, Situacao, Tipo, confirmar, find_by_link, pages, pedir_da_conta, pedir_de_fora,
    sql,
};
use crate::{
    consentimento::{self, Posicao, conta},
    encarregado::{self, Encarregado},
    mapa::{Operacao, of_unidade},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/privacidade")]
pub(crate) struct PublicoPath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/privacidade/pedidos/{token}", rejection(web::BadPath))]
pub(crate) struct LinkPath {
    pub token: String,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/privacidade")]
pub(crate) struct ContaPath;

/// A text of 4000 letters, each of which may take twelve signs on the way.
const BODY_LIMIT: usize = 64 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(page, Access::Public),
        Route::post(ask, Access::Public)
            .body_limit(BODY_LIMIT)
            .sample("/privacidade", "tipo=acesso&nome=Rita+Reis&email=rita%40fora.example"),
        Route::get(standing, Access::Public).ids(&["pedido_link"]).sample("/privacidade/pedidos/{pedido_link}", ""),
        Route::post(confirm, Access::Public).ids(&["pedido_link"]).sample("/privacidade/pedidos/{pedido_link}", ""),
        Route::get(own, Access::SignedIn),
        Route::post(ask_own, Access::SignedIn).body_limit(BODY_LIMIT).sample("/conta/privacidade", "tipo=acesso&texto=Tudo"),
    ]
}

/// What is kept for one purpose, in plain words.
struct Guardado {
    nome: &'static str,
    fim: &'static str,
    base: &'static str,
    /// Kinds of data, and how long.
    dados: String,
    guarda: Vec<String>,
}

/// The map without what says nothing of people.
fn guardados(frame: &Frame) -> Vec<Guardado> {
    let one = |operacao: Operacao| {
        let tabelas: Vec<_> = of_unidade().filter(|tabela| tabela.operacao == operacao).collect();
        let classes: BTreeSet<_> = tabelas.iter().flat_map(|tabela| tabela.classes()).collect();
        let guarda: BTreeSet<_> = tabelas.iter().map(|tabela| tabela.guarda).collect();
        let [nome, fim, _, base] = operacao.words().map(|key| frame.t(key));
        let dados = classes.iter().map(|classe| frame.t(classe.label())).collect::<Vec<_>>().join(", ");
        Guardado { nome, fim, base, dados, guarda: guarda.into_iter().map(|one| one.said(frame.lang)).collect() }
    };
    let said = Operacao::ALL.into_iter().filter(|one| *one != Operacao::Tecnica).map(one);
    said.filter(|one| !one.dados.is_empty()).collect()
}

#[derive(Template)]
#[template(path = "privacidade/publico.html")]
pub(crate) struct PublicoPage {
    frame: Frame,
    form: FormState,
    unidade: String,
    encarregado: Option<Encarregado>,
    guardados: Vec<Guardado>,
    tipos: Vec<Choice>,
    /// It was sent; what comes next is in a mailbox.
    asked: bool,
}

impl PublicoPage {
    pub(crate) fn new(frame: Frame, form: FormState, encarregado: Option<Encarregado>, asked: bool) -> Self {
        let frame = frame.titled("publico-title");
        Self {
            guardados: guardados(&frame),
            tipos: pages::tipos(&frame),
            unidade: frame.brand().to_owned(),
            form,
            encarregado,
            asked,
            frame,
        }
    }
}

async fn page(_: PublicoPath, mut ctx: Ctx) -> web::Result<Page<PublicoPage>> {
    let ctx = &mut *ctx;
    let reach = encarregado::find(&mut ctx.tx).await?;
    Ok(Page(PublicoPage::new(ctx.frame(), FormState::new(), reach, false)))
}

async fn ask(_: PublicoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let reach = encarregado::find(&mut ctx.tx).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(novo) = pages::novo(&mut form, true) {
        let links = Links::new(ctx.app.config.base.as_str(), "console").map_err(|e| Fault::new("base address", e))?;
        let (meta, lang) = (ctx.meta().clone(), ctx.lang);
        match pedir_de_fora(&mut ctx.tx, &meta, &links, lang, &novo).await {
            Ok(()) => return Ok(Page(PublicoPage::new(ctx.frame(), FormState::new(), reach, true)).into_response()),
            Err(ForaError::Fault(fault)) => return Err(fault.into()),
            Err(refused) => {
                status = StatusCode::TOO_MANY_REQUESTS;
                form.refuse(ctx.lang, &refused);
            }
        }
    }
    Ok((status, Page(PublicoPage::new(ctx.frame(), form, reach, false))).into_response())
}

#[derive(Template)]
#[template(path = "privacidade/andamento.html")]
pub(crate) struct AndamentoPage {
    frame: Frame,
    one: Pedido,
    action: String,
    /// It still has to be confirmed.
    waits: bool,
    tipo: &'static str,
    status: (&'static str, &'static str, &'static str),
    until: Option<String>,
    encarregado: Option<Encarregado>,
}

impl AndamentoPage {
    pub(crate) fn new(frame: Frame, one: Pedido, action: String, encarregado: Option<Encarregado>) -> Self {
        let waits = one.situacao == Situacao::AConfirmar;
        let frame = frame.titled(if waits { "andamento-confirm-title" } else { "andamento-title" });
        Self {
            waits,
            tipo: frame.t(one.tipo.label()),
            status: pages::status(&frame, one.situacao),
            until: one.data_limite.filter(|_| one.situacao.is_open()).map(|day| frame.date(day)),
            one,
            action,
            encarregado,
            frame,
        }
    }
}

/// A page that only its reader may have: no cache keeps it. No other site learns its address: that is so for every page.
pub(crate) fn private(page: impl IntoResponse) -> Response {
    let mut response = page.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Shows how it stands and changes nothing: mail scanners open links too.
async fn standing(path: LinkPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let found = match path.token.parse::<Segredo>() {
        Ok(token) => find_by_link(&mut ctx.tx, &token).await?,
        Err(_) => None,
    };
    let Some(found) = found else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let reach = encarregado::find(&mut ctx.tx).await?;
    Ok(private(Page(AndamentoPage::new(ctx.frame(), found, path.to_string(), reach))))
}

async fn confirm(path: LinkPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let meta = ctx.meta().clone();
    let done = match path.token.parse::<Segredo>() {
        Ok(token) => confirmar(&mut ctx.tx, &meta, &token).await?,
        Err(_) => None,
    };
    Ok(match done {
        Some(Confirmado::Agora(_)) => redirect(&path.to_string(), Some((Tone::Success, "toast-pedido-confirmado"))),
        Some(Confirmado::Antes(_)) => redirect(&path.to_string(), None),
        None => LinkOverPage::answer(ctx.frame()),
    })
}

/// An own one as printed.
struct Meu {
    protocolo: String,
    tipo: &'static str,
    status: (&'static str, &'static str, &'static str),
    at: DateTime<Utc>,
    until: Option<String>,
    resposta: Option<String>,
    fundamento: Option<String>,
}

#[derive(Template)]
#[template(path = "privacidade/conta.html")]
pub(crate) struct ContaPage {
    frame: Frame,
    form: FormState,
    tipos: Vec<Choice>,
    rows: Vec<Meu>,
    consentimentos: Vec<conta::Meu>,
    encarregado: Option<Encarregado>,
}

impl ContaPage {
    pub(crate) fn new(
        frame: Frame,
        form: FormState,
        all: Vec<Pedido>,
        posicoes: Vec<Posicao>,
        encarregado: Option<Encarregado>,
    ) -> Self {
        let label = frame.t("frame-my-account");
        let frame = frame.crumb(label, "/conta").titled("meus-pedidos-title");
        let row = |one: Pedido| Meu {
            tipo: frame.t(one.tipo.label()),
            status: pages::status(&frame, one.situacao),
            at: one.recebido_at.unwrap_or(one.created_at),
            until: one.data_limite.filter(|_| one.situacao.is_open()).map(|day| frame.date(day)),
            protocolo: one.protocolo,
            resposta: one.resposta,
            fundamento: one.fundamento,
        };
        Self {
            tipos: pages::tipos(&frame),
            rows: all.into_iter().map(row).collect(),
            consentimentos: posicoes.into_iter().map(conta::Meu::new).collect(),
            form,
            encarregado,
            frame,
        }
    }
}

async fn load(ctx: &mut CtxInner, form: FormState) -> web::Result<ContaPage> {
    let me = usuario::of(&ctx.actor).ok_or_else(web::Error::not_found)?;
    let all = sql::of_account(&mut ctx.tx, me.uuid()).await?;
    let (quem, _) = consentimento::own(&mut ctx.tx, &ctx.actor).await?;
    let posicoes = consentimento::posicoes(&mut ctx.tx, &quem).await?;
    let reach = encarregado::find(&mut ctx.tx).await?;
    Ok(ContaPage::new(ctx.frame(), form, all, posicoes, reach))
}

async fn own(_: ContaPath, mut ctx: Ctx) -> web::Result<Page<ContaPage>> {
    Ok(Page(load(&mut ctx, FormState::new()).await?))
}

async fn ask_own(_: ContaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (tipo, texto) = (form.choice("tipo", Tipo::from_code), form.optional("texto"));
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let (Some(tipo), Some(texto)) = (tipo, texto) {
        match pedir_da_conta(&mut ctx.tx, &ctx.actor, ctx.lang, tipo, texto).await {
            Ok(_) => return Ok(redirect(ContaPath::PATH, Some((Tone::Success, "toast-pedido-enviado")))),
            Err(error @ PedidoError::Rule(_)) => {
                status = StatusCode::CONFLICT;
                form.refuse(ctx.lang, &error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok((status, Page(load(ctx, form).await?)).into_response())
}
