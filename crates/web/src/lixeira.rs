//! `/lixeira`: everything that was deleted and can come back, from what the modules declare in [`Module::trash`]. Each kind
//! answers within the actor's own rights, and gives back by the command of its own.

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use kernel::{Actor, Fault, Permission};
use serde::Deserialize;
use tenancy::{TenantTx, Unidade};
use uuid::Uuid;

use crate::{
    Access, Ctx, CtxInner, Error, FormBody, Module, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    redirect,
};

/// One kind of what can be deleted and restored.
pub struct Trash {
    /// Its code in addresses: `empresa`.
    pub kind: &'static str,
    /// Key of what one calls many of them, and one.
    pub label: &'static str,
    pub one: &'static str,
    pub icon: &'static str,
    /// Who sees and restores them; scope is the kind's own affair.
    pub permission: Permission,
    /// Those the actor may restore, the latest first, at most as many as asked for.
    pub list: for<'a> fn(&'a mut TenantTx, &'a Actor, i64) -> BoxFuture<'a, Result<Trashed, Fault>>,
    /// Brings one back, or says why not.
    pub restore: for<'a> fn(&'a mut TenantTx, &'a Actor, Uuid) -> BoxFuture<'a, Result<(), Error>>,
}

/// What lies there of one kind.
#[derive(Debug, Default)]
pub struct Trashed {
    pub items: Vec<Item>,
    /// Exact, of all.
    pub total: i64,
}

#[derive(Debug, Clone)]
pub struct Item {
    pub id: Uuid,
    pub nome: String,
    /// What tells it from others of its name.
    pub sub: String,
    pub deleted_at: DateTime<Utc>,
    /// Who did it; empty where nobody knows any more.
    pub deleted_by: String,
}

/// The module that serves the page itself.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes: || {
            vec![
                Route::get(show, Access::SignedIn),
                Route::post(restore, Access::SignedIn).sample("/lixeira/restaurar", "item=empresa%3A{empresa_excluida}"),
            ]
        },
        ..Module::named("lixeira")
    }
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/lixeira")]
pub struct Lixeira;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/lixeira/restaurar")]
pub struct Restaurar;

const KIND: &str = "tipo";
/// As many as a page can show.
const MAX: usize = 100;

/// What of the modules' this actor may restore here.
fn offered<'a>(modules: &'a [Module], unidade: &'a Unidade, actor: &'a Actor) -> impl Iterator<Item = &'a Trash> {
    modules
        .iter()
        .filter(|module| module.core || unidade.has_module(module.name))
        .flat_map(|module| module.trash)
        .filter(|trash| actor.may(&trash.permission))
}

/// Whether there is anything to look at.
pub(crate) fn is_offered(modules: &[Module], unidade: &Unidade, actor: &Actor) -> bool {
    offered(modules, unidade, actor).next().is_some()
}

/// A row as printed.
#[derive(Debug)]
struct Row {
    /// Kind and id, as the form sends it.
    item: String,
    kind: &'static str,
    icon: &'static str,
    nome: String,
    sub: String,
    deleted_at: DateTime<Utc>,
    deleted_by: String,
}

#[derive(Template)]
#[template(path = "layout/lixeira.html")]
pub struct LixeiraPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    /// Those that could not be restored, each with its reason.
    refused: Vec<(String, String)>,
    restored: usize,
}

/// What a page needs of all kinds.
struct Found {
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    total: i64,
}

/// Rows of each kind that are looked at: nobody turns more pages than that.
const FARTHEST: i64 = 10_000;

async fn found(ctx: &mut CtxInner, frame: &Frame, list: &ListState) -> Result<Found> {
    let CtxInner { tx, actor, unidade, app, .. } = ctx;
    let mut found = Found { kinds: Vec::new(), rows: Vec::new(), total: 0 };
    // The kinds are told apart only once they are together: each gives as many as the page could need.
    let wanted = list.page.offset().saturating_add(list.page.limit()).min(FARTHEST);
    let narrowed = list.filter(KIND).is_some();
    for trash in offered(&app.modules, unidade, actor) {
        found.kinds.push(Choice::new(trash.kind, frame.t(trash.label)));
        if narrowed && !list.has(KIND, trash.kind) {
            continue;
        }
        let trashed = (trash.list)(tx, actor, wanted).await?;
        found.total += trashed.total;
        found.rows.extend(trashed.items.into_iter().map(|item| Row {
            item: format!("{}:{}", trash.kind, item.id),
            kind: frame.t(trash.one),
            icon: trash.icon,
            nome: item.nome,
            sub: item.sub,
            deleted_at: item.deleted_at,
            deleted_by: item.deleted_by,
        }));
    }
    found.rows.sort_by(|a, b| b.deleted_at.cmp(&a.deleted_at).then_with(|| b.item.cmp(&a.item)));
    let offset = usize::try_from(list.page.offset()).unwrap_or(usize::MAX).min(found.rows.len());
    found.rows.drain(..offset);
    found.rows.truncate(usize::try_from(list.page.limit()).unwrap_or(MAX));
    Ok(found)
}

