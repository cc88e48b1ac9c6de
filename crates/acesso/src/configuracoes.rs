//! `/configuracoes`: the way to everything that is set up once.

use askama::Template;
use axum_extra::routing::TypedPath;
use kernel::{Actor, Permission};
use serde::Deserialize;
use web::{Access, Ctx, Nav, NavPlace, Page, Route, filters, frame::Frame};

use crate::{auditoria, identidade, token, usuario};

/// May open the settings; what each page lets one do is another permission.
pub const VER: Permission = Permission::new("acesso.configuracao.ver");

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes")]
pub struct ConfiguracoesPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::Needs(VER))]
}

pub(crate) static NAV: &[Nav] = &[Nav {
    label: "nav-configuracoes",
    href: ConfiguracoesPath::PATH,
    icon: "gear",
    permission: VER,
    group: NavPlace::Management,
    create: None,
}];

/// A frame one step below the settings.
pub(crate) fn below(frame: Frame) -> Frame {
    let label = frame.t("nav-configuracoes");
    frame.crumb(label, ConfiguracoesPath::PATH)
}

/// A way onwards.
struct Entry {
    title: &'static str,
    text: &'static str,
    icon: &'static str,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "acesso/configuracoes.html")]
pub(crate) struct ConfiguracoesPage {
    frame: Frame,
    entries: Vec<Entry>,
}

impl ConfiguracoesPage {
    fn new(frame: Frame, actor: &Actor) -> Self {
        let all = [
            (identidade::ALTERAR, "identidade-title", "identidade-sub", "building", identidade::pages::IdentidadePath::PATH),
            (usuario::VER, "usuarios-title", "usuarios-sub", "people", usuario::admin_pages::UsuariosPath::PATH),
            (token::GERIR, "tokens-title", "tokens-sub", "key", token::pages::TokensPath::PATH),
            (auditoria::VER, "auditoria-title", "auditoria-sub", "journal-text", auditoria::AuditoriaPath::PATH),
        ];
        let entries = all
            .into_iter()
            .filter(|(permission, ..)| actor.may(permission))
            .map(|(_, title, text, icon, href)| Entry { title: frame.t(title), text: frame.t(text), icon, href })
            .collect();
        Self { frame: frame.titled("nav-configuracoes"), entries }
    }
}

async fn show(_: ConfiguracoesPath, ctx: Ctx) -> Page<ConfiguracoesPage> {
    Page(ConfiguracoesPage::new(ctx.frame(), &ctx.actor))
}

#[cfg(test)]
impl ConfiguracoesPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let nobody = Actor::anonimo(kernel::RequestMeta::default());
        vec![Self::new(frame.clone(), &Actor::sistema()), Self::new(frame, &nobody)]
    }
}
