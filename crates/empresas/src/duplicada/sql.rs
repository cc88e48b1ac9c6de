use chrono::{DateTime, Utc};
use kernel::{Actor, Fault, PageRequest};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{
    Busca, Dois,
    procurar::{Achado, Ficha},
};
use crate::empresa::{EmpresaId, Reach};

/// An empresa beside the one that is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vizinha {
    pub id: EmpresaId,
    pub nome: String,
    pub nome_fantasia: Option<String>,
    pub cnpj: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub municipio_id: Option<i32>,
}

pub(super) async fn of_root(
    tx: &mut TenantTx,
    root: &str,
    own: Option<EmpresaId>,
    reach: Reach,
    limit: i64,
) -> Result<Vec<Vizinha>, Fault> {
    let found = sqlx::query_as!(
        Vizinha,
        r#"SELECT e.id AS "id: EmpresaId", e.nome, e.nome_fantasia, e.cnpj, e.cidade, e.uf, e.municipio_id FROM empresa e
           WHERE e.cnpj >= $1 AND e.cnpj < $2 AND e.deleted_at IS NULL AND ($3::uuid[] IS NULL OR e.responsavel_id = $3[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))
             AND e.id IS DISTINCT FROM $4 AND NOT EXISTS (
                 SELECT FROM empresa_par_dispensado d
                 WHERE (d.first_id = e.id AND d.last_id = $4) OR (d.last_id = e.id AND d.first_id = $4))
           ORDER BY e.cnpj LIMIT $5"#,
        root,
        // `~` follows every letter and digit.
        format!("{root}~"),
        reach.keys(),
        own.map(EmpresaId::uuid),
        limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

/// Those whose names have something like `core` in them, in that município or in none that is known.
pub(super) async fn like(
    tx: &mut TenantTx,
    core: &str,
    municipio: Option<i32>,
    own: Option<EmpresaId>,
    reach: Reach,
    limit: i64,
) -> Result<Vec<Vizinha>, Fault> {
    let found = sqlx::query_as!(
        Vizinha,
        r#"SELECT e.id AS "id: EmpresaId", e.nome, e.nome_fantasia, e.cnpj, e.cidade, e.uf, e.municipio_id FROM empresa e
           WHERE e.busca OPERATOR(ext.%>) $1 AND e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2])))
             AND ($3::integer IS NULL OR e.municipio_id IS NULL OR e.municipio_id = $3)
             AND e.id IS DISTINCT FROM $4 AND NOT EXISTS (
                 SELECT FROM empresa_par_dispensado d
                 WHERE (d.first_id = e.id AND d.last_id = $4) OR (d.last_id = e.id AND d.first_id = $4))
           ORDER BY ext.word_similarity($1, e.busca) DESC, e.id LIMIT $5"#,
        core,
        reach.keys(),
        municipio,
        own.map(EmpresaId::uuid),
        limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

pub(super) async fn empresas(tx: &mut TenantTx) -> Result<i64, Fault> {
    let total = sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM empresa WHERE deleted_at IS NULL"#);
    Ok(total.fetch_one(tx.db()).await?)
}

pub(super) async fn fichas(tx: &mut TenantTx) -> Result<Vec<Ficha>, Fault> {
    let all = sqlx::query_as!(
        Ficha,
        "SELECT id, cnpj, nome, nome_fantasia, municipio_id, email, telefone FROM empresa WHERE deleted_at IS NULL ORDER BY id"
    );
    Ok(all.fetch_all(tx.db()).await?)
}

pub(super) async fn lock_busca(tx: &mut TenantTx) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM empresa_par_busca FOR UPDATE").fetch_optional(tx.db()).await?;
    Ok(())
}

pub(super) async fn busca(tx: &mut TenantTx) -> Result<Busca, Fault> {
    let found = sqlx::query_as!(Busca, "SELECT due_at, finished_at, rows FROM empresa_par_busca");
    Ok(found.fetch_optional(tx.db()).await?.unwrap_or(Busca { due_at: None, finished_at: None, rows: 0 }))
}

pub(super) async fn set_due(tx: &mut TenantTx) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE empresa_par_busca SET due_at = $1", now).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn set_finished(tx: &mut TenantTx, rows: usize) -> Result<(), Fault> {
    let now = tx.clock().now();
    let rows = i32::try_from(rows).unwrap_or(i32::MAX);
    sqlx::query!("UPDATE empresa_par_busca SET due_at = NULL, finished_at = $1, rows = $2", now, rows).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn replace(tx: &mut TenantTx, found: &[Achado]) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM empresa_par").execute(tx.db()).await?;
    let column = |value: fn(&Achado) -> Uuid| found.iter().map(value).collect::<Vec<_>>();
    let flag = |value: fn(&Achado) -> bool| found.iter().map(value).collect::<Vec<_>>();
    let number = |value: fn(&Achado) -> i16| found.iter().map(value).collect::<Vec<_>>();
    sqlx::query!(
        "INSERT INTO empresa_par (first_id, last_id, raiz, nome, email, telefone, score)
         SELECT a, b, c, d, e, f, g FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::smallint[], $5::boolean[], $6::boolean[], $7::smallint[]) AS found (a, b, c, d, e, f, g)",
        &column(|achado| achado.first),
        &column(|achado| achado.last),
        &flag(|achado| achado.raiz),
        &number(|achado| achado.nome),
        &flag(|achado| achado.email),
        &flag(|achado| achado.telefone),
        &number(|achado| achado.score)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What a pair was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motivo {
    Raiz,
    Nome,
    Contato,
}

