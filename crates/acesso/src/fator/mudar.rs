use std::sync::Arc;

use kernel::{Actor, ErrorKind, Fault, FieldError, Kind};
use serde_json::json;
use tenancy::{Change, Entry, MasterKey, TenantTx, Tenants, Unidade};

use super::{
    FatorId, Metodo, Reserva,
    codigo::RESERVAS,
    purpose,
    sql::{self, of_usuario},
};
use crate::{
    aparelho,
    aviso::{self, Aviso},
    prova::{self, ProvaError},
    regra::SegundoFator,
    senha::Senha,
    sessao::SessaoId,
    totp,
    usuario::{self, UsuarioId},
};

/// What a person changes about their own second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mudanca {
    /// Begins to set up an app; it counts from its first code on.
    ComecarTotp,
    LigarEmail,
    Retirar(Metodo),
    /// New códigos de reserva; the old ones stop working.
    NovaReserva,
}

/// With the proof that the person is there, not just their open sessão (ASVS V7.5.1).
#[derive(Debug)]
pub struct MudarFator {
    pub mudanca: Mudanca,
    pub senha: Senha,
    pub sessao: SessaoId,
}

#[derive(Debug, thiserror::Error)]
pub enum MudarFatorError {
    #[error("the second factor is switched off for this perfil")]
    Desligado,
    #[error("there is one of that kind already")]
    Exists,
    #[error("there is none of that kind")]
    NotFound,
    #[error("the perfil requires a second factor and this is the only one")]
    LastFator,
    #[error(transparent)]
    Prova(#[from] ProvaError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for MudarFatorError {
    fn kind(&self) -> Kind {
        match self {
            Self::Desligado | Self::Exists | Self::LastFator => Kind::Conflict,
            Self::NotFound => Kind::NotFound,
            Self::Prova(prova) => prova.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Desligado => "fator-desligado",
            Self::Exists => "fator-exists",
            Self::NotFound => "not-found",
            Self::LastFator => "fator-last",
            Self::Prova(prova) => prova.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Prova(prova) => prova.fields(),
            _ => Vec::new(),
        }
    }
}

/// Changes the actor's own second factor. Returns códigos de reserva when there are new ones: they are shown once.
pub async fn mudar(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    key: &MasterKey,
    actor: &Actor,
    cmd: MudarFator,
) -> Result<Vec<String>, MudarFatorError> {
    let own = usuario::of(actor).ok_or_else(|| Fault::because("only a usuario has a second factor"))?;
    prova::provar(tenants, unidade, actor, cmd.sessao, cmd.senha).await?;
    tenants.write(unidade, async |tx: &mut TenantTx| change(tx, key, actor, own, cmd.mudanca).await).await
}

async fn change(
    tx: &mut TenantTx,
    key: &MasterKey,
    actor: &Actor,
    own: UsuarioId,
    mudanca: Mudanca,
) -> Result<Vec<String>, MudarFatorError> {
    let fatores = of_usuario(tx, own).await?;
    if fatores.regra == SegundoFator::Desligado && matches!(mudanca, Mudanca::ComecarTotp | Mudanca::LigarEmail) {
        return Err(MudarFatorError::Desligado);
    }
    match mudanca {
        Mudanca::ComecarTotp => {
            if !begin(tx, key, own, Metodo::Totp).await? {
                return Err(MudarFatorError::Exists);
            }
            Ok(Vec::new())
        }
        Mudanca::LigarEmail => {
            // The address is the one the convite went to; it needs no further proof.
            if fatores.email || !begin(tx, key, own, Metodo::Email).await? {
                return Err(MudarFatorError::Exists);
            }
            sql::confirm(tx, own, Metodo::Email).await?;
            added(tx, key, actor, own, Metodo::Email.code()).await.map_err(Into::into)
        }
        Mudanca::Retirar(metodo) => {
            let others = match metodo {
                Metodo::Totp => fatores.email || fatores.chaves > 0,
                Metodo::Email => fatores.totp || fatores.chaves > 0,
            };
            if fatores.regra == SegundoFator::Exigido && !others {
                return Err(MudarFatorError::LastFator);
            }
            if !sql::remove(tx, own, metodo).await? {
                return Err(MudarFatorError::NotFound);
            }
            removed(tx, actor, own, metodo.code()).await?;
            Ok(Vec::new())
        }
        Mudanca::NovaReserva => {
            if !fatores.any() {
                return Err(MudarFatorError::NotFound);
            }
            let codes = draw(tx, key, own).await?;
            note(tx, actor, own, "acesso.reserva_trocada", "").await?;
            Ok(codes)
        }
    }
}

/// Begins to set up a fator; `false` when there is one of that kind that counts.
pub(crate) async fn begin(tx: &mut TenantTx, key: &MasterKey, usuario: UsuarioId, metodo: Metodo) -> Result<bool, Fault> {
    let id = FatorId::new(tx.clock().uuid());
    let sealed = match metodo {
        Metodo::Totp => Some(key.seal(&purpose(id), &totp::draw())?),
        Metodo::Email => None,
    };
    sql::begin(tx, id, usuario, metodo, sealed.as_ref()).await
}

/// Ends the set-up of the actor's own app with its first code. `None` when the code does not fit; else the códigos de reserva
/// that are new, to be shown once.
///
/// # Errors
/// A fault of the database.
pub async fn confirmar_app(tx: &mut TenantTx, key: &MasterKey, actor: &Actor, code: &str) -> Result<Option<Vec<String>>, Fault> {
    let own = usuario::of(actor).ok_or_else(|| Fault::because("only a usuario has a second factor"))?;
    confirm(tx, key, actor, own, code).await
}

/// Ends the set-up of an app with its first code. `None` when the code does not fit; else the códigos de reserva that
/// are new.
pub(crate) async fn confirm(
    tx: &mut TenantTx,
    key: &MasterKey,
    actor: &Actor,
    usuario: UsuarioId,
    code: &str,
) -> Result<Option<Vec<String>>, Fault> {
    if !super::take_totp(tx, key, usuario, code, true).await? {
        return Ok(None);
    }
    added(tx, key, actor, usuario, Metodo::Totp.code()).await.map(Some)
}

/// Audit, códigos de reserva for the first, and a word to the person. `what` is the method's code.
pub(crate) async fn added(
    tx: &mut TenantTx,
    key: &MasterKey,
    actor: &Actor,
    usuario: UsuarioId,
    what: &str,
) -> Result<Vec<String>, Fault> {
    note(tx, actor, usuario, "acesso.fator_ligado", what).await?;
    aviso::send(tx, usuario, Aviso::FatorLigado, &actor.meta).await?;
    if of_usuario(tx, usuario).await?.reserva > 0 {
        return Ok(Vec::new());
    }
    draw(tx, key, usuario).await
}

/// After one was taken away: no aparelho is spared the question by what it proved with it, and the last takes the códigos de
/// reserva with it.
pub(crate) async fn removed(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId, what: &str) -> Result<(), Fault> {
    aparelho::distrust(tx, usuario).await?;
    if !of_usuario(tx, usuario).await?.any() {
        sql::remove_all(tx, usuario).await?;
    }
    note(tx, actor, usuario, "acesso.fator_retirado", what).await?;
    aviso::send(tx, usuario, Aviso::FatorRetirado, &actor.meta).await
}

/// Takes away everything a usuario could prove besides the senha; for an administrador whose colleague lost the telephone. Says
/// whether there was anything.
pub(crate) async fn retirar_todos(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId) -> Result<bool, Fault> {
    if !sql::remove_all(tx, usuario).await? {
        return Ok(false);
    }
    removed(tx, actor, usuario, "todos").await?;
    Ok(true)
}

/// Takes codes by e-mail away from a usuario who had them: the address is another now.
pub(crate) async fn retirar_email(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId) -> Result<(), Fault> {
    if of_usuario(tx, usuario).await?.email && sql::remove(tx, usuario, Metodo::Email).await? {
        removed(tx, actor, usuario, Metodo::Email.code()).await?;
    }
    Ok(())
}

async fn draw(tx: &mut TenantTx, key: &MasterKey, usuario: UsuarioId) -> Result<Vec<String>, Fault> {
    let codes: Vec<Reserva> = std::iter::repeat_with(Reserva::draw).take(RESERVAS).collect();
    sql::set_reserva(tx, key, usuario, &codes).await?;
    Ok(codes.iter().map(|code| code.reveal().to_owned()).collect())
}

async fn note(tx: &mut TenantTx, actor: &Actor, usuario: UsuarioId, action: &'static str, what: &str) -> Result<(), Fault> {
    let change = if what.is_empty() { Change::default() } else { Change::created(&json!({ "method": what })) };
    tx.audit(actor, Entry { action, entity: "usuario", entity_id: Some(usuario.uuid()), change }).await
}
