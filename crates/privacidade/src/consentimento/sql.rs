use acesso::Segredo;
use chrono::{DateTime, Utc};
use kernel::Fault;
use serde_json::Value;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::titular::{Alvo, Efeito, TARJA};

use super::{
    CARTA_KEPT, Consentimento, ConsentimentoId, Convidado, Dado, Finalidade, FinalidadeId, KEPT, Meio, Palavras, Posicao, Quem,
    Resposta, Retirada, Retirado, Situacao, Versao,
    gravar::{Given, Taken},
};
use crate::{pedido::PedidoId, titular::TitularRef};

/// What is read of a finalidade, whatever it is looked for by.
macro_rules! finalidades {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Finalidade,
            r#"SELECT f.id AS "id: FinalidadeId", f.versao, v.titulo, v.texto, f.encerrado_at, f.created_at
               FROM finalidade f JOIN finalidade_versao v ON v.finalidade_id = f.id AND v.versao = f.versao "# + $tail
            $(, $arg)*
        )
    };
}

/// # Errors
/// A fault of the database.
pub async fn find_finalidade(tx: &mut TenantTx, id: FinalidadeId) -> Result<Option<Finalidade>, Fault> {
    Ok(finalidades!("WHERE f.id = $1", id as _).fetch_optional(tx.db()).await?)
}

/// Whoever gives, takes back or writes another text of it waits for the one before.
pub(super) async fn lock(tx: &mut TenantTx, id: FinalidadeId) -> Result<Option<Finalidade>, Fault> {
    Ok(finalidades!("WHERE f.id = $1 FOR UPDATE OF f", id as _).fetch_optional(tx.db()).await?)
}

