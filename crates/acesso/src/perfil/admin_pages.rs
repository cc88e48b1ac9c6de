//! `/configuracoes/perfis`: the perfis of the unidade, and what each may do.

use std::{collections::BTreeMap, str::FromStr};

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{ErrorKind, Scope};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Query, Route, filters,
    forms::{Choice, FormState},
    frame::{Action, Frame, Tone},
    redirect,
};

use super::{
    Dados, Descricao, GERIR, Nome, Origem, Perfil, PerfilError, PerfilId, alterar, criar, excluir,
    matriz::{Grupo, declared, matrix},
    preset::PRESETS,
    restaurar,
};
use crate::{configuracoes, excluir::ExcluirPage};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/perfis")]
pub struct PerfisPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/perfis/novo")]
pub struct PerfilNewPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/perfis/{id}", rejection(web::BadPath))]
pub struct PerfilPath {
    pub id: PerfilId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/perfis/{id}/restaurar", rejection(web::BadPath))]
pub struct PerfilRestaurarPath {
    pub id: PerfilId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/perfis/{id}/excluir", rejection(web::BadPath))]
pub struct PerfilExcluirPath {
    pub id: PerfilId,
}

pub(crate) fn routes() -> Vec<Route> {
    let needs = || Access::Needs(GERIR);
    vec![
        Route::get(list, needs()),
        Route::get(new, needs()).sample("/configuracoes/perfis/novo?de={perfil.livre}", ""),
        Route::post(create, needs()).sample("/configuracoes/perfis/novo", "nome=Estagi%C3%A1rio&de={perfil.livre}"),
        Route::get(show, needs()).ids(&["perfil"]).sample("/configuracoes/perfis/{perfil.livre}", ""),
        Route::post(save, needs())
            .ids(&["perfil"])
            .sample("/configuracoes/perfis/{perfil.livre}", "nome=Livre&version=1&p.acesso.usuario.ver=todas"),
        Route::post(reset, needs()).ids(&["perfil"]).sample("/configuracoes/perfis/{perfil.livre}/restaurar", ""),
        Route::get(ask, needs()).ids(&["perfil"]).sample("/configuracoes/perfis/{perfil.livre}/excluir", ""),
        Route::post(delete, needs()).ids(&["perfil"]).sample("/configuracoes/perfis/{perfil.livre}/excluir", ""),
    ]
}

/// A perfil as its row is printed.
struct Row {
    nome: String,
    href: String,
    /// Whom it is for, and whether it is as the product brought it.
    sub: String,
    usuarios: String,
    usuarios_href: String,
    actions: Vec<Action>,
    menu: String,
}

impl Row {
    fn new(frame: &Frame, perfil: Perfil) -> Self {
        let href = PerfilPath { id: perfil.id }.to_string();
        let state = match (perfil.administrador, perfil.preset().is_some(), perfil.is_changed()) {
            (true, ..) => "perfil-everything",
            (_, true, false) => "perfil-preset",
            (_, true, true) => "perfil-preset-changed",
            (_, false, _) => "perfil-own",
        };
        let mut actions = vec![Action::link(frame.t("perfil-open"), href.clone(), "pencil")];
        if !perfil.administrador {
            let copy = format!("{}?de={}", PerfilNewPath::PATH, perfil.id);
            actions.push(Action::link(frame.t("perfil-copy"), copy, "layers"));
            if perfil.usuarios == 0 {
                let path = PerfilExcluirPath { id: perfil.id }.to_string();
                actions.push(Action::link(frame.t("perfil-delete"), path, "trash3"));
            }
        }
        let state = frame.t(state);
        Self {
            sub: perfil.descricao.map_or_else(|| state.to_owned(), |text| format!("{text} · {state}")),
            usuarios: frame.t_n("usuarios-count", perfil.usuarios),
            usuarios_href: format!("/configuracoes/usuarios?perfil={}", perfil.id),
            menu: frame.t_with("list-actions-of", &[("nome", perfil.nome.as_str().into())]),
            nome: perfil.nome,
            href,
            actions,
        }
    }
}

#[derive(Template)]
#[template(path = "acesso/perfis.html")]
pub(crate) struct PerfisPage {
    frame: Frame,
    rows: Vec<Row>,
}

impl PerfisPage {
    fn new(frame: Frame, perfis: Vec<Perfil>) -> Self {
        let frame = configuracoes::below(frame).titled("perfis-title");
        Self { rows: perfis.into_iter().map(|perfil| Row::new(&frame, perfil)).collect(), frame }
    }
}

async fn list(_: PerfisPath, mut ctx: Ctx) -> web::Result<Page<PerfisPage>> {
    let perfis = super::list(&mut ctx.tx).await?;
    Ok(Page(PerfisPage::new(ctx.frame(), perfis)))
}

fn below(frame: Frame) -> Frame {
    let title = frame.t("perfis-title");
    configuracoes::below(frame).crumb(title, PerfisPath::PATH)
}

#[derive(Template)]
#[template(path = "acesso/perfil_new.html")]
pub(crate) struct PerfilNewPage {
    frame: Frame,
    form: FormState,
    origens: Vec<Choice>,
}

/// `preset:<key>` or the id of a perfil; empty for nothing.
struct De(Origem);

impl FromStr for De {
    type Err = kernel::Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let choice = || kernel::Invalid::new("choice");
        let origem = match text.strip_prefix("preset:") {
            Some(key) => Origem::Preset(super::preset::Preset::find(key).ok_or_else(choice)?),
            None => Origem::Perfil(text.parse().map_err(|_| choice())?),
        };
        Ok(Self(origem))
    }
}

impl PerfilNewPage {
    fn new(frame: Frame, form: FormState, perfis: &[Perfil]) -> Self {
        let frame = below(frame).titled("perfil-new");
        let here = perfis.iter().filter(|perfil| !perfil.administrador);
        let mut origens: Vec<Choice> = here.map(|perfil| Choice::new(perfil.id.to_string(), perfil.nome.clone())).collect();
        // What the product brought and the unidade deleted can be had back.
        let gone = PRESETS.iter().filter(|preset| !preset.administrador);
        let gone = gone.filter(|preset| perfis.iter().all(|perfil| perfil.key.as_deref() != Some(preset.key)));
        origens.extend(gone.map(|preset| {
            let label = frame.t_with("perfil-from-product", &[("nome", preset.nome.into())]);
            Choice::new(format!("preset:{}", preset.key), label)
        }));
        Self { frame, form, origens }
    }
}

#[derive(Debug, Deserialize)]
struct From {
    de: Option<String>,
}

async fn new(_: PerfilNewPath, mut ctx: Ctx, Query(from): Query<From>) -> web::Result<Page<PerfilNewPage>> {
    let perfis = super::list(&mut ctx.tx).await?;
    Ok(Page(PerfilNewPage::new(ctx.frame(), FormState::new().with_some("de", from.de), &perfis)))
}

async fn create(_: PerfilNewPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (nome, descricao) = (form.required::<Nome>("nome"), form.optional::<Descricao>("descricao"));
    let de = form.optional::<De>("de");
    if let (Some(nome), Some(descricao), Some(de)) = (nome, descricao, de) {
        let origem = de.map_or(Origem::Nada, |de| de.0);
        match criar(&mut ctx.tx, &ctx.actor, &nome, descricao.as_ref(), origem).await {
            Ok(id) => return Ok(redirect(&PerfilPath { id }.to_string(), Some((Tone::Success, "toast-perfil-created")))),
            Err(error @ (PerfilError::Denied(_) | PerfilError::Fault(_))) => return Err(error.into()),
            Err(refused) => form.refuse(ctx.lang, &refused),
        }
    }
    let perfis = super::list(&mut ctx.tx).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(PerfilNewPage::new(ctx.frame(), form, &perfis))).into_response())
}

