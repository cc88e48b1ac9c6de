//! `/permissoes?codigo=…`: why somebody cannot do what they expected to be able to, and whom to ask.

use askama::Template;
use axum_extra::routing::TypedPath;
use kernel::Scope;
use serde::Deserialize;
use web::{Access, Ctx, Error, Page, Query, Result, Route, filters, frame::Frame};

use super::administradores;

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
    administradores: Vec<String>,
}

impl PermissaoPage {
    fn new(frame: Frame, permission: &'static str, held: Held, administradores: Vec<String>) -> Self {
        Self { frame: frame.titled("why-not"), permission, held, administradores }
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
    Ok(Page(PermissaoPage::new(ctx.frame(), name, held, administradores)))
}

#[cfg(test)]
impl PermissaoPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let ask = || vec!["<b>Costa</b>".to_owned(), "Maximiliano de Albuquerque ".repeat(4)];
        [(Held::No, ask()), (Held::Narrow, ask()), (Held::Whole, Vec::new())]
            .map(|(held, names)| Self::new(frame.clone(), "Alterar empresas", held, names))
            .into()
    }
}
