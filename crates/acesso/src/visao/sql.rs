use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Guardar, VisaoId};

/// Those of the same list under other names.
pub(super) async fn count_others(tx: &mut TenantTx, usuario: Uuid, cmd: &Guardar) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM visao WHERE usuario_id = $1 AND lista = $2 AND nome <> $3"#,
        usuario,
        cmd.lista,
        cmd.nome.as_str()
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn upsert(tx: &mut TenantTx, usuario: Uuid, cmd: &Guardar) -> Result<VisaoId, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    Ok(sqlx::query_scalar!(
        r#"INSERT INTO visao (id, usuario_id, lista, nome, consulta, compartilhada, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT ON CONSTRAINT visao_nome_key
               DO UPDATE SET consulta = excluded.consulta, compartilhada = excluded.compartilhada
           RETURNING id AS "id: VisaoId""#,
        id,
        usuario,
        cmd.lista,
        cmd.nome.as_str(),
        cmd.consulta,
        cmd.compartilhada,
        now
    )
    .fetch_one(tx.db())
    .await?)
}

/// Answers name and list of what was deleted.
pub(super) async fn delete(tx: &mut TenantTx, usuario: Uuid, id: VisaoId) -> Result<Option<(String, String)>, Fault> {
    let gone = sqlx::query!("DELETE FROM visao WHERE id = $1 AND usuario_id = $2 RETURNING nome, lista", id as _, usuario)
        .fetch_optional(tx.db())
        .await?;
    Ok(gone.map(|gone| (gone.nome, gone.lista)))
}

/// A visão that the usuario may use: its name, its list and whether the list opens with it.
pub(super) async fn usable(tx: &mut TenantTx, usuario: Uuid, id: VisaoId) -> Result<Option<(String, String, bool)>, Fault> {
    let found = sqlx::query!(
        r#"SELECT v.nome, v.lista, p.visao_id IS NOT NULL AS "padrao!"
           FROM visao v LEFT JOIN visao_padrao p ON p.visao_id = v.id AND p.usuario_id = $2
           WHERE v.id = $1 AND (v.usuario_id = $2 OR v.compartilhada)"#,
        id as _,
        usuario
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found.map(|row| (row.nome, row.lista, row.padrao)))
}

/// The one visão that the list opens with.
pub(super) async fn prefer(tx: &mut TenantTx, usuario: Uuid, lista: &str, id: VisaoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO visao_padrao (usuario_id, lista, visao_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT ON CONSTRAINT visao_padrao_pkey DO UPDATE SET visao_id = excluded.visao_id, created_at = excluded.created_at",
        usuario,
        lista,
        id as _,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn prefer_none(tx: &mut TenantTx, usuario: Uuid, lista: &str) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM visao_padrao WHERE usuario_id = $1 AND lista = $2", usuario, lista).execute(tx.db()).await?;
    Ok(())
}
