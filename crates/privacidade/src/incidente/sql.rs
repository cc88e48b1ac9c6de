use chrono::{DateTime, Utc};
use kernel::{Fault, Texto};
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::titular::{Alvo, Efeito, TARJA};

use super::{Dados, Decisao, Incidente, IncidenteId, Passo};

struct Row {
    id: IncidenteId,
    protocolo: String,
    titulo: String,
    descricao: String,
    inicio_at: Option<DateTime<Utc>>,
    conhecido_at: DateTime<Utc>,
    dados: Vec<String>,
    riscos: Vec<String>,
    afetados: Option<i32>,
    consequencias: Option<String>,
    medidas_antes: Option<String>,
    contencao: Option<String>,
    medidas_depois: Option<String>,
    decisao: Option<String>,
    justificativa: Option<String>,
    decidido_at: Option<DateTime<Utc>>,
    anpd_at: Option<DateTime<Utc>>,
    anpd_protocolo: Option<String>,
    titulares_at: Option<DateTime<Utc>>,
    titulares_meio: Option<String>,
    encerrado_at: Option<DateTime<Utc>>,
    registrado_por_nome: String,
    created_at: DateTime<Utc>,
    lembrete: i16,
    version: i32,
}

impl From<Row> for Incidente {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            protocolo: row.protocolo,
            titulo: row.titulo,
            descricao: row.descricao,
            inicio_at: row.inicio_at,
            conhecido_at: row.conhecido_at,
            dados: row.dados,
            riscos: row.riscos,
            afetados: row.afetados,
            consequencias: row.consequencias,
            medidas_antes: row.medidas_antes,
            contencao: row.contencao,
            medidas_depois: row.medidas_depois,
            decisao: row.decisao.as_deref().and_then(Decisao::from_code),
            justificativa: row.justificativa,
            decidido_at: row.decidido_at,
            anpd_at: row.anpd_at,
            anpd_protocolo: row.anpd_protocolo,
            titulares_at: row.titulares_at,
            titulares_meio: row.titulares_meio,
            encerrado_at: row.encerrado_at,
            registrado_por_nome: row.registrado_por_nome,
            created_at: row.created_at,
            lembrete: row.lembrete,
            version: row.version,
        }
    }
}

/// What is read of an incidente, whatever it is looked for by.
macro_rules! incidentes {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT id AS "id: IncidenteId", protocolo, titulo, descricao, inicio_at, conhecido_at, dados, riscos, afetados, consequencias,
                      medidas_antes, contencao, medidas_depois, decisao, justificativa, decidido_at, anpd_at, anpd_protocolo, titulares_at,
                      titulares_meio, encerrado_at, registrado_por_nome, created_at, lembrete, version
               FROM incidente "# + $tail
            $(, $arg)*
        )
    };
}

/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: IncidenteId) -> Result<Option<Incidente>, Fault> {
    Ok(incidentes!("WHERE id = $1", id as _).fetch_optional(tx.db()).await?.map(Incidente::from))
}

pub(super) async fn lock(tx: &mut TenantTx, id: IncidenteId) -> Result<Option<Incidente>, Fault> {
    Ok(incidentes!("WHERE id = $1 FOR UPDATE", id as _).fetch_optional(tx.db()).await?.map(Incidente::from))
}

/// Those that are open first, then the latest known.
pub(super) async fn list(tx: &mut TenantTx, limit: i64) -> Result<Vec<Incidente>, Fault> {
    let rows = incidentes!("ORDER BY encerrado_at IS NOT NULL, conhecido_at DESC, id DESC LIMIT $1", limit);
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(Incidente::from).collect())
}

/// Those of which somebody may have to be reminded.
pub(crate) async fn running(tx: &mut TenantTx) -> Result<Vec<Incidente>, Fault> {
    let rows = incidentes!("WHERE encerrado_at IS NULL AND lembrete < 3 ORDER BY id FOR UPDATE");
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(Incidente::from).collect())
}

