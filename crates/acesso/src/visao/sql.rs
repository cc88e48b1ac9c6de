use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Guardar, VisaoId};

pub(super) struct Visao {
    pub id: VisaoId,
    pub nome: String,
    pub consulta: String,
    pub compartilhada: bool,
    pub own: bool,
}

pub(super) async fn list(tx: &mut TenantTx, usuario: Uuid, lista: &str) -> Result<Vec<Visao>, Fault> {
    Ok(sqlx::query_as!(
        Visao,
        r#"SELECT id AS "id: VisaoId", nome, consulta, compartilhada, usuario_id = $1 AS "own!"
           FROM visao WHERE lista = $2 AND (usuario_id = $1 OR compartilhada)
           ORDER BY usuario_id <> $1, ext.sem_acento(nome), id LIMIT 100"#,
        usuario,
        lista
    )
    .fetch_all(tx.db())
    .await?)
}

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