impl Motivo {
    pub const ALL: [Self; 3] = [Self::Nome, Self::Raiz, Self::Contato];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Raiz => "raiz",
            Self::Nome => "nome",
            Self::Contato => "contato",
        }
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Raiz => "duplicadas-motivo-raiz",
            Self::Nome => "duplicadas-motivo-nome",
            Self::Contato => "duplicadas-motivo-contato",
        }
    }
}

/// Two that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Par {
    pub first: EmpresaId,
    pub last: EmpresaId,
    pub raiz: bool,
    pub nome: i16,
    pub email: bool,
    pub telefone: bool,
    pub score: i16,
}

/// How many pairs there are of which the actor may see both.
async fn count(tx: &mut TenantTx, reach: Reach, motivo: Option<Motivo>) -> Result<i64, Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM empresa_par p
           JOIN empresa a ON a.id = p.first_id JOIN empresa b ON b.id = p.last_id
           WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL
             AND ($1::uuid[] IS NULL OR ((a.responsavel_id = $1[1] OR a.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2]))) AND (b.responsavel_id = $1[1] OR b.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))))
             AND ($2::text IS NULL OR CASE $2 WHEN 'raiz' THEN p.raiz WHEN 'nome' THEN p.nome >= 60 ELSE p.email OR p.telefone END)
             AND NOT EXISTS (SELECT FROM empresa_par_dispensado d WHERE d.first_id = p.first_id AND d.last_id = p.last_id)"#,
        reach.keys(),
        motivo.map(Motivo::code)
    );
    Ok(total.fetch_one(tx.db()).await?)
}

/// A page of the pairs of which the actor may see both, the surest first, and how many there are.
pub(super) async fn pairs(
    tx: &mut TenantTx,
    reach: Reach,
    motivo: Option<Motivo>,
    page: PageRequest,
) -> Result<(Vec<Par>, i64), Fault> {
    let total = count(tx, reach, motivo).await?;
    let pairs = sqlx::query_as!(
        Par,
        r#"SELECT p.first_id AS "first: EmpresaId", p.last_id AS "last: EmpresaId", p.raiz, p.nome, p.email, p.telefone, p.score
           FROM empresa_par p JOIN empresa a ON a.id = p.first_id JOIN empresa b ON b.id = p.last_id
           WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL
             AND ($1::uuid[] IS NULL OR ((a.responsavel_id = $1[1] OR a.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2]))) AND (b.responsavel_id = $1[1] OR b.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))))
             AND ($2::text IS NULL OR CASE $2 WHEN 'raiz' THEN p.raiz WHEN 'nome' THEN p.nome >= 60 ELSE p.email OR p.telefone END)
             AND NOT EXISTS (SELECT FROM empresa_par_dispensado d WHERE d.first_id = p.first_id AND d.last_id = p.last_id)
           ORDER BY p.score DESC, p.first_id, p.last_id LIMIT $3 OFFSET $4"#,
        reach.keys(),
        motivo.map(Motivo::code),
        page.limit(),
        page.offset()
    );
    Ok((pairs.fetch_all(tx.db()).await?, total))
}

/// As [`pairs`], after the one at which a part of the list ended.
pub(super) async fn pairs_after(
    tx: &mut TenantTx,
    reach: Reach,
    motivo: Option<Motivo>,
    after: Option<(i16, Uuid, Uuid)>,
    limit: i64,
) -> Result<(Vec<Par>, i64), Fault> {
    let total = count(tx, reach, motivo).await?;
    let pairs = sqlx::query_as!(
        Par,
        r#"SELECT p.first_id AS "first: EmpresaId", p.last_id AS "last: EmpresaId", p.raiz, p.nome, p.email, p.telefone, p.score
           FROM empresa_par p JOIN empresa a ON a.id = p.first_id JOIN empresa b ON b.id = p.last_id
           WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL
             AND ($1::uuid[] IS NULL OR ((a.responsavel_id = $1[1] OR a.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2]))) AND (b.responsavel_id = $1[1] OR b.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))))
             AND ($2::text IS NULL OR CASE $2 WHEN 'raiz' THEN p.raiz WHEN 'nome' THEN p.nome >= 60 ELSE p.email OR p.telefone END)
             AND NOT EXISTS (SELECT FROM empresa_par_dispensado d WHERE d.first_id = p.first_id AND d.last_id = p.last_id)
             AND ($3::smallint IS NULL OR (-p.score, p.first_id, p.last_id) > (-$3, $4::uuid, $5::uuid))
           ORDER BY p.score DESC, p.first_id, p.last_id LIMIT $6"#,
        reach.keys(),
        motivo.map(Motivo::code),
        after.map(|after| after.0),
        after.map(|after| after.1),
        after.map(|after| after.2),
        limit
    );
    Ok((pairs.fetch_all(tx.db()).await?, total))
}

