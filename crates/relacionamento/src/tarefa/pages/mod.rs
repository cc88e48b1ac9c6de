//! The HTML pages of tarefas.

pub mod dia;
pub mod empresa;
pub mod form;
pub mod list;

use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::NaiveDate;
use empresas::empresa::EmpresaId;
use kernel::{Actor, Permission};
use serde::Deserialize;
use tenancy::TenantTx;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Route,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Dados, GERIR, Pessoa, Sobre, TarefaError, TarefaId, Urgencia, VER,
    gravar::{concluir as finish, criar, excluir},
    lista,
};
use crate::{
    demanda::{DemandaId, pages::DemandaShow},
    projeto::{ProjetoId, pages::ProjetoShow},
    visita::{VisitaId, pages::VisitaShow},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/tarefas")]
pub struct Tarefas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/meu-dia")]
pub struct MeuDia;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/tarefas/{id}", rejection(web::BadPath))]
pub struct TarefaEdit {
    pub id: TarefaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/tarefas/{id}/concluir", rejection(web::BadPath))]
pub struct TarefaConcluir {
    pub id: TarefaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/tarefas/{id}/excluir", rejection(web::BadPath))]
pub struct TarefaDelete {
    pub id: TarefaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/tarefas", rejection(web::BadPath))]
pub struct EmpresaTarefas {
    pub id: EmpresaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["tarefa"];
    let needs = |permission: &Permission| Access::Needs(permission.clone());
    vec![
        Route::get(dia::show, needs(&VER)),
        Route::get(list::list, needs(&VER)).sample("/tarefas?quais=concluidas&q=x", ""),
        Route::post(create, needs(&GERIR)).ids(&["visita"]).sample(
            "/tarefas",
            "titulo=Enviar+proposta&responsavel={usuario.outro}&data_prazo=2026-12-01&sobre=visita%3A{visita}",
        ),
        Route::get(form::edit, needs(&GERIR)).ids(ONE).sample("/tarefas/{tarefa}", ""),
        Route::post(form::save, needs(&GERIR))
            .ids(ONE)
            .sample("/tarefas/{tarefa}", "version=1&titulo=Enviar&responsavel={usuario.outro}"),
        Route::post(concluir, needs(&GERIR)).ids(ONE).sample("/tarefas/{tarefa}/concluir", "feita=sim"),
        Route::post(delete, needs(&GERIR)).ids(ONE).sample("/tarefas/{tarefa}/excluir", "x=1"),
        Route::get(empresa::list, needs(&VER)).ids(&["empresa"]).sample("/empresas/{empresa}/tarefas", ""),
    ]
}

/// A tarefa as a line.
#[derive(Debug, Clone)]
pub(crate) struct Linha {
    pub id: TarefaId,
    pub titulo: String,
    pub responsavel: String,
    /// The record it is about, where it is another than the page's.
    pub sobre: Option<(String, String)>,
    pub prazo: Option<(String, &'static str)>,
    pub feita: bool,
}

impl Linha {
    pub(crate) fn new(frame: &Frame, today: NaiveDate, tarefa: &super::Tarefa, named: bool) -> Self {
        let sobre = tarefa.sobre().filter(|_| named).zip(tarefa.empresa.clone());
        let feita = tarefa.concluida_at.is_some();
        let tone = if feita { "quiet" } else { Urgencia::of(tarefa.data_prazo, today).tone() };
        Self {
            id: tarefa.id,
            titulo: tarefa.titulo.clone(),
            responsavel: tarefa.responsavel.clone(),
            sobre: sobre.map(|(sobre, empresa)| (href(sobre), empresa)),
            prazo: tarefa.data_prazo.map(|day| (frame.date(day), tone)),
            feita,
        }
    }
}

/// The page of a record.
fn href(sobre: Sobre) -> String {
    match sobre.entity {
        crate::visita::ENTITY => VisitaShow { id: VisitaId::new(sobre.id) }.to_string(),
        crate::demanda::ENTITY => DemandaShow { id: DemandaId::new(sobre.id) }.to_string(),
        crate::projeto::ENTITY => ProjetoShow { id: ProjetoId::new(sobre.id) }.to_string(),
        _ => empresas::empresa::pages::EmpresaShow { id: EmpresaId::new(sobre.id) }.to_string(),
    }
}

/// The tarefas of a record with the form for one more, as `relacionamento/tarefa/card.html` prints them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cartao {
    pub linhas: Vec<Linha>,
    pub sobre: String,
    /// Where one goes after each.
    pub volta: String,
    pub pessoas: Vec<Choice>,
    pub eu: String,
    pub gerir: bool,
    /// Whether there is anything to be shown to this reader.
    pub ver: bool,
}

/// On a record's page; all of them are in the list.
const SHOWN: i64 = 100;

impl Cartao {
    pub(crate) async fn load(ctx: &mut CtxInner, frame: &Frame, sobre: Sobre, named: bool) -> Result<Self, Error> {
        if !ctx.actor.may(&VER) {
            return Ok(Self::default());
        }
        let tarefas = lista::about(&mut ctx.tx, &ctx.actor, sobre, SHOWN).await?;
        let pessoas = offered(&mut ctx.tx, &ctx.actor).await?;
        Ok(Self::new(frame, ctx.actor.usuario(), &tarefas, Some(sobre), pessoas, ctx.actor.may(&GERIR), named))
    }

    fn new(
        frame: &Frame,
        eu: Option<Uuid>,
        tarefas: &[super::Tarefa],
        sobre: Option<Sobre>,
        pessoas: Vec<Pessoa>,
        gerir: bool,
        named: bool,
    ) -> Self {
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        Self {
            linhas: tarefas.iter().map(|tarefa| Linha::new(frame, today, tarefa, named)).collect(),
            sobre: sobre.map(|sobre| sobre.to_string()).unwrap_or_default(),
            volta: frame.path.clone(),
            pessoas: pessoas.into_iter().map(|pessoa| Choice::new(pessoa.id.to_string(), pessoa.nome)).collect(),
            eu: eu.map(|id| id.to_string()).unwrap_or_default(),
            gerir,
            ver: true,
        }
    }

    /// For samples of pages.
    pub(crate) fn sample(frame: &Frame, n: usize) -> Self {
        let tarefas: Vec<_> = (0..n).map(|i| sample(i, frame)).collect();
        let pessoas = vec![Pessoa { id: Uuid::nil(), nome: "Marina <b>Aurora</b>".to_owned() }];
        Self::new(frame, Some(Uuid::nil()), &tarefas, None, pessoas, n > 0, true)
    }
}

/// Whom one may ask to do something.
async fn offered(tx: &mut TenantTx, actor: &Actor) -> Result<Vec<Pessoa>, Error> {
    if actor.may(&GERIR) { Ok(crate::visita::lista::pessoas(tx).await?) } else { Ok(Vec::new()) }
}

/// A made-up one, for samples of pages.
pub(super) fn sample(i: usize, frame: &Frame) -> super::Tarefa {
    let today = frame.now.date_naive();
    super::Tarefa {
        id: TarefaId::new(Uuid::from_u128(i as u128)),
        titulo: "Enviar proposta \"><script> à <b>Aurora</b>".to_owned(),
        detalhes: None,
        responsavel_id: Uuid::nil(),
        responsavel: "Marina <b>Aurora</b>".to_owned(),
        entity: (i % 2 == 1).then(|| crate::visita::ENTITY.to_owned()),
        entity_id: (i % 2 == 1).then(Uuid::nil),
        empresa_id: (i % 2 == 1).then(|| EmpresaId::new(Uuid::nil())),
        empresa: (i % 2 == 1).then(|| "Metalúrgica <b>Aurora</b>".to_owned()),
        data_prazo: if i.is_multiple_of(4) { None } else { today.checked_add_days(chrono::Days::new(i as u64)) },
        concluida_at: (i % 5 == 4).then_some(frame.now),
        criada_por_id: None,
        criada_por_nome: "Ana".to_owned(),
        version: 1,
        created_at: frame.now,
        updated_at: frame.now,
    }
}

/// What was typed, when all of it is valid.
fn dados(form: &mut FormState, eu: Option<Uuid>) -> Option<Dados> {
    let titulo = form.required("titulo");
    let detalhes = form.optional("detalhes");
    // Left open, it is one's own.
    let responsavel = if form.raw("responsavel").is_empty() && eu.is_some() {
        eu
    } else {
        form.choice("responsavel", |id| id.parse::<Uuid>().ok())
    };
    let data_prazo = form.optional::<web::forms::Dia>("data_prazo");
    Some(Dados { titulo: titulo?, detalhes: detalhes?, responsavel: responsavel?, data_prazo: data_prazo?.map(|dia| dia.0) })
}

/// Back to the page that asked, or to the list.
fn back(form: &FormState) -> String {
    web::local_path(form.raw("volta")).map_or_else(|| MeuDia.to_string(), str::to_owned)
}

async fn create(_: Tarefas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let sobre = match form.raw("sobre") {
        "" => None,
        text => Some(Sobre::read(text).ok_or_else(Error::not_found)?),
    };
    let volta = back(&form);
    if let Some(dados) = dados(&mut form, ctx.actor.usuario()) {
        match criar(&mut ctx.tx, &ctx.actor, sobre, &dados).await {
            Ok(_) => return Ok(redirect(&volta, Some((Tone::Success, "toast-tarefa-criada")))),
            Err(error @ TarefaError::Rule(_)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    form::again(ctx, form, volta).await
}

async fn concluir(path: TarefaConcluir, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let feita = form.raw("feita") == "sim";
    finish(&mut ctx.tx, &ctx.actor, path.id, feita).await?;
    Ok(redirect(&back(&form), Some((Tone::Success, if feita { "toast-tarefa-concluida" } else { "toast-tarefa-reaberta" }))))
}

async fn delete(path: TarefaDelete, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&back(&FormState::from_body(&body)), Some((Tone::Success, "toast-tarefa-excluida"))))
}
