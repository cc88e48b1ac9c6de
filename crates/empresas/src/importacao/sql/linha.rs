//! The rows of a file that is looked at: all of them, as they were read, until it is imported.

use std::collections::HashMap;

use kernel::{Cnpj, Fault, PageRequest};
use sheets::read::{Raw, Row};
use tenancy::TenantTx;
use uuid::Uuid;

use super::json;
use crate::{
    empresa::{Empresa, sql::empresas},
    importacao::{
        Counts, Escolha, Importacao, ImportacaoId, Mode,
        linha::{Edits, Kept, Linha},
    },
};

pub(in crate::importacao) const COPY: &str = "COPY importacao_linha (importacao_id, number, situacao, problems, cells, raw, edits, escolha, \
    preferida, cnpj, segmento, etiquetas) FROM STDIN";

struct Stored {
    number: i32,
    situacao: String,
    problems: serde_json::Value,
    cells: serde_json::Value,
    raw: Option<Vec<u8>>,
    edits: Option<serde_json::Value>,
    escolha: Option<String>,
    preferida: bool,
    cnpj: Option<String>,
    segmento: Option<String>,
    etiquetas: Option<serde_json::Value>,
    outcome: Option<String>,
    version: i32,
}

fn edits(stored: Option<serde_json::Value>) -> Result<Edits, Fault> {
    let broken = |error: serde_json::Error| Fault::new("stored corrections of an importação", error);
    Ok(stored.map(serde_json::from_value).transpose().map_err(broken)?.unwrap_or_default())
}

fn names(stored: Option<serde_json::Value>) -> Result<Vec<String>, Fault> {
    let broken = |error: serde_json::Error| Fault::new("stored etiquetas of an importação", error);
    Ok(stored.map(serde_json::from_value).transpose().map_err(broken)?.unwrap_or_default())
}

fn cnpj(stored: Option<&str>) -> Option<Cnpj> {
    stored.and_then(|cnpj| cnpj.parse().ok())
}

impl TryFrom<Stored> for Linha {
    type Error = Fault;

    fn try_from(stored: Stored) -> Result<Self, Fault> {
        let broken = || Fault::because("a stored row of an importação is not readable");
        Ok(Self {
            number: u32::try_from(stored.number).map_err(|_| broken())?,
            situacao: stored.situacao,
            problems: serde_json::from_value(stored.problems).map_err(|error| Fault::new("a stored row", error))?,
            raw: match stored.raw {
                Some(bytes) => Row::from_bytes(&bytes).ok_or_else(broken)?,
                None => before(&stored.cells),
            },
            edits: edits(stored.edits)?,
            escolha: stored.escolha.as_deref().and_then(Escolha::from_code),
            preferida: stored.preferida,
            cnpj: cnpj(stored.cnpj.as_deref()),
            segmento: stored.segmento,
            etiquetas: names(stored.etiquetas)?,
            outcome: stored.outcome,
            version: stored.version,
        })
    }
}

/// A row from before rows were kept whole, as it was shown: it is seen in the log only.
fn before(cells: &serde_json::Value) -> Row {
    let mut row = Row::default();
    for (column, cell) in cells.as_array().into_iter().flatten().enumerate() {
        row.set(column, cell.as_str().map_or(Raw::Empty, Raw::Text));
    }
    row
}

fn linhas(stored: Vec<Stored>) -> Result<Vec<Linha>, Fault> {
    stored.into_iter().map(Linha::try_from).collect()
}

