//! A row of the preview as people see it: what is said about it, the cells to set right, the choice to make.

use std::collections::{BTreeMap, HashMap, HashSet};

use idioma::Arg;
use kernel::{Cnpj, Fault};
use tenancy::TenantTx;
use web::frame::Frame;

use crate::{
    empresa::{Cadastro, Campo, Empresa, EmpresaId, Known, pages::shown},
    etiqueta::{self, Etiqueta},
    importacao::{Brings, Escolha, Importacao, Judge, Problem, State, Verdict, linha::Linha, sql},
};

/// What somebody typed into a row that another person changed meanwhile, by column.
pub(super) type Typed = (u32, BTreeMap<usize, String>);

#[derive(Debug)]
pub(super) struct RowView {
    pub number: u32,
    pub version: i32,
    pub nome: String,
    pub cnpj: String,
    pub label: &'static str,
    pub tone: &'static str,
    pub icon: &'static str,
    pub cells: Vec<CellView>,
    /// What is said of the row and of no cell.
    pub notes: Vec<String>,
    /// Offered where it can still be chosen: code, label, chosen.
    pub choices: Vec<(&'static str, String, bool)>,
    /// It can be made the one of its CNPJ that counts.
    pub preferable: bool,
    pub diffs: Vec<DiffView>,
    /// What is shown here was typed while somebody else changed the row.
    pub conflict: bool,
}

/// A cell with something to say about it, or typed over.
#[derive(Debug)]
pub(super) struct CellView {
    pub column: usize,
    /// As the spreadsheet program calls it: `C12`.
    pub place: String,
    pub label: String,
    pub value: String,
    /// What the file says, where somebody typed something else.
    pub original: Option<String>,
    pub long: bool,
    pub texts: Vec<String>,
}

/// A field in which a row says something else than the register.
#[derive(Debug)]
pub(super) struct DiffView {
    pub label: &'static str,
    pub before: String,
    pub after: String,
    /// By what is chosen, the row's word comes in.
    pub applies: bool,
}

fn appearance(situacao: &str) -> (&'static str, &'static str, &'static str) {
    match situacao {
        "nova" => ("importacao-linha-nova", "ok", "check-circle-fill"),
        "existente" => ("importacao-linha-existente", "info", "info-circle-fill"),
        "repetida" => ("importacao-linha-repetida", "warn", "exclamation-triangle-fill"),
        _ => ("importacao-linha-recusada", "danger", "x-circle-fill"),
    }
}

impl RowView {
    /// `whole`: with all its cells, and not only those with something to say about them.
    pub(super) fn new(
        frame: &Frame,
        importacao: &Importacao,
        linha: &Linha,
        there: Option<&There>,
        typed: Option<&Typed>,
        whole: bool,
    ) -> Self {
        let mapping = &importacao.mapping;
        let waiting = importacao.state == State::Previa;
        let says = |campo: Campo| mapping.column(campo).map(|column| linha.text(column)).unwrap_or_default();
        let typed = typed.filter(|(number, _)| *number == linha.number).map(|(_, cells)| cells);
        let (label, tone, icon) = appearance(&linha.situacao);
        let mut cells: BTreeMap<usize, CellView> = BTreeMap::new();
        let mut notes = Vec::new();
        let touched = linha.edits.keys().chain(typed.into_iter().flat_map(BTreeMap::keys));
        for column in touched {
            if let Some(brings) = mapping.brings(*column) {
                cells.entry(*column).or_insert_with(|| CellView::new(frame, linha, *column, brings));
            }
        }
        for problem in &linha.problems {
            let text = sentence(frame, problem);
            if let Some((brings, column)) = mapping.of_key(&problem.field) {
                cells.entry(column).or_insert_with(|| CellView::new(frame, linha, column, brings)).texts.push(text);
            } else {
                let brings = Brings::by_key(&problem.field);
                let label = brings.map_or_else(|| problem.field.to_string(), |brings| frame.t(brings.label()).to_owned());
                notes.push(format!("{label}: {text}"));
            }
        }
        if whole {
            for column in 0..mapping.columns().len() {
                if let Some(brings) = mapping.brings(column) {
                    cells.entry(column).or_insert_with(|| CellView::new(frame, linha, column, brings));
                }
            }
        }
        for (column, text) in typed.into_iter().flatten() {
            if let Some(cell) = cells.get_mut(column) {
                cell.value.clone_from(text);
            }
        }
        Self {
            number: linha.number,
            version: linha.version,
            nome: says(Campo::Nome),
            cnpj: linha.cnpj.map_or_else(|| says(Campo::Cnpj), |cnpj| cnpj.to_string()),
            label: frame.t(label),
            tone,
            icon,
            cells: cells.into_values().collect(),
            notes,
            choices: if waiting { choices(frame, importacao, linha) } else { Vec::new() },
            preferable: waiting && linha.situacao == "repetida",
            diffs: there.map(|there| there.diffs(frame, importacao, linha)).unwrap_or_default(),
            conflict: typed.is_some(),
        }
    }
}

impl CellView {
    fn new(frame: &Frame, linha: &Linha, column: usize, brings: Brings) -> Self {
        let value = linha.text(column);
        Self {
            column,
            place: format!("{}{}", sheets::read::column_name(column), linha.number),
            label: frame.t(brings.label()).to_owned(),
            original: linha.edits.contains_key(&column).then(|| linha.original(column).chars().take(100).collect()),
            long: brings == Brings::Campo(Campo::Observacoes) || value.chars().count() > 120,
            value,
            texts: Vec::new(),
        }
    }
}

fn choices(frame: &Frame, importacao: &Importacao, linha: &Linha) -> Vec<(&'static str, String, bool)> {
    match linha.situacao.as_str() {
        "existente" => {
            let as_all =
                frame.t_with("importacao-escolha-como-todas", &[("escolha", frame.t(importacao.escolha.label()).into())]);
            let one = |escolha: Escolha| (escolha.code(), frame.t(escolha.label()).to_owned(), linha.escolha == Some(escolha));
            let mut all = vec![("", as_all, linha.escolha.is_none())];
            all.extend(Escolha::ALL.map(one));
            all
        }
        "nova" if importacao.mode.creates() => {
            let skipped = linha.escolha == Some(Escolha::Pular);
            vec![
                ("", frame.t("importacao-escolha-cadastrar").to_owned(), !skipped),
                (Escolha::Pular.code(), frame.t(Escolha::Pular.label()).to_owned(), skipped),
            ]
        }
        _ => Vec::new(),
    }
}

/// What the register says of the rows of a page, and what they say.
#[derive(Debug, Default)]
pub(super) struct There {
    empresas: HashMap<Cnpj, Empresa>,
    /// Names of the etiquetas that they have.
    etiquetas: HashMap<EmpresaId, Vec<Etiqueta>>,
    said: HashMap<u32, (Cadastro, Vec<String>)>,
}

impl There {
    /// Of those rows whose CNPJ is in the register.
    pub(super) async fn load(tx: &mut TenantTx, importacao: &Importacao, linhas: &[Linha]) -> Result<Option<Self>, Fault> {
        let known_ones: Vec<&Linha> = linhas.iter().filter(|linha| linha.situacao == "existente").collect();
        if known_ones.is_empty() || importacao.state != State::Previa {
            return Ok(None);
        }
        let cnpjs: Vec<String> = known_ones.iter().filter_map(|linha| linha.cnpj).map(|cnpj| cnpj.as_str().to_owned()).collect();
        let empresas = sql::linha::empresas_of(tx, &cnpjs).await?;
        let known = Known::load(tx).await?.open();
        let registered: HashSet<Cnpj> = empresas.keys().copied().collect();
        // What may be made was judged before: here it is only named.
        let mut judge = Judge::new(&known, &importacao.mapping, &registered).making_etiquetas(true);
        let said = known_ones.into_iter().filter_map(|linha| {
            let judged = judge.judge(&linha.row());
            let etiquetas = judged.etiquetas.into_iter().map(|said| said.nome).collect();
            match judged.verdict {
                Verdict::Existente(cadastro) => Some((linha.number, (*cadastro, etiquetas))),
                _ => None,
            }
        });
        let said = said.collect();
        let ids: Vec<EmpresaId> = empresas.values().map(|empresa| empresa.id).collect();
        let etiquetas =
            if importacao.mapping.etiquetas().is_some() { etiqueta::of_empresas(tx, &ids).await? } else { HashMap::new() };
        Ok(Some(Self { empresas, etiquetas, said }))
    }

