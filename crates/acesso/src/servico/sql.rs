use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{perfil::PerfilId, usuario::UsuarioId};

/// Somebody who answers for a serviço, or could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pessoa {
    pub id: UsuarioId,
    pub nome: String,
}

fn raw(ids: &[UsuarioId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    id: UsuarioId,
    nome: &str,
    descricao: Option<&str>,
    perfil: PerfilId,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    // An address that no mail reaches and no form accepts: there is nothing to sign in with.
    sqlx::query!(
        "INSERT INTO usuario (id, nome, email, kind, descricao, perfil_id, created_at, updated_at)
         VALUES ($1, $2, $6, 'servico', $3, $4, $5, $5)",
        id as _,
        nome,
        descricao,
        perfil as _,
        now,
        format!("servico-{id}@invalid"),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// `false` when the row is of another version.
pub(super) async fn update(
    tx: &mut TenantTx,
    id: UsuarioId,
    nome: &str,
    descricao: Option<&str>,
    perfil: PerfilId,
    version: i32,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE usuario SET nome = $2, descricao = $3, perfil_id = $4, updated_at = $5, version = version + 1
         WHERE id = $1 AND version = $6 AND kind = 'servico' AND deleted_at IS NULL",
        id as _,
        nome,
        descricao,
        perfil as _,
        now,
        version,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn set_responsaveis(tx: &mut TenantTx, servico: UsuarioId, people: &[UsuarioId]) -> Result<(), Fault> {
    let (now, people) = (tx.clock().now(), raw(people));
    sqlx::query!("DELETE FROM servico_responsavel WHERE servico_id = $1 AND usuario_id <> ALL($2)", servico as _, &people)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "INSERT INTO servico_responsavel (servico_id, usuario_id, created_at)
         SELECT $1, person.id, $3 FROM unnest($2::uuid[]) AS person (id)
         ON CONFLICT ON CONSTRAINT servico_responsavel_pkey DO NOTHING",
        servico as _,
        &people,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Active people, by name.
///
/// # Errors
/// A fault of the database.
pub async fn people(tx: &mut TenantTx) -> Result<Vec<Pessoa>, Fault> {
    Ok(sqlx::query_as!(
        Pessoa,
        r#"SELECT id AS "id: UsuarioId", nome FROM usuario WHERE kind = 'pessoa' AND ativo ORDER BY ext.sem_acento(nome), id LIMIT 500"#
    )
    .fetch_all(tx.db())
    .await?)
}

/// Those of them who are active people; nobody deactivates them before this transaction ends.
pub(super) async fn people_of(tx: &mut TenantTx, ids: &[UsuarioId]) -> Result<Vec<Pessoa>, Fault> {
    Ok(sqlx::query_as!(
        Pessoa,
        r#"SELECT id AS "id: UsuarioId", nome FROM usuario WHERE id = ANY($1) AND kind = 'pessoa' AND ativo ORDER BY id FOR SHARE"#,
        &raw(ids)
    )
    .fetch_all(tx.db())
    .await?)
}

/// Who answers for a serviço and can: the active ones, by id.
///
/// # Errors
/// A fault of the database.
pub async fn responsaveis(tx: &mut TenantTx, servico: UsuarioId) -> Result<Vec<Pessoa>, Fault> {
    Ok(sqlx::query_as!(
        Pessoa,
        r#"SELECT u.id AS "id: UsuarioId", u.nome FROM servico_responsavel r JOIN usuario u ON u.id = r.usuario_id
           WHERE r.servico_id = $1 AND u.ativo ORDER BY u.id"#,
        servico as _
    )
    .fetch_all(tx.db())
    .await?)
}

/// Active serviços by name, for whoever makes a token.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Pessoa>, Fault> {
    Ok(sqlx::query_as!(
        Pessoa,
        r#"SELECT id AS "id: UsuarioId", nome FROM usuario WHERE kind = 'servico' AND ativo ORDER BY ext.sem_acento(nome), id LIMIT 200"#
    )
    .fetch_all(tx.db())
    .await?)
}
