use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, ActorKind, Denied, ErrorKind, Fault, FieldError, Grants, Invalid, Kind, Permission, Scope, Texto};
use serde_json::json;
use tenancy::{Change, Entry, MasterKey, TenantTx};

use super::{GERIR, Genuine, Limite, TokenId, jwt, sql};
use crate::{perfil, servico, usuario::UsuarioId};

/// A program to let in.
#[derive(Debug, Clone)]
pub struct CriarToken {
    pub nome: Texto<80>,
    /// Codes of permissões, each with every record in reach.
    pub permissoes: Vec<String>,
    /// 1 to 366 days.
    pub days: u16,
    /// The serviço it acts for; `None`: whoever makes it.
    pub servico: Option<UsuarioId>,
    pub limite: Limite,
}

/// A token just made; its text is shown once and kept nowhere.
#[derive(Debug, Clone)]
pub struct TokenCriado {
    pub id: TokenId,
    pub text: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, thiserror::Error)]
pub enum CriarTokenError {
    #[error("a token without permissões opens nothing")]
    NoPermissao,
    #[error("days out of 1 to 366")]
    Days,
    #[error("no such serviço, or it is deactivated")]
    UnknownServico,
    #[error("the serviço does not hold all of that")]
    BeyondServico,
    /// Nobody gives a program more than they hold.
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for CriarTokenError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoPermissao | Self::Days | Self::UnknownServico | Self::BeyondServico => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoPermissao | Self::Days | Self::UnknownServico | Self::BeyondServico => "invalid",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::NoPermissao => vec![Invalid::new("required").at("permissoes")],
            Self::Days => vec![Invalid::new("choice").at("dias")],
            Self::UnknownServico => vec![Invalid::new("choice").at("servico")],
            Self::BeyondServico => vec![Invalid::new("token-beyond-servico").at("permissoes")],
            Self::Denied(_) | Self::Fault(_) => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Makes a token of this unidade.
pub async fn criar_token(
    tx: &mut TenantTx,
    actor: &Actor,
    master_key: &MasterKey,
    cmd: CriarToken,
) -> Result<TokenCriado, CriarTokenError> {
    actor.require(&GERIR)?;
    // A token that could make its successor would never end.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    if cmd.permissoes.is_empty() {
        return Err(CriarTokenError::NoPermissao);
    }
    if !(1..=366).contains(&cmd.days) {
        return Err(CriarTokenError::Days);
    }
    let wanted: Grants = cmd.permissoes.iter().map(|code| (code.clone(), Scope::Todas)).collect();
    if !perfil::lasting(tx, actor).await?.covers(&wanted) {
        return Err(Denied { permission: GERIR }.into());
    }
    if let Some(servico) = cmd.servico {
        let holds = servico::holds(tx, actor, servico).await?.ok_or(CriarTokenError::UnknownServico)?;
        if !holds.covers(&wanted) {
            return Err(CriarTokenError::BeyondServico);
        }
    }
    let now = tx.clock().now();
    let chave = sql::chave_in_use(tx).await?;
    let id = TokenId::new(tx.clock().uuid());
    let expires_at = now + TimeDelta::days(i64::from(cmd.days));
    let text = jwt::sign(master_key, tx.unidade_id(), Genuine { id, chave }, now, expires_at)?;
    let novo = sql::Novo {
        id,
        nome: cmd.nome.as_str(),
        permissoes: &cmd.permissoes,
        created_at: now,
        created_by: actor.id,
        created_by_nome: &actor.nome,
        servico: cmd.servico,
        limite: cmd.limite,
        chave,
        expires_at,
    };
    sql::insert(tx, &novo).await?;
    let after = json!({ "nome": cmd.nome, "permissoes": cmd.permissoes, "expires_at": expires_at, "limite": cmd.limite.get(),
                        "chave": chave.get(), "servico": cmd.servico });
    let entry = Entry { action: "token.criado", entity: "token", entity_id: Some(id.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(TokenCriado { id, text, expires_at })
}
