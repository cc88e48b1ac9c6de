//! `/conta/notificacoes`, and where a letter's link stops letters of its kind: opening it only asks, since scanners open links too.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::NaiveTime;
use kernel::Invalid;
use messaging::{
    Channel, NoticeKind, NoticeRule, correio, gateway,
    notificacao::{
        horario::{self, Horario, Silencio},
        preferencia::{self, Preferencia},
    },
};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Module, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::preferencia::{Escolha, alterar_horario, offered, parar, preferir, voltar_ao_padrao};
use crate::usuario::UsuarioId;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/notificacoes")]
pub struct Preferencias;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/notificacoes/padrao")]
pub struct PreferenciasPadrao;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/conta/notificacoes/horario")]
pub struct HorarioPath;

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
        Route::post(save_hours, Access::SignedIn)
            .sample("/conta/notificacoes/horario", "silencio=sim&inicio=22%3A00&fim=07%3A00&resumo=8"),
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
    /// The unidade reaches telephones, and knows no number of this person.
    unnumbered: bool,
    hours: FormState,
    /// Hours of the day.
    horas: Vec<Choice>,
    /// Names of the kinds that wait for nothing.
    now: String,
}

/// Everything that a person said.
#[derive(Default)]
struct Said {
    own: Vec<Preferencia>,
    mails: bool,
    /// Where the unidade reaches telephones: whether it knows a number of theirs.
    numbered: Option<bool>,
    hours: FormState,
}

impl Said {
    async fn load(ctx: &mut CtxInner) -> Result<Self> {
        let usuario = super::pages::person(ctx)?;
        let horario = horario::of(&mut ctx.tx, usuario).await?;
        Ok(Self {
            own: preferencia::preferencias(&mut ctx.tx, usuario).await?,
            mails: correio::find(&mut ctx.tx).await?.ativo,
            numbered: match gateway::find(&mut ctx.tx).await? {
                Some(_) => Some(
                    crate::usuario::find(&mut ctx.tx, UsuarioId::new(usuario))
                        .await?
                        .is_some_and(|usuario| usuario.telefone.is_some()),
                ),
                None => None,
            },
            hours: hours(horario),
        })
    }
}

/// As the form shows it; a night that nobody has chosen yet is offered.
fn hours(horario: Horario) -> FormState {
    let time = |of: fn(Silencio) -> NaiveTime, usual: &str| {
        horario.silencio().map_or_else(|| usual.to_owned(), |one| of(one).format("%H:%M").to_string())
    };
    FormState::new()
        .with_some("silencio", horario.silencio().map(|_| "sim"))
        .with("inicio", time(Silencio::inicio, "20:00"))
        .with("fim", time(Silencio::fim, "07:00"))
        .with_some("resumo", horario.resumo())
}

/// What was typed; mistakes are noted by their fields.
fn typed(form: &mut FormState) -> Option<Horario> {
    let time = |form: &mut FormState, field: &str| {
        let time = NaiveTime::parse_from_str(form.raw(field), "%H:%M").ok();
        if time.is_none() {
            form.fail(field, Invalid::new("horario"));
        }
        time
    };
    let mut silencio = None;
    if form.has("silencio", "sim") {
        let (inicio, fim) = (time(form, "inicio"), time(form, "fim"));
        match Silencio::new(inicio?, fim?) {
            Ok(chosen) => silencio = Some(chosen),
            Err(invalid) => {
                form.fail("fim", invalid);
                return None;
            }
        }
    }
    let resumo = match form.raw("resumo") {
        "" => Ok(None),
        hora => hora.parse().map(Some).map_err(|_| Invalid::new("choice")),
    };
    match resumo.and_then(|resumo| Horario::new(silencio, resumo)) {
        Ok(horario) => Some(horario),
        Err(invalid) => {
            form.fail("resumo", invalid);
            None
        }
    }
}

const fn channel_label(channel: Channel) -> &'static str {
    match channel {
        Channel::Panel => "preferencias-panel",
        Channel::Email => "preferencias-email",
        Channel::Telefone => "preferencias-telefone",
    }
}

/// Those that the unidade has.
fn channels(telephones: bool) -> impl Iterator<Item = Channel> {
    Channel::ALL.into_iter().filter(move |channel| telephones || *channel != Channel::Telefone)
}

fn value(kind: &NoticeKind, channel: Channel) -> String {
    format!("{}:{}", kind.code, channel.code())
}

