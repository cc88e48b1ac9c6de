//! XLSX in constant memory: a line goes to a temporary file as soon as the next one begins. Cells are typed, text is text
//! whatever it begins with, charts are native ones on the second sheet.

use std::path::{Path, PathBuf};

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Chart as XlsxChart, ChartType, Color, DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Head, WriteError, Writer};
use crate::{Cell, Chart, ChartKind, ColumnKind};

/// Excel's own limit, in UTF-16 units.
const MAX_TEXT: usize = 32_767;
/// Bounds of a column, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=60;
const HEADER: Color = Color::RGB(0x1F3A5F);

pub(super) struct XlsxWriter {
    workbook: Workbook,
    head: Head,
    path: PathBuf,
    formats: Formats,
    /// Next line of the sheet.
    line: u32,
    /// Longest cell so far, in bytes: close enough to characters for a width.
    widths: Vec<usize>,
}

/// One format per way a cell can look; made once, the library compares them by value otherwise.
struct Formats {
    integer: Format,
    reais: Format,
    date: Format,
    date_time: Format,
    /// By column: its own number of decimals.
    decimals: Vec<Format>,
}

impl XlsxWriter {
    pub(super) fn create(head: Head, path: &Path) -> Result<Self, WriteError> {
        let mut workbook = Workbook::new();
        // The library's temporary files go where the output goes: that disk has room for it.
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            workbook.set_tempdir(directory).map_err(fault)?;
        }
        workbook.set_properties(&DocProperties::new().set_title(clip(&head.title)).set_company(clip(&head.issuer)));
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(fault)?;
        sheet.set_name(sheet_name(&head.title, &head.words.summary)).map_err(fault)?;
        let header = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(HEADER)
            .set_align(FormatAlign::VerticalCenter)
            .set_border_bottom(FormatBorder::Thin);
        sheet.set_row_height(0, 20).map_err(fault)?;
        for (column, at) in head.columns.iter().zip(0u16..) {
            let format = if column.kind.is_number() { header.clone().set_align(FormatAlign::Right) } else { header.clone() };
            sheet.write_string_with_format(0, at, clip(&column.label), &format).map_err(fault)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(fault)?;
        sheet.set_repeat_rows(0, 0).map_err(fault)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        let widths = head.columns.iter().map(|column| column.label.chars().count() + 3).collect();
        let formats = Formats::new(&head);
        Ok(Self { workbook, formats, head, path: path.to_owned(), line: 1, widths })
    }

    fn sheet(&mut self) -> Result<&mut Worksheet, WriteError> {
        self.workbook.worksheet_from_index(0).map_err(fault)
    }

    fn finish_sheet(&mut self, totals: &[Cell]) -> Result<(), WriteError> {
        let last = self.line.saturating_sub(1);
        let columns = u16::try_from(self.head.columns.len()).map_err(|e| kernel::Fault::new("columns of a sheet", e))?;
        if self.line == 1 {
            let empty = self.head.words.empty.clone();
            self.sheet()?.write_string(1, 0, clip(&empty)).map_err(fault)?;
        } else if !totals.is_empty() {
            let line = self.line;
            let label = self.head.words.total.clone();
            let bold = Format::new().set_bold().set_border_top(FormatBorder::Thin);
            for (at, total) in (0u16..).zip(totals) {
                let kind = self.head.columns[usize::from(at)].kind;
                let format = bold.clone().set_num_format(number_format(kind));
                let sheet = self.workbook.worksheet_from_index(0).map_err(fault)?;
                match total.amount().and_then(|sum| sum.to_f64()) {
                    Some(sum) => sheet.write_number_with_format(line, at, sum, &format).map_err(fault)?,
                    None if at == 0 => sheet.write_string_with_format(line, 0, clip(&label), &bold).map_err(fault)?,
                    None => sheet.write_blank(line, at, &bold).map_err(fault)?,
                };
            }
        }
        let widths = std::mem::take(&mut self.widths);
        let sheet = self.sheet()?;
        if columns > 0 {
            sheet.autofilter(0, 0, last, columns - 1).map_err(fault)?;
        }
        for (width, at) in widths.into_iter().zip(0u16..) {
            let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
            sheet.set_column_width(at, u32::try_from(width).unwrap_or(u32::MAX)).map_err(fault)?;
        }
        Ok(())
    }

