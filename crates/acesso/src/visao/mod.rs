//! A list as somebody likes to see it, under a name: their own, or for everybody in the unidade. What it shows is still what
//! the list shows to whoever opens it.

mod guardar;
pub mod pages;
mod preferir;
mod sql;

use kernel::{Actor, ActorKind, Entity, Fault, Id, Texto};
use tenancy::TenantTx;
use web::list::View;

pub use guardar::{Guardar, VisaoError, excluir, guardar};
pub use preferir::{Preferida, preferir};

#[derive(Debug)]
pub enum VisaoEntity {}
impl Entity for VisaoEntity {
    const NAME: &'static str = "visao";
}
pub type VisaoId = Id<VisaoEntity>;
pub type VisaoNome = Texto<60>;

/// The visões of one list that the actor may use: their own, then everybody's, each by name. `lista` is the list's path.
///
/// # Errors
/// A fault of the database.
pub async fn of_list(tx: &mut TenantTx, actor: &Actor, lista: &str) -> Result<Vec<View>, Fault> {
    let Some(usuario) = person(actor) else { return Ok(Vec::new()) };
    let visoes = sql::list(tx, usuario, lista).await?;
    let view = |visao: sql::Visao| View {
        href: format!("{lista}?{}", visao.consulta),
        remove: visao.own.then(|| pages::VisaoExcluir { id: visao.id }.to_string()),
        shared: visao.compartilhada,
        default: visao.padrao,
        prefer: pages::VisaoPadrao { id: visao.id }.to_string(),
        label: visao.nome,
    };
    Ok(visoes.into_iter().map(view).collect())
}

/// Where the plain address of a list leads instead: to the visão that it opens with.
#[must_use]
pub fn opening<'a>(views: &'a [View], query: &str) -> Option<&'a str> {
    views.iter().find(|view| view.default && query.is_empty()).map(|view| view.href.as_str())
}

/// Only people keep visões; a token has no page to show them on.
fn person(actor: &Actor) -> Option<uuid::Uuid> {
    actor.id.filter(|_| actor.kind == ActorKind::Usuario)
}
