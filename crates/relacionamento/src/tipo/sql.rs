//! All SQL on tipos of demandas.

use empresas::etiqueta::Cor;
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Dados, Tipo, TipoId, Uso};

/// All, by name.
pub(crate) async fn list(tx: &mut TenantTx) -> Result<Vec<Tipo>, Fault> {
    let rows = sqlx::query!("SELECT id, nome, cor, prazo_dias FROM demanda_tipo ORDER BY busca").fetch_all(tx.db()).await?;
    let tipo = |id, nome, cor: &str, prazo_dias: Option<i32>| Tipo {
        id: TipoId::new(id),
        nome,
        cor: Cor::from_code(cor).unwrap_or(Cor::Cinza),
        prazo_dias: prazo_dias.and_then(|days| days.try_into().ok()),
    };
    Ok(rows.into_iter().map(|row| tipo(row.id, row.nome, &row.cor, row.prazo_dias)).collect())
}

/// Every tipo with how many demandas are of it, by name.
pub(super) async fn usos(tx: &mut TenantTx) -> Result<Vec<Uso>, Fault> {
    let usos = sqlx::query_as!(
        Uso,
        r#"SELECT t.id AS "id: TipoId", t.nome, t.cor, t.prazo_dias, coalesce(u.demandas, 0) AS "demandas!", coalesce(u.excluidas, 0) AS "excluidas!"
           FROM demanda_tipo t
           LEFT JOIN (SELECT tipo_id, count(*) FILTER (WHERE deleted_at IS NULL) AS demandas,
                             count(*) FILTER (WHERE deleted_at IS NOT NULL) AS excluidas
                      FROM demanda GROUP BY tipo_id) u ON u.tipo_id = t.id
           ORDER BY t.busca"#
    );
    Ok(usos.fetch_all(tx.db()).await?)
}

/// Those of `ids` that are there, in an order of their own, so that two who lock the same ones never wait for each other.
pub(super) async fn lock(tx: &mut TenantTx, ids: &[TipoId]) -> Result<Vec<Uso>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let found = sqlx::query_as!(
        Uso,
        r#"SELECT id AS "id: TipoId", nome, cor, prazo_dias, 0::bigint AS "demandas!", 0::bigint AS "excluidas!"
           FROM demanda_tipo WHERE id = ANY($1) ORDER BY id FOR UPDATE"#,
        &ids
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Demandas of one, before it is locked itself: in the order of everybody else.
pub(super) async fn hold_demandas(tx: &mut TenantTx, id: TipoId) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM demanda WHERE tipo_id = $1 ORDER BY id FOR NO KEY UPDATE", id.uuid()).fetch_all(tx.db()).await?;
    Ok(())
}

/// `None` when the name is taken.
pub(super) async fn insert(tx: &mut TenantTx, dados: &Dados) -> Result<Option<TipoId>, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let made = sqlx::query_scalar!(
        r#"INSERT INTO demanda_tipo (id, nome, cor, prazo_dias, created_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT ON CONSTRAINT demanda_tipo_busca_key DO NOTHING RETURNING id AS "id: TipoId""#,
        id,
        dados.nome.as_str(),
        dados.cor.code(),
        dados.prazo_dias,
        now
    );
    Ok(made.fetch_optional(tx.db()).await?)
}

/// Answers false when the name is another's; nothing of the transaction can be kept then.
pub(super) async fn update(tx: &mut TenantTx, id: TipoId, dados: &Dados) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE demanda_tipo SET nome = $2, cor = $3, prazo_dias = $4 WHERE id = $1",
        id.uuid(),
        dados.nome.as_str(),
        dados.cor.code(),
        dados.prazo_dias
    );
    match done.execute(tx.db()).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("demanda_tipo_busca_key") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn delete(tx: &mut TenantTx, id: TipoId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM demanda_tipo WHERE id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// Those in the lixeira as well. Answers how many were of the first one.
pub(super) async fn move_demandas(tx: &mut TenantTx, from: TipoId, into: TipoId) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE demanda SET tipo_id = $2, version = version + 1, updated_at = $3 WHERE tipo_id = $1",
        from.uuid(),
        into.uuid(),
        now
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}
