use kernel::Fault;
use uuid::Uuid;

use super::{Conta, Ponta, Vizinha};
use crate::{PlatformTx, UnidadeId};

/// More unidades than anybody has; a list has an end.
const MOST: i64 = 100;

pub(super) async fn of(tx: &mut PlatformTx, conta: &Conta) -> Result<Vec<Vizinha>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT c.id, c.unidade_id AS "unidade: UnidadeId", c.usuario_id AS usuario, c.circulo_id = own.circulo_id AS "leads!"
           FROM platform.conta own JOIN platform.conta c ON c.pessoa_id = own.pessoa_id
           WHERE own.id = $1 AND own.unidade_id = $2 AND own.usuario_id = $3
           ORDER BY c.last_used_at DESC, c.id LIMIT $4"#,
        conta.id,
        conta.unidade as _,
        conta.usuario,
        MOST,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Vizinha { conta: Conta { id: row.id, unidade: row.unidade, usuario: row.usuario }, leads: row.leads })
        .collect())
}

pub(super) async fn of_unidade(tx: &mut PlatformTx, unidade: UnidadeId) -> Result<Vec<Conta>, Fault> {
    Ok(sqlx::query_as!(
        Conta,
        r#"SELECT id, unidade_id AS "unidade: UnidadeId", usuario_id AS usuario FROM platform.conta WHERE unidade_id = $1"#,
        unidade as _,
    )
    .fetch_all(tx.db())
    .await?)
}

/// Links are few and rarely made: one after the other, so that two groups never merge halves.
pub(super) async fn lock(tx: &mut PlatformTx) -> Result<(), Fault> {
    sqlx::query!("LOCK TABLE platform.conta IN SHARE ROW EXCLUSIVE MODE").execute(tx.db()).await?;
    Ok(())
}

/// What the register still has of an account and its unidade does not say any more. Answers the person it was of.
pub(super) async fn delete_other_than(tx: &mut PlatformTx, ponta: &Ponta) -> Result<Option<Uuid>, Fault> {
    Ok(sqlx::query_scalar!(
        "DELETE FROM platform.conta WHERE unidade_id = $1 AND usuario_id = $2 AND id IS DISTINCT FROM $3 RETURNING pessoa_id",
        ponta.unidade as _,
        ponta.usuario,
        ponta.conta_id,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// The link of an account, and the person.
pub(super) async fn find(tx: &mut PlatformTx, ponta: &Ponta) -> Result<Option<(Uuid, Uuid)>, Fault> {
    let row = sqlx::query!(
        "SELECT id, pessoa_id FROM platform.conta WHERE unidade_id = $1 AND usuario_id = $2",
        ponta.unidade as _,
        ponta.usuario
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| (row.id, row.pessoa_id)))
}

/// Whether these people as one, with these two accounts, would have two accounts in one unidade.
pub(super) async fn doubles(tx: &mut PlatformTx, pessoas: &[Uuid], [one, other]: &[Ponta; 2]) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) > count(DISTINCT x.unidade_id) AS "doubles!"
           FROM (SELECT c.unidade_id, c.usuario_id FROM platform.conta c WHERE c.pessoa_id = ANY ($1)
                 UNION VALUES ($2::uuid, $3::uuid), ($4::uuid, $5::uuid)) AS x"#,
        pessoas,
        one.unidade as _,
        one.usuario,
        other.unidade as _,
        other.usuario,
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn merge(tx: &mut PlatformTx, one: Uuid, other: Uuid) -> Result<Uuid, Fault> {
    if one != other {
        sqlx::query!("UPDATE platform.conta SET pessoa_id = $1 WHERE pessoa_id = $2", one, other).execute(tx.db()).await?;
        sqlx::query!("DELETE FROM platform.pessoa WHERE id = $1", other).execute(tx.db()).await?;
    }
    Ok(one)
}

pub(super) async fn insert_pessoa(tx: &mut PlatformTx) -> Result<Uuid, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!("INSERT INTO platform.pessoa (id, created_at) VALUES ($1, $2)", id, now).execute(tx.db()).await?;
    Ok(id)
}

/// In a círculo of its own.
pub(super) async fn insert(tx: &mut PlatformTx, pessoa: Uuid, ponta: &Ponta) -> Result<Uuid, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO platform.conta (id, pessoa_id, circulo_id, unidade_id, usuario_id, linked_at, last_used_at)
         VALUES ($1, $2, $1, $3, $4, $5, $5)",
        id,
        pessoa,
        ponta.unidade as _,
        ponta.usuario,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// Into a círculo of its own.
pub(super) async fn leave(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    let own = tx.clock().uuid();
    sqlx::query!("UPDATE platform.conta SET circulo_id = $2 WHERE id = $1", id, own).execute(tx.db()).await?;
    Ok(())
}

/// Makes the círculos of two accounts one.
pub(super) async fn join(tx: &mut PlatformTx, [one, other]: [Uuid; 2]) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE platform.conta SET circulo_id = (SELECT c.circulo_id FROM platform.conta c WHERE c.id = $1)
         WHERE circulo_id = (SELECT c.circulo_id FROM platform.conta c WHERE c.id = $2)",
        one,
        other
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Answers the person it was of; `None` when there is no such account.
pub(super) async fn delete(tx: &mut PlatformTx, conta: &Conta) -> Result<Option<Uuid>, Fault> {
    Ok(sqlx::query_scalar!(
        "DELETE FROM platform.conta WHERE id = $1 AND unidade_id = $2 AND usuario_id = $3 RETURNING pessoa_id",
        conta.id,
        conta.unidade as _,
        conta.usuario,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// With the last but one of a person's accounts the person goes.
pub(super) async fn prune(tx: &mut PlatformTx, pessoas: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!(
        "DELETE FROM platform.pessoa p
         WHERE p.id = ANY ($1) AND (SELECT count(*) FROM platform.conta c WHERE c.pessoa_id = p.id) < 2",
        pessoas
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn chosen(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE platform.conta SET last_used_at = $2 WHERE id = $1", id, now).execute(tx.db()).await?;
    Ok(())
}