pub(super) async fn insert_finalidade(tx: &mut TenantTx, id: FinalidadeId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("INSERT INTO finalidade (id, versao, created_at) VALUES ($1, 1, $2)", id as _, now).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn insert_versao(
    tx: &mut TenantTx,
    id: FinalidadeId,
    versao: i32,
    palavras: &Palavras,
    actor_nome: &str,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO finalidade_versao (finalidade_id, versao, titulo, texto, renovar, created_at, created_by_nome)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id as _,
        versao,
        palavras.titulo.as_str(),
        palavras.texto.as_str(),
        palavras.renovar,
        now,
        actor_nome
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn set_versao(tx: &mut TenantTx, id: FinalidadeId, versao: i32) -> Result<(), Fault> {
    sqlx::query!("UPDATE finalidade SET versao = $2 WHERE id = $1", id as _, versao).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn set_encerrado(tx: &mut TenantTx, id: FinalidadeId, over: bool) -> Result<(), Fault> {
    let at = over.then(|| tx.clock().now());
    sqlx::query!("UPDATE finalidade SET encerrado_at = $2 WHERE id = $1", id as _, at).execute(tx.db()).await?;
    Ok(())
}

/// Its texts, the latest first.
pub(super) async fn versoes(tx: &mut TenantTx, id: FinalidadeId) -> Result<Vec<Versao>, Fault> {
    Ok(sqlx::query_as!(
        Versao,
        "SELECT versao, titulo, texto, renovar, created_at, created_by_nome FROM finalidade_versao WHERE finalidade_id = $1 ORDER BY versao DESC",
        id as _
    )
    .fetch_all(tx.db())
    .await?)
}

/// How many consentimentos of one stand to the text of now, to earlier ones, and were taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Contagem {
    pub vale: i64,
    pub anterior: i64,
    pub retirado: i64,
}

/// All of them, those that are open first.
pub(super) async fn list(tx: &mut TenantTx) -> Result<Vec<(Finalidade, Contagem)>, Fault> {
    let all = finalidades!("ORDER BY f.encerrado_at IS NOT NULL, v.titulo, f.id").fetch_all(tx.db()).await?;
    let counts = sqlx::query!(
        r#"SELECT c.finalidade_id AS "id: FinalidadeId", count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao = f.versao) AS "vale!",
                  count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao < f.versao) AS "anterior!",
                  count(*) FILTER (WHERE c.retirado_at IS NOT NULL) AS "retirado!"
           FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id GROUP BY c.finalidade_id"#
    )
    .fetch_all(tx.db())
    .await?;
    let counted = |id: FinalidadeId| {
        let row = counts.iter().find(|row| row.id == id);
        row.map_or_else(Contagem::default, |row| Contagem { vale: row.vale, anterior: row.anterior, retirado: row.retirado })
    };
    Ok(all.into_iter().map(|one| (counted(one.id), one)).map(|(counts, one)| (one, counts)).collect())
}

/// How many of one.
pub(super) async fn count(tx: &mut TenantTx, id: FinalidadeId) -> Result<Contagem, Fault> {
    Ok(sqlx::query_as!(
        Contagem,
        r#"SELECT count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao = f.versao) AS "vale!",
                  count(*) FILTER (WHERE c.retirado_at IS NULL AND c.versao < f.versao) AS "anterior!",
                  count(*) FILTER (WHERE c.retirado_at IS NOT NULL) AS "retirado!"
           FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id WHERE f.id = $1"#,
        id as _
    )
    .fetch_one(tx.db())
    .await?)
}

/// The words of a text that there is.
pub(super) async fn texto(tx: &mut TenantTx, id: FinalidadeId, versao: i32) -> Result<String, Fault> {
    Ok(sqlx::query_scalar!("SELECT texto FROM finalidade_versao WHERE finalidade_id = $1 AND versao = $2", id as _, versao)
        .fetch_one(tx.db())
        .await?)
}

struct Stored {
    id: ConsentimentoId,
    protocolo: String,
    finalidade_id: FinalidadeId,
    versao: i32,
    titulo: String,
    titular_kind: Option<String>,
    titular_id: Option<Uuid>,
    nome: String,
    email: Option<String>,
    meio: String,
    evidencia: Option<String>,
    dado_at: DateTime<Utc>,
    registrado_por_nome: Option<String>,
    retirado_at: Option<DateTime<Utc>>,
    retirado_meio: Option<String>,
    retirado_evidencia: Option<String>,
    retirado_por_nome: Option<String>,
    current: bool,
    counts: bool,
    newer: bool,
}

impl TryFrom<Stored> for Consentimento {
    type Error = Fault;

    fn try_from(row: Stored) -> Result<Self, Fault> {
        let unknown = || Fault::because("a consentimento with a code that this version does not know");
        let retirado = match (row.retirado_at, row.retirado_meio) {
            (Some(at), Some(meio)) => Some(Retirado {
                at,
                meio: Retirada::from_code(&meio).ok_or_else(unknown)?,
                evidencia: row.retirado_evidencia,
                por_nome: row.retirado_por_nome,
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            protocolo: row.protocolo,
            finalidade: row.finalidade_id,
            versao: row.versao,
            titulo: row.titulo,
            titular: row.titular_kind.zip(row.titular_id).map(|(kind, id)| TitularRef { kind, id }),
            nome: row.nome,
            email: row.email,
            meio: Meio::from_code(&row.meio).ok_or_else(unknown)?,
            evidencia: row.evidencia,
            dado_at: row.dado_at,
            registrado_por_nome: row.registrado_por_nome,
            situacao: Situacao::of((retirado.is_some(), row.newer), (row.current, row.counts)),
            retirado,
        })
    }
}

/// What is read of a consentimento, whatever it is looked for by. Those to texts before the last that asks anew do not count.
macro_rules! consentimentos {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Stored,
            r#"SELECT c.id AS "id: ConsentimentoId", c.protocolo, c.finalidade_id AS "finalidade_id: FinalidadeId", c.versao, v.titulo,
                      c.titular_kind, c.titular_id, c.nome, c.email, c.meio, c.evidencia, c.dado_at, c.registrado_por_nome, c.retirado_at,
                      c.retirado_meio, c.retirado_evidencia, c.retirado_por_nome, c.versao = f.versao AS "current!",
                      NOT EXISTS (SELECT FROM finalidade_versao r WHERE r.finalidade_id = c.finalidade_id AND r.renovar AND r.versao > c.versao)
                          AS "counts!",
                      EXISTS (SELECT FROM consentimento n
                              WHERE n.finalidade_id = c.finalidade_id AND n.versao > c.versao AND n.retirado_at IS NULL
                                AND coalesce(n.titular_id::text, n.email) = coalesce(c.titular_id::text, c.email)) AS "newer!"
               FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id
               JOIN finalidade_versao v ON v.finalidade_id = c.finalidade_id AND v.versao = c.versao "# + $tail
            $(, $arg)*
        )
    };
}

