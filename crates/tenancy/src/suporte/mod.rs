//! Support access: a platform admin asks a unidade, the unidade consents or not, and the access ends by itself (decision 0017).
//!
//! The rule it protects: nobody of the platform is in a unidade without a row here that its administrador granted, that has
//! not run out, whose admin is still one and whose unidade is open. The row is asked at every request, so that every end is
//! an end at once. Each function writes the platform's own trail; the unidade's is the caller's.

mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Fault, Texto};
use serde_json::json;
use uuid::Uuid;

use crate::{PlatformTx, UnidadeId, passagem};

/// A pedido that nobody answers for so long has run out.
const PEDIDO: TimeDelta = TimeDelta::days(7);

/// Without use for so long the session is over, as on the console; what was granted stays, and is entered again from there.
pub const IDLE: TimeDelta = TimeDelta::minutes(30);

/// How long an access may be asked for, in minutes.
pub const MINUTOS: [i32; 5] = [30, 60, 120, 240, 480];

pub type Motivo = Texto<300>;

/// SHA-256 of a secret.
pub type Hash = [u8; 32];

/// One pedido and what became of it.
#[derive(Debug, Clone)]
pub struct Suporte {
    pub id: Uuid,
    pub unidade_id: UnidadeId,
    pub admin_id: Uuid,
    pub admin_nome: String,
    pub motivo: String,
    pub minutos_pedidos: i32,
    pub escrita_pedida: bool,
    pub situacao: String,
    pub asked_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub escrita: bool,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by_nome: Option<String>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by_nome: Option<String>,
}

impl Suporte {
    /// Waits for the unidade's word.
    #[must_use]
    pub fn is_waiting(&self, now: DateTime<Utc>) -> bool {
        self.situacao == "pedido" && self.expires_at > now
    }

    /// Lets its admin in.
    #[must_use]
    pub fn is_granted(&self, now: DateTime<Utc>) -> bool {
        self.situacao == "concedido" && self.expires_at > now
    }

    /// How it stands; one that has run out says so before anybody has noted it.
    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> &str {
        let open = matches!(self.situacao.as_str(), "pedido" | "concedido");
        if open && self.expires_at <= now { "vencido" } else { &self.situacao }
    }

    fn detail(&self) -> serde_json::Value {
        json!({ "id": self.id, "admin": self.admin_nome, "motivo": self.motivo, "escrita": self.escrita, "expires_at": self.expires_at })
    }
}

/// Somebody of the platform inside a unidade.
#[derive(Debug, Clone)]
pub struct Viva {
    pub suporte_id: Uuid,
    pub admin_id: Uuid,
    pub admin_nome: String,
    pub escrita: bool,
    pub expires_at: DateTime<Utc>,
    /// Of the session; `None` before there is one.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Asks for access; `None` when the admin has an open pedido or access there already, or the unidade is not active.
///
/// # Errors
/// A fault of the database.
pub async fn pedir(
    tx: &mut PlatformTx,
    actor: &Actor,
    unidade: UnidadeId,
    (motivo, minutos, escrita): (&Motivo, i32, bool),
) -> Result<Option<Suporte>, Fault> {
    let Some(admin) = actor.id else { return Ok(None) };
    vencer(tx).await?;
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    let asked = sql::Pedido { id, unidade, admin, motivo, minutos, escrita, now, expires_at: now + PEDIDO };
    if !sql::insert(tx, &asked).await? {
        return Ok(None);
    }
    let detail = json!({ "id": id, "motivo": motivo.as_str(), "minutos": minutos, "escrita": escrita });
    tx.audit(actor, "suporte.pedido", Some(unidade), detail).await?;
    sql::find(tx, unidade, id).await
}

/// Consents, for no longer and to no more than was asked for; `None` when it no longer waits, or its admin is none any more.
///
/// # Errors
/// A fault of the database.
pub async fn conceder(
    tx: &mut PlatformTx,
    actor: &Actor,
    unidade: UnidadeId,
    id: Uuid,
    (minutos, escrita): (i32, bool),
) -> Result<Option<Suporte>, Fault> {
    let until = tx.clock().now() + TimeDelta::minutes(i64::from(minutos));
    if !sql::conceder(tx, (unidade, id), &actor.nome, (minutos, escrita), until).await? {
        return Ok(None);
    }
    written(tx, actor, "suporte.concedido", unidade, id).await
}

/// How an access or a pedido ends by somebody's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fim {
    /// The unidade says no.
    Recusado,
    /// The admin no longer asks.
    Retirado,
    /// What was granted is over, by either side.
    Encerrado,
}

