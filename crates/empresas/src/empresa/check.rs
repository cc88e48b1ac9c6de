use std::str::FromStr;

use chrono::NaiveDate;
use kernel::{FieldError, Invalid, Reais, Uf};

use super::{
    cadastro::{Cadastro, Responsavel, SegmentoRef},
    campo::{Campo, Input},
    known::Known,
    values::Situacao,
};
use crate::municipio::Municipio;

/// Judges what somebody says about an empresa: one rule for the form, the API and the import.
///
/// # Errors
/// Every field that breaks a rule, in the order of [`Campo::ALL`].
pub fn check<'a>(input: impl Fn(Campo) -> Input<'a>, known: &Known) -> Result<Cadastro, Vec<FieldError>> {
    let mut c = Checker { input, errors: Vec::new(), known };
    let cnpj = c.required(Campo::Cnpj);
    let nome = c.required(Campo::Nome);
    let nome_fantasia = c.parsed(Campo::NomeFantasia);
    let inscricao_estadual = c.parsed(Campo::InscricaoEstadual);
    let cnae = c.cnae();
    let segmento = c.segmento();
    let porte = c.parsed(Campo::Porte);
    let situacao = c.situacao();
    let email = c.parsed(Campo::Email);
    let telefone = c.parsed(Campo::Telefone);
    let site = c.parsed(Campo::Site);
    let cep = c.cep();
    let logradouro = c.parsed(Campo::Logradouro);
    let numero = c.parsed(Campo::Numero);
    let complemento = c.parsed(Campo::Complemento);
    let bairro = c.parsed(Campo::Bairro);
    let (municipio, uf) = c.place();
    let contato_nome = c.parsed(Campo::ContatoNome);
    let contato_cargo = c.parsed(Campo::ContatoCargo);
    let responsavel = c.responsavel();
    let data_fundacao = c.day(Campo::DataFundacao);
    let faturamento = c.faturamento();
    let funcionarios = c.funcionarios();
    let observacoes = c.parsed(Campo::Observacoes);
    let data_cadastro = c.day(Campo::DataCadastro);
    match (cnpj, nome) {
        (Some(cnpj), Some(nome)) if c.errors.is_empty() => Ok(Cadastro {
            cnpj,
            nome,
            nome_fantasia,
            inscricao_estadual,
            cnae,
            segmento,
            porte,
            situacao,
            email,
            telefone,
            site,
            cep,
            logradouro,
            numero,
            complemento,
            bairro,
            municipio,
            uf,
            contato_nome,
            contato_cargo,
            responsavel,
            data_fundacao,
            faturamento,
            funcionarios,
            observacoes,
            data_cadastro,
        }),
        _ => Err(c.errors),
    }
}

struct Checker<'k, F> {
    input: F,
    errors: Vec<FieldError>,
    known: &'k Known,
}

