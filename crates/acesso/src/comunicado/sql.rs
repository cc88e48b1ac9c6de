use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Actor, Fault};
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::titular::{Alvo as Titular, Efeito, TARJA};

use super::{Alvo, Alvos, Comunicado, ComunicadoId, Destino, Dias, Leitor, Publicar, Recebido};
use crate::{perfil::PerfilId, usuario::UsuarioId};

/// People who come here, of those it goes to; each once.
pub(super) async fn audience(tx: &mut TenantTx, destino: &Destino) -> Result<Vec<Uuid>, Fault> {
    let (todos, perfis, usuarios) = match destino {
        Destino::Todos => (true, Vec::new(), Vec::new()),
        Destino::Escolhidos { perfis, usuarios } => {
            (false, perfis.iter().map(|id| id.uuid()).collect(), usuarios.iter().map(|id| id.uuid()).collect())
        }
    };
    Ok(sqlx::query_scalar!(
        "SELECT id FROM usuario
         WHERE kind = 'pessoa' AND ativo AND deleted_at IS NULL AND ($1 OR perfil_id = ANY($2) OR id = ANY($3)) ORDER BY id",
        todos,
        &perfis as &[Uuid],
        &usuarios as &[Uuid]
    )
    .fetch_all(tx.db())
    .await?)
}

/// False when one of that id is there already.
pub(super) async fn insert(tx: &mut TenantTx, actor: &Actor, cmd: &Publicar) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO comunicado (id, titulo, texto, todos, told, mailed, data_inicio, data_fim, autor_id, autor_nome, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT ON CONSTRAINT comunicado_pkey DO NOTHING",
        cmd.id as _,
        cmd.titulo.as_str(),
        cmd.texto.as_str(),
        cmd.destino == Destino::Todos,
        cmd.avisar,
        cmd.avisar && cmd.email,
        cmd.dias.map(Dias::inicio),
        cmd.dias.map(Dias::fim),
        actor.usuario(),
        actor.nome,
        now,
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    if let Destino::Escolhidos { perfis, usuarios } = &cmd.destino {
        let perfis: Vec<Uuid> = perfis.iter().map(|id| id.uuid()).collect();
        let usuarios: Vec<Uuid> = usuarios.iter().map(|id| id.uuid()).collect();
        sqlx::query!(
            "INSERT INTO comunicado_perfil (comunicado_id, perfil_id) SELECT $1, id FROM perfil WHERE id = ANY($2)",
            cmd.id as _,
            &perfis
        )
        .execute(tx.db())
        .await?;
        sqlx::query!(
            "INSERT INTO comunicado_usuario (comunicado_id, usuario_id) SELECT $1, id FROM usuario WHERE kind = 'pessoa' AND ativo AND id = ANY($2)",
            cmd.id as _,
            &usuarios
        )
        .execute(tx.db())
        .await?;
    }
    Ok(true)
}

pub(super) async fn insert_told(tx: &mut TenantTx, id: ComunicadoId, usuarios: &[Uuid]) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO comunicado_leitura (comunicado_id, usuario_id, told_at) SELECT $1, usuario_id, $3 FROM unnest($2::uuid[]) AS u (usuario_id)",
        id as _,
        usuarios,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

struct Row {
    id: ComunicadoId,
    titulo: String,
    texto: String,
    todos: bool,
    perfis: Vec<String>,
    usuarios: i64,
    told: bool,
    mailed: bool,
    data_inicio: Option<NaiveDate>,
    data_fim: Option<NaiveDate>,
    autor_nome: String,
    encerrado_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    version: i32,
    avisados: i64,
    lidos: i64,
}

impl From<Row> for Comunicado {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            titulo: row.titulo,
            texto: row.texto,
            todos: row.todos,
            perfis: row.perfis,
            usuarios: row.usuarios,
            told: row.told,
            mailed: row.mailed,
            dias: row.data_inicio.zip(row.data_fim).and_then(|(inicio, fim)| Dias::new(inicio, fim).ok()),
            autor_nome: row.autor_nome,
            encerrado_at: row.encerrado_at,
            created_at: row.created_at,
            version: row.version,
            avisados: row.avisados,
            lidos: row.lidos,
        }
    }
}