    /// Title, filters and charts: the first sheet holds nothing but header and rows, so that it can be imported again.
    fn summary(&mut self) -> Result<(), WriteError> {
        let bold = Format::new().set_bold();
        let title = Format::new().set_bold().set_font_size(14).set_font_color(HEADER);
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(sheet_name(&self.head.words.summary, "")).map_err(fault)?;
        sheet.set_column_width(0, 28).map_err(fault)?;
        sheet.set_column_width(1, 40).map_err(fault)?;
        sheet.write_string_with_format(0, 0, clip(&self.head.title), &title).map_err(fault)?;
        sheet.write_string(1, 0, clip(&self.head.issuer)).map_err(fault)?;
        sheet.write_string(2, 0, clip(&self.head.generated)).map_err(fault)?;
        let mut line = 4;
        for filter in &self.head.filters {
            sheet.write_string_with_format(line, 0, clip(&filter.label), &bold).map_err(fault)?;
            sheet.write_string(line, 1, clip(&filter.value)).map_err(fault)?;
            line += 1;
        }
        for chart in &self.head.charts {
            line = insert_chart(sheet, line + 1, chart, &bold)?;
        }
        Ok(())
    }
}

impl Writer for XlsxWriter {
    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        let line = self.line;
        let formats = &self.formats;
        let words = &self.head.words;
        let sheet = self.workbook.worksheet_from_index(0).map_err(fault)?;
        for ((cell, width), at) in cells.iter().zip(&mut self.widths).zip(0u16..) {
            let wide = match cell {
                Cell::Empty => continue,
                Cell::Text(text) => {
                    sheet.write_string(line, at, clip(text)).map_err(fault)?;
                    text.len()
                }
                Cell::Integer(n) => {
                    // Above 2^53 a number would lose digits; below, the conversion is exact.
                    if n.unsigned_abs() > 1 << 53 {
                        sheet.write_string(line, at, n.to_string()).map_err(fault)?;
                    } else {
                        sheet.write_number_with_format(line, at, *n as f64, &formats.integer).map_err(fault)?;
                    }
                    10
                }
                Cell::Decimal(n) => {
                    let value = n.to_f64().unwrap_or_default();
                    let format = formats.decimals.get(usize::from(at)).unwrap_or(&formats.reais);
                    sheet.write_number_with_format(line, at, value, format).map_err(fault)?;
                    14
                }
                Cell::Reais(n) => {
                    let value = n.decimal().to_f64().unwrap_or_default();
                    sheet.write_number_with_format(line, at, value, &formats.reais).map_err(fault)?;
                    16
                }
                Cell::Date(day) => {
                    sheet.write_datetime_with_format(line, at, *day, &formats.date).map_err(fault)?;
                    11
                }
                Cell::DateTime(instant) => {
                    sheet.write_datetime_with_format(line, at, *instant, &formats.date_time).map_err(fault)?;
                    17
                }
                Cell::Bool(value) => {
                    let word = if *value { &words.yes } else { &words.no };
                    sheet.write_string(line, at, clip(word)).map_err(fault)?;
                    word.len()
                }
                Cell::Cnpj(cnpj) => {
                    sheet.write_string(line, at, cnpj.to_string()).map_err(fault)?;
                    19
                }
            };
            *width = (*width).max(wide + 1);
        }
        self.line += 1;
        Ok(())
    }

    fn finish(mut self, totals: &[Cell]) -> Result<(), WriteError> {
        self.finish_sheet(totals)?;
        if let Some(summary) = self.head.summary.take() {
            self.head.charts.extend(summary());
        }
        if !self.head.filters.is_empty() || !self.head.charts.is_empty() {
            self.summary()?;
        }
        self.workbook.save(&self.path).map_err(fault)
    }
}

impl Formats {
    fn new(head: &Head) -> Self {
        let with = |kind| Format::new().set_num_format(number_format(kind));
        Self {
            integer: with(ColumnKind::Integer),
            reais: with(ColumnKind::Reais),
            date: with(ColumnKind::Date),
            date_time: with(ColumnKind::DateTime),
            decimals: head.columns.iter().map(|column| with(column.kind)).collect(),
        }
    }
}

