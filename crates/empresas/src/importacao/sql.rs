//! All SQL on importações, and the bulk writing of empresas; their rows stand in [`linha`], what an undo says in [`undo`].

pub(super) mod gravar;
pub(super) mod linha;
pub(super) mod undo;

use std::collections::HashSet;

use kernel::{Actor, Cep, Cnpj, Email, Fault, Id, PageRequest, Reais, Telefone, Texto, Uf};
use sheets::read::Inspection;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Counts, Escolha, Importacao, ImportacaoId, Mapping, Mode, Problem, State, Undone};
use crate::empresa::{Cadastro, Cnae, Porte, Responsavel, SegmentoRef, Site, Situacao};

struct Stored {
    id: ImportacaoId,
    file_name: String,
    hash: Vec<u8>,
    bytes: i64,
    state: String,
    inspection: serde_json::Value,
    sheet: i32,
    mapping: serde_json::Value,
    mode: String,
    escolha: String,
    counts: serde_json::Value,
    version: i32,
    actor_id: Option<Uuid>,
    actor_nome: String,
    created_at: chrono::DateTime<chrono::Utc>,
    finished_at: Option<chrono::DateTime<chrono::Utc>>,
    problem: Option<serde_json::Value>,
    kept: bool,
    confirmada_por: Option<Uuid>,
    segmentos: Option<Vec<Uuid>>,
    etiquetas: Option<Vec<Uuid>>,
    undone_at: Option<chrono::DateTime<chrono::Utc>>,
    undone_actor_nome: Option<String>,
    undone_counts: Option<serde_json::Value>,
}

impl TryFrom<Stored> for Importacao {
    type Error = Fault;

    fn try_from(stored: Stored) -> Result<Self, Fault> {
        let broken = || Fault::because("a stored importação is not readable");
        let json = |error: serde_json::Error| Fault::new("a stored importação", error);
        let undone = match (stored.undone_at, stored.undone_actor_nome, stored.undone_counts) {
            (Some(at), Some(actor_nome), Some(counts)) => {
                Some(Undone { at, actor_nome, counts: serde_json::from_value(counts).map_err(json)? })
            }
            _ => None,
        };
        Ok(Self {
            id: stored.id,
            file_name: stored.file_name,
            hash: hex::encode(stored.hash),
            bytes: stored.bytes,
            state: State::from_code(&stored.state).ok_or_else(broken)?,
            inspection: serde_json::from_value(stored.inspection).map_err(json)?,
            sheet: usize::try_from(stored.sheet).map_err(|_| broken())?,
            mapping: serde_json::from_value(stored.mapping).map_err(json)?,
            mode: Mode::from_code(&stored.mode).ok_or_else(broken)?,
            escolha: Escolha::from_code(&stored.escolha).ok_or_else(broken)?,
            counts: serde_json::from_value(stored.counts).map_err(json)?,
            version: stored.version,
            actor_id: stored.actor_id,
            actor_nome: stored.actor_nome,
            created_at: stored.created_at,
            finished_at: stored.finished_at,
            problem: stored.problem.map(serde_json::from_value).transpose().map_err(json)?,
            kept: stored.kept,
            confirmada_por: stored.confirmada_por,
            segmentos: stored.segmentos,
            etiquetas: stored.etiquetas.unwrap_or_default(),
            undone,
        })
    }
}

fn json(value: &impl serde::Serialize) -> Result<serde_json::Value, Fault> {
    serde_json::to_value(value).map_err(|error| Fault::new("an importação as JSON", error))
}

/// What is kept of an upload.
pub(super) struct Upload<'a> {
    pub file_name: &'a str,
    pub hash: &'a [u8],
    pub content: &'a [u8],
    pub inspection: &'a Inspection,
    pub sheet: usize,
    pub mapping: &'a Mapping,
    pub state: State,
}

