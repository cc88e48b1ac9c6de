//! PDF by our own layout on printpdf's plain operations. The columns' widths depend on all rows and "page x of y" on all
//! pages, so the rows are kept as text until the end; that is why their number is bounded.

mod chart;
mod font;
mod layout;
mod page;

use std::{
    fs::File,
    io::{BufWriter, Cursor, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::ZlibEncoder};
use image::{GenericImageView, ImageReader, Limits};
use lopdf::Object;
use printpdf::{FontId, PdfDocument, PdfPage, PdfSaveOptions, RawImage, RawImageData, RawImageFormat, XObjectId};

use self::{
    font::Faces,
    layout::{Layout, MARGIN, Measure, PADDING},
    page::{BLACK, BRAND, GREY, Page, RULE, Type, WHITE, ZEBRA},
};
use super::{Head, WriteError, Writer, text};
use crate::Cell;

/// Lines of one cell; what does not fit ends in `…`.
const MOST_LINES: usize = 4;
/// Lines of a heading.
const MOST_HEADING_LINES: usize = 3;
/// A longer cell is cut before it is measured; four lines never show more.
const MOST_CHARS: usize = 600;
/// From base line to base line, in type sizes.
const LEADING: f32 = 1.22;
const LOGO: (f32, f32) = (130.0, 38.0);
/// Side of a logo in pixels, at most: three times what is printed at 72 dpi.
const LOGO_PIXELS: u32 = 400;
const FOOTER: f32 = 22.0;

pub(super) struct PdfWriter {
    head: Head,
    path: PathBuf,
    faces: &'static Faces,
    measures: Vec<Measure>,
    /// All cells, one after the other, with the end of each in `text`.
    text: String,
    ends: Vec<usize>,
}

impl PdfWriter {
    pub(super) fn create(head: Head, path: &Path) -> Result<Self, WriteError> {
        let faces = Faces::get()?;
        let measures = head
            .columns
            .iter()
            .map(|column| {
                let words = column.label.split_whitespace().map(|word| faces.bold.width(word, 1.0));
                Measure { widest: 0.0, heading: words.fold(0.0, f32::max) }
            })
            .collect();
        Ok(Self { head, path: path.to_owned(), faces, measures, text: String::new(), ends: Vec::new() })
    }

    fn rows(&self) -> usize {
        self.ends.len() / self.head.columns.len().max(1)
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        let at = row * self.head.columns.len() + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

impl Writer for PdfWriter {
    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        for (i, column) in self.head.columns.iter().enumerate() {
            let cell = cells.get(i).unwrap_or(&Cell::Empty);
            let shown = text::printed(cell, column.kind, self.head.lang, &self.head.words);
            let cut = shown.char_indices().nth(MOST_CHARS).map_or(shown.as_str(), |(at, _)| &shown[..at]);
            let shown = self.faces.regular.drawable(cut);
            let measure = &mut self.measures[i];
            measure.widest = measure.widest.max(self.faces.regular.width(&shown, 1.0));
            self.text.push_str(&shown);
            self.ends.push(self.text.len());
        }
        Ok(())
    }

    fn finish(mut self, totals: &[Cell]) -> Result<(), WriteError> {
        let totals: Vec<String> = totals
            .iter()
            .zip(&self.head.columns)
            .map(|(total, column)| text::printed(total, column.kind, self.head.lang, &self.head.words))
            .collect();
        for (measure, total) in self.measures.iter_mut().zip(&totals) {
            measure.widest = measure.widest.max(self.faces.bold.width(total, 1.0));
        }
        let mut document = PdfDocument::new(&self.head.title);
        let regular = document.add_font(&self.faces.regular.parsed);
        let bold = document.add_font(&self.faces.bold.parsed);
        let logo = self
            .head
            .logo
            .as_deref()
            .and_then(decode_logo)
            .map(|image| (document.add_image(&image), (image.width, image.height)));
        let layout = Layout::new(&self.head.columns, &self.measures);
        let fonts = (&regular, &bold);
        document.pages = Report { writer: &self, layout, fonts, logo, pages: Vec::new(), y: 0.0 }.draw(&totals);
        save(&document, &self.path)
    }
}

fn row_height(cells: &[Vec<String>], kind: Type<'_>) -> f32 {
    let lines = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
    lines as f32 * kind.size * LEADING + 4.5
}

/// printpdf's own `save_writer` swallows errors of the disk and dates the file 1970; the document beneath does neither.
fn save(document: &PdfDocument, path: &Path) -> Result<(), WriteError> {
    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    let mut pdf = document.to_lopdf_document(&options, &mut Vec::new());
    if let Ok(info) = pdf.trailer.get(b"Info").and_then(Object::as_reference)
        && let Ok(info) = pdf.get_dictionary_mut(info)
    {
        info.remove(b"CreationDate");
        info.remove(b"ModDate");
    }
    for object in pdf.objects.values_mut() {
        if let Object::Stream(stream) = object
            && stream.allows_compression
            && stream.dict.get(b"Filter").is_err()
        {
            // The library's own way takes its best, which is three times as slow for a tenth less.
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(5));
            encoder.write_all(&stream.content)?;
            stream.dict.set("Filter", "FlateDecode");
            stream.set_content(encoder.finish()?);
        }
    }
    let mut file = BufWriter::new(File::create(path)?);
    pdf.save_to(&mut file)?;
    Ok(file.flush()?)
}

/// The logo on white, no larger than needed; `None` when it is no PNG or JPEG of a decent size.
fn decode_logo(bytes: &[u8]) -> Option<RawImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(8_000);
    limits.max_image_height = Some(8_000);
    limits.max_alloc = Some(128 << 20);
    reader.limits(limits);
    let mut image = reader.decode().ok()?;
    if image.width().max(image.height()) > LOGO_PIXELS {
        image = image.resize(LOGO_PIXELS, LOGO_PIXELS, image::imageops::FilterType::CatmullRom);
    }
    let (width, height) = image.dimensions();
    let on_white = |pixel: &[u8; 4]| {
        let alpha = u32::from(pixel[3]);
        // Never above 255, so the conversion cannot fail.
        [0, 1, 2].map(|i| u8::try_from((u32::from(pixel[i]) * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255))
    };
    let pixels = image.to_rgba8().pixels().flat_map(|pixel| on_white(&pixel.0)).collect();
    Some(RawImage {
        pixels: RawImageData::U8(pixels),
        width: width as usize,
        height: height as usize,
        data_format: RawImageFormat::RGB8,
        tag: Vec::new(),
    })
}

/// The pages being laid out, from the first line to the last.
struct Report<'a> {
    writer: &'a PdfWriter,
    layout: Layout,
    fonts: (&'a FontId, &'a FontId),
    logo: Option<(XObjectId, (usize, usize))>,
    pages: Vec<Page>,
    /// Where the next thing goes on the last page.
    y: f32,
}

