//! One person, many unidades: accounts in several unidades that are one person's, and entering one from another (decision 0019).
//!
//! The rule it protects: a link is made by somebody who is signed in at both ends, counts while both unidades say so, and ends in
//! the transaction in which anybody else changes the ways into an account. A passagem is begun by the unidade that is entered, so
//! that it works in the one browser that asked, and is vouched for by a sessão that stands and that no other person's hands
//! (mail, gateway, a handed link) could have opened.

pub mod pages;
mod sql;

use std::sync::Arc;

use kernel::{Actor, Fault, RequestMeta};
use serde_json::json;
use tenancy::{
    Change, Entry, Platform, PlatformTx, Status, TenantTx, Unidade,
    pessoa::{self, Conta, Fim, Origem},
};
use web::App;

pub(crate) use sql::own;

use crate::{
    aparelho::Aparelhos,
    passo::{self, Chegada, Entrou},
    segredo::Segredo,
    sessao::{Method, SessaoId},
    usuario::{self, UsuarioId},
};

/// Who vouches for whom comes over: the account at the other end, as it stands now.
#[derive(Debug, Clone)]
pub(crate) struct Fiador {
    pub nome: String,
    pub email: String,
    pub conta_id: Option<uuid::Uuid>,
    pub method: Method,
}

/// A unidade of the person as the list shows it.
#[derive(Debug, Clone)]
pub(crate) struct Minha {
    pub conta: Conta,
    pub unidade: Arc<Unidade>,
    pub current: bool,
}

