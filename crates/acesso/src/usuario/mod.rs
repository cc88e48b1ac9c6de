//! O usuário: a person of one unidade who may sign in. A unidade always keeps one active administrador, and nobody gives
//! another person more than they hold themselves.

pub mod admin_pages;
mod alterar;
mod alterar_senha;
mod desativar;
mod excluir;
mod exportar;
pub mod ficha;
mod ficticio;
mod fuso;
pub mod importar;
mod minha_conta;
pub mod pages;
pub mod permissao;
mod sql;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use kernel::{Actor, ActorKind, Entity, Fault, Id, Lang, Permission, RequestMeta, Texto};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::perfil::PerfilId;

pub use alterar::{AlterarUsuarioError, DadosUsuario, alterar_usuario};
pub use alterar_senha::{AlterarSenha, AlterarSenhaError, alterar_senha};
pub use desativar::{SituacaoError, desativar, reachable, reativar};
pub use excluir::{excluir, may_go};
pub(crate) use exportar::routes as exportar_routes;
pub use ficticio::ficticios;
pub use fuso::Fuso;
pub use minha_conta::{MinhaConta, MinhaContaError, alterar_minha_conta};
pub use sql::{Filtro, administradores, ativas, count, find, has_senha, list, setores};
pub(crate) use sql::{NovoUsuario, by_email, has_administrador, insert, lock, seen, set_senha};

/// May see who may enter.
pub const VER: Permission = Permission::new("acesso.usuario.ver");
/// May invite, deactivate and reactivate.
pub const GERIR: Permission = Permission::new("acesso.usuario.gerir");

#[derive(Debug)]
pub enum UsuarioEntity {}
impl Entity for UsuarioEntity {
    const NAME: &'static str = "usuario";
}
pub type UsuarioId = Id<UsuarioEntity>;

/// Where in the unidade somebody works (S3-12.10).
pub type Setor = Texto<80>;
/// A person's name.
pub type Nome = Texto<120>;

/// A usuario as lists show them (S0-2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usuario {
    pub id: UsuarioId,
    pub nome: String,
    pub email: String,
    pub idioma: Option<Lang>,
    pub fuso: Option<Tz>,
    /// Hash of their picture.
    pub foto: Option<String>,
    pub perfil_id: PerfilId,
    pub perfil: String,
    pub setor: Option<String>,
    /// E.164.
    pub telefone: Option<String>,
    pub administrador: bool,
    pub ativo: bool,
    /// A program: its e-mail is none.
    pub servico: bool,
    /// Of a serviço: what it is for.
    pub descricao: Option<String>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// Somebody as they are now, for a job that acts for them: with the rights they hold at this moment. `None` for one who may
/// enter no more.
///
/// # Errors
/// A fault of the database.
pub async fn actor(tx: &mut TenantTx, id: Uuid) -> Result<Option<Actor>, Fault> {
    let id = UsuarioId::new(id);
    let Some(usuario) = find(tx, id).await?.filter(|usuario| usuario.ativo) else { return Ok(None) };
    let grants = crate::perfil::grants_of(tx, id).await?;
    Ok(Some(Actor { kind: ActorKind::Usuario, id: Some(id.uuid()), nome: usuario.nome, grants, meta: RequestMeta::default() }))
}

/// The usuario behind an actor; `None` for tokens, jobs and strangers.
#[must_use]
pub fn of(actor: &Actor) -> Option<UsuarioId> {
    (actor.kind == ActorKind::Usuario).then_some(actor.id).flatten().map(UsuarioId::new)
}

/// A stored zone; one that this version does not know counts as not chosen.
pub(crate) fn fuso(name: Option<&str>) -> Option<Tz> {
    name.and_then(|name| name.parse().ok())
}

/// A stored language; one that this version does not know counts as not chosen.
pub(crate) fn idioma(code: Option<&str>) -> Option<Lang> {
    code.and_then(|code| code.parse().ok())
}
