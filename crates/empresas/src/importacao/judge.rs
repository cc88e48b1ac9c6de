//! What an importer says about each row. Pure: the register's CNPJs are handed in.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use kernel::{Cnpj, FieldError, Invalid, Telefone};
use serde::{Deserialize, Serialize};
use sheets::{
    import,
    read::{Raw, Row},
};

use super::Mapping;
use super::columns::ETIQUETAS;
use crate::{
    empresa::{Cadastro, Campo, Input, Known, Responsavel, SegmentoRef, check},
    etiqueta::{self, EtiquetaId, EtiquetaNome},
};

/// At most so many etiquetas are made of one file: more are another column than one of etiquetas.
const MAKES: usize = 200;

#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Its CNPJ is not in the register.
    Nova(Box<Cadastro>),
    /// Its CNPJ is in the register.
    Existente(Box<Cadastro>),
    /// Its CNPJ stood in an earlier row of the file.
    Repetida,
    /// It breaks a rule.
    Recusada,
}

impl Verdict {
    /// A segmento that the row would make.
    #[must_use]
    pub fn new_segmento(&self) -> Option<&str> {
        match self {
            Self::Nova(cadastro) | Self::Existente(cadastro) => match &cadastro.segmento {
                Some(SegmentoRef::New(nome)) => Some(nome.as_str()),
                _ => None,
            },
            Self::Repetida | Self::Recusada => None,
        }
    }

    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nova(_) => "nova",
            Self::Existente(_) => "existente",
            Self::Repetida => "repetida",
            Self::Recusada => "recusada",
        }
    }
}

/// A row with what is to be said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub verdict: Verdict,
    /// What its row says, when it is one.
    pub cnpj: Option<Cnpj>,
    /// Why it is refused or repeated; of a good row, what was set right or moved.
    pub problems: Vec<Problem>,
    /// Of a good row: the etiquetas it names.
    pub etiquetas: Vec<EtiquetaSaid>,
}

impl Judged {
    /// Etiquetas that the row would make.
    pub fn new_etiquetas(&self) -> impl Iterator<Item = &str> {
        self.etiquetas.iter().filter(|said| said.id.is_none()).map(|said| said.nome.as_str())
    }
}

/// An etiqueta that a row names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EtiquetaSaid {
    /// `None`: not on the list, and to be made.
    pub id: Option<EtiquetaId>,
    /// As the list says it; as the row does, where it is to be made.
    pub nome: String,
}

/// What is wrong with a cell, as it is kept until somebody reads it in their language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Name of the field.
    pub field: Cow<'static, str>,
    /// Key of the sentence, `invalid-<code>`.
    pub code: Cow<'static, str>,
    pub args: Vec<(Cow<'static, str>, String)>,
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Self {
        Self {
            field: Cow::Borrowed(error.field),
            code: Cow::Borrowed(error.invalid.code),
            args: error.invalid.args.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect(),
        }
    }
}

/// Judges the rows of one file, one after the other.
#[derive(Debug)]
pub struct Judge<'a> {
    known: &'a Known,
    /// Column of each field.
    columns: HashMap<Campo, usize>,
    /// In the register, and not in the lixeira.
    registered: &'a HashSet<Cnpj>,
    /// Row of the first appearance.
    seen: HashMap<Cnpj, u32>,
    /// Row that counts, where somebody said which.
    preferred: HashMap<Cnpj, u32>,
    /// Column of etiquetas, and those of the list by their folded names.
    tagged: Option<usize>,
    etiquetas: HashMap<String, (EtiquetaId, &'a str)>,
    makes: bool,
    /// Folded names of those that rows before would make.
    made: HashSet<String>,
}

impl<'a> Judge<'a> {
    /// `known` is an open one ([`Known::open`]).
    #[must_use]
    pub fn new(known: &'a Known, mapping: &Mapping, registered: &'a HashSet<Cnpj>) -> Self {
        let columns = Campo::ALL.into_iter().filter_map(|campo| Some((campo, mapping.column(campo)?))).collect();
        let tagged = mapping.etiquetas();
        let listed = known.etiquetas.iter().filter(|_| tagged.is_some());
        let etiquetas = listed.map(|etiqueta| (kernel::fold(&etiqueta.nome), (etiqueta.id, etiqueta.nome.as_str()))).collect();
        Self {
            known,
            columns,
            registered,
            seen: HashMap::new(),
            preferred: HashMap::new(),
            tagged,
            etiquetas,
            makes: false,
            made: HashSet::new(),
        }
    }

