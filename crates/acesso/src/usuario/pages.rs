//! `/conta`: what a person sees and changes about themselves, and where they are signed in.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Fault, Invalid, Lang};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, cookies, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    AlterarSenha, AlterarSenhaError, Fuso, MinhaConta, MinhaContaError, Nome, Usuario, alterar_minha_conta, alterar_senha,
};
use crate::{
    provedor,
    senha::Senha,
    sessao::{self, Sessao, SessaoId},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta")]
pub struct ContaPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/senha")]
pub struct SenhaPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/sessoes/encerrar")]
pub struct EncerrarOutrasPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/sessoes/{id}/encerrar")]
pub struct EncerrarSessaoPath {
    pub id: SessaoId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn),
        Route::post(save, Access::SignedIn)
            .sample("/conta", "nome=Marina+Costa&idioma=&fuso=America%2FManaus&version={usuario.version}"),
        Route::post(change_senha, Access::SignedIn)
            .sample("/conta/senha", "senha_atual={usuario.senha}&senha=outra-frase-bem-longa&senha2=outra-frase-bem-longa"),
        Route::post(end_others, Access::SignedIn),
        Route::post(end, Access::SignedIn).ids(&["sessao"]).sample("/conta/sessoes/{sessao}/encerrar", ""),
    ]
}

/// A sessão as its row is printed.
struct Row {
    current: bool,
    device: String,
    ip: String,
    last_used_at: DateTime<Utc>,
    end: String,
}

impl Row {
    fn new(sessao: &Sessao, current: Option<SessaoId>) -> Self {
        Self {
            current: Some(sessao.id) == current,
            device: sessao::device(sessao.user_agent.as_deref().unwrap_or_default()),
            ip: sessao.ip.map_or_else(|| "—".to_owned(), |ip| ip.to_string()),
            last_used_at: sessao.last_used_at,
            end: EncerrarSessaoPath { id: sessao.id }.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "acesso/conta.html")]
pub(crate) struct ContaPage {
    frame: Frame,
    email: String,
    form: FormState,
    idiomas: Vec<Choice>,
    fusos: Vec<Choice>,
    senha: FormState,
    has_senha: bool,
    /// The unidade takes the word of others for who somebody is.
    provedores: bool,
    sessoes: Vec<Row>,
}

/// What the page shows of its usuario.
struct Conta {
    usuario: Usuario,
    has_senha: bool,
    provedores: bool,
    sessoes: Vec<Sessao>,
    current: Option<SessaoId>,
}

impl ContaPage {
    fn new(frame: Frame, conta: Conta, form: Option<FormState>, senha: Option<FormState>) -> Self {
        let usuario = &conta.usuario;
        let filled = || {
            FormState::new()
                .with("nome", &usuario.nome)
                .with_some("idioma", usuario.idioma.map(Lang::tag))
                .with_some("fuso", usuario.fuso)
                .with("version", usuario.version)
        };
        Self {
            form: form.unwrap_or_else(filled),
            senha: senha.unwrap_or_default(),
            idiomas: Lang::ALL.map(|lang| Choice::new(lang.tag(), idioma::t(lang, "lang-name"))).into(),
            fusos: Fuso::offered(frame.now).map(|(name, label)| Choice::new(name, label)).collect(),
            sessoes: conta.sessoes.iter().map(|sessao| Row::new(sessao, conta.current)).collect(),
            has_senha: conta.has_senha,
            provedores: conta.provedores,
            email: conta.usuario.email,
            frame: frame.titled("conta-title"),
        }
    }
}

impl Conta {
    /// Of whoever asks.
    async fn load(ctx: &mut CtxInner) -> web::Result<Self> {
        let own = super::of(&ctx.actor).ok_or_else(Error::not_found)?;
        Ok(Self {
            usuario: super::find(&mut ctx.tx, own).await?.ok_or_else(Error::not_found)?,
            has_senha: super::has_senha(&mut ctx.tx, own).await?,
            provedores: provedor::any(&mut ctx.tx).await?,
            sessoes: sessao::list(&mut ctx.tx, own).await?,
            current: ctx.session.map(SessaoId::new),
        })
    }
}

async fn show(_: ContaPath, mut ctx: Ctx) -> web::Result<Page<ContaPage>> {
    let conta = Conta::load(&mut ctx).await?;
    Ok(Page(ContaPage::new(ctx.frame(), conta, None, None)))
}

async fn save(_: ContaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let nome = form.required::<Nome>("nome");
    let idioma = form.optional::<Lang>("idioma");
    let fuso = form.optional::<Fuso>("fuso");
    let version = form.raw("version").parse().unwrap_or_default();
    if let (Some(nome), Some(idioma), Some(fuso)) = (nome, idioma, fuso) {
        match alterar_minha_conta(&mut ctx.tx, &ctx.actor, MinhaConta { nome, idioma, fuso, version }).await {
            Ok(()) => {
                let mut response = redirect(ContaPath::PATH, Some((Tone::Success, "toast-saved")));
                if let Some(lang) = idioma {
                    response.headers_mut().append(header::SET_COOKIE, cookies::idioma(lang));
                }
                return Ok(response);
            }
            Err(MinhaContaError::Fault(fault)) => return Err(fault.into()),
            Err(refused) => form.refuse(ctx.lang, &refused),
        }
    }
    let conta = Conta::load(ctx).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ContaPage::new(ctx.frame(), conta, Some(form), None))).into_response())
}

