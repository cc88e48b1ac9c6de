//! One person, many unidades: accounts in several unidades that are one person's, and entering one from another (decision 0019).
//!
//! The rules it protects: a link is made by somebody who proves at both ends who they are, counts while the register and both
//! unidades say so, and ends in the transaction in which anybody else changes the ways into an account. A passagem is begun by the
//! unidade that is entered, so that it works in the one browser that asked, and is vouched for by a sessão that stands and that
//! nothing of that unidade's administrador (mail, gateway, provedor, a handed link) could have opened.

mod entrar;
pub(crate) mod entrar_pages;
mod jobs;
pub(crate) mod pages;
mod sql;
mod vincular;
pub(crate) mod vincular_pages;

use std::sync::Arc;

use kernel::{Actor, Fault};
use serde_json::json;
use tenancy::{
    Change, Entry, PlatformTx, Status, TenantTx, Unidade,
    passagem::Origem,
    pessoa::{self, Conta},
};
use uuid::Uuid;
use web::App;

pub(crate) use entrar::waits;
pub use entrar::{Chegou, Ida, entrar, ir};
pub(crate) use jobs::{handlers, schedules};
pub use vincular::{Vinculou, desvincular, vincular};
pub(crate) use vincular::{candidato, leads, propor};

use crate::{
    sessao::SessaoId,
    usuario::{self, UsuarioId},
};

/// The account behind a sessão that stands.
#[derive(Debug, Clone)]
pub(crate) struct Fiador {
    pub nome: String,
    pub email: String,
    pub conta_id: Option<Uuid>,
    /// The sessão proves the person beyond its unidade.
    pub leads: bool,
    /// The account takes part in passagens.
    pub passagem: bool,
}

/// A unidade of the person, as the list shows it.
#[derive(Debug, Clone)]
pub struct Minha {
    pub conta: Conta,
    pub unidade: Arc<Unidade>,
    pub current: bool,
    /// Entered from here without a sign-in of its own.
    pub leads: bool,
}

/// Takes an account out of its person: what somebody else changed in its ways in, or a recuperação, must not lead on to others.
pub(crate) async fn soltar(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), Fault> {
    if sql::clear(tx, id).await? { note(tx, actor, "pessoa.desvinculada", id, None).await } else { Ok(()) }
}

/// After a way in was made of which no senha was asked: one that does not lead onward must not become one that does.
pub(crate) async fn distrust(tx: &mut TenantTx, id: UsuarioId, sessao: SessaoId) -> Result<(), Fault> {
    if sql::standing(tx, id, sessao).await?.is_none_or(|fiador| !fiador.leads) {
        sql::stay(tx, id).await?;
    }
    Ok(())
}

async fn note(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    id: UsuarioId,
    other: Option<&Unidade>,
) -> Result<(), Fault> {
    let change = Change { before: None, after: other.map(|other| json!({ "unidade": other.nome })) };
    tx.audit(actor, Entry { action, entity: "usuario", entity_id: Some(id.uuid()), change }).await
}

/// The link of whoever is signed in, as their unidade knows it.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn conta(tx: &mut TenantTx, actor: &Actor) -> Result<Option<Conta>, Fault> {
    let Some(own) = usuario::of(actor) else { return Ok(None) };
    let unidade = tx.unidade_id();
    Ok(sql::own(tx, own).await?.map(|id| Conta { id, unidade, usuario: own.uuid() }))
}

/// The unidades of whoever is signed in by `sessao`, the one chosen last first; none for somebody without links.
///
/// # Errors
/// A fault of a database.
pub async fn minhas(app: &App, own: &Conta, sessao: SessaoId) -> Result<Vec<Minha>, Fault> {
    let Some((_, fiador)) = fiador(app, &Origem { unidade: own.unidade, usuario: own.usuario, sessao: sessao.uuid() }).await?
    else {
        return Ok(Vec::new());
    };
    let mut tx = app.platform.begin().await?;
    let contas = pessoa::of(&mut tx, own).await?;
    tx.rollback().await?;
    let mut all = Vec::new();
    for vizinha in contas {
        let conta = vizinha.conta;
        let Some(unidade) = active(app, &conta).await? else { continue };
        match app.tenants.read(&unidade, async |tx: &mut TenantTx| sql::linked(tx, &conta).await).await {
            Ok(Some(there)) => {
                let leads = vizinha.leads && fiador.leads && fiador.passagem && there.passagem;
                all.push(Minha { conta, current: conta.id == own.id, leads, unidade });
            }
            Ok(None) => {}
            // One that cannot be asked does not keep the others from being listed.
            Err(fault) => tracing::warn!(unidade = %unidade.slug, %fault, "a linked unidade does not answer"),
        }
    }
    if all.len() < 2 {
        all.clear();
    }
    Ok(all)
}

async fn active(app: &App, conta: &Conta) -> Result<Option<Arc<Unidade>>, Fault> {
    Ok(app.registry.by_id(conta.unidade).await?.filter(|unidade| unidade.status == Status::Active))
}

/// Who comes over by a passagem, and their unidade, while the sessão that they asked in stands.
async fn fiador(app: &App, origem: &Origem) -> Result<Option<(Arc<Unidade>, Fiador)>, Fault> {
    let Some(de) = app.registry.by_id(origem.unidade).await?.filter(|u| u.status == Status::Active) else { return Ok(None) };
    let (usuario, sessao) = (UsuarioId::new(origem.usuario), SessaoId::new(origem.sessao));
    let fiador = app.tenants.read(&de, async |tx: &mut TenantTx| sql::standing(tx, usuario, sessao).await).await?;
    Ok(fiador.map(|fiador| (de, fiador)))
}

/// The account of the same person in another unidade, and whether `own` leads into it, as the register has it.
async fn vizinha(tx: &mut PlatformTx, own: &Conta, unidade: tenancy::UnidadeId) -> Result<Option<pessoa::Vizinha>, Fault> {
    Ok(pessoa::of(tx, own).await?.into_iter().find(|vizinha| vizinha.conta.unidade == unidade))
}

/// Enough of an address to know one's own, too little to learn another's.
pub(crate) fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    format!("{}•••@{domain}", local.chars().take(1).collect::<String>())
}

pub(crate) fn routes() -> Vec<web::Route> {
    [pages::routes(), entrar_pages::routes(), vincular_pages::routes()].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_masked() {
        assert_eq!(super::masked("ana.costa@senai.example"), "a•••@senai.example");
        assert_eq!(super::masked(""), "•••@");
    }
}
