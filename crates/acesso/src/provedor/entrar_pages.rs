//! `/entrar/provedor/{id}`, from where the browser goes to a provedor, and `/entrar/provedor/volta`, to where it comes back.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Fault, RequestMeta};
use messaging::Mailer;
use serde::Deserialize;
use tenancy::{TenantTx, Unidade};
use web::{
    Access, App, Ctx, Error, FormBody, Page, Query, Route, coming_back, cookies, filters,
    forms::FormState,
    frame::{Frame, Tone},
    local_path, redirect,
};

use super::{
    Chegou, Comecada, Comecar, ComecarError, ComecarRule, Concluir, ConcluirError, ConcluirRule, ProvedorId, Resposta, comecar,
    concluir, conta_pages::ProvedoresContaPath, pages::volta,
};
use crate::{
    aparelho::Aparelhos,
    entrar::pages::{EntrarPath, InicioPath, arrived},
    segredo::Segredo,
    sessao::SessaoId,
    usuario,
};

const BODY_LIMIT: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/provedor/{id}", rejection(web::BadPath))]
pub(crate) struct EntrarProvedorPath {
    pub id: ProvedorId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/provedor/volta")]
pub(crate) struct VoltaPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(go, Access::Public).ids(&["provedor"]).body_limit(BODY_LIMIT).sample("/entrar/provedor/{provedor}", ""),
        Route::get(come, Access::Public).sample("/entrar/provedor/volta?state=x&code=y", ""),
    ]
}

/// Leads on by itself: to another house, where no form may lead (our content security policy), or from it to a page of ours, so that
/// the browser comes to that page from us and shows the cookies that it shows to nobody from outside.
#[derive(Template)]
#[template(path = "acesso/adiante.html")]
pub(crate) struct AdiantePage {
    frame: Frame,
    href: String,
    sub: String,
}

impl AdiantePage {
    pub(crate) fn answer(frame: Frame, href: String, sub: String) -> Result<Response, Fault> {
        let on = HeaderValue::try_from(format!("0; url={href}")).map_err(|e| Fault::new("the way to a provedor", e))?;
        let frame = frame.titled("provedor-adiante-title");
        Ok(([(header::REFRESH, on)], Page(Self { frame, href, sub })).into_response())
    }
}

/// What a way to a provedor needs of the request it begins in.
pub(super) struct Saida {
    pub frame: Frame,
    pub app: App,
    pub unidade: Arc<Unidade>,
    /// Where they are when the provedor does not answer.
    pub back: String,
}

impl Saida {
    /// Begins the way, asks the provedor for its address, and leads there.
    pub(super) async fn go(self, meta: &RequestMeta, cmd: Comecar<'_>) -> web::Result<Response> {
        let Self { frame, app, unidade, back } = self;
        let sorry = |toast| Ok(redirect(&back, Some((Tone::Warning, toast))));
        let begun = app.tenants.write(&unidade, async |tx: &mut TenantTx| comecar(tx, meta, cmd).await).await;
        let Comecada { cookie, provedor } = match begun {
            Ok(begun) => begun,
            Err(ComecarError::Rule(ComecarRule::TooMany)) => return sorry("toast-provedor-wait"),
            Err(ComecarError::Rule(ComecarRule::NotOffered)) => return sorry("toast-provedor-over"),
            Err(error) => return Err(error.into()),
        };
        let internal = app.value::<Mailer>()?.allows_internal();
        let key = &app.platform.config().master_key;
        let href = match provedor.ida(key, &volta(&app, &unidade)?, internal, &cookie).await? {
            Ok(href) => href,
            Err(failure) => {
                tracing::warn!(provedor = %provedor.id, ?failure, "a provedor does not answer");
                return sorry("toast-provedor-broken");
            }
        };
        let sub = frame.t_with("provedor-adiante-sub", &[("nome", provedor.nome.as_str().into())]);
        let mut response = AdiantePage::answer(frame, href, sub)?;
        response.headers_mut().append(header::SET_COOKIE, cookies::provedor(&cookie.reveal()));
        Ok(response)
    }
}

