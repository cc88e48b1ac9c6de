//! The walls between unidades inside PostgreSQL, checked one by one in a running database.
//!
//! They are put up by `bootstrap.sql`, `walls.sql`, the provisioning and the grants after each migration; an upgrade of the
//! server, a restored dump, a hosted PostgreSQL or a helpful administrator can take one down without a trace. So they are
//! looked at again at every start and by `sri doctor`.

mod database;
mod unidades;

use std::fmt;

use kernel::Fault;
use serde::Serialize;

use crate::{Names, Platform, UnidadeId, config::Placement};

/// One wall. Its code is what an operator writes to accept that it is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wall {
    LoginRole,
    LoginMembership,
    DatabasePublic,
    DatabaseGrant,
    PublicSchema,
    PublicNotEmpty,
    SchemaCreate,
    SchemaOwner,
    TableGrant,
    FunctionExecute,
    FunctionGrant,
    DefinerPath,
    ExtensionMissing,
    ExtensionElsewhere,
    ExtensionDangerous,
    UnidadeRole,
    UnidadeMembership,
    UnidadeOwner,
    UnidadeSchema,
    UnidadeGrantExtra,
    UnidadeGrantMissing,
}

impl Wall {
    pub const ALL: [Self; 21] = [
        Self::LoginRole,
        Self::LoginMembership,
        Self::DatabasePublic,
        Self::DatabaseGrant,
        Self::PublicSchema,
        Self::PublicNotEmpty,
        Self::SchemaCreate,
        Self::SchemaOwner,
        Self::TableGrant,
        Self::FunctionExecute,
        Self::FunctionGrant,
        Self::DefinerPath,
        Self::ExtensionMissing,
        Self::ExtensionElsewhere,
        Self::ExtensionDangerous,
        Self::UnidadeRole,
        Self::UnidadeMembership,
        Self::UnidadeOwner,
        Self::UnidadeSchema,
        Self::UnidadeGrantExtra,
        Self::UnidadeGrantMissing,
    ];

    /// Stable, kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LoginRole => "login-role",
            Self::LoginMembership => "login-membership",
            Self::DatabasePublic => "database-public",
            Self::DatabaseGrant => "database-grant",
            Self::PublicSchema => "public-schema",
            Self::PublicNotEmpty => "public-not-empty",
            Self::SchemaCreate => "schema-create",
            Self::SchemaOwner => "schema-owner",
            Self::TableGrant => "table-grant",
            Self::FunctionExecute => "function-execute",
            Self::FunctionGrant => "function-grant",
            Self::DefinerPath => "definer-path",
            Self::ExtensionMissing => "extension-missing",
            Self::ExtensionElsewhere => "extension-elsewhere",
            Self::ExtensionDangerous => "extension-dangerous",
            Self::UnidadeRole => "unidade-role",
            Self::UnidadeMembership => "unidade-membership",
            Self::UnidadeOwner => "unidade-owner",
            Self::UnidadeSchema => "unidade-schema",
            Self::UnidadeGrantExtra => "unidade-grant-extra",
            Self::UnidadeGrantMissing => "unidade-grant-missing",
        }
    }

    /// What its absence lets happen.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::LoginRole => "a login role of the product is missing or may do more than its work needs",
            Self::LoginMembership => "a login role of the product can take on a role that is not meant for it",
            Self::DatabasePublic => {
                "every role of the cluster has this right on the database; TEMPORARY lets shadow tables outlive a request"
            }
            Self::DatabaseGrant => "a role holds a right on the database that its work does not need",
            Self::PublicSchema => "roles can use the schema public, through which names could be shadowed",
            Self::PublicNotEmpty => "the schema public holds something that belongs to nobody's unidade",
            Self::SchemaCreate => "a role can create objects in a schema that is not its own",
            Self::SchemaOwner => "a schema of the platform belongs to somebody else",
            Self::TableGrant => "a role of unidades can reach a table of the platform, the queue perhaps",
            Self::FunctionExecute => {
                "one injected SQL expression can change the role or read another unidade through this function"
            }
            Self::FunctionGrant => "every role can call a function of the platform that is not meant for all",
            Self::DefinerPath => "a function that runs with its owner's rights looks names up in its caller's path",
            Self::ExtensionMissing => "searches and exclusion constraints need this extension",
            Self::ExtensionElsewhere => "an extension's objects stand where they can shadow others",
            Self::ExtensionDangerous => "SQL can reach files or other servers through this extension or language",
            Self::UnidadeRole => "a role of a unidade is missing or may do more than its work needs",
            Self::UnidadeMembership => "a role of a unidade can be taken on by somebody else, or not by whom it should",
            Self::UnidadeOwner => "an object of a unidade does not belong to its owner role",
            Self::UnidadeSchema => "somebody else has a right on the schema of a unidade, or its own role has not",
            Self::UnidadeGrantExtra => {
                "a right on a unidade's table that nobody should have: another's reading, or changing an audit trail"
            }
            Self::UnidadeGrantMissing => "the unidade's role lacks a right on its own table",
        }
    }
}

