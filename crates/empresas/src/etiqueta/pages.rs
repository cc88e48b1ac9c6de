//! `/configuracoes/etiquetas`: the list, and one etiqueta with what can be done to it; and putting them on an empresa.

use acesso::configuracoes::below;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Cor, Etiqueta, EtiquetaError, EtiquetaId, EtiquetaNome, GERIR, Posta, Uso, alterar, excluir, mesclar, por, registrar, sql,
    tirar,
};
use crate::empresa::{ALTERAR, EmpresaId, pages::EmpresaShow};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/etiquetas")]
pub struct Etiquetas;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/etiquetas/{id}", rejection(web::BadPath))]
pub struct EtiquetaShow {
    pub id: EtiquetaId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/etiquetas/{id}/mesclar", rejection(web::BadPath))]
pub struct EtiquetaMesclar {
    pub id: EtiquetaId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/etiquetas/{id}/excluir", rejection(web::BadPath))]
pub struct EtiquetaExcluir {
    pub id: EtiquetaId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/etiquetas", rejection(web::BadPath))]
pub struct EmpresaEtiquetas {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/etiquetas/{etiqueta}/tirar", rejection(web::BadPath))]
pub struct EmpresaEtiquetaTirar {
    pub id: EmpresaId,
    pub etiqueta: EtiquetaId,
}

pub(crate) fn routes() -> Vec<Route> {
    let needs = || Access::Needs(GERIR);
    vec![
        Route::get(list, needs()),
        Route::post(create, needs()).sample("/configuracoes/etiquetas", "nome=Exportadora&cor=roxo"),
        Route::get(show, needs()).ids(&["etiqueta"]).sample("/configuracoes/etiquetas/{etiqueta}", ""),
        Route::post(change, needs())
            .ids(&["etiqueta"])
            .sample("/configuracoes/etiquetas/{etiqueta}", "nome=Exportadora&cor=roxo"),
        Route::post(merge, needs())
            .ids(&["etiqueta"])
            .sample("/configuracoes/etiquetas/{etiqueta}/mesclar", "em={etiqueta.outra}"),
        Route::post(delete, needs()).ids(&["etiqueta"]).sample("/configuracoes/etiquetas/{etiqueta}/excluir", ""),
        Route::post(put, Access::Needs(ALTERAR))
            .ids(&["empresa"])
            .sample("/empresas/{empresa}/etiquetas", "etiqueta={etiqueta.outra}"),
        Route::post(take, Access::Needs(ALTERAR))
            .ids(&["empresa", "etiqueta"])
            .sample("/empresas/{empresa}/etiquetas/{etiqueta}/tirar", ""),
    ]
}

/// An etiqueta as it stands on an empresa.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    pub nome: String,
    pub cor: String,
    /// The list of all that have it.
    pub href: String,
    /// What takes it off.
    pub remove: String,
}

/// Those of an empresa, and what may be put on it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chips {
    pub own: Vec<Chip>,
    pub action: String,
    pub offer: Vec<Choice>,
    pub alterar: bool,
    /// May add to the list.
    pub gerir: bool,
}

impl Chip {
    pub(crate) fn new(empresa: EmpresaId, etiqueta: &Etiqueta) -> Self {
        Self {
            nome: etiqueta.nome.clone(),
            cor: etiqueta.cor.clone(),
            href: format!("/empresas?etiqueta={}", etiqueta.id),
            remove: EmpresaEtiquetaTirar { id: empresa, etiqueta: etiqueta.id }.to_string(),
        }
    }

    pub(crate) fn sample() -> Vec<Self> {
        let one = |cor: Cor| Etiqueta {
            id: EtiquetaId::new(uuid::Uuid::nil()),
            nome: "Feira <b>Aurora</b> ".repeat(2),
            cor: cor.code().to_owned(),
        };
        Cor::ALL.iter().map(|cor| Self::new(EmpresaId::new(uuid::Uuid::nil()), &one(*cor))).collect()
    }
}

impl Chips {
    pub(crate) async fn load(
        tx: &mut tenancy::TenantTx,
        actor: &kernel::Actor,
        id: EmpresaId,
        alterar: bool,
    ) -> Result<Self, kernel::Fault> {
        let own = sql::of_empresa(tx, id).await?;
        let all = if alterar { sql::list(tx).await? } else { Vec::new() };
        let offer = all.into_iter().filter(|etiqueta| !own.contains(etiqueta));
        Ok(Self {
            own: own.iter().map(|etiqueta| Chip::new(id, etiqueta)).collect(),
            action: EmpresaEtiquetas { id }.to_string(),
            offer: offer.map(|etiqueta| Choice::new(etiqueta.id.to_string(), etiqueta.nome)).collect(),
            alterar,
            gerir: actor.may(&GERIR),
        })
    }

