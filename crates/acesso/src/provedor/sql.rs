use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::{Sealed, TenantTx};

use super::{Emissor, Oferta, Provedor, ProvedorId, Tipo};
use crate::{
    segredo::Segredo,
    sessao::Conta,
    usuario::{self, UsuarioId},
};

/// As it is kept.
struct Row {
    id: ProvedorId,
    tipo: String,
    nome: String,
    emissor: String,
    client_id: String,
    segredo: Option<Vec<u8>>,
    confia_email: bool,
    ativo: bool,
    version: i32,
}

impl From<Row> for Provedor {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            tipo: tipo(&row.tipo),
            nome: row.nome,
            emissor: Emissor(row.emissor),
            client_id: row.client_id,
            segredo: row.segredo.map(Sealed),
            confia_email: row.confia_email,
            ativo: row.ativo,
            version: row.version,
        }
    }
}

/// A word that this release does not know is asked as the plainest.
fn tipo(code: &str) -> Tipo {
    code.parse().unwrap_or(Tipo::Oidc)
}

/// All of them, each with how many people are known by it.
pub(super) async fn list(tx: &mut TenantTx) -> Result<Vec<(Provedor, i64)>, Fault> {
    let people = sqlx::query!(
        r#"SELECT provedor_id AS "id: ProvedorId", count(*) AS "people!" FROM usuario_provedor GROUP BY provedor_id"#
    )
    .fetch_all(tx.db())
    .await?;
    let people: HashMap<ProvedorId, i64> = people.into_iter().map(|row| (row.id, row.people)).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: ProvedorId", tipo, nome, emissor, client_id, segredo, confia_email, ativo, version
           FROM provedor ORDER BY lower(nome)"#
    );
    let all = rows.fetch_all(tx.db()).await?;
    Ok(all
        .into_iter()
        .map(|row| (people.get(&row.id).copied().unwrap_or_default(), row))
        .map(|(n, row)| (row.into(), n))
        .collect())
}

pub(super) async fn find(tx: &mut TenantTx, id: ProvedorId) -> Result<Option<Provedor>, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: ProvedorId", tipo, nome, emissor, client_id, segredo, confia_email, ativo, version
           FROM provedor WHERE id = $1"#,
        id as _
    );
    Ok(row.fetch_optional(tx.db()).await?.map(Provedor::from))
}

/// Nobody else changes it until the transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: ProvedorId) -> Result<Option<Provedor>, Fault> {
    sqlx::query!("SELECT id FROM provedor WHERE id = $1 FOR UPDATE", id as _).fetch_optional(tx.db()).await?;
    find(tx, id).await
}

pub(super) async fn any(tx: &mut TenantTx) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM provedor) AS "any!""#).fetch_one(tx.db()).await?)
}

/// Whose word lets somebody in.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn offered(tx: &mut TenantTx) -> Result<Vec<Oferta>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: ProvedorId", tipo, nome FROM provedor
           WHERE ativo AND EXISTS (SELECT FROM perfil WHERE entrada_provedor) ORDER BY lower(nome)"#
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|row| Oferta { id: row.id, tipo: tipo(&row.tipo), nome: row.nome }).collect())
}

/// How many there are; nobody adds another one until the transaction ends.
pub(super) async fn count_locked(tx: &mut TenantTx) -> Result<usize, Fault> {
    // Of two who add the last one at once, one waits and then finds the count full.
    sqlx::query!("SELECT version FROM regra_entrada FOR UPDATE").fetch_optional(tx.db()).await?;
    let count = sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM provedor"#).fetch_one(tx.db()).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// `false` when another one has the name.
pub(super) async fn insert(tx: &mut TenantTx, provedor: &Provedor) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO provedor (id, tipo, nome, emissor, client_id, segredo, confia_email, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (lower(nome)) DO NOTHING",
        provedor.id as _,
        provedor.tipo.code(),
        provedor.nome,
        provedor.emissor.as_str(),
        provedor.client_id,
        provedor.segredo.as_ref().map(|sealed| sealed.0.as_slice()),
        provedor.confia_email,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// `false` when another one has the name.
pub(super) async fn update(tx: &mut TenantTx, provedor: &Provedor) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE provedor SET nome = $2, client_id = $3, segredo = $4, confia_email = $5, ativo = $6, updated_at = $7, version = version + 1
         WHERE id = $1 AND NOT EXISTS (SELECT FROM provedor other WHERE lower(other.nome) = lower($2) AND other.id <> $1)",
        provedor.id as _,
        provedor.nome,
        provedor.client_id,
        provedor.segredo.as_ref().map(|sealed| sealed.0.as_slice()),
        provedor.confia_email,
        provedor.ativo,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn delete(tx: &mut TenantTx, id: ProvedorId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM provedor WHERE id = $1", id as _).execute(tx.db()).await?;
    Ok(())
}

/// Who is known by it.
pub(super) async fn linked(tx: &mut TenantTx, id: ProvedorId) -> Result<Vec<UsuarioId>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT usuario_id AS "id: UsuarioId" FROM usuario_provedor WHERE provedor_id = $1 ORDER BY usuario_id"#,
        id as _
    )
    .fetch_all(tx.db())
    .await?)
}

/// A provedor beside what a person is known by there.
pub(super) struct Vinculado {
    pub id: ProvedorId,
    pub tipo: Tipo,
    pub nome: String,
    pub ativo: bool,
    pub since: Option<DateTime<Utc>>,
    pub email: Option<String>,
    pub last_used_at: Option<DateTime<Utc>>,
}