/// A wall that does not stand, at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    pub placement: Placement,
    pub wall: Wall,
    /// The role, right, function or table it is about.
    pub subject: String,
    /// SQL for an administrator of the database, or a sentence where SQL alone does not help.
    pub mend: String,
}

impl Finding {
    /// `function-execute:set_config(text,text,boolean)`: what an operator writes to accept this one finding.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}", self.wall.code(), self.subject)
    }

    #[must_use]
    pub const fn meaning(&self) -> &'static str {
        self.wall.meaning()
    }

    /// Whether `accepted` names this finding, or its wall as a whole.
    #[must_use]
    pub fn is_accepted(&self, accepted: &[String]) -> bool {
        let name = self.name();
        accepted.iter().any(|a| *a == name || a == self.wall.code())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}: {}. Mend: {}", self.name(), self.placement, self.meaning(), self.mend)
    }
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What belongs to the database as a whole: milliseconds, at every start.
    Database,
    /// Every role and table of every unidade as well: seconds with a thousand of them.
    Everything,
}

/// Checks the walls of one placement. Needs no more than the platform's own login.
///
/// # Errors
/// A fault when the placement is not configured or cannot be reached.
pub async fn inspect(platform: &Platform, placement: &Placement, depth: Depth) -> Result<Vec<Finding>, Fault> {
    let mut tx = platform.begin_at(placement).await?;
    let mut found = database::inspect(&mut tx, placement).await?;
    if depth == Depth::Everything {
        found.extend(unidades::inspect(&mut tx, placement, &fenced(platform, placement).await?).await?);
    }
    tx.commit().await?;
    found.sort();
    found.dedup();
    Ok(found)
}

/// Schemas in `placement` whose rights a move has taken away, so that nobody writes what would be lost.
async fn fenced(platform: &Platform, placement: &Placement) -> Result<Vec<String>, Fault> {
    let mut tx = platform.begin().await?;
    let ids = sqlx::query_scalar!(
        r#"SELECT unidade_id AS "id: UnidadeId" FROM platform.move WHERE source = $1 AND step IN ('paused', 'switched')"#,
        placement.as_str()
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    Ok(ids.into_iter().map(|id| Names::of(id).schema()).collect())
}

/// Walls that are missing and that the operator has not accepted.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{} wall(s) between the unidades are missing; mend them (`sri doctor` tells how) or accept them by name in the configuration: {}",
            .0.len(), names(.0))]
    Walls(Vec<Finding>),
    #[error(transparent)]
    Fault(#[from] Fault),
}

fn names(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("{} ({})", f.name(), f.placement)).collect::<Vec<_>>().join(", ")
}

/// What every process asks before it serves anybody: do the walls of all placements stand? `accepted` holds names of
/// findings ([`Finding::name`]) or codes of walls; the accepted findings are answered, for the log.
///
/// # Errors
/// [`StartError::Walls`] with everything that is missing and not accepted.
pub async fn check_walls(platform: &Platform, accepted: &[String]) -> Result<Vec<Finding>, StartError> {
    let (mut known, mut missing) = (Vec::new(), Vec::new());
    for placement in &platform.config().placements {
        for finding in inspect(platform, &placement.name, Depth::Database).await? {
            if finding.is_accepted(accepted) { known.push(finding) } else { missing.push(finding) }
        }
    }
    if missing.is_empty() { Ok(known) } else { Err(StartError::Walls(missing)) }
}