pub(super) async fn find(tx: &mut TenantTx, id: ComunicadoId) -> Result<Option<Comunicado>, Fault> {
    Ok(read(tx, Some(id), 1, 0).await?.pop())
}

/// The latest first.
pub(super) async fn list(tx: &mut TenantTx, limit: i64, offset: i64) -> Result<Vec<Comunicado>, Fault> {
    read(tx, None, limit, offset).await
}

async fn read(tx: &mut TenantTx, id: Option<ComunicadoId>, limit: i64, offset: i64) -> Result<Vec<Comunicado>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.id AS "id: ComunicadoId", c.titulo, c.texto, c.todos, c.told, c.mailed, c.data_inicio, c.data_fim, c.autor_nome, c.encerrado_at,
                  c.created_at, c.version,
                  ARRAY(SELECT p.nome FROM comunicado_perfil cp JOIN perfil p ON p.id = cp.perfil_id WHERE cp.comunicado_id = c.id
                        ORDER BY ext.sem_acento(p.nome)) AS "perfis!",
                  (SELECT count(*) FROM comunicado_usuario cu WHERE cu.comunicado_id = c.id) AS "usuarios!",
                  (SELECT count(l.told_at) FROM comunicado_leitura l WHERE l.comunicado_id = c.id) AS "avisados!",
                  (SELECT count(l.read_at) FROM comunicado_leitura l WHERE l.comunicado_id = c.id) AS "lidos!"
           FROM comunicado c WHERE $1::uuid IS NULL OR c.id = $1 ORDER BY c.created_at DESC, c.id DESC LIMIT $2 OFFSET $3"#,
        id.map(ComunicadoId::uuid),
        limit,
        offset
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Comunicado::from).collect())
}

pub(super) async fn count(tx: &mut TenantTx) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM comunicado"#).fetch_one(tx.db()).await?)
}

/// False when it was changed meanwhile.
pub(super) async fn save(tx: &mut TenantTx, one: &Comunicado) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE comunicado SET titulo = $2, texto = $3, data_inicio = $4, data_fim = $5, updated_at = $6, version = version + 1
         WHERE id = $1 AND version = $7",
        one.id as _,
        one.titulo,
        one.texto,
        one.dias.map(Dias::inicio),
        one.dias.map(Dias::fim),
        now,
        one.version
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// False when there was nothing to end.
pub(super) async fn end(tx: &mut TenantTx, id: ComunicadoId) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE comunicado SET encerrado_at = $2, updated_at = $2, version = version + 1
         WHERE id = $1 AND data_fim IS NOT NULL AND encerrado_at IS NULL",
        id as _,
        now
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// Perfis that people who come here have, and these people.
pub(super) async fn alvos(tx: &mut TenantTx) -> Result<Alvos, Fault> {
    let perfis = sqlx::query!(
        r#"SELECT p.id AS "id: PerfilId", p.nome, count(*) AS "n!" FROM perfil p JOIN usuario u ON u.perfil_id = p.id
           WHERE u.kind = 'pessoa' AND u.ativo AND u.deleted_at IS NULL GROUP BY p.id ORDER BY ext.sem_acento(p.nome), p.id"#
    )
    .fetch_all(tx.db())
    .await?;
    let usuarios = sqlx::query!(
        r#"SELECT u.id AS "id: UsuarioId", u.nome, p.nome AS perfil FROM usuario u JOIN perfil p ON p.id = u.perfil_id
           WHERE u.kind = 'pessoa' AND u.ativo AND u.deleted_at IS NULL ORDER BY ext.sem_acento(u.nome), u.id"#
    )
    .fetch_all(tx.db())
    .await?;
    let perfis = perfis.into_iter().map(|row| Alvo { id: row.id, nome: row.nome, sub: row.n.to_string() });
    let usuarios = usuarios.into_iter().map(|row| Alvo { id: row.id, nome: row.nome, sub: row.perfil });
    Ok((perfis.collect(), usuarios.collect()))
}

