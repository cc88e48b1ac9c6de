use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{Actor, Fault};
use serde_json::{Map, Value};
use tenancy::TenantTx;
use uuid::Uuid;
use web::attached::Move;

use super::{Desfeita, KEPT, Mescla, MesclaId, Quem};
use crate::empresa::{Empresa, EmpresaId, Reach, sql::empresas};

const CNPJ_KEY: &str = "empresa_cnpj_key";

/// Nobody else changes the two before this transaction ends.
pub(super) async fn hold(tx: &mut TenantTx, ids: [EmpresaId; 2]) -> Result<(), Fault> {
    let ids = ids.map(EmpresaId::uuid);
    sqlx::query!("SELECT id FROM empresa WHERE id = ANY($1) ORDER BY id FOR UPDATE", &ids).fetch_all(tx.db()).await?;
    Ok(())
}

/// One in the register, or in the lixeira.
pub(super) async fn empresa(tx: &mut TenantTx, id: EmpresaId, reach: Reach, trashed: bool) -> Result<Option<Empresa>, Fault> {
    let linha = empresas!(
        "WHERE e.id = $1 AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) AND (e.deleted_at IS NOT NULL) = $3::boolean",
        "",
        id.uuid(),
        reach.keys(),
        trashed
    );
    linha.fetch_optional(tx.db()).await?.map(Empresa::try_from).transpose()
}

/// What it says, by column.
pub(super) async fn columns(tx: &mut TenantTx, id: EmpresaId) -> Result<Map<String, Value>, Fault> {
    let said = sqlx::query_scalar!(
        r#"SELECT to_jsonb(said) AS "said!"
           FROM empresa e CROSS JOIN LATERAL (
               SELECT e.cnpj, e.situacao_cadastral, e.data_situacao_cadastral, e.situacao_cadastral_at, e.nome, e.nome_fantasia,
                      e.inscricao_estadual, e.cnae, e.segmento_id, e.porte, e.situacao, e.email, e.telefone, e.site, e.cep,
                      e.logradouro, e.numero, e.complemento, e.bairro, e.municipio_id, e.cidade, e.uf, e.contato_nome, e.contato_cargo,
                      e.responsavel_id, e.responsavel_nome, e.data_fundacao, e.faturamento, e.funcionarios, e.observacoes
           ) AS said
           WHERE e.id = $1"#,
        id.uuid()
    );
    map(said.fetch_one(tx.db()).await?)
}

fn map(value: Value) -> Result<Map<String, Value>, Fault> {
    match value {
        Value::Object(map) => Ok(map),
        _ => Err(Fault::because("the columns of a mescla are no object")),
    }
}

pub(super) async fn trash(tx: &mut TenantTx, id: EmpresaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE empresa SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Answers false when the CNPJ is taken; nothing of the transaction can be kept then.
pub(super) async fn restore(tx: &mut TenantTx, id: EmpresaId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE empresa SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1",
        id.uuid(),
        now
    );
    unless_taken(done.execute(tx.db()).await)
}

