//! One projeto: what is agreed, its tarefas and its history, and how it ends.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use empresas::empresa::pages::EmpresaShow;
use kernel::Denied;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, filters,
    forms::FormState,
    frame::{Frame, Tone, iniciais},
    redirect,
    timeline::{self, Day},
};

use super::{ProjetoCancelar, ProjetoConcluir, ProjetoDelete, ProjetoReabrir, ProjetoShow};
use crate::{
    demanda::pages::DemandaShow,
    projeto::{
        ALTERAR, ENTITY, EXCLUIR, Projeto, ProjetoError, ProjetoId, ProjetoRule, Situacao,
        excluir::excluir,
        gravar::{encerrar, reabrir as reopen},
        lista,
    },
    tarefa::{Sobre, pages::Cartao},
};

/// Moments of its history that are shown.
const MOMENTS: usize = 30;

#[derive(Template)]
#[template(path = "relacionamento/projeto/show.html")]
pub struct ProjetoShowPage {
    frame: Frame,
    projeto: Projeto,
    path: String,
    empresa: Option<String>,
    iniciais: String,
    demanda: Option<String>,
    facts: Vec<(&'static str, String)>,
    recent: Vec<Day>,
    alterar: bool,
    excluir: bool,
    late: bool,
    cartao: Cartao,
}

/// What the reader may, and what stands beside it.
struct Beside {
    empresa: Option<String>,
    demanda: Option<String>,
    recent: Vec<Day>,
    alterar: bool,
    excluir: bool,
    cartao: Cartao,
}

impl ProjetoShowPage {
    fn new(frame: Frame, projeto: Projeto, beside: Beside) -> Self {
        let projetos = frame.t("projetos-title");
        let frame = frame.title(projeto.titulo.clone()).crumb(projetos, "/projetos");
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let facts = vec![
            (frame.t("projeto-valor"), projeto.valor.map(|valor| valor.to_string()).unwrap_or_default()),
            (frame.t("demanda-responsavel"), projeto.responsavel_nome.clone().unwrap_or_default()),
            (frame.t("projeto-inicio"), frame.date(projeto.data_inicio)),
            (frame.t("projeto-fim"), projeto.data_fim.map(|day| frame.date(day)).unwrap_or_default()),
            (frame.t("projeto-concluido-at"), projeto.concluido_at.map(|at| frame.datetime(at)).unwrap_or_default()),
        ];
        Self {
            path: ProjetoShow { id: projeto.id }.to_string(),
            empresa: beside.empresa,
            demanda: beside.demanda,
            iniciais: iniciais(&projeto.empresa_nome),
            facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            recent: beside.recent,
            alterar: beside.alterar,
            excluir: beside.excluir,
            late: projeto.situacao == Situacao::EmExecucao && projeto.data_fim.is_some_and(|fim| fim < today),
            cartao: beside.cartao,
            projeto,
            frame,
        }
    }

    /// For the test that renders every page: each state, barely filled and the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |i: usize, full: bool| {
            let beside = Beside {
                empresa: full.then(|| "/".to_owned()),
                demanda: full.then(|| "/".to_owned()),
                recent: if full { timeline::Told::sample(frame).days } else { Vec::new() },
                alterar: full,
                excluir: full,
                cartao: Cartao::sample(frame, if full { 5 } else { 0 }),
            };
            Self::new(frame.clone(), super::sample(i, full, frame.now), beside)
        };
        vec![("bare", page(0, false)), ("em execucao", page(3, true)), ("concluido", page(1, true)), ("cancelado", page(2, true))]
    }
}

