//! As chaves de acesso (passkeys): a key pair in somebody's telephone, computer or stick. As a second factor after the senha, or
//! instead of it: the device itself asks for a finger, a face or a PIN.
//!
//! The rule it protects: what a browser is asked to sign is kept here and counts once, within minutes, for whom and what it was
//! asked; a chave belongs to the host of its unidade and is nothing to another.

mod entrar;
pub mod pages;
mod registrar;
mod sql;

use axum::http::HeaderMap;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Entity, ErrorKind, Fault, Id, Kind, Texto};
use serde::{Serialize, de::DeserializeOwned};
use tenancy::TenantTx;
use web::cookies;
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

pub(crate) use entrar::{ask_anybody, ask_fator, enter, prove};
pub(crate) use registrar::{ask as ask_new, keep, remove, rename};
pub(crate) use sql::{forget, list};

use crate::{prova::ProvaError, segredo::Segredo, usuario::UsuarioId};

#[derive(Debug)]
pub enum ChaveEntity {}
impl Entity for ChaveEntity {
    const NAME: &'static str = "chave";
}
pub type ChaveId = Id<ChaveEntity>;

/// What a person calls their chave: "Celular", "Notebook da unidade".
pub type NomeChave = Texto<60>;

/// How long a browser may take to answer.
const VALID: TimeDelta = TimeDelta::minutes(5);
/// More nobody carries about.
const MOST: usize = 10;

/// A chave as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chave {
    pub id: ChaveId,
    pub nome: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ChaveError {
    /// Unknown, of another host, of another question, tampered with, too late: one answer.
    #[error("the chave does not answer what was asked")]
    Refused,
    #[error("there are as many chaves as one may have")]
    TooMany,
    #[error("the second factor is switched off for this perfil")]
    Desligado,
    #[error("the perfil requires a second factor and this is the only one")]
    LastFator,
    #[error("there is no such chave")]
    NotFound,
    #[error(transparent)]
    Prova(#[from] ProvaError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ChaveError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused => Kind::Invalid,
            Self::TooMany | Self::Desligado | Self::LastFator => Kind::Conflict,
            Self::NotFound => Kind::NotFound,
            Self::Prova(prova) => prova.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused => "chave",
            Self::TooMany => "chave-most",
            Self::Desligado => "fator-desligado",
            Self::LastFator => "fator-last",
            Self::NotFound => "not-found",
            Self::Prova(prova) => prova.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<kernel::FieldError> {
        match self {
            Self::Prova(prova) => prova.fields(),
            _ => Vec::new(),
        }
    }
}

/// What a question is for; an answer to one of another kind is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Registro,
    Fator,
    Entrada,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::Registro => "registro",
            Self::Fator => "fator",
            Self::Entrada => "entrada",
        }
    }
}

/// The unidade as browsers know it: `origin` is its canonical one, from the configuration and never from a request.
fn relying_party(origin: &str, nome: &str) -> Result<Webauthn, Fault> {
    let wrong = |e: String| Fault::new("the unidade's address as a passkey's home", e);
    let url = Url::parse(origin).map_err(|e| wrong(e.to_string()))?;
    let host = url.domain().ok_or_else(|| wrong("no host name".to_owned()))?;
    let builder = WebauthnBuilder::new(host, &url).map_err(|e| wrong(e.to_string()))?;
    builder.rp_name(nome).build().map_err(|e| wrong(e.to_string()))
}

/// Keeps what was asked; the browser gets the secret by which it answers.
async fn ask<S: Serialize + Sync>(
    tx: &mut TenantTx,
    usuario: Option<UsuarioId>,
    kind: Purpose,
    state: &S,
) -> Result<Segredo, Fault> {
    let secret = Segredo::draw();
    let state = serde_json::to_value(state).map_err(|e| Fault::new("a question to a passkey", e))?;
    let expires_at = tx.clock().now() + VALID;
    sql::insert_desafio(tx, secret.hash(), usuario, kind.code(), &state, expires_at).await?;
    Ok(secret)
}

/// What was asked, once: of two answers at once the second finds nothing. It is gone even when the answer turns out wrong.
async fn asked<S: DeserializeOwned>(
    tx: &mut TenantTx,
    secret: &Segredo,
    usuario: Option<UsuarioId>,
    kind: Purpose,
) -> Result<Option<S>, Fault> {
    let Some(state) = sql::take_desafio(tx, secret.hash(), usuario, kind.code()).await? else { return Ok(None) };
    serde_json::from_value(state).map(Some).map_err(|e| Fault::new("a question to a passkey", e))
}

/// The secret of the question that the browser answers.
fn cookie(headers: &HeaderMap) -> Option<Segredo> {
    cookies::get(headers, cookies::DESAFIO_COOKIE)?.parse().ok()
}
