use kernel::{Actor, ActorKind, Denied, Email, ErrorKind, Fault, FieldError, Invalid, Kind, Permission};
use messaging::Links;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{ConviteId, letter, sql};
use crate::{
    perfil::{self, PerfilId},
    segredo::Segredo,
    usuario::{self, Nome},
};

/// Somebody to let in.
#[derive(Debug, Clone)]
pub struct Convidar {
    pub nome: Nome,
    pub email: Email,
    pub perfil: PerfilId,
}

#[derive(Debug, thiserror::Error)]
pub enum ConvidarError {
    #[error("a usuario has this e-mail")]
    EmailTaken,
    #[error("perfil not found")]
    UnknownPerfil,
    #[error("somebody invites the same address at this moment")]
    Conflict,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ConvidarError {
    fn kind(&self) -> Kind {
        match self {
            Self::EmailTaken | Self::Conflict => Kind::Conflict,
            Self::UnknownPerfil => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::EmailTaken => "email-taken",
            Self::UnknownPerfil => "invalid",
            Self::Conflict => "conflict",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::EmailTaken => vec![Invalid::new("email-taken").at("email")],
            Self::UnknownPerfil => vec![Invalid::new("choice").at("perfil")],
            Self::Conflict | Self::Denied(_) | Self::Fault(_) => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Invites somebody, or invites them again: an older convite to the same address stops working.
pub async fn convidar(tx: &mut TenantTx, actor: &Actor, links: &Links, cmd: Convidar) -> Result<ConviteId, ConvidarError> {
    actor.require(&usuario::GERIR)?;
    // A token would let in a person who outlasts it.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: usuario::GERIR }.into());
    }
    let perfil = perfil::find(tx, cmd.perfil).await?.ok_or(ConvidarError::UnknownPerfil)?;
    if !perfil::lasting(tx, actor).await?.covers(&perfil.grants()) {
        return Err(Denied { permission: usuario::GERIR }.into());
    }
    if usuario::by_email(tx, &cmd.email).await?.is_some() {
        return Err(ConvidarError::EmailTaken);
    }
    send(tx, actor, links, &cmd, Some(&actor.nome)).await?.ok_or(ConvidarError::Conflict)
}

/// Makes the convite, its mail and its audit row.
pub(crate) async fn send(
    tx: &mut TenantTx,
    actor: &Actor,
    links: &Links,
    cmd: &Convidar,
    inviter: Option<&str>,
) -> Result<Option<ConviteId>, Fault> {
    let token = Segredo::draw();
    let novo = sql::Novo { nome: cmd.nome.as_str(), email: &cmd.email, perfil: cmd.perfil, created_by: actor.id };
    let Some(id) = sql::insert(tx, novo, &token).await? else { return Ok(None) };
    letter::send(tx, links, &cmd.nome, &cmd.email, &token, inviter).await?;
    let after = json!({ "nome": cmd.nome, "email": cmd.email, "perfil": cmd.perfil });
    tx.audit(
        actor,
        Entry { action: "convite.enviado", entity: "convite", entity_id: Some(id.uuid()), change: Change::created(&after) },
    )
    .await?;
    Ok(Some(id))
}
