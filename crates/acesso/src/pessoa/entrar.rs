use std::sync::Arc;

use kernel::{Actor, Fault, RequestMeta};
use tenancy::{
    PlatformTx, TenantTx, Unidade,
    passagem::{self, Fim, Origem},
    pessoa::{self, Conta},
};
use web::App;

use super::{fiador, note, sql, vizinha};
use crate::{
    aparelho::Aparelhos,
    passo::{self, Chegada, Entrou},
    segredo::Segredo,
    sessao::{Method, SessaoId},
    usuario::{self, UsuarioId},
};

/// What a sessão opens in another unidade of the person.
#[derive(Debug)]
pub enum Ida {
    /// The secret of a passagem.
    Passagem(Segredo),
    /// The unidade's own door: this sessão, or the link, proves the person to no other.
    Porta,
}

/// Goes to another unidade of the person, which is remembered as the last choice. `None` when the two are not linked.
///
/// # Errors
/// A fault of a database.
pub async fn ir(app: &App, own: &Conta, sessao: SessaoId, (para, navegador): (&Unidade, [u8; 32])) -> Result<Option<Ida>, Fault> {
    let origem = Origem { unidade: own.unidade, usuario: own.usuario, sessao: sessao.uuid() };
    let Some((_, fiador)) = fiador(app, &origem).await? else { return Ok(None) };
    app.platform
        .write(async |tx: &mut PlatformTx| {
            let Some(there) = vizinha(tx, own, para.id).await? else { return Ok(None) };
            pessoa::chosen(tx, &there.conta).await?;
            if !(there.leads && fiador.leads && fiador.passagem) {
                return Ok(Some(Ida::Porta));
            }
            let token = Segredo::draw();
            passagem::open(tx, (origem, para.id), Fim::Entrar, (token.hash(), navegador)).await?;
            Ok(Some(Ida::Passagem(token)))
        })
        .await
}

/// Whether somebody would come over with it; changes nothing.
pub(crate) async fn waits(app: &App, unidade: &Unidade, (passagem, navegador): (&Segredo, &Segredo)) -> Result<bool, Fault> {
    let mut tx = app.platform.begin().await?;
    let origem = passagem::find(&mut tx, unidade.id, Fim::Entrar, (passagem.hash(), navegador.hash())).await?;
    tx.rollback().await?;
    match origem {
        Some(origem) => Ok(fiador(app, &origem).await?.is_some_and(|(_, fiador)| fiador.leads && fiador.passagem)),
        None => Ok(false),
    }
}

/// What came of a passagem.
#[derive(Debug)]
pub enum Chegou {
    Entrou(Entrou),
    /// They are in already, as the same person.
    Dentro,
}

/// Comes over and enters; `None` for whatever does not hold any more: one answer.
///
/// # Errors
/// A fault of a database.
pub async fn entrar(
    app: &App,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    (passagem, navegador): (&Segredo, &Segredo),
    (previous, aparelhos): (Option<SessaoId>, Aparelhos),
) -> Result<Option<Chegou>, Fault> {
    let keys = (passagem.hash(), navegador.hash());
    // Used up and kept so, whatever comes of it.
    let used = app.platform.write(async |tx: &mut PlatformTx| passagem::redeem(tx, unidade.id, Fim::Entrar, keys).await);
    let Some(origem) = used.await? else { return Ok(None) };
    let Some((de, fiador)) = fiador(app, &origem).await?.filter(|(_, fiador)| fiador.leads && fiador.passagem) else {
        return Ok(None);
    };
    let Some(id) = fiador.conta_id else { return Ok(None) };
    let there = Conta { id, unidade: de.id, usuario: origem.usuario };
    let mut platform = app.platform.begin().await?;
    let here = vizinha(&mut platform, &there, unidade.id).await?.filter(|here| here.leads);
    platform.rollback().await?;
    let Some(here) = here else { return Ok(None) };
    let meta = &actor.meta;
    app.tenants
        .write(unidade, async |tx: &mut TenantTx| {
            // It may be taken out at this very moment.
            usuario::lock(tx, UsuarioId::new(here.conta.usuario)).await?;
            let Some(linked) = sql::linked(tx, &here.conta).await?.filter(|linked| linked.passagem) else { return Ok(None) };
            let conta = linked.conta;
            // Their sessão here may last longer than one that comes over.
            if previous.is_some() && usuario::of(actor) == Some(conta.id) {
                return Ok(Some(Chegou::Dentro));
            }
            arrive(tx, meta, &de, Chegada { conta, method: Method::Passagem, meta, previous, aparelhos }).await.map(Some)
        })
        .await
}

/// A first factor and no more: what this unidade asks besides a senha it asks of whoever comes over too.
async fn arrive(tx: &mut TenantTx, meta: &RequestMeta, de: &Unidade, chegada: Chegada<'_>) -> Result<Chegou, Fault> {
    note(tx, &chegada.conta.actor(meta), "acesso.passagem", chegada.conta.id, Some(de)).await?;
    passo::proceed(tx, chegada).await.map(Chegou::Entrou)
}
