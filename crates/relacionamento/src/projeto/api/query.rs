//! What a program asks the list for.

use kernel::Invalid;
use serde::Deserialize;
use utoipa::IntoParams;
use web::Error;

use crate::projeto::{Situacao, lista::Filtro};

/// Which projetos, and which part of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ListQuery {
    /// Words in the título, the responsável or the empresa.
    pub q: Option<String>,
    /// Any of them: `em_execucao`, `concluido`, `cancelado`.
    pub situacao: Vec<String>,
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
    /// 1 to 100; 50 unless it is said.
    pub limit: Option<u32>,
}

impl ListQuery {
    pub(super) fn filtro(&self) -> Result<Filtro, Error> {
        let situacoes: Option<Vec<Situacao>> = self.situacao.iter().map(|code| Situacao::from_code(code)).collect();
        Ok(Filtro {
            busca: self.q.as_deref().unwrap_or_default().chars().take(200).collect(),
            situacoes: situacoes.ok_or_else(|| Error::invalid(vec![Invalid::new("choice").at("situacao")]))?,
            ..Filtro::default()
        })
    }
}
