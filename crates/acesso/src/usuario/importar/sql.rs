use std::collections::HashSet;

use chrono::{DateTime, Utc};
use kernel::Fault;
use sheets::import::{Intake, Line};
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Importacao, ImportacaoId, KEPT, State};
use crate::{perfil::PerfilId, usuario::UsuarioId};

pub(super) struct Nova {
    pub file_name: String,
    pub hash: Vec<u8>,
    pub intake: Intake,
    pub own: UsuarioId,
}

pub(super) async fn insert(tx: &mut TenantTx, nova: Nova) -> Result<ImportacaoId, Fault> {
    let (id, now) = (ImportacaoId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "INSERT INTO usuario_importacao (id, file_name, hash, headers, lines, mapping, state, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, 'previa', $7, $8)",
        id as _,
        nova.file_name,
        nova.hash,
        &nova.intake.headers,
        Json(&nova.intake.lines) as _,
        &nova.intake.mapping,
        now,
        nova.own as _,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

struct Row {
    id: ImportacaoId,
    file_name: String,
    headers: Vec<String>,
    lines: Json<Vec<Line>>,
    mapping: Vec<String>,
    perfil_id: Option<Uuid>,
    state: String,
    invited: i32,
    refused: i32,
    finished_at: Option<DateTime<Utc>>,
}

impl From<Row> for Importacao {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name,
            headers: row.headers,
            linhas: row.lines.0,
            mapping: row.mapping,
            perfil: row.perfil_id.map(PerfilId::new),
            state: match row.state.as_str() {
                "previa" => State::Previa,
                "concluida" => State::Concluida,
                _ => State::Descartada,
            },
            invited: row.invited,
            refused: row.refused,
            finished_at: row.finished_at,
        }
    }
}

/// One of the person's own.
///
/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: ImportacaoId, own: UsuarioId) -> Result<Option<Importacao>, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: ImportacaoId", file_name, headers, lines AS "lines: Json<Vec<Line>>", mapping, perfil_id, state, invited,
                  refused, finished_at
           FROM usuario_importacao WHERE id = $1 AND created_by = $2"#,
        id as _,
        own as _
    );
    Ok(row.fetch_optional(tx.db()).await?.map(Importacao::from))
}

/// As [`find`], and nobody else confirms it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: ImportacaoId, own: UsuarioId) -> Result<Option<Importacao>, Fault> {
    sqlx::query!("SELECT id FROM usuario_importacao WHERE id = $1 FOR UPDATE", id as _).fetch_optional(tx.db()).await?;
    find(tx, id, own).await
}

/// Says what the columns are; `false` for one that is over.
///
/// # Errors
/// A fault of the database.
pub async fn set_columns(
    tx: &mut TenantTx,
    id: ImportacaoId,
    own: UsuarioId,
    mapping: &[String],
    perfil: Option<PerfilId>,
) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE usuario_importacao SET mapping = $3, perfil_id = (SELECT p.id FROM perfil p WHERE p.id = $4)
         WHERE id = $1 AND created_by = $2 AND state = 'previa'",
        id as _,
        own as _,
        mapping,
        perfil.map(PerfilId::uuid)
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// What the lines said is not needed any more.
pub(super) async fn finish(tx: &mut TenantTx, id: ImportacaoId, state: State, invited: i32, refused: i32) -> Result<(), Fault> {
    let now = tx.clock().now();
    let state = if state == State::Concluida { "concluida" } else { "descartada" };
    sqlx::query!(
        "UPDATE usuario_importacao SET state = $2, invited = $3, refused = $4, finished_at = $5, lines = '[]' WHERE id = $1",
        id as _,
        state,
        invited,
        refused,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn taken(tx: &mut TenantTx, emails: &[String]) -> Result<HashSet<String>, Fault> {
    let found = sqlx::query_scalar!("SELECT email FROM usuario WHERE email = ANY($1)", emails);
    Ok(found.fetch_all(tx.db()).await?.into_iter().collect())
}

pub(super) async fn invited(tx: &mut TenantTx, emails: &[String]) -> Result<HashSet<String>, Fault> {
    let now = tx.clock().now();
    let found = sqlx::query_scalar!(
        "SELECT email FROM convite WHERE email = ANY($1) AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2",
        emails,
        now
    );
    Ok(found.fetch_all(tx.db()).await?.into_iter().collect())
}

/// Those that nobody confirmed in time; how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let before = tx.clock().now() - KEPT;
    let gone = sqlx::query!("DELETE FROM usuario_importacao WHERE state = 'previa' AND created_at < $1", before);
    Ok(gone.execute(tx.db()).await?.rows_affected())
}