/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: ConsentimentoId) -> Result<Option<Consentimento>, Fault> {
    consentimentos!("WHERE c.id = $1", id as _).fetch_optional(tx.db()).await?.map(Consentimento::try_from).transpose()
}

/// What a list is narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Which {
    #[default]
    All,
    /// To the text of now.
    Current,
    /// To an earlier text.
    Earlier,
    TakenBack,
}

/// Those of a finalidade, the latest given first; only those with `text` in nome or e-mail.
pub(super) async fn of_finalidade(
    tx: &mut TenantTx,
    id: FinalidadeId,
    which: Which,
    text: &str,
    limit: i64,
) -> Result<Vec<Consentimento>, Fault> {
    let (standing, current) = match which {
        Which::All => (None, None),
        Which::Current => (Some(true), Some(true)),
        Which::Earlier => (Some(true), Some(false)),
        Which::TakenBack => (Some(false), None),
    };
    let rows = consentimentos!(
        "WHERE c.finalidade_id = $1 AND ($2::boolean IS NULL OR (c.retirado_at IS NULL) = $2)
           AND ($3::boolean IS NULL OR (c.versao = f.versao) = $3)
           AND (strpos(ext.sem_acento(c.nome), $4) > 0 OR strpos(lower(c.email), $4) > 0)
         ORDER BY c.dado_at DESC, c.id DESC LIMIT $5",
        id as _,
        standing,
        current,
        kernel::fold(text),
        limit
    );
    rows.fetch_all(tx.db()).await?.into_iter().map(Consentimento::try_from).collect()
}

/// What stands of whoever may be meant, the latest given first.
pub(crate) async fn standing(tx: &mut TenantTx, quem: &Quem) -> Result<Vec<Consentimento>, Fault> {
    let (_, id, email) = quem.parts();
    let rows = consentimentos!(
        "WHERE c.retirado_at IS NULL AND (c.titular_id = $1 OR c.email = $2) ORDER BY c.dado_at DESC, c.id DESC",
        id,
        email
    );
    rows.fetch_all(tx.db()).await?.into_iter().map(Consentimento::try_from).collect()
}

/// What was taken back on account of a pedido.
pub(crate) async fn taken_by(tx: &mut TenantTx, pedido: PedidoId) -> Result<Vec<Consentimento>, Fault> {
    let rows = consentimentos!("WHERE c.retirado_pedido_id = $1 ORDER BY c.dado_at DESC, c.id DESC", pedido as _);
    rows.fetch_all(tx.db()).await?.into_iter().map(Consentimento::try_from).collect()
}