    pub(crate) fn sample(full: bool) -> Self {
        if !full {
            return Self::default();
        }
        Self {
            own: Chip::sample(),
            action: "/empresas/1/etiquetas".to_owned(),
            offer: vec![Choice::new("1", "Inovação <b>Aurora</b>")],
            alterar: true,
            gerir: true,
        }
    }
}

fn back(id: EmpresaId, toast: &'static str) -> Response {
    redirect(&EmpresaShow { id }.to_string(), Some((Tone::Success, toast)))
}

async fn put(path: EmpresaEtiquetas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let nothing = || redirect(&EmpresaShow { id: path.id }.to_string(), Some((Tone::Warning, "toast-etiqueta-empty")));
    let posta = if let Ok(id) = form.raw("etiqueta").parse::<EtiquetaId>() {
        Posta::Known(id)
    } else {
        match form.required::<EtiquetaNome>("nome") {
            Some(nome) => Posta::Named(nome),
            None => return Ok(nothing()),
        }
    };
    por(&mut ctx.tx, &ctx.actor, path.id, &posta).await?;
    Ok(back(path.id, "toast-etiqueta-posta"))
}

async fn take(path: EmpresaEtiquetaTirar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    tirar(&mut ctx.tx, &ctx.actor, path.id, path.etiqueta).await?;
    Ok(back(path.id, "toast-etiqueta-tirada"))
}

/// An etiqueta as its row is printed.
struct Row {
    nome: String,
    cor: String,
    href: String,
    empresas_href: String,
    empresas: i64,
}

/// The colours to choose from.
fn cores(frame: &Frame) -> Vec<Choice> {
    Cor::ALL.iter().map(|cor| Choice::new(cor.code(), frame.t(cor.label()))).collect()
}

#[derive(Template)]
#[template(path = "empresas/etiqueta/list.html")]
pub struct EtiquetasPage {
    frame: Frame,
    form: FormState,
    cores: Vec<Choice>,
    rows: Vec<Row>,
}

impl EtiquetasPage {
    fn new(frame: Frame, form: FormState, usos: Vec<Uso>) -> Self {
        let row = |uso: Uso| Row {
            href: EtiquetaShow { id: uso.id }.to_string(),
            empresas_href: format!("/empresas?etiqueta={}", uso.id),
            nome: uso.nome,
            cor: uso.cor,
            empresas: uso.empresas,
        };
        let frame = below(frame).titled("etiquetas-title");
        Self { cores: cores(&frame), frame, form, rows: usos.into_iter().map(row).collect() }
    }

    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mut refused = FormState::new().with("nome", "Feira");
        refused.refuse(frame.lang, &EtiquetaError::Taken);
        vec![
            ("empty", Self::new(frame.clone(), FormState::new(), Vec::new())),
            ("many", Self::new(frame.clone(), refused, (0..30).map(uso).collect())),
        ]
    }
}

async fn list(_: Etiquetas, mut ctx: Ctx) -> Result<Page<EtiquetasPage>> {
    let usos = sql::usos(&mut ctx.tx).await?;
    Ok(Page(EtiquetasPage::new(ctx.frame(), FormState::new().with("cor", Cor::Azul.code()), usos)))
}

/// Name and colour as typed, when both are valid.
fn read(form: &mut FormState) -> Option<(EtiquetaNome, Cor)> {
    let (nome, cor) = (form.required("nome"), form.choice("cor", Cor::from_code));
    Some((nome?, cor?))
}

async fn create(_: Etiquetas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some((nome, cor)) = read(&mut form) {
        match registrar(&mut ctx.tx, &ctx.actor, &nome, cor).await {
            Ok(_) => return Ok(redirect(Etiquetas::PATH, Some((Tone::Success, "toast-etiqueta-registrada")))),
            Err(refused @ EtiquetaError::Taken) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let usos = sql::usos(&mut ctx.tx).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(EtiquetasPage::new(ctx.frame(), form, usos))).into_response())
}

#[derive(Template)]
#[template(path = "empresas/etiqueta/show.html")]
pub struct EtiquetaPage {
    frame: Frame,
    form: FormState,
    /// Into which one it goes.
    merge: FormState,
    uso: Uso,
    path: String,
    cores: Vec<Choice>,
    others: Vec<Choice>,
    question: String,
}

impl EtiquetaPage {
    fn new(frame: Frame, form: FormState, merge: FormState, uso: Uso, all: Vec<Etiqueta>) -> Self {
        let frame = below(frame);
        let title = frame.t("etiquetas-title");
        let frame = frame.crumb(title, Etiquetas::PATH).title(uso.nome.as_str());
        let args = [("nome", uso.nome.as_str().into()), ("n", uso.empresas.into())];
        Self {
            others: all.into_iter().filter(|t| t.id != uso.id).map(|t| Choice::new(t.id.to_string(), t.nome)).collect(),
            question: frame.t_with("etiqueta-delete-question", &args),
            path: EtiquetaShow { id: uso.id }.to_string(),
            cores: cores(&frame),
            form,
            merge,
            uso,
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, id: EtiquetaId, form: Option<FormState>, merge: FormState) -> Result<Self> {
        let uso = sql::uso(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
        let all = sql::list(&mut ctx.tx).await?;
        let form = form.unwrap_or_else(|| FormState::new().with("nome", &uso.nome).with("cor", &uso.cor));
        Ok(Self::new(ctx.frame(), form, merge, uso, all))
    }

    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let others = |n| (0..n).map(|i| Etiqueta { id: uso(i).id, nome: uso(i).nome, cor: uso(i).cor }).collect();
        let form = || FormState::new().with("nome", "x").with("cor", "rosa");
        let mut refused = FormState::new();
        refused.refuse(frame.lang, &EtiquetaError::Same);
        vec![
            ("free", Self::new(frame.clone(), form(), FormState::new(), uso(0), Vec::new())),
            ("in-use", Self::new(frame.clone(), form(), refused, uso(2), others(3))),
        ]
    }
}

async fn show(path: EtiquetaShow, mut ctx: Ctx) -> Result<Page<EtiquetaPage>> {
    Ok(Page(EtiquetaPage::load(&mut ctx, path.id, None, FormState::new()).await?))
}

async fn change(path: EtiquetaShow, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    // Read before the attempt: a name that is taken ends the transaction.
    let page = EtiquetaPage::load(ctx, path.id, None, FormState::new()).await?;
    if let Some((nome, cor)) = read(&mut form) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, &nome, cor).await {
            Ok(()) => return Ok(redirect(Etiquetas::PATH, Some((Tone::Success, "toast-etiqueta-alterada")))),
            Err(refused @ EtiquetaError::Taken) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(EtiquetaPage { form, ..page })).into_response())
}

async fn merge(path: EtiquetaMesclar, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(em) = form.choice("em", |id| id.parse::<EtiquetaId>().ok()) {
        match mesclar(&mut ctx.tx, &ctx.actor, path.id, em).await {
            Ok(_) => return Ok(redirect(Etiquetas::PATH, Some((Tone::Success, "toast-etiqueta-mesclada")))),
            Err(refused @ EtiquetaError::Same) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let page = EtiquetaPage::load(ctx, path.id, None, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn delete(path: EtiquetaExcluir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(Etiquetas::PATH, Some((Tone::Success, "toast-etiqueta-excluida"))))
}

/// The first of them is free.
fn uso(i: i64) -> Uso {
    let id = EtiquetaId::new(uuid::Uuid::from_u128(i.unsigned_abs().into()));
    let cor = Cor::ALL[usize::try_from(i).unwrap_or_default() % Cor::ALL.len()];
    Uso { id, nome: "Feira <b>Aurora</b> ".repeat(2), cor: cor.code().to_owned(), empresas: i * 700 }
}