    /// Whether etiquetas that are not on the list are made; otherwise they are a problem of their cell.
    #[must_use]
    pub const fn making_etiquetas(mut self, makes: bool) -> Self {
        self.makes = makes;
        self
    }

    /// Of rows with one of these CNPJs, the named one counts, and not the first.
    #[must_use]
    pub fn preferring(mut self, rows: HashMap<Cnpj, u32>) -> Self {
        self.preferred = rows;
        self
    }

    pub fn judge(&mut self, row: &Row) -> Judged {
        let cell = |campo: Campo| self.columns.get(&campo).map_or(Raw::Empty, |column| row.cell(*column));
        // Noted before anything else, so that the second of two is a repetition even where the first is refused.
        let cnpj = import::cnpj_text(cell(Campo::Cnpj)).parse::<Cnpj>().ok();
        let first = cnpj.map(|cnpj| *self.seen.entry(cnpj).or_insert(row.number()));
        let counts = cnpj.and_then(|cnpj| self.preferred.get(&cnpj).copied()).or(first);
        if let Some(other) = counts.filter(|counts| *counts != row.number()) {
            let repeated = Invalid::new("cnpj-repeated").with("row", other).at(Campo::Cnpj.key());
            return Judged { verdict: Verdict::Repetida, cnpj, problems: vec![repeated.into()], etiquetas: Vec::new() };
        }

        let telefone = unreadable_telefone(cell(Campo::Telefone));
        let observacoes = telefone.as_ref().map(|said| {
            let before = import::cell_text(cell(Campo::Observacoes));
            let note = idioma::t_args(kernel::Lang::PtBr, "importacao-telefone-note", [("text", said.as_str().into())]);
            if before.is_empty() { note } else { format!("{before}\n{note}") }
        });
        let input = |campo: Campo| match (campo, &observacoes) {
            (Campo::Telefone, Some(_)) => Input::Empty,
            (Campo::Observacoes, Some(text)) if !matches!(cell(campo), Raw::Formula(_) | Raw::Error(_)) => {
                Input::Text(Cow::Borrowed(text))
            }
            _ => input(campo, cell(campo)),
        };
        let etiquetas = self.tagged.map_or(Ok(Vec::new()), |column| self.etiquetas(row.cell(column)));
        let (mut cadastro, etiquetas) = match (check(input, self.known), etiquetas) {
            (Ok(cadastro), Ok(etiquetas)) => (cadastro, etiquetas),
            (checked, etiquetas) => {
                let errors = checked.err().unwrap_or_default();
                let errors = errors.into_iter().chain(etiquetas.err().map(|invalid| invalid.at(ETIQUETAS)));
                let problems = errors.map(Problem::from).collect();
                return Judged { verdict: Verdict::Recusada, cnpj, problems, etiquetas: Vec::new() };
            }
        };
        if !self.has_room(&etiquetas) {
            let many = Invalid::new("etiquetas-too-many-new").with("max", MAKES).at(ETIQUETAS);
            return Judged { verdict: Verdict::Recusada, cnpj, problems: vec![many.into()], etiquetas: Vec::new() };
        }
        name_contato(&mut cadastro);
        let moved = telefone.map(|text| Invalid::new("telefone-moved").with("text", text).at(Campo::Telefone.key()).into());
        let cadastro = Box::new(cadastro);
        let verdict =
            if self.registered.contains(&cadastro.cnpj) { Verdict::Existente(cadastro) } else { Verdict::Nova(cadastro) };
        Judged { verdict, cnpj, problems: moved.into_iter().collect(), etiquetas }
    }

    /// Notes those that a good row would make; false when the file would make too many with them.
    fn has_room(&mut self, etiquetas: &[EtiquetaSaid]) -> bool {
        let new = etiquetas.iter().filter(|said| said.id.is_none()).map(|said| kernel::fold(&said.nome));
        let new: Vec<String> = new.filter(|nome| !self.made.contains(nome)).collect();
        let room = self.made.len() + new.len() <= MAKES;
        if room {
            self.made.extend(new);
        }
        room
    }