/// Takes an account out of its person: what somebody else changed in its ways in, or a recuperação, must not lead on to others.
pub(crate) async fn soltar(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<(), Fault> {
    if sql::clear(tx, id).await? { note(tx, actor, "pessoa.desvinculada", id, None).await } else { Ok(()) }
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

/// The unidades of whoever is signed in, the one chosen last first; none for somebody without links.
///
/// # Errors
/// A fault of a database.
pub(crate) async fn minhas(app: &App, own: &Conta) -> Result<Vec<Minha>, Fault> {
    let mut tx = app.platform.begin().await?;
    let contas = pessoa::of(&mut tx, own).await?;
    tx.rollback().await?;
    let mut all = Vec::new();
    for conta in contas {
        let Some(unidade) = app.registry.by_id(conta.unidade).await?.filter(|u| u.status == Status::Active) else { continue };
        let stands = app.tenants.read(&unidade, async |tx: &mut TenantTx| sql::enters(tx, &conta).await).await?.is_some();
        if stands {
            all.push(Minha { conta, current: conta.id == own.id, unidade });
        }
    }
    if all.len() < 2 {
        all.clear();
    }
    Ok(all)
}

/// Whether the sessão may lead on to other unidades.
pub(crate) async fn vouches(tx: &mut TenantTx, usuario: UsuarioId, sessao: SessaoId) -> Result<Option<Fiador>, Fault> {
    sql::vouches(tx, usuario, sessao).await
}

/// Who comes over by a passagem, and their unidade, while all that must hold holds.
async fn fiador(app: &App, origem: &Origem) -> Result<Option<(Arc<Unidade>, Fiador)>, Fault> {
    let Some(de) = app.registry.by_id(origem.unidade).await?.filter(|u| u.status == Status::Active) else { return Ok(None) };
    let (usuario, sessao) = (UsuarioId::new(origem.usuario), SessaoId::new(origem.sessao));
    let fiador = app.tenants.read(&de, async |tx: &mut TenantTx| sql::vouches(tx, usuario, sessao).await).await?;
    Ok(fiador.map(|fiador| (de, fiador)))
}

/// Comes over and enters; `None` for whatever does not hold any more: one answer.
pub(crate) async fn entrar(
    app: &App,
    unidade: &Arc<Unidade>,
    meta: &RequestMeta,
    keys: (&Segredo, &Segredo),
    (previous, aparelhos): (Option<SessaoId>, Aparelhos),
) -> Result<Option<Entrou>, Fault> {
    // Used up and kept so, whatever comes of it.
    let keys = (keys.0.hash(), keys.1.hash());
    let used =
        app.platform.write(async |tx: &mut PlatformTx| pessoa::use_passagem(tx, unidade.id, Fim::Entrar, keys).await).await?;
    let Some(origem) = used else { return Ok(None) };
    let Some((de, fiador)) = fiador(app, &origem).await? else { return Ok(None) };
    let Some(id) = fiador.conta_id else { return Ok(None) };
    let own = Conta { id, unidade: de.id, usuario: origem.usuario };
    let found = app
        .platform
        .write(async |tx: &mut PlatformTx| {
            let here = pessoa::of(tx, &own).await?.into_iter().find(|conta| conta.unidade == unidade.id);
            if let Some(here) = &here {
                pessoa::chosen(tx, here).await?;
            }
            Ok::<_, Fault>(here)
        })
        .await?;
    let Some(here) = found else { return Ok(None) };
    app.tenants
        .write(unidade, async |tx: &mut TenantTx| {
            let Some(conta) = sql::enters(tx, &here).await? else { return Ok(None) };
            note(tx, &conta.actor(meta), "acesso.passagem", conta.id, Some(&de)).await?;
            let chegada = Chegada { conta, method: Method::Passagem, meta, previous, aparelhos };
            // A chave is both factors; whoever proved less there proves the second one here, where it is asked.
            if fiador.method == Method::Chave {
                return passo::admit(tx, chegada, false).await.map(|nova| Some(Entrou::Sessao(nova)));
            }
            passo::proceed(tx, chegada).await.map(Some)
        })
        .await
}

/// Who would be linked to whoever is signed in here; changes nothing.
pub(crate) async fn candidato(
    app: &App,
    unidade: &Unidade,
    (passagem, navegador): (&Segredo, &Segredo),
) -> Result<Option<(Arc<Unidade>, Fiador)>, Fault> {
    let mut tx = app.platform.begin().await?;
    let keys = (passagem.hash(), navegador.hash());
    let origem = pessoa::find_passagem(&mut tx, unidade.id, Fim::Vincular, keys).await?;
    tx.rollback().await?;
    match origem {
        Some(origem) if origem.unidade != unidade.id => fiador(app, &origem).await,
        _ => Ok(None),
    }
}

/// Makes whoever is signed in here and whoever came over one person. The unidades say so before the register does: a failure
/// between leaves words that mean nothing, and never a link that a unidade does not know of.
pub(crate) async fn vincular(
    app: &App,
    unidade: &Arc<Unidade>,
    (actor, sessao): (&Actor, SessaoId),
    keys: (&Segredo, &Segredo),
) -> Result<Option<Arc<Unidade>>, Fault> {
    let Some(own) = usuario::of(actor) else { return Ok(None) };
    let mut platform = app.platform.begin().await?;
    let keys = (keys.0.hash(), keys.1.hash());
    let Some(origem) = pessoa::use_passagem(&mut platform, unidade.id, Fim::Vincular, keys).await? else { return Ok(None) };
    let Some((de, there)) = fiador(app, &origem).await?.filter(|(de, _)| de.id != unidade.id) else { return Ok(None) };
    let here = app.tenants.read(unidade, async |tx: &mut TenantTx| sql::vouches(tx, own, sessao).await).await?;
    let Some(here) = here else { return Ok(None) };
    let two = [(de.id, origem.usuario, there.conta_id), (unidade.id, own.uuid(), here.conta_id)];
    let [far, near] = pessoa::vincular(&mut platform, actor, two).await?;
    let author = Actor { nome: there.nome, id: Some(origem.usuario), ..actor.clone() };
    let far_end = (&de, UsuarioId::new(origem.usuario), SessaoId::new(origem.sessao), far);
    for (at, other, who, (usuario, sessao, conta)) in
        [(far_end.0, unidade, &author, (far_end.1, far_end.2, far_end.3)), (unidade, &de, actor, (own, sessao, near))]
    {
        let said = app
            .tenants
            .record(at, async |tx: &mut TenantTx| {
                // In one statement with what vouches: it may have been taken over at this very moment.
                let said = sql::set(tx, (usuario, sessao), conta).await?;
                if said {
                    note(tx, who, "pessoa.vinculada", usuario, Some(other)).await?;
                }
                Ok::<_, Fault>(said)
            })
            .await?;
        if !said {
            return Ok(None);
        }
    }
    platform.commit().await?;
    Ok(Some(de))
}

/// Takes any account of the same person out, from any of them. `false` when it is no account of theirs.
pub(crate) async fn desvincular(app: &App, actor: &Actor, own: &Conta, id: uuid::Uuid) -> Result<bool, Fault> {
    let mut platform = app.platform.begin().await?;
    let Some(conta) = pessoa::of(&mut platform, own).await?.into_iter().find(|conta| conta.id == id) else { return Ok(false) };
    let gone = pessoa::desvincular(&mut platform, actor, &conta).await?;
    platform.commit().await?;
    if let Some(unidade) = app.registry.by_id(conta.unidade).await?.filter(|u| u.status == Status::Active) {
        let id = UsuarioId::new(conta.usuario);
        let author = Actor { id: Some(conta.usuario), ..actor.clone() };
        app.tenants.record(&unidade, async |tx: &mut TenantTx| soltar(tx, &author, id).await).await?;
    }
    Ok(gone)
}

/// Takes out of the register what the unidade does not say any more. Returns how many.
pub(crate) async fn tidy(platform: &Platform, tx: &mut TenantTx) -> Result<u64, Fault> {
    let mut register = platform.begin().await?;
    let mut gone = 0;
    for conta in pessoa::of_unidade(&mut register, tx.unidade_id()).await? {
        if sql::own(tx, UsuarioId::new(conta.usuario)).await? != Some(conta.id) {
            gone += u64::from(pessoa::desvincular(&mut register, &Actor::sistema(), &conta).await?);
        }
    }
    register.commit().await?;
    Ok(gone)
}

/// Enough of an address to know one's own, too little to learn another's.
pub(crate) fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    format!("{}•••@{domain}", local.chars().take(1).collect::<String>())
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_masked() {
        assert_eq!(super::masked("ana.costa@senai.example"), "a•••@senai.example");
        assert_eq!(super::masked(""), "•••@");
    }
}
