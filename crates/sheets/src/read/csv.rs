//! CSV as people and their programs write it. Rows are counted as a spreadsheet program shows them, blank lines included,
//! and no cell is collected beyond its limit: that is why the text is split here and not by a general parser.

use std::{fs::File, ops::ControlFlow};

use memchr::{memchr, memchr3};
use serde::{Deserialize, Serialize};

use super::{Deadline, Encoding, Limits, Raw, ReadError, Row, Sink};

/// How a CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    pub encoding: Encoding,
    /// One of `;`, `,`, tab and `|`.
    pub separator: char,
}

/// The comma comes last: it is also the decimal mark, so it loses a tie.
const SEPARATORS: [char; 4] = [';', '\t', '|', ','];
/// Characters and rows looked at to tell the separator.
const LOOK: usize = 128 << 10;
const LOOK_ROWS: usize = 100;

pub(super) fn rows(
    file: &File,
    dialect: Dialect,
    limits: &Limits,
    deadline: Deadline,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let mut splitter = Splitter::new(dialect.separator, limits)?;
    let mut stopped = false;
    dialect.encoding.decode(file, &mut |piece| {
        deadline.check()?;
        let flow = splitter.feed(piece, sink)?;
        stopped = flow.is_break();
        Ok(flow)
    })?;
    if !stopped {
        splitter.finish(sink)?;
    }
    Ok(())
}

