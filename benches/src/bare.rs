//! The floors of files: the libraries alone, on rows that are ready in memory.

use std::{fs::File, io::BufReader, path::Path};

use anyhow::{Context, Result};
use calamine::{DataRef, Reader, Xlsx};
use printpdf::{Mm, Op, ParsedFont, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem, TextMatrix};
use rust_xlsxwriter::{Format, Workbook};

use server::demo::empresa::Empresa;

/// Headings of the customer's own spreadsheet.
pub(crate) const HEADINGS: [&str; 24] = [
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

pub(crate) enum Value {
    Text(String),
    Number(f64),
    Day(f64),
}

/// The cells of one empresa under [`HEADINGS`].
pub(crate) fn cells(empresa: &Empresa) -> Result<[Value; 24]> {
    let (cidade, codigo, uf) = empresa.municipio();
    let text = |text: &str| Value::Text(text.to_owned());
    Ok([
        Value::Text(empresa.cnpj()?.to_string()),
        Value::Text(empresa.nome()),
        Value::Text(empresa.nome_fantasia()),
        Value::Text(empresa.inscricao_estadual()),
        Value::Text(empresa.cnae()),
        text(empresa.segmento()),
        text(empresa.porte()),
        text(empresa.situacao()),
        Value::Text(empresa.email()),
        Value::Text(empresa.telefone()),
        Value::Text(empresa.site()),
        Value::Text(empresa.cep()),
        Value::Text(empresa.logradouro()),
        Value::Text(empresa.numero().to_string()),
        text(empresa.bairro()),
        text(cidade),
        text(uf),
        Value::Number(codigo.into()),
        text(empresa.contato()),
        text(empresa.cargo()),
        Value::Day(empresa.fundacao().into()),
        Value::Number(empresa.faturamento() as f64 / 100.0),
        Value::Number(empresa.funcionarios() as f64),
        Value::Text(empresa.observacoes()),
    ])
}

/// Writes a sheet of `rows` under their headings, line by line in constant memory.
pub(crate) fn write_xlsx(path: &Path, rows: impl Iterator<Item = Result<[Value; 24]>>) -> Result<()> {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let money = Format::new().set_num_format("#,##0.00");
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (heading, column) in HEADINGS.iter().zip(0..) {
        sheet.write_string(0, column, *heading)?;
    }
    for (row, line) in rows.zip(1..) {
        for (value, column) in row?.into_iter().zip(0..) {
            match value {
                Value::Text(text) => sheet.write_string(line, column, text)?,
                Value::Number(number) => sheet.write_number_with_format(line, column, number, &money)?,
                Value::Day(number) => sheet.write_number_with_format(line, column, number, &day)?,
            };
        }
    }
    Ok(workbook.save(path)?)
}

/// Reads every cell of the first sheet and counts those that hold something.
pub(crate) fn read_xlsx(path: &Path) -> Result<u64> {
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path)?))?;
    let name = workbook.sheet_names().first().cloned().context("a workbook without sheets")?;
    let mut cells = workbook.worksheet_cells_reader(&name)?;
    let mut count = 0;
    while let Some(cell) = cells.next_cell()? {
        count += u64::from(!matches!(cell.get_value(), DataRef::Empty));
    }
    Ok(count)
}

/// The faces of the product's reports, parsed.
pub(crate) fn faces() -> Result<[ParsedFont; 2]> {
    let parse = |bytes| ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).context("a face of the reports does not parse");
    Ok([
        parse(include_bytes!("../../crates/sheets/fonts/DejaVuSansCondensed.ttf"))?,
        parse(include_bytes!("../../crates/sheets/fonts/DejaVuSansCondensed-Bold.ttf"))?,
    ])
}

/// Lays out a list of nine columns, forty lines to a page, in the faces that a report embeds.
pub(crate) fn write_pdf(path: &Path, rows: &[[String; 9]], [regular, bold]: &[ParsedFont; 2]) -> Result<()> {
    let mut document = PdfDocument::new("Empresas");
    let [regular, bold] = [document.add_font(regular), document.add_font(bold)].map(PdfFontHandle::External);
    let pages = rows.chunks(40).map(|rows| {
        let mut ops = vec![
            Op::StartTextSection,
            Op::SetFont { font: bold.clone(), size: Pt(12.0) },
            Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(30.0), Pt(575.0)) },
            Op::ShowText { items: vec![TextItem::Text("Empresas".to_owned())] },
            Op::SetFont { font: regular.clone(), size: Pt(7.0) },
        ];
        for (row, line) in rows.iter().zip(0u8..) {
            for (text, column) in row.iter().zip(0u8..) {
                let (x, y) = (30.0 + 88.0 * f32::from(column), 560.0 - 13.0 * f32::from(line));
                ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(x), Pt(y)) });
                ops.push(Op::ShowText { items: vec![TextItem::Text(text.clone())] });
            }
        }
        ops.push(Op::EndTextSection);
        PdfPage::new(Mm(297.0), Mm(210.0), ops)
    });
    let pages = pages.collect();
    let bytes = document.with_pages(pages).save(&PdfSaveOptions::default(), &mut Vec::new());
    Ok(std::fs::write(path, bytes)?)
}

/// What a line of the PDF says.
pub(crate) fn pdf_row(empresa: &Empresa) -> Result<[String; 9]> {
    let (cidade, _, uf) = empresa.municipio();
    Ok([
        empresa.nome(),
        empresa.cnpj()?.to_string(),
        empresa.segmento().to_owned(),
        empresa.porte().to_owned(),
        cidade.to_owned(),
        uf.to_owned(),
        empresa.situacao().to_owned(),
        empresa.telefone(),
        empresa.contato().to_owned(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bare_writer_writes_the_bare_reader_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xlsx");
        write_xlsx(&path, (0..10).map(|number| cells(&Empresa::new(number)))).unwrap();
        assert_eq!(read_xlsx(&path).unwrap(), 24 * 11);
    }

    #[test]
    fn a_bare_pdf_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        let rows: Vec<_> = (0..81).map(|number| pdf_row(&Empresa::new(number)).unwrap()).collect();
        write_pdf(&path, &rows, &faces().unwrap()).unwrap();
        assert!(std::fs::read(&path).unwrap().starts_with(b"%PDF-"));
    }
}
