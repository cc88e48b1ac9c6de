//! The steps of a visita: put to another time, told of, called off, planned again.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use kernel::{Actor, Denied};
use tenancy::TenantTx;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, filters,
    forms::{Dia, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Here, VisitaCancelar, VisitaReabrir, VisitaRealizar, VisitaRemarcar, VisitaShow,
    form::{horario, with_horario},
};
use crate::tarefa::gravar::criar_dos_passos;
use crate::visita::{
    ALTERAR, Relato, Situacao, Visita, VisitaError, VisitaId, VisitaRule, alterar::remarcar as put, desfecho, lista,
};

/// Which step a page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passo {
    Remarcar,
    Realizar,
    Cancelar,
}

impl Passo {
    const fn title(self) -> &'static str {
        match self {
            Self::Remarcar => "visita-remarcar",
            Self::Realizar => "visita-realizar",
            Self::Cancelar => "visita-cancelar",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Remarcar => "toast-visita-remarcada",
            Self::Realizar => "toast-visita-realizada",
            Self::Cancelar => "toast-visita-cancelada",
        }
    }

    fn path(self, id: VisitaId) -> String {
        match self {
            Self::Remarcar => VisitaRemarcar { id }.to_string(),
            Self::Realizar => VisitaRealizar { id }.to_string(),
            Self::Cancelar => VisitaCancelar { id }.to_string(),
        }
    }

    /// From where it may be taken.
    const fn from(self) -> &'static [Situacao] {
        match self {
            Self::Remarcar | Self::Cancelar => &[Situacao::Planejada],
            Self::Realizar => &[Situacao::Planejada, Situacao::Realizada],
        }
    }
}

#[derive(Template)]
#[template(path = "relacionamento/visita/passo.html")]
pub struct VisitaPassoPage {
    frame: Frame,
    form: FormState,
    passo: Passo,
    /// Where and when, in a line.
    about: String,
    objetivo: String,
    action: String,
    cancel: String,
    version: i32,
    /// Whether each next step may become a tarefa.
    tarefas: bool,
}

impl VisitaPassoPage {
    fn new(frame: Frame, form: FormState, passo: Passo, visita: &Visita, version: i32) -> Self {
        let visitas = frame.t("visitas-title");
        let show = VisitaShow { id: visita.id }.to_string();
        let about = format!("{} · {}", visita.empresa_nome, frame.datetime(visita.horario.inicio_at));
        let frame = frame.titled(passo.title()).crumb(visitas, "/visitas").crumb(visita.empresa_nome.clone(), show.clone());
        Self {
            form,
            passo,
            about,
            objetivo: visita.objetivo.clone(),
            action: passo.path(visita.id),
            cancel: show,
            version,
            tarefas: visita.situacao == Situacao::Planejada,
            frame,
        }
    }

    /// For the test that renders every page: each step fresh and refused.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |passo: Passo, full: bool| {
            let visita = crate::visita::samples::visita(Situacao::Planejada, full, full, frame.now);
            let mut form = if full { with_horario(FormState::new(), visita.horario, frame.zone) } else { FormState::new() };
            for field in ["data_visita", "resumo", "motivo"] {
                if !full {
                    form.fail(field, kernel::Invalid::new("required"));
                }
            }
            Self::new(frame.clone(), form.with("resumo", "\"><script>"), passo, &visita, 3)
        };
        vec![
            ("remarcar", page(Passo::Remarcar, true)),
            ("remarcar refused", page(Passo::Remarcar, false)),
            ("realizar", page(Passo::Realizar, true)),
            ("realizar refused", page(Passo::Realizar, false)),
            ("cancelar", page(Passo::Cancelar, true)),
            ("cancelar refused", page(Passo::Cancelar, false)),
        ]
    }
}

/// A visita that the actor may change.
async fn found(ctx: &mut CtxInner, id: VisitaId) -> Result<Visita, Error> {
    let visita = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    if Here::load(ctx, &visita).await?.alterar { Ok(visita) } else { Err(Denied { permission: ALTERAR }.into()) }
}

async fn ask(ctx: &mut CtxInner, id: VisitaId, passo: Passo) -> Result<Page<VisitaPassoPage>, Error> {
    let visita = found(ctx, id).await?;
    if !passo.from().contains(&visita.situacao) {
        return Err(VisitaError::Rule(VisitaRule::Situacao(visita.situacao)).into());
    }
    let form = FormState::new().with_some("resumo", visita.resumo.as_ref());
    let form = form.with_some("proximos_passos", visita.proximos_passos.as_ref());
    let form = with_horario(form, visita.horario, ctx.fuso()).with("criar_tarefas", "sim");
    Ok(Page(VisitaPassoPage::new(ctx.frame(), form, passo, &visita, visita.version)))
}

