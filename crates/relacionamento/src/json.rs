//! What the JSON of this crate's records has in common.

use empresas::empresa::Pessoa;
use kernel::{FieldError, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody of the unidade or of an empresa.
#[derive(Debug, Serialize, ToSchema)]
pub struct PessoaJson {
    pub id: Uuid,
    pub nome: String,
}

impl From<&Pessoa> for PessoaJson {
    fn from(pessoa: &Pessoa) -> Self {
        Self { id: pessoa.id, nome: pessoa.nome.clone() }
    }
}

/// Why something is called off.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MotivoInput {
    pub motivo: String,
}

pub(crate) fn parsed<T: std::str::FromStr<Err = Invalid>>(
    errors: &mut Vec<FieldError>,
    field: &'static str,
    text: &str,
) -> Option<T> {
    if text.trim().is_empty() {
        errors.push(Invalid::new("required").at(field));
        return None;
    }
    text.parse().map_err(|invalid: Invalid| errors.push(invalid.at(field))).ok()
}

/// An open or blank text is none.
pub(crate) fn optional<T: std::str::FromStr<Err = Invalid>>(
    errors: &mut Vec<FieldError>,
    field: &'static str,
    text: Option<&str>,
) -> Option<T> {
    text.filter(|text| !text.trim().is_empty()).and_then(|text| parsed(errors, field, text))
}
