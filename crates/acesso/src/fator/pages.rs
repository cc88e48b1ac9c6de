//! `/conta/seguranca`: what a person proves besides the senha.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Fault, Invalid};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{Fatores, Metodo, Mudanca, MudarFator, MudarFatorError, Setup, confirmar_app, mudar};
use crate::{
    chave::{
        self, Chave,
        pages::{ChavePath, RetirarChavePath},
    },
    passo::pages::ReservaPage,
    regra::SegundoFator,
    senha::Senha,
    sessao::SessaoId,
    usuario::{self, pages::ContaPath},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/seguranca")]
pub struct SegurancaPath;

/// The first code of an app that was begun.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/seguranca/codigo")]
pub struct SegurancaCodigoPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn),
        Route::post(change, Access::SignedIn).sample("/conta/seguranca", "acao=ligar-email&senha_atual={usuario.senha}"),
        Route::post(code, Access::SignedIn).sample("/conta/seguranca/codigo", "codigo=000000"),
    ]
}

/// What a form asks for.
fn mudanca(acao: &str) -> Option<Mudanca> {
    match acao {
        "ligar-app" => Some(Mudanca::ComecarTotp),
        "ligar-email" => Some(Mudanca::LigarEmail),
        "retirar-app" => Some(Mudanca::Retirar(Metodo::Totp)),
        "retirar-email" => Some(Mudanca::Retirar(Metodo::Email)),
        "nova-reserva" => Some(Mudanca::NovaReserva),
        _ => None,
    }
}

/// One kind of second factor, as its card is printed.
struct Kind {
    icon: &'static str,
    title: &'static str,
    text: &'static str,
    on: bool,
    /// Value and label of the button that changes it.
    acao: Option<(&'static str, &'static str)>,
    /// The one whose form was sent and refused.
    asked: bool,
}

#[derive(Template)]
#[template(path = "acesso/seguranca.html")]
pub(crate) struct SegurancaPage {
    frame: Frame,
    email: String,
    kinds: Vec<Kind>,
    setup: Option<Setup>,
    chaves: Vec<Key>,
    /// Chaves may be added.
    offered: bool,
    /// Why nothing is offered, or what must stay.
    notice: Option<&'static str>,
    reserva: String,
    may_renew: bool,
    has_senha: bool,
    form: FormState,
    acao: String,
}

/// A chave as its row is printed.
struct Key {
    nome: String,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    rename: String,
    remove: String,
}

impl Key {
    fn new(chave: Chave) -> Self {
        Self {
            rename: ChavePath { id: chave.id }.to_string(),
            remove: RetirarChavePath { id: chave.id }.to_string(),
            nome: chave.nome,
            created_at: chave.created_at,
            last_used_at: chave.last_used_at,
        }
    }
}

/// What the page shows of its person.
struct Shown {
    email: String,
    chaves: Vec<Chave>,
    fatores: Fatores,
    setup: Option<Setup>,
    has_senha: bool,
}

