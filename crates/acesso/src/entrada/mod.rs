//! A entrada: a link by which an administrador enters without a password, once and soon; made by whoever runs the product
//! (`sri unidade admin-link`, the first way in of `bin/dev`), never by a page.

pub mod pages;
mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Email, ErrorKind, Fault, Id, Kind, RequestMeta};
use messaging::{Link, Links};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

pub use sql::find_open;
pub(crate) use sql::forget;

use crate::{
    perfil,
    segredo::Segredo,
    sessao::{self, Method, NovaSessao},
    usuario::{self, Nome, NovoUsuario, UsuarioId},
};

#[derive(Debug)]
pub enum EntradaEntity {}
impl kernel::Entity for EntradaEntity {
    const NAME: &'static str = "entrada";
}
pub type EntradaId = Id<EntradaEntity>;

/// For how many days it can be asked whether a link was used.
pub const KEPT_DAYS: i64 = 30;

/// For whom a link is made.
#[derive(Debug, Clone)]
pub struct Entrada {
    /// Taken when there is no usuario of that e-mail yet.
    pub nome: Nome,
    pub email: Email,
    /// At most a day.
    pub valid: TimeDelta,
}

#[derive(Debug, thiserror::Error)]
pub enum EntradaError {
    #[error("the usuario of this e-mail is deactivated, or is no administrador")]
    NotAdministrador,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for EntradaError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotAdministrador => Kind::Conflict,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotAdministrador => "not-administrador",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Makes a link for an administrador, and the administrador too when nobody has that e-mail. An older link of theirs that
/// was not used stops working.
pub async fn one_time_entry(tx: &mut TenantTx, actor: &Actor, links: &Links, cmd: Entrada) -> Result<Link, EntradaError> {
    let usuario = match usuario::by_email(tx, &cmd.email).await? {
        Some(usuario) if usuario.ativo && usuario.administrador => {
            crate::pessoa::soltar(tx, actor, usuario.id).await?;
            usuario.id
        }
        Some(_) => return Err(EntradaError::NotAdministrador),
        None => create(tx, actor, &cmd).await?,
    };
    let token = Segredo::draw();
    let expires_at = tx.clock().now() + cmd.valid.clamp(TimeDelta::minutes(1), TimeDelta::days(1));
    let id = sql::insert(tx, usuario, &token, expires_at).await?;
    let after = json!({ "usuario": usuario, "expires_at": expires_at });
    tx.audit(
        actor,
        Entry { action: "acesso.entrada_criada", entity: "entrada", entity_id: Some(id.uuid()), change: Change::created(&after) },
    )
    .await?;
    let path = pages::EntradaPath { token: token.reveal() }.to_string();
    Ok(links.unidade(&tx.unidade().clone(), &path))
}

async fn create(tx: &mut TenantTx, actor: &Actor, cmd: &Entrada) -> Result<UsuarioId, Fault> {
    let perfil = perfil::administrador(tx).await?;
    let novo = NovoUsuario { nome: cmd.nome.as_str(), email: cmd.email.as_str(), perfil, idioma: None };
    let usuario =
        usuario::insert(tx, novo).await?.ok_or_else(|| Fault::because("somebody makes the same usuario at this moment"))?;
    let after = json!({ "nome": cmd.nome, "email": cmd.email, "perfil": perfil });
    let entry =
        Entry { action: "usuario.criado", entity: "usuario", entity_id: Some(usuario.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(usuario)
}

/// Whom a link that works lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aberta {
    pub nome: String,
    pub email: String,
    pub expires_at: DateTime<Utc>,
}

/// Uses a link up and signs its usuario in; `None` when it does not work. Of two at once, one gets in.
///
/// # Errors
/// A fault of the database.
pub async fn use_link(tx: &mut TenantTx, meta: &RequestMeta, token: &Segredo) -> Result<Option<NovaSessao>, Fault> {
    match sql::consume(tx, token).await? {
        Some(conta) => sessao::abrir(tx, conta, Method::Entrada, meta, None).await.map(Some),
        None => Ok(None),
    }
}
