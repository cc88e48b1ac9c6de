use axum::{Router, extract::RawQuery};
use axum_extra::routing::TypedPath;
use futures::future::BoxFuture;
use kernel::{Fault, Permission};
use serde::Deserialize;
use tenancy::TenantTx;

use crate::{
    Access, App, Ctx, Page, Route, busca::Search, pecas::PecasPage, record::RecordTab, route::RouteInfo, timeline::Timeline,
};

/// Everything a module hands to the server. Navigation, permission matrix, isolation test, OpenAPI and workers are derived
/// from these values: a feature appears in them by being declared.
pub struct Module {
    /// As in the register's `modules` and in `crates/`.
    pub name: &'static str,
    /// Part of the core: cannot be switched off for a unidade.
    pub core: bool,
    pub routes: fn() -> Vec<Route>,
    pub api: fn() -> Vec<Route>,
    /// OpenAPI document of `api`.
    pub openapi: Option<fn() -> utoipa::openapi::OpenApi>,
    pub permissions: &'static [PermissionInfo],
    pub nav: &'static [Nav],
    /// What the global search finds of it.
    pub search: &'static [Search],
    /// What it shows on the pages of records, its own and others'.
    pub tabs: &'static [RecordTab],
    /// What it knows of what happened to them.
    pub timeline: &'static [Timeline],
    /// What of it stands in the calendar.
    pub calendar: &'static [crate::agenda::Layer],
    /// What of it can be deleted and restored.
    pub trash: &'static [crate::lixeira::Trash],
    /// What a new unidade does first.
    pub steps: &'static [Step],
    /// Its pages under the settings.
    pub settings: &'static [Setting],
    /// What of it hangs on records of other modules, or on its own.
    pub attached: &'static [crate::attached::Attached],
    /// The people it knows.
    pub titulares: &'static [crate::titular::Titulares],
    /// What it keeps of anybody.
    pub acervos: &'static [crate::titular::Acervo],
    /// What it tells people of; each decides on which channels.
    pub notices: &'static [&'static messaging::NoticeKind],
    pub jobs: fn() -> Vec<jobs::Handler>,
    pub schedules: fn() -> Result<Vec<jobs::Schedule>, Fault>,
}

/// A permission as the administrador sees it; its texts are `permission-<code>` in the catalogue.
#[derive(Debug)]
pub struct PermissionInfo {
    pub permission: Permission,
    /// Whether it can be narrowed to linked or own records.
    pub scoped: bool,
}

/// An entry of the navigation, drawn for whoever holds its permission.
#[derive(Debug)]
pub struct Nav {
    /// Key of its label.
    pub label: &'static str,
    pub href: &'static str,
    pub icon: &'static str,
    pub permission: Permission,
    pub group: NavPlace,
    /// "Novo" offers it when set: label key, path and the permission it needs.
    pub create: Option<(&'static str, &'static str, Permission)>,
}

/// A page of the settings, offered to whoever holds its permission.
#[derive(Debug)]
pub struct Setting {
    /// Keys of its name and of what it is for.
    pub title: &'static str,
    pub text: &'static str,
    pub icon: &'static str,
    pub href: &'static str,
    pub permission: Permission,
}

/// One of the first steps of a new unidade, offered to whoever holds its permission until it is done.
pub struct Step {
    /// Keys of what to do and of what it is good for.
    pub title: &'static str,
    pub text: &'static str,
    pub icon: &'static str,
    pub href: &'static str,
    pub permission: Permission,
    /// From how the unidade really is.
    pub done: for<'a> fn(&'a mut TenantTx) -> BoxFuture<'a, Result<bool, Fault>>,
}

/// Blocks of the sidebar, in the order of interface 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NavPlace {
    Main,
    Modules,
    Management,
}

impl Module {
    /// A module with a name and nothing else yet; fields are filled in by struct update.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            core: false,
            routes: Vec::new,
            api: Vec::new,
            openapi: None,
            permissions: &[],
            nav: &[],
            search: &[],
            calendar: &[],
            trash: &[],
            steps: &[],
            tabs: &[],
            timeline: &[],
            settings: &[],
            attached: &[],
            titulares: &[],
            acervos: &[],
            notices: &[],
            jobs: Vec::new,
            schedules: || Ok(Vec::new()),
        }
    }

    /// All its routes, for matrices and snapshots.
    #[must_use]
    pub fn route_infos(&self) -> Vec<RouteInfo> {
        (self.routes)().into_iter().chain((self.api)()).map(|route| route.info).collect()
    }
}

/// `/_pecas`: every shared piece with its states, in development.
#[derive(TypedPath, Deserialize)]
#[typed_path("/_pecas")]
struct Pecas;

/// A core module's name, so that the page is there in every unidade.
const DEV_MODULE: &str = "acesso";

async fn pieces(_: Pecas, ctx: Ctx, RawQuery(query): RawQuery) -> Page<PecasPage> {
    Page(PecasPage::new(ctx.frame(), &query.unwrap_or_default()))
}

/// Routers of the two kinds of host, from all modules.
pub(crate) fn routers(app: &App) -> (Router, Router) {
    let (mut pages, mut api) = (Router::new(), Router::new());
    for module in &app.modules {
        for route in (module.routes)() {
            pages = route.mount(pages, app, module.name);
        }
        for route in (module.api)() {
            api = route.mount(api, app, module.name);
        }
    }
    if app.config.dev {
        pages = Route::get(pieces, Access::Public).mount(pages, app, DEV_MODULE);
    }
    // The API answers on the unidade's own host too, where the token must match it.
    let pages = pages.merge(api.clone());
    (pages.with_state(app.clone()), api.with_state(app.clone()))
}