fn unless_taken<T>(done: Result<T, sqlx::Error>) -> Result<bool, Fault> {
    match done {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(CNPJ_KEY) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Gives the one that stays the fields `taken` of the one that goes; in a new version, whatever changes.
pub(super) async fn take(
    tx: &mut TenantTx,
    fica: EmpresaId,
    sai: EmpresaId,
    taken: &[String],
    observacoes: Option<&str>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE empresa e
         SET cnpj = CASE WHEN 'cnpj' = ANY($3) THEN s.cnpj ELSE e.cnpj END,
             situacao_cadastral = CASE WHEN 'cnpj' = ANY($3) THEN s.situacao_cadastral ELSE e.situacao_cadastral END,
             data_situacao_cadastral = CASE WHEN 'cnpj' = ANY($3) THEN s.data_situacao_cadastral ELSE e.data_situacao_cadastral END,
             situacao_cadastral_at = CASE WHEN 'cnpj' = ANY($3) THEN s.situacao_cadastral_at ELSE e.situacao_cadastral_at END,
             nome = CASE WHEN 'nome' = ANY($3) THEN s.nome ELSE e.nome END,
             nome_fantasia = CASE WHEN 'nome_fantasia' = ANY($3) THEN s.nome_fantasia ELSE e.nome_fantasia END,
             inscricao_estadual = CASE WHEN 'inscricao_estadual' = ANY($3) THEN s.inscricao_estadual ELSE e.inscricao_estadual END,
             cnae = CASE WHEN 'cnae' = ANY($3) THEN s.cnae ELSE e.cnae END,
             segmento_id = CASE WHEN 'segmento' = ANY($3) THEN s.segmento_id ELSE e.segmento_id END,
             porte = CASE WHEN 'porte' = ANY($3) THEN s.porte ELSE e.porte END,
             situacao = CASE WHEN 'situacao' = ANY($3) THEN s.situacao ELSE e.situacao END,
             email = CASE WHEN 'email' = ANY($3) THEN s.email ELSE e.email END,
             telefone = CASE WHEN 'telefone' = ANY($3) THEN s.telefone ELSE e.telefone END,
             site = CASE WHEN 'site' = ANY($3) THEN s.site ELSE e.site END,
             cep = CASE WHEN 'cep' = ANY($3) THEN s.cep ELSE e.cep END,
             logradouro = CASE WHEN 'logradouro' = ANY($3) THEN s.logradouro ELSE e.logradouro END,
             numero = CASE WHEN 'numero' = ANY($3) THEN s.numero ELSE e.numero END,
             complemento = CASE WHEN 'complemento' = ANY($3) THEN s.complemento ELSE e.complemento END,
             bairro = CASE WHEN 'bairro' = ANY($3) THEN s.bairro ELSE e.bairro END,
             municipio_id = CASE WHEN 'municipio' = ANY($3) THEN s.municipio_id ELSE e.municipio_id END,
             cidade = CASE WHEN 'municipio' = ANY($3) THEN s.cidade ELSE e.cidade END,
             uf = CASE WHEN 'municipio' = ANY($3) THEN s.uf ELSE e.uf END,
             contato_nome = CASE WHEN 'contato_nome' = ANY($3) THEN s.contato_nome ELSE e.contato_nome END,
             contato_cargo = CASE WHEN 'contato_cargo' = ANY($3) THEN s.contato_cargo ELSE e.contato_cargo END,
             responsavel_id = CASE WHEN 'responsavel' = ANY($3) THEN s.responsavel_id ELSE e.responsavel_id END,
             responsavel_nome = CASE WHEN 'responsavel' = ANY($3) THEN s.responsavel_nome ELSE e.responsavel_nome END,
             data_fundacao = CASE WHEN 'data_fundacao' = ANY($3) THEN s.data_fundacao ELSE e.data_fundacao END,
             faturamento = CASE WHEN 'faturamento' = ANY($3) THEN s.faturamento ELSE e.faturamento END,
             funcionarios = CASE WHEN 'funcionarios' = ANY($3) THEN s.funcionarios ELSE e.funcionarios END,
             observacoes = coalesce($4, CASE WHEN 'observacoes' = ANY($3) THEN s.observacoes ELSE e.observacoes END),
             version = e.version + 1, updated_at = $5
         FROM empresa s
         WHERE e.id = $1 AND s.id = $2",
        fica.uuid(),
        sai.uuid(),
        taken,
        observacoes,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Gives the one that stayed the fields `back` as they were before. Answers false when the CNPJ is taken; nothing of the
/// transaction can be kept then.
pub(super) async fn put_back(tx: &mut TenantTx, id: MesclaId, back: &[String]) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE empresa e
         SET cnpj = CASE WHEN 'cnpj' = ANY($2) THEN b.cnpj ELSE e.cnpj END,
             situacao_cadastral = CASE WHEN 'cnpj' = ANY($2) THEN b.situacao_cadastral ELSE e.situacao_cadastral END,
             data_situacao_cadastral = CASE WHEN 'cnpj' = ANY($2) THEN b.data_situacao_cadastral ELSE e.data_situacao_cadastral END,
             situacao_cadastral_at = CASE WHEN 'cnpj' = ANY($2) THEN b.situacao_cadastral_at ELSE e.situacao_cadastral_at END,
             nome = CASE WHEN 'nome' = ANY($2) THEN b.nome ELSE e.nome END,
             nome_fantasia = CASE WHEN 'nome_fantasia' = ANY($2) THEN b.nome_fantasia ELSE e.nome_fantasia END,
             inscricao_estadual = CASE WHEN 'inscricao_estadual' = ANY($2) THEN b.inscricao_estadual ELSE e.inscricao_estadual END,
             cnae = CASE WHEN 'cnae' = ANY($2) THEN b.cnae ELSE e.cnae END,
             segmento_id = CASE WHEN 'segmento' = ANY($2)
                 THEN (SELECT s.id FROM segmento s WHERE s.id = b.segmento_id) ELSE e.segmento_id END,
             porte = CASE WHEN 'porte' = ANY($2) THEN b.porte ELSE e.porte END,
             situacao = CASE WHEN 'situacao' = ANY($2) THEN b.situacao ELSE e.situacao END,
             email = CASE WHEN 'email' = ANY($2) THEN b.email ELSE e.email END,
             telefone = CASE WHEN 'telefone' = ANY($2) THEN b.telefone ELSE e.telefone END,
             site = CASE WHEN 'site' = ANY($2) THEN b.site ELSE e.site END,
             cep = CASE WHEN 'cep' = ANY($2) THEN b.cep ELSE e.cep END,
             logradouro = CASE WHEN 'logradouro' = ANY($2) THEN b.logradouro ELSE e.logradouro END,
             numero = CASE WHEN 'numero' = ANY($2) THEN b.numero ELSE e.numero END,
             complemento = CASE WHEN 'complemento' = ANY($2) THEN b.complemento ELSE e.complemento END,
             bairro = CASE WHEN 'bairro' = ANY($2) THEN b.bairro ELSE e.bairro END,
             municipio_id = CASE WHEN 'municipio' = ANY($2) THEN b.municipio_id ELSE e.municipio_id END,
             cidade = CASE WHEN 'municipio' = ANY($2) THEN b.cidade ELSE e.cidade END,
             uf = CASE WHEN 'municipio' = ANY($2) THEN b.uf ELSE e.uf END,
             contato_nome = CASE WHEN 'contato_nome' = ANY($2) THEN b.contato_nome ELSE e.contato_nome END,
             contato_cargo = CASE WHEN 'contato_cargo' = ANY($2) THEN b.contato_cargo ELSE e.contato_cargo END,
             responsavel_id = CASE WHEN 'responsavel' = ANY($2) THEN b.responsavel_id ELSE e.responsavel_id END,
             responsavel_nome = CASE WHEN 'responsavel' = ANY($2) THEN b.responsavel_nome ELSE e.responsavel_nome END,
             data_fundacao = CASE WHEN 'data_fundacao' = ANY($2) THEN b.data_fundacao ELSE e.data_fundacao END,
             faturamento = CASE WHEN 'faturamento' = ANY($2) THEN b.faturamento ELSE e.faturamento END,
             funcionarios = CASE WHEN 'funcionarios' = ANY($2) THEN b.funcionarios ELSE e.funcionarios END,
             observacoes = CASE WHEN 'observacoes' = ANY($2) THEN b.observacoes ELSE e.observacoes END,
             version = e.version + 1, updated_at = $3
         FROM empresa_mescla m
         CROSS JOIN LATERAL jsonb_to_record(m.before) AS b (
             cnpj text, situacao_cadastral text, data_situacao_cadastral date, situacao_cadastral_at timestamptz, nome text,
             nome_fantasia text, inscricao_estadual text, cnae text, segmento_id uuid, porte text, situacao text, email text,
             telefone text, site text, cep text, logradouro text, numero text, bairro text, municipio_id integer, cidade text, uf text,
             contato_nome text, contato_cargo text, responsavel_id uuid, responsavel_nome text, data_fundacao date,
             faturamento numeric, funcionarios integer, observacoes text, complemento text)
         WHERE m.id = $1 AND e.id = m.empresa_id",
        id.uuid(),
        back,
        now
    );
    unless_taken(done.execute(tx.db()).await)
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    actor: &Actor,
    id: MesclaId,
    [fica, sai]: [EmpresaId; 2],
    [before, after]: [Map<String, Value>; 2],
    moved: &BTreeMap<String, Vec<Uuid>>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO empresa_mescla (id, empresa_id, mesclada_id, actor_id, actor_nome, created_at, before, after, moved)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.uuid(),
        fica.uuid(),
        sai.uuid(),
        actor.id,
        actor.nome,
        now,
        Value::Object(before),
        Value::Object(after),
        json(moved)?
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|e| Fault::new("what a mescla moved", e))
}