/// Excel's format codes; it shows them with the marks of the reader's own settings.
fn number_format(kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Integer => "#,##0".to_owned(),
        ColumnKind::Decimal(0) => "#,##0".to_owned(),
        ColumnKind::Decimal(places) => format!("#,##0.{}", "0".repeat(places.into())),
        ColumnKind::Reais => "\"R$\"\\ #,##0.00".to_owned(),
        ColumnKind::Date => "dd/mm/yyyy".to_owned(),
        ColumnKind::DateTime => "dd/mm/yyyy\\ hh:mm".to_owned(),
        ColumnKind::Text | ColumnKind::Bool | ColumnKind::Cnpj => "General".to_owned(),
    }
}

/// Writes the chart's figures below `line` with the chart beside them; returns the first free line.
fn insert_chart(sheet: &mut Worksheet, line: u32, chart: &Chart, bold: &Format) -> Result<u32, WriteError> {
    let name = sheet.name();
    sheet.write_string_with_format(line, 0, clip(&chart.title), bold).map_err(fault)?;
    let first = line + 1;
    let mut last = first;
    for (category, at) in chart.categories.iter().zip(first..) {
        sheet.write_string(at, 0, clip(category)).map_err(fault)?;
        last = at;
    }
    let mut drawn = XlsxChart::new(match chart.kind {
        ChartKind::Column => ChartType::Column,
        ChartKind::Line => ChartType::Line,
        ChartKind::Pie => ChartType::Pie,
    });
    for (series, column) in chart.series.iter().zip(1u16..) {
        sheet.write_string_with_format(line, column, clip(&series.name), bold).map_err(fault)?;
        for (value, at) in series.values.iter().zip(first..=last) {
            // Excel has no word for infinity; a gap says it best.
            if value.is_finite() {
                sheet.write_number(at, column, *value).map_err(fault)?;
            }
        }
        drawn
            .add_series()
            .set_name((name.as_str(), line, column))
            .set_categories((name.as_str(), first, 0, last, 0))
            .set_values((name.as_str(), first, column, last, column));
    }
    // The library takes a name that begins with `=` for a reference to a cell.
    drawn.title().set_name(&clip(&chart.title.replacen('=', " =", usize::from(chart.title.starts_with('=')))));
    if chart.series.len() == 1 && chart.kind != ChartKind::Pie {
        drawn.legend().set_hidden();
    }
    let beside = u16::try_from(chart.series.len()).unwrap_or(1) + 2;
    sheet.insert_chart(line, beside, &drawn).map_err(fault)?;
    // A chart is about fifteen lines high.
    Ok(last.max(line + 15) + 1)
}

/// At most 31 characters, none of `[]:*?/\`, no apostrophe at the ends, not the same as the other sheet's.
fn sheet_name(title: &str, other: &str) -> String {
    let clean: String =
        title.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') && !c.is_control()).collect();
    // Some characters count twice in Excel (UTF-16); half the room is always enough for them.
    let room = if clean.chars().any(|c| c.len_utf16() > 1) { 15 } else { 31 };
    let name: String = clean.trim().chars().take(room).collect();
    let name = name.trim_matches(['\'', ' ']);
    // "History" is a name Excel keeps for itself.
    if name.is_empty() || name.eq_ignore_ascii_case("history") || name.to_lowercase() == other.to_lowercase() {
        "Planilha".to_owned()
    } else {
        name.to_owned()
    }
}

/// The text up to Excel's limit. The cut is marked: nobody should take it for the whole.
fn clip(text: &str) -> String {
    // A UTF-16 unit is never shorter than a third of its UTF-8 bytes, so short texts need no counting.
    if text.len() <= MAX_TEXT || text.encode_utf16().count() <= MAX_TEXT {
        return text.to_owned();
    }
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < MAX_TEXT
    });
    kept.chain(['…']).collect()
}

fn fault(error: XlsxError) -> WriteError {
    WriteError::Fault(kernel::Fault::new("writing an XLSX", error))
}
