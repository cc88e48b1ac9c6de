//! `GET /v1/cnpj/{cnpj}` of ReceitaWS. A mistake comes with status 200 and `"status": "ERROR"`.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Cnpj;
use serde::Deserialize;

use super::{Garbage, Loose, Said, first_telefone};
use crate::{
    consulta::dados::{DadosCnpj, Endereco},
    empresa::Porte,
};

#[derive(Deserialize)]
struct Answer {
    status: String,
    #[serde(default)]
    message: Loose,
    #[serde(default)]
    cnpj: Loose,
    #[serde(default)]
    nome: Loose,
    #[serde(default)]
    fantasia: Loose,
    #[serde(default)]
    situacao: Loose,
    #[serde(default)]
    data_situacao: Loose,
    #[serde(default)]
    abertura: Loose,
    #[serde(default)]
    porte: Loose,
    #[serde(default)]
    simei: Option<Regime>,
    #[serde(default)]
    atividade_principal: Vec<Atividade>,
    #[serde(default)]
    email: Loose,
    #[serde(default)]
    telefone: Loose,
    #[serde(default)]
    cep: Loose,
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
    uf: Loose,
    #[serde(default)]
    ultima_atualizacao: Loose,
}

#[derive(Deserialize)]
struct Atividade {
    #[serde(default)]
    code: Loose,
}

#[derive(Deserialize)]
struct Regime {
    #[serde(default)]
    optante: Option<bool>,
}

pub(super) fn read(cnpj: Cnpj, status: u16, body: &[u8]) -> Result<(Said<DadosCnpj>, Option<DateTime<Utc>>), Garbage> {
    if status == 404 {
        return Ok((Said::NotFound, None));
    }
    let answer: Answer = serde_json::from_slice(body).map_err(|_| Garbage)?;
    if answer.status == "ERROR" {
        // "CNPJ rejeitado pela Receita Federal", "CNPJ inválido": there is none. Anything else is the provider's trouble.
        let message = kernel::fold(&answer.message.text().unwrap_or_default());
        let none =
            message.contains("cnpj") && ["rejeitado", "invalido", "nao encontrado"].iter().any(|word| message.contains(word));
        return if none { Ok((Said::NotFound, None)) } else { Err(Garbage) };
    }
    if answer.status != "OK" || answer.cnpj.value::<Cnpj>() != Some(cnpj) {
        return Err(Garbage);
    }
    let mei = answer.simei.and_then(|simei| simei.optante).unwrap_or(false);
    let dados = DadosCnpj {
        nome: answer.nome.cut().ok_or(Garbage)?,
        nome_fantasia: answer.fantasia.cut(),
        situacao: answer.situacao.value(),
        data_situacao: day(&answer.data_situacao),
        data_fundacao: day(&answer.abertura),
        // The free tariff says 00.00-0-00 where it knows none.
        cnae: answer
            .atividade_principal
            .first()
            .and_then(|a| a.code.value::<crate::empresa::Cnae>())
            .filter(|c| c.as_str() != "0000000"),
        porte: if mei { Some(Porte::Mei) } else { answer.porte.value() },
        email: answer.email.value(),
        telefone: first_telefone(&answer.telefone),
        endereco: Endereco {
            cep: answer.cep.value(),
            logradouro: answer.logradouro.cut(),
            numero: answer.numero.cut(),
            complemento: answer.complemento.cut(),
            bairro: answer.bairro.cut(),
            municipio_codigo: None,
            municipio: answer.municipio.cut(),
            uf: answer.uf.value(),
        },
    };
    let dated_at = answer.ultima_atualizacao.text().and_then(|text| Some(DateTime::parse_from_rfc3339(&text).ok()?.to_utc()));
    Ok((Said::Found(dados), dated_at))
}

fn day(text: &Loose) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&text.text()?, "%d/%m/%Y").ok()
}
