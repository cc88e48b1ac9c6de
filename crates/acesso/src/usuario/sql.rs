use chrono::{DateTime, Utc};
use kernel::{Email, Fault, Invalid, Lang, PageRequest, fold};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Fuso, Usuario, UsuarioId, alterar_senha::Before};
use crate::perfil::PerfilId;

struct Row {
    id: UsuarioId,
    nome: String,
    email: String,
    idioma: Option<String>,
    fuso: Option<String>,
    foto: Option<String>,
    perfil_id: PerfilId,
    perfil: String,
    setor: Option<String>,
    telefone: Option<String>,
    administrador: bool,
    ativo: bool,
    servico: bool,
    descricao: Option<String>,
    last_seen_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    version: i32,
}

impl From<Row> for Usuario {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            nome: row.nome,
            email: row.email,
            idioma: super::idioma(row.idioma.as_deref()),
            fuso: super::fuso(row.fuso.as_deref()),
            foto: row.foto,
            perfil_id: row.perfil_id,
            perfil: row.perfil,
            setor: row.setor,
            telefone: row.telefone,
            administrador: row.administrador,
            ativo: row.ativo,
            servico: row.servico,
            descricao: row.descricao,
            last_seen_at: row.last_seen_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// What narrows the list of usuarios.
#[derive(Debug, Clone, Default)]
pub struct Filtro<'a> {
    /// Part of the name or e-mail, accents and case aside.
    pub busca: &'a str,
    pub ativo: Option<bool>,
    pub perfis: &'a [PerfilId],
    pub setores: &'a [String],
    /// Programs or people alone.
    pub servico: Option<bool>,
    /// Column `nome` or `acesso`; anything else sorts by name.
    pub ordem: &'a str,
    pub descendente: bool,
}

/// A page of the usuarios and how many there are in all.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, filtro: &Filtro<'_>, page: PageRequest) -> Result<(Vec<Usuario>, i64), Fault> {
    list_at(tx, filtro, page.limit(), page.offset()).await
}

/// As [`list`], as many as `limit` after the first `offset`.
pub(super) async fn list_at(
    tx: &mut TenantTx,
    filtro: &Filtro<'_>,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Usuario>, i64), Fault> {
    let busca = crate::like(&fold(filtro.busca));
    let perfis: Vec<_> = filtro.perfis.iter().map(|id| id.uuid()).collect();
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM usuario u
           WHERE u.deleted_at IS NULL AND (ext.sem_acento(u.nome) LIKE $1 OR u.email LIKE $1)
             AND ($2::boolean IS NULL OR u.ativo = $2) AND (cardinality($3::uuid[]) = 0 OR u.perfil_id = ANY($3))
             AND (cardinality($4::text[]) = 0 OR u.setor = ANY($4)) AND ($5::boolean IS NULL OR (u.kind = 'servico') = $5)"#,
        busca,
        filtro.ativo,
        &perfis,
        filtro.setores,
        filtro.servico,
    )
    .fetch_one(tx.db())
    .await?;
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT u.id AS "id: UsuarioId", u.nome, u.email, u.idioma, u.fuso, u.foto, p.id AS "perfil_id: PerfilId", p.nome AS perfil,
                  u.setor, u.telefone, p.administrador, u.ativo, u.kind = 'servico' AS "servico!", u.descricao, u.last_seen_at, u.created_at, u.version
           FROM usuario u JOIN perfil p ON p.id = u.perfil_id
           WHERE u.deleted_at IS NULL AND (ext.sem_acento(u.nome) LIKE $1 OR u.email LIKE $1)
             AND ($2::boolean IS NULL OR u.ativo = $2) AND (cardinality($3::uuid[]) = 0 OR u.perfil_id = ANY($3))
             AND (cardinality($4::text[]) = 0 OR u.setor = ANY($4)) AND ($9::boolean IS NULL OR (u.kind = 'servico') = $9)
           ORDER BY CASE WHEN $5 = 'acesso' AND NOT $6 THEN u.last_seen_at END NULLS FIRST,
                    CASE WHEN $5 = 'acesso' AND $6 THEN u.last_seen_at END DESC NULLS LAST,
                    CASE WHEN $5 <> 'acesso' AND $6 THEN ext.sem_acento(u.nome) END DESC,
                    ext.sem_acento(u.nome), u.id
           LIMIT $7 OFFSET $8"#,
        busca,
        filtro.ativo,
        &perfis,
        filtro.setores,
        filtro.ordem,
        filtro.descendente,
        limit,
        offset,
        filtro.servico,
    )
    .fetch_all(tx.db())
    .await?;
    Ok((rows.into_iter().map(Usuario::from).collect(), total))
}

/// How many usuários the unidade has.
///
/// # Errors
/// A fault of the database.
pub async fn count(tx: &mut TenantTx) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM usuario WHERE deleted_at IS NULL"#).fetch_one(tx.db()).await?)
}