pub(super) async fn insert(tx: &mut TenantTx, actor: &Actor, upload: &Upload<'_>) -> Result<ImportacaoId, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_id, actor_nome, created_at)
         VALUES ($1, $2, $3, $4, $5, $13, $6, $7, $8, 'criar', $9, $10, $11, $12)",
        id,
        upload.file_name,
        upload.hash,
        i64::try_from(upload.content.len()).unwrap_or(i64::MAX),
        upload.content,
        json(upload.inspection)?,
        i32::try_from(upload.sheet).unwrap_or_default(),
        json(upload.mapping)?,
        json(&Counts::default())?,
        actor.id,
        actor.nome,
        now,
        upload.state.code()
    )
    .execute(tx.db())
    .await?;
    Ok(ImportacaoId::new(id))
}

pub(super) async fn find(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Importacao>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ImportacaoId", file_name, hash, bytes, state, inspection, sheet, mapping, mode, escolha, counts, version,
                  actor_id, actor_nome, created_at, finished_at, problem, content IS NOT NULL AS "kept!", confirmada_por,
                  segmentos, etiquetas, undone_at, undone_actor_nome, undone_counts
           FROM importacao WHERE id = $1"#,
        id.uuid()
    );
    stored.fetch_optional(tx.db()).await?.map(Importacao::try_from).transpose()
}

/// As [`find`]; of two who want to go on with it at once, the second finds what the first made of it.
pub(super) async fn lock(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Importacao>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ImportacaoId", file_name, hash, bytes, state, inspection, sheet, mapping, mode, escolha, counts, version,
                  actor_id, actor_nome, created_at, finished_at, problem, content IS NOT NULL AS "kept!", confirmada_por,
                  segmentos, etiquetas, undone_at, undone_actor_nome, undone_counts
           FROM importacao WHERE id = $1 FOR UPDATE"#,
        id.uuid()
    );
    stored.fetch_optional(tx.db()).await?.map(Importacao::try_from).transpose()
}

/// The log, the latest first.
pub(super) async fn list(tx: &mut TenantTx, page: PageRequest) -> Result<(Vec<Importacao>, i64), Fault> {
    let total = sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM importacao"#).fetch_one(tx.db()).await?;
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ImportacaoId", file_name, hash, bytes, state, inspection, sheet, mapping, mode, escolha, counts, version,
                  actor_id, actor_nome, created_at, finished_at, problem, content IS NOT NULL AS "kept!", confirmada_por,
                  segmentos, etiquetas, undone_at, undone_actor_nome, undone_counts
           FROM importacao ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2"#,
        page.limit(),
        page.offset()
    );
    let stored = stored.fetch_all(tx.db()).await?;
    Ok((stored.into_iter().map(Importacao::try_from).collect::<Result<_, _>>()?, total))
}

