//! Single permissões that a usuário is given or denied beside their perfil (S3-1.8), for good or until a day.
//!
//! The rules it protects: nobody gives what they do not hold, to anybody who holds more than they do, or to themselves.

pub mod pages;
mod sql;

use chrono::{DateTime, Utc};
use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind, Permission, Scope};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, TenantTx};

pub use sql::list;

use super::UsuarioId;
use crate::perfil::{self, may_define};

/// A permissão that was given or denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ajuste {
    pub permissao: String,
    /// `None`: denied.
    pub escopo: Option<Scope>,
    pub expires_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub created_by_nome: String,
}

impl Ajuste {
    /// Whether its time is not over.
    #[must_use]
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|at| at > now)
    }
}

/// What to give or deny.
#[derive(Debug, Clone)]
pub struct Ajustar {
    pub permissao: Permission,
    /// `None`: deny it.
    pub escopo: Option<Scope>,
    /// It counts before this instant.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Debug, thiserror::Error)]
pub enum AjustarError {
    #[error("usuario not found, or nothing was decided for them")]
    NotFound,
    #[error("nobody changes what they may do themselves")]
    Own,
    #[error("whoever holds everything is neither given nor denied anything")]
    Administrador,
    #[error("its time would be over already")]
    Past,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AjustarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Own | Self::Administrador => Kind::Conflict,
            Self::Past => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Own => "permissao-own",
            Self::Administrador => "permissao-administrador",
            Self::Past => "invalid",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Past => vec![Invalid::new("date-past").at("ate")],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Gives a usuario a permissão, or denies it, in place of what was decided about it before.
pub async fn ajustar(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId, cmd: &Ajustar) -> Result<(), AjustarError> {
    let now = tx.clock().now();
    if cmd.expires_at.is_some_and(|at| at <= now) {
        return Err(AjustarError::Past);
    }
    reach(tx, actor, usuario).await?;
    let code = cmd.permissao.code();
    let before = sql::find(tx, usuario, code).await?;
    // Who may deny it holds it: otherwise somebody could be kept from what only others decide about.
    // What they hold until a day only they do not give: it could outlast theirs.
    let gives = cmd.escopo.is_some();
    let own = if gives { perfil::lasting(tx, actor).await? } else { actor.grants.clone() };
    if own.scope(&cmd.permissao) < cmd.escopo.or(Some(Scope::Proprias)) {
        return Err(Denied { permission: perfil::GERIR }.into());
    }
    sql::put(tx, usuario, code, cmd.escopo, cmd.expires_at, &actor.nome).await?;
    let action = if cmd.escopo.is_some() { "usuario.permissao_concedida" } else { "usuario.permissao_negada" };
    let change = Change {
        before: before.map(|b| fact(code, b.escopo, b.expires_at)),
        after: Some(fact(code, cmd.escopo, cmd.expires_at)),
    };
    done(tx, actor, usuario, gives, action, change).await
}

/// Takes back what was decided about a permissão: what the perfil says counts again.
pub async fn retirar(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId, code: &str) -> Result<(), AjustarError> {
    reach(tx, actor, usuario).await?;
    let before = sql::find(tx, usuario, code).await?.ok_or(AjustarError::NotFound)?;
    sql::delete(tx, usuario, code).await?;
    let change = Change { before: Some(fact(code, before.escopo, before.expires_at)), after: None };
    // A denial that is taken back gives.
    done(tx, actor, usuario, before.escopo.is_none(), "usuario.permissao_retirada", change).await
}

/// Nobody decides about themselves, or about somebody who holds more than they do.
async fn reach(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId) -> Result<(), AjustarError> {
    may_define(actor)?;
    if super::of(actor) == Some(usuario) {
        return Err(AjustarError::Own);
    }
    if !sql::lock(tx, usuario).await? {
        return Err(AjustarError::NotFound);
    }
    let held = perfil::most_of(tx, usuario).await?;
    if !actor.grants.covers(&held) {
        return Err(Denied { permission: perfil::GERIR }.into());
    }
    if held == kernel::Grants::everything() { Err(AjustarError::Administrador) } else { Ok(()) }
}

/// What they come to hold is within what the actor holds, too; for good, when this `gives` them something.
async fn done(
    tx: &mut TenantTx,
    actor: &Actor,
    usuario: UsuarioId,
    gives: bool,
    action: &'static str,
    change: Change,
) -> Result<(), AjustarError> {
    let own = if gives { perfil::lasting(tx, actor).await? } else { actor.grants.clone() };
    if !own.covers(&perfil::most_of(tx, usuario).await?) {
        return Err(Denied { permission: perfil::GERIR }.into());
    }
    tx.audit(actor, Entry { action, entity: "usuario", entity_id: Some(usuario.uuid()), change }).await?;
    Ok(tx.tell(web::live::WHO, usuario).await?)
}

fn fact(code: &str, escopo: Option<Scope>, expires_at: Option<DateTime<Utc>>) -> Value {
    let mut all = Map::new();
    all.insert(code.to_owned(), escopo.map_or_else(|| json!("nenhuma"), |scope| json!(scope)));
    if let Some(at) = expires_at {
        all.insert("expires_at".to_owned(), json!(at));
    }
    Value::Object(all)
}
