//! `/busca`: one box over the records of all modules. What it finds is what each module's own list would show the same
//! person, so nobody finds here what they may not see there.

use askama::Template;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use futures::future::BoxFuture;
use kernel::{Actor, Permission};
use serde::{Deserialize, Serialize};
use tenancy::{TenantTx, Unidade};

use crate::{Access, Ctx, Module, Page, Query, Result, Route, filters, frame::Frame};

/// How a module's records are found; declared in [`Module::search`].
#[derive(Debug)]
pub struct Search {
    /// Key of what the records are called, in the plural.
    pub label: &'static str,
    /// A name in `assets/icons.txt`.
    pub icon: &'static str,
    /// Without it, nothing is looked for.
    pub permission: Permission,
    /// The list that shows all that is found, by `?q=`.
    pub list: &'static str,
    pub find: Find,
}

/// Looks for records that have the text; narrows to what the actor may see, answers at most `limit`.
pub type Find = for<'a> fn(tx: &'a mut TenantTx, actor: &'a Actor, text: &'a str, limit: usize) -> BoxFuture<'a, Result<Found>>;

/// The best of what one [`Search`] found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// Exact, of all.
    pub total: i64,
}

/// A record as the search shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub label: String,
    /// What tells it from others of its name.
    pub sub: String,
    pub href: String,
}

/// The module that serves the search itself.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes: || vec![Route::get(show, Access::SignedIn).sample("/busca?q=aurora", "")],
        ..Module::named("busca")
    }
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/busca")]
pub(crate) struct Busca;

/// Records shown of each kind.
const SHOWN: usize = 6;
/// Fewer letters find everything.
const LETTERS: usize = 2;
/// Nobody types more.
const LONGEST: usize = 200;

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

/// What the palette reads; see `assets/src/ts/palette.ts`.
#[derive(Debug, Serialize)]
struct Item {
    label: String,
    sub: String,
    href: String,
    icon: &'static str,
}

/// The records of one kind.
#[derive(Debug, Clone)]
struct Group {
    label: &'static str,
    icon: &'static str,
    found: Found,
    /// The list with everything that was found, when more was found than is shown.
    all: Option<String>,
}

impl Group {
    fn new(search: &Search, text: &str, found: Found) -> Self {
        let more = found.total > i64::try_from(found.hits.len()).unwrap_or(i64::MAX);
        Self {
            label: search.label,
            icon: search.icon,
            all: more.then(|| {
                let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
                format!("{}?q={query}", search.list)
            }),
            found,
        }
    }
}

#[derive(Template)]
#[template(path = "layout/busca.html")]
pub struct BuscaPage {
    frame: Frame,
    text: String,
    /// Too short to be looked for.
    short: bool,
    groups: Vec<Group>,
}

impl BuscaPage {
    fn new(frame: Frame, text: String, groups: Vec<Group>) -> Self {
        Self { short: text.chars().count() < LETTERS, frame: frame.titled("busca-title"), text, groups }
    }
}

/// What of the modules' searches this actor may use here.
fn offered<'a>(modules: &'a [Module], unidade: &'a Unidade, actor: &'a Actor) -> impl Iterator<Item = &'a Search> {
    modules
        .iter()
        .filter(|module| module.core || unidade.has_module(module.name))
        .flat_map(|module| module.search)
        .filter(|search| actor.may(&search.permission))
}

/// Whether there is anything to look for.
pub(crate) fn is_offered(modules: &[Module], unidade: &Unidade, actor: &Actor) -> bool {
    offered(modules, unidade, actor).next().is_some()
}

async fn show(_: Busca, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    let text: String = asked.q.trim().chars().take(LONGEST).collect();
    let ctx = &mut *ctx;
    let mut groups = Vec::new();
    if text.chars().count() >= LETTERS {
        for search in offered(&ctx.app.modules, &ctx.unidade, &ctx.actor) {
            let found = (search.find)(&mut ctx.tx, &ctx.actor, &text, SHOWN).await?;
            if !found.hits.is_empty() {
                groups.push(Group::new(search, &text, found));
            }
        }
    }
    if ctx.visit().wants_page {
        return Ok(Page(BuscaPage::new(ctx.frame(), text, groups)).into_response());
    }
    Ok(Json(serde_json::json!({ "items": items(ctx.lang, groups) })).into_response())
}

/// The groups one after the other, each with the way to the rest of it.
fn items(lang: kernel::Lang, groups: Vec<Group>) -> Vec<Item> {
    let mut items = Vec::new();
    for group in groups {
        let icon = group.icon;
        let total = group.found.total;
        items.extend(group.found.hits.into_iter().map(|hit| Item { label: hit.label, sub: hit.sub, href: hit.href, icon }));
        if let Some(href) = group.all {
            let label = idioma::t_args(lang, "busca-all", [("n", total.into()), ("what", idioma::t(lang, group.label).into())]);
            items.push(Item { label, sub: String::new(), href, icon: "arrow-right" });
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(hits: usize, total: i64) -> Group {
        let search = Search {
            label: "nav-modules",
            icon: "buildings",
            permission: Permission::new("empresas.empresa.ver"),
            list: "/empresas",
            find: |_, _, _, _| Box::pin(async { Ok(Found::default()) }),
        };
        let hit = Hit { label: "<b>Aurora</b>".into(), sub: "SC".into(), href: "/empresas/1".into() };
        Group::new(&search, "a&b ç", Found { hits: vec![hit; hits], total })
    }

    #[test]
    fn the_rest_of_what_was_found_is_one_link_away() {
        assert_eq!(group(6, 6).all, None);
        assert_eq!(group(6, 7).all.as_deref(), Some("/empresas?q=a%26b+%C3%A7"));
        assert_eq!(items(kernel::Lang::En, vec![group(6, 7)]).len(), 7);
    }

    #[test]
    fn the_page_renders_with_nothing_something_and_too_little_asked() {
        for frame in Frame::samples() {
            for (text, groups) in [("", vec![]), ("a", vec![]), ("xyz", vec![]), ("aurora", vec![group(2, 2), group(6, 1200)])] {
                let html = BuscaPage::new(frame.clone(), text.into(), groups).render().unwrap();
                assert!(html.contains("</html>") && !html.contains("<b>Aurora</b>"), "{text}");
            }
        }
    }
}