/// The one by which this very person agreed to the text of now.
pub(super) async fn standing_same(tx: &mut TenantTx, to: &Finalidade, quem: &Quem) -> Result<Option<ConsentimentoId>, Fault> {
    let (_, id, email) = quem.parts();
    Ok(sqlx::query_scalar!(
        r#"SELECT id AS "id: ConsentimentoId" FROM consentimento
           WHERE finalidade_id = $1 AND versao = $2 AND retirado_at IS NULL AND coalesce(titular_id::text, email) = coalesce($3::uuid::text, $4)"#,
        to.id as _,
        to.versao,
        id,
        email
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Whether somebody allows what a finalidade is for: they agreed to its text of now, or to an earlier one after which nobody had to be
/// asked anew, by their record or by their mailbox, did not take it back, and the finalidade is open.
///
/// # Errors
/// A fault of the database.
pub async fn vale(tx: &mut TenantTx, quem: &Quem, finalidade: FinalidadeId) -> Result<bool, Fault> {
    let (_, id, email) = quem.parts();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id
               WHERE c.finalidade_id = $1 AND c.retirado_at IS NULL AND f.encerrado_at IS NULL
                 AND (c.titular_id = $2 OR c.titular_id IS NULL AND c.email = $3)
                 AND NOT EXISTS (SELECT FROM finalidade_versao r WHERE r.finalidade_id = c.finalidade_id AND r.renovar AND r.versao > c.versao)
           ) AS "vale!""#,
        finalidade as _,
        id,
        email
    )
    .fetch_one(tx.db())
    .await?)
}

/// Where somebody stands: to each finalidade that is open, and to those that are over where something of theirs stands.
///
/// # Errors
/// A fault of the database.
pub async fn posicoes(tx: &mut TenantTx, quem: &Quem) -> Result<Vec<Posicao>, Fault> {
    let (_, id, email) = quem.parts();
    let rows = sqlx::query!(
        r#"SELECT f.id AS "id: FinalidadeId", f.versao, v.titulo, v.texto, f.encerrado_at, f.created_at, c.versao AS "given?",
                  g.titulo AS "given_titulo?", g.texto AS "given_texto?", c.dado_at AS "given_at?",
                  NOT EXISTS (SELECT FROM finalidade_versao r WHERE r.finalidade_id = f.id AND r.renovar AND r.versao > c.versao) AS "counts!",
                  (SELECT max(t.retirado_at) FROM consentimento t WHERE t.finalidade_id = f.id AND (t.titular_id = $1 OR t.email = $2))
                      AS "retirado_at?"
           FROM finalidade f JOIN finalidade_versao v ON v.finalidade_id = f.id AND v.versao = f.versao
           LEFT JOIN LATERAL (SELECT s.versao, s.dado_at FROM consentimento s
                              WHERE s.finalidade_id = f.id AND s.retirado_at IS NULL AND (s.titular_id = $1 OR s.email = $2)
                              ORDER BY s.versao DESC, s.dado_at LIMIT 1) c ON true
           LEFT JOIN finalidade_versao g ON g.finalidade_id = f.id AND g.versao = c.versao
           WHERE f.encerrado_at IS NULL OR c.versao IS NOT NULL
           ORDER BY v.titulo, f.id"#,
        id,
        email
    )
    .fetch_all(tx.db())
    .await?;
    let all = rows.into_iter().map(|row| Posicao {
        dado: row.given.zip(row.given_titulo).zip(row.given_texto).zip(row.given_at).map(|(((versao, titulo), texto), at)| {
            Dado { versao, titulo, texto, at, vale: row.counts && row.encerrado_at.is_none() }
        }),
        retirado_at: row.retirado_at,
        finalidade: Finalidade {
            id: row.id,
            versao: row.versao,
            titulo: row.titulo,
            texto: row.texto,
            encerrado_at: row.encerrado_at,
            created_at: row.created_at,
        },
    });
    Ok(all.collect())
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    id: ConsentimentoId,
    protocolo: &str,
    to: &Finalidade,
    given: &Given<'_>,
    noted_by: Option<&str>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    let (kind, titular, email) = given.quem.parts();
    sqlx::query!(
        "INSERT INTO consentimento (id, protocolo, finalidade_id, versao, titular_kind, titular_id, nome, email, meio, evidencia, dado_at,
                                    registrado_por_nome, carta_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        id as _,
        protocolo,
        to.id as _,
        to.versao,
        kind,
        titular,
        given.nome,
        email,
        given.meio.code(),
        given.evidencia.map(super::Evidencia::as_str),
        given.at,
        noted_by,
        given.carta,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Everything that stands of whoever may be meant. Answers which.
pub(super) async fn take_back(
    tx: &mut TenantTx,
    of: FinalidadeId,
    quem: &Quem,
    taken: Taken<'_>,
) -> Result<Vec<ConsentimentoId>, Fault> {
    let now = tx.clock().now();
    let (_, id, email) = quem.parts();
    Ok(sqlx::query_scalar!(
        r#"UPDATE consentimento
           SET retirado_at = $4, retirado_meio = $5, retirado_evidencia = $6, retirado_por_nome = $7, retirado_pedido_id = $8
           WHERE finalidade_id = $1 AND retirado_at IS NULL AND (titular_id = $2 OR email = $3)
           RETURNING id AS "id: ConsentimentoId""#,
        of as _,
        id,
        email,
        now,
        taken.meio.code(),
        taken.evidencia,
        taken.por_nome,
        taken.pedido as _
    )
    .fetch_all(tx.db())
    .await?)
}

pub(super) struct NovaCarta<'a> {
    pub finalidade: &'a Finalidade,
    pub quem: &'a Quem,
    pub nome: &'a str,
    pub email: &'a str,
    pub token: &'a Segredo,
    pub until: DateTime<Utc>,
    pub actor_nome: &'a str,
}

pub(super) async fn insert_carta(tx: &mut TenantTx, carta: &NovaCarta<'_>) -> Result<Uuid, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let (kind, titular, _) = carta.quem.parts();
    sqlx::query!(
        "INSERT INTO consentimento_carta (id, finalidade_id, versao, titular_kind, titular_id, nome, email, token_hash, created_at,
                                          created_by_nome, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id,
        carta.finalidade.id as _,
        carta.finalidade.versao,
        kind,
        titular,
        carta.nome,
        carta.email,
        &carta.token.hash(),
        now,
        carta.actor_nome,
        carta.until
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// Whoever reads that mailbox refused the text of now.
pub(super) async fn refused(tx: &mut TenantTx, to: &Finalidade, email: &str) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM consentimento_carta
                          WHERE finalidade_id = $1 AND versao = $2 AND email = $3 AND resposta = 'recusado') AS "refused!""#,
        to.id as _,
        to.versao,
        email
    )
    .fetch_one(tx.db())
    .await?)
}

