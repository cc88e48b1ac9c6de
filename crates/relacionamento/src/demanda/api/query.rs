//! What a program asks the list for.

use chrono::{DateTime, Utc};
use empresas::empresa::EmpresaId;
use kernel::Invalid;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use web::Error;

use crate::{
    demanda::{Situacao, lista::Filtro},
    etapa::EtapaId,
    setor::SetorId,
    tipo::TipoId,
};

/// Which demandas, and which part of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ListQuery {
    /// Words in the título, the descrição, the responsável or the empresa.
    pub q: Option<String>,
    /// Any of them: `nova`, `em_andamento`, `concluida`, `cancelada`.
    pub situacao: Vec<String>,
    #[param(value_type = Vec<Uuid>)]
    pub etapa: Vec<EtapaId>,
    #[param(value_type = Vec<Uuid>)]
    pub tipo: Vec<TipoId>,
    #[param(value_type = Vec<Uuid>)]
    pub setor: Vec<SetorId>,
    /// Any of these usuarios.
    pub responsavel: Vec<Uuid>,
    #[param(value_type = Option<Uuid>)]
    pub empresa: Option<EmpresaId>,
    /// Those that came at this instant or later.
    pub de: Option<DateTime<Utc>>,
    /// Those that came before it.
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
            etapas: self.etapa.clone(),
            tipos: self.tipo.clone(),
            setores: self.setor.clone(),
            responsaveis: self.responsavel.clone(),
            empresa: self.empresa,
            from: self.de,
            until: self.ate,
            ..Filtro::default()
        })
    }
}
