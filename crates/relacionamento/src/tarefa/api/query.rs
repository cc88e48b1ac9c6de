//! What a program asks the list for.

use chrono::NaiveDate;
use empresas::empresa::EmpresaId;
use kernel::Invalid;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use web::Error;

use crate::tarefa::{Sobre, lista::Filtro};

/// Which tarefas, and which part of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ListQuery {
    /// Words in the título.
    pub q: Option<String>,
    /// Those that are done, or those that are not.
    pub concluida: Option<bool>,
    /// Any of these usuarios is to do it.
    pub responsavel: Vec<Uuid>,
    /// On this empresa or on its records.
    #[param(value_type = Option<Uuid>)]
    pub empresa: Option<EmpresaId>,
    /// On this record alone: `visita:` and its id; as well `empresa:`, `demanda:`, `projeto:`.
    pub sobre: Option<String>,
    /// Those that are due before this day.
    pub vence_antes: Option<NaiveDate>,
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 unless it is said.
    pub limit: Option<u32>,
}

impl ListQuery {
    pub(super) fn filtro(&self) -> Result<Filtro, Error> {
        let sobre = self.sobre.as_deref().map(|text| Sobre::read(text).ok_or_else(|| Invalid::new("choice").at("sobre")));
        Ok(Filtro {
            busca: self.q.as_deref().unwrap_or_default().chars().take(200).collect(),
            concluidas: self.concluida,
            before: self.vence_antes,
            responsaveis: self.responsavel.clone(),
            empresa: self.empresa,
            sobre: sobre.transpose().map_err(|error| Error::invalid(vec![error]))?,
        })
    }
}
