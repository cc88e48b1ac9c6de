use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{ErrorKind, Fault, FieldError, Invalid, Kind, RequestMeta};
use serde_json::json;
use tenancy::{Change, Entry, MasterKey, TenantTx, Tenants, Unidade};

use super::{Chegada, Passo, TRIES, sql};
use crate::{
    aparelho::{self, Aparelhos},
    aviso::{self, Aviso},
    entrar::tentativa::{self, Limit},
    fator::{self, Digits, Due, Metodo, Reserva},
    regra,
    segredo::Segredo,
    sessao::{self, NovaSessao, SessaoId},
    usuario::UsuarioId,
};

/// Wrong codes of one account, whichever browsers they come from: whoever knows the password begins as many passos as they
/// like.
const GUESSES: Limit = Limit { failures: 10, window: TimeDelta::minutes(15) };
/// And over a day: who waits between them gets no further.
const GUESSES_OF_DAY: Limit = Limit { failures: 30, window: TimeDelta::days(1) };

/// Their counters.
fn guesses(usuario: UsuarioId) -> (String, String) {
    (format!("codigo:{usuario}"), format!("codigo-dia:{usuario}"))
}

/// Begins the counters of wrong codes of an account anew.
pub(crate) async fn forget_guesses(tx: &mut TenantTx, usuario: UsuarioId) -> Result<(), Fault> {
    let (lately, of_day) = guesses(usuario);
    tentativa::clear(tx, &lately).await?;
    tentativa::clear(tx, &of_day).await
}

/// By what the second factor is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    Totp,
    Email,
    Reserva,
}

impl Via {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Email => "email",
            Self::Reserva => "reserva",
        }
    }

    pub(crate) fn of(code: &str) -> Option<Self> {
        [Self::Totp, Self::Email, Self::Reserva].into_iter().find(|via| via.code() == code)
    }
}

