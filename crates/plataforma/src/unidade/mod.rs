//! The unidades as the console shows them: status, version, what they take, how a new one comes about.

pub(crate) mod backup;
mod ciclo;
mod nova;
pub(crate) mod pages;
mod sql;

use chrono::{DateTime, Utc};
use kernel::{Fault, PageRequest, PageSize};
use serde::Serialize;
use sqlx::types::Json;
use tenancy::{PlatformTx, Status, Tema, UnidadeId};

/// What the platform knows of a unidade without looking into it.
#[derive(Debug, Clone, Serialize)]
pub struct Resumo {
    pub id: UnidadeId,
    pub codigo: String,
    pub nome: String,
    pub slug: String,
    pub placement: String,
    pub status: String,
    pub status_reason: Option<String>,
    pub schema_version: i64,
    pub migration_error: Option<String>,
    pub modules: Vec<String>,
    pub custom_domain: Option<String>,
    pub tema: Json<Tema>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub rows: Option<i64>,
    pub bytes: Option<i64>,
    pub usuarios: Option<i64>,
    pub measured_at: Option<DateTime<Utc>>,
    pub last_backup_at: Option<DateTime<Utc>>,
}

/// Every unidade by code, deleted ones left out.
///
/// # Errors
/// A fault of the database.
pub async fn resumos(tx: &mut PlatformTx) -> Result<Vec<Resumo>, Fault> {
    let (mut all, mut page) = (Vec::new(), PageRequest { number: 1, size: PageSize::P100 });
    loop {
        let (rows, total) = sql::list(tx, "", None, page).await?;
        let last = rows.is_empty() || page.number >= page.last(total);
        all.extend(rows);
        if last {
            return Ok(all);
        }
        page.number += 1;
    }
}

/// # Errors
/// A fault of the database.
pub async fn resumo(tx: &mut PlatformTx, id: UnidadeId) -> Result<Option<Resumo>, Fault> {
    sql::find(tx, id).await
}

/// IBGE code of the município of this name, however its accents and letters are written.
///
/// # Errors
/// A fault of the database.
pub async fn municipio(tx: &mut PlatformTx, nome: &str, uf: &str) -> Result<Option<i32>, Fault> {
    sql::municipio(tx, nome, uf).await
}

impl Resumo {
    pub(crate) fn status(&self) -> Option<Status> {
        self.status.parse().ok()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.status() == Some(Status::Active)
    }

    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.status(), Some(Status::Suspended | Status::Maintenance | Status::Archived))
    }

    pub(crate) fn is_archived(&self) -> bool {
        self.status() == Some(Status::Archived)
    }

    /// Key of the status's name.
    pub(crate) fn status_key(&self) -> &'static str {
        match self.status() {
            Some(Status::Provisioning) => "status-provisioning",
            Some(Status::Active) => "status-active",
            Some(Status::Suspended) => "status-suspended",
            Some(Status::Maintenance) => "status-maintenance",
            Some(Status::Migrating) => "status-migrating",
            Some(Status::Moving) => "status-moving",
            Some(Status::Archived) => "status-archived",
            Some(Status::Deleted) | None => "status-deleted",
        }
    }

    /// Tone and icon of the status's chip.
    pub(crate) fn status_look(&self) -> (&'static str, &'static str) {
        match self.status() {
            Some(Status::Active) => ("ok", "check-circle-fill"),
            Some(Status::Suspended) => ("danger", "pause-circle-fill"),
            Some(Status::Provisioning | Status::Migrating | Status::Moving) => ("info", "hourglass-split"),
            Some(Status::Maintenance) => ("warn", "exclamation-triangle-fill"),
            Some(Status::Archived | Status::Deleted) | None => ("quiet", "archive"),
        }
    }
}

/// Bytes as people read them: `1,5 MB`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand references")]
pub(crate) fn bytes(frame: &web::frame::Frame, bytes: &i64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (rust_decimal::Decimal::from(*bytes), 0);
    while value >= rust_decimal::Decimal::from(1000) && unit + 1 < units.len() {
        value /= rust_decimal::Decimal::from(1000);
        unit += 1;
    }
    format!("{} {}", frame.decimal(value.round_dp(1).normalize()), units[unit])
}
