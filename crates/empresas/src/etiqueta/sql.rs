use std::collections::HashMap;

use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Cor, Etiqueta, EtiquetaId, EtiquetaNome, Uso};
use crate::empresa::EmpresaId;

/// All of them by name.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Etiqueta>, Fault> {
    let all = sqlx::query_as!(Etiqueta, r#"SELECT id AS "id: EtiquetaId", nome, cor FROM etiqueta ORDER BY busca"#);
    Ok(all.fetch_all(tx.db()).await?)
}

pub(super) async fn by_nome(tx: &mut TenantTx, nome: &EtiquetaNome) -> Result<Option<Etiqueta>, Fault> {
    let found = sqlx::query_as!(
        Etiqueta,
        r#"SELECT id AS "id: EtiquetaId", nome, cor FROM etiqueta WHERE busca = ext.sem_acento($1)"#,
        nome.as_str()
    );
    Ok(found.fetch_optional(tx.db()).await?)
}

pub(crate) async fn of_empresa(tx: &mut TenantTx, id: EmpresaId) -> Result<Vec<Etiqueta>, Fault> {
    let all = sqlx::query_as!(
        Etiqueta,
        r#"SELECT t.id AS "id: EtiquetaId", t.nome, t.cor FROM empresa_etiqueta e JOIN etiqueta t ON t.id = e.etiqueta_id
           WHERE e.empresa_id = $1 ORDER BY t.busca"#,
        id.uuid()
    );
    Ok(all.fetch_all(tx.db()).await?)
}

/// Those of several empresas, each by name.
///
/// # Errors
/// A fault of the database.
pub async fn of_empresas(tx: &mut TenantTx, ids: &[EmpresaId]) -> Result<HashMap<EmpresaId, Vec<Etiqueta>>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT e.empresa_id AS "empresa: EmpresaId", t.id AS "id: EtiquetaId", t.nome, t.cor
           FROM empresa_etiqueta e JOIN etiqueta t ON t.id = e.etiqueta_id WHERE e.empresa_id = ANY($1) ORDER BY t.busca"#,
        &ids
    )
    .fetch_all(tx.db())
    .await?;
    let mut all: HashMap<EmpresaId, Vec<Etiqueta>> = HashMap::new();
    for row in rows {
        all.entry(row.empresa).or_default().push(Etiqueta { id: row.id, nome: row.nome, cor: row.cor });
    }
    Ok(all)
}

/// Every etiqueta with how many empresas have it, by name.
pub(super) async fn usos(tx: &mut TenantTx) -> Result<Vec<Uso>, Fault> {
    let usos = sqlx::query_as!(
        Uso,
        r#"SELECT t.id AS "id: EtiquetaId", t.nome, t.cor, coalesce(u.empresas, 0) AS "empresas!"
           FROM etiqueta t
           LEFT JOIN (SELECT x.etiqueta_id, count(*) AS empresas FROM empresa_etiqueta x JOIN empresa e ON e.id = x.empresa_id
                      WHERE e.deleted_at IS NULL GROUP BY x.etiqueta_id) u ON u.etiqueta_id = t.id
           ORDER BY t.busca"#
    );
    Ok(usos.fetch_all(tx.db()).await?)
}

pub(super) async fn uso(tx: &mut TenantTx, id: EtiquetaId) -> Result<Option<Uso>, Fault> {
    let uso = sqlx::query_as!(
        Uso,
        r#"SELECT t.id AS "id: EtiquetaId", t.nome, t.cor,
                  (SELECT count(*) FROM empresa_etiqueta x JOIN empresa e ON e.id = x.empresa_id
                   WHERE x.etiqueta_id = t.id AND e.deleted_at IS NULL) AS "empresas!"
           FROM etiqueta t WHERE t.id = $1"#,
        id.uuid()
    );
    Ok(uso.fetch_optional(tx.db()).await?)
}