async fn go(path: EntrarProvedorPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let form = FormState::from_body(&body);
    super::sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let voltar = local_path(form.value("voltar")).unwrap_or(InicioPath::PATH).to_owned();
    if ctx.actor.is_signed_in() {
        return Ok(redirect(&voltar, None));
    }
    let meta = ctx.meta().clone();
    let back = sign_in(&voltar);
    let saida = Saida { frame: ctx.frame(), app: ctx.app.clone(), unidade: Arc::clone(&ctx.unidade), back };
    ctx.release().await?;
    saida.go(&meta, Comecar { provedor: path.id, path: &voltar, usuario: None }).await
}

/// The sign-in that leads on to the page they wanted; the plain one for who wanted none of ours.
fn sign_in(wanted: &str) -> String {
    if wanted == InicioPath::PATH { EntrarPath::PATH.to_owned() } else { coming_back(EntrarPath::PATH, wanted) }
}

#[derive(Debug, Default, Deserialize)]
struct Brought {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

async fn come(_: VoltaPath, mut ctx: Ctx, headers: HeaderMap, Query(brought): Query<Brought>) -> web::Result<Response> {
    let home = |back: &str, toast| {
        let mut response = redirect(back, Some((Tone::Warning, toast)));
        response.headers_mut().append(header::SET_COOKIE, cookies::no_provedor());
        response
    };
    let cookie = cookies::get(&headers, cookies::PROVEDOR_COOKIE).and_then(|text| text.parse::<Segredo>().ok());
    let Some(cookie) = cookie else { return Ok(home(EntrarPath::PATH, "toast-provedor-over")) };
    let wanted = super::sql::wanted(&mut ctx.tx, &cookie).await?;
    let Brought { state, code, error, iss } = brought;
    let code = code.ok_or_else(|| error.unwrap_or_default());
    let cmd = Concluir {
        cookie,
        resposta: Resposta { state, code, iss },
        actor: ctx.actor.clone(),
        previous: ctx.session.map(SessaoId::new),
        aparelhos: Aparelhos::of(&headers),
        volta: volta(&ctx.app, &ctx.unidade)?,
        key: ctx.app.platform.config().master_key.clone(),
        internal: ctx.app.value::<Mailer>()?.allows_internal(),
    };
    let (frame, tenants, unidade, actor) = (ctx.frame(), ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.actor.clone());
    ctx.release().await?;
    let sub = frame.t("provedor-volta-sub").to_owned();
    let mut response = match concluir(&tenants, &unidade, cmd).await {
        Ok(Chegou::Entrou(entrou, path)) => {
            let arrival = arrived(&path, entrou);
            let mut response = AdiantePage::answer(frame, location(&arrival), sub)?;
            for cookie in arrival.headers().get_all(header::SET_COOKIE) {
                response.headers_mut().append(header::SET_COOKIE, cookie.clone());
            }
            response
        }
        Ok(Chegou::Vinculou) => {
            let mut response = AdiantePage::answer(frame, ProvedoresContaPath::PATH.to_owned(), sub)?;
            response.headers_mut().append(header::SET_COOKIE, cookies::set_toast(Tone::Success, "toast-provedor-vinculado"));
            response
        }
        Err(ConcluirError::Rule(rule)) => {
            tracing::info!(%rule, "a provedor's word lets nobody in");
            // Back to where somebody like them sets out from.
            let back = match usuario::of(&actor) {
                Some(_) => ProvedoresContaPath::PATH.to_owned(),
                None => sign_in(wanted.as_deref().unwrap_or(InicioPath::PATH)),
            };
            return Ok(home(&back, words(&rule)));
        }
        Err(error) => return Err(error.into()),
    };
    response.headers_mut().append(header::SET_COOKIE, cookies::no_provedor());
    Ok(response)
}

fn location(response: &Response) -> String {
    response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or(InicioPath::PATH).to_owned()
}

const fn words(rule: &ConcluirRule) -> &'static str {
    match rule {
        ConcluirRule::Over => "toast-provedor-over",
        ConcluirRule::Refused(_) => "toast-provedor-refused",
        ConcluirRule::Broken(_) => "toast-provedor-broken",
        ConcluirRule::Nobody => "toast-provedor-nobody",
        ConcluirRule::Taken => "toast-provedor-taken",
    }
}

#[cfg(test)]
impl AdiantePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let frame = frame.clone().titled("provedor-adiante-title");
        vec![Self {
            frame,
            href: "https://login.fiesc.example/?a=1&b=<script>alert(1)</script>".into(),
            sub: "<b>Costa</b>".into(),
        }]
    }
}
