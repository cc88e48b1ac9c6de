use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{ErrorKind, Fault, Invalid, Kind};
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Ctx, FormBody, Page, Query, Route, coming_back, cookies, filters,
    forms::FormState,
    frame::{Frame, Tone},
    local_path, redirect,
};

use super::{Entrar, EntrarError, entrar};
use crate::{
    aparelho::Aparelhos,
    fator::Due,
    passo::{self, Entrou},
    provedor::{self, Oferta, entrar_pages::EntrarProvedorPath},
    senha::Senha,
    sessao::{self, NovaSessao, SessaoId},
    telefone::{self, pages::TelefonePath},
};

/// The longest password in the longest spelling of a form, and the rest.
const BODY_LIMIT: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/")]
pub struct InicioPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar")]
pub struct EntrarPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/sair")]
pub struct SairPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(inicio, Access::SignedIn),
        Route::get(form, Access::Public),
        Route::post(post, Access::Public)
            .body_limit(BODY_LIMIT)
            .sample("/entrar", "email={usuario.email}&senha={usuario.senha}&voltar=/conta"),
        Route::post(sair, Access::SignedIn),
    ]
}

#[derive(Template)]
#[template(path = "acesso/entrar.html")]
pub(crate) struct EntrarPage {
    frame: Frame,
    form: FormState,
    voltar: String,
    /// Where a code on the telephone is asked for, if it opens anything.
    telefone: Option<String>,
    /// Where the way to each provedor begins, its icon, and what its button says.
    provedores: Vec<(String, &'static str, String)>,
}

/// The ways in besides the senha that this unidade offers.
struct Ways {
    telefone: bool,
    provedores: Vec<Oferta>,
}

impl Ways {
    async fn load(tx: &mut TenantTx) -> Result<Self, Fault> {
        Ok(Self { telefone: telefone::is_offered(tx).await?, provedores: provedor::offered(tx).await? })
    }
}

impl EntrarPage {
    fn new(frame: Frame, form: FormState, voltar: &str, ways: Ways) -> Self {
        let telefone = ways.telefone.then(|| coming_back(TelefonePath::PATH, voltar));
        let button = |one: &Oferta| {
            let label = frame.t_with("login-provedor", &[("nome", one.nome.as_str().into())]);
            (EntrarProvedorPath { id: one.id }.to_string(), one.icon(), label)
        };
        let provedores = ways.provedores.iter().map(button).collect();
        Self { frame: frame.titled("login-title"), form, voltar: voltar.to_owned(), telefone, provedores }
    }
}

/// Where somebody works: the first entry of the navigation they have, else their account. Before it come the comunicados that they
/// have not put away, and the first steps of a unidade that is still to be set up.
async fn inicio(_: InicioPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    if let Some(page) = crate::comunicado::leitor_pages::on_arrival(ctx).await? {
        return Ok(page);
    }
    if let Some(page) = crate::primeiros::pages::on_arrival(ctx).await? {
        return Ok(page);
    }
    Ok(redirect(&work(&ctx.frame()), None))
}

/// Where they work whom nothing stops.
pub(crate) fn work(frame: &Frame) -> String {
    let hrefs = frame.nav.iter().flat_map(|group| &group.items).map(|item| item.href.as_str());
    hrefs.into_iter().find(|href| *href != InicioPath::PATH).unwrap_or(crate::usuario::pages::ContaPath::PATH).to_owned()
}

#[derive(Debug, Default, Deserialize)]
struct Back {
    #[serde(default)]
    voltar: String,
}

async fn form(_: EntrarPath, mut ctx: Ctx, Query(back): Query<Back>) -> web::Result<Response> {
    let voltar = local_path(&back.voltar).unwrap_or(InicioPath::PATH);
    if ctx.actor.is_signed_in() {
        return Ok(redirect(voltar, None));
    }
    let ways = Ways::load(&mut ctx.tx).await?;
    Ok(Page(EntrarPage::new(ctx.frame(), FormState::new(), voltar, ways)).into_response())
}

async fn post(_: EntrarPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = FormState::from_body(&body).secret("senha");
    let voltar = local_path(form.value("voltar")).unwrap_or(InicioPath::PATH).to_owned();
    let frame = ctx.frame();
    let ways = Ways::load(&mut ctx.tx).await?;
    for field in ["email", "senha"] {
        if form.all(field).first().is_none_or(String::is_empty) {
            form.fail(field, Invalid::new("required"));
        }
    }
    if !form.is_ok() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(EntrarPage::new(frame, form, &voltar, ways))).into_response());
    }
    let cmd = Entrar {
        email: form.raw("email").to_owned(),
        // As typed: the form would trim it.
        senha: Senha::typed(form.all("senha").first().map_or("", String::as_str)),
        previous: ctx.session.map(SessaoId::new),
        aparelhos: Aparelhos::of(&headers),
    };
    let (tenants, unidade, meta) = (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.meta().clone());
    ctx.release().await?;
    match entrar(&tenants, &unidade, &meta, cmd).await {
        Ok(entrou) => Ok(arrived(&voltar, entrou)),
        Err(EntrarError::Fault(fault)) => Err(fault.into()),
        Err(refused) => {
            form.refuse(frame.lang, &refused);
            let status = if refused.kind() == Kind::Unavailable {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            Ok((status, Page(EntrarPage::new(frame, form, &voltar, ways))).into_response())
        }
    }
}

