//! All SQL on consentimentos: the register here, what is asked for in [`finalidade`], by letter in [`carta`], what there is of a
//! person in [`titular`].

mod carta;
mod finalidade;
mod titular;

use chrono::{DateTime, Utc};
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

pub(super) use carta::{NovaCarta, answered, convidado, de_antes, insert_carta, refused};
pub(crate) use finalidade::Contagem;
pub use finalidade::find_finalidade;
pub(super) use finalidade::{count, insert_finalidade, insert_versao, list, lock, set_encerrado, set_versao, texto, versoes};
pub(crate) use titular::{erase, of};

use super::{
    CARTA_KEPT, Consentimento, ConsentimentoId, Dado, Finalidade, FinalidadeId, KEPT, Meio, Posicao, Quem, Retirada, Retirado,
    Situacao,
    gravar::{Given, Taken},
};
use crate::{pedido::PedidoId, titular::TitularRef};

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
