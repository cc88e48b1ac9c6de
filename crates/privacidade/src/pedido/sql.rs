use acesso::Segredo;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Email, Fault, Lang, Telefone, Texto};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::titular::{Alvo, Efeito, TARJA};

use super::{KEPT, Novo, Origem, Pedido, PedidoId, Prazo, Situacao, Tipo};
use crate::titular::TitularRef;

struct Stored {
    id: PedidoId,
    protocolo: String,
    tipo: String,
    origem: String,
    situacao: String,
    nome: String,
    email: Option<String>,
    telefone: Option<String>,
    texto: Option<String>,
    idioma: String,
    usuario_id: Option<Uuid>,
    titular_kind: Option<String>,
    titular_id: Option<Uuid>,
    apagamento_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    recebido_at: Option<DateTime<Utc>>,
    data_limite: Option<NaiveDate>,
    resposta: Option<String>,
    fundamento: Option<String>,
    respondido_at: Option<DateTime<Utc>>,
    respondido_por_nome: Option<String>,
    registrado_por_nome: Option<String>,
    apagar_depois: bool,
}

impl TryFrom<Stored> for Pedido {
    type Error = Fault;

    fn try_from(row: Stored) -> Result<Self, Fault> {
        let unknown = || Fault::because("a pedido with a code that this version does not know");
        Ok(Self {
            id: row.id,
            protocolo: row.protocolo,
            tipo: Tipo::from_code(&row.tipo).ok_or_else(unknown)?,
            origem: Origem::from_code(&row.origem).ok_or_else(unknown)?,
            situacao: Situacao::from_code(&row.situacao).ok_or_else(unknown)?,
            nome: row.nome,
            email: row.email,
            telefone: row.telefone,
            texto: row.texto,
            lang: row.idioma.parse().unwrap_or_default(),
            usuario_id: row.usuario_id,
            titular: row.titular_kind.zip(row.titular_id),
            apagamento_id: row.apagamento_id,
            created_at: row.created_at,
            recebido_at: row.recebido_at,
            data_limite: row.data_limite,
            resposta: row.resposta,
            fundamento: row.fundamento,
            respondido_at: row.respondido_at,
            respondido_por_nome: row.respondido_por_nome,
            registrado_por_nome: row.registrado_por_nome,
            apagar_depois: row.apagar_depois,
        })
    }
}

/// What is read of a pedido, whatever it is looked for by.
macro_rules! pedidos {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Stored,
            r#"SELECT p.id AS "id: PedidoId", p.protocolo, p.tipo, p.origem, p.situacao, p.nome, p.email, p.telefone, p.texto, p.idioma,
                      p.usuario_id, p.titular_kind, p.titular_id, p.apagamento_id, p.created_at, p.recebido_at, p.data_limite, p.resposta,
                      p.fundamento, p.respondido_at, p.respondido_por_nome, p.registrado_por_nome, p.apagar_depois
               FROM pedido_titular p "# + $tail
            $(, $arg)*
        )
    };
}

/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: PedidoId) -> Result<Option<Pedido>, Fault> {
    pedidos!("WHERE p.id = $1", id as _).fetch_optional(tx.db()).await?.map(Pedido::try_from).transpose()
}

pub(super) async fn lock(tx: &mut TenantTx, id: PedidoId) -> Result<Option<Pedido>, Fault> {
    pedidos!("WHERE p.id = $1 FOR UPDATE", id as _).fetch_optional(tx.db()).await?.map(Pedido::try_from).transpose()
}

/// The one that a link leads to, as long as it works.
///
/// # Errors
/// A fault of the database.
pub async fn find_by_link(tx: &mut TenantTx, token: &Segredo) -> Result<Option<Pedido>, Fault> {
    let now = tx.clock().now();
    let row =
        pedidos!("JOIN pedido_link l ON l.pedido_id = p.id WHERE l.token_hash = $1 AND l.expires_at > $2", &token.hash(), now);
    row.fetch_optional(tx.db()).await?.map(Pedido::try_from).transpose()
}

/// Those that a list begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Which {
    /// Wait for an answer, the next due first.
    #[default]
    Open,
    /// Of these, due within days or over.
    Soon,
    Answered,
    All,
}

