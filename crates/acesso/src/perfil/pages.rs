//! `/permissoes?codigo=…`: why somebody cannot do what they expected to be able to, and whom to ask.

use askama::Template;
use axum_extra::routing::TypedPath;
use kernel::Scope;
use serde::Deserialize;
use web::{Access, Ctx, Error, Page, Query, Result, Route, filters, frame::Frame};

use super::{administradores, matriz};
use crate::usuario;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/permissoes")]
pub struct Permissoes;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::SignedIn).sample("/permissoes?codigo=acesso.usuario.gerir", "")]
}

#[derive(Debug, Deserialize)]
struct Which {
    codigo: String,
}

/// How much of it somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    No,
    /// For their own records.
    Narrow,
    Whole,
}

#[derive(Template)]
#[template(path = "acesso/permissao.html")]
pub(crate) struct PermissaoPage {
    frame: Frame,
    permission: &'static str,
    held: Held,
    /// Where it comes from, or why it is missing.
    why: Vec<String>,
    administradores: Vec<String>,
}

impl PermissaoPage {
    fn new(frame: Frame, permission: &'static str, held: Held, why: Vec<String>, administradores: Vec<String>) -> Self {
        Self { frame: frame.titled("why-not"), permission, held, why, administradores }
    }
}

async fn show(_: Permissoes, mut ctx: Ctx, Query(which): Query<Which>) -> Result<Page<PermissaoPage>> {
    let ctx = &mut *ctx;
    let known = ctx.app.modules.iter().flat_map(|module| module.permissions).find(|info| info.permission.code() == which.codigo);
    let permission = &known.ok_or_else(Error::not_found)?.permission;
    let held = match ctx.actor.grants.scope(permission) {
        None => Held::No,
        Some(Scope::Todas) => Held::Whole,
        Some(Scope::Vinculadas | Scope::Proprias) => Held::Narrow,
    };
    let key = format!("permission-{}", which.codigo.replace('.', "-"));
    let name = idioma::find(ctx.lang, &key).ok_or_else(Error::not_found)?;
    let administradores = administradores(&mut ctx.tx).await?;
    let frame = ctx.frame();
    // Of a program it is the token that says it.
    let why = match usuario::of(&ctx.actor) {
        Some(own) => {
            let perfil = super::of_usuario(&mut ctx.tx, own).await?;
            let ajustes = usuario::permissao::list(&mut ctx.tx, own).await?;
            let all = matriz::declared(&ctx.app.modules, &ctx.unidade);
            let direitos = matriz::direitos(all, &perfil, &ajustes, ctx.now);
            direitos.iter().find(|one| one.code == permission.code()).map(|one| one.why(&frame, &perfil)).unwrap_or_default()
        }
        None => Vec::new(),
    };
    Ok(Page(PermissaoPage::new(frame, name, held, why, administradores)))
}

#[cfg(test)]
impl PermissaoPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let ask = || vec!["<b>Costa</b>".to_owned(), "Maximiliano de Albuquerque ".repeat(4)];
        [(Held::No, ask()), (Held::Narrow, ask()), (Held::Whole, Vec::new())]
            .map(|(held, names)| Self::new(frame.clone(), "Alterar empresas", held, vec!["<b>Costa</b>".to_owned()], names))
            .into()
    }
}
