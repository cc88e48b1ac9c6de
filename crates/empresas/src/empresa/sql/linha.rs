use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Fault, Reais};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{
    empresa::{Cadastro, Empresa, EmpresaId, Responsavel, SegmentoRef},
    municipio::Municipio,
    segmento::SegmentoId,
};

/// A row of the register with the names it refers to.
#[derive(Debug)]
pub(crate) struct Linha {
    pub id: EmpresaId,
    pub nome: String,
    pub nome_fantasia: Option<String>,
    pub cnpj: String,
    pub inscricao_estadual: Option<String>,
    pub cnae: Option<String>,
    pub segmento_id: Option<SegmentoId>,
    pub segmento_nome: Option<String>,
    pub porte: Option<String>,
    pub situacao: String,
    pub email: Option<String>,
    pub telefone: Option<String>,
    pub site: Option<String>,
    pub cep: Option<String>,
    pub logradouro: Option<String>,
    pub numero: Option<String>,
    pub complemento: Option<String>,
    pub bairro: Option<String>,
    pub municipio_id: Option<i32>,
    pub cidade: Option<String>,
    pub uf: Option<String>,
    pub contato_nome: Option<String>,
    pub contato_cargo: Option<String>,
    pub responsavel_id: Option<Uuid>,
    pub usuario_nome: Option<String>,
    pub responsavel_nome: Option<String>,
    pub data_fundacao: Option<NaiveDate>,
    pub faturamento: Option<Decimal>,
    pub funcionarios: Option<i32>,
    pub observacoes: Option<String>,
    pub data_cadastro: NaiveDate,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub vinculados: Vec<Uuid>,
    /// What lists are sorted by.
    pub ordem: String,
}

/// A stored value was valid once; one that is not any more is a defect, not somebody's mistake.
fn stored<T: FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::because("a stored value of an empresa is not valid"))
}

fn open<T: FromStr>(text: Option<&str>) -> Result<Option<T>, Fault> {
    text.map(stored).transpose()
}

impl TryFrom<Linha> for Empresa {
    type Error = Fault;

    fn try_from(linha: Linha) -> Result<Self, Fault> {
        let uf = open(linha.uf.as_deref())?;
        let municipio = match (linha.municipio_id, linha.cidade, uf) {
            (Some(codigo), Some(nome), Some(uf)) => Some(Municipio { codigo, nome: nome.into(), uf }),
            _ => None,
        };
        let segmento = linha.segmento_id.zip(linha.segmento_nome).map(|(id, nome)| SegmentoRef::Known { id, nome });
        let responsavel = match (linha.responsavel_id.zip(linha.usuario_nome), linha.responsavel_nome) {
            (Some((id, nome)), _) => Some(Responsavel::Usuario { id, nome }),
            (None, Some(nome)) => Some(Responsavel::Nome(stored(&nome)?)),
            (None, None) => None,
        };
        let invalid = |_| Fault::because("a stored value of an empresa is not valid");
        let cadastro = Cadastro {
            cnpj: stored(&linha.cnpj)?,
            nome: stored(&linha.nome)?,
            nome_fantasia: open(linha.nome_fantasia.as_deref())?,
            inscricao_estadual: open(linha.inscricao_estadual.as_deref())?,
            cnae: open(linha.cnae.as_deref())?,
            segmento,
            porte: open(linha.porte.as_deref())?,
            situacao: Some(stored(&linha.situacao)?),
            email: open(linha.email.as_deref())?,
            telefone: open(linha.telefone.as_deref())?,
            site: open(linha.site.as_deref())?,
            cep: open(linha.cep.as_deref())?,
            logradouro: open(linha.logradouro.as_deref())?,
            numero: open(linha.numero.as_deref())?,
            complemento: open(linha.complemento.as_deref())?,
            bairro: open(linha.bairro.as_deref())?,
            municipio,
            uf,
            contato_nome: open(linha.contato_nome.as_deref())?,
            contato_cargo: open(linha.contato_cargo.as_deref())?,
            responsavel,
            data_fundacao: linha.data_fundacao,
            faturamento: linha.faturamento.map(Reais::try_from).transpose().map_err(invalid)?,
            funcionarios: linha.funcionarios,
            observacoes: open(linha.observacoes.as_deref())?,
            data_cadastro: Some(linha.data_cadastro),
        };
        Ok(Self {
            id: linha.id,
            cadastro,
            version: linha.version,
            created_at: linha.created_at,
            updated_at: linha.updated_at,
            deleted_at: linha.deleted_at,
            vinculados: linha.vinculados,
        })
    }
}