/// Tells encoding and separator.
pub(super) fn detect(file: &mut File, limits: &Limits) -> Result<Dialect, ReadError> {
    let encoding = Encoding::detect(file)?;
    let mut start = String::new();
    encoding.decode(file, &mut |piece| {
        start.push_str(piece);
        Ok(if start.len() >= LOOK { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Dialect { encoding, separator: separator(&start, limits) })
}

/// The separator that cuts most rows into the same number of cells; `;` when none cuts anything.
fn separator(start: &str, limits: &Limits) -> char {
    // Excel's own way of saying it.
    if let Some(said) = start.strip_prefix("sep=").and_then(|rest| rest.chars().next())
        && SEPARATORS.contains(&said)
    {
        return said;
    }
    let mut best = (0, ';');
    for candidate in SEPARATORS {
        let mut widths = Vec::new();
        let Ok(mut splitter) = Splitter::new(candidate, limits) else { continue };
        // A text that breaks a limit is refused when it is read; here it merely tells less.
        let _ = splitter.feed(start, &mut |row: &Row| {
            if !row.is_empty() {
                widths.push(row.len());
            }
            Ok(if widths.len() < LOOK_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        });
        if widths.is_empty() {
            let _ = splitter.finish(&mut |row: &Row| {
                widths.push(row.len());
                Ok(ControlFlow::Continue(()))
            });
        }
        let mut tally: Vec<(usize, usize)> = Vec::new();
        for width in widths.into_iter().filter(|width| *width > 1) {
            match tally.iter_mut().find(|(w, _)| *w == width) {
                Some((_, rows)) => *rows += 1,
                None => tally.push((width, 1)),
            }
        }
        // Cells at the end may be blank, so the widest of the common widths counts, not the commonest alone.
        let score = tally.iter().map(|(width, rows)| rows * rows * width).max().unwrap_or(0);
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

/// Where the splitter stands between two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first character of a cell.
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark within a quoted cell: the end, or the first of two.
    Quote,
    /// Behind a `\r`: a `\n` belongs to it.
    Return,
}

struct Splitter<'a> {
    separator: u8,
    limits: &'a Limits,
    state: State,
    row: Row,
    cell: String,
    column: usize,
    number: u32,
    /// The row in which the open quotation mark stands, and whether a line ended since.
    quote: (u32, bool),
}

impl<'a> Splitter<'a> {
    fn new(separator: char, limits: &'a Limits) -> Result<Self, ReadError> {
        let separator = u8::try_from(separator).ok().filter(|_| SEPARATORS.contains(&separator));
        let separator = separator.ok_or_else(|| ReadError::Damaged { detail: "unknown separator".into() })?;
        let mut row = Row::default();
        row.start(1);
        Ok(Self { separator, limits, state: State::Start, row, cell: String::new(), column: 0, number: 1, quote: (1, false) })
    }

    fn feed(&mut self, text: &str, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, ReadError> {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            match self.state {
                State::Return if byte == b'\n' => {
                    self.state = State::Start;
                    at += 1;
                }
                State::Start | State::Return if byte == b'"' => {
                    self.state = State::Quoted;
                    self.quote = (self.number, false);
                    at += 1;
                }
                State::Quote if byte == b'"' => {
                    self.cell.push('"');
                    self.state = State::Quoted;
                    at += 1;
                }
                State::Quoted => {
                    let end = memchr(b'"', &bytes[at..]).map_or(bytes.len(), |found| at + found);
                    let piece = &text[at..end];
                    self.quote.1 |= piece.contains('\n');
                    self.push(piece)?;
                    if end < bytes.len() {
                        self.state = State::Quote;
                    }
                    at = end + 1;
                }
                // What follows the closing quotation mark within the cell is kept as it stands.
                State::Start | State::Return | State::Plain | State::Quote => {
                    let end = memchr3(self.separator, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |found| at + found);
                    self.push(&text[at..end])?;
                    self.state = State::Plain;
                    let Some(mark) = bytes.get(end) else { break };
                    self.end_cell()?;
                    self.state = if *mark == b'\r' { State::Return } else { State::Start };
                    at = end + 1;
                    if *mark != self.separator && self.end_row(sink)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The last row, when no line end follows it.
    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        // A mark left open within one line is a slip; over several lines it has swallowed rows.
        if self.state == State::Quoted && self.quote.1 {
            return Err(ReadError::OpenQuote { row: self.quote.0 });
        }
        self.end_cell()?;
        self.end_row(sink).map(drop)
    }

    fn push(&mut self, piece: &str) -> Result<(), ReadError> {
        // Bytes bound the characters from both sides; the exact count is taken only in between.
        if self.cell.len() + piece.len() > self.limits.cell_chars
            && self.cell.chars().count() + piece.chars().count() > self.limits.cell_chars
        {
            if self.state == State::Quoted && self.quote.1 {
                return Err(ReadError::OpenQuote { row: self.quote.0 });
            }
            let (limit, row) = (self.limits.cell_chars, self.number);
            return Err(ReadError::CellTooLong { limit, row, column: self.column + 1 });
        }
        self.cell.push_str(piece);
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), ReadError> {
        if !self.cell.is_empty() {
            if self.column >= self.limits.columns {
                return Err(ReadError::TooManyColumns { limit: self.limits.columns, row: self.number });
            }
            // The apostrophe our own export puts before such text.
            let inert = self.cell.strip_prefix('\'').filter(|rest| crate::is_formula_like(rest));
            self.row.set(self.column, Raw::Text(inert.unwrap_or(&self.cell)));
            self.cell.clear();
        }
        self.column += 1;
        Ok(())
    }

    fn end_row(&mut self, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, ReadError> {
        let said = self.number == 1 && matches!(self.row.cell(0), Raw::Text(text) if text.starts_with("sep="));
        let flow = if said { ControlFlow::Continue(()) } else { sink(&self.row)? };
        self.number = self.number.saturating_add(1);
        self.row.start(self.number);
        self.column = 0;
        Ok(flow)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(pieces: &[&str], separator: char, limits: &Limits) -> Result<Vec<(u32, Vec<String>)>, ReadError> {
        let mut rows = Vec::new();
        let mut sink = |row: &Row| {
            if !row.is_empty() {
                let cells = row.cells().map(|cell| if let Raw::Text(text) = cell { text.to_owned() } else { String::new() });
                rows.push((row.number(), cells.collect()));
            }
            Ok(ControlFlow::Continue(()))
        };
        let mut splitter = Splitter::new(separator, limits)?;
        for piece in pieces {
            assert!(splitter.feed(piece, &mut sink)?.is_continue());
        }
        splitter.finish(&mut sink)?;
        Ok(rows)
    }

    fn all(text: &str) -> Vec<(u32, Vec<String>)> {
        split(&[text], ';', &Limits::default()).unwrap()
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let rows = all("a;b\r\n\r\n\"x\ny\";2\n;;\r;3\rlast");
        let expected: &[(u32, &[&str])] = &[(1, &["a", "b"]), (3, &["x\ny", "2"]), (5, &["", "3"]), (6, &["last"])];
        assert_eq!(rows.len(), expected.len(), "{rows:?}");
        for ((number, cells), (n, c)) in rows.iter().zip(expected) {
            assert_eq!((number, cells.as_slice()), (n, c.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>().as_slice()));
        }
    }

    #[test]
    fn quotation_marks_as_people_leave_them() {
        for (text, cells) in [
            (r#""a ""b"" c";2"#, vec![r#"a "b" c"#, "2"]),
            (r#"5" cano;2"#, vec![r#"5" cano"#, "2"]),
            (r#""a"b;2"#, vec!["ab", "2"]),
            (r#""open;2"#, vec!["open;2"]),
            (r#"""";2"#, vec!["\";2"]),
            ("\"\";x", vec!["", "x"]),
        ] {
            assert_eq!(all(text), [(1, cells.into_iter().map(str::to_owned).collect())], "{text}");
        }
    }

    #[test]
    fn a_mark_that_swallows_rows_is_named_by_its_row() {
        let text = "a;b\n1;\"x\n2;y\n3;z\n";
        assert_eq!(split(&[text], ';', &Limits::default()), Err(ReadError::OpenQuote { row: 2 }));
        let long = format!("a;b\n1;\"x\n{}", "2;y\n".repeat(20_000));
        assert_eq!(split(&[&long], ';', &Limits::default()), Err(ReadError::OpenQuote { row: 2 }));
    }

    #[test]
    fn limits_hold_within_a_row() {
        let limits = Limits { columns: 3, cell_chars: 4, ..Limits::default() };
        assert_eq!(split(&["a\nxçxçx"], ';', &limits), Err(ReadError::CellTooLong { limit: 4, row: 2, column: 1 }));
        assert!(split(&["xçxç;;;;;"], ';', &limits).is_ok());
        assert_eq!(split(&["1;2;3;4"], ';', &limits), Err(ReadError::TooManyColumns { limit: 3, row: 1 }));
    }

    #[test]
    fn what_our_export_made_inert_comes_back_as_it_was() {
        assert_eq!(all("'=1+1;'quoted';'+55 11"), [(1, vec!["=1+1".into(), "'quoted'".into(), "'+55 11".into()])]);
        assert_eq!(all("a\0b"), [(1, vec!["ab".into()])]);
    }

    #[test]
    fn the_separator_is_told_by_the_rows_it_makes() {
        let limits = Limits::default();
        for (text, expected) in [
            ("nome;valor\nA;1,50\nB;2,75\n", ';'),
            ("nome,valor\nA,1.50\nB,\"2,75\"\n", ','),
            ("CADASTRO, 2026\n\nnome\tvalor\nA\t1,5\nB\t2,5\n", '\t'),
            ("a|b|c\n1|2,5|3;x\n4|5,5|6;y\n", '|'),
            ("só uma coluna\nA\nB\n", ';'),
            ("sep=,\na;b,c\n", ','),
            ("a,b", ','),
        ] {
            assert_eq!(separator(text, &limits), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_by_the_csv_crate_and_cut_anywhere_it_reads_the_same(
            rows in prop::collection::vec(prop::collection::vec("[a-zç;\"\n\r ,]{0,6}", 1..5), 1..6),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut writer = ::csv::WriterBuilder::new().delimiter(b';').flexible(true).terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut at = cut.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let read = split(&[&text[..at], &text[at..]], ';', &Limits::default()).unwrap();
            let blank = |cell: &String| if cell.trim().is_empty() { String::new() } else { cell.clone() };
            let expected: Vec<_> = (1u32..).zip(&rows).filter_map(|(number, row)| {
                let mut cells: Vec<_> = row.iter().map(blank).collect();
                while cells.last().is_some_and(String::is_empty) {
                    cells.pop();
                }
                (!cells.is_empty()).then_some((number, cells))
            }).collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[\\x00-\\x7fçã\u{feff}]{0,200}") {
            let limits = Limits { columns: 8, cell_chars: 20, ..Limits::default() };
            let _ = split(&[&text], ',', &limits);
            let _ = separator(&text, &limits);
        }
    }
}