impl<'a> Report<'a> {
    fn regular(&self, size: f32) -> Type<'a> {
        Type { face: &self.writer.faces.regular, font: self.fonts.0, size }
    }

    fn bold(&self, size: f32) -> Type<'a> {
        Type { face: &self.writer.faces.bold, font: self.fonts.1, size }
    }

    fn room(&self) -> f32 {
        self.layout.width - 2.0 * MARGIN
    }

    fn bottom(&self) -> f32 {
        self.layout.height - MARGIN - FOOTER
    }

    fn draw(mut self, totals: &[String]) -> Vec<PdfPage> {
        self.new_page();
        self.letterhead();
        self.charts();
        self.table_header();
        if self.writer.rows() == 0 {
            let kind = self.regular(9.0);
            let words = kind.line(&self.writer.head.words.empty, self.room());
            let y = self.y + 18.0;
            self.page().text(&words, MARGIN + PADDING, y, kind, GREY);
        }
        for row in 0..self.writer.rows() {
            let kind = self.regular(self.layout.size);
            let cells: Vec<Vec<String>> = (0..self.layout.columns.len())
                .map(|column| {
                    let room = self.layout.columns[column] - 2.0 * PADDING;
                    // Half a hundredth of slack: the widest cell must not wrap for a rounding.
                    kind.face.wrap(self.writer.cell(row, column), kind.size, room + 0.005, MOST_LINES)
                })
                .collect();
            let fill = (row % 2 == 1).then_some(ZEBRA);
            self.table_row(&cells, kind, fill, BLACK);
        }
        if !totals.is_empty() && self.writer.rows() > 0 {
            self.totals(totals);
        }
        self.footers();
        self.pages.into_iter().map(Page::into_pdf).collect()
    }

    fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::new(self.layout.width, self.layout.height));
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn new_page(&mut self) {
        self.pages.push(Page::new(self.layout.width, self.layout.height));
        self.y = MARGIN;
    }

    /// Logo, issuer, title and filters at the top of the first page.
    fn letterhead(&mut self) {
        let head = &self.writer.head;
        let top = self.y;
        let mut x = MARGIN;
        if let Some((id, pixels)) = self.logo.clone() {
            let scale = (LOGO.0 / pixels.0 as f32).min(LOGO.1 / pixels.1 as f32);
            let (width, height) = (pixels.0 as f32 * scale, pixels.1 as f32 * scale);
            self.page().image(&id, MARGIN, top + (LOGO.1 - height) / 2.0, width, height, pixels);
            x += width + 14.0;
        }
        let (title, small) = (self.bold(15.0), self.regular(9.0));
        let room = self.layout.width - MARGIN - x;
        let shown = title.line(&head.title, room);
        self.page().text(&shown, x, top + 16.0, title, BRAND);
        let issuer = small.line(&head.issuer, room);
        self.page().text(&issuer, x, top + 31.0, small, GREY);
        self.y = top + LOGO.1 + 8.0;
        let (y, room) = (self.y, self.room());
        self.page().rect(MARGIN, y, room, 1.4, BRAND);
        self.y += 8.0;

        let label = self.bold(8.5);
        let value = self.regular(8.5);
        for filter in &head.filters {
            let name = label.line(&format!("{}:", filter.label), room / 2.0);
            let indent = label.width(&name) + 5.0;
            let y = self.y + 8.5;
            self.page().text(&name, MARGIN, y, label, BLACK);
            for (i, line) in value.wrap(&filter.value, room - indent, 3).iter().enumerate() {
                let y = y + i as f32 * 11.0;
                self.page().text(line, MARGIN + indent, y, value, BLACK);
                self.y = y + 3.5;
            }
            self.y = self.y.max(y + 3.5);
        }
        self.y += if head.filters.is_empty() { 2.0 } else { 8.0 };
    }

    /// Two charts side by side, as many lines of them as there are.
    fn charts(&mut self) {
        let (bold, small) = (self.bold(9.5), self.regular(7.0));
        let room = self.room();
        for pair in self.writer.head.charts.chunks(2) {
            if self.y + chart::HEIGHT > self.bottom() {
                self.new_page();
            }
            let y = self.y;
            let width = if pair.len() == 1 { room.min(420.0) } else { (room - 24.0) / 2.0 };
            for (i, chart) in pair.iter().enumerate() {
                let frame = chart::Frame { x: MARGIN + i as f32 * (width + 24.0), y, width };
                let lang = self.writer.head.lang;
                chart::draw(self.page(), chart, &frame, bold, small, lang);
            }
            self.y += chart::HEIGHT + 10.0;
        }
    }

    /// The dark band with the columns' headings, repeated on every page.
    fn table_header(&mut self) {
        let kind = self.bold(self.layout.size);
        let cells: Vec<Vec<String>> = self
            .writer
            .head
            .columns
            .iter()
            .zip(&self.layout.columns)
            .map(|(column, width)| kind.wrap(&column.label, width - 2.0 * PADDING + 0.005, MOST_HEADING_LINES))
            .collect();
        let height = row_height(&cells, kind);
        if self.y + 2.0 * height > self.bottom() {
            self.new_page();
        }
        self.cells(&cells, kind, height, Some(BRAND), WHITE);
        self.y += height;
    }

    fn table_row(&mut self, cells: &[Vec<String>], kind: Type<'a>, fill: Option<u32>, ink: u32) {
        let height = row_height(cells, kind);
        if self.y + height > self.bottom() {
            self.new_page();
            self.table_header();
        }
        self.cells(cells, kind, height, fill, ink);
        self.y += height;
    }

    fn cells(&mut self, cells: &[Vec<String>], kind: Type<'a>, height: f32, fill: Option<u32>, ink: u32) {
        let (y, room) = (self.y, self.room());
        let table: f32 = self.layout.columns.iter().sum();
        if let Some(fill) = fill {
            self.page().rect(MARGIN, y, table.min(room), height, fill);
        }
        // Line by line through all cells, as one reads: so the page joins a line into one operation.
        for n in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let base = y + 2.0 + kind.size + n as f32 * kind.size * LEADING;
            let mut x = MARGIN;
            for (i, lines) in cells.iter().enumerate() {
                let width = self.layout.columns[i];
                if let Some(line) = lines.get(n) {
                    if self.writer.head.columns[i].kind.is_number() {
                        self.page().text_right(line, x + width - PADDING, base, kind, ink);
                    } else {
                        self.page().text(line, x + PADDING, base, kind, ink);
                    }
                }
                x += width;
            }
        }
    }

    fn totals(&mut self, totals: &[String]) {
        let kind = self.bold(self.layout.size);
        let mut cells: Vec<Vec<String>> = totals.iter().map(|total| vec![total.clone()]).collect();
        if let Some(first) = cells.first_mut().filter(|first| first[0].is_empty()) {
            *first = vec![kind.line(&self.writer.head.words.total, self.layout.columns[0] - 2.0 * PADDING)];
        }
        self.table_row(&cells, kind, None, BLACK);
        let height = row_height(&cells, kind);
        let table: f32 = self.layout.columns.iter().sum();
        let y = self.y - height;
        self.page().rect(MARGIN, y, table, 1.0, BRAND);
    }

    /// Said last, when the number of pages is known.
    fn footers(&mut self) {
        let head = &self.writer.head;
        let kind = self.regular(7.5);
        let (room, width, height) = (self.room(), self.layout.width, self.layout.height);
        let pages = self.pages.len();
        for (i, page) in self.pages.iter_mut().enumerate() {
            let y = height - MARGIN - 4.0;
            page.rule(MARGIN, y - 11.0, room, RULE);
            let number = head.words.page.replace("{page}", &(i + 1).to_string()).replace("{pages}", &pages.to_string());
            page.text_right(&kind.line(&number, room / 2.0), width - MARGIN, y, kind, GREY);
            let left = if i == 0 { head.generated.clone() } else { format!("{} · {}", head.title, head.generated) };
            page.text(&kind.line(left.trim_end_matches([' ', '·']), room * 0.75), MARGIN, y, kind, GREY);
        }
    }
}
