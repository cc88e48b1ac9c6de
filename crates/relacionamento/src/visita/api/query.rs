//! What a program asks the list for.

use chrono::{DateTime, Utc};
use empresas::empresa::EmpresaId;
use kernel::Invalid;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use web::Error;

use crate::visita::{Situacao, lista::Filtro};

/// Which visitas, and which part of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ListQuery {
    /// Words in the objetivo, the resumo, the responsável or the empresa.
    pub q: Option<String>,
    /// Any of them: `planejada`, `realizada`, `cancelada`.
    pub situacao: Vec<String>,
    /// Any of these usuarios.
    pub responsavel: Vec<Uuid>,
    #[param(value_type = Option<Uuid>)]
    pub empresa: Option<EmpresaId>,
    /// Those that begin at this instant or later.
    pub de: Option<DateTime<Utc>>,
    /// Those that begin before it.
    pub ate: Option<DateTime<Utc>>,
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
            responsaveis: self.responsavel.clone(),
            empresa: self.empresa,
            from: self.de,
            until: self.ate,
        })
    }
}
