//! Writes a made-up list in the three formats, with times: `cargo run --release -p sheets --example write -- 100000 /tmp`.
//! A fourth run writes the same cells with the bare library, the floor of `bin/bench`.

use std::{path::Path, time::Instant};

use chrono::{NaiveDate, TimeDelta};
use futures::{StreamExt, stream};
use kernel::{Cnpj, Lang, Reais};
use rust_decimal::Decimal;
use sheets::{Cell, Chart, ChartKind, Column, ColumnKind, Filter, Format, Series, Table, Words, write};

fn columns(many: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::new("cnpj", "CNPJ", ColumnKind::Cnpj),
        Column::new("nome", "Razão social", ColumnKind::Text),
        Column::new("fantasia", "Nome fantasia", ColumnKind::Text),
        Column::new("municipio", "Município", ColumnKind::Text),
        Column::new("uf", "UF", ColumnKind::Text),
        Column::new("telefone", "Telefone", ColumnKind::Text),
        Column::new("data_fundacao", "Fundação", ColumnKind::Date),
        Column::new("faturamento", "Faturamento anual (R$)", ColumnKind::Reais).summed(),
        Column::new("funcionarios", "Funcionários", ColumnKind::Integer).summed(),
        Column::new("ativa", "Ativa", ColumnKind::Bool),
    ];
    if many {
        columns.extend((0..14).map(|_| Column::new("mais", "Observações", ColumnKind::Text)));
    }
    columns
}

#[expect(clippy::cast_possible_wrap, reason = "a number of a row")]
fn row(i: usize, width: usize) -> Vec<Cell> {
    let nomes = [
        "Metalúrgica São João",
        "Usinagem Conceição & Filhos",
        "Têxtil Açaí",
        "Plásticos Ipê",
        "Calçados Três Irmãos do Vale do Paranhana",
    ];
    let cidades = ["São Leopoldo", "Joinville", "Caxias do Sul", "Blumenau", "Vila Bela da Santíssima Trindade"];
    let nome = nomes[i % nomes.len()];
    let day = NaiveDate::from_ymd_opt(1970, 1, 1).map(|day| day + TimeDelta::days((i * 37 % 18_000) as i64));
    let mut row = vec![
        Cnpj::from_base(&format!("{:08}0001", 10_000_000 + i)).ok().into(),
        format!("{nome} {i} Ltda").into(),
        nome.into(),
        cidades[i * 7 % cidades.len()].into(),
        ["RS", "SC", "RS", "SC", "MT"][i * 7 % 5].into(),
        format!("+55 (51) 9{:04}-{:04}", i % 10_000, i * 7 % 10_000).into(),
        day.into(),
        Reais::try_from(Decimal::new((i as i64 * 7_919_331) % 9_000_000_000, 2)).ok().into(),
        Cell::Integer(i as i64 * 13 % 2_500),
        Cell::Bool(!i.is_multiple_of(7)),
    ];
    row.resize_with(width, || Cell::Text(format!("Cliente indicado; retorno em {} dias.", i % 90)));
    row
}

fn table(rows: usize, many: bool) -> Table<'static> {
    let columns = columns(many);
    let width = columns.len();
    let stream = stream::iter((0..rows).map(move |i| Ok(row(i, width)))).boxed();
    let words = Words {
        page: "Página {page} de {pages}".into(),
        total: "Total".into(),
        summary: "Resumo".into(),
        empty: "Nenhum registro encontrado.".into(),
        yes: "Sim".into(),
        no: "Não".into(),
    };
    let mut table = Table::new("Empresas da regional Vale dos Sinos", columns, stream, Lang::PtBr, words);
    table.issuer = "SENAI São Leopoldo · 1.03".into();
    table.generated = "Gerado em 22/11/2026 às 10:15 por Márcia Conceição".into();
    table.filters = vec![
        Filter { label: "Situação".into(), value: "ativa, prospect".into() },
        Filter { label: "Município".into(), value: "São Leopoldo, Joinville, Caxias do Sul, Blumenau".into() },
    ];
    let categories: Vec<String> = ["jan", "fev", "mar", "abr", "mai", "jun"].map(Into::into).into();
    table.charts = vec![
        Chart {
            title: "Visitas por mês".into(),
            kind: ChartKind::Column,
            categories: categories.clone(),
            series: vec![
                Series { name: "2025".into(), values: vec![12.0, 19.0, 3.0, 5.0, 22.0, 31.0] },
                Series { name: "2026".into(), values: vec![15.0, 11.0, 8.0, 25.0, 27.0, 36.0] },
            ],
        },
        Chart {
            title: "Empresas por porte".into(),
            kind: ChartKind::Pie,
            categories: ["MEI", "ME", "EPP", "Média", "Grande"].map(Into::into).into(),
            series: vec![Series { name: "Empresas".into(), values: vec![420.0, 310.0, 150.0, 80.0, 40.0] }],
        },
    ];
    table.logo = std::env::args().nth(3).and_then(|path| std::fs::read(path).ok()).map(Into::into);
    table
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows: usize = std::env::args().nth(1).map_or(Ok(1_000), |n| n.parse())?;
    let directory = std::env::args().nth(2).unwrap_or_else(|| "/tmp".into());
    let wanted = std::env::args().nth(4);
    for format in Format::ALL {
        if wanted.as_deref().is_some_and(|wanted| wanted != format.extension())
            || format.max_rows().is_some_and(|max| rows as u64 > max)
        {
            continue;
        }
        let path = Path::new(&directory).join(format!("empresas.{}", format.extension()));
        let start = Instant::now();
        let written = write(table(rows, format != Format::Pdf), format, &path).await?;
        println!("{}: {} rows, {} bytes, {:?}", format.extension(), written.rows, written.bytes, start.elapsed());
    }
    if wanted.as_deref().is_none_or(|wanted| wanted == "bare") {
        let start = Instant::now();
        bare(rows, &Path::new(&directory).join("bare.xlsx"))?;
        println!("bare rust_xlsxwriter: {:?}", start.elapsed());
    }
    Ok(())
}

fn bare(rows: usize, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    let reais = rust_xlsxwriter::Format::new().set_num_format("#,##0.00");
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for i in 0..rows {
        let line = u32::try_from(i)?;
        for (cell, at) in row(i, 24).into_iter().zip(0u16..) {
            match cell {
                Cell::Text(text) => sheet.write_string(line, at, text)?,
                Cell::Cnpj(cnpj) => sheet.write_string(line, at, cnpj.to_string())?,
                Cell::Integer(n) => sheet.write_number(line, at, n as f64)?,
                Cell::Reais(n) => sheet.write_number_with_format(line, at, n.decimal().to_string().parse::<f64>()?, &reais)?,
                Cell::Date(day) => sheet.write_datetime_with_format(line, at, day, &date)?,
                Cell::Bool(b) => sheet.write_boolean(line, at, b)?,
                _ => sheet,
            };
        }
    }
    Ok(workbook.save(path)?)
}
