//! `/conta/notificacoes`, and where a letter's link stops letters of its kind: opening it only asks, since scanners open links too.

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use messaging::{
    Channel, NoticeKind, NoticeRule, correio,
    notificacao::preferencia::{self, Descadastro, Preferencia},
};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Module, Page, Result, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::preferencia::{Escolha, offered, parar, preferir, voltar_ao_padrao};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/notificacoes")]
pub struct Preferencias;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/notificacoes/padrao")]
pub struct PreferenciasPadrao;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/notificacoes/parar/{token}", rejection(web::BadPath))]
pub struct Parar {
    pub token: Uuid,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::SignedIn),
        Route::post(save, Access::SignedIn)
            .sample("/conta/notificacoes", "mostra=empresas.exportacao%3Aemail&quer=empresas.exportacao%3Aemail"),
        Route::post(reset, Access::SignedIn).sample("/conta/notificacoes/padrao", ""),
        Route::get(ask, Access::Public).ids(&["descadastro"]).sample("/notificacoes/parar/{descadastro}", ""),
        Route::post(stop, Access::Public)
            .ids(&["descadastro"])
            .sample("/notificacoes/parar/{descadastro}", "List-Unsubscribe=One-Click"),
    ]
}

/// A kind on a channel.
struct Cell {
    channel: &'static str,
    /// What the form sends of it.
    value: String,
    wanted: bool,
    /// Why it cannot be turned off.
    locked: Option<&'static str>,
}

struct Linha {
    nome: &'static str,
    text: &'static str,
    cells: Vec<Cell>,
}

struct Grupo {
    nome: &'static str,
    linhas: Vec<Linha>,
}

#[derive(Template)]
#[template(path = "acesso/preferencias.html")]
pub(crate) struct PreferenciasPage {
    frame: Frame,
    channels: Vec<&'static str>,
    grupos: Vec<Grupo>,
    /// Something differs from what holds for everybody.
    own: bool,
    /// The unidade sends e-mail.
    mails: bool,
}

const fn channel_label(channel: Channel) -> &'static str {
    match channel {
        Channel::Panel => "preferencias-panel",
        Channel::Email => "preferencias-email",
    }
}

fn value(kind: &NoticeKind, channel: Channel) -> String {
    format!("{}:{}", kind.code, channel.code())
}

impl PreferenciasPage {
    fn new(frame: Frame, kinds: &[(&'static str, Vec<&'static NoticeKind>)], own: &[Preferencia], mails: bool) -> Self {
        let frame = frame.titled("preferencias-title");
        let cell = |kind: &NoticeKind, channel: Channel| {
            let rule = kind.rule(channel);
            let said = own.iter().find(|one| one.kind == kind.code && one.channel == channel.code()).map(|one| one.wanted);
            Cell {
                channel: frame.t(channel_label(channel)),
                value: value(kind, channel),
                wanted: rule.or(said),
                locked: match rule {
                    NoticeRule::On | NoticeRule::Off => None,
                    NoticeRule::Always => Some(frame.t("preferencias-always")),
                    NoticeRule::Letter => Some(frame.t("preferencias-letter")),
                },
            }
        };
        let linha = |kind: &&'static NoticeKind| Linha {
            nome: frame.t(kind.label),
            text: frame.t(kind.help),
            cells: Channel::ALL.map(|channel| cell(kind, channel)).into(),
        };
        let grupos = kinds
            .iter()
            .map(|(module, kinds)| Grupo { nome: module_name(&frame, module), linhas: kinds.iter().map(linha).collect() })
            .collect();
        Self {
            channels: Channel::ALL.map(|channel| frame.t(channel_label(channel))).into(),
            grupos,
            own: !own.is_empty(),
            mails,
            frame,
        }
    }
}

fn module_name(frame: &Frame, module: &str) -> &'static str {
    idioma::find(frame.lang, &format!("module-{module}")).unwrap_or_default()
}

