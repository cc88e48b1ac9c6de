use kernel::Fault;
use tenancy::TenantTx;

use crate::consentimento::{Finalidade, FinalidadeId, Palavras, Versao};

/// What is read of a finalidade, whatever it is looked for by.
macro_rules! finalidades {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Finalidade,
            r#"SELECT f.id AS "id: FinalidadeId", f.versao, v.titulo, v.texto, f.encerrado_at, f.created_at
               FROM finalidade f JOIN finalidade_versao v ON v.finalidade_id = f.id AND v.versao = f.versao "# + $tail
            $(, $arg)*
        )
    };
}

/// # Errors
/// A fault of the database.
pub async fn find_finalidade(tx: &mut TenantTx, id: FinalidadeId) -> Result<Option<Finalidade>, Fault> {
    Ok(finalidades!("WHERE f.id = $1", id as _).fetch_optional(tx.db()).await?)
}

/// Whoever gives, takes back or writes another text of it waits for the one before.
pub(in crate::consentimento) async fn lock(tx: &mut TenantTx, id: FinalidadeId) -> Result<Option<Finalidade>, Fault> {
    Ok(finalidades!("WHERE f.id = $1 FOR UPDATE OF f", id as _).fetch_optional(tx.db()).await?)
}

pub(in crate::consentimento) async fn insert_finalidade(tx: &mut TenantTx, id: FinalidadeId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("INSERT INTO finalidade (id, versao, created_at) VALUES ($1, 1, $2)", id as _, now).execute(tx.db()).await?;
    Ok(())
}

pub(in crate::consentimento) async fn insert_versao(
    tx: &mut TenantTx,
    id: FinalidadeId,
    versao: i32,
    palavras: &Palavras,
    actor_nome: &str,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO finalidade_versao (finalidade_id, versao, titulo, texto, renovar, created_at, created_by_nome)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id as _,
        versao,
        palavras.titulo.as_str(),
        palavras.texto.as_str(),
        palavras.renovar,
        now,
        actor_nome
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(in crate::consentimento) async fn set_versao(tx: &mut TenantTx, id: FinalidadeId, versao: i32) -> Result<(), Fault> {
    sqlx::query!("UPDATE finalidade SET versao = $2 WHERE id = $1", id as _, versao).execute(tx.db()).await?;
    Ok(())
}

pub(in crate::consentimento) async fn set_encerrado(tx: &mut TenantTx, id: FinalidadeId, over: bool) -> Result<(), Fault> {
    let at = over.then(|| tx.clock().now());
    sqlx::query!("UPDATE finalidade SET encerrado_at = $2 WHERE id = $1", id as _, at).execute(tx.db()).await?;
    Ok(())
}

/// Its texts, the latest first.
pub(in crate::consentimento) async fn versoes(tx: &mut TenantTx, id: FinalidadeId) -> Result<Vec<Versao>, Fault> {
    Ok(sqlx::query_as!(
        Versao,
        "SELECT versao, titulo, texto, renovar, created_at, created_by_nome FROM finalidade_versao WHERE finalidade_id = $1 ORDER BY versao DESC",
        id as _
    )
    .fetch_all(tx.db())
    .await?)
}

/// How many consentimentos of one stand to the text of now, to earlier ones, and were taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Contagem {
    pub vale: i64,
    pub anterior: i64,
    pub retirado: i64,
}

/// All of them, those that are open first.
pub(in crate::consentimento) async fn list(tx: &mut TenantTx) -> Result<Vec<(Finalidade, Contagem)>, Fault> {
    let all = finalidades!("ORDER BY f.encerrado_at IS NOT NULL, v.titulo, f.id").fetch_all(tx.db()).await?;
    let counts = sqlx::query!(
        r#"SELECT c.finalidade_id AS "id: FinalidadeId", count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao = f.versao) AS "vale!",
                  count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao < f.versao) AS "anterior!",
                  count(*) FILTER (WHERE c.retirado_at IS NOT NULL) AS "retirado!"
           FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id GROUP BY c.finalidade_id"#
    )
    .fetch_all(tx.db())
    .await?;
    let counted = |id: FinalidadeId| {
        let row = counts.iter().find(|row| row.id == id);
        row.map_or_else(Contagem::default, |row| Contagem { vale: row.vale, anterior: row.anterior, retirado: row.retirado })
    };
    Ok(all.into_iter().map(|one| (counted(one.id), one)).map(|(counts, one)| (one, counts)).collect())
}

/// How many of one.
pub(in crate::consentimento) async fn count(tx: &mut TenantTx, id: FinalidadeId) -> Result<Contagem, Fault> {
    Ok(sqlx::query_as!(
        Contagem,
        r#"SELECT count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao = f.versao) AS "vale!",
                  count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao < f.versao) AS "anterior!",
                  count(*) FILTER (WHERE c.retirado_at IS NOT NULL) AS "retirado!"
           FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id WHERE f.id = $1"#,
        id as _
    )
    .fetch_one(tx.db())
    .await?)
}

/// The words of a text that there is.
pub(in crate::consentimento) async fn texto(tx: &mut TenantTx, id: FinalidadeId, versao: i32) -> Result<String, Fault> {
    Ok(sqlx::query_scalar!("SELECT texto FROM finalidade_versao WHERE finalidade_id = $1 AND versao = $2", id as _, versao)
        .fetch_one(tx.db())
        .await?)
}
