//! `/conta/provedores`: by which provedores a person is known here.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::Fault;
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Comecar, ProvedorId, desvincular,
    entrar_pages::Saida,
    sql::{self, Vinculado},
};
use crate::{
    prova,
    senha::Senha,
    sessao::SessaoId,
    usuario::{self, pages::ContaPath},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/provedores")]
pub(crate) struct ProvedoresContaPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/provedores/{id}/vincular", rejection(web::BadPath))]
pub(crate) struct VincularPath {
    pub id: ProvedorId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/provedores/{id}/desvincular", rejection(web::BadPath))]
pub(crate) struct DesvincularPath {
    pub id: ProvedorId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn),
        Route::post(link, Access::SignedIn)
            .ids(&["provedor"])
            .sample("/conta/provedores/{provedor}/vincular", "senha_atual={usuario.senha}"),
        Route::post(unlink, Access::SignedIn).ids(&["provedor"]).sample("/conta/provedores/{provedor}/desvincular", ""),
    ]
}

struct Row {
    nome: String,
    icon: &'static str,
    ativo: bool,
    since: Option<DateTime<Utc>>,
    email: String,
    last_used_at: Option<DateTime<Utc>>,
    link: String,
    unlink: String,
    /// The one whose form was sent and refused.
    asked: bool,
}

#[derive(Template)]
#[template(path = "acesso/conta_provedores.html")]
pub(crate) struct ProvedoresContaPage {
    frame: Frame,
    rows: Vec<Row>,
    has_senha: bool,
    form: FormState,
}

impl ProvedoresContaPage {
    fn new(frame: Frame, all: Vec<Vinculado>, has_senha: bool, (form, asked): (FormState, Option<ProvedorId>)) -> Self {
        let label = frame.t("conta-title");
        let frame = frame.crumb(label, ContaPath::PATH).titled("provedores-conta-title");
        let rows = all.into_iter().map(|one| Row {
            icon: one.tipo.icon(),
            ativo: one.ativo,
            since: one.since,
            email: one.email.unwrap_or_default(),
            last_used_at: one.last_used_at,
            link: VincularPath { id: one.id }.to_string(),
            unlink: DesvincularPath { id: one.id }.to_string(),
            asked: asked == Some(one.id),
            nome: one.nome,
        });
        Self { rows: rows.collect(), has_senha, form, frame }
    }

    async fn load(
        frame: Frame,
        tx: &mut TenantTx,
        own: usuario::UsuarioId,
        said: (FormState, Option<ProvedorId>),
    ) -> Result<Self, Fault> {
        let all = sql::of_usuario(tx, own).await?;
        Ok(Self::new(frame, all, usuario::has_senha(tx, own).await?, said))
    }
}

fn own(ctx: &CtxInner) -> web::Result<usuario::UsuarioId> {
    usuario::of(&ctx.actor).ok_or_else(Error::not_found)
}

async fn show(_: ProvedoresContaPath, mut ctx: Ctx) -> web::Result<Page<ProvedoresContaPage>> {
    let ctx = &mut *ctx;
    let own = own(ctx)?;
    Ok(Page(ProvedoresContaPage::load(ctx.frame(), &mut ctx.tx, own, (FormState::new(), None)).await?))
}

/// The person proves first that they are there, not just their open sessão.
async fn link(path: VincularPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let mut form = FormState::from_body(&body).secret("senha_atual");
    let own = own(&ctx)?;
    let sessao = ctx.session.map(SessaoId::new).ok_or_else(|| Fault::because("a person without a sessão"))?;
    let (frame, app, actor, unidade) = (ctx.frame(), ctx.app.clone(), ctx.actor.clone(), Arc::clone(&ctx.unidade));
    ctx.release().await?;
    // As typed: the form would trim it.
    let senha = Senha::typed(form.all("senha_atual").first().map_or("", String::as_str));
    match prova::provar(&app.tenants, &unidade, &actor, sessao, senha).await {
        Ok(()) => {}
        Err(prova::ProvaError::Fault(fault)) => return Err(fault.into()),
        Err(refused) => {
            form.refuse(frame.lang, &refused);
            let said = (form, Some(path.id));
            let page = app
                .tenants
                .read(&unidade, async |tx: &mut TenantTx| ProvedoresContaPage::load(frame, tx, own, said).await)
                .await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    }
    let back = ProvedoresContaPath::PATH;
    let saida = Saida { frame, app, unidade, back: back.to_owned() };
    saida.go(&actor.meta, Comecar { provedor: path.id, path: back, usuario: Some(own) }).await
}

async fn unlink(path: DesvincularPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    desvincular(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(ProvedoresContaPath::PATH, Some((Tone::Success, "toast-provedor-desvinculado"))))
}

#[cfg(test)]
impl ProvedoresContaPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use super::Tipo;

        let one = |tipo, nome: &str, since: Option<DateTime<Utc>>| Vinculado {
            id: ProvedorId::new(uuid::Uuid::nil()),
            tipo,
            nome: nome.into(),
            ativo: tipo != Tipo::Github,
            since,
            email: since.map(|_| "<script>alert(1)</script>@fiesc.example".into()),
            last_used_at: since,
        };
        let now = Some(frame.now);
        let all =
            || vec![one(Tipo::Oidc, "<b>Costa</b>", None), one(Tipo::Github, "GitHub", now), one(Tipo::Google, "Google", now)];
        let mut wrong = FormState::new().secret("senha_atual");
        wrong.refuse(frame.lang, &prova::ProvaError::Wrong);
        vec![
            Self::new(frame.clone(), Vec::new(), false, (FormState::new(), None)),
            Self::new(frame.clone(), all(), true, (wrong, Some(ProvedorId::new(uuid::Uuid::nil())))),
            Self::new(frame.clone(), all(), false, (FormState::new(), None)),
        ]
    }
}
