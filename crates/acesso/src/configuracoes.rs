//! `/configuracoes`: the way to everything that is set up once.

use askama::Template;
use axum_extra::routing::TypedPath;
use kernel::{Actor, Permission};
use serde::Deserialize;
use web::{Access, Ctx, Module, Nav, NavPlace, Page, Route, Setting, filters, frame::Frame};

use crate::{auditoria, comunicado, correio, gateway, identidade, parametro, perfil, provedor, regra, suporte, token, usuario};

/// May open the settings; what each page lets one do is another permission.
pub const VER: Permission = Permission::new("acesso.configuracao.ver");

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes")]
pub struct ConfiguracoesPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::Needs(VER))]
}

pub(crate) static NAV: &[Nav] = &[
    Nav {
        label: "nav-configuracoes",
        href: ConfiguracoesPath::PATH,
        icon: "gear",
        permission: VER,
        group: NavPlace::Management,
        create: None,
    },
    Nav {
        label: "nav-comunicados",
        href: comunicado::pages::ComunicadosPath::PATH,
        icon: "megaphone",
        permission: comunicado::GERIR,
        group: NavPlace::Management,
        create: Some(("comunicado-new", comunicado::pages::NovoPath::PATH, comunicado::GERIR)),
    },
];

pub(crate) static SETTINGS: &[Setting] = &[
    Setting {
        title: "identidade-title",
        text: "identidade-sub",
        icon: "building",
        href: identidade::pages::IdentidadePath::PATH,
        permission: identidade::ALTERAR,
    },
    Setting {
        title: "usuarios-title",
        text: "usuarios-sub",
        icon: "people",
        href: usuario::admin_pages::UsuariosPath::PATH,
        permission: usuario::VER,
    },
    Setting {
        title: "perfis-title",
        text: "perfis-sub",
        icon: "shield-lock",
        href: perfil::admin_pages::PerfisPath::PATH,
        permission: perfil::GERIR,
    },
    Setting {
        title: "tokens-title",
        text: "tokens-sub",
        icon: "key",
        href: token::pages::TokensPath::PATH,
        permission: token::GERIR,
    },
    Setting {
        title: "regra-title",
        text: "regra-sub",
        icon: "shield-lock",
        href: regra::pages::RegraPath::PATH,
        permission: regra::GERIR,
    },
    Setting {
        title: "provedores-title",
        text: "provedores-sub",
        icon: "box-arrow-up-right",
        href: provedor::pages::ProvedoresPath::PATH,
        permission: provedor::GERIR,
    },
    Setting {
        title: "parametros-title",
        text: "parametros-sub",
        icon: "sliders",
        href: parametro::pages::ParametrosPath::PATH,
        permission: parametro::GERIR,
    },
    Setting {
        title: "correio-title",
        text: "correio-sub",
        icon: "envelope",
        href: correio::pages::CorreioPath::PATH,
        permission: correio::GERIR,
    },
    Setting {
        title: "gateway-title",
        text: "gateway-sub",
        icon: "telephone",
        href: gateway::pages::GatewayPath::PATH,
        permission: gateway::GERIR,
    },
    Setting {
        title: "suporte-title",
        text: "suporte-sub",
        icon: "shield-lock",
        href: suporte::pages::SuportePath::PATH,
        permission: suporte::AUTORIZAR,
    },
    Setting {
        title: "auditoria-title",
        text: "auditoria-sub",
        icon: "journal-text",
        href: auditoria::AuditoriaPath::PATH,
        permission: auditoria::VER,
    },
];

/// A frame one step below the settings.
#[must_use]
pub fn below(frame: Frame) -> Frame {
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
    /// Those that can be switched on and off, and whether they are on.
    modulos: Vec<(&'static str, bool)>,
}

impl ConfiguracoesPage {
    fn new<'a>(
        frame: Frame,
        actor: &Actor,
        settings: impl Iterator<Item = &'a Setting>,
        modulos: impl Iterator<Item = (&'static str, bool)>,
    ) -> Self {
        let entries = settings
            .filter(|setting| actor.may(&setting.permission))
            .map(|setting| Entry {
                title: frame.t(setting.title),
                text: frame.t(setting.text),
                icon: setting.icon,
                href: setting.href,
            })
            .collect();
        let modulos =
            modulos.map(|(name, on)| (idioma::find(frame.lang, &format!("module-{name}")).unwrap_or(name), on)).collect();
        Self { frame: frame.titled("nav-configuracoes"), entries, modulos }
    }
}

async fn show(_: ConfiguracoesPath, ctx: Ctx) -> Page<ConfiguracoesPage> {
    let on = |module: &&Module| module.core || ctx.unidade.has_module(module.name);
    let settings = ctx.app.modules.iter().filter(on).flat_map(|module| module.settings);
    let optional = ctx.app.modules.iter().filter(|module| !module.core);
    let modulos = optional.map(|module| (module.name, ctx.unidade.has_module(module.name)));
    Page(ConfiguracoesPage::new(ctx.frame(), &ctx.actor, settings, modulos))
}

#[cfg(test)]
impl ConfiguracoesPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let nobody = Actor::anonimo(kernel::RequestMeta::default());
        let modulos = [("empresas", true), ("privacidade", false)].into_iter();
        vec![
            Self::new(frame.clone(), &Actor::sistema(), SETTINGS.iter(), modulos),
            Self::new(frame, &nobody, SETTINGS.iter(), std::iter::empty()),
        ]
    }
}
