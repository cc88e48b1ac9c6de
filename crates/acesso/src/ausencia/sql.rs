//! All SQL on the table `ausencia`.

use chrono::NaiveDate;
use kernel::Fault;
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;

use super::{Ausencia, AusenciaId, Dados, Motivo};
use crate::usuario::UsuarioId;

fn motivo(code: &str) -> Result<Motivo, Fault> {
    Motivo::from_code(code).ok_or_else(|| Fault::because("an absence for a motivo that is none"))
}

/// Whether there is such a person who may enter; nobody writes down another absence of theirs before this transaction ends.
pub(super) async fn hold(tx: &mut TenantTx, usuario: UsuarioId) -> Result<bool, Fault> {
    let found =
        sqlx::query_scalar!("SELECT id FROM usuario WHERE id = $1 AND ativo AND kind = 'pessoa' FOR UPDATE", usuario.uuid());
    Ok(found.fetch_optional(tx.db()).await?.is_some())
}

pub(super) async fn overlaps(tx: &mut TenantTx, dados: &Dados) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM ausencia WHERE usuario_id = $1 AND data_inicio <= $3 AND data_fim >= $2) AS "found!""#,
        dados.usuario.uuid(),
        dados.data_inicio,
        dados.data_fim
    );
    Ok(found.fetch_one(tx.db()).await?)
}

pub(super) async fn insert(tx: &mut TenantTx, dados: &Dados) -> Result<AusenciaId, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO ausencia (id, usuario_id, motivo, data_inicio, data_fim, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        dados.usuario.uuid(),
        dados.motivo.code(),
        dados.data_inicio,
        dados.data_fim,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(AusenciaId::new(id))
}

pub(super) async fn lock(tx: &mut TenantTx, id: AusenciaId) -> Result<Option<Dados>, Fault> {
    let found = sqlx::query!(
        r#"SELECT usuario_id AS "usuario: UsuarioId", motivo, data_inicio, data_fim FROM ausencia WHERE id = $1 FOR UPDATE"#,
        id.uuid()
    );
    let found = found.fetch_optional(tx.db()).await?;
    found
        .map(|row| {
            Ok(Dados { usuario: row.usuario, motivo: motivo(&row.motivo)?, data_inicio: row.data_inicio, data_fim: row.data_fim })
        })
        .transpose()
}

pub(super) async fn delete(tx: &mut TenantTx, id: AusenciaId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM ausencia WHERE id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// Those that touch the days, both included, the earliest first; `None` for everybody's.
pub(super) async fn between(
    tx: &mut TenantTx,
    first: NaiveDate,
    last: NaiveDate,
    pessoas: Option<Vec<Uuid>>,
) -> Result<Vec<Ausencia>, Fault> {
    // PostgreSQL's calendar ends before chrono's.
    let last = last.min(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(last));
    let rows = sqlx::query!(
        r#"SELECT a.id AS "id: AusenciaId", u.nome, a.usuario_id AS "usuario: UsuarioId", a.motivo, a.data_inicio, a.data_fim
           FROM ausencia a JOIN usuario u ON u.id = a.usuario_id
           WHERE a.data_fim >= $1 AND a.data_inicio <= $2 AND ($3::uuid[] IS NULL OR a.usuario_id = ANY($3)) AND u.ativo
           ORDER BY a.data_inicio, u.nome, a.id LIMIT 1000"#,
        first,
        last,
        pessoas.as_deref()
    );
    let rows = rows.fetch_all(tx.db()).await?;
    rows.into_iter()
        .map(|row| {
            let (usuario, motivo) = (row.usuario, motivo(&row.motivo)?);
            let dados = Dados { usuario, motivo, data_inicio: row.data_inicio, data_fim: row.data_fim };
            Ok(Ausencia { id: row.id, nome: row.nome, dados })
        })
        .collect()
}

/// What a person has, for their dossier.
pub(super) async fn gather(ground: &mut Ground<'_>, usuario: Uuid) -> Result<Vec<Value>, Fault> {
    let rows = sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('motivo', motivo, 'data_inicio', data_inicio, 'data_fim', data_fim, 'created_at', created_at) AS "row!"
           FROM ausencia WHERE usuario_id = $1 ORDER BY data_inicio"#,
        usuario
    );
    Ok(rows.fetch_all(ground.db()).await?)
}

/// Answers how many are gone.
pub(super) async fn erase(ground: &mut Ground<'_>, usuario: Uuid) -> Result<u64, Fault> {
    let gone = sqlx::query!("DELETE FROM ausencia WHERE usuario_id = $1", usuario);
    Ok(gone.execute(ground.db()).await?.rows_affected())
}