impl PreferenciasPage {
    fn new(frame: Frame, kinds: &[(&'static str, Vec<&'static NoticeKind>)], said: Said) -> Self {
        let Said { own, mails, numbered, hours } = said;
        let channels = || channels(numbered.is_some());
        let frame = frame.titled("preferencias-title");
        let cell = |kind: &NoticeKind, channel: Channel| {
            let rule = kind.rule(channel);
            let said = own.iter().find(|one| one.kind == kind.code && one.channel == channel.code()).map(|one| one.wanted);
            Cell {
                channel: frame.t(channel_label(channel)),
                value: value(kind, channel),
                wanted: rule.or(said),
                locked: match rule {
                    NoticeRule::On | NoticeRule::Now | NoticeRule::Off => None,
                    NoticeRule::Always => Some(frame.t("preferencias-always")),
                    NoticeRule::Letter => Some(frame.t("preferencias-letter")),
                    NoticeRule::Never => Some(frame.t("preferencias-never")),
                },
            }
        };
        let linha = |kind: &&'static NoticeKind| Linha {
            nome: frame.t(kind.label),
            text: frame.t(kind.help),
            cells: channels().map(|channel| cell(kind, channel)).collect(),
        };
        let grupos = kinds
            .iter()
            .map(|(module, kinds)| Grupo { nome: module_name(&frame, module), linhas: kinds.iter().map(linha).collect() })
            .collect();
        let at_once = kinds.iter().flat_map(|(_, kinds)| kinds).filter(|kind| !kind.email.waits());
        Self {
            now: at_once.map(|kind| frame.t(kind.label)).collect::<Vec<_>>().join(", "),
            horas: (0..24).map(|hora| Choice::new(hora.to_string(), format!("{hora:02}:00"))).collect(),
            hours,
            channels: channels().map(|channel| frame.t(channel_label(channel))).collect(),
            grupos,
            own: !own.is_empty(),
            mails,
            unnumbered: numbered == Some(false),
            frame,
        }
    }
}

fn module_name(frame: &Frame, module: &'static str) -> &'static str {
    idioma::find(frame.lang, &format!("module-{module}")).unwrap_or(module)
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
    let said = Said::load(ctx).await?;
    Ok(Page(PreferenciasPage::new(ctx.frame(), &kinds(ctx), said)))
}

async fn save_hours(_: HorarioPath, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(horario) = typed(&mut form) {
        alterar_horario(&mut ctx.tx, &ctx.actor, horario).await?;
        return Ok(redirect(Preferencias::PATH, Some((Tone::Success, "toast-horario"))));
    }
    let said = Said { hours: form, ..Said::load(ctx).await? };
    let page = PreferenciasPage::new(ctx.frame(), &kinds(ctx), said);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
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
    nome: String,
    done: bool,
}

impl PararPage {
    fn new(frame: Frame, path: Parar, kinds: &[&NoticeKind], done: bool) -> Self {
        let frame = frame.titled(if done { "parar-done-title" } else { "parar-title" });
        let nome = kinds.iter().map(|kind| frame.t(kind.label)).collect::<Vec<_>>().join(", ");
        Self { nome, action: path.to_string(), done, frame }
    }
}

/// Whose e-mails of what a link stops. One of another unidade is none here, and one whose kinds are no more stops nothing.
async fn stopped(ctx: &mut CtxInner, path: Parar) -> Result<(Uuid, Vec<&'static NoticeKind>)> {
    let found = preferencia::descadastro(&mut ctx.tx, path.token).await?.ok_or_else(Error::not_found)?;
    let all = ctx.app.modules.iter().flat_map(|module| module.notices).copied();
    let kinds: Vec<_> = all.filter(|kind| found.kinds.iter().any(|code| code == kind.code)).collect();
    if kinds.is_empty() { Err(Error::not_found()) } else { Ok((found.usuario, kinds)) }
}

async fn ask(path: Parar, mut ctx: Ctx) -> Result<Page<PararPage>> {
    let ctx = &mut *ctx;
    let (_, kinds) = stopped(ctx, path).await?;
    Ok(Page(PararPage::new(ctx.frame(), path, &kinds, false)))
}

async fn stop(path: Parar, mut ctx: Ctx) -> Result<Page<PararPage>> {
    let ctx = &mut *ctx;
    let (usuario, kinds) = stopped(ctx, path).await?;
    parar(&mut ctx.tx, &ctx.actor, usuario, &kinds).await?;
    Ok(Page(PararPage::new(ctx.frame(), path, &kinds, true)))
}

#[cfg(test)]
impl PreferenciasPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let own = vec![Preferencia { kind: "acesso.suporte".to_owned(), channel: "email".to_owned(), wanted: false }];
        let mut wrong = FormState::from_body(b"silencio=sim&inicio=22%3A00&fim=%3Cscript%3Ealert&resumo=8");
        assert!(typed(&mut wrong).is_none() && wrong.failed("fim"), "it is no time");
        let mut held = FormState::from_body(b"silencio=sim&inicio=22%3A00&fim=07%3A00&resumo=6");
        assert!(typed(&mut held).is_none() && held.failed("resumo"), "nothing leaves in the silence");
        let kinds = [("acesso", crate::NOTICES.to_vec())];
        vec![
            Self::new(frame.clone(), &[], Said { mails: true, ..Said::default() }),
            Self::new(frame.clone(), &kinds, Said { own, mails: false, numbered: None, hours: wrong }),
            Self::new(frame.clone(), &kinds, Said { hours: held, numbered: Some(true), ..Said::default() }),
            Self::new(frame.clone(), &kinds, Said { mails: true, numbered: Some(false), ..Said::default() }),
        ]
    }
}

#[cfg(test)]
impl PararPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |done| Self::new(frame.clone(), Parar { token: Uuid::nil() }, &[&crate::suporte::NOTICE], done);
        vec![page(false), page(true)]
    }
}