/// A pair of which somebody said that they are two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispensado {
    pub first: EmpresaId,
    pub last: EmpresaId,
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
}

pub(super) async fn dispensed(tx: &mut TenantTx, reach: Reach, page: PageRequest) -> Result<(Vec<Dispensado>, i64), Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM empresa_par_dispensado d
           JOIN empresa a ON a.id = d.first_id JOIN empresa b ON b.id = d.last_id
           WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL
             AND ($1::uuid[] IS NULL OR ((a.responsavel_id = $1[1] OR a.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2]))) AND (b.responsavel_id = $1[1] OR b.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))))"#,
        reach.keys()
    )
    .fetch_one(tx.db())
    .await?;
    let pairs = sqlx::query_as!(
        Dispensado,
        r#"SELECT d.first_id AS "first: EmpresaId", d.last_id AS "last: EmpresaId", d.actor_nome, d.created_at
           FROM empresa_par_dispensado d JOIN empresa a ON a.id = d.first_id JOIN empresa b ON b.id = d.last_id
           WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL
             AND ($1::uuid[] IS NULL OR ((a.responsavel_id = $1[1] OR a.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2]))) AND (b.responsavel_id = $1[1] OR b.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $1[2])))))
           ORDER BY d.created_at DESC, d.first_id, d.last_id LIMIT $2 OFFSET $3"#,
        reach.keys(),
        page.limit(),
        page.offset()
    );
    Ok((pairs.fetch_all(tx.db()).await?, total))
}

/// One of a pair, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lado {
    pub id: EmpresaId,
    pub nome: String,
    pub cnpj: String,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub responsavel: Option<String>,
    pub responsavel_id: Option<Uuid>,
    pub vinculados: Vec<Uuid>,
    pub email: Option<String>,
    pub telefone: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// Empresas whose access is checked.
pub(super) async fn sides(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Lado>, Fault> {
    let sides = sqlx::query_as!(
        Lado,
        r#"SELECT e.id AS "id!: EmpresaId", e.nome AS "nome!", e.cnpj AS "cnpj!", e.cidade, e.uf,
                  coalesce(u.nome, e.responsavel_nome) AS responsavel, e.responsavel_id, e.email, e.telefone, e.created_at AS "created_at!",
                  ARRAY(SELECT v.usuario_id FROM usuario_empresa v WHERE v.empresa_id = e.id) AS "vinculados!"
           FROM empresa e LEFT JOIN usuario u ON u.id = e.responsavel_id WHERE e.id = ANY($1)"#,
        ids
    );
    Ok(sides.fetch_all(tx.db()).await?)
}

/// What two are called that are in reach.
pub(super) async fn names(tx: &mut TenantTx, dois: Dois, reach: Reach) -> Result<Option<[String; 2]>, Fault> {
    let found = sqlx::query!(
        "SELECT a.nome AS first, b.nome AS last FROM empresa a, empresa b
         WHERE a.id = $1 AND b.id = $2 AND a.deleted_at IS NULL AND b.deleted_at IS NULL
           AND ($3::uuid[] IS NULL OR ((a.responsavel_id = $3[1] OR a.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2]))) AND (b.responsavel_id = $3[1] OR b.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))))",
        dois.first.uuid(),
        dois.last.uuid(),
        reach.keys()
    );
    Ok(found.fetch_optional(tx.db()).await?.map(|row| [row.first, row.last]))
}

/// Answers false when it was said before.
pub(super) async fn dispense(tx: &mut TenantTx, actor: &Actor, dois: Dois) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO empresa_par_dispensado (first_id, last_id, actor_id, actor_nome, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT empresa_par_dispensado_pkey DO NOTHING",
        dois.first.uuid(),
        dois.last.uuid(),
        actor.id,
        actor.nome,
        now
    );
    Ok(done.execute(tx.db()).await?.rows_affected() == 1)
}

/// Answers false when it was not said.
pub(super) async fn resume(tx: &mut TenantTx, dois: Dois) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "DELETE FROM empresa_par_dispensado WHERE first_id = $1 AND last_id = $2",
        dois.first.uuid(),
        dois.last.uuid()
    );
    Ok(done.execute(tx.db()).await?.rows_affected() == 1)
}
