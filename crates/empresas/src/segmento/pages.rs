//! `/configuracoes/segmentos`: the list, and one segmento with what can be done to it.

use acesso::configuracoes::below;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{Dados, GERIR, SegmentoError, SegmentoId, SegmentoNome, Uso, alterar, excluir, mesclar, registrar, sql};
use crate::cnae::{Atividade, Atividades};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/segmentos")]
pub struct Segmentos;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/segmentos/{id}", rejection(web::BadPath))]
pub struct SegmentoShow {
    pub id: SegmentoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/segmentos/{id}/mesclar", rejection(web::BadPath))]
pub struct SegmentoMesclar {
    pub id: SegmentoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/segmentos/{id}/excluir", rejection(web::BadPath))]
pub struct SegmentoExcluir {
    pub id: SegmentoId,
}

pub(crate) fn routes() -> Vec<Route> {
    let needs = || Access::Needs(GERIR);
    vec![
        Route::get(list, needs()),
        Route::post(create, needs()).sample("/configuracoes/segmentos", "nome=Aeroespacial"),
        Route::get(show, needs()).ids(&["segmento"]).sample("/configuracoes/segmentos/{segmento}", ""),
        Route::post(rename, needs())
            .ids(&["segmento"])
            .sample("/configuracoes/segmentos/{segmento}", "nome=Aeroespacial&cnaes=30.4"),
        Route::post(merge, needs())
            .ids(&["segmento"])
            .sample("/configuracoes/segmentos/{segmento}/mesclar", "em={segmento.outro}"),
        Route::post(delete, needs()).ids(&["segmento"]).sample("/configuracoes/segmentos/{segmento.livre}/excluir", ""),
    ]
}

/// A segmento as its row is printed.
struct Row {
    nome: String,
    href: String,
    /// The list of its empresas.
    empresas_href: String,
    empresas: i64,
}

#[derive(Template)]
#[template(path = "empresas/segmento/list.html")]
pub struct SegmentosPage {
    frame: Frame,
    form: FormState,
    rows: Vec<Row>,
}

impl SegmentosPage {
    fn new(frame: Frame, form: FormState, usos: Vec<Uso>) -> Self {
        let row = |uso: Uso| Row {
            nome: uso.nome,
            href: SegmentoShow { id: uso.id }.to_string(),
            empresas_href: format!("/empresas?segmento={}", uso.id),
            empresas: uso.empresas,
        };
        Self { frame: below(frame).titled("segmentos-title"), form, rows: usos.into_iter().map(row).collect() }
    }
}

async fn list(_: Segmentos, mut ctx: Ctx) -> Result<Page<SegmentosPage>> {
    let usos = sql::usos(&mut ctx.tx).await?;
    Ok(Page(SegmentosPage::new(ctx.frame(), FormState::new(), usos)))
}

async fn create(_: Segmentos, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(nome) = form.required::<SegmentoNome>("nome") {
        match registrar(&mut ctx.tx, &ctx.actor, &nome).await {
            Ok(_) => return Ok(redirect(Segmentos::PATH, Some((Tone::Success, "toast-segmento-registrado")))),
            Err(refused @ SegmentoError::Taken) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let usos = sql::usos(&mut ctx.tx).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(SegmentosPage::new(ctx.frame(), form, usos))).into_response())
}

#[derive(Template)]
#[template(path = "empresas/segmento/show.html")]
pub struct SegmentoPage {
    frame: Frame,
    /// Its name and its activities.
    form: FormState,
    /// Into which one it goes.
    merge: FormState,
    uso: Uso,
    path: String,
    /// The others.
    others: Vec<Choice>,
    question: String,
}

impl SegmentoPage {
    fn new(frame: Frame, form: FormState, merge: FormState, uso: Uso, all: Vec<super::Segmento>) -> Self {
        let frame = below(frame);
        let title = frame.t("segmentos-title");
        let frame = frame.crumb(title, Segmentos::PATH).title(uso.nome.as_str());
        Self {
            others: all.into_iter().filter(|s| s.id != uso.id).map(|s| Choice::new(s.id.to_string(), s.nome)).collect(),
            question: frame.t_with("segmento-delete-question", &[("nome", uso.nome.as_str().into())]),
            path: SegmentoShow { id: uso.id }.to_string(),
            form,
            merge,
            uso,
            frame,
        }
    }

