//! How a list opens for somebody: the visões they may choose from and the looks they gave it. Every list asks for both, so both
//! come with one statement.

mod sql;

use kernel::{Actor, ActorKind, Fault};
use tenancy::TenantTx;
use uuid::Uuid;
use web::list::{Layout, View};

use crate::visao::{self, VisaoId};

/// A list as one person has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lista {
    /// Their own visões, then everybody's, each by name; first of all the one that the list opens with.
    pub views: Vec<View>,
    pub layout: Layout,
}

impl Lista {
    /// Where the plain address of the list leads instead: to the visão that it opens with.
    #[must_use]
    pub fn opening(&self, query: &str) -> Option<&str> {
        self.views.iter().find(|view| view.default && query.is_empty()).map(|view| view.href.as_str())
    }
}

/// Of the list with this path; as it comes for whoever is no person, since only people look at lists.
///
/// # Errors
/// A fault of the database.
pub async fn of(tx: &mut TenantTx, actor: &Actor, path: &str) -> Result<Lista, Fault> {
    let Some(usuario) = person(actor) else { return Ok(Lista::default()) };
    let (visoes, layout) = sql::of(tx, usuario, path).await?;
    let view = |visao: sql::Visao| {
        let id = VisaoId::new(visao.id);
        View {
            href: format!("{path}?{}", visao.consulta),
            remove: visao.own.then(|| visao::pages::VisaoExcluir { id }.to_string()),
            shared: visao.compartilhada,
            default: visao.padrao,
            prefer: visao::pages::VisaoPadrao { id }.to_string(),
            label: visao.nome,
        }
    };
    Ok(Lista { views: visoes.into_iter().map(view).collect(), layout })
}

/// Only people keep visões and looks; a token has no page to show them on.
pub(crate) fn person(actor: &Actor) -> Option<Uuid> {
    actor.id.filter(|_| actor.kind == ActorKind::Usuario)
}