#[derive(Template)]
#[template(path = "acesso/perfil.html")]
pub(crate) struct PerfilPage {
    frame: Frame,
    form: FormState,
    action: String,
    reset: Option<String>,
    reset_question: String,
    administrador: bool,
    /// Within what the actor holds: it can be changed.
    editable: bool,
    usuarios: String,
    usuarios_href: String,
    scopes: Vec<&'static str>,
    grupos: Vec<Grupo>,
}

impl PerfilPage {
    fn new(frame: Frame, perfil: Perfil, form: Option<FormState>, grupos: Vec<Grupo>, editable: bool) -> Self {
        let frame = below(frame).title(perfil.nome.clone());
        let filled = || {
            let form = FormState::new().with("nome", &perfil.nome).with_some("descricao", perfil.descricao.as_ref());
            form.with("version", perfil.version)
        };
        let changed = perfil.is_changed() && editable;
        Self {
            form: form.unwrap_or_else(filled),
            action: PerfilPath { id: perfil.id }.to_string(),
            reset: changed.then(|| PerfilRestaurarPath { id: perfil.id }.to_string()),
            reset_question: frame.t_with("perfil-reset-question", &[("nome", perfil.nome.as_str().into())]),
            administrador: perfil.administrador,
            editable: editable && !perfil.administrador,
            usuarios: frame.t_n("usuarios-count", perfil.usuarios),
            usuarios_href: format!("/configuracoes/usuarios?perfil={}", perfil.id),
            scopes: super::matriz::SCOPES.map(|scope| super::matriz::scope_name(&frame, scope, true)).into(),
            grupos,
            frame,
        }
    }