    fn diffs(&self, frame: &Frame, importacao: &Importacao, linha: &Linha) -> Vec<DiffView> {
        let Some((said, etiquetas)) = self.said.get(&linha.number) else { return Vec::new() };
        let Some(there) = self.empresas.get(&said.cnpj) else { return Vec::new() };
        let escolha = linha.escolha(importacao);
        let applies = |before: &str| match escolha {
            Escolha::Pular => false,
            Escolha::Preencher => before.is_empty(),
            Escolha::Sobrescrever => true,
        };
        let differs = |campo: Campo| {
            let (before, after) = (there.cadastro.text(campo), said.text(campo));
            (!after.is_empty() && before != after).then(|| DiffView {
                label: frame.t(campo.label()),
                applies: applies(&before),
                before: shown(frame, campo, &before),
                after: shown(frame, campo, &after),
            })
        };
        let tagged = || {
            let has = self.etiquetas.get(&there.id).map(Vec::as_slice).unwrap_or_default();
            let has: Vec<&str> = has.iter().map(|etiqueta| etiqueta.nome.as_str()).collect();
            let folded = |nomes: &mut dyn Iterator<Item = &str>| nomes.map(kernel::fold).collect::<HashSet<String>>();
            let other = folded(&mut has.iter().copied()) != folded(&mut etiquetas.iter().map(String::as_str));
            let (before, after) = (has.join("; "), etiquetas.join("; "));
            (!after.is_empty() && other).then(|| DiffView {
                label: frame.t(Brings::Etiquetas.label()),
                applies: applies(&before),
                before,
                after,
            })
        };
        let fixed = |campo: &Campo| !matches!(campo, Campo::Cnpj | Campo::MunicipioId | Campo::DataCadastro);
        Campo::ALL.into_iter().filter(fixed).filter_map(differs).chain(tagged()).collect()
    }
}

/// A stored problem in the reader's language.
pub(super) fn sentence(frame: &Frame, problem: &Problem) -> String {
    // Names of variables that the catalogue knows; a stored one that it no longer does fills nothing.
    const NAMES: [&str; 6] = ["max", "row", "uf", "municipio", "text", "limit"];
    let args: Vec<(&'static str, Arg<'_>)> = problem
        .args
        .iter()
        .filter_map(|(name, value)| {
            let name = NAMES.into_iter().find(|known| known == name)?;
            let arg = value.parse::<i64>().map_or_else(|_| Arg::from(value.as_str()), Arg::from);
            Some((name, arg))
        })
        .collect();
    frame.t_with(&format!("invalid-{}", problem.code), &args)
}

/// All that is said about a row, in one text.
pub(super) fn reasons(frame: &Frame, linha: &Linha) -> String {
    let said = |problem: &Problem| {
        let label =
            Brings::by_key(&problem.field).map_or_else(|| problem.field.to_string(), |brings| frame.t(brings.label()).to_owned());
        format!("{label}: {}", sentence(frame, problem))
    };
    if linha.problems.is_empty() {
        let (label, ..) = appearance(&linha.situacao);
        return frame.t(label).to_owned();
    }
    linha.problems.iter().map(said).collect::<Vec<_>>().join("; ")
}
