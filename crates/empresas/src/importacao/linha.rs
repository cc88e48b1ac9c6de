use std::collections::BTreeMap;

use kernel::Cnpj;
use sheets::{
    import::cell_text,
    read::{Raw, Row},
};

use super::{Escolha, Importacao, Judged, Problem, Verdict};

/// Cells typed over, by column of the file.
pub(super) type Edits = BTreeMap<usize, String>;

/// A row of a file as it was read, with what people said about it and what was made of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linha {
    pub number: u32,
    /// [`Verdict::code`].
    pub situacao: String,
    pub problems: Vec<Problem>,
    /// As it was read.
    pub raw: Row,
    pub edits: Edits,
    /// `None`: as with all.
    pub escolha: Option<Escolha>,
    /// Of the rows of its CNPJ, somebody said that this one counts.
    pub preferida: bool,
    pub cnpj: Option<Cnpj>,
    /// One that is not on the list and would be made.
    pub segmento: Option<String>,
    /// Those that are not on the list and would be made.
    pub etiquetas: Vec<String>,
    pub outcome: Option<String>,
    pub version: i32,
}

impl Linha {
    /// The row as it counts: with what was typed over.
    pub(super) fn row(&self) -> Row {
        edited(&self.raw, &self.edits)
    }

    /// What a column says in the file.
    pub(super) fn original(&self, column: usize) -> String {
        cell_text(self.raw.cell(column)).into_owned()
    }

    /// What a column says now.
    pub(super) fn text(&self, column: usize) -> String {
        self.edits.get(&column).cloned().unwrap_or_else(|| self.original(column))
    }

    /// Types `text` over a column; nothing where it says so in the file. True when that changes what it says.
    pub(super) fn correct(&mut self, column: usize, text: &str) -> bool {
        // PostgreSQL keeps a NUL in no text, and no field takes a text as long as this.
        let text: String = text.chars().filter(|c| *c != '\0').take(LONGEST).collect();
        if text.trim() == self.text(column).trim() {
            return false;
        }
        if text.trim() == self.original(column) {
            self.edits.remove(&column);
        } else {
            self.edits.insert(column, text.trim().to_owned());
        }
        true
    }

    /// Takes a judgement over. True when it is another one than before.
    pub(super) fn take(&mut self, judged: Judged) -> bool {
        let before = (
            std::mem::take(&mut self.situacao),
            std::mem::take(&mut self.problems),
            self.cnpj,
            self.segmento.take(),
            std::mem::take(&mut self.etiquetas),
        );
        self.etiquetas = judged.new_etiquetas().map(str::to_owned).collect();
        self.situacao = judged.verdict.code().to_owned();
        self.segmento = judged.verdict.new_segmento().map(str::to_owned);
        self.problems = judged.problems;
        self.cnpj = judged.cnpj;
        before.0 != self.situacao
            || before.1 != self.problems
            || before.2 != self.cnpj
            || before.3 != self.segmento
            || before.4 != self.etiquetas
    }

    /// What is to be done with it, being one whose CNPJ is in the register.
    pub(super) fn escolha(&self, importacao: &Importacao) -> Escolha {
        self.escolha.unwrap_or(importacao.escolha)
    }

    /// Whether a confirmation would write it.
    pub(super) fn counts(&self, importacao: &Importacao) -> bool {
        match self.situacao.as_str() {
            "nova" => importacao.mode.creates() && self.escolha != Some(Escolha::Pular),
            "existente" => self.escolha(importacao) != Escolha::Pular,
            _ => false,
        }
    }
}

/// As many characters as a cell of a spreadsheet program holds.
const LONGEST: usize = 32_767;

/// A row with cells typed over.
pub(super) fn edited(raw: &Row, edits: &Edits) -> Row {
    let mut row = raw.clone();
    for (column, text) in edits {
        row.set(*column, if text.is_empty() { Raw::Empty } else { Raw::Text(text) });
    }
    row
}

/// What stays of a row when the file is judged anew, by other columns perhaps.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kept {
    pub edits: Edits,
    pub escolha: Option<Escolha>,
    pub preferida: bool,
    pub cnpj: Option<Cnpj>,
}

impl Kept {
    /// A row just read and judged, with what was said about it before.
    pub(super) fn onto(self, raw: Row, judged: Judged) -> Linha {
        let mut linha = Linha {
            number: raw.number(),
            situacao: String::new(),
            problems: Vec::new(),
            raw,
            edits: self.edits,
            escolha: self.escolha,
            // Its CNPJ may be another one by now.
            preferida: self.preferida && self.cnpj == judged.cnpj && !matches!(judged.verdict, Verdict::Repetida),
            cnpj: None,
            segmento: None,
            etiquetas: Vec::new(),
            outcome: None,
            version: 1,
        };
        linha.take(judged);
        linha
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linha() -> Linha {
        let mut raw = Row::default();
        raw.set(0, Raw::Text(" 11.222.333/0001-81 "));
        raw.set(1, Raw::Number(12.5));
        let judged = Judged { verdict: Verdict::Recusada, cnpj: None, problems: Vec::new(), etiquetas: Vec::new() };
        Kept::default().onto(raw, judged)
    }

    #[test]
    fn a_cell_typed_over_counts_and_the_file_stays_as_it_was() {
        let mut linha = linha();
        assert!(linha.correct(1, "Joinville\0") && linha.correct(3, "x"));
        assert_eq!((linha.text(1), linha.original(1)), ("Joinville".into(), "12.5".into()));
        assert_eq!(linha.row().cell(1), Raw::Text("Joinville"));
        assert_eq!(linha.row().cell(3), Raw::Text("x"));
        assert!(linha.correct(1, "") && linha.row().cell(1) == Raw::Empty);
        assert!(!linha.correct(1, "  "), "it says that already");
    }

    #[test]
    fn what_the_file_says_is_no_correction() {
        let mut linha = linha();
        assert!(!linha.correct(0, "11.222.333/0001-81"));
        assert!(linha.correct(0, "x") && linha.correct(0, "11.222.333/0001-81"));
        assert!(linha.edits.is_empty());
    }

    #[test]
    fn a_long_text_is_cut_where_no_field_takes_it_any_more() {
        let mut linha = linha();
        linha.correct(0, &"á".repeat(100_000));
        assert_eq!(linha.text(0).chars().count(), LONGEST);
    }
}