/// Kinds that whoever asks could hear of, by module.
fn kinds(ctx: &CtxInner) -> Vec<(&'static str, Vec<&'static NoticeKind>)> {
    let on = |module: &&Module| module.core || ctx.unidade.has_module(module.name);
    let of = |module: &Module| module.notices.iter().copied().filter(|kind| offered(&ctx.actor, kind)).collect::<Vec<_>>();
    let all = ctx.app.modules.iter().filter(on).map(|module| (module.name, of(module)));
    all.filter(|(_, kinds)| !kinds.is_empty()).collect()
}

async fn show(_: Preferencias, mut ctx: Ctx) -> Result<Page<PreferenciasPage>> {
    let ctx = &mut *ctx;
    let usuario = super::pages::person(ctx)?;
    let own = preferencia::preferencias(&mut ctx.tx, usuario).await?;
    let mails = correio::find(&mut ctx.tx).await?.ativo;
    Ok(Page(PreferenciasPage::new(ctx.frame(), &kinds(ctx), &own, mails)))
}

async fn save(_: Preferencias, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    // Only what the page showed: a kind that came meanwhile is not turned off by not having been there.
    let switches =
        kinds(ctx).into_iter().flat_map(|(_, kinds)| kinds).flat_map(|kind| Channel::ALL.map(|channel| (kind, channel)));
    let escolhas: Vec<Escolha> = switches
        .map(|(kind, channel)| (kind, channel, value(kind, channel)))
        .filter(|(_, _, value)| form.has("mostra", value))
        .map(|(kind, channel, value)| Escolha { kind, channel, wanted: form.has("quer", &value) })
        .collect();
    preferir(&mut ctx.tx, &ctx.actor, &escolhas).await?;
    Ok(redirect(Preferencias::PATH, Some((Tone::Success, "toast-preferencias"))))
}

async fn reset(_: PreferenciasPadrao, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    voltar_ao_padrao(&mut ctx.tx, &ctx.actor).await?;
    Ok(redirect(Preferencias::PATH, Some((Tone::Success, "toast-preferencias-padrao"))))
}

#[derive(Template)]
#[template(path = "acesso/parar.html")]
pub(crate) struct PararPage {
    frame: Frame,
    action: String,
    nome: &'static str,
    done: bool,
}

impl PararPage {
    fn new(frame: Frame, path: Parar, kind: &NoticeKind, done: bool) -> Self {
        let frame = frame.titled(if done { "parar-done-title" } else { "parar-title" });
        Self { nome: frame.t(kind.label), action: path.to_string(), done, frame }
    }
}

/// What a link is for. One of another unidade is none here, and one whose kind is no more stops nothing.
async fn stopped(ctx: &mut CtxInner, path: Parar) -> Result<(Descadastro, &'static NoticeKind)> {
    let found = preferencia::descadastro(&mut ctx.tx, path.token).await?.ok_or_else(Error::not_found)?;
    let kind = ctx.app.modules.iter().flat_map(|module| module.notices).copied().find(|kind| kind.code == found.kind);
    Ok((found, kind.ok_or_else(Error::not_found)?))
}

async fn ask(path: Parar, mut ctx: Ctx) -> Result<Page<PararPage>> {
    let ctx = &mut *ctx;
    let (_, kind) = stopped(ctx, path).await?;
    Ok(Page(PararPage::new(ctx.frame(), path, kind, false)))
}

async fn stop(path: Parar, mut ctx: Ctx) -> Result<Page<PararPage>> {
    let ctx = &mut *ctx;
    let (of, kind) = stopped(ctx, path).await?;
    parar(&mut ctx.tx, &ctx.actor, &of, kind).await?;
    Ok(Page(PararPage::new(ctx.frame(), path, kind, true)))
}

#[cfg(test)]
impl PreferenciasPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let own = [Preferencia { kind: "acesso.suporte".to_owned(), channel: "email".to_owned(), wanted: false }];
        vec![
            Self::new(frame.clone(), &[], &[], true),
            Self::new(frame.clone(), &[("acesso", crate::NOTICES.to_vec())], &own, false),
        ]
    }
}

#[cfg(test)]
impl PararPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |done| Self::new(frame.clone(), Parar { token: Uuid::nil() }, &crate::suporte::NOTICE, done);
        vec![page(false), page(true)]
    }
}
