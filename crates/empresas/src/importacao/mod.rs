//! A spreadsheet becomes empresas: upload, columns, preview, confirmation, log.
//!
//! The rules it protects: nothing of the file is in the register before somebody confirms what they saw; the confirmation
//! writes all of it or nothing, once, and can be undone, once, as far as nobody touched what it wrote; the file is parsed in a
//! process of its own; each row is judged by the rule of the form ([`crate::empresa::check`]). What is between two requests
//! lies in the database, so that any process can go on with it.

mod ajustar;
mod analisar;
mod columns;
mod confirmar;
mod copy;
mod descartar;
mod desfazer;
mod fila;
mod gravar;
mod judge;
mod linha;
mod modelo;
pub mod pages;
mod receber;
mod sql;
mod unattended;
mod update;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Denied, Entity, Fault, Id, Permission, Scope};
use messaging::{NoticeKind, NoticeRule};
use serde::{Deserialize, Serialize};
use sheets::{
    child::Parser,
    read::{Inspection, Limits, ReadError},
};
use uuid::Uuid;

pub use ajustar::{AjustarError, Correcao, corrigir, escolher, escolher_todas, preferir};
pub use analisar::{AnalisarError, analisar};
pub use columns::{Brings, Mapping, guess, specs};
pub use confirmar::{ConfirmarError, confirmar};
pub use descartar::{DescartarError, descartar};
pub(crate) use desfazer::segmento_undone;
pub use desfazer::{DesfazerError, Desfeita, Kept, Outlook, Reason, desfazer, outlook};
pub(crate) use fila::handlers;
pub use fila::{LerError, MAX_FILES, TOPIC, enfileirar, reler};
pub use gravar::{CancelarError, ROWS, cancelar, gravar};
pub use judge::{EtiquetaSaid, Judge, Judged, Problem, Verdict};
pub use modelo::modelo;
pub use receber::{ReceberError, receber};
pub use unattended::{UnattendedError, unattended};

#[derive(Debug)]
pub enum ImportacaoEntity {}
impl Entity for ImportacaoEntity {
    const NAME: &'static str = "importacao";
}
pub type ImportacaoId = Id<ImportacaoEntity>;

/// Whoever holds it may write any empresa of the unidade by a spreadsheet, so it means something in the escopo todas only.
pub const IMPORTAR: Permission = Permission::new("empresas.empresa.importar");

/// How an import ended, to whoever sent or confirmed it.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "empresas.importacao",
    label: "notice-importacao",
    help: "notice-importacao-help",
    needs: Some(IMPORTAR),
    panel: NoticeRule::On,
    email: NoticeRule::Off,
};

/// Largest upload, in bytes.
pub const MAX_BYTES: u64 = 16 << 20;
/// Rows of one file.
pub const MAX_ROWS: u64 = 100_000;
/// For how long an importação can be undone. What it changed is forgotten by the next one after that.
pub const UNDO: TimeDelta = TimeDelta::days(90);

/// Forgets what can no longer be undone.
pub(crate) async fn forget(tx: &mut tenancy::TenantTx) -> Result<(), Fault> {
    let before = tx.clock().now() - UNDO;
    sql::undo::forget_older(tx, before).await
}

pub use sheets::child::{PARSE_SHEET, parse_with};

/// The parser of this process.
///
/// # Errors
/// A fault when the running program cannot be found.
pub fn parser() -> Result<Parser, Fault> {
    Parser::ours(Limits { file_bytes: MAX_BYTES, rows: MAX_ROWS, ..Limits::default() }).map_err(read_fault)
}

/// An import writes what it finds, whoever is responsável for it: it takes the permission for all.
fn permitted(actor: &Actor) -> Result<(), Denied> {
    match actor.require(&IMPORTAR)? {
        Scope::Todas => Ok(()),
        _ => Err(Denied { permission: IMPORTAR }),
    }
}

fn read_fault(error: ReadError) -> Fault {
    Fault::new("reading a spreadsheet", error)
}

/// How far an importação has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Uploaded with others; to be read when its turn comes.
    Fila,
    /// No spreadsheet, or too much of one.
    Ilegivel,
    /// Uploaded; the columns are to be told.
    Colunas,
    /// Judged; to be confirmed.
    Previa,
    /// Confirmed; a job is writing it.
    Gravando,
    Concluida,
    Descartada,
    /// Was concluída; what it wrote and nobody touched is as it was before.
    Desfeita,
}

impl State {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Fila => "fila",
            Self::Ilegivel => "ilegivel",
            Self::Colunas => "colunas",
            Self::Previa => "previa",
            Self::Gravando => "gravando",
            Self::Concluida => "concluida",
            Self::Descartada => "descartada",
            Self::Desfeita => "desfeita",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        let all = [
            Self::Fila,
            Self::Ilegivel,
            Self::Colunas,
            Self::Previa,
            Self::Gravando,
            Self::Concluida,
            Self::Descartada,
            Self::Desfeita,
        ];
        all.into_iter().find(|state| state.code() == code)
    }
}