/// Whom a link was written to, while it can be answered, or what was given by it stands or was taken back since `since`.
pub(super) async fn convidado(tx: &mut TenantTx, token: &Segredo, since: DateTime<Utc>) -> Result<Option<Convidado>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        r#"SELECT l.id, l.finalidade_id AS "finalidade: FinalidadeId", l.titular_kind, l.titular_id, l.nome, l.email, l.expires_at, l.resposta
           FROM consentimento_carta l
           WHERE l.token_hash = $1
             AND (l.expires_at > $2
                  OR EXISTS (SELECT FROM consentimento c WHERE c.carta_id = l.id AND (c.retirado_at IS NULL OR c.retirado_at > $3)))"#,
        &token.hash(),
        now,
        since
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| Convidado {
        carta: row.id,
        finalidade: row.finalidade,
        quem: Quem {
            titular: row.titular_kind.zip(row.titular_id).map(|(kind, id)| TitularRef { kind, id }),
            email: Some(row.email),
        },
        nome: row.nome,
        open: row.expires_at > now,
        resposta: row.resposta.as_deref().and_then(Resposta::from_code),
    }))
}

pub(super) async fn answered(tx: &mut TenantTx, carta: Uuid, resposta: Resposta) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE consentimento_carta SET resposta = $2, respondido_at = $3 WHERE id = $1", carta, resposta.code(), now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Somebody who agreed to an earlier text and can be written to, as they are now.
pub(super) struct DeAntes {
    pub titular_kind: Option<String>,
    pub titular_id: Option<Uuid>,
    pub nome: String,
    pub email: String,
    pub idioma: Option<String>,
}

