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

use super::{
    Chave, ChaveError, ChaveInfo, CriarToken, CriarTokenError, GERIR, LimitarError, Limite, Token, TokenCriado, TokenId,
    criar_token, limitar_token, revogar_token, trocar_chave,
};
use crate::{configuracoes, servico, servico::Pessoa, usuario::UsuarioId};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/tokens")]
pub struct TokensPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/tokens/{id}/revogar")]
pub struct RevogarTokenPath {
    pub id: TokenId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/tokens/{id}/limite")]
pub struct LimitarTokenPath {
    pub id: TokenId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/tokens/chave")]
pub struct TrocarChavePath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::Needs(GERIR)),
        Route::post(create, Access::Needs(GERIR))
            .sample("/configuracoes/tokens", "nome=ERP&dias=90&limite=600&servico=&permissoes=acesso.usuario.ver"),
        Route::post(pace, Access::Needs(GERIR)).ids(&["token"]).sample("/configuracoes/tokens/{token}/limite", "limite=1200"),
        Route::post(rotate, Access::Needs(GERIR)).sample("/configuracoes/tokens/chave", "chave=1"),
        Route::post(revoke, Access::Needs(GERIR)).ids(&["token"]).sample("/configuracoes/tokens/{token}/revogar", ""),
    ]
}

/// Lives that are offered, in days.
const DAYS: [u16; 4] = [30, 90, 180, 366];

struct Row {
    nome: String,
    permissoes: Vec<String>,
    created_by_nome: String,
    servico: Option<String>,
    limite: Limite,
    limit: Option<String>,
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
            limit: counts.then(|| LimitarTokenPath { id: token.id }.to_string()),
            nome: token.nome,
            created_by_nome: token.created_by_nome,
            servico: token.servico,

            limite: token.limite,
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
    servicos: Vec<Choice>,
    rows: Vec<Row>,
    /// The one in use first.
    chaves: Vec<ChaveInfo>,
}

/// What there is, besides what is typed.
struct Found {
    offered: Vec<String>,
    servicos: Vec<Pessoa>,
    tokens: Vec<Token>,
    chaves: Vec<ChaveInfo>,
}

impl TokensPage {
    fn new(frame: Frame, form: FormState, created: Option<TokenCriado>, found: Found) -> Self {
        let frame = configuracoes::below(frame).titled("tokens-title");
        Self {
            offered: found.offered.iter().map(|code| Choice::new(code.clone(), permission_name(&frame, code))).collect(),
            days: DAYS.iter().map(|days| Choice::new(days.to_string(), frame.t_n("token-days", u32::from(*days)))).collect(),
            servicos: found.servicos.into_iter().map(|one| Choice::new(one.id.to_string(), one.nome)).collect(),
            chaves: found.chaves,
            rows: found.tokens.into_iter().map(|token| Row::new(&frame, token)).collect(),
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
        let offered = offered.collect();
        let mut servicos = Vec::new();
        for one in servico::list(&mut ctx.tx).await? {
            if servico::holds(&mut ctx.tx, &ctx.actor, one.id).await?.is_some() {
                servicos.push(one);
            }
        }
        let chaves = super::chaves(&mut ctx.tx).await?;
        Ok(Self::new(ctx.frame(), form, created, Found { offered, servicos, tokens, chaves }))
    }
}

fn empty_form() -> FormState {
    FormState::new().with("dias", DAYS[1]).with("limite", Limite::default())
}

async fn list(_: TokensPath, mut ctx: Ctx) -> web::Result<Page<TokensPage>> {
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query).to_owned();
    let asked = FormState::from_body(query.as_bytes());
    Ok(Page(TokensPage::load(&mut ctx, empty_form().with("servico", asked.raw("servico")), None).await?))
}

