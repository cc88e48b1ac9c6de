use kernel::Fault;
use tenancy::TenantTx;

use super::{Caminhos, DoPerfil, NovaDoPerfil, Regra, SegundoFator};
use crate::{perfil::PerfilId, usuario::UsuarioId};

/// The rules of the unidade; those of a new one where somebody took the row away.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn find(tx: &mut TenantTx) -> Result<Regra, Fault> {
    let row = sqlx::query_as!(Regra, "SELECT attempts, trust_days, version FROM regra_entrada").fetch_optional(tx.db()).await?;
    Ok(row.unwrap_or(Regra { attempts: 5, trust_days: 30, version: 0 }))
}

/// `false` when the row is of another version.
pub(super) async fn update(tx: &mut TenantTx, attempts: i32, trust_days: i32, version: i32) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE regra_entrada SET attempts = $1, trust_days = $2, updated_at = $3, version = version + 1 WHERE version = $4",
        attempts,
        trust_days,
        now,
        version,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn perfis(tx: &mut TenantTx) -> Result<Vec<DoPerfil>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: PerfilId", nome, administrador, segundo_fator, entrada_senha, entrada_telefone, entrada_provedor
           FROM perfil ORDER BY administrador DESC, ext.sem_acento(nome), id"#
    )
    .fetch_all(tx.db())
    .await?;
    // A word that this release does not know asks for the most.
    let parse = |code: &str| code.parse().unwrap_or(SegundoFator::Exigido);
    Ok(rows
        .into_iter()
        .map(|row| DoPerfil {
            id: row.id,
            segundo_fator: parse(&row.segundo_fator),
            administrador: row.administrador,
            caminhos: Caminhos { senha: row.entrada_senha, telefone: row.entrada_telefone, provedor: row.entrada_provedor },
            nome: row.nome,
        })
        .collect())
}

pub(super) async fn set(tx: &mut TenantTx, nova: &NovaDoPerfil) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE perfil SET segundo_fator = $2, entrada_telefone = $3, entrada_provedor = $4, entrada_senha = $5 OR administrador
         WHERE id = $1 AND (segundo_fator, entrada_telefone, entrada_provedor, entrada_senha) <> ($2, $3, $4, $5 OR administrador)",
        nova.perfil as _,
        nova.segundo_fator.code(),
        nova.caminhos.telefone,
        nova.caminhos.provedor,
        nova.caminhos.senha,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whether the perfil of that usuario enters by senha.
pub(crate) async fn by_senha(tx: &mut TenantTx, usuario: UsuarioId) -> Result<bool, Fault> {
    let open = sqlx::query_scalar!(
        "SELECT p.entrada_senha FROM usuario u JOIN perfil p ON p.id = u.perfil_id WHERE u.id = $1",
        usuario as _
    );
    Ok(open.fetch_optional(tx.db()).await?.unwrap_or_default())
}
