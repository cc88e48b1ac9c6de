use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Cnpj, Fault};
use tenancy::TenantTx;

use super::Anotada;
use crate::{consulta::SituacaoCadastral, empresa::EmpresaId};

fn situacao(text: &str) -> Result<SituacaoCadastral, Fault> {
    text.parse().map_err(|_| Fault::because("a stored situação cadastral is none"))
}

fn anotada(text: Option<String>, desde: Option<NaiveDate>, asked_at: Option<DateTime<Utc>>) -> Result<Option<Anotada>, Fault> {
    let Some((text, asked_at)) = text.zip(asked_at) else { return Ok(None) };
    Ok(Some(Anotada { situacao: situacao(&text)?, desde, asked_at }))
}

pub(super) async fn find(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<Anotada>, Fault> {
    let row = sqlx::query!(
        "SELECT situacao_cadastral, data_situacao_cadastral, situacao_cadastral_at FROM empresa WHERE id = $1",
        id.uuid()
    )
    .fetch_optional(tx.db())
    .await?;
    row.map_or(Ok(None), |row| anotada(row.situacao_cadastral, row.data_situacao_cadastral, row.situacao_cadastral_at))
}

/// `None` when no empresa of this id has this CNPJ.
pub(super) async fn lock(tx: &mut TenantTx, id: EmpresaId, cnpj: Cnpj) -> Result<Option<Option<Anotada>>, Fault> {
    let row = sqlx::query!(
        "SELECT situacao_cadastral, data_situacao_cadastral, situacao_cadastral_at
         FROM empresa WHERE id = $1 AND cnpj = $2 AND deleted_at IS NULL FOR NO KEY UPDATE",
        id.uuid(),
        cnpj.as_str()
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(|row| anotada(row.situacao_cadastral, row.data_situacao_cadastral, row.situacao_cadastral_at)).transpose()
}

pub(super) async fn set(tx: &mut TenantTx, id: EmpresaId, anotada: &Anotada) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE empresa SET situacao_cadastral = $2, data_situacao_cadastral = $3, situacao_cadastral_at = $4 WHERE id = $1",
        id.uuid(),
        anotada.situacao.code(),
        anotada.desde,
        anotada.asked_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn cnpj(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<Cnpj>, Fault> {
    let text = sqlx::query_scalar!("SELECT cnpj FROM empresa WHERE id = $1 AND deleted_at IS NULL", id.uuid())
        .fetch_optional(tx.db())
        .await?;
    text.map(|text| text.parse().map_err(|e| Fault::new("stored CNPJ", e))).transpose()
}
