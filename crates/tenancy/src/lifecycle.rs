//! What a platform admin does with a unidade after it was made: suspend, reactivate, close, archive, delete, edit. Each is
//! one transaction with its row in the platform's trail, and every process hears of it at its commit.

use kernel::{Actor, ErrorKind, Fault, FieldError, Invalid, Kind, Texto};
use serde_json::json;

use crate::{
    Platform, PlatformTx, Status, Tema, Unidade, UnidadeId, crash_point,
    exclusive::Exclusive,
    provision::drop_schema,
    registry::{self, REASON_RESTORE, SIGNAL_UNIDADE},
};

/// Why a unidade was not changed.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    #[error("no such unidade")]
    NotFound,
    #[error("a unidade cannot go from {} to {}", from.code(), to.code())]
    Transition { from: Status, to: Status },
    /// Somebody else changed it since it was read.
    #[error("the unidade has changed meanwhile")]
    Stale,
    #[error("the domain belongs to another unidade")]
    DomainTaken,
    #[error("the typed confirmation is not the slug")]
    Confirmation,
    /// A deletion needs a backup that was made after the unidade was closed, and verified.
    #[error("there is no verified backup of its last state")]
    NoBackup,
    /// A move, a restore or another deletion is at work on it.
    #[error("somebody is at work on this unidade")]
    Busy,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for LifecycleError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
            Some("unidade_custom_domain_key") => Self::DomainTaken,
            _ => Self::Fault(error.into()),
        }
    }
}

impl ErrorKind for LifecycleError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Confirmation => Kind::Invalid,
            Self::Transition { .. } | Self::Stale | Self::DomainTaken | Self::NoBackup | Self::Busy => Kind::Conflict,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Transition { .. } => "unidade-transition",
            Self::Stale => "stale",
            Self::DomainTaken => "unidade-domain-taken",
            Self::Confirmation => "unidade-confirmation",
            Self::NoBackup => "unidade-no-backup",
            Self::Busy => "unidade-busy",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::DomainTaken => vec![Invalid::new("taken").at("custom_domain")],
            Self::Confirmation => vec![Invalid::new("confirmation").at("confirmation")],
            _ => Vec::new(),
        }
    }
}

/// Why it is closed, in the words of who closes it; its people read them.
pub type Reason = Texto<300>;

/// A step in a unidade's life that keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Its people are told so and refused; everything stays.
    Suspend(Reason),
    Reactivate,
    /// Closed for a while.
    Maintenance(Reason),
    /// Its host is unknown to the outside; the schema stays.
    Archive,
}

impl Step {
    const fn status(&self) -> Status {
        match self {
            Self::Suspend(_) => Status::Suspended,
            Self::Reactivate => Status::Active,
            Self::Maintenance(_) => Status::Maintenance,
            Self::Archive => Status::Archived,
        }
    }

    const fn action(&self) -> &'static str {
        match self {
            Self::Suspend(_) => "unidade.suspender",
            Self::Reactivate => "unidade.reativar",
            Self::Maintenance(_) => "unidade.manutencao",
            Self::Archive => "unidade.arquivar",
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Suspend(reason) | Self::Maintenance(reason) => Some(reason.as_str()),
            Self::Reactivate | Self::Archive => None,
        }
    }
}

/// Takes a unidade to another status.
///
/// # Errors
/// [`LifecycleError::NotFound`], [`LifecycleError::Transition`] when its status does not allow the step, or
/// [`LifecycleError::Busy`] when it is to be opened while a move, a restore or a deletion is at work on it.
pub async fn change_status(tx: &mut PlatformTx, actor: &Actor, id: UnidadeId, step: &Step) -> Result<(), LifecycleError> {
    let unidade = registry::lock(tx, id).await?.ok_or(LifecycleError::NotFound)?;
    allowed(&unidade, step.status())?;
    if matches!(step, Step::Reactivate) {
        // A restore that was killed is run again.
        if unidade.status_reason.as_deref() == Some(REASON_RESTORE) {
            return Err(LifecycleError::Transition { from: unidade.status, to: step.status() });
        }
        // Whoever rebuilds it opens it at the end, unless somebody closed it meanwhile: closing never waits.
        if !Exclusive::is_free(tx, id).await? {
            return Err(LifecycleError::Busy);
        }
    }
    registry::set_status(tx, id, step.status(), step.reason()).await?;
    if matches!(step, Step::Suspend(_) | Step::Archive) {
        crate::suporte::fechar(tx, actor, id).await?;
    }
    let detail = json!({ "from": unidade.status, "to": step.status(), "reason": step.reason() });
    tx.audit(actor, step.action(), Some(id), detail).await?;
    Ok(())
}

const fn allowed(unidade: &Unidade, to: Status) -> Result<(), LifecycleError> {
    if unidade.status.may_become(to) { Ok(()) } else { Err(LifecycleError::Transition { from: unidade.status, to }) }
}

/// What may be edited; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnidadePatch {
    pub nome: Option<Texto<120>>,
    pub modules: Option<Vec<String>>,
    pub tema: Option<Tema>,
    /// `Some(None)` takes the domain away. Lower case, without port.
    pub custom_domain: Option<Option<String>>,
}

