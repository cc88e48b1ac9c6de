use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Scope, Texto};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{CriarToken, CriarTokenError, GERIR, Token, TokenCriado, TokenId, criar_token, revogar_token};
use crate::configuracoes;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/tokens")]
pub struct TokensPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/tokens/{id}/revogar")]
pub struct RevogarTokenPath {
    pub id: TokenId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::Needs(GERIR)),
        Route::post(create, Access::Needs(GERIR))
            .sample("/configuracoes/tokens", "nome=ERP&dias=90&permissoes=acesso.usuario.ver"),
        Route::post(revoke, Access::Needs(GERIR)).ids(&["token"]).sample("/configuracoes/tokens/{token}/revogar", ""),
    ]
}

/// Lives that are offered, in days.
const DAYS: [u16; 4] = [30, 90, 180, 366];

struct Row {
    nome: String,
    permissoes: Vec<String>,
    created_by_nome: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    /// Word, tone and icon.
    status: (&'static str, &'static str, &'static str),
    revoke: Option<String>,
    question: String,
}

impl Row {
    fn new(frame: &Frame, token: Token) -> Self {
        let counts = token.revoked_at.is_none() && token.expires_at > frame.now;
        let status = match (token.revoked_at, counts) {
            (Some(_), _) => (frame.t("token-revoked"), "quiet", "x-circle-fill"),
            (None, true) => (frame.t("token-active"), "ok", "check-circle-fill"),
            (None, false) => (frame.t("token-expired"), "quiet", "pause-circle-fill"),
        };
        Self {
            revoke: counts.then(|| RevogarTokenPath { id: token.id }.to_string()),
            question: frame.t_with("token-revoke-question", &[("nome", token.nome.as_str().into())]),
            permissoes: token.permissoes.iter().map(|code| permission_name(frame, code)).collect(),
            nome: token.nome,
            created_by_nome: token.created_by_nome,
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
            status,
        }
    }
}

/// What a permissão lets one do, in words; its code when it is of a module that is gone.
fn permission_name(frame: &Frame, code: &str) -> String {
    idioma::find(frame.lang, &format!("permission-{}", code.replace('.', "-"))).map_or_else(|| code.to_owned(), str::to_owned)
}

#[derive(Template)]
#[template(path = "acesso/tokens.html")]
pub(crate) struct TokensPage {
    frame: Frame,
    form: FormState,
    /// Just made: shown this once.
    created: Option<TokenCriado>,
    offered: Vec<Choice>,
    days: Vec<Choice>,
    rows: Vec<Row>,
}

impl TokensPage {
    fn new(frame: Frame, form: FormState, created: Option<TokenCriado>, offered: &[String], tokens: Vec<Token>) -> Self {
        let frame = configuracoes::below(frame).titled("tokens-title");
        Self {
            offered: offered.iter().map(|code| Choice::new(code.clone(), permission_name(&frame, code))).collect(),
            days: DAYS.iter().map(|days| Choice::new(days.to_string(), frame.t_n("token-days", u32::from(*days)))).collect(),
            rows: tokens.into_iter().map(|token| Row::new(&frame, token)).collect(),
            form,
            created,
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, form: FormState, created: Option<TokenCriado>) -> web::Result<Self> {
        let tokens = super::list(&mut ctx.tx).await?;
        let on = |name: &str, core: bool| core || ctx.unidade.has_module(name);
        let modules = ctx.app.modules.iter().filter(|module| on(module.name, module.core));
        // What the actor could not give away is not offered.
        let offered = modules
            .flat_map(|module| module.permissions)
            .filter(|info| ctx.actor.grants.scope(&info.permission) == Some(Scope::Todas))
            .map(|info| info.permission.code().to_owned());
        Ok(Self::new(ctx.frame(), form, created, &offered.collect::<Vec<_>>(), tokens))
    }
}

fn empty_form() -> FormState {
    FormState::new().with("dias", DAYS[1])
}

async fn list(_: TokensPath, mut ctx: Ctx) -> web::Result<Page<TokensPage>> {
    Ok(Page(TokensPage::load(&mut ctx, empty_form(), None).await?))
}

/// Answers with the page itself, not with a redirect: the token's text must not be kept anywhere to be shown.
async fn create(_: TokensPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let nome = form.required::<Texto<80>>("nome");
    let days = form.choice("dias", |days| days.parse::<u16>().ok());
    if let (Some(nome), Some(days)) = (nome, days) {
        let cmd = CriarToken { nome, permissoes: form.all("permissoes").to_vec(), days };
        let key = ctx.app.platform.config().master_key.clone();
        match criar_token(&mut ctx.tx, &ctx.actor, &key, cmd).await {
            Ok(created) => return Ok(Page(TokensPage::load(ctx, empty_form(), Some(created)).await?).into_response()),
            Err(error @ (CriarTokenError::Denied(_) | CriarTokenError::Fault(_))) => return Err(error.into()),
            Err(refused) => form.refuse(ctx.lang, &refused),
        }
    }
    let page = TokensPage::load(ctx, form, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn revoke(path: RevogarTokenPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    revogar_token(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(TokensPath::PATH, Some((Tone::Success, "toast-token-revoked"))))
}

#[cfg(test)]
impl TokensPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let clock = kernel::Clock::system();
        let token = |revoked: bool, expired: bool| Token {
            id: TokenId::new(clock.uuid()),
            nome: "ERP <b>Costa</b>".into(),
            permissoes: vec!["acesso.usuario.ver".into(), "modulo.que.saiu".into()],
            created_at: frame.now,
            created_by_nome: "Marina".into(),
            expires_at: if expired { frame.now } else { frame.now + chrono::TimeDelta::days(9) },
            revoked_at: revoked.then_some(frame.now),
            last_used_at: expired.then_some(frame.now),
        };
        let created = TokenCriado { id: TokenId::new(clock.uuid()), text: "eyJ.eyJ.x".repeat(20), expires_at: frame.now };
        let all = vec![token(false, false), token(true, false), token(false, true)];
        let offered = ["acesso.usuario.ver".to_owned(), "acesso.token.gerir".to_owned()];
        let mut refused = FormState::new().with("nome", "");
        refused.refuse(frame.lang, &CriarTokenError::NoPermissao);
        refused.fail("nome", kernel::Invalid::new("required"));
        vec![
            Self::new(frame.clone(), empty_form(), None, &offered, vec![]),
            Self::new(frame.clone(), empty_form(), Some(created), &offered, all.clone()),
            Self::new(frame, refused, None, &[], all),
        ]
    }
}