pub(in crate::importacao) async fn clear(tx: &mut TenantTx, id: ImportacaoId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM importacao_linha WHERE importacao_id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// What people said about rows so far.
pub(in crate::importacao) async fn kept(tx: &mut TenantTx, id: ImportacaoId) -> Result<HashMap<u32, Kept>, Fault> {
    let rows = sqlx::query!(
        "SELECT number, edits, escolha, preferida, cnpj FROM importacao_linha
         WHERE importacao_id = $1 AND (edits IS NOT NULL OR escolha IS NOT NULL OR preferida)",
        id.uuid()
    );
    let kept = rows.fetch_all(tx.db()).await?.into_iter().map(|row| {
        let kept = Kept {
            edits: edits(row.edits)?,
            escolha: row.escolha.as_deref().and_then(Escolha::from_code),
            preferida: row.preferida,
            cnpj: cnpj(row.cnpj.as_deref()),
        };
        Ok((u32::try_from(row.number).unwrap_or_default(), kept))
    });
    kept.collect()
}

/// Which rows a page of the preview shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::importacao) enum Shown<'a> {
    All,
    /// Of one verdict.
    Situacao(&'a str),
    /// Something is to be said about them, or was said.
    Problemas,
    Corrigidas,
    /// Not written, when the file is imported.
    Fora,
}

/// Rows in the order of the file; and how many there are.
pub(in crate::importacao) async fn page(
    tx: &mut TenantTx,
    id: ImportacaoId,
    shown: Shown<'_>,
    page: PageRequest,
) -> Result<(Vec<Linha>, i64), Fault> {
    let situacao = if let Shown::Situacao(situacao) = shown { Some(situacao) } else { None };
    let (problems, edited, out) = (shown == Shown::Problemas, shown == Shown::Corrigidas, shown == Shown::Fora);
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM importacao_linha
           WHERE importacao_id = $1 AND ($2::text IS NULL OR situacao = $2) AND (NOT $3 OR problems <> '[]')
             AND (NOT $4 OR edits IS NOT NULL) AND (NOT $5 OR outcome IS NULL)"#,
        id.uuid(),
        situacao,
        problems,
        edited,
        out
    )
    .fetch_one(tx.db())
    .await?;
    let stored = sqlx::query_as!(
        Stored,
        "SELECT number, situacao, problems, cells, raw, edits, escolha, preferida, cnpj, segmento, etiquetas, outcome, version
         FROM importacao_linha
         WHERE importacao_id = $1 AND ($2::text IS NULL OR situacao = $2) AND (NOT $3 OR problems <> '[]')
           AND (NOT $4 OR edits IS NOT NULL) AND (NOT $5 OR outcome IS NULL)
         ORDER BY number LIMIT $6 OFFSET $7",
        id.uuid(),
        situacao,
        problems,
        edited,
        out,
        page.limit(),
        page.offset()
    );
    Ok((linhas(stored.fetch_all(tx.db()).await?)?, total))
}

/// The numbers of the rows before and after one, among those that are shown.
pub(in crate::importacao) async fn around(
    tx: &mut TenantTx,
    id: ImportacaoId,
    shown: Shown<'_>,
    number: u32,
) -> Result<(Option<u32>, Option<u32>), Fault> {
    let situacao = if let Shown::Situacao(situacao) = shown { Some(situacao) } else { None };
    let (problems, edited, out) = (shown == Shown::Problemas, shown == Shown::Corrigidas, shown == Shown::Fora);
    let row = sqlx::query!(
        r#"SELECT (SELECT l.number FROM importacao_linha l
                   WHERE l.importacao_id = $1 AND l.number < $6 AND ($2::text IS NULL OR l.situacao = $2) AND (NOT $3 OR l.problems <> '[]')
                     AND (NOT $4 OR l.edits IS NOT NULL) AND (NOT $5 OR l.outcome IS NULL)
                   ORDER BY l.number DESC LIMIT 1) AS before,
                  (SELECT l.number FROM importacao_linha l
                   WHERE l.importacao_id = $1 AND l.number > $6 AND ($2::text IS NULL OR l.situacao = $2) AND (NOT $3 OR l.problems <> '[]')
                     AND (NOT $4 OR l.edits IS NOT NULL) AND (NOT $5 OR l.outcome IS NULL)
                   ORDER BY l.number LIMIT 1) AS after"#,
        id.uuid(),
        situacao,
        problems,
        edited,
        out,
        i32::try_from(number).unwrap_or(i32::MAX)
    )
    .fetch_one(tx.db())
    .await?;
    let number = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
    Ok((number(row.before), number(row.after)))
}

pub(in crate::importacao) async fn find(tx: &mut TenantTx, id: ImportacaoId, number: u32) -> Result<Option<Linha>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        "SELECT number, situacao, problems, cells, raw, edits, escolha, preferida, cnpj, segmento, etiquetas, outcome, version
         FROM importacao_linha
         WHERE importacao_id = $1 AND number = $2",
        id.uuid(),
        i32::try_from(number).unwrap_or(i32::MAX)
    );
    stored.fetch_optional(tx.db()).await?.map(Linha::try_from).transpose()
}

/// The rows of these CNPJs in the order of the file.
pub(in crate::importacao) async fn of_cnpjs(tx: &mut TenantTx, id: ImportacaoId, cnpjs: &[String]) -> Result<Vec<Linha>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        "SELECT number, situacao, problems, cells, raw, edits, escolha, preferida, cnpj, segmento, etiquetas, outcome, version
         FROM importacao_linha
         WHERE importacao_id = $1 AND cnpj = ANY($2) ORDER BY number",
        id.uuid(),
        cnpjs
    );
    linhas(stored.fetch_all(tx.db()).await?)
}