/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: UsuarioId) -> Result<Option<Usuario>, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT u.id AS "id: UsuarioId", u.nome, u.email, u.idioma, u.fuso, u.foto, p.id AS "perfil_id: PerfilId", p.nome AS perfil,
                  u.setor, u.telefone, p.administrador, u.ativo, u.kind = 'servico' AS "servico!", u.descricao, u.last_seen_at, u.created_at, u.version
           FROM usuario u JOIN perfil p ON p.id = u.perfil_id
           WHERE u.id = $1 AND u.deleted_at IS NULL"#,
        id as _,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(Usuario::from))
}

pub(crate) async fn by_email(tx: &mut TenantTx, email: &Email) -> Result<Option<Usuario>, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT u.id AS "id: UsuarioId", u.nome, u.email, u.idioma, u.fuso, u.foto, p.id AS "perfil_id: PerfilId", p.nome AS perfil,
                  u.setor, u.telefone, p.administrador, u.ativo, u.kind = 'servico' AS "servico!", u.descricao, u.last_seen_at, u.created_at, u.version
           FROM usuario u JOIN perfil p ON p.id = u.perfil_id
           WHERE u.email = $1"#,
        email.as_str(),
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(Usuario::from))
}

pub(crate) struct NovoUsuario<'a> {
    pub nome: &'a str,
    pub email: &'a str,
    pub perfil: PerfilId,
    pub idioma: Option<Lang>,
}

/// `None` when the e-mail is taken.
pub(crate) async fn insert(tx: &mut TenantTx, novo: NovoUsuario<'_>) -> Result<Option<UsuarioId>, Fault> {
    let (id, now) = (UsuarioId::new(tx.clock().uuid()), tx.clock().now());
    let done = sqlx::query!(
        "INSERT INTO usuario (id, nome, email, idioma, perfil_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (email) DO NOTHING",
        id as _,
        novo.nome,
        novo.email,
        novo.idioma.map(Lang::tag),
        novo.perfil as _,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok((done.rows_affected() > 0).then_some(id))
}

/// Taken before the locks of somebody's passos, sessões, links and counters by whatever changes how they enter, so that no two
/// wait for each other.
pub(crate) async fn lock(tx: &mut TenantTx, id: UsuarioId) -> Result<(), Fault> {
    sqlx::query!("SELECT id FROM usuario WHERE id = $1 FOR NO KEY UPDATE", id as _).fetch_optional(tx.db()).await?;
    Ok(())
}

/// Sets the password, in PHC form.
pub(crate) async fn set_senha(tx: &mut TenantTx, usuario: UsuarioId, phc: &str) -> Result<(), Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO credencial (id, usuario_id, method, secret, created_at, updated_at) VALUES ($1, $2, 'senha', $3, $4, $4)
         ON CONFLICT (usuario_id) WHERE method = 'senha' DO UPDATE SET secret = excluded.secret, updated_at = excluded.updated_at",
        id,
        usuario as _,
        phc,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A usuario as they are before the password changes.
pub(super) async fn senha_before(tx: &mut TenantTx, id: UsuarioId) -> Result<Before, Fault> {
    let row = sqlx::query!(
        r#"SELECT u.nome, u.email, c.secret AS "secret?"
           FROM usuario u LEFT JOIN credencial c ON c.usuario_id = u.id AND c.method = 'senha'
           WHERE u.id = $1"#,
        id as _,
    )
    .fetch_one(tx.db())
    .await?;
    let email = row.email.parse().map_err(|e: Invalid| Fault::new("a stored e-mail", e))?;
    Ok(Before { nome: row.nome, email, secret: row.secret })
}

/// Whether the usuario has a password to ask for.
///
/// # Errors
/// A fault of the database.
pub async fn has_senha(tx: &mut TenantTx, id: UsuarioId) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM credencial WHERE usuario_id = $1 AND method = 'senha') AS "has!""#,
        id as _,
    )
    .fetch_one(tx.db())
    .await?)
}

pub(crate) async fn seen(tx: &mut TenantTx, id: UsuarioId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE usuario SET last_seen_at = $2 WHERE id = $1", id as _, now).execute(tx.db()).await?;
    Ok(())
}

/// Whether anybody could manage the unidade.
pub(crate) async fn has_administrador(tx: &mut TenantTx) -> Result<bool, Fault> {
    let has = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM usuario u JOIN perfil p ON p.id = u.perfil_id WHERE p.administrador AND u.ativo) AS "has!""#
    )
    .fetch_one(tx.db())
    .await?;
    Ok(has)
}

/// Locks all active administradores, in one order, and tells whether there is another one than `id`. Two of them who
/// deactivate each other at the same time wait here, and the second sees what the first did.
pub(super) async fn lock_other_administrador(tx: &mut TenantTx, id: UsuarioId) -> Result<bool, Fault> {
    let locked = sqlx::query_scalar!(
        r#"SELECT u.id AS "id: UsuarioId" FROM usuario u JOIN perfil p ON p.id = u.perfil_id
           WHERE p.administrador AND u.ativo ORDER BY u.id FOR UPDATE OF u"#
    )
    .fetch_all(tx.db())
    .await?;
    Ok(locked.into_iter().any(|other| other != id))
}

