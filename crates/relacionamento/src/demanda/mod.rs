//! Demandas: what an empresa asks of the unidade (S0-5).
//!
//! The rules it protects: a demanda begins nova, is taken up by the first thing that anybody does about it, and ends concluída or, with
//! its motivo, cancelada; what has ended is changed by nobody before it is reopened; it becomes a projeto at most once, and while it
//! is one it stays what it is; where it stood and how long is never lost; nobody overwrites what somebody else changed meanwhile;
//! whom it concerns hears of it; what somebody may not see does not exist for them.

pub(crate) mod agenda;
pub mod alterar;
pub mod anexar;
pub mod api;
pub mod excluir;
mod jobs;
pub mod lista;
mod mescla;
pub mod mover;
pub mod pages;
pub mod registrar;
mod regra;
pub(crate) mod samples;
pub(crate) mod sql;
pub(crate) mod timeline;
pub(crate) mod titular;

use chrono::{DateTime, NaiveDate, Utc};
use empresas::{contato::ContatoId, empresa::EmpresaId};
use kernel::{Entity, Id, Permission, Reais, Texto};
use serde::Serialize;
use uuid::Uuid;

use crate::{etapa::EtapaId, setor::SetorId, tipo::TipoId};

pub use crate::etapa::Situacao;
pub use empresas::empresa::{Pessoa, Reach};
pub(crate) use jobs::{NOTICE, PRAZO, handlers};
pub(crate) use mescla::ANEXO;
pub use regra::{Conflict, DemandaError, DemandaRule};

#[derive(Debug)]
pub enum DemandaEntity {}
impl Entity for DemandaEntity {
    const NAME: &'static str = "demanda";
}
pub type DemandaId = Id<DemandaEntity>;

/// The kind of record, as in the audit trail.
pub const ENTITY: &str = DemandaEntity::NAME;

pub const VER: Permission = Permission::new("relacionamento.demanda.ver");
pub const REGISTRAR: Permission = Permission::new("relacionamento.demanda.registrar");
pub const ALTERAR: Permission = Permission::new("relacionamento.demanda.alterar");
pub const EXCLUIR: Permission = Permission::new("relacionamento.demanda.excluir");
pub const EXPORTAR: Permission = Permission::new("relacionamento.demanda.exportar");

pub type Titulo = Texto<200>;
pub type Descricao = Texto<5000>;
pub type Motivo = Texto<1000>;

/// What is written down of a demanda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dados {
    pub titulo: Titulo,
    pub descricao: Descricao,
    pub tipo: TipoId,
    pub setor: Option<SetorId>,
    /// `None`: nobody yet.
    pub responsavel: Option<Uuid>,
    /// Who of the empresa asked.
    pub contato: Option<ContatoId>,
    /// Never negative ([`DemandaRule::Valor`]).
    pub valor_estimado: Option<Reais>,
    /// `None` for a new one: as its tipo has it.
    pub data_prazo: Option<NaiveDate>,
}

/// What a file says of a demanda (S0-5.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anexo {
    Proposta,
    Orcamento,
    Relatorio,
    Outro,
}

impl Anexo {
    pub const ALL: [Self; 4] = [Self::Proposta, Self::Orcamento, Self::Relatorio, Self::Outro];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposta => "proposta",
            Self::Orcamento => "orcamento",
            Self::Relatorio => "relatorio",
            Self::Outro => "outro",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Proposta => "demanda-anexo-proposta",
            Self::Orcamento => "demanda-anexo-orcamento",
            Self::Relatorio => "demanda-anexo-relatorio",
            Self::Outro => "demanda-anexo-outro",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|anexo| anexo.code() == code)
    }
}

/// A demanda as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Demanda {
    pub id: DemandaId,
    pub empresa_id: EmpresaId,
    pub empresa_nome: String,
    /// Who is responsável for the empresa.
    pub empresa_responsavel: Option<Uuid>,
    pub titulo: String,
    pub descricao: String,
    pub tipo_id: TipoId,
    pub tipo: String,
    pub tipo_cor: String,
    pub setor_id: Option<SetorId>,
    pub setor: Option<String>,
    pub etapa_id: EtapaId,
    pub etapa: String,
    pub etapa_cor: String,
    pub situacao: Situacao,
    pub valor_estimado: Option<Reais>,
    /// The usuario, if it is one.
    pub responsavel_id: Option<Uuid>,
    pub responsavel_nome: Option<String>,
    pub contato: Option<Pessoa>,
    pub data_prazo: Option<NaiveDate>,
    /// When somebody first did something about it.
    pub iniciada_at: Option<DateTime<Utc>>,
    pub concluida_at: Option<DateTime<Utc>>,
    pub motivo: Option<String>,
    /// What it became.
    pub projeto: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// In the lixeira since.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What the audit trail keeps of a demanda; a change holds the fields that changed (S0-5.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Facts {
    pub empresa: EmpresaId,
    pub titulo: String,
    pub descricao: String,
    pub tipo: String,
    pub setor: Option<String>,
    pub etapa: String,
    pub situacao: Situacao,
    pub valor_estimado: Option<Reais>,
    pub responsavel_id: Option<Uuid>,
    pub responsavel: Option<String>,
    pub contato: Option<String>,
    pub data_prazo: Option<NaiveDate>,
    pub concluida_at: Option<DateTime<Utc>>,
    pub motivo: Option<String>,
}

impl Demanda {
    pub(crate) fn facts(&self) -> Facts {
        Facts {
            empresa: self.empresa_id,
            titulo: self.titulo.clone(),
            descricao: self.descricao.clone(),
            tipo: self.tipo.clone(),
            setor: self.setor.clone(),
            etapa: self.etapa.clone(),
            situacao: self.situacao,
            valor_estimado: self.valor_estimado,
            responsavel_id: self.responsavel_id,
            responsavel: self.responsavel_nome.clone(),
            contato: self.contato.as_ref().map(|pessoa| pessoa.nome.clone()),
            data_prazo: self.data_prazo,
            concluida_at: self.concluida_at,
            motivo: self.motivo.clone(),
        }
    }

    /// Whom it concerns: who answers for it and who is responsável for the empresa.
    pub(crate) fn concerned(&self) -> impl Iterator<Item = Uuid> {
        self.responsavel_id.into_iter().chain(self.empresa_responsavel)
    }

    /// Whether it should be concluded by now.
    #[must_use]
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.situacao.is_open() && self.data_prazo.is_some_and(|prazo| prazo < today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_anexos_are_those_that_are_kept_and_shown() {
        for anexo in Anexo::ALL {
            assert_eq!(Anexo::from_code(anexo.code()), Some(anexo));
            assert_eq!(anexo.label(), format!("demanda-anexo-{}", anexo.code()));
        }
        assert_eq!(Anexo::from_code("contrato"), None);
    }

    #[test]
    fn only_what_is_open_is_late() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut demanda = samples::demanda(Situacao::Nova, false, false, DateTime::UNIX_EPOCH);
        demanda.data_prazo = Some(day("2026-11-23"));
        for (situacao, today, late) in [
            (Situacao::Nova, "2026-11-23", false),
            (Situacao::EmAndamento, "2026-11-24", true),
            (Situacao::Concluida, "2026-11-24", false),
            (Situacao::Cancelada, "2026-11-24", false),
        ] {
            demanda.situacao = situacao;
            assert_eq!(demanda.is_late(day(today)), late, "{situacao:?} {today}");
        }
    }
}
