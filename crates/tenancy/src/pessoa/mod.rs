//! Which accounts of which unidades are one person's, and the way between them (decision 0019).
//!
//! The rule it protects: the register alone opens nothing. An account counts while its own unidade says the same
//! (`usuario.conta_id`), and a passagem works once, within a minute, in one unidade, in the one browser that asked for it there.
//! Each function that changes a link writes the platform's own trail; the unidades' are the caller's.

mod sql;

use chrono::TimeDelta;
use kernel::{Actor, Fault};
use serde_json::json;
use uuid::Uuid;

use crate::{PlatformTx, UnidadeId, suporte::Hash};

/// From one host to the other.
const PASSAGEM: TimeDelta = TimeDelta::seconds(60);

/// One account of a person. `id` is drawn anew with each link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conta {
    pub id: Uuid,
    pub unidade: UnidadeId,
    pub usuario: Uuid,
}

/// Who comes over: the account and the sessão in which they asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origem {
    pub unidade: UnidadeId,
    pub usuario: Uuid,
    pub sessao: Uuid,
}

/// What a passagem is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fim {
    Entrar,
    Vincular,
}

/// Makes the way over: `hash` works once, within a minute, in `para`, in the browser that holds the secret of `navegador`.
///
/// # Errors
/// A fault of the database.
pub async fn abrir_passagem(
    tx: &mut PlatformTx,
    (origem, para): (Origem, UnidadeId),
    fim: Fim,
    (hash, navegador): (Hash, Hash),
) -> Result<(), Fault> {
    let until = tx.clock().now() + PASSAGEM;
    sql::insert_passagem(tx, (&origem, para), fim, (&hash, &navegador), until).await
}

/// Who would come over with it; changes nothing.
///
/// # Errors
/// A fault of the database.
pub async fn find_passagem(
    tx: &mut PlatformTx,
    para: UnidadeId,
    fim: Fim,
    (hash, navegador): (Hash, Hash),
) -> Result<Option<Origem>, Fault> {
    sql::find_passagem(tx, para, fim, (&hash, &navegador)).await
}

/// Uses it up; of two at once one does.
///
/// # Errors
/// A fault of the database.
pub async fn use_passagem(tx: &mut PlatformTx, para: UnidadeId, fim: Fim, keys: (Hash, Hash)) -> Result<Option<Origem>, Fault> {
    let found = find_passagem(tx, para, fim, keys).await?;
    // Locked by the first of two; the second finds it used.
    Ok(if sql::use_passagem(tx, &keys.0).await? { found } else { None })
}

/// All accounts of the person whose `conta` is, itself among them, the one chosen last first.
///
/// # Errors
/// A fault of the database.
pub async fn of(tx: &mut PlatformTx, conta: &Conta) -> Result<Vec<Conta>, Fault> {
    sql::of(tx, conta).await
}

/// Makes two accounts one person's, and with them all that either is linked to. `known` are their links that count; what else the
/// register has of them is over and goes. Returns the ids of their links now. Nobody else links until the transaction ends.
///
/// # Errors
/// A fault of the database.
pub async fn vincular(tx: &mut PlatformTx, actor: &Actor, two: [(UnidadeId, Uuid, Option<Uuid>); 2]) -> Result<[Uuid; 2], Fault> {
    sql::lock(tx).await?;
    let mut found = [None, None];
    for (place, (unidade, usuario, known)) in found.iter_mut().zip(two) {
        *place = sql::live(tx, unidade, usuario, known).await?;
    }
    let pessoa = match found {
        [Some((_, one)), Some((_, other))] => {
            sql::merge(tx, one, other).await?;
            one
        }
        [Some((_, one)), None] | [None, Some((_, one))] => one,
        [None, None] => sql::insert_pessoa(tx).await?,
    };
    let mut ids = [Uuid::nil(); 2];
    for ((id, found), (unidade, usuario, _)) in ids.iter_mut().zip(found).zip(two) {
        *id = match found {
            Some((id, _)) => id,
            None => {
                let id = sql::insert(tx, pessoa, unidade, usuario).await?;
                tx.audit(actor, "pessoa.vinculada", Some(unidade), json!({ "conta": id, "usuario": usuario })).await?;
                id
            }
        };
    }
    Ok(ids)
}

/// Takes an account out of its person; whoever has one left is nobody here any more. `false` when it was out already.
///
/// # Errors
/// A fault of the database.
pub async fn desvincular(tx: &mut PlatformTx, actor: &Actor, conta: &Conta) -> Result<bool, Fault> {
    sql::lock(tx).await?;
    let gone = sql::delete(tx, conta).await?;
    if gone {
        let detail = json!({ "conta": conta.id, "usuario": conta.usuario });
        tx.audit(actor, "pessoa.desvinculada", Some(conta.unidade), detail).await?;
    }
    Ok(gone)
}

/// Remembers the choice.
///
/// # Errors
/// A fault of the database.
pub async fn chosen(tx: &mut PlatformTx, conta: &Conta) -> Result<(), Fault> {
    sql::chosen(tx, conta.id).await
}

/// All that the register has of one unidade; for taking out what it does not say any more.
///
/// # Errors
/// A fault of the database.
pub async fn of_unidade(tx: &mut PlatformTx, unidade: UnidadeId) -> Result<Vec<Conta>, Fault> {
    sql::of_unidade(tx, unidade).await
}

/// Ends all links of a unidade that is deleted.
pub(crate) async fn fechar(tx: &mut PlatformTx, actor: &Actor, unidade: UnidadeId) -> Result<(), Fault> {
    for conta in sql::of_unidade(tx, unidade).await? {
        desvincular(tx, actor, &conta).await?;
    }
    Ok(())
}