pub(crate) async fn show(path: ProjetoShow, mut ctx: Ctx) -> Result<Page<ProjetoShowPage>, Error> {
    let ctx = &mut *ctx;
    let projeto = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let frame = ctx.frame();
    let sees = ctx.actor.may(&empresas::empresa::VER)
        && empresas::empresa::lista::find(&mut ctx.tx, &ctx.actor, projeto.empresa_id).await?.is_some();
    let knows = ctx.actor.may(&crate::demanda::VER)
        && crate::demanda::lista::find(&mut ctx.tx, &ctx.actor, projeto.demanda_id).await?.is_some();
    let beside = Beside {
        empresa: sees.then(|| EmpresaShow { id: projeto.empresa_id }.to_string()),
        demanda: knows.then(|| DemandaShow { id: projeto.demanda_id }.to_string()),
        recent: timeline::newest(ctx, &frame, ENTITY, projeto.id.uuid(), MOMENTS).await?,
        alterar: lista::may(&mut ctx.tx, &ctx.actor, projeto.id, &ALTERAR).await?,
        excluir: lista::may(&mut ctx.tx, &ctx.actor, projeto.id, &EXCLUIR).await?,
        cartao: Cartao::load(ctx, &frame, Sobre { entity: ENTITY, id: projeto.id.uuid() }, false).await?,
    };
    Ok(Page(ProjetoShowPage::new(frame, projeto, beside)))
}

fn seen(form: &FormState) -> Result<i32, Error> {
    form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))
}

pub(crate) async fn concluir(path: ProjetoConcluir, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    encerrar(&mut ctx.tx, &ctx.actor, path.id, seen(&FormState::from_body(&body))?, None).await?;
    Ok(redirect(&ProjetoShow { id: path.id }.to_string(), Some((Tone::Success, "toast-projeto-concluido"))))
}

pub(crate) async fn reabrir(path: ProjetoReabrir, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    reopen(&mut ctx.tx, &ctx.actor, path.id, seen(&FormState::from_body(&body))?).await?;
    Ok(redirect(&ProjetoShow { id: path.id }.to_string(), Some((Tone::Success, "toast-projeto-reaberto"))))
}

pub(crate) async fn delete(path: ProjetoDelete, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect("/projetos", Some((Tone::Success, "toast-projeto-excluido"))))
}

#[derive(Template)]
#[template(path = "relacionamento/demanda/cancelar.html")]
pub struct ProjetoCancelarPage {
    frame: Frame,
    form: FormState,
    empresa: String,
    action: String,
    cancel: String,
    version: i32,
}

impl ProjetoCancelarPage {
    fn new(frame: Frame, form: FormState, projeto: &Projeto, version: i32) -> Self {
        let projetos = frame.t("projetos-title");
        let show = ProjetoShow { id: projeto.id }.to_string();
        Self {
            form,
            empresa: format!("{} · {}", projeto.titulo, projeto.empresa_nome),
            action: ProjetoCancelar { id: projeto.id }.to_string(),
            frame: frame.titled("projeto-cancelar").crumb(projetos, "/projetos").crumb(projeto.titulo.clone(), show.clone()),
            cancel: show,
            version,
        }
    }
}

async fn found(ctx: &mut CtxInner, id: ProjetoId) -> Result<Projeto, Error> {
    let projeto = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    if !lista::may(&mut ctx.tx, &ctx.actor, id, &ALTERAR).await? {
        return Err(Denied { permission: ALTERAR }.into());
    }
    if projeto.situacao != Situacao::EmExecucao {
        return Err(ProjetoError::Rule(ProjetoRule::Situacao(projeto.situacao)).into());
    }
    Ok(projeto)
}

pub(crate) async fn cancelar(path: ProjetoCancelar, mut ctx: Ctx) -> Result<Page<ProjetoCancelarPage>, Error> {
    let ctx = &mut *ctx;
    let projeto = found(ctx, path.id).await?;
    Ok(Page(ProjetoCancelarPage::new(ctx.frame(), FormState::new(), &projeto, projeto.version)))
}

pub(crate) async fn save_cancelar(path: ProjetoCancelar, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let projeto = found(ctx, path.id).await?;
    let mut seen = seen(&form)?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(motivo) = form.required("motivo") {
        match encerrar(&mut ctx.tx, &ctx.actor, path.id, seen, Some(&motivo)).await {
            Ok(_) => {
                let to = ProjetoShow { id: path.id }.to_string();
                return Ok(redirect(&to, Some((Tone::Success, "toast-projeto-cancelado"))));
            }
            Err(ProjetoError::Rule(ProjetoRule::Changed { current })) => {
                (status, seen) = (StatusCode::CONFLICT, current);
                form.fail_form(idioma::t(ctx.lang, "projeto-conflict"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok((status, Page(ProjetoCancelarPage::new(ctx.frame(), form, &projeto, seen))).into_response())
}
