use std::sync::Arc;

use kernel::{ErrorKind, Fault, FieldError, Invalid, Kind, RequestMeta};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx, Tenants, Unidade};

use super::{Convite, sql};
use crate::{
    aparelho::Aparelhos,
    passo::{self, Chegada, Entrou},
    segredo::Segredo,
    senha::{NovaSenha, Place, Senha},
    sessao::{Conta, Method, SessaoId},
    usuario::{self, NovoUsuario},
};

#[derive(Debug, thiserror::Error)]
pub enum AceitarError {
    /// Unknown, used, revoked or expired: one answer.
    #[error("the convite does not work")]
    NotFound,
    #[error("this password may not be chosen: {0}")]
    Senha(Invalid),
    #[error("a usuario has this e-mail by now")]
    EmailTaken,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AceitarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Senha(_) => Kind::Invalid,
            Self::EmailTaken => Kind::Conflict,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "convite",
            Self::Senha(_) => "invalid",
            Self::EmailTaken => "email-taken",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Senha(invalid) => vec![invalid.clone().at("senha")],
            Self::NotFound | Self::EmailTaken | Self::Fault(_) => Vec::new(),
        }
    }
}

/// Makes the usuario of a convite, with the password they chose, and signs them in, or leads them to the second factor that their perfil must have.
/// They come with a sessão, which ends, and with what their browser says of itself.
///
/// Holds no connection while the password is hashed. Of two who use one link at once, one gets in.
pub async fn aceitar(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    meta: &RequestMeta,
    token: &Segredo,
    senha: Senha,
    came: (Option<SessaoId>, Aparelhos),
) -> Result<Entrou, AceitarError> {
    let place = Place::take()?;
    let convite = tenants.read(unidade, async |tx: &mut TenantTx| super::find_open(tx, token).await).await?;
    let convite = convite.ok_or(AceitarError::NotFound)?;
    let senha = NovaSenha::choose(senha, &[&convite.nome, &convite.email, &unidade.nome]).map_err(AceitarError::Senha)?;
    let phc = place.hash(senha).await?;
    tenants.write(unidade, async |tx: &mut TenantTx| enter(tx, meta, token, &phc, came).await).await
}

async fn enter(
    tx: &mut TenantTx,
    meta: &RequestMeta,
    token: &Segredo,
    phc: &str,
    (previous, aparelhos): (Option<SessaoId>, Aparelhos),
) -> Result<Entrou, AceitarError> {
    let Convite { id, nome, email, perfil_id, .. } = sql::consume(tx, token).await?.ok_or(AceitarError::NotFound)?;
    let novo = NovoUsuario { nome: &nome, email: &email, perfil: perfil_id, idioma: None };
    let usuario = usuario::insert(tx, novo).await?.ok_or(AceitarError::EmailTaken)?;
    sql::hand_on_setor(tx, id, usuario).await?;
    usuario::set_senha(tx, usuario, phc).await?;
    let conta = Conta { id: usuario, nome, idioma: None };
    let after = json!({ "nome": conta.nome, "email": email, "perfil": perfil_id, "convite": id });
    let entry =
        Entry { action: "usuario.criado", entity: "usuario", entity_id: Some(usuario.uuid()), change: Change::created(&after) };
    tx.audit(&conta.actor(meta), entry).await?;
    let chegada = Chegada { conta, method: Method::Convite, meta, previous, aparelhos };
    Ok(passo::proceed(tx, chegada).await?)
}
