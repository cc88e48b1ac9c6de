use kernel::Fault;
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::titular::{Alvo, Efeito, TARJA, Titular};

use super::CONTATO;
use crate::empresa::lista::escape;

struct Row {
    id: Uuid,
    nome: String,
    email: Option<String>,
    telefone: Option<String>,
    empresa: String,
}

impl From<Row> for Titular {
    fn from(row: Row) -> Self {
        Self { kind: CONTATO, id: row.id, nome: row.nome, email: row.email, telefone: row.telefone, sub: row.empresa }
    }
}

/// Anywhere in a text.
fn like(text: &str) -> String {
    format!("%{}%", escape(text))
}

/// Contatos by nome, e-mail or telefone, those in the lixeira as well.
pub(super) async fn find(tx: &mut TenantTx, text: &str, limit: i64) -> Result<Vec<Titular>, Fault> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = if digits.len() < 6 { None } else { Some(like(&digits)) };
    let rows = sqlx::query_as!(
        Row,
        "SELECT c.id, c.nome, c.email, c.telefone, e.nome AS empresa
         FROM contato c JOIN empresa e ON e.id = c.empresa_id
         WHERE ext.sem_acento(c.nome) LIKE $1 OR lower(c.email) LIKE $1 OR c.telefone LIKE $2
         ORDER BY ext.sem_acento(c.nome), c.id LIMIT $3",
        like(&kernel::fold(text)),
        digits,
        limit
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Titular::from).collect())
}

pub(super) async fn get(ground: &mut Ground<'_>, id: Uuid) -> Result<Option<Titular>, Fault> {
    let row = sqlx::query_as!(
        Row,
        "SELECT c.id, c.nome, c.email, c.telefone, e.nome AS empresa
         FROM contato c JOIN empresa e ON e.id = c.empresa_id WHERE c.id = $1",
        id
    )
    .fetch_optional(ground.db())
    .await?;
    Ok(row.map(Titular::from))
}

/// The contato itself, and the same person at another empresa: of the same name with the same e-mail or telefone.
pub(super) async fn contatos(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('empresa', e.nome, 'nome', c.nome, 'cargo', c.cargo, 'papel', c.papel, 'email', c.email,
                      'telefone', c.telefone, 'observacoes', c.observacoes, 'created_at', c.created_at, 'deleted_at', c.deleted_at)) AS "row!"
           FROM contato c JOIN empresa e ON e.id = c.empresa_id
           WHERE c.id = $1 OR ext.sem_acento(c.nome) = $2 AND (lower(c.email) = lower($3) OR c.telefone = $4)
           ORDER BY e.nome, c.id"#,
        alvo.titular.id,
        alvo.nome(),
        alvo.titular.email,
        alvo.titular.telefone
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn empresas(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('empresa', nome, 'cnpj', cnpj, 'contato_nome', contato_nome,
                      'contato_cargo', contato_cargo, 'email', email, 'telefone', telefone, 'responsavel_nome', responsavel_nome,
                      'observacoes', observacoes)) AS "row!"
           FROM empresa
           WHERE contato_nome ~* $1 OR email ~* $1 OR telefone ~* $1 OR responsavel_nome ~* $1 OR observacoes ~* $1
              OR contato_cargo ~* $1 OR nome ~* $1 OR nome_fantasia ~* $1 OR responsavel_id = $2
              OR ext.sem_acento(contato_nome) = $3 AND id IN (SELECT empresa_id FROM contato WHERE id = $2)
           ORDER BY ordem, id"#,
        alvo.pattern,
        alvo.titular.id,
        alvo.nome()
    )
    .fetch_all(ground.db())
    .await?)
}