impl Which {
    /// How those among them stand. One that nobody confirmed does not count.
    pub(super) const fn situacoes(self) -> &'static [Situacao] {
        use Situacao::{Atendido, Duplicado, EmAtendimento, Recebido, Recusado};
        match self {
            Self::Open | Self::Soon => &[Recebido, EmAtendimento],
            Self::Answered => &[Atendido, Recusado, Duplicado],
            Self::All => &[Recebido, EmAtendimento, Atendido, Recusado, Duplicado],
        }
    }

    /// When those among them may be due.
    pub(super) const fn prazos(self) -> &'static [Prazo] {
        match self {
            Self::Open | Self::All => Prazo::ALL,
            Self::Soon => &[Prazo::Vencido, Prazo::Vencendo],
            // What was answered is due no more.
            Self::Answered => &[],
        }
    }
}

/// What a list is narrowed by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filtro {
    pub which: Which,
    pub situacao: Option<Situacao>,
    pub prazo: Option<Prazo>,
    /// In the name, the e-mail or the protocolo.
    pub busca: String,
}

impl Filtro {
    pub(super) fn has_situacao(&self, code: &str) -> bool {
        self.situacao.is_some_and(|one| one.code() == code)
    }

    pub(super) fn has_prazo(&self, code: &str) -> bool {
        self.prazo.is_some_and(|one| one.code() == code)
    }

    /// Codes of the situações that are looked for.
    fn situacoes(&self) -> Vec<String> {
        let chosen =
            |one: &Situacao| self.situacao.is_none_or(|chosen| chosen == *one) && (self.prazo.is_none() || one.is_open());
        self.which.situacoes().iter().filter(|one| chosen(one)).map(|one| one.code().to_owned()).collect()
    }

    /// The first and the last day on which they are due, where that matters.
    fn days(&self, (today, soon): (NaiveDate, NaiveDate)) -> (Option<NaiveDate>, Option<NaiveDate>) {
        match self.prazo {
            Some(Prazo::Vencido) => (None, today.pred_opt()),
            Some(Prazo::Vencendo) => (Some(today), Some(soon)),
            Some(Prazo::Depois) => (soon.succ_opt(), None),
            None => (None, (self.which == Which::Soon).then_some(soon)),
        }
    }
}

/// Of `days` the first is today, the second until when one is due soon. Answered ones the latest first.
pub(super) async fn list(
    tx: &mut TenantTx,
    filtro: &Filtro,
    days: (NaiveDate, NaiveDate),
    limit: usize,
) -> Result<Vec<Pedido>, Fault> {
    let (from, until) = filtro.days(days);
    let rows = pedidos!(
        "WHERE p.situacao = ANY ($1) AND ($2::date IS NULL OR p.data_limite >= $2) AND ($3::date IS NULL OR p.data_limite <= $3)
           AND (strpos(ext.sem_acento(p.nome), $4) > 0 OR strpos(lower(p.email), $4) > 0 OR strpos(lower(p.protocolo), $4) > 0)
         ORDER BY p.respondido_at DESC NULLS FIRST, p.data_limite, p.id LIMIT $5",
        &filtro.situacoes(),
        from,
        until,
        kernel::fold(&filtro.busca),
        i64::try_from(limit).unwrap_or(i64::MAX)
    );
    rows.fetch_all(tx.db()).await?.into_iter().map(Pedido::try_from).collect()
}

/// How many are open, and how many of them are due by `soon`.
pub(super) async fn count(tx: &mut TenantTx, soon: NaiveDate) -> Result<(i64, i64), Fault> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "open!", count(*) FILTER (WHERE data_limite <= $1) AS "soon!"
           FROM pedido_titular WHERE situacao IN ('recebido', 'em_atendimento')"#,
        soon
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.open, row.soon))
}

/// Those of an account, the latest first.
pub(super) async fn of_account(tx: &mut TenantTx, usuario: Uuid) -> Result<Vec<Pedido>, Fault> {
    let rows = pedidos!("WHERE p.usuario_id = $1 ORDER BY p.id DESC LIMIT 50", usuario);
    rows.fetch_all(tx.db()).await?.into_iter().map(Pedido::try_from).collect()
}

/// Open ones of which somebody is to be reminded: due by `soon` and not told, or before `today` and only told of that.
pub(crate) async fn due(tx: &mut TenantTx, today: NaiveDate, soon: NaiveDate) -> Result<Vec<Pedido>, Fault> {
    let rows = pedidos!(
        "WHERE p.situacao IN ('recebido', 'em_atendimento')
           AND ((p.lembrete < 1 AND p.data_limite <= $2) OR (p.lembrete < 2 AND p.data_limite < $1))
         ORDER BY p.id FOR UPDATE",
        today,
        soon
    );
    rows.fetch_all(tx.db()).await?.into_iter().map(Pedido::try_from).collect()
}

