//! The spreadsheets of real life are read as their manifest says (S0-0.8, S0-3.17, S0-3.18).

use std::{collections::HashMap, fs};

use crate::support::{fixture, read, text};
use kernel::Cnpj;
use sheets::{
    import::{self, ColumnSpec},
    read::{Encoding, FileKind, Inspection, Limits, Raw, Row, inspect},
};

const HEADERS: [&str; 24] = [
    "CNPJ",
    "Razão Social",
    "Nome Fantasia",
    "Inscrição Estadual",
    "CNAE",
    "Segmento",
    "Porte",
    "Status",
    "E-mail",
    "Telefone",
    "Site",
    "CEP",
    "Logradouro",
    "Número",
    "Bairro",
    "Município",
    "UF",
    "Código IBGE",
    "Responsável",
    "Cargo",
    "Data de Fundação",
    "Faturamento Anual",
    "Funcionários",
    "Observações",
];

fn load(name: &str) -> (Inspection, Vec<Row>) {
    let (path, limits) = (fixture(name), Limits::default());
    let inspection = inspect(&path, &limits).unwrap();
    let rows = read(&path, &inspection.choice(0).unwrap(), &limits).unwrap();
    (inspection, rows)
}

#[test]
fn two_thousand_rows_are_read_from_xlsx_and_csv_alike() {
    let (xlsx, from_xlsx) = load("empresas_2000.xlsx");
    let (csv, from_csv) = load("empresas_2000.csv");
    assert_eq!((xlsx.kind, csv.kind), (FileKind::Xlsx, FileKind::Csv));
    for inspection in [&xlsx, &csv] {
        assert_eq!(inspection.sheets[0].headers, HEADERS);
        assert_eq!(inspection.sheets[0].header_row, Some(1));
        assert_eq!(inspection.sheets[0].sample.len(), 10);
        assert_eq!(inspection.sheets[0].shape, xlsx.sheets[0].shape);
    }
    let dialect = csv.dialect.unwrap();
    assert_eq!((dialect.encoding, dialect.separator), (Encoding::Utf8, ','));
    assert_eq!((from_xlsx.len(), from_csv.len()), (2000, 2000));
    for (a, b) in from_xlsx.iter().zip(&from_csv) {
        assert_eq!(a.number(), b.number());
        for column in 0..24 {
            match column {
                0 => assert_eq!(cnpj(a), cnpj(b)),
                20 => assert_eq!(import::date(a.cell(20)).unwrap(), import::date(b.cell(20)).unwrap(), "row {}", a.number()),
                21 => assert_eq!(import::reais(a.cell(21)).unwrap(), import::reais(b.cell(21)).unwrap(), "row {}", a.number()),
                _ => assert_eq!(import::cell_text(a.cell(column)), import::cell_text(b.cell(column)), "row {}", a.number()),
            }
        }
    }
    assert!(from_xlsx.iter().all(|row| cnpj(row).is_some()), "every CNPJ of the clean file holds");
    assert!(from_xlsx.iter().all(|row| matches!(row.cell(20), Raw::Date(_) | Raw::Empty)), "days are days");
}

fn cnpj(row: &Row) -> Option<Cnpj> {
    import::cnpj_text(row.cell(0)).parse().ok()
}

/// What this crate can tell of a row, in the manifest's words; the rest is the entity's judgement.
fn judge(row: &Row, seen: &mut HashMap<Cnpj, u32>) -> &'static str {
    if row.cells().any(|cell| cell.is_formula()) {
        return "formula";
    }
    if matches!(row.cell(0), Raw::Covered) {
        return "merged_covered";
    }
    if row.cell(1).is_empty() {
        return "nome_ausente";
    }
    let Some(cnpj) = cnpj(row) else { return "cnpj_invalid" };
    if seen.insert(cnpj, row.number()).is_some() {
        return "dup_in_file";
    }
    match import::date(row.cell(20)) {
        Err(_) => "data_errada",
        Ok(Some(day)) if day > chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() => "data_errada",
        Ok(_) if text(row, 16).trim().parse::<kernel::Uf>().is_err() => "uf_errada",
        Ok(_) if matches!(row.cell(0), Raw::Number(_)) => "cnpj_as_number",
        Ok(Some(_)) if matches!(row.cell(20), Raw::Text(_)) => "date_text_br",
        Ok(_) => "ok",
    }
}

#[test]
fn every_row_of_the_dirty_sheet_is_what_its_manifest_says() {
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(fixture("sujo_500.manifest.json")).unwrap()).unwrap();
    let kinds: HashMap<u32, &str> = manifest["rows_by_kind"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (u32::try_from(pair[0].as_u64().unwrap()).unwrap(), pair[1].as_str().unwrap()))
        .collect();
    let (inspection, rows) = load("sujo_500.xlsx");
    let sheet = &inspection.sheets[0];
    assert_eq!(sheet.header_row.map(u64::from), manifest["header_row"].as_u64());
    assert_eq!(sheet.headers.iter().map(|header| header.to_lowercase()).collect::<Vec<_>>(), HEADERS.map(str::to_lowercase));

    let mut seen = HashMap::new();
    let by_number: HashMap<u32, &Row> = rows.iter().map(|row| (row.number(), row)).collect();
    for number in 4..=503 {
        let expected = kinds.get(&number).copied().unwrap_or("ok");
        let found = by_number.get(&number).map_or("blank", |row| judge(row, &mut seen));
        // The first row of a merged region is a row like any other.
        assert_eq!(found, if expected == "merged" { "ok" } else { expected }, "row {number}");
    }
}

#[test]
fn the_same_rows_are_read_from_latin1_with_semicolons() {
    let (inspection, rows) = load("sujo_500_latin1.csv");
    let dialect = inspection.dialect.unwrap();
    assert_eq!((dialect.encoding, dialect.separator), (Encoding::Windows1252, ';'));
    assert_eq!(inspection.sheets[0].headers, HEADERS);
    let (_, from_xlsx) = load("sujo_500.xlsx");
    let names = |rows: &[Row], shift: u32| -> Vec<(u32, String)> {
        rows.iter().map(|row| (row.number() + shift, import::cell_text(row.cell(2)).into_owned())).collect()
    };
    // The title block of the workbook is two rows high; formulas differ in what each format can say.
    let (csv, xlsx) = (names(&rows, 2), names(&from_xlsx, 0));
    assert_eq!(csv, xlsx);
    let amount = import::reais(rows[0].cell(21)).unwrap().unwrap();
    assert_eq!(amount.to_string(), "R$ 73.401,08");
}

#[test]
fn headers_of_the_fixture_find_their_fields() {
    let spec = |key, label: &str, synonyms, required| ColumnSpec { key, label: label.into(), synonyms, required };
    let specs = [
        spec("cnpj", "CNPJ", &[], true),
        spec("razao_social", "Razão social", &[], true),
        spec("data_fundacao", "Data de fundação", &["fundação"], false),
        spec("cidade", "Cidade", &["município"], false),
    ];
    let (inspection, _) = load("sujo_500.xlsx");
    let guess = import::guess(&inspection.sheets[0].headers, &specs);
    assert_eq!(guess.column("cnpj"), Some(0));
    assert_eq!(guess.column("cidade"), Some(15));
    assert_eq!(guess.column("data_fundacao"), Some(20));
    assert!(guess.is_certain());
    assert_eq!(guess.unmapped.len(), 20);
}
