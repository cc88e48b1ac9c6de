use chrono::{DateTime, Utc};
use kernel::{Fault, Telefone};
use sha2::{Digest, Sha256};
use tenancy::TenantTx;

use super::EntradaTelefoneId;
use crate::{
    segredo::Segredo,
    sessao::Conta,
    usuario::{self, UsuarioId},
};

/// What is kept of a code: with what is kept of the browser's secret, so that it fits no other attempt.
pub(super) fn hash(code: &str, token_hash: &[u8]) -> [u8; 32] {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    Sha256::new().chain_update(b"telefone").chain_update(token_hash).chain_update(digits).finalize().into()
}

pub(super) async fn is_offered(tx: &mut TenantTx) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM gateway) AND EXISTS (SELECT FROM perfil WHERE entrada_telefone) AS "offered!""#
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    id: EntradaTelefoneId,
    cookie: &Segredo,
    telefone: &Telefone,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO entrada_telefone (id, token_hash, telefone, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        id as _,
        &cookie.hash(),
        telefone.as_str(),
        now,
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// An attempt that waits for its code.
pub(super) struct Asked {
    pub telefone: String,
    pub token_hash: Vec<u8>,
}

pub(super) async fn find_asked(tx: &mut TenantTx, id: EntradaTelefoneId) -> Result<Option<Asked>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_as!(
        Asked,
        "SELECT telefone, token_hash FROM entrada_telefone
         WHERE id = $1 AND codigo_hash IS NULL AND ended_at IS NULL AND expires_at > $2 FOR UPDATE",
        id as _,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Who may enter by a telephone.
pub(super) struct Person {
    pub id: UsuarioId,
    pub idioma: Option<String>,
}

pub(super) async fn find_usuario(tx: &mut TenantTx, telefone: &str) -> Result<Option<Person>, Fault> {
    Ok(sqlx::query_as!(
        Person,
        r#"SELECT u.id AS "id: UsuarioId", u.idioma FROM usuario u JOIN perfil p ON p.id = u.perfil_id
           WHERE u.telefone = $1 AND u.ativo AND u.kind = 'pessoa' AND p.entrada_telefone"#,
        telefone,
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn set_code(tx: &mut TenantTx, id: EntradaTelefoneId, usuario: UsuarioId, hash: [u8; 32]) -> Result<(), Fault> {
    sqlx::query!("UPDATE entrada_telefone SET usuario_id = $2, codigo_hash = $3 WHERE id = $1", id as _, usuario as _, &hash)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// An attempt that is not over.
pub(super) struct Open {
    pub id: EntradaTelefoneId,
    pub telefone: String,
    pub email: Option<String>,
    pub conta: Option<Conta>,
    codigo_hash: Option<Vec<u8>>,
}

impl Open {
    /// Whom the code lets in.
    pub(super) fn opens(&self, typed: &str, cookie: &Segredo) -> Option<Conta> {
        let fits = self.codigo_hash.as_deref().is_some_and(|kept| kept == hash(typed, &cookie.hash()));
        self.conta.clone().filter(|_| fits)
    }
}

/// Nobody else uses the attempt until the transaction ends; its usuario comes first, as in everything that lets somebody in. One
/// who was deactivated meanwhile, has another number, or is not to enter this way any more, is nobody's.
pub(super) async fn lock_open(tx: &mut TenantTx, cookie: &Segredo) -> Result<Option<Open>, Fault> {
    let now = tx.clock().now();
    let token_hash = cookie.hash();
    sqlx::query!(
        "SELECT id FROM usuario WHERE id = (SELECT t.usuario_id FROM entrada_telefone t WHERE t.token_hash = $1) FOR NO KEY UPDATE",
        &token_hash
    )
    .fetch_optional(tx.db())
    .await?;
    let row = sqlx::query!(
        r#"SELECT t.id AS "id: EntradaTelefoneId", t.telefone, t.codigo_hash, u.id AS "usuario?: UsuarioId", u.nome AS "nome?",
                  u.idioma AS "idioma?", u.email AS "email?"
           FROM entrada_telefone t
           LEFT JOIN (usuario u JOIN perfil p ON p.id = u.perfil_id AND p.entrada_telefone)
                ON u.id = t.usuario_id AND u.ativo AND u.telefone = t.telefone
           WHERE t.token_hash = $1 AND t.ended_at IS NULL AND t.expires_at > $2 FOR UPDATE OF t"#,
        &token_hash,
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Open {
        id: row.id,
        telefone: row.telefone,
        email: row.email,
        conta: row.usuario.zip(row.nome).map(|(id, nome)| Conta { id, nome, idioma: usuario::idioma(row.idioma.as_deref()) }),
        codigo_hash: row.codigo_hash,
    }))
}

/// One more wrong code; how many there are now.
pub(super) async fn fail(tx: &mut TenantTx, id: EntradaTelefoneId) -> Result<i32, Fault> {
    Ok(sqlx::query_scalar!("UPDATE entrada_telefone SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts", id as _)
        .fetch_one(tx.db())
        .await?)
}

pub(super) async fn end(tx: &mut TenantTx, id: EntradaTelefoneId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE entrada_telefone SET ended_at = $2, codigo_hash = NULL WHERE id = $1", id as _, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Those that are over. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!("DELETE FROM entrada_telefone WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok(done.rows_affected())
}