pub(super) async fn content(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Vec<u8>>, Fault> {
    Ok(sqlx::query_scalar!("SELECT content FROM importacao WHERE id = $1", id.uuid()).fetch_one(tx.db()).await?)
}

/// What was found in a file that waited for its turn.
pub(super) async fn set_inspected(
    tx: &mut TenantTx,
    id: ImportacaoId,
    inspection: &Inspection,
    sheet: usize,
    mapping: &Mapping,
) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE importacao SET state = 'colunas', inspection = $2, sheet = $3, mapping = $4, version = version + 1 WHERE id = $1",
        id.uuid(),
        json(inspection)?,
        i32::try_from(sheet).unwrap_or_default(),
        json(mapping)?
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It is no spreadsheet: kept in the log with the reason, and without its content. `kept`: it may be one, and is to be tried
/// again.
pub(super) async fn set_unreadable(tx: &mut TenantTx, id: ImportacaoId, problem: &Problem, kept: bool) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE importacao SET state = 'ilegivel', problem = $2, content = CASE WHEN $4 THEN content END, finished_at = $3,
                version = version + 1
         WHERE id = $1",
        id.uuid(),
        json(problem)?,
        now,
        kept
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It waits for its turn once more.
pub(super) async fn set_queued(tx: &mut TenantTx, id: ImportacaoId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE importacao SET state = 'fila', problem = NULL, finished_at = NULL, version = version + 1 WHERE id = $1",
        id.uuid()
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Files that could not be read before `instant`, and that nobody tried again.
pub(super) async fn forget_unread(tx: &mut TenantTx, instant: chrono::DateTime<chrono::Utc>) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE importacao SET content = NULL WHERE state = 'ilegivel' AND content IS NOT NULL AND finished_at < $1",
        instant
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What somebody sent and has not finished, the oldest first: the first of them, and how many there are.
pub(super) async fn unfinished(tx: &mut TenantTx, actor: &Actor) -> Result<Option<(Importacao, i64)>, Fault> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM importacao WHERE actor_id = $1 AND state IN ('fila', 'colunas', 'previa', 'gravando')"#,
        actor.id
    )
    .fetch_one(tx.db())
    .await?;
    let stored = sqlx::query_as!(
        Stored,
        r#"SELECT id AS "id: ImportacaoId", file_name, hash, bytes, state, inspection, sheet, mapping, mode, escolha, counts, version,
                  actor_id, actor_nome, created_at, finished_at, problem, content IS NOT NULL AS "kept!", confirmada_por,
                  segmentos, etiquetas, undone_at, undone_actor_nome, undone_counts
           FROM importacao WHERE actor_id = $1 AND state IN ('fila', 'colunas', 'previa', 'gravando')
           ORDER BY (state IN ('fila', 'gravando')), created_at, id LIMIT 1"#,
        actor.id
    );
    let first = stored.fetch_optional(tx.db()).await?.map(Importacao::try_from).transpose()?;
    Ok(first.map(|first| (first, count)))
}