pub(crate) async fn remarcar(path: VisitaRemarcar, mut ctx: Ctx) -> Result<Page<VisitaPassoPage>, Error> {
    ask(&mut ctx, path.id, Passo::Remarcar).await
}

pub(crate) async fn realizar(path: VisitaRealizar, mut ctx: Ctx) -> Result<Page<VisitaPassoPage>, Error> {
    ask(&mut ctx, path.id, Passo::Realizar).await
}

pub(crate) async fn cancelar(path: VisitaCancelar, mut ctx: Ctx) -> Result<Page<VisitaPassoPage>, Error> {
    ask(&mut ctx, path.id, Passo::Cancelar).await
}

pub(crate) async fn save_remarcar(path: VisitaRemarcar, ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    take(ctx, path.id, Passo::Remarcar, &body).await
}

pub(crate) async fn save_realizar(path: VisitaRealizar, ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    take(ctx, path.id, Passo::Realizar, &body).await
}

pub(crate) async fn save_cancelar(path: VisitaCancelar, ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    take(ctx, path.id, Passo::Cancelar, &body).await
}

async fn take(mut ctx: Ctx, id: VisitaId, passo: Passo, body: &FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body.0);
    let visita = found(ctx, id).await?;
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match step(ctx, id, seen, passo, &mut form).await {
        Some(Ok(_)) => return Ok(redirect(&VisitaShow { id }.to_string(), Some((Tone::Success, passo.done())))),
        Some(Err(VisitaError::Rule(VisitaRule::Changed(conflict)))) => {
            // What was typed stays; saving again means it, unless it is planned no more.
            (status, seen) = (StatusCode::CONFLICT, conflict.current.version);
            form.fail_form(idioma::t(ctx.lang, "visita-conflict"));
        }
        Some(Err(error)) => return Err(error.into()),
        None => {}
    }
    Ok((status, Page(VisitaPassoPage::new(ctx.frame(), form, passo, &visita, seen))).into_response())
}

/// Takes the step, when all that was typed is valid.
async fn step(
    ctx: &mut CtxInner,
    id: VisitaId,
    seen: i32,
    passo: Passo,
    form: &mut FormState,
) -> Option<Result<i32, VisitaError>> {
    let zone = ctx.fuso();
    let (tx, actor) = (&mut ctx.tx, &ctx.actor);
    Some(match passo {
        Passo::Remarcar => {
            let horario = horario(form, zone)?;
            put(tx, actor, id, seen, horario).await
        }
        Passo::Realizar => {
            let (resumo, proximos_passos) = (form.required("resumo"), form.optional("proximos_passos"));
            let prazo = form.optional::<Dia>("prazo_passos");
            let relato = Relato { resumo: resumo?, proximos_passos: proximos_passos? };
            let prazo = prazo?.map(|dia| dia.0);
            let passos = relato.proximos_passos.as_ref().filter(|_| form.has("criar_tarefas", "sim"));
            realize(tx, actor, id, seen, &relato, passos.map(|passos| (passos.as_str(), prazo))).await
        }
        Passo::Cancelar => {
            let motivo = form.required("motivo")?;
            desfecho::cancelar(tx, actor, id, seen, &motivo).await
        }
    })
}

/// Notes what came of it and, the first time and where asked for, each next step as a tarefa.
async fn realize(
    tx: &mut TenantTx,
    actor: &Actor,
    id: VisitaId,
    seen: i32,
    relato: &Relato,
    passos: Option<(&str, Option<NaiveDate>)>,
) -> Result<i32, VisitaError> {
    let before = lista::find(tx, actor, id).await.map_err(|error| error.map_rule(|no| match no {}))?;
    let version = desfecho::realizar(tx, actor, id, seen, relato).await?;
    if let (Some((passos, prazo)), Some(visita)) = (passos, before.filter(|one| one.situacao == Situacao::Planejada)) {
        criar_dos_passos(tx, actor, &visita, passos, prazo).await.map_err(|error| error.map_rule(|_| VisitaRule::Responsavel))?;
    }
    Ok(version)
}

pub(crate) async fn reabrir(path: VisitaReabrir, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    desfecho::reabrir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(redirect(&VisitaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-visita-reaberta"))))
}