    /// What was typed stands in the matrix again, when `form` is given.
    fn load(ctx: &CtxInner, perfil: Perfil, form: Option<FormState>) -> Self {
        let frame = ctx.frame();
        let mut held = perfil.permissoes.clone();
        for (code, scope) in form.iter().flat_map(|form| typed(ctx, form)) {
            match scope {
                Some(scope) => drop(held.insert(code, scope)),
                None => drop(held.remove(&code)),
            }
        }
        let grupos = matrix(&frame, declared(&ctx.app.modules, &ctx.unidade), &held, &ctx.actor.grants);
        let editable = ctx.actor.grants.covers(&perfil.grants());
        Self::new(frame, perfil, form, grupos, editable)
    }
}

/// The cells that were sent, of permissões that the unidade has; a word that is no escopo counts as not sent.
fn typed(ctx: &CtxInner, form: &FormState) -> BTreeMap<String, Option<Scope>> {
    let cell = |info: &web::PermissionInfo| {
        let code = info.permission.code();
        let sent = form.all(&format!("p.{code}")).first()?;
        let scope = match sent.as_str() {
            "" => None,
            "todas" => Some(Scope::Todas),
            "vinculadas" if info.scoped => Some(Scope::Vinculadas),
            "proprias" if info.scoped => Some(Scope::Proprias),
            _ => return None,
        };
        Some((code.to_owned(), scope))
    };
    declared(&ctx.app.modules, &ctx.unidade).filter_map(|(_, info)| cell(info)).collect()
}

async fn show(path: PerfilPath, mut ctx: Ctx) -> web::Result<Page<PerfilPage>> {
    let perfil = super::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    Ok(Page(PerfilPage::load(&ctx, perfil, None)))
}

async fn save(path: PerfilPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let perfil = super::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let mut form = FormState::from_body(&body);
    let (nome, descricao) = (form.required::<Nome>("nome"), form.optional::<Descricao>("descricao"));
    let version = form.raw("version").parse().unwrap_or_default();
    if let (Some(nome), Some(descricao)) = (nome, descricao) {
        let dados = Dados { nome, descricao, permissoes: typed(ctx, &form) };
        match alterar(&mut ctx.tx, &ctx.actor, path.id, version, &dados).await {
            Ok(()) => return Ok(redirect(&path.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(error @ (PerfilError::NotFound | PerfilError::Denied(_) | PerfilError::Fault(_))) => return Err(error.into()),
            Err(refused) => form.refuse(ctx.lang, &refused),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(PerfilPage::load(ctx, perfil, Some(form)))).into_response())
}

async fn reset(path: PerfilRestaurarPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&PerfilPath { id: path.id }.to_string(), Some((Tone::Success, "toast-perfil-reset"))))
}

