use chrono_tz::Tz;
use kernel::{Actor, ErrorKind, Fault, Kind, Lang};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Fuso, Nome, of, sql};

/// What a person changes about themselves.
#[derive(Debug, Clone)]
pub struct MinhaConta {
    pub nome: Nome,
    /// `None`: what the browser asks for.
    pub idioma: Option<Lang>,
    /// `None`: as the unidade does.
    pub fuso: Option<Fuso>,
    /// Of the row the form was filled from.
    pub version: i32,
}

#[derive(Debug, thiserror::Error)]
pub enum MinhaContaError {
    #[error("the account was changed meanwhile")]
    Changed,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for MinhaContaError {
    fn kind(&self) -> Kind {
        match self {
            Self::Changed => Kind::Conflict,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Changed => "conflict",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Changes the actor's own name, language and zone.
pub async fn alterar_minha_conta(tx: &mut TenantTx, actor: &Actor, cmd: MinhaConta) -> Result<(), MinhaContaError> {
    let own = of(actor).ok_or_else(|| Fault::because("only a usuario has an account"))?;
    let before = sql::find(tx, own).await?.ok_or(MinhaContaError::Changed)?;
    if !sql::update_conta(tx, own, cmd.nome.as_str(), cmd.idioma, cmd.fuso, cmd.version).await? {
        return Err(MinhaContaError::Changed);
    }
    let change = Change::between(
        &json!({ "nome": before.nome, "idioma": before.idioma, "fuso": before.fuso.as_ref().map(|zone: &Tz| zone.name()) }),
        &json!({ "nome": cmd.nome, "idioma": cmd.idioma, "fuso": cmd.fuso.map(|fuso| fuso.zone().name()) }),
    );
    if !change.is_empty() {
        let entry = Entry { action: "usuario.alterado", entity: "usuario", entity_id: Some(own.uuid()), change };
        tx.audit(actor, entry).await?;
    }
    Ok(())
}