/// Edits a unidade that is still at `version`; answers the next version.
///
/// # Errors
/// [`LifecycleError::NotFound`], [`LifecycleError::Stale`] or [`LifecycleError::DomainTaken`].
pub async fn update(
    tx: &mut PlatformTx,
    actor: &Actor,
    id: UnidadeId,
    version: i32,
    patch: &UnidadePatch,
) -> Result<i32, LifecycleError> {
    let before = registry::lock(tx, id).await?.filter(|u| u.status != Status::Deleted).ok_or(LifecycleError::NotFound)?;
    if before.version != version {
        return Err(LifecycleError::Stale);
    }
    let now = tx.clock().now();
    let nome = patch.nome.as_ref().map_or(before.nome.as_str(), Texto::as_str);
    let modules = patch.modules.as_deref().unwrap_or(&before.modules);
    let tema = patch.tema.as_ref().unwrap_or(&before.tema);
    let domain = patch.custom_domain.as_ref().unwrap_or(&before.custom_domain);
    sqlx::query!(
        "UPDATE platform.unidade
         SET nome = $2, modules = $3, tema = $4, custom_domain = $5, version = version + 1, updated_at = $6 WHERE id = $1",
        id as _,
        nome,
        modules,
        serde_json::to_value(tema).map_err(|e| Fault::new("tema", e))?,
        domain.as_deref(),
        now,
    )
    .execute(tx.db())
    .await?;
    let fields = |nome: &str, modules: &[String], tema: &Tema, domain: Option<&str>| json!({ "nome": nome, "modules": modules, "tema": tema, "custom_domain": domain });
    let change = crate::Change::between(
        &fields(&before.nome, &before.modules, &before.tema, before.custom_domain.as_deref()),
        &fields(nome, modules, tema, domain.as_deref()),
    );
    tx.audit(actor, "unidade.editar", Some(id), json!({ "before": change.before, "after": change.after })).await?;
    tx.notify(SIGNAL_UNIDADE, &id.to_string()).await?;
    Ok(before.version + 1)
}

/// Deletes a unidade for ever: the row and the slug stay, schema and roles go. `confirmation` is what the person typed and
/// must be the slug. Killed in between, [`finish_deletions`] does the rest.
///
/// # Errors
/// The variants of [`LifecycleError`]; nothing is changed then.
pub async fn delete(platform: &Platform, actor: &Actor, id: UnidadeId, confirmation: &str) -> Result<(), LifecycleError> {
    let _exclusive = Exclusive::take(platform, id).await?.ok_or(LifecycleError::Busy)?;
    platform.write(async |tx| mark_deleted(tx, actor, id, confirmation).await).await?;
    crash_point("delete.marked");
    finish_deletions(platform).await?;
    Ok(())
}

async fn mark_deleted(tx: &mut PlatformTx, actor: &Actor, id: UnidadeId, confirmation: &str) -> Result<(), LifecycleError> {
    let unidade = registry::lock(tx, id).await?.ok_or(LifecycleError::NotFound)?;
    allowed(&unidade, Status::Deleted)?;
    if confirmation != unidade.slug.as_str() {
        return Err(LifecycleError::Confirmation);
    }
    let facts = sqlx::query!(
        r#"SELECT EXISTS (SELECT FROM platform.move m WHERE m.unidade_id = u.id AND m.step IN ('copying', 'paused')) AS "moving!",
                  EXISTS (SELECT FROM platform.backup b WHERE b.unidade_id = u.id AND b.kind = 'archive'
                          AND b.verified_at IS NOT NULL AND b.started_at >= u.closed_at) AS "kept!"
           FROM platform.unidade u WHERE u.id = $1"#,
        id as _
    )
    .fetch_one(tx.db())
    .await?;
    if facts.moving {
        return Err(LifecycleError::Busy);
    }
    // What was never opened holds nothing of anybody's.
    if !facts.kept && unidade.status != Status::Provisioning {
        return Err(LifecycleError::NoBackup);
    }
    registry::set_status(tx, id, Status::Deleted, None).await?;
    crate::pessoa::fechar(tx, actor, id).await?;
    sqlx::query!(
        "UPDATE platform.unidade SET login_secret = NULL, custom_domain = NULL, migration_error = NULL WHERE id = $1",
        id as _
    )
    .execute(tx.db())
    .await?;
    let detail = json!({ "slug": unidade.slug, "codigo": unidade.codigo, "from": unidade.status });
    tx.audit(actor, "unidade.excluir", Some(id), detail).await?;
    Ok(())
}

/// Drops the schemas of deleted unidades that are still there, also the one that a move had left behind. Answers how many
/// unidades it finished with. Run by `delete` itself and at every start of a worker.
///
/// # Errors
/// A fault when a placement cannot be reached; the others are done.
pub async fn finish_deletions(platform: &Platform) -> Result<usize, Fault> {
    let mut tx = platform.begin().await?;
    let rows = sqlx::query!(
        r#"SELECT u.id AS "id: UnidadeId", u.placement, m.source AS "left_behind?"
           FROM platform.unidade u LEFT JOIN platform.move m ON m.unidade_id = u.id AND m.step = 'switched'
           WHERE u.status = 'deleted' AND u.dropped_at IS NULL"#
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    let mut finished = 0;
    let mut failed = None;
    for row in rows {
        let outcome = async {
            for name in [Some(row.placement), row.left_behind].into_iter().flatten() {
                let name = name.parse().map_err(|e| Fault::new("placement in the register", e))?;
                let placement =
                    platform.config().placement(&name).ok_or_else(|| Fault::because("this placement is not configured here"))?;
                drop_schema(platform, placement, row.id).await?;
            }
            let now = platform.clock().now();
            let mut tx = platform.begin().await?;
            sqlx::query!("UPDATE platform.unidade SET dropped_at = $2 WHERE id = $1", row.id as _, now).execute(tx.db()).await?;
            sqlx::query!(
                "UPDATE platform.move SET step = 'done', updated_at = $2 WHERE unidade_id = $1 AND step = 'switched'",
                row.id as _,
                now
            )
            .execute(tx.db())
            .await?;
            tx.commit().await
        }
        .await;
        match outcome {
            Ok(()) => finished += 1,
            Err(fault) => failed = Some(fault),
        }
    }
    failed.map_or(Ok(finished), Err)
}