pub(crate) async fn reminded(tx: &mut TenantTx, id: PedidoId, lembrete: i16) -> Result<(), Fault> {
    sqlx::query!("UPDATE pedido_titular SET lembrete = $2 WHERE id = $1", id as _, lembrete).execute(tx.db()).await?;
    Ok(())
}

/// Of whom a pedido is made, and how many of theirs are open.
pub(super) struct Account {
    pub nome: String,
    pub email: String,
    pub open: i64,
}

pub(super) async fn account(tx: &mut TenantTx, usuario: Uuid) -> Result<Option<Account>, Fault> {
    Ok(sqlx::query_as!(
        Account,
        r#"SELECT u.nome, u.email,
                  (SELECT count(*) FROM pedido_titular p WHERE p.usuario_id = u.id AND p.situacao IN ('recebido', 'em_atendimento')) AS "open!"
           FROM usuario u WHERE u.id = $1 AND u.kind = 'pessoa' FOR NO KEY UPDATE"#,
        usuario
    )
    .fetch_optional(tx.db())
    .await?)
}

/// How one came.
pub(super) struct Row<'a> {
    pub origem: Origem,
    pub lang: Lang,
    pub usuario: Option<Uuid>,
    pub registrado_por: Option<&'a str>,
}

impl Row<'_> {
    pub(super) const fn new(origem: Origem, lang: Lang) -> Self {
        Self { origem, lang, usuario: None, registrado_por: None }
    }
}

