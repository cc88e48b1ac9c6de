//! One table, three files, each opened again by somebody else's reader (S0-0.7, S0-9.1…9.5).

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use chrono::{NaiveDate, NaiveDateTime};
use futures::{StreamExt, stream};
use kernel::{Fault, Lang};
use sheets::{
    Cell, Chart, ChartKind, Column, ColumnKind, Filter, Format, Series, Table, Words, WriteError, Written,
    read::{Encoding, Limits},
    write,
};
use tempfile::TempDir;

fn words() -> Words {
    Words {
        page: "Página {page} de {pages}".into(),
        total: "Total".into(),
        summary: "Resumo".into(),
        empty: "Nenhum registro.".into(),
        yes: "Sim".into(),
        no: "Não".into(),
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("nome", "Razão social", ColumnKind::Text),
        Column::new("cnpj", "CNPJ", ColumnKind::Cnpj),
        Column::new("telefone", "Telefone", ColumnKind::Text),
        Column::new("funcionarios", "Funcionários", ColumnKind::Integer).summed(),
        Column::new("faturamento", "Faturamento", ColumnKind::Reais).summed(),
        Column::new("nota", "Nota", ColumnKind::Decimal(1)),
        Column::new("data_fundacao", "Fundação", ColumnKind::Date),
        Column::new("created_at", "Criada em", ColumnKind::DateTime),
        Column::new("ativa", "Ativa", ColumnKind::Bool),
    ]
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2008, 2, 22).unwrap()
}

fn instant() -> NaiveDateTime {
    day().and_hms_opt(13, 45, 0).unwrap()
}

fn row(nome: &str) -> Vec<Cell> {
    vec![
        nome.into(),
        "12.ABC.345/01DE-35".parse::<kernel::Cnpj>().unwrap().into(),
        "+55 (51) 99999-0000".into(),
        Cell::Integer(1_234),
        "-1234,5".parse::<kernel::Reais>().unwrap().into(),
        Cell::Decimal("7.25".parse().unwrap()),
        day().into(),
        instant().into(),
        true.into(),
    ]
}

fn table(rows: Vec<Vec<Cell>>) -> Table<'static> {
    let mut table =
        Table::new("Empresas: região [1]", columns(), stream::iter(rows.into_iter().map(Ok)).boxed(), Lang::PtBr, words());
    table.issuer = "SENAI São Leopoldo".into();
    table.generated = "Gerado em 22/11/2026 10:15".into();
    table.filters = vec![Filter { label: "Situação".into(), value: "=ativa".into() }];
    table
}

fn charts() -> Vec<Chart> {
    [ChartKind::Column, ChartKind::Line, ChartKind::Pie]
        .into_iter()
        .map(|kind| Chart {
            title: "=Visitas por mês".into(),
            kind,
            categories: vec!["jan".into(), "fev".into(), "mar".into()],
            series: vec![
                Series { name: "2025".into(), values: vec![1.0, -2.5, f64::NAN] },
                Series { name: "2026".into(), values: vec![3.0, 4.0, 1e9] },
            ],
        })
        .collect()
}

const FORMULAS: [&str; 5] = ["=1+1", "@SUM(1+1)*cmd", "\t=1+1", "=HYPERLINK(\"http://127.0.0.1:9/\")", "+cmd|' /C calc'!A0"];

async fn written(table: Table<'_>, format: Format) -> (TempDir, PathBuf, Written) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("saida");
    let written = write(table, format, &path).await.unwrap();
    assert_eq!(written.bytes, fs::metadata(&path).unwrap().len());
    (directory, path, written)
}