/// Those of `ids` that are there, in an order of their own, so that two who lock the same ones never wait for each other.
pub(crate) async fn lock(tx: &mut TenantTx, ids: &[EtiquetaId]) -> Result<Vec<Etiqueta>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let found = sqlx::query_as!(
        Etiqueta,
        r#"SELECT id AS "id: EtiquetaId", nome, cor FROM etiqueta WHERE id = ANY($1) ORDER BY id FOR UPDATE"#,
        &ids
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// One that is there and stays there until this transaction ends. It may be put on empresas meanwhile: whoever has locked an
/// empresa asks for this, so that nobody waits in a circle.
pub(crate) async fn hold(tx: &mut TenantTx, id: EtiquetaId) -> Result<Option<Etiqueta>, Fault> {
    let found = sqlx::query_as!(
        Etiqueta,
        r#"SELECT id AS "id: EtiquetaId", nome, cor FROM etiqueta WHERE id = $1 FOR KEY SHARE"#,
        id.uuid()
    );
    Ok(found.fetch_optional(tx.db()).await?)
}

/// As [`hold`], all that are on the list, in the order of everybody who locks several.
pub(crate) async fn hold_all(tx: &mut TenantTx) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM etiqueta ORDER BY id FOR KEY SHARE").fetch_all(tx.db()).await?;
    Ok(())
}

/// Empresas that have one, before it is locked itself: in the order of everybody else.
pub(super) async fn hold_empresas(tx: &mut TenantTx, id: EtiquetaId) -> Result<(), Fault> {
    sqlx::query!(
        "SELECT e.id FROM empresa e JOIN empresa_etiqueta x ON x.empresa_id = e.id WHERE x.etiqueta_id = $1
         ORDER BY e.id FOR KEY SHARE OF e",
        id.uuid()
    )
    .fetch_all(tx.db())
    .await?;
    Ok(())
}

/// `None` when the name is taken.
pub(super) async fn insert(tx: &mut TenantTx, nome: &EtiquetaNome, cor: Cor) -> Result<Option<EtiquetaId>, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let made = sqlx::query_scalar!(
        r#"INSERT INTO etiqueta (id, nome, cor, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT ON CONSTRAINT etiqueta_busca_key DO NOTHING RETURNING id AS "id: EtiquetaId""#,
        id,
        nome.as_str(),
        cor.code(),
        now
    );
    Ok(made.fetch_optional(tx.db()).await?)
}

/// Answers false when the name is another's; nothing of the transaction can be kept then.
pub(super) async fn update(tx: &mut TenantTx, id: EtiquetaId, nome: &EtiquetaNome, cor: Cor) -> Result<bool, Fault> {
    let done = sqlx::query!("UPDATE etiqueta SET nome = $2, cor = $3 WHERE id = $1", id.uuid(), nome.as_str(), cor.code());
    match done.execute(tx.db()).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("etiqueta_busca_key") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn delete(tx: &mut TenantTx, id: EtiquetaId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM etiqueta WHERE id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// Answers how many empresas had the first one.
pub(super) async fn move_empresas(tx: &mut TenantTx, from: EtiquetaId, into: EtiquetaId) -> Result<u64, Fault> {
    let done = sqlx::query!(
        "INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id) SELECT empresa_id, $2::uuid FROM empresa_etiqueta WHERE etiqueta_id = $1
         ON CONFLICT ON CONSTRAINT empresa_etiqueta_pkey DO UPDATE SET etiqueta_id = excluded.etiqueta_id",
        from.uuid(),
        into.uuid()
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}

/// Answers false when it was on it already.
pub(super) async fn put(tx: &mut TenantTx, empresa: EmpresaId, id: EtiquetaId) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id) VALUES ($1, $2)
         ON CONFLICT ON CONSTRAINT empresa_etiqueta_pkey DO NOTHING",
        empresa.uuid(),
        id.uuid()
    );
    Ok(done.execute(tx.db()).await?.rows_affected() == 1)
}

/// Answers false when it was not on it.
pub(super) async fn take(tx: &mut TenantTx, empresa: EmpresaId, id: EtiquetaId) -> Result<bool, Fault> {
    let done = sqlx::query!("DELETE FROM empresa_etiqueta WHERE empresa_id = $1 AND etiqueta_id = $2", empresa.uuid(), id.uuid());
    Ok(done.execute(tx.db()).await?.rows_affected() == 1)
}