async fn change_senha(_: SenhaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = FormState::from_body(&body).secret("senha_atual").secret("senha").secret("senha2");
    // As typed: the form would trim it.
    let typed = |field: &str| form.all(field).first().cloned().unwrap_or_default();
    let (atual, nova, again) = (typed("senha_atual"), typed("senha"), typed("senha2"));
    let conta = Conta::load(&mut ctx).await?;
    let frame = ctx.frame();
    if nova != again {
        form.fail("senha2", Invalid::new("senha-differs"));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ContaPage::new(frame, conta, None, Some(form)))).into_response());
    }
    let sessao = conta.current.ok_or_else(|| Fault::because("a person without a sessão"))?;
    let (tenants, unidade, actor) = (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.actor.clone());
    ctx.release().await?;
    let cmd = AlterarSenha { atual: Senha::typed(&atual), nova: Senha::typed(&nova), sessao };
    match alterar_senha(&tenants, &unidade, &actor, cmd).await {
        Ok(()) => Ok(redirect(ContaPath::PATH, Some((Tone::Success, "toast-senha-changed")))),
        Err(AlterarSenhaError::Fault(fault)) => Err(fault.into()),
        Err(refused) => {
            form.refuse(frame.lang, &refused);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(ContaPage::new(frame, conta, None, Some(form)))).into_response())
        }
    }
}

async fn end(path: EncerrarSessaoPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    sessao::encerrar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(ContaPath::PATH, Some((Tone::Success, "toast-session-ended"))))
}

async fn end_others(_: EncerrarOutrasPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let current = ctx.session.map(SessaoId::new).ok_or_else(|| Fault::because("a person without a sessão"))?;
    sessao::encerrar_outras(&mut ctx.tx, &ctx.actor, current).await?;
    Ok(redirect(ContaPath::PATH, Some((Tone::Success, "toast-session-ended"))))
}

#[cfg(test)]
impl ContaPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        use std::net::IpAddr;

        let clock = kernel::Clock::system();
        let sessao = |ip: Option<&str>, agent: Option<&str>| Sessao {
            id: SessaoId::new(clock.uuid()),
            created_at: frame.now,
            last_used_at: frame.now,
            ip: ip.and_then(|ip| ip.parse::<IpAddr>().ok()),
            user_agent: agent.map(str::to_owned),
        };
        let one = vec![sessao(Some("203.0.113.7"), Some("Mozilla/5.0 (X11; Linux x86_64) Chrome/140"))];
        let many = vec![one[0].clone(), sessao(None, None), sessao(Some("2001:db8::1"), Some("<script>alert(1)</script>"))];
        let conta = |has_senha: bool, sessoes: &[Sessao]| Conta {
            usuario: Usuario {
                id: super::UsuarioId::new(clock.uuid()),
                nome: "Marina <b>Costa</b>".into(),
                email: "marina.costa@senai.example".into(),
                idioma: has_senha.then_some(Lang::En),
                fuso: None,
                foto: None,
                perfil_id: crate::perfil::PerfilId::new(clock.uuid()),
                perfil: "Leitor".into(),
                setor: None,
                telefone: None,
                administrador: false,
                ativo: true,
                servico: false,
                descricao: None,
                last_seen_at: None,
                created_at: frame.now,
                version: 3,
            },
            has_senha,
            provedores: has_senha,
            sessoes: sessoes.to_vec(),
            current: sessoes.first().map(|sessao| sessao.id),
        };
        let mut refused = FormState::new().with("nome", "");
        refused.fail("nome", Invalid::new("required"));
        refused.refuse(frame.lang, &MinhaContaError::Changed);
        let mut wrong = FormState::new();
        wrong.refuse(frame.lang, &AlterarSenhaError::WrongAtual);
        wrong.refuse(frame.lang, &AlterarSenhaError::Senha(Invalid::new("senha-weak")));
        vec![
            Self::new(frame.clone(), conta(true, &one), None, None),
            Self::new(frame.clone(), conta(false, &many), None, None),
            Self::new(frame.clone(), conta(true, &[]), Some(refused), Some(wrong)),
        ]
    }
}