impl<'a, F: Fn(Campo) -> Input<'a>> Checker<'_, F> {
    fn fail(&mut self, campo: Campo, invalid: Invalid) {
        self.errors.push(invalid.at(campo.key()));
    }

    /// Notes the mistake and goes on.
    fn keep<T>(&mut self, campo: Campo, value: Result<T, Invalid>) -> Option<T> {
        value.map_err(|invalid| self.fail(campo, invalid)).ok()
    }

    fn parsed<T: FromStr>(&mut self, campo: Campo) -> Option<T>
    where
        T::Err: Into<Invalid>,
    {
        let text = match (self.input)(campo) {
            Input::Empty => return None,
            Input::Wrong(invalid) => {
                self.fail(campo, invalid);
                return None;
            }
            Input::Text(text) => text,
            Input::Day(day) => day.to_string().into(),
            Input::Reais(reais) => String::from(reais).into(),
            Input::Integer(number) => number.to_string().into(),
        };
        self.keep(campo, text.parse().map_err(T::Err::into))
    }

    fn required<T: FromStr>(&mut self, campo: Campo) -> Option<T>
    where
        T::Err: Into<Invalid>,
    {
        if (self.input)(campo).is_empty() {
            self.fail(campo, Invalid::new("required"));
        }
        self.parsed(campo)
    }

    /// A spreadsheet program takes the zeros before a number.
    fn padded<T: FromStr<Err = Invalid>>(&mut self, campo: Campo, width: usize) -> Option<T> {
        match (self.input)(campo) {
            Input::Integer(number) => self.keep(campo, format!("{number:0>width$}").parse()),
            _ => self.parsed(campo),
        }
    }

    fn cnae(&mut self) -> Option<super::Cnae> {
        self.padded(Campo::Cnae, 7)
    }

    fn cep(&mut self) -> Option<kernel::Cep> {
        self.padded(Campo::Cep, 8)
    }

    /// Only a spreadsheet may leave it open: a form has it chosen.
    fn situacao(&mut self) -> Option<Situacao> {
        if self.known.open { self.parsed(Campo::Situacao) } else { self.required(Campo::Situacao) }
    }

    fn segmento(&mut self) -> Option<SegmentoRef> {
        let nome: kernel::Texto<80> = self.parsed(Campo::Segmento)?;
        match self.known.segmento(nome.as_str()) {
            Some(segmento) => Some(SegmentoRef::Known { id: segmento.id, nome: segmento.nome.clone() }),
            None if self.known.open => Some(SegmentoRef::New(nome)),
            None => {
                self.fail(Campo::Segmento, Invalid::new("segmento-unknown"));
                None
            }
        }
    }

    fn responsavel(&mut self) -> Option<Responsavel> {
        let nome: kernel::Texto<120> = self.parsed(Campo::Responsavel)?;
        match self.known.responsavel(nome.as_str()) {
            Some(responsavel) => Some(responsavel),
            None if self.known.open => Some(Responsavel::Nome(nome)),
            None => {
                self.fail(Campo::Responsavel, Invalid::new("responsavel-unknown"));
                None
            }
        }
    }

    /// The code of IBGE wins over the name, but neither may contradict the UF.
    fn place(&mut self) -> (Option<Municipio>, Option<Uf>) {
        let before = self.errors.len();
        let uf: Option<Uf> = self.parsed(Campo::Uf);
        let codigo: Option<Codigo> = self.parsed(Campo::MunicipioId);
        if self.errors.len() > before {
            return (None, uf);
        }
        let (campo, found) = if let Some(Codigo(codigo)) = codigo {
            (Campo::MunicipioId, self.known.municipios.by_codigo(codigo).cloned())
        } else {
            let Some(nome) = self.parsed::<kernel::Texto<120>>(Campo::Municipio) else { return (None, uf) };
            (Campo::Municipio, self.known.municipios.by_nome(nome.as_str(), uf).cloned())
        };
        match found {
            None => self.fail(campo, Invalid::new("municipio-unknown")),
            Some(municipio) if uf.is_some_and(|uf| uf != municipio.uf) => {
                self.fail(Campo::Uf, Invalid::new("uf-other").with("uf", municipio.uf).with("municipio", &municipio.nome));
            }
            Some(municipio) => return (Some(municipio.clone()), Some(municipio.uf)),
        }
        (None, uf)
    }

    /// Nothing happened in the future yet.
    fn day(&mut self, campo: Campo) -> Option<NaiveDate> {
        let day = match (self.input)(campo) {
            Input::Day(day) => Some(day),
            Input::Text(text) => {
                let read = sheets::import::date(sheets::read::Raw::Text(&text));
                self.keep(campo, read)?
            }
            _ => self.parsed::<Never>(campo).map(|never| match never {}),
        };
        match day {
            Some(day) if day > self.known.today => {
                self.fail(campo, Invalid::new("date-future"));
                None
            }
            day => day,
        }
    }

    fn faturamento(&mut self) -> Option<Reais> {
        let reais = match (self.input)(Campo::Faturamento) {
            Input::Reais(reais) => Some(reais),
            _ => self.parsed(Campo::Faturamento),
        }?;
        if reais < Reais::default() {
            self.fail(Campo::Faturamento, Invalid::new("reais-negative"));
            return None;
        }
        Some(reais)
    }

    fn funcionarios(&mut self) -> Option<i32> {
        let number = match (self.input)(Campo::Funcionarios) {
            Input::Integer(number) => number,
            Input::Text(text) => {
                let read = sheets::import::integer(sheets::read::Raw::Text(&text));
                self.keep(Campo::Funcionarios, read)??
            }
            _ => self.parsed::<Never>(Campo::Funcionarios).map(|never| match never {})?,
        };
        let count = i32::try_from(number).ok().filter(|count| *count >= 0).ok_or_else(|| Invalid::new("integer-invalid"));
        self.keep(Campo::Funcionarios, count)
    }
}

/// A code of IBGE: seven digits.
struct Codigo(i32);

impl FromStr for Codigo {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.trim().parse().map(Self).map_err(|_| Invalid::new("municipio-unknown"))
    }
}

/// Takes no text: for inputs of a kind that the field cannot have.
enum Never {}

impl FromStr for Never {
    type Err = Invalid;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        Err(Invalid::new("date-invalid"))
    }
}