/// Rows that a confirmation may write, after the one of this number.
pub(in crate::importacao) async fn good_after(
    tx: &mut TenantTx,
    id: ImportacaoId,
    number: u32,
    limit: i64,
) -> Result<Vec<Linha>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        "SELECT number, situacao, problems, cells, raw, edits, escolha, preferida, cnpj, segmento, etiquetas, outcome, version
         FROM importacao_linha
         WHERE importacao_id = $1 AND number > $2 AND situacao IN ('nova', 'existente') ORDER BY number LIMIT $3",
        id.uuid(),
        i32::try_from(number).unwrap_or(i32::MAX),
        limit
    );
    linhas(stored.fetch_all(tx.db()).await?)
}

/// Rows that were not written or would not be, after the one of this number.
pub(in crate::importacao) async fn out_after(
    tx: &mut TenantTx,
    importacao: &Importacao,
    number: u32,
    limit: i64,
) -> Result<Vec<Linha>, Fault> {
    let stored = sqlx::query_as!(
        Stored,
        "SELECT number, situacao, problems, cells, raw, edits, escolha, preferida, cnpj, segmento, etiquetas, outcome, version
         FROM importacao_linha
         WHERE importacao_id = $1 AND number > $2 AND outcome IS NULL
           AND ($3 OR situacao IN ('recusada', 'repetida')) ORDER BY number LIMIT $4",
        importacao.id.uuid(),
        i32::try_from(number).unwrap_or(i32::MAX),
        importacao.finished_at.is_some(),
        limit
    );
    linhas(stored.fetch_all(tx.db()).await?)
}

