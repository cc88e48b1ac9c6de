//! Reads a workbook three ways, with times: `cargo run --release -p sheets --example read -- FILE`. The bare library is the
//! floor of `bin/bench`.

use std::{path::Path, time::Instant};

use sheets::{
    child::Parser,
    read::{Limits, inspect, rows},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let path = Path::new(&path);
    let limits = Limits { file_bytes: 1 << 30, ..Limits::default() };

    if path.extension().is_some_and(|extension| extension == "xlsx") {
        let start = Instant::now();
        let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(path)?;
        let name = calamine::Reader::sheet_names(&workbook)[0].clone();
        let mut cells = workbook.worksheet_cells_reader(&name)?;
        let mut count = 0;
        while cells.next_cell()?.is_some() {
            count += 1;
        }
        println!("bare calamine: {count} cells, {:?}", start.elapsed());
    }

    let start = Instant::now();
    let choice = inspect(path, &limits)?.choice(0).ok_or("no sheet")?;
    println!("inspect: {:?}", start.elapsed());

    let start = Instant::now();
    let mut count = 0;
    rows(path, &choice, &limits, &mut |row| {
        count += row.len();
        Ok(())
    })?;
    println!("in this process: {count} cells, {:?}", start.elapsed());

    let program = std::env::current_exe()?.parent().and_then(Path::parent).ok_or("no directory")?.join("sheets-child");
    let parser = Parser { program, arguments: Vec::new(), limits };
    let start = Instant::now();
    let mut count = 0;
    let mut read = parser.rows(path, choice).await?;
    while let Some(batch) = read.next().await? {
        count += batch.iter().map(|row| row.cells().filter(|cell| !cell.is_empty()).count()).sum::<usize>();
    }
    println!("in a child: {count} cells, {:?}", start.elapsed());
    Ok(())
}
