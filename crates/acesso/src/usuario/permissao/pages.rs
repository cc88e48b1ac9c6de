//! `/configuracoes/usuarios/{id}/permissoes`: what somebody can do and why; giving and denying single permissões.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{Invalid, Permission, Scope};
use serde::Deserialize;
use tenancy::Unidade;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{Ajustar, AjustarError, ajustar, retirar};
use crate::{
    perfil::{
        self, Perfil,
        matriz::{self, Direito, declared},
    },
    usuario::{
        UsuarioId, VER,
        ficha::{Header, UsuarioPath, below},
    },
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/permissoes", rejection(web::BadPath))]
pub struct UsuarioPermissoesPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/permissoes/retirar", rejection(web::BadPath))]
pub struct UsuarioPermissaoRetirarPath {
    pub id: UsuarioId,
}

pub(crate) fn routes() -> Vec<Route> {
    let path = "/configuracoes/usuarios/{usuario.outro}/permissoes";
    vec![
        Route::get(show, Access::Needs(VER)).ids(&["usuario"]).sample(path, ""),
        Route::post(adjust, Access::Needs(perfil::GERIR))
            .ids(&["usuario"])
            .sample(path, "permissao=acesso.usuario.ver&escopo=todas&ate=2030-01-31"),
        Route::post(take_back, Access::Needs(perfil::GERIR))
            .ids(&["usuario"])
            .sample("/configuracoes/usuarios/{usuario.outro}/permissoes/retirar", "permissao=acesso.auditoria.ver"),
    ]
}

/// A permissão as its row is printed.
struct Row {
    code: &'static str,
    nome: String,
    held: bool,
    escopo: &'static str,
    adjusted: bool,
    why: Vec<String>,
    /// To be taken back: something was decided about it.
    decided: bool,
}

struct Group {
    nome: String,
    held: usize,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "acesso/usuario_permissoes.html")]
pub(crate) struct UsuarioPermissoesPage {
    frame: Frame,
    header: Header,
    path: String,
    perfil: String,
    groups: Vec<Group>,
    form: FormState,
    /// To decide about; empty for whoever may not.
    offered: Vec<Choice>,
    escopos: Vec<Choice>,
}

