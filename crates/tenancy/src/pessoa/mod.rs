//! Which accounts of which unidades are one person's, and the way between them (decision 0019).
//!
//! The rules it protects: the register alone opens nothing. An account counts while its own unidade says the same
//! (`usuario.conta_id`), and one leads into another within a círculo alone. Each function that changes a link writes the
//! platform's own trail; the unidades' are the caller's.

mod sql;

use kernel::{Actor, Fault};
use serde_json::json;
use uuid::Uuid;

use crate::{PlatformTx, UnidadeId};

/// One account of a person. `id` is drawn anew with each link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conta {
    pub id: Uuid,
    pub unidade: UnidadeId,
    pub usuario: Uuid,
}

/// An account as another of the same person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vizinha {
    pub conta: Conta,
    /// Of one círculo: whoever is in one may come into the other.
    pub leads: bool,
}

/// One end of a link that is made.
#[derive(Debug, Clone, Copy)]
pub struct Ponta {
    pub unidade: UnidadeId,
    pub usuario: Uuid,
    /// The link that its unidade says it has; whatever else the register has of it is over.
    pub conta_id: Option<Uuid>,
    /// Whether its unidade says that it takes part in passagens. One that does not leaves the círculo that it was in.
    pub passagem: bool,
}

/// All accounts of the person whose `conta` is, itself among them, the one chosen last first.
///
/// # Errors
/// A fault of the database.
pub async fn of(tx: &mut PlatformTx, conta: &Conta) -> Result<Vec<Vizinha>, Fault> {
    sql::of(tx, conta).await
}

/// Makes two accounts one person's, and with them all that either is linked to; of one círculo where `leads`. Answers the ids of
/// their links; `None` when the person would have two accounts in one unidade: then nothing is to be kept. Nobody else links until
/// the transaction ends.
///
/// # Errors
/// A fault of the database.
pub async fn vincular(tx: &mut PlatformTx, actor: &Actor, two: [Ponta; 2], leads: bool) -> Result<Option<[Uuid; 2]>, Fault> {
    lock(tx).await?;
    let mut left = Vec::new();
    for ponta in &two {
        left.extend(sql::delete_other_than(tx, ponta).await?);
    }
    let [far, near] = [sql::find(tx, &two[0]).await?, sql::find(tx, &two[1]).await?];
    let known: Vec<Uuid> = [far, near].into_iter().flatten().map(|(_, pessoa)| pessoa).collect();
    if sql::doubles(tx, &known, &two).await? {
        return Ok(None);
    }
    let pessoa = match (far, near) {
        (Some((_, one)), Some((_, other))) => sql::merge(tx, one, other).await?,
        (Some((_, one)), None) | (None, Some((_, one))) => one,
        (None, None) => sql::insert_pessoa(tx).await?,
    };
    let mut ids = [Uuid::nil(); 2];
    for ((id, found), ponta) in ids.iter_mut().zip([far, near]).zip(&two) {
        *id = match found {
            Some((id, _)) => id,
            None => insert(tx, actor, pessoa, ponta).await?,
        };
    }
    if leads {
        for (id, ponta) in ids.iter().zip(&two) {
            if !ponta.passagem {
                sql::leave(tx, *id).await?;
            }
        }
        sql::join(tx, ids).await?;
    }
    sql::prune(tx, &left).await?;
    Ok(Some(ids))
}

async fn insert(tx: &mut PlatformTx, actor: &Actor, pessoa: Uuid, ponta: &Ponta) -> Result<Uuid, Fault> {
    let id = sql::insert(tx, pessoa, ponta).await?;
    let detail = json!({ "conta": id, "usuario": ponta.usuario });
    tx.audit(actor, "pessoa.vinculada", Some(ponta.unidade), detail).await?;
    Ok(id)
}

/// Takes an account out of its person; whoever has one left is nobody here any more. `false` when it was out already.
///
/// # Errors
/// A fault of the database.
pub async fn desvincular(tx: &mut PlatformTx, actor: &Actor, conta: &Conta) -> Result<bool, Fault> {
    lock(tx).await?;
    let Some(pessoa) = sql::delete(tx, conta).await? else { return Ok(false) };
    sql::prune(tx, &[pessoa]).await?;
    let detail = json!({ "conta": conta.id, "usuario": conta.usuario });
    tx.audit(actor, "pessoa.desvinculada", Some(conta.unidade), detail).await?;
    Ok(true)
}

/// Nobody else links or unlinks until the transaction ends. Whoever writes in a unidade too takes this lock first.
///
/// # Errors
/// A fault of the database.
pub async fn lock(tx: &mut PlatformTx) -> Result<(), Fault> {
    sql::lock(tx).await
}

/// Remembers the choice.
///
/// # Errors
/// A fault of the database.
pub async fn chosen(tx: &mut PlatformTx, conta: &Conta) -> Result<(), Fault> {
    sql::chosen(tx, conta.id).await
}

/// All that the register has of one unidade.
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
