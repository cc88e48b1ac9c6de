use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;

use uuid::Uuid;
use web::Pace;

use super::{Chave, ChaveInfo, Genuine, Limite, Token, TokenId};
use crate::usuario::UsuarioId;

/// A token to be.
pub(super) struct Novo<'a> {
    pub id: TokenId,
    pub nome: &'a str,
    pub permissoes: &'a [String],
    pub created_at: DateTime<Utc>,
    pub created_by: Option<Uuid>,
    pub created_by_nome: &'a str,
    pub servico: Option<UsuarioId>,
    pub limite: Limite,
    pub chave: Chave,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn insert(tx: &mut TenantTx, novo: &Novo<'_>) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO token_api (id, nome, permissoes, created_at, created_by, created_by_nome, expires_at, servico_id, chave, limite)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        novo.id as _,
        novo.nome,
        novo.permissoes,
        novo.created_at,
        novo.created_by,
        novo.created_by_nome,
        novo.expires_at,
        novo.servico.map(UsuarioId::uuid),
        novo.chave.get(),
        novo.limite.to_row(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

struct Row {
    id: TokenId,
    nome: String,
    permissoes: Vec<String>,
    created_at: DateTime<Utc>,
    created_by_nome: String,
    servico: Option<String>,
    chave: i32,
    limite: i32,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Row> for Token {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            nome: row.nome,
            permissoes: row.permissoes,
            created_at: row.created_at,
            created_by_nome: row.created_by_nome,
            servico: row.servico,
            chave: Chave::stored(row.chave),
            limite: Limite::stored(row.limite),
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// Every token is read by this one column list. One whose key was ended is as good as revoked with it.
macro_rules! tokens {
    ($rest:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT t.id AS "id: TokenId", t.nome, t.permissoes, t.created_at, t.created_by_nome, s.nome AS "servico?", t.chave, t.limite,
                      t.expires_at, coalesce(t.revoked_at, k.ended_at) AS revoked_at, t.last_used_at
               FROM token_api t LEFT JOIN token_chave k ON k.number = t.chave LEFT JOIN usuario s ON s.id = t.servico_id "# + $rest
            $(, $arg)*
        )
    };
}

/// All tokens, those that still count first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx) -> Result<Vec<Token>, Fault> {
    let now = tx.clock().now();
    let rows = tokens!(
        "ORDER BY (t.revoked_at IS NULL AND k.ended_at IS NULL AND t.expires_at > $1) DESC, t.created_at DESC LIMIT 500",
        now
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(Token::from).collect())
}

/// Those of a serviço that still count, newest first.
///
/// # Errors
/// A fault of the database.
pub async fn of_servico(tx: &mut TenantTx, servico: UsuarioId) -> Result<Vec<Token>, Fault> {
    let now = tx.clock().now();
    let rows = tokens!(
        "WHERE t.servico_id = $1 AND t.revoked_at IS NULL AND k.ended_at IS NULL AND t.expires_at > $2 ORDER BY t.created_at DESC LIMIT 100",
        servico as _,
        now
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(Token::from).collect())
}

pub(crate) async fn find(tx: &mut TenantTx, id: TokenId) -> Result<Option<Token>, Fault> {
    Ok(tokens!("WHERE t.id = $1", id as _).fetch_optional(tx.db()).await?.map(Token::from))
}

/// What a request by token needs to know.
pub(crate) struct Valid {
    pub nome: String,
    pub permissoes: Vec<String>,
    pub last_used_at: Option<DateTime<Utc>>,
    /// The usuario whose rights bound it: the serviço, or who made it.
    pub holder: Option<Uuid>,
    pub pace: Pace,
}

/// A token does not outlive the account that it acts for, nor the key that signed it.
pub(crate) async fn find_valid(tx: &mut TenantTx, Genuine { id, chave }: Genuine) -> Result<Option<Valid>, Fault> {
    let row = sqlx::query!(
        r#"SELECT t.nome, t.permissoes, t.last_used_at, coalesce(t.servico_id, t.created_by) AS holder, t.limite, t.minute, t.count
           FROM token_api t
           WHERE t.id = $1 AND t.chave = $2 AND t.revoked_at IS NULL
             AND EXISTS (SELECT FROM token_chave k WHERE k.number = t.chave AND k.ended_at IS NULL)
             AND NOT EXISTS (SELECT FROM usuario u WHERE u.id = coalesce(t.servico_id, t.created_by) AND NOT u.ativo)"#,
        id as _,
        chave.get(),
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Valid {
        nome: row.nome,
        permissoes: row.permissoes,
        last_used_at: row.last_used_at,
        holder: row.holder,
        pace: Pace { limit: row.limite.unsigned_abs(), minute: row.minute, count: row.count.unsigned_abs() },
    }))
}

/// Notes a use, and how many there were in a minute since the last time.
pub(crate) async fn touch(tx: &mut TenantTx, id: TokenId, (minute, uses): (i64, u32)) -> Result<(), Fault> {
    let now = tx.clock().now();
    // The row says what was counted in the newest minute that anybody told of.
    sqlx::query!(
        "UPDATE token_api SET last_used_at = greatest(last_used_at, $2),
                count = CASE WHEN minute = $3 THEN least(count + $4, 1000000000) WHEN minute < $3 THEN $4 ELSE count END,
                minute = greatest(minute, $3)
         WHERE id = $1",
        id as _,
        now,
        minute,
        i32::try_from(uses).unwrap_or(i32::MAX / 2),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The limit of a token that was not revoked; nobody else changes it before this transaction ends.
pub(super) async fn lock_limite(tx: &mut TenantTx, id: TokenId) -> Result<Option<Limite>, Fault> {
    let limite = sqlx::query_scalar!("SELECT limite FROM token_api WHERE id = $1 AND revoked_at IS NULL FOR UPDATE", id as _);
    Ok(limite.fetch_optional(tx.db()).await?.map(Limite::stored))
}

pub(super) async fn set_limite(tx: &mut TenantTx, id: TokenId, limite: Limite) -> Result<(), Fault> {
    sqlx::query!("UPDATE token_api SET limite = $2 WHERE id = $1", id as _, limite.to_row()).execute(tx.db()).await?;
    Ok(())
}

/// The key in use.
pub(super) async fn chave_in_use(tx: &mut TenantTx) -> Result<Chave, Fault> {
    let number = sqlx::query_scalar!(r#"SELECT coalesce(max(number), 1) AS "number!" FROM token_chave"#);
    Ok(Chave::stored(number.fetch_one(tx.db()).await?))
}

/// All keys, the one in use first.
pub(crate) async fn chaves(tx: &mut TenantTx) -> Result<Vec<ChaveInfo>, Fault> {
    let now = tx.clock().now();
    let rows = sqlx::query!(
        r#"SELECT k.number, k.created_at, k.created_by_nome, k.ended_at,
                  (SELECT count(*) FROM token_api t WHERE t.chave = k.number AND t.revoked_at IS NULL AND t.expires_at > $1
                   AND k.ended_at IS NULL) AS "tokens!"
           FROM token_chave k ORDER BY k.number DESC LIMIT 20"#,
        now
    )
    .fetch_all(tx.db())
    .await?;
    let info = rows.into_iter().map(|row| ChaveInfo {
        number: Chave::stored(row.number),
        created_at: row.created_at,
        created_by_nome: row.created_by_nome,
        ended_at: row.ended_at,
        tokens: row.tokens,
    });
    Ok(info.collect())
}

/// `false` when there is such a key already, or the one before it is not in use.
pub(super) async fn insert_chave(tx: &mut TenantTx, chave: Chave, created_by_nome: &str) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO token_chave (number, created_at, created_by_nome)
         SELECT $1, $2, $3 WHERE $1 = (SELECT max(number) + 1 FROM token_chave)
         ON CONFLICT ON CONSTRAINT token_chave_pkey DO NOTHING",
        chave.get(),
        now,
        created_by_nome,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends the keys before that one and the tokens that they signed; how many those were.
pub(super) async fn end_chaves_before(tx: &mut TenantTx, chave: Chave) -> Result<u64, Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE token_chave SET ended_at = $2 WHERE number < $1 AND ended_at IS NULL", chave.get(), now)
        .execute(tx.db())
        .await?;
    let tokens = sqlx::query!(
        "UPDATE token_api SET revoked_at = $2 WHERE chave < $1 AND revoked_at IS NULL AND expires_at > $2",
        chave.get(),
        now
    );
    Ok(tokens.execute(tx.db()).await?.rows_affected())
}

/// Name of the token, `None` when there is none that counts.
pub(super) async fn revoke(tx: &mut TenantTx, id: TokenId) -> Result<Option<String>, Fault> {
    let now = tx.clock().now();
    Ok(sqlx::query_scalar!(
        "UPDATE token_api SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING nome",
        id as _,
        now,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Those that act for `usuario` and that count: what they made for themselves, what anybody made for the serviço they are. By
/// id with their names.
pub(super) async fn revoke_of(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<(TokenId, String)>, Fault> {
    let now = tx.clock().now();
    let rows = sqlx::query!(
        r#"UPDATE token_api SET revoked_at = $2
           WHERE (servico_id = $1 OR (created_by = $1 AND servico_id IS NULL)) AND revoked_at IS NULL AND expires_at > $2
           RETURNING id AS "id: TokenId", nome"#,
        usuario.uuid(),
        now,
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.id, row.nome)).collect())
}
