use std::sync::Arc;

use kernel::{Actor, Fault};
use tenancy::{
    PlatformTx, TenantTx, Unidade,
    passagem::{self, Fim, Origem},
    pessoa::{self, Conta, Ponta},
};
use uuid::Uuid;
use web::App;

use super::{Fiador, active, fiador, note, soltar, sql};
use crate::{
    aviso::{self, Aviso},
    segredo::Segredo,
    sessao::SessaoId,
    usuario::{self, UsuarioId},
};

/// Vouches for a sessão to the browser that another unidade sent. Whoever calls it has asked for proof before.
pub(crate) async fn propor(app: &App, origem: Origem, (para, navegador): (&Unidade, [u8; 32])) -> Result<Segredo, Fault> {
    let token = Segredo::draw();
    let keys = (token.hash(), navegador);
    app.platform.write(async |tx: &mut PlatformTx| passagem::open(tx, (origem, para.id), Fim::Vincular, keys).await).await?;
    Ok(token)
}

/// Who would be linked to whoever is signed in here; changes nothing.
pub(crate) async fn candidato(
    app: &App,
    unidade: &Unidade,
    (passagem, navegador): (&Segredo, &Segredo),
) -> Result<Option<(Arc<Unidade>, Fiador)>, Fault> {
    let mut tx = app.platform.begin().await?;
    let origem = passagem::find(&mut tx, unidade.id, Fim::Vincular, (passagem.hash(), navegador.hash())).await?;
    tx.rollback().await?;
    match origem {
        Some(origem) if origem.unidade != unidade.id => fiador(app, &origem).await,
        _ => Ok(None),
    }
}

/// Whether a sessão of this unidade proves the person beyond it.
pub(crate) async fn leads(app: &App, unidade: &Arc<Unidade>, usuario: UsuarioId, sessao: SessaoId) -> Result<bool, Fault> {
    let here = app.tenants.read(unidade, async |tx: &mut TenantTx| sql::standing(tx, usuario, sessao).await).await?;
    Ok(here.is_some_and(|here| here.leads))
}

/// What came of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vinculou {
    /// One leads into the other.
    Leads,
    /// Both are in the list; each is entered by its own door, since one end was not proved beyond its unidade.
    Listed,
    /// The person has another account in one of the two unidades.
    Double,
}

/// One end of a link, as it is about to be written.
struct Lado<'a> {
    unidade: &'a Arc<Unidade>,
    other: &'a Unidade,
    author: Actor,
    usuario: UsuarioId,
    sessao: SessaoId,
}

impl Lado<'_> {
    /// `false` when its sessão does not stand any more.
    async fn say(&self, app: &App, conta: Uuid, leads: bool) -> Result<bool, Fault> {
        app.tenants
            .record(self.unidade, async |tx: &mut TenantTx| {
                // Under the lock of what vouches: it may be taken over at this very moment.
                let said = sql::set(tx, (self.usuario, self.sessao), (conta, leads)).await?;
                if said {
                    note(tx, &self.author, "pessoa.vinculada", self.usuario, Some(self.other)).await?;
                    aviso::send(tx, self.usuario, Aviso::UnidadeVinculada, &self.author.meta).await?;
                }
                Ok(said)
            })
            .await
    }
}

/// Makes whoever is signed in here and whoever came over one person; `None` when either does not stand any more. The unidades say
/// so before the register does: a failure between leaves words that mean nothing, and never a link that a unidade does not know of.
///
/// # Errors
/// A fault of a database.
pub async fn vincular(
    app: &App,
    unidade: &Arc<Unidade>,
    (actor, sessao): (&Actor, SessaoId),
    (passagem, navegador): (&Segredo, &Segredo),
) -> Result<Option<Vinculou>, Fault> {
    let Some(own) = usuario::of(actor) else { return Ok(None) };
    let mut platform = app.platform.begin().await?;
    // Before anything is written in a unidade, as by everybody who writes in both.
    pessoa::lock(&mut platform).await?;
    let keys = (passagem.hash(), navegador.hash());
    let Some(origem) = passagem::redeem(&mut platform, unidade.id, Fim::Vincular, keys).await? else { return Ok(None) };
    let Some((de, there)) = fiador(app, &origem).await?.filter(|(de, _)| de.id != unidade.id) else { return Ok(None) };
    let here = app.tenants.read(unidade, async |tx: &mut TenantTx| sql::standing(tx, own, sessao).await).await?;
    let Some(here) = here else { return Ok(None) };
    let leads = there.leads && here.leads;
    let two = [
        Ponta { unidade: de.id, usuario: origem.usuario, conta_id: there.conta_id, passagem: there.passagem },
        Ponta { unidade: unidade.id, usuario: own.uuid(), conta_id: here.conta_id, passagem: here.passagem },
    ];
    let Some([far, near]) = pessoa::vincular(&mut platform, actor, two, leads).await? else {
        return Ok(Some(Vinculou::Double));
    };
    let far_end = Lado {
        unidade: &de,
        other: unidade,
        author: Actor { nome: there.nome, id: Some(origem.usuario), ..actor.clone() },
        usuario: UsuarioId::new(origem.usuario),
        sessao: SessaoId::new(origem.sessao),
    };
    let near_end = Lado { unidade, other: &de, author: actor.clone(), usuario: own, sessao };
    if !far_end.say(app, far, leads).await? || !near_end.say(app, near, leads).await? {
        return Ok(None);
    }
    platform.commit().await?;
    Ok(Some(if leads { Vinculou::Leads } else { Vinculou::Listed }))
}

/// Takes any account of the same person out, from any of them. `false` when it is no account of theirs.
///
/// # Errors
/// A fault of a database.
pub async fn desvincular(app: &App, actor: &Actor, own: &Conta, id: Uuid) -> Result<bool, Fault> {
    let mut platform = app.platform.begin().await?;
    let all = pessoa::of(&mut platform, own).await?;
    let Some(conta) = all.into_iter().map(|vizinha| vizinha.conta).find(|conta| conta.id == id) else { return Ok(false) };
    let gone = pessoa::desvincular(&mut platform, actor, &conta).await?;
    platform.commit().await?;
    if let Some(unidade) = active(app, &conta).await? {
        let author = Actor { id: Some(conta.usuario), ..actor.clone() };
        let usuario = UsuarioId::new(conta.usuario);
        app.tenants
            .record(&unidade, async |tx: &mut TenantTx| {
                // It may have been linked anew at this very moment.
                if sql::own(tx, usuario).await? == Some(conta.id) { soltar(tx, &author, usuario).await } else { Ok(()) }
            })
            .await?;
    }
    Ok(gone)
}