/// The columns it was judged by and what it is for, with its counts.
pub(super) async fn set_judged(
    tx: &mut TenantTx,
    id: ImportacaoId,
    sheet: usize,
    mapping: &Mapping,
    (mode, escolha): (Mode, Escolha),
    counts: &Counts,
) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE importacao SET state = 'previa', sheet = $2, mapping = $3, mode = $4, escolha = $5, counts = $6, problem = NULL,
                version = version + 1
         WHERE id = $1",
        id.uuid(),
        i32::try_from(sheet).unwrap_or_default(),
        json(mapping)?,
        mode.code(),
        escolha.code(),
        json(counts)?
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Ends it one way or the other; the file is not needed any more. `made` are the segmentos and etiquetas that it made, if it can
/// be undone.
pub(super) async fn finish(
    tx: &mut TenantTx,
    id: ImportacaoId,
    state: State,
    counts: &Counts,
    made: Option<(&[Uuid], &[Uuid])>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE importacao SET state = $2, counts = $3, content = NULL, finished_at = $4, segmentos = $5, etiquetas = $6,
                problem = NULL, version = version + 1
         WHERE id = $1",
        id.uuid(),
        state.code(),
        json(counts)?,
        now,
        made.map(|(segmentos, _)| segmentos),
        made.map(|(_, etiquetas)| etiquetas)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The mapping that files of this shape had last time.
pub(super) async fn remembered(tx: &mut TenantTx, shape: &str) -> Result<Option<Mapping>, Fault> {
    let found =
        sqlx::query_scalar!("SELECT mapping FROM importacao_mapping WHERE key = $1", shape).fetch_optional(tx.db()).await?;
    // One that cannot be read any more is as good as none.
    Ok(found.and_then(|mapping| serde_json::from_value(mapping).ok()))
}

pub(super) async fn remember(tx: &mut TenantTx, shape: &str, mapping: &Mapping) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO importacao_mapping (key, mapping, used_at) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT importacao_mapping_pkey DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at",
        shape,
        json(mapping)?,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Of these CNPJs the ones in the register.
pub(super) async fn registered_of(tx: &mut TenantTx, cnpjs: &[String]) -> Result<HashSet<Cnpj>, Fault> {
    let found = sqlx::query_scalar!("SELECT cnpj FROM empresa WHERE cnpj = ANY($1) AND deleted_at IS NULL", cnpjs);
    Ok(found.fetch_all(tx.db()).await?.iter().filter_map(|cnpj| cnpj.parse().ok()).collect())
}

/// The CNPJs that are not in the lixeira.
pub(super) async fn registered(tx: &mut TenantTx) -> Result<HashSet<Cnpj>, Fault> {
    let cnpjs = sqlx::query_scalar!("SELECT cnpj FROM empresa WHERE deleted_at IS NULL").fetch_all(tx.db()).await?;
    Ok(cnpjs.iter().filter_map(|cnpj| cnpj.parse().ok()).collect())
}

/// Nobody else writes or locks an empresa before this transaction ends: what the rows were judged by stays true until they are
/// in, and nobody who has locked some of them waits for this while this waits for those.
pub(super) async fn hold_register(tx: &mut TenantTx) -> Result<(), Fault> {
    sqlx::query!("LOCK TABLE empresa IN EXCLUSIVE MODE").execute(tx.db()).await?;
    Ok(())
}

pub(super) const COPY: &str = "COPY empresa (id, cnpj, nome, nome_fantasia, inscricao_estadual, cnae, segmento_id, porte, situacao, email, \
    telefone, site, cep, logradouro, numero, complemento, bairro, municipio_id, cidade, uf, contato_nome, contato_cargo, responsavel_id, \
    responsavel_nome, data_fundacao, faturamento, funcionarios, observacoes, data_cadastro, importacao_id, created_at, updated_at) FROM STDIN";

/// Fills the register's rows from a spreadsheet: what a cell leaves open stays as it is. What they said before is kept for an
/// undo. Answers how many there were.
pub(super) async fn update(tx: &mut TenantTx, id: ImportacaoId, cadastros: &[Cadastro]) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let mut updated = 0;
    for some in cadastros.chunks(1_000) {
        let cnpjs: Vec<String> = some.iter().map(|c| c.cnpj.as_str().to_owned()).collect();
        undo::note(tx, id, &cnpjs).await?;
        let texts = |text: fn(&Cadastro) -> Option<&str>| -> Vec<Option<String>> {
            some.iter().map(|c| text(c).map(str::to_owned)).collect()
        };
        let done = sqlx::query!(
            "UPDATE empresa e
             SET nome = n.nome, nome_fantasia = coalesce(n.nome_fantasia, e.nome_fantasia),
                 inscricao_estadual = coalesce(n.inscricao_estadual, e.inscricao_estadual), cnae = coalesce(n.cnae, e.cnae),
                 segmento_id = coalesce(n.segmento_id, e.segmento_id), porte = coalesce(n.porte, e.porte),
                 situacao = coalesce(n.situacao, e.situacao), email = coalesce(n.email, e.email),
                 telefone = coalesce(n.telefone, e.telefone), site = coalesce(n.site, e.site), cep = coalesce(n.cep, e.cep),
                 logradouro = coalesce(n.logradouro, e.logradouro), numero = coalesce(n.numero, e.numero),
                 complemento = coalesce(n.complemento, e.complemento), bairro = coalesce(n.bairro, e.bairro),
                 municipio_id = CASE WHEN n.uf IS NULL THEN e.municipio_id ELSE n.municipio_id END,
                 cidade = CASE WHEN n.uf IS NULL THEN e.cidade ELSE n.cidade END, uf = coalesce(n.uf, e.uf),
                 contato_nome = coalesce(n.contato_nome, e.contato_nome), contato_cargo = coalesce(n.contato_cargo, e.contato_cargo),
                 responsavel_id = coalesce(n.responsavel_id, e.responsavel_id),
                 responsavel_nome = CASE WHEN n.responsavel_id IS NOT NULL THEN NULL ELSE coalesce(n.responsavel_nome, e.responsavel_nome) END,
                 data_fundacao = coalesce(n.data_fundacao, e.data_fundacao), faturamento = coalesce(n.faturamento, e.faturamento),
                 funcionarios = coalesce(n.funcionarios, e.funcionarios), observacoes = coalesce(n.observacoes, e.observacoes),
                 version = e.version + 1, updated_at = $27
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[],
                         $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::integer[], $17::text[],
                         $18::text[], $19::text[], $20::text[], $21::uuid[], $22::text[], $23::date[], $24::numeric[], $25::integer[],
                         $26::text[], $28::text[])
                  AS n (cnpj, nome, nome_fantasia, inscricao_estadual, cnae, segmento_id, porte, situacao, email, telefone, site, cep,
                        logradouro, numero, bairro, municipio_id, cidade, uf, contato_nome, contato_cargo, responsavel_id,
                        responsavel_nome, data_fundacao, faturamento, funcionarios, observacoes, complemento)
             WHERE e.cnpj = n.cnpj AND e.deleted_at IS NULL",
            &cnpjs,
            &some.iter().map(|c| c.nome.to_string()).collect::<Vec<_>>(),
            &texts(|c| c.nome_fantasia.as_ref().map(Texto::as_str)) as &[Option<String>],
            &texts(|c| c.inscricao_estadual.as_ref().map(Texto::as_str)) as &[Option<String>],
            &texts(|c| c.cnae.as_ref().map(Cnae::as_str)) as &[Option<String>],
            &some.iter().map(|c| c.segmento.as_ref().and_then(SegmentoRef::id).map(Id::uuid)).collect::<Vec<_>>() as &[Option<Uuid>],
            &texts(|c| c.porte.map(Porte::code)) as &[Option<String>],
            &texts(|c| c.situacao.map(Situacao::code)) as &[Option<String>],
            &texts(|c| c.email.as_ref().map(Email::as_str)) as &[Option<String>],
            &texts(|c| c.telefone.as_ref().map(Telefone::as_str)) as &[Option<String>],
            &texts(|c| c.site.as_ref().map(Site::as_str)) as &[Option<String>],
            &texts(|c| c.cep.as_ref().map(Cep::as_str)) as &[Option<String>],
            &texts(|c| c.logradouro.as_ref().map(Texto::as_str)) as &[Option<String>],
            &texts(|c| c.numero.as_ref().map(Texto::as_str)) as &[Option<String>],
            &texts(|c| c.bairro.as_ref().map(Texto::as_str)) as &[Option<String>],
            &some.iter().map(|c| c.municipio.as_ref().map(|v| v.codigo)).collect::<Vec<_>>() as &[Option<i32>],
            &texts(|c| c.municipio.as_ref().map(|v| v.nome.as_ref())) as &[Option<String>],
            &texts(|c| c.uf.map(Uf::as_str)) as &[Option<String>],
            &texts(|c| c.contato_nome.as_ref().map(Texto::as_str)) as &[Option<String>],
            &texts(|c| c.contato_cargo.as_ref().map(Texto::as_str)) as &[Option<String>],
            &some.iter().map(|c| c.responsavel.as_ref().and_then(Responsavel::id)).collect::<Vec<_>>() as &[Option<Uuid>],
            &texts(|c| c.responsavel.as_ref().filter(|v| v.id().is_none()).map(Responsavel::nome)) as &[Option<String>],
            &some.iter().map(|c| c.data_fundacao).collect::<Vec<_>>() as &[Option<chrono::NaiveDate>],
            &some.iter().map(|c| c.faturamento.map(Reais::decimal)).collect::<Vec<_>>() as &[Option<rust_decimal::Decimal>],
            &some.iter().map(|c| c.funcionarios).collect::<Vec<_>>() as &[Option<i32>],
            &texts(|c| c.observacoes.as_ref().map(Texto::as_str)) as &[Option<String>],
            now,
            &texts(|c| c.complemento.as_ref().map(Texto::as_str)) as &[Option<String>]
        )
        .execute(tx.db())
        .await?;
        updated += done.rows_affected();
    }
    Ok(updated)
}