pub(super) async fn of_usuario(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Vinculado>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT p.id AS "id: ProvedorId", p.tipo, p.nome, p.ativo, v.created_at AS "since?", v.email, v.last_used_at
           FROM provedor p LEFT JOIN usuario_provedor v ON v.provedor_id = p.id AND v.usuario_id = $1
           WHERE p.ativo OR v.usuario_id IS NOT NULL ORDER BY lower(p.nome)"#,
        usuario as _
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Vinculado {
            id: row.id,
            tipo: tipo(&row.tipo),
            nome: row.nome,
            ativo: row.ativo,
            since: row.since,
            email: row.email,
            last_used_at: row.last_used_at,
        })
        .collect())
}

/// Takes it away; the name of its provedor.
pub(super) async fn unlink(tx: &mut TenantTx, id: ProvedorId, usuario: UsuarioId) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!(
        "DELETE FROM usuario_provedor v USING provedor p WHERE p.id = v.provedor_id AND v.provedor_id = $1 AND v.usuario_id = $2
         RETURNING p.nome",
        id as _,
        usuario as _
    )
    .fetch_optional(tx.db())
    .await?)
}

pub(super) async fn begin(
    tx: &mut TenantTx,
    cookie: &Segredo,
    provedor: ProvedorId,
    (usuario, path): (Option<UsuarioId>, &str),
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO entrada_provedor (id, token_hash, provedor_id, usuario_id, path, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        &cookie.hash(),
        provedor as _,
        usuario as Option<UsuarioId>,
        path,
        now,
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The page that somebody wanted who set out with that cookie, whatever became of it.
pub(super) async fn wanted(tx: &mut TenantTx, cookie: &Segredo) -> Result<Option<String>, Fault> {
    let wanted = sqlx::query_scalar!("SELECT path FROM entrada_provedor WHERE token_hash = $1", &cookie.hash());
    Ok(wanted.fetch_optional(tx.db()).await?)
}

/// A way that was begun.
pub(super) struct Begun {
    pub provedor: Provedor,
    pub usuario: Option<UsuarioId>,
    pub path: String,
}

/// Uses it up, whatever comes of it: of two at once one finds it.
pub(super) async fn take(tx: &mut TenantTx, cookie: &Segredo) -> Result<Option<Begun>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"DELETE FROM entrada_provedor WHERE token_hash = $1 AND expires_at > $2
           RETURNING provedor_id AS "provedor: ProvedorId", usuario_id AS "usuario: UsuarioId", path"#,
        &cookie.hash(),
        now
    )
    .fetch_optional(tx.db())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let provedor = find(tx, row.provedor).await?.filter(|provedor| provedor.ativo);
    Ok(provedor.map(|provedor| Begun { provedor, usuario: row.usuario, path: row.path }))
}

/// Whom a subject lets in. Their row is locked first, as in everything that lets somebody in.
pub(super) async fn lock_linked(tx: &mut TenantTx, provedor: ProvedorId, subject: &str) -> Result<Option<Conta>, Fault> {
    sqlx::query!(
        "SELECT id FROM usuario WHERE id = (SELECT v.usuario_id FROM usuario_provedor v WHERE v.provedor_id = $1 AND v.subject = $2)
         FOR NO KEY UPDATE",
        provedor as _,
        subject
    )
    .fetch_optional(tx.db())
    .await?;
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"UPDATE usuario_provedor v SET last_used_at = $3
           FROM usuario u JOIN perfil p ON p.id = u.perfil_id AND p.entrada_provedor, provedor o
           WHERE v.provedor_id = $1 AND v.subject = $2 AND u.id = v.usuario_id AND u.ativo AND u.kind = 'pessoa'
                 AND o.id = v.provedor_id AND o.ativo
           RETURNING u.id AS "id: UsuarioId", u.nome, u.idioma"#,
        provedor as _,
        subject,
        now
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) }))
}

/// Whom an e-mail means that the provedor calls verified, and who is not known by it yet.
pub(super) async fn lock_by_email(tx: &mut TenantTx, provedor: ProvedorId, email: &str) -> Result<Option<Conta>, Fault> {
    let row = sqlx::query!(
        r#"SELECT u.id AS "id: UsuarioId", u.nome, u.idioma FROM usuario u JOIN perfil p ON p.id = u.perfil_id AND p.entrada_provedor
           WHERE u.email = $2 AND u.ativo AND u.kind = 'pessoa'
                 AND EXISTS (SELECT FROM provedor o WHERE o.id = $1 AND o.ativo AND o.confia_email)
                 AND NOT EXISTS (SELECT FROM usuario_provedor v WHERE v.usuario_id = u.id AND v.provedor_id = $1)
           FOR NO KEY UPDATE OF u"#,
        provedor as _,
        email
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Conta { id: row.id, nome: row.nome, idioma: usuario::idioma(row.idioma.as_deref()) }))
}

/// `false` when the subject is somebody's already, or the usuario is known by another one, or may not enter so.
pub(super) async fn link(
    tx: &mut TenantTx,
    provedor: ProvedorId,
    usuario: UsuarioId,
    (subject, email): (&str, Option<&str>),
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO usuario_provedor (provedor_id, subject, usuario_id, email, created_at)
         SELECT o.id, $3, u.id, $4, $5
         FROM provedor o, usuario u JOIN perfil p ON p.id = u.perfil_id AND p.entrada_provedor
         WHERE o.id = $1 AND o.ativo AND u.id = $2 AND u.ativo AND u.kind = 'pessoa'
         ON CONFLICT DO NOTHING",
        provedor as _,
        usuario as _,
        subject,
        email,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ways that were never walked to their end. Returns how many.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!("DELETE FROM entrada_provedor WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok(done.rows_affected())
}

/// How often somebody tried one out since.
pub(super) async fn tried(tx: &mut TenantTx, since: DateTime<Utc>) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM auditoria WHERE action = 'provedor.testado' AND at > $1"#, since)
        .fetch_one(tx.db())
        .await?)
}
