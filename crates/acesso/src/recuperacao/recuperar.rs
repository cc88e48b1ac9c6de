use std::sync::Arc;

use kernel::{ErrorKind, Fault, FieldError, Invalid, Kind, RequestMeta};
use tenancy::{Change, Entry, TenantTx, Tenants, Unidade};

use super::sql;
use crate::{
    aparelho::{self, Aparelhos},
    aviso::{self, Aviso},
    entrar::tentativa,
    passo::{self, Chegada, Entrou},
    pessoa,
    segredo::Segredo,
    senha::{NovaSenha, Place, Senha},
    sessao::{self, Method, SessaoId},
    usuario,
};

#[derive(Debug, thiserror::Error)]
pub enum RecuperarError {
    /// Unknown, used, replaced or expired: one answer.
    #[error("the link does not work")]
    NotFound,
    #[error("this password may not be chosen: {0}")]
    Senha(Invalid),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for RecuperarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Senha(_) => Kind::Invalid,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Senha(_) => "invalid",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Senha(invalid) => vec![invalid.clone().at("senha")],
            Self::NotFound | Self::Fault(_) => Vec::new(),
        }
    }
}

/// Sets the senha that the link's reader chose and lets them in, by the second factor where one is asked. Whoever was in is out,
/// and no browser is known any more. They come with a sessão, which ends, and with what their browser says of itself: other people
/// may be known by it.
///
/// Holds no connection while the password is hashed. Of two who use one link at once, one gets in.
pub async fn recuperar(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    meta: &RequestMeta,
    token: &Segredo,
    senha: Senha,
    came: (Option<SessaoId>, Aparelhos),
) -> Result<Entrou, RecuperarError> {
    let place = Place::take()?;
    let aberta = tenants.read(unidade, async |tx: &mut TenantTx| sql::find_open(tx, token).await).await?;
    let aberta = aberta.ok_or(RecuperarError::NotFound)?;
    let senha = NovaSenha::choose(senha, &[&aberta.nome, &aberta.email, &unidade.nome]).map_err(RecuperarError::Senha)?;
    let phc = place.hash(senha).await?;
    tenants.write(unidade, async |tx: &mut TenantTx| enter(tx, meta, token, &phc, came).await).await
}

async fn enter(
    tx: &mut TenantTx,
    meta: &RequestMeta,
    token: &Segredo,
    phc: &str,
    (previous, aparelhos): (Option<SessaoId>, Aparelhos),
) -> Result<Entrou, RecuperarError> {
    let (conta, email) = sql::consume(tx, token).await?.ok_or(RecuperarError::NotFound)?;
    usuario::set_senha(tx, conta.id, phc).await?;
    sessao::end_all(tx, conta.id, None).await?;
    aparelho::forget_all(tx, conta.id).await?;
    tentativa::reopen(tx, &email).await?;
    // By a link that went through the unidade's own mail or hands: it proves the person to this unidade alone.
    pessoa::soltar(tx, &conta.actor(meta), conta.id).await?;
    let entry = Entry {
        action: "usuario.senha_recuperada",
        entity: "usuario",
        entity_id: Some(conta.id.uuid()),
        change: Change::default(),
    };
    tx.audit(&conta.actor(meta), entry).await?;
    aviso::send(tx, conta.id, Aviso::SenhaTrocada, meta).await?;
    let chegada = Chegada { conta, method: Method::Recuperacao, meta, previous, aparelhos };
    Ok(passo::proceed(tx, chegada).await?)
}
