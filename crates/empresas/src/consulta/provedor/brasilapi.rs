//! `GET /api/cnpj/v1/{cnpj}` and `GET /api/cep/v1/{cep}` of BrasilAPI. What is not there comes with status 404.

use kernel::{Cep, Cnpj};
use serde::Deserialize;

use super::{Garbage, Loose, Said, first_telefone, joined};
use crate::{
    consulta::dados::{DadosCnpj, Endereco},
    empresa::Porte,
};

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    cnpj: Loose,
    #[serde(default)]
    razao_social: Loose,
    #[serde(default)]
    nome_fantasia: Loose,
    #[serde(default)]
    situacao_cadastral: Loose,
    #[serde(default)]
    descricao_situacao_cadastral: Loose,
    #[serde(default)]
    data_situacao_cadastral: Loose,
    #[serde(default)]
    data_inicio_atividade: Loose,
    #[serde(default)]
    cnae_fiscal: Loose,
    #[serde(default)]
    porte: Loose,
    #[serde(default)]
    opcao_pelo_mei: Option<bool>,
    #[serde(default)]
    email: Loose,
    #[serde(default)]
    ddd_telefone_1: Loose,
    #[serde(default)]
    cep: Loose,
    // Both spellings are met.
    #[serde(default)]
    descricao_tipo_de_logradouro: Loose,
    #[serde(default)]
    descricao_tipo_logradouro: Loose,
    #[serde(default)]
    logradouro: Loose,
    #[serde(default)]
    numero: Loose,
    #[serde(default)]
    complemento: Loose,
    #[serde(default)]
    bairro: Loose,
    #[serde(default)]
    municipio: Loose,
    #[serde(default)]
    codigo_municipio_ibge: Loose,
    #[serde(default)]
    uf: Loose,
}

pub(super) fn read_cnpj(cnpj: Cnpj, status: u16, body: &[u8]) -> Result<Said<DadosCnpj>, Garbage> {
    if status == 404 {
        return Ok(Said::NotFound);
    }
    let answer: Answer = serde_json::from_slice(body).map_err(|_| Garbage)?;
    if answer.cnpj.padded::<Cnpj>(14) != Some(cnpj) {
        return Err(Garbage);
    }
    let kind = if answer.descricao_tipo_de_logradouro.text().is_some() {
        &answer.descricao_tipo_de_logradouro
    } else {
        &answer.descricao_tipo_logradouro
    };
    Ok(Said::Found(DadosCnpj {
        nome: answer.razao_social.cut().ok_or(Garbage)?,
        nome_fantasia: answer.nome_fantasia.cut(),
        situacao: answer.descricao_situacao_cadastral.value().or_else(|| answer.situacao_cadastral.value()),
        data_situacao: answer.data_situacao_cadastral.value(),
        data_fundacao: answer.data_inicio_atividade.value(),
        cnae: answer.cnae_fiscal.padded::<crate::empresa::Cnae>(7).filter(|cnae| cnae.as_str() != "0000000"),
        porte: if answer.opcao_pelo_mei == Some(true) { Some(Porte::Mei) } else { answer.porte.value() },
        email: answer.email.value(),
        telefone: first_telefone(&answer.ddd_telefone_1),
        endereco: Endereco {
            cep: answer.cep.padded(8),
            logradouro: joined(kind, &answer.logradouro).cut(),
            numero: answer.numero.cut(),
            complemento: answer.complemento.cut(),
            bairro: answer.bairro.cut(),
            municipio_codigo: answer.codigo_municipio_ibge.value(),
            municipio: answer.municipio.cut(),
            uf: answer.uf.value(),
        },
    }))
}

#[derive(Deserialize)]
struct CepAnswer {
    #[serde(default)]
    cep: Loose,
    #[serde(default)]
    state: Loose,
    #[serde(default)]
    city: Loose,
    #[serde(default)]
    neighborhood: Loose,
    #[serde(default)]
    street: Loose,
}

pub(super) fn read_cep(cep: Cep, status: u16, body: &[u8]) -> Result<Said<Endereco>, Garbage> {
    if status == 404 {
        return Ok(Said::NotFound);
    }
    let answer: CepAnswer = serde_json::from_slice(body).map_err(|_| Garbage)?;
    if answer.cep.padded::<Cep>(8) != Some(cep) {
        return Err(Garbage);
    }
    Ok(Said::Found(Endereco {
        cep: Some(cep),
        logradouro: answer.street.cut(),
        numero: None,
        complemento: None,
        bairro: answer.neighborhood.cut(),
        municipio_codigo: None,
        municipio: answer.city.cut(),
        uf: answer.state.value(),
    }))
}
