use std::sync::Arc;

use kernel::{Actor, Denied, ErrorKind, Fault, Kind, Lang, Permission, Texto};
use serde_json::json;
use tenancy::{
    Change, Entry, Platform, PlatformTx, Tema, TenantTx, Tenants, Unidade,
    lifecycle::{self, LifecycleError, UnidadePatch},
};
use web::frame::{Cor, Theme};

use super::{ALTERAR, sql};
use crate::imagem::Imagem;

/// How the unidade shall look.
#[derive(Debug, Clone)]
pub struct AlterarIdentidade {
    pub nome: Texto<120>,
    /// `None`: SENAI's own.
    pub cores: Option<(Cor, Cor)>,
    pub logo: MudancaLogo,
    /// What whoever chose nothing sees.
    pub aparencia: Theme,
    /// `None`: what each browser asks for.
    pub idioma: Option<Lang>,
    /// Of the register's row that the form was filled from.
    pub version: i32,
}

#[derive(Debug, Clone)]
pub enum MudancaLogo {
    Keep,
    Remove,
    Replace(Imagem),
}

#[derive(Debug, thiserror::Error)]
pub enum AlterarIdentidadeError {
    #[error("the unidade was changed meanwhile")]
    Stale,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AlterarIdentidadeError {
    fn kind(&self) -> Kind {
        match self {
            Self::Stale => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Stale => "conflict",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Changes how the unidade looks, on every process at once.
///
/// Two databases take part, so the order is such that a death in between shows the old look, or the new one, and never a
/// logo that is not there: first the picture is kept, then the register changes (with the platform's audit row), then the
/// unidade's own trail tells it and older pictures go.
pub async fn alterar(
    tenants: &Tenants,
    platform: &Platform,
    unidade: &Arc<Unidade>,
    actor: &Actor,
    cmd: AlterarIdentidade,
) -> Result<(), AlterarIdentidadeError> {
    actor.require(&ALTERAR)?;
    if let MudancaLogo::Replace(logo) = &cmd.logo {
        tenants.write(unidade, async |tx: &mut TenantTx| sql::insert(tx, logo).await).await?;
    }
    let tema = Tema {
        primaria: cmd.cores.map(|(primaria, _)| primaria.to_string()),
        destaque: cmd.cores.map(|(_, destaque)| destaque.to_string()),
        logo: match cmd.logo {
            MudancaLogo::Keep => unidade.tema.logo.clone(),
            MudancaLogo::Remove => None,
            MudancaLogo::Replace(logo) => Some(logo.hash),
        },
        aparencia: (cmd.aparencia != Theme::Sistema).then(|| cmd.aparencia.code().to_owned()),
        idioma: cmd.idioma.map(|lang| lang.tag().to_owned()),
    };
    let change =
        Change::between(&json!({ "nome": unidade.nome, "tema": unidade.tema }), &json!({ "nome": cmd.nome, "tema": tema }));
    if change.is_empty() {
        return Ok(());
    }
    let patch = UnidadePatch { nome: Some(cmd.nome), tema: Some(tema.clone()), ..UnidadePatch::default() };
    let updated =
        platform.write(async |tx: &mut PlatformTx| lifecycle::update(tx, actor, unidade.id, cmd.version, &patch).await).await;
    updated.map_err(|error| match error {
        LifecycleError::Stale => AlterarIdentidadeError::Stale,
        other => Fault::new("changing the look of a unidade", other).into(),
    })?;
    tenants
        .record(unidade, async |tx: &mut TenantTx| {
            sql::keep_only(tx, tema.logo.as_deref()).await?;
            let entry =
                Entry { action: "unidade.identidade_alterada", entity: "unidade", entity_id: Some(unidade.id.uuid()), change };
            tx.audit(actor, entry).await
        })
        .await?;
    Ok(())
}