/// The contatos of the person, and where an empresa names them as the one to call. What stays of the empresa is its own.
pub(super) async fn erase_empresas(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let now = ground.now();
    // The telephone and the e-mail of an empresa are its own unless the one whom one calls there is this person.
    let empresas = sqlx::query!(
        "UPDATE empresa SET contato_nome = NULL, contato_cargo = NULL,
                email = CASE WHEN lower(email) = lower($3) THEN NULL ELSE email END,
                telefone = CASE WHEN telefone = $4 THEN NULL ELSE telefone END,
                updated_at = $5, version = version + 1
         WHERE contato_nome ~* $6
            OR ext.sem_acento(contato_nome) = $2
               AND (lower(email) = lower($3) OR telefone = $4 OR id IN (SELECT empresa_id FROM contato WHERE id = $1))",
        alvo.titular.id,
        alvo.nome(),
        alvo.titular.email,
        alvo.titular.telefone,
        now,
        alvo.pattern
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let contatos = sqlx::query!(
        "DELETE FROM contato
         WHERE id = $1 OR ext.sem_acento(nome) = $2 AND (lower(email) = lower($3) OR telefone = $4)",
        alvo.titular.id,
        alvo.nome(),
        alvo.titular.email,
        alvo.titular.telefone
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    Ok(Efeito::apagados(contatos) + Efeito::anonimizados(empresas))
}

/// Where texts of the register, or what it remembers of itself, name the person.
pub(super) async fn erase_texts(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let (id, now) = (alvo.titular.id, ground.now());
    let empresas = sqlx::query!(
        "UPDATE empresa SET observacoes = regexp_replace(observacoes, $1, $2, 'gi'),
                contato_cargo = regexp_replace(contato_cargo, $1, $2, 'gi'),
                responsavel_nome = CASE WHEN responsavel_id = $3 OR responsavel_nome ~* $1 THEN NULL ELSE responsavel_nome END,
                updated_at = $4, version = version + 1
         WHERE observacoes ~* $1 OR contato_cargo ~* $1 OR responsavel_nome ~* $1 OR responsavel_id = $3 AND responsavel_nome IS NOT NULL",
        alvo.pattern,
        TARJA,
        id,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let contatos = sqlx::query!(
        "UPDATE contato SET observacoes = regexp_replace(observacoes, $1, $2, 'gi'), cargo = regexp_replace(cargo, $1, $2, 'gi'),
                updated_at = $3, version = version + 1
         WHERE observacoes ~* $1 OR cargo ~* $1",
        alvo.pattern,
        TARJA,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let mesclas = sqlx::query!(
        "UPDATE empresa_mescla SET before = regexp_replace(before::text, $1, $2, 'gi')::jsonb,
                after = regexp_replace(after::text, $1, $2, 'gi')::jsonb, kept = regexp_replace(kept::text, $1, $2, 'gi')::jsonb,
                actor_nome = CASE WHEN actor_id = $3 THEN $2 ELSE regexp_replace(actor_nome, $1, $2, 'gi') END,
                undone_actor_nome = CASE WHEN undone_actor_id = $3 THEN $2 ELSE regexp_replace(undone_actor_nome, $1, $2, 'gi') END
         WHERE before::text ~* $1 OR after::text ~* $1 OR kept::text ~* $1 OR actor_nome ~* $1 OR undone_actor_nome ~* $1
            OR actor_id = $3 AND actor_nome <> $2 OR undone_actor_id = $3 AND undone_actor_nome <> $2",
        alvo.pattern,
        TARJA,
        id
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let dismissed = sqlx::query!(
        "UPDATE empresa_par_dispensado SET actor_nome = $2
         WHERE (actor_id = $3 OR actor_nome ~* $1) AND actor_nome <> $2",
        alvo.pattern,
        TARJA,
        id
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let lotes = sqlx::query!(
        "UPDATE empresa_lote_linha SET responsavel_nome = NULL
         WHERE responsavel_nome IS NOT NULL AND (responsavel_id = $2 OR responsavel_nome ~* $1)",
        alvo.pattern,
        id
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let asked = queries(ground, alvo).await?;
    Ok(Efeito::anonimizados(empresas + contatos + mesclas + dismissed + lotes + asked))
}

/// What somebody searched for.
async fn queries(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<u64, Fault> {
    let lotes =
        sqlx::query!("UPDATE empresa_lote SET consulta = '' WHERE consulta ~* $1", alvo.pattern).execute(ground.db()).await?;
    let asked =
        sqlx::query!("UPDATE reconsulta SET consulta = '' WHERE consulta ~* $1", alvo.pattern).execute(ground.db()).await?;
    Ok(lotes.rows_affected() + asked.rows_affected())
}

pub(super) async fn planilhas(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('arquivo', i.file_name, 'created_at', i.created_at, 'linha', l.number, 'valores', l.cells) AS "row!"
           FROM importacao_linha l JOIN importacao i ON i.id = l.importacao_id
           WHERE l.cells::text ~* $1 OR l.edits::text ~* $1
           ORDER BY i.created_at, l.number"#,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase_planilhas(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let (id, now) = (alvo.titular.id, ground.now());
    // Nobody can look into a spreadsheet that was not read to its end; one that is being written is done in a moment.
    let unread = sqlx::query!(
        "UPDATE importacao SET state = CASE WHEN state IN ('concluida', 'descartada', 'desfeita') THEN state ELSE 'descartada' END,
                content = NULL, finished_at = coalesce(finished_at, $1), version = version + 1
         WHERE content IS NOT NULL AND state <> 'gravando'",
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let given_up = sqlx::query!(
        "DELETE FROM importacao_linha l USING importacao i
         WHERE i.id = l.importacao_id AND i.state = 'descartada'"
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let lines = sqlx::query!(
        "UPDATE importacao_linha SET cells = regexp_replace(cells::text, $1, $2, 'gi')::jsonb,
                edits = regexp_replace(edits::text, $1, $2, 'gi')::jsonb,
                problems = regexp_replace(problems::text, $1, $2, 'gi')::jsonb, raw = NULL
         WHERE cells::text ~* $1 OR edits::text ~* $1 OR problems::text ~* $1",
        alvo.pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let changes = sqlx::query!(
        "UPDATE importacao_mudanca SET before = regexp_replace(before::text, $1, $2, 'gi')::jsonb WHERE before::text ~* $1",
        alvo.pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let imports = sqlx::query!(
        "UPDATE importacao SET inspection = regexp_replace(inspection::text, $1, $2, 'gi')::jsonb,
                problem = regexp_replace(problem::text, $1, $2, 'gi')::jsonb, file_name = regexp_replace(file_name, $1, $2, 'gi'),
                actor_nome = CASE WHEN actor_id = $3 THEN $2 ELSE regexp_replace(actor_nome, $1, $2, 'gi') END,
                undone_actor_nome = CASE WHEN undone_actor_id = $3 THEN $2 ELSE regexp_replace(undone_actor_nome, $1, $2, 'gi') END
         WHERE inspection::text ~* $1 OR problem::text ~* $1 OR file_name ~* $1 OR actor_nome ~* $1 OR undone_actor_nome ~* $1
            OR actor_id = $3 AND actor_nome <> $2 OR undone_actor_id = $3 AND undone_actor_nome <> $2",
        alvo.pattern,
        TARJA,
        id
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let exports = sqlx::query!(
        "UPDATE exportacao SET state = CASE WHEN state = 'pronta' THEN 'expirada' WHEN state IN ('fila', 'gerando') THEN 'cancelada' ELSE state END,
                consulta = CASE WHEN consulta ~* $1 OR usuario_id = $2 THEN '' ELSE consulta END, finished_at = coalesce(finished_at, $3)
         WHERE state IN ('pronta', 'fila', 'gerando') OR consulta ~* $1 OR usuario_id = $2 AND consulta <> ''",
        alvo.pattern,
        id,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    Ok(Efeito::apagados(unread + given_up + exports) + Efeito::anonimizados(lines + changes + imports))
}

pub(super) async fn documentos(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('documento', d.nome, 'pasta', d.pasta, 'versao', v.number, 'enviado_por', v.actor_nome,
                                                       'created_at', v.created_at)) AS "row!"
           FROM documento d JOIN documento_versao v ON v.documento_id = d.id
           WHERE v.actor_id = $2 OR d.nome ~* $1 OR d.pasta ~* $1 OR v.nome ~* $1 OR v.actor_nome ~* $1
           ORDER BY v.created_at"#,
        alvo.pattern,
        alvo.titular.id
    )
    .fetch_all(ground.db())
    .await?)
}

/// Names of files and of who sent them; what the files themselves say stays, for nobody can read all of them.
pub(super) async fn erase_documentos(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let documentos = sqlx::query!(
        "UPDATE documento SET nome = regexp_replace(nome, $1, $2, 'gi'), pasta = regexp_replace(pasta, $1, $2, 'gi'), version = version + 1
         WHERE nome ~* $1 OR pasta ~* $1",
        alvo.pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let versoes = sqlx::query!(
        "UPDATE documento_versao SET nome = regexp_replace(nome, $1, $2, 'gi'),
                actor_nome = CASE WHEN actor_id = $3 THEN $2 ELSE regexp_replace(actor_nome, $1, $2, 'gi') END
         WHERE nome ~* $1 OR actor_nome ~* $1 OR actor_id = $3 AND actor_nome <> $2",
        alvo.pattern,
        TARJA,
        alvo.titular.id
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    Ok(Efeito::anonimizados(documentos + versoes))
}