/// Hands the browser its new sessão.
pub(crate) fn signed_in(to: &str, nova: NovaSessao) -> Response {
    let mut response = redirect(to, None);
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookies::session(&nova.cookie.reveal(), nova.kept));
    add_cookies(headers, nova);
    response
}

/// Besides the sessão's own: language, what makes the browser known, and no passo any more.
pub(crate) fn add_cookies(headers: &mut HeaderMap, nova: NovaSessao) {
    headers.append(header::SET_COOKIE, cookies::no_passo());
    headers.append(header::SET_COOKIE, cookies::no_telefone());
    if let Some(aparelho) = nova.aparelho {
        headers.append(header::SET_COOKIE, aparelho);
    }
    if let Some(lang) = nova.idioma {
        headers.append(header::SET_COOKIE, cookies::idioma(lang));
    }
}

/// To where they wanted, or to the second factor first.
pub(crate) fn arrived(to: &str, entrou: Entrou) -> Response {
    let novo = match entrou {
        Entrou::Sessao(nova) => return signed_in(to, nova),
        Entrou::Passo(novo) => novo,
        Entrou::Fechada => return redirect(&coming_back(EntrarPath::PATH, to), Some((Tone::Warning, "toast-outro-caminho"))),
    };
    let path = match (novo.due, novo.mailed) {
        (Due::Enrol, _) => passo::pages::CadastrarPath::PATH.to_owned(),
        (_, true) => format!("{}?via=email", passo::pages::ConfirmarPath::PATH),
        (_, false) => passo::pages::ConfirmarPath::PATH.to_owned(),
    };
    let mut response = redirect(&coming_back(&path, to), None);
    response.headers_mut().append(header::SET_COOKIE, cookies::passo(&novo.cookie.reveal()));
    response
}

async fn sair(_: SairPath, mut ctx: Ctx) -> web::Result<Response> {
    if let Some(id) = ctx.session.map(SessaoId::new) {
        let ctx = &mut *ctx;
        sessao::sair(&mut ctx.tx, &ctx.actor, id).await?;
    }
    if let Some((here, admin)) = ctx.suporte.as_ref().map(|suporte| suporte.id).zip(ctx.actor.id) {
        ctx.app.platform.write(async |tx: &mut tenancy::PlatformTx| tenancy::suporte::sair(tx, here).await).await?;
        ctx.tx.tell(web::live::WHO, admin).await?;
    }
    let mut response = redirect(EntrarPath::PATH, Some((Tone::Success, "toast-signed-out")));
    response.headers_mut().append(header::SET_COOKIE, cookies::no_session());
    // What the browser remembers of the pages goes too (ASVS V14.3.1).
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

#[cfg(test)]
impl EntrarPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let mut wrong = FormState::new().with("email", "\"ana\"@<b>senai</b>.example").secret("senha");
        wrong.refuse(frame.lang, &EntrarError::Wrong);
        let mut wait = FormState::new().with("email", "a@b.example").secret("senha");
        wait.refuse(frame.lang, &EntrarError::TooMany);
        let mut empty = FormState::new().secret("senha");
        empty.fail("email", Invalid::new("required"));
        let provedor = |nome: &str| Oferta {
            id: provedor::ProvedorId::new(uuid::Uuid::nil()),
            tipo: provedor::Tipo::Google,
            nome: nome.to_owned(),
        };
        let ways = || Ways { telefone: true, provedores: ["FIESC", "<b>Costa</b>"].map(provedor).into() };
        [FormState::new(), wrong, wait, empty].map(|form| Self::new(frame.clone(), form, "/empresas?q=%22a%22", ways())).into()
    }
}