/// With the day on which it is due, or still to be confirmed.
pub(super) async fn insert(
    tx: &mut TenantTx,
    id: PedidoId,
    protocolo: &str,
    novo: &Novo,
    row: Row<'_>,
    due: Option<NaiveDate>,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO pedido_titular (id, protocolo, tipo, origem, situacao, nome, email, telefone, texto, idioma, usuario_id,
                                     registrado_por_nome, created_at, recebido_at, data_limite)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        id as _,
        protocolo,
        novo.tipo.code(),
        row.origem.code(),
        if due.is_some() { Situacao::Recebido.code() } else { Situacao::AConfirmar.code() },
        novo.nome.as_str(),
        novo.email.as_ref().map(Email::as_str),
        novo.telefone.as_ref().map(Telefone::as_str),
        novo.texto.as_ref().map(Texto::as_str),
        row.lang.tag(),
        row.usuario,
        row.registrado_por,
        now,
        due.map(|_| now),
        due
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What a mailbox is counted by: not the address itself.
pub(crate) fn mailbox(email: &str) -> String {
    Sha256::digest(email.to_lowercase()).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) async fn insert_link(tx: &mut TenantTx, id: PedidoId, token: &Segredo, until: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!(
        "INSERT INTO pedido_link (token_hash, pedido_id, expires_at) VALUES ($1, $2, $3)",
        &token.hash(),
        id as _,
        until
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn extend_links(tx: &mut TenantTx, id: PedidoId, until: DateTime<Utc>) -> Result<(), Fault> {
    sqlx::query!("UPDATE pedido_link SET expires_at = $2 WHERE pedido_id = $1", id as _, until).execute(tx.db()).await?;
    Ok(())
}

pub(super) async fn confirm(tx: &mut TenantTx, id: PedidoId, due: NaiveDate) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE pedido_titular SET situacao = 'recebido', recebido_at = $2, data_limite = $3, version = version + 1 WHERE id = $1",
        id as _,
        now,
        due
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn set_situacao(tx: &mut TenantTx, id: PedidoId, situacao: Situacao) -> Result<(), Fault> {
    sqlx::query!("UPDATE pedido_titular SET situacao = $2, version = version + 1 WHERE id = $1", id as _, situacao.code())
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn set_titular(tx: &mut TenantTx, id: PedidoId, which: &TitularRef) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE pedido_titular SET titular_kind = $2, titular_id = $3, version = version + 1 WHERE id = $1",
        id as _,
        which.kind,
        which.id
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whom it is about is gone: it names them until it is answered.
pub(super) async fn set_apagamento(tx: &mut TenantTx, id: PedidoId, apagamento: Uuid) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE pedido_titular SET apagamento_id = $2, apagar_depois = true, version = version + 1 WHERE id = $1",
        id as _,
        apagamento
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn answer(
    tx: &mut TenantTx,
    id: PedidoId,
    situacao: Situacao,
    (resposta, fundamento): (&str, Option<&str>),
    actor_nome: &str,
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE pedido_titular
         SET situacao = $2, resposta = $3, fundamento = $4, respondido_at = $5, respondido_por_nome = $6, version = version + 1
         WHERE id = $1",
        id as _,
        situacao.code(),
        resposta,
        fundamento,
        now,
        actor_nome
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What it was and how it ended stays; whose it was does not.
pub(super) async fn anonymise(tx: &mut TenantTx, id: PedidoId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE pedido_titular SET nome = $2, email = NULL, telefone = NULL, texto = NULL, resposta = NULL, usuario_id = NULL WHERE id = $1",
        id as _,
        TARJA
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Those that nobody confirmed in time, and those that were answered long ago. Returns how many of each.
pub(crate) async fn forget(tx: &mut TenantTx) -> Result<(u64, u64), Fault> {
    let now = tx.clock().now();
    let unconfirmed = sqlx::query!(
        "DELETE FROM pedido_titular WHERE situacao = 'a_confirmar' AND created_at <= $1",
        now - super::CONFIRMED_WITHIN
    )
    .execute(tx.db())
    .await?;
    let old = sqlx::query!("DELETE FROM pedido_titular WHERE respondido_at <= $1", now - KEPT).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM pedido_link WHERE expires_at <= $1", now).execute(tx.db()).await?;
    Ok((unconfirmed.rows_affected(), old.rows_affected()))
}

/// Those of a person: made from their account, about them, or with their e-mail or number.
pub(crate) async fn of(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('protocolo', p.protocolo, 'tipo', p.tipo, 'state', p.situacao, 'nome', p.nome, 'email', p.email,
                      'telefone', p.telefone, 'texto', p.texto, 'created_at', p.created_at, 'resposta', p.resposta, 'fundamento', p.fundamento,
                      'respondido_at', p.respondido_at)) AS "row!"
           FROM pedido_titular p
           WHERE p.usuario_id = $1 OR p.titular_id = $1 OR p.nome ~* $2 OR p.email ~* $2 OR p.telefone ~* $2 OR p.texto ~* $2
              OR p.resposta ~* $2 OR p.fundamento ~* $2 OR p.respondido_por_nome ~* $2 OR p.registrado_por_nome ~* $2
           ORDER BY p.id DESC"#,
        alvo.titular.id,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?)
}

/// An answered one stays as proof, without whose it was. One that is open stays as it is until it is answered: nobody could
/// answer it otherwise. One that nobody confirmed goes.
pub(crate) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let (id, pattern) = (alvo.titular.id, alvo.pattern.as_str());
    let gone = sqlx::query!(
        "DELETE FROM pedido_titular p WHERE p.situacao = 'a_confirmar' AND (p.nome ~* $1 OR p.email ~* $1 OR p.telefone ~* $1 OR p.texto ~* $1)",
        pattern
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let kept = sqlx::query!(
        "UPDATE pedido_titular p SET apagar_depois = true
         WHERE p.respondido_at IS NULL
           AND (p.usuario_id = $1 OR p.titular_id = $1 OR p.nome ~* $2 OR p.email ~* $2 OR p.telefone ~* $2 OR p.texto ~* $2)",
        id,
        pattern
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let own = sqlx::query!(
        "UPDATE pedido_titular p SET nome = $3, email = NULL, telefone = NULL, texto = NULL, resposta = NULL, fundamento = NULL, usuario_id = NULL
         WHERE p.respondido_at IS NOT NULL AND p.nome <> $3
           AND (p.usuario_id = $1 OR p.titular_id = $1 OR p.nome ~* $2 OR p.email ~* $2 OR p.telefone ~* $2 OR p.texto ~* $2)",
        id,
        pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    // Of others, where the person is named.
    let others = sqlx::query!(
        "UPDATE pedido_titular p
         SET resposta = regexp_replace(p.resposta, $1, $2, 'gi'), fundamento = regexp_replace(p.fundamento, $1, $2, 'gi'),
             respondido_por_nome = regexp_replace(p.respondido_por_nome, $1, $2, 'gi'),
             registrado_por_nome = regexp_replace(p.registrado_por_nome, $1, $2, 'gi')
         WHERE p.resposta ~* $1 OR p.fundamento ~* $1 OR p.respondido_por_nome ~* $1 OR p.registrado_por_nome ~* $1",
        pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let kept = i64::try_from(kept).unwrap_or(i64::MAX);
    Ok(Efeito::apagados(gone) + Efeito { mantidos: kept, ..Efeito::anonimizados(own + others) })
}
