//! What the unidade did before it had this program: a spreadsheet of visitas, or of demandas, becomes part of the register (S0-8.2 to
//! S0-8.7).
//!
//! The rules it protects: nothing is written before somebody confirmed what they saw, and exactly that; a line that is wrong says what
//! and where, and keeps none of the others out; what is there already does not come twice; nobody is told of what is long over; an
//! importação is taken back as a whole, except for what somebody has touched since.

pub mod campos;
pub mod confirmar;
mod demandas;
pub mod desfazer;
mod jobs;
mod judge;
pub mod pages;
pub mod receber;
mod sql;
mod texto;
pub(crate) mod titular;
mod visitas;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Denied, Entity, Fault, Id, Permission, Refusal};
use serde::{Deserialize, Serialize};
use sheets::import::Line;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::tipo::TipoId;

pub(crate) use jobs::{handlers, schedules};
pub use judge::{Julgada, seen};
pub use sql::set_columns;

#[derive(Debug)]
pub enum ImportacaoEntity {}
impl Entity for ImportacaoEntity {
    const NAME: &'static str = "historico_importacao";
}
pub type ImportacaoId = Id<ImportacaoEntity>;

/// The kind of record, as in the audit trail.
pub const ENTITY: &str = ImportacaoEntity::NAME;

pub const IMPORTAR: Permission = Permission::new("relacionamento.historico.importar");

/// Largest upload, in bytes.
pub const MAX_BYTES: u64 = 8 << 20;
/// Lines of one file: they are judged and written while somebody waits.
pub const MAX_ROWS: u64 = 10_000;
/// How long a preview that nobody confirms waits, and what did not come in can be fetched.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// What a spreadsheet is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Especie {
    Visita,
    Demanda,
}

impl Especie {
    pub const ALL: [Self; 2] = [Self::Visita, Self::Demanda];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Visita => "visita",
            Self::Demanda => "demanda",
        }
    }

    /// Key of what several are called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Visita => "visitas-title",
            Self::Demanda => "demandas-title",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|especie| especie.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be confirmed.
    Previa,
    Concluida,
    Descartada,
    Desfeita,
}

impl State {
    const ALL: [Self; 4] = [Self::Previa, Self::Concluida, Self::Descartada, Self::Desfeita];

    const fn code(self) -> &'static str {
        match self {
            Self::Previa => "previa",
            Self::Concluida => "concluida",
            Self::Descartada => "descartada",
            Self::Desfeita => "desfeita",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A line that did not come in, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fora {
    #[serde(flatten)]
    pub line: Line,
    #[serde(rename = "m")]
    pub motivo: String,
}

/// What became of the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Contas {
    pub imported: i32,
    /// There already, or twice in the file.
    pub repeated: i32,
    pub refused: i32,
    /// Taken back.
    pub undone: i32,
}

/// A spreadsheet, waiting or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Importacao {
    pub id: ImportacaoId,
    pub especie: Especie,
    pub file_name: String,
    pub headers: Vec<String>,
    /// None any more when it is over.
    pub lines: Vec<Line>,
    /// By column of the file: a field of [`campos::of`], or nothing.
    pub mapping: Vec<String>,
    /// Of demandas whose line names none.
    pub tipo: Option<TipoId>,
    pub state: State,
    pub contas: Contas,
    pub left_out: Vec<Fora>,
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// One that is over or waits, as the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registro {
    pub id: ImportacaoId,
    pub especie: Especie,
    pub file_name: String,
    pub state: State,
    pub contas: Contas,
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
}

/// The person who acts: a file of a program's has nobody who could look at the preview.
fn person(actor: &Actor) -> Result<Uuid, Denied> {
    actor.require(&IMPORTAR)?;
    actor.usuario().ok_or(Denied { permission: IMPORTAR })
}

/// One of the unidade's.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<Option<Importacao>, Refusal> {
    person(actor)?;
    Ok(sql::find(tx, id).await?)
}

/// A page of the log, the latest first, and how many there are.
pub async fn list(tx: &mut TenantTx, actor: &Actor, page: kernel::PageRequest) -> Result<(Vec<Registro>, i64), Refusal> {
    person(actor)?;
    Ok(sql::list(tx, page).await?)
}

/// What each line would do now.
///
/// # Errors
/// A fault of the database.
pub async fn judged(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<Vec<Julgada>, Fault> {
    let known = judge::Known::load(tx, actor, importacao).await?;
    Ok(judge::judge(importacao, &known))
}
