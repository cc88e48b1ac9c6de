use kernel::Lang;
use serde::{Deserialize, Serialize};
use sheets::import::{ColumnSpec, fold_label};

use crate::empresa::Campo;

/// By column of the file: the field it brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping(Vec<Option<Campo>>);

impl Mapping {
    #[must_use]
    pub fn new(columns: Vec<Option<Campo>>) -> Self {
        Self(columns)
    }

    #[must_use]
    pub fn columns(&self) -> &[Option<Campo>] {
        &self.0
    }

    /// The column of a field, counted from 0.
    #[must_use]
    pub fn column(&self, campo: Campo) -> Option<usize> {
        self.0.iter().position(|column| *column == Some(campo))
    }

    /// Fields without which nothing can be registered.
    #[must_use]
    pub fn missing(&self) -> Vec<Campo> {
        [Campo::Cnpj, Campo::Nome].into_iter().filter(|campo| self.column(*campo).is_none()).collect()
    }

    /// Fields that more than one column is said to bring.
    #[must_use]
    pub fn repeated(&self) -> Vec<Campo> {
        Campo::ALL.into_iter().filter(|campo| self.0.iter().filter(|column| **column == Some(*campo)).count() > 1).collect()
    }
}

impl Serialize for Mapping {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.0.iter().map(|column| column.map(Campo::key)))
    }
}

impl<'de> Deserialize<'de> for Mapping {
    /// A field that no longer exists brings nothing.
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let keys = Vec::<Option<String>>::deserialize(d)?;
        Ok(Self(keys.into_iter().map(|key| key.as_deref().and_then(Campo::by_key)).collect()))
    }
}

/// The fields with all that spreadsheets call them.
#[must_use]
pub fn specs() -> Vec<ColumnSpec> {
    let synonyms = |campo: Campo| -> &'static [&'static str] {
        match campo {
            Campo::Cnpj => &["CNPJ/MF", "CNPJ da empresa", "Nº do CNPJ"],
            Campo::Nome => &["Razão social", "Empresa", "Nome da empresa", "Nome empresarial", "Company", "Name"],
            Campo::NomeFantasia => &["Fantasia", "Trade name"],
            Campo::InscricaoEstadual => &["IE", "Insc. estadual", "Inscr. estadual"],
            Campo::Cnae => &["CNAE principal", "Atividade principal"],
            Campo::Segmento => &["Segmento industrial", "Setor", "Ramo", "Ramo de atividade"],
            Campo::Porte => &["Porte da empresa", "Tamanho"],
            Campo::Situacao => &["Status", "Situação", "Relacionamento"],
            Campo::Email => &["E-mail", "Correio eletrônico", "E-mail de contato"],
            Campo::Telefone => &["Fone", "Celular", "Tel", "Telefone de contato", "WhatsApp"],
            Campo::Site => &["Website", "Página", "Homepage"],
            Campo::Cep => &["Código postal"],
            Campo::Logradouro => &["Endereço", "Rua"],
            Campo::Numero => &["Número", "Nº", "Num"],
            Campo::Bairro => &["Distrito"],
            Campo::Municipio => &["Município", "Cidade"],
            Campo::Uf => &["Estado", "Sigla UF"],
            Campo::MunicipioId => &["Código IBGE", "IBGE", "Cód. IBGE", "Código do município"],
            Campo::ContatoNome => &["Contato", "Nome do contato", "Contato principal", "Pessoa de contato"],
            Campo::ContatoCargo => &["Cargo", "Cargo do contato", "Função"],
            Campo::Responsavel => &["Responsável", "Técnico", "Consultor", "Responsável SENAI"],
            Campo::DataFundacao => &["Data de fundação", "Fundação", "Data de abertura", "Abertura"],
            Campo::Faturamento => &["Faturamento anual", "Receita anual"],
            Campo::Funcionarios => {
                &["Nº de funcionários", "Número de funcionários", "Quantidade de funcionários", "Empregados", "Colaboradores"]
            }
            Campo::Observacoes => &["Observação", "Obs", "Comentários", "Anotações"],
            Campo::DataCadastro => &["Data de cadastro", "Cadastrado em"],
        }
    };
    let spec = |campo: Campo| ColumnSpec {
        key: campo.key(),
        // What our own exports say in the language most of them are made in.
        label: idioma::t(Lang::PtBr, campo.label()).to_owned(),
        synonyms: synonyms(campo),
        required: matches!(campo, Campo::Cnpj | Campo::Nome),
    };
    Campo::ALL.into_iter().map(spec).collect()
}

/// A first mapping of these headings, to be confirmed by a person.
#[must_use]
pub fn guess(headers: &[String]) -> Mapping {
    // Our own headings in English are the fields themselves.
    let own = Campo::ALL.map(|campo| (fold_label(idioma::t(Lang::En, campo.label())), campo.key()));
    let named = |header: &String| {
        let folded = fold_label(header);
        own.iter().find(|(label, _)| *label == folded).map_or_else(|| header.clone(), |(_, key)| (*key).to_owned())
    };
    let headers: Vec<String> = headers.iter().map(named).collect();
    let guess = sheets::import::guess(&headers, &specs());
    Mapping(guess.columns.into_iter().map(|key| key.and_then(Campo::by_key)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_units_spreadsheet_are_known() {
        let headers = "CNPJ,Razão Social,Nome Fantasia,Inscrição Estadual,CNAE,Segmento,Porte,Status,E-mail,Telefone,Site,CEP,Logradouro,Número,\
                       Bairro,Município,UF,Código IBGE,Responsável,Cargo,Data de Fundação,Faturamento Anual,Funcionários,Observações";
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        let mapping = guess(&headers);
        let unknown: Vec<_> = headers.iter().zip(mapping.columns()).filter(|(_, campo)| campo.is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert_eq!(mapping.column(Campo::Situacao), Some(7));
        assert_eq!(mapping.column(Campo::Responsavel), Some(18));
        assert!(mapping.missing().is_empty() && mapping.repeated().is_empty());
    }

    #[test]
    fn what_we_export_is_known_when_it_comes_back() {
        for lang in Lang::ALL {
            let headers: Vec<String> = Campo::ALL.iter().map(|campo| idioma::t(lang, campo.label()).to_owned()).collect();
            assert_eq!(guess(&headers).columns(), Campo::ALL.map(Some), "{}", lang.tag());
        }
    }

    #[test]
    fn a_mapping_survives_being_stored() {
        let mapping = Mapping::new(vec![Some(Campo::Cnpj), None, Some(Campo::Nome)]);
        let json = serde_json::to_string(&mapping).unwrap();
        assert_eq!(json, r#"["cnpj",null,"nome"]"#);
        assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), mapping);
        assert_eq!(serde_json::from_str::<Mapping>(r#"["gone","nome"]"#).unwrap().columns(), [None, Some(Campo::Nome)]);
    }
}