impl Fim {
    /// From which situação, to which, and the action in both trails.
    const fn step(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Recusado => ("pedido", "recusado", "suporte.recusado"),
            Self::Retirado => ("pedido", "retirado", "suporte.retirado"),
            Self::Encerrado => ("concedido", "encerrado", "suporte.encerrado"),
        }
    }

    /// The action in both trails.
    #[must_use]
    pub const fn action(self) -> &'static str {
        self.step().2
    }
}

/// Ends it; of two at once one does. `None` when there is nothing of that kind to end.
///
/// # Errors
/// A fault of the database.
pub async fn encerrar(
    tx: &mut PlatformTx,
    actor: &Actor,
    unidade: UnidadeId,
    id: Uuid,
    fim: Fim,
) -> Result<Option<Suporte>, Fault> {
    let (from, to, action) = fim.step();
    if !sql::end(tx, (unidade, id), &actor.nome, from, to).await? {
        return Ok(None);
    }
    written(tx, actor, action, unidade, id).await
}

async fn written(
    tx: &mut PlatformTx,
    actor: &Actor,
    action: &'static str,
    unidade: UnidadeId,
    id: Uuid,
) -> Result<Option<Suporte>, Fault> {
    let Some(suporte) = sql::find(tx, unidade, id).await? else { return Ok(None) };
    tx.audit(actor, action, Some(unidade), suporte.detail()).await?;
    Ok(Some(suporte))
}

/// Uses the way over up and makes `sessao` the one session of the access: the one before is over.
///
/// # Errors
/// A fault of the database.
pub async fn entrar(
    tx: &mut PlatformTx,
    actor: impl FnOnce(&Viva) -> Actor,
    unidade: UnidadeId,
    hash: Hash,
    sessao: Hash,
) -> Result<Option<Viva>, Fault> {
    let Some(viva) = passagem::redeem_suporte(tx, unidade, hash).await? else { return Ok(None) };
    if !sql::enter(tx, viva.suporte_id, &sessao).await? {
        return Ok(None);
    }
    let detail = json!({ "id": viva.suporte_id, "escrita": viva.escrita, "expires_at": viva.expires_at });
    tx.audit(&actor(&viva), "suporte.entrou", Some(unidade), detail).await?;
    Ok(Some(viva))
}

/// Who is behind a session of support in this unidade; asked at every request of theirs.
///
/// # Errors
/// A fault of the database.
pub async fn viva(tx: &mut PlatformTx, unidade: UnidadeId, sessao: Hash) -> Result<Option<Viva>, Fault> {
    let used_since = tx.clock().now() - IDLE;
    sql::viva(tx, unidade, &sessao, used_since).await
}

/// Notes that the session is used.
///
/// # Errors
/// A fault of the database.
pub async fn touch(tx: &mut PlatformTx, unidade: UnidadeId, admin: Uuid) -> Result<(), Fault> {
    sql::touch(tx, unidade, admin).await
}

/// Ends the session; the access stays, and can be entered again from the console.
///
/// # Errors
/// A fault of the database.
pub async fn sair(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    sql::leave(tx, id).await
}

/// The latest of a unidade, those that wait or last first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut PlatformTx, unidade: UnidadeId) -> Result<Vec<Suporte>, Fault> {
    sql::list(tx, unidade).await
}

/// What an admin has open in a unidade.
///
/// # Errors
/// A fault of the database.
pub async fn open_of(tx: &mut PlatformTx, unidade: UnidadeId, admin: Uuid) -> Result<Option<Suporte>, Fault> {
    sql::open_of(tx, unidade, admin).await
}

/// Ends what has run out, and whatever is of an admin or a unidade that is no longer active.
///
/// # Errors
/// A fault of the database.
pub async fn vencer(tx: &mut PlatformTx) -> Result<(), Fault> {
    for (id, unidade, situacao) in sql::run_out(tx).await? {
        let action = if situacao == "vencido" { "suporte.vencido" } else { "suporte.encerrado" };
        tx.audit(&Actor::sistema(), action, Some(unidade), json!({ "id": id })).await?;
    }
    Ok(())
}

/// Ends whatever support has open in a unidade that is being closed: it must not go on when the unidade is opened again.
pub(crate) async fn fechar(tx: &mut PlatformTx, actor: &Actor, unidade: UnidadeId) -> Result<(), Fault> {
    for id in sql::end_all(tx, unidade, &actor.nome).await? {
        tx.audit(actor, "suporte.encerrado", Some(unidade), json!({ "id": id })).await?;
    }
    Ok(())
}

/// Ended without the unidade's trail having heard of it.
///
/// # Errors
/// A fault of the database.
pub async fn untold(tx: &mut PlatformTx) -> Result<Vec<Suporte>, Fault> {
    sql::untold(tx).await
}

/// The unidade's trail has it.
///
/// # Errors
/// A fault of the database.
pub async fn told(tx: &mut PlatformTx, id: Uuid) -> Result<(), Fault> {
    sql::told(tx, id).await
}
