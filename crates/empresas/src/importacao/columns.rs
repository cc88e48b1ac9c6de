use kernel::Lang;
use serde::{Deserialize, Serialize};
use sheets::import::{ColumnSpec, fold_label};

use crate::empresa::Campo;

/// What a column of a file brings: a field of the record, or what hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brings {
    Campo(Campo),
    /// Several in one cell.
    Etiquetas,
}

/// As [`Campo::key`] of the fields.
pub(super) const ETIQUETAS: &str = "etiquetas";

impl Brings {
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Campo(campo) => campo.key(),
            Self::Etiquetas => ETIQUETAS,
        }
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Campo(campo) => campo.label(),
            Self::Etiquetas => "etiquetas-title",
        }
    }

    #[must_use]
    pub fn by_key(key: &str) -> Option<Self> {
        if key == ETIQUETAS { Some(Self::Etiquetas) } else { Campo::by_key(key).map(Self::Campo) }
    }
}

/// By column of the file: the field it brings; and the columns that bring etiquetas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    campos: Vec<Option<Campo>>,
    etiquetas: Vec<usize>,
}

impl Mapping {
    #[must_use]
    pub const fn new(campos: Vec<Option<Campo>>) -> Self {
        Self { campos, etiquetas: Vec::new() }
    }

    #[must_use]
    pub fn of(columns: &[Option<Brings>]) -> Self {
        let campo = |brings: &Option<Brings>| if let Some(Brings::Campo(campo)) = brings { Some(*campo) } else { None };
        let etiquetas = columns.iter().enumerate().filter(|(_, brings)| **brings == Some(Brings::Etiquetas));
        Self { campos: columns.iter().map(campo).collect(), etiquetas: etiquetas.map(|(column, _)| column).collect() }
    }

    /// The fields; `None` for a column of etiquetas, too.
    #[must_use]
    pub fn columns(&self) -> &[Option<Campo>] {
        &self.campos
    }

    /// What a column brings.
    #[must_use]
    pub fn brings(&self, column: usize) -> Option<Brings> {
        if self.etiquetas.contains(&column) {
            return Some(Brings::Etiquetas);
        }
        self.campos.get(column).copied().flatten().map(Brings::Campo)
    }

    /// The column of that name in problems and in the trail ([`Brings::key`]).
    #[must_use]
    pub fn of_key(&self, key: &str) -> Option<(Brings, usize)> {
        let brings = Brings::by_key(key)?;
        let column = match brings {
            Brings::Campo(campo) => self.column(campo)?,
            Brings::Etiquetas => self.etiquetas()?,
        };
        Some((brings, column))
    }

    /// The column of etiquetas, counted from 0.
    #[must_use]
    pub fn etiquetas(&self) -> Option<usize> {
        self.etiquetas.first().copied()
    }

    /// As if no column brought this field.
    #[must_use]
    pub fn without(&self, campo: Campo) -> Self {
        let campos = self.campos.iter().map(|column| column.filter(|column| *column != campo)).collect();
        Self { campos, etiquetas: self.etiquetas.clone() }
    }

    /// The column of a field, counted from 0.
    #[must_use]
    pub fn column(&self, campo: Campo) -> Option<usize> {
        self.campos.iter().position(|column| *column == Some(campo))
    }

    /// Fields without which nothing can be registered.
    #[must_use]
    pub fn missing(&self) -> Vec<Campo> {
        [Campo::Cnpj, Campo::Nome].into_iter().filter(|campo| self.column(*campo).is_none()).collect()
    }

    /// What more than one column is said to bring.
    #[must_use]
    pub fn repeated(&self) -> Vec<Brings> {
        let twice = |campo: &Campo| self.campos.iter().filter(|column| **column == Some(*campo)).count() > 1;
        let campos = Campo::ALL.into_iter().filter(twice).map(Brings::Campo);
        campos.chain((self.etiquetas.len() > 1).then_some(Brings::Etiquetas)).collect()
    }
}

impl Serialize for Mapping {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq((0..self.campos.len()).map(|column| self.brings(column).map(Brings::key)))
    }
}

impl<'de> Deserialize<'de> for Mapping {
    /// A field that no longer exists brings nothing.
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let keys = Vec::<Option<String>>::deserialize(d)?;
        let columns: Vec<_> = keys.into_iter().map(|key| key.as_deref().and_then(Brings::by_key)).collect();
        Ok(Self::of(&columns))
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
            Campo::Complemento => &["Compl", "Complemento do endereço", "Andar", "Sala"],
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
    let etiquetas = ColumnSpec {
        key: ETIQUETAS,
        label: idioma::t(Lang::PtBr, Brings::Etiquetas.label()).to_owned(),
        synonyms: &["Etiqueta", "Tags", "Marcadores", "Labels"],
        required: false,
    };
    Campo::ALL.into_iter().map(spec).chain([etiquetas]).collect()
}

/// A first mapping of these headings, to be confirmed by a person.
#[must_use]
pub fn guess(headers: &[String]) -> Mapping {
    // Our own headings in English are the fields themselves.
    let ours = Campo::ALL.into_iter().map(Brings::Campo).chain([Brings::Etiquetas]);
    let own: Vec<(String, &str)> = ours.map(|brings| (fold_label(idioma::t(Lang::En, brings.label())), brings.key())).collect();
    let named = |header: &String| {
        let folded = fold_label(header);
        own.iter().find(|(label, _)| *label == folded).map_or_else(|| header.clone(), |(_, key)| (*key).to_owned())
    };
    let headers: Vec<String> = headers.iter().map(named).collect();
    let guess = sheets::import::guess(&headers, &specs());
    let columns: Vec<_> = guess.columns.into_iter().map(|key| key.and_then(Brings::by_key)).collect();
    Mapping::of(&columns)
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
            let etiquetas = idioma::t(lang, Brings::Etiquetas.label()).to_owned();
            assert_eq!(guess(&[etiquetas]).etiquetas(), Some(0), "{}", lang.tag());
        }
    }

    #[test]
    fn two_columns_of_etiquetas_are_one_too_many() {
        let twice = Mapping::of(&[Some(Brings::Etiquetas), Some(Brings::Campo(Campo::Nome)), Some(Brings::Etiquetas)]);
        assert_eq!(twice.repeated(), [Brings::Etiquetas]);
        assert_eq!(twice.without(Campo::Nome).columns(), [None, None, None]);
    }

    #[test]
    fn a_mapping_survives_being_stored() {
        let mapping = Mapping::new(vec![Some(Campo::Cnpj), None, Some(Campo::Nome)]);
        let json = serde_json::to_string(&mapping).unwrap();
        assert_eq!(json, r#"["cnpj",null,"nome"]"#);
        assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), mapping);
        let tagged = Mapping::of(&[Some(Brings::Campo(Campo::Cnpj)), Some(Brings::Etiquetas), None]);
        assert_eq!(serde_json::to_string(&tagged).unwrap(), r#"["cnpj","etiquetas",null]"#);
        assert_eq!(serde_json::from_str::<Mapping>(r#"["cnpj","etiquetas",null]"#).unwrap(), tagged);
        assert_eq!((tagged.etiquetas(), tagged.columns()[1]), (Some(1), None));
        assert_eq!(serde_json::from_str::<Mapping>(r#"["gone","nome"]"#).unwrap().columns(), [None, Some(Campo::Nome)]);
    }
}
