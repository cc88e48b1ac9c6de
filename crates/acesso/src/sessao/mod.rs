//! A sessão: somebody signed in on one device. Its cookie is a secret of which only the hash is stored; it ends when it is
//! not used for a while, after half a day in any case, and whenever its usuario says so or is deactivated.

mod encerrar;
mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, ActorKind, Entity, Fault, Grants, Id, RequestMeta};
use tenancy::{Change, Entry, TenantTx};

pub use encerrar::{EncerrarError, encerrar, encerrar_outras, sair};
pub(crate) use sql::{end_all, find, forget, touch};

use crate::{segredo::Segredo, usuario::UsuarioId};

#[derive(Debug)]
pub enum SessaoEntity {}
impl Entity for SessaoEntity {
    const NAME: &'static str = "sessao";
}
pub type SessaoId = Id<SessaoEntity>;

/// How a sessão was opened; decides how long it lasts (D-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Senha,
    Convite,
    /// A one-time link of an operator.
    Entrada,
}

impl Method {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Senha => "senha",
            Self::Convite => "convite",
            Self::Entrada => "entrada",
        }
    }

    /// Unused for so long, it is over; and over after so long in any case.
    const fn limits(self) -> (TimeDelta, TimeDelta) {
        match self {
            Self::Senha | Self::Convite | Self::Entrada => (TimeDelta::minutes(30), TimeDelta::hours(12)),
        }
    }
}

/// A sessão just opened; the cookie leaves the house once, here.
#[derive(Debug)]
pub struct NovaSessao {
    pub id: SessaoId,
    pub cookie: Segredo,
    /// Language the usuario chose, for the browser to remember.
    pub idioma: Option<kernel::Lang>,
}

/// Who has just proved who they are.
#[derive(Debug, Clone)]
pub(crate) struct Conta {
    pub id: UsuarioId,
    pub nome: String,
    pub idioma: Option<kernel::Lang>,
}

impl Conta {
    /// The usuario as the author of their own entering; nothing is asked of the grants there.
    pub(crate) fn actor(&self, meta: &RequestMeta) -> Actor {
        Actor {
            kind: ActorKind::Usuario,
            id: Some(self.id.uuid()),
            nome: self.nome.clone(),
            grants: Grants::default(),
            meta: meta.clone(),
        }
    }
}

/// A sessão as its usuario sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessao {
    pub id: SessaoId,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub ip: Option<std::net::IpAddr>,
    pub user_agent: Option<String>,
}

/// Opens a sessão for somebody who proved who they are, always a new one: whoever planted or knew the cookie of
/// `previous` is left with nothing (ASVS V7.2.4).
pub(crate) async fn abrir(
    tx: &mut TenantTx,
    conta: Conta,
    method: Method,
    meta: &RequestMeta,
    previous: Option<SessaoId>,
) -> Result<NovaSessao, Fault> {
    let (now, id) = (tx.clock().now(), SessaoId::new(tx.clock().uuid()));
    let cookie = Segredo::draw();
    let (idle, absolute) = method.limits();
    if let Some(previous) = previous {
        sql::end(tx, previous).await?;
    }
    let row = sql::Nova {
        id,
        usuario: conta.id,
        token_hash: cookie.hash(),
        method,
        now,
        idle_until: now + idle,
        expires_at: now + absolute,
        meta,
    };
    sql::insert(tx, row).await?;
    crate::usuario::seen(tx, conta.id).await?;
    let entry = Entry {
        action: "acesso.entrou",
        entity: "usuario",
        entity_id: Some(conta.id.uuid()),
        change: Change::created(&serde_json::json!({ "method": method.code() })),
    };
    tx.audit(&conta.actor(meta), entry).await?;
    Ok(NovaSessao { id, cookie, idioma: conta.idioma })
}

/// The sessões of a usuario that are not over, newest use first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Sessao>, Fault> {
    sql::list(tx, usuario).await
}
