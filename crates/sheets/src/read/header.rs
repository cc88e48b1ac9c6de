//! Which row names the columns, and what the file looks like to somebody who sees it again next month.

use sha2::{Digest, Sha256};

use super::{Raw, Row};

/// A label longer than this is prose.
const LONGEST: usize = 80;

/// A label as it is compared: lower case, no accents, letters and digits only. `Razão Social*` and `razao_social` are one.
#[must_use]
pub fn fold_label(label: &str) -> String {
    kernel::fold(label).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The row that names the columns: the first one that is nearly as wide as the table and made of distinct labels. A title
/// block above it is narrower, data below it holds numbers, days and addresses.
pub(super) fn guess(rows: &[Row]) -> Option<usize> {
    let filled = |row: &Row| row.cells().filter(|cell| !cell.is_empty()).count();
    let widest = rows.iter().map(filled).max()?;
    let enough = (widest * 6).div_ceil(10).max(1);
    rows.iter().position(|row| {
        let count = filled(row);
        if count < enough {
            return false;
        }
        let labels: Vec<String> = row.cells().filter_map(label).map(fold_label).collect();
        let mut distinct = labels.clone();
        distinct.sort_unstable();
        distinct.dedup();
        // One slip is forgiven in ten: a heading like "2026", or two columns named alike.
        labels.len() * 10 >= count * 9 && distinct.len() * 10 >= labels.len() * 8
    })
}

/// The cell as a heading, if it could be one.
fn label(cell: Raw<'_>) -> Option<&str> {
    let Raw::Text(text) = cell else { return None };
    let text = text.trim();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let label = letters > digits && text.chars().count() <= LONGEST && !text.contains('@') && !text.contains("://");
    label.then_some(text)
}

/// What stands in the header, by column; an empty text for a column without a name.
pub(super) fn labels(row: &Row) -> Vec<String> {
    row.cells().map(|cell| crate::import::cell_text(cell).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Recognises a file with the same columns in the same order, whatever their case and punctuation.
pub(super) fn shape(labels: &[String]) -> String {
    let mut digest = Sha256::new();
    for label in labels {
        digest.update(fold_label(label));
        digest.update([0]);
    }
    hex::encode(&digest.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[&str]) -> Row {
        let mut row = Row::default();
        row.start(number);
        for (column, text) in cells.iter().enumerate() {
            row.set(column, Raw::Text(text));
        }
        row
    }

    #[test]
    fn the_header_is_found_below_a_title_block() {
        let rows = [
            row(1, &["CADASTRO DE EMPRESAS - REGIONAL"]),
            row(2, &["Emitido em", "22/11/2026"]),
            row(4, &[" CNPJ ", "Razão Social", "", "E-mail", "UF"]),
            row(5, &["19.131.243/0001-97", "Metalúrgica Ltda", "", "a@b.example", "RS"]),
        ];
        assert_eq!(guess(&rows), Some(2));
        assert_eq!(labels(&rows[2]), ["CNPJ", "Razão Social", "", "E-mail", "UF"]);
    }

    #[test]
    fn a_file_without_header_is_told() {
        let rows = [
            row(1, &["19.131.243/0001-97", "Metalúrgica Ltda", "a@b.example", "12/03/2001"]),
            row(2, &["19.131.244/0001-31", "Têxtil Ltda", "c@d.example", "12/03/2002"]),
        ];
        assert_eq!(guess(&rows), None);
        assert_eq!(guess(&[]), None);
    }

    #[test]
    fn a_single_column_has_a_header_too() {
        assert_eq!(guess(&[row(1, &["CNPJ"]), row(2, &["19.131.243/0001-97"])]), Some(0));
    }

    #[test]
    fn the_shape_forgets_case_and_punctuation_but_not_the_order() {
        let shape = |labels: &[&str]| shape(&labels.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>());
        assert_eq!(shape(&["Razão Social*", "E-mail"]), shape(&["RAZAO SOCIAL", "email"]));
        assert_ne!(shape(&["a", "b"]), shape(&["b", "a"]));
        assert_ne!(shape(&["a", "b"]), shape(&["ab"]));
    }
}
