//! The two faces of a report, embedded, and how wide text gets in them.

use std::sync::OnceLock;

use kernel::Fault;
use printpdf::ParsedFont;

static REGULAR: &[u8] = include_bytes!("../../../fonts/DejaVuSansCondensed.ttf");
static BOLD: &[u8] = include_bytes!("../../../fonts/DejaVuSansCondensed-Bold.ttf");

/// Characters above this are not in the faces; see fonts/LICENSE for what is.
const LAST: usize = 0x2800;
/// Drawn for a character that the face lacks.
const MISSING: char = '□';

pub(super) struct Face {
    pub(super) parsed: ParsedFont,
    /// By character, in thousandths of the font size, as the PDF's own width table says; 0 = no such glyph.
    widths: Vec<u16>,
}

pub(super) struct Faces {
    pub(super) regular: Face,
    pub(super) bold: Face,
}

impl Faces {
    /// Parsed once per process.
    pub(super) fn get() -> Result<&'static Self, Fault> {
        static FACES: OnceLock<Option<Faces>> = OnceLock::new();
        FACES
            .get_or_init(|| Some(Self { regular: Face::parse(REGULAR)?, bold: Face::parse(BOLD)? }))
            .as_ref()
            .ok_or(Fault::because("the embedded fonts do not parse"))
    }
}

impl Face {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let parsed = ParsedFont::from_bytes(bytes, 0, &mut Vec::new())?;
        let mut widths = vec![0; LAST];
        for (character, glyph) in &parsed.codepoint_to_glyph {
            if let Some(width) = widths.get_mut(usize::try_from(*character).ok()?) {
                let advance = u32::from(parsed.get_glyph_width(*glyph)?);
                // Cut off, not rounded: that is how printpdf fills the width table, and both must agree.
                *width = u16::try_from(advance * 1000 / u32::from(parsed.units_per_em)).ok()?;
            }
        }
        Some(Self { parsed, widths })
    }

    fn units(&self, c: char) -> u16 {
        self.widths.get(c as usize).copied().unwrap_or(0)
    }

    /// In points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let units: u32 = text.chars().map(|c| u32::from(self.units(c))).sum();
        units as f32 * size / 1000.0
    }

    /// The text as it can be drawn: white space as single blanks, unknown characters as a box.
    pub(super) fn drawable(&self, text: &str) -> String {
        let mut drawn = String::with_capacity(text.len());
        let mut blank = true;
        for c in text.chars() {
            if c.is_whitespace() {
                if !blank {
                    drawn.push(' ');
                }
                blank = true;
                continue;
            }
            // Joiners, marks of direction and the like have no shape of their own.
            if c.is_control()
                || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fe0f}' | '\u{feff}')
            {
                continue;
            }
            drawn.push(if self.units(c) == 0 { MISSING } else { c });
            blank = false;
        }
        drawn.truncate(drawn.trim_end().len());
        drawn
    }

    /// Breaks `text` into at most `most` lines of `room` points, at blanks where it can; what does not fit ends in `…`.
    pub(super) fn wrap(&self, text: &str, size: f32, room: f32, most: usize) -> Vec<String> {
        if self.width(text, size) <= room {
            return vec![text.to_owned()];
        }
        let mut lines = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if lines.len() + 1 == most {
                lines.push(self.ellipsis(rest, size, room));
                break;
            }
            let fits = self.prefix(rest, size, room);
            if fits == rest.len() {
                lines.push(rest.to_owned());
                break;
            }
            // A word longer than the line is cut where the line ends.
            let cut =
                if rest[fits..].starts_with(' ') { fits } else { rest[..fits].rfind(' ').filter(|at| *at > 0).unwrap_or(fits) };
            lines.push(rest[..cut].trim_end().to_owned());
            rest = rest[cut..].trim_start();
        }
        lines
    }

    fn ellipsis(&self, text: &str, size: f32, room: f32) -> String {
        if self.width(text, size) <= room {
            return text.to_owned();
        }
        let fits = self.prefix(text, size, room - self.width("…", size));
        format!("{}…", text[..fits].trim_end())
    }

    /// Bytes of the longest beginning that fits, at least one character.
    fn prefix(&self, text: &str, size: f32, room: f32) -> usize {
        let mut used = 0.0;
        for (at, c) in text.char_indices() {
            used += f32::from(self.units(c)) * size / 1000.0;
            if used > room && at > 0 {
                return at;
            }
        }
        text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portuguese_and_its_neighbours_have_glyphs() {
        let faces = Faces::get().unwrap();
        let text = "ÁÀÂÃÇÉÊÍÓÔÕÚÜ áàâãçéêíóôõúü ºª§€£°“”–—…•²³½×±µ≤≥ ñłšž ΑΩ Яж";
        for face in [&faces.regular, &faces.bold] {
            assert_eq!(face.drawable(text), text);
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_a_box_and_white_space_one_blank() {
        let face = &Faces::get().unwrap().regular;
        assert_eq!(face.drawable(" a\r\n\tb\u{0}\u{200d} 漢😀  "), "a b □□");
    }

    #[test]
    fn figures_are_equally_wide_so_that_columns_of_numbers_align() {
        let faces = Faces::get().unwrap();
        for face in [&faces.regular, &faces.bold] {
            assert!(('0'..='9').all(|c| face.units(c) == face.units('0')));
        }
    }

    #[test]
    fn lines_keep_within_their_room_and_say_when_text_is_cut() {
        let face = &Faces::get().unwrap().regular;
        let text = "Indústria metalúrgica de componentes automotivos Anticonstitucionalissimamente Ltda";
        let lines = face.wrap(text, 8.0, 90.0, 9);
        assert!(lines.iter().all(|line| face.width(line, 8.0) <= 90.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        let cut = face.wrap(text, 8.0, 90.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…') && face.width(&cut[1], 8.0) <= 90.0);
    }
}
