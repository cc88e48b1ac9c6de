use kernel::{Fault, Invalid, Telefone, Texto};
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use web::titular::{Alvo, Efeito};

use super::Encarregado;

/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx) -> Result<Option<Encarregado>, Fault> {
    let row = sqlx::query!("SELECT nome, email, telefone FROM encarregado").fetch_optional(tx.db()).await?;
    let stored = |error: Invalid| Fault::new("a stored encarregado", error);
    row.map(|row| {
        Ok(Encarregado {
            nome: row.nome.parse::<Texto<120>>().map_err(stored)?,
            email: row.email.parse().map_err(stored)?,
            telefone: row.telefone.map(|text| text.parse::<Telefone>().map_err(stored)).transpose()?,
        })
    })
    .transpose()
}

pub(super) async fn upsert(tx: &mut TenantTx, quem: &Encarregado) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO encarregado (id, nome, email, telefone, updated_at) VALUES (1, $1, $2, $3, $4)
         ON CONFLICT ON CONSTRAINT encarregado_pkey DO UPDATE
         SET nome = excluded.nome, email = excluded.email, telefone = excluded.telefone, updated_at = excluded.updated_at",
        quem.nome.as_str(),
        quem.email.as_str(),
        quem.telefone.as_ref().map(Telefone::as_str),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn of(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('nome', nome, 'email', email, 'telefone', telefone)) AS "row!"
           FROM encarregado WHERE encarregado::text ~* $1"#,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?)
}

/// Whoever is gone is nobody to turn to: the page says that there is none, until another is named.
pub(crate) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let done = sqlx::query!("DELETE FROM encarregado WHERE encarregado::text ~* $1", alvo.pattern).execute(ground.db()).await?;
    Ok(Efeito::apagados(done.rows_affected()))
}
