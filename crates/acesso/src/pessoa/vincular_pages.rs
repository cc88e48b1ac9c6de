//! The two ends of a link, each on its own host: who one is there is proved anew, and then said with a button.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Actor, Fault};
use serde::Deserialize;
use tenancy::{TenantTx, Unidade, passagem::Origem};
use web::{
    Access, App, Ctx, CtxInner, FormBody, Page, Query, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Vinculou,
    entrar_pages::{Pergunta, done, keys, other},
    pages::UnidadesPath,
};
use crate::{
    chave,
    convite::pages::LinkOverPage,
    entrar::pages::InicioPath,
    prova::{self, ProvaError},
    provedor::entrar_pages::AdiantePage,
    senha::Senha,
    sessao::SessaoId,
    usuario::{self, UsuarioId},
};

/// At the unidade that is asked who is there.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/unidades/propor")]
pub(crate) struct ProporPath;

/// At the unidade that asked.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/unidades/vincular/{token}")]
pub(crate) struct VincularPath {
    pub token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(propose, Access::SignedIn).sample("/unidades/propor?para={vizinha}&estado={navegador}", ""),
        Route::post(vouch, Access::SignedIn)
            .sample("/unidades/propor?para={vizinha}&estado={navegador}", "senha_atual={usuario.senha}"),
        Route::get(show, Access::SignedIn).ids(&["passagem"]).sample("/unidades/vincular/{passagem.vincular}", ""),
        Route::post(link, Access::SignedIn)
            .ids(&["passagem"])
            .sample("/unidades/vincular/{passagem.vincular}", "senha_atual={usuario.senha}"),
    ]
}

#[derive(Template)]
#[template(path = "acesso/unidades_vincular.html")]
pub(crate) struct VincularPage {
    frame: Frame,
    action: String,
    sub: String,
    own: Lado,
    form: FormState,
    /// What the link will be worth, where that is known already.
    note: Option<&'static str>,
    submit: &'static str,
}

/// The account at this end.
#[derive(Debug, Clone)]
struct Lado {
    email: String,
    has_senha: bool,
    /// Names of the chaves that open it: a stranger's among them would be let into the other unidade too.
    chaves: Vec<String>,
}

impl Lado {
    async fn load(tx: &mut TenantTx, own: UsuarioId) -> Result<Self, Fault> {
        Ok(Self {
            email: usuario::find(tx, own).await?.map(|usuario| usuario.email).unwrap_or_default(),
            has_senha: usuario::has_senha(tx, own).await?,
            chaves: chave::list(tx, own).await?.into_iter().map(|chave| chave.nome).collect(),
        })
    }
}

/// Somebody of this unidade, in a sessão.
struct Pessoa {
    app: App,
    unidade: Arc<Unidade>,
    frame: Frame,
    actor: Actor,
    usuario: UsuarioId,
    sessao: SessaoId,
    lado: Lado,
}

impl Pessoa {
    /// `None` for support and for programs.
    async fn of(ctx: &mut CtxInner) -> Result<Option<Self>, Fault> {
        let (Some(usuario), Some(sessao)) = (usuario::of(&ctx.actor), ctx.session.map(SessaoId::new)) else { return Ok(None) };
        Ok(Some(Self {
            lado: Lado::load(&mut ctx.tx, usuario).await?,
            app: ctx.app.clone(),
            unidade: Arc::clone(&ctx.unidade),
            frame: ctx.frame().titled("unidades-vincular-title"),
            actor: ctx.actor.clone(),
            usuario,
            sessao,
        }))
    }

    /// The person proves that they are there, not just their open sessão; else the mistake stands in the form.
    async fn proves(&self, form: &mut FormState) -> Result<bool, Fault> {
        // As typed: the form would trim it.
        let senha = Senha::typed(form.all("senha_atual").first().map_or("", String::as_str));
        match prova::provar(&self.app.tenants, &self.unidade, &self.actor, self.sessao, senha).await {
            Ok(()) => Ok(true),
            Err(ProvaError::Fault(fault)) => Err(fault),
            Err(refused) => {
                form.refuse(self.frame.lang, &refused);
                Ok(false)
            }
        }
    }

    fn proposal(&self, para: &Unidade, asked: &Pergunta, form: FormState) -> VincularPage {
        VincularPage {
            action: format!("{}?para={}&estado={}", ProporPath::PATH, para.slug.as_str(), asked.estado),
            sub: self.frame.t_with("unidades-propor-sub", &[("unidade", para.nome.as_str().into())]),
            own: self.lado.clone(),
            form,
            note: None,
            submit: "unidades-propor-submit",
            frame: self.frame.clone(),
        }
    }
}

fn secret(form: FormState) -> FormState {
    form.secret("senha_atual")
}

fn over() -> Response {
    redirect(UnidadesPath::PATH, Some((Tone::Warning, "toast-unidade-over")))
}

async fn propose(_: ProporPath, mut ctx: Ctx, Query(asked): Query<Pergunta>) -> web::Result<Response> {
    let Some(own) = Pessoa::of(&mut ctx).await? else { return Ok(redirect(InicioPath::PATH, None)) };
    let para = other(&own.app, &own.unidade, &asked.para).await?.filter(|_| asked.navegador().is_some());
    let Some(para) = para else { return Ok(over()) };
    Ok(Page(own.proposal(&para, &asked, secret(FormState::new()))).into_response())
}

