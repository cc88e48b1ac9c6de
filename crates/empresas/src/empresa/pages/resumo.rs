//! The second sheet of an export: how many empresas of each kind it holds, counted as their rows go by, so that its numbers are
//! those of the rows above and of no other filter.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sheets::{Chart, ChartKind, Series, Summary};
use web::frame::Frame;

use crate::empresa::{Porte, Situacao, sql::lista::Exportada};

/// Segmentos that are drawn: more than these nobody tells apart.
const TOP: usize = 10;

/// How many rows say what. Clones count together.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    situacoes: HashMap<String, u64>,
    portes: HashMap<String, u64>,
    segmentos: HashMap<String, u64>,
    ufs: HashMap<String, u64>,
}

fn add(counts: &mut HashMap<String, u64>, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}

impl Tally {
    pub(super) fn count(&self, linha: &Exportada) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        add(&mut counts.situacoes, &linha.situacao);
        add(&mut counts.portes, linha.porte.as_deref().unwrap_or_default());
        add(&mut counts.segmentos, linha.segmento.as_deref().unwrap_or_default());
        add(&mut counts.ufs, linha.uf.as_deref().unwrap_or_default());
    }

    /// The charts of what was counted, once all rows have gone by.
    pub(super) fn charts(self, frame: &Frame) -> Summary {
        let frame = frame.clone();
        Box::new(move || {
            let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
            counts.charts(&frame)
        })
    }
}

impl Counts {
    fn charts(mut self, frame: &Frame) -> Vec<Chart> {
        let take = |counts: &mut HashMap<String, u64>, code: &str| counts.remove(code).unwrap_or_default();
        let mut situacoes: Vec<(String, u64)> = Situacao::ALL
            .iter()
            .map(|situacao| (frame.t(situacao.label()).to_owned(), take(&mut self.situacoes, situacao.code())))
            .collect();
        let mut portes: Vec<(String, u64)> =
            Porte::ALL.iter().map(|porte| (frame.t(porte.label()).to_owned(), take(&mut self.portes, porte.code()))).collect();
        portes.push((frame.t("export-sem-porte").to_owned(), take(&mut self.portes, "")));
        let mut segmentos = largest(self.segmentos, frame.t("export-sem-segmento"));
        segmentos.truncate(TOP);
        let ufs = largest(self.ufs, frame.t("export-sem-uf"));
        situacoes.retain(|(_, count)| *count > 0);
        portes.retain(|(_, count)| *count > 0);
        [
            ("export-por-situacao", ChartKind::Pie, situacoes),
            ("export-por-porte", ChartKind::Column, portes),
            ("export-por-segmento", ChartKind::Column, segmentos),
            ("export-por-uf", ChartKind::Column, ufs),
        ]
        .into_iter()
        .filter(|(_, _, counts)| !counts.is_empty())
        .map(|(title, kind, counts)| chart(frame, title, kind, counts))
        .collect()
    }
}

/// The most frequent first; equal ones by name.
fn largest(counts: HashMap<String, u64>, nothing: &str) -> Vec<(String, u64)> {
    let named = |name: String| if name.is_empty() { nothing.to_owned() } else { name };
    let mut counts: Vec<(String, u64)> = counts.into_iter().map(|(name, count)| (named(name), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

fn chart(frame: &Frame, title: &str, kind: ChartKind, counts: Vec<(String, u64)>) -> Chart {
    let (categories, values): (Vec<String>, Vec<u64>) = counts.into_iter().unzip();
    // Far below 2^53: exact.
    let values = values.into_iter().map(|count| count as f64).collect();
    let series = vec![Series { name: frame.t("empresas-title").to_owned(), values }];
    Chart { title: frame.t(title).to_owned(), kind, categories, series }
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt, stream};
    use sheets::{
        Cell, Column, ColumnKind, Format, Table,
        read::{Limits, inspect, rows},
    };

    use super::*;

    fn linha(situacao: &str, porte: Option<&str>, segmento: Option<&str>, uf: Option<&str>) -> Exportada {
        Exportada {
            cnpj: String::new(),
            nome: String::new(),
            nome_fantasia: None,
            inscricao_estadual: None,
            cnae: None,
            segmento: segmento.map(str::to_owned),
            porte: porte.map(str::to_owned),
            situacao: situacao.to_owned(),
            email: None,
            telefone: None,
            site: None,
            cep: None,
            logradouro: None,
            numero: None,
            complemento: None,
            bairro: None,
            municipio_id: None,
            cidade: None,
            uf: uf.map(str::to_owned),
            contato_nome: None,
            contato_cargo: None,
            responsavel: None,
            data_fundacao: None,
            faturamento: None,
            funcionarios: None,
            observacoes: None,
            data_cadastro: chrono::NaiveDate::default(),
            etiquetas: None,
        }
    }

    /// The file read back: its second sheet holds the numbers of its rows, in the reader's language.
    #[tokio::test]
    async fn the_numbers_of_the_second_sheet_are_those_of_the_rows() {
        for frame in Frame::samples() {
            let (porte, uf) = (Porte::ALL[0], "SC");
            let all = (0..40).map(|n| {
                let segmento = (n > 0).then(|| format!("Segmento {:02}", n % 13));
                let situacao = if n % 4 == 0 { "prospect" } else { "ativo" };
                Ok(linha(situacao, (n < 10).then(|| porte.code()), segmento.as_deref(), (n < 30).then_some(uf)))
            });
            let tally = Tally::default();
            let counted = tally.clone();
            let cells = move |linha: Exportada, cells: &mut Vec<Cell>| {
                counted.count(&linha);
                cells.push(Cell::Text(linha.situacao));
            };
            let column = Column::new("situacao", "Situação", ColumnKind::Text);
            let words = super::super::export::words(&frame);
            let summary = words.summary.clone();
            let mut table = Table::of("Empresas", vec![column], stream::iter(all).boxed(), cells, frame.lang, words);
            table.summary = Some(tally.charts(&frame));
            let file = tempfile::NamedTempFile::new().unwrap();
            sheets::write(table, Format::Xlsx, file.path()).await.unwrap();

            let inspection = inspect(file.path(), &Limits::default()).unwrap();
            let at = inspection.sheets.iter().position(|sheet| sheet.name == summary).unwrap();
            let mut choice = inspection.choice(at).unwrap();
            choice.first_row = 1;
            let mut said: HashMap<String, String> = HashMap::new();
            rows(file.path(), &choice, &Limits::default(), &mut |row| {
                said.insert(
                    sheets::import::cell_text(row.cell(0)).into_owned(),
                    sheets::import::cell_text(row.cell(1)).into_owned(),
                );
                Ok(())
            })
            .unwrap();
            let count = |label: &str| said.get(label).map(String::as_str);
            assert_eq!(count(frame.t(Situacao::Prospect.label())), Some("10"), "{said:?}");
            assert_eq!(count(frame.t(porte.label())), Some("10"));
            assert_eq!(count(frame.t("export-sem-porte")), Some("30"));
            assert_eq!((count(uf), count(frame.t("export-sem-uf"))), (Some("30"), Some("10")));
            assert_eq!(said.keys().filter(|label| label.starts_with("Segmento ")).count(), TOP, "the ten largest: {said:?}");
        }
    }
}
