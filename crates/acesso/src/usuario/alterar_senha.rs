use std::sync::Arc;

use kernel::{Actor, Email, ErrorKind, Fault, FieldError, Invalid, Kind};
use tenancy::{Change, Entry, TenantTx, Tenants, Unidade};

use super::{of, sql};
use crate::{
    aparelho,
    aviso::{self, Aviso},
    entrar::tentativa::{self, Keys, Verdict},
    pessoa, recuperacao,
    senha::{NovaSenha, Place, Senha},
    sessao::{self, SessaoId},
};

/// A new password for oneself.
#[derive(Debug)]
pub struct AlterarSenha {
    /// The one that counts now; not asked of somebody who has none (they came by a one-time link).
    pub atual: Senha,
    pub nova: Senha,
    /// Stays open; all others end.
    pub sessao: SessaoId,
}

#[derive(Debug, thiserror::Error)]
pub enum AlterarSenhaError {
    #[error("the current password does not match")]
    WrongAtual,
    #[error("too many failed attempts")]
    TooMany,
    #[error("this password may not be chosen: {0}")]
    Senha(Invalid),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AlterarSenhaError {
    fn kind(&self) -> Kind {
        match self {
            Self::WrongAtual | Self::Senha(_) => Kind::Invalid,
            Self::TooMany => Kind::Unavailable,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::WrongAtual | Self::Senha(_) => "invalid",
            Self::TooMany => "login-wait",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::WrongAtual => vec![Invalid::new("senha-atual").at("senha_atual")],
            Self::Senha(invalid) => vec![invalid.clone().at("senha")],
            Self::TooMany | Self::Fault(_) => Vec::new(),
        }
    }
}

/// Whose password it is, and the one that counts now, in PHC form.
pub(super) struct Before {
    pub nome: String,
    pub email: Email,
    pub secret: Option<String>,
}

/// Sets the actor's own password and ends their other sessões: whoever knew the old one is out (ASVS V7.4.3).
///
/// Holds no connection while passwords are hashed. Guesses of the current one count as attempts to sign in.
pub async fn alterar_senha(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    cmd: AlterarSenha,
) -> Result<(), AlterarSenhaError> {
    let own = of(actor).ok_or_else(|| Fault::because("only a usuario has a password"))?;
    let place = Place::take()?;
    let before = tenants.read(unidade, async |tx: &mut TenantTx| sql::senha_before(tx, own).await).await?;
    let about = [before.nome.as_str(), before.email.as_str(), unidade.nome.as_str()];
    let nova = NovaSenha::choose(cmd.nova, &about).map_err(AlterarSenhaError::Senha)?;
    let keys = Keys::of(before.email.as_str(), actor.meta.ip);
    let first = before.secret.is_none();
    let place = if before.secret.is_some() {
        let verdict = tenants.record(unidade, async |tx: &mut TenantTx| tentativa::count(tx, &keys).await).await?;
        if matches!(verdict, Verdict::Spent(_)) {
            return Err(AlterarSenhaError::TooMany);
        }
        if !place.verify(cmd.atual, before.secret).await? {
            return Err(AlterarSenhaError::WrongAtual);
        }
        Place::take()?
    } else {
        place
    };
    let phc = place.hash(nova).await?;
    tenants
        .write(unidade, async |tx: &mut TenantTx| {
            sql::lock(tx, own).await?;
            tentativa::forgive(tx, &keys).await?;
            sql::set_senha(tx, own, &phc).await?;
            if first {
                pessoa::distrust(tx, own, cmd.sessao).await?;
            }
            sessao::end_all(tx, own, Some(cmd.sessao)).await?;
            recuperacao::end_all(tx, own).await?;
            aparelho::distrust(tx, own).await?;
            aviso::send(tx, own, Aviso::SenhaTrocada, &actor.meta).await?;
            let entry = Entry {
                action: "usuario.senha_alterada",
                entity: "usuario",
                entity_id: Some(own.uuid()),
                change: Change::default(),
            };
            tx.audit(actor, entry).await
        })
        .await?;
    Ok(())
}