struct Linha {
    id: MesclaId,
    empresa_id: EmpresaId,
    mesclada_id: EmpresaId,
    actor_nome: String,
    created_at: DateTime<Utc>,
    before: Value,
    after: Value,
    moved: Value,
    undone_at: Option<DateTime<Utc>>,
    undone_actor_nome: Option<String>,
    kept: Option<Value>,
}

impl TryFrom<Linha> for Mescla {
    type Error = Fault;

    fn try_from(linha: Linha) -> Result<Self, Fault> {
        let broken = |e| Fault::new("a stored mescla", e);
        Ok(Self {
            id: linha.id,
            empresa_id: linha.empresa_id,
            mesclada_id: linha.mesclada_id,
            actor_nome: linha.actor_nome,
            created_at: linha.created_at,
            before: map(linha.before)?,
            after: map(linha.after)?,
            moved: serde_json::from_value(linha.moved).map_err(broken)?,
            undone_at: linha.undone_at,
            undone_actor_nome: linha.undone_actor_nome,
            kept: linha.kept.map(serde_json::from_value::<Desfeita>).transpose().map_err(broken)?,
        })
    }
}

pub(super) async fn find(tx: &mut TenantTx, id: MesclaId) -> Result<Option<Mescla>, Fault> {
    let linha = sqlx::query_as!(
        Linha,
        r#"SELECT id AS "id: MesclaId", empresa_id AS "empresa_id: EmpresaId", mesclada_id AS "mesclada_id: EmpresaId", actor_nome,
                  created_at, before, after, moved, undone_at, undone_actor_nome, kept
           FROM empresa_mescla WHERE id = $1"#,
        id.uuid()
    );
    linha.fetch_optional(tx.db()).await?.map(Mescla::try_from).transpose()
}