/// Answers with the page itself, not with a redirect: the token's text must not be kept anywhere to be shown.
async fn create(_: TokensPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let nome = form.required::<Texto<80>>("nome");
    let days = form.choice("dias", |days| days.parse::<u16>().ok());
    let limite = form.required::<Limite>("limite");
    let servico = match form.raw("servico") {
        "" => Some(None),
        _ => form.choice("servico", |id| id.parse::<UsuarioId>().ok()).map(Some),
    };
    if let (Some(nome), Some(days), Some(limite), Some(servico)) = (nome, days, limite, servico) {
        let cmd = CriarToken { nome, permissoes: form.all("permissoes").to_vec(), days, servico, limite };
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

async fn pace(path: LimitarTokenPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let Some(limite) = form.required::<Limite>("limite") else {
        // Beside the row there is no room for a mistake: the form below tells it, as filled as the row was.
        return Ok(redirect(TokensPath::PATH, Some((Tone::Danger, "toast-token-limite"))));
    };
    match limitar_token(&mut ctx.tx, &ctx.actor, path.id, limite).await {
        Ok(()) => Ok(redirect(TokensPath::PATH, Some((Tone::Success, "toast-saved")))),
        Err(LimitarError::NotFound) => Err(web::Error::not_found()),
        Err(error) => Err(error.into()),
    }
}

async fn rotate(_: TrocarChavePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let seen = form.raw("chave").parse::<Chave>().map_err(|_| web::Error::not_found())?;
    match trocar_chave(&mut ctx.tx, &ctx.actor, seen, form.has("encerrar", "sim")).await {
        Ok(_) => Ok(redirect(TokensPath::PATH, Some((Tone::Success, "toast-token-chave")))),
        // Sent twice, or by two at once: the page shows what is in use now.
        Err(ChaveError::Rule(_)) => Ok(redirect(TokensPath::PATH, Some((Tone::Danger, "toast-token-chave-changed")))),
        Err(error) => Err(error.into()),
    }
}

async fn revoke(path: RevogarTokenPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    revogar_token(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(TokensPath::PATH, Some((Tone::Success, "toast-token-revoked"))))
}

/// A token, for the samples of pages.
#[cfg(test)]
pub(crate) fn sample(frame: &Frame, revoked: bool, expired: bool) -> Token {
    Token {
        id: TokenId::new(kernel::Clock::system().uuid()),
        nome: "ERP <b>Costa</b>".into(),
        permissoes: vec!["acesso.usuario.ver".into(), "modulo.que.saiu".into()],
        created_at: frame.now,
        created_by_nome: "Marina".into(),
        servico: expired.then(|| "<b>Costa</b>".to_owned()),
        chave: Chave::FIRST,
        limite: Limite::default(),
        expires_at: if expired { frame.now } else { frame.now + chrono::TimeDelta::days(9) },
        revoked_at: revoked.then_some(frame.now),
        last_used_at: expired.then_some(frame.now),
    }
}

#[cfg(test)]
impl TokensPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let clock = kernel::Clock::system();
        let created = TokenCriado { id: TokenId::new(clock.uuid()), text: "eyJ.eyJ.x".repeat(20), expires_at: frame.now };
        let all = || vec![sample(&frame, false, false), sample(&frame, true, false), sample(&frame, false, true)];
        let chave = |number: Chave, ended: bool, tokens| ChaveInfo {
            number,
            created_at: frame.now,
            created_by_nome: "<b>Costa</b>".into(),
            ended_at: ended.then_some(frame.now),
            tokens,
        };
        let found = |offered: &[&str], tokens| Found {
            offered: offered.iter().map(|&code| code.to_owned()).collect(),
            servicos: vec![Pessoa { id: UsuarioId::new(clock.uuid()), nome: "<b>Costa</b>".into() }],
            tokens,
            chaves: vec![chave(Chave::FIRST.next().unwrap(), false, 2), chave(Chave::FIRST, true, 0)],
        };
        let offered = ["acesso.usuario.ver", "acesso.token.gerir"];
        let mut refused = FormState::new().with("nome", "");
        refused.refuse(frame.lang, &CriarTokenError::NoPermissao);
        refused.refuse(frame.lang, &CriarTokenError::BeyondServico);
        refused.fail("nome", kernel::Invalid::new("required"));
        refused.fail("limite", "1".parse::<Limite>().unwrap_err());
        vec![
            Self::new(frame.clone(), empty_form(), None, Found { servicos: vec![], chaves: vec![], ..found(&offered, vec![]) }),
            Self::new(frame.clone(), empty_form(), Some(created), found(&offered, all())),
            Self::new(frame.clone(), refused, None, found(&[], all())),
        ]
    }
}