/// Asks first.
async fn ask(path: PerfilExcluirPath, mut ctx: Ctx) -> web::Result<Page<ExcluirPage>> {
    let ctx = &mut *ctx;
    let perfil = super::find(&mut ctx.tx, path.id).await?.filter(|perfil| !perfil.administrador).ok_or_else(Error::not_found)?;
    let frame = ctx.frame();
    let usuarios = frame.t_n("usuarios-count", perfil.usuarios);
    let cancel = PerfilPath { id: path.id }.to_string();
    let keys = ["perfil-delete-question", "perfil-delete"];
    Ok(Page(ExcluirPage::new(below(frame), perfil.nome, usuarios, keys, path.to_string(), cancel)))
}

async fn delete(path: PerfilExcluirPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    match excluir(&mut ctx.tx, &ctx.actor, path.id).await {
        Ok(()) => Ok(redirect(PerfisPath::PATH, Some((Tone::Success, "toast-perfil-deleted")))),
        // The page with those who have it says more than a refusal.
        Err(error @ PerfilError::InUse { convites, .. }) => {
            let frame = ctx.frame();
            let said = idioma::find(frame.lang, &format!("error-{}", error.code())).unwrap_or_default();
            let perfil = super::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
            let mut form = FormState::new().with("nome", &perfil.nome).with_some("descricao", perfil.descricao.as_ref());
            form = form.with("version", perfil.version);
            form.fail_form(format!(
                "{said} {}, {}.",
                frame.t_n("usuarios-count", perfil.usuarios),
                frame.t_n("convites-count", convites)
            ));
            Ok((StatusCode::CONFLICT, Page(PerfilPage::load(ctx, perfil, Some(form)))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use kernel::Grants;

    use super::*;

    pub(crate) fn perfil(nome: &str, key: Option<&str>) -> Perfil {
        let preset = key.and_then(super::super::preset::Preset::find);
        Perfil {
            id: PerfilId::new(kernel::Clock::system().uuid()),
            nome: nome.into(),
            descricao: key.is_none().then(|| "Para quem <b>Costa</b> visita".to_owned()),
            key: key.map(str::to_owned),
            administrador: preset.is_some_and(|preset| preset.administrador),
            permissoes: preset.map(super::super::preset::Preset::permissoes).unwrap_or_default(),
            version: 1,
            usuarios: i64::from(key.is_some()),
        }
    }

    impl PerfisPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let all = || vec![perfil("Administrador", Some("administrador")), perfil("<b>Costa</b>", None)];
            [vec![], all()].map(|perfis| Self::new(frame.clone(), perfis)).into()
        }
    }

    impl PerfilNewPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let mut taken = FormState::new().with("nome", "<b>Costa</b>");
            taken.refuse(frame.lang, &PerfilError::NomeTaken);
            let perfis = [perfil("<b>Costa</b>", None)];
            [FormState::new(), taken].map(|form| Self::new(frame.clone(), form, &perfis)).into()
        }
    }

    impl PerfilPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let mut conflict = FormState::new().with("nome", "x");
            conflict.refuse(frame.lang, &PerfilError::Changed);
            let narrow = Grants::default();
            let one = |perfil: Perfil, form, grants: &Grants| {
                let all = crate::PERMISSIONS.iter().map(|info| ("acesso", info));
                let grupos = matrix(frame, all, &perfil.permissoes, grants);
                Self::new(frame.clone(), perfil, form, grupos, grants == &Grants::everything())
            };
            vec![
                one(perfil("Administrador", Some("administrador")), None, &Grants::everything()),
                one(perfil("<b>Costa</b>", None), Some(conflict), &Grants::everything()),
                one(perfil("Leitor", Some("leitor")), None, &narrow),
            ]
        }
    }
}
