//! The parser's own process: it streams what the reader reads, and its death is the file's fault, never the parent's.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{Upload, fixture, read, sheet, xlsx};
use sheets::{
    child::Parser,
    read::{Choice, Limits, ReadError, Row, Source, inspect},
};

fn parser(limits: Limits) -> Parser {
    Parser { program: PathBuf::from(env!("CARGO_BIN_EXE_sheets-child")), arguments: vec!["parse-sheet".into()], limits }
}

/// Some other program in the child's place.
fn shell(script: &str, limits: Limits) -> Parser {
    Parser { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()], limits }
}

async fn all(parser: &Parser, path: &std::path::Path, choice: Choice) -> Result<Vec<Row>, ReadError> {
    let mut rows = parser.rows(path, choice).await?;
    let mut all = Vec::new();
    while let Some(batch) = rows.next().await? {
        all.extend_from_slice(batch);
    }
    assert!(rows.next().await?.is_none(), "the end stays the end");
    Ok(all)
}

#[tokio::test]
async fn the_child_reads_what_the_reader_reads() {
    let limits = Limits::default();
    for name in ["empresas_2000.xlsx", "empresas_2000.csv", "sujo_500.xlsx", "sujo_500_latin1.csv"] {
        let path = fixture(name);
        let inspection = parser(limits).inspect(&path).await.unwrap();
        assert_eq!(inspection, inspect(&path, &limits).unwrap());
        let choice = inspection.choice(0).unwrap();
        assert_eq!(all(&parser(limits), &path, choice.clone()).await.unwrap(), read(&path, &choice, &limits).unwrap());
    }
}

#[tokio::test]
async fn refusals_come_back_as_they_are() {
    let parser = parser(Limits { rows: 7, ..Limits::default() });
    let path = fixture("sujo_500.xlsx");
    let choice = parser.inspect(&path).await.unwrap().choice(0).unwrap();
    assert_eq!(all(&parser, &path, choice).await, Err(ReadError::TooManyRows { limit: 7 }));
    let missing = Choice { source: Source::Sheet("não há".into()), first_row: 1 };
    assert_eq!(all(&parser, &path, missing).await, Err(ReadError::SheetNotFound { name: "não há".into() }));
    assert_eq!(parser.inspect(&Upload::new(b"%PDF-1.4").path()).await, Err(ReadError::NotASheet));
    assert!(matches!(parser.inspect("/nowhere/at-all.xlsx".as_ref()).await, Err(ReadError::Failed { .. })));
}

#[tokio::test]
async fn memory_beyond_the_bound_is_refused_by_the_kernel() {
    let string = format!("<si><t>{}</t></si>", "x".repeat(20_000));
    let strings =
        format!(r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>"#, string.repeat(5_000));
    let file = Upload::new(&xlsx(sheet("<sheetData/>").as_bytes(), &[("xl/sharedStrings.xml", strings.as_bytes())]));
    let limits = Limits { ratio: u64::MAX, memory_bytes: 64 << 20, ..Limits::default() };
    assert_eq!(parser(limits).inspect(&file.path()).await, Err(ReadError::TooMuchMemory { bytes: 64 << 20 }));
    assert!(parser(Limits { memory_bytes: 1 << 30, ..limits }).inspect(&file.path()).await.is_ok());
}

#[tokio::test]
async fn a_crash_of_the_parser_is_the_files_damage() {
    // An extent that ends before it begins makes the library compute below zero.
    let body = sheet(r#"<dimension ref="C9:A1"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#);
    let read = parser(Limits::default()).inspect(&Upload::new(&xlsx(body.as_bytes(), &[])).path()).await;
    assert!(matches!(read, Ok(_) | Err(ReadError::Damaged { .. })), "{read:?}");
    let read = shell("cat >/dev/null; exit 101", Limits::default()).inspect(&fixture("sujo_500.xlsx")).await;
    assert!(matches!(read, Err(ReadError::Damaged { .. })), "{read:?}");
}

#[tokio::test]
async fn the_parent_keeps_the_clock() {
    let limits = Limits { seconds: 1, ..Limits::default() };
    let begin = Instant::now();
    let read = shell("sleep 60", limits).inspect(&fixture("sujo_500.xlsx")).await;
    assert_eq!(read, Err(ReadError::TooSlow { seconds: 1 }));
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_child_bounds_itself_before_it_opens_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let limits = Limits { memory_bytes: 300 << 20, seconds: 7, ..Limits::default() };
    let mut child = Command::new(env!("CARGO_BIN_EXE_sheets-child")).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let request = serde_json::json!({ "path": pipe, "limits": limits, "task": "inspect" });
    child.stdin.take().unwrap().write_all(request.to_string().as_bytes()).unwrap();
    // It waits for somebody to write into the pipe.
    let expected = [
        ("Max address space", 300 << 20),
        ("Max cpu time", 7),
        ("Max core file size", 0),
        ("Max file size", 0),
        ("Max open files", 16),
    ];
    let bounded = || {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        expected.iter().all(|(name, value)| {
            let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
            line[name.len()..].split_whitespace().next() == Some(&value.to_string())
        })
    };
    let begin = Instant::now();
    while !bounded() {
        assert!(begin.elapsed() < Duration::from_secs(10), "never bounded");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn how_a_child_ended_tells_why() {
    let path = fixture("sujo_500.xlsx");
    let limits = Limits::default();
    for (script, error) in [
        ("kill -ABRT $$", ReadError::TooMuchMemory { bytes: limits.memory_bytes }),
        ("kill -KILL $$", ReadError::TooMuchMemory { bytes: limits.memory_bytes }),
        ("kill -XCPU $$", ReadError::TooSlow { seconds: limits.seconds }),
    ] {
        assert_eq!(shell(script, limits).inspect(&path).await, Err(error), "{script}");
    }
    for nonsense in [
        "exit 0",
        "exit 3",
        "echo hello world",
        "printf '\\002\\377\\377\\377\\377'",
        "printf '\\002\\004\\0\\0\\0abcd'",
        "printf '\\001\\002\\0\\0\\0{}'",
    ] {
        let read = shell(nonsense, limits).inspect(&path).await;
        assert!(matches!(read, Err(ReadError::Failed { .. })), "{nonsense}: {read:?}");
    }
}

#[tokio::test]
async fn a_child_gets_no_environment_and_dies_with_its_reader() {
    let path = fixture("empresas_2000.csv");
    let parser = parser(Limits::default());
    let choice = parser.inspect(&path).await.unwrap().choice(0).unwrap();
    let rows = parser.rows(&path, choice).await.unwrap();
    drop(rows);
    // `exit 1` when anything but the shell's own variables is set.
    let clean = shell(
        "cat >/dev/null; test -z \"$PATH_OF_TEST$HOME$CARGO_MANIFEST_DIR\" && test \"$(pwd)\" = / && exit 101",
        Limits::default(),
    );
    assert!(matches!(clean.inspect(&path).await, Err(ReadError::Damaged { .. })));
}
