//! One page being drawn. Measures run from the top left corner, in points; PDF counts from the bottom.

use printpdf::{
    Color, FontId, Line, LinePoint, Mm, Op, PaintMode, PdfFontHandle, PdfPage, Point, Polygon, PolygonRing, Pt, Rect, Rgb,
    TextItem, TextMatrix, WindingOrder, XObjectId, XObjectTransform,
};

use super::font::Face;

const MM_PER_POINT: f32 = 25.4 / 72.0;

/// A colour as 0xRRGGBB.
pub(super) type Ink = u32;

pub(super) const BLACK: Ink = 0x1A1F24;
pub(super) const GREY: Ink = 0x5F6B76;
pub(super) const RULE: Ink = 0xC9D1D8;
pub(super) const ZEBRA: Ink = 0xF3F6F8;
pub(super) const BRAND: Ink = 0x1F3A5F;
pub(super) const WHITE: Ink = 0xFFFFFF;

/// A face registered in the document, at a size.
#[derive(Clone, Copy)]
pub(super) struct Type<'a> {
    pub(super) face: &'a Face,
    pub(super) font: &'a FontId,
    pub(super) size: f32,
}

impl Type<'_> {
    pub(super) fn width(&self, text: &str) -> f32 {
        self.face.width(text, self.size)
    }

    pub(super) fn wrap(&self, text: &str, room: f32, most: usize) -> Vec<String> {
        self.face.wrap(&self.face.drawable(text), self.size, room, most)
    }

    /// One line, cut with `…` when it is wider than `room`.
    pub(super) fn line(&self, text: &str, room: f32) -> String {
        self.wrap(text, room, 1).pop().unwrap_or_default()
    }
}

pub(super) struct Page {
    width: f32,
    height: f32,
    shapes: Vec<Op>,
    texts: Vec<Op>,
    /// Font, size and colour in force, to say them only when they change.
    pen: Option<(String, f32, Ink)>,
    /// Base line and end of the last text: what follows on the same line joins its operation.
    run: Option<(f32, f32)>,
}

impl Page {
    pub(super) const fn new(width: f32, height: f32) -> Self {
        Self { width, height, shapes: Vec::new(), texts: Vec::new(), pen: None, run: None }
    }

    fn point(&self, x: f32, y: f32) -> Point {
        Point { x: Pt(x), y: Pt(self.height - y) }
    }

    pub(super) fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.shapes.push(Op::SetFillColor { col: color(ink) });
        self.shapes.push(Op::DrawRectangle {
            rectangle: Rect {
                x: Pt(x),
                y: Pt(self.height - y - height),
                width: Pt(width),
                height: Pt(height),
                mode: Some(PaintMode::Fill),
                winding_order: None,
            },
        });
    }

    pub(super) fn rule(&mut self, x: f32, y: f32, width: f32, ink: Ink) {
        self.rect(x, y, width, 0.6, ink);
    }

    pub(super) fn line(&mut self, points: &[(f32, f32)], thickness: f32, ink: Ink) {
        let points = points.iter().map(|(x, y)| LinePoint { p: self.point(*x, *y), bezier: false }).collect();
        self.shapes.push(Op::SetOutlineColor { col: color(ink) });
        self.shapes.push(Op::SetOutlineThickness { pt: Pt(thickness) });
        self.shapes.push(Op::DrawLine { line: Line { points, is_closed: false } });
    }

    pub(super) fn polygon(&mut self, points: &[(f32, f32)], ink: Ink) {
        let points = points.iter().map(|(x, y)| LinePoint { p: self.point(*x, *y), bezier: false }).collect();
        self.shapes.push(Op::SetFillColor { col: color(ink) });
        self.shapes.push(Op::DrawPolygon {
            polygon: Polygon { rings: vec![PolygonRing { points }], mode: PaintMode::Fill, winding_order: WindingOrder::NonZero },
        });
    }

    /// Draws the image `width` points wide and `height` high, from its own size in pixels.
    pub(super) fn image(&mut self, id: &XObjectId, x: f32, y: f32, width: f32, height: f32, pixels: (usize, usize)) {
        // At 72 dpi a pixel is a point.
        let transform = XObjectTransform {
            translate_x: Some(Pt(x)),
            translate_y: Some(Pt(self.height - y - height)),
            scale_x: Some(width / pixels.0 as f32),
            scale_y: Some(height / pixels.1 as f32),
            dpi: Some(72.0),
            ..XObjectTransform::default()
        };
        self.shapes.push(Op::UseXobject { id: id.clone(), transform });
    }

    /// Writes `text`, already drawable, with its base line at `y`. A table's line is one operation, with gaps: an operation
    /// per cell would take three times the memory.
    pub(super) fn text(&mut self, text: &str, x: f32, y: f32, kind: Type<'_>, ink: Ink) {
        if text.is_empty() {
            return;
        }
        #[expect(clippy::float_cmp, reason = "the same constant, or another size")]
        let same = self.pen.as_ref().is_some_and(|(font, size, i)| *font == kind.font.0 && *size == kind.size && *i == ink);
        if !same {
            self.texts.push(Op::SetFont { font: PdfFontHandle::External(kind.font.clone()), size: Pt(kind.size) });
            self.texts.push(Op::SetFillColor { col: color(ink) });
            self.pen = Some((kind.font.0.clone(), kind.size, ink));
            self.run = None;
        }
        let end = x + kind.width(text);
        if let Some((base, from)) = self.run.replace((y, end))
            && (base - y).abs() < 0.01
            && let Some(Op::ShowText { items }) = self.texts.last_mut()
        {
            // In thousandths of the size, against the direction of writing.
            items.push(TextItem::Offset((from - x) * 1000.0 / kind.size));
            items.push(TextItem::Text(text.to_owned()));
            return;
        }
        self.texts.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(x), Pt(self.height - y)) });
        self.texts.push(Op::ShowText { items: vec![TextItem::Text(text.to_owned())] });
    }

    /// Like [`Self::text`], ending at `right`.
    pub(super) fn text_right(&mut self, text: &str, right: f32, y: f32, kind: Type<'_>, ink: Ink) {
        self.text(text, right - kind.width(text), y, kind, ink);
    }

    pub(super) fn into_pdf(self) -> PdfPage {
        let mut ops = self.shapes;
        ops.push(Op::StartTextSection);
        ops.extend(self.texts);
        ops.push(Op::EndTextSection);
        PdfPage::new(Mm(self.width * MM_PER_POINT), Mm(self.height * MM_PER_POINT), ops)
    }
}

fn color(ink: Ink) -> Color {
    let part = |shift: u32| ((ink >> shift) & 0xFF) as f32 / 255.0;
    Color::Rgb(Rgb { r: part(16), g: part(8), b: part(0), icc_profile: None })
}