pub(crate) async fn reminded(tx: &mut TenantTx, id: IncidenteId, lembrete: i16) -> Result<(), Fault> {
    sqlx::query!("UPDATE incidente SET lembrete = $2 WHERE id = $1", id as _, lembrete).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &mut TenantTx,
    id: IncidenteId,
    protocolo: &str,
    dados: &Dados,
    actor_nome: &str,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO incidente (id, protocolo, titulo, descricao, inicio_at, conhecido_at, dados, riscos, afetados, consequencias,
                                medidas_antes, contencao, medidas_depois, registrado_por_nome, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)",
        id as _,
        protocolo,
        dados.titulo.as_str(),
        dados.descricao.as_str(),
        dados.inicio_at,
        dados.conhecido_at,
        &dados.dados,
        &dados.riscos,
        dados.afetados,
        dados.consequencias.as_ref().map(Texto::as_str),
        dados.medidas_antes.as_ref().map(Texto::as_str),
        dados.contencao.as_ref().map(Texto::as_str),
        dados.medidas_depois.as_ref().map(Texto::as_str),
        actor_nome,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Another instant of knowledge is another deadline, of which is reminded anew.
pub(super) async fn update(tx: &mut TenantTx, id: IncidenteId, dados: &Dados) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE incidente
         SET titulo = $2, descricao = $3, inicio_at = $4, lembrete = CASE WHEN conhecido_at = $5 THEN lembrete ELSE 0 END, conhecido_at = $5,
             dados = $6, riscos = $7, afetados = $8, consequencias = $9, medidas_antes = $10, contencao = $11, medidas_depois = $12,
             updated_at = $13, version = version + 1
         WHERE id = $1",
        id as _,
        dados.titulo.as_str(),
        dados.descricao.as_str(),
        dados.inicio_at,
        dados.conhecido_at,
        &dados.dados,
        &dados.riscos,
        dados.afetados,
        dados.consequencias.as_ref().map(Texto::as_str),
        dados.medidas_antes.as_ref().map(Texto::as_str),
        dados.contencao.as_ref().map(Texto::as_str),
        dados.medidas_depois.as_ref().map(Texto::as_str),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn decide(
    tx: &mut TenantTx,
    id: IncidenteId,
    decisao: Decisao,
    justificativa: &Texto<2000>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE incidente SET decisao = $2, justificativa = $3, decidido_at = $4, updated_at = $4, version = version + 1 WHERE id = $1",
        id as _,
        decisao.code(),
        justificativa.as_str(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn told_anpd(tx: &mut TenantTx, id: IncidenteId, at: DateTime<Utc>, protocolo: &Texto<80>) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE incidente SET anpd_at = $2, anpd_protocolo = $3, updated_at = $4, version = version + 1 WHERE id = $1",
        id as _,
        at,
        protocolo.as_str(),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn told_titulares(tx: &mut TenantTx, id: IncidenteId, at: DateTime<Utc>, meio: &str) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE incidente SET titulares_at = coalesce(titulares_at, $2), titulares_meio = $3, updated_at = $4, version = version + 1 WHERE id = $1",
        id as _,
        at,
        meio,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn close(tx: &mut TenantTx, id: IncidenteId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE incidente SET encerrado_at = $2, updated_at = $2, version = version + 1 WHERE id = $1", id as _, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn add_passo(
    tx: &mut TenantTx,
    id: IncidenteId,
    kind: &str,
    texto: Option<&str>,
    actor_nome: &str,
) -> Result<(), Fault> {
    let (passo, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO incidente_passo (id, incidente_id, kind, texto, actor_nome, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        passo,
        id as _,
        kind,
        texto,
        actor_nome,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Its history, the latest first.
///
/// # Errors
/// A fault of the database.
pub async fn passos(tx: &mut TenantTx, id: IncidenteId) -> Result<Vec<Passo>, Fault> {
    Ok(sqlx::query_as!(
        Passo,
        "SELECT kind, texto, actor_nome, created_at FROM incidente_passo WHERE incidente_id = $1 ORDER BY id DESC LIMIT 500",
        id as _
    )
    .fetch_all(tx.db())
    .await?)
}

/// A letter of an incidente, with how many got it, wait for it, and were skipped.
pub(super) struct CartaRow {
    pub assunto: String,
    pub created_at: DateTime<Utc>,
    pub written: i64,
    pub waiting: i64,
    pub skipped: i64,
}

pub(super) async fn cartas(tx: &mut TenantTx, id: IncidenteId) -> Result<Vec<CartaRow>, Fault> {
    Ok(sqlx::query_as!(
        CartaRow,
        r#"SELECT c.assunto, c.created_at, count(*) FILTER (WHERE d.written_at IS NOT NULL) AS "written!",
                  count(*) FILTER (WHERE d.written_at IS NULL AND NOT d.skipped) AS "waiting!", count(*) FILTER (WHERE d.skipped) AS "skipped!"
           FROM incidente_carta c JOIN incidente_destinatario d ON d.carta_id = c.id
           WHERE c.incidente_id = $1 GROUP BY c.id ORDER BY c.id DESC"#,
        id as _
    )
    .fetch_all(tx.db())
    .await?)
}

/// Somebody who can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destinatario {
    pub kind: String,
    pub id: Uuid,
    pub nome: String,
    pub email: String,
}

/// People with an e-mail, each address once: usuarios, contatos, or both; those of `emails` alone where it is given.
pub(super) async fn people(
    tx: &mut TenantTx,
    usuarios: bool,
    contatos: bool,
    emails: Option<&[String]>,
) -> Result<Vec<Destinatario>, Fault> {
    Ok(sqlx::query_as!(
        Destinatario,
        r#"SELECT DISTINCT ON (lower(x.email)) x.kind AS "kind!", x.id AS "id!", x.nome AS "nome!", x.email AS "email!"
           FROM (SELECT 'usuario' AS kind, u.id, u.nome, u.email FROM usuario u
                 WHERE $1 AND u.kind = 'pessoa' AND u.email NOT LIKE '%@invalid'
                 UNION ALL
                 SELECT 'contato', c.id, c.nome, c.email FROM contato c WHERE $2 AND c.email IS NOT NULL) x
           WHERE $3::text[] IS NULL OR lower(x.email) = ANY ($3)
           ORDER BY lower(x.email), x.kind DESC, x.id"#,
        usuarios,
        contatos,
        emails
    )
    .fetch_all(tx.db())
    .await?)
}

pub(super) async fn insert_carta(
    tx: &mut TenantTx,
    id: IncidenteId,
    (assunto, texto): (&str, &str),
    people: &[Destinatario],
) -> Result<Uuid, Fault> {
    let (carta, now) = (tx.clock().uuid(), tx.clock().now());
    sqlx::query!(
        "INSERT INTO incidente_carta (id, incidente_id, assunto, texto, created_at) VALUES ($1, $2, $3, $4, $5)",
        carta,
        id as _,
        assunto,
        texto,
        now
    )
    .execute(tx.db())
    .await?;
    let (kinds, ids): (Vec<String>, Vec<Uuid>) = people.iter().map(|one| (one.kind.clone(), one.id)).unzip();
    sqlx::query!(
        "INSERT INTO incidente_destinatario (carta_id, titular_kind, titular_id)
         SELECT $1, kind, id FROM unnest($2::text[], $3::uuid[]) AS x (kind, id)",
        carta,
        &kinds,
        &ids
    )
    .execute(tx.db())
    .await?;
    Ok(carta)
}

/// One who waits for a letter, as they are now.
pub(super) struct Waiting {
    pub kind: String,
    pub id: Uuid,
    pub nome: Option<String>,
    pub email: Option<String>,
    pub idioma: Option<String>,
}

/// The next who wait, held until the transaction ends.
pub(super) async fn waiting(tx: &mut TenantTx, carta: Uuid, limit: i64) -> Result<Vec<Waiting>, Fault> {
    Ok(sqlx::query_as!(
        Waiting,
        r#"SELECT d.titular_kind AS kind, d.titular_id AS id, coalesce(u.nome, c.nome) AS "nome?",
                  coalesce(CASE WHEN u.email NOT LIKE '%@invalid' THEN u.email END, c.email) AS "email?", u.idioma AS "idioma?"
           FROM incidente_destinatario d
           LEFT JOIN usuario u ON d.titular_kind = 'usuario' AND u.id = d.titular_id
           LEFT JOIN contato c ON d.titular_kind = 'contato' AND c.id = d.titular_id
           WHERE d.carta_id = $1 AND d.written_at IS NULL AND NOT d.skipped
           ORDER BY d.titular_kind, d.titular_id LIMIT $2 FOR UPDATE OF d SKIP LOCKED"#,
        carta,
        limit
    )
    .fetch_all(tx.db())
    .await?)
}

/// What a letter says.
pub(super) async fn carta(tx: &mut TenantTx, carta: Uuid) -> Result<Option<(String, String)>, Fault> {
    let row = sqlx::query!("SELECT assunto, texto FROM incidente_carta WHERE id = $1", carta).fetch_optional(tx.db()).await?;
    Ok(row.map(|row| (row.assunto, row.texto)))
}

/// The letter to one was written, or there was nobody to write to.
pub(super) async fn written(tx: &mut TenantTx, carta: Uuid, who: &Waiting, skipped: bool) -> Result<(), Fault> {
    let at = (!skipped).then(|| tx.clock().now());
    sqlx::query!(
        "UPDATE incidente_destinatario SET written_at = $4, skipped = $5 WHERE carta_id = $1 AND titular_kind = $2 AND titular_id = $3",
        carta,
        who.kind,
        who.id,
        at,
        skipped
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Incidentes whose texts name a person, or of which they were told.
pub(crate) async fn of(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<serde_json::Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('protocolo', i.protocolo, 'conhecido_at', i.conhecido_at,
                      'sent_at', (SELECT min(d.written_at) FROM incidente_destinatario d JOIN incidente_carta c ON c.id = d.carta_id
                                  WHERE c.incidente_id = i.id AND d.titular_id = $1))) AS "row!"
           FROM incidente i
           WHERE EXISTS (SELECT FROM incidente_destinatario d JOIN incidente_carta c ON c.id = d.carta_id
                         WHERE c.incidente_id = i.id AND d.titular_id = $1)
              OR i::text ~* $2
              OR EXISTS (SELECT FROM incidente_passo p WHERE p.incidente_id = i.id AND p::text ~* $2)
              OR EXISTS (SELECT FROM incidente_carta c WHERE c.incidente_id = i.id AND c::text ~* $2)
           ORDER BY i.id"#,
        alvo.titular.id,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?)
}

/// The register stays by law; the person's name and addresses leave its texts. Who it was told to stays as a number that leads nowhere.
pub(crate) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let incidentes = sqlx::query!(
        "UPDATE incidente
         SET titulo = left(regexp_replace(titulo, $1, $2, 'gi'), 160), descricao = regexp_replace(descricao, $1, $2, 'gi'),
             consequencias = regexp_replace(consequencias, $1, $2, 'gi'), medidas_antes = regexp_replace(medidas_antes, $1, $2, 'gi'),
             contencao = regexp_replace(contencao, $1, $2, 'gi'), medidas_depois = regexp_replace(medidas_depois, $1, $2, 'gi'),
             justificativa = regexp_replace(justificativa, $1, $2, 'gi'), titulares_meio = regexp_replace(titulares_meio, $1, $2, 'gi'),
             anpd_protocolo = regexp_replace(anpd_protocolo, $1, $2, 'gi'),
             registrado_por_nome = regexp_replace(registrado_por_nome, $1, $2, 'gi')
         WHERE incidente::text ~* $1",
        alvo.pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let passos = sqlx::query!(
        "UPDATE incidente_passo SET texto = regexp_replace(texto, $1, $2, 'gi'), actor_nome = regexp_replace(actor_nome, $1, $2, 'gi')
         WHERE texto ~* $1 OR actor_nome ~* $1",
        alvo.pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let cartas = sqlx::query!(
        "UPDATE incidente_carta SET assunto = regexp_replace(assunto, $1, $2, 'gi'), texto = regexp_replace(texto, $1, $2, 'gi')
         WHERE assunto ~* $1 OR texto ~* $1",
        alvo.pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let told =
        sqlx::query_scalar!(r#"SELECT count(*) AS "told!" FROM incidente_destinatario WHERE titular_id = $1"#, alvo.titular.id)
            .fetch_one(ground.db())
            .await?;
    Ok(Efeito { mantidos: told, ..Efeito::anonimizados(incidentes + passos + cartas) })
}
