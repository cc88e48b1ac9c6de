//! `GET /ws/{cep}/json/` of `ViaCEP`. What is not there comes with status 200 and `"erro"`.

use kernel::Cep;
use serde::Deserialize;

use super::{Garbage, Loose, Said};
use crate::consulta::dados::Endereco;

#[derive(Deserialize)]
struct Answer {
    /// `true` or `"true"`.
    erro: Option<serde_json::Value>,
    #[serde(default)]
    cep: Loose,
    #[serde(default)]
    logradouro: Loose,
    #[serde(default)]
    bairro: Loose,
    #[serde(default)]
    localidade: Loose,
    #[serde(default)]
    uf: Loose,
    #[serde(default)]
    ibge: Loose,
}

pub(super) fn read(cep: Cep, _status: u16, body: &[u8]) -> Result<Said<Endereco>, Garbage> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| Garbage)?;
    if answer.erro.is_some_and(|erro| erro == true || erro == "true") {
        return Ok(Said::NotFound);
    }
    if answer.cep.value::<Cep>() != Some(cep) {
        return Err(Garbage);
    }
    Ok(Said::Found(Endereco {
        cep: Some(cep),
        logradouro: answer.logradouro.cut(),
        numero: None,
        complemento: None,
        bairro: answer.bairro.cut(),
        municipio_codigo: answer.ibge.value(),
        municipio: answer.localidade.cut(),
        uf: answer.uf.value(),
    }))
}