    /// The page of a segmento that is still there; a form that was not touched shows the name in force.
    async fn load(ctx: &mut CtxInner, id: SegmentoId, form: Option<FormState>, merge: FormState) -> Result<Self> {
        let uso = sql::uso(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
        let all = super::list(&mut ctx.tx).await?;
        let atividades = Atividades::load(&mut ctx.tx).await?;
        let cnaes: Vec<String> = uso.cnaes.iter().map(|codigo| written(&atividades, codigo)).collect();
        let form = form.unwrap_or_else(|| FormState::new().with("nome", &uso.nome).with("cnaes", cnaes.join(", ")));
        Ok(Self::new(ctx.frame(), form, merge, uso, all))
    }
}

/// The code as the IBGE writes it.
fn written(atividades: &Atividades, codigo: &str) -> String {
    atividades.get(codigo).map_or_else(|| codigo.to_owned(), Atividade::written)
}

/// What stands in the field, each code once; a seção is its divisões.
///
/// # Errors
/// The first text that is the code of nothing.
fn codes(atividades: &Atividades, text: &str) -> std::result::Result<Vec<String>, String> {
    let mut codes = Vec::new();
    for text in text.split([',', ';', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
        let atividade = atividades.read(text).ok_or_else(|| text.chars().take(40).collect::<String>())?;
        codes.extend(atividades.prefixes(atividade));
    }
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

async fn show(path: SegmentoShow, mut ctx: Ctx) -> Result<Page<SegmentoPage>> {
    Ok(Page(SegmentoPage::load(&mut ctx, path.id, None, FormState::new()).await?))
}

async fn rename(path: SegmentoShow, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    // Read before the attempt: a name that is taken ends the transaction.
    let page = SegmentoPage::load(ctx, path.id, None, FormState::new()).await?;
    let atividades = Atividades::load(&mut ctx.tx).await?;
    let cnaes = codes(&atividades, form.raw("cnaes"));
    let nome = form.required::<SegmentoNome>("nome");
    if let Err(unknown) = &cnaes {
        form.fail("cnaes", Invalid::new("cnae-unknown").with("text", unknown));
    }
    if let (Some(nome), Ok(cnaes)) = (nome, cnaes) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, &Dados { nome, cnaes }).await {
            Ok(()) => return Ok(redirect(Segmentos::PATH, Some((Tone::Success, "toast-segmento-alterado")))),
            Err(refused @ SegmentoError::Taken) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(SegmentoPage { form, ..page })).into_response())
}

async fn merge(path: SegmentoMesclar, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(em) = form.choice("em", |id| id.parse::<SegmentoId>().ok()) {
        match mesclar(&mut ctx.tx, &ctx.actor, path.id, em).await {
            Ok(_) => return Ok(redirect(Segmentos::PATH, Some((Tone::Success, "toast-segmento-mesclado")))),
            Err(refused @ SegmentoError::Same) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let page = SegmentoPage::load(ctx, path.id, None, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn delete(path: SegmentoExcluir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(Segmentos::PATH, Some((Tone::Success, "toast-segmento-excluido"))))
}

impl SegmentosPage {
    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mut refused = FormState::new().with("nome", "Têxtil");
        refused.refuse(frame.lang, &SegmentoError::Taken);
        vec![
            ("empty", Self::new(frame.clone(), FormState::new(), Vec::new())),
            ("many", Self::new(frame.clone(), refused, (0..60).map(uso).collect())),
        ]
    }
}

impl SegmentoPage {
    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let others = |n| (0..n).map(|i| super::Segmento { id: uso(i).id, nome: uso(i).nome, cnaes: Vec::new() }).collect();
        let page = |n, merge| Self::new(frame.clone(), FormState::new().with("nome", "x"), merge, uso(n), others(3));
        let mut refused = FormState::new();
        refused.refuse(frame.lang, &SegmentoError::Same);
        vec![("free", page(0, FormState::new())), ("in-use", page(2, refused))]
    }
}

/// The first of them is free.
fn uso(i: i64) -> Uso {
    let id = SegmentoId::new(uuid::Uuid::from_u128(i.unsigned_abs().into()));
    Uso {
        id,
        nome: "Têxtil <b>Aurora</b> e vestuário ".repeat(2),
        cnaes: vec!["25".to_owned(), "251".to_owned()],
        empresas: i * 700,
        excluidas: i / 2,
    }
}