/// Stores rows that changed.
pub(in crate::importacao) async fn save(tx: &mut TenantTx, id: ImportacaoId, linhas: &[Linha]) -> Result<(), Fault> {
    let escolhas: Vec<Option<&str>> = linhas.iter().map(|linha| linha.escolha.map(Escolha::code)).collect();
    let cnpjs: Vec<Option<String>> = linhas.iter().map(|linha| linha.cnpj.map(|cnpj| cnpj.as_str().to_owned())).collect();
    let problems = linhas.iter().map(|linha| json(&linha.problems)).collect::<Result<Vec<_>, _>>()?;
    let edits = linhas
        .iter()
        .map(|linha| if linha.edits.is_empty() { Ok(None) } else { json(&linha.edits).map(Some) })
        .collect::<Result<Vec<_>, _>>()?;
    let etiquetas = linhas
        .iter()
        .map(|linha| if linha.etiquetas.is_empty() { Ok(None) } else { json(&linha.etiquetas).map(Some) })
        .collect::<Result<Vec<_>, _>>()?;
    if linhas.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE importacao_linha l
         SET situacao = n.situacao, problems = n.problems, edits = n.edits, escolha = n.escolha, preferida = n.preferida,
             cnpj = n.cnpj, segmento = n.segmento, etiquetas = n.etiquetas, outcome = n.outcome, version = l.version + 1
         FROM unnest($2::integer[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[], $7::boolean[], $8::text[], $9::text[], $10::text[],
                     $11::jsonb[])
              AS n (number, situacao, problems, edits, escolha, preferida, cnpj, segmento, outcome, etiquetas)
         WHERE l.importacao_id = $1 AND l.number = n.number",
        id.uuid(),
        &linhas.iter().map(|linha| i32::try_from(linha.number).unwrap_or(i32::MAX)).collect::<Vec<_>>(),
        &linhas.iter().map(|linha| linha.situacao.clone()).collect::<Vec<_>>(),
        &problems,
        &edits as &[Option<serde_json::Value>],
        &escolhas as &[Option<&str>],
        &linhas.iter().map(|linha| linha.preferida).collect::<Vec<_>>(),
        &cnpjs as &[Option<String>],
        &linhas.iter().map(|linha| linha.segmento.clone()).collect::<Vec<_>>() as &[Option<String>],
        &linhas.iter().map(|linha| linha.outcome.clone()).collect::<Vec<_>>() as &[Option<String>],
        &etiquetas as &[Option<serde_json::Value>]
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Rows that are in the register and of which nothing is to be said need not be kept.
pub(in crate::importacao) async fn forget(tx: &mut TenantTx, id: ImportacaoId, numbers: &[i32]) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM importacao_linha WHERE importacao_id = $1 AND number = ANY($2)", id.uuid(), numbers)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// How the rows stand, with what a confirmation would do by `mode` and `escolha`.
pub(in crate::importacao) async fn tally(
    tx: &mut TenantTx,
    id: ImportacaoId,
    mode: Mode,
    escolha: Escolha,
) -> Result<Counts, Fault> {
    let row = sqlx::query!(
        r#"WITH linha AS (
               SELECT situacao, problems <> '[]' AS troubled, edits IS NOT NULL AS edited, segmento, etiquetas,
                      CASE situacao WHEN 'nova' THEN $2 AND escolha IS DISTINCT FROM 'pular'
                                    WHEN 'existente' THEN coalesce(escolha, $3) <> 'pular' ELSE false END AS counts
               FROM importacao_linha WHERE importacao_id = $1
           )
           SELECT count(*) AS "rows!", count(*) FILTER (WHERE situacao = 'nova') AS "novas!",
                  count(*) FILTER (WHERE situacao = 'existente') AS "existentes!",
                  count(*) FILTER (WHERE situacao = 'repetida') AS "repetidas!",
                  count(*) FILTER (WHERE situacao = 'recusada') AS "recusadas!",
                  count(*) FILTER (WHERE troubled AND situacao IN ('nova', 'existente')) AS "warnings!",
                  count(*) FILTER (WHERE edited) AS "corrigidas!",
                  count(*) FILTER (WHERE counts AND situacao = 'nova') AS "to_create!",
                  count(*) FILTER (WHERE counts AND situacao = 'existente') AS "to_update!",
                  array_agg(DISTINCT segmento) FILTER (WHERE counts AND segmento IS NOT NULL) AS segmentos,
                  (SELECT array_agg(DISTINCT x.nome) FROM linha t CROSS JOIN LATERAL jsonb_array_elements_text(t.etiquetas) AS x (nome)
                   WHERE t.counts AND t.etiquetas IS NOT NULL) AS etiquetas
           FROM linha"#,
        id.uuid(),
        mode.creates(),
        escolha.code()
    )
    .fetch_one(tx.db())
    .await?;
    let count = |n: i64| u64::try_from(n).unwrap_or_default();
    let segmentos = distinct(row.segmentos);
    Ok(Counts {
        rows: count(row.rows),
        novas: count(row.novas),
        existentes: count(row.existentes),
        repetidas: count(row.repetidas),
        recusadas: count(row.recusadas),
        warnings: count(row.warnings),
        corrigidas: count(row.corrigidas),
        to_create: count(row.to_create),
        to_update: count(row.to_update),
        segmentos,
        etiquetas: distinct(row.etiquetas),
        ..Counts::default()
    })
}

/// Each name once, whatever the case and the accents.
fn distinct(nomes: Option<Vec<String>>) -> Vec<String> {
    let mut folded = std::collections::HashSet::new();
    nomes.unwrap_or_default().into_iter().filter(|nome| folded.insert(kernel::fold(nome))).collect()
}

/// Whole records of these CNPJs, the lixeira left out.
pub(in crate::importacao) async fn empresas_of(tx: &mut TenantTx, cnpjs: &[String]) -> Result<HashMap<Cnpj, Empresa>, Fault> {
    let found = empresas!("WHERE e.cnpj = ANY($1) AND e.deleted_at IS NULL ", "ORDER BY e.id", cnpjs);
    let found: Vec<Empresa> = found.fetch_all(tx.db()).await?.into_iter().map(Empresa::try_from).collect::<Result<_, _>>()?;
    Ok(found.into_iter().map(|empresa| (empresa.cadastro.cnpj, empresa)).collect())
}

/// Something that somebody set right or decided in a preview.
#[derive(Debug)]
pub(in crate::importacao) struct Ajuste {
    pub at: chrono::DateTime<chrono::Utc>,
    pub actor_nome: String,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// What people set right and decided, the latest first.
pub(in crate::importacao) async fn ajustes(tx: &mut TenantTx, id: ImportacaoId, limit: i64) -> Result<Vec<Ajuste>, Fault> {
    let found = sqlx::query_as!(
        Ajuste,
        "SELECT at, actor_nome, before, after FROM auditoria
         WHERE entity = 'importacao' AND entity_id = $1 AND action = 'importacao.ajustada' ORDER BY at DESC, id DESC LIMIT $2",
        id.uuid(),
        limit
    );
    Ok(found.fetch_all(tx.db()).await?)
}

fn text(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::new("an importação as JSON", error))
}

/// A row as a line of [`COPY`]; its problems and corrections as JSON.
pub(in crate::importacao) fn fields(id: Uuid, linha: &Linha) -> Result<[Option<String>; 12], Fault> {
    Ok([
        Some(id.to_string()),
        Some(linha.number.to_string()),
        Some(linha.situacao.clone()),
        if linha.problems.is_empty() { Some("[]".to_owned()) } else { Some(text(&linha.problems)?) },
        // Read by releases that kept no row whole.
        Some("[]".to_owned()),
        Some(format!("\\x{}", hex::encode(linha.raw.to_bytes()))),
        if linha.edits.is_empty() { None } else { Some(text(&linha.edits)?) },
        linha.escolha.map(|escolha| escolha.code().to_owned()),
        Some(linha.preferida.to_string()),
        linha.cnpj.map(|cnpj| cnpj.as_str().to_owned()),
        linha.segmento.clone(),
        if linha.etiquetas.is_empty() { None } else { Some(text(&linha.etiquetas)?) },
    ])
}