#[tokio::test]
async fn xlsx_has_typed_cells_and_text_stays_text() {
    let mut rows: Vec<_> = FORMULAS.iter().map(|formula| row(formula)).collect();
    rows.push(row(&"ç".repeat(40_000)));
    rows.push(row("com \u{0}\u{1}controle & <xml>"));
    let mut table = table(rows);
    table.charts = charts();
    let (_directory, path, written) = written(table, Format::Xlsx).await;
    assert_eq!(written.rows, 7);
    let mut workbook: Xlsx<_> = open_workbook(&path).unwrap();
    assert_eq!(workbook.sheet_names(), ["Empresas região 1", "Resumo"]);
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet[(0, 0)], Data::String("Razão social".into()));
    for (at, formula) in FORMULAS.iter().enumerate() {
        assert_eq!(sheet[(at + 1, 0)], Data::String((*formula).into()));
    }
    assert!(sheet[(6, 0)].get_string().unwrap().ends_with('…'));
    assert_eq!(sheet[(6, 0)].get_string().unwrap().chars().count(), 32_767);
    assert_eq!(sheet[(1, 1)], Data::String("12.ABC.345/01DE-35".into()));
    assert_eq!(sheet[(1, 2)], Data::String("+55 (51) 99999-0000".into()));
    assert_eq!(sheet[(1, 3)], Data::Float(1234.0));
    assert_eq!(sheet[(1, 4)], Data::Float(-1234.5));
    assert_eq!(sheet[(1, 5)], Data::Float(7.25));
    assert_eq!(sheet[(1, 6)].as_date(), Some(day()));
    assert_eq!(sheet[(1, 7)].as_datetime(), Some(instant()));
    assert_eq!(sheet[(1, 8)], Data::String("Sim".into()));
    assert_eq!(sheet[(8, 0)], Data::String("Total".into()));
    assert_eq!(sheet[(8, 3)], Data::Float(7.0 * 1234.0));
    assert_eq!(sheet[(8, 4)], Data::Float(7.0 * -1234.5));
    let formulas = workbook.worksheet_formula("Empresas região 1").unwrap();
    assert!(formulas.used_cells().next().is_none());

    let mut zip = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    for chart in ["xl/charts/chart1.xml", "xl/charts/chart2.xml", "xl/charts/chart3.xml"] {
        assert!(zip.by_name(chart).is_ok(), "{chart} is native");
    }
    let body = std::io::read_to_string(zip.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(body.contains(r#"state="frozen""#));
    assert!(body.contains(r#"<autoFilter ref="A1:I8"/>"#), "the totals are no row of the filter");
}

#[tokio::test]
async fn csv_is_for_excel_in_brazil_and_defuses_formulas() {
    let rows: Vec<_> = FORMULAS.iter().chain(&["Linha\r\nquebrada; \"aspas\""]).map(|nome| row(nome)).collect();
    let (_directory, path, written) = written(table(rows), Format::Csv).await;
    assert_eq!(written.rows, 6);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.split("\r\n");
    assert_eq!(
        lines.next().unwrap(),
        "\u{feff}Razão social;CNPJ;Telefone;Funcionários;Faturamento;Nota;Fundação;Criada em;Ativa"
    );
    assert_eq!(
        lines.next().unwrap(),
        "'=1+1;12.ABC.345/01DE-35;+55 (51) 99999-0000;1234;-1234,50;7,25;22/02/2008;22/02/2008 13:45;Sim"
    );
    for line in text.lines().skip(1) {
        assert!(!line.starts_with(['=', '@', '\t', '\r']) && !line.starts_with("+cmd"), "{line}");
    }
}

#[tokio::test]
async fn what_is_exported_can_be_imported_again() {
    let names: Vec<String> = FORMULAS.iter().chain(&["Açaí; \"três\"\nlinhas", "Comum"]).map(|name| (*name).to_owned()).collect();
    for format in [Format::Xlsx, Format::Csv] {
        let mut table = table(names.iter().map(|name| row(name)).collect());
        for column in &mut table.columns {
            column.summed = false;
        }
        let (_directory, path, _) = written(table, format).await;
        let inspection = sheets::read::inspect(&path, &Limits::default()).unwrap();
        assert_eq!(inspection.sheets[0].headers[0], "Razão social");
        if let Some(dialect) = inspection.dialect {
            assert_eq!((dialect.encoding, dialect.separator), (Encoding::Utf8, ';'));
        }
        let rows = crate::support::read(&path, &inspection.choice(0).unwrap(), &Limits::default()).unwrap();
        let read: Vec<_> = rows.iter().map(|row| crate::support::text(row, 0).to_owned()).collect();
        assert_eq!(read, names, "{format:?}");
        assert_eq!(sheets::import::date(rows[0].cell(6)).unwrap(), Some(day()));
        assert_eq!(sheets::import::reais(rows[0].cell(4)).unwrap().unwrap().to_string(), "-R$ 1.234,50");
    }
}

fn pdf_text(path: &Path) -> Vec<String> {
    let pdf = lopdf::Document::load(path).unwrap();
    pdf.get_pages().keys().map(|page| pdf.extract_text(&[*page]).unwrap()).collect()
}

#[tokio::test]
async fn pdf_has_title_filters_totals_and_counted_pages() {
    let rows = (0..300).map(|i| row(&format!("Metalúrgica São João {i}"))).collect();
    let mut table = table(rows);
    table.charts = charts();
    table.logo = Some(logo().into());
    let (_directory, path, written) = written(table, Format::Pdf).await;
    assert_eq!(written.rows, 300);
    let pages = pdf_text(&path);
    assert!(pages.len() > 5);
    for (i, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Página {} de {}", i + 1, pages.len())), "page {i}: {page}");
        assert!(page.contains("Razão social"), "the header is repeated on page {i}");
    }
    for expected in
        ["Empresas: região [1]", "SENAI São Leopoldo", "Situação:", "=ativa", "Gerado em 22/11/2026", "=Visitas por mês"]
    {
        assert!(pages[0].contains(expected), "{expected}: {}", pages[0]);
    }
    let last = pages.last().unwrap();
    for expected in
        ["Metalúrgica São João 299", "Total", "370.200", "-370.350,00", "12.ABC.345/01DE-35", "22/02/2008 13:45", "7,3"]
    {
        assert!(last.contains(expected), "{expected}: {last}");
    }
    let all = pages.concat();
    assert!((0..300).all(|i| all.contains(&format!("São João {i}"))));
    let pdf = lopdf::Document::load(&path).unwrap();
    assert!(pdf.objects.values().any(|object| {
        matches!(object, lopdf::Object::Stream(stream) if stream.dict.get(b"Subtype").and_then(|name| name.as_name()).is_ok_and(|name| name == b"Image"))
    }), "the logo is in it");
}

/// A small PNG, half transparent.
fn logo() -> Vec<u8> {
    let image = image::RgbaImage::from_fn(600, 200, |x, y| image::Rgba([0, 80, 160, if x > y { 255 } else { 0 }]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_logo_that_is_none_is_left_out() {
    let mut with_nonsense = table(vec![row("A")]);
    with_nonsense.logo = Some(b"<svg onload=alert(1)>".to_vec().into());
    let (_directory, path, _) = written(with_nonsense, Format::Pdf).await;
    assert_eq!(pdf_text(&path).len(), 1);
}

#[tokio::test]
async fn nothing_to_show_is_said() {
    for format in Format::ALL {
        let (_directory, path, written) = written(table(Vec::new()), format).await;
        assert_eq!(written.rows, 0);
        match format {
            Format::Pdf => assert!(pdf_text(&path)[0].contains("Nenhum registro.")),
            Format::Csv => assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 1),
            Format::Xlsx => {
                let mut workbook: Xlsx<_> = open_workbook(&path).unwrap();
                let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
                assert_eq!(sheet[(1, 0)], Data::String("Nenhum registro.".into()));
            }
        }
    }
}

#[tokio::test]
async fn english_readers_get_their_marks() {
    let mut table = table(vec![row("A")]);
    table.lang = Lang::En;
    let (_directory, path, _) = written(table, Format::Pdf).await;
    let text = pdf_text(&path).concat();
    assert!(text.contains("-1,234.50") && text.contains("2008-02-22 13:45"), "{text}");
}

#[tokio::test]
async fn too_many_rows_for_a_pdf_are_refused_and_leave_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.pdf");
    let mut table = table(Vec::new());
    let drawn = Arc::new(AtomicUsize::new(0));
    let count = drawn.clone();
    table.rows = stream::iter(0..1_000_000)
        .map(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(vec![Cell::Empty])
        })
        .boxed();
    let error = write(table, Format::Pdf, &path).await.unwrap_err();
    assert!(matches!(error, WriteError::TooManyRows { format: Format::Pdf, limit: 20_000 }));
    assert!(!path.exists());
    assert!(drawn.load(Ordering::Relaxed) < 30_000, "the rows are not read to their end");
}

#[tokio::test]
async fn a_failing_row_stream_fails_the_export_and_leaves_no_file() {
    for format in Format::ALL {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        let mut table = table(Vec::new());
        table.rows = stream::iter(
            (0..5_000).map(|i| if i == 4_000 { Err(Fault::because("the database went away")) } else { Ok(row("A")) }),
        )
        .boxed();
        let error = write(table, format, &path).await.unwrap_err();
        assert!(matches!(error, WriteError::Rows(_)), "{format:?}");
        assert!(!path.exists(), "{format:?}");
    }
}

#[tokio::test]
async fn a_cancelled_export_leaves_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.csv");
    let mut table = table(Vec::new());
    table.rows = stream::iter((0..5_000).map(|_| Ok(row("A")))).chain(stream::pending()).boxed();
    tokio::time::timeout(Duration::from_millis(300), write(table, Format::Csv, &path)).await.unwrap_err();
    let gone = async {
        while path.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone).await.unwrap();
}

#[tokio::test]
async fn a_path_that_cannot_be_written_is_told() {
    let directory = tempfile::tempdir().unwrap();
    for format in Format::ALL {
        let error = write(table(vec![row("A"); 50]), format, &directory.path().join("no/such/place")).await.unwrap_err();
        assert!(matches!(error, WriteError::Fault(_)), "{format:?}");
    }
}

/// Bytes of memory this process has had at most.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn memory_does_not_grow_with_the_rows() {
    for format in [Format::Csv, Format::Xlsx] {
        let rows = |count: usize| {
            let mut table = table(Vec::new());
            table.rows = stream::iter((0..count).map(|_| Ok(row("Metalúrgica São João")))).boxed();
            table
        };
        drop(written(rows(1_000), format).await);
        let before = peak();
        drop(written(rows(20_000), format).await);
        assert!(peak() < before + (8 << 20), "{format:?}: {before} → {}", peak());
    }
}

#[tokio::test(flavor = "current_thread")]
async fn writing_does_not_hold_up_other_tasks() {
    let rows = stream::iter((0..20_000).map(|_| Ok(row("Metalúrgica São João"))))
        // A database yields between its answers; so does this.
        .chunks(500)
        .then(|chunk| async move {
            tokio::task::yield_now().await;
            stream::iter(chunk)
        })
        .flatten()
        .boxed();
    let mut table = table(Vec::new());
    table.rows = rows;
    let mut longest = Duration::ZERO;
    let ticking = async {
        loop {
            let begin = std::time::Instant::now();
            tokio::time::sleep(Duration::from_millis(1)).await;
            longest = longest.max(begin.elapsed());
        }
    };
    tokio::select! {
        (_directory, _, written) = written(table, Format::Xlsx) => assert_eq!(written.rows, 20_000),
        () = ticking => unreachable!(),
    }
    assert!(longest < Duration::from_millis(500), "{longest:?}");
}

/// What is known once all rows have gone by is drawn beside what was known before.
#[tokio::test]
async fn charts_of_what_the_rows_said_are_drawn_with_their_numbers() {
    let rows = stream::iter((1..=7).map(|n: i64| Ok::<_, Fault>(n))).boxed();
    let sum = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&sum);
    let cells = move |n: i64, cells: &mut Vec<Cell>| {
        seen.fetch_add(usize::try_from(n).unwrap(), Ordering::Relaxed);
        cells.push(n.into());
    };
    let mut table = Table::of("Números", vec![Column::new("n", "Número", ColumnKind::Integer)], rows, cells, Lang::PtBr, words());
    table.summary = Some(Box::new(move || {
        let values = vec![sum.load(Ordering::Relaxed) as f64];
        let series = vec![Series { name: "Soma".into(), values }];
        vec![Chart { title: "Por tudo".into(), kind: ChartKind::Column, categories: vec!["Tudo".into()], series }]
    }));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("saida");
    write(table, Format::Xlsx, &path).await.unwrap();
    let mut workbook: Xlsx<_> = open_workbook(&path).unwrap();
    let sheet = workbook.worksheet_range("Resumo").unwrap();
    let line = sheet.rows().find(|row| row[0] == Data::String("Tudo".into())).unwrap();
    assert_eq!(line[1], Data::Float(28.0));
    let mut zip = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    let chart = std::io::read_to_string(zip.by_name("xl/charts/chart1.xml").unwrap()).unwrap();
    assert!(chart.contains("Resumo!$B$") && chart.contains("Por tudo"), "{chart}");
}