impl SegurancaPage {
    fn new(frame: Frame, shown: Shown, form: FormState) -> Self {
        let title = frame.t("conta-title");
        let frame = frame.crumb(title, ContaPath::PATH).titled("seguranca-title");
        let Shown { email, chaves, fatores, setup, has_senha } = shown;
        let offered = fatores.regra != SegundoFator::Desligado;
        let acao = form.raw("acao").to_owned();
        let kind = |icon, title, text, on: bool, add, remove| {
            let (value, label) = if on { (remove, "fator-remove") } else { (add, "fator-add") };
            let button = (on || offered).then(|| (value, frame.t(label)));
            Kind { icon, title: frame.t(title), text: frame.t(text), on, asked: acao == value, acao: button }
        };
        let kinds = vec![
            kind("telephone", "fator-app", "fator-app-text", fatores.totp, "ligar-app", "retirar-app"),
            kind("envelope", "fator-email", "fator-email-text", fatores.email, "ligar-email", "retirar-email"),
        ];
        Self {
            notice: match fatores.regra {
                SegundoFator::Desligado => Some(frame.t("seguranca-off")),
                SegundoFator::Oferecido => None,
                SegundoFator::Exigido => Some(frame.t("seguranca-required")),
            },
            reserva: frame.t_n("reserva-left", fatores.reserva),
            may_renew: fatores.any(),
            kinds,
            chaves: chaves.into_iter().map(Key::new).collect(),
            offered,
            email,
            setup,
            has_senha,
            form,
            acao,
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, form: FormState) -> web::Result<Self> {
        let own = usuario::of(&ctx.actor).ok_or_else(Error::not_found)?;
        let key = ctx.app.platform.config().master_key.clone();
        let shown = Shown {
            email: usuario::find(&mut ctx.tx, own).await?.ok_or_else(Error::not_found)?.email,
            chaves: chave::list(&mut ctx.tx, own).await?,
            fatores: super::of_usuario(&mut ctx.tx, own).await?,
            setup: super::setup(&mut ctx.tx, &key, own).await?,
            has_senha: usuario::has_senha(&mut ctx.tx, own).await?,
        };
        Ok(Self::new(ctx.frame(), shown, form))
    }
}

async fn show(_: SegurancaPath, mut ctx: Ctx) -> web::Result<Page<SegurancaPage>> {
    Ok(Page(SegurancaPage::load(&mut ctx, FormState::new()).await?))
}

async fn change(_: SegurancaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = FormState::from_body(&body).secret("senha_atual");
    let Some(mudanca) = mudanca(form.raw("acao")) else { return Err(Error::status(StatusCode::BAD_REQUEST, "body")) };
    // As typed: the form would trim it.
    let senha = Senha::typed(form.all("senha_atual").first().map_or("", String::as_str));
    let mut page = SegurancaPage::load(&mut ctx, FormState::from_body(&body).secret("senha_atual")).await?;
    let sessao = ctx.session.map(SessaoId::new).ok_or_else(|| Fault::because("a person without a sessão"))?;
    let (frame, actor) = (ctx.frame(), ctx.actor.clone());
    let (tenants, unidade, key) =
        (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.app.platform.config().master_key.clone());
    ctx.release().await?;
    match mudar(&tenants, &unidade, &key, &actor, MudarFator { mudanca, senha, sessao }).await {
        Ok(codes) if codes.is_empty() => {
            let toast = if mudanca == Mudanca::ComecarTotp { None } else { Some((Tone::Success, "toast-saved")) };
            Ok(redirect(SegurancaPath::PATH, toast))
        }
        // Shown by this answer and never again: they are kept nowhere.
        Ok(codes) => Ok(Page(ReservaPage::new(frame, codes, SegurancaPath::PATH)).into_response()),
        Err(MudarFatorError::Fault(fault)) => Err(fault.into()),
        Err(refused) => {
            form.refuse(frame.lang, &refused);
            page.form = form;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

async fn code(_: SegurancaCodigoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body).secret("codigo");
    let own = usuario::of(&ctx.actor).ok_or_else(Error::not_found)?;
    let key = ctx.app.platform.config().master_key.clone();
    if super::setup(&mut ctx.tx, &key, own).await?.is_none() {
        return Ok(redirect(SegurancaPath::PATH, Some((Tone::Info, "toast-fator-nothing"))));
    }
    match confirmar_app(&mut ctx.tx, &key, &ctx.actor, form.raw("codigo")).await? {
        Some(codes) if codes.is_empty() => Ok(redirect(SegurancaPath::PATH, Some((Tone::Success, "toast-saved")))),
        Some(codes) => Ok(Page(ReservaPage::new(ctx.frame(), codes, SegurancaPath::PATH)).into_response()),
        None => {
            form.fail("codigo", Invalid::new("codigo"));
            let page = SegurancaPage::load(ctx, form).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[cfg(test)]
impl SegurancaPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let clock = kernel::Clock::system();
        let key = |last_used_at| Chave {
            id: chave::ChaveId::new(clock.uuid()),
            nome: "<script>alert(1)</script>".into(),
            created_at: frame.now,
            last_used_at,
        };
        let shown = |regra, on: bool, setup: bool, has_senha| Shown {
            email: "marina.costa@senai.example".into(),
            chaves: if on { vec![key(None), key(Some(frame.now))] } else { Vec::new() },
            fatores: Fatores { regra, totp: on && !setup, email: on, chaves: 0, reserva: if on { 7 } else { 0 } },
            setup: setup.then(|| Setup { picture: "iVBOR".to_owned(), text: "MZXW 6YTB".repeat(4) }),
            has_senha,
        };
        let mut wrong = FormState::new().with("acao", "retirar-app");
        wrong.refuse(frame.lang, &MudarFatorError::LastFator);
        wrong.fail("senha_atual", Invalid::new("senha-atual"));
        let mut code = FormState::new();
        code.fail("codigo", Invalid::new("codigo"));
        vec![
            Self::new(frame.clone(), shown(SegundoFator::Oferecido, false, false, true), FormState::new()),
            Self::new(frame.clone(), shown(SegundoFator::Exigido, true, false, true), wrong),
            Self::new(frame.clone(), shown(SegundoFator::Oferecido, true, true, false), code),
            Self::new(frame.clone(), shown(SegundoFator::Desligado, false, false, true), FormState::new()),
        ]
    }
}