/// Whom it is for: those it rang for and, where it is shown, whom it concerns now. `read`: those who read it, or those who did not.
pub(super) async fn leitores(
    tx: &mut TenantTx,
    id: ComunicadoId,
    read: Option<bool>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Leitor>, Fault> {
    Ok(sqlx::query_as!(
        Leitor,
        r#"SELECT u.id AS "id: UsuarioId", u.nome, p.nome AS perfil, l.read_at AS "read_at?"
           FROM comunicado c
           JOIN usuario u ON u.kind = 'pessoa' AND u.deleted_at IS NULL
           JOIN perfil p ON p.id = u.perfil_id
           LEFT JOIN comunicado_leitura l ON l.comunicado_id = c.id AND l.usuario_id = u.id
           WHERE c.id = $1 AND ($2::boolean IS NULL OR (l.read_at IS NOT NULL) = $2)
             AND (l.usuario_id IS NOT NULL
                  OR (u.ativo AND c.data_fim IS NOT NULL
                      AND (c.todos OR EXISTS (SELECT FROM comunicado_perfil cp WHERE cp.comunicado_id = c.id AND cp.perfil_id = u.perfil_id)
                           OR EXISTS (SELECT FROM comunicado_usuario cu WHERE cu.comunicado_id = c.id AND cu.usuario_id = u.id))))
           ORDER BY ext.sem_acento(u.nome), u.id LIMIT $3 OFFSET $4"#,
        id as _,
        read,
        limit,
        offset
    )
    .fetch_all(tx.db())
    .await?)
}

/// How many it is for, and how many of them read it.
pub(super) async fn leituras(tx: &mut TenantTx, id: ComunicadoId) -> Result<(i64, i64), Fault> {
    let counts = sqlx::query!(
        r#"SELECT count(*) AS "all!", count(l.read_at) AS "read!"
           FROM comunicado c
           JOIN usuario u ON u.kind = 'pessoa' AND u.deleted_at IS NULL
           LEFT JOIN comunicado_leitura l ON l.comunicado_id = c.id AND l.usuario_id = u.id
           WHERE c.id = $1
             AND (l.usuario_id IS NOT NULL
                  OR (u.ativo AND c.data_fim IS NOT NULL
                      AND (c.todos OR EXISTS (SELECT FROM comunicado_perfil cp WHERE cp.comunicado_id = c.id AND cp.perfil_id = u.perfil_id)
                           OR EXISTS (SELECT FROM comunicado_usuario cu WHERE cu.comunicado_id = c.id AND cu.usuario_id = u.id))))"#,
        id as _
    )
    .fetch_one(tx.db())
    .await?;
    Ok((counts.all, counts.read))
}

/// Most that are shown at once.
const SHOWN: i64 = 20;

/// What a usuario finds on the page they come in by, on a day of the unidade; the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn mostrados(tx: &mut TenantTx, usuario: Uuid, today: NaiveDate) -> Result<Vec<Recebido>, Fault> {
    Ok(sqlx::query_as!(
        Recebido,
        r#"SELECT c.id AS "id: ComunicadoId", c.titulo, c.texto, c.autor_nome, c.created_at, false AS "done!"
           FROM comunicado c JOIN usuario u ON u.id = $1
           WHERE c.data_fim >= $2 AND c.data_inicio <= $2 AND c.encerrado_at IS NULL
             AND (c.todos OR EXISTS (SELECT FROM comunicado_perfil cp WHERE cp.comunicado_id = c.id AND cp.perfil_id = u.perfil_id)
                  OR EXISTS (SELECT FROM comunicado_usuario cu WHERE cu.comunicado_id = c.id AND cu.usuario_id = u.id))
             AND NOT EXISTS (SELECT FROM comunicado_leitura l WHERE l.comunicado_id = c.id AND l.usuario_id = u.id AND l.dismissed_at IS NOT NULL)
           ORDER BY c.created_at DESC, c.id DESC LIMIT $3"#,
        usuario,
        today,
        SHOWN
    )
    .fetch_all(tx.db())
    .await?)
}