/// What is done with rows whose CNPJ is new and with those that are in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// New ones are made, the others left alone.
    #[default]
    Criar,
    /// The others are updated, new ones left out.
    Atualizar,
    Ambos,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Criar, Self::Atualizar, Self::Ambos];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Criar => "criar",
            Self::Atualizar => "atualizar",
            Self::Ambos => "ambos",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Criar => "importacao-mode-criar",
            Self::Atualizar => "importacao-mode-atualizar",
            Self::Ambos => "importacao-mode-ambos",
        }
    }

    #[must_use]
    pub const fn creates(self) -> bool {
        matches!(self, Self::Criar | Self::Ambos)
    }

    #[must_use]
    pub const fn updates(self) -> bool {
        matches!(self, Self::Atualizar | Self::Ambos)
    }

    /// With what is to be done with those in the register.
    #[must_use]
    pub const fn choosing(self, escolha: Escolha) -> Self {
        match (self.creates(), escolha) {
            (true, Escolha::Pular) => Self::Criar,
            (true, _) => Self::Ambos,
            (false, _) => Self::Atualizar,
        }
    }
}

/// What is done with a row whose CNPJ is in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Escolha {
    #[default]
    Pular,
    /// Fields that are open take what the row says; the others stay.
    Preencher,
    /// What the row says takes the place of what is there; what it leaves open stays.
    Sobrescrever,
}

impl Escolha {
    pub const ALL: [Self; 3] = [Self::Pular, Self::Preencher, Self::Sobrescrever];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pular => "pular",
            Self::Preencher => "preencher",
            Self::Sobrescrever => "sobrescrever",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|escolha| escolha.code() == code)
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pular => "importacao-escolha-pular",
            Self::Preencher => "importacao-escolha-preencher",
            Self::Sobrescrever => "importacao-escolha-sobrescrever",
        }
    }
}

/// How the rows of a file were judged, and after the import what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Rows that hold something.
    pub rows: u64,
    /// Not in the register.
    pub novas: u64,
    /// In the register.
    pub existentes: u64,
    /// Appeared before in this file.
    pub repetidas: u64,
    /// Break a rule.
    pub recusadas: u64,
    /// Good ones in which something was set right or moved.
    pub warnings: u64,
    /// Rows in which somebody typed something over.
    pub corrigidas: u64,
    /// Segmentos that are to be made.
    pub segmentos: Vec<String>,
    /// Etiquetas that are to be made.
    pub etiquetas: Vec<String>,
    /// Rows that a confirmation would create and update.
    pub to_create: u64,
    pub to_update: u64,
    pub created: u64,
    pub updated: u64,
    /// Of those to update, the ones in which the register says what the row does, or had nothing open to be filled.
    pub unchanged: u64,
    /// Rows left out because the register was another one than in the preview.
    pub moved: u64,
}

/// An upload on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Importacao {
    pub id: ImportacaoId,
    pub file_name: String,
    /// SHA-256 in hexadecimal.
    pub hash: String,
    pub bytes: i64,
    pub state: State,
    pub inspection: Inspection,
    /// Index into the inspection's sheets.
    pub sheet: usize,
    pub mapping: Mapping,
    pub mode: Mode,
    /// What is done with rows whose CNPJ is in the register and that say nothing of their own.
    pub escolha: Escolha,
    pub counts: Counts,
    /// Another one after each change: of the preview, what a confirmation says it has seen.
    pub version: i32,
    /// Who sent it.
    pub actor_id: Option<Uuid>,
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it could not be read; of a preview, why it could not be written.
    pub problem: Option<Problem>,
    /// The file itself is still there.
    pub kept: bool,
    /// Who confirmed one that a job writes.
    pub confirmada_por: Option<Uuid>,
    /// The segmentos it made; `None` where it cannot be undone, being from before imports could be, or too old.
    pub segmentos: Option<Vec<Uuid>>,
    /// The etiquetas it made.
    pub etiquetas: Vec<Uuid>,
    pub undone: Option<Undone>,
}

/// Who undid an importação, when, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub at: DateTime<Utc>,
    pub actor_nome: String,
    pub counts: Desfeita,
}

impl Importacao {
    /// Whether it wrote anything that could be undone.
    #[must_use]
    pub const fn wrote(&self) -> bool {
        self.counts.created + self.counts.updated > 0
    }

    /// Whether its file was not to blame and can be read once more.
    #[must_use]
    pub fn can_be_read_again(&self) -> bool {
        self.state == State::Ilegivel && self.kept
    }

    /// Whether what it changed is still known.
    #[must_use]
    pub fn is_remembered(&self, now: DateTime<Utc>) -> bool {
        self.segmentos.is_some() && self.finished_at.is_some_and(|at| now - at <= UNDO)
    }

    /// Whether an undo is to be offered.
    #[must_use]
    pub fn can_be_undone(&self, now: DateTime<Utc>) -> bool {
        self.state == State::Concluida && self.wrote() && self.is_remembered(now)
    }
}
