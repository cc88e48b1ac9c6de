use std::collections::BTreeMap;

use kernel::{Actor, ActorKind, Denied, ErrorKind, Fault, FieldError, Invalid, Kind, Permission, Scope};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{Descricao, GERIR, Nome, Perfil, PerfilId, grants, lasting, preset::Preset, sql};

/// What a perfil is and holds.
#[derive(Debug, Clone)]
pub struct Dados {
    pub nome: Nome,
    pub descricao: Option<Descricao>,
    /// The permissões that were decided on: `None` is not held. What is not named stays as it is.
    pub permissoes: BTreeMap<String, Option<Scope>>,
}

/// What a new perfil begins with.
#[derive(Debug, Clone, Copy)]
pub enum Origem {
    Nada,
    /// What another one holds.
    Perfil(PerfilId),
    /// One that the product brings and that the unidade deleted.
    Preset(&'static Preset),
}

#[derive(Debug, thiserror::Error)]
pub enum PerfilError {
    #[error("perfil not found")]
    NotFound,
    #[error("another perfil has this name")]
    NomeTaken,
    #[error("the perfil was changed meanwhile")]
    Changed,
    /// Administrador and Adm hold everything.
    #[error("this perfil holds everything and cannot be changed")]
    Fixed,
    #[error("the perfil came from no preset")]
    NoPreset,
    #[error("{usuarios} usuarios and {convites} convites have this perfil")]
    InUse { usuarios: i64, convites: i64 },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for PerfilError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound | Self::NoPreset => Kind::NotFound,
            Self::NomeTaken | Self::Changed | Self::Fixed | Self::InUse { .. } => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound | Self::NoPreset => "not-found",
            Self::NomeTaken => "invalid",
            Self::Changed => "conflict",
            Self::Fixed => "perfil-fixed",
            Self::InUse { .. } => "perfil-in-use",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::NomeTaken => vec![Invalid::new("taken").at("nome")],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// A person who may define what others may do: a token would outlast whoever made it.
pub(crate) fn may_define(actor: &Actor) -> Result<(), Denied> {
    actor.require(&GERIR)?;
    if actor.kind == ActorKind::Token { Err(Denied { permission: GERIR }) } else { Ok(()) }
}

/// Nobody gives away more than they hold for good.
async fn within(tx: &mut TenantTx, actor: &Actor, permissoes: &BTreeMap<String, Scope>) -> Result<(), PerfilError> {
    let wanted = grants(false, permissoes.clone(), BTreeMap::new());
    if lasting(tx, actor).await?.covers(&wanted) { Ok(()) } else { Err(Denied { permission: GERIR }.into()) }
}

/// Makes a perfil.
pub async fn criar(
    tx: &mut TenantTx,
    actor: &Actor,
    nome: &Nome,
    descricao: Option<&Descricao>,
    origem: Origem,
) -> Result<PerfilId, PerfilError> {
    may_define(actor)?;
    let permissoes = match origem {
        Origem::Nada => BTreeMap::new(),
        Origem::Perfil(id) => {
            let perfil = sql::find(tx, id).await?.ok_or(PerfilError::NotFound)?;
            if perfil.administrador {
                return Err(PerfilError::Fixed);
            }
            perfil.permissoes
        }
        Origem::Preset(preset) if preset.administrador => return Err(PerfilError::Fixed),
        Origem::Preset(preset) => preset.permissoes(),
    };
    within(tx, actor, &permissoes).await?;
    let key = if let Origem::Preset(preset) = origem { Some(preset.key) } else { None };
    let id = PerfilId::new(tx.clock().uuid());
    if !sql::insert(tx, id, nome.as_str(), descricao.map(Descricao::as_str), key).await? {
        return Err(PerfilError::NomeTaken);
    }
    sql::hold(tx, id, &permissoes).await?;
    if let Origem::Perfil(origem) = origem {
        sql::ask_as(tx, id, origem).await?;
    }
    let after = facts(nome.as_str(), descricao.map(Descricao::as_str), &permissoes);
    audit(tx, actor, "perfil.criado", id, Change::created(&after)).await?;
    Ok(id)
}

/// One that the actor may change: it holds no more than they do, and is as they saw it.
async fn lock(tx: &mut TenantTx, actor: &Actor, id: PerfilId, seen: Option<i32>) -> Result<Perfil, PerfilError> {
    may_define(actor)?;
    let perfil = sql::lock(tx, id).await?.ok_or(PerfilError::NotFound)?;
    if perfil.administrador {
        return Err(PerfilError::Fixed);
    }
    within(tx, actor, &perfil.permissoes).await?;
    if seen.is_some_and(|seen| seen != perfil.version) {
        return Err(PerfilError::Changed);
    }
    Ok(perfil)
}

/// Changes what a perfil is called and holds, for everybody who has it: at their next request.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: PerfilId, seen: i32, dados: &Dados) -> Result<(), PerfilError> {
    let perfil = lock(tx, actor, id, Some(seen)).await?;
    let mut permissoes = perfil.permissoes.clone();
    for (code, scope) in &dados.permissoes {
        match scope {
            Some(scope) => drop(permissoes.insert(code.clone(), *scope)),
            None => drop(permissoes.remove(code)),
        }
    }
    write(tx, actor, &perfil, dados.nome.as_str(), dados.descricao.as_ref().map(Descricao::as_str), &permissoes).await
}

/// Makes a perfil hold again what its preset holds.
pub async fn restaurar(tx: &mut TenantTx, actor: &Actor, id: PerfilId) -> Result<(), PerfilError> {
    let perfil = lock(tx, actor, id, None).await?;
    let preset = perfil.preset().ok_or(PerfilError::NoPreset)?;
    let (nome, descricao) = (perfil.nome.clone(), perfil.descricao.clone());
    write(tx, actor, &perfil, &nome, descricao.as_deref(), &preset.permissoes()).await
}

async fn write(
    tx: &mut TenantTx,
    actor: &Actor,
    perfil: &Perfil,
    nome: &str,
    descricao: Option<&str>,
    permissoes: &BTreeMap<String, Scope>,
) -> Result<(), PerfilError> {
    within(tx, actor, permissoes).await?;
    let before = facts(&perfil.nome, perfil.descricao.as_deref(), &perfil.permissoes);
    let change = Change::between(&before, &facts(nome, descricao, permissoes));
    if change.is_empty() {
        return Ok(());
    }
    if !sql::rename(tx, perfil.id, nome, descricao).await? {
        return Err(PerfilError::NomeTaken);
    }
    sql::hold(tx, perfil.id, permissoes).await?;
    Ok(audit(tx, actor, "perfil.alterado", perfil.id, change).await?)
}

/// Deletes a perfil that nobody has.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: PerfilId) -> Result<(), PerfilError> {
    let perfil = lock(tx, actor, id, None).await?;
    let (usuarios, convites) = sql::uses(tx, id).await?;
    let heir = sql::administrador(tx).await?;
    if usuarios + convites > 0 || !sql::delete(tx, id, heir).await? {
        return Err(PerfilError::InUse { usuarios, convites });
    }
    let before = facts(&perfil.nome, perfil.descricao.as_deref(), &perfil.permissoes);
    Ok(audit(tx, actor, "perfil.excluido", id, Change::removed(&before)).await?)
}

/// As the trail keeps it: each permissão a field of its own, so that only those that changed are told.
fn facts(nome: &str, descricao: Option<&str>, permissoes: &BTreeMap<String, Scope>) -> Value {
    let mut all = Map::new();
    all.insert("nome".to_owned(), json!(nome));
    all.insert("descricao".to_owned(), json!(descricao));
    all.extend(permissoes.iter().map(|(code, scope)| (code.clone(), json!(scope))));
    Value::Object(all)
}

async fn audit(tx: &mut TenantTx, actor: &Actor, action: &'static str, id: PerfilId, change: Change) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: "perfil", entity_id: Some(id.uuid()), change }).await?;
    // Open pages of everybody: their streams end and come back with what is held now.
    tx.tell(web::live::WHO, web::live::EVERYBODY).await
}