    /// Those of a cell, parted by `;`. A whole cell, or a part of it, that is on the list as it stands is one, whatever signs
    /// are in it; files from before parted them by commas, which are understood where all of them are on the list.
    fn etiquetas(&self, cell: Raw<'_>) -> Result<Vec<EtiquetaSaid>, Invalid> {
        match cell {
            Raw::Empty | Raw::Covered => return Ok(Vec::new()),
            Raw::Error(_) => return Err(Invalid::new("cell-error")),
            Raw::Formula(_) => return Err(Invalid::new("cell-formula")),
            _ if cell.is_formula() => return Err(Invalid::new("cell-formula")),
            _ => {}
        }
        let text = import::cell_text(cell);
        let listed = |part: &str| {
            self.etiquetas.get(&kernel::fold(part)).map(|(id, nome)| EtiquetaSaid { id: Some(*id), nome: (*nome).to_owned() })
        };
        let mut found: Vec<EtiquetaSaid> = Vec::new();
        if let Some(one) = listed(text.trim()) {
            return Ok(vec![one]);
        }
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let said = match listed(part) {
                Some(one) => vec![one],
                None => match part.split(',').map(|piece| listed(piece.trim())).collect::<Option<Vec<_>>>() {
                    Some(pieces) => pieces,
                    None if self.makes => {
                        vec![EtiquetaSaid { id: None, nome: part.parse::<EtiquetaNome>()?.to_string() }]
                    }
                    None => {
                        return Err(Invalid::new("etiqueta-not-listed").with("text", part.chars().take(60).collect::<String>()));
                    }
                },
            };
            for one in said {
                if !found.iter().any(|other| kernel::fold(&other.nome) == kernel::fold(&one.nome)) {
                    found.push(one);
                }
            }
        }
        if found.len() > etiqueta::MAX {
            return Err(Invalid::new("etiquetas-too-many").with("max", etiqueta::MAX));
        }
        Ok(found)
    }
}

/// A number that nobody could dial must not cost the empresa: what it says goes into the observações.
fn unreadable_telefone(cell: Raw<'_>) -> Option<String> {
    let text = import::cell_text(cell);
    let readable = text.is_empty() || cell.is_formula() || matches!(cell, Raw::Error(_)) || text.parse::<Telefone>().is_ok();
    (!readable).then(|| text.chars().take(100).collect())
}

/// Spreadsheets put the empresa's own person and their cargo side by side: a name that is nobody's here, beside a cargo, is
/// the contato.
fn name_contato(cadastro: &mut Cadastro) {
    if cadastro.contato_nome.is_none()
        && cadastro.contato_cargo.is_some()
        && let Some(Responsavel::Nome(nome)) = &cadastro.responsavel
    {
        cadastro.contato_nome = Some(nome.clone());
    }
}

/// A cell as a field's input. A formula says nothing: it is never computed, and what looks like one is text only where any
/// text may stand.
fn input(campo: Campo, cell: Raw<'_>) -> Input<'_> {
    fn read<'a, T>(value: Result<Option<T>, Invalid>, input: fn(T) -> Input<'a>) -> Input<'a> {
        match value {
            Ok(value) => value.map_or(Input::Empty, input),
            Err(invalid) => Input::Wrong(invalid),
        }
    }
    match cell {
        Raw::Empty | Raw::Covered => return Input::Empty,
        Raw::Formula(_) => return Input::Wrong(Invalid::new("cell-formula")),
        Raw::Error(_) => return Input::Wrong(Invalid::new("cell-error")),
        _ if cell.is_formula() && campo != Campo::Observacoes => return Input::Wrong(Invalid::new("cell-formula")),
        _ => {}
    }
    match campo {
        Campo::Cnpj => text(import::cnpj_text(cell)),
        Campo::DataFundacao | Campo::DataCadastro => read(import::date(cell), Input::Day),
        Campo::Faturamento => read(import::reais(cell), Input::Reais),
        Campo::Funcionarios => read(import::integer(cell), Input::Integer),
        // Numbers whose zeros at the left were lost.
        Campo::MunicipioId | Campo::Cep | Campo::Cnae => match cell {
            Raw::Number(_) => read(import::integer(cell), Input::Integer),
            _ => text(import::cell_text(cell)),
        },
        _ => text(import::cell_text(cell)),
    }
}

fn text(text: Cow<'_, str>) -> Input<'_> {
    if text.trim().is_empty() { Input::Empty } else { Input::Text(text) }
}
