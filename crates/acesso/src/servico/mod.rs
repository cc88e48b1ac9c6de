//! A conta de serviço: a usuário that is a program. It has a perfil and tokens, no senha and no way to enter; named people
//! answer for it, and it stays when one of them goes.
//!
//! The rules it protects: it never holds everything, so that people are the ones who administrate; somebody always answers for
//! it; nobody makes one that holds more than they do.

mod alterar;
mod criar;
pub mod pages;
mod sql;

use kernel::{Actor, Fault, Grants, Refusal, Rule, Texto, Told};
use tenancy::TenantTx;

pub use alterar::{AlterarServico, alterar_servico};
pub use criar::{CriarServico, criar_servico};
pub use sql::{Pessoa, list, people, responsaveis};

use crate::{
    perfil::{self, Perfil, PerfilId},
    usuario::{self, UsuarioId},
};

/// What it is for.
pub type Descricao = Texto<300>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServicoRule {
    #[error("perfil not found")]
    UnknownPerfil,
    #[error("a serviço does not hold everything")]
    Administrador,
    #[error("nobody who is active answers for it")]
    NoResponsavel,
    #[error("the serviço was changed meanwhile")]
    Changed,
}

impl Rule for ServicoRule {
    fn told(&self) -> Told {
        match self {
            Self::UnknownPerfil => Told::invalid("choice").at("perfil"),
            Self::Administrador => Told::invalid("servico-administrador").at("perfil"),
            Self::NoResponsavel => Told::invalid("servico-responsavel").at("responsaveis"),
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type ServicoError = Refusal<ServicoRule>;

/// What the token of a serviço may be given at most; `None` for one that is unknown, deactivated, or that holds more than the
/// actor: its tokens are not theirs to make.
pub(crate) async fn holds(tx: &mut TenantTx, actor: &Actor, id: UsuarioId) -> Result<Option<Grants>, Fault> {
    let Some(found) = usuario::find(tx, id).await?.filter(|usuario| usuario.servico && usuario.ativo) else { return Ok(None) };
    if !actor.grants.covers(&perfil::most_of(tx, found.id).await?) {
        return Ok(None);
    }
    Ok(Some(perfil::grants_of(tx, found.id).await?))
}

/// The perfil that a serviço is to have.
async fn perfil_for(tx: &mut TenantTx, id: PerfilId) -> Result<Perfil, ServicoError> {
    let perfil = perfil::find(tx, id).await?.ok_or(ServicoRule::UnknownPerfil)?;
    if perfil.administrador { Err(ServicoRule::Administrador.into()) } else { Ok(perfil) }
}

/// Those of `wanted` who may answer for a serviço: active people. Each once.
async fn answering(tx: &mut TenantTx, wanted: &[UsuarioId]) -> Result<Vec<Pessoa>, ServicoError> {
    let people = sql::people_of(tx, wanted).await?;
    let all = wanted.iter().all(|id| people.iter().any(|person| person.id == *id));
    if people.is_empty() || !all { Err(ServicoRule::NoResponsavel.into()) } else { Ok(people) }
}

/// The names of people, as the trail tells them.
fn names(people: &[Pessoa]) -> Vec<&str> {
    people.iter().map(|person| person.nome.as_str()).collect()
}
