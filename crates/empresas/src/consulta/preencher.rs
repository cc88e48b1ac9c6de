//! From what was said outside to the fields of the form.

use kernel::fold;
use web::{forms::FormState, frame::Frame};

use super::{Consultado, Endereco, Provedor, Resposta};
use crate::{
    consulta::CepResposta,
    empresa::{Campo, Porte},
    municipio::Municipios,
};

/// What a question means for the form: a sentence for the person, and the fields it can fill.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Preenchimento {
    pub text: String,
    /// Each with what the form would hold.
    pub fields: Vec<(Campo, String)>,
}

/// The fields of a form after filling: what was empty is filled, what was typed stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Filled {
    pub text: String,
    pub fields: Vec<Campo>,
    /// Typed otherwise than what was said, with what was said.
    pub other: Vec<(Campo, String)>,
}

impl Preenchimento {
    pub(crate) fn of_cnpj(frame: &Frame, resposta: &Resposta, municipios: &Municipios) -> Self {
        match resposta {
            Resposta::Known(consultado) => Self::known(frame, consultado, "consulta-found", municipios),
            Resposta::Unavailable(Some(old)) if old.dados.is_some() => Self::known(frame, old, "consulta-old", municipios),
            Resposta::Unavailable(_) => Self::told(frame.t("consulta-unavailable")),
            Resposta::Waiting(lugar) => Self::told(&super::waiting(frame.lang, *lugar, frame.now)),
        }
    }

    pub(crate) fn of_cep(frame: &Frame, resposta: &CepResposta, municipios: &Municipios) -> Self {
        match resposta {
            CepResposta::Found(endereco) => {
                Self { text: frame.t("consulta-cep-found").to_owned(), fields: place(endereco, municipios) }
            }
            CepResposta::NotFound => Self::told(frame.t("consulta-cep-absent")),
            CepResposta::Unavailable => Self::told(frame.t("consulta-cep-unavailable")),
        }
    }

    fn told(text: &str) -> Self {
        Self { text: text.to_owned(), fields: Vec::new() }
    }

    fn known(frame: &Frame, consultado: &Consultado, key: &str, municipios: &Municipios) -> Self {
        let Some(dados) = &consultado.dados else { return Self::told(frame.t("consulta-absent")) };
        let provedor = consultado.provedor.parse::<Provedor>().map_or("", Provedor::nome);
        let day = frame.date(consultado.dated_at.with_timezone(&frame.zone).date_naive());
        let text = frame.t_with(key, &[("provedor", provedor.into()), ("data", day.as_str().into())]);
        let open = |campo: Campo, text: Option<String>| text.map(|text| (campo, text));
        let fields = [
            Some((Campo::Nome, dados.nome.to_string())),
            open(Campo::NomeFantasia, dados.nome_fantasia.as_ref().map(ToString::to_string)),
            open(Campo::Cnae, dados.cnae.map(|cnae| cnae.to_string())),
            open(Campo::Porte, dados.porte.map(|porte: Porte| porte.code().to_owned())),
            open(Campo::Email, dados.email.as_ref().map(ToString::to_string)),
            open(Campo::Telefone, dados.telefone.as_ref().map(ToString::to_string)),
            open(Campo::DataFundacao, dados.data_fundacao.map(|day| day.to_string())),
            open(Campo::Cep, dados.endereco.cep.map(|cep| cep.to_string())),
            open(Campo::Numero, dados.endereco.numero.as_ref().map(ToString::to_string)),
            open(Campo::Complemento, dados.endereco.complemento.as_ref().map(ToString::to_string)),
        ];
        let mut fields: Vec<_> = fields.into_iter().flatten().collect();
        fields.extend(place(&dados.endereco, municipios));
        Self { text, fields }
    }

    /// Fills what is empty in `form`.
    pub(crate) fn fill(self, mut form: FormState) -> (FormState, Filled) {
        let mut outcome = Filled { text: self.text, ..Filled::default() };
        for (campo, said) in self.fields {
            let typed = form.raw(campo.key());
            if typed.is_empty() {
                form = form.without(campo.key()).with(campo.key(), said);
                outcome.fields.push(campo);
            } else if fold(typed) != fold(&said) {
                outcome.other.push((campo, said));
            }
        }
        (form, outcome)
    }
}

/// Street, bairro and place; the município as `ref` spells it.
fn place(endereco: &Endereco, municipios: &Municipios) -> Vec<(Campo, String)> {
    let municipio = endereco.municipio(municipios);
    let uf = municipio.map(|municipio| municipio.uf).or(endereco.uf);
    let fields = [
        endereco.logradouro.as_ref().map(|text| (Campo::Logradouro, text.to_string())),
        endereco.bairro.as_ref().map(|text| (Campo::Bairro, text.to_string())),
        municipio.map(|municipio| (Campo::Municipio, municipio.nome.to_string())),
        uf.map(|uf| (Campo::Uf, uf.to_string())),
    ];
    fields.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_and_what_differs_is_told() {
        let form = FormState::typed([("nome", "Métalurgica  "), ("cnae", ""), ("bairro", "Centro")]);
        let fields = [(Campo::Nome, "METALURGICA"), (Campo::Cnae, "2511-0/00"), (Campo::Bairro, "AMÉRICA")];
        let said = Preenchimento { text: "…".to_owned(), fields: fields.map(|(campo, text)| (campo, text.to_owned())).into() };
        let (form, filled) = said.fill(form);
        assert_eq!((form.raw("nome"), form.raw("cnae"), form.raw("bairro")), ("Métalurgica", "2511-0/00", "Centro"));
        assert_eq!(filled.fields, [Campo::Cnae]);
        assert_eq!(filled.other, [(Campo::Bairro, "AMÉRICA".to_owned())], "the same name in other letters is no other name");
    }
}