/// A code that somebody typed.
#[derive(Debug)]
pub struct Confirmar {
    pub via: Via,
    pub codigo: String,
    /// The browser is not to be asked again for a while.
    pub confiar: bool,
    pub previous: Option<SessaoId>,
    pub aparelhos: Aparelhos,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfirmarError {
    /// Unknown, used, ended by wrong codes, or too old: one answer.
    #[error("there is nothing to confirm any more")]
    Over,
    #[error("the code does not fit, was used, or is too old")]
    Wrong,
    #[error("too many wrong codes")]
    TooMany,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ConfirmarError {
    fn kind(&self) -> Kind {
        match self {
            Self::Over => Kind::NotFound,
            Self::Wrong => Kind::Invalid,
            Self::TooMany => Kind::Unavailable,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Over => "passo-over",
            Self::Wrong => "invalid",
            Self::TooMany => "passo-wait",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Wrong => vec![Invalid::new("codigo").at("codigo")],
            Self::Over | Self::TooMany | Self::Fault(_) => Vec::new(),
        }
    }
}

/// What came of a code: the sessão, and the códigos de reserva that are new when it ended a set-up.
pub(crate) struct Confirmed {
    pub sessao: NovaSessao,
    pub reserva: Vec<String>,
}

/// Opens the sessão for which the passo was begun.
pub async fn confirmar(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    key: &MasterKey,
    meta: &RequestMeta,
    cookie: &Segredo,
    cmd: Confirmar,
) -> Result<NovaSessao, ConfirmarError> {
    take(tenants, unidade, key, meta, cookie, cmd).await.map(|confirmed| confirmed.sessao)
}

/// As [`confirmar`]; somebody who has to set up a second factor ends that with the same code.
pub(crate) async fn take(
    tenants: &Tenants,
    unidade: &Arc<Unidade>,
    key: &MasterKey,
    meta: &RequestMeta,
    cookie: &Segredo,
    cmd: Confirmar,
) -> Result<Confirmed, ConfirmarError> {
    // A refusal is written too, so it is no error of the transaction.
    tenants.write(unidade, async |tx: &mut TenantTx| Ok::<_, Fault>(enter(tx, key, meta, cookie, cmd).await)).await?
}

async fn enter(
    tx: &mut TenantTx,
    key: &MasterKey,
    meta: &RequestMeta,
    cookie: &Segredo,
    cmd: Confirmar,
) -> Result<Confirmed, ConfirmarError> {
    // Of two with one code at once the second waits here and finds the passo over.
    super::lock(tx, cookie).await?;
    let passo = super::find(tx, cookie).await?.ok_or(ConfirmarError::Over)?;
    let usuario = passo.conta.id;
    let (lately, of_day) = guesses(usuario);
    if !tentativa::within(tx, &lately, GUESSES).await? || !tentativa::within(tx, &of_day, GUESSES_OF_DAY).await? {
        sql::end(tx, passo.id).await?;
        refused(tx, &passo, meta, cmd.via).await?;
        return Err(ConfirmarError::TooMany);
    }
    let enrols = fator::of_usuario(tx, usuario).await?.due() == Due::Enrol;
    let Some(reserva) = proved(tx, key, &passo, meta, cookie, &cmd, enrols).await? else {
        refused(tx, &passo, meta, cmd.via).await?;
        if sql::fail(tx, passo.id).await? >= TRIES {
            sql::end(tx, passo.id).await?;
            return Err(ConfirmarError::Over);
        }
        return Err(ConfirmarError::Wrong);
    };
    forget_guesses(tx, usuario).await?;
    let sessao = finish(tx, passo, meta, cmd.previous, cmd.aparelhos, cmd.confiar).await?;
    Ok(Confirmed { sessao, reserva })
}

/// Ends the passo and opens its sessão; [`ConfirmarError::Over`] when something ended it meanwhile.
pub(crate) async fn finish(
    tx: &mut TenantTx,
    passo: Passo,
    meta: &RequestMeta,
    previous: Option<SessaoId>,
    aparelhos: Aparelhos,
    confiar: bool,
) -> Result<NovaSessao, ConfirmarError> {
    if !sql::end(tx, passo.id).await? {
        return Err(ConfirmarError::Over);
    }
    let chegada = Chegada { conta: passo.conta, method: passo.method, meta, previous, aparelhos };
    Ok(admit(tx, chegada, confiar).await?)
}

/// `None` when the code does not fit; else the códigos de reserva that are new.
async fn proved(
    tx: &mut TenantTx,
    key: &MasterKey,
    passo: &Passo,
    meta: &RequestMeta,
    cookie: &Segredo,
    cmd: &Confirmar,
    enrols: bool,
) -> Result<Option<Vec<String>>, Fault> {
    let usuario = passo.conta.id;
    match (cmd.via, enrols) {
        (Via::Totp, true) => fator::confirm(tx, key, &passo.actor(meta), usuario, &cmd.codigo).await,
        (Via::Totp, false) => Ok(fator::take_totp(tx, key, usuario, &cmd.codigo, false).await?.then(Vec::new)),
        (Via::Email, true) => {
            if fits(tx, passo, cookie, &cmd.codigo) && fator::sql::confirm(tx, usuario, Metodo::Email).await? {
                return fator::added(tx, key, &passo.actor(meta), usuario, Metodo::Email.code()).await.map(Some);
            }
            Ok(None)
        }
        (Via::Email, false) => {
            let takes = fator::of_usuario(tx, usuario).await?.takes_email();
            Ok((takes && fits(tx, passo, cookie, &cmd.codigo)).then(Vec::new))
        }
        (Via::Reserva, true) => Ok(None),
        (Via::Reserva, false) => {
            let hash = Reserva::hash(&cmd.codigo, key, usuario);
            if !fator::sql::take_reserva(tx, usuario, hash).await? {
                return Ok(None);
            }
            let entry = Entry {
                action: "acesso.reserva_usada",
                entity: "usuario",
                entity_id: Some(usuario.uuid()),
                change: Change::default(),
            };
            tx.audit(&passo.actor(meta), entry).await?;
            Ok(Some(Vec::new()))
        }
    }
}

/// Whether it is the code that was mailed for this passo, within its time. It goes with the passo.
fn fits(tx: &TenantTx, passo: &Passo, cookie: &Segredo, typed: &str) -> bool {
    passo.codigo.as_ref().is_some_and(|mailed| mailed.expires_at > tx.clock().now() && mailed.hash == Digits::hash(typed, cookie))
}

async fn refused(tx: &mut TenantTx, passo: &Passo, meta: &RequestMeta, via: Via) -> Result<(), Fault> {
    let entry = Entry {
        action: "acesso.codigo_recusado",
        entity: "usuario",
        entity_id: Some(passo.conta.id.uuid()),
        change: Change::created(&json!({ "method": via.code() })),
    };
    tx.audit(&passo.actor(meta), entry).await
}

/// Opens the sessão, notes the aparelho, and tells the person of one that is new.
pub(crate) async fn admit(tx: &mut TenantTx, chegada: Chegada<'_>, confiar: bool) -> Result<NovaSessao, Fault> {
    let Chegada { conta, method, meta, previous, aparelhos } = chegada;
    let usuario: UsuarioId = conta.id;
    let mut nova = sessao::abrir(tx, conta, method, meta, previous).await?;
    let days = regra::find(tx).await?.trust_days;
    let trusted_until = (confiar && days > 0).then(|| tx.clock().now() + TimeDelta::days(days.into()));
    let noted = aparelho::note(tx, usuario, meta, &aparelhos, trusted_until).await?;
    if noted.is_news {
        aviso::send(tx, usuario, Aviso::NovoAparelho, meta).await?;
    }
    nova.aparelho = noted.cookie;
    Ok(nova)
}