impl LixeiraPage {
    fn new(frame: Frame, list: ListState, found: Found) -> Self {
        Self {
            frame: frame.titled("lixeira-title"),
            pager: Pager::new(list.page, found.total),
            list,
            kinds: found.kinds,
            rows: found.rows,
            refused: Vec::new(),
            restored: 0,
        }
    }
}

fn read(query: &str) -> ListState {
    ListState::read(Lixeira::PATH, query, &[], Sort::down("deleted_at"))
}

async fn show(_: Lixeira, mut ctx: Ctx) -> Result<Page<LixeiraPage>> {
    let ctx = &mut *ctx;
    let list = read(ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query));
    let frame = ctx.frame();
    let found = found(ctx, &frame, &list).await?;
    Ok(Page(LixeiraPage::new(frame, list, found)))
}

async fn restore(_: Restaurar, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let list = read(form.raw("consulta"));
    let frame = ctx.frame();
    let names: Vec<(String, String)> =
        found(ctx, &frame, &list).await?.rows.into_iter().map(|row| (row.item, row.nome)).collect();
    let mut refused = Vec::new();
    let mut restored = 0;
    for item in form.all("item").iter().take(MAX) {
        match one(ctx, item).await {
            Ok(()) => restored += 1,
            Err(error) if error.status_code().is_server_error() => return Err(error),
            Err(error) => {
                let nome = names.iter().find(|(known, _)| known == item).map_or(item.as_str(), |(_, nome)| nome.as_str());
                refused.push((nome.to_owned(), error.title(ctx.lang)));
            }
        }
    }
    if refused.is_empty() {
        let toast = if restored == 1 { "toast-lixeira-restaurado" } else { "toast-lixeira-restaurados" };
        return Ok(redirect(&list.link(), (restored > 0).then_some((Tone::Success, toast))));
    }
    // What could be restored stays so: the page says both.
    let found = found(ctx, &frame, &list).await?;
    Ok(Page(LixeiraPage { refused, restored, ..LixeiraPage::new(frame, list, found) }).into_response())
}

/// Restores one as a part of its own, so that a refusal takes nothing else along.
async fn one(ctx: &mut CtxInner, item: &str) -> Result<()> {
    let CtxInner { tx, actor, unidade, app, .. } = ctx;
    let (kind, id) = item.split_once(':').ok_or_else(Error::not_found)?;
    let id: Uuid = id.parse().map_err(|_| Error::not_found())?;
    let trash = offered(&app.modules, unidade, actor).find(|trash| trash.kind == kind).ok_or_else(Error::not_found)?;
    tx.nested(async |tx: &mut TenantTx| (trash.restore)(tx, actor, id).await).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_renders_empty_full_and_with_refusals() {
        for frame in Frame::samples() {
            let row = |nome: &str| Row {
                item: "empresa:1".into(),
                kind: "Empresa",
                icon: "buildings",
                nome: nome.into(),
                sub: "SC".into(),
                deleted_at: frame.now,
                deleted_by: String::new(),
            };
            let kinds = || vec![Choice::new("empresa", "Empresas"), Choice::new("contato", "Contatos")];
            for (query, kinds, rows, total) in [
                ("", Vec::new(), Vec::new(), 0),
                ("", kinds(), Vec::new(), 0),
                ("tipo=contato", kinds(), Vec::new(), 0),
                ("", kinds(), vec![row("<b>Aurora</b>"), row(&"longo ".repeat(40))], 300),
            ] {
                let mut page = LixeiraPage::new(frame.clone(), read(query), Found { kinds, rows, total });
                page.refused = vec![("<b>Aurora</b>".into(), "Este CNPJ já está cadastrado.".into())];
                page.restored = 2;
                let html = page.render().unwrap();
                assert!(html.contains("</html>") && !html.contains("<b>Aurora</b>") && !html.contains("/assets/missing"));
            }
        }
    }
}