/// Those who agreed to an earlier text, neither to the text of now nor were asked for it, each mailbox once.
pub(super) async fn de_antes(tx: &mut TenantTx, id: FinalidadeId, limit: i64) -> Result<Vec<DeAntes>, Fault> {
    Ok(sqlx::query_as!(
        DeAntes,
        r#"SELECT DISTINCT ON (x.email) x.titular_kind, x.titular_id, x.nome AS "nome!", x.email AS "email!", x.idioma AS "idioma?"
           FROM (SELECT c.id, c.finalidade_id, c.titular_kind, c.titular_id, f.versao AS current, coalesce(u.nome, p.nome, c.nome) AS nome,
                        lower(CASE WHEN u.id IS NOT NULL THEN CASE WHEN u.email NOT LIKE '%@invalid' THEN u.email END
                                   WHEN p.id IS NOT NULL THEN p.email ELSE c.email END) AS email, u.idioma
                 FROM consentimento c JOIN finalidade f ON f.id = c.finalidade_id
                 LEFT JOIN usuario u ON c.titular_kind = 'usuario' AND u.id = c.titular_id
                 LEFT JOIN contato p ON c.titular_kind = 'contato' AND p.id = c.titular_id
                 WHERE c.finalidade_id = $1 AND c.retirado_at IS NULL AND c.versao < f.versao) x
           WHERE x.email IS NOT NULL
             AND NOT EXISTS (SELECT FROM consentimento n
                             WHERE n.finalidade_id = x.finalidade_id AND n.versao = x.current AND n.retirado_at IS NULL
                               AND (n.titular_id = x.titular_id OR n.email = x.email))
             AND NOT EXISTS (SELECT FROM consentimento_carta l
                             WHERE l.finalidade_id = x.finalidade_id AND l.versao = x.current AND l.email = x.email)
           ORDER BY x.email, x.id LIMIT $2"#,
        id as _,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// What was taken back long ago, and letters whose time is long over and by which nothing was given that is still known.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<(u64, u64), Fault> {
    let now = tx.clock().now();
    let old = sqlx::query!("DELETE FROM consentimento WHERE retirado_at <= $1", now - KEPT).execute(tx.db()).await?;
    let letters = sqlx::query!(
        "DELETE FROM consentimento_carta l
         WHERE l.expires_at <= $1 AND NOT EXISTS (SELECT FROM consentimento c WHERE c.carta_id = l.id)",
        now - CARTA_KEPT
    )
    .execute(tx.db())
    .await?;
    Ok((old.rows_affected(), letters.rows_affected()))
}

/// What a person agreed to and took back, letters that asked them, and where they are named otherwise.
pub(crate) async fn of(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    let mut found = sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('protocolo', c.protocolo, 'finalidade', v.titulo, 'versao', c.versao, 'texto', v.texto,
                      'nome', c.nome, 'email', c.email, 'meio', c.meio, 'evidencia', c.evidencia, 'dado_at', c.dado_at,
                      'retirado_at', c.retirado_at, 'retirado_meio', c.retirado_meio, 'retirado_evidencia', c.retirado_evidencia)) AS "row!"
           FROM consentimento c JOIN finalidade_versao v ON v.finalidade_id = c.finalidade_id AND v.versao = c.versao
           WHERE c.titular_id = $1 OR c.nome ~* $2 OR c.email ~* $2 OR c.evidencia ~* $2 OR c.retirado_evidencia ~* $2
              OR c.registrado_por_nome ~* $2 OR c.retirado_por_nome ~* $2
           ORDER BY c.dado_at DESC, c.id DESC"#,
        alvo.titular.id,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?;
    let letters = sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('finalidade', v.titulo, 'versao', l.versao, 'nome', l.nome, 'email', l.email,
                      'sent_at', l.created_at, 'resposta', l.resposta, 'respondido_at', l.respondido_at)) AS "row!"
           FROM consentimento_carta l JOIN finalidade_versao v ON v.finalidade_id = l.finalidade_id AND v.versao = l.versao
           WHERE l.titular_id = $1 OR l.nome ~* $2 OR l.email ~* $2 OR l.created_by_nome ~* $2
           ORDER BY l.id DESC"#,
        alvo.titular.id,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?;
    found.extend(letters);
    Ok(found)
}

