//! One tarefa, to be changed; and what was typed for a new one, where it could not be kept.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use web::{
    Ctx, CtxInner, Error, FormBody, Page, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{TarefaDelete, TarefaEdit, Tarefas, dados, href, offered};
use crate::tarefa::{Pessoa, Tarefa, TarefaError, TarefaId, TarefaRule, gravar::alterar, lista};

#[derive(Template)]
#[template(path = "relacionamento/tarefa/form.html")]
pub struct TarefaFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    pessoas: Vec<Choice>,
    /// The version that was seen, and what deletes it; `None` for a new one.
    existing: Option<(i32, String)>,
    /// The record it is about, and its empresa.
    sobre: Option<(String, String)>,
    /// Who wrote it down.
    by: String,
}

impl TarefaFormPage {
    fn new(frame: Frame, form: FormState, pessoas: Vec<Pessoa>, tarefa: Option<(&Tarefa, i32)>, cancel: String) -> Self {
        let tarefas = frame.t("tarefas-title");
        let frame = frame.titled(if tarefa.is_some() { "tarefa-edit" } else { "tarefa-new" }).crumb(tarefas, "/tarefas");
        Self {
            action: tarefa.map_or_else(|| Tarefas.to_string(), |(one, _)| TarefaEdit { id: one.id }.to_string()),
            existing: tarefa.map(|(one, version)| (version, TarefaDelete { id: one.id }.to_string())),
            sobre: tarefa.and_then(|(one, _)| one.sobre().map(href).zip(one.empresa.clone())),
            by: tarefa.map(|(one, _)| one.criada_por_nome.clone()).unwrap_or_default(),
            pessoas: pessoas.into_iter().map(|pessoa| Choice::new(pessoa.id.to_string(), pessoa.nome)).collect(),
            cancel,
            form,
            frame,
        }
    }

    /// For the test that renders every page: refused, and one that exists.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let tarefa = super::sample(1, frame);
        let pessoa = || vec![Pessoa { id: tarefa.responsavel_id, nome: "Marina <b>Aurora</b>".to_owned() }];
        let mut refused = FormState::typed([("titulo", ""), ("data_prazo", "\"><script>")]);
        dados(&mut refused, None);
        vec![
            ("refused", Self::new(frame.clone(), refused, pessoa(), None, "/meu-dia".to_owned())),
            ("one", Self::new(frame.clone(), filled(&tarefa), pessoa(), Some((&tarefa, 3)), "/meu-dia".to_owned())),
        ]
    }
}

fn filled(tarefa: &Tarefa) -> FormState {
    FormState::new()
        .with("titulo", &tarefa.titulo)
        .with_some("detalhes", tarefa.detalhes.as_ref())
        .with("responsavel", tarefa.responsavel_id)
        .with_some("data_prazo", tarefa.data_prazo)
}

async fn found(ctx: &mut CtxInner, id: TarefaId) -> Result<(Tarefa, Vec<Pessoa>), Error> {
    let tarefa = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    let mut pessoas = offered(&mut ctx.tx, &ctx.actor).await?;
    if !pessoas.iter().any(|pessoa| pessoa.id == tarefa.responsavel_id) {
        pessoas.push(Pessoa { id: tarefa.responsavel_id, nome: tarefa.responsavel.clone() });
    }
    Ok((tarefa, pessoas))
}

pub(crate) async fn edit(path: TarefaEdit, mut ctx: Ctx) -> Result<Page<TarefaFormPage>, Error> {
    let ctx = &mut *ctx;
    let (tarefa, pessoas) = found(ctx, path.id).await?;
    let form = filled(&tarefa);
    Ok(Page(TarefaFormPage::new(ctx.frame(), form, pessoas, Some((&tarefa, tarefa.version)), Tarefas.to_string())))
}

pub(crate) async fn save(path: TarefaEdit, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let (tarefa, pessoas) = found(ctx, path.id).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(dados) = dados(&mut form, None) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, seen, &dados).await {
            Ok(_) => return Ok(redirect(&Tarefas.to_string(), Some((Tone::Success, "toast-tarefa-alterada")))),
            Err(TarefaError::Rule(TarefaRule::Changed { current })) => {
                // What was typed stays; saving again means it.
                (status, seen) = (StatusCode::CONFLICT, current);
                form.fail_form(idioma::t(ctx.lang, "visita-conflict"));
            }
            Err(error @ TarefaError::Rule(_)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    let page = TarefaFormPage::new(ctx.frame(), form, pessoas, Some((&tarefa, seen)), Tarefas.to_string());
    Ok((status, Page(page)).into_response())
}

/// What was typed for a new one, with what is wrong beside it.
pub(super) async fn again(ctx: &mut CtxInner, form: FormState, volta: String) -> Result<Response, Error> {
    let pessoas = offered(&mut ctx.tx, &ctx.actor).await?;
    let page = TarefaFormPage::new(ctx.frame(), form, pessoas, None, volta);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}
