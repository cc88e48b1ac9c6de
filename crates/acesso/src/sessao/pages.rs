//! `/configuracoes/usuarios/{id}/sessoes`: where somebody is signed in, and what to do when that is wrong.

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use web::{
    Access, Ctx, Page, Route, filters,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Sessao, SessaoId,
    administrar::{Acessos, desbloquear, encerrar_de, encerrar_todas_de, look, retirar_fatores},
};
use crate::usuario::{
    self, GERIR, UsuarioId,
    ficha::{Header, below},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/sessoes")]
pub struct SessoesPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/sessoes/encerrar")]
pub struct EncerrarTodasPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/sessoes/{sessao}/encerrar")]
pub struct EncerrarUmaPath {
    pub id: UsuarioId,
    pub sessao: SessaoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/desbloquear")]
pub struct DesbloquearPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/fator/retirar")]
pub struct RetirarFatorPath {
    pub id: UsuarioId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(GERIR)).ids(&["usuario"]).sample("/configuracoes/usuarios/{usuario.outro}/sessoes", ""),
        Route::post(end_all, Access::Needs(GERIR))
            .ids(&["usuario"])
            .sample("/configuracoes/usuarios/{usuario.outro}/sessoes/encerrar", ""),
        Route::post(end_one, Access::Needs(GERIR))
            .ids(&["usuario", "sessao"])
            .sample("/configuracoes/usuarios/{usuario.outro}/sessoes/{sessao.outra}/encerrar", ""),
        Route::post(unlock, Access::Needs(GERIR))
            .ids(&["usuario"])
            .sample("/configuracoes/usuarios/{usuario.outro}/desbloquear", ""),
        Route::post(remove_fator, Access::Needs(GERIR))
            .ids(&["usuario"])
            .sample("/configuracoes/usuarios/{usuario.outro}/fator/retirar", ""),
    ]
}

/// A sessão as its row is printed.
struct Row {
    device: String,
    ip: String,
    last_used_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    current: bool,
    end: String,
}

#[derive(Template)]
#[template(path = "acesso/sessoes.html")]
pub(crate) struct SessoesPage {
    frame: Frame,
    header: Header,
    rows: Vec<Row>,
    end_all: String,
    question: String,
    closed_until: Option<DateTime<Utc>>,
    unlock: String,
    fatores: Vec<&'static str>,
    /// `None`: their own, or there is none.
    remove_fator: Option<String>,
}

impl SessoesPage {
    fn new(frame: Frame, header: Header, acessos: Acessos, own: Option<UsuarioId>, current: Option<SessaoId>) -> Self {
        let Acessos { usuario, sessoes, fatores, closed_until } = acessos;
        let id = usuario.id;
        let frame = below(frame).title(header.nome.clone());
        let row = |sessao: &Sessao| Row {
            device: super::device(sessao.user_agent.as_deref().unwrap_or_default()),
            ip: sessao.ip.map_or_else(|| "—".to_owned(), |ip| ip.to_string()),
            last_used_at: sessao.last_used_at,
            created_at: sessao.created_at,
            current: Some(sessao.id) == current,
            end: EncerrarUmaPath { id, sessao: sessao.id }.to_string(),
        };
        let kinds = [(fatores.totp, "fator-app"), (fatores.email, "fator-email"), (fatores.chaves > 0, "fator-chave")];
        Self {
            rows: sessoes.iter().map(row).collect(),
            end_all: EncerrarTodasPath { id }.to_string(),
            question: frame.t_with("sessoes-end-all-question", &[("nome", usuario.nome.as_str().into())]),
            unlock: DesbloquearPath { id }.to_string(),
            remove_fator: (fatores.any() && own != Some(id)).then(|| RetirarFatorPath { id }.to_string()),
            fatores: kinds.into_iter().filter(|(has, _)| *has).map(|(_, key)| frame.t(key)).collect(),
            header,
            closed_until,
            frame,
        }
    }
}

async fn show(path: SessoesPath, mut ctx: Ctx) -> web::Result<Page<SessoesPage>> {
    let ctx = &mut *ctx;
    let acessos = look(&mut ctx.tx, &ctx.actor, path.id).await?;
    let frame = ctx.frame();
    let header = Header::load(ctx, &frame, path.id).await?;
    Ok(Page(SessoesPage::new(frame, header, acessos, usuario::of(&ctx.actor), ctx.session.map(SessaoId::new))))
}

fn done(id: UsuarioId, toast: &'static str) -> Response {
    redirect(&SessoesPath { id }.to_string(), Some((Tone::Success, toast)))
}

async fn end_all(path: EncerrarTodasPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    encerrar_todas_de(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(done(path.id, "toast-session-ended"))
}

async fn end_one(path: EncerrarUmaPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    encerrar_de(&mut ctx.tx, &ctx.actor, path.id, path.sessao).await?;
    Ok(done(path.id, "toast-session-ended"))
}

async fn unlock(path: DesbloquearPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    desbloquear(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(done(path.id, "toast-unlocked"))
}

async fn remove_fator(path: RetirarFatorPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    retirar_fatores(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(done(path.id, "toast-fator-removed"))
}

#[cfg(test)]
impl SessoesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use crate::{fator::Fatores, regra::SegundoFator, usuario::ficha::samples};

        let clock = kernel::Clock::system();
        let sessao = |ip: Option<&str>, agent: Option<&str>| Sessao {
            id: SessaoId::new(clock.uuid()),
            created_at: frame.now,
            last_used_at: frame.now,
            ip: ip.and_then(|ip| ip.parse().ok()),
            user_agent: agent.map(str::to_owned),
        };
        let acessos = |sessoes: Vec<Sessao>, on: bool| Acessos {
            usuario: samples::usuario(frame, true),
            sessoes,
            fatores: Fatores { regra: SegundoFator::Oferecido, totp: on, email: on, chaves: 0, reserva: 0 },
            closed_until: on.then_some(frame.now),
        };
        let many = vec![sessao(Some("2001:db8::1"), Some("<script>alert(1)</script>")), sessao(None, None)];
        vec![
            Self::new(frame.clone(), samples::header(frame, true, true), acessos(Vec::new(), false), None, None),
            Self::new(frame.clone(), samples::header(frame, true, true), acessos(many, true), None, None),
        ]
    }
}