/// That somebody agreed to a text, when and how, stays as proof (LGPD art. 16, I); who it was does not, and nothing of theirs counts
/// any more. Letters that asked them go.
pub(crate) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let (id, pattern, now) = (alvo.titular.id, alvo.pattern.as_str(), ground.now());
    let letters =
        sqlx::query!("DELETE FROM consentimento_carta l WHERE l.titular_id = $1 OR l.nome ~* $2 OR l.email ~* $2", id, pattern)
            .execute(ground.db())
            .await?
            .rows_affected();
    let own = sqlx::query!(
        "UPDATE consentimento c
         SET nome = $3, email = NULL, evidencia = CASE WHEN c.evidencia IS NOT NULL THEN $3 END,
             retirado_evidencia = CASE WHEN c.retirado_evidencia IS NOT NULL THEN $3 END,
             retirado_at = coalesce(c.retirado_at, $4), retirado_meio = coalesce(c.retirado_meio, 'apagamento')
         WHERE c.nome <> $3 AND (c.titular_id = $1 OR c.nome ~* $2 OR c.email ~* $2)",
        id,
        pattern,
        TARJA,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let others = erase_named(ground, pattern).await?;
    Ok(Efeito::apagados(letters) + Efeito::anonimizados(own + others))
}

/// Where somebody stands in records of others: as who noted it, or in a text.
async fn erase_named(ground: &mut Ground<'_>, pattern: &str) -> Result<u64, Fault> {
    let noted = sqlx::query!(
        "UPDATE consentimento c
         SET evidencia = regexp_replace(c.evidencia, $1, $2, 'gi'), retirado_evidencia = regexp_replace(c.retirado_evidencia, $1, $2, 'gi'),
             registrado_por_nome = regexp_replace(c.registrado_por_nome, $1, $2, 'gi'),
             retirado_por_nome = regexp_replace(c.retirado_por_nome, $1, $2, 'gi')
         WHERE c.evidencia ~* $1 OR c.retirado_evidencia ~* $1 OR c.registrado_por_nome ~* $1 OR c.retirado_por_nome ~* $1",
        pattern,
        TARJA
    );
    let noted = noted.execute(ground.db()).await?.rows_affected();
    let letters = sqlx::query!(
        "UPDATE consentimento_carta l SET created_by_nome = regexp_replace(l.created_by_nome, $1, $2, 'gi') WHERE l.created_by_nome ~* $1",
        pattern,
        TARJA
    );
    let letters = letters.execute(ground.db()).await?.rows_affected();
    let texts = sqlx::query!(
        "UPDATE finalidade_versao v
         SET titulo = left(regexp_replace(v.titulo, $1, $2, 'gi'), 120), texto = regexp_replace(v.texto, $1, $2, 'gi'),
             created_by_nome = regexp_replace(v.created_by_nome, $1, $2, 'gi')
         WHERE v.titulo ~* $1 OR v.texto ~* $1 OR v.created_by_nome ~* $1",
        pattern,
        TARJA
    );
    Ok(noted + letters + texts.execute(ground.db()).await?.rows_affected())
}