/// One that a usuario was told of, has put away, or finds on the page they come in by.
pub(super) async fn received(
    tx: &mut TenantTx,
    usuario: Uuid,
    id: ComunicadoId,
    today: NaiveDate,
) -> Result<Option<Recebido>, Fault> {
    Ok(sqlx::query_as!(
        Recebido,
        r#"SELECT c.id AS "id: ComunicadoId", c.titulo, c.texto, c.autor_nome, c.created_at,
                  l.read_at IS NOT NULL AND (l.dismissed_at IS NOT NULL OR shown.now IS NOT TRUE) AS "done!"
           FROM comunicado c
           JOIN usuario u ON u.id = $1
           LEFT JOIN comunicado_leitura l ON l.comunicado_id = c.id AND l.usuario_id = u.id
           CROSS JOIN LATERAL (SELECT c.data_inicio <= $3 AND c.data_fim >= $3 AND c.encerrado_at IS NULL AS now) AS shown
           WHERE c.id = $2
             AND (l.usuario_id IS NOT NULL
                  OR (shown.now
                      AND (c.todos OR EXISTS (SELECT FROM comunicado_perfil cp WHERE cp.comunicado_id = c.id AND cp.perfil_id = u.perfil_id)
                           OR EXISTS (SELECT FROM comunicado_usuario cu WHERE cu.comunicado_id = c.id AND cu.usuario_id = u.id))))"#,
        usuario,
        id as _,
        today
    )
    .fetch_optional(tx.db())
    .await?)
}

/// A usuario who was told of one has opened it.
///
/// # Errors
/// A fault of the database.
pub async fn opened(tx: &mut TenantTx, usuario: Uuid, id: ComunicadoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE comunicado_leitura SET read_at = $3 WHERE comunicado_id = $1 AND usuario_id = $2 AND read_at IS NULL",
        id as _,
        usuario,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A usuario has read one and does not want to find it again; once more changes nothing. False for one that is not theirs.
///
/// # Errors
/// A fault of the database.
pub async fn dispensar(tx: &mut TenantTx, usuario: Uuid, id: ComunicadoId) -> Result<bool, Fault> {
    let today = super::publicar::today(tx);
    if received(tx, usuario, id, today).await?.is_none() {
        return Ok(false);
    }
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO comunicado_leitura AS l (comunicado_id, usuario_id, read_at, dismissed_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT ON CONSTRAINT comunicado_leitura_pkey
             DO UPDATE SET read_at = coalesce(l.read_at, excluded.read_at), dismissed_at = coalesce(l.dismissed_at, excluded.dismissed_at)",
        id as _,
        usuario,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(true)
}

/// What a person wrote, was told, and what names them: `{ titulo, texto, created_at, autor, read_at }`.
pub(crate) async fn of(ground: &mut Ground<'_>, usuario: Uuid, titular: &Titular) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('titulo', c.titulo, 'texto', c.texto, 'created_at', c.created_at, 'autor', c.autor_nome,
                                                       'told_at', l.told_at, 'read_at', l.read_at)) AS "row!"
           FROM comunicado c LEFT JOIN comunicado_leitura l ON l.comunicado_id = c.id AND l.usuario_id = $1
           WHERE l.usuario_id IS NOT NULL OR c.autor_id = $1 OR c.titulo ~* $2 OR c.texto ~* $2 OR c.autor_nome ~* $2
              OR EXISTS (SELECT FROM comunicado_usuario cu WHERE cu.comunicado_id = c.id AND cu.usuario_id = $1)
           ORDER BY c.created_at DESC"#,
        usuario,
        titular.pattern
    )
    .fetch_all(ground.db())
    .await?)
}

/// Takes a person out of those that were told, and their name out of what was written.
pub(crate) async fn erase(ground: &mut Ground<'_>, usuario: Uuid, titular: &Titular) -> Result<Efeito, Fault> {
    let read =
        sqlx::query!("DELETE FROM comunicado_leitura WHERE usuario_id = $1", usuario).execute(ground.db()).await?.rows_affected();
    let named =
        sqlx::query!("DELETE FROM comunicado_usuario WHERE usuario_id = $1", usuario).execute(ground.db()).await?.rows_affected();
    let written = sqlx::query!(
        "UPDATE comunicado SET titulo = left(regexp_replace(titulo, $2, $3, 'gi'), 120), texto = left(regexp_replace(texto, $2, $3, 'gi'), 4000),
                autor_nome = CASE WHEN autor_id = $1 THEN $3 ELSE regexp_replace(autor_nome, $2, $3, 'gi') END,
                autor_id = nullif(autor_id, $1)
         WHERE autor_id = $1 OR titulo ~* $2 OR texto ~* $2 OR autor_nome ~* $2",
        usuario,
        titular.pattern,
        TARJA
    );
    let written = written.execute(ground.db()).await?.rows_affected();
    Ok(Efeito::apagados(read + named) + Efeito::anonimizados(written))
}
