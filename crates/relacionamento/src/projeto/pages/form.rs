//! Making a demanda a projeto, and changing what is agreed of one.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use kernel::{Denied, Reais};
use uuid::Uuid;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, filters,
    forms::{Choice, Dia, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{DemandaConverter, ProjetoEdit, ProjetoShow};
use crate::{
    demanda::{self, Demanda, DemandaError, DemandaId, DemandaRule, pages::DemandaShow},
    projeto::{
        Dados, Pessoa, Projeto, ProjetoError, ProjetoRule, Situacao,
        gravar::{alterar, converter as convert},
        lista,
    },
    visita,
};

/// What was typed, when all of it is valid.
fn dados(form: &mut FormState) -> Option<Dados> {
    let (titulo, valor) = (form.required("titulo"), form.optional::<Reais>("valor"));
    let responsavel = form.choice_or_none("responsavel", |id| id.parse().ok());
    let (inicio, fim) = (form.required::<Dia>("data_inicio"), form.optional::<Dia>("data_fim"));
    Some(Dados {
        titulo: titulo?,
        valor: valor?,
        responsavel: responsavel?,
        data_inicio: inicio?.0,
        data_fim: fim?.map(|dia| dia.0),
    })
}

fn filled(projeto: &Projeto) -> FormState {
    FormState::new()
        .with("titulo", &projeto.titulo)
        .with_some("valor", projeto.valor)
        .with_some("responsavel", projeto.responsavel_id)
        .with("data_inicio", projeto.data_inicio)
        .with_some("data_fim", projeto.data_fim)
}

/// What a demanda proposes for its projeto.
fn proposed(demanda: &Demanda, today: NaiveDate) -> FormState {
    FormState::new()
        .with("titulo", &demanda.titulo)
        .with_some("valor", demanda.valor_estimado)
        .with_some("responsavel", demanda.responsavel_id)
        .with("data_inicio", today)
}

#[derive(Template)]
#[template(path = "relacionamento/projeto/form.html")]
pub struct ProjetoFormPage {
    frame: Frame,
    form: FormState,
    empresa: String,
    action: String,
    cancel: String,
    pessoas: Vec<Choice>,
    version: i32,
    /// Whether it is made now.
    new: bool,
}

/// Of what the form is.
enum About<'a> {
    Demanda(&'a Demanda),
    Projeto(&'a Projeto),
}

impl ProjetoFormPage {
    fn new(frame: Frame, form: FormState, about: &About<'_>, version: i32, mut pessoas: Vec<Pessoa>) -> Self {
        let (action, cancel, empresa, nome, responsavel) = match about {
            About::Demanda(demanda) => (
                DemandaConverter { id: demanda.id }.to_string(),
                DemandaShow { id: demanda.id }.to_string(),
                &demanda.empresa_nome,
                &demanda.titulo,
                demanda.responsavel_id.zip(demanda.responsavel_nome.clone()),
            ),
            About::Projeto(projeto) => (
                ProjetoEdit { id: projeto.id }.to_string(),
                ProjetoShow { id: projeto.id }.to_string(),
                &projeto.empresa_nome,
                &projeto.titulo,
                projeto.responsavel_id.zip(projeto.responsavel_nome.clone()),
            ),
        };
        let new = matches!(about, About::Demanda(_));
        let (title, list, href) = if new {
            ("demanda-converter", "demandas-title", "/demandas")
        } else {
            pessoas.extend(
                responsavel.map(|(id, nome)| Pessoa { id, nome }).filter(|one| pessoas.iter().all(|known| known.id != one.id)),
            );
            ("projeto-edit", "projetos-title", "/projetos")
        };
        let list = frame.t(list);
        Self {
            frame: frame.titled(title).crumb(list, href).crumb(nome.clone(), cancel.clone()),
            empresa: empresa.clone(),
            pessoas: pessoas.into_iter().map(|one| Choice::new(one.id.to_string(), one.nome)).collect(),
            form,
            action,
            cancel,
            version,
            new,
        }
    }

    /// For the test that renders every page: fresh, refused, changed.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let demanda = demanda::samples::demanda(demanda::Situacao::EmAndamento, true, false, frame.now);
        let projeto = super::sample(1, false, frame.now);
        let pessoas = || vec![Pessoa { id: Uuid::nil(), nome: "Marina <b>Aurora</b>".to_owned() }];
        let mut refused = FormState::typed([("titulo", "\"><script>"), ("data_inicio", "x"), ("valor", "y")]);
        dados(&mut refused);
        let fresh = proposed(&demanda, frame.now.date_naive());
        vec![
            ("fresh", Self::new(frame.clone(), fresh, &About::Demanda(&demanda), 1, pessoas())),
            ("refused", Self::new(frame.clone(), refused, &About::Demanda(&demanda), 1, Vec::new())),
            ("edit", Self::new(frame.clone(), filled(&projeto), &About::Projeto(&projeto), 3, pessoas())),
        ]
    }
}

/// A demanda that the actor may make a projeto.
async fn convertible(ctx: &mut CtxInner, id: DemandaId) -> Result<Demanda, Error> {
    let demanda = demanda::lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    if !demanda::lista::may(&mut ctx.tx, &ctx.actor, id, &demanda::ALTERAR).await? {
        return Err(Denied { permission: demanda::ALTERAR }.into());
    }
    Ok(demanda)
}

pub(crate) async fn converter(path: DemandaConverter, mut ctx: Ctx) -> Result<Page<ProjetoFormPage>, Error> {
    let ctx = &mut *ctx;
    let demanda = convertible(ctx, path.id).await?;
    if demanda.projeto.is_some() {
        return Err(DemandaError::Rule(DemandaRule::Convertida).into());
    }
    if demanda.situacao == demanda::Situacao::Cancelada {
        return Err(DemandaError::Rule(DemandaRule::Situacao(demanda.situacao)).into());
    }
    let pessoas = visita::lista::pessoas(&mut ctx.tx).await?;
    let form = proposed(&demanda, ctx.now.with_timezone(&ctx.fuso()).date_naive());
    Ok(Page(ProjetoFormPage::new(ctx.frame(), form, &About::Demanda(&demanda), demanda.version, pessoas)))
}

pub(crate) async fn save_converter(path: DemandaConverter, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let demanda = convertible(ctx, path.id).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(dados) = dados(&mut form) {
        match convert(&mut ctx.tx, &ctx.actor, path.id, seen, &dados).await {
            Ok(id) => return Ok(redirect(&ProjetoShow { id }.to_string(), Some((Tone::Success, "toast-demanda-convertida")))),
            Err(ProjetoError::Rule(ProjetoRule::Demanda(DemandaRule::Changed(conflict)))) => {
                // What was typed stays; saving again means it.
                (status, seen) = (StatusCode::CONFLICT, conflict.current.version);
                form.fail_form(idioma::t(ctx.lang, "demanda-conflict"));
            }
            Err(error) => refused(&mut form, ctx, error)?,
        }
    }
    let pessoas = visita::lista::pessoas(&mut ctx.tx).await?;
    let page = ProjetoFormPage::new(ctx.frame(), form, &About::Demanda(&demanda), seen, pessoas);
    Ok((status, Page(page)).into_response())
}

/// A rule about what was typed goes to its field; anything else is an answer of its own.
fn refused(form: &mut FormState, ctx: &CtxInner, error: ProjetoError) -> Result<(), Error> {
    match &error {
        ProjetoError::Rule(ProjetoRule::Fim | ProjetoRule::Valor | ProjetoRule::Responsavel) => {
            form.refuse(ctx.lang, &error);
            Ok(())
        }
        _ => Err(error.into()),
    }
}

async fn found(ctx: &mut CtxInner, path: ProjetoEdit) -> Result<Projeto, Error> {
    let projeto = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    if projeto.situacao != Situacao::EmExecucao {
        return Err(ProjetoError::Rule(ProjetoRule::Situacao(projeto.situacao)).into());
    }
    Ok(projeto)
}

pub(crate) async fn edit(path: ProjetoEdit, mut ctx: Ctx) -> Result<Page<ProjetoFormPage>, Error> {
    let ctx = &mut *ctx;
    let projeto = found(ctx, path).await?;
    let pessoas = visita::lista::pessoas(&mut ctx.tx).await?;
    let about = About::Projeto(&projeto);
    Ok(Page(ProjetoFormPage::new(ctx.frame(), filled(&projeto), &about, projeto.version, pessoas)))
}

pub(crate) async fn save(path: ProjetoEdit, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let projeto = found(ctx, path).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(dados) = dados(&mut form) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, seen, &dados).await {
            Ok(_) => {
                let to = ProjetoShow { id: path.id }.to_string();
                return Ok(redirect(&to, Some((Tone::Success, "toast-projeto-alterado"))));
            }
            Err(ProjetoError::Rule(ProjetoRule::Changed { current })) => {
                (status, seen) = (StatusCode::CONFLICT, current);
                form.fail_form(idioma::t(ctx.lang, "projeto-conflict"));
            }
            Err(error) => refused(&mut form, ctx, error)?,
        }
    }
    let pessoas = visita::lista::pessoas(&mut ctx.tx).await?;
    let page = ProjetoFormPage::new(ctx.frame(), form, &About::Projeto(&projeto), seen, pessoas);
    Ok((status, Page(page)).into_response())
}