impl UsuarioPermissoesPage {
    fn new(frame: Frame, header: Header, id: UsuarioId, perfil: &Perfil, direitos: &[Direito], offers: Offers) -> Self {
        let (form, offered) = offers;
        let mut groups: Vec<(&'static str, Group)> = Vec::new();
        for direito in direitos {
            if groups.last().is_none_or(|(module, _)| *module != direito.module) {
                let nome = matriz::module_name(&frame, direito.module);
                groups.push((direito.module, Group { nome, held: 0, rows: Vec::new() }));
            }
            let Some((_, group)) = groups.last_mut() else { continue };
            group.held += usize::from(direito.held.is_some());
            group.rows.push(Row {
                code: direito.code,
                nome: matriz::name(&frame, direito.code),
                held: direito.held.is_some(),
                escopo: matriz::scope_name(&frame, direito.held, direito.scoped),
                adjusted: direito.is_adjusted(frame.now) && !perfil.administrador,
                why: direito.why(&frame, perfil),
                decided: direito.ajuste.is_some() && !offered.is_empty(),
            });
        }
        let choice = |scope: Option<Scope>, key: &str| Choice::new(scope.map_or("nenhuma", Scope::code), frame.t(key));
        Self {
            escopos: vec![
                choice(Some(Scope::Todas), "ajuste-todas"),
                choice(Some(Scope::Vinculadas), "ajuste-vinculadas"),
                choice(Some(Scope::Proprias), "ajuste-proprias"),
                choice(None, "ajuste-nenhuma"),
            ],
            offered: offered.into_iter().map(|code| Choice::new(code, matriz::name(&frame, code))).collect(),
            path: UsuarioPermissoesPath { id }.to_string(),
            perfil: perfil.nome.clone(),
            groups: groups.into_iter().map(|(_, group)| group).collect(),
            form,
            frame: below(frame).crumb(header.nome.clone(), UsuarioPath { id }.to_string()).titled("usuario-permissoes"),
            header,
        }
    }

    async fn load(ctx: &mut CtxInner, id: UsuarioId, form: FormState) -> web::Result<Self> {
        let frame = ctx.frame();
        let header = Header::load(ctx, &frame, id).await?;
        let perfil = perfil::of_usuario(&mut ctx.tx, id).await?;
        let ajustes = super::list(&mut ctx.tx, id).await?;
        let direitos = matriz::direitos(declared(&ctx.app.modules, &ctx.unidade), &perfil, &ajustes, ctx.now);
        let others = crate::usuario::of(&ctx.actor) != Some(id) && !perfil.administrador;
        let decides =
            others && perfil::may_define(&ctx.actor).is_ok() && ctx.actor.grants.covers(&perfil::most_of(&mut ctx.tx, id).await?);
        let offered = declared(&ctx.app.modules, &ctx.unidade).filter(|(_, info)| decides && ctx.actor.may(&info.permission));
        let offered = offered.map(|(_, info)| info.permission.code()).collect();
        Ok(Self::new(frame, header, id, &perfil, &direitos, (form, offered)))
    }
}

type Offers = (FormState, Vec<&'static str>);

async fn show(path: UsuarioPermissoesPath, mut ctx: Ctx) -> web::Result<Page<UsuarioPermissoesPage>> {
    let form = FormState::new().with("escopo", "todas");
    Ok(Page(UsuarioPermissoesPage::load(&mut ctx, path.id, form).await?))
}

/// The instant at which `day` is over where the unidade is.
fn end_of(unidade: &Unidade, day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(idioma::day_begins(unidade.fuso, day.checked_add_days(Days::new(1))?))
}

/// A permissão that the unidade has, with the escopos that it takes.
fn known(ctx: &CtxInner, code: &str) -> Option<(Permission, bool)> {
    declared(&ctx.app.modules, &ctx.unidade)
        .find(|(_, info)| info.permission.code() == code)
        .map(|(_, info)| (info.permission.clone(), info.scoped))
}

async fn adjust(path: UsuarioPermissoesPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let permissao = form.choice("permissao", |code| known(ctx, code));
    let escopo = form.choice("escopo", |code| match code {
        "todas" => Some(Some(Scope::Todas)),
        "vinculadas" => Some(Some(Scope::Vinculadas)),
        "proprias" => Some(Some(Scope::Proprias)),
        "nenhuma" => Some(None),
        _ => None,
    });
    let ate = match form.raw("ate") {
        "" => Some(None),
        text => text.parse::<NaiveDate>().ok().map(Some),
    };
    if ate.is_none() {
        form.fail("ate", Invalid::new("date-invalid"));
    }
    if let (Some((permissao, scoped)), Some(escopo), Some(ate)) = (permissao, escopo, ate) {
        // What is not of single records is held or not.
        let escopo = escopo.map(|scope| if scoped { scope } else { Scope::Todas });
        let expires_at = ate.and_then(|day| end_of(&ctx.unidade, day));
        match ajustar(&mut ctx.tx, &ctx.actor, path.id, &Ajustar { permissao, escopo, expires_at }).await {
            Ok(()) => return Ok(redirect(&path.to_string(), Some((Tone::Success, "toast-permissao-ajustada")))),
            Err(error @ (AjustarError::Past | AjustarError::Own | AjustarError::Administrador)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    let page = UsuarioPermissoesPage::load(ctx, path.id, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn take_back(path: UsuarioPermissaoRetirarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    if form.raw("permissao").is_empty() {
        return Err(Error::not_found());
    }
    retirar(&mut ctx.tx, &ctx.actor, path.id, form.raw("permissao")).await?;
    Ok(redirect(&UsuarioPermissoesPath { id: path.id }.to_string(), Some((Tone::Success, "toast-permissao-retirada"))))
}

#[cfg(test)]
impl UsuarioPermissoesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use super::Ajuste;
        use crate::{perfil::admin_pages::samples::perfil, usuario::ficha::samples::header};

        let id = UsuarioId::new(kernel::Clock::system().uuid());
        let ajuste = |code: &str, escopo, days: Option<i64>| Ajuste {
            permissao: code.to_owned(),
            escopo,
            expires_at: days.map(|days| frame.now + chrono::TimeDelta::days(days)),
            created_at: frame.now,
            created_by_nome: "<b>Costa</b>".into(),
        };
        let ajustes = [
            ajuste("acesso.usuario.ver", Some(Scope::Todas), Some(9)),
            ajuste("acesso.auditoria.ver", Some(Scope::Vinculadas), None),
            ajuste("acesso.token.gerir", None, None),
            ajuste("acesso.usuario.gerir", None, Some(9)),
            ajuste("acesso.identidade.alterar", Some(Scope::Todas), Some(-1)),
        ];
        let all = || crate::PERMISSIONS.iter().map(|info| ("acesso", info));
        let page = |perfil: Perfil, ajustes: &[Ajuste], form, offered| {
            let direitos = matriz::direitos(all(), &perfil, ajustes, frame.now);
            Self::new(frame.clone(), header(frame, true, true), id, &perfil, &direitos, (form, offered))
        };
        let mut past = FormState::new();
        past.refuse(frame.lang, &AjustarError::Past);
        vec![
            page(perfil("Leitor", Some("leitor")), &ajustes, FormState::new(), vec!["acesso.usuario.ver"]),
            page(perfil("Administrador", Some("administrador")), &ajustes, FormState::new(), vec![]),
            page(perfil("<b>Costa</b>", None), &[], past, vec!["acesso.usuario.ver"]),
        ]
    }
}
