//! Many people at once: a spreadsheet becomes convites.
//!
//! The rules it protects: nobody is invited before somebody confirmed what they saw, and exactly that; all of them or none,
//! once; nobody gives by a file what they could not give by the form. The file is parsed in a process of its own.

mod confirmar;
mod judge;
mod modelo;
pub mod pages;
mod receber;
mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Denied, Entity, Fault, Id, Lang};
use sheets::{
    child::Parser,
    import::{ColumnSpec, Line},
    read::{Limits, ReadError},
};
use tenancy::TenantTx;

pub use confirmar::{Confirmada, ConfirmarError, ConfirmarRule, confirmar, descartar};
pub use judge::{Julgada, Known, judge, seen};
pub use receber::{ReceberError, receber};
pub(crate) use sql::forget;
pub use sql::{find, set_columns};

use super::{GERIR, UsuarioId, of};
use crate::perfil::PerfilId;

#[derive(Debug)]
pub enum ImportacaoEntity {}
impl Entity for ImportacaoEntity {
    const NAME: &'static str = "usuario_importacao";
}
pub type ImportacaoId = Id<ImportacaoEntity>;

/// Largest upload, in bytes.
pub const MAX_BYTES: u64 = 2 << 20;
/// People of one file: each gets a letter.
pub const MAX_ROWS: u64 = 500;
/// How long one that nobody confirms is kept.
pub(crate) const KEPT: TimeDelta = TimeDelta::days(7);

/// Fields that a file may bring, in the order of the modelo.
pub const CAMPOS: [&str; 4] = ["nome", "email", "perfil", "setor"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be confirmed.
    Previa,
    Concluida,
    Descartada,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Importacao {
    pub id: ImportacaoId,
    pub file_name: String,
    pub headers: Vec<String>,
    pub linhas: Vec<Line>,
    /// By column of the file: a field of [`CAMPOS`], or nothing.
    pub mapping: Vec<String>,
    pub perfil: Option<PerfilId>,
    pub state: State,
    pub invited: i32,
    pub refused: i32,
    pub finished_at: Option<DateTime<Utc>>,
}

/// Key of a field's name in the catalogue.
pub(crate) fn label(campo: &str) -> &'static str {
    match campo {
        "nome" => "usuario-nome",
        "email" => "login-email",
        "perfil" => "usuario-perfil",
        _ => "usuario-setor",
    }
}

/// What the columns may be called.
fn specs() -> Vec<ColumnSpec> {
    let spec = |key: &'static str, synonyms: &'static [&'static str], required| ColumnSpec {
        key,
        label: idioma::t(Lang::default(), label(key)).to_owned(),
        synonyms,
        required,
    };
    vec![
        spec("nome", &["nome completo", "usuário", "colaborador", "pessoa", "name", "full name"], true),
        spec("email", &["e-mail", "mail", "endereço de e-mail", "e-mail corporativo", "email address"], true),
        spec("perfil", &["perfil de acesso", "papel", "função no sistema", "role", "profile"], false),
        spec("setor", &["área", "departamento", "sector", "department", "team"], false),
    ]
}

/// The person who acts: a file of a program's has nobody who could look at the preview.
fn person(actor: &Actor) -> Result<UsuarioId, Denied> {
    actor.require(&GERIR)?;
    of(actor).ok_or(Denied { permission: GERIR })
}

/// The parser of this process.
fn parser() -> Result<Parser, Fault> {
    let limits = Limits { file_bytes: MAX_BYTES, rows: MAX_ROWS, ..Limits::default() };
    Parser::ours(limits).map_err(read_fault)
}

fn read_fault(error: ReadError) -> Fault {
    Fault::new("reading a spreadsheet", error)
}

/// What each line would do now.
///
/// # Errors
/// A fault of the database.
pub async fn judged(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<Vec<Julgada>, Fault> {
    let known = Known::load(tx, actor, importacao).await?;
    Ok(judge(importacao, &known))
}
