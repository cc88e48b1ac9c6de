//! Passagens: the tickets by which somebody comes over from one host to another, of support (decision 0017) and of one person
//! with several unidades (decision 0019).
//!
//! The rule it protects: a passagem works once, in one unidade, for as long as it takes to get there, and while what it was made in
//! stands: the admin's session and the unidade's consent, or the browser that asked. Looking at it uses nothing up, and whoever brings
//! one to the wrong place leaves it as it was. Of the secret the register has the hash alone.

mod sql;

use chrono::TimeDelta;
use kernel::Fault;
use uuid::Uuid;

use crate::{
    PlatformTx, UnidadeId,
    suporte::{Hash, Viva},
};

/// From one host to the other.
const OVER: TimeDelta = TimeDelta::seconds(60);
/// Where somebody has to read and to prove who they are on the way.
const PROVING: TimeDelta = TimeDelta::minutes(10);

/// Who comes over: the account and the sessão in which they asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origem {
    pub unidade: UnidadeId,
    pub usuario: Uuid,
    pub sessao: Uuid,
}

/// What the passagem of an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fim {
    Entrar,
    Vincular,
}

/// The passagem of an account: in `para`, in the browser that holds the secret of `navegador`.
///
/// # Errors
/// A fault of the database.
pub async fn open(
    tx: &mut PlatformTx,
    (origem, para): (Origem, UnidadeId),
    fim: Fim,
    (hash, navegador): (Hash, Hash),
) -> Result<(), Fault> {
    let valid = if fim == Fim::Vincular { PROVING } else { OVER };
    sql::forget(tx).await?;
    sql::insert(tx, (&origem, para), fim, (&hash, &navegador), valid).await
}

/// Who would come over with it; changes nothing.
///
/// # Errors
/// A fault of the database.
pub async fn find(
    tx: &mut PlatformTx,
    para: UnidadeId,
    fim: Fim,
    (hash, navegador): (Hash, Hash),
) -> Result<Option<Origem>, Fault> {
    sql::find(tx, para, fim, (&hash, &navegador)).await
}

/// Uses it up; of two at once one does.
///
/// # Errors
/// A fault of the database.
pub async fn redeem(tx: &mut PlatformTx, para: UnidadeId, fim: Fim, keys: (Hash, Hash)) -> Result<Option<Origem>, Fault> {
    let found = find(tx, para, fim, keys).await?;
    once(tx, &keys.0, found).await
}

/// The passagem of an admin, while the console's `admin_sessao` stands. `false` when there is no access to enter.
///
/// # Errors
/// A fault of the database.
pub async fn open_suporte(
    tx: &mut PlatformTx,
    para: UnidadeId,
    (admin, admin_sessao): (Uuid, Uuid),
    hash: Hash,
) -> Result<bool, Fault> {
    sql::forget(tx).await?;
    sql::insert_suporte(tx, para, (admin, admin_sessao), &hash, OVER).await
}

/// Which admin would come over with it; changes nothing.
///
/// # Errors
/// A fault of the database.
pub async fn find_suporte(tx: &mut PlatformTx, para: UnidadeId, hash: Hash) -> Result<Option<Viva>, Fault> {
    sql::find_suporte(tx, para, &hash).await
}

/// Uses it up; of two at once one does.
pub(crate) async fn redeem_suporte(tx: &mut PlatformTx, para: UnidadeId, hash: Hash) -> Result<Option<Viva>, Fault> {
    let found = find_suporte(tx, para, hash).await?;
    once(tx, &hash, found).await
}

/// Whoever `found` says, if it is they who use it: the first of two locks it, the second finds it used.
async fn once<T>(tx: &mut PlatformTx, hash: &Hash, found: Option<T>) -> Result<Option<T>, Fault> {
    Ok(if found.is_some() && sql::use_up(tx, hash).await? { found } else { None })
}

/// Those whose time is over, used or not.
///
/// # Errors
/// A fault of the database.
pub async fn forget(tx: &mut PlatformTx) -> Result<(), Fault> {
    sql::forget(tx).await
}