/// Vouches for this sessão to the browser that the other unidade sent.
async fn vouch(_: ProporPath, mut ctx: Ctx, Query(asked): Query<Pergunta>, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = secret(FormState::from_body(&body));
    let Some(own) = Pessoa::of(&mut ctx).await? else { return Ok(redirect(InicioPath::PATH, None)) };
    ctx.release().await?;
    let para = other(&own.app, &own.unidade, &asked.para).await?;
    let (Some(para), Some(navegador)) = (para, asked.navegador()) else { return Ok(over()) };
    if !own.proves(&mut form).await? {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(own.proposal(&para, &asked, form))).into_response());
    }
    let origem = Origem { unidade: own.unidade.id, usuario: own.usuario.uuid(), sessao: own.sessao.uuid() };
    let token = super::propor(&own.app, origem, (&para, navegador)).await?;
    let href = format!("{}{}", own.app.config.origin_of(&para.slug), VincularPath { token: token.reveal() });
    let sub = own.frame.t_with("unidades-adiante", &[("unidade", para.nome.as_str().into())]);
    Ok(AdiantePage::answer(own.frame, href, sub)?)
}

/// What is to be linked, and whether one will lead into the other.
struct Pedido {
    own: Pessoa,
    de: Arc<Unidade>,
    email: String,
    leads: bool,
}

impl Pedido {
    async fn of(own: Pessoa, keys: (&crate::Segredo, &crate::Segredo)) -> Result<Option<Self>, Fault> {
        let Some((de, there)) = super::candidato(&own.app, &own.unidade, keys).await? else { return Ok(None) };
        let leads = there.leads && super::leads(&own.app, &own.unidade, own.usuario, own.sessao).await?;
        Ok(Some(Self { own, de, email: super::masked(&there.email), leads }))
    }

    fn page(self, path: &VincularPath, form: FormState) -> VincularPage {
        let Self { own, de, email, leads } = self;
        let args = [("unidade", de.nome.as_str().into()), ("email", email.as_str().into())];
        VincularPage {
            action: path.to_string(),
            sub: own.frame.t_with("unidades-vincular-sub", &args),
            note: (!leads).then_some("unidades-vincular-listed"),
            submit: "unidades-vincular-submit",
            own: own.lado,
            form,
            frame: own.frame,
        }
    }
}

async fn show(path: VincularPath, mut ctx: Ctx, headers: HeaderMap) -> web::Result<Response> {
    let frame = ctx.frame();
    let (own, keys) = (Pessoa::of(&mut ctx).await?, keys(&headers, &path.token));
    ctx.release().await?;
    let (Some(own), Some((token, navegador))) = (own, keys) else { return Ok(LinkOverPage::answer(frame)) };
    Ok(match Pedido::of(own, (&token, &navegador)).await? {
        Some(pedido) => Page(pedido.page(&path, secret(FormState::new()))).into_response(),
        None => LinkOverPage::answer(frame),
    })
}

async fn link(path: VincularPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = secret(FormState::from_body(&body));
    let frame = ctx.frame();
    let (own, keys) = (Pessoa::of(&mut ctx).await?, keys(&headers, &path.token));
    ctx.release().await?;
    let (Some(own), Some((token, navegador))) = (own, keys) else { return Ok(LinkOverPage::answer(frame)) };
    let Some(pedido) = Pedido::of(own, (&token, &navegador)).await? else { return Ok(LinkOverPage::answer(frame)) };
    let own = &pedido.own;
    if !own.proves(&mut form).await? {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(pedido.page(&path, form))).into_response());
    }
    let vinculou = super::vincular(&own.app, &own.unidade, (&own.actor, own.sessao), (&token, &navegador)).await?;
    let toast = match vinculou {
        Some(Vinculou::Leads) => (Tone::Success, "toast-unidade-vinculada"),
        Some(Vinculou::Listed) => (Tone::Success, "toast-unidade-listada"),
        Some(Vinculou::Double) => (Tone::Warning, "toast-unidade-duas"),
        None => (Tone::Warning, "toast-unidade-over"),
    };
    Ok(done(redirect(UnidadesPath::PATH, Some(toast))))
}

#[cfg(test)]
impl VincularPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let lado = |chaves: &[&str], has_senha| Lado {
            email: "ana@<b>senai</b>.example".into(),
            has_senha,
            chaves: chaves.iter().map(|nome| (*nome).to_owned()).collect(),
        };
        let page = |own, form, note| Self {
            frame: frame.clone().titled("unidades-vincular-title"),
            action: "/unidades/vincular/x".into(),
            sub: "<b>senai</b>".into(),
            own,
            form,
            note,
            submit: "unidades-vincular-submit",
        };
        let mut wrong = secret(FormState::new());
        wrong.refuse(frame.lang, &ProvaError::Wrong);
        let mut stale = secret(FormState::new());
        stale.refuse(frame.lang, &ProvaError::Stale);
        vec![
            page(lado(&[], true), secret(FormState::new()), None),
            page(lado(&["Celular", "<script>alert(1)</script>"], true), wrong, Some("unidades-vincular-listed")),
            page(lado(&[], false), stale, None),
        ]
    }
}