pub(super) async fn lock(tx: &mut TenantTx, id: MesclaId) -> Result<Option<Mescla>, Fault> {
    sqlx::query!("SELECT id FROM empresa_mescla WHERE id = $1 FOR UPDATE", id.uuid()).fetch_optional(tx.db()).await?;
    find(tx, id).await
}

pub(super) async fn set_undone(tx: &mut TenantTx, actor: &Actor, id: MesclaId, kept: &Desfeita) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE empresa_mescla SET undone_at = $2, undone_actor_id = $3, undone_actor_nome = $4, kept = $5 WHERE id = $1",
        id.uuid(),
        now,
        actor.id,
        actor.nome,
        json(kept)?
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whether an empresa in the lixeira is part of another one, and that can still be undone.
pub(crate) async fn is_open(tx: &mut TenantTx, id: EmpresaId) -> Result<bool, Fault> {
    let since = tx.clock().now() - KEPT;
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM empresa_mescla WHERE mesclada_id = $1 AND undone_at IS NULL AND created_at >= $2
           ) AS "found!""#,
        id.uuid(),
        since
    );
    Ok(found.fetch_one(tx.db()).await?)
}

/// An empresa comes out of the lixeira by itself: what it was part of is past.
pub(crate) async fn close_older(tx: &mut TenantTx, id: EmpresaId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE empresa_mescla SET undone_at = $2 WHERE mesclada_id = $1 AND undone_at IS NULL", id.uuid(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn leads_to(tx: &mut TenantTx, id: EmpresaId, reach: Reach) -> Result<Option<EmpresaId>, Fault> {
    let found = sqlx::query_scalar!(
        r#"WITH RECURSIVE way AS (
               SELECT empresa_id, 1 AS step FROM empresa_mescla WHERE mesclada_id = $1 AND undone_at IS NULL
               UNION ALL
               SELECT m.empresa_id, way.step + 1
               FROM way JOIN empresa_mescla m ON m.mesclada_id = way.empresa_id AND m.undone_at IS NULL
               WHERE way.step < 20
           )
           SELECT e.id AS "id: EmpresaId" FROM way JOIN empresa e ON e.id = way.empresa_id
           WHERE e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) LIMIT 1"#,
        id.uuid(),
        reach.keys()
    );
    Ok(found.fetch_optional(tx.db()).await?)
}