/// `false` when the usuario is in that state already, or their row is of another version.
pub(super) async fn set_ativo(tx: &mut TenantTx, id: UsuarioId, ativo: bool) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE usuario SET ativo = $2, updated_at = $3, version = version + 1 WHERE id = $1 AND ativo <> $2",
        id as _,
        ativo,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// `false` when the row is of another version.
pub(super) async fn update_conta(
    tx: &mut TenantTx,
    id: UsuarioId,
    nome: &str,
    idioma: Option<Lang>,
    fuso: Option<Fuso>,
    version: i32,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE usuario SET nome = $2, idioma = $3, fuso = $6, updated_at = $4, version = version + 1 WHERE id = $1 AND version = $5",
        id as _,
        nome,
        idioma.map(Lang::tag),
        now,
        version,
        fuso.map(|fuso| fuso.zone().name()),
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The people who may enter, by name: id and name.
///
/// # Errors
/// A fault of the database.
pub async fn ativas(tx: &mut TenantTx) -> Result<Vec<(Uuid, String)>, Fault> {
    let rows = sqlx::query!("SELECT id, nome FROM usuario WHERE ativo AND kind = 'pessoa' ORDER BY ext.sem_acento(nome), id");
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.id, row.nome)).collect())
}

/// How many people could manage the unidade.
///
/// # Errors
/// A fault of the database.
pub async fn administradores(tx: &mut TenantTx) -> Result<i64, Fault> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM usuario u JOIN perfil p ON p.id = u.perfil_id WHERE p.administrador AND u.ativo"#
    );
    Ok(count.fetch_one(tx.db()).await?)
}

/// Setores that somebody works in, by name.
///
/// # Errors
/// A fault of the database.
pub async fn setores(tx: &mut TenantTx) -> Result<Vec<String>, Fault> {
    let setores = sqlx::query_scalar!(
        r#"SELECT DISTINCT setor AS "setor!" FROM usuario WHERE setor IS NOT NULL AND deleted_at IS NULL ORDER BY 1 LIMIT 500"#
    );
    Ok(setores.fetch_all(tx.db()).await?)
}

/// What somebody who manages people writes about one.
pub(super) struct Dados<'a> {
    pub nome: &'a str,
    pub email: &'a str,
    pub perfil: PerfilId,
    pub setor: Option<&'a str>,
    pub idioma: Option<Lang>,
    pub telefone: Option<&'a str>,
    pub version: i32,
}

/// Why it was not written.
#[derive(Debug)]
pub(super) enum Unwritten {
    EmailTaken,
    TelefoneTaken,
    PerfilGone,
    /// The row is of another version.
    Changed,
    Fault(Fault),
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

pub(super) async fn update(tx: &mut TenantTx, id: UsuarioId, dados: &Dados<'_>) -> Result<(), Unwritten> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE usuario SET nome = $2, email = $3, perfil_id = $4, setor = $5, idioma = $6, telefone = $9, updated_at = $7,
                version = version + 1
         WHERE id = $1 AND version = $8 AND kind = 'pessoa' AND deleted_at IS NULL",
        id as _,
        dados.nome,
        dados.email,
        dados.perfil as _,
        dados.setor,
        dados.idioma.map(Lang::tag),
        now,
        dados.version,
        dados.telefone,
    )
    .execute(tx.db())
    .await;
    match done {
        Ok(done) if done.rows_affected() > 0 => Ok(()),
        Ok(_) => Err(Unwritten::Changed),
        Err(error) => Err(match error.as_database_error().and_then(|e| e.constraint()) {
            Some("usuario_email_key") => Unwritten::EmailTaken,
            Some("usuario_telefone_key") => Unwritten::TelefoneTaken,
            Some("usuario_perfil_fkey") => Unwritten::PerfilGone,
            _ => Unwritten::Fault(error.into()),
        }),
    }
}

/// Shuts a usuario out for good. The name stays with what they wrote; the e-mail is free again.
pub(super) async fn bury(tx: &mut TenantTx, id: UsuarioId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE usuario SET ativo = false, deleted_at = $2, email = 'excluido-' || id || '@invalid', setor = NULL, foto = NULL,
                telefone = NULL, conta_id = NULL, passagem = false, updated_at = $2, version = version + 1
         WHERE id = $1",
        id as _,
        now
    )
    .execute(tx.db())
    .await?;
    sqlx::query!("DELETE FROM credencial WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM usuario_foto WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM usuario_permissao WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM fator WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM chave WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM codigo_reserva WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM aparelho WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM servico_responsavel WHERE usuario_id = $1 OR servico_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM entrada WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM recuperacao WHERE usuario_id = $1", id as _).execute(tx.db()).await?;
    Ok(())
}
