use kernel::{Actor, ActorKind, Denied, Email, Fault, FieldError, Invalid, Refusal, Rule, Told};
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
pub enum ConvidarRule {
    #[error("a usuario has this e-mail")]
    EmailTaken,
    #[error("perfil not found")]
    UnknownPerfil,
    #[error("somebody invites the same address at this moment")]
    AtOnce,
}

impl Rule for ConvidarRule {
    fn told(&self) -> Told {
        match self {
            Self::EmailTaken => Told::conflict("email-taken"),
            Self::UnknownPerfil => Told::invalid("invalid"),
            Self::AtOnce => Told::conflict("conflict"),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::EmailTaken => vec![Invalid::new("email-taken").at("email")],
            Self::UnknownPerfil => vec![Invalid::new("choice").at("perfil")],
            Self::AtOnce => Vec::new(),
        }
    }
}

pub type ConvidarError = Refusal<ConvidarRule>;

/// Invites somebody, or invites them again: an older convite to the same address stops working.
pub async fn convidar(tx: &mut TenantTx, actor: &Actor, links: &Links, cmd: Convidar) -> Result<ConviteId, ConvidarError> {
    may(tx, actor, cmd.perfil, &cmd.email).await?;
    Ok(send(tx, actor, links, &cmd, Some(&actor.nome)).await?.ok_or(ConvidarRule::AtOnce)?)
}

/// Whether the actor may let somebody in as that perfil: only with what they could do themselves.
pub(super) async fn may(tx: &mut TenantTx, actor: &Actor, perfil: PerfilId, email: &Email) -> Result<(), ConvidarError> {
    actor.require(&usuario::GERIR)?;
    // A token would let in a person who outlasts it.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: usuario::GERIR }.into());
    }
    let perfil = perfil::find(tx, perfil).await?.ok_or(ConvidarRule::UnknownPerfil)?;
    if !perfil::lasting(tx, actor).await?.covers(&perfil.grants()) {
        return Err(Denied { permission: usuario::GERIR }.into());
    }
    if usuario::by_email(tx, email).await?.is_some() {
        return Err(ConvidarRule::EmailTaken.into());
    }
    Ok(())
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