/// What the two are called, when the one that stayed is in reach, be it in the lixeira by now.
pub(super) async fn names(tx: &mut TenantTx, fica: EmpresaId, sai: EmpresaId, reach: Reach) -> Result<Option<[Quem; 2]>, Fault> {
    let found = sqlx::query!(
        "SELECT a.nome AS fica, a.cnpj AS fica_cnpj, b.nome AS sai, b.cnpj AS sai_cnpj FROM empresa a, empresa b
         WHERE a.id = $1 AND b.id = $2 AND ($3::uuid[] IS NULL OR a.responsavel_id = $3[1] OR a.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $3[2])))",
        fica.uuid(),
        sai.uuid(),
        reach.keys()
    );
    let row = found.fetch_optional(tx.db()).await?;
    Ok(row.map(|row| [Quem::new(row.fica, &row.fica_cnpj), Quem::new(row.sai, &row.sai_cnpj)]))
}

pub(super) async fn undoable(tx: &mut TenantTx, id: EmpresaId, since: DateTime<Utc>) -> Result<Vec<(MesclaId, Quem)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT m.id AS "id: MesclaId", e.nome, e.cnpj FROM empresa_mescla m JOIN empresa e ON e.id = m.mesclada_id
           WHERE m.empresa_id = $1 AND m.undone_at IS NULL AND m.created_at >= $2 ORDER BY m.created_at DESC, m.id DESC LIMIT 20"#,
        id.uuid(),
        since
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.id, Quem::new(row.nome, &row.cnpj))).collect())
}

pub(super) async fn count_contatos(tx: &mut TenantTx, from: Uuid) -> Result<i64, Fault> {
    let total =
        sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM contato WHERE empresa_id = $1 AND deleted_at IS NULL"#, from);
    Ok(total.fetch_one(tx.db()).await?)
}

pub(super) async fn bring_contatos(tx: &mut TenantTx, way: Move) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!("UPDATE contato SET empresa_id = $2 WHERE empresa_id = $1 RETURNING id", way.from, way.to);
    Ok(ids.fetch_all(tx.db()).await?)
}

pub(super) async fn give_back_contatos(tx: &mut TenantTx, way: Move, ids: &[Uuid]) -> Result<u64, Fault> {
    let done = sqlx::query!("UPDATE contato SET empresa_id = $1 WHERE empresa_id = $2 AND id = ANY($3)", way.from, way.to, ids);
    Ok(done.execute(tx.db()).await?.rows_affected())
}

pub(super) async fn count_etiquetas(tx: &mut TenantTx, way: Move) -> Result<i64, Fault> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM empresa_etiqueta t WHERE t.empresa_id = $1 AND NOT EXISTS (
               SELECT FROM empresa_etiqueta o WHERE o.empresa_id = $2 AND o.etiqueta_id = t.etiqueta_id)"#,
        way.from,
        way.to
    );
    Ok(total.fetch_one(tx.db()).await?)
}

pub(super) async fn bring_etiquetas(tx: &mut TenantTx, way: Move) -> Result<Vec<Uuid>, Fault> {
    let ids = sqlx::query_scalar!(
        "INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id) SELECT $2::uuid, etiqueta_id FROM empresa_etiqueta WHERE empresa_id = $1
         ON CONFLICT ON CONSTRAINT empresa_etiqueta_pkey DO NOTHING RETURNING etiqueta_id",
        way.from,
        way.to
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

pub(super) async fn give_back_etiquetas(tx: &mut TenantTx, way: Move, ids: &[Uuid]) -> Result<u64, Fault> {
    let done = sqlx::query!("DELETE FROM empresa_etiqueta WHERE empresa_id = $1 AND etiqueta_id = ANY($2)", way.to, ids);
    Ok(done.execute(tx.db()).await?.rows_affected())
}
